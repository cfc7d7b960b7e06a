"""One Nash equilibrium of two matrices along a smooth path, for games with long ones.

Each choice is worth, beside what it is paid, ``mu`` times a weight over its share: so
every choice is made, and a choice that is worth less by ``w`` than the best is made
with a share ``z`` such that ``z * w = mu * weight``. For large ``mu`` the shares are
the weights; the path from there is followed as ``mu`` falls, and back where it turns.
It bends where a path of pivots has corners, but only as far as these matter at its
``mu``, so where pivoting takes millions of steps this takes hundreds.

The equations are products of two unknowns at most. So all coefficients of the path's
Taylor series follow from one factorization, and a step goes as far as a long series is
good for. On the way it is read off which choices remain, and an equilibrium is solved
for on them in exact arithmetic.

Reads: bimatrix, forms, solution, solvers.base, solvers.lemke_howson,
solvers.on_support.  Used by: solving.

References
----------
[harsanyi1988]_, section 4.9, for the path; [cochelin1994]_ for following one by series.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from redlines.forms import ReducedForm
from redlines.solution import Concept, Coverage
from redlines.solvers.base import Found, Solver
from redlines.solvers.lemke_howson import (
    as_bimatrix,
    deadline,
    element,
    one_found,
    positive,
    too_many_plans,
)
from redlines.solvers.on_support import exact_on_support
from redlines.tree import Game

__all__ = ["SeriesPath"]

Array = Any  # numpy.ndarray
# terms of a series, and what the last may add, in shares of what it adds to
TERMS = 12
_LAST = 1e-4
# products of shares and slacks may be off by so much after a step
_OFF = 0.05
# with payoffs between 0 and 1: where paths begin, are left, end; where choices show
_BEGIN, _BACK, _END, _SHOWS = 50.0, 1e3, 1e-13, 0.05
_SHORTEST = 1e-9
# paths that come to their end in vain before others are left untried
ENDS = 2
# payoffs are moved by this so that no choices tie; steps made where only that decides
_MOVED = 1e-7
_LATE = 40
# of the weights, the most that is drawn at random
_DRAWN = 0.5
_TOLERANCE = 1e-9


class _Lost(Exception):
    """A path that floating point cannot follow."""


class _Point(NamedTuple):
    """A point of the path, or a coefficient of its series.

    Attributes
    ----------
    shares : numpy.ndarray, shape (m + n,)
        Of rows, then of columns.
    worth : numpy.ndarray, shape (2,)
        What the best row and the best column are worth, with what is added.
    mu : float
    """

    shares: Array
    worth: Array
    mu: float


class _Path:
    """The equations of a path.

    Parameters
    ----------
    one : numpy.ndarray, shape (m, n)
        The row player's payoffs, between 0 and 1.
    other : numpy.ndarray, shape (n, m)
        The column player's payoffs by own choices.
    weights : numpy.ndarray, shape (m + n,)
        Positive; those of rows sum to 1, and those of columns.
    """

    def __init__(self, one: Array, other: Array, weights: Array) -> None:
        self.one, self.other, self.weights = one, other, weights
        self.m, self.size = len(one), len(weights)
        self.jacobian = np.zeros((self.size + 3, self.size + 3))

    def slack(self, point: _Point) -> Array:
        """By how much choices are worth less than the best; linear in the point."""
        m = self.m
        return np.concatenate(
            [
                point.worth[0] - self.one @ point.shares[m:],
                point.worth[1] - self.other @ point.shares[:m],
            ]
        )

    def beginning(self) -> _Point:
        """Near the point of the path with a large mu."""
        best = self.slack(_Point(self.weights, np.zeros(2), 0.0))
        worth = np.array([-best[: self.m].min(), -best[self.m :].min()])
        return _Point(self.weights, worth + _BEGIN, _BEGIN)

    def factors(self, point: _Point, slack: Array, along: Array) -> Any:
        """The equations' factors, in relative changes of shares and of mu."""
        from scipy.linalg import lu_factor

        m, size, table = self.m, self.size, self.jacobian
        table[:] = 0
        each = np.arange(size)
        table[each, each] = 1
        shares = point.shares
        table[:m, m:size] = self.one * -shares[m:] / slack[:m, None]
        table[m:size, :m] = self.other * -shares[:m] / slack[m:, None]
        table[:m, size] = 1 / slack[:m]
        table[m:size, size + 1] = 1 / slack[m:]
        table[:size, -1] = -point.mu * self.weights / (shares * slack)
        table[size, :m] = shares[:m]
        table[size + 1, m:size] = shares[m:]
        table[-1] = along
        if not np.isfinite(table).all():
            raise _Lost
        return lu_factor(table, check_finite=False)

    def solved(self, factors: Any, right: Array, at: _Point) -> tuple[_Point, Array]:
        """A change of the point, and the same as the factors' unknowns."""
        from scipy.linalg import lu_solve

        found = lu_solve(factors, right, check_finite=False)
        if not np.isfinite(found).all():
            raise _Lost
        size = self.size
        change = _Point(
            at.shares * found[:size], found[size : size + 2], at.mu * found[-1]
        )
        return change, found

    def corrected(
        self, point: _Point, slack: Array, factors: Any
    ) -> tuple[_Point, float]:
        """A step of Newton's method across the path, and how far the point was off."""
        m, size = self.m, self.size
        right = np.zeros(size + 3)
        right[:size] = point.mu * self.weights / (point.shares * slack) - 1
        right[size] = 1 - point.shares[:m].sum()
        right[size + 1] = 1 - point.shares[m:].sum()
        change, found = self.solved(factors, right, point)
        part = min(1.0, 0.5 / max(np.abs(found[:size]).max(), 1e-300))
        return _moved(point, change, part), float(np.abs(right).max())

    def series(
        self, point: _Point, slack: Array, factors: Any
    ) -> tuple[list[_Point], list[Array], Array]:
        """Coefficients of the path through a point, of its slacks, and its direction.

        That of order k makes the coefficient of order k of each product what it must
        be: a linear equation, with the products of lower orders on its right.
        """
        size = self.size
        right = np.zeros(size + 3)
        right[-1] = 1
        _, along = self.solved(factors, right, point)
        along = along / math.sqrt(
            float(point.shares @ along[:size] ** 2) + along[-1] ** 2
        )
        first = _Point(
            point.shares * along[:size], along[size : size + 2], point.mu * along[-1]
        )
        terms, slacks = [point, first], [slack, self.slack(first)]
        product = point.shares * slack
        right[-1] = 0
        for order in range(2, TERMS + 1):
            lower = sum(terms[k].shares * slacks[order - k] for k in range(1, order))
            right[:size] = -lower / product
            term, _ = self.solved(factors, right, point)
            terms.append(term)
            slacks.append(self.slack(term))
        return terms, slacks, along

    def ahead(self, terms: list[_Point], slacks: list[Array]) -> tuple[_Point, Array]:
        """The point that the series reaches, and its slacks."""
        far = math.inf
        for order in (TERMS - 1, TERMS):
            size = max(
                np.abs(terms[order].shares / terms[0].shares).max(),
                np.abs(slacks[order] / slacks[0]).max(),
                1e-300,
            )
            far = min(far, (_LAST / size) ** (1 / order))
        while far > _SHORTEST:
            point = _moved(terms[0], terms[1], far)
            for order in range(2, TERMS + 1):
                point = _moved(point, terms[order], far**order)
            slack = self.slack(point)
            if point.mu > 0 and point.shares.min() > 0 and slack.min() > 0:
                aim = point.mu * self.weights
                if (np.abs(point.shares * slack - aim) < _OFF * aim).all():
                    return point, slack
            far *= 0.7
        raise _Lost


def _moved(point: _Point, change: _Point, part: float) -> _Point:
    return _Point(
        point.shares + part * change.shares,
        point.worth + part * change.worth,
        point.mu + part * change.mu,
    )


def choices_on_path(path: _Path) -> Iterator[tuple[list[int], list[int]] | None]:
    """Along a path, which rows and columns may be all that remain.

    Yields
    ------
    tuple of list of int, or None
        After each step; None where there is nothing new.
    """
    m = path.m
    point = path.beginning()
    along = np.zeros(path.size + 3)
    along[-1] = -1
    tried: set[bytes] = set()
    late = 0
    while _END < point.mu < _BACK and late < _LATE:
        late += point.mu < 10 * _MOVED
        slack = path.slack(point)
        factors = path.factors(point, slack, along)
        point, off = path.corrected(point, slack, factors)
        slack = path.slack(point)
        if not (point.mu > 0 and point.shares.min() > 0 and slack.min() > 0):
            raise _Lost
        if off < 2 * _OFF:
            terms, slacks, along = path.series(point, slack, factors)
            point, slack = path.ahead(terms, slacks)
        stays = point.shares > slack
        rows, columns = np.flatnonzero(stays[:m]), np.flatnonzero(stays[m:])
        new = point.mu < _SHOWS and stays.tobytes() not in tried
        if new and len(rows) == len(columns) and _is_close(path, rows, columns):
            tried.add(stays.tobytes())
            yield rows.tolist(), columns.tolist()
        else:
            yield None


def _is_close(path: _Path, rows: Array, columns: Array) -> bool:
    """Whether nothing else is worth more by far, if just these are taken."""
    for table, own, against in (
        (path.one, rows, columns),
        (path.other, columns, rows),
    ):
        size = len(own)
        system = np.zeros((size + 1, size + 1))
        system[:size, :size] = table[np.ix_(own, against)]
        system[:size, size] = -1
        system[size, :size] = 1
        right = np.zeros(size + 1)
        right[size] = 1
        try:
            solved = np.linalg.solve(system, right)
        except np.linalg.LinAlgError:
            return False
        if not solved[:size].min() > -_TOLERANCE:
            return False
        if not (table[:, against] @ solved[:size]).max() < solved[size] + _TOLERANCE:
            return False
    return True


@dataclass(frozen=True)
class SeriesPath(Solver):
    """One equilibrium, at the end of a smooth path from even play.

    Parameters
    ----------
    steps : int
        How many steps are made on a path, each for the price of a system of m + n
        linear equations.
    starts : int
        How many paths are tried, from even play and then from other weights.
    """

    concept: ClassVar[Concept] = Concept.NASH
    name: ClassVar[str] = "series path"
    coverages: ClassVar[frozenset[Coverage]] = frozenset({Coverage.ONE})

    steps: int = 1_000
    starts: int = 8

    def refusal(self, game: Game) -> str | None:
        """Trees with more than 5,000 reduced strategies of a player are refused."""
        return too_many_plans(game)

    def find(self, game: Game, coverage: Coverage) -> Found:
        """The first equilibrium on a path that is exact on the choices that remain."""
        reduced = ReducedForm.of(game)
        matrix = as_bimatrix(reduced)
        if not all(np.isfinite(values).all() for values in matrix.floats):
            return one_found([], "its payoffs are beyond floating point")
        until = deadline(self.time_limit)
        for rows, columns in self._ends(matrix.floats, until):
            mixtures = exact_on_support(matrix, rows, columns)
            if mixtures is not None:
                return one_found([element(reduced, mixtures)], "one was asked for")
        if time.monotonic() > until:
            return one_found([], "the time limit was reached on the way")
        return one_found(
            [], f"no path of starts={self.starts} ended within steps={self.steps:,}"
        )

    def _ends(
        self, payoffs: tuple[Array, Array], until: float
    ) -> Iterator[tuple[list[int], list[int]]]:
        """Choices that may be all that remain, from one path after the other."""
        m, n = payoffs[0].shape
        rng = np.random.default_rng(m * n)
        one, other = (
            positive(values) - 1 + _MOVED * rng.random((m, n)) for values in payoffs
        )
        other = np.ascontiguousarray(other.T)
        ended = 0
        for start in range(self.starts):
            drawn = _DRAWN * rng.random() if start else 0.0
            weights = np.concatenate(
                [
                    (1 - drawn) / size + drawn * rng.dirichlet(np.ones(size))
                    for size in (m, n)
                ]
            )
            path = choices_on_path(_Path(one, other, weights))
            try:
                for _, found in zip(range(self.steps), path, strict=False):
                    if time.monotonic() > until:
                        return
                    if found is not None:
                        yield found
            except _Lost:
                continue
            # what a path leads to is exact nowhere if too much is tied
            ended += 1
            if ended == ENDS:
                return
