"""Refinements by name, and what they remove from an answer.

Reads: errors.  Used by: solution, refining, parametric.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from redlines.errors import Unsupported

if TYPE_CHECKING:
    from redlines.solution import Element, Equilibrium

__all__ = [
    "FORWARD",
    "REFINEMENTS",
    "Removed",
    "Verdict",
    "grouped",
    "read_refinements",
]

# those that restrict what may be believed after an unsent message
FORWARD = ("intuitive criterion", "D1", "divinity", "universal divinity")
REFINEMENTS = (*FORWARD, "perfect", "agent perfect", "proper")

_OTHER_NAMES = {
    "intuitive": "intuitive criterion",
    "divine": "divinity",
    "universally divine": "universal divinity",
    "trembling hand perfect": "perfect",
    "agent form perfect": "agent perfect",
}


def read_refinements(refine: str | Iterable[str] | None) -> tuple[str, ...]:
    """The refinements that were asked for, by their own names, in order.

    Parameters
    ----------
    refine : str or iterable of str, optional
        Case, hyphens and underscores do not matter.

    Raises
    ------
    Unsupported
        If there is no such refinement; the message lists those that there are.
    TypeError
        If it is neither text nor several texts.
    """
    if refine is None:
        return ()
    if isinstance(refine, str):
        refine = [refine]
    if not isinstance(refine, Iterable):
        raise TypeError(f"refine= takes a name or a list of names, not {refine!r}")
    return tuple(dict.fromkeys(map(_read, refine)))


def _read(word: Any) -> str:
    if not isinstance(word, str):
        raise TypeError(f"refine= takes names of refinements, not {word!r}")
    plain = " ".join(word.lower().replace("_", " ").replace("-", " ").split())
    plain = _OTHER_NAMES.get(plain, plain)
    for name in REFINEMENTS:
        if name.lower() == plain:
            return name
    close = get_close_matches(plain, [n.lower() for n in REFINEMENTS], 1)
    hint = f"; did you mean {close[0]!r}? There are: " if close else "; there are: "
    raise Unsupported(
        f"there is no refinement {word!r}{hint}{', '.join(map(repr, REFINEMENTS))}"
    )


@dataclass(frozen=True)
class Removed:
    """An element that a refinement removed, and by which deviation.

    Attributes
    ----------
    refinement : str
    equilibrium : Equilibrium
        As it was before.
    player : str
        Who would deviate, or whose strategy is not what it should be.
    action : str
        The deviation: a message, an action or a strategy.
    infosets : tuple of str
        The information sets at which somebody gains by it, for a message those of the
        types that gain; empty where no one of them gains whatever is replied.
    reason : str
        The fact in a sentence.
    where : str
        "" if all of the element was removed; else for which of its free choices.
    """

    refinement: str
    equilibrium: Equilibrium
    player: str
    action: str
    infosets: tuple[str, ...]
    reason: str
    where: str = ""

    def __str__(self) -> str:
        part = f"where {self.where}, " if self.where else ""
        return f"{self.refinement}: {part}{self.reason}"


@dataclass
class Verdict:
    """What a refinement makes of one element.

    Attributes
    ----------
    kept : sequence of Element
        What is left of it.
    removed : sequence of Removed
    undecided : sequence of str
        Why it is kept undecided.
    """

    kept: Sequence[Element] = ()
    removed: Sequence[Removed] = ()
    undecided: Sequence[str] = ()


def grouped(removed: Sequence[Removed]) -> list[tuple[str, bool, int]]:
    """Reasons, whether for whole elements, and how many of them, in order."""
    found: dict[tuple[str, bool], int] = {}
    for one in removed:
        key = str(one), not one.where
        found[key] = found.get(key, 0) + 1
    return [(*key, count) for key, count in found.items()]
