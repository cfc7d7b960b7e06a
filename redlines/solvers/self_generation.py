"""The subgame perfect payoffs of a repeated game with public randomization.

Pure strategies, observed actions. From outside: polygons that hold the set, each made
of what the last one generates, keeping only the corners that can count (Abreu and
Sannikov 2014, see `redlines.generation` for the rule). Where a polygon comes back
unchanged it generates itself, so it is the set, exactly. Where polygons only converge,
they are rounded outwards, and a polygon that generates itself is looked for just inside
(Judd, Yeltekin and Conklin 2003): rounded corners, then a little less of everything,
then what grows from short cycles of play.

Reads: polygons, payoff_sets, generation, repeated, solution, solvers.
Used by: solving.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from redlines.generation import Closing, closes, covers
from redlines.payoff_sets import PayoffSetPart, Step
from redlines.polygons import Point, Polygon
from redlines.referee import Certificate
from redlines.repeated import RepeatedGame
from redlines.solution import Concept, Coverage, Status
from redlines.solvers.base import Found, Solver
from redlines.solvers.closing import closing_of
from redlines.solvers.generator import Generator
from redlines.solvers.short_plays import short_plays

__all__ = ["SelfGeneration"]

# numbers of so many more bits than the stage's are rounded outwards, to a grid of
# 2 ** GRID to the breadth of what is feasible
MAX_BITS = 160
GRID = 44
# of the breadth of the feasible payoffs: polygons that move less are taken to stand
STILL = Fraction(1, 2**40)
# after so many steps it is looked whether the set can be told already
LOOK = 10
GROWTH = 60
CORNERS = 60


def rounded(polygon: Polygon, breadth: Fraction, limit: int) -> Polygon:
    """A polygon of shorter numbers around one of long ones."""
    if _bits(polygon) <= limit:
        return polygon
    # a power of two near the breadth, so that numbers stay short
    unit = Fraction(2) ** (_log(breadth) - GRID)
    points: list[Point] = []
    for vertex in polygon.vertices:
        ends = []
        for x in vertex:
            floor = x // unit
            ends.append((floor * unit, (floor + (x != floor * unit)) * unit))
        points += itertools.product(ends[0], ends[1])
    return Polygon.hull(points)


def _bits(polygon: Polygon) -> int:
    return max(
        x.numerator.bit_length() + x.denominator.bit_length()
        for v in polygon.vertices
        for x in v
    )


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
    takes: ClassVar[type[RepeatedGame]] = RepeatedGame

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
        closing = None
        if inner is None:
            settled = _settled(generator, outer)
            if settled is not None:
                inner, steps, closing = settled
            else:
                inner, steps = _inside(generator, outer)

        def prove() -> Certificate:
            chained = covers(game, shapes)
            if closing is None or inner is None or not chained.holds:
                return chained
            return closes(game, shapes[-1], closing, inner.vertices)

        part = PayoffSetPart(
            game,
            inner.vertices if inner is not None else (),
            steps or (),
            outer if closing is None else inner,
            prove=prove,
            whole=inner == outer or closing is not None,
        )
        return found(part, ended, len(chain))

    def _chain(self, generator: Generator) -> tuple[list[Polygon | None], bool]:
        """Polygons that hold the set, and whether the last generates itself."""
        polygon = generator.start()
        chain: list[Polygon | None] = [polygon]
        low, high = polygon.low, polygon.high
        breadth = max(high[0] - low[0], high[1] - low[1]) or Fraction(1)
        limit = MAX_BITS + _bits(polygon)
        for _ in range(self.rounds):
            made = generator.outer(polygon)
            if made is None:
                return [*chain, None], True
            after = rounded(made, breadth, limit)
            if after == polygon:
                return chain, made == after
            chain.append(after)
            if _near(polygon, after, breadth * STILL):
                return chain, False
            if len(chain) % LOOK == 0 and _settled(generator, after) is not None:
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
        reason = (
            f"the outer set generates itself, after {length} steps: it is the set"
            if ended
            else "the inner set generates itself, and prices exclude all outside it"
        )
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


def _settled(
    generator: Generator, outer: Polygon
) -> tuple[Polygon, tuple[Step, ...], Closing] | None:
    """The set itself, if an outer polygon is near enough to tell it."""
    for candidate in _plain(outer):
        steps = generator.steps(candidate)
        if steps is None:
            continue
        closing = closing_of(generator, outer, candidate)
        if closing is not None:
            vertices = candidate.vertices
            if closes(generator.game, outer.vertices, closing, vertices).holds:
                return candidate, steps, closing
    return None


def _inside(
    generator: Generator, outer: Polygon
) -> tuple[Polygon | None, tuple[Step, ...] | None]:
    """A large polygon that generates itself, or None."""
    for candidate in _candidates(outer):
        steps = generator.steps(candidate)
        if steps is not None:
            return candidate, steps
    points, _ = short_plays(generator)
    if not points:
        return None, None
    polygon = Polygon.hull(points)
    limit = _bits(polygon) + 4 * MAX_BITS
    for _ in range(GROWTH):
        grown = generator.inner(polygon)
        if grown == polygon or len(grown) > CORNERS or _bits(grown) > limit:
            break
        polygon = grown
    return polygon, generator.steps(polygon)


def _plain(outer: Polygon) -> Iterator[Polygon]:
    """Polygons of short numbers near the outer one."""
    for size in (10**2, 10**3, 10**4, 10**6, 10**8):
        yield Polygon.hull(
            (x.limit_denominator(size), y.limit_denominator(size)) for x, y in outer
        )


def _candidates(outer: Polygon) -> Iterator[Polygon]:
    """Polygons near the outer one: of short numbers, and of a little less."""
    yield from _plain(outer)
    count = len(outer)
    middle = [sum((v[k] for v in outer), Fraction(0)) / count for k in (0, 1)]
    for power in (36, 32, 28, 24, 20, 16, 12, 10, 8, 6, 5, 4, 3, 2):
        share = Fraction(1, 2**power)
        yield Polygon.hull(
            (x + share * (middle[0] - x), y + share * (middle[1] - y)) for x, y in outer
        )
