"""The search for families: samples, reasons, goals, and the same course every run."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest
import stories
from hypothesis import given
from hypothesis import strategies as st

import redlines as rl
from redlines.evidence import OURS, Assumption
from redlines.forms import every_belief_is_consistent
from redlines.parametric.regimes import admitted, regimes
from redlines.parametric.region import Region
from redlines.parametric.samples import samples
from redlines.parametric.search import Search, _few

TESTS = Path(__file__).parent


# ----------------------------------------------------------------------- small reasons
@given(
    st.integers(1, 12),
    st.lists(st.frozensets(st.integers(0, 11), min_size=1), min_size=1, max_size=4),
)
def test_a_reason_is_enough_and_none_of_it_can_be_left_out(size, reasons):
    reasons = [r & frozenset(range(size)) for r in reasons]
    reasons = [r for r in reasons if r] or [frozenset({0})]

    def enough(parts):
        return any(r <= set(parts) for r in reasons)

    found = _few(list(range(size)), enough)
    assert enough(found)
    assert not any(enough(less) for less in combinations(found, len(found) - 1))


def test_no_parts_have_no_reason():
    assert _few([], lambda parts: True) == []


# ----------------------------------------------------------------------------- samples
def region_of(game, given=()):
    region, _ = admitted(game, given)
    return region


def test_samples_are_admitted_different_and_the_same_again():
    given = ["c < V/2", "d > a"]
    found = list(samples(region_of(stories.line, given), 12))
    assert len(set(found)) == len(found) == 12
    assert all(region_of(stories.line, given).holds(point) for point in found)
    assert found == list(samples(region_of(stories.line, given), 12))


def test_samples_keep_to_a_condition():
    region = region_of(stories.line)
    distance = region.ring.symbol("V") - region.ring.constant(Fraction(7, 3))
    atom = region.plain(distance, "==")
    place = region.ring.names.index("V")
    found = list(samples(region, 5, atom))
    assert found
    assert {point[place] for point in found} == {Fraction(7, 3)}


def test_samples_of_a_point_are_one():
    @rl.game("US", "Russia")
    def fixed(play, x=rl.Positive("some")):
        play.pay({"US": x})

    assert list(samples(region_of(fixed, ["x == 3"]), 5)) == [(Fraction(3),)]


def test_samples_of_nothing_are_none():
    region = region_of(stories.line)
    never = region.plain(-region.ring.symbol("V"), ">")
    assert list(samples(region, 5, never)) == []


# ------------------------------------------------------------------------------- goals
@pytest.mark.parametrize("event", ["crossed", "enforced"])
def test_families_that_reach_an_event_are_those_of_all_that_do(event):
    game, given = stories.line, ["c < V/2", "d > a"]
    masks = game._tables.event_masks
    mask = 1 << game._event(event)
    goal = [n for n in game._tables.terminals if masks[n] & mask]
    everything = {f.path for f in Search(game, region_of(game, given)).families()}
    some = {f.path for f in Search(game, region_of(game, given)).families(goal)}
    expected = {
        f._found.path
        for f in regimes(game, given).families
        if str(f.probability(event)) != "0"
    }
    assert some == expected < everything


# ------------------------------------------------------------------- the same every run
RUN = """
import sys
sys.path.insert(0, {tests!r})
import redlines as rl, stories
found = rl.regimes(stories.line, ["d > a", "c < V/2"])
for family in found.families:
    print(family.name, family.condition, dict(family.witness))
print([str(r.condition) for r in found], found._search.candidates)
"""


def test_a_search_takes_the_same_course_in_every_process():
    code = RUN.format(tests=str(TESTS))
    texts = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(texts) == 1
    assert "semi-separating" in texts.pop()


# ------------------------------------------------------------------------ what is given
@rl.game("US", "Russia")
def greek(play, δ=rl.Positive("worth"), β=rl.Probability("how likely")):
    kind = play.draw("kind", {"a": β, "b": 1 - β}, seen_by="US")
    if play.move("Russia", "act", ["cross", "refrain"]) == "cross":
        play.mark("crossed")
        play.pay({"Russia": -δ if kind == "a" else 1})


def test_parameters_may_have_names_beyond_ascii():
    found = rl.regimes(greek)
    assert found.complete
    assert [str(f.condition) for f in found.families if f.open] == [
        "β <= 1/(δ + 1)",
        "β >= 1/(δ + 1)",
    ]
    holds = found.evaluate({"δ": [3, 4], "β": [0.1, 0.9]}).exists
    assert holds.sel(family="act cross").values.tolist() == [True, False]


def test_what_is_given_may_be_an_assumption_or_stand_alone():
    stated = Assumption("δ > 2", OURS, why="for this test")
    for said in (stated, [stated], "δ > 2", ["δ > 2"]):
        found = rl.regimes(greek, said)
        assert [str(r) for r in found.given] == ["δ > 2"]
        assert found.families[0].witness["δ"] > 2
    with pytest.raises(rl.UnknownLabel, match="gamma"):
        rl.regimes(greek, Assumption("gamma > 2", OURS, why="for this test"))


def test_a_region_keeps_what_it_was_asked():
    region = region_of(stories.line)
    assert isinstance(region, Region)
    atom = region.plain(region.ring.symbol("V") - region.ring.symbol("a"), ">")
    assert region.allows(atom)
    asked = region.questions
    assert region.allows(atom)
    assert region.questions == asked


# ------------------------------------------------------------------------- the concepts
def test_beliefs_are_free_in_signalling_games_and_not_where_trembles_tie_them():
    assert every_belief_is_consistent(stories.line)
    assert not every_belief_is_consistent(stories.deterrence)
    with pytest.raises(rl.Unsupported, match="weak perfect bayesian"):
        rl.regimes(stories.deterrence, concept="weak perfect bayesian")


def test_weak_regimes_of_a_signalling_game_are_the_sequential_ones():
    said = ["c < V/2", "d > a"]
    weak = rl.regimes(stories.line, said, "weak perfect bayesian")
    same = rl.regimes(stories.line, said)
    assert [str(f) for f in weak.families] == [str(f) for f in same.families]
    point = weak.families[0].witness
    game = stories.line.bind(**point)
    found = [e.support for e in weak.at(**point)]
    assert found == [e.support for e in rl.solve(game, "weak perfect bayesian")]
