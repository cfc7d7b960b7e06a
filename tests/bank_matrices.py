"""Games of two matrices from the literature, with what is known of their equilibria."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from flint import fmpq, fmpq_mat

import redlines as rl

Matrix = Sequence[Sequence[Any]]
Pair = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class MatrixCase:
    """Two matrices with what is known about them.

    Attributes
    ----------
    extreme, subsets, components : int
        How many extreme equilibria, maximal Nash subsets and components there are.
    pure : int
        How many of the extreme equilibria are pure.
    published : tuple of Pair
        Some of the extreme equilibria as mixtures, as text.
    """

    name: str
    source: str
    nasty: str
    a: Matrix
    b: Matrix
    extreme: int
    components: int
    subsets: int
    pure: int
    published: tuple[Pair, ...] = ()

    @property
    def game(self) -> rl.Game:
        """The game, made anew."""
        return rl.Game.from_bimatrix(self.a, self.b)


def dual_cyclic(d: int) -> tuple[Matrix, Matrix]:
    """The d x d game on whose polytopes every path of Lemke and Howson is long.

    Both best-reply polytopes are dual cyclic, with 2d facets in the order of points on
    the moment curve; in the second one the labels of neighbours are exchanged.

    Parameters
    ----------
    d : int
        Even.

    References
    ----------
    Savani and von Stengel 2006, section 3.
    """
    labels = [
        k if k in (1, d) else k + (-1) ** k if k < d else k - (-1) ** k
        for k in range(1, 2 * d + 1)
    ]
    first, last = list(range(d)), list(range(d, 2 * d))
    a = [[0] * d for _ in range(d)]
    b = [[0] * d for _ in range(d)]
    for facet, row in zip(last, _rows(d, first, last), strict=True):
        for i, value in enumerate(row):
            b[i][facet - d] = value
    for facet, row in zip(first, _rows(d, last, first), strict=True):
        for own, value in zip(last, row, strict=True):
            a[labels[facet] - 1][labels[own] - 1 - d] = value
    return a, b


def _rows(d: int, zero: list[int], rest: list[int]) -> list[list[int]]:
    """The polytope as ``{x >= 0, M x <= 1}``, where the facets `zero` are ``x = 0``."""
    # no rounding: the points are whole, and so is their sum
    points = [[(k + 1) ** p for p in range(1, d + 1)] for k in range(2 * d)]
    total = [sum(column) for column in zip(*points, strict=True)]
    moved = [[2 * d * v - s for v, s in zip(p, total, strict=True)] for p in points]
    basis = fmpq_mat([[fmpq(v) for v in moved[k]] for k in zero]).transpose()
    found = []
    for k in rest:
        part = basis.solve(fmpq_mat([[fmpq(v)] for v in moved[k]]))
        shares = [Fraction(int(part[i, 0].p), int(part[i, 0].q)) for i in range(d)]
        found.append([-share / (1 - sum(shares)) for share in shares])
    scale = lcm(*(value.denominator for row in found for value in row))
    return [[int(value * scale) for value in row] for row in found]


SHAPLEY = ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[0, 1, 0], [0, 0, 1], [1, 0, 0]])
STENGEL = [
    [9504, -660, 19976, -20526, 1776, -8976],
    [-111771, 31680, -130944, 168124, -8514, 52764],
    [397584, -113850, 451176, -586476, 29216, -178761],
    [171204, -45936, 208626, -263076, 14124, -84436],
    [1303104, -453420, 1227336, -1718376, 72336, -461736],
    [737154, -227040, 774576, -1039236, 48081, -300036],
]
STENGEL_OTHER = [
    [72336, 48081, 29216, 14124, 1776, -8514],
    [-461736, -300036, -178761, -84436, -8976, 52764],
    [1227336, 774576, 451176, 208626, 19976, -130944],
    [-1718376, -1039236, -586476, -263076, -20526, 168124],
    [1303104, 737154, 397584, 171204, 9504, -111771],
    [-453420, -227040, -113850, -45936, -660, 31680],
]
HALF = Fraction(5, 2)
WINKELS = (
    [[1, 3], [1, 3], [3, 1], [3, 1], [HALF, HALF], [HALF, HALF]],
    [[1, 2], [0, -1], [-2, 2], [4, -1], [-1, 6], [6, -1]],
)
MYERSON = [[1, 0, -9], [0, 0, -7], [-9, -7, -7]]


def _pure(*places: tuple[int, int], size: int) -> tuple[Pair, ...]:
    """Pairs of choices as mixtures."""
    one = [tuple(str(int(k == at)) for k in range(size)) for at in range(size)]
    return tuple((one[i], one[j]) for i, j in places)


MATRICES = (
    MatrixCase(
        "identical interests",
        "folklore",
        "a weakly dominated equilibrium, which support enumeration may lose",
        [[0, 0], [0, 1]],
        [[0, 0], [0, 1]],
        extreme=2,
        components=2,
        subsets=2,
        pure=2,
        published=_pure((0, 0), (1, 1), size=2),
    ),
    MatrixCase(
        "one equilibrium, on two choices each",
        "folklore",
        "nothing pure, and one choice of each out of play",
        [[3, -2, 2], [-2, -1, 3], [-1, 0, -1]],
        [[-3, -1, 1], [0, 2, -1], [1, 2, 3]],
        extreme=1,
        components=1,
        subsets=1,
        pure=0,
        published=((("0", "1/4", "3/4"), ("0", "4/5", "1/5")),),
    ),
    MatrixCase(
        "six by six with 75 equilibria",
        "von Stengel 1999",
        "more equilibria than identical interests allow, and payoffs of seven digits",
        STENGEL,
        STENGEL_OTHER,
        extreme=75,
        components=75,
        subsets=75,
        pure=2,
    ),
    MatrixCase(
        "Shapley's cycle",
        "Shapley 1964",
        "fictitious play never comes to its one equilibrium",
        *SHAPLEY,
        extreme=1,
        components=1,
        subsets=1,
        pure=0,
        published=((("1/3",) * 3, ("1/3",) * 3),),
    ),
    MatrixCase(
        "proper and perfect",
        "Myerson 1978",
        "three equilibria: all Nash, the first two perfect, the first proper",
        MYERSON,
        MYERSON,
        extreme=3,
        components=3,
        subsets=3,
        pure=3,
        published=_pure((0, 0), (1, 1), (2, 2), size=3),
    ),
    MatrixCase(
        "six edges of a circle",
        "Kohlberg and Mertens 1986",
        "one component with a hole in it",
        [[1, 0, -1], [-1, 0, -1], [1, 0, -2]],
        [[1, -1, 1], [0, 0, 0], [-1, -1, -2]],
        extreme=6,
        components=1,
        subsets=6,
        pure=6,
        published=_pure((0, 0), (0, 2), (1, 1), (1, 2), (2, 0), (2, 1), size=3),
    ),
    MatrixCase(
        "battle of the sexes with an outside option",
        "after Kohlberg and Mertens 1986",
        "a continuum of threats against coming in",
        [[2, 2], [3, 0], [0, 1]],
        [[2, 2], [1, 0], [0, 3]],
        extreme=3,
        components=2,
        subsets=2,
        pure=2,
        published=((("1", "0", "0"), ("2/3", "1/3")), (("0", "1", "0"), ("1", "0"))),
    ),
    MatrixCase(
        "burning a dollar",
        "van Damme 1989",
        "rows that differ only where they are not played",
        [[2, 2, -1, -1], [-1, -1, 0, 0], [3, 0, 3, 0], [0, 1, 0, 1]],
        [[1, 1, 0, 0], [0, 0, 3, 3], [1, 0, 1, 0], [0, 3, 0, 3]],
        extreme=10,
        components=4,
        subsets=4,
        pure=4,
        published=_pure((0, 1), (2, 0), (2, 2), (3, 3), size=4),
    ),
    MatrixCase(
        "matching pennies with a twist",
        "after Myerson 1978",
        "every mixture of one player is an equilibrium",
        [[-1, 0, -1], [0, -1, -1]],
        [[1, 0, 1], [0, 1, 1]],
        extreme=2,
        components=1,
        subsets=1,
        pure=2,
        published=((("1", "0"), ("0", "0", "1")), (("0", "1"), ("0", "0", "1"))),
    ),
    MatrixCase(
        "twelve extreme equilibria",
        "Winkels 1979",
        "seven maximal Nash subsets that hang together",
        *WINKELS,
        extreme=12,
        components=1,
        subsets=7,
        pure=2,
        published=(
            (("7/8", "0", "0", "0", "0", "1/8"), ("1/4", "3/4")),
            (("0", "0", "0", "1", "0", "0"), ("1", "0")),
        ),
    ),
    *(
        MatrixCase(
            f"long paths, {d} by {d}",
            "Savani and von Stengel 2006",
            "paths of Lemke and Howson grow exponentially, and shares go down to 1e-5",
            *dual_cyclic(d),
            extreme=1,
            components=1,
            subsets=1,
            pure=0,
            published=published,
        )
        for d, published in (
            (
                4,
                ((("5/8", "15/56", "5/56", "1/56"), ("5/56", "1/56", "5/8", "15/56")),),
            ),
            (6, ()),
            (8, ()),
        )
    ),
)
