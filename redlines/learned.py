"""What players learn to do, as it is shown: the last profile, and the path to it.

Reads: numbers, profile, ranges, referee, solution.  Used by: solvers.learning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from redlines.numbers import brief
from redlines.profile import Assessment
from redlines.referee import Certificate, Failure, referee
from redlines.solution import Concept, Element, Equilibrium
from redlines.tree import Game

__all__ = ["Learned", "LearnedElement", "LearningCertificate", "Path"]

Plan = dict[str, str]


@dataclass(frozen=True)
class Path:
    """The way to a profile.

    Attributes
    ----------
    times : numpy.ndarray, shape (points,)
        Rounds, or moments in time.
    shares : tuple of numpy.ndarray, shape (points, plans)
        For each player the share of each plan, up to then or at that moment.
    plans : tuple of tuple of dict
        For each player what its plans do, by information set.
    """

    times: Any
    shares: tuple[Any, Any]
    plans: tuple[tuple[Plan, ...], tuple[Plan, ...]]


@dataclass(frozen=True)
class LearningCertificate(Certificate):
    """What the referee found: how much each deviation gains, exactly.

    It holds if the strategies are distributions; it claims no equilibrium.

    Attributes
    ----------
    deviations : tuple of Failure
        What the players gain by deviating from the beginning; empty at an equilibrium.
    """

    deviations: tuple[Failure, ...] = ()


class LearnedElement(Element):
    """A profile that a path has led to.

    Parameters
    ----------
    game : Game
    strategy : sequence of tuple of Fraction
        By information set.
    path : Path
    last : tuple of tuple of Fraction
        For each player the share of each plan at the end of the path.
    distance : float
        The largest difference between a share of `strategy`, as plans, and of `last`.
    """

    def __init__(
        self,
        game: Game,
        strategy: Sequence[tuple[Fraction, ...]],
        path: Path,
        last: tuple[tuple[Fraction, ...], tuple[Fraction, ...]],
        distance: float,
    ) -> None:
        self.game, self.strategy = game, strategy
        self.path, self.last, self.distance = path, last, distance

    @property
    def support(self) -> tuple[tuple[int, ...], ...]:
        """For each information set the actions of positive probability."""
        return self.assessment().support

    def assessment(self) -> Assessment:
        """The profile, evenly mixed where own play does not come; no beliefs."""
        return Assessment(self.game, self.strategy, [None] * len(self.strategy))

    def shown(self, concept: Concept) -> Equilibrium:
        """What a solution lists for the element."""
        return Learned(self, concept)


class Learned(Equilibrium):
    """What players have learnt to do; an equilibrium only if its regret is 0.

    Its strategies are the last profile of the path or, if there is an equilibrium
    within `prob_tolerance` of it on the plans that it takes, that equilibrium.
    """

    _element: LearnedElement

    @cached_property
    def certificate(self) -> LearningCertificate:
        """What the referee found: the exact regret, and who gains by what."""
        found = referee(self._assessment, Concept.NASH.value)
        wrong = tuple(f for f in found.failures if f.condition != "nash")
        return LearningCertificate(
            concept=self.concept.value,
            holds=not wrong,
            regret=found.regret,
            failures=wrong,
            checked=("probabilities", "regret"),
            deviations=tuple(f for f in found.failures if f.condition == "nash"),
        )

    @property
    def is_equilibrium(self) -> bool:
        """Whether nobody gains by deviating, exactly: then it is a Nash equilibrium."""
        return self.certificate.holds and not self.regret

    @property
    def times(self) -> Any:
        """The rounds, or the moments in time, of `path`; an array."""
        return self._element.path.times

    @property
    def path(self) -> Any:
        """By player, an array of shape (points, plans): the share of each plan."""
        return dict(zip(self.game.players, self._element.path.shares, strict=True))

    @property
    def plans(self) -> dict[str, tuple[Plan, ...]]:
        """By player what each plan does, by information set, in the order of `path`."""
        return dict(zip(self.game.players, self._element.path.plans, strict=True))

    @property
    def last(self) -> dict[str, tuple[Fraction, ...]]:
        """By player the share of each plan at the end of the path."""
        return dict(zip(self.game.players, self._element.last, strict=True))

    @property
    def distance(self) -> float:
        """How far the strategies shown are from `last`, in probability."""
        return self._element.distance

    def lines(self, off_path: bool = True, beliefs: bool = True) -> list[str]:
        """The strategies as text, with the regret."""
        regret = brief(self.regret)
        if not self.is_equilibrium:
            first = f"no equilibrium: somebody gains {regret} by deviating"
        elif self.distance:
            first = (
                f"an equilibrium, {self.distance:.2g} from where the path ends, "
                "in probability"
            )
        else:
            first = "an equilibrium, where the path ends"
        players = range(len(self.game._tables.infosets))
        return [first, *(self._line(h) for h in players)]

    def __repr__(self) -> str:
        word = "an equilibrium" if self.is_equilibrium else "no equilibrium"
        return f"<Learned in {self.game.name}: {word}, regret {brief(self.regret)}>"
