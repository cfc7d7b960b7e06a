"""Refinements as filters: what survives of an answer, and why the rest does not.

Reads: solution, removals, scrutiny, solvers, parametric.  Used by: solving.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from redlines.errors import SolveFailed, Unsupported
from redlines.forms import SequenceForm
from redlines.parametric.criteria import CRITERIA, Ruling
from redlines.parametric.deviations import Deviations, Generators
from redlines.parametric.polynomials import Ratio, Ring
from redlines.parametric.reasons import Fault, fault
from redlines.parametric.region import Region
from redlines.parametric.signalling import Message, Signalling
from redlines.profile import Assessment
from redlines.ranges import Range
from redlines.referee import Certificate
from redlines.removals import FORWARD, Removed
from redlines.scrutiny import passes, refutes
from redlines.solution import Concept, Element, Equilibrium, Solution, Status
from redlines.solvers.base import DEFAULT_EFFORT
from redlines.solvers.believed import narrowed, rows
from redlines.solvers.cells import Side
from redlines.solvers.queries import Undecided
from redlines.solvers.sequential import SequentialElement

__all__ = ["refined"]


def refined(
    solution: Solution,
    names: Sequence[str],
    effort: int = DEFAULT_EFFORT,
    time_limit: float | None = None,
) -> Solution:
    """What refinements leave of an answer.

    Parameters
    ----------
    solution : Solution
        Of every equilibrium.
    names : sequence of str
        Of refinements, as `removals.read_refinements` gives them; each is applied to
        what the one before leaves.
    effort, time_limit
        For one question.

    Returns
    -------
    Solution
        With `refinements`, `removed` and `undecided`.

    Raises
    ------
    Unsupported
        If a refinement is not defined for the game or the concept; says why.
    """
    elements: Sequence[Element] = [
        solution._elements[k] for k in range(len(solution))
    ]
    removed: list[Removed] = []
    undecided: list[str] = []
    for name in names:
        judge = _judge(solution, name, effort, time_limit)
        kept: list[Element] = []
        for element in elements:
            verdict = judge(element)
            kept += verdict.kept
            removed += verdict.removed
            undecided += verdict.undecided
        elements = kept
    whole = solution.count == len(solution)
    complete = solution.complete and whole and not undecided
    status = solution.status
    if not elements:
        status = Status.NONE_EXISTS if complete else Status.NOT_FOUND
    elif undecided and status is Status.SOLVED:
        status = Status.LIMIT
    found = Solution(
        solution.game,
        solution.concept,
        elements,
        status=status,
        coverage=solution.coverage,
        complete=complete,
        reason=solution.reason
        if not undecided
        else f"{solution.reason}; a refinement was not decided for all that is listed",
        method=solution.method,
        unit=solution.unit,
        seconds=solution.seconds,
        exact=solution.exact,
        count=len(elements) if complete else None,
        limit=solution._limit,
    )
    found.refinements = tuple(names)
    found.removed = tuple(removed)
    found.undecided = tuple(dict.fromkeys(undecided))
    return found


@dataclass
class _Verdict:
    """What a refinement makes of one element."""

    kept: Sequence[Element] = ()
    removed: Sequence[Removed] = ()
    undecided: Sequence[str] = ()


def _judge(
    solution: Solution, name: str, effort: int, time_limit: float | None
) -> Any:
    """The filter of a refinement for the elements of one solution."""
    concept = solution.concept
    if name in FORWARD:
        if concept is not Concept.SEQUENTIAL:
            raise Unsupported(
                f"{name!r} refines 'sequential' equilibria, whose beliefs it restricts; "
                f"not {concept.value!r} ones"
            )
        return _Forward(solution, name, effort, time_limit)
    raise Unsupported(name)


# ------------------------------------------------- beliefs after messages nobody sends
class RefinedElement(SequentialElement):
    """The sequential equilibria on a support profile with some beliefs only.

    Parameters
    ----------
    element : SequentialElement
        Without the restriction.
    sides : tuple of Side
        With it.
    names : tuple of str
        The criteria.
    limits : dict of int to Generators
        By information set what may be believed there, as sets of sequences.
    notes : tuple of str
        The restriction in words.
    """

    def __init__(
        self,
        element: SequentialElement,
        sides: tuple[Side, Side] | None,
        names: tuple[str, ...],
        limits: Mapping[int, Generators],
        notes: tuple[str, ...],
    ) -> None:
        super().__init__(element.form, element.model)
        self._narrow = sides
        self.names = names
        self.limits = limits
        self.notes = notes

    @cached_property
    def sides(self) -> tuple[Side, Side] | None:
        """The cells that are left."""
        return self._narrow

    def relations(self) -> tuple[str, ...]:
        """Conditions among what is free, the criteria's among them."""
        return (*super().relations(), *self.notes)

    def shown(self, concept: Concept) -> Equilibrium:
        """With a certificate that the criteria are met."""
        return RefinedEquilibrium(self, concept)

    def contains(self, assessment: Assessment, with_beliefs: bool) -> bool:
        """Whether an assessment belongs to the element."""
        if not super().contains(assessment, with_beliefs):
            return False
        if not with_beliefs:
            return True
        tables = self.game._tables
        for infoset, generators in self.limits.items():
            belief = assessment.belief[infoset]
            if belief is None:
                continue
            row = tables.infosets[infoset]
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
            values = [
                [sum(a * x for a, x in zip(r, c, strict=True)) for r in part]
                for part in found
            ]
            if any(values[0]) or any(v < 0 for v in values[1]):
                return False
        return True


class RefinedEquilibrium(Equilibrium):
    """An equilibrium that passes criteria, with the certificate for that."""

    @cached_property
    def certificate(self) -> Certificate:
        """What the referee found, and whether the beliefs pass the criteria."""
        found = super().certificate
        element = self._element
        assert isinstance(element, RefinedElement)
        for name in element.names:
            failure = passes(self._assessment, name)
            failures = found.failures if failure is None else (*found.failures, failure)
            found = replace(
                found,
                holds=not failures,
                failures=failures,
                checked=(*found.checked, name),
            )
        return found


class _Forward:
    """The intuitive criterion, D1 or a kind of divinity, at numbers."""

    def __init__(
        self, solution: Solution, name: str, effort: int, time_limit: float | None
    ) -> None:
        self.solution = solution
        self.name = name
        self.region = Region(Ring(()), [], effort, time_limit)
        self.game = Signalling(solution.game, self.region)
        self._known: dict[object, tuple[Deviations, Ruling]] = {}

    def __call__(self, element: Element) -> _Verdict:
        assert isinstance(element, SequentialElement)
        try:
            return self._judged(element)
        except Undecided as stopped:
            return _Verdict(
                [element],
                undecided=[f"whether an element passes {self.name}: {stopped}"],
            )

    def _judged(self, element: SequentialElement) -> _Verdict:
        unsent = self.game.unsent(element.support)
        if unsent and element.sides is None:
            raise Undecided("its cells are too many to write out")
        standing = self._standing(element) if unsent else {}
        sides = element.sides
        limits: dict[int, Generators] = dict(getattr(element, "limits", {}))
        notes: tuple[str, ...] = getattr(element, "notes", ())
        for message in unsent:
            asked, ruling = self._ruling(message, standing)
            beliefs = ruling.beliefs
            found = None
            if beliefs is not None and sides is not None:
                own = self.believed(element.form, message, beliefs)
                found = narrowed(sides[self.game.sender], own)
                limits.update(own)
            if found is None:
                return self._removed(element, asked, ruling)
            both = list(sides)
            both[self.game.sender] = found
            sides = (both[0], both[1])
            if ruling.pruned and self.name != "intuitive criterion":
                notes = (*notes, self._note(message, ruling))
        names = (*getattr(element, "names", ()), self.name)
        return _Verdict([RefinedElement(element, sides, names, limits, notes)])

    def _note(self, message: Message, ruling: Ruling) -> str:
        pruned = " and ".join(self.game.spoken(t) for t in ruling.pruned)
        return f"{self.name} rules out {pruned} after {message.name}"

    def _removed(
        self, element: SequentialElement, asked: Deviations, ruling: Ruling
    ) -> _Verdict:
        found: Fault = fault(self.name, asked, ruling, element.support)
        equilibrium = element.shown(self.solution.concept)
        tables = self.solution.game._tables
        if not refutes(equilibrium._assessment, self.name, found.message):
            raise SolveFailed(
                f"the check of {self.name} does not confirm that it removes an "
                f"equilibrium of {self.solution.game!r} by {found.message!r}",
                self.solution,
            )
        return _Verdict(
            removed=[
                Removed(
                    self.name,
                    equilibrium,
                    tables.players[found.player],
                    found.message,
                    tuple(map(tables.label, found.infosets)),
                    found.reason,
                )
            ]
        )

    def believed(
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

    def _standing(self, element: SequentialElement) -> dict[int, Ratio]:
        """What each type gets on the path."""
        game, ring = self.game, self.region.ring
        chosen = element.assessment().strategy
        free: Mapping[int, Mapping[int, Range]] = element.strategy_ranges()
        found = {}
        for t in game.types:
            message = game.sent(t, element.support)[0]
            for h in message.receivers:
                if h in free and not self._fixed(element, t):
                    raise Undecided(
                        "replies on the path are free, and what types get varies with "
                        "them"
                    )
            shares = {
                (h, a): ring.ratio(chosen[h][a]) for h, a in message.paid[t]
            }
            found[t] = game.value(message, t, shares)
        return found

    def _fixed(self, element: SequentialElement, infoset: int) -> bool:
        """Whether a type gets the same in the whole element."""
        sender, passed = self.game.sender, self.game._type
        payoffs = self.solution.game._exact_payoffs
        found = element.extremes(
            lambda n: payoffs[n][sender] if passed[n] == infoset else Fraction(0), None
        )
        return found is not None and found.is_point


