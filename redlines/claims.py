"""Measures of an equilibrium, and claims about them.

A measure is the probability of an event, possibly given another, or a player's expected
payoff. Compared with a number or with another measure it makes a claim, something that
is true or false of an equilibrium.

Reads: errors, numbers, tree.  Used by: scenario, verdicts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from redlines.errors import ModelError
from redlines.numbers import Number, exact
from redlines.tree import Game

__all__ = [
    "Claim",
    "EventProbability",
    "ExpectedPayoff",
    "Measure",
    "P",
    "Static",
    "falls",
    "payoff",
    "rises",
]


class Measure:
    """Something that has a value at every equilibrium: a probability or a payoff.

    Comparing it with a number or with another measure makes a `Claim`.
    """

    game: Game | None

    def on(
        self, game: Game
    ) -> tuple[Callable[[int], Fraction], Callable[[int], bool] | None]:
        """What each terminal of a game counts, and which terminals count at all."""
        raise NotImplementedError

    def of(self, equilibrium: Any) -> Any:
        """The value at the representative of an equilibrium; None if undefined."""
        raise NotImplementedError

    def _claim(self, operator: str, other: object) -> Claim:
        if isinstance(other, Measure | Number):
            return Claim(self, operator, other)
        return Claim(self, operator, exact(other, "what a measure is compared with"))

    def __lt__(self, other: object) -> Claim:
        return self._claim("<", other)

    def __le__(self, other: object) -> Claim:
        return self._claim("<=", other)

    def __gt__(self, other: object) -> Claim:
        return self._claim(">", other)

    def __ge__(self, other: object) -> Claim:
        return self._claim(">=", other)

    def __eq__(self, other: object) -> Claim:  # type: ignore[override]
        return self._claim("==", other)

    def __ne__(self, other: object) -> Claim:  # type: ignore[override]
        return self._claim("!=", other)

    __hash__ = object.__hash__


def _named(game: Game) -> str:
    """A game's name with the structure that it was unfolded with."""
    structure = ", ".join(f"{n}={v}" for n, v in game.structure.items())
    return f"{game.name}({structure})" if structure else game.name


@dataclass(frozen=True, eq=False, order=False, repr=False)
class EventProbability(Measure):
    """The probability of an event; made by `P`."""

    event: str
    given: str | None = None
    game: Game | None = None

    def on(
        self, game: Game
    ) -> tuple[Callable[[int], Fraction], Callable[[int], bool] | None]:
        """One at terminals where the event is marked, zero at the others."""
        masks = game._tables.event_masks
        index = game._event(self.event)
        amount = lambda node: Fraction(masks[node] >> index & 1)  # noqa: E731
        if self.given is None:
            return amount, None
        other = game._event(self.given)
        return amount, lambda node: bool(masks[node] >> other & 1)

    def of(self, equilibrium: Any) -> Any:
        """The probability at the representative."""
        return equilibrium.probability(self.event, self.given)

    def __str__(self) -> str:
        given = f" given {self.given}" if self.given else ""
        place = f" in {_named(self.game)}" if self.game is not None else ""
        return f"P({self.event}{given}{place})"

    __repr__ = __str__


@dataclass(frozen=True, eq=False, order=False, repr=False)
class ExpectedPayoff(Measure):
    """The expected payoff of a player; made by `payoff`."""

    player: str
    game: Game | None = None

    def on(
        self, game: Game
    ) -> tuple[Callable[[int], Fraction], Callable[[int], bool] | None]:
        """What the player is paid at each terminal."""
        index = game._player(self.player)
        payoffs: Any = game._payoffs
        return (lambda node: payoffs[node][index]), None

    def of(self, equilibrium: Any) -> Any:
        """The payoff at the representative."""
        return equilibrium.payoffs[self.player]

    def __str__(self) -> str:
        place = f" in {_named(self.game)}" if self.game is not None else ""
        return f"payoff of {self.player}{place}"

    __repr__ = __str__


@dataclass(frozen=True, eq=False)
class Claim:
    """A measure compared with a number or with another measure.

    Attributes
    ----------
    left : Measure
    operator : {"<", "<=", ">", ">=", "==", "!="}
    right : Measure, Number or Fraction
    """

    left: Measure
    operator: str
    right: Measure | Number | Fraction

    def __bool__(self) -> bool:
        raise ModelError(
            f"the claim {self} is true of some equilibria and false of others, so it "
            "has no truth value of its own"
        )

    def __str__(self) -> str:
        return f"{self.left} {self.operator} {self.right}"

    __repr__ = __str__


@dataclass(frozen=True, eq=False)
class Static:
    """How a measure moves with a parameter; made by `falls` and `rises`.

    Attributes
    ----------
    measure : Measure
    parameter : str
    direction : {"falls", "rises"}
        Weakly: "falls" says that it does not rise.
    selection : {"ends", "every", "branch"}
        What is compared, see `falls`.
    """

    measure: Measure
    parameter: str
    direction: str
    selection: str = "ends"

    def __bool__(self) -> bool:
        raise ModelError(f"the claim '{self}' has no truth value of its own")

    def __str__(self) -> str:
        word = "does not rise" if self.direction == "falls" else "does not fall"
        more = {
            "ends": "",
            "every": " from any equilibrium to any other",
            "branch": " within a family",
        }
        return f"{self.measure} {word} with {self.parameter}{more[self.selection]}"

    __repr__ = __str__


def falls(measure: Measure, parameter: str, selection: str = "ends") -> Static:
    """The claim that a measure does not rise with a parameter, all else equal.

    Parameters
    ----------
    measure : Measure
    parameter : str
        A parameter of the game.
    selection : {"ends", "every", "branch"}
        "ends": neither the largest nor the smallest value over all equilibria rises
        between two admitted values of the parameter. "every": no equilibrium at the
        larger value has more than any at the smaller one. "branch": within each
        family, at parameters at which it exists; where a family ends is no slope.

    Returns
    -------
    Static

    Examples
    --------
    >>> falls(P("crossed"), "audience_cost")
    P(crossed) does not rise with audience_cost
    """
    return Static(measure, parameter, "falls", _selection(selection))


def rises(measure: Measure, parameter: str, selection: str = "ends") -> Static:
    """The claim that a measure does not fall with a parameter, all else equal.

    Parameters
    ----------
    measure : Measure
    parameter : str
        A parameter of the game.
    selection : {"ends", "every", "branch"}
        As for `falls`.

    Returns
    -------
    Static

    Examples
    --------
    >>> rises(payoff("US"), "stake", selection="branch")
    payoff of US does not fall with stake within a family
    """
    return Static(measure, parameter, "rises", _selection(selection))


def _selection(word: str) -> str:
    if word not in ("ends", "every", "branch"):
        raise ModelError(f"selection is 'ends', 'every' or 'branch', not {word!r}")
    return word


def P(event: str, given: str | None = None, game: Game | None = None) -> Measure:
    """The probability of an event, as a measure of equilibria.

    Parameters
    ----------
    event : str
        An event that the game marks.
    given : str, optional
        Condition on this event.
    game : Game, optional
        The game that is meant, where a claim compares two.

    Returns
    -------
    Measure

    Examples
    --------
    >>> P("nuclear use") <= "1/10"
    P(nuclear use) <= 1/10
    """
    return EventProbability(event, given, game)


def payoff(player: str, game: Game | None = None) -> Measure:
    """A player's expected payoff, as a measure of equilibria.

    Parameters
    ----------
    player : str
        Whose payoff.
    game : Game, optional
        The game that is meant, where a claim compares two.

    Returns
    -------
    Measure

    Examples
    --------
    >>> payoff("US") > payoff("Russia")
    payoff of US > payoff of Russia
    """
    return ExpectedPayoff(player, game)
