"""Connected components of subgame perfect equilibria, from their support profiles.

The plans of a stage are what its equilibria are made of; what a player does at sets
that its own choices in the stage exclude is free, so it connects nothing and parts
nothing. On one support profile the plans form a connected set. Two of them, X and Y,
are joined if some y of Y is a limit of points of X. That is so, player by player, if y
satisfies the conditions of X with zeros allowed, and in every subgame behind a choice
that X takes and Y does not, does what some x of X does there: then the segment from y
to x, in weights counted from the beginning, lies in X up to y.

If y is a limit of points of X but differs from them behind such a choice, put there
what a point of X does. The result is a limit too, its profile is joined to X, and to
that of y by the same rule one subgame deeper, since what is done behind a choice that
is not taken meets conditions of its own only. So components are exact.

Reads: solvers.cells, solvers.partition, solvers.queries, solvers.stages.  Used by:
solvers.subgame_perfect.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from redlines.solvers.base import DEFAULT_EFFORT
from redlines.solvers.cells import Row
from redlines.solvers.partition import Partition
from redlines.solvers.queries import Query, Undecided
from redlines.solvers.stages import Profile

__all__ = ["connected_profiles"]

MAX_QUESTIONS = 4_000


def connected_profiles(
    profiles: Sequence[Profile], points: Sequence[int]
) -> list[list[int]] | None:
    """The components, each as the support profiles that belong to it.

    Parameters
    ----------
    profiles : sequence of Profile
        All support profiles of the equilibria of a game.
    points : sequence of int
        Those whose plans are pinned down, so that nothing is a limit of them.

    Returns
    -------
    list of list of int, or None
        Ordered by first profile; None if there are too many questions to ask.
    """
    ends = [_End(profile) for profile in profiles]
    single = set(points)
    joined = Partition(range(len(ends)))
    questions = 0
    for x, outer in enumerate(ends):
        if x in single:
            continue
        for y, inner in enumerate(ends):
            if joined.find(x) == joined.find(y) or not inner.is_within(outer):
                continue
            questions += 1
            if questions > MAX_QUESTIONS:
                return None
            try:
                if all(_meet(outer, inner, player) for player in (0, 1)):
                    joined.join([x, y])
            except Undecided:
                return None
    return sorted(joined.groups().values())


class _End:
    """A support profile with the conditions on each player's coefficients."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.live = profile.live

    def is_within(self, outer: _End) -> bool:
        """Whether nothing is taken that the other profile does not take."""
        return all(
            mine <= its
            for own, others in zip(self.live, outer.live, strict=True)
            for mine, its in zip(own, others, strict=True)
        )

    @cached_property
    def rows(self) -> tuple[list[tuple[int, bool, Row]], ...]:
        """For each player what the other's optimality asks of its coefficients."""
        return tuple(
            self.profile.conditions(1 - j, self.profile.parameters(j)[0])
            for j in (0, 1)
        )


class _Question(Query):
    """Coefficients of one player on one or two support profiles."""

    def __init__(self, profile: Profile, player: int) -> None:
        super().__init__("QF_LRA", DEFAULT_EFFORT)
        self.form, self.player = profile.form, player

    def point(self, end: _End, word: str) -> list[Any]:
        """A point of a support profile, as coefficients by sequence."""
        own, profile = self.form.players[self.player], end.profile
        C = [self.z3.Real(f"{word}{q}", self.context) for q in range(len(own))]
        self.solver.add(*(c > 0 for c in C))
        for h, first in own.first.items():
            if profile.come[h]:
                shares = [C[first + a] for a in profile.support[h]]
                self.solver.add(self.z3.Sum(shares) == C[own.before[h]])
        for _, equal, row in end.rows[self.player]:
            self.ask(row, equal, dict(enumerate(C)))
        return C

    def ask(self, row: Row, equal: bool, weights: Mapping[int, Any]) -> None:
        """A condition on coefficients; those that are not given are 0."""
        terms = [self.real(v) * weights[t] for t, v in row.items() if t in weights]
        total = self.z3.Sum(terms) if terms else self.real(0)
        self.solver.add(total == 0 if equal else total >= 0)


def _meet(outer: _End, inner: _End, player: int) -> bool:
    """Whether one player's part of `inner` meets the closure of that of `outer`."""
    profile = outer.profile
    question = _Question(profile, player)
    form, stages = profile.form, profile.stages
    y = question.point(inner, "y")
    for root, equal, row in outer.rows[player]:
        base = form.sequence[player][root]
        counted = {t: y[t] for t in row if _leads(inner, player, base, t)}
        question.ask(row, equal, counted)
    gone = [
        r
        for r in stages.roots
        if outer.live[player][form.sequence[player][r]]
        and not inner.live[player][form.sequence[player][r]]
    ]
    if gone:
        x = question.point(outer, "x")
        tables = form.game._tables
        for root in gone:
            base = form.sequence[player][root]
            question.solver.add(x[base] == y[base])
            for h in form.players[player].infosets:
                if not _inside(tables, root, tables.infosets[h].nodes[0]):
                    continue
                first = form.players[player].first[h]
                for q in range(first, first + len(tables.infosets[h].actions)):
                    if outer.live[player][q] != inner.live[player][q]:
                        return False
                    if inner.live[player][q]:
                        question.solver.add(x[q] == y[q])
    return question.model() is not None


def _leads(end: _End, player: int, base: int, sequence: int) -> bool:
    """Whether every step from one own sequence to another is taken."""
    own = end.profile.form.players[player]
    while sequence > base:
        if not end.live[player][sequence]:
            return False
        sequence = own.parent[sequence]
    return True


def _inside(tables: Any, root: int, node: int) -> bool:
    """Whether a node is at or below another."""
    while node > root:
        node = tables.parent[node]
    return bool(node == root)
