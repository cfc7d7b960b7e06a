"""What every noun that can be solved is: games as trees, and what no tree holds.

`redlines.solve` takes a `Problem`; which methods there are for it follows from its
class.

Reads: nothing.  Used by: tree, markov games, bargaining problems, solution, solving.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

__all__ = ["Problem", "require"]


class Problem(ABC):
    """Something that `redlines.solve` answers.

    Attributes
    ----------
    name : str
        As texts name it.
    players : tuple of str
        Who decides, in the order of everything that is listed by player.
    """

    name: str
    players: tuple[str, ...]

    @property
    @abstractmethod
    def _size(self) -> int:
        """About how much work it is to verify one answer; for a tree, its nodes."""

    @abstractmethod
    def _require_numbers(self, purpose: str) -> None:
        """Refuse, with UnboundParameter, what still has open parameters."""


def require(problem: object, kind: type[Problem], purpose: str) -> None:
    """Refuse, with TypeError, what is not the noun that a question is about."""
    if not isinstance(problem, kind):
        article = "an" if kind.__name__[0] in "AEIOU" else "a"
        raise TypeError(
            f"{purpose} takes {article} {kind.__name__}, not a {type(problem).__name__}"
        )
