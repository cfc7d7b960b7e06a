"""Games as frozen trees, stored flat and addressed by label.

Index conventions, which every module below relies on:

* Nodes are numbered in the order of a depth-first walk, options in the order written,
  so a parent's number is smaller than its children's and a subtree is a run of numbers.
  A forward loop over nodes therefore meets parents first, a backward loop children
  first, and nothing recurses.
* A payment or a mark belongs to the node that is entered by the choice before it.
* An observation is a node of a trie of facts; 0 is "nothing known". A player's
  information set is a decision's name together with an observation, and its label is
  that name followed by the facts in the order learnt.
* Players, information sets, actions, events and reasons have indices inside the
  package; outside they are addressed by label only.

Reads: errors, numbers, parameters.  Used by: everything after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast

from redlines.errors import (
    BadProbability,
    ImperfectRecall,
    ModelError,
    UnboundParameter,
    UnknownLabel,
    Unsupported,
)
from redlines.numbers import Amount, Number
from redlines.parameters import Parameter
from redlines.problem import Problem

if TYPE_CHECKING:
    from redlines.bimatrix import Bimatrix

__all__ = ["Chance", "Game", "Infoset", "Move", "Terminal", "clip"]

MOVE, CHANCE, TERMINAL = 0, 1, 2

# labels are built with these, so names go without them
FORBIDDEN = frozenset("[]=,\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")

Value: TypeAlias = Fraction | Number

STR_LINES = 40
STR_WIDTH = 100


class InfosetRow(NamedTuple):
    """One information set in the tables; `nodes` in the order of the walk."""

    player: int
    name: str
    observation: int
    actions: tuple[str, ...]
    nodes: tuple[int, ...]


class DrawRow(NamedTuple):
    """One distribution in the tables: outcomes and indices into the amounts."""

    outcomes: tuple[str, ...]
    amounts: tuple[int, ...]


@dataclass(eq=False)
class Tables:
    """A tree as flat tables; shared by a game and its bound copies, never changed.

    Attributes
    ----------
    kind, parent, option : list of int
        For each node: what it is, where it comes from, by which option.
    children : list of tuple of int
        In the order of the options; empty at a terminal.
    infoset : list of int
        The information set at a move, the draw at a chance node, -1 at a terminal.
    name : list of str
        The decision's or the draw's name, "" at a terminal.
    payments : dict of int to tuple
        At a node, ``(player, amount, reason)`` indices of what was paid on entering it.
    marks : dict of int to tuple of int
        At a node, the events marked on entering it.
    known : dict of int to tuple of int
        Where the first choice on a path is made, or the path ends without one: what
        each player knows there, as an observation. A move with one action is no choice.
        Empty where a game was not told as a story.
    """

    players: tuple[str, ...]
    kind: list[int]
    parent: list[int]
    option: list[int]
    children: list[tuple[int, ...]]
    infoset: list[int]
    name: list[str]
    payments: dict[int, tuple[tuple[int, int, int], ...]]
    marks: dict[int, tuple[int, ...]]
    infosets: tuple[InfosetRow, ...]
    draws: tuple[DrawRow, ...]
    observations: list[tuple[int, str, str]]
    amounts: tuple[Value, ...]
    reasons: tuple[str, ...]
    events: tuple[str, ...]
    known: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.kind)

    @property
    def bimatrix(self) -> Bimatrix | None:
        """The payoffs by row and column, where the game is given by two matrices."""
        return None

    @property
    def forgotten(self) -> str | None:
        """Where a player forgets something, in words; None where nobody does.

        In a story nobody can: what a player knows holds all that it has seen and done.
        """
        return None

    @cached_property
    def terminals(self) -> tuple[int, ...]:
        """The terminal nodes, in the order of the walk."""
        return tuple(n for n, kind in enumerate(self.kind) if kind == TERMINAL)

    @cached_property
    def parameter_names(self) -> frozenset[str]:
        """The parameters that occur in any amount."""
        found: set[str] = set()
        for amount in self.amounts:
            if isinstance(amount, Number):
                found.update(amount.names)
        return frozenset(found)

    @cached_property
    def event_masks(self) -> list[int]:
        """For each node a bit set of the events marked on the way to it."""
        masks = [0] * len(self)
        parent, marks = self.parent, self.marks
        for node in range(len(masks)):
            mask = masks[parent[node]] if node else 0
            for event in marks.get(node, ()):
                mask |= 1 << event
            masks[node] = mask
        return masks

    @cached_property
    def observation_index(self) -> dict[tuple[int, str, str], int]:
        """Which observation follows another by which fact."""
        return {row: index for index, row in enumerate(self.observations) if index}

    @cached_property
    def infoset_index(self) -> dict[tuple[str, int], int]:
        """Information sets by decision name and observation."""
        return {
            (row.name, row.observation): index
            for index, row in enumerate(self.infosets)
        }

    @cached_property
    def plain_infosets(self) -> dict[int, list[int]]:
        """Information sets by player."""
        found: dict[int, list[int]] = {p: [] for p in range(len(self.players))}
        for index, row in enumerate(self.infosets):
            found[row.player].append(index)
        return found

    @cached_property
    def depth(self) -> list[int]:
        """For each node the number of choices before it."""
        depths = [0] * len(self)
        for node in range(1, len(depths)):
            depths[node] = depths[self.parent[node]] + 1
        return depths

    def facts(self, observation: int) -> list[tuple[str, str]]:
        """The facts of an observation, in the order learnt."""
        found = []
        while observation:
            observation, name, value = self.observations[observation]
            found.append((name, value))
        return found[::-1]

    def label(self, infoset: int) -> str:
        """The label of an information set."""
        row = self.infosets[infoset]
        facts = ", ".join(f"{n}={v}" for n, v in self.facts(row.observation))
        return f"{row.name} [{facts}]" if facts else row.name

    def find(self, label: str) -> int | None:
        """The information set with this label, found by walking the trie."""
        name, bracket, rest = label.partition(" [")
        observation = 0
        if bracket:
            if not rest.endswith("]"):
                return None
            for fact in rest[:-1].split(", "):
                about, _, value = fact.partition("=")
                step = self.observation_index.get((observation, about, value))
                if step is None:
                    return None
                observation = step
        return self.infoset_index.get((name, observation))

    def options(self, node: int) -> tuple[str, ...]:
        """The actions or outcomes at a node."""
        if self.kind[node] == MOVE:
            return self.infosets[self.infoset[node]].actions
        if self.kind[node] == CHANCE:
            return self.draws[self.infoset[node]].outcomes
        return ()

    def path(self, node: int) -> list[int]:
        """The nodes from the root to this one, both included."""
        found = [node]
        while node:
            node = self.parent[node]
            found.append(node)
        return found[::-1]

    def history(self, node: int) -> str:
        """Everything chosen on the way to a node, as text."""
        words = []
        while node:
            before = self.parent[node]
            words.append(
                f"{self.name[before]}={self.options(before)[self.option[node]]}"
            )
            node = before
        return ", ".join(reversed(words))

    def pruned(self, amounts: Sequence[Value]) -> Tables:
        """The tables without what an outcome of probability 0 leads to."""
        zero = {i for i, v in enumerate(amounts) if isinstance(v, Fraction) and not v}
        keep: list[int] = []
        new: dict[int, int] = {}
        for node in range(len(self)):
            if node:
                before = self.parent[node]
                if before not in new:
                    continue
                if self.kind[before] == CHANCE:
                    draw = self.draws[self.infoset[before]]
                    if draw.amounts[self.option[node]] in zero:
                        continue
            new[node] = len(keep)
            keep.append(node)
        draws: list[DrawRow] = []
        for draw in self.draws:
            left = [k for k, a in enumerate(draw.amounts) if a not in zero]
            draws.append(
                DrawRow(
                    tuple(draw.outcomes[k] for k in left),
                    tuple(draw.amounts[k] for k in left),
                )
            )
        rows: list[InfosetRow] = []
        infoset_of: dict[int, int] = {}
        for index, row in enumerate(self.infosets):
            nodes = tuple(new[n] for n in row.nodes if n in new)
            if nodes:
                infoset_of[index] = len(rows)
                rows.append(row._replace(nodes=nodes))
        children = [tuple(new[c] for c in self.children[n] if c in new) for n in keep]
        option = [0] * len(keep)
        for family in children:
            for position, child in enumerate(family):
                option[child] = position
        return Tables(
            players=self.players,
            kind=[self.kind[n] for n in keep],
            parent=[new[self.parent[n]] if n else -1 for n in keep],
            option=option,
            children=children,
            infoset=[
                infoset_of[self.infoset[n]] if self.kind[n] == MOVE else self.infoset[n]
                for n in keep
            ],
            name=[self.name[n] for n in keep],
            payments={new[n]: p for n, p in self.payments.items() if n in new},
            marks={new[n]: m for n, m in self.marks.items() if n in new},
            infosets=tuple(rows),
            draws=tuple(draws),
            observations=self.observations,
            amounts=self.amounts,
            reasons=self.reasons,
            events=self.events,
            known={new[n]: k for n, k in self.known.items() if n in new},
        )


# ----------------------------------------------------------------------------- views
@dataclass(frozen=True, slots=True, repr=False)
class _Node:
    _game: Game
    _index: int

    @property
    def history(self) -> str:
        """Everything chosen on the way here: ``declare=draw line, act=cross``."""
        return self._game._tables.history(self._index)

    def __repr__(self) -> str:
        where = self.history or "the beginning"
        return f"<{type(self).__name__} at {where}, in {self._game.name}>"


@dataclass(frozen=True, slots=True, repr=False)
class Move(_Node):
    """A node at which a player chooses."""

    @property
    def name(self) -> str:
        """The name of the decision."""
        return self._game._tables.name[self._index]

    @property
    def player(self) -> str:
        """Who chooses."""
        tables = self._game._tables
        return tables.players[tables.infosets[tables.infoset[self._index]].player]

    @property
    def infoset(self) -> Infoset:
        """The information set that the node belongs to."""
        return Infoset(self._game, self._game._tables.infoset[self._index])

    @property
    def children(self) -> dict[str, Move | Chance | Terminal]:
        """What each action leads to, in the order written."""
        return self._game._children(self._index)


@dataclass(frozen=True, slots=True, repr=False)
class Chance(_Node):
    """A node at which chance chooses."""

    @property
    def name(self) -> str:
        """The name of the draw."""
        return self._game._tables.name[self._index]

    @property
    def probabilities(self) -> dict[str, Value]:
        """The probability of each outcome, in the order written."""
        tables = self._game._tables
        draw = tables.draws[tables.infoset[self._index]]
        amounts = self._game._amounts
        return {o: amounts[a] for o, a in zip(draw.outcomes, draw.amounts, strict=True)}

    @property
    def children(self) -> dict[str, Move | Chance | Terminal]:
        """What each outcome leads to, in the order written."""
        return self._game._children(self._index)


@dataclass(frozen=True, slots=True, repr=False)
class Terminal(_Node):
    """An end of the story."""

    @property
    def payoffs(self) -> dict[str, Value]:
        """What each player was paid on the way, in payoff units."""
        row = self._game._payoffs[self._index]
        return dict(zip(self._game.players, row, strict=True))

    @property
    def payoffs_by_reason(self) -> dict[str, dict[str, Value]]:
        """What each player was paid on the way, reason by reason."""
        game, tables = self._game, self._game._tables
        found: dict[str, dict[str, Value]] = {player: {} for player in game.players}
        for node in tables.path(self._index):
            for player, amount, reason in tables.payments.get(node, ()):
                row = found[game.players[player]]
                word = tables.reasons[reason]
                row[word] = game._amounts[amount] + row.get(word, Fraction(0))
        return found

    @property
    def events(self) -> tuple[str, ...]:
        """The events that were marked on the way."""
        tables = self._game._tables
        mask = tables.event_masks[self._index]
        return tuple(e for k, e in enumerate(tables.events) if mask >> k & 1)


@dataclass(frozen=True, slots=True, repr=False)
class Infoset:
    """What a player knows when it chooses: histories that it cannot tell apart."""

    _game: Game
    _index: int

    @property
    def _row(self) -> InfosetRow:
        return self._game._tables.infosets[self._index]

    @property
    def label(self) -> str:
        """The decision's name and what the player knows."""
        return self._game._tables.label(self._index)

    @property
    def name(self) -> str:
        """The decision's name."""
        return self._row.name

    @property
    def player(self) -> str:
        """Who chooses."""
        return self._game.players[self._row.player]

    @property
    def actions(self) -> tuple[str, ...]:
        """What the player can do."""
        return self._row.actions

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What the player has seen and done, as (name, outcome), in that order."""
        return tuple(self._game._tables.facts(self._row.observation))

    @property
    def histories(self) -> tuple[str, ...]:
        """The histories that the player cannot tell apart."""
        return tuple(self._game._tables.history(n) for n in self._row.nodes)

    @property
    def nodes(self) -> tuple[Move, ...]:
        """The nodes, in the order of `histories`."""
        return tuple(Move(self._game, n) for n in self._row.nodes)

    def __repr__(self) -> str:
        return f"<Infoset {self.label} of {self.player}: {', '.join(self.actions)}>"


class _Infosets(Mapping[str, Infoset]):
    """Information sets by label; labels are written only when asked for."""

    def __init__(self, game: Game) -> None:
        self._game = game

    def __getitem__(self, label: str) -> Infoset:
        index = self._game._tables.find(label) if isinstance(label, str) else None
        if index is None:
            raise UnknownLabel("information set", label, self, f"in {self._game!r}")
        return Infoset(self._game, index)

    def __contains__(self, label: object) -> bool:
        return isinstance(label, str) and self._game._tables.find(label) is not None

    def get(self, label: str, default: Any = None) -> Any:
        """The information set with this label, or `default`."""
        # the inherited method knows KeyError only
        try:
            return self[label]
        except UnknownLabel:
            return default

    def __iter__(self) -> Iterator[str]:
        return map(self._game._tables.label, range(len(self)))

    def __len__(self) -> int:
        return len(self._game._tables.infosets)

    def __repr__(self) -> str:
        return f"<{len(self)} information sets by label>"


class _Terminals(Sequence[Terminal]):
    """The ends of a game, in the order of the story."""

    def __init__(self, game: Game) -> None:
        self._game = game

    def __getitem__(self, index: Any) -> Any:
        found = self._game._tables.terminals[index]
        if isinstance(found, tuple):
            return tuple(Terminal(self._game, n) for n in found)
        return Terminal(self._game, found)

    def __len__(self) -> int:
        return len(self._game._tables.terminals)

    def __repr__(self) -> str:
        return f"<{len(self)} terminals>"


# ------------------------------------------------------------------------------ game
class Game(Problem):
    """A finite two-player game: a frozen tree, with or without open parameters.

    Games come from `redlines.game`, from `Game.from_bimatrix` and from files; every
    change gives a new one. A game and its bound copies share one tree, and a game
    pickles as its tables, without the function that told the story. A game from a file
    may have any number of players; only games of two are solved.

    See Also
    --------
    redlines.game : write a game as a story.
    redlines.read_efg, redlines.read_nfg : read one from a file of Gambit.
    """

    def __init__(
        self,
        tables: Tables,
        *,
        name: str,
        doc: str = "",
        parameters: Mapping[str, Parameter] | None = None,
        bound: Mapping[str, Fraction] | None = None,
        structure: Mapping[str, object] | None = None,
        retell: Callable[[Mapping[str, object]], Game] | None = None,
    ) -> None:
        self._origin = tables
        self._name = name
        self._doc = doc
        self._parameters = dict(parameters or {})
        self._bound = dict(bound or {})
        self._structure = dict(structure or {})
        self._retell = retell
        self._tables = tables
        if self._bound:
            self._evaluate()
        self.__doc__ = doc or type(self).__doc__

    @cached_property
    def _amounts(self) -> tuple[Value, ...]:
        """What is paid and with what probability, in bound values."""
        return self._origin.amounts

    def _evaluate(self) -> None:
        """Put the bound values into the amounts, and drop impossible branches."""
        bound = self._bound
        self._amounts = tuple(
            a.at(bound) if isinstance(a, Number) else a for a in self._origin.amounts
        )
        impossible = False
        for draw in self._origin.draws:
            for outcome, amount in zip(draw.outcomes, draw.amounts, strict=True):
                value = self._amounts[amount]
                if isinstance(value, Fraction):
                    if not 0 <= value <= 1:
                        shown = ", ".join(f"{n}={v}" for n, v in bound.items())
                        raise BadProbability(
                            f"game {self._name!r}: outcome {outcome!r} gets the "
                            f"probability {self._origin.amounts[amount]} = {value} at "
                            f"{shown}; a probability lies between 0 and 1"
                        )
                    impossible = impossible or not value
        if impossible:
            self._tables = self._origin.pruned(self._amounts)

    # ---------------------------------------------------------------------- reading
    @property
    def name(self) -> str:  # type: ignore[override]  # read only
        """The name of the story's function, or the one given."""
        return self._name

    @property
    def players(self) -> tuple[str, ...]:  # type: ignore[override]  # read only
        """The players, in the order given; two, unless the game is from a file."""
        return self._tables.players

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """Every parameter that the game declares, by name, bound or not."""
        return MappingProxyType(self._parameters)

    @property
    def bound(self) -> Mapping[str, Fraction]:
        """The parameters that have a value, by name."""
        return MappingProxyType(self._bound)

    @property
    def free_parameters(self) -> tuple[str, ...]:
        """The names of the parameters that have no value yet."""
        return tuple(n for n in self._parameters if n not in self._bound)

    @property
    def structure(self) -> Mapping[str, object]:
        """The structure arguments with the values that this tree was unfolded with."""
        return MappingProxyType(self._structure)

    @property
    def root(self) -> Move | Chance | Terminal:
        """Where the story begins."""
        return self._node(0)

    @property
    def infosets(self) -> Mapping[str, Infoset]:
        """Information sets by label, in the order in which the story meets them."""
        return _Infosets(self)

    @property
    def terminals(self) -> Sequence[Terminal]:
        """Where the story can end, in the order in which it is told."""
        return _Terminals(self)

    @property
    def events(self) -> tuple[str, ...]:
        """The events that some path marks."""
        return self._tables.events

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons for which somebody is paid."""
        return self._tables.reasons

    def _node(self, index: int) -> Move | Chance | Terminal:
        return (Move, Chance, Terminal)[self._tables.kind[index]](self, index)

    def _children(self, index: int) -> dict[str, Move | Chance | Terminal]:
        tables = self._tables
        return {
            option: self._node(child)
            for option, child in zip(
                tables.options(index), tables.children[index], strict=True
            )
        }

    @cached_property
    def _payoffs(self) -> list[tuple[Value, ...]]:
        """For each node what each player has been paid on the way to it."""
        tables, amounts = self._tables, self._amounts
        parent, payments = tables.parent, tables.payments
        nothing: tuple[Value, ...] = (Fraction(0),) * len(tables.players)
        totals: list[tuple[Value, ...]] = [nothing] * len(tables)
        for node in range(len(totals)):
            total = totals[parent[node]] if node else nothing
            paid = payments.get(node)
            if paid is not None:
                row = list(total)
                for player, amount, _ in paid:
                    row[player] = row[player] + amounts[amount]
                total = tuple(row)
            totals[node] = total
        return totals

    @property
    def _exact_payoffs(self) -> list[tuple[Fraction, ...]]:
        """`_payoffs` of a game at numbers; see `_require_numbers`."""
        return self._payoffs  # type: ignore[return-value]

    @property
    def _exact_amounts(self) -> tuple[Fraction, ...]:
        """`_amounts` of a game at numbers; see `_require_bound`."""
        return self._amounts  # type: ignore[return-value]

    def _shares(self, draw: int) -> list[Fraction]:
        """The probabilities of a draw of a game at numbers."""
        return [self._amounts[a] for a in self._tables.draws[draw].amounts]  # type: ignore[misc]

    def _event(self, event: object) -> int:
        """The index of an event."""
        try:
            return self._tables.events.index(cast(str, event))
        except ValueError:
            raise UnknownLabel(
                "event", event, self._tables.events, f"in {self!r}"
            ) from None

    def _player(self, player: object) -> int:
        """The index of a player."""
        try:
            return self._tables.players.index(cast(str, player))
        except ValueError:
            raise UnknownLabel(
                "player", player, self._tables.players, f"in {self!r}"
            ) from None

    def _infoset(self, label: object) -> int:
        """The index of an information set."""
        index = self._tables.find(label) if isinstance(label, str) else None
        if index is None:
            raise UnknownLabel("information set", label, self.infosets, f"in {self!r}")
        return index

    @property
    def _size(self) -> int:
        """How many nodes there are."""
        return len(self._tables)

    def _require_numbers(self, purpose: str) -> None:
        """Raise unless the game is one of two players with recall, at numbers."""
        self._require_two_players(purpose)
        self._require_bound(purpose)

    def _require_two_players(self, purpose: str) -> None:
        """Raise unless there are two players and neither forgets anything."""
        count = len(self.players)
        if count != 2:
            raise Unsupported(
                f"{purpose} takes games of two players, and {self!r} has {count}; such "
                "a game can be printed and written to a file"
            )
        if self._tables.forgotten is not None:
            raise ImperfectRecall(
                f"{purpose} needs perfect recall, but in {self!r} "
                f"{self._tables.forgotten}"
            )

    def _require_bound(self, purpose: str) -> None:
        """Raise UnboundParameter if an amount still holds a symbol."""
        if self._tables.bimatrix is not None:
            return
        free = sorted(
            {
                name
                for amount in self._amounts
                if isinstance(amount, Number)
                for name in amount.names
            }
        )
        if free:
            example = ", ".join(f"{name}=..." for name in free[:3])
            raise UnboundParameter(
                f"{purpose} needs numbers, but {self!r} has no value for "
                f"{', '.join(map(repr, free))}; bind them: game.bind({example})"
            )

    # --------------------------------------------------------------------- changing
    def bind(self, **values: Amount) -> Game:
        """The same game with numbers in place of some or all parameters.

        Parameters
        ----------
        **values : int, Fraction, float, str or numpy scalar
            One for each parameter to bind. A float is read as the decimal that it
            prints as; ``"1/3"`` is exact. A parameter bound before is bound anew.

        Returns
        -------
        Game
            It shares this game's tree, unless a draw has an outcome of probability 0:
            that branch is gone.

        Raises
        ------
        UnknownLabel
            For a name that the game does not declare.
        OutOfRange
            If a value is outside what its parameter admits.
        BadProbability
            If a draw's probability leaves [0, 1] at these values.
        """
        bound = dict(self._bound)
        for name, value in values.items():
            parameter = self._parameters.get(name)
            if parameter is None:
                if name in self._structure:
                    raise ModelError(
                        f"{name!r} is a structure argument of {self._name!r}: call the "
                        f"game to unfold another tree, {self._name}({name}={value!r})"
                    )
                raise UnknownLabel(
                    "parameter", name, tuple(self._parameters), f"in {self!r}"
                )
            bound[name] = parameter.check(value)
        return Game(
            self._origin,
            name=self._name,
            doc=self._doc,
            parameters=self._parameters,
            bound=bound,
            structure=self._structure,
            retell=self._retell,
        )

    def __call__(self, *args: object, **structure: object) -> Game:
        """The story unfolded anew with other structure arguments.

        Parameters
        ----------
        **structure
            New values for structure arguments; the others keep theirs.

        Returns
        -------
        Game
            With the same bound values.

        Raises
        ------
        ModelError
            For a parameter (use `bind`), an unknown name, or a game without a story.
        """
        if args:
            raise ModelError(
                f"{self._name} takes structure arguments by name only"
                + (
                    f": {', '.join(f'{n}=...' for n in self._structure)}"
                    if self._structure
                    else ", and it has none"
                )
            )
        for name, value in structure.items():
            if name in self._parameters:
                raise ModelError(
                    f"{name!r} is a parameter of {self._name!r}: give it a value with "
                    f"{self._name}.bind({name}={value!r}); calling takes structure only"
                )
            if name not in self._structure:
                raise UnknownLabel(
                    "structure argument", name, tuple(self._structure), f"in {self!r}"
                )
        if self._retell is None:
            raise ModelError(
                f"game {self._name!r} has no story to unfold anew: it was read from "
                "tables or has been pickled; call the decorated game instead"
            )
        told = self._retell({**self._structure, **structure})
        return told.bind(**self._bound) if self._bound else told

    # ----------------------------------------------------------------- construction
    @staticmethod
    def from_bimatrix(
        A: Sequence[Sequence[Amount]],
        B: Sequence[Sequence[Amount]],
        players: Sequence[str] = ("Row", "Column"),
        actions: Sequence[Sequence[str]] | None = None,
        name: str = "bimatrix",
    ) -> Game:
        """A game in which both choose at once, from its two payoff matrices.

        Parameters
        ----------
        A, B : array-like, shape (rows, columns)
            Payoffs of the row player and of the column player. Numpy arrays of floats
            are taken entry by entry as the decimals that they print as.
        players : sequence of two str
            Their names; each is also the label of that player's information set.
        actions : sequence of two sequences of str, optional
            Names of the rows and of the columns; default ``"1"``, ``"2"``, ...
        name : str
            The name of the game.

        Returns
        -------
        Game

        Raises
        ------
        ModelError
            If the matrices are empty, ragged or of different shapes, or if names do
            not fit them.

        Examples
        --------
        >>> import redlines as rl
        >>> chicken = rl.Game.from_bimatrix([[3, 1], [4, 0]], [[3, 4], [1, 0]])
        >>> list(chicken.infosets)
        ['Row', 'Column']
        """
        from redlines.bimatrix import from_bimatrix

        return from_bimatrix(A, B, players, actions, name)

    # ------------------------------------------------------------------------- files
    def to_efg(self) -> str:
        """The game as a text in Gambit's format for trees.

        Returns
        -------
        str
            Numbers are exact. Information sets are numbered by player in the order in
            which the tree meets them and carry their labels; what is paid somewhere on
            the way is an outcome there, named after its reasons. Of a game that was
            read from a file names and numbers are as they were in it. Events have no
            place in the format.

        Raises
        ------
        UnboundParameter
            If a parameter has no value.

        See Also
        --------
        redlines.read_efg : the way back.
        """
        from redlines.io.efg import write_efg

        return write_efg(self)

    def to_nfg(self) -> str:
        """The strategic form as a text in Gambit's format for matrices.

        Returns
        -------
        str
            Of a tree it is the reduced strategic form: a strategy says what to do at
            the information sets that the player's own earlier choices leave possible,
            ``declare=draw line, answer [act=cross]=enforce``; where the player has one
            information set, it is the action. Payoffs are exact expectations over
            chance.

        Raises
        ------
        UnboundParameter
            If a parameter has no value.
        ImperfectRecall
            If a player forgets what it knew or did.
        Unsupported
            If the table would have more than a million entries.

        See Also
        --------
        redlines.read_nfg : the way back.
        """
        from redlines.io.nfg import write_nfg

        return write_nfg(self)

    def to_nashpy(self) -> Any:
        """The two payoff matrices as a ``nashpy.Game``, in floating point.

        Returns
        -------
        nashpy.Game
            Rows and columns are the strategies of `to_nfg`, in that order.

        Raises
        ------
        Unsupported, UnboundParameter, ImperfectRecall
            Unless there are two players, every parameter bound, who forget nothing.
        OutOfRange
            If a payoff is too large for floating point.

        Examples
        --------
        >>> import redlines as rl
        >>> chicken = rl.Game.from_bimatrix([[3, 1], [4, 0]], [[3, 4], [1, 0]])
        >>> len(list(chicken.to_nashpy().support_enumeration()))
        3
        """
        from redlines.io.strategic import to_nashpy

        return to_nashpy(self)

    # ------------------------------------------------------------------ presentation
    def plot(self, ax: Any = None, **options: Any) -> Any:
        """Draw the tree from left to right; see `redlines.plots.tree.plot_tree`."""
        from redlines.plots.tree import plot_tree

        return plot_tree(self, ax=ax, **options)

    def __repr__(self) -> str:
        free = self.free_parameters
        state = f", {len(free)} free parameters" if free else ""
        return (
            f"<Game {self._name}: {_listed(self.players)}, "
            f"{len(self._tables.infosets)} information sets, "
            f"{len(self._tables.terminals)} terminals{state}>"
        )

    def __str__(self) -> str:
        lines = [clip(repr(self)[1:-1])]
        tables = self._tables
        stack = [0]
        shown = 0
        while stack and len(lines) < STR_LINES - 1:
            node = stack.pop()
            lines.append(clip(self._line(node)))
            shown += 1
            stack.extend(reversed(tables.children[node]))
        if shown < len(tables):
            lines.append(f"... {len(tables) - shown:,} more nodes")
        return "\n".join(lines)

    def _line(self, node: int) -> str:
        tables = self._tables
        text = "  " * min(tables.depth[node], 20)
        if node:
            before = tables.parent[node]
            choice = tables.options(before)[tables.option[node]]
            if tables.kind[before] == CHANCE:
                draw = tables.draws[tables.infoset[before]]
                choice += f" ({self._amounts[draw.amounts[tables.option[node]]]})"
            text += f"{choice}: "
        if tables.kind[node] == MOVE:
            infoset = tables.infoset[node]
            player = self.players[tables.infosets[infoset].player]
            text += f"{player} chooses {tables.label(infoset)}"
        elif tables.kind[node] == CHANCE:
            text += f"chance draws {tables.name[node]}"
        else:
            text += ", ".join(
                f"{player} {value}"
                for player, value in zip(self.players, self._payoffs[node], strict=True)
            )
            events = Terminal(self, node).events
            if events:
                text += f"  ({', '.join(events)})"
        return text

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(str(self))}</pre>"

    # --------------------------------------------------------------------- pickling
    def __getstate__(self) -> dict[str, Any]:
        return {
            "tables": self._origin,
            "name": self._name,
            "doc": self._doc,
            "parameters": self._parameters,
            "bound": self._bound,
            "structure": {n: v for n, v in self._structure.items() if _is_plain(v)},
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        tables = state.pop("tables")
        self.__init__(tables, **state)  # type: ignore[misc]


def _is_plain(value: object) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_plain, value))
    return isinstance(value, str | int | float | Fraction | type(None))


def _listed(players: Sequence[str]) -> str:
    """The players' names in a sentence."""
    if len(players) > 4:
        return f"{', '.join(players[:3])} and {len(players) - 3} more"
    head = ", ".join(players[:-1])
    return f"{head} and {players[-1]}" if head else "".join(players) or "nobody"


def clip(line: str) -> str:
    """A line of text, cut to the width that texts have."""
    return line if len(line) <= STR_WIDTH else line[: STR_WIDTH - 1] + "…"
