"""What there is to say of a family of equilibria, before it is put into words.

An `Account` holds play on the path, beliefs there, what is done off the path, and the
probabilities of events. Every rendering reads it, so that all of them say the same.

Reads: numbers, tree, parametric.  Used by: io.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from redlines.numbers import Relation
from redlines.parametric.bounds import belief_bounds
from redlines.parametric.closed_forms import ClosedForm, Value
from redlines.parametric.conditions import Condition, as_formula, cases_of, simplified
from redlines.parametric.elimination import TooManyRows
from redlines.parametric.names import private_draws
from redlines.parametric.polynomials import Ratio
from redlines.parametric.regimes import Regime, RegimeFamily
from redlines.solvers.cells import TooManyCells
from redlines.solvers.queries import Undecided
from redlines.tree import MOVE, Game

__all__ = ["Account", "Belief", "Decision", "OffPath", "account", "off_path"]

Facts = tuple[tuple[str, str], ...]
Cases = tuple[tuple[Relation, ...], ...]


@dataclass(frozen=True)
class Decision:
    """What a player does at an information set.

    Attributes
    ----------
    player, name, label : str
        Who decides, what, and the label of the information set.
    private : tuple of (str, str)
        The facts that the player alone knows: its type.
    public : tuple of (str, str)
        The other facts that it knows.
    choices : tuple of (str, Value or None)
        The actions that it may take, each with its probability; None where free.
    """

    player: str
    name: str
    label: str
    private: Facts
    public: Facts
    choices: tuple[tuple[str, Value | None], ...]


@dataclass(frozen=True)
class Belief:
    """What a player believes where it cannot tell some histories apart.

    Attributes
    ----------
    shares : tuple of (Facts, Value or Cases)
        In what the histories differ, each with its probability or the cases that bound
        it, in which the probability itself is the symbol `unknown`.
    """

    shares: tuple[tuple[Facts, Value | Cases], ...]
    unknown: str = ""


@dataclass(frozen=True)
class OffPath:
    """One way to hold a family up off the path.

    Attributes
    ----------
    condition : Condition or None
        Where it does; None if wherever the family exists.
    decisions : tuple of (Decision, Belief or None)
        Those that one deviation leads to come first.
    more : int
        How many decisions are left out.
    """

    condition: Condition | None
    decisions: tuple[tuple[Decision, Belief | None], ...]
    more: int


@dataclass(frozen=True)
class Account:
    """What there is to say of a family, besides its name and condition.

    Attributes
    ----------
    path : tuple of Decision
    beliefs : tuple of (Decision, Belief)
        On the path, where they follow from what the other player does.
    off_path : tuple of OffPath
    events : tuple of (str, Value or None)
        The probability of every event.
    """

    path: tuple[Decision, ...]
    beliefs: tuple[tuple[Decision, Belief], ...]
    off_path: tuple[OffPath, ...]
    events: tuple[tuple[str, Value | None], ...]


def account(family: RegimeFamily, width: int = 8) -> Account:
    """What there is to say of a family.

    Parameters
    ----------
    family : RegimeFamily
    width : int
        How many decisions off the path are told; 0 to leave them out.

    Returns
    -------
    Account
    """
    game, closed = family.game, family._closed
    tables = game._tables
    order = sorted(
        (h for h, _ in family._found.path),
        key=lambda h: (tables.depth[tables.infosets[h].nodes[0]], h),
    )
    path = {h: _decision(game, closed, h) for h in order}
    beliefs = [
        (decision, belief)
        for h, decision in path.items()
        if (belief := _belief_on_path(game, closed, h)) is not None
    ]
    return Account(
        tuple(path.values()),
        tuple(_without_types(beliefs)),
        tuple(off_path(family, width)) if width else (),
        tuple((e, family.probability(e)) for e in game.events),
    )


def _decision(game: Game, closed: ClosedForm, infoset: int) -> Decision:
    tables = game._tables
    row = tables.infosets[infoset]
    own = private_draws(game, row.player)
    facts = tables.facts(row.observation)
    return Decision(
        game.players[row.player],
        row.name,
        tables.label(infoset),
        tuple(f for f in facts if f[0] in own),
        tuple(f for f in facts if f[0] not in own),
        tuple(
            (row.actions[a], _number(closed.strategy[infoset][a]))
            for a in closed.support[infoset]
        ),
    )


def _number(share: Ratio | None) -> Value | None:
    return None if share is None else share.number()


# --------------------------------------------------------------------------- beliefs
def _belief_on_path(game: Game, closed: ClosedForm, infoset: int) -> Belief | None:
    """The belief that Bayes' rule gives, where it says more than chance alone does."""
    tables = game._tables
    row = tables.infosets[infoset]
    if len(row.nodes) == 1 or not _other_moved(game, infoset):
        return None
    come = [closed.reach[n] for n in row.nodes]
    some = [w for w in come if w is None or w]
    weights = [w for w in come if w is not None]
    shares: list[Ratio | None] = list(closed.belief[infoset])
    if len(some) == 1:
        shares = [
            closed._zero if w is not None and not w else closed._one for w in come
        ]
    elif len(weights) == len(come):
        total = sum(weights[1:], weights[0])
        shares = [w / total for w in weights]
    told = []
    for facts, share in zip(_differences(game, row.nodes), shares, strict=True):
        if share is None:
            return None
        if share:
            told.append((facts, share.number()))
    # of two probabilities the second follows from the first
    return Belief(tuple(told[:1] if len(row.nodes) == 2 else told))


def _without_types(
    beliefs: Sequence[tuple[Decision, Belief]],
) -> list[tuple[Decision, Belief]]:
    """Beliefs with those that all types share told once."""
    groups: dict[tuple[str, str, Facts], list[tuple[Decision, Belief]]] = {}
    for at, belief in beliefs:
        groups.setdefault((at.player, at.name, at.public), []).append((at, belief))
    found = []
    for group in groups.values():
        if len(group) > 1 and all(belief == group[0][1] for _, belief in group):
            group = [(replace(group[0][0], private=()), group[0][1])]
        found += group
    return found


def _other_moved(game: Game, infoset: int) -> bool:
    """Whether the other player may have moved before an information set."""
    tables = game._tables
    row = tables.infosets[infoset]
    return any(
        tables.kind[n] == MOVE
        and tables.infosets[tables.infoset[n]].player != row.player
        for node in row.nodes
        for n in tables.path(node)[:-1]
    )


def _differences(game: Game, nodes: Sequence[int]) -> list[Facts]:
    """What was chosen on the way to each node and not on the way to all of them."""
    tables = game._tables
    ways = []
    for node in nodes:
        path = tables.path(node)
        ways.append(
            [
                (tables.name[n], tables.options(n)[tables.option[m]])
                for n, m in pairwise(path)
            ]
        )
    common = set(ways[0]).intersection(*ways[1:])
    return [tuple(f for f in way if f not in common) for way in ways]


# -------------------------------------------------------------------------- off path
def off_path(family: RegimeFamily, width: int = 8) -> list[OffPath]:
    """What may hold a family up off the path, one entry for each part of its condition.

    Parameters
    ----------
    family : RegimeFamily
    width : int
        How many decisions are told.

    Returns
    -------
    list of OffPath
        Empty if every information set is reached.
    """
    game = family.game
    on_path = {h for h, _ in family._found.path}
    off = [h for h in range(len(game._tables.infosets)) if h not in on_path]
    if not off:
        return []
    region = family._owner._region
    whole = as_formula(family._raw)
    members = []
    for member in family._found.found:
        regime = Regime(family._owner, member, family._raw, family.open)
        try:
            if region.allows(member.condition, whole):
                members.append(regime)
        except Undecided:
            members.append(regime)
    told: list[OffPath] = []
    for regime in members:
        condition = None
        if len(members) > 1:
            try:
                cases = cases_of(region, regime._member.condition)
                condition = Condition(region, simplified(region, cases, whole))
            except Undecided:
                continue
            if condition.always:
                told, condition = [], None
        rows = sorted(off, key=_deviations(regime))
        told.append(
            OffPath(
                condition,
                tuple(
                    (_decision(game, regime._closed, h), _belief_off_path(regime, h))
                    for h in rows[:width]
                ),
                max(0, len(rows) - width),
            )
        )
        if condition is None:
            break
    return told


def _deviations(regime: Regime) -> Callable[[int], tuple[int, int, int]]:
    """How far from the path an information set is: deviations, then choices."""
    tables = regime.game._tables
    support = regime._member.support
    count = [0] * len(tables)
    for node in range(1, len(count)):
        before = tables.parent[node]
        off = (
            tables.kind[before] == MOVE
            and tables.option[node] not in support[tables.infoset[before]]
        )
        count[node] = count[before] + off

    def rank(infoset: int) -> tuple[int, int, int]:
        nodes = tables.infosets[infoset].nodes
        return min(count[n] for n in nodes), tables.depth[nodes[0]], infoset

    return rank


def _belief_off_path(regime: Regime, infoset: int) -> Belief | None:
    """The belief at an information set that is not reached, as far as it is bound."""
    game = regime.game
    nodes = game._tables.infosets[infoset].nodes
    if len(nodes) == 1:
        return None
    closed = regime._closed
    told: list[tuple[Facts, Value | Cases]] = []
    unknown = ""
    for k, facts in enumerate(_differences(game, nodes)):
        share = closed.belief[infoset][k]
        if share is not None:
            if share:
                told.append((facts, share.number()))
        else:
            try:
                bounds = belief_bounds(regime, infoset, k)
            except (Undecided, TooManyCells, TooManyRows):
                continue
            if bounds.always:
                continue
            unknown = bounds._region.ring.names[-1]
            told.append((facts, bounds.cases))
        if len(nodes) == 2 and told:
            break  # of two probabilities the second follows
    return Belief(tuple(told), unknown) if told else None
