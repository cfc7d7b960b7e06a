"""Answers to inspection games: equilibria by state, and announced plans.

Reads: answers, inspection, vigilance.  Used by: solvers.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from redlines.answers import Answer, Part, clip
from redlines.errors import UnknownLabel
from redlines.inspection import InspectionGame, State
from redlines.numbers import brief
from redlines.vigilance import Ceilings, Span, Step, Vigilance, announced, stagewise

if TYPE_CHECKING:
    from redlines.solution import Concept

__all__ = ["Announced", "AnnouncedPart", "Inspected", "InspectedPart"]

EVENTS = ("violation", "caught", "false alarm")

# of a place in a plan: state, both probabilities, what follows each pair of choices
Place = tuple[State, Fraction, Fraction, Callable[[bool, bool], Hashable]]


@dataclass(frozen=True)
class Course:
    """What happens, and when, under a plan and a reply.

    Attributes
    ----------
    violated, caught : tuple of Fraction
        By period, the probability that the first violation happens in it, and that
        the inspectee is caught in it.
    alarm : Fraction
        The probability of at least one false alarm.
    inspected : Fraction
        The expected number of inspections.
    payoffs : tuple of Fraction
        To the inspector and the inspectee.
    """

    violated: tuple[Fraction, ...]
    caught: tuple[Fraction, ...]
    alarm: Fraction
    inspected: Fraction
    payoffs: tuple[Fraction, Fraction]


def course(
    game: InspectionGame, start: Hashable, place: Callable[[Any], Place]
) -> Course:
    """Go through the periods with the probability of being at each place."""
    violated = [Fraction(0)] * game.periods
    caught = [Fraction(0)] * game.periods
    alarm = inspected = Fraction(0)
    paid = [Fraction(0), Fraction(0)]
    false_alarm = game.amounts["false_alarm"]
    # by place, whether there was a violation, and whether there was an alarm
    here: dict[tuple[Any, bool, bool], Fraction] = {(start, False, False): Fraction(1)}
    for period in range(game.periods):
        following: defaultdict[tuple[Any, bool, bool], Fraction] = defaultdict(Fraction)
        for (where, before, rung), share in here.items():
            state, p, q, then = place(where)
            inspected += share * p
            for inspect in (False, True):
                for violate in (False, True):
                    weight = share * (p if inspect else 1 - p)
                    weight *= q if violate else 1 - q
                    if not weight:
                        continue
                    branch = game.branch(state, inspect, violate)
                    paid[0] += weight * branch.inspector
                    paid[1] += weight * branch.inspectee
                    if violate and not before:
                        violated[period] += weight
                    if violate:
                        caught[period] += weight * (1 - branch.weight)
                    rings = false_alarm if inspect and not violate else Fraction(0)
                    if not rung:
                        alarm += weight * rings
                    if game.ended(branch.next):
                        continue
                    after, seen = then(inspect, violate), before or violate
                    on = weight * branch.weight
                    if rung or rings in (0, 1):
                        following[after, seen, rung or rings == 1] += on
                    else:
                        following[after, seen, True] += on * rings
                        following[after, seen, False] += on * (1 - rings)
        here = {where: share for where, share in following.items() if share}
    return Course(tuple(violated), tuple(caught), alarm, inspected, (paid[0], paid[1]))


class _Watched(Answer):
    """What both kinds of answers tell."""

    game: InspectionGame

    @property
    def course(self) -> Course:
        """What happens, and when."""
        raise NotImplementedError

    @property
    def payoffs(self) -> dict[str, Fraction]:
        """What each side gets, in payoff units."""
        return dict(zip(self.game.players, self.course.payoffs, strict=True))

    def probability(self, event: str) -> Fraction:
        """The probability of an event.

        Parameters
        ----------
        event : str
            ``"violation"`` (at least one), ``"caught"`` or ``"false alarm"`` (at least
            one).
        """
        if event not in EVENTS:
            raise UnknownLabel("event", event, EVENTS, f"in {self.game!r}")
        found = self.course
        if event == "false alarm":
            return found.alarm
        return sum(
            found.violated if event == "violation" else found.caught, Fraction(0)
        )

    @property
    def violation_by_period(self) -> tuple[Fraction, ...]:
        """By period, the probability that the first violation happens in it."""
        return self.course.violated

    @property
    def expected_time(self) -> Fraction | None:
        """The expected period of the first violation, if there is one.

        The first period is 1; None where there is never a violation.
        """
        times = self.course.violated
        total = sum(times, Fraction(0))
        if not total:
            return None
        return sum((t * x for t, x in enumerate(times, 1)), Fraction(0)) / total

    @property
    def expected_inspections(self) -> Fraction:
        """The expected number of inspections."""
        return self.course.inspected

    def _summary(self) -> list[str]:
        pays = ", ".join(f"{p} {brief(v)}" for p, v in self.payoffs.items())
        chances = ", ".join(f"{e} {brief(self.probability(e))}" for e in EVENTS)
        lines = [f"  payoffs: {pays}", f"  probability: {chances}"]
        if self.expected_time is not None:
            lines.append(
                f"  expected period of the first violation: {brief(self.expected_time)}"
            )
        return [clip(line) for line in lines]


def _left(game: InspectionGame, state: State) -> str:
    """A state in words."""
    n, m, k = state
    words = [_counted(n, "period"), _counted(m, "inspection")]
    if game.violations > 1:
        words.append(_counted(k, "violation"))
    return f"{', '.join(words)} left"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


# -------------------------------------------------------------------------- equilibrium
class InspectedPart(Part):
    """What is done in each state, as a solver describes it.

    Parameters
    ----------
    game : InspectionGame
    choices : mapping
        By state, from what to what the probability of an inspection and of a violation
        ranges.
    """

    def __init__(
        self, game: InspectionGame, choices: Mapping[State, tuple[Span, Span]]
    ) -> None:
        self.game = game
        self.choices = dict(choices)

    def shown(self, concept: Concept) -> Inspected:
        """What a solution lists."""
        return Inspected(self, concept)


class Inspected(_Watched):
    """An equilibrium of an inspection game, by what is left.

    Where probabilities may range without changing what anybody gets, the
    representative inspects least and violates soonest; `free` has the range.
    """

    noun = "Equilibrium"
    _element: InspectedPart

    @cached_property
    def certificate(self) -> Vigilance:
        """What the referee found: no gain by acting otherwise in any state."""
        return stagewise(self.game, self._element.choices, self.concept.value)

    @property
    def inspects(self) -> dict[tuple[int, ...], Fraction]:
        """By what is left (periods, inspections), the probability of an inspection."""
        return {self.game.key(s): p[0] for s, (p, _) in self._ordered}

    @property
    def violates(self) -> dict[tuple[int, ...], Fraction]:
        """By what is left (periods, inspections), the probability of a violation."""
        return {self.game.key(s): q[1] for s, (_, q) in self._ordered}

    @property
    def strategy(self) -> dict[str, dict[tuple[int, ...], dict[str, Fraction]]]:
        """By player and what is left, the probability of each action."""
        inspector, inspectee = self.game.players
        return {
            inspector: {
                s: {"inspect": p, "wait": 1 - p} for s, p in self.inspects.items()
            },
            inspectee: {
                s: {"violate": q, "legal": 1 - q} for s, q in self.violates.items()
            },
        }

    @property
    def free(self) -> dict[str, dict[tuple[int, ...], Span]]:
        """By player and what is left, from what to what a probability can range."""
        return {
            player: {
                self.game.key(state): spans[side]
                for state, spans in self._ordered
                if spans[side][0] != spans[side][1]
            }
            for side, player in enumerate(self.game.players)
        }

    @cached_property
    def values(self) -> dict[tuple[int, ...], dict[str, Fraction]]:
        """By what is left, what each side gets from there on."""
        found: dict[State, tuple[Fraction, Fraction]] = {}
        for state, ((p, _), (_, q)) in reversed(self._ordered):
            totals = [Fraction(0), Fraction(0)]
            for inspect, violate in itertools.product((False, True), repeat=2):
                weight = (p if inspect else 1 - p) * (q if violate else 1 - q)
                if not weight:
                    continue
                branch = self.game.branch(state, inspect, violate)
                later = found.get(branch.next, (Fraction(0), Fraction(0)))
                totals[0] += weight * (branch.inspector + branch.weight * later[0])
                totals[1] += weight * (branch.inspectee + branch.weight * later[1])
            found[state] = (totals[0], totals[1])
        return {
            self.game.key(s): dict(zip(self.game.players, found[s], strict=True))
            for s, _ in self._ordered
        }

    @property
    def payoffs(self) -> dict[str, Fraction]:
        """What each side gets, in payoff units."""
        return self.values[self.game.key(self.game.start)]

    @property
    def _ordered(self) -> list[tuple[State, tuple[Span, Span]]]:
        """The states, the beginning first."""
        return sorted(self._element.choices.items(), reverse=True)

    @cached_property
    def course(self) -> Course:
        """What happens, and when, at the representative."""
        game, choices = self.game, self._element.choices

        def place(where: State) -> Place:
            (p, _), (_, q) = choices[where]
            return where, p, q, lambda i, v: game.branch(where, i, v).next

        return course(game, game.start, place)

    def lines(self) -> list[str]:
        """By state what is done, as text."""
        found = self._summary()
        inspector, inspectee = self.game.players
        for state, (p, q) in self._ordered:
            found.append(
                clip(
                    f"  {_left(self.game, state)}: {inspector} inspects "
                    f"{_span(p)}, {inspectee} violates {_span(q)}"
                )
            )
        return found


def _span(span: Span) -> str:
    low, high = span
    return brief(low) if low == high else f"in [{brief(low)}, {brief(high)}]"


# ------------------------------------------------------------------------- announcement
class AnnouncedPart(Part):
    """An announced plan with the reply, as a solver describes it.

    Parameters
    ----------
    game : InspectionGame
    plan : sequence of Step
        The first is the beginning.
    value : Fraction
        What the inspector gets.
    ceilings : Ceilings
        Why there is nothing better.
    """

    def __init__(
        self,
        game: InspectionGame,
        plan: Sequence[Step],
        value: Fraction,
        ceilings: Ceilings,
    ) -> None:
        self.game = game
        self.plan = tuple(plan)
        self.value = value
        self.ceilings = ceilings

    def shown(self, concept: Concept) -> Announced:
        """What a solution lists."""
        return Announced(self, concept)


class Announced(_Watched):
    """An optimal announcement of the inspector, with the inspectee's best reply.

    The inspector binds itself to chances of inspection that may depend on everything
    seen so far; of replies that are equally good the one that the inspector likes best
    is given. It is no equilibrium of the game in which nobody can bind itself.
    """

    noun = "Announcement"
    _element: AnnouncedPart

    @cached_property
    def certificate(self) -> Vigilance:
        """What the referee found: the reply is best, and no announcement pays more."""
        part = self._element
        return announced(self.game, part.plan, part.value, part.ceilings)

    @property
    def leader(self) -> str:
        """Who announces: the inspector."""
        return self.game.players[0]

    @property
    def value(self) -> Fraction:
        """What the inspector gets."""
        return self._element.value

    @property
    def plan(self) -> tuple[Step, ...]:
        """What is done, place by place; the first is the beginning."""
        return self._element.plan

    @property
    def inspects(self) -> dict[tuple[int, ...], Fraction | tuple[Fraction, ...]]:
        """By what is left (periods, inspections), the probability of an inspection.

        Where it depends on how that state came about, all the values that it takes.
        """
        return self._by_state(lambda step: step.inspects)

    @property
    def violates(self) -> dict[tuple[int, ...], Fraction | tuple[Fraction, ...]]:
        """By what is left (periods, inspections), the reply: 1 for a violation."""
        return self._by_state(lambda step: Fraction(int(step.violates)))

    def _by_state(
        self, what: Callable[[Step], Fraction]
    ) -> dict[tuple[int, ...], Fraction | tuple[Fraction, ...]]:
        groups: dict[State, dict[Fraction, None]] = {}
        for step in self.plan:
            groups.setdefault(step.state, {})[what(step)] = None
        return {
            self.game.key(s): next(iter(found)) if len(found) == 1 else tuple(found)
            for s, found in sorted(groups.items(), reverse=True)
        }

    @cached_property
    def course(self) -> Course:
        """What happens, and when."""
        plan = self.plan

        def place(where: int) -> Place:
            step = plan[where]
            then = step.then
            return (
                step.state,
                step.inspects,
                Fraction(int(step.violates)),
                lambda i, v: then.get((i, v)),
            )

        return course(self.game, 0, place)

    def lines(self) -> list[str]:
        """The plan and the reply, as text."""
        found = [f"  {self.leader} announces and gets {brief(self.value)}"]
        found += self._summary()
        reached = {0}
        for number, step in enumerate(self.plan):
            if number not in reached:
                continue
            reply = "violates" if step.violates else "acts legally"
            found.append(
                clip(
                    f"  {_left(self.game, step.state)}: inspects "
                    f"{brief(step.inspects)}, {self.game.players[1]} {reply}"
                )
            )
            reached |= {
                k
                for (_, v), k in step.then.items()
                if v == step.violates and k is not None
            }
        return found
