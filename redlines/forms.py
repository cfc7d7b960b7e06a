"""The sequence form of a bound game.

Definitions (von Stengel 1996). A *sequence* of a player is what it has chosen so far:
sequence 0 is "nothing yet", every other is an information set of that player with an
action. By perfect recall all nodes of an information set follow one own sequence. A
player's expected payoff is bilinear in the two players' realization plans, and the
coefficient at a pair of sequences is the sum, over the terminals that end with them, of
the probability of chance times the payoff.

Index conventions: sequences are numbered so that ``parent[q] < q``; ``first[h] + a`` is
the sequence "information set h, action a".

Reads: errors, tree.  Used by: solvers (never the referee).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from redlines.errors import ImperfectRecall
from redlines.tree import CHANCE, MOVE, Game

__all__ = [
    "PlayerForm",
    "SequenceForm",
    "every_belief_is_consistent",
    "has_perfect_information",
]


def has_perfect_information(game: Game) -> bool:
    """Whether every information set has one node."""
    return all(len(row.nodes) == 1 for row in game._tables.infosets)


def every_belief_is_consistent(game: Game) -> bool:
    """Whether beliefs off the path are as free as weak perfect Bayesian ones.

    So it is where every information set of several nodes follows chance alone, or one
    move of the other player that leads to no second such node: trembles of those moves
    then make any belief. Every weak perfect Bayesian equilibrium is then sequential, as
    in a signalling game whose receiver has no private information.
    """
    tables = game._tables
    seen: set[tuple[int, int]] = set()
    for row in tables.infosets:
        if len(row.nodes) == 1:
            continue
        ways = []
        for node in row.nodes:
            moves = []
            while node:
                before = tables.parent[node]
                if tables.kind[before] == MOVE:
                    moves.append((tables.infoset[before], tables.option[node]))
                node = before
            ways.append(moves)
        if not any(ways):
            continue
        for moves in ways:
            if len(moves) != 1 or moves[0] in seen:
                return False
            if tables.infosets[moves[0][0]].player == row.player:
                return False
            seen.add(moves[0])
    return True


@dataclass
class PlayerForm:
    """One player's sequences and information sets.

    Attributes
    ----------
    infosets : list of int
        The player's information sets, earlier own ones first.
    first : dict of int to int
        The sequence of an information set's first action.
    parent, infoset, action : list of int
        For each sequence; -1 at sequence 0.
    before : dict of int to int
        The own sequence that leads to an information set.
    after : list of list of int
        The own information sets that follow a sequence next.
    payoff : list of dict of int to Fraction
        For each own sequence that ends some terminal: by the other's sequence, chance
        times payoff, summed. Zeros are left out.
    """

    player: int
    infosets: list[int] = field(default_factory=list)
    first: dict[int, int] = field(default_factory=dict)
    parent: list[int] = field(default_factory=lambda: [-1])
    infoset: list[int] = field(default_factory=lambda: [-1])
    action: list[int] = field(default_factory=lambda: [-1])
    before: dict[int, int] = field(default_factory=dict)
    after: list[list[int]] = field(default_factory=lambda: [[]])
    payoff: list[dict[int, Fraction]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.parent)

    def chain(self, sequence: int) -> list[int]:
        """The sequences from the first choice to this one, without sequence 0."""
        found = []
        while sequence:
            found.append(sequence)
            sequence = self.parent[sequence]
        return found[::-1]


class SequenceForm:
    """The sequence form of a game at numbers.

    Parameters
    ----------
    game : Game
        Two players, perfect recall, every parameter bound.

    Raises
    ------
    UnboundParameter
        If a payoff or a probability still holds a symbol.
    ImperfectRecall
        If the nodes of an information set follow different own sequences.

    References
    ----------
    [vonstengel1996]_, section 2.
    """

    # what amounts are written in; a form in symbols has its own
    zero: Any = Fraction(0)
    one: Any = Fraction(1)

    def __init__(self, game: Game) -> None:
        self.game = game
        self._check()
        tables = game._tables
        self.players = [PlayerForm(p) for p in range(len(tables.players))]
        # at each node the last own sequence of each player, and chance's part
        self.sequence = [[0] * len(tables) for _ in self.players]
        self.chance = [self.one] * len(tables)
        for node in range(len(tables)):
            before = tables.parent[node]
            if node:
                for sequences in self.sequence:
                    sequences[node] = sequences[before]
                self.chance[node] = self.chance[before]
                option = tables.option[node]
                if tables.kind[before] == CHANCE:
                    self.chance[node] *= self._share(before, option)
                else:
                    infoset = tables.infoset[before]
                    who = tables.infosets[infoset].player
                    self.sequence[who][node] = self.players[who].first[infoset] + option
            if tables.kind[node] == MOVE:
                self._enter(node)
        self._settle()
        payoffs = self._amounts()
        for form in self.players:
            form.payoff = [{} for _ in range(len(form))]
        for node in tables.terminals:
            for form in self.players:
                paid = payoffs[node][form.player] * self.chance[node]
                if paid:
                    row = form.payoff[self.sequence[form.player][node]]
                    other = self.sequence[1 - form.player][node]
                    total = row.get(other, self.zero) + paid
                    if total:
                        row[other] = total
                    else:
                        del row[other]

    def _check(self) -> None:
        """Refuse a game that cannot be written in these amounts."""
        self.game._require_numbers("the sequence form")

    def _settle(self) -> None:
        """Bring the parts of chance into their final form, once all are known."""

    def _amounts(self) -> Sequence[Sequence[Any]]:
        """What each player has been paid at each node."""
        return self.game._exact_payoffs

    def _share(self, node: int, option: int) -> Any:
        """The probability of an outcome at a node of chance."""
        return self.game._shares(self.game._tables.infoset[node])[option]

    def _enter(self, node: int) -> None:
        """Number the sequences of an information set when it is met first."""
        tables = self.game._tables
        infoset = tables.infoset[node]
        row = tables.infosets[infoset]
        form = self.players[row.player]
        here = self.sequence[row.player][node]
        if infoset not in form.first:
            form.first[infoset] = len(form)
            form.before[infoset] = here
            form.infosets.append(infoset)
            form.after[here].append(infoset)
            for action in range(len(row.actions)):
                form.parent.append(here)
                form.infoset.append(infoset)
                form.action.append(action)
                form.after.append([])
        elif form.before[infoset] != here:
            raise ImperfectRecall(
                f"{tables.players[row.player]} cannot tell apart, at "
                f"{tables.label(infoset)!r}, histories after which it has chosen "
                f"differently: {tables.history(row.nodes[0])!r} and "
                f"{tables.history(node)!r}"
            )

    @cached_property
    def opposing(self) -> dict[int, dict[int, Fraction]]:
        """For each information set, chance's weight by the other's sequence there."""
        tables = self.game._tables
        found: dict[int, dict[int, Fraction]] = {}
        for infoset, row in enumerate(tables.infosets):
            weights: dict[int, Fraction] = {}
            for node in row.nodes:
                other = self.sequence[1 - row.player][node]
                weights[other] = weights.get(other, self.zero) + self.chance[node]
            found[infoset] = weights
        return found

    def bilinear(
        self, amount: Callable[[int], Fraction]
    ) -> dict[tuple[int, int], Fraction]:
        """The coefficients of an expected amount in the two realization plans.

        Parameters
        ----------
        amount : callable
            What a terminal node counts.

        Returns
        -------
        dict of (int, int) to Fraction
            By the sequences of the first and the second player.
        """
        found: dict[tuple[int, int], Fraction] = {}
        for node in self.game._tables.terminals:
            value = amount(node)
            if value:
                pair = (self.sequence[0][node], self.sequence[1][node])
                found[pair] = found.get(pair, self.zero) + value * self.chance[node]
        return found
