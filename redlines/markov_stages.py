"""The stages of a Markov game, told as stories that end in a state.

Reads: errors, numbers, parameters, play, tree.  Used by: markov.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from redlines.errors import StoryError
from redlines.numbers import TELLING, Amount
from redlines.parameters import Parameter
from redlines.play import Play, _Rest
from redlines.tree import Game, Tables

__all__ = ["Stage", "stage_of"]


class Stage(Play):
    """The verbs of one stage: those of a story, and `go`.

    Nobody makes one: `markov_game` does, and hands it to the function of the state.
    """

    def __init__(
        self,
        story: str,
        players: tuple[str, ...],
        max_nodes: int,
        states: Sequence[str],
        state: str,
    ) -> None:
        super().__init__(story, players, max_nodes)
        self._state = state
        self._states = {name: index for index, name in enumerate(states)}
        self._next: dict[int, int] = {}  # the next state, by terminal

    def go(self, states: str | Mapping[str, Amount | _Rest]) -> str:
        """Let chance choose the next state; a stage returns what this returns.

        Parameters
        ----------
        states : str or mapping of str to amount
            The next state, or the probability of each, which sum to one; the last may
            be `redlines.REST`.

        Returns
        -------
        str
            The next state on this path.

        Raises
        ------
        StoryError
            If there is no such state.
        BadProbability
            If a probability lies outside [0, 1] or they do not sum to one.

        Examples
        --------
        ``return play.go({"war": risk, "calm": rl.REST})``
        """
        if isinstance(states, Mapping):
            for state in states:
                self._require(state)
            if states:
                return self.draw("next state", states)
        self._require(states)
        return states  # type: ignore[return-value]  # a known state is a str

    def _require(self, state: object) -> None:
        if not isinstance(state, str) or state not in self._states:
            raise StoryError(
                f"{self._place()}: {state!r} is no state; a stage returns the state of "
                f"the next period, one of {list(self._states)}, or play.go({{state: "
                "probability, ...})"
            )

    def _arrive(self, answer: object) -> object:
        """Note the next state where a stage ends, or go on with the rest of it."""
        if callable(answer):
            return lambda play: self._arrive(answer(play))
        self._require(answer)
        goes = self._states[answer]  # type: ignore[index]
        if self._checking and self._next[self._here] != goes:
            before = list(self._states)[self._next[self._here]]
            raise StoryError(
                f"{self._place()}: the stage leads to another state when it is told "
                f"again: first {before!r}, now {answer!r}; a stage may depend on the "
                "state, its choices and its structure arguments only"
            )
        self._next[self._here] = goes
        return None

    def _place(self) -> str:
        return super()._place().replace("story", f"state {self._state!r} of", 1)


def stage_of(
    story: Callable[..., Any],
    name: str,
    players: Sequence[str],
    states: Sequence[str],
    state: str,
    parameters: Mapping[str, Parameter],
    structure: Mapping[str, object],
    max_nodes: int,
) -> tuple[Game, dict[int, int]]:
    """The tree of one stage, and which of its events stands for which next state."""
    play = Stage(name, tuple(players), max_nodes, states, state)
    arguments = {**parameters, **structure}
    token = TELLING.set(play._place)
    try:
        play._unfold(lambda p: play._arrive(story(p, state, **arguments)))
        tables = play._tables()
    finally:
        TELLING.reset(token)
        for parameter in parameters.values():
            parameter.forget()
    tables, onward = _marked(name, state, tables, states, play._next)
    game = Game(
        tables,
        name=f"{name}, {state}",
        doc=inspect.getdoc(story) or "",
        parameters=parameters,
        structure=structure,
    )
    return game, onward


def _marked(
    name: str, state: str, tables: Tables, states: Sequence[str], goes: dict[int, int]
) -> tuple[Tables, dict[int, int]]:
    """The tables with an event for each next state."""
    reached = sorted(set(goes.values()))
    first = len(tables.events)
    event = {s: first + k for k, s in enumerate(reached)}
    words = [f"to {states[s]}" for s in reached]
    for word in words:
        if word in tables.events:
            raise StoryError(
                f"state {state!r} of {name!r} marks an event {word!r}, which is how "
                "the next state is noted; give the event another name"
            )
    marks = dict(tables.marks)
    for node, s in goes.items():
        marks[node] = (*marks.get(node, ()), event[s])
    noted = replace(tables, marks=marks, events=(*tables.events, *words))
    return noted, {index: s for s, index in event.items()}
