"""What is asked of nashpy: matrices for it, its random state, and its solvers.

nashpy works in floating point and draws from numpy's global random state. Matrices go
to it in whole numbers where these are exact in floating point, so that ties are ties.
Its equilibria come back as supports, on which they are solved exactly; what does not
hold there is dropped, and said to be.

Reads: bimatrix, forms, solution, solvers.  Used by: solving, solvers.learning.

References
----------
[nashpy2018]_
"""

from __future__ import annotations

import itertools
import math
import time
import warnings
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from redlines.bimatrix import Bimatrix
from redlines.errors import Unsupported
from redlines.forms import ReducedForm
from redlines.referee import referee
from redlines.solution import Concept, Coverage, Status
from redlines.solvers.base import Found, Solver
from redlines.solvers.nash import ExtremeEquilibrium
from redlines.solvers.on_support import exact_on_support
from redlines.tree import Game

__all__ = [
    "NashpyLemkeHowson",
    "NashpySupports",
    "NashpyVertices",
    "matrices",
    "seeded",
    "whole",
]

# what floating point holds exactly
EXACT = 2**53
# a share below this is none, in the answers of nashpy
TAKEN = 1e-9
# the largest denominator that a share is read with
SIMPLE = 10**6
# steps after which a path is left
PIVOTS = 2_000

Behaviour = dict[int, tuple[Fraction, ...]]


def whole(reduced: ReducedForm, times: int = 1) -> tuple[Any, Any] | None:
    """Payoffs in the smallest whole numbers, up to scale and origin, as arrays.

    Parameters
    ----------
    reduced : ReducedForm
    times : int
        How often entries are added up.

    Returns
    -------
    tuple of numpy.ndarray, or None
        None if sums of so many are not exact in floating point.
    """
    found = []
    for table in reduced.payoffs:
        low = min(map(min, table))
        divisor = math.gcd(*(v - low for row in table for v in row)) or 1
        # from 1 on, since polytopes of payoffs that are not positive have no end
        rows = [[(v - low) // divisor + 1 for v in row] for row in table]
        if max(map(max, rows)) * times >= EXACT:
            return None
        found.append(np.array(rows, dtype=np.float64))
    return found[0], found[1]


def matrices(reduced: ReducedForm) -> tuple[Any, Any]:
    """Payoffs in payoff units, in floating point.

    Raises
    ------
    Unsupported
        If one is beyond it.
    """
    found = []
    for table, scale in zip(reduced.payoffs, reduced.scales, strict=True):
        try:
            found.append(np.array([[v / scale for v in row] for row in table]))
        except OverflowError:
            raise Unsupported(
                f"payoffs of {reduced.game!r} are beyond floating point; count them in "
                "larger units"
            ) from None
    return found[0], found[1]


@contextmanager
def seeded(rng: Any) -> Iterator[None]:
    """Numpy's global random state set from a seed or generator, and put back after."""
    state = np.random.get_state()  # noqa: NPY002  # nashpy draws from this one
    np.random.seed(np.random.default_rng(rng).integers(2**32))  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(state)  # noqa: NPY002


def as_bimatrix(reduced: ReducedForm) -> Bimatrix:
    """The strategic form as two matrices, up to scale."""
    return Bimatrix(reduced.payoffs)


class _Failed(Exception):
    """The library underneath raised an error."""


class Listed(ExtremeEquilibrium):
    """An equilibrium that nashpy lists; which may be exchanged is not known."""

    components = None  # type: ignore[assignment]
    maximal_nash_subsets = None  # type: ignore[assignment]


@dataclass(frozen=True)
class _ThroughNashpy(Solver):
    """Equilibria that nashpy lists, made exact."""

    concept: ClassVar[Concept] = Concept.NASH
    named_only: ClassVar[bool] = True
    # how many plans both players may have together, and each must have
    most: ClassVar[int] = 60
    least: ClassVar[int] = 2

    def refusal(self, game: Game) -> str | None:
        """Games with many reduced strategies are refused, or with only one."""
        sizes = ReducedForm.sizes(game)
        if min(sizes) < self.least:
            return f"it needs {self.least} reduced strategies of each player"
        if sum(sizes) > self.most:
            return (
                f"it has {sizes[0]:,} and {sizes[1]:,} reduced strategies; at most "
                f"{self.most} together are taken"
            )
        return None

    @abstractmethod
    def profiles(self, one: Any, other: Any) -> Iterator[tuple[Any, Any]]:
        """What nashpy finds."""

    def find(self, game: Game, coverage: Coverage) -> Found:
        """Each equilibrium once, in the order in which nashpy finds them."""
        reduced = ReducedForm.of(game)
        matrix = as_bimatrix(reduced)
        one, other = whole(reduced) or _positive(matrices(reduced))
        until = math.inf
        if self.time_limit is not None:
            until = time.monotonic() + self.time_limit
        found: dict[Any, Listed] = {}
        notes = [
            "nashpy works in floating point and loses equilibria where there are ties"
        ]
        dropped, status = 0, Status.SOLVED
        try:
            for profile in self._asked(one, other):
                played = _made_exact(reduced, matrix, *profile)
                if played is None:
                    dropped += 1
                else:
                    key = tuple(sorted(played.items()))
                    found.setdefault(key, Listed(game, played, (0, 0)))
                    if coverage is Coverage.ONE:
                        break
                if len(found) == self.limit or time.monotonic() > until:
                    status = Status.LIMIT
                    notes.append("it was stopped by limit= or time_limit=")
                    break
        except _Failed as fault:
            status = Status.BACKEND
            notes.append(str(fault))
        if dropped:
            notes.append(f"{dropped} of its answers were none exactly and are left out")
        if status is Status.SOLVED and not found:
            status = Status.NOT_FOUND
        return Found(
            elements=list(found.values()),
            status=status,
            complete=False,
            reason="; ".join(notes),
            unit="equilibrium",
            count=None,
        )

    def _asked(self, one: Any, other: Any) -> Iterator[tuple[Any, Any]]:
        """The same, without what nashpy says on the way about degeneracy."""
        search = self.profiles(one, other)
        while True:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    profile = next(search)
                except StopIteration:
                    return
                except Exception as fault:  # whatever it may be, it is not ours
                    raise _Failed(
                        f"nashpy failed with {type(fault).__name__}: {fault}"
                    ) from None
            yield profile


def _positive(arrays: tuple[Any, Any]) -> tuple[Any, Any]:
    """Payoffs from one to two, up to errors of floating point."""
    one, other = (1 + (a - a.min()) / ((a.max() - a.min()) or 1.0) for a in arrays)
    return one, other


def _made_exact(
    reduced: ReducedForm, matrix: Bimatrix, x: Any, y: Any
) -> Behaviour | None:
    """The exact equilibrium that a profile in floating point stands for, if any."""
    for shares, size in zip((x, y), matrix.shape, strict=True):
        if np.shape(shares) != (size,) or not np.isfinite(shares).all():
            return None
    taken = [np.flatnonzero(shares > TAKEN).tolist() for shares in (x, y)]
    if not all(taken):
        return None
    solved = exact_on_support(matrix, *taken)
    # on supports of different sizes there are many: read shares as simple fractions
    mixtures = solved or [
        _simple(shares, on) for shares, on in zip((x, y), taken, strict=True)
    ]
    played: Behaviour = {}
    for player, mixture in enumerate(mixtures):
        size = matrix.shape[player]
        full = [mixture.get(k, Fraction(0)) for k in range(size)]
        played |= reduced.behaviour(player, full)
    profile = Listed(reduced.game, played, (0, 0)).assessment()
    return played if referee(profile, Concept.NASH.value).holds else None


def _simple(shares: Any, on: list[int]) -> dict[int, Fraction]:
    """Shares as fractions with small denominators."""
    found = {k: Fraction(float(shares[k])).limit_denominator(SIMPLE) for k in on}
    total = sum(found.values(), Fraction(0))
    return {k: share / total for k, share in found.items()}


class NashpySupports(_ThroughNashpy):
    """Nash equilibria by nashpy's support enumeration."""

    name: ClassVar[str] = "nashpy support enumeration"
    most: ClassVar[int] = 16
    least: ClassVar[int] = 1

    def profiles(self, one: Any, other: Any) -> Iterator[tuple[Any, Any]]:
        """All pairs of supports are tried."""
        import nashpy

        return nashpy.Game(one, other).support_enumeration()  # type: ignore[no-any-return]


class NashpyVertices(_ThroughNashpy):
    """Nash equilibria by nashpy's vertex enumeration."""

    name: ClassVar[str] = "nashpy vertex enumeration"
    most: ClassVar[int] = 24

    def profiles(self, one: Any, other: Any) -> Iterator[tuple[Any, Any]]:
        """Vertices of both best-reply polytopes, in floating point."""
        import nashpy

        return nashpy.Game(one, other).vertex_enumeration()  # type: ignore[no-any-return]


class NashpyLemkeHowson(_ThroughNashpy):
    """Nash equilibria at the ends of nashpy's paths of Lemke and Howson."""

    name: ClassVar[str] = "nashpy lemke howson"

    def profiles(self, one: Any, other: Any) -> Iterator[tuple[Any, Any]]:
        """One path for each label, which ends where nothing is missing."""
        from nashpy.linalg import create_col_tableau, create_row_tableau

        for label in range(sum(one.shape)):
            # driven from here, since paths in floating point may go on for ever
            columns, rows = (
                create_col_tableau(one, True),
                create_row_tableau(other, True),
            )
            order = [rows, columns]
            if label not in rows.non_basic_variables:
                order.reverse()
            entering = label
            for tableau in itertools.islice(itertools.cycle(order), PIVOTS):
                entering = tableau.pivot_and_drop_label(entering)
                missing = columns.labels - (
                    columns.non_basic_variables | rows.non_basic_variables
                )
                if not missing:
                    yield (
                        rows.to_strategy(columns.non_basic_variables),
                        columns.to_strategy(rows.non_basic_variables),
                    )
                    break
