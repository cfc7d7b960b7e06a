"""Which rankings make a state an equilibrium, against trying all of them."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_graph_model import CC, CHICKEN, DD, models

import redlines as rl
from redlines.sanctions import STABILITIES


def weak_orders(states, ties):
    """Every ranking, best first."""
    if not states:
        yield []
        return
    sizes = range(1, len(states) + 1) if ties else [1]
    for size in sizes:
        for top in itertools.combinations(states, size):
            rest = [s for s in states if s not in top]
            for others in weak_orders(rest, ties):
                yield [list(top), *others]


def tried(model, state, concept, ties, allowed):
    """How many pairs of rankings there are, and how many make it an equilibrium."""
    pairs = [
        dict(zip(model.players, pair, strict=True))
        for pair in itertools.product(weak_orders(model.states, ties), repeat=2)
    ]
    ranked = [rl.GraphModel(model.states, model.moves, pair) for pair in pairs]
    ranked = [m for m in ranked if allowed(m)]
    good = [m for m in ranked if rl.verify(m, state, concept=concept)]
    return len(good), len(ranked), good


@given(models(largest=3), st.sampled_from(STABILITIES), st.booleans())
@settings(max_examples=60, deadline=None)
def test_counts_are_those_of_trying_every_ranking(model, concept, ties):
    state = model.states[-1]
    found = rl.stabilizing_rankings(model, state, concept, ties=ties)
    good, every, _ = tried(model, state, concept, ties, lambda m: True)
    assert (found.count, found.total) == (good, every)


@pytest.mark.parametrize("concept", STABILITIES)
@pytest.mark.parametrize("ties", [False, True])
def test_what_is_given_is_kept_to(concept, ties):
    model = rl.GraphModel(
        ["a", "b", "c"],
        {
            "A": {"a": ["b", "c"], "b": ["a"], "c": ["b"]},
            "B": {"b": ["a", "c"], "c": ["a"], "a": ["c"]},
        },
    )

    def allowed(m):
        return (
            m.rank["A"]["b"] > m.rank["A"]["a"] and m.rank["B"]["c"] >= m.rank["B"]["b"]
        )

    found = rl.stabilizing_rankings(
        model, "a", concept, given={"A": "b > a", "B": ["b <= c"]}, ties=ties
    )
    good, every, members = tried(model, "a", concept, ties, allowed)
    assert (found.count, found.total) == (good, every)
    assert all(found.holds({p: m.ranking(p) for p in m.players}) for m in members)
    if good:
        example = found.example
        assert allowed(example)
        assert rl.verify(example, "a", concept=concept)
    else:
        assert found.example is None


def test_a_dilemma_may_rest_in_cooperation_for_what_follows_defection():
    found = rl.stabilizing_rankings(
        CHICKEN,
        CC,
        "gmr",
        given={"Row": f"D, C > {CC}", "Column": f"C, D > {CC}"},
        ties=False,
    )
    assert [[str(c) for c in row] for row in found.alternatives] == [
        [f"Row: {CC} >= {DD}", f"Column: {CC} >= {DD}"]
    ]
    # of the 12 rankings with D, C above C, C, 4 have D, D below it
    assert found.share == Fraction(4, 12) ** 2
    assert "16 of 144" in str(found)


def test_a_state_that_nobody_can_leave_needs_nothing():
    model = rl.GraphModel(["x", "y"], {"A": {}, "B": {}})
    found = rl.stabilizing_rankings(model, "x")
    assert found.alternatives == ((),)
    assert found.share == 1
    assert "under every ranking" in str(found)
    assert found.count == 9


def test_no_ranking_at_all_is_said_to_be_none():
    model = rl.GraphModel(["x", "y"], {"A": {"x": ["y"]}, "B": {}})
    found = rl.stabilizing_rankings(model, "x", given={"A": "y > x"})
    assert found.alternatives == ()
    assert (found.count, found.example) == (0, None)
    assert "under no ranking" in str(found)


def test_what_clashes_is_named_and_nothing_else():
    with pytest.raises(rl.ContradictoryAssumptions) as error:
        rl.stabilizing_rankings(
            CHICKEN,
            CC,
            given={"Row": [f"{CC} > {DD}", "C, D >= D, C", f"{DD} >= {CC}"]},
        )
    assert "'C, C > D, D' and 'D, D >= C, C'" in str(error.value)
    assert "C, D >= D, C" not in str(error.value)
    with pytest.raises(rl.ContradictoryAssumptions, match="without ties"):
        rl.stabilizing_rankings(CHICKEN, CC, given={"Row": f"{CC} = {DD}"}, ties=False)


def test_wrong_names_are_refused():
    with pytest.raises(rl.UnknownLabel, match="no state 'X'"):
        rl.stabilizing_rankings(CHICKEN, "X")
    with pytest.raises(rl.UnknownLabel, match="no player 'Z'"):
        rl.stabilizing_rankings(CHICKEN, CC, given={"Z": []})
    with pytest.raises(rl.Unsupported, match="no stability"):
        rl.stabilizing_rankings(CHICKEN, CC, "sequential")
    with pytest.raises(rl.UnknownLabel, match="no state 'C'"):
        rl.stabilizing_rankings(CHICKEN, CC, given={"Row": "C > D"})


def test_states_that_do_not_matter_are_counted_all_the_same():
    states = [str(k) for k in range(30)]
    model = rl.GraphModel(states, {"A": {"0": ["1"]}, "B": {}})
    assert rl.stabilizing_rankings(model, "0", ties=False).share == Fraction(1, 2)
    few = rl.GraphModel(states[:4], {"A": {"0": ["1"]}, "B": {}})
    found = rl.stabilizing_rankings(few, "0")
    good, every, _ = tried(few, "0", "nash", True, lambda m: True)
    assert (found.count, found.total) == (good, every)
    # 75 weak orders of four states
    assert every == 75**2


def test_too_many_rankings_are_described_and_not_counted():
    states = [str(k) for k in range(20)]
    moves = {p: {"0": states[1:]} for p in ("A", "B")}
    found = rl.stabilizing_rankings(rl.GraphModel(states, moves), "0")
    assert len(found.alternatives) == 1
    assert len(found.alternatives[0]) == 38
    assert found.count is found.share is None
    assert "too many rankings to count" in str(found)
