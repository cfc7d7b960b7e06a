"""When demands are made in private, and what secrecy costs in credibility."""

from __future__ import annotations

import pytest

import redlines as rl
from redlines import RUSSIA, US, P

WAR = "war is no more likely where contacts may be private than where all are announced"


@pytest.fixture(scope="module")
def scenario():
    return rl.load("quiet_contacts")


def test_secrecy_never_makes_war_more_likely(scenario):
    assert scenario.verdict(WAR).name == "always"


def test_that_hangs_on_the_statement(scenario):
    found = scenario.hinges(WAR)
    assert not found.trivial
    assert found.pivotal == ("peskov-quiet-contacts",)
    reading = "war_cost > 1 + concession [peskov-quiet-contacts]: sometimes"
    assert reading in str(found)


def test_the_side_on_which_the_demand_is_made_gains_as_well(scenario):
    assert scenario.study("Who gains by secrecy").verdict == "always"
    (quiet,), (announced,) = (scenario.solve(form=f) for f in ("quiet", "announced"))
    for side in (US, RUSSIA):
        assert quiet.payoffs[side] > announced.payoffs[side]


def test_a_quiet_demand_works_exactly_where_it_is_likely_enough_to_be_meant(scenario):
    words = "where contacts are quiet, some demands are conceded to"
    verdict = scenario.verdict(words)
    assert verdict.name == "sometimes"
    assert str(verdict.where.every) == "resolved > 1/war_cost"
    assert str(verdict.where.none) == "resolved < 1/war_cost"


def test_announced_demands_are_all_meant_and_all_refused(scenario):
    (announced,) = scenario.solve(form="announced")
    assert announced.probability("demand meant", given="public") == 1
    assert announced.probability("conceded") == 0
    assert announced.probability("war") == scenario.baseline["resolved"]


def test_a_quiet_demand_is_no_more_credible_than_the_us_is_resolved(scenario):
    (quiet,) = scenario.solve(form="quiet")
    meant = quiet.probability("demand meant", given="private")
    assert meant == scenario.baseline["resolved"]


def test_where_the_us_chooses_a_quiet_demand_may_be_disbelieved(scenario):
    chosen = scenario.solve()
    conceded = {family.range(P("conceded")).high > 0 for family in chosen.families}
    assert conceded == {True, False}


def test_secrecy_is_chosen_where_public_concessions_are_dear(scenario):
    finding = scenario.study("When secrecy is chosen")
    cases = {row[0]: row[1:] for row in finding.table}
    assert cases["often resolved, public concessions dear"][0] == "0"
    assert cases["seldom resolved, public concessions cheap"][1] == "0"
    assert (
        "in private only (often resolved, public concessions dear); in no way "
        "(seldom resolved, public concessions dear); in public and in private (often "
        "resolved, public concessions cheap); in public only (seldom" in finding.says
    )


def test_a_public_demand_is_never_the_less_credible_one(scenario):
    finding = scenario.study("What it costs in credibility")
    assert finding.verdict == "always"
    assert "is never more credible" in finding.says


def test_if_public_concessions_are_cheap_secrecy_can_make_war_more_likely(scenario):
    assumption = scenario.assumptions[0]
    values = {**scenario.baseline, "concession": "1/2", "resolved": "1/5"}
    assert assumption.otherwise.holds(**values)
    chosen, announced = (
        rl.solve(scenario.forms[f].bind(**values), "sequential")
        for f in ("chosen", "announced")
    )
    assert max(e.probability("war") for e in chosen) > max(
        e.probability("war") for e in announced
    )


def test_an_unknown_venue_is_refused(scenario):
    with pytest.raises(rl.UnknownLabel, match="announced"):
        scenario.game(venue="whispered")
