"""Communication equilibria: the set of mechanisms, by linear programming.

One variable for each pair of reports and each pair of actions, the probability of this
recommendation after these reports. *Obedience*: one inequality for each type,
recommendation and other action. *Honesty*, with whatever follows a lie: a variable v(t,
t', r) for the best that type t makes of being told r after reporting t', one inequality
for each action that it could then take, and one for each t and t', that honesty pays no
less than the sum of v over r. Payoffs are moved up so that nothing is negative; both
sides of the last inequality move by the same amount.

Everything but the sums of probabilities is homogeneous, so what is true of
probabilities given an event is linear too, after scaling that event's probability to 1.

Reads: mechanism, communicated, mediated, ranges, solution, solvers.  Used by: solving.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

from redlines.communicated import MechanismElement
from redlines.errors import ModelError, Unsupported
from redlines.mechanism import Actions, Mechanism, Pair, types_of
from redlines.mediated import Amount, Given
from redlines.ranges import Interval, Range
from redlines.solution import Concept, Coverage, Status
from redlines.solvers.base import Found, Solver
from redlines.solvers.correlated import MAX_ENTRIES, read_aim, welfare
from redlines.solvers.linear_programmes import Constraint, Programme, maximize
from redlines.tree import Game

__all__ = ["Communication", "Mechanisms"]

Row = dict[int, Fraction]


class Mechanisms(MechanismElement):
    """Every communication equilibrium of a game.

    Parameters
    ----------
    game : Game
    aim : str
        What the mechanism shown is best at, in words.
    amount, given : callable
        What terminals count for this aim, and which count at all.
    """

    def __init__(self, game: Game, aim: str, amount: Amount, given: Given) -> None:
        self.game = game
        self.aim = aim
        self.types = types_of(game)
        # the place of a pair of reports with a pair of actions
        self.place: dict[tuple[Pair, Actions], int] = {}
        for pair in self.types.pairs:
            for actions in self.types.actions(pair):
                self.place[pair, actions] = len(self.place)
        found = self._best(amount, given)
        if found is None:
            raise ModelError(
                "what the objective conditions on has probability 0 in every "
                "equilibrium of the concept; ask for another objective"
            )
        self._shares = found[1]
        if given is None:
            self._shares = self._fairest(amount, *found)

    @property
    def size(self) -> int:
        """How many recommendations there are, over all pairs of reports."""
        return len(self.place)

    def _expected(self, amount: Amount) -> Row:
        """An expected amount by recommendations; zeros are left out."""
        found: Row = {}
        for end in self.types.ends:
            value = end.chance * amount(end.node)
            if value:
                place = self.place[end.types, end.actions]
                found[place] = found.get(place, Fraction(0)) + value
        return {j: v for j, v in found.items() if v}

    # --------------------------------------------------------------- inequalities
    @cached_property
    def _programme(self) -> tuple[list[Constraint], int]:
        """What a deviation gains, at most 0, and how many columns that takes."""
        rows: list[Row] = []
        columns = self.size
        for player in (0, 1):
            paid = _Paid(self, player)
            for own in range(len(self.types.of[player])):
                rows += paid.disobedience(own)
                for said in range(len(self.types.of[player])):
                    if said != own:
                        added, columns = paid.dishonesty(own, said, columns)
                        rows += added
        return [Constraint(row) for row in rows if any(row.values())], columns

    @property
    def inequalities(self) -> int:
        """How many inequalities describe the set."""
        return len(self._programme[0])

    def _fairest(
        self, amount: Amount, value: Fraction, shares: dict[int, Fraction]
    ) -> dict[int, Fraction]:
        """Of all that are best, one with the greatest sum of payoffs."""
        cost, second = self._expected(amount), welfare(self.game)
        if cost == self._expected(second):
            return shares
        found = self._best(second, None, [Constraint(cost, value)])
        assert found is not None
        return found[1]

    def _best(
        self, amount: Amount, given: Given, level: Sequence[Constraint] = ()
    ) -> tuple[Fraction, dict[int, Fraction]] | None:
        """The greatest value of an amount, and a mechanism that has it."""
        rows, columns = self._programme
        scaled: dict[int, int] = {} if given is None else {columns: -1}
        sums = []
        for pair in self.types.pairs:
            block = {self.place[pair, a]: 1 for a in self.types.actions(pair)}
            sums.append(Constraint(block | scaled, int(given is None)))
        if given is None:
            cost = self._expected(amount)
        else:
            here = given
            cost = self._expected(lambda n: amount(n) if here(n) else Fraction(0))
            total = self._expected(lambda n: Fraction(int(here(n))))
            if not total:
                return None
            sums.append(Constraint(total, 1))
            columns += 1
        found = maximize(Programme(columns, cost, rows, [*sums, *level]))
        if found is None:
            return None
        scale = Fraction(1) if given is None else found.point[columns - 1]
        shares = found.point[: self.size]
        return found.value, {j: x / scale for j, x in enumerate(shares) if x}

    def extremes(self, amount: Amount, given: Given) -> Range | None:
        """What an expected amount can be over the set, both ends attained."""
        high = self._best(amount, given)
        low = self._best(lambda node: -amount(node), given)
        if high is None or low is None:
            return None
        return Range((Interval(-low[0], high[0]),))

    @cached_property
    def _mechanism(self) -> Mechanism:
        shares: dict[Pair, dict[Actions, Fraction]] = {p: {} for p in self.types.pairs}
        for (pair, actions), j in self.place.items():
            if j in self._shares:
                shares[pair][actions] = self._shares[j]
        return Mechanism(self.types, shares)

    def mechanism(self) -> Mechanism:
        """The mechanism that is shown."""
        return self._mechanism

    def __getstate__(self) -> dict[str, Any]:
        return {k: v for k, v in vars(self).items() if k != "_programme"}


class _Paid:
    """What one player is paid, and the inequalities that follow."""

    def __init__(self, mechanisms: Mechanisms, player: int) -> None:
        self.place = mechanisms.place
        self.types = types = mechanisms.types
        self.player = player
        payoffs = mechanisms.game._exact_payoffs
        low = min(payoffs[end.node][player] for end in types.ends)
        # payoff times chance, by types and actions, own ones first; never negative
        self.paid: dict[tuple[Pair, Actions], Fraction] = {}
        for end in types.ends:
            key = self._own_first(end.types), self._own_first(end.actions)
            value = end.chance * (payoffs[end.node][player] - low)
            self.paid[key] = self.paid.get(key, Fraction(0)) + value

    def _own_first(self, pair: tuple[int, int]) -> tuple[int, int]:
        return pair if self.player == 0 else (pair[1], pair[0])

    def _others(self) -> Iterator[int]:
        return iter(range(len(self.types.of[1 - self.player])))

    def _column(self, own: Pair, acts: Actions) -> int:
        return self.place[self._own_first(own), self._own_first(acts)]

    def _after(self, own: int, said: int, told: int, does: int, sign: int) -> Row:
        """What doing something is worth when told something after a report."""
        found: Row = {}
        for theirs in self._others():
            for act in range(len(self.types.of[1 - self.player][theirs].actions)):
                value = self.paid.get(((own, theirs), (does, act)))
                if value:
                    found[self._column((said, theirs), (told, act))] = sign * value
        return found

    def disobedience(self, own: int) -> list[Row]:
        """For each recommendation and other action, what it gains."""
        actions = range(len(self.types.of[self.player][own].actions))
        rows = []
        for told in actions:
            follow = self._after(own, own, told, told, -1)
            for does in actions:
                if does != told:
                    other = self._after(own, own, told, does, 1)
                    rows.append(_sum(follow, other))
        return rows

    def dishonesty(self, own: int, said: int, columns: int) -> tuple[list[Row], int]:
        """That a false report gains nothing, whatever is done after it."""
        kinds = self.types.of[self.player]
        loss: Row = {}
        for told in range(len(kinds[own].actions)):
            loss = _sum(loss, self._after(own, own, told, told, -1))
        rows = []
        does = range(len(kinds[own].actions))
        for told in range(len(kinds[said].actions)):
            if len(does) == 1:
                loss = _sum(loss, self._after(own, said, told, 0, 1))
                continue
            for act in does:
                row = self._after(own, said, told, act, 1)
                if row:
                    rows.append(_sum(row, {columns: Fraction(-1)}))
            loss = _sum(loss, {columns: Fraction(1)})
            columns += 1
        return [*rows, loss], columns


def _sum(one: Row, other: Row) -> Row:
    found = dict(one)
    for j, v in other.items():
        found[j] = found.get(j, Fraction(0)) + v
        if not found[j]:
            del found[j]
    return found


@dataclass(frozen=True)
class Communication(Solver):
    """The set of communication equilibria of a game with types.

    Parameters
    ----------
    maximize, minimize : str, mapping or measure, optional
        What the mechanism shown is best at, one of them: an event's name,
        ``"welfare"``, a weight for each player, ``rl.P(event)`` or
        ``rl.payoff(player)``. Default: the greatest sum of payoffs, which also decides
        between several that are best at something else.

    References
    ----------
    [forges1986]_, [myerson1982]_, [myerson1991]_ section 6.3.
    """

    concept: ClassVar[Concept] = Concept.COMMUNICATION
    name: ClassVar[str] = "linear programming"

    maximize: Any = None
    minimize: Any = None

    def refusal(self, game: Game) -> str | None:
        """Games of another class, and those with more than a million entries."""
        matrix = game._tables.bimatrix
        if matrix is not None:
            rows, columns = matrix.shape
            entries = rows * columns * (rows + columns)
        else:
            try:
                entries = _entries(game)
            except Unsupported as refused:
                return (
                    f"{refused}; ask for 'correlated' or 'extensive-form correlated', "
                    "in which the mediator recommends and asks nothing"
                )
        if entries > MAX_ENTRIES:
            return (
                f"the inequalities have about {entries:,} entries; at most "
                f"{MAX_ENTRIES:,} are written out"
            )
        return None

    def find(self, game: Game, coverage: Coverage) -> Found:
        """The set, as one element."""
        aim, amount, given = read_aim(game, self.maximize, self.minimize)
        shown = Mechanisms(game, aim, amount, given)
        return Found(
            elements=[shown],
            status=Status.SOLVED,
            complete=True,
            reason=f"all of them, a polytope of {shown.inequalities:,} inequalities on "
            f"{shown.size:,} recommendations after {len(shown.types.pairs):,} pairs of "
            "reports",
            unit="polytope",
            count=1,
        )


def _entries(game: Game) -> int:
    """About how many numbers the inequalities have that are not zero."""
    types = types_of(game)
    total = 0
    for player in (0, 1):
        own = sum(len(kind.actions) for kind in types.of[player])
        other = sum(len(kind.actions) for kind in types.of[1 - player])
        total += own * own * other
    return total
