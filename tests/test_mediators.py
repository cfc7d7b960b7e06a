"""What the mediators find: one ends needless war where talks do not."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import redlines as rl
from redlines import RUSSIA, US
from redlines.scenarios.mediators import TOLD, deterred, honest, mediators, worth

REMAINS, LIKELIER, LESS = (
    "without a mediator, some needless war remains",
    "the likelier it is that a side is resolved, the likelier is a war",
    "the likelier it is that a side is resolved, the less likely is a needless war",
)
SOMETHING = "resolved*(cost_irresolute - concession) < (1 - resolved)*gain"


@pytest.fixture(scope="module")
def scenario():
    return rl.load("mediators")


# ------------------------------------------------------------------------ the claims
def test_without_a_mediator_some_needless_war_remains_by_the_statement(scenario):
    assert scenario.verdict(REMAINS).name == "always"
    found = scenario.hinges(REMAINS)
    assert found.pivotal == ("suponina-mediators",)
    assert not found.trivial
    others = dict(found.otherwise)
    assert others["resolve=open rather than private [suponina-mediators]"] == (
        "sometimes"
    )


def test_under_the_other_reading_nothing_is_left_to_mediate(scenario):
    likely = {**scenario.baseline, "resolved": Fraction(1, 2)}
    (other,) = [a.otherwise for a in scenario.assumptions if a.relation == SOMETHING]
    assert other.holds(**likely)
    given = [a for a in scenario.assumptions if a.relation != SOMETHING]
    verdict = rl.check(scenario.game, scenario.claims[REMAINS], [*given, other])
    assert verdict.name == "never"


def test_likelier_resolve_means_likelier_war_but_not_likelier_needless_war(scenario):
    assert scenario.verdict(LIKELIER).name == "always"
    assert scenario.verdict(LESS).name == "sometimes"


def test_likelier_resolve_flips_the_lead_beyond_the_closed_form(scenario):
    found = {(f.parameter, f.side): f for f in scenario.flips()}
    flip = found["resolved", "above"]
    assert flip.value == deterred(scenario.baseline)
    assert flip.after == "true in none"
    assert not any(f.admitted for f in found.values())


# ------------------------------------------------------------- with and without one
def test_at_the_baseline_a_mediator_ends_what_talks_leave(scenario):
    alone, told = (worth(scenario.baseline, talks=t) for t in ("none", "told"))
    assert alone.mediated.low == told.mediated.low == 0
    assert alone.unmediated.low == told.unmediated.low > 0
    assert alone.lowest.probability("needless war") == 0


LOTTERY = {
    ("resolved", "resolved"): {("stand", "stand"): 1},
    ("resolved", "irresolute"): {("stand", "yield"): 1},
    ("irresolute", "resolved"): {("yield", "stand"): 1},
    ("irresolute", "irresolute"): {
        ("stand", "yield"): "1/2",
        ("yield", "stand"): "1/2",
    },
}


@pytest.mark.parametrize(
    ("resolved", "holds"), [("1/5", False), ("3/13", True), ("1/4", True)], ids=str
)
def test_a_fair_lottery_between_the_irresolute_ends_needless_war(
    scenario, resolved, holds
):
    """From 3/13 on it does not pay to pass for resolved."""
    assert honest(scenario.baseline) == Fraction(3, 13)
    told = scenario.game.bind(**{**scenario.baseline, "resolved": resolved})
    assert bool(rl.verify(told, LOTTERY, concept="communication")) == holds


def test_talks_end_needless_war_in_no_equilibrium_at_the_baseline(scenario):
    solution = rl.solve(TOLD.bind(**scenario.baseline), "sequential")
    assert solution.complete
    for family in solution.families:
        assert family.range("needless war").low > 0


def test_a_war_of_two_resolved_sides_is_beyond_a_mediator(scenario):
    found = worth(scenario.baseline, "war")
    assert found.mediated.low == scenario.baseline["resolved"] ** 2


chances = st.fractions(Fraction(1, 30), Fraction(29, 30), max_denominator=30)


@settings(max_examples=25, deadline=None)
@given(chances, st.integers(1, 8), st.integers(1, 8), st.integers(1, 12))
def test_both_thresholds_are_where_the_closed_forms_say(
    resolved, gain, concession, more
):
    """From one on a mediator ends needless war, from the other on it is not needed."""
    values = {
        "resolved": resolved,
        "gain": Fraction(gain),
        "concession": Fraction(concession),
        "cost_resolved": Fraction(concession, 2),
        "cost_irresolute": Fraction(concession + more),
    }
    found = worth(values)
    assert honest(values) <= deterred(values)
    assert (found.mediated.low == 0) == (resolved >= honest(values))
    assert (found.unmediated.low == 0) == (resolved >= deterred(values))
    assert found.mediated.low <= found.unmediated.low


def test_a_mediator_is_worth_most_where_resolve_is_neither_rare_nor_likely(scenario):
    finding = scenario.study("Where a mediator is worth most")
    head, *rows = finding.table
    lowered = [Fraction(row[head.index("worth")]) for row in rows]
    assert lowered[0] < max(lowered) > lowered[-1] == 0
    assert "these closed forms fit every value tried" in finding.says
    assert "Talks by the US lower it at none of 8" in finding.says


def test_the_study_at_the_baseline_says_what_is_found(scenario):
    finding = scenario.study("What a mediator is worth")
    assert "probability 0 with a mediator" in finding.says
    assert "do not lower that" in finding.says


# ------------------------------------------------------------------------- the words
def test_the_findings_describe_the_equilibria(scenario):
    solution = scenario.solve()
    assert len(solution.families) == 3
    stands = [
        tuple(
            e.strategy[side][f"{side} acts [{side}=irresolute]"].get("stand", 0)
            for side in (US, RUSSIA)
        )
        for e in solution
    ]
    assert sorted(stands) == sorted([(0, 1), (1, 0), stands[1]])
    assert all(0 < chance < 1 for chance in stands[1])


def test_unknown_ways_to_talk_or_to_know_are_refused():
    with pytest.raises(rl.UnknownLabel, match="told"):
        mediators(talks="shouted")
    with pytest.raises(rl.UnknownLabel, match="private"):
        mediators(resolve="guessed")
