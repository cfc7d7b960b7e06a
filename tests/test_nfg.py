"""Strategic forms in Gambit's format: read, written, and handed to nashpy."""

from __future__ import annotations

import pickle
from fractions import Fraction

import numpy as np
import pytest
from stories import line, pennies_inside

import redlines as rl

HEAD = 'NFG 1 R "title" { "A" "B" }\n'
# Selten 1975, figure 2, as both styles of the format give it
BY_PAYOFFS = """NFG 1 R "Selten (IJGT, 75), Figure 2, normal form"
{ "Player 1" "Player 2" } { 3 2 }

1 1 0 2 0 2 1 1 0 3 2 0
"""
BY_OUTCOMES = """NFG 1 R "Selten (IJGT, 75), Figure 2, normal form"
{ "Player 1" "Player 2" }

{
{ "1" "2" "3" }
{ "1" "2" }
}

{
{ "even" 1, 1 }
{ "" 0, 2 }
{ "loss" 0 2 }
{ "even" 1, 1 }
{ "" 0, 3 }
{ "win" 2, 0 }
}
1 2 3 4 5 6
"""
THREE = """NFG 1 R "three" { "A" "B" "C" }
{ { "a" "b" } { "c" } { "e" "f" "g" } }
"of three"
{ { "x" 1 2 3 } { "y" 4 5 6 } }
1 2 0 2 1 0
"""


def read(body):
    return rl.read_nfg(HEAD + body)


def cells(game):
    return [tuple(map(str, end.payoffs.values())) for end in game.terminals]


# ------------------------------------------------------------------------------ reading
@pytest.mark.parametrize("text", [BY_PAYOFFS, BY_OUTCOMES])
def test_the_examples_of_the_format_are_the_same_game(text):
    game = rl.read_nfg(text)
    # by rows: the first player's strategy varies fastest in the file only
    assert cells(game) == [
        ("1", "1"),
        ("1", "1"),
        ("0", "2"),
        ("0", "3"),
        ("0", "2"),
        ("2", "0"),
    ]
    assert list(game.infosets) == ["Player 1", "Player 2"]
    assert game.infosets["Player 1"].actions == ("1", "2", "3")
    same = rl.Game.from_bimatrix([[1, 1], [0, 0], [0, 2]], [[1, 1], [2, 3], [2, 0]])
    assert rl.solve(game, "nash").count == rl.solve(same, "nash").count


def test_outcomes_are_reasons():
    game = rl.read_nfg(BY_OUTCOMES)
    assert game.reasons == ("even", "outcome 2", "loss", "outcome 5", "win")
    assert game.terminals[0].payoffs_by_reason["Player 2"] == {"even": 1}
    equilibrium = rl.solve(game, "nash")[0]
    for player, worth in equilibrium.payoffs.items():
        assert sum(equilibrium.payoffs_by_reason(player).values()) == worth


def test_names_numbers_and_comments():
    game = read(
        '{ { "a" "a" } { "x, y" "" } } "a \\"comment\\"" 1/3, .5 1e-3 -4 5 6 7 8'
    )
    assert game.infosets["A"].actions == ("a_1", "a_2")
    assert game.infosets["B"].actions == ("x; y", "2")
    assert game.__doc__ == 'a "comment"'
    assert game.terminals[0].payoffs == {"A": Fraction(1, 3), "B": Fraction(1, 2)}
    assert '{ { "a" "a" }' in game.to_nfg()


def test_outcome_zero_pays_nothing():
    game = read('{ 1 2 } { { "o" 1 2 } } 0 1')
    assert cells(game) == [("0", "0"), ("1", "2")]
    assert game.terminals[0].payoffs_by_reason == {"A": {}, "B": {}}


def test_three_players_are_read_and_written_and_not_solved():
    game = rl.read_nfg(THREE)
    assert list(game.infosets) == ["A", "B", "C"]
    assert game.terminals[0].payoffs == {"A": 1, "B": 2, "C": 3}
    assert [e.payoffs["A"] for e in game.terminals] == [1, 0, 1, 4, 4, 0]
    assert game.terminals[3].history == "A=b, B=c, C=e"
    with pytest.raises(rl.Unsupported, match="solve takes games of two players"):
        rl.solve(game, "nash")
    assert rl.read_nfg(game.to_nfg()).to_nfg() == game.to_nfg()
    assert rl.read_efg(game.to_efg()).players == game.players


# ------------------------------------------------------------------------------ writing
@pytest.mark.parametrize("text", [BY_PAYOFFS, BY_OUTCOMES, THREE])
def test_the_second_text_is_the_first(text):
    game = rl.read_nfg(text)
    first = game.to_nfg()
    again = rl.read_nfg(first)
    assert again.to_nfg() == first
    assert cells(again) == cells(game)
    assert again.reasons == game.reasons
    assert pickle.loads(pickle.dumps(game)).to_nfg() == first
    assert rl.read_efg(game.to_efg()).to_efg() == game.to_efg()


def test_matrices_are_written_with_the_first_player_fastest():
    game = rl.Game.from_bimatrix(
        np.array([[3.0, 0.1], [5, 1]]),
        [["1/3", 5], [0, 1]],
        players=("US", 'R "x"'),
        actions=(["up", "down"], ["left", "right"]),
        name="dilemma",
    )
    assert game.to_nfg() == (
        'NFG 1 R "dilemma" { "US" "R \\"x\\"" }\n'
        "\n"
        '{ { "up" "down" }\n'
        '{ "left" "right" }\n'
        "}\n"
        '""\n'
        "\n"
        "3 1/3\n"
        "5 0\n"
        "1/10 5\n"
        "1 1\n"
    )


def test_a_tree_is_written_as_its_reduced_strategic_form():
    game = line.bind(p="1/4", V=4, k=1, a=2, c=1, d=3)
    matrix = rl.read_nfg(game.to_nfg())
    ours, theirs = rl.solve(game, "nash"), rl.solve(matrix, "nash")
    assert ours.complete
    assert theirs.complete
    assert {tuple(e.payoffs.values()) for e in ours} == {
        tuple(e.payoffs.values()) for e in theirs
    }
    plans = matrix.infosets["US"].actions
    assert any("declare (type:resolved):line; answer" in plan for plan in plans)


def test_a_plan_says_nothing_of_what_it_excludes():
    lines = pennies_inside.to_nfg().splitlines()
    assert lines[2:4] == [
        """{ { "enter=in, A's coin [enter=in]=heads" """
        """"enter=in, A's coin [enter=in]=tails" "enter=out" }""",
        '{ "heads" "tails" }',
    ]


def test_who_never_moves_has_one_strategy():
    game = rl.read_efg('EFG 2 R "" { "A" "B" } p 1 1 { "l" "r" } 0 t 1 { 1 2 } t 0')
    assert '{ "no choice" }' in game.to_nfg()
    assert rl.solve(rl.read_nfg(game.to_nfg()), "nash").count == 1


def test_a_table_that_nobody_could_hold_is_refused():
    @rl.game("A", "B")
    def long(play):
        for k in range(21):
            play.move("A" if k % 2 else "B", f"m{k}", ["x"], seen_by=[])
        play.draw("d", {str(k): "1/25" for k in range(25)}, seen_by="A")
        play.move("A", "last", ["x", "y"], seen_by=[])
        play.pay({"A": 1})

    with pytest.raises(rl.Unsupported, match="more than 1,000,000 profiles"):
        long.to_nfg()


def test_an_open_parameter_is_named():
    with pytest.raises(rl.UnboundParameter, match="to_nfg needs numbers.*'p'"):
        line.to_nfg()


# ------------------------------------------------------------------------------- nashpy
def test_nashpy_gets_the_same_matrices():
    game = rl.Game.from_bimatrix([[3, 0, 1], [5, 1, "1/4"]], [[3, 5, 2], [0, 1, 2]])
    for given in (game, rl.read_nfg(game.to_nfg()), rl.read_efg(game.to_efg())):
        one, other = given.to_nashpy().payoff_matrices
        assert one.tolist() == [[3, 0, 1], [5, 1, 0.25]]
        assert other.tolist() == [[3, 5, 2], [0, 1, 2]]


def test_nashpy_gets_the_plans_of_a_tree():
    game = line.bind(p="1/4", V=4, k=1, a=2, c=1, d=3)
    matrix = rl.read_nfg(game.to_nfg())
    rows, columns = (len(h.actions) for h in matrix.infosets.values())
    one, _ = game.to_nashpy().payoff_matrices
    assert one.shape == (rows, columns)
    assert one.tolist() == matrix.to_nashpy().payoff_matrices[0].tolist()


@pytest.mark.parametrize("tree", [False, True])
def test_payoffs_beyond_floating_point_are_refused(tree):
    game = rl.Game.from_bimatrix([["1e400"]], [[0]])
    if tree:
        game = rl.read_efg(game.to_efg())
    with pytest.raises(rl.OutOfRange, match="too large for floating point"):
        game.to_nashpy()
