"""Screening over rounds: offers to somebody whose reservation is private.

A proposer without private information names a price in each round; the responder has a
high or a low value and accepts or waits. Refusals are news: whoever could gain much by
agreeing is likelier to have agreed.

*The form of equilibrium* (Fudenberg and Tirole 1983; Sobel and Takahashi 1983; Hart
1989), with the low value above the proposer's cost. The belief that the value is high
is the state. With n rounds left it falls into intervals, in each of which the proposer
either asks for the low value, which everybody accepts, or for a price that the high
type accepts so often that a refusal brings the belief down to a *cut* of the game with
n - 1 rounds. There the high type is indifferent, since the proposer will then be just
as tough as keeps it so.

Reads: errors, numbers, answers, referee, bargains.base.  Used by: solvers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from redlines.answers import Answer, Part, clip
from redlines.bargains.base import Amounts, Noun, Value, read_pair, whole, within
from redlines.errors import OutOfRange
from redlines.numbers import Amount, brief
from redlines.parameters import Parameter, Probability
from redlines.play import RUSSIA, US
from redlines.referee import Certificate, Failure

if TYPE_CHECKING:
    from redlines.solution import Concept

__all__ = ["Screened", "Screening", "ScreeningEquilibrium", "Stretch", "screened"]

ZERO, ONE = Fraction(0), Fraction(1)
MAX_ROUNDS = 200


class Screening(Noun):
    """Offers over rounds to a responder whose value is high or low.

    Parameters
    ----------
    low, high : amount
        What an agreement is worth to the responder, by type.
    chance : amount
        The probability that the value is high.
    discounts : pair of amounts, or one for both
        What a gain is worth if it comes one round later: proposer's, responder's.
    rounds : int
        How many offers there are.
    cost : amount
        What an agreement costs the proposer; default 0, and less than `low`.
    players : sequence of two str
        The proposer, the responder.
    name : str
    parameters : mapping of str to Parameter, optional

    Raises
    ------
    ModelError
        For rounds that are no whole number.
    OutOfRange
        Unless ``cost < low < high``; or for a chance or discount outside 0 to 1.

    Examples
    --------
    >>> import redlines as rl
    >>> offers = rl.Screening(low=1, high=3, chance="1/2", discounts="1/2", rounds=2)
    >>> print(rl.solve(offers, "perfect bayesian")[0])
    Equilibrium of screening (perfect bayesian): US 5/4, Russia 1/2
      round 1: asks 2; belief that the value is high 1/2
        high accepts with 1, low with 0
      round 2: asks 1; belief that the value is high 0
        both accept
    """

    def __init__(
        self,
        low: Amount,
        high: Amount,
        chance: Amount,
        discounts: Any,
        rounds: int,
        *,
        cost: Amount = 0,
        players: Sequence[str] = (US, RUSSIA),
        name: str = "screening",
        parameters: Mapping[str, Parameter] | None = None,
    ) -> None:
        amounts = Amounts(name, parameters)
        self._low = amounts.read(low, "the low value")
        self._high = amounts.read(high, "the high value")
        self._chance = amounts.read(chance, "the chance of the high value", Probability)
        self._cost = amounts.read(cost, "the cost")
        if isinstance(discounts, str) or not isinstance(discounts, Iterable):
            discounts = (discounts, discounts)
        self._discounts = read_pair(
            amounts, discounts, players, "the discount", Probability
        )
        self.rounds = whole(rounds, f"{name}: rounds", 1, MAX_ROUNDS)
        super().__init__(name, players, amounts.parameters)
        self._check()

    @property
    def values(self) -> dict[str, Value]:
        """What an agreement is worth to the responder, by type."""
        return {"low": self._low, "high": self._high}

    @property
    def chance(self) -> Value:
        """The probability that the value is high."""
        return self._chance

    @property
    def cost(self) -> Value:
        """What an agreement costs the proposer."""
        return self._cost

    @property
    def discounts(self) -> dict[str, Value]:
        """What a gain is worth to each player if it comes one round later."""
        return dict(zip(self.players, self._discounts, strict=True))

    @property
    def _size(self) -> int:
        return self.rounds**2

    def _values(self) -> Iterable[Value]:
        yield from (self._low, self._high, self._chance, self._cost)
        yield from self._discounts

    def _replace(self, change: Callable[[Value], Value]) -> None:
        self._low, self._high = change(self._low), change(self._high)
        self._chance, self._cost = change(self._chance), change(self._cost)
        self._discounts = change(self._discounts[0]), change(self._discounts[1])

    def _check(self) -> None:
        within(self._chance, 0, 1, f"{self.name}: the chance of the high value")
        for player, discount in self.discounts.items():
            within(discount, 0, 1, f"{self.name}: the discount of {player}")
        ordered = [self._cost, self._low, self._high]
        if all(isinstance(v, Fraction) for v in ordered) and not (
            ordered[0] < ordered[1] < ordered[2]
        ):
            raise OutOfRange(
                f"{self.name}: cost {ordered[0]}, low {ordered[1]} and high "
                f"{ordered[2]} must rise in this order; where the low type has nothing "
                "to gain, only the high one is bargained with"
            )

    def __repr__(self) -> str:
        free = self.free_parameters
        state = f", {len(free)} free parameters" if free else ""
        return (
            f"<Screening {self.name}: {self.players[0]} makes {self.rounds} offers to "
            f"{self.players[1]}{state}>"
        )

    def _lines(self) -> list[str]:
        return [
            f"  worth to {self.players[1]}: high {brief(self._high, 40)} with "
            f"probability {brief(self._chance, 40)}, or low {brief(self._low, 40)}",
            f"  costs {self.players[0]} {brief(self._cost, 40)}",
        ]


@dataclass(frozen=True)
class Stretch:
    """An interval of beliefs in which the proposer does the same.

    Attributes
    ----------
    low, high : Fraction
        Its ends; adjacent intervals share one, at which the proposer is indifferent.
    price : Fraction
        What it asks.
    target : Fraction or None
        The belief after a refusal; None if everybody accepts.
    gain : Fraction
        What the high type gains, seen from this round.
    worth : tuple of two Fraction
        What the proposer gains at both ends; linear in between.
    """

    low: Fraction
    high: Fraction
    price: Fraction
    target: Fraction | None
    gain: Fraction
    worth: tuple[Fraction, Fraction]

    def worth_at(self, belief: Fraction) -> Fraction:
        """What the proposer gains at a belief."""
        if self.low == self.high:
            return self.worth[0]
        share = (belief - self.low) / (self.high - self.low)
        return self.worth[0] + share * (self.worth[1] - self.worth[0])


@dataclass(frozen=True)
class Screened(Part):
    """An equilibrium: for each number of rounds left, what is done at each belief.

    Attributes
    ----------
    game : Screening
    stretches : tuple of tuple of Stretch
        By rounds left, from 1; in the order of beliefs.
    start : int
        Which stretch play begins in.
    """

    game: Screening
    stretches: tuple[tuple[Stretch, ...], ...]
    start: int

    def shown(self, concept: Concept) -> ScreeningEquilibrium:
        """What a solution lists."""
        return ScreeningEquilibrium(self, concept)


class ScreeningEquilibrium(Answer):
    """A perfect Bayesian equilibrium of screening over rounds.

    After a price that is not expected the responder and the proposer do what the
    intervals of beliefs say: the high type accepts so often that the belief falls to
    the cut at which it is indifferent, and the proposer mixes there between being
    tougher and softer so that it is.
    """

    noun = "Equilibrium"
    _element: Screened

    @cached_property
    def certificate(self) -> Certificate:
        """What the referee found, at every belief with every number of rounds left."""
        return screened(self._element)

    @cached_property
    def path(self) -> tuple[dict[str, Any], ...]:
        """What happens round by round while offers are refused.

        Each with ``price``, ``belief`` (that the value is high), ``high accepts`` and
        ``low accepts`` (probabilities) and ``reached`` (the probability of the round).
        """
        part = self._element
        belief: Any = self.game.chance
        reached = ONE
        here = part.stretches[-1][part.start]
        found: list[dict[str, Any]] = []
        for left in range(self.game.rounds, 0, -1):
            row = {"price": here.price, "belief": belief, "reached": reached}
            if here.target is None:
                found.append({**row, "high accepts": ONE, "low accepts": ONE})
                break
            sold = (belief - here.target) / (1 - here.target)
            accepts = sold / belief if belief else ZERO
            found.append({**row, "high accepts": accepts, "low accepts": ZERO})
            reached *= 1 - sold
            belief = here.target
            if left == 1 or not reached:
                break
            # the tougher of the two between which the cut lies
            here = next(s for s in part.stretches[left - 2] if s.low == belief)
        return tuple(found)

    @property
    def payoffs(self) -> dict[str, Any]:
        """What both expect before the responder knows its value."""
        part = self._element
        here = part.stretches[-1][part.start]
        chance: Any = self.game.chance
        one = here.worth_at(chance)
        return {
            self.game.players[0]: one,
            self.game.players[1]: chance * here.gain,
        }

    @property
    def delay(self) -> Fraction:
        """The probability that the first offer is refused."""
        return _refused(self.path[0])

    @property
    def breakdown(self) -> Fraction:
        """The probability that nothing is agreed on in any round."""
        last = self.path[-1]
        return _refused(last) * Fraction(last["reached"])

    def lines(self) -> list[str]:
        """The path as text."""
        shown = []
        for number, row in enumerate(self.path, 1):
            shown.append(
                f"  round {number}: asks {brief(row['price'])}; belief that the value "
                f"is high {brief(row['belief'])}"
            )
            shown.append(
                "    both accept"
                if row["low accepts"]
                else f"    high accepts with {brief(row['high accepts'])}, low with 0"
            )
        if self.breakdown:
            shown.append(f"  no agreement with probability {brief(self.breakdown)}")
        return [clip(line) for line in shown]


def _refused(row: Mapping[str, Any]) -> Fraction:
    """How likely the offer of a round is refused."""
    belief = row["belief"]
    accepts = belief * row["high accepts"] + (1 - belief) * row["low accepts"]
    return Fraction(1 - accepts)


def screened(part: Screened) -> Certificate:
    """Verify what is done at every belief with every number of rounds left.

    Parameters
    ----------
    part : Screened

    Returns
    -------
    Certificate

    Notes
    -----
    A price between two that are asked brings the belief to the same cut as the higher
    of them, and a price above all of them is refused by everybody and only loses time;
    so asking what is asked elsewhere, and the low value, are all deviations there are.
    Worth is linear in each stretch, so its ends suffice.
    """
    game = part.game
    low: Any
    high: Any
    low, high = (v - game.cost for v in (game.values["low"], game.values["high"]))
    own, other = (game.discounts[p] for p in game.players)
    failures: list[Failure] = []

    def fail(condition: str, player: int, message: str, gain: Any = None) -> None:
        name = game.players[player]
        failures.append(Failure(condition, name, "", {}, gain, message))

    # with no rounds left nobody gains anything, whatever is believed
    later: tuple[Stretch, ...] = (Stretch(ZERO, ONE, high, None, ZERO, (ZERO, ZERO)),)
    if len(part.stretches) != game.rounds:
        fail("plan", 0, "it does not say what happens in every round")
    for left, row in enumerate(part.stretches, 1):
        ends = [ZERO, *(s.high for s in row)]
        if ends != [*(s.low for s in row), ONE]:
            fail("plan", 0, f"beliefs with {left} rounds left are not covered")
            break
        options = [(_asked(s, high, other), s.low, s) for s in later]
        for s in row:
            price = s.price - game.cost
            if s.target is None:
                if price != low or s.gain != high - low:
                    fail("acceptance", 1, f"not everybody accepts {brief(s.price)}")
            else:
                match = [o for o in options if o[1] == s.target]
                if not match or price != match[0][0] or s.target > s.low:
                    fail("acceptance", 1, f"high accepts {brief(s.price)} too soon")
                if s.gain != high - price:
                    fail(
                        "acceptance",
                        1,
                        f"high gains something else by {brief(s.price)}",
                    )
            for belief in (s.low, s.high):
                values = [low] + [
                    _worth(belief, asked, cut, own * t.worth_at(cut))
                    for asked, cut, t in options
                    if cut <= belief and cut < 1
                ]
                mine = (
                    low
                    if s.target is None
                    else _worth(
                        belief, price, s.target, own * _worth_of(later, s.target)
                    )
                )
                if s.worth_at(belief) != mine:
                    fail("values", 0, f"worth at {brief(belief)} is {brief(mine)}")
                if max(values) > mine:
                    fail(
                        "best offer",
                        0,
                        f"{game.players[0]} gains by another offer at belief "
                        f"{brief(belief)} with {left} rounds left",
                        max(values) - mine,
                    )
        if any(a.gain <= b.gain for a, b in pairwise(row)):
            fail("acceptance", 1, "a higher belief does not make the proposer tougher")
        later = row
    first = part.stretches[-1][part.start]
    if not first.low <= game.chance <= first.high:
        fail("plan", 0, "play does not begin at the given chance")
    gains = [f.gain for f in failures if f.gain is not None]
    return Certificate(
        concept="perfect bayesian",
        holds=not failures,
        regret=max(gains, default=ZERO),
        failures=tuple(failures),
        checked=("acceptance", "best offer", "beliefs"),
    )


def _asked(later: Stretch, high: Any, discount: Any) -> Any:
    """The price at which the high type would as well wait for what comes later."""
    return high - discount * later.gain


def _worth(belief: Any, price: Any, cut: Any, later: Any) -> Any:
    """What selling down to a cut is worth, if waiting there is worth `later`."""
    if cut == 1:
        return later
    sold = (belief - cut) / (1 - cut)
    return sold * price + (1 - sold) * later


def _worth_of(row: Sequence[Stretch], belief: Any) -> Any:
    return next(s.worth_at(belief) for s in row if s.low <= belief <= s.high)
