"""A partition that grows coarser: which things are bound to each other.

Reads: nothing.  Used by: solvers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["Partition"]


class Partition:
    """Disjoint groups of whole numbers, joined step by step.

    Parameters
    ----------
    members : iterable of int
        Each begins as a group of its own.
    """

    def __init__(self, members: Iterable[int]) -> None:
        self._leader = {m: m for m in members}

    def find(self, member: int) -> int:
        """The number that stands for a member's group."""
        leader = self._leader
        while leader[member] != member:
            leader[member] = leader[leader[member]]
            member = leader[member]
        return member

    def join(self, group: Sequence[int]) -> None:
        """Put some members into one group."""
        for other in group[1:]:
            self._leader[self.find(other)] = self.find(group[0])

    def groups(self) -> dict[int, list[int]]:
        """The groups by the number that stands for each, in the members' order."""
        found: dict[int, list[int]] = {}
        for member in self._leader:
            found.setdefault(self.find(member), []).append(member)
        return found
