"""What a maximal Nash subset leaves open, on matrices and off the path of trees."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import islice

import pytest
from oracle.trees import random_games
from stories import chain_store, line

import redlines as rl

TIED = ([[1, 1, 0], [1, 0, 0]], [[1, 1, 1], [1, 0, 0]])


def nash(game):
    solution = rl.solve(game, "nash")
    assert solution.complete
    return solution


def mixed(subset, rng):
    """A random mixture of a subset's strategies, player by player, as behaviour."""
    game = subset.whole.game
    plans = {}
    for player in game.players:
        weights = [rng.randrange(1, 5) for _ in subset]
        own = [h for h, row in game.infosets.items() if row.player == player]
        plans[player] = dict.fromkeys(own)
        # weights of own sequences, which mixtures average
        reach = []
        for member in subset:
            row = {}
            for label in own:
                facts = game.infosets[label].nodes[0].history.split(", ")
                come = Fraction(1)
                for before in own:
                    name = game.infosets[before].name
                    done = [f for f in facts if f.startswith(f"{name}=")]
                    if done and before != label:
                        action = done[0].partition("=")[2]
                        come *= member.strategy[player][before].get(action, 0)
                row[label] = come
            reach.append(row)
        for label in own:
            total = sum(w * r[label] for w, r in zip(weights, reach, strict=True))
            shares = {}
            for action in game.infosets[label].actions:
                part = sum(
                    w * r[label] * m.strategy[player][label][action]
                    for w, r, m in zip(weights, reach, subset, strict=True)
                )
                even = Fraction(1, len(game.infosets[label].actions))
                shares[action] = part / total if total else even
            plans[player][label] = shares
    return plans


def test_the_threat_that_still_deters_is_a_range():
    solution = nash(chain_store)
    (deterred,) = (
        s for s in solution.maximal_nash_subsets if s[0].payoffs["Entrant"] == 1
    )
    reply = "reply [enter=in]"
    assert str(deterred.free[reply]["fight"]) == "[1/2, 1]"
    assert deterred.range(rl.payoff("Entrant")).is_point
    for fight, inside in (("1/2", True), ("3/4", True), ("1", True), ("1/4", False)):
        shares = {"fight": fight, "share": 1 - Fraction(fight)}
        assert deterred.contains({"enter": "out", reply: shares}) == inside
    assert not deterred.contains({"enter": "in", reply: "share"})
    assert "fight in [1/2, 1]" in str(deterred)
    assert repr(deterred) == "<NashSubset of 2 extreme equilibria>"


def test_ranges_at_sets_that_the_other_excludes_and_at_those_that_own_play_excludes():
    solution = nash(line.bind(p="1/4", V=4, k=1, a=2, c=1, d=3))
    refrains = [
        s
        for s in solution.maximal_nash_subsets
        if s[0].support["declare [type=resolved]"] == ("line",)
        and s[0].support["act [declare=line]"] == ("refrain",)
    ]
    (subset,) = refrains
    free = subset.free
    assert str(free["act [declare=silent]"]["cross"]) == "[1/3, 1]"
    threat = "answer [type=irresolute, declare=line, act=cross]"
    assert str(free[threat]["enforce"]) == "[1/3, 1]"
    idle = "answer [type=resolved, declare=silent, act=cross]"
    assert str(free[idle]["enforce"]) == "[0, 1]"
    assert free.relations == (
        "US mixes 5 strategies, so its choices at different sets go together",
    )
    assert str(subset.range("crossed")) == "0"
    assert subset.range(rl.P("enforced", given="crossed")) is None


def test_payoffs_range_over_a_subset_between_extreme_equilibria():
    for subset in nash(rl.Game.from_bimatrix(*TIED)).maximal_nash_subsets:
        for player in ("Row", "Column"):
            values = [e.payoffs[player] for e in subset]
            assert tuple(subset.range(rl.payoff(player))) == (min(values), max(values))


def test_where_nothing_is_at_stake_the_one_subset_is_everything():
    (subset,) = nash(
        rl.Game.from_bimatrix([[1, 1]] * 2, [[2, 2]] * 2)
    ).maximal_nash_subsets
    assert {str(r) for row in subset.free.values() for r in row.values()} == {"[0, 1]"}
    third = {"1": "1/3", "2": "2/3"}
    assert subset.contains({"Row": third, "Column": third})


def test_an_isolated_equilibrium_leaves_nothing_open():
    for subset in nash(
        rl.Game.from_bimatrix([[3, 1], [4, 0]], [[3, 4], [1, 0]])
    ).maximal_nash_subsets:
        assert len(subset) == 1
        assert str(subset.free) == "nothing is free"
        assert subset.whole.strategy == subset[0].strategy


@pytest.mark.parametrize("seed", range(3))
def test_mixtures_belong_to_a_subset_and_lie_in_its_ranges(seed):
    rng, several = random.Random(seed), 0
    for game in islice(random_games(seed, most=6), 10):
        for subset in nash(game).maximal_nash_subsets:
            assert subset.whole.regret == 0
            assert subset.contains(subset.whole.strategy)
            several += len(subset) > 1
            play = mixed(subset, rng)
            assert rl.verify(game, play, concept="nash"), f"{play}\n{game}"
            assert subset.contains(play)
            for label, row in subset.free.strategy.items():
                player = game.infosets[label].player
                for action, range_ in row.items():
                    assert play[player][label][action] in range_
    assert several
