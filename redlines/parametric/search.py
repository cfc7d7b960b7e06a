"""The search for everything that some admitted values sustain.

A screen proposes support profiles; the exact systems of a profile decide. What cannot
hold is excluded together with all profiles that rest on the same parts, until the
screen has nothing left to propose, which proves that the list is complete.

Support profiles that agree on the path are searched as one *family*: once a member is
found, only members that hold somewhere where no member found so far does are looked
for, so that a family's condition is known long before all its members are.

Reads: profile, parametric.  Used by: parametric.regimes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from redlines.parametric.region import All, AnyOf, Formula, Region, conjunction
from redlines.parametric.screen import Literal, Screen
from redlines.parametric.symbolic import ChanceForm, SymbolicForm
from redlines.parametric.systems import Solver, System, systems
from redlines.profile import reached
from redlines.solvers.queries import Undecided
from redlines.solvers.supports import Support
from redlines.tree import Game

__all__ = ["FoundFamily", "Member", "Path", "Search", "path_of"]

# what is on at the information sets that play reaches
Path = tuple[tuple[int, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Member:
    """A support profile that some admitted values sustain.

    Attributes
    ----------
    support : tuple of tuple of int
        For each information set the actions that are on.
    systems : list of System
        What it asks.
    condition : All
        For which parameters, one part for each system.
    """

    support: Support
    systems: Sequence[System]
    condition: All


@dataclass
class FoundFamily:
    """Support profiles that agree on the path.

    Attributes
    ----------
    path : Path
    found : list of Member
        Their conditions together are the family's.
    """

    path: Path
    found: list[Member] = field(default_factory=list)

    @property
    def condition(self) -> AnyOf:
        """For which parameters some member is an equilibrium."""
        return AnyOf(tuple(m.condition for m in self.found))


def path_of(game: Game, support: Support) -> Path:
    """The support at the information sets that play reaches."""
    come = reached(game, support)
    return tuple(
        (h, support[h])
        for h, row in enumerate(game._tables.infosets)
        if any(come[n] for n in row.nodes)
    )


class Search:
    """Everything that is tried for one game on one region.

    Parameters
    ----------
    game : Game
        With open parameters.
    region : Region
        Over the game's open parameters, and others if wanted.
    """

    def __init__(self, game: Game, region: Region) -> None:
        self.game = game
        self.region = region
        self.form = SymbolicForm(game, region.ring)
        self.chance_form = ChanceForm(game, region.ring.names)
        self.solver = Solver(region)
        self.learnt: list[frozenset[Literal]] = []
        self.candidates = 0
        # after how many proposals a search is given up, if ever
        self.patience: int | None = None

    def families(self) -> Iterator[FoundFamily]:
        """Families in the order in which they are found, complete at the end.

        A family's list of members grows while the search goes on.

        Raises
        ------
        Undecided
            If a question was not decided.
        """
        screen = Screen(self.chance_form, self.region)
        families: dict[Path, FoundFamily] = {}
        while (support := screen.candidate()) is not None:
            self._count()
            path = path_of(self.game, support)
            family = families.get(path)
            outside = [family.condition.negated] if family else []
            member = self.member(support)
            if member is None or not self.region.allows(member.condition, *outside):
                rests = self._reason(support, outside)
                if not outside:
                    self.learnt.append(rests)
                else:
                    rests |= _literals(self.game, path)
                screen.rule_out(rests)
                continue
            screen.exclude(support)
            if family is None:
                family = families[path] = FoundFamily(path)
                family.found.append(member)
                yield family
            else:
                family.found.append(member)

    def members(self, path: Path | None = None) -> Iterator[Member]:
        """All members of a family, or of all, complete at the end.

        Raises
        ------
        Undecided
            If a question was not decided.
        """
        screen = Screen(self.chance_form, self.region)
        for rests in self.learnt:
            screen.rule_out(rests)
        if path is not None:
            screen.require_path(path)
        while (support := screen.candidate()) is not None:
            self._count()
            member = self.member(support)
            if member is None or not self.region.allows(member.condition):
                rests = self._reason(support, [])
                self.learnt.append(rests)
                screen.rule_out(rests)
                continue
            screen.exclude(support)
            yield member

    def _count(self) -> None:
        self.candidates += 1
        if self.patience is not None and self.candidates > self.patience:
            raise Undecided(
                f"more than {self.patience:,} support profiles had to be looked at"
            )
        self.region.require_time()

    def member(self, support: Support) -> Member | None:
        """A support profile with its condition, or None if a block cannot hold."""
        parts = systems(self.form, support)
        conditions = []
        for part in parts:
            condition = self.solver.condition(part)
            if not condition.parts:
                return None
            if All(()) not in condition.parts:
                conditions.append(condition)
        return Member(support, parts, conjunction(conditions))

    def _reason(
        self, support: Support, outside: Sequence[Formula]
    ) -> frozenset[Literal]:
        """Parts of a profile that no admitted values sustain, few of them."""

        def possible(parts: Sequence[System]) -> bool:
            return self.region.allows(
                *outside, *(self.solver.condition(p) for p in parts)
            )

        parts = systems(self.form, support)
        alone = next(
            (p for p in parts if not self.solver.condition(p).parts), None
        ) or next((p for p in parts if not possible([p])), None)
        if alone is not None:
            parts = [alone]
        else:
            position = 0
            while position < len(parts):
                rest = parts[:position] + parts[position + 1 :]
                if possible(rest):
                    position += 1
                else:
                    parts = rest
        for position, part in enumerate(parts):
            for item in part.items:
                less = parts[position].without(item)
                trial = [*parts[:position], less, *parts[position + 1 :]]
                if not possible(trial):
                    parts = trial
        return frozenset[Literal]().union(*(p.rests for p in parts))


def _literals(game: Game, path: Path) -> frozenset[Literal]:
    """A path as parts of a support profile."""
    rows = game._tables.infosets
    return frozenset(
        (h, a, a in on) for h, on in path for a in range(len(rows[h].actions))
    )
