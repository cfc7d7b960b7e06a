"""Markov games that end after some periods, and their equilibria period by period.

Reads: errors, numbers, answers, markov, one_shot, stationary, problem.
Used by: solvers.expiry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from redlines.answers import Answer, Part, clip
from redlines.errors import ModelError, UnknownLabel
from redlines.markov import MarkovGame
from redlines.numbers import Amount, brief, exact
from redlines.one_shot import perfect_once
from redlines.problem import Problem
from redlines.referee import Certificate
from redlines.solution import Concept
from redlines.stationary import Rows, StationaryProfile

__all__ = ["Horizon", "HorizonElement", "HorizonEquilibrium"]

ZERO = Fraction(0)


class Horizon(Problem):
    """A Markov game that ends after some periods, for instance when a treaty expires.

    It comes from `MarkovGame.horizon`. Payoffs are discounted sums of what the stages
    pay and of what it is worth to come to a state when the periods are over.

    Attributes
    ----------
    game : MarkovGame
        What is played in each period.
    periods : int
        How many periods there are.
    then : dict of str to dict of str to Fraction
        What each state is worth to each player at the end.
    """

    def __init__(
        self,
        game: MarkovGame,
        periods: int,
        then: Mapping[str, Mapping[str, Amount]] | None = None,
    ) -> None:
        if isinstance(periods, bool) or not isinstance(periods, int) or periods < 1:
            raise ModelError(
                f"a horizon has a whole number of periods, 1 or more, not {periods!r}"
            )
        self.game = game
        self.periods = periods
        word = "period" if periods == 1 else "periods"
        self.name = f"{game.name} for {periods} {word}"
        self.players = game.players
        self.then = {s: dict.fromkeys(game.players, ZERO) for s in game.states}
        for state, row in (then or {}).items():
            game._state(state)
            for player, amount in row.items():
                game._player(player)
                what = f"what {state!r} is worth to {player} at the end"
                self.then[state][player] = exact(amount, what)

    @property
    def states(self) -> tuple[str, ...]:
        """The states of the game."""
        return self.game.states

    @property
    def start(self) -> str:
        """The state of the first period."""
        return self.game.start

    def bind(self, **values: Amount) -> Horizon:
        """The same horizon of the game with parameters bound; see `MarkovGame.bind`."""
        return Horizon(self.game.bind(**values), self.periods, self.then)

    @property
    def _size(self) -> int:
        return self.game._size * self.periods

    def _require_numbers(self, purpose: str) -> None:
        self.game._require_numbers(purpose)

    def __repr__(self) -> str:
        return f"<Horizon {self.name}, from {self.game.start!r}>"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(repr(self)[1:-1])}</pre>"


class HorizonElement(Part):
    """An equilibrium of a horizon: what is done in each period.

    Parameters
    ----------
    game : Horizon
    plan : sequence of Rows
        The first period first.
    """

    def __init__(self, game: Horizon, plan: Sequence[Rows]) -> None:
        self.game = game
        self.plan = tuple(plan)

    def shown(self, concept: Concept) -> HorizonEquilibrium:
        """What a solution lists for the element."""
        return HorizonEquilibrium(self, concept)


class HorizonEquilibrium(Answer):
    """A Markov perfect equilibrium of a game that ends: its play, period by period.

    Periods are counted from 1. Payoffs are discounted sums.
    """

    noun = "Equilibrium"
    _element: HorizonElement
    game: Horizon

    @cached_property
    def _profiles(self) -> tuple[StationaryProfile, ...]:
        return tuple(StationaryProfile(self.game.game, r) for r in self._element.plan)

    @cached_property
    def _values(self) -> list[list[list[Any]]]:
        """By period, player and state, the discounted sum from there on."""
        horizon = self.game
        later = [[horizon.then[s][p] for s in horizon.states] for p in horizon.players]
        found = [later]
        for profile in reversed(self._profiles):
            now = []
            for player in (0, 1):
                discount: Any = horizon.game._discounts[player]
                paid = profile.rewards(player)
                now.append(
                    [
                        sum(paid[s].values(), ZERO)
                        + discount
                        * sum((x * later[player][t] for t, x in row.items()), ZERO)
                        for s, row in enumerate(profile.transitions)
                    ]
                )
            later = now
            found.append(later)
        return found[::-1]

    @cached_property
    def certificate(self) -> Certificate:
        """What the referee found, period by period."""
        return perfect_once(self._profiles, self._values)

    def strategy(self, period: int) -> dict[str, dict[str, dict[str, Any]]]:
        """By state, decision and action, the probability of the action in a period.

        Raises
        ------
        UnknownLabel
            If there is no such period.
        """
        rows = self._element.plan[self._period(period)]
        return {
            state: {
                stage._tables.label(h): dict(zip(info.actions, rows[s][h], strict=True))
                for h, info in enumerate(stage._tables.infosets)
            }
            for s, (state, stage) in enumerate(self.game.game.stages.items())
        }

    def _period(self, period: int) -> int:
        if period not in range(1, self.game.periods + 1):
            known = [str(k + 1) for k in range(self.game.periods)]
            raise UnknownLabel("period", period, known)
        return period - 1

    def values(self, period: int = 1) -> dict[str, dict[str, Any]]:
        """By player and state, the discounted sum from the beginning of a period on."""
        table = self._values[self._period(period)]
        return {
            player: dict(zip(self.game.states, table[p], strict=True))
            for p, player in enumerate(self.game.players)
        }

    @property
    def payoffs(self) -> dict[str, Any]:
        """Each player's discounted sum from the first state."""
        return {p: row[self.game.start] for p, row in self.values().items()}

    def distribution(self, period: int) -> dict[str, Any]:
        """How likely each state is at the beginning of a period."""
        here: dict[int, Any] = {self.game.game._state(self.game.start): Fraction(1)}
        for profile in self._profiles[: self._period(period)]:
            following: dict[int, Any] = {}
            for s, mass in here.items():
                for t, share in profile.transitions[s].items():
                    following[t] = following.get(t, ZERO) + mass * share
            here = following
        return {state: here.get(s, ZERO) for s, state in enumerate(self.game.states)}

    def lasts(self, state: str, decision: str, action: str) -> int:
        """In how many periods from the first on an action is taken for certain.

        Parameters
        ----------
        state, decision, action : str
            For instance how long a treaty is complied with.

        Raises
        ------
        UnknownLabel
            If there is no such state, decision or action.
        """
        game = self.game.game
        s = game._state(state)
        h = game._stages[s]._infoset(decision)
        actions = game._stages[s]._tables.infosets[h].actions
        if action not in actions:
            raise UnknownLabel("action", action, actions, f"at {decision!r}")
        place = actions.index(action)
        for count, rows in enumerate(self._element.plan):
            if rows[s][h][place] != 1:
                return count
        return self.game.periods

    def lines(self) -> list[str]:
        """The answer as text: spells of periods in which the same is done."""
        found, first = [], 1
        for period in range(1, self.game.periods + 1):
            last = period == self.game.periods
            if (
                not last
                and self._element.plan[period] == self._element.plan[period - 1]
            ):
                continue
            spell = (
                f"period {first}" if first == period else f"periods {first}-{period}"
            )
            found.append(f"  {spell}")
            for state, table in self.strategy(period).items():
                words = [
                    f"{label}: "
                    + ", ".join(
                        a if x == 1 else f"{a} {brief(x)}" for a, x in row.items() if x
                    )
                    for label, row in table.items()
                    if len(row) > 1
                ]
                if words:
                    found.append(f"    {state}; {'; '.join(words)}")
            first = period + 1
        return [clip(line) for line in found]
