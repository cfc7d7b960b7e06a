"""Behaviour profiles and systems of beliefs, and what follows from them.

A profile is one probability for each action at each information set, a system of
beliefs one probability for each node of each information set. Both are stored by the
indices of `redlines.tree`; `Assessment.read` takes labels and gives the same.

Reads: errors, numbers, tree.  Used by: referee, solution, solvers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias

from redlines.errors import ModelError, UnknownLabel
from redlines.numbers import exact
from redlines.tree import CHANCE, MOVE, TERMINAL, Game

__all__ = ["Assessment"]

# A Fraction, or an algebraic number where a solution is irrational; both are exact and
# know + - * / and comparisons with each other.
Exact: TypeAlias = Any

StrategyMap: TypeAlias = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, eq=False)
class Assessment:
    """A behaviour profile, with beliefs where they are known.

    Parameters
    ----------
    game : Game
        Every parameter bound.
    strategy : sequence of sequence of Fraction
        For each information set the probability of each action.
    belief : sequence of (sequence of Fraction or None)
        For each information set the probability of each node, or None where no belief
        is given.
    orders, weights : sequence of sequence, optional
        For each information set and action the order and the weight of the trembles
        that make the beliefs consistent; see `redlines.referee`.
    """

    game: Game
    strategy: Sequence[Sequence[Exact]]
    belief: Sequence[Sequence[Exact] | None]
    orders: Sequence[Sequence[int]] | None = None
    weights: Sequence[Sequence[Exact]] | None = None

    # ---------------------------------------------------------------------- reading
    @classmethod
    def read(
        cls,
        game: Game,
        strategy: StrategyMap,
        belief: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> Assessment:
        """An assessment from labels.

        Parameters
        ----------
        game : Game
            Every parameter bound.
        strategy : mapping
            ``strategy[player][infoset][action]``; the level of players may be left
            out, an action of probability 0 may be left out, and an action's name in
            place of the innermost mapping means that action for certain.
        belief : mapping, optional
            ``belief[infoset][history]``; a history of probability 0 may be left out.

        Returns
        -------
        Assessment

        Raises
        ------
        UnknownLabel
            For a player, information set, action or history that the game has not.
        ModelError
            If a probability is negative, if they do not sum to one, or if an
            information set is missing.
        """
        tables = game._tables
        flat: dict[str, Any] = {}
        if not isinstance(strategy, Mapping):
            raise ModelError(
                f"a strategy is strategy[player][infoset][action], not {strategy!r}"
            )
        for label, plan in strategy.items():
            if label in game.players and (
                label not in game.infosets
                or (isinstance(plan, Mapping) and label in plan)
            ):
                if not isinstance(plan, Mapping):
                    raise ModelError(
                        f"the strategy of {label} must be a mapping from information "
                        f"sets to actions, not {plan!r}"
                    )
                for own in plan:
                    if tables.infosets[game._infoset(own)].player != game._player(
                        label
                    ):
                        raise ModelError(
                            f"information set {own!r} is not {label}'s but "
                            f"{game.infosets[own].player}'s"
                        )
                flat.update(plan)
            else:
                flat[label] = plan
        rows: list[Sequence[Exact]] = [()] * len(tables.infosets)
        for label, plan in flat.items():
            index = game._infoset(label)
            rows[index] = _distribution(
                plan,
                tables.infosets[index].actions,
                f"the strategy at {label!r}",
                "action",
            )
        missing = []
        for index, row in enumerate(tables.infosets):
            if not rows[index]:
                if len(row.actions) == 1:
                    rows[index] = (Fraction(1),)
                else:
                    missing.append(tables.label(index))
        if missing:
            raise ModelError(
                f"the strategy says nothing about {len(missing)} information sets: "
                f"{', '.join(map(repr, missing[:5]))}; a strategy chooses everywhere, "
                "reached or not"
            )
        beliefs: list[Sequence[Exact] | None] = [
            (Fraction(1),) if len(row.nodes) == 1 else None for row in tables.infosets
        ]
        for label, given in (belief or {}).items():
            index = game._infoset(label)
            histories = tuple(tables.history(n) for n in tables.infosets[index].nodes)
            beliefs[index] = _distribution(
                given, histories, f"the belief at {label!r}", "history"
            )
        return cls(game, rows, beliefs)

    # ------------------------------------------------------------------ consequences
    @cached_property
    def reach(self) -> list[Exact]:
        """For each node the probability that play comes there."""
        game, tables = self.game, self.game._tables
        found: list[Exact] = [Fraction(0)] * len(tables)
        found[0] = Fraction(1)
        for node, children in enumerate(tables.children):
            here = found[node]
            if not children or not here:
                continue
            index = tables.infoset[node]
            if tables.kind[node] == CHANCE:
                shares: Sequence[Exact] = [
                    game._amounts[a] for a in tables.draws[index].amounts
                ]
            else:
                shares = self.strategy[index]
            for child, share in zip(children, shares, strict=True):
                if share:
                    found[child] = here * share
        return found

    @cached_property
    def payoffs(self) -> tuple[Exact, ...]:
        """The expected payoff of each player, in payoff units."""
        totals: list[Exact] = [Fraction(0)] * len(self.game.players)
        matrix = self.game._tables.bimatrix
        if matrix is not None:
            rows, columns = self.support
            for r in rows:
                for c in columns:
                    here = self.strategy[0][r] * self.strategy[1][c]
                    for player in (0, 1):
                        totals[player] += here * matrix.entry(player, r, c)
            return tuple(totals)
        for node in self.game._tables.terminals:
            here = self.reach[node]
            if here:
                for player, value in enumerate(self.game._payoffs[node]):
                    if value:
                        totals[player] = totals[player] + here * value
        return tuple(totals)

    def payoffs_by_reason(self, player: int) -> dict[str, Exact]:
        """The expected payoff of one player, reason by reason; they sum to it."""
        game, tables = self.game, self.game._tables
        found: dict[str, Exact] = {}
        for node, paid in tables.payments.items():
            for who, amount, reason in paid:
                if who == player:
                    word = tables.reasons[reason]
                    found[word] = (
                        found.get(word, Fraction(0))
                        + self.reach[node] * game._amounts[amount]
                    )
        return found

    def probability(self, event: int, given: int | None = None) -> Exact | None:
        """The probability of an event; None if what is given never happens."""
        masks = self.game._tables.event_masks
        both = total = Fraction(0)
        for node in self.game._tables.terminals:
            here = self.reach[node]
            if here and (given is None or masks[node] >> given & 1):
                total = total + here
                if masks[node] >> event & 1:
                    both = both + here
        return both / total if total else None

    def bayes(self, infoset: int) -> tuple[Exact, ...] | None:
        """The belief that Bayes' rule gives, or None where play never comes."""
        nodes = self.game._tables.infosets[infoset].nodes
        total = sum((self.reach[n] for n in nodes), Fraction(0))
        if not total:
            return None
        return tuple(self.reach[n] / total for n in nodes)

    @cached_property
    def support(self) -> tuple[tuple[int, ...], ...]:
        """For each information set the actions of positive probability."""
        return tuple(
            tuple(a for a, share in enumerate(row) if share) for row in self.strategy
        )


def _distribution(
    given: object, names: Sequence[str], what: str, kind: str
) -> tuple[Exact, ...]:
    """Probabilities in the order of `names`, checked."""
    if isinstance(given, str):
        given = {given: 1}
    if not isinstance(given, Mapping):
        raise ModelError(
            f"{what} must be a mapping from each {kind} to its probability, not "
            f"{given!r}"
        )
    for name in given:
        if name not in names:
            raise UnknownLabel(kind, name, tuple(names), f"in {what}")
    shares = []
    for name in names:
        value = given.get(name, Fraction(0))
        share = (
            value
            if hasattr(value, "is_algebraic")
            else exact(value, f"{what}, {name!r},")
        )
        if share < 0:
            raise ModelError(f"{what} gives {name!r} the probability {share}")
        shares.append(share)
    total = sum(shares, Fraction(0))
    if total != 1:
        raise ModelError(
            f"{what} sums to {total}, not to 1"
            + (
                '; write thirds and the like as text, "1/3"'
                if abs(total - 1) < Fraction(1, 10**9)
                else ""
            )
        )
    return tuple(shares)


def reached(game: Game, support: Sequence[Sequence[int]]) -> list[bool]:
    """For each node whether play comes there with positive probability."""
    tables = game._tables
    found = [False] * len(tables)
    found[0] = True
    for node, children in enumerate(tables.children):
        if not found[node] or tables.kind[node] == TERMINAL:
            continue
        if tables.kind[node] == MOVE:
            for action in support[tables.infoset[node]]:
                found[children[action]] = True
        else:
            for child in children:
                found[child] = True
    return found
