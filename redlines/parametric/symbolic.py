"""The sequence form of a game in symbols.

The coefficients are polynomials in the parameters that are still open. Denominators
are cleared by factors that are positive wherever the game is defined, the same for all
of a player's payoffs and the same for all nodes, which changes no comparison.

Reads: forms, tree, polynomials.  Used by: parametric.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from redlines.forms import SequenceForm
from redlines.numbers import Number
from redlines.parametric.polynomials import Poly, Ratio, Ring
from redlines.tree import CHANCE, Game

__all__ = ["ChanceForm", "SymbolicForm"]


def common_multiple(polys: Iterable[Poly], one: Poly) -> Poly:
    """The least common multiple of some polynomials."""
    total = one
    for poly in polys:
        if not poly.is_constant():
            total = total * (poly / total.gcd(poly))
    return total


class SymbolicForm(SequenceForm):
    """The sequence form over polynomials in a game's open parameters.

    Parameters
    ----------
    game : Game
        Two players, perfect recall.
    ring : Ring, optional
        Default the one of the game's open parameters.

    Attributes
    ----------
    denominators : list of polynomials
        They must not be 0 anywhere that the form is used.
    """

    def __init__(self, game: Game, ring: Ring | None = None) -> None:
        self.ring = ring or Ring(game.free_parameters)
        self.zero = self.ring.zero
        self.one = self.ring.one
        self.ratios = [self.ring.ratio(a) for a in game._amounts]
        self.denominators: list[Poly] = []
        super().__init__(game)

    def _check(self) -> None:
        """Every game of two players has a form in symbols."""
        self.game._require_two_players("the sequence form")

    def _share(self, node: int, option: int) -> Any:
        draw = self.game._tables.draws[self.game._tables.infoset[node]]
        found = self.ratios[draw.amounts[option]]
        return found.above if found.below.is_one() else found

    def _settle(self) -> None:
        parts = self.chance
        if all(not isinstance(c, Ratio) for c in parts):
            return
        whole = [
            c if isinstance(c, Ratio) else Ratio(self.ring, c, self.one) for c in parts
        ]
        self.chance = self._cleared(whole)

    def _cleared(self, parts: Sequence[Ratio]) -> list[Poly]:
        """Quotients times one positive factor that makes them polynomials."""
        least = common_multiple((c.below for c in parts), self.one)
        if least.is_constant():
            return [c.above / c.below for c in parts]
        self.denominators.append(least)
        return [c.above * (least / c.below) * least for c in parts]

    def _amounts(self) -> Sequence[Sequence[Any]]:
        game, tables, ring = self.game, self.game._tables, self.ring
        zero = Ratio(ring, ring.zero, ring.one)
        totals: list[list[Ratio]] = []
        for node in range(len(tables)):
            row = list(totals[tables.parent[node]]) if node else [zero, zero]
            for player, amount, _ in tables.payments.get(node, ()):
                row[player] = row[player] + self.ratios[amount]
            totals.append(row)
        columns = [self._cleared(c) for c in zip(*totals, strict=True)]
        assert len(columns) == len(game.players)
        return list(zip(*columns, strict=True))


class ChanceForm(SymbolicForm):
    """A symbolic form in which every uncertain outcome is a symbol of its own.

    Parameters
    ----------
    game : Game
        Two players, perfect recall.
    names : sequence of str, optional
        The parameters; default the game's open ones.

    Attributes
    ----------
    outcomes : list of list of str
        The symbols of each draw whose probabilities hold parameters.
    """

    def __init__(self, game: Game, names: Sequence[str] | None = None) -> None:
        self.outcomes: list[list[str]] = []
        self._symbols: dict[tuple[int, int], str] = {}
        probabilities = game._amounts
        for number, draw in enumerate(game._tables.draws):
            if any(isinstance(probabilities[a], Number) for a in draw.amounts):
                row = [f"chance {number}.{k}" for k in range(len(draw.outcomes))]
                self.outcomes.append(row)
                for option, name in enumerate(row):
                    self._symbols[number, option] = name
        chance = [n for row in self.outcomes for n in row]
        others = game.free_parameters if names is None else names
        super().__init__(game, Ring((*chance, *others)))

    def _share(self, node: int, option: int) -> Any:
        tables = self.game._tables
        assert tables.kind[node] == CHANCE
        name = self._symbols.get((tables.infoset[node], option))
        if name is None:
            return super()._share(node, option)
        return self.ring.symbol(name)
