"""Commitments as they are shown: a leader's strategy, and the reply to it.

Reads: referee, obedience, solution.  Used by: solvers.
"""

from __future__ import annotations

from abc import abstractmethod
from fractions import Fraction
from functools import cached_property

from redlines.numbers import brief
from redlines.obedience import Ceiling, commitment
from redlines.referee import Certificate
from redlines.solution import Concept, Element, Equilibrium

__all__ = ["Commitment", "CommitmentElement"]


class CommitmentElement(Element):
    """The optimal commitments with one reply."""

    @property
    @abstractmethod
    def ceiling(self) -> Ceiling:
        """Why no commitment pays the leader more."""

    @property
    @abstractmethod
    def weak_value(self) -> Fraction:
        """What the leader can be sure of where ties go against it."""

    def shown(self, concept: Concept) -> Equilibrium:
        """What a solution lists for the element."""
        return Commitment(self, concept)


class Commitment(Equilibrium):
    """An optimal commitment of the leader, with the follower's best reply.

    It is no equilibrium of the game as it stands: the leader may gain by breaking its
    word. The strategies shown are one of the optimal commitments with this reply of the
    follower; `range` gives the exact ends of a measure over all of them.
    """

    _element: CommitmentElement

    @cached_property
    def certificate(self) -> Certificate:
        """What the referee found: the reply is best, and no commitment pays more."""
        return commitment(self._assessment, self._element.ceiling)

    @property
    def leader(self) -> str:
        """Who commits."""
        return self.game.players[self._element.ceiling.leader]

    @property
    def follower(self) -> str:
        """Who replies."""
        return self.game.players[1 - self._element.ceiling.leader]

    @property
    def value(self) -> Fraction:
        """What the leader gets, ties of the follower broken in its favour."""
        return self.payoffs[self.leader]  # type: ignore[no-any-return]

    @property
    def weak_value(self) -> Fraction:
        """What the leader can be sure of where ties go against it.

        The supremum, over commitments, of the worst that a best reply does to the
        leader; perhaps approached only. It is the infimum of what the leader gets in
        subgame perfect equilibria of the game with a stage of commitment.
        """
        return self._element.weak_value

    def lines(self, off_path: bool = True, beliefs: bool = True) -> list[str]:
        """The strategies as text, with what the leader gets."""
        weak = brief(self.weak_value)
        return [
            f"{self.leader} commits and gets {brief(self.value)}; where ties go "
            f"against it, {weak}",
            *super().lines(off_path, beliefs),
        ]

    def __repr__(self) -> str:
        pays = ", ".join(f"{p} {brief(v)}" for p, v in self.payoffs.items())
        return f"<Commitment of {self.leader} in {self.game.name}: {pays}>"
