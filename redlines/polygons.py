"""Convex polygons in the plane of payoffs, exact.

A polygon is the convex hull of its vertices, which are listed counter-clockwise from
the lowest of the leftmost; one vertex is a point and two are a segment.

Reads: numbers.  Used by: repeated, payoff_sets, solvers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias

from redlines.numbers import brief, exact

__all__ = ["Point", "Polygon"]

Point: TypeAlias = tuple[Fraction, Fraction]
"""What the first player gets, and the second."""


def turn(one: Point, other: Point, point: Point) -> Fraction:
    """Positive if `point` lies to the left of the way from one to the other."""
    return (other[0] - one[0]) * (point[1] - one[1]) - (other[1] - one[1]) * (
        point[0] - one[0]
    )


@dataclass(frozen=True)
class Polygon:
    """A convex polygon, a segment or a point.

    Attributes
    ----------
    vertices : tuple of pairs of Fraction
        What each player gets, in the order of players; counter-clockwise from the
        lowest of the leftmost. No vertex lies between two others.
    """

    vertices: tuple[Point, ...]

    @classmethod
    def hull(cls, points: Iterable[Point]) -> Polygon:
        """The least polygon that holds some points, at least one (monotone chain)."""
        ordered = sorted(set(points))
        if len(ordered) < 3:
            return cls(tuple(ordered))

        def chain(points: Iterable[Point]) -> list[Point]:
            kept: list[Point] = []
            for point in points:
                while len(kept) > 1 and turn(kept[-2], kept[-1], point) <= 0:
                    kept.pop()
                kept.append(point)
            return kept

        below, above = chain(ordered), chain(reversed(ordered))
        return cls(tuple(below[:-1] + above[:-1]))

    @cached_property
    def edges(self) -> tuple[tuple[Point, Point], ...]:
        """Pairs of neighbouring vertices; one for a segment, none for a point."""
        v = self.vertices
        if len(v) < 3:
            return ((v[0], v[1]),) if len(v) == 2 else ()
        return tuple(zip(v, v[1:] + v[:1], strict=True))

    @property
    def low(self) -> Point:
        """The least that each player gets in it."""
        return min(v[0] for v in self.vertices), min(v[1] for v in self.vertices)

    @property
    def high(self) -> Point:
        """The most that each player gets in it."""
        return max(v[0] for v in self.vertices), max(v[1] for v in self.vertices)

    @property
    def area(self) -> Fraction:
        """The area, 0 for a segment or a point."""
        twice = sum((a[0] * b[1] - a[1] * b[0] for a, b in self.edges), Fraction(0))
        return abs(twice) / 2 if len(self.vertices) > 2 else Fraction(0)

    def contains(self, point: Iterable[Any]) -> bool:
        """Whether a pair of payoffs lies in it, the edge included."""
        x, y = (exact(value, "a payoff") for value in point)
        here = (x, y)
        if len(self.vertices) > 2:
            return all(turn(a, b, here) >= 0 for a, b in self.edges)
        if len(self.vertices) == 1:
            return here == self.vertices[0]
        (a, b), (low, high) = self.vertices, (self.low, self.high)
        return turn(a, b, here) == 0 and all(
            lo <= v <= hi for lo, v, hi in zip(low, here, high, strict=True)
        )

    def holds(self, other: Polygon) -> bool:
        """Whether another polygon lies in it."""
        return all(map(self.contains, other.vertices))

    def most(self, direction: Point) -> Fraction:
        """The greatest value of a weighted sum of payoffs."""
        a, b = direction
        return max(a * x + b * y for x, y in self.vertices)

    def below(self, direction: Point, bound: Fraction) -> Polygon | None:
        """The part in which a weighted sum of payoffs is at most so much, or None."""
        a, b = direction
        kept: list[Point] = []
        gaps = [bound - a * x - b * y for x, y in self.vertices]
        for k, here in enumerate(self.vertices):
            if gaps[k] >= 0:
                kept.append(here)
            before, gap = self.vertices[k - 1], gaps[k - 1]
            if gap * gaps[k] < 0:
                share = gap / (gap - gaps[k])
                x, y = (p + share * (q - p) for p, q in zip(before, here, strict=True))
                kept.append((x, y))
        return Polygon.hull(kept) if kept else None

    def above(self, player: int, least: Fraction) -> Polygon | None:
        """The part in which a player gets at least so much; None if there is none."""
        kept: list[Point] = []
        vertices = self.vertices
        for here, there in zip(vertices, vertices[1:] + vertices[:1], strict=True):
            if here[player] >= least:
                kept.append(here)
            if (here[player] - least) * (there[player] - least) < 0:
                kept.append(_at(here, there, player, least))
        return Polygon.hull(kept) if kept else None

    def distance(self, inner: Polygon | None) -> float:
        """How far a vertex lies from another polygon at most, in payoff units."""
        if inner is None:
            return float("inf")
        return max(
            (0.0 if inner.contains(v) else _apart(v, inner)) for v in self.vertices
        )

    def __iter__(self) -> Any:
        return iter(self.vertices)

    def __len__(self) -> int:
        return len(self.vertices)

    def __str__(self) -> str:
        return ", ".join(f"({brief(x)}, {brief(y)})" for x, y in self.vertices)


def _at(here: Point, there: Point, player: int, value: Fraction) -> Point:
    """Where the way from one point to another meets a value of a player's payoff."""
    share = (value - here[player]) / (there[player] - here[player])
    other = 1 - player
    across = here[other] + share * (there[other] - here[other])
    return (value, across) if player == 0 else (across, value)


def _apart(point: Point, polygon: Polygon) -> float:
    """The distance of a point from a polygon that does not hold it."""
    ends = polygon.edges or ((polygon.vertices[0], polygon.vertices[0]),)
    found = []
    for a, b in ends:
        along = (b[0] - a[0], b[1] - a[1])
        square = along[0] ** 2 + along[1] ** 2
        share = Fraction(0)
        if square:
            dot = (point[0] - a[0]) * along[0] + (point[1] - a[1]) * along[1]
            share = min(max(dot / square, Fraction(0)), Fraction(1))
        away = [p - q - share * d for p, q, d in zip(point, a, along, strict=True)]
        found.append(math.sqrt(away[0] ** 2 + away[1] ** 2))
    return min(found)
