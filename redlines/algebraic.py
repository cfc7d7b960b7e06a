"""Irrational algebraic numbers, exact: roots of polynomials with whole coefficients.

They occur where conditions are products of unknowns, as for weak perfect Bayesian
equilibrium. Arithmetic and comparison are z3's, which are exact; a result that is
rational comes back as a Fraction, so an `Algebraic` is always irrational.

Reads: errors, numbers.  Used by: solvers that need it.
"""

from __future__ import annotations

import atexit
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any
from weakref import WeakValueDictionary

from redlines.errors import ModelError
from redlines.numbers import exact

__all__ = ["Algebraic"]

# z3's numbers must be let go before z3 itself is, at the end of the process
_alive: WeakValueDictionary[int, Algebraic] = WeakValueDictionary()


@atexit.register
def _let_go() -> None:
    for number in list(_alive.values()):
        number._value = None


class Algebraic:
    """An irrational real algebraic number.

    Made by solvers; it knows ``+ - * /`` and comparisons with itself, ints and
    Fractions, ``float()``, and its defining polynomial.
    """

    __slots__ = ("__weakref__", "_value")
    is_algebraic = True

    def __init__(self, value: Any) -> None:
        self._value = value
        _alive[id(self)] = self

    # ----------------------------------------------------------------- construction
    @staticmethod
    def from_z3(value: Any) -> Fraction | Algebraic:
        """The number that a z3 value stands for, as a Fraction where it is rational."""
        import z3
        from z3.z3num import Numeral

        moved = value.translate(z3.main_ctx())
        return _wrap(Numeral(moved))

    @staticmethod
    def root(coefficients: tuple[int, ...], index: int) -> Fraction | Algebraic:
        """A real root of a polynomial, roots counted from the least, from 1."""
        return Algebraic.roots(coefficients)[index - 1]

    @staticmethod
    def roots(
        coefficients: Sequence[Fraction | int],
        times: Sequence[Fraction | int] = (),
        factor: Fraction | Algebraic | int = 0,
    ) -> list[Fraction | Algebraic]:
        """The different real roots of a polynomial, increasing; none of the zero one.

        Parameters
        ----------
        coefficients : sequence of Fraction
            The constant first.
        times : sequence of Fraction, optional
            A second polynomial, of which `factor` times is added to the first.
        factor : Fraction or Algebraic
        """
        import z3
        from z3.z3num import Numeral, isolate_roots

        size = max(len(coefficients), len(times))
        rows = [
            tuple(row[k] if k < len(row) else 0 for row in (coefficients, times))
            for k in range(size)
        ]
        if not isinstance(factor, Algebraic):
            rows = [(own + factor * more, 0) for own, more in rows]
        while rows and not any(rows[-1]):
            rows.pop()
        if len(rows) < 2:
            return []
        known, x = z3.Var(0, z3.RealSort()), z3.Var(1, z3.RealSort())
        polynomial = z3.RealVal(0)
        for own, more in reversed(rows):
            term = z3.RealVal(str(own)) + known * z3.RealVal(str(more))
            polynomial = z3.simplify(polynomial * x + term, som=True)
        value = _numeral(factor)
        assert isinstance(value, Numeral)
        return sorted(_wrap(root) for root in isolate_roots(polynomial, [value]))

    @staticmethod
    def quotient(
        above: Sequence[Fraction | int],
        below: Sequence[Fraction | int],
        at: Fraction | Algebraic | int,
    ) -> Fraction | Algebraic:
        """The value of a quotient of polynomials, constants first, at a number.

        Much quicker than powers of an irrational number: the value is the one root of
        ``below(at) * y - above(at)``.
        """
        if isinstance(at, Algebraic):
            import z3
            from z3.z3num import isolate_roots

            known, y = z3.Var(0, z3.RealSort()), z3.Var(1, z3.RealSort())
            total = z3.RealVal(0)
            for row, factor in ((below, y), (above, z3.RealVal(-1))):
                value = z3.RealVal(0)
                for c in reversed(_remainder(row, at.polynomial)):
                    value = value * known + z3.RealVal(str(c))
                total = total + value * factor
            polynomial = z3.simplify(total, som=True)
            (root,) = isolate_roots(polynomial, [at._value])
            return _wrap(root)
        values = []
        for row in (above, below):
            value = Fraction(0)
            for c in reversed(row):
                value = value * at + c
            values.append(value)
        return values[0] / values[1]

    # ------------------------------------------------------------------- inspection
    @property
    def polynomial(self) -> tuple[int, ...]:
        """The coefficients of a polynomial that vanishes here, the constant first."""
        return tuple(int(str(c)) for c in self._reference().poly())

    @property
    def index(self) -> int:
        """Which real root of the polynomial it is, counted from the least, from 1."""
        return int(self._reference().index())

    def _reference(self) -> Any:
        import z3

        return z3.AlgebraicNumRef(self._value.ast, self._value.ctx)

    def bracket(self, digits: int = 15) -> tuple[Fraction, Fraction]:
        """Two rationals that enclose the number, 10**-digits apart or less."""
        low, high = (
            end.as_fraction()
            for end in (self._value.lower(digits), self._value.upper(digits))
        )
        return low, high

    def __float__(self) -> float:
        low, high = self.bracket(20)
        return float((low + high) / 2)

    # ------------------------------------------------------------------- arithmetic
    def __add__(self, other: object) -> Any:
        value = _numeral(other)
        return NotImplemented if value is None else _wrap(self._value + value)

    __radd__ = __add__

    def __sub__(self, other: object) -> Any:
        value = _numeral(other)
        return NotImplemented if value is None else _wrap(self._value - value)

    def __rsub__(self, other: object) -> Any:
        value = _numeral(other)
        return NotImplemented if value is None else _wrap(value - self._value)

    def __mul__(self, other: object) -> Any:
        value = _numeral(other)
        return NotImplemented if value is None else _wrap(self._value * value)

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> Any:
        value = _numeral(other)
        return NotImplemented if value is None else _wrap(self._value / value)

    def __rtruediv__(self, other: object) -> Any:
        value = _numeral(other)
        return NotImplemented if value is None else _wrap(value / self._value)

    def __neg__(self) -> Any:
        return 0 - self

    def __abs__(self) -> Any:
        return -self if self < 0 else self

    def __bool__(self) -> bool:
        return True

    # ------------------------------------------------------------------- comparison
    def __eq__(self, other: object) -> bool:
        # nothing rational equals it
        return isinstance(other, Algebraic) and bool(self._value == other._value)

    def __hash__(self) -> int:
        # by value: z3 may hold equal numbers with different polynomials
        digits = 8
        while True:
            low, high = (math.floor(end * 2**20) for end in self.bracket(digits))
            if low == high:
                return hash(low)
            digits *= 2

    def __lt__(self, other: object) -> bool:
        value = _numeral(other)
        return NotImplemented if value is None else bool(self._value < value)

    def __le__(self, other: object) -> bool:
        value = _numeral(other)
        return NotImplemented if value is None else bool(self._value <= value)

    def __gt__(self, other: object) -> bool:
        value = _numeral(other)
        return NotImplemented if value is None else bool(self._value > value)

    def __ge__(self, other: object) -> bool:
        value = _numeral(other)
        return NotImplemented if value is None else bool(self._value >= value)

    # -------------------------------------------------------------------- rendering
    def __str__(self) -> str:
        words = []
        for power, c in reversed(list(enumerate(self.polynomial))):
            if c:
                size = "" if abs(c) == 1 and power else str(abs(c))
                factor = "" if not power else "x" if power == 1 else f"x**{power}"
                body = f"{size}*{factor}" if size and factor else size or factor
                words.append(("- " if c < 0 else "+ ") + body)
        text = " ".join(words).removeprefix("+ ")
        return f"{float(self):.6g} (root of {text})"

    def __repr__(self) -> str:
        return f"Algebraic({self})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (Algebraic.root, (self.polynomial, self.index))


def _remainder(
    row: Sequence[Fraction | int], by: Sequence[int]
) -> list[Fraction | int]:
    """What is left of a polynomial after division by another, constants first."""
    left = list(row)
    while len(left) >= len(by):
        ratio, shift = Fraction(left[-1]) / by[-1], len(left) - len(by)
        for k, c in enumerate(by):
            left[shift + k] -= ratio * c
        left.pop()
    return left


def _numeral(value: object) -> Any:
    from z3.z3num import Numeral

    if isinstance(value, Algebraic):
        return value._value
    try:
        return Numeral(str(exact(value)))
    except ModelError:
        return None


def _wrap(value: Any) -> Fraction | Algebraic:
    if value.is_rational():
        rational: Fraction = value.as_fraction()
        return rational
    return Algebraic(value)
