"""The surfaces in the parameters on which families of equilibria begin.

A comparison of a family's condition bounds it where there is an inner point of the
region on the surface at which the other comparisons of its case hold strictly and no
other case covers both sides.

Reads: errors, numbers, parametric.  Used by: `Regimes.boundary`, plots.regimes.
"""

from __future__ import annotations

from collections.abc import Iterator

from redlines.errors import UnknownLabel
from redlines.numbers import Relation
from redlines.parametric.conditions import (
    Case,
    Condition,
    _order,
    is_open,
    relation_of,
)
from redlines.parametric.polynomials import key_of
from redlines.parametric.regimes import Regimes
from redlines.parametric.region import All, Atom, Region, poly_of
from redlines.solvers.queries import Undecided

__all__ = ["boundary", "equations", "open_cases", "strictly", "surfaces"]


def boundary(
    regimes: Regimes, family: str | None = None
) -> dict[str, tuple[Relation, ...]]:
    """The surfaces on which open families begin, by the family's name.

    Parameters
    ----------
    regimes : Regimes
    family : str, optional
        The name of one of them; default all.

    Returns
    -------
    dict of str to tuple of Relation
        Equations in the parameters, irreducible; none for a family that always exists.

    Raises
    ------
    UnknownLabel
        If no open family has the name.
    """
    families = {f.name: f for f in regimes.families if f.open}
    if family is not None:
        if family not in families:
            raise UnknownLabel("open family", family, families, f"of {regimes!r}")
        families = {family: families[family]}
    region = regimes._region
    return {
        name: tuple(
            relation_of(region.ring, region, atom)
            for atom in surfaces(region, one.condition)
        )
        for name, one in families.items()
    }


def open_cases(region: Region, condition: Condition) -> list[Case]:
    """The cases of a condition that hold on an open part of the region."""
    return [c for c in condition._cases if is_open(region, c)]


def strictly(case: Case) -> Case:
    """The comparisons of a case, none of them with equality."""
    return frozenset(Atom(a.key, ">") if a.sign == ">=" else a for a in case)


def equations(region: Region, atom: Atom) -> list[tuple[Atom, Case]]:
    """Where a comparison turns from true to false: irreducible surfaces.

    Parameters
    ----------
    region : Region
    atom : Atom

    Returns
    -------
    list of tuple of Atom and frozenset of Atom
        An equation, and that the other factors of the polynomial are not 0.
    """
    _, parts = region.ring.factors(poly_of(region.ring, atom.key))
    factors = [Atom(key_of(part), "==") for part, _ in parts]
    return [
        (factor, frozenset(f.negated for f in factors if f != factor))
        for factor, (_, power) in zip(factors, parts, strict=True)
        # across the zeros of a square the comparison stays true
        if power % 2 or atom.sign != ">="
    ]


def surfaces(region: Region, condition: Condition) -> list[Atom]:
    """The equations on which a condition begins, each once.

    Parameters
    ----------
    region : Region
    condition : Condition

    Returns
    -------
    list of Atom
        In the order in which the condition is written. One that is not decided is
        among them.
    """
    return list(dict.fromkeys(_surfaces(region, condition)))


def _surfaces(region: Region, condition: Condition) -> Iterator[Atom]:
    inner = strictly(frozenset(region.atoms)) - set(region.atoms)
    cases = open_cases(region, condition)
    for case in cases:
        elsewhere = [
            All(tuple(strictly(other))).negated for other in cases if other != case
        ]
        for atom in sorted(case, key=_order):
            rest = strictly(case - {atom})
            for equation, apart in equations(region, atom):
                try:
                    bounds = region.allows(equation, *apart, *rest, *inner, *elsewhere)
                except Undecided:
                    bounds = True
                if bounds:
                    yield equation
