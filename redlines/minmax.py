"""What a player can be held down to in a game of one round, exactly.

*Pure minmax*: the least, over the other's actions, of the best reply's payoff. *Mixed
minmax*: the same over the other's mixtures, the value of a matrix game; it is found by
the simplex method in fractions with Bland's rule, and is never more than the pure one.

Reads: nothing.  Used by: repeated.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

__all__ = ["mixed_minmax", "pure_minmax"]

Matrix = Sequence[Sequence[Fraction]]
"""What the player gets, by its own action and the other's."""


def pure_minmax(own: Matrix) -> Fraction:
    """The least of the column maxima."""
    return min(max(row[c] for row in own) for c in range(len(own[0])))


def mixed_minmax(own: Matrix) -> tuple[Fraction, tuple[Fraction, ...]]:
    """The value of a matrix game to its row player, and a mixture that holds it there.

    Parameters
    ----------
    own : matrix of Fraction, shape (own actions, other's actions)

    Returns
    -------
    tuple
        The value, and the other's mixture, one probability for each column.
    """
    least = min(min(row) for row in own)
    shift = 1 - least  # all entries are then 1 or more
    height, width = len(own), len(own[0])
    # the greatest sum of y with M y <= 1, y >= 0: its value is 1 / (value of M)
    table = [
        [
            *(v + shift for v in row),
            *(Fraction(int(k == r)) for k in range(height)),
            Fraction(1),
        ]
        for r, row in enumerate(own)
    ]
    cost = [Fraction(-1)] * width + [Fraction(0)] * (height + 1)
    basis = list(range(width, width + height))
    while True:
        entering = next((j for j, c in enumerate(cost[:-1]) if c < 0), None)
        if entering is None:
            break
        rows = [r for r in range(height) if table[r][entering] > 0]
        leaving = min(rows, key=lambda r: (table[r][-1] / table[r][entering], basis[r]))
        pivot = table[leaving][entering]
        table[leaving] = [v / pivot for v in table[leaving]]
        for row in (*(t for k, t in enumerate(table) if k != leaving), cost):
            factor = row[entering]
            if factor:
                row[:] = [
                    v - factor * p for v, p in zip(row, table[leaving], strict=True)
                ]
        basis[leaving] = entering
    total = cost[-1]
    mixture = [Fraction(0)] * width
    for r, variable in enumerate(basis):
        if variable < width:
            mixture[variable] = table[r][-1] / total
    return 1 / total - shift, tuple(mixture)
