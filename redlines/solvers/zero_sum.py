"""One equilibrium of a constant-sum game, by one linear programme.

The sequence form (Koller, Megiddo and von Stengel 1996; von Stengel 1996): the first
player's realization plan x and, for each information set h of the second player, what
the second player lets the first have from there on. With payoffs shifted to be positive
these values are not negative. The prices of the rows, one for each sequence of the
second player, are the second player's realization plan, so one programme gives both,
and its matrix is as sparse as the tree.

Payoffs need not sum to a constant as they stand: it is enough that the second player's
are a positive affine function of minus the first's, which changes no best reply.

Reads: bimatrix, forms, profile, solution, solvers.  Used by: solving.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from redlines.bimatrix import Bimatrix
from redlines.forms import PlayerForm, sequence_form
from redlines.profile import Assessment
from redlines.ranges import Interval, Range
from redlines.solution import Concept, Coverage, Element, Status
from redlines.solvers.base import Found, Solver
from redlines.solvers.linear_programmes import Constraint, Programme, maximize
from redlines.tree import Game

__all__ = ["OptimalStrategies", "ZeroSum"]


class OptimalStrategies(Element):
    """A pair of optimal strategies.

    Parameters
    ----------
    game : Game
    choices : dict of int to tuple of Fraction
        At the information sets that own play comes to.
    """

    def __init__(self, game: Game, choices: dict[int, tuple[Fraction, ...]]) -> None:
        self.game = game
        self.choices = choices

    @property
    def support(self) -> tuple[tuple[int, ...], ...]:
        """What is done; every action where own play never comes."""
        return tuple(
            tuple(a for a, share in enumerate(self.choices[h]) if share)
            if h in self.choices
            else tuple(range(len(row.actions)))
            for h, row in enumerate(self.game._tables.infosets)
        )

    def assessment(self) -> Assessment:
        """The profile, evenly mixed where own play never comes; no beliefs."""
        rows = self.game._tables.infosets
        strategy = [
            self.choices.get(h, (Fraction(1, len(row.actions)),) * len(row.actions))
            for h, row in enumerate(rows)
        ]
        return Assessment(self.game, strategy, [None] * len(rows))

    def strategy_ranges(self) -> dict[int, dict[int, Range]]:
        """Anything at sets that the owner's own play excludes."""
        whole = Range((Interval(Fraction(0), Fraction(1)),))
        return {
            h: dict.fromkeys(range(len(row.actions)), whole)
            for h, row in enumerate(self.game._tables.infosets)
            if h not in self.choices and len(row.actions) > 1
        }

    def contains(self, assessment: Assessment, with_beliefs: bool) -> bool:
        """Whether a profile does the same where own play comes."""
        return all(
            tuple(assessment.strategy[h]) == row for h, row in self.choices.items()
        )


def rate_of_exchange(game: Game) -> Fraction | None:
    """What the second player loses for each unit of the first's, or None.

    Positive and the same between any two ends of the story, if there is one.
    """
    if game._tables.bimatrix is not None:
        return _rate_of_matrices(game._tables.bimatrix)
    payoffs = game._exact_payoffs
    ends = iter(game._tables.terminals)
    one, other = payoffs[next(ends)]
    rate: Fraction | None = None
    for node in ends:
        first, second = payoffs[node]
        if first == one:
            if second != other:
                return None
            continue
        here = (other - second) / (first - one)
        if here <= 0 or (rate is not None and here != rate):
            return None
        rate = here
    return Fraction(1) if rate is None else rate


def _rate_of_matrices(matrix: Bimatrix) -> Fraction | None:
    """`rate_of_exchange` of two matrices, which need no tree for it."""
    if _is_plainly_no_exchange(*matrix.floats):
        return None
    (one, below), (other, below_other) = matrix.whole
    a, b = one[0][0], other[0][0]
    pairs = [
        (v - a, b - w)
        for row, against in zip(one, other, strict=True)
        for v, w in zip(row, against, strict=True)
    ]
    gain, loss = next((pair for pair in pairs if pair[0]), (0, 0))
    if not gain:
        return None if any(lost for _, lost in pairs) else Fraction(1)
    rate = Fraction(loss * below, gain * below_other)
    if rate <= 0 or any(won * loss != lost * gain for won, lost in pairs):
        return None
    return rate


def _is_plainly_no_exchange(one: Any, other: Any) -> bool:
    """Whether floating point leaves no doubt that there is no rate of exchange."""
    with np.errstate(all="ignore"):
        gains, losses = one - one[0, 0], other[0, 0] - other
        largest = np.unravel_index(np.argmax(np.abs(gains)), gains.shape)
        rate = losses[largest] / gains[largest]
        size = np.abs(other).max() + abs(rate) * np.abs(one).max()
        return bool((np.abs(losses - rate * gains) > 1e-12 * size).any())


def _optimal_mixtures(matrix: Bimatrix) -> dict[int, tuple[Fraction, ...]]:
    """Optimal mixtures of both players of a matrix game, at sets 0 and 1."""
    whole, below = matrix.whole[0]
    # every payoff at least 1, so that the value is positive
    least = min(map(min, whole)) - below
    m = len(whole)
    rows = [
        {m: Fraction(1)} | {i: Fraction(least - v, below) for i, v in enumerate(column)}
        for column in zip(*whole, strict=True)
    ]
    found = maximize(
        Programme(
            m + 1,
            {m: 1},
            [Constraint(row) for row in rows],
            [Constraint(dict.fromkeys(range(m), 1), 1)],
        )
    )
    assert found is not None
    prices = found.prices[: len(rows)]
    total = sum(prices, Fraction(0))
    return {0: tuple(found.point[:m]), 1: tuple(price / total for price in prices)}


def _behaviour(
    own: PlayerForm, plan: Sequence[Fraction]
) -> dict[int, tuple[Fraction, ...]]:
    """What a realization plan does at the sets that it comes to."""
    found: dict[int, tuple[Fraction, ...]] = {}
    come = {0}
    for h in own.infosets:
        if own.before[h] not in come:
            continue
        first = own.first[h]
        shares = plan[first : first + _actions(own, h)]
        total = sum(shares, Fraction(0))
        if total:
            found[h] = tuple(share / total for share in shares)
            come.update(first + a for a, share in enumerate(shares) if share)
    return found


@dataclass(frozen=True)
class ZeroSum(Solver):
    """One Nash equilibrium of a constant-sum game; its payoffs are those of all.

    References
    ----------
    [koller1996]_, [vonstengel1996]_.
    """

    concept: ClassVar[Concept] = Concept.NASH
    name: ClassVar[str] = "linear programming"
    coverages: ClassVar[frozenset[Coverage]] = frozenset({Coverage.ONE})

    def refusal(self, game: Game) -> str | None:
        """Games that are not constant-sum, even after a change of units."""
        if rate_of_exchange(game) is None:
            one, other = game.players
            return (
                f"it is not constant-sum: what {one} gains is not everywhere what "
                f"{other} loses, in whatever units"
            )
        return None

    def find(self, game: Game, coverage: Coverage) -> Found:
        """One pair of optimal strategies."""
        matrix = game._tables.bimatrix
        choices = _optimal(game) if matrix is None else _optimal_mixtures(matrix)
        return Found(
            elements=[OptimalStrategies(game, choices)],
            status=Status.SOLVED,
            complete=False,
            reason="one was looked for; in a constant-sum game all pay the same",
            unit="optimal pair",
            count=None,
        )


def _optimal(game: Game) -> dict[int, tuple[Fraction, ...]]:
    """Optimal strategies of a tree, by its sequence form."""
    form = sequence_form(game)
    one, other = form.players
    paid = game._exact_payoffs
    # every payoff at least 1, so that values are positive wherever play can come
    shift = 1 - min(paid[n][0] for n in game._tables.terminals)
    columns = len(one)
    value = {h: columns + 1 + k for k, h in enumerate(other.infosets)}
    rows: list[dict[int, Fraction | int]] = [{} for _ in range(len(other))]
    rows[0][columns] = 1
    for r, row in enumerate(rows):
        if r:
            row[value[other.infoset[r]]] = 1
        for h in other.after[r]:
            row[value[h]] = -1
    for (q, r), total in form.bilinear(lambda n: paid[n][0] + shift).items():
        rows[r][q] = -total
    equal = [Constraint({0: 1}, 1)]
    for h in one.infosets:
        first = one.first[h]
        flow = dict.fromkeys(range(first, first + _actions(one, h)), 1)
        equal.append(Constraint({**flow, one.before[h]: -1}))
    found = maximize(
        Programme(
            columns + 1 + len(value),
            {columns: 1},
            [Constraint(row) for row in rows],
            equal,
        )
    )
    assert found is not None
    return {
        **_behaviour(one, found.point[: len(one)]),
        **_behaviour(other, found.prices[: len(other)]),
    }


def _actions(own: PlayerForm, infoset: int) -> int:
    """How many actions an information set has."""
    first = own.first[infoset]
    count = 1
    while first + count < len(own) and own.infoset[first + count] == infoset:
        count += 1
    return count
