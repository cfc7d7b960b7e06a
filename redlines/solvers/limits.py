"""The exact sequential equilibrium near the end of a path of trembles.

With supports and orders fixed the conditions are linear in each player's coefficients
(see `redlines.solvers.sequential`). What floating point gives is a support, an order
for each action, and a guess of the coefficients. Those that the conditions determine
are solved for in exact arithmetic, from the ends of the tree to its beginning, in
sparse form; those that they leave free take the guess, rounded as coarsely as the
conditions allow. What comes out satisfies every condition exactly, or nothing does.

Reads: forms, solvers.supports.  Used by: solvers.sequential_path.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from redlines.forms import SequenceForm
from redlines.solvers.supports import Model, Support

__all__ = ["exact_limit"]

# significant bits of what is free, tried in turn
ROUNDINGS = (2, 10, 30, 48)

Row = dict[int, Any]
# the weight of the empty sequence, known to be one, as a variable below all others
ONE = -1


def exact_limit(
    form: SequenceForm,
    support: Support,
    orders: Sequence[Sequence[Fraction]],
    logs: Sequence[Sequence[float]],
    ties: Iterable[tuple[int, int]] = (),
) -> Model | None:
    """Coefficients that satisfy every condition, near a guess.

    Parameters
    ----------
    form : SequenceForm
        The game.
    support : tuple of tuple of int
        For each information set the actions that are on.
    orders : sequence of sequence of Fraction
        For each player, by sequence; equal to that before exactly where on.
    logs : sequence of sequence of float
        The logarithms of the guessed coefficients.
    ties : iterable of (int, int)
        Information sets and actions that are off and worth as much as those that are
        on, if that is possible.

    Returns
    -------
    Model or None
        None where rounding the guess does not satisfy the conditions.
    """
    tied = frozenset(ties)
    sides = [
        _Side(form, player, support, orders[player], logs[player], tied)
        for player in (0, 1)
    ]
    coefficients = []
    for side in sides:
        if not side.eliminate():
            return None
        found = next(filter(None, map(side.solve, ROUNDINGS)), None)
        if found is None:
            return None
        coefficients.append(found)
    return Model(
        support,
        (coefficients[0], coefficients[1]),
        (list(orders[0]), list(orders[1])),
        form,
    )


class _Side:
    """The conditions on one player's coefficients: what makes the other's play best."""

    def __init__(
        self,
        form: SequenceForm,
        player: int,
        support: Support,
        orders: Sequence[Fraction],
        logs: Sequence[float],
        tied: frozenset[tuple[int, int]],
    ) -> None:
        self.form, self.support, self.orders, self.tied = form, support, orders, tied
        self.own, self.rival = form.players[player], form.players[1 - player]
        tables = form.game._tables
        self.depth = [tables.depth[row.nodes[0]] for row in tables.infosets]
        # unknowns in the order of the tree: coefficients, and what the rival's sets
        # are worth; an action that alone is on has the coefficient before it
        waiting: list[tuple[int, int, int]] = []
        self.variable = [ONE] * len(self.own)
        for q in range(1, len(self.own)):
            waiting.append((self.depth[self.own.infoset[q]], 0, q))
        for h in self.rival.infosets:
            waiting.append((self.depth[h], 1, h))
        self.worth: dict[int, int] = {}
        self.guess: list[float | None] = []
        for _, kind, which in sorted(waiting):
            if kind:
                self.worth[which] = len(self.guess)
                self.guess.append(None)
            elif support[self.own.infoset[which]] == (self.own.action[which],):
                self.variable[which] = self.variable[self.own.parent[which]]
            else:
                self.variable[which] = len(self.guess)
                self.guess.append(logs[which])
        self.latest = list(self.rival.infosets)[::-1]
        self.least = {
            h: min(orders[r] for r in form.opposing[h]) for h in self.rival.infosets
        }
        self.solved: dict[int, Row] = {}

    def value(self, h: int, action: int) -> Row:
        """What an action of the rival is worth, in the unknowns."""
        found: Row = {}
        q = self.rival.first[h] + action
        for r, paid in self.rival.payoff[q].items():
            if self.orders[r] == self.least[h]:
                _add(found, self.variable[r], _rational(paid))
        for following in self.rival.after[q]:
            if self.least[following] == self.least[h]:
                _add(found, self.worth[following], _rational(Fraction(1)))
        return found

    def gap(self, h: int, action: int) -> Row:
        """What an action is worth more than its set."""
        found = self.value(h, action)
        _add(found, self.worth[h], _rational(Fraction(-1)))
        return found

    def eliminate(self) -> bool:
        """Solve the equations for the latest unknown in each; False if they clash."""
        rows: list[tuple[int, Row, bool]] = []
        for h in self.rival.infosets:
            on = self.support[h]
            rows += [(self.depth[h], self.gap(h, a), True) for a in on]
            actions = len(self.form.game._tables.infosets[h].actions)
            rows += [
                (self.depth[h], self.gap(h, a), False)
                for a in range(actions)
                if a not in on and (h, a) in self.tied
            ]
        for h in self.own.infosets:
            on = self.support[h]
            if len(on) > 1:
                total: Row = {}
                for a in on:
                    variable = self.variable[self.own.first[h] + a]
                    _add(total, variable, _rational(Fraction(1)))
                before = self.variable[self.own.before[h]]
                _add(total, before, _rational(Fraction(-1)))
                rows.append((self.depth[h], total, True))
        # what is wanted but not needed comes last
        rows.sort(key=lambda item: (not item[2], -item[0]))
        return all(self._take(row) or not needed for _, row, needed in rows)

    def _take(self, row: Row) -> bool:
        heap = [-variable for variable in row]
        heapq.heapify(heap)
        while heap:
            top = -heapq.heappop(heap)
            factor = row.pop(top, None)
            if not factor:
                continue
            if top == ONE:
                return False
            known = self.solved.get(top)
            if known is None:
                self.solved[top] = {x: -c / factor for x, c in row.items() if c}
                return True
            for x, c in known.items():
                if x not in row:
                    heapq.heappush(heap, -x)
                _add(row, x, factor * c)
        return True

    @cached_property
    def guessed(self) -> list[Any]:
        """All unknowns as guessed; what a set is worth follows from coefficients."""
        found = [_power(guess or 0.0) for guess in self.guess]
        for h in self.latest:
            row = self.value(h, self.support[h][0])
            found[self.worth[h]] = _rounded(_total(row, found), 64)
        return found

    def solve(self, bits: int) -> list[Fraction] | None:
        """Every coefficient, with what is free rounded; None if a condition fails."""
        values: list[Any] = []
        for x, guess in enumerate(self.guess):
            known = self.solved.get(x)
            if known is None:
                values.append(_rounded(self.guessed[x], bits))
            else:
                values.append(_total(known, values))
            if guess is not None and values[x] <= 0:
                return None
        for h in self.rival.infosets:
            on = self.support[h]
            for a in range(len(self.form.game._tables.infosets[h].actions)):
                if a in on:
                    continue
                if _total(self.gap(h, a), values) > 0:
                    return None
        return [
            Fraction(1) if x == ONE else Fraction(int(values[x].p), int(values[x].q))
            for x in self.variable
        ]


def _rational(value: Fraction) -> Any:
    from flint import fmpq

    return fmpq(value.numerator, value.denominator)


def _add(row: Row, variable: int, amount: Any) -> None:
    if variable in row:
        row[variable] += amount
    else:
        row[variable] = amount


def _total(row: Row, values: Sequence[Any]) -> Any:
    total = _rational(Fraction(0))
    for x, factor in row.items():
        total += factor if x == ONE else factor * values[x]
    return total


def _power(log: float) -> Any:
    """About exp(log)."""
    from flint import fmpq

    power = math.floor(log / math.log(2)) - 52
    mantissa = round(math.exp(log - power * math.log(2)))
    return fmpq(mantissa << power) if power >= 0 else fmpq(mantissa, 1 << -power)


def _rounded(value: Any, bits: int) -> Any:
    """The value to so many significant bits."""
    from flint import fmpq

    top, bottom = int(value.p), int(value.q)
    power = top.bit_length() - bottom.bit_length() - bits
    if power >= 0:
        mantissa = (2 * top + (bottom << power)) // (2 * bottom << power)
        return fmpq(mantissa << power)
    mantissa = ((2 * top << -power) + bottom) // (2 * bottom)
    return fmpq(mantissa, 1 << -power)
