"""Alternating offers: published shares, limits, outside options, packages, ties."""

from __future__ import annotations

from fractions import Fraction as F
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import redlines as rl
from redlines.algebraic import Algebraic

SPE = "subgame perfect"
discounts = st.fractions(F(1, 10), F(9, 10), max_denominator=10)


def shares(*args, **options):
    found = rl.solve(rl.AlternatingOffers(*args, **options), SPE)
    assert found.complete
    assert found[0].regret == 0
    return tuple(found[0].payoffs.values())


def closed_form(d1, d2, rounds):
    n, o = divmod(rounds, 2)
    return (1 - d2) * (1 - (d1 * d2) ** n) / (1 - d1 * d2) + o * (d1 * d2) ** n


# ------------------------------------------------------------------ published results
@pytest.mark.parametrize(
    ("pair", "share"), [(("1/2", "1/2"), F(2, 3)), (("9/10", "4/5"), F(5, 7))]
)
def test_rubinstein_shares(pair, share):
    assert shares(discounts=pair) == (share, 1 - share)


def test_three_rounds_with_halves():
    assert shares(discounts="1/2", rounds=3) == (F(3, 4), F(1, 4))


@given(discounts, discounts, st.integers(1, 12))
def test_finite_horizons_have_the_closed_form(d1, d2, rounds):
    assert shares(discounts=(d1, d2), rounds=rounds)[0] == closed_form(d1, d2, rounds)


@given(discounts, discounts)
def test_the_stationary_share_is_the_limit_of_finite_horizons(d1, d2):
    limit = shares(discounts=(d1, d2))[0]
    for rounds in (10, 11, 20):
        gap = abs(shares(discounts=(d1, d2), rounds=rounds)[0] - limit)
        assert gap <= (d1 * d2) ** (rounds // 2)


def test_symbols_give_the_formula_and_bind_to_the_number():
    rubinstein = rl.AlternatingOffers(discounts=("d1", "d2"))
    us = rl.solve(rubinstein, SPE)[0].payoffs["US"]
    assert str(us) == "(1 - d2)/(1 - d1*d2)"
    assert us.at({"d1": F(9, 10), "d2": F(4, 5)}) == F(5, 7)
    assert shares_of(rubinstein.bind(d1="9/10", d2="4/5")) == (F(5, 7), F(2, 7))
    even = rl.solve(rl.AlternatingOffers(discounts="d"), SPE)[0].payoffs
    assert [str(v) for v in even.values()] == ["1/(d + 1)", "d/(d + 1)"]


def shares_of(offers):
    return tuple(rl.solve(offers, SPE)[0].payoffs.values())


def test_finite_horizons_with_symbols_agree_with_numbers():
    offers = rl.AlternatingOffers(discounts=("d1", "d2"), rounds=7, first="Russia")
    at = {"d1": F(2, 3), "d2": F(3, 5)}
    symbolic = [v.at(at) for v in rl.solve(offers, SPE)[0].payoffs.values()]
    assert symbolic == list(shares_of(offers.bind(**at)))


def test_a_pie_of_unknown_size_scales_the_shares():
    unfit = [
        rl.BargainingProblem.pie("stake", disagreement=("a", "b")),
        rl.BargainingProblem({"all": ("gain", 0), "none": (0, 1)}),  # or a loss
    ]
    for problem in unfit:
        with pytest.raises(rl.UnboundParameter, match="a pie is divided"):
            rl.solve(rl.AlternatingOffers(problem, ("d1", "d2")), SPE)
    pie = rl.BargainingProblem.pie("stake")
    us = rl.solve(rl.AlternatingOffers(pie, ("d1", "d2")), SPE)[0].payoffs["US"]
    assert us.at({"stake": F(7), "d1": F(9, 10), "d2": F(4, 5)}) == 5


# -------------------------------------------------------------------- outside options
@given(discounts, discounts, st.fractions(0, 1, max_denominator=20))
def test_the_outside_option_principle(d1, d2, w):
    threshold = d2 * (1 - d1) / (1 - d1 * d2)
    expected = (1 - d2) / (1 - d1 * d2) if w <= threshold else 1 - w
    assert shares(discounts=(d1, d2), outside={"Russia": w})[0] == expected


def test_the_outside_option_principle_with_symbols_has_two_cases():
    offers = rl.AlternatingOffers(discounts=("d1", "d2"), outside={"Russia": "w"})
    found = rl.solve(offers, SPE)
    assert [str(e.payoffs["US"]) for e in found] == ["(1 - d2)/(1 - d1*d2)", "1 - w"]
    for d1, d2, w in product([F(1, 2), F(9, 10)], [F(4, 5)], [F(1, 10), F(1, 2), F(1)]):
        at = {"d1": d1, "d2": d2, "w": w}
        (number,) = {
            e.payoffs["US"].at(at)
            for e in found
            if all(c.holds(**at) for c in e.conditions)
        }
        assert number == shares_of(offers.bind(**at))[0]


def test_who_gains_more_by_leaving_than_by_any_agreement_leaves():
    offers = rl.AlternatingOffers(discounts="1/2", outside={"Russia": "3/2"})
    found = rl.solve(offers, SPE)
    assert not found.complete
    assert found[0].payoffs == {"US": 0, "Russia": F(3, 2)}
    assert found[0].agreed_in is None
    finite = rl.AlternatingOffers(discounts="1/2", outside={"Russia": "3/2"}, rounds=4)
    assert shares_of(finite) == (0, F(3, 2))


@given(discounts, discounts, st.integers(1, 6), st.integers(-3, 1))
def test_a_bad_deadline_helps_whoever_proposes_last(d1, d2, rounds, end):
    got = shares(discounts=(d1, d2), rounds=rounds, deadline=(end, end))
    plain = shares(discounts=(d1, d2), rounds=rounds)
    worse = got if rounds % 2 else got[::-1]
    usual = plain if rounds % 2 else plain[::-1]
    if end <= 0:
        assert worse[0] >= usual[0]


# -------------------------------------------------------------------- other frontiers
def by_iteration(problem, discount, rounds):
    """What the first gets, by bisection on the frontier in floating point."""
    hull = [tuple(map(float, p.values())) for p in problem.packages.values()]

    def best(own, need):
        tops = [p[own] for p in hull if p[1 - own] >= need]
        for a, b in product(hull, hull):
            if a[1 - own] < need <= b[1 - own]:
                t = (need - a[1 - own]) / (b[1 - own] - a[1 - own])
                tops.append(a[own] + t * (b[own] - a[own]))
        return max(tops)

    got = 0.0
    for number in reversed(range(rounds)):
        own = number % 2
        # what the responder gets when it proposes next
        got = best(own, discount[1 - own] * got if number + 1 < rounds else 0.0)
    return got


corners = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=2, max_size=5
)


@given(corners, discounts, discounts)
@settings(max_examples=40)
def test_on_any_frontier_shares_are_those_of_iteration(pairs, d1, d2):
    problem = rl.BargainingProblem(pairs)
    if not problem.has_gains:
        return
    found = rl.solve(rl.AlternatingOffers(problem, (d1, d2)), SPE)
    us = float(found[0].payoffs["US"])
    assert us == pytest.approx(by_iteration(problem, (float(d1), float(d2)), 401))
    late = rl.solve(rl.AlternatingOffers(problem, (d1, d2), rounds=5), SPE)
    expected = by_iteration(problem, (float(d1), float(d2)), 5)
    assert float(late[0].payoffs["US"]) == pytest.approx(expected)


def test_patient_players_approach_the_nash_bargaining_solution():
    problem = rl.BargainingProblem.from_frontier("1 - x**2", between=(0, 1))
    nash = rl.solve(problem, "nash bargaining")[0].payoffs["US"]
    us = rl.solve(problem.alternating_offers("999/1000"), SPE)[0].payoffs["US"]
    assert isinstance(us, Algebraic)
    assert abs(float(us) - float(nash)) < 1e-3


def test_a_level_side_is_not_called_unique():
    problem = rl.BargainingProblem([(4, 1), (4, 2), (0, 3)])
    found = rl.solve(rl.AlternatingOffers(problem, "1/2", rounds=1), SPE)
    assert found[0].payoffs == {"US": 4, "Russia": 2}
    assert not found.complete


# ------------------------------------------------------- packages, taken or left whole
def every_value(packages, discount, rounds, number=0):
    """Values of all pure subgame perfect equilibria, by every plan of both."""
    if number == rounds:
        return {(0, 0)}
    own, other = number % 2, 1 - number % 2
    later = {
        (discount[0] * a, discount[1] * b)
        for a, b in every_value(packages, discount, rounds, number + 1)
    }
    # what each offer can lead to, whatever comes after its refusal
    leads = [
        [v for w in later for v in (pay, w) if v[other] == max(pay[other], w[other])]
        for pay in packages
    ] + [list(later)]
    found = set()
    for plan in product(*leads):
        best = max(value[own] for value in plan)
        found |= {value for value in plan if value[own] == best}
    return found


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=3),
    st.sampled_from([F(1, 2), F(1), F(3, 4)]),
    st.sampled_from([F(1, 2), F(1)]),
)
@settings(max_examples=60)
def test_values_over_packages_are_those_of_every_plan(pairs, d1, d2):
    offers = rl.AlternatingOffers(
        rl.BargainingProblem(pairs, lotteries=False), (d1, d2), rounds=3
    )
    ours = rl.solve(offers, SPE)
    assert ours.complete
    found = {tuple(e.payoffs.values()) for e in ours}
    assert found == every_value(pairs, (d1, d2), 3)


def test_ties_over_packages_are_all_listed():
    packages = {"a": (5, 1), "b": (4, 2), "c": (1, 4), "again": (4, 2)}
    offers = rl.AlternatingOffers(
        rl.BargainingProblem(packages, lotteries=False), "1/2", rounds=3
    )
    found = rl.solve(offers, SPE)
    assert [e.outcome for e in found] == [
        (1, {"a": 1}),
        (1, {"b": 1}),
        (1, {"again": 1}),
    ]
    assert found.complete


# -------------------------------------------------------------------------- refusals
@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: rl.AlternatingOffers(), rl.ModelError, "discounts="),
        (lambda: rl.AlternatingOffers(discounts="3/2"), rl.OutOfRange, "from 0 to 1"),
        (lambda: rl.AlternatingOffers(discounts=1), rl.OutOfRange, "impatient"),
        (
            lambda: rl.AlternatingOffers(discounts="1/2", rounds=0),
            rl.ModelError,
            "rounds",
        ),
        (
            lambda: rl.AlternatingOffers(discounts="1/2", rounds=2, proposers=["US"]),
            rl.ModelError,
            "not both",
        ),
        (
            lambda: rl.AlternatingOffers(discounts="1/2", first="China"),
            rl.UnknownLabel,
            "China",
        ),
        (lambda: rl.AlternatingOffers(("1/2", "1/2")), TypeError, "discounts="),
        (
            lambda: rl.AlternatingOffers(discounts="1/2", deadline=(0, 0)),
            rl.ModelError,
            "a last round",
        ),
        (
            lambda: rl.solve(
                rl.AlternatingOffers(
                    rl.BargainingProblem([(1, 1)], lotteries=False), "1/2"
                ),
                SPE,
            ),
            rl.Unsupported,
            "give rounds=",
        ),
        (
            lambda: rl.solve(
                rl.AlternatingOffers(
                    discounts=("d", "1/2"), rounds=3, outside={"US": "w"}
                ),
                SPE,
            ),
            rl.Unsupported,
            "bind d, w",
        ),
    ],
)
def test_errors_say_what_was_wrong(make, error, words):
    with pytest.raises(error) as caught:
        make()
    assert words in str(caught.value)
