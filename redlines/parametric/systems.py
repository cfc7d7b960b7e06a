"""What a support profile asks of the parameters, block by block.

On a support profile the conditions of a sequential equilibrium fall into independent
blocks (see `redlines.solvers.cells`), each linear in some coefficients of one player
with polynomials in the parameters as coefficients. `systems` writes them down in
`Item` s: what one information set asks, or that mixed play sums to one. An item says
on which parts of the support profile it rests, so that when some items cannot hold
together, every profile with those parts is impossible.

Reads: solvers.cells, parametric.  Used by: parametric.search.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from redlines.forms import PlayerForm
from redlines.parametric.elimination import Branch, Row, eliminate
from redlines.parametric.polynomials import Key, Poly, key_of
from redlines.parametric.region import All, AnyOf, Atom, Region
from redlines.parametric.screen import Literal
from redlines.parametric.symbolic import SymbolicForm
from redlines.solvers.believed import rows
from redlines.solvers.cells import (
    Block,
    Place,
    Side,
    Support,
    arrange,
    flow_rows,
    patterns,
    place_rows,
)

__all__ = ["Alternative", "Item", "Solver", "System", "systems"]


MAX_PATTERNS = 20_000


@dataclass(frozen=True, eq=False)
class Item:
    """One piece of a block's conditions.

    Attributes
    ----------
    place : Place or None
        What an information set asks of the other player's coefficients; None for a
        flow.
    infoset : int
        The information set, or the set at which play is mixed.
    flow : Row or None
        That the coefficients of mixed play sum to the one before.
    rests : frozenset of Literal
        The parts of the support profile from which it follows.
    """

    place: Place | None
    infoset: int
    flow: Row | None
    rests: frozenset[Literal]


@dataclass(frozen=True, eq=False)
class System:
    """A block of one player's coefficients with everything that is asked of it.

    Attributes
    ----------
    player : int
        Whose coefficients they are.
    side : Side
    block : Block
    items : tuple of Item
    only : tuple of (int, Generators)
        At information sets with an item here, what may be believed; see
        `redlines.solvers.believed`. A refinement asks it.
    one : polynomial, optional
        The constant 1; needed where something is asked of beliefs.
    """

    player: int
    side: Side
    block: Block
    items: tuple[Item, ...]
    only: tuple[tuple[int, frozenset[frozenset[int]]], ...] = ()
    one: Poly = None

    def without(self, item: Item) -> System:
        """The same with one item less."""
        return replace(self, items=tuple(i for i in self.items if i is not item))

    def cases(self) -> Iterator[tuple[dict[int, int], list[Row], list[Row]]]:
        """The orders, equations and inequalities of every pattern."""
        places = [i.place for i in self.items if i.place is not None]
        flows = [i.flow for i in self.items if i.flow is not None]
        for pattern, orders in patterns(places, MAX_PATTERNS):
            equations: list[Row] = [dict(f) for f in flows]
            inequalities: list[Row] = []
            for place in places:
                for is_on, row in place_rows(self.block, place, pattern).values():
                    (equations if is_on else inequalities).append(row)
            if self._believable(pattern, equations, inequalities):
                yield orders, equations, inequalities

    def _believable(
        self,
        pattern: Mapping[int, frozenset[tuple[int, ...]]],
        equations: list[Row],
        inequalities: list[Row],
    ) -> bool:
        """Add what is asked of beliefs; False if no such orders are believed in."""
        for infoset, generators in self.only:
            least = frozenset(e[-1] for e in pattern[infoset])
            found = rows(generators, least)
            if found is None:
                return False
            order = [self.block.coordinate(q) for q in sorted(least)]
            for part, into in zip(found, (equations, inequalities), strict=True):
                for row in part:
                    into.append(
                        {k: self.one * x for k, x in zip(order, row, strict=True) if x}
                    )
        return True

    @cached_property
    def rests(self) -> frozenset[Literal]:
        """The parts of the support profile from which all items follow."""
        return frozenset().union(*(i.rests for i in self.items))


@dataclass(frozen=True)
class Alternative:
    """One way in which a block's conditions can hold.

    Attributes
    ----------
    branch : Branch
        For which parameters, and how the coefficients follow.
    orders : dict of int to int
        An order for each entry.
    """

    branch: Branch
    orders: dict[int, int]

    @cached_property
    def condition(self) -> All:
        """For which parameters."""
        ordered: list[Atom] = sorted(self.branch.atoms, key=_by_length)
        return All(tuple(ordered))


def _by_length(atom: Atom) -> tuple[int, str, Key]:
    return len(atom.key), atom.sign, atom.key


class Solver:
    """Solves systems, and remembers those that it has solved.

    Parameters
    ----------
    region : Region
    """

    def __init__(self, region: Region) -> None:
        self.region = region
        self._memo: dict[object, list[Branch]] = {}
        self._conditions: dict[int, tuple[System, AnyOf]] = {}
        self._feasible: dict[object, bool] = {}

    def feasible(self, system: System) -> bool:
        """Whether a system can hold somewhere in the region."""
        known = self._conditions.get(id(system))
        if known is not None:
            return bool(known[1].parts)
        unknowns = len(system.block.parameters)
        for _, equations, inequalities in system.cases():
            key = _case_key(unknowns, equations, inequalities)
            branches = self._memo.get(key)
            found = self._feasible.get(key)
            if branches is not None:
                found = bool(branches)
            elif found is None:
                several = eliminate(self.region, unknowns, equations, inequalities)
                found = next(several, None) is not None
                self._feasible[key] = found
            if found:
                return True
        return False

    def alternatives(self, system: System, enough: bool = False) -> list[Alternative]:
        """Every way in which a system can hold somewhere in the region.

        Parameters
        ----------
        system : System
        enough : bool
            Whether to stop once they hold everywhere.
        """
        unknowns = len(system.block.parameters)
        found = []
        for orders, equations, inequalities in system.cases():
            key = _case_key(unknowns, equations, inequalities)
            branches = self._memo.get(key)
            if branches is None and self._feasible.get(key) is False:
                branches = []
            if branches is None:
                branches = list(
                    eliminate(self.region, unknowns, equations, inequalities)
                )
                self._memo[key] = branches
            found += [Alternative(branch, orders) for branch in branches]
            if enough and any(not a.branch.atoms for a in found):
                break
        return found

    def condition(self, system: System) -> AnyOf:
        """For which parameters a system can hold."""
        found = self._conditions.get(id(system))
        if found is None:
            parts = dict.fromkeys(
                a.condition for a in self.alternatives(system, enough=True)
            )
            found = (system, AnyOf(tuple(parts)))
            self._conditions[id(system)] = found
        return found[1]


def _case_key(
    unknowns: int, equations: Iterable[Row], inequalities: Iterable[Row]
) -> object:
    return (
        unknowns,
        frozenset(map(_row_key, equations)),
        frozenset(map(_row_key, inequalities)),
    )


def _row_key(row: Row) -> tuple[tuple[int, Key], ...]:
    return tuple(sorted((k, key_of(c)) for k, c in row.items()))


def systems(form: SymbolicForm, support: Support) -> list[System]:
    """Everything that a support profile asks of the parameters.

    Parameters
    ----------
    form : SymbolicForm
        The game.
    support : tuple of tuple of int
        For each information set the actions that are on.

    Returns
    -------
    list of System
        Independent of each other but for the parameters.
    """
    found = []
    for player in (0, 1):
        side, groups = arrange(form, player, support)
        mine, other = form.players[player], form.players[1 - player]
        for block, places in groups:
            items = [
                Item(p, p.infoset, None, _rests(form, mine, other, support, p))
                for p in places
                if any(row for _, row in p.rows.values())
            ]
            for infoset, row in flow_rows(side, mine, support, block, form.one).items():
                rests = frozenset(_whole(form, support, infoset))
                items.append(Item(None, infoset, row, rests))
            for parameter in block.parameters:
                side.block_of[parameter] = len(side.blocks)
            if block.parameters:
                side.blocks.append(block)
            if items:
                found.append(System(player, side, block, tuple(items)))
    return found


def _whole(form: SymbolicForm, support: Support, infoset: int) -> Iterator[Literal]:
    """The whole support at an information set."""
    actions = form.game._tables.infosets[infoset].actions
    for action in range(len(actions)):
        yield infoset, action, action in support[infoset]


def _rests(
    form: SymbolicForm,
    mine: PlayerForm,
    other: PlayerForm,
    support: Support,
    place: Place,
) -> frozenset[Literal]:
    """What the conditions at an information set rest on."""
    infoset = place.infoset
    found: set[Literal] = set()
    on = support[infoset]
    for action in (on[0], *(a for a in place.rows if a in on)):
        found.add((infoset, action, True))
    met = form.opposing[infoset]
    for q in met:
        found.update(_way(form, mine, support, mine.chain(q)))
    first = other.first[infoset]
    actions = form.game._tables.infosets[infoset].actions
    stack = [first + a for a in range(len(actions))]
    while stack:
        sequence = stack.pop()
        for r in other.payoff[sequence]:
            tail: list[int] = []
            q = r
            while q not in met:
                tail.append(q)
                q = mine.parent[q]
            dead = [s for s in tail if mine.action[s] not in support[mine.infoset[s]]]
            if dead:
                found.add((mine.infoset[dead[-1]], mine.action[dead[-1]], False))
            else:
                found.update(_way(form, mine, support, tail))
        for following in other.after[sequence]:
            chosen = support[following][0]
            found.add((following, chosen, True))
            stack.append(other.first[following] + chosen)
    return frozenset(found)


def _way(
    form: SymbolicForm, mine: PlayerForm, support: Support, sequences: Iterable[int]
) -> Iterator[Literal]:
    """What the coefficients of some sequences rest on."""
    for q in sequences:
        infoset, action = mine.infoset[q], mine.action[q]
        if action in support[infoset]:
            yield from _whole(form, support, infoset)
        else:
            yield infoset, action, False
