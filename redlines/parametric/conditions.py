"""Conditions on parameters as people read them: few cases, each a few comparisons.

`simplified` turns a formula into cases, a disjunction of conjunctions, such that on the
admitted region no comparison can be dropped or loosened and no case left out without
changing the set; each step is proved. `Condition` writes it down.

Reads: numbers, polynomials, region.  Used by: parametric.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from redlines.errors import UnboundParameter
from redlines.numbers import Number, Relation, exact
from redlines.parametric.polynomials import Poly, Ratio, Ring
from redlines.parametric.region import (
    All,
    AnyOf,
    Atom,
    Formula,
    Region,
    conjunction,
    poly_of,
)
from redlines.solvers.queries import Undecided

__all__ = ["Condition", "cases_of", "is_open", "relation_of", "simplified"]

Case = frozenset[Atom]

MAX_CASES = 256
_LOOSER = {">": ">=", "==": ">="}


class TooManyCases(Undecided):
    """A condition falls into more cases than are written out."""


def cases_of(region: Region, formula: Formula) -> list[Case]:
    """The cases of a formula that can hold, as they come.

    Raises
    ------
    TooManyCases
        If there are more than 256.
    """
    cases: list[Case] = [frozenset()]
    for part in conjunction([formula]).parts:
        if isinstance(part, Atom):
            options: list[Case] = [frozenset([part])]
        else:
            options = [c for p in part.parts for c in cases_of(region, p)]
        grown = []
        for case, option in itertools.product(cases, options):
            both = case | option
            if both not in grown and region.allows(*both):
                grown.append(both)
            if len(grown) > MAX_CASES:
                raise TooManyCases(f"more than {MAX_CASES} cases")
        cases = grown
    return cases


def as_formula(cases: Iterable[Case]) -> AnyOf:
    """Cases as a formula."""
    ordered: Iterable[list[Atom]] = (sorted(c, key=_order) for c in cases)
    return AnyOf(tuple(All(tuple(case)) for case in ordered))


def _order(atom: Atom) -> tuple[Any, ...]:
    return (
        len(atom.key),
        sum(map(sum, (m for m, _ in atom.key))),
        atom.sign,
        atom.key,
    )


def simplified(
    region: Region, cases: Sequence[Case], within: Formula | None = None
) -> list[Case]:
    """Cases that say the same on the region, with as little as possible.

    Parameters
    ----------
    region : Region
    cases : sequence of frozenset of Atom
    within : formula, optional
        What may be taken for granted besides the region.

    Returns
    -------
    list of frozenset of Atom
        Sorted; a case without atoms alone means "always".
    """
    given = [within] if within is not None else []
    whole = as_formula(cases)
    found: list[Case] = []
    for case in cases:
        if not any(_implied(region, given, case, f) for f in found):
            found.append(_grown(region, given, case, whole))
    found = list(dict.fromkeys(found))
    position = 0
    while position < len(found) and len(found) > 1:
        rest = found[:position] + found[position + 1 :]
        if _covers(region, given, found[position], as_formula(rest)):
            found = rest
        else:
            position += 1
    return sorted(found, key=lambda c: (len(c), sorted(map(_order, c))))


def _covers(region: Region, given: list[Formula], case: Case, whole: Formula) -> bool:
    """Whether a case lies in a condition; False where that is not decided."""
    try:
        return not region.allows(*given, *case, whole.negated)
    except Undecided:
        return False


def _implied(region: Region, given: list[Formula], case: Case, other: Case) -> bool:
    return other <= case or _covers(region, given, case, All(tuple(other)))


def _grown(region: Region, given: list[Formula], case: Case, whole: AnyOf) -> Case:
    """A case with every atom dropped or loosened that the whole allows."""
    kept = set(case)
    # what is long to read goes first, and equations stay rather than inequalities
    for atom in sorted(case, key=lambda a: (a.sign != "==", *_order(a)), reverse=True):
        rest = kept - {atom}
        if _covers(region, given, frozenset(rest), whole):
            kept = rest
            continue
        if atom.sign not in _LOOSER:
            continue
        options = [Atom(atom.key, ">=")]
        if atom.sign == "==":
            options.append(Atom(atom.opposite, ">="))
        for looser in options:
            if _covers(region, given, frozenset(rest | {looser}), whole):
                kept = rest | {looser}
                break
    for atom in sorted(kept, key=_order):
        for same in (Atom(atom.key, "!="), Atom(atom.opposite, "!=")):
            if atom.sign == ">=" and same in kept:
                kept = kept - {atom, same} | {Atom(atom.key, ">")}
    for atom in sorted(kept, key=_order):
        back = Atom(atom.opposite, ">=")
        if atom.sign == ">=" and atom in kept and back in kept:
            # of the two ways to write an equation, the one with a positive lead
            lead = atom.key if atom.key[0][1] > 0 else atom.opposite
            kept = kept - {atom, back} | {Atom(lead, "==")}
    return frozenset(kept)


def is_open(region: Region, case: Case) -> bool:
    """Whether a case holds on a relatively open part of the region."""
    strict = []
    for atom in case:
        if atom.sign == "==":
            if region.allows(atom.negated):
                return False
            continue
        strict.append(Atom(atom.key, ">") if atom.sign == ">=" else atom)
    inner = [Atom(a.key, ">") for a in region.atoms if a.sign == ">="]
    try:
        return region.allows(*strict, *inner)
    except Undecided:
        return False


# --------------------------------------------------------------------------- for people
def relation_of(ring: Ring, region: Region, atom: Atom) -> Relation:
    """A comparison as one would write it: ``k < V``, ``p <= (V - k)/(V + a)``."""
    poly = poly_of(ring, atom.key)
    isolated = _isolated(ring, region, poly)
    operator = atom.sign
    if isolated is None:
        above = {m: c for m, c in ring.number(poly).polynomials()[0].items() if c > 0}
        below = {m: -c for m, c in ring.number(poly).polynomials()[0].items() if c < 0}
        return Relation(Number(above), operator, Number(below))
    name, sign, value = isolated
    if sign < 0:
        operator = operator.replace(">", "<")
    written = value.number()
    return Relation(Number.symbol(name), operator, Number.of(written))


def _isolated(ring: Ring, region: Region, poly: Poly) -> tuple[str, int, Ratio] | None:
    """A parameter that a polynomial is linear in, its sign there, and the rest."""
    degrees = dict(zip(ring.names, poly.degrees(), strict=False))
    linear = sorted((n for n, d in degrees.items() if d == 1), key=str.lower)
    found: list[tuple[tuple[int, int, str], str, int, Ratio]] = []
    for name in linear:
        x = ring.symbol(name)
        slope = poly.derivative(ring.index[name])
        rest = poly - slope * x
        sign = None
        if slope.is_constant():
            sign = 1 if next(iter(slope.coeffs())) > 0 else -1
        else:
            sign = region.quick_sign(slope) or _product_sign(region, slope)
        if not sign:
            continue
        value = Ratio.of(ring, -rest, slope)
        chance = name in region.chances
        if not slope.is_constant() and not chance:
            continue
        rank = (0 if chance else 1, len(slope) if chance else 0, name.lower())
        found.append((rank, name, sign, value))
    if not found:
        return None
    _, name, sign, value = min(found, key=lambda f: f[0])
    return name, sign, value


def _product_sign(region: Region, poly: Poly) -> int | None:
    content, parts = region.ring.factors(poly)
    sign = 1 if content > 0 else -1
    for part, power in parts:
        known = region.quick_sign(part)
        if known is None:
            known = _only_sign(region, part)
        if not known:
            return None
        sign *= known**power
    return sign


def _only_sign(region: Region, poly: Poly) -> int | None:
    try:
        signs = region.signs(poly)
    except Undecided:
        return None
    return next(iter(signs)) if len(signs) == 1 else None


class Condition:
    """Where something holds: one of a few cases, each a few comparisons.

    Attributes
    ----------
    cases : tuple of tuple of Relation
        It holds where all comparisons of one case do, besides what is given. One case
        without comparisons means always; no case, never.

    Notes
    -----
    ``str`` writes the comparisons with ``and`` and the cases with ``or``.
    """

    def __init__(self, region: Region, cases: Sequence[Case]) -> None:
        self._region = region
        self._cases = tuple(cases)
        self.cases = tuple(
            tuple(relation_of(region.ring, region, a) for a in sorted(case, key=_order))
            for case in cases
        )

    @property
    def formula(self) -> AnyOf:
        """The condition for computing."""
        return as_formula(self._cases)

    @property
    def always(self) -> bool:
        """Whether it holds for everything that is given."""
        return any(not case for case in self._cases)

    def holds(self, **values: Any) -> bool:
        """Whether it holds at numbers, which are taken to satisfy what is given.

        Parameters
        ----------
        **values : int, Fraction, float or str
            A number for each open parameter.

        Raises
        ------
        UnboundParameter
            If a parameter that is needed has no value.
        """
        used = {n for case in self.cases for r in case for n in r.names}
        missing = sorted(used - set(values))
        if missing:
            raise UnboundParameter(
                f"{self} needs a value for {', '.join(map(repr, missing))}"
            )
        point = [
            exact(values[n], n) if n in values else Fraction(0)
            for n in self._region.ring.names
        ]
        return self.formula.holds(point)

    def __str__(self) -> str:
        if self.always:
            return "always"
        if not self.cases:
            return "never"
        texts = [" and ".join(map(str, case)) for case in self.cases]
        if len(texts) == 1:
            return texts[0]
        return " or ".join(f"({t})" if " and " in t else t for t in texts)

    def __repr__(self) -> str:
        return f"Condition({self})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Condition) and self._cases == other._cases

    def __hash__(self) -> int:
        return hash(self._cases)
