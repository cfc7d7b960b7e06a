"""The picture of a tree says what there is to say, in the axes that it is given."""

from __future__ import annotations

from types import SimpleNamespace

import matplotlib as mpl
import pytest
from pictures import (
    BOUND,
    LONG,
    STRANGE,
    branch,
    ladder,
    links,
    random_story,
    red_line,
    require_clear,
    semi_separating,
    texts,
)

import redlines as rl
from redlines import RUSSIA, US
from redlines.plots.tree import plot_tree

MINUS = "\N{MINUS SIGN}"


@pytest.fixture(autouse=True)
def _quiet_figures():
    """No window, and no figure left open for pyplot to warn about."""
    from matplotlib import pyplot

    pyplot.switch_backend("agg")
    yield
    pyplot.close("all")


# ---------------------------------------------------------------------- what is written
def test_branches_payoffs_and_events_are_written():
    shown = texts(plot_tree(BOUND))
    assert shown.count("draw line") == 2
    assert shown.count("back down") == 4
    assert {"resolved 1/4", "irresolute 3/4", "declare", "US resolve"} <= set(shown)
    assert shown.count("act") == 2  # one for each information set, not for each node
    assert shown.count("crossed") == 8
    assert {f"{MINUS}3", "0", "1", "4"} <= set(shown)
    assert {"red_line", "US", "Russia", "chance", "information set"} <= set(shown)


def test_payoffs_stand_by_their_terminal_in_their_players_color():
    ax = plot_tree(BOUND, colors={RUSSIA: "#00ff00"})
    end = branch(ax, BOUND.terminals[0].history)
    row = [t for t in ax.texts if t.get_position()[1] == end.get_ydata()[-1]]
    assert [t.get_text() for t in row] == ["0", f"{MINUS}4", "crossed"]
    assert row[1].get_color() == "#00ff00"
    assert row[0].get_color() != row[1].get_color()
    assert all(t.get_position()[0] > end.get_xdata()[-1] for t in row)


def test_an_unbound_game_shows_expressions():
    shown = set(texts(plot_tree(red_line)))
    assert {"resolved (p)", f"irresolute (1 {MINUS} p)"} <= shown
    assert {f"V/2 {MINUS} c {MINUS} k", f"V {MINUS} k", f"{MINUS}V"} <= shown


def test_mixed_actions_beliefs_and_payoffs_of_an_equilibrium_are_written():
    shown = texts(plot_tree(BOUND, semi_separating()))
    assert shown.count("cross 1/2") == shown.count("refrain 1/2") == 2
    assert "draw line 1/3" in shown
    assert "enforce" in shown  # what is certain needs no number
    assert shown.count("[1/2]") == 2
    assert {"[1/6]", "[5/6]"} <= set(shown)
    (summary,) = (text for text in shown if text.startswith("payoffs"))
    assert "US 11/4, Russia 11/4" in summary
    assert "crossed: 7/8" in summary


def test_what_is_free_is_shown_with_its_range():
    after_line, after_silence = (k for k in BOUND.infosets if k.startswith("act"))
    history = BOUND.infosets[after_silence].histories[0]
    equilibrium = semi_separating()
    equilibrium.free = SimpleNamespace(
        strategy={}, belief={after_silence: {history: "[0, 1/2]"}}
    )
    shown = texts(plot_tree(BOUND, equilibrium))
    assert shown.count("[0, 1/2]") == 1
    assert any(text.startswith("payoffs: US 11/4") for text in shown)
    equilibrium.free.strategy = {after_line: {"cross": "[2/3, 1)"}}
    shown = texts(plot_tree(BOUND, equilibrium))
    assert shown.count("cross in [2/3, 1)") == 2
    assert any(text.startswith("payoffs at one point of the ranges") for text in shown)


def test_branches_are_as_thick_as_they_are_likely_to_be_taken():
    ax = plot_tree(BOUND, semi_separating())

    def width(history: str) -> float:
        return branch(ax, history).get_linewidth()

    start = "US resolve=resolved, declare="
    on_path = width(f"{start}draw line")
    off_path = width(f"{start}stay silent, act=cross")
    assert width("US resolve=irresolute, declare=draw line, act=refrain") == on_path
    assert width(f"{start}stay silent") < off_path < on_path
    grey = branch(ax, f"{start}stay silent").get_color()
    assert grey == branch(ax, f"{start}stay silent, act=refrain").get_color()
    assert grey != branch(ax, f"{start}draw line").get_color()


def test_the_nodes_of_an_information_set_stand_in_a_column_of_their_own():
    places = [line.get_xdata() for line in links(plot_tree(BOUND))]
    assert len(places) == 2  # after a line, after silence
    assert all(one == other for one, other in places)
    assert places[0][0] != places[1][0]


def test_nodes_of_different_depths_share_a_column_if_nobody_can_tell_them_apart():
    @rl.game(US, RUSSIA)
    def surprise(play):
        if play.draw("warning", {"early": "1/2", "late": "1/2"}, seen_by=US) == "early":
            play.move(US, "prepare", ["arm", "wait"], seen_by=[])
        if play.move(RUSSIA, "act", ["cross", "refrain"]) == "cross":
            play.pay({RUSSIA: 1})

    joined = links(plot_tree(surprise))
    assert len(joined) == 2
    assert len({x for line in joined for x in line.get_xdata()}) == 1


def test_names_are_shown_literally():
    actions = [STRANGE[:5], STRANGE[5:9]]
    zeros = [[0] * 4 for _ in range(5)]
    game = rl.Game.from_bimatrix(zeros, zeros, actions=actions, name="$\\alpha_1$ <&>")
    ax = plot_tree(game)
    shown = {" ".join(text.split()) for text in texts(ax)}
    assert {*STRANGE[:9], "$\\alpha_1$ <&>"} <= shown
    assert not any(text.get_parse_math() for text in ax.texts)


# ------------------------------------------------------------------- axes and settings
def test_axes_that_are_given_are_used_and_returned():
    figure, (left, right) = mpl.pyplot.subplots(1, 2)
    assert plot_tree(BOUND, ax=left) is left
    assert figure.axes == [left, right]
    assert not right.texts


def test_letters_shrink_only_where_room_is_short():
    figure = mpl.figure.Figure(figsize=(20, 20))
    roomy = plot_tree(BOUND, ax=figure.add_subplot())
    cramped = plot_tree(BOUND, ax=mpl.figure.Figure(figsize=(4, 3)).add_subplot())
    sizes = [{t.get_fontsize() for t in ax.texts} for ax in (roomy, cramped)]
    assert max(sizes[1]) < min(sizes[0])
    assert sizes[0] == {t.get_fontsize() for t in plot_tree(BOUND).texts}
    assert max(t.get_fontsize() for t in plot_tree(BOUND, fontsize=18).texts) == 24


def test_axes_without_room_are_refused_with_what_is_needed():
    figure = mpl.figure.Figure(figsize=(1, 1))
    game = random_story(1, LONG, 8, aligned=True)
    with pytest.raises(rl.Unsupported, match=r"needs .* inches; the axes have"):
        plot_tree(game, ax=figure.add_axes((0, 0, 0.1, 0.1)))


def test_settings_are_left_alone_and_withstood():
    changed = {"lines.marker": "o", "figure.autolayout": True, "text.parse_math": True}
    with mpl.rc_context(changed):
        before = dict(mpl.rcParams)
        require_clear(plot_tree(BOUND, semi_separating()))
        assert dict(mpl.rcParams) == before


def test_title_and_legend_can_be_left_out():
    shown = texts(plot_tree(BOUND, title="", legend=False))
    assert not {"red_line", "US", "Russia", "chance"} & set(shown)
    assert "another title" in texts(BOUND.plot(title="another title"))


def test_a_tree_three_hundred_deep_is_drawn():
    ax = plot_tree(ladder(300))
    assert sum(text.startswith("rung") for text in texts(ax)) >= 300


def test_a_tree_of_one_node_is_drawn():
    @rl.game(US, RUSSIA)
    def fate(play):
        play.pay({US: 1})

    require_clear(plot_tree(fate))


def test_a_tree_too_large_for_a_picture_is_refused():
    with pytest.raises(rl.Unsupported, match="at most 3,000; print"):
        plot_tree(rl.Game.from_bimatrix(*[[[0] * 60] * 60] * 2))


def test_an_equilibrium_of_another_game_is_refused():
    with pytest.raises(
        rl.ModelError, match="says nothing about 'draw line' at 'declare"
    ):
        plot_tree(BOUND, SimpleNamespace(strategy={US: {}, RUSSIA: {}}, belief={}))


def test_a_color_for_a_stranger_is_refused():
    with pytest.raises(rl.UnknownLabel, match="no player 'France'"):
        plot_tree(BOUND, colors={"France": "blue"})
