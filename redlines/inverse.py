"""Which rankings make a state of a graph model an equilibrium.

Each stability says of each move t of the player away from s that one of several things
holds: s is as good as t; or there is an answer u to t with u no better than s (and, as
the concept has it, no way out of u, or u better than t for who answers). So the
condition is a conjunction of disjunctions of comparisons of two states, all pointing
one way, and multiplying out leaves minimal *alternatives*.

Rankings are counted, not listed: they are built up from the worst class, and what is
kept of a beginning is which states it holds and which of the comparisons that matter it
has settled.

Reads: errors, graph_model, sanctions, solution.  Used by: users.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from html import escape
from typing import NamedTuple

from redlines.errors import (
    ContradictoryAssumptions,
    ModelError,
    SolveFailed,
    Unsupported,
)
from redlines.graph_model import GraphModel, read_chain
from redlines.problem import require
from redlines.sanctions import STABILITIES, equilibrium
from redlines.solution import Concept, read_concept
from redlines.tree import STR_LINES, STR_WIDTH

__all__ = ["Comparison", "Rankings", "stabilizing_rankings"]

MAX_ALTERNATIVES = 5_000
MAX_STEPS = 2_000_000


class Comparison(NamedTuple):
    """That a player likes one state better than another, or at least as much.

    Attributes
    ----------
    player, better, worse : str
    strict : bool
        Whether a tie is excluded.
    """

    player: str
    better: str
    worse: str
    strict: bool

    def __str__(self) -> str:
        sign = ">" if self.strict else ">="
        return f"{self.player}: {self.better} {sign} {self.worse}"


Alternative = frozenset[Comparison]


def stabilizing_rankings(
    model: GraphModel,
    state: str,
    concept: Concept | str = Concept.NASH,
    *,
    given: Mapping[str, Iterable[str] | str] | None = None,
    ties: bool = True,
) -> Rankings:
    """The rankings of both players that make a state an equilibrium.

    Parameters
    ----------
    model : GraphModel
        Its states and moves; rankings that it may have play no part.
    state : str
        The state that is to be stable for both.
    concept : Concept or str
        One of the four stabilities.
    given : mapping, optional
        By player, what is known of its ranking: texts such as ``"a > b >= c"``, with
        ``>``, ``>=``, ``=``, ``<=`` and ``<``. Default nothing.
    ties : bool
        Whether rankings with ties are admitted.

    Returns
    -------
    Rankings
        The condition in minimal alternatives, and how many rankings meet it.

    Raises
    ------
    ContradictoryAssumptions
        If no ranking agrees with what is given; names a minimal set that clashes.
    UnknownLabel
        If a state or a player does not exist.
    Unsupported
        If the concept is none of the four, or the condition has more than 5,000
        alternatives.

    Examples
    --------
    >>> import redlines as rl
    >>> cells = rl.Game.from_bimatrix(
    ...     [[0, 0], [0, 0]], [[0, 0], [0, 0]], actions=(["C", "D"], ["C", "D"])
    ... )
    >>> found = rl.stabilizing_rankings(
    ...     rl.GraphModel.from_game(cells), "C, C", "gmr", ties=False
    ... )
    >>> print(found)
    C, C in bimatrix is general metarational
      for Row if, in one of these lines, all holds:
        Row: C, C >= D, C
        Row: C, C >= D, D
      for Column if, in one of these lines, all holds:
        Column: C, C >= C, D
        Column: C, C >= D, D
    for both: 256 of 576 pairs of rankings
    """
    require(model, GraphModel, "stabilizing_rankings")
    wanted = read_concept(concept)
    if wanted.value not in STABILITIES:
        raise Unsupported(
            f"{wanted.value!r} is no stability of a state; there are: "
            f"{', '.join(map(repr, STABILITIES))}"
        )
    given = {} if given is None else given
    known = {p: _Known(model, p, given.get(p, ()), ties) for p in model.players}
    for player in given:
        model._player(player)
    return Rankings(model, model._state(state), wanted, ties, known)


class _Known:
    """What is given of a player's ranking, closed under transitivity."""

    def __init__(
        self, model: GraphModel, player: str, given: Iterable[str] | str, ties: bool
    ) -> None:
        self.player = player
        self.states = model.states
        self.ties = ties
        texts = [given] if isinstance(given, str) else list(given)
        pairs = [_pairs(model, player, text) for text in texts]
        # a set is minimal once nothing can be dropped from it
        if not self._fits([p for row in pairs for p in row]):
            core = list(range(len(pairs)))
            for k in range(len(pairs)):
                rest = [j for j in core if j != k]
                if not self._fits([p for j in rest for p in pairs[j]]):
                    core = rest
            raise ContradictoryAssumptions(
                f"no ranking of {player!r}{'' if ties else ' without ties'} agrees "
                f"with {' and '.join(repr(texts[j]) for j in core)}"
            )
        self.pairs = [p for row in pairs for p in row]

    def _closed(
        self, pairs: Iterable[tuple[str, str, bool]]
    ) -> dict[tuple[str, str], bool]:
        """Every comparison that follows, with whether it is strict."""
        found: dict[tuple[str, str], bool] = {}
        for better, worse, strict in pairs:
            # without ties two states that differ compare strictly
            strict = strict or (not self.ties and better != worse)
            found[better, worse] = found.get((better, worse), False) or strict
        names = dict.fromkeys(s for pair in found for s in pair)
        for middle in names:
            for a in names:
                if (a, middle) not in found:
                    continue
                for b in names:
                    if (middle, b) in found:
                        strict = found[a, middle] or found[middle, b]
                        found[a, b] = found.get((a, b), False) or strict
        return found

    def _fits(self, pairs: Iterable[tuple[str, str, bool]]) -> bool:
        return not any(
            strict and (better == worse or (worse, better) in closed)
            for closed in [self._closed(pairs)]
            for (better, worse), strict in closed.items()
        )

    @cached_property
    def closed(self) -> dict[tuple[str, str], bool]:
        """What is given, and what follows from it."""
        return self._closed(self.pairs)

    def follows(self, one: Comparison) -> bool:
        """Whether a comparison is given."""
        strict = self.closed.get((one.better, one.worse))
        return strict is not None and (strict or not one.strict)

    def admits(self, some: Iterable[Comparison]) -> bool:
        """Whether comparisons can hold together with what is given."""
        return self._fits([*self.pairs, *((c.better, c.worse, c.strict) for c in some)])

    def ranking(self, some: Iterable[Comparison]) -> list[list[str]]:
        """A ranking, best first, in which comparisons hold with what is given."""
        closed = self._closed(
            [*self.pairs, *((c.better, c.worse, c.strict) for c in some)]
        )
        left = list(self.states)
        levels = []
        while left:
            # the first state that nothing left is better than, and its equals
            top = next(
                a
                for a in left
                if not any((b, a) in closed and (a, b) not in closed for b in left)
            )
            level = [b for b in left if b == top or {(b, top), (top, b)} <= set(closed)]
            levels.append(level)
            left = [b for b in left if b not in level]
        return levels


def _pairs(model: GraphModel, player: str, text: str) -> list[tuple[str, str, bool]]:
    """What a text such as ``a > b >= c`` says, as (better, worse, strict)."""
    if not isinstance(text, str):
        raise ModelError(f"what is given of {player!r} are texts, not {text!r}")
    states, signs = read_chain(text, model.states, f"in what is given of {player!r}")
    found = []
    for a, sign, b in zip(states, signs, states[1:], strict=False):
        if sign in (">", ">=", "="):
            found.append((a, b, sign == ">"))
        if sign in ("<", "<=", "="):
            found.append((b, a, sign == "<"))
    return found


@dataclass(frozen=True, eq=False)
class Rankings:
    """The rankings that make a state an equilibrium.

    Attributes
    ----------
    model : GraphModel
        Its states and moves.
    state : str
        The state.
    concept : Concept
        The stability.
    ties : bool
        Whether rankings with ties are admitted.
    """

    model: GraphModel
    state: str
    concept: Concept
    ties: bool
    _known: dict[str, _Known]

    @cached_property
    def conditions(self) -> dict[str, tuple[tuple[Comparison, ...], ...]]:
        """By player, when the state is stable for that player.

        One of the alternatives must hold; in an alternative, every comparison. A
        comparison that is given already is left out, so an empty alternative says that
        nothing more is needed; no alternative at all says that it cannot be.
        """
        model = self.model
        return {p: _sorted(self._reduced(self._raw(p)), model) for p in model.players}

    @cached_property
    def alternatives(self) -> tuple[tuple[Comparison, ...], ...]:
        """When the state is an equilibrium: one of these must hold, in full."""
        one, other = (self._reduced(self._raw(p)) for p in self.model.players)
        return _sorted(self._reduced(_product(one, other)), self.model)

    def _raw(self, player: str) -> set[Alternative]:
        """The minimal alternatives of a player, before anything is given."""
        model, s = self.model, self.state
        (other,) = (p for p in model.players if p != player)
        total: set[Alternative] = {frozenset()}
        for t in model.moves[player][s]:
            ways = {_no_better(player, s, [t])}
            for u in model.moves[other][t]:
                if self.concept is Concept.GENERAL_METARATIONAL:
                    ways.add(_no_better(player, s, [u]))
                elif self.concept is Concept.SYMMETRIC_METARATIONAL:
                    ways.add(_no_better(player, s, [u, *model.moves[player][u]]))
                elif self.concept is Concept.SEQUENTIALLY_STABLE:
                    likes = Comparison(other, u, t, True)
                    ways.add(_no_better(player, s, [u]) | {likes})
            total = _product(total, self._reduced(ways))
        return total

    def _reduced(self, some: Iterable[Alternative]) -> set[Alternative]:
        """Within what is given: without what cannot be and what is known anyway."""
        kept = set()
        for alternative in some:
            if all(
                known.admits(c for c in alternative if c.player == p)
                for p, known in self._known.items()
            ):
                kept.add(
                    frozenset(
                        c for c in alternative if not self._known[c.player].follows(c)
                    )
                )
        return _minimal(kept)

    # --------------------------------------------------------------------- counting
    @cached_property
    def total(self) -> int | None:
        """How many pairs of rankings agree with what is given; None if not counted."""
        sizes = self._sizes
        return None if sizes is None else sizes[1]

    @cached_property
    def count(self) -> int | None:
        """How many of them make the state an equilibrium; None if not counted."""
        sizes = self._sizes
        return None if sizes is None else sizes[0]

    @property
    def share(self) -> Fraction | None:
        """`count` over `total`."""
        return None if self._sizes is None else Fraction(*self._sizes)

    @cached_property
    def _sizes(self) -> tuple[int, int] | None:
        """How many pairs meet the condition, and how many there are."""
        atoms = sorted({c for a in self.alternatives for c in a})
        groups = []
        for player in self.model.players:
            own = [c for c in atoms if c.player == player]
            counted = _count(self._known[player], own)
            if counted is None:
                return None
            groups.append(counted)
        one, other = groups
        if len(one) * len(other) * max(1, len(self.alternatives)) > MAX_STEPS:
            return None
        met = sum(
            n * k
            for left, n in one.items()
            for right, k in other.items()
            if any(a <= left | right for a in map(frozenset, self.alternatives))
        )
        return met, one.total() * other.total()

    # ------------------------------------------------------------------------ shown
    @cached_property
    def example(self) -> GraphModel | None:
        """The model with rankings that make the state an equilibrium, verified.

        None if there are none.
        """
        if not self.alternatives:
            return None
        some = self.alternatives[0]
        found = GraphModel(
            self.model.states,
            self.model.moves,
            {
                p: known.ranking(c for c in some if c.player == p)
                for p, known in self._known.items()
            },
            self.model.name,
        )
        checked = equilibrium(found, self.state, self.concept.value)
        if not checked:
            raise SolveFailed(f"the example was refused: {checked.failures[0]}", self)
        return found

    def holds(self, preferences: Mapping[str, object]) -> bool:
        """Whether given rankings make the state an equilibrium.

        Parameters
        ----------
        preferences : mapping
            By player, as `GraphModel` takes them.

        Returns
        -------
        bool
            By the alternatives; what is given is not asked again.
        """
        model = GraphModel(self.model.states, self.model.moves, preferences)
        return any(
            all(
                model.rank[c.player][c.better]
                >= model.rank[c.player][c.worse] + c.strict
                for c in alternative
            )
            for alternative in self.alternatives
        )

    def __repr__(self) -> str:
        return (
            f"<Rankings that make {self.state!r} {self.concept.value}: "
            f"{len(self.alternatives)} alternatives>"
        )

    def __str__(self) -> str:
        lines = [f"{self.state} in {self.model.name} is {self.concept.value}"]
        for player, rows in self.conditions.items():
            if not rows:
                lines.append(f"  for {player} under no ranking that agrees")
            elif rows == ((),):
                lines.append(f"  for {player} under every ranking that agrees")
            else:
                lines.append(f"  for {player} if, in one of these lines, all holds:")
                lines += ["    " + "; ".join(map(str, a)) for a in rows]
        if len(lines) > STR_LINES - 1:
            more = len(lines) - STR_LINES + 2
            lines = [*lines[: STR_LINES - 2], f"... {more} more lines; see .conditions"]
        if self.count is None:
            lines.append("there are too many rankings to count")
        else:
            lines.append(
                f"for both: {self.count:,} of {self.total:,} pairs of rankings"
            )
        return "\n".join(
            x if len(x) <= STR_WIDTH else x[: STR_WIDTH - 1] + "…" for x in lines
        )

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def _no_better(player: str, state: str, others: Iterable[str]) -> Alternative:
    """That none of some states is better than a state."""
    return frozenset(Comparison(player, state, x, False) for x in others if x != state)


def _minimal(some: Iterable[Alternative]) -> set[Alternative]:
    """Those of which no other is a part."""
    kept: list[Alternative] = []
    for one in sorted(set(some), key=len):
        if not any(k <= one for k in kept):
            kept.append(one)
    return set(kept)


def _product(one: set[Alternative], other: set[Alternative]) -> set[Alternative]:
    """What holds if one of each holds."""
    if len(one) * len(other) > MAX_ALTERNATIVES:
        raise Unsupported(
            f"the condition has {len(one) * len(other):,} alternatives or so, more "
            f"than {MAX_ALTERNATIVES:,}; say more of the rankings by given="
        )
    return _minimal(a | b for a in one for b in other)


def _sorted(
    some: Iterable[Alternative], model: GraphModel
) -> tuple[tuple[Comparison, ...], ...]:
    """Alternatives in the order of the model, the shortest first."""
    first = {p: k for k, p in enumerate(model.players)}
    place = {s: k for k, s in enumerate(model.states)}

    def key(c: Comparison) -> tuple[int, int, int, bool]:
        return first[c.player], place[c.better], place[c.worse], c.strict

    rows = [tuple(sorted(a, key=key)) for a in some]
    return tuple(sorted(rows, key=lambda row: (len(row), list(map(key, row)))))


def _count(
    known: _Known, atoms: list[Comparison]
) -> Counter[frozenset[Comparison]] | None:
    """How many rankings agree with what is known, by which atoms hold in them."""
    named = {c.better for c in atoms} | {c.worse for c in atoms}
    named |= {x for pair in known.closed for x in pair}
    place = {s: k for k, s in enumerate(s for s in known.states if s in named)}
    before = [0] * len(place)  # must be in a class below
    with_or_before = [0] * len(place)
    for (better, worse), strict in known.closed.items():
        if better != worse:
            (before if strict else with_or_before)[place[better]] |= 1 << place[worse]
    sides = [(1 << place[c.better], 1 << place[c.worse], c.strict) for c in atoms]
    full = (1 << len(place)) - 1
    # by states placed: how many beginnings, by atoms settled and number of classes
    layer: dict[int, Counter[tuple[int, int]]] = {0: Counter({(0, 0): 1})}
    pending = [0]
    steps = 0
    while pending[0] != full:
        # in the order of the bits, for a class only adds some
        placed = heapq.heappop(pending)
        counts = layer.pop(placed)
        for level in _classes(full & ~placed, known.ties):
            top = placed | level
            steps += len(counts) + len(sides)
            if steps > MAX_STEPS:
                return None
            if any(
                before[k] & ~placed or with_or_before[k] & ~top for k in _bits(level)
            ):
                continue
            settled = 0
            for k, (high, low, strictly) in enumerate(sides):
                # settled when the better of the two is placed
                if high & level and low & (placed if strictly else top):
                    settled |= 1 << k
            if top not in layer:
                layer[top] = Counter()
                heapq.heappush(pending, top)
            target = layer[top]
            for (held, classes), number in counts.items():
                target[held | settled, classes + 1] += number
    others = len(known.states) - len(place)
    found: Counter[frozenset[Comparison]] = Counter()
    for (held, classes), number in layer[full].items():
        true = frozenset(c for k, c in enumerate(atoms) if held >> k & 1)
        found[true] += number * _inserted(classes, others, known.ties)
    return found


@lru_cache(maxsize=10_000)
def _inserted(classes: int, others: int, ties: bool) -> int:
    """The ways to put further states into a ranking of some classes."""
    if not others:
        return 1
    fresh = (classes + 1) * _inserted(classes + 1, others - 1, ties)
    return fresh + (classes * _inserted(classes, others - 1, ties) if ties else 0)


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def _classes(left: int, ties: bool) -> Iterator[int]:
    """The sets of states that the next class can be."""
    if ties:
        level = left
        while level:
            yield level
            level = (level - 1) & left
    else:
        while left:
            low = left & -left
            yield low
            left ^= low
