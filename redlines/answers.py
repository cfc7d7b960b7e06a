"""What one entry of a solution owes, whatever was solved.

A solver hands over `Part` objects and a solution shows each as an `Answer`, which the
referee has verified. For games as trees these are `redlines.solution.Element` and
`redlines.solution.Equilibrium`; a noun that is no tree brings a pair of its own.

Reads: ranges, problem, referee.  Used by: solution, and the nouns that are no trees.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from html import escape
from typing import TYPE_CHECKING, Any

from redlines.numbers import brief
from redlines.tree import STR_LINES, clip

if TYPE_CHECKING:
    from redlines.solution import Concept

__all__ = ["Answer", "Part", "clip"]


class Part(ABC):
    """One entry of a solution, as a solver describes it.

    Attributes
    ----------
    game : Problem
        What was solved.
    """

    game: Any

    @abstractmethod
    def shown(self, concept: Concept) -> Answer:
        """What a solution lists for the entry."""

    @property
    def family_key(self) -> object:
        """Entries with equal keys make up a family; by default each is its own."""
        return id(self)


class Answer(ABC):
    """One verified entry of a solution, in labels.

    Attributes
    ----------
    concept : Concept
        What is claimed.
    game : Problem
        What was solved.
    """

    # whether it is a strategy for each player of a tree
    in_behaviour = False
    # what the line that names it calls it
    noun = "Answer"

    def __init__(self, element: Any, concept: Concept) -> None:
        self._element = element
        self.concept = concept
        self.game: Any = element.game

    @property
    @abstractmethod
    def certificate(self) -> Any:
        """What the referee found; it has `holds`, `regret` and `failures`."""

    @property
    @abstractmethod
    def payoffs(self) -> dict[str, Any]:
        """What each player gets, in payoff units."""

    @abstractmethod
    def lines(self) -> list[str]:
        """The answer as text, at most 100 characters a line."""

    @property
    def regret(self) -> Any:
        """The most that any player gains by deviating, in payoff units; 0 if exact."""
        return self.certificate.regret

    def __getstate__(self) -> tuple[Any, Concept]:
        return self._element, self.concept

    def __setstate__(self, state: tuple[Any, Concept]) -> None:
        self.__init__(*state)  # type: ignore[misc]

    def __repr__(self) -> str:
        pays = ", ".join(f"{p} {brief(v)}" for p, v in self.payoffs.items())
        return f"<{self.noun} of {self.game.name} ({self.concept.value}): {pays}>"

    def __str__(self) -> str:
        lines = [clip(repr(self)[1:-1]), *self.lines()]
        if len(lines) > STR_LINES:
            more = len(lines) - STR_LINES + 1
            lines = [*lines[: STR_LINES - 1], f"... {more} more lines; see .lines()"]
        return "\n".join(map(clip, lines))

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"
