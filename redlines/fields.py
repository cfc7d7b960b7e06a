"""Number fields: the rationals together with one irrational root, exactly.

The probabilities of a mixed stationary equilibrium are roots of a polynomial system;
all of them, and the values that they give, lie in the field of one real root. An
element is a polynomial in that root, so sums, products and quotients are exact and
quick, and a number is zero exactly where its polynomial is.

Reads: errors, algebraic.  Used by: solvers, referees of nouns with irrational answers.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import flint

from redlines.algebraic import Algebraic

__all__ = ["Field", "FieldNumber", "plain"]


def ratio(value: Any) -> Fraction:
    """A flint rational as a Fraction."""
    return Fraction(int(value.p), int(value.q))


def rational(value: Fraction | int) -> Any:
    """A Fraction as flint has it."""
    return flint.fmpq(value.numerator, value.denominator)


class Field:
    """The rationals with one real root of an irreducible polynomial.

    Parameters
    ----------
    polynomial : flint.fmpz_poly
        Irreducible over the rationals, of degree 2 or more.
    low, high : Fraction
        Between them lies that one root, and no other.
    """

    def __init__(self, polynomial: Any, low: Fraction, high: Fraction) -> None:
        self.polynomial = polynomial
        self.modulus = flint.fmpq_poly(polynomial)
        self.low, self.high = low, high
        self._rising = self._value(high) > 0

    def _value(self, at: Fraction) -> Any:
        return self.polynomial(rational(at))

    def refine(self, bits: int) -> None:
        """Bring the ends to within 2**-bits of each other."""
        goal = Fraction(1, 2**bits)
        while self.high - self.low > goal:
            middle = (self.low + self.high) / 2
            if (self._value(middle) > 0) == self._rising:
                self.high = middle
            else:
                self.low = middle

    def same(self, other: Field) -> bool:
        """Whether two are the field of the same root."""
        if self is other:
            return True
        if self.polynomial != other.polynomial:
            return False
        low, high = max(self.low, other.low), min(self.high, other.high)
        return low <= high and self._value(low) * self._value(high) <= 0

    @property
    def degree(self) -> int:
        """The degree over the rationals."""
        return int(self.polynomial.degree())

    @property
    def root(self) -> FieldNumber:
        """The root itself."""
        return FieldNumber(self, flint.fmpq_poly([0, 1]))

    def number(self, value: Any) -> FieldNumber:
        """A rational number as an element."""
        return FieldNumber(self, flint.fmpq_poly([rational(Fraction(value))]))

    def __reduce__(self) -> tuple[Any, ...]:
        return _field, ([int(c) for c in self.polynomial.coeffs()], self.low, self.high)


def _field(coefficients: list[int], low: Fraction, high: Fraction) -> Field:
    return Field(flint.fmpz_poly(coefficients), low, high)


class FieldNumber:
    """An element of a `Field`; it may be rational.

    Knows ``+ - * /`` and comparisons with elements of the same field, ints and
    Fractions, and ``float()``.
    """

    __slots__ = ("_bounds", "field", "polynomial")
    is_algebraic = True

    def __init__(self, field: Field, polynomial: Any) -> None:
        self.field = field
        self.polynomial = polynomial
        self._bounds: tuple[Fraction, Fraction] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        terms = [ratio(c) for c in self.polynomial.coeffs()]
        return _field_number, (self.field, terms)

    # ------------------------------------------------------------------- arithmetic
    def _other(self, value: object) -> Any:
        if isinstance(value, FieldNumber):
            if not self.field.same(value.field):
                raise TypeError("numbers of two fields do not mix; see plain()")
            return value.polynomial
        if isinstance(value, int | Fraction):
            return flint.fmpq_poly([rational(value)])
        return None

    def _made(self, polynomial: Any) -> FieldNumber:
        return FieldNumber(self.field, polynomial)

    def __add__(self, other: object) -> Any:
        value = self._other(other)
        return NotImplemented if value is None else self._made(self.polynomial + value)

    __radd__ = __add__

    def __sub__(self, other: object) -> Any:
        value = self._other(other)
        return NotImplemented if value is None else self._made(self.polynomial - value)

    def __rsub__(self, other: object) -> Any:
        value = self._other(other)
        return NotImplemented if value is None else self._made(value - self.polynomial)

    def __mul__(self, other: object) -> Any:
        value = self._other(other)
        if value is None:
            return NotImplemented
        return self._made(self.polynomial * value % self.field.modulus)

    __rmul__ = __mul__

    def _inverse(self) -> FieldNumber:
        if not self:
            raise ZeroDivisionError("division by zero in a number field")
        common, inverse, _ = self.polynomial.xgcd(self.field.modulus)
        return self._made(inverse / common[0])

    def __truediv__(self, other: object) -> Any:
        if isinstance(other, int | Fraction):
            return self._made(self.polynomial / rational(other))
        if isinstance(other, FieldNumber):
            return self * other._inverse()
        return NotImplemented

    def __rtruediv__(self, other: object) -> Any:
        return self._inverse() * other

    def __neg__(self) -> FieldNumber:
        return self._made(-self.polynomial)

    def __abs__(self) -> FieldNumber:
        return -self if self < 0 else self

    def __bool__(self) -> bool:
        return bool(self.polynomial != 0)

    # ------------------------------------------------------------------- comparison
    def bounds(self, bits: int = 64) -> tuple[Fraction, Fraction]:
        """Two rationals that enclose the number, closer for more bits."""
        self.field.refine(bits)
        low, high = self.field.low, self.field.high
        # in whole units of 2**-2bits, rounded outwards
        unit = 2 ** (2 * bits)
        left = Fraction(low.numerator * unit // low.denominator, unit)
        right = Fraction(-(-high.numerator * unit // high.denominator), unit)
        below = above = Fraction(0)
        for coefficient in reversed(self.polynomial.coeffs()):
            ends = [
                below * left,
                below * right,
                above * left,
                above * right,
            ]
            c = ratio(coefficient)
            below = Fraction((min(ends) + c) * unit // 1, unit)
            above = Fraction(-(-(max(ends) + c) * unit // 1), unit)
        return below, above

    def sign(self) -> int:
        """-1, 0 or 1, exactly."""
        if not self:
            return 0
        if self.polynomial.degree() == 0:
            return 1 if ratio(self.polynomial[0]) > 0 else -1
        bits = 32
        while True:
            low, high = self.bounds(bits)
            if low > 0:
                return 1
            if high < 0:
                return -1
            bits *= 2

    def _against(self, other: object) -> int | None:
        value = self._other(other)
        return None if value is None else self._made(self.polynomial - value).sign()

    def __eq__(self, other: object) -> bool:
        return self._against(other) == 0

    def __hash__(self) -> int:
        return hash(plain(self))

    def __lt__(self, other: object) -> bool:
        sign = self._against(other)
        return NotImplemented if sign is None else sign < 0

    def __le__(self, other: object) -> bool:
        sign = self._against(other)
        return NotImplemented if sign is None else sign <= 0

    def __gt__(self, other: object) -> bool:
        sign = self._against(other)
        return NotImplemented if sign is None else sign > 0

    def __ge__(self, other: object) -> bool:
        sign = self._against(other)
        return NotImplemented if sign is None else sign >= 0

    def __float__(self) -> float:
        bits = 80
        while True:
            low, high = self.bounds(bits)
            if high - low <= abs(low + high) / 2**60 or bits > 20_000:
                return float((low + high) / 2)
            bits *= 2

    # -------------------------------------------------------------------- rendering
    def __str__(self) -> str:
        return str(plain(self))

    def __repr__(self) -> str:
        return repr(plain(self))

    def minimal(self) -> Any:
        """The irreducible polynomial with whole coefficients that vanishes here."""
        size = self.field.modulus.degree()
        rows, row = [], self.polynomial
        step = flint.fmpq_poly([0, 1])
        for _ in range(size):
            rows.append([row[k] for k in range(size)])
            row = row * step % self.field.modulus
        characteristic = flint.fmpq_mat(rows).charpoly()
        for factor, _ in characteristic.numer().factor()[1]:
            if not self._at(factor):
                return factor
        raise AssertionError("a characteristic polynomial vanishes at its element")

    def _at(self, polynomial: Any) -> FieldNumber:
        value = self._made(flint.fmpq_poly([0]))
        for coefficient in reversed(polynomial.coeffs()):
            value = value * self + Fraction(int(coefficient))
        return value


def _field_number(field: Field, terms: list[Fraction]) -> FieldNumber:
    return FieldNumber(field, flint.fmpq_poly([rational(c) for c in terms]))


def plain(value: Any) -> Any:
    """A number as others see it: a Fraction where it is rational, else `Algebraic`."""
    if not isinstance(value, FieldNumber):
        return value
    if value.polynomial.degree() <= 0:
        return ratio(value.polynomial[0])
    minimal = value.minimal()
    if minimal.degree() == 1:
        return Fraction(-int(minimal[0]), int(minimal[1]))
    roots = real_roots(minimal)
    bits = 64
    while True:
        low, high = value.bounds(bits)
        inside = [k for k, (a, b) in enumerate(roots) if a <= high and low <= b]
        if len(inside) == 1:
            coefficients = tuple(int(c) for c in minimal.coeffs())
            return Algebraic.root(coefficients, inside[0] + 1)
        bits *= 2
        roots = real_roots(minimal, bits)


def real_roots(polynomial: Any, bits: int = 64) -> list[tuple[Fraction, Fraction]]:
    """Rational ends around each real root of a squarefree polynomial, in order.

    Parameters
    ----------
    polynomial : flint.fmpz_poly
        Without multiple roots.
    bits : int
        The ends are about 2**-bits apart, relative to the root.
    """
    context = flint.ctx
    before = context.prec
    try:
        context.prec = bits
        found = []
        for root, _ in polynomial.complex_roots():
            if root.imag == 0:
                middle, radius = root.real.mid(), root.real.rad()
                centre, width = _dyadic(middle), _dyadic(radius)
                found.append((centre - width, centre + width))
    finally:
        context.prec = before
    return sorted(found)


def _dyadic(number: Any) -> Fraction:
    """An exact ball as a Fraction."""
    mantissa, exponent = number.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
