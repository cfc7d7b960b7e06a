"""Strategies, beliefs, probabilities and payoffs of a support profile in closed form.

The coefficients that the conditions of a block determine are written out in the
parameters, last removed first; those that stay free are kept as unknowns. A share, of
an action or of a history in a belief, is determined where numerator and denominator are
proportional, whatever the unknowns are.

Reads: parametric.  Used by: parametric.regimes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from redlines.numbers import Number
from redlines.parametric.elimination import Branch
from redlines.parametric.polynomials import Poly, Ratio
from redlines.parametric.search import Member, Path
from redlines.parametric.symbolic import SymbolicForm
from redlines.parametric.systems import Alternative, Item, Solver, System
from redlines.profile import reached
from redlines.solvers.cells import Block, Side, arrange
from redlines.tree import CHANCE

__all__ = ["ClosedForm", "Value", "on_path"]

Value: TypeAlias = Fraction | Number

# a linear form in the unknowns that stay free; 0 stands for the constant
Linear: TypeAlias = dict[int, Ratio]


class ClosedForm:
    """What the conditions of a support profile determine.

    Parameters
    ----------
    form : SymbolicForm
        The game.
    member : Member
        The support profile.
    solver : Solver
        That has solved its systems.
    """

    def __init__(self, form: SymbolicForm, member: Member, solver: Solver) -> None:
        self.form = form
        self.ring = form.ring
        self.support = member.support
        self.member = member
        self._solver = solver
        self._zero = Ratio(self.ring, self.ring.zero, self.ring.one)
        self._one = Ratio(self.ring, self.ring.one, self.ring.one)

    @cached_property
    def _blocks(self) -> list[tuple[System, list[tuple[Alternative, list[Linear]]]]]:
        """The systems with unknowns, and the unknowns in every alternative."""
        found = []
        for system in self.member.systems:
            size = len(system.block.parameters)
            if size:
                found.append(
                    (
                        system,
                        [
                            (a, self._unknowns(a.branch, size))
                            for a in self._solver.alternatives(system)
                        ],
                    )
                )
        return found

    def _unknowns(self, branch: Branch, size: int) -> list[Linear]:
        """Every unknown of a branch as a linear form in those that stay free."""
        found: dict[int, Linear] = {0: {0: self._one}}
        for k, how in reversed(branch.steps):
            if isinstance(how, list):
                found[k] = {k: self._one}
                continue
            total: Linear = {}
            slope = Ratio.of(self.ring, how[k], self.ring.one)
            for j, c in how.items():
                if j == k:
                    continue
                factor = Ratio.of(self.ring, -c, self.ring.one) / slope
                for free, value in found[j].items():
                    total[free] = total.get(free, self._zero) + factor * value
            found[k] = {j: v for j, v in total.items() if v}
        return [found.get(k, {k: self._one}) for k in range(size + 1)]

    @staticmethod
    def _share(part: Linear, whole: Linear) -> Ratio | None:
        """The quotient of two linear forms, if it does not depend on the unknowns."""
        share: Ratio | None = None
        for free, value in whole.items():
            if free not in part:
                return None
            own = part[free] / value
            if share is None:
                share = own
            elif share != own:
                return None
        if share is None or set(part) - set(whole):
            return None
        return share

    # ------------------------------------------------------------------- strategies
    @cached_property
    def strategy(self) -> list[list[Ratio | None]]:
        """By information set and action; None where it is not determined."""
        rows = self.form.game._tables.infosets
        found: list[list[Ratio | None]] = []
        for infoset, row in enumerate(rows):
            on = self.support[infoset]
            shares: list[Ratio | None] = []
            for action in range(len(row.actions)):
                if action not in on:
                    shares.append(self._zero)
                elif len(on) == 1:
                    shares.append(self._one)
                else:
                    shares.append(self._mixed(infoset, action))
            found.append(shares)
        return found

    def _mixed(self, infoset: int, action: int) -> Ratio | None:
        player = self.form.game._tables.infosets[infoset].player
        sequence = self.form.players[player].first[infoset] + action
        for system, alternatives in self._blocks:
            if system.player == player and sequence in system.block.index:
                up = system.block.coordinate(system.side.up[sequence])
                k = system.block.index[sequence]
                return _agreed(self._share(y[k], y[up]) for _, y in alternatives)
        return None

    # ---------------------------------------------------------------------- beliefs
    @cached_property
    def belief(self) -> list[list[Ratio | None]]:
        """By information set and history; None where it is not determined."""
        return [
            self._belief(infoset)
            for infoset in range(len(self.form.game._tables.infosets))
        ]

    def _belief(self, infoset: int) -> list[Ratio | None]:
        row = self.form.game._tables.infosets[infoset]
        if len(row.nodes) == 1:
            return [self._one]
        system = self.system_at(infoset)
        size = len(system.block.parameters)
        options: list[list[Ratio | None]] = []
        for alternative in self._solver.alternatives(system):
            unknowns = self._unknowns(alternative.branch, size)
            parts: list[Linear] = []
            whole: Linear = {}
            for chance, k in self.weights(system, infoset, alternative.orders):
                part: Linear = {}
                if k is not None:
                    factor = Ratio.of(self.ring, chance, self.ring.one)
                    part = {j: factor * v for j, v in unknowns[k].items()}
                for j, v in part.items():
                    whole[j] = whole.get(j, self._zero) + v
                parts.append(part)
            options.append([self._share(p, whole) if p else self._zero for p in parts])
        return [_agreed(column) for column in zip(*options, strict=True)]

    def system_at(self, infoset: int) -> System:
        """The conditions on the coefficients that a belief is made of."""
        player = 1 - self.form.game._tables.infosets[infoset].player
        side = self._sides[player]
        place = side.places[infoset]
        block = side.block_at(infoset) or Block(0, [])
        found = System(player, side, block, ())
        for system in self.member.systems:
            if block.parameters and system.block is block:
                found = system
        items = found.items
        if not any(i.place is place for i in items):
            # nothing hangs on the belief, but the orders still choose its pattern
            items = (*items, Item(place, infoset, None, frozenset()))
        return replace(found, items=items)

    @cached_property
    def _sides(self) -> list[Side]:
        found = []
        for player in (0, 1):
            known = [s.side for s in self.member.systems if s.player == player]
            if known:
                found.append(known[0])
                continue
            side, groups = arrange(self.form, player, self.support)
            for block, _ in groups:
                for parameter in block.parameters:
                    side.block_of[parameter] = len(side.blocks)
                if block.parameters:
                    side.blocks.append(block)
            found.append(side)
        return found

    def weights(
        self, system: System, infoset: int, orders: Mapping[int, int]
    ) -> list[tuple[Poly, int | None]]:
        """For each history chance's part and its unknown; None where it is 0."""
        row = self.form.game._tables.infosets[infoset]
        side, place = system.side, system.side.places[infoset]
        rank = {e: sum(orders.get(x, 1) for x in e) for e in place.candidates}
        least = min(rank.values())
        found: list[tuple[Poly, int | None]] = []
        for node in row.nodes:
            q = self.form.sequence[system.player][node]
            counts = rank.get(side.entries[q]) == least
            top = system.block.coordinate(side.top[q]) if counts else None
            found.append((self.form.chance[node], top))
        return found

    # --------------------------------------------------------------------- measures
    @cached_property
    def reach(self) -> list[Ratio | None]:
        """The probability of every node; None where it is not determined."""
        tables = self.form.game._tables
        found: list[Ratio | None] = [self._zero] * len(tables)
        found[0] = self._one
        for node, children in enumerate(tables.children):
            here = found[node]
            if not children or (here is not None and not here):
                continue
            index = tables.infoset[node]
            shares: Sequence[Ratio | None]
            if tables.kind[node] == CHANCE:
                shares = [self.form.ratios[a] for a in tables.draws[index].amounts]
            else:
                shares = self.strategy[index]
            for child, share in zip(children, shares, strict=True):
                if share is not None and not share:
                    continue
                if share is None or here is None:
                    found[child] = None
                else:
                    found[child] = here * share
        return found

    def expected(self, amount: Callable[[int], Ratio | None]) -> Ratio | None:
        """The expected amount; None where it is not determined.

        A mixture that is free does not matter where all that is mixed leads to the
        same expectation.
        """
        tables = self.form.game._tables
        come = reached(self.form.game, self.support)
        found: list[Ratio | None] = [None] * len(tables)
        for node in range(len(tables) - 1, -1, -1):
            if not come[node]:
                continue
            children, index = tables.children[node], tables.infoset[node]
            if not children:
                found[node] = amount(node) or self._zero
                continue
            shares: Sequence[Ratio | None]
            if tables.kind[node] == CHANCE:
                shares = [self.form.ratios[a] for a in tables.draws[index].amounts]
            else:
                shares = self.strategy[index]
            on = [
                (share, found[child])
                for child, share in zip(children, shares, strict=True)
                if come[child]
            ]
            first = on[0][1]
            if first is None or any(value is None for _, value in on):
                continue
            if all(value == first for _, value in on):
                found[node] = first
                continue
            total = self._zero
            for share, value in on:
                if share is None or value is None:
                    break
                total = total + share * value
            else:
                found[node] = total
        return found[0]

    def probability(self, event: int) -> Ratio | None:
        """The probability of an event; None where it is not determined."""
        masks = self.form.game._tables.event_masks
        return self.expected(
            lambda node: self._one if masks[node] >> event & 1 else None
        )

    def payoff(self, player: int) -> Ratio | None:
        """A player's expected payoff; None where it is not determined."""
        rows = self._payoffs
        return self.expected(lambda node: rows[node][player])

    @cached_property
    def _payoffs(self) -> Mapping[int, Sequence[Ratio]]:
        ring, game = self.ring, self.form.game
        memo: dict[object, Ratio] = {}

        def ratio(value: Value) -> Ratio:
            key = value.key if isinstance(value, Number) else value
            if key not in memo:
                memo[key] = ring.ratio(value)
            return memo[key]

        return {n: [ratio(v) for v in game._payoffs[n]] for n in game._tables.terminals}


def on_path(
    form: SymbolicForm, path: Path, member: Member, solver: Solver
) -> ClosedForm:
    """What all support profiles of a family have in common.

    A member may pin down mixtures on the path that others leave free, by what its
    owner's opponent would mix between off the path. So only the conditions at
    information sets that play reaches count here.
    """
    reached = {h for h, _ in path}
    systems = []
    for system in member.systems:
        kept = tuple(i for i in system.items if i.place is None or i.infoset in reached)
        if kept:
            systems.append(replace(system, items=kept, only=()))
    return ClosedForm(form, Member(member.support, systems, member.condition), solver)


def _agreed(shares: object) -> Ratio | None:
    """The share on which all alternatives agree, if there is one."""
    found: Ratio | None = None
    for number, share in enumerate(shares):  # type: ignore[arg-type, var-annotated]
        if share is None or (number and share != found):
            return None
        found = share
    return found
