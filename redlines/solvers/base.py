"""What every solver owes.

A solver is a frozen value whose fields are its options. It says which concept it finds,
which games it refuses and why, and returns what it `Found`; verifying, timing and
packaging belong to `redlines.solving`.

Reads: solution, solvers.queries.  Used by: solvers, solving.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from redlines.solution import Concept, Coverage, Element, Status
from redlines.solvers.queries import Undecided
from redlines.tree import Game

__all__ = ["DEFAULT_EFFORT", "Found", "Solver", "gather"]

T = TypeVar("T")

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


def gather(
    items: Iterator[T], coverage: Coverage, limit: int, proof: str
) -> tuple[list[T], Status, bool, str]:
    """Go through a search until it ends, is cut off, or has what was asked for.

    Parameters
    ----------
    items : iterator
        The search; it raises `Undecided` where it gives up.
    coverage : Coverage
        Whether to stop at the first.
    limit : int
        How many to take.
    proof : str
        Why the list is complete if the search ends by itself.

    Returns
    -------
    tuple
        What was found, the status, whether it is complete, and why.
    """
    found: list[T] = []
    try:
        for item in items:
            if len(found) == limit:
                reason = f"there are more than limit={limit:,}"
                return found, Status.LIMIT, False, reason
            found.append(item)
            if coverage is Coverage.ONE:
                return found, Status.SOLVED, False, "one was asked for"
    except Undecided as stopped:
        status = Status.LIMIT if found else Status.NOT_FOUND
        return found, status, False, str(stopped)
    return found, Status.SOLVED, True, proof


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
