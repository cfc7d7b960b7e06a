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
Proper equilibria need not be extreme ones: in a maximal Nash subset whose corners are
not proper a mixture of them can be, and is looked for in the same way.

Reads: errors, joint, removals, solution, solvers.perfect, solvers.queries, trembling.
Used by: parametric.refining.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from redlines.errors import SolveFailed
from redlines.joint import own_before, plan_text
from redlines.profile import Assessment
from redlines.removals import Removed, Verdict
from redlines.solution import Concept, Element, Solution
from redlines.solvers.perfect import Passing, Perfect, Plans, passing
from redlines.solvers.queries import Query, Undecided
from redlines.tree import Game
from redlines.trembling import Mixed, is_proper

__all__ = ["Proper"]

# plans of both players together
MAX_PLANS = 12


Levels: TypeAlias = tuple[Sequence[Mixed], Sequence[Mixed]]


class Mixture(Element):
    """A Nash equilibrium that is no corner.

    Parameters
    ----------
    assessment : Assessment
    """

    def __init__(self, assessment: Assessment) -> None:
        self.game = assessment.game
        self._assessment = assessment

    @property
    def support(self) -> tuple[tuple[int, ...], ...]:
        """For each information set the actions of positive probability."""
        return self._assessment.support

    def assessment(self) -> Assessment:
        """The equilibrium."""
        return self._assessment


class Proper:
    """Proper equilibria.

    Parameters
    ----------
    game : Game
        At numbers.
    concept : Concept
        What is refined: Nash equilibria.
    effort, time_limit
        For one question.
    """

    name = "proper"

    def __init__(
        self, game: Game, concept: Concept, effort: int, time_limit: float | None
    ) -> None:
        self.plans = Plans(game, concept, self.name, MAX_PLANS)
        self.perfect = Perfect(game, concept, effort, time_limit)
        self.effort, self.time_limit = effort, time_limit

    def __call__(self, element: Element) -> Verdict:
        """Whether an equilibrium is proper."""
        assessment = element.assessment()
        try:
            question = _Levels(self, [assessment])
            levels = question.levels()
        except Undecided as stopped:
            return Verdict(
                [element], undecided=[f"whether an equilibrium is proper: {stopped}"]
            )
        if levels is None:
            return Verdict(removed=[self._removed(element, assessment)])
        self._confirm(assessment, levels)
        return Verdict([passing(element, self.name)])

    def between(self, solution: Solution, kept: Sequence[Element]) -> Verdict:
        """Proper mixtures of extreme equilibria where these are not proper.

        Parameters
        ----------
        solution : Solution
            All extreme equilibria.
        kept : sequence of Element
            Extreme equilibria that are.

        Returns
        -------
        Verdict
            One for each maximal Nash subset that has one and no corner that is one.
            Undecided wherever mixtures can be perfect, since not all are tested.
        """
        subsets = solution.maximal_nash_subsets
        if subsets is None:
            return Verdict(
                undecided=[
                    "whether mixtures of what is listed are proper is not tested"
                ]
            )
        corners = {e.element for e in kept if isinstance(e, Passing)}
        found: list[Element] = []
        undecided = []
        for subset in subsets:
            if not self._has_mixtures([one._element for one in subset]):
                continue
            undecided.append(
                "mixtures of extreme equilibria that may be exchanged can be proper "
                "too; one is listed where no corner is proper"
            )
            if any(one._element in corners for one in subset):
                continue
            try:
                point = self._mixture([one._element for one in subset])
            except Undecided as stopped:
                undecided.append(f"whether a mixture is proper: {stopped}")
                continue
            if point is not None:
                found.append(point)
        return Verdict(found, undecided=undecided)

    def _has_mixtures(self, corners: Sequence[Element]) -> bool:
        """Whether several strategies of a player are not dominated in a subset.

        What is proper is perfect, and a mixture that holds a dominated strategy is
        dominated.
        """
        for player in (0, 1):
            left = set()
            for corner in corners:
                assessment = corner.assessment()
                if self.perfect.undominated(assessment, player):
                    left.add(tuple(self.plans.own(assessment, player)))
            if len(left) > 1:
                return True
        return False

    def _mixture(self, corners: Sequence[Element]) -> Element | None:
        """A proper equilibrium among the mixtures of some that may be exchanged."""
        assessments = [e.assessment() for e in corners]
        question = _Levels(self, assessments)
        levels = question.levels()
        if levels is None:
            return None
        strategy = [list(row) for row in assessments[0].strategy]
        for player in (0, 1):
            shares = [
                levels[player][0].get(plan, Fraction(0))
                for plan in self.plans.plans[player]
            ]
            for h, row in self.plans.reduced.behaviour(player, shares).items():
                strategy[h] = list(row)
        point = Mixture(Assessment(self.plans.game, strategy, [None] * len(strategy)))
        self._confirm(point.assessment(), levels)
        return passing(point, self.name)

    def _confirm(self, assessment: Assessment, levels: Levels) -> None:
        if not is_proper(self.plans.table, assessment, levels):
            raise SolveFailed(
                "the check of proper equilibria refuses trembles that were found in "
                f"{self.plans.game!r}"
            )

    def _removed(self, element: Element, assessment: Assessment) -> Removed:
        """With the one plan by which somebody gains under all such trembles, if any."""
        game = self.plans.game
        for player in (0, 1):
            for plan, spoken in enumerate(self.plans.plans[player]):
                question = _Levels(self, [assessment], (player, plan))
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
            "whenever costlier mistakes are rarer, somebody gains by some plan",
        )


class _Levels:
    """The question for levels.

    Parameters
    ----------
    proper : Proper
    corners : sequence of Assessment
        The equilibrium; or several, of which the first level of each player is to be a
        mixture.
    tempting : tuple of int, optional
        A player and a plan; then no other plan need be as bad as what is taken.
    """

    def __init__(
        self,
        proper: Proper,
        corners: Sequence[Assessment],
        tempting: tuple[int, int] | None = None,
    ) -> None:
        self.plans = proper.plans
        self.query = Query("QF_LRA", proper.effort, proper.time_limit)
        self.corners = corners
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
        context, real = self.query.context, self.query.real
        part = [
            z3.Real(f"l{player}.{k}", context) if len(self.corners) > 1 else real(1)
            for k in range(len(self.corners))
        ]
        add(*(x >= 0 for x in part), z3.Sum(part) == 1)
        for h in game._tables.plain_infosets[player]:
            for a in range(len(game._tables.infosets[h].actions)):
                taken = [
                    x
                    for x, plan in zip(first, self.plans.plans[player], strict=True)
                    if (h, a) in plan
                ]
                wanted = [
                    real(_weight(corner, h, a)) * x
                    for corner, x in zip(self.corners, part, strict=True)
                ]
                add(z3.Sum([real(0), *taken]) == z3.Sum([real(0), *wanted]))

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
                later = z3.Or([z3.And(row[i], z3.Not(row[j])) for row in seen])
                add(z3.Implies(self._better(player, i, j), later))

    def _is_spare(self, player: int, plan: int) -> bool:
        """Whether a plan is not taken by the strategy."""
        return not self.plans.own(self.corners[0], player)[plan]

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

    def levels(self) -> Levels | None:
        """Levels by player, as weights on plans; None if there are none."""
        model = self.query.model()
        if model is None:
            return None
        one, other = (
            [
                {
                    plan: share
                    for plan, x in zip(self.plans.plans[player], level, strict=True)
                    if (share := model.eval(x, model_completion=True).as_fraction())
                }
                for level in self.p[player]
            ]
            for player in (0, 1)
        )
        return one, other


def _weight(assessment: Assessment, infoset: int, action: int) -> Fraction:
    """The probability with which a player's own play comes to an action."""
    weight, step = (
        assessment.strategy[infoset][action],
        own_before(assessment.game, infoset),
    )
    while step is not None:
        weight = weight * assessment.strategy[step[0]][step[1]]
        step = own_before(assessment.game, step[0])
    found: Fraction = weight
    return found
