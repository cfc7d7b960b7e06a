"""Sequential equilibria, all of them, exactly.

Definition (Kreps and Wilson 1982): an assessment that is sequentially rational and
consistent, that is, the limit of assessments in which every action has positive
probability and beliefs follow by Bayes' rule.

For two players with perfect recall the conditions are linear. Player i's *coefficients*
C(qa) > 0 and *orders* K(qa) >= K(q), one each for every own sequence, stand for the
trembling realization plan C(q) e^K(q) as e goes to 0: an action is on iff its order is
that of the sequence before it, and the coefficients of the actions that are on sum to
the coefficient before. At an information set h of the other player, own play cancels
from the belief; let m(h) be the least order over its nodes. The value of action a at h
is the sum of chance times payoff times C over the terminals of order m(h) that a is the
last own choice before, plus the values of the own next sets of order m(h). No value
exceeds that of the set, and actions that are on attain it.

`redlines.solvers.supports` finds every support profile for which this has a solution,
and proves that there is no other; `redlines.solvers.cells` writes out the solutions on
one profile as cells with rational vertices.

References: [krepswilson1982]_; [perea1997]_; [streufert2012]_ for the form
with orders and weights; [vonstengel1996]_ for sequences.

Reads: forms, profile, ranges, solution, solvers.  Used by: solving.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import ClassVar

from redlines.errors import Unsupported
from redlines.forms import SequenceForm
from redlines.profile import Assessment, reached
from redlines.ranges import Interval, Range
from redlines.solution import Concept, Coverage, Element
from redlines.solvers.base import (
    EverySupport,
    Found,
    Solver,
    gather,
    is_indifferent,
)
from redlines.solvers.bounds import belief_bounds, strategy_bounds
from redlines.solvers.cells import (
    Side,
    Support,
    TooManyCells,
    side_of,
)
from redlines.solvers.cones import TooManyRays
from redlines.solvers.connected import connected_groups
from redlines.solvers.consistency import (
    consistent,
    from_orders,
    orders_and_weights,
)
from redlines.solvers.extremes import extremes, ratio_interval
from redlines.solvers.relations import relations
from redlines.solvers.supports import Model, SupportSearch, even
from redlines.tree import Game

__all__ = ["Sequential", "SequentialElement"]


class SequentialElement(Element):
    """The sequential equilibria on one support profile.

    Parameters
    ----------
    form : SequenceForm
        The game.
    model : Model
        The support profile, with one solution of the conditions on it.
    """

    def __init__(self, form: SequenceForm, model: Model) -> None:
        self.form = form
        self.game = form.game
        self.model = model

    @property
    def support(self) -> Support:
        """For each information set the actions of positive probability."""
        return self.model.support

    @cached_property
    def sides(self) -> tuple[Side, Side] | None:
        """The cells, for each player's coefficients; None if too many to write out."""
        try:
            found = [side_of(self.form, player, self.support) for player in (0, 1)]
        except (TooManyRays, TooManyCells):
            return None
        one, other = found
        if one is None or other is None:
            raise AssertionError(
                f"no cell on a support profile that has a solution: {self.support}"
            )
        return one, other

    # ------------------------------------------------------------- the representative
    def assessment(self) -> Assessment:
        """The middle of the largest cell."""
        # where cells are too many to write out, the solution that the search found
        orders, weights = orders_and_weights(self.form, self.model)
        if self.sides is not None:
            for own, side in zip(self.form.players, self.sides, strict=True):
                for sequence, before in side.up.items():
                    infoset, action = own.infoset[sequence], own.action[sequence]
                    block = side.blocks[side.block_of[sequence]]
                    cell = block.cells[0]
                    weights[infoset][action] = (
                        cell.middle[block.index[sequence]]
                        / cell.middle[block.coordinate(before)]
                    )
                    if action not in self.support[infoset]:
                        orders[infoset][action] = cell.orders.get(sequence, 1)
        return from_orders(self.form, orders, weights)

    # --------------------------------------------------------------------- what is free
    @cached_property
    def _strategy_ranges(self) -> dict[int, dict[int, Range]]:
        found: dict[int, dict[int, Range]] = {}
        if self.sides is None:
            return strategy_bounds(self.form, self.support)
        for own, side in zip(self.form.players, self.sides, strict=True):
            for infoset, first in own.first.items():
                on = self.support[infoset]
                if len(on) < 2:
                    continue
                block = side.blocks[side.block_of[first + on[0]]]
                under = block.coordinate(side.up[first + on[0]])
                row = {
                    a: Range.union(
                        ratio_interval(cell, {block.index[first + a]: 1}, {under: 1})
                        for cell in block.cells
                    )
                    for a in on
                }
                if any(not r.is_point for r in row.values()):
                    found[infoset] = row
        return found

    def strategy_ranges(self) -> dict[int, dict[int, Range]]:
        """By information set and action, what is not pinned down."""
        return self._strategy_ranges

    @cached_property
    def _belief_ranges(self) -> dict[int, dict[int, Range]]:
        if self.sides is None:
            return belief_bounds(self.form, self.support)
        found: dict[int, dict[int, Range]] = {}
        for infoset, row in enumerate(self.game._tables.infosets):
            if len(row.nodes) == 1:
                continue
            other = 1 - row.player
            side = self.sides[other]
            block = side.block_at(infoset)
            if block is None:
                continue
            met = [self.form.sequence[other][n] for n in row.nodes]
            ranges: dict[int, list[Interval]] = {}
            for cell in block.cells:
                least = cell.pattern[infoset]
                shares: list[dict[int, Fraction]] = []
                total: dict[int, Fraction] = {}
                for node, q in zip(row.nodes, met, strict=True):
                    share: dict[int, Fraction] = {}
                    if side.entries[q] in least:
                        k = block.coordinate(side.top[q])
                        share[k] = self.form.chance[node]
                        total[k] = total.get(k, Fraction(0)) + share[k]
                    shares.append(share)
                for position, share in enumerate(shares):
                    ranges.setdefault(position, []).append(
                        ratio_interval(cell, share, total)
                    )
            unions = {p: Range.union(i) for p, i in ranges.items()}
            if any(not r.is_point for r in unions.values()):
                found[infoset] = unions
        return found

    def belief_ranges(self) -> dict[int, dict[int, Range]]:
        """By information set and position of the node, what is not pinned down."""
        return self._belief_ranges

    def relations(self) -> tuple[str, ...]:
        """Conditions that tie several free quantities of a player to each other."""
        if self.sides is None:
            return ("ranges are exact; the relations among them are not written out",)
        return relations(self.form, self.support, self.sides)

    def extremes(
        self, amount: Callable[[int], Fraction], given: Callable[[int], bool] | None
    ) -> Range | None:
        """What an expected amount can be over the element."""
        if self.sides is None:
            come = reached(self.game, self.support)
            for on, row in zip(self.support, self.game._tables.infosets, strict=True):
                if len(on) > 1 and any(come[n] for n in row.nodes):
                    raise Unsupported(
                        "the cells of this support profile are too many to write out; "
                        "ask for the measure at the representative"
                    )
            return super().extremes(amount, given)
        return extremes(self.form, self.sides, amount, given)

    # ----------------------------------------------------------------------- membership
    def contains(self, assessment: Assessment, with_beliefs: bool) -> bool:
        """Whether an assessment belongs to the element."""
        if assessment.support != self.support:
            return False
        beliefs = assessment.belief if with_beliefs else None
        found = consistent(self.form, assessment.strategy, beliefs, optimal=True)
        return found is not None

    @staticmethod
    def components(elements: Sequence[SequentialElement]) -> list[list[int]] | None:
        """Connected components of the equilibrium strategies, as lists of elements."""
        sides = []
        for element in elements:
            if element.sides is None:
                return None
            sides.append(element.sides)
        return connected_groups(elements[0].form, [e.support for e in elements], sides)


@dataclass(frozen=True)
class Sequential(Solver):
    """All sequential equilibria of a two-player game with perfect recall."""

    concept: ClassVar[Concept] = Concept.SEQUENTIAL
    name: ClassVar[str] = "supports and orders in linear arithmetic"

    def refusal(self, game: Game) -> str | None:
        """Any two-player game with perfect recall is taken."""
        return None

    def find(self, game: Game, coverage: Coverage) -> Found:
        """The support profiles that carry one, in lexicographic order."""
        form = SequenceForm(game)
        if is_indifferent(game) and coverage is Coverage.ALL:
            every = EverySupport(game, lambda s: SequentialElement(form, even(form, s)))
            return every.found(self.limit)
        search = SupportSearch(form, self.effort, self.time_limit)
        models, status, complete, reason = gather(
            iter(search),
            coverage,
            self.limit,
            "linear arithmetic proves that no other support profile carries one",
        )
        models.sort(key=lambda m: m.support)
        return Found(
            elements=[SequentialElement(form, m) for m in models],
            status=status,
            complete=complete,
            reason=reason,
            unit="support profile",
            count=len(models) if complete else None,
        )
