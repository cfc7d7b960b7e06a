"""Take-it-or-leave-it demands in the shadow of war: the risk-return trade-off.

A demands x of a pie of size 1; B accepts, so that they get (x, 1 - x), or fights, which
gives A ``p - cost`` and B ``1 - p`` minus its own cost. B's cost is private. B accepts
if its cost is at least ``x - p``, so a larger demand brings more if it is accepted and
war more often. After [fearon1995]_ and [powell1999]_.

Reads: errors, numbers.  Used by: whoever studies the model.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any

from redlines.errors import OutOfRange
from redlines.numbers import exact

__all__ = ["SatisfiedOrNot", "TwoCosts", "UniformCosts"]


def _read(record: Any) -> None:
    """Make every field of a frozen record an exact number."""
    for field in fields(record):
        value = exact(getattr(record, field.name), field.name)
        object.__setattr__(record, field.name, value)


def _require(holds: bool, words: str) -> None:
    if not holds:
        raise OutOfRange(words)


def _clip(value: Fraction, low: Fraction, high: Fraction) -> Fraction:
    return max(low, min(value, high))


@dataclass(frozen=True)
class UniformCosts:
    """B's cost of war is uniform between two numbers.

    Parameters
    ----------
    p : amount
        The probability that A wins a war, as a share of the pie.
    cost : amount
        A's cost of war.
    low, high : amount
        The ends of B's cost.

    Raises
    ------
    OutOfRange
        Unless ``0 < p < 1``, ``cost >= 0`` and ``0 <= low < high``, and `low` is at
        most what there is to concede, ``1 - p``.

    Examples
    --------
    >>> crisis = UniformCosts(p="1/2", cost="1/10", low=0, high="2/5")
    >>> crisis.demand, crisis.war, crisis.payoff
    (Fraction(13, 20), Fraction(3, 8), Fraction(89, 160))
    """

    p: Any
    cost: Any
    low: Any
    high: Any

    def __post_init__(self) -> None:
        _read(self)
        _require(0 < self.p < 1, f"p is {self.p}; it must lie between 0 and 1")
        _require(self.cost >= 0, f"cost is {self.cost}; it must be 0 or more")
        _require(
            0 <= self.low < self.high and self.low <= 1 - self.p,
            f"B's cost is between {self.low} and {self.high}; there must be 0 <= low < "
            "high and low <= 1 - p",
        )

    @property
    def excess(self) -> Fraction:
        """How much more than p is demanded."""
        return _clip((self.high - self.cost) / 2, self.low, min(self.high, 1 - self.p))

    @property
    def demand(self) -> Fraction:
        """What A demands."""
        return Fraction(self.p + self.excess)

    @property
    def war(self) -> Fraction:
        """The probability of war."""
        return Fraction((self.excess - self.low) / (self.high - self.low))

    @property
    def payoff(self) -> Fraction:
        """What A expects."""
        return Fraction((1 - self.war) * self.demand + self.war * (self.p - self.cost))

    @property
    def is_peaceful(self) -> bool:
        """Whether there is no war: where ``high <= 2 low + cost``."""
        return self.war == 0


@dataclass(frozen=True)
class TwoCosts:
    """B's cost of war is low or high.

    Parameters
    ----------
    p, cost : amount
        As for `UniformCosts`.
    low, high : amount
        B's two costs.
    chance : amount
        The probability of the low cost.

    Raises
    ------
    OutOfRange
        Unless ``0 < p < 1``, ``0 <= low < high <= 1 - p`` and ``0 <= chance <= 1``.

    Examples
    --------
    >>> TwoCosts(p="1/2", cost="1/10", low="1/10", high="2/5", chance="1/2").demand
    Fraction(9, 10)
    """

    p: Any
    cost: Any
    low: Any
    high: Any
    chance: Any

    def __post_init__(self) -> None:
        _read(self)
        _require(0 < self.p < 1, f"p is {self.p}; it must lie between 0 and 1")
        _require(self.cost >= 0, f"cost is {self.cost}; it must be 0 or more")
        _require(
            0 <= self.low < self.high <= 1 - self.p,
            f"B's costs are {self.low} and {self.high}; there must be 0 <= low < high "
            "<= 1 - p",
        )
        _require(0 <= self.chance <= 1, f"chance is {self.chance}, not from 0 to 1")

    @property
    def cutoff(self) -> Fraction:
        """The probability of the low cost above which A does not risk war."""
        return Fraction((self.high - self.low) / (self.high + self.cost))

    @property
    def demands(self) -> tuple[Fraction, ...]:
        """The best demands: one, or two where A is indifferent."""
        safe, risky = self.p + self.low, self.p + self.high
        if self.chance == self.cutoff:
            return safe, risky
        return (risky,) if self.chance < self.cutoff else (safe,)

    @property
    def demand(self) -> Fraction:
        """What A demands; the peaceful demand where A is indifferent."""
        return self.demands[0]

    @property
    def war(self) -> Fraction:
        """The probability of war at `demand`."""
        return Fraction(self.chance if self.demand > self.p + self.low else 0)


@dataclass(frozen=True)
class SatisfiedOrNot:
    """S may concede something to D, which is dissatisfied with the status quo or not.

    D's cost of war is private, uniform from 0 to `spread`. S offers no less than D has.

    Parameters
    ----------
    p : amount
        The probability that D wins a war, as a share of the pie.
    status_quo : amount
        What D has.
    spread : amount
        The greatest cost of D.
    cost : amount
        S's cost of war.

    Raises
    ------
    OutOfRange
        Unless p and the status quo lie from 0 to 1, ``spread > 0`` and ``cost >= 0``.

    Examples
    --------
    >>> crisis = SatisfiedOrNot(p="3/5", status_quo="1/2", spread="2/5", cost="1/10")
    >>> crisis.offer, crisis.war
    (Fraction(1, 2), Fraction(1, 4))
    """

    p: Any
    status_quo: Any
    spread: Any
    cost: Any

    def __post_init__(self) -> None:
        _read(self)
        _require(
            0 <= self.p <= 1 and 0 <= self.status_quo <= 1,
            f"p is {self.p} and the status quo {self.status_quo}; both lie from 0 to 1",
        )
        _require(
            self.spread > 0 and self.cost >= 0,
            f"the spread {self.spread} must be positive and the cost {self.cost} 0 or "
            "more",
        )

    @property
    def gap(self) -> Fraction:
        """By how much the offer falls short of what war would bring D."""
        return _clip(
            (self.spread - self.cost) / 2,
            Fraction(0),
            max(self.p - self.status_quo, Fraction(0)),
        )

    @property
    def offer(self) -> Fraction:
        """What S offers; the status quo where every type of D is satisfied."""
        return Fraction(max(self.p - self.gap, self.status_quo))

    @property
    def war(self) -> Fraction:
        """The probability of war."""
        return min(Fraction(self.gap / self.spread), Fraction(1))
