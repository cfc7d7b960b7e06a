"""One-shot games: sequential equilibria are the Nash equilibria that others list."""

from __future__ import annotations

import random
import warnings
from fractions import Fraction

import nashpy
import numpy as np
import pytest
import quantecon.game_theory as qe

import redlines as rl

SHAPES = [(2, 2), (2, 3), (3, 3), (3, 4), (4, 4)]


def generic(rng, shape):
    """Payoffs so spread that ties have no chance to matter."""
    return [
        [[rng.randrange(-999, 999) for _ in range(shape[1])] for _ in range(shape[0])]
        for _ in range(2)
    ]


def ours(game):
    solution = rl.solve(game, "sequential")
    assert solution.complete
    found = []
    for element in solution:
        assert element.regret == 0
        assert not element.free.strategy
        rows = [list(element.strategy[p][p].values()) for p in ("Row", "Column")]
        found.append(tuple(float(x) for row in rows for x in row))
    return sorted(found)


def alike(one, other):
    return len(one) == len(other) and np.allclose(one, other, atol=1e-9)


def rounded(profiles):
    """Their profiles as tuples; rounding keeps tiny numbers from spoiling the order."""
    return sorted(
        tuple(round(float(x), 12) + 0.0 for x in (*row, *column))
        for row, column in profiles
    )


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("method", ["vertices by nashpy", "supports by quantecon"])
def test_all_equilibria_of_generic_games_are_those_of(method, shape):
    rng = random.Random(f"{method} {shape}")
    for _ in range(5):
        a, b = generic(rng, shape)
        found = ours(rl.Game.from_bimatrix(a, b))
        if method == "vertices by nashpy":
            theirs = nashpy.Game(np.array(a), np.array(b)).vertex_enumeration()
        else:
            sides = (np.array(a, float), np.array(b, float).T)
            theirs = qe.support_enumeration(
                qe.NormalFormGame([qe.Player(side) for side in sides])
            )
        assert alike(found, rounded(theirs)), (a, b)


def test_equilibria_of_degenerate_games_hold_every_vertex():
    rng = random.Random(7)
    for _ in range(25):
        shape = rng.choice([(2, 2), (2, 3), (3, 3)])
        a, b = (
            [[rng.randrange(3) for _ in range(shape[1])] for _ in range(shape[0])]
            for _ in range(2)
        )
        game = rl.Game.from_bimatrix(a, b)
        solution = rl.solve(game, "sequential")
        assert solution.complete
        with warnings.catch_warnings():
            # that the game is degenerate is the point
            warnings.simplefilter("ignore")
            found = nashpy.Game(np.array(a), np.array(b)).vertex_enumeration()
            theirs = [(list(r), list(c)) for r, c in found]
        for row, column in theirs:
            strategy = {}
            for name, shares in (("Row", row), ("Column", column)):
                exact = [Fraction(float(x)).limit_denominator(1000) for x in shares]
                actions = game.infosets[name].actions
                strategy[name] = dict(zip(actions, exact, strict=True))
            if rl.verify(game, strategy, concept="nash"):
                assert sum(e.contains(strategy) for e in solution) == 1, (
                    a,
                    b,
                    strategy,
                )


def test_weak_and_sequential_agree_on_one_shot_games():
    rng = random.Random(11)
    for _ in range(20):
        a, b = (
            [[rng.randrange(3) for _ in range(3)] for _ in range(3)] for _ in range(2)
        )
        game = rl.Game.from_bimatrix(a, b)
        listed = [
            sorted(str(dict(e.support)) for e in rl.solve(game, concept))
            for concept in ("sequential", "weak perfect bayesian")
        ]
        assert listed[0] == listed[1], (a, b)
