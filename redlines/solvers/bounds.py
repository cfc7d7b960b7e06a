"""Exact ranges on a support profile by linear optimization over all orders at once.

For profiles whose cells are too many to be written out. The conditions are homogeneous
in each player's coefficients, so the range of a ratio is found by fixing its
denominator to 1. The optimizer reports a supremum with its infinitesimal part, which
says whether it is attained.

Reads: forms, ranges, solvers.stages, solvers.supports.  Used by: solvers.sequential,
solvers.subgame_perfect.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from redlines.forms import SequenceForm
from redlines.ranges import Interval, Range
from redlines.solvers.base import DEFAULT_EFFORT
from redlines.solvers.cells import Support
from redlines.solvers.queries import Undecided
from redlines.solvers.stages import Stages, StageSearch
from redlines.solvers.supports import SupportSearch

__all__ = ["belief_bounds", "stage_bounds", "strategy_bounds"]


class _Bounds:
    """Suprema and infima of linear expressions on one support profile."""

    def __init__(self, search: Any, support: Support) -> None:
        self.search = search
        self.search.require(support)

    def interval(self, expression: Any, unit: Any) -> Interval:
        """The values of `expression` where `unit` is 1."""
        optimizer = self.search.solver
        ends: list[tuple[Fraction, bool]] = []
        for upper in (False, True):
            optimizer.push()
            optimizer.add(unit == 1)
            goal = (
                optimizer.maximize(expression)
                if upper
                else optimizer.minimize(expression)
            )
            if optimizer.check() != self.search.z3.sat:
                raise Undecided("the optimizer did not find the end of a range")
            values = (
                optimizer.upper_values(goal) if upper else optimizer.lower_values(goal)
            )
            infinite, value, slack = (Fraction(str(v)) for v in values)
            if infinite:
                raise Undecided("a probability came out unbounded")
            ends.append((value, not slack))
            optimizer.pop()
        (low, low_closed), (high, high_closed) = ends
        return Interval(low, high, low_closed, high_closed)


def strategy_bounds(
    form: SequenceForm, support: Support
) -> dict[int, dict[int, Range]]:
    """By information set and action, probabilities that are not pinned down."""
    bounds = _Bounds(SupportSearch(form, DEFAULT_EFFORT, optimize=True), support)
    return _of_choices(bounds, form, support, range(len(support)))


def stage_bounds(
    stages: Stages, support: Support, come: Sequence[bool]
) -> dict[int, dict[int, Range]]:
    """The same for subgame perfect equilibria, at the sets that own choices lead to."""
    bounds = _Bounds(StageSearch(stages, DEFAULT_EFFORT, optimize=True), support)
    sets = [h for h, led in enumerate(come) if led]
    return _of_choices(bounds, stages.form, support, sets)


def _of_choices(
    bounds: _Bounds, form: SequenceForm, support: Support, sets: Sequence[int]
) -> dict[int, dict[int, Range]]:
    found: dict[int, dict[int, Range]] = {}
    infosets = form.game._tables.infosets
    for infoset in sets:
        own = form.players[infosets[infoset].player]
        first, on = own.first[infoset], support[infoset]
        C = bounds.search.C[own.player]
        if len(on) > 1:
            unit = C[own.before[infoset]]
            row = {a: Range.union([bounds.interval(C[first + a], unit)]) for a in on}
            if not all(r.is_point for r in row.values()):
                found[infoset] = row
    return found


def belief_bounds(form: SequenceForm, support: Support) -> dict[int, dict[int, Range]]:
    """By information set and position of the node, beliefs that are not pinned down."""
    found: dict[int, dict[int, Range]] = {}
    bounds = _Bounds(SupportSearch(form, DEFAULT_EFFORT, optimize=True), support)
    z3 = bounds.search.z3
    for infoset, row in enumerate(form.game._tables.infosets):
        if len(row.nodes) == 1 or len(form.opposing[infoset]) == 1:
            continue
        shares = bounds.search.least(infoset)
        unit = z3.Sum(shares)
        ranges = {
            k: Range.union([bounds.interval(share, unit)])
            for k, share in enumerate(shares)
        }
        if not all(r.is_point for r in ranges.values()):
            found[infoset] = ranges
    return found
