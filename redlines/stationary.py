"""Stationary profiles of Markov games: what is done in each state, and what follows.

A profile gives, for each state and each decision of its stage, a distribution over the
actions. Together with the game it is a Markov chain over the states. Everything here
walks the trees of the stages, and works with any exact numbers: rationals, elements of
a number field, algebraic numbers.

Reads: errors, numbers, fields, markov, tree.  Used by: one_shot, recurring, solvers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from redlines.algebraic import Algebraic
from redlines.errors import ModelError, UnknownLabel
from redlines.fields import Field, FieldNumber, plain, ratio, rational
from redlines.markov import MarkovGame
from redlines.numbers import exact
from redlines.tree import CHANCE

__all__ = ["Rows", "StationaryProfile", "approximate", "linear"]

ZERO, ONE = Fraction(0), Fraction(1)

Rows = tuple[tuple[tuple[Any, ...], ...], ...]
"""By state and information set of its stage, the probability of each action."""


def fields_of(rows: Rows) -> list[Field]:
    """The number fields that probabilities lie in, beside the rationals."""
    found: list[Field] = []
    for state in rows:
        for row in state:
            for value in row:
                if isinstance(value, FieldNumber) and not any(
                    map(value.field.same, found)
                ):
                    found.append(value.field)
    return found


def approximate(rows: Rows, bits: int = 100) -> Rows:
    """Rational probabilities within about 2**-bits, with sums of exactly one."""
    found = []
    for state in rows:
        table = []
        for row in state:
            near = [_near(value, bits) for value in row]
            top = max(range(len(row)), key=lambda k: near[k])
            near[top] += 1 - sum(near)
            table.append(tuple(near))
        found.append(tuple(table))
    return tuple(found)


def _near(value: Any, bits: int) -> Fraction:
    if isinstance(value, FieldNumber):
        low, high = value.bounds(bits)
    elif isinstance(value, Algebraic):
        low, high = value.bracket(bits // 3)
    else:
        return Fraction(value)
    return Fraction(round((low + high) / 2 * 2**bits), 2**bits)


def linear(matrix: Sequence[Sequence[Any]], right: Sequence[Sequence[Any]]) -> Any:
    """The solution of a regular system, columns of the right side together.

    Rationals go to flint; other exact numbers are eliminated here.
    """
    size, width = len(matrix), len(right[0]) if right else 0
    if not size or not width:
        return [[] for _ in range(size)]
    if all(isinstance(x, Fraction) for row in (*matrix, *right) for x in row):
        import flint

        left = flint.fmpq_mat([[rational(x) for x in row] for row in matrix])
        solved = left.solve(flint.fmpq_mat([[rational(x) for x in r] for r in right]))
        return [[ratio(solved[i, j]) for j in range(width)] for i in range(size)]
    table = [[*row, *more] for row, more in zip(matrix, right, strict=True)]
    for k in range(size):
        pivot = next(i for i in range(k, size) if table[i][k] != 0)
        table[k], table[pivot] = table[pivot], table[k]
        head = table[k][k]
        table[k] = [x / head if x != 0 else ZERO for x in table[k]]
        for i in range(size):
            factor = table[i][k]
            if i != k and factor != 0:
                table[i] = [
                    x - factor * y if y != 0 else x
                    for x, y in zip(table[i], table[k], strict=True)
                ]
    return [row[size:] for row in table]


class StationaryProfile:
    """What both do, in every state.

    Parameters
    ----------
    game : MarkovGame
        At numbers.
    rows : tuple
        ``rows[state][infoset]``, the probabilities of the actions, by index.
    """

    def __init__(self, game: MarkovGame, rows: Rows) -> None:
        self.game = game
        self.given = rows
        self.fields = fields_of(rows)

    @cached_property
    def rows(self) -> Rows:
        """The probabilities, such that any two of them can be added."""
        if len(self.fields) <= 1:
            return self.given
        return tuple(tuple(tuple(map(plain, row)) for row in s) for s in self.given)

    @classmethod
    def read(cls, game: MarkovGame, strategy: Mapping[str, Any]) -> StationaryProfile:
        """A profile in labels: ``strategy[state][decision][action]``.

        An action's name stands for that action for certain; actions of probability 0
        may be left out, and so may states in which nobody has a choice.

        Raises
        ------
        UnknownLabel, ModelError
            If it does not fit the game.
        """
        for state in strategy:
            game._state(state)
        rows = []
        for name, stage in game.stages.items():
            tables = stage._tables
            given = strategy.get(name, {})
            if not isinstance(given, Mapping):
                raise ModelError(
                    f"strategy[{name!r}] is {{decision: action}} or {{decision: "
                    f"{{action: probability}}}}, not {given!r}"
                )
            for label in given:
                stage._infoset(label)
            table = []
            for index, row in enumerate(tables.infosets):
                label = tables.label(index)
                if label in given:
                    table.append(_shares(name, label, row.actions, given[label]))
                elif len(row.actions) == 1:
                    table.append((ONE,))
                else:
                    raise ModelError(
                        f"the strategy says nothing of decision {label!r} in state "
                        f"{name!r}; its actions are {list(row.actions)}"
                    )
            rows.append(tuple(table))
        return cls(game, tuple(rows))

    # ------------------------------------------------------------------------ a stage
    @cached_property
    def reach(self) -> list[list[Any]]:
        """By state, how likely each node of its stage is from the stage's beginning."""
        found = []
        for s, stage in enumerate(self.game._stages):
            tables = stage._tables
            come: list[Any] = [ONE] + [ZERO] * (len(tables) - 1)
            for node in range(1, len(tables)):
                before, option = tables.parent[node], tables.option[node]
                index = tables.infoset[before]
                if tables.kind[before] == CHANCE:
                    share: Any = stage._amounts[tables.draws[index].amounts[option]]
                else:
                    share = self.rows[s][index][option]
                come[node] = come[before] * share
            found.append(come)
        return found

    @cached_property
    def transitions(self) -> list[dict[int, Any]]:
        """By state, the probability of each state in the next period."""
        found = []
        for s, stage in enumerate(self.game._stages):
            row: dict[int, Any] = {}
            for node in stage._tables.terminals:
                share = self.reach[s][node]
                if share != 0:
                    goes = self.game._destination(s, node)
                    row[goes] = row.get(goes, ZERO) + share
            found.append(row)
        return found

    def rewards(self, player: int) -> list[dict[str, Any]]:
        """By state and reason, what a player is paid in a stage, expected."""
        found = []
        for s, stage in enumerate(self.game._stages):
            tables = stage._tables
            row: dict[str, Any] = {}
            for node, paid in tables.payments.items():
                for who, amount, reason in paid:
                    if who == player:
                        word = tables.reasons[reason]
                        value: Any = stage._amounts[amount]
                        row[word] = row.get(word, ZERO) + self.reach[s][node] * value
            found.append(row)
        return found

    def stage_probability(self, event: str) -> list[Any]:
        """By state, how likely a stage there marks an event."""
        found = []
        for s, stage in enumerate(self.game._stages):
            tables = stage._tables
            total: Any = ZERO
            if event in tables.events:
                bit = 1 << tables.events.index(event)
                for node in tables.terminals:
                    if tables.event_masks[node] & bit:
                        total = total + self.reach[s][node]
            found.append(total)
        return found

    def without(self, event: str) -> list[dict[int, Any]]:
        """`transitions`, over the ends of a stage that do not mark an event only."""
        found = []
        for s, stage in enumerate(self.game._stages):
            tables = stage._tables
            bit = 1 << tables.events.index(event) if event in tables.events else 0
            row: dict[int, Any] = {}
            for node in tables.terminals:
                share = self.reach[s][node]
                if share != 0 and not tables.event_masks[node] & bit:
                    goes = self.game._destination(s, node)
                    row[goes] = row.get(goes, ZERO) + share
            found.append(row)
        return found

    # ------------------------------------------------------------------ over all time
    def discounted(self, player: int, flows: Sequence[Sequence[Any]]) -> Any:
        """The average value from each state of amounts paid in each, several at once.

        Parameters
        ----------
        player : int
            Whose discount factor counts.
        flows : sequence of sequence of number
            By state, amounts.
        """
        discount = self.game._discounts[player]
        size = len(self.transitions)
        matrix = [[ZERO] * size for _ in range(size)]
        for s, row in enumerate(self.transitions):
            matrix[s][s] = matrix[s][s] + 1
            for t, share in row.items():
                matrix[s][t] = matrix[s][t] - share * discount
        return linear(matrix, [[x * (1 - discount) for x in row] for row in flows])

    @cached_property
    def values(self) -> tuple[tuple[Any, ...], ...]:
        """By player and state, the average value of play from there on."""
        found = []
        for player in (0, 1):
            paid = [[sum(row.values(), ZERO)] for row in self.rewards(player)]
            found.append(tuple(row[0] for row in self.discounted(player, paid)))
        return tuple(found)

    def ever(self, without: Sequence[Mapping[int, Any]]) -> list[Any]:
        """From each state, the probability that a chain that loses mass loses all.

        Parameters
        ----------
        without : sequence of dict
            Transitions, less those at which what is waited for happens.
        """
        lost = [
            not math.isclose(float(sum(row.values(), ZERO)), 1, rel_tol=1e-9)
            or sum(row.values(), ZERO) != 1
            for row in without
        ]
        can = _leading(without, {s for s, loses in enumerate(lost) if loses})
        inside = sorted(can)
        place = {s: k for k, s in enumerate(inside)}
        matrix = _less(without, inside, place)
        right = [[1 - sum(without[s].values(), ZERO)] for s in inside]
        solved = linear(matrix, right)
        found: list[Any] = [ZERO] * len(without)
        for s, row in zip(inside, solved, strict=True):
            found[s] = row[0]
        return found

    def waiting(self, without: Sequence[Mapping[int, Any]]) -> list[Any]:
        """From each state, the expected number of periods until all mass is lost.

        ``math.inf`` where it is not certain.
        """
        certain = {s for s, p in enumerate(self.ever(without)) if p == 1}
        inside = sorted(certain)
        place = {s: k for k, s in enumerate(inside)}
        solved = linear(_less(without, inside, place), [[ONE] for _ in inside])
        found: list[Any] = [math.inf] * len(without)
        for s, row in zip(inside, solved, strict=True):
            found[s] = row[0]
        return found

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], ...]:
        """The recurrent classes: sets of states that are never left once entered."""
        rows = self.transitions
        after = [_following(rows, s) for s in range(len(rows))]
        found: dict[frozenset[int], None] = {}
        for s in range(len(rows)):
            if all(s in after[t] for t in after[s]):
                found[frozenset(after[s])] = None
        return tuple(tuple(sorted(group)) for group in found)

    def settled(self, group: Sequence[int]) -> dict[int, Any]:
        """The share of time in each state of a recurrent class, once it is entered."""
        if len(group) == 1:
            return {group[0]: ONE}
        place = {s: k for k, s in enumerate(group)}
        size = len(group)
        matrix = [[ZERO] * size for _ in range(size)]
        for s in group:
            for t, share in self.transitions[s].items():
                matrix[place[t]][place[s]] = matrix[place[t]][place[s]] + share
        for k in range(size):
            matrix[k][k] = matrix[k][k] - 1
        matrix[-1] = [ONE] * size
        solved = linear(matrix, [[ONE if k == size - 1 else ZERO] for k in range(size)])
        return {s: solved[place[s]][0] for s in group}


def _shares(
    state: str, label: str, actions: Sequence[str], given: Any
) -> tuple[Fraction | Any, ...]:
    """A distribution over actions as it is written down."""
    shares = {given: ONE} if isinstance(given, str) else dict(given)
    for action in shares:
        if action not in actions:
            raise UnknownLabel(
                "action", action, actions, f"at {label!r} in state {state!r}"
            )

    def number(value: Any) -> Any:
        if getattr(value, "is_algebraic", False):
            return value
        return exact(value, f"a probability at {label!r}")

    return tuple(number(shares.get(action, ZERO)) for action in actions)


def _following(rows: Sequence[Mapping[int, Any]], start: int) -> set[int]:
    """The states that can come after a state, itself included."""
    seen, stack = {start}, [start]
    while stack:
        for t in rows[stack.pop()]:
            if t not in seen:
                seen.add(t)
                stack.append(t)
    return seen


def _leading(rows: Sequence[Mapping[int, Any]], goals: set[int]) -> set[int]:
    """The states from which one of some states can be reached."""
    before: dict[int, list[int]] = {}
    for s, row in enumerate(rows):
        for t in row:
            before.setdefault(t, []).append(s)
    seen, stack = set(goals), list(goals)
    while stack:
        for s in before.get(stack.pop(), ()):
            if s not in seen:
                seen.add(s)
                stack.append(s)
    return seen


def _less(
    rows: Sequence[Mapping[int, Any]], inside: Sequence[int], place: Mapping[int, int]
) -> list[list[Any]]:
    """One minus the transitions among some states."""
    matrix: list[list[Any]] = [[ZERO] * len(inside) for _ in inside]
    for s in inside:
        k = place[s]
        matrix[k][k] = matrix[k][k] + 1
        for t, share in rows[s].items():
            if t in place:
                matrix[k][place[t]] = matrix[k][place[t]] - share
    return matrix
