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

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from redlines.parametric.elimination import TooManyRows
from redlines.parametric.region import All, AnyOf, Formula, Region, conjunction
from redlines.parametric.screen import Literal, Screen
from redlines.parametric.symbolic import ChanceForm, SymbolicForm
from redlines.parametric.systems import Solver, System, systems
from redlines.profile import reached
from redlines.solvers.cells import TooManyCells
from redlines.solvers.queries import Undecided
from redlines.solvers.supports import Support
from redlines.tree import Game

__all__ = ["Findings", "FoundFamily", "Member", "Path", "Search", "path_of"]

# what ends a search before it is complete
UNSOLVED = (Undecided, TooManyCells, TooManyRows)

_Part = TypeVar("_Part")

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
    notes : tuple of str
        What a refinement asks of choices that are free, in words.
    within : Formula, optional
        The same as a condition; see `redlines.parametric.varying`.
    """

    support: Support
    systems: Sequence[System]
    condition: All
    notes: tuple[str, ...] = ()
    within: Formula | None = None


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


class Findings:
    """Families while they are found, for everybody who asks for them.

    Parameters
    ----------
    coming : iterator of FoundFamily

    Attributes
    ----------
    ended : bool
        Whether no more will be found.
    stopped : str or None
        Why the search ended before it was complete.
    """

    def __init__(self, coming: Iterator[FoundFamily]) -> None:
        self._coming = coming
        self._found: list[FoundFamily] = []
        self.ended = False
        self.stopped: str | None = None

    def __iter__(self) -> Iterator[FoundFamily]:
        position = 0
        while True:
            if position == len(self._found) and not self.ended:
                self._advance()
            if position == len(self._found):
                return
            yield self._found[position]
            position += 1

    def _advance(self) -> None:
        try:
            self._found.append(next(self._coming))
        except StopIteration:
            self.ended = True
        except UNSOLVED as stopped:
            self.stopped = str(stopped)
            self.ended = True


class Search:
    """Everything that is tried for one game on one region.

    Parameters
    ----------
    game : Game
        With open parameters.
    region : Region
        Over the game's open parameters, and others if wanted.
    refine : callable, optional
        The parts of a member that are kept, each with its condition.
    """

    def __init__(
        self,
        game: Game,
        region: Region,
        refine: Callable[[Search, Member], Iterable[Member]] | None = None,
    ) -> None:
        self.game = game
        self._refine = refine
        self.region = region
        self.form = SymbolicForm(game, region.ring)
        self.chance_form = ChanceForm(game, region.ring.names)
        self.solver = Solver(region)
        self.learnt: list[frozenset[Literal]] = []
        self.candidates = 0
        # what is made of families, for those who ask again
        self.memo: dict[object, Any] = {}
        # after how many proposals one question is given up, if ever
        self.patience: int | None = None

    def families(self, terminals: Iterable[int] | None = None) -> Iterator[FoundFamily]:
        """Families in the order in which they are found, complete at the end.

        A family's list of members grows while the search goes on.

        Parameters
        ----------
        terminals : iterable of int, optional
            Only families in which play comes to one of them.

        Raises
        ------
        Undecided
            If a question was not decided.
        """
        screen = self._screen()
        if terminals is not None:
            screen.require_reached(terminals)
        families: dict[Path, FoundFamily] = {}
        for support in self._candidates(screen):
            path = path_of(self.game, support)
            family = families.get(path)
            outside = [family.condition.negated] if family else []
            parts = systems(self.form, support)
            member = self._member(support, parts)
            if member is None or not self.region.allows(member.condition, *outside):
                rests = self._reason(parts, outside)
                if not outside:
                    self.learnt.append(rests)
                else:
                    rests |= _literals(self.game, path)
                screen.rule_out(rests)
                continue
            screen.exclude(support)
            for part in self._parts(member):
                if family is None:
                    family = families[path] = FoundFamily(path)
                    family.found.append(part)
                    yield family
                else:
                    family.found.append(part)

    def members(self, path: Path | None = None) -> Iterator[Member]:
        """All members of a family, or of all, complete at the end.

        Raises
        ------
        Undecided
            If a question was not decided.
        """
        screen = self._screen()
        if path is not None:
            screen.require_path(path)
        for support in self._candidates(screen):
            parts = systems(self.form, support)
            member = self._member(support, parts)
            if member is None or not self.region.allows(member.condition):
                rests = self._reason(parts, [])
                self.learnt.append(rests)
                screen.rule_out(rests)
                continue
            screen.exclude(support)
            yield from self._parts(member)

    def _parts(self, member: Member) -> Iterable[Member]:
        """What is kept of a member."""
        return [member] if self._refine is None else self._refine(self, member)

    def _screen(self) -> Screen:
        """A screen that knows what was learnt."""
        screen = Screen(self.chance_form, self.region)
        for rests in self.learnt:
            screen.rule_out(rests)
        return screen

    def _candidates(self, screen: Screen) -> Iterator[Support]:
        """What a screen proposes, as long as there is patience."""
        for number in itertools.count(1):
            support = screen.candidate()
            if support is None:
                return
            if self.patience is not None and number > self.patience:
                raise Undecided(
                    f"more than {self.patience:,} support profiles had to be looked at"
                )
            self.candidates += 1
            self.region.require_time()
            yield support

    def _member(self, support: Support, parts: Sequence[System]) -> Member | None:
        """A support profile with its condition, or None if a part cannot hold."""
        if not all(map(self.solver.feasible, parts)):
            return None
        conditions = []
        for part in parts:
            condition = self.solver.condition(part)
            if All(()) not in condition.parts:
                conditions.append(condition)
        return Member(support, parts, conjunction(conditions))

    def _reason(
        self, parts: Sequence[System], outside: Sequence[Formula]
    ) -> frozenset[Literal]:
        """Parts of a profile that no admitted values sustain, few of them."""

        def possible(parts: Sequence[System]) -> bool:
            if not outside and len(parts) == 1:
                return self.solver.feasible(parts[0])
            return self.region.allows(
                *outside, *(self.solver.condition(p) for p in parts)
            )

        parts = list(parts)
        alone = next((p for p in parts if not self.solver.feasible(p)), None) or next(
            (p for p in parts if not possible([p])), None
        )
        if alone is not None:
            parts = [alone]
        else:
            parts = [p for p in parts if All(()) not in self.solver.condition(p).parts]
            parts = _few(parts, lambda some: not possible(some))
        for position, part in enumerate(parts):
            for item in part.items:
                less = parts[position].without(item)
                trial = [*parts[:position], less, *parts[position + 1 :]]
                if not possible(trial):
                    parts = trial
        return frozenset[Literal]().union(*(p.rests for p in parts))


def _few(parts: list[_Part], enough: Callable[[list[_Part]], bool]) -> list[_Part]:
    """A smallest choice of parts that is still enough, found by halves.

    Of what is enough no part can be left out. See Junker, "QuickXplain: Preferred
    explanations and relaxations for over-constrained problems", AAAI 2004.
    """

    def needed(base: list[_Part], added: bool, rest: list[_Part]) -> list[_Part]:
        """Those of the rest that are needed besides a base."""
        if added and enough(base):
            return []
        if len(rest) == 1:
            return rest
        half = len(rest) // 2
        first, second = rest[:half], rest[half:]
        later = needed([*base, *first], True, second)
        return [*needed([*base, *later], bool(later), first), *later]

    return needed([], True, parts) if parts else []


def _literals(game: Game, path: Path) -> frozenset[Literal]:
    """A path as parts of a support profile."""
    rows = game._tables.infosets
    return frozenset(
        (h, a, a in on) for h, on in path for a in range(len(rows[h].actions))
    )
