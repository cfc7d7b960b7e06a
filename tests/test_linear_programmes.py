"""Linear programmes: the optimum is exact, proved, and what scipy finds too."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from redlines.errors import SolveFailed
from redlines.solvers import linear_programmes
from redlines.solvers.linear_programmes import (
    Constraint,
    Programme,
    is_optimal,
    maximize,
)

entries = st.fractions(min_value=-3, max_value=3, max_denominator=3)


@st.composite
def programmes(draw):
    """Bounded ones: the variables sum to at most 5; some rows tie, some are zero."""
    columns = draw(st.integers(1, 5))
    row = st.lists(entries, min_size=columns, max_size=columns).map(
        lambda values: {j: v for j, v in enumerate(values) if v}
    )
    constraints = st.builds(Constraint, row, entries)
    at_most = draw(st.lists(constraints, max_size=4))
    equal = draw(st.lists(constraints, max_size=2))
    at_most.append(Constraint(dict.fromkeys(range(columns), 1), 5))
    return Programme(columns, draw(row), at_most, equal)


def dense(programme, constraints):
    if not constraints:
        return None, None
    rows = np.zeros((len(constraints), programme.columns))
    for i, constraint in enumerate(constraints):
        for j, value in constraint.row.items():
            rows[i, j] = float(value)
    return rows, np.array([float(c.bound) for c in constraints])


def by_scipy(programme):
    cost = np.zeros(programme.columns)
    for j, value in programme.cost.items():
        cost[j] = float(value)
    upper, equal = (dense(programme, c) for c in (programme.at_most, programme.equal))
    return linprog(-cost, *upper, *equal, method="highs-ipm")


@settings(max_examples=150, deadline=None)
@given(programmes())
def test_the_optimum_is_what_scipy_finds_and_is_proved(programme):
    found, other = maximize(programme), by_scipy(programme)
    if found is None:
        assert other.status == 2
    else:
        assert is_optimal(programme, found)
        assert float(found.value) == pytest.approx(-other.fun, abs=1e-7)


@settings(max_examples=100, deadline=None)
@given(programmes())
def test_whole_numbers_alone_find_the_same_value(programme):
    found = maximize(programme)
    whole = linear_programmes._whole(programme)
    alone = linear_programmes._Tableau(whole, None).optimum(programme)
    assert (found is None) == (alone is None)
    if found is not None:
        assert alone.value == found.value


CORNER = Programme(
    2, {0: 1, 1: 1}, [Constraint({0: 3, 1: 1}, 2), Constraint({1: 2}, 1)]
)


def test_a_small_one_by_hand():
    found = maximize(CORNER)
    assert found.point == (Fraction(1, 2), Fraction(1, 2))
    assert found.value == 1
    assert found.prices == (Fraction(1, 3), Fraction(1, 3))


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": Fraction(2)},
        {"point": (Fraction(1, 2), Fraction(1, 3))},
        {"point": (Fraction(-1), Fraction(2))},
        {"point": (Fraction(2), Fraction(-1))},
        {"point": (Fraction(1, 2),)},
        {"prices": (Fraction(1, 3), Fraction(-1, 3))},
        {"prices": (Fraction(1, 4), Fraction(1, 2))},
        {"prices": (Fraction(1, 3),)},
    ],
    ids=str,
)
def test_the_check_refuses_what_is_wrong(wrong):
    assert is_optimal(CORNER, maximize(CORNER))
    assert not is_optimal(CORNER, replace(maximize(CORNER), **wrong))


def test_equations_hold_on_both_sides():
    programme = Programme(1, {0: 1}, (), [Constraint({0: 2}, 1)])
    found = maximize(programme)
    assert found.value == Fraction(1, 2)
    assert not is_optimal(programme, replace(found, point=(Fraction(0),)))


def test_numbers_far_apart_are_exact():
    tiny, huge = Fraction(1, 10**300), 10**300
    programme = Programme(
        2, {0: 1, 1: tiny}, [Constraint({0: huge, 1: 1}, 1), Constraint({1: 1}, 1)]
    )
    found = maximize(programme)
    # cost per unit of the first row: 1e-300 each, so both are worth the same
    assert found.value == tiny
    assert is_optimal(programme, found)


def test_a_difference_below_floating_point_decides():
    close = 1 + Fraction(1, 10**40)
    programme = Programme(2, {0: 1, 1: close}, [Constraint({0: 1, 1: 1}, 1)])
    assert maximize(programme).point == (0, 1)


def test_no_feasible_point_is_none():
    assert maximize(Programme(1, {0: 1}, [Constraint({0: 1}, -1)])) is None
    barely = [Constraint({0: 1}, 1), Constraint({0: -1}, -1 - Fraction(1, 10**50))]
    assert maximize(Programme(1, {0: 1}, barely)) is None


def test_no_greatest_value_is_said():
    with pytest.raises(SolveFailed, match="no greatest value"):
        maximize(Programme(1, {0: 1}))


def test_nothing_at_all():
    assert maximize(Programme(1, {}, [Constraint({}, 0)])).value == 0
    assert maximize(Programme(0, {}, (), [])).value == 0


def test_cycling_is_avoided():
    # Beale's example, on which the textbook rule cycles
    programme = Programme(
        4,
        {0: Fraction(3, 4), 1: -150, 2: Fraction(1, 50), 3: -6},
        [
            Constraint({0: Fraction(1, 4), 1: -60, 2: Fraction(-1, 25), 3: 9}),
            Constraint({0: Fraction(1, 2), 1: -90, 2: Fraction(-1, 50), 3: 3}),
            Constraint({2: 1}, 1),
        ],
    )
    whole = linear_programmes._whole(programme)
    assert linear_programmes._Tableau(whole, None).optimum(programme).value == Fraction(
        1, 20
    )
    assert maximize(programme).value == Fraction(1, 20)


def test_too_large_for_whole_numbers_is_said(monkeypatch):
    monkeypatch.setattr(linear_programmes, "MAX_TABLEAU", 3)
    monkeypatch.setattr(linear_programmes, "_suggested", lambda whole: None)
    with pytest.raises(SolveFailed, match="too large"):
        maximize(CORNER)
