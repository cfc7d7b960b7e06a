"""All Nash equilibria of games whose equilibria are published or plain."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from stories import line, pennies_inside

import redlines as rl
from redlines.errors import ModelError
from redlines.solvers.vertices import Budget, all_vertices

# Savani and von Stengel 2006: paths of Lemke and Howson are as long as they can be
LONG_PATHS = (
    [
        [-180, 72, -333, 297, -153, 270],
        [-30, 17, -33, 42, -3, 20],
        [-81, 36, -126, 126, -36, 90],
        [90, -36, 126, -126, 36, -81],
        [20, -3, 42, -33, 17, -30],
        [270, -153, 297, -333, 72, -180],
    ],
    [
        [72, 36, 17, -3, -36, -153],
        [-180, -81, -30, 20, 90, 270],
        [297, 126, 42, -33, -126, -333],
        [-333, -126, -33, 42, 126, 297],
        [270, 90, 20, -30, -81, -180],
        [-153, -36, -3, 17, 36, 72],
    ],
)
# two dual cyclic polytopes with twelve facets, labelled as by von Stengel 1999
SEVENTY_FIVE = (
    [
        [-370, -505, 255, -210, 645, 375],
        [550, 9845, -4345, 4620, -10395, -660],
        [44, -275, 209, 66, 231, 99],
        [734, -2575, 623, -4074, 5061, -1281],
        [665, -3955, 830, -9870, 8925, -1005],
        [872, -1747, 485, -2142, 3129, -2109],
    ],
    [
        [-378, 1197, 1302, 1372, 1422, 1512],
        [-13662, 6138, 3938, 2838, 2178, 1188],
        [12474, -8316, -1386, 924, 2079, 3564],
        [3564, 2079, 924, -1386, -8316, 12474],
        [1188, 2178, 2838, 3938, 6138, -13662],
        [1512, 1422, 1372, 1302, 1197, -378],
    ],
)
SHAPLEY = [[0, 0, 1], [1, 0, 0], [0, 1, 0]]


def nash(a, b, **options):
    return rl.solve(rl.Game.from_bimatrix(a, b), "nash", **options)


def mixtures(solution):
    return [
        tuple(tuple(map(str, e.strategy[p][p].values())) for p in solution.game.players)
        for e in solution
    ]


def test_a_weakly_dominated_equilibrium_is_listed():
    assert mixtures(nash([[0, 0], [0, 1]], [[0, 0], [0, 1]])) == [
        (("1", "0"), ("1", "0")),
        (("0", "1"), ("0", "1")),
    ]


def test_a_game_that_floating_point_gets_wrong():
    solution = nash(
        [[3, -2, 2], [-2, -1, 3], [-1, 0, -1]], [[-3, -1, 1], [0, 2, -1], [1, 2, 3]]
    )
    assert mixtures(solution) == [(("0", "1/4", "3/4"), ("0", "4/5", "1/5"))]
    assert solution.complete


def test_seventy_five_equilibria_of_six_by_six():
    solution = nash(*SEVENTY_FIVE)
    assert solution.complete
    assert solution.count == len(solution) == 75
    assert len(solution.components) == 75


def test_the_only_equilibrium_at_the_end_of_long_paths():
    solution = nash(*LONG_PATHS)
    assert solution.complete
    (only,) = mixtures(solution)
    assert all(share != "0" for side in only for share in side)


def test_the_only_equilibrium_of_shapleys_game():
    solution = nash(SHAPLEY, [list(column) for column in zip(*SHAPLEY, strict=True)])
    third = ("1/3", "1/3", "1/3")
    assert mixtures(solution) == [(third, third)]


def test_where_nothing_is_at_stake_everything_is_an_equilibrium():
    solution = nash([[1, 1], [1, 1]], [[2, 2], [2, 2]])
    assert solution.count == 4
    assert [len(s) for s in solution.maximal_nash_subsets] == [4]
    assert [len(c) for c in solution.components] == [4]
    assert "4 extreme equilibria" in str(solution)


def test_subsets_meet_where_a_tie_lets_them():
    solution = nash([[1, 1, 0], [1, 0, 0]], [[1, 1, 1], [1, 0, 0]])
    assert [len(c) for c in solution.components] == [len(solution)]
    assert len(solution.maximal_nash_subsets) > 1


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (5, 1)])
def test_one_action(shape):
    a = np.arange(shape[0] * shape[1], dtype=float).reshape(shape)
    (only,) = mixtures(nash(a, a))
    assert [side.index("1") for side in only] == [shape[0] - 1, shape[1] - 1]


@pytest.mark.parametrize("scale", ["1e-300", "1e300", "1/3", "123456789012345678901"])
def test_scale_does_not_matter(scale):
    factor = Fraction(scale)
    a = [[3 * factor, factor], [4 * factor, 0]]
    b = [[3, 4], [1, 0]]
    assert mixtures(nash(a, b)) == mixtures(nash([[3, 1], [4, 0]], b))


def test_shift_beyond_floating_point_does_not_matter():
    big = 10**30
    a = [[3 + big, 1 + big], [4 + big, big]]
    assert mixtures(nash(a, [[3, 4], [1, 0]])) == mixtures(
        nash([[3, 1], [4, 0]], [[3, 4], [1, 0]])
    )


def test_a_near_tie_is_no_tie():
    least = Fraction(1, 10**40)
    first = nash([[1], [1 + least]], [[0], [0]])
    assert mixtures(first) == [(("0", "1"), ("1",))]


def test_on_a_tree_nothing_is_said_of_what_own_play_excludes():
    solution = rl.solve(line.bind(p="1/4", V=4, k=1, a=2, c=1, d=3), "nash")
    assert solution.complete
    for equilibrium in solution:
        assert equilibrium.regret == 0
    silent = next(
        e for e in solution if e.support["declare [type=resolved]"] == ("silent",)
    )
    answers = [label for label in solution.game.infosets if label.startswith("answer")]
    claimed = set(silent.support) - set(silent.free.strategy)
    assert not any(
        "type=resolved, declare=line" in label and label in claimed for label in answers
    )


def test_a_proper_subgame_may_be_played_at_will_where_it_is_not_reached():
    solution = rl.solve(pennies_inside, "nash")
    assert solution.complete
    sequential = rl.solve(pennies_inside, "sequential")
    for equilibrium in sequential:
        assert rl.verify(pennies_inside, equilibrium.strategy, concept="nash")


def test_one_can_be_asked_for():
    solution = nash([[2, 0], [0, 1]], [[1, 0], [0, 2]], coverage="one")
    assert len(solution) == 1
    assert not solution.complete


def test_more_than_the_limit_is_said():
    solution = nash([[0] * 4] * 4, [[0] * 4] * 4, limit=5)
    assert (len(solution), solution.count, solution.status.name) == (5, 16, "LIMIT")
    assert not solution.complete
    assert solution.maximal_nash_subsets is None


def test_more_pure_profiles_than_the_limit_are_said():
    game = rl.Game.from_bimatrix([[0] * 4] * 4, [[0] * 4] * 4)
    solution = rl.solve(game, "nash", method="pure strategies", limit=5)
    assert (len(solution), solution.status.name) == (5, "LIMIT")
    assert "16 are equilibria" in solution.reason
    assert "limit=5" in solution.reason


def test_too_many_vertices_are_not_an_answer():
    rng = np.random.default_rng(3)
    a, b = rng.random((2, 9, 9))
    solution = nash(a, b, vertices=20)
    assert len(solution) == 0
    assert solution.status.name == "NOT_FOUND"
    assert "more than 20 vertices" in solution.reason


def test_no_time_is_not_an_answer():
    rng = np.random.default_rng(3)
    a, b = rng.random((2, 9, 9))
    solution = nash(a, b, time_limit=0)
    assert not solution.complete
    assert solution.count is None


def test_too_many_strategies_are_refused_by_name():
    with pytest.raises(rl.Unsupported, match="40 and 40 reduced strategies"):
        rl.solve(
            rl.Game.from_bimatrix(np.eye(40), np.eye(40)),
            "nash",
            method="vertex enumeration",
        )


def test_vertices_of_a_cube_and_of_a_cut_corner():
    # z <= 1 by rows of a matrix that must be positive: nearly a square
    assert len(all_vertices([[10, 1], [1, 10]], 10)) == 4
    assert len(all_vertices([[1, 1]], 1)) == 3
    assert len(all_vertices([[1, 1], [1, 1]], 1, Budget(vertices=100))) == 3


# ---------------------------------------------------------------------------- matrices
def test_arrays_are_kept_and_the_tree_is_the_same():
    a, b = np.array([[0.1, 2.5], [1e-300, -3.0]]), np.array([[1, 2], [3, 4]])
    kept = rl.Game.from_bimatrix(a, b)
    told = rl.Game.from_bimatrix([["0.1", "2.5"], ["1e-300", -3]], b.tolist())
    assert str(kept) == str(told)
    assert [t.payoffs for t in kept.terminals] == [t.payoffs for t in told.terminals]
    a[0, 0] = 7
    assert kept.terminals[0].payoffs["Row"] == Fraction(1, 10)


def test_a_million_cells_are_not_walked():
    a = np.arange(10**6, dtype=float).reshape(1000, 1000)
    game = rl.Game.from_bimatrix(a, a)
    assert len(game.infosets["Row"].actions) == 1000
    assert "kind" not in vars(game._tables)
    corner = {"Row": "1000", "Column": "1000"}
    assert rl.verify(game, corner, concept="nash")
    refused = rl.verify(game, {"Row": "1", "Column": "1000"}, concept="nash")
    assert refused.regret == 999_000
    assert "kind" not in vars(game._tables)


def test_the_referee_is_exact_where_floating_point_is_not():
    big = np.full((40, 40), 1.0)
    big[0, 0] = 1 + 2**-52
    game = rl.Game.from_bimatrix(big, np.zeros((40, 40)))
    refused = rl.verify(game, {"Row": "2", "Column": "1"}, concept="nash")
    assert refused.regret == Fraction(repr(1 + 2**-52)) - 1
    assert rl.verify(game, {"Row": "1", "Column": "1"}, concept="nash")


@pytest.mark.parametrize("wrong", [float("nan"), float("inf")])
def test_entries_that_are_no_numbers_are_named(wrong):
    a = np.zeros((2, 2))
    a[1, 0] = wrong
    with pytest.raises((ModelError, ValueError), match=r"entry \(2, 1\) of A"):
        rl.Game.from_bimatrix(a, np.zeros((2, 2)))
