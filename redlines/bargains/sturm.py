"""Polynomials in one variable, for the referee alone: signs and roots, by Sturm.

Coefficients are listed with the constant first.

Reads: algebraic.  Used by: bargains.referee.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any, TypeAlias

from redlines.algebraic import Algebraic

__all__ = [
    "coefficients",
    "derived",
    "is_straight",
    "minus",
    "no_root",
    "nowhere_positive",
    "product",
    "value",
]

ZERO = Fraction(0)
Coefficients: TypeAlias = list[Fraction]


def coefficients(poly: Mapping[Any, Fraction]) -> Coefficients:
    """The coefficients in x of a polynomial as a mapping of monomials."""
    size = max((dict(m).get("x", 0) for m in poly), default=0)
    row = [ZERO] * (size + 1)
    for monomial, c in poly.items():
        row[dict(monomial).get("x", 0)] += c
    return row


def value(poly: Coefficients, x: Any) -> Any:
    """The value at a number."""
    return Algebraic.quotient(poly, (1,), x)


def derived(poly: Coefficients) -> Coefficients:
    """The derivative."""
    return [k * poly[k] for k in range(1, len(poly))]


def product(one: Coefficients, other: Coefficients) -> Coefficients:
    """The product."""
    row = [ZERO] * max(0, len(one) + len(other) - 1)
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            row[i + j] += a * b
    return row


def minus(one: Coefficients, other: Coefficients) -> Coefficients:
    """The difference."""
    size = max(len(one), len(other))
    left = [*one, *[ZERO] * (size - len(one))]
    right = [*other, *[ZERO] * (size - len(other))]
    return [a - b for a, b in zip(left, right, strict=True)]


def is_straight(p: Coefficients, q: Coefficients) -> bool:
    """Whether the curve is a line: its slope does not change."""
    n = minus(product(derived(p), q), product(p, derived(q)))
    twice = [2 * c for c in product(n, derived(q))]
    return not any(minus(product(derived(n), q), twice))


def _factors(poly: Coefficients) -> list[tuple[Coefficients, int]]:
    """Irreducible factors with their multiplicities."""
    import flint

    whole = flint.fmpq_poly([flint.fmpq(c.numerator, c.denominator) for c in poly])
    _, parts = whole.factor()
    return [
        ([Fraction(int(c.p), int(c.q)) for c in map(flint.fmpq, part.coeffs())], many)
        for part, many in parts
    ]


def _roots_within(factor: Coefficients, low: Fraction, high: Fraction) -> int:
    """How many roots an irreducible polynomial has strictly between (Sturm)."""
    if len(factor) == 2:
        return int(low < -factor[0] / factor[1] < high)
    chain = [factor, derived(factor)]
    while len(chain[-1]) > 1:
        row = list(chain[-2])
        while len(row) >= len(chain[-1]):
            ratio, shift = row[-1] / chain[-1][-1], len(row) - len(chain[-1])
            for k, c in enumerate(chain[-1]):
                row[shift + k] -= ratio * c
            row.pop()
        while row and row[-1] == 0:
            row.pop()
        chain.append([-c for c in row])

    def changes(x: Fraction) -> int:
        signs = [v > 0 for v in (value(p, x) for p in chain) if v]
        return sum(a != b for a, b in pairwise(signs))

    return changes(low) - changes(high)


def no_root(poly: Coefficients, low: Fraction, high: Fraction) -> bool:
    """Whether a polynomial vanishes nowhere from low to high, ends included."""
    if value(poly, low) == 0 or value(poly, high) == 0:
        return False
    return all(not _roots_within(f, low, high) for f, _ in _factors(poly))


def nowhere_positive(poly: Coefficients, low: Fraction, high: Fraction) -> bool:
    """Whether a polynomial is positive nowhere from low to high."""
    if not any(poly):
        return True
    # only at roots of odd multiplicity does the sign change
    if any(many % 2 and _roots_within(f, low, high) for f, many in _factors(poly)):
        return False
    steps = len(poly) + 1
    inside = (low + (high - low) * Fraction(k, steps) for k in range(1, steps))
    return bool(next(v for v in (value(poly, x) for x in inside) if v) < 0)
