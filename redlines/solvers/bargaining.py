"""The four axiomatic solutions of bargaining problems, on an exact frontier.

What packages pay is reduced to the Pareto frontier of its convex hull, cut at the
disagreement point; along it gains are piecewise linear, so each criterion is solved on
each edge and the answer is rational. Below a curve the criterion is a polynomial
equation in one unknown, and its root an algebraic number. Where lotteries are not
allowed, every package is tried.

Reads: algebraic, bargains, solution, solvers.base.  Used by: solving.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, ClassVar

from redlines.algebraic import Algebraic
from redlines.answers import Part
from redlines.bargains.answers import Contingent, Settled
from redlines.bargains.chain import Chain, Corner, mixture
from redlines.bargains.curve import Curve, added, at, root_between, times
from redlines.bargains.problems import NO_AGREEMENT, BargainingProblem
from redlines.bargains.referee import Claim
from redlines.problem import Problem
from redlines.solution import Concept, Coverage, Status
from redlines.solvers.base import Found, Solver

__all__ = ["Egalitarian", "KalaiSmorodinsky", "NashBargaining", "Utilitarian"]

ZERO, ONE = Fraction(0), Fraction(1)
MAX_DEGREE = 8
Pair = tuple[Any, Any]


class _Hull:
    """The frontier of packages that gives both at least disagreement."""

    def __init__(self, problem: BargainingProblem) -> None:
        self.problem = problem
        self.labels = [label for label, _ in problem._points]
        self.d: tuple[Fraction, Fraction] = problem._points[-1][1]
        self.whole = problem._pareto
        part = self.whole.above(self.d)
        assert part is not None  # disagreement is among the points
        self.part: Chain = part

    @property
    def is_trivial(self) -> bool:
        """Whether nothing is better for both than disagreement."""
        (first, *rest) = self.part.corners
        return not rest and (first.x == self.d[0] or first.y == self.d[1])

    def lottery(self, corner: Corner) -> tuple[tuple[str, Fraction], ...]:
        """The packages whose mean a corner is."""
        return tuple((self.labels[k], share) for k, share in corner.mix)

    def edge(self, corner: Corner) -> Pair:
        """The weights of a line that supports the feasible set at a point."""
        ends = self.whole.corners
        for one, other in pairwise(ends):
            if one.x <= corner.x <= other.x:
                return one.y - other.y, other.x - one.x
        return ONE, ONE

    def prices(self) -> Pair:
        """Of the other's payoff, where each gets the most that it can get."""
        top, end = self.part.corners[0], self.part.corners[-1]
        first = second = ZERO
        for one, other in pairwise(self.whole.corners):
            steep = (other.x - one.x) / (one.y - other.y)
            if one.y >= end.y > other.y:
                first = steep
            if one.x < top.x <= other.x:
                second = 1 / steep
        return first, second

    def claim(self, point: Pair, corner: Corner, **more: Any) -> Claim:
        """A claim with all that proves it."""
        top, end = self.part.corners[0], self.part.corners[-1]
        evidence: dict[str, Any] = {
            "weights": self.edge(corner),
            "ideal": (end.x, top.y),
            "prices": self.prices(),
            "best": (self.lottery(end), self.lottery(top)),
        }
        if self.is_trivial:
            evidence["weights"] = self._separating()
        return Claim(self.problem, point, self.lottery(corner), **{**evidence, **more})

    def _separating(self) -> Pair:
        """The weights of a line through disagreement beyond which nothing lies."""
        ways = [(p[0] - self.d[0], p[1] - self.d[1]) for _, p in self.problem._points]
        if any(x > 0 and y == 0 for x, y in ways):
            return ZERO, ONE
        if any(x == 0 and y > 0 for x, y in ways):
            return ONE, ZERO
        return max((y / -x for x, y in ways if x < 0 < y), default=ZERO), ONE


class _Below:
    """The frontier below a curve that gives both at least disagreement."""

    def __init__(self, problem: BargainingProblem) -> None:
        assert problem._curve is not None
        self.problem = problem
        self.curve: Curve = problem._curve
        self.d: Any = problem._point
        self.span: Pair | None = self.curve.span(problem._point)  # type: ignore[arg-type]  # at numbers

    @property
    def is_trivial(self) -> bool:
        """Whether nothing is better for both than disagreement."""
        return not self.curve.exceeds(self.d)

    def no_gains(self) -> Claim:
        """What is left where nothing is better for both."""
        low, high = self.curve.ends
        if self.span is not None:
            place: Any = self.span[0]
            point: Pair = place, self.curve.height(place)
        else:
            point = self.d
            place = max(self.curve.top, self.d[0])
            place = None if place > high else max(place, low)
        return Claim(
            self.problem, point, (), (ONE, ONE), point, (ZERO, ZERO), place=place
        )

    def claim(self, point: Pair, place: Any, weights: Pair | None = None) -> Claim:
        """A claim with all that proves it."""
        assert self.span is not None
        start, end = self.span
        if weights is None:
            steep = _steepness(self.curve, place)
            weights = (steep, ONE) if steep > 0 else (ZERO, ONE)
        return Claim(
            self.problem,
            point,
            (),
            weights,
            (end, self.curve.height(start)),
            (ZERO, ZERO),
            best=(end, start),
            place=place,
        )

    def on(self, place: Any) -> Claim:
        """The claim that the solution is the point of the curve above a place."""
        return self.claim((place, self.curve.height(place)), place)


def _steepness(curve: Curve, place: Any) -> Any:
    """How fast the curve falls at a place."""
    _, q = curve.parts
    return -Algebraic.quotient(curve.steepness, times(q, q), place)


@dataclass(frozen=True)
class _Axiomatic(Solver):
    """What the four solutions have in common."""

    takes: ClassVar[type[Problem]] = BargainingProblem
    name: ClassVar[str] = "supporting line"

    def refusal(self, game: BargainingProblem) -> str | None:
        """None."""
        return None

    def find(self, game: BargainingProblem, coverage: Coverage) -> Found:
        """The solution, for each state of third parties if they are asked before."""
        elements: list[Part]
        unit = "agreement"
        reason = "a line through it has everything feasible on one side"
        if not game.lotteries:
            reason = "every package was tried"
        states = game.states
        if game.asked == "before" and game._consents:
            unit = "contingent agreement"
            reason += ", in each state of the third parties"
            found = [(state, self._claims(state.problem)) for state in states]
            elements = [Contingent(game, tuple((s, Settled(c[0])) for s, c in found))]
            if any(len(c) > 1 for _, c in found):
                return Found(
                    elements,
                    Status.SOLVED,
                    False,
                    "in some states packages are tied, of which one is shown; solve "
                    "the problems of .states for all",
                    unit,
                    None,
                )
        else:
            elements = [Settled(claim) for claim in self._claims(game)]
        if coverage is Coverage.ONE and len(elements) > 1:
            return Found(
                elements[:1], Status.SOLVED, False, "one was asked for", unit, None
            )
        return Found(elements, Status.SOLVED, True, reason, unit, len(elements))

    def _claims(self, problem: BargainingProblem) -> list[Claim]:
        if not problem.lotteries:
            return self._tried(problem)
        if problem._curve is not None:
            below = _Below(problem)
            return [below.no_gains() if below.is_trivial else self._below(below)]
        return [self._on(_Hull(problem))]

    def _tried(self, problem: BargainingProblem) -> list[Claim]:
        """The best packages, all that are tied."""
        points = problem._points
        d = points[-1][1]
        fair = [
            (label, p)
            for label, p in points
            if self._ignores_disagreement or (p[0] >= d[0] and p[1] >= d[1])
        ]
        ideal = tuple(max(p[i] for _, p in fair) for i in range(2))
        spans = [m - e for m, e in zip(ideal, d, strict=True)]
        worths = [self._worth((p[0] - d[0], p[1] - d[1]), spans) for _, p in fair]
        best = max(worths)
        tied = [fair[k] for k, worth in enumerate(worths) if worth == best]
        # equal products of 0 can dominate each other, and doing nothing is not chosen
        tied = [
            (label, p)
            for label, p in tied
            if not any(
                q[0] >= p[0] and q[1] >= p[1] and (q != p or label == NO_AGREEMENT)
                for other, q in tied
                if other != label
            )
        ]
        return [
            Claim(
                problem,
                p,
                ((label, ONE),),
                (ONE, ONE),
                ideal,
                (ZERO, ZERO),
                rational=not self._ignores_disagreement,
            )
            for label, p in tied
        ]

    @property
    def _ignores_disagreement(self) -> bool:
        return False

    @abstractmethod
    def _worth(self, gains: Pair, spans: list[Fraction]) -> Any:
        """What a package is compared by, where lotteries are not allowed."""

    @abstractmethod
    def _on(self, hull: _Hull) -> Claim:
        """The solution on packages."""

    @abstractmethod
    def _below(self, below: _Below) -> Claim:
        """The solution below a curve, where both can gain."""


@dataclass(frozen=True)
class NashBargaining(_Axiomatic):
    """The greatest product of both gains over disagreement.

    References
    ----------
    [nash1950]_.
    """

    concept: ClassVar[Concept] = Concept.NASH_BARGAINING

    def _worth(self, gains: Pair, spans: list[Fraction]) -> Any:
        return gains[0] * gains[1]

    def _on(self, hull: _Hull) -> Claim:
        dx, dy = hull.d
        best = max(hull.part.corners, key=lambda c: (c.x - dx) * (c.y - dy))
        for one, other in pairwise(hull.part.corners):
            # (x - dx + t u) (y - dy - t v) is greatest where its slope in t is 0
            u, v = other.x - one.x, one.y - other.y
            peak = (u * (one.y - dy) - v * (one.x - dx)) / (2 * u * v)
            if 0 < peak < 1:
                best = mixture(one, other, peak)
        return hull.claim((best.x, best.y), best)

    def _below(self, below: _Below) -> Claim:
        assert below.span is not None
        start, end = below.span
        (p, q), (dx, dy) = below.curve.parts, below.d
        above = times(added(p, q, -dy), q)
        poly = added(above, times((-dx, ONE), below.curve.steepness))
        if at(poly, start) <= 0:
            return below.on(start)
        if at(poly, end) >= 0:
            return below.on(end)
        return below.on(root_between(start, end, poly))


@dataclass(frozen=True)
class KalaiSmorodinsky(_Axiomatic):
    """The most that gives both the same share of what each could gain.

    References
    ----------
    [kalaismorodinsky1975]_; without lotteries [nagahisa2002]_.
    """

    concept: ClassVar[Concept] = Concept.KALAI_SMORODINSKY

    def refusal(self, game: BargainingProblem) -> str | None:
        """Curves whose ideal point is irrational of a high degree."""
        curve = game._curve
        if curve is None or not game.has_gains:
            return None
        start, end = _Below(game).span or (ZERO, ZERO)
        degree = len(curve.parts[0]) + len(curve.parts[1]) - 2
        for value in (curve.height(start), end):
            if isinstance(value, Algebraic):
                degree *= len(value.polynomial) - 1
        if degree > MAX_DEGREE:
            return (
                f"the ideal point is irrational, and the solution then of degree "
                f"{degree}; at most {MAX_DEGREE} are computed exactly. Give corners of "
                "a concave line near the frontier"
            )
        return None

    def _worth(self, gains: Pair, spans: list[Fraction]) -> Any:
        shares = [g / s if s else ZERO for g, s in zip(gains, spans, strict=True)]
        return sorted(shares)

    def _on(self, hull: _Hull) -> Claim:
        top, end = hull.part.corners[0], hull.part.corners[-1]
        one, other = end.x - hull.d[0], top.y - hull.d[1]
        best = top
        if not hull.is_trivial:
            level = other * hull.d[0] - one * hull.d[1]
            crossed = hull.part.crossing(other, one, level)
            assert crossed is not None
            best = crossed
        return hull.claim((best.x, best.y), best)

    def _below(self, below: _Below) -> Claim:
        assert below.span is not None
        start, end = below.span
        (p, q), (dx, dy) = below.curve.parts, below.d
        ratio = (below.curve.height(start) - dy) / (end - dx)
        return below.on(
            root_between(start, end, added(p, q, -dy), times((dx, -ONE), q), ratio)
        )


@dataclass(frozen=True)
class Egalitarian(_Axiomatic):
    """The most that gives both the same gain over disagreement.

    Where gains cannot be equal on the frontier, payoff is thrown away: the lottery pays
    more than the solution counts.

    References
    ----------
    [kalai1977]_.
    """

    concept: ClassVar[Concept] = Concept.EGALITARIAN

    def _worth(self, gains: Pair, spans: list[Fraction]) -> Any:
        return sorted(gains)

    def _on(self, hull: _Hull) -> Claim:
        dx, dy = hull.d
        top, end = hull.part.corners[0], hull.part.corners[-1]
        best = hull.part.crossing(ONE, ONE, dx - dy)
        if best is not None:
            return hull.claim((best.x, best.y), best)
        if top.x - dx > top.y - dy:
            gain, best, weights = top.y - dy, top, (ZERO, ONE)
        else:
            gain, best, weights = end.x - dx, end, (ONE, ZERO)
        if hull.is_trivial:
            weights = hull._separating()
        return hull.claim((dx + gain, dy + gain), best, weights=weights)

    def _claims(self, problem: BargainingProblem) -> list[Claim]:
        claims = super()._claims(problem)
        if problem._curve is not None and _Below(problem).is_trivial:
            # equal gains are then no gains
            (claim,) = claims
            return [self._none(claim)]
        return claims

    def _none(self, claim: Claim) -> Claim:
        curve, d = claim.problem._curve, claim.problem._point
        below = _Below(claim.problem)
        high = curve.ends[1]
        place: Any
        if d[0] >= high:
            place, weights = high, (ONE, ZERO)
        else:
            place = max(curve.top, d[0])
            steep = _steepness(curve, place)
            # left of the curve, and on its top, nothing is higher
            level = place > d[0] or steep <= 0
            weights = (ZERO, ONE) if level else (steep, ONE)
        return Claim(
            below.problem, d, (), weights, claim.ideal, claim.prices, place=place
        )

    def _below(self, below: _Below) -> Claim:
        assert below.span is not None
        start, end = below.span
        (p, q), (dx, dy) = below.curve.parts, below.d
        least = below.curve.height(start) - dy
        if start - dx >= least:
            return below.claim((dx + least, dy + least), start, (ZERO, ONE))
        if below.curve.height(end) - dy >= end - dx:
            return below.claim((end, dy + end - dx), end, (ONE, ZERO))
        gap = added(added(p, q, -dy), times((-dx, ONE), q), -1)
        return below.on(root_between(start, end, gap))


@dataclass(frozen=True)
class Utilitarian(_Axiomatic):
    """The greatest sum of payoffs; all of them where the frontier has slope -1.

    Parameters
    ----------
    individually_rational : bool
        Whether only what gives both at least disagreement is compared; default True,
        since either player may refuse.

    References
    ----------
    [thomson1981]_.
    """

    concept: ClassVar[Concept] = Concept.UTILITARIAN

    individually_rational: bool = True

    @property
    def _ignores_disagreement(self) -> bool:
        return not self.individually_rational

    def _worth(self, gains: Pair, spans: list[Fraction]) -> Any:
        return gains[0] + gains[1]

    def _on(self, hull: _Hull) -> Claim:
        chain = hull.part if self.individually_rational else hull.whole
        most = max(c.x + c.y for c in chain.corners)
        best = [c for c in chain.corners if c.x + c.y == most]
        shown = best[0] if len(best) == 1 else mixture(best[0], best[-1], ONE / 2)
        prices = [ZERO, ZERO]
        if len(best) == 1 and self.individually_rational:
            # where disagreement stops what the sum would still gain from
            for one, other in pairwise(hull.whole.corners):
                u, v = other.x - one.x, one.y - other.y
                if u > v and one.y >= shown.y > other.y and shown.y == hull.d[1]:
                    prices[1] = u / v - 1
                if v > u and one.x < shown.x <= other.x and shown.x == hull.d[0]:
                    prices[0] = v / u - 1
        return hull.claim(
            (shown.x, shown.y),
            shown,
            weights=(1 + prices[0], 1 + prices[1]),
            prices=tuple(prices),
            ends=tuple(((c.x, c.y), hull.lottery(c)) for c in best[:: len(best) - 1])
            if len(best) > 1
            else (),
            rational=self.individually_rational,
        )

    def _claims(self, problem: BargainingProblem) -> list[Claim]:
        if problem._curve is not None and problem.lotteries:
            return [self._below(_Below(problem))]
        return super()._claims(problem)

    def _below(self, below: _Below) -> Claim:
        curve = below.curve
        low, high = curve.ends
        if self.individually_rational:
            if below.is_trivial:
                return below.no_gains()
            assert below.span is not None
            start, end = below.span
        else:
            start, end = low, high
        _, q = curve.parts
        tilt = added(times(q, q), curve.steepness)
        ends: tuple[Any, ...] = ()
        if not any(tilt):
            place: Any = (start + end) / 2
            ends = tuple(((x, curve.height(x)), ()) for x in (start, end))
        elif at(tilt, start) <= 0:
            place = start
        elif at(tilt, end) >= 0:
            place = end
        else:
            place = root_between(start, end, tilt)
        prices = [ZERO, ZERO]
        steep = -_steepness(curve, place)
        if self.individually_rational:
            if place == below.d[0] and steep < -1:
                prices[0] = -steep - 1
            if place != high and steep > -1:
                prices[1] = -1 / steep - 1
        return Claim(
            below.problem,
            (place, curve.height(place)),
            (),
            (1 + prices[0], 1 + prices[1]),
            (),
            (prices[0], prices[1]),
            place=place,
            ends=ends,
            rational=self.individually_rational,
        )
