"""When a conflict is ripe for settlement: a stalemate that hurts both.

Each side compares what going on is worth for an instant, falling with time, with what a
settlement is worth for an instant, and agrees once it is no better. After
[zartman1985]_; simplified forms of our own.

Reads: errors, numbers.  Used by: whoever studies the model.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from redlines.errors import OutOfRange
from redlines.numbers import exact

__all__ = ["ConcessionWar", "Ripeness"]


@dataclass(frozen=True)
class Ripeness:
    """The flow of war is ``start - decline * t`` for each side; both must agree.

    Parameters
    ----------
    sides : sequence of (start, decline, settlement)
        For each side, in payoff units by unit of time.

    Raises
    ------
    OutOfRange
        Unless each decline is positive.

    Examples
    --------
    >>> conflict = Ripeness([(5, 1, 2), (3, 2, 1)])
    >>> conflict.moments, conflict.ripe
    ((Fraction(3, 1), Fraction(1, 1)), Fraction(3, 1))
    """

    sides: Sequence[Any]

    def __post_init__(self) -> None:
        read = tuple(tuple(exact(v, "a flow") for v in side) for side in self.sides)
        for side in read:
            if len(side) != 3 or side[1] <= 0:
                raise OutOfRange(
                    "a side is (start, decline, settlement) with a positive decline, "
                    f"not {side}"
                )
        if not read:
            raise OutOfRange("there is no side")
        object.__setattr__(self, "sides", read)

    @property
    def moments(self) -> tuple[Fraction, ...]:
        """When each side becomes willing to settle; whatever its discount rate."""
        return tuple(max(Fraction(0), (a - s) / b) for a, b, s in self.sides)

    @property
    def ripe(self) -> Fraction:
        """When both are: the later of the two moments."""
        return max(self.moments)


@dataclass(frozen=True)
class ConcessionWar:
    """A war of attrition in which pain rises: it costs ``pain * t`` at time t.

    Parameters
    ----------
    values, pains : pair of amounts
        What winning is worth to each, and how fast its pain rises.

    Raises
    ------
    OutOfRange
        Unless all are positive.

    Notes
    -----
    Each quits at a hazard rate that makes the other indifferent: player j at ``(c_i /
    v_i) t``, for the other's pain c_i and value v_i.

    Examples
    --------
    >>> ConcessionWar(values=(1, 1), pains=(1, 2)).concedes_first
    (Fraction(2, 3), Fraction(1, 3))
    """

    values: Any
    pains: Any

    def __post_init__(self) -> None:
        for name in ("values", "pains"):
            pair = tuple(exact(v, name) for v in getattr(self, name))
            if len(pair) != 2 or min(pair) <= 0:
                raise OutOfRange(f"{name} are two positive numbers, not {pair}")
            object.__setattr__(self, name, pair)

    @property
    def rates(self) -> tuple[Fraction, Fraction]:
        """How fast each player's hazard of quitting rises with time."""
        one, other = (c / v for c, v in zip(self.pains, self.values, strict=True))
        return other, one

    @property
    def concedes_first(self) -> tuple[Fraction, Fraction]:
        """How likely each is the one who concedes."""
        total = sum(self.rates)
        one, other = (r / total for r in self.rates)
        return one, other

    @property
    def mean_duration(self) -> float:
        """How long it lasts on average."""
        return math.sqrt(math.pi / (2 * float(sum(self.rates))))
