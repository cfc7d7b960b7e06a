"""Correlated and coarse correlated equilibria: the polytope and its extremes."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from stories import bluff, chain_store, line, pennies_inside

import redlines as rl

CHICKEN = rl.Game.from_bimatrix(
    [[6, 2], [7, 0]],
    [[6, 7], [2, 0]],
    actions=[["yield", "dare"], ["yield", "dare"]],
)
BOTH = ("correlated", "coarse correlated")


def test_the_best_of_chicken():
    # Aumann 1974: each of three outcomes but the clash; (yield, yield) half the time
    solution = rl.solve(CHICKEN, "correlated", maximize="welfare")
    (found,) = solution
    assert solution.complete
    assert found.distribution == {
        ("yield", "yield"): Fraction(1, 2),
        ("yield", "dare"): Fraction(1, 4),
        ("dare", "yield"): Fraction(1, 4),
    }
    assert sum(found.payoffs.values()) == Fraction(21, 2)
    assert found.range("welfare").high == Fraction(21, 2)
    assert found.regret == 0


def test_the_least_of_chicken_is_reached_too():
    (found,) = rl.solve(CHICKEN, "correlated", minimize={"Row": 1})
    assert found.payoffs["Row"] == found.range(rl.payoff("Row")).low == 2


def test_the_coarse_set_is_larger():
    a = [[0, 3, 1], [1, 0, 3], [3, 1, 0]]
    b = [[0, 1, 3], [3, 0, 1], [1, 3, 0]]
    game = rl.Game.from_bimatrix(a, b)
    (one,) = rl.solve(game, "correlated")
    (coarse,) = rl.solve(game, "coarse correlated", maximize={"Row": 1})
    assert one.range({"Row": 1}).high < coarse.range({"Row": 1}).high
    assert not one.contains(coarse.distribution)
    assert coarse.contains(one.distribution)


def matrices(size, seed, kind):
    rng = np.random.default_rng(seed)
    if kind == "tied":
        return rng.integers(0, 3, (2, *size))
    return rng.integers(-50, 50, (2, *size))


def highest(a, b, weights, coarse):
    """Straight from the definition, in floating point."""
    m, n = a.shape
    rows = []
    for i, k in itertools.product(range(m), repeat=2):
        row = np.zeros((m, n))
        if coarse:
            row[:] = a[k] - a
        else:
            row[i] = a[k] - a[i]
        rows.append(row.ravel())
    for j, k in itertools.product(range(n), repeat=2):
        row = np.zeros((m, n))
        if coarse:
            row[:] = b[:, [k]] - b
        else:
            row[:, j] = b[:, k] - b[:, j]
        rows.append(row.ravel())
    total = (weights[0] * a + weights[1] * b).ravel()
    found = linprog(
        -total, A_ub=np.array(rows), b_ub=np.zeros(len(rows)),
        A_eq=np.ones((1, m * n)), b_eq=[1],
    )  # fmt: skip
    assert found.status == 0
    return -found.fun


@pytest.mark.parametrize("concept", BOTH)
@pytest.mark.parametrize("kind", ["tied", "plain"])
@pytest.mark.parametrize("size", [(1, 1), (1, 4), (2, 2), (3, 2), (4, 4)])
def test_extremes_are_those_of_a_solver_from_elsewhere(concept, kind, size):
    for seed in range(6):
        a, b = matrices(size, seed, kind)
        (found,) = rl.solve(rl.Game.from_bimatrix(a, b), concept)
        assert found.certificate.holds
        for weights in ((1, 0), (0, 1), (1, 1), (-1, 2)):
            ours = found.range({"Row": weights[0], "Column": weights[1]}).high
            theirs = highest(a, b, weights, concept == "coarse correlated")
            assert float(ours) == pytest.approx(theirs, abs=1e-7)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([(2, 2), (2, 3), (3, 3)]))
def test_nash_is_correlated_and_correlated_is_coarse(seed, size):
    game = rl.Game.from_bimatrix(*matrices(size, seed, "tied"))
    (correlated,), (coarse,) = (rl.solve(game, concept) for concept in BOTH)
    for equilibrium in rl.solve(game, "nash"):
        assert correlated.contains(equilibrium.strategy)
    assert coarse.contains(correlated.distribution)


@pytest.mark.parametrize("concept", BOTH)
def test_a_wrong_distribution_is_refused(concept):
    clash = {("dare", "dare"): "1/2", ("yield", "yield"): "1/2"}
    refused = rl.verify(CHICKEN, clash, concept=concept)
    assert not refused
    assert refused.regret > 0
    assert "gains" in str(refused)
    half = {("dare", "yield"): "1/2", ("yield", "dare"): "1/2"}
    assert rl.verify(CHICKEN, half, concept=concept)


def test_what_is_no_distribution_is_an_error():
    with pytest.raises(rl.ModelError, match="sum to 1/2"):
        rl.verify(CHICKEN, {("dare", "yield"): "1/2"}, concept="correlated")
    with pytest.raises(rl.UnknownLabel, match="swerve"):
        rl.verify(CHICKEN, {("swerve", "yield"): 1}, concept="correlated")
    with pytest.raises(rl.ModelError, match="no such pair"):
        rl.verify(CHICKEN, {7: 1}, concept="correlated")


@pytest.mark.parametrize("game", [chain_store, bluff, pennies_inside], ids=str)
@pytest.mark.parametrize("concept", BOTH)
def test_trees_by_their_plans(game, concept):
    (found,) = rl.solve(game, concept)
    assert found.certificate.holds
    everything = rl.solve(game, "nash")
    for equilibrium in everything:
        assert found.contains(equilibrium.strategy)
        for player in game.players:
            ends = found.range(rl.payoff(player))
            assert ends.low <= equilibrium.payoffs[player] <= ends.high


def test_events_and_conditions():
    bound = line.bind(**dict.fromkeys(line.parameters, "1/2"))
    (found,) = rl.solve(bound, "correlated", maximize=bound.events[0])
    event = bound.events[0]
    assert found.probability(event) == found.range(event).high
    assert found.range(rl.P(event, given=event)) in (None, found.range("welfare")) or (
        found.range(rl.P(event, given=event)).low == 1
    )


def test_numbers_far_apart():
    tiny, huge = Fraction(1, 10**300), 10**9
    a = [[0, tiny], [tiny / 2, huge]]
    (found,) = rl.solve(rl.Game.from_bimatrix(a, a), "correlated")
    assert found.payoffs["Row"] == huge
    assert found.range(rl.payoff("Row")).high == huge


def test_what_cannot_be_asked():
    with pytest.raises(rl.ModelError, match="not both"):
        rl.solve(CHICKEN, "correlated", maximize="welfare", minimize="welfare")
    with pytest.raises(rl.UnknownLabel, match="happiness"):
        rl.solve(CHICKEN, "correlated", maximize="happiness")
    with pytest.raises(rl.UnknownLabel, match=r"rl.payoff\('Row'\)"):
        rl.solve(CHICKEN, "correlated", maximize="Row")
    with pytest.raises(rl.Unsupported, match="entries"):
        rl.solve(rl.Game.from_bimatrix(np.zeros((200, 200)), np.zeros((200, 200))),
                 "correlated")  # fmt: skip
    (found,) = rl.solve(CHICKEN, "correlated")
    with pytest.raises(rl.Unsupported, match="distribution"):
        _ = found.strategy["Row"]["Row"]


def test_the_text_shows_the_set():
    text = str(rl.solve(CHICKEN, "correlated"))
    assert "1/2: yield | yield" in text
    assert "over all of them, payoffs: Row [2, 7], Column [2, 7]" in text
    assert all(len(row) <= 100 for row in text.splitlines())
