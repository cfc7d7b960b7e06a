"""Linear programmes with an exact optimum that is proved by its dual.

A programme asks for the greatest ``cost . x`` over ``x >= 0`` with some rows ``row . x
<= bound`` and others ``row . x = bound``. Floating point (HiGHS) only suggests which
variables are positive, which rows are tight and which of them are priced. The optimum
and the prices are then two systems of linear equations, solved exactly. The answer is
taken if it passes an exact check of feasibility on both sides and of equal values
(strong duality), and of nothing else. Where it does not, as it may if numbers lie far
apart, the simplex method goes on in whole numbers from the point that was suggested, by
Bland's rule, which never cycles.

Reads: errors.  Used by: solvers.correlated, solvers.stackelberg, solvers.zero_sum.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from redlines.errors import SolveFailed

__all__ = ["Constraint", "Optimum", "Programme", "is_optimal", "maximize"]

# what counts as zero in what HiGHS returns, tried in this order
TOLERANCES = (1e-9, 1e-7, 1e-11)
# ranks are first counted modulo this prime; a wrong count is caught by the exact check
PRIME = 2**61 - 1
# tableaux larger than this would not be gone through in minutes
MAX_TABLEAU = 4_000_000

Row = Mapping[int, int | Fraction]


@dataclass(frozen=True)
class Constraint:
    """A row and its bound.

    Attributes
    ----------
    row : mapping of int to int or Fraction
        By column; zeros may be left out.
    bound : int or Fraction
    """

    row: Row
    bound: int | Fraction = 0


@dataclass(frozen=True)
class Programme:
    """The greatest ``cost . x`` over ``x >= 0`` that meets the rows.

    Attributes
    ----------
    columns : int
        How many variables there are.
    cost : mapping of int to int or Fraction
    at_most, equal : sequence of Constraint
        ``row . x <= bound`` and ``row . x = bound``.
    """

    columns: int
    cost: Row
    at_most: Sequence[Constraint] = ()
    equal: Sequence[Constraint] = ()

    @property
    def rows(self) -> list[Constraint]:
        """Inequalities first, then equations."""
        return [*self.at_most, *self.equal]


@dataclass(frozen=True)
class Optimum:
    """An optimum with its proof.

    Attributes
    ----------
    value : Fraction
    point : tuple of Fraction
        One for each column.
    prices : tuple of Fraction
        The dual solution, one for each row, inequalities first; by weak duality no
        feasible point has more than the prices times the bounds.
    """

    value: Fraction
    point: tuple[Fraction, ...]
    prices: tuple[Fraction, ...]


def is_optimal(programme: Programme, optimum: Optimum) -> bool:
    """Whether point and prices are feasible and have the same value, exactly.

    Parameters
    ----------
    programme : Programme
    optimum : Optimum

    Returns
    -------
    bool
    """
    rows = programme.rows
    point, prices = optimum.point, optimum.prices
    if len(point) != programme.columns or len(prices) != len(rows):
        return False
    free = len(programme.at_most)
    if any(x < 0 for x in point) or any(y < 0 for y in prices[:free]):
        return False
    # whole numbers over one denominator: fractions would be reduced at every step
    wide = math.lcm(*(x.denominator for x in point))
    high = math.lcm(*(y.denominator for y in prices))
    places = [(j, int(x * wide)) for j, x in enumerate(point) if x]
    for number, given in enumerate(rows):
        row = given.row
        total = sum(row[j] * x for j, x in places if j in row)
        limit = given.bound * wide
        if total > limit or (number >= free and total != limit):
            return False
    short: list[int | Fraction] = [0] * programme.columns
    for j, c in programme.cost.items():
        short[j] -= c * high
    value: int | Fraction = 0
    for given, price in zip(rows, prices, strict=True):
        if price:
            whole = int(price * high)
            value += whole * given.bound
            for j, a in given.row.items():
                short[j] += whole * a
    reached = sum(c * point[j] for j, c in programme.cost.items())
    return min(short, default=0) >= 0 and reached == optimum.value == Fraction(
        value, high
    )


def maximize(programme: Programme) -> Optimum | None:
    """The optimum of a programme with its proof, or None if no point is feasible.

    Parameters
    ----------
    programme : Programme

    Returns
    -------
    Optimum or None

    Raises
    ------
    SolveFailed
        If the cost has no greatest value, or if floating point suggests nothing that
        is exact and the programme is too large for the simplex method in whole numbers.

    References
    ----------
    [bland1977]_ for the rule; [edmonds1967]_ for pivots in whole numbers.
    """
    whole = _whole(programme)
    guess = _suggested(whole)
    if guess is not None:
        for tolerance in TOLERANCES:
            found = _recovered(programme, whole, guess, tolerance)
            if found is not None:
                return found
    return _Tableau(whole, guess).optimum(programme)


# ------------------------------------------------------------------- floating point
@dataclass(frozen=True)
class _Whole:
    """A programme in whole numbers, with what each row was multiplied by."""

    columns: int
    cost: dict[int, int]
    rows: list[dict[int, int]]
    bounds: list[int]
    scales: list[int]
    cost_scale: int
    equations: int

    @property
    def inequalities(self) -> int:
        return len(self.rows) - self.equations


def _whole(programme: Programme) -> _Whole:
    def scale_of(*groups: Any) -> int:
        return math.lcm(*(v.denominator for group in groups for v in group))

    rows, bounds, scales = [], [], []
    for given in programme.rows:
        scale = scale_of(given.row.values(), (given.bound,))
        rows.append({j: int(v * scale) for j, v in given.row.items() if v})
        bounds.append(int(given.bound * scale))
        scales.append(scale)
    scale = scale_of(programme.cost.values())
    cost = {j: int(v * scale) for j, v in programme.cost.items() if v}
    return _Whole(
        programme.columns, cost, rows, bounds, scales, scale, len(programme.equal)
    )


@dataclass(frozen=True)
class _Suggestion:
    """What floating point found: the point, slacks, prices and reduced costs."""

    point: Any
    slack: Any
    price: Any
    short: Any


def _suggested(whole: _Whole) -> _Suggestion | None:
    """What HiGHS makes of a programme, rows and cost scaled to at most 1."""
    import numpy as np
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    if not whole.columns:
        return None
    values: list[float] = []
    columns: list[int] = []
    starts = [0]
    bounds = []
    for row, limit in zip(whole.rows, whole.bounds, strict=True):
        most = max((abs(v) for v in row.values()), default=1)
        if abs(limit) > most * 10**12:
            return None
        columns += row.keys()
        values += (v / most for v in row.values())
        starts.append(len(columns))
        bounds.append(limit / most)
    matrix = csr_array(
        (values, columns, starts), shape=(len(whole.rows), whole.columns), dtype=float
    )
    bound = np.array(bounds)
    cost = np.zeros(whole.columns)
    most = max((abs(v) for v in whole.cost.values()), default=1)
    for j, v in whole.cost.items():
        cost[j] = v / most
    split = whole.inequalities
    found = linprog(
        -cost,
        A_ub=matrix[:split] if split else None,
        b_ub=bound[:split] if split else None,
        A_eq=matrix[split:] if whole.equations else None,
        b_eq=bound[split:] if whole.equations else None,
        method="highs-ds",
    )
    if found.status != 0:
        return None
    price = -np.concatenate([found.ineqlin.marginals, found.eqlin.marginals])
    return _Suggestion(
        point=found.x,
        slack=bound - matrix @ found.x,
        price=price,
        short=matrix.T @ price - cost,
    )


def _recovered(
    programme: Programme, whole: _Whole, guess: _Suggestion, tolerance: float
) -> Optimum | None:
    """The exact optimum at a suggested vertex, or None if it is not one."""
    split = whole.inequalities
    positive = [j for j, x in enumerate(guess.point) if x > tolerance]
    tight = [
        i
        for i in range(len(whole.rows))
        if i >= split or abs(guess.slack[i]) <= tolerance
    ]
    place = {j: k for k, j in enumerate(positive)}
    point = _solution(
        [{place[j]: v for j, v in whole.rows[i].items() if j in place} for i in tight],
        [whole.bounds[i] for i in tight],
        len(positive),
    )
    if point is None:
        return None
    priced = [
        i
        for i in range(len(whole.rows))
        if i >= split or abs(guess.price[i]) > tolerance
    ]
    level = [j for j, s in enumerate(guess.short) if abs(s) <= tolerance]
    order = {j: k for k, j in enumerate(level)}
    columns: list[dict[int, int]] = [{} for _ in level]
    for k, i in enumerate(priced):
        for j, v in whole.rows[i].items():
            if j in order:
                columns[order[j]][k] = v
    prices = _solution(columns, [whole.cost.get(j, 0) for j in level], len(priced))
    if prices is None:
        return None
    every = [Fraction(0)] * whole.columns
    for j, x in zip(positive, point, strict=True):
        every[j] = x
    dual = [Fraction(0)] * len(whole.rows)
    for i, y in zip(priced, prices, strict=True):
        dual[i] = y * whole.scales[i] / whole.cost_scale
    return _checked(programme, every, dual)


def _checked(
    programme: Programme, point: Sequence[Fraction], prices: Sequence[Fraction]
) -> Optimum | None:
    value = sum((c * point[j] for j, c in programme.cost.items()), Fraction(0))
    found = Optimum(Fraction(value), tuple(point), tuple(prices))
    return found if is_optimal(programme, found) else None


def _solution(
    rows: Sequence[Mapping[int, int]], bounds: Sequence[int], unknowns: int
) -> list[Fraction] | None:
    """One solution of as many independent equations as there are, or None.

    Equations that depend on others are left to the check of the whole answer; unknowns
    that depend on others are set to 0.
    """
    import flint

    if not unknowns:
        return []
    flat = [row.get(k, 0) % PRIME for row in rows for k in range(unknowns)]
    columns = _pivots(flint.nmod_mat(len(rows), unknowns, flat, PRIME))
    if not columns:
        return [Fraction(0)] * unknowns
    turned = [row.get(k, 0) % PRIME for k in columns for row in rows]
    chosen = _pivots(flint.nmod_mat(len(columns), len(rows), turned, PRIME))
    if len(chosen) != len(columns):
        return None
    matrix = flint.fmpz_mat(
        len(chosen), len(columns), [rows[i].get(k, 0) for i in chosen for k in columns]
    )
    right = flint.fmpz_mat(len(chosen), 1, [bounds[i] for i in chosen])
    try:
        solved = matrix.solve(right)
    except ZeroDivisionError:
        return None
    found = [Fraction(0)] * unknowns
    for k, column in enumerate(columns):
        value = solved[k, 0]
        found[column] = Fraction(int(value.p), int(value.q))
    return found


def _pivots(matrix: Any) -> list[int]:
    """The first columns that are independent."""
    reduced, rank = matrix.rref()
    found = []
    column = 0
    for row in range(rank):
        while not int(reduced[row, column]):
            column += 1
        found.append(column)
        column += 1
    return found


# --------------------------------------------------------------- simplex in integers
class _Tableau:
    """A dictionary ``d basic = first column - rest . nonbasic`` in whole numbers.

    Every entry is a minor of the programme, and `unit` the common denominator. The last
    row is the cost. Equations are two opposite inequalities. Variables are numbered
    from 0, slacks after them.
    """

    def __init__(self, whole: _Whole, guess: _Suggestion | None) -> None:
        import numpy as np

        self.whole = whole
        split = whole.inequalities
        rows = [*range(len(whole.rows)), *range(split, len(whole.rows))]
        if (len(rows) + 1) * (whole.columns + 1) > MAX_TABLEAU:
            raise SolveFailed(
                f"a linear programme of {len(rows):,} rows and {whole.columns:,} "
                "columns was not solved exactly from floating point and is too large "
                "for the simplex method in whole numbers; its numbers may lie very far "
                "apart"
            )
        self.table = np.zeros((len(rows) + 1, whole.columns + 1), dtype=object)
        for place, i in enumerate(rows):
            sign = 1 if place < len(whole.rows) else -1
            self.table[place, 0] = sign * whole.bounds[i]
            for j, v in whole.rows[i].items():
                self.table[place, j + 1] = sign * v
        for j, v in whole.cost.items():
            self.table[-1, j + 1] = -v
        self.unit = 1
        self.basic = [whole.columns + place for place in range(len(rows))]
        self.nonbasic = list(range(whole.columns))
        if guess is not None:
            self._enter(guess)

    def _pivot(self, row: int, column: int) -> None:
        """Exchange a basic variable for a nonbasic one (column counted from 0)."""
        table = self.table
        pivot = table[row, column + 1]
        kept, entering = table[row].copy(), table[:, column + 1].copy()
        table *= pivot
        for i in entering.nonzero()[0]:
            table[i] -= entering[i] * kept
        table //= self.unit
        table[:, column + 1] = -entering
        table[row] = kept
        table[row, column + 1] = self.unit
        if pivot < 0:
            table *= -1
        self.unit = abs(pivot)
        self.basic[row], self.nonbasic[column] = self.nonbasic[column], self.basic[row]

    def _enter(self, guess: _Suggestion) -> None:
        """Bring the variables that are positive in a suggestion into the basis."""
        tolerance = TOLERANCES[0]
        tight = [
            i
            for i in range(len(self.whole.rows))
            if i >= self.whole.inequalities or abs(guess.slack[i]) <= tolerance
        ]
        tight.sort(key=lambda i: -abs(guess.price[i]))
        for j in sorted(range(self.whole.columns), key=lambda j: -guess.point[j]):
            if guess.point[j] <= tolerance:
                break
            for i in tight:
                if self.basic[i] >= self.whole.columns and self.table[i, j + 1]:
                    self._pivot(i, j)
                    break

    def _feasible(self) -> bool:
        """Go to a feasible basis by the dual method with no cost; Bland's rule."""
        while True:
            rows = [i for i in range(len(self.basic)) if self.table[i, 0] < 0]
            if not rows:
                return True
            row = min(rows, key=self.basic.__getitem__)
            columns = [
                j for j in range(len(self.nonbasic)) if self.table[row, j + 1] < 0
            ]
            if not columns:
                # the row reads: something that is never negative is negative
                return False
            self._pivot(row, min(columns, key=self.nonbasic.__getitem__))

    def optimum(self, programme: Programme) -> Optimum | None:
        """The optimum by the primal method; Bland's rule."""
        if not self._feasible():
            return None
        while True:
            columns = [
                j for j in range(len(self.nonbasic)) if self.table[-1, j + 1] < 0
            ]
            if not columns:
                break
            column = min(columns, key=self.nonbasic.__getitem__)
            rows = [i for i in range(len(self.basic)) if self.table[i, column + 1] > 0]
            if not rows:
                raise SolveFailed(
                    "a linear programme has no greatest value: its cost grows without "
                    "bound"
                )
            row = min(
                rows,
                key=lambda i: (
                    Fraction(self.table[i, 0], self.table[i, column + 1]),
                    self.basic[i],
                ),
            )
            self._pivot(row, column)
        whole = self.whole
        point = [Fraction(0)] * whole.columns
        for i, variable in enumerate(self.basic):
            if variable < whole.columns:
                point[variable] = Fraction(self.table[i, 0], self.unit)
        dual = [Fraction(0)] * len(whole.rows)
        for j, variable in enumerate(self.nonbasic):
            place = variable - whole.columns
            if place >= 0:
                price = Fraction(self.table[-1, j + 1], self.unit)
                i = place if place < len(dual) else place - whole.equations
                sign = 1 if place < len(dual) else -1
                dual[i] += sign * price * whole.scales[i] / whole.cost_scale
        found = _checked(programme, point, dual)
        if found is None:
            raise SolveFailed("a linear programme's optimum failed its exact check")
        return found
