"""All vertices of a best-reply polytope, proved complete.

The polytope is ``{z >= 0, M z <= 1}`` with positive entries, in ``d`` dimensions with
``k`` rows. Label ``j < d`` says that ``z[j] == 0``, label ``d + i`` that row ``i`` is
tight; a vertex is known by the set of its labels, written as the bits of an integer.

Pivoting goes from vertex to vertex, all of one distance from 0 at a time. First in
floating point, with a bound on its error that is carried along and that leaves no doubt
about the sign of any slack. So every vertex that is found is one, and has exactly ``d``
labels and ``d`` edges; where each of these leads to another that was found, nothing is
missing, since the vertices of a polytope are connected by its edges. Where this fails,
because rows are tied or nearly so, pivoting starts anew in integers, on bases that are
lexicographically positive: the same polytope, moved a little so that it has no ties.

Reads: solvers.queries.  Used by: solvers.nash, solvers.lemke_howson.

References
----------
[avis2010]_ on vertices and labels, [dantzig1955]_ on lexicographic pivoting,
[balinski1961]_ on why the vertices are connected.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from redlines.solvers.queries import Undecided

__all__ = ["MAX_LABELS", "Budget", "all_vertices", "lexicographic_path"]

MAX_LABELS = 63  # the bits of a label set
# what is kept of so many takes some gigabytes
MAX_VERTICES = 2_000_000

# vertices at a time: what is worked on stays in the cache
CHUNK = 512
_UNIT = 2.0**-53
_TINY = 1e-9  # entries below this are no pivots in floating point
_ROUNDED = 2.0**48  # integers that rounding the last step of a pivot gives exactly
_CROSSED = 2**31  # integers whose products fit a machine word

# seconds of work in this process after which loading compiled loops pays
PAYS = 1.0
_spent = [0.0]

Array = Any  # numpy.ndarray


class _Tied(Exception):
    """Floating point cannot tell apart what it must."""


class _TooLarge(Exception):
    """Machine integers do not hold the numbers."""


def all_vertices(
    rows: Sequence[Sequence[int]], below: int, budget: Budget | None = None
) -> Array:
    """The label sets of all vertices.

    Parameters
    ----------
    rows : sequence of sequence of int, shape (k, d)
        Positive whole numbers; the matrix of the polytope is these over `below`.
    below : int
        Positive.
    budget : Budget, optional
        When to give up.

    Returns
    -------
    numpy.ndarray of uint64
        One for each vertex, 0 included, sorted. A vertex at which more than ``d``
        inequalities are tight has more than ``d`` labels.

    Raises
    ------
    Undecided
        If the budget does not suffice.
    """
    budget = budget or Budget()
    d, k = len(rows[0]), len(rows)
    if d + k > MAX_LABELS:
        raise ValueError(f"{d + k} labels; at most {MAX_LABELS}")
    matrix = np.array([[value / below for value in row] for row in rows])
    try:
        return _certified(matrix, budget)
    except _Tied:
        pass
    common = math.gcd(*(value for row in rows for value in row))
    whole = [[value // common for value in row] for row in rows]
    if max(map(max, whole)) < _CROSSED:
        try:
            return _lexicographic(np.array(whole, np.float64), budget)
        except _TooLarge:
            pass
    return _lexicographic(np.array(whole, object), budget)


@dataclass(frozen=True)
class Budget:
    """When to give up.

    Attributes
    ----------
    vertices : int
        More than these are not kept.
    until : float
        A reading of `time.monotonic`.
    """

    vertices: int = MAX_VERTICES
    until: float = math.inf

    def check(self, found: int) -> None:
        """Raise Undecided if nothing is left of it."""
        if found > self.vertices:
            raise Undecided(
                f"a best-reply polytope has more than {self.vertices:,} vertices"
            )
        if time.monotonic() > self.until:
            raise Undecided("the time limit was reached among the vertices")


def _bits(count: int) -> Array:
    return np.uint64(1) << np.arange(count, dtype=np.uint64)


# -------------------------------------------------------------------- floating point
@dataclass
class _Level:
    """Vertices as far from 0 as each other, each with its tableau.

    Attributes
    ----------
    tableau : numpy.ndarray, shape (N, k, d + 1)
        Basic variables in terms of the others; the last column is their values.
    error : numpy.ndarray, shape (N, k)
        By how much the entries of a row may be wrong.
    outside : numpy.ndarray, shape (N, d)
        The labels, one for each column.
    inside : numpy.ndarray, shape (N, k)
        The basic variables, one for each row.
    masks : numpy.ndarray, shape (N,)
        The labels as bits.
    """

    tableau: Array
    error: Array
    outside: Array
    inside: Array
    masks: Array

    def __len__(self) -> int:
        return len(self.masks)

    def part(self, where: Any) -> _Level:
        """Some of them."""
        return _Level(
            self.tableau[where],
            self.error[where],
            self.outside[where],
            self.inside[where],
            self.masks[where],
        )


def _certified(matrix: Array, budget: Budget) -> Array:
    """All vertices of a polytope without ties, each certified."""
    k, d = matrix.shape
    level = _Level(
        np.concatenate([matrix, np.ones((k, 1))], axis=1)[None],
        np.full((1, k), 2 * _UNIT * matrix.max()),
        np.arange(d, dtype=np.int16)[None],
        np.arange(d, d + k, dtype=np.int16)[None],
        np.array([(1 << d) - 1], np.uint64),
    )
    step = _stepper(level.masks)
    seen = [level.masks]
    started = time.perf_counter()
    found = 1
    while len(level):
        level = step.following(level)
        found += len(level)
        budget.check(found)
        _certify(matrix, level)
        seen.append(level.masks)
    _spent[0] += time.perf_counter() - started
    return np.sort(np.concatenate(seen))


def _stepper(masks: Array) -> _Numpy | _Compiled:
    """Compiled loops where they are at hand and loading them pays."""
    if _spent[0] > PAYS or "numba" in sys.modules:
        try:
            from redlines.solvers import kernels
        except ImportError:
            return _Numpy(masks)
        return _Compiled(kernels, masks)
    return _Numpy(masks)


class _Compiled:
    """Goes from one level to the next, with loops that numba compiled."""

    def __init__(self, kernels: Any, seen: Array) -> None:
        self._kernels = kernels
        self._table = np.zeros(1 << 12, np.uint64)
        self._used = len(seen)
        kernels.refill(self._table, seen)

    def following(self, level: _Level) -> _Level:
        """The neighbours of all vertices of a level that were not met before."""
        _, k, width = level.tableau.shape
        room = 2 * len(level) + width + 16
        parts: list[_Level] = []
        start = 0
        while start < len(level):
            new = _Level(
                np.empty((room, k, width)),
                np.empty((room, k)),
                np.empty((room, width - 1), np.int16),
                np.empty((room, k), np.int16),
                np.empty(room, np.uint64),
            )
            count, start, self._used = self._kernels.following(
                level.tableau,
                level.error,
                level.outside,
                level.inside,
                level.masks,
                start,
                self._table,
                self._used,
                _TINY,
                new.tableau,
                new.error,
                new.outside,
                new.inside,
                new.masks,
            )
            parts.append(new.part(slice(0, count)))
            if 2 * (self._used + width) > len(self._table):
                held = self._table[self._table != 0]
                self._table = np.zeros(4 * len(self._table), np.uint64)
                self._kernels.refill(self._table, held)
        if len(parts) == 1:
            return parts[0]
        return _Level(
            np.concatenate([p.tableau for p in parts]),
            np.concatenate([p.error for p in parts]),
            np.concatenate([p.outside for p in parts]),
            np.concatenate([p.inside for p in parts]),
            np.concatenate([p.masks for p in parts]),
        )


class _Numpy:
    """Goes from one level to the next."""

    def __init__(self, seen: Array) -> None:
        self._seen = seen

    def following(self, level: _Level) -> _Level:
        """The neighbours of all vertices of a level that were not met before."""
        d = level.outside.shape[1]
        moved = [
            self._moves(level.part(slice(at, at + CHUNK)))
            for at in range(0, len(level), CHUNK)
        ]
        after = np.concatenate([m[0] for m in moved])
        leaving = np.concatenate([m[1] for m in moved])
        new, first = np.unique(after, return_index=True)
        fresh = ~np.isin(new, self._seen, assume_unique=True, kind="sort")
        new, first = new[fresh], first[fresh]
        self._seen = np.concatenate([level.masks, new])
        parent, column = np.divmod(first, d)
        row = leaving[first]
        size = len(new)
        found = _Level(
            np.empty((size, *level.tableau.shape[1:])),
            np.empty((size, level.error.shape[1])),
            level.outside[parent],
            level.inside[parent],
            new,
        )
        for at in range(0, size, CHUNK):
            part = slice(at, at + CHUNK)
            old = level.part(parent[part])
            _pivot(old, row[part], column[part], found.tableau[part], found.error[part])
        each = np.arange(size)
        entering = found.outside[each, column]
        found.outside[each, column] = found.inside[each, row]
        found.inside[each, row] = entering
        return found

    @staticmethod
    def _moves(level: _Level) -> tuple[Array, Array]:
        """Where each edge leads, and the row that becomes tight."""
        d = level.outside.shape[1]
        entries = level.tableau[:, :, :d]
        usable = entries > _TINY
        ratios = level.tableau[:, :, d:] / np.where(usable, entries, 1)
        ratios[~usable] = np.inf
        row = ratios.argmin(axis=1)
        leaving = np.take_along_axis(level.inside, row, 1)
        one = np.uint64(1)
        after = (
            level.masks[:, None]
            ^ (one << level.outside.astype(np.uint64))
            ^ (one << leaving.astype(np.uint64))
        )
        return after.ravel(), row.ravel()


def _pivot(old: _Level, row: Array, column: Array, out: Array, error: Array) -> None:
    """The tableaus after each exchanges one row with one column, with error bounds."""
    each = np.arange(len(old))
    tableau = old.tableau
    pivot = tableau[each, row, column]
    across = tableau[each, row] / pivot[:, None]
    across[each, column] = 1 / pivot
    down = tableau[each, :, column]
    np.multiply(down[:, :, None], across[:, None, :], out=out)
    np.subtract(tableau, out, out=out)
    out[each, :, column] = -down / pivot[:, None]
    out[each, row] = across
    # a row is wrong by what it was, times its growth, and by what the pivot row is
    wide = np.abs(across).max(axis=1)
    was = old.error[each, row]
    of_row = was * (1 + wide) / (pivot - was) + 4 * _UNIT * wide
    of_row[~(pivot > was)] = np.inf
    size = np.abs(down)
    np.multiply(old.error, 1 + wide[:, None], out=error)
    error += (size + old.error) * of_row[:, None]
    error += 4 * _UNIT * (size * wide[:, None] + np.abs(out).max(axis=2))
    error[each, row] = of_row
    error *= 1 + 16 * _UNIT


def _certify(matrix: Array, level: _Level) -> None:
    """Prove of each vertex that its slacks are positive.

    Raises
    ------
    _Tied
        If the sign of some slack is in doubt.
    """
    doubtful = ~(level.tableau[:, :, -1] > level.error).all(axis=1)
    if not doubtful.any():
        return
    where = np.flatnonzero(doubtful)
    for at in range(0, len(where), CHUNK):
        part = where[at : at + CHUNK]
        tableau, error = _refreshed(matrix, level.part(part))
        if not (tableau[:, :, -1] > error[:, None]).all():
            raise _Tied
        level.tableau[part], level.error[part] = tableau, error[:, None]


def _refreshed(matrix: Array, level: _Level) -> tuple[Array, Array]:
    """Tableaus computed anew from which labels they have, and how wrong they are.

    Let G be the tight inequalities as equations of the coordinates and X what the
    tableau says is the inverse, improved by one step of Newton's method; rho bounds the
    norm of I - X G. Then X is wrong by at most |X| rho / (1 - rho), a vertex by |X|
    times the residual over (1 - rho), and the slacks by that times what the rows of the
    matrix sum to. To each product of d terms belongs a rounding error of (d + 4) units,
    which covers that of the entries of the matrix.
    """
    size, k, width = level.tableau.shape
    d = width - 1
    each = np.arange(size)[:, None]
    unit = 4 * (d + 4) * _UNIT
    moves = np.zeros((size, d + k, d))
    moves[each, level.inside] = -level.tableau[:, :, :d]
    moves[each, level.outside] = np.eye(d)
    inverse = moves[:, :d]
    equations = np.concatenate([np.eye(d), -matrix])[level.outside]
    right = np.where(level.outside < d, 0.0, -1.0)
    inverse = inverse + inverse @ (np.eye(d) - equations @ inverse)
    vertex = np.einsum("nij,nj->ni", inverse, right)
    reach = np.abs(inverse).sum(axis=2).max(axis=1)
    sums = np.abs(equations).sum(axis=2).max(axis=1)
    largest = np.abs(vertex).max(axis=1)
    rho = np.abs(inverse @ equations - np.eye(d)).sum(axis=2).max(axis=1)
    rho += unit * reach * sums
    residual = np.abs(right - np.einsum("nij,nj->ni", equations, vertex)).max(axis=1)
    residual += unit * (sums * largest + 1)
    wrong = reach * np.maximum(residual, rho) / (1 - rho)
    wrong[~(rho < 0.5)] = np.inf
    rows = np.abs(matrix).sum(axis=1).max()
    error = (wrong + unit * (1 + largest + reach)) * (1 + rows)
    # every variable in terms of the columns, then those that are basic
    whole = np.concatenate(
        [
            np.concatenate([-inverse, matrix @ inverse], axis=1),
            np.concatenate([vertex, 1 - vertex @ matrix.T], axis=1)[:, :, None],
        ],
        axis=2,
    )
    return whole[each, level.inside], error


# ------------------------------------------------------------------------- in integers
def _lexicographic(matrix: Array, budget: Budget) -> Array:
    """All vertices, in exact arithmetic, whatever is tied.

    A tableau is kept in whole numbers over a common denominator, its determinant; in
    floating point as long as these are exact, else as Python's integers.

    Raises
    ------
    _TooLarge
        If floating point does not hold the whole numbers.
    """
    k, d = matrix.shape
    bit = _bits(d + k)
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
        budget.check(len(seen))


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
            raise _TooLarge
        new = np.rint(one - other)
        if np.abs(new).max() >= _CROSSED:
            raise _TooLarge
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
