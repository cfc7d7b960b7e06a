"""Refinements with symbols: for which parameters a support profile survives.

A member of a search is split into parts by what a criterion lets be believed after each
message that nobody sends; each part has the criterion's condition and the restricted
beliefs in its own systems, so that closed forms and bounds speak of what survives.

Reads: criteria, deviations, signalling, closed_forms, conditions, search.  Used by:
parametric.regimes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from redlines.errors import Unsupported
from redlines.parametric.closed_forms import ClosedForm
from redlines.parametric.conditions import as_formula, cases_of, simplified
from redlines.parametric.criteria import CRITERIA, Ruling
from redlines.parametric.deviations import Deviations, Generators
from redlines.parametric.polynomials import Ratio
from redlines.parametric.region import All, AnyOf, Formula, Region, conjunction
from redlines.parametric.search import Member, Search
from redlines.parametric.signalling import Message, Signalling
from redlines.parametric.systems import System
from redlines.parametric.varying import Varying
from redlines.removals import FORWARD
from redlines.solvers.cells import Support
from redlines.solvers.queries import Undecided
from redlines.tree import Game

__all__ = ["Survivors"]


class _Free(Exception):
    """Replies on the path are free, and what some type gets varies with them."""


class Survivors:
    """What criteria leave of the members of a search.

    Parameters
    ----------
    game : Game
    region : Region
    names : sequence of str
        Of the criteria, each applied to what the one before leaves.

    Attributes
    ----------
    doubts : list of str
        What was not decided; what it concerns is kept.

    Raises
    ------
    Unsupported
        If a refinement is not defined with symbols, or not for the game.
    """

    def __init__(self, game: Game, region: Region, names: Sequence[str]) -> None:
        for name in names:
            if name not in FORWARD:
                raise Unsupported(
                    f"{name!r} is decided at numbers only, by rl.solve(..., "
                    f"refine={name!r}); with symbols there are "
                    f"{', '.join(map(repr, FORWARD))}"
                )
        self.names = tuple(names)
        self.doubts: list[str] = []
        self.region = region
        self.game = Signalling(game, region)
        self._known: dict[object, list[Ruling]] = {}
        # families and their members come by the same profiles
        self._parts: dict[Support, list[Member]] = {}

    def __call__(self, search: Search, member: Member) -> list[Member]:
        """The parts of a member that survive.

        Where replies on the path are free, parts may hold at the same parameters; else
        their conditions exclude each other.
        """
        if member.support not in self._parts:
            self._parts[member.support] = self._survive(search, member)
        return self._parts[member.support]

    def _survive(self, search: Search, member: Member) -> list[Member]:
        parts = [member]
        for name in self.names:
            kept: list[Member] = []
            for part in parts:
                try:
                    kept += self._refined(search, part, name)
                except Undecided as stopped:
                    doubt = f"whether {name} removes a support profile: {stopped}"
                    if doubt not in self.doubts:
                        self.doubts.append(doubt)
                    kept.append(part)
            parts = kept
        return parts

    def _refined(self, search: Search, member: Member, name: str) -> list[Member]:
        parts = [member]
        unsent = self.game.unsent(member.support)
        if not unsent:
            return parts
        try:
            standing = self._standing(search, member)
        except _Free:
            return self._varied(search, member, unsent, name)
        for message in unsent:
            rulings = self._rulings(message, standing, name)
            grown = []
            for part in parts:
                for ruling in rulings:
                    found = self._part(search, part, message, ruling)
                    if found is not None and self.region.allows(found.condition):
                        grown.append(found)
            parts = grown
        return parts

    def _standing(self, search: Search, member: Member) -> dict[int, Ratio]:
        """What each type gets on the path."""
        game = self.game
        closed = ClosedForm(search.form, member, search.solver)
        found: dict[int, Ratio] = {}
        for t in game.types:
            for message in game.sent(t, member.support):
                shares: dict[tuple[int, int], Ratio] = {}
                for h, a in message.paid[t]:
                    share = closed.strategy[h][a]
                    if share is not None:
                        shares[h, a] = share
                if len(shares) == len(message.paid[t]):
                    found[t] = game.value(message, t, shares)
                    break
            else:
                raise _Free
        return found

    def _rulings(
        self, message: Message, standing: dict[int, Ratio], name: str
    ) -> list[Ruling]:
        """Under which something may be believed, one for each set of beliefs."""
        own = {t: standing[t] for t in message.types}
        key = (name, message.name, tuple(own.items()))
        if key not in self._known:
            asked = Deviations(self.game, message, own)
            merged: dict[Generators, list[Ruling]] = {}
            for ruling in CRITERIA[name](asked):
                if ruling.beliefs is not None:
                    merged.setdefault(ruling.beliefs, []).append(ruling)
            rulings = []
            for same in merged.values():
                where = AnyOf(tuple(r.where for r in same))
                rulings.append(replace(same[0], where=shorter(self.region, where)))
            self._known[key] = rulings
        return self._known[key]

    def _varied(
        self,
        search: Search,
        member: Member,
        unsent: Sequence[Message],
        name: str,
    ) -> list[Member]:
        """The parts of a member whose replies on the path are free."""
        varying = Varying(self.game, member.support)
        merged: dict[tuple[Generators, ...], list[Formula]] = {}
        within = All(()) if member.within is None else member.within
        for where, ruled in varying.rulings(name, unsent, within):
            beliefs = tuple(r.beliefs for _, r in ruled if r.beliefs is not None)
            if len(beliefs) == len(ruled):
                merged.setdefault(beliefs, []).append(where)
        parts = []
        for group, wheres in merged.items():
            where = varying.short(AnyOf(tuple(wheres)))
            part: Member | None = member
            for message, beliefs_ in zip(unsent, group, strict=True):
                if part is not None:
                    ruling = Ruling(All(()), beliefs_)
                    part = self._part(search, part, message, ruling)
            if part is None:
                continue
            condition = conjunction(
                [part.condition, shorter(self.region, varying.condition(where))]
            )
            if not self.region.allows(condition):
                continue
            notes = part.notes
            if not varying.everywhere(where):
                notes = (*notes, f"{name} leaves it where {varying.spoken(where)}")
            parts.append(replace(part, condition=condition, notes=notes, within=where))
        return parts

    def _part(
        self, search: Search, member: Member, message: Message, ruling: Ruling
    ) -> Member | None:
        """A member where a ruling holds, with the beliefs that it leaves."""
        beliefs = ruling.beliefs
        if beliefs is None:
            return None
        condition = conjunction([member.condition, ruling.where])
        if len(beliefs) == len(message.types) == sum(map(len, beliefs)):
            return replace(member, condition=condition)
        closed = ClosedForm(search.form, member, search.solver)
        infoset = message.receivers[0]
        old = closed.system_at(infoset)
        only = self._believed(search, message, beliefs)
        new: System = replace(
            old, only=(*old.only, (infoset, only)), one=self.region.ring.one
        )
        if not new.block.parameters:
            return None  # the one type that can send it is ruled out
        systems = [s for s in member.systems if s.block is not new.block]
        return replace(
            member,
            systems=[*systems, new],
            condition=conjunction([condition, search.solver.condition(new)]),
        )

    def _believed(
        self, search: Search, message: Message, beliefs: Generators
    ) -> Generators:
        """Beliefs in types as beliefs in the sequences that lead there."""
        first = search.form.players[self.game.sender].first
        return frozenset(
            frozenset(first[t] + message.action[t] for t in s) for s in beliefs
        )


def shorter(region: Region, formula: Formula) -> Formula:
    """The same condition with as little as possible, where that can be found."""
    try:
        return as_formula(simplified(region, cases_of(region, formula)))
    except Undecided:
        return formula
