"""The bounds, in the parameters, of what a regime leaves free.

A free probability or belief is made a parameter of its own, tied to the coefficients by
one more linear equation; eliminating the coefficients gives the condition on it.

Reads: parametric.  Used by: parametric.regimes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from redlines.parametric.conditions import (
    Case,
    Condition,
    as_formula,
    simplified,
)
from redlines.parametric.elimination import Row, eliminate
from redlines.parametric.polynomials import Key, Poly, Ring, key_of
from redlines.parametric.region import Atom, Formula, Region, conjunction
from redlines.parametric.systems import System

if TYPE_CHECKING:
    from redlines.parametric.regimes import Regime

__all__ = ["belief_bounds", "strategy_bounds"]

SHARE = "it"


class _Extended:
    """The parameters with a share among them, between 0 and 1, perhaps at an end."""

    def __init__(self, region: Region, ends: bool) -> None:
        old = region.ring
        name = SHARE
        while name in old.index:
            name += "_"
        self.ring = Ring((*old.names, name))
        self.share = self.ring.symbol(name)
        atoms = [Atom(self._key(a), a.sign) for a in region.atoms]
        share, one = self.share, self.ring.one
        sign = ">=" if ends else ">"
        atoms += [Atom(key_of(share), sign), Atom(key_of(one - share), sign)]
        self.region = Region(
            self.ring, atoms, region.effort, region.time_limit, (*region.chances, name)
        )

    def _key(self, atom: Atom) -> Key:
        width = len(self.ring.names)
        return tuple(
            ((*m[: width - 1], *(0,) * (width - len(m[: width - 1]))), c)
            for m, c in atom.key
        )

    def poly(self, poly: Poly) -> Poly:
        """A polynomial of the old ring in the new one."""
        width = len(self.ring.names)
        return self.ring.context.from_dict(
            {(*tuple(map(int, m))[: width - 1], 0): c for m, c in poly.terms()}
        )

    def row(self, row: Row) -> Row:
        """A row of the old ring in the new one."""
        return {k: self.poly(c) for k, c in row.items()}

    def formula(self, formula: Formula) -> Formula:
        """A condition of the old ring in the new one."""
        if isinstance(formula, Atom):
            return Atom(self._key(formula), formula.sign)
        return type(formula)(tuple(self.formula(p) for p in formula.parts))


def _bounded(
    regime: Regime, extended: _Extended, system: System, rows: list[tuple[int, Row]]
) -> Condition:
    """The condition on the share that further equations define, pattern by pattern."""
    region = extended.region
    cases: list[Case] = []
    for number, (_, equations, inequalities) in enumerate(system.cases()):
        extra = [row for k, row in rows if k == number]
        if not extra:
            continue
        for branch in eliminate(
            region,
            len(system.block.parameters),
            [*map(extended.row, equations), *extra],
            list(map(extended.row, inequalities)),
        ):
            cases.append(branch.atoms)
    within = conjunction([extended.formula(as_formula(regime._raw))])
    return Condition(region, simplified(region, cases, within))


def strategy_bounds(regime: Regime, infoset: int, action: int) -> Condition:
    """What the probability of an action can be."""
    closed = regime._closed
    player = regime.game._tables.infosets[infoset].player
    sequence = closed.form.players[player].first[infoset] + action
    extended = _Extended(regime._owner._region, ends=False)
    for system, _ in closed._blocks:
        if system.player == player and sequence in system.block.index:
            k = system.block.index[sequence]
            up = system.block.coordinate(system.side.up[sequence])
            row = {k: extended.ring.one, up: -extended.share}
            count = sum(1 for _ in system.cases())
            return _bounded(regime, extended, system, [(n, row) for n in range(count)])
    return Condition(extended.region, [frozenset()])


def belief_bounds(regime: Regime, infoset: int, position: int) -> Condition:
    """What the belief in a history can be."""
    closed = regime._closed
    extended = _Extended(regime._owner._region, ends=True)
    system = closed.system_at(infoset)
    rows: list[tuple[int, Row]] = []
    for number, (orders, _, _) in enumerate(system.cases()):
        total: Row = {}
        weights = closed.weights(system, infoset, orders)
        for k, (weight, column) in enumerate(weights):
            if column is None:
                continue
            chance = extended.poly(weight)
            share = -extended.share * chance
            if k == position:
                share = share + chance
            total[column] = total.get(column, extended.ring.zero) + share
        rows.append((number, {j: c for j, c in total.items() if c}))
    return _bounded(regime, extended, system, rows)
