"""What distrust finds: the talks are held, and the depth of an agreement is capped."""

from __future__ import annotations

from fractions import Fraction

import pytest

import redlines as rl
from redlines.scenarios.distrust import depth_reached

FULL = "whatever the US proposes, no agreement of full depth is carried out"
TALKS = "Russia talks, even where it is free to refuse"
SOME = "where Russia proposes, an agreement of some depth is carried out"


@pytest.fixture(scope="module")
def scenario():
    return rl.load("distrust")


def test_no_proposal_of_the_us_opens_the_way_to_full_depth(scenario):
    verdict = scenario.verdict(FULL)
    assert verdict.name == "always"
    assert not verdict.trivial


def test_that_hangs_on_the_distrust(scenario):
    others = [a for a in scenario.assumptions if "trust" not in a.names]
    claim = scenario.claims[FULL]
    assert rl.check(scenario.game, claim, others).name == "sometimes"


def test_talks_are_held_where_too_much_is_at_stake(scenario):
    assert scenario.verdict(TALKS).name == "always"
    found = scenario.hinges(TALKS)
    assert found.pivotal == ("suponina-distrust",)
    assert not found.undecided


def test_russia_names_some_depth_from_a_trust_on(scenario):
    verdict = scenario.verdict(SOME)
    assert verdict.name == "sometimes"
    assert str(verdict.where.every) == "trust > (loss + 4*step)/(2*gain + loss)"


def test_at_the_baseline_half_depth_is_carried_out_and_full_depth_is_not(scenario):
    (own,) = scenario.solve(form="Russia proposes")
    assert own.probability("at half depth") == 1
    assert own.probability("reneged on") == 1 - scenario.baseline["trust"]
    proposed = scenario.solve(form="US proposes")
    chances = {f.range("at half depth").high for f in proposed.families}
    assert {0, 1} < chances
    assert all(f.range("at full depth").high == 0 for f in proposed.families)


def test_a_us_that_would_renege_proposes_deeper_never_less_deep(scenario):
    """Where the two kinds of US propose differently, the modest one is trustworthy."""
    likely = {**scenario.baseline, "trust": "4/5"}
    for equilibrium in rl.solve(scenario.game.bind(**likely), "sequential"):
        chances = [
            equilibrium.strategy["US"][f"propose [US={type_}]"].get("full depth", 0)
            for type_ in ("not", "trustworthy")
        ]
        assert chances[0] >= chances[1]


def test_depth_does_not_fall_as_trust_rises(scenario):
    trusts = [Fraction(k, 10) for k in range(1, 10)]
    for depths in (1, 2, 3):
        reached = [depth_reached(depths, scenario.baseline, t) for t in trusts]
        assert reached == sorted(reached)
        assert reached[0] == 0
        assert reached[-1] == 1


def test_a_depth_is_signed_where_its_gain_outweighs_its_loss_and_step(scenario):
    """After Kydd: trust at least (loss d^2 + step)/(gain d + loss d^2)."""
    gain, loss, step = (scenario.baseline[n] for n in ("gain", "loss", "step"))
    threshold = (loss + step) / (gain + loss)
    near = Fraction(1, 1000)
    assert depth_reached(1, scenario.baseline, threshold - near) == 0
    assert depth_reached(1, scenario.baseline, threshold + near) == 1


def test_if_only_deep_agreements_are_given_up_half_depth_needs_no_trust(scenario):
    finding = scenario.study("If only deep agreements are given up")
    assert finding.verdict == "always"
    assert "needs no trust" in finding.says


def test_an_unknown_way_of_having_contacts_is_refused(scenario):
    with pytest.raises(rl.UnknownLabel, match="kept"):
        scenario.game(contacts="forced")
