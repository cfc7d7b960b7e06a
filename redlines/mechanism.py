"""Games in which types are drawn and each side then acts once; and mechanisms for them.

A *type* of a player is what it knows when the choices begin. A *mechanism* asks each
player for its type and, whatever pair is reported, draws a pair of actions and tells
each player its own. A side that does not act only reports; a side with one type is only
told.

A game is of this class if on every path all that anybody knows when it acts is known
before the first choice, and each side acts once or never: no choice is seen, comes
after another of the same player, or decides whether the other one acts. Moves with one
action are no choices.

Reads: errors, numbers, tree, joint.  Used by: honesty, communicated, solvers, solving.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, NoReturn, TypeAlias

from redlines.errors import ModelError, UnknownLabel, Unsupported
from redlines.joint import Outcomes
from redlines.numbers import exact
from redlines.tree import CHANCE, TERMINAL, Game

__all__ = ["Actions", "Mechanism", "Pair", "PrivateType", "Types", "types_of"]

Pair: TypeAlias = tuple[int, int]
"""A type of the first and of the second player."""

Actions: TypeAlias = tuple[int, int]
"""An action of the first and of the second player; 0 for a side that has none."""


@dataclass(frozen=True)
class PrivateType:
    """What a player may know when the choices begin, and what it can then do.

    Attributes
    ----------
    label : str
        The facts that it knows, ``type=strong``; if it knows none, its decision's
        label, or the player's name if it does not act.
    infoset : int or None
        Where it acts.
    actions : tuple of str
        What it can do; one empty text if it does not act.
    """

    label: str
    infoset: int | None
    actions: tuple[str, ...]


@dataclass(frozen=True)
class End:
    """A terminal: who it finds, what they did, and how likely chance makes it."""

    node: int
    types: Pair
    actions: Actions
    chance: Fraction


@dataclass(frozen=True, eq=False)
class Types:
    """A game as draws of types followed by one choice of each side.

    Attributes
    ----------
    game : Game
    of : tuple of tuple of PrivateType
        By player.
    prior : dict of Pair to Fraction
        How likely each pair of types is; pairs that cannot be are left out.
    ends : tuple of End
    """

    game: Game
    of: tuple[tuple[PrivateType, ...], tuple[PrivateType, ...]]
    prior: Mapping[Pair, Fraction]
    ends: tuple[End, ...]

    @property
    def pairs(self) -> list[Pair]:
        """Every pair that can be reported."""
        one, other = map(len, self.of)
        return [(s, t) for s in range(one) for t in range(other)]

    def actions(self, pair: Pair) -> list[Actions]:
        """Every pair of actions at a pair of types."""
        one, other = (len(self.of[p][pair[p]].actions) for p in (0, 1))
        return [(a, b) for a in range(one) for b in range(other)]

    def acts(self, player: int) -> bool:
        """Whether a player has a choice at any of its types."""
        return any(kind.infoset is not None for kind in self.of[player])


# ----------------------------------------------------------------------- recognition
def types_of(game: Game) -> Types:
    """The types of a game, found once and kept with it.

    Parameters
    ----------
    game : Game
        Every parameter bound.

    Returns
    -------
    Types

    Raises
    ------
    Unsupported
        If the game is not of the class; the message says where and why.
    """
    kept = game.__dict__
    if "_types" not in kept:
        kept["_types"] = _Reader(game).types()
    found: Types = kept["_types"]
    return found


class _Reader:
    """Finds the types of a game, or the reason why it has none."""

    def __init__(self, game: Game) -> None:
        self.game = game
        self.tables = game._tables
        # by player, what tells types apart, in the order met
        self.keys: tuple[dict[Any, int], dict[Any, int]] = ({}, {})
        self.found: tuple[list[PrivateType], list[PrivateType]] = ([], [])

    def types(self) -> Types:
        prior: dict[Pair, Fraction] = {}
        ends: list[End] = []
        for node, chance in self._first_choices():
            below = list(self._below(node, chance))
            acts = (self._acting(0, below), self._acting(1, below))
            pair = self._type(0, node, acts[0]), self._type(1, node, acts[1])
            prior[pair] = prior.get(pair, Fraction(0)) + chance
            for end, does, weight in below:
                actions = (
                    0 if acts[0] is None else does[acts[0]],
                    0 if acts[1] is None else does[acts[1]],
                )
                ends.append(End(end, pair, actions, weight))
        for player in (0, 1):
            self._one_type_a_place(player)
        one, other = (tuple(kinds) for kinds in self.found)
        return Types(self.game, (one, other), prior, tuple(ends))

    def _first_choices(self) -> Iterator[tuple[int, Fraction]]:
        """Where the first choice on a path is made, in the order of the story."""
        tables = self.tables
        stack = [(0, Fraction(1))]
        while stack:
            node, weight = stack.pop()
            children = tables.children[node]
            if tables.kind[node] == CHANCE:
                shares = self.game._shares(tables.infoset[node])
                stack += [
                    (child, weight * share)
                    for child, share in reversed(
                        list(zip(children, shares, strict=True))
                    )
                ]
            elif len(children) == 1:
                stack.append((children[0], weight))
            else:
                yield node, weight

    def _below(
        self, first: int, chance: Fraction
    ) -> Iterator[tuple[int, dict[int, int], Fraction]]:
        """The ends after a first choice, with what was chosen at which set."""
        tables = self.tables
        stack: list[tuple[int, dict[int, int], Fraction]] = [(first, {}, chance)]
        while stack:
            node, does, weight = stack.pop()
            kind, children = tables.kind[node], tables.children[node]
            if kind == TERMINAL:
                yield node, does, weight
            elif kind == CHANCE:
                shares = self.game._shares(tables.infoset[node])
                for child, share in zip(children, shares, strict=True):
                    stack.append((child, does, weight * share))
            elif len(children) == 1:
                stack.append((children[0], does, weight))
            else:
                here = tables.infoset[node]
                owner = tables.infosets[here].player
                for before in does:
                    if tables.infosets[before].player == owner:
                        self._refuse(
                            f"{self.game.players[owner]} chooses twice on one path, at "
                            f"{tables.label(before)!r} and at {tables.label(here)!r}"
                        )
                for action, child in enumerate(children):
                    stack.append((child, {**does, here: action}, weight))

    def _acting(
        self, player: int, below: list[tuple[int, dict[int, int], Fraction]]
    ) -> int | None:
        """Where a player acts after a first choice: the same place at every end."""
        tables, name = self.tables, self.game.players[player]
        places: dict[int | None, None] = {}
        for _, does, _ in below:
            own = [h for h in does if tables.infosets[h].player == player]
            places[own[0] if own else None] = None
        if len(places) == 1:
            return next(iter(places))
        if None in places:
            at = next(h for h in places if h is not None)
            self._refuse(
                f"whether {name} acts at {tables.label(at)!r} depends on what was "
                "chosen or drawn after the first choice"
            )
        one, other, *_ = (tables.label(h) for h in places if h is not None)
        self._refuse(
            f"what {name} knows when it acts, {one!r} or {other!r}, depends on what "
            "was chosen or drawn after the first choice; if that choice is a message, "
            "leave it out of the story, since the mediator carries what is said"
        )

    def _type(self, player: int, node: int, infoset: int | None) -> int:
        """The type of a player at a first choice."""
        tables, name = self.tables, self.game.players[player]
        known = tables.known.get(node)
        row = None if infoset is None else tables.infosets[infoset]
        # a game that was not told as a story says what is known at choices only
        key: Any = ("acts at", infoset) if known is None else known[player]
        observation = (
            (row.observation if row else 0) if known is None else known[player]
        )
        if key not in self.keys[player]:
            label = ", ".join(f"{n}={v}" for n, v in tables.facts(observation))
            if not label:
                label = name if infoset is None else tables.label(infoset)
            self.keys[player][key] = len(self.found[player])
            self.found[player].append(
                PrivateType(label, infoset, ("",) if row is None else row.actions)
            )
        index = self.keys[player][key]
        other = self.found[player][index].infoset
        if other != infoset:
            words = [
                "nowhere" if h is None else f"at {tables.label(h)!r}"
                for h in (other, infoset)
            ]
            self._refuse(
                f"{name} does not know, when the choices begin, where it will act: "
                f"{words[0]} or {words[1]}"
            )
        return index

    def _one_type_a_place(self, player: int) -> None:
        name, places = self.game.players[player], set()
        for kind in self.found[player]:
            if kind.infoset is not None and kind.infoset in places:
                self._refuse(
                    f"{name} knows less at {self.tables.label(kind.infoset)!r} than "
                    "when the choices begin"
                )
            places.add(kind.infoset)
        if not self.tables.known and None in places and len(places) > 1:
            self._refuse(
                f"{name} acts on some paths only, and the game does not say what it "
                "knows on the others"
            )

    def _refuse(self, reason: str) -> NoReturn:
        raise Unsupported(
            f"{self.game.name!r} is no game of drawn types and one choice of each "
            f"side: {reason}"
        )


# ------------------------------------------------------------------------ mechanisms
@dataclass(frozen=True, eq=False)
class Mechanism(Outcomes):
    """What a mediator recommends after each pair of reports.

    Parameters
    ----------
    types : Types
    shares : mapping of Pair to mapping of Actions to Fraction
        For every pair that can be reported, the probability of each pair of actions.
    """

    types: Types
    shares: Mapping[Pair, Mapping[Actions, Fraction]]

    @property
    def game(self) -> Game:  # type: ignore[override]  # read only
        """The game."""
        return self.types.game

    @classmethod
    def read(cls, game: Game, mechanism: Mapping[Any, Any]) -> Mechanism:
        """A mechanism from words.

        Parameters
        ----------
        game : Game
        mechanism : mapping
            ``{(report, report): {(action, action): probability}}``, for every pair of
            reports. A report is a type's label, ``type=strong``, or what of it not all
            types share, or the outcomes alone, ``strong``, or the label of the
            information set. Where one side only has
            types or acts, its report or action alone will do, and None or ``""`` stands
            for the other's; an action in place of a distribution is recommended for
            certain; where nobody has types, a distribution over pairs of actions is
            enough.

        Raises
        ------
        Unsupported
            If the game is not of the class.
        UnknownLabel
            For a report or an action that there is not.
        ModelError
            If a pair of reports is missing or comes twice, or the probabilities after
            one are no distribution.
        """
        types = types_of(game)
        reading = _Words(types)
        if len(types.pairs) == 1 and not any(
            isinstance(value, Mapping) for value in mechanism.values()
        ):
            return cls(
                types, {(0, 0): reading.draw(mechanism, (0, 0), "the mechanism")}
            )
        shares: dict[Pair, dict[Actions, Fraction]] = {}
        for key, value in mechanism.items():
            pair = reading.reports(key)
            if pair in shares:
                raise ModelError(f"the reports {key!r} come twice")
            shares[pair] = reading.draw(
                value, pair, f"what follows the reports {key!r}"
            )
        missing = [pair for pair in types.pairs if pair not in shares]
        if missing:
            shown = ", ".join(repr(reading.text(pair)) for pair in missing[:5])
            raise ModelError(
                f"the mechanism does not say what follows the reports {shown}; it "
                "answers every pair, since either side may lie"
            )
        return cls(types, shares)

    @cached_property
    def reach(self) -> dict[int, Fraction]:  # type: ignore[override]
        """The probability of each node that honest and obedient play can come to."""
        tables = self.game._tables
        found: dict[int, Fraction] = {}
        for end in self.types.ends:
            share = end.chance * self.shares[end.types].get(end.actions, Fraction(0))
            if share:
                for node in tables.path(end.node):
                    found[node] = found.get(node, Fraction(0)) + share
        return found

    @property
    def words(self) -> dict[tuple[str, str], dict[tuple[str, str], Fraction]]:
        """The mechanism by labels; actions of probability 0 are left out."""
        one, other = self.types.of
        return {
            (one[s].label, other[t].label): {
                (one[s].actions[a], other[t].actions[b]): share
                for (a, b), share in sorted(self.shares[s, t].items())
                if share
            }
            for s, t in self.types.pairs
        }


class _Words:
    """Reads reports and actions."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.known = tuple(self._texts(player) for player in (0, 1))
        self.silent = [not types.acts(player) for player in (0, 1)]

    def _texts(self, player: int) -> dict[str, int | None]:
        """Types by what may be said of them; None where that is ambiguous."""
        tables = self.types.game._tables
        found: dict[str, int | None] = {}
        kinds = self.types.of[player]
        every = [kind.label.split(", ") for kind in kinds]
        shared = set.intersection(*map(set, every))
        for index, (kind, facts) in enumerate(zip(kinds, every, strict=True)):
            own = [fact for fact in facts if fact not in shared]
            texts = {
                ", ".join(own),
                *(", ".join(f.rpartition("=")[2] for f in row) for row in (facts, own)),
                "" if kind.infoset is None else tables.label(kind.infoset),
            }
            for text in texts - {"", kind.label}:
                found[text] = None if text in found else index
        found.update((kind.label, index) for index, kind in enumerate(kinds))
        return found

    def text(self, pair: Pair) -> tuple[str, str]:
        """A pair of reports by labels."""
        one, other = self.types.of
        return one[pair[0]].label, other[pair[1]].label

    def reports(self, key: object) -> Pair:
        """A pair of types from a key of a mechanism."""
        parts = self._pair(key, [len(kinds) == 1 for kinds in self.types.of])
        if parts is None:
            raise ModelError(
                "a mechanism maps pairs of reports, such as "
                f"{self.text((0, 0))!r}, to distributions; {key!r} is no such pair"
            )
        found = []
        for player, part in enumerate(parts):
            kinds = self.types.of[player]
            if len(kinds) == 1 and part in (None, ""):
                found.append(0)
                continue
            index = self.known[player].get(part) if isinstance(part, str) else None
            if index is None:
                raise UnknownLabel(
                    f"type of {self.types.game.players[player]}",
                    part,
                    tuple(kind.label for kind in kinds),
                    f"in the reports {key!r}",
                )
            found.append(index)
        return found[0], found[1]

    def _pair(self, key: object, alone: list[bool]) -> tuple[Any, Any] | None:
        """Two parts; None for the part of a side of which nothing need be said."""
        if isinstance(key, tuple) and len(key) == 2:
            return key
        if isinstance(key, str) and any(alone):
            return (None, key) if alone[0] else (key, None)
        return None

    def draw(self, given: object, pair: Pair, what: str) -> dict[Actions, Fraction]:
        """A distribution over pairs of actions at a pair of reports."""
        if isinstance(given, str | tuple):
            given = {given: 1}
        if not isinstance(given, Mapping):
            raise ModelError(
                f"{what} must be a mapping from each pair of actions to its "
                f"probability, not {given!r}"
            )
        found: dict[Actions, Fraction] = {}
        for key, value in given.items():
            parts = self._pair(key, self.silent)
            if parts is None:
                raise ModelError(f"{what} has {key!r}, which is no pair of actions")
            actions = tuple(
                self._action(player, pair, part, what)
                for player, part in enumerate(parts)
            )
            share = exact(value, f"{what}, {key!r},")
            if share < 0:
                raise ModelError(f"{what} gives {key!r} the probability {share}")
            a, b = actions
            found[a, b] = found.get((a, b), Fraction(0)) + share
        total = sum(found.values(), Fraction(0))
        if total != 1:
            raise ModelError(f"{what} sums to {total}, not to 1")
        return found

    def _action(self, player: int, pair: Pair, part: object, what: str) -> int:
        actions = self.types.of[player][pair[player]].actions
        if actions == ("",) and part is None:
            return 0
        if part not in actions:
            name = self.types.game.players[player]
            raise UnknownLabel(f"action of {name}", part, actions, f"in {what}")
        return actions.index(part)
