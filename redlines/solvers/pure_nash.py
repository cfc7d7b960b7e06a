"""Nash equilibria in pure strategies, by going through all pairs of reduced strategies.

A reduced strategy says what a player does at the information sets that its own earlier
choices leave possible; nothing is claimed at the others. Payoffs of pairs come from the
sequence form, in exact integers.

Reads: forms, profile, ranges, solution, solvers.base.  Used by: solving.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from redlines.forms import ReducedForm
from redlines.profile import Assessment
from redlines.ranges import Interval, Range
from redlines.solution import Concept, Coverage, Element, Status
from redlines.solvers.base import Found, Solver
from redlines.tree import Game

__all__ = ["PureNash", "PureProfile"]

MAX_PAIRS = 1_000_000


class PureProfile(Element):
    """One pair of reduced strategies.

    Parameters
    ----------
    game : Game
    choices : dict of int to int
        At the information sets that the plans leave possible, the action.
    """

    def __init__(self, game: Game, choices: dict[int, int]) -> None:
        self.game = game
        self.choices = choices

    @property
    def support(self) -> tuple[tuple[int, ...], ...]:
        """The action taken; every action where nothing is claimed."""
        return tuple(
            (self.choices[h],) if h in self.choices else tuple(range(len(row.actions)))
            for h, row in enumerate(self.game._tables.infosets)
        )

    def assessment(self) -> Assessment:
        """The profile, evenly mixed where nothing is claimed; no beliefs."""
        strategy = [
            tuple(
                Fraction(int(a in on), len(on))
                for a in range(len(self.game._tables.infosets[h].actions))
            )
            for h, on in enumerate(self.support)
        ]
        return Assessment(self.game, strategy, [None] * len(strategy))

    def strategy_ranges(self) -> dict[int, dict[int, Range]]:
        """Anything at sets that the owner's own plan excludes."""
        whole = Range((Interval(Fraction(0), Fraction(1)),))
        return {
            h: dict.fromkeys(on, whole)
            for h, on in enumerate(self.support)
            if h not in self.choices and len(on) > 1
        }

    def contains(self, assessment: Assessment, with_beliefs: bool) -> bool:
        """Whether a profile does the same where something is claimed."""
        return all(assessment.strategy[h][a] == 1 for h, a in self.choices.items())


@dataclass(frozen=True)
class PureNash(Solver):
    """All Nash equilibria in pure reduced strategies; mixed ones are not searched."""

    concept: ClassVar[Concept] = Concept.NASH
    name: ClassVar[str] = "pure strategies"

    def refusal(self, game: Game) -> str | None:
        """Games with more than a million pairs of reduced strategies are refused."""
        pairs = math.prod(ReducedForm.sizes(game))
        if pairs > MAX_PAIRS:
            return (
                f"it has {pairs:,} pairs of pure strategies; at most {MAX_PAIRS:,} are "
                "gone through"
            )
        return None

    def find(self, game: Game, coverage: Coverage) -> Found:
        """The pairs, in the order of the first player's and second player's actions."""
        reduced = ReducedForm.of(game)
        payoffs = reduced.payoffs
        best_rows = [max(column) for column in zip(*payoffs[0], strict=True)]
        best_columns = [max(row) for row in payoffs[1]]
        elements: list[PureProfile] = []
        for r, row in enumerate(payoffs[0]):
            for c, value in enumerate(row):
                if value == best_rows[c] and payoffs[1][r][c] == best_columns[r]:
                    choices = reduced.choices(0, r) | reduced.choices(1, c)
                    elements.append(PureProfile(game, choices))
        status = Status.SOLVED if elements else Status.NOT_FOUND
        reason = (
            f"every pair of pure strategies was tried, and {len(elements):,} are "
            "equilibria; others in mixed strategies may exist, "
            "and coverage='one' finds one"
        )
        if coverage is Coverage.ONE:
            del elements[1:]
        elif len(elements) > self.limit:
            status = Status.LIMIT
            reason += f"; limit={self.limit:,} are listed"
        return Found(
            elements=elements,
            status=status,
            complete=False,
            reason=reason,
            unit="pure profile",
            count=None,
        )
