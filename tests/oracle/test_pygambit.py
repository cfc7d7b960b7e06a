"""Small trees built in gambit too: what each finds, the other must accept."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice

import pygambit as gbt
import pytest
from oracle.brute import Tree
from oracle.trees import random_games

import redlines as rl

BATCH = 10


def translated(game):
    """The same tree in gambit; information sets are labelled as here."""
    tree = Tree(game)
    other = gbt.Game.new_tree(players=list(game.players))
    infosets = {}
    stack = [(tree.root, other.root)]
    while stack:
        point, node = stack.pop()
        kind = type(point.view).__name__
        if kind == "Terminal":
            values = [gbt.Rational(v.numerator, v.denominator) for v in point.payoffs]
            outcome = other.add_outcome(label=point.history, payoffs=values)
            other.set_outcome(node, outcome)
            continue
        options = list(point.children)
        if kind == "Chance":
            other.append_move(node, other.players.chance, options)
            shares = [Fraction(point.view.probabilities[o]) for o in options]
            other.set_chance_probs(
                node.infoset, [gbt.Rational(s.numerator, s.denominator) for s in shares]
            )
        else:
            label = point.view.infoset.label
            if label in infosets:
                other.append_infoset(node, infosets[label])
            else:
                other.append_move(node, point.view.player, options)
                infosets[label] = node.infoset
        # children of a node come in the order of its actions
        stack += zip(point.children.values(), list(node.children), strict=True)
    return other, infosets


def behaviour(profile):
    """What a profile of gambit's is at the information sets."""
    return profile.as_behavior() if hasattr(profile, "as_behavior") else profile


def read_back(profile, infosets):
    """A behaviour profile of gambit as `redlines.verify` takes it.

    At sets that the owner's own play excludes gambit may say nothing: even then.
    """
    strategy = {}
    for label, infoset in infosets.items():
        shares = [Fraction(str(profile[action])) for action in infoset.actions]
        if sum(shares) != 1:
            shares = [Fraction(1, len(shares))] * len(shares)
        names = (action.label for action in infoset.actions)
        strategy[label] = dict(zip(names, shares, strict=True))
    return strategy


def carried_over(equilibrium, other, infosets):
    """A profile of ours in gambit, exact."""
    profile = other.mixed_behavior_profile(rational=True)
    for rows in equilibrium.strategy.values():
        for label, row in rows.items():
            for action in infosets[label].actions:
                share = row[action.label]
                profile[action] = gbt.Rational(share.numerator, share.denominator)
    return profile


def games(seed, **sizes):
    return islice(random_games(seed, **sizes), BATCH)


@pytest.mark.parametrize("seed", range(3))
def test_equilibria_of_gambit_are_nash_for_the_referee(seed):
    for game in games(seed, most=6):
        other, infosets = translated(game)
        results = [
            gbt.nash.enumpure_solve(other).equilibria,
            gbt.nash.lcp_solve(other).equilibria,
            gbt.nash.enummixed_solve(other).equilibria,
        ]
        for profile in (p for found in results for p in found):
            strategy = read_back(behaviour(profile), infosets)
            certificate = rl.verify(game, strategy, concept="nash")
            assert certificate, f"{certificate}\n{game}"


@pytest.mark.parametrize("seed", range(3))
def test_sequential_equilibria_have_no_regret_in_gambit(seed):
    for game in games(10 + seed):
        other, infosets = translated(game)
        for element in rl.solve(game, "sequential")[:15]:
            profile = carried_over(element, other, infosets)
            assert profile.max_regret() == 0, f"{element}\n{game}"
            for player in game.players:
                ours = element.payoffs[player]
                assert Fraction(str(profile.payoff(player))) == ours


@pytest.mark.parametrize("seed", range(3))
def test_pure_nash_equilibria_are_as_many_as_in_gambit(seed):
    for game in games(20 + seed, most=6):
        other, infosets = translated(game)
        theirs = gbt.nash.enumpure_solve(other).equilibria
        ours = rl.solve(game, "nash", method="pure strategies")
        assert len(ours) == len(theirs), f"\n{game}"
        for profile in theirs:
            strategy = read_back(behaviour(profile), infosets)
            assert any(e.contains(strategy) for e in ours), f"{strategy}\n{game}"


@pytest.mark.parametrize("seed", range(2))
def test_pure_agent_equilibria_hold_every_subgame_perfect_one(seed):
    for game in games(30 + seed, perfect=True):
        other, infosets = translated(game)
        theirs = gbt.nash.enumpure_agent_solve(other).equilibria
        listed = [read_back(profile, infosets) for profile in theirs]
        ours = rl.solve(game, "subgame perfect")
        perfect = [
            s for s in listed if rl.verify(game, s, concept="subgame perfect").holds
        ]
        assert perfect
        for strategy in listed:
            inside = any(e.contains(strategy) for e in ours)
            assert inside == (strategy in perfect), f"{strategy}\n{game}"
