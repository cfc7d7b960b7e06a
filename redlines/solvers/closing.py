"""The proof that a polygon that outer ones only converge to is the set itself.

See `redlines.generation` for what is proved. Prices of each programme are found by
going through pairs of its constraints, of which it has few; weights of the sides by
iterating how far one excess can cause others.

Reads: generation, polygons, solvers.  Used by: solvers.self_generation.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from fractions import Fraction

from redlines.generation import Closing
from redlines.polygons import Point, Polygon
from redlines.solvers.generator import Generator

__all__ = ["closing_of"]

ZERO, ONE = Fraction(0), Fraction(1)
Side = tuple[Point, Fraction]
ROUNDS = 300
MAX_SIDES = 24


def sides_of(polygon: Polygon) -> tuple[Side, ...]:
    """Lines that a polygon lies below, all of them together no more than it."""
    vertices = polygon.vertices
    if len(vertices) == 1:
        normals: list[Point] = [(ONE, ZERO), (ZERO, ONE), (-ONE, ZERO), (ZERO, -ONE)]
    elif len(vertices) == 2:
        (a, b), (c, d) = vertices
        x, y = c - a, d - b
        normals = [(y, -x), (-y, x), (x, y), (-x, -y)]
    else:
        normals = [(b[1] - a[1], a[0] - b[0]) for a, b in polygon.edges]
    # of one size, so that excesses can be compared
    scaled = []
    for x, y in normals:
        size = max(abs(x), abs(y))
        scaled.append((x / size, y / size))
    return tuple((normal, polygon.most(normal)) for normal in scaled)


def closing_of(generator: Generator, outer: Polygon, inner: Polygon) -> Closing | None:
    """The proof that the set lies in the inner polygon, if one is found."""
    sides = sides_of(inner)
    if len(sides) > MAX_SIDES:
        return None
    threats: list[dict[int, Fraction]] = []
    lows = []
    for player in (0, 1):
        low = inner.low[player]
        lows.append(max(low, generator.floor[player]))
        if low <= generator.floor[player]:
            threats.append({})
            continue
        down = (-ONE, ZERO) if player == 0 else (ZERO, -ONE)
        found = _cheapest(sides, (), down)
        if found is None:
            return None
        threats.append(found[0])
    prices: dict[tuple[int, int], tuple[Mapping[int, Fraction], Point]] = {}
    growth: list[list[dict[int, Fraction]]] = [[] for _ in sides]
    for number, (_, pay, best) in enumerate(generator.cells):
        needs = generator.needs(pay, best, (lows[0], lows[1]))
        if needs is None:
            continue
        for j, (normal, bound) in enumerate(sides):
            a, b = generator.discounts
            found = _cheapest(sides, needs, (a * normal[0], b * normal[1]))
            if found is None:
                continue  # kept by nobody, or without a proof: the referee says
            prices[j, number] = found[0], found[1]
            now = sum(
                (
                    (1 - d) * n * g
                    for d, n, g in zip(generator.discounts, normal, pay, strict=True)
                ),
                ZERO,
            )
            row = dict(found[0])
            for player in (0, 1):
                for n, price in threats[player].items():
                    row[n] = row.get(n, ZERO) + found[1][player] * price
            if now + found[2] >= bound:
                growth[j].append(row)
    weights = _weights(sides, growth, generator)
    if weights is None:
        return None
    return Closing(sides, prices, (threats[0], threats[1]), weights)


def _cheapest(
    sides: Sequence[Side], needs: Sequence[Fraction | None], aim: Point
) -> tuple[dict[int, Fraction], Point, Fraction] | None:
    """Prices of at most two constraints that add up to an aim, at the least cost.

    Of the sides, and of what players need; then what they bound the aim by.
    """
    rows: list[tuple[int, Point, Fraction]] = [
        (k, normal, bound) for k, (normal, bound) in enumerate(sides)
    ]
    for player, need in enumerate(needs):
        if need is not None:
            down = (-ONE, ZERO) if player == 0 else (ZERO, -ONE)
            rows.append((-1 - player, down, -need))
    best: tuple[tuple[Fraction, int], list[tuple[int, Fraction]]] | None = None
    if not any(aim):
        return {}, (ZERO, ZERO), ZERO
    for one, other in itertools.combinations(rows, 2):
        determinant = one[1][0] * other[1][1] - one[1][1] * other[1][0]
        if not determinant:
            continue
        first = (aim[0] * other[1][1] - aim[1] * other[1][0]) / determinant
        second = (one[1][0] * aim[1] - one[1][1] * aim[0]) / determinant
        if first < 0 or second < 0:
            continue
        value = first * one[2] + second * other[2]
        # among equal ones those that depend least on sides
        key = (
            value,
            sum(1 for r, p in ((one, first), (other, second)) if p and r[0] >= 0),
        )
        if best is None or key < best[0]:
            best = key, [(one[0], first), (other[0], second)]
    if best is None:
        return None
    prices = {k: p for k, p in best[1] if k >= 0 and p}
    kept = [sum((p for k, p in best[1] if k == -1 - i), ZERO) for i in (0, 1)]
    return prices, (kept[0], kept[1]), best[0][0]


def _weights(
    sides: Sequence[Side],
    growth: Sequence[Sequence[Mapping[int, Fraction]]],
    generator: Generator,
) -> tuple[Fraction, ...] | None:
    """Positive weights that each bound's growth does not keep up with, or None."""
    free = [
        not any(
            normal[1 - k] == 0
            and normal[k] < 0
            and bound == normal[k] * generator.floor[k]
            for k in (0, 1)
        )
        for normal, bound in sides
    ]
    rows = [
        [{n: float(g) for n, g in row.items() if free[n]} for row in r] for r in growth
    ]
    weights = [1.0] * len(sides)
    for _ in range(ROUNDS):
        after = [
            1.0
            + max(
                (sum(g * weights[n] for n, g in row.items()) for row in r), default=0.0
            )
            for r in rows
        ]
        if max(after) > 1e9:
            return None
        if max(abs(a - b) for a, b in zip(after, weights, strict=True)) < 1e-9:
            break
        weights = after
    return tuple(Fraction(w).limit_denominator(10**6) for w in weights)
