"""What the nouns of bargaining have in common: amounts, some with open parameters.

A noun is frozen. Its amounts are Fractions, or expressions in parameters; `bind` puts
numbers in and gives a new noun. A name in an amount that nobody declared is a parameter
of the kind that its place asks for.

Reads: errors, numbers, parameters, problem.  Used by: bargains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from fractions import Fraction
from html import escape
from types import MappingProxyType
from typing import Any, Self, TypeAlias

from redlines.errors import (
    ModelError,
    OutOfRange,
    ParseError,
    UnboundParameter,
    UnknownLabel,
)
from redlines.numbers import MAX_EXPONENT, Amount, Number, exact, parse
from redlines.parameters import Parameter, Real
from redlines.problem import Problem
from redlines.tree import STR_LINES, STR_WIDTH

__all__ = ["Amounts", "Noun", "Value", "read_name", "read_pair", "read_players"]

Value: TypeAlias = "Fraction | Number"


def read_name(name: object, kind: str) -> str:
    """A name: a text that is not empty.

    Raises
    ------
    ModelError
        For anything else.
    """
    if not isinstance(name, str) or not name.strip():
        raise ModelError(f"{kind} must be a non-empty text, not {name!r}")
    return name


def read_players(players: Sequence[str]) -> tuple[str, str]:
    """Two different names.

    Raises
    ------
    ModelError
        Unless there are two.
    """
    if isinstance(players, str) or len(players) != 2 or len(set(players)) != 2:
        raise ModelError(f"there are two different players, not {players!r}")
    first, second = (read_name(player, "a player's name") for player in players)
    return first, second


class Amounts:
    """Reads amounts, and notes the parameters that occur in them.

    Parameters
    ----------
    where : str
        What is being read, for messages.
    declared : mapping of str to Parameter, optional
        Parameters with their meaning.
    """

    def __init__(
        self, where: str, declared: Mapping[str, Parameter] | None = None
    ) -> None:
        self.where = where
        self.parameters: dict[str, Parameter] = {}
        for name, parameter in (declared or {}).items():
            if not isinstance(parameter, Parameter):
                raise ModelError(
                    f"{where}: parameter {name!r} is declared as {parameter!r}; write "
                    'for instance rl.Positive("what it means")'
                )
            self.parameters[name] = (
                parameter if parameter.name == name else parameter.named(name)
            )

    def read(
        self, value: Amount, what: str, kind: type[Parameter] = Real
    ) -> Fraction | Number:
        """An amount as written: a number, or an expression in parameters.

        Parameters
        ----------
        value : int, Fraction, float, str or Number
            A text may hold names.
        what : str
            What it is for, in messages.
        kind : type
            What a name is that nobody declared.
        """
        if isinstance(value, str):
            try:
                number = parse(value)
            except ParseError as error:
                raise ParseError(
                    f"{self.where}: {what} {value[:60]!r}: {error}",
                    line=error.line,
                    column=error.column,
                    expected=error.expected,
                ) from None
        elif isinstance(value, Number):
            number = value
        else:
            return exact(value, f"{self.where}: {what}")
        if number.is_constant:
            return number.constant()
        if isinstance(value, Parameter) and value.name not in self.parameters:
            self.parameters[value.name] = value
        for name in number.names:
            if name not in self.parameters:
                self.parameters[name] = kind().named(name)
        return number


def read_pair(
    amounts: Amounts,
    pair: Any,
    players: Sequence[str],
    what: str,
    kind: type[Parameter] = Real,
) -> tuple[Value, Value]:
    """What each player gets: a mapping by player, or two amounts in their order.

    Raises
    ------
    ModelError, UnknownLabel
        If it is neither.
    """
    if isinstance(pair, Mapping):
        for name in pair:
            if name not in players:
                raise UnknownLabel("player", name, tuple(players), f"in {what}")
        pair = [pair.get(player, 0) for player in players]
    elif isinstance(pair, str) or not isinstance(pair, Iterable):
        raise ModelError(
            f"{amounts.where}: {what} is {pair!r}; give what each player gets, "
            f"{{{players[0]!r}: ..., {players[1]!r}: ...}} or two amounts"
        )
    pair = list(pair)
    if len(pair) != 2:
        raise ModelError(
            f"{amounts.where}: {what} has {len(pair)} amounts; there are two players, "
            f"{players[0]} and {players[1]}"
        )
    one, other = (
        amounts.read(value, f"{what} for {player}", kind)
        for value, player in zip(pair, players, strict=True)
    )
    return one, other


class Noun(Problem):
    """A frozen record of amounts with parameters.

    Attributes
    ----------
    name : str
    players : tuple of str
    parameters : mapping of str to Parameter
        Every parameter that occurs, bound or not.
    bound : mapping of str to Fraction
        The values that some of them have.
    """

    def __init__(
        self,
        name: str,
        players: Sequence[str],
        parameters: Mapping[str, Parameter],
        doc: str = "",
    ) -> None:
        self.name = read_name(name, "a name")
        self.players = read_players(players)
        self.parameters: Mapping[str, Parameter] = MappingProxyType(dict(parameters))
        self.bound: Mapping[str, Fraction] = MappingProxyType({})
        # what an amount was before anything was bound
        self._origin: Any = self
        if doc:
            self.__doc__ = doc

    # ------------------------------------------------------------------ what is owed
    def _values(self) -> Iterable[Value]:
        """Every amount."""
        raise NotImplementedError

    def _replace(self, change: Callable[[Value], Value]) -> None:
        """Put changed amounts in the place of all, in a copy that is being made."""
        raise NotImplementedError

    def _check(self) -> None:
        """Refuse amounts, as far as they are numbers, that cannot be."""

    # ----------------------------------------------------------------------- binding
    @property
    def free_parameters(self) -> tuple[str, ...]:
        """The parameters that occur and have no value, sorted."""
        return tuple(
            sorted(
                {n for v in self._values() if isinstance(v, Number) for n in v.names}
            )
        )

    def bind(self, **values: Amount) -> Self:
        """The same with numbers in place of some or all parameters.

        Parameters
        ----------
        **values : int, Fraction, float, str or numpy scalar
            One for each parameter to bind; one that was bound before is bound anew.

        Returns
        -------
        The same kind of noun, a new one.

        Raises
        ------
        UnknownLabel
            For a name that is no parameter.
        OutOfRange
            If a value, or an amount that follows from it, is outside what is admitted.
        """
        bound = dict(self.bound)
        for name, value in values.items():
            if name not in self.parameters:
                raise UnknownLabel(
                    "parameter", name, tuple(self.parameters), f"in {self!r}"
                )
            bound[name] = self.parameters[name].check(value)
        made: Self = copy(self._origin)
        made.bound = MappingProxyType(bound)
        made._origin = self._origin
        made._replace(lambda v: v.at(bound) if isinstance(v, Number) else v)
        made._check()
        return made

    def _require_numbers(self, purpose: str) -> None:
        free = self.free_parameters
        if free:
            example = ", ".join(f"{name}=..." for name in free[:3])
            raise UnboundParameter(
                f"{purpose} needs numbers, but {self!r} has no value for "
                f"{', '.join(map(repr, free))}; bind them: .bind({example})"
            )

    # ------------------------------------------------------------------ presentation
    def _lines(self) -> list[str]:
        """What there is, as text, below the first line."""
        raise NotImplementedError

    def __str__(self) -> str:
        lines = [repr(self)[1:-1], *self._lines()]
        if len(lines) > STR_LINES:
            more = len(lines) - STR_LINES + 1
            lines = [*lines[: STR_LINES - 1], f"... {more:,} more"]
        return "\n".join(
            line if len(line) <= STR_WIDTH else line[: STR_WIDTH - 1] + "…"
            for line in lines
        )

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"

    def __getstate__(self) -> dict[str, Any]:
        state = dict(self.__dict__)
        state["parameters"] = dict(self.parameters)
        state["bound"] = dict(self.bound)
        if state["_origin"] is self:
            state["_origin"] = None
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.parameters = MappingProxyType(state["parameters"])
        self.bound = MappingProxyType(state["bound"])
        if self._origin is None:
            self._origin = self


def within(value: Value, low: int, high: int | None, what: str) -> None:
    """Refuse a number outside its range; an expression waits until it is bound."""
    if isinstance(value, Fraction) and (
        value < low or (high is not None and value > high)
    ):
        span = f"from {low} to {high}" if high is not None else f"{low} or more"
        raise OutOfRange(f"{what} is {value}; it must be {span}")


def whole(value: Any, what: str, low: int, high: int = 10 * MAX_EXPONENT) -> int:
    """A whole number within a range.

    Raises
    ------
    ModelError
        If it is none.
    """
    number = exact(value, what)
    if number.denominator != 1 or not low <= number <= high:
        raise ModelError(f"{what} must be a whole number from {low} to {high}")
    return int(number)
