"""All Nash equilibria of matrix games, against Gambit, lrsnash and square systems.

Gambit in rational arithmetic returns nothing where payoffs lie as far apart as 1e9 and
1e-9; there only the square systems are asked.
"""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations, product

import pygambit as gbt
import pytest
from bench.peers import lrsnash, lrsnash_there, read_lrsnash, written
from flint import fmpq, fmpq_mat
from oracle.kinds import KINDS, far_apart

import redlines as rl


def theirs(a, b):
    """Extreme equilibria as pairs of mixtures."""
    table = [[[gbt.Rational(str(x)) for x in row] for row in m] for m in (a, b)]
    game = gbt.Game.from_arrays(*table)
    found = set()
    for profile in gbt.nash.enummixed_solve(game, rational=True).equilibria:
        sides = [
            tuple(Fraction(str(profile[s])) for s in player.strategies)
            for player in game.players
        ]
        found.add(tuple(sides))
    return found


def vertices(matrix):
    """Vertices of {z >= 0, M z <= 1} other than 0, by every square system."""
    k, d = len(matrix), len(matrix[0])
    rows = [[Fraction(int(i == j)) for j in range(d)] for i in range(d)]
    rows += [[-x for x in row] for row in matrix]
    right = [Fraction(0)] * d + [Fraction(-1)] * k
    found = set()
    for tight in combinations(range(k + d), d):
        system = fmpq_mat([[fmpq(*ratio(x)) for x in rows[i]] for i in tight])
        if not system.det():
            continue
        z = system.solve(fmpq_mat([[fmpq(*ratio(right[i]))] for i in tight]))
        point = [Fraction(int(z[j, 0].p), int(z[j, 0].q)) for j in range(d)]
        slack = [sum(a * x for a, x in zip(row, point, strict=True)) for row in rows]
        if any(point) and all(s >= r for s, r in zip(slack, right, strict=True)):
            found.add(tuple(point))
    return found


def ratio(x):
    return x.numerator, x.denominator


def by_square_systems(a, b):
    """Extreme equilibria by their definition."""

    def positive(matrix):
        low = min(min(row) for row in matrix)
        return [[Fraction(x) - low + 1 for x in row] for row in matrix]

    one, other = positive(a), positive(b)
    transposed = [list(column) for column in zip(*other, strict=True)]
    found = set()
    for x, y in product(vertices(transposed), vertices(one)):
        row_values = [sum(p * q for p, q in zip(r, y, strict=True)) for r in one]
        column_values = [
            sum(p * q for p, q in zip(c, x, strict=True)) for c in transposed
        ]
        rows_fit = all(not p or v == 1 for p, v in zip(x, row_values, strict=True))
        if rows_fit and all(
            not q or v == 1 for q, v in zip(y, column_values, strict=True)
        ):
            found.add((tuple(p / sum(x) for p in x), tuple(q / sum(y) for q in y)))
    return found


def listed(solution):
    return {
        tuple(tuple(e.strategy[p][p].values()) for p in ("Row", "Column"))
        for e in solution
    }


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_extreme_equilibria_are_those_of_gambit(kind):
    rng = random.Random(kind.__name__)
    for _ in range(60):
        m, n = rng.randint(1, 4), rng.randint(1, 4)
        a, b = kind(rng, m, n)
        solution = rl.solve(rl.Game.from_bimatrix(a, b), "nash")
        assert solution.complete
        assert solution.count == len(solution)
        assert listed(solution) == by_square_systems(a, b), (a, b)
        if kind is not far_apart:
            assert listed(solution) == theirs(a, b), (a, b)


@pytest.mark.skipif(not lrsnash_there(), reason="lrsnash is not installed")
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_extreme_equilibria_are_those_of_lrsnash(kind, tmp_path):
    rng = random.Random(f"lrsnash {kind.__name__}")
    for _ in range(30):
        a, b = kind(rng, rng.randint(1, 6), rng.randint(1, 6))
        solution = rl.solve(rl.Game.from_bimatrix(a, b), "nash")
        path = written(a, b, tmp_path)
        assert listed(solution) == read_lrsnash(lrsnash(path, 60)), (a, b)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_subsets_are_products_and_cover_every_equilibrium(kind):
    rng = random.Random(kind.__name__)
    for _ in range(30):
        a, b = kind(rng, rng.randint(1, 4), rng.randint(1, 4))
        game = rl.Game.from_bimatrix(a, b)
        solution = rl.solve(game, "nash")
        covered = set()
        for subset in solution.maximal_nash_subsets:
            pairs = listed(subset)
            rows, columns = {x for x, _ in pairs}, {y for _, y in pairs}
            assert len(pairs) == len(rows) * len(columns)
            covered |= pairs
            middle = {
                player: {
                    player: {
                        str(k + 1): sum(column, Fraction(0)) / len(side)
                        for k, column in enumerate(zip(*side, strict=True))
                    }
                }
                for player, side in (("Row", rows), ("Column", columns))
            }
            assert rl.verify(game, middle, concept="nash")
        assert covered == listed(solution)
        inside = sorted(len(c) for c in solution.components)
        assert sum(inside) == len(solution)
        for component in solution.components:
            members = listed(component)
            for subset in solution.maximal_nash_subsets:
                assert listed(subset) <= members or not listed(subset) & members
