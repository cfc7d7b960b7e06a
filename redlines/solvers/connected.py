"""Connected components of the set of equilibrium strategies, beliefs projected out.

The strategies of one cell (one pattern for each block) form a connected set, the image
of a convex cone. A finite union of connected sets splits into the components of the
graph that joins two of them when one meets the closure of the other. Whether the
closure of cell X meets cell Y is asked player by player:

* necessary: a point of Y satisfies the conditions of X with zeros allowed;
* sufficient: it does so with all of X's trembles positive and with no mixed choice of X
  below an action that Y never takes, so that the segment to an inner point of X stays
  in X and its strategies converge.

What lies between is undecided. If that matters for the components, there is no answer.

Reads: forms, solvers.cells.  Used by: solvers.sequential.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from redlines.forms import SequenceForm
from redlines.solvers.base import DEFAULT_EFFORT
from redlines.solvers.cells import Cell, Side, Support
from redlines.solvers.partition import Partition
from redlines.solvers.queries import Query, Undecided

__all__ = ["connected_groups"]

MAX_CELLS = 400
MAX_QUESTIONS = 4_000

Choice = tuple[Cell, ...]


def connected_groups(
    form: SequenceForm,
    supports: Sequence[Support],
    sides: Sequence[tuple[Side, Side]],
) -> list[list[int]] | None:
    """The components, each as the elements that reach into it.

    Parameters
    ----------
    form : SequenceForm
        The game.
    supports : sequence of Support
        Of all elements.
    sides : sequence of tuple of Side
        Their cells.

    Returns
    -------
    list of list of int, or None
        Ordered by first element; None if it is not decided.
    """
    cells: list[tuple[int, tuple[Choice, Choice]]] = []
    for number, pair in enumerate(sides):
        options = [_choices(side, supports[number]) for side in pair]
        cells += [(number, (one, other)) for one in options[0] for other in options[1]]
        if len(cells) > MAX_CELLS:
            return None
    ask = _Closures(form, supports, sides)
    joined = Partition(range(len(cells)))
    open_pairs = []
    for x, y in itertools.permutations(range(len(cells)), 2):
        if joined.find(x) == joined.find(y):
            continue
        answer = ask.meets(cells[x], cells[y])
        if answer is None:
            open_pairs.append((x, y))
        elif answer:
            joined.join([x, y])
        if ask.questions > MAX_QUESTIONS:
            return None
    if any(joined.find(x) != joined.find(y) for x, y in open_pairs):
        return None
    found = []
    for group in joined.groups().values():
        found.append(list(dict.fromkeys(cells[k][0] for k in group)))
    return sorted(found)


def _choices(side: Side, support: Support) -> list[Choice]:
    """One cell for each block, where the choice can matter for strategies."""
    options = []
    for block in side.blocks:
        # a block without mixed choices says something about beliefs only
        mixed = any(not _is_entry(side, p) for p in block.parameters)
        options.append(block.cells if mixed else block.cells[:1])
    return [tuple(choice) for choice in itertools.product(*options)]


def _is_entry(side: Side, parameter: int) -> bool:
    entries = side.entries[parameter]
    return bool(entries) and entries[-1] == parameter


class _Closures:
    """Questions whether the closure of one cell's strategies meets another cell."""

    def __init__(
        self,
        form: SequenceForm,
        supports: Sequence[Support],
        sides: Sequence[tuple[Side, Side]],
    ) -> None:
        self.form = form
        self.supports = supports
        self.sides = sides
        self.questions = 0
        self.memo: dict[tuple[int, int, int, int, int], bool | None] = {}

    def meets(
        self,
        x: tuple[int, tuple[Choice, Choice]],
        y: tuple[int, tuple[Choice, Choice]],
    ) -> bool | None:
        """Whether the closure of x meets y; None if undecided."""
        inner, outer = self.supports[y[0]], self.supports[x[0]]
        if any(not set(a) <= set(b) for a, b in zip(inner, outer, strict=True)):
            return False
        answer: bool | None = True
        for player in (0, 1):
            key = (player, x[0], y[0], id(x[1][player]), id(y[1][player]))
            if key not in self.memo:
                self.questions += 1
                self.memo[key] = self._ask(
                    player, x[0], x[1][player], y[0], y[1][player]
                )
            part = self.memo[key]
            if part is False:
                return False
            if part is None:
                answer = None
        return answer

    def _ask(
        self, player: int, x: int, of_x: Choice, y: int, of_y: Choice
    ) -> bool | None:
        own = self.form.players[player]
        outer, inner = self.sides[x][player], self.sides[y][player]
        support = self.supports[y]
        query = Query("QF_NRA", DEFAULT_EFFORT)
        z3, context, solver = query.z3, query.context, query.solver
        one, zero = query.real(1), query.real(0)
        share: dict[int, Any] = {}
        for infoset, first in own.first.items():
            on = support[infoset]
            actions = len(self.form.game._tables.infosets[infoset].actions)
            for a in range(actions):
                if a not in on:
                    share[first + a] = zero
                elif len(on) == 1:
                    share[first + a] = one
                else:
                    share[first + a] = z3.Real(f"s{first + a}", context)
                    solver.add(share[first + a] > 0)
            if len(on) > 1:
                solver.add(z3.Sum([share[first + a] for a in on]) == 1)
        exact = True
        for side, choice, strict in ((inner, of_y, True), (outer, of_x, False)):
            for block, cell in zip(side.blocks, choice, strict=True):
                if all(_is_entry(side, p) for p in block.parameters):
                    continue
                values: dict[int, Any] = {block.base: one}
                for p in block.parameters:
                    before = values[side.up[p]]
                    if _is_entry(side, p):
                        weight = z3.Real(f"c{int(strict)}.{p}", context)
                        solver.add(weight > 0)
                        values[p] = weight if before is one else before * weight
                    else:
                        values[p] = share[p] if before is one else before * share[p]
                        if not strict and side.up[p] and _vanishes(share, side, p):
                            exact = False
                coordinates = [
                    values[block.base],
                    *(values[p] for p in block.parameters),
                ]
                for rows, equal in (
                    (cell.equalities, True),
                    (cell.inequalities, False),
                ):
                    for row in rows:
                        total = z3.Sum(
                            [query.real(v) * coordinates[k] for k, v in row.items()]
                        )
                        solver.add(total == 0 if equal else total >= 0)
        try:
            if query.model() is not None:
                return True if exact else None
        except Undecided:
            return None
        # trembles of x that vanish or grow without bound are not covered by "no"
        loose = any(
            _is_entry(outer, p)
            for block in outer.blocks
            if not all(_is_entry(outer, q) for q in block.parameters)
            for p in block.parameters
        )
        return False if exact and not loose else None


def _vanishes(share: dict[int, Any], side: Side, parameter: int) -> bool:
    """Whether an earlier mixed choice on the way is never taken in the other cell."""
    step = side.up[parameter]
    while step:
        if not _is_entry(side, step) and str(share[step]) == "0":
            return True
        step = side.up[step]
    return False
