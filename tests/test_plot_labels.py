"""No label of a picture of a tree lies over another, over a line or off the page."""

from __future__ import annotations

from fractions import Fraction

import matplotlib as mpl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import (
    BOUND,
    LONG,
    SHORT,
    STRANGE,
    ladder,
    links,
    mixed,
    overlaps,
    random_story,
    require_clear,
    semi_separating,
)

import redlines as rl
from redlines import RUSSIA, US
from redlines.plots.tree import label_overlaps, plot_tree


@pytest.fixture(autouse=True)
def _quiet_figures():
    """No window, and no figure left open for pyplot to warn about."""
    from matplotlib import pyplot

    pyplot.switch_backend("agg")
    yield
    pyplot.close("all")


# ---------------------------------------------------------------- nothing lies over it
@pytest.mark.parametrize("names", [SHORT, LONG, STRANGE, SHORT + LONG + STRANGE])
@pytest.mark.parametrize("depth", [3, 8])
@pytest.mark.parametrize("seed", range(3))
def test_labels_are_clear_in_random_trees(names, depth, seed):
    game = random_story(seed, names, depth, aligned=True)
    require_clear(plot_tree(game))
    require_clear(plot_tree(game, mixed(game, seed)))


@given(seed=st.integers(0, 10**6), depth=st.integers(1, 12))
@settings(max_examples=25, deadline=None)
def test_labels_are_clear_where_information_sets_span_depths(seed, depth):
    game = random_story(seed, SHORT + LONG + STRANGE, depth, aligned=False)
    ax = plot_tree(game, mixed(game, seed))
    # where two sets are each partly before the other, a link slants and may cross
    slants = any(len(set(link.get_xdata())) > 1 for link in links(ax))
    require_clear(ax, lines=not slants)
    mpl.pyplot.close("all")  # the fixture does so once for all examples


@pytest.mark.parametrize("rungs", [1, 6, 14])
def test_labels_are_clear_on_a_ladder(rungs):
    game = ladder(rungs)
    require_clear(plot_tree(game))
    require_clear(plot_tree(game, mixed(game, rungs)))


def test_labels_are_clear_in_a_bush():
    @rl.game(US, RUSSIA)
    def bush(play):
        number = 0
        for depth, seen_by in enumerate([None, [], None, []]):
            who = [US, RUSSIA][depth % 2]
            number *= 2
            number += play.move(who, f"m{depth}", ["l", "r"], seen_by=seen_by) == "r"
        play.pay({US: number % 7 - 3, RUSSIA: number % 5})

    require_clear(plot_tree(bush))
    require_clear(plot_tree(bush, mixed(bush, 1)))


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (2, 2), (3, 5), (6, 7)])
def test_labels_are_clear_in_a_bimatrix_game(rows, columns):
    A = [[r - 3 * c for c in range(columns)] for r in range(rows)]
    B = [[Fraction(r, c + 1) for c in range(columns)] for r in range(rows)]
    actions = [
        [f"{(LONG + STRANGE)[k].replace(',', '')} {k}" for k in range(size)]
        for size in (rows, columns)
    ]
    for named in (None, actions):
        game = rl.Game.from_bimatrix(
            A, B, actions=named, name="a $very$ long name " * 9
        )
        require_clear(plot_tree(game))
        require_clear(plot_tree(game, mixed(game, rows)))


def test_labels_are_clear_where_two_sets_are_each_partly_before_the_other():
    @rl.game(US, RUSSIA)
    def disorder(play):
        first = play.draw("who is first", {US: "1/2", RUSSIA: rl.REST}, seen_by=[])
        order = [US, RUSSIA] if first == US else [RUSSIA, US]
        for who in order:
            if play.move(who, f"{who} acts", ["wait", "act"], seen_by=[]) == "act":
                play.pay({who: 1})

    assert overlaps(plot_tree(disorder, mixed(disorder, 0))) == []


def test_an_overlap_is_found():
    ax = plot_tree(BOUND)
    x, y = ax.texts[3].get_position()
    extra = ax.text(x, y, "over it")
    assert any(extra in pair for pair in label_overlaps(ax))
    assert overlaps(ax)


# ----------------------------------------------------------------------- axes given
@pytest.mark.parametrize("layout", [None, "tight", "constrained"])
@pytest.mark.parametrize("size", [(6.4, 4.8), (16, 3), (20, 20)])
def test_labels_are_clear_in_axes_that_are_given(layout, size):
    _, (left, right) = mpl.pyplot.subplots(1, 2, figsize=size, layout=layout)
    right.plot([0, 1], [1000, 2000])
    plot_tree(BOUND, semi_separating(), ax=left)
    assert label_overlaps(left) == []
    assert overlaps(left) == []
