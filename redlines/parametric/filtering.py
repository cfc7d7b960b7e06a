"""The intuitive criterion, D1 and divinity on equilibria at numbers.

An element of a solution is a support profile with its cells. A criterion leaves those
beliefs in it that pass; where replies on the path are free and what types get varies
with them, it leaves a part of these too. What is left is verified by
`redlines.scrutiny`, which shares no code with this module, and so is what is removed.

Reads: removals, scrutiny, solution, solvers, parametric.  Used by: parametric.refining.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from redlines.errors import SolveFailed, Unsupported
from redlines.forms import SequenceForm
from redlines.parametric.criteria import CRITERIA, Ruling
from redlines.parametric.deviations import Deviations, Generators
from redlines.parametric.polynomials import Ratio, Ring
from redlines.parametric.reasons import fault
from redlines.parametric.region import All, AnyOf, Formula, Region
from redlines.parametric.signalling import Message, Signalling
from redlines.parametric.varying import Varying
from redlines.profile import Assessment
from redlines.ranges import Range
from redlines.referee import Certificate
from redlines.removals import Removed, Verdict
from redlines.scrutiny import passes, refutes
from redlines.solution import Concept, Element, Equilibrium
from redlines.solvers.base import DEFAULT_EFFORT
from redlines.solvers.believed import narrowed, rows
from redlines.solvers.cells import Side
from redlines.solvers.consistency import from_orders
from redlines.solvers.queries import Undecided
from redlines.solvers.sequential import SequentialElement
from redlines.tree import Game

__all__ = ["Forward", "RefinedElement"]


@dataclass(frozen=True)
class Part:
    """The replies of a support profile that satisfy a condition.

    Attributes
    ----------
    varying : Varying
        The profile, its replies as names.
    where : Formula
        The condition.
    """

    varying: Varying
    where: Formula

    def __reduce__(self) -> tuple[object, ...]:
        # polynomials stay in their process; the rest is read off the game again
        return _part, (self.varying.base.game, self.varying.support, self.where)


def _part(game: Game, support: Sequence[Sequence[int]], where: Formula) -> Part:
    region = Region(Ring(()), [], DEFAULT_EFFORT)
    return Part(Varying(Signalling(game, region), support), where)


@dataclass(frozen=True)
class Passed:
    """Which criteria an element passed, and what they leave of it.

    Attributes
    ----------
    names : tuple of str
        The criteria.
    limits : dict of int to Generators
        By information set what may be believed there, as sets of sequences.
    notes : tuple of str
        The restrictions in words.
    part : Part, optional
        The replies that are left, if not all.
    """

    names: tuple[str, ...] = ()
    limits: Mapping[int, Generators] | None = None
    notes: tuple[str, ...] = ()
    part: Part | None = None


class RefinedElement(SequentialElement):
    """The sequential equilibria on a support profile that pass criteria.

    Parameters
    ----------
    element : SequentialElement
        Without the restriction.
    sides : tuple of Side
        With it.
    passed : Passed
    """

    def __init__(
        self,
        element: SequentialElement,
        sides: tuple[Side, Side] | None,
        passed: Passed,
    ) -> None:
        super().__init__(element.form, element.model)
        self._narrow = sides
        self.passed = passed

    @cached_property
    def sides(self) -> tuple[Side, Side] | None:
        """The cells that are left."""
        return self._narrow

    def assessment(self) -> Assessment:
        """The middle of the largest cell, or replies of the part that is left."""
        found = super().assessment()
        part = self.passed.part
        if part is None:
            return found
        assert found.orders is not None
        assert found.weights is not None
        weights = [list(row) for row in found.weights]
        for h, shares in part.varying.point(part.where).items():
            for a, share in shares.items():
                weights[h][a] = share
        return from_orders(self.form, [list(row) for row in found.orders], weights)

    def strategy_ranges(self) -> dict[int, dict[int, Range]]:
        """By information set and action, what is not pinned down."""
        found = super().strategy_ranges()
        part = self.passed.part
        if part is None:
            return found
        replies = {h for h, _ in part.varying.names}
        kept = {h: row for h, row in found.items() if h not in replies}
        return {**kept, **part.varying.ranges(part.where)}

    @staticmethod
    def components(elements: Sequence[SequentialElement]) -> list[list[int]] | None:
        """Connected components; None where only a part of a profile is left."""
        if any(getattr(e, "passed", Passed()).part is not None for e in elements):
            return None
        return SequentialElement.components(elements)

    def relations(self) -> tuple[str, ...]:
        """Conditions among what is free, the criteria's among them."""
        return (*super().relations(), *self.passed.notes)

    def extremes(
        self, amount: Callable[[int], Fraction], given: Callable[[int], bool] | None
    ) -> Range | None:
        """What an expected amount can be over the element."""
        if self.passed.part is not None:
            raise Unsupported(
                "only a part of this support profile is left, which is described in "
                ".free; ask for the measure at the representative"
            )
        return super().extremes(amount, given)

    def shown(self, concept: Concept) -> Equilibrium:
        """With a certificate that the criteria are met."""
        return RefinedEquilibrium(self, concept)

    def contains(self, assessment: Assessment, with_beliefs: bool) -> bool:
        """Whether an assessment belongs to the element."""
        if not super().contains(assessment, with_beliefs):
            return False
        part = self.passed.part
        if part is not None and not part.varying.holds(part.where, assessment):
            return False
        return not with_beliefs or all(
            self._believes(assessment, infoset, generators)
            for infoset, generators in (self.passed.limits or {}).items()
        )

    def _believes(
        self, assessment: Assessment, infoset: int, generators: Generators
    ) -> bool:
        """Whether a belief is one that the criteria leave."""
        belief = assessment.belief[infoset]
        if belief is None:
            return True
        row = self.game._tables.infosets[infoset]
        odds: dict[int, Fraction] = {}
        prior: dict[int, Fraction] = {}
        for n, share in zip(row.nodes, belief, strict=True):
            q = self.form.sequence[1 - row.player][n]
            odds[q] = odds.get(q, Fraction(0)) + share
            prior[q] = prior.get(q, Fraction(0)) + self.form.chance[n]
        least = sorted(q for q, share in odds.items() if share)
        found = rows(generators, frozenset(least))
        if found is None:
            return False
        c = [odds[q] / prior[q] for q in least]
        equal, above = (
            [sum(a * x for a, x in zip(r, c, strict=True)) for r in part]
            for part in found
        )
        return not any(equal) and all(v >= 0 for v in above)


class RefinedEquilibrium(Equilibrium):
    """An equilibrium that passes criteria, with the certificate for that."""

    @cached_property
    def certificate(self) -> Certificate:
        """What the referee found, and whether the beliefs pass the criteria."""
        found = super().certificate
        element = self._element
        assert isinstance(element, RefinedElement)
        for name in element.passed.names:
            failure = passes(self._assessment, name)
            failures = found.failures if failure is None else (*found.failures, failure)
            found = replace(
                found,
                holds=not failures,
                failures=failures,
                checked=(*found.checked, name),
            )
        return found


class Forward:
    """A criterion for beliefs after messages that nobody sends, as a filter.

    Parameters
    ----------
    game : Game
        At numbers.
    concept : Concept
        What is refined.
    name : str
        Of the criterion.
    effort, time_limit
        For one question.

    Raises
    ------
    Unsupported
        If equilibria of another concept than sequential are to be refined, or the game
        is no signalling game of the class; says why.
    """

    def __init__(
        self,
        game: Game,
        concept: Concept,
        name: str,
        effort: int,
        time_limit: float | None,
    ) -> None:
        if concept is not Concept.SEQUENTIAL:
            raise Unsupported(
                f"{name!r} refines 'sequential' equilibria, whose beliefs it restricts,"
                f" not {concept.value!r} ones"
            )
        self.name = name
        self.region = Region(Ring(()), [], effort, time_limit)
        self.game = Signalling(game, self.region)
        self._known: dict[object, tuple[Deviations, Ruling]] = {}

    def __call__(self, element: Element) -> Verdict:
        """What is left of an element."""
        assert isinstance(element, SequentialElement)
        passed = getattr(element, "passed", Passed(limits={}))
        passed = replace(passed, names=(*passed.names, self.name))
        try:
            unsent = self.game.unsent(element.support)
            if not unsent:
                return Verdict([RefinedElement(element, element.sides, passed)])
            if element.sides is None:
                raise Undecided("its cells are too many to write out")
            standing = self._standing(element)
            if standing is None:
                return self._varied(element, unsent, passed)
            ruled = [self._ruling(message, standing) for message in unsent]
            kept = self._left(element, ruled, passed)
            if isinstance(kept, RefinedElement):
                return Verdict([kept])
            return Verdict(removed=[self._removed(element, *kept)])
        except Undecided as stopped:
            return Verdict(
                [element],
                undecided=[f"whether {self.name} removes a support profile: {stopped}"],
            )

    # ------------------------------------------------------- where all types' payoffs
    def _standing(self, element: SequentialElement) -> dict[int, Ratio] | None:
        """What each type gets on the path; None if it varies over the element."""
        game, ring = self.game, self.region.ring
        chosen = element.assessment().strategy
        free = element.strategy_ranges()
        found = {}
        for t in game.types:
            message = game.sent(t, element.support)[0]
            if any(h in free for h in message.receivers) and not self._fixed(
                element, t
            ):
                return None
            shares = {(h, a): ring.ratio(chosen[h][a]) for h, a in message.paid[t]}
            found[t] = game.value(message, t, shares)
        return found

    def _fixed(self, element: SequentialElement, infoset: int) -> bool:
        """Whether a type gets the same in the whole element."""
        if getattr(element, "passed", Passed()).part is not None:
            return False
        sender, passed = self.game.sender, self.game.passed
        payoffs = self.game.game._exact_payoffs
        found = element.extremes(
            lambda n: payoffs[n][sender] if passed[n] == infoset else Fraction(0), None
        )
        return found is not None and found.is_point

    def _ruling(
        self, message: Message, standing: Mapping[int, Ratio]
    ) -> tuple[Deviations, Ruling]:
        own = {t: standing[t] for t in message.types}
        key = (message.name, tuple(own.items()))
        if key not in self._known:
            asked = Deviations(self.game, message, own)
            (ruling,) = CRITERIA[self.name](asked)
            self._known[key] = asked, ruling
        return self._known[key]

    def _left(
        self,
        element: SequentialElement,
        ruled: Sequence[tuple[Deviations, Ruling]],
        passed: Passed,
    ) -> RefinedElement | tuple[Deviations, Ruling]:
        """What rulings leave of an element, or the one that leaves nothing."""
        sides = element.sides
        limits, notes = dict(passed.limits or {}), passed.notes
        sender = self.game.sender
        for asked, ruling in ruled:
            side = None
            if ruling.beliefs is not None and sides is not None:
                own = self._believed(element.form, asked.message, ruling.beliefs)
                side = narrowed(sides[sender], own)
                limits.update(own)
            if side is None or sides is None:
                return asked, ruling
            sides = (side, sides[1]) if sender == 0 else (sides[0], side)
            if ruling.pruned and self.name != "intuitive criterion":
                types = " and ".join(self.game.spoken(t) for t in ruling.pruned)
                notes = (
                    *notes,
                    f"{self.name} rules out {types} after {asked.message.name}",
                )
        return RefinedElement(
            element, sides, replace(passed, limits=limits, notes=notes)
        )

    def _believed(
        self, form: SequenceForm, message: Message, beliefs: Generators
    ) -> dict[int, Generators]:
        """Beliefs in types as beliefs in the sequences that lead there."""
        first = form.players[self.game.sender].first
        sequences = {t: first[t] + a for t, a in message.action.items()}
        return {
            message.receivers[0]: frozenset(
                frozenset(sequences[t] for t in s) for s in beliefs
            )
        }

    # ------------------------------------------------------------- where they vary
    def _varied(
        self, element: SequentialElement, unsent: Sequence[Message], passed: Passed
    ) -> Verdict:
        """The parts of an element on which what types get passes."""
        before = passed.part
        varying = before.varying if before else Varying(self.game, element.support)
        within = before.where if before else All(())
        kept: dict[tuple[object, ...], tuple[RefinedElement, list[Formula]]] = {}
        gone: list[tuple[Formula, Deviations, Ruling]] = []
        for where, ruled in varying.rulings(self.name, unsent, within):
            left = self._left(element, ruled, passed)
            if isinstance(left, RefinedElement):
                key = tuple(r.beliefs for _, r in ruled)
                kept.setdefault(key, (left, []))[1].append(where)
            else:
                gone.append((where, *left))
        elements = []
        for left, parts in kept.values():
            whole = varying.short(AnyOf(tuple(parts)))
            if not before and varying.everywhere(whole):
                elements.append(left)
                continue
            note = f"{self.name} leaves it where {varying.spoken(whole)}"
            own = replace(
                left.passed,
                part=Part(varying, whole),
                notes=(*left.passed.notes, note),
            )
            elements.append(RefinedElement(left, left.sides, own))
        at = element.assessment()
        gone.sort(key=lambda g: not varying.holds(g[0], at))
        if elements:
            removed = [
                self._removed(element, asked, ruling, varying.spoken(where))
                for where, asked, ruling in gone
            ]
            return Verdict(elements, removed)
        return Verdict(removed=[self._removed(element, *gone[0][1:])])

    # ------------------------------------------------------------------------ reasons
    def _removed(
        self,
        element: SequentialElement,
        asked: Deviations,
        ruling: Ruling,
        where: str = "",
    ) -> Removed:
        found = fault(self.name, asked, ruling, element.support)
        equilibrium = element.shown(Concept.SEQUENTIAL)
        tables = self.game.game._tables
        if not where and not refutes(equilibrium._assessment, self.name, found.message):
            raise SolveFailed(
                f"the check of {self.name} does not confirm that it removes an "
                f"equilibrium of {self.game.game!r} by {found.message!r}"
            )
        return Removed(
            self.name,
            equilibrium,
            tables.players[found.player],
            found.message,
            tuple(map(tables.label, found.infosets)),
            found.reason,
            where,
        )
