"""Markov games from arrays of payoffs and transition probabilities.

Reads: errors, numbers, markov, play.  Used by: `MarkovGame.from_arrays`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from redlines.errors import ModelError
from redlines.markov import MarkovGame, Stage, markov_game
from redlines.numbers import exact

__all__ = ["markov_from_arrays"]

CLOSE = Fraction(1, 10**9)


def markov_from_arrays(
    rewards: Any,
    transitions: Any,
    discount: Any,
    states: Sequence[str] | None,
    players: Sequence[str],
    actions: Sequence[Sequence[str]] | None,
    start: str | None,
    name: str,
) -> MarkovGame:
    """A Markov game from arrays; see `MarkovGame.from_arrays`."""
    pays = [_matrices(name, s, both) for s, both in enumerate(_listed(rewards))]
    count = len(pays)
    chances = _listed(transitions)
    if not count or len(chances) != count:
        raise ModelError(
            f"{name!r}: rewards are given for {count} states, transitions for "
            f"{len(chances)}; both need one entry for each state, and one at least"
        )
    names = [str(k + 1) for k in range(count)] if states is None else list(states)
    if len(names) != count:
        raise ModelError(f"{name!r}: {len(names)} names for {count} states")
    goes = [_chances(name, s, pays[s][0], chances[s], count) for s in range(count)]
    own, other = players
    words = [_words(name, pays[s][0], actions) for s in range(count)]
    index = {state: s for s, state in enumerate(names)}
    factors: Any = discount
    if not isinstance(discount, str) and hasattr(discount, "__len__"):
        factors = dict(zip(players, discount, strict=True))

    def story(play: Stage, state: str) -> str:
        s = index[state]
        rows, columns = words[s]
        does = play.simultaneous({own: (own, rows), other: (other, columns)})
        a, b = rows.index(does[own]), columns.index(does[other])
        play.pay({own: pays[s][0][a][b], other: pays[s][1][a][b]})
        return play.go({names[t]: share for t, share in goes[s][a][b].items()})

    story.__name__ = name
    made = markov_game(*players, states=names, start=start, discount=factors)(story)
    made._doc = ""
    return made


def _listed(table: Any) -> list[Any]:
    try:
        return list(table)
    except TypeError:
        raise ModelError(
            f"arrays are nested: one entry for each state, not {table!r}"
        ) from None


def _matrices(name: str, state: int, both: Any) -> list[list[list[Fraction]]]:
    """The payoffs of both players in a state."""
    found = [
        [[exact(x, f"a payoff in state {state + 1}") for x in row] for row in matrix]
        for matrix in both
    ]
    shapes = {tuple(len(row) for row in matrix) for matrix in found}
    if (
        len(found) != 2
        or len(shapes) != 1
        or len(set(*shapes)) != 1
        or not max(*shapes)
    ):
        raise ModelError(
            f"{name!r}: rewards of state {state + 1} are two matrices of one shape, "
            f"rewards[state][player][row][column]; the rows have {sorted(shapes)} "
            "entries"
        )
    return found


def _chances(
    name: str, state: int, like: list[list[Fraction]], table: Any, count: int
) -> list[list[dict[int, Fraction]]]:
    """The next states of each cell, without those of probability 0."""
    rows = [[list(cell) for cell in row] for row in table]
    if [len(row) for row in rows] != [len(row) for row in like]:
        raise ModelError(
            f"{name!r}: transitions of state {state + 1} have another shape than its "
            "payoffs; they are transitions[state][row][column][next state]"
        )
    found = []
    for row in rows:
        line = []
        for cell in row:
            if len(cell) != count:
                raise ModelError(
                    f"{name!r}: a cell of state {state + 1} leads to {len(cell)} "
                    f"states; there are {count}"
                )
            what = f"a transition probability in state {state + 1}"
            shares = {t: exact(x, what) for t, x in enumerate(cell)}
            total = sum(shares.values(), Fraction(0))
            if total != 1 and abs(total - 1) < CLOSE:
                shares = {t: x / total for t, x in shares.items()}
            line.append({t: x for t, x in shares.items() if x})
        found.append(line)
    return found


def _words(
    name: str, matrix: list[list[Fraction]], actions: Sequence[Sequence[str]] | None
) -> tuple[list[str], list[str]]:
    """The names of rows and columns of a state: as many as there are."""
    sizes = (len(matrix), len(matrix[0]))
    if actions is None:
        rows, columns = ([str(k + 1) for k in range(size)] for size in sizes)
        return rows, columns
    first, second = (list(names) for names in actions)
    if len(first) < sizes[0] or len(second) < sizes[1]:
        raise ModelError(
            f"{name!r}: a state has {sizes[0]} rows and {sizes[1]} columns; there are "
            f"names for {len(first)} and {len(second)}"
        )
    return first[: sizes[0]], second[: sizes[1]]
