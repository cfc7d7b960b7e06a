"""One Nash equilibrium: of large games, and of games with ties or long paths."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from stories import ladder, line

import redlines as rl

METHODS = (
    "Lemke-Howson",
    "series path",
    "linear tracing",
    "lexicographic Lemke-Howson",
)


def one(a, b, **options):
    return rl.solve(rl.Game.from_bimatrix(a, b), "nash", coverage="one", **options)


def regret(a, b, equilibrium):
    """In exact arithmetic, by nothing but the definition."""
    x, y = (
        [Fraction(s) for s in equilibrium.strategy[p][p].values()]
        for p in ("Row", "Column")
    )
    rows = [
        sum(Fraction(repr(v)) * q for v, q in zip(row, y, strict=True) if q)
        for row in a.tolist()
    ]
    columns = [
        sum(Fraction(repr(v)) * p for v, p in zip(column, x, strict=True) if p)
        for column in b.T.tolist()
    ]
    assert sum(x) == sum(y) == 1
    assert min(*x, *y) >= 0
    return max(
        max(rows) - sum(p * v for p, v in zip(x, rows, strict=True)),
        max(columns) - sum(q * v for q, v in zip(y, columns, strict=True)),
    )


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("shape", [(1, 1), (1, 6), (6, 1), (5, 8), (12, 12)])
def test_every_method_is_exact_on_random_games(method, shape):
    for seed in range(10):
        a, b = np.random.default_rng(seed).random((2, *shape))
        solution = one(a, b, method=method, **many(method))
        (equilibrium,) = solution
        assert solution.method == method
        assert not solution.complete
        assert equilibrium.regret == 0 == regret(a, b, equilibrium)


def many(method):
    """Enough for small games, and no more where ties make it vain."""
    return {
        "Lemke-Howson": {"pivots": 10**5},
        "series path": {"starts": 1},
        "linear tracing": {"steps": 5_000},
    }.get(method, {})


@pytest.mark.parametrize("method", [None, *METHODS])
@pytest.mark.parametrize("kind", ["tied", "zero", "duplicated", "constant"])
def test_ties_do_not_matter(method, kind):
    for seed in range(12):
        rng = np.random.default_rng(seed)
        a, b = rng.integers(0, 3, (2, 7, 6)).astype(float)
        if kind == "zero":
            a[2], b[:, 1] = 0, 0
        elif kind == "duplicated":
            a[3], b[3], a[:, 2], b[:, 2] = a[0], b[0], a[:, 5], b[:, 5]
        elif kind == "constant":
            b = 2 - a
        options = {} if method is None else {"method": method, **many(method)}
        solution = one(a, b, **options)
        if method in (None, "lexicographic Lemke-Howson"):
            assert len(solution) == 1
        for equilibrium in solution:
            assert equilibrium.regret == 0 == regret(a, b, equilibrium)


@pytest.mark.parametrize("size", [60, 300])
def test_large_games(size):
    a, b = np.random.default_rng(size).random((2, size, size))
    (equilibrium,) = one(a, b)
    assert equilibrium.regret == 0
    assert regret(a, b, equilibrium) == 0


def against_each_other(size, correlation, seed=1):
    """Payoffs with a negative correlation between players."""
    a, noise = np.random.default_rng(seed).standard_normal((2, size, size))
    return a, correlation * a + np.sqrt(1 - correlation**2) * noise


@pytest.mark.parametrize("correlation", [-0.5, -0.7, -0.9])
def test_a_game_with_long_paths_is_taken_over(correlation):
    a, b = against_each_other(60, correlation)
    solution = one(a, b)
    assert solution.method == "series path"
    (equilibrium,) = solution
    assert equilibrium.regret == 0 == regret(a, b, equilibrium)


@pytest.mark.parametrize("shape", [(40, 12), (12, 40)])
def test_smooth_paths_of_games_that_are_not_square(shape):
    a, b = against_each_other(40, -0.5)
    a, b = a[: shape[0], : shape[1]], b[: shape[0], : shape[1]]
    (equilibrium,) = one(a, b, method="series path")
    assert regret(a, b, equilibrium) == 0


@pytest.mark.parametrize(
    ("method", "option"), [("linear tracing", "steps"), ("series path", "steps")]
)
def test_where_all_paths_are_left_the_answer_is_not_found(method, option):
    a, b = against_each_other(80, -0.9)
    solution = one(a, b, method=method, **{option: 5})
    assert len(solution) == 0
    assert solution.status.name == "NOT_FOUND"
    assert f"{option}=5" in solution.reason
    late = one(a, b, method=method, time_limit=0)
    assert late.status.name == "NOT_FOUND"
    assert "time limit" in late.reason


def test_shapleys_game_has_no_other():
    cycle = np.eye(3)[[2, 0, 1]]
    (equilibrium,) = one(cycle, cycle.T)
    assert set(equilibrium.strategy["Row"]["Row"].values()) == {Fraction(1, 3)}


def test_payoffs_beyond_floating_point_go_to_whole_numbers():
    big = 10**400
    solution = one([[big, 0], [0, 1]], [[-big, 0], [0, -1]])
    assert len(solution) == 1
    assert solution[0].regret == 0


@pytest.mark.parametrize("scale", ["1e-300", "1e300", "1e150"])
def test_scale_does_not_matter(scale):
    factor = Fraction(scale)
    solution = one([[factor, 0], [0, 2 * factor]], [[0, 3], [1, 0]])
    assert solution[0].strategy["Row"]["Row"] == {
        "1": Fraction(1, 4),
        "2": Fraction(3, 4),
    }


def test_trees_go_through_their_strategic_form():
    game = line.bind(p="1/4", V=4, k=1, a=2, c=1, d=3)
    for method in METHODS:
        for equilibrium in rl.solve(game, "nash", coverage="one", method=method):
            assert rl.verify(game, equilibrium.strategy, concept="nash")
    assert rl.solve(ladder(rungs=3), "nash", coverage="one")[0].regret == 0


def test_a_method_for_one_is_refused_where_all_are_asked_for():
    game = rl.Game.from_bimatrix([[1]], [[1]])
    with pytest.raises(rl.Unsupported, match="coverage='one'"):
        rl.solve(game, "nash", method="Lemke-Howson")
