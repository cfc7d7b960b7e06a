"""Inspection games: a few inspections over many periods.

A *state* is what is left: periods, inspections, and violations that the inspectee
still intends. In each period the inspector inspects or waits and the inspectee violates
or acts legally, without seeing each other; at its end both know what was done. Being
caught ends the game, and so does the last violation intended.

Reads: errors, numbers, parameters, play, problem.  Used by: vigilance, solvers.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple

from redlines.errors import ModelError, OutOfRange, UnboundParameter, UnknownLabel
from redlines.numbers import Number, brief
from redlines.parameters import Parameter
from redlines.play import Play, game
from redlines.problem import Problem
from redlines.tree import Game

__all__ = ["Branch", "InspectionGame", "State"]

State = tuple[int, int, int]
"""Periods, inspections and violations left."""

MAX_PERIODS = 400


class Branch(NamedTuple):
    """What a pair of choices leads to.

    Attributes
    ----------
    inspector, inspectee : number
        Expected amounts paid at once.
    weight : number
        The probability that the game goes on.
    next : State
        Where it goes on.
    """

    inspector: Any
    inspectee: Any
    weight: Any
    next: State


_AMOUNTS: Mapping[str, tuple[str, Any]] = {
    "gain": ("what the inspectee gains by a violation that goes unnoticed", 1),
    "penalty": ("what the inspectee loses by being caught", 1),
    "loss": ("what the inspector loses by a violation that goes unnoticed", 1),
    "caught_loss": ("what the inspector loses by a violation that is caught", 0),
    "cost": ("what an inspection costs the inspector", 0),
    "detection": ("chance that an inspection finds a violation", 1),
    "false_alarm": ("chance that an inspection of legal acts gives an alarm", 0),
    "alarm_cost": ("what a false alarm costs the inspector", 0),
    "alarm_burden": ("what a false alarm costs the inspectee", 0),
}
_CHANCES = ("detection", "false_alarm")


class InspectionGame(Problem):
    """An inspector with few inspections, an inspectee with few violations in mind.

    Parameters
    ----------
    periods, inspections : int
        How many periods there are, and how many of them can be inspected.
    violations : int
        How many times the inspectee would violate at most. One that is not caught comes
        to light at the end of its period; the last one ends the game.
    gain, penalty : number
        What the inspectee gains by a violation that goes unnoticed, and loses by being
        caught; acting legally is worth 0.
    loss, caught_loss : number
        What the inspector loses by a violation that goes unnoticed, and by one that is
        caught; negative where catching somebody is a success.
    cost : number
        What each inspection costs the inspector.
    detection : number
        The probability that an inspection finds a violation.
    false_alarm : number
        The probability that an inspection of legal acts gives an alarm. The game goes
        on after it.
    alarm_cost, alarm_burden : number
        What a false alarm costs the inspector and the inspectee.
    players : tuple of str
        The inspector, then the inspectee.
    name : str
        As texts name it.

    Raises
    ------
    ModelError
        If a count is no whole number, or is negative, or there are no periods or
        violations, or more than 400 periods.
    OutOfRange
        If a probability is not in [0, 1].

    Notes
    -----
    Each amount may be a declared parameter, such as ``cost=rl.Positive("of a visit")``;
    it is then named after the argument and takes a value by `bind`.

    Dresher's game is ``InspectionGame.zero_sum(periods, inspections)``.

    References
    ----------
    [dresher1962]_, [maschler1966]_, [avenhaus2002]_.

    Examples
    --------
    >>> import redlines as rl
    >>> dresher = rl.InspectionGame.zero_sum(3, 1)
    >>> equilibrium = rl.solve(dresher, "subgame perfect")[0]
    >>> equilibrium.payoffs["Inspector"], equilibrium.inspects[3, 1]
    (Fraction(-1, 2), Fraction(1, 4))
    """

    def __init__(
        self,
        periods: int,
        inspections: int,
        violations: int = 1,
        *,
        gain: Any = 1,
        penalty: Any = 1,
        loss: Any = 1,
        caught_loss: Any = 0,
        cost: Any = 0,
        detection: Any = 1,
        false_alarm: Any = 0,
        alarm_cost: Any = 0,
        alarm_burden: Any = 0,
        players: tuple[str, str] = ("Inspector", "Inspectee"),
        name: str = "inspection",
    ) -> None:
        for word, count, least in (
            ("periods", periods, 1),
            ("inspections", inspections, 0),
            ("violations", violations, 1),
        ):
            if isinstance(count, bool) or not isinstance(count, int) or count < least:
                raise ModelError(
                    f"{word} must be a whole number from {least} on, not {count!r}"
                )
        if periods > MAX_PERIODS:
            raise ModelError(f"at most {MAX_PERIODS} periods, not {periods:,}")
        if len(players) != 2 or len(set(players)) != 2:
            raise ModelError(f"two different players are needed, not {players!r}")
        self.periods, self.inspections = periods, min(inspections, periods)
        self.violations = min(violations, periods)
        self.players = tuple(players)
        self.name = name
        self._declared: dict[str, Parameter] = {}
        self._amounts: dict[str, Any] = {}
        given = {
            "gain": gain,
            "penalty": penalty,
            "loss": loss,
            "caught_loss": caught_loss,
            "cost": cost,
            "detection": detection,
            "false_alarm": false_alarm,
            "alarm_cost": alarm_cost,
            "alarm_burden": alarm_burden,
        }
        for word, value in given.items():
            self._amounts[word] = self._read(word, value)

    def _read(self, word: str, value: Any) -> Any:
        """An amount: a Fraction, or an expression in declared parameters."""
        if isinstance(value, Parameter):
            if not value.name:
                value = value.named(word)
            self._declared[value.name] = value
        number = Number.of(value, word)
        amount = number.constant() if number.is_constant else number
        if word in _CHANCES and isinstance(amount, Fraction) and not 0 <= amount <= 1:
            raise OutOfRange(f"{word} is a probability, so it cannot be {amount}")
        return amount

    @classmethod
    def zero_sum(
        cls, periods: int, inspections: int, caught: Any = 1
    ) -> InspectionGame:
        """Dresher's game: what one side gains the other loses.

        Parameters
        ----------
        periods, inspections : int
            As in `InspectionGame`.
        caught : number
            What catching a violation is worth to the inspector; missing one costs 1.

        Returns
        -------
        InspectionGame

        Notes
        -----
        With n periods, m < n inspections and ``caught = a`` its value to the inspector
        is ``-C(n-1, m) / sum(C(n, i) a^(m-i), i = 0..m)``.

        References
        ----------
        [dresher1962]_.
        """
        return cls(
            periods,
            inspections,
            penalty=caught,
            caught_loss=-Number.of(caught, "caught"),
        )

    # --------------------------------------------------------------------- parameters
    @property
    def amounts(self) -> Mapping[str, Any]:
        """By argument, every amount: a Fraction, or an expression in parameters."""
        return MappingProxyType(self._amounts)

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """The parameters that have no value yet, by name."""
        free = {
            n for a in self._amounts.values() if isinstance(a, Number) for n in a.names
        }
        return MappingProxyType({n: p for n, p in self._declared.items() if n in free})

    def bind(self, **values: Any) -> InspectionGame:
        """The same game with numbers in place of some or all parameters.

        Raises
        ------
        UnknownLabel
            For a name that is no open parameter.
        OutOfRange
            If a value is outside what its parameter admits.
        """
        exact = {}
        for word, value in values.items():
            if word not in self.parameters:
                raise UnknownLabel(
                    "parameter", word, tuple(self.parameters), f"in {self!r}"
                )
            exact[word] = self._declared[word].check(value)
        bound = {
            word: a.at(exact) if isinstance(a, Number) else a
            for word, a in self._amounts.items()
        }
        copy = InspectionGame(
            self.periods,
            self.inspections,
            self.violations,
            players=(self.players[0], self.players[1]),
            name=self.name,
            **bound,
        )
        copy._declared = dict(self._declared)
        return copy

    # ------------------------------------------------------------------------- states
    @property
    def start(self) -> State:
        """What is left at the beginning."""
        return self.periods, self.inspections, self.violations

    def ended(self, state: State) -> bool:
        """Whether there is nothing more to decide."""
        return not state[0] or not state[2]

    def branch(self, state: State, inspect: bool, violate: bool) -> Branch:
        """What a pair of choices in a state leads to.

        Parameters
        ----------
        state : tuple of int
            Periods, inspections and violations left.
        inspect, violate : bool
            The choices.

        Returns
        -------
        Branch
        """
        n, m, k = state
        a = self._amounts
        after = (n - 1, m - inspect, k - violate)
        after = (after[0], min(after[1], after[0]), min(after[2], after[0]))
        if not inspect:
            return Branch(
                -a["loss"] if violate else Fraction(0),
                a["gain"] if violate else Fraction(0),
                Fraction(1),
                after,
            )
        if not violate:
            return Branch(
                -a["cost"] - a["false_alarm"] * a["alarm_cost"],
                -a["false_alarm"] * a["alarm_burden"],
                Fraction(1),
                after,
            )
        found, missed = a["detection"], 1 - a["detection"]
        return Branch(
            -a["cost"] - found * a["caught_loss"] - missed * a["loss"],
            missed * a["gain"] - found * a["penalty"],
            missed,
            after,
        )

    def states(self) -> tuple[State, ...]:
        """Every state that play can come to and in which something is decided.

        Those with the fewest periods left come first, so that what a state leads to
        stands before it.
        """
        found = {self.start}
        layer = {self.start}
        while layer:
            layer = {
                after
                for state in layer
                for inspect in ((False, True) if state[1] else (False,))
                for violate in (False, True)
                for after in [self.branch(state, inspect, violate).next]
                if not self.ended(after)
            }
            found |= layer
        return tuple(sorted(found))

    def key(self, state: State) -> tuple[int, ...]:
        """How answers name a state: periods and inspections left.

        With more than one violation in mind, violations left are a third number.
        """
        return state if self.violations > 1 else state[:2]

    # ----------------------------------------------------------------------- the noun
    @property
    def _size(self) -> int:
        """About how many states there are."""
        return self.periods * (self.inspections + 1) * self.violations

    def _require_numbers(self, purpose: str) -> None:
        """Refuse what still has open parameters."""
        free = tuple(self.parameters)
        if free:
            raise UnboundParameter(
                f"{purpose} needs numbers, but {', '.join(map(repr, free))} "
                f"of {self.name} {'have' if len(free) > 1 else 'has'} no value: "
                f"inspection.bind({free[0]}=...); inspection_formula keeps symbols"
            )

    def unfold(self, max_nodes: int = 300_000) -> Game:
        """The game as a tree.

        Parameters
        ----------
        max_nodes : int
            How many nodes it may have; it about triples with each period.

        Returns
        -------
        Game
            With the events ``"violation"``, ``"caught"`` and ``"false alarm"``.

        Raises
        ------
        UnboundParameter
            If a parameter has no value.
        StoryError
            If the tree has more nodes.
        """
        self._require_numbers("unfold")
        inspector, inspectee = self.players
        a = self._amounts

        def period(play: Play, state: State) -> Any:
            if self.ended(state):
                return None
            n, m, _ = state
            number = self.periods - n + 1
            acts = (f"act {number}", ["violate", "legal"])
            if m:
                both = play.simultaneous(
                    {
                        inspector: (f"inspection {number}", ["inspect", "wait"]),
                        inspectee: acts,
                    }
                )
                inspect = both[inspector] == "inspect"
                violate = both[inspectee] == "violate"
            else:
                inspect, violate = False, play.move(inspectee, *acts) == "violate"
            if inspect:
                play.pay({inspector: -a["cost"]}, because="inspections")
            if violate:
                play.mark("violation")
                if inspect and _happens(play, f"detection {number}", a["detection"]):
                    play.mark("caught")
                    play.pay(
                        {inspector: -a["caught_loss"], inspectee: -a["penalty"]},
                        because="caught",
                    )
                    return None
                play.pay(
                    {inspector: -a["loss"], inspectee: a["gain"]}, because="missed"
                )
            elif inspect and _happens(play, f"alarm {number}", a["false_alarm"]):
                play.mark("false alarm")
                play.pay(
                    {inspector: -a["alarm_cost"], inspectee: -a["alarm_burden"]},
                    because="false alarms",
                )
            after = self.branch(state, inspect, violate).next
            return None if self.ended(after) else lambda play: period(play, after)

        def inspection(play: Play) -> Any:
            return period(play, self.start)

        inspection.__name__ = self.name
        return game(inspector, inspectee, max_nodes=max_nodes)(inspection)

    def __repr__(self) -> str:
        free = len(self.parameters)
        several = f", {self.violations} violations" if self.violations > 1 else ""
        return (
            f"<InspectionGame {self.name}: {self.periods} periods, "
            f"{self.inspections} inspections{several}"
            f"{f', {free} free parameters' if free else ''}>"
        )

    def __str__(self) -> str:
        lines = [repr(self)[1:-1]]
        for word, (meaning, _) in _AMOUNTS.items():
            lines.append(f"  {word} = {brief(self._amounts[word], 40)}: {meaning}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(str(self))}</pre>"

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (
            (self.periods, self.inspections, self.violations),
            dict(self._amounts),
            self.players,
            self.name,
            dict(self._declared),
        )


def _restore(
    counts: tuple[int, int, int],
    amounts: dict[str, Any],
    players: tuple[str, str],
    name: str,
    declared: dict[str, Parameter],
) -> InspectionGame:
    found = InspectionGame(*counts, players=players, name=name, **amounts)
    found._declared = declared
    return found


def _happens(play: Play, name: str, chance: Any) -> bool:
    """A draw, told to both; none where it is certain."""
    if chance in (0, 1):
        return bool(chance)
    return play.draw(name, {"yes": chance, "no": 1 - chance}) == "yes"
