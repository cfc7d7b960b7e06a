"""Hypothesis strategies that several test modules share."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from redlines.numbers import Number

NAMES = ("a", "b", "c")

rationals = st.fractions(min_value=-50, max_value=50, max_denominator=12)
points = st.fixed_dictionaries(dict.fromkeys(NAMES, rationals))

Evaluation = Callable[[dict[str, Fraction]], Fraction]
Expression = tuple[Number, Evaluation]

_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def _leaf(value: str | Fraction) -> Expression:
    if isinstance(value, str):
        return Number.symbol(value), lambda at: at[value]
    return Number.of(value), lambda at: value


def _combine(parts: tuple[str, Expression, Expression]) -> Expression:
    sign, (left, of_left), (right, of_right) = parts
    if sign == "/" and right.is_zero:
        sign = "*"
    apply = _BINARY[sign]
    return apply(left, right), lambda at: apply(of_left(at), of_right(at))


def _raise(parts: tuple[Expression, int]) -> Expression:
    (base, of_base), exponent = parts
    if exponent < 0 and base.is_zero:
        exponent = -exponent
    return base**exponent, lambda at: of_base(at) ** exponent


def _grow(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.one_of(
        st.tuples(st.sampled_from(sorted(_BINARY)), inner, inner).map(_combine),
        st.tuples(inner, st.integers(-2, 3)).map(_raise),
    )


expressions: st.SearchStrategy[Expression] = st.recursive(
    st.one_of(st.sampled_from(NAMES), rationals).map(_leaf), _grow, max_leaves=6
)
"""An expression together with what it is at a point, by plain Fractions."""

PLAYERS = ("US", "Russia")

_step = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["move", "draw", "tell"]),
        "player": st.sampled_from(PLAYERS),
        "options": st.integers(1, 3),
        "seen_by": st.one_of(
            st.none(), st.lists(st.sampled_from(PLAYERS), unique=True)
        ),
        # skipped on the paths on which an earlier choice fell on its first option
        "unless": st.one_of(st.none(), st.integers(0, 3)),
    }
)
scripts = st.lists(_step, min_size=1, max_size=6)
"""Steps of a story; stories made of them differ in who sees what and where they end."""
