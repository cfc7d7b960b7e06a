"""All subgame perfect equilibria of a game, by its proper subgames.

Subgames are solved from below. Where all equilibria of a subgame pay the same it is
settled, and stands as an end in what lies above (`redlines.solvers.regions`); where
they do not, which of them is played may decide what is done before, and the subgame is
searched together with what lies above it: all stages at once, by support profiles in
linear arithmetic (`redlines.solvers.stages`). So nothing is missed, whatever ties or
continua there are inside.

Reads: forms, profile, ranges, solution, solvers, tree.  Used by: solving.

References
----------
[selten1965]_
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

from redlines.errors import Unsupported
from redlines.profile import Assessment, reached
from redlines.ranges import Interval, Range
from redlines.solution import Concept, Coverage, Element, Status, payoff_measure
from redlines.solvers.base import (
    EverySupport,
    Found,
    Solver,
    gather,
    is_indifferent,
)
from redlines.solvers.bounds import stage_bounds
from redlines.solvers.cells import Side, Support, TooManyCells
from redlines.solvers.cones import TooManyRays
from redlines.solvers.extremes import extremes, ratio_interval
from redlines.solvers.meetings import connected_profiles
from redlines.solvers.queries import Undecided
from redlines.solvers.regions import Combinations, Payoffs, Plan, Region
from redlines.solvers.relations import relations
from redlines.solvers.stages import (
    Profile,
    Stages,
    StageSearch,
    side_of,
    subgame_roots,
)
from redlines.solvers.supports import Model, even
from redlines.tree import CHANCE, Game

__all__ = ["StageElement", "SubgamePerfect", "listed"]

ZERO, ONE = Fraction(0), Fraction(1)
WHOLE = Range((Interval(ZERO, ONE),))
# a region beyond this size is not searched
MAX_REGION = 2_000
# cells of a matrix that are worth a search over supports
MAX_MATRIX = 10_000


class StageElement(Element):
    """The subgame perfect equilibria on one support profile.

    At a set that the owner's own choices in the stage exclude anything goes; there the
    support has all actions.

    Parameters
    ----------
    stages : Stages
        The game.
    model : Model
        The support profile, with one solution of the conditions on it.
    """

    def __init__(self, stages: Stages, model: Model) -> None:
        self.stages, self.form = stages, stages.form
        self.game = stages.form.game
        self.model = model

    @property
    def support(self) -> Support:
        """For each information set the actions that may have positive probability."""
        return self.model.support

    @cached_property
    def profile(self) -> Profile:
        """What the support profile leaves possible in each stage."""
        return Profile(self.stages, self.support)

    @cached_property
    def sides(self) -> tuple[Side, Side] | None:
        """The cells, for each player's coefficients; None if too many to write out."""
        try:
            return side_of(self.profile, 0), side_of(self.profile, 1)
        except (TooManyRays, TooManyCells):
            return None

    @cached_property
    def is_point(self) -> bool:
        """Whether the choices at all sets that matter are pinned down."""
        return self.sides is not None and all(
            len(b.cells[0].rays) == 1 for side in self.sides for b in side.blocks
        )

    def _shares(self) -> dict[int, list[Fraction]]:
        """The middle of the cell, or the solution that the search found."""
        found: dict[int, list[Fraction]] = {}
        for own in self.form.players:
            side = None if self.sides is None else self.sides[own.player]
            for h, first in own.first.items():
                on, row = self.support[h], self.game._tables.infosets[h]
                shares = [ZERO] * len(row.actions)
                for a in on:
                    if len(on) == 1 or not self.profile.come[h]:
                        shares[a] = Fraction(1, len(on))
                    elif side is None:
                        C = self.model.coefficients[own.player]
                        shares[a] = C[first + a] / C[own.before[h]]
                    else:
                        block = side.blocks[side.block_of[first + a]]
                        middle = block.cells[0].middle
                        shares[a] = (
                            middle[block.index[first + a]]
                            / middle[block.coordinate(side.up[first + a])]
                        )
                found[h] = shares
        return found

    def assessment(self) -> Assessment:
        """The representative; beliefs where a set has one history."""
        return self._middle

    @cached_property
    def _middle(self) -> Assessment:
        rows = self.game._tables.infosets
        shares = self._shares()
        beliefs = [(ONE,) if len(row.nodes) == 1 else None for row in rows]
        return Assessment(self.game, [shares[h] for h in range(len(rows))], beliefs)

    @cached_property
    def _ranges(self) -> dict[int, dict[int, Range]]:
        found: dict[int, dict[int, Range]] = {}
        come = self.profile.come
        for h, row in enumerate(self.game._tables.infosets):
            if not come[h] and len(row.actions) > 1:
                found[h] = dict.fromkeys(range(len(row.actions)), WHOLE)
        if self.sides is None:
            return found | stage_bounds(self.stages, self.support, come)
        for own, side in zip(self.form.players, self.sides, strict=True):
            for h, first in own.first.items():
                on = self.support[h]
                if len(on) < 2 or not come[h]:
                    continue
                block = side.blocks[side.block_of[first + on[0]]]
                under = block.coordinate(side.up[first + on[0]])
                ratios = {
                    a: ratio_interval(
                        block.cells[0], {block.index[first + a]: 1}, {under: 1}
                    )
                    for a in on
                }
                if any(r.low != r.high for r in ratios.values()):
                    found[h] = {a: Range((r,)) for a, r in ratios.items()}
        return found

    def strategy_ranges(self) -> dict[int, dict[int, Range]]:
        """By information set and action, what is not pinned down."""
        return self._ranges

    def relations(self) -> tuple[str, ...]:
        """Conditions that tie several free quantities of a player to each other."""
        if self.sides is None:
            return ("ranges are exact; the relations among them are not written out",)
        return relations(self.form, self.support, self.sides)

    def extremes(
        self, amount: Callable[[int], Fraction], given: Callable[[int], bool] | None
    ) -> Range | None:
        """What an expected amount can be over the element."""
        if self.sides is not None:
            return extremes(self.form, self.sides, amount, given)
        come = reached(self.game, self.support)
        for on, row in zip(self.support, self.game._tables.infosets, strict=True):
            if len(on) > 1 and any(come[n] for n in row.nodes):
                raise Unsupported(
                    "the conditions on this support profile are too many to write out; "
                    "ask for the measure at the representative"
                )
        return super().extremes(amount, given)

    def contains(self, assessment: Assessment, with_beliefs: bool) -> bool:
        """Whether a profile belongs to the element."""
        come, taken = self.profile.come, assessment.support
        if any(c and a != b for c, a, b in zip(come, taken, self.support, strict=True)):
            return False
        if self.sides is None:
            search = StageSearch(self.stages, 10**9)
            search.require(self.support)
            search.require_strategy(assessment.strategy, come)
            return search.next() is not None
        for own, side in zip(self.form.players, self.sides, strict=True):
            for block in side.blocks:
                weight: list[Any] = [ONE]
                for p in block.parameters:
                    share = assessment.strategy[own.infoset[p]][own.action[p]]
                    weight.append(share * weight[block.coordinate(side.up[p])])
                cell = block.cells[0]
                for rows, equal in (
                    (cell.equalities, True),
                    (cell.inequalities, False),
                ):
                    for row in rows:
                        total = sum((v * weight[k] for k, v in row.items()), ZERO)
                        if total < 0 or (equal and total != 0):
                            return False
        return True

    @staticmethod
    def components(elements: Sequence[StageElement]) -> list[list[int]] | None:
        """Connected components of the equilibrium strategies, as lists of elements."""
        try:
            points = [k for k, one in enumerate(elements) if one.is_point]
            return connected_profiles([one.profile for one in elements], points)
        except (TooManyRays, TooManyCells):
            return None


class ChosenElement(Element):
    """One equilibrium of a region, where one is asked for.

    Parameters
    ----------
    assessment : Assessment
    """

    def __init__(self, assessment: Assessment) -> None:
        self.game = assessment.game
        self._assessment = assessment

    @property
    def support(self) -> Support:
        """For each information set the actions that are taken."""
        return self._assessment.support

    def assessment(self) -> Assessment:
        """The equilibrium."""
        return self._assessment


# ------------------------------------------------------------------------- the solver
class _Regions:
    """Solves subgames from below; see `SubgamePerfect`."""

    def __init__(
        self, game: Game, solver: SubgamePerfect, coverage: Coverage, start: float
    ) -> None:
        self.game, self.solver = game, solver
        self.one = coverage is Coverage.ONE
        self.start = start
        self.settled: list[Payoffs | None] = [None] * len(game._tables)
        self.choices: dict[int, list[int]] = {}
        self.regions: list[Region] = []
        # by kind of region: all support profiles, if they pay the same; or anyhow
        self.known: dict[object, list[Model] | None] = {}
        self.full: dict[object, list[Model]] = {}
        self.status, self.complete = Status.SOLVED, not self.one
        self.reason = self._proof
        for n in game._tables.terminals:
            self.settled[n] = game._exact_payoffs[n]

    def find(self) -> Found:
        """The whole set, the outermost subgames last."""
        apart = self._apart()
        for root in reversed(subgame_roots(self.game._tables)):
            if self._fold(root):
                continue
            region = Region.below(self.game, root, self.settled)
            if self.one:
                self._choose(root, region)
            elif root not in apart:
                self._settle(root, region)
            elif not self._list_all(root, region):
                # one is better than none, and stages are small where the whole is not
                one = _Regions(self.game, self.solver, Coverage.ONE, self.start).find()
                reason = f"{self.reason}; one is shown"
                return replace(one, status=Status.LIMIT, reason=reason)
        return self._found()

    def _apart(self) -> set[int]:
        """Nodes after draws alone, so that no choice depends on what they are worth."""
        tables = self.game._tables
        found, stack = set(), [0]
        while stack:
            node = stack.pop()
            found.add(node)
            if tables.kind[node] == CHANCE:
                stack.extend(tables.children[node])
        return found

    @property
    def _proof(self) -> str:
        if self.one:
            return "one was asked for"
        return "subgames were solved from below, each with all its equilibria"

    def _fold(self, node: int) -> bool:
        """Whether a node between settled subgames is settled, as in plain induction."""
        tables = self.game._tables
        below = [self.settled[c] for c in tables.children[node]]
        known = [v for v in below if v is not None]
        if len(known) < len(below):
            return False
        if tables.kind[node] == CHANCE:
            shares = self.game._shares(tables.infoset[node])
            self.settled[node] = tuple(
                sum((s * v for s, v in zip(shares, column, strict=True)), ZERO)
                for column in zip(*known, strict=True)
            )
            return True
        row = tables.infosets[tables.infoset[node]]
        if len(row.nodes) > 1:
            return False
        best = max(v[row.player] for v in known)
        options = [o for o, v in enumerate(known) if v[row.player] == best]
        if self.one:
            del options[1:]
        if len({known[o] for o in options}) > 1:
            return False
        self.settled[node] = known[options[0]]
        self.choices[node] = options
        return True

    def _search(self, region: Region, stages: Stages) -> StageSearch:
        """A search of a region, within what is left of the time."""
        size = len(region.form.game._tables)
        if size > self.solver.region:
            place = self.game._tables.history(region.nodes[0])
            raise Undecided(
                f"{f'what follows {place!r}' if place else 'the game'} cannot be taken "
                f"apart further and has {size:,} nodes, more than "
                f"region={self.solver.region:,}"
            )
        left = self.solver.time_limit
        if left is not None:
            left -= time.monotonic() - self.start
            if left <= 0:
                raise Undecided("the time ran out; allow more with time_limit=")
        return StageSearch(stages, self.solver.effort, left)

    def _choose(self, root: int, region: Region) -> None:
        """Settle a subgame at the first equilibrium that is found."""
        stages = Stages(region.form)
        model = self._search(region, stages).next()
        if model is None:
            raise AssertionError(f"a finite game has an equilibrium: {self.game!r}")
        chosen = StageElement(stages, model).assessment()
        region.elements = [ChosenElement(chosen)]
        self.settled[root] = chosen.payoffs
        self.regions.append(region)

    def _settle(self, root: int, region: Region) -> None:
        """Settle a subgame if all its equilibria pay the same, else leave it open."""
        kind = region.kind
        stages = Stages(region.form)
        if _is_idle(stages):
            region.elements = _anything(stages)
            self.settled[root] = region.elements[0].assessment().payoffs
            self.regions.append(region)
            return
        if kind not in self.known:
            self.known[kind] = self._alike(region, stages)
        models = self.known[kind]
        if models is None:
            return
        region.elements = listed(models, stages)
        self.settled[root] = region.elements[0].assessment().payoffs
        self.regions.append(region)

    def _alike(self, region: Region, stages: Stages) -> list[Model] | None:
        """All support profiles of a region, if they pay the same; else None.

        None as well where that is not decided: to search a subgame together with what
        is above it is never wrong.
        """
        found: list[Model] = []
        worth: Payoffs | None = None
        try:
            for model in self._search(region, stages):
                element = StageElement(stages, model)
                here = element.assessment().payoffs
                worth = here if worth is None else worth
                if here != worth or len(found) == self.solver.limit:
                    return None
                if not element.is_point and not _pays(element, worth):
                    return None
                found.append(model)
        except (Undecided, Unsupported):
            return None
        return found

    def _list_all(self, root: int, region: Region) -> bool:
        """All equilibria of a subgame that no choice comes before; False if none.

        What it pays matters to nobody's choices above, so that it may stand as an end
        whatever its equilibria pay.
        """
        stages, kind = Stages(region.form), region.kind
        if _is_idle(stages):
            region.elements = _anything(stages)
        else:
            if kind not in self.full:
                self.full[kind] = self._gathered(region, stages)
            region.elements = listed(self.full[kind], stages)
        if not len(region.elements):
            return False
        self.settled[root] = region.elements[0].assessment().payoffs
        self.regions.append(region)
        return True

    def _gathered(self, region: Region, stages: Stages) -> list[Model]:
        """What a search of a region finds; what cuts it short is remembered."""
        models: list[Model] = []
        status, complete, reason = Status.LIMIT, False, ""
        try:
            models, status, complete, reason = gather(
                iter(self._search(region, stages)),
                Coverage.ALL,
                self.solver.limit,
                self._proof,
            )
        except Undecided as stopped:
            reason = str(stopped)
        if not complete:
            self.status, self.complete, self.reason = status, complete, reason
        return models

    def _found(self) -> Found:
        plan = Plan(self.game, self.choices, self.regions[::-1])
        if self.complete and plan.size > self.solver.limit:
            self.status = Status.LIMIT
        return Found(
            elements=Combinations(plan),
            status=self.status,
            complete=self.complete,
            reason=self.reason,
            unit=_UNIT,
            count=plan.size if self.complete else None,
        )


_UNIT = "support profile"


def listed(models: Sequence[Model], stages: Stages) -> list[Element]:
    """Elements of a game from its support profiles, in lexicographic order."""
    return [
        StageElement(stages, Model(m.support, m.coefficients, m.orders, stages.form))
        for m in sorted(models, key=lambda m: m.support)
    ]


def _is_idle(stages: Stages) -> bool:
    """Whether nothing is at stake, and no choice excludes a set of the same stage."""
    rows = stages.form.game._tables.infosets
    return is_indifferent(stages.form.game) and all(
        stages.is_first(row.player, h) for h, row in enumerate(rows)
    )


def _anything(stages: Stages) -> EverySupport:
    """Every support profile of a game in which nothing is at stake."""
    game, form = stages.form.game, stages.form
    return EverySupport(game, lambda s: StageElement(stages, even(form, s)))


def _pays(element: StageElement, worth: Payoffs) -> bool:
    """Whether an element has the same payoffs throughout."""
    for player, value in enumerate(worth):
        range_ = element.extremes(payoff_measure(element.game, player), None)
        if range_ is None or not range_.is_point or range_.low != value:
            return False
    return True


@dataclass(frozen=True)
class SubgamePerfect(Solver):
    """All subgame perfect equilibria, from the smallest subgames upwards.

    Parameters
    ----------
    region : int
        The number of nodes past which a part of the tree that cannot be taken apart
        further is not searched for all its equilibria.
    """

    concept: ClassVar[Concept] = Concept.SUBGAME_PERFECT
    name: ClassVar[str] = "decomposition into subgames"

    region: int = MAX_REGION

    def refusal(self, game: Game) -> str | None:
        """Large matrices are refused, which have no subgames."""
        matrix = game._tables.bimatrix
        if matrix is not None and matrix.shape[0] * matrix.shape[1] > MAX_MATRIX:
            return (
                f"its matrices have more than {MAX_MATRIX:,} cells and no proper "
                "subgames; ask for 'nash', which is the same there"
            )
        return None

    def find(self, game: Game, coverage: Coverage) -> Found:
        """Support profiles, in lexicographic order in each region."""
        try:
            return _Regions(game, self, coverage, time.monotonic()).find()
        except Undecided as stopped:
            return Found([], Status.NOT_FOUND, False, str(stopped), _UNIT, None)
