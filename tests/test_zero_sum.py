"""Constant-sum games by linear programming."""

from __future__ import annotations

from fractions import Fraction

import nashpy
import numpy as np
import pytest
from stories import chain_store

import redlines as rl

LINEAR = "linear programming"


def solved(game):
    solution = rl.solve(game, "nash", coverage="one", method=LINEAR)
    (found,) = solution
    assert found.regret == 0
    assert not solution.complete
    return found


def test_rock_paper_scissors():
    game = rl.Game.from_bimatrix(
        [[0, -1, 1], [1, 0, -1], [-1, 1, 0]], [[0, 1, -1], [-1, 0, 1], [1, -1, 0]]
    )
    found = solved(game)
    assert set(found.strategy["Row"]["Row"].values()) == {Fraction(1, 3)}


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (5, 1), (4, 4), (12, 9)])
@pytest.mark.parametrize("kind", ["tied", "plain"])
def test_values_are_those_of_nashpy(shape, kind):
    for seed in range(5):
        rng = np.random.default_rng(seed)
        a = rng.integers(0, 3 if kind == "tied" else 1000, shape)
        found = solved(rl.Game.from_bimatrix(a, -a))
        x, y = nashpy.Game(a).linear_program()
        assert float(found.payoffs["Row"]) == pytest.approx(x @ a @ y, abs=1e-6)


def test_constant_sum_in_other_units():
    a = np.array([[3, 0], [1, 2]])
    found = solved(rl.Game.from_bimatrix(a, 7 - 3 * a))
    assert found.payoffs["Row"] == Fraction(3, 2)


@rl.game("One", "Two")
def card(play):
    """Myerson 1991, figure 2.2: a card, a raise, a call."""
    colour = play.draw("card", {"red": "1/2", "black": rl.REST}, seen_by="One")
    sign = 1 if colour == "red" else -1
    won = sign
    if play.move("One", "bet", ["raise", "pass"]) == "raise":
        met = play.move("Two", "answer", ["meet", "fold"]) == "meet"
        won = 2 * sign if met else 1
    play.pay({"One": won, "Two": -won})


def test_a_tree_is_solved_by_its_sequences():
    found = solved(card)
    assert found.payoffs == {"One": Fraction(1, 3), "Two": Fraction(-1, 3)}
    assert found.strategy["One"]["bet [card=black]"]["raise"] == Fraction(1, 3)
    assert found.strategy["Two"]["answer [bet=raise]"]["meet"] == Fraction(2, 3)
    assert rl.solve(card, "nash", coverage="one").method in (LINEAR, "Lemke-Howson")


def test_a_large_game_with_decimals():
    a = np.round(np.random.default_rng(3).random((60, 60)), 6)
    found = solved(rl.Game.from_bimatrix(a, -a))
    assert found.payoffs["Row"] == -found.payoffs["Column"]


def test_numbers_far_apart():
    a = [[10**9, Fraction(1, 10**9)], [0, 1]]
    b = [[-v for v in row] for row in a]
    found = solved(rl.Game.from_bimatrix(a, b))
    assert 0 < found.payoffs["Row"] <= 1


def test_other_games_are_refused():
    with pytest.raises(rl.Unsupported, match="not constant-sum"):
        rl.solve(chain_store, "nash", coverage="one", method=LINEAR)


@pytest.mark.parametrize("sort", [int, float])
def test_a_large_constant_sum_game_is_left_to_linear_programming(sort):
    a = np.random.default_rng(3).integers(0, 99, (60, 70)).astype(sort)
    for b in (-a, 7 - 3 * a):
        game = rl.Game.from_bimatrix(a, b)
        solution = rl.solve(game, "nash", coverage="one")
        assert (solution.method, solution[0].regret) == (LINEAR, 0)


@pytest.mark.parametrize(
    ("a", "b", "constant"),
    [
        ([[1, 2], [3, 4]], [[-1, -2], [-3, -4]], True),
        ([[1, 2], [3, 4]], [["-1/3", "-2/3"], [-1, "-4/3"]], True),
        ([[1, 2], [3, 4]], [[1, 2], [3, 4]], False),
        ([[1, 2], [3, 4]], [[-1, -2], [-3, "-4.0000000000000000001"]], False),
        ([["1e400", 0]], [[0, "1e400"]], True),
        ([["1e400", 0]], [["1e400", 0]], False),
        ([["1e-400", 0]], [[0, "1e-400"]], True),
        ([[1, 1]], [[2, 2]], True),
        ([[1, 1]], [[2, 3]], False),
        ([[1, 1, 2]], [[2, 3, 1]], False),
    ],
)
def test_whether_matrices_are_constant_sum_is_decided_exactly(a, b, constant):
    for first, second in ((a, b), (b, a)):
        game = rl.Game.from_bimatrix(first, second)
        if not constant:
            with pytest.raises(rl.Unsupported, match="not constant-sum"):
                rl.solve(game, "nash", coverage="one", method=LINEAR)
            continue
        solution = rl.solve(game, "nash", coverage="one", method=LINEAR)
        assert solution[0].regret == 0
