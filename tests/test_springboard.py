"""What the springboard finds: when a first exchange helps, and where linkage hurts."""

from __future__ import annotations

from fractions import Fraction

import pytest

import redlines as rl
from redlines.scenarios.springboard import TAKEN, price_of_linkage

NOTHING = "tying the larger issue to the exchange costs Russia nothing"
APART = "an exchange that is begun tells whether the US is trustworthy"


@pytest.fixture(scope="module")
def scenario():
    return rl.load("springboard")


def test_linkage_costs_nothing_where_the_larger_issue_fails_by_itself(scenario):
    verdict = scenario.verdict(NOTHING)
    assert verdict.name == "always"
    assert not verdict.trivial


def test_without_that_reading_linkage_may_cost_something(scenario):
    others = [a for a in scenario.assumptions if "trust" not in a.names]
    claim = scenario.claims[NOTHING]
    assert rl.check(scenario.game, claim, others).name == "sometimes"


def test_a_settlement_comes_about_in_some_cases(scenario):
    assert scenario.verdict("a settlement can come about").name == "sometimes"
    assert scenario.solve()[0].probability("settlement") > 0
    assert scenario.solve(form="alone")[0].probability("settlement") == 0


def test_the_two_are_told_apart_by_an_exchange_that_is_large_enough(scenario):
    """From occasion*grab/((1 + occasion)*grab - gain) on, after Watson."""
    assert scenario.verdict(APART).name == "sometimes"
    gain, grab, occasion = (scenario.baseline[n] for n in ("gain", "grab", "occasion"))
    threshold = occasion * grab / ((1 + occasion) * grab - gain)
    near = Fraction(1, 1000)
    for size, apart in ((threshold - near, False), (threshold + near, True)):
        values = {**scenario.baseline, "size": size}
        assert all(a.holds(**values) for a in scenario.assumptions)
        (found,) = rl.solve(scenario.game.bind(**values), "sequential")
        assert found.probability("begun") == 1
        assert (found.probability(TAKEN) == 0) == apart


def test_a_first_exchange_needs_the_square_of_the_trust(scenario):
    """It is begun where trust*(1 - obstacle) > (loss/(gain + loss))^2, if small."""
    gain, loss, obstacle = (scenario.baseline[n] for n in ("gain", "loss", "obstacle"))
    threshold = (loss / (gain + loss)) ** 2 / (1 - obstacle)
    near = Fraction(1, 1000)
    for trust, begun in ((threshold - near, 0), (threshold + near, 1)):
        game = scenario.game.bind(**{**scenario.baseline, "trust": trust})
        (found,) = rl.solve(game, "sequential")
        assert found.probability("begun") == begun


def test_linkage_hurts_where_trust_is_high_and_the_exchange_may_be_stopped(scenario):
    price = lambda **at: price_of_linkage(scenario.baseline, **at)  # noqa: E731
    assert price() == 0
    assert price(trust="19/20", obstacle="2/5") > 0
    assert price(trust="11/20", obstacle="1/10") < 0


def test_the_study_says_so(scenario):
    finding = scenario.study("Hostage to the smaller issue")
    assert "gains in some places" in finding.says
    assert finding.verdict == "sometimes"


def test_an_unknown_way_of_taking_the_issues_is_refused(scenario):
    with pytest.raises(rl.UnknownLabel, match="linked"):
        scenario.game(issues="mixed")
