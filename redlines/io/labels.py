"""Labels made of the names in a file, which may be anything, missing or repeated.

A label is text by which something is looked up, and other texts are built of labels
(``answer [act=cross]``, ``declare=draw line, act=cross``). So in labels ``[ ] =``
become ``( ) :``, a line end becomes a space, and a comma before a space a semicolon;
what is missing is numbered, and what repeats where it must not gets ``_1``, ``_2``, ...
in the order of the file, as Gambit does it. An information set whose name is a label of
this library already keeps it, facts and all.

Reads: tree.  Used by: io.efg, io.nfg.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Sequence

from redlines.tree import FORBIDDEN

__all__ = [
    "Trie",
    "clean",
    "distinct",
    "draw_label",
    "labelled",
    "player_labels",
    "title_label",
    "unlike",
]

_SPLIT = re.compile(r",(?=\s)")
_LABEL = re.compile(r"([^\[\]=]+) \[([^\[\]]+)\]")
_PLACE = re.compile(r" \[\d+\]\Z", re.ASCII)
_CLEANED = str.maketrans(
    dict.fromkeys(FORBIDDEN - {","}, " ") | {"[": "(", "]": ")", "=": ":"}
)


def clean(name: str) -> str:
    """A name without what labels are built with; empty if nothing of it is left.

    Examples
    --------
    >>> clean("(1,1)"), clean("x = [1, 2]")
    ('(1,1)', 'x : (1; 2)')
    """
    text = _SPLIT.sub(";", name.translate(_CLEANED))
    return text if text.strip() else ""


def distinct(
    names: Sequence[str], within: Sequence[Hashable] | None = None
) -> list[str]:
    """The names, those that repeat with a number after them.

    Parameters
    ----------
    names : sequence of str
    within : sequence, optional
        For each name the scope in which it must not repeat; default one for all.

    Examples
    --------
    >>> distinct(["a", "b", "a", "a_1"])
    ['a_2', 'b', 'a_3', 'a_1']
    """
    keys = list(zip(names, within or [None] * len(names), strict=True))
    counts = Counter(keys)
    if len(counts) == len(keys):
        return list(names)
    taken = set(keys)
    last = dict.fromkeys(counts, 0)
    found = []
    for key in keys:
        name, scope = key
        if counts[key] > 1:
            while (name, scope) in taken:
                last[key] += 1
                name = f"{key[0]}_{last[key]}"
            taken.add((name, scope))
        found.append(name)
    return found


def unlike(names: Sequence[str], within: Sequence[Hashable] | None = None) -> list[str]:
    """The names as `distinct` makes them, where no name stays none."""
    scopes = within or [None] * len(names)
    keys = [
        (scope, k if not name else -1)
        for k, (name, scope) in enumerate(zip(names, scopes, strict=True))
    ]
    return [
        new if name else ""
        for name, new in zip(names, distinct(names, keys), strict=True)
    ]


def draw_label(name: str) -> str:
    """The name of a draw that an event of this name stands for.

    Gambit wants events to have different names, so a draw that happens at several
    places is written as ``risk [1]``, ``risk [2]``, ...
    """
    return clean(_PLACE.sub("", name))


def labelled(names: Sequence[str], stem: str = "") -> tuple[str, ...]:
    """Labels for what is listed: cleaned, numbered where missing, made distinct."""
    return tuple(
        distinct([clean(name) or f"{stem}{k}" for k, name in enumerate(names, 1)])
    )


def player_labels(names: Sequence[str]) -> tuple[str, ...]:
    """Labels for players."""
    return labelled(names, "Player ")


def title_label(title: str) -> str:
    """The name of a game with this title, on one line."""
    return " ".join(title.split()) or "untitled"


class Trie:
    """The observations of a game from a file: facts that its names tell."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, str, str]] = [(-1, "", "")]
        self._index: dict[tuple[int, str, str], int] = {}

    def observe(self, facts: Sequence[tuple[str, str]]) -> int:
        """The observation that consists of these facts in this order."""
        observation = 0
        for fact in facts:
            row = (observation, *fact)
            if row not in self._index:
                self._index[row] = len(self.rows)
                self.rows.append(row)
            observation = self._index[row]
        return observation

    def place(self, names: Sequence[str]) -> list[tuple[str, int]]:
        """A decision name and an observation for each information set, all different.

        Parameters
        ----------
        names : sequence of str
            As the file has them, or made up where it has none.
        """
        parts = [_parts(name) for name in names]
        observations = [self.observe(facts) for _, facts in parts]
        # the number goes to the name: answer_2 [act=cross]
        numbered = distinct([name for name, _ in parts], observations)
        return list(zip(numbered, observations, strict=True))


def _parts(name: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A name, and the facts in brackets behind it if it is a label of ours."""
    match = _LABEL.fullmatch(name)
    if match is not None and clean(match[1]) == match[1]:
        # all facts are looked at in one go: of those that a long story tells there
        # are as many as moves before, at each information set
        words = match[2].replace(", ", "").replace("=", "")
        facts = [tuple(fact.split("=")) for fact in match[2].split(", ")]
        if clean(words) == words and all(
            len(fact) == 2 and fact[0].strip() and fact[1].strip() for fact in facts
        ):
            return match[1], tuple((about, value) for about, value in facts)
    return clean(name), ()
