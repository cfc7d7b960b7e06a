"""The extreme values of an expected amount over the cells of a support profile.

An expected amount is bilinear in the two players' realization plans, and each plan is a
product over independent blocks of what is linear in the block's cone. So its extremes
are attained at vertices of the blocks; whether an end belongs to the range depends on
whether some choice of faces, all of whose vertices attain it, has a point inside (all
probabilities of actions that are on are positive).

Reads: forms, ranges, solvers.cells.  Used by: solvers.sequential.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from redlines.errors import Unsupported
from redlines.forms import SequenceForm
from redlines.ranges import Interval, Range
from redlines.solvers.cells import Block, Cell, Side

__all__ = ["extremes", "ratio_interval"]

MAX_CASES = 200_000

Vertex = tuple[Fraction, ...]


@dataclass(frozen=True)
class Faces:
    """A cell seen from the path: its vertices there, and what is positive.

    Attributes
    ----------
    vertices : tuple of (tuple of Fraction, int)
        The relevant coordinates over the base's, and a bit set over all coordinates.
    silent : int
        Coordinates that are positive without moving the relevant ones.
    full : int
        The coordinates that must be positive.
    """

    vertices: tuple[tuple[Vertex, int], ...]
    silent: int
    full: int


def extremes(
    form: SequenceForm,
    sides: tuple[Side, Side],
    amount: Callable[[int], Fraction],
    given: Callable[[int], bool] | None,
) -> Range | None:
    """What an expected amount can be on a support profile.

    Parameters
    ----------
    form : SequenceForm
        The game.
    sides : tuple of Side
        The cells on the support profile.
    amount : callable
        What a terminal counts.
    given : callable, optional
        Count only these terminals, and divide by their probability.

    Returns
    -------
    Range or None
        None if what is given is impossible on the support profile.

    Raises
    ------
    Unsupported
        If there are too many combinations of vertices to go through.
    """
    if given is None:
        above = form.bilinear(amount)
        below = None
    else:
        above = form.bilinear(lambda n: amount(n) if given(n) else Fraction(0))
        below = form.bilinear(lambda n: Fraction(int(given(n))))

    def on_path(
        table: dict[tuple[int, int], Fraction],
    ) -> dict[tuple[int, int], Fraction]:
        found: dict[tuple[int, int], Fraction] = {}
        for (q, r), value in table.items():
            if not sides[0].entries[q] and not sides[1].entries[r]:
                pair = (sides[0].top[q], sides[1].top[r])
                found[pair] = found.get(pair, Fraction(0)) + value
        return {k: v for k, v in found.items() if v}

    top = on_path(above)
    bottom = None if below is None else on_path(below)
    if bottom is not None and not bottom:
        return None
    relevant = [set[int](), set[int]()]
    for table in (top, bottom or {}):
        for pair in table:
            for player in (0, 1):
                relevant[player].update(sides[player].chain(pair[player]))
    blocks: list[tuple[int, Block, list[int]]] = []
    for player in (0, 1):
        for block in sides[player].blocks:
            met = [k for p, k in block.index.items() if p in relevant[player]]
            if met:
                blocks.append((player, block, met))
    choices = [_faces(block, met) for _, block, met in blocks]
    if math.prod(sum(len(f.vertices) for f in c) for c in choices) > MAX_CASES:
        raise Unsupported(
            "the range has too many combinations of vertices to go through; ask for "
            "the probability or the payoff at the representative"
        )

    def value(vertices: Sequence[Vertex]) -> Fraction | None:
        plans: list[dict[int, Fraction]] = [{0: Fraction(1)}, {0: Fraction(1)}]
        share: list[dict[int, Fraction]] = [{}, {}]
        for (player, block, met), vertex in zip(blocks, vertices, strict=True):
            for k, x in zip(met, vertex, strict=True):
                share[player][block.parameters[k - 1]] = x
        for player in (0, 1):
            side = sides[player]
            # a parameter's share is relative to the base of its block
            for parameter in sorted(share[player]):
                block = side.blocks[side.block_of[parameter]]
                plans[player][parameter] = (
                    plans[player][block.base] * share[player][parameter]
                )
        total = sum(
            (v * plans[0][q] * plans[1][r] for (q, r), v in top.items()), Fraction(0)
        )
        if bottom is None:
            return total
        weight = sum(
            (v * plans[0][q] * plans[1][r] for (q, r), v in bottom.items()), Fraction(0)
        )
        return total / weight if weight else None

    intervals = []
    for cells in itertools.product(*choices):
        interval = _interval(cells, value)
        if interval is not None:
            intervals.append(interval)
    return Range.union(intervals)


def _faces(block: Block, met: list[int]) -> list[Faces]:
    """The cells of a block seen from some coordinates, without repetitions."""
    found: dict[Faces, None] = {}
    for cell in block.cells:
        found[_seen(cell, met)] = None
    return list(found)


def _seen(cell: Cell, met: list[int]) -> Faces:
    vertices: dict[Vertex, int] = {}
    silent = 0
    for ray in cell.rays:
        mask = sum(1 << k for k, x in enumerate(ray) if x)
        if ray[0] == 0:
            silent |= mask
            continue
        vertex = tuple(Fraction(ray[k], ray[0]) for k in met)
        vertices[vertex] = vertices.get(vertex, 0) | mask
    return Faces(tuple(sorted(vertices.items())), silent, cell.positive)


def _interval(
    cells: tuple[Faces, ...],
    value: Callable[[Sequence[Vertex]], Fraction | None],
) -> Interval | None:
    """The values over one cell of each block."""
    table: dict[tuple[int, ...], Fraction | None] = {}
    for case in itertools.product(*(range(len(c.vertices)) for c in cells)):
        table[case] = value(
            [c.vertices[k][0] for c, k in zip(cells, case, strict=True)]
        )
    known = [v for v in table.values() if v is not None]
    if not known:
        return None
    low, high = min(known), max(known)

    def attained(end: Fraction) -> bool:
        good = {case for case, v in table.items() if v is None or v == end}
        return _has_inside(cells, good)

    return Interval(low, high, attained(low), attained(high))


def _has_inside(cells: tuple[Faces, ...], good: set[tuple[int, ...]]) -> bool:
    """Whether some product of faces with a point inside lies within `good`."""
    if not cells:
        return bool(good)
    first, rest = cells[0], cells[1:]
    tails: dict[int, set[tuple[int, ...]]] = {}
    for case in good:
        tails.setdefault(case[0], set()).add(case[1:])
    for group in _inside_groups(first, sorted(tails)):
        shared = set.intersection(*(tails[k] for k in group))
        if shared and _has_inside(rest, shared):
            return True
    return False


def _inside_groups(faces: Faces, members: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Groups of vertices, small ones first, with all coordinates positive in sum."""
    for size in range(1, len(members) + 1):
        for group in itertools.combinations(members, size):
            mask = faces.silent
            for k in group:
                mask |= faces.vertices[k][1]
            if mask & faces.full == faces.full:
                yield group


def ratio_interval(
    cell: Cell,
    above: dict[int, Fraction] | dict[int, int],
    below: dict[int, Fraction] | dict[int, int],
) -> Interval:
    """The values of a ratio of two linear functions on a cell."""
    values: list[tuple[Fraction, int]] = []
    silent = 0  # coordinates positive on rays where the ratio says nothing
    for ray in cell.rays:
        mask = sum(1 << k for k, x in enumerate(ray) if x)
        bottom = sum((Fraction(v) * ray[k] for k, v in below.items()), Fraction(0))
        if not bottom:
            silent |= mask
            continue
        top = sum((Fraction(v) * ray[k] for k, v in above.items()), Fraction(0))
        values.append((top / bottom, mask))
    low, high = min(v for v, _ in values), max(v for v, _ in values)

    def attained(end: Fraction) -> bool:
        mask = silent
        for value, positive in values:
            if value == end:
                mask |= positive
        return mask & cell.positive == cell.positive

    return Interval(low, high, attained(low), attained(high))
