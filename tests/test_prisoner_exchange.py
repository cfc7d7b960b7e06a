"""What the prisoner exchange finds: new terms by screening, and a drop of two faces."""

from __future__ import annotations

from fractions import Fraction

import pytest

import redlines as rl
from redlines import RUSSIA, US

LEAD = "the larger the drop at the vote, the less the US gets"
NEW_TERMS = "new terms come with some chance"


@pytest.fixture(scope="module")
def scenario():
    return rl.load("prisoner_exchange")


def at(scenario, form="US knows", **changes):
    """All equilibria of a form near the baseline."""
    values = {**scenario.baseline, **changes}
    assert all(a.holds(**values) for a in scenario.assumptions)
    return rl.solve(scenario.forms[form].bind(**values), "sequential")


# -------------------------------------------------------------------------- the game
def test_only_russia_knows_its_reservation_and_only_the_us_the_answer(scenario):
    for infoset in scenario.game.infosets.values():
        facts = dict(infoset.facts)
        assert ("Russia" in facts) == (infoset.player == RUSSIA)
        assert ("consent" in facts) == (infoset.player == US)


def test_without_the_consent_two_for_two_cannot_be_offered(scenario):
    for label, infoset in scenario.game.infosets.items():
        if infoset.player == US:
            assert ("2:2" in infoset.actions) == ("consent=given" in label)


@pytest.mark.parametrize("argument", ["reservation", "consent_known_to"])
def test_an_unknown_way_of_knowing_is_refused(scenario, argument):
    with pytest.raises(rl.UnknownLabel, match="guessed"):
        scenario.game(**{argument: "guessed"})


# ---------------------------------------------------------------------- what it finds
def test_new_terms_come_below_two_thresholds_and_not_above(scenario):
    verdict = scenario.verdict(NEW_TERMS)
    assert verdict.name == "sometimes"
    assert set(map(str, verdict.where.every.cases[0])) == {
        "drop < value - extra",
        "high < extra/(drop + extra)",
    }
    for changes in ({"drop": 7}, {"high": "7/10"}):
        assert all(e.probability("new terms") == 0 for e in at(scenario, **changes))


def test_at_the_baseline_a_refusal_is_news(scenario):
    (only,) = scenario.solutions["US knows"]
    assert only.support["first answer [Russia=high, first offer=2:1]"] == ("refuse",)
    assert len(only.support["first answer [Russia=low, first offer=2:1]"]) == 2
    news = only.probability("new terms", given="refused")
    assert 0 < news < scenario.baseline["consent"]


def test_a_drop_costs_the_us_until_it_is_so_large_that_no_new_terms_can_come(scenario):
    assert scenario.verdict(LEAD).name == "sometimes"
    small, middle, large = (
        at(scenario, drop=drop)[0].payoffs[US] for drop in ("1/4", 3, 8)
    )
    assert middle < small < large
    finding = scenario.study("The drop at the vote")
    assert "a large drop costs the US less than a moderate one" in finding.says


def test_russia_loses_by_the_large_drop(scenario):
    moderate, large = (at(scenario, drop=drop)[0].payoffs[RUSSIA] for drop in (3, 8))
    assert large < moderate


def test_to_know_the_answer_alone_is_no_advantage_at_the_baseline(scenario):
    words = "the US gets no less where it alone knows the third country's answer"
    assert scenario.verdict(words).name == "sometimes"
    alone, told = (scenario.solutions[form][0] for form in ("US knows", "both know"))
    assert alone.payoffs[US] < told.payoffs[US]
    assert f"({told.payoffs[US]} after {alone.payoffs[US]})" in " ".join(
        scenario.findings
    )


def test_where_the_reservation_is_known_new_terms_never_come(scenario):
    finding = scenario.study("Where the reservation is known")
    assert finding.verdict == "always"
    assert "new terms never come" in finding.says


def test_the_us_waits_only_where_it_has_no_consent(scenario):
    finding = scenario.study("Waiting for the vote")
    assert "only where it has no consent" in finding.says
    assert [row[1] for row in finding.table[1:4]] == ["0"] * 3


def test_the_us_does_better_by_its_offers_than_by_the_nash_solution(scenario):
    finding = scenario.study("The packages split by Nash")
    assert finding.says.endswith("it gets 7, more.")
    # by hand: the products are 6 * 5 and 6 * 3 where there is consent; without it a
    # Russia of low reservation gets two for one, one of high reservation nothing
    low, high = (Fraction(2, 3) * 6 + Fraction(10, 3), Fraction(2, 3) * 6)
    assert [Fraction(row[2]) for row in finding.table[1:]] == [low, high]


def test_the_findings_in_words_are_those_of_the_baseline(scenario):
    (only,) = scenario.solutions["US knows"]
    low = only.strategy[RUSSIA]["first answer [Russia=low, first offer=2:1]"]
    again = "second offer [consent=given, first offer=2:1, first answer=refuse]"
    assert low["refuse"] == Fraction(1, 3)
    assert only.strategy[US][again]["2:2"] == Fraction(3, 16)
    believed = only.belief[again]
    assert sum(p for h, p in believed.items() if "Russia=high" in h) == Fraction(1, 2)


def test_the_drop_that_flips_new_terms_is_where_the_price_is_no_longer_worth_it(
    scenario,
):
    (drop,) = (
        f for f in scenario.flips() if f.parameter == "drop" and f.value is not None
    )
    assert drop.value == scenario.baseline["value"] - scenario.baseline["extra"]
    assert drop.admitted
