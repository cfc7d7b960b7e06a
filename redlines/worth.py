"""What a mediator is worth: the ends of a measure with one and without.

With a mediator: over all equilibria of a mediated concept, by linear programming.
Without: over all Nash equilibria of the game, which for drawn types are its Bayesian
equilibria. These are a finite union of products of two polytopes, each spanned by
extreme equilibria; a measure is bilinear on it, or a ratio of two such whose
denominator is the larger, so its ends are at extreme equilibria.

Reads: errors, numbers, mediated, ranges, solution, solving.  Used by: users.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import Any

from redlines.answers import clip
from redlines.errors import ModelError, Unsupported
from redlines.mediated import MediatedPlay, read_measure
from redlines.numbers import brief
from redlines.problem import require
from redlines.ranges import Interval, Range
from redlines.solution import Concept, Equilibrium, read_concept
from redlines.solving import solve
from redlines.tree import Game

__all__ = ["MediatorWorth", "mediator_worth"]

MEDIATED = (
    Concept.COMMUNICATION,
    Concept.CORRELATED,
    Concept.COARSE_CORRELATED,
    Concept.EXTENSIVE_FORM_CORRELATED,
)
# extreme equilibria that are gone through
MAX_EQUILIBRIA = 1_000_000


@dataclass(frozen=True, eq=False)
class MediatorWorth:
    """The least and the greatest value of a measure, with a mediator and without.

    Whether high or low is good depends on the measure, so both ends are given on both
    sides. Each of the four is attained by an equilibrium that is given too, verified.

    Attributes
    ----------
    game : Game
        What is mediated.
    measure : object
        As asked for.
    concept : Concept
        What a mediator may do.
    mediated, unmediated : Range
        From the least to the greatest value over all equilibria; exact. Every value
        between the ends of `mediated` occurs; between those of `unmediated` there may
        be gaps.
    highest, lowest : MediatedPlay
        What the mediator does where the measure is greatest and least.
    highest_unmediated, lowest_unmediated : Equilibrium
        Nash equilibria in which it is greatest and least.
    """

    game: Game
    measure: Any
    concept: Concept
    mediated: Range
    unmediated: Range
    highest: MediatedPlay
    lowest: MediatedPlay
    highest_unmediated: Equilibrium
    lowest_unmediated: Equilibrium

    @property
    def raises(self) -> Fraction:
        """By how much the greatest value is greater with a mediator."""
        found: Fraction = self.mediated.high - self.unmediated.high
        return found

    @property
    def lowers(self) -> Fraction:
        """By how much the least value is less with a mediator."""
        found: Fraction = self.unmediated.low - self.mediated.low
        return found

    @property
    def changes_nothing(self) -> bool:
        """Whether both ends are the same with a mediator and without."""
        return not self.raises and not self.lowers

    def __repr__(self) -> str:
        return (
            f"<MediatorWorth in {self.game.name}, {self.measure}: with "
            f"{self.mediated}, without {self.unmediated}>"
        )

    def __str__(self) -> str:
        rows = [
            ("", "least", "greatest"),
            ("with a mediator", brief(self.mediated.low), brief(self.mediated.high)),
            ("without", brief(self.unmediated.low), brief(self.unmediated.high)),
            ("difference", brief(-self.lowers), brief(self.raises)),
        ]
        wide = [max(len(row[k]) for row in rows) for k in range(3)]
        lines = [f"{self.game.name}, {self.concept.value}: {self.measure}"]
        lines += [
            f"  {a:<{wide[0]}}  {b:>{wide[1]}}  {c:>{wide[2]}}" for a, b, c in rows
        ]
        if self.raises:
            lines += ["the greatest, with a mediator:", *self.highest._drawn()[:12]]
        if self.lowers:
            lines += ["the least, with a mediator:", *self.lowest._drawn()[:12]]
        if self.changes_nothing:
            lines.append("  a mediator changes neither end")
        return "\n".join(map(clip, lines))

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def mediator_worth(
    game: Game,
    measure: Any,
    concept: Concept | str = Concept.COMMUNICATION,
    *,
    unmediated: Game | None = None,
) -> MediatorWorth:
    """The ends of a measure over mediated equilibria, against unmediated ones.

    Parameters
    ----------
    game : Game
        Every parameter bound.
    measure : str, mapping or measure
        An event's name; ``"welfare"``, the sum of payoffs; a weight for each player;
        ``rl.P(event, given)``; ``rl.payoff(player)``.
    concept : Concept or str
        What the mediator may do: ``"communication"`` (asks for types, then recommends),
        ``"correlated"`` (recommends a whole plan), ``"extensive-form correlated"``
        (recommends each action when it is due) or ``"coarse correlated"``.
    unmediated : Game, optional
        What is played where there is no mediator, by the same players; default `game`.
        A story of the same game with a stage of messages shows what a mediator is worth
        beyond talk.

    Returns
    -------
    MediatorWorth

    Raises
    ------
    Unsupported
        If `game` is not in the class of the concept, or too large for it, or if not all
        Nash equilibria of what is played without a mediator are found.
    ModelError
        If the concept is not a mediated one, players differ, or what the measure
        conditions on has probability 0 in all equilibria of one side.

    Notes
    -----
    Exact and complete on both sides. Without types, or with `game` on both sides, every
    unmediated equilibrium is a mediated one, so `raises` and `lowers` are not negative.

    References
    ----------
    [forges1986]_, [myerson1991]_ chapter 6.

    Examples
    --------
    >>> import redlines as rl
    >>> chicken = rl.Game.from_bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]])
    >>> worth = rl.mediator_worth(chicken, "welfare")
    >>> print(worth.mediated, worth.unmediated)
    [36/5, 21/2] [9, 28/3]
    >>> worth.raises
    Fraction(7, 6)
    """
    require(game, Game, "mediator_worth")
    wanted = read_concept(concept)
    if wanted not in MEDIATED:
        names = ", ".join(repr(kind.value) for kind in MEDIATED)
        raise ModelError(f"{wanted.value!r} has no mediator; there are: {names}")
    alone = game if unmediated is None else unmediated
    if alone.players != game.players:
        raise ModelError(
            f"{alone.name!r} is played by {' and '.join(alone.players)}, "
            f"{game.name!r} by {' and '.join(game.players)}; they must be the same"
        )
    highest: Any = solve(game, wanted, maximize=measure)[0]
    lowest: Any = solve(game, wanted, minimize=measure)[0]
    amount = read_measure(game, measure)
    ends = [play._outcomes.expected(*amount) for play in (lowest, highest)]
    low, high = _unmediated(alone, measure)
    return MediatorWorth(
        game=game,
        measure=measure,
        concept=wanted,
        mediated=Range((Interval(*ends),)),
        unmediated=Range((Interval(low[0], high[0]),)),
        highest=highest,
        lowest=lowest,
        highest_unmediated=high[1],
        lowest_unmediated=low[1],
    )


Valued = tuple[Fraction, Equilibrium]


def _unmediated(game: Game, measure: Any) -> tuple[Valued, Valued]:
    """The least and the greatest value over all Nash equilibria, with one of each."""
    amount, given = read_measure(game, measure)
    solution = solve(
        game, Concept.NASH, method="vertex enumeration", limit=MAX_EQUILIBRIA
    )
    if not solution.complete:
        raise Unsupported(
            f"not all Nash equilibria of {game!r} were found, so the ends without a "
            f"mediator are not known: {solution.reason}"
        )
    low: Valued | None = None
    high: Valued | None = None
    for equilibrium in solution:
        found = equilibrium._element.extremes(amount, given)
        if found is not None:
            if low is None or found.low < low[0]:
                low = found.low, equilibrium
            if high is None or found.high > high[0]:
                high = found.high, equilibrium
    if low is None or high is None:
        raise ModelError(
            f"what {measure} conditions on has probability 0 in every Nash equilibrium "
            f"of {game.name!r}"
        )
    return low, high
