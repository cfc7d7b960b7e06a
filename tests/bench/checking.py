"""Whether an answer is an equilibrium: from the definition, and by nothing else.

No solver and no part of the package is used here. Payoffs that are floats count as the
decimals that they print as, as the library says.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

Matrix = Sequence[Sequence[Any]]
Mixture = Sequence[Any]


def exact(value: Any) -> Fraction:
    """A number as the decimal that it prints as."""
    if isinstance(value, Fraction):
        return value
    item = value.item() if hasattr(value, "item") else value
    return Fraction(repr(item) if isinstance(item, float) else item)


def regret(a: Matrix, b: Matrix, x: Mixture, y: Mixture) -> Fraction:
    """What a player could gain at most by another choice, in payoff units.

    Parameters
    ----------
    a, b : matrix, shape (m, n)
        Payoffs of the row player and of the column player.
    x, y : sequence
        What they play.

    Returns
    -------
    Fraction
        0 exactly at a Nash equilibrium.

    Raises
    ------
    ValueError
        If `x` or `y` is no distribution.
    """
    rows = {i: exact(p) for i, p in enumerate(x) if p}
    columns = {j: exact(q) for j, q in enumerate(y) if q}
    for name, size, shares, expected in (
        ("x", len(x), rows, len(a)),
        ("y", len(y), columns, len(a[0])),
    ):
        if size != expected:
            raise ValueError(f"{name} has {size} shares, not {expected}")
        if sum(shares.values()) != 1 or min(shares.values()) < 0:
            raise ValueError(f"{name} is no distribution")
    row_values = [
        sum((q * exact(line[j]) for j, q in columns.items()), Fraction(0)) for line in a
    ]
    column_values = [
        sum((p * exact(b[i][j]) for i, p in rows.items()), Fraction(0))
        for j in range(len(a[0]))
    ]
    of_row = max(row_values) - sum(p * row_values[i] for i, p in rows.items())
    of_column = max(column_values) - sum(
        q * column_values[j] for j, q in columns.items()
    )
    return max(of_row, of_column)


def rough_regret(a: Any, b: Any, x: Any, y: Any) -> float:
    """The same in floating point, for answers that are."""
    return float(max((a @ y).max() - x @ a @ y, (x @ b).max() - x @ b @ y, 0.0))


def ladder_regret(
    hazard: Sequence[float],
    losses: Sequence[float],
    priors: Sequence[Sequence[float]],
    climbs: Sequence[Sequence[float]],
    beliefs: Sequence[Sequence[Sequence[float]]] | None = None,
) -> float:
    """The most that somebody gains at a rung of a two-sided ladder, by rung and type.

    The first player moves at even rungs, the second at odd ones. Who backs down gives
    the other the prize of 1; beyond the last rung whoever would have moved has it.

    Parameters
    ----------
    hazard : sequence of float
        By rung the probability that a climb ends in disaster.
    losses : sequence of float
        By type what disaster costs.
    priors : sequence of sequence of float
        By player the probability of each type.
    climbs : sequence of sequence of float
        By rung and type of its mover the probability of climbing.
    beliefs : sequence of sequence of sequence of float, optional
        By rung, type of its mover and type of the other what the mover believes there.
        Left out, Bayes' rule, and only what is reached counts.

    Returns
    -------
    float
    """
    rungs, types = len(hazard), range(len(losses))
    worst = 0.0
    for start in range(rungs):
        mover = start % 2
        for own in types:
            if beliefs is not None:
                weights = list(beliefs[start][own])
            else:
                weights = [_reached(priors, climbs, hazard, start, s) for s in types]
                weights = [w * priors[mover][own] for w in weights]
            best = _continue(hazard, losses, climbs, own, start, weights, True)
            kept = _continue(hazard, losses, climbs, own, start, weights, False)
            worst = max(worst, best - kept)
    return worst


def _reached(
    priors: Sequence[Sequence[float]],
    climbs: Sequence[Sequence[float]],
    hazard: Sequence[float],
    start: int,
    rival: int,
) -> float:
    """The probability that a rival of a type, and fate, let play come to a rung."""
    weight = priors[1 - start % 2][rival]
    for rung in range(start):
        weight *= 1 - hazard[rung]
        if rung % 2 != start % 2:
            weight *= climbs[rung][rival]
    return weight


def _continue(
    hazard: Sequence[float],
    losses: Sequence[float],
    climbs: Sequence[Sequence[float]],
    own: int,
    start: int,
    weights: Sequence[float],
    best: bool,
) -> float:
    """What a type gets from a rung on, by its best plan or by its own."""
    rungs, types = len(hazard), range(len(losses))
    # weights of rivals at every later rung, if the type itself always climbs
    at = {start: list(weights)}
    for rung in range(start, rungs):
        factor = 1 - hazard[rung]
        rival = rung % 2 != start % 2
        at[rung + 1] = [
            w * factor * (climbs[rung][s] if rival else 1.0)
            for s, w in zip(types, at[rung], strict=True)
        ]
    # beyond the last rung the prize is the one's who would have moved
    value = sum(at[rungs]) if rungs % 2 == start % 2 else 0.0
    for rung in reversed(range(start, rungs)):
        if rung % 2 == start % 2:
            climb = value - losses[own] * hazard[rung] * sum(at[rung])
            share = climbs[rung][own]
            value = max(climb, 0.0) if best else share * climb
        else:
            quits = sum(
                w * (1 - climbs[rung][s]) for s, w in zip(types, at[rung], strict=True)
            )
            climbing = sum(
                w * climbs[rung][s] for s, w in zip(types, at[rung], strict=True)
            )
            value += quits - losses[own] * hazard[rung] * climbing
    return value
