"""Mediated equilibria as they are shown: a polytope, and one point in it.

Reads: errors, numbers, ranges, joint, obedience, recommendations, solution.  Used by:
communicated, solvers.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from html import escape
from typing import Any

from redlines.answers import clip
from redlines.errors import UnknownLabel, Unsupported
from redlines.joint import Joint, Outcomes, plan_text
from redlines.numbers import brief, exact
from redlines.obedience import mediated
from redlines.profile import Assessment
from redlines.ranges import Range
from redlines.recommendations import recommended
from redlines.referee import Certificate
from redlines.solution import (
    Concept,
    Element,
    Equilibrium,
    event_measure,
    payoff_measure,
)
from redlines.tree import STR_LINES, Game

__all__ = [
    "Amount",
    "Given",
    "JointElement",
    "Mediated",
    "MediatedElement",
    "MediatedPlay",
    "read_measure",
    "refereed",
]

Amount = Callable[[int], Fraction]
Given = Callable[[int], bool] | None

# a polytope of more pairs of plans than this shows its ranges only when asked
SHOWN_RANGES = 400


def read_measure(game: Game, measure: Any) -> tuple[Amount, Given]:
    """What terminals count for a measure, and which count at all.

    Parameters
    ----------
    game : Game
    measure : str, mapping or measure
        An event's name; ``"welfare"``, the sum of payoffs; a weight for each player,
        ``{"US": 1, "Russia": "1/2"}``; ``rl.P(event, given)``; ``rl.payoff(player)``.

    Returns
    -------
    tuple of callable

    Raises
    ------
    UnknownLabel
        For an event or a player that the game has not.
    """
    if isinstance(measure, str):
        if measure in game.events:
            return event_measure(game, game._event(measure)), None
        if measure != "welfare":
            known = (*game.events, "welfare")
            where = f"in {game!r}"
            if measure in game.players:
                where += f"; the payoff of a player is rl.payoff({measure!r})"
            raise UnknownLabel("event", measure, known, where)
        measure = dict.fromkeys(game.players, 1)
    paid = game._exact_payoffs
    if isinstance(measure, Mapping):
        weights = [
            (game._player(name), exact(weight, f"the weight of {name}"))
            for name, weight in measure.items()
        ]
        return (
            lambda node: sum((w * paid[node][p] for p, w in weights), Fraction(0))
        ), None
    if hasattr(measure, "on"):
        amount, given = measure.on(game)
        return amount, given
    raise TypeError(
        "a measure is an event's name, 'welfare', a weight for each player, "
        f"rl.P(event) or rl.payoff(player), not {measure!r}"
    )


def refereed(joint: Joint, concept: Concept) -> Certificate:
    """What the referee of a concept finds of a distribution over pairs of plans."""
    if concept is Concept.EXTENSIVE_FORM_CORRELATED:
        return recommended(joint)
    return mediated(joint, concept.value)


class MediatedElement(Element):
    """A set of things that a mediator may do, with one of them."""

    aim: str

    @property
    @abstractmethod
    def size(self) -> int:
        """How many numbers describe one."""

    def _everywhere(self, found: Sequence[set[int]]) -> tuple[tuple[int, ...], ...]:
        """Actions by information set; all of them where none is named."""
        return tuple(
            tuple(sorted(on)) if on else tuple(range(len(row.actions)))
            for on, row in zip(found, self.game._tables.infosets, strict=True)
        )

    def assessment(self) -> Assessment:
        """There is none: mediated play is no pair of behaviour strategies."""
        raise Unsupported(
            "mediated play is no strategy for each player; see .distribution or "
            ".mechanism, .payoffs, .probability(event) and .range(measure)"
        )


class JointElement(MediatedElement):
    """A set of distributions over pairs of plans, with one of them."""

    @abstractmethod
    def joint(self) -> Joint:
        """The distribution that is shown."""

    @property
    def support(self) -> tuple[tuple[int, ...], ...]:
        """What some plan of the distribution does; everything where none says."""
        found: list[set[int]] = [set() for _ in self.game._tables.infosets]
        for one, other, share in self.joint().pairs:
            if share:
                for h, a in (*one, *other):
                    found[h].add(a)
        return self._everywhere(found)

    def shown(self, concept: Concept) -> Equilibrium:
        """What a solution lists for the element."""
        return Mediated(self, concept)


class MediatedPlay(Equilibrium):
    """A whole set of mediated equilibria, with one out of it."""

    in_behaviour = False

    _element: MediatedElement

    @property
    @abstractmethod
    def _outcomes(self) -> Outcomes:
        """What play comes to."""

    @abstractmethod
    def _drawn(self) -> list[str]:
        """What the mediator does, as text."""

    @cached_property
    def payoffs(self) -> dict[str, Fraction]:
        """Each player's expected payoff in the one that is shown, in payoff units."""
        return dict(zip(self.game.players, self._outcomes.payoffs, strict=True))

    def payoffs_by_reason(self, player: str) -> dict[str, Fraction]:
        """One player's expected payoff in the one that is shown, reason by reason."""
        return self._outcomes.payoffs_by_reason(self.game._player(player))

    def probability(self, event: str, given: str | None = None) -> Fraction | None:
        """The probability of an event in the one that is shown; None if undefined."""
        game = self.game
        amount = event_measure(game, game._event(event))
        if given is None:
            return self._outcomes.expected(amount)
        other = event_measure(game, game._event(given))
        return self._outcomes.expected(amount, lambda node: bool(other(node)))

    def range(self, measure: Any) -> Range | None:
        """What a measure can be over all equilibria of the concept, with exact ends.

        Parameters
        ----------
        measure : str, mapping or measure
            An event's name, ``"welfare"``, a weight for each player, ``rl.P(event,
            given)`` or ``rl.payoff(player)``.

        Returns
        -------
        Range or None
            None if what is given has probability 0 in all of them.
        """
        return self._element.extremes(*read_measure(self.game, measure))

    def why(self, infoset: str) -> str:
        """Refused: what a player knows is what it was told."""
        self._element.assessment()
        return ""

    def lines(self, off_path: bool = True, beliefs: bool = True) -> list[str]:
        """What the mediator does, with ranges over the set."""
        game = self.game
        found = [f"one of them, {self._element.aim}:", *self._drawn()]
        pays = ", ".join(f"{p} {brief(v)}" for p, v in self.payoffs.items())
        found.append(f"  payoffs: {pays}")
        if self._element.size <= SHOWN_RANGES:
            ranges = [
                f"{name} {self._element.extremes(payoff_measure(game, p), None)}"
                for p, name in enumerate(game.players)
            ]
            found.append(f"over all of them, payoffs: {', '.join(ranges)}")
            events = [
                f"{e} {self._element.extremes(event_measure(game, k), None)}"
                for k, e in enumerate(game.events[:20])
            ]
            if events:
                found.append(f"over all of them, probability: {', '.join(events)}")
        return list(map(clip, found))

    def __str__(self) -> str:
        return "\n".join([clip(repr(self)[1:-1]), *self.lines()])

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


class Mediated(MediatedPlay):
    """The whole set of correlated equilibria, with one distribution out of it.

    The set is a polytope: `range` gives the exact ends of any measure over all of it.
    What else is shown (`distribution`, `payoffs`, `probability`) belongs to the one
    equilibrium that maximizes or minimizes what was asked for.

    Attributes
    ----------
    distribution : dict of (str, str) to Fraction
        By plans of the first and the second player, the probability that the mediator
        draws this pair; pairs of probability 0 are left out.
    """

    _element: JointElement

    @cached_property
    def _outcomes(self) -> Joint:
        return self._element.joint()

    @cached_property
    def certificate(self) -> Certificate:
        """What the referee found of the distribution."""
        return refereed(self._outcomes, self.concept)

    @cached_property
    def distribution(self) -> dict[tuple[str, str], Fraction]:
        """The probability of each pair of plans, by their texts."""
        return {
            (plan_text(self.game, 0, one), plan_text(self.game, 1, other)): share
            for one, other, share in self._outcomes.pairs
        }

    def marginal(self, player: str) -> dict[str, Fraction]:
        """How often each plan of a player is recommended.

        Parameters
        ----------
        player : str

        Returns
        -------
        dict of str to Fraction
        """
        index = self.game._player(player)
        found: dict[str, Fraction] = {}
        for pair, share in self.distribution.items():
            found[pair[index]] = found.get(pair[index], Fraction(0)) + share
        return found

    def contains(
        self,
        strategy: Mapping[Any, Any],
        belief: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> bool:
        """Whether a distribution, or a profile of strategies, belongs to the set.

        Parameters
        ----------
        strategy : mapping
            As `distribution`, or as `redlines.verify` takes a profile.
        belief : mapping, optional
            Not used.

        Returns
        -------
        bool
        """
        joint = Joint.read(self.game, strategy)
        return refereed(joint, self.concept).holds

    def _drawn(self) -> list[str]:
        """The distribution, most likely pairs first."""
        pairs = sorted(self.distribution.items(), key=lambda item: -item[1])
        room = STR_LINES - 10
        found = [f"  {brief(p)}: {one} | {other}" for (one, other), p in pairs[:room]]
        if len(pairs) > room:
            found.append(f"  ... {len(pairs) - room} more pairs of plans")
        return found
