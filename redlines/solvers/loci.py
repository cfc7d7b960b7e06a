"""Against which strategies of the other a player's actions are best: points, or a set.

The strategies of one player, with a given support, against which given actions of the
other are all best at every point, are the roots of polynomials in a product of
simplices where further polynomials are not positive. Here these are found as points,
or as a set that is described by its conditions, with one strategy in it.

Reads: ranges, solvers.gains, solvers.roots, solvers.queries.
Used by: solvers.markov_perfect.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from redlines.algebraic import Algebraic
from redlines.fields import FieldNumber, plain
from redlines.ranges import Interval, Range
from redlines.solvers.gains import Gains, Support
from redlines.solvers.queries import Query
from redlines.solvers.roots import Singular, isolated, of_one_sign, univariate

__all__ = ["Budget", "Locus", "Plan", "locus", "may_be"]

Plan = tuple[tuple[Any, ...], ...]
"""By point, the probability of each action."""


@dataclass(frozen=True)
class Budget:
    """How much may be spent on one question, and until when in all."""

    effort: int
    until: float | None


@dataclass(frozen=True)
class Locus:
    """Strategies of one player.

    Attributes
    ----------
    plans : list of Plan
        All of them; or one of them, if there is a set.
    conditions : tuple of (polynomial, str), or None
        What says which strategies there are, if there may be more than those listed:
        polynomials that are ``"=="`` or ``"<="`` 0.
    names : tuple of (int, int)
        The point and the action of each variable in the conditions.
    interval : Range or None
        What the probability of the first variable can be, where it is the only free
        one.
    """

    plans: list[Plan]
    conditions: tuple[tuple[Any, str], ...] | None = None
    names: tuple[tuple[int, int], ...] = ()
    interval: Range | None = None


Conditions = tuple[list[int], list[Any], list[Any]]


def _conditions(gains: Gains, own: Support, support: Support) -> Conditions | None:
    """Where the other mixes, what must vanish, what must not be positive; or None."""
    base = tuple(actions[0] for actions in own)
    mixing, table = gains.of(base, support)
    zeros: list[Any] = []
    below: list[Any] = []
    for (m, a), polynomial in table.items():
        tied = a in own[m]
        if isinstance(polynomial, Fraction):
            if polynomial > 0 or (tied and polynomial < 0):
                return None
            continue
        if not polynomial:
            continue
        sign = of_one_sign(polynomial)
        if sign > 0 or (tied and sign):
            return None
        if tied:
            zeros.append(polynomial)
        elif not sign:
            below.append(polynomial)
    return mixing, zeros, below


def may_be(gains: Gains, own: Support, support: Support) -> int | None:
    """How many conditions there are beyond unknowns; None if they cannot hold.

    The sign of every coefficient is all that is looked at.
    """
    conditions = _conditions(gains, own, support)
    if conditions is None:
        return None
    mixing, zeros, _ = conditions
    return len(zeros) - sum(len(support[m]) - 1 for m in mixing)


def locus(gains: Gains, own: Support, support: Support, budget: Budget) -> Locus | None:
    """The other's strategies with a support against which actions are all best.

    Parameters
    ----------
    gains : Gains
        Of the player whose actions they are.
    own : tuple of tuple of int
        Its actions at each point.
    support : tuple of tuple of int
        The other's.
    budget : Budget

    Returns
    -------
    Locus or None
        None if there is none, which is proved.

    Raises
    ------
    Undecided
        If the work or the time ran out.
    """
    conditions = _conditions(gains, own, support)
    if conditions is None:
        return None
    mixing, zeros, below = conditions
    sizes = gains.others

    def plan(values: Sequence[Any]) -> Plan:
        left = list(values)
        rows = []
        for m, actions in enumerate(support):
            row = [Fraction(0)] * sizes[m]
            for b in actions:
                row[b] = left.pop(0) if len(actions) > 1 else Fraction(1)
            rows.append(tuple(row))
        return tuple(rows)

    if not mixing:
        return Locus([plan([])])
    simple = _simplified(zeros)
    if simple is None:
        return None
    groups, k = [], 0
    for m in mixing:
        groups.append(tuple(range(k, k + len(support[m]))))
        k += len(support[m])
    unknowns = sum(len(group) - 1 for group in groups)
    names = tuple((m, b) for m in mixing for b in support[m])
    points: list[list[Any]] | None = None
    if simple and unknowns == 1:
        points = [[t, 1 - t] for t in univariate(simple)]
    elif len(simple) >= unknowns:
        try:
            points = isolated(groups, simple, below, budget.until)
        except Singular:
            points = None
    if points is not None:
        inside = [p for p in points if all(_at(g, p) <= 0 for g in below)]
        return Locus([plan(p) for p in inside]) if inside else None
    return _set(groups, simple, below, names, plan, budget)


def _set(
    groups: Sequence[Sequence[int]],
    zeros: list[Any],
    below: list[Any],
    names: tuple[tuple[int, int], ...],
    plan: Any,
    budget: Budget,
) -> Locus | None:
    """A set of strategies by its conditions, or None if it is empty."""
    below = [_reduced(p) for p in below]
    conditions = tuple([(p, "==") for p in zeros] + [(p, "<=") for p in below])
    if not zeros and len(groups) == 1 and len(groups[0]) == 2:
        whole = _intervals(below)
        if whole is None:
            return None
        if all(i.low == i.high for i in whole.intervals):
            return Locus([plan([i.low, 1 - i.low]) for i in whole.intervals])
        widest = max(whole.intervals, key=lambda i: float(i.high) - float(i.low))
        middle = (widest.low + widest.high) / 2
        return Locus([plan([middle, 1 - middle])], conditions, names, whole)
    even = [Fraction(1, len(group)) for group in groups for _ in group]
    if not zeros and all(_at(g, even) <= 0 for g in below):
        return Locus([plan(even)], conditions, names)
    point = _model(groups, zeros, below, budget)
    return None if point is None else Locus([plan(point)], conditions, names)


def _simplified(zeros: Iterable[Any]) -> list[Any] | None:
    """Equations without multiple factors, and factors that vanish nowhere inside.

    None if one of them has no root inside.
    """
    found: dict[str, Any] = {}
    for polynomial in zeros:
        left = None
        for factor, _ in _factors(polynomial)[1]:
            if not of_one_sign(factor):
                left = factor if left is None else left * factor
        if left is None:
            return None
        if left.coeffs()[0] < 0:
            left = -left
        found[str(left)] = left
    return list(found.values())


def _factors(polynomial: Any) -> tuple[Any, list[tuple[Any, int]]]:
    """The content and the irreducible factors of a polynomial, with their powers."""
    try:
        content, factors = polynomial.factor()
    except OverflowError:
        # flint sorts the factors, and cannot where coefficients are very large
        return 1, [(polynomial, 1)]
    return content, list(factors)


def _reduced(polynomial: Any) -> Any:
    """A polynomial of the same sign inside, without factors of one sign there."""
    content, factors = _factors(polynomial)
    left = polynomial.context().constant(1 if content > 0 else -1)
    for factor, power in factors:
        sign = of_one_sign(factor)
        if sign:
            left = left * (sign if power % 2 else 1)
        else:
            left = left * factor ** (2 - power % 2)
    return left


def _at(polynomial: Any, point: Sequence[Any]) -> Any:
    total: Any = Fraction(0)
    for powers, c in polynomial.to_dict().items():
        product: Any = Fraction(int(c))
        for value, power in zip(point, powers, strict=True):
            for _ in range(int(power)):
                product = product * value
        total = total + product
    return total


def _intervals(below: list[Any]) -> Range | None:
    """Where polynomials in t and 1 - t are not positive, 0 < t < 1."""
    ends: list[Fraction | Algebraic] = [Fraction(0), Fraction(1)]
    for polynomial in below:
        ends += [_shown(t) for t in univariate([polynomial])]
    ends = sorted(set(ends))
    fits = []
    for low, high in itertools.pairwise(ends):
        middle = _between(low, high)
        fits.append(all(_at(g, [middle, 1 - middle]) <= 0 for g in below))
    found: list[Interval] = []
    for k, fit in enumerate(fits):
        closed = ends[k + 1] != 1
        if fit and k and fits[k - 1]:
            found[-1] = replace(found[-1], high=ends[k + 1], high_closed=closed)
        elif fit:
            found.append(Interval(ends[k], ends[k + 1], k > 0, closed))
    for k in range(1, len(ends) - 1):
        alone = not fits[k - 1] and not fits[k]
        if alone and all(_at(g, [ends[k], 1 - ends[k]]) <= 0 for g in below):
            found.append(Interval(ends[k], ends[k]))
    return Range.union(found) if found else None


def _shown(number: Any) -> Any:
    return plain(number) if isinstance(number, FieldNumber) else number


def _between(low: Any, high: Any) -> Fraction:
    """A rational number between two others."""
    if isinstance(low, Fraction) and isinstance(high, Fraction):
        return (low + high) / 2
    digits = 8
    while True:
        right = low.bracket(digits)[1] if isinstance(low, Algebraic) else low
        left = high.bracket(digits)[0] if isinstance(high, Algebraic) else high
        if right < left:
            return (right + left) / 2
        digits *= 2


def _model(
    groups: Sequence[Sequence[int]], zeros: list[Any], below: list[Any], budget: Budget
) -> list[Any] | None:
    """One point of a set, from z3; None if there is none."""
    left = None if budget.until is None else max(0.1, budget.until - time.monotonic())
    query = Query("QF_NRA", budget.effort, left)
    z3 = query.z3
    symbols = [z3.Real(f"x{v}", query.context) for g in groups for v in g]
    for group in groups:
        rest = 1 - sum(symbols[v] for v in group[:-1])
        query.solver.add(*(symbols[v] > 0 for v in group[:-1]), rest > 0)
    put = list(symbols)
    for group in groups:
        put[group[-1]] = 1 - sum(symbols[v] for v in group[:-1])

    def term(polynomial: Any) -> Any:
        total = query.real(0)
        for powers, c in polynomial.to_dict().items():
            product = query.real(int(c))
            for value, power in zip(put, powers, strict=True):
                for _ in range(int(power)):
                    product = product * value
            total = total + product
        return total

    query.solver.add(*(term(p) == 0 for p in zeros), *(term(p) <= 0 for p in below))
    model = query.model()
    if model is None:
        return None
    values: dict[int, Any] = {}
    for group in groups:
        for v in group[:-1]:
            value = model.eval(symbols[v], model_completion=True)
            values[v] = Algebraic.from_z3(value)
        values[group[-1]] = 1 - sum((values[v] for v in group[:-1]), Fraction(0))
    return [values[v] for v in sorted(values)]
