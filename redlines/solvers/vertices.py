"""All vertices of a best-reply polytope, proved complete.

The polytope is ``{z >= 0, M z <= 1}`` with positive entries, in ``d`` dimensions with
``k`` rows. Label ``j < d`` says that ``z[j] == 0``, label ``d + i`` that row ``i`` is
tight; a vertex is known by the set of its labels, written as the bits of an integer.

Floating point with proved bounds on its error comes first, then the same on a polytope
that is moved a little so that nothing ties. What both leave open goes to whole numbers.

Reads: solvers.certified_pivots, solvers.queries, solvers.whole_pivots.  Used by:
solvers.nash.

References
----------
[avis2010]_ on vertices and labels.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redlines.solvers.certified_pivots import (
    Polytope,
    Tied,
    moved_vertices,
    simple_vertices,
)
from redlines.solvers.queries import Undecided
from redlines.solvers.whole_pivots import TooLarge, lexicographic_vertices

__all__ = ["MAX_LABELS", "Budget", "all_vertices"]

MAX_LABELS = 63  # the bits of a label set
# what is kept of so many takes some gigabytes
MAX_VERTICES = 2_000_000
# by how much right-hand sides are moved: more than rounding, less than other slacks
MOVES = (2e-4, 2e-5, 1e-6)

Array = Any  # numpy.ndarray


def all_vertices(
    rows: Sequence[Sequence[int]], below: int, budget: Budget | None = None
) -> Array:
    """The label sets of all vertices.

    Parameters
    ----------
    rows : sequence of sequence of int, shape (k, d)
        Positive whole numbers; the matrix of the polytope is these over `below`.
    below : int
        Positive.
    budget : Budget, optional
        When to give up.

    Returns
    -------
    numpy.ndarray of uint64
        One for each vertex, 0 included, sorted. A vertex at which more than ``d``
        inequalities are tight has more than ``d`` labels.

    Raises
    ------
    Undecided
        If the budget does not suffice.
    """
    check = (budget or Budget()).check
    d, k = len(rows[0]), len(rows)
    if d + k > MAX_LABELS:
        raise ValueError(f"{d + k} labels; at most {MAX_LABELS}")
    try:
        return simple_vertices(Polytope(rows, below), check)
    except Tied:
        pass
    common = math.gcd(below, *(value for row in rows for value in row))
    whole = [[value // common for value in row] for row in rows]
    polytope = Polytope(whole, below // common)
    for size in MOVES:
        try:
            return moved_vertices(polytope, size, check)
        except Tied:
            continue
    try:
        return lexicographic_vertices(whole, True, check)
    except TooLarge:
        return lexicographic_vertices(whole, False, check)


@dataclass(frozen=True)
class Budget:
    """When to give up.

    Attributes
    ----------
    vertices : int
        More than these are not kept.
    until : float
        A reading of `time.monotonic`.
    """

    vertices: int = MAX_VERTICES
    until: float = math.inf

    def check(self, found: int) -> None:
        """Raise Undecided if nothing is left of it."""
        if found > self.vertices:
            raise Undecided(
                f"a best-reply polytope has more than {self.vertices:,} vertices"
            )
        if time.monotonic() > self.until:
            raise Undecided("the time limit was reached among the vertices")
