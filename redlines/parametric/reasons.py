"""Why a path or a profile fails a criterion, in a sentence.

Reads: criteria, deviations, signalling.  Used by: refining, parametric.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from redlines.numbers import brief
from redlines.parametric.criteria import Ruling
from redlines.parametric.deviations import Deviations, Generators, allows
from redlines.parametric.region import All, Formula

__all__ = ["Fault", "fault"]


@dataclass(frozen=True)
class Fault:
    """By which message a criterion removes something, who gains, and why.

    Attributes
    ----------
    message : str
    player : int
        Who gains: the sender by the message, or the receiver by another reply to it.
    infosets : tuple of int
        Where: the types that gain whatever is replied, or the receiver's sets.
    reason : str
    """

    message: str
    player: int
    infosets: tuple[int, ...]
    reason: str


def listed(words: Sequence[str], joint: str = "and") -> str:
    """Words with commas and one conjunction."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"


def fault(
    name: str, asked: Deviations, ruling: Ruling, support: Sequence[Sequence[int]]
) -> Fault:
    """The fault that a ruling finds in a profile; see `criteria`.

    Parameters
    ----------
    name : str
        Of the criterion.
    asked : Deviations
    ruling : Ruling
        Under which nothing is left of the profile.
    support : tuple of tuple of int
        The profile's.
    """
    message = asked.message
    word = repr(message.name)
    gains = ruling.gains
    beliefs = ruling.beliefs
    if beliefs is not None:
        gains = tuple(
            t
            for t in asked.types
            if not _can(asked, ruling, asked.exists(beliefs, [(t, "<=")]))
        )
    start = f"after {word}, which no type sends, {_believed(name, asked, ruling)}"
    if gains:
        return Fault(
            message.name,
            asked.game.sender,
            gains,
            f"{start}; {_gain(asked, ruling, gains)}",
        )
    if beliefs is None or not _can(
        asked, ruling, asked.exists(beliefs, [(t, "<=") for t in asked.types])
    ):
        return Fault(
            message.name,
            asked.game.sender,
            (),
            f"{start}; whatever is then a best reply, some type gains by {word}",
        )
    return Fault(
        message.name,
        asked.game.receiver,
        tuple(message.receivers),
        f"{start}; {_reply(asked, beliefs, support)}",
    )


def _can(asked: Deviations, ruling: Ruling, what: Formula) -> bool:
    return allows(asked.region, All((ruling.where, what)))


def _reply(
    asked: Deviations, beliefs: Generators, support: Sequence[Sequence[int]]
) -> str:
    """Which reply of a profile is not best for any belief that is left."""
    tables = asked.game.game._tables
    receivers = asked.message.receivers
    choices = [choice for choice, _ in asked.supports(beliefs)]
    for k, h in enumerate(receivers):
        if any(set(support[h]) <= set(choice[k]) for choice in choices):
            continue
        row = tables.infosets[h]
        taken = listed([repr(row.actions[a]) for a in support[h]], "or")
        best = sorted({a for choice in choices for a in choice[k]})
        better = listed([repr(row.actions[a]) for a in best], "or")
        return (
            f"then {tables.players[row.player]} gains at {tables.label(h)!r} by "
            f"{better} over {taken}"
            if not set(support[h]) & set(best)
            else f"then at {tables.label(h)!r} it is not best to take {taken}: only "
            f"{better} can be"
        )
    return "then the replies at its information sets are not best together"


def _believed(name: str, asked: Deviations, ruling: Ruling) -> str:
    """What the receiver may believe, and why no more."""
    game = asked.game
    pruned = listed([game.spoken(t) for t in ruling.pruned])
    others = listed([game.spoken(t) for t in asked.types if t not in ruling.pruned])
    plural = "are" if len(ruling.pruned) > 1 else "is"
    if name == "intuitive criterion":
        if not ruling.pruned:
            return "no type is ruled out"
        return f"{pruned} {plural} ruled out: worse off whatever is replied"
    if name == "divinity":
        said = "belief must be what Bayes' rule gives when those who gain send it"
        return f"{said}, so {pruned} {plural} ruled out" if ruling.pruned else said
    if not ruling.pruned:
        return "no type is ruled out"
    why = (
        f"whenever a reply makes {'them' if plural == 'are' else 'it'} no worse off, "
        f"{others or 'another type'} gains"
    )
    return f"{pruned} {plural} ruled out: {why}"


def _gain(asked: Deviations, ruling: Ruling, gains: Iterable[int]) -> str:
    game, word = asked.game, repr(asked.message.name)
    told = []
    for t in gains:
        least = _least_gain(asked, ruling.beliefs or _left(asked, ruling), t)
        amount = "" if least is None else f" at least {brief(least)}"
        told.append(f"{game.spoken(t)} gains{amount}")
    return f"whatever is then a best reply, {listed(told)} by {word}"


def _left(asked: Deviations, ruling: Ruling) -> Generators:
    return frozenset(frozenset([t]) for t in asked.types if t not in ruling.pruned)


def _least_gain(asked: Deviations, beliefs: Generators, infoset: int) -> object:
    """The least that a type gains, at numbers; None with symbols."""
    message = asked.message
    found = []
    if asked.region.ring.names or not beliefs:
        return None
    for choice, _ in asked.supports(beliefs):
        total = message.fixed[infoset] - asked.standing[infoset]
        value = total.number()
        for h, on in zip(message.receivers, choice, strict=True):
            value = value + min(message.paid[infoset][h, a].number() for a in on)
        found.append(value)
    return min(found) if found else None
