"""Loops that numba compiles, for those who have it: the extra ``[fast]``.

What is computed is the same as without it. The module is imported by nobody at once, as
numba takes longer to import than most games take to solve.

Reads: nothing.  Used by: solvers.certified_pivots.
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
_HOPELESS = 1e300  # an error that leaves everything in doubt


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


@njit(cache=True, fastmath={"nnan", "nsz"})
def following(
    tableau: Array,
    error: Array,
    outside: Array,
    inside: Array,
    masks: Array,
    start: int,
    table: Array,
    used: int,
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
    k, width, d = tableau.shape[1], tableau.shape[2], outside.shape[1]
    count = 0
    most = np.empty(d)
    first = np.empty(d, np.int64)
    for v in range(start, len(masks)):
        if count + d > len(new_masks) or 2 * (used + d) > len(table):
            return count, v, used
        old = tableau[v]
        # the first row to become tight has the largest share of its slack
        most[:] = -np.inf
        first[:] = 0
        for i in range(k):
            one_over = 1 / old[i, d]
            for c in range(d):
                share = old[i, c] * one_over
                if share > most[c]:
                    most[c] = share
                    first[c] = i
        for c in range(d):
            r = first[c]
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
            for j in range(d):
                new_outside[count, j] = outside[v, j]
            for i in range(k):
                new_inside[count, i] = inside[v, i]
            new_outside[count, c] = inside[v, r]
            new_inside[count, r] = outside[v, c]
            new_masks[count] = mask
            count += 1
            pivot = old[r, c]
            was = error[v, r]
            if not pivot > was:
                new[:] = old
                new_error[count - 1, :] = _HOPELESS
                continue
            one_over = 1 / pivot
            wide = one_over
            for j in range(width):
                new[r, j] = old[r, j] * one_over
                wide = max(wide, abs(new[r, j]))
            new[r, c] = one_over
            of_row = was * (1 + wide) / (pivot - was) + 8 * _UNIT * wide
            for i in range(k):
                if i == r:
                    continue
                down = old[i, c]
                largest = abs(down * one_over)
                for j in range(width):
                    value = old[i, j] - down * new[r, j]
                    new[i, j] = value
                    largest = max(largest, abs(value))
                new[i, c] = -down * one_over
                size = abs(down)
                new_error[count - 1, i] = (1 + 16 * _UNIT) * (
                    error[v, i] * (1 + wide)
                    + (size + error[v, i]) * of_row
                    + 8 * _UNIT * (size * wide + largest)
                )
            new_error[count - 1, r] = (1 + 16 * _UNIT) * of_row
    return count, len(masks), used
