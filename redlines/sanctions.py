"""The referee of graph models: who can move where, who would answer, and with what.

For each improvement of a player, the other's answers are looked at one by one, as the
definitions of the four stabilities say. The same record verifies a claim and tells in
words why it holds.

Nash (R): there is no improvement. General metarational (GMR): each improvement meets an
answer that leaves the mover no better off than at the start. Symmetric metarational
(SMR): nor can the mover get back above the start from there by one more move.
Sequentially stable (SEQ): the answer is also an improvement for who gives it.

Reads: nothing.  Used by: graph_model, stable_states.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redlines.graph_model import GraphModel

__all__ = [
    "STABILITIES",
    "Answered",
    "Checked",
    "as_claimed",
    "equilibrium",
    "examine",
    "explained",
    "stable",
]

STABILITIES = (
    "nash",
    "general metarational",
    "symmetric metarational",
    "sequentially stable",
)


@dataclass(frozen=True)
class Answered:
    """An improvement of a player, and what the other can do about it.

    Attributes
    ----------
    to : str
        The state that the player would rather be in.
    harmful : tuple of str
        Where the other can go from there so that the player is no better off than at
        the start.
    final : tuple of str
        Those of them from which the player cannot move to anything better than the
        start.
    credible : tuple of str
        Those of them that the other likes better than to stay.
    """

    to: str
    harmful: tuple[str, ...]
    final: tuple[str, ...]
    credible: tuple[str, ...]


@dataclass(frozen=True)
class Checked:
    """What the referee of graph models found.

    Attributes
    ----------
    concept : str
        What was claimed.
    holds : bool
        Whether the claim is true.
    failures : tuple of str
        What is not as claimed, in sentences.
    """

    concept: str
    holds: bool
    failures: tuple[str, ...]

    @property
    def regret(self) -> Fraction | None:
        """0 where the claim holds, else None: rankings have no amounts."""
        return Fraction(0) if self.holds else None

    def __bool__(self) -> bool:
        return self.holds

    def __str__(self) -> str:
        if self.holds:
            return f"{self.concept}: verified"
        return "\n  ".join((f"{self.concept}: not so", *self.failures))


def examine(model: GraphModel, state: str, player: str) -> tuple[Answered, ...]:
    """The improvements of a player from a state, with the answers to each."""
    (other,) = (p for p in model.players if p != player)
    own, theirs = model.rank[player], model.rank[other]
    here = own[state]
    found = []
    for better in model.moves[player][state]:
        if own[better] <= here:
            continue
        harmful = [u for u in model.moves[other][better] if own[u] <= here]
        final = [
            u for u in harmful if not any(own[v] > here for v in model.moves[player][u])
        ]
        credible = [u for u in harmful if theirs[u] > theirs[better]]
        found.append(Answered(better, tuple(harmful), tuple(final), tuple(credible)))
    return tuple(found)


def stable(model: GraphModel, state: str, player: str, concept: str) -> tuple[str, ...]:
    """Why a state is not stable for a player, in sentences; empty where it is."""
    words = {
        "nash": ("", "moves from {s} to {t}, which it likes better"),
        "general metarational": (
            "harmful",
            "moves from {s} to {t}, and no answer of the other leaves it no better off",
        ),
        "symmetric metarational": (
            "final",
            "moves from {s} to {t}, and from every answer that harms it gets away",
        ),
        "sequentially stable": (
            "credible",
            "moves from {s} to {t}, and no answer in the other's interest harms it",
        ),
    }
    attribute, sentence = words[concept]
    return tuple(
        f"{player} {sentence.format(s=repr(state), t=repr(row.to))}"
        for row in examine(model, state, player)
        if not attribute or not getattr(row, attribute)
    )


def equilibrium(model: GraphModel, state: str, concept: str) -> Checked:
    """Whether a state is stable for both players."""
    failures = [
        f for player in model.players for f in stable(model, state, player, concept)
    ]
    return Checked(concept, not failures, tuple(failures))


def as_claimed(
    model: GraphModel, state: str, claim: Mapping[str, Collection[str]]
) -> Checked:
    """Whether a state has, for each player, exactly the stabilities claimed."""
    failures = []
    for player in model.players:
        for concept in STABILITIES:
            reasons = stable(model, state, player, concept)
            if (concept in claim[player]) == bool(reasons):
                verb = "is not" if reasons else "is"
                failures.append(f"{state!r} {verb} {concept} for {player}")
    return Checked("stability", not failures, tuple(failures))


def explained(model: GraphModel, state: str, player: str) -> str:
    """Why a state is stable for a player, or not, by each concept, in words."""
    (other,) = (p for p in model.players if p != player)
    rows = examine(model, state, player)
    lines = [f"{player} at {state!r}:"]
    moves = model.moves[player][state]
    if not moves:
        lines.append("  it cannot move away, so the state is stable by every concept")
    elif not rows:
        lines.append(
            f"  it can move to {_listed(moves)} and likes none of it better, so the "
            "state is stable by every concept"
        )
    for row in rows:
        lines.append(f"  it would rather be at {row.to!r}, where it can move")
        if not row.harmful:
            lines.append(f"    {other} has no answer that leaves it no better off")
        for u in row.harmful:
            escape = [
                v
                for v in model.moves[player][u]
                if model.rank[player][v] > model.rank[player][state]
            ]
            will = (
                f"likes that better than {row.to!r}"
                if u in row.credible
                else f"does not like that better than {row.to!r}"
            )
            flight = (
                f"from there {player} gets away to {_listed(escape)}"
                if escape
                else f"from there {player} does not get above {state!r} again"
            )
            lines.append(f"    {other} can answer {u!r} and {will};")
            lines.append(f"      {flight}")
    if rows:
        held = [c for c in STABILITIES if not stable(model, state, player, c)]
        lost = [c for c in STABILITIES if c not in held]
        lines.append(f"  stable: {', '.join(held) or 'by no concept'}")
        lines.append(f"  not stable: {', '.join(lost)}")
    return "\n".join(lines)


def _listed(states: Collection[str]) -> str:
    return ", ".join(map(repr, states))
