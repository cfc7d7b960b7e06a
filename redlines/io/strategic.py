"""The strategic form of a game of any number of players, as files and nashpy take it.

Strategies are plans (see `redlines.joint`): of a tree they are those of the reduced
strategic form. Profiles come with the first player's strategy varying fastest.

Reads: errors, tree, joint, io.labels, io.originals.  Used by: io.nfg, tree (to_nashpy).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from redlines.errors import ImperfectRecall, OutOfRange, Unsupported
from redlines.io.labels import distinct
from redlines.joint import Plan, own_before, plan_text, plans
from redlines.tree import CHANCE, Game

__all__ = ["StrategicForm", "strategic_form", "to_nashpy"]

# profiles of a tree's strategic form that are written out
MAX_CELLS = 1_000_000
NO_CHOICE = "no choice"

Payoffs: TypeAlias = tuple[Fraction, ...]
# what is paid after each player's last own choice, None before the first
Ends: TypeAlias = "dict[tuple[tuple[int, int] | None, ...], Payoffs]"


@dataclass(frozen=True)
class StrategicForm:
    """Every player's strategies, and what each profile of them pays.

    Attributes
    ----------
    strategies : tuple of tuple of str
        By player.
    payoffs : list of tuple of Fraction
        For each profile one payoff for each player.
    """

    strategies: tuple[tuple[str, ...], ...]
    payoffs: list[Payoffs]


def strategic_form(game: Game, purpose: str) -> StrategicForm:
    """The strategic form of a game at numbers.

    Raises
    ------
    UnboundParameter, ImperfectRecall
    Unsupported
        If a tree has more than a million profiles of plans.
    """
    game._require_bound(purpose)
    tables = game._tables
    matrix = tables.bimatrix
    if matrix is not None:
        rows, columns = matrix.shape
        cells: list[Payoffs] = [
            (matrix.entry(0, r, c), matrix.entry(1, r, c))
            for c in range(columns)
            for r in range(rows)
        ]
        return StrategicForm(
            (tables.infosets[0].actions, tables.infosets[1].actions), cells
        )
    if tables.forgotten is not None:
        raise ImperfectRecall(
            f"{purpose} needs perfect recall, but in {game!r} {tables.forgotten}"
        )
    everyone = range(len(game.players))
    size = math.prod(_count(game, player) for player in everyone)
    if size > MAX_CELLS:
        raise Unsupported(
            f"{purpose}: the reduced strategic form of {game!r} has more than "
            f"{MAX_CELLS:,} profiles; to_efg writes the tree"
        )
    listed = [[plan for plan, _ in plans(game, player)] for player in everyone]
    names = tuple(
        tuple(distinct([plan_text(game, p, plan) or NO_CHOICE for plan in listed[p]]))
        for p in everyone
    )
    return StrategicForm(names, _profiles(game, listed))


def _count(game: Game, player: int) -> int:
    """How many plans a player has, without listing them."""
    tables = game._tables
    after: dict[tuple[int, int] | None, list[int]] = {}
    own = sorted(
        tables.plain_infosets[player], key=lambda h: tables.infosets[h].nodes[0]
    )
    for h in own:
        after.setdefault(own_before(game, h), []).append(h)
    ways: dict[int, int] = {}
    for h in reversed(own):
        ways[h] = sum(
            math.prod(ways[later] for later in after.get((h, action), ()))
            for action in range(len(tables.infosets[h].actions))
        )
    return math.prod(ways[h] for h in after.get(None, ()))


def _profiles(game: Game, listed: list[list[Plan]]) -> list[Payoffs]:
    """What each profile pays: one player's plans are put in after another's."""
    nothing = (Fraction(0),) * len(game.players)
    partial = [_ends(game)]
    for own in reversed(listed):
        found: list[Ends] = []
        for ends in partial:
            by_last: dict[tuple[int, int] | None, Ends] = {}
            for key, paid in ends.items():
                by_last.setdefault(key[-1], {})[key[:-1]] = paid
            for plan in own:
                total: Ends = {}
                for choice in (None, *plan):
                    _add(total, by_last.get(choice, {}))
                found.append(total)
        partial = found
    return [ends.get((), nothing) for ends in partial]


def _add(total: Ends, more: Mapping[Any, Payoffs]) -> None:
    for key, paid in more.items():
        before = total.get(key)
        if before is not None:
            paid = tuple(x + y for x, y in zip(before, paid, strict=True))
        total[key] = paid


def _ends(game: Game) -> Ends:
    """Payoffs times chance, summed by what each player chose last."""
    tables = game._tables
    nothing: tuple[tuple[int, int] | None, ...] = (None,) * len(game.players)
    last = [nothing] * len(tables)
    chance = [Fraction(1)] * len(tables)
    for node in range(1, len(tables)):
        before, option = tables.parent[node], tables.option[node]
        last[node], chance[node] = last[before], chance[before]
        place = tables.infoset[before]
        if tables.kind[before] == CHANCE:
            chance[node] *= game._shares(place)[option]
        else:
            who = tables.infosets[place].player
            last[node] = (*last[node][:who], (place, option), *last[node][who + 1 :])
    found: Ends = {}
    for node in tables.terminals:
        paid = tuple(chance[node] * v for v in game._exact_payoffs[node])
        _add(found, {last[node]: paid})
    return found


def to_nashpy(game: Game) -> Any:
    """The two payoff matrices as a ``nashpy.Game``; see `Game.to_nashpy`."""
    import nashpy
    import numpy as np

    game._require_numbers("to_nashpy")
    matrix = game._tables.bimatrix
    if matrix is not None:
        arrays = np.array(matrix.floats)
    else:
        form = strategic_form(game, "to_nashpy")
        rows, columns = map(len, form.strategies)
        cells = np.array([list(map(_float, paid)) for paid in form.payoffs])
        arrays = cells.reshape(columns, rows, 2).transpose(2, 1, 0)
    if not np.isfinite(arrays).all():
        raise OutOfRange(
            f"a payoff of {game!r} is too large for floating point, in which nashpy "
            "computes"
        )
    return nashpy.Game(arrays[0], arrays[1])


def _float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf
