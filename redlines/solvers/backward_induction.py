"""Subgame perfect equilibria of games of perfect information, as a compressed set.

A node is *settled* if its payoffs are the same in every subgame perfect equilibrium of
the subgame there. Backward induction settles a node whose mover has one best child, or
several with the same payoffs for everybody; such a tie is one entry, any distribution
over them. A tie between children that differ for the other player leaves the node
*unsettled*, and so may what lies above it, up to the first node at which it no longer
matters. What a settled node is worth does not depend on how it is reached, so the whole
set is a product over *regions*: a settled node (or the root) with the unsettled nodes
below it. A region is a small game of its own, whose ends are settled nodes, and its
equilibria are found as support profiles with their cells (`redlines.solvers.supports`,
`redlines.solvers.cells`): under perfect information, sequential and subgame perfect
equilibrium are the same.

Linear in nodes where nothing is unsettled.

References: [selten1965]_; [vonstengel1996]_ for the linear conditions of a region.

Reads: tree, forms, profile, ranges, solution, solvers.  Used by: solving.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

from redlines.errors import Unsupported
from redlines.forms import SequenceForm, has_perfect_information
from redlines.profile import Assessment
from redlines.ranges import Interval, Range
from redlines.solution import Concept, Coverage, Element, Status, expected
from redlines.solvers.base import Found, Solver
from redlines.solvers.connected import connected_groups
from redlines.solvers.queries import Undecided
from redlines.solvers.sequential import SequentialElement
from redlines.solvers.supports import Model, SupportSearch
from redlines.tree import (
    CHANCE,
    MOVE,
    TERMINAL,
    DrawRow,
    Game,
    InfosetRow,
    Tables,
)

__all__ = ["BackwardInduction", "SubgamePerfectElement"]

Payoffs = tuple[Fraction, ...]
ZERO, ONE = Fraction(0), Fraction(1)
# a region beyond this size is not searched for all its support profiles
MAX_REGION = 2_000


@dataclass
class Region:
    """A settled node, or the root, with the unsettled nodes below it.

    Attributes
    ----------
    nodes : list of int
        The nodes of the region in the whole tree, its root first.
    form : SequenceForm
        The region as a game; its ends are settled nodes or groups of them.
    groups : dict of int to list of list of int
        For each move of the region, the options that each of its actions stands for.
    elements : list of SequentialElement
        Its equilibria.
    ends : dict of int to list of int
        For each terminal of the region's game the settled nodes that it stands for.
    """

    nodes: list[int]
    form: SequenceForm
    groups: dict[int, list[list[int]]]
    ends: dict[int, list[int]]
    infosets: list[int]
    elements: list[SequentialElement | PureRegionElement] = field(default_factory=list)


@dataclass
class Plan:
    """The whole set: what is settled, and the regions.

    Attributes
    ----------
    game : Game
    choices : dict of int to list of int
        At each settled move outside regions the best options.
    regions : list of Region
        In the order of their roots.
    """

    game: Game
    choices: dict[int, list[int]]
    regions: list[Region]

    @property
    def size(self) -> int:
        """How many combinations there are; it may not fit a machine word."""
        return math.prod(len(r.elements) for r in self.regions)


class SubgamePerfectElement(Element):
    """One combination of the regions' support profiles.

    Parameters
    ----------
    plan : Plan
        The whole set.
    parts : tuple of int
        Which element of each region.
    """

    def __init__(self, plan: Plan, parts: tuple[int, ...]) -> None:
        self.plan = plan
        self.parts = parts
        self.game = plan.game

    @cached_property
    def _pieces(self) -> list[tuple[Region, SequentialElement | PureRegionElement]]:
        return [
            (region, region.elements[k])
            for region, k in zip(self.plan.regions, self.parts, strict=True)
        ]

    @cached_property
    def support(self) -> tuple[tuple[int, ...], ...]:
        """For each information set the actions that may have positive probability."""
        tables = self.game._tables
        found: list[tuple[int, ...]] = [()] * len(tables.infosets)
        for node, options in self.plan.choices.items():
            found[tables.infoset[node]] = tuple(options)
        for region, element in self._pieces:
            for k, on in enumerate(element.support):
                node = region.infosets[k]
                groups = region.groups[node]
                found[tables.infoset[node]] = tuple(
                    sorted(o for a in on for o in groups[a])
                )
        return tuple(found)

    def assessment(self) -> Assessment:
        """Even mixtures where a tie changes nothing, the middle of a cell elsewhere."""
        tables = self.game._tables
        rows: list[list[Fraction]] = [
            [ZERO] * len(row.actions) for row in tables.infosets
        ]
        for node, options in self.plan.choices.items():
            for option in options:
                rows[tables.infoset[node]][option] = Fraction(1, len(options))
        for region, element in self._pieces:
            inner = element.assessment()
            for k, shares in enumerate(inner.strategy):
                node = region.infosets[k]
                for group, share in zip(region.groups[node], shares, strict=True):
                    for option in group:
                        rows[tables.infoset[node]][option] = share / len(group)
        return Assessment(self.game, rows, [(ONE,)] * len(rows))

    def strategy_ranges(self) -> dict[int, dict[int, Range]]:
        """By information set and action, what is not pinned down."""
        return self._ranges

    @cached_property
    def _ranges(self) -> dict[int, dict[int, Range]]:
        tables = self.game._tables
        whole = Range((Interval(ZERO, ONE),))
        found: dict[int, dict[int, Range]] = {}
        for node, options in self.plan.choices.items():
            if len(options) > 1:
                found[tables.infoset[node]] = dict.fromkeys(options, whole)
        for region, element in self._pieces:
            ranges = element.strategy_ranges()
            for k, on in enumerate(element.support):
                node = region.infosets[k]
                row: dict[int, Range] = {}
                for action in on:
                    group = region.groups[node][action]
                    inner = ranges.get(k, {}).get(action)
                    if len(group) > 1:
                        high = (
                            inner.high
                            if inner
                            else element.assessment().strategy[k][action]
                        )
                        closed = inner.high_closed if inner else True
                        part = Range((Interval(ZERO, high, True, closed),))
                        row.update(dict.fromkeys(group, part))
                    elif inner:
                        row[group[0]] = inner
                if row:
                    found[tables.infoset[node]] = row
        return found

    def relations(self) -> tuple[str, ...]:
        """Conditions inside regions that tie several free quantities."""
        return tuple(
            text for _, element in self._pieces for text in element.relations()
        )

    def contains(self, assessment: Assessment, with_beliefs: bool) -> bool:
        """Whether a profile belongs to the element."""
        tables = self.game._tables
        for node, options in self.plan.choices.items():
            if not set(assessment.support[tables.infoset[node]]) <= set(options):
                return False
        for region, element in self._pieces:
            rows = [
                tuple(
                    sum(
                        (assessment.strategy[tables.infoset[node]][o] for o in group),
                        ZERO,
                    )
                    for group in region.groups[node]
                )
                for node in region.infosets
            ]
            # options that belong to no group are dominated in every equilibrium
            if any(sum(row, ZERO) != 1 for row in rows):
                return False
            inner = Assessment(region.form.game, rows, [(ONE,)] * len(rows))
            if not element.contains(inner, with_beliefs=False):
                return False
        return True

    def extremes(
        self, amount: Callable[[int], Fraction], given: Callable[[int], bool] | None
    ) -> Range | None:
        """What an expected amount can be over the element, from the ends upwards."""
        if given is not None:
            if self.strategy_ranges():
                raise Unsupported(
                    "the range of a conditional probability is not computed where ties "
                    "leave choices open; ask for .probability(event, given) at the "
                    "representative, or solve with concept='sequential'"
                )
            value = expected(self.assessment(), amount, given)
            return None if value is None else Range.point(value)
        tables, game = self.game._tables, self.game
        inside = {n: k for k, (r, _) in enumerate(self._pieces) for n in r.nodes[1:]}
        roots = {r.nodes[0]: (r, e) for r, e in self._pieces}
        worth: list[Range | None] = [None] * len(tables)
        for node in range(len(tables) - 1, -1, -1):
            if node in inside:
                continue
            if node in roots:
                worth[node] = self._region_range(*roots[node], worth)
            elif tables.kind[node] == TERMINAL:
                value = amount(node)
                worth[node] = Range.point(value)
            elif tables.kind[node] == CHANCE:
                shares = [
                    game._amounts[a] for a in tables.draws[tables.infoset[node]].amounts
                ]
                worth[node] = _mixture(
                    [worth[c] for c in tables.children[node]], shares
                )
            else:
                options = self.plan.choices[node]
                worth[node] = _hull([worth[tables.children[node][o]] for o in options])
        return worth[0]

    def _region_range(
        self, region: Region, element: Element, worth: list[Range | None]
    ) -> Range:
        hulls = {
            end: _hull([worth[n] for n in nodes]) for end, nodes in region.ends.items()
        }
        lower = element.extremes(lambda n: hulls[n].low, None)
        upper = element.extremes(lambda n: hulls[n].high, None)
        assert lower is not None
        assert upper is not None
        closed_low = all(h.low_closed for h in hulls.values())
        closed_high = all(h.high_closed for h in hulls.values())
        return Range(
            (
                Interval(
                    lower.low,
                    upper.high,
                    lower.low_closed and closed_low,
                    upper.high_closed and closed_high,
                ),
            )
        )

    @staticmethod
    def components(
        elements: Sequence[SubgamePerfectElement],
    ) -> list[list[int]] | None:
        """Components are products of the regions' components."""
        plan = elements[0].plan
        memberships: list[dict[int, list[int]]] = []
        for region in plan.regions:
            sides = [getattr(e, "sides", None) for e in region.elements]
            if any(s is None for s in sides):
                return None
            groups = connected_groups(
                region.form,
                [e.support for e in region.elements],
                [s for s in sides if s is not None],
            )
            if groups is None:
                return None
            found: dict[int, list[int]] = {}
            for number, group in enumerate(groups):
                for k in group:
                    found.setdefault(k, []).append(number)
            memberships.append(found)
        components: dict[tuple[int, ...], list[int]] = {}
        for position, element in enumerate(elements):
            options = [m[k] for m, k in zip(memberships, element.parts, strict=True)]
            for key in itertools.product(*options):
                components.setdefault(key, []).append(position)
        return sorted(components.values())


def _hull(ranges: Sequence[Range | None]) -> Range:
    """The smallest interval around some ranges."""
    known = [r for r in ranges if r is not None]
    low = min(r.low for r in known)
    high = max(r.high for r in known)
    return Range(
        (
            Interval(
                low,
                high,
                any(r.low == low and r.low_closed for r in known),
                any(r.high == high and r.high_closed for r in known),
            ),
        )
    )


def _mixture(ranges: Sequence[Range | None], shares: Sequence[Any]) -> Range:
    """The range of a sum with fixed shares."""
    pairs = [(r, s) for r, s in zip(ranges, shares, strict=True) if r is not None]
    return Range(
        (
            Interval(
                sum((s * r.low for r, s in pairs), ZERO),
                sum((s * r.high for r, s in pairs), ZERO),
                all(r.low_closed for r, _ in pairs),
                all(r.high_closed for r, _ in pairs),
            ),
        )
    )


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


class _Combinations(Sequence[SubgamePerfectElement]):
    """All combinations of the regions' elements, the first region slowest."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.size = plan.size

    def __len__(self) -> int:
        # len() of a Sequence must fit a machine word
        return min(self.size, 2**62)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if not 0 <= index < self.size:
            raise IndexError(index)
        parts = []
        for region in reversed(self.plan.regions):
            index, part = divmod(index, len(region.elements))
            parts.append(part)
        return SubgamePerfectElement(self.plan, tuple(reversed(parts)))


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
        return (
            f"backward induction needs perfect information, and at {label!r} the mover "
            'cannot tell histories apart; concept="sequential" gives all sequential '
            "equilibria, each of which is subgame perfect"
        )

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
            region.elements = [
                SequentialElement(region.form, _moved(model, region.form))
                for model in models
            ]
        if one:
            complete, reason = False, "one was asked for"
        elif complete and plan.size > self.limit:
            status = Status.LIMIT
        return Found(
            elements=_Combinations(plan),
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
        key = (
            tuple(tables.kind),
            tuple(tables.parent),
            tuple(row.player for row in tables.infosets),
            tuple(region.form.game._payoffs),
            tuple(
                tuple(tables.amounts[a] for a in draw.amounts) for draw in tables.draws
            ),
            tuple(tables.infoset),
        )
        if key not in memo:
            search = SupportSearch(region.form, self.effort, self.time_limit)
            found = list(itertools.islice(search, self.limit + 1))
            memo[key] = sorted(found, key=lambda m: m.support)
        return list(memo[key])


def _moved(model: Model, form: SequenceForm) -> Model:
    return Model(model.support, model.coefficients, model.orders, form)


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
    return [_region(game, root, settled, unsettled) for root in roots]


def _region(
    game: Game,
    root: int,
    settled: list[Payoffs | None],
    unsettled: dict[int, list[Interval]],
) -> Region:
    """A region as a game of its own; settled children of equal payoffs are one end."""
    tables = game._tables
    nodes: list[int] = []
    groups: dict[int, list[list[int]]] = {}
    ends: dict[int, list[int]] = {}
    moves: list[int] = []
    kind: list[int] = []
    parent: list[int] = []
    option: list[int] = []
    children: list[list[int]] = []
    infoset: list[int] = []
    names: list[str] = []
    payments: dict[int, tuple[tuple[int, int, int], ...]] = {}
    rows: list[InfosetRow] = []
    draws: list[DrawRow] = []
    amounts: dict[Fraction, int] = {}
    # (node of the whole tree or None, settled nodes that an end stands for)
    stack: list[tuple[int, list[int], int, int]] = [(root, [], -1, 0)]
    while stack:
        node, stands_for, before, position = stack.pop()
        here = len(kind)
        parent.append(before)
        option.append(position)
        children.append([])
        if before >= 0:
            children[before].append(here)
        if stands_for:
            kind.append(TERMINAL)
            infoset.append(-1)
            names.append("")
            ends[here] = stands_for
            value = settled[stands_for[0]]
            assert value is not None
            payments[here] = tuple(
                (p, amounts.setdefault(v, len(amounts)), 0) for p, v in enumerate(value)
            )
            continue
        nodes.append(node)
        kind.append(tables.kind[node])
        names.append(tables.name[node])
        below: list[tuple[int, list[int]]] = []
        if tables.kind[node] == CHANCE:
            draw = tables.draws[tables.infoset[node]]
            infoset.append(len(draws))
            draws.append(
                DrawRow(
                    draw.outcomes,
                    tuple(
                        amounts.setdefault(game._amounts[a], len(amounts))  # type: ignore[arg-type]
                        for a in draw.amounts
                    ),
                )
            )
            for child in tables.children[node]:
                below.append((child, [] if child in unsettled else [child]))
        else:
            row = tables.infosets[tables.infoset[node]]
            together: dict[object, list[int]] = {}
            for o, child in enumerate(tables.children[node]):
                key: object = child if child in unsettled else settled[child]
                together.setdefault(key, []).append(o)
            parts = list(together.values())
            groups[node] = parts
            moves.append(node)
            infoset.append(len(rows))
            rows.append(
                InfosetRow(
                    row.player,
                    tables.label(tables.infoset[node]),
                    0,
                    tuple(row.actions[part[0]] for part in parts),
                    (here,),
                )
            )
            for part in parts:
                family = [tables.children[node][o] for o in part]
                below.append((family[0], [] if family[0] in unsettled else family))
        stack.extend(
            (child, group, here, k)
            for k, (child, group) in reversed(list(enumerate(below)))
        )
    game_ = Game(
        Tables(
            players=tables.players,
            kind=kind,
            parent=parent,
            option=option,
            children=[tuple(c) for c in children],
            infoset=infoset,
            name=names,
            payments=payments,
            marks={},
            infosets=tuple(rows),
            draws=tuple(draws),
            observations=[(-1, "", "")],
            amounts=tuple(amounts),
            reasons=("payoff",),
            events=(),
        ),
        name=f"{game.name}, region at {tables.history(root) or 'the root'}",
    )
    return Region(nodes, SequenceForm(game_), groups, ends, moves)
