"""A game read as a signalling game, with whatever follows the reply folded back.

The class (see `docs/explanation/refinements.md`): chance draws the sender's type and
possibly an independent type of the receiver; one message, which the receiver sees; one
reply; after it only moves that have one best choice whatever their owner does not know.

A *type* is an information set of the sender, a *receiver* an information set of the
other player after some message: one for each type of the receiver. Payoffs are
quotients of polynomials in the parameters, constants in a game at numbers.

Reads: errors, tree, polynomials, region.  Used by: parametric.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from redlines.errors import Unsupported
from redlines.parametric.polynomials import Ratio
from redlines.parametric.region import Region
from redlines.solvers.queries import Undecided
from redlines.tree import CHANCE, MOVE, TERMINAL, Game

__all__ = ["Message", "Reply", "Signalling"]

# a reply at one of the receiver's information sets: the set and the action
Reply = tuple[int, int]


@dataclass
class Message:
    """One message, with what it and the replies to it pay.

    Attributes
    ----------
    name : str
    action : dict of int to int
        By type the number of the message among the type's actions.
    receivers : list of int
        The information sets at which it is answered; none if nothing hangs on it.
    fixed : dict of int to Ratio
        By type what is paid to it whatever the reply.
    paid : dict of int to dict of Reply to Ratio
        By type what each reply adds, times the probability of the receiver's type.
    worth : dict of int to dict of Reply to Ratio
        By type what each reply pays the receiver there, times the same.
    """

    name: str
    action: dict[int, int] = field(default_factory=dict)
    receivers: list[int] = field(default_factory=list)
    fixed: dict[int, Ratio] = field(default_factory=dict)
    paid: dict[int, dict[Reply, Ratio]] = field(default_factory=dict)
    worth: dict[int, dict[Reply, Ratio]] = field(default_factory=dict)

    @property
    def types(self) -> list[int]:
        """The types that can send it."""
        return list(self.action)


class Signalling:
    """A game of the class.

    Parameters
    ----------
    game : Game
    region : Region
        The admitted values of the parameters.

    Attributes
    ----------
    sender, receiver : int
        The players.
    types : list of int
        Information sets of the sender.
    prior : dict of int to Ratio
        By type.
    messages : list of Message
    passed : list of int
        By node the sender's information set that play has come through, or -1.

    Raises
    ------
    Unsupported
        If the game is not of the class; says why.
    """

    def __init__(self, game: Game, region: Region) -> None:
        self.game = game
        self.region = region
        self._tables = game._tables
        ring = region.ring
        self._zero = Ratio(ring, ring.zero, ring.one)
        self._one = Ratio(ring, ring.one, ring.one)
        self._amounts = [ring.ratio(a) for a in game._amounts]
        self._weight, self.passed = self._walk()
        self._later: dict[int, int] = {}
        self._value = self._fold()
        self.prior = {
            h: self._sum(self._weight[n] for n in self._tables.infosets[h].nodes)
            for h in self.types
        }
        self.messages = self._read()

    def _refuse(self, reason: str) -> Unsupported:
        return Unsupported(
            f"game {self.game.name!r} is no signalling game of the class that the "
            f"intuitive criterion, D1 and divinity are defined for: {reason}; the "
            "class is: chance draws the type of the sender, and perhaps an independent "
            "type of the receiver; one message, one reply; after it only moves that "
            "have one best choice whatever their owner does not know"
        )

    def _sum(self, parts: object) -> Ratio:
        total = self._zero
        for part in parts:  # type: ignore[attr-defined]
            total = total + part
        return total

    # ------------------------------------------------------------------------- reading
    def _walk(self) -> tuple[list[Ratio], list[int]]:
        """Chance's part of every node, and the sender's set that it has passed."""
        tables = self._tables
        weight = [self._one] * len(tables)
        passed = [-1] * len(tables)
        first: dict[int, None] = {}
        for node in range(len(tables)):
            if node:
                before = tables.parent[node]
                weight[node], passed[node] = weight[before], passed[before]
                if tables.kind[before] == CHANCE:
                    draw = tables.draws[tables.infoset[before]]
                    share = self._amounts[draw.amounts[tables.option[node]]]
                    weight[node] = weight[node] * share
            if tables.kind[node] == MOVE and passed[node] < 0:
                passed[node] = tables.infoset[node]
                first.setdefault(passed[node])
        self.types = list(first)
        owners = {tables.infosets[h].player for h in self.types}
        if len(owners) != 1:
            raise self._refuse("who moves first depends on chance")
        self.sender = owners.pop()
        self.receiver = 1 - self.sender
        return weight, passed

    def _fold(self) -> list[tuple[Ratio, Ratio] | None]:
        """What every node pays once later moves are folded back; None where it is open.

        Information sets are folded from the ends of play backwards.
        """
        tables = self._tables
        payoffs = self.game._payoffs
        value: list[tuple[Ratio, Ratio] | None] = [None] * len(tables)
        ring = self.region.ring
        for node in tables.terminals:
            one, other = (ring.ratio(v) for v in payoffs[node])
            value[node] = one, other
        waiting = [h for h in range(len(tables.infosets)) if h not in self.types]
        waiting.sort(
            key=lambda h: -max(tables.depth[n] for n in tables.infosets[h].nodes)
        )
        self._settle(value)
        changed = True
        while changed:
            changed = False
            for h in waiting:
                if h in self._later:
                    continue
                best = self._best(h, value)
                if best is not None:
                    self._later[h] = best
                    for n in tables.infosets[h].nodes:
                        value[n] = value[tables.children[n][best]]
                    self._settle(value)
                    changed = True
        return value

    def _settle(self, value: list[tuple[Ratio, Ratio] | None]) -> None:
        """Nodes of chance all of whose outcomes are known."""
        tables = self._tables
        for node in range(len(tables) - 1, -1, -1):
            if tables.kind[node] != CHANCE or value[node] is not None:
                continue
            below = [value[c] for c in tables.children[node]]
            if any(v is None for v in below):
                continue
            draw = tables.draws[tables.infoset[node]]
            total = [self._zero, self._zero]
            for amount, pair in zip(draw.amounts, below, strict=True):
                assert pair is not None
                for k in (0, 1):
                    total[k] = total[k] + self._amounts[amount] * pair[k]
            value[node] = total[0], total[1]

    def _best(
        self, infoset: int, value: Sequence[tuple[Ratio, Ratio] | None]
    ) -> int | None:
        """The choice that is best at every node of a set, and alone so."""
        tables = self._tables
        row = tables.infosets[infoset]
        for choice in range(len(row.actions)):
            for n in row.nodes:
                own = value[tables.children[n][choice]]
                for other, child in enumerate(tables.children[n]):
                    pair = value[child]
                    if own is None or pair is None:
                        return None
                    if other != choice and not self._positive(
                        own[row.player] - pair[row.player]
                    ):
                        break
                else:
                    continue
                break
            else:
                return choice
        return None

    def _positive(self, ratio: Ratio) -> bool:
        """Whether a quotient is positive for all admitted values."""
        try:
            return self.region.signs(ratio.above * ratio.below) == frozenset([1])
        except Undecided:
            return False

    def _same(self, one: Ratio, other: Ratio) -> bool:
        if one == other:
            return True
        difference = one - other
        try:
            return self.region.signs(difference.above) == frozenset([0])
        except Undecided:
            return False

    def _read(self) -> list[Message]:
        tables = self._tables
        found: dict[str, Message] = {}
        for h in self.types:
            row = tables.infosets[h]
            for action, name in enumerate(row.actions):
                message = found.setdefault(name, Message(name))
                message.action[h] = action
                message.fixed[h] = self._zero
                message.paid[h], message.worth[h] = {}, {}
                for n in row.nodes:
                    self._follow(message, h, tables.children[n][action])
        owner: dict[int, Message] = {}
        for message in found.values():
            for h in message.receivers:
                if owner.setdefault(h, message) is not message:
                    raise self._refuse(
                        f"at {tables.label(h)!r} the receiver does not see whether "
                        f"{owner[h].name!r} or {message.name!r} was chosen"
                    )
            self._require_independent(message)
        return list(found.values())

    def _follow(self, message: Message, infoset: int, start: int) -> None:
        """What comes after a message from one node of a type."""
        tables, sender = self._tables, self.sender
        prior = self._sum(self._weight[n] for n in tables.infosets[infoset].nodes)
        stack = [start]
        while stack:
            node = stack.pop()
            pair = self._value[node]
            part = self._weight[node] / prior
            if pair is not None:
                message.fixed[infoset] = message.fixed[infoset] + part * pair[sender]
                continue
            if tables.kind[node] == CHANCE:
                stack.extend(tables.children[node])
                continue
            h = tables.infoset[node]
            self._require_reply(h, node)
            if h not in message.receivers:
                message.receivers.append(h)
            for action, child in enumerate(tables.children[node]):
                pair = self._value[child]
                if pair is None:
                    raise self._refuse(self._unfolded(child))
                for table, who in (
                    (message.paid[infoset], sender),
                    (message.worth[infoset], self.receiver),
                ):
                    table[h, action] = (
                        table.get((h, action), self._zero) + part * pair[who]
                    )

    def _require_reply(self, infoset: int, node: int) -> None:
        tables = self._tables
        if tables.infosets[infoset].player == self.sender:
            raise self._refuse(self._unfolded(node))

    def _unfolded(self, node: int) -> str:
        """Which later move has no single best choice."""
        tables = self._tables
        stack = [node]
        found = node
        while stack:
            n = stack.pop()
            if tables.kind[n] == MOVE and self._value[n] is None:
                found = n
            if tables.kind[n] != TERMINAL:
                stack.extend(tables.children[n])
        h = tables.infoset[found]
        row = tables.infosets[h]
        return (
            f"{tables.players[row.player]} moves at {tables.label(h)!r} after the "
            "message and the reply, or again, and no choice there is best whatever it "
            "does not know"
        )

    def _require_independent(self, message: Message) -> None:
        """The receiver's type says nothing about the sender's."""
        tables = self._tables
        for h in message.receivers:
            share: dict[int, Ratio] = dict.fromkeys(message.types, self._zero)
            for n in tables.infosets[h].nodes:
                t = self.passed[n]
                share[t] = share[t] + self._weight[n] / self.prior[t]
            values = list(share.values())
            for other in values[1:]:
                if not self._same(values[0], other):
                    raise self._refuse(
                        f"what the receiver knows at {tables.label(h)!r} depends on "
                        "the sender's type"
                    )

    # ------------------------------------------------------------------------- queries
    def unsent(self, support: Sequence[Sequence[int]]) -> list[Message]:
        """Messages with a reply that no type sends."""
        return [
            m
            for m in self.messages
            if m.receivers and not any(a in support[t] for t, a in m.action.items())
        ]

    def sent(self, infoset: int, support: Sequence[Sequence[int]]) -> list[Message]:
        """The messages that a type sends."""
        return [
            m
            for m in self.messages
            if infoset in m.action and m.action[infoset] in support[infoset]
        ]

    def value(
        self, message: Message, infoset: int, shares: Mapping[Reply, Ratio]
    ) -> Ratio:
        """What a message pays a type against given replies."""
        total = message.fixed[infoset]
        for reply, amount in message.paid[infoset].items():
            share = shares[reply]
            if share:
                total = total + share * amount
        return total

    def spoken(self, infoset: int) -> str:
        """A type as people call it: what it knows, or who it is."""
        tables = self._tables
        facts = tables.facts(tables.infosets[infoset].observation)
        if not facts:
            return tables.label(infoset)
        return ", ".join(f"{name}={value}" for name, value in facts)
