"""Exact intervals, and finite unions of them: what a quantity that is free can be.

Reads: numbers.  Used by: solution, solvers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from redlines.numbers import brief

__all__ = ["Interval", "Range"]


@dataclass(frozen=True)
class Interval:
    """The numbers between two ends, each of which may belong to it or not.

    Attributes
    ----------
    low, high : Fraction
        The ends.
    low_closed, high_closed : bool
        Whether they belong to it.
    """

    low: Any
    high: Any
    low_closed: bool = True
    high_closed: bool = True

    def __contains__(self, value: object) -> bool:
        number: Any = value
        above = number > self.low or (self.low_closed and number == self.low)
        below = number < self.high or (self.high_closed and number == self.high)
        return bool(above and below)

    def __str__(self) -> str:
        if self.low == self.high:
            return brief(self.low)
        left = "[" if self.low_closed else "("
        right = "]" if self.high_closed else ")"
        return f"{left}{brief(self.low)}, {brief(self.high)}{right}"


@dataclass(frozen=True)
class Range:
    """A union of disjoint intervals, in increasing order.

    Attributes
    ----------
    intervals : tuple of Interval
        Never empty; touching intervals are merged.
    """

    intervals: tuple[Interval, ...]

    @classmethod
    def point(cls, value: Any) -> Range:
        """The range that is one value."""
        return cls((Interval(value, value),))

    @classmethod
    def union(cls, intervals: Iterable[Interval]) -> Range:
        """The union of some intervals."""
        merged: list[Interval] = []
        for item in sorted(intervals, key=lambda i: (i.low, not i.low_closed)):
            if merged:
                last = merged[-1]
                touches = item.low < last.high or (
                    item.low == last.high and (item.low_closed or last.high_closed)
                )
                if touches:
                    closed = last.high_closed
                    if item.high > last.high:
                        closed = item.high_closed
                    elif item.high == last.high:
                        closed = closed or item.high_closed
                    merged[-1] = Interval(
                        last.low, max(last.high, item.high), last.low_closed, closed
                    )
                    continue
            merged.append(item)
        return cls(tuple(merged))

    @property
    def low(self) -> Any:
        """The lowest end."""
        return self.intervals[0].low

    @property
    def high(self) -> Any:
        """The highest end."""
        return self.intervals[-1].high

    @property
    def low_closed(self) -> bool:
        """Whether the lowest end is attained."""
        return self.intervals[0].low_closed

    @property
    def high_closed(self) -> bool:
        """Whether the highest end is attained."""
        return self.intervals[-1].high_closed

    @property
    def is_point(self) -> bool:
        """Whether there is one value only."""
        return len(self.intervals) == 1 and bool(self.low == self.high)

    def __contains__(self, value: object) -> bool:
        return any(value in interval for interval in self.intervals)

    def __iter__(self) -> Any:
        return iter((self.low, self.high))

    def __str__(self) -> str:
        return " or ".join(map(str, self.intervals))
