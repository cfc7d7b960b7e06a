"""What the pure continuation strategies of a player are worth, node by node.

At an information set a continuation strategy says what its owner does there and at all
own later sets. Its worth at a node is the sum over the terminals that it allows of
chance times payoff times the other player's probabilities since the node. Here the
other player's sequences are kept apart, so that the caller may put in numbers,
coefficients, or unknowns.

Reads: forms, profile.  Used by: solvers.beliefs, solvers.weak_perfect_bayesian.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

from redlines.errors import Unsupported
from redlines.forms import PlayerForm, SequenceForm
from redlines.profile import Assessment, Exact
from redlines.tree import CHANCE, MOVE, TERMINAL

__all__ = [
    "Worth",
    "carried",
    "continuation_values",
    "continuations",
    "own_sets_from",
    "parts",
]

MAX_CONTINUATIONS = 2_000

# by position of the node and the other's sequence: chance since the node times payoff
Worth: TypeAlias = dict[tuple[int, int], Fraction]


def parts(
    form: SequenceForm, infoset: int, action: int
) -> tuple[Worth, dict[int, None]]:
    """The worth of ends that an action allows directly, and the own sets after it."""
    game, tables = form.game, form.game._tables
    row = tables.infosets[infoset]
    direct: Worth = {}
    later: dict[int, None] = {}
    for position, node in enumerate(row.nodes):
        stack = [tables.children[node][action]]
        while stack:
            here = stack.pop()
            kind = tables.kind[here]
            if kind == TERMINAL:
                paid = game._exact_payoffs[here][row.player]
                if paid:
                    q = form.sequence[1 - row.player][here]
                    key = (position, q)
                    share = form.chance[here] / form.chance[node]
                    direct[key] = direct.get(key, Fraction(0)) + share * paid
            elif (
                kind == MOVE
                and tables.infosets[tables.infoset[here]].player == row.player
            ):
                later[tables.infoset[here]] = None
            else:
                stack.extend(tables.children[here])
    return direct, later


def carried(form: SequenceForm, infoset: int, following: int, worth: Worth) -> Worth:
    """A later set's worth in terms of the nodes of an earlier one."""
    tables = form.game._tables
    position = {n: k for k, n in enumerate(tables.infosets[infoset].nodes)}
    found: Worth = {}
    origin: dict[int, int] = {}
    for k, node in enumerate(tables.infosets[following].nodes):
        start = node
        while start not in position:
            start = tables.parent[start]
        origin[k] = start
    nodes = tables.infosets[following].nodes
    for (k, q), value in worth.items():
        share = form.chance[nodes[k]] / form.chance[origin[k]]
        key = (position[origin[k]], q)
        found[key] = found.get(key, Fraction(0)) + share * value
    return found


def continuations(
    form: SequenceForm,
    infoset: int,
    allowed: Sequence[Sequence[int]] | None = None,
) -> dict[int, list[Worth]]:
    """Every pure continuation strategy from an information set on, by first action.

    Parameters
    ----------
    form : SequenceForm
        The game.
    infoset : int
        Where it starts.
    allowed : sequence of sequence of int, optional
        For each information set the actions that it may use; default all.

    Returns
    -------
    dict of int to list of Worth
        By action; equal ones once.

    Raises
    ------
    Unsupported
        If there are more than two thousand.
    """
    tables = form.game._tables
    own = form.players[tables.infosets[infoset].player]
    memo: dict[int, list[Worth]] = {}
    for h in reversed(own_sets_from(form, own, infoset)):
        options: dict[int, list[Worth]] = {}
        actions = range(len(tables.infosets[h].actions))
        for action in actions if allowed is None else allowed[h]:
            direct, later = parts(form, h, action)
            found = [direct]
            for following in later:
                inner = [carried(form, h, following, w) for w in memo[following]]
                found = [_plus(a, b) for a in found for b in inner]
                if len(found) > MAX_CONTINUATIONS:
                    raise Unsupported(
                        f"more than {MAX_CONTINUATIONS:,} continuation strategies at "
                        f"{tables.label(infoset)!r}"
                    )
            options[action] = _different(found)
        if h == infoset:
            return options
        memo[h] = _different([w for group in options.values() for w in group])
    raise AssertionError("the information set itself comes last")


def own_sets_from(form: SequenceForm, own: PlayerForm, infoset: int) -> list[int]:
    """An information set and the own sets after it, earlier ones first."""
    found = [infoset]
    for h in found:
        actions = len(form.game._tables.infosets[h].actions)
        for q in range(own.first[h], own.first[h] + actions):
            found.extend(own.after[q])
    return found


def _plus(one: Worth, other: Worth) -> Worth:
    total = dict(one)
    for key, value in other.items():
        total[key] = total.get(key, Fraction(0)) + value
    return total


def _different(found: list[Worth]) -> list[Worth]:
    unique = {tuple(sorted(w.items())): w for w in found}
    return list(unique.values())


def continuation_values(
    given: Assessment, infoset: int
) -> tuple[list[Exact], list[list[Exact]]]:
    """By node, what the own strategy and what every pure continuation is worth.

    Parameters
    ----------
    given : Assessment
        The profile at numbers.
    infoset : int
        The information set.

    Returns
    -------
    own : list of Fraction
        The own strategy's worth at each node.
    others : list of list of Fraction
        The same for each pure continuation strategy.
    """
    game, tables = given.game, given.game._tables
    form = SequenceForm(game)
    row = tables.infosets[infoset]
    other = form.players[1 - row.player]

    def since(position: int, q: int) -> Exact:
        """The other's probability from a node on to one of its sequences."""
        stop = form.sequence[1 - row.player][row.nodes[position]]
        share: Exact = Fraction(1)
        while q != stop:
            share = share * given.strategy[other.infoset[q]][other.action[q]]
            q = other.parent[q]
        return share

    others = []
    for group in continuations(form, infoset).values():
        for worth in group:
            vector: list[Exact] = [Fraction(0)] * len(row.nodes)
            for (position, q), value in worth.items():
                vector[position] = vector[position] + value * since(position, q)
            others.append(vector)
    own = []
    for node in row.nodes:
        total: Exact = Fraction(0)
        stack: list[tuple[int, Exact]] = [(node, Fraction(1))]
        while stack:
            here, weight = stack.pop()
            kind = tables.kind[here]
            if kind == TERMINAL:
                total = total + weight * game._payoffs[here][row.player]
                continue
            index = tables.infoset[here]
            shares = (
                [game._amounts[a] for a in tables.draws[index].amounts]
                if kind == CHANCE
                else given.strategy[index]
            )
            for child, share in zip(tables.children[here], shares, strict=True):
                if share:
                    stack.append((child, weight * share))
        own.append(total)
    return own, others
