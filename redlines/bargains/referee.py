"""The referee of bargaining solutions: verifies a point by lines, and never solves.

It shares no code with any solver. The feasible set S is convex, so a point is best in
it for a criterion exactly if a line through the point has all of S on one side:

*Nash.* With gains g = x - d > 0, no s in S has ``g2 s1 + g1 s2`` above the value at x.
*Kalai and Smorodinsky.* x - d is proportional to (ideal - d), and a line with weights
that are not negative supports S at x. That the ideal payoff of a player is what it
claims to be is shown by a lottery that attains it and, from above, by a price: no s in
S has ``s1 + price (s2 - d2)`` above it.
*Egalitarian.* x - d is (t, t), a lottery pays at least x, and a line supports S at x.
*Utilitarian.* No s in S has ``s1 + s2 + price1 (s1 - d1) + price2 (s2 - d2)`` above the
sum at x. The ends of the face are compared with everything that lies on this line.
*No gains.* Where nothing is better for both than d, a line through d separates S from
what is, and prices show that neither player can get more than the claim says.

Reads: numbers, algebraic, referee, bargains.sturm.  Used by: bargains.answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any

from redlines.algebraic import Algebraic
from redlines.bargains.sturm import (
    coefficients,
    derived,
    is_straight,
    minus,
    no_root,
    nowhere_positive,
    product,
    value,
)
from redlines.numbers import Number, brief
from redlines.referee import Certificate, Failure

__all__ = ["Claim", "Judge", "Lottery", "agreement", "choice", "judge"]

ZERO = Fraction(0)
Lottery = tuple[tuple[str, Fraction], ...]
Point = tuple[Any, Any]


@dataclass(frozen=True)
class Claim:
    """A solution of a bargaining problem, with what proves it.

    Attributes
    ----------
    problem : BargainingProblem
    point : tuple of two numbers
        What the players get.
    lottery : tuple of (str, Fraction)
        Packages with probabilities; empty below a curved frontier.
    weights : tuple of two numbers
        The line that supports the feasible set at the point.
    ideal : tuple of two numbers, or empty where the concept does not ask for it
        The most that each can get if the other gets no less than in disagreement.
    prices : tuple of two numbers
        Of the other's payoff, which show that the ideal cannot be exceeded; for the
        utilitarian solution, of each player's claim to its disagreement payoff.
    best : tuple of two lotteries, or of two numbers
        That attain the ideal payoff of each; on a curve their places.
    place : number or None
        Where on a curve the point is, or what is agreed on where payoff is thrown away.
    ends : tuple of (point, lottery), or empty
        The ends of the set of solutions where it is more than a point.
    rational : bool
        Whether nobody may get less than in disagreement.
    """

    problem: Any
    point: Point
    lottery: Lottery
    weights: Point
    ideal: Any
    prices: Point
    best: tuple[Any, Any] = ((), ())
    place: Any = None
    ends: tuple[tuple[Point, Lottery], ...] = ()
    rational: bool = True


class Judge:
    """Looks at one claim: what there is to agree on, and what is wrong so far."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        problem = claim.problem
        self.players: tuple[str, str] = problem.players
        self.d: Point = tuple(problem.disagreement[p] for p in self.players)
        self.failures: list[Failure] = []

    def fail(self, condition: str, message: str, gain: Any = None) -> None:
        """Note a condition that does not hold."""
        self.failures.append(Failure(condition, "", "", {}, gain, message))

    # what a feasible set knows: packages, or a curve
    def feasible(self, point: Point, lottery: Lottery, exactly: bool) -> None:
        """Whether the lottery, or a place on the curve, pays (at least) the point."""
        raise NotImplementedError

    def supported(self, weights: Point, point: Point, condition: str) -> None:
        """Whether nothing feasible lies beyond a line through the point."""
        raise NotImplementedError

    def ideal(self) -> None:
        """Whether each can get what is claimed to be the most, and no more."""
        raise NotImplementedError

    # ------------------------------------------------------------------- conditions
    def not_below_disagreement(self) -> None:
        """Whether nobody gets less than without an agreement."""
        for name, got, least in zip(
            self.players, self.claim.point, self.d, strict=True
        ):
            if got < least:
                self.fail(
                    "individual rationality",
                    f"{name} gets {brief(got)}, less than {brief(least)} without an "
                    "agreement",
                )

    def weights_positive(self, weights: Point, condition: str) -> bool:
        """Whether weights are those of a line that can support."""
        if weights[0] < 0 or weights[1] < 0 or not (weights[0] or weights[1]):
            self.fail(condition, f"{_shown(weights)} are no weights of a line")
            return False
        return True

    def no_gains(self) -> None:
        """That nothing is better for both, and nothing better for either."""
        self.supported(self.claim.weights, self.d, "gains from trade")
        self.ideal()
        if self.claim.point != self.claim.ideal:
            self.fail(
                "efficiency",
                f"{_shown(self.claim.ideal)} can be had, not only "
                f"{_shown(self.claim.point)}",
            )

    def gains(self) -> Point:
        """What both get beyond disagreement."""
        return self.claim.point[0] - self.d[0], self.claim.point[1] - self.d[1]

    def nash(self) -> None:
        """The greatest product of gains."""
        one, other = self.gains()
        if one > 0 and other > 0:
            self.supported((other, one), self.claim.point, "nash product")
        else:
            self.no_gains()

    def kalai_smorodinsky(self) -> None:
        """The most in proportion to what each could gain."""
        one, other = self.gains()
        if not (one > 0 and other > 0):
            self.no_gains()
            return
        self.ideal()
        if self.claim.point == self.claim.ideal:
            return
        most = self.claim.ideal[0] - self.d[0], self.claim.ideal[1] - self.d[1]
        if one * most[1] != other * most[0]:
            self.fail(
                "proportion",
                f"the gains {_shown((one, other))} are not in proportion to the most "
                f"that each can gain, {_shown(most)}",
            )
        self.supported(self.claim.weights, self.claim.point, "efficiency")

    def egalitarian(self) -> None:
        """The most at equal gains."""
        one, other = self.gains()
        if one != other:
            self.fail("equal gains", f"the gains are {_shown((one, other))}")
        self.supported(self.claim.weights, self.claim.point, "efficiency")

    def utilitarian(self) -> None:
        """The greatest sum."""
        if self.claim.ideal == self.claim.point and isinstance(self, _Curve):
            self.no_gains()
            return
        one, other = self.claim.prices
        if one < 0 or other < 0 or (not self.claim.rational and (one or other)):
            self.fail("sum of payoffs", f"{_shown((one, other))} are no prices")
            return
        for player, price in enumerate((one, other)):
            if price and self.claim.point[player] != self.d[player]:
                self.fail(
                    "sum of payoffs",
                    f"{self.players[player]} gets more than without an agreement, so "
                    "its claim has no price",
                )
        self.supported((1 + one, 1 + other), self.claim.point, "sum of payoffs")
        if not self.failures:
            self.face((1 + one, 1 + other))

    def face(self, weights: Point) -> None:
        """Whether the ends are those of all points with the greatest sum."""
        raise NotImplementedError


class _Packages(Judge):
    """The hull of what packages pay and of disagreement."""

    def __init__(self, claim: Claim) -> None:
        super().__init__(claim)
        problem = claim.problem
        self.pays: dict[str, Point] = {"no agreement": self.d}
        needs, consents = problem.needs, problem.consents
        for label, payoffs in problem.packages.items():
            chance = prod(
                (consents[party] for party in needs.get(label, ())),
                start=Fraction(1),
            )
            self.pays[label] = tuple(
                chance * payoffs[p] + (1 - chance) * e
                for p, e in zip(self.players, self.d, strict=True)
            )

    def mean(self, lottery: Lottery) -> Point | None:
        """What a lottery pays, or None if it is none."""
        shares = [share for _, share in lottery]
        known = all(label in self.pays for label, _ in lottery)
        if not known or any(s <= 0 for s in shares) or sum(shares, ZERO) != 1:
            self.fail("lottery", f"{dict(lottery)} is no lottery over the packages")
            return None
        one, other = (
            sum((share * self.pays[label][i] for label, share in lottery), ZERO)
            for i in range(2)
        )
        return one, other

    def feasible(self, point: Point, lottery: Lottery, exactly: bool) -> None:
        paid = self.mean(lottery)
        if paid is None:
            return
        short = paid[0] < point[0] or paid[1] < point[1]
        if short or (exactly and paid != point):
            self.fail(
                "lottery", f"the lottery pays {_shown(paid)}, not {_shown(point)}"
            )

    def supported(self, weights: Point, point: Point, condition: str) -> None:
        if not self.weights_positive(weights, condition):
            return
        level = weights[0] * point[0] + weights[1] * point[1]
        for label, (x, y) in self.pays.items():
            over = weights[0] * x + weights[1] * y - level
            if over > 0:
                self.fail(
                    condition,
                    f"{label!r} lies beyond the line with weights {_shown(weights)} "
                    f"through {_shown(point)}",
                    over,
                )
                return

    def ideal(self) -> None:
        claim = self.claim
        for player, name in enumerate(self.players):
            other, price = 1 - player, claim.prices[player]
            most = claim.ideal[player]
            paid = self.mean(claim.best[player])
            if paid is None:
                continue
            if paid[player] != most or paid[other] < self.d[other]:
                self.fail("ideal", f"{name} does not get {brief(most)} by its lottery")
            if price < 0 or any(
                p[player] + price * (p[other] - self.d[other]) > most
                for p in self.pays.values()
            ):
                self.fail("ideal", f"{name} may get more than {brief(most)}")

    def face(self, weights: Point) -> None:
        claim = self.claim
        for point, lottery in claim.ends:
            self.feasible(point, lottery, exactly=True)
        level = weights[0] * claim.point[0] + weights[1] * claim.point[1]
        on = [
            p
            for p in self.pays.values()
            if weights[0] * p[0] + weights[1] * p[1] == level
        ]
        if claim.prices != (0, 0):
            # the line meets what is individually rational in one point
            low = high = claim.point[0]
        else:
            low, high = min(p[0] for p in on), max(p[0] for p in on)
            if claim.rational:
                low, high = max(low, self.d[0]), min(high, level - self.d[1])
        ends = [point[0] for point, _ in claim.ends] or [claim.point[0]]
        if (min(ends), max(ends)) != (low, high) or not low <= claim.point[0] <= high:
            self.fail(
                "all solutions",
                f"{self.players[0]} can get from {brief(low)} to {brief(high)} at the "
                "same sum",
            )


class _Curve(Judge):
    """What lies below a concave curve; whoever has payoff may throw it away."""

    def __init__(self, claim: Claim) -> None:
        super().__init__(claim)
        curve = claim.problem._curve
        self.low, self.high = curve.low, curve.high
        # where curves begin for whoever gets at least disagreement
        self.left = max(self.low, self.d[0])
        p, q = map(coefficients, Number.of(curve.expression).polynomials())
        if value(q, (self.low + self.high) / 2) < 0:
            p, q = [-c for c in p], [-c for c in q]
        self.p, self.q = p, q
        # q squared times the slope, and q cubed times the curvature
        self.n = minus(product(derived(p), q), product(p, derived(q)))
        twice = [2 * c for c in product(self.n, derived(q))]
        bend = minus(product(derived(self.n), q), twice)
        if not no_root(q, self.low, self.high) or not nowhere_positive(
            bend, self.low, self.high
        ):
            self.fail("frontier", "the frontier is not concave")

    def height(self, x: Any) -> Any:
        return Algebraic.quotient(self.p, self.q, x)

    def is_top(self, tilt: Any, x: Any, left: Any) -> bool:
        """Whether a concave function with this slope at x is greatest there."""
        return bool(
            tilt == 0 or (x == left and tilt < 0) or (x == self.high and tilt > 0)
        )

    def feasible(self, point: Point, lottery: Lottery, exactly: bool) -> None:
        if point == self.d:
            return
        place = self.claim.place
        if place is None or not self.low <= place <= self.high:
            self.fail("frontier", f"{_shown(point)} has no place on the frontier")
        elif place < point[0] or self.height(place) < point[1]:
            self.fail("frontier", f"{_shown(point)} lies above the frontier")
        elif exactly and (place, self.height(place)) != point:
            self.fail("frontier", f"{_shown(point)} lies below the frontier")

    def nash(self) -> None:
        place, (dx, dy) = self.claim.place, self.d
        one, other = self.gains()
        if not (one > 0 and other > 0):
            self.no_gains()
            return
        # where the point is that of a place, the line of its gains has this tilt
        rise = product(minus(self.p, [dy * c for c in self.q]), self.q)
        tilt = minus(rise, product([dx, Fraction(-1)], self.n))
        if not self.is_top(value(tilt, place), place, self.low):
            self.fail("nash product", f"{_shown(self.claim.point)} can be improved on")

    def supported(self, weights: Point, point: Point, condition: str) -> None:
        if not self.weights_positive(weights, condition):
            return
        place = self.claim.place
        on_curve = point == (place, self.height(place))
        if not all(isinstance(w, Fraction | int) for w in weights):
            # a line along the curve: it supports where the curve falls
            fine = on_curve and (place == self.high or value(self.n, place) <= 0)
        else:
            q2 = product(self.q, self.q)
            tilt = minus(
                [weights[0] * c for c in q2], [-weights[1] * c for c in self.n]
            )
            fine = self.is_top(value(tilt, place), place, self.low)
            if not on_curve:
                most = weights[0] * place + weights[1] * self.height(place)
                level = weights[0] * point[0] + weights[1] * point[1]
                fine = fine and most <= level
        if not fine:
            self.fail(
                condition,
                f"the frontier lies beyond the line with weights {_shown(weights)} "
                f"through {_shown(point)}",
            )

    def ideal(self) -> None:
        (one, other), (end, start) = self.claim.ideal, self.claim.best
        at_end = end == self.high and self.height(end) >= self.d[1]
        crosses = self.height(end) == self.d[1] and value(self.n, end) <= 0
        if one != end or not self.left <= end <= self.high or not (at_end or crosses):
            self.fail("ideal", f"the most for {self.players[0]} is not {brief(one)}")
        if (
            not self.left <= start <= self.high
            or self.height(start) != other
            or not self.is_top(value(self.n, start), start, self.left)
        ):
            self.fail("ideal", f"the most for {self.players[1]} is not {brief(other)}")

    def no_gains(self) -> None:
        place, point = self.claim.place, self.claim.point
        if self.d[0] > self.high:
            expected = self.d
        elif (
            place is None
            or not self.left <= place <= self.high
            or not self.is_top(value(self.n, place), place, self.left)
        ):
            self.fail("gains from trade", f"{_shown(point)} is not shown to be all")
            return
        elif self.height(place) < self.d[1]:
            expected = self.d
        elif self.height(place) == self.d[1] or self.d[0] == self.high:
            expected = place, self.height(place)
        else:
            self.fail("gains from trade", "both can gain")
            return
        if point != expected:
            self.fail(
                "efficiency",
                f"{_shown(expected)} can be had, not only {_shown(point)}",
            )

    def face(self, weights: Point) -> None:
        ends = [point for point, _ in self.claim.ends]
        if not ends:
            # along a straight piece the line would touch elsewhere too
            if is_straight(self.p, self.q) and self.claim.prices == (0, 0):
                self.fail("all solutions", "the frontier is straight, with slope -1")
            return
        tight = [
            max(self.left, self.low),
            min(self.high, sum(self.claim.point) - self.d[1])
            if self.claim.rational
            else self.high,
        ]
        if not is_straight(self.p, self.q) or [e[0] for e in ends] != tight:
            self.fail(
                "all solutions", "these are not the ends of the straight frontier"
            )


def judge(claim: Claim) -> Judge:
    """What looks at a claim, by packages or below a curve."""
    return _Packages(claim) if claim.problem._curve is None else _Curve(claim)


def agreement(claim: Claim, concept: str) -> Certificate:
    """Verify a solution of a bargaining problem.

    Parameters
    ----------
    claim : Claim
    concept : str
        One of the four solutions.

    Returns
    -------
    Certificate
        Its failures say which condition does not hold.
    """
    found = judge(claim)
    conditions = {
        "nash bargaining": found.nash,
        "kalai smorodinsky": found.kalai_smorodinsky,
        "egalitarian": found.egalitarian,
        "utilitarian": found.utilitarian,
    }
    found.feasible(claim.point, claim.lottery, exactly=concept != "egalitarian")
    if claim.rational or concept != "utilitarian":
        found.not_below_disagreement()
    if not found.failures:
        conditions[concept]()
    gains = [f.gain for f in found.failures if f.gain is not None]
    return Certificate(
        concept=concept,
        holds=not found.failures,
        regret=max(gains, default=ZERO),
        failures=tuple(found.failures),
        checked=("feasible", "individual rationality", "supporting line"),
    )


def choice(claim: Claim, concept: str) -> Certificate:
    """Verify the choice of one package, where lotteries are not allowed.

    Parameters
    ----------
    claim : Claim
        Its lottery is one package, or ``"no agreement"``.
    concept : str
        One of the four solutions; the egalitarian one and that of Kalai and Smorodinsky
        compare the lesser of both (normalized) gains, then the greater.

    Returns
    -------
    Certificate
    """
    found = _Packages(claim)
    d, wanted = found.d, claim.point
    fair = [p for p in found.pays.values() if p[0] >= d[0] and p[1] >= d[1]]
    found.feasible(wanted, claim.lottery, exactly=True)
    if len(claim.lottery) != 1:
        found.fail("lottery", "lotteries are not allowed")
    if claim.rational or concept != "utilitarian":
        found.not_below_disagreement()
    else:
        fair = list(found.pays.values())
    most = [max(p[i] for p in fair) - d[i] for i in range(2)]

    def worth(p: Point) -> Any:
        one, other = p[0] - d[0], p[1] - d[1]
        if concept == "nash bargaining":
            return one * other
        if concept == "utilitarian":
            return one + other
        if concept == "kalai smorodinsky":
            one, other = (
                g / m if m else ZERO for g, m in zip((one, other), most, strict=True)
            )
        return sorted((one, other))

    for p in fair:
        dominates = p[0] >= wanted[0] and p[1] >= wanted[1] and p != wanted
        if worth(p) > worth(wanted) or (dominates and worth(p) == worth(wanted)):
            found.fail("choice", f"{_shown(p)} is better than {_shown(wanted)}")
            break
    return Certificate(
        concept=concept,
        holds=not found.failures,
        regret=ZERO,
        failures=tuple(found.failures),
        checked=("feasible", "individual rationality", "every package"),
    )


def _shown(pair: Sequence[Any]) -> str:
    return f"({brief(pair[0])}, {brief(pair[1])})"
