"""One sequential equilibrium: of long ladders, of random trees, with ties."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from oracle.trees import random_games
from stories import beer_quiche, bluff, chain_store, ladder, private_types

import redlines as rl
from redlines import RUSSIA, US
from redlines.forms import sequence_form
from redlines.solvers.agents import Barrier, follow
from redlines.solvers.limits import exact_limit

PATH = "barrier path"


@rl.game(US, RUSSIA)
def brinkmanship(play, rungs=8, top=Fraction(3, 10)):
    """Two private types a side; the hazard grows with the rung."""
    half = {"resolved": "1/2", "irresolute": rl.REST}
    loss = {"resolved": -1, "irresolute": -6}
    russia = play.draw("Russia", half, seen_by=RUSSIA)
    us = play.draw("US", {**half, "resolved": "1/3"}, seen_by=US)

    def rung(k):
        def go(play):
            mover, other = (RUSSIA, US) if k % 2 == 0 else (US, RUSSIA)
            if k == rungs:
                play.pay({mover: 1}, because="the prize")
                return None
            if play.move(mover, f"rung {k}", ["escalate", "back down"]) == "back down":
                play.pay({other: 1}, because="the prize")
                return None
            hazard = top * (k + 1) / rungs
            fate = play.draw(f"control {k}", {"lost": hazard, "kept": 1 - hazard})
            if fate == "lost":
                play.mark("war")
                play.pay({US: loss[us], RUSSIA: loss[russia]}, because="war")
                return None
            return rung(k + 1)

        return go

    return rung(0)


def one(game, concept="sequential", **options):
    return rl.solve(game, concept, coverage="one", **options)


def only(game, **options):
    solution = one(game, method=PATH, **options)
    assert len(solution) == 1, solution.reason
    assert not solution.complete
    assert solution[0].regret == 0
    return solution[0]


@pytest.mark.parametrize("rungs", [1, 2, 3, 5, 8])
def test_what_is_found_is_among_all(rungs):
    game = brinkmanship(rungs=rungs)
    found = only(game)
    everything = rl.solve(game, "sequential")
    assert everything.complete
    assert any(m._element.contains(found._assessment, True) for m in everything)


@pytest.mark.parametrize("rungs", [32, 200])
def test_long_ladders_are_exact(rungs):
    found = only(brinkmanship(rungs=rungs))
    assert found.certificate.checked == (
        "sequential rationality",
        "bayes",
        "consistency",
    )
    assert 0 <= found.probability("war") < Fraction(3, 10)


@pytest.mark.parametrize("perfect", [False, True])
def test_random_trees_with_ties(perfect):
    for game in itertools.islice(random_games(11, perfect, most=10), 60):
        found = only(game)
        assert rl.verify(game, found.strategy, found.belief, "sequential")


@pytest.mark.parametrize("seed", range(12))
def test_matrices_with_and_without_ties(seed):
    rng = np.random.default_rng(seed)
    for size in (1, 2, 3, 5):
        for a, b in (rng.random((2, size, size)), rng.integers(0, 3, (2, size, size))):
            found = only(rl.Game.from_bimatrix(a, b))
            x, y = (list(found.strategy[p][p].values()) for p in ("Row", "Column"))
            rows = [
                sum(Fraction(str(v)) * q for v, q in zip(row, y, strict=True))
                for row in a.tolist()
            ]
            columns = [
                sum(Fraction(str(v)) * p for v, p in zip(column, x, strict=True))
                for column in b.T.tolist()
            ]
            assert sum(x) == sum(y) == 1
            assert all(v == max(rows) for v, p in zip(rows, x, strict=True) if p)
            assert all(v == max(columns) for v, q in zip(columns, y, strict=True) if q)


@pytest.mark.parametrize(
    "game",
    [
        chain_store,
        private_types,
        bluff,
        ladder,
        beer_quiche.bind(strong="9/10"),
        beer_quiche.bind(strong="1/2"),
    ],
    ids=lambda game: game.name,
)
def test_games_with_several_equilibria(game):
    found = only(game)
    everything = rl.solve(game, "sequential")
    assert any(m._element.contains(found._assessment, True) for m in everything)


@pytest.mark.parametrize("scale", [Fraction(1, 10**300), Fraction(10**300)])
def test_the_unit_of_payoffs_does_not_matter(scale):
    matrix = [[3 * scale, 0], [0, scale]]
    found = only(rl.Game.from_bimatrix(matrix, [[0, scale], [2 * scale, 0]]))
    assert found.strategy["Row"]["Row"] == {"1": Fraction(2, 3), "2": Fraction(1, 3)}
    assert found.strategy["Column"]["Column"]["1"] == Fraction(1, 4)


@pytest.mark.parametrize("concept", ["nash", "weak perfect bayesian"])
def test_it_serves_for_weaker_concepts_of_long_trees(concept):
    solution = one(brinkmanship(rungs=64), concept, method=PATH)
    assert solution[0].regret == 0
    assert solution[0].concept.value == concept


def test_subgame_perfect_of_a_tree_with_hidden_moves():
    solution = one(private_types, "subgame perfect")
    assert solution.method == PATH
    assert solution[0].regret == 0


def test_a_path_that_is_cut_off_says_so():
    game = brinkmanship(rungs=4)
    cut = one(game, method=PATH, solves=3)
    assert len(cut) == 0
    assert not cut.complete
    assert "solves=3" in cut.reason
    late = one(game, method=PATH, time_limit=0)
    assert "time_limit" in late.reason
    # without a method the exact search takes over
    assert len(one(game, solves=3)) == 1


def test_all_cannot_be_asked_of_the_path():
    with pytest.raises(rl.Unsupported, match="coverage='one'"):
        rl.solve(chain_store, "sequential", method=PATH)


def test_a_wrong_limit_is_not_made_exact():
    game = brinkmanship(rungs=2)
    form = sequence_form(game)
    *_, point = follow(Barrier(form), [1e-9])
    # everybody always takes the first action, which is no equilibrium here
    support = tuple((0,) for _ in game.infosets)
    orders = []
    for own in form.players:
        K = [Fraction(0)]
        for q in range(1, len(own)):
            K.append(K[own.parent[q]] + (own.action[q] != 0))
        orders.append(K)
    assert exact_limit(form, support, orders, point.log_plans) is None


def test_the_slopes_of_the_path_are_orders():
    game = brinkmanship(rungs=4)
    form = sequence_form(game)
    first, last = follow(Barrier(form), [1e-6, 1e-10])
    assert last.solves > first.solves
    for slopes in last.orders:
        assert np.allclose(slopes, np.round(slopes), atol=1e-4)


def test_the_jacobian_is_the_derivative():
    barrier = Barrier(sequence_form(brinkmanship(rungs=3)))
    rng = np.random.default_rng(0)
    z = barrier.even(0.0) + rng.normal(size=barrier.unknowns) / 5
    zero, jacobian, slope = barrier.equations(z, -1.0)
    h = 1e-6
    for k in range(barrier.unknowns):
        step = np.zeros_like(z)
        step[k] = h
        ahead, back = (barrier.equations(z + s * step, -1.0)[0] for s in (1, -1))
        column = jacobian[:, [k]].toarray().ravel()
        assert np.allclose((ahead - back) / (2 * h), column, atol=1e-6)
    ahead, back = (barrier.equations(z, -1.0 + s * h)[0] for s in (1, -1))
    assert np.allclose((ahead - back) / (2 * h), slope, atol=1e-6)
    assert zero.shape == (barrier.unknowns,)
