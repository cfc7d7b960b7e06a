"""From the choices that are taken to an exact equilibrium of two matrices.

A path in floating point ends with which rows and which columns are taken. Then every
row that is taken is worth the same against the columns' mixture, which is a system of
linear equations with one solution where it is square and regular.

Reads: bimatrix.  Used by: solvers.lemke_howson, solvers.linear_tracing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from redlines.bimatrix import Bimatrix

__all__ = ["exact_on_support"]

Mixture = dict[int, Fraction]


def exact_on_support(
    matrix: Bimatrix, rows: Sequence[int], columns: Sequence[int]
) -> tuple[Mixture, Mixture] | None:
    """The equilibrium in which nothing else is taken, or None if there is none.

    Parameters
    ----------
    matrix : Bimatrix
    rows, columns : sequence of int
        As many of the one as of the other; each against which no other choice of its
        owner is worth more, if an equilibrium is what they belong to.

    Returns
    -------
    tuple of dict of int to Fraction, or None
        Each player's mixture, without zeros. None also where the system of equations
        is singular.
    """
    if len(rows) != len(columns) or not rows:
        return None
    found = []
    for player in (1, 0):
        own, other = (rows, columns) if player == 0 else (columns, rows)
        solved = _indifferent(matrix, player, own, other)
        if solved is None or not _nothing_better(matrix, player, *solved):
            return None
        found.append(solved[0])
    return found[0], found[1]


def _entries(
    matrix: Bimatrix, player: int, own: Sequence[int], other: Sequence[int]
) -> tuple[list[list[int]], int]:
    """Payoffs in whole numbers, own choices by rows, and what they are over."""
    cells = [
        [matrix.entry(player, *((a, b) if player == 0 else (b, a))) for b in other]
        for a in own
    ]
    scale = math.lcm(*(value.denominator for row in cells for value in row))
    return [
        [value.numerator * (scale // value.denominator) for value in row]
        for row in cells
    ], scale


def _indifferent(
    matrix: Bimatrix, player: int, own: Sequence[int], other: Sequence[int]
) -> tuple[Mixture, Fraction] | None:
    """The other's mixture that makes own choices worth the same, and how much."""
    import flint

    size = len(own)
    cells, scale = _entries(matrix, player, own, other)
    system = flint.fmpz_mat([*([*row, -1] for row in cells), [1] * size + [0]])
    right = flint.fmpz_mat([[0]] * size + [[1]])
    try:
        solved = system.solve(right)
    except ZeroDivisionError:
        return None
    values = [
        Fraction(int(solved[k, 0].p), int(solved[k, 0].q)) for k in range(size + 1)
    ]
    if min(values[:-1]) < 0:
        return None
    mixture = {b: share for b, share in zip(other, values, strict=False) if share}
    return mixture, values[-1] / scale


def _nothing_better(
    matrix: Bimatrix, player: int, mixture: Mixture, value: Fraction
) -> bool:
    """Whether no choice is worth more than `value` against a mixture, exactly."""
    support = list(mixture)
    doubtful: Sequence[int] = range(matrix.shape[player])
    if matrix.is_plain[player]:
        table = matrix.floats[player] if player == 0 else matrix.floats[player].T
        part = table[:, support]
        shares = np.array([float(mixture[b]) for b in support])
        # entries and shares are wrong by half a unit each, and so is each operation
        wrong = 2.0**-52 * (len(support) + 4) * (np.abs(part) @ shares + abs(value))
        worse = part @ shares + wrong + 1e-290 < float(value)
        doubtful = np.flatnonzero(~worse).tolist()
    for a in doubtful:
        cells = ((a, b) if player == 0 else (b, a) for b in support)
        worth = sum(
            (mixture[b] * matrix.entry(player, *cell))
            for b, cell in zip(support, cells, strict=True)
        )
        if worth > value:
            return False
    return True
