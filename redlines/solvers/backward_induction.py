"""Subgame perfect equilibria of games of perfect information, as a compressed set.

A node is *settled* if its payoffs are the same in every subgame perfect equilibrium of
the subgame there. Backward induction settles a node whose mover has one best child, or
several with the same payoffs for everybody; such a tie is one entry, any distribution
over them. A tie between children that differ for the other player leaves the node
*unsettled*, and so may what lies above it, up to the first node at which it no longer
matters. Bounds on what unsettled nodes are worth tell which of them that is. What is
unsettled is searched in regions (`redlines.solvers.regions`).

Linear in nodes where nothing is unsettled.

References: [selten1965]_.

Reads: tree, forms, profile, ranges, solution, solvers.  Used by: solving.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

from redlines.forms import SequenceForm, has_perfect_information
from redlines.profile import Assessment
from redlines.ranges import Interval
from redlines.solution import Concept, Coverage, Element, Status
from redlines.solvers.base import Found, Solver
from redlines.solvers.queries import Undecided
from redlines.solvers.regions import Combinations, Payoffs, Plan, Region
from redlines.solvers.stages import Stages, StageSearch
from redlines.solvers.subgame_perfect import listed
from redlines.solvers.supports import Model
from redlines.tree import CHANCE, MOVE, TERMINAL, Game

__all__ = ["BackwardInduction"]

ZERO, ONE = Fraction(0), Fraction(1)
# a region beyond this size is not searched for all its support profiles
MAX_REGION = 2_000


class PureRegionElement(Element):
    """One pure equilibrium of a region, the first best option everywhere.

    Parameters
    ----------
    form : SequenceForm
        The region as a game.
    """

    def __init__(self, form: SequenceForm) -> None:
        self.form = form
        self.game = form.game

    @cached_property
    def support(self) -> tuple[tuple[int, ...], ...]:
        """For each information set the one action that is taken."""
        tables = self.game._tables
        worth: list[Any] = list(self.game._payoffs)
        found: list[tuple[int, ...]] = [()] * len(tables.infosets)
        for node in range(len(tables) - 1, -1, -1):
            below = [worth[c] for c in tables.children[node]]
            if tables.kind[node] == CHANCE:
                draw = tables.draws[tables.infoset[node]]
                shares: Any = [self.game._amounts[a] for a in draw.amounts]
                worth[node] = tuple(
                    sum((s * v for s, v in zip(shares, column, strict=True)), ZERO)
                    for column in zip(*below, strict=True)
                )
            elif tables.kind[node] == MOVE:
                mover = tables.infosets[tables.infoset[node]].player
                best = max(range(len(below)), key=lambda o: below[o][mover])
                found[tables.infoset[node]] = (best,)
                worth[node] = below[best]
        return tuple(found)

    def assessment(self) -> Assessment:
        """The pure profile."""
        rows = [
            tuple(ONE if a in on else ZERO for a in range(len(row.actions)))
            for on, row in zip(self.support, self.game._tables.infosets, strict=True)
        ]
        return Assessment(self.game, rows, [(ONE,)] * len(rows))


@dataclass(frozen=True)
class BackwardInduction(Solver):
    """All subgame perfect equilibria of a game of perfect information."""

    concept: ClassVar[Concept] = Concept.SUBGAME_PERFECT
    name: ClassVar[str] = "backward induction"

    def refusal(self, game: Game) -> str | None:
        """Games with an information set of several nodes are refused."""
        if has_perfect_information(game):
            return None
        label = next(
            game._tables.label(h)
            for h, row in enumerate(game._tables.infosets)
            if len(row.nodes) > 1
        )
        return f"it needs perfect information, and at {label!r} histories look alike"

    def find(self, game: Game, coverage: Coverage) -> Found:
        """Combinations of the regions' support profiles."""
        game._require_numbers("backward induction")
        settled, unsettled, choices = _induct(game)
        plan = Plan(game, choices, _regions(game, settled, unsettled, choices))
        memo: dict[object, list[Model]] = {}
        status, complete = Status.SOLVED, True
        reason = "backward induction goes through every choice"
        one = coverage is Coverage.ONE
        for region in plan.regions:
            if one:
                region.elements = [PureRegionElement(region.form)]
                continue
            place = game._tables.history(region.nodes[0]) or "the root"
            try:
                models = self._models(region, memo)
            except Undecided as stopped:
                status, complete = Status.LIMIT, False
                reason = f"ties that matter below {place!r}: {stopped}"
                region.elements = [PureRegionElement(region.form)]
                continue
            if len(models) > self.limit:
                del models[self.limit :]
                status, complete = Status.LIMIT, False
                reason = (
                    f"ties that matter below {place!r} have more than "
                    f"limit={self.limit:,} support profiles"
                )
            region.elements = listed(models, Stages(region.form))
        if one:
            complete, reason = False, "one was asked for"
        elif complete and plan.size > self.limit:
            status = Status.LIMIT
        return Found(
            elements=Combinations(plan),
            status=status,
            complete=complete,
            reason=reason,
            unit=self._unit,
            count=plan.size if complete else None,
        )

    _unit: ClassVar[str] = "support profile"

    def _models(self, region: Region, memo: dict[object, list[Model]]) -> list[Model]:
        """The support profiles of a region; the same for regions of the same shape."""
        tables = region.form.game._tables
        if len(tables) > MAX_REGION:
            raise Undecided(
                f"they reach through {len(tables):,} nodes, more than {MAX_REGION:,}; "
                "one equilibrium is shown for them"
            )
        if region.kind not in memo:
            stages = Stages(region.form)
            search = StageSearch(stages, self.effort, self.time_limit)
            memo[region.kind] = list(itertools.islice(search, self.limit + 1))
        return list(memo[region.kind])


# --------------------------------------------------------------------------- induction
def _induct(
    game: Game,
) -> tuple[list[Payoffs | None], dict[int, list[Interval]], dict[int, list[int]]]:
    """Settled payoffs, bounds at unsettled nodes, and best options at settled moves."""
    tables, amounts = game._tables, game._amounts
    count = len(tables.players)
    settled: list[Payoffs | None] = [None] * len(tables)
    bounds: dict[int, list[Interval]] = {}
    choices: dict[int, list[int]] = {}
    payoffs = game._payoffs
    for node in range(len(tables) - 1, -1, -1):
        kind, children = tables.kind[node], tables.children[node]
        if kind == TERMINAL:
            settled[node] = payoffs[node]  # type: ignore[assignment]
            continue
        known = [settled[c] for c in children]
        if kind == CHANCE:
            shares: Any = [
                amounts[a] for a in tables.draws[tables.infoset[node]].amounts
            ]
            if all(v is not None for v in known):
                settled[node] = tuple(
                    sum((s * v[p] for s, v in zip(shares, known, strict=True)), ZERO)  # type: ignore[index]
                    for p in range(count)
                )
            else:
                bounds[node] = [
                    Interval(
                        sum(
                            (
                                s * _end(settled, bounds, c, p, False)
                                for s, c in zip(shares, children, strict=True)
                            ),
                            ZERO,
                        ),
                        sum(
                            (
                                s * _end(settled, bounds, c, p, True)
                                for s, c in zip(shares, children, strict=True)
                            ),
                            ZERO,
                        ),
                    )
                    for p in range(count)
                ]
            continue
        mover = tables.infosets[tables.infoset[node]].player
        floor = max(_end(settled, bounds, c, mover, False) for c in children)
        options = [
            o
            for o, c in enumerate(children)
            if _end(settled, bounds, c, mover, True) >= floor
        ]
        first = settled[children[options[0]]]
        if first is not None and all(settled[children[o]] == first for o in options):
            settled[node] = first
            choices[node] = options
        else:
            bounds[node] = [
                Interval(
                    min(_end(settled, bounds, children[o], p, False) for o in options),
                    max(_end(settled, bounds, children[o], p, True) for o in options),
                )
                for p in range(count)
            ]
            bounds[node][mover] = Interval(floor, bounds[node][mover].high)
    return settled, bounds, choices


def _end(
    settled: list[Payoffs | None],
    bounds: dict[int, list[Interval]],
    node: int,
    player: int,
    upper: bool,
) -> Fraction:
    known = settled[node]
    if known is not None:
        return known[player]
    interval = bounds[node][player]
    return interval.high if upper else interval.low  # type: ignore[no-any-return]


def _regions(
    game: Game,
    settled: list[Payoffs | None],
    unsettled: dict[int, list[Interval]],
    choices: dict[int, list[int]],
) -> list[Region]:
    """The settled nodes with unsettled children, and the root if it is unsettled."""
    tables = game._tables
    roots = []
    for node in range(len(tables)):
        below = any(c in unsettled for c in tables.children[node])
        if node in unsettled:
            if node == 0:
                roots.append(node)
        elif below:
            roots.append(node)
            choices.pop(node, None)
    return [Region.below(game, root, settled) for root in roots]
