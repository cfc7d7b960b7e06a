"""One stationary equilibrium of a large Markov game, at the end of the logit path.

With precision zero everybody plays evenly; as the precision grows the logit equilibria
form a path that for almost all games leads to a stationary Markov perfect equilibrium
(Eibelshaeuser and Poensgen 2019). The path is followed by predictor and corrector along
its length, so it may turn back. On the way the supports that it points to are tried:
Newton's method on the conditions of indifference, and a look at every other action.
What stands is made exact where the supports are pure or the game is small, and else
verified in floating point with a bound on what any plan gains.

Reads: recurring, solvers.markov_form, solvers.markov_logit, solvers.loci.
Used by: solvers.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np
from scipy.linalg import lu_factor, lu_solve

from redlines.markov import MarkovGame
from redlines.problem import Problem
from redlines.recurring import StationaryElement
from redlines.solution import Concept, Coverage, Status
from redlines.solvers.base import Found, Solver
from redlines.solvers.gains import Gains, Support
from redlines.solvers.loci import Budget, locus
from redlines.solvers.markov_form import MarkovForm, refusal
from redlines.solvers.markov_logit import Numeric, Pair
from redlines.solvers.markov_perfect import rows_of
from redlines.solvers.queries import Undecided

__all__ = ["MarkovPath"]

# entries of a table of transitions
LARGEST = 60_000_000
# points and unknowns up to which mixed equilibria are made exact
EXACT_POINTS = 8
EXACT_UNKNOWNS = 3
# how far the corrector may go, in parts of a step, and how straight the path must be
NEAR = 0.3
STRAIGHT = 0.8
# an action is tried as played above this probability
PLAYED = (1e-2, 1e-3, 1e-4, 1e-6)


@dataclass(frozen=True)
class MarkovPath(Solver):
    """One stationary Markov perfect equilibrium, at the end of the logit path.

    Parameters
    ----------
    steps : int
        How many steps are made on the path.
    """

    concept: ClassVar[Concept] = Concept.MARKOV_PERFECT
    name: ClassVar[str] = "logit path"
    takes: ClassVar[type[Problem]] = MarkovGame
    coverages: ClassVar[frozenset[Coverage]] = frozenset({Coverage.ONE})
    exact: ClassVar[bool] = False

    steps: int = 5_000

    def refusal(self, game: MarkovGame) -> str | None:
        """Why this method cannot do a game, or None."""
        hidden = refusal(game)
        if hidden is not None:
            return hidden
        form = MarkovForm(game)
        points = len(form.points)
        if points**2 * max(form.sizes(0)) * max(form.sizes(1)) > LARGEST:
            return f"its tables of transitions would have more than {LARGEST:,} entries"
        return None

    def find(self, game: MarkovGame, coverage: Coverage) -> Found:
        """The equilibrium that the path leads to."""
        form = MarkovForm(game)
        until = None if self.time_limit is None else time.monotonic() + self.time_limit
        try:
            numeric = Numeric(form)
        except OverflowError:
            return self._found([], "its payoffs are beyond floating point")
        for strategies in _Path(numeric, self.steps, until).ends():
            element = self._element(form, numeric, strategies, until)
            if element is not None:
                exact = element.values is None
                return self._found([element], "one was asked for", exact)
        return self._found([], f"the path did not settle within steps={self.steps:,}")

    def _found(
        self, elements: list[StationaryElement], reason: str, exact: bool = False
    ) -> Found:
        return Found(
            elements=elements,
            status=Status.SOLVED if elements else Status.NOT_FOUND,
            complete=False,
            reason=reason,
            unit="stationary equilibrium",
            count=None,
            exact=exact,
        )

    def _element(
        self,
        form: MarkovForm,
        numeric: Numeric,
        strategies: Pair,
        until: float | None,
    ) -> StationaryElement | None:
        """The equilibrium, exact if it can be, if there is one close by."""
        supports = tuple(
            tuple(
                tuple(int(a) for a in np.flatnonzero(row > 0)) for row in strategies[p]
            )
            for p in (0, 1)
        )
        unknowns = max(sum(len(s) - 1 for s in supports[p]) for p in (0, 1))
        small = len(form.points) <= EXACT_POINTS and unknowns <= EXACT_UNKNOWNS
        if not unknowns or small:
            exact = self._exact(form, (supports[0], supports[1]), strategies, until)
            if exact is not None or not unknowns:
                return exact
        plans = tuple(tuple(map(_distribution, strategies[p])) for p in (0, 1))
        sizes = (form.sizes(0), form.sizes(1))
        cut = tuple(
            tuple(row[: sizes[p][m]] for m, row in enumerate(plans[p])) for p in (0, 1)
        )
        worth = numeric.worth(strategies)
        values = [
            [Fraction(float(worth.values[p][first])) for first in form.first]
            for p in (0, 1)
        ]
        return StationaryElement(form.game, rows_of(form, (cut[0], cut[1])), values)

    def _exact(
        self,
        form: MarkovForm,
        supports: tuple[Support, Support],
        near: Pair,
        until: float | None,
    ) -> StationaryElement | None:
        """The exact equilibrium with given supports that is nearest, or None."""
        budget = Budget(self.effort, until)
        plans: list[Any] = [None, None]
        try:
            for player in (0, 1):
                own, other = supports[player], supports[1 - player]
                found = locus(Gains(form, player), own, other, budget)
                if found is None or found.conditions is not None:
                    return None
                plans[1 - player] = min(
                    found.plans, key=lambda plan: _distance(plan, near[1 - player])
                )
        except Undecided:
            return None
        return StationaryElement(form.game, rows_of(form, (plans[0], plans[1])))


def _distance(plan: Any, near: np.ndarray) -> float:
    return max(
        abs(float(x) - near[m, a])
        for m, row in enumerate(plan)
        for a, x in enumerate(row)
    )


def _distribution(row: np.ndarray) -> tuple[Fraction, ...]:
    """Floats as they are, the largest so that the sum is exactly one."""
    exact = [Fraction(float(x)) for x in row]
    top = int(np.argmax(row))
    exact[top] += 1 - sum(exact)
    return tuple(exact)


class _Path:
    """The path of logit equilibria, from even play on."""

    def __init__(self, numeric: Numeric, steps: int, until: float | None) -> None:
        self.numeric, self.steps, self.until = numeric, steps, until
        self.size = len(numeric.places)

    def _at(self, point: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How far from a logit equilibrium, and the slopes, the precision's last."""
        numeric, logs, precision = self.numeric, point[:-1], point[-1]
        strategies = numeric.strategies(logs)
        worth = numeric.worth(strategies)
        leads = numeric.leads(worth)
        slopes = numeric.by_logs(strategies, numeric.slopes(strategies, worth))
        left = np.eye(self.size) - precision * slopes
        return logs - precision * leads, np.column_stack([left, -leads])

    def ends(self) -> Iterator[Pair]:
        """Equilibria that the path points to, as it goes on."""
        if not self.size:
            yield self.numeric.strategies(np.zeros(0))
            return
        point = np.zeros(self.size + 1)
        _, slopes = self._at(point)
        forward = np.zeros(self.size + 1)
        forward[-1] = 1.0
        forward, way = self._tangent(slopes, forward)
        length, tried = 0.1, 1.0
        for _ in range(self.steps):
            if self.until is not None and time.monotonic() > self.until:
                return
            there = self._step_along(point, forward, way, length)
            if there is None:
                length /= 3
                if length < 1e-9 * (1 + np.abs(point).max()):
                    return
                continue
            point, forward, ease = there
            length *= ease
            if point[-1] < 0 or tried > 1e14:
                return
            if point[-1] > 1.4 * tried:
                tried = float(point[-1])
                yield from self._supported(self.numeric.strategies(point[:-1]))

    def _step_along(
        self, point: np.ndarray, forward: np.ndarray, way: float, length: float
    ) -> tuple[np.ndarray, np.ndarray, float] | None:
        """A step on the path, its new direction, and how much longer the next may be.

        None where the step may have left for another part of the path: the corrector
        goes far, the direction turns sharply, or its orientation is reversed.
        """
        ahead = point + length * forward
        try:
            moved, slopes, rounds = self._corrected(ahead, forward)
            if moved is None or np.linalg.norm(moved - ahead) > NEAR * length:
                return None
            turned, sense = self._tangent(slopes, forward)
        except np.linalg.LinAlgError:
            return None
        if sense != way or turned @ forward < STRAIGHT:
            return None
        return moved, turned, 1.8 if rounds <= 3 else 1.0 if rounds <= 5 else 0.7

    def _tangent(
        self, slopes: np.ndarray, forward: np.ndarray
    ) -> tuple[np.ndarray, float]:
        """The direction of the path, the way that it was going, and its orientation."""
        right = np.zeros(self.size + 1)
        right[-1] = 1.0
        factors, pivots = lu_factor(np.vstack([slopes, forward]), check_finite=False)
        diagonal = np.diag(factors)
        if not diagonal.all() or not np.isfinite(diagonal).all():
            raise np.linalg.LinAlgError
        swaps = int((pivots != np.arange(len(pivots))).sum())
        sense = float(np.prod(np.sign(diagonal))) * (-1) ** swaps
        found = lu_solve((factors, pivots), right, check_finite=False)
        return np.asarray(found / np.linalg.norm(found)), sense

    def _corrected(
        self, point: np.ndarray, forward: np.ndarray
    ) -> tuple[np.ndarray | None, np.ndarray, int]:
        """The path nearest to a point, across its direction."""
        for rounds in range(1, 9):
            off, slopes = self._at(point)
            step = np.linalg.solve(np.vstack([slopes, forward]), np.append(off, 0.0))
            point = point - step
            if not np.isfinite(point).all():
                return None, slopes, rounds
            if np.abs(step).max() <= 1e-8 * (1 + np.abs(point).max()):
                return point, slopes, rounds
        return None, slopes, rounds

    # ---------------------------------------------------------- supports on the way
    def _supported(self, strategies: Pair) -> Iterator[Pair]:
        """Equilibria with the supports that strategies come close to."""
        seen = set()
        for least in PLAYED:
            kept = tuple(s > least for s in strategies)
            key = (kept[0].tobytes(), kept[1].tobytes())
            if key in seen:
                continue
            seen.add(key)
            found = self._indifferent(strategies, (kept[0], kept[1]))
            if found is not None:
                yield found

    def _indifferent(self, strategies: Pair, kept: Pair) -> Pair | None:
        """Newton's method for all kept actions to be worth the same, or None."""
        numeric = self.numeric
        masked = [np.where(k, s, 0.0) for s, k in zip(strategies, kept, strict=True)]
        now = [s / s.sum(axis=1, keepdims=True) for s in masked]
        counts = [k.sum(axis=1) for k in kept]
        for _ in range(30):
            pair = (now[0], now[1])
            worth = numeric.worth(pair)
            tied = self._ties(worth.actions, kept)
            if not len(tied[0]):
                break
            rows, off = tied
            step = self._step(pair, worth, kept, rows, off, counts)
            if step is None:
                return None
            now = [s + d for s, d in zip(now, step, strict=True)]
            size = max(float(np.abs(d).max()) for d in step)
            if size > 2:
                return None
            if size < 1e-15 or (size < 1e-12 and np.abs(off).max() < 1e-14):
                break
        for p in (0, 1):
            if (now[p][kept[p]] <= 0).any():
                return None
            now[p] = np.where(kept[p], now[p], 0.0)
            now[p] /= now[p].sum(axis=1, keepdims=True)
        pair = (now[0], now[1])
        worth = numeric.worth(pair)
        for p in (0, 1):
            best = np.where(numeric.there[p], worth.actions[p], -np.inf).max(axis=1)
            played = np.where(kept[p], worth.actions[p], np.inf).min(axis=1)
            if (best - played).max() > 1e-10 * numeric.unit[p]:
                return None
        return pair

    def _ties(self, actions: Pair, kept: Pair) -> tuple[list[Any], np.ndarray]:
        """The conditions that actions of a support are worth the same, and how far."""
        rows, off = [], []
        for p in (0, 1):
            for m in np.flatnonzero(kept[p].sum(axis=1) > 1):
                first, *others = np.flatnonzero(kept[p][m])
                for a in others:
                    rows.append((p, int(m), int(first), int(a)))
                    off.append(
                        (actions[p][m, a] - actions[p][m, first]) / self.numeric.unit[p]
                    )
        return rows, np.array(off)

    def _step(
        self,
        pair: Pair,
        worth: Any,
        kept: Pair,
        rows: list[Any],
        off: np.ndarray,
        counts: list[np.ndarray],
    ) -> list[np.ndarray] | None:
        """One step of Newton's method in the probabilities of kept actions."""
        numeric = self.numeric
        slopes = numeric.slopes(pair, worth)
        place = {key: k for k, key in enumerate(numeric.places)}
        lines = []
        for p, m, first, a in rows:
            line = [slopes[i][place[p, m, a]] for i in (0, 1)]
            if first:
                line = [x - slopes[i][place[p, m, first]] for i, x in enumerate(line)]
            lines.append(line)
        # unknowns: kept actions but the first of each point, which takes the rest
        unknowns = [(i, m, f, a) for i, m, f, a in self._free(kept, counts)]
        table = np.array(
            [
                [line[i][m, a] - line[i][m, f] for i, m, f, a in unknowns]
                for line in lines
            ]
        )
        change, *_ = np.linalg.lstsq(table, -off, rcond=None)
        if not np.isfinite(change).all():
            return None
        found = [np.zeros_like(s) for s in pair]
        for (i, m, f, a), d in zip(unknowns, change, strict=True):
            found[i][m, a] += d
            found[i][m, f] -= d
        return found

    def _free(
        self, kept: Pair, counts: list[np.ndarray]
    ) -> Iterator[tuple[int, int, int, int]]:
        for i in (0, 1):
            for m in np.flatnonzero(counts[i] > 1):
                first, *others = np.flatnonzero(kept[i][m])
                for a in others:
                    yield i, int(m), int(first), int(a)
