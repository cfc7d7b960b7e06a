"""Polyhedral cones in exact integers, by the double description method.

A cone here is ``{x >= 0 : equalities . x = 0, inequalities . x >= 0}``, described by
its extreme rays. Everything that a solver asks of a cell (is it empty, which values
does a ratio of linear functions take on it, a point in its middle) is read off the
rays:

* the cone has a point with all coordinates positive iff the sum of its rays is one;
* on such points the ratio of two linear functions, the lower one non-negative, is an
  average of its values at the rays on which the lower one is positive, so its extremes
  are attained at rays in the closure.

References: Motzkin, Raiffa, Thompson and Thrall 1953; Fukuda and Prodon 1996 for the
combinatorial adjacency test.

Reads: nothing.  Used by: solvers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["Cone", "TooManyRays", "integral", "rays"]

MAX_RAYS = 3_000


class TooManyRays(Exception):
    """The cone has more extreme rays than a solver wants to hold."""


def integral(row: Sequence[Fraction | int]) -> tuple[int, ...]:
    """The primitive integer vector in the direction of a rational one."""
    common = math.lcm(*(Fraction(x).denominator for x in row)) if row else 1
    whole = [int(x * common) for x in row]
    divisor = math.gcd(*whole) or 1
    return tuple(x // divisor for x in whole)


@dataclass(frozen=True)
class Cone:
    """A cone that can be cut further.

    Attributes
    ----------
    dimension : int
        The number of coordinates, all of them non-negative.
    members : list of (tuple of int, int)
        The extreme rays, each with the bit set of coordinates and rows on which it
        vanishes.
    rows : int
        How many rows have been cut so far.
    """

    dimension: int
    members: tuple[tuple[tuple[int, ...], int], ...]
    rows: int = 0

    @classmethod
    def orthant(cls, dimension: int) -> Cone:
        """All non-negative vectors."""
        everything = (1 << dimension) - 1
        return cls(
            dimension,
            tuple(
                (
                    tuple(int(c == k) for c in range(dimension)),
                    everything & ~(1 << k),
                )
                for k in range(dimension)
            ),
        )

    def cut(
        self,
        row: Sequence[Fraction | int],
        equal: bool = False,
        limit: int = MAX_RAYS,
    ) -> Cone:
        """The part of the cone where ``row . x >= 0``, or ``== 0`` if `equal`.

        Raises
        ------
        TooManyRays
            If it has more than `limit` extreme rays.
        """
        bit = 1 << (self.dimension + self.rows)
        entries = [(c, v) for c, v in enumerate(integral(row)) if v]
        if not entries:
            return self
        above, on, below = [], [], []
        for vector, zeros in self.members:
            value = sum(v * vector[c] for c, v in entries)
            if value > 0:
                above.append((vector, zeros, value))
            elif value < 0:
                below.append((vector, zeros, value))
            else:
                on.append((vector, zeros | bit))
        kept = on if equal else on + [(v, z) for v, z, _ in above]
        masks = [z for _, z in self.members]
        new = []
        for high, one, up in above:
            for low, other, down in below:
                shared = one & other
                # adjacent iff no third ray vanishes on everything that both vanish on
                if sum(1 for mask in masks if shared & mask == shared) == 2:
                    vector = tuple(
                        up * b - down * a for a, b in zip(high, low, strict=True)
                    )
                    divisor = math.gcd(*vector)
                    new.append((tuple(x // divisor for x in vector), shared | bit))
        if len(kept) + len(new) > limit:
            raise TooManyRays(f"more than {limit} extreme rays")
        return Cone(self.dimension, tuple(kept + new), self.rows + 1)

    @property
    def rays(self) -> list[tuple[int, ...]]:
        """The extreme rays as primitive integer vectors, sorted."""
        return sorted(vector for vector, _ in self.members)

    @property
    def middle(self) -> tuple[int, ...]:
        """The sum of the rays: positive wherever any point of the cone is."""
        if not self.members:
            return (0,) * self.dimension
        return tuple(map(sum, zip(*(v for v, _ in self.members), strict=True)))


def rays(
    dimension: int,
    equalities: Iterable[Sequence[Fraction | int]],
    inequalities: Iterable[Sequence[Fraction | int]],
) -> list[tuple[int, ...]]:
    """The extreme rays of a cone in the non-negative orthant.

    Parameters
    ----------
    dimension : int
        The number of coordinates, all of them non-negative.
    equalities, inequalities : iterable of rows
        Each of length `dimension`; ``row . x = 0`` and ``row . x >= 0``.

    Returns
    -------
    list of tuple of int
        Primitive integer vectors, in a fixed order; empty if only 0 is left.

    Raises
    ------
    TooManyRays
        If more than three thousand rays are met on the way.
    """
    cone = Cone.orthant(dimension)
    rows = [(integral(r), True) for r in equalities]
    rows += [(integral(r), False) for r in inequalities]
    for row, equal in dict.fromkeys(rows):
        cone = cone.cut(row, equal)
    return cone.rays
