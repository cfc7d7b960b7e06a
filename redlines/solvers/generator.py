"""What can be generated in a repeated game with observed actions.

The rules are those that `redlines.generation` states; this is the side that solves.

Reads: payoff_sets, polygons, repeated.  Used by: solvers.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction

from redlines.payoff_sets import Step
from redlines.polygons import Point, Polygon, turn
from redlines.repeated import RepeatedGame
from redlines.stages import Cell

__all__ = ["Generator", "mixture"]


class Generator:
    """What can be generated in a game, see `redlines.generation`.

    Parameters
    ----------
    game : RepeatedGame
        At numbers.
    """

    def __init__(self, game: RepeatedGame) -> None:
        assert game._discounts is not None
        self.game = game
        self.discounts = game._discounts
        self.common = self.discounts[0] == self.discounts[1]
        table = game._table
        rows, columns = map(len, game.actions)
        self.cells: list[tuple[Cell, Point, Point]] = []
        for r, c in itertools.product(range(rows), range(columns)):
            best = (
                max(table[k][c][0] for k in range(rows)),
                max(table[r][k][1] for k in range(columns)),
            )
            self.cells.append(((r, c), table[r][c], best))
        one, other = game.players
        self.floor = (game.pure_minmax[one], game.pure_minmax[other])

    def start(self) -> Polygon:
        """What holds every feasible average payoff pair."""
        feasible = self.game.feasible
        if self.common:
            return feasible
        (a, b), (c, d) = feasible.low, feasible.high
        return Polygon.hull([(a, b), (a, d), (c, b), (c, d)])

    def needs(
        self, pay: Point, best: Point, threat: Point
    ) -> list[Fraction | None] | None:
        """What each must get later not to deviate now; None if nothing is enough."""
        found: list[Fraction | None] = []
        for d, g, b, u in zip(self.discounts, pay, best, threat, strict=True):
            if d:
                found.append((1 - d) / d * (b - g) + u)
            elif b > g:
                return None
            else:
                found.append(None)
        return found

    def kept(
        self, polygon: Polygon, needs: Sequence[Fraction | None]
    ) -> Polygon | None:
        """The part of a polygon in which each gets what it needs."""
        left: Polygon | None = polygon
        for player, need in enumerate(needs):
            if left is not None and need is not None:
                left = left.above(player, need)
        return left

    def average(self, pay: Point, later: Point) -> Point:
        """What comes of actions now and a pair of payoffs later."""
        a, b = self.discounts
        return (1 - a) * pay[0] + a * later[0], (1 - b) * pay[1] + b * later[1]

    def threat(self, polygon: Polygon) -> Point:
        """What deviators are held to."""
        low = polygon.low
        return max(low[0], self.floor[0]), max(low[1], self.floor[1])

    def outer(self, polygon: Polygon) -> Polygon | None:
        """What holds the set if `polygon` does; None if nothing does."""
        points: list[Point] = []
        threat = self.threat(polygon)
        for _, pay, best in self.cells:
            needs = self.needs(pay, best, threat)
            part = None if needs is None else self.kept(polygon, needs)
            if part is None or needs is None:
                continue
            images = [(self.average(pay, w), w) for w in part.vertices]
            if self.common:
                inside = polygon.contains(pay)
                enough = all(
                    n is None or g >= n for g, n in zip(pay, needs, strict=True)
                )
                if inside and enough:
                    points.append(pay)
                    continue
                if inside or all(polygon.contains(v) for v, _ in images):
                    images = [
                        (v, w)
                        for v, w in images
                        if any(w[k] == n for k, n in enumerate(needs))
                    ]
            points += [v for v, _ in images]
        return Polygon.hull(points) if points else None

    def inner(self, polygon: Polygon) -> Polygon:
        """A polygon with everything that it generates besides."""
        points = list(polygon.vertices)
        for _, pay, best in self.cells:
            needs = self.needs(pay, best, polygon.low)
            part = None if needs is None else self.kept(polygon, needs)
            if part is not None:
                points += [self.average(pay, w) for w in part.vertices]
        return Polygon.hull(points)

    def steps(self, polygon: Polygon) -> tuple[Step, ...] | None:
        """How each corner is generated from the polygon; None if some is not."""
        found = []
        for vertex in polygon.vertices:
            step = next(self._ways(polygon, vertex), None)
            if step is None:
                return None
            found.append(step)
        return tuple(found)

    def _ways(self, polygon: Polygon, vertex: Point) -> Iterator[Step]:
        low = polygon.low
        for cell, pay, best in self.cells:
            needs = self.needs(pay, best, low)
            if needs is None:
                continue
            later: list[Fraction | None] = [
                (v - (1 - d) * g) / d if d else None
                for v, g, d in zip(vertex, pay, self.discounts, strict=True)
            ]
            if any(
                (w is None and v != g) or (w is not None and n is not None and w < n)
                for w, v, g, n in zip(later, vertex, pay, needs, strict=True)
            ):
                continue
            point = _within(polygon, later)
            if point is not None:
                yield Step(cell, mixture(polygon, point))


def _within(polygon: Polygon, wanted: Sequence[Fraction | None]) -> Point | None:
    """A point of a polygon with some coordinates given, or None."""
    one, other = wanted
    if one is not None and other is not None:
        return (one, other) if polygon.contains((one, other)) else None
    if one is None and other is None:
        return polygon.vertices[0]
    player = 0 if one is not None else 1
    value = one if one is not None else other
    assert value is not None
    if not polygon.low[player] <= value <= polygon.high[player]:
        return None
    part = polygon.above(player, value)
    assert part is not None
    return next(v for v in part.vertices if v[player] == value)


def mixture(polygon: Polygon, point: Point) -> dict[int, Fraction]:
    """A point of a polygon as an average of at most three of its corners."""
    v = polygon.vertices
    if point in v:
        return {v.index(point): Fraction(1)}
    if len(v) == 2:
        axis = 0 if v[0][0] != v[1][0] else 1
        share = (point[axis] - v[0][axis]) / (v[1][axis] - v[0][axis])
        return {0: 1 - share, 1: share}
    for k in range(1, len(v) - 1):
        whole = turn(v[0], v[k], v[k + 1])
        shares = (
            turn(v[k], v[k + 1], point) / whole,
            turn(v[k + 1], v[0], point) / whole,
            turn(v[0], v[k], point) / whole,
        )
        if min(shares) >= 0:
            return {n: s for n, s in zip((0, k, k + 1), shares, strict=True) if s}
    raise AssertionError("the point does not lie in the polygon")
