"""Games of one round, in which both players choose once and at once, as tables.

Reads: errors, numbers, tree.  Used by: repeated.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from redlines.errors import ModelError, UnknownLabel
from redlines.numbers import Number
from redlines.tree import CHANCE, TERMINAL, Game

if TYPE_CHECKING:
    from redlines.tree import Value

__all__ = ["Cell", "actions", "cells", "choices", "plain"]

Cell: TypeAlias = tuple[int, int]
"""A pair of actions, by index."""


def plain(value: Value) -> Value:
    """An expression without parameters as the number that it is."""
    if isinstance(value, Number) and value.is_constant:
        return value.constant()
    return value


def choices(stage: Game) -> list[Any]:
    """The information sets of the two players, in their order."""
    return sorted(stage._tables.infosets, key=lambda row: row.player)


def actions(stage: Game) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What each player can do, if both choose once and at once."""
    rows = choices(stage)
    if [row.player for row in rows] != [0, 1]:
        raise ModelError(
            f"the stage must be one choice of each player, both at once, but {stage!r} "
            f"has the information sets {', '.join(map(repr, stage.infosets)) or 'none'}"
        )
    return tuple(rows[0].actions), tuple(rows[1].actions)


def cells(
    stage: Game,
    labels: tuple[tuple[str, ...], tuple[str, ...]],
    draw: str | None,
) -> tuple[list[list[tuple[Value, Value]]], dict[Cell, dict[str, Value]]]:
    """Expected payoffs by pair of actions, and what a public draw comes to."""
    tables = stage._tables
    if draw is not None and draw not in tables.name:
        draws = tuple(
            dict.fromkeys(
                n for n, k in zip(tables.name, tables.kind, strict=True) if k == CHANCE
            )
        )
        raise UnknownLabel("draw", draw, draws, f"in {stage!r}")
    payoffs: list[list[tuple[Value, Value]]] = []
    chances: dict[Cell, dict[str, Value]] = {}
    matrix = tables.bimatrix
    for r in range(len(labels[0])):
        payoffs.append([])
        for c in range(len(labels[1])):
            if matrix is not None:
                payoffs[-1].append((matrix.entry(0, r, c), matrix.entry(1, r, c)))
            else:
                pays, row = _walk(stage, (r, c), draw)
                payoffs[-1].append(pays)
                chances[r, c] = row
    return payoffs, chances


def _walk(
    stage: Game, cell: Cell, draw: str | None
) -> tuple[tuple[Value, Value], dict[str, Value]]:
    """What a pair of actions pays, and the probabilities of a draw's outcomes."""
    tables, paid = stage._tables, stage._payoffs
    total: list[Value] = [Fraction(0), Fraction(0)]
    chances: dict[str, Value] = {}
    stack: list[tuple[int, Value, tuple[int, ...], str | None]] = [
        (0, Fraction(1), (), None)
    ]
    while stack:
        node, weight, moved, signal = stack.pop()
        kind, index = tables.kind[node], tables.infoset[node]
        if kind == TERMINAL:
            if len(moved) != 2:
                raise ModelError(
                    f"the stage {stage!r} can end at {tables.history(node)!r} before "
                    "both have chosen; give whoever has nothing to choose one action"
                )
            if draw is not None:
                if signal is None:
                    raise ModelError(
                        f"the stage {stage!r} can end at {tables.history(node)!r} "
                        f"without the draw {draw!r} after both moves"
                    )
                chances[signal] = chances.get(signal, Fraction(0)) + weight
            for k in (0, 1):
                total[k] = total[k] + weight * paid[node][k]
        elif kind == CHANCE:
            row = tables.draws[index]
            shares = [stage._amounts[a] for a in row.amounts]
            options = zip(row.outcomes, shares, tables.children[node], strict=True)
            # the first is gone through first
            for outcome, share, child in reversed(list(options)):
                seen = signal
                if tables.name[node] == draw and len(moved) == 2:
                    seen = outcome
                stack.append((child, weight * share, moved, seen))
        else:
            player = tables.infosets[index].player
            child = tables.children[node][cell[player]]
            stack.append((child, weight, (*moved, player), signal))
    return (plain(total[0]), plain(total[1])), {s: plain(x) for s, x in chances.items()}
