"""Refinements with symbols: conditions under which equilibria survive."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from canon_stories import unilateral_deterrence
from signalling_stories import beer_quiche, sunk_cost
from test_regimes_canon import HARD, ORDERS, SOFT, SOFT_REPLY

import redlines as rl
from redlines.errors import Unsupported
from redlines.removals import FORWARD

CT = "(cDC - cSQ)/(cDC - cDDp)"
CS = "(cDC - cSQ)/(cDC - cCD)"
DN = "(dCD - dDC)/(dCD - dDDm)"


def deterrence(found):
    """The open family in which both types cooperate."""
    (family,) = (
        f
        for f in found.families
        if f.open and f.path[HARD] == f.path[SOFT] == ("cooperate",)
    )
    return family


def same(found, condition, *cases):
    """Whether a condition is a disjunction of cases wherever payoffs are ordered."""
    draw = random.Random(5)
    for _ in range(300):
        c, d = (sorted(draw.sample(range(1, 40), 5), reverse=True) for _ in range(2))
        values = dict(zip(("cDC", "cSQ", "cDDp", "cCD", "cDDm"), c, strict=True))
        values |= zip(("dSQ", "dCD", "dDDp", "dDC", "dDDm"), d, strict=True)
        values |= {p: Fraction(draw.randint(1, 11), 12) for p in ("pC", "pD")}
        expected = any(
            all(
                r.holds(**values)
                for text in case
                for r in rl.numbers.parse_relation(text)
            )
            for case in cases
        )
        assert condition.holds(**values) is expected, values
    return found.complete


@pytest.mark.parametrize(
    ("name", "cases"),
    [
        ("intuitive criterion", [(f"pD >= {CT}",), (f"pD <= {CS}",)]),
        ("D1", [(f"pD >= {CT}",)]),
        ("divinity", [(f"pD >= {CT}",), (f"pD <= {CS}", f"pC <= {DN}")]),
        ("universal divinity", [(f"pD >= {CT}",)]),
    ],
)
def test_d1_leaves_deterrence_where_the_defender_is_likely_hard(name, cases):
    """After Zagare and Kilgour (1993, 2000): ten payoffs and two chances are symbols.

    Where the defender is likely soft, it is the hard challenger that defects.
    """
    found = rl.regimes(unilateral_deterrence, given=ORDERS, refine=name)
    assert same(found, deterrence(found).condition, *cases)


def test_other_families_are_left_alone():
    before = rl.regimes(unilateral_deterrence, given=ORDERS)
    after = rl.regimes(unilateral_deterrence, given=ORDERS, refine="D1")
    assert after.complete
    assert after.refinements == ("D1",)
    assert "sequential refined by D1: 4 open families" in str(after)
    left = {f.name: str(f.condition) for f in after.families}
    for family in before.families:
        if family.name != deterrence(before).name:
            assert left[family.name] == str(family.condition)


def test_closed_forms_speak_of_the_beliefs_that_are_left():
    found = rl.regimes(beer_quiche, given=["strong > 1/2"], refine="D1")
    (regime,) = (r for r in found if r.open)
    history = "type=strong, breakfast=quiche"
    assert regime.support["breakfast [type=weak]"] == ("beer",)
    assert regime.belief["answer [breakfast=quiche]"][history] == 0
    assert not regime.free
    loose = rl.regimes(beer_quiche, given=["strong > 1/2"], refine="divinity")
    (regime,) = (r for r in loose if r.open)
    assert regime.belief["answer [breakfast=quiche]"][history] == 0


def test_only_the_least_cost_signal_survives_for_all_odds():
    """After Fearon (1997): q and r are symbols."""
    found = rl.regimes(
        sunk_cost,
        given=["q < 1/2", "r > 11/16", "r < 7/8"],
        refine="intuitive criterion",
    )
    separating = [
        f
        for f in found.families
        if f.open and f.path["sink [D=low]"] == ("0",) != f.path["sink [D=high]"]
    ]
    assert [f.path["sink [D=high]"] for f in separating] == [("5/16",)]
    assert found.complete


@pytest.mark.parametrize("name", FORWARD)
def test_symbols_and_numbers_agree(name):
    """At random values, at knife edges, and where replies on the path are free."""
    found = rl.regimes(beer_quiche, refine=name)
    assert found.complete
    draw = random.Random(3)
    for value in ["1/2", Fraction(draw.randint(1, 29), 30)]:
        here = found.at(strong=value)
        there = rl.solve(beer_quiche.bind(strong=value), "sequential", refine=name)
        assert [dict(e.support) for e in here] == [dict(e.support) for e in there]
        assert here.complete


@pytest.mark.parametrize("name", FORWARD)
def test_symbols_and_numbers_agree_on_deterrence(name):
    found = rl.regimes(unilateral_deterrence, given=ORDERS, refine=name)
    payoffs = {
        "cDC": 5,
        "cSQ": 3,
        "cDDp": 2,
        "cCD": 1,
        "cDDm": 0,
        "dSQ": 5,
        "dCD": 4,
        "dDDp": 3,
        "dDC": 2,
        "dDDm": 0,
    }
    for pC, pD in (("1/4", "1/4"), ("1/2", "2/3")):
        values = {"pC": pC, "pD": pD, **payoffs}
        here = found.at(**values)
        there = rl.solve(
            unilateral_deterrence.bind(**values), "sequential", refine=name
        )
        assert [e.support[SOFT_REPLY] for e in here] == [
            e.support[SOFT_REPLY] for e in there
        ]


def test_refinements_apply_in_turn_where_replies_are_free():
    names = ["intuitive criterion", "divinity"]
    found = rl.regimes(beer_quiche, refine=names)
    here = found.at(strong="1/2")
    there = rl.solve(beer_quiche.bind(strong="1/2"), "sequential", refine=names)
    assert [dict(e.support) for e in here] == [dict(e.support) for e in there]
    assert [r for r in here.removed if not r.where] == []
    assert found.complete


def test_what_is_decided_at_numbers_only_is_refused():
    with pytest.raises(Unsupported, match="at numbers only"):
        rl.regimes(beer_quiche, refine="proper")
    with pytest.raises(Unsupported, match="beliefs of 'sequential' equilibria"):
        rl.regimes(beer_quiche, concept="weak perfect bayesian", refine="D1")


def test_a_game_of_another_class_is_refused():
    @rl.game("A", "B")
    def longer(play, x=rl.Real("worth")):
        play.move("A", "one", ["l", "r"])
        play.move("B", "two", ["l", "r"])
        if play.move("A", "three", ["l", "r"]) == "l":
            play.pay({"A": x})

    with pytest.raises(Unsupported, match="A moves at 'three"):
        rl.regimes(longer, refine="D1")
