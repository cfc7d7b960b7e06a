"""Payoff sets of repeated games against QuantEcon's floating-point ones."""

from __future__ import annotations

import warnings
from fractions import Fraction

import numpy as np
import quantecon.game_theory as theory
from scipy.spatial import QhullError

import redlines as rl

ANGLES = np.linspace(0, 2 * np.pi, 33)
DIRECTIONS = np.stack([np.cos(ANGLES), np.sin(ANGLES)])


def theirs(a, b, factor):
    """The corners of QuantEcon's set; none where it finds that nothing is left."""
    players = [theory.Player(np.array(a, float)), theory.Player(np.array(b, float).T)]
    game = theory.RepeatedGame(theory.NormalFormGame(players), float(factor))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            hull = game.equilibrium_payoffs()
        except ValueError as error:
            if "no incentive-compatible payoff" not in str(error):
                raise
            return np.zeros((0, 2))
    return np.asarray(hull.points)[hull.vertices]


def test_random_games_have_the_sets_that_quantecon_finds():
    rng = np.random.default_rng(1)
    compared = 0
    for _ in range(30):
        shape = rng.integers(2, 4, 2)
        a, b = rng.integers(0, 8, (2, *shape)).tolist()
        factor = Fraction(int(rng.integers(3, 9)), 10)
        try:
            corners = theirs(a, b, factor)
        except QhullError:  # it has no answer for sets without an inner point
            continue
        game = rl.RepeatedGame(rl.Game.from_bimatrix(a, b), factor)
        solution = rl.solve(game, "subgame perfect")
        if not len(corners):
            assert solution.complete
            assert not len(solution)
            continue
        (answer,) = solution
        if not answer.outer.area:  # nor are its corners right to a tolerance there
            continue
        ours = np.array([[float(x) for x in v] for v in answer.outer])
        reach = (ours @ DIRECTIONS).max(0) - (corners @ DIRECTIONS).max(0)
        assert np.abs(reach).max() < 1e-6
        compared += 1
    assert compared >= 6
