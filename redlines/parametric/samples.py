"""A few admitted values of the parameters, spread out, the same on every run.

What is true of some equilibria and false of others is mostly seen at a handful of
points, long before everything that can happen is known.

Reads: polynomials, region.  Used by: proving.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from redlines.parametric.region import Atom, Formula, Region
from redlines.solvers.queries import Undecided

__all__ = ["Point", "samples"]

Point = tuple[Fraction, ...]

SCALES = tuple(
    Fraction(n, d) for n, d in ((1, 4), (1, 2), (2, 3), (3, 2), (2, 1), (4, 1))
)
STEPS = 40  # tried between one point and the next
SHORT = 100  # the largest denominator, where the region has room


def samples(region: Region, count: int, *conditions: Formula) -> Iterator[Point]:
    """Points of a region at which conditions hold.

    Parameters
    ----------
    region : Region
    count : int
        How many at most; fewer where the region has little room.
    *conditions : Formula
        What holds besides.

    Yields
    ------
    tuple of Fraction
        By the region's parameters, all different.

    Raises
    ------
    Undecided
        If the first point was not found within the region's effort.
    """
    start = region.point(*conditions)
    if start is None:
        return
    seen = {start}
    yield start
    if not region.ring.names:
        return
    rng = random.Random(len(region.ring.names))
    here = start
    for _ in range(count - 1):
        moved = _walk(region, conditions, here, rng)
        if moved in seen:
            pushed = _pushed(region, conditions, here, rng)
            if pushed is None or pushed in seen:
                continue
            moved = pushed
        seen.add(moved)
        yield moved
        here = moved


def _walk(
    region: Region, conditions: tuple[Formula, ...], start: Point, rng: random.Random
) -> Point:
    """Where a random walk within the region comes to."""
    here = start
    for _ in range(STEPS):
        moved = list(here)
        for k in rng.sample(range(len(moved)), rng.randint(1, min(3, len(moved)))):
            scale = rng.choice(SCALES)
            if region.ring.names[k] in region.chances:
                odds = scale * moved[k] / (1 - moved[k]) if moved[k] != 1 else scale
                moved[k] = odds / (1 + odds)
            else:
                moved[k] *= scale
        for trial in (tuple(_short(v) for v in moved), tuple(moved)):
            if region.holds(trial) and all(c.holds(trial) for c in conditions):
                here = trial
                break
    return here


def _short(value: Fraction) -> Fraction:
    return value.limit_denominator(SHORT)


def _pushed(
    region: Region, conditions: tuple[Formula, ...], here: Point, rng: random.Random
) -> Point | None:
    """A point on one side of another in one parameter, where a walk does not move."""
    k = rng.randrange(len(here))
    poly = region.ring.symbol(region.ring.names[k]) - region.ring.constant(here[k])
    side: Atom = region.plain(poly, rng.choice("<>"))
    try:
        return region.point(*conditions, side)
    except Undecided:
        return None
