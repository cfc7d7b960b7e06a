"""Beliefs that make a given profile rational where play never comes, set by set.

Under weak perfect Bayesian equilibrium a belief off the path is bound by nothing but
its own information set, so each is a small linear programme: a mixture of the set's
nodes under which no continuation strategy gains. It is decided exactly, by the extreme
rays of a cone (or, where the profile is irrational, by trying all bases).

Reads: profile, solvers.cones.  Used by: solving, solvers.weak_perfect_bayesian.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

from redlines.profile import Assessment, Exact
from redlines.solvers.cones import rays
from redlines.solvers.continuations import continuation_values

__all__ = ["supporting_beliefs"]


def supporting_beliefs(
    given: Assessment, beliefs: Sequence[Sequence[Exact] | None]
) -> Assessment:
    """The assessment with every missing belief filled in.

    Parameters
    ----------
    given : Assessment
        The profile.
    beliefs : sequence
        The beliefs that are known; None where one is to be chosen.

    Returns
    -------
    Assessment
        Where no belief makes the set's owner content, an even one is put in, for the
        referee to refuse.
    """
    tables = given.game._tables
    chosen: list[Sequence[Exact] | None] = []
    for infoset, belief in enumerate(beliefs):
        if belief is not None:
            chosen.append(belief)
            continue
        count = len(tables.infosets[infoset].nodes)
        own, others = continuation_values(given, infoset)
        rows = [[own[k] - other[k] for k in range(count)] for other in others]
        if all(isinstance(v, int | Fraction) for row in rows for v in row):
            found: Sequence[Sequence[Exact]] = rays(count, [], rows)
        else:
            found = _vertices(count, rows)
        weights = [sum(column) for column in zip(*found, strict=True)] or [1] * count
        total = sum(weights)
        chosen.append(tuple(w * Fraction(1) / total for w in weights))
    return Assessment(given.game, given.strategy, chosen)


def _vertices(count: int, rows: Sequence[Sequence[Exact]]) -> list[list[Exact]]:
    """The vertices of the beliefs with ``row . belief >= 0``, by trying all bases.

    For rows with irrational entries, which cones in whole numbers cannot hold.
    """
    bounds: list[Sequence[Exact]] = [
        *rows,
        *([Fraction(int(j == k)) for j in range(count)] for k in range(count)),
    ]
    found = []
    for tight in itertools.combinations(bounds, count - 1):
        point = _solution([[Fraction(1)] * count, *tight])
        if point is not None and all(
            sum((v * x for v, x in zip(row, point, strict=True)), Fraction(0)) >= 0
            for row in bounds
        ):
            found.append(point)
    return found


def _solution(rows: Sequence[Sequence[Exact]]) -> list[Exact] | None:
    """The point at which the first row is 1 and the others are 0, if there is one."""
    table = [[*row, Fraction(int(k == 0))] for k, row in enumerate(rows)]
    for column in range(len(table)):
        pivot = next((r for r in table[column:] if r[column] != 0), None)
        if pivot is None:
            return None
        table.remove(pivot)
        pivot = [v / pivot[column] for v in pivot]
        table = [
            [v - row[column] * w for v, w in zip(row, pivot, strict=True)]
            for row in table
        ]
        table.insert(column, pivot)
    return [row[-1] for row in table]
