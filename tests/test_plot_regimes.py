"""The map of regimes: areas, boundaries, legend and what is refused."""

from __future__ import annotations

from fractions import Fraction

import matplotlib as mpl
import numpy as np
import pytest
import stories
from pictures import overlaps

import redlines as rl
from redlines.numbers import parse_relation
from redlines.parametric.regimes import regimes

FIXED = {"V": 4, "a": "2", "c": Fraction(1), "d": 3.0}
STRANGE = 'cross the_$line$ <now> & "100%"'


@pytest.fixture(autouse=True)
def _quiet_figures():
    """No window, and no figure left open for pyplot to warn about."""
    from matplotlib import pyplot

    pyplot.switch_backend("agg")
    yield
    pyplot.close("all")


@pytest.fixture(scope="module")
def line():
    return regimes(stories.line, ["c < V/2", "d > a"])


@pytest.fixture(scope="module")
def deterrence():
    return regimes(stories.deterrence)


@rl.game("US", "Russia")
def strange_story(
    play,
    resolve=rl.Probability("chance that the US would fight, <b>$x_1$</b>, " * 2),
    gain=rl.Positive("worth & more"),
    unit_cost=rl.Positive("price of $1", unit='% of "GDP"'),
):
    fights = play.draw("US", {"yes": resolve, "no": 1 - resolve}, seen_by="US")
    if play.move("Russia", "act", [STRANGE, "refrain"]) == STRANGE:
        play.mark("crossed_<50%>")
        play.pay({"Russia": -unit_cost if fights == "yes" else gain})


@pytest.fixture(scope="module")
def strange():
    return regimes(strange_story)


def entries(ax):
    """The entries of the legend, families of an area on one line."""
    return [" ".join(text.get_text().split()) for text in ax.get_legend().get_texts()]


def areas_at(ax, x, y):
    """The areas that a point of the axes lies in."""
    return {
        p.get_label()[1:] for p in ax.patches if p.get_path().contains_point((x, y))
    }


def curves(ax):
    return [one for one in ax.lines if one.get_label().startswith("_")]


# ------------------------------------------------------------------------------- areas
@pytest.mark.parametrize(
    ("x", "y", "fixed", "xs", "ys"),
    [
        ("p", "k", FIXED, ["1/5", "2/5", "4/5"], ["1/2", "5/2", "7/2", "22/5"]),
        ("V", "c", {"p": "1/3", "a": 2, "k": 1, "d": 3}, ["1/2", "2", "3"], ["1/9", 1]),
        ("k", "a", {"p": "1/3", "V": 4, "c": 1, "d": 30}, ["1", "4"], [3, 20, 40]),
    ],
)
def test_each_area_is_where_its_families_exist(line, x, y, fixed, xs, ys):
    ax = line.plot(x, y, fixed)
    for at in ((Fraction(one), Fraction(two)) for one in xs for two in ys):
        values = {**fixed, x: at[0], y: at[1]}
        if all(r.holds(**values) for r in line.given):
            names = [
                f.name for f in line.families if f.open and f.condition.holds(**values)
            ]
            wanted = " + ".join(names)
        else:
            wanted = "not admitted"
        assert areas_at(ax, *map(float, at)) == {wanted}


def test_a_family_that_always_exists_is_in_every_area(deterrence):
    ax = deterrence.plot("pC", "pD")
    assert len(entries(ax)) == 4
    assert all(one.startswith("start pooling on cooperate") for one in entries(ax))


def test_what_is_not_admitted_is_grey_and_said(line):
    ax = line.plot("a", "V", {"p": "2/3", "k": 3, "c": 1, "d": 30})
    assert entries(ax)[-1] == "not admitted"
    assert areas_at(ax, 1, 1) == {"not admitted"}
    assert "not admitted" not in entries(line.plot("p", "k", FIXED))


def test_where_nothing_was_found_is_white_and_said(monkeypatch, deterrence):
    fewer = regimes(stories.deterrence)
    kept = tuple(f for f in fewer.families if f.condition.cases != ((),))
    monkeypatch.setitem(vars(fewer), "families", kept)
    fewer._doubts.append("stopped")
    ax = fewer.plot("pC", "pD")
    assert entries(ax)[-1] == "no open family found"
    assert "not proved complete" in ax.get_title(loc="left")
    assert areas_at(ax, 0.5, 0.9) == {"no open family found"}


# -------------------------------------------------------------------------- boundaries
def test_boundaries_lie_on_the_exact_curves(line, strange):
    maps = [
        (
            line.plot("k", "a", {"p": "1/3", "V": 4, "c": 1, "d": 30}),
            "k",
            "a",
            {
                "p": Fraction(1, 3),
                "V": Fraction(4),
                "c": Fraction(1),
                "d": Fraction(30),
            },
        ),
        (
            strange.plot("resolve", "gain", {"unit_cost": 2}),
            "resolve",
            "gain",
            {"unit_cost": Fraction(2)},
        ),
    ]
    for ax, x, y, fixed in maps:
        assert curves(ax)
        for curve in curves(ax):
            (relation,) = parse_relation(curve.get_label()[1:])
            for one, two in curve.get_xydata()[::20]:
                at = {**fixed, x: Fraction(float(one)), y: Fraction(float(two))}
                gap = float(relation.left.at(at) - relation.right.at(at))
                assert abs(gap) < 1e-9 * max(1.0, abs(float(relation.left.at(at))))


def test_boundaries_end_where_the_rest_of_a_condition_does(line):
    ax = line.plot("p", "k", FIXED)
    ends = {
        curve.get_label(): np.round(
            (curve.get_xydata().min(axis=0), curve.get_xydata().max(axis=0)), 3
        ).tolist()
        for curve in curves(ax)
    }
    assert ends.pop("_p == 1/2") == [[0.5, 0.0], [0.5, 4.5]]
    assert ends.pop("_c == k - V/2") == [[0.5, 3.0], [1.0, 3.0]]
    assert ends.pop("_V*k + 2*a*k == V*a + 2*a*c + 2*c*k") == [[0.0, 2.0], [0.5, 2.0]]
    assert not ends


# -------------------------------------------------------------------------------- words
def test_nothing_lies_over_anything_else(line, deterrence, strange):
    maps = [
        line.plot("p", "k", FIXED),
        line.plot("V", "c", {"p": "1/3", "a": 2, "k": 1, "d": 3}),
        deterrence.plot("pC", "pD"),
        strange.plot("resolve", "unit_cost", {"gain": "2"}),
    ]
    for ax in maps:
        assert overlaps(ax) == []
        page, drawn = ax.figure.bbox_inches, ax.figure.get_tightbbox()
        assert page.x0 <= drawn.x0
        assert drawn.x1 <= page.x1
        assert page.y0 <= drawn.y0
        assert drawn.y1 <= page.y1
        hidden = ax.get_legend().get_window_extent().overlaps(ax.get_window_extent())
        assert not hidden


def test_the_legend_has_one_entry_for_each_area_with_its_colours(line):
    ax = line.plot("p", "k", FIXED)
    areas = {p.get_label()[1:]: [] for p in ax.patches}
    for patch in ax.patches:
        areas[patch.get_label()[1:]].append((patch.get_facecolor(), patch.get_hatch()))
    assert entries(ax) == list(areas)
    drawn = list(areas.values())
    keys = [
        (patch.get_facecolor(), patch.get_hatch())
        for patch in ax.get_legend().findobj(mpl.patches.Rectangle)
    ]
    assert keys == [style for styles in drawn for style in styles]
    assert len({tuple(styles) for styles in drawn}) == len(drawn)


def test_names_are_shown_as_they_are(strange):
    ax = strange.plot("resolve", "unit_cost", {"gain": 2})
    assert f"act {STRANGE}" in entries(ax)
    assert ax.get_ylabel() == 'unit_cost: price of $1 (% of "GDP")'
    texts = [*ax.get_legend().get_texts(), ax.xaxis.label, ax.yaxis.label]
    assert not any(text.get_parse_math() for text in texts)


def test_axes_and_title_say_what_is_shown(line):
    ax = line.plot("p", "k", FIXED)
    assert ax.get_xlabel() == "p: chance that the US is resolved"
    title = ax.get_title(loc="left").replace("\n", " ")
    assert title == "line; V = 4, a = 2, c = 1, d = 3; given c < V/2, d > a"
    assert line.plot("p", "k", FIXED, title="").get_title(loc="left") == ""
    assert line.plot("p", "k", FIXED, legend=False).get_legend() is None


def test_limits_show_where_families_begin(line):
    ax = line.plot("p", "k", FIXED)
    assert ax.get_xlim() == (0, 1)
    assert ax.get_ylim()[0] == 0
    assert 3 < ax.get_ylim()[1] < 10
    ax = line.plot("p", "k", FIXED, xlim=("1/4", "3/4"), ylim=(1, 2.5))
    assert (ax.get_xlim(), ax.get_ylim()) == ((0.25, 0.75), (1, 2.5))


def test_axes_that_are_given_are_drawn_in(line):
    _, (left, right) = mpl.pyplot.subplots(1, 2, figsize=(14, 4), layout="constrained")
    assert line.plot("p", "k", FIXED, ax=left) is left
    line.plot("p", "k", FIXED, right)
    assert overlaps(left) == []


# ------------------------------------------------------------------------------ errors
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("p", "q", FIXED), rl.UnknownLabel, "q"),
        (("p", "k", {**FIXED, "z": 1}), rl.UnknownLabel, "z"),
        (("p", "p", FIXED), rl.ModelError, "both axes are to show 'p'"),
        (("p", "k", {**FIXED, "p": "1/2"}), rl.ModelError, "'p' is on an axis"),
        (("p", "k", {"V": 4, "c": 1}), rl.UnboundParameter, "values for 'a', 'd'"),
        (("p", "k"), rl.UnboundParameter, "values for 'V', 'a', 'c', 'd'"),
        (("p", "k", {**FIXED, "V": -1}), rl.OutOfRange, "V = -1 breaks V > 0"),
        (("p", "k", {**FIXED, "c": 2}), rl.OutOfRange, "breaks c < V/2"),
        (("p", "k", {**FIXED, "V": "four"}), rl.ParseError, "four"),
    ],
)
def test_what_cannot_be_drawn_is_refused(line, arguments, error, message):
    with pytest.raises(error, match=message.replace("(", r"\(")):
        line.plot(*arguments)


def test_limits_that_cannot_be_drawn_are_refused(line):
    with pytest.raises(rl.OutOfRange, match="limits of 'k' must rise"):
        line.plot("p", "k", FIXED, ylim=(2, 1))
    with pytest.raises(rl.OutOfRange, match="nothing is admitted with p from 2 to 3"):
        line.plot("p", "k", FIXED, xlim=(2, 3))
