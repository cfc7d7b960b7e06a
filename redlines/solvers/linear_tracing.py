"""One Nash equilibrium of two matrices from a prior, for games with long paths.

At z = 1 each player replies to a prior, at z = 0 to what the other does, between to
both in these shares. The equilibria on the way are a path that is straight between
points where a choice comes into play or goes out of it. How long it is depends on the
prior: one after the other, priors near the solution of the zero-sum part of the game
are tried, each for a number of steps after which many others would have ended.

Reads: bimatrix, forms, solution, solvers.base, solvers.lemke_howson,
solvers.on_support.  Used by: solving.

References
----------
[vandenelzen1991]_ and [vonstengel2002]_ for the path, [luby1993]_ for when to start
anew.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any, ClassVar

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

__all__ = ["LinearTracing"]

Array = Any  # numpy.ndarray
_TINY = 1e-10
# payoffs are moved by this so that no choices tie
_MOVED = 1e-7
# of the prior, the most that is drawn at random
_DRAWN = 0.5


class _Lost(Exception):
    """A path that floating point cannot follow."""


class _Player:
    """One player on the way: its mixture, and what the other's choices are worth.

    Parameters
    ----------
    matrix : numpy.ndarray, shape (own, other)
        The other player's payoffs by own choices.
    prior : numpy.ndarray, shape (own,)
    """

    def __init__(self, matrix: Array, prior: Array) -> None:
        self.matrix = matrix
        self.believed = prior @ matrix
        self.taken: list[int] = []
        self.shares = np.empty(0)
        self.slack = np.empty(0)
        self.known: dict[int, float] = {}

    def along(self, best: list[int]) -> tuple[Array, Array]:
        """Shares and slacks as constants and slopes in z, where `best` are tied."""
        size = len(self.taken)
        part = self.matrix[self.taken]
        system = np.zeros((size + 1, size + 1))
        system[:size, :size] = part[:, best].T
        system[:size, size] = -1
        system[size, :size] = 1
        right = np.zeros((size + 1, 2))
        right[:size, 1] = -self.believed[best]
        right[size] = 1, -1
        solved = _solve(system, right).T
        worth = solved[:, :size] @ part
        worth[1] += self.believed
        slack = solved[:, size:] - worth
        slack[:, best] = 0
        return solved[:, :size], slack

    def turning(self, best: list[int]) -> tuple[Array, Array]:
        """The direction in which shares move at one z, and slacks with them."""
        size = len(self.taken)
        part = self.matrix[self.taken]
        system = np.zeros((size, size))
        system[: size - 1, : size - 1] = part[:-1, best].T
        system[: size - 1, size - 1] = -1
        system[size - 1, : size - 1] = 1
        right = np.empty(size)
        right[: size - 1] = -part[-1, best]
        right[size - 1] = -1
        solved = _solve(system, right)
        shares = np.append(solved[:-1], 1.0)
        slack = solved[-1] - shares @ part
        slack[best] = 0
        return shares, slack


def _solve(system: Array, right: Array) -> Array:
    try:
        return np.linalg.solve(system, right)
    except np.linalg.LinAlgError:
        raise _Lost from None


def trace(
    one: Array, other: Array, priors: tuple[Array, Array], cap: int
) -> tuple[list[int], list[int], int] | None:
    """The rows and columns in play where the path from a prior ends.

    Parameters
    ----------
    one, other : numpy.ndarray, shape (m, n)
        Payoffs of the row player and of the column player.
    priors : tuple of numpy.ndarray
        A mixture of rows and one of columns.
    cap : int
        After so many steps the path is left.

    Returns
    -------
    tuple or None
        Rows, columns, and steps made; None if the path is longer, or lost.
    """
    players = (
        _Player(other, priors[0]),
        _Player(np.ascontiguousarray(one.T), priors[1]),
    )
    for number, player in enumerate(players):
        player.taken.append(int(players[1 - number].believed.argmax()))
    z, entered = 1.0, (-1, "", 0)
    try:
        for step in range(1, cap + 1):
            sizes = [len(player.taken) for player in players]
            if sizes[0] == sizes[1]:
                found = _straight(players, z, entered)
                if found is None:
                    return players[0].taken, players[1].taken, step
                z, met = found
            else:
                met = _turn(players, sizes.index(max(sizes)), entered)
            entered = _exchange(players, met)
    except _Lost:
        pass
    return None


# what becomes 0: of which player, whether a share or a slack, and which
Event = tuple[int, str, int]


def _exchange(players: tuple[_Player, _Player], met: Event) -> Event:
    """Take out of play, or bring into it, what became 0; its partner grows from 0."""
    number, kind, which = met
    if kind == "share":
        players[number].taken.remove(which)
        return 1 - number, "slack", which
    players[1 - number].taken.append(which)
    return 1 - number, "share", which


def _straight(
    players: tuple[_Player, _Player], z: float, entered: Event
) -> tuple[float, Event] | None:
    """Move z until something becomes 0; None if z itself does."""
    lines = [
        player.along(players[1 - number].taken) for number, player in enumerate(players)
    ]
    sign = -1.0
    number, kind, which = entered
    if number >= 0:
        shares, slack = lines[number]
        at = players[number].taken.index(which) if kind == "share" else which
        slope = shares[1, at] if kind == "share" else slack[1, at]
        sign = 1.0 if slope > 0 else -1.0
    best, met = math.inf, entered
    for of, (shares, slack) in enumerate(lines):
        for word, line in (("share", shares), ("slack", slack)):
            values, slopes = line[0] + z * line[1], sign * line[1]
            least, at = _first(values, slopes, players[of], (of, word), entered)
            if least < best:
                which = players[of].taken[at] if word == "share" else at
                best, met = least, (of, word, which)
    if sign < 0 and best >= z:
        return None
    z += sign * best
    if not z < 1 + 1e-9:
        raise _Lost
    for player, (shares, slack) in zip(players, lines, strict=True):
        player.shares = shares[0] + z * shares[1]
        player.slack = slack[0] + z * slack[1]
        player.known = dict(zip(player.taken, player.shares, strict=True))
    return z, met


def _turn(players: tuple[_Player, _Player], number: int, entered: Event) -> Event:
    """Move the shares of the player with more in play, until something becomes 0."""
    player = players[number]
    shares, slack = player.turning(players[1 - number].taken)
    at = player.taken.index(entered[2]) if entered[1] == "share" else entered[2]
    slope = shares[at] if entered[1] == "share" else slack[at]
    if slope < 0:
        shares, slack = -shares, -slack
    now = np.array([player.known.get(a, 0.0) for a in player.taken])
    least, place = _first(now, shares, player, (number, "share"), entered)
    met: Event = (number, "share", player.taken[place])
    nearer, place = _first(player.slack, slack, player, (number, "slack"), entered)
    if nearer < least:
        least, met = nearer, (number, "slack", place)
    if least == math.inf:
        raise _Lost
    player.known = dict(zip(player.taken, now + least * shares, strict=True))
    player.slack = player.slack + least * slack
    return met


def _first(
    values: Array, slopes: Array, player: _Player, of: tuple[int, str], entered: Event
) -> tuple[float, int]:
    """How far until the first value becomes 0, and which."""
    falling = slopes < -_TINY
    if of == entered[:2]:
        at = player.taken.index(entered[2]) if of[1] == "share" else entered[2]
        falling[at] = False
    where = np.flatnonzero(falling)
    if not where.size:
        return math.inf, 0
    ratios = np.maximum(values[where], 0) / -slopes[where]
    first = int(ratios.argmin())
    return float(ratios[first]), int(where[first])


def zero_sum_part(one: Array, other: Array) -> tuple[Array, Array]:
    """Optimal mixtures of the zero-sum game of half the difference of payoffs."""
    from scipy.optimize import linprog

    table = positive(one - other)
    m, n = table.shape
    rows = linprog(np.ones(m), A_ub=-table.T, b_ub=-np.ones(n), method="highs").x
    columns = linprog(-np.ones(n), A_ub=table, b_ub=np.ones(m), method="highs").x
    if rows is None or columns is None:
        return np.full(m, 1 / m), np.full(n, 1 / n)
    return rows / rows.sum(), columns / columns.sum()


def luby(number: int) -> int:
    """1, 1, 2, 1, 1, 2, 4, ...: how often the shortest trial, in trial `number`."""
    while True:
        bits = number.bit_length()
        if number == (1 << bits) - 1:
            return 1 << (bits - 1)
        number -= (1 << (bits - 1)) - 1


@dataclass(frozen=True)
class LinearTracing(Solver):
    """One equilibrium, at the end of a path from a prior.

    Parameters
    ----------
    steps : int
        How many steps are made on all paths together.
    """

    concept: ClassVar[Concept] = Concept.NASH
    name: ClassVar[str] = "linear tracing"
    coverages: ClassVar[frozenset[Coverage]] = frozenset({Coverage.ONE})

    steps: int = 200_000

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
        m, n = matrix.shape
        rng = np.random.default_rng(m * n)
        one = one + _MOVED * rng.random((m, n))
        other = other + _MOVED * rng.random((m, n))
        middle = zero_sum_part(one, other)
        until = deadline(self.time_limit)
        trial = used = 0
        while used < self.steps and time.monotonic() < until:
            trial += 1
            cap = 2 * (m + n) * luby(trial)
            drawn = 0.0 if trial == 1 else _DRAWN * rng.random()
            rows, columns = (
                (1 - drawn) * center + drawn * rng.dirichlet(np.ones(len(center)))
                for center in middle
            )
            end = trace(one, other, (rows, columns), cap)
            used += cap if end is None else end[2]
            if end is not None:
                mixtures = exact_on_support(matrix, end[0], end[1])
                if mixtures is not None:
                    return one_found([element(reduced, mixtures)], "one was asked for")
        return one_found(
            [],
            "the time limit was reached on the way"
            if used < self.steps
            else f"no path ended within steps={self.steps:,}",
        )
