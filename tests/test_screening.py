"""Screening over rounds: closed forms, and the tree on a grid of prices."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as F
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import redlines as rl
from redlines.bargains.screening import screened

PBE = "perfect bayesian"
discounts = st.fractions(F(1, 10), F(9, 10), max_denominator=10)
chances = st.fractions(F(1, 20), F(19, 20), max_denominator=20)


def solved(*args, **options):
    found = rl.solve(rl.Screening(*args, **options), PBE)
    assert found[0].regret == 0
    return found


# ------------------------------------------------------------------ published results
@given(chances)
def test_one_offer_asks_the_high_value_iff_that_sells_enough(chance):
    (found, *_) = solved(1, 3, chance, "1/2", 1)
    assert found.payoffs["US"] == max(F(1), 3 * chance)


@given(chances, discounts)
@settings(max_examples=60)
def test_two_offers_have_the_closed_form(chance, d):
    low, high = F(1), F(3)
    cut = low / high
    soon = high - d * (high - low)
    options = [low, chance * soon + (1 - chance) * d * low]
    if chance > cut:
        sold = (chance - cut) / (1 - cut)
        options.append(sold * high + (1 - sold) * d * low)
    (found, *_) = solved(low, high, chance, d, 2)
    assert found.payoffs["US"] == max(options)


def test_two_types_ask_for_the_low_cost_below_the_cutoff_as_in_crisis_bargaining():
    # A may demand p + cH (war with the type of low cost, q) or p + cL
    p, ca, cl, ch = F(1, 2), F(1, 10), F(1, 10), F(2, 5)
    for q, war in ((F(1, 2), True), (F(7, 10), False)):
        # what is divided is what an agreement is worth beyond war
        (found,) = solved(p + cl, p + ch, 1 - q, 1, 1, cost=p - ca)
        assert (found.breakdown == q) is war


@given(chances, discounts, st.integers(1, 6))
@settings(max_examples=40)
def test_beliefs_and_prices_fall_and_the_low_type_gains_nothing(chance, d, rounds):
    for found in solved(1, 3, chance, d, rounds):
        prices = [row["price"] for row in found.path]
        beliefs = [row["belief"] for row in found.path]
        assert all(a >= b for a, b in pairwise(prices))
        assert all(a > b for a, b in pairwise(beliefs))
        assert min(prices) >= 1
        # what both types do is Bayes' rule
        for row, later in pairwise(found.path):
            refused = row["belief"] * (1 - row["high accepts"])
            assert later["belief"] == refused / (refused + 1 - row["belief"])


def test_at_a_cut_both_first_offers_are_listed():
    found = rl.solve(rl.Screening(1, 3, "1/3", "1/2", 1), PBE)
    assert [e.path[0]["price"] for e in found] == [1, 3]
    assert not found.complete


# ------------------------------------------------------------------- as a finite tree
def as_tree(low, high, chance, own, other, rounds, prices):
    @rl.game("US", "Russia")
    def haggling(play):
        value = play.draw("value", {"high": chance, "low": rl.REST}, seen_by="Russia")
        for number in range(1, rounds + 1):
            price = play.move("US", f"ask {number}", list(map(str, prices)))
            if play.move("Russia", f"reply {number}", ["yes", "no"]) == "yes":
                worth = high if value == "high" else low
                at = number - 1
                play.pay(
                    {
                        "US": own**at * F(price),
                        "Russia": other**at * (worth - F(price)),
                    }
                )
                return
        play.pay({"US": 0})

    return haggling


def reply(rows, left, belief, price, high, low, other):
    """How often high accepts, the belief after a refusal, and the stretches then.

    The stretches come with the probability of each, for the round that follows.
    """
    if left == 1:
        accepts = F(price <= high)
        return accepts, belief if not accepts else F(0), []
    later = rows[left - 2]
    asked = [high - other * s.gain for s in later]
    if price <= asked[0]:
        return F(1), F(0), [(F(1), later[0])]
    for k, (a, b) in enumerate(pairwise(asked), 1):
        if a < price <= b and later[k].low <= belief:
            cut = later[k].low
            soft = (b - price) / (b - a)
            sold = (belief - cut) / (1 - cut)
            return sold / belief, cut, [(1 - soft, later[k]), (soft, later[k - 1])]
    inside = max((s for s in later if s.low <= belief), key=lambda s: s.low)
    return F(0), belief, [(F(1), inside)]


@pytest.mark.parametrize("rounds", [2, 3])
@pytest.mark.parametrize("chance", [F(1, 4), F(1, 2), F(4, 5)])
@pytest.mark.parametrize("d", [(F(1, 2), F(1, 2)), (F(9, 10), F(1, 2))])
def test_on_a_grid_of_prices_it_is_an_equilibrium_of_the_tree(rounds, chance, d):
    low, high = F(1), F(3)
    (found,) = solved(low, high, chance, d, rounds)
    rows = found._element.stretches
    used = {s.price for row in rows for s in row}
    more = {F(1, 2), F(5, 4), F(11, 4), F(7, 2)} if rounds == 2 else {F(11, 4)}
    prices = sorted(used | more)
    game = as_tree(low, high, chance, *d, rounds, prices)
    strategy: dict = {}
    belief: dict = {}

    def walk(left, history, mu, stretches):
        number = rounds - left + 1
        facts = ", ".join(history)
        ask = f"ask {number}" + (f" [{facts}]" if facts else "")
        plan: dict = {}
        for share, s in stretches:
            plan[str(s.price)] = plan.get(str(s.price), F(0)) + share
        strategy[ask] = plan
        told = ", ".join(history)
        belief[ask] = {
            f"value={v}" + (f", {told}" if told else ""): p
            for v, p in (("high", mu), ("low", 1 - mu))
        }
        for price in prices:
            accepts, after, then = reply(rows, left, mu, price, high, low, d[1])
            if price <= low:
                accepts, after = F(1), F(0)
                then = [(F(1), rows[left - 2][0])] if left > 1 else []
            seen = [*history, f"ask {number}={price}"]
            for value, yes in (("high", accepts), ("low", F(price <= low))):
                label = f"reply {number} [{', '.join([f'value={value}', *seen])}]"
                strategy[label] = {"yes": yes, "no": 1 - yes}
            if left > 1:
                walk(left - 1, [*seen, f"reply {number}=no"], after, then)

    walk(rounds, [], chance, [(F(1), rows[-1][found._element.start])])
    certificate = rl.verify(game, strategy, belief, concept="weak perfect bayesian")
    assert certificate.holds, certificate.failures[:3]


# -------------------------------------------------------------------------- the referee
def test_every_change_of_a_plan_is_refused():
    (found,) = solved(1, 3, "1/2", "1/2", 3)
    part = found._element
    assert screened(part).holds
    for left, row in enumerate(part.stretches):
        for k, s in enumerate(row):
            for change in (
                {"price": s.price - F(1, 10)},
                {"gain": s.gain + F(1, 10)},
                {"worth": (s.worth[0], s.worth[1] + F(1, 10))},
                {"target": s.low if s.target is None else None},
                {"high": s.high - F(1, 1000)},
            ):
                wrong = [list(r) for r in part.stretches]
                wrong[left][k] = replace(s, **change)
                other = replace(part, stretches=tuple(map(tuple, wrong)))
                assert not screened(other).holds, (left, k, change)
    assert not screened(replace(part, stretches=part.stretches[:-1], start=0)).holds


def test_a_cut_in_the_wrong_place_is_refused():
    (found,) = solved(1, 3, "1/2", "1/2", 1)
    (row,) = found._element.stretches
    soft, tough = row
    for cut in (F(1, 4), F(1, 2)):
        moved = (
            replace(soft, high=cut),
            replace(tough, low=cut, worth=(3 * cut, tough.worth[1])),
        )
        assert not screened(replace(found._element, stretches=(moved,))).holds


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: rl.Screening(1, 3, 2, "1/2", 2), rl.OutOfRange, "from 0 to 1"),
        (lambda: rl.Screening(3, 1, "1/2", "1/2", 2), rl.OutOfRange, "must rise"),
        (
            lambda: rl.Screening(1, 3, "1/2", "1/2", 2, cost=1),
            rl.OutOfRange,
            "must rise",
        ),
        (lambda: rl.Screening(1, 3, "1/2", "1/2", "1/2"), rl.ModelError, "rounds"),
        (
            lambda: rl.solve(rl.Screening(1, 3, "q", "1/2", 2), PBE),
            rl.UnboundParameter,
            "q",
        ),
    ],
)
def test_errors_say_what_was_wrong(make, error, words):
    with pytest.raises(error) as caught:
        make()
    assert words in str(caught.value)


def test_binding_gives_the_same_as_writing_the_numbers():
    open_ = rl.Screening("v", 3, "q", ("d", "1/2"), 3)
    assert set(open_.free_parameters) == {"d", "q", "v"}
    (bound,) = rl.solve(open_.bind(v=1, q="1/2", d="1/2"), PBE)
    assert bound.payoffs == solved(1, 3, "1/2", "1/2", 3)[0].payoffs
