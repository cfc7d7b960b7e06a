"""Closed forms of models of crisis bargaining, against direct computation."""

from __future__ import annotations

import math
from fractions import Fraction as F
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, optimize

import redlines as rl
from redlines.models.attrition import Attrition, DollarAuction, PrivateAttrition
from redlines.models.crisis_offers import SatisfiedOrNot, TwoCosts, UniformCosts
from redlines.models.power_shift import PowerShift
from redlines.models.ratification import UncertainRatification
from redlines.models.ripeness import ConcessionWar, Ripeness

tenths = st.fractions(F(1, 10), F(9, 10), max_denominator=10)
positive = st.fractions(F(1, 5), 4, max_denominator=5)


def maximum(payoff, low, high):
    """The greatest value on a fine grid, and near it."""
    grid = np.linspace(float(low), float(high), 2001)
    values = [payoff(x) for x in grid]
    best = int(np.argmax(values))
    near = grid[max(best - 1, 0)], grid[min(best + 1, 2000)]
    found = optimize.minimize_scalar(
        lambda x: -payoff(x), bounds=near, method="bounded", options={"xatol": 1e-10}
    )
    return max(values[best], -found.fun)


# ---------------------------------------------------------------------- risk and return
def test_published_demands():
    crisis = UniformCosts("1/2", "1/10", 0, "2/5")
    assert (crisis.demand, crisis.war) == (F(13, 20), F(3, 8))
    assert crisis.payoff == F(89, 160)
    crisis = UniformCosts("3/10", "1/20", "1/10", "1/2")
    assert (crisis.demand, crisis.war) == (F(21, 40), F(5, 16))
    assert TwoCosts("1/2", "1/10", "1/10", "2/5", "1/2").cutoff == F(3, 5)
    offer = SatisfiedOrNot("3/5", "1/2", "2/5", "1/10")
    assert (offer.offer, offer.war) == (F(1, 2), F(1, 4))


@given(tenths, st.fractions(0, 1, max_denominator=8), tenths, positive)
@settings(max_examples=40)
def test_no_other_demand_is_better(p, cost, low, spread):
    if low > 1 - p:
        with pytest.raises(rl.OutOfRange):
            UniformCosts(p, cost, low, low + spread)
        return
    crisis = UniformCosts(p, cost, low, low + spread)

    def payoff(x):
        war = min(max((x - float(p) - float(low)) / float(spread), 0), 1)
        return (1 - war) * x + war * float(p - cost)

    assert float(crisis.payoff) >= maximum(payoff, 0, 1) - 1e-7
    assert payoff(float(crisis.demand)) == pytest.approx(float(crisis.payoff))
    assert crisis.is_peaceful == (low + spread <= 2 * low + cost or low == 1 - p)


@given(tenths, tenths, st.fractions(0, 1, max_denominator=20))
def test_two_costs_are_those_of_screening_with_one_offer(p, cost, chance):
    low, high = F(1 - p) / 4, F(1 - p)
    crisis = TwoCosts(p, cost, low, high, chance)
    offers = rl.Screening(p + low, p + high, 1 - chance, 1, 1, cost=p - cost)
    found = rl.solve(offers, "perfect bayesian")
    assert {e.path[0]["price"] for e in found} == set(crisis.demands)
    assert crisis.war in {e.breakdown for e in found}


@given(tenths, tenths, positive, st.fractions(0, 2, max_denominator=8))
@settings(max_examples=40)
def test_no_other_concession_is_better(p, status_quo, spread, cost):
    crisis = SatisfiedOrNot(p, status_quo, spread, cost)

    def payoff(x):
        war = min(max((float(p) - x) / float(spread), 0), 1)
        return (1 - war) * (1 - x) + war * float(1 - p - cost)

    assert payoff(float(crisis.offer)) >= maximum(payoff, status_quo, 1) - 1e-7
    assert float(crisis.war) == pytest.approx(
        min(max(float(p - crisis.offer) / float(spread), 0), 1)
    )


# ---------------------------------------------------------------------------- attrition
@given(st.tuples(positive, positive), st.tuples(positive, positive))
def test_both_are_indifferent_between_quitting_and_staying(values, costs):
    war = Attrition(values, costs)
    for player in range(2):
        other = war.quit_chances[1 - player]
        # staying pays the value or costs a round, after which it is worth 0 again
        assert other * values[player] - (1 - other) * costs[player] == 0
        rate = war.hazards[1 - player]
        assert rate * values[player] == costs[player]
    stay = math.prod(1 - q for q in war.quit_chances)
    series = sum(float(stay) ** k for k in range(1, 2_000))
    assert float(war.expected_rounds) == pytest.approx(series)


def test_published_attrition():
    even = Attrition((1, 1), (1, 1))
    assert even.quit_chances == (F(1, 2), F(1, 2))
    assert even.expected_rounds == F(1, 3)
    assert Attrition((3, 3), (2, 2)).mean_duration == F(3, 4)
    lasts, _ = integrate.quad(
        lambda t: (1 - even.has_quit(0, t)) * (1 - even.has_quit(1, t)), 0, 60
    )
    assert lasts == pytest.approx(float(even.mean_duration))


@pytest.mark.parametrize("value", [0.1, 0.5, 0.9])
def test_with_private_values_no_other_time_to_quit_is_better(value):
    war = PrivateAttrition()

    def payoff(as_if):
        # against a rival of value w who quits at its own time
        won, _ = integrate.quad(lambda w: value - war.quits_at(w), 0, as_if)
        return won - (1 - as_if) * war.quits_at(as_if)

    assert payoff(value) == pytest.approx(float(war.payoff(value)))
    assert payoff(value) >= max(payoff(x) for x in np.linspace(0, 0.99, 34)) - 1e-9
    assert war.quits_at(1) == math.inf
    with pytest.raises(rl.OutOfRange):
        war.payoff(2)


@pytest.mark.parametrize("stake", [2, 3, 5, 6])
@pytest.mark.parametrize("budget", [1, 2, 4, 8, 11])
def test_the_opening_bid_is_that_of_backward_induction(stake, budget):
    @cache
    def value(own, other):
        """What whoever moves gets in the end, and what it bids; 0 to drop."""
        best, bid = -own, 0
        for raised in range(other + 1, budget + 1):
            _, reply = value(other, raised)
            got = stake - raised if reply == 0 else later(raised, reply)
            if got > best:
                best, bid = got, raised
        return best, bid

    def later(own, other):
        return value(own, other)[0]

    assert value(0, 0)[1] == DollarAuction(stake, budget).opening_bid
    assert value(0, value(0, 0)[1])[1] == 0


def test_the_published_opening_bid():
    assert DollarAuction(5, 8).opening_bid == 4


# ---------------------------------------------------------------------- shifts of power
@given(tenths, tenths, st.fractions(0, F(1, 2), max_denominator=10), tenths)
def test_war_is_where_the_whole_pie_is_not_enough(one, other, cost, d):
    before, after = max(one, other), min(one, other)
    shift = PowerShift(before, after, cost, d)
    # the most that peace can bring, period by period
    peace = (1 - d) * 1 + sum(
        (1 - d) * d**t * max(after - cost, F(0)) for t in range(1, 200)
    )
    gap = float(before - cost - peace)
    if abs(gap) > 1e-6:
        assert shift.is_war == (gap > 0)
    if after >= cost:
        assert shift.is_war == (before - d * after > (1 - d) * (1 + cost))
        if shift.threshold > cost:
            assert shift.is_war == (after < shift.threshold)
    if shift.offer is not None and shift.offer > 0:
        average = (1 - d) * shift.offer + d * shift.later
        assert average == before - cost


def test_published_shifts():
    assert PowerShift("4/5", "1/5", "1/10", "4/5").threshold == F(29, 40)
    assert PowerShift("4/5", "1/5", "1/10", "4/5").is_war
    assert PowerShift("4/5", "3/4", "1/10", "4/5").offer == F(9, 10)


# ----------------------------------------------------------------------------- ripeness
def test_published_ripeness():
    conflict = Ripeness([(5, 1, 2), (3, 2, 1)])
    assert conflict.moments == (3, 1)
    assert conflict.ripe == 3
    assert Ripeness([(1, 1, 2)]).ripe == 0


@pytest.mark.parametrize("rate", [0.05, 1.0])
def test_no_other_moment_is_better_whatever_the_discount_rate(rate):
    start, decline, settlement = 5.0, 1.0, 2.0

    def worth(moment):
        fought, _ = integrate.quad(
            lambda t: math.exp(-rate * t) * (start - decline * t), 0, moment
        )
        return fought + settlement * math.exp(-rate * moment) / rate

    best = max(np.linspace(0, 6, 241), key=worth)
    assert best == pytest.approx(3)


@given(st.tuples(positive, positive), st.tuples(positive, positive))
def test_the_concession_war_agrees_with_its_hazards(values, pains):
    war = ConcessionWar(values, pains)
    a, b = map(float, war.rates)
    first, _ = integrate.quad(lambda t: a * t * math.exp(-(a + b) * t**2 / 2), 0, 60)
    assert first == pytest.approx(float(war.concedes_first[0]), abs=1e-6)
    lasts, _ = integrate.quad(lambda t: math.exp(-(a + b) * t**2 / 2), 0, 60)
    assert lasts == pytest.approx(war.mean_duration, abs=1e-6)
    for player in range(2):
        assert war.rates[1 - player] * values[player] == pains[player]


# ------------------------------------------------------------------------- ratification
@given(
    st.fractions(0, 2, max_denominator=8),
    st.fractions(0, F(1, 2), max_denominator=8),
    positive,
)
@settings(max_examples=40)
def test_no_other_offer_is_ratified_better(cost, low, spread):
    model = UncertainRatification(cost, low, low + spread)

    def payoff(x):
        passes = min(max((x - float(low)) / float(spread), 0), 1)
        return passes * (1 - x) - (1 - passes) * float(cost)

    assert payoff(float(model.offer)) >= maximum(payoff, 0, low + spread) - 1e-7


@given(st.fractions(0, 1, max_denominator=12))
def test_the_published_offer_to_an_unknown_ratifier(k):
    model = UncertainRatification(k)
    assert (model.offer, model.failure) == ((1 + k) / 2, (1 - k) / 2)


@pytest.mark.parametrize(
    "make",
    [
        lambda: UniformCosts(2, 0, 0, 1),
        lambda: UniformCosts("1/2", -1, 0, 1),
        lambda: UniformCosts("1/2", 0, 1, 1),
        lambda: TwoCosts("1/2", 0, "1/4", "1/4", 0),
        lambda: TwoCosts("1/2", 0, 0, "1/4", 2),
        lambda: TwoCosts(0, 0, 0, "1/4", 0),
        lambda: TwoCosts("1/2", -1, 0, "1/4", 0),
        lambda: SatisfiedOrNot(2, 0, 1, 0),
        lambda: SatisfiedOrNot(1, 0, 0, 0),
        lambda: Attrition((1, 0), (1, 1)),
        lambda: DollarAuction(1, 1),
        lambda: PowerShift("1/5", "4/5", 0, "1/2"),
        lambda: PowerShift("4/5", "1/5", 0, 1),
        lambda: Ripeness([(1, 0, 1)]),
        lambda: Ripeness([]),
        lambda: ConcessionWar((1, 1), (0, 1)),
        lambda: UncertainRatification(-1),
    ],
)
def test_what_is_out_of_range_is_refused(make):
    with pytest.raises(rl.OutOfRange):
        make()
