"""Exact numbers: what is read, how it is computed with, what is refused."""

from __future__ import annotations

import pickle
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import expressions, points, rationals

import redlines as rl
from redlines.numbers import Number, brief, decimal, exact, parse

A, B, C = map(Number.symbol, "abc")


# ------------------------------------------------------------------- what is read
@pytest.mark.parametrize(
    ("written", "value"),
    [
        (3, Fraction(3)),
        (Fraction(1, 3), Fraction(1, 3)),
        ("1/3", Fraction(1, 3)),
        ("0.1", Fraction(1, 10)),
        (0.1, Fraction(1, 10)),
        (-2.5, Fraction(-5, 2)),
        (1e22, Fraction(10**22)),
        (Decimal("0.1"), Fraction(1, 10)),
        (np.float64(0.1), Fraction(1, 10)),
        (np.float32(0.1), Fraction(1, 10)),
        (np.float16(0.1), Fraction(1, 10)),
        (np.int64(-7), Fraction(-7)),
        (np.uint8(7), Fraction(7)),
        (sympy.Rational(2, 7), Fraction(2, 7)),
        (sympy.Integer(5), Fraction(5)),
    ],
    ids=repr,
)
def test_a_number_is_read_as_it_is_written(written: object, value: Fraction) -> None:
    assert exact(written) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_the_decimal_that_it_prints_as(value: float) -> None:
    assert exact(value) == Fraction(repr(value))


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_a_numpy_scalar_is_the_decimal_that_it_prints_as(value: float) -> None:
    assert exact(np.float32(value)) == Fraction(str(np.float32(value)))


@pytest.mark.parametrize("value", [True, False, np.bool_(True)])
def test_a_truth_value_is_no_number(value: object) -> None:
    with pytest.raises(rl.ModelError, match="must be a number, not the truth value"):
        exact(value)


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        -float("inf"),
        np.nan,
        np.float32("inf"),
        Decimal("NaN"),
        Decimal("-Infinity"),
    ],
)
def test_a_number_must_be_finite(value: object) -> None:
    with pytest.raises(rl.ModelError, match="must be finite, not"):
        exact(value)


@pytest.mark.parametrize(
    "value", [None, 1j, [1], b"1", sympy.pi, sympy.oo, np.array([1.5]), object()]
)
def test_what_is_no_number_is_refused_with_its_type(value: object) -> None:
    with pytest.raises(rl.ModelError, match=f"of type {type(value).__name__}"):
        exact(value)


@pytest.mark.parametrize(
    "value",
    [10**5000, Decimal("1e999999999"), Decimal("1e-401")],
    ids=["10**5000", "1e999999999", "1e-401"],
)
def test_a_number_too_long_to_print_is_refused(value: object) -> None:
    with pytest.raises(rl.ModelError, match="digits|must lie between"):
        exact(value)


def test_an_expression_is_no_number_until_it_is_bound() -> None:
    with pytest.raises(rl.UnboundParameter, match=r"still holds 'a', 'b'; bind it"):
        exact(A + B)
    assert exact(A - A + 3) == 3


# ---------------------------------------------------------------------- arithmetic
@given(expressions, points)
def test_expressions_compute_as_fractions_do(expression, at) -> None:
    number, evaluate = expression
    try:
        wanted = evaluate(at)
    except ZeroDivisionError:
        assume(False)
    assert exact(number.at(at)) == wanted


@given(expressions)
def test_sympy_agrees_about_every_expression(expression) -> None:
    number, _ = expression
    again = parse(str(sympy.together(number.sympy())).replace(" ", ""))
    assert (again - number).is_zero


@given(expressions)
def test_what_is_printed_can_be_read_back(expression) -> None:
    number, _ = expression
    assert (parse(str(number)) - number).is_zero


@given(expressions, points)
def test_binding_in_two_steps_equals_binding_in_one(expression, at) -> None:
    number, _ = expression
    first = {"a": at["a"]}
    rest = {name: value for name, value in at.items() if name != "a"}
    try:
        whole = number.at(at)
        partly = number.at(first)
    except rl.OutOfRange:
        assume(False)
    assert Number.of(Number.of(partly).at(rest)).constant() == exact(whole)


@given(expressions, expressions)
def test_difference_is_zero_exactly_where_sympy_simplifies_to_zero(one, other) -> None:
    left, right = one[0], other[0]
    symbolic = sympy.cancel(left.sympy() - right.sympy())
    assert (left - right).is_zero == (symbolic == 0)


@given(rationals)
def test_constants_compare_by_value(value: Fraction) -> None:
    assert (Number.of(value) < 3) is (value < 3)
    assert (Number.of(value) == value) is True
    assert bool(Number.of(value)) is bool(value)
    assert float(Number.of(value)) == float(value)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (A / 2 - 2 * B, "a/2 - 2*b"),
        (-A * B**2 + 3, "3 - a*b**2"),
        ((A + B) / (A - B), "(a + b)/(a - b)"),
        (A / (B * C), "a/(b*c)"),
        (A * B / B, "a"),
        ((2 * A + 2 * B) / (A + B), "2"),
        (A - A, "0"),
        (Fraction(2, 3) * A, "2*a/3"),
        (1 - A, "1 - a"),
        (1 / (1 - 2 * A), "1/(1 - 2*a)"),
        (B / (Fraction(1, 2) - A), "2*b/(1 - 2*a)"),
    ],
)
def test_expressions_read_as_one_would_write_them(expression, text) -> None:
    assert str(expression) == text


@pytest.mark.parametrize(
    "scalar",
    [
        2,
        Fraction(1, 2),
        0.5,
        np.float64(0.5),
        np.float32(0.5),
        np.int64(2),
        Decimal("0.5"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_numbers_stand_on_either_side(scalar: object) -> None:
    value = exact(scalar)
    at = {"a": Fraction(7)}
    assert (A + scalar).at(at) == (scalar + A).at(at) == 7 + value
    assert (A - scalar).at(at) == 7 - value
    assert (scalar - A).at(at) == value - 7
    assert (A * scalar).at(at) == (scalar * A).at(at) == 7 * value
    assert (A / scalar).at(at) == 7 / value
    assert (scalar / A).at(at) == value / 7


def test_sympy_takes_an_expression() -> None:
    a, b = sympy.symbols("a b")
    assert sympy.sympify(A / B + 1) == (a + b) / b
    assert sympy.Rational(1, 3) * A == a / 3
    assert str(A * sympy.Rational(1, 3)) == "a/3"


def test_an_expression_survives_pickling() -> None:
    again = pickle.loads(pickle.dumps(A / (B + 1)))
    assert (again - A / (B + 1)).is_zero
    assert hash(again) == hash(A / (B + 1))


def test_the_remembered_result_of_an_operation_is_that_operation() -> None:
    stake = Number.symbol("stake")
    assert str(stake + 1) == "stake + 1"
    assert str(stake + 1.0) == "stake + 1"
    assert str(stake - 1) == "stake - 1"
    assert str(1 - stake) == "1 - stake"
    for k in range(200):  # more than are remembered
        assert (stake * k).at({"stake": Fraction(3)}) == 3 * k


# ------------------------------------------------------------------- what is refused
def test_division_by_what_is_always_zero_is_refused() -> None:
    with pytest.raises(rl.StoryError, match="a is divided by 0, which is always 0"):
        A / (B - B)


def test_division_by_zero_at_a_point_names_the_point() -> None:
    with pytest.raises(rl.OutOfRange, match=r"1/\(a - b\) divides by zero at a = 2, b"):
        (1 / (A - B)).at({"a": Fraction(2), "b": Fraction(2)})


@pytest.mark.parametrize("exponent", [0.5, Fraction(1, 2), True, "2"])
def test_an_exponent_is_a_whole_number(exponent: object) -> None:
    with pytest.raises(rl.StoryError, match="the exponent must be a whole number"):
        A**exponent


@pytest.mark.parametrize("exponent", [65, -65, 10**9])
def test_exponents_go_to_64(exponent: int) -> None:
    with pytest.raises(rl.StoryError, match="exponents go from -64 to 64"):
        A**exponent


@pytest.mark.parametrize(
    "grow",
    [
        lambda: (A + B + C + 1) ** 64,
        lambda: (3 * A) ** 64 * Number.of(9**999) ** 13,
        lambda: Number.of(10**3900) * 10**3900,
    ],
)
def test_expressions_have_bounds(grow) -> None:
    with pytest.raises(rl.StoryError, match=r"grows past 10,000 terms or 4,000 digits"):
        grow()


def test_text_is_not_mixed_with_expressions() -> None:
    with pytest.raises(rl.StoryError, match="text '1/3' cannot be mixed"):
        A * "1/3"


def test_a_truth_value_is_not_mixed_with_expressions() -> None:
    with pytest.raises(rl.ModelError, match="not the truth value True"):
        A * True


@pytest.mark.parametrize("other", [None, [1], {}])
def test_other_things_are_left_to_python(other: object) -> None:
    with pytest.raises(TypeError):
        A + other


def test_arrays_are_not_taken_for_numbers() -> None:
    for action in (lambda: np.array([1, 2]) * A, lambda: A * np.array([1, 2])):
        with pytest.raises(TypeError):
            action()


# --------------------------------------------------------------------- for reading
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1, 3), "0.3333"),
        (Fraction(1, 2), "0.5"),
        (0, "0"),
        (Fraction(-1, 10**9), "-1.00e-09"),
        (Fraction(7), "7"),
    ],
)
def test_decimals_are_short(value, text) -> None:
    assert decimal(value) == text


def test_a_long_fraction_is_shown_rounded_and_marked() -> None:
    assert brief(Fraction(1, 3)) == "1/3"
    assert brief(Fraction(123456789, 987654321)) == "≈0.125"
    assert brief(Fraction(10**400, 3)).endswith("…")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (lambda p, a, k: (p / 2) / (1 - p), "p/(2*(1 - p))"),
        (lambda p, a, k: (a / 4 + k / 4) / (a + k * k), "(a + k)/(4*(k**2 + a))"),
        (lambda p, a, k: a / (-a - k), "-a/(a + k)"),
        (lambda p, a, k: (2 * a + 2 * k) / (4 * p + 6 * a), "(a + k)/(3*a + 2*p)"),
        (lambda p, a, k: 1 / (3 * a), "1/(3*a)"),
        (lambda p, a, k: (2 * a / 3) / k, "2*a/(3*k)"),
        (lambda p, a, k: p / 2 + a / 3, "a/3 + p/2"),
        (lambda p, a, k: (a - k) / (a * k), "(a - k)/(a*k)"),
    ],
)
def test_a_quotient_is_written_without_fractions_in_it(value, text):
    number = value(*map(Number.symbol, "pak"))
    assert str(number) == text
    assert parse(text, "pak") == number
