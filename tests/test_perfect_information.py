"""Backward induction: ties, sizes, and agreement with other ways to the same set."""

from __future__ import annotations

import time
from fractions import Fraction
from itertools import product

import pytest
from oracle.brute import Tree, certain, choices, is_subgame_perfect

import redlines as rl

PERFECT, SEQUENTIAL = "subgame perfect", "sequential"


def flat(equilibrium):
    return {h: dict(row) for p in equilibrium.strategy.values() for h, row in p.items()}


def pure_equilibria(tree):
    """All subgame perfect equilibria in pure strategies, by trying everything."""
    plays = (certain(c) for c in choices(list(tree.places.values())))
    return [play for play in plays if is_subgame_perfect(tree, play)]


def ladder_of_ties(rungs):
    """The mover of each rung stops or goes on, and nobody minds which."""

    @rl.game("A", "B")
    def ties(play):
        for k in range(rungs):
            if play.move("AB"[k % 2], f"rung {k}", ["stop", "go"]) == "stop":
                break
        play.pay({"A": 1, "B": 1})

    return ties


@rl.game("A", "B")
def mattering(play, copies=1):
    """Once for each copy, B is indifferent and A is not."""
    for k in range(copies):
        if play.move("A", f"ask {k}", ["out", "in"]) == "out":
            play.pay({"A": 1})
        elif play.move("B", f"reply {k}", ["kind", "harsh"]) == "kind":
            play.pay({"A": 2})


@rl.game("A", "B")
def separate(play, parts=3):
    """Chance picks one of several games in which B is indifferent and A is not."""
    outcomes = {f"part {k}": Fraction(1, parts) for k in range(parts)}
    part = play.draw("part", outcomes)
    if play.move("A", "ask", ["out", "in"]) == "out":
        play.pay({"A": 1})
    elif play.move("B", "reply", ["kind", "harsh"]) == "kind":
        play.pay({"A": 2 if part else 0})


@pytest.mark.parametrize("rungs", [1, 5, 40, 400])
def test_ties_that_change_nobodys_payoff_are_one_entry(rungs):
    solution = rl.solve(ladder_of_ties(rungs), PERFECT)
    assert solution.complete
    assert solution.count == len(solution) == 1
    assert solution[0].regret == 0
    free = solution[0].free.strategy
    assert len(free) == rungs
    assert {str(r) for row in free.values() for r in row.values()} == {"[0, 1]"}


def test_any_mixture_of_idle_ties_lies_in_the_entry():
    solution = rl.solve(ladder_of_ties(3), PERFECT)
    for shares in product(("0", "1/3", "1"), repeat=3):
        labels = solution[0].game.infosets
        play = {
            h: {"stop": s, "go": 1 - Fraction(s)}
            for h, s in zip(labels, shares, strict=True)
        }
        assert solution[0].contains(play)


def test_a_tie_that_matters_splits_into_cells():
    solution = rl.solve(mattering, PERFECT)
    assert solution.complete
    reply, ask = "reply 0 [ask 0=in]", "ask 0"
    rows = {(e.support[ask], e.support[reply]): e for e in solution}
    for (asks, replies), element in rows.items():
        assert element.regret == 0
        share = Fraction(1, 2)
        inside = element.contains(
            {ask: {"out": share, "in": share}, reply: {"kind": share, "harsh": share}}
        )
        assert inside == (len(asks) == 2)
        assert replies
    # B is kind with less than, exactly, or more than 1/2
    for kind, expected in (("0", "out"), ("1/3", "out"), ("2/3", "in"), ("1", "in")):
        play = {ask: expected, reply: {"kind": kind, "harsh": 1 - Fraction(kind)}}
        assert sum(e.contains(play) for e in solution) == 1
        wrong = {**play, ask: "in" if expected == "out" else "out"}
        assert not any(e.contains(wrong) for e in solution)


@pytest.mark.parametrize("parts", [1, 2, 3])
def test_the_count_of_separate_parts_is_their_product(parts):
    solution = rl.solve(separate(parts=parts), PERFECT)
    assert solution.complete
    assert solution.count == len(solution) == 5**parts


def test_past_the_limit_nothing_is_cut_in_silence():
    solution = rl.solve(separate(parts=4), PERFECT, limit=50)
    assert len(solution) == 50
    assert all(element.regret == 0 for element in solution)
    if not solution.complete:
        assert solution.status.name == "LIMIT"
        assert "limit=50" in solution.reason
    assert solution.count in (None, 5**4)


@pytest.mark.parametrize(
    "game",
    [mattering, separate(parts=2), ladder_of_ties(3)],
    ids=["one", "two apart", "idle"],
)
def test_elements_cover_the_same_pure_profiles_as_brute_force(game):
    tree = Tree(game)
    found = rl.solve(game, PERFECT)
    sequential = rl.solve(game, SEQUENTIAL)
    assert sequential.complete
    assert found.complete
    pure = pure_equilibria(tree)
    assert pure
    every = (certain(c) for c in choices(list(tree.places.values())))
    for play in every:
        right = play in pure
        assert any(e.contains(play) for e in found) == right
        assert any(e.contains(play) for e in sequential) == right


@pytest.mark.parametrize(
    "game",
    [mattering, separate(parts=2), ladder_of_ties(3)],
    ids=["one", "two apart", "idle"],
)
def test_sequential_elements_lie_in_compressed_ones(game):
    compressed = rl.solve(game, PERFECT)
    for element in rl.solve(game, SEQUENTIAL):
        assert sum(e.contains(flat(element)) for e in compressed) == 1


def test_two_ties_in_a_row_give_the_supports_of_sequential():
    game = mattering(copies=2)
    listed = [
        sorted(str(dict(element.support)) for element in rl.solve(game, concept))
        for concept in (PERFECT, SEQUENTIAL)
    ]
    assert len(listed[0]) == 645
    assert listed[0] == listed[1]


def test_plain_induction_refuses_imperfect_information_by_name():
    pennies = rl.Game.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    with pytest.raises(rl.Unsupported, match="needs perfect information"):
        rl.solve(pennies, PERFECT, method="backward induction")
    assert rl.solve(pennies, PERFECT).method == "decomposition into subgames"


# ------------------------------------------------------------------------- sizes
def bush(depth):
    @rl.game("A", "B")
    def grown(play):
        number = 0
        for k in range(depth):
            number = 2 * number + (play.move("AB"[k % 2], f"m{k}", ["0", "1"]) == "1")
        play.pay({"A": (number * 7919) % 10007, "B": (number * 104729) % 10009})

    return grown


def long_ladder(rungs):
    def rung(k):
        def there(play):
            mover, other = "AB"[k % 2], "BA"[k % 2]
            if k == rungs:
                play.pay({"A": 1})
                return None
            if play.move(mover, f"rung {k}", ["stop", "go"]) == "stop":
                play.pay({mover: k + 2, other: k})
                return None
            return rung(k + 1)

        return there

    @rl.game("A", "B")
    def climbed(play):
        return rung(0)

    return climbed


def test_a_bush_of_a_hundred_thousand_nodes_is_solved():
    game = bush(16)
    started = time.perf_counter()
    solution = rl.solve(game, PERFECT)
    assert solution.complete
    assert solution.count is not None
    assert solution[0].regret == 0
    assert time.perf_counter() - started < 30


def test_a_ladder_of_fifty_thousand_moves_is_solved():
    game = long_ladder(50_000)
    started = time.perf_counter()
    solution = rl.solve(game, PERFECT)
    assert solution.complete
    assert solution.count == 1
    assert solution[0].regret == 0
    assert solution[0].payoffs == {"A": 2, "B": 0}
    assert time.perf_counter() - started < 30


def test_the_bush_agrees_with_a_plain_fold():
    game = bush(9)

    def fold(view):
        if type(view).__name__ == "Terminal":
            return tuple(view.payoffs.values())
        player = game.players.index(view.player)
        return max((fold(c) for c in view.children.values()), key=lambda v: v[player])

    solution = rl.solve(game, PERFECT)
    assert solution.count == 1
    assert tuple(solution[0].payoffs.values()) == fold(game.root)
