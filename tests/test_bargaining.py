"""Bargaining solutions: published points, axioms, optimality against scipy."""

from __future__ import annotations

import pickle
from fractions import Fraction as F

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize_scalar

import redlines as rl
from redlines.algebraic import Algebraic

NASH, KS, EGAL, UTIL = SOLUTIONS = (
    "nash bargaining",
    "kalai smorodinsky",
    "egalitarian",
    "utilitarian",
)


def point(problem, concept, **options):
    found = rl.solve(problem, concept, **options)
    assert found.complete
    assert found[0].certificate.holds
    return tuple(found[0].payoffs.values())


small = st.integers(-6, 8)
points = st.lists(st.tuples(small, small), min_size=1, max_size=7)
scales = st.fractions(F(1, 3), 4, max_denominator=5)


# ------------------------------------------------------------------ published results
@pytest.mark.parametrize("concept", [NASH, KS])
def test_the_symmetric_swap_is_even(concept):
    swap = rl.BargainingProblem([(0, 0), (4, 1), (3, 3), (1, 4)])
    assert point(swap, concept) == (3, 3)


def test_nash_and_kalai_smorodinsky_differ_on_a_lopsided_swap():
    swap = rl.BargainingProblem([(0, 0), (5, 0), (4, 2), (0, 3)])
    assert point(swap, NASH) == (4, 2)
    assert point(swap, KS) == (F(60, 17), F(36, 17))
    agreed = rl.solve(swap, KS)[0]
    assert agreed.lottery == {"3": F(15, 17), "4": F(2, 17)}
    assert agreed.ideal == {"US": 5, "Russia": 3}


def test_utilitarian_ties_are_a_whole_face():
    found = rl.solve(rl.BargainingProblem.pie(6, (1, 2)), UTIL)[0]
    assert [e[0] for e in found.ends] == [
        {"US": 1, "Russia": 5},
        {"US": 4, "Russia": 2},
    ]
    assert str(found.range("US")) == "[1, 4]"
    assert found.payoffs == {"US": F(5, 2), "Russia": F(7, 2)}
    with pytest.raises(rl.UnknownLabel):
        found.range("China")


def test_utilitarian_may_leave_disagreement_aside():
    lopsided = rl.BargainingProblem([(10, -1), (3, 3)])
    assert point(lopsided, UTIL, individually_rational=False) == (10, -1)
    assert point(lopsided, UTIL) == (F(33, 4), 0)


def test_egalitarian_says_what_equality_forgoes():
    found = rl.solve(rl.BargainingProblem({"generous": (1, 10)}), EGAL)[0]
    assert found.payoffs == {"US": 1, "Russia": 1}
    assert found.left_over == {"Russia": 9}
    assert found.lottery == {"generous": 1}
    assert "equality forgoes Russia 9" in str(found)


def test_nash_below_a_parabola_is_irrational_and_exact():
    one, other = point(
        rl.BargainingProblem.from_frontier("1 - x**2", between=(0, 1)), NASH
    )
    assert isinstance(one, Algebraic)
    assert (3 * one * one, other) == (1, F(2, 3))
    found = rl.solve(
        rl.BargainingProblem.from_frontier(lambda x: 1 - x**2, between=(0, 1)), KS
    )[0]
    assert float(found.payoffs["US"]) == pytest.approx((5**0.5 - 1) / 2)


def test_parameters_stay_until_bound_in_one_step_or_two():
    problem = rl.BargainingProblem(
        {"a": ("worth", 1), "b": (1, "2*worth - cost")},
        parameters={"worth": rl.Positive("what it is worth")},
    )
    assert set(problem.free_parameters) == {"cost", "worth"}
    with pytest.raises(rl.UnboundParameter, match="cost"):
        rl.solve(problem, NASH)
    with pytest.raises(rl.OutOfRange):
        problem.bind(worth=-1)
    with pytest.raises(rl.UnknownLabel):
        problem.bind(prize=1)
    once, twice = problem.bind(worth=3, cost=1), problem.bind(worth=3).bind(cost=1)
    assert point(once, NASH) == point(twice, NASH)
    assert point(once.bind(worth=2, cost=0), NASH) == point(
        problem.bind(worth=2, cost=0), NASH
    )
    assert pickle.loads(pickle.dumps(problem)).bind(worth=3, cost=1).packages == (
        once.packages
    )


# ------------------------------------------------------------------------------- axioms
@given(points, st.tuples(small, small))
def test_every_solution_is_verified_rational_and_efficient(pairs, d):
    problem = rl.BargainingProblem(pairs, d)
    hull = np.array([*pairs, d], float)
    for concept in SOLUTIONS:
        found = rl.solve(problem, concept)[0]
        x = tuple(found.payoffs.values())
        assert found.regret == 0
        assert x[0] >= d[0]
        assert x[1] >= d[1]
        mean = [
            sum(s * dict(problem._points)[p][i] for p, s in found.lottery.items())
            for i in range(2)
        ]
        if concept != EGAL:
            assert tuple(mean) == x
        # nothing feasible dominates it (weakly, for the egalitarian one)
        least = np.array([[-1.0, 0], [0, -1.0]]) @ hull.T
        best = linprog(
            np.r_[np.zeros(len(hull)), -1],
            A_ub=np.c_[least, [[1], [1]]],
            b_ub=[-float(x[0]), -float(x[1])],
            A_eq=[[1] * len(hull) + [0]],
            b_eq=[1],
            bounds=[(0, None)] * len(hull) + [(None, None)],
        )
        assert best.status == 0
        assert best.x[-1] <= 1e-7


@given(points, st.tuples(small, small))
def test_nash_has_the_greatest_product_that_scipy_finds(pairs, d):
    problem = rl.BargainingProblem(pairs, d)
    x, y = map(float, point(problem, NASH))
    ours = (x - d[0]) * (y - d[1])
    everything = np.array([*pairs, d], float)
    best = 0.0
    for a in everything:
        for b in everything:

            def lost(t, a=a, b=b):
                p = np.maximum((1 - t) * a + t * b - d, 0)
                return -p[0] * p[1]

            best = max(
                best, -minimize_scalar(lost, bounds=(0, 1), method="bounded").fun
            )
    assert ours >= best - 1e-6


@given(points, st.tuples(small, small), scales, scales, small, small)
def test_scale_covariance_of_all_but_the_solutions_that_compare_utilities(
    pairs, d, a, b, u, v
):
    def moved(p):
        return (a * p[0] + u, b * p[1] + v)

    before = rl.BargainingProblem(pairs, d)
    after = rl.BargainingProblem([moved(p) for p in pairs], moved(d))
    for concept in (NASH, KS):
        assert point(after, concept) == moved(point(before, concept))


@given(points, st.tuples(small, small))
def test_symmetry(pairs, d):
    swapped = rl.BargainingProblem([p[::-1] for p in pairs], d[::-1])
    problem = rl.BargainingProblem(pairs, d)
    for concept in SOLUTIONS:
        assert point(swapped, concept) == point(problem, concept)[::-1]


@given(points, st.lists(st.tuples(small, small), max_size=3))
def test_independence_of_irrelevant_alternatives_of_nash(pairs, more):
    large = rl.solve(rl.BargainingProblem([*pairs, *more]), NASH)[0]
    kept = [
        pairs[int(k) - 1] for k in large.lottery if k.isdigit() and int(k) <= len(pairs)
    ]
    if len(kept) == len(large.lottery):
        assert point(rl.BargainingProblem(pairs), NASH) == tuple(large.payoffs.values())


def test_kalai_smorodinsky_depends_on_what_is_not_chosen():
    small_set = rl.BargainingProblem([(3, 3), (0, 4), (4, 0)])
    large_set = rl.BargainingProblem([(3, 3), (0, 4), (12, 0)])
    assert point(small_set, KS) == (3, 3)
    assert point(large_set, KS)[0] > 3


@given(points, st.lists(st.tuples(small, small), max_size=3))
def test_strong_monotonicity_of_the_egalitarian(pairs, more):
    before = point(rl.BargainingProblem(pairs), EGAL)
    after = point(rl.BargainingProblem([*pairs, *more]), EGAL)
    assert after[0] >= before[0]
    assert after[1] >= before[1]


@given(points, st.lists(st.tuples(small, small), max_size=3))
def test_individual_monotonicity_of_kalai_smorodinsky(pairs, more):
    before = rl.solve(rl.BargainingProblem(pairs), KS)[0]
    after = rl.solve(rl.BargainingProblem([*pairs, *more]), KS)[0]
    for own, other in (("US", "Russia"), ("Russia", "US")):
        if before.ideal[own] == after.ideal[own]:
            assert after.payoffs[other] >= before.payoffs[other]


# --------------------------------------------------------------------------- edge cases
@pytest.mark.parametrize("concept", SOLUTIONS)
def test_without_gains_there_is_no_agreement(concept):
    found = rl.solve(rl.BargainingProblem([(-1, -1), (-2, 1)]), concept)
    assert found.complete
    assert found[0].payoffs == {"US": 0, "Russia": 0}
    assert not found[0].is_agreement
    assert "nothing feasible is better for both" in str(found)


@pytest.mark.parametrize("concept", [NASH, KS, UTIL])
def test_where_only_one_can_gain_it_does(concept):
    assert point(rl.BargainingProblem([(3, 0), (5, -1)]), concept) == (3, 0)


def test_tiny_and_huge_amounts_stay_exact():
    tiny = rl.BargainingProblem([("1e-300", 0), (0, "1e300")])
    assert point(tiny, NASH) == (F(1, 2 * 10**300), F(10**300, 2))


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: rl.BargainingProblem({}), rl.ModelError, "no package"),
        (lambda: rl.BargainingProblem([(1, 2, 3)]), rl.ModelError, "3 amounts"),
        (
            lambda: rl.BargainingProblem({"no agreement": (1, 1)}),
            rl.ModelError,
            "label",
        ),
        (lambda: rl.BargainingProblem([("1 +", 1)]), rl.ParseError, "package '1'"),
        (lambda: rl.BargainingProblem([(float("nan"), 1)]), rl.ModelError, "finite"),
        (lambda: rl.BargainingProblem([1]), rl.ModelError, "give what each player"),
        (
            lambda: rl.BargainingProblem([{"China": 1}]),
            rl.UnknownLabel,
            "no player 'China'",
        ),
        (
            lambda: rl.BargainingProblem.from_frontier("x**2", between=(0, 1)),
            rl.ModelError,
            "not concave",
        ),
        (
            lambda: rl.BargainingProblem.from_frontier("1/(x-1/2)", between=(0, 1)),
            rl.ModelError,
            "divides by zero",
        ),
        (
            lambda: rl.BargainingProblem.from_frontier("1-x**2"),
            rl.ModelError,
            "between=",
        ),
        (
            lambda: rl.BargainingProblem.from_frontier([(0, 3), (1, 0), (2, 0)]),
            rl.ModelError,
            "not concave at (1, 0)",
        ),
        (
            lambda: rl.BargainingProblem.from_frontier(abs, between=(0, 1)),
            rl.ModelError,
            "corners of a concave line",
        ),
        (
            lambda: rl.solve(rl.BargainingProblem.pie(), "nash"),
            rl.Unsupported,
            "nash bargaining",
        ),
    ],
)
def test_errors_say_what_was_wrong(make, error, words):
    with pytest.raises(error) as caught:
        make()
    assert words in str(caught.value)


def test_names_with_quotes_and_brackets_are_shown_as_they_are():
    odd = rl.BargainingProblem({'2:1 "<now>"': (1, 1)}, name="<swap>")
    assert "&lt;swap&gt;" in odd._repr_html_()
    assert '2:1 "<now>"' in str(rl.solve(odd, NASH))
    assert all(len(line) <= 100 for line in str(odd).splitlines())


# ------------------------------------------------------------------- without lotteries
def test_without_lotteries_all_tied_packages_are_listed():
    swap = rl.BargainingProblem(
        {"a": (2, 3), "b": (3, 2), "c": (9, 0)}, lotteries=False
    )
    assert [e.lottery for e in rl.solve(swap, NASH)] == [{"a": 1}, {"b": 1}]
    assert [e.lottery for e in rl.solve(swap, EGAL)] == [{"a": 1}, {"b": 1}]
    assert [e.lottery for e in rl.solve(swap, KS)] == [{"b": 1}]
    assert [e.lottery for e in rl.solve(swap, UTIL)] == [{"c": 1}]
    assert not rl.solve(swap, NASH, coverage="one").complete


@given(points)
def test_without_lotteries_no_package_has_a_greater_product(pairs):
    problem = rl.BargainingProblem(pairs, lotteries=False)
    best = max([x * y for x, y in pairs if x >= 0 and y >= 0], default=0)
    for found in rl.solve(problem, NASH):
        x, y = found.payoffs.values()
        assert x * y == best


# ------------------------------------------------------------------------------ curves
@given(
    st.integers(0, 3),
    st.integers(-3, 3),
    st.integers(-2, 6),
    st.tuples(st.integers(-2, 1), st.integers(1, 4)),
    st.tuples(small, small),
)
def test_below_a_parabola_every_solution_is_best_on_a_grid(a, b, c, ends, d):
    low, high = ends[0], ends[0] + ends[1]
    text = f"{c} + {b}*x - {a}*x**2"
    problem = rl.BargainingProblem.from_frontier(text, (low, high), disagreement=d)
    xs = np.linspace(low, high, 801)
    ys = c + b * xs - a * xs**2
    gains = np.maximum(xs - d[0], 0), np.maximum(ys - d[1], 0)
    x, y = (float(v) for v in point(problem, NASH))
    assert (x - d[0]) * (y - d[1]) >= (gains[0] * gains[1]).max() - 1e-9
    x, y = (float(v) for v in point(problem, EGAL))
    least = np.minimum(xs - d[0], ys - d[1])
    assert min(x - d[0], y - d[1]) >= max(least.max(), 0) - 1e-9
    x, y = (float(v) for v in point(problem, UTIL, individually_rational=False))
    assert x + y >= (xs + ys).max() - 1e-9
    if problem.has_gains:
        found = rl.solve(problem, KS)[0]
        shares = [
            float(found.gains[p]) / (float(found.ideal[p]) - float(least))
            for p, least in problem.disagreement.items()
        ]
        assert shares[0] == pytest.approx(shares[1])


def test_an_ideal_point_of_high_degree_is_refused_with_a_reason():
    problem = rl.BargainingProblem.from_frontier(
        "x + 2 - 2*x**4", (-2, 2), disagreement=("3/4", "-1/4")
    )
    with pytest.raises(rl.Unsupported, match="corners"):
        rl.solve(problem, KS)
    assert rl.solve(problem, NASH)[0].regret == 0


def test_left_of_the_frontier_there_may_be_nothing_to_gain():
    problem = rl.BargainingProblem.from_frontier(
        "1 - 2*x**4 - x", (1, 4), disagreement=("-3/4", "15/4")
    )
    for concept in SOLUTIONS:
        assert not rl.solve(problem, concept)[0].is_agreement
