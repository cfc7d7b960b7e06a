"""All Nash equilibria of a game by its reduced strategic form, exact and complete.

An extreme equilibrium is a pair of vertices of the two best-reply polytopes that have
all labels between them. Every equilibrium is a mixture of extreme ones that may be
exchanged for each other: a maximal set of them in which each strategy of the one player
is an equilibrium with each of the other is a maximal Nash subset, and those that share
points make up a component.

Reads: forms, profile, ranges, solution, solvers.base, solvers.vertices.  Used by:
solving.

References
----------
[mangasarian1964]_ and [winkels1979]_ for the vertices, [jansen1981]_ for maximal Nash
subsets, [avis2010]_ for the labels.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from redlines.forms import ReducedForm, sequence_form
from redlines.profile import Assessment
from redlines.ranges import Interval, Range
from redlines.referee import referee
from redlines.solution import Concept, Coverage, Element, Status, expected
from redlines.solvers.base import Found, Solver
from redlines.solvers.queries import Undecided
from redlines.solvers.vertices import MAX_LABELS, MAX_VERTICES, Budget, all_vertices
from redlines.tree import Game

__all__ = ["AllNash", "ExtremeEquilibrium", "completely_labelled", "polytopes"]

# vertices that are worth finding for one equilibrium
FOR_ONE = 20_000
# pairs of vertices that are tried one by one
TRIED = 1 << 16
_BITS = np.uint64(1) << np.arange(MAX_LABELS, dtype=np.uint64)

Matrix = Sequence[Sequence[int]]
Mixture = tuple[Fraction, ...]
Behaviour = dict[int, tuple[Fraction, ...]]
ZERO = Fraction(0)


def polytopes(one: Matrix, other: Matrix) -> tuple[tuple[Matrix, int], ...]:
    """The best-reply polytopes of two payoff matrices in whole numbers.

    Parameters
    ----------
    one, other : sequence of sequence of int, shape (m, n)
        Payoffs of the row player and of the column player.

    Returns
    -------
    tuple
        For the row player's mixtures and for the column player's, rows and the number
        below them, as `all_vertices` takes them.
    """

    def positive(matrix: Matrix) -> tuple[Matrix, int]:
        low, high = min(map(min, matrix)), max(map(max, matrix))
        shift = max(1, high - low)
        if shift < 1 << 10:
            shift = 1
        rows = [[value - low + shift for value in row] for row in matrix]
        return rows, high - low + shift

    return positive(list(zip(*other, strict=True))), positive(one)


def completely_labelled(
    rows: Any, columns: Any, m: int, n: int
) -> list[tuple[int, int]]:
    """Pairs of vertices that have all labels between them.

    Parameters
    ----------
    rows, columns : numpy.ndarray of uint64
        Label sets of the vertices of the row player's and the column player's polytope.
    m, n : int
        How many rows and columns there are.

    Returns
    -------
    list of tuple of int
        Their places, without the pair of both zeros.
    """
    full = np.uint64((1 << (m + n)) - 1)
    own = np.uint64((1 << n) - 1)
    turned = (columns >> np.uint64(n)) | ((columns & own) << np.uint64(m))
    if (np.bitwise_count(rows) == m).all() and (np.bitwise_count(turned) == n).all():
        # without ties one set must be the complement of the other
        order = np.argsort(turned)
        wanted = full ^ rows
        place = np.searchsorted(turned, wanted, sorter=order)
        place[place == len(order)] = 0
        found = order[place]
        met = np.flatnonzero(turned[found] == wanted)
        pairs = [(int(i), int(found[i])) for i in met]
    else:
        pairs = list(_covering(rows, turned, full))
    zero_row = np.uint64((1 << m) - 1)
    zero_column = np.uint64(((1 << n) - 1) << m)
    return sorted(
        (i, j)
        for i, j in pairs
        if not (rows[i] == zero_row and turned[j] == zero_column)
    )


def _covering(rows: Any, columns: Any, full: Any) -> Iterator[tuple[int, int]]:
    """Pairs whose label sets cover everything.

    One of a pair has any one label: where rows lack it, columns that lack it are left
    out. The label is taken that leaves out most, until few pairs are left to try.
    """
    bits = [bit for bit in _BITS if bit & full]
    parts = [(np.arange(len(rows)), np.arange(len(columns)))]
    while parts:
        own, other = parts.pop()
        if len(own) * len(other) <= TRIED:
            i, j = ((rows[own][:, None] | columns[other]) == full).nonzero()
            yield from zip(own[i].tolist(), other[j].tolist(), strict=True)
            continue
        mine, yours = rows[own], columns[other]
        left = [
            np.count_nonzero(mine & bit == 0) * np.count_nonzero(yours & bit == 0)
            for bit in bits
        ]
        best = max(range(len(bits)), key=left.__getitem__)
        if left[best]:
            has = mine & bits[best] != 0
            parts.append((own[has], other))
            parts.append((own[~has], other[yours & bits[best] != 0]))
        else:
            half = (len(own) + 1) // 2
            more = len(own) > 1
            parts.append((own[:half], other) if more else (own, other[::2]))
            parts.append((own[half:], other) if more else (own, other[1::2]))


def mixture(rows: Matrix, mask: int) -> Mixture:
    """The mixture that a vertex stands for, exactly.

    Parameters
    ----------
    rows : sequence of sequence of int, shape (k, d)
    mask : int
        The labels of a vertex other than 0.
    """
    import flint

    d, k = len(rows[0]), len(rows)
    support = [j for j in range(d) if not mask >> j & 1]
    tight = [i for i in range(k) if mask >> (d + i) & 1]
    if len(support) == 1:
        return tuple(Fraction(int(j == support[0])) for j in range(d))
    system = flint.fmpz_mat([[*(rows[i][j] for j in support), 1] for i in tight])
    reduced, below, _ = system.rref()
    values = [int(reduced[r, len(support)]) for r in range(len(support))]
    del below  # a common factor, which the sum has as well
    total = sum(values)
    found = [Fraction(0)] * d
    for j, value in zip(support, values, strict=True):
        found[j] = Fraction(value, total)
    return tuple(found)


class ExtremeEquilibrium(Element):
    """A pair of vertices, as behaviour.

    Parameters
    ----------
    game : Game
    played : dict of int to tuple of Fraction
        At the information sets that the owner's own play comes to, its choices.
    place : tuple of int
        For each player which of its strategies it is, in the order found. Vertices
        that do the same wherever own play comes are one strategy.
    """

    def __init__(self, game: Game, played: Behaviour, place: tuple[int, int]) -> None:
        self.game = game
        self.played = played
        self.place = place

    @property
    def support(self) -> tuple[tuple[int, ...], ...]:
        """What is taken; every action where a player's own play does not come."""
        return tuple(
            tuple(a for a, share in enumerate(self.played[h]) if share)
            if h in self.played
            else tuple(range(len(row.actions)))
            for h, row in enumerate(self.game._tables.infosets)
        )

    def assessment(self) -> Assessment:
        """The profile, evenly mixed where nothing is claimed; no beliefs."""
        strategy = []
        for h, row in enumerate(self.game._tables.infosets):
            size = len(row.actions)
            even = (Fraction(1, size),) * size
            strategy.append(self.played.get(h, even))
        return Assessment(self.game, strategy, [None] * len(strategy))

    def strategy_ranges(self) -> dict[int, dict[int, Range]]:
        """Anything at sets that the owner's own play does not come to."""
        whole = Range((Interval(Fraction(0), Fraction(1)),))
        return {
            h: dict.fromkeys(range(len(row.actions)), whole)
            for h, row in enumerate(self.game._tables.infosets)
            if h not in self.played and len(row.actions) > 1
        }

    def contains(self, assessment: Assessment, with_beliefs: bool) -> bool:
        """Whether a profile does the same where something is claimed."""
        return all(
            tuple(assessment.strategy[h]) == tuple(shares)
            for h, shares in self.played.items()
        )

    def product(self, others: Sequence[Element]) -> Element:
        """All mixtures of its strategies and those of others, player by player."""
        members = [self, *(e for e in others if isinstance(e, ExtremeEquilibrium))]
        return ProductOfMixtures(members)

    @staticmethod
    def components(elements: Sequence[ExtremeEquilibrium]) -> list[list[int]]:
        """Elements that are connected: some vertex of one player is in both."""
        lead: dict[tuple[int, int], int] = {}
        group = list(range(len(elements)))

        def find(k: int) -> int:
            while group[k] != k:
                group[k] = group[group[k]]
                k = group[k]
            return k

        for k, one in enumerate(elements):
            for vertex in enumerate(one.place):
                other = find(lead.setdefault(vertex, k))
                group[find(k)] = other
        found: dict[int, list[int]] = {}
        for k in range(len(elements)):
            found.setdefault(find(k), []).append(k)
        return list(found.values())

    @staticmethod
    def maximal_nash_subsets(
        elements: Sequence[ExtremeEquilibrium],
    ) -> list[list[int]]:
        """The largest sets in which each strategy goes with each of the other's."""
        pairs = {one.place: k for k, one in enumerate(elements)}
        partners: dict[int, set[int]] = {}
        for i, j in pairs:
            partners.setdefault(i, set()).add(j)
        # the columns of a maximal subset are an intersection of rows' partners
        closed: set[frozenset[int]] = set()
        for own in map(frozenset, partners.values()):
            closed |= {own} | {own & other for other in closed if own & other}
        found = []
        for columns in closed:
            rows = [i for i, own in partners.items() if columns <= own]
            if (
                frozenset.intersection(*(frozenset(partners[i]) for i in rows))
                == columns
            ):
                found.append(sorted(pairs[i, j] for i in rows for j in columns))
        return sorted(found)


class ProductOfMixtures(Element):
    """A maximal Nash subset as one element.

    Parameters
    ----------
    members : sequence of ExtremeEquilibrium
        Every pair of the players' strategies.
    """

    def __init__(self, members: Sequence[ExtremeEquilibrium]) -> None:
        self.game = members[0].game
        self.members = members

    @cached_property
    def _sides(self) -> tuple[dict[int, Behaviour], ...]:
        """For each player its strategies, by their places."""
        rows = self.game._tables.infosets
        return tuple(
            {
                one.place[player]: {
                    h: shares
                    for h, shares in one.played.items()
                    if rows[h].player == player
                }
                for one in self.members
            }
            for player in (0, 1)
        )

    @cached_property
    def _middle(self) -> Behaviour:
        """The even mixture of each player's strategies."""
        found: Behaviour = {}
        for player, side in enumerate(self._sides):
            behaviours = list(side.values())
            if self.game._tables.bimatrix is not None:
                columns = zip(*(b[player] for b in behaviours), strict=True)
                found[player] = tuple(sum(c, ZERO) / len(behaviours) for c in columns)
                continue
            own = sequence_form(self.game).players[player]
            weight = [ZERO] * len(own)
            for behaviour in behaviours:
                plan = [Fraction(1)] * len(own)
                for q in range(1, len(own)):
                    shares = behaviour.get(own.infoset[q])
                    share = ZERO if shares is None else shares[own.action[q]]
                    plan[q] = plan[own.parent[q]] * share
                weight = [w + p for w, p in zip(weight, plan, strict=True)]
            for h, first in own.first.items():
                come = weight[own.before[h]]
                if come:
                    actions = len(self.game._tables.infosets[h].actions)
                    found[h] = tuple(weight[first + a] / come for a in range(actions))
        return found

    @cached_property
    def _even(self) -> ExtremeEquilibrium:
        """The representative, and what is free at sets that no member comes to."""
        return ExtremeEquilibrium(self.game, self._middle, self.members[0].place)

    @property
    def support(self) -> tuple[tuple[int, ...], ...]:
        """What some member takes; every action where own play does not come."""
        return self._even.support

    def assessment(self) -> Assessment:
        """The even mixture of each player's strategies."""
        return self._even.assessment()

    def strategy_ranges(self) -> dict[int, dict[int, Range]]:
        """Over the strategies whose own play comes to a set."""
        found = self._even.strategy_ranges()
        for h in self._middle:
            rows = {
                side[h] for part in self._sides for side in part.values() if h in side
            }
            if len(rows) > 1:
                columns = list(zip(*rows, strict=True))
                found[h] = {
                    a: Range((Interval(min(c), max(c)),))
                    for a, c in enumerate(columns)
                    if any(c)
                }
        return found

    def relations(self) -> tuple[str, ...]:
        """That mixtures are of whole strategies, where several sets are free."""
        found = []
        for player, side in enumerate(self._sides):
            free = [
                h
                for h in self.strategy_ranges()
                if self.game._tables.infosets[h].player == player and h in self._middle
            ]
            if len(free) > 1:
                found.append(
                    f"{self.game.players[player]} mixes {len(side)} strategies, so its "
                    "choices at different sets go together"
                )
        return tuple(found)

    def extremes(
        self, amount: Callable[[int], Fraction], given: Callable[[int], bool] | None
    ) -> Range | None:
        """Over the members: a mixture has an average of what they have."""
        values = [expected(e.assessment(), amount, given) for e in self.members]
        known = [v for v in values if v is not None]
        return Range((Interval(min(known), max(known)),)) if known else None

    def contains(self, assessment: Assessment, with_beliefs: bool) -> bool:
        """Whether each player's strategy is an equilibrium with all of the other's."""
        rows = self.game._tables.infosets
        for player in (0, 1):
            for one in self.members:
                other = one.assessment()
                mixed = [
                    (assessment if row.player == player else other).strategy[h]
                    for h, row in enumerate(rows)
                ]
                profile = Assessment(self.game, mixed, [None] * len(rows))
                if not referee(profile, Concept.NASH.value).holds:
                    return False
        return True


@dataclass(frozen=True)
class AllNash(Solver):
    """All extreme equilibria, by the vertices of both best-reply polytopes.

    Parameters
    ----------
    vertices : int, optional
        The number of vertices of one polytope past which the search is given up;
        default two million, and twenty thousand where one equilibrium is asked for,
        as then other methods follow.
    """

    concept: ClassVar[Concept] = Concept.NASH
    name: ClassVar[str] = "vertex enumeration"

    vertices: int | None = None

    def refusal(self, game: Game) -> str | None:
        """Games with more than 63 reduced strategies are refused."""
        sizes = ReducedForm.sizes(game)
        if sum(sizes) > MAX_LABELS:
            return (
                f"it has {sizes[0]:,} and {sizes[1]:,} reduced strategies; at most "
                f"{MAX_LABELS} together are taken"
            )
        return None

    def find(self, game: Game, coverage: Coverage) -> Found:
        """Extreme equilibria, pure ones and those of the first actions first."""
        reduced = ReducedForm.of(game)
        m, n = map(len, reduced.plans)
        own, other = polytopes(*reduced.payoffs)
        until = (
            math.inf if self.time_limit is None else time.monotonic() + self.time_limit
        )
        most = FOR_ONE if coverage is Coverage.ONE else MAX_VERTICES
        budget = Budget(most if self.vertices is None else self.vertices, until)
        try:
            rows, columns = all_vertices(*own, budget), all_vertices(*other, budget)
        except Undecided as stopped:
            return Found([], Status.NOT_FOUND, False, str(stopped), _UNIT, None)
        pairs = completely_labelled(rows, columns, m, n)
        one = _Strategies(reduced, 0, own[0], rows)
        two = _Strategies(reduced, 1, other[0], columns)
        places = dict.fromkeys((one.place(i), two.place(j)) for i, j in pairs)
        first, second = one.ranks, two.ranks
        order = sorted(places, key=lambda at: (first[at[0]], second[at[1]]))
        listed = order[: 1 if coverage is Coverage.ONE else self.limit]
        elements = [
            ExtremeEquilibrium(game, one.behaviour[i] | two.behaviour[j], (i, j))
            for i, j in listed
        ]
        cut = len(listed) < len(order)
        reason = "every vertex of both best-reply polytopes was found"
        if cut:
            asked = coverage is Coverage.ONE
            reason = (
                "one was asked for" if asked else f"limit={self.limit:,} are listed"
            )
        return Found(
            elements=elements,
            status=Status.LIMIT if cut and coverage is Coverage.ALL else Status.SOLVED,
            complete=not cut,
            reason=reason,
            unit=_UNIT,
            count=len(order),
        )


class _Strategies:
    """The strategies of one player that its vertices stand for.

    Attributes
    ----------
    behaviour : list of dict
        What each strategy does where its own play comes.
    """

    def __init__(
        self, reduced: ReducedForm, player: int, rows: Matrix, masks: Any
    ) -> None:
        self._reduced, self._player = reduced, player
        self._rows, self._masks = rows, masks
        self._of: dict[int, int] = {}
        self._is_matrix = reduced.game._tables.bimatrix is not None
        self._known: dict[Any, int] = {}
        self.behaviour: list[Behaviour] = []
        self._sort: list[Any] = []

    def place(self, vertex: int) -> int:
        """Which strategy a vertex stands for."""
        if vertex not in self._of:
            shares = mixture(self._rows, int(self._masks[vertex]))
            behaviour = self._reduced.behaviour(self._player, shares)
            # in matrices each vertex is another mixture
            key = vertex if self._is_matrix else tuple(behaviour.items())
            if key not in self._known:
                self._known[key] = len(self.behaviour)
                self.behaviour.append(behaviour)
                self._sort.append(([not share for share in shares], shares))
            self._of[vertex] = self._known[key]
        return self._of[vertex]

    @property
    def ranks(self) -> list[int]:
        """Of each strategy, first by which plans are taken, then by how often."""
        order = sorted(range(len(self._sort)), key=self._sort.__getitem__)
        ranks = [0] * len(order)
        for rank, place in enumerate(order):
            ranks[place] = rank
        return ranks


_UNIT = "extreme equilibrium"
