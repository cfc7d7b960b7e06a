"""Random games of two matrices, of kinds that differ in what is tied."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

Matrices = Any  # two lists of rows


def generic(rng: random.Random, m: int, n: int) -> Matrices:
    """Nothing tied, nearly always."""
    return [[[rng.randrange(10**6) for _ in range(n)] for _ in range(m)] for _ in "AB"]


def tied(rng: random.Random, m: int, n: int) -> Matrices:
    """Payoffs 0, 1 and 2."""
    return [[[rng.randrange(3) for _ in range(n)] for _ in range(m)] for _ in "AB"]


def zero_rows(rng: random.Random, m: int, n: int) -> Matrices:
    """A row of zeros each."""
    a, b = tied(rng, m, n)
    a[rng.randrange(m)] = [0] * n
    b[rng.randrange(m)] = [0] * n
    return a, b


def duplicated(rng: random.Random, m: int, n: int) -> Matrices:
    """A row and a column twice."""
    a, b = tied(rng, m, n)
    a.append(list(a[0]))
    b.append(list(b[0]))
    return [[*row, row[-1]] for row in a], [[*row, row[-1]] for row in b]


def constant_sum(rng: random.Random, m: int, n: int) -> Matrices:
    """Five to share."""
    a, _ = tied(rng, m, n)
    return a, [[5 - x for x in row] for row in a]


def one_row(rng: random.Random, m: int, n: int) -> Matrices:
    """The row player has no choice."""
    return [[[rng.randrange(3) for _ in range(n)]] for _ in "AB"]


def far_apart(rng: random.Random, m: int, n: int) -> Matrices:
    """Billions and billionths."""
    sizes = (Fraction(10**9), Fraction(1, 10**9))
    return [
        [[rng.randrange(-3, 4) * rng.choice(sizes) for _ in range(n)] for _ in range(m)]
        for _ in "AB"
    ]


def all_zero(rng: random.Random, m: int, n: int) -> Matrices:
    """Nothing is at stake."""
    return [[[0] * n for _ in range(m)] for _ in "AB"]


KINDS: tuple[Callable[[random.Random, int, int], Matrices], ...] = (
    generic,
    tied,
    zero_rows,
    duplicated,
    constant_sum,
    one_row,
    far_apart,
    all_zero,
)
