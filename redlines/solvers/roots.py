"""Roots of polynomial systems in the interior of a product of simplices, with proof.

Polynomials are homogeneous in each group of variables, a group being the coordinates of
one simplex. Then all variables are positive inside, so a polynomial whose coefficients
have one sign has no root there; this stays true of every smaller simplex in coordinates
of its own, so simplices are halved until nothing is left but roots.

Around a candidate, Krawczyk's operator in ball arithmetic proves that there is one root
and no other. The root is then written down exactly: a lattice reduction of many digits
guesses the number field and the coordinates in it, and the guess is put into every
equation, exactly. What is found is a proof, then, and not an approximation; and where
a root cannot be told apart, as at a multiple root, the search says so.

Reads: fields, solvers.queries.  Used by: solvers.markov_perfect.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from redlines.fields import Field, real_roots
from redlines.solvers.queries import Undecided

__all__ = ["Singular", "isolated", "of_one_sign", "univariate"]

# halvings of a simplex after which a root is taken to be a multiple one
DEPTH = 16  # for each unknown
CELLS = 4_000
# binary digits at which a root is written down exactly
PRECISIONS = (256, 1024, 4096, 12_288)
# the largest degree of a number field that is looked for
LARGEST = 40

Groups = Sequence[Sequence[int]]


class Singular(Exception):
    """Roots that are not simple, or not isolated: the search cannot tell them apart."""


def of_one_sign(polynomial: Any) -> int:
    """1 or -1 if all coefficients have that sign, 0 if both occur or there are none."""
    signs = {1 if c > 0 else -1 for c in polynomial.coeffs()}
    return signs.pop() if len(signs) == 1 else 0


# ------------------------------------------------------------------- one unknown
def univariate(zeros: Sequence[Any]) -> list[Any]:
    """The common roots t, 0 < t < 1, of polynomials in t and 1 - t.

    Parameters
    ----------
    zeros : sequence of flint.fmpz_mpoly
        Homogeneous in two variables, which are t and 1 - t; none is zero.

    Returns
    -------
    list of Fraction or FieldNumber
        In order.
    """
    common = flint.fmpz_poly([0])
    for polynomial in zeros:
        plain = flint.fmpz_poly([0])
        t, rest = flint.fmpz_poly([0, 1]), flint.fmpz_poly([1, -1])
        for (a, b), c in polynomial.to_dict().items():
            plain += int(c) * t**a * rest**b
        common = common.gcd(plain)
    found: list[Any] = []
    for factor, _ in common.factor()[1]:
        if factor.degree() == 1:
            root = Fraction(-int(factor[0]), int(factor[1]))
            found += [root] if 0 < root < 1 else []
        else:
            for low, high in real_roots(factor):
                # irreducible, so 0 and 1 are no roots
                number = Field(factor, low, high).root
                if 0 < number < 1:
                    found.append(number)
    return sorted(found, key=float)


# -------------------------------------------------------------------- several unknowns
class _Affine:
    """Polynomials with the last coordinate of each simplex replaced, and slopes."""

    def __init__(self, groups: Groups, zeros: Sequence[Any]) -> None:
        self.groups = groups
        count = sum(map(len, groups))
        free = [v for group in groups for v in group[:-1]]
        self.free = free
        context = zeros[0].context()
        gens = list(context.gens())
        put = list(gens)
        for group in groups:
            put[group[-1]] = 1 - sum((gens[v] for v in group[:-1]), 0 * gens[0])
        assert len(put) == count
        self.polynomials = [p.compose(*put, ctx=context) for p in zeros]
        self.terms = [self._terms(p) for p in self.polynomials]
        self.slopes = [
            [self._terms(p.derivative(v)) for v in free] for p in self.polynomials
        ]
        self._floats: dict[int, Any] = {}

    def _terms(self, polynomial: Any) -> list[tuple[tuple[int, ...], int]]:
        return [
            (tuple(int(powers[v]) for v in self.free), int(c))
            for powers, c in polynomial.to_dict().items()
        ]

    def at(self, terms: Any, point: Sequence[Any], zero: Any) -> Any:
        """A polynomial at a point of any kind of number."""
        total = zero
        for powers, c in terms:
            product: Any = zero + c
            for value, power in zip(point, powers, strict=True):
                for _ in range(power):
                    product = product * value
            total = total + product
        return total

    def full(self, point: Sequence[Any]) -> list[Any]:
        """All coordinates, those left out too, in the order of the variables."""
        values: dict[int, Any] = dict(zip(self.free, point, strict=True))
        for group in self.groups:
            values[group[-1]] = 1 - sum((values[v] for v in group[:-1]), Fraction(0))
        return [values[v] for v in sorted(values)]

    def floats(self, point: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Values and slopes in floating point, each polynomial scaled to size one."""
        if not self._floats:
            for k, rows in enumerate(zip(self.terms, self.slopes, strict=True)):
                scale = max(abs(c) for _, c in rows[0])
                self._floats[k] = [
                    (
                        np.array([p for p, _ in terms], dtype=float).reshape(
                            len(terms), len(self.free)
                        ),
                        np.array([float(Fraction(c, scale)) for _, c in terms]),
                    )
                    for terms in (rows[0], *rows[1])
                ]
        rows_of = [
            [float(c @ np.prod(point**p, axis=1)) if len(c) else 0.0 for p, c in row]
            for row in self._floats.values()
        ]
        table = np.array(rows_of)
        return table[:, 0], table[:, 1:]


class _Box:
    """A box that holds one root of some of the equations, and no other."""

    def __init__(self, rows: list[int], centre: list[Any], radius: Any) -> None:
        self.rows, self.centre, self.radius = rows, centre, radius

    def holds(self, point: Sequence[Fraction]) -> bool:
        return all(
            abs(value - middle) <= self.radius
            for value, middle in zip(point, self.centre, strict=True)
        )


def isolated(
    groups: Groups, zeros: Sequence[Any], below: Sequence[Any], until: float | None
) -> list[list[Any]]:
    """Every root inside where some polynomials are not positive, as exact numbers.

    Parameters
    ----------
    groups : sequence of sequence of int
        The variables of each simplex.
    zeros : sequence of flint.fmpz_mpoly
        As many as there are unknowns, or more.
    below : sequence of flint.fmpz_mpoly
        Those that must not be positive; used to leave out what lies elsewhere, and
        left to the caller to test at the roots.
    until : float or None
        The time at which to give up, by `time.monotonic`.

    Returns
    -------
    list of list of number
        The coordinates of each root, in the order of the variables.

    Raises
    ------
    Singular
        If there are roots that are not simple or not isolated.
    Undecided
        If the time or the work ran out.
    """
    affine = _Affine(groups, zeros)
    boxes: list[_Box] = []
    for cell in _cells(groups, zeros, below, until):
        corners = list(_corners(affine, cell))
        if any(all(map(box.holds, corners)) for box in boxes):
            cell.done = True
            continue
        box = _unique(affine, corners)
        if box is not None:
            cell.done = True
            boxes.append(box)
    found: list[list[Any]] = []
    for box in boxes:
        point = _written(affine, box, until)
        if point is None:
            continue
        if not all(value > 0 for value in affine.full(point)):
            continue
        if any(_same(other, box, point) for other in found):
            continue
        found.append(point)
    return [affine.full(point) for point in found]


def _same(other: Sequence[Any], box: _Box, point: Sequence[Any]) -> bool:
    """Whether a root found before is the one of a box, and thus this point."""
    return all(
        box.centre[k] - box.radius <= value <= box.centre[k] + box.radius
        for k, value in enumerate(other)
    )


class _Cell:
    """A product of smaller simplices, with the polynomials in its own coordinates."""

    def __init__(self, corners: Any, zeros: Any, below: Any, depth: int) -> None:
        self.corners = corners
        self.zeros, self.below = zeros, below
        self.depth = depth
        self.done = False

    def excluded(self) -> bool:
        return any(map(of_one_sign, self.zeros)) or any(
            of_one_sign(p) > 0 for p in self.below
        )

    def halves(self, groups: Groups) -> Iterator[_Cell]:
        """The two halves, the longest edge cut in the middle."""
        best: tuple[Fraction, int, int, int] = (Fraction(-1), 0, 0, 0)
        for g, corners in enumerate(self.corners):
            for a, b in itertools.combinations(range(len(corners)), 2):
                length = max(
                    abs(x - y) for x, y in zip(corners[a], corners[b], strict=True)
                )
                if length > best[0]:
                    best = (length, g, a, b)
        _, g, a, b = best
        corners = self.corners[g]
        middle = [(x + y) / 2 for x, y in zip(corners[a], corners[b], strict=True)]
        for kept, moved in ((a, b), (b, a)):
            changed = list(corners)
            changed[moved] = middle
            whole = list(self.corners)
            whole[g] = changed
            context = (self.zeros or self.below)[0].context()
            gens = list(context.gens())
            put = list(gens)
            # in twice the coordinates, which changes no sign
            for v in groups[g]:
                put[v] = 2 * gens[v]
            put[groups[g][kept]] = 2 * gens[groups[g][kept]] + gens[groups[g][moved]]
            put[groups[g][moved]] = gens[groups[g][moved]]

            def moved_to(p: Any, put: Any = put, context: Any = context) -> Any:
                return _primitive(p.compose(*put, ctx=context))

            yield _Cell(
                whole,
                [moved_to(p) for p in self.zeros],
                [moved_to(p) for p in self.below],
                self.depth + 1,
            )


def _primitive(polynomial: Any) -> Any:
    """Without the common factor of its coefficients, signs kept."""
    content = polynomial.content()
    return polynomial / content if content and content != 1 else polynomial


def _cells(
    groups: Groups, zeros: Sequence[Any], below: Sequence[Any], until: float | None
) -> Iterator[_Cell]:
    """Cells that may hold a root; those that the caller leaves undone are halved."""
    corners = [
        [[Fraction(int(k == j)) for k in range(len(g))] for j in range(len(g))]
        for g in groups
    ]
    stack = [_Cell(corners, list(zeros), list(below), 0)]
    deepest = DEPTH * sum(len(group) - 1 for group in groups)
    seen = 0
    while stack:
        cell = stack.pop()
        if cell.excluded():
            continue
        seen += 1
        if seen > CELLS or cell.depth > deepest:
            raise Singular
        if until is not None and time.monotonic() > until:
            raise Undecided("the time ran out; allow more time_limit=")
        yield cell
        if not cell.done:
            stack.extend(cell.halves(groups))


def _corners(affine: _Affine, cell: _Cell) -> Iterator[list[Fraction]]:
    """The corners of a cell in the free coordinates."""
    for chosen in itertools.product(*cell.corners):
        yield [value for corner in chosen for value in corner[:-1]]


# ------------------------------------------------------------------- Krawczyk's test
def _unique(affine: _Affine, corners: list[list[Fraction]]) -> _Box | None:
    """A box around a cell that is proved to hold one root only, or None."""
    points = np.array([[float(x) for x in corner] for corner in corners])
    size = float(np.ptp(points, axis=0).max())
    point = points.mean(axis=0)
    dimension = len(affine.free)
    try:
        values, slopes = affine.floats(point)
        rows = _independent(slopes, dimension)
        for _ in range(12):
            values, slopes = affine.floats(point)
            step = np.linalg.solve(slopes[rows], values[rows])
            point = point - step
            if not np.all(np.abs(point - points.mean(axis=0)) < 3 * size):
                return None
            if np.abs(step).max() < 1e-14:
                break
    except np.linalg.LinAlgError:
        return None
    centre = [Fraction(float(x)) for x in point]
    radius = max(
        abs(x - middle)
        for corner in corners
        for x, middle in zip(corner, centre, strict=True)
    ) * Fraction(65, 64) + Fraction(1, 2**40)
    box = _Box(sorted(rows), centre, radius)
    return box if _contracts(affine, box) else None


def _independent(slopes: np.ndarray, dimension: int) -> list[int]:
    """As many rows as there are unknowns, as independent as can be."""
    from scipy.linalg import qr

    if len(slopes) == dimension:
        return list(range(dimension))
    _, _, order = qr(slopes.T, pivoting=True, mode="economic")
    return sorted(int(k) for k in order[:dimension])


def _ball(middle: Fraction, radius: Fraction) -> Any:
    wide = flint.arb(flint.fmpq(radius.numerator, radius.denominator))
    exact = flint.arb(flint.fmpq(middle.numerator, middle.denominator))
    return exact + flint.arb(0, 1) * wide


def _contracts(affine: _Affine, box: _Box, bits: int = 128) -> bool:
    """Whether Krawczyk's operator maps the box into its inside."""
    before = flint.ctx.prec
    flint.ctx.prec = bits
    try:
        zero = flint.arb(0)
        size = len(box.centre)
        middle = [_ball(c, Fraction(0)) for c in box.centre]
        wide = [_ball(c, box.radius) for c in box.centre]
        values = flint.arb_mat(
            [[affine.at(affine.terms[r], middle, zero)] for r in box.rows]
        )
        near = flint.arb_mat(
            [
                [affine.at(terms, middle, zero).mid() for terms in affine.slopes[r]]
                for r in box.rows
            ]
        )
        over = flint.arb_mat(
            [
                [affine.at(terms, wide, zero) for terms in affine.slopes[r]]
                for r in box.rows
            ]
        )
        try:
            inverse = near.inv().mid()
        except ZeroDivisionError:
            return False
        one = flint.arb_mat([[int(i == j) for j in range(size)] for i in range(size)])
        spread = flint.arb_mat([[w - m] for w, m in zip(wide, middle, strict=True)])
        image = (one - inverse * over) * spread - inverse * values
        radius = _ball(box.radius, Fraction(0))
        return all(bool(abs(image[k, 0]) < radius) for k in range(size))
    finally:
        flint.ctx.prec = before


# ------------------------------------------------------------------- exact coordinates
def _written(affine: _Affine, box: _Box, until: float | None) -> list[Any] | None:
    """The root of a box as exact numbers; None if other equations do not hold there.

    Raises
    ------
    Undecided
        If no number field of moderate size was found.
    """
    bound = _bezout(affine, box.rows)
    before = flint.ctx.prec
    try:
        for bits in PRECISIONS if bound <= LARGEST else ():
            if until is not None and time.monotonic() > until:
                raise Undecided("the time ran out; allow more time_limit=")
            flint.ctx.prec = bits + 64
            centre = _newton(affine, box, bits)
            if _refuted(affine, box, centre, bits):
                return None
            for weights in _forms(len(centre)):
                point = _guess(centre, weights, bound, bits)
                if point is not None and _solves(affine, box, point):
                    return point
    finally:
        flint.ctx.prec = before
    raise Undecided(
        "a root was isolated but is too large to be written down exactly; ask for "
        "coverage='one'"
    )


def _bezout(affine: _Affine, rows: list[int]) -> int:
    """How many complex roots the equations of a box have at most, for degrees."""
    counts: dict[tuple[int, ...], int] = {(0,) * len(affine.groups): 1}
    place = {v: g for g, group in enumerate(affine.groups) for v in group[:-1]}
    room = [len(group) - 1 for group in affine.groups]
    for r in rows:
        degree = [0] * len(affine.groups)
        for powers, _ in affine.terms[r]:
            own = [0] * len(affine.groups)
            for v, power in zip(affine.free, powers, strict=True):
                own[place[v]] += power
            degree = [max(a, b) for a, b in zip(degree, own, strict=True)]
        following: dict[tuple[int, ...], int] = {}
        for used, count in counts.items():
            for g, d in enumerate(degree):
                if d and used[g] < room[g]:
                    now = (*used[:g], used[g] + 1, *used[g + 1 :])
                    following[now] = following.get(now, 0) + count * d
        counts = following
    return max(1, sum(counts.values()))


def _newton(affine: _Affine, box: _Box, bits: int) -> list[Any]:
    """The root to some binary digits, as exact balls without radius."""
    point = [_ball(c, Fraction(0)) for c in box.centre]
    zero = flint.arb(0)
    for _ in range(bits.bit_length() + 4):
        values = [[affine.at(affine.terms[r], point, zero)] for r in box.rows]
        slopes = [
            [affine.at(terms, point, zero) for terms in affine.slopes[r]]
            for r in box.rows
        ]
        step = flint.arb_mat(slopes).solve(flint.arb_mat(values))
        point = [(x - step[k, 0]).mid() for k, x in enumerate(point)]
    return point


def _refuted(affine: _Affine, box: _Box, centre: list[Any], bits: int) -> bool:
    """Whether an equation beside those of the box plainly fails at its root."""
    others = [k for k in range(len(affine.terms)) if k not in box.rows]
    if not others:
        return False
    near = _Box(box.rows, [_fraction(x) for x in centre], Fraction(1, 2 ** (bits // 2)))
    if not _contracts(affine, near, bits + 64):
        return False
    around = [_ball(c, near.radius) for c in near.centre]
    return any(
        not affine.at(affine.terms[k], around, flint.arb(0)).contains(0) for k in others
    )


def _fraction(number: Any) -> Fraction:
    mantissa, exponent = number.mid().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def _forms(size: int) -> Iterator[tuple[int, ...]]:
    """Sums of the coordinates that may tell all roots apart."""
    yield tuple(range(1, size + 1))
    yield tuple(k * k + 1 for k in range(size))
    yield tuple(3**k for k in range(size))


def _short(values: Sequence[Any], bits: int) -> list[int] | None:
    """Small whole numbers that make a sum of the values vanish, or None."""
    scale = flint.arb(2) ** bits
    rows = []
    for k, value in enumerate(values):
        whole = int((value * scale).mid().floor().unique_fmpz())
        rows.append([int(j == k) for j in range(len(values))] + [whole])
    first = flint.fmpz_mat(rows).lll()
    vector = [int(first[0, k]) for k in range(len(values))]
    size = max(abs(c) for c in vector).bit_length()
    # chance would give about bits / count binary digits to each
    if (size + 4) * len(values) > bits * 3 // 4:
        return None
    return vector


def _guess(
    centre: list[Any], weights: Sequence[int], bound: int, bits: int
) -> list[Any] | None:
    """Exact coordinates that agree with a root to many digits, or None."""
    form = sum((w * x for w, x in zip(weights, centre, strict=True)), flint.arb(0))
    powers = [form**k for k in range(bound + 1)]
    relation = _short(powers, bits)
    if relation is None:
        return None
    best: tuple[Any, Any] | None = None
    for factor, _ in flint.fmpz_poly(relation).factor()[1]:
        size = abs(_value(factor, form))
        if best is None or bool(size < best[1]):
            best = (factor, size)
    if best is None:
        return None
    polynomial = best[0]
    degree = polynomial.degree()
    slope = polynomial.derivative()
    at = _value(slope, form)
    if degree == 1:
        field = None
    else:
        roots = [
            (low, high)
            for low, high in real_roots(polynomial, 128)
            if low - high <= _fraction(form) - low <= 2 * (high - low)
        ]
        if len(roots) != 1:
            return None
        low, high = roots[0]
        field = Field(polynomial, low, high)
    found: list[Any] = []
    for x in centre:
        vector = _short([*(form**k for k in range(degree)), -x * at], bits)
        if vector is None or not vector[-1]:
            return None
        if field is None:
            # the slope of a linear polynomial is its leading coefficient
            found.append(Fraction(vector[0], vector[-1] * int(slope[0])))
        else:
            top = flint.fmpq_poly(vector[:-1]) / vector[-1]
            below = field.root._made(flint.fmpq_poly(slope))
            found.append(field.root._made(top) / below)
    return found


def _value(polynomial: Any, at: Any) -> Any:
    total = flint.arb(0)
    for coefficient in reversed(polynomial.coeffs()):
        total = total * at + coefficient
    return total


def _solves(affine: _Affine, box: _Box, point: list[Any]) -> bool:
    """Whether exact coordinates solve every equation and lie in the box."""
    inside = all(
        box.centre[k] - box.radius <= value <= box.centre[k] + box.radius
        for k, value in enumerate(point)
    )
    return inside and all(
        affine.at(terms, point, Fraction(0)) == 0 for terms in affine.terms
    )
