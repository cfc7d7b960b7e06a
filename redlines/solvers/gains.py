"""What actions gain against a mixed strategy that does not change: polynomials.

Against a stationary strategy of the other a player faces a decision problem, and its
strategy is best if and only if no action at any point gains anything once, everything
else as before. With one action fixed at every point, what another action gains is a
quotient of polynomials in the other's probabilities, whose denominator, a determinant,
is positive: so the sign of the gain is that of a polynomial. It is homogeneous in the
probabilities of each point.

Reads: solvers.markov_form.  Used by: solvers.markov_perfect.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from redlines.fields import ratio, rational
from redlines.solvers.markov_form import MarkovForm, branches

__all__ = ["Choice", "Gains", "Support"]

ZERO = Fraction(0)

Choice = tuple[int, ...]
Support = tuple[tuple[int, ...], ...]


class Gains:
    """The gains of one player, for every strategy of its own and support of the other.

    Parameters
    ----------
    form : MarkovForm
        At numbers.
    player : int
    """

    def __init__(self, form: MarkovForm, player: int) -> None:
        self.form, self.player = form, player
        self.count = len(form.points)
        self.own = form.sizes(player)
        self.others = form.sizes(1 - player)
        discount = form.discounts[player]
        # rows[m][a][b]: what the values must satisfy there, and the right side last
        self.rows: list[list[list[list[Fraction]]]] = []
        for m, point in enumerate(form.points):
            table = []
            for a in range(self.own[m]):
                line = []
                for b in range(self.others[m]):
                    cell = point.cells[a][b] if player == 0 else point.cells[b][a]
                    row = [ZERO] * (self.count + 1)
                    row[m] += 1
                    for goes, weight in branches(cell, discount):
                        row[goes] -= weight
                    row[-1] = (1 - discount) * cell.rewards[player]
                    line.append(row)
                table.append(line)
            self.rows.append(table)
        self._reduced: dict[tuple[Choice, Support], Any] = {}

    def of(
        self, base: Choice, support: Support
    ) -> tuple[list[int], dict[tuple[int, int], Any]]:
        """The gains over a plan, against what has a support.

        Parameters
        ----------
        base : tuple of int
            The action at each point.
        support : tuple of tuple of int
            The actions of the other at each point.

        Returns
        -------
        tuple
            The points at which the other mixes, and by point and action a polynomial
            with the sign of the gain, in variables that are the other's probabilities
            in the order of those points; a Fraction where the other mixes nowhere.
        """
        key = (base, support)
        found = self._reduced.get(key)
        if found is None:
            found = self._reduced[key] = self._compute(base, support)
        return found  # type: ignore[no-any-return]

    def _compute(self, base: Choice, support: Support) -> Any:
        mixing = [m for m in range(self.count) if len(support[m]) > 1]
        settled = [m for m in range(self.count) if len(support[m]) == 1]
        onto, right = self._settled(base, support, mixing, settled)

        def reduced(row: Sequence[Fraction]) -> list[Fraction]:
            """The row with the values at settled points replaced."""
            out = [row[m] for m in mixing] + [row[-1]]
            for k, m in enumerate(settled):
                if row[m]:
                    for j in range(len(mixing)):
                        out[j] += row[m] * onto[k][j]
                    out[-1] -= row[m] * right[k]
            return out

        alternatives = [
            (m, a)
            for m in range(self.count)
            for a in range(self.own[m])
            if a != base[m]
        ]
        if not mixing:
            return mixing, {
                (m, a): reduced(self.rows[m][a][support[m][0]])[-1]
                for m, a in alternatives
            }
        names = [f"x{m}_{b}" for m in mixing for b in support[m]]
        context = flint.fmpz_mpoly_ctx.get(names, "lex")
        gens = list(context.gens())
        variable: dict[int, list[Any]] = {}
        for m in mixing:
            variable[m] = [gens.pop(0) for _ in support[m]]
        nought = context.constant(0)

        def line(m: int, a: int) -> list[Any]:
            """A row of the determinant: rational entries brought to whole ones."""
            rows = [reduced(self.rows[m][a][b]) for b in support[m]]
            scale = np.lcm.reduce(
                [x.denominator for r in rows for x in r], dtype=object
            )
            marks = variable.get(m, [context.constant(1)])
            return [
                sum(
                    (
                        int(row[j] * scale) * x
                        for row, x in zip(rows, marks, strict=True)
                    ),
                    nought,
                )
                for j in range(len(mixing) + 1)
            ]

        minors = _minors([line(m, base[m]) for m in mixing], nought)
        return mixing, {
            (m, a): _expanded(line(m, a), minors, nought) for m, a in alternatives
        }

    def _settled(
        self, base: Choice, support: Support, mixing: list[int], settled: list[int]
    ) -> tuple[list[list[Fraction]], list[Fraction]]:
        """Values where the other does not mix, in terms of those where it does."""
        if not settled:
            return [], []
        rows = [self.rows[m][base[m]][support[m][0]] for m in settled]
        left = flint.fmpq_mat([[rational(row[m]) for m in settled] for row in rows])
        right = flint.fmpq_mat(
            [[*(rational(-row[m]) for m in mixing), rational(row[-1])] for row in rows]
        )
        solved = left.solve(right)
        onto = [
            [ratio(solved[k, j]) for j in range(len(mixing))]
            for k in range(len(settled))
        ]
        return onto, [ratio(solved[k, len(mixing)]) for k in range(len(settled))]


def _minors(rows: list[list[Any]], nought: Any) -> dict[frozenset[int], Any]:
    """The determinants of all rows with one column left out, by that column's rest."""
    width = len(rows) + 1
    found: dict[frozenset[int], Any] = {frozenset(): nought + 1}
    for row in rows:
        following: dict[frozenset[int], Any] = {}
        for columns, value in found.items():
            for j in range(width):
                if j in columns or not value or not row[j]:
                    continue
                sign = -1 if sum(c > j for c in columns) % 2 else 1
                key = columns | {j}
                following[key] = following.get(key, nought) + sign * row[j] * value
        found = following
    return found


def _expanded(last: list[Any], minors: dict[frozenset[int], Any], nought: Any) -> Any:
    """The determinant with one more row below."""
    total = nought
    for columns, value in minors.items():
        (j,) = set(range(len(last))) - columns
        sign = -1 if sum(c > j for c in columns) % 2 else 1
        total = total + sign * last[j] * value
    return total
