"""One sequential equilibrium of a large tree, exactly.

The path of logarithmic barriers leads in floating point to a support profile, to the
order of each tremble and to a guess of the coefficients (`redlines.solvers.agents`);
on these the conditions are solved in exact arithmetic (`redlines.solvers.limits`).
A sequential equilibrium is also a subgame perfect, a weak perfect Bayesian and a Nash
equilibrium, so the method serves for one of each.

Reads: forms, profile, ranges, solution, solvers, tree.  Used by: solving.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from redlines.forms import sequence_form
from redlines.profile import Assessment
from redlines.ranges import Range
from redlines.solution import Concept, Coverage, Element, Status
from redlines.solvers.agents import Barrier, Point, follow
from redlines.solvers.base import Found, Solver
from redlines.solvers.consistency import from_orders, orders_and_weights
from redlines.solvers.limits import exact_limit
from redlines.solvers.queries import Undecided
from redlines.solvers.sequential import SequentialElement
from redlines.solvers.supports import Model, Support
from redlines.tree import Game

__all__ = [
    "NashPath",
    "SequentialPath",
    "SubgamePerfectPath",
    "WeakPerfectBayesianPath",
]

# information sets past which what is free is not worked out
RANGED = 48
# how small the barrier becomes before the limit is read off, in turn
ENDS = (1e-4, 1e-6, 1e-8, 1e-10, 1e-12, 1e-14)
# orders above this one are errors of floating point
HIGHEST = 16
# cells of a plain matrix that are worth the walk
MATRIX = 200_000


class PathElement(Element):
    """The one equilibrium that a path has led to.

    Parameters
    ----------
    model : Model
        It, with its trembles.
    concept : Concept
        What it is shown as.
    """

    def __init__(self, model: Model, concept: Concept) -> None:
        self.model, self.concept = model, concept
        self.game = model.form.game

    @property
    def support(self) -> Support:
        """For each information set the actions of positive probability."""
        return self.model.support

    def assessment(self) -> Assessment:
        """The equilibrium."""
        form = self.model.form
        found = from_orders(form, *orders_and_weights(form, self.model))
        if self.concept is Concept.NASH:
            return Assessment(self.game, found.strategy, [None] * len(found.belief))
        return found

    def strategy_ranges(self) -> dict[int, dict[int, Range]]:
        """Not worked out."""
        return {}

    def relations(self) -> tuple[str, ...]:
        """That others may be near."""
        return ("one equilibrium was asked for; what is free around it is not shown",)


@dataclass(frozen=True)
class SequentialPath(Solver):
    """One sequential equilibrium, at the end of a path from even play.

    Parameters
    ----------
    solves : int
        How many linear systems the path may take.
    """

    concept: ClassVar[Concept] = Concept.SEQUENTIAL
    name: ClassVar[str] = "barrier path"
    coverages: ClassVar[frozenset[Coverage]] = frozenset({Coverage.ONE})

    solves: int = 5_000

    def refusal(self, game: Game) -> str | None:
        """Large matrices are refused, for which there are better methods."""
        matrix = game._tables.bimatrix
        if matrix is not None and math.prod(matrix.shape) > MATRIX:
            return (
                f"its matrices have more than {MATRIX:,} cells, and the path is for "
                "trees; ask for 'nash', which is the same for matrices"
            )
        return None

    def find(self, game: Game, coverage: Coverage) -> Found:
        """The equilibrium, or why the path's end could not be made exact."""
        form = sequence_form(game)
        reason = ""
        try:
            barrier = Barrier(form)
            points = follow(
                barrier, ENDS, solves=self.solves, time_limit=self.time_limit
            )
            for point in points:
                model = limit(point, game)
                if model is not None:
                    return self._found(model)
            reason = (
                f"the path came to a barrier of {ENDS[-1]:g}, but its limit could not "
                "be made exact"
            )
        except Undecided as stopped:
            reason = str(stopped)
        return Found([], Status.NOT_FOUND, False, reason, "support profile", None)

    def _found(self, model: Model) -> Found:
        element: Element
        small = len(model.support) <= RANGED
        if self.concept is Concept.SEQUENTIAL and small:
            element = SequentialElement(model.form, model)
        else:
            element = PathElement(model, self.concept)
        return Found(
            elements=[element],
            status=Status.SOLVED,
            complete=False,
            reason="one was asked for",
            unit="support profile",
            count=None,
        )


def limit(point: Point, game: Game) -> Model | None:
    """The exact equilibrium at the end of a path, or None.

    Where an action's probability falls with the barrier its slope is an order; where
    it does not the action is on.
    """
    form = sequence_form(game)
    tables = game._tables
    support: list[tuple[int, ...]] = [()] * len(tables.infosets)
    ties: list[tuple[int, int]] = []
    orders: list[list[Fraction]] = []
    logs: list[list[float]] = []
    for own, plan, slopes in zip(
        form.players, point.log_plans, point.orders, strict=True
    ):
        K, C = [Fraction(0)], [0.0]
        for q in range(1, len(own)):
            before = own.parent[q]
            slope = float(slopes[q] - slopes[before])
            log = float(plan[q] - plan[before])
            if not -1 < slope < HIGHEST:
                return None
            order = max(Fraction(slope).limit_denominator(4), Fraction(0))
            h, action = own.infoset[q], own.action[q]
            if not order:
                support[h] = (*support[h], action)
            elif order < 1:
                ties.append((h, action))
            K.append(K[before] + order)
            C.append(C[before] + log - float(order) * point.log_mu)
        orders.append(K)
        logs.append(C)
    if not all(support):
        return None
    profile = tuple(support)
    return exact_limit(form, profile, orders, logs) or (
        exact_limit(form, profile, orders, logs, ties) if ties else None
    )


class WeakPerfectBayesianPath(SequentialPath):
    """One weak perfect Bayesian equilibrium, which is sequential too."""

    concept: ClassVar[Concept] = Concept.WEAK_PERFECT_BAYESIAN


class NashPath(SequentialPath):
    """One Nash equilibrium of a tree, which is sequential too."""

    concept: ClassVar[Concept] = Concept.NASH


class SubgamePerfectPath(SequentialPath):
    """One subgame perfect equilibrium, which is sequential too."""

    concept: ClassVar[Concept] = Concept.SUBGAME_PERFECT
