"""Loops that numba compiles, for those who have it: the extra ``[fast]``.

What is computed is the same as without it. The module is imported by nobody at once, as
numba takes longer to import than most games take to solve.

Reads: nothing.  Used by: solvers.vertices.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

__all__ = ["following", "refill"]

Array = Any
_UNIT = 2.0**-53
_ONE = np.uint64(1)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(20)


@njit(cache=True)
def _slot(table: Array, mask: Any) -> Any:
    """Where a label set is kept in an open hash table, or would be; 0 is empty."""
    last = len(table) - 1
    place = np.int64(((mask * _MIX) >> _SHIFT) & np.uint64(last))
    while table[place] != 0 and table[place] != mask:
        place = (place + 1) & last
    return place


@njit(cache=True)
def refill(table: Array, masks: Array) -> None:
    """Put label sets into an empty table."""
    for mask in masks:
        table[_slot(table, mask)] = mask


@njit(cache=True)
def following(
    tableau: Array,
    error: Array,
    outside: Array,
    inside: Array,
    masks: Array,
    start: int,
    table: Array,
    used: int,
    tiny: float,
    new_tableau: Array,
    new_error: Array,
    new_outside: Array,
    new_inside: Array,
    new_masks: Array,
) -> tuple[int, int, int]:
    """The neighbours of vertices, from one on, that the table does not hold yet.

    Returns
    -------
    tuple of int
        How many were written, at which vertex it stopped for want of room, and how
        many the table holds.
    """
    k, width = tableau.shape[1], tableau.shape[2]
    d = width - 1
    count = 0
    for v in range(start, len(masks)):
        if count + d > len(new_masks) or 2 * (used + d) > len(table):
            return count, v, used
        old = tableau[v]
        for c in range(d):
            best = np.inf
            r = 0
            for i in range(k):
                if old[i, c] > tiny:
                    ratio = old[i, d] / old[i, c]
                    if ratio < best:
                        best = ratio
                        r = i
            mask = (
                masks[v]
                ^ (_ONE << np.uint64(outside[v, c]))
                ^ (_ONE << np.uint64(inside[v, r]))
            )
            place = _slot(table, mask)
            if table[place] != 0:
                continue
            table[place] = mask
            used += 1
            new = new_tableau[count]
            pivot = old[r, c]
            for j in range(width):
                new[r, j] = old[r, j] / pivot
            new[r, c] = 1 / pivot
            wide = 0.0
            for j in range(width):
                wide = max(wide, abs(new[r, j]))
            was = error[v, r]
            of_row = np.inf
            if pivot > was:
                of_row = was * (1 + wide) / (pivot - was) + 4 * _UNIT * wide
            for i in range(k):
                if i == r:
                    continue
                down = old[i, c]
                largest = 0.0
                for j in range(width):
                    new[i, j] = old[i, j] - down * new[r, j]
                    largest = max(largest, abs(new[i, j]))
                new[i, c] = -down / pivot
                largest = max(largest, abs(new[i, c]))
                size = abs(down)
                new_error[count, i] = (1 + 16 * _UNIT) * (
                    error[v, i] * (1 + wide)
                    + (size + error[v, i]) * of_row
                    + 4 * _UNIT * (size * wide + largest)
                )
            new_error[count, r] = (1 + 16 * _UNIT) * of_row
            for j in range(d):
                new_outside[count, j] = outside[v, j]
            for i in range(k):
                new_inside[count, i] = inside[v, i]
            new_outside[count, c] = inside[v, r]
            new_inside[count, r] = outside[v, c]
            new_masks[count] = mask
            count += 1
    return count, len(masks), used
