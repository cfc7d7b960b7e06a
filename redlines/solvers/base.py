"""What every solver owes.

A solver is a frozen value whose fields are its options. It says which concept it finds,
which games it refuses and why, and returns what it `Found`; verifying, timing and
packaging belong to `redlines.solving`.

Reads: solution.  Used by: solvers, solving.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from redlines.solution import Concept, Coverage, Element, Status
from redlines.tree import Game

__all__ = ["DEFAULT_EFFORT", "Found", "Solver"]

# z3 resource units for one query; about half a minute of work on a common machine
DEFAULT_EFFORT = 100_000_000


@dataclass(frozen=True)
class Found:
    """What a solver found, before the referee has seen it.

    Attributes
    ----------
    elements : sequence of Element
        In the solver's stated order; may be lazy.
    status : Status
        How the search ended.
    complete : bool
        Whether it is proved that nothing else exists.
    reason : str
        Why, in a sentence.
    unit : str
        What one element is.
    count : int or None
        How many elements exist, where that is known.
    """

    elements: Sequence[Element]
    status: Status
    complete: bool
    reason: str
    unit: str
    count: int | None


@dataclass(frozen=True)
class Solver(ABC):
    """A method that finds equilibria of one concept.

    Parameters
    ----------
    limit : int
        The number of elements past which no more are listed.
    effort : int
        How much work one query may do, in z3's resource units; deterministic.
    time_limit : float, optional
        Seconds after which the search is given up; default no limit.
    """

    concept: ClassVar[Concept]
    name: ClassVar[str]

    limit: int = 10_000
    effort: int = DEFAULT_EFFORT
    time_limit: float | None = None

    @abstractmethod
    def refusal(self, game: Game) -> str | None:
        """Why this method cannot do a game, or None."""

    @abstractmethod
    def find(self, game: Game, coverage: Coverage) -> Found:
        """The elements of a game that this method does not refuse."""
