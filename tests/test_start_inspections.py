"""What the inspections find: an announced plan pays, and dates cost false charges."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import redlines as rl
from redlines import RUSSIA, US
from redlines.scenarios.start_inspections import (
    announced_odds,
    plans,
    start_inspections,
)

GAINS, LOSES, NONE, ALARMS = (
    "Russia gains by announcing whether it inspects",
    "the US loses where Russia announces whether it inspects",
    "no conversion is reversible where that is announced",
    "where the plan is kept back, more false alarms mean more inspections",
)


@pytest.fixture(scope="module")
def scenario():
    return rl.load("start_inspections")


@pytest.mark.parametrize("words", [GAINS, LOSES, NONE, ALARMS])
def test_every_claim_holds_always(scenario, words):
    assert scenario.verdict(words).name == "always"


@pytest.mark.parametrize("words", [GAINS, LOSES, NONE])
def test_none_of_what_is_said_of_announcing_is_trivial(scenario, words):
    assert scenario.verdict(words).trivial is False


def test_the_lead_hangs_on_the_statement_and_on_what_a_false_charge_costs(scenario):
    found = scenario.hinges(GAINS)
    assert found.pivotal == ("ryabkov-start-inspections",)
    assert not found.undecided
    others = dict(found.otherwise)
    assert others["mistaken <= missed [ours]"] == "sometimes"
    key = "gain < detection*(gain + charge) [ryabkov-start-inspections]"
    assert others[key] == "sometimes"


def test_nothing_within_the_assumptions_flips_the_lead(scenario):
    found = scenario.flips()
    assert not any(flip.admitted for flip in found)
    assert any(flip.value is not None for flip in found)


def test_the_us_is_the_inspected_side(scenario):
    owners = {i.name: i.player for i in scenario.game.infosets.values()}
    assert owners == {"convert": US, "plan": RUSSIA}


# ------------------------------------------------------------------- announced odds
def test_announcing_odds_is_best_for_russia_and_leaves_the_us_as_it_was(scenario):
    found = plans(scenario.baseline)
    kept, dates, odds = (e.payoffs for e in (found.kept_back, found.dates, found.odds))
    assert kept[RUSSIA] < dates[RUSSIA] < odds[RUSSIA]
    assert dates[US] < kept[US] == odds[US]
    assert found.odds.probability("reversible") == 0
    assert found.odds.probability("inspected") == found.kept_back.probability(
        "inspected"
    )
    assert found.odds.probability("false charge") < found.dates.probability(
        "false charge"
    )


amounts = st.integers(1, 20)
chances = st.fractions(Fraction(1, 20), Fraction(19, 20), max_denominator=20)


@settings(max_examples=25, deadline=None)
@given(amounts, amounts, amounts, amounts, amounts, chances, chances, st.data())
def test_the_closed_forms_hold_wherever_the_assumptions_do(
    gain, charge, found, more, scale, detection, alarm, data
):
    """Both sides' odds, and what announcing is worth, against the equilibria."""
    scenario = rl.load("start_inspections")
    missed = found + more
    values = {
        "gain": gain,
        "charge": charge,
        "cost": detection * more * Fraction(scale, 21),
        "missed": missed,
        "found": found,
        "mistaken": data.draw(st.integers(1, found)),
        "detection": detection,
        "false_alarm": alarm,
    }
    assume(all(a.holds(**values) for a in scenario.assumptions))
    exact = {name: Fraction(value) for name, value in values.items()}
    odds, left = announced_odds(exact)
    wrong = alarm * exact["mistaken"]
    breach = (exact["cost"] + wrong) / (detection * more + wrong)
    played = plans(values)
    assert played.kept_back.probability("inspected") == odds
    assert played.kept_back.probability("reversible") == breach
    assert played.kept_back.payoffs[RUSSIA] == -breach * missed
    assert played.odds.payoffs[RUSSIA] == left
    assert played.dates.payoffs[RUSSIA] == -exact["cost"] - wrong
    kept, dates = played.kept_back.payoffs, played.dates.payoffs
    assert kept[RUSSIA] < dates[RUSSIA] < left
    assert played.odds.payoffs[US] == kept[US] > dates[US]


def test_without_false_alarms_it_is_the_inspection_game_of_the_literature():
    """The published instance, as false alarms vanish: p = 5/12, q = 5/24."""
    values = {
        "gain": 1,
        "charge": 2,
        "cost": "1/2",
        "missed": 4,
        "found": 1,
        "mistaken": 1,
        "detection": "4/5",
        "false_alarm": Fraction(1, 10**9),
    }
    played = plans(values)
    assert abs(played.kept_back.probability("inspected") - Fraction(5, 12)) < 1e-8
    assert abs(played.kept_back.probability("reversible") - Fraction(5, 24)) < 1e-8
    assert abs(played.kept_back.payoffs[RUSSIA] + Fraction(5, 6)) < 1e-8
    assert abs(played.odds.payoffs[RUSSIA] + Fraction(5, 24)) < 1e-8


def test_where_a_false_charge_costs_very_much_announcing_may_not_pay(scenario):
    """The assumption that is ours matters: without it the lead may go the other way."""
    values = {**scenario.baseline, "mistaken": 20}
    broken = [a.relation for a in scenario.assumptions if not a.holds(**values)]
    assert broken == ["mistaken <= found"]
    played = plans(values)
    assert played.dates.payoffs[RUSSIA] <= played.kept_back.payoffs[RUSSIA]


# ------------------------------------------------------------------------- the words
def test_the_findings_carry_the_numbers_found(scenario):
    played = plans(scenario.baseline)
    words = " ".join(scenario.findings)
    for number in (
        played.kept_back.probability("inspected"),
        played.kept_back.probability("reversible"),
        played.kept_back.probability("false charge"),
        played.dates.probability("false charge"),
    ):
        assert str(number) in words


def test_the_study_says_that_closed_form_and_solver_agree(scenario):
    finding = scenario.study("What announcing the odds is worth")
    assert "as the closed form says" in finding.says
    assert "inspected as often as where nothing is announced" in finding.says
    assert "changes the US payoff by 0" in finding.says
    assert len(finding.table) == 4


def test_an_unknown_plan_is_refused():
    with pytest.raises(rl.UnknownLabel, match="kept back"):
        start_inspections(plan="rumoured")
