"""Markov games that end: backward induction from the last period.

At each point of a stage, with what follows known, they play a game of two matrices;
all its Nash equilibria are taken, by the solver for those. Where a game has a
continuum, its extreme equilibria are taken and the answer is said not to be complete.

Reads: expiring, bimatrix, solvers.  Used by: solvers.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from redlines.expiring import Horizon, HorizonElement
from redlines.problem import Problem
from redlines.solution import Concept, Coverage
from redlines.solvers.base import Found, Solver, gather
from redlines.solvers.loci import Plan
from redlines.solvers.markov_form import MarkovForm, refusal
from redlines.solvers.markov_perfect import rows_of
from redlines.solvers.nash import AllNash
from redlines.tree import Game

__all__ = ["Expiry"]

ZERO, ONE = Fraction(0), Fraction(1)

Values = tuple[tuple[Fraction, ...], tuple[Fraction, ...]]
"""By player and point, the discounted sum from there on."""


@dataclass(frozen=True)
class Expiry(Solver):
    """All Markov perfect equilibria of a game that ends, by backward induction."""

    concept: ClassVar[Concept] = Concept.MARKOV_PERFECT
    name: ClassVar[str] = "backward induction by periods"
    takes: ClassVar[type[Problem]] = Horizon

    def refusal(self, game: Horizon) -> str | None:
        """Why this method cannot do a game, or None."""
        return refusal(game.game)

    def find(self, game: Horizon, coverage: Coverage) -> Found:
        """The equilibria; with coverage one, the first at every point."""
        search = _Backward(game)
        found, status, complete, reason = gather(
            search.elements(), coverage, self.limit, "every stage game was solved"
        )
        if complete and search.continua:
            complete = False
            reason = (
                "a stage game has a continuum of equilibria, of which the extreme ones "
                "are taken"
            )
        return Found(
            elements=found,
            status=status,
            complete=complete,
            reason=reason,
            unit="equilibrium",
            count=len(found) if complete else None,
        )


class _Backward:
    """Periods from the last to the first, each with what follows it."""

    def __init__(self, horizon: Horizon) -> None:
        self.horizon = horizon
        self.form = MarkovForm(horizon.game)
        self.continua = False
        self._solved: dict[Any, list[tuple[Any, Any]]] = {}

    def elements(self) -> Iterator[HorizonElement]:
        horizon = self.horizon
        end = tuple(
            tuple(horizon.then[s][p] for s in horizon.states) for p in horizon.players
        )
        # a stack of choices instead of recursion: horizons may be long
        stack: list[Iterator[tuple[Any, Any]]] = [self._period(end)]
        plan: list[Any] = []
        while stack:
            found = next(stack[-1], None)
            if found is None:
                stack.pop()
                if plan:
                    plan.pop()
                continue
            rows, values = found
            plan.append(rows)
            if len(plan) == horizon.periods:
                yield HorizonElement(horizon, plan[::-1])
                plan.pop()
            else:
                stack.append(self._period(values))

    def _period(self, later: Any) -> Iterator[tuple[Any, Any]]:
        """What can be done in a period, and what each state is then worth."""
        form = self.form
        # points of a stage in reverse: what follows within a stage comes first
        order = range(len(form.points) - 1, -1, -1)
        by_stage: list[list[dict[int, Any]]] = []
        for state in range(len(form.first)):
            mine = [m for m in order if form.points[m].state == state]
            by_stage.append(self._stage(mine, later))
        for chosen in itertools.product(*by_stage):
            done = {m: row for stage in chosen for m, row in stage.items()}
            plans: list[Plan] = [
                tuple(done[m][0][p] for m in range(len(form.points))) for p in (0, 1)
            ]
            values = tuple(
                tuple(done[first][1][p] for first in form.first) for p in (0, 1)
            )
            yield rows_of(form, (plans[0], plans[1])), values

    def _stage(self, points: Sequence[int], later: Any) -> list[dict[int, Any]]:
        """The ways to play a stage: by point, both distributions and both values."""
        ways: list[dict[int, Any]] = [{}]
        state_of = {first: s for s, first in enumerate(self.form.first)}
        for m in points:
            longer = []
            for way in ways:
                tables = self._tables(m, way, later, state_of)
                for pair in self._equilibria(tables):
                    worth = tuple(
                        sum(
                            (
                                x * y * tables[p][a][b]
                                for a, x in enumerate(pair[0])
                                for b, y in enumerate(pair[1])
                                if x and y
                            ),
                            ZERO,
                        )
                        for p in (0, 1)
                    )
                    longer.append({**way, m: (pair, worth)})
            ways = longer
        return ways

    def _tables(self, m: int, way: Any, later: Any, state_of: dict[int, int]) -> Any:
        """The game of two matrices at a point."""
        form = self.form
        return tuple(
            tuple(
                tuple(
                    cell.rewards[p]
                    + sum((x * way[t][1][p] for t, x in cell.within.items()), ZERO)
                    + form.discounts[p]
                    * sum(
                        (x * later[p][state_of[t]] for t, x in cell.onward.items()),
                        ZERO,
                    )
                    for cell in row
                )
                for row in form.points[m].cells
            )
            for p in (0, 1)
        )

    def _equilibria(self, tables: Any) -> list[tuple[Any, Any]]:
        """All Nash equilibria of two matrices; extreme ones of a continuum."""
        if len(tables[0]) == 1 and len(tables[0][0]) == 1:
            return [((ONE,), (ONE,))]
        found = self._solved.get(tables)
        if found is None:
            game = Game.from_bimatrix(tables[0], tables[1])
            elements: list[Any] = list(AllNash().find(game, Coverage.ALL).elements)
            groups = type(elements[0]).maximal_nash_subsets(elements)
            self.continua = self.continua or any(len(g) > 1 for g in groups)
            found = []
            for element in elements:
                rows = element.assessment().strategy
                found.append((tuple(rows[0]), tuple(rows[1])))
            self._solved[tables] = found
        return found
