"""Whether two messages reveal sincerity, and what selects among equilibria."""

from __future__ import annotations

import pytest

import redlines as rl

NEVER = "after mixed signals Russia is never in earnest"


@pytest.fixture(scope="module")
def scenario():
    return rl.load("mixed_signals")


def solved(scenario, form="none", refine=None, **values):
    """Every equilibrium at the baseline with some values moved."""
    options = {"refine": refine} if refine else {}
    bound = scenario.forms[form].bind(**{**scenario.baseline, **values})
    solution = rl.solve(bound, "sequential", **options)
    assert solution.complete
    return solution


def test_mixed_signals_are_never_believed(scenario):
    assert scenario.verdict(NEVER).name == "always"


def test_that_hangs_on_the_doubt_and_on_who_hears(scenario):
    found = scenario.hinges(NEVER)
    assert not found.trivial
    assert found.pivotal == ("article-mixed-signals",)
    text = str(found)
    for other in (
        "sincere*gain > (1 - sincere)*exposure [article-mixed-signals]: sometimes",
        "respite > settlement [ours]: always",
        "talks=overheard rather than unheard [article-mixed-signals]: never",
    ):
        assert other in text


def test_a_stalling_us_is_kept_out_by_the_price_of_a_public_opening(scenario):
    verdict = scenario.verdict("a stalling US never draws Russia into earnest talks")
    assert verdict.name == "sometimes"
    assert solved(scenario, outside=3)[0].probability("drawn in") == 0
    assert max(e.probability("drawn in") for e in solved(scenario, outside=1)) > 0


def test_whether_a_sincere_us_is_met_turns_on_the_equilibrium(scenario):
    verdict = scenario.verdict("a sincere US is always met in earnest")
    assert verdict.name == "sometimes"
    assert verdict.turns_on_selection


def test_the_doubt_has_to_end_before_mixed_signals_are_believed(scenario):
    flips = {flip.parameter: flip for flip in scenario.flips() if flip.value}
    assert set(flips) == {"sincere", "exposure"}
    assert not any(flip.admitted for flip in flips.values())


@pytest.mark.parametrize("form", ["unheard", "none"])
@pytest.mark.parametrize("refine", ["intuitive criterion", "D1"])
def test_both_refinements_select_the_opening_at_the_baseline(scenario, form, refine):
    found = solved(scenario, form, refine)
    assert {e.probability("missed") for e in found} == {0}
    assert {e.probability("drawn in") for e in found} == {0}
    assert len(found.removed) > 0


def test_only_d1_selects_where_the_opening_is_cheap(scenario):
    missed = {
        refine: {
            e.probability("met") > 0
            for e in solved(scenario, "none", refine, outside=1)
        }
        for refine in ("intuitive criterion", "D1")
    }
    assert missed == {"intuitive criterion": {True, False}, "D1": {True}}


def test_the_study_says_where_each_refinement_leaves_nobody_open(scenario):
    finding = scenario.study("Which refinement selects")
    assert [row[:2] for row in finding.table[1:]] == [
        ["none", "always"],
        ["intuitive criterion", "outside <= respite or outside >= settlement"],
        ["D1", "outside >= settlement"],
    ]


def test_private_words_add_nothing_unless_they_cost_something(scenario):
    finding = scenario.study("What private words add")
    assert "stays there adds nothing" in finding.says
    rows = {row[0]: row[1:] for row in finding.table}
    assert rows["unheard"][:2] == rows["none"][:2]
    assert rows["unheard"][2] == "0"
    assert rows["overheard"][2] == "1"


def test_an_unknown_kind_of_talks_is_refused(scenario):
    with pytest.raises(rl.UnknownLabel, match="overheard"):
        scenario.game(talks="televised")
