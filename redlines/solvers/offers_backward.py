"""Alternating offers with a last round, by backward induction, exact.

*Divisible.* The proposer offers the point of the frontier at which the responder gets
just what refusing is worth, or its own best point if that gives more. Payoffs are
unique unless the frontier has a side that is level for one player.

*Packages, one by one.* Ties matter: after each offer another equilibrium may follow.
What can be the value of a round is the set of results of offers that are no worse for
the proposer than the least that each other offer can lead to. That set is finite, and
it is all that pure subgame perfect equilibria can give.

Reads: bargains, solution, solvers.base.  Used by: solving.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, ClassVar

from redlines.bargains.chain import Chain, Corner
from redlines.bargains.haggling import Haggled, HaggledPackages
from redlines.bargains.offers import AlternatingOffers
from redlines.bargains.offers_referee import Choice, Round
from redlines.errors import ModelError
from redlines.problem import Problem
from redlines.solution import Concept, Coverage, Status
from redlines.solvers.base import Found, Solver

__all__ = ["OffersByPackage", "OffersInRounds", "Table"]

ZERO = Fraction(0)
Pair = tuple[Any, Any]


class Table:
    """What alternating offers say, in gains over disagreement."""

    def __init__(self, offers: AlternatingOffers) -> None:
        self.offers = offers
        self.discounts: Pair = offers._discounts
        self.can_leave = offers._can_leave
        self.left: Pair = offers._leaving
        self.end: Pair = offers._gains(offers.deadline.values())
        self.order = [offers.players.index(p) for p in offers.proposers]
        self.d: Pair = offers.problem._point

    def waited(self, later: Pair) -> Pair:
        """What the next round is worth now."""
        return self.discounts[0] * later[0], self.discounts[1] * later[1]

    def refused(self, responder: int, later: Pair) -> Pair:
        """What both gain if an offer is refused."""
        wait = self.waited(later)
        if self.can_leave[responder] and self.left[responder] > wait[responder]:
            return self.left
        return wait


class Frontier:
    """Best offers on the frontier of packages."""

    def __init__(self, table: Table) -> None:
        problem = table.offers.problem
        self.table = table
        self.labels = [label for label, _ in problem._points]
        self.chain: Chain = problem._pareto
        self.d = table.d
        points = [p for _, p in problem._points]
        ends = self.chain.corners[-1], self.chain.corners[0]
        # whether a proposer at its best point could as well give less
        self.level = (
            any(p[0] == ends[0].x and p[1] < ends[0].y for p in points),
            any(p[1] == ends[1].y and p[0] < ends[1].x for p in points),
        )

    def best(self, own: int, need: Fraction) -> tuple[Corner, Fraction] | None:
        """The best offer that gives the other a gain, and the price of that gain."""
        corners = self.chain.corners
        at = need + self.d[1 - own]
        if own == 0:
            if at <= corners[-1].y:
                return corners[-1], ZERO
            found = self.chain.at_y(at)
        else:
            if at <= corners[0].x:
                return corners[0], ZERO
            found = self.chain.at_x(at)
        if found is None:
            return None
        for one, other in pairwise(corners):
            u, v = other.x - one.x, one.y - other.y
            if own == 0 and (other.y <= at < one.y or at == one.y):
                return found, u / v
            if own == 1 and one.x < at <= other.x:
                return found, v / u
        raise AssertionError("a point of the frontier lies on no edge")

    def round(self, own: int, refused: Pair) -> Round:
        """What happens in a round if refusing is worth so much."""
        found = self.best(own, refused[1 - own])
        if found is None:
            return Round(own, None, (), None, ZERO, False, refused)
        corner, price = found
        gains = corner.x - self.d[0], corner.y - self.d[1]
        agreed = gains[own] >= refused[own]
        lottery = tuple((self.labels[k], share) for k, share in corner.mix)
        return Round(
            own,
            (corner.x, corner.y),
            lottery,
            None,
            price,
            agreed,
            gains if agreed else refused,
        )

    def is_tied(self, here: Round, refused: Pair) -> bool:
        """Whether the proposer could do something else that is as good for it."""
        if here.offer is None:
            return False
        own, other = here.proposer, 1 - here.proposer
        gains = here.offer[0] - self.d[0], here.offer[1] - self.d[1]
        slack = gains[other] > refused[other]
        return slack and (self.level[own] or gains[own] == refused[own])


def linear_round(table: Table, own: int, needed: Any) -> Round:
    """A round in which a pie is divided, with symbols; the other gets what it needs."""
    problem = table.offers.problem
    (first, a), (second, b) = ((p.label, p.payoffs) for p in problem._packages)
    whole = a[0] - table.d[0], b[1] - table.d[1]
    share = needed / whole[1 - own]
    keeps = whole[own] * (1 - share)
    gains = (keeps, needed) if own == 0 else (needed, keeps)
    shares = (1 - share, share) if own == 0 else (share, 1 - share)
    offer = gains[0] + table.d[0], gains[1] + table.d[1]
    return Round(
        own, offer, ((first, shares[0]), (second, shares[1])), None, ZERO, True, gains
    )


@dataclass(frozen=True)
class OffersInRounds(Solver):
    """Subgame perfect shares when there is a last offer and anything can be divided.

    References
    ----------
    [stahl1972]_; [osborne1990]_, chapter 3.
    """

    concept: ClassVar[Concept] = Concept.SUBGAME_PERFECT
    name: ClassVar[str] = "backward induction on the frontier"
    takes: ClassVar[type[Problem]] = AlternatingOffers

    def refusal(self, game: AlternatingOffers) -> str | None:
        """Endless offers, single packages, curves; symbols beside shares of a pie."""
        if game.rounds is None:
            return "there is no last round"
        return unfit(game) or _symbols(game)

    def find(self, game: AlternatingOffers, coverage: Coverage) -> Found:
        """The one plan, from the last round to the first."""
        table = Table(game)
        rounds: list[Round] = []
        later = table.end
        tied = None
        frontier = None if game.free_parameters else Frontier(table)
        for number in reversed(range(len(table.order))):
            own = table.order[number]
            if frontier is None:
                needed = table.waited(later)[1 - own]
                here = linear_round(table, own, needed)
            else:
                refused = table.refused(1 - own, later)
                here = frontier.round(own, refused)
                if frontier.is_tied(here, refused) or _leaving_tied(
                    table, own, later, here
                ):
                    tied = number + 1
            rounds.append(here)
            later = here.value
        return packed(game, [Haggled(game, tuple(reversed(rounds)))], tied)


def packed(
    game: AlternatingOffers, elements: Sequence[Haggled], tied: int | None
) -> Found:
    """One plan, with what is known of others."""
    if tied is not None:
        return Found(
            elements,
            Status.SOLVED,
            False,
            f"somebody is indifferent in round {tied}; of its best moves the efficient "
            "one is shown",
            "equilibrium",
            None,
        )
    reason = "in each round one offer is best, from the last to the first"
    if game.rounds is None:
        reason = (
            "what a player can get at best and at worst satisfies equations that have "
            "one solution"
        )
    return Found(
        elements, Status.SOLVED, True, reason, "equilibrium in payoffs", len(elements)
    )


def _leaving_tied(table: Table, own: int, later: Pair, here: Round) -> bool:
    """Whether a responder might as well leave, and it makes a difference."""
    other = 1 - own
    wait = table.waited(later)
    if not table.can_leave[other] or table.left[other] != wait[other]:
        return False
    return bool(not here.agreed or table.left[own] > here.value[own])


def unfit(game: AlternatingOffers) -> str | None:
    """Why a method for divisible things with corners does not fit."""
    problem = game.problem
    if not problem.lotteries:
        return "packages are taken or left whole"
    if problem._curve is not None:
        return "the frontier is curved, so shares after many rounds have no short form"
    if problem._consents and problem.asked == "before":
        return "third parties are asked before: go through problem.states"
    return None


def _symbols(game: AlternatingOffers) -> str | None:
    if not game.free_parameters:
        return None
    if any(game._can_leave) or game._deadline is not None:
        free = ", ".join(game.free_parameters)
        return (
            "with outside options or payoffs at the deadline the cases multiply from "
            f"round to round: bind {free}"
        )
    return None


@dataclass(frozen=True)
class OffersByPackage(Solver):
    """All outcomes of pure subgame perfect equilibria over indivisible packages.

    References
    ----------
    [osborne1990]_, chapter 3.
    """

    concept: ClassVar[Concept] = Concept.SUBGAME_PERFECT
    name: ClassVar[str] = "backward induction on sets of values"
    takes: ClassVar[type[Problem]] = AlternatingOffers

    max_values: int = 2_000

    def refusal(self, game: AlternatingOffers) -> str | None:
        """What can be divided, and offers without end."""
        if game.problem.lotteries:
            return "lotteries make packages divisible: say lotteries=False"
        if game.rounds is None:
            return "without an end packages can have many equilibria: give rounds="
        if game.problem._consents:
            return (
                "third parties decide about packages: go through problem.states, or "
                "leave needs= out"
            )
        if game.free_parameters:
            return f"it needs numbers for {', '.join(game.free_parameters)}"
        return None

    def find(self, game: AlternatingOffers, coverage: Coverage) -> Found:
        """One element for each outcome: when it ends, with which package."""
        rows = _every_value(Table(game), self.max_values)
        elements = [
            HaggledPackages(game, _from(rows, start)) for start in range(len(rows[0]))
        ]
        unit = "pure equilibrium outcome"
        if coverage is Coverage.ONE and len(elements) > 1:
            return Found(
                elements[:1], Status.SOLVED, False, "one was asked for", unit, None
            )
        return Found(
            elements,
            Status.SOLVED,
            True,
            "every reply and every continuation was tried, from the last round on",
            unit,
            len(elements),
        )


def _from(
    rows: Sequence[Sequence[Choice]], start: int
) -> tuple[tuple[Choice, ...], ...]:
    """The rounds with the one that play begins with put first."""
    first = (rows[0][start],)
    return (first, *(tuple(row) for row in rows[1:]))


def _every_value(table: Table, limit: int) -> list[list[Choice]]:
    """For each round every result that pure equilibria can have there."""
    problem = table.offers.problem
    gains: dict[str | None, Pair] = {
        label: (p[0] - table.d[0], p[1] - table.d[1])
        for label, p in problem._points[:-1]
    }
    rows: list[list[Choice]] = []
    values: list[Pair] = [table.end]
    # what play ends in, for telling results of equal value apart
    ends: list[object] = [None]
    for number in reversed(range(len(table.order))):
        own = table.order[number]
        results = {
            label: _results(table, own, gains.get(label), values, ends, (number, label))
            for label in (*gains, None)
        }
        worst = {
            label: min(found, key=lambda r: r[0][own])
            for label, found in results.items()
        }
        row: list[Choice] = []
        kept: dict[tuple[Pair, object], None] = {}
        for label, found in results.items():
            least = max(
                (w[0][own] for other, w in worst.items() if other != label),
                default=None,
            )
            for value, does, follows, end in found:
                if least is not None and value[own] < least:
                    continue
                if (value, end) in kept:
                    continue
                kept[value, end] = None
                replies = {
                    other: (w[1], w[2]) for other, w in worst.items() if other != label
                }
                row.append(
                    Choice(own, label, {**replies, label: (does, follows)}, value)
                )
        if len(row) > limit:
            raise ModelError(
                f"ties give {len(row):,} different results in round {number + 1}; at "
                f"most max_values={limit:,} are followed"
            )
        rows.append(row)
        values = [choice.value for choice in row]
        ends = [end for _, end in kept]
    return list(reversed(rows))


def _results(
    table: Table,
    own: int,
    offered: Pair | None,
    values: Sequence[Pair],
    ends: Sequence[object],
    here: object,
) -> list[tuple[Pair, str, int, object]]:
    """What an offer can lead to: value, reply, what follows, and the end of play."""
    other = 1 - own
    found: dict[tuple[Pair, str, object], tuple[Pair, str, int, object]] = {}
    for follows, later in enumerate(values):
        options = {"refuse": table.waited(later)}
        if offered is not None:
            options["accept"] = offered
        if table.can_leave[other]:
            options["leave"] = table.left
        best = max(v[other] for v in options.values())
        for does, value in options.items():
            if value[other] == best:
                end = ends[follows] if does == "refuse" else here
                if does == "leave":
                    end = (here[0], "leave") if isinstance(here, tuple) else here
                found.setdefault((value, does, end), (value, does, follows, end))
    return list(found.values())
