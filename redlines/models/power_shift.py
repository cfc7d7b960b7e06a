"""Preventive war when power shifts.

A pie is divided anew in each period. A wins a war, which decides all periods to come,
with a probability that falls after the first period. B makes offers; what it can
concede in the first period is at most the whole pie, and it cannot bind itself to
concede more later than A's power then demands. Payoffs are averages over time. After
the logic of [fearon1995]_ and [powell2006]_; a simplified form of our own.

Reads: errors, numbers.  Used by: whoever studies the model.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any

from redlines.errors import OutOfRange
from redlines.numbers import exact

__all__ = ["PowerShift"]


@dataclass(frozen=True)
class PowerShift:
    """A declines after the first period.

    Parameters
    ----------
    before, after : amount
        A's probability of winning in the first period, and from the second on.
    cost : amount
        What war costs A, as an average over time.
    discount : amount
        What a period counts that is one later.

    Raises
    ------
    OutOfRange
        Unless ``0 <= after <= before <= 1``, ``cost >= 0`` and ``0 < discount < 1``.

    Examples
    --------
    >>> decline = PowerShift(before="4/5", after="1/5", cost="1/10", discount="4/5")
    >>> decline.is_war, decline.threshold
    (True, Fraction(29, 40))
    >>> slight = PowerShift(before="4/5", after="3/4", cost="1/10", discount="4/5")
    >>> slight.is_war, slight.offer
    (False, Fraction(9, 10))
    """

    before: Any
    after: Any
    cost: Any
    discount: Any

    def __post_init__(self) -> None:
        for field in fields(self):
            value = exact(getattr(self, field.name), field.name)
            object.__setattr__(self, field.name, value)
        if not 0 <= self.after <= self.before <= 1:
            raise OutOfRange(
                f"A's chances are {self.before} and then {self.after}; there must be "
                "0 <= after <= before <= 1"
            )
        if self.cost < 0 or not 0 < self.discount < 1:
            raise OutOfRange(
                f"the cost {self.cost} must be 0 or more, the discount {self.discount} "
                "between 0 and 1"
            )

    @property
    def later(self) -> Fraction:
        """What A gets in each later period: what war would bring it then, or 0."""
        return max(Fraction(self.after - self.cost), Fraction(0))

    @property
    def needed(self) -> Fraction:
        """What A must get in the first period not to fight."""
        wanted = self.before - self.cost - self.discount * self.later
        return max(Fraction(wanted / (1 - self.discount)), Fraction(0))

    @property
    def is_war(self) -> bool:
        """Whether A fights: where the whole pie in the first period is not enough.

        Where ``after >= cost`` this is ``before - d after > (1 - d)(1 + cost)``.
        """
        return self.needed > 1

    @property
    def offer(self) -> Fraction | None:
        """What B offers in the first period; None where nothing averts war."""
        return None if self.is_war else self.needed

    @property
    def threshold(self) -> Fraction:
        """The chance after the shift below which there is war."""
        left = self.before - (1 - self.discount) * (1 + self.cost)
        return max(Fraction(left / self.discount), Fraction(0))
