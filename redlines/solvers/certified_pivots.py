"""Vertices of a polytope by pivoting in floating point, each of them proved.

The polytope is ``{z >= 0, M z <= 1}``, as in solvers.vertices. Pivoting goes from
vertex to vertex, all of one distance from 0 at a time, with a bound on its error that
is carried along. Where that leaves the sign of a slack in doubt, the tableau is
computed anew with a smaller bound, and where that does not help a vertex is looked at
in exact arithmetic. So every vertex that is found is one, and has exactly ``d`` labels
and ``d`` edges; where each of these leads to another that was found, nothing is
missing, since the vertices of a polytope are connected by its edges.

Where rows tie this fails. Then right-hand sides are moved a little, each by its own
amount, so that nothing ties, and their basic solutions for the right-hand sides as
they were are carried along. If all of these are vertices of the polytope as it was, or
belong to it at least, then the same bases are those of every polytope on the straight
way between both, as slacks are linear on it; so the polytope as it was has no other
vertices. If some basis is infeasible there, the move was too large.

Reads: solvers.kernels.  Used by: solvers.vertices.

References
----------
[balinski1961]_ on why the vertices are connected.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Polytope", "Tied", "moved_vertices", "simple_vertices"]

# vertices at a time: what is worked on stays in the cache
CHUNK = 512
_UNIT = 2.0**-53
_LEAST = 1e-200

# seconds of work in this process after which loading compiled loops pays
PAYS = 1.0
_spent = [0.0]

Array = Any  # numpy.ndarray


class Tied(Exception):
    """Floating point cannot tell apart what it must."""


@dataclass(frozen=True)
class Polytope:
    """What is to be described.

    Parameters
    ----------
    rows : sequence of sequence of int, shape (k, d)
        Positive whole numbers; the matrix is these over `below`.
    below : int
        Positive.
    """

    rows: Sequence[Sequence[int]]
    below: int

    @property
    def matrix(self) -> Array:
        """In floating point, each entry rounded once."""
        return np.array([[value / self.below for value in row] for row in self.rows])

    def exact_labels(self, basis: int) -> int | None:
        """All labels at a basic solution, in exact arithmetic.

        Parameters
        ----------
        basis : int
            As many labels as there are dimensions.

        Returns
        -------
        int or None
            None if the solution lies outside, or there is not just one.
        """
        import flint

        d, k = len(self.rows[0]), len(self.rows)
        support = [j for j in range(d) if not basis >> j & 1]
        tight = [i for i in range(k) if basis >> (d + i) & 1]
        if not support:
            return basis
        system = flint.fmpz_mat([[self.rows[i][j] for j in support] for i in tight])
        try:
            solved: Any = system.solve(flint.fmpz_mat([[1]] * len(tight)))
        except ZeroDivisionError:
            return None
        over, below = solved.numer_denom()
        values = flint.fmpz_mat([[row[j] for j in support] for row in self.rows]) * over
        labels = basis
        for at, j in enumerate(support):
            if over[at, 0] < 0:
                return None
            labels |= (over[at, 0] == 0) << j
        for i in range(k):
            if values[i, 0] > below:
                return None
            labels |= (values[i, 0] == below) << (d + i)
        return labels

    def least(self) -> Array:
        """By size of a support, what a slack is at least if it is not 0.

        A slack is a whole number over the determinant of a square part of the rows.
        Hadamard's inequality bounds that, and better if first the mean of the least
        and the largest entry is taken off each, with a row and a column more for it.
        """
        sizes = np.arange(1.0, min(len(self.rows), len(self.rows[0])) + 1)
        largest, least = (_rounded(f(map(f, self.rows))) for f in (max, min))
        middle, half = (largest + least) / 2, (largest - least) / 2
        with np.errstate(all="ignore"):
            bound = (largest * np.sqrt(sizes)) ** sizes
            share = half / middle
            other = np.sqrt(share**2 + sizes) / share
            other *= (half * np.sqrt(1 + sizes)) ** sizes
            # a determinant of one entry may be less than one of none, which is 1
            bound = np.maximum.accumulate(np.fmin(bound, other))
            return 0.99 / np.maximum(np.concatenate([[1.0], bound]), 1.0)


@dataclass
class _Level:
    """Vertices as far from 0 as each other, each with its tableau.

    Attributes
    ----------
    tableau : numpy.ndarray, shape (N, k, d + 1) or (N, k, d + 2)
        Basic variables in terms of the others; the column after these are their values,
        and where right-hand sides are moved the last are those as it was.
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


def _rounded(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return np.inf


def simple_vertices(polytope: Polytope, check: Callable[[int], None]) -> Array:
    """The label sets of all vertices of a polytope without ties.

    Parameters
    ----------
    polytope : Polytope
    check : callable
        Is told how many were found so far; may raise.

    Returns
    -------
    numpy.ndarray of uint64
        Sorted.

    Raises
    ------
    Tied
        If a vertex has more labels than dimensions, or floating point lost its way.
    """
    matrix = polytope.matrix
    if ((matrix == matrix.max(axis=0)).sum(axis=0) > 1).any():
        raise Tied  # already next to 0
    walk = _Walk(matrix, np.ones((len(matrix), 1)), check)
    return np.sort(np.concatenate([level.masks for level in walk.levels(polytope)]))


def moved_vertices(
    polytope: Polytope, size: float, check: Callable[[int], None]
) -> Array:
    """The label sets of all vertices of any polytope.

    Parameters
    ----------
    polytope : Polytope
    size : float
        By how much right-hand sides, which are 1, are moved.
    check : callable
        Is told how many bases were found so far; may raise.

    Returns
    -------
    numpy.ndarray of uint64
        Sorted; a vertex at which more inequalities are tight has more labels.

    Raises
    ------
    Tied
        If the move was too large, or too small for floating point.
    """
    matrix = polytope.matrix
    k, d = matrix.shape
    right = np.ones((k, 2))
    right[:, 0] += size * (1 + np.random.default_rng(k).random(k))
    walk = _Walk(matrix, right, check)
    least = polytope.least()
    found = []
    for level in walk.levels(None):
        values, error = level.tableau[:, :, d + 1], level.error
        # a slack that may be 0 is so if it is less than the least other
        taken = d - np.bitwise_count(level.masks & np.uint64((1 << d) - 1))
        bound = least[taken][:, None]
        zero = np.abs(values) + error < bound
        open_ = ~(zero | (values > error)).all(axis=1)
        tight = np.where(zero, _bits(k + d)[level.inside], np.uint64(0))
        labels = level.masks | np.bitwise_or.reduce(tight, axis=1)
        for at in np.flatnonzero(open_).tolist():
            exact = polytope.exact_labels(int(level.masks[at]))
            if exact is None:
                raise Tied
            labels[at] = exact
        found.append(labels)
    return np.unique(np.concatenate(found))


def _bits(count: int) -> Array:
    return np.uint64(1) << np.arange(count, dtype=np.uint64)


class _Walk:
    """Goes from level to level of a polytope that has no ties.

    Parameters
    ----------
    matrix : numpy.ndarray, shape (k, d)
    right : numpy.ndarray, shape (k, 1) or (k, 2)
        Right-hand sides, near 1; pivoting goes by the first.
    check : callable
    """

    def __init__(self, matrix: Array, right: Array, check: Callable[[int], None]):
        self.matrix, self.right, self.check = matrix, right, check

    def levels(self, polytope: Polytope | None) -> Iterator[_Level]:
        """All vertices, each certified.

        Parameters
        ----------
        polytope : Polytope, optional
            Where given, it is asked about what is in doubt.

        Raises
        ------
        Tied
            If doubts remain.
        """
        k, d = self.matrix.shape
        level = _Level(
            np.concatenate([self.matrix, self.right], axis=1)[None],
            np.full((1, k), 2 * _UNIT * self.matrix.max()),
            np.arange(d, dtype=np.int16)[None],
            np.arange(d, d + k, dtype=np.int16)[None],
            np.array([(1 << d) - 1], np.uint64),
        )
        step = _stepper(level.masks)
        found = 1
        while len(level):
            yield level
            started = time.perf_counter()
            level = step.following(level)
            found += len(level)
            self.check(found)
            self._certify(level, polytope)
            _spent[0] += time.perf_counter() - started

    def _certify(self, level: _Level, polytope: Polytope | None) -> None:
        """Prove of each vertex that its slacks are positive."""
        d = self.matrix.shape[1]
        doubtful = ~(level.tableau[:, :, d] > level.error).all(axis=1)
        if not doubtful.any():
            return
        where = np.flatnonzero(doubtful)
        for at in range(0, len(where), CHUNK):
            part = where[at : at + CHUNK]
            tableau, error = _refreshed(self.matrix, self.right, level.part(part))
            level.tableau[part], level.error[part] = tableau, error[:, None]
            open_ = part[~(tableau[:, :, d] > error[:, None]).all(axis=1)]
            if not len(open_):
                continue
            if polytope is None:
                raise Tied
            for one, mask in zip(open_, level.masks[open_].tolist(), strict=True):
                if polytope.exact_labels(mask) != mask:
                    raise Tied
                # positive, as is proved, whatever rounding made of it
                slacks = level.tableau[one, :, d]
                np.maximum(slacks, _LEAST, out=slacks)


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
        d = level.outside.shape[1]
        room = 2 * len(level) + width + 16
        parts: list[_Level] = []
        start = 0
        while start < len(level):
            new = _Level(
                np.empty((room, k, width)),
                np.empty((room, k)),
                np.empty((room, d), np.int16),
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

    # what is no number is in doubt, and looked at again
    @np.errstate(all="ignore")
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
        # the first row to become tight has the largest share of its slack
        ahead = level.tableau[:, :, :d] / level.tableau[:, :, d : d + 1]
        row = ahead.argmax(axis=1)
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


def _refreshed(matrix: Array, right: Array, level: _Level) -> tuple[Array, Array]:
    """Tableaus computed anew from which labels they have, and how wrong they are.

    Let G be the tight inequalities as equations of the coordinates and X what the
    tableau says is the inverse, improved by one step of Newton's method; rho bounds the
    norm of I - X G. Then X is wrong by at most |X| rho / (1 - rho), a vertex by |X|
    times the residual over (1 - rho), and the slacks by that times what the rows of the
    matrix sum to. To each product of d terms belongs a rounding error of (d + 4) units,
    which covers that of the entries of the matrix.
    """
    size, (k, d) = len(level), matrix.shape
    each = np.arange(size)[:, None]
    unit = 4 * (d + 4) * _UNIT
    moves = np.zeros((size, d + k, d))
    moves[each, level.inside] = -level.tableau[:, :, :d]
    moves[each, level.outside] = np.eye(d)
    inverse = moves[:, :d]
    equations = np.concatenate([np.eye(d), -matrix])[level.outside]
    sides = np.concatenate([np.zeros((d, right.shape[1])), -right])[level.outside]
    inverse = inverse + inverse @ (np.eye(d) - equations @ inverse)
    vertex = inverse @ sides
    reach = np.abs(inverse).sum(axis=2).max(axis=1)
    sums = np.abs(equations).sum(axis=2).max(axis=1)
    largest = np.abs(vertex).max(axis=(1, 2))
    rho = np.abs(inverse @ equations - np.eye(d)).sum(axis=2).max(axis=1)
    rho += unit * reach * sums
    residual = np.abs(sides - equations @ vertex).max(axis=(1, 2))
    residual += unit * (sums * largest + 1)
    wrong = reach * np.maximum(residual, rho) / (1 - rho)
    wrong[~(rho < 0.5)] = np.inf
    rows = np.abs(matrix).sum(axis=1).max()
    error = (wrong + unit * (1 + largest + reach)) * (1 + rows)
    # every variable in terms of the columns, then those that are basic
    whole = np.concatenate(
        [
            np.concatenate([-inverse, matrix @ inverse], axis=1),
            np.concatenate([vertex, right - matrix @ vertex], axis=1),
        ],
        axis=2,
    )
    return whole[each, level.inside], error
