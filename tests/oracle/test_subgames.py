"""Subgame perfect equilibria against brute force, gambit, and other concepts."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import islice, product

import pygambit as gbt
import pytest
from oracle.brute import Tree, is_nash, is_nash_in_subgames, proper
from oracle.test_random_trees import check_elements_by, flat, shown, spread
from oracle.trees import nash_on_a_grid, random_games

import redlines as rl

PERFECT, SEQUENTIAL, NASH = "subgame perfect", "sequential", "nash"
DECOMPOSED = {"method": "decomposition into subgames"}


@pytest.mark.parametrize("seed", range(8))
def test_elements_on_random_trees_are_exactly_the_equilibria(seed):
    rng, nested = random.Random(seed), 0
    for game in islice(random_games(seed, perfect=seed % 4 == 0), 8):
        tree = Tree(game)
        nested += len(proper(tree)) > 1
        solution = rl.solve(game, PERFECT, **DECOMPOSED)
        assert solution.complete
        assert solution.count == len(solution) > 0
        check_elements_by(tree, solution, is_nash_in_subgames)
        for play in nash_on_a_grid(tree, rng, mixed=10):
            right = is_nash_in_subgames(tree, play)
            assert sum(e.contains(play) for e in solution) == right, (
                f"{play}{shown(game)}"
            )
            claimed = rl.verify(game, play, concept=PERFECT)
            assert bool(claimed) == right, f"{play}{claimed}{shown(game)}"
    assert nested


@pytest.mark.parametrize("seed", range(20, 23))
def test_sequential_ones_are_among_them_and_they_are_among_nash(seed):
    for game in islice(random_games(seed), 8):
        tree = Tree(game)
        solution = rl.solve(game, PERFECT)
        for element in spread(rl.solve(game, SEQUENTIAL)):
            assert sum(e.contains(flat(element)) for e in solution) == 1, shown(game)
        for element in spread(solution):
            assert is_nash(tree, flat(element)), shown(game)


@pytest.mark.parametrize("seed", range(40, 44))
def test_decomposition_and_backward_induction_give_one_set(seed):
    for game in islice(random_games(seed, perfect=True), 8):
        listed = [
            sorted(str(dict(e.support)) for e in solution)
            for solution in (
                rl.solve(game, PERFECT),
                rl.solve(game, PERFECT, **DECOMPOSED),
            )
        ]
        assert listed[0] == listed[1], shown(game)


@pytest.mark.parametrize("seed", range(60, 64))
def test_components_are_those_of_nash_and_of_sequential(seed):
    compared = 0
    perfect = seed % 2 == 0
    for game in islice(random_games(seed, perfect=perfect, most=6), 6):
        solution = rl.solve(game, PERFECT, **DECOMPOSED)
        found = solution.components
        assert sorted(map(id, (e for group in found for e in group))) == sorted(
            map(id, solution)
        )
        # the two sets are one where every node begins a subgame, or only the first
        if perfect:
            others = rl.solve(game, SEQUENTIAL).components
        elif len(proper(Tree(game))) == 1:
            others = rl.solve(game, NASH).components
        else:
            continue
        if others is not None:
            assert len(found) == len(others), shown(game)
            compared += 1
    assert compared or not perfect


# ------------------------------------------------------------ stages after each other
def stage(rng, depth, payoff):
    """Two sizes, and for each cell a pair of payoffs or another stage."""
    shape = rng.choice([(2, 2), (2, 3), (3, 2), (1, 2), (2, 1)])
    return {
        cell: stage(rng, depth - 1, payoff)
        if depth and rng.random() < 0.45
        else (payoff(rng), payoff(rng))
        for cell in product(*map(range, shape))
    }


def told(script):
    @rl.game("A", "B")
    def stages(play):
        here, path = script, ""
        while isinstance(here, dict):
            rows, columns = (1 + max(cell[k] for cell in here) for k in (0, 1))
            chosen = play.simultaneous(
                {
                    "A": (f"A{path}", [f"x{i}" for i in range(rows)]),
                    "B": (f"B{path}", [f"y{j}" for j in range(columns)]),
                }
            )
            cell = (int(chosen["A"][1:]), int(chosen["B"][1:]))
            path, here = f"{path}{cell[0]}{cell[1]}", here[cell]
        play.pay({"A": here[0], "B": here[1]})

    return stages


def extreme(one, other):
    """Gambit's extreme equilibria of two matrices, exact."""
    numbers = [
        [[gbt.Rational(v.numerator, v.denominator) for v in row] for row in matrix]
        for matrix in (one, other)
    ]
    game = gbt.Game.from_arrays(*numbers)
    for profile in gbt.nash.enummixed_solve(game, rational=True).equilibria:
        yield [[Fraction(str(profile[s])) for s in p.strategies] for p in game.players]


def selections(script, path=""):
    """By hand: for each choice of equilibria in the stages below, those of this one."""
    inner = {
        cell: list(selections(then, f"{path}{cell[0]}{cell[1]}"))
        for cell, then in script.items()
        if isinstance(then, dict)
    }
    for chosen in product(*inner.values()):
        below = dict(zip(inner, chosen, strict=True))
        worth = {c: below[c][1] if c in below else script[c] for c in script}
        rows, columns = (sorted({cell[k] for cell in script}) for k in (0, 1))
        matrices = [
            [[Fraction(worth[i, j][p]) for j in columns] for i in rows] for p in (0, 1)
        ]
        for x, y in extreme(*matrices):
            play = {
                f"A{path}": {f"x{i}": share for i, share in enumerate(x)},
                f"B{path}": {f"y{j}": share for j, share in enumerate(y)},
            }
            for part, _ in below.values():
                play |= part
            payoffs = tuple(
                sum(x[i] * y[j] * m[i][j] for i in rows for j in columns)
                for m in matrices
            )
            yield play, payoffs


@pytest.mark.parametrize("tied", [False, True], ids=["generic", "tied"])
def test_selections_of_stage_equilibria_by_gambit_are_all_there(tied):
    rng = random.Random(5)

    def payoff(rng):
        return rng.randrange(-3, 4) if tied else rng.randrange(-(10**6), 10**6)

    most = 0
    for _ in range(12):
        script = stage(rng, 1 if tied else rng.choice((1, 2)), payoff)
        theirs = list(islice(selections(script), 61))
        if len(theirs) > 60:
            continue
        game = told(script)
        solution = rl.solve(game, PERFECT)
        assert solution.complete
        most = max(most, len(solution))
        label = {h.name: name for name, h in game.infosets.items()}
        for play, payoffs in theirs:
            here = {label[name]: row for name, row in play.items()}
            (element,) = (e for e in solution if e.contains(here))
            if not tied:
                assert tuple(element.payoffs.values()) == payoffs
        if not tied:
            # without ties an equilibrium is a point and an element holds one
            assert len(solution) == len(theirs), shown(game)
    assert most > 5
