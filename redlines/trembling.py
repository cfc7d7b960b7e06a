"""The referee of trembling hands: checks certificates for perfect and proper play.

It shares no code with any solver: it lists plans and walks the tree itself.

*Perfect*, for two players: an equilibrium in which neither strategy is weakly
dominated. That a strategy is not is shown by a mixture of all the other's plans against
which it is best; that it is, by the mixture that dominates it.
*Proper*: shown by trembles in levels, each infinitely less likely than the one before:
mixtures of a player's plans, the first of them the strategy itself. Plans are compared
level by level of the other's trembles, and of two plans the worse one comes up later.
*Agent perfect*: shown by a completely mixed strategy of the other against which, at
every information set, no action does better than one that is taken; enough where nobody
moves twice in one play.

Reads: tree, profile, joint.  Used by: solvers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from redlines.joint import Plan, own_before, plans
from redlines.profile import Assessment
from redlines.tree import CHANCE, TERMINAL, Game

__all__ = [
    "Mixed",
    "PlanTable",
    "is_agent_perfect",
    "is_dominated",
    "is_proper",
    "is_undominated",
]

ZERO = Fraction(0)

Mixed: TypeAlias = Mapping[Plan, Fraction]


@dataclass(frozen=True)
class PlanTable:
    """What every pair of plans pays both players.

    Attributes
    ----------
    plans : tuple of list of Plan
        By player.
    paid : dict of (Plan, Plan) to tuple of Fraction
        By the first player's plan and the second's.
    """

    plans: tuple[list[Plan], list[Plan]]
    paid: Mapping[tuple[Plan, Plan], tuple[Fraction, Fraction]]

    @classmethod
    def of(cls, game: Game) -> PlanTable:
        """The table of a game at numbers."""
        one, other = ([p for p, _ in plans(game, k)] for k in (0, 1))
        paid = {(a, b): _play(game, {**dict(a), **dict(b)}) for a in one for b in other}
        return cls((one, other), paid)

    def value(self, player: int, plan: Plan, against: Mixed) -> Fraction:
        """What a plan is worth against weights on the other's plans."""
        total = ZERO
        for other, share in against.items():
            pair = (plan, other) if player == 0 else (other, plan)
            total += share * self.paid[pair][player]
        return total


def _play(game: Game, chosen: Mapping[int, int]) -> tuple[Fraction, Fraction]:
    tables = game._tables
    total = [ZERO, ZERO]
    stack = [(0, Fraction(1))]
    while stack:
        node, weight = stack.pop()
        index, children = tables.infoset[node], tables.children[node]
        if tables.kind[node] == TERMINAL:
            for k, paid in enumerate(game._exact_payoffs[node]):
                total[k] += weight * paid
        elif tables.kind[node] == CHANCE:
            for share, child in zip(game._shares(index), children, strict=True):
                stack.append((child, weight * share))
        else:
            stack.append((children[chosen[index]], weight))
    return total[0], total[1]


def _own(assessment: Assessment, player: int) -> dict[Plan, Fraction]:
    """A player's strategy as weights on its plans."""
    return dict(plans(assessment.game, player, assessment.strategy))


def is_undominated(
    table: PlanTable, assessment: Assessment, player: int, against: Mixed
) -> bool:
    """Whether a player's strategy is best against a mixture of all the other's plans.

    Parameters
    ----------
    table : PlanTable
    assessment : Assessment
    player : int
    against : mapping of Plan to Fraction
        Positive weights.
    """
    if set(against) != set(table.plans[1 - player]) or min(against.values()) <= 0:
        return False
    own = sum(
        (
            share * table.value(player, plan, against)
            for plan, share in _own(assessment, player).items()
        ),
        ZERO,
    )
    return all(
        table.value(player, plan, against) <= own for plan in table.plans[player]
    )


def is_dominated(
    table: PlanTable, assessment: Assessment, player: int, by: Mixed
) -> bool:
    """Whether a mixture of a player's plans weakly dominates its strategy."""
    if min(by.values()) < 0 or sum(by.values(), ZERO) != 1:
        return False
    gains = []
    for other in table.plans[1 - player]:
        weight = {other: Fraction(1)}
        here = [
            sum((w * table.value(player, p, weight) for p, w in mixed.items()), ZERO)
            for mixed in (by, _own(assessment, player))
        ]
        gains.append(here[0] - here[1])
    return min(gains) >= 0 and max(gains) > 0


def is_proper(
    table: PlanTable,
    assessment: Assessment,
    levels: tuple[Sequence[Mixed], Sequence[Mixed]],
) -> bool:
    """Whether trembles in levels show that an equilibrium is proper.

    Parameters
    ----------
    table : PlanTable
    assessment : Assessment
    levels : tuple of sequence of mapping
        By player, weights on its plans level by level; absent plans have weight 0.
    """
    for player in (0, 1):
        own, other = levels[player], levels[1 - player]
        if any(w < 0 for level in own for w in level.values()):
            return False
        if not _same_play(assessment, player, own[0]):
            return False
        first: dict[Plan, int] = {}
        for number, level in enumerate(own):
            for plan, weight in level.items():
                if weight:
                    first.setdefault(plan, number)
        if set(first) != set(table.plans[player]):
            return False
        worth = {
            plan: [table.value(player, plan, level) for level in other]
            for plan in first
        }
        for better in first:
            for worse in first:
                if worth[better] > worth[worse] and first[better] >= first[worse]:
                    return False
    return True


def _same_play(assessment: Assessment, player: int, mixed: Mixed) -> bool:
    """Whether weights on plans do the same as a strategy, wherever it comes."""
    game = assessment.game
    tables = game._tables
    if sum(mixed.values(), ZERO) != 1:
        return False
    for h in tables.plain_infosets[player]:
        for a, share in enumerate(assessment.strategy[h]):
            wanted, step = share, own_before(game, h)
            while step is not None:
                wanted *= assessment.strategy[step[0]][step[1]]
                step = own_before(game, step[0])
            found = sum((w for p, w in mixed.items() if (h, a) in p), ZERO)
            if found != wanted:
                return False
    return True


def is_agent_perfect(
    assessment: Assessment, trembles: Sequence[Sequence[Fraction]]
) -> bool:
    """Whether what is taken is best against completely mixed play of the other.

    Parameters
    ----------
    assessment : Assessment
        Of a game in which nobody moves twice in one play.
    trembles : sequence of sequence of Fraction
        By information set, all positive. What a player takes has to be best against
        the other's; as it is best against the other's strategy too, it is so against
        all mixtures of both, which come as near as one likes to the strategy.
    """
    game = assessment.game
    tables = game._tables
    if any(share <= 0 for row in trembles for share in row):
        return False
    for strategy in (trembles, assessment.strategy):
        for h, row in enumerate(tables.infosets):
            if own_before(game, h) is not None:
                return False
            values = [ZERO] * len(row.actions)
            for n in row.nodes:
                come = _reach(game, n, strategy)
                for a, child in enumerate(tables.children[n]):
                    values[a] += come * _worth(game, child, row.player, strategy)
            best = max(values)
            if any(
                share and value != best
                for share, value in zip(assessment.strategy[h], values, strict=True)
            ):
                return False
    return True


def _reach(game: Game, node: int, strategy: Sequence[Sequence[Fraction]]) -> Fraction:
    tables = game._tables
    total = Fraction(1)
    while node:
        before, option = tables.parent[node], tables.option[node]
        index = tables.infoset[before]
        is_chance = tables.kind[before] == CHANCE
        total *= (game._shares(index) if is_chance else strategy[index])[option]
        node = before
    return total


def _worth(
    game: Game, start: int, player: int, strategy: Sequence[Sequence[Fraction]]
) -> Fraction:
    tables = game._tables
    total, stack = ZERO, [(start, Fraction(1))]
    while stack:
        node, weight = stack.pop()
        if tables.kind[node] == TERMINAL:
            total += weight * game._exact_payoffs[node][player]
            continue
        index = tables.infoset[node]
        shares = game._shares(index) if tables.kind[node] == CHANCE else strategy[index]
        for share, child in zip(shares, tables.children[node], strict=True):
            if share:
                stack.append((child, weight * share))
    return total
