"""Markov games: states of tension, a stage in each, and where each stage leads.

A Markov game is a function of the state. In every period it tells what happens in the
state that the two are in, one stage, in the same language as a story, and it returns
the state of the next period. Each stage is unfolded into a small tree, a `Game`, by
`redlines.play`, so every check and every error of the language holds inside a stage.

Payoffs are average values: one minus the discount factor times the discounted sum of
what the stages pay.

Reads: errors, numbers, parameters, play, problem, stages, tree.
Used by: solvers, solving.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from redlines.errors import (
    MissingPayoff,
    ModelError,
    OutOfRange,
    StoryError,
    UnboundParameter,
    UnknownLabel,
)
from redlines.markov_stages import Stage, stage_of
from redlines.numbers import Amount, Number, exact, parse
from redlines.parameters import Parameter
from redlines.play import DEFAULT_NODES, check_players, signature
from redlines.problem import Problem
from redlines.tree import FORBIDDEN, STR_LINES, STR_WIDTH, Game, Value

if TYPE_CHECKING:
    from redlines.expiring import Horizon

__all__ = ["MarkovGame", "Stage", "markov_game"]

EXAMPLE = '@rl.markov_game(US, RUSSIA, states=["calm", "tense"])'


class MarkovGame(Problem):
    """Two players who meet again and again, in a state that what they do may change.

    Frozen; it comes from `markov_game` or `MarkovGame.from_arrays`, and every change
    gives a new one.

    Attributes
    ----------
    name : str
        The name of the function, or the one given.
    players : tuple of str
        The two players, in the order given.
    states : tuple of str
        In the order given.
    start : str
        The state of the first period.

    See Also
    --------
    markov_game : write one as a function of the state.
    """

    def __init__(
        self,
        stages: Sequence[Game],
        onward: Sequence[Mapping[int, int]],
        *,
        states: Sequence[str],
        start: str,
        discounts: Sequence[Value],
        name: str,
        doc: str = "",
        retell: Callable[[Mapping[str, object]], MarkovGame] | None = None,
    ) -> None:
        self.name = name
        self.players = stages[0].players
        self.states = tuple(states)
        self.start = start
        self._stages = tuple(stages)
        # by state, which event of the stage's tree stands for which next state
        self._onward = tuple(dict(row) for row in onward)
        self._declared = tuple(discounts)
        self._doc = doc
        self._retell = retell
        self._discounts = tuple(
            d.at(self.bound) if isinstance(d, Number) else d for d in discounts
        )
        for player, value in zip(self.players, self._discounts, strict=True):
            if isinstance(value, Fraction) and not 0 <= value < 1:
                raise OutOfRange(
                    f"Markov game {name!r}: the discount factor of {player} is "
                    f"{value}; payoffs are average values, which need 0 <= discount < 1"
                )
        self.__doc__ = doc or type(self).__doc__

    # ---------------------------------------------------------------------- reading
    @property
    def stages(self) -> Mapping[str, Game]:
        """The tree of one stage, by state; it marks where it leads as ``to war``."""
        return MappingProxyType(dict(zip(self.states, self._stages, strict=True)))

    @property
    def discounts(self) -> Mapping[str, Value]:
        """What a payoff one period later counts, by player."""
        return MappingProxyType(dict(zip(self.players, self._discounts, strict=True)))

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """Every parameter that the game declares, by name, bound or not."""
        return self._stages[0].parameters

    @property
    def bound(self) -> Mapping[str, Fraction]:
        """The parameters that have a value, by name."""
        return self._stages[0].bound

    @property
    def free_parameters(self) -> tuple[str, ...]:
        """The names of the parameters that have no value yet."""
        return self._stages[0].free_parameters

    @property
    def structure(self) -> Mapping[str, object]:
        """The structure arguments with their values."""
        return self._stages[0].structure

    @property
    def events(self) -> tuple[str, ...]:
        """The events that some stage marks."""
        found: dict[str, None] = {}
        for stage, onward in zip(self._stages, self._onward, strict=True):
            found.update(
                (event, None)
                for index, event in enumerate(stage.events)
                if index not in onward
            )
        return tuple(found)

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons for which somebody is paid."""
        return tuple(dict.fromkeys(r for stage in self._stages for r in stage.reasons))

    @property
    def _size(self) -> int:
        """How many nodes the stages have."""
        return sum(stage._size for stage in self._stages)

    def _require_numbers(self, purpose: str) -> None:
        """Raise UnboundParameter if something still holds a symbol."""
        free = {n for d in self._discounts if isinstance(d, Number) for n in d.names}
        for stage in self._stages:
            for amount in stage._amounts:
                if isinstance(amount, Number):
                    free.update(amount.names)
        if free:
            example = ", ".join(f"{name}=..." for name in sorted(free)[:3])
            raise UnboundParameter(
                f"{purpose} needs numbers, but {self!r} has no value for "
                f"{', '.join(map(repr, sorted(free)))}; bind them: game.bind({example})"
            )

    def _state(self, state: object) -> int:
        """The index of a state."""
        if not isinstance(state, str) or state not in self.states:
            raise UnknownLabel("state", state, self.states, f"in {self!r}")
        return self.states.index(state)

    def _player(self, player: object) -> int:
        """The index of a player."""
        if not isinstance(player, str) or player not in self.players:
            raise UnknownLabel("player", player, self.players, f"in {self!r}")
        return self.players.index(player)

    def _destination(self, state: int, node: int) -> int:
        """The next state at a terminal of a stage."""
        onward = self._onward[state]
        marks = self._stages[state]._tables.marks[node]
        return next(onward[event] for event in marks if event in onward)

    # --------------------------------------------------------------------- changing
    def _with(self, **changes: Any) -> MarkovGame:
        known: dict[str, Any] = {
            "stages": self._stages,
            "onward": self._onward,
            "states": self.states,
            "start": self.start,
            "discounts": self._declared,
            "name": self.name,
            "doc": self._doc,
            "retell": self._retell,
        }
        return MarkovGame(**{**known, **changes})

    def bind(self, **values: Amount) -> MarkovGame:
        """The same game with numbers in place of some or all parameters.

        Parameters
        ----------
        **values : int, Fraction, float, str or numpy scalar
            One for each parameter to bind, read as `Game.bind` does.

        Returns
        -------
        MarkovGame

        Raises
        ------
        UnknownLabel
            For a name that the game does not declare.
        OutOfRange
            If a value is outside what its parameter admits, or a discount factor
            outside [0, 1).
        BadProbability
            If a probability leaves [0, 1] at these values.
        """
        for name, value in values.items():
            if name in self.structure:
                raise ModelError(
                    f"{name!r} is a structure argument of {self.name!r}: call the game "
                    f"to unfold another one, {self.name}({name}={value!r})"
                )
            if name not in self.parameters:
                raise UnknownLabel(
                    "parameter", name, tuple(self.parameters), f"in {self!r}"
                )
        return self._with(stages=[stage.bind(**values) for stage in self._stages])

    def starting(self, state: str) -> MarkovGame:
        """The same game, with another state in the first period.

        Raises
        ------
        UnknownLabel
            If there is no such state.
        """
        self._state(state)
        return self._with(start=state)

    def __call__(self, *args: object, **structure: object) -> MarkovGame:
        """The game unfolded anew with other structure arguments.

        Raises
        ------
        ModelError
            For a parameter (use `bind`), or a game without a function.
        UnknownLabel
            For a name that the game does not declare.
        """
        if args:
            raise ModelError(f"{self.name} takes structure arguments by name only")
        for name, value in structure.items():
            if name in self.parameters:
                raise ModelError(
                    f"{name!r} is a parameter of {self.name!r}: give it a value with "
                    f"{self.name}.bind({name}={value!r}); calling takes structure only"
                )
            if name not in self.structure:
                raise UnknownLabel(
                    "structure argument", name, tuple(self.structure), f"in {self!r}"
                )
        if self._retell is None:
            raise ModelError(
                f"Markov game {self.name!r} has no function to unfold anew; call the "
                "decorated one instead"
            )
        told = self._retell({**self.structure, **structure}).starting(self.start)
        return told.bind(**self.bound) if self.bound else told

    def horizon(
        self,
        periods: int,
        then: Mapping[str, Mapping[str, Amount]] | None = None,
    ) -> Horizon:
        """The game that ends after some periods, as a treaty does that expires.

        Parameters
        ----------
        periods : int
            How many periods there are, at least 1.
        then : mapping of str to mapping of str to amount, optional
            ``then[state][player]``: what it is worth to a player to come to a state
            when the periods are over, discounted to that time; 0 where none is given.

        Returns
        -------
        Horizon
            To be solved by ``rl.solve(horizon, "markov perfect")``: its equilibria may
            do another thing in every period. Payoffs are discounted sums, not averages.

        Raises
        ------
        ModelError
            If there are no periods.
        UnknownLabel
            For a state or a player that the game has not.
        """
        from redlines.expiring import Horizon

        return Horizon(self, periods, then)

    # ----------------------------------------------------------------- construction
    @staticmethod
    def from_arrays(
        rewards: Any,
        transitions: Any,
        discount: Any,
        *,
        states: Sequence[str] | None = None,
        players: Sequence[str] = ("Row", "Column"),
        actions: Sequence[Sequence[str]] | None = None,
        start: str | None = None,
        name: str = "arrays",
    ) -> MarkovGame:
        """A game in which both choose at once in every state, from arrays.

        Parameters
        ----------
        rewards : array-like
            ``rewards[state][player][row][column]``, payoff units; numbers are read
            exactly, floats as the decimals that they print as.
        transitions : array-like
            ``transitions[state][row][column][next state]``, probabilities.
        discount : number or sequence of two numbers
            For both, or for each.
        states, players : sequence of str, optional
            Names; default ``"1"``, ``"2"``, ... and Row, Column.
        actions : sequence of two sequences of str, optional
            Names of rows and columns; default ``"1"``, ``"2"``, ...
        start : str, optional
            The state of the first period; default the first.
        name : str
            The name of the game.

        Returns
        -------
        MarkovGame

        Raises
        ------
        ModelError
            If shapes do not fit each other.
        BadProbability
            If transitions do not sum to one; probabilities given as floats are brought
            to one where they miss it by less than 1e-9.
        """
        from redlines.markov_arrays import markov_from_arrays

        return markov_from_arrays(
            rewards, transitions, discount, states, players, actions, start, name
        )

    # ------------------------------------------------------------------ presentation
    def plot(self, ax: Any = None, equilibrium: Any = None, **options: Any) -> Any:
        """Draw the states and what leads from one to another.

        See `redlines.plots.states.plot_states`.
        """
        from redlines.plots.states import plot_states

        return plot_states(self, ax=ax, equilibrium=equilibrium, **options)

    def __repr__(self) -> str:
        free = self.free_parameters
        state = f", {len(free)} free parameters" if free else ""
        return (
            f"<MarkovGame {self.name}: {' and '.join(self.players)}, "
            f"{len(self.states)} states from {self.start!r}{state}>"
        )

    def _lines(self) -> Iterator[str]:
        for player, value in self.discounts.items():
            yield f"  {player} counts a payoff one period later {value}"
        for state, stage in self.stages.items():
            yield f"state {state}"
            for line in str(stage).splitlines()[1:]:
                yield f"  {line}"

    def __str__(self) -> str:
        lines = [repr(self)[1:-1], *self._lines()]
        if len(lines) > STR_LINES:
            more = len(lines) - STR_LINES + 1
            lines = [*lines[: STR_LINES - 1], f"... {more} more lines; see .stages"]
        return "\n".join(
            line if len(line) <= STR_WIDTH else line[: STR_WIDTH - 1] + "…"
            for line in lines
        )

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(str(self))}</pre>"

    def __getstate__(self) -> dict[str, Any]:
        # without the function that told it
        return {**self.__dict__, "_retell": None}


# ------------------------------------------------------------------------- decorator
def markov_game(
    *players: str,
    states: Collection[str],
    start: str | None = None,
    discount: str | Amount | Mapping[str, str | Amount] = "patience",
    max_nodes: int = DEFAULT_NODES,
) -> Callable[[Callable[..., Any]], MarkovGame]:
    """Turn a function of the state into a Markov game.

    Parameters
    ----------
    *players : str
        The two players, for instance ``US, RUSSIA``.
    states : sequence of str
        The states, in the order to be shown.
    start : str, optional
        The state of the first period; default the first in the list.
    discount : str or number, or a mapping of player to either
        What a payoff one period later counts, from 0 to less than 1: a number, or an
        expression in parameters of the function as text. Default the parameter named
        ``patience``.
    max_nodes : int
        How many nodes the tree of one stage may have.

    Returns
    -------
    callable
        A decorator. The function that it decorates takes a `Stage` and the state; its
        other arguments have defaults, parameters or structure, as in a story. It tells
        one stage with the verbs of a story and returns the next state, or
        ``play.go({state: probability, ...})``.

    Raises
    ------
    StoryError
        If a stage cannot be unfolded, or does not end in a state.

    Examples
    --------
    >>> import redlines as rl
    >>> from redlines import RUSSIA, US
    >>> @rl.markov_game(US, RUSSIA, states=["calm", "war"], discount="9/10")
    ... def arms(play, state, risk=rl.Probability("chance that a race ends in war")):
    ...     if state == "war":
    ...         play.pay({US: -5, RUSSIA: -5}, because="war")
    ...         return "war"
    ...     does = play.simultaneous(
    ...         {US: ("us", ["hold", "arm"]), RUSSIA: ("russia", ["hold", "arm"])}
    ...     )
    ...     for side in does:
    ...         play.pay({side: 1 if does[side] == "arm" else 0}, because="lead")
    ...     if "arm" in does.values():
    ...         return play.go({"war": risk, "calm": rl.REST})
    ...     return "calm"
    >>> arms
    <MarkovGame arms: US and Russia, 2 states from 'calm', 1 free parameters>
    """
    if len(players) == 1 and callable(players[0]):
        raise StoryError(f"write {EXAMPLE}, not a bare @rl.markov_game")
    check_players(players, EXAMPLE)
    listed = _states(states)
    first = listed[0] if start is None else start
    if first not in listed:
        raise UnknownLabel("state", first, listed, "to start from")

    def decorate(story: Callable[..., Any]) -> MarkovGame:
        name = getattr(story, "__name__", "markov game")
        parameters, structure = signature(name, story, ("play", "state"))
        discounts = _discounts(name, players, discount, parameters)

        def retell(structure: Mapping[str, object]) -> MarkovGame:
            told = [
                stage_of(
                    story,
                    name,
                    players,
                    listed,
                    state,
                    parameters,
                    structure,
                    max_nodes,
                )
                for state in listed
            ]
            _check(name, listed, [stage for stage, _ in told])
            return MarkovGame(
                [stage for stage, _ in told],
                [onward for _, onward in told],
                states=listed,
                start=first,
                discounts=discounts,
                name=name,
                doc=inspect.getdoc(story) or "",
                retell=retell,
            )

        return retell(structure)

    return decorate


def _states(states: Collection[str]) -> list[str]:
    """The states, checked, in an order."""
    if isinstance(states, str | set | frozenset):
        raise StoryError(f"states are listed in an order, not {states!r}: {EXAMPLE}")
    listed = list(states)
    if not listed:
        raise StoryError(f"a Markov game has a state at least: {EXAMPLE}")
    for state in listed:
        if not isinstance(state, str) or not state.strip():
            raise StoryError(f"a state's name is a non-empty text, not {state!r}")
        bad = sorted(FORBIDDEN & set(state))
        if bad:
            raise StoryError(f"the state {state!r} holds {bad}; names go without them")
    if len(set(listed)) != len(listed):
        twice = sorted({s for s in listed if listed.count(s) > 1})
        raise StoryError(f"the states {twice} are listed more than once")
    return listed


def _discounts(
    name: str,
    players: Sequence[str],
    discount: Any,
    parameters: Mapping[str, Parameter],
) -> list[Value]:
    """The discount factor of each player, as a number or an expression."""
    if isinstance(discount, Mapping):
        if set(discount) != set(players):
            raise StoryError(
                f"Markov game {name!r}: discount names {list(discount)}; give one for "
                f"each of {list(players)}, or one for both"
            )
        given = [discount[player] for player in players]
    else:
        given = [discount] * len(players)
    if discount == "patience" and "patience" not in parameters:
        raise StoryError(
            f"Markov game {name!r} has no discount factor: give the function an "
            'argument patience=rl.Probability("..."), or name another one, '
            'discount="9/10"'
        )
    found: list[Value] = []
    for value in given:
        if isinstance(value, str):
            number = parse(value, tuple(parameters))
            found.append(number.constant() if number.is_constant else number)
        else:
            found.append(exact(value, f"the discount factor of {name!r}"))
    return found


def _check(name: str, states: Sequence[str], stages: Sequence[Game]) -> None:
    """Refuse a game in which nobody is paid, or a name for two things."""
    if not any(stage._tables.payments for stage in stages):
        raise MissingPayoff(
            f"Markov game {name!r}: nobody is ever paid, so nothing is at stake; call "
            "play.pay({player: amount}, because=...) in some state"
        )
    for state, stage in zip(states, stages, strict=True):
        both = sorted(set(stage.events) & set(states))
        if both:
            raise StoryError(
                f"state {state!r} of {name!r} marks the event {both[0]!r}, which is "
                "the name of a state as well; give one of them another name"
            )
