"""Two-level games: the proposer's best point of all win sets, exact.

Reads: bargains.two_level, solution, solvers.base.  Used by: solving.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from redlines.bargains.two_level import Ratified, TwoLevelGame
from redlines.problem import Problem
from redlines.solution import Concept, Coverage, Status
from redlines.solvers.base import Found, Solver

__all__ = ["WinSets"]


@dataclass(frozen=True)
class WinSets(Solver):
    """The outcome of a two-level game in which everybody accepts if indifferent.

    References
    ----------
    [putnam1988]_; [romer1978]_.
    """

    concept: ClassVar[Concept] = Concept.SUBGAME_PERFECT
    name: ClassVar[str] = "win sets"
    takes: ClassVar[type[Problem]] = TwoLevelGame

    def refusal(self, game: TwoLevelGame) -> str | None:
        """None."""
        return None

    def find(self, game: TwoLevelGame, coverage: Coverage) -> Found:
        """The outcome; there is one."""
        accepted = game.win_set()
        wanted: Any = next(iter(game.ideals[game.proposer].values()))
        proposal = max(accepted.low, min(wanted, accepted.high))
        return Found(
            [Ratified(game, proposal)],
            Status.SOLVED,
            True,
            "the proposer likes one point of what everybody accepts best",
            "outcome",
            1,
        )
