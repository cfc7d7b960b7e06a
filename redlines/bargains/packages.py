"""Packages: what may be agreed on, as it is written.

Reads: errors, bargains.base.  Used by: bargains.problems, bargains.linkage.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from redlines.bargains.base import Amounts, Value, read_name, read_pair
from redlines.errors import ModelError, UnknownLabel

__all__ = ["MAX_PACKAGES", "NO_AGREEMENT", "Package", "read_packages"]

NO_AGREEMENT = "no agreement"
MAX_PACKAGES = 20_000


class Package(NamedTuple):
    """Something that may be agreed on.

    Attributes
    ----------
    label : str
    payoffs : tuple of Fraction or Number
        What each player gets from it.
    needs : tuple of str
        The third parties without whose consent it cannot be had.
    """

    label: str
    payoffs: tuple[Value, Value]
    needs: tuple[str, ...] = ()


def read_packages(
    amounts: Amounts,
    packages: Any,
    players: Sequence[str],
    needs: Mapping[str, str | Sequence[str]],
    parties: Mapping[str, Value],
) -> tuple[Package, ...]:
    """Packages as they are written.

    Raises
    ------
    ModelError
        Without packages, with too many, or for a label that is none.
    UnknownLabel
        For a package or a third party that there is not.
    """
    where = amounts.where
    if isinstance(packages, str) or not isinstance(packages, Iterable):
        raise ModelError(
            f"{where}: packages are {{label: (amount, amount)}} or a list of pairs, "
            f"not {packages!r}"
        )
    if not isinstance(packages, Mapping):
        packages = {str(k): pair for k, pair in enumerate(packages, 1)}
    if not packages:
        raise ModelError(f"{where}: there is no package to agree on")
    if len(packages) > MAX_PACKAGES:
        raise ModelError(
            f"{where}: there are {len(packages):,} packages; at most {MAX_PACKAGES:,} "
            "are listed"
        )
    for label in needs:
        if label not in packages:
            raise UnknownLabel("package", label, tuple(packages), f"in {where}")
    found = []
    for label, pair in packages.items():
        read_name(label, f"{where}: a package's label")
        if label == NO_AGREEMENT:
            raise ModelError(
                f"{where}: {NO_AGREEMENT!r} is the name of the disagreement point; "
                "give the package another label"
            )
        wanted = needs.get(label, ())
        wanted = (wanted,) if isinstance(wanted, str) else tuple(wanted)
        for party in wanted:
            if party not in parties:
                raise UnknownLabel(
                    "third party", party, tuple(parties), f"for package {label!r}"
                )
        payoffs = read_pair(amounts, pair, players, f"package {label!r}")
        found.append(Package(label, payoffs, tuple(dict.fromkeys(wanted))))
    return tuple(found)
