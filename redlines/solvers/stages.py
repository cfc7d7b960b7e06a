"""Proper subgames, and the conditions that each lays on the players' coefficients.

A *subgame* begins at a node such that no information set has nodes both at or below it
and elsewhere; with perfect recall a mover knows that it is there. The *stage* of a
subgame is what belongs to it and to no subgame inside; a subgame that begins where a
stage ends is its *successor*. A profile is subgame perfect iff in every stage it is a
Nash equilibrium of the game in which each successor is an end, worth what the profile
makes it worth: a deviation in several stages is made up of deviations in each.

These conditions are linear. Player i's *coefficients* C(q) > 0, one for each own
sequence, are such that C(qa) over the actions a that are on (of positive probability)
sum to C(q); a sequence that is off has a positive coefficient too, which is the unit of
the subgames behind it. In a stage only what the other's own choices *since its
beginning* leave possible counts. So the other's optimal value from an own sequence q on
is the sum of chance times payoff times C over the ends of the stage that q is the last
own sequence of, plus the values of the own next sets of the stage, plus those of the
successors that q leads to without a further own choice; no action does better than its
set, and where own choices since the beginning of the stage lead to a set, the actions
that are on do as well. A set that the owner's own choices in the stage exclude is free.

`StageSearch` asks for all supports that have a solution. With supports fixed, the
conditions of one player speak of the other's coefficients alone, so that the equilibria
on one profile are a product, over the players and over blocks of what is bound together
by some condition, of polyhedral cones; `side_of` writes it down.

Reads: forms, tree, solvers.cells, solvers.cones, solvers.partition, solvers.supports.
Used by: solvers.subgame_perfect.

References
----------
[selten1965]_ for the concept, [vonstengel1996]_ for the linear conditions.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from redlines.forms import PlayerForm, SequenceForm
from redlines.solvers.cells import (
    Block,
    Cell,
    Row,
    Side,
    Support,
    TooManyCells,
    common_prefix,
    dense,
    flow_rows,
)
from redlines.solvers.cones import rays
from redlines.solvers.partition import Partition
from redlines.solvers.queries import Undecided
from redlines.solvers.supports import Model, SupportQuery
from redlines.tree import MOVE, Tables

__all__ = ["StageSearch", "Stages", "side_of", "subgame_roots"]

# plans to go on with after a deviation, at one sequence
MAX_ALTERNATIVES = 2_000

Key = tuple[int, int]


def subgame_roots(tables: Tables) -> list[int]:
    """The nodes at which subgames begin, in the order of the walk; 0 is the first."""
    count = len(tables)
    first, last = list(range(count)), list(range(count))
    end = list(range(count))
    for node in range(count - 1, -1, -1):
        children = tables.children[node]
        if not children:
            continue
        end[node] = end[children[-1]]
        row: tuple[int, ...] = ()
        if tables.kind[node] == MOVE:
            row = tables.infosets[tables.infoset[node]].nodes
        first[node] = min([node, *row[:1], *(first[c] for c in children)])
        last[node] = max([node, *row[-1:], *(last[c] for c in children)])
    return [
        n
        for n in range(count)
        if tables.children[n] and first[n] == n and last[n] <= end[n]
    ]


@dataclass
class _Ends:
    """What follows an own sequence of one player in one stage, before its next set.

    Attributes
    ----------
    amounts : dict of int to Fraction
        By the other's sequence, chance times payoff.
    successors : list of int
        Roots of subgames.
    infosets : list of int
        The player's own next sets.
    """

    amounts: dict[int, Fraction]
    successors: list[int]
    infosets: list[int]


class Stages:
    """The stages of a game in sequence form.

    Parameters
    ----------
    form : SequenceForm

    Attributes
    ----------
    roots : list of int
        Where subgames begin, outer ones first.
    stage : list of int
        For each node the root of the stage that it belongs to.
    of : list of int
        For each information set the root of its stage.
    """

    def __init__(self, form: SequenceForm) -> None:
        self.form = form
        tables = form.game._tables
        self.roots = subgame_roots(tables)
        begins = set(self.roots)
        self.stage = [0] * len(tables)
        for node in range(1, len(tables)):
            before = self.stage[tables.parent[node]]
            self.stage[node] = node if node in begins else before
        self.of = [self.stage[row.nodes[0]] for row in tables.infosets]

    def is_first(self, player: int, infoset: int) -> bool:
        """Whether no own set of the stage comes before."""
        before = self.form.players[player].before[infoset]
        return before == self.form.sequence[player][self.of[infoset]]

    @cached_property
    def ends(self) -> tuple[dict[Key, _Ends], ...]:
        """For each player, by stage and own sequence, what follows; outer ones last."""
        form, tables = self.form, self.form.game._tables
        payoffs = form.game._exact_payoffs
        found = []
        for own in form.players:
            keys = {(r, form.sequence[own.player][r]) for r in self.roots}
            keys |= {(self.of[own.infoset[q]], q) for q in range(1, len(own))}
            table = {
                key: _Ends({}, [], [])
                for key in sorted(keys, key=lambda k: (-k[1], -k[0]))
            }
            other = form.sequence[1 - own.player]
            for n in tables.terminals:
                row = table[self.stage[n], form.sequence[own.player][n]].amounts
                paid = payoffs[n][own.player] * form.chance[n]
                row[other[n]] = row.get(other[n], form.zero) + paid
            for r in self.roots[1:]:
                above = self.stage[tables.parent[r]]
                table[above, form.sequence[own.player][r]].successors.append(r)
            for h in own.infosets:
                table[self.of[h], own.before[h]].infosets.append(h)
            found.append(table)
        return tuple(found)


# ------------------------------------------------------------------------- the search
class StageSearch(SupportQuery):
    """The conditions of all stages, as one query in its own context.

    A set that its owner's own choices in the stage exclude counts as fully mixed, so
    that each element is met once.

    Parameters
    ----------
    stages : Stages
    effort : int
        How much work one query may do, in z3's resource units.
    time_limit : float, optional
        Seconds from now after which the search is given up.
    optimize : bool
        Whether the query is to be optimized over rather than searched.
    """

    def __init__(
        self,
        stages: Stages,
        effort: int,
        time_limit: float | None = None,
        *,
        optimize: bool = False,
    ) -> None:
        super().__init__("optimize" if optimize else "QF_LRA", effort, time_limit)
        seconds = math.inf if time_limit is None else time_limit
        self._until = time.monotonic() + seconds
        self.stages, self.form = stages, stages.form
        self.homogeneous = optimize
        self.on = []
        self.C: list[list[Any]] = []
        # for each own sequence whether own choices lead there, from its stage on
        self.live: list[list[Any]] = []
        for own in self.form.players:
            self._coefficients(own)
        for own in self.form.players:
            self._optimality(own)

    def _coefficients(self, own: PlayerForm) -> None:
        """Coefficients and supports of one player's sequences."""
        z3, context, player = self.z3, self.context, own.player
        size = len(own)
        C = [z3.Real(f"C{player}.{q}", context) for q in range(size)]
        on = [z3.Bool(f"on{player}.{q}", context) for q in range(size)]
        live = [z3.BoolVal(True, context)] + [
            z3.Bool(f"live{player}.{q}", context) for q in range(1, size)
        ]
        add = self.solver.add
        add(C[0] > 0 if self.homogeneous else C[0] == 1, on[0], *(c > 0 for c in C[1:]))
        for h, first in own.first.items():
            sequences = range(first, first + self._actions(h))
            add(z3.Or([on[q] for q in sequences]))
            shares = [z3.If(on[q], C[q], self.real(0)) for q in sequences]
            add(z3.Sum(shares) == C[own.before[h]])
            come = self._come(own, live, h)
            for q in sequences:
                add(live[q] == z3.And(come, on[q]), z3.Or(come, on[q]))
        self.C.append(C)
        self.on.append(on)
        self.live.append(live)

    def _actions(self, infoset: int) -> int:
        return len(self.form.game._tables.infosets[infoset].actions)

    def _come(self, own: PlayerForm, live: list[Any], infoset: int) -> Any:
        """Whether own choices in its stage lead to a set."""
        if self.stages.is_first(own.player, infoset):
            return self.z3.BoolVal(True, self.context)
        return live[own.before[infoset]]

    def _optimality(self, own: PlayerForm) -> None:
        """In every stage, no plan of a player does better."""
        z3, player, add = self.z3, own.player, self.solver.add
        form, stages = self.form, self.stages
        C, live = self.C[1 - player], self.live[1 - player]
        V = {h: z3.Real(f"V{h}", self.context) for h in own.infosets}
        W = {r: z3.Real(f"W{player}.{r}", self.context) for r in stages.roots}

        def counts(root: int, sequence: int, amount: Any) -> Any:
            """An amount, if the other's choices in a stage lead to a sequence."""
            if sequence == form.sequence[1 - player][root]:
                return amount
            return z3.If(live[sequence], amount, self.real(0))

        for (root, q), ends in stages.ends[player].items():
            terms = [
                counts(root, r, self.real(value) * C[r])
                for r, value in ends.amounts.items()
                if value
            ]
            terms += [
                counts(root, form.sequence[1 - player][r], W[r])
                for r in ends.successors
            ]
            terms += [V[h] for h in ends.infosets]
            total = z3.Sum(terms) if terms else self.real(0)
            if q == form.sequence[player][root]:
                add(W[root] == total)
                continue
            h = own.infoset[q]
            add(total <= V[h])
            add(z3.Implies(self.live[player][q], total == V[h]))

    def next(self) -> Model | None:
        """A support profile that is not excluded, or None if there is none left.

        Raises
        ------
        Undecided
            If the effort or the time ran out first.
        """
        if self.time_limit is not None:
            self.time_limit = self._until - time.monotonic()
        try:
            if time.monotonic() >= self._until:
                raise Undecided
            model = self.model()
        except Undecided:
            if time.monotonic() < self._until:
                raise
            raise Undecided("the time ran out; allow more with time_limit=") from None
        if model is None:
            return None
        one, other = (
            [model.eval(c, model_completion=True).as_fraction() for c in row]
            for row in self.C
        )
        return Model(self.support_of(model), (one, other), ([], []), self.form)

    def require(self, support: Support) -> None:
        """Ask for this support profile only."""
        self.solver.add(self.is_support(support))

    def require_strategy(
        self, strategy: Sequence[Sequence[Fraction]], come: Sequence[bool]
    ) -> None:
        """Ask for these choices at the sets that own choices lead to."""
        for own, C in zip(self.form.players, self.C, strict=True):
            for h, first in own.first.items():
                for a, share in enumerate(strategy[h] if come[h] else ()):
                    if share:
                        before = self.real(share) * C[own.before[h]]
                        self.solver.add(C[first + a] == before)

    def __iter__(self) -> Iterator[Model]:
        while True:
            model = self.next()
            if model is None:
                return
            yield model
            self.exclude(model.support)


# ---------------------------------------------------------------- one support profile
class Profile:
    """What a support profile leaves possible in each stage.

    Parameters
    ----------
    stages : Stages
    support : Support
        With all actions where the owner's own choices in the stage exclude a set.

    Attributes
    ----------
    come : list of bool
        For each information set whether its owner's choices in the stage lead there.
    live : tuple of list of bool
        For each player and own sequence whether own choices in its stage lead there.
    """

    def __init__(self, stages: Stages, support: Support) -> None:
        self.stages, self.form, self.support = stages, stages.form, support
        self.come = [False] * len(support)
        self.live: tuple[list[bool], list[bool]] = ([], [])
        for own in self.form.players:
            live = [True] * len(own)
            for h, first in own.first.items():
                self.come[h] = stages.is_first(own.player, h) or live[own.before[h]]
                for a in range(len(self.form.game._tables.infosets[h].actions)):
                    live[first + a] = self.come[h] and a in support[h]
            self.live[own.player].extend(live)

    def counts(self, player: int, root: int, sequence: int) -> bool:
        """Whether a player's choices since a root lead to an own sequence."""
        base = self.form.sequence[player][root]
        return sequence == base or self.live[player][sequence]

    def parameters(
        self, player: int
    ) -> tuple[list[int], list[tuple[int, ...]], dict[int, int]]:
        """Tops and entries of a player's sequences, and what precedes each top.

        As in `redlines.solvers.cells`, but what is off is no parameter: it is the unit
        of the subgames behind it.
        """
        own = self.form.players[player]
        top, up = [0], {}
        entries: list[tuple[int, ...]] = [()]
        for q in range(1, len(own)):
            before, live = own.parent[q], self.live[player][q]
            entries.append(entries[before] if live else (*entries[before], q))
            if live and len(self.support[own.infoset[q]]) == 1:
                top.append(top[before])
            else:
                top.append(q)
                up[q] = top[before]
        return top, entries, up

    def values(self, player: int, top: list[int]) -> dict[Key, list[Row]]:
        """What a player can get from an own sequence on, by the other's tops.

        By stage and sequence: one row for each plan to go on with; where own choices
        lead, a plan that is taken stands for all.

        Raises
        ------
        TooManyCells
            If there are too many plans.
        """
        own, other = self.form.players[player], 1 - player
        found: dict[Key, list[Row]] = {}
        for (root, q), ends in self.stages.ends[player].items():
            plain: Row = {}
            for r, value in ends.amounts.items():
                if self.counts(other, root, r):
                    _add(plain, {top[r]: value})
            for r in ends.successors:
                if self.counts(other, root, self.form.sequence[other][r]):
                    _add(plain, found[r, self.form.sequence[player][r]][0])
            rows = [plain]
            for h in ends.infosets:
                first = own.first[h]
                actions = range(len(self.form.game._tables.infosets[h].actions))
                if self.come[h]:
                    actions = range(self.support[h][0], self.support[h][0] + 1)
                onward = [row for a in actions for row in found[root, first + a]]
                rows = _distinct(_sum(row, more) for row in rows for more in onward)
                if len(rows) > MAX_ALTERNATIVES:
                    raise TooManyCells(
                        f"more than {MAX_ALTERNATIVES} plans after a deviation"
                    )
            found[root, q] = rows
        return found

    def conditions(self, player: int, top: list[int]) -> list[tuple[int, bool, Row]]:
        """What a player's optimality asks of the other's coefficients, by tops.

        In each stage, given by its root: rows that are 0, or at least 0.

        Raises
        ------
        TooManyCells
            If there are too many.
        """
        own = self.form.players[player]
        values = self.values(player, top)
        found: dict[object, tuple[int, bool, Row]] = {}
        for h, first in own.first.items():
            if not self.come[h]:
                continue
            root, on = self.stages.of[h], self.support[h]
            taken = values[root, first + on[0]][0]
            for a in range(len(self.form.game._tables.infosets[h].actions)):
                for rival in values[root, first + a] if a != on[0] else ():
                    row = _sum(taken, {k: -v for k, v in rival.items()})
                    row = {k: v for k, v in row.items() if v}
                    if row:
                        key = (root, a in on, tuple(sorted(row.items())))
                        found[key] = root, a in on, row
        return list(found.values())


def _add(row: Row, more: Row) -> None:
    for k, value in more.items():
        row[k] = row.get(k, Fraction(0)) + value


def _sum(one: Row, other: Row) -> Row:
    total = dict(one)
    _add(total, other)
    return total


def _distinct(rows: Iterable[Row]) -> list[Row]:
    return list(
        {
            tuple(sorted((k, v) for k, v in row.items() if v)): row for row in rows
        }.values()
    )


def side_of(profile: Profile, player: int) -> Side:
    """What the other player's conditions leave of one player's coefficients.

    Parameters
    ----------
    profile : Profile
        A support profile that has a solution.
    player : int
        Whose coefficients are described.

    Returns
    -------
    Side
        Each block has one cell, whose pattern and orders are empty.

    Raises
    ------
    TooManyRays, TooManyCells
        If the description is too large to be written out.
    """
    mine = profile.form.players[player]
    top, entries, up = profile.parameters(player)
    side = Side(player, top, entries, [], {}, {}, up)
    conditions = profile.conditions(1 - player, top)
    mixed = [p for p in up if profile.live[player][p]]
    blocks = Partition(mixed)
    for h, first in mine.first.items():
        if profile.come[h] and len(profile.support[h]) > 1:
            blocks.join([first + a for a in profile.support[h]])
    speaking: list[tuple[int, bool, Row]] = []
    for _, equal, row in conditions:
        chains = [side.chain(t) for t in row]
        bound = [p for c in chains for p in c[common_prefix(chains) :]]
        if not bound:
            continue
        blocks.join(bound)
        speaking.append((bound[0], equal, row))
    rows_of: dict[int, list[tuple[bool, Row]]] = {}
    for member, equal, row in speaking:
        rows_of.setdefault(blocks.find(member), []).append((equal, row))
    for root, parameters in blocks.groups().items():
        parameters.sort()
        inside = set(parameters)
        block = Block(
            next(up[p] for p in parameters if up[p] not in inside), parameters
        )
        block.cells = [_cell(side, profile, block, rows_of.get(root, []))]
        for p in parameters:
            side.block_of[p] = len(side.blocks)
        side.blocks.append(block)
    return side


def _cell(
    side: Side, profile: Profile, block: Block, rows: list[tuple[bool, Row]]
) -> Cell:
    """The cone of a block's coefficients."""
    mine = profile.form.players[side.player]
    equalities = list(
        flow_rows(side, mine, profile.support, block, Fraction(1)).values()
    )
    flows = len(equalities)
    inequalities: list[Row] = []
    for equal, row in rows:
        placed: Row = {}
        for t, value in row.items():
            _add(placed, {block.coordinate(t): value})
        placed = {k: v for k, v in placed.items() if v}
        if placed:
            (equalities if equal else inequalities).append(placed)
    dimension = len(block.parameters) + 1
    found = rays(
        dimension,
        [dense(r, dimension) for r in equalities],
        [dense(r, dimension) for r in inequalities],
    )
    if not found or not all(map(any, zip(*found, strict=True))):
        raise AssertionError(
            f"no cell on a support profile that has a solution: {profile.support}"
        )
    return Cell({}, {}, found, equalities, inequalities, flows=flows)
