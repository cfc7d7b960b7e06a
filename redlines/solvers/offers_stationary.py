"""Alternating offers without end: the stationary plan, exact.

What the first proposer gets determines what it needs when the other proposes, that what
the other gets then, and that what the other needs before: a rising function of a
number, of which the equilibrium is the fixed point. On a frontier with corners the
function is linear in pieces, and the fixed point is found by Newton's method with a
bracket, exactly. Below a curve it is the root of a polynomial. Where a pie is divided,
symbols are kept: ``(1 - d2)/(1 - d1*d2)`` (Rubinstein 1982).

The fixed point is unique for a concave frontier and impatient players, so the greatest
and the least that a player can get in any subgame perfect equilibrium agree (Shaked and
Sutton 1984); with outside options too, as long as what they give could be agreed on.

Reads: bargains, solution, solvers.  Used by: solving.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from redlines.algebraic import Algebraic
from redlines.bargains.curve import Curve, added, at, root_between, times
from redlines.bargains.haggling import Haggled
from redlines.bargains.offers import AlternatingOffers
from redlines.bargains.offers_referee import Round, in_turn
from redlines.errors import SolveFailed
from redlines.numbers import Number, Relation
from redlines.problem import Problem
from redlines.solution import Concept, Coverage, Status
from redlines.solvers.base import Found, Solver
from redlines.solvers.offers_backward import (
    Frontier,
    Pair,
    Table,
    linear_round,
    packed,
    unfit,
)

__all__ = ["StationaryOffers", "StationaryOffersOnACurve"]

ZERO, ONE = Fraction(0), Fraction(1)
MAX_STEPS = 10_000


@dataclass(frozen=True)
class StationaryOffers(Solver):
    """Subgame perfect shares without a last offer.

    References
    ----------
    [rubinstein1982]_, [shakedsutton1984]_, [binmore1989]_.
    """

    concept: ClassVar[Concept] = Concept.SUBGAME_PERFECT
    name: ClassVar[str] = "stationary offers"
    takes: ClassVar[type[Problem]] = AlternatingOffers

    def refusal(self, game: AlternatingOffers) -> str | None:
        """Offers with an end, single packages, curves."""
        if game.rounds is not None:
            return "there is a last round"
        if game.problem._curve is not None:
            return "the frontier is curved"
        if game.free_parameters and all(game._can_leave):
            return f"both can leave: bind {', '.join(game.free_parameters)}"
        return unfit(game)

    def find(self, game: AlternatingOffers, coverage: Coverage) -> Found:
        """The stationary plan; with symbols one for each case."""
        table = Table(game)
        if game.free_parameters:
            return _with_symbols(table)
        frontier = Frontier(table)
        plans = [
            plan for plan in _candidates(table, frontier) if in_turn(game, plan).holds
        ]
        if not plans:
            raise SolveFailed(f"no stationary plan was found for {game!r}")
        plan = plans[0]
        tied = next(
            (
                number + 1
                for number, here in enumerate(plan)
                if frontier.is_tied(
                    here, table.refused(1 - here.proposer, plan[1 - number].value)
                )
            ),
            None,
        )
        found = packed(game, [Haggled(game, plan)], tied)
        if found.complete and not _leaving_is_feasible(table, frontier):
            return Found(
                found.elements,
                Status.SOLVED,
                False,
                "outside options are worth more together than any agreement; other "
                "equilibria, which need not be stationary, are not excluded",
                "equilibrium",
                None,
            )
        return found


def _leaving_is_feasible(table: Table, frontier: Frontier) -> bool:
    """Whether some agreement gives both at least what leaving does."""
    if not any(table.can_leave):
        return True
    low = tuple(max(w, ZERO) + e for w, e in zip(table.left, table.d, strict=True))
    return frontier.chain.above((low[0], low[1])) is not None


def _candidates(table: Table, frontier: Frontier) -> Iterator[tuple[Round, ...]]:
    """Plans that may be an equilibrium; the referee says which are."""
    first = table.order[0]
    agreeing = _agreeing(table, frontier)
    if agreeing is not None:
        yield agreeing
    # one of the two rounds ends in leaving
    for number in (0, 1):
        own = table.order[number]
        if table.can_leave[1 - own]:
            gone = frontier.round(own, table.left)
            later = frontier.round(1 - own, table.refused(own, gone.value))
            pair = (gone, later)
            yield pair if number == 0 else pair[::-1]
    wait = Round(first, None, (), None, ZERO, False, (ZERO, ZERO))
    yield wait, Round(1 - first, None, (), None, ZERO, False, (ZERO, ZERO))


def _agreeing(table: Table, frontier: Frontier) -> tuple[Round, ...] | None:
    """The plan in which every offer is accepted, by its fixed point."""
    needs = [table.left[p] if table.can_leave[p] else None for p in range(2)]
    if any(
        least is not None and frontier.best(1 - player, least) is None
        for player, least in enumerate(needs)
    ):
        return None

    def needed(player: int, gain: Fraction) -> tuple[Fraction, Fraction]:
        """What a player needs, and how that changes with what it would get."""
        wait = table.discounts[player] * gain
        least = needs[player]
        if least is not None and least > wait:
            return least, ZERO
        return wait, table.discounts[player]

    def step(own: int, need: Fraction) -> tuple[Round, Fraction]:
        here = frontier.round(own, _both(own, need))
        return here, -here.price

    def image(gain: Fraction) -> tuple[Fraction, Fraction, tuple[Round, Round]]:
        """What the first player gets if it would get so much a round later."""
        need, slope = needed(0, gain)
        there, tilt = step(1, need)
        slope *= tilt
        need, change = needed(1, there.value[1])
        slope *= change
        here, tilt = step(0, need)
        return here.value[0], slope * tilt, (here, there)

    corners = frontier.chain.corners
    low, high = ZERO, max(corners[-1].x - table.d[0], ZERO)
    gain = high
    for _ in range(MAX_STEPS):
        value, slope, plans = image(gain)
        if value == gain:
            break
        low, high = (gain, high) if value > gain else (low, gain)
        newton = gain + (value - gain) / (1 - slope) if slope != 1 else low
        gain = newton if low < newton < high else (low + high) / 2
        if newton in (low, high) and image(newton)[0] == newton:
            gain = newton
    plans = image(gain)[2]
    return plans if table.order[0] == 0 else plans[::-1]


def _both(own: int, need: Any) -> Pair:
    """A refusal that is worth so much to the responder, and nothing to the proposer."""
    low = Fraction(-(10**30))
    return (low, need) if own == 0 else (need, low)


# --------------------------------------------------------------------------- symbols
def _with_symbols(table: Table) -> Found:
    """The shares of a pie as expressions, one case for each side of a threshold."""
    offers = table.offers
    problem = offers.problem
    whole = [problem._packages[k].payoffs[k] - table.d[k] for k in range(2)]
    product = table.discounts[0] * table.discounts[1]

    def proposer(own: int) -> Any:
        return reduced((1 - table.discounts[1 - own]) / (1 - product)) * whole[own]

    def plan(needs: Pair) -> tuple[Round, ...]:
        return tuple(linear_round(table, own, needs[1 - own]) for own in table.order)

    waiting = tuple(reduced(table.discounts[p] * proposer(p)) for p in range(2))
    free = plan((waiting[0], waiting[1]))
    if not any(table.can_leave):
        return packed(offers, [Haggled(offers, free)], None)
    leaver = table.can_leave.index(True)
    other = 1 - leaver
    least = table.left[leaver]
    threshold = waiting[leaver]
    # the other keeps what is left, and needs that one round later
    kept = (1 - least / whole[leaver]) * whole[other]
    needs: list[Any] = [ZERO, ZERO]
    needs[leaver], needs[other] = least, reduced(table.discounts[other] * kept)
    bound = plan((needs[0], needs[1]))
    cases = [
        Haggled(offers, free, (_at_most(least, threshold),)),
        Haggled(
            offers,
            bound,
            (_at_most(threshold, least), _at_most(least, whole[leaver])),
        ),
    ]
    return Found(
        cases,
        Status.SOLVED,
        False,
        "both cases in which something can be agreed on; an outside option worth more "
        "than everything is left out",
        "case",
        len(cases),
    )


def _at_most(low: Any, high: Any) -> Relation:
    return Relation(Number.of(low), "<=", Number.of(high))


def reduced(value: Any) -> Any:
    """An expression in lowest terms."""
    if not isinstance(value, Number) or value.is_constant:
        return value
    import flint

    names = value.names
    context = flint.fmpq_mpoly_ctx.get(
        [f"x{k}" for k in range(len(names))], flint.Ordering.deglex
    )

    def read(poly: Any) -> Any:
        terms = {}
        for monomial, c in poly.items():
            powers = dict(monomial)
            key = tuple(powers.get(name, 0) for name in names)
            terms[key] = flint.fmpq(c.numerator, c.denominator)
        return context.from_dict(terms)

    def write(poly: Any) -> Number:
        terms = {}
        for powers, c in poly.to_dict().items():
            monomial = tuple(
                (name, int(e)) for name, e in zip(names, powers, strict=True) if e
            )
            terms[monomial] = Fraction(int(c.p), int(c.q))
        return Number(terms)

    above, below = map(read, value.polynomials())
    shared = above.gcd(below)
    return write(above // shared) / write(below // shared)


# ---------------------------------------------------------------------------- curves
@dataclass(frozen=True)
class StationaryOffersOnACurve(Solver):
    """Subgame perfect payoffs without a last offer, below a curved frontier.

    References
    ----------
    [rubinstein1982]_; [osborne1990]_, chapter 3.
    """

    concept: ClassVar[Concept] = Concept.SUBGAME_PERFECT
    name: ClassVar[str] = "stationary offers on a curve"
    takes: ClassVar[type[Problem]] = AlternatingOffers

    def refusal(self, game: AlternatingOffers) -> str | None:
        """Packages, offers with an end, outside options, and no gains."""
        if game.problem._curve is None:
            return "there is no curved frontier"
        if game.rounds is not None:
            return "there is a last round; below a curve only endless offers are solved"
        if any(game._can_leave):
            return "somebody can leave"
        if game.free_parameters:
            return f"it needs numbers for {', '.join(game.free_parameters)}"
        if not game.problem.has_gains:
            return "nothing is better for both than no agreement"
        return None

    def find(self, game: AlternatingOffers, coverage: Coverage) -> Found:
        """The stationary plan."""
        for x, y in _places(game):
            plan = _plan(game, x, y)
            if in_turn(game, plan).holds:
                return packed(game, [Haggled(game, plan)], None)
        raise SolveFailed(f"no stationary plan was found for {game!r}")


def _places(game: AlternatingOffers) -> Iterator[tuple[Any, Any]]:
    """Where both may offer: in between, or at an end of the frontier."""
    curve = game.problem._curve
    assert curve is not None
    d: Any = game.problem._point
    (dx, dy), discounts = d, game._discounts
    span = curve.span((dx, dy))
    assert span is not None
    start, end = span
    one: Any
    other: Any
    one, other = discounts
    p, q = curve.parts
    line: Any = ((1 - one) * dx, one)  # what the first needs, by what it gets
    p_needs, q_needs = _composed(p, line), _composed(q, line)
    here = times(added(p, q, -dy), q_needs)
    later = times(added(p_needs, q_needs, -dy), q)
    gap = added(here, later, -other)
    for x in Algebraic.roots(gap):
        if start <= x <= end:
            yield x, at(line, x)
    yield end, max(start, at(line, end))
    height = curve.height(start) - dy
    crossing = root_between(start, end, added(p, q, -dy), q, -other * height)
    if crossing is not None:
        yield crossing, start
    yield end, start


def _composed(poly: Any, line: Any) -> Any:
    total: Any = (ZERO,)
    for c in reversed(poly):
        total = added(times(total, line), (c,))
    return total


def _plan(game: AlternatingOffers, x: Any, y: Any) -> tuple[Round, ...]:
    curve, d = game.problem._curve, game.problem._point
    assert curve is not None
    rounds = []
    for own, place in ((0, x), (1, y)):
        offer = place, curve.height(place)
        gains = offer[0] - d[0], offer[1] - d[1]
        rounds.append(
            Round(own, offer, (), place, _price(curve, own, place), True, gains)
        )
    first = game.players.index(game.proposers[0])
    return tuple(rounds if first == 0 else rounds[::-1])


def _price(curve: Curve, own: int, place: Any) -> Any:
    """What a unit for the responder costs the proposer on the curve."""
    _, q = curve.parts
    steep = -Algebraic.quotient(curve.steepness, times(q, q), place)
    if own == 1:
        return steep if place != curve.top else ZERO
    return ZERO if place == curve.ends[1] else 1 / steep
