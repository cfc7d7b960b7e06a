"""Screening over rounds, by backward induction on beliefs, exact.

With n rounds left the proposer compares lines: what each price is worth as a function
of the belief is linear, since what is not sold now is worth the same later. The upper
envelope of the lines gives the intervals for n rounds from those for n - 1.

Reads: bargains.screening, solution, solvers.base.  Used by: solving.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, NamedTuple

from redlines.bargains.screening import Screened, Screening, Stretch
from redlines.problem import Problem
from redlines.solution import Concept, Coverage, Status
from redlines.solvers.base import Found, Solver

__all__ = ["ScreeningByBelief"]

ZERO, ONE = Fraction(0), Fraction(1)


class _Line(NamedTuple):
    """An offer: its price, the belief after refusal, and its worth at beliefs 0, 1."""

    price: Fraction
    target: Fraction | None
    start: Fraction
    end: Fraction

    def at(self, belief: Fraction) -> Fraction:
        return self.start + belief * (self.end - self.start)


@dataclass(frozen=True)
class ScreeningByBelief(Solver):
    """Perfect Bayesian equilibria of offers to a responder of two types.

    References
    ----------
    [fudenbergtirole1983]_, [sobeltakahashi1983]_, [hart1989]_.
    """

    concept: ClassVar[Concept] = Concept.PERFECT_BAYESIAN
    name: ClassVar[str] = "backward induction on beliefs"
    takes: ClassVar[type[Problem]] = Screening

    def refusal(self, game: Screening) -> str | None:
        """None."""
        return None

    def find(self, game: Screening, coverage: Coverage) -> Found:
        """The equilibrium; at a belief where the proposer is indifferent, both."""
        rows = _rows(game)
        chance: Any = game.chance
        starts = [k for k, s in enumerate(rows[-1]) if s.low <= chance <= s.high]
        elements = [Screened(game, rows, k) for k in starts]
        unit = "equilibrium outcome"
        if len(starts) > 1:
            if coverage is Coverage.ONE:
                del elements[1:]
            return Found(
                elements,
                Status.SOLVED,
                False,
                "the proposer is indifferent between two first offers; mixtures of "
                "them are equilibria too",
                unit,
                None,
            )
        return Found(
            elements,
            Status.SOLVED,
            True,
            "at each belief one offer is best, and the responder's indifference pins "
            "down the rest",
            unit,
            1,
        )


def _rows(game: Screening) -> tuple[tuple[Stretch, ...], ...]:
    """By rounds left, the intervals of beliefs and what is done there."""
    cost: Any = game.cost
    low, high = (v - cost for v in (game.values["low"], game.values["high"]))
    own, other = game._discounts
    later: Sequence[Stretch] = [Stretch(ZERO, ONE, high, None, ZERO, (ZERO, ZERO))]
    rows = []
    for _ in range(game.rounds):
        lines = [_Line(low, None, low, low)]
        for s in later:
            if s.low == 1:
                continue
            price = high - other * s.gain
            wait = own * s.worth[0]
            # what is sold falls short of everything at belief 0
            start = (wait - s.low * price) / (1 - s.low)
            lines.append(_Line(price, s.low, start, price))
        later = _envelope(lines, cost, high, low)
        rows.append(tuple(later))
    return tuple(rows)


def _envelope(
    lines: Sequence[_Line], cost: Fraction, high: Fraction, low: Fraction
) -> list[Stretch]:
    """The best line at each belief; of equal ones the softer."""
    found: list[Stretch] = []
    belief, current = ZERO, lines[0]
    while True:
        nearest, taken = ONE, None
        for line in lines:
            rise = (line.end - line.start) - (current.end - current.start)
            if rise <= 0:
                continue
            cross = (current.start - line.start) / rise
            if cross < nearest or (
                taken is not None and cross == nearest and line.end > taken.end
            ):
                nearest, taken = max(cross, belief), line
        gain = high - current.price if current.target is not None else high - low
        found.append(
            Stretch(
                belief,
                nearest,
                current.price + cost,
                current.target,
                gain,
                (current.at(belief), current.at(nearest)),
            )
        )
        if taken is None:
            return found
        belief, current = nearest, taken
