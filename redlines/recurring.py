"""Markov perfect equilibria as they are shown: what is done, its worth, its course.

Reads: errors, numbers, fields, ranges, answers, stationary, one_shot.
Used by: solvers for Markov games.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from redlines.answers import Answer, Part, clip
from redlines.errors import UnknownLabel
from redlines.fields import plain
from redlines.markov import MarkovGame
from redlines.numbers import brief
from redlines.one_shot import action_values, nearly_perfect, own_values, perfect
from redlines.ranges import Range
from redlines.referee import Certificate
from redlines.solution import Concept
from redlines.stationary import Rows, StationaryProfile, approximate

__all__ = ["MarkovEquilibrium", "StationaryElement"]

ZERO = Fraction(0)

# a bound on regret that is accepted in floating point, in parts of what stages pay
TOLERANCE = 1e-6
# two number fields are put together up to this degree; beyond, what follows from both
# is handed out as floats
JOINED = 6
# states past which a text names the first only
SHOWN_STATES = 12


class StationaryElement(Part):
    """A stationary equilibrium, as a solver describes it.

    Parameters
    ----------
    game : MarkovGame
    rows : tuple
        ``rows[state][infoset]``, probabilities.
    values : sequence, optional
        About what play is worth, by player and state, of an answer in floating point.
    conditions : tuple of str
        What describes the set of which this is one; empty if it stands alone.
    ranges : dict
        By state and information set, what the probability of its first action can be.
    """

    def __init__(
        self,
        game: MarkovGame,
        rows: Rows,
        values: Sequence[Sequence[Fraction]] | None = None,
        conditions: tuple[str, ...] = (),
        ranges: Mapping[tuple[int, int], Range] | None = None,
    ) -> None:
        self.game = game
        self.rows = rows
        self.values = values
        self.conditions = conditions
        self.ranges = dict(ranges or {})

    def shown(self, concept: Concept) -> MarkovEquilibrium:
        """What a solution lists for the element."""
        return MarkovEquilibrium(self, concept)


class MarkovEquilibrium(Answer):
    """A stationary Markov perfect equilibrium, and the Markov chain that it makes.

    Payoffs and values are average values, in units of what a stage pays. What is said
    of the course of events starts from the game's first state unless another is named.

    Attributes
    ----------
    conditions : tuple of str
        Empty for an equilibrium that stands alone. Otherwise it is one of a set, and
        the set has the same support and these conditions, in probabilities that are
        written ``state.decision.action``.
    """

    noun = "Markov equilibrium"

    _element: StationaryElement
    game: MarkovGame

    def __init__(self, element: StationaryElement, concept: Concept) -> None:
        super().__init__(element, concept)
        self.conditions = element.conditions

    @cached_property
    def _profile(self) -> StationaryProfile:
        return StationaryProfile(self.game, self._element.rows)

    @cached_property
    def certificate(self) -> Certificate:
        """What the referee found."""
        if self._element.values is None:
            return perfect(self._profile)
        return nearly_perfect(self._profile, self._element.values, TOLERANCE)

    @property
    def is_exact(self) -> bool:
        """Whether the numbers are exact."""
        return self._element.values is None

    def _shown(self, value: Any) -> Any:
        """A number as it is handed out."""
        if self.is_exact or value is math.inf:
            return plain(value)
        return float(value)

    # ------------------------------------------------------------------ what is done
    @cached_property
    def strategy(self) -> dict[str, dict[str, dict[str, Any]]]:
        """By state, decision and action, the probability of the action."""
        return {
            state: {
                stage._tables.label(h): {
                    action: self._shown(value)
                    for action, value in zip(
                        info.actions, self._element.rows[s][h], strict=True
                    )
                }
                for h, info in enumerate(stage._tables.infosets)
            }
            for s, (state, stage) in enumerate(self.game.stages.items())
        }

    @cached_property
    def support(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """By state and decision, the actions of positive probability."""
        return {
            state: {
                label: tuple(a for a, value in shares.items() if value > 0)
                for label, shares in table.items()
            }
            for state, table in self.strategy.items()
        }

    @cached_property
    def free(self) -> dict[str, dict[str, dict[str, Range]]]:
        """What probabilities can be over the set, where that is one free choice."""
        found: dict[str, dict[str, dict[str, Range]]] = {}
        for (s, h), range_ in self._element.ranges.items():
            tables = self.game._stages[s]._tables
            on = [k for k, x in enumerate(self._element.rows[s][h]) if x > 0]
            table = found.setdefault(self.game.states[s], {})
            table[tables.label(h)] = {tables.infosets[h].actions[on[0]]: range_}
        return found

    # ------------------------------------------------------------------- what it pays
    @cached_property
    def _values(self) -> tuple[tuple[Any, ...], ...]:
        if self._element.values is not None:
            return tuple(map(tuple, self._element.values))
        if len(self._profile.fields) <= 1:
            return self._profile.values
        # each player's values lie in the field of the other's probabilities alone
        return tuple(tuple(own_values(self._profile, p)) for p in (0, 1))

    @cached_property
    def values(self) -> dict[str, dict[str, Any]]:
        """By player and state, the average value of play from there on."""
        return {
            player: {
                state: self._shown(value)
                for state, value in zip(self.game.states, self._values[p], strict=True)
            }
            for p, player in enumerate(self.game.players)
        }

    @property
    def payoffs(self) -> dict[str, Any]:
        """Each player's average value from the first state."""
        return {player: row[self.game.start] for player, row in self.values.items()}

    def payoffs_by_reason(
        self, player: str, start: str | None = None
    ) -> dict[str, Any]:
        """One player's average value, reason by reason; the sum is its payoff.

        Raises
        ------
        UnknownLabel
            If there is no such player or state.
        """
        p, s = self.game._player(player), self._from(start)
        rows = self._chain.rewards(p)
        reasons = list(dict.fromkeys(word for row in rows for word in row))
        flows = [[row.get(word, ZERO) for word in reasons] for row in rows]
        found = self._chain.discounted(p, flows)[s]
        return {
            word: self._course(value)
            for word, value in zip(reasons, found, strict=True)
        }

    # -------------------------------------------------------------- what it leads to
    @cached_property
    def _joined(self) -> bool:
        """Whether the probabilities of both can be put together exactly."""
        degrees = [field.degree for field in self._profile.fields]
        return self.is_exact and (len(degrees) <= 1 or math.prod(degrees) <= JOINED)

    @cached_property
    def _chain(self) -> StationaryProfile:
        """The profile, for what follows from both: close by where it is not exact."""
        if self._joined:
            return self._profile
        return StationaryProfile(self.game, approximate(self._element.rows))

    def _course(self, value: Any) -> Any:
        """A number that follows from what both do, as it is handed out."""
        if self._joined or value is math.inf:
            return plain(value)
        return float(value)

    def _from(self, start: str | None) -> int:
        return self.game._state(self.game.start if start is None else start)

    @cached_property
    def transitions(self) -> dict[str, dict[str, Any]]:
        """By state, the probability of each state in the next period."""
        names = self.game.states
        return {
            names[s]: {
                names[t]: self._course(row[t]) for t in sorted(row) if row[t] != 0
            }
            for s, row in enumerate(self._chain.transitions)
        }

    def stage_probability(self, event: str) -> dict[str, Any]:
        """By state, the probability that a stage there marks an event.

        Raises
        ------
        UnknownLabel
            If no stage marks it.
        """
        self._known_event(event)
        return {
            state: self._course(value)
            for state, value in zip(
                self.game.states, self._chain.stage_probability(event), strict=True
            )
        }

    def _known_event(self, event: object) -> None:
        if event not in self.game.events:
            raise UnknownLabel("event", event, self.game.events, f"in {self.game!r}")

    def _until(self, target: str) -> tuple[int | None, list[dict[int, Any]]]:
        """The state that is waited for, if it is one, and transitions without it."""
        game = self.game
        if target in game.states:
            goal = game.states.index(target)
            return goal, [
                {t: share for t, share in row.items() if t != goal}
                for row in self._chain.transitions
            ]
        if target not in game.events:
            known = (*game.states, *game.events)
            raise UnknownLabel("state or event", target, known, f"in {game!r}")
        return None, self._chain.without(target)

    def probability(
        self, target: str, within: int | None = None, start: str | None = None
    ) -> Any:
        """How likely it is that a state is ever reached, or that an event ever happens.

        Parameters
        ----------
        target : str
            A state or an event.
        within : int, optional
            By the end of so many periods; default ever.
        start : str, optional
            The state of the first period.

        Returns
        -------
        number
            1 for the state that play starts in.

        Raises
        ------
        UnknownLabel
            If there is no such state or event.
        """
        goal, without = self._until(target)
        s = self._from(start)
        if goal == s:
            return self._course(Fraction(1))
        if within is None:
            return self._course(self._chain.ever(without)[s])
        left: dict[int, Any] = {s: Fraction(1)}
        for _ in range(within):
            following: dict[int, Any] = {}
            for t, mass in left.items():
                for u, share in without[t].items():
                    following[u] = following.get(u, ZERO) + mass * share
            left = following
        return self._course(1 - sum(left.values(), ZERO))

    def expected_time(self, target: str, start: str | None = None) -> Any:
        """How many periods pass, on average, until a state or an event has come.

        Parameters
        ----------
        target : str
            A state: the number of periods before the first one in it, 0 if play starts
            there. An event: the number of the first period in which it happens,
            counted from 1.
        start : str, optional
            The state of the first period.

        Returns
        -------
        number
            ``math.inf`` if it is not certain ever to come.

        Raises
        ------
        UnknownLabel
            If there is no such state or event.
        """
        goal, without = self._until(target)
        s = self._from(start)
        if goal == s:
            return self._course(ZERO)
        return self._course(self._chain.waiting(without)[s])

    def recurrent(
        self, start: str | None = None
    ) -> tuple[tuple[Any, dict[str, Any]], ...]:
        """Where play ends up: sets of states that it never leaves again.

        Returns
        -------
        tuple of (number, dict)
            For each set that can be reached, the probability of ending up there, and
            the share of time in each of its states from then on.
        """
        s = self._from(start)
        chain, found = self._chain, []
        for group in chain.classes:
            if s in group:
                chance: Any = Fraction(1)
            else:
                # what enters the set is lost, and nothing else is
                without = [
                    row
                    if k in group
                    else {t: x for t, x in row.items() if t not in group}
                    for k, row in enumerate(chain.transitions)
                ]
                chance = chain.ever(without)[s]
            if chance != 0:
                settled = chain.settled(group)
                shares = {
                    self.game.states[t]: self._course(x) for t, x in settled.items()
                }
                found.append((self._course(chance), shares))
        return tuple(found)

    def long_run(self, start: str | None = None) -> dict[str, Any]:
        """The expected share of time in each state, over a time without end.

        With several sets of states that are never left, it mixes what happens in each
        by the probability of ending up there; see `recurrent`.

        Raises
        ------
        UnknownLabel
            If there is no such state.
        """
        found: dict[str, Any] = dict.fromkeys(self.game.states, self._course(ZERO))
        for chance, shares in self.recurrent(start):
            for state, share in shares.items():
                found[state] = found[state] + chance * share
        return found

    # -------------------------------------------------------------------------- text
    def why(self, state: str) -> str:
        """What each action in a state is worth, and so why it is played or not.

        Parameters
        ----------
        state : str

        Returns
        -------
        str

        Raises
        ------
        UnknownLabel
            If there is no such state.
        """
        s = self.game._state(state)
        stage = self.game._stages[s]
        lines = [
            f"in {state}, average values of an action now and this equilibrium after:"
        ]
        tables = [action_values(self._profile, p)[s] for p in (0, 1)]
        for h, info in enumerate(stage._tables.infosets):
            worth, _ = tables[info.player][h]
            best = max(worth)
            lines.append(
                f"  {self.game.players[info.player]}, {stage._tables.label(h)}"
            )
            for k, action in enumerate(info.actions):
                share = self._element.rows[s][h][k]
                played = (
                    f"played {brief(self._shown(share))}" if share > 0 else "not played"
                )
                short = best - worth[k]
                # in floating point actions that are played differ in the last digits
                equal = short == 0 or (not self.is_exact and share > 0)
                loses = "" if equal else f", {brief(self._shown(short))} less"
                lines.append(
                    f"    {action}: {brief(self._shown(worth[k]))}{loses}; {played}"
                )
        return "\n".join(map(clip, lines))

    def lines(self) -> list[str]:
        """The answer as text, at most 100 characters a line."""
        found = []
        names = self.game.states
        for s, state in enumerate(names[:SHOWN_STATES]):
            stage = self.game._stages[s]
            values = ", ".join(
                f"{p} {brief(row[state])}" for p, row in self.values.items()
            )
            words = []
            for h, info in enumerate(stage._tables.infosets):
                if len(info.actions) == 1:
                    continue
                label = stage._tables.label(h)
                shares = ", ".join(
                    action if value == 1 else f"{action} {brief(value)}"
                    for action, value in self.strategy[state][label].items()
                    if value != 0
                )
                range_ = self._element.ranges.get((s, h))
                free = "" if range_ is None else f" (the first in {range_})"
                words.append(f"{label}: {shares}{free}")
            line = f"  {state}, worth {values}; {'; '.join(words)}".rstrip("; ")
            if clip(line) == line:
                found.append(line)
            else:
                found.append(f"  {state}, worth {values}")
                found += [f"    {word}" for word in words]
        if len(names) > SHOWN_STATES:
            found.append(f"  ... {len(names) - SHOWN_STATES:,} more states")
        if self.conditions:
            found.append("  one of a set, in which")
            found += [f"    {condition}" for condition in self.conditions]
        if len(names) <= SHOWN_STATES:
            time = ", ".join(
                f"{s} {brief(x)}" for s, x in self.long_run().items() if x != 0
            )
            found.append(f"  share of time in the long run: {time}")
            events = ", ".join(
                f"{e} {brief(self.probability(e))}" for e in self.game.events
            )
            if events:
                found.append(f"  probability of ever: {events}")
        return [clip(line) for line in found]
