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
