"""The set of subgame perfect equilibria as a product over regions of the tree.

A subgame is *settled* if its payoffs are the same in all its subgame perfect
equilibria; then it can stand as an end in what lies above it, whichever of them is
played. So the whole set is a product over *regions*: the root of a settled subgame (or
the whole game's) with everything below it down to the next settled subgames. A region
is a small game of its own, whose ends are settled subgames, and a solver lists its
equilibria as elements. A single move between settled subgames of the same payoffs is no
region: any distribution over the best of them belongs to the one entry.

Reads: errors, forms, profile, ranges, solution, solvers.base, tree.  Used by:
solvers.backward_induction, solvers.subgame_perfect.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from redlines.errors import Unsupported
from redlines.forms import SequenceForm
from redlines.profile import Assessment, reached
from redlines.ranges import Interval, Range
from redlines.solution import Element, expected
from redlines.solvers.base import EverySupport
from redlines.tree import CHANCE, TERMINAL, DrawRow, Game, InfosetRow, Tables

__all__ = ["Combinations", "Payoffs", "Plan", "Region", "SubgamePerfectElement"]

Payoffs = tuple[Fraction, ...]
ZERO, ONE = Fraction(0), Fraction(1)


@dataclass
class Region:
    """The root of a settled subgame, or of the game, with what is unsettled below it.

    Attributes
    ----------
    nodes : list of int
        The nodes of the region in the whole tree, its root first.
    form : SequenceForm
        The region as a game; its ends are settled subgames or groups of them.
    infosets : list of int
        For each information set of the region's game the one of the whole tree.
    groups : list of list of list of int
        For each of them, the options that each action of the region's game stands for.
    ends : dict of int to list of int
        For each terminal of the region's game the settled nodes that it stands for.
    elements : sequence of Element
        Its equilibria.
    """

    nodes: list[int]
    form: SequenceForm
    infosets: list[int]
    groups: list[list[list[int]]]
    ends: dict[int, list[int]]
    elements: Sequence[Element] = field(default_factory=list)

    @classmethod
    def below(cls, game: Game, root: int, settled: Sequence[Payoffs | None]) -> Region:
        """The region at a node, given what the settled nodes are worth."""
        return _Builder(game, root, settled).region()

    @property
    def size(self) -> int:
        """How many equilibria it has; more may be than a length can say."""
        elements = self.elements
        return elements.size if isinstance(elements, EverySupport) else len(elements)

    @property
    def kind(self) -> object:
        """What the equilibria depend on: regions of one kind have the same."""
        game = self.form.game
        tables = game._tables
        first = game._exact_payoffs[tables.terminals[0]]
        return (
            tuple(tables.kind),
            tuple(tables.parent),
            tuple(tables.infoset),
            tuple(row.player for row in tables.infosets),
            tuple(
                tuple(v - w for v, w in zip(game._exact_payoffs[n], first, strict=True))
                for n in tables.terminals
            ),
            tuple(tuple(tables.amounts[a] for a in d.amounts) for d in tables.draws),
        )


class _Builder:
    """Walks down from a region's root and writes it as tables."""

    def __init__(
        self, game: Game, root: int, settled: Sequence[Payoffs | None]
    ) -> None:
        self.game, self.root, self.settled = game, root, settled
        self.nodes: list[int] = []
        self.ends: dict[int, list[int]] = {}
        self.infosets: list[int] = []
        self.groups: list[list[list[int]]] = []
        self.place: dict[int, int] = {}
        self.members: list[list[int]] = []
        self.draws: list[DrawRow] = []
        self.amounts: dict[Any, int] = {}
        self.payments: dict[int, tuple[tuple[int, int, int], ...]] = {}
        self.kind: list[int] = []
        self.parent: list[int] = []
        self.option: list[int] = []
        self.children: list[list[int]] = []
        self.infoset: list[int] = []
        self.names: list[str] = []

    def region(self) -> Region:
        """The whole walk."""
        # what a node of the region stands for: one unsettled node or settled ones
        stack: list[tuple[list[int], bool, int, int]] = [([self.root], False, -1, 0)]
        while stack:
            stands_for, end, before, position = stack.pop()
            here = len(self.kind)
            self.parent.append(before)
            self.option.append(position)
            self.children.append([])
            if before >= 0:
                self.children[before].append(here)
            below = (
                self._end(here, stands_for) if end else self._inner(here, stands_for)
            )
            stack.extend(
                (family, self.settled[family[0]] is not None, here, k)
                for k, family in reversed(list(enumerate(below)))
            )
        tables = self.game._tables
        rows = [
            InfosetRow(
                tables.infosets[h].player,
                tables.label(h),
                0,
                tuple(tables.infosets[h].actions[g[0]] for g in groups),
                tuple(nodes),
            )
            for h, groups, nodes in zip(
                self.infosets, self.groups, self.members, strict=True
            )
        ]
        written = Tables(
            players=tables.players,
            kind=self.kind,
            parent=self.parent,
            option=self.option,
            children=[tuple(c) for c in self.children],
            infoset=self.infoset,
            name=self.names,
            payments=self.payments,
            marks={},
            infosets=tuple(rows),
            draws=tuple(self.draws),
            observations=[(-1, "", "")],
            amounts=tuple(self.amounts),
            reasons=("payoff",),
            events=(),
        )
        at = tables.history(self.root) or "the root"
        game = Game(written, name=f"{self.game.name}, region at {at}")
        return Region(
            self.nodes, SequenceForm(game), self.infosets, self.groups, self.ends
        )

    def _amount(self, value: Any) -> int:
        return self.amounts.setdefault(value, len(self.amounts))

    def _end(self, here: int, stands_for: list[int]) -> list[list[int]]:
        """Settled nodes of the same payoffs."""
        self.kind.append(TERMINAL)
        self.infoset.append(-1)
        self.names.append("")
        self.ends[here] = stands_for
        value = self.settled[stands_for[0]]
        assert value is not None
        self.payments[here] = tuple(
            (p, self._amount(v), 0) for p, v in enumerate(value)
        )
        return []

    def _inner(self, here: int, stands_for: list[int]) -> list[list[int]]:
        """An unsettled node; what each of its actions leads to."""
        (node,) = stands_for
        tables, children = self.game._tables, self.game._tables.children[node]
        self.nodes.append(node)
        self.kind.append(tables.kind[node])
        self.names.append(tables.name[node])
        index = tables.infoset[node]
        if tables.kind[node] == CHANCE:
            draw = tables.draws[index]
            shares = tuple(self._amount(self.game._amounts[a]) for a in draw.amounts)
            self.infoset.append(len(self.draws))
            self.draws.append(DrawRow(draw.outcomes, shares))
            return [[child] for child in children]
        if index not in self.place:
            self.place[index] = len(self.infosets)
            self.infosets.append(index)
            self.groups.append(self._together(node))
            self.members.append([])
        place = self.place[index]
        self.infoset.append(place)
        self.members[place].append(here)
        return [[children[o] for o in group] for group in self.groups[place]]

    def _together(self, node: int) -> list[list[int]]:
        """The options at a move; those to settled nodes of the same payoffs as one."""
        tables = self.game._tables
        children = tables.children[node]
        if len(tables.infosets[tables.infoset[node]].nodes) > 1:
            return [[o] for o in range(len(children))]
        found: dict[object, list[int]] = {}
        for o, child in enumerate(children):
            key: object = child if self.settled[child] is None else self.settled[child]
            found.setdefault(key, []).append(o)
        return list(found.values())


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
        return math.prod(r.size for r in self.regions)


class Combinations(Sequence["SubgamePerfectElement"]):
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
            index, part = divmod(index, region.size)
            parts.append(part)
        return SubgamePerfectElement(self.plan, tuple(reversed(parts)))


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
    def _pieces(self) -> list[tuple[Region, Element]]:
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
            for h, groups, on in zip(
                region.infosets, region.groups, element.support, strict=True
            ):
                found[h] = tuple(sorted(o for a in on for o in groups[a]))
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
            for h, groups, shares in zip(
                region.infosets, region.groups, inner.strategy, strict=True
            ):
                for group, share in zip(groups, shares, strict=True):
                    for option in group:
                        rows[h][option] = share / len(group)
        beliefs = [(ONE,) if len(r.nodes) == 1 else None for r in tables.infosets]
        return Assessment(self.game, rows, beliefs)

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
            shares = element.assessment().strategy
            for k, on in enumerate(element.support):
                row: dict[int, Range] = {}
                for action in on:
                    group = region.groups[k][action]
                    inner = ranges.get(k, {}).get(action)
                    if len(group) > 1:
                        high = inner.high if inner else shares[k][action]
                        closed = inner.high_closed if inner else True
                        part = Range((Interval(ZERO, high, True, closed),))
                        row.update(dict.fromkeys(group, part))
                    elif inner:
                        row[group[0]] = inner
                if row:
                    found[region.infosets[k]] = row
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
                    sum((assessment.strategy[h][o] for o in group), ZERO)
                    for group in groups
                )
                for h, groups in zip(region.infosets, region.groups, strict=True)
            ]
            beliefs: list[Any] = [
                (ONE,) if len(row.nodes) == 1 else None
                for row in region.form.game._tables.infosets
            ]
            inner = Assessment(region.form.game, rows, beliefs)
            if not element.contains(inner, with_beliefs=False):
                return False
        return True

    def extremes(
        self, amount: Callable[[int], Fraction], given: Callable[[int], bool] | None
    ) -> Range | None:
        """What an expected amount can be over the element, from the ends upwards."""
        if given is not None:
            if self._ranges:
                return self._conditional(amount, given)
            value = expected(self.assessment(), amount, given)
            return None if value is None else Range.point(value)
        tables, game = self.game._tables, self.game
        inside = {n for r, _ in self._pieces for n in r.nodes[1:]}
        roots = {r.nodes[0]: (r, e) for r, e in self._pieces}
        worth: list[Range | None] = [None] * len(tables)
        for node in range(len(tables) - 1, -1, -1):
            if node in inside:
                continue
            if node in roots:
                worth[node] = _region_range(*roots[node], worth)
            elif tables.kind[node] == TERMINAL:
                worth[node] = Range.point(amount(node))
            elif tables.kind[node] == CHANCE:
                shares = game._shares(tables.infoset[node])
                worth[node] = _mixture(
                    [worth[c] for c in tables.children[node]], shares
                )
            else:
                options = self.plan.choices[node]
                worth[node] = _hull([worth[tables.children[node][o]] for o in options])
        return worth[0]

    def _conditional(
        self, amount: Callable[[int], Fraction], given: Callable[[int], bool]
    ) -> Range | None:
        """What a conditional probability can be, where one region is everything."""
        pieces = self._pieces
        if len(pieces) == 1 and pieces[0][0].nodes[0] == 0:
            region, element = pieces[0]
            # an end stands for one terminal of the whole game, or it is not so simple
            ends = {end: nodes[0] for end, nodes in region.ends.items()}
            simple = all(len(nodes) == 1 for nodes in region.ends.values())
            if simple and all(not self.game._tables.children[n] for n in ends.values()):
                return element.extremes(
                    lambda n: amount(ends[n]), lambda n: given(ends[n])
                )
        raise Unsupported(
            "the range of a conditional probability is not computed where ties in "
            "several subgames leave choices open; ask for .probability(event, given) "
            "at the representative, or solve with concept='sequential'"
        )

    @staticmethod
    def components(
        elements: Sequence[SubgamePerfectElement],
    ) -> list[list[int]] | None:
        """Components are products of the regions' components."""
        plan = elements[0].plan
        memberships: list[dict[int, list[int]]] = []
        for region in plan.regions:
            find = getattr(type(region.elements[0]), "components", None)
            groups = find(list(region.elements)) if find is not None else None
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


def _region_range(region: Region, element: Element, worth: list[Range | None]) -> Range:
    """What an expected amount can be at a region's root, given its ends."""
    hulls = {
        end: _hull([worth[n] for n in nodes]) for end, nodes in region.ends.items()
    }
    lower = element.extremes(lambda n: hulls[n].low, None)
    upper = element.extremes(lambda n: hulls[n].high, None)
    assert lower is not None
    assert upper is not None
    # every end that is reached has positive probability throughout the element
    come = reached(region.form.game, element.support)
    met = [h for end, h in hulls.items() if come[end]]
    closed_low = all(h.low_closed for h in met)
    closed_high = all(h.high_closed for h in met)
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
