"""Distributions over pairs of plans: what a mediator draws before play begins.

A *plan* says what a player does at the information sets that its own earlier choices
leave possible, and nothing of the others; inside the package it is a tuple of pairs
(information set, action), sorted. As text it reads ``declare=draw line, answer
[act=cross]=enforce``; where the player has one information set, it is the action.

Reads: errors, numbers, tree, profile.  Used by: mechanism, obedience,
recommendations, mediated, solvers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias

from redlines.errors import ModelError, UnknownLabel
from redlines.numbers import exact
from redlines.profile import Assessment
from redlines.tree import CHANCE, TERMINAL, Game

__all__ = ["Joint", "Outcomes", "Plan", "own_before", "plan_text", "plans", "read_plan"]

Plan: TypeAlias = tuple[tuple[int, int], ...]

# a profile that mixes over more pairs of plans than this is not written out
MAX_PLANS = 100_000


def own_before(game: Game, infoset: int) -> tuple[int, int] | None:
    """The last own information set and action before a set; None if there is none."""
    tables = game._tables
    row = tables.infosets[infoset]
    node = row.nodes[0]
    while node:
        before = tables.parent[node]
        index = tables.infoset[before]
        if (
            tables.kind[before] != CHANCE
            and tables.infosets[index].player == row.player
        ):
            return index, tables.option[node]
        node = before
    return None


def plans(
    game: Game, player: int, strategy: Any = None
) -> Iterator[tuple[Plan, Fraction]]:
    """Every plan of a player, with its probability under a behaviour strategy.

    Parameters
    ----------
    game : Game
    player : int
    strategy : sequence of sequence of Fraction, optional
        By information set; plans of probability 0 are left out. Without it every plan
        comes, each with 1.

    Yields
    ------
    tuple of (Plan, Fraction)
    """
    tables = game._tables
    # own earlier sets have a smaller first node
    own = sorted(
        tables.plain_infosets[player], key=lambda h: tables.infosets[h].nodes[0]
    )
    before = {h: own_before(game, h) for h in own}
    stack: list[tuple[int, dict[int, int], Fraction]] = [(0, {}, Fraction(1))]
    while stack:
        place, chosen, share = stack.pop()
        while place < len(own):
            last = before[own[place]]
            if last is None or chosen.get(last[0]) == last[1]:
                break
            place += 1
        if place == len(own):
            yield tuple(sorted(chosen.items())), share
            continue
        infoset = own[place]
        for action in reversed(range(len(tables.infosets[infoset].actions))):
            weight = Fraction(1) if strategy is None else strategy[infoset][action]
            if weight:
                onward = {**chosen, infoset: action}
                stack.append((place + 1, onward, share * weight))


def plan_text(game: Game, player: int, plan: Plan) -> str:
    """A plan in words."""
    tables = game._tables
    if len(tables.plain_infosets[player]) == 1:
        ((infoset, action),) = plan
        return tables.infosets[infoset].actions[action]
    return ", ".join(
        f"{tables.label(h)}={tables.infosets[h].actions[a]}" for h, a in plan
    )


def read_plan(game: Game, player: int, text: object) -> Plan:
    """The plan that a text stands for.

    What it says of information sets that it excludes itself is left out.

    Raises
    ------
    UnknownLabel
        For an information set or an action that the player has not.
    ModelError
        If an information set that the plan leaves possible is missing.
    """
    tables, name = game._tables, game.players[player]
    own = tables.plain_infosets[player]
    if not isinstance(text, str):
        raise ModelError(
            f"a plan of {name} is a text such as "
            f"{plan_text(game, player, next(plans(game, player))[0])!r}, not {text!r}"
        )
    chosen: dict[int, int] = {}
    parts = [part for part in _facts(text) if part]
    for part in parts:
        label, sign, action = part.rpartition("=")
        if not sign and len(own) == 1:
            label = tables.label(own[0])
        index = tables.find(label)
        if index is None or index not in own:
            raise UnknownLabel(
                f"information set of {name}",
                label,
                tuple(map(tables.label, own)),
                f"in the plan {text!r}",
            )
        actions = tables.infosets[index].actions
        if action not in actions:
            raise UnknownLabel("action", action, actions, f"at {label!r} in {text!r}")
        chosen[index] = actions.index(action)
    kept: dict[int, int] = {}
    for h in sorted(own, key=lambda h: tables.infosets[h].nodes[0]):
        last = own_before(game, h)
        if last is not None and kept.get(last[0]) != last[1]:
            continue
        if h not in chosen:
            raise ModelError(
                f"the plan {text!r} of {name} does not say what to do at "
                f"{tables.label(h)!r}, which it leaves possible"
            )
        kept[h] = chosen[h]
    return tuple(sorted(kept.items()))


def _facts(text: str) -> list[str]:
    """What stands between commas with a space after them that are outside brackets."""
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(text):
        if sign == "[":
            depth += 1
        elif sign == "]":
            depth -= 1
        elif sign == "," and not depth and text[place + 1 : place + 2].isspace():
            parts.append(text[start:place].strip())
            start = place + 1
    return [*parts, text[start:].strip()]


class Outcomes:
    """What play comes to if everybody does as a mediator says.

    Attributes
    ----------
    game : Game
    reach : mapping of int to Fraction
        The probability of each node that play can come to.
    """

    game: Game
    reach: Mapping[int, Fraction]

    def expected(
        self,
        amount: Callable[[int], Fraction],
        given: Callable[[int], bool] | None = None,
    ) -> Fraction | None:
        """An expected amount; None if what is given never happens."""
        total = weight = Fraction(0)
        for node in self.game._tables.terminals:
            here = self.reach.get(node)
            if here and (given is None or given(node)):
                weight += here
                total += here * amount(node)
        if given is None:
            return total
        return total / weight if weight else None

    @cached_property
    def payoffs(self) -> tuple[Fraction, ...]:
        """The expected payoff of each player, in payoff units."""
        paid = self.game._exact_payoffs
        found = []
        for player in range(len(self.game.players)):
            value = self.expected(lambda node, p=player: paid[node][p])  # type: ignore[misc]
            assert value is not None
            found.append(value)
        return tuple(found)

    def payoffs_by_reason(self, player: int) -> dict[str, Fraction]:
        """The expected payoff of one player, reason by reason; they sum to it."""
        game, tables = self.game, self.game._tables
        found: dict[str, Fraction] = {}
        for node, paid in tables.payments.items():
            for who, amount, reason in paid:
                if who == player:
                    word = tables.reasons[reason]
                    here = self.reach.get(node, Fraction(0))
                    value: Any = game._amounts[amount]
                    found[word] = found.get(word, Fraction(0)) + here * value
        return found


@dataclass(frozen=True, eq=False)
class Joint(Outcomes):
    """Pairs of plans with probabilities.

    Parameters
    ----------
    game : Game
        Every parameter bound.
    pairs : tuple of (Plan, Plan, Fraction)
        A plan of the first player, one of the second, and the probability that this
        pair is drawn.
    """

    game: Game
    pairs: tuple[tuple[Plan, Plan, Fraction], ...]

    @classmethod
    def read(cls, game: Game, distribution: Mapping[Any, Any]) -> Joint:
        """A distribution from words: ``{("swerve", "straight"): "1/2", ...}``.

        A profile of strategies, as `Assessment.read` takes it, is read as independent
        mixing.

        Raises
        ------
        UnknownLabel
            For an information set or an action that the game has not.
        ModelError
            If keys are no pairs of plans, or the probabilities are no distribution.
        """
        if any(isinstance(key, str) for key in distribution):
            return cls.of(Assessment.read(game, distribution))
        totals: dict[tuple[Plan, Plan], Fraction] = {}
        for key, value in distribution.items():
            if not isinstance(key, tuple) or len(key) != 2:
                raise ModelError(
                    "a distribution maps pairs of plans, (plan of "
                    f"{game.players[0]}, plan of {game.players[1]}), to their "
                    f"probability; {key!r} is no such pair"
                )
            share = exact(value, f"the probability of {key!r}")
            if share < 0:
                raise ModelError(f"the pair {key!r} has the probability {share}")
            pair = read_plan(game, 0, key[0]), read_plan(game, 1, key[1])
            totals[pair] = totals.get(pair, Fraction(0)) + share
        total = sum(totals.values(), Fraction(0))
        if total != 1:
            raise ModelError(f"the probabilities of pairs sum to {total}, not to 1")
        return cls(game, tuple((*pair, share) for pair, share in totals.items()))

    @classmethod
    def of(cls, assessment: Assessment) -> Joint:
        """What independent mixing amounts to: a product of two mixtures of plans.

        Raises
        ------
        ModelError
            If it mixes over more pairs than can be written out.
        """
        game = assessment.game
        mixtures: list[list[tuple[Plan, Fraction]]] = []
        for player in (0, 1):
            found: list[tuple[Plan, Fraction]] = []
            for plan in plans(game, player, assessment.strategy):
                found.append(plan)
                if len(found) > MAX_PLANS:
                    break
            mixtures.append(found)
        if len(mixtures[0]) * len(mixtures[1]) > MAX_PLANS:
            raise ModelError(
                f"the profile mixes over more than {MAX_PLANS:,} pairs of plans, too "
                "many to write out"
            )
        pairs = [(s, t, p * q) for s, p in mixtures[0] for t, q in mixtures[1]]
        return cls(game, tuple(pairs))

    # ------------------------------------------------------------------ consequences
    @cached_property
    def reach(self) -> dict[int, Fraction]:  # type: ignore[override]
        """The probability of each node that play can come to."""
        game, tables = self.game, self.game._tables
        found: dict[int, Fraction] = {}
        for one, other, share in self.pairs:
            if not share:
                continue
            does = dict(one) | dict(other)
            stack = [(0, share)]
            while stack:
                node, weight = stack.pop()
                found[node] = found.get(node, Fraction(0)) + weight
                index = tables.infoset[node]
                if tables.kind[node] == TERMINAL:
                    continue
                if tables.kind[node] == CHANCE:
                    for child, part in zip(
                        tables.children[node], game._shares(index), strict=True
                    ):
                        stack.append((child, weight * part))
                else:
                    stack.append((tables.children[node][does[index]], weight))
        return found
