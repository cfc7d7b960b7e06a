"""Equilibria of small trees by brute force, apart from everything in the package.

Nothing here imports the package: a tree is read through the public views of a game, and
what an equilibrium is comes straight from the definitions.

* *Nash, weak perfect Bayesian*: deviations are all pure (continuation) strategies; a
  belief off the path is one small linear programme at each information set.
* *Sequential*: for each information set a guess of which nodes have the least order;
  orders that fit the guesses are difference constraints (longest paths), weights that
  make the play rational a linear programme in exact fractions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import combinations, pairwise, product
from typing import Any

from oracle.linear import Row, feasible

Strategy = Mapping[str, Mapping[str, Fraction]]
Belief = Mapping[str, Mapping[str, Fraction]]
NONE: Belief = {}
Plan = tuple[tuple[str, str], ...]


@dataclass
class Point:
    """A node, with the own choices of both players on the way to it."""

    view: Any
    history: str
    chance: Fraction
    plans: tuple[Plan, Plan]
    children: dict[str, Point] = field(default_factory=dict)

    @property
    def payoffs(self) -> tuple[Fraction, ...]:
        return tuple(self.view.payoffs.values())


@dataclass
class Place:
    """An information set."""

    label: str
    owner: int
    actions: tuple[str, ...]
    points: list[Point]


class Tree:
    """A two-player game, read node by node."""

    def __init__(self, game: Any) -> None:
        self.game = game
        self.places: dict[str, Place] = {}
        self.ends: list[Point] = []
        self.root = self._read(game.root, Fraction(1), ((), ()))

    def _read(self, view: Any, chance: Fraction, plans: tuple[Plan, Plan]) -> Point:
        point = Point(view, view.history, chance, plans)
        kind = type(view).__name__
        if kind == "Terminal":
            self.ends.append(point)
        elif kind == "Chance":
            for outcome, child in view.children.items():
                share = chance * view.probabilities[outcome]
                point.children[outcome] = self._read(child, share, plans)
        else:
            owner = self.game.players.index(view.player)
            label = view.infoset.label
            place = self.places.setdefault(
                label, Place(label, owner, view.infoset.actions, [])
            )
            place.points.append(point)
            for action, child in view.children.items():
                after = list(plans)
                after[owner] = (*plans[owner], (label, action))
                point.children[action] = self._read(child, chance, (after[0], after[1]))
        return point

    def own(self, player: int) -> list[Place]:
        return [p for p in self.places.values() if p.owner == player]

    @cached_property
    def below(self) -> dict[str, list[Place]]:
        """For each information set the own ones from it on, itself first."""
        found: dict[str, list[Place]] = {}
        for place in self.places.values():
            step = {(place.label, action) for action in place.actions}
            found[place.label] = [place] + [
                later
                for later in self.own(place.owner)
                if step & set(later.points[0].plans[place.owner])
            ]
        return found

    @cached_property
    def continuations(self) -> dict[str, list[dict[str, str]]]:
        """For each information set all pure continuation strategies of its owner."""
        return {label: list(choices(own)) for label, own in self.below.items()}

    def under(self, point: Point) -> list[Point]:
        """The ends below a node."""
        found, stack = [], [point]
        while stack:
            top = stack.pop()
            stack.extend(top.children.values())
            if not top.children:
                found.append(top)
        return found


def choices(places: Sequence[Place]) -> Iterator[dict[str, str]]:
    """All pure choices at some information sets."""
    for row in product(*(p.actions for p in places)):
        yield {p.label: a for p, a in zip(places, row, strict=True)}


# ----------------------------------------------------------------- fixed strategies
def worth(point: Point, player: int, play: Strategy) -> Fraction:
    """What a player expects from a node on."""
    if not point.children:
        return point.payoffs[player]
    total = Fraction(0)
    chance = type(point.view).__name__ == "Chance"
    shares = point.view.probabilities if chance else play[point.view.infoset.label]
    for option, child in point.children.items():
        share = shares.get(option, 0)
        if share:
            total += share * worth(child, player, play)
    return total


def certain(choice: Mapping[str, str]) -> dict[str, dict[str, Fraction]]:
    return {label: {action: Fraction(1)} for label, action in choice.items()}


def is_nash(tree: Tree, play: Strategy) -> bool:
    """No pure strategy of a player does better from the beginning."""
    for player in (0, 1):
        now = worth(tree.root, player, play)
        for choice in choices(tree.own(player)):
            if worth(tree.root, player, {**play, **certain(choice)}) > now:
                return False
    return True


def is_subgame_perfect(tree: Tree, play: Strategy) -> bool:
    """Perfect information: no change of one action at one node helps its owner."""
    for place in tree.places.values():
        (point,) = place.points
        now = worth(point, place.owner, play)
        for child in point.children.values():
            if worth(child, place.owner, play) > now:
                return False
    return True


def proper(tree: Tree) -> list[Point]:
    """The nodes at which subgames begin, the root first."""
    found, stack = [], [tree.root]
    while stack:
        top = stack.pop()
        stack.extend(top.children.values())
        inside, below = set(), [top]
        while below:
            point = below.pop()
            inside.add(id(point))
            below.extend(point.children.values())
        places = [[id(p) for p in place.points] for place in tree.places.values()]
        cut = any(inside & set(row) and not inside >= set(row) for row in places)
        if top.children and not cut:
            found.append(top)
    return found


def is_nash_in_subgames(tree: Tree, play: Strategy) -> bool:
    """In no subgame does a pure strategy of a player do better."""
    for point in proper(tree):
        labels = {
            label
            for end in tree.under(point)
            for plan in end.plans
            for label, _ in plan
        }
        for player in (0, 1):
            now = worth(point, player, play)
            own = [place for place in tree.own(player) if place.label in labels]
            for choice in choices(own):
                if worth(point, player, {**play, **certain(choice)}) > now:
                    return False
    return True


def reach(point: Point, play: Strategy) -> Fraction:
    share = point.chance
    for label, action in point.plans[0] + point.plans[1]:
        share *= play[label].get(action, Fraction(0))
    return share


def is_weak(tree: Tree, play: Strategy, belief: Belief = NONE) -> bool:
    """Rational everywhere for Bayes' beliefs on the path and some (or these) off it."""
    for place in tree.places.values():
        gains = [
            [
                worth(point, place.owner, {**play, **certain(choice)})
                - worth(point, place.owner, play)
                for point in place.points
            ]
            for choice in tree.continuations[place.label]
        ]
        come = [reach(point, play) for point in place.points]
        held: list[Fraction] | None = None
        if place.label in belief:
            given = belief[place.label]
            held = [given.get(point.history, Fraction(0)) for point in place.points]
            if sum(held) != 1 or min(held) < 0:
                return False
            if any(c != h * sum(come) for c, h in zip(come, held, strict=True)):
                return False
        elif any(come):
            held = come
        if held is not None:
            if any(sum(map(_times, row, held)) > 0 for row in gains):
                return False
        else:
            size = len(place.points)
            rows = [(dict(enumerate(row)), Fraction(0)) for row in gains]
            rows.append((dict.fromkeys(range(size), Fraction(-1)), Fraction(-1)))
            if not feasible(rows, size):
                return False
    return True


def _times(one: Fraction, other: Fraction) -> Fraction:
    return one * other


# ----------------------------------------------------------------------- sequential
def carries_sequential(
    tree: Tree,
    support: Mapping[str, Sequence[str]],
    play: Strategy | None = None,
    belief: Belief = NONE,
) -> bool:
    """Whether a support profile (and this play, these beliefs on it) is sequential."""
    return all(_Side(tree, j, support, play, belief).solvable() for j in (0, 1))


def is_sequential(
    tree: Tree,
    play: Strategy,
    belief: Belief = NONE,
) -> bool:
    support = {h: [a for a, v in row.items() if v] for h, row in play.items()}
    return carries_sequential(tree, support, play, belief)


class _Side:
    """One player's trembles, and what the other does in the light of them."""

    def __init__(
        self,
        tree: Tree,
        player: int,
        support: Mapping[str, Sequence[str]],
        play: Strategy | None,
        belief: Belief,
    ) -> None:
        self.tree, self.player, self.support = tree, player, support
        self.play, self.belief = play, belief
        self.number: dict[Plan, int] = {(): 0}
        for place in sorted(
            tree.own(player), key=lambda p: len(p.points[0].plans[player])
        ):
            for action in place.actions:
                plan = (*place.points[0].plans[player], (place.label, action))
                self.number[plan] = len(self.number)

    def solvable(self) -> bool:
        return self._guess(tuple(self.tree.own(1 - self.player)), {}, self._basic())

    def _basic(self) -> list[tuple[int, int, int]]:
        """Difference constraints ``K[a] >= K[b] + gap`` of being on and off."""
        found = []
        for plan, k in self.number.items():
            if plan:
                label, action = plan[-1]
                before = self.number[plan[:-1]]
                if action in self.support[label]:
                    found += [(k, before, 0), (before, k, 0)]
                else:
                    found.append((k, before, 1))
        return found

    def _guess(
        self,
        places: tuple[Place, ...],
        least: dict[str, frozenset[int]],
        orders: list[tuple[int, int, int]],
    ) -> bool:
        """Go through all guesses of the least nodes that some orders fit."""
        if not _ordered(orders, len(self.number)):
            return False
        if not places:
            return feasible(self._weights(least), len(self.number))
        place, rest = places[0], places[1:]
        met = sorted({self._at(point) for point in place.points})
        for size in range(len(met), 0, -1):
            for group in combinations(met, size):
                if place.label in self.belief and not self._held(place, group):
                    continue
                more = [(k, group[0], 0) for k in group]
                more += [(group[0], k, 0) for k in group]
                more += [(k, group[0], 1) for k in met if k not in group]
                if self._guess(
                    rest, {**least, place.label: frozenset(group)}, orders + more
                ):
                    return True
        return False

    def _at(self, point: Point) -> int:
        return self.number[point.plans[self.player]]

    def _held(self, place: Place, group: Sequence[int]) -> bool:
        given = self.belief[place.label]
        return all(
            bool(given.get(p.history)) == (self._at(p) in group) for p in place.points
        )

    def _weights(
        self, least: Mapping[str, frozenset[int]]
    ) -> list[tuple[Row, Fraction]]:
        """Conditions on weights C >= 1 (they are homogeneous), as y = C - 1 >= 0."""
        found: list[Row] = []

        def equal(row: Row) -> None:
            found.extend((row, {k: -v for k, v in row.items()}))

        for place in self.tree.own(self.player):
            before = place.points[0].plans[self.player]
            total = {self.number[before]: Fraction(-1)}
            for action in self.support[place.label]:
                k = self.number[(*before, (place.label, action))]
                total[k] = Fraction(1)
                if self.play is not None:
                    share = self.play[place.label][action]
                    equal({k: Fraction(1), self.number[before]: -share})
            equal(total)
        for place in self.tree.own(1 - self.player):
            group = [p for p in place.points if self._at(p) in least[place.label]]
            for row, exact in self._rational(place, group):
                equal(row) if exact else found.append(row)
            if place.label in self.belief:
                given = self.belief[place.label]
                for one, other in pairwise(group):
                    row = _plus({}, self._at(one), one.chance * given[other.history])
                    share = -other.chance * given[one.history]
                    equal(_plus(row, self._at(other), share))
        return [(row, -sum(row.values(), Fraction(0))) for row in found]

    def _rational(
        self, place: Place, group: Sequence[Point]
    ) -> Iterator[tuple[Row, bool]]:
        """What each continuation gains over one in the support; whether it is in it."""
        first = {
            p.label: self.support[p.label][0] for p in self.tree.below[place.label]
        }
        reference = self._value(place, group, first)
        for choice in self.tree.continuations[place.label]:
            if choice != first:
                row = dict(self._value(place, group, choice))
                for k, v in reference.items():
                    _plus(row, k, -v)
                yield row, all(a in self.support[h] for h, a in choice.items())

    def _value(
        self, place: Place, group: Sequence[Point], choice: Mapping[str, str]
    ) -> Row:
        """What a continuation is worth, in the weights of the trembling player."""
        row: Row = {}
        for point in group:
            deep = len(point.plans[self.player])
            for end in self.tree.under(point):
                mine = end.plans[place.owner][len(point.plans[place.owner]) :]
                others = end.plans[self.player][deep:]
                if all(choice[h] == a for h, a in mine) and all(
                    a in self.support[h] for h, a in others
                ):
                    _plus(row, self._at(end), end.chance * end.payoffs[place.owner])
        return row


def _plus(row: Row, key: int, amount: Fraction) -> Row:
    row[key] = row.get(key, Fraction(0)) + amount
    return row


def _ordered(constraints: Sequence[tuple[int, int, int]], count: int) -> bool:
    """Whether difference constraints have a solution: no cycle gains."""
    height = [0] * count
    for _ in range(count + 1):
        changed = False
        for above, below, gap in constraints:
            if height[above] < height[below] + gap:
                height[above] = height[below] + gap
                changed = True
        if not changed:
            return True
    return False
