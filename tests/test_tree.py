"""Games as frozen trees: binding, pruning, pickling, labels, matrices."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import redlines as rl
from redlines import RUSSIA, US


@rl.game(US, RUSSIA)
def red_line(
    play,
    resolved=rl.Probability("chance that the US is resolved"),
    stake=rl.Positive("worth of what lies behind the line"),
    cost=rl.Positive("cost of enforcing"),
    repeat=1,
):
    """Russia may cross; the US, whose resolve is private, may answer."""
    play.draw("resolve", {"high": resolved, "low": 1 - resolved}, seen_by=US)
    for number in range(repeat):
        if play.move(RUSSIA, f"act {number}", ["cross", "refrain"]) == "refrain":
            play.pay({US: stake}, because="line holds")
            continue
        play.mark("crossed")
        if play.move(US, f"answer {number}", ["enforce", "yield"]) == "enforce":
            play.mark("clash")
            play.pay({US: stake / 2 - cost, RUSSIA: -2 * stake}, because="clash")
        else:
            play.pay({RUSSIA: stake}, because="gain")


VALUES = {"resolved": "1/4", "stake": 4, "cost": 1}


def snapshot(game: rl.Game) -> list[tuple[object, ...]]:
    """Everything that can be read of the ends of a game."""
    return [
        (t.history, t.payoffs, t.payoffs_by_reason, t.events) for t in game.terminals
    ]


# ------------------------------------------------------------------------- binding
def test_binding_puts_numbers_into_the_finished_tree() -> None:
    bound = red_line.bind(**VALUES)
    enforced = bound.terminals[0]
    assert enforced.history == "resolve=high, act 0=cross, answer 0=enforce"
    assert enforced.payoffs == {US: 1, RUSSIA: -8}
    assert enforced.payoffs_by_reason == {US: {"clash": 1}, RUSSIA: {"clash": -8}}
    assert enforced.events == ("crossed", "clash")
    assert all(type(v) is Fraction for t in bound.terminals for v in t.payoffs.values())


def test_binding_leaves_the_game_as_it_was() -> None:
    before = str(red_line)
    bound = red_line.bind(**VALUES)
    assert str(red_line) == before
    assert red_line.bound == {}
    assert list(bound.infosets) == list(red_line.infosets)
    assert bound._tables is red_line._tables


def test_binding_partly_leaves_the_rest_as_symbols() -> None:
    partly = red_line.bind(stake=4)
    assert str(partly.terminals[0].payoffs[US]) == "2 - cost"
    assert partly.free_parameters == ("resolved", "cost")


@pytest.mark.parametrize(
    ("resolved", "gone", "left"), [(0, "high", "low"), (1, "low", "high")]
)
def test_an_impossible_branch_is_gone(resolved, gone: str, left: str) -> None:
    game = red_line.bind(resolved=resolved)
    assert all(f"resolve={left}" in t.history for t in game.terminals)
    assert f"answer 0 [resolve={gone}, act 0=cross]" not in game.infosets
    assert game.root.probabilities == {left: 1}
    assert len(game.infosets["act 0"].histories) == 1
    assert game.events == red_line.events
    whole = red_line.bind(resolved="1/2")
    assert snapshot(game) == [
        row for row in snapshot(whole) if f"resolve={left}" in row[0]
    ]


def test_options_keep_their_places_where_a_middle_outcome_is_gone() -> None:
    @rl.game(US, RUSSIA)
    def story(play, p=rl.Probability("p"), q=rl.Probability("q")):
        word = play.draw("d", {"a": p, "b": q, "c": rl.REST})
        play.move(US, "x", [f"{word}1", f"{word}2"])
        play.pay({US: {"a": 1, "b": 2, "c": 3}[word]})

    game = story.bind(p="1/3", q=0)
    assert [t.history for t in game.terminals] == [
        "d=a, x=a1",
        "d=a, x=a2",
        "d=c, x=c1",
        "d=c, x=c2",
    ]
    assert [t.payoffs[US] for t in game.terminals] == [1, 1, 3, 3]
    assert list(game.root.children) == list(game.root.probabilities) == ["a", "c"]
    assert list(game.infosets) == ["x [d=a]", "x [d=c]"]


@given(
    st.fractions(0, 1, max_denominator=8),
    st.integers(1, 9),
    st.integers(1, 9),
    st.sets(st.sampled_from(sorted(VALUES))),
)
def test_two_step_binding_equals_one(resolved, stake, cost, early) -> None:
    values = {"resolved": resolved, "stake": stake, "cost": cost}
    first = {k: v for k, v in values.items() if k in early}
    rest = {k: v for k, v in values.items() if k not in early}
    in_steps, at_once = red_line.bind(**first).bind(**rest), red_line.bind(**values)
    assert snapshot(in_steps) == snapshot(at_once)
    assert list(in_steps.infosets) == list(at_once.infosets)


def test_a_number_is_needed_where_a_parameter_is_free() -> None:
    with pytest.raises(
        rl.UnboundParameter,
        match=r"Solving needs numbers, but <Game red_line.* for 'cost', 'resolved'; "
        r"bind them: game.bind\(cost=\.\.\., resolved=\.\.\.\)",
    ):
        red_line.bind(stake=1)._require_numbers("Solving")


# -------------------------------------------------------------------------- labels
def test_every_label_finds_its_information_set() -> None:
    for label, infoset in red_line(repeat=2).infosets.items():
        assert infoset.label == label
        assert len(infoset.histories) == len(infoset.nodes) > 0
        assert all(node.infoset == infoset for node in infoset.nodes)


def test_an_unknown_information_set_lists_those_that_there_are() -> None:
    for label in ("act", "act 0 [resolve=high]", "act 0 [", "", 3, None):
        assert label not in red_line.infosets
        assert red_line.infosets.get(label) is None
        with pytest.raises(
            rl.UnknownLabel,
            match=r"no information set .* there are: 'act 0', 'answer 0 \[resolve=high",
        ):
            red_line.infosets[label]


def test_twenty_labels_are_listed_and_the_rest_counted() -> None:
    with pytest.raises(rl.UnknownLabel, match=r"'c19' and 5 more$"):
        raise rl.UnknownLabel("event", "x", [f"c{k}" for k in range(25)])
    with pytest.raises(LookupError, match="no event 'x'; there are: none"):
        raise rl.UnknownLabel("event", "x", [])


def test_views_of_one_place_are_equal_and_hashable() -> None:
    one, other = red_line.infosets["act 0"], red_line.infosets["act 0"]
    assert one == other
    assert len({one, other, *one.nodes}) == 3
    assert repr(one) == "<Infoset act 0 of Russia: cross, refrain>"
    assert repr(red_line.root) == "<Chance at the beginning, in red_line>"


def test_terminals_are_a_sequence() -> None:
    ends = red_line.terminals
    assert len(ends) == 6
    assert ends[-1] == ends[5]
    assert [t.history for t in ends[1:3]] == [t.history for t in list(ends)[1:3]]
    with pytest.raises(IndexError):
        ends[6]


# -------------------------------------------------------------------------- printing
def test_a_game_prints_as_an_indented_tree() -> None:
    assert repr(red_line) == (
        "<Game red_line: US and Russia, 3 information sets, 6 terminals, "
        "3 free parameters>"
    )
    lines = str(red_line).splitlines()
    assert lines[1] == "chance draws resolve"
    assert lines[2] == "  high (resolved): Russia chooses act 0"
    assert lines[4].endswith(
        "enforce: US stake/2 - cost, Russia -2*stake  (crossed, clash)"
    )


def test_a_long_game_is_cut_with_a_count() -> None:
    text = str(red_line(repeat=5))
    assert len(text.splitlines()) == 40
    assert max(map(len, text.splitlines())) <= 100
    assert text.splitlines()[-1].startswith("... ")
    assert text.splitlines()[-1].endswith(" more nodes")


# -------------------------------------------------------------------------- pickling
def test_a_game_pickles_without_its_story() -> None:
    game = red_line(repeat=2).bind(resolved="1/3", stake=2)
    again = pickle.loads(pickle.dumps(game))
    assert snapshot(again.bind(cost=1)) == snapshot(game.bind(cost=1))
    assert (again.name, again.bound, again.structure) == (
        "red_line",
        game.bound,
        {"repeat": 2},
    )
    assert again.__doc__ == game.__doc__
    assert repr(again.parameters["cost"]) == "Positive('cost of enforcing')"
    assert snapshot(again.bind(cost=1, resolved=0)) == snapshot(
        game.bind(cost=1, resolved=0)
    )
    with pytest.raises(rl.ModelError, match="has no story to unfold anew: it was read"):
        again(repeat=3)


def test_a_pruned_game_pickles_with_its_whole_tree() -> None:
    again = pickle.loads(pickle.dumps(red_line.bind(resolved=0)))
    assert len(again.terminals) == 3
    assert len(again.bind(resolved="1/2").terminals) == 6


def test_structure_that_cannot_be_pickled_stays_behind() -> None:
    @rl.game(US, RUSSIA)
    def story(play, shape=lambda: 1, pair=(1, len), size=3):
        play.pay({US: shape() * size})

    assert pickle.loads(pickle.dumps(story)).structure == {"size": 3}


def test_a_copy_is_a_game() -> None:
    assert snapshot(copy.deepcopy(red_line)) == snapshot(red_line)


def test_a_game_goes_to_another_process_and_back() -> None:
    game = red_line.bind(**VALUES)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        there = list(pool.map(str, [game, red_line]))
        (node,) = pool.map(copy.copy, [game.root])
    assert there == [str(game), str(red_line)]
    assert node.probabilities == game.root.probabilities


def test_a_game_written_in_main_is_read_in_another_process(tmp_path) -> None:
    target = tmp_path / "game.pickle"
    write = (
        "import pickle, sys, redlines as rl\n"
        "@rl.game('A', 'B')\n"
        "def mine(play, x=rl.Real('x')):\n"
        "    play.pay({'A': x})\n"
        f"pickle.dump(mine, open({str(target)!r}, 'wb'))\n"
    )
    subprocess.run([sys.executable, "-c", write], check=True)
    game = pickle.loads(target.read_bytes())
    assert game.bind(x="1/3").terminals[0].payoffs == {"A": Fraction(1, 3), "B": 0}


@pytest.mark.parametrize(
    "error",
    [
        rl.UnknownLabel("event", "x", ["y"], "here"),
        rl.ParseError("wrong", line=2, column=3, expected="right"),
        rl.SolveFailed("no", 3),
        rl.MissingDependency("no"),
        rl.BadProbability("no"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_comes_back_from_another_process(error: rl.RedlinesError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)


# ------------------------------------------------------------------------- matrices
def test_a_matrix_game_has_one_information_set_for_each_player() -> None:
    game = rl.Game.from_bimatrix(
        [[3, "1/3"], [4, 0.1]],
        np.array([[3.0, 4], [1, 0]]),
        players=(US, RUSSIA),
        actions=[["swerve", "drive"], ["yield", "stand"]],
        name="chicken",
    )
    assert game.name == "chicken"
    assert list(game.infosets) == [US, RUSSIA]
    assert game.infosets[RUSSIA].actions == ("yield", "stand")
    assert len(game.infosets[RUSSIA].nodes) == 2
    assert [tuple(t.payoffs.values()) for t in game.terminals] == [
        (3, 3),
        (Fraction(1, 3), 4),
        (4, 1),
        (Fraction(1, 10), 0),
    ]
    assert game.terminals[1].history == "US=swerve, Russia=stand"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], []), "matrix A is empty; it needs a row and a column"),
        (([[1]], [[]]), "matrix B is empty"),
        (([[1, 2], [3]], [[1, 2], [3, 4]]), r"matrix A is ragged: .* \[1, 2\] entries"),
        (([[1, 2]], [[1], [2]]), r"A has shape \(1, 2\) and B \(2, 1\)"),
        (([1, 2], [1, 2]), "matrix A must be a sequence of rows, not"),
        (([[float("nan")]], [[1]]), r"entry \(1, 1\) of A must be finite"),
        (([[1]], [[True]]), r"entry \(1, 1\) of B must be a number, not the truth"),
        (([["x"]], [[1]]), "'x' is no parameter here"),
        (([[1]], [[1]], ("a", "a")), "two different players are needed"),
        (([[1]], [[1]], ("a", "b,c")), r"'b,c' cannot be a name"),
        (([[1]], [[1]], ("a", "")), "'' cannot be a name"),
        (([[1, 2]], [[1, 2]], ("a", "b"), [["x"], ["y"]]), "'b' has 2 actions, so 2 d"),
        (([[1, 2]], [[1, 2]], ("a", "b"), [["x"], ["y", "y"]]), "2 different names"),
        (([[1, 2]], [[1, 2]], ("a", "b"), [["x"]]), "actions are two lists"),
    ],
)
def test_a_bad_matrix_is_refused(arguments, message) -> None:
    with pytest.raises((rl.ModelError, rl.ParseError), match=message):
        rl.Game.from_bimatrix(*arguments)


def test_a_matrix_game_has_neither_parameters_nor_structure() -> None:
    game = rl.Game.from_bimatrix([[1]], [[1]])
    with pytest.raises(rl.UnknownLabel, match="no parameter 'x' .* there are: none"):
        game.bind(x=1)
    with pytest.raises(rl.UnknownLabel, match="no structure argument 'n'"):
        game(n=1)
    with pytest.raises(rl.ModelError, match="'bimatrix' has no story to unfold anew"):
        game()
