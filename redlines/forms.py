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

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from redlines.errors import ImperfectRecall
from redlines.tree import CHANCE, MOVE, Game

__all__ = [
    "PlayerForm",
    "ReducedForm",
    "SequenceForm",
    "every_belief_is_consistent",
    "has_perfect_information",
    "sequence_form",
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


def sequence_form(game: Game) -> SequenceForm:
    """The sequence form of a game, made once and kept with it."""
    kept = game.__dict__
    if "_sequence_form" not in kept:
        kept["_sequence_form"] = SequenceForm(game)
    found: SequenceForm = kept["_sequence_form"]
    return found


Plan = tuple[int, ...]


class ReducedForm:
    """The reduced strategic form: a player's plans, and what each pair of them pays.

    A plan says what a player does at the information sets that its own earlier choices
    leave possible, and nothing of the others.

    Parameters
    ----------
    game : Game
        At numbers.

    Attributes
    ----------
    plans : tuple of list of tuple of int
        By player; each plan as the sequences that it allows.

    Raises
    ------
    UnboundParameter, ImperfectRecall
        As `SequenceForm`.
    """

    def __init__(self, game: Game) -> None:
        self.game = game
        self.form = sequence_form(game)
        one, other = (_plans(own, game) for own in self.form.players)
        self.plans = (one, other)

    @staticmethod
    def of(game: Game) -> ReducedForm:
        """The form of a game, whichever way it is given."""
        return ReducedForm(game) if game._tables.bimatrix is None else _Matrices(game)

    @staticmethod
    def sizes(game: Game) -> tuple[int, int]:
        """How many plans each player has, without listing them."""
        if game._tables.bimatrix is not None:
            return game._tables.bimatrix.shape
        one, other = (_count(own, game) for own in sequence_form(game).players)
        return one, other

    @cached_property
    def payoffs(self) -> tuple[list[list[int]], list[list[int]]]:
        """Payoffs of each player by pairs of plans, scaled to whole numbers."""
        one, other = (_matrix(self.form, player, self.plans) for player in (0, 1))
        return one, other

    @cached_property
    def scales(self) -> tuple[int, int]:
        """What payoffs are multiplied by to be whole numbers."""
        one, other = (_scale(own) for own in self.form.players)
        return one, other

    def choices(self, player: int, plan: int) -> dict[int, int]:
        """What a plan takes at the information sets that it leaves possible."""
        own = self.form.players[player]
        return {own.infoset[q]: own.action[q] for q in self.plans[player][plan] if q}

    def behaviour(
        self, player: int, shares: Sequence[Fraction]
    ) -> dict[int, tuple[Fraction, ...]]:
        """What a mixture of plans does where the player's own play comes to.

        Parameters
        ----------
        player : int
        shares : sequence of Fraction
            One for each plan.

        Returns
        -------
        dict of int to tuple of Fraction
            By information set; those that own play excludes are left out.
        """
        own = self.form.players[player]
        weight = [Fraction(0)] * len(own)
        for plan, share in zip(self.plans[player], shares, strict=True):
            if share:
                for q in plan:
                    weight[q] += share
        found = {}
        for h in own.infosets:
            come = weight[own.before[h]]
            if come:
                first = own.first[h]
                actions = len(self.form.game._tables.infosets[h].actions)
                found[h] = tuple(weight[first + a] / come for a in range(actions))
        return found


class _Matrices(ReducedForm):
    """The form of a game that is given by two matrices: they are it."""

    def __init__(self, game: Game) -> None:
        self.game = game
        rows, columns = ReducedForm.sizes(game)
        self.plans = ([(r,) for r in range(rows)], [(c,) for c in range(columns)])

    @cached_property
    def payoffs(self) -> tuple[list[list[int]], list[list[int]]]:
        """Payoffs of each player by row and column, scaled to whole numbers."""
        matrix = self.game._tables.bimatrix
        assert matrix is not None
        (one, _), (other, _) = matrix.whole
        return one, other

    @cached_property
    def scales(self) -> tuple[int, int]:
        """What payoffs are multiplied by to be whole numbers."""
        matrix = self.game._tables.bimatrix
        assert matrix is not None
        (_, one), (_, other) = matrix.whole
        return one, other

    def choices(self, player: int, plan: int) -> dict[int, int]:
        """What a plan takes at the player's one information set."""
        return {player: plan}

    def behaviour(
        self, player: int, shares: Sequence[Fraction]
    ) -> dict[int, tuple[Fraction, ...]]:
        """The mixture itself."""
        return {player: tuple(shares)}


def _count(own: PlayerForm, game: Game) -> int:
    """How many reduced strategies a player has."""
    counts = [1] * len(own)
    for q in range(len(own) - 1, -1, -1):
        for h in own.after[q]:
            first = own.first[h]
            actions = len(game._tables.infosets[h].actions)
            counts[q] *= sum(counts[first : first + actions])
    return counts[0]


def _plans(own: PlayerForm, game: Game) -> list[Plan]:
    """Every reduced strategy, as the sequences that it allows."""
    below: list[list[Plan]] = [[] for _ in range(len(own))]
    for q in range(len(own) - 1, -1, -1):
        found: list[Plan] = [(q,)]
        for h in own.after[q]:
            first = own.first[h]
            actions = len(game._tables.infosets[h].actions)
            options = [plan for a in range(actions) for plan in below[first + a]]
            found = [plan + option for plan in found for option in options]
        below[q] = found
    return below[0]


def _scale(own: PlayerForm) -> int:
    """The least number that makes a player's payoffs whole."""
    return math.lcm(*(v.denominator for row in own.payoff for v in row.values()))


def _matrix(
    form: SequenceForm, player: int, plans: Sequence[list[Plan]]
) -> list[list[int]]:
    """One player's payoffs by pairs of plans, scaled to whole numbers."""
    own = form.players[player]
    scale = _scale(own)
    table: dict[int, list[tuple[int, int]]] = {}
    for q, row in enumerate(own.payoff):
        for r, value in row.items():
            pair = (q, r) if player == 0 else (r, q)
            table.setdefault(pair[0], []).append((pair[1], int(value * scale)))
    columns = [frozenset(plan) for plan in plans[1]]
    matrix = []
    for plan in plans[0]:
        by_column: dict[int, int] = {}
        for q in plan:
            for r, whole in table.get(q, ()):
                by_column[r] = by_column.get(r, 0) + whole
        matrix.append(
            [sum(v for r, v in by_column.items() if r in column) for column in columns]
        )
    return matrix
