"""Commitment: what a leader gains by saying first what it will do."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import linprog
from stories import chain_store

import redlines as rl
from redlines.joint import plans
from redlines.obedience import Ceiling, commitment
from redlines.profile import Assessment


def led(a, b, **options):
    return rl.solve(rl.Game.from_bimatrix(a, b), "stackelberg", **options)


def test_the_game_of_conitzer_and_sandholm():
    # 2006, figure 1: a mixture pays the leader 7/2, a plan 3, equilibrium play 2
    a, b = [[2, 4], [1, 3]], [[1, 0], [0, 1]]
    (found,) = led(a, b)
    assert found.value == Fraction(7, 2)
    assert found.strategy["Row"]["Row"] == {"1": Fraction(1, 2), "2": Fraction(1, 2)}
    assert found.strategy["Column"]["Column"] == {"1": 0, "2": 1}
    assert found.weak_value == Fraction(7, 2)
    (pure,) = led(a, b, commitment="pure")
    assert pure.value == 3
    assert {e.payoffs["Row"] for e in rl.solve(found.game, "nash")} == {2}


def test_a_tie_that_goes_against_the_leader():
    # both replies always tie: strong is the best, weak the worst of them
    (found,) = led([[1, 5]], [[0, 0]])
    assert (found.value, found.weak_value) == (5, 1)
    assert "where ties go against it, 1" in str(found.lines())


def brute(a, b):
    best = -np.inf
    m, n = a.shape
    for j in range(n):
        found = linprog(
            -a[:, j], A_ub=(b - b[:, [j]]).T, b_ub=np.zeros(n),
            A_eq=np.ones((1, m)), b_eq=[1],
        )  # fmt: skip
        if found.status == 0:
            best = max(best, -found.fun)
    return best


@pytest.mark.parametrize("kind", ["tied", "plain"])
@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (3, 1), (2, 2), (3, 4), (5, 5)])
def test_values_are_those_of_programmes_from_elsewhere(kind, shape):
    for seed in range(6):
        rng = np.random.default_rng(seed)
        top = 3 if kind == "tied" else 100
        a, b = rng.integers(0, top, (2, *shape))
        solution = led(a, b)
        assert solution.status is rl.Status.COMMITMENT
        for found in solution:
            assert float(found.value) == pytest.approx(brute(a, b), abs=1e-8)
            assert found.weak_value <= found.value
            assert found.certificate.holds
        mirrored = led(b.T, a.T, leader="Column")
        assert mirrored[0].value == solution[0].value
        (pure, *_) = led(a, b, commitment="pure")
        assert pure.value <= solution[0].value


@pytest.mark.parametrize("seed", range(10))
def test_a_leader_gets_at_least_what_any_nash_equilibrium_pays(seed):
    a, b = np.random.default_rng(seed).integers(0, 4, (2, 3, 3))
    found = led(a, b)[0]
    for equilibrium in rl.solve(found.game, "nash"):
        assert found.value >= equilibrium.payoffs["Row"]


def test_a_tree_in_which_the_incumbent_commits_to_fight():
    (found,) = rl.solve(chain_store, "stackelberg", leader="Incumbent")
    assert found.leader == "Incumbent"
    assert found.follower == "Entrant"
    entry = found.strategy["Entrant"]["enter"]
    assert entry["out"] == 1
    assert (
        found.value > rl.solve(chain_store, "subgame perfect")[0].payoffs["Incumbent"]
    )


def test_a_commitment_that_is_not_best_is_refused():
    game = rl.Game.from_bimatrix([[2, 4], [1, 3]], [[1, 0], [0, 1]])
    (best,) = rl.solve(game, "stackelberg")
    ceiling = best._element.ceiling
    assert commitment(best._assessment, ceiling)
    poor = Assessment.read(game, {"Row": "1", "Column": "1"})
    refused = commitment(poor, ceiling)
    assert not refused
    assert refused.regret == Fraction(3, 2)
    wrong_reply = Assessment.read(game, {"Row": "1", "Column": "2"})
    assert not commitment(wrong_reply, ceiling)
    mixed = Assessment.read(game, {"Row": {"1": "1/2", "2": "1/2"}, "Column": "2"})
    assert not commitment(mixed, Ceiling(game, 0, True, {}))
    one, other = (plan for plan, _ in plans(game, 1))
    absurd = Ceiling(game, 0, False, {one: {other: Fraction(-1)}})
    with pytest.raises(ValueError, match="negative"):
        _ = absurd.value


def test_numbers_far_apart():
    a = [[Fraction(10**9), 0], [Fraction(1, 10**9), Fraction(2, 10**9)]]
    b = [[0, Fraction(1, 10**300)], [1, 0]]
    found = led(a, b)[0]
    share = Fraction(1, 1 + Fraction(1, 10**300))
    assert found.strategy["Row"]["Row"]["1"] == share


def test_what_cannot_be_asked():
    game = rl.Game.from_bimatrix([[1]], [[1]])
    with pytest.raises(rl.ModelError, match="'mixed' or 'pure'"):
        rl.solve(game, "stackelberg", commitment="firm")
    with pytest.raises(rl.UnknownLabel):
        rl.solve(game, "stackelberg", leader="Nobody")
    with pytest.raises(rl.Unsupported, match="no equilibrium|found"):
        rl.verify(game, {"Row": "1", "Column": "1"}, concept="stackelberg")
