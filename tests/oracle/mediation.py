"""Mediated equilibria straight from the definitions, in floating point.

Every deviation is written out as one inequality, however many there are: for
recommendations move by move all full pure strategies and all pure ways of going on, for
mechanisms all lies with all functions from what is recommended to what is done.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from oracle.brute import Tree, choices
from scipy.optimize import linprog


def _greatest(cost: Any, rows: list[Any], sums: Any) -> float:
    found = linprog(
        -cost,
        A_ub=np.array(rows) if rows else None,
        b_ub=np.zeros(len(rows)) if rows else None,
        A_eq=sums,
        b_eq=np.ones(len(sums)),
    )
    assert found.status == 0
    return float(-found.fun)


# --------------------------------------------------------- recommendations, by moves
class Recommended:
    """Pairs of full strategies, recommended one information set at a time.

    What a full strategy says where the player's own choices do not lead is not told.
    """

    def __init__(self, game: Any) -> None:
        self.tree = tree = Tree(game)
        self.own = [list(choices(tree.own(p))) for p in (0, 1)]
        self.pairs = list(product(*self.own))
        self.rows: list[Any] = []
        for player in (0, 1):
            for place in tree.own(player):
                for action in place.actions:
                    for other in tree.continuations[place.label]:
                        self.rows.append(self._gain(player, place, action, other))

    def _ends(self, strategies: Any) -> list[Any]:
        return [
            end
            for end in self.tree.ends
            if all(
                strategies[p][label] == action
                for p in (0, 1)
                for label, action in end.plans[p]
            )
        ]

    def _gain(self, player: int, place: Any, action: str, other: Any) -> Any:
        """What going on otherwise gains, when told an action at an information set."""
        row = np.zeros(len(self.pairs))
        before = dict(place.points[0].plans[player])
        for k, pair in enumerate(self.pairs):
            mine = pair[player]
            if mine[place.label] != action or any(
                mine[h] != a for h, a in before.items()
            ):
                continue
            changed = list(pair)
            changed[player] = {**mine, **other}
            for sign, strategies in ((-1, pair), (1, changed)):
                for end in self._ends(strategies):
                    if place.label in dict(end.plans[player]):
                        row[k] += sign * float(end.chance * end.payoffs[player])
        return row

    def greatest(self, weights: tuple[int, int]) -> float:
        cost = np.zeros(len(self.pairs))
        for k, pair in enumerate(self.pairs):
            for end in self._ends(pair):
                total = weights[0] * end.payoffs[0] + weights[1] * end.payoffs[1]
                cost[k] += float(end.chance * total)
        return _greatest(cost, self.rows, np.ones((1, len(self.pairs))))


# ------------------------------------------------------------------------ mechanisms
class Asked:
    """Mechanisms for tables: prior[s, t] and pays[player][s, t, a, b]."""

    def __init__(self, prior: Any, pays: Any) -> None:
        self.prior, self.pays = prior, pays
        self.shape = pays[0].shape
        self.rows: list[Any] = []
        for player in (0, 1):
            kinds, actions = self.shape[player], self.shape[2 + player]
            for own, said in product(range(kinds), repeat=2):
                for does in product(range(actions), repeat=actions):
                    self.rows.append(self._gain(player, own, said, does).ravel())

    def _gain(self, player: int, own: int, said: int, does: Any) -> Any:
        row = np.zeros(self.shape)
        others, acts = self.shape[1 - player], self.shape[3 - player]
        for t, told, b in product(range(others), range(len(does)), range(acts)):
            real = (own, t) if player == 0 else (t, own)
            report = (said, t) if player == 0 else (t, said)
            heard = (told, b) if player == 0 else (b, told)
            done = (does[told], b) if player == 0 else (b, does[told])
            weight = self.prior[real]
            row[report + heard] += weight * self.pays[player][real + done]
            row[real + heard] -= weight * self.pays[player][real + heard]
        return row

    def greatest(self, weights: tuple[int, int]) -> float:
        total = weights[0] * self.pays[0] + weights[1] * self.pays[1]
        cost = (self.prior[:, :, None, None] * total).ravel()
        s, t, a, b = self.shape
        sums = np.kron(np.eye(s * t), np.ones((1, a * b)))
        return _greatest(cost, self.rows, sums)
