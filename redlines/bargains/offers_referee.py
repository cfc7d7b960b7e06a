"""The referee of alternating offers: no player gains by changing one move.

With a last round, or with discounting, a profile is subgame perfect exactly if no
single move can be improved (the one-shot deviation principle). What a plan says of a
round is checked against what it says of the next: what refusing is worth, whether the
responder accepts, and, by a line beyond which nothing feasible lies, that no offer that
would be accepted is better for the proposer. It shares no code with any solver.

*With symbols*, where a pie is divided, each condition is an identity: the shares sum to
1, and the responder's share is what refusing is worth. That the proposer would rather
agree than wait follows: what both are worth one round later is discounted, so its sum
is at most 1.

Reads: numbers, referee, bargains.referee.  Used by: bargains.haggling.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from redlines.bargains.referee import Claim, Lottery, judge
from redlines.numbers import Number, Relation, brief
from redlines.referee import Certificate, Failure

__all__ = ["Choice", "Round", "chosen", "in_turn"]

ZERO = Fraction(0)
Pair = tuple[Any, Any]


@dataclass(frozen=True)
class Round:
    """What happens in a round, should it be reached.

    Attributes
    ----------
    proposer : int
    offer : pair or None
        What the players get from the offer, in payoff units; None where there is none
        that would be accepted.
    lottery : tuple of (str, Fraction)
        Packages that realize it.
    place : number or None
        Where on a curve it is.
    price : number
        Of what the responder gets, in units of what the proposer gets.
    agreed : bool
        Whether the offer is made and accepted.
    value : pair
        What the round is worth to both when it begins, in gains.
    """

    proposer: int
    offer: Pair | None
    lottery: Lottery
    place: Any
    price: Any
    agreed: bool
    value: Pair


class _Table:
    """What an alternating-offers problem says, read anew."""

    def __init__(self, offers: Any) -> None:
        self.offers = offers
        self.names: tuple[str, str] = offers.players
        d = offers.problem.disagreement
        self.d = [d[p] for p in self.names]
        self.discounts = [offers.discounts[p] for p in self.names]
        self.outside = [offers.outside.get(p) for p in self.names]
        at = offers.deadline
        self.end = tuple(at[p] - d[p] for p in self.names)
        self.failures: list[Failure] = []

    def fail(self, condition: str, player: int, message: str, gain: Any = None) -> None:
        name = self.names[player]
        self.failures.append(Failure(condition, name, "", {}, gain, message))

    def refused(self, responder: int, later: Pair) -> tuple[Pair, bool]:
        """What both gain if an offer is refused, and whether the responder leaves."""
        wait: Any = tuple(c * v for c, v in zip(self.discounts, later, strict=True))
        own = self.outside[responder]
        if own is not None and own - self.d[responder] > wait[responder]:
            left: Any = tuple(
                ZERO if w is None else w - e
                for w, e in zip(self.outside, self.d, strict=True)
            )
            return left, True
        return wait, False

    def certificate(self, checked: Sequence[str]) -> Certificate:
        gains = [f.gain for f in self.failures if f.gain is not None]
        return Certificate(
            concept="subgame perfect",
            holds=not self.failures,
            regret=max(gains, default=ZERO),
            failures=tuple(self.failures),
            checked=tuple(checked),
        )


def in_turn(
    offers: Any, rounds: Sequence[Round], conditions: Sequence[Relation] = ()
) -> Certificate:
    """Verify a plan for every round.

    Parameters
    ----------
    offers : AlternatingOffers
    rounds : sequence of Round
        One for each round; without an end two, which repeat.
    conditions : sequence of Relation
        Under which it is claimed, where it holds symbols.

    Returns
    -------
    Certificate
    """
    table = _Table(offers)
    if len(rounds) != len(offers.proposers):
        table.fail("plan", 0, "the plan does not say what happens in every round")
    for number, here in enumerate(rounds):
        if table.names[here.proposer] != offers.proposers[number]:
            table.fail(
                "plan", here.proposer, f"it is not its turn in round {number + 1}"
            )
        if number + 1 < len(rounds):
            later = rounds[number + 1].value
        elif offers.rounds is None:
            later = rounds[0].value
        else:
            later = table.end
        if offers.free_parameters:
            _identities(table, here, later, number, conditions)
        else:
            _numbers(table, here, later, number)
    return table.certificate(("acceptance", "best offer", "values"))


def _numbers(table: _Table, here: Round, later: Pair, number: int) -> None:
    """One round at numbers."""
    own, other = here.proposer, 1 - here.proposer
    refused, _ = table.refused(other, later)
    when = f"in round {number + 1}"
    if here.offer is not None:
        claim = Claim(
            table.offers.problem,
            here.offer,
            here.lottery,
            (1, here.price) if own == 0 else (here.price, 1),
            (),
            (ZERO, ZERO),
            place=here.place,
        )
        looked = judge(claim)
        looked.feasible(here.offer, here.lottery, exactly=True)
        looked.supported(claim.weights, here.offer, "best offer")
        table.failures += looked.failures
        gains = tuple(v - e for v, e in zip(here.offer, table.d, strict=True))
        if gains[other] < refused[other]:
            table.fail("acceptance", other, f"gains by refusing {when}")
        if here.price and gains[other] != refused[other]:
            table.fail("best offer", own, f"need not offer so much {when}")
        if here.agreed and gains[own] < refused[own]:
            table.fail(
                "best offer",
                own,
                f"gains by waiting {when}",
                refused[own] - gains[own],
            )
        if not here.agreed and gains[own] > refused[own]:
            table.fail(
                "best offer",
                own,
                f"gains by an offer {when}",
                gains[own] - refused[own],
            )
        value = gains if here.agreed else refused
    else:
        _nothing_accepted(table, other, refused[other], when)
        value = refused
        if here.agreed:
            table.fail("plan", own, f"nothing is agreed on {when}")
    if tuple(here.value) != tuple(value):
        table.fail("values", own, f"the values {when} do not follow from what is done")


def _nothing_accepted(table: _Table, other: int, needed: Any, when: str) -> None:
    """That nothing feasible is worth as much to the responder as refusing."""
    problem = table.offers.problem
    d: Any = tuple(table.d)
    looked = judge(Claim(problem, d, (), (1, 1), (), (ZERO, ZERO)))
    if not hasattr(looked, "pays"):
        table.fail("best offer", 1 - other, f"could be accepted {when}")
        return
    most = max(p[other] for p in looked.pays.values()) - table.d[other]
    if most >= needed:
        table.fail("best offer", 1 - other, f"could be accepted {when}")


def _identities(
    table: _Table,
    here: Round,
    later: Pair,
    number: int,
    conditions: Sequence[Relation],
) -> None:
    """One round with symbols: gains are shares of what there is for each."""
    own, other = here.proposer, 1 - here.proposer
    when = f"in round {number + 1}"
    if here.offer is None or not here.agreed:
        table.fail("plan", own, f"with symbols something is agreed on {when}")
        return
    whole = [
        pay[name] - e
        for pay, name, e in zip(
            table.offers.problem.packages.values(), table.names, table.d, strict=True
        )
    ]
    gains = [v - e for v, e in zip(here.offer, table.d, strict=True)]
    if not _same(gains[0] / whole[0] + gains[1] / whole[1], 1):
        table.fail("best offer", own, f"the shares do not sum to 1 {when}")
    if any(not _same(v, g) for v, g in zip(here.value, gains, strict=True)):
        table.fail("values", own, f"the values {when} do not follow from what is done")
    wait = table.discounts[other] * later[other]
    left = table.outside[other]
    if _same(gains[other], wait):
        if left is not None and not _stated(
            table, conditions, left - table.d[other], wait
        ):
            table.fail("acceptance", other, f"may gain by leaving {when}")
    elif left is None or not _same(gains[other], left - table.d[other]):
        table.fail("acceptance", other, f"is not offered what refusing is worth {when}")
    elif not _stated(table, conditions, wait, left - table.d[other]) or not _stated(
        table, conditions, left - table.d[other], whole[other]
    ):
        table.fail("acceptance", other, f"may gain by waiting {when}")


def _same(one: Any, other: Any) -> bool:
    return Number.of(one - other).is_zero


def _stated(table: _Table, conditions: Sequence[Relation], low: Any, high: Any) -> bool:
    """Whether some condition says that the one is at most the other.

    A condition may be divided by 1 - d1 d2, which is positive.
    """
    positive = 1 - table.discounts[0] * table.discounts[1]
    for c in conditions:
        if c.operator in ("<=", ">="):
            small, large = (c.left, c.right)[:: 1 if c.operator == "<=" else -1]
            gap = small - large
            if _same(gap, low - high) or _same(positive * gap, low - high):
                return True
    return False


# --------------------------------------------------------------- packages, one by one
@dataclass(frozen=True)
class Choice:
    """One round of a plan where every package is taken or left as it is.

    Attributes
    ----------
    proposer : int
    offer : str or None
        The package offered; None for no offer.
    replies : mapping of str or None to (str, int)
        For each offer what the responder does, ``"accept"``, ``"refuse"`` or
        ``"leave"``, and which choice of the next round follows a refusal.
    value : pair
        What the round is worth to both when it begins, in gains.
    """

    proposer: int
    offer: str | None
    replies: Mapping[str | None, tuple[str, int]]
    value: Pair


def chosen(offers: Any, rounds: Sequence[Sequence[Choice]]) -> Certificate:
    """Verify a plan over packages: for each round the choices that are ever met.

    Parameters
    ----------
    offers : AlternatingOffers
        With a last round, and lotteries not allowed.
    rounds : sequence of sequence of Choice
        The first of the first round is where the game begins.

    Returns
    -------
    Certificate
    """
    table = _Table(offers)
    problem = offers.problem
    gains: dict[str | None, Pair] = {
        label: tuple(pay[p] - e for p, e in zip(table.names, table.d, strict=True))
        for label, pay in problem.packages.items()
    }
    left: Pair = tuple(  # type: ignore[assignment]
        ZERO if w is None else w - e
        for w, e in zip(table.outside, table.d, strict=True)
    )
    for number, row in enumerate(rounds):
        last = number + 1 == len(rounds)
        for here in row:
            own, other = here.proposer, 1 - here.proposer
            results: dict[str | None, Pair] = {}
            if table.names[own] != offers.proposers[number]:
                table.fail("plan", own, f"it is not its turn in round {number + 1}")
            for label in (*gains, None):
                does, follows = here.replies[label]
                later = table.end if last else rounds[number + 1][follows].value
                options: dict[str, Pair] = {
                    "refuse": tuple(
                        c * v for c, v in zip(table.discounts, later, strict=True)
                    )
                }
                if label is not None:
                    options["accept"] = gains[label]
                if table.outside[other] is not None:
                    options["leave"] = left
                best = max(v[other] for v in options.values())
                if does not in options or options[does][other] < best:
                    table.fail(
                        "acceptance",
                        other,
                        f"{table.names[other]} gains by another reply to "
                        f"{label or 'no offer'!r} in round {number + 1}",
                    )
                    return table.certificate(("replies", "best offer", "values"))
                results[label] = options[does]
            got = results[here.offer]
            if got[own] < max(v[own] for v in results.values()):
                gain = max(v[own] for v in results.values()) - got[own]
                table.fail(
                    "best offer",
                    own,
                    f"{table.names[own]} gains {brief(gain)} by another offer in round "
                    f"{number + 1}",
                    gain,
                )
            if tuple(got) != tuple(here.value):
                table.fail("values", own, f"the values in round {number + 1} are wrong")
    return table.certificate(("replies", "best offer", "values"))
