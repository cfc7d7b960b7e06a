"""Many games at once give what each of them gives by itself."""

from __future__ import annotations

import numpy as np
import pytest

import redlines as rl


def alone(a, b):
    """Extreme equilibria in exact arithmetic, rounded."""
    solution = rl.solve(rl.Game.from_bimatrix(a, b), "nash")
    assert solution.complete
    return sorted(
        [float(s) for p in ("Row", "Column") for s in e.strategy[p][p].values()]
        for e in solution
    )


def listed(batch, game):
    both = np.concatenate([batch.x[game], batch.y[game]], axis=1)
    assert not both[batch.count[game] :].any()
    return sorted(both[: batch.count[game]].tolist())


def same(batch, a, b):
    for game in range(len(a)):
        assert batch.status[game] in ("regular", "exact")
        expected, found = alone(a[game], b[game]), listed(batch, game)
        assert len(found) == len(expected), (a[game], b[game])
        # near a tie the order of two that differ in rounding is anybody's
        np.testing.assert_allclose(found, expected, atol=1e-7)


SHAPES = [(1, 1), (1, 3), (2, 2), (2, 3), (3, 3), (4, 2), (3, 4), (4, 4), (5, 4)]


@pytest.mark.parametrize("shape", SHAPES)
def test_random_games(shape):
    a, b = np.random.default_rng(shape).random((2, 60, *shape))
    batch = rl.solve_many(a, b)
    same(batch, a, b)
    if max(shape) <= 4:
        assert (batch.status == "regular").all() or shape == (1, 1)


@pytest.mark.parametrize("shape", SHAPES)
def test_games_with_ties_are_found_out(shape):
    a, b = np.random.default_rng(shape).integers(0, 3, (2, 60, *shape)).astype(float)
    same(rl.solve_many(a, b), a, b)


def test_what_is_nearly_tied_is_not_taken_for_regular():
    a = np.array([[[1.0, 0.0], [1.0 + 1e-14, 0.0]]])
    b = np.zeros((1, 2, 2))
    batch = rl.solve_many(a, b)
    assert batch.status.tolist() == ["exact"]
    same(batch, a, b)


@pytest.mark.parametrize("scale", [1e-300, 1e-9, 1e9, 1e300])
def test_scale_does_not_matter(scale):
    a, b = np.random.default_rng(1).random((2, 20, 3, 3))
    small = rl.solve_many(a * scale, b)
    assert (small.count == rl.solve_many(a, b).count).all()


def test_large_payoffs_that_differ_by_little_are_read_exactly():
    a, b = np.random.default_rng(1).random((2, 20, 2, 2))
    batch = rl.solve_many(a + 1e12, b)
    assert (batch.status == "exact").all()
    same(batch, a + 1e12, b)


def test_large_and_small_payoffs_together():
    rng = np.random.default_rng(5)
    a, b = rng.choice([1e9, 1e-9], (2, 40, 3, 3)) * rng.integers(-3, 4, (2, 40, 3, 3))
    same(rl.solve_many(a, b), a, b)


def test_one_game_alone_is_read_as_it_is():
    # beyond what is scaled, and so near a tie that scaling would lose the difference
    tiny = 1e-300 * np.eye(2)[None]
    same(rl.solve_many(tiny, tiny), tiny, tiny)
    near = np.array([[[1e12, 0.5], [1e12 + 0.001, 0.25]]])
    same(rl.solve_many(near, -near), near, -near)


def test_order_does_not_depend_on_the_other_games():
    a, b = np.random.default_rng(2).random((2, 5000, 2, 2))
    whole = rl.solve_many(a, b)
    for game in (0, 17, 4095, 4096, 4999):
        (part,) = (rl.solve_many(a[game : game + 1], b[game : game + 1]),)
        count = part.count[0]
        assert count == whole.count[game]
        assert (part.x[0] == whole.x[game, :count]).all()


def test_no_games_have_no_equilibria():
    batch = rl.solve_many(np.zeros((0, 2, 3)), np.zeros((0, 2, 3)))
    assert (len(batch), batch.x.shape, batch.y.shape) == (0, (0, 0, 2), (0, 0, 3))


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        (np.zeros((2, 2)), np.zeros((2, 2)), r"shape \(2, 2\)"),
        (np.zeros((1, 2, 2)), np.zeros((1, 2, 3)), "not the same"),
        (np.zeros((1, 0, 2)), np.zeros((1, 0, 2)), "a row and a column"),
        (np.full((1, 2, 2), np.nan), np.zeros((1, 2, 2)), r"entry \(1, 1\) of game 0"),
        ([[["x"]]], [[[1]]], "array of numbers"),
        (np.ones((1, 1, 1), complex), np.ones((1, 1, 1)), "array of numbers"),
        (np.ones((1, 1, 1), bool), np.ones((1, 1, 1)), "array of numbers"),
        ([[[10**400]]], [[[1]]], "beyond floating point"),
        ([[[2**62 + 1]]], [[[1]]], r"entry \(1, 1\) of game 0 of A is near 4.6.*e\+18"),
    ],
)
def test_what_is_no_batch_is_refused(a, b, words):
    with pytest.raises(rl.ModelError, match=words):
        rl.solve_many(a, b)


def test_a_batch_says_what_it_is():
    batch = rl.solve_many([[[1, 0], [0, 1]]], [[[1, 0], [0, 1]]])
    assert repr(batch) == (
        "<Batch of 1 games: 3 equilibria, 0 games in exact arithmetic, 0 not found>"
    )
