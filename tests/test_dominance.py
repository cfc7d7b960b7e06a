"""Iterated elimination of dominated strategies."""

from __future__ import annotations

import random
from fractions import Fraction

import pygambit as gbt
import pytest
from stories import chain_store, line

import redlines as rl


def matrix(a, b):
    return rl.Game.from_bimatrix(a, b)


def left(elimination):
    return [
        sorted(plan[name] for plan in plans)
        for name, plans in elimination.remaining.items()
    ]


def test_only_a_mixture_dominates_the_middle():
    game = matrix([[4, 0], [0, 4], [1, 1]], [[0, 1], [1, 0], [0, 0]])
    found = rl.eliminate(game)
    (removal,) = found.removed
    assert removal.plan == {"Row": "3"}
    assert removal.strict
    shares = {plan["Row"]: share for plan, share in removal.by}
    assert sum(shares.values()) == 1
    assert all(4 * share > 1 for share in shares.values())
    assert rl.eliminate(game, mixed=False).removed == ()


def test_rounds_follow_each_other():
    # Osborne and Rubinstein 1994, in the manner of figure 61.1
    game = matrix([[3, 0], [0, 0], [1, 1]], [[0, 1], [4, 0], [1, 5]])
    found = rl.eliminate(game, "weak")
    assert [r.round for r in found.removed] == sorted(r.round for r in found.removed)
    assert found.removed[0].plan == {"Row": "2"}
    assert not found.removed[0].strict
    assert left(found) == [["3"], ["2"]]
    assert found.solves
    assert found.rounds == 3


def test_the_order_of_weak_elimination_matters_and_is_said():
    # both weakly dominated plans go at once, or the second survives the first
    game = matrix([[1, 0], [1, 0]], [[1, 1], [0, 0]])
    a = rl.eliminate(game, "weak", order="simultaneous")
    b = rl.eliminate(game, "weak", order="alternating")
    assert (a.order, b.order) == ("simultaneous", "alternating")
    tie = matrix([[1, 1], [1, 0]], [[1, 1], [1, 0]])
    assert left(rl.eliminate(tie, "weak")) == [["1"], ["1"]]
    one_by_one = rl.eliminate(tie, "weak", order="alternating")
    assert left(one_by_one) == [["1"], ["1", "2"]]
    assert "another order" in str(one_by_one)


def test_duplicates_do_not_dominate_each_other():
    game = matrix([[1, 2], [1, 2]], [[0, 0], [0, 0]])
    assert rl.eliminate(game, "weak").removed == ()


def test_a_tree_by_its_plans():
    found = rl.eliminate(chain_store, "weak")
    words = [str(r) for r in found.removed]
    assert any("fight" in word and "weakly" in word for word in words)
    assert found.remaining["Entrant"] == ({"enter": "in"},)


def test_numbers_far_apart_are_compared_exactly():
    least = Fraction(1, 10**300)
    game = matrix([[10**300, 0], [10**300 + least, least]], [[0, 0], [0, 0]])
    (removal,) = rl.eliminate(game).removed
    assert removal.plan == {"Row": "1"}


@pytest.mark.parametrize("seed", range(40))
def test_strict_survivors_are_those_of_gambit(seed):
    rng = random.Random(seed)
    m, n = rng.randint(1, 4), rng.randint(1, 4)
    a, b = ([[rng.randrange(5) for _ in range(n)] for _ in range(m)] for _ in "AB")
    theirs = gbt.Game.from_arrays(a, b)
    support = theirs.strategy_support_profile()
    while True:
        smaller = gbt.supports.undominated_strategies_solve(support, strict=True)
        if smaller == support:
            break
        support = smaller
    expected = [
        [s.label for s in player.strategies if s in support]
        for player in theirs.players
    ]
    found = rl.eliminate(matrix(a, b), mixed=False)
    assert left(found) == expected
    everything = found.remaining
    mixed = rl.eliminate(matrix(a, b))
    assert all(
        plan in everything[p] for p, plans in mixed.remaining.items() for plan in plans
    )


@pytest.mark.parametrize("seed", range(20))
def test_no_equilibrium_uses_what_is_strictly_dominated(seed):
    rng = random.Random(seed)
    a, b = ([[rng.randrange(6) for _ in range(4)] for _ in range(4)] for _ in "AB")
    game = matrix(a, b)
    found = rl.eliminate(game)
    for removal in found.removed:
        for equilibrium in rl.solve(game, "nash"):
            (action,) = removal.plan.values()
            assert equilibrium.strategy[removal.player][removal.player][action] == 0
        assert removal.strict
        assert sum(share for _, share in removal.by) == 1


def test_what_cannot_be_asked_is_refused():
    game = matrix([[1]], [[1]])
    with pytest.raises(ValueError, match="'strict' or 'weak', not 'very'"):
        rl.eliminate(game, "very")
    with pytest.raises(ValueError, match="order is"):
        rl.eliminate(game, order="random")
    with pytest.raises(rl.UnboundParameter):
        rl.eliminate(line)


def test_a_question_that_is_not_decided_says_so(monkeypatch):
    def too_large(programme):
        raise rl.SolveFailed("too large")

    monkeypatch.setattr("redlines.dominance.maximize", too_large)
    rng = random.Random(1)
    a = [[rng.randrange(10**6) for _ in range(12)] for _ in range(12)]
    with pytest.raises(rl.SolveFailed, match="mixed=False"):
        rl.eliminate(matrix(a, a), effort=1)


@pytest.mark.parametrize("kind", ["strict", "weak"])
def test_programmes_and_linear_arithmetic_remove_the_same(kind, monkeypatch):
    def too_large(programme):
        raise rl.SolveFailed("too large")

    rng = random.Random(kind)
    games = [
        matrix(
            *([[rng.randrange(4) for _ in range(4)] for _ in range(3)] for _ in "AB")
        )
        for _ in range(25)
    ]
    proved = [rl.eliminate(game, kind) for game in games]
    assert any(len(r.by) > 1 for found in proved for r in found.removed)
    monkeypatch.setattr("redlines.dominance.maximize", too_large)
    for game, found in zip(games, proved, strict=True):
        other = rl.eliminate(game, kind)
        assert other.remaining == found.remaining
        assert [(r.round, r.plan) for r in other.removed] == [
            (r.round, r.plan) for r in found.removed
        ]


def test_what_dominates_is_not_cut_off_the_text():
    found = rl.eliminate(line.bind(p="1/4", V=4, k=1, a=2, c=1, d=3), "weak")
    rows = str(found).split("\n")
    assert len(rows) <= 40
    assert max(map(len, rows)) <= 100
    text = " ".join(row.strip() for row in rows)
    assert text.count("dominated by") >= 3
    assert "more; see .removed" in text
    assert "left to Russia" in text


def test_the_game_that_is_left_can_be_solved():
    game = matrix([[3, 0], [0, 0], [1, 1]], [[0, 1], [4, 0], [1, 5]])
    reduced = rl.eliminate(game).reduced
    assert reduced.infosets["Row"].actions == ("3",)
    assert [t.payoffs for t in reduced.terminals] == [{"Row": 1, "Column": 5}]
    found = rl.eliminate(chain_store, "weak")
    (only,) = rl.solve(found.reduced, "nash")
    assert only.payoffs == {"Entrant": 2, "Incumbent": 2}
    game = line.bind(p="1/4", V="1/3", k=1, a=2, c=1, d=3)
    found = rl.eliminate(game)
    reduced = found.reduced
    assert found.removed
    assert len(reduced.infosets["US"].actions) == len(found.remaining["US"])
    # what is strictly dominated is in no equilibrium
    paid = [
        {tuple(e.payoffs.values()) for e in rl.solve(g, "nash")}
        for g in (game, reduced)
    ]
    assert paid[0] == paid[1]
