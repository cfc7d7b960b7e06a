"""Wars of attrition, and the auction in which the loser pays too.

Both stay in a contest for a prize, at a cost for each unit of time, until one of them
quits. After [maynardsmith1974]_ and, for the auction, [oneill1986]_.

Reads: errors, numbers.  Used by: whoever studies the model.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any

from redlines.errors import OutOfRange
from redlines.numbers import exact

__all__ = ["Attrition", "DollarAuction", "PrivateAttrition"]


@dataclass(frozen=True)
class Attrition:
    """Two values and two costs, known to both; the equilibrium in which both mix.

    In rounds: if both stay, each pays its cost and they go on; whoever quits gets 0 (so
    do both if both quit), and whoever stays alone gets its value. In continuous time
    the costs are by unit of time.

    Parameters
    ----------
    values, costs : pair of amounts
        Of the prize, and of a round.

    Raises
    ------
    OutOfRange
        Unless all of them are positive.

    Examples
    --------
    >>> even = Attrition(values=(1, 1), costs=(1, 1))
    >>> even.quit_chances, even.expected_rounds
    ((Fraction(1, 2), Fraction(1, 2)), Fraction(1, 3))
    """

    values: Any
    costs: Any

    def __post_init__(self) -> None:
        for field in fields(self):
            pair = tuple(exact(v, field.name) for v in getattr(self, field.name))
            if len(pair) != 2 or min(pair) <= 0:
                raise OutOfRange(f"{field.name} are two positive numbers, not {pair}")
            object.__setattr__(self, field.name, pair)

    @property
    def quit_chances(self) -> tuple[Fraction, Fraction]:
        """How likely each quits in a round, given that it has come.

        Each makes the *other* indifferent, so the first chance follows from the second
        player's value and cost.
        """
        one, other = (c / (v + c) for v, c in zip(self.values, self.costs, strict=True))
        return other, one

    @property
    def expected_rounds(self) -> Fraction:
        """How many rounds are paid for, on average."""
        a, b = self.quit_chances
        stay = (1 - a) * (1 - b)
        return stay / (1 - stay)

    @property
    def hazards(self) -> tuple[Fraction, Fraction]:
        """In continuous time, the rate at which each quits."""
        one, other = (c / v for v, c in zip(self.values, self.costs, strict=True))
        return other, one

    @property
    def mean_duration(self) -> Fraction:
        """In continuous time, how long it lasts on average."""
        one, other = self.hazards
        return 1 / (one + other)

    def has_quit(self, player: int, time: float) -> float:
        """In continuous time, how likely a player has quit by a time.

        Parameters
        ----------
        player : {0, 1}
        time : float

        Returns
        -------
        float
        """
        return -math.expm1(-float(self.hazards[player]) * time)


@dataclass(frozen=True)
class PrivateAttrition:
    """Values are private, independent and uniform from 0 to 1; time costs 1 a unit.

    Notes
    -----
    In the symmetric equilibrium a player of value v quits at ``-v - ln(1 - v)``, and
    expects ``v**2 / 2``.
    """

    def quits_at(self, value: float) -> float:
        """When a player of this value quits; infinity for a value of 1.

        Raises
        ------
        OutOfRange
            For a value outside 0 to 1.
        """
        self._require(value)
        return math.inf if value == 1 else -value - math.log1p(-value)

    def payoff(self, value: Any) -> Fraction:
        """What a player of this value expects.

        Raises
        ------
        OutOfRange
            For a value outside 0 to 1.
        """
        number = exact(value, "value")
        self._require(number)
        return number**2 / 2

    def _require(self, value: Any) -> None:
        if not 0 <= value <= 1:
            raise OutOfRange(f"a value lies from 0 to 1, not {value}")


@dataclass(frozen=True)
class DollarAuction:
    """The highest bid wins the stake, and both pay what they bid.

    Bids rise in units up to a budget that both have; who is indifferent drops out.

    Parameters
    ----------
    stake, budget : int
        In units.

    Raises
    ------
    OutOfRange
        Unless the stake is 2 or more and the budget 1 or more.

    Examples
    --------
    >>> DollarAuction(stake=5, budget=8).opening_bid
    4
    """

    stake: int
    budget: int

    def __post_init__(self) -> None:
        if self.stake < 2 or self.budget < 1:
            raise OutOfRange(
                f"the stake {self.stake} must be 2 or more, the budget {self.budget} 1 "
                "or more"
            )

    @property
    def opening_bid(self) -> int:
        """What the first player bids; the other then drops out."""
        return (self.budget - 1) % (self.stake - 1) + 1
