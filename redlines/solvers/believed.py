"""Cells with further conditions on what is believed at some information sets.

A refinement restricts what the other's trembles may be at an information set that is
never reached: the coefficients of the sequences that lead there lie in the cone of some
*generators*, sets of sequences each standing for its indicator (all singletons: any
coefficients; the singletons of some: these alone). `rows` writes the cone, cut down to
the sequences of least order, as linear conditions; `narrowed` adds them to a side.

Reads: solvers.cells, solvers.cones.  Used by: parametric, refining.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from redlines.solvers.cells import Block, Row, Side, dense
from redlines.solvers.cones import rays

__all__ = ["Beliefs", "narrowed", "rows"]

# by information set, generators as sets of the other's sequences
Beliefs: TypeAlias = Mapping[int, frozenset[frozenset[int]]]


@lru_cache(maxsize=10_000)
def rows(
    generators: frozenset[frozenset[int]], least: frozenset[int]
) -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]] | None:
    """The cone of some generators on the sequences of least order, as conditions.

    Parameters
    ----------
    generators : frozenset of frozenset of int
    least : frozenset of int

    Returns
    -------
    tuple or None
        Equations and inequalities on the coefficients of `least`, in increasing order;
        None if no point of the cone has exactly these positive.
    """
    order = sorted(least)
    inside = [g for g in generators if g <= least]
    if frozenset().union(*inside) != least:
        return None
    size = len(order)
    if all(frozenset([q]) in generators for q in order):
        return (), ()
    # what no generator makes negative, as a difference of two non-negative vectors
    signs = [[int(q in g) for q in order] for g in inside]
    dual = rays(2 * size, [], [[*s, *(-x for x in s)] for s in signs])
    found = {
        tuple(a - b for a, b in zip(r[:size], r[size:], strict=True)) for r in dual
    }
    # coefficients are positive anyway
    found = {r for r in found if any(r) and min(r) < 0}
    equations = {r for r in found if tuple(-x for x in r) in found}
    halves = {max(r, tuple(-x for x in r)) for r in equations}
    # an equation with coefficients of one sign has its opposite dropped above
    return tuple(sorted(halves)), tuple(sorted(found - equations))


def narrowed(side: Side, beliefs: Beliefs) -> Side | None:
    """A side on which only some beliefs are held.

    Parameters
    ----------
    side : Side
        Of the player whose trembles are believed in.
    beliefs : mapping of int to frozenset of frozenset of int
        By information set of the other player.

    Returns
    -------
    Side or None
        None if nothing is left.
    """
    blocks = list(side.blocks)
    for infoset, generators in beliefs.items():
        found = side.block_at(infoset)
        if found is None:
            # one sequence alone leads there
            alone = side.places[infoset].candidates[0]
            if rows(generators, frozenset(alone[-1:])) is None:
                return None
            continue
        number = next(k for k, b in enumerate(side.blocks) if b is found)
        block = _cut(blocks[number], infoset, generators)
        if not block.cells:
            return None
        blocks[number] = block
    return replace(side, blocks=blocks)


def _cut(block: Block, infoset: int, generators: frozenset[frozenset[int]]) -> Block:
    """A block with the cells on which the beliefs at a set lie in a cone."""
    cells = []
    dimension = len(block.parameters) + 1 + len(block.beliefs)
    for cell in block.cells:
        least = frozenset(e[-1] for e in cell.pattern[infoset])
        found = rows(generators, least)
        if found is None:
            continue
        order = [block.coordinate(q) for q in sorted(least)]
        equalities = [*cell.equalities, *_placed(order, found[0])]
        inequalities = [*cell.inequalities, *_placed(order, found[1])]
        if found == ((), ()):
            cells.append(cell)
            continue
        vectors = rays(
            dimension,
            [dense(r, dimension) for r in equalities],
            [dense(r, dimension) for r in inequalities],
        )
        if vectors and all(map(any, zip(*vectors, strict=True))):
            cells.append(
                replace(
                    cell,
                    rays=vectors,
                    equalities=equalities,
                    inequalities=inequalities,
                )
            )
    return replace(block, cells=cells)


def _placed(order: list[int], found: Iterable[tuple[int, ...]]) -> Iterable[Row]:
    """Conditions by coordinate."""
    return [
        {k: Fraction(x) for k, x in zip(order, row, strict=True) if x} for row in found
    ]
