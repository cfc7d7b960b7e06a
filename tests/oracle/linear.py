"""Whether linear inequalities have a solution, in exact fractions."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

Row = dict[int, Fraction]


def feasible(rows: Iterable[tuple[Row, Fraction]], width: int) -> bool:
    """Whether some y >= 0 satisfies ``row . y <= bound`` for all rows, exactly.

    The first phase of the simplex method with Bland's rule, on dictionaries.
    """
    table = []
    for row, bound in {(frozenset(r.items()), b): (r, b) for r, b in rows}.values():
        dense = [Fraction(0)] * (width + 1)
        for k, v in row.items():
            dense[k] = -v
        # basic = bound - row . y + artificial
        table.append([*dense[:width], Fraction(1), Fraction(bound)])
    if not table or min(r[-1] for r in table) >= 0:
        return True
    outer = list(range(width + 1))  # the artificial one is number `width`
    basic = list(range(width + 1, width + 1 + len(table)))
    goal = [Fraction(0)] * width + [Fraction(-1), Fraction(0)]

    def pivot(r: int, c: int) -> None:
        row = table[r]
        factor = row[c]
        row[c] = Fraction(-1)
        row[:] = [-v / factor for v in row]
        for other in [*table, goal]:
            if other is not row and other[c]:
                times = other[c]
                other[c] = Fraction(0)
                other[:] = [v + times * w for v, w in zip(other, row, strict=True)]
        outer[c], basic[r] = basic[r], outer[c]

    pivot(min(range(len(table)), key=lambda r: table[r][-1]), width)
    while True:
        entering = [c for c in range(width + 1) if goal[c] > 0]
        if not entering:
            return goal[-1] == 0
        c = min(entering, key=lambda k: outer[k])
        limits = [
            (-row[-1] / row[c], basic[r], r)
            for r, row in enumerate(table)
            if row[c] < 0
        ]
        pivot(min(limits)[2], c)
