"""The parameter values that are admitted, and what holds on them.

A `Region` is a conjunction of sign conditions on polynomials: the domains of the
parameters and what is given. It answers two questions, exactly: whether further sign
conditions can hold somewhere in it, and which signs a polynomial takes there. Points
that z3 found before answer most of them without asking it again.

An `Atom` is a polynomial with a sign condition, ``> 0``, ``>= 0`` or ``== 0``, written
with a primitive polynomial; ``< 0`` is ``> 0`` of its negative.

Reads: errors, numbers, parameters, polynomials, solvers.queries.  Used by: parametric.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias

from redlines.numbers import Number, Relation
from redlines.parametric.polynomials import (
    Key,
    Poly,
    Ratio,
    Ring,
    key_of,
    primitive,
    sign_at,
)
from redlines.solvers.queries import Query, Undecided

__all__ = [
    "All",
    "AnyOf",
    "Atom",
    "Formula",
    "Irrational",
    "Region",
    "Writer",
    "atoms_between",
    "atoms_of",
    "conjunction",
    "number_of",
    "poly_of",
]

POOL = 400


_SIGNS = {">": 1, ">=": 2, "==": 3, "!=": 4}


@dataclass(frozen=True)
class Atom:
    """A sign condition on a polynomial.

    Attributes
    ----------
    key : Key
        The polynomial, primitive; for an equation its lead is positive.
    sign : {">", ">=", "==", "!="}
        How it compares with 0.
    """

    key: Key
    sign: str

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        # the hash of a text changes from run to run, and with it the order of a set
        return hash((self.key, _SIGNS[self.sign]))

    def holds(self, values: Sequence[Fraction]) -> bool:
        """Whether it is true at a point."""
        value = sign_at(self.key, values)
        if self.sign == ">":
            return value > 0
        if self.sign == ">=":
            return value >= 0
        return (value == 0) is (self.sign == "==")

    @cached_property
    def opposite(self) -> Key:
        """The key of the negative polynomial."""
        return tuple((m, -c) for m, c in self.key)

    @cached_property
    def negated(self) -> Atom:
        """What is true where this is false."""
        if self.sign == ">":
            return Atom(self.opposite, ">=")
        if self.sign == ">=":
            return Atom(self.opposite, ">")
        return Atom(self.key, "!=" if self.sign == "==" else "==")

    @property
    def is_settled(self) -> bool | None:
        """The truth of an atom without parameters; None if it has some."""
        if not self.key:
            return self.sign in (">=", "==")
        if len(self.key) == 1 and not any(self.key[0][0]):
            return self.holds(())
        return None


@dataclass(frozen=True)
class All:
    """That every part holds; true without parts."""

    parts: tuple[Formula, ...]

    def holds(self, values: Sequence[Fraction]) -> bool:
        """Whether it is true at a point."""
        return all(p.holds(values) for p in self.parts)

    @cached_property
    def negated(self) -> AnyOf:
        """What is true where this is false."""
        return AnyOf(tuple(p.negated for p in self.parts))


@dataclass(frozen=True)
class AnyOf:
    """That some part holds; false without parts."""

    parts: tuple[Formula, ...]

    def holds(self, values: Sequence[Fraction]) -> bool:
        """Whether it is true at a point."""
        return any(p.holds(values) for p in self.parts)

    @cached_property
    def negated(self) -> All:
        """What is true where this is false."""
        return All(tuple(p.negated for p in self.parts))


Formula: TypeAlias = Atom | All | AnyOf


def conjunction(parts: Iterable[Formula]) -> All:
    """That all parts hold, without nesting or repetition."""
    found: dict[Formula, None] = {}
    left = list(parts)[::-1]
    while left:
        part = left.pop()
        if isinstance(part, AnyOf) and len(part.parts) == 1:
            part = part.parts[0]
        if isinstance(part, All):
            left += part.parts[::-1]
        elif isinstance(part, AnyOf) and len(part.parts) == 1:
            left.append(part)
        elif not (isinstance(part, Atom) and part.is_settled):
            found[part] = None
    return All(tuple(found))


class Region:
    """The admitted values of some parameters.

    Parameters
    ----------
    ring : Ring
        The parameters.
    atoms : iterable of Atom
        What holds on the region.
    effort : int
        How much work one question may do, in z3's resource units.
    time_limit : float, optional
        Seconds after which every question is given up.
    chances : iterable of str
        The parameters that are probabilities; only the wording depends on it.

    Raises
    ------
    Undecided
        By every question that is not decided within the effort.
    """

    def __init__(
        self,
        ring: Ring,
        atoms: Iterable[Atom],
        effort: int,
        time_limit: float | None = None,
        chances: Iterable[str] = (),
    ) -> None:
        self.ring = ring
        self.chances = frozenset(chances)
        self.atoms = tuple(dict.fromkeys(atoms))
        self.effort = effort
        self.time_limit = time_limit
        self._begun = time.monotonic()
        self.pool: list[tuple[Fraction, ...]] = []
        self.questions = 0
        # what was not decided about the region itself
        self.doubts: list[str] = []
        self._writer: Writer | None = None
        self._signs: dict[tuple[Key, frozenset[Atom]], frozenset[int]] = {}
        self._answers: dict[object, tuple[Fraction, ...] | None] = {}
        # by what is said outright
        self._given_signs: dict[Key, int] = {}
        for a in self.atoms:
            if a.sign == ">":
                self._given_signs[a.opposite] = -1
        for a in self.atoms:
            if a.sign == ">":
                self._given_signs[a.key] = 1
        self._positive = {
            k
            for k in range(len(ring.names))
            if any(a.sign == ">" and a.key == self._unit(k) for a in self.atoms)
        }

    def _unit(self, k: int) -> Key:
        return key_of(self.ring.symbol(self.ring.names[k]))

    # ------------------------------------------------------------------------ atoms
    def atom(self, poly: Poly, sign: str) -> Atom:
        """A sign condition with factors of known sign left out.

        Parameters
        ----------
        poly : polynomial
        sign : {">", ">=", "==", "<", "<=", "!="}
        """
        if sign in ("<", "<="):
            poly, sign = -poly, sign.replace("<", ">")
        if not poly or poly.is_constant():
            return Atom(key_of(poly), sign)
        content, parts = self.ring.factors(poly)
        side = 1 if content > 0 else -1
        product = self.ring.one
        for part, power in parts:
            known = self.quick_sign(part)
            if known in (1, -1):
                side *= known**power
                continue
            if sign == ">" and power % 2 == 0:
                product = product * part * part
                continue
            if sign in ("==", "!="):
                product = product * part
            else:
                product = product * part ** (2 if power % 2 == 0 else 1)
        if sign in ("==", "!="):
            return Atom(key_of(primitive(product)[0]), sign)
        scaled, unit = primitive(product)
        if (unit < 0) is (side > 0):
            scaled = -scaled
        return Atom(key_of(scaled), sign)

    def quick_sign(self, poly: Poly) -> int | None:
        """The sign of a polynomial on the region, if it is one for all and at hand."""
        key = key_of(poly)
        if not key:
            return 0
        if all(not e or k in self._positive for m, _ in key for k, e in enumerate(m)):
            if all(c > 0 for _, c in key):
                return 1
            if all(c < 0 for _, c in key):
                return -1
        known = self._given_signs.get(key)
        if known is not None:
            return known
        found = self._signs.get((key, frozenset()))
        if found is not None and len(found) == 1:
            return next(iter(found))
        return None

    # -------------------------------------------------------------------- questions
    def point(self, *conditions: Formula) -> tuple[Fraction, ...] | None:
        """A point of the region at which conditions hold, or None if there is none.

        Raises
        ------
        Undecided
            If the effort ran out first, or only an irrational point was found.
        """
        asked = conjunction(conditions)
        if self._refuted(asked):
            return None
        memo = frozenset(asked.parts)
        if memo in self._answers:
            return self._answers[memo]
        for known in reversed(self.pool):
            if asked.holds(known):
                return known
        point = self._ask(asked)
        self._answers[memo] = point
        if point is not None:
            self.remember(point)
        return point

    def allows(self, *conditions: Formula) -> bool:
        """Whether conditions can hold together on the region."""
        try:
            return self.point(*conditions) is not None
        except Irrational:
            return True

    def remember(self, point: tuple[Fraction, ...]) -> None:
        """Keep a point of the region for later questions."""
        if len(self.pool) >= POOL:
            del self.pool[: POOL // 4]
        self.pool.append(point)

    @staticmethod
    def _refuted(asked: All) -> bool:
        """Whether a conjunction contradicts itself in plain sight."""
        atoms = {a for a in asked.parts if isinstance(a, Atom)}
        for part in asked.parts:
            if isinstance(part, AnyOf) and not part.parts:
                return True
        return any(
            a.is_settled is False
            or (
                a.sign == ">"
                and (Atom(a.opposite, ">") in atoms or Atom(a.opposite, ">=") in atoms)
            )
            for a in atoms
        )

    def _ask(self, asked: All) -> tuple[Fraction, ...] | None:
        self.questions += 1
        query, write = self._query()
        for part in (*self.atoms, *asked.parts):
            query.solver.add(write.formula(part))
        model = query.model()
        if model is None:
            return None
        values = []
        for variable in write.variables:
            value = model.eval(variable, model_completion=True)
            if not query.z3.is_rational_value(value):
                break
            values.append(value.as_fraction())
        else:
            return tuple(values)
        return self._nearby(asked, model, write)

    def _query(self) -> tuple[Query, Writer]:
        """A new question in the terms of the last one."""
        last = self._writer
        query = Query(
            "QF_NRA",
            self.effort,
            self.require_time(),
            last.query.context if last is not None else None,
        )
        write = self._writer = Writer(query, self.ring, last)
        return query, write

    def _nearby(self, asked: All, model: Any, write: Writer) -> tuple[Fraction, ...]:
        """A rational point near an irrational one, where there is one."""
        for digits in (2, 4, 8, 16):
            exact: list[Fraction] = []
            for variable in write.variables:
                value = model.eval(variable, model_completion=True)
                if write.query.z3.is_rational_value(value):
                    exact.append(value.as_fraction())
                else:
                    near = value.approx(digits + 2).as_fraction()
                    exact.append(near.limit_denominator(10**digits))
            if self.holds(exact) and asked.holds(exact):
                return tuple(exact)
        raise Irrational("the only points found have irrational coordinates")

    def require_time(self) -> float | None:
        """The seconds that are left, if they are limited; Undecided if none are."""
        if self.time_limit is None:
            return None
        left = self.time_limit - (time.monotonic() - self._begun)
        if left <= 0:
            raise Undecided(
                f"the time ran out; allow more than time_limit={self.time_limit}"
            )
        return left

    def holds(self, values: Sequence[Fraction]) -> bool:
        """Whether a point lies in the region."""
        return all(a.holds(values) for a in self.atoms)

    def signs(self, poly: Poly, atoms: frozenset[Atom] = frozenset()) -> frozenset[int]:
        """The signs that a polynomial takes where some atoms hold."""
        quick = self.quick_sign(poly)
        if quick is not None:
            return frozenset([quick])
        if poly.is_constant():
            return frozenset([1 if next(iter(poly.coeffs())) > 0 else -1])
        scaled, unit = primitive(poly)
        flip = -1 if unit < 0 else 1
        memo = (key_of(scaled), atoms)
        found = self._signs.get(memo)
        if found is None:
            _, parts = self.ring.factors(scaled)
            if len(parts) > 1:
                possible = {1}
                for part, power in parts:
                    own = self.signs(part, atoms)
                    possible = {a * b**power for a in possible for b in own}
                    if possible == {-1, 0, 1}:
                        break
                found = frozenset(possible)
                if len(possible) > 1:
                    found = self._signs_of(scaled, atoms, possible)
            else:
                found = self._signs_of(scaled, atoms, {-1, 0, 1})
            self._signs[memo] = found
        return frozenset(flip * s for s in found)

    def _signs_of(
        self, poly: Poly, atoms: frozenset[Atom], possible: Iterable[int]
    ) -> frozenset[int]:
        """The signs, one question each."""
        word = {1: ">", -1: "<", 0: "=="}
        return frozenset(
            s for s in possible if self.allows(*atoms, self.plain(poly, word[s]))
        )

    def plain(self, poly: Poly, sign: str) -> Atom:
        """A sign condition as it stands."""
        if sign in ("<", "<="):
            poly, sign = -poly, sign.replace("<", ">")
        scaled, unit = primitive(poly)
        if unit < 0 and sign not in ("==", "!="):
            scaled = -scaled
        return Atom(key_of(scaled), sign)

    def implies(self, condition: Formula, other: Formula) -> bool:
        """Whether one condition holds wherever another does."""
        return not self.allows(condition, other.negated)


class Irrational(Undecided):
    """A question has solutions, but only irrational ones were found."""


class Writer:
    """Sign conditions in the words of a query.

    Parameters
    ----------
    query : Query
    ring : Ring
    last : Writer, optional
        Of a query in the same context, whose terms are used again.
    """

    def __init__(self, query: Query, ring: Ring, last: Writer | None = None) -> None:
        self.query = query
        self.variables: list[Any] = (
            [query.z3.Real(n, query.context) for n in ring.names]
            if last is None
            else last.variables
        )
        self._terms: dict[Key, Any] = {} if last is None else last._terms
        self._atoms: dict[Atom, Any] = {} if last is None else last._atoms

    def term(self, key: Key) -> Any:
        """A polynomial."""
        found = self._terms.get(key)
        if found is None:
            z3 = self.query.z3
            parts = []
            for exponents, value in key:
                factors = [self.query.real(value)] if value != 1 else []
                for variable, e in zip(self.variables, exponents, strict=False):
                    factors += [variable] * e
                if not factors:
                    factors = [self.query.real(1)]
                parts.append(z3.Product(factors) if len(factors) > 1 else factors[0])
            found = z3.Sum(parts) if len(parts) > 1 else parts[0] if parts else None
            if found is None:
                found = self.query.real(0)
            self._terms[key] = found
        return found

    def formula(self, formula: Formula) -> Any:
        """A condition."""
        if isinstance(formula, Atom):
            return self.atom(formula)
        parts = [self.formula(p) for p in formula.parts]
        z3 = self.query.z3
        if not parts:
            return z3.BoolVal(isinstance(formula, All), self.query.context)
        return z3.And(parts) if isinstance(formula, All) else z3.Or(parts)

    def atom(self, atom: Atom) -> Any:
        """A sign condition."""
        found = self._atoms.get(atom)
        if found is None:
            term = self.term(atom.key)
            if atom.sign == ">":
                found = term > 0
            elif atom.sign == ">=":
                found = term >= 0
            else:
                found = term == 0 if atom.sign == "==" else term != 0
            self._atoms[atom] = found
        return found


def atoms_between(
    region: Region, left: Ratio, operator: str, right: Ratio
) -> list[Atom]:
    """The sign conditions that a comparison of two quotients is.

    Denominators do not vanish where the quotients are used; their signs may vary.
    """
    difference = left - right
    poly = difference.above
    if not difference.below.is_constant():
        poly = poly * difference.below
    return [region.atom(poly, operator)]


def atoms_of(ring: Ring, relations: Iterable[Relation]) -> list[Atom]:
    """The sign conditions that relations between parameters are, as they stand.

    A quotient is multiplied by the square of its denominator, which must not be 0.
    """
    found = []
    for relation in relations:
        difference = ring.ratio(relation.left) - ring.ratio(relation.right)
        poly = difference.above
        if not difference.below.is_constant():
            poly = poly * difference.below
            found.append(_plain(difference.below, "!="))
        found.append(_plain(poly, relation.operator))
    return found


def _plain(poly: Poly, sign: str) -> Atom:
    if sign in ("<", "<="):
        poly, sign = -poly, sign.replace("<", ">")
    scaled, unit = primitive(poly)
    if unit < 0 and sign not in ("==", "!="):
        scaled = -scaled
    return Atom(key_of(scaled), sign)


def number_of(ring: Ring, key: Key) -> Number:
    """A polynomial as people read it."""
    return ring.number(poly_of(ring, key))


def poly_of(ring: Ring, key: Key) -> Poly:
    """The polynomial of a key."""
    flint = ring._flint
    return ring.context.from_dict(
        {m: flint.fmpq(c.numerator, c.denominator) for m, c in key}
    )
