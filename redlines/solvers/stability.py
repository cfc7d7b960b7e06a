"""The stabilities of every state of a graph model, by sets of states as bits.

For a player and a state s let L be the set of states that are no better for the player
than s. Each stability is a question about L, the player's moves and the other's moves
or improvements; sets are whole numbers read as bits, so one state costs as many
operations as there are moves two steps away.

Reads: graph_model, stable_states, solution, solvers.base.  Used by: solving.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from redlines.graph_model import GraphModel
from redlines.solution import Concept, Coverage, Status
from redlines.solvers.base import Found, Solver
from redlines.stable_states import StablePart

__all__ = [
    "GeneralMetarational",
    "NashStable",
    "SequentiallyStable",
    "Stability",
    "SymmetricMetarational",
]


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


class _Sets:
    """Moves, improvements and what is no better, as bits, by player and state."""

    def __init__(self, model: GraphModel) -> None:
        place = {s: k for k, s in enumerate(model.states)}
        self.reach = [
            [sum(1 << place[t] for t in model.moves[p][s]) for s in model.states]
            for p in model.players
        ]
        self.below: list[list[int]] = []
        for p in model.players:
            rank = model.rank[p]
            at_most = [0] * (max(rank.values()) + 1)
            for s, level in rank.items():
                at_most[level] |= 1 << place[s]
            for level in range(1, len(at_most)):
                at_most[level] |= at_most[level - 1]
            self.below.append([at_most[rank[s]] for s in model.states])
        self.gains = [
            [r & ~b for r, b in zip(reach, below, strict=True)]
            for reach, below in zip(self.reach, self.below, strict=True)
        ]

    def stabilities(self, i: int, s: int) -> tuple[str, ...]:
        """The concepts by which a state is stable for a player."""
        own, reply, credible = self.reach[i], self.reach[1 - i], self.gains[1 - i]
        low = self.below[i][s]
        found = []
        gains = list(_bits(self.gains[i][s]))
        if not gains:
            found.append(Concept.NASH)
        if all(reply[t] & low for t in gains):
            found.append(Concept.GENERAL_METARATIONAL)
        if all(any(not own[u] & ~low for u in _bits(reply[t] & low)) for t in gains):
            found.append(Concept.SYMMETRIC_METARATIONAL)
        if all(credible[t] & low for t in gains):
            found.append(Concept.SEQUENTIALLY_STABLE)
        return tuple(c.value for c in found)


class _Stable(Solver):
    """What the concepts of graph models share."""

    name: ClassVar[str] = "sanctions"
    takes = GraphModel

    def refusal(self, game: Any) -> str | None:
        """Every graph model is taken."""
        return None

    def find(self, game: GraphModel, coverage: Coverage) -> Found:
        """Every state that is stable for both, in the order of the model."""
        sets = _Sets(game)
        wanted = self.concept
        elements: list[StablePart] = []
        for k, state in enumerate(game.states):
            claim = {p: sets.stabilities(i, k) for i, p in enumerate(game.players)}
            if wanted is Concept.STABILITY or all(
                wanted.value in own for own in claim.values()
            ):
                elements.append(StablePart(game, state, claim))
                if coverage is Coverage.ONE:
                    return Found(
                        elements,
                        Status.SOLVED,
                        False,
                        "one was asked for",
                        "state",
                        None,
                    )
        past = len(elements) > self.limit
        return Found(
            elements=elements,
            status=Status.LIMIT if past else Status.SOLVED,
            complete=True,
            reason="every state was examined",
            unit="state" if wanted is Concept.STABILITY else "equilibrium",
            count=len(elements),
        )


class NashStable(_Stable):
    """States from which neither player has an improvement.

    References
    ----------
    [fang1993]_.
    """

    concept: ClassVar[Concept] = Concept.NASH


class GeneralMetarational(_Stable):
    """States at which every improvement can be sanctioned.

    References
    ----------
    [howard1971]_.
    """

    concept: ClassVar[Concept] = Concept.GENERAL_METARATIONAL


class SymmetricMetarational(_Stable):
    """States at which every improvement can be sanctioned without a way out.

    References
    ----------
    [howard1971]_.
    """

    concept: ClassVar[Concept] = Concept.SYMMETRIC_METARATIONAL


class SequentiallyStable(_Stable):
    """States at which every improvement meets a sanction that its giver likes.

    References
    ----------
    [fraser1984]_.
    """

    concept: ClassVar[Concept] = Concept.SEQUENTIALLY_STABLE


class Stability(_Stable):
    """All states, each with the concepts by which it is stable, and for whom."""

    concept: ClassVar[Concept] = Concept.STABILITY
