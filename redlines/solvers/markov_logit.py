"""Logit equilibria of a Markov game in floating point: residuals and their slopes.

Everybody chooses actions with probabilities proportional to the exponential of a
precision times what the action is worth, now and later. The unknowns are the logarithms
of probabilities relative to each first action; what play is worth follows from them by
a linear system, so it needs no unknowns of its own.

Reads: solvers.markov_form.  Used by: solvers.markov_path.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from redlines.solvers.markov_form import MarkovForm, branches

__all__ = ["Numeric", "Worth"]

Pair = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Worth:
    """What a pair of strategies is worth.

    Attributes
    ----------
    values : tuple of array, shape (points,)
        By player.
    actions : tuple of array, shape (points, actions)
        What each action is worth, the other as in its strategy.
    cells : tuple of array, shape (points, rows, columns)
        What each pair of actions is worth.
    """

    values: Pair
    actions: Pair
    cells: Pair


class Numeric:
    """A Markov game as arrays, actions filled up to the same number everywhere.

    Parameters
    ----------
    form : MarkovForm
        At numbers.

    Raises
    ------
    OverflowError
        If a payoff is beyond floating point.
    """

    def __init__(self, form: MarkovForm) -> None:
        count = len(form.points)
        sizes = (max(form.sizes(0)), max(form.sizes(1)))
        self.count, self.sizes = count, sizes
        self.there = tuple(
            np.array([[a < n for a in range(sizes[p])] for n in form.sizes(p)])
            for p in (0, 1)
        )
        self.paid = tuple(np.zeros((count, *sizes)) for _ in (0, 1))
        self.follow = tuple(np.zeros((count, *sizes, count)) for _ in (0, 1))
        for m, point in enumerate(form.points):
            for a, row in enumerate(point.cells):
                for b, cell in enumerate(row):
                    for p in (0, 1):
                        discount = form.discounts[p]
                        self.paid[p][m, a, b] = float((1 - discount) * cell.rewards[p])
                        for goes, weight in branches(cell, discount):
                            self.follow[p][m, a, b, goes] += float(weight)
        # each player's payoffs in units of what is at stake where all play evenly
        self.unit = [1.0, 1.0]
        even = tuple(t / t.sum(axis=1, keepdims=True) for t in self.there)
        worth = self.worth((even[0], even[1]))
        for p in (0, 1):
            q = np.where(self.there[p], worth.actions[p], np.nan)
            spread = float(np.nanmax(np.nanmax(q, axis=1) - np.nanmin(q, axis=1)))
            if not np.isfinite(spread):
                raise OverflowError
            self.unit[p] = spread if spread > 0 else 1.0
        # unknowns: by player, point and action but the first
        self.places = [
            (p, m, a)
            for p in (0, 1)
            for m in range(count)
            for a in range(1, int(self.there[p][m].sum()))
        ]
        self.of_player = np.array([p for p, _, _ in self.places], dtype=int)
        self.of_point = np.array([m for _, m, _ in self.places], dtype=int)
        self.of_action = np.array([a for _, _, a in self.places], dtype=int)
        self.own = [
            (self.of_point[self.of_player == p], self.of_action[self.of_player == p])
            for p in (0, 1)
        ]
        (m, a), (n, b) = self.own
        # by player, its unknowns and those of the other at the same points
        self.same = (
            np.nonzero(m[:, None] == n[None, :]),
            np.nonzero(n[:, None] == m[None, :]),
        )
        # what the next point depends on, beyond the first action
        self.shift = (
            self.follow[0][m, a] - self.follow[0][m, 0],
            self.follow[1][n, :, b] - self.follow[1][n, :, 0],
        )

    def strategies(self, logs: np.ndarray) -> Pair:
        """Probabilities from logarithms relative to the first action."""
        found = []
        for p in (0, 1):
            table = np.where(self.there[p], 0.0, -np.inf)
            mine = self.of_player == p
            table[self.of_point[mine], self.of_action[mine]] = logs[mine]
            table = np.exp(table - table.max(axis=1, keepdims=True))
            found.append(table / table.sum(axis=1, keepdims=True))
        return found[0], found[1]

    def worth(self, strategies: Pair) -> Worth:
        """What strategies are worth, by a linear system for each player."""
        one, other = strategies
        values, cells = [], []
        for p in (0, 1):
            flow = np.einsum("ma,mb,mab->m", one, other, self.paid[p])
            values.append(np.linalg.solve(self._left(p, strategies), flow))
            cells.append(self.paid[p] + self.follow[p] @ values[p])
        actions = (
            np.einsum("mb,mab->ma", other, cells[0]),
            np.einsum("ma,mab->mb", one, cells[1]),
        )
        return Worth((values[0], values[1]), actions, (cells[0], cells[1]))

    def _left(self, player: int, strategies: Pair) -> np.ndarray:
        one, other = strategies
        ahead = np.einsum(
            "mab,mabk->mk", one[:, :, None] * other[:, None, :], self.follow[player]
        )
        left: np.ndarray = np.eye(self.count) - ahead
        return left

    def leads(self, worth: Worth) -> np.ndarray:
        """What each action is worth beyond the first, in units, by unknown."""
        found = np.empty(len(self.places))
        for p in (0, 1):
            mine = self.of_player == p
            m, a = self.of_point[mine], self.of_action[mine]
            q = worth.actions[p]
            found[mine] = (q[m, a] - q[m, 0]) / self.unit[p]
        return found

    def slopes(
        self, strategies: Pair, worth: Worth
    ) -> tuple[list[np.ndarray], list[Pair], list[np.ndarray]]:
        """How leads depend on probabilities, in parts.

        Returns
        -------
        tuple of list
            By player p: the slope of its leads by what is added to what play is worth
            at a point, shape (its unknowns, points); by the player whose probabilities
            change, what a probability adds at its point, shape (points, actions); and
            the slope by the other's probabilities at the same point, shape (its
            unknowns, actions of the other).
        """
        one, other = strategies
        through, adds, direct = [], [], []
        for p in (0, 1):
            m, a = self.own[p]
            cells = worth.cells[p]
            if p == 0:
                ahead = np.einsum("ub,ubk->uk", other[m], self.shift[0])
                here = cells[m, a] - cells[m, 0]
            else:
                ahead = np.einsum("ua,uak->uk", one[m], self.shift[1])
                here = cells[m, :, a] - cells[m, :, 0]
            left = self._left(p, strategies)
            through.append(np.linalg.solve(left.T, ahead.T).T / self.unit[p])
            adds.append(
                (
                    np.einsum("mb,mab->ma", other, cells),
                    np.einsum("ma,mab->mb", one, cells),
                )
            )
            direct.append(here / self.unit[p])
        return through, adds, direct

    def by_logs(self, strategies: Pair, worth: Worth) -> np.ndarray:
        """The slopes of `leads` by the unknowns."""
        through, adds, direct = self.slopes(strategies, worth)
        count = [len(self.own[p][0]) for p in (0, 1)]
        found = np.empty((sum(count), sum(count)))
        for p in (0, 1):
            rows = slice(0, count[0]) if p == 0 else slice(count[0], None)
            for i in (0, 1):
                columns = slice(0, count[0]) if i == 0 else slice(count[0], None)
                m, a = self.own[i]
                own = strategies[i]
                mean = np.einsum("ma,ma->m", own, adds[p][i])
                change = own[m, a] * (adds[p][i][m, a] - mean[m])
                found[rows, columns] = through[p][:, m] * change
            # the other's probabilities at the same point count at once as well
            u, c = self.same[p]
            m, a = self.own[1 - p][0][c], self.own[1 - p][1][c]
            own = strategies[1 - p]
            mean = np.einsum("ua,ua->u", own[self.own[p][0]], direct[p])
            start = (0, count[0])
            found[start[p] + u, start[1 - p] + c] += own[m, a] * (
                direct[p][u, a] - mean[u]
            )
        return found
