"""The referee of mediated play and of commitment: verifies, and never solves.

Like `redlines.referee` it shares no code with any solver: it walks the tree itself.

*Correlated* (Aumann 1974). A mediator draws a pair of plans and tells each player its
own. No player, told any plan, does better by any other one, given what being told this
plan says of the other's. The regret is the largest gain, given what was told.
*Coarse correlated* (Moulin and Vial 1978). No player does better by a plan of its own
chosen before anything is told, the other then following what it is told. The regret is
the largest gain from the beginning.
*Stackelberg.* The follower's plan is a best reply to the leader's strategy, and no
commitment pays the leader more with any best reply of the follower. For the second part
an answer brings prices: for each plan b of the follower some non-negative weights y on
its plans b'. The sum of y(b') times what b gains over b' is not negative wherever b is
a best reply, so the largest value, over the leader's plans, of the leader's payoff
against b plus this sum is a ceiling for what commitments with the reply b can pay.

Reads: numbers, profile, joint, referee.  Used by: mediated, solvers, solving.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from redlines.joint import Joint, Plan, own_before, plan_text, plans
from redlines.numbers import brief
from redlines.profile import Assessment
from redlines.referee import Certificate, Failure, referee
from redlines.tree import CHANCE, TERMINAL, Game

__all__ = ["Ceiling", "commitment", "mediated"]

ZERO = Fraction(0)

Part = tuple[Plan, tuple[Fraction, Fraction]]
"""A plan of the other player, and how much each player's payoff counts under it."""


def best_reply(
    game: Game, player: int, parts: Iterable[Part]
) -> tuple[Fraction, dict[int, int]]:
    """The most that a player makes of a weighted sum, and how.

    Parameters
    ----------
    game : Game
    player : int
        Who chooses.
    parts : iterable of Part

    Returns
    -------
    tuple
        The value, and an action at each information set that is met.
    """
    tables, paid = game._tables, game._exact_payoffs
    direct = ZERO
    worth: dict[tuple[int, int], Fraction] = {}
    met: dict[int, tuple[int, int] | None] = {}
    for plan, (first, second) in parts:
        does = dict(plan)
        stack: list[tuple[int, Fraction, tuple[int, int] | None]] = [
            (0, Fraction(1), None)
        ]
        while stack:
            node, weight, last = stack.pop()
            kind, index = tables.kind[node], tables.infoset[node]
            children = tables.children[node]
            if kind == TERMINAL:
                value = weight * (first * paid[node][0] + second * paid[node][1])
                if last is None:
                    direct += value
                else:
                    worth[last] = worth.get(last, ZERO) + value
            elif kind == CHANCE:
                for child, share in zip(children, game._shares(index), strict=True):
                    stack.append((child, weight * share, last))
            elif tables.infosets[index].player == player:
                met[index] = last
                for action, child in enumerate(children):
                    stack.append((child, weight, (index, action)))
            else:
                stack.append((children[does[index]], weight, last))
    choice: dict[int, int] = {}
    # own later sets have a larger first node
    for index in sorted(met, key=lambda h: -tables.infosets[h].nodes[0]):
        values = [
            worth.get((index, action), ZERO)
            for action in range(len(tables.infosets[index].actions))
        ]
        top = max(values)
        choice[index] = values.index(top)
        last = met[index]
        if last is None:
            direct += top
        else:
            worth[last] = worth.get(last, ZERO) + top
    return direct, choice


def _pair(game: Game, one: Plan, other: Plan) -> tuple[Fraction, ...]:
    """What a pair of plans pays."""
    return Joint(game, ((one, other, Fraction(1)),)).payoffs


def _weights(player: int, share: Fraction) -> tuple[Fraction, Fraction]:
    return (share, ZERO) if player == 0 else (ZERO, share)


# -------------------------------------------------------------------------- mediation
def mediated(joint: Joint, concept: str) -> Certificate:
    """Verify that a distribution over pairs of plans is an equilibrium.

    Parameters
    ----------
    joint : Joint
    concept : {"correlated", "coarse correlated"}

    Returns
    -------
    Certificate
    """
    failures = _well_formed(joint)
    if failures:
        return _certificate(concept, failures, ("probabilities",))
    game = joint.game
    worth = {(s, t): _pair(game, s, t) for s, t, share in joint.pairs if share}
    for player, name in enumerate(game.players):
        told: dict[Plan | None, list[tuple[Plan, Fraction]]] = {}
        own: dict[Plan | None, Fraction] = {}
        for s, t, share in joint.pairs:
            if share:
                mine, others = (s, t) if player == 0 else (t, s)
                key = mine if concept == "correlated" else None
                told.setdefault(key, []).append((others, share))
                own[key] = own.get(key, ZERO) + share * worth[s, t][player]
        for key, others_plans in told.items():
            merged: dict[Plan, Fraction] = {}
            for plan, share in others_plans:
                merged[plan] = merged.get(plan, ZERO) + share
            best, choice = best_reply(
                game, player, ((p, _weights(player, w)) for p, w in merged.items())
            )
            if best > own[key]:
                gain = (best - own[key]) / sum(merged.values(), ZERO)
                failures.append(_disobedience(game, player, name, key, choice, gain))
    checked = ("obedience",) if concept == "correlated" else ("participation",)
    return _certificate(concept, failures, checked)


def _disobedience(
    game: Game,
    player: int,
    name: str,
    told: Plan | None,
    choice: Mapping[int, int],
    gain: Fraction,
) -> Failure:
    tables = game._tables
    kept = dict(told or ())
    # what the deviation itself leaves possible, where it differs
    plan: dict[int, int] = {}
    for h in sorted(choice, key=lambda h: tables.infosets[h].nodes[0]):
        last = own_before(game, h)
        if last is None or plan.get(last[0]) == last[1]:
            plan[h] = choice[h]
    changes = {h: a for h, a in plan.items() if kept.get(h) != a}
    words = {tables.label(h): tables.infosets[h].actions[a] for h, a in changes.items()}
    shown = " and ".join(f"{a!r} at {h!r}" for h, a in list(words.items())[:3])
    if len(words) > 3:
        shown += f" and {len(words) - 3} more changes"
    when = (
        f", told {plan_text(game, player, told)!r},"
        if told is not None
        else ", before anything is told,"
    )
    return Failure(
        condition="participation" if told is None else "obedience",
        player=name,
        infoset="",
        deviation=words,
        gain=gain,
        message=f"{name}{when} gains {brief(gain)} by {shown}",
    )


def _well_formed(joint: Joint) -> list[Failure]:
    """Probabilities are a distribution, and plans say all that they must."""
    game, failures = joint.game, []

    def fail(player: str, message: str) -> None:
        failures.append(Failure("probabilities", player, "", {}, None, message))

    shares = [share for *_, share in joint.pairs]
    if any(share < 0 for share in shares) or sum(shares, ZERO) != 1:
        fail("", "the probabilities of pairs of plans are no distribution")
    for player, name in enumerate(game.players):
        for pair in joint.pairs:
            plan = pair[0] if player == 0 else pair[1]
            if not _is_plan(game, player, plan):
                fail(name, f"{plan!r} is no plan of {name}")
    return failures


def _is_plan(game: Game, player: int, plan: Plan) -> bool:
    """Whether a plan chooses at exactly the sets that it leaves possible."""
    tables, does = game._tables, dict(plan)
    needed = set()
    for h in sorted(
        tables.plain_infosets[player], key=lambda h: tables.infosets[h].nodes[0]
    ):
        last = own_before(game, h)
        if last is None or (last[0] in needed and does[last[0]] == last[1]):
            if not 0 <= does.get(h, -1) < len(tables.infosets[h].actions):
                return False
            needed.add(h)
    return needed == set(does) and len(plan) == len(does)


def _certificate(
    concept: str, failures: list[Failure], checked: tuple[str, ...]
) -> Certificate:
    gains = [f.gain for f in failures if f.gain is not None]
    failures.sort(key=lambda f: -f.gain if f.gain is not None else ZERO)
    return Certificate(
        concept=concept,
        holds=not failures,
        regret=max(gains, default=ZERO),
        failures=tuple(failures),
        checked=checked,
    )


# ------------------------------------------------------------------------- commitment
@dataclass(frozen=True, eq=False)
class Ceiling:
    """Why no commitment pays the leader more.

    Attributes
    ----------
    game : Game
    leader : int
    pure : bool
        Whether the leader commits to plans only; then there are no prices, and every
        plan is tried.
    prices : mapping of Plan to mapping of Plan to Fraction
        For each plan of the follower the weights on others; see the module.
    """

    game: Game
    leader: int
    pure: bool
    prices: Mapping[Plan, Mapping[Plan, Fraction]]

    @cached_property
    def value(self) -> Fraction:
        """What no commitment exceeds, computed from the tree."""
        return self._tried() if self.pure else self._priced()

    def _priced(self) -> Fraction:
        values = []
        for plan, _ in plans(self.game, 1 - self.leader):
            prices = self.prices.get(plan, {})
            if any(price < 0 for price in prices.values()):
                raise ValueError("a price is negative")
            parts = [(plan, self._counted(Fraction(1), sum(prices.values(), ZERO)))]
            parts += [(p, self._counted(ZERO, -y)) for p, y in prices.items() if y]
            values.append(best_reply(self.game, self.leader, parts)[0])
        return max(values)

    def _counted(self, own: Fraction, others: Fraction) -> tuple[Fraction, Fraction]:
        return (own, others) if self.leader == 0 else (others, own)

    def _tried(self) -> Fraction:
        replies = [plan for plan, _ in plans(self.game, 1 - self.leader)]
        values = []
        for plan, _ in plans(self.game, self.leader):
            pays = [
                _pair(self.game, *((plan, b) if self.leader == 0 else (b, plan)))
                for b in replies
            ]
            top = max(row[1 - self.leader] for row in pays)
            values.append(
                max(row[self.leader] for row in pays if row[1 - self.leader] == top)
            )
        return max(values)


def commitment(assessment: Assessment, ceiling: Ceiling) -> Certificate:
    """Verify that a commitment with the follower's reply is optimal for the leader.

    Parameters
    ----------
    assessment : Assessment
        The leader's strategy and the follower's.
    ceiling : Ceiling

    Returns
    -------
    Certificate
    """
    game, leader = assessment.game, ceiling.leader
    found = referee(assessment, "nash")
    # a leader bound by its word may well gain by breaking it
    failures: list[Failure] = [
        f for f in found.failures if f.gain is None or f.player != game.players[leader]
    ]
    name = game.players[leader]
    if ceiling.pure and not _is_pure(assessment, leader):
        message = f"{name} commits to a mixture, where plans only are allowed"
        failures.append(Failure("commitment", name, "", {}, None, message))
    gap = ceiling.value - assessment.payoffs[leader]
    if gap > 0:
        message = f"{name} may gain {brief(gap)} by another commitment"
        failures.append(Failure("commitment", name, "", {}, gap, message))
    return _certificate("stackelberg", failures, ("best reply", "commitment"))


def _is_pure(assessment: Assessment, player: int) -> bool:
    """Whether a strategy amounts to one plan, whatever it says elsewhere."""
    return next(plans(assessment.game, player, assessment.strategy))[1] == 1
