"""How a measure moves with a parameter.

Reads: claims, parametric, verdicts, witnesses.  Used by: proving.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from redlines.claims import Static
from redlines.parametric.plays import joint_region, lifted, lifted_ratio, projected
from redlines.parametric.polynomials import Ratio
from redlines.parametric.region import (
    Formula,
    Irrational,
    Region,
    atoms_between,
    conjunction,
)
from redlines.solvers.queries import Undecided
from redlines.verdicts import Verdict, Witness
from redlines.witnesses import equilibrium_at

if TYPE_CHECKING:
    from redlines.proving import Case

__all__ = ["static"]

_MIRRORED = {">": "<", "<=": ">="}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@dataclass(frozen=True)
class _Moving:
    """A play at one of two values of a parameter."""

    formula: Formula
    value: Ratio
    unknowns: tuple[str, ...]


def static(case: Case) -> Verdict:
    """How a measure moves with a parameter."""
    claim = case.claim
    assert isinstance(claim, Static)
    rises = claim.direction == "rises"
    copy = claim.parameter + "'"
    # what a family leaves free at the one value is not what it leaves free at the other
    moving = {claim.parameter: copy}
    own_copies = {n: f"{n}'" for play in case.plays[0] for n in play.unknowns}
    region = joint_region(case.region, case.plays[0], [copy, *own_copies.values()])
    ring, renamed = region.ring, {**moving, **own_copies}
    ordered = [
        *(lifted(a, case.region.ring, ring, moving) for a in case.region.atoms),
        region.plain(ring.symbol(copy) - ring.symbol(claim.parameter), ">"),
    ]
    region = Region(
        ring,
        [*region.atoms, *ordered],  # type: ignore[list-item]
        region.effort,
        region.time_limit,
    )
    here: list[_Moving] = []
    there: list[_Moving] = []
    for play in case.plays[0]:
        own = joint_region(case.region, [play])
        value, defined = case.value(case.sides[0], [play], own)
        if value is None:
            case.undefined = True
            continue
        formula = conjunction([lifted(play.formula, play.ring, own.ring), *defined])
        for names, found in (({}, here), (renamed, there)):
            found.append(
                _Moving(
                    lifted(formula, own.ring, ring, names),
                    lifted_ratio(value, ring, names),
                    tuple(names.get(n, n) for n in play.unknowns),
                )
            )
    # "falls" asks that, at the larger value, there is not more than at the smaller
    before, after = (there, here) if rises else (here, there)
    # None stands for what is not decided
    against: bool | None = None
    moved: bool | None = None
    witness: Witness | None = None
    try:
        point = _moves(region, before, after, claim.selection, ">")
        against = point is not None
        if point is not None:
            witness = _witness(case, region, point, claim.parameter)
            moved = _moves(region, before, after, claim.selection, "<=") is not None
    except Irrational:
        against = moved = True
    except Undecided as stopped:
        case.stopped.append(f"how {claim.measure} moves: {stopped}")
    if against is None or (against and moved is None) or (not against and case.stopped):
        name = "unknown"
    elif against:
        name = "sometimes" if moved else "never"
    else:
        name = "always"
    verdict = case.packed(name, None, witness)
    if name in ("sometimes", "never"):
        verdict.undecided = ()
    return verdict


def _moves(
    region: Region,
    before: list[_Moving],
    after: list[_Moving],
    selection: str,
    sign: str,
) -> tuple[Fraction, ...] | None:
    """A point at which what comes after compares so with what was before."""
    if selection == "ends":
        return _ends_move(region, before, after, sign)
    for k, one in enumerate(after):
        for j, rival in enumerate(before):
            if selection == "branch" and j != k:
                continue
            if selection == "branch" and one.unknowns:
                # a family may leave a continuum: its ends stand for it
                point = _ends_move(region, [rival], [one], sign)
            else:
                point = region.point(
                    one.formula,
                    rival.formula,
                    *atoms_between(region, one.value, sign, rival.value),
                )
            if point is not None:
                return point
    return None


def _ends_move(
    region: Region, before: list[_Moving], after: list[_Moving], sign: str
) -> tuple[Fraction, ...] | None:
    """A point at which the largest or the smallest values compare so.

    One family may be gone at the other value; of all families some is always there.
    """
    alone = [f.formula for f in (*before, *after)] if len(before) == 1 else []

    def beyond(value: Ratio, rivals: list[_Moving], word: str) -> Iterator[Formula]:
        """That the value compares so with all that the rivals can be."""
        for rival in rivals:
            back = atoms_between(region, value, _OPPOSITE[word], rival.value)
            some: Formula | None = conjunction([rival.formula, *back])
            if rival.unknowns:
                some = projected(region, some, rival.unknowns)  # type: ignore[arg-type]
                if some is None:
                    raise Undecided("a family with free mixtures on both sides")
            yield some.negated  # type: ignore[union-attr]

    # the largest after against the largest before, then the smallest
    mirrored = _MIRRORED[sign]
    if sign == ">":
        for one in after:
            more = beyond(one.value, before, sign)
            point = region.point(*alone, one.formula, *more)
            if point is not None:
                return point
        for one in before:
            less = beyond(one.value, after, mirrored)
            point = region.point(*alone, one.formula, *less)
            if point is not None:
                return point
        return None
    # neither rises: for no value after is everything before smaller, and so on
    for one in before:
        for other in after:
            point = region.point(
                one.formula,
                other.formula,
                *beyond(one.value, after, ">="),
                *beyond(other.value, before, "<="),
            )
            if point is not None:
                return point
    return None


def _witness(
    case: Case, region: Region, point: Sequence[Fraction], parameter: str
) -> Witness | None:
    at = dict(zip(region.ring.names, point, strict=True))
    values = {n: at[n] for n in case.region.ring.names}
    moved = {**values, parameter: at[parameter + "'"]}
    equilibria, measured = [], []
    for one in (values, moved):
        row = tuple(one[n] for n in case.region.ring.names)
        for play in case.plays[0]:
            if not play.unknowns and play.formula.holds(row):
                # the measure may name another game than the one asked about
                found = equilibrium_at(case.games[0], case.concept, one, play, one)
                equilibria.append(found)
                assert isinstance(case.claim, Static)
                measured.append(case.claim.measure.of(found))
                break
    return Witness(
        {**values, parameter + "'": moved[parameter]},
        tuple(equilibria),
        tuple(measured),
    )
