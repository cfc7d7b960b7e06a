"""One Nash equilibrium of two matrices by the path of Lemke and Howson.

A path keeps all labels but one. It starts where nothing is played, and each of its
steps brings one more choice into play or takes one out. With a support of k choices a
step costs k equations and one product with k rows, so short paths of a large game are
nearly free. Every label starts a path; all are gone along for a few steps before any is
gone along further, since in random games some path is short.

Paths are followed in floating point; where they end, an equilibrium is solved for on
its support in exact arithmetic. Where two choices tie, the bounds of the polytopes are
moved a little. A path in whole numbers, with ties broken lexicographically, always
ends; it is for games on which nothing else is exact.

Reads: bimatrix, forms, solution, solvers.base, solvers.nash, solvers.on_support,
solvers.whole_pivots.  Used by: solvers.linear_tracing, solvers.series_path, solving.

References
----------
[lemke1964]_ for the path, [codenotti2008]_ for trying all labels in turn.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from redlines.bimatrix import Bimatrix
from redlines.forms import ReducedForm
from redlines.solution import Concept, Coverage, Status
from redlines.solvers.base import Found, Solver
from redlines.solvers.nash import ExtremeEquilibrium, polytopes
from redlines.solvers.on_support import Mixture, exact_on_support
from redlines.solvers.whole_pivots import lexicographic_path
from redlines.tree import Game

__all__ = ["LemkeHowson", "LexicographicLemkeHowson", "element", "follow"]

MAX_PLANS = 5_000
# steps that every label is given in turn, then four times as many, and so on
CAP = 10
# whole numbers grow with every step, so long paths are for small games
WHOLE = 120
_TINY = 1e-11  # directions that do not move
_LOST = 1e-9  # steps back that are larger are none of rounding
_MOVED = 1e-6

Array = Any  # numpy.ndarray


class _Lost(Exception):
    """A path that floating point cannot follow."""


class _Side:
    """A vertex of the polytope {z >= 0, z M <= bound} of one player.

    Label i is z[i] = 0, and label rows + j is that column j is tight.
    """

    def __init__(self, matrix: Array, bound: Array) -> None:
        self.matrix, self.bound = matrix, bound
        self.size = len(matrix)
        self.taken: list[int] = []
        self.tight: list[int] = []

    def drop(self, label: int) -> int:
        """Leave a label; the label that is met."""
        taken, tight, size = self.taken, self.tight, self.size
        if not taken:
            met = int((self.bound / self.matrix[label]).argmin())
            taken.append(label)
            tight.append(met)
            return size + met
        part = self.matrix[taken]
        right = np.zeros((2, len(taken)))
        right[0] = self.bound[tight]
        if label < size:
            right[1] = -self.matrix[label, tight]
        else:
            place = tight.index(label - size)
            right[1, place] = -1
        try:
            both = np.linalg.solve(part[:, tight].T, right.T).T
        except np.linalg.LinAlgError:
            raise _Lost from None
        ahead = both @ part
        slack, change = self.bound - ahead[0], -ahead[1]
        if label < size:
            change -= self.matrix[label]
        slack[tight], change[tight] = 1, 0
        met = self._first(both, slack, change)
        if met < size:
            at = taken.index(met)
            if label < size:
                taken[at] = label
            else:
                del taken[at], tight[place]
        elif label < size:
            taken.append(label)
            tight.append(met - size)
        else:
            tight[place] = met - size
        return met

    def _first(self, both: Array, slack: Array, change: Array) -> int:
        """The label that is met first in a direction."""
        least, met = math.inf, -1
        closing = (change < -_TINY).nonzero()[0]
        if closing.size:
            ratios = slack[closing] / -change[closing]
            at = int(ratios.argmin())
            least, met = ratios[at], self.size + int(closing[at])
        shares, falls = both.tolist()
        for at, fall in enumerate(falls):
            if fall < -_TINY and shares[at] < -fall * least:
                least, met = shares[at] / -fall, self.taken[at]
        if met < 0 or least < -_LOST:
            raise _Lost
        return met


def follow(
    one: Array, other: Array, label: int, cap: int, moved: Any = None
) -> tuple[list[int], list[int]] | None:
    """The rows and columns in play at the end of a path.

    Parameters
    ----------
    one : numpy.ndarray, shape (n, m)
        The row player's payoffs, positive, by the other's choices.
    other : numpy.ndarray, shape (m, n)
        The column player's payoffs, positive.
    label : int
        A row, or m plus a column.
    cap : int
        After so many steps the path is left.
    moved : tuple of numpy.ndarray, optional
        Bounds of the polytopes of rows and columns, to break ties.

    Returns
    -------
    tuple of list of int, or None
        None if the path is longer.

    Raises
    ------
    _Lost
        Where rounding errors were too large, as they may be after a tie.
    """
    m, n = other.shape
    bounds = (np.ones(n), np.ones(m)) if moved is None else moved
    rows, columns = _Side(other, bounds[0]), _Side(one, bounds[1])
    dropped, here = label, label < m
    for _ in range(cap):
        if here:
            met = rows.drop(dropped)
        else:
            own = dropped - m if dropped >= m else n + dropped
            met = columns.drop(own)
            met = met + m if met < n else met - n
        if met == label:
            return rows.taken, columns.taken
        dropped, here = met, not here
    return None


def as_bimatrix(reduced: ReducedForm) -> Bimatrix:
    """The reduced strategic form as two matrices."""
    given = reduced.game._tables.bimatrix
    if given is not None:
        return given
    one, other = (
        [[Fraction(value) for value in row] for row in matrix]
        for matrix in reduced.payoffs
    )
    return Bimatrix((one, other))


def element(
    reduced: ReducedForm, mixtures: tuple[Mixture, Mixture]
) -> ExtremeEquilibrium:
    """An equilibrium in mixed plans, as an element of a solution."""
    played: dict[int, tuple[Fraction, ...]] = {}
    for player, mixture in enumerate(mixtures):
        shares = [Fraction(0)] * len(reduced.plans[player])
        for plan, share in mixture.items():
            shares[plan] = share
        played.update(reduced.behaviour(player, shares))
    return ExtremeEquilibrium(reduced.game, played, (0, 0))


def positive(matrix: Array) -> Array:
    """The same game with payoffs between 1 and 2."""
    matrix = matrix / (np.abs(matrix).max() or 1.0)
    low, high = matrix.min(), matrix.max()
    return (matrix - low) / ((high - low) or 1.0) + 1.0


def too_many_plans(game: Game) -> str | None:
    """Why a game's strategic form is too large for one matrix, or None."""
    sizes = ReducedForm.sizes(game)
    if max(sizes) > MAX_PLANS and game._tables.bimatrix is None:
        return (
            f"it has {sizes[0]:,} and {sizes[1]:,} reduced strategies; at most "
            f"{MAX_PLANS:,} each are taken"
        )
    return None


@dataclass(frozen=True)
class LemkeHowson(Solver):
    """One equilibrium, at the end of a path of Lemke and Howson.

    Parameters
    ----------
    pivots : int, optional
        How many steps are made on all paths together; default ten for each label.
    """

    concept: ClassVar[Concept] = Concept.NASH
    name: ClassVar[str] = "Lemke-Howson"
    coverages: ClassVar[frozenset[Coverage]] = frozenset({Coverage.ONE})

    pivots: int | None = None

    def refusal(self, game: Game) -> str | None:
        """Trees with more than 5,000 reduced strategies of a player are refused."""
        return too_many_plans(game)

    def find(self, game: Game, coverage: Coverage) -> Found:
        """The end of the first path that is short, and exact on its support."""
        reduced = ReducedForm.of(game)
        matrix = as_bimatrix(reduced)
        if not all(np.isfinite(values).all() for values in matrix.floats):
            return one_found([], "its payoffs are beyond floating point")
        one, other = (positive(values) for values in matrix.floats)
        until = deadline(self.time_limit)
        for rows, columns in self._ends(one, other, until):
            mixtures = exact_on_support(matrix, rows, columns)
            if mixtures is not None:
                return one_found([element(reduced, mixtures)], "one was asked for")
        if time.monotonic() > until:
            return one_found([], "the time limit was reached on the way")
        return one_found([], f"no path of pivots={self._budget(*matrix.shape):,} ended")

    def _budget(self, m: int, n: int) -> int:
        return CAP * (m + n) if self.pivots is None else self.pivots

    def _ends(
        self, one: Array, other: Array, until: float
    ) -> Iterator[tuple[list[int], list[int]]]:
        """Where paths end, short ones first."""
        m, n = one.shape
        # where a reply's reply is the choice itself, the path has two steps
        replies = one.argmax(axis=0)[other.argmax(axis=1)]
        short = np.flatnonzero(replies == np.arange(m)).tolist()
        labels = list(dict.fromkeys([*short, *range(m + n)]))
        one = np.ascontiguousarray(one.T)
        rng = np.random.default_rng(m * n)
        moved = (1 + _MOVED * rng.random(n), 1 + _MOVED * rng.random(m))
        left, cap = self._budget(m, n), CAP
        bounds = None
        while True:
            for label in labels:
                if left < cap or time.monotonic() > until:
                    return
                left -= cap
                try:
                    end = follow(one, other, label, cap, bounds)
                except _Lost:
                    continue
                if end is not None:
                    yield end
            if bounds is None and (_has_ties(one) or _has_ties(other)):
                left += cap * len(labels)
            else:
                cap *= 4
            bounds = moved


@dataclass(frozen=True)
class LexicographicLemkeHowson(Solver):
    """One equilibrium, at the end of a path in whole numbers that always ends.

    Parameters
    ----------
    pivots : int
        After so many steps the path is left.
    """

    concept: ClassVar[Concept] = Concept.NASH
    name: ClassVar[str] = "lexicographic Lemke-Howson"
    coverages: ClassVar[frozenset[Coverage]] = frozenset({Coverage.ONE})

    pivots: int = 20_000

    def refusal(self, game: Game) -> str | None:
        """Games with more than 120 reduced strategies are refused."""
        sizes = ReducedForm.sizes(game)
        if sum(sizes) > WHOLE:
            return (
                f"it has {sizes[0]:,} and {sizes[1]:,} reduced strategies; at most "
                f"{WHOLE} together are taken, as whole numbers grow with every step"
            )
        return None

    def find(self, game: Game, coverage: Coverage) -> Found:
        """The end of the path that leaves the first label."""
        reduced = ReducedForm.of(game)
        (own, _), (against, _) = polytopes(*reduced.payoffs)
        until = deadline(self.time_limit)
        end = lexicographic_path(own, against, self.pivots, until)
        if end is None:
            late = time.monotonic() > until
            return one_found(
                [],
                "the time limit was reached on the way"
                if late
                else f"the path did not end within pivots={self.pivots:,}",
            )
        rows, columns = (
            {k: share for k, share in enumerate(shares) if share} for shares in end
        )
        return one_found([element(reduced, (rows, columns))], "one was asked for")


def _has_ties(matrix: Array) -> bool:
    """Whether some row has an entry twice."""
    in_order = np.sort(matrix, axis=1)
    return bool((in_order[:, 1:] == in_order[:, :-1]).any())


def deadline(seconds: float | None) -> float:
    """A reading of `time.monotonic`, so many seconds from now."""
    return math.inf if seconds is None else time.monotonic() + seconds


def one_found(elements: list[ExtremeEquilibrium], reason: str) -> Found:
    """What a solver says that looks for one equilibrium."""
    return Found(
        elements=elements,
        status=Status.SOLVED if elements else Status.NOT_FOUND,
        complete=False,
        reason=reason,
        unit="equilibrium",
        count=None,
    )
