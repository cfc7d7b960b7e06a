"""Strategies of a repeated game as finite automata with public states.

In each period the state says what both do; what is seen then, the pair of actions or
the public signal, says which state comes next. So a state stands for every history that
leads to it, and whether the strategies are an equilibrium after all of them is a finite
question.

Reads: errors, numbers, play, repeated.  Used by: deviations, patience, solving.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from redlines.errors import BadProbability, ModelError, UnknownLabel
from redlines.numbers import brief, exact
from redlines.play import REST
from redlines.repeated import RepeatedGame, _no
from redlines.stages import Cell
from redlines.tree import STR_LINES

__all__ = ["Automaton", "Machine"]

Shares: TypeAlias = tuple[Fraction, ...]
Profile: TypeAlias = tuple[str, str]
Path: TypeAlias = Any
"""A profile, a cycle of profiles as a list, or a pair ``(lead-in, cycle)`` of lists."""


class Automaton:
    """A pair of strategies as one automaton with public states.

    Parameters
    ----------
    states : mapping of str to pair
        For each state what both do, ``("hold", "strike")``; instead of an action, a
        mapping of actions to probabilities is a mixture.
    moves : mapping of str to str or mapping
        For each state where it leads: a state, whatever is seen, or a mapping from what
        is seen (a pair of actions, or a signal) to a state; ``rl.REST`` stands for all
        that is not listed. Instead of a state, a mapping of states to probabilities
        leaves it to a public lottery.
    start : str, optional
        Default the first state.

    Raises
    ------
    ModelError
        If there is no state, or a state has no moves.
    UnknownLabel
        If a move leads to no state.

    Examples
    --------
    >>> import redlines as rl
    >>> dilemma = rl.Game.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> rivalry = rl.RepeatedGame(dilemma, discount="1/2")
    >>> grim = rl.Automaton.trigger(path=("1", "1"), punishment=("2", "2"))
    >>> rl.verify(rivalry, grim, concept="subgame perfect").holds
    True
    >>> certificate = rl.verify(
    ...     rivalry.bind(discount="1/3"), grim, concept="subgame perfect"
    ... )
    >>> print(certificate.failures[0])
    Row gains 2/3 by '2' once, in state 'path'
    """

    def __init__(
        self,
        states: Mapping[str, Any],
        moves: Mapping[str, Any],
        start: str | None = None,
    ) -> None:
        if not isinstance(states, Mapping) or not states:
            raise ModelError("an automaton has at least one state: states={name: pair}")
        for name in states:
            if not isinstance(name, str) or not name:
                raise ModelError(
                    f"the name of a state is a non-empty text, not {name!r}"
                )
        self.states = dict(states)
        self.moves = dict(moves)
        self.start = next(iter(states)) if start is None else start
        self._require(self.start)
        for name in self.moves:
            self._require(name)
        for name in self.states:
            if name not in self.moves:
                raise ModelError(f"state {name!r} has no moves")
            row = self.moves[name]
            for target in [row] if _is_target(row, self.states) else row.values():
                for state in target if isinstance(target, Mapping) else [target]:
                    self._require(state)

    def _require(self, state: object) -> None:
        if state not in self.states:
            raise UnknownLabel("state", state, self.states, "of the automaton")

    # ---------------------------------------------------------------------- builders
    @classmethod
    def trigger(
        cls,
        path: Path,
        punishment: Path,
        periods: int | None = None,
        *,
        on: Iterable[str] = (),
    ) -> Automaton:
        """Follow a path; after a deviation punish, for ever or for some periods.

        Parameters
        ----------
        path, punishment : profile, list of profiles, or pair of lists
            A profile is played for ever, a list again and again; ``([...], [...])``
            goes through the first list once and then the second again and again.
        periods : int, optional
            After so many periods of punishment the path begins anew; default never.
            A stick and carrot is a punishment of one period that nobody likes: it is
            gone through because a deviation from it begins it anew.
        on : iterable of str
            Signals that begin the punishment, where actions are not seen. During it
            signals count for nothing. Default: deviations of one player begin it, or
            begin it anew.

        Returns
        -------
        Automaton
            With states ``path``, ``path 2``, ..., and ``punish``, ``punish 2``, ...

        Raises
        ------
        ModelError
            If a path is empty or `periods` is no positive whole number.
        """
        if periods is not None:
            if isinstance(periods, bool) or not isinstance(periods, int) or periods < 1:
                raise ModelError(
                    f"periods is a whole number from 1 on or None, not {periods!r}"
                )
            lead, cycle = _path(punishment)
            steps = itertools.islice(
                itertools.chain(lead, itertools.cycle(cycle)), periods
            )
            return cls._linked(_path(path), [((list(steps)), [])], tuple(on))
        return cls._linked(_path(path), [_path(punishment)], tuple(on))

    @classmethod
    def simple(cls, path: Path, punishments: Sequence[Path]) -> Automaton:
        """A simple strategy profile: one path, and one punishment for each player.

        Parameters
        ----------
        path : profile, list of profiles, or pair of lists
        punishments : pair of such paths
            The first begins whenever the first player alone deviates from whatever is
            being played, the second when the second player does.

        Returns
        -------
        Automaton

        References
        ----------
        [abreu1988]_: whatever is an equilibrium path is one with such strategies.
        """
        if isinstance(punishments, str) or len(punishments) != 2:
            raise ModelError("punishments is a pair of paths, one for each player")
        return cls._linked(_path(path), [_path(p) for p in punishments], ())

    @classmethod
    def _linked(
        cls,
        path: tuple[list[Profile], list[Profile]],
        punishments: Sequence[tuple[list[Profile], list[Profile]]],
        on: tuple[str, ...],
    ) -> Automaton:
        """Paths with the deviations between them; a cycle that is empty goes back."""
        words = ["path"] + (
            ["punish"] if len(punishments) == 1 else ["punish first", "punish second"]
        )
        states: dict[str, Any] = {}
        follows: dict[str, str] = {}
        entry = {}
        for word, (lead, cycle) in zip(words, (path, *punishments), strict=True):
            steps = [*lead, *cycle]
            names = [word if k == 0 else f"{word} {k + 1}" for k in range(len(steps))]
            entry[word] = names[0]
            states.update(zip(names, steps, strict=True))
            for k, name in enumerate(names):
                last = k + 1 == len(names)
                back = names[len(lead)] if cycle else "path"
                follows[name] = back if last else names[k + 1]
        moves: dict[str, Any] = {}
        for name, profile in states.items():
            if on:
                moves[name] = (
                    {**dict.fromkeys(on, entry["punish"]), REST: follows[name]}
                    if name.startswith("path")
                    else follows[name]
                )
            else:
                moves[name] = _Deviations(
                    profile, follows[name], tuple(entry[w] for w in words[1:])
                )
        return cls(states, moves, "path")

    @classmethod
    def pair(cls, one: Mapping[str, Any], other: Mapping[str, Any]) -> Automaton:
        """Two automata side by side, each of which sees what the other does.

        Parameters
        ----------
        one, other : mapping
            ``{state: (action, {action of the other: next state})}`` of each player, the
            first state is where it begins; ``rl.REST`` stands for all other actions,
            and a state alone for all.

        Returns
        -------
        Automaton
            Its states are pairs, ``"cooperate | cooperate"``.

        Examples
        --------
        >>> import redlines as rl
        >>> tit_for_tat = {
        ...     "kind": ("C", {"C": "kind", "D": "angry"}),
        ...     "angry": ("D", {"C": "kind", "D": "angry"}),
        ... }
        >>> print(rl.Automaton.pair(tit_for_tat, tit_for_tat))
        automaton of 4 states, begins in 'kind | kind'
          kind | kind: C, C
          kind | angry: C, D
          angry | kind: D, C
          angry | angry: D, D
        """
        for machine in (one, other):
            if not isinstance(machine, Mapping) or not machine:
                raise ModelError("each automaton is a mapping {state: (action, moves)}")
            for state, entry in machine.items():
                if not isinstance(entry, tuple | list) or len(entry) != 2:
                    raise ModelError(
                        f"state {state!r} is (action, moves), not {entry!r}"
                    )
        names = {(a, b): f"{a} | {b}" for a in one for b in other}
        states = {n: (one[a][0], other[b][0]) for (a, b), n in names.items()}
        moves = {
            n: _SideBySide(one[a][1], other[b][1], names) for (a, b), n in names.items()
        }
        return cls(states, moves)

    def __repr__(self) -> str:
        return f"<Automaton of {len(self.states)} states, begins in {self.start!r}>"

    def __str__(self) -> str:
        lines = [f"automaton of {len(self.states)} states, begins in {self.start!r}"]
        lines += [f"  {s}: {_words(p)}" for s, p in self.states.items()]
        if len(lines) > STR_LINES:
            more = len(lines) - STR_LINES + 1
            lines = [*lines[: STR_LINES - 1], f"... {more} more states"]
        return "\n".join(lines)


class _Deviations(Mapping[Any, Any]):
    """Where a pair of actions leads: on, or to the punishment of who deviated alone."""

    def __init__(self, profile: Profile, on: Any, punished: tuple[str, ...]) -> None:
        self.profile, self.on, self.punished = profile, on, punished

    def __getitem__(self, seen: Any) -> Any:
        wrong = [k for k in (0, 1) if seen[k] != self.profile[k]]
        if len(wrong) != 1:
            return self.on
        return self.punished[wrong[0] if len(self.punished) == 2 else 0]

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def values(self) -> Any:
        """The states that it leads to."""
        return (self.on, *self.punished)


class _SideBySide(_Deviations):
    """Where a pair of actions leads two automata, each of which sees the other."""

    def __init__(self, one: Any, other: Any, names: Mapping[Any, str]) -> None:
        self.one, self.other, self.names = one, other, names

    def __getitem__(self, seen: Any) -> str:
        key = (_next(self.one, seen[1]), _next(self.other, seen[0]))
        found = self.names.get(key)
        if found is None:
            raise UnknownLabel("state", key, [*self.names], "of the two automata")
        return found

    def values(self) -> Any:
        """Nothing to check before an action is seen."""
        return ()


def _next(moves: Any, seen: Hashable) -> Any:
    if not isinstance(moves, Mapping):
        return moves
    if isinstance(moves, _Deviations) or seen in moves:
        return moves[seen]
    if REST in moves:
        return moves[REST]
    raise ModelError(f"the automaton does not say where {seen!r} leads")


def _path(path: Path) -> tuple[list[Profile], list[Profile]]:
    """The lead-in and the cycle that a path is written as."""
    if isinstance(path, str) or not isinstance(path, Sequence) or not len(path):
        raise ModelError(
            f"a path is a pair of actions, or a list of such pairs, not {path!r}"
        )
    if isinstance(path, list):
        return [], [_pair(p) for p in path]
    if len(path) == 2 and all(isinstance(part, list) for part in path):
        lead, cycle = path
        if not cycle:
            raise ModelError("the part of a path that is played for ever is empty")
        return [_pair(p) for p in lead], [_pair(p) for p in cycle]
    return [], [_pair(path)]


def _pair(profile: Any) -> Profile:
    if isinstance(profile, str) or not isinstance(profile, Sequence):
        raise ModelError(f"a profile is a pair of actions, not {profile!r}")
    if len(profile) != 2:
        raise ModelError(f"a profile is a pair of actions, not {profile!r}")
    return profile[0], profile[1]


def _is_target(row: object, states: Mapping[str, Any]) -> bool:
    """Whether a row of moves is one target whatever is seen."""
    if isinstance(row, _Deviations):
        return False
    if not isinstance(row, Mapping):
        return True
    return (
        bool(row)
        and all(k in states for k in row)
        and not any(
            (isinstance(v, str) and v in states) or isinstance(v, Mapping)
            for v in row.values()
        )
    )


def _words(profile: Any) -> str:
    return ", ".join(
        " or ".join(f"{a} {brief(exact(p))}" for a, p in part.items())
        if isinstance(part, Mapping)
        else str(part)
        for part in profile
    )


# ------------------------------------------------------------------------ with a game
@dataclass(frozen=True)
class Machine:
    """An automaton in a game, by index; only states that histories lead to.

    Attributes
    ----------
    game : RepeatedGame
    names : tuple of str
        The states; the first is where it begins.
    plays : tuple of pairs of tuples of Fraction
        For each state the probabilities of each player's actions.
    moves : tuple of mappings
        For each state, by what is seen (a cell, or a signal's index), the probabilities
        of the states that come next.
    """

    game: RepeatedGame
    names: tuple[str, ...]
    plays: tuple[tuple[Shares, Shares], ...]
    moves: tuple[Mapping[Any, Mapping[int, Fraction]], ...]

    @classmethod
    def read(
        cls, game: RepeatedGame, automaton: Automaton, every: bool = False
    ) -> Machine:
        """The automaton in a game; `every` keeps states that nothing leads to.

        Raises
        ------
        UnknownLabel, ModelError, BadProbability
            If it does not fit the game.
        """
        if not isinstance(automaton, Automaton):
            raise ModelError(
                "strategies of a repeated game are given as an rl.Automaton, not as "
                f"{type(automaton).__name__}"
            )
        seen: list[tuple[Any, Any]] = [(p, game._cell(p)) for p in game.profiles]
        if game.signals:
            # a signal that never comes leads nowhere
            seen = [
                (s, k)
                for k, s in enumerate(game.signals)
                if not all(_no(x[k]) for row in game._chances for x in row)
            ]
        index = {automaton.start: 0}
        plays, moves = [], []
        names = [automaton.start]
        if every:
            names += [s for s in automaton.states if s != automaton.start]
            index = {name: k for k, name in enumerate(names)}
        for name in names:  # grows while it is gone through
            plays.append(_plays(game, name, automaton.states[name]))
            table: dict[Any, Mapping[int, Fraction]] = {}
            row = automaton.moves[name]
            one = _is_target(row, automaton.states)
            if not one:
                _require_keys(game, name, row)
            for key, place in seen:
                target = row if one else _next(row, key)
                shares: dict[int, Fraction] = {}
                for state, share in _lottery(name, target).items():
                    if state not in index:
                        index[state] = len(names)
                        names.append(state)
                    shares[index[state]] = share
                table[place] = shares
            moves.append(table)
        if not game.randomization and any(
            len(t) > 1 for table in moves for t in table.values()
        ):
            raise ModelError(
                f"the automaton moves by lottery, but {game!r} has no public "
                "randomization"
            )
        return cls(game, tuple(names), tuple(plays), tuple(moves))

    def next(self, state: int, cell: Cell) -> dict[int, Any]:
        """The probabilities of the states after a pair of actions."""
        table = self.moves[state]
        if not self.game.signals:
            return dict(table[cell])
        found: dict[int, Any] = {}
        for k, chance in enumerate(self.game._chances[cell[0]][cell[1]]):
            for target, share in table.get(k, {}).items():
                found[target] = found.get(target, Fraction(0)) + chance * share
        return found

    def cells(self, state: int) -> Iterator[tuple[Cell, Fraction]]:
        """The pairs of actions that a state plays, with their probabilities."""
        one, other = self.plays[state]
        for (r, p), (c, q) in itertools.product(enumerate(one), enumerate(other)):
            if p * q:
                yield (r, c), p * q

    def instead(self, state: int, player: int, action: int) -> Iterator[Any]:
        """The same if a player takes an action instead."""
        for k, q in enumerate(self.plays[state][1 - player]):
            if q:
                yield ((action, k) if player == 0 else (k, action)), q


def _require_keys(game: RepeatedGame, state: str, row: Mapping[Any, Any]) -> None:
    """Refuse moves that depend on what the game does not show."""
    if isinstance(row, _Deviations):
        if game.signals:
            raise ModelError(
                f"the moves of state {state!r} depend on actions, but {game!r} shows "
                "signals only; say on which signals, on=[...]"
            )
        return
    known: tuple[Any, ...] = game.signals or game.profiles
    for key in row:
        if key is not REST and key not in known:
            raise UnknownLabel(
                "signal" if game.signals else "pair of actions",
                key,
                [*map(str, known)],
                f"in the moves of state {state!r}",
            )


def _plays(game: RepeatedGame, state: str, profile: Any) -> tuple[Shares, Shares]:
    if (
        isinstance(profile, str)
        or not isinstance(profile, Sequence)
        or len(profile) != 2
    ):
        raise ModelError(
            f"state {state!r} must say what each player does, a pair, not {profile!r}"
        )
    found = []
    for player, part in enumerate(profile):
        actions = game.actions[player]
        shares = part if isinstance(part, Mapping) else {part: 1}
        for action in shares:
            if action not in actions:
                raise UnknownLabel(
                    "action", action, actions, f"of {game.players[player]} in {game!r}"
                )
        row = tuple(exact(shares.get(a, 0), "a probability") for a in actions)
        if min(row) < 0 or sum(row) != 1:
            raise BadProbability(
                f"state {state!r}: what {game.players[player]!r} does is no "
                f"distribution: {part!r}"
            )
        found.append(row)
    return found[0], found[1]


def _lottery(state: str, target: Any) -> dict[str, Fraction]:
    if not isinstance(target, Mapping):
        return {target: Fraction(1)}
    shares = {s: exact(p, "a probability") for s, p in target.items()}
    if min(shares.values(), default=-1) < 0 or sum(shares.values()) != 1:
        raise BadProbability(
            f"the moves of state {state!r} are no distribution: {dict(target)!r}"
        )
    return {s: p for s, p in shares.items() if p}
