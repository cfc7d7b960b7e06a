"""An offer that must be ratified by somebody whose reservation is not known.

Foreign offers Home a share x of a pie of size 1; it is ratified if x is at least a
reservation, uniform from `low` to `high`. Foreign keeps ``1 - x``, or a failure costs
it something.
A simplified form of our own, after [putnam1988]_.

Reads: errors, numbers.  Used by: whoever studies the model.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any

from redlines.errors import OutOfRange
from redlines.numbers import exact

__all__ = ["UncertainRatification"]


@dataclass(frozen=True)
class UncertainRatification:
    """The best offer if a failure costs something.

    Parameters
    ----------
    cost : amount
        What a failure costs Foreign.
    low, high : amount
        The ends of the reservation; default 0 and 1.

    Raises
    ------
    OutOfRange
        Unless ``cost >= 0`` and ``0 <= low < high``.

    Examples
    --------
    >>> (
    ...     UncertainRatification(cost="1/2").offer,
    ...     UncertainRatification(cost="1/2").failure,
    ... )
    (Fraction(3, 4), Fraction(1, 4))
    """

    cost: Any
    low: Any = 0
    high: Any = 1

    def __post_init__(self) -> None:
        for field in fields(self):
            value = exact(getattr(self, field.name), field.name)
            object.__setattr__(self, field.name, value)
        if self.cost < 0 or not 0 <= self.low < self.high:
            raise OutOfRange(
                f"the cost {self.cost} must be 0 or more, and the reservation from "
                f"{self.low} to {self.high} must have 0 <= low < high"
            )

    @property
    def offer(self) -> Fraction:
        """What is offered: ``(1 + low + cost)/2``, within the reservation's ends."""
        best = (1 + self.low + self.cost) / 2
        return Fraction(max(self.low, min(best, self.high)))

    @property
    def failure(self) -> Fraction:
        """How likely it is not ratified."""
        return Fraction((self.high - self.offer) / (self.high - self.low))
