"""What the escalation ladder finds: some risk remains, and private resolve turns it."""

from __future__ import annotations

import pytest

import redlines as rl
from redlines import RUSSIA, US


@pytest.fixture(scope="module")
def scenario():
    return rl.load("escalation_ladder")


def test_where_resolve_is_known_some_risk_always_remains(scenario):
    words = "where resolve is known, some risk of nuclear use remains"
    assert scenario.verdict(words).name == "always"
    assert not scenario.hinges(words).trivial


def test_that_hangs_on_both_statements(scenario):
    words = "where resolve is known, some risk of nuclear use remains"
    found = scenario.hinges(words)
    assert set(found.pivotal) == {
        "suslov-managing-escalation",
        "suslov-no-interest-in-war",
    }
    assert not found.undecided


def test_private_resolve_may_end_the_risk(scenario):
    words = "where resolve is private, some risk of nuclear use remains"
    verdict = scenario.verdict(words)
    assert verdict.name == "sometimes"
    likely = {**scenario.baseline, "us_resolved": "3/5"}
    assert all(a.holds(**likely) for a in scenario.assumptions)
    (calm,) = rl.solve(scenario.game.bind(**likely), "sequential")
    assert calm.probability("nuclear use") == 0
    assert set(map(str, verdict.where.none.cases[0])) == {
        "risk < high/(2*(high + loss))",
        "us_resolved > (high*risk + loss*risk - high)"
        "/(2*loss*risk**2 + high*risk - 2*loss*risk - high)",
    }


def test_at_the_baseline_private_resolve_adds_to_the_risk(scenario):
    (private,) = scenario.solve(form="private")
    (known,) = scenario.solve(form="open")
    assert private.probability("nuclear use") > known.probability("nuclear use") > 0
    assert known.probability("lost on rung 2") == 0
    for type_ in ("resolved", "irresolute"):
        assert private.support[f"rung 1 [Russia={type_}]"] == ("climb",)
    assert known.support["rung 1 [Russia=resolved, US=resolved]"] == ("stop",)
    assert known.support["rung 1 [Russia=resolved, US=irresolute]"] == ("climb",)


def test_longer_ladders_are_climbed_no_further(scenario):
    finding = scenario.study("Longer ladders")
    assert "Nobody climbs beyond rung 2" in finding.says
    head, *rows = finding.table
    assert {row[2] for row in rows if row[1] == "private"} == {"17/125"}
    assert len(rows) == 2 * 5
    assert all(len(row) == len(head) for row in rows)


def test_no_change_of_one_parameter_within_the_assumptions_flips_the_lead(scenario):
    found = scenario.flips()
    assert not any(flip.admitted for flip in found)
    assert any(flip.value is not None for flip in found)
    assert all(flip.exact for flip in found)


def test_an_unknown_way_of_knowing_is_refused():
    game = rl.load("escalation_ladder").game
    with pytest.raises(rl.UnknownLabel, match="private"):
        game(resolve="guessed")


def test_both_sides_climb_in_turn(scenario):
    owners = [infoset.player for infoset in scenario.game.infosets.values()]
    assert set(owners) == {US, RUSSIA}
