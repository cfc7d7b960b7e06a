"""Which actions may be played at each point: a tree cut by bounds on values.

Reads: solvers.gains.  Used by: solvers.markov_perfect.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from redlines.solvers.gains import Gains, Support

__all__ = ["SupportTree"]

# rounding in a few sums of a few terms each is far below this part of the largest value
MARGIN = 1e-9
SWEEPS = 3

Bounds = tuple[np.ndarray, np.ndarray]


class SupportTree:
    """The pairs of supports that rough bounds on values do not rule out.

    At each point in turn both players get a support. The values at all points are
    bounded given what is chosen so far, whatever is chosen at later points, and a
    branch is left where an action of a support is surely worse than another one.

    Parameters
    ----------
    gains : tuple of Gains
        One for each player.
    """

    def __init__(self, gains: tuple[Gains, Gains]) -> None:
        self.gains = gains
        self.count = gains[0].count
        self.usable = True
        try:
            self._read()
        except OverflowError:
            # beyond floating point: nothing is ruled out
            self.usable = False

    def _read(self) -> None:
        self.paid: list[list[np.ndarray]] = []
        self.follow: list[list[np.ndarray]] = []
        self.margin: list[float] = []
        self.most: list[float] = []
        for side in self.gains:
            discount = float(side.form.discounts[side.player])
            paid, follow, by_state = [], [], dict.fromkeys(range(side.count), 0.0)
            for m, lines in enumerate(side.rows):
                table = np.array([[[float(x) for x in r] for r in ln] for ln in lines])
                ahead = -table[:, :, :-1]
                ahead[:, :, m] += 1.0
                paid.append(table[:, :, -1])
                follow.append(ahead)
                by_state[side.form.points[m].state] += float(abs(paid[-1]).max())
            self.paid.append(paid)
            self.follow.append(follow)
            most = max(by_state.values()) / max(1 - discount, 1e-300)
            if not np.isfinite(most * 1e9):
                raise OverflowError
            # average values lie within what a period can pay
            self.most.append(most * (1 + 1e-9))
            self.margin.append(MARGIN * most)

    def pairs(self) -> Iterator[tuple[Support, Support]]:
        """Supports of both players at every point, in lexicographic order."""
        options = [
            list(
                itertools.product(
                    _subsets(self.gains[0].own[m]), _subsets(self.gains[1].own[m])
                )
            )
            for m in range(self.count)
        ]
        if not self.usable:
            for every in itertools.product(*options):
                yield tuple(s for s, _ in every), tuple(t for _, t in every)
            return
        start = [
            (np.full(self.count, -most), np.full(self.count, most))
            for most in self.most
        ]
        stack = [(iter(options[0]), start)]
        chosen: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
        while stack:
            choices, bounds = stack[-1]
            following = next(choices, None)
            if following is None:
                stack.pop()
                if chosen:
                    chosen.pop()
                continue
            chosen.append(following)
            tightened = self._tightened(chosen, bounds)
            if tightened is None:
                chosen.pop()
            elif len(chosen) == self.count:
                yield tuple(s for s, _ in chosen), tuple(t for _, t in chosen)
                chosen.pop()
            else:
                stack.append((iter(options[len(chosen)]), tightened))

    def _tightened(
        self,
        chosen: list[tuple[tuple[int, ...], tuple[int, ...]]],
        bounds: list[Bounds],
    ) -> list[Bounds] | None:
        """Bounds given the choices, or None if one of them cannot be."""
        found = []
        for player, (low, high) in enumerate(bounds):
            low, high = low.copy(), high.copy()
            for _ in range(SWEEPS):
                for m in range(self.count - 1, -1, -1):
                    if not self._sweep(player, m, chosen, low, high):
                        return None
            found.append((low, high))
        return found

    def _sweep(
        self,
        player: int,
        m: int,
        chosen: list[tuple[tuple[int, ...], tuple[int, ...]]],
        low: np.ndarray,
        high: np.ndarray,
    ) -> bool:
        """Tighten the bounds at one point; whether the choice there can be."""
        paid, follow = self.paid[player][m], self.follow[player][m]
        decided = m < len(chosen)
        if decided:
            others = list(chosen[m][1 - player])
            paid, follow = paid[:, others], follow[:, others]
        # probabilities are not negative
        worst = paid + follow @ low
        best = paid + follow @ high
        margin = self.margin[player]
        floor = worst.min(axis=1).max()
        low[m] = max(low[m], floor - margin * 1e-3)
        if not decided:
            high[m] = min(high[m], best.max() + margin * 1e-3)
            return True
        own = list(chosen[m][player])
        ceiling = best[own].max(axis=1).min()
        high[m] = min(high[m], ceiling + margin * 1e-3)
        if ceiling < floor - margin or low[m] > high[m] + margin:
            return False
        for a in own:
            shift = follow - follow[a]
            lead = (
                paid - paid[a] + np.where(shift > 0, shift * low, shift * high).sum(2)
            )
            if (lead.min(axis=1) > margin).any():
                return False
        return True


def _subsets(count: int) -> list[tuple[int, ...]]:
    """The supports on some actions, in lexicographic order."""
    return sorted(
        group
        for size in range(1, count + 1)
        for group in itertools.combinations(range(count), size)
    )
