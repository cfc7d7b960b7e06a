"""Two-level games: win sets, ratifiers, and who binds."""

from __future__ import annotations

from fractions import Fraction as F

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import redlines as rl
from redlines.bargains.two_level import ratified

SPE = "subgame perfect"
unit = st.fractions(0, 1, max_denominator=12)
GRID = [F(k, 240) for k in range(241)]


def treaty(h, r, s, f=0, **options):
    return rl.TwoLevelGame(
        {"Home": {"negotiator": h, "senate": r}, "Foreign": {"leader": f}},
        status_quo=s,
        proposer="Foreign",
        **options,
    )


def outcome(game):
    (found,) = rl.solve(game, SPE)
    assert found.regret == 0
    return found.proposal


# ------------------------------------------------------------------ published results
@pytest.mark.parametrize(("r", "x"), [("1/2", F(1, 10)), ("7/10", F(1, 2))])
def test_a_reluctant_ratifier_helps_the_negotiator(r, x):
    assert outcome(treaty("1/2", r, "9/10")) == x


def test_the_best_ratifier_lies_halfway_to_the_status_quo():
    assert str(treaty("1/2", "1/2", "9/10").best_ratifier("Home")) == "7/10"


# --------------------------------------------------------------------------- properties
@given(unit, unit, unit, unit)
def test_the_outcome_is_the_foreign_ideal_cut_to_what_all_accept(h, r, s, f):
    game = treaty(h, r, s, f)
    low, high = F(0), F(1)
    for i in (h, r, f):
        low, high = max(low, min(s, 2 * i - s)), min(high, max(s, 2 * i - s))
    assert outcome(game) == min(max(f, low), high)
    assert s in game.win_set()


@given(unit, unit, unit, unit, unit)
@settings(max_examples=50)
def test_no_point_of_a_grid_that_all_accept_is_better_for_the_proposer(h, r, s, f, g):
    game = rl.TwoLevelGame(
        {"Home": {"negotiator": h, "senate": r}, "Foreign": {"leader": f, "duma": g}},
        s,
        proposer="Foreign",
    )
    x = outcome(game)
    for y in GRID:
        if all(abs(y - i) <= abs(s - i) for i in (h, r, f, g)):
            assert abs(y - f) >= abs(x - f)


@given(unit, unit, unit, st.sampled_from(["Home", "Foreign"]))
@settings(max_examples=30)
def test_no_ratifier_is_better_than_the_best(h, s, f, proposer):
    def made(r):
        return rl.TwoLevelGame(
            {"Home": {"negotiator": h, "senate": r}, "Foreign": {"leader": f}},
            s,
            proposer=proposer,
        )

    best = made(h).best_ratifier("Home")
    values = {
        abs(outcome(made(r)) - h)
        for r in (best.low, best.high, (best.low + best.high) / 2)
    }
    (value,) = values
    for k in range(25):
        r = F(k, 24)
        other = abs(outcome(made(r)) - h)
        assert other >= value
        if other == value and outcome(made(r)) == outcome(made(best.low)):
            assert best.low <= r <= best.high


@given(unit, unit, unit, unit)
def test_another_proposal_is_refused(h, r, s, f):
    game = treaty(h, r, s, f)
    x = outcome(game)
    for other in (x + F(1, 50), x - F(1, 50), F(2)):
        assert not ratified(game, other).holds


def test_parameters_and_who_binds():
    game = treaty("h", "r", "s")
    with pytest.raises(rl.UnboundParameter):
        rl.solve(game, SPE)
    (found,) = rl.solve(game.bind(h="1/2", r="7/10", s="9/10"), SPE)
    assert found.binding == ("senate",)
    assert found.payoffs == {"Home": 0, "Foreign": -F(1, 2)}
    assert "would accept no further step: senate" in str(found)
    assert str(game.bind(h="1/2", r="7/10", s="9/10").win_set("Home")) == "[1/2, 9/10]"
    nothing = outcome(treaty("1/5", "9/10", "1/2", 0))
    assert nothing == F(1, 2)


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: treaty("1/2", "1/2", 2), rl.OutOfRange, "no outcome between"),
        (lambda: rl.TwoLevelGame({"A": {"x": 1}}, 0), rl.ModelError, "two sides"),
        (
            lambda: rl.TwoLevelGame({"A": {}, "B": {"x": 0}}, 0),
            rl.ModelError,
            "nobody negotiates",
        ),
        (
            lambda: rl.TwoLevelGame({"A": {"x": 1}, "B": {"x": 0}}, 0),
            rl.ModelError,
            "not all different",
        ),
        (
            lambda: rl.TwoLevelGame({"A": {"x": 1}, "B": {"y": 0}}, 0, proposer="C"),
            rl.UnknownLabel,
            "no side 'C'",
        ),
        (lambda: treaty(0, 0, 0).win_set("nobody"), rl.UnknownLabel, "nobody"),
    ],
)
def test_errors_say_what_was_wrong(make, error, words):
    with pytest.raises(error) as caught:
        make()
    assert words in str(caught.value)
