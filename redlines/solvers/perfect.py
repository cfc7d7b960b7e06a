"""Perfect equilibria of the strategic form, as a filter on Nash equilibria.

Two players: an equilibrium is (trembling-hand) perfect if and only if neither strategy
is weakly dominated, by a mixture included ([vandamme1991]_, theorem 3.2.2). A strategy
is not dominated if and only if it is best against some mixture of all the other's
plans; either that mixture or the dominating one is found by linear arithmetic.

Reads: errors, forms, joint, removals, solution, solvers.queries, trembling.  Used by:
parametric.refining.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from redlines.errors import SolveFailed, Unsupported
from redlines.forms import ReducedForm
from redlines.joint import plan_text
from redlines.numbers import brief
from redlines.profile import Assessment
from redlines.ranges import Range
from redlines.referee import Certificate
from redlines.removals import Removed, Verdict
from redlines.solution import Concept, Element, Equilibrium
from redlines.solvers.queries import Query
from redlines.tree import Game
from redlines.trembling import Mixed, PlanTable, is_dominated, is_undominated

__all__ = ["Passing", "Perfect", "Plans"]

ZERO = Fraction(0)
# plans of both players together
MAX_PLANS = 400

Plan = tuple[tuple[int, int], ...]


class Passing(Element):
    """An equilibrium that passed a filter, by itself: not a member of any product.

    Parameters
    ----------
    element : Element
    names : tuple of str
        The filters.
    """

    def __init__(self, element: Element, names: tuple[str, ...]) -> None:
        self.game = element.game
        self.element, self.names = element, names

    @property
    def support(self) -> tuple[tuple[int, ...], ...]:
        """For each information set the actions of positive probability."""
        return self.element.support

    def assessment(self) -> Assessment:
        """The equilibrium."""
        return self.element.assessment()

    def shown(self, concept: Concept) -> Equilibrium:
        """With a certificate that names the filters."""
        return _PassingEquilibrium(self, concept)

    def strategy_ranges(self) -> dict[int, dict[int, Range]]:
        """By information set and action, what is not pinned down."""
        return self.element.strategy_ranges()

    def belief_ranges(self) -> dict[int, dict[int, Range]]:
        """By information set and position of the node, what is not pinned down."""
        return self.element.belief_ranges()

    def relations(self) -> tuple[str, ...]:
        """How free quantities are tied to each other, as text."""
        return self.element.relations()

    def extremes(self, amount: Any, given: Any) -> Range | None:
        """What an expected amount can be over the element."""
        return self.element.extremes(amount, given)

    def contains(self, assessment: Assessment, with_beliefs: bool) -> bool:
        """Whether an assessment belongs to the element."""
        return self.element.contains(assessment, with_beliefs)


class _PassingEquilibrium(Equilibrium):
    @cached_property
    def certificate(self) -> Certificate:
        """What the referee found, and which filters were passed."""
        element = self._element
        assert isinstance(element, Passing)
        # the element beneath may bring more to be checked than the referee does
        found = element.element.shown(self.concept).certificate
        return replace(found, checked=(*found.checked, *element.names))


def passing(element: Element, name: str) -> Passing:
    """An element that passed one more filter."""
    if isinstance(element, Passing):
        return Passing(element.element, (*element.names, name))
    return Passing(element, (name,))


class Plans:
    """The plans of a game at numbers, for filters on its Nash equilibria.

    Parameters
    ----------
    game : Game
    concept : Concept
        What is refined.
    name : str
        Of the filter.
    limit : int
        How many plans both players may have together.

    Raises
    ------
    Unsupported
        If the concept is not Nash, or there are more plans.
    """

    def __init__(self, game: Game, concept: Concept, name: str, limit: int) -> None:
        if concept is not Concept.NASH:
            raise Unsupported(
                f"{name!r} refines 'nash' equilibria, by the strategic form; for "
                f"{concept.value!r} ones there is 'agent perfect'"
                if concept is Concept.SEQUENTIAL
                else f"{name!r} refines 'nash' equilibria, not {concept.value!r} ones"
            )
        self.game = game
        sizes = ReducedForm.sizes(self.game)
        if sum(sizes) > limit:
            raise Unsupported(
                f"{name!r} is decided for games of at most {limit} plans of both "
                f"players together; {self.game.name!r} has {sizes[0]:,} and "
                f"{sizes[1]:,}"
            )
        self.reduced = ReducedForm.of(self.game)
        self.plans: tuple[list[Plan], list[Plan]] = (
            self._read(0, sizes[0]),
            self._read(1, sizes[1]),
        )

    def _read(self, player: int, size: int) -> list[Plan]:
        return [
            tuple(sorted(self.reduced.choices(player, k).items())) for k in range(size)
        ]

    @cached_property
    def table(self) -> PlanTable:
        """What pairs of plans pay, as the referee has it."""
        return PlanTable.of(self.game)

    def own(self, assessment: Assessment, player: int) -> list[Fraction]:
        """A strategy as weights on plans."""
        found = []
        for plan in self.plans[player]:
            weight = Fraction(1)
            for h, a in plan:
                weight *= assessment.strategy[h][a]
                if not weight:
                    break
            found.append(weight)
        return found

    def payoff(self, player: int, plan: int, other: int) -> int:
        """What a pair of plans pays, in whole numbers."""
        matrix = self.reduced.payoffs[player]
        return matrix[plan][other] if player == 0 else matrix[other][plan]

    def spoken(self, player: int, mixed: Mixed) -> str:
        """A mixture of plans in words."""
        words = []
        for plan, share in mixed.items():
            if not share:
                continue
            text = repr(plan_text(self.game, player, plan))
            words.append(text if share == 1 else f"{brief(share)} {text}")
        return " + ".join(words)


class Perfect:
    """Trembling-hand perfection in the strategic form.

    Parameters
    ----------
    game : Game
        At numbers.
    concept : Concept
        What is refined: Nash equilibria.
    effort, time_limit
        For one question.
    """

    name = "perfect"

    def __init__(
        self, game: Game, concept: Concept, effort: int, time_limit: float | None
    ) -> None:
        self.plans = Plans(game, concept, self.name, MAX_PLANS)
        self.effort, self.time_limit = effort, time_limit
        self._known: dict[object, tuple[bool, Mixed]] = {}

    def __call__(self, element: Element) -> Verdict:
        """Whether an equilibrium is perfect."""
        assessment = element.assessment()
        plans = self.plans
        for player in (0, 1):
            passes, shown = self._judged(assessment, player)
            table = plans.table
            if passes:
                confirmed = is_undominated(table, assessment, player, shown)
            else:
                confirmed = is_dominated(table, assessment, player, shown)
            if not confirmed:
                raise SolveFailed(
                    "the check of weak dominance does not confirm what was found in "
                    f"{plans.game!r}"
                )
            if not passes:
                return Verdict(removed=[self._removed(element, player, shown)])
        return Verdict([passing(element, self.name)])

    def undominated(self, assessment: Assessment, player: int) -> bool:
        """Whether a player's strategy is not weakly dominated."""
        return self._judged(assessment, player)[0]

    def _judged(self, assessment: Assessment, player: int) -> tuple[bool, Mixed]:
        own = tuple(self.plans.own(assessment, player))
        key = player, own
        if key not in self._known:
            self._known[key] = self._decided(player, own)
        return self._known[key]

    def _decided(self, player: int, own: Sequence[Fraction]) -> tuple[bool, Mixed]:
        """A mixture against which a strategy is best, or one that dominates it."""
        plans = self.plans
        mine, others = (range(len(plans.plans[k])) for k in (player, 1 - player))
        paid = [[plans.payoff(player, i, j) for j in others] for i in mine]
        worth = [
            sum((own[i] * paid[i][j] for i in mine if own[i]), ZERO) for j in others
        ]
        # one plan is easier to read than a mixture
        for i in mine:
            if paid[i] != worth and all(
                p >= w for p, w in zip(paid[i], worth, strict=True)
            ):
                return False, {plans.plans[player][i]: Fraction(1)}
        query = Query("QF_LRA", self.effort, self.time_limit)
        y = [query.z3.Real(f"y{j}", query.context) for j in others]
        query.solver.add(query.z3.Sum(y) == 1, *(v > 0 for v in y))
        for i in mine:
            terms = [
                query.real(w - p) * v
                for v, p, w in zip(y, paid[i], worth, strict=True)
                if w != p
            ]
            if terms:
                query.solver.add(query.z3.Sum(terms) >= 0)
        model = query.model()
        if model is not None:
            return True, dict(
                zip(plans.plans[1 - player], _values(model, y), strict=True)
            )
        query = Query("QF_LRA", self.effort, self.time_limit)
        x = [query.z3.Real(f"x{i}", query.context) for i in mine]
        query.solver.add(query.z3.Sum(x) == 1, *(v >= 0 for v in x))
        gains = []
        for j in others:
            terms = [query.real(paid[i][j]) * x[i] for i in mine]
            gains.append(query.z3.Sum(terms) - query.real(worth[j]))
        query.solver.add(*(g >= 0 for g in gains), query.z3.Sum(gains) > 0)
        model = query.model()
        assert model is not None, "neither dominated nor best against anything"
        found = zip(plans.plans[player], _values(model, x), strict=True)
        return False, {plan: share for plan, share in found if share}

    def _removed(self, element: Element, player: int, by: Mixed) -> Removed:
        plans = self.plans
        name = plans.game.players[player]
        text = plans.spoken(player, by)
        against = next(
            plan_text(plans.game, 1 - player, other)
            for other in plans.table.plans[1 - player]
            if self._better(element, player, by, other)
        )
        return Removed(
            self.name,
            element.shown(Concept.NASH),
            name,
            text,
            (),
            f"the strategy of {name} is weakly dominated by {text}, which is worth as "
            f"much against everything and more against {against!r}",
        )

    def _better(self, element: Element, player: int, by: Mixed, other: Plan) -> bool:
        table, one = self.plans.table, {other: Fraction(1)}
        own = self.plans.own(element.assessment(), player)
        before = sum(
            (
                w * table.value(player, p, one)
                for p, w in zip(self.plans.plans[player], own, strict=True)
                if w
            ),
            ZERO,
        )
        after = sum((w * table.value(player, p, one) for p, w in by.items()), ZERO)
        return after > before


def _values(model: Any, variables: Sequence[Any]) -> list[Fraction]:
    return [model.eval(v, model_completion=True).as_fraction() for v in variables]
