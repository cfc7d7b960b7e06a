"""Proper equilibria (Myerson 1978) of small games, as a filter on Nash equilibria.

An equilibrium is proper if it is a limit of completely mixed strategies in which
whoever has two plans takes the worse one less and less often than the better one. Along
such a sequence, chosen as power series, the coefficients are *levels*: mixtures of
plans, each infinitely less likely than the one before. So an equilibrium is proper if
and only if each player has levels, the first of them its strategy, that together take
every plan, such that of two plans the one that is worse against the other's levels,
compared one after the other, comes up later ([blume1991]_, proposition 5, for two
players). A player with m plans needs no more than m levels: one that depends linearly
on those before changes no comparison.

With the levels as unknowns this is linear arithmetic with cases, which z3 decides.

Reads: errors, joint, removals, solution, solvers.perfect, solvers.queries, trembling.
Used by: parametric.refining.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from redlines.errors import SolveFailed
from redlines.joint import own_before, plan_text
from redlines.profile import Assessment
from redlines.removals import Removed, Verdict
from redlines.solution import Concept, Element, Solution
from redlines.solvers.perfect import Plans, passing
from redlines.solvers.queries import Query, Undecided
from redlines.trembling import is_proper

__all__ = ["Proper"]

# plans of both players together
MAX_PLANS = 12


class Proper:
    """Proper equilibria.

    Parameters
    ----------
    solution : Solution
        Of Nash equilibria.
    effort, time_limit
        For one question.
    """

    name = "proper"

    def __init__(
        self, solution: Solution, effort: int, time_limit: float | None
    ) -> None:
        self.plans = Plans(solution, self.name, MAX_PLANS)
        self.effort, self.time_limit = effort, time_limit

    def __call__(self, element: Element) -> Verdict:
        """Whether an equilibrium is proper."""
        assessment = element.assessment()
        try:
            question = _Levels(self, assessment)
            levels = question.levels()
        except Undecided as stopped:
            return Verdict(
                [element], undecided=[f"whether an equilibrium is proper: {stopped}"]
            )
        if levels is None:
            return Verdict(removed=[self._removed(element, assessment)])
        if not is_proper(self.plans.table, assessment, levels):
            raise SolveFailed(
                "the check of proper equilibria refuses trembles that were found in "
                f"{self.plans.game!r}",
                self.plans.solution,
            )
        return Verdict([passing(element, self.name)])

    def _removed(self, element: Element, assessment: Assessment) -> Removed:
        """With the one plan by which somebody gains under all such trembles, if any."""
        game = self.plans.game
        for player in (0, 1):
            for plan, spoken in enumerate(self.plans.plans[player]):
                question = _Levels(self, assessment, (player, plan))
                try:
                    kept = question.levels()
                except Undecided:
                    continue
                if kept is None:
                    name = game.players[player]
                    text = plan_text(game, player, spoken)
                    return Removed(
                        self.name,
                        element.shown(Concept.NASH),
                        name,
                        text,
                        (),
                        f"whenever costlier mistakes are rarer, {name} gains by "
                        f"{text!r}",
                    )
        return Removed(
            self.name,
            element.shown(Concept.NASH),
            "",
            "",
            (),
            "whenever costlier mistakes are rarer, somebody gains by some plan or other",
        )


class _Levels:
    """The question for levels.

    Parameters
    ----------
    proper : Proper
    assessment : Assessment
        The equilibrium.
    tempting : tuple of int, optional
        A player and a plan; then no other plan need be as bad as what is taken.
    """

    def __init__(
        self,
        proper: Proper,
        assessment: Assessment,
        tempting: tuple[int, int] | None = None,
    ) -> None:
        self.plans = proper.plans
        self.query = Query("QF_LRA", proper.effort, proper.time_limit)
        self.assessment = assessment
        self.tempting = tempting
        z3, context = self.query.z3, self.query.context
        self.p: list[list[list[Any]]] = []
        for player in (0, 1):
            size = len(self.plans.plans[player])
            self.p.append(
                [
                    [z3.Real(f"p{player}.{k}.{i}", context) for i in range(size)]
                    for k in range(size)
                ]
            )
        for player in (0, 1):
            self._strategy(player)
            self._order(player)

    def _strategy(self, player: int) -> None:
        """Levels are not negative, and the first does what the strategy does."""
        game, z3 = self.plans.game, self.query.z3
        add, first = self.query.solver.add, self.p[player][0]
        for level in self.p[player]:
            add(*(x >= 0 for x in level))
        add(z3.Sum(first) == 1)
        for h in game._tables.plain_infosets[player]:
            for a, share in enumerate(self.assessment.strategy[h]):
                weight, step = share, own_before(game, h)
                while step is not None:
                    weight *= self.assessment.strategy[step[0]][step[1]]
                    step = own_before(game, step[0])
                taken = [
                    x
                    for x, plan in zip(first, self.plans.plans[player], strict=True)
                    if (h, a) in plan
                ]
                zero = self.query.real(0)
                add(z3.Sum([zero, *taken]) == self.query.real(weight))

    def _order(self, player: int) -> None:
        """Of two plans the worse one comes up later."""
        z3, context = self.query.z3, self.query.context
        add, size = self.query.solver.add, len(self.plans.plans[player])
        seen: list[list[Any]] = []
        for k, level in enumerate(self.p[player]):
            row = [z3.Bool(f"s{player}.{k}.{i}", context) for i in range(size)]
            for i, x in enumerate(level):
                add(row[i] == (z3.Or(seen[-1][i], x > 0) if seen else x > 0))
            seen.append(row)
        add(*seen[-1])
        for i in range(size):
            for j in range(size):
                if i == j or (
                    self.tempting not in (None, (player, i))
                    and not self._is_spare(player, j)
                ):
                    continue
                later = z3.Or(
                    [z3.And(row[i], z3.Not(row[j])) for row in seen]
                )
                add(z3.Implies(self._better(player, i, j), later))

    def _is_spare(self, player: int, plan: int) -> bool:
        """Whether a plan is not taken by the strategy."""
        return not self.plans.own(self.assessment, player)[plan]

    def _better(self, player: int, one: int, other: int) -> Any:
        """That a plan is better than another against the other's levels."""
        z3 = self.query.z3
        plans = self.plans
        gaps = [
            plans.payoff(player, one, j) - plans.payoff(player, other, j)
            for j in range(len(plans.plans[1 - player]))
        ]
        found: Any = z3.BoolVal(False, self.query.context)
        for level in reversed(self.p[1 - player]):
            terms = [
                self.query.real(g) * x for g, x in zip(gaps, level, strict=True) if g
            ]
            gain = z3.Sum([self.query.real(0), *terms])
            found = z3.Or(gain > 0, z3.And(gain == 0, found))
        return found

    def levels(
        self,
    ) -> (
        tuple[
            list[dict[tuple[tuple[int, int], ...], Fraction]],
            list[dict[tuple[tuple[int, int], ...], Fraction]],
        ]
        | None
    ):
        """Levels by player, as weights on plans; None if there are none."""
        model = self.query.model()
        if model is None:
            return None
        one, other = (
            [
                {
                    plan: share
                    for plan, x in zip(self.plans.plans[player], level, strict=True)
                    if (
                        share := model.eval(x, model_completion=True).as_fraction()
                    )
                }
                for level in self.p[player]
            ]
            for player in (0, 1)
        )
        return one, other
