"""What the direct clash finds: which rankings leave a risk of what nobody wants."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import redlines as rl
from redlines import RUSSIA, US
from redlines.scenarios.direct_clash import (
    RANKINGS,
    STABILITIES,
    direct_clash,
    mixed_risk,
    ranked,
)

MAY, CERTAIN, SEEN, WORSE = (
    "a clash may happen, although both sides rank it last",
    "a clash is never certain",
    "no clash happens where one side sees what the other chose",
    "the worse the clash is for the US, the less likely it is at most",
)


@pytest.fixture(scope="module")
def scenario():
    return rl.load("direct_clash")


@pytest.fixture(scope="module")
def every():
    return [ranked(us, russia) for us in RANKINGS for russia in RANKINGS]


def prefers(ranking, one, other):
    return ranking.index(one) < ranking.index(other)


# ------------------------------------------------------------------------- the claims
def test_a_clash_may_happen_exactly_where_both_would_rather_prevail_than_settle(
    scenario,
):
    verdict = scenario.verdict(MAY)
    assert verdict.name == "sometimes"
    assert set(map(str, verdict.where.some.cases[0])) == {
        "us_prevail > 0",
        "russia_prevail > 0",
    }
    assert str(verdict.where.every) == "never"


def test_a_clash_is_never_certain_and_that_hangs_on_the_statement(scenario):
    verdict = scenario.verdict(CERTAIN)
    assert verdict.name == "always"
    assert verdict.trivial is False
    assert {s.id for a in scenario.assumptions for s in a.statements} == {
        "suslov-no-interest-in-war"
    }


def test_two_sides_that_only_settle_more_gladly_than_clash_may_be_sure_to_clash(
    scenario,
):
    """Under both other readings firmness may be each side's best in any case."""
    other = scenario.otherwise("us_clash < us_yield").otherwise(
        "russia_clash < russia_yield"
    )
    dilemma = {**scenario.baseline, "us_yield": -20, "russia_yield": -20}
    assert all(a.holds(**dilemma) for a in other.assumptions)
    (only,) = rl.solve(direct_clash.bind(**dilemma), "nash")
    assert only.probability("clash") == 1


def test_where_one_side_sees_the_others_choice_no_clash_happens(scenario):
    assert scenario.verdict(SEEN).name == "always"
    (only,) = scenario.solve(form="in turn")
    assert only.probability("Russia firm") == 1
    assert only.probability("clash") == 0


def test_a_worse_clash_is_no_likelier(scenario):
    assert scenario.verdict(WORSE).name == "always"


def test_only_preferences_for_prevailing_flip_the_lead_within_the_assumptions(scenario):
    admitted = {f.parameter: f for f in scenario.flips() if f.admitted}
    assert set(admitted) == {"us_prevail", "russia_prevail"}
    assert all(f.value == 0 and f.side == "below" for f in admitted.values())


# ----------------------------------------------------------------------- the rankings
def test_there_are_six_rankings_a_side(every):
    assert len({(r.us, r.russia) for r in every}) == 36


def test_nash_and_correlated_risks_are_positive_for_the_same_rankings(every):
    for one in every:
        tempted = all(prefers(r, "prevail", "settle") for r in (one.us, one.russia))
        assert (one.nash > 0) == (one.correlated > 0) == tempted
        assert one.nash <= one.correlated


def test_the_clash_is_stable_for_no_ranking_under_any_stability(every):
    for one in every:
        assert not any("clash" in one.stable[concept] for concept in STABILITIES)
        assert set(one.stable["nash"]) <= set(one.stable["sequentially stable"])
        assert set(one.stable["sequentially stable"]) <= set(
            one.stable["general metarational"]
        )


def test_chicken_has_the_stabilities_of_the_literature():
    chicken = ranked(("prevail", "settle", "yield"), ("prevail", "settle", "yield"))
    one_yields = {"US prevails", "Russia prevails"}
    assert set(chicken.stable["nash"]) == one_yields
    assert set(chicken.stable["sequentially stable"]) == one_yields
    for concept in ("general metarational", "symmetric metarational"):
        assert set(chicken.stable[concept]) == one_yields | {"settlement"}


def test_the_study_counts_rankings(scenario):
    finding = scenario.study("All rankings side by side")
    assert "9 (6) leave it a positive probability" in finding.says
    assert "exactly those in which each side ranks prevailing" in finding.says
    assert "stable in none of them" in finding.says
    assert len(finding.table) == 1 + 21


# -------------------------------------------------------------------------- the risks
amounts = st.integers(1, 20)


@settings(max_examples=20, deadline=None)
@given(amounts, amounts, amounts, amounts, st.integers(-5, 5), st.integers(-5, 5))
def test_the_risks_follow_from_the_critical_risks(a, b, c, d, us_yield, russia_yield):
    """Mixed: the product; correlated: 1/(1/r + 1/s - 1) at most."""
    told = direct_clash.bind(
        us_prevail=a,
        us_yield=us_yield,
        us_clash=us_yield - b,
        russia_prevail=c,
        russia_yield=russia_yield,
        russia_clash=russia_yield - d,
    )
    us, russia = Fraction(a, a + b), Fraction(c, c + d)
    found = mixed_risk(told)
    assert found.russia_firm == us
    assert found.us_firm == russia
    assert found.clash == us * russia
    assert found.correlated == 1 / (1 / us + 1 / russia - 1)


def test_who_fears_the_clash_more_makes_the_other_side_less_firm(scenario):
    worse = mixed_risk(direct_clash.bind(**{**scenario.baseline, "us_clash": -20}))
    here = mixed_risk(scenario.form())
    assert worse.russia_firm < here.russia_firm
    assert worse.us_firm == here.us_firm
    says = scenario.study("Mixed and correlated risk").says
    assert "it is Russia that becomes less firm" in says
    assert "the firmness of the US stays" in says


def test_the_findings_carry_the_numbers_found(scenario):
    found = mixed_risk(scenario.form())
    words = " ".join(scenario.findings)
    for number in (found.clash, found.us_firm, found.russia_firm):
        assert str(number) in words
    assert len(scenario.solve()) == 3


def test_an_unknown_order_is_refused():
    with pytest.raises(rl.UnknownLabel, match="at once"):
        direct_clash(order="backwards")


def test_both_sides_move(scenario):
    owners = {infoset.player for infoset in scenario.game.infosets.values()}
    assert owners == {US, RUSSIA}
