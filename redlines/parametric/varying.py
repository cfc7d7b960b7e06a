"""Replies on the path that are free, so that what types get varies with them.

Then whether a support profile survives a criterion depends on these replies too. They
become names of their own beside the parameters: the criterion's rulings are conditions
on both, and without the replies, which enter linearly, on the parameters alone.

Reads: conditions, criteria, deviations, plays, region, signalling.  Used by:
parametric.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from redlines.parametric.conditions import Condition, as_formula, cases_of, simplified
from redlines.parametric.criteria import CRITERIA, Ruling
from redlines.parametric.deviations import Deviations
from redlines.parametric.plays import lifted, lifted_key, lifted_ratio, projected
from redlines.parametric.polynomials import Ratio, Ring
from redlines.parametric.region import (
    AnyOf,
    Atom,
    Formula,
    Region,
    conjunction,
)
from redlines.parametric.signalling import Message, Reply, Signalling
from redlines.profile import Assessment
from redlines.ranges import Interval, Range
from redlines.solvers.queries import Undecided

__all__ = ["Varying"]


class Varying:
    """A support profile of a signalling game, with its replies as names.

    Parameters
    ----------
    game : Signalling
    support : tuple of tuple of int

    Attributes
    ----------
    names : dict of Reply to str
        The replies that are names; of each information set all that are taken but one.
    region : Region
        The parameters and the replies with which nobody who sends gains by another
        message.
    game : Signalling
        The same over the region's ring.
    standing : dict of int to Ratio
        By type what it gets on the path.
    """

    def __init__(self, game: Signalling, support: Sequence[Sequence[int]]) -> None:
        self.base = game
        self.support = support
        tables = game.game._tables
        self.names: dict[Reply, str] = {}
        for message in game.messages:
            for h in message.receivers:
                for a in support[h][1:]:
                    row = tables.infosets[h]
                    self.names[h, a] = f"{row.actions[a]} at {tables.label(h)}"
        old = game.region
        ring = Ring([*old.ring.names, *self.names.values()])
        domain = [Atom(lifted_key(a.key, old.ring, ring), a.sign) for a in old.atoms]
        plain = Region(ring, domain, old.effort, old.time_limit, old.chances)
        self.game = copy.copy(game)
        self.game.prior = {t: lifted_ratio(r, ring) for t, r in game.prior.items()}
        self.game.messages = [_lifted(m, ring) for m in game.messages]
        self._shares = self._replies(ring)
        self.conditions = self._conditions(plain)
        self.region = Region(
            ring,
            [*domain, *self.conditions],
            old.effort,
            old.time_limit,
            [*old.chances, *self.names.values()],
        )
        self.game.region = self.region
        self.standing = {
            t: self.game.value(self.game.sent(t, support)[0], t, self._shares)
            for t in game.types
        }

    def _replies(self, ring: Ring) -> dict[Reply, Ratio]:
        """The probability of every reply."""
        zero = Ratio(ring, ring.zero, ring.one)
        one = Ratio(ring, ring.one, ring.one)
        found = {}
        rows = self.base.game._tables.infosets
        for message in self.base.messages:
            for h in message.receivers:
                left = one
                for a in range(len(rows[h].actions)):
                    found[h, a] = zero
                for a in self.support[h][1:]:
                    name = self.names[h, a]
                    found[h, a] = Ratio(ring, ring.symbol(name), ring.one)
                    left = left - found[h, a]
                found[h, self.support[h][0]] = left
        return found

    def _conditions(self, region: Region) -> list[Atom]:
        """That replies are taken, and that no type gains by another message."""
        game = self.game
        found = [
            region.plain(share.above, ">")
            for (h, a), share in self._shares.items()
            if a in self.support[h] and len(self.support[h]) > 1
        ]
        for t in game.types:
            best = game.value(game.sent(t, self.support)[0], t, self._shares)
            for message in game.messages:
                if t not in message.action:
                    continue
                gap = best - game.value(message, t, self._shares)
                if not gap:
                    continue
                on = message.action[t] in self.support[t]
                atom = region.plain(gap.above * gap.below, "==" if on else ">=")
                if not atom.is_settled:
                    found.append(atom)
        return found

    def asked(self, message: Message) -> Deviations:
        """The questions about a message."""
        (own,) = (m for m in self.game.messages if m.name == message.name)
        standing = {t: self.standing[t] for t in own.types}
        return Deviations(self.game, own, standing, self.region)

    def rulings(
        self, name: str, messages: Sequence[Message], within: Formula
    ) -> list[tuple[Formula, list[tuple[Deviations, Ruling]]]]:
        """What a criterion says of several messages together, part by part.

        Parameters
        ----------
        name : str
            Of the criterion.
        messages : sequence of Message
            That nobody sends.
        within : Formula
            Of parameters and replies.
        """
        parts: list[tuple[Formula, list[tuple[Deviations, Ruling]]]] = [(within, [])]
        for message in messages:
            asked = self.asked(message)
            ruled = self._merged(CRITERIA[name](asked))
            parts = [
                (both, [*before, (asked, ruling)])
                for where, before in parts
                for ruling in ruled
                if self.region.allows(both := conjunction([where, ruling.where]))
            ]
        return parts

    def _merged(self, ruled: Iterable[Ruling]) -> list[Ruling]:
        """Rulings that say the same as one, with a short condition."""
        alike: dict[object, list[Ruling]] = {}
        for one in ruled:
            alike.setdefault((one.beliefs, one.pruned, one.gains), []).append(one)
        return [
            replace(same[0], where=self.short(AnyOf(tuple(r.where for r in same))))
            for same in alike.values()
        ]

    def short(self, where: Formula) -> Formula:
        """The same condition with as little as possible, where that can be found."""
        try:
            return as_formula(simplified(self.region, cases_of(self.region, where)))
        except Undecided:
            return where

    def everywhere(self, where: Formula) -> bool:
        """Whether a condition holds for all parameters and replies."""
        return not self.region.allows(where.negated)

    # ---------------------------------------------------------------------- projection
    def condition(self, where: Formula) -> Formula:
        """For which parameters some replies satisfy a condition."""
        names = list(self.names.values())
        whole = conjunction([*self.conditions, self.short(where)])
        found = projected(self.region, whole, names)
        if found is None:
            raise Undecided("replies enter a condition that is not linear in them")
        width = max(1, len(self.base.region.ring.names))
        return _cut(found, width)

    def spoken(self, where: Formula) -> str:
        """A condition in words."""
        return str(
            Condition(
                self.region, simplified(self.region, cases_of(self.region, where))
            )
        )

    # ---------------------------------------------------------------------- at numbers
    def point(self, where: Formula) -> dict[int, dict[int, Fraction]]:
        """Replies that satisfy a condition, by information set, at numbers."""
        found = self.region.point(where)
        if found is None:
            raise Undecided("no replies were found where there are some")
        values = dict(zip(self.names.values(), found, strict=True))
        shares: dict[int, dict[int, Fraction]] = {}
        for h in dict.fromkeys(h for h, _ in self.names):
            first, *others = self.support[h]
            row = {a: values[self.names[h, a]] for a in others}
            shares[h] = {first: 1 - sum(row.values(), Fraction(0)), **row}
        return shares

    def holds(self, where: Formula, assessment: Assessment) -> bool:
        """Whether the replies of a profile satisfy a condition."""
        values = [assessment.strategy[h][a] for h, a in self.names]
        return where.holds(values)

    def ranges(self, where: Formula) -> dict[int, dict[int, Range]]:
        """What each reply can be where a condition holds, in a game at numbers."""
        found: dict[int, dict[int, Range]] = {}
        for h, a in self._shares:
            if a not in self.support[h] or len(self.support[h]) == 1:
                continue
            found.setdefault(h, {})[a] = self._range((h, a), where)
        return {
            h: row
            for h, row in found.items()
            if any(not r.is_point for r in row.values())
        }

    def _range(self, reply: Reply, where: Formula) -> Range:
        ring = Ring([*self.region.ring.names, "it"])
        old = self.region.ring
        share = lifted_ratio(self._shares[reply], ring)
        region = Region(ring, [], self.region.effort, self.region.time_limit)
        tie = region.plain(share.above - ring.symbol("it") * share.below, "==")
        formula = conjunction(
            [
                tie,
                *(lifted(f, old, ring) for f in (*self.conditions, where)),
            ]
        )
        left = projected(region, formula, list(self.names.values()))
        if left is None:
            raise Undecided("replies enter a condition that is not linear in them")
        position = ring.index["it"]
        return Range.union(_interval(case, position) for case in cases_of(region, left))


def _lifted(message: Message, ring: Ring) -> Message:
    def rows(table: Mapping[int, Mapping[Reply, Ratio]]) -> dict[int, Any]:
        return {
            t: {k: lifted_ratio(r, ring) for k, r in row.items()}
            for t, row in table.items()
        }

    return Message(
        message.name,
        message.action,
        message.receivers,
        {t: lifted_ratio(r, ring) for t, r in message.fixed.items()},
        rows(message.paid),
        rows(message.worth),
    )


def _cut(formula: Formula, width: int) -> Formula:
    """A condition without its last names, which do not occur in it."""
    if isinstance(formula, Atom):
        return Atom(tuple((m[:width], c) for m, c in formula.key), formula.sign)
    return type(formula)(tuple(_cut(p, width) for p in formula.parts))


def _interval(case: frozenset[Atom], position: int) -> Interval:
    """The numbers between the bounds of a case in one name."""
    low, high = Fraction(0), Fraction(1)
    low_closed = high_closed = True
    for atom in case:
        slope = rest = Fraction(0)
        for exponents, value in atom.key:
            if exponents[position]:
                slope = Fraction(value)
            else:
                rest = Fraction(value)
        end = -rest / slope
        closed = atom.sign != ">"
        above = slope > 0 or atom.sign == "=="
        below = slope < 0 or atom.sign == "=="
        if above and (end > low or (end == low and not closed)):
            low, low_closed = end, closed
        if below and (end < high or (end == high and not closed)):
            high, high_closed = end, closed
    return Interval(low, high, low_closed, high_closed)
