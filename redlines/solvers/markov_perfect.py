"""All stationary Markov perfect equilibria of small games, with a proof that it is all.

At every point of every stage both players get a support. Whether a player's actions are
all best depends on the other's probabilities alone (`solvers.gains`), so the equilibria
with given supports are a product of two sets, each given by polynomials in the
probabilities of one player (`solvers.loci`). Supports that bounds on values rule out
are left in whole branches (`solvers.support_tree`).

Reads: recurring, solvers.  Used by: solvers.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from redlines.markov import MarkovGame
from redlines.problem import Problem
from redlines.ranges import Range
from redlines.recurring import StationaryElement
from redlines.solution import Concept, Coverage
from redlines.solvers.base import Found, Solver, gather
from redlines.solvers.gains import Gains, Support
from redlines.solvers.loci import Budget, Locus, Plan, locus, may_be
from redlines.solvers.markov_form import MarkovForm, refusal
from redlines.solvers.queries import Undecided
from redlines.solvers.support_tree import SupportTree

__all__ = ["MarkovPerfect", "rows_of"]

# pairs of supports that are looked at, once those that bounds rule out are left
EXAMINED = 200_000


def rows_of(form: MarkovForm, plans: tuple[Plan, Plan]) -> Any:
    """What both do by state and information set, from what they do at points."""
    rows: list[list[tuple[Any, ...]]] = [
        [()] * len(stage._tables.infosets) for stage in form.game._stages
    ]
    for m, point in enumerate(form.points):
        for player, index in enumerate(point.infosets):
            if index is not None:
                rows[point.state][index] = tuple(plans[player][m])
    return tuple(map(tuple, rows))


@dataclass(frozen=True)
class MarkovPerfect(Solver):
    """All stationary Markov perfect equilibria, exact."""

    concept: ClassVar[Concept] = Concept.MARKOV_PERFECT
    name: ClassVar[str] = "supports"
    takes: ClassVar[type[Problem]] = MarkovGame

    def refusal(self, game: MarkovGame) -> str | None:
        """Why this method cannot do a game, or None."""
        return refusal(game)

    def find(self, game: MarkovGame, coverage: Coverage) -> Found:
        """The equilibria, by supports in lexicographic order, state by state."""
        until = None if self.time_limit is None else time.monotonic() + self.time_limit
        search = _Search(MarkovForm(game), Budget(self.effort, until))
        found, status, complete, reason = gather(
            search.elements(), coverage, self.limit, "every support was looked at"
        )
        sets = sum(1 for element in found if element.conditions)
        if complete and sets:
            reason += f"; {sets} of them stand for sets, described by their conditions"
        return Found(
            elements=found,
            status=status,
            complete=complete,
            reason=reason,
            unit="stationary equilibrium",
            count=len(found) if complete else None,
        )


class _Search:
    """The walk through all supports."""

    def __init__(self, form: MarkovForm, budget: Budget) -> None:
        self.form = form
        self.budget = budget
        self.gains = (Gains(form, 0), Gains(form, 1))
        self.tree = SupportTree(self.gains)

    def elements(self) -> Iterator[StationaryElement]:
        until = self.budget.until
        for seen, supports in enumerate(self.tree.pairs()):
            if seen >= EXAMINED:
                raise Undecided(
                    f"more than {EXAMINED:,} pairs of supports are possible; ask for "
                    "coverage='one'"
                )
            if until is not None and time.monotonic() > until:
                raise Undecided("the time ran out; allow more time_limit=")
            yield from self._on(supports)

    def _on(self, supports: tuple[Support, Support]) -> Iterator[StationaryElement]:
        """The equilibria with given supports."""
        excess = []
        for player in (0, 1):
            own, other = supports[player], supports[1 - player]
            more = may_be(self.gains[player], own, other)
            if more is None:
                return
            excess.append(more)
        loci: list[Locus | None] = [None, None]
        # the side with more conditions than unknowns is the likelier to be empty
        for player in sorted((0, 1), key=lambda p: -excess[p]):
            own, other = supports[player], supports[1 - player]
            # what is found there are strategies of the other
            found = locus(self.gains[player], own, other, self.budget)
            if found is None:
                return
            loci[1 - player] = found
        first, second = loci
        assert first is not None
        assert second is not None
        for plans in itertools.product(first.plans, second.plans):
            yield StationaryElement(
                self.form.game,
                rows_of(self.form, (plans[0], plans[1])),
                conditions=(*self._written(0, first), *self._written(1, second)),
                ranges=dict((*self._ranges(0, first), *self._ranges(1, second))),
            )

    def _ranges(
        self, player: int, found: Locus
    ) -> Iterator[tuple[tuple[int, int], Range]]:
        if found.interval is not None:
            point = self.form.points[found.names[0][0]]
            index = point.infosets[player]
            assert index is not None
            yield (point.state, index), found.interval

    def _written(self, player: int, found: Locus) -> Iterator[str]:
        """The conditions on a player's probabilities, as text."""
        if found.conditions is None:
            return
        words = [self._name(player, m, a) for m, a in found.names]
        if not found.conditions:
            yield f"any probabilities of {', '.join(words)}"
        for polynomial, sign in found.conditions:
            terms = []
            for powers, c in polynomial.to_dict().items():
                parts = [
                    word if power == 1 else f"{word}**{power}"
                    for word, power in zip(words, powers, strict=True)
                    if power
                ]
                size = abs(int(c))
                factor = [str(size)] if size != 1 or not parts else []
                terms.append(("- " if c < 0 else "+ ") + "*".join(factor + parts))
            yield f"{' '.join(terms).removeprefix('+ ')} {sign} 0"

    def _name(self, player: int, m: int, action: int) -> str:
        point = self.form.points[m]
        index = point.infosets[player]
        assert index is not None
        tables = self.form.game._stages[point.state]._tables
        label = tables.label(index)
        return (
            f"{self.form.game.states[point.state]}.{label}."
            f"{tables.infosets[index].actions[action]}"
        )
