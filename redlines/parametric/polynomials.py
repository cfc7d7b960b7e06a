"""Polynomials in the parameters of a game, by python-flint, and their quotients.

A `Ring` fixes the parameters and their order. Its polynomials are flint's, with
rational coefficients; a `Ratio` is a quotient of two of them in lowest terms, with a
denominator whose leading coefficient is positive. `redlines.numbers.Number` is what
people read and write; a ratio is what is computed with.

Reads: numbers.  Used by: parametric.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeAlias

from redlines.numbers import Number

__all__ = ["Key", "Poly", "Ratio", "Ring", "key_of"]

Poly: TypeAlias = Any  # flint.fmpq_mpoly, which has no types
Key: TypeAlias = tuple[tuple[tuple[int, ...], Fraction | int], ...]


def _fraction(value: Any) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def _coefficient(value: Any) -> Fraction | int:
    # most coefficients are whole, and whole numbers are compared and hashed fastest
    return int(value.p) if value.q == 1 else _fraction(value)


@lru_cache(maxsize=100_000)
def _whole(monomial: tuple[Any, ...]) -> tuple[int, ...]:
    return tuple(map(int, monomial))


def key_of(poly: Poly) -> Key:
    """A hashable form; equal keys mean equal polynomials."""
    return tuple(
        zip(map(_whole, poly.monoms()), map(_coefficient, poly.coeffs()), strict=True)
    )


class Ring:
    """Polynomials with rational coefficients in some parameters.

    Parameters
    ----------
    names : sequence of str
        The parameters; their order is the order in which people see them.
    """

    def __init__(self, names: Sequence[str]) -> None:
        import flint

        self._flint = flint
        self.names = tuple(names)
        # flint wants at least one generator, and names in ASCII
        generators = [f"x{k}" for k in range(max(1, len(self.names)))]
        self.context = flint.fmpq_mpoly_ctx.get(generators, flint.Ordering.deglex)
        self.zero: Poly = self.context.constant(0)
        self.one: Poly = self.context.constant(1)
        self.index = {name: k for k, name in enumerate(self.names)}
        self._factors: dict[Key, tuple[Fraction, list[tuple[Poly, int]]]] = {}

    def constant(self, value: Fraction | int) -> Poly:
        """A constant polynomial."""
        value = Fraction(value)
        return self.context.constant(
            self._flint.fmpq(value.numerator, value.denominator)
        )

    def symbol(self, name: str) -> Poly:
        """The polynomial that is a parameter itself."""
        return self.context.gens()[self.index[name]]

    def _polynomial(
        self, terms: Mapping[tuple[tuple[str, int], ...], Fraction]
    ) -> Poly:
        flat = {}
        for monomial, value in terms.items():
            exponents = [0] * max(1, len(self.names))
            for name, exponent in monomial:
                exponents[self.index[name]] = exponent
            flat[tuple(exponents)] = self._flint.fmpq(
                value.numerator, value.denominator
            )
        return self.context.from_dict(flat)

    def ratio(self, value: Number | Fraction | int) -> Ratio:
        """A number or an expression as a quotient of polynomials."""
        if isinstance(value, Number):
            above, below = value.polynomials()
            return Ratio.of(self, self._polynomial(above), self._polynomial(below))
        return Ratio(self, self.constant(value), self.one)

    def number(self, poly: Poly) -> Number:
        """A polynomial as people read it."""
        terms = {}
        for exponents, value in poly.terms():
            monomial = sorted(
                (name, int(e))
                for name, e in zip(self.names, exponents, strict=False)
                if e
            )
            terms[tuple(monomial)] = _fraction(value)
        return Number(terms)

    def factors(self, poly: Poly) -> tuple[Fraction, list[tuple[Poly, int]]]:
        """The content and the irreducible factors, each primitive over the integers.

        The leading coefficient of a factor is positive.
        """
        key = key_of(poly)
        found = self._factors.get(key)
        if found is None:
            content, parts = poly.factor()
            value = _fraction(content)
            tidy = []
            for part, power in parts:
                scaled, unit = primitive(part)
                value *= unit**power
                tidy.append((scaled, int(power)))
            found = self._factors[key] = (value, tidy)
        return found


def primitive(poly: Poly) -> tuple[Poly, Fraction]:
    """A polynomial with coprime integers and a positive lead, and what it times."""
    import flint

    coefficients = [_fraction(c) for c in poly.coeffs()]
    divisor, multiple = 0, 1
    for c in coefficients:
        divisor = math.gcd(divisor, c.numerator)
        multiple = multiple * c.denominator // math.gcd(multiple, c.denominator)
    unit = Fraction(divisor, multiple)
    if coefficients and coefficients[0] < 0:
        unit = -unit
    if unit in (0, 1):
        return poly, Fraction(1)
    return poly * flint.fmpq(unit.denominator, unit.numerator), unit


@lru_cache(maxsize=100_000)
def _terms(key: Key) -> tuple[tuple[tuple[tuple[int, int], ...], int, int], ...]:
    """Terms as exponents that are not 0, whole coefficient, and missing degree."""
    multiple = math.lcm(*(c.denominator for _, c in key)) if key else 1
    degree = max((sum(m) for m, _ in key), default=0)
    return tuple(
        (
            tuple((k, e) for k, e in enumerate(m) if e),
            int(c * multiple),
            degree - sum(m),
        )
        for m, c in key
    )


@lru_cache(maxsize=4_096)
def _common(values: tuple[Fraction, ...]) -> tuple[tuple[int, ...], int]:
    """Numbers over a common denominator."""
    below = math.lcm(*(v.denominator for v in values)) if values else 1
    return tuple(int(v * below) for v in values), below


def sign_at(key: Key, values: Sequence[Fraction]) -> int:
    """The sign of a polynomial at numbers, as a whole number of that sign."""
    above, below = _common(tuple(values))
    total = 0
    for factors, coefficient, missing in _terms(key):
        term = coefficient * below**missing
        for k, e in factors:
            term *= above[k] ** e if e > 1 else above[k]
        total += term
    return total


class Ratio:
    """A quotient of two polynomials in lowest terms.

    Parameters
    ----------
    ring : Ring
    above, below : polynomials
        Already in lowest terms; `of` reduces.
    """

    __slots__ = ("above", "below", "ring")

    def __init__(self, ring: Ring, above: Poly, below: Poly) -> None:
        self.ring = ring
        self.above = above
        self.below = below

    @classmethod
    def of(cls, ring: Ring, above: Poly, below: Poly) -> Ratio:
        """The quotient, reduced."""
        if not above:
            return cls(ring, ring.zero, ring.one)
        if not below.is_constant():
            common = above.gcd(below)
            if not common.is_constant():
                above, below = above / common, below / common
        below, unit = primitive(below)
        if unit != 1:
            above = above * ring._flint.fmpq(unit.denominator, unit.numerator)
        return cls(ring, above, below)

    def __add__(self, other: Ratio) -> Ratio:
        if self.below == other.below:
            return Ratio.of(self.ring, self.above + other.above, self.below)
        return Ratio.of(
            self.ring,
            self.above * other.below + other.above * self.below,
            self.below * other.below,
        )

    def __sub__(self, other: Ratio) -> Ratio:
        return self + Ratio(self.ring, -other.above, other.below)

    def __mul__(self, other: Ratio) -> Ratio:
        return Ratio.of(self.ring, self.above * other.above, self.below * other.below)

    def __truediv__(self, other: Ratio) -> Ratio:
        return Ratio.of(self.ring, self.above * other.below, self.below * other.above)

    def __bool__(self) -> bool:
        return bool(self.above)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Ratio)
            and self.above == other.above
            and self.below == other.below
        )

    def __hash__(self) -> int:
        return hash((key_of(self.above), key_of(self.below)))

    @property
    def is_one(self) -> bool:
        """Whether the quotient is 1."""
        return bool(self.above == self.below)

    def number(self) -> Number | Fraction:
        """The quotient as people read it; a Fraction where no parameter occurs."""
        found = self.ring.number(self.above) / self.ring.number(self.below)
        return found.constant() if found.is_constant else found

    def __str__(self) -> str:
        return str(self.number())
