"""Weak perfect Bayesian equilibria, all of them, exactly where that can be decided.

Definition (Mas-Colell, Whinston and Green 1995, 9.C.3): sequential rationality at every
information set, with beliefs by Bayes' rule where play comes and any belief elsewhere.
Beliefs at a player's successive sets need not follow from each other off the path, so
deviations are whole continuation strategies.

On a fixed support profile the conditions of one player's sets speak of the other's
mixed choices and of the player's own free beliefs, and of nothing else; so the two
players are decided apart, as for sequential equilibrium. Three kinds of sets occur:

* reached, or with one node: linear in the other's realization plan (cells as in
  `redlines.solvers.cells`);
* not reached, with several nodes, and what the other does afterwards is pinned down:
  linear in the set's belief;
* not reached, and what the other does afterwards is not pinned down: bilinear. These
  *tangles* go to z3's nonlinear solver; what it finds may be irrational, an algebraic
  number.

Which support profiles come into question is settled by `redlines.solvers.relaxation`,
which is linear and works with all dominance at once.

References: [mascolell1995]_, 9.C.

Reads: forms, numbers, profile, ranges, solution, solvers.  Used by: solving.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, partial
from typing import Any, ClassVar

from redlines.errors import Unsupported
from redlines.forms import SequenceForm
from redlines.profile import Assessment, Exact, reached
from redlines.ranges import Range
from redlines.referee import referee
from redlines.solution import Concept, Coverage, Element, Status
from redlines.solvers.base import (
    EverySupport,
    Found,
    Solver,
    gather,
    is_indifferent,
)
from redlines.solvers.beliefs import supporting_beliefs
from redlines.solvers.cells import (
    Block,
    Cell,
    Side,
    Support,
    common_prefix,
    dense,
    read_parameters,
)
from redlines.solvers.cones import TooManyRays, rays
from redlines.solvers.connected import connected_groups
from redlines.solvers.continuations import Worth, continuations
from redlines.solvers.extremes import extremes, ratio_interval
from redlines.solvers.partition import Partition
from redlines.solvers.queries import Undecided
from redlines.solvers.relations import relations
from redlines.solvers.relaxation import Screen
from redlines.solvers.tangles import Condition, Tangle
from redlines.tree import Game

__all__ = ["WeakElement", "WeakPerfectBayesian"]

MAX_REFUSED = 5_000

Row = dict[int, Fraction]


@dataclass
class WeakSide:
    """One player's mixed choices with the other's free beliefs, on a support profile.

    Attributes
    ----------
    side : Side
        Blocks of linear conditions; those inside tangles describe the linear part only.
    tangles : list of Tangle
        What is bilinear.
    """

    side: Side
    tangles: list[Tangle] = field(default_factory=list)


class _Builder:
    """The conditions that one player's sets put on the other's choices."""

    def __init__(
        self, form: SequenceForm, player: int, support: Support, effort: int
    ) -> None:
        self.form = form
        self.player = player
        self.support = support
        self.effort = effort
        self.mine = form.players[player]
        self.other = form.players[1 - player]
        top, entries, up = read_parameters(self.mine, support)
        self.side = Side(player, top, entries, [], {}, {}, up)
        self.tables = form.game._tables
        self.come = reached(form.game, support)

    def build(self) -> WeakSide | None:
        """The cells and tangles, or None if nothing satisfies the conditions."""
        linear: list[tuple[bool, Row]] = []
        loose: list[tuple[int, list[tuple[bool, dict[tuple[int, int], Fraction]]]]] = []
        for infoset in self.other.infosets:
            rows = self._rows(infoset)
            nodes = self.tables.infosets[infoset].nodes
            if any(self.come[n] for n in nodes):
                linear += [(on, self._by_plan(infoset, row)) for on, row in rows]
            elif len(nodes) == 1:
                linear += [
                    (on, {t: v for (_, t), v in row.items()}) for on, row in rows
                ]
            else:
                loose.append((infoset, rows))
        if not self._linear_blocks(linear):
            return None
        found = WeakSide(self.side)
        return found if self._beliefs(found, loose) else None

    def _rows(self, infoset: int) -> list[tuple[bool, dict[tuple[int, int], Fraction]]]:
        """How much better the prescribed strategy is, by node and top."""
        prescribed = continuations(self.form, infoset, self.support)
        wanted = [w for group in prescribed.values() for w in group]
        reference = self._by_top(infoset, wanted[0])
        rows = []
        seen = set()
        for worth in wanted[1:]:
            row = _minus(reference, self._by_top(infoset, worth))
            rows.append((True, row))
            seen.add(_frozen(row))
        for group in continuations(self.form, infoset).values():
            for worth in group:
                row = _minus(reference, self._by_top(infoset, worth))
                key = _frozen(row)
                if row and key not in seen:
                    seen.add(key)
                    rows.append((False, row))
        return rows

    def _by_top(self, infoset: int, worth: Worth) -> dict[tuple[int, int], Fraction]:
        """A worth by node and top, without what the other's supports exclude."""
        entries, top = self.side.entries, self.side.top
        nodes = self.tables.infosets[infoset].nodes
        before = [entries[self.form.sequence[self.player][n]] for n in nodes]
        found: dict[tuple[int, int], Fraction] = {}
        for (position, q), value in worth.items():
            if entries[q] == before[position]:
                key = (position, top[q])
                found[key] = found.get(key, Fraction(0)) + value
        return {k: v for k, v in found.items() if v}

    def _by_plan(self, infoset: int, row: dict[tuple[int, int], Fraction]) -> Row:
        """A row at a set that is reached, in the other's realization plan."""
        nodes = self.tables.infosets[infoset].nodes
        total: Row = {}
        for (position, top), value in row.items():
            node = nodes[position]
            if self.come[node]:
                total[top] = (
                    total.get(top, Fraction(0)) + value * self.form.chance[node]
                )
        return {t: v for t, v in total.items() if v}

    # --------------------------------------------------------------- linear conditions
    def _linear_blocks(self, linear: list[tuple[bool, Row]]) -> bool:
        """Group mixed choices by shared rows and write out their cones."""
        side, mine = self.side, self.mine
        mixed = [
            [first + a for a in self.support[h]]
            for h, first in mine.first.items()
            if len(self.support[h]) > 1
        ]
        partition = Partition(p for group in mixed for p in group)
        for group in mixed:
            partition.join(group)
        owned: list[tuple[int, bool, Row]] = []
        for on, row in linear:
            if not row:
                continue
            chains = [side.chain(t) for t in row]
            common = common_prefix(chains)
            linked = [p for chain in chains for p in chain[common:]]
            if linked:
                partition.join(linked)
                owned.append((linked[0], on, row))
            else:
                value = sum(row.values(), Fraction(0))
                if value < 0 or (on and value):
                    return False
        for root, members in partition.groups().items():
            members.sort()
            inside = set(members)
            base = next(side.up[p] for p in members if side.up[p] not in inside)
            block = Block(base, members)
            equalities: list[Row] = []
            inequalities: list[Row] = []
            for group in mixed:
                if group[0] in inside:
                    flow = {block.coordinate(p): Fraction(1) for p in group}
                    flow[block.coordinate(side.up[group[0]])] = Fraction(-1)
                    equalities.append(flow)
            flows = len(equalities)
            for owner, on, row in owned:
                if partition.find(owner) == root:
                    local: Row = {}
                    for t, v in row.items():
                        k = block.coordinate(t)
                        local[k] = local.get(k, Fraction(0)) + v
                    (equalities if on else inequalities).append(local)
            cell = _cone(len(members) + 1, equalities, inequalities, 0, flows)
            if cell is None:
                return False
            block.cells = [cell]
            for p in members:
                side.block_of[p] = len(side.blocks)
            side.blocks.append(block)
        return True

    # ----------------------------------------------------------------- free beliefs
    def _beliefs(
        self,
        found: WeakSide,
        loose: list[tuple[int, list[tuple[bool, dict[tuple[int, int], Fraction]]]]],
    ) -> bool:
        """Give every set that is not reached its beliefs; False if one has none."""
        tangled: list[Condition] = []
        for infoset, rows in loose:
            nodes = self.tables.infosets[infoset].nodes
            fixed: list[tuple[bool, Row]] = []
            open_rows = False
            for on, row in rows:
                local: Row = {}
                for (position, top), value in row.items():
                    share = self._share(infoset, position, top)
                    if share is None:
                        open_rows = True
                        break
                    k = position + 1
                    local[k] = local.get(k, Fraction(0)) + value * share
                if open_rows:
                    break
                fixed.append((on, local))
            if open_rows:
                tangled.append(Condition(infoset, rows))
                continue
            whole = {k + 1: Fraction(1) for k in range(len(nodes))}
            cell = _cone(
                len(nodes) + 1,
                [{**whole, 0: Fraction(-1)}, *(r for on, r in fixed if on)],
                [r for on, r in fixed if not on],
                ((1 << len(nodes)) - 1) << 1,
            )
            if cell is None:
                return False
            block = Block(0, [], [cell], [(infoset, k) for k in range(len(nodes))])
            found.side.blocks.append(block)
        if tangled:
            tangles = Tangle.split(
                self.form, self.side, self.support, tangled, self.effort
            )
            for tangle in tangles:
                if not tangle.solve():
                    return False
            found.tangles = tangles
        return True

    def _share(self, infoset: int, position: int, top: int) -> Fraction | None:
        """The other's probability from a node to a top, if it is pinned down."""
        node = self.tables.infosets[infoset].nodes[position]
        stop = self.side.top[self.form.sequence[self.player][node]]
        share = Fraction(1)
        while top != stop:
            block = self.side.blocks[self.side.block_of[top]]
            up = block.coordinate(self.side.up[top])
            range_ = ratio_interval(block.cells[0], {block.index[top]: 1}, {up: 1})
            if range_.low != range_.high:
                return None
            share *= range_.low
            top = self.side.up[top]
        return share


def _minus(
    one: dict[tuple[int, int], Fraction], other: dict[tuple[int, int], Fraction]
) -> dict[tuple[int, int], Fraction]:
    total = dict(one)
    for key, value in other.items():
        total[key] = total.get(key, Fraction(0)) - value
    return {k: v for k, v in total.items() if v}


def _frozen(row: dict[tuple[int, int], Fraction]) -> frozenset[Any]:
    return frozenset(row.items())


def _indicator(ends: frozenset[int]) -> Callable[[int], Fraction]:
    return lambda node: Fraction(int(node in ends))


def _cone(
    dimension: int,
    equalities: list[Row],
    inequalities: list[Row],
    loose: int,
    flows: int = 0,
) -> Cell | None:
    """A cell from its rows, or None if it has no point of the right kind."""
    equalities = [r for r in equalities if any(r.values())]
    inequalities = [r for r in inequalities if any(r.values())]
    found = rays(
        dimension,
        [dense(r, dimension) for r in equalities],
        [dense(r, dimension) for r in inequalities],
    )
    if not found:
        return None
    mask = 0
    for ray in found:
        mask |= sum(1 << k for k, x in enumerate(ray) if x)
    cell = Cell({}, {}, found, equalities, inequalities, loose, flows)
    return cell if mask & cell.positive == cell.positive else None


class WeakElement(Element):
    """The weak perfect Bayesian equilibria on one support profile.

    Parameters
    ----------
    form : SequenceForm
        The game.
    support : Support
        For each information set the actions of positive probability.
    describe : callable
        Gives the cells and tangles of each player's choices.
    """

    def __init__(
        self,
        form: SequenceForm,
        support: Support,
        describe: Callable[[], tuple[WeakSide, WeakSide] | None],
    ) -> None:
        self.form = form
        self.game = form.game
        self._support = support
        self._describe = describe

    @cached_property
    def sides(self) -> tuple[WeakSide, WeakSide]:
        """The cells and tangles of each player's choices."""
        found = self._describe()
        assert found is not None
        return found

    @property
    def support(self) -> Support:
        """For each information set the actions of positive probability."""
        return self._support

    def assessment(self) -> Assessment:
        """The middles of the cells; what the nonlinear solver found inside tangles."""
        tables = self.game._tables
        strategy: list[list[Exact]] = []
        for h, row in enumerate(tables.infosets):
            on = self.support[h]
            strategy.append(
                [Fraction(int(on == (a,))) for a in range(len(row.actions))]
            )
        beliefs: list[Any] = [
            (Fraction(1),) if len(row.nodes) == 1 else None for row in tables.infosets
        ]
        for player, half in enumerate(self.sides):
            own = self.form.players[player]
            for block in half.side.blocks:
                middle = block.cells[0].middle
                for p in block.parameters:
                    share = (
                        middle[block.index[p]]
                        / middle[block.coordinate(half.side.up[p])]
                    )
                    strategy[own.infoset[p]][own.action[p]] = share
                if block.beliefs:
                    beliefs[block.beliefs[0][0]] = middle[1:]
            for tangle in half.tangles:
                for p, share in tangle.shares.items():
                    strategy[own.infoset[p]][own.action[p]] = share
                for infoset, belief in tangle.beliefs.items():
                    beliefs[infoset] = belief
        bare = Assessment(self.game, strategy, beliefs)
        filled = [b if b is not None else bare.bayes(h) for h, b in enumerate(beliefs)]
        return Assessment(self.game, strategy, filled)

    @cached_property
    def _strategy_ranges(self) -> dict[int, dict[int, Range]]:
        found: dict[int, dict[int, Range]] = {}
        for half, own in zip(self.sides, self.form.players, strict=True):
            knotted = {p: t for t in half.tangles for p in t.shares}
            for infoset, first in own.first.items():
                on = self.support[infoset]
                if len(on) < 2:
                    continue
                row: dict[int, Range] = {}
                for a in on:
                    p = first + a
                    if p in knotted:
                        row[a] = knotted[p].range_of_share(p)
                        continue
                    block = half.side.blocks[half.side.block_of[p]]
                    up = block.coordinate(half.side.up[p])
                    row[a] = Range(
                        (ratio_interval(block.cells[0], {block.index[p]: 1}, {up: 1}),)
                    )
                if any(not r.is_point for r in row.values()):
                    found[infoset] = row
        return found

    def strategy_ranges(self) -> dict[int, dict[int, Range]]:
        """By information set and action, what is not pinned down."""
        return self._strategy_ranges

    @cached_property
    def _belief_ranges(self) -> dict[int, dict[int, Range]]:
        found: dict[int, dict[int, Range]] = {}
        for half in self.sides:
            for block in half.side.blocks:
                if not block.beliefs:
                    continue
                row = {
                    position: Range(
                        (ratio_interval(block.cells[0], {k + 1: 1}, {0: 1}),)
                    )
                    for k, (_, position) in enumerate(block.beliefs)
                }
                if any(not r.is_point for r in row.values()):
                    found[block.beliefs[0][0]] = row
            for tangle in half.tangles:
                for infoset in tangle.beliefs:
                    row = tangle.ranges_of_belief(infoset)
                    if any(not r.is_point for r in row.values()):
                        found[infoset] = row
        self._add_reached(found)
        return found

    def _add_reached(self, found: dict[int, dict[int, Range]]) -> None:
        """Beliefs by Bayes' rule, where the strategies behind them are free."""
        come = reached(self.game, self.support)
        tables = self.game._tables
        for infoset, row in enumerate(tables.infosets):
            if len(row.nodes) == 1 or not any(come[n] for n in row.nodes):
                continue
            half = self.sides[1 - row.player]
            if not half.side.blocks and not half.tangles:
                continue
            passing = [self._ends_below({node}) for node in row.nodes]
            together = frozenset().union(*passing)
            ranges = {
                k: extremes(
                    self.form,
                    (self.sides[0].side, self.sides[1].side),
                    _indicator(ends),
                    together.__contains__,
                )
                for k, ends in enumerate(passing)
            }
            known = {k: r for k, r in ranges.items() if r is not None}
            if any(not r.is_point for r in known.values()):
                found[infoset] = known

    def _ends_below(self, nodes: set[int]) -> frozenset[int]:
        """The terminals that some nodes lead to."""
        tables = self.game._tables
        stack, found = list(nodes), set()
        while stack:
            node = stack.pop()
            found.add(node)
            stack.extend(tables.children[node])
        return frozenset(found)

    def belief_ranges(self) -> dict[int, dict[int, Range]]:
        """By information set and position of the node, what is not pinned down."""
        return self._belief_ranges

    def relations(self) -> tuple[str, ...]:
        """Linear conditions, and tangles, whose quantities are tied by products."""
        linear = relations(self.form, self.support, (half.side for half in self.sides))
        products = (
            text for half in self.sides for t in half.tangles for text in t.text()
        )
        return (*linear, *products)

    def extremes(
        self, amount: Callable[[int], Fraction], given: Callable[[int], bool] | None
    ) -> Range | None:
        """What an expected amount can be over the element."""
        for half, own in zip(self.sides, self.form.players, strict=True):
            for tangle in half.tangles:
                free = [
                    p for p in tangle.shares if not tangle.range_of_share(p).is_point
                ]
                if any(half.side.entries[p] == () for p in free) and len(own) > 1:
                    raise Unsupported(
                        "the range of this measure depends on products of beliefs and "
                        "mixed choices; ask for its value at the representative"
                    )
        return extremes(
            self.form, (self.sides[0].side, self.sides[1].side), amount, given
        )

    def contains(self, assessment: Assessment, with_beliefs: bool) -> bool:
        """Whether an assessment belongs to the element."""
        if assessment.support != self.support:
            return False
        beliefs = [
            b if b is not None and with_beliefs else assessment.bayes(h)
            for h, b in enumerate(assessment.belief)
        ]
        filled = supporting_beliefs(assessment, beliefs)
        return referee(filled, Concept.WEAK_PERFECT_BAYESIAN.value).holds

    @staticmethod
    def components(elements: Sequence[WeakElement]) -> list[list[int]] | None:
        """Connected components of the equilibrium strategies, as lists of elements."""
        if any(half.tangles for e in elements for half in e.sides):
            return None
        return connected_groups(
            elements[0].form,
            [e.support for e in elements],
            [(e.sides[0].side, e.sides[1].side) for e in elements],
        )


def _known(sides: tuple[WeakSide, WeakSide]) -> tuple[WeakSide, WeakSide]:
    return sides


@dataclass(frozen=True)
class WeakPerfectBayesian(Solver):
    """All weak perfect Bayesian equilibria of a two-player game."""

    concept: ClassVar[Concept] = Concept.WEAK_PERFECT_BAYESIAN
    name: ClassVar[str] = "linear screen and nonlinear arithmetic"

    def refusal(self, game: Game) -> str | None:
        """Any two-player game with perfect recall is taken."""
        return None

    def find(self, game: Game, coverage: Coverage) -> Found:
        """The support profiles that carry one, in lexicographic order."""
        form = SequenceForm(game)
        if is_indifferent(game) and coverage is Coverage.ALL:
            every = EverySupport(
                game, lambda s: WeakElement(form, s, partial(self._sides, form, s))
            )
            return every.found(self.limit)
        open_: list[str] = []
        elements, status, complete, reason = gather(
            self._search(form, open_),
            coverage,
            self.limit,
            "every support profile that passes the linear screen is decided",
        )
        if open_ and complete:
            complete = False
            status = Status.LIMIT if elements else Status.NOT_FOUND
            reason = f"{len(open_)} support profiles are open: {open_[0]}"
        elements.sort(key=lambda e: e.support)
        return Found(
            elements=elements,
            status=status,
            complete=complete,
            reason=reason,
            unit="support profile",
            count=len(elements) if complete else None,
        )

    def _search(self, form: SequenceForm, open_: list[str]) -> Iterator[WeakElement]:
        """What passes the screen and the exact conditions; what is open is noted."""
        refused = 0
        try:
            screen = Screen(form, self.effort, self.time_limit)
            while (support := screen.next()) is not None:
                screen.exclude(support)
                try:
                    sides = self._sides(form, support)
                except (Undecided, TooManyRays) as stopped:
                    open_.append(str(stopped))
                    continue
                if sides is not None:
                    yield WeakElement(form, support, partial(_known, sides))
                    continue
                refused += 1
                if refused > MAX_REFUSED:
                    raise Undecided(
                        f"{refused:,} support profiles passed the linear screen and "
                        "failed the exact conditions; more are left"
                    )
        except Unsupported as stopped:
            raise Undecided(str(stopped)) from None

    def _sides(
        self, form: SequenceForm, support: Support
    ) -> tuple[WeakSide, WeakSide] | None:
        """Both players' choices on a support profile, or None if one has none."""
        one = _Builder(form, 0, support, self.effort).build()
        if one is None:
            return None
        other = _Builder(form, 1, support, self.effort).build()
        return None if other is None else (one, other)
