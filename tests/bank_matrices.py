"""Games of two matrices from the literature, with what is known of their equilibria."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any

from flint import fmpq, fmpq_mat

import redlines as rl

Matrix = Sequence[Sequence[Any]]
Pair = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class MatrixCase:
    """Two matrices with what is known about them.

    Attributes
    ----------
    extreme, subsets, components : int
        How many extreme equilibria, maximal Nash subsets and components there are.
    pure : int
        How many of the extreme equilibria are pure.
    published : tuple of Pair
        Some of the extreme equilibria as mixtures, as text.
    """

    name: str
    source: str
    nasty: str
    a: Matrix
    b: Matrix
    extreme: int
    components: int
    subsets: int
    pure: int
    published: tuple[Pair, ...] = ()
    # methods that need more than they take by default
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def game(self) -> rl.Game:
        """The game, made anew."""
        return rl.Game.from_bimatrix(self.a, self.b)


def dual_cyclic(d: int) -> tuple[Matrix, Matrix]:
    """The d x d game on whose polytopes every path of Lemke and Howson is long.

    Both best-reply polytopes are dual cyclic, with 2d facets in the order of points on
    the moment curve; in the second one the labels of neighbours are exchanged.

    Parameters
    ----------
    d : int
        Even.

    References
    ----------
    Savani and von Stengel 2006, section 3.
    """
    labels = [
        k if k in (1, d) else k + (-1) ** k if k < d else k - (-1) ** k
        for k in range(1, 2 * d + 1)
    ]
    first, last = list(range(d)), list(range(d, 2 * d))
    a = [[0] * d for _ in range(d)]
    b = [[0] * d for _ in range(d)]
    for facet, row in zip(last, _rows(d, first, last), strict=True):
        for i, value in enumerate(row):
            b[i][facet - d] = value
    for facet, row in zip(first, _rows(d, last, first), strict=True):
        for own, value in zip(last, row, strict=True):
            a[labels[facet] - 1][labels[own] - 1 - d] = value
    return a, b


def _rows(d: int, zero: list[int], rest: list[int]) -> list[list[int]]:
    """The polytope as ``{x >= 0, M x <= 1}``, where the facets `zero` are ``x = 0``."""
    # no rounding: the points are whole, and so is their sum
    points = [[(k + 1) ** p for p in range(1, d + 1)] for k in range(2 * d)]
    total = [sum(column) for column in zip(*points, strict=True)]
    moved = [[2 * d * v - s for v, s in zip(p, total, strict=True)] for p in points]
    basis = fmpq_mat([[fmpq(v) for v in moved[k]] for k in zero]).transpose()
    found = []
    for k in rest:
        part = basis.solve(fmpq_mat([[fmpq(v)] for v in moved[k]]))
        shares = [Fraction(int(part[i, 0].p), int(part[i, 0].q)) for i in range(d)]
        found.append([-share / (1 - sum(shares)) for share in shares])
    scale = lcm(*(value.denominator for row in found for value in row))
    return [[int(value * scale) for value in row] for row in found]


SHAPLEY = ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[0, 1, 0], [0, 0, 1], [1, 0, 0]])
STENGEL = [
    [9504, -660, 19976, -20526, 1776, -8976],
    [-111771, 31680, -130944, 168124, -8514, 52764],
    [397584, -113850, 451176, -586476, 29216, -178761],
    [171204, -45936, 208626, -263076, 14124, -84436],
    [1303104, -453420, 1227336, -1718376, 72336, -461736],
    [737154, -227040, 774576, -1039236, 48081, -300036],
]
