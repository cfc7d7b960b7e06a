"""Games played again and again: a stage, discount factors, and what is seen.

In each period both choose at once in the stage game; payoffs are averages, so a player
that gets u in every period gets u: ``(1 - d) (u_0 + d u_1 + d^2 u_2 + ...)``. Without
`signals` both see what was done; with them both see a public signal alone, whose
probabilities depend on what was done.

Index conventions: a cell is a pair (row action, column action), by index.

Reads: errors, numbers, parameters, tree, problem, play, polygons, minmax, stages.
Used by: automata, deviations, generation, payoff_sets, patience, solvers.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from redlines.errors import (
    BadProbability,
    ModelError,
    OutOfRange,
    UnboundParameter,
    UnknownLabel,
)
from redlines.minmax import mixed_minmax, pure_minmax
from redlines.numbers import Amount, Number, brief, exact, parse
from redlines.parameters import Parameter, Probability
from redlines.play import REST, Play, _told
from redlines.polygons import Polygon
from redlines.problem import Problem
from redlines.stages import Cell, actions, cells, choices, plain
from redlines.tree import STR_LINES, STR_WIDTH, Game

if TYPE_CHECKING:
    from redlines.tree import Value

__all__ = ["RepeatedGame"]

DISCOUNT = "discount"

Signals: TypeAlias = str | Mapping[tuple[str, str], Mapping[str, Any]] | None


class RepeatedGame(Problem):
    """A stage game that the same two players play in every period.

    Parameters
    ----------
    stage : Game
        Both players choose once and at once; chance may move before or after. It may
        have open parameters.
    discount : number, or mapping of player to number, optional
        What the next period counts against this one, at least 0 and less than 1; one
        for both, or one for each. Default open: bind it later.
    signals : str or mapping, optional
        What both see instead of the actions. As a text the name of a draw of the stage
        that follows both moves, whose outcome is public. As a mapping, for each pair of
        actions the probabilities of the signals, ``{("hold", "hold"): {"calm": "9/10",
        "alarm": rl.REST}, ...}``. Default: actions are seen.
    randomization : bool
        Whether, at the beginning of each period, both see the outcome of a public
        lottery on which they can coordinate. It makes the set of payoffs convex.
    name : str, optional

    Raises
    ------
    ModelError
        If the stage is not one choice of each player, both at once, or signals do not
        fit it.
    OutOfRange
        If a discount factor is not in [0, 1).

    See Also
    --------
    redlines.Automaton : strategies for it.
    redlines.critical_discounts : how patient players must be.

    Examples
    --------
    >>> import redlines as rl
    >>> dilemma = rl.Game.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> rivalry = rl.RepeatedGame(dilemma, discount="2/3")
    >>> (answer,) = rl.solve(rivalry, "subgame perfect")
    >>> print(answer.inner)
    (1, 1), (13/3, 1), (3, 3), (1, 13/3)
    """

    def __init__(
        self,
        stage: Game,
        discount: Amount | Mapping[str, Amount] | None = None,
        *,
        signals: Signals = None,
        randomization: bool = True,
        name: str | None = None,
    ) -> None:
        if not isinstance(stage, Game):
            raise ModelError(f"the stage is a Game, not {type(stage).__name__}")
        if DISCOUNT in stage.parameters:
            raise ModelError(
                f"{stage!r} has a parameter named {DISCOUNT!r}, which is the name of "
                "the discount factor of the repeated game; give it another name"
            )
        self.stage = stage
        self.players = stage.players
        self.name = f"repeated {stage.name}" if name is None else name
        self.randomization = bool(randomization)
        self._given_signals = signals
        self._discounts: tuple[Fraction, Fraction] | None = None
        self.signals: tuple[str, ...] = ()
        self.actions = actions(stage)
        self._draw = signals if isinstance(signals, str) else None
        self._payoffs, self._drawn = cells(stage, self.actions, self._draw)
        self._chances: tuple[tuple[tuple[Value, ...], ...], ...] = ()
        if isinstance(signals, str):
            self._set_signals(self._drawn)
        elif signals is not None:
            self._set_signals(self._read_signals(signals))
        self._discounts = self._read_discount(discount)

    # ----------------------------------------------------------------------- reading
    def _read_discount(
        self, given: Amount | Mapping[str, Amount] | None
    ) -> tuple[Fraction, Fraction] | None:
        if given is None:
            return None
        if isinstance(given, Mapping):
            for player in given:
                if player not in self.players:
                    raise UnknownLabel("player", player, self.players, f"in {self!r}")
            missing = [p for p in self.players if p not in given]
            if missing:
                raise ModelError(f"no discount factor is given for {missing[0]!r}")
            values = [given[p] for p in self.players]
        else:
            values = [given, given]
        one, other = (exact(v, "a discount factor") for v in values)
        for value in (one, other):
            if not 0 <= value < 1:
                raise OutOfRange(
                    f"a discount factor is at least 0 and less than 1, not {value}"
                )
        return one, other

    def _read_signals(
        self, given: Mapping[tuple[str, str], Mapping[str, Any]]
    ) -> dict[Cell, dict[str, Value]]:
        rows, columns = self.actions
        table: dict[Cell, dict[str, Value]] = {}
        for key, chances in given.items():
            cell = self._cell(key)
            if not isinstance(chances, Mapping) or not chances:
                raise ModelError(f"signals after {key!r} must be a mapping of chances")
            row: dict[str, Value] = {}
            for signal, chance in chances.items():
                if not isinstance(signal, str) or not signal:
                    raise ModelError(f"a signal is a non-empty text, not {signal!r}")
                if chance is not REST:
                    row[signal] = self._amount(chance, f"the chance of {signal!r}")
            left = [s for s, chance in chances.items() if chance is REST]
            if len(left) > 1:
                raise BadProbability(f"after {key!r} more than one signal is rl.REST")
            for signal in left:
                rest: Value = Fraction(1) - sum(row.values(), Fraction(0))
                row[signal] = rest
            table[cell] = row
        missing = [
            (rows[r], columns[c])
            for r, c in itertools.product(range(len(rows)), range(len(columns)))
            if (r, c) not in table
        ]
        if missing:
            raise ModelError(f"no signals are given after {missing[0]!r}")
        return table

    def _amount(self, value: Any, what: str) -> Value:
        if isinstance(value, str):
            value = parse(value, tuple(self.stage.parameters))
        if isinstance(value, Number):
            for name in value.names:
                if name not in self.stage.parameters:
                    raise UnknownLabel(
                        "parameter", name, tuple(self.stage.parameters), f"in {what}"
                    )
            return plain(value.at(self.stage.bound))
        return exact(value, what)

    def _set_signals(self, table: Mapping[Cell, Mapping[str, Value]]) -> None:
        names = dict.fromkeys(s for row in table.values() for s in row)
        for cell, row in table.items():
            key = self._profile(cell)
            for signal, chance in row.items():
                if isinstance(chance, Fraction) and not 0 <= chance <= 1:
                    raise BadProbability(
                        f"after {key!r} signal {signal!r} has the probability {chance}"
                    )
            rest = sum(row.values(), Fraction(0)) - 1
            if not (rest.is_zero if isinstance(rest, Number) else rest == 0):
                raise BadProbability(
                    f"the probabilities of signals after {key!r} sum to {rest + 1}, "
                    "not 1"
                )
        self.signals = tuple(names)
        rows, columns = self.actions
        self._chances = tuple(
            tuple(
                tuple(table[r, c].get(s, Fraction(0)) for s in self.signals)
                for c in range(len(columns))
            )
            for r in range(len(rows))
        )

    # -------------------------------------------------------------------- attributes
    @property
    def discount(self) -> Fraction | dict[str, Fraction] | None:
        """The discount factor; by player where they differ, None while it is open."""
        if self._discounts is None:
            return None
        one, other = self._discounts
        if one == other:
            return one
        return dict(zip(self.players, self._discounts, strict=True))

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """The stage's parameters, and the discount factor while it is open."""
        found = dict(self.stage.parameters)
        if self._discounts is None:
            found[DISCOUNT] = _discount_parameter()
        return MappingProxyType(found)

    @property
    def free_parameters(self) -> tuple[str, ...]:
        """The names of the parameters that have no value yet."""
        more = (DISCOUNT,) if self._discounts is None else ()
        return (*self.stage.free_parameters, *more)

    @property
    def profiles(self) -> tuple[tuple[str, str], ...]:
        """Every pair of actions, row by row."""
        return tuple(itertools.product(*self.actions))

    def payoff(self, profile: Sequence[str]) -> dict[str, Value]:
        """What a pair of actions pays in one period, by player."""
        r, c = self._cell(profile)
        return dict(zip(self.players, self._payoffs[r][c], strict=True))

    def _cell(self, profile: object) -> Cell:
        """The cell of a pair of actions."""
        if isinstance(profile, str) or not isinstance(profile, Sequence):
            raise ModelError(
                f"a profile is a pair of actions, one of {self.players[0]!r} and one "
                f"of {self.players[1]!r}, not {profile!r}"
            )
        if len(profile) != 2:
            raise ModelError(f"a profile is a pair of actions, not {profile!r}")
        found = []
        for player, action in enumerate(profile):
            if action not in self.actions[player]:
                raise UnknownLabel(
                    "action",
                    action,
                    self.actions[player],
                    f"of {self.players[player]} in {self!r}",
                )
            found.append(self.actions[player].index(action))
        return found[0], found[1]

    def _profile(self, cell: Cell) -> tuple[str, str]:
        return self.actions[0][cell[0]], self.actions[1][cell[1]]

    @property
    def _size(self) -> int:
        return len(self.profiles)

    def _require_numbers(self, purpose: str) -> None:
        free = list(self.free_parameters)
        if free:
            example = ", ".join(f"{name}=..." for name in free[:3])
            raise UnboundParameter(
                f"{purpose} needs numbers, but {self!r} has no value for "
                f"{', '.join(map(repr, free))}; bind them: game.bind({example})"
            )

    def _stage_numbers(self, purpose: str) -> None:
        """Refuse a stage with open parameters; the discount factor may be open."""
        free = self.stage.free_parameters
        if free:
            raise UnboundParameter(
                f"{purpose} needs a stage at numbers, but {self.stage!r} has no value "
                f"for {', '.join(map(repr, free))}; bind them"
            )

    @property
    def _table(self) -> list[list[tuple[Fraction, Fraction]]]:
        """The payoffs of a stage at numbers."""
        return self._payoffs  # type: ignore[return-value]

    @property
    def _exact_chances(self) -> tuple[tuple[tuple[Fraction, ...], ...], ...]:
        """The probabilities of signals of a stage at numbers, by cell."""
        return self._chances  # type: ignore[return-value]

    @cached_property
    def feasible(self) -> Polygon:
        """The convex hull of the stage's payoffs, which holds all average payoffs.

        Where discount factors differ, players can trade over time and get averages
        outside it.
        """
        self._stage_numbers("feasible")
        return Polygon.hull(pair for row in self._table for pair in row)

    @cached_property
    def minmax(self) -> dict[str, Fraction]:
        """What each player can be held down to if the other may mix, exactly."""
        return {p: mixed_minmax(self._own(k))[0] for k, p in enumerate(self.players)}

    @cached_property
    def pure_minmax(self) -> dict[str, Fraction]:
        """What each player can be held down to by a pure action of the other."""
        return {p: pure_minmax(self._own(k)) for k, p in enumerate(self.players)}

    def _own(self, player: int) -> list[list[Fraction]]:
        """A player's payoffs by its own action and the other's."""
        self._stage_numbers("minmax")
        rows, columns = map(len, self.actions)
        if player == 0:
            return [[cell[0] for cell in row] for row in self._table]
        return [[self._table[r][c][1] for r in range(rows)] for c in range(columns)]

    @cached_property
    def individually_rational(self) -> Polygon:
        """The feasible payoffs that give each player its mixed minmax or more.

        The limit of the equilibrium payoffs of ever more patient players who may mix,
        if it has an inner point.

        References
        ----------
        [fudenbergmaskin1986]_.
        """
        found: Polygon | None = self.feasible
        for player, name in enumerate(self.players):
            if found is not None:
                found = found.above(player, self.minmax[name])
        assert found is not None  # a Nash equilibrium of the stage lies in it
        return found

    @cached_property
    def stage_nash(self) -> tuple[tuple[str, str], ...]:
        """The pure Nash equilibria of the stage, row by row."""
        table = self._table
        self._stage_numbers("stage_nash")
        rows, columns = map(len, self.actions)
        return tuple(
            self._profile((r, c))
            for r, c in itertools.product(range(rows), range(columns))
            if table[r][c][0] == max(table[k][c][0] for k in range(rows))
            and table[r][c][1] == max(table[r][k][1] for k in range(columns))
        )

    # ---------------------------------------------------------------------- changing
    def bind(self, **values: Any) -> RepeatedGame:
        """The same game with numbers in place of some or all parameters.

        Parameters
        ----------
        **values : number, or mapping of player to number
            Of parameters of the stage, and ``discount``.

        Returns
        -------
        RepeatedGame

        Raises
        ------
        UnknownLabel, OutOfRange
            As `Game.bind`.
        """
        kept: Any = self.discount
        discount = values.pop(DISCOUNT, kept)
        unknown = [n for n in values if n not in self.stage.parameters]
        if unknown:
            known = (*self.stage.parameters, DISCOUNT)
            raise UnknownLabel("parameter", unknown[0], known, f"in {self!r}")
        stage = self.stage.bind(**values) if values else self.stage
        return RepeatedGame(
            stage,
            discount,
            signals=self._given_signals,
            randomization=self.randomization,
            name=self.name,
        )

    def unfold(
        self,
        periods: int,
        *,
        average: bool = False,
        after: Mapping[str, Amount] | None = None,
    ) -> Game:
        """The game that ends after some periods, as a tree.

        Parameters
        ----------
        periods : int
            At least 1.
        average : bool
            Whether payoffs are divided by the sum of the weights of all periods;
            default they are added up.
        after : mapping of str to number, optional
            What each player gets once, after the last period: the worth of what
            follows. Not divided where payoffs are averaged.

        Returns
        -------
        Game
            Period t (from 0) has the weight discount ** t, or 1 while the discount
            factor is open. Decisions are named ``act 1``, ``act 2``, ... for a
            decision ``act`` of the stage.

        Raises
        ------
        ModelError
            If `periods` is no positive whole number.
        """
        if isinstance(periods, bool) or not isinstance(periods, int) or periods < 1:
            raise ModelError(f"periods is a whole number from 1 on, not {periods!r}")
        worth = {} if after is None else {p: exact(v) for p, v in after.items()}
        for player in worth:
            if player not in self.players:
                raise UnknownLabel("player", player, self.players, f"in {self!r}")
        factors = self._discounts or (Fraction(1), Fraction(1))
        scale = [
            sum((d**t for t in range(periods)), Fraction(0)) if average else Fraction(1)
            for d in factors
        ]
        names = [row.name for row in choices(self.stage)]
        if names[0] == names[1]:
            names = [f"{name} {p}" for name, p in zip(names, self.players, strict=True)]

        def period(number: int) -> Callable[[Play], Any]:
            def told(play: Play) -> Any:
                cell = self._play(play, names, number)
                for k, player in enumerate(self.players):
                    paid = self._payoffs[cell[0]][cell[1]][k]
                    weight = factors[k] ** (number - 1) / scale[k]
                    if weight:
                        play.pay({player: paid * weight}, because=f"period {number}")
                if number < periods:
                    return period(number + 1)
                if worth:
                    play.pay(worth, because="what follows")
                return None

            return told

        game = _told(
            lambda play, **_: period(1)(play),
            f"{self.stage.name}, {periods} periods",
            self.players,
            {n: self.stage.parameters[n] for n in self.stage.free_parameters},
            {},
            1_000_000,
        )
        return game

    def _play(self, play: Play, names: Sequence[str], number: int) -> Cell:
        """One period of the unfolded game; the cell that was chosen."""
        one, other = self.players
        words = [f"{name} {number}" for name in names]
        if not self.signals:
            chosen = play.simultaneous(
                {
                    p: (w, self.actions[k])
                    for k, (p, w) in enumerate(zip(self.players, words, strict=True))
                }
            )
            return self._cell((chosen[one], chosen[other]))
        row = play.move(one, words[0], self.actions[0], seen_by=[])
        column = play.move(other, words[1], self.actions[1], seen_by=[])
        r, c = self._cell((row, column))
        chances = dict(zip(self.signals, self._chances[r][c], strict=True))
        play.draw(f"signal {number}", {s: x for s, x in chances.items() if not _no(x)})
        return r, c

    # ------------------------------------------------------------------ presentation
    def __repr__(self) -> str:
        rows, columns = map(len, self.actions)
        if self._discounts is None:
            factor = "discount factor open"
        else:
            factor = "discount factor " + " and ".join(
                brief(d) for d in dict.fromkeys(self._discounts)
            )
        seen = f", {len(self.signals)} public signals" if self.signals else ""
        return (
            f"<RepeatedGame {self.name}: {' and '.join(self.players)}, {rows} by "
            f"{columns} actions, {factor}{seen}>"
        )

    def __str__(self) -> str:
        lines = [repr(self)[1:-1]]
        for r, c in itertools.product(*(range(len(a)) for a in self.actions)):
            pays = ", ".join(brief(v, 30) for v in self._payoffs[r][c])
            line = f"  {', '.join(self._profile((r, c)))}: {pays}"
            if self.signals:
                line += "; " + ", ".join(
                    f"{s} {brief(x, 30)}"
                    for s, x in zip(self.signals, self._chances[r][c], strict=True)
                )
            lines.append(
                line if len(line) <= STR_WIDTH else line[: STR_WIDTH - 1] + "…"
            )
        if len(lines) > STR_LINES:
            more = len(lines) - STR_LINES + 1
            lines = [*lines[: STR_LINES - 1], f"... {more} more pairs of actions"]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(str(self))}</pre>"


def _discount_parameter() -> Parameter:
    return Probability("what the next period counts against this one").named(DISCOUNT)


def _no(value: Value) -> bool:
    return value.is_zero if isinstance(value, Number) else value == 0
