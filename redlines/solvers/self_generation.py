"""The subgame perfect payoffs of a repeated game with public randomization.

Pure strategies, observed actions. From outside: polygons that hold the set, each made
of what the last one generates, keeping only the corners that can count (Abreu and
Sannikov 2014, see `redlines.generation` for the rule). Where a polygon comes back
unchanged it generates itself, so it is the set, exactly. Where polygons only converge,
they are rounded outwards, and a polygon that generates itself is looked for just inside
(Judd, Yeltekin and Conklin 2003): rounded corners, then a little less of everything,
then what grows from the stage's equilibria.

Reads: polygons, payoff_sets, generation, repeated, solution, solvers.  Used by: solving.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from redlines.generation import covers
from redlines.payoff_sets import PayoffSetPart, Step
from redlines.polygons import Point, Polygon, turn
from redlines.referee import Certificate
from redlines.repeated import Cell, RepeatedGame
from redlines.solution import Concept, Coverage, Status
from redlines.solvers.base import Found, Solver

__all__ = ["SelfGeneration"]

# numbers of more bits than this are rounded outwards, to a grid of 2 ** GRID to one
MAX_BITS = 160
GRID = 44
# of the breadth of the feasible payoffs: polygons that move less are taken to stand
STILL = Fraction(1, 2**40)
GROWTH = 60


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

    def needs(self, pay: Point, best: Point, threat: Point) -> list[Fraction | None] | None:
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

    def kept(self, polygon: Polygon, needs: Sequence[Fraction | None]) -> Polygon | None:
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
                enough = all(n is None or g >= n for g, n in zip(pay, needs, strict=True))
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


def rounded(polygon: Polygon, breadth: Fraction) -> Polygon:
    """A polygon of shorter numbers around one of long ones."""
    bits = max(
        x.numerator.bit_length() + x.denominator.bit_length()
        for v in polygon.vertices
        for x in v
    )
    if bits <= MAX_BITS:
        return polygon
    # a power of two near the breadth, so that numbers stay short
    unit = Fraction(2) ** (_log(breadth) - GRID)
    points = []
    for vertex in polygon.vertices:
        ends = []
        for x in vertex:
            floor = x // unit
            ends.append((floor * unit, (floor + (x != floor * unit)) * unit))
        points += itertools.product(*ends)
    return Polygon.hull(points)


def _log(value: Fraction) -> int:
    return value.numerator.bit_length() - value.denominator.bit_length()


@dataclass(frozen=True)
class SelfGeneration(Solver):
    """Polygons around and inside the set of payoffs, each verified.

    Parameters
    ----------
    rounds : int
        How often the outer polygon is improved at most.

    References
    ----------
    [abreu1990]_, [cronshawluenberger1994]_, [judd2003]_, [abreusannikov2014]_.
    """

    concept: ClassVar[Concept] = Concept.SUBGAME_PERFECT
    name: ClassVar[str] = "self-generation"
    takes: ClassVar[type[RepeatedGame]] = RepeatedGame  # type: ignore[assignment]

    rounds: int = 2_000

    def refusal(self, game: RepeatedGame) -> str | None:
        """Games with signals, or without public randomization."""
        if game.signals:
            return "actions are not seen; ask for 'public perfect'"
        if not game.randomization:
            return "there is no public randomization"
        return None

    def find(self, game: RepeatedGame, coverage: Coverage) -> Found:
        """The set, as one element."""
        generator = Generator(game)
        chain, ended = self._chain(generator)
        outer = chain[-1]
        shapes = [() if p is None else p.vertices for p in chain]
        if outer is None:
            return nothing(covers(game, shapes))
        steps = generator.steps(outer) if ended else None
        inner = outer if steps is not None else None
        if inner is None:
            inner, steps = _inside(generator, outer)
        part = PayoffSetPart(
            game,
            inner.vertices if inner is not None else (),
            steps or (),
            outer,
            prove=lambda: covers(game, shapes),
            whole=inner == outer,
        )
        return found(part, ended, len(chain))

    def _chain(self, generator: Generator) -> tuple[list[Polygon | None], bool]:
        """Polygons that hold the set, and whether the last generates itself."""
        polygon = generator.start()
        chain: list[Polygon | None] = [polygon]
        low, high = polygon.low, polygon.high
        breadth = max(high[0] - low[0], high[1] - low[1]) or Fraction(1)
        for _ in range(self.rounds):
            made = generator.outer(polygon)
            if made is None:
                return [*chain, None], True
            after = rounded(made, breadth)
            if after == polygon:
                return chain, made == after
            chain.append(after)
            if _near(polygon, after, breadth * STILL) and made != after:
                return chain, False
            polygon = after
        return chain, False


def _near(one: Polygon, other: Polygon, distance: Fraction) -> bool:
    """Whether corners are the same up to a distance in each coordinate."""
    return len(one) == len(other) and all(
        abs(a - b) <= distance
        for v, w in zip(one.vertices, other.vertices, strict=True)
        for a, b in zip(v, w, strict=True)
    )


def nothing(certificate: Certificate) -> Found:
    """What is said of a game without any equilibrium in pure strategies."""
    holds = certificate.holds
    return Found(
        elements=[],
        status=Status.NONE_EXISTS if holds else Status.NOT_FOUND,
        complete=holds,
        reason="no pair of payoffs can be generated by pure strategies"
        if holds
        else f"the referee refused the proof: {certificate.failures[0]}",
        unit="payoff set",
        count=0,
    )


def found(part: PayoffSetPart, ended: bool, length: int) -> Found:
    """What is said of a set."""
    if part.whole:
        reason = f"the outer set generates itself, after {length} steps: it is the set"
    else:
        reason = (
            "the set lies between the inner and the outer one, both verified; they are "
            "not the same"
        )
    return Found(
        elements=[part],
        status=Status.SOLVED,
        complete=part.whole,
        reason=reason,
        unit="payoff set",
        count=1 if part.whole else None,
    )


def _inside(
    generator: Generator, outer: Polygon
) -> tuple[Polygon | None, tuple[Step, ...] | None]:
    """A large polygon that generates itself, or None."""
    for candidate in _candidates(outer):
        steps = generator.steps(candidate)
        if steps is not None:
            return candidate, steps
    pays = [
        pay
        for _, pay, best in generator.cells
        if pay == best
    ]
    if not pays:
        return None, None
    polygon = Polygon.hull(pays)
    for _ in range(GROWTH):
        grown = generator.inner(polygon)
        if grown == polygon:
            break
        polygon = grown
    return polygon, generator.steps(polygon)


def _candidates(outer: Polygon) -> Iterator[Polygon]:
    """Polygons near the outer one: of short numbers, and of a little less."""
    for size in (10**2, 10**3, 10**4, 10**6, 10**8):
        yield Polygon.hull(
            (x.limit_denominator(size), y.limit_denominator(size)) for x, y in outer
        )
    count = len(outer)
    middle = [sum((v[k] for v in outer), Fraction(0)) / count for k in (0, 1)]
    for power in (36, 32, 28, 24, 20, 16, 12, 10, 8, 6, 5, 4, 3, 2):
        share = Fraction(1, 2**power)
        yield Polygon.hull(
            (x + share * (middle[0] - x), y + share * (middle[1] - y))
            for x, y in outer
        )
