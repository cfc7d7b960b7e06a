"""Two bargaining problems at one table.

Reads: errors, numbers, bargains.packages.  Used by: bargains.problems.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from redlines.bargains.packages import MAX_PACKAGES, Package
from redlines.errors import ModelError, Unsupported
from redlines.numbers import Number

if TYPE_CHECKING:
    from redlines.bargains.problems import BargainingProblem

__all__ = ["linked"]


def linked(one: BargainingProblem, other: BargainingProblem) -> dict[str, Any]:
    """What makes up the linked problem: arguments of `BargainingProblem`.

    Raises
    ------
    ModelError, Unsupported
        As `BargainingProblem.link` says.
    """
    _require_alike(one, other)
    clash = {p.label for p in one._packages} & {p.label for p in other._packages}
    if clash and one.name == other.name:
        raise ModelError(
            f"both problems are named {one.name!r} and have a package {min(clash)!r}; "
            "give one of them another name"
        )
    ours, theirs = (
        [
            p._replace(label=f"{own.name}: {p.label}" if clash else p.label)
            for p in own._packages
        ]
        for own in (one, other)
    )
    count = (len(ours) + 1) * (len(theirs) + 1) - 1
    if count > MAX_PACKAGES:
        raise ModelError(
            f"linked they have {count:,} packages; at most {MAX_PACKAGES:,} are listed"
        )
    packages: dict[str, Any] = {}
    needs: dict[str, tuple[str, ...]] = {}
    for a, b in product(
        (*ours, Package("", one._point)), (*theirs, Package("", other._point))
    ):
        label = " + ".join(part for part in (a.label, b.label) if part)
        if label:
            packages[label] = tuple(
                u + v for u, v in zip(a.payoffs, b.payoffs, strict=True)
            )
            needs[label] = tuple(dict.fromkeys((*a.needs, *b.needs)))
    return {
        "packages": packages,
        "disagreement": tuple(
            u + v for u, v in zip(one._point, other._point, strict=True)
        ),
        "consents": {**one._consents, **other._consents},
        "needs": {label: names for label, names in needs.items() if names},
        "asked": one.asked if one._consents else other.asked,
        "lotteries": one.lotteries and other.lotteries,
        "parameters": {**one.parameters, **other.parameters},
    }


def _require_alike(one: BargainingProblem, other: BargainingProblem) -> None:
    """Refuse to link what does not go together."""
    if one.players != other.players:
        raise ModelError(
            f"problems are linked between the same players in the same order, not "
            f"{one.players} and {other.players}"
        )
    if one._curve is not None or other._curve is not None:
        raise Unsupported(
            "a curved frontier cannot be linked: give its packages, or corners"
        )
    if one._consents and other._consents and one.asked != other.asked:
        raise ModelError(
            "third parties are asked before the one bargaining and after the other; "
            "linked they are asked at one time"
        )
    for party in one._consents.keys() & other._consents.keys():
        a, b = one._consents[party], other._consents[party]
        if Number.of(a).key != Number.of(b).key:
            raise ModelError(
                f"{party!r} consents with probability {a} in the one and {b} in the "
                "other problem; a third party is asked once"
            )
    for name in one.parameters.keys() & other.parameters.keys():
        kinds = type(one.parameters[name]), type(other.parameters[name])
        if kinds[0] is not kinds[1]:
            raise ModelError(
                f"parameter {name!r} is {kinds[0].__name__} in the one and "
                f"{kinds[1].__name__} in the other problem; rename one of them"
            )
