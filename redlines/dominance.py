"""Iterated elimination of dominated strategies, with what was removed and why.

A plan is strictly dominated if some mixture of the owner's other plans is worth more
against every plan of the other player that is left, weakly if it is worth as much
against all and more against one. What survives the strict kind does not depend on the
order; what survives the weak kind does, so the order is part of the answer.

Reads: errors, forms, tree, solvers.queries.  Used by: users.

References
----------
[osborne1994]_, sections 4.2 and 4.3.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from redlines.errors import SolveFailed, Unsupported
from redlines.forms import ReducedForm
from redlines.numbers import brief
from redlines.problem import require
from redlines.solvers.linear_programmes import Constraint, Programme, maximize
from redlines.solvers.queries import Query, Undecided
from redlines.tree import STR_LINES, STR_WIDTH, Game

__all__ = ["Elimination", "Removal", "eliminate"]

# payoffs of a strategic form that are compared
MAX_CELLS = 1_000_000
DEFAULT_EFFORT = 50_000_000

Plan = dict[str, str]


@dataclass(frozen=True)
class Removal:
    """A plan that was removed.

    Attributes
    ----------
    round : int
        In which round, from 1.
    player : str
    plan : dict of str to str
        What it does, by information set; sets that it excludes are left out.
    by : tuple of (dict, Fraction)
        The mixture that dominates it: plans, each with its share.
    strict : bool
        Whether it is worth more against every plan that was left, or only as much
        against all and more against some.
    """

    round: int
    player: str
    plan: Plan
    by: tuple[tuple[Plan, Fraction], ...]
    strict: bool

    def __str__(self) -> str:
        words = "strictly" if self.strict else "weakly"
        by = " + ".join(
            _spoken(plan) if share == 1 else f"{brief(share)} ({_spoken(plan)})"
            for plan, share in self.by
        )
        return f"{self.player}: {_spoken(self.plan)}, {words} dominated by {by}"


@dataclass(frozen=True)
class Elimination:
    """What iterated elimination leaves, and how it came to that.

    Attributes
    ----------
    game : Game
    dominance, order : str
        As asked for.
    remaining : dict of str to tuple of dict
        By player the plans that are left.
    removed : tuple of Removal
        In the order in which they were removed.
    """

    game: Game
    dominance: str
    order: str
    remaining: dict[str, tuple[Plan, ...]]
    removed: tuple[Removal, ...]

    @property
    def rounds(self) -> int:
        """How many rounds removed something."""
        return self.removed[-1].round if self.removed else 0

    @property
    def solves(self) -> bool:
        """Whether one plan of each player is left."""
        return all(len(plans) == 1 for plans in self.remaining.values())

    @property
    def reduced(self) -> Game:
        """The game between the plans that are left, as two matrices in payoff units.

        Its actions have the names of the game's where every plan is one action, else
        they are numbered in the order of `remaining`.
        """
        form = ReducedForm.of(self.game)
        kept, names = [], []
        for player, plans in enumerate(self.remaining.values()):
            every = range(len(form.plans[player]))
            places = {_key(_plan(form, player, k)): k for k in every}
            kept.append([places[_key(plan)] for plan in plans])
            single = all(len(plan) == 1 for plan in plans)
            names.append(
                [
                    next(iter(plan.values())) if single else str(number)
                    for number, plan in enumerate(plans, 1)
                ]
            )
        tables = [
            [[Fraction(table[r][c], scale) for c in kept[1]] for r in kept[0]]
            for table, scale in zip(form.payoffs, form.scales, strict=True)
        ]
        return Game.from_bimatrix(
            tables[0],
            tables[1],
            players=self.game.players,
            actions=names,
            name=f"{self.game.name}, reduced",
        )

    def __repr__(self) -> str:
        left = ", ".join(f"{p} {len(k)}" for p, k in self.remaining.items())
        return (
            f"<Elimination ({self.dominance} dominance) in {self.game.name}: "
            f"{len(self.removed)} removed, left are {left}>"
        )

    def __str__(self) -> str:
        lines = _wrapped(repr(self)[1:-1], 1)
        if self.dominance == "weak" and self.removed:
            lines.append(f"  another order than {self.order!r} may leave others")
        left: list[str] = []
        for player, plans in self.remaining.items():
            some = "; ".join(map(_spoken, plans[:4]))
            more = f"; and {len(plans) - 4} more" if len(plans) > 4 else ""
            left += _wrapped(f"left to {player}: {some}{more}", 4)
        room = STR_LINES - len(lines) - len(left) - 1
        shown = 0
        for number, removal in enumerate(self.removed):
            block = [f"round {removal.round}"] if removal.round != shown else []
            block += _wrapped(f"  {removal}", 8)
            if len(block) > room:
                lines.append(f"... {len(self.removed) - number} more; see .removed")
                break
            shown, room = removal.round, room - len(block)
            lines += block
        return "\n".join(lines + left)


def _plan(form: ReducedForm, player: int, plan: int) -> Plan:
    """What a plan does, by label."""
    tables = form.game._tables
    return {
        tables.label(h): tables.infosets[h].actions[a]
        for h, a in form.choices(player, plan).items()
    }


def _key(plan: Plan) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(plan.items()))


def _wrapped(line: str, most: int) -> list[str]:
    """A line as several of at most 100 characters, and at most so many."""
    rows = textwrap.wrap(line, STR_WIDTH, subsequent_indent=" " * 6)
    if len(rows) > most:
        del rows[most:]
        rows[-1] = f"{rows[-1][: STR_WIDTH - 1]}…"
    return rows


def _spoken(plan: Plan) -> str:
    if len(plan) == 1:
        return next(iter(plan.values()))
    return ", ".join(f"{label}: {action}" for label, action in plan.items())


def eliminate(
    game: Game,
    dominance: str = "strict",
    *,
    mixed: bool = True,
    order: str = "simultaneous",
    effort: int = DEFAULT_EFFORT,
    time_limit: float | None = None,
) -> Elimination:
    """Remove dominated strategies, again and again until there are none.

    Parameters
    ----------
    game : Game
        Two players, every parameter bound; a tree by its reduced strategic form.
    dominance : {"strict", "weak"}
        Which strategies are removed.
    mixed : bool
        Whether mixtures dominate, or plans alone.
    order : {"simultaneous", "alternating"}
        Whether a round removes all dominated plans of both players, or of one player,
        the first to begin with.
    effort : int
        How much work one question about mixtures may do, in z3's resource units, where
        a linear programme is too large to be proved.
    time_limit : float, optional
        Seconds for one such question; default none.

    Returns
    -------
    Elimination

    Raises
    ------
    UnboundParameter
        If a parameter has no value.
    Unsupported
        If the strategic form has more than a million cells.
    SolveFailed
        If a question about mixtures was not decided within `effort` or `time_limit`.

    Examples
    --------
    >>> import redlines as rl
    >>> dilemma = rl.Game.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> print(rl.eliminate(dilemma))
    Elimination (strict dominance) in bimatrix: 2 removed, left are Row 1, Column 1
    round 1
      Row: 1, strictly dominated by 2
      Column: 1, strictly dominated by 2
    left to Row: 2
    left to Column: 2
    """
    require(game, Game, "eliminate")
    _one_of("dominance", dominance, ("strict", "weak"))
    _one_of("order", order, ("simultaneous", "alternating"))
    game._require_numbers("eliminate")
    rows, columns = ReducedForm.sizes(game)
    if rows * columns > MAX_CELLS:
        raise Unsupported(
            f"{game!r} has {rows:,} and {columns:,} reduced strategies; elimination "
            f"compares at most {MAX_CELLS:,} pairs of them"
        )
    reduced = ReducedForm.of(game)
    one, other = reduced.payoffs
    payoffs = (one, [list(column) for column in zip(*other, strict=True)])
    left = [list(range(rows)), list(range(columns))]
    removed: list[Removal] = []

    def spoken(player: int, plan: int) -> Plan:
        return _plan(reduced, player, plan)

    number, idle, turn = 0, 0, 0
    while idle < (1 if order == "simultaneous" else 2):
        number += 1
        at_turn = (0, 1) if order == "simultaneous" else (turn,)
        turn = 1 - turn
        gone: list[tuple[int, int]] = []
        for player in at_turn:
            search = _Search(
                payoffs[player], left[player], left[1 - player], dominance == "weak"
            )
            for plan in left[player]:
                by = search.by_plan(plan)
                if by is None and mixed:
                    by = _decided(search, plan, effort, time_limit, game)
                if by is None:
                    continue
                gone.append((player, plan))
                removed.append(
                    Removal(
                        number,
                        game.players[player],
                        spoken(player, plan),
                        tuple((spoken(player, k), share) for k, share in by.items()),
                        search.is_strict(plan, by),
                    )
                )
        for player, plan in gone:
            left[player].remove(plan)
        if gone:
            idle = 0
        else:
            idle += 1
            number -= 1
    return Elimination(
        game,
        dominance,
        order,
        {
            name: tuple(spoken(player, plan) for plan in left[player])
            for player, name in enumerate(game.players)
        },
        tuple(removed),
    )


def _one_of(word: str, given: object, allowed: tuple[str, ...]) -> None:
    if given not in allowed:
        raise ValueError(f"{word} is {' or '.join(map(repr, allowed))}, not {given!r}")


class _Search:
    """What dominates a plan of one player, among those that are left."""

    def __init__(
        self,
        payoffs: Sequence[Sequence[int]],
        own: Sequence[int],
        other: Sequence[int],
        weak: bool,
    ) -> None:
        self.own, self.weak = list(own), weak
        self.rows = {plan: [payoffs[plan][b] for b in other] for plan in own}

    def by_plan(self, plan: int) -> dict[int, Fraction] | None:
        """The first plan that dominates another by itself."""
        here = self.rows[plan]
        for rival in self.own:
            there = self.rows[rival]
            if self.weak:
                better = all(t >= h for t, h in zip(there, here, strict=True))
                better = better and there != here
            else:
                better = all(t > h for t, h in zip(there, here, strict=True))
            if better:
                return {rival: Fraction(1)}
        return None

    def by_mixture(
        self, plan: int, effort: int, time_limit: float | None
    ) -> dict[int, Fraction] | None:
        """A mixture that dominates a plan."""
        rivals = [k for k in self.own if k != plan]
        if len(rivals) < 2 or self._is_best_somewhere(plan):
            return None
        try:
            return self._by_programme(plan, rivals)
        except SolveFailed:
            return self._by_query(plan, rivals, effort, time_limit)

    def _by_programme(self, plan: int, rivals: list[int]) -> dict[int, Fraction] | None:
        """A mixture that dominates by the most, proved by the dual; None if none does.

        The plan itself may be mixed in, so that there is always an answer: it is not
        dominated if and only if the most is 0.
        """
        here = self.rows[plan]
        gains = [
            {j: v for j, k in enumerate(rivals) if (v := self.rows[k][b] - value)}
            for b, value in enumerate(here)
        ]
        itself, least = len(rivals), len(rivals) + 1
        cost: dict[int, int] = {least: 1}
        if self.weak:
            cost = {}
            for gain in gains:
                for j, v in gain.items():
                    cost[j] = cost.get(j, 0) + v
        price = {} if self.weak else {least: 1}
        found = maximize(
            Programme(
                columns=least + 1,
                cost=cost,
                at_most=[
                    Constraint({**{j: -v for j, v in gain.items()}, **price})
                    for gain in gains
                ]
                + [Constraint({least: 1}, self._spread)],
                equal=[Constraint(dict.fromkeys(range(itself + 1), 1), 1)],
            )
        )
        if found is None:
            raise SolveFailed("a bounded programme with a solution has no optimum")
        if not found.value:
            return None
        rest = 1 - found.point[itself]
        return {
            k: share / rest
            for k, share in zip(rivals, found.point, strict=False)
            if share
        }

    @property
    def _spread(self) -> int:
        """More than any two payoffs differ by."""
        rows = self.rows.values()
        return max(map(max, rows)) - min(map(min, rows)) + 1

    def _by_query(
        self, plan: int, rivals: list[int], effort: int, time_limit: float | None
    ) -> dict[int, Fraction] | None:
        """A mixture that dominates, or None, by linear arithmetic."""
        here = self.rows[plan]
        query = Query("QF_LRA", effort, time_limit)
        z3 = query.z3
        shares = [z3.Real(f"q{k}", query.context) for k in rivals]
        zero, one = query.real(0), query.real(1)
        query.solver.add(*(share >= zero for share in shares))
        query.solver.add(z3.Sum(shares) == one)
        gains = []
        for b, value in enumerate(here):
            worth = z3.Sum(
                [
                    query.real(self.rows[k][b]) * q
                    for k, q in zip(rivals, shares, strict=True)
                ]
            )
            gain = worth - query.real(value)
            query.solver.add(gain >= zero if self.weak else gain > zero)
            gains.append(gain)
        if self.weak:
            query.solver.add(z3.Sum(gains) > zero)
        model = query.model()
        if model is None:
            return None
        found = {}
        for k, q in zip(rivals, shares, strict=True):
            value = model.eval(q, model_completion=True)
            share = Fraction(value.numerator_as_long(), value.denominator_as_long())
            if share:
                found[k] = share
        return found

    def _is_best_somewhere(self, plan: int) -> bool:
        """Whether a plan alone is best against some plan: then nothing dominates it."""
        for b, value in enumerate(self.rows[plan]):
            if all(self.rows[k][b] < value for k in self.own if k != plan):
                return True
        return False

    def is_strict(self, plan: int, by: dict[int, Fraction]) -> bool:
        """Whether a mixture is worth more against everything that is left."""
        return all(
            sum(share * self.rows[k][b] for k, share in by.items()) > value
            for b, value in enumerate(self.rows[plan])
        )


def _decided(
    search: _Search, plan: int, effort: int, time_limit: float | None, game: Game
) -> dict[int, Fraction] | None:
    try:
        return search.by_mixture(plan, effort, time_limit)
    except Undecided as stopped:
        raise SolveFailed(
            f"whether a mixture dominates a plan of {game!r} was not decided: "
            f"{stopped}; raise effort= or time_limit=, or ask with mixed=False"
        ) from None
