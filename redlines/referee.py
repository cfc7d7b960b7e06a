"""The referee: verifies equilibria in exact arithmetic, and never solves.

It shares no code with any solver: it walks the tree itself, with nothing but the
profile, the beliefs and the orders and weights that come with an answer.

Conditions, each with its definition:

*Nash.* No strategy of a player does better against the other's, from the beginning.
*Subgame perfection* (Selten 1965). The profile is a Nash equilibrium of every subgame:
of every part of the tree that begins at one node and that no information set crosses.
*Sequential rationality.* At every information set, reached or not, no continuation
strategy of its owner (this set and all own later sets changed together) does better,
given the belief there and the other's strategy. A belief at a later own set counts only
through what it says there: what a deviation is worth from an earlier set is computed
with the earlier set's belief carried forward.
*Bayes.* Where play comes, the belief is the share of each node in what comes there.
*Consistency* (Kreps and Wilson 1982). Every action a has an order k(a) >= 0, which is 0
exactly where its probability is positive, and a weight c(a) > 0, which is its
probability where the order is 0; at every information set the belief is proportional to
the product of chance and weights on the way, over the nodes for which the sum of the
orders is least, and 0 at the others.
*Logit* (McKelvey and Palfrey 1995, 1998). At every information set probabilities are
proportional to the exponential of precision times what actions are worth, with beliefs
by Bayes' rule, which applies everywhere because everything has positive probability. In
floating point, up to a stated difference.

Reads: errors, numbers, tree, bimatrix, profile.  Used by: solution, solving.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from redlines.bimatrix import Bimatrix
from redlines.numbers import brief
from redlines.profile import Assessment, Exact
from redlines.tree import CHANCE, MOVE, TERMINAL, Game

__all__ = [
    "Certificate",
    "Failure",
    "LogitCertificate",
    "action_values",
    "logit",
    "referee",
]

ZERO = Fraction(0)
# products of numbers past which a game of two matrices is looked at in floating point
SCREENED = 500
# cells of a game of two matrices that are brought to whole numbers once for all
READ_AT_ONCE = 1_024


@dataclass(frozen=True)
class Failure:
    """One condition that does not hold.

    Attributes
    ----------
    condition : str
        ``"probabilities"``, ``"nash"``, ``"nash in every subgame"``, ``"sequential
        rationality"``, ``"bayes"``, ``"belief"`` or ``"consistency"``.
    player : str
        Whose strategy or belief it is.
    infoset : str
        The label of the information set; "" for a deviation from the beginning, or
        from the beginning of a subgame at which chance draws.
    deviation : dict of str to str
        What to do instead, by information set.
    gain : Fraction or None
        What the deviation gains, in payoff units, given the belief there.
    message : str
        The fact in a sentence.
    """

    condition: str
    player: str
    infoset: str
    deviation: dict[str, str]
    gain: Exact | None
    message: str

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True)
class Certificate:
    """What the referee found; true where every condition of the concept holds.

    Attributes
    ----------
    concept : str
        What was claimed.
    holds : bool
        Whether every condition holds, exactly.
    regret : Fraction
        The most that any player gains by any deviation that the concept tests, in
        payoff units; 0 where the claim holds.
    failures : tuple of Failure
        What does not hold, the largest gain first; empty where the claim holds.
    orders, weights : dict of str to dict of str to number, or None
        By information set and action, the trembles that make beliefs consistent.
    checked : tuple of str
        The conditions that were tested.
    """

    concept: str
    holds: bool
    regret: Exact
    failures: tuple[Failure, ...]
    checked: tuple[str, ...]
    orders: dict[str, dict[str, int]] | None = None
    weights: dict[str, dict[str, Exact]] | None = None

    def __bool__(self) -> bool:
        return self.holds

    def __str__(self) -> str:
        if self.holds:
            return f"{self.concept}: verified ({', '.join(self.checked)})"
        lines = [f"{self.concept}: not one; {len(self.failures)} conditions fail"]
        lines += [f"  {failure.message}" for failure in self.failures[:20]]
        return "\n".join(lines)


# which conditions each concept claims
_CONDITIONS = {
    "nash": ("nash",),
    "subgame perfect": ("nash in every subgame",),
    "weak perfect bayesian": ("sequential rationality", "bayes"),
    "sequential": ("sequential rationality", "bayes", "consistency"),
}


def referee(assessment: Assessment, concept: str) -> Certificate:
    """Verify a claim.

    Parameters
    ----------
    assessment : Assessment
        The profile; with a belief at every information set unless the concept is
        ``"nash"`` or ``"subgame perfect"``, and with orders and weights if it is
        ``"sequential"``.
    concept : str
        ``"nash"``, ``"subgame perfect"``, ``"weak perfect bayesian"`` or
        ``"sequential"``.

    Returns
    -------
    Certificate

    Notes
    -----
    Linear in the tree where beliefs at successive sets of a player follow from each
    other, as they do in every consistent assessment; elsewhere a set is evaluated once
    for each different belief that earlier sets carry to it.
    """
    conditions = _CONDITIONS[concept]
    if concept == "nash" and _are_best_replies(assessment):
        return _NASH
    failures = _distributions(assessment)
    if failures:
        return _certificate(assessment, concept, failures, ("probabilities",))
    for condition in conditions:
        if condition == "nash":
            failures += _nash(assessment)
        elif condition == "nash in every subgame":
            failures += _nash_everywhere(assessment)
        elif condition == "sequential rationality":
            failures += _rationality(assessment)
        elif condition == "bayes":
            failures += _bayes(assessment)
        else:
            failures += _consistency(assessment)
    return _certificate(assessment, concept, failures, conditions)


def _certificate(
    assessment: Assessment,
    concept: str,
    failures: list[Failure],
    checked: tuple[str, ...],
) -> Certificate:
    gains = [f.gain for f in failures if f.gain is not None]
    failures.sort(key=lambda f: -float(f.gain) if f.gain is not None else 0.0)
    tables = assessment.game._tables

    def labelled(rows: Sequence[Sequence[Any]] | None) -> Any:
        if rows is None:
            return None
        return {
            tables.label(index): dict(
                zip(tables.infosets[index].actions, row, strict=True)
            )
            for index, row in enumerate(rows)
        }

    return Certificate(
        concept=concept,
        holds=not failures,
        regret=max(gains, default=ZERO),
        failures=tuple(failures),
        checked=checked,
        orders=labelled(assessment.orders) if concept == "sequential" else None,
        weights=labelled(assessment.weights) if concept == "sequential" else None,
    )


def _failure(
    assessment: Assessment,
    condition: str,
    infoset: int,
    message: str,
    gain: Exact | None = None,
    deviation: dict[str, str] | None = None,
) -> Failure:
    tables = assessment.game._tables
    return Failure(
        condition=condition,
        player=tables.players[tables.infosets[infoset].player],
        infoset=tables.label(infoset),
        deviation=deviation or {},
        gain=gain,
        message=message,
    )


# ------------------------------------------------------------------------------ logit
@dataclass(frozen=True)
class LogitCertificate(Certificate):
    """What the referee found of a logit equilibrium, in floating point.

    Attributes
    ----------
    gain : float
        The most that the owner of an information set gains by its best action there,
        given the belief, in payoff units: how far the profile is from an equilibrium.
    """

    gain: float = 0.0


# how far probabilities may be from the logit of what actions are worth
LOGIT_TOLERANCE = 1e-6


def logit(
    game: Game, logs: Sequence[Sequence[float]], precision: float
) -> LogitCertificate:
    """Verify that each action's probability is the logit of what it is worth.

    Parameters
    ----------
    game : Game
        Every parameter bound.
    logs : sequence of sequence of float
        For each information set the logarithm of the probability of each action.
    precision : float
        Per payoff unit.

    Returns
    -------
    LogitCertificate
        Its `regret` is the largest difference between a probability and the logit
        response there. It holds where that is at most a millionth, or where the
        probabilities are logit responses to payoffs that differ from the true ones by
        a billionth of their range.
    """
    tables = game._tables
    count = len(tables)
    come = [0.0] * count
    for node in range(1, count):
        before, option = tables.parent[node], tables.option[node]
        index = tables.infoset[before]
        if tables.kind[before] == CHANCE:
            share: Any = game._amounts[tables.draws[index].amounts[option]]
            here = math.log(share.numerator) - math.log(share.denominator)
        else:
            here = logs[index][option]
        come[node] = come[before] + here
    worth: list[list[float]] = [[] for _ in game.players]
    for player in range(len(game.players)):
        values = [0.0] * count
        for node in range(count - 1, -1, -1):
            if tables.kind[node] == TERMINAL:
                values[node] = float(game._exact_payoffs[node][player])
            else:
                values[node] = sum(
                    math.exp(come[child] - come[node]) * values[child]
                    for child in tables.children[node]
                )
        worth[player] = values
    # what floating point does to payoffs: at high precisions it is what counts
    blur = [1e-9 * (max(row) - min(row)) for row in worth]
    residual = gain = 0.0
    failures = []
    for h, row in enumerate(tables.infosets):
        most = max(come[n] for n in row.nodes)
        weights = [math.exp(come[n] - most) for n in row.nodes]
        total = sum(weights)
        value = [
            sum(
                w * worth[row.player][tables.children[n][a]]
                for w, n in zip(weights, row.nodes, strict=True)
            )
            / total
            for a in range(len(row.actions))
        ]
        best = max(value)
        odds = [math.exp(precision * (v - best)) for v in value]
        shares = [math.exp(x) for x in logs[h]]
        apart = max(abs(p - o / sum(odds)) for p, o in zip(shares, odds, strict=True))
        own = sum(p * v for p, v in zip(shares, value, strict=True))
        gain = max(gain, best - own)
        apart = max(apart, abs(sum(shares) - 1))
        residual = max(residual, apart)
        top = value.index(best)
        slip = max(
            abs(x - logs[h][top] - precision * (v - best))
            for x, v in zip(logs[h], value, strict=True)
        )
        if not (apart <= LOGIT_TOLERANCE or slip <= precision * blur[row.player]):
            label = tables.label(h)
            failures.append(
                Failure(
                    "logit",
                    tables.players[row.player],
                    label,
                    {},
                    None,
                    f"at {label!r} a probability is {apart:.3g} away from the logit "
                    f"response of precision {precision:g}",
                )
            )
    return LogitCertificate(
        concept="logit",
        holds=not failures,
        regret=residual,
        failures=tuple(failures),
        checked=("logit response", "bayes"),
        gain=gain,
    )


_NASH = Certificate(
    concept="nash",
    holds=True,
    regret=ZERO,
    failures=(),
    checked=("nash",),
    orders=None,
    weights=None,
)


# ------------------------------------------------------------------- well-formedness
def _distributions(assessment: Assessment) -> list[Failure]:
    """Probabilities and beliefs are non-negative and sum to one."""
    failures = []
    tables = assessment.game._tables
    for index, row in enumerate(tables.infosets):
        shares = assessment.strategy[index]
        if (
            len(shares) != len(row.actions)
            or any(share < 0 for share in shares)
            or sum(shares, ZERO) != 1
        ):
            failures.append(
                _failure(
                    assessment,
                    "probabilities",
                    index,
                    f"at {tables.label(index)!r} the probabilities "
                    f"{[str(s) for s in shares]} are no distribution over "
                    f"{list(row.actions)}",
                )
            )
        belief = assessment.belief[index]
        if belief is not None and (
            len(belief) != len(row.nodes)
            or any(share < 0 for share in belief)
            or sum(belief, ZERO) != 1
        ):
            failures.append(
                _failure(
                    assessment,
                    "belief",
                    index,
                    f"at {tables.label(index)!r} the beliefs "
                    f"{[str(s) for s in belief]} are no distribution over its "
                    f"{len(row.nodes)} histories",
                )
            )
    return failures


# ------------------------------------------------------------------------ best replies
class _Continuations:
    """What a player's information sets are worth, given weights on their nodes."""

    def __init__(self, assessment: Assessment, player: int) -> None:
        self.assessment = assessment
        self.game = assessment.game
        self.tables = assessment.game._tables
        self.player = player
        # by (information set, normalized weights): the best value, the value of the
        # player's own strategy, and the best action
        self.memo: dict[tuple[int, tuple[Exact, ...]], tuple[Exact, Exact, int]] = {}

    def flow(
        self, start: list[tuple[int, Exact]]
    ) -> tuple[Exact, dict[int, dict[int, Exact]]]:
        """Follow chance and the other player down to ends and to own next sets."""
        tables, game, player = self.tables, self.game, self.player
        direct: Exact = ZERO
        onward: dict[int, dict[int, Exact]] = {}
        stack = list(start)
        while stack:
            node, weight = stack.pop()
            kind = tables.kind[node]
            if kind == TERMINAL:
                direct = direct + weight * game._payoffs[node][player]
                continue
            index = tables.infoset[node]
            if kind == CHANCE:
                shares: Sequence[Any] = [
                    game._amounts[a] for a in tables.draws[index].amounts
                ]
            elif tables.infosets[index].player == player:
                nodes = onward.setdefault(index, {})
                nodes[node] = nodes.get(node, ZERO) + weight
                continue
            else:
                shares = self.assessment.strategy[index]
            for child, share in zip(tables.children[node], shares, strict=True):
                if share:
                    stack.append((child, weight * share))
        return direct, onward

    def step(self, node: int) -> list[tuple[int, Exact]] | None:
        """Where chance or the other player leads; None at own moves and at ends."""
        tables, kind = self.tables, self.tables.kind[node]
        index = tables.infoset[node]
        if kind == TERMINAL or (
            kind == MOVE and tables.infosets[index].player == self.player
        ):
            return None
        shares: Sequence[Exact] = (
            self.assessment.strategy[index] if kind == MOVE else ()
        )
        if kind == CHANCE:
            shares = [self.game._amounts[a] for a in tables.draws[index].amounts]
        pairs = zip(tables.children[node], shares, strict=True)
        return [(child, share) for child, share in pairs if share]

    def key(
        self, infoset: int, weights: dict[int, Exact]
    ) -> tuple[tuple[int, tuple[Exact, ...]], Exact]:
        """The memo's key for some weights, and their total."""
        nodes = self.tables.infosets[infoset].nodes
        total = sum(weights.values(), ZERO)
        return (infoset, tuple(weights.get(n, ZERO) / total for n in nodes)), total

    def value(
        self, infoset: int, belief: tuple[Exact, ...]
    ) -> tuple[Exact, Exact, int]:
        """Best value, own strategy's value and best action at a set with a belief."""
        goal = (infoset, belief)
        stack = [goal]
        while stack:
            top = stack[-1]
            if top in self.memo:
                stack.pop()
                continue
            needed, result = self._attempt(*top)
            if needed:
                stack.extend(needed)
            else:
                assert result is not None
                self.memo[top] = result
                stack.pop()
        return self.memo[goal]

    def _attempt(
        self, infoset: int, belief: tuple[Exact, ...]
    ) -> tuple[list[tuple[int, tuple[Exact, ...]]], tuple[Exact, Exact, int] | None]:
        """The value, or what has to be known first."""
        row = self.tables.infosets[infoset]
        needed: list[tuple[int, tuple[Exact, ...]]] = []
        parts = []
        for action in range(len(row.actions)):
            start = [
                (self.tables.children[node][action], share)
                for node, share in zip(row.nodes, belief, strict=True)
                if share
            ]
            direct, onward = self.flow(start)
            later = []
            for following, weights in onward.items():
                key, total = self.key(following, weights)
                later.append((key, total))
                if key not in self.memo:
                    needed.append(key)
            parts.append((direct, later))
        if needed:
            return needed, None
        best: Exact | None = None
        choice = 0
        own: Exact = ZERO
        shares = self.assessment.strategy[infoset]
        for action, (direct, later) in enumerate(parts):
            value = plain = direct
            for key, total in later:
                found = self.memo[key]
                value = value + total * found[0]
                plain = plain + total * found[1]
            if best is None or value > best:
                best, choice = value, action
            if shares[action]:
                own = own + shares[action] * plain
        return [], (best, own, choice)

    def deviation(self, infoset: int, belief: tuple[Exact, ...]) -> dict[str, str]:
        """The best continuation strategy, where it differs from the player's own."""
        found: dict[str, str] = {}
        stack = [(infoset, belief)]
        while stack and len(found) < 20:
            index, weights = stack.pop()
            _, _, action = self.value(index, weights)
            row = self.tables.infosets[index]
            if self.assessment.strategy[index][action] != 1:
                found[self.tables.label(index)] = row.actions[action]
            start = [
                (self.tables.children[node][action], share)
                for node, share in zip(row.nodes, weights, strict=True)
                if share
            ]
            for following, onward in self.flow(start)[1].items():
                stack.append(self.key(following, onward)[0])
        return found


def action_values(assessment: Assessment, infoset: int) -> list[Exact]:
    """What each action is worth at an information set, with own play as it is after it.

    Parameters
    ----------
    assessment : Assessment
        With a belief at the information set.
    infoset : int
        Its index.

    Returns
    -------
    list of Fraction
        In the order of the actions, in payoff units.
    """
    tables = assessment.game._tables
    row = tables.infosets[infoset]
    belief = assessment.belief[infoset]
    assert belief is not None
    walk = _Continuations(assessment, row.player)
    values = []
    for action in range(len(row.actions)):
        start = [
            (tables.children[node][action], share)
            for node, share in zip(row.nodes, belief, strict=True)
            if share
        ]
        value, onward = walk.flow(start)
        for following, weights in onward.items():
            key, total = walk.key(following, weights)
            value = value + total * walk.value(*key)[1]
        values.append(value)
    return values


def _nash(assessment: Assessment) -> list[Failure]:
    """No player gains by another strategy, from the beginning."""
    if assessment.game._tables.bimatrix is not None:
        return _best_replies(assessment, assessment.game._tables.bimatrix)
    failures = []
    for player, name in enumerate(assessment.game.players):
        walk = _Continuations(assessment, player)
        direct, onward = walk.flow([(0, Fraction(1))])
        best = own = direct
        changes: dict[str, str] = {}
        for infoset, weights in onward.items():
            key, total = walk.key(infoset, weights)
            value = walk.value(*key)
            best = best + total * value[0]
            own = own + total * value[1]
            if value[0] > value[1]:
                changes.update(walk.deviation(*key))
        if best > own:
            gain = best - own
            failures.append(
                Failure(
                    condition="nash",
                    player=name,
                    infoset="",
                    deviation=changes,
                    gain=gain,
                    message=f"{name} gains {brief(gain)} by {_spoken(changes)}",
                )
            )
    return failures


def _nash_everywhere(assessment: Assessment) -> list[Failure]:
    """In no subgame does a player gain by another strategy there."""
    tables = assessment.game._tables
    if tables.bimatrix is not None:
        return _best_replies(assessment, tables.bimatrix)
    failures = []
    roots = _subgames(assessment.game)
    for player, name in enumerate(tables.players):
        walk = _Continuations(assessment, player)
        # by root of a subgame, what it is worth at best and by the player's own play
        worth: dict[int, tuple[Exact, Exact]] = {}
        for root in reversed(roots):
            best, own, onward = _from_root(walk, root, worth)
            changes: dict[str, str] = {}
            for infoset, weights in onward.items():
                key, total = walk.key(infoset, weights)
                value = walk.value(*key)
                best = best + total * value[0]
                own = own + total * value[1]
                if value[0] > value[1]:
                    changes.update(walk.deviation(*key))
            worth[root] = best, own
            if best > own:
                failures.append(
                    _in_subgame(name, assessment, root, best - own, changes)
                )
    return failures


def _from_root(
    walk: _Continuations, root: int, worth: dict[int, tuple[Exact, Exact]]
) -> tuple[Exact, Exact, dict[int, dict[int, Exact]]]:
    """As `_Continuations.flow` from a root, down to subgames whose worth is known."""
    best: Exact = ZERO
    own: Exact = ZERO
    onward: dict[int, dict[int, Exact]] = {}
    stack: list[tuple[int, Exact]] = [(root, Fraction(1))]
    while stack:
        node, weight = stack.pop()
        if node in worth:
            best = best + weight * worth[node][0]
            own = own + weight * worth[node][1]
            continue
        # one step: chance and the other's moves lead on, own moves and ends do not
        step = walk.step(node)
        if step is not None:
            stack.extend((child, weight * share) for child, share in step)
            continue
        direct, sets = walk.flow([(node, weight)])
        best, own = best + direct, own + direct
        for infoset, nodes in sets.items():
            onward.setdefault(infoset, {}).update(nodes)
    return best, own, onward


def _subgames(game: Game) -> list[int]:
    """Where subgames begin: no information set is both inside and outside."""
    tables = game._tables
    size = [1] * len(tables)
    # the first and the last node of the information sets that are met below a node
    low, high = list(range(len(tables))), list(range(len(tables)))
    found = []
    for node in range(len(tables) - 1, -1, -1):
        if tables.kind[node] == MOVE:
            members = tables.infosets[tables.infoset[node]].nodes
            low[node] = min(low[node], *members)
            high[node] = max(high[node], *members)
        for child in tables.children[node]:
            size[node] += size[child]
            low[node] = min(low[node], low[child])
            high[node] = max(high[node], high[child])
        inside = low[node] >= node and high[node] < node + size[node]
        if inside and tables.kind[node] != TERMINAL:
            found.append(node)
    return found[::-1]


def _in_subgame(
    name: str,
    assessment: Assessment,
    root: int,
    gain: Exact,
    changes: dict[str, str],
) -> Failure:
    tables = assessment.game._tables
    moves = tables.kind[root] == MOVE
    where = f"in the subgame after {tables.history(root)!r}, " if root else ""
    return Failure(
        condition="nash in every subgame",
        player=name,
        infoset=tables.label(tables.infoset[root]) if moves else "",
        deviation=changes,
        gain=gain,
        message=f"{where}{name} gains {brief(gain)} by {_spoken(changes)}",
    )


class _Mixture(NamedTuple):
    """What there is to know of one player's mixture in a game of two matrices.

    Attributes
    ----------
    shares : sequence of Fraction
        The mixture itself, so that no other takes its place in memory.
    support, best : int
        The choices that are taken, and the other's that are worth most against them,
        as bits; `best` is 0 if the shares are no distribution.
    """

    shares: Sequence[Any]
    support: int
    best: int


# the equilibria of a game have many mixtures in common
_met: WeakKeyDictionary[Bimatrix, dict[tuple[int, int], _Mixture]] = WeakKeyDictionary()
MET = 10_000


def _are_best_replies(assessment: Assessment) -> bool:
    """Whether a profile of two small matrices is an equilibrium; False if in doubt."""
    matrix = assessment.game._tables.bimatrix
    if matrix is None or matrix.shape[0] * matrix.shape[1] > READ_AT_ONCE:
        return False
    known = _met.setdefault(matrix, {})
    if len(known) > MET:
        known.clear()
    sides = []
    for player in (0, 1):
        shares = assessment.strategy[player]
        side = known.get((player, id(shares)))
        if side is None:
            side = _mixture(matrix, player, shares)
            # what cannot be changed later is worth remembering
            if isinstance(shares, tuple):
                known[player, id(shares)] = side
        sides.append(side)
    one, other = sides
    return not (one.support & ~other.best or other.support & ~one.best)


def _mixture(matrix: Bimatrix, player: int, shares: Sequence[Exact]) -> _Mixture:
    """What a mixture makes the other's choices worth."""
    nothing = _Mixture(shares, -1, 0)
    if len(shares) != matrix.shape[player]:
        return nothing
    if not all(isinstance(share, Fraction) for share in shares):
        return nothing
    below = math.lcm(*(share.denominator for share in shares))
    weights = {
        a: share.numerator * (below // share.denominator)
        for a, share in enumerate(shares)
        if share
    }
    if sum(weights.values()) != below or min(weights.values()) < 0:
        return nothing
    table, _ = matrix.whole[1 - player]
    lines: Iterable[Sequence[int]]
    if player == 0:
        lines = zip(*(table[r] for r in weights), strict=True)
    else:
        lines = ([row[c] for c in weights] for row in table)
    amounts = list(weights.values())
    values = [sum(map(operator.mul, line, amounts)) for line in lines]
    most = max(values)
    best = sum(1 << b for b, value in enumerate(values) if value == most)
    return _Mixture(shares, sum(1 << a for a in weights), best)


def _best_replies(assessment: Assessment, matrix: Bimatrix) -> list[Failure]:
    """No player gains by another strategy, in a game of two matrices."""
    failures = []
    tables = assessment.game._tables
    for player, name in enumerate(tables.players):
        shares = assessment.strategy[player]
        support = [a for a, share in enumerate(shares) if share]
        values = _values(matrix, player, support, assessment.strategy[1 - player])
        best = max(values, key=lambda a: values[a])
        if all(values[a] == values[best] for a in support):
            continue
        gain = values[best] - sum((shares[a] * values[a] for a in support), ZERO)
        deviation = {tables.label(player): tables.infosets[player].actions[best]}
        failures.append(
            Failure(
                condition="nash",
                player=name,
                infoset="",
                deviation=deviation,
                gain=gain,
                message=f"{name} gains {brief(gain)} by {_spoken(deviation)}",
            )
        )
    return failures


def _values(
    matrix: Bimatrix, player: int, own: Sequence[int], other: Sequence[Exact]
) -> dict[int, Exact]:
    """What a player's own choices are worth, and all others that may be worth more.

    What is left out of a large game is worth less than the first of `own` by more than
    floating point can be wrong.
    """
    support = [b for b, share in enumerate(other) if share]
    size = matrix.shape[player]
    actions: Sequence[int] = range(size)
    if size * len(support) > SCREENED and matrix.is_plain[player]:
        actions = _perhaps_as_good(matrix, player, own, support, other)
    if all(isinstance(other[b], Fraction) for b in support):
        return _in_whole_numbers(matrix, player, actions, support, other)
    found: dict[int, Exact] = {}
    for a in actions:
        value: Exact = ZERO
        for b in support:
            value = value + other[b] * matrix.entry(player, *_cell(player, a, b))
        found[a] = value
    return found


def _cell(player: int, own: int, other: int) -> tuple[int, int]:
    """The row and the column of two choices."""
    return (own, other) if player == 0 else (other, own)


def _in_whole_numbers(
    matrix: Bimatrix,
    player: int,
    actions: Sequence[int],
    support: Sequence[int],
    other: Sequence[Fraction],
) -> dict[int, Exact]:
    """What choices are worth against a rational mixture."""
    below = math.lcm(*(other[b].denominator for b in support))
    weights = [other[b].numerator * (below // other[b].denominator) for b in support]
    if matrix.shape[0] * matrix.shape[1] <= READ_AT_ONCE:
        table, scale = matrix.whole[player]
        rows = [
            [table[r][c] for r, c in (_cell(player, a, b) for b in support)]
            for a in actions
        ]
    else:
        entries = [
            [matrix.entry(player, *_cell(player, a, b)) for b in support]
            for a in actions
        ]
        scale = math.lcm(*(v.denominator for row in entries for v in row))
        rows = [
            [v.numerator * (scale // v.denominator) for v in row] for row in entries
        ]
    return {
        a: Fraction(sum(map(operator.mul, row, weights)), scale * below)
        for a, row in zip(actions, rows, strict=True)
    }


def _perhaps_as_good(
    matrix: Bimatrix,
    player: int,
    own: Sequence[int],
    support: Sequence[int],
    other: Sequence[Exact],
) -> list[int]:
    """Own choices, and those that floating point cannot tell to be worse.

    Each entry and each share is within half a unit of its last digit of what it stands
    for, so a sum of n products is wrong by less than n + 3 units of the sum of sizes.
    """
    table = matrix.floats[player] if player == 0 else matrix.floats[player].T
    part = table[:, support]
    shares = np.array([float(other[b]) for b in support])
    values = part @ shares
    wrong = 2.0**-52 * (len(support) + 4) * (np.abs(part) @ shares) + 1e-290
    threshold = values[own[0]] - wrong[own[0]]
    as_good = np.flatnonzero(~(values + wrong < threshold)).tolist()
    return sorted({*own, *as_good})


def _rationality(assessment: Assessment) -> list[Failure]:
    """No continuation strategy does better at any information set."""
    failures = []
    tables = assessment.game._tables
    walks = [_Continuations(assessment, p) for p in range(len(tables.players))]
    # own later sets have a larger first node, so this order finds them evaluated
    order = sorted(
        range(len(tables.infosets)), key=lambda h: -tables.infosets[h].nodes[0]
    )
    for infoset in order:
        row = tables.infosets[infoset]
        belief = assessment.belief[infoset]
        if belief is None:
            failures.append(
                _failure(
                    assessment,
                    "belief",
                    infoset,
                    f"no belief is given at {tables.label(infoset)!r}, which has "
                    f"{len(row.nodes)} histories",
                )
            )
            continue
        walk = walks[row.player]
        best, own, _ = walk.value(infoset, tuple(belief))
        if best > own:
            gain = best - own
            changes = walk.deviation(infoset, tuple(belief))
            failures.append(
                _failure(
                    assessment,
                    "sequential rationality",
                    infoset,
                    f"at {tables.label(infoset)!r}, {tables.players[row.player]} gains "
                    f"{brief(gain)} by {_spoken(changes)}",
                    gain,
                    changes,
                )
            )
    return failures


def _spoken(changes: dict[str, str]) -> str:
    if not changes:
        return "another strategy"
    parts = [f"{action!r} at {label!r}" for label, action in changes.items()]
    if len(parts) > 3:
        return f"{', '.join(parts[:3])} and {len(parts) - 3} more changes"
    return " and ".join(parts)


# ----------------------------------------------------------------------------- beliefs
def _bayes(assessment: Assessment) -> list[Failure]:
    """Where play comes, beliefs are the shares of what comes there."""
    failures = []
    tables = assessment.game._tables
    for infoset, row in enumerate(tables.infosets):
        belief = assessment.belief[infoset]
        if belief is None or len(row.nodes) == 1:
            continue
        share = [assessment.reach[n] for n in row.nodes]
        total = sum(share, ZERO)
        if not total:
            continue
        for node, weight, given in zip(row.nodes, share, belief, strict=True):
            if weight != given * total:
                failures.append(
                    _failure(
                        assessment,
                        "bayes",
                        infoset,
                        f"at {tables.label(infoset)!r} the belief in "
                        f"{tables.history(node)!r} is {brief(given)}, but play makes "
                        f"it {brief(weight / total)}",
                    )
                )
                break
    return failures


def _consistency(assessment: Assessment) -> list[Failure]:
    """Orders and weights reproduce the strategy and the beliefs."""
    tables = assessment.game._tables
    orders, weights = assessment.orders, assessment.weights
    if orders is None or weights is None:
        return [
            _failure(
                assessment,
                "consistency",
                0,
                "no orders and weights are given, so consistency is not shown",
            )
        ]
    failures = []
    for infoset, row in enumerate(tables.infosets):
        for action, share in enumerate(assessment.strategy[infoset]):
            order, weight = orders[infoset][action], weights[infoset][action]
            if (
                order < 0
                or not weight > 0
                or (order == 0) != bool(share)
                or (order == 0 and weight != share)
            ):
                failures.append(
                    _failure(
                        assessment,
                        "consistency",
                        infoset,
                        f"at {tables.label(infoset)!r} the action "
                        f"{row.actions[action]!r} has probability {brief(share)} but "
                        f"order {order} and weight {brief(weight)}",
                    )
                )
    if failures:
        return failures
    rank, mass = _trembles(assessment, orders, weights)
    for infoset, row in enumerate(tables.infosets):
        belief = assessment.belief[infoset]
        if belief is None:
            continue
        least = min(rank[n] for n in row.nodes)
        share = [mass[n] if rank[n] == least else ZERO for n in row.nodes]
        total = sum(share, ZERO)
        for node, weight, given in zip(row.nodes, share, belief, strict=True):
            if weight != given * total:
                failures.append(
                    _failure(
                        assessment,
                        "consistency",
                        infoset,
                        f"at {tables.label(infoset)!r} the belief in "
                        f"{tables.history(node)!r} is {brief(given)}, but the trembles "
                        f"make it {brief(weight / total)}",
                    )
                )
                break
    return failures


def _trembles(
    assessment: Assessment,
    orders: Sequence[Sequence[int]],
    weights: Sequence[Sequence[Exact]],
) -> tuple[list[int], list[Exact]]:
    """For each node the sum of the orders and the product of the weights before it."""
    game, tables = assessment.game, assessment.game._tables
    rank = [0] * len(tables)
    mass: list[Exact] = [Fraction(1)] * len(tables)
    for node in range(1, len(tables)):
        before, option = tables.parent[node], tables.option[node]
        index = tables.infoset[before]
        if tables.kind[before] == MOVE:
            rank[node] = rank[before] + orders[index][option]
            mass[node] = mass[before] * weights[index][option]
        else:
            rank[node] = rank[before]
            draw = tables.draws[index]
            mass[node] = mass[before] * game._amounts[draw.amounts[option]]
    return rank, mass
