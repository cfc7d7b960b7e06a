"""The sequential equilibria on one support profile, as an exact union of cells.

With the supports fixed, the conditions of a player's information sets speak only of the
*other* player's sequence coefficients C and orders K, as `redlines.solvers.sequential`
defines them. So the assessments on a support profile are a product of two sets, one for
each player's (C, K), and each splits further:

* A *parameter* is a sequence whose last action is mixed, or off (an *entry*: of
  positive order). Every other sequence has the coefficient of the last parameter on its
  way, its *top*.
* At an information set h of the deciding player, a node counts only if the entries on
  the other's way to it have the least total order. The *pattern* of h says which entry
  lists are least.
* Given the pattern, each condition at h is one homogeneous linear row in the
  coefficients of tops; what is common to all of them at h cancels. Parameters that
  occur together at some h, beyond what is common, form a *block*; blocks are
  independent of each other.
* A *cell* of a block is one feasible pattern with the cone of its coefficients:
  rational rays, all coordinates positive.

Coordinate 0 of a cone is the coefficient of the block's base, the parameter (or the
beginning) that all its parameters follow.

Reads: tree, forms, solvers.cones.  Used by: solvers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias

from redlines.forms import PlayerForm, SequenceForm
from redlines.solvers.cones import Cone, rays
from redlines.solvers.partition import Partition

__all__ = [
    "Block",
    "Cell",
    "Place",
    "Row",
    "Side",
    "Support",
    "TooManyCells",
    "arrange",
    "common_prefix",
    "dense",
    "flow_rows",
    "patterns",
    "place_rows",
    "read_parameters",
    "side_of",
]

Support: TypeAlias = tuple[tuple[int, ...], ...]
Entries: TypeAlias = tuple[int, ...]
Row: TypeAlias = dict[int, Fraction]

MAX_PATTERNS = 600


class TooManyCells(Exception):
    """A block has more patterns than a solver wants to hold."""


@dataclass
class Place:
    """What one information set asks of the other player's coefficients.

    Attributes
    ----------
    infoset : int
        The information set.
    candidates : list of Entries
        Entry lists at its nodes that can be least.
    rows : dict of int to (bool, dict of Entries to Row)
        For each action but the reference one: whether it is on, and by entry list how
        much the reference action is better, by top.
    tops : dict of Entries to list of int
        The tops of its nodes.
    """

    infoset: int
    candidates: list[Entries]
    rows: dict[int, tuple[bool, dict[Entries, Row]]]
    tops: dict[Entries, list[int]]


@dataclass
class Cell:
    """One pattern of a block, with the cone of its coefficients.

    Attributes
    ----------
    pattern : dict of int to frozenset of Entries
        For each information set of the block, the entry lists of least order.
    orders : dict of int to int
        An order for each entry that realizes the pattern.
    rays : list of tuple of int
        The extreme rays of the cone; coordinate 0 is the base.
    equalities, inequalities : list of Row
        The conditions, by coordinate.
    loose : int
        Bit set of the coordinates that may be 0.
    flows : int
        How many of the equalities, the first ones, only say that probabilities sum to
        one.
    """

    pattern: dict[int, frozenset[Entries]]
    orders: dict[int, int]
    rays: list[tuple[int, ...]]
    equalities: list[dict[int, Fraction]]
    inequalities: list[dict[int, Fraction]]
    loose: int = 0
    flows: int = 0

    @cached_property
    def positive(self) -> int:
        """Bit set of the coordinates that are positive on the cell."""
        return ((1 << len(self.rays[0])) - 1) & ~self.loose

    @cached_property
    def middle(self) -> tuple[Fraction, ...]:
        """The mean of the normalized rays: a point with all coordinates positive."""
        total = [Fraction(0)] * len(self.rays[0])
        for ray in self.rays:
            scale = ray[0] if ray[0] else sum(ray)
            for k, x in enumerate(ray):
                total[k] += Fraction(x, scale)
        unit = total[0]
        return tuple(x / unit for x in total)


@dataclass
class Block:
    """Parameters of one player that are bound to each other, and their cells.

    Attributes
    ----------
    base : int
        The parameter that all of them follow, 0 for the beginning.
    parameters : list of int
        Sequences; parameter ``parameters[k]`` has coordinate ``k + 1``.
    cells : list of Cell
        Never empty.
    beliefs : list of (int, int)
        Beliefs that are coordinates of their own, after the parameters: information
        set and position of the node. Sequential equilibrium has none: there beliefs
        follow from the coefficients.
    """

    base: int
    parameters: list[int]
    cells: list[Cell] = field(default_factory=list)
    beliefs: list[tuple[int, int]] = field(default_factory=list)

    @cached_property
    def index(self) -> dict[int, int]:
        """The coordinate of each parameter; the base has 0."""
        return {p: k + 1 for k, p in enumerate(self.parameters)}

    def coordinate(self, top: int) -> int:
        """The coordinate of a top of the block."""
        return self.index.get(top, 0)


@dataclass
class Side:
    """Everything about one player's coefficients on a support profile.

    Attributes
    ----------
    player : int
        Whose coefficients they are.
    top : list of int
        For each of the player's sequences its top.
    entries : list of Entries
        For each of the player's sequences the entries on its way.
    blocks : list of Block
        Independent of each other.
    places : dict of int to Place
        The conditions at the other player's information sets.
    block_of : dict of int to int
        For each parameter its block.
    up : dict of int to int
        For each parameter the one before it, 0 at the beginning.
    """

    player: int
    top: list[int]
    entries: list[Entries]
    blocks: list[Block]
    places: dict[int, Place]
    block_of: dict[int, int]
    up: dict[int, int]

    def block_at(self, infoset: int) -> Block | None:
        """The block that the other's information set speaks of, if any."""
        place = self.places[infoset]
        lists = [self.chain(t) for e in place.candidates for t in place.tops[e]]
        common = common_prefix(lists)
        for chain in lists:
            if len(chain) > common:
                return self.blocks[self.block_of[chain[common]]]
        return None

    def chain(self, top: int) -> list[int]:
        """The parameters on the way to a top, itself included."""
        found = []
        while top:
            found.append(top)
            top = self.up[top]
        return found[::-1]


def common_prefix(lists: Sequence[Sequence[int]]) -> int:
    """How many leading entries all lists share."""
    if not lists:
        return 0
    shortest, length = min(lists, key=len), 0
    for length, item in enumerate(shortest):
        if any(other[length] != item for other in lists):
            return length
    return len(shortest)


def side_of(form: SequenceForm, player: int, support: Support) -> Side | None:
    """What the other player's conditions leave of one player's coefficients.

    Parameters
    ----------
    form : SequenceForm
        The game.
    player : int
        Whose coefficients are described.
    support : tuple of tuple of int
        For each information set (of both players) the actions that are on.

    Returns
    -------
    Side or None
        None if nothing satisfies the conditions.

    Raises
    ------
    TooManyRays, TooManyCells
        If the description is too large to be written out.
    """
    side, groups = arrange(form, player, support)
    mine = form.players[player]
    for block, places in groups:
        if not block.parameters:
            if not all(map(_settled, places)):
                return None
            continue
        block.cells = list(_cells(side, mine, support, block, places))
        if not block.cells:
            return None
        for parameter in block.parameters:
            side.block_of[parameter] = len(side.blocks)
        side.blocks.append(block)
    return side


def arrange(
    form: SequenceForm, player: int, support: Support
) -> tuple[Side, list[tuple[Block, list[Place]]]]:
    """The blocks of one player's coefficients, each with what is asked of it.

    Parameters
    ----------
    form : SequenceForm
        The game.
    player : int
        Whose coefficients are described.
    support : tuple of tuple of int
        For each information set (of both players) the actions that are on.

    Returns
    -------
    tuple of Side and list of (Block, list of Place)
        The side has no blocks and the blocks have no cells yet. A place that speaks of
        no parameter comes with a block without any.
    """
    mine, other = form.players[player], form.players[1 - player]
    top, entries, up = read_parameters(mine, support)
    side = Side(player, top, entries, [], {}, {}, up)
    differences = _differences(side, other, support, form.zero)
    for infoset in other.infosets:
        side.places[infoset] = _place(side, form, other, support, infoset, differences)
    partition = _link(side, mine, support)
    touching: dict[int, list[Place]] = {}
    groups: list[tuple[Block, list[Place]]] = []
    for place in side.places.values():
        chains = _chains(side, place)
        common = common_prefix(chains)
        linked = [c[common] for c in chains if len(c) > common]
        if linked:
            touching.setdefault(partition.find(linked[0]), []).append(place)
        else:
            groups.append((Block(0, []), [place]))
    for root, parameters in partition.groups().items():
        parameters.sort()
        inside = set(parameters)
        base = next(up[p] for p in parameters if up[p] not in inside)
        groups.append((Block(base, parameters), touching.get(root, [])))
    return side, groups


def read_parameters(
    mine: PlayerForm, support: Support
) -> tuple[list[int], list[Entries], dict[int, int]]:
    """Tops and entries of all sequences, and what precedes each parameter."""
    top = [0]
    entries: list[Entries] = [()]
    up: dict[int, int] = {}
    for sequence in range(1, len(mine)):
        infoset, action = mine.infoset[sequence], mine.action[sequence]
        before = mine.parent[sequence]
        on = support[infoset]
        if action not in on:
            entries.append((*entries[before], sequence))
        else:
            entries.append(entries[before])
        if action not in on or len(on) > 1:
            up[sequence] = top[before]
            top.append(sequence)
        else:
            top.append(top[before])
    return top, entries, up


def _differences(
    side: Side, other: PlayerForm, support: Support, zero: Any
) -> list[dict[tuple[Entries, int], Fraction]]:
    """For each sequence of the deciding player, what it is worth from there on.

    Later own sets count with the first action of their support: where the conditions
    hold, every action that is on is worth the same.
    """
    top, entries = side.top, side.entries
    worth: list[dict[tuple[Entries, int], Fraction]] = [{} for _ in range(len(other))]
    for sequence in range(len(other) - 1, -1, -1):
        total = worth[sequence]
        for q, value in other.payoff[sequence].items():
            key = (entries[q], top[q])
            total[key] = total.get(key, zero) + value
        for following in other.after[sequence]:
            chosen = other.first[following] + support[following][0]
            for key, value in worth[chosen].items():
                total[key] = total.get(key, zero) + value
    return worth


def _place(
    side: Side,
    form: SequenceForm,
    other: PlayerForm,
    support: Support,
    infoset: int,
    worth: list[dict[tuple[Entries, int], Fraction]],
) -> Place:
    """The conditions at one information set of the deciding player."""
    tops: dict[Entries, list[int]] = {}
    for q in form.opposing[infoset]:
        found = tops.setdefault(side.entries[q], [])
        if side.top[q] not in found:
            found.append(side.top[q])
    sets = {e: frozenset(e) for e in tops}
    candidates = [e for e in tops if not any(sets[f] < sets[e] for f in tops if f != e)]
    allowed = set(candidates)
    first = other.first[infoset]
    on = support[infoset]
    reference = worth[first + on[0]]
    rows = {}
    actions = len(form.game._tables.infosets[infoset].actions)
    for action in range(actions):
        if action == on[0]:
            continue
        row: dict[Entries, Row] = {}
        for sign, source in ((1, reference), (-1, worth[first + action])):
            for (entry, top), value in source.items():
                if entry in allowed:
                    part = row.setdefault(entry, {})
                    part[top] = part.get(top, form.zero) + sign * value
        for entry, part in row.items():
            row[entry] = {t: v for t, v in part.items() if v}
        rows[action] = (action in on, row)
    return Place(infoset, candidates, rows, tops)


def _chains(side: Side, place: Place) -> list[list[int]]:
    """The parameter lists of everything that counts at an information set."""
    found = {t for e in place.candidates for t in place.tops[e]}
    for _, row in place.rows.values():
        for entry in place.candidates:
            found.update(row.get(entry, ()))
    return [side.chain(t) for t in sorted(found)]


def _settled(place: Place) -> bool:
    """Whether conditions without a free coefficient hold."""
    for on, row in place.rows.values():
        value = sum(
            (v for e in place.candidates for v in row.get(e, {}).values()), Fraction(0)
        )
        if value < 0 or (on and value):
            return False
    return True


def _link(side: Side, mine: PlayerForm, support: Support) -> Partition:
    """The blocks of parameters."""
    blocks = Partition(side.up)
    for infoset, first in mine.first.items():
        on = support[infoset]
        if len(on) > 1:
            blocks.join([first + a for a in on])
    for place in side.places.values():
        chains = _chains(side, place)
        common = common_prefix(chains)
        blocks.join([p for chain in chains for p in chain[common:]])
    return blocks


def _cells(
    side: Side,
    mine: PlayerForm,
    support: Support,
    block: Block,
    places: list[Place],
) -> Iterator[Cell]:
    """The feasible patterns of a block with their cones."""
    dimension = len(block.parameters) + 1
    flows = list(flow_rows(side, mine, support, block, Fraction(1)).values())
    for pattern, orders in patterns(places):
        equalities: list[Row] = list(flows)
        inequalities: list[Row] = []
        for place in places:
            for is_on, row in place_rows(block, place, pattern).values():
                (equalities if is_on else inequalities).append(row)
        found = rays(
            dimension,
            [dense(r, dimension) for r in equalities],
            [dense(r, dimension) for r in inequalities],
        )
        if found and all(map(any, zip(*found, strict=True))):
            yield Cell(
                pattern, orders, found, equalities, inequalities, flows=len(flows)
            )


def flow_rows(
    side: Side, mine: PlayerForm, support: Support, block: Block, one: Any
) -> dict[int, Row]:
    """That the coefficients of what is mixed sum to the one before, by infoset."""
    found = {}
    inside = set(block.parameters)
    for infoset, first in mine.first.items():
        on = support[infoset]
        if len(on) > 1 and first + on[0] in inside:
            flow = {block.coordinate(first + a): one for a in on}
            flow[block.coordinate(side.up[first + on[0]])] = -one
            found[infoset] = flow
    return found


def place_rows(
    block: Block, place: Place, pattern: dict[int, frozenset[Entries]]
) -> dict[int, tuple[bool, Row]]:
    """What an information set asks on a pattern, one row for an action but the first.

    By action: whether it is on, so that the row is an equation. Rows without entries
    are left out.
    """
    least = pattern[place.infoset]
    found = {}
    for action, (is_on, row) in place.rows.items():
        total: dict[int, Any] = {}
        for entry in least:
            for top, value in row.get(entry, {}).items():
                k = block.coordinate(top)
                total[k] = total[k] + value if k in total else value
        total = {k: v for k, v in total.items() if v}
        if total:
            found[action] = (is_on, total)
    return found


def dense(row: dict[int, Fraction], dimension: int) -> list[Fraction]:
    """A row with its zeros."""
    return [row.get(k, Fraction(0)) for k in range(dimension)]


def patterns(
    places: list[Place], limit: int = MAX_PATTERNS
) -> Iterator[tuple[dict[int, frozenset[Entries]], dict[int, int]]]:
    """Every choice of least entry lists that some orders realize."""
    fixed = {
        p.infoset: frozenset(p.candidates) for p in places if len(p.candidates) == 1
    }
    open_ = [p for p in places if len(p.candidates) > 1]
    names = sorted({x for p in open_ for e in p.candidates for x in e})
    column = {x: k for k, x in enumerate(names)}

    def difference(one: Entries, other: Entries) -> list[int]:
        row = [0] * len(names)
        for x in one:
            row[column[x]] += 1
        for x in other:
            row[column[x]] -= 1
        return row

    visited = 0

    def extend(
        depth: int,
        chosen: dict[int, frozenset[Entries]],
        cone: Cone,
        strict: list[list[int]],
    ) -> Iterator[tuple[dict[int, frozenset[Entries]], dict[int, int]]]:
        nonlocal visited
        visited += 1
        if visited > limit:
            raise TooManyCells(f"more than {limit} patterns of orders to try")
        middle = cone.middle
        if not all(middle) or any(
            sum(a * b for a, b in zip(row, middle, strict=True)) <= 0 for row in strict
        ):
            return
        if depth == len(open_):
            divisor = math.gcd(*middle) or 1
            orders = {
                x: value // divisor for x, value in zip(names, middle, strict=True)
            }
            yield {**fixed, **chosen}, orders
            return
        place = open_[depth]
        for mask in range((1 << len(place.candidates)) - 1, 0, -1):
            least = [e for k, e in enumerate(place.candidates) if mask >> k & 1]
            others = [e for k, e in enumerate(place.candidates) if not mask >> k & 1]
            part = cone
            for e in least[1:]:
                part = part.cut(difference(e, least[0]), equal=True)
            above = [difference(e, least[0]) for e in others]
            for row in above:
                part = part.cut(row)
            yield from extend(
                depth + 1,
                {**chosen, place.infoset: frozenset(least)},
                part,
                strict + above,
            )

    return extend(0, {}, Cone.orthant(len(names)), [])
