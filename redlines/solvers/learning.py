"""Learning dynamics, by nashpy: what players come to do, and no proof of equilibrium.

*Fictitious play* (Brown 1951): in each round both choose a best reply to how often the
other has chosen each plan so far. *Stochastic* fictitious play: a logit reply to it,
with random shocks to what plans are worth. *Replicator dynamics* (Taylor and Jonker
1978): the share of a plan grows with how much better it does than the average; in one
population if the game is symmetric, else in one for each player.

Where these settle is an equilibrium in many games, and in many others they do not
settle. So the regret of the last profile is computed exactly; if there is an
equilibrium on the plans that it takes and close to it, that is what is shown, solved
and verified.

Reads: forms, learned, solution, solvers.  Used by: solving.

References
----------
[brown1951]_, [fudenberglevine1998]_, [hofbauersandholm2002]_, [taylorjonker1978]_;
[nashpy2018]_ for the computations.
"""

from __future__ import annotations

import math
import warnings
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, NamedTuple

import numpy as np

from redlines.errors import ModelError, UnknownLabel, Unsupported
from redlines.forms import ReducedForm
from redlines.learned import LearnedElement, Path
from redlines.numbers import brief, exact
from redlines.solution import Concept, Coverage, Status
from redlines.solvers.base import Found, Solver
from redlines.solvers.on_support import exact_on_support
from redlines.solvers.through_nashpy import as_bimatrix, matrices, seeded, whole
from redlines.tree import Game

__all__ = [
    "AsymmetricReplicator",
    "FictitiousPlay",
    "ReplicatorDynamics",
    "StochasticFictitiousPlay",
]

# cells of a strategic form, and numbers of a path, that are worked with
MAX_CELLS = 1_000_000
MAX_PATH = 50_000_000
# an exponent beyond this is beyond floating point
LARGEST_EXPONENT = 700.0

Start = Mapping[str, Any] | None
Shares = tuple[Fraction, ...]


class _Course(NamedTuple):
    """Times, each player's shares of plans at them, and the last of these exactly."""

    times: Any
    shares: tuple[Any, Any]
    last: tuple[Shares, Shares]


class _NoPath(Exception):
    """The integration failed; the argument says how."""


@dataclass(frozen=True)
class _Learning(Solver):
    """What the dynamics have in common.

    Parameters
    ----------
    start : mapping of str to (sequence or mapping), optional
        By player: how often each plan was chosen before, or the share of each plan; in
        the order of the plans, or by the names of a player's actions where it has one
        information set.
    prob_tolerance : number
        How far, in probability, the last profile may be from an equilibrium on the
        plans that it takes for that to be shown; 0 shows the last profile as it is.
    """

    concept: ClassVar[Concept] = Concept.LEARNING

    start: Start = None
    prob_tolerance: Any = Fraction(1, 100)

    def refusal(self, game: Game) -> str | None:
        """Games with more than a million pairs of reduced strategies are refused."""
        sizes = ReducedForm.sizes(game)
        if math.prod(sizes) > MAX_CELLS:
            return (
                f"it has {sizes[0]:,} and {sizes[1]:,} reduced strategies; dynamics "
                f"take at most {MAX_CELLS:,} pairs of them"
            )
        return None

    @abstractmethod
    def follow(self, reduced: ReducedForm) -> _Course:
        """The path that is followed."""

    def find(self, game: Game, coverage: Coverage) -> Found:
        """One profile: where the path ends."""
        reduced = ReducedForm.of(game)
        try:
            times, shares, last = self.follow(reduced)
        except _NoPath as lost:
            return Found([], Status.BACKEND, False, str(lost), _UNIT, None)
        near = self._near(reduced, last)
        profile = last if near is None else near
        distance = max(
            float(abs(a - b))
            for one, other in zip(profile, last, strict=True)
            for a, b in zip(one, other, strict=True)
        )
        labels, rows = game._tables.label, game._tables.infosets
        plans = tuple(
            tuple(
                {
                    labels(h): rows[h].actions[a]
                    for h, a in reduced.choices(player, plan).items()
                }
                for plan in range(len(reduced.plans[player]))
            )
            for player in (0, 1)
        )
        path = Path(times, shares, (plans[0], plans[1]))
        played = reduced.behaviour(0, profile[0]) | reduced.behaviour(1, profile[1])
        strategy = [
            played.get(h, (Fraction(1, len(row.actions)),) * len(row.actions))
            for h, row in enumerate(rows)
        ]
        element = LearnedElement(game, strategy, path, last, distance)
        regret = element.shown(self.concept).regret
        if regret:
            reason = f"where the path ends somebody gains {brief(regret)} by deviating"
        elif distance:
            reason = (
                f"where the path ends an equilibrium is {distance:.2g} away in "
                "probability; it is shown"
            )
        else:
            reason = "the path ends at an equilibrium"
        return Found(
            elements=[element],
            status=Status.NOT_AN_EQUILIBRIUM_PROOF if regret else Status.SOLVED,
            complete=False,
            reason=reason,
            unit=_UNIT,
            count=1,
        )

    def _near(
        self, reduced: ReducedForm, last: tuple[Shares, Shares]
    ) -> tuple[Shares, Shares] | None:
        """An equilibrium on the plans that are taken, if there is one close by."""
        tolerance = exact(self.prob_tolerance, "prob_tolerance")
        if not tolerance:
            return None
        taken = [[k for k, s in enumerate(side) if s > tolerance] for side in last]
        solved = exact_on_support(as_bimatrix(reduced), taken[0], taken[1])
        if solved is None:
            return None
        one, other = (
            tuple(mixture.get(k, Fraction(0)) for k in range(len(side)))
            for mixture, side in zip(solved, last, strict=True)
        )
        apart = max(
            abs(a - b)
            for near, side in zip((one, other), last, strict=True)
            for a, b in zip(near, side, strict=True)
        )
        return (one, other) if apart <= tolerance else None

    def _begin(self, reduced: ReducedForm, player: int) -> list[float] | None:
        """What `start` says of a player, by plan."""
        game = reduced.game
        for name in self.start or ():
            if name not in game.players:
                raise UnknownLabel("player", name, game.players, "in start=")
        given = (self.start or {}).get(game.players[player])
        if given is None:
            return None
        size = len(reduced.plans[player])
        if isinstance(given, Mapping):
            given = self._by_action(reduced, player, given)
        values = [float(exact(v, f"start of {game.players[player]}")) for v in given]
        if len(values) != size or min(values) < 0 or not sum(values):
            raise ModelError(
                f"the start of {game.players[player]} must be {size} numbers, one for "
                f"each plan, none negative and not all 0; not {given!r}"
            )
        return values

    def _by_action(
        self, reduced: ReducedForm, player: int, given: Mapping[Any, Any]
    ) -> list[Any]:
        """A start that names actions, in the order of the plans."""
        game = reduced.game
        own = [h for h in game._tables.infosets if h.player == player]
        if len(own) != 1:
            raise ModelError(
                f"{game.players[player]} has {len(own)} information sets, so its start "
                "must be a sequence in the order of its plans"
            )
        for name in given:
            if name not in own[0].actions:
                raise UnknownLabel("action", name, own[0].actions, "in start=")
        return [given.get(a, 0) for a in own[0].actions]


_UNIT = "profile"


def _exact(weights: Any) -> Shares:
    """Counts, or shares in floating point, as fractions that sum to one."""
    values = [Fraction(repr(float(v))) for v in weights]
    total = sum(values, Fraction(0))
    return tuple(v / total for v in values)


def _counted(word: str, value: Any, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ModelError(f"{word}= is a whole number from {least}, not {value!r}")


# ------------------------------------------------------------------------------ rounds
@dataclass(frozen=True)
class FictitiousPlay(_Learning):
    """Best replies to what the other has done so far, round by round.

    Parameters
    ----------
    rounds : int
        How many.
    rng : int or numpy.random.Generator
        What ties are broken with; the same seed, the same answer.
    """

    name: ClassVar[str] = "fictitious play"

    rounds: int = 1_000
    rng: Any = 0

    def follow(self, reduced: ReducedForm) -> _Course:
        """How often each plan has been chosen, as shares."""
        sizes = self._check(reduced)
        before = self._before(reduced)
        counts = [np.empty((self.rounds, size)) for size in sizes]
        with seeded(self.rng):
            for number, row in enumerate(self.rounds_of(reduced, before)):
                if number:
                    counts[0][number - 1], counts[1][number - 1] = row
        one, other = (c / c.sum(axis=1, keepdims=True) for c in counts)
        last = _exact(counts[0][-1]), _exact(counts[1][-1])
        return _Course(np.arange(1, self.rounds + 1), (one, other), last)

    def _check(self, reduced: ReducedForm) -> tuple[int, int]:
        _counted("rounds", self.rounds, 1)
        sizes = len(reduced.plans[0]), len(reduced.plans[1])
        if self.rounds * sum(sizes) > MAX_PATH:
            raise Unsupported(
                f"a path of rounds={self.rounds:,} over {sum(sizes):,} plans has more "
                f"than {MAX_PATH:,} numbers; ask for fewer rounds"
            )
        return sizes

    def _before(self, reduced: ReducedForm) -> list[Any] | None:
        given = [self._begin(reduced, player) for player in (0, 1)]
        if given == [None, None]:
            return None
        return [
            np.zeros(len(reduced.plans[p])) if g is None else np.array(g)
            for p, g in enumerate(given)
        ]

    def rounds_of(self, reduced: ReducedForm, before: list[Any] | None) -> Any:
        """Counts after each round, the first before any."""
        import nashpy

        arrays = whole(reduced, self.rounds + 1) or matrices(reduced)
        return nashpy.Game(*arrays).fictitious_play(self.rounds, before)


@dataclass(frozen=True)
class StochasticFictitiousPlay(FictitiousPlay):
    """Logit replies, with shocks, to what the other has done so far.

    Parameters
    ----------
    noise : float
        In payoff units; the odds of two plans are the exponential of what they differ
        by, over `noise`.
    shock : float
        The most that is added at random to what a plan is worth, in payoff units.
    """

    name: ClassVar[str] = "stochastic fictitious play"

    noise: float = 0.1
    shock: float = 0.01

    def rounds_of(self, reduced: ReducedForm, before: list[Any] | None) -> Any:
        """Counts after each round, the first before any."""
        import nashpy

        if not self.noise > 0 or self.shock < 0 or not math.isfinite(self.shock):
            raise ModelError(
                f"noise= is positive and shock= not negative, not {self.noise!r} and "
                f"{self.shock!r}"
            )
        arrays = []
        for player, table in enumerate(matrices(reduced)):
            # what the other's choices add to all plans alike does not matter
            best = table.max(axis=player, keepdims=True)
            arrays.append(table - best)
        deepest = max(float(-a.min()) for a in arrays) + self.shock
        if not deepest / self.noise <= LARGEST_EXPONENT:
            raise Unsupported(
                f"with payoffs that differ by {deepest:.3g} noise={self.noise!r} leads "
                "to odds beyond floating point; at least "
                f"noise={deepest / LARGEST_EXPONENT:.2g} is needed"
            )
        play = nashpy.Game(*arrays).stochastic_fictitious_play(
            self.rounds, before, self.noise, self.shock
        )
        return (counts for counts, _ in play)


# -------------------------------------------------------------------------------- time
@dataclass(frozen=True)
class AsymmetricReplicator(_Learning):
    """Shares of plans that grow with success, in a population for each player.

    Parameters
    ----------
    time : float
        How long.
    points : int
        At how many moments, evenly spaced, the path is recorded.
    """

    name: ClassVar[str] = "asymmetric replicator dynamics"

    time: float = 10.0
    points: int = 1_000

    def follow(self, reduced: ReducedForm) -> _Course:
        """The shares at the moments that are recorded."""
        _counted("points", self.points, 2)
        if not (self.time > 0 and math.isfinite(self.time)):
            raise ModelError(f"time= is a positive number, not {self.time!r}")
        if self.points * sum(map(len, reduced.plans)) > MAX_PATH:
            raise Unsupported(
                f"a path of points={self.points:,} has more than {MAX_PATH:,} numbers; "
                "ask for fewer points"
            )
        times = np.linspace(0, self.time, self.points)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                one, other = self.integrated(reduced, times)
            except (Warning, FloatingPointError) as stopped:
                raise _NoPath(
                    f"the integration failed ({str(stopped).split(';')[0]}); allow "
                    "more points=, or a shorter time="
                ) from None
        shares = _settled(one), _settled(other)
        last = _exact(shares[0][-1]), _exact(shares[1][-1])
        return _Course(times, shares, last)

    def integrated(self, reduced: ReducedForm, times: Any) -> tuple[Any, Any]:
        """The shares as nashpy computes them."""
        import nashpy

        start = [self._shares(reduced, player) for player in (0, 1)]
        game = nashpy.Game(*matrices(reduced))
        one, other = game.asymmetric_replicator_dynamics(
            x0=start[0], y0=start[1], timepoints=times
        )
        return one, other

    def _shares(self, reduced: ReducedForm, player: int) -> Any:
        """The start of a player, even if none is given."""
        given = self._begin(reduced, player)
        size = len(reduced.plans[player])
        values = np.ones(size) if given is None else np.array(given)
        return values / values.sum()


@dataclass(frozen=True)
class ReplicatorDynamics(AsymmetricReplicator):
    """Shares of plans that grow with success, in one population that plays itself.

    Parameters
    ----------
    mutation : array-like, shape (plans, plans), optional
        The probability that a descendant of a plan takes each other plan; rows sum to
        one. Default none do.
    """

    name: ClassVar[str] = "replicator dynamics"

    mutation: Any = None

    def refusal(self, game: Game) -> str | None:
        """Games in which the players' places differ are refused."""
        refusal = super().refusal(game)
        if refusal is None:
            one, other = ReducedForm.of(game).payoffs
            scales = ReducedForm.of(game).scales
            turned = [list(column) for column in zip(*other, strict=True)]
            alike = [[v * scales[1] for v in row] for row in one] == [
                [v * scales[0] for v in row] for row in turned
            ]
            if not alike:
                refusal = (
                    "one population needs a game that looks the same from both sides; "
                    "ask for method='asymmetric replicator dynamics'"
                )
        return refusal

    def integrated(self, reduced: ReducedForm, times: Any) -> tuple[Any, Any]:
        """The shares as nashpy computes them, the same for both players."""
        import nashpy

        given = [self._begin(reduced, player) for player in (0, 1)]
        if None not in given and given[0] != given[1]:
            raise ModelError("one population has one start; give the same to both")
        player = 1 if given[0] is None else 0
        mutation = None
        if self.mutation is not None:
            mutation = _stochastic(self.mutation, len(reduced.plans[0]))
        found = nashpy.Game(*matrices(reduced)).replicator_dynamics(
            y0=self._shares(reduced, player),
            timepoints=times,
            mutation_matrix=mutation,
        )
        return found, found


def _stochastic(given: Any, size: int) -> Any:
    """A matrix of probabilities, checked."""
    found = np.array(
        [[float(exact(v, "an entry of mutation")) for v in row] for row in given]
    )
    if (
        found.shape != (size, size)
        or (found < 0).any()
        or not np.allclose(found.sum(axis=1), 1, atol=1e-12)
    ):
        raise ModelError(
            f"mutation= is a matrix of {size} x {size} probabilities whose rows sum to "
            "one"
        )
    return found


def _settled(shares: Any) -> Any:
    """Shares without the errors of integration, which must be small."""
    if not np.isfinite(shares).all() or shares.min() < -1e-4:
        raise _NoPath(
            "the integration left the shares that add up to one; allow more points=, "
            "or a shorter time="
        )
    kept = np.clip(shares, 0, None)
    return kept / kept.sum(axis=1, keepdims=True)
