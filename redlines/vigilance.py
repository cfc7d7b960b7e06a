"""The referee of inspection games.

*Subgame perfect*: at every state that can come about, given what is done afterwards,
neither side gains by acting otherwise once. With finitely many periods, in which both
know what was done before, that is enough. Where probabilities may range, every corner
of the range is tried: payoffs are linear in each.

*Announced*: the reply is as good as any other, by going backwards through the plan; and
a ceiling holds. A ceiling gives for each state the least that the inspectee can be held
to and a few concave curves, and claims that for each plan from there some curve has a
point as good for both. It is checked by induction: whatever curves the next states are
on, and whatever the chance of an inspection, a curve of this state has something as
good. That is enough: if what follows the choice that the inspectee is led to gives way
to something better for both, the inspectee is led to it all the same.

Reads: inspection.  Used by: inspected.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from redlines.inspection import InspectionGame, State

__all__ = ["Ceilings", "Span", "Step", "Vigilance", "announced", "stagewise"]

Span = tuple[Fraction, Fraction]
"""The least and the largest value of a probability."""

Curve = Sequence[tuple[Fraction, Fraction]]
"""Corners (to the inspectee, to the inspector) of a concave curve, left to right."""


@dataclass(frozen=True)
class Vigilance:
    """What the referee of inspection games found.

    Attributes
    ----------
    concept : str
        What was claimed.
    holds : bool
        Whether it is so, exactly.
    regret : Fraction
        The most that a side gains by a deviation, in payoff units.
    failures : tuple of str
        What does not hold, in sentences.
    """

    concept: str
    holds: bool
    regret: Fraction
    failures: tuple[str, ...]

    def __bool__(self) -> bool:
        return self.holds


def stagewise(
    game: InspectionGame,
    choices: Mapping[State, tuple[Span, Span]],
    concept: str,
) -> Vigilance:
    """Whether choices by state are subgame perfect, and so is all that they span.

    Parameters
    ----------
    game : InspectionGame
        At numbers.
    choices : mapping
        By state, from what to what the probability of an inspection and of a violation
        ranges.
    concept : str
        What is claimed.
    """
    worth: dict[State, tuple[Fraction, Fraction]] = {}
    failures: list[str] = []
    most = Fraction(0)
    for state in game.states():
        if state not in choices:
            failures.append(f"at {game.key(state)} nothing is chosen")
            return Vigilance(concept, False, most, tuple(failures))
        spans = choices[state]
        if any(not 0 <= low <= high <= 1 for low, high in spans) or (
            not state[1] and spans[0][1]
        ):
            failures.append(f"at {game.key(state)} there are no such probabilities")
            return Vigilance(concept, False, most, tuple(failures))
        seen = set()
        for p, q in itertools.product(*(dict.fromkeys(span) for span in spans)):
            pays = {
                (i, v): _after(game, state, i, v, worth)
                for i in (0, 1)[: 2 if state[1] else 1]
                for v in (0, 1)
            }
            here: list[Any] = [
                sum(
                    _chance(p, i) * _chance(q, v) * pay[s]
                    for (i, v), pay in pays.items()
                )
                for s in (0, 1)
            ]
            seen.add(tuple(here))
            for i in (0, 1)[: 2 if state[1] else 1]:
                other: Any = sum(_chance(q, v) * pays[i, v][0] for v in (0, 1))
                if other > here[0]:
                    most = max(most, other - here[0])
                    verb = "inspecting" if i else "waiting"
                    failures.append(
                        f"{game.players[0]} gains {other - here[0]} by {verb} at "
                        f"{game.key(state)}"
                    )
            for v in (0, 1):
                other = sum(
                    _chance(p, i) * pays[i, v][1]
                    for i in (0, 1)[: 2 if state[1] else 1]
                )
                if other > here[1]:
                    most = max(most, other - here[1])
                    verb = "violating" if v else "acting legally"
                    failures.append(
                        f"{game.players[1]} gains {other - here[1]} by {verb} at "
                        f"{game.key(state)}"
                    )
        if len(seen) > 1:
            failures.append(f"payoffs differ over the range at {game.key(state)}")
        worth[state] = seen.pop()
    return Vigilance(concept, not failures, most, tuple(failures))


def _chance(share: Fraction, choice: int) -> Fraction:
    return share if choice else 1 - share


def _after(
    game: InspectionGame,
    state: State,
    inspect: int,
    violate: int,
    worth: Mapping[State, tuple[Fraction, Fraction]],
) -> tuple[Fraction, Fraction]:
    """What a pair of choices pays the two sides, with what follows."""
    branch = game.branch(state, bool(inspect), bool(violate))
    later = (
        (Fraction(0), Fraction(0)) if game.ended(branch.next) else worth[branch.next]
    )
    return (
        branch.inspector + branch.weight * later[0],
        branch.inspectee + branch.weight * later[1],
    )


# ------------------------------------------------------------------------ announcements
@dataclass(frozen=True)
class Step:
    """What an announced plan does at one place.

    Attributes
    ----------
    state : tuple of int
        Periods, inspections and violations left.
    inspects : Fraction
        The probability of an inspection.
    violates : bool
        The inspectee's reply.
    then : dict of (bool, bool) to int or None
        By whether there was an inspection and a violation, the step that follows; None
        where the game is over or that does not happen.
    """

    state: State
    inspects: Fraction
    violates: bool
    then: dict[tuple[bool, bool], int | None]


@dataclass(frozen=True)
class Ceilings:
    """For each state, curves that no announcement can rise above.

    Attributes
    ----------
    curves : mapping
        By state, for each plan some curve has a point as good for both.
    least : mapping
        By state, what the inspectee gets at least.
    """

    curves: Mapping[State, Sequence[Curve]]
    least: Mapping[State, Fraction]


def announced(
    game: InspectionGame, plan: Sequence[Step], value: Fraction, ceilings: Ceilings
) -> Vigilance:
    """Whether a plan pays the inspector a value, and no announcement pays more.

    Parameters
    ----------
    game : InspectionGame
        At numbers.
    plan : sequence of Step
        The first step is the beginning; what a step leads to has a higher number.
    value : Fraction
        What the inspector gets.
    ceilings : Ceilings
        Why there is nothing better.
    """
    failures: list[str] = []
    most = Fraction(0)
    worth: dict[int, tuple[Fraction, Fraction]] = {}
    for number in range(len(plan) - 1, -1, -1):
        step = plan[number]
        if not 0 <= step.inspects <= (1 if step.state[1] else 0):
            failures.append(f"{step.inspects} is no probability at {step.state}")
            break
        pays = {}
        for violate in (False, True):
            total = [Fraction(0), Fraction(0)]
            for inspect in (False, True):
                share = step.inspects if inspect else 1 - step.inspects
                if not share:
                    continue
                branch = game.branch(step.state, inspect, violate)
                later = (Fraction(0), Fraction(0))
                if branch.weight and not game.ended(branch.next):
                    follows = step.then.get((inspect, violate))
                    if (
                        follows is None
                        or not number < follows < len(plan)
                        or plan[follows].state != branch.next
                    ):
                        failures.append(f"the plan breaks off at {step.state}")
                        return Vigilance("stackelberg", False, most, tuple(failures))
                    later = worth[follows]
                total[0] += share * (branch.inspector + branch.weight * later[0])
                total[1] += share * (branch.inspectee + branch.weight * later[1])
            pays[violate] = (total[0], total[1])
        done, other = pays[step.violates], pays[not step.violates]
        if other[1] > done[1]:
            most = max(most, other[1] - done[1])
            verb = "acting legally" if step.violates else "violating"
            failures.append(
                f"{game.players[1]} gains {other[1] - done[1]} by {verb} at "
                f"{game.key(step.state)}"
            )
        worth[number] = done
    if not plan or plan[0].state != game.start:
        failures.append("the plan does not begin at the beginning")
    elif not failures and worth[0][0] != value:
        failures.append(f"the plan pays {worth[0][0]}, not {value}")
    failures += _broken(game, ceilings)
    tops = [y for curve in ceilings.curves.get(game.start, ()) for _, y in curve]
    if not tops or max(tops) > value:
        failures.append(f"the ceiling does not exclude more than {value}")
    return Vigilance("stackelberg", not failures, most, tuple(failures))


def _broken(game: InspectionGame, ceilings: Ceilings) -> list[str]:
    """The states at which something rises above the ceiling."""
    zero: Sequence[Curve] = [[(Fraction(0), Fraction(0))]]
    for state in game.states():
        mine = ceilings.curves.get(state, ())
        if _held_to(game, ceilings, state) < ceilings.least[state]:
            return [f"the inspectee can be held to less at {game.key(state)}"]
        for violate in (False, True):
            options = []
            for inspect in (False, True)[: 2 if state[1] else 1]:
                branch = game.branch(state, inspect, violate)
                then = zero if game.ended(branch.next) else ceilings.curves[branch.next]
                lowest = _threat(game, ceilings, state, inspect, not violate)
                options.append(
                    [
                        [
                            (
                                branch.inspectee + branch.weight * x - lowest,
                                branch.inspectee + branch.weight * x,
                                branch.inspector + branch.weight * y,
                            )
                            for x, y in curve
                        ]
                        for curve in (then if branch.weight else zero)
                    ]
                )
            for chosen in itertools.product(*options):
                corners = _kept([point for curve in chosen for point in curve])
                if corners and not any(
                    all(_under(curve, x, y) for x, y in corners) for curve in mine
                ):
                    return [f"the ceiling is too low at {game.key(state)}"]
    return []


def _threat(
    game: InspectionGame, ceilings: Ceilings, state: State, inspect: bool, violate: bool
) -> Fraction:
    """The least that a choice can be made to pay the inspectee."""
    branch = game.branch(state, inspect, violate)
    least = Fraction(0)
    if not game.ended(branch.next):
        least = ceilings.least[branch.next]
    paid: Any = branch.inspectee + branch.weight * least
    return Fraction(paid)


def _held_to(game: InspectionGame, ceilings: Ceilings, state: State) -> Fraction:
    """The least, over chances of an inspection, of the better of both choices."""
    chances = [Fraction(0)]
    first = [_threat(game, ceilings, state, False, v) for v in (False, True)]
    last = first
    if state[1]:
        last = [_threat(game, ceilings, state, True, v) for v in (False, True)]
        chances.append(Fraction(1))
        tilt = (last[1] - first[1]) - (last[0] - first[0])
        if tilt and 0 < (first[0] - first[1]) / tilt < 1:
            chances.append((first[0] - first[1]) / tilt)
    return min(
        max((1 - p) * a + p * b for a, b in zip(first, last, strict=True))
        for p in chances
    )


def _kept(
    points: list[tuple[Fraction, Fraction, Fraction]],
) -> list[tuple[Fraction, Fraction]]:
    """Corners of what remains of a hull where the first number is not negative."""
    found = [(x, y) for slack, x, y in points if slack >= 0]
    for one, two in itertools.combinations(points, 2):
        if one[0] * two[0] < 0:
            t = one[0] / (one[0] - two[0])
            found.append(
                (one[1] + t * (two[1] - one[1]), one[2] + t * (two[2] - one[2]))
            )
    return found


def _under(curve: Curve, x: Fraction, y: Fraction) -> bool:
    """Whether a falling curve has a point as good for both."""
    if x > curve[-1][0]:
        return False
    if x <= curve[0][0]:
        return y <= curve[0][1]
    for (x0, y0), (x1, y1) in itertools.pairwise(curve):
        if x0 <= x <= x1:
            return (y - y0) * (x1 - x0) <= (y1 - y0) * (x - x0)
    return False
