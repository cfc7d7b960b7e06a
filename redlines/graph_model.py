"""Conflicts as graph models: states, moves and rankings, no amounts.

A *state* is a situation that may last. Each player has, from each state, the states to
which it can move alone, in one step. Preferences are complete, transitive rankings with
ties. A move need not be reversible.

``model.rank[player][state]`` is the number of the state's class, 1 for the worst; only
comparisons of ranks of one player mean anything.

Reads: errors, problem, sanctions, tree.  Used by: inverse, stable_states, solvers.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from types import MappingProxyType
from typing import Any

from redlines.errors import ModelError, UnknownLabel, Unsupported
from redlines.problem import Problem, require
from redlines.sanctions import explained
from redlines.tree import MOVE, STR_LINES, STR_WIDTH, Game

__all__ = ["GraphModel", "read_chain"]

# an options form is written out up to here
MAX_OPTIONS = 12

_SIGNS = re.compile(r"\s+(>=|<=|>|<|==|=|~)\s+")


class GraphModel(Problem):
    """A conflict of two players by states, moves and rankings.

    Parameters
    ----------
    states : sequence of str
        Different names.
    moves : mapping
        By player, from each state the states to which it can move alone, in one step;
        a state left out has none. Nothing is added: where two steps are one move, say
        so.
    preferences : mapping, optional
        By player a ranking of all states, best first: a sequence whose entries are
        states or collections of states that are as good as each other, or a text such
        as ``"a > b = c > d"``. Without, only `stabilizing_rankings` has an answer.
    name : str
        As texts name it.

    Raises
    ------
    ModelError
        If there are not two players, a ranking leaves a state out or names it twice, or
        a move leads to where it starts.
    UnknownLabel
        If a move or a ranking names no state.

    References
    ----------
    [fang1993]_, [howard1971]_, [fraser1984]_.

    Examples
    --------
    >>> import redlines as rl
    >>> model = rl.GraphModel(
    ...     ["peace", "siege", "war"],
    ...     moves={
    ...         "Attacker": {"peace": ["siege"], "siege": ["peace"]},
    ...         "Defender": {"siege": ["war"]},
    ...     },
    ...     preferences={
    ...         "Attacker": "siege > peace > war",
    ...         "Defender": "peace > war > siege",
    ...     },
    ... )
    >>> [s.state for s in rl.solve(model, "nash")]
    ['war']
    >>> [s.state for s in rl.solve(model, "sequentially stable")]
    ['peace', 'war']
    >>> print(model.why("peace", "Attacker"))
    Attacker at 'peace':
      it would rather be at 'siege', where it can move
        Defender can answer 'war' and likes that better than 'siege';
          from there Attacker does not get above 'peace' again
      stable: general metarational, symmetric metarational, sequentially stable
      not stable: nash
    """

    def __init__(
        self,
        states: Sequence[str],
        moves: Mapping[str, Mapping[str, Iterable[str]]],
        preferences: Mapping[str, Any] | None = None,
        name: str = "conflict",
    ) -> None:
        self.name = name
        if isinstance(states, str) or not states:
            raise ModelError(f"states are a sequence of names, not {states!r}")
        for state in states:
            if not isinstance(state, str) or not state.strip() or "\n" in state:
                raise ModelError(
                    f"{state!r} cannot be a state: its name is a text on one line"
                )
        if len(set(states)) != len(states):
            twice = sorted({s for s in states if list(states).count(s) > 1})
            raise ModelError(f"states have different names; twice: {twice}")
        self.states = tuple(states)
        if not isinstance(moves, Mapping):
            raise ModelError(f"moves are a mapping by player, not {moves!r}")
        self.players = tuple(moves)
        if len(self.players) != 2:
            raise ModelError(
                f"two players are needed; moves has {list(self.players)} "
                "(a player who cannot move has {})"
            )
        if preferences is not None and set(preferences) != set(self.players):
            raise ModelError(
                f"preferences are for {list(preferences)}, moves for "
                f"{list(self.players)}; they must be the same two"
            )
        known = dict.fromkeys(self.states)
        self.moves: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
            {p: MappingProxyType(self._read_moves(p, moves[p])) for p in moves}
        )
        self._rank: Mapping[str, Mapping[str, int]] | None = None
        if preferences is not None:
            self._rank = MappingProxyType(
                {
                    p: MappingProxyType(_ranks(p, preferences[p], known))
                    for p in self.players
                }
            )

    def _read_moves(
        self, player: str, given: Mapping[str, Iterable[str]]
    ) -> dict[str, tuple[str, ...]]:
        place = {s: k for k, s in enumerate(self.states)}
        where = f"in the moves of {player!r}"
        if not isinstance(given, Mapping):
            raise ModelError(
                f"{where} there must be a mapping of states, not {given!r}"
            )
        found: dict[str, tuple[str, ...]] = dict.fromkeys(self.states, ())
        for start, ends in given.items():
            if isinstance(ends, str):
                raise ModelError(
                    f"{where} {start!r} leads to a list of states, not to {ends!r}"
                )
            targets = tuple(dict.fromkeys(ends))
            for state in (start, *targets):
                if state not in place:
                    raise UnknownLabel("state", state, self.states, where)
            if start in targets:
                raise ModelError(f"{where} {start!r} leads to itself")
            found[start] = tuple(sorted(targets, key=place.__getitem__))
        return found

    # ----------------------------------------------------------------- constructors
    @classmethod
    def from_game(cls, game: Game) -> GraphModel:
        """The graph model of a game in which each side moves once, unseen.

        Parameters
        ----------
        game : Game
            At numbers, without draws: each player decides once, not knowing what the
            other does. A state is a cell, ``"first's action, second's action"``.

        Returns
        -------
        GraphModel
            A player moves along its own row or column, and back; equal payoffs tie.

        Raises
        ------
        Unsupported
            If moves are seen, made more than once or left to chance.
        UnboundParameter
            If a parameter has no value.

        Examples
        --------
        >>> import redlines as rl
        >>> game = rl.Game.from_bimatrix(
        ...     [[3, 1], [4, 2]], [[3, 4], [1, 2]], actions=(["C", "D"], ["C", "D"])
        ... )
        >>> [s.state for s in rl.solve(rl.GraphModel.from_game(game), "seq")]
        ['C, C', 'D, D']
        """
        require(game, Game, "GraphModel.from_game")
        game._require_numbers("GraphModel.from_game")
        cells = _cells(game)
        label = {cell: ", ".join(cell) for cell in cells}
        moves: dict[str, dict[str, list[str]]] = {}
        preferences = {}
        for i, player in enumerate(game.players):
            moves[player] = {
                label[cell]: [
                    label[x] for x in cells if x != cell and x[1 - i] == cell[1 - i]
                ]
                for cell in cells
            }
            by_value: dict[Any, list[str]] = {}
            for cell, payoffs in cells.items():
                by_value.setdefault(payoffs[i], []).append(label[cell])
            preferences[player] = [by_value[v] for v in sorted(by_value, reverse=True)]
        return cls(list(label.values()), moves, preferences, game.name)

    @classmethod
    def from_options(
        cls,
        options: Mapping[str, Sequence[str]],
        preferences: Mapping[str, Any] | None = None,
        *,
        priorities: Mapping[str, Sequence[Mapping[str, bool]]] | None = None,
        infeasible: Iterable[Mapping[str, bool]]
        | Callable[[frozenset[str]], bool] = (),
        irreversible: Iterable[str] = (),
        names: Mapping[str, Iterable[str]] | None = None,
        name: str = "conflict",
    ) -> GraphModel:
        """The graph model of players who take or leave options.

        Parameters
        ----------
        options : mapping
            By player, the names of what it can do; all names differ.
        preferences : mapping, optional
            By player, a ranking of the states. This or `priorities`, or neither.
        priorities : mapping, optional
            By player, what it wants, the most important first: each entry says which
            options it wants taken (True) and left (False), all together. States are
            ranked by the first entry that tells them apart; where none does, they tie.
        infeasible : iterable of mappings, or callable
            What cannot be: options taken and left, all together; or a function of the
            set of options taken that is true of a state that cannot be.
        irreversible : iterable of str
            Options that, once taken, stay taken.
        names : mapping, optional
            Names of states, with the options that are taken there; default the options
            joined by ``" + "``, and ``"none"`` where nothing is done.
        name : str
            As texts name it.

        Returns
        -------
        GraphModel
            A player moves, in one step, to any feasible state that differs in its own
            options alone.

        Raises
        ------
        ModelError
            If an option has two owners, no state is feasible, or both `preferences` and
            `priorities` are given.
        UnknownLabel
            If there is no such option.
        Unsupported
            If there are more than 12 options.
        """
        options = {p: tuple(own) for p, own in options.items()}
        owner = _owners(options)
        every = list(owner)
        if preferences is not None and priorities is not None:
            raise ModelError("give preferences= or priorities=, not both")
        lasting = set(irreversible)
        patterns = [] if callable(infeasible) else list(infeasible)
        wanted = itertools.chain(*(priorities or {}).values())
        for option in itertools.chain(lasting, *patterns, *wanted):
            if option not in owner:
                raise UnknownLabel("option", option, every)

        def ruled_out(taken: frozenset[str]) -> bool:
            if callable(infeasible):
                return bool(infeasible(taken))
            return any(_matches(taken, pattern) for pattern in patterns)

        given = {frozenset(taken): word for word, taken in (names or {}).items()}
        states: dict[frozenset[str], str] = {}
        for bits in itertools.product((False, True), repeat=len(every)):
            taken = frozenset(o for o, bit in zip(every, bits, strict=True) if bit)
            if not ruled_out(taken):
                word = " + ".join(o for o in every if o in taken) or "none"
                states[taken] = given.pop(taken, word)
        if given:
            raise ModelError(f"names are given to states that cannot be: {given}")
        if not states:
            raise ModelError("no state is feasible")
        moves = {
            player: {
                word: [
                    other
                    for end, other in states.items()
                    if end != start
                    and all(owner[o] == player for o in start ^ end)
                    and not (start - end) & lasting
                ]
                for start, word in states.items()
            }
            for player in options
        }
        if priorities is not None:
            preferences = {p: _by_priority(states, w) for p, w in priorities.items()}
        return cls(list(states.values()), moves, preferences, name)

    # ------------------------------------------------------------------- the noun
    @property
    def _size(self) -> int:
        """How many moves and states there are."""
        return len(self.states) + sum(
            len(ends) for own in self.moves.values() for ends in own.values()
        )

    @property
    def rank(self) -> Mapping[str, Mapping[str, int]]:
        """By player and state the number of the state's class, 1 for the worst."""
        if self._rank is None:
            raise ModelError(
                f"{self!r} has no rankings: give preferences=, or ask "
                "stabilizing_rankings which ones make a state an equilibrium"
            )
        return self._rank

    def _require_numbers(self, purpose: str) -> None:
        """Refuse a model without rankings."""
        self.rank  # noqa: B018  # raises

    def _state(self, state: object) -> str:
        """A state by its name."""
        if not isinstance(state, str) or state not in self.states:
            raise UnknownLabel("state", state, self.states, f"in {self.name}")
        return state

    def _player(self, player: object) -> str:
        """A player by its name."""
        if not isinstance(player, str) or player not in self.players:
            raise UnknownLabel("player", player, self.players, f"in {self.name}")
        return player

    def ranking(self, player: str) -> tuple[tuple[str, ...], ...]:
        """A player's ranking, best first, each class of equally good states a tuple."""
        rank = self.rank[self._player(player)]
        return tuple(
            tuple(s for s in self.states if rank[s] == level)
            for level in range(max(rank.values()), 0, -1)
        )

    def why(self, state: str, player: str) -> str:
        """Why a state is stable for a player, or not: who would sanction what.

        Parameters
        ----------
        state, player : str
            By name.

        Returns
        -------
        str
            For each improvement of the player, each answer of the other that would
            leave the player no better off, whether the other would like to give it, and
            whether the player could get away; then the stabilities.

        Raises
        ------
        UnknownLabel
            If there is no such state or player.
        """
        return explained(self, self._state(state), self._player(player))

    def plot(self, ax: Any = None, **options: Any) -> Any:
        """Draw states and moves; see `redlines.plots.conflict.plot_conflict`."""
        from redlines.plots.conflict import plot_conflict

        return plot_conflict(self, ax=ax, **options)

    def __repr__(self) -> str:
        count = sum(len(e) for own in self.moves.values() for e in own.values())
        return (
            f"<GraphModel {self.name}: {' and '.join(self.players)}, "
            f"{len(self.states)} states, {count} moves>"
        )

    def __str__(self) -> str:
        lines = [repr(self)[1:-1]]
        if self._rank is not None:
            lines += [f"{p}: {chain_text(self.ranking(p))}" for p in self.players]
        for state in self.states:
            ways = [
                f"{p} to {', '.join(map(repr, self.moves[p][state]))}"
                for p in self.players
                if self.moves[p][state]
            ]
            lines.append(f"  {state!r}: {'; '.join(ways) or 'nobody can move'}")
        if len(lines) > STR_LINES:
            more = len(lines) - STR_LINES + 1
            lines = [*lines[: STR_LINES - 1], f"... {more} more states; see .moves"]
        return "\n".join(
            x if len(x) <= STR_WIDTH else x[: STR_WIDTH - 1] + "…" for x in lines
        )

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"

    def __reduce__(self) -> tuple[Any, ...]:
        moves = {p: dict(own) for p, own in self.moves.items()}
        ranks = (
            None
            if self._rank is None
            else dict(zip(self.players, map(self.ranking, self.players), strict=True))
        )
        return (GraphModel, (self.states, moves, ranks, self.name))


def chain_text(ranking: Iterable[Iterable[str]]) -> str:
    """A ranking as `GraphModel` reads it: ``a > b = c``."""
    return " > ".join(" = ".join(level) for level in ranking)


def read_chain(
    text: str, known: Iterable[str], where: str
) -> tuple[list[str], list[str]]:
    """States and the signs between them, of a text such as ``a > b = c``.

    Raises
    ------
    UnknownLabel
        If there is no such state.
    """
    parts = _SIGNS.split(text.strip())
    states, signs = parts[::2], parts[1::2]
    names = tuple(known)
    for state in states:
        if state not in names:
            raise UnknownLabel("state", state, names, where)
    return states, ["=" if s in ("~", "==") else s for s in signs]


def _ranks(player: str, given: Any, known: Mapping[str, None]) -> dict[str, int]:
    """The class of each state, 1 for the worst."""
    where = f"in the ranking of {player!r}"
    levels: list[list[str]] = []
    if isinstance(given, str):
        states, signs = read_chain(given, known, where)
        if set(signs) - {">", "="}:
            raise ModelError(f"{where} only > and = may stand, best first: {given!r}")
        levels = [[states[0]]]
        for sign, state in zip(signs, states[1:], strict=True):
            if sign == "=":
                levels[-1].append(state)
            else:
                levels.append([state])
    else:
        try:
            entries = list(given)
        except TypeError:
            raise ModelError(f"{where} there must be states, not {given!r}") from None
        levels = [[e] if isinstance(e, str) else list(e) for e in entries]
    listed = [s for level in levels for s in level]
    for state in listed:
        if state not in known:
            raise UnknownLabel("state", state, tuple(known), where)
    missing = [s for s in known if s not in listed]
    twice = sorted({s for s in listed if listed.count(s) > 1})
    if missing or twice:
        raise ModelError(
            f"{where} every state stands once; missing: {missing}, repeated: {twice}"
        )
    full = [level for level in levels if level]
    return {s: len(full) - k for k, level in enumerate(full) for s in level}


def _owners(options: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Whose each option is."""
    every = [o for own in options.values() for o in own]
    if len(set(every)) != len(every):
        raise ModelError(f"options have different names, unlike {every}")
    if len(every) > MAX_OPTIONS:
        raise Unsupported(
            f"{len(every)} options make up to {2 ** len(every):,} states; at most "
            f"{MAX_OPTIONS} options are written out: list the states instead"
        )
    return {o: p for p, own in options.items() for o in own}


def _matches(taken: frozenset[str], pattern: Mapping[str, bool]) -> bool:
    return all((option in taken) == wanted for option, wanted in pattern.items())


def _by_priority(
    states: Mapping[frozenset[str], str], wants: Sequence[Mapping[str, bool]]
) -> list[list[str]]:
    """States ranked by what matters most first."""
    groups: dict[tuple[bool, ...], list[str]] = {}
    for taken, word in states.items():
        groups.setdefault(tuple(_matches(taken, w) for w in wants), []).append(word)
    return [groups[key] for key in sorted(groups, reverse=True)]


def _cells(game: Game) -> dict[tuple[str, str], tuple[Any, ...]]:
    """By pair of actions, the payoffs of a game in which each decides once, unseen."""
    tables = game._tables
    owners = [row.player for row in tables.infosets]
    counts = [owners.count(player) for player in (0, 1)]
    if counts != [1, 1] or tables.draws:
        raise Unsupported(
            f"{game!r} is not one of simultaneous moves: each player must decide once, "
            "not knowing what the other does, and nothing be left to chance; there are "
            f"{counts[0]} and {counts[1]} information sets, {len(tables.draws)} draws"
        )
    order = sorted((0, 1), key=owners.__getitem__)
    found: dict[tuple[str, str], tuple[Any, ...]] = {}
    for node in tables.terminals:
        done: dict[int, str] = {}
        for above, below in itertools.pairwise(tables.path(node)):
            if tables.kind[above] == MOVE:
                row = tables.infosets[tables.infoset[above]]
                done[tables.infoset[above]] = row.actions[tables.option[below]]
        if len(done) != 2:
            raise Unsupported(
                f"{game!r} may end before both have decided, at "
                f"{tables.history(node)!r}, so it has no cells"
            )
        found[(done[order[0]], done[order[1]])] = game._exact_payoffs[node]
    rows, columns = (tables.infosets[h].actions for h in order)
    return {(a, b): found[(a, b)] for a in rows for b in columns}
