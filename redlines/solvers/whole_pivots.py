"""Vertices of a polytope in whole numbers, whatever is tied.

The polytope is ``{z >= 0, M z <= 1}``, as in solvers.vertices. Right-hand sides are
thought of as 1 + e, 1 + e**2, ..., so that bases are lexicographically positive and
nothing ties. A tableau is kept in whole numbers over a common denominator, its
determinant; in floating point as long as these are exact, else as Python's integers.

Reads: nothing.  Used by: solvers.vertices, solvers.lemke_howson.

References
----------
[dantzig1955]_ on lexicographic pivoting.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

__all__ = ["TooLarge", "lexicographic_path", "lexicographic_vertices"]

# vertices at a time: what is worked on stays in the cache
CHUNK = 512
_ROUNDED = 2.0**48  # integers that rounding the last step of a pivot gives exactly
_CROSSED = 2**31  # integers whose products fit a machine word

Array = Any  # numpy.ndarray


class TooLarge(Exception):
    """Machine integers do not hold the numbers."""


def lexicographic_vertices(
    whole: Sequence[Sequence[int]], machine: bool, check: Callable[[int], None]
) -> Array:
    """The label sets of all vertices.

    Parameters
    ----------
    whole : sequence of sequence of int, shape (k, d)
        Positive.
    machine : bool
        Whether to keep the numbers in floating point.
    check : callable
        Is told how many were found so far; may raise.

    Returns
    -------
    numpy.ndarray of uint64
        Sorted; a vertex at which more inequalities are tight has more labels.

    Raises
    ------
    TooLarge
        If floating point does not hold the whole numbers.
    """
    if machine and max(map(max, whole)) >= _CROSSED:
        raise TooLarge
    matrix = np.array(whole, np.float64 if machine else object)
    k, d = matrix.shape
    bit = np.uint64(1) << np.arange(d + k, dtype=np.uint64)
    tableau = np.empty((1, k, d + 1), matrix.dtype)
    tableau[0, :, :d] = matrix
    tableau[0, :, d] = 1
    below = np.ones(1, matrix.dtype)
    outside, inside = np.arange(d)[None], np.arange(d, d + k)[None]
    masks = np.array([bit[:d].sum()], np.uint64)
    seen, labels = masks, []
    while True:
        tight = np.where(tableau[:, :, d] == 0, bit[inside], np.uint64(0))
        labels.append(masks | np.bitwise_or.reduce(tight, axis=1))
        moved = [
            _lexicographic_rows(
                tableau[at : at + CHUNK],
                outside[at : at + CHUNK],
                inside[at : at + CHUNK],
            )
            for at in range(0, len(masks), CHUNK)
        ]
        rows = np.concatenate(moved)
        leaving = np.take_along_axis(inside, rows, 1)
        after = masks[:, None] ^ bit[outside] ^ bit[leaving]
        new, first = np.unique(after, return_index=True)
        fresh = ~np.isin(new, seen, assume_unique=True, kind="sort")
        new, first = new[fresh], first[fresh]
        if not new.size:
            return np.unique(np.concatenate(labels))
        parent, column = np.divmod(first, d)
        row = rows.reshape(-1)[first]
        tableau, below = _whole_pivot(tableau[parent], below[parent], row, column)
        each = np.arange(len(new))
        outside, inside = outside[parent], inside[parent]
        entering = outside[each, column]
        outside[each, column] = inside[each, row]
        inside[each, row] = entering
        masks = new
        seen = np.union1d(seen, new)
        check(len(seen))


def _whole_pivot(
    old: Array, below: Array, row: Array, column: Array
) -> tuple[Array, Array]:
    """Tableaus in whole numbers after an exchange, with their denominators."""
    each = np.arange(len(old))
    pivot = old[each, row, column]
    across, down = old[each, row], old[each, :, column]
    if old.dtype == object:
        new = old * pivot[:, None, None] - down[:, :, None] * across[:, None, :]
        new //= below[:, None, None]
    else:
        one = old * (pivot / below)[:, None, None]
        other = down[:, :, None] * (across / below[:, None])[:, None, :]
        if max(np.abs(one).max(), np.abs(other).max()) > _ROUNDED:
            raise TooLarge
        new = np.rint(one - other)
        if np.abs(new).max() >= _CROSSED:
            raise TooLarge
    new[each, row] = across
    new[each, :, column] = -down
    new[each, row, column] = below
    return new, pivot


def _lexicographic_rows(tableau: Array, outside: Array, inside: Array) -> Array:
    """For each tableau and column the row that leaves, ties broken lexicographically.

    Right-hand sides are thought of as 1 + e, 1 + e**2, ...; the coefficient of a power
    is the column of that row's slack.
    """
    size, k, width = tableau.shape
    d = width - 1
    exact = tableau if tableau.dtype == object else tableau.astype(np.int64)
    # one line for each pair of a tableau and a column
    divisors = exact[:, :, :d].transpose(0, 2, 1).reshape(size * d, k)
    lines = np.repeat(np.arange(size), d)
    able = divisors > 0
    values = exact[:, :, d][lines]
    best, able = _least(values, divisors, able)
    open_ = np.flatnonzero(able.sum(axis=1) > 1)
    for power in range(k):
        if not open_.size:
            break
        of = lines[open_]
        values = _slack_column(exact, outside, inside, of, d + power)
        chosen, left = _least(values, divisors[open_], able[open_])
        best[open_], able[open_] = chosen, left
        open_ = open_[left.sum(axis=1) > 1]
    return best.reshape(size, d)


def _slack_column(
    exact: Array, outside: Array, inside: Array, of: Array, label: int
) -> Array:
    """The column of a slack in some tableaus, up to their denominators."""
    each = np.arange(len(of))
    there = outside[of] == label
    column = there.argmax(axis=1)
    values = exact[of, :, column]
    # a slack that is basic has a unit column
    basic = ~there[each, column]
    values[basic] = (inside[of[basic]] == label).astype(int)
    return values


def _least(values: Array, divisors: Array, able: Array) -> tuple[Array, Array]:
    """For each line the first of the smallest quotients, and all that are as small."""
    size, k = values.shape
    each = np.arange(size)
    best = able.argmax(axis=1)
    for i in range(1, k):
        less = able[:, i] & (
            values[:, i] * divisors[each, best] < values[each, best] * divisors[:, i]
        )
        best = np.where(less, i, best)
    tied = (
        values * divisors[each, best][:, None] == values[each, best][:, None] * divisors
    )
    return best, able & tied.astype(bool)


# ------------------------------------------------------------------------------ a path
class _Tableau:
    """One vertex of one polytope, in whole numbers."""

    def __init__(self, rows: Sequence[Sequence[int]]) -> None:
        k, d = len(rows), len(rows[0])
        self.table = np.empty((1, k, d + 1), object)
        self.table[0, :, :d] = rows
        self.table[0, :, d] = 1
        self.below = np.array([1], object)
        self.outside, self.inside = np.arange(d)[None], np.arange(d, d + k)[None]

    def drop(self, label: int) -> int:
        """Leave a label; the label that is met."""
        column = int(np.flatnonzero(self.outside[0] == label)[0])
        part = np.concatenate(
            [self.table[:, :, column : column + 1], self.table[:, :, -1:]], axis=2
        )
        row = self._row(part, column)
        met = int(self.inside[0, row])
        self.table, self.below = _whole_pivot(
            self.table, self.below, np.array([row]), np.array([column])
        )
        self.inside[0, row], self.outside[0, column] = label, met
        return met

    def _row(self, part: Array, column: int) -> int:
        """The row that leaves, ties broken lexicographically."""
        k, d = self.table.shape[1], self.table.shape[2] - 1
        divisors, of = part[:, :, 0], np.zeros(1, int)
        best, able = _least(part[:, :, 1], divisors, divisors > 0)
        for power in range(k):
            if able.sum() <= 1:
                break
            values = _slack_column(self.table, self.outside, self.inside, of, d + power)
            best, able = _least(values, divisors, able)
        return int(best[0])

    @property
    def mixture(self) -> list[Fraction]:
        """The vertex, divided by its sum."""
        d = self.outside.shape[1]
        found = [0] * d
        for label, value in zip(self.inside[0], self.table[0, :, -1], strict=True):
            if label < d:
                found[label] = value
        total = sum(found)
        return [Fraction(value, total) for value in found]


def lexicographic_path(
    rows: Sequence[Sequence[int]],
    columns: Sequence[Sequence[int]],
    pivots: int,
    until: float = math.inf,
) -> tuple[list[Fraction], list[Fraction]] | None:
    """Where the path of Lemke and Howson ends that leaves label 0, whatever is tied.

    Parameters
    ----------
    rows, columns : sequence of sequence of int
        Rows of the best-reply polytopes of the row and of the column player, as
        `all_vertices` takes them.
    pivots : int
        After so many steps the path is left.
    until : float
        A reading of `time.monotonic` at which it is left as well.

    Returns
    -------
    tuple of list of Fraction, or None
        The row player's and the column player's mixture.
    """
    m, n = len(rows[0]), len(columns[0])
    own, other = _Tableau(rows), _Tableau(columns)
    dropped, here = 0, True
    for _ in range(pivots):
        if time.monotonic() > until:
            return None
        if here:
            met = own.drop(dropped)
        else:
            met = other.drop(dropped - m if dropped >= m else n + dropped)
            met = met + m if met < n else met - n
        if met == 0:
            return own.mixture, other.mixture
        dropped, here = met, not here
    return None
