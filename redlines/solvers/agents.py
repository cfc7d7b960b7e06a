"""Paths of perturbed agents, as sparse equations, and how to follow them.

Each agent (one for each information set) gets, beside the expected payoff Q(a) of its
actions, a bonus for mixing that is ``mu`` times a concave function of its
probabilities. Then every action is played, beliefs follow by Bayes' rule everywhere,
and the conditions are

    Q(h, a) + bonus(a) = v(h),   the sum of p(h, .) = 1.

For large ``mu`` the only solution is near even play; the path that begins there is
followed as ``mu`` falls. `Barrier` has the bonus of a logarithm, whose path leads to a
sequential equilibrium; `Entropy` that of the entropy, whose path is the principal
branch of logit equilibria, with the precision ``1 / mu``.

The unknowns are the logarithms of the realization plans X(q), the logarithm M(h) of the
mass that comes to h apart from its owner's own choices, and v(h). Only ratios
``exp(X(r) - M(h))`` occur, so nothing underflows however long the tree is, and the
Jacobian is as sparse as the sequence form.

Reads: forms, solvers.queries, tree.  Used by: solvers.

References
----------
[harsanyi1988]_, section 4.9, for logarithmic games; [mckelveypalfrey1998]_ for the
agents' logit branch; [turocy2010]_ for following it in the logarithms of probabilities.
"""

from __future__ import annotations

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from redlines.forms import SequenceForm
from redlines.solvers.queries import Undecided

__all__ = ["Agents", "Barrier", "Entropy", "Point", "Step", "follow", "walk_along"]

Floats: TypeAlias = NDArray[np.float64]
Indices: TypeAlias = NDArray[np.int64]

# with payoffs between 0 and 1, far enough from 0 for one solution near even play
START = math.log(20.0)
# the steps of Newton's method that a point may take
CORRECTIONS = 8
# what a step may change the logarithm of a probability by
LEAP = 3.0
SHORTEST = 1e-7
# unknowns up to which a dense factorization is faster
DENSE = 64
# how far in probability a corrector may move
JUMP = 0.5


@dataclass(frozen=True)
class Point:
    """A point of the path.

    Attributes
    ----------
    log_mu : float
        The logarithm of the barrier's weight, payoffs being scaled to a range of one.
    log_plans : tuple of array
        For each player the logarithm of the realization plan, by sequence.
    orders : tuple of array
        The slopes of these in `log_mu`, which tend to the orders of the trembles.
    solves : int
        How many linear systems were solved on the way.
    """

    log_mu: float
    log_plans: tuple[Floats, Floats]
    orders: tuple[Floats, Floats]
    solves: int


class Step(NamedTuple):
    """A point of the path as it is walked.

    Attributes
    ----------
    z : array
        The unknowns.
    log_mu : float
    """

    z: Floats
    log_mu: float


class Bonus(NamedTuple):
    """What mixing adds, and its derivatives.

    Attributes
    ----------
    value, in_log, in_log_mu : array
        By row the bonus, and its slopes in the logarithm of the row's probability and
        in that of `mu`.
    mean, mean_in_log_mu : array
        By set the mean bonus, and its slope in the logarithm of `mu`.
    mean_in_log : array or None
        By row the slope of the set's mean bonus in the logarithm of the probability;
        None where it has none.
    """

    value: Floats
    in_log: Floats
    in_log_mu: Floats
    mean: Floats
    mean_in_log_mu: Floats
    mean_in_log: Floats | None


class Agents(ABC):
    """The equations of a path as sparse arrays.

    Parameters
    ----------
    form : SequenceForm
        At numbers.
    units : sequence of Fraction, optional
        What each player's payoffs are divided by; default their range.
    """

    # the most by which the logarithm of mu may change in a step
    longest: float = math.inf

    def __init__(self, form: SequenceForm, units: Sequence[Any] | None = None) -> None:
        self.form = form
        tables = form.game._tables
        self.split = len(form.players[0])
        offset = (0, self.split)
        self.sequences = self.split + len(form.players[1])
        self.sets = len(tables.infosets)
        # unknowns follow each other along the tree, which keeps the factors sparse
        order = sorted(
            range(self.sets), key=lambda h: tables.depth[tables.infosets[h].nodes[0]]
        )
        self.at_x = np.full(self.sequences, -1)
        self.at_v = np.zeros(self.sets, dtype=np.int64)
        self.at_m = np.zeros(self.sets, dtype=np.int64)
        count = 0
        rows: list[tuple[int, int, int]] = []
        paid: list[tuple[int, int, float]] = []
        onward: list[tuple[int, int]] = []
        met: list[tuple[int, int, float]] = []
        spread = _spreads(form) if units is None else units
        for h in order:
            row = tables.infosets[h]
            own, rival = form.players[row.player], offset[1 - row.player]
            here = offset[row.player]
            self.at_m[h], count = count, count + 1
            for q in range(own.first[h], own.first[h] + len(row.actions)):
                self.at_x[here + q], count = count, count + 1
                place = len(rows)
                rows.append((h, here + q, here + own.before[h]))
                for r, value in own.payoff[q].items():
                    paid.append((place, rival + r, float(value / spread[row.player])))
                onward += [(place, following) for following in own.after[q]]
            self.at_v[h], count = count, count + 1
            for r, weight in form.opposing[h].items():
                met.append((h, rival + r, float(weight)))
        self.unknowns = count
        self.row_set, self.row_x, self.row_before = _columns(rows, 3)
        self.paid_row, self.paid_x, self.paid = _columns(paid, 3)
        self.next_row, self.next_set = _columns(onward, 2)
        self.met_set, self.met_x, self.met = _columns(met, 3)
        self.actions = np.bincount(self.row_set, minlength=self.sets).astype(float)
        # each set that follows next, with each of its own rows
        rows_of: dict[int, list[int]] = {}
        for place, (h, _, _) in enumerate(rows):
            rows_of.setdefault(h, []).append(place)
        after = [(k, j) for k, (_, h) in enumerate(onward) for j in rows_of[h]]
        self.after_next, self.after_row = _columns(after, 2)
        self._lay_out()

    @abstractmethod
    def bonus(self, logs: Floats, shares: Floats, mu: float) -> Bonus:
        """What mixing adds at the logarithms of probabilities."""

    @staticmethod
    @abstractmethod
    def ahead(change: float) -> float:
        """How far along a tangent a change of the logarithm of `mu` goes."""

    def _lay_out(self) -> None:
        """Where each term of the Jacobian goes; the same at every point."""
        values, masses = self.at_x[self.row_x], self.at_m
        sums = self.at_v
        terms = [
            (values[self.paid_row], self.at_x[self.paid_x]),
            (values, masses[self.row_set]),
            (values[self.next_row], masses[self.next_set]),
            (values[self.next_row], self.at_v[self.next_set]),
            (values, self.at_x[self.row_x]),
            (values, self.at_x[self.row_before]),
            (values, self.at_v[self.row_set]),
            (sums[self.row_set], self.at_x[self.row_x]),
            (sums[self.row_set], self.at_x[self.row_before]),
            (masses[self.met_set], self.at_x[self.met_x]),
            (masses, masses),
            (
                values[self.next_row][self.after_next],
                self.at_x[self.row_x][self.after_row],
            ),
            (
                values[self.next_row][self.after_next],
                self.at_x[self.row_before][self.after_row],
            ),
        ]
        rows = np.concatenate([row for row, _ in terms])
        columns = np.concatenate([column for _, column in terms])
        # the empty sequence has weight one and is no unknown
        self._kept = columns >= 0
        flat = columns[self._kept] * self.unknowns + rows[self._kept]
        cells, self._cell = np.unique(flat, return_inverse=True)
        self._cells = len(cells)
        self._indices = (cells % self.unknowns).astype(np.int32)
        bounds = np.arange(self.unknowns + 1) * self.unknowns
        self._pointers = np.searchsorted(cells, bounds).astype(np.int32)

    def plan(self, z: Floats) -> Floats:
        """The logarithms of both realization plans."""
        found: Floats = np.where(self.at_x >= 0, z[self.at_x], 0.0)
        return found

    def steps(self, z: Floats) -> Floats:
        """By row, the logarithm of an action's probability (or its change)."""
        plan = self.plan(z)
        found: Floats = plan[self.row_x] - plan[self.row_before]
        return found

    def weigh(self, weights: Floats) -> Floats:
        """The adjoint of `steps`."""
        found = np.zeros(self.unknowns)
        found += np.bincount(self.at_x[self.row_x], weights, self.unknowns)
        inner = self.at_x[self.row_before] >= 0
        found -= np.bincount(
            self.at_x[self.row_before][inner], weights[inner], self.unknowns
        )
        return found

    def even(self, log_mu: float) -> Floats:
        """Even play, to start from."""
        plan = np.zeros(self.sequences)
        logs = -np.log(self.actions[self.row_set])
        for k, before in enumerate(self.row_before):
            plan[self.row_x[k]] = plan[before] + logs[k]
        z = np.zeros(self.unknowns)
        z[self.at_x[self.row_x]] = plan[self.row_x]
        come = np.bincount(self.met_set, self.met * np.exp(plan[self.met_x]), self.sets)
        # where every mass underflows the first step of Newton's method mends it
        z[self.at_m] = np.log(np.maximum(come, 1e-300))
        z[self.at_v] = math.exp(log_mu) * self.actions
        return z

    def gain(self, step: Step) -> float:
        """The most that a best action gains at a set, in units of payoffs."""
        mu = math.exp(step.log_mu)
        logs = self.steps(step.z)
        bonus = self.bonus(logs, np.exp(logs), mu)
        # what an action is worth is v less its bonus
        least = np.full(self.sets, np.inf)
        np.minimum.at(least, self.row_set, bonus.value)
        return float((bonus.mean - least).max())

    # what overflows is not finite, and the step is taken back
    @np.errstate(all="ignore")
    def equations(self, z: Floats, log_mu: float) -> tuple[Floats, Any, Floats]:
        """What should be zero, its Jacobian, and its slope in `log_mu`."""
        from scipy.sparse import csc_matrix

        mu = math.exp(log_mu)
        plan, v, mass = self.plan(z), z[self.at_v], z[self.at_m]
        logs = plan[self.row_x] - plan[self.row_before]
        shares = np.exp(logs)
        here = mass[self.row_set]
        paid = self.paid * np.exp(plan[self.paid_x] - here[self.paid_row])
        goes = np.exp(mass[self.next_set] - here[self.next_row])
        # what a set is worth, without the barrier's own bonus
        bonus = self.bonus(logs, shares, mu)
        worth = goes * (v - bonus.mean)[self.next_set]
        rows = len(self.row_set)
        value = np.bincount(self.paid_row, paid, rows)
        value += np.bincount(self.next_row, worth, rows)
        comes = self.met * np.exp(plan[self.met_x] - mass[self.met_set])
        total = np.bincount(self.met_set, comes, self.sets)
        values = self.at_x[self.row_x]
        zero = np.empty(self.unknowns)
        zero[values] = value + bonus.value - v[self.row_set]
        zero[self.at_v] = np.bincount(self.row_set, shares, self.sets) - 1
        zero[self.at_m] = np.log(total)
        slope = np.zeros(self.unknowns)
        slope[values] = bonus.in_log_mu - np.bincount(
            self.next_row, goes * bonus.mean_in_log_mu[self.next_set], rows
        )
        late = np.zeros(len(self.after_row))
        if bonus.mean_in_log is not None:
            late = -goes[self.after_next] * bonus.mean_in_log[self.after_row]
        terms = np.concatenate(
            [
                paid,
                -value,
                worth,
                goes,
                bonus.in_log,
                -bonus.in_log,
                -np.ones(rows),
                shares,
                -shares,
                comes / total[self.met_set],
                -np.ones(self.sets),
                late,
                -late,
            ]
        )
        data = np.bincount(self._cell, terms[self._kept], self._cells)
        jacobian = csc_matrix(
            (data, self._indices, self._pointers), shape=(self.unknowns, self.unknowns)
        )
        return zero, jacobian, slope


class Barrier(Agents):
    """The bonus ``mu`` times the sum of the logarithms of probabilities."""

    def bonus(self, logs: Floats, shares: Floats, mu: float) -> Bonus:
        """``mu / p``, whose mean is ``mu`` times the number of actions."""
        value = mu * np.exp(-logs)
        mean = mu * self.actions
        return Bonus(value, -value, value, mean, mean, None)

    @staticmethod
    def ahead(change: float) -> float:
        """At the end of the path logarithms of probabilities are straight in mu's."""
        return change


class Entropy(Agents):
    """The bonus ``mu`` times the entropy: logit equilibria of precision ``1 / mu``."""

    # beyond this the tangent in 1 / mu misses the probabilities that do not vanish
    longest = 1.4

    def bonus(self, logs: Floats, shares: Floats, mu: float) -> Bonus:
        """``-mu log p``, whose mean is the entropy."""
        value = -mu * logs
        mean = np.zeros(self.sets)
        mean += np.bincount(self.row_set, shares * value, self.sets)
        slope = np.full(len(logs), -mu)
        late = shares * (value - mu)
        return Bonus(value, slope, value, mean, mean, late)

    @staticmethod
    def ahead(change: float) -> float:
        """Vanishing probabilities have logarithms that are straight in ``1 / mu``."""
        return -math.expm1(-change)


def _columns(rows: list[Any], width: int) -> list[Any]:
    """Columns of some tuples as arrays."""
    if not rows:
        return [np.zeros(0, dtype=np.int64) for _ in range(width)]
    return [np.array(column) for column in zip(*rows, strict=True)]


def _spreads(form: SequenceForm) -> list[Any]:
    """By player, the difference between the best and the worst payoff, or one."""
    payoffs = form.game._exact_payoffs
    found = []
    for player in range(len(form.players)):
        paid = [payoffs[n][player] for n in form.game._tables.terminals]
        found.append(max(paid) - min(paid) or form.one)
    return found


class _Lost(Exception):
    """The path was lost at this step."""


class _Walk:
    """The state of following a path; see `follow`."""

    def __init__(self, agents: Agents, deadline: float, solves: int) -> None:
        self.agents, self.deadline, self.most = agents, deadline, solves
        self.solves = 0

    def factor(self, jacobian: Any) -> Any:
        """What solves linear systems with this matrix."""
        from scipy.linalg import lu_factor, lu_solve
        from scipy.sparse.linalg import splu

        self.solves += 1
        if self.solves > self.most:
            raise Undecided(
                f"the path has not come to its end after solves={self.most:,} linear "
                "systems"
            )
        if time.perf_counter() > self.deadline:
            raise Undecided("the path has not come to its end within time_limit=")
        if jacobian.shape[0] <= DENSE:
            factors = lu_factor(jacobian.toarray(), check_finite=False)
            return lambda right: lu_solve(factors, right, check_finite=False)
        try:
            return splu(jacobian).solve
        except RuntimeError:
            raise _Lost from None

    def correct(
        self, z: Floats, t: float, along: tuple[Floats, float] | None, most: int
    ) -> tuple[Floats, float, int]:
        """Newton's method, across the direction `along` (or at this `log_mu`)."""
        for count in range(1, most + 1):
            zero, jacobian, slope = self.agents.equations(z, t)
            if not np.isfinite(zero).all():
                raise _Lost
            solve = self.factor(jacobian)
            step = solve(-zero)
            change = 0.0
            if along is not None:
                cross = solve(-slope)
                across = float(along[0] @ cross) + along[1]
                change = -float(along[0] @ step) / across if across else math.nan
                step = step + change * cross
            scale = np.maximum(1.0, np.abs(self.agents.steps(z)))
            size = float((np.abs(self.agents.steps(step)) / scale).max())
            if not math.isfinite(size):
                raise _Lost
            part = min(1.0, LEAP / size) if size else 1.0
            z, t = z + part * step, t + part * change
            if abs(t) > 500:
                raise _Lost
            if size < 1e-8:
                return z, t, count
        raise _Lost

    def at(self, near: Step, log_mu: float) -> Step:
        """The point of the path at a value of `log_mu` that is near another point.

        Raises
        ------
        Undecided
            If Newton's method does not come there.
        """
        try:
            z, _, _ = self.correct(near.z, log_mu, None, 4 * CORRECTIONS)
        except _Lost:
            raise Undecided("the path was lost between two of its points") from None
        return Step(z, log_mu)

    def tangent(self, z: Floats, t: float) -> Floats:
        """The slope of the path in `log_mu`."""
        _, jacobian, slope = self.agents.equations(z, t)
        try:
            found: Floats = self.factor(jacobian)(-slope)
        except _Lost:
            raise Undecided(
                f"the path is singular in floating point at a barrier of "
                f"{math.exp(t):.2g}"
            ) from None
        return found


def walk_along(
    agents: Agents,
    goals: Sequence[float],
    *,
    solves: int = 5_000,
    time_limit: float | None = None,
) -> Iterator[tuple[Step, bool, _Walk]]:
    """Every accepted point of the path from even play on.

    Parameters
    ----------
    agents : Agents
    goals : sequence of float
        Logarithms of `mu` at which there must be a point, falling; the path ends at
        the last.
    solves : int
        How many linear systems may be solved.
    time_limit : float, optional
        Seconds.

    Yields
    ------
    tuple
        The point, whether it is one of `goals`, and the walk.

    Raises
    ------
    Undecided
        If the path was lost, or not at its end within `solves` or `time_limit`.

    Notes
    -----
    A predictor along the tangent, a corrector across it. Lengths are measured in
    probabilities and in the logarithm of `mu`, so that the path may turn back in the
    latter, and so that probabilities near zero, on which it is straight, do not slow
    it.
    """
    deadline = math.inf if time_limit is None else time.perf_counter() + time_limit
    walk = _Walk(agents, deadline, solves)
    t = max(START, goals[0]) if len(goals) else START
    try:
        z, t, _ = walk.correct(agents.even(t), t, None, 60)
    except _Lost:
        raise Undecided("the path has no beginning in floating point") from None
    length = 0.5
    before: tuple[Floats, float] | None = None
    yield Step(z, t), bool(len(goals)) and t <= goals[0], walk
    for goal in goals:
        while t > goal:
            z, t, length, before = _advance(walk, z, t, length, before, goal)
            if t < goal:
                # the corrector went past it
                z, t = walk.at(Step(z, t), goal)
            yield Step(z, t), t <= goal, walk


def follow(
    agents: Agents,
    ends: Sequence[float],
    *,
    solves: int = 5_000,
    time_limit: float | None = None,
) -> Iterator[Point]:
    """The path at some values of `mu`, falling; see `walk_along`."""
    goals = [math.log(end) for end in ends]
    for step, wanted, walk in walk_along(
        agents, goals, solves=solves, time_limit=time_limit
    ):
        if wanted:
            slope = walk.tangent(step.z, step.log_mu)
            plans, orders = agents.plan(step.z), agents.plan(slope)
            split = agents.split
            yield Point(
                step.log_mu,
                (plans[:split], plans[split:]),
                (orders[:split], orders[split:]),
                walk.solves,
            )


def _advance(
    walk: _Walk,
    z: Floats,
    t: float,
    length: float,
    before: tuple[Floats, float] | None,
    goal: float,
) -> tuple[Floats, float, float, tuple[Floats, float]]:
    """One step along the path, which ends at `goal` if it comes there."""
    agents = walk.agents
    slope = walk.tangent(z, t)
    steps = agents.steps(slope)
    shares = np.exp(agents.steps(z))
    weights = shares**2 / max(1.0, math.sqrt(len(steps)) / 8)
    norm = math.sqrt(float(weights @ steps**2) + 1.0)
    sign = -1.0
    if before is not None:
        sign = math.copysign(1.0, float(before[0] @ slope) + before[1])
    along = (agents.weigh(weights * steps) * (sign / norm), sign / norm)
    while True:
        far = length * sign / norm
        far = math.copysign(min(abs(far), agents.longest), far)
        last = sign < 0 and t + far <= goal
        if last:
            far = goal - t
        guess = z + agents.ahead(far) * slope
        try:
            new, reached, count = walk.correct(
                guess, t + far, None if last else along, CORRECTIONS
            )
            # a corrector that goes far has left the path for another
            jump = agents.steps(new - guess)
            if (shares * np.abs(np.expm1(np.clip(jump, -9, 9)))).max() > JUMP:
                raise _Lost
        except _Lost:
            length = min(length, abs(far) * norm) / 2
            if length < SHORTEST:
                raise Undecided(
                    f"the path was lost at a barrier of {math.exp(t):.2g}"
                ) from None
            continue
        if count <= 3:
            length *= 2
        elif count > 5:
            length /= 1.5
        return new, reached, length, along
