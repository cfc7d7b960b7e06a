"""Frontiers as functions: concave quotients of polynomials on an interval, exact.

With ``f = p / q``, the slope has the sign of ``n = p' q - p q'`` and the curvature that
of ``n' q - 2 n q'``, where q is positive. Points where such a polynomial vanishes are
algebraic numbers.

Reads: errors, numbers, algebraic, bargains.base.  Used by: bargains.problems, solvers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeAlias

from redlines.algebraic import Algebraic
from redlines.bargains.base import Amounts, Value
from redlines.errors import ModelError, StoryError
from redlines.numbers import Number, brief

__all__ = [
    "Curve",
    "Poly",
    "added",
    "at",
    "read_corners",
    "read_function",
    "root_between",
    "times",
]

Poly: TypeAlias = tuple[Fraction, ...]
Exact: TypeAlias = "Fraction | Algebraic"

VARIABLE = "x"


# ---------------------------------------------------------------- polynomials in one x
def added(one: Sequence[Fraction], other: Sequence[Fraction], factor: Any = 1) -> Poly:
    """The first and `factor` times the second; the constant comes first."""
    size = max(len(one), len(other))
    return tuple(
        (one[k] if k < len(one) else Fraction(0))
        + factor * (other[k] if k < len(other) else Fraction(0))
        for k in range(size)
    )


def times(one: Sequence[Fraction], other: Sequence[Fraction]) -> Poly:
    """The product."""
    total = [Fraction(0)] * max(0, len(one) + len(other) - 1)
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            total[i + j] += a * b
    return tuple(total)


def slope(poly: Sequence[Fraction]) -> Poly:
    """The derivative."""
    return tuple(k * c for k, c in enumerate(poly))[1:]


def at(poly: Sequence[Fraction], x: Any) -> Any:
    """The value at a rational or algebraic number."""
    return Algebraic.quotient(poly, (1,), x)


def root_between(
    low: Exact,
    high: Exact,
    poly: Sequence[Fraction],
    more: Sequence[Fraction] = (),
    factor: Exact | int = 0,
) -> Exact | None:
    """The first root of ``poly + factor * more`` from low to high, or None."""
    for root in Algebraic.roots(poly, more, factor):
        if low <= root <= high:
            return root
    return None


def _signs(poly: Poly, low: Fraction, high: Fraction) -> set[int]:
    """The signs that a polynomial has strictly between two numbers."""
    inside = [r for r in Algebraic.roots(poly) if low < r < high]
    found = {0} if inside or not any(poly) else set()
    for one, other in pairwise([low, *inside, high]):
        value = at(poly, _between(one, other))
        found.add((value > 0) - (value < 0))
    return found


def _between(one: Exact, other: Exact) -> Fraction:
    """A rational strictly between two numbers."""
    digits = 5
    while True:
        low = one if isinstance(one, Fraction) else one.bracket(digits)[1]
        high = other if isinstance(other, Fraction) else other.bracket(digits)[0]
        if low < high:
            return (low + high) / 2
        digits *= 2


# ------------------------------------------------------------------------------ curves
@dataclass(frozen=True)
class Curve:
    """What the second player can get where the first gets x, and the ends of x.

    Attributes
    ----------
    expression : Number or Fraction
        In the variable ``x``.
    low, high : Fraction or Number
    """

    expression: Value
    low: Value
    high: Value

    def values(self) -> Iterable[Value]:
        """Every amount, the variable aside."""
        expression = self.expression
        if isinstance(expression, Number):
            polynomials = expression.polynomials()
            for poly in polynomials:
                for monomial in poly:
                    rest = tuple(part for part in monomial if part[0] != VARIABLE)
                    if rest:
                        yield Number({rest: Fraction(1)})
        yield self.low
        yield self.high

    def changed(self, change: Callable[[Value], Value]) -> Curve:
        """The curve with amounts changed."""
        return Curve(change(self.expression), change(self.low), change(self.high))

    @cached_property
    def ends(self) -> tuple[Fraction, Fraction]:
        """The interval, at numbers."""
        assert isinstance(self.low, Fraction)
        assert isinstance(self.high, Fraction)
        return self.low, self.high

    @cached_property
    def parts(self) -> tuple[Poly, Poly]:
        """Numerator and denominator, the denominator positive on the interval."""
        number = Number.of(self.expression)
        above, below = (
            tuple(
                poly.get(((VARIABLE, k),) if k else (), Fraction(0))
                for k in range(1 + max(dict(m).get(VARIABLE, 0) for m in poly))
            )
            for poly in number.polynomials()
        )
        middle = sum(self.ends) / 2
        if at(below, middle) < 0:
            above, below = (tuple(-c for c in poly) for poly in (above, below))
        return above, below

    @cached_property
    def steepness(self) -> Poly:
        """A polynomial with the sign of the slope: the slope times q squared."""
        p, q = self.parts
        return added(times(slope(p), q), times(p, slope(q)), -1)

    def height(self, x: Any) -> Any:
        """What the second player can get where the first gets x."""
        p, q = self.parts
        return Algebraic.quotient(p, q, x)

    @cached_property
    def top(self) -> Exact:
        """Where the curve is highest."""
        low, high = self.ends
        if at(self.steepness, low) <= 0:
            return low
        if at(self.steepness, high) >= 0:
            return high
        found = root_between(low, high, self.steepness)
        assert found is not None
        return found

    def span(self, point: tuple[Fraction, Fraction]) -> tuple[Exact, Exact] | None:
        """Where both get at least so much on the Pareto frontier; None if nowhere."""
        high = self.ends[1]
        start = max(self.top, point[0])
        if start > high or self.height(start) < point[1]:
            return None
        if self.height(high) >= point[1]:
            return start, high
        p, q = self.parts
        end = root_between(start, high, added(p, q, -point[1]))
        assert end is not None
        return start, end

    def exceeds(self, point: tuple[Fraction, Fraction]) -> bool:
        """Whether something below the curve gives both more."""
        span = self.span(point)
        return span is not None and bool(
            span[1] > point[0] and self.height(span[0]) > point[1]
        )

    def check(self, name: str) -> None:
        """Refuse, as far as numbers are given, a curve that is no frontier.

        Raises
        ------
        ModelError
            If it is not concave or divides by zero, or the interval is empty.
        """
        if any(isinstance(value, Number) for value in self.values()):
            return
        low, high = self.ends
        if low >= high:
            raise ModelError(
                f"{name}: the frontier is given between {low} and {high}; the first "
                "must be less"
            )
        _, q = self.parts
        if any(low <= root <= high for root in Algebraic.roots(q)):
            raise ModelError(
                f"{name}: the frontier {self.expression} divides by zero between {low} "
                f"and {high}"
            )
        n = self.steepness
        bend = added(times(slope(n), q), times(n, slope(q)), -2)
        if 1 in _signs(bend, low, high):
            raise ModelError(
                f"{name}: the frontier {self.expression} is not concave between {low} "
                f"and {high}; lotteries would reach beyond it, so give packages instead"
            )

    def __str__(self) -> str:
        ends = f"{brief(self.low, 30)} <= x <= {brief(self.high, 30)}"
        return f"frontier: {brief(self.expression, 50)} for {ends}"


# ----------------------------------------------------------------------------- reading
def read_function(
    amounts: Amounts, frontier: Any, between: Any
) -> tuple[Value, tuple[Value, Value]]:
    """A frontier as text, expression or function, and its ends.

    Raises
    ------
    ModelError
        If it cannot be read, or no ends are given.
    """
    where = amounts.where
    if VARIABLE in amounts.parameters:
        raise ModelError(
            f"{where}: 'x' is what the first player gets on the frontier; give the "
            "parameter another name"
        )
    if between is None or isinstance(between, str) or len(tuple(between)) != 2:
        raise ModelError(
            f"{where}: say between which payoffs of the first player the frontier "
            f"goes, between=(0, 1), not {between!r}"
        )
    if callable(frontier):
        try:
            frontier = frontier(Number.symbol(VARIABLE))
        except (StoryError, TypeError, AttributeError) as error:
            raise ModelError(
                f"{where}: the frontier is a function of + - * / and whole powers of x,"
                f" so that it can be solved exactly; this one says: {error}. Give "
                "corners of a concave line near it instead"
            ) from error
    reader = Amounts(where, amounts.parameters)
    expression = reader.read(frontier, "the frontier")
    for name, parameter in reader.parameters.items():
        if name != VARIABLE:
            amounts.parameters[name] = parameter
    low, high = (amounts.read(end, "an end of the frontier") for end in between)
    return expression, (low, high)


def read_corners(amounts: Amounts, corners: Any) -> list[tuple[Value, Value]]:
    """The corners of a concave line, from left to right.

    Raises
    ------
    ModelError
        If they are no such corners.
    """
    where = amounts.where
    if not isinstance(corners, Iterable):
        raise ModelError(
            f"{where}: a frontier is a text in x, a function of x or a list of corners,"
            f" not {corners!r}"
        )
    found: list[tuple[Value, Value]] = []
    for pair in corners:
        values = tuple(pair)
        if len(values) != 2:
            raise ModelError(f"{where}: a corner is a pair of amounts, not {pair!r}")
        found.append(
            (
                amounts.read(values[0], f"the corner {values}"),
                amounts.read(values[1], f"the corner {values}"),
            )
        )
    if not found:
        raise ModelError(f"{where}: the frontier has no corner")
    plain = [p for p in found if all(isinstance(v, Fraction) for v in p)]
    if len(plain) == len(found):
        _require_concave(where, plain)
    return found


def _require_concave(where: str, corners: Sequence[tuple[Any, Any]]) -> None:
    for one, other in pairwise(corners):
        if one[0] >= other[0]:
            raise ModelError(
                f"{where}: corners are listed from left to right, but "
                f"({other[0]}, {other[1]}) comes after ({one[0]}, {one[1]})"
            )
    for a, b, c in zip(corners, corners[1:], corners[2:], strict=False):
        if (b[0] - a[0]) * (c[1] - a[1]) > (b[1] - a[1]) * (c[0] - a[0]):
            raise ModelError(
                f"{where}: the frontier is not concave at ({b[0]}, {b[1]}); if "
                "lotteries may be agreed on, give packages instead"
            )
