"""States as a solution lists them: by which concepts they are stable, and for whom.

Reads: answers, graph_model, sanctions.  Used by: solvers.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from redlines.answers import Answer, Part, clip
from redlines.graph_model import GraphModel
from redlines.sanctions import STABILITIES, Checked, as_claimed, equilibrium

if TYPE_CHECKING:
    from redlines.solution import Concept

__all__ = ["StablePart", "StableState"]


class StablePart(Part):
    """A state with what a solver claims of it.

    Parameters
    ----------
    game : GraphModel
    state : str
    claim : mapping
        By player, the stabilities that the state has.
    """

    def __init__(
        self, game: GraphModel, state: str, claim: Mapping[str, tuple[str, ...]]
    ) -> None:
        self.game = game
        self.state = state
        self.claim = dict(claim)

    def shown(self, concept: Concept) -> StableState:
        """What a solution lists for the state."""
        return StableState(self, concept)


class StableState(Answer):
    """A state of a graph model, with its stabilities, verified.

    Listed under one stability concept it is an equilibrium: stable for both players.
    Listed under ``"stability"`` it may be stable for one player, or for none.
    """

    noun = "State"
    _element: StablePart
    game: GraphModel

    @property
    def state(self) -> str:
        """The name of the state."""
        return self._element.state

    @property
    def stable(self) -> dict[str, tuple[str, ...]]:
        """By player, the concepts by which the state is stable for that player."""
        return dict(self._element.claim)

    @property
    def equilibrium(self) -> tuple[str, ...]:
        """The concepts by which the state is stable for both players."""
        return tuple(
            c for c in STABILITIES if all(c in own for own in self.stable.values())
        )

    @cached_property
    def certificate(self) -> Checked:
        """What the referee found, from the definitions, move by move."""
        model, state = self.game, self.state
        found = as_claimed(model, state, self._element.claim)
        if found.holds and self.concept.value in STABILITIES:
            return equilibrium(model, state, self.concept.value)
        return found

    @property
    def payoffs(self) -> dict[str, int]:
        """Each player's rank of the state, 1 for the worst; only the order counts."""
        return {p: self.game.rank[p][self.state] for p in self.game.players}

    def why(self, player: str) -> str:
        """Why it is stable for a player, or not; see `GraphModel.why`."""
        return self.game.why(self.state, player)

    def lines(self) -> list[str]:
        """By player, the stabilities as text."""
        both = self.equilibrium
        lines = [f"  {self.state!r}: {_short(both, 'equilibrium', 'no equilibrium')}"]
        for player, own in self.stable.items():
            if own != both:
                lines.append(f"    for {player} {_short(own, 'stable', 'not stable')}")
        return [clip(line) for line in lines]

    def __repr__(self) -> str:
        words = _short(self.equilibrium, "equilibrium", "no equilibrium")
        return f"<State {self.state!r} of {self.game.name}: {words}>"


def _short(concepts: tuple[str, ...], some: str, none: str) -> str:
    """The concepts as they are abbreviated."""
    letters = dict(zip(STABILITIES, ("Nash", "GMR", "SMR", "SEQ"), strict=True))
    if not concepts:
        return none
    return f"{some} ({', '.join(letters[c] for c in concepts)})"
