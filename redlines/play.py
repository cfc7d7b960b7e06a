"""The language: a game is a function that tells the story.

`game` turns a function into a `redlines.Game` by running it once for every way that it
can go. The verbs of `Play` return what was chosen, so the story is ordinary Python. A
run follows the choices made for it as far as they go and takes the first option from
there on; what it meets is recorded, and the next run turns off at the last choice that
has an option left. Each run adds one terminal; no run is cut short.

A story must tell the same tree every time. Every replayed verb is compared with what
was recorded, and when the tree is complete its paths are told once more, with payoffs,
probabilities and observers compared too (all of them up to `_RETOLD` choices in sum,
an even sample of them beyond).

Reads: errors, numbers, parameters, tree.  Used by: escalation and whoever writes games.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final, TypeAlias

from redlines.errors import (
    BadProbability,
    MissingPayoff,
    RedlinesError,
    StoryError,
)
from redlines.numbers import TELLING, Amount, Number, exact
from redlines.parameters import Parameter
from redlines.tree import (
    CHANCE,
    FORBIDDEN,
    MOVE,
    TERMINAL,
    DrawRow,
    Game,
    InfosetRow,
    Tables,
    Value,
)

__all__ = ["REST", "RUSSIA", "US", "Play", "game"]

RUSSIA: Final = "Russia"
US: Final = "US"

DEFAULT_NODES = 300_000
_RETOLD = 100_000
_IDLE = 1_000

Continuation: TypeAlias = "Callable[[Play], object]"


class _Rest:
    """The probability that the other outcomes of a draw leave over."""

    def __repr__(self) -> str:
        return "rl.REST"

    def __reduce__(self) -> str:
        return "REST"


REST: Final = _Rest()


class _Step:
    """One choice on the path that is being told."""

    __slots__ = (
        "answer",
        "chosen",
        "kind",
        "listed",
        "name",
        "node",
        "options",
        "owner",
        "seen",
    )

    def __init__(
        self,
        kind: int,
        owner: str,
        name: str,
        options: list[str],
        node: int,
        seen: tuple[int, ...],
        listed: list[str],
    ) -> None:
        self.kind = kind
        self.owner = owner
        self.name = name
        self.options = options
        self.node = node
        self.seen = seen
        self.listed = listed  # as written, with outcomes that are impossible
        self.chosen = 0
        self.answer = options[0]


class Play:
    """The verbs of a story; one is given to it as its first argument.

    Nobody makes one: `game` does, and hands it to the story.
    """

    def __init__(self, story: str, players: tuple[str, ...], max_nodes: int) -> None:
        self._story = story
        self._players = players
        self._max_nodes = max_nodes
        self._steps: list[_Step] = []
        self._cursor = 0  # how many choices of this run have been told
        self._known = 0  # how many are decided before it starts
        self._checking = False
        # the tables, as they grow
        self._kind: list[int] = []
        self._parent: list[int] = []
        self._option: list[int] = []
        self._children: list[list[int]] = []
        self._infoset: list[int] = []
        self._name: list[str] = []
        self._payments: dict[int, list[tuple[int, int, int]]] = {}
        self._marks: dict[int, list[int]] = {}
        self._rows: list[tuple[int, str, int, tuple[str, ...], list[int]]] = []
        self._row_index: dict[tuple[str, int], int] = {}
        self._draws: dict[DrawRow, int] = {}
        self._observations: list[tuple[int, str, str]] = [(-1, "", "")]
        self._observation_index: dict[tuple[int, str, str], int] = {}
        self._amounts: dict[object, int] = {}
        self._amount_values: list[Value] = []
        self._reasons: dict[str, int] = {}
        self._events: dict[str, int] = {}
        self._checked_names: set[str] = set()
        self._seen_at: list[tuple[int, ...]] = []  # what each player knows at a node
        self._observers: list[tuple[int, ...]] = []
        self._told: dict[int, list[tuple[int, str, str]]] = {}
        self._here = self._add_node(-1, 0, (0,) * len(players))
        # in a second telling, what the node before the cursor has already said again
        self._verified: set[int] = set()
        self._repaid: list[tuple[int, int, int]] = []
        self._remarked: list[int] = []
        self._retold: list[tuple[int, str, str]] = []

    # ------------------------------------------------------------------------ verbs
    def move(
        self,
        player: str,
        name: str,
        actions: Iterable[str],
        seen_by: str | Collection[str] | None = None,
    ) -> str:
        """Let a player choose.

        Parameters
        ----------
        player : str
            Who chooses; it always knows its own choice.
        name : str
            The decision's name, the first word of its information set's label.
        actions : iterable of str
            What it can do, in the order to be shown.
        seen_by : str or collection of str, optional
            Who learns the choice: default both, ``[]`` nobody else.

        Returns
        -------
        str
            The action chosen on this path.

        Raises
        ------
        StoryError
            For a bad name, no or repeated actions, an unknown player, or a label that
            exists with another owner or other actions.
        """
        if type(actions) is not list:
            actions = self._listed(name, actions)
        cursor = self._cursor
        if cursor < self._known:
            step = self._steps[cursor]
            if step.name == name and step.options == actions and step.owner == player:
                if self._checking:
                    self._leave(step, seen_by)
                self._cursor = cursor + 1
                return step.answer
            self._changed(step, f"{player} chooses {name!r} from {actions}")
        return self._new_move(player, name, actions, seen_by)

    def draw(
        self,
        name: str,
        outcomes: Mapping[str, Amount | _Rest],
        seen_by: str | Collection[str] | None = None,
    ) -> str:
        """Let chance choose.

        Parameters
        ----------
        name : str
            The draw's name.
        outcomes : mapping of str to amount
            The probability of each outcome; they sum to one. The last may be
            `redlines.REST`. An outcome of probability 0 never happens.
        seen_by : str or collection of str, optional
            Who learns the outcome: default both, ``[]`` nobody.

        Returns
        -------
        str
            The outcome on this path.

        Raises
        ------
        BadProbability
            If a probability lies outside [0, 1] or they do not sum to one.
        StoryError
            For a bad name or no outcomes.
        """
        cursor = self._cursor
        if cursor < self._known:
            step = self._steps[cursor]
            if step.kind == CHANCE and step.name == name:
                if self._checking:
                    if step.node not in self._verified:
                        self._same_draw(step, name, outcomes)
                        self._verified.add(step.node)
                    self._leave(step, seen_by)
                    self._cursor = cursor + 1
                    return step.answer
                if [*outcomes] == step.listed:
                    self._cursor = cursor + 1
                    return step.answer
            self._changed(step, f"chance draws {name!r} from {list(outcomes)}")
        return self._new_draw(name, outcomes, seen_by)

    def simultaneous(
        self, moves: Mapping[str, tuple[str, Sequence[str]]]
    ) -> dict[str, str]:
        """Let both players choose at once; each sees the other's choice afterwards.

        Parameters
        ----------
        moves : mapping of str to (str, sequence of str)
            For each player the decision's name and its actions.

        Returns
        -------
        dict of str to str
            What each player chose on this path.

        Raises
        ------
        StoryError
            As `move` does, and unless both players choose.
        """
        if not isinstance(moves, Mapping) or not all(
            isinstance(entry, tuple | list) and len(entry) == 2
            for entry in moves.values()
        ):
            raise StoryError(
                f"{self._place()}: simultaneous takes {{player: (name, actions)}}, not "
                f"{moves!r}"
            )
        if set(moves) != set(self._players):
            raise StoryError(
                f"{self._place()}: simultaneous moves are given for {list(moves)}; "
                f"they need one entry for each of {list(self._players)}"
            )
        names = {player: name for player, (name, _) in moves.items()}
        if len(set(names.values())) != len(names):
            raise StoryError(
                f"{self._place()}: the simultaneous decisions of "
                f"{' and '.join(names)} are both named {next(iter(names.values()))!r}; "
                "give them different names"
            )
        chosen = {
            player: self.move(player, name, actions, seen_by=[])
            for player, (name, actions) in moves.items()
        }
        for player in moves:
            for other, name in names.items():
                if other != player:
                    self.tell(player, name, chosen[other])
        return chosen

    def tell(self, player: str, name: str, text: str | None = None) -> None:
        """Let a player learn something.

        Parameters
        ----------
        player : str
            Who learns it.
        name : str
            An earlier draw or move on this path, whose outcome is told; or, with
            `text`, what the fact is about.
        text : str, optional
            The fact, if it is not the outcome of an earlier draw or move.

        Raises
        ------
        StoryError
            If nothing of that name has happened on this path and no text is given.
        """
        if self._cursor < self._known and not self._checking:
            return
        who = self._index_of(player)
        self._check_name(name, "fact")
        if text is None:
            for step in reversed(self._steps[: self._cursor]):
                if step.name == name:
                    text = step.answer
                    break
            else:
                earlier = list(
                    dict.fromkeys(s.name for s in self._steps[: self._cursor])
                )
                raise StoryError(
                    f"{self._place()}: {player} cannot be told {name!r}, since no draw "
                    f"or move of that name came before; there were {earlier}; give the "
                    "fact as a third argument if it is something else"
                )
        self._check_name(text, "told fact")
        if self._checking:
            self._retold.append((who, name, text))
            return
        known = list(self._seen_at[self._here])
        known[who] = self._observe(known[who], name, text)
        self._seen_at[self._here] = tuple(known)
        self._told.setdefault(self._here, []).append((who, name, text))

    def pay(self, amounts: Mapping[str, Amount], because: str = "payoff") -> None:
        """Pay players; what is paid on a path adds up.

        Parameters
        ----------
        amounts : mapping of str to amount
            For each player that is paid, how much, in payoff units; negative is a cost.
        because : str
            The reason, under which the amount is kept apart.

        Raises
        ------
        StoryError
            For an unknown player or an empty reason.
        """
        if self._cursor < self._known and not self._checking:
            return
        if not isinstance(because, str) or not because:
            raise StoryError(
                f"{self._place()}: the reason for a payment must be a non-empty text, "
                f"not {because!r}"
            )
        reason = self._reasons.setdefault(because, len(self._reasons))
        if not isinstance(amounts, Mapping):
            raise StoryError(
                f"{self._place()}: pay takes {{player: amount}}, not {amounts!r}"
            )
        paid = [
            (
                self._index_of(player),
                self._amount(amount, f"what {player} is paid because {because!r}"),
                reason,
            )
            for player, amount in amounts.items()
        ]
        if self._checking:
            self._repaid.extend(paid)
        elif paid:
            self._payments.setdefault(self._here, []).extend(paid)

    def mark(self, event: str) -> None:
        """Note that something happens on this path.

        Parameters
        ----------
        event : str
            Its name; true on a path if marked at least once.

        Raises
        ------
        StoryError
            If it is no non-empty text.
        """
        if self._cursor < self._known and not self._checking:
            return
        if not isinstance(event, str) or not event:
            raise StoryError(
                f"{self._place()}: an event's name must be a non-empty text, not "
                f"{event!r}"
            )
        index = self._events.setdefault(event, len(self._events))
        if self._checking:
            self._remarked.append(index)
        else:
            self._marks.setdefault(self._here, []).append(index)

    # ------------------------------------------------------------- at a new decision
    def _new_move(
        self,
        player: str,
        name: str,
        actions: list[str],
        seen_by: str | Collection[str] | None,
    ) -> str:
        who = self._index_of(player)
        self._check_name(name, "decision")
        self._check_options(name, actions, "action")
        observation = self._seen_at[self._here][who]
        key = (name, observation)
        index = self._row_index.get(key)
        if index is None:
            index = self._row_index[key] = len(self._rows)
            self._rows.append((who, name, observation, tuple(actions), []))
        owner, _, _, before, nodes = self._rows[index]
        if owner != who:
            raise StoryError(
                f"{self._place()}: {player} and {self._players[owner]} both have a "
                f"decision labelled {self._label(key)!r}; give one of them another name"
            )
        if before != tuple(actions):
            raise StoryError(
                f"{self._place()}: decision {self._label(key)!r} of {player} has the "
                f"actions {actions} here and {list(before)} elsewhere; the player "
                "cannot tell the two places apart, so the actions must be the same, in "
                "the same order; or give one another name, or let the player see more"
            )
        nodes.append(self._here)
        return self._branch(
            MOVE, player, name, actions, index, self._audience(seen_by, who)
        )

    def _new_draw(
        self,
        name: str,
        outcomes: Mapping[str, Amount | _Rest],
        seen_by: str | Collection[str] | None,
    ) -> str:
        self._check_name(name, "draw")
        if not isinstance(outcomes, Mapping):
            raise StoryError(
                f"{self._place()}: draw {name!r} takes {{outcome: probability}}, not "
                f"{outcomes!r}"
            )
        self._check_options(name, list(outcomes), "outcome")
        draw = self._distribution(name, outcomes)
        index = self._draws.setdefault(draw, len(self._draws))
        return self._branch(
            CHANCE,
            "",
            name,
            list(draw.outcomes),
            index,
            self._audience(seen_by, None),
            list(outcomes),
        )

    def _distribution(
        self, name: str, outcomes: Mapping[str, Amount | _Rest]
    ) -> DrawRow:
        """The checked distribution of a draw, without impossible outcomes."""
        values: dict[str, Value | None] = {}
        total: Value = Fraction(0)
        for outcome, amount in outcomes.items():
            if isinstance(amount, _Rest):
                values[outcome] = None
                continue
            value = self._value(amount, f"the probability of {outcome!r} in {name!r}")
            if isinstance(value, Fraction) and not 0 <= value <= 1:
                raise BadProbability(
                    f"{self._place()}: draw {name!r} gives {outcome!r} the probability "
                    f"{value}; a probability lies between 0 and 1"
                )
            values[outcome] = value
            total = total + value
        rest = [outcome for outcome, value in values.items() if value is None]
        if rest:
            if rest != list(outcomes)[-1:]:
                raise BadProbability(
                    f"{self._place()}: draw {name!r} uses rl.REST for {rest}; only the "
                    "last outcome can take the rest"
                )
            left = self._value(1 - total, "the rest")
            if isinstance(left, Fraction) and left < 0:
                raise BadProbability(
                    f"{self._place()}: draw {name!r} leaves {left} for {rest[0]!r}; "
                    f"the others already sum to {total}"
                )
            values[rest[0]] = left
        elif isinstance(total, Number):
            gap = total - 1
            if not gap.is_zero:
                raise BadProbability(
                    f"{self._place()}: the probabilities of draw {name!r} sum to "
                    f"{total}, not to 1 for every value of the parameters; give the "
                    "last outcome as rl.REST"
                )
        elif total != 1:
            close = abs(total - 1) < Fraction(1, 10**9)
            advice = (
                'write thirds and the like as text, "1/3", or give the last outcome '
                "as rl.REST"
                if close
                else "they must sum to 1; the last outcome may be rl.REST"
            )
            raise BadProbability(
                f"{self._place()}: the probabilities of draw {name!r} sum to "
                f"{total if not close else float(total)}, not to 1; {advice}"
            )
        possible = {o: v for o, v in values.items() if v is not None and v is not _ZERO}
        possible = {
            o: v
            for o, v in possible.items()
            if not (isinstance(v, Fraction) and v == 0)
        }
        return DrawRow(
            tuple(possible),
            tuple(
                self._amount(v, f"the probability of {o!r}")
                for o, v in possible.items()
            ),
        )

    def _branch(
        self,
        kind: int,
        owner: str,
        name: str,
        options: list[str],
        index: int,
        seen: tuple[int, ...],
        listed: list[str] | None = None,
    ) -> str:
        """Turn the node that is open into a choice, and take its first option."""
        node = self._here
        self._kind[node] = kind
        self._name[node] = name
        self._infoset[node] = index
        self._observers[node] = seen
        options = list(options)
        step = _Step(kind, owner, name, options, node, seen, listed or options)
        self._steps.append(step)
        self._cursor += 1
        self._known = self._cursor
        self._enter(step)
        return step.answer

    def _enter(self, step: _Step) -> None:
        """Open the node that the chosen option of a step leads to."""
        known = self._seen_at[step.node]
        if step.seen:
            updated = list(known)
            for player in step.seen:
                updated[player] = self._observe(updated[player], step.name, step.answer)
            known = tuple(updated)
        self._here = self._add_node(step.node, step.chosen, known)
        self._children[step.node].append(self._here)

    def _add_node(self, parent: int, option: int, known: tuple[int, ...]) -> int:
        node = len(self._kind)
        if node >= self._max_nodes:
            raise StoryError(
                f"story {self._story!r} does not end within {self._max_nodes:,} nodes; "
                f"the path that is being told has {len(self._steps):,} choices and "
                f"ends with {[s.name for s in self._steps[-3:]]}; let every path end, "
                "or allow more with rl.game(..., max_nodes=...)"
            )
        self._kind.append(TERMINAL)
        self._parent.append(parent)
        self._option.append(option)
        self._children.append([])
        self._infoset.append(-1)
        self._name.append("")
        self._seen_at.append(known)
        self._observers.append(())
        return node

    def _observe(self, observation: int, name: str, value: str) -> int:
        row = (observation, name, value)
        index = self._observation_index.get(row)
        if index is None:
            index = self._observation_index[row] = len(self._observations)
            self._observations.append(row)
        return index

    # ----------------------------------------------------------------------- checks
    def _amount(self, amount: object, what: str) -> int:
        value = self._value(amount, what)
        key = value.key if isinstance(value, Number) else value
        index = self._amounts.get(key)
        if index is None:
            index = self._amounts[key] = len(self._amount_values)
            self._amount_values.append(value)
        return index

    def _value(self, amount: object, what: str) -> Value:
        if isinstance(amount, Number):
            if isinstance(amount, Parameter):
                # the plain expression: a declaration stays outside the tables
                return Number(amount._numerator, amount._denominator)
            return amount.constant() if amount.is_constant else amount
        try:
            return exact(amount, what)
        except RedlinesError as error:
            error.args = (f"{self._place()}: {error}",)
            raise

    def _index_of(self, player: object) -> int:
        try:
            return self._players.index(player)
        except ValueError:
            raise StoryError(
                f"{self._place()}: there is no player {player!r}; the players are "
                f"{list(self._players)}"
            ) from None

    def _audience(
        self, seen_by: str | Collection[str] | None, owner: int | None
    ) -> tuple[int, ...]:
        if seen_by is None:
            return tuple(range(len(self._players)))
        if not isinstance(seen_by, str | Collection):
            raise StoryError(
                f"{self._place()}: seen_by is a player, a list of players, or None for "
                f"both, not {seen_by!r}"
            )
        names = [seen_by] if isinstance(seen_by, str) else list(seen_by)
        seen = {self._index_of(name) for name in names}
        if owner is not None:
            seen.add(owner)
        return tuple(sorted(seen))

    def _check_name(self, name: object, what: str) -> None:
        if type(name) is str and name in self._checked_names:
            return
        if not isinstance(name, str) or not name.strip():
            article = "an" if what[0] in "aeiou" else "a"
            raise StoryError(
                f"{self._place()}: {name!r} cannot name {article} {what}; a name is a "
                "non-empty text"
            )
        bad = sorted(FORBIDDEN & set(name))
        if bad:
            raise StoryError(
                f"{self._place()}: the {what} {name!r} holds {bad}; labels are built "
                "with [ ] = , and line ends, so names go without them"
            )
        self._checked_names.add(name)

    def _listed(self, name: str, actions: object) -> list[str]:
        """The actions as a list, from anything that has them in an order."""
        if isinstance(actions, str):
            return [actions]
        if isinstance(actions, Iterable) and not isinstance(actions, Set):
            return list(actions)
        raise StoryError(
            f"{self._place()}: the actions of {name!r} must be listed in an order, "
            f"not {actions!r}"
        )

    def _check_options(self, name: str, options: list[str], what: str) -> None:
        if not options:
            raise StoryError(f"{self._place()}: {name!r} has no {what}s to choose from")
        for option in options:
            self._check_name(option, f"{what} of {name!r}")
        if len(set(options)) != len(options):
            twice = sorted({o for o in options if options.count(o) > 1})
            raise StoryError(
                f"{self._place()}: {name!r} lists {twice} more than once; the "
                f"{what}s of a choice must differ"
            )

    def _label(self, key: tuple[str, int]) -> str:
        name, observation = key
        facts = []
        while observation:
            observation, about, value = self._observations[observation]
            facts.append(f"{about}={value}")
        return f"{name} [{', '.join(reversed(facts))}]" if facts else name

    def _place(self) -> str:
        steps = self._steps[: self._cursor]
        if not steps:
            return f"story {self._story!r}, at the beginning"
        shown = ", ".join(f"{s.name}={s.answer}" for s in steps[-6:])
        return (
            f"story {self._story!r}, after {'..., ' if len(steps) > 6 else ''}{shown}"
        )

    def _changed(self, step: _Step, now: str) -> None:
        if step.kind == MOVE:
            then = f"{step.owner} chooses {step.name!r} from {step.options}"
        else:
            then = f"chance draws {step.name!r} from {step.options}"
        raise StoryError(
            f"{self._place()}: the story goes differently when it is told again: "
            f"first {then}, now {now}; a story may depend on its choices and its "
            "structure arguments only, not on random numbers, clocks or state that it "
            "changes"
        )

    # --------------------------------------------------------------- second telling
    def _leave(self, step: _Step, seen_by: str | Collection[str] | None) -> None:
        """Compare what a second telling said on the way to this choice."""
        owner = self._players.index(step.owner) if step.owner else None
        if self._audience(seen_by, owner) != step.seen:
            self._changed(step, f"{step.name!r} is seen by others than before")
        self._compare_said(step.node)

    def _compare_said(self, node: int) -> None:
        for what, before, now in (
            ("pays", self._payments.get(node, []), self._repaid),
            ("marks", self._marks.get(node, []), self._remarked),
            ("tells", self._told.get(node, []), self._retold),
        ):
            if before != now:
                raise StoryError(
                    f"{self._place()}: the story {what} something else when it is told "
                    f"again: first {self._said(what, before)}, now "
                    f"{self._said(what, now)}; a story may depend on its choices and "
                    "its structure arguments only, not on random numbers, clocks or "
                    "state that it changes"
                )
        self._repaid, self._remarked, self._retold = [], [], []

    def _said(self, what: str, rows: Sequence[Any]) -> str:
        if what == "pays":
            reasons = list(self._reasons)
            return str(
                [
                    f"{self._players[p]} {self._amount_values[a]} ({reasons[r]})"
                    for p, a, r in rows
                ]
            )
        if what == "marks":
            events = list(self._events)
            return str([events[e] for e in rows])
        return str([f"{self._players[p]}: {n}={t}" for p, n, t in rows])

    def _same_draw(
        self, step: _Step, name: str, outcomes: Mapping[str, Amount | _Rest]
    ) -> None:
        draw = self._distribution(name, outcomes)
        if self._draws.get(draw) != self._infoset[step.node]:
            self._changed(step, f"chance draws it with {dict(outcomes)}")

    # -------------------------------------------------------------------- unfolding
    def _unfold(self, story: Continuation) -> None:
        """Run the story once for every way that it can go."""
        segments: list[tuple[int, Continuation]] = [(0, story)]
        total = 0
        leaves: list[int] = []
        while True:
            self._tell(segments)
            leaves.append(self._here)
            total += len(self._steps)
            while self._steps:
                step = self._steps[-1]
                if step.chosen + 1 < len(step.options):
                    break
                self._steps.pop()
            else:
                break
            step.chosen += 1
            step.answer = step.options[step.chosen]
            depth = len(self._steps)
            while segments[-1][0] >= depth:
                if len(segments) == 1:
                    break
                segments.pop()
            self._known = depth
            self._cursor = depth
            self._enter(step)
        self._tell_again(story, leaves, total)

    def _tell(self, segments: list[tuple[int, Continuation]]) -> None:
        """One run, from the last segment on; continuations are added to `segments`."""
        start, story = segments[-1]
        self._cursor = start
        idle = 0
        while True:
            rest = story(self)
            if rest is None:
                if self._cursor < self._known:
                    self._changed(self._steps[self._cursor], "the story ends")
                return
            if not callable(rest):
                raise StoryError(
                    f"{self._place()}: the story returned {rest!r}; it must return "
                    "None, or a function of play that tells the rest"
                )
            idle = idle + 1 if self._cursor == start else 0
            if idle > _IDLE:
                raise StoryError(
                    f"{self._place()}: the story was continued {idle:,} times without "
                    "a draw or a move; it never ends"
                )
            start, story = self._cursor, rest
            if not self._checking:
                if segments[-1][0] == start and len(segments) > 1:
                    segments.pop()
                segments.append((start, story))

    def _tell_again(self, story: Continuation, leaves: list[int], total: int) -> None:
        """Tell paths a second time and compare everything that is said."""
        again = leaves[:: max(1, -(-total // _RETOLD))]
        budget = _RETOLD
        self._checking = True
        for leaf in again:
            path = [leaf]
            while path[-1]:
                path.append(self._parent[path[-1]])
            path.reverse()
            budget -= len(path)
            if budget < 0 and leaf != again[0]:
                break
            self._steps = [
                self._recorded(node, self._option[child])
                for node, child in pairwise(path)
            ]
            self._known = len(self._steps)
            self._here = leaf
            self._repaid, self._remarked, self._retold = [], [], []
            self._tell([(0, story)])
            self._compare_said(leaf)

    def _recorded(self, node: int, chosen: int) -> _Step:
        if self._kind[node] == MOVE:
            player, name, _, actions, _ = self._rows[self._infoset[node]]
            options, owner = list(actions), self._players[player]
        else:
            draw = list(self._draws)[self._infoset[node]]
            options, owner, name = list(draw.outcomes), "", self._name[node]
        step = _Step(
            self._kind[node],
            owner,
            name,
            options,
            node,
            self._observers[node],
            options,
        )
        step.chosen = chosen
        step.answer = options[chosen]
        return step

    def _tables(self) -> Tables:
        return Tables(
            players=self._players,
            kind=self._kind,
            parent=self._parent,
            option=self._option,
            children=[tuple(row) for row in self._children],
            infoset=self._infoset,
            name=self._name,
            payments={n: tuple(p) for n, p in self._payments.items()},
            marks={n: tuple(m) for n, m in self._marks.items()},
            infosets=tuple(
                InfosetRow(player, name, observation, actions, tuple(nodes))
                for player, name, observation, actions, nodes in self._rows
            ),
            draws=tuple(self._draws),
            observations=self._observations,
            amounts=tuple(self._amount_values),
            reasons=tuple(self._reasons),
            events=tuple(self._events),
            known=self._at_first_choices(),
        )

    def _at_first_choices(self) -> dict[int, tuple[int, ...]]:
        """What each player knows where the first choice on a path is made."""
        found, stack = {}, [0]
        while stack:
            node = stack.pop()
            children = self._children[node]
            if self._kind[node] == CHANCE or len(children) == 1:
                stack.extend(children)
            else:
                found[node] = self._seen_at[node]
        return found


_ZERO: Final = Fraction(0)


# ------------------------------------------------------------------------- decorator
def game(
    *players: str, max_nodes: int = DEFAULT_NODES
) -> Callable[[Callable[..., Any]], Game]:
    """Turn a story into a game.

    Parameters
    ----------
    *players : str
        The two players, for instance ``US, RUSSIA``.
    max_nodes : int
        How many nodes the tree may have before the story is taken to be endless.

    Returns
    -------
    callable
        A decorator. The function that it decorates takes a `Play` first; its other
        arguments have defaults, which are parameters (`Probability`, `Positive`,
        `NonNegative`, `Real`) or structure (anything else). It returns None, or a
        function of `Play` that tells the rest of the story.

    Raises
    ------
    StoryError
        If the story cannot be unfolded; the message names the place.

    Examples
    --------
    >>> import redlines as rl
    >>> from redlines import RUSSIA, US
    >>> @rl.game(US, RUSSIA)
    ... def standoff(play, cost=rl.Positive("what a clash costs each side")):
    ...     both = play.simultaneous(
    ...         {US: ("us", ["yield", "stand"]), RUSSIA: ("russia", ["yield", "stand"])}
    ...     )
    ...     if both == {US: "stand", RUSSIA: "stand"}:
    ...         play.mark("clash")
    ...         play.pay({US: -cost, RUSSIA: -cost}, because="clash")
    ...     for side in both:
    ...         if both[side] == "stand":
    ...             play.pay({side: 1}, because="standing firm")
    >>> standoff
    <Game standoff: US and Russia, 2 information sets, 4 terminals, 1 free parameters>
    """
    if len(players) == 1 and callable(players[0]):
        raise StoryError(
            "write @rl.game(US, RUSSIA) with the two players, not a bare @rl.game"
        )
    check_players(players, "@rl.game(US, RUSSIA)")

    def decorate(story: Callable[..., Any]) -> Game:
        name = getattr(story, "__name__", "story")
        parameters, structure = signature(name, story)
        return _told(story, name, tuple(players), parameters, structure, max_nodes)

    return decorate


def check_players(players: Sequence[object], example: str) -> None:
    """Refuse, with StoryError, what cannot name the two players of a game."""
    for player in players:
        if not isinstance(player, str) or not player.strip():
            raise StoryError(
                f"a player's name must be a non-empty text, not {player!r}"
            )
        bad = sorted(FORBIDDEN & set(player))
        if bad:
            raise StoryError(f"the player's name {player!r} holds {bad}")
    if len(players) != 2 or len(set(players)) != 2:
        raise StoryError(
            f"a game has two different players, not {list(players)}: {example}"
        )


def signature(
    name: str, story: Callable[..., Any], given: Sequence[str] = ("play",)
) -> tuple[dict[str, Parameter], dict[str, object]]:
    """The parameters and the structure that a story's signature declares.

    Parameters
    ----------
    name : str
        The name of the story.
    story : callable
    given : sequence of str
        What the library hands to the story first.
    """
    arguments = list(inspect.signature(story).parameters.values())
    if len(arguments) < len(given):
        takes = "no argument" if not arguments else f"only {arguments[0].name!r}"
        wanted = " and ".join(given)
        first = "its first must be" if len(given) == 1 else "its first are"
        raise StoryError(f"story {name!r} takes {takes}; {first} {wanted}")
    parameters: dict[str, Parameter] = {}
    structure: dict[str, object] = {}
    for argument in arguments[len(given) :]:
        if argument.kind in (argument.VAR_POSITIONAL, argument.VAR_KEYWORD):
            raise StoryError(
                f"story {name!r} takes *{argument.name}; its arguments must be named "
                "one by one, so that each parameter has a meaning"
            )
        default = argument.default
        if default is argument.empty:
            raise StoryError(
                f"argument {argument.name!r} of story {name!r} has no default: declare "
                f'a parameter, {argument.name}=rl.Positive("what it means"), or '
                f"structure, {argument.name}=6"
            )
        if isinstance(default, Parameter):
            parameters[argument.name] = default.named(argument.name)
        elif isinstance(default, type) and issubclass(default, Parameter):
            raise StoryError(
                f"argument {argument.name!r} of story {name!r} is the class "
                f"{default.__name__}; say what it means: "
                f'{argument.name}=rl.{default.__name__}("what it means")'
            )
        else:
            structure[argument.name] = default
    return parameters, structure


def _told(
    story: Callable[..., Any],
    name: str,
    players: tuple[str, ...],
    parameters: Mapping[str, Parameter],
    structure: Mapping[str, object],
    max_nodes: int,
) -> Game:
    play = Play(name, players, max_nodes)
    arguments = {**parameters, **structure}
    token = TELLING.set(play._place)
    try:
        play._unfold(lambda p: story(p, **arguments))
        tables = play._tables()
    finally:
        TELLING.reset(token)
        for parameter in parameters.values():
            parameter.forget()
    if not tables.payments:
        raise MissingPayoff(
            f"story {name!r}: nobody is ever paid, so nothing is at stake; "
            "call play.pay({player: amount}, because=...) on some path"
        )
    return Game(
        tables,
        name=name,
        doc=inspect.getdoc(story) or "",
        parameters=parameters,
        structure=structure,
        retell=lambda other: _told(story, name, players, parameters, other, max_nodes),
    )
