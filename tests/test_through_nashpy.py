"""nashpy's solvers by name: exact where they are right, and said to lose equilibria."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from stories import chain_store, pennies_inside

import redlines as rl
from redlines.solvers.through_nashpy import NashpyLemkeHowson

SUPPORTS = "nashpy support enumeration"
VERTICES = "nashpy vertex enumeration"
PATHS = "nashpy lemke howson"
METHODS = (SUPPORTS, VERTICES, PATHS)
CHICKEN = rl.Game.from_bimatrix([[3, 1], [4, 0]], [[3, 4], [1, 0]])


def flat(equilibrium):
    return {h: dict(row) for p in equilibrium.strategy.values() for h, row in p.items()}


def mixtures(solution):
    return {str(flat(e)) for e in solution}


@pytest.mark.parametrize("method", METHODS)
def test_what_is_listed_is_exact_and_never_called_complete(method):
    solution = rl.solve(CHICKEN, "nash", method=method)
    assert solution.method == method
    assert not solution.complete
    assert solution.count is None
    assert solution.components is None
    assert solution.maximal_nash_subsets is None
    assert "loses equilibria where there are ties" in solution.reason
    assert mixtures(solution) <= mixtures(rl.solve(CHICKEN, "nash"))
    assert all(e.regret == 0 for e in solution)
    assert len(solution) == (2 if method == PATHS else 3)
    thirds = [e for e in solution if e.strategy["Row"]["Row"]["1"] not in (0, 1)]
    for e in thirds:
        assert e.strategy["Row"]["Row"]["1"] == Fraction(1, 2)


@pytest.mark.parametrize("method", METHODS)
def test_on_random_games_everything_listed_is_an_equilibrium(method):
    rng, lost = random.Random(method), 0
    for number in range(15):
        tied = number % 2
        m, n = rng.randint(2, 3), rng.randint(2, 3)
        top = 2 if tied else 999
        a, b = (
            [[rng.randint(0, top) for _ in range(n)] for _ in range(m)] for _ in "ab"
        )
        game = rl.Game.from_bimatrix(a, b)
        all_of_them = rl.solve(game, "nash")
        solution = rl.solve(game, "nash", method=method)
        assert solution.status.name in ("SOLVED", "NOT_FOUND", "BACKEND")
        for e in solution:
            assert e.regret == 0
            assert any(s.contains(e.strategy) for s in all_of_them.maximal_nash_subsets)
        missing = mixtures(all_of_them) - mixtures(solution)
        lost += bool(missing)
        if not tied and method != PATHS:
            assert not missing, (a, b, solution.reason)
    assert lost or method == VERTICES


@pytest.mark.parametrize("method", METHODS)
def test_one_can_be_asked_for_and_trees_are_taken(method):
    for game in (chain_store, pennies_inside):
        solution = rl.solve(game, "nash", method=method, coverage="one")
        assert len(solution) == 1
        assert rl.verify(game, solution[0].strategy, concept="nash")


def test_they_are_never_chosen_unless_named():
    big = rl.Game.from_bimatrix([[0] * 40] * 40, [[0] * 40] * 40)
    assert rl.solve(big, "nash").method not in METHODS
    with pytest.raises(rl.Unsupported, match="at most 16 together"):
        rl.solve(big, "nash", method=SUPPORTS)
    row = rl.Game.from_bimatrix([[1, 2, 3]], [[3, 2, 1]])
    with pytest.raises(rl.Unsupported, match="2 reduced strategies of each player"):
        rl.solve(row, "nash", method=VERTICES)
    assert len(rl.solve(row, "nash", method=SUPPORTS)) == 1


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("scale", ["1e-300", "1e300", "123456789012345678901/7"])
def test_scale_does_not_matter(method, scale):
    factor = Fraction(scale)
    game = rl.Game.from_bimatrix(
        [[3 * factor, factor], [4 * factor, 0]], [[3, 4], [1, 0]]
    )
    assert mixtures(rl.solve(game, "nash", method=method)) == mixtures(
        rl.solve(CHICKEN, "nash", method=method)
    )


def test_what_is_no_equilibrium_exactly_is_left_out_and_counted(monkeypatch):
    import numpy as np

    def wrong(self, one, other):
        yield np.array([0.5, 0.5]), np.array([1.0, 0.0])
        yield np.array([0.5]), np.array([1.0, 0.0])
        yield np.array([np.nan, 0.5]), np.array([1.0, 0.0])
        yield np.array([1.0, 0.0]), np.array([0.0, 1.0])
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr(NashpyLemkeHowson, "profiles", wrong)
    solution = rl.solve(CHICKEN, "nash", method=PATHS)
    assert len(solution) == 1
    assert "3 of its answers were none exactly" in solution.reason
    assert "failed with ZeroDivisionError: on purpose" in solution.reason
    assert solution.status.name == "BACKEND"


def test_limits_are_said():
    idle = rl.Game.from_bimatrix([[0] * 3] * 3, [[0] * 3] * 3)
    for options in ({"limit": 2}, {"time_limit": 0}):
        solution = rl.solve(idle, "nash", method=SUPPORTS, **options)
        assert solution.status.name == "LIMIT"
        assert 1 <= len(solution) <= 2
        assert "stopped" in solution.reason
