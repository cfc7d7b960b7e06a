"""Equilibria and announcements of inspection games, by recursion over what is left.

*Equilibria.* In a state the four pairs of choices have values, those of what follows
included. The inspector's gain from inspecting is linear in the chance q of a violation,
and the inspectee's gain from violating is linear in the chance p of an inspection, so
the equilibria of the state are at most a few rectangles of (p, q) (Maschler 1966).

*Announcements.* From a state, what matters of a plan is what it pays the inspectee, for
that decides what the inspectee did before, and what it pays the inspector. What follows
the choice that the inspectee is led to should be good for both; what follows the other
choice is a threat, and should be as bad for the inspectee as can be. So of each state
one needs the least that the inspectee can be held to, and the pairs that no pair is
better than for both. These lie on concave curves: one for each choice of the inspectee
and each pair of curves of the next states. The corners of a curve are those of the next
curves, at p = 0 and p = 1, and where the inspectee is just willing.

Reads: inspection, inspected, vigilance, solution, solvers.base.  Used by: solving.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from redlines.inspected import AnnouncedPart, InspectedPart
from redlines.inspection import InspectionGame, State
from redlines.solution import Concept, Coverage, Status
from redlines.solvers.base import Found, Solver, gather
from redlines.solvers.queries import Undecided
from redlines.vigilance import Ceilings, Span, Step

__all__ = ["InspectionAnnounced", "InspectionNash", "InspectionSubgamePerfect"]

# curves of one state
MAX_CURVES = 64
# binary digits of a value
MAX_BITS = 100_000
# in place of the number of a curve: what holds the inspectee to the least
THREAT = -1

ZERO, ONE = Fraction(0), Fraction(1)


def _sides(slope: Fraction, constant: Fraction) -> list[tuple[int, Span]]:
    """Where slope * x + constant is below, above and equal to 0 on [0, 1].

    The first number is the best choice there: 0, 1, or 2 for either.
    """
    found: list[tuple[int, Span]] = []
    at_zero, at_one = constant, constant + slope
    root = -constant / slope if slope else None
    for choice, sign in ((0, -1), (1, 1)):
        if sign * at_zero >= 0 and sign * at_one >= 0:
            found.append((choice, (ZERO, ONE)))
        elif sign * at_zero >= 0:
            assert root is not None
            found.append((choice, (ZERO, root)))
        elif sign * at_one >= 0:
            assert root is not None
            found.append((choice, (root, ONE)))
    if root is not None and 0 <= root <= 1:
        found.append((2, (root, root)))
    elif root is None and not constant:
        found.append((2, (ZERO, ONE)))
    return found


_CHOICES: dict[int, Span] = {0: (ZERO, ZERO), 1: (ONE, ONE), 2: (ZERO, ONE)}


def _meet(one: Span, other: Span) -> Span | None:
    low, high = max(one[0], other[0]), min(one[1], other[1])
    return (low, high) if low <= high else None


def _rectangles(
    pays: dict[tuple[int, int], tuple[Fraction, Fraction]],
) -> list[tuple[Span, Span]]:
    """The largest rectangles of equilibria (p, q) of one state."""
    if (1, 0) not in pays:
        gain = pays[0, 1][1] - pays[0, 0][1]
        return [((ZERO, ZERO), _CHOICES[2 if not gain else int(gain > 0)])]
    inspect = [pays[1, v][0] - pays[0, v][0] for v in (0, 1)]
    violate = [pays[i, 1][1] - pays[i, 0][1] for i in (0, 1)]
    found = set()
    for (act, q_range), (reply, p_range) in itertools.product(
        _sides(inspect[1] - inspect[0], inspect[0]),
        _sides(violate[1] - violate[0], violate[0]),
    ):
        p, q = _meet(_CHOICES[act], p_range), _meet(_CHOICES[reply], q_range)
        if p is not None and q is not None:
            found.add((p, q))
    return sorted(
        a
        for a in found
        if not any(
            b != a
            and all(y[0] <= x[0] and x[1] <= y[1] for x, y in zip(a, b, strict=True))
            for b in found
        )
    )


def _bounded(game: InspectionGame, state: State, values: Iterable[Fraction]) -> None:
    """Give up where exact values have grown out of hand."""
    if any(x.denominator.bit_length() > MAX_BITS for x in values):
        raise Undecided(
            f"with {game.key(state)} left the exact values have more than {MAX_BITS:,} "
            "binary digits; ask for fewer periods or for amounts with few digits"
        )


class _Recursion:
    """All choices by state that are equilibria, whatever follows being one."""

    def __init__(self, game: InspectionGame) -> None:
        self.game = game
        self.states = game.states()
        self.several: set[State] = set()
        self.varied: set[State] = set()

    def __iter__(self) -> Iterator[InspectedPart]:
        choices: dict[State, tuple[Span, Span]] = {}
        worth: dict[State, tuple[Fraction, Fraction]] = {}
        # which rectangle of each state comes next; states with few periods left first
        stack: list[Iterator[tuple[tuple[Span, Span], tuple[Fraction, Fraction]]]] = []
        stack.append(self._options(self.states[0], worth))
        while stack:
            step = next(stack[-1], None)
            if step is None:
                stack.pop()
                continue
            state = self.states[len(stack) - 1]
            choices[state], worth[state] = step
            if len(stack) == len(self.states):
                yield InspectedPart(self.game, choices)
            else:
                stack.append(self._options(self.states[len(stack)], worth))

    def _options(
        self, state: State, worth: dict[State, tuple[Fraction, Fraction]]
    ) -> Iterator[tuple[tuple[Span, Span], tuple[Fraction, Fraction]]]:
        pays = {}
        for i, v in itertools.product((0, 1)[: 2 if state[1] else 1], (0, 1)):
            branch = self.game.branch(state, bool(i), bool(v))
            later = worth.get(branch.next, (ZERO, ZERO))
            pays[i, v] = (
                branch.inspector + branch.weight * later[0],
                branch.inspectee + branch.weight * later[1],
            )
        _bounded(self.game, state, (x for pay in pays.values() for x in pay))
        rectangles = _rectangles(pays)
        if len(rectangles) > 1:
            self.several.add(state)
        for p, q in rectangles:
            corners = {
                (x, y): self._value(pays, x, y)
                for x, y in itertools.product(sorted(set(p)), sorted(set(q)))
            }
            if len(set(corners.values())) == 1:
                yield (p, q), next(iter(corners.values()))
                continue
            self.varied.add(state)
            for (x, y), value in corners.items():
                yield ((x, x), (y, y)), value

    @staticmethod
    def _value(
        pays: dict[tuple[int, int], tuple[Fraction, Fraction]], p: Fraction, q: Fraction
    ) -> tuple[Fraction, Fraction]:
        weights = {(i, v): (p if i else 1 - p) * (q if v else 1 - q) for i, v in pays}
        return (
            sum((w * pays[c][0] for c, w in weights.items()), ZERO),
            sum((w * pays[c][1] for c, w in weights.items()), ZERO),
        )

    def proof(self, nash: bool) -> tuple[bool, str]:
        """Whether what was found is all there is, and why."""
        game = self.game
        if self.varied:
            where = ", ".join(str(game.key(s)) for s in sorted(self.varied)[:3])
            return False, (
                f"with {where} left the equilibria are a continuum over which payoffs "
                "differ, of which the corners are listed"
            )
        if self.several - {game.start}:
            where = ", ".join(
                str(game.key(s)) for s in sorted(self.several - {game.start})[:3]
            )
            return False, (
                f"with {where} left there are several equilibria, and which one is "
                "played may depend on the past; listed are those where it does not"
            )
        if nash and game.periods > 1:
            return False, (
                "these are all subgame perfect; other Nash equilibria differ where "
                "play does not come, and are not looked for"
            )
        return True, "what is left determines the equilibria, state by state"


class _ByState(Solver):
    """What both concepts of equilibrium share."""

    name: ClassVar[str] = "backward recursion"
    takes = InspectionGame

    def refusal(self, game: Any) -> str | None:
        """Every inspection game at numbers is taken."""
        return None

    def find(self, game: InspectionGame, coverage: Coverage) -> Found:
        """Choices by state, those with the fewest inspections first."""
        search = _Recursion(game)
        found, status, complete, reason = gather(
            iter(search), coverage, self.limit, "search ended"
        )
        if complete:
            complete, reason = search.proof(self.concept is Concept.NASH)
        return Found(
            elements=found,
            status=status,
            complete=complete,
            reason=reason,
            unit="equilibrium",
            count=len(found) if complete else None,
        )


class InspectionSubgamePerfect(_ByState):
    """Subgame perfect equilibria of an inspection game.

    References
    ----------
    [dresher1962]_, [avenhaus2002]_.
    """

    concept: ClassVar[Concept] = Concept.SUBGAME_PERFECT


class InspectionNash(_ByState):
    """Nash equilibria of an inspection game: the subgame perfect ones."""

    concept: ClassVar[Concept] = Concept.NASH


# ------------------------------------------------------------------------ announcements
@dataclass(frozen=True)
class _Corner:
    """A pair of values that a plan reaches, and how.

    ``inspectee``, ``inspector``: the values. ``p``: the chance of an inspection.
    ``after``: what is promised to the inspectee in the two next states, times the
    probability of an inspection or of none.
    """

    inspectee: Fraction
    inspector: Fraction
    p: Fraction
    after: tuple[Fraction, Fraction]

    def towards(self, other: _Corner, t: Fraction) -> _Corner:
        """The point on the way to another, t of it gone."""

        def between(a: Fraction, b: Fraction) -> Fraction:
            return a + t * (b - a)

        return _Corner(
            between(self.inspectee, other.inspectee),
            between(self.inspector, other.inspector),
            between(self.p, other.p),
            (
                between(self.after[0], other.after[0]),
                between(self.after[1], other.after[1]),
            ),
        )


@dataclass(frozen=True)
class _Curve:
    """A concave, falling curve of values, the best for the inspector first.

    ``violates``: what the inspectee does; ``then``: on which curves of the next states,
    without and with an inspection, play goes on.
    """

    violates: bool
    then: tuple[int, int]
    corners: tuple[_Corner, ...]

    def at(self, inspectee: Fraction) -> _Corner:
        """The point at which the inspectee gets an amount."""
        for a, b in itertools.pairwise(self.corners):
            if a.inspectee <= inspectee <= b.inspectee:
                t = (inspectee - a.inspectee) / (b.inspectee - a.inspectee)
                return a.towards(b, t)
        return self.corners[0]

    def covers(self, other: _Curve) -> bool:
        """Whether for each point of another it has one as good for both."""
        low, high = self.corners[0].inspectee, self.corners[-1].inspectee
        return all(
            c.inspectee <= high
            and c.inspector <= self.at(max(low, c.inspectee)).inspector
            for c in other.corners
        )


_END = _Curve(False, (0, 0), (_Corner(ZERO, ZERO, ZERO, (ZERO, ZERO)),))


def _concave(points: list[_Corner]) -> tuple[_Corner, ...]:
    """The part of the hull on which nothing is better for both, left to right."""
    best: dict[Fraction, _Corner] = {}
    for point in points:
        known = best.get(point.inspectee)
        if known is None or point.inspector > known.inspector:
            best[point.inspectee] = point
    hull: list[_Corner] = []
    for c in (best[x] for x in sorted(best)):
        while len(hull) > 1 and (hull[-1].inspector - hull[-2].inspector) * (
            c.inspectee - hull[-2].inspectee
        ) <= (c.inspector - hull[-2].inspector) * (
            hull[-1].inspectee - hull[-2].inspectee
        ):
            hull.pop()
        hull.append(c)
    top = max(range(len(hull)), key=lambda k: (hull[k].inspector, k))
    return tuple(hull[top:])


class _Announcements:
    """The curves of every state, and the plan that reaches a point of one."""

    def __init__(self, game: InspectionGame) -> None:
        self.game = game
        self.curves: dict[State, list[_Curve]] = {}
        # the least for the inspectee, by which chance of an inspection and which reply
        self.least: dict[State, tuple[Fraction, Fraction, bool]] = {}
        for state in game.states():
            self.least[state] = self._least(state)
            found: list[_Curve] = []
            for violates in (False, True):
                found += self._curves(state, violates)
            _bounded(game, state, (c.inspector for k in found for c in k.corners))
            self.curves[state] = self._pruned(found)
            if len(self.curves[state]) > MAX_CURVES:
                raise Undecided(
                    f"with {game.key(state)} left there are more than {MAX_CURVES} "
                    "ways to lead the inspectee that are not comparable"
                )

    def _next(self, state: State, inspect: bool, violate: bool) -> list[_Curve]:
        branch = self.game.branch(state, inspect, violate)
        if self.game.ended(branch.next) or not branch.weight:
            return [_END]
        return self.curves[branch.next]

    def _threat(self, state: State, inspect: bool, violate: bool) -> Fraction:
        """The least that a choice can be made to pay the inspectee."""
        branch = self.game.branch(state, inspect, violate)
        least = ZERO
        if branch.weight and not self.game.ended(branch.next):
            least = self.least[branch.next][0]
        paid: Fraction = branch.inspectee + branch.weight * least
        return paid

    def _least(self, state: State) -> tuple[Fraction, Fraction, bool]:
        """The least that the inspectee can be held to, and how."""
        ends = [
            [self._threat(state, inspect, violate) for violate in (False, True)]
            for inspect in (False, True)[: 2 if state[1] else 1]
        ]
        shares = [ZERO, ONE][: len(ends)]
        if len(ends) > 1:
            gains = [violate - legal for legal, violate in ends]
            if gains[0] * gains[1] < 0:
                shares.append(gains[0] / (gains[0] - gains[1]))
        options = []
        for p in shares:
            legal, violate = (
                ends[0][v] + (p * (ends[1][v] - ends[0][v]) if p else 0) for v in (0, 1)
            )
            options.append((max(legal, violate), p, violate > legal))
        return min(options)

    def _curves(self, state: State, violates: bool) -> Iterator[_Curve]:
        options = []
        for inspect in (False, True)[: 2 if state[1] else 1]:
            branch = self.game.branch(state, inspect, violates)
            threat = self._threat(state, inspect, not violates)
            rows = []
            for curve in self._next(state, inspect, violates):
                row = []
                for c in curve.corners:
                    point = _Corner(
                        branch.inspectee + branch.weight * c.inspectee,
                        branch.inspector + branch.weight * c.inspector,
                        ONE if inspect else ZERO,
                        (ZERO, c.inspectee) if inspect else (c.inspectee, ZERO),
                    )
                    row.append((point, point.inspectee - threat))
                rows.append(row)
            options.append(list(enumerate(rows)))
        for chosen in itertools.product(*options):
            points = [pair for _, row in chosen for pair in row]
            kept = [point for point, slack in points if slack >= 0]
            for (a, x), (b, y) in itertools.combinations(points, 2):
                if x * y < 0:
                    kept.append(a.towards(b, x / (x - y)))
            if kept:
                then = (chosen[0][0], chosen[1][0] if len(chosen) > 1 else 0)
                yield _Curve(violates, then, _concave(kept))

    @staticmethod
    def _pruned(curves: list[_Curve]) -> list[_Curve]:
        kept: list[_Curve] = []
        for curve in curves:
            if not any(k.covers(curve) for k in kept):
                kept = [k for k in kept if not curve.covers(k)]
                kept.append(curve)
        return kept

    # ------------------------------------------------------------------------- a plan
    def best(self) -> tuple[int, _Corner]:
        """The curve and the corner of the beginning that pay the inspector most."""
        curves = self.curves[self.game.start]
        return max(
            ((k, c) for k, curve in enumerate(curves) for c in curve.corners),
            key=lambda pair: (pair[1].inspector, -pair[0], -pair[1].inspectee),
        )

    def plan(self, curve: int, inspectee: Fraction) -> list[Step]:
        """The steps by which a point of the beginning is reached."""
        places = {(self.game.start, curve, inspectee): 0}
        waiting = list(places)
        links: list[
            tuple[State, Fraction, bool, dict[tuple[bool, bool], int | None]]
        ] = []
        for state, number, amount in waiting:
            if number == THREAT:
                p, replies = self.least[state][1:]
                now, point = _END, _Corner(amount, ZERO, p, (ZERO, ZERO))
            else:
                now = self.curves[state][number]
                point, replies = now.at(amount), now.violates
            then: dict[tuple[bool, bool], int | None] = {}
            for inspect, violate in itertools.product((False, True), repeat=2):
                share = point.p if inspect else 1 - point.p
                branch = self.game.branch(state, inspect, violate) if share else None
                if branch is None or self.game.ended(branch.next) or not branch.weight:
                    then[inspect, violate] = None
                    continue
                if number != THREAT and violate == replies:
                    target = (
                        branch.next,
                        now.then[int(inspect)],
                        point.after[int(inspect)] / share,
                    )
                else:
                    target = (branch.next, THREAT, self.least[branch.next][0])
                if target not in places:
                    places[target] = len(places)
                    waiting.append(target)
                then[inspect, violate] = places[target]
            links.append((state, point.p, replies, then))
        return self._in_order(links)

    @staticmethod
    def _in_order(
        links: list[tuple[State, Fraction, bool, dict[tuple[bool, bool], int | None]]],
    ) -> list[Step]:
        """Steps numbered so that what follows has a higher number."""
        order = sorted(range(len(links)), key=lambda k: (-links[k][0][0], k))
        number = {old: new for new, old in enumerate(order)}
        steps = []
        for old in order:
            state, p, violates, then = links[old]
            moved = {c: None if k is None else number[k] for c, k in then.items()}
            steps.append(Step(state, p, violates, moved))
        return steps

    def ceilings(self) -> Ceilings:
        """The curves, as the referee takes them."""
        return Ceilings(
            {
                state: [
                    [(c.inspectee, c.inspector) for c in curve.corners]
                    for curve in curves
                ]
                for state, curves in self.curves.items()
            },
            {state: least for state, (least, _, _) in self.least.items()},
        )


class InspectionAnnounced(Solver):
    """An optimal announcement of the inspector, with the best reply.

    Notes
    -----
    Ties of the inspectee go in the inspector's favour. The announced chances may depend
    on everything seen; the optimum over all such plans is exact.

    References
    ----------
    [maschler1966]_, [avenhaus2002]_.
    """

    concept: ClassVar[Concept] = Concept.STACKELBERG
    name: ClassVar[str] = "curves of promises"
    takes = InspectionGame

    def refusal(self, game: Any) -> str | None:
        """Every inspection game at numbers is taken."""
        return None

    def find(self, game: InspectionGame, coverage: Coverage) -> Found:
        """The announcement that pays the inspector most."""
        try:
            search = _Announcements(game)
        except Undecided as stopped:
            return Found(
                [], Status.NOT_FOUND, False, str(stopped), "announcement", None
            )
        curve, corner = search.best()
        plan = search.plan(curve, corner.inspectee)
        part = AnnouncedPart(game, plan, corner.inspector, search.ceilings())
        return Found(
            elements=[part],
            status=Status.COMMITMENT,
            complete=False,
            reason="it is proved that none pays the inspector more; another may pay as "
            "much",
            unit="announcement",
            count=None,
        )
