"""What a treaty with an end finds: doubt whether the other is committed keeps it."""

from __future__ import annotations

from fractions import Fraction

import pytest

import redlines as rl
from redlines import RUSSIA

F = Fraction


@pytest.fixture(scope="module")
def scenario():
    return rl.load("after_start")


def claim(scenario, words):
    return next(w for w in scenario.claims if words in w)


def test_the_first_period_is_kept_for_certain_from_a_chance_on(scenario):
    verdict = scenario.verdict("the first of three periods is kept for certain")
    assert verdict.name == "sometimes"
    assert str(verdict.where.every) == "committed >= loss/(loss + 1)"
    assert str(verdict.where.some) == "never"


def test_doubt_keeps_the_treaty_better_than_knowledge_from_a_chance_on(scenario):
    verdict = scenario.verdict(claim(scenario, "does not know whether"))
    assert verdict.name == "sometimes"
    assert (
        str(verdict.where.every) == "committed >= loss**2/(loss**2 + 2*loss + 1 - gain)"
    )


def test_where_the_us_knows_only_a_committed_russia_is_dealt_with(scenario):
    assert scenario.verdict(claim(scenario, "no more often")).name == "always"
    (known,) = scenario.solve(form="open")
    assert known.probability("kept in period 1") == scenario.baseline["committed"]


def test_the_treaty_never_runs_its_course_and_that_hangs_on_the_statement(scenario):
    words = claim(scenario, "runs its course")
    assert scenario.verdict(words).name == "always"
    found = scenario.hinges(words)
    assert found.pivotal == ("suslov-after-start",)
    assert not found.trivial
    # read the other way, what follows is worth more than a last breach
    assert "gain < 1 + after [suslov-after-start]: sometimes" in str(found)


def test_at_the_baseline_a_free_russia_builds_on_its_reputation(scenario):
    (only,) = scenario.solve()
    comply = only.strategy[RUSSIA]["Russia in period 1 [Russia=free]"]["comply"]
    assert 0 < comply < 1
    assert only.probability("kept in period 1") > scenario.baseline["committed"]
    assert only.probability("kept in period 3") == 0


@pytest.mark.parametrize("periods", [2, 3, 4, 5])
def test_the_longer_the_treaty_the_smaller_the_chance_that_is_enough(scenario, periods):
    loss = scenario.baseline["loss"]
    threshold = loss / (loss + periods - 1)
    for chance, begins in ((threshold - F(1, 50), False), (threshold + F(1, 50), True)):
        values = {**scenario.baseline, "committed": chance}
        found = rl.solve(scenario.game(periods=periods).bind(**values), "sequential")
        assert found.complete
        lowest = min(e.probability("kept in period 1") for e in found)
        assert (lowest > 0) is begins


def test_how_long_before_the_end_compliance_ceases_does_not_grow_with_length(scenario):
    finding = scenario.study("Longer treaties")
    assert "fits at 30 of 30" in finding.says
    assert "3 at 3/10, 2 at 2/5" in finding.says


def test_what_follows_helps_once_it_outweighs_a_last_breach(scenario):
    finding = scenario.study("What is to follow")
    assert "adds nothing at 1/8" in finding.says
    assert "in every one at 3/2" in finding.says


def test_a_likelier_committed_side_flips_the_lead(scenario):
    (above,) = (
        flip
        for flip in scenario.flips(parameters=["committed"])
        if flip.value is not None
    )
    assert (above.side, above.value) == ("above", F(1, 3))
    assert above.admitted
    assert above.exact


def test_an_unknown_way_of_knowing_is_refused(scenario):
    with pytest.raises(rl.UnknownLabel, match="private"):
        scenario.game(knows="guessed")
