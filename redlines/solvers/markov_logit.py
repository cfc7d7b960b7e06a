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
        return np.eye(self.count) - ahead

    def leads(self, worth: Worth) -> np.ndarray:
        """What each action is worth beyond the first, in units, by unknown."""
        found = np.empty(len(self.places))
        for p in (0, 1):
            mine = self.of_player == p
            m, a = self.of_point[mine], self.of_action[mine]
            q = worth.actions[p]
            found[mine] = (q[m, a] - q[m, 0]) / self.unit[p]
        return found

    def slopes(self, strategies: Pair, worth: Worth) -> tuple[np.ndarray, np.ndarray]:
        """How what actions are worth depends on the probabilities of each player.

        Returns
        -------
        tuple of array
            By player p: shape (unknowns, points, actions of p), the slope of `leads` by
            the probability of each action.
        """
        found = tuple(
            np.zeros((len(self.places), self.count, self.sizes[i])) for i in (0, 1)
        )
        one, other = strategies
        for p in (0, 1):
            inverse = np.linalg.inv(self._left(p, strategies))
            cells = worth.cells[p]
            by_own = (
                np.einsum("mb,mab->ma", other, cells),
                np.einsum("ma,mab->mb", one, cells),
            )
            mine = np.flatnonzero(self.of_player == p)
            m, a = self.of_point[mine], self.of_action[mine]
            if p == 0:
                shift = self.follow[0][m, a] - self.follow[0][m, 0]
                ahead = np.einsum("ub,ubk->uk", other[m], shift)
                direct = cells[m, a] - cells[m, 0]
            else:
                shift = self.follow[1][m, :, a] - self.follow[1][m, :, 0]
                ahead = np.einsum("ua,uak->uk", one[m], shift)
                direct = cells[m, :, a] - cells[m, :, 0]
            through = (ahead @ inverse) / self.unit[p]
            for i in (0, 1):
                found[i][mine] = through[:, :, None] * by_own[i][None]
            found[1 - p][mine, m] += direct / self.unit[p]
        return found[0], found[1]

    def by_logs(
        self, strategies: Pair, slopes: tuple[np.ndarray, np.ndarray]
    ) -> np.ndarray:
        """Slopes by the unknowns, from slopes by probabilities."""
        columns = []
        for i in (0, 1):
            own = strategies[i]
            mean = np.einsum("uma,ma->um", slopes[i], own)
            table = own[None] * (slopes[i] - mean[:, :, None])
            mine = self.of_player == i
            columns.append(table[:, self.of_point[mine], self.of_action[mine]])
        return np.concatenate(columns, axis=1)
