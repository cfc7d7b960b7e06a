"""What the hybrid norm finds: it is one of three ways to settle."""

from __future__ import annotations

from fractions import Fraction

import pytest

import redlines as rl
from redlines.scenarios.hybrid_norm import census, kind

F = Fraction


@pytest.fixture(scope="module")
def scenario():
    return rl.load("hybrid_norm")


def symmetric(calm, tension):
    """Both do the same, for certain, in calm and in tension."""
    return {
        "calm": {"US": calm, "Russia": calm},
        "tension": {"US": tension, "Russia": tension},
    }


def holds(scenario, profile, **changes):
    game = scenario.game.bind(**{**scenario.baseline, **changes})
    return rl.verify(game, profile, concept="markov perfect").holds


def test_peace_the_norm_and_a_clash_are_all_equilibria(scenario):
    (solution,) = scenario.solutions.values()
    assert solution.complete
    assert solution.exact
    assert {kind(e) for e in solution} == {"peace", "norm", "clash", "chance decides"}
    assert all(e.certificate.holds for e in solution)
    for tension in ("hold", "press", "strike"):
        assert holds(scenario, symmetric("hold", tension))


def test_the_norm_is_a_selection_and_the_report_says_so(scenario):
    finding = scenario.study("Which equilibria coexist")
    assert finding.verdict == "sometimes"
    assert "peace, norm, clash are all equilibrium outcomes" in finding.says
    assert "the norm is a selection" in finding.says
    assert "which equilibrium is played" in scenario.sureness
    head, *rows = finding.table
    assert all(len(row) == len(head) for row in rows)
    assert all(sum(map(int, row[2:])) == int(row[1]) for row in rows)


def test_patience_rules_out_a_clash_and_impatience_the_norm(scenario):
    assert census(scenario, patience="9/10")["clash"] == 0
    assert census(scenario, patience="7/10")["norm"] == 0
    assert census(scenario, patience="2/5")["peace"] == 0


@pytest.mark.parametrize("below", [True, False])
def test_mutual_strikes_last_up_to_the_patience_that_the_condition_says(
    scenario, below
):
    """Strike and press compared where both strike for good."""
    v = {k: F(x) for k, x in scenario.baseline.items()}
    both = v["risk"] * (2 - v["risk"])
    more = (
        v["risk"]
        * (1 - v["risk"])
        * (v["spoils"] - v["harm"] - v["strain"] + v["loss"])
    )
    edge = (v["spoils"] - v["gain"]) / (more + (v["spoils"] - v["gain"]) * (1 - both))
    near = edge + F(-1 if below else 1, 1000)
    assert holds(scenario, symmetric("hold", "strike"), patience=near) is below


@pytest.mark.parametrize("above", [True, False])
def test_immediate_peace_needs_strain_times_patience_above_the_gain(scenario, above):
    strain = scenario.baseline["gain"] / scenario.baseline["patience"]
    near = strain + F(1 if above else -1, 1000)
    assert holds(scenario, symmetric("hold", "hold"), strain=near) is above


def test_adapting_delays_peace_and_then_rules_it_out(scenario):
    finding = scenario.study("What would rule out peace")
    rows = finding.table[1:]
    waits = [float(row[-1]) for row in rows if row[-1] != "-"]
    assert waits == sorted(waits)
    assert waits[0] == 1 < waits[-1]
    assert rows[-1][1] == "0"


def test_a_costlier_or_likelier_clash_is_ruled_out(scenario):
    finding = scenario.study("What would rule out a clash")
    assert "where it costs 14 in a period" in finding.says
    assert "leads to it is 1/5" in finding.says


def test_the_report_shows_the_states_and_every_equilibrium(scenario):
    report = scenario.report(verdicts=False)
    assert "tension" in report
    assert "proved to be all" in report
    names = [b.name for s in report.sections for b in s.blocks if hasattr(b, "png")]
    assert names == ["hybrid_norm-states"]
    (picture,) = [b for s in report.sections for b in s.blocks if hasattr(b, "png")]
    assert picture.png.startswith(b"\x89PNG")


def test_the_assumptions_keep_the_norm_an_equilibrium_at_their_edge(scenario):
    v = dict(scenario.baseline)
    gap = v["loss"] + v["gain"] - v["harm"] - v["strain"]
    edge = (v["spoils"] - v["gain"]) / (v["spoils"] - v["gain"] + v["risk"] * gap)
    for patience, is_one in ((edge + F(1, 1000), True), (edge - F(1, 1000), False)):
        values = {**v, "patience": patience}
        assert scenario.assumptions[0].holds(**values) is is_one
        assert holds(scenario, symmetric("press", "press"), patience=patience) is is_one
