"""The Pareto frontier of the convex hull of points in the plane, exact.

A chain lists its corners from the one that is best for the second player to the one
that is best for the first; along it the first coordinate rises and the second falls,
both strictly, and the slope falls strictly too. Each corner knows the lottery over the
given points of which it is the mean.

Reads: nothing.  Used by: bargains.problems, solvers, plots.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

__all__ = ["Chain", "Corner", "Pair", "hull", "mixture", "pareto"]

Pair = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Corner:
    """A point with a lottery that gives it.

    Attributes
    ----------
    x, y : Fraction
        What the first and the second player get.
    mix : tuple of (int, Fraction)
        Points by number, with positive weights that sum to 1.
    """

    x: Fraction
    y: Fraction
    mix: tuple[tuple[int, Fraction], ...]


def mixture(one: Corner, other: Corner, weight: Fraction) -> Corner:
    """The mean of two corners, `weight` on the second."""
    shares: dict[int, Fraction] = {}
    for corner, share in ((one, 1 - weight), (other, weight)):
        for number, part in corner.mix:
            if share * part:
                shares[number] = shares.get(number, Fraction(0)) + share * part
    return Corner(
        one.x + weight * (other.x - one.x),
        one.y + weight * (other.y - one.y),
        tuple(sorted(shares.items())),
    )


def _turn(a: Pair, b: Pair, c: Pair) -> Fraction:
    """Positive if a, b, c turn to the left."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _upper(points: Sequence[Pair]) -> list[int]:
    """The upper side of the hull from left to right; the first of equal points."""
    order = sorted(range(len(points)), key=lambda k: (*points[k], -k))
    kept: list[int] = []
    for k in order:
        if kept and points[kept[-1]] == points[k]:
            kept[-1] = k
            continue
        while len(kept) > 1 and (
            _turn(points[kept[-2]], points[kept[-1]], points[k]) >= 0
        ):
            kept.pop()
        kept.append(k)
    return kept


def hull(points: Sequence[Pair]) -> list[Pair]:
    """The corners of the convex hull, for a picture."""
    upper = [points[k] for k in _upper(points)]
    flipped = [(-x, -y) for x, y in points]
    lower = [points[k] for k in _upper(flipped)]
    return list(dict.fromkeys([*upper, *lower]))


@dataclass(frozen=True)
class Chain:
    """A Pareto frontier, or what is left of it.

    Attributes
    ----------
    corners : tuple of Corner
        Never empty.
    """

    corners: tuple[Corner, ...]

    def above(self, low: Pair) -> Chain | None:
        """The part on which both get at least so much; None if there is none."""
        kept: list[Corner] = []
        for one, other in pairwise(self.corners):
            start, end = Fraction(0), Fraction(1)
            if one.x < low[0]:
                start = (low[0] - one.x) / (other.x - one.x)
            if other.y < low[1]:
                end = (one.y - low[1]) / (one.y - other.y)
            if start <= end and start <= 1 and end >= 0:
                for weight in (start, end):
                    corner = mixture(one, other, weight)
                    if not kept or kept[-1].x < corner.x:
                        kept.append(corner)
        if len(self.corners) == 1:
            (only,) = self.corners
            kept = [only] if only.x >= low[0] and only.y >= low[1] else []
        return Chain(tuple(kept)) if kept else None

    def at_x(self, x: Fraction) -> Corner | None:
        """The point with a first coordinate; None outside."""
        if x == self.corners[0].x:
            return self.corners[0]
        for one, other in pairwise(self.corners):
            if one.x < x <= other.x:
                return mixture(one, other, (x - one.x) / (other.x - one.x))
        return None

    def at_y(self, y: Fraction) -> Corner | None:
        """The point with a second coordinate; None outside."""
        if y == self.corners[0].y:
            return self.corners[0]
        for one, other in pairwise(self.corners):
            if other.y <= y < one.y:
                return mixture(one, other, (one.y - y) / (one.y - other.y))
        return None

    def crossing(self, a: Fraction, b: Fraction, c: Fraction) -> Corner | None:
        """The point where ``a x - b y`` is c, for a, b >= 0 and not both 0."""
        first = self.corners[0]
        if a * first.x - b * first.y == c:
            return first
        for one, other in pairwise(self.corners):
            start = a * one.x - b * one.y - c
            end = a * other.x - b * other.y - c
            if start < 0 <= end:
                return mixture(one, other, -start / (end - start))
        return None


def pareto(points: Sequence[Pair]) -> Chain:
    """The Pareto frontier of the convex hull of some points, at least one."""
    upper = _upper(points)
    top = max(points[k][1] for k in upper)
    start = max(i for i, k in enumerate(upper) if points[k][1] == top)
    # of corners one above the other on the right, the highest is the last to count
    right = max(points[k][0] for k in upper)
    last = max(
        (i for i, k in enumerate(upper) if points[k][0] == right),
        key=lambda i: points[upper[i]][1],
    )
    kept = upper[start : max(start, last) + 1]
    return Chain(tuple(Corner(*points[k], mix=((k, Fraction(1)),)) for k in kept))
