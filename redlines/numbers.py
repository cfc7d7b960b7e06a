"""Exact numbers, expressions in parameters, relations, and the text grammar.

A `Number` is a quotient of two polynomials with rational coefficients. A polynomial is
a mapping ``{monomial: coefficient}``; a monomial is a sorted tuple of ``(name,
exponent)`` with positive exponents, and ``()`` is the constant one. The quotient is
kept with a denominator whose coefficients are coprime integers, its constant (or else
its leading term) positive, and is reduced where that is cheap: constant denominators,
common monomials, proportional numerator and denominator. So two equal numbers may be
written differently, but `Number.is_zero` is always exact, since it asks the expanded
numerator.

Text is read by the grammar below, by nothing else, with bounds on everything that can
grow::

    relation   = sum (("<" | "<=" | ">" | ">=" | "==" | "!=") sum)+
    sum        = product (("+" | "-") product)*
    product    = signed (("*" | "/") signed)*
    signed     = ("+" | "-")* power
    power      = atom ("**" ["-" | "+"] power)?
    atom       = number | name | "(" sum ")"

Reads: errors.  Used by: everything that holds a number.
"""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from contextvars import ContextVar
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias, cast

from redlines.errors import (
    ModelError,
    OutOfRange,
    ParseError,
    StoryError,
    UnboundParameter,
)

if TYPE_CHECKING:
    from sympy import Expr

__all__ = ["Amount", "Number", "Relation"]

MAX_EXPONENT = 64
MAX_DECIMAL_EXPONENT = 400
MAX_CHARACTERS = 10_000
MAX_NESTING = 100
MAX_DIGITS = 4_000  # Python prints no integer of more than 4,300
MAX_TERMS = 10_000
MAX_BITS = 13_300  # as many as 4,000 digits have
MAX_WORK = 100_000  # products of two terms that one text may ask for
MAX_REMEMBERED = 64

# Set while a story is being unfolded, to what says where it is: there a comparison
# would silently choose one branch for every value of the parameter, so it is refused.
TELLING: ContextVar[Callable[[], str] | None] = ContextVar("TELLING", default=None)

Monomial: TypeAlias = tuple[tuple[str, int], ...]
Polynomial: TypeAlias = dict[Monomial, Fraction]

_ONE: Polynomial = {(): Fraction(1)}


# --------------------------------------------------------------------------- numbers
def exact(value: object, what: str = "a number") -> Fraction:
    """The rational that `value` stands for, exactly.

    Parameters
    ----------
    value : int, Fraction, Decimal, float, str or numpy scalar
        A float is read as the decimal that it prints as, so ``0.1`` is 1/10. A string
        is read by the grammar of this module and must hold no names.
    what : str
        What the number is for; used in the error message.

    Returns
    -------
    Fraction

    Raises
    ------
    ModelError
        For bool, NaN, an infinity, or anything that is not a number.
    ParseError
        For a string that the grammar does not know.
    """
    kind = type(value)
    if kind is Fraction:
        return cast(Fraction, value)
    if isinstance(value, str):
        return parse_number(value)
    if isinstance(value, bool) or kind.__name__ in ("bool", "bool_"):
        raise ModelError(f"{what} must be a number, not the truth value {value!r}")
    if isinstance(value, Number):
        if value.is_constant:
            return value.constant()
        raise UnboundParameter(
            f"{what} must be a number, but {value} still holds "
            f"{_listed(value.names)}; bind it first"
        )
    if isinstance(value, numbers.Integral):
        whole = int(value)
        if whole.bit_length() > MAX_BITS:
            raise ModelError(f"{what} must have at most {MAX_DIGITS:,} digits")
        return Fraction(whole)
    if isinstance(value, numbers.Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ModelError(f"{what} must be finite, not {value}")
        # looked at before it is expanded: Decimal("1e999999999") is a short text
        if value and not -MAX_DECIMAL_EXPONENT <= value.adjusted() <= (
            MAX_DECIMAL_EXPONENT
        ):
            raise ModelError(
                f"{what} must lie between 1e-{MAX_DECIMAL_EXPONENT} and "
                f"1e{MAX_DECIMAL_EXPONENT} in size, not {value:.3e}"
            )
        return Fraction(value)
    if isinstance(value, numbers.Real):
        if not math.isfinite(value):
            raise ModelError(f"{what} must be finite, not {value!s}")
        return Fraction(str(value))
    if getattr(value, "is_Rational", False):  # sympy Integer or Rational
        return Fraction(int(getattr(value, "p")), int(getattr(value, "q")))  # noqa: B009
    if getattr(value, "is_Float", False):  # sympy Float
        return Fraction(str(value))
    raise ModelError(
        f"{what} must be an int, a Fraction, a float, a sympy Rational or a text such "
        f'as "1/3", not {value!r} of type {kind.__name__}'
    )


def show(value: object) -> str:
    """`value` as a person writes it: ``3``, ``1/3``, or the expression."""
    return str(value)


def decimal(value: Any, digits: int = 4) -> str:
    """`value` rounded for reading: ``0.3333``; tiny values in scientific notation."""
    number = float(value)
    if number != 0 and abs(number) < 10.0**-digits:
        return f"{number:.2e}"
    if abs(number) >= 1e12:
        return f"{number:.6g}"
    text = f"{number:.{digits}f}".rstrip("0").rstrip(".")
    return text if text not in ("-0", "") else "0"


def brief(value: Any, width: int = 12) -> str:
    """The exact value where it is short, else a rounded one marked with ``≈``."""
    text = str(value)
    if len(text) <= width:
        return text
    try:
        return "≈" + decimal(value, 6)
    except (OverflowError, ValueError):
        return text[: width - 1] + "…"


class Number:
    """An immutable exact expression in the parameters of a game.

    Numbers come from a game's parameters, inside a story as its arguments and outside
    as ``game.parameters[name]``. They take ``+ - * /`` with each other and with int,
    Fraction, float, text-free numpy scalars on either side, and ``**`` with an integer
    up to 64. Outside a story, comparing two makes a `Relation`; inside it is a
    `StoryError`, since a story must not branch on a value that is not known yet. Only
    an expression and its like are equal without more ado.

    See Also
    --------
    Relation : what a comparison gives.
    """

    __slots__ = ("_denominator", "_key", "_memo", "_numerator")
    # numpy scalars on the left then leave the operation to this class
    __array_ufunc__ = None

    _numerator: Polynomial
    _denominator: Polynomial
    _key: tuple[object, ...] | None
    _memo: dict[tuple[str, int], tuple[object, Number]] | None

    def __init__(
        self, numerator: Polynomial, denominator: Polynomial | None = None
    ) -> None:
        self._numerator = numerator
        self._denominator = _ONE if denominator is None else denominator
        self._key = None
        self._memo = None

    def forget(self) -> None:
        """Drop the results of operations that are kept for a story's next run."""
        self._memo = None

    # ----------------------------------------------------------------- construction
    @classmethod
    def symbol(cls, name: str) -> Number:
        """The expression that is the parameter `name` itself."""
        return Number({((name, 1),): Fraction(1)})

    @classmethod
    def of(cls, value: object, what: str = "a number") -> Number:
        """`value` as a Number: itself, or the constant that `exact` reads."""
        if isinstance(value, Number):
            return value
        number = exact(value, what)
        return Number({(): number} if number else {})

    # ------------------------------------------------------------------- inspection
    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that occur, sorted."""
        found: set[str] = set()
        for polynomial in (self._numerator, self._denominator):
            for monomial in polynomial:
                found.update(name for name, _ in monomial)
        return tuple(sorted(found))

    @property
    def is_constant(self) -> bool:
        """Whether no parameter occurs."""
        numerator, denominator = self._numerator, self._denominator
        return (not numerator or (len(numerator) == 1 and () in numerator)) and (
            len(denominator) == 1 and () in denominator
        )

    @property
    def is_zero(self) -> bool:
        """Whether the expression is 0 for every value of its parameters; exact."""
        return not self._numerator

    @property
    def key(self) -> tuple[object, ...]:
        """A hashable form; equal keys mean equal expressions."""
        if self._key is None:
            self._key = (
                tuple(sorted(self._numerator.items())),
                tuple(sorted(self._denominator.items())),
            )
        return self._key

    def constant(self) -> Fraction:
        """The value of an expression without parameters."""
        return self._numerator.get((), Fraction(0)) / self._denominator[()]

    def polynomials(self) -> tuple[Polynomial, Polynomial]:
        """Numerator and denominator as ``{((name, exponent), ...): coefficient}``."""
        return dict(self._numerator), dict(self._denominator)

    # ------------------------------------------------------------------- evaluation
    def at(self, values: Mapping[str, Fraction]) -> Fraction | Number:
        """The expression with some or all parameters replaced by numbers.

        Parameters
        ----------
        values : mapping of str to Fraction
            Parameters that are absent stay symbols.

        Returns
        -------
        Fraction or Number
            A Fraction once no parameter is left.

        Raises
        ------
        OutOfRange
            If the denominator is 0 there.
        """
        numerator = _substitute(self._numerator, values)
        if self._denominator is _ONE:
            denominator = _ONE
        else:
            denominator = _substitute(self._denominator, values)
            if not denominator:
                shown = ", ".join(
                    f"{n} = {values[n]}" for n in self.names if n in values
                )
                raise OutOfRange(f"{self} divides by zero at {shown}")
        result = _quotient(numerator, denominator)
        return result.constant() if result.is_constant else result

    def sympy(self) -> Expr:
        """The expression as sympy sees it, in plain symbols of the same names."""
        import sympy

        def convert(polynomial: Polynomial) -> Expr:
            return sympy.Add(
                *(
                    sympy.Rational(c.numerator, c.denominator)
                    * sympy.Mul(*(sympy.Symbol(n) ** e for n, e in monomial))
                    for monomial, c in polynomial.items()
                )
            )

        return convert(self._numerator) / convert(self._denominator)

    def _sympy_(self) -> Expr:
        return self.sympy()

    # ------------------------------------------------------------------- arithmetic
    def _remembered(
        self, operator: str, other: object, compute: Callable[[Number, Number], Number]
    ) -> Number:
        """The result of an operation, computed once for each pair of operands.

        A story does the same sums in each of its runs, so what was computed for the
        same operand is kept: by value for an int, by identity otherwise.
        """
        memo = self._memo
        if memo is None:
            memo = self._memo = {}
        key = (operator, other if type(other) is int else id(other))
        hit = memo.get(key)
        if hit is not None:
            before, result = hit
            if before is other or (type(other) is int is type(before)):
                return result
        operand = _operand(other)
        if operand is None:
            return NotImplemented  # type: ignore[no-any-return]  # for Python to see
        result = compute(self, operand)
        if len(memo) < MAX_REMEMBERED:
            memo[key] = (other, result)
        return result

    def __add__(self, other: object) -> Number:
        return self._remembered("+", other, _sum)

    __radd__ = __add__

    def __neg__(self) -> Number:
        return self._remembered("*", -1, _product)

    def __pos__(self) -> Number:
        return self

    def __sub__(self, other: object) -> Number:
        return self._remembered("-", other, _difference)

    def __rsub__(self, other: object) -> Number:
        return self._remembered("r-", other, lambda a, b: _difference(b, a))

    def __mul__(self, other: object) -> Number:
        return self._remembered("*", other, _product)

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> Number:
        return self._remembered("/", other, _divide)

    def __rtruediv__(self, other: object) -> Number:
        return self._remembered("r/", other, lambda a, b: _divide(b, a))

    def __pow__(self, exponent: object) -> Number:
        if isinstance(exponent, bool) or not isinstance(exponent, numbers.Integral):
            raise StoryError(
                f"{self} ** {exponent!r}: the exponent must be a whole number from "
                f"-{MAX_EXPONENT} to {MAX_EXPONENT}"
            )
        power = int(exponent)
        if abs(power) > MAX_EXPONENT:
            raise StoryError(
                f"{self} ** {power}: exponents go from -{MAX_EXPONENT} to "
                f"{MAX_EXPONENT}"
            )
        if power < 0:
            return 1 / (self ** (-power))
        return Number(
            _power(self._numerator, power),
            _ONE if self._denominator is _ONE else _power(self._denominator, power),
        )

    # ------------------------------------------------------------------- comparison
    def _compare(self, operator: str, other: object) -> Any:
        right = _operand(other)
        if right is None:
            return NotImplemented
        if self.is_constant and right.is_constant:
            return _COMPARE[operator](self.constant(), right.constant())
        if self.key == right.key:  # one expression, written the same
            return operator in ("==", "<=", ">=")
        if TELLING.get() is not None:
            self._refuse(f"compared ({self} {operator} {right})", right)
        return Relation(self, operator, right)

    def __lt__(self, other: object) -> Any:
        return self._compare("<", other)

    def __le__(self, other: object) -> Any:
        return self._compare("<=", other)

    def __gt__(self, other: object) -> Any:
        return self._compare(">", other)

    def __ge__(self, other: object) -> Any:
        return self._compare(">=", other)

    def __eq__(self, other: object) -> Any:
        return self._compare("==", other)

    def __ne__(self, other: object) -> Any:
        return self._compare("!=", other)

    def __hash__(self) -> int:
        return hash(self.key)

    # ---------------------------------------------------------- what stories may not
    def _refuse(self, what: str, other: Number | None = None) -> NoReturn:
        names = self.names + (() if other is None else other.names)
        several = len(set(names)) > 1
        shown = f"parameter{'s'[:several]} {_listed(dict.fromkeys(names))}"
        place = TELLING.get()
        if place is None:
            raise StoryError(
                f"{shown} cannot be {what}: {'they have' if several else 'it has'} no "
                "value; bind the game, or use .at() for the value of an expression"
            )
        raise StoryError(
            f"{place()}: {shown} cannot be {what} while the story is told: "
            f"{'they have' if several else 'it has'} no value yet, and the tree must "
            "be the same for every value; make it a structure argument (a plain "
            "default such as rungs=6) if the shape of the tree depends on it"
        )

    def __bool__(self) -> bool:
        if self.is_constant:
            return self.constant() != 0
        self._refuse("used as a truth value")

    def __abs__(self) -> Number:
        self._refuse("given to abs()")

    def __float__(self) -> float:
        if self.is_constant:
            return float(self.constant())
        self._refuse("turned into a float")

    def __int__(self) -> int:
        self._refuse("turned into an int")

    def __index__(self) -> int:
        self._refuse("used as a count or an index")

    def __round__(self, digits: int = 0) -> Number:
        self._refuse("rounded")

    def __floor__(self) -> int:
        self._refuse("rounded down")

    def __ceil__(self) -> int:
        self._refuse("rounded up")

    def __trunc__(self) -> int:
        self._refuse("truncated")

    def __mod__(self, other: object) -> Number:
        self._refuse("used with %")

    def __floordiv__(self, other: object) -> Number:
        self._refuse("used with //")

    __rmod__, __rfloordiv__ = __mod__, __floordiv__

    def __rpow__(self, base: object) -> Number:
        self._refuse("used as an exponent")

    # -------------------------------------------------------------------- rendering
    def __str__(self) -> str:
        if self._denominator == _ONE:
            return _written(self._numerator)
        above, times = _primitive(self._numerator)
        below, over = _primitive(self._denominator)
        if all(value < 0 for value in below.values()):
            above, below = _scaled(above, -1), _scaled(below, -1)
        scale = times / over
        above = _scaled(above, scale.numerator)
        top = f"({_written(above)})" if len(above) > 1 else _written(above)
        if len(below) == 1 or scale.denominator == 1:
            bottom = _written(_scaled(below, scale.denominator))
        else:
            bottom = f"{scale.denominator}*({_written(below)})"
        is_simple = len(below) == 1 and "*" not in bottom
        return f"{top}/{bottom}" if is_simple else f"{top}/({bottom})"

    def __repr__(self) -> str:
        return f"Number({self})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (Number, (self._numerator, self._denominator))


Amount: TypeAlias = int | float | str | Fraction | Decimal | Number
"""What a payoff or a probability may be written as."""


def _operand(value: object) -> Number | None:
    """`value` as a Number, or None where Python should try the other side."""
    if isinstance(value, Number):
        if not hasattr(value, "_numerator"):  # a declared parameter without a name
            value.names  # noqa: B018  (raises, naming what to do)
        return value
    kind = type(value)
    if kind is int:
        return Number({(): Fraction(cast(int, value))} if value else {})
    if isinstance(value, str):
        raise StoryError(
            f"the text {value!r} cannot be mixed with an expression; write the number "
            "itself, for instance Fraction(1, 3)"
        )
    if isinstance(value, numbers.Real | Decimal) or getattr(value, "is_number", False):
        number = exact(value, "what is combined with an expression")
        return Number({(): number} if number else {})
    return None


# ----------------------------------------------------------------------- polynomials
def _add(left: Polynomial, right: Polynomial) -> Polynomial:
    if len(left) < len(right):
        left, right = right, left
    total = dict(left)
    for monomial, coefficient in right.items():
        value = total.get(monomial)
        if value is None:
            total[monomial] = coefficient
            continue
        value += coefficient
        if value:
            total[monomial] = value
            _check_size(value)
        else:
            del total[monomial]
    if len(total) > MAX_TERMS:
        _too_large()
    return total


def _multiply(left: Polynomial, right: Polynomial) -> Polynomial:
    if left is _ONE:
        return right
    if right is _ONE:
        return left
    if len(left) * len(right) > MAX_TERMS:
        _too_large()
    product: Polynomial = {}
    for one, a in left.items():
        for other, b in right.items():
            monomial = _join(one, other)
            value = product.get(monomial, 0) + a * b
            if value:
                product[monomial] = value
            else:
                product.pop(monomial, None)
    for coefficient in product.values():
        _check_size(coefficient)
    return product


def _join(one: Monomial, other: Monomial) -> Monomial:
    if not one:
        return other
    if not other:
        return one
    exponents = dict(one)
    for name, exponent in other:
        exponents[name] = exponents.get(name, 0) + exponent
    return tuple(sorted(exponents.items()))


def _power(base: Polynomial, exponent: int) -> Polynomial:
    if exponent == 0:
        return _ONE
    terms = len(base)
    if terms > 1 and math.comb(exponent + terms - 1, terms - 1) > MAX_TERMS:
        _too_large()
    bits = max(
        (
            max(c.numerator.bit_length(), c.denominator.bit_length())
            for c in base.values()
        ),
        default=0,
    )
    if bits * exponent > MAX_BITS:
        _too_large()
    result = base
    for _ in range(exponent - 1):
        result = _multiply(result, base)
    return result


def _check_size(coefficient: Fraction) -> None:
    if coefficient.numerator.bit_length() + coefficient.denominator.bit_length() > (
        MAX_BITS
    ):
        _too_large()


def _too_large() -> NoReturn:
    raise StoryError(
        f"the expression grows past {MAX_TERMS:,} terms or {MAX_DIGITS:,} digits; "
        "simplify it, or introduce a parameter for a part of it"
    )


def _substitute(polynomial: Polynomial, values: Mapping[str, Fraction]) -> Polynomial:
    total: Polynomial = {}
    for monomial, coefficient in polynomial.items():
        left = []
        for name, exponent in monomial:
            value = values.get(name)
            if value is None:
                left.append((name, exponent))
            elif exponent == 1:
                coefficient = coefficient * value
            else:
                coefficient = coefficient * value**exponent
        rest = tuple(left)
        sum_ = total.get(rest, 0) + coefficient
        if sum_:
            total[rest] = sum_
        else:
            total.pop(rest, None)
    return total


def _quotient(numerator: Polynomial, denominator: Polynomial) -> Number:
    """The quotient, reduced where that is cheap."""
    if not numerator:
        return Number({})
    if len(denominator) == 1:
        ((monomial, coefficient),) = denominator.items()
        if coefficient != 1:
            numerator = {m: c / coefficient for m, c in numerator.items()}
        shared = monomial
        for other in numerator:
            shared = _meet(shared, other)
        if shared:
            numerator = {_without(m, shared): c for m, c in numerator.items()}
            monomial = _without(monomial, shared)
        return Number(numerator, _ONE if not monomial else {monomial: Fraction(1)})
    if len(numerator) == len(denominator) and numerator.keys() == denominator.keys():
        first = next(iter(denominator))
        ratio = numerator[first] / denominator[first]
        if all(c == ratio * denominator[m] for m, c in numerator.items()):
            return Number({(): ratio})
    shared = _common(numerator, denominator)
    if shared:
        numerator = {_without(m, shared): c for m, c in numerator.items()}
        denominator = {_without(m, shared): c for m, c in denominator.items()}
    scale = _content(denominator)
    if scale != 1:
        numerator = {m: c / scale for m, c in numerator.items()}
        denominator = {m: c / scale for m, c in denominator.items()}
    return Number(numerator, denominator)


def _content(polynomial: Polynomial) -> Fraction:
    """What to divide by for coprime whole coefficients and a natural sign."""
    size = Fraction(
        math.gcd(*(c.numerator for c in polynomial.values())),
        math.lcm(*(c.denominator for c in polynomial.values())),
    )
    leading = polynomial.get(()) or polynomial[min(polynomial, key=_by_degree)]
    return size if leading > 0 else -size


def _by_degree(monomial: Monomial) -> tuple[int, Monomial]:
    """The order in which terms are written: higher degrees first, then by name."""
    return (-sum(exponent for _, exponent in monomial), monomial)


def _common(*polynomials: Polynomial) -> Monomial:
    shared: Monomial | None = None
    for polynomial in polynomials:
        for monomial in polynomial:
            shared = monomial if shared is None else _meet(shared, monomial)
            if not shared:
                return ()
    return shared or ()


def _meet(one: Monomial, other: Monomial) -> Monomial:
    exponents = dict(other)
    return tuple((n, min(e, exponents[n])) for n, e in one if n in exponents)


def _without(monomial: Monomial, part: Monomial) -> Monomial:
    taken = dict(part)
    left = ((n, e - taken.get(n, 0)) for n, e in monomial)
    return tuple((n, e) for n, e in left if e)


def _sum(left: Number, right: Number) -> Number:
    if left._denominator is right._denominator is _ONE:
        return Number(_add(left._numerator, right._numerator))
    if left._denominator == right._denominator:
        return _quotient(_add(left._numerator, right._numerator), left._denominator)
    return _quotient(
        _add(
            _multiply(left._numerator, right._denominator),
            _multiply(right._numerator, left._denominator),
        ),
        _multiply(left._denominator, right._denominator),
    )


def _difference(left: Number, right: Number) -> Number:
    opposite = {m: -c for m, c in right._numerator.items()}
    return _sum(left, Number(opposite, right._denominator))


def _product(left: Number, right: Number) -> Number:
    numerator = _multiply(left._numerator, right._numerator)
    if left._denominator is right._denominator is _ONE:
        return Number(numerator)
    return _quotient(numerator, _multiply(left._denominator, right._denominator))


def _divide(left: Number, right: Number) -> Number:
    if right.is_zero:
        raise StoryError(f"{left} is divided by {right}, which is always 0")
    return _quotient(
        _multiply(left._numerator, right._denominator),
        _multiply(left._denominator, right._numerator),
    )


def _written(polynomial: Polynomial) -> str:
    """A polynomial as one would type it, higher degrees first, then by name."""
    if not polynomial:
        return "0"
    terms = sorted(polynomial.items(), key=lambda item: _by_degree(item[0]))
    terms.sort(key=lambda item: item[1] < 0)  # begin with a positive term
    text = ""
    for monomial, coefficient in terms:
        factors = "*".join(n if e == 1 else f"{n}**{e}" for n, e in monomial)
        size = abs(coefficient)
        if not factors:
            body = str(size)
        elif size == 1:
            body = factors
        elif size.numerator == 1:
            body = f"{factors}/{size.denominator}"
        elif size.denominator == 1:
            body = f"{size}*{factors}"
        else:
            body = f"{size.numerator}*{factors}/{size.denominator}"
        if not text:
            text = f"-{body}" if coefficient < 0 else body
        else:
            text += f" - {body}" if coefficient < 0 else f" + {body}"
    return text


def _primitive(polynomial: Polynomial) -> tuple[Polynomial, Fraction]:
    """A polynomial with coprime whole coefficients, and what it is multiplied by."""
    values = polynomial.values()
    above = math.gcd(*(v.numerator for v in values))
    below = math.lcm(*(v.denominator for v in values))
    return _scaled(polynomial, Fraction(below, above)), Fraction(above, below)


def _scaled(polynomial: Polynomial, factor: Fraction | int) -> Polynomial:
    return {monomial: value * factor for monomial, value in polynomial.items()}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names)


# ------------------------------------------------------------------------- relations
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
    "==": lambda a, b: bool(a == b),
    "!=": lambda a, b: bool(a != b),
}


def compare(left: Any, operator: str, right: Any) -> bool:
    """Whether two numbers compare so; the operator as text."""
    return _COMPARE[operator](left, right)


class Relation:
    """Two expressions compared: a condition on parameters, for ``given=``.

    Parameters
    ----------
    left, right : Number
        The two sides.
    operator : {"<", "<=", ">", ">=", "==", "!="}
        How they compare.

    Notes
    -----
    A relation has no truth value of its own, so ``a < b < c`` and ``if a < b`` are
    errors in Python code; a chain may be written as text. `holds` decides it at
    numbers.
    """

    __slots__ = ("left", "operator", "right")

    def __init__(self, left: Number, operator: str, right: Number) -> None:
        self.left = left
        self.operator = operator
        self.right = right

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that occur, sorted."""
        return tuple(sorted({*self.left.names, *self.right.names}))

    def holds(self, **values: Amount) -> bool:
        """Whether the relation is true where its parameters have these values.

        Parameters
        ----------
        **values : int, Fraction, float or str
            A number for each parameter that occurs; others are ignored.

        Returns
        -------
        bool

        Raises
        ------
        UnboundParameter
            If a parameter has no value.
        """
        missing = [name for name in self.names if name not in values]
        if missing:
            raise UnboundParameter(f"{self} needs a value for {_listed(missing)}")
        at = {n: exact(values[n], n) for n in self.names}
        return _COMPARE[self.operator](self.left.at(at), self.right.at(at))

    def __bool__(self) -> bool:
        raise ModelError(
            f"{self} is true for some values and false for others, so it has no truth "
            "value; pass it to given=, decide it with .holds(...), or write a chain "
            'such as "0 < a < b" as text'
        )

    def __str__(self) -> str:
        return f"{self.left} {self.operator} {self.right}"

    def __repr__(self) -> str:
        return f"Relation({self})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Relation) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        return (self.left.key, self.operator, self.right.key)

    def __reduce__(self) -> tuple[Any, ...]:
        return (Relation, (self.left, self.operator, self.right))


# --------------------------------------------------------------------------- grammar
_TOKEN = re.compile(
    r"[ \t\r]*(?:"
    r"(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<operator>\*\*|<=|>=|==|!=|[-+*/()<>])"
    r"|(?P<newline>\n)"
    r")"
)
_RELATIONS = ("<", "<=", ">", ">=", "==", "!=")


class _Reader:
    """One text, its tokens, and a recursive descent over them."""

    def __init__(self, text: str, names: Collection[str] | None) -> None:
        if not isinstance(text, str):
            raise ParseError(f"a text is needed, not {type(text).__name__}")
        if len(text) > MAX_CHARACTERS:
            raise ParseError(
                f"the text has {len(text):,} characters; at most "
                f"{MAX_CHARACTERS:,} are read"
            )
        self.names = names
        self.tokens: list[tuple[str, str, int, int]] = []
        self.index = 0
        self.depth = 0
        self.work = 0
        position, line, start = 0, 1, 0
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None or not (match["name"] or "_").isidentifier():
                rest = text[position:].lstrip(" \t\r")
                if not rest:
                    break
                column = len(text) - len(rest) - start + 1
                raise ParseError(
                    f"{rest[0]!r} is not understood",
                    line=line,
                    column=column,
                    expected="a number, a name, + - * / ** or brackets",
                )
            position = match.end()
            kind = str(match.lastgroup)
            if kind == "newline":
                line, start = line + 1, position
                continue
            word = match.group(kind)
            self.tokens.append((kind, word, line, position - len(word) - start + 1))
        self.end = (line, len(text) - start + 1)

    def peek(self) -> str:
        if self.index >= len(self.tokens):
            return ""
        kind, word, _, _ = self.tokens[self.index]
        return word if kind == "operator" else f"<{kind}>"

    def fail(self, expected: str, message: str = "") -> NoReturn:
        if self.index < len(self.tokens):
            _, word, line, column = self.tokens[self.index]
            found = f"{word[:40]!r} cannot stand here"
        else:
            line, column = self.end
            found = "the text ends too early"
        raise ParseError(message or found, line=line, column=column, expected=expected)

    def sum(self) -> Number:
        self.depth += 1
        if self.depth > MAX_NESTING:
            self.fail("", f"brackets are nested more than {MAX_NESTING} deep")
        total = self.product()
        while self.peek() in ("+", "-"):
            sign = self.peek()
            self.index += 1
            total = self.apply(sign, total, self.product())
        self.depth -= 1
        return total

    def product(self) -> Number:
        total = self.signed()
        while self.peek() in ("*", "/"):
            operator = self.peek()
            self.index += 1
            right = self.signed()
            if operator == "/" and right.is_zero:
                self.index -= 1
                self.fail("", f"{total} is divided by zero")
            total = self.apply(operator, total, right)
        return total

    def apply(self, operator: str, left: Number, right: Number) -> Number:
        """One operation, within what a text may cost."""
        linear = operator in "+-" and left._denominator == right._denominator
        one, other = _weight(left), _weight(right)
        self.work += (one + other) // 16 if linear else one * other
        if self.work > MAX_WORK:
            self.fail("", "the expression takes too much arithmetic")
        try:
            return _ARITHMETIC[operator](left, right)
        except StoryError as error:
            self.fail("", str(error))

    def signed(self) -> Number:
        negative = False
        while self.peek() in ("+", "-"):
            negative ^= self.peek() == "-"
            self.index += 1
        value = self.power()
        return -value if negative else value

    def power(self) -> Number:
        base = self.atom()
        if self.peek() != "**":
            return base
        self.index += 1
        at = self.index
        self.depth += 1
        if self.depth > MAX_NESTING:
            self.fail("", f"powers are nested more than {MAX_NESTING} deep")
        exponent = self.signed()
        self.depth -= 1
        value = exponent.constant() if exponent.is_constant else None
        if value is None or value.denominator != 1 or abs(value) > MAX_EXPONENT:
            self.index = min(at, len(self.tokens) - 1)
            self.fail(
                f"a whole number from -{MAX_EXPONENT} to {MAX_EXPONENT}",
                f"the exponent {brief(exponent, 40)} is not allowed",
            )
        terms = _weight(base)
        self.work += terms * math.comb(abs(int(value)) + terms - 1, terms)
        if self.work > MAX_WORK:
            self.index = min(at, len(self.tokens) - 1)
            self.fail("", "the power takes too much arithmetic")
        try:
            return base ** int(value)
        except StoryError as error:
            self.fail("", str(error))

    def atom(self) -> Number:
        if self.index >= len(self.tokens):
            self.fail("a number, a name or a bracket")
        kind, word, _, _ = self.tokens[self.index]
        if kind == "number":
            _, _, exponent = word.lower().partition("e")
            if exponent and (
                len(exponent) > 5 or abs(int(exponent)) > MAX_DECIMAL_EXPONENT
            ):
                self.fail(
                    f"from -{MAX_DECIMAL_EXPONENT} to {MAX_DECIMAL_EXPONENT}",
                    f"the decimal exponent of {word[:40]!r} is too large",
                )
            self.index += 1
            if len(word) > MAX_DIGITS:
                # int() of a longer text would need a raised interpreter limit
                self.index -= 1
                self.fail(f"at most {MAX_DIGITS:,} digits", "the number is too long")
            return Number.of(Fraction(word))
        if kind == "name":
            if self.names is not None and word not in self.names:
                known = ", ".join(sorted(self.names)[:20])
                self.fail(
                    f"one of {known}" if known else "a number",
                    f"{word[:40]!r} is no parameter here",
                )
            self.index += 1
            return Number.symbol(word)
        if word == "(":
            self.index += 1
            value = self.sum()
            if self.peek() != ")":
                self.fail("')'")
            self.index += 1
            return value
        self.fail("a number, a name or a bracket")

    def finish(self) -> None:
        if self.index < len(self.tokens):
            self.fail("the end of the text or an operator")


_ARITHMETIC: dict[str, Callable[[Number, Number], Number]] = {
    "+": _sum,
    "-": _difference,
    "*": _product,
    "/": _divide,
}


def _weight(number: Number) -> int:
    """How much arithmetic with the expression costs: its terms, long ones more."""
    weight = 0
    for polynomial in (number._numerator, number._denominator):
        if polynomial is not _ONE:
            for c in polynomial.values():
                bits = c.numerator.bit_length() + c.denominator.bit_length()
                weight += 1 + bits // 2_000
    return max(1, weight)


def parse_number(text: str) -> Fraction:
    """The rational that a text such as ``"1/3"`` or ``"0.1"`` stands for."""
    return parse(text, ()).constant()


def parse(text: str, names: Collection[str] | None = None) -> Number:
    """The expression that `text` stands for.

    Parameters
    ----------
    text : str
        At most 10,000 characters; exponents to 64, decimal exponents to 400, brackets
        to a depth of 100.
    names : collection of str, optional
        The parameters that may occur; default any.

    Returns
    -------
    Number

    Raises
    ------
    ParseError
        With line and column, where the text leaves the grammar or its bounds.

    Examples
    --------
    >>> str(parse("stake/2 - 2*cost"))
    'stake/2 - 2*cost'
    """
    reader = _Reader(text, names)
    value = reader.sum()
    reader.finish()
    return value


def parse_relation(
    text: str, names: Collection[str] | None = None
) -> tuple[Relation, ...]:
    """The relations that a text such as ``"0 < cost <= stake/2"`` stands for.

    Parameters
    ----------
    text : str
        One comparison or a chain.
    names : collection of str, optional
        The parameters that may occur; default any.

    Returns
    -------
    tuple of Relation
        One for each sign of the chain, from left to right; all must hold.

    Raises
    ------
    ParseError
        With line and column, where the text leaves the grammar or its bounds.
    """
    reader = _Reader(text, names)
    sides = [reader.sum()]
    operators = []
    while reader.peek() in _RELATIONS:
        operators.append(reader.peek())
        reader.index += 1
        sides.append(reader.sum())
    if not operators:
        reader.fail("one of < <= > >= == !=")
    reader.finish()
    return tuple(
        Relation(left, operator, right)
        for left, operator, right in zip(sides, operators, sides[1:], strict=False)
    )
