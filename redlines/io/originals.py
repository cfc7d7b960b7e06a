"""Games that came from a file: their tables, and the file's own words for them.

The tables hold labels (see `redlines.io.labels`); the words are kept beside them, so
that what is written again says what was read.

Reads: tree, bimatrix.  Used by: io.efg, io.nfg, io.strategic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from redlines.tree import MOVE, TERMINAL, Tables

__all__ = [
    "FileTables",
    "Header",
    "Outcome",
    "StrategicText",
    "TreeText",
    "families",
    "text_of",
]


class Header(NamedTuple):
    """An information set or an event of chance, as it is written at each node."""

    number: int
    name: str
    options: tuple[str, ...]


class Outcome(NamedTuple):
    """What is paid at a node, as it is written there."""

    number: int
    name: str
    payoffs: tuple[Fraction, ...]

    @property
    def reason(self) -> str:
        """For what it pays: its name, or its number if it has none."""
        return self.name if self.name.strip() else f"outcome {self.number}"


@dataclass(frozen=True)
class TreeText:
    """The words of a tree's file.

    Attributes
    ----------
    title, comment : str
    players : tuple of str
    nodes : list of str
        For each node its name.
    headers : list of (Header or None)
        For each node its information set or event; None at a terminal.
    outcomes : list of (Outcome or None)
        For each node what is paid on entering it.
    """

    title: str
    comment: str
    players: tuple[str, ...]
    nodes: list[str]
    headers: list[Header | None]
    outcomes: list[Outcome | None]


@dataclass(frozen=True)
class StrategicText:
    """The words of a strategic form's file.

    Attributes
    ----------
    title, comment : str
    players : tuple of str
    strategies : tuple of tuple of str
        By player.
    outcomes : tuple of Outcome, optional
        If payoffs are given by outcomes.
    cells : tuple of int, optional
        The number of the outcome of each profile, the first player's strategy varying
        fastest; 0 is no outcome.
    """

    title: str
    comment: str
    players: tuple[str, ...]
    strategies: tuple[tuple[str, ...], ...]
    outcomes: tuple[Outcome, ...] | None = None
    cells: tuple[int, ...] | None = None


@dataclass(eq=False)
class FileTables(Tables):
    """The tables of a tree that came from a file; players may forget in it."""

    original: TreeText | StrategicText = field(kw_only=True)

    @property
    def forgotten(self) -> str | None:
        """Where a player forgets, in words; None where nobody does."""
        return self._forgotten

    @cached_property
    def _forgotten(self) -> str | None:
        """The first node whose owner arrives otherwise than at the set's first node.

        Along a path a player's last own action is all that must be compared: that the
        earlier ones agree has been seen at the earlier sets. A set that is met twice
        on a path has two different last own actions, too.
        """
        last = [(-1, -1)] * len(self.players)
        first: dict[int, tuple[int, int]] = {}  # at the first node of a set
        here: dict[int, tuple[int, int]] = {}  # at the moves on the way
        path: list[int] = []
        for node, kind in enumerate(self.kind):
            while path and path[-1] != self.parent[node]:
                done = path.pop()
                if self.kind[done] == MOVE:
                    last[self._owner(done)] = here.pop(done)
            if path and self.kind[path[-1]] == MOVE:
                choice = (self.infoset[path[-1]], self.option[node])
                last[self._owner(path[-1])] = choice
            if kind == MOVE:
                here[node] = last[self._owner(node)]
                infoset = self.infoset[node]
                if first.setdefault(infoset, here[node]) != here[node]:
                    return self._blame(infoset, node)
            if kind != TERMINAL:
                path.append(node)
        return None

    def _owner(self, node: int) -> int:
        return self.infosets[self.infoset[node]].player

    def _blame(self, infoset: int, node: int) -> str:
        player, label = self.players[self.infosets[infoset].player], self.label(infoset)
        above = self.parent[node]
        while above >= 0:
            if self.kind[above] == MOVE and self.infoset[above] == infoset:
                return (
                    f"{player} forgets at {label!r} that it has been there before: "
                    f"after {self.history(above) or 'the beginning'!r} and again after "
                    f"{self.history(node)!r}"
                )
            above = self.parent[above]
        first = self.history(self.infosets[infoset].nodes[0])
        return (
            f"{player} cannot tell apart, at {label!r}, histories before which it has "
            f"known or chosen different things: {first or 'the beginning'!r} and "
            f"{self.history(node)!r}"
        )


def families(parent: Sequence[int]) -> list[tuple[int, ...]]:
    """The children of each node, from the parent of each in the order of a walk."""
    children: dict[int, list[int]] = {}
    for node, before in enumerate(parent):
        children.setdefault(before, []).append(node)
    return [tuple(children.get(node, ())) for node in range(len(parent))]


def text_of(tables: Tables) -> TreeText | StrategicText | None:
    """The words of the file that tables came from, if they did."""
    found: TreeText | StrategicText | None = getattr(tables, "original", None)
    return found
