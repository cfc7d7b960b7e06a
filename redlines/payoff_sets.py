"""Sets of equilibrium payoffs of repeated games, as they are shown.

The set lies between an inner part, whose corners come with strategies that the referee
verifies state by state, and an outer one, which the referee derives from a chain of
sets.

Reads: answers, automata, deviations, generation, numbers, polygons, ranges, repeated.
Used by: solvers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from redlines.answers import Answer, Part, clip
from redlines.automata import Automaton, Machine, _Deviations
from redlines.deviations import one_shot
from redlines.errors import ModelError
from redlines.generation import Boxes
from redlines.numbers import brief, exact
from redlines.polygons import Point, Polygon
from redlines.ranges import Interval, Range
from redlines.referee import Certificate, Failure
from redlines.repeated import RepeatedGame

if TYPE_CHECKING:
    from redlines.solution import Concept

__all__ = ["PayoffSet", "PayoffSetPart", "Step"]


@dataclass(frozen=True)
class Step:
    """How a payoff pair is reached: actions now, and a lottery over pairs afterwards.

    Attributes
    ----------
    cell : pair of int
        The actions, by index.
    later : mapping of int to Fraction, or sequence of such mappings
        By number of the pair; one for each signal where actions are not seen.
    """

    cell: tuple[int, int]
    later: Mapping[int, Fraction] | Sequence[Mapping[int, Fraction]]


@dataclass(frozen=True, eq=False)
class PayoffSetPart(Part):
    """A set of payoffs, as a solver describes it.

    Attributes
    ----------
    game : RepeatedGame
    points : tuple of pairs
        Payoff pairs of equilibria.
    steps : tuple of Step
        How each is reached.
    outer : Polygon or None
        What holds all equilibrium payoffs.
    prove : callable
        The referee's certificate that it does.
    boxes : Boxes or None
        A finer set that does, without public randomization.
    whole : bool
        Whether inner and outer set are the same, so nothing is left open.
    symmetric : bool
        Whether the set is of strongly symmetric equilibria.
    """

    game: RepeatedGame
    points: tuple[Point, ...]
    steps: tuple[Step, ...]
    outer: Polygon | None
    prove: Callable[[], Certificate] = field(repr=False)
    boxes: Boxes | None = None
    whole: bool = False
    symmetric: bool = False

    def shown(self, concept: Concept) -> PayoffSet:
        """What a solution lists for the set."""
        return PayoffSet(self, concept)

    @cached_property
    def automaton(self) -> Automaton:
        """Strategies that reach the points, one state for each."""
        game = self.game
        names = [f"point {k + 1}" for k in range(len(self.points))]

        def lottery(shares: Mapping[int, Fraction]) -> Any:
            found = {names[k]: p for k, p in shares.items() if p}
            return found if len(found) > 1 else next(iter(found))

        worst = [
            names[min(range(len(names)), key=lambda n: self.points[n][k])]
            for k in (0, 1)
        ]
        states: dict[str, Any] = {}
        moves: dict[str, Any] = {}
        for name, step in zip(names, self.steps, strict=True):
            states[name] = game._profile(step.cell)
            if isinstance(step.later, Mapping):
                moves[name] = _Deviations(
                    states[name], lottery(step.later), (worst[0], worst[1])
                )
            else:
                moves[name] = {
                    s: lottery(shares)
                    for s, shares in zip(game.signals, step.later, strict=True)
                }
        return Automaton(states, moves)

    @cached_property
    def certificate(self) -> Certificate:
        """What the referee found of both parts."""
        outer = self.prove()
        failures = list(outer.failures)
        checked = [*outer.checked]
        regret = Fraction(0)
        if self.points:
            machine = Machine.read(self.game, self.automaton, every=True)
            inner = one_shot(machine)
            failures += inner.failures
            regret = inner.regret
            checked += inner.checked
            for k, point in enumerate(self.points):
                worth = tuple(inner.values[f"point {k + 1}"].values())
                if worth != point:
                    message = f"the strategies are worth {worth}, not {point}"
                    failures.append(Failure("value", "", "", {}, None, message))
        if self.outer is not None:
            for point in self.points:
                if not self.outer.contains(point):
                    message = f"{point} lies outside the outer set"
                    failures.append(Failure("value", "", "", {}, None, message))
        return replace(
            outer,
            holds=not failures,
            failures=tuple(failures),
            regret=regret,
            checked=tuple(checked),
        )

    def __getstate__(self) -> dict[str, Any]:
        # what proves is a function; its verdict travels instead
        state = dict(self.__dict__)
        state["certificate"] = self.certificate
        state["prove"] = None
        return state


class PayoffSet(Answer):
    """The average payoffs of all equilibria of a repeated game in pure strategies.

    Everything in `inner` (in `points`, without public randomization) is the payoff of
    an equilibrium; nothing outside `outer` is.

    See Also
    --------
    redlines.RepeatedGame
    """

    noun = "Payoff set"

    @property
    def outer(self) -> Polygon:
        """A polygon that holds every equilibrium payoff pair."""
        found = self._element.outer
        assert isinstance(found, Polygon)
        return found

    @property
    def inner(self) -> Polygon | None:
        """A polygon of which every point is an equilibrium's payoff pair.

        None if no equilibrium was found, or without public randomization, where the set
        need not be convex: see `points`.
        """
        if not self.points or not self.game.randomization:
            return None
        return Polygon.hull(self.points)

    @property
    def points(self) -> tuple[Point, ...]:
        """Payoff pairs of equilibria that are known one by one, all verified.

        With public randomization the corners of `inner`.
        """
        found: tuple[Point, ...] = self._element.points
        return found

    @property
    def boxes(self) -> tuple[tuple[Point, Point], ...] | None:
        """Boxes whose union holds every equilibrium payoff pair.

        The lowest and the highest point of each; None with public randomization, where
        `outer` says all.
        """
        found = self._element.boxes
        if found is None:
            return None
        boxes = []
        for cell in sorted(found.cells):
            low, high = (
                tuple(found.origin[k] + (cell[k] + end) * found.step[k] for k in (0, 1))
                for end in (0, 1)
            )
            if self._meets(low, high):
                boxes.append((low, high))
        return tuple(boxes)

    def _meets(self, low: Point, high: Point) -> bool:
        """Whether a box has a point of the outer polygon."""
        left: Polygon | None = self.outer
        for player in (0, 1):
            if left is not None:
                left = left.above(player, low[player])
            if left is not None:
                up = (Fraction(player == 0), Fraction(player == 1))
                left = left.below(up, high[player])
        return left is not None

    @property
    def is_exact(self) -> bool:
        """Whether inner and outer set are the same, so that the set is known."""
        return bool(self._element.whole)

    @property
    def gap(self) -> float:
        """How far a corner of the outer set lies from the inner one at most."""
        if self.is_exact:
            return 0.0
        return self.outer.distance(Polygon.hull(self.points) if self.points else None)

    @property
    def payoffs(self) -> dict[str, Any]:
        """For each player the range from the least to the most in the outer set."""
        return {
            p: Range((Interval(low, high),))
            for p, low, high in zip(
                self.game.players, self.outer.low, self.outer.high, strict=True
            )
        }

    @property
    def punishments(self) -> dict[str, Fraction] | None:
        """The least that each player gets in an equilibrium that is known."""
        if not self.points:
            return None
        return {
            p: min(point[k] for point in self.points)
            for k, p in enumerate(self.game.players)
        }

    def contains(self, pair: Sequence[Any]) -> bool | None:
        """Whether a pair of payoffs is that of an equilibrium; None if not decided.

        Parameters
        ----------
        pair : pair of numbers
            In the order of players.
        """
        x, y = (exact(v, "a payoff") for v in pair)
        inner = self.inner
        if (x, y) in self.points or (inner is not None and inner.contains((x, y))):
            return True
        if not self.outer.contains((x, y)):
            return False
        if self.boxes is not None and not any(
            low[0] <= x <= high[0] and low[1] <= y <= high[1]
            for low, high in self.boxes
        ):
            return False
        return False if self.is_exact else None

    def automaton(self, point: Sequence[Any]) -> Automaton:
        """Equilibrium strategies whose payoffs are one of `points`.

        Parameters
        ----------
        point : pair of numbers

        Returns
        -------
        Automaton

        Raises
        ------
        ModelError
            If it is none of them.
        """
        pair = tuple(exact(v, "a payoff") for v in point)
        if pair not in self.points:
            raise ModelError(
                f"{brief(pair, 40)} is none of the points whose strategies are known; "
                "they are in .points"
            )
        found: Automaton = self._element.automaton
        return Automaton(
            found.states, found.moves, f"point {self.points.index(pair) + 1}"
        )

    @property
    def certificate(self) -> Certificate:
        """What the referee found of strategies and of the chain of sets."""
        found: Certificate = self._element.certificate
        return found

    def plot(self, ax: Any = None) -> Any:
        """Draw the set within the feasible payoffs; see `plot_payoffs`."""
        from redlines.plots.payoffs import plot_payoffs

        return plot_payoffs(self, ax=ax)

    def __repr__(self) -> str:
        pays = ", ".join(f"{p} {v}" for p, v in self.payoffs.items())
        return clip(f"<{self.noun} of {self.game.name} ({self.concept.value}): {pays}>")

    def lines(self) -> list[str]:
        """What is known of the set, as text."""
        kind = "strongly symmetric, " if self._element.symmetric else ""
        shown = _cut(self.outer.vertices)
        if self.is_exact:
            return [clip(f"  {kind}pure strategies, exactly: {shown}")]
        lines = [clip(f"  {kind}pure strategies, within: {shown}")]
        if self.boxes is not None:
            lines.append(f"  and within the union of {len(self.boxes):,} boxes")
        if not self.points:
            lines.append("  no equilibrium in pure strategies was found")
        elif self.inner is not None:
            lines.append(clip(f"  and all of: {_cut(self.points)}"))
            lines.append(f"  at most {self.gap:.2g} apart")
        else:
            word = "pair" if len(self.points) == 1 else "pairs"
            lines.append(
                clip(f"  and {len(self.points):,} {word}: {_cut(self.points)}")
            )
        return lines


def _cut(points: Sequence[Point], most: int = 5) -> str:
    text = ", ".join(f"({brief(x, 9)}, {brief(y, 9)})" for x, y in points[:most])
    return text if len(points) <= most else f"{text} and {len(points) - most} more"
