"""Markov games as solvers see them: points of decision, and what follows each.

Inside a stage all that was chosen is known, so each place of a stage where somebody
moves is a state of its own, a *point*, that is passed in no time. At a point both
choose at once (where only one moves, the other has one action). Draws are folded into
expected payments and probabilities.

Reads: errors, tree, markov.  Used by: solvers for Markov games.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from redlines.errors import Unsupported
from redlines.markov import MarkovGame
from redlines.tree import CHANCE, MOVE, TERMINAL, Game

__all__ = ["Cell", "MarkovForm", "Point"]

ZERO, ONE = Fraction(0), Fraction(1)


class Cell(NamedTuple):
    """What a pair of actions leads to.

    Attributes
    ----------
    rewards : tuple of number
        What each player is paid at once, expected; not yet times (1 - discount).
    within : dict of int to number
        The probability of each point that follows within the stage.
    onward : dict of int to number
        The probability of each first point of a stage that follows in the next period.
    """

    rewards: tuple[Any, Any]
    within: dict[int, Any]
    onward: dict[int, Any]


@dataclass(frozen=True)
class Point:
    """A place where somebody moves.

    Attributes
    ----------
    state : int
        In whose stage.
    infosets : tuple of int or None
        The information set of each player there; None for who does not move.
    sizes : tuple of int
        How many actions each player has.
    cells : tuple of tuple of Cell
        By actions of the first and the second player.
    """

    state: int
    infosets: tuple[int | None, int | None]
    sizes: tuple[int, int]
    cells: tuple[tuple[Cell, ...], ...]


class MarkovForm:
    """A Markov game as a list of points, those of a stage in the order of its tree.

    Parameters
    ----------
    game : MarkovGame
        At numbers or with symbols.

    Attributes
    ----------
    points : tuple of Point
    first : tuple of int
        By state, the point at which its stage begins.
    discounts : tuple of number

    Raises
    ------
    Unsupported
        If somebody moves in a stage without knowing what came before in it, other than
        what the other chooses at the same time.
    """

    def __init__(self, game: MarkovGame) -> None:
        self.game = game
        self.discounts = game._discounts
        plans = [_plan(game, s) for s in range(len(game.states))]
        offsets = [0]
        for plan in plans:
            offsets.append(offsets[-1] + len(plan))
        self.first = tuple(offsets[:-1])
        points: list[Point] = []
        for state, plan in enumerate(plans):
            place = {spot.node: offsets[state] + k for k, spot in enumerate(plan)}
            for spot in plan:
                points.append(self._point(state, spot, place))
        self.points = tuple(points)

    def _point(self, state: int, spot: _Spot, place: dict[int, int]) -> Point:
        stage = self.game._stages[state]
        cells = tuple(
            tuple(self._cell(state, stage, nodes, place) for nodes in row)
            for row in spot.leads
        )
        return Point(state, spot.infosets, (len(cells), len(cells[0])), cells)

    def _cell(
        self,
        state: int,
        stage: Game,
        entered: Sequence[int],
        place: dict[int, int],
    ) -> Cell:
        """What follows after nodes are entered one after the other."""
        rewards: list[Any] = [ZERO, ZERO]
        within: dict[int, Any] = {}
        onward: dict[int, Any] = {}
        tables, amounts = stage._tables, stage._amounts
        for node in entered[:-1]:
            for player, amount, _ in tables.payments.get(node, ()):
                rewards[player] = rewards[player] + amounts[amount]
        stack: list[tuple[int, Any]] = [(entered[-1], ONE)]
        while stack:
            node, chance = stack.pop()
            for player, amount, _ in tables.payments.get(node, ()):
                rewards[player] = rewards[player] + chance * amounts[amount]
            if tables.kind[node] == CHANCE:
                draw = tables.draws[tables.infoset[node]]
                for child, share in zip(
                    tables.children[node], draw.amounts, strict=True
                ):
                    stack.append((child, chance * amounts[share]))
            elif tables.kind[node] == TERMINAL:
                goes = self.first[self.game._destination(state, node)]
                onward[goes] = onward.get(goes, ZERO) + chance
            else:
                goes = place[node]
                within[goes] = within.get(goes, ZERO) + chance
        return Cell((rewards[0], rewards[1]), within, onward)

    def sizes(self, player: int) -> list[int]:
        """How many actions a player has, by point."""
        return [point.sizes[player] for point in self.points]

    def label(self, point: int, player: int) -> str | None:
        """The label of a player's decision at a point."""
        index = self.points[point].infosets[player]
        if index is None:
            return None
        stage = self.game._stages[self.points[point].state]
        return stage._tables.label(index)


class _Spot(NamedTuple):
    """A point before its cells are worked out: the nodes that each pair enters."""

    node: int
    infosets: tuple[int | None, int | None]
    leads: tuple[tuple[tuple[int, ...], ...], ...]


def _plan(game: MarkovGame, state: int) -> list[_Spot]:
    """The points of a stage; the first is where it begins."""
    stage = game._stages[state]
    tables = stage._tables
    found: list[_Spot] = []
    if tables.kind[0] != MOVE or tables.payments.get(0):
        found.append(_Spot(-1, (None, None), (((0,),),)))
    passed: set[int] = set()
    for node, kind in enumerate(tables.kind):
        if kind != MOVE or node in passed:
            continue
        row = tables.infosets[tables.infoset[node]]
        if row.nodes != (node,):
            raise Unsupported(_hidden(game, state, tables.label(tables.infoset[node])))
        children = tables.children[node]
        other = _answers_unseen(stage, row.player, children)
        infosets: list[int | None] = [None, None]
        infosets[row.player] = tables.infoset[node]
        if other is None:
            leads = tuple((child,) for child in children)
            table: tuple[tuple[tuple[int, ...], ...], ...] = (leads,)
            if row.player == 0:
                table = tuple((cell,) for cell in leads)
        else:
            passed.update(children)
            infosets[1 - row.player] = other
            table = tuple(
                tuple((child, below) for below in tables.children[child])
                for child in children
            )
            if row.player == 1:
                table = tuple(zip(*table, strict=True))
        found.append(_Spot(node, (infosets[0], infosets[1]), table))
    return found


def _answers_unseen(stage: Game, player: int, children: Sequence[int]) -> int | None:
    """The information set of the other player in which it moves at the same time."""
    tables = stage._tables
    if len(children) == 1 or any(tables.kind[child] != MOVE for child in children):
        return None
    index = tables.infoset[children[0]]
    row = tables.infosets[index]
    if row.player == player or row.nodes != tuple(children):
        return None
    return index


def _hidden(game: MarkovGame, state: int, label: str) -> str:
    return (
        f"in state {game.states[state]!r} the decision {label!r} is taken without "
        "knowing what came before in the stage: private information inside a stage has "
        "no stationary Markov perfect equilibrium here; let both see each draw and "
        "move (seen_by=None), draw after the moves, or let both move at once "
        "(play.simultaneous)"
    )


def refusal(game: MarkovGame) -> str | None:
    """Why a game has no form, or None."""
    try:
        for state in range(len(game.states)):
            _plan(game, state)
    except Unsupported as reason:
        return str(reason)
    return None


def branches(cell: Cell, discount: Any) -> Iterator[tuple[int, Any]]:
    """The points that follow, each with its probability times what it counts."""
    yield from cell.within.items()
    for point, chance in cell.onward.items():
        yield point, chance * discount
