"""Extensive-form correlated equilibria: the polytope, by linear programming.

One variable for each pair of reduced plans, its probability. At an information set h a
player is told an action a, having followed what it was told before. A variable v(h, a,
h') for each own set h' from h on is what the best way of going on from h' is
worth to a player who was told a at h and is told nothing more; it is at least what each
action at h' brings at once and through the sets that follow. Following what one is told
from (h, a) on pays no less than v(h, a, h). Payoffs are moved up so that nothing is
negative; both sides move by the same amount.

With draws of chance the set of distributions is larger than what von Stengel and Forges
describe by correlation plans, so plans themselves are the variables, which bounds the
size of the tree.

Reads: errors, forms, solution, solvers.  Used by: solving.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import ClassVar

from redlines.forms import PlayerForm, ReducedForm, sequence_form
from redlines.mediated import Amount, Given
from redlines.solution import Concept
from redlines.solvers.correlated import MAX_ENTRIES, Correlated, Polytope
from redlines.solvers.linear_programmes import Constraint
from redlines.tree import Game

__all__ = ["ExtensiveCorrelated", "ExtensivePolytope"]

Row = dict[int, Fraction]


class ExtensivePolytope(Polytope):
    """Every extensive-form correlated equilibrium of a game."""

    def __init__(self, game: Game, aim: str, amount: Amount, given: Given) -> None:
        super().__init__(game, False, aim, amount, given)

    @cached_property
    def _system(self) -> tuple[list[Constraint], int]:
        """The inequalities, and how many variables they need beyond the pairs."""
        rows: list[Row] = []
        columns = self.size
        for player in (0, 1):
            gains = _Gains(self, player)
            for h, action in _triggers(gains.own, self.game):
                added, columns = gains.told(h, action, columns)
                rows += added
        return [Constraint(row) for row in rows if row], columns - self.size

    @cached_property
    def constraints(self) -> list[Constraint]:
        """What a deviation gains, at most 0; rows that say nothing are left out."""
        return self._system[0]

    @property
    def helpers(self) -> int:
        """How many variables v(h, a, h') there are."""
        return self._system[1]

    def __getstate__(self) -> dict[str, object]:
        state = super().__getstate__()
        state.pop("_system", None)
        return state


class _Gains:
    """The inequalities of one player."""

    def __init__(self, polytope: ExtensivePolytope, player: int) -> None:
        self.game = game = polytope.game
        reduced = polytope.reduced
        self.player = player
        self.own = reduced.form.players[player]
        self.columns = polytope.columns
        payoffs = game._exact_payoffs
        low = min(payoffs[node][player] for node in game._tables.terminals)
        table = reduced.form.bilinear(lambda node: payoffs[node][player] - low)
        # by own sequence, then by the other's; never negative
        paid: list[dict[int, Fraction]] = [{} for _ in range(len(self.own))]
        for pair, value in table.items():
            paid[pair[player]][pair[1 - player]] = value
        self.having: list[list[int]] = [[] for _ in range(len(self.own))]
        for number, plan in enumerate(reduced.plans[player]):
            for q in plan:
                self.having[q].append(number)
        theirs = [frozenset(plan) for plan in reduced.plans[1 - player]]
        # what ends after an own sequence are worth against each of the other's plans
        self.worth = [
            [
                sum((v for r, v in row.items() if r in plan), Fraction(0))
                for plan in theirs
            ]
            for row in paid
        ]

    def _pair(self, own: int, other: int) -> int:
        one, two = (own, other) if self.player == 0 else (other, own)
        return one * self.columns + two

    def _ends(self, told: int, sequence: int, sign: int) -> Row:
        """What an own sequence brings at once to who was told another one."""
        return {
            self._pair(plan, other): sign * value
            for other, value in enumerate(self.worth[sequence])
            if value
            for plan in self.having[told]
        }

    def told(self, start: int, action: int, columns: int) -> tuple[list[Row], int]:
        """That a recommendation is followed, whatever else could be done."""
        own, tables = self.own, self.game._tables
        told = own.first[start] + action
        sets = _deviating(own, start, action, self.game)
        place = {h: columns + k for k, h in enumerate(sets)}
        rows: list[Row] = []
        for h in sets:
            for choice in range(len(tables.infosets[h].actions)):
                # what is told after an action that was followed is asked for on its own
                if (h, choice) == (start, action):
                    continue
                sequence = own.first[h] + choice
                row = self._ends(told, sequence, 1)
                for later in own.after[sequence]:
                    row[place[later]] = Fraction(1)
                row[place[h]] = Fraction(-1)
                rows.append(row)
        loss: Row = {place[start]: Fraction(1)}
        todo = [told]
        for q in todo:
            # a plan that goes on to q was told so
            for j, value in self._ends(q, q, -1).items():
                loss[j] = loss.get(j, Fraction(0)) + value
            for h in own.after[q]:
                first = own.first[h]
                todo += range(first, first + len(tables.infosets[h].actions))
        return [*rows, loss], columns + len(sets)


def _triggers(own: PlayerForm, game: Game) -> Iterator[tuple[int, int]]:
    """Information sets with a choice, and what may be recommended there."""
    for h in own.infosets:
        actions = len(game._tables.infosets[h].actions)
        if actions > 1:
            for action in range(actions):
                yield h, action


def _deviating(own: PlayerForm, start: int, action: int, game: Game) -> list[int]:
    """An information set and the own ones after any other action at it."""
    found = [start]
    for h in found:
        first = own.first[h]
        for q in range(first, first + len(game._tables.infosets[h].actions)):
            if q != own.first[start] + action:
                found += own.after[q]
    return found


@dataclass(frozen=True)
class ExtensiveCorrelated(Correlated):
    """The polytope of extensive-form correlated equilibria of a small tree.

    References
    ----------
    [vonstengelforges2008]_, definition 2.2.
    """

    concept: ClassVar[Concept] = Concept.EXTENSIVE_FORM_CORRELATED

    def refusal(self, game: Game) -> str | None:
        """Games whose inequalities would have more than a million entries."""
        entries = _entries(game)
        if entries > MAX_ENTRIES:
            one, other = ReducedForm.sizes(game)
            return (
                f"it has {one:,} and {other:,} plans, so the inequalities have about "
                f"{entries:,} entries; at most {MAX_ENTRIES:,} are written out"
            )
        return None

    def _polytope(self, game: Game, aim: str, amount: Amount, given: Given) -> Polytope:
        return ExtensivePolytope(game, aim, amount, given)


def _entries(game: Game) -> int:
    """About how many numbers the inequalities have that are not zero."""
    matrix = game._tables.bimatrix
    if matrix is not None:
        rows, columns = matrix.shape
        return rows * columns * (rows + columns)
    sizes = ReducedForm.sizes(game)
    form, total = sequence_form(game), 0
    for player in (0, 1):
        own = form.players[player]
        having = _having(own, game)
        for h, action in _triggers(own, game):
            after = _deviating(own, h, action, game)
            rows = sum(len(game._tables.infosets[k].actions) for k in after)
            total += rows * having[own.first[h] + action] * sizes[1 - player]
    return total


def _having(own: PlayerForm, game: Game) -> list[int]:
    """How many plans of a player come to each of its sequences."""
    rows = game._tables.infosets
    # ways to go on from a sequence, and at an information set
    onward, ways = [1] * len(own), dict.fromkeys(own.infosets, 0)
    for q in range(len(own) - 1, -1, -1):
        for h in own.after[q]:
            first = own.first[h]
            ways[h] = sum(onward[first : first + len(rows[h].actions)])
            onward[q] *= ways[h]
    found = onward[:1] + [0] * (len(own) - 1)
    for q in range(1, len(own)):
        found[q] = found[own.parent[q]] // ways[own.infoset[q]] * onward[q]
    return found
