"""The referee of bargaining refuses every wrong answer, concept by concept."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

import redlines as rl
from redlines.bargains.offers_referee import chosen, in_turn
from redlines.bargains.referee import agreement, choice

NASH, KS, EGAL, UTIL = SOLUTIONS = (
    "nash bargaining",
    "kalai smorodinsky",
    "egalitarian",
    "utilitarian",
)
SWAP = rl.BargainingProblem({"a": (5, 0), "b": (4, 2), "c": (0, 3)})
CURVE = rl.BargainingProblem.from_frontier("9 - x**2", between=(0, 3))
EVEN = rl.BargainingProblem.pie(2)


def claim(problem, concept):
    return rl.solve(problem, concept)[0]._element.claim


@pytest.mark.parametrize("concept", SOLUTIONS)
@pytest.mark.parametrize("problem", [SWAP, CURVE, EVEN], ids=["swap", "curve", "pie"])
def test_the_right_answer_passes_and_that_of_another_point_does_not(problem, concept):
    right = claim(problem, concept)
    assert agreement(right, concept).holds
    wrong = [
        replace(right, point=(right.point[0], right.point[1] + F(1, 10))),
        replace(right, point=(F(1), F(1)), lottery=(), place=F(1)),
        replace(right, point=(F(-1), F(3))),
    ]
    for other in wrong:
        certificate = agreement(other, concept)
        assert not certificate.holds
        assert certificate.failures[0].message


@pytest.mark.parametrize(
    ("concept", "other"),
    [(NASH, KS), (NASH, EGAL), (KS, NASH), (KS, EGAL), (EGAL, NASH), (EGAL, UTIL)],
)
def test_one_solution_does_not_pass_as_another(concept, other):
    assert not agreement(claim(SWAP, other), concept).holds
    lopsided = rl.BargainingProblem.from_frontier("8 - 2*x**2", between=(0, 2))
    assert not agreement(claim(lopsided, other), concept).holds


def test_the_egalitarian_point_is_no_utilitarian_one():
    assert not agreement(claim(SWAP, EGAL), UTIL).holds
    assert not agreement(claim(CURVE, NASH), UTIL).holds


def test_an_ideal_that_is_too_low_or_not_attained_is_refused():
    right = claim(SWAP, KS)
    for ideal in ((F(4), F(3)), (F(6), F(3)), (F(5), F(2))):
        assert not agreement(replace(right, ideal=ideal), KS).holds
    curved = claim(CURVE, KS)
    assert not agreement(replace(curved, best=(F(2), F(0))), KS).holds
    assert not agreement(replace(curved, ideal=(F(3), F(8))), KS).holds


def test_a_face_that_is_cut_short_is_refused():
    right = claim(EVEN, UTIL)
    middle = ((F(1), F(1)), (("all to US", F(1, 2)), ("all to Russia", F(1, 2))))
    assert not agreement(replace(right, ends=()), UTIL).holds
    assert not agreement(replace(right, ends=(right.ends[0], middle)), UTIL).holds
    single = claim(SWAP, UTIL)
    assert not agreement(replace(single, prices=(F(1), F(0))), UTIL).holds


@pytest.mark.parametrize("concept", SOLUTIONS)
def test_no_agreement_is_refused_where_there_are_gains(concept):
    right = claim(rl.BargainingProblem([(-1, -1)]), concept)
    assert agreement(right, concept).holds
    assert not agreement(replace(right, problem=SWAP), concept).holds
    nothing = claim(
        rl.BargainingProblem.from_frontier(
            "1-x**2", between=(0, 1), disagreement=(2, 2)
        ),
        concept,
    )
    assert agreement(nothing, concept).holds
    assert not agreement(replace(nothing, problem=CURVE), concept).holds


def test_a_lottery_that_pays_something_else_is_refused():
    right = claim(SWAP, NASH)
    for lottery in (
        (("a", F(1)),),
        (("b", F(1, 2)),),
        (("b", F(2)), ("a", F(-1))),
        (("nowhere", F(1)),),
    ):
        assert not agreement(replace(right, lottery=lottery), NASH).holds


@pytest.mark.parametrize("concept", SOLUTIONS)
def test_without_lotteries_only_the_best_package_passes(concept):
    problem = rl.BargainingProblem(
        {"a": (5, 0), "b": (4, 2), "c": (0, 3), "d": (2, 2)}, lotteries=False
    )
    right = claim(problem, concept)
    assert choice(right, concept).holds
    pays = dict(problem._points)
    for label in pays.keys() - dict(right.lottery).keys():
        other = replace(right, lottery=((label, F(1)),), point=pays[label])
        assert not choice(other, concept).holds


# ------------------------------------------------------------------- alternating offers
def plan(**options):
    offers = rl.AlternatingOffers(**options)
    return offers, rl.solve(offers, "subgame perfect")[0]._element


@pytest.mark.parametrize(
    "options",
    [
        {"discounts": ("9/10", "4/5")},
        {"discounts": ("9/10", "4/5"), "rounds": 3},
        {"discounts": ("d1", "d2")},
        {"discounts": "1/2", "problem": SWAP},
        {"discounts": "1/2", "problem": CURVE},
        {"discounts": "1/2", "outside": {"Russia": "2/3"}},
    ],
)
def test_a_share_that_is_a_little_off_is_refused(options):
    offers, element = plan(**options)
    assert in_turn(offers, element.rounds).holds
    for number, here in enumerate(element.rounds):
        for change in (F(1, 100), F(-1, 100)):
            moved = tuple(
                v + s * change for v, s in zip(here.offer, (1, -1), strict=True)
            )
            rounds = list(element.rounds)
            rounds[number] = replace(here, offer=moved, value=moved)
            assert not in_turn(offers, rounds).holds
    assert not in_turn(offers, element.rounds[:-1]).holds
    silent = [replace(r, agreed=False) for r in element.rounds]
    assert not in_turn(offers, silent).holds


def test_symbols_need_the_condition_under_which_they_hold():
    offers = rl.AlternatingOffers(discounts=("d1", "d2"), outside={"Russia": "w"})
    for found in rl.solve(offers, "subgame perfect"):
        element = found._element
        assert in_turn(offers, element.rounds, element.conditions).holds
        assert not in_turn(offers, element.rounds, ()).holds


@given(st.integers(0, 2), st.sampled_from(["accept", "refuse"]))
def test_over_packages_every_other_reply_or_offer_is_refused(which, reply):
    problem = rl.BargainingProblem(
        {"a": (5, 1), "b": (3, 3), "c": (1, 4)}, lotteries=False
    )
    offers = rl.AlternatingOffers(problem, "1/2", rounds=2)
    (found,) = rl.solve(offers, "subgame perfect")
    rounds = found._element.rounds
    assert chosen(offers, rounds).holds
    (first,) = rounds[0]
    label = "abc"[which]
    wrong = []
    if first.replies[label][0] != reply:
        wrong.append(replace(first, replies={**first.replies, label: (reply, 0)}))
    if label != first.offer:
        wrong.append(replace(first, offer=label))
    for here in wrong:
        assert not chosen(offers, ((here,), *rounds[1:])).holds
