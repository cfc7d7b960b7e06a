"""What regimes are at many points is what exact arithmetic says at each of them."""

from __future__ import annotations

import itertools
import math
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import deterrence, line

import redlines as rl
from redlines.numbers import exact
from redlines.parametric import evaluation
from redlines.parametric.conditions import as_formula
from redlines.parametric.regimes import Regimes, regimes

EVERYTHING = evaluation.CONTENTS
LINE = ("p", "V", "k", "a", "c", "d")
GIVEN = ("c < V/2", "d > a")


@rl.game("A", "B")
def curved(play, x=rl.Real("x"), y=rl.Real("y"), p=rl.Probability("chance of high")):
    high = play.draw("type", {"high": p, "low": 1 - p}, seen_by="A") == "high"
    if play.move("A", "first", ["in", "out"]) == "out":
        play.pay({"A": x * y - y * y * y, "B": 1})
        return
    play.mark("in")
    if play.move("B", "second", ["fight", "yield"]) == "fight":
        play.pay({"A": x * x - y if high else -x, "B": x - 2 * y if high else 1})
    else:
        play.pay({"A": x, "B": y / 3})


@cache
def of(game: rl.Game, *given: str) -> Regimes:
    return regimes(game, given)


def rows(found: Regimes, values: dict[str, Any]) -> list[dict[str, Fraction]]:
    """The points that arrays are, exactly, in C order."""
    names = found._region.ring.names
    arrays = np.broadcast_arrays(*(np.asarray(values[n]) for n in names))
    return [
        {n: exact(v) for n, v in zip(names, row, strict=True)}
        for row in zip(*(a.ravel() for a in arrays), strict=True)
    ]


def agrees(found: Regimes, values: Any, points: Any = None) -> xr.Dataset:
    """Everything at some values, compared with exact arithmetic point by point."""
    points = points or rows(found, values)
    answer = found.evaluate(values, EVERYTHING)
    holds = answer.holds.values.reshape(len(found), -1)
    exists = answer.exists.values.reshape(len(found.families), -1)
    for k, point in enumerate(points):
        row = [point[n] for n in found._region.ring.names]
        inside = found._region.holds(row)
        assert answer.admitted.values.flat[k] == inside, point
        for shown, all_of in ((holds, found), (exists, found.families)):
            wanted = [inside and as_formula(r._raw).holds(row) for r in all_of]
            assert shown[:, k].tolist() == wanted, point
        supports = {r._member.support for r in itertools.compress(found, holds[:, k])}
        assert answer["count"].values.flat[k] == len(supports)
    return answer


def drawn(found: Regimes) -> str:
    """The family in which the line deters."""
    (name,) = (f.name for f in found.families if str(f.payoffs["US"]) == "V - k")
    return name


# ------------------------------------------------------------------------ at few points
def knife_edges() -> list[dict[str, Fraction]]:
    """Points inside of what is given, and points at which several regimes meet."""
    p, k = [Fraction(1, 4), Fraction(1, 2), Fraction(2, 3)], [1, 3, 4, Fraction(22, 5)]
    return [
        dict(zip(LINE, (*point, point[3] + 1), strict=True))
        for point in itertools.product(p, [4], k, [1, 2], [1, Fraction(3, 2)])
    ]


def test_the_regimes_that_hold_are_those_at_a_point() -> None:
    found, points = of(line, *GIVEN), knife_edges()
    answer = found.evaluate({n: [q[n] for q in points] for n in LINE})
    for k, point in enumerate(points):
        here = {repr(dict(e.support)) for e in found.at(**point)}
        held = itertools.compress(found, answer.holds.values[:, k])
        assert {repr(dict(r.support)) for r in held} == here
        assert answer["count"].values[k] == len(here)


@pytest.mark.parametrize("position", [0, 3, 17, 30, 47])
def test_the_regimes_that_hold_are_what_solving_finds(position: int) -> None:
    found, point = of(line, *GIVEN), knife_edges()[position]
    held = itertools.compress(found, found.evaluate(point).holds.values)
    solved = {repr(dict(e.support)) for e in rl.solve(line.bind(**point), "sequential")}
    assert {repr(dict(r.support)) for r in held} == solved


def test_a_point_alone_has_no_dimensions() -> None:
    values = {"pC": "1/3", "pD": 0.5}
    point = {"pC": Fraction(1, 3), "pD": Fraction(1, 2)}
    answer = agrees(of(deterrence), values, [point])
    assert answer.admitted.shape == ()
    assert answer.holds.dims == ("regime",)
    assert answer["count"] == answer.holds.sum()


# ------------------------------------------------------------------ boundaries, exactly
def test_a_grid_of_tenths_is_exact() -> None:
    steps = np.arange(0, 11) / 10
    answer = agrees(of(deterrence), {"pC": steps[:, None], "pD": steps})
    assert answer.holds.dims == ("regime", "dim_0", "dim_1")
    assert not answer.admitted[0].any()
    # all but the one that needs two thirds
    assert answer.holds.any(["dim_0", "dim_1"]).sum() == len(answer.regime) - 1


def test_many_tenths_in_six_parameters_are_exact() -> None:
    rng = np.random.default_rng(5)
    values = {n: rng.integers(1, 12, 3000) / 10 for n in LINE}
    values["p"] = rng.choice([0.4, 0.5, 0.6], 3000)
    assert agrees(of(line, *GIVEN), values).holds.any("point").sum() >= 12


def test_sums_of_tenths_are_read_as_they_print() -> None:
    # 0.1 + 0.2 prints as 0.30000000000000004, and V - k >= 0.1 asks for at most 0.3
    found = of(line, *GIVEN)
    values: dict[str, Any] = {"p": 0.6, "a": 0.1, "c": 0.1, "d": 1, "V": 0.4}
    answer = agrees(found, values | {"k": np.array([0.3, 0.1 + 0.2])})
    assert answer.exists.sel(family=drawn(found)).values.tolist() == [True, False]


@pytest.mark.parametrize("scale", [0.1, 1 / 3, 1.0, 7e22, 1e-7, 3e150, 2e-160])
def test_one_unit_in_the_last_place_off_a_boundary_is_off_it(scale: float) -> None:
    near = [math.nextafter(scale, 0), scale, math.nextafter(scale, math.inf)]
    middle = [math.nextafter(0.5, 0), 0.5, math.nextafter(0.5, 1)]
    points = list(itertools.product(middle, near, near, [scale, 2 * scale]))
    values: dict[str, Any] = dict(zip("pVka", np.array(points).T, strict=True))
    values |= {"c": scale / 8, "d": 4 * scale}
    counts = agrees(of(line, *GIVEN), values)["count"].values
    assert len(set(counts.tolist())) > 1


@pytest.mark.parametrize(
    "size", ["1e-300", "5e-324", "1e300", "1e-400", "1e400", "7e-310", "1e307"]
)
def test_tiny_and_huge_values_are_exact(size: str) -> None:
    unit, odds = exact(size), [Fraction(1, 2), Fraction(1, 3)]
    points = [
        dict(zip(LINE, (p, V * unit, k * unit, a * unit, unit, 9 * unit), strict=True))
        for p, V, k, a in itertools.product(odds, (3, 4), (1, 3, 4), (1, 2))
    ]
    values = {n: [q[n] for q in points] for n in LINE}
    exactly = agrees(of(line, *GIVEN), values)
    assert exactly["count"].values.any()
    if 1e-308 < unit < 1e308:
        floats = {n: np.array([float(v) for v in values[n]]) for n in LINE[1:]}
        again = agrees(of(line, *GIVEN), {**floats, "p": values["p"]})
        assert (again.holds.values == exactly.holds.values).all()


def test_sizes_may_differ_wildly_within_a_point() -> None:
    sizes = [1e-300, 1e-20, 0.5, 3.0, 1e17, 1e300]
    V, k, a = np.array(list(itertools.product(sizes, repeat=3))).T
    values = {"V": V, "k": k, "a": a, "c": V / 4, "d": 2 * a, "p": 0.25}
    agrees(of(line, *GIVEN), values)
    x, y = (np.concatenate([v, -v, v]) for v in (V, k))
    odds = np.tile([1e-300, 0.5, 1 - 2**-53], 216)
    agrees(of(curved), {"x": x, "y": y, "p": odds})


def test_fractions_with_huge_denominators_are_exact() -> None:
    tiny = Fraction(1, 10**400)
    edges = [
        [middle + n * tiny for n in (-1, 0, 1)] for middle in (Fraction(1, 2),) * 2
    ]
    pC, pD = map(list, zip(*itertools.product(*edges), strict=True))
    answer = agrees(of(deterrence), {"pC": pC, "pD": pD})
    assert len({tuple(c) for c in answer.holds.values.T.tolist()}) > 4


numbers = st.one_of(
    st.sampled_from([0.0, -0.0, 0.5, 1.0, 0.1, 0.3, 1 / 3, 2.0, -1.0, 1e-200, 4e200]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(min_value=-4, max_value=4, allow_nan=False),
    st.fractions(min_value=-4, max_value=4, max_denominator=6),
    st.integers(-(10**20), 10**20),
)
odds = st.fractions(0, 1)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(numbers, numbers, odds), min_size=1, max_size=40))
def test_any_values_are_exact(points: list[tuple[Any, Any, Any]]) -> None:
    values = dict(zip("xyp", map(list, zip(*points, strict=True)), strict=True))
    objects = {n: np.array(v, dtype=object) for n, v in values.items()}
    agrees(of(curved), values, rows(of(curved), objects))
    agrees(of(curved), {n: np.array([float(v) for v in values[n]]) for n in "xyp"})


# ----------------------------------------------------------------------------- measures
def check_measures(found: Regimes, answer: xr.Dataset, points: list[Any]) -> int:
    """Compare with the closed forms in exact arithmetic; how many were compared."""
    seen = 0
    for f, family in enumerate(found.families):
        there = answer.exists.values[f]
        payoffs = family.payoffs
        forms = [payoffs[p] for p in found.game.players]
        forms += [family.probability(e) for e in found.game.events]
        shown = np.concatenate([answer.payoff.values[f], answer.probability.values[f]])
        assert np.isnan(shown[:, ~there]).all()
        for values, form in zip(shown, forms, strict=True):
            if form is None:
                assert np.isnan(values).all()
                continue
            for k in np.flatnonzero(there):
                wanted = form.at(points[k]) if isinstance(form, rl.Number) else form
                error = abs(exact(values[k]) - wanted)
                assert error <= abs(wanted) / 10**12, (family, points[k])
                seen += 1
    return seen


def test_measures_are_the_closed_forms() -> None:
    rng = np.random.default_rng(2)
    for found, names in ((of(line, *GIVEN), LINE), (of(curved), "xyp")):
        values = {n: rng.integers(1, 30, 400) / 10 for n in names}
        values["p"] = rng.integers(1, 10, 400) / 10
        points = rows(found, values)
        assert check_measures(found, agrees(found, values), points) > 200


def test_measures_keep_their_digits_where_terms_cancel() -> None:
    V = [1.0, 1.0, 1e16, 1e200]
    k = [math.nextafter(1, 0), 1 - 1e-9, 1e16 - 2, math.nextafter(1e200, 0)]
    gains = [exact(v) - exact(cost) for v, cost in zip(V, k, strict=True)]
    bluff = [(exact(v) - g) / 2 for v, g in zip(V, gains, strict=True)]
    values = {"p": 0.6, "V": V, "k": k, "a": V, "c": bluff, "d": 1e201}
    found = of(line, *GIVEN)
    payoff = agrees(found, values | {"V": np.array(V), "k": np.array(k)}).payoff
    shown = payoff.sel(family=drawn(found), player="US").values
    assert shown.tolist() == [float(g) for g in gains]


def test_a_knife_edge_off_the_path_has_the_measures_of_its_family() -> None:
    @rl.game("A", "B")
    def stay_out(play, v=rl.Positive("worth of fighting")):
        if play.move("A", "enter", ["out", "in"]) == "out":
            play.pay({"A": 5})
        else:
            fights = play.move("B", "reply", ["fight", "yield"]) == "fight"
            play.pay({"A": 0 if fights else 1, "B": v if fights else 1})

    answer = regimes(stay_out).evaluate({"v": [0.5, 1, 2]}, EVERYTHING)
    assert answer["count"].values.tolist() == [1, 3, 1]
    payoff = answer.payoff.sel(family=answer.member_of, player="A")
    assert payoff.dims == ("regime", "point")
    assert (payoff.where(answer.holds, 5) == 5).all()


@pytest.mark.parametrize("first", [["L", "R"], ["R", "L"]])
def test_what_members_of_a_family_differ_in_is_open(first: list[str]) -> None:
    # where A would mix after R, it pins down how B mixes; elsewhere nothing does
    @rl.game("A", "B")
    def hidden(play, v=rl.Positive("v"), w=rl.Positive("w")):
        went = play.move("A", "first", first, seen_by=[])
        if play.move("B", "second", ["x", "y"], seen_by=[]) == "x":
            play.mark("X")
            left, up, down = 3, v, -1
        else:
            left, up, down = 4, -1, w
        if went == "R":
            left = up if play.move("A", "third", ["u", "v"]) == "u" else down
        play.pay({"A": left})

    answer = regimes(hidden).evaluate({"v": 1, "w": 1}, EVERYTHING)
    shares = answer.probability.sel(event="X").values[answer.exists.values]
    np.testing.assert_array_equal(np.sort(shares), [0, 1, math.nan])
    assert np.isnan(shares).sum() == 1


def test_payoffs_that_floats_cannot_hold_are_infinite() -> None:
    @rl.game("A", "B")
    def doubled(play, v=rl.Positive("worth")):
        if play.move("A", "take", ["yes", "no"]) == "yes":
            play.pay({"A": 2 * v})

    payoff = regimes(doubled).evaluate({"v": [1.5e308, 1.0]}, "payoff").payoff
    assert payoff.sel(player="A").values.tolist() == [[math.inf, 2.0]]


# ------------------------------------------------------------------------------- shapes
@pytest.mark.parametrize("size", [1, 7, 64])
def test_blocks_do_not_show(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    found, steps = of(deterrence), np.arange(1, 7) / 6
    several = [
        {"pC": np.tile(steps, 6), "pD": np.repeat(steps, 6)},
        {"pC": steps, "pD": steps.reshape(6, 1)},
        {"pC": steps.reshape(2, 3, 1), "pD": steps.reshape(6, 1, 1, 1)},
    ]
    whole = [found.evaluate(v, EVERYTHING) for v in several]
    monkeypatch.setattr(evaluation, "BLOCK", size)
    for values, wanted in zip(several, whole, strict=True):
        xr.testing.assert_identical(found.evaluate(values, EVERYTHING), wanted)
    for name in EVERYTHING:
        flat, grid = (w[name].values.ravel() for w in whole[:2])
        assert np.array_equal(flat, grid, equal_nan=flat.dtype == float)


def test_dimensions_and_coordinates_of_a_dataset_are_kept() -> None:
    shares = (("year", "place"), [[0.25, 0.5], [0.75, 2.0]], {"unit": "share"})
    labels = {"year": [1962, 1963], "note": ("year", ["a", "b"])}
    values = xr.Dataset({"pC": shares}, {"pD": ("place", [0.5, 0.75]), **labels})
    answer = of(deterrence).evaluate(values, EVERYTHING)
    assert answer.holds.dims == ("regime", "year", "place")
    assert answer.payoff.dims == ("family", "player", "year", "place")
    assert answer.year.values.tolist() == [1962, 1963]
    assert answer.note.values.tolist() == ["a", "b"]
    assert answer.pC.attrs == {"unit": "share"}
    assert answer.admitted.values.tolist() == [[True, True], [True, False]]
    plain = {"pC": values.pC.values, "pD": values.pD.values}
    wanted = of(deterrence).evaluate(plain, EVERYTHING)
    for name in EVERYTHING:
        np.testing.assert_array_equal(answer[name].values, wanted[name].values)


def test_parameters_with_dimensions_of_their_own_make_a_grid() -> None:
    steps = np.arange(1, 10) / 10
    values = xr.Dataset(coords={"pC": steps, "pD": steps[:4]})
    answer = of(deterrence).evaluate(values)
    assert answer.holds.dims == ("regime", "pC", "pD")
    wanted = of(deterrence).evaluate({"pC": steps[:, None], "pD": steps[:4]})
    assert (answer.holds.values == wanted.holds.values).all()
    # arrays whose dimensions are in another order
    values = xr.Dataset({"pC": (("i", "j"), np.arange(1, 7).reshape(2, 3) / 7)})
    values["pD"] = (("j", "i"), np.arange(1, 7).reshape(3, 2) / 7)
    wanted = of(deterrence).evaluate({"pC": values.pC.values, "pD": values.pD.values.T})
    assert (of(deterrence).evaluate(values).holds.values == wanted.holds.values).all()


@pytest.mark.parametrize("shape", [(0,), (0, 3), (2, 0)])
def test_no_points_are_no_error(shape: tuple[int, ...]) -> None:
    answer = of(deterrence).evaluate({"pC": np.zeros(shape), "pD": 0.5}, EVERYTHING)
    assert answer.admitted.shape == shape
    assert answer.payoff.shape == (len(of(deterrence).families), 2, *shape)


def test_values_may_be_any_exact_or_floating_numbers() -> None:
    found = of(deterrence)
    wanted = found.evaluate({"pC": ["1/2"] * 3, "pD": ["2/3", "1/10", "1/2"]}).holds
    for half in (0.5, "1/2", Decimal("0.5"), Fraction(1, 2), "0.5"):
        answer = found.evaluate({"pC": half, "pD": [Fraction(2, 3), 0.1, half]})
        assert (answer.holds.values == wanted.values).all()


def test_short_floats_and_integers_are_read_as_they_print() -> None:
    for kind in (np.float32, np.int8, np.uint64, np.int64, object):
        values = {n: np.array([1, 3, 4, 5, 6], kind) for n in "Vka"}
        values |= {"c": np.array(1, kind), "d": np.array(7, kind), "p": 0.5}
        agrees(of(line, *GIVEN), values)
    for kind in (np.float16, np.float32, np.longdouble):
        tenths = {n: np.array([0.1, 0.2, 0.3, 0.7], kind) for n in "Vka"}
        tenths |= {"c": np.array(0.05, kind), "p": 0.5, "d": np.array(0.8, kind)}
        counts = agrees(of(line, *GIVEN), tenths)["count"].values
        assert counts[0] == 0 < counts[1]
    huge = {"p": 0.25, "V": 2**62, "k": 2**62 + np.arange(-1, 2), "a": 1, "c": 1}
    agrees(of(line, *GIVEN), {**huge, "d": 2})


# ----------------------------------------------------------------------------- contents
def test_only_what_is_asked_for_is_there() -> None:
    found, values = regimes(deterrence), {"pC": [0.5, 0.25], "pD": 0.5}
    found.evaluate(values, ["exists"])
    assert "_listed" not in vars(found)  # many support profiles take long
    assert set(found.evaluate(values)) == {"admitted", "holds", "exists", "count"}
    for name in EVERYTHING:
        assert set(found.evaluate(values, name)) == {"admitted", name}
    assert set(found.evaluate(values, [])) == {"admitted"}


def test_the_answer_says_what_it_is_about() -> None:
    answer = of(line, *GIVEN).evaluate(dict.fromkeys(LINE, 1))
    about = {"game": "line", "concept": "sequential", "given": "c < V/2; d > a"}
    assert answer.attrs == {**about, "undecided": ""}
    # equal names are told apart
    assert len({r.name for r in of(line, *GIVEN)}) < 16
    assert len(set(answer.regime.values)) == 16
    assert set(answer.member_of.values) == set(answer.family.values)


def test_what_is_not_admitted_is_no_error() -> None:
    values = {"p": [0, 1, 0.5, 0.5, 0.5], "V": [1, 1, -1, 1, 1], "k": 1, "a": 1}
    values |= {"c": [0.1, 0.1, 0.1, 0.5, 0.1], "d": [2, 2, 2, 2, 1]}
    answer = of(line, *GIVEN).evaluate(values, EVERYTHING)
    assert not answer.admitted.any()
    assert not answer.holds.any()
    assert not answer["count"].any()
    assert answer.payoff.isnull().all()
