"""The equilibrium that a play is at numbers, verified.

Reads: parametric.plays, solution, solvers.  Used by: proving, statics.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from redlines.forms import SequenceForm
from redlines.parametric.plays import Play
from redlines.parametric.polynomials import Ratio
from redlines.parametric.region import Region
from redlines.profile import Assessment
from redlines.solution import Concept, Equilibrium
from redlines.solvers.base import DEFAULT_EFFORT
from redlines.solvers.consistency import from_orders, orders_and_weights
from redlines.solvers.sequential import SequentialElement
from redlines.solvers.supports import Model, SupportSearch
from redlines.tree import Game

__all__ = ["equilibrium_at", "value_at"]


def value_at(ratio: Ratio, at: Mapping[str, Fraction], region: Region) -> Fraction:
    """A quotient at numbers."""
    row = [at[n] for n in region.ring.names]
    ring = ratio.ring
    below = _plain_value(ring, ratio.below, row)
    return _plain_value(ring, ratio.above, row) / below


def _plain_value(ring: Any, poly: Any, row: Sequence[Fraction]) -> Fraction:
    value = ring.number(poly).at(dict(zip(ring.names, row, strict=True)))
    assert isinstance(value, Fraction)
    return value


class _AtPoint(SequentialElement):
    """The one assessment that a search gave, rather than the middle of its cell."""

    def assessment(self) -> Assessment:
        """As the search found it."""
        return from_orders(self.form, *orders_and_weights(self.form, self.model))


def equilibrium_at(
    game: Game,
    concept: Concept,
    values: Mapping[str, Fraction],
    play: Play,
    at: Mapping[str, Fraction],
) -> Equilibrium:
    """An equilibrium at numbers that is played in a given way, verified.

    Parameters
    ----------
    game : Game
    concept : Concept
    values : mapping of str to Fraction
        Of the parameters; those that are not the game's are left out.
    play : Play
    at : mapping of str to Fraction
        The parameters and the unknowns of the play.
    """
    bound = game.bind(**{n: values[n] for n in game.free_parameters})
    form = SequenceForm(bound)
    search = SupportSearch(form, DEFAULT_EFFORT)
    for infoset, on in play.path:
        row = bound._tables.infosets[infoset]
        own = form.players[row.player]
        for action in range(len(row.actions)):
            q = own.first[infoset] + action
            flag = search.on[row.player][q]
            search.solver.add(flag if action in on else search.z3.Not(flag))
            share = play.closed.strategy[infoset][action]
            if action in on and len(on) > 1 and share is not None:
                ring = share.ring
                values_at = [at.get(n, Fraction(0)) for n in ring.names]
                number = _plain_value(ring, share.above, values_at) / _plain_value(
                    ring, share.below, values_at
                )
                C = search.C[row.player]
                search.solver.add(C[q] == search.real(number) * C[own.parent[q]])
    model: Model | None = search.next()
    if model is None:
        raise AssertionError(f"no equilibrium of {bound!r} is played as was found")
    found = Equilibrium(_AtPoint(form, model), concept)
    if not found.certificate.holds:
        raise AssertionError(f"the referee refused: {found.certificate.failures[0]}")
    return found
