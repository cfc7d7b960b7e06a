"""What a solver's answer is: a Solution, its equilibria, and how complete it is.

A solver hands over `Element` objects: for tree concepts one for each support profile
(which actions have positive probability at each information set). `Equilibrium` shows
an element in labels; `Solution` is the lazy, ordered sequence of them.

Reads: errors, numbers, tree, profile, ranges, referee.  Used by: solvers, solving.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from fractions import Fraction
from functools import cached_property
from html import escape
from textwrap import wrap
from typing import Any

from redlines.answers import Answer, Part, clip
from redlines.errors import SolveFailed, UnknownLabel, Unsupported
from redlines.numbers import brief
from redlines.profile import Assessment, reached
from redlines.ranges import Interval, Range
from redlines.referee import Certificate, action_values, referee
from redlines.removals import Removed, grouped
from redlines.tree import STR_LINES, STR_WIDTH, Game

# families visit this many nodes at most
GROUPED_NODES = 500_000
# in a family of more members than this, the text shows the first
COMPARED = 64
# lines that say what refinements removed
REMOVAL_LINES = 14

__all__ = [
    "Concept",
    "Coverage",
    "Equilibrium",
    "Family",
    "Free",
    "NashSubset",
    "Solution",
    "Status",
    "read_concept",
]


class Concept(Enum):
    """What is claimed of an answer, distinct from how it was found."""

    NASH = "nash"
    SUBGAME_PERFECT = "subgame perfect"
    WEAK_PERFECT_BAYESIAN = "weak perfect bayesian"
    SEQUENTIAL = "sequential"
    CORRELATED = "correlated"
    COARSE_CORRELATED = "coarse correlated"
    EXTENSIVE_FORM_CORRELATED = "extensive form correlated"
    COMMUNICATION = "communication"
    STACKELBERG = "stackelberg"
    LOGIT = "logit"
    LEARNING = "learning"
    PUBLIC_PERFECT = "public perfect"
    STRONGLY_SYMMETRIC = "strongly symmetric"
    NASH_BARGAINING = "nash bargaining"
    KALAI_SMORODINSKY = "kalai smorodinsky"
    EGALITARIAN = "egalitarian"
    UTILITARIAN = "utilitarian"
    PERFECT_BAYESIAN = "perfect bayesian"
    MARKOV_PERFECT = "markov perfect"
    GENERAL_METARATIONAL = "general metarational"
    SYMMETRIC_METARATIONAL = "symmetric metarational"
    SEQUENTIALLY_STABLE = "sequentially stable"
    STABILITY = "stability"


# how the literature on graph models abbreviates
_ABBREVIATED = {
    "gmr": "general metarational",
    "smr": "symmetric metarational",
    "seq": "sequentially stable",
}


def read_concept(concept: Concept | str) -> Concept:
    """The concept that a word stands for; case, hyphens and underscores do not matter.

    Raises
    ------
    Unsupported
        If there is none; the message lists those that there are.
    """
    if isinstance(concept, Concept):
        return concept
    word = " ".join(str(concept).lower().replace("_", " ").replace("-", " ").split())
    word = _ABBREVIATED.get(word, word)
    for known in Concept:
        if known.value == word:
            return known
    names = [c.value for c in Concept]
    close = get_close_matches(word, names, 1)
    hint = f"; did you mean {close[0]!r}? There are: " if close else "; there are: "
    raise Unsupported(
        f"there is no method for the concept {concept!r}{hint}"
        f"{', '.join(map(repr, names))}"
    )


class Coverage(Enum):
    """How much was asked for."""

    ALL = "all"
    ONE = "one"


class Status(Enum):
    """How a search ended; the value is the advice."""

    SOLVED = "the search ended and what it found is verified"
    NONE_EXISTS = "the search was complete and found nothing: there is none"
    NOT_FOUND = (
        "the search was not complete and found nothing; allow more effort=, or ask for "
        "another concept or method"
    )
    LIMIT = (
        "the time, the effort or the count ran out; what is listed is verified, more "
        "may exist; raise time_limit=, effort= or limit="
    )
    UNVERIFIED = (
        "the referee refused an answer, which is a fault of the solver; please report "
        "the game"
    )
    COMMITMENT = (
        "the leader's commitment is optimal and the reply to it is best, both "
        "verified; it is no equilibrium of the game as it stands, in which nobody can "
        "commit"
    )
    NOT_AN_EQUILIBRIUM_PROOF = (
        "this is what the players learnt to do; its regret is exact and is not 0, so "
        "it is no equilibrium; go on for longer, or ask for 'nash'"
    )
    BACKEND = "the library underneath failed; try another method="


class Element(Part):
    """One entry of the solution of a tree, as a solver describes it.

    A subclass gives the support, one verified representative, and what is free.
    """

    game: Game

    @property
    @abstractmethod
    def support(self) -> tuple[tuple[int, ...], ...]:
        """For each information set the actions of positive probability."""

    @abstractmethod
    def assessment(self) -> Assessment:
        """The representative."""

    def shown(self, concept: Concept) -> Equilibrium:
        """What a solution lists for the element."""
        return Equilibrium(self, concept)

    @property
    def family_key(self) -> object:
        """What is done, by support, where play comes."""
        return frozenset(
            (h, self.support[h]) for h in infosets_reached(self.game, self.support)
        )

    def strategy_ranges(self) -> dict[int, dict[int, Range]]:
        """By information set and action, what is not pinned down."""
        return {}

    def belief_ranges(self) -> dict[int, dict[int, Range]]:
        """By information set and position of the node, what is not pinned down."""
        return {}

    def relations(self) -> tuple[str, ...]:
        """How free quantities are tied to each other, as text."""
        return ()

    def product(self, others: Sequence[Element]) -> Element:
        """The set of all mixtures with others that it may be exchanged for."""
        raise NotImplementedError(f"{type(self).__name__} is not exchanged for others")

    def extremes(
        self, amount: Callable[[int], Fraction], given: Callable[[int], bool] | None
    ) -> Range | None:
        """What an expected amount can be over the element; None if undefined."""
        value = expected(self.assessment(), amount, given)
        return None if value is None else Range.point(value)

    def contains(self, assessment: Assessment, with_beliefs: bool) -> bool:
        """Whether an assessment belongs to the element."""
        own = self.assessment()
        if assessment.support != self.support:
            return False
        same = all(
            tuple(a) == tuple(b)
            for a, b in zip(own.strategy, assessment.strategy, strict=True)
        )
        return same and (
            not with_beliefs
            or all(
                b is None or a is None or tuple(a) == tuple(b)
                for a, b in zip(own.belief, assessment.belief, strict=True)
            )
        )


def expected(
    assessment: Assessment,
    amount: Callable[[int], Fraction],
    given: Callable[[int], bool] | None,
) -> Any:
    """An expected amount at one profile, or None if what is given never happens."""
    total: Any = Fraction(0)
    weight: Any = Fraction(0)
    for node in assessment.game._tables.terminals:
        here = assessment.reach[node]
        if here and (given is None or given(node)):
            weight = weight + here
            total = total + here * amount(node)
    if given is None:
        return total
    return total / weight if weight else None


# ------------------------------------------------------------------------- label views
class _ByInfoset(Mapping[str, Any]):
    """Something for each of some information sets, looked up by label."""

    def __init__(
        self, game: Game, indices: Sequence[int], value: Callable[[int], Any]
    ) -> None:
        self._game = game
        self._indices = indices
        self._value = value

    @cached_property
    def _members(self) -> frozenset[int]:
        return frozenset(self._indices)

    def __getitem__(self, label: str) -> Any:
        index = self._game._tables.find(label) if isinstance(label, str) else None
        if index is None or index not in self._members:
            raise UnknownLabel("information set", label, self, f"in {self._game!r}")
        return self._value(index)

    def __contains__(self, label: object) -> bool:
        index = self._game._tables.find(label) if isinstance(label, str) else None
        return index is not None and index in self._members

    def get(self, label: str, default: Any = None) -> Any:
        """What there is at an information set, or a default."""
        if label not in self:
            return default
        return self[label]

    def __iter__(self) -> Iterator[str]:
        return map(self._game._tables.label, self._indices)

    def __len__(self) -> int:
        return len(self._indices)

    def __repr__(self) -> str:
        if len(self) > 50:
            return f"<{len(self)} information sets by label>"
        return repr(dict(self))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mapping) and dict(self) == dict(other)

    __hash__ = None  # type: ignore[assignment]


class Free(Mapping[str, dict[str, Range]]):
    """What an element leaves open, with exact ranges.

    Attributes
    ----------
    strategy : dict of str to dict of str to Range
        By information set and action, the probabilities that are not pinned down.
    belief : dict of str to dict of str to Range
        By information set and history, the beliefs that are not pinned down.
    relations : tuple of str
        How they are tied to each other beyond these ranges. There ``w(a at h)`` is the
        weight with which the owner of h comes to h and takes a, by its own choices
        alone; after an action of probability 0, the weight of its trembles.

    Notes
    -----
    As a mapping it joins both: by information set, the ranges of actions and histories.
    A range is exact for its quantity alone; several free quantities range jointly over
    the product only where no relation is listed.
    """

    def __init__(self, game: Game, element: Element) -> None:
        tables = game._tables
        self.strategy: dict[str, dict[str, Range]] = {
            tables.label(h): {
                tables.infosets[h].actions[a]: r for a, r in sorted(row.items())
            }
            for h, row in sorted(element.strategy_ranges().items())
        }
        self.belief: dict[str, dict[str, Range]] = {
            tables.label(h): {
                tables.history(tables.infosets[h].nodes[k]): r
                for k, r in sorted(row.items())
            }
            for h, row in sorted(element.belief_ranges().items())
        }
        self.relations = element.relations()

    @cached_property
    def _joined(self) -> dict[str, dict[str, Range]]:
        labels = dict.fromkeys([*self.strategy, *self.belief])
        return {
            label: {**self.strategy.get(label, {}), **self.belief.get(label, {})}
            for label in labels
        }

    def __getitem__(self, label: str) -> dict[str, Range]:
        if label not in self._joined:
            raise UnknownLabel(
                "information set with something free", label, tuple(self._joined)
            )
        return self._joined[label]

    def __contains__(self, label: object) -> bool:
        return label in self._joined

    def get(self, label: str, default: Any = None) -> Any:
        """The ranges at an information set, or a default where nothing is free."""
        return self._joined.get(label, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self._joined)

    def __len__(self) -> int:
        return len(self._joined)

    def __str__(self) -> str:
        lines = [
            f"{label}: {name} in {range_}"
            for label, row in self._joined.items()
            for name, range_ in row.items()
        ]
        lines += list(self.relations)
        return "\n".join(lines) if lines else "nothing is free"

    def __repr__(self) -> str:
        count = sum(map(len, self._joined.values()))
        return f"<Free: {count} quantities at {len(self)} information sets>"


# ------------------------------------------------------------------------- equilibrium
class Equilibrium(Answer):
    """One verified element of a solution, in labels.

    For tree concepts it stands for every equilibrium with one support profile: the
    strategies and beliefs shown are a representative (the middle of a cell), and `free`
    and `range` say what else belongs to it.

    Attributes
    ----------
    strategy : mapping
        ``strategy[player][infoset][action]`` is a probability, a Fraction where it is
        rational.
    belief : mapping
        ``belief[infoset][history]`` is a probability.
    support : mapping
        ``support[infoset]`` is a tuple of the actions of positive probability.
    """

    # whether it is a strategy for each player, as all but mediated play is
    in_behaviour = True
    noun = "Equilibrium"

    _element: Element
    game: Game

    @cached_property
    def _assessment(self) -> Assessment:
        return self._element.assessment()

    @cached_property
    def certificate(self) -> Certificate:
        """What the referee found: regret, and the orders and weights of beliefs."""
        return referee(self._assessment, self.concept.value)

    @cached_property
    def strategy(self) -> dict[str, Mapping[str, dict[str, Any]]]:
        """``strategy[player][infoset][action]``: a probability."""
        tables = self.game._tables

        def shares(index: int) -> dict[str, Any]:
            actions = tables.infosets[index].actions
            return dict(zip(actions, self._assessment.strategy[index], strict=True))

        return {
            name: _ByInfoset(self.game, tables.plain_infosets[player], shares)
            for player, name in enumerate(self.game.players)
        }

    @cached_property
    def belief(self) -> Mapping[str, dict[str, Any]]:
        """``belief[infoset][history]``: a probability; empty where none is claimed."""
        tables = self.game._tables

        def shares(index: int) -> dict[str, Any]:
            given = self._assessment.belief[index]
            if given is None:
                return {}
            nodes = tables.infosets[index].nodes
            return {tables.history(n): b for n, b in zip(nodes, given, strict=True)}

        return _ByInfoset(self.game, range(len(tables.infosets)), shares)

    @cached_property
    def support(self) -> Mapping[str, tuple[str, ...]]:
        """``support[infoset]``: the actions of positive probability."""
        return _ByInfoset(
            self.game, range(len(self.game._tables.infosets)), self._support_at
        )

    @cached_property
    def free(self) -> Free:
        """What the element leaves open, with exact ranges."""
        return Free(self.game, self._element)

    @cached_property
    def payoffs(self) -> dict[str, Any]:
        """Each player's expected payoff at the representative, in payoff units."""
        return dict(zip(self.game.players, self._assessment.payoffs, strict=True))

    def payoffs_by_reason(self, player: str) -> dict[str, Any]:
        """One player's expected payoff at the representative, reason by reason.

        Parameters
        ----------
        player : str
            Whose payoff.

        Returns
        -------
        dict of str to Fraction
            The reasons for which the player can be paid; they sum to ``payoffs``.
        """
        return self._assessment.payoffs_by_reason(self.game._player(player))

    def probability(self, event: str, given: str | None = None) -> Any:
        """The probability of an event at the representative.

        Parameters
        ----------
        event : str
            An event that some path marks.
        given : str, optional
            Condition on this event.

        Returns
        -------
        Fraction or None
            None if what is given has probability 0.

        Raises
        ------
        UnknownLabel
            If no path marks the event.
        """
        return self._assessment.probability(
            self.game._event(event), None if given is None else self.game._event(given)
        )

    def range(self, measure: Any) -> Range | None:
        """What a measure can be over the whole element, with exact ends.

        Parameters
        ----------
        measure : str or measure
            An event's name, ``rl.P(event, given)`` or ``rl.payoff(player)``.

        Returns
        -------
        Range or None
            None if what is given has probability 0.
        """
        if isinstance(measure, str):
            index = self.game._event(measure)
            return self._element.extremes(event_measure(self.game, index), None)
        amount, given = measure.on(self.game)
        return self._element.extremes(amount, given)

    def contains(
        self,
        strategy: Mapping[str, Any],
        belief: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> bool:
        """Whether a profile belongs to this element, with what is free.

        Parameters
        ----------
        strategy, belief : mapping
            As `redlines.verify` takes them; without `belief`, whether some beliefs
            make it one.

        Returns
        -------
        bool
        """
        assessment = Assessment.read(self.game, strategy, belief)
        return self._element.contains(assessment, belief is not None)

    def why(self, infoset: str) -> str:
        """Why the owner of an information set does there what it does, as text.

        Parameters
        ----------
        infoset : str
            A label of the game.

        Returns
        -------
        str
            What each action is worth there, given the belief and the other's strategy.
        """
        game, tables = self.game, self.game._tables
        index = game._infoset(infoset)
        row = tables.infosets[index]
        shares = self._assessment.strategy[index]
        belief = self._assessment.belief[index]
        lines = [f"{game.players[row.player]} at {infoset}"]
        if belief is None:
            lines.append("  no belief is claimed here")
            return "\n".join(lines)
        if len(row.nodes) > 1:
            lines.append("  believes")
            for node, weight in zip(row.nodes, belief, strict=True):
                lines.append(f"    {brief(weight)}  {tables.history(node)}")
        values = action_values(self._assessment, index)
        best = max(values)
        for action, value, share in zip(row.actions, values, shares, strict=True):
            note = "best" if value == best else f"worse by {brief(best - value)}"
            lines.append(
                f"  {action}: worth {brief(value)}, {note}; chosen with {brief(share)}"
            )
        return "\n".join(clip(line) for line in lines)

    # ---------------------------------------------------------------------- the path
    @cached_property
    def _path_infosets(self) -> tuple[int, ...]:
        """Information sets that play reaches, what comes first in play first."""
        return infosets_reached(self.game, self._element.support)

    @property
    def path(self) -> Mapping[str, tuple[str, ...]]:
        """The support at the information sets that play reaches, first things first."""
        return _ByInfoset(self.game, self._path_infosets, self._support_at)

    def _support_at(self, index: int) -> tuple[str, ...]:
        actions = self.game._tables.infosets[index].actions
        return tuple(actions[a] for a in self._element.support[index])

    def _line(self, index: int, indent: str = "  ") -> str:
        """One information set with what its owner does there."""
        free = self._element.strategy_ranges().get(index, {})
        shares: dict[int, str] = {}
        for action, share in enumerate(self._assessment.strategy[index]):
            if action in free:
                shares[action] = f" in {free[action]}"
            elif share:
                shares[action] = "" if share == 1 else f" {brief(share)}"
        return _choice_line(self.game, index, shares, indent)

    def _belief_line(self, index: int) -> str:
        tables = self.game._tables
        row = tables.infosets[index]
        free = self._element.belief_ranges().get(index, {})
        belief = self._assessment.belief[index]
        assert belief is not None
        words = []
        for position, (node, share) in enumerate(zip(row.nodes, belief, strict=True)):
            if position in free:
                words.append(f"{_distinct(self.game, index, node)} in {free[position]}")
            elif share:
                words.append(f"{_distinct(self.game, index, node)} {brief(share)}")
        return f"believes {'; '.join(words)}"

    def lines(self, off_path: bool = True, beliefs: bool = True) -> list[str]:
        """The profile as text, what is reached first.

        Parameters
        ----------
        off_path, beliefs : bool
            Whether to show what is never reached, and beliefs.

        Returns
        -------
        list of str
            At most 100 characters each.
        """
        tables = self.game._tables
        path = self._path_infosets
        others = [h for h in range(len(tables.infosets)) if h not in set(path)]
        found = []
        for title, group in (("on the path", path), ("off the path", others)):
            if not group or (title == "off the path" and not off_path):
                continue
            found.append(f"{title}:")
            for index in group:
                found.append(self._line(index))
                row = tables.infosets[index]
                if (
                    beliefs
                    and len(row.nodes) > 1
                    and self._assessment.belief[index] is not None
                ):
                    found.append(clip(f"    {self._belief_line(index)}"))
        return found

    def __str__(self) -> str:
        lines = [clip(repr(self)[1:-1]), *self.lines()]
        family = Family((self,))
        events = [
            f"{event} {family._shown(event_measure(self.game, index))}"
            for index, event in enumerate(self.game.events)
        ]
        if events:
            lines.append(clip(f"probability: {', '.join(events)}"))
        if len(lines) > STR_LINES:
            more = len(lines) - STR_LINES + 1
            lines = [*lines[: STR_LINES - 1], f"... {more} more lines; see .lines()"]
        return "\n".join(lines)


def infosets_reached(game: Game, support: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """Information sets that play reaches, what comes first in play first."""
    tables = game._tables
    if tables.bimatrix is not None:
        return (0, 1)
    come = reached(game, support)
    met = [
        h for h, row in enumerate(tables.infosets) if any(come[n] for n in row.nodes)
    ]
    return tuple(sorted(met, key=lambda h: tables.depth[tables.infosets[h].nodes[0]]))


def event_measure(game: Game, event: int) -> Callable[[int], Fraction]:
    """What terminals count for the probability of an event."""
    masks = game._tables.event_masks
    return lambda node: Fraction(masks[node] >> event & 1)


def payoff_measure(game: Game, player: int) -> Callable[[int], Fraction]:
    """What terminals count for a player's expected payoff."""
    payoffs = game._exact_payoffs
    return lambda node: payoffs[node][player]


def _distinct(game: Game, index: int, node: int) -> str:
    """What tells a node from the others of its information set, as text."""
    tables = game._tables
    known = {f"{n}={v}" for n, v in tables.facts(tables.infosets[index].observation)}
    words = [w for w in tables.history(node).split(", ") if w not in known]
    return ", ".join(words) or tables.history(node)


def _choice_line(game: Game, index: int, shares: dict[int, str], indent: str) -> str:
    """Who does what at an information set; a long label is cut, what is done is not."""
    tables = game._tables
    row = tables.infosets[index]
    words = ", ".join(f"{row.actions[a]}{share}" for a, share in shares.items())
    start = f"{indent}{game.players[row.player]}, "
    label = tables.label(index)
    room = STR_WIDTH - len(start) - len(words) - 2
    if len(label) > room >= 12:
        head = room // 2
        label = f"{label[:head]}…{label[len(label) - (room - head - 1) :]}"
    return clip(f"{start}{label}: {words}")


# ---------------------------------------------------------------------------- families
class _Members(Sequence[Equilibrium]):
    """Some equilibria of a solution, made and verified when they are looked at."""

    def __init__(self, solution: Solution, positions: Sequence[int]) -> None:
        self._solution = solution
        self._positions = positions

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return tuple(self._solution[k] for k in self._positions[index])
        return self._solution[self._positions[index]]

    def __len__(self) -> int:
        return len(self._positions)


@dataclass(frozen=True)
class Family(Sequence[Equilibrium]):
    """Elements that agree on what happens on the path, by support.

    Attributes
    ----------
    members : sequence of Equilibrium
        In the order of the solution.
    """

    members: Sequence[Equilibrium]

    def __getitem__(self, index: Any) -> Any:
        return self.members[index]

    def __len__(self) -> int:
        return len(self.members)

    @property
    def path(self) -> Mapping[str, tuple[str, ...]]:
        """The support at the information sets that play reaches."""
        return self.members[0].path

    @property
    def payoffs(self) -> dict[str, Any]:
        """The expected payoffs of the first member's representative."""
        return self.members[0].payoffs

    def range(self, measure: Any) -> Range | None:
        """What a measure can be over all members."""
        found = [r for r in (m.range(measure) for m in self.members) if r is not None]
        return Range.union([i for r in found for i in r.intervals]) if found else None

    def lines(self, limit: int = STR_LINES) -> list[str]:
        """The play on the path, payoffs and events, as text.

        Parameters
        ----------
        limit : int
            How many information sets are shown.

        Returns
        -------
        list of str
            At most 100 characters each.
        """
        first = self.members[0]
        if not first.in_behaviour:
            return first.lines()
        game, path = first.game, first._path_infosets
        lines = [self._line(h) for h in path[:limit]]
        if len(path) > limit:
            lines.append(f"  ... {len(path) - limit:,} more information sets")
        pays = [
            f"{name} {self._shown(payoff_measure(game, player))}"
            for player, name in enumerate(game.players)
        ]
        events = [
            f"{event} {self._shown(event_measure(game, index))}"
            for index, event in enumerate(game.events)
        ]
        some = "" if len(self) <= COMPARED else " (of the first)"
        lines.append(clip(f"  payoffs{some}: {', '.join(pays)}"))
        if events:
            lines.append(clip(f"  probability{some}: {', '.join(events)}"))
        return lines

    @cached_property
    def _compared(self) -> Sequence[Equilibrium]:
        """The members whose differences are shown: all, or the first of very many."""
        return self.members if len(self) <= COMPARED else self.members[:1]

    def _line(self, index: int) -> str:
        """One information set with what its owner does there in all members."""
        shares: dict[int, str] = {}
        game = self.members[0].game
        for action in self.members[0]._element.support[index]:
            intervals: list[Interval] = []
            for member in self._compared:
                free = member._element.strategy_ranges().get(index, {})
                if action in free:
                    intervals += free[action].intervals
                else:
                    share = member._assessment.strategy[index][action]
                    intervals.append(Interval(share, share))
            whole = Range.union(intervals)
            if not whole.is_point:
                shares[action] = f" in {whole}"
            else:
                shares[action] = "" if whole.low == 1 else f" {whole}"
        return _choice_line(game, index, shares, "  ")

    def _shown(self, amount: Callable[[int], Fraction]) -> str:
        """What an expected amount can be over the members, as text."""
        intervals: list[Interval] = []
        for member in self._compared:
            try:
                range_ = member._element.extremes(amount, None)
            except Unsupported:
                value = expected(member._assessment, amount, None)
                return f"{brief(value)} at the representative"
            if range_ is not None:
                intervals += range_.intervals
        return str(Range.union(intervals))

    def __repr__(self) -> str:
        return f"<Family of {len(self)} elements>"

    def __str__(self) -> str:
        return "\n".join(self.lines(STR_LINES - 4))


@dataclass(frozen=True)
class NashSubset(Family):
    """A maximal Nash subset: all mixtures of strategies that may be exchanged.

    Each player has some strategies, every one of which is an equilibrium with every one
    of the other's, and so are all mixtures of them. As a sequence it holds the extreme
    equilibria.

    Attributes
    ----------
    whole : Equilibrium
        The set as one element: its representative mixes evenly over each player's
        strategies; `free`, `range` and `contains` are about the whole set.
    """

    whole: Equilibrium

    @property
    def free(self) -> Free:
        """What is not pinned down, where the owner's own play comes; exact ranges."""
        return self.whole.free

    def range(self, measure: Any) -> Range | None:
        """What a measure can be over the whole set, with exact ends.

        Expected amounts are linear in each player's strategy, so that their extremes
        are attained at extreme equilibria.
        """
        return self.whole.range(measure)

    def contains(self, strategy: Mapping[str, Any]) -> bool:
        """Whether a profile belongs to the set."""
        return self.whole.contains(strategy)

    def lines(self, limit: int = STR_LINES) -> list[str]:
        """The whole set as text, at most 100 characters a line."""
        return self.whole.lines()[:limit]

    def __repr__(self) -> str:
        count = len(self)
        return f"<NashSubset of {count} {_several('extreme equilibrium', count)}>"


def _several(noun: str, count: int | None) -> str:
    """A unit, in the plural unless there is one."""
    if count == 1:
        return noun
    return f"{noun[:-2]}a" if noun.endswith("equilibrium") else f"{noun}s"


# ---------------------------------------------------------------------------- solution
class Solution(Sequence[Equilibrium]):
    """The verified answer of a solver: a lazy sequence of equilibria.

    Attributes
    ----------
    game : Problem
        What was solved: a `Game`, or another noun.
    concept : Concept
        What each entry is.
    status : Status
        How the search ended; its value is the advice.
    coverage : Coverage
        What was asked for.
    complete : bool
        True only if it is proved that nothing else exists.
    reason : str
        Why `complete` is what it is, in a sentence.
    exact : bool
        Whether every number is exact.
    method : str
        How it was found.
    seconds : float
        How long it took.
    unit : str
        What one entry is.
    refinements : tuple of str
        What the list was refined by, in order.
    removed : tuple of Removed
        What the refinements removed, each with the reason.
    undecided : tuple of str
        What is listed although a refinement was not decided for it, and why.
    """

    refinements: tuple[str, ...] = ()
    removed: tuple[Removed, ...] = ()
    undecided: tuple[str, ...] = ()

    def __init__(
        self,
        game: Any,
        concept: Concept,
        elements: Sequence[Any],
        *,
        status: Status,
        coverage: Coverage,
        complete: bool,
        reason: str,
        method: str,
        unit: str,
        seconds: float,
        exact: bool = True,
        count: int | None = None,
        limit: int = 10_000,
    ) -> None:
        self.game = game
        self.concept = concept
        self.status = status
        self.coverage = coverage
        self.complete = complete
        self.reason = reason
        self.method = method
        self.unit = unit
        self.seconds = seconds
        self.exact = exact
        self._elements = elements
        self._count = count
        self._limit = limit
        self._shown: dict[int, Equilibrium] = {}

    # --------------------------------------------------------------------- sequence
    def __len__(self) -> int:
        return min(len(self._elements), self._limit)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(len(self))))
        position = index + len(self) if index < 0 else index
        if not 0 <= position < len(self):
            raise IndexError(
                f"the solution lists {len(self)} elements; there is no number {index}"
            )
        found = self._shown.get(position)
        if found is None:
            found = self._elements[position].shown(self.concept)
            if not found.certificate.holds:
                raise SolveFailed(
                    f"the referee refused element {position} of {self.game!r}: "
                    f"{found.certificate.failures[0]}",
                    self,
                )
            self._shown[position] = found
        return found

    @property
    def count(self) -> int | None:  # type: ignore[override]  # a number, as documented
        """How many elements there are, exactly; None where that is not known."""
        return self._count

    # ----------------------------------------------------------------------- groups
    @property
    def grouped(self) -> int:
        """How many elements `families` groups: all, unless the tree is very large."""
        size: int = self.game._size
        return min(len(self), max(1, GROUPED_NODES // size))

    @cached_property
    def families(self) -> tuple[Family, ...]:
        """Elements grouped by the support on the path, in the order of the first.

        Of a tree so large that listing all elements would take minutes, the first
        `grouped` ones are grouped.
        """
        groups: dict[object, list[int]] = {}
        for position in range(self.grouped):
            key = self._elements[position].family_key
            groups.setdefault(key, []).append(position)
        return tuple(Family(_Members(self, group)) for group in groups.values())

    @cached_property
    def components(self) -> tuple[tuple[Equilibrium, ...], ...] | None:
        """Connected components of the set of equilibrium strategies.

        Beliefs are projected out. Each component lists the elements that reach into
        it. None where it is not decided, or where the solution is not complete.
        """
        if not self.complete or self._count != len(self):
            return None
        find = (
            getattr(type(self._elements[0]), "components", None) if len(self) else None
        )
        if len(self) == 0:
            return ()
        if find is None:
            return None
        groups = find(list(self._elements))
        if groups is None:
            return None
        return tuple(tuple(self[i] for i in group) for group in groups)

    @cached_property
    def maximal_nash_subsets(self) -> tuple[NashSubset, ...] | None:
        """Largest sets of extreme equilibria that may be exchanged for each other.

        In each, every strategy of the one player is an equilibrium with every one of
        the other, and so are all mixtures: together they are a convex product, and
        their union is the set of all equilibria. None where the concept is not Nash,
        or where the solution is not complete.

        References
        ----------
        [jansen1981]_
        """
        if not self.complete or self._count != len(self):
            return None
        if len(self) == 0:
            return ()
        find = getattr(type(self._elements[0]), "maximal_nash_subsets", None)
        if find is None:
            return None
        found = []
        for group in find(list(self._elements)):
            first, *others = [self._elements[i] for i in group]
            whole = first.product(others)
            found.append(NashSubset(_Members(self, group), whole.shown(self.concept)))
        return tuple(found)

    def family_of(self, equilibrium: Equilibrium) -> Family:
        """The family that an equilibrium of this solution belongs to."""
        for family in self.families:
            if any(member is equilibrium for member in family.members):
                return family
        raise UnknownLabel("equilibrium", equilibrium, tuple(map(repr, self)))

    # ------------------------------------------------------------------ presentation
    def _headline(self) -> str:
        count = self._count
        number = f"{len(self)} or more" if count is None else f"{count:,}"
        state = "complete" if self.complete else "not complete"
        noun = _several(self.unit, self._count)
        by = f" refined by {', '.join(self.refinements)}" if self.refinements else ""
        return (
            f"{self.game.name}, {self.concept.value}{by}: {number} {noun}, {state}, "
            f"{'exact' if self.exact else 'floating point'}"
        )

    def __repr__(self) -> str:
        return f"<Solution of {self._headline()}>"

    def __str__(self) -> str:
        lines = [clip(self._headline()), clip(f"  {self.reason}")]
        if len(self) == 0:
            lines.append(clip(f"  {self.status.name}: {self.status.value}"))
            return "\n".join([*lines, *self._removal_lines()])
        if len(self) < (self._count or 0):
            lines.append(
                clip(f"  the first {len(self):,} are listed; raise limit= for more")
            )
        if self.grouped < len(self):
            lines.append(clip(f"  families of the first {self.grouped:,}:"))
        families = self.families
        removals = self._removal_lines()
        room = STR_LINES - len(lines) - len(removals)
        each = max(3, (room - 1) // len(families))
        for number, family in enumerate(families, 1):
            noun = _several(self.unit, len(family))
            # title, one line each for payoffs and events, and perhaps one for the rest
            block = [
                f"family {number} of {len(families)}: {len(family):,} {noun}",
                *family.lines(max(0, each - 4)),
            ][:each]
            left = STR_LINES - len(lines) - len(removals)
            remaining = len(families) - number
            if len(block) + (1 if remaining else 0) > left:
                lines.append(f"... {remaining + 1} more families; see .families")
                break
            lines += block
        return "\n".join([*lines, *removals])

    def _removal_lines(self) -> list[str]:
        """What refinements removed and why, and what they left open, as text."""
        if not self.refinements:
            return []
        blocks = []
        for reason, whole, count in grouped(self.removed):
            of = "" if whole else "part of "
            text = f"removed: {of}{count:,} {_several(self.unit, count)} by {reason}"
            blocks.append(wrap(text, STR_WIDTH, subsequent_indent="  "))
        for text in dict.fromkeys(self.undecided):
            blocks.append(wrap(f"undecided: {text}", STR_WIDTH, subsequent_indent="  "))
        if not blocks:
            return ["nothing was removed"]
        lines: list[str] = []
        for number, block in enumerate(blocks):
            if len(lines) + len(block) > REMOVAL_LINES:
                lines.append(
                    f"... {len(blocks) - number} more; see .removed and .undecided"
                )
                break
            lines += block
        return lines

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"
