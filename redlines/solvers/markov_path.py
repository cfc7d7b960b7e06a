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
ROUNDS = 12
STRAIGHT = 0.8
# where the corrector stops, in parts of the largest coordinate
CLOSE = 1e-5
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
        abs(float(x) - float(near[m, a]))
        for m, row in enumerate(plan)
        for a, x in enumerate(row)
    )


def _distribution(row: np.ndarray) -> tuple[Fraction, ...]:
    """Floats as they are, the largest so that the sum is exactly one."""
    exact = [Fraction(float(x)) for x in row]
    top = int(np.argmax(row))
    exact[top] += 1 - sum(exact)
    return tuple(exact)


@dataclass(frozen=True)
class _Place:
    """A point of the path, its direction there, and the slopes, factored."""

    point: np.ndarray
    forward: np.ndarray
    sense: float
    factors: Any


class _Path:
    """The path of logit equilibria, from even play on."""

    def __init__(self, numeric: Numeric, steps: int, until: float | None) -> None:
        self.numeric, self.steps, self.until = numeric, steps, until
        self.size = len(numeric.places)

    def _off(self, point: np.ndarray) -> np.ndarray:
        """How far a point is from a logit equilibrium."""
        numeric = self.numeric
        worth = numeric.worth(numeric.strategies(point[:-1]))
        off: np.ndarray = point[:-1] - point[-1] * numeric.leads(worth)
        return off

    def _slopes(self, point: np.ndarray) -> np.ndarray:
        """The slopes of `_off`, by the precision last."""
        numeric = self.numeric
        strategies = numeric.strategies(point[:-1])
        worth = numeric.worth(strategies)
        left = -point[-1] * numeric.by_logs(strategies, worth)
        left[np.diag_indices(self.size)] += 1.0
        return np.column_stack([left, -numeric.leads(worth)])

    def ends(self) -> Iterator[Pair]:
        """Equilibria that the path points to, as it goes on."""
        if not self.size:
            yield self.numeric.strategies(np.zeros(0))
            return
        forward = np.zeros(self.size + 1)
        forward[-1] = 1.0
        here = self._place(np.zeros(self.size + 1), forward)
        length, tried, settled = 0.1, 1.0, False
        for _ in range(self.steps):
            if self.until is not None and time.monotonic() > self.until:
                return
            there, ease = self._next(here, length)
            if there is None:
                length /= 3
                scale = 1 + np.abs(here.point).max()
                if length < 1e-9 * scale:
                    return
                if not settled and length < 10 * CLOSE * scale:
                    here, settled = self._settled(here), True
                continue
            here, settled = there, False
            length *= ease
            precision = float(here.point[-1])
            if precision < 0 or tried > 1e14:
                return
            if precision > 1.4 * tried:
                tried = precision
                yield from self._supported(self.numeric.strategies(here.point[:-1]))

    def _place(self, point: np.ndarray, forward: np.ndarray) -> _Place:
        """The direction of the path at a point, the way that it was going."""
        right = np.zeros(self.size + 1)
        right[-1] = 1.0
        table = np.vstack([self._slopes(point), forward])
        factors, pivots = lu_factor(table, check_finite=False)
        diagonal = np.diag(factors)
        if not diagonal.all() or not np.isfinite(diagonal).all():
            raise np.linalg.LinAlgError
        swaps = int((pivots != np.arange(len(pivots))).sum())
        sense = float(np.prod(np.sign(diagonal))) * (-1) ** swaps
        found = lu_solve((factors, pivots), right, check_finite=False)
        return _Place(point, found / np.linalg.norm(found), sense, (factors, pivots))

    def _next(self, here: _Place, length: float) -> tuple[_Place | None, float]:
        """A step on the path, and how much longer the next one may be.

        None where the step may have left for another part of the path: the corrector
        goes far or does not settle, the direction turns sharply, or its orientation is
        reversed.
        """
        ahead = here.point + length * here.forward
        point, last = ahead, np.inf
        rounds = 1
        try:
            while True:
                off = np.append(self._off(point), 0.0)
                step = lu_solve(here.factors, off, check_finite=False)
                size = float(np.linalg.norm(step))
                # with slopes of the last place it settles linearly, or not at all
                if not size < 0.7 * last:
                    return None, 0.0
                point, last = point - step, size
                if np.linalg.norm(point - ahead) > NEAR * length:
                    return None, 0.0
                if size <= min(CLOSE * (1 + np.abs(point).max()), NEAR / 10 * length):
                    break
                rounds += 1
                if rounds > ROUNDS:
                    return None, 0.0
            there = self._place(point, here.forward)
        except np.linalg.LinAlgError:
            return None, 0.0
        if there.sense != here.sense or there.forward @ here.forward < STRAIGHT:
            return None, 0.0
        return there, 1.8 if rounds <= 5 else 1.2 if rounds <= 8 else 0.8

    def _settled(self, here: _Place) -> _Place:
        """The place brought on to the path as closely as floating point allows.

        What is close enough for long steps may be too far off for the short ones that
        a sharp turn of the path needs.
        """
        try:
            for _ in range(ROUNDS):
                off = np.append(self._off(here.point), 0.0)
                step = lu_solve(here.factors, off, check_finite=False)
                here = self._place(here.point - step, here.forward)
                if np.linalg.norm(step) <= 1e-11 * (1 + np.abs(here.point).max()):
                    break
        except np.linalg.LinAlgError:
            pass
        return here

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
        through, adds, direct = numeric.slopes(pair, worth)
        place: dict[tuple[int, int, int], int] = {}
        for i in (0, 1):
            for k, (m, a) in enumerate(zip(*numeric.own[i], strict=True)):
                place[i, int(m), int(a)] = k
        free = list(self._free(kept, counts))
        table = np.zeros((len(rows), len(free)))
        points = np.array([m for _, m, _, _ in free])
        for p in (0, 1):
            # what a probability adds where it is, against that of the first action
            change = np.array(
                [adds[p][i][m, a] - adds[p][i][m, f] for i, m, f, a in free]
            )
            for k, (q, m, first, a) in enumerate(rows):
                if q != p:
                    continue
                for sign, action in ((1.0, a), (-1.0, first)):
                    if action == 0:
                        continue
                    u = place[p, m, action]
                    table[k] += sign * through[p][u, points] * change
                    for c, (i, n, f, e) in enumerate(free):
                        if i != p and n == m:
                            table[k, c] += sign * (direct[p][u, e] - direct[p][u, f])
        steps, *_ = np.linalg.lstsq(table, -off, rcond=None)
        if not np.isfinite(steps).all():
            return None
        found = [np.zeros_like(s) for s in pair]
        for (i, m, f, a), d in zip(free, steps, strict=True):
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
