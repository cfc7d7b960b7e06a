"""What every solver owes.

A solver is a frozen value whose fields are its options. It says which concept it finds,
which games it refuses and why, and returns what it `Found`; verifying, timing and
packaging belong to `redlines.solving`.

Reads: solution, solvers.queries.  Used by: solvers, solving.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, ClassVar, TypeVar

from redlines.answers import Part
from redlines.errors import OutOfRange
from redlines.problem import Problem
from redlines.solution import Concept, Coverage, Element, Status
from redlines.solvers.queries import Undecided
from redlines.tree import Game

__all__ = [
    "DEFAULT_EFFORT",
    "EverySupport",
    "Found",
    "Solver",
    "gather",
    "is_indifferent",
]

T = TypeVar("T")

# z3 resource units for one query; about a minute of work on a common machine
DEFAULT_EFFORT = 200_000_000


@dataclass(frozen=True)
class Found:
    """What a solver found, before the referee has seen it.

    Attributes
    ----------
    elements : sequence of Part
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
    exact : bool, optional
        Whether the numbers are exact; default what the solver says of itself.
    """

    elements: Sequence[Part]
    status: Status
    complete: bool
    reason: str
    unit: str
    count: int | None
    exact: bool | None = None


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


def is_indifferent(game: Game) -> bool:
    """Whether each player gets the same wherever the story ends.

    Then every profile is an equilibrium, of every concept here.
    """
    payoffs = game._exact_payoffs
    terminals = game._tables.terminals
    return all(payoffs[n] == payoffs[terminals[0]] for n in terminals)


def _group(count: int, place: int) -> tuple[int, ...]:
    """The group of some of `count` actions at a place in lexicographic order."""
    found: list[int] = []
    for action in range(count):
        # groups that go on with this action, the first of them with nothing more
        beginning = 2 ** (count - 1 - action)
        if place >= beginning:
            place -= beginning
            continue
        found.append(action)
        if place == 0:
            break
        place -= 1
    return tuple(found)


class EverySupport(Sequence[Element]):
    """An element for every support profile of a game, in lexicographic order.

    Parameters
    ----------
    game : Game
    make : callable
        The element of a support profile.
    """

    def __init__(
        self, game: Game, make: Callable[[tuple[tuple[int, ...], ...]], Element]
    ) -> None:
        self._make = make
        self._actions = [len(row.actions) for row in game._tables.infosets]
        self.size: int = math.prod(2**count - 1 for count in self._actions)

    def __len__(self) -> int:
        # len() of a Sequence must fit a machine word
        return min(self.size, 2**62)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if not 0 <= index < self.size:
            raise IndexError(index)
        support = []
        for count in reversed(self._actions):
            index, place = divmod(index, 2**count - 1)
            support.append(_group(count, place))
        return self._make(tuple(reversed(support)))

    def found(self, limit: int) -> Found:
        """What a solver says of a game in which nothing is at stake."""
        return Found(
            elements=self,
            status=Status.SOLVED if self.size <= limit else Status.LIMIT,
            complete=True,
            reason="each player gets the same at every end, so every profile is one",
            unit="support profile",
            count=self.size,
        )


def _require_number(
    word: str, given: object, kind: type[Integral] | type[Real], least: int
) -> None:
    """Refuse an option that is no number of its kind, or too small."""
    name = "a whole number" if kind is Integral else "a number"
    if isinstance(given, bool) or not isinstance(given, kind):
        raise TypeError(f"{word}= is {name}, not {given!r}")
    if not given >= least:  # type: ignore[operator]
        raise OutOfRange(f"{word}= is {given!r}; it is {least} or more")


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
    # the noun that the method solves
    takes: ClassVar[type[Problem]] = Game
    # what may be asked of the method
    coverages: ClassVar[frozenset[Coverage]] = frozenset(Coverage)
    # whether what it finds is exact, or in floating point
    exact: ClassVar[bool] = True
    # whether it is used only where it is asked for by name
    named_only: ClassVar[bool] = False

    limit: int = 10_000
    effort: int = DEFAULT_EFFORT
    time_limit: float | None = None

    def __post_init__(self) -> None:
        _require_number("limit", self.limit, Integral, 1)
        _require_number("effort", self.effort, Integral, 0)
        if self.time_limit is not None:
            _require_number("time_limit", self.time_limit, Real, 0)

    @abstractmethod
    def refusal(self, game: Any) -> str | None:
        """Why this method cannot do a game, or None."""

    @abstractmethod
    def find(self, game: Any, coverage: Coverage) -> Found:
        """The elements of a game that this method does not refuse."""
