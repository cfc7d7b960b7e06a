"""A scenario: a question, who said what, the game that follows, and what it answers.

A `Scenario` carries *statements*; *assumptions*, relations between the parameters of
its game, each tied to statements or marked as ours; a *baseline*, one set of numbers
that satisfies them, chosen by us for illustration; and *claims*, what was concluded, as
something that can be checked in the game. A scenario whose baseline breaks an
assumption or leaves a domain cannot be made, so one that loads is consistent.

Each scenario is one file in ``redlines/scenarios`` and one line in its registry.

Reads: errors, numbers, tree, solution, solving, evidence, claims.  Used by: scenarios.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from importlib import import_module
from types import MappingProxyType
from typing import Any

from redlines.claims import Claim, P, payoff
from redlines.errors import EvidenceError, UnknownLabel
from redlines.evidence import Assumption, Statement, require_consistent, statement
from redlines.numbers import Amount, decimal
from redlines.ranges import Range
from redlines.solution import Family, Solution
from redlines.solving import solve
from redlines.tree import Game

__all__ = ["Scenario", "load", "scenario_names"]

_WIDTH = 92


@dataclass(frozen=True, eq=False)
class Scenario:
    """A question about a crisis, with its sources, its game and its numbers.

    Scenarios come from `load`.

    Parameters
    ----------
    name : str
        As `load` takes it.
    question : str
        What is asked, in one or two sentences.
    statements : sequence of str or Statement
        What the scenario is built on; ids are looked up.
    game : Game
        Unbound, so that its parameters stay open.
    assumptions : sequence of Assumption
        What the statements are taken to say about the parameters.
    baseline : mapping of str to Amount
        A value for each parameter, ours and for illustration.
    claims : mapping of str to Claim
        What can be checked, in words and as a comparison of measures.
    limits : sequence of two str
        What the scenario does not say, in two sentences.
    forms : mapping of str to Game, optional
        Structural variants that share the parameters, the first one `game`; default
        that one alone, named by the game.
    meanings : mapping of str to str, optional
        What each form stands for.
    findings : sequence of str, optional
        What holds at the baseline, in sentences.

    Raises
    ------
    ContradictoryAssumptions
        If the assumptions cannot hold together within the parameters' domains.
    EvidenceError
        If they can, and the baseline breaks one; or if it leaves a parameter out.
    OutOfRange
        If the baseline leaves a parameter's domain.
    UnknownLabel
        If an assumption or the baseline names no parameter of the game.

    Examples
    --------
    >>> import redlines as rl
    >>> scenario = rl.load("red_lines")
    >>> [s.id for s in scenario.statements]
    ['suslov-red-lines', 'suslov-no-interest-in-war']
    >>> scenario.solve(form="verifiable")[0].probability("nuclear use")
    Fraction(0, 1)
    """

    name: str
    question: str
    statements: Sequence[Statement]
    game: Game
    assumptions: Sequence[Assumption]
    baseline: Mapping[str, Fraction]
    claims: Mapping[str, Claim]
    limits: Sequence[str]
    forms: Mapping[str, Game] = field(default_factory=dict)
    meanings: Mapping[str, str] = field(default_factory=dict)
    findings: Sequence[str] = ()

    def __init__(
        self,
        name: str,
        question: str,
        statements: Sequence[str | Statement],
        game: Game,
        assumptions: Sequence[Assumption],
        baseline: Mapping[str, Amount],
        claims: Mapping[str, Claim],
        limits: Sequence[str],
        forms: Mapping[str, Game] | None = None,
        meanings: Mapping[str, str] | None = None,
        findings: Sequence[str] = (),
    ) -> None:
        def keep(attribute: str, value: object) -> None:
            object.__setattr__(self, attribute, value)

        keep("name", name)
        keep("question", question)
        keep(
            "statements",
            tuple(s if isinstance(s, Statement) else statement(s) for s in statements),
        )
        keep("game", game)
        keep("assumptions", tuple(assumptions))
        keep("claims", MappingProxyType(dict(claims)))
        keep("limits", tuple(limits))
        keep("forms", MappingProxyType(dict(forms or {game.name: game})))
        keep("meanings", MappingProxyType(dict(meanings or {})))
        keep("findings", tuple(findings))
        keep("baseline", MappingProxyType(self._checked(baseline)))

    def _checked(self, baseline: Mapping[str, Amount]) -> dict[str, Fraction]:
        """The baseline as exact numbers, within domains and assumptions."""
        parameters = self.game.parameters
        for assumption in self.assumptions:
            for name in assumption.names:
                if name not in parameters:
                    raise UnknownLabel(
                        "parameter", name, parameters, f"for assumption {assumption}"
                    )
        for form, game in self.forms.items():
            if set(game.parameters) != set(parameters):
                raise EvidenceError(
                    f"scenario {self.name!r}: form {form!r} has other parameters than "
                    "the game, so one baseline cannot bind both"
                )
        missing = [name for name in parameters if name not in baseline]
        if missing:
            raise EvidenceError(
                f"the baseline of scenario {self.name!r} has no value for "
                f"{', '.join(map(repr, missing))}"
            )
        values = dict(self.game.bind(**baseline).bound)
        broken = [a for a in self.assumptions if not a.holds(**values)]
        if broken:
            # no value at all may satisfy them: then the baseline is not to blame
            require_consistent(self.assumptions, parameters)
            where = ", ".join(f"{n} = {values[n]}" for n in broken[0].names)
            raise EvidenceError(
                f"the baseline of scenario {self.name!r} breaks the assumption "
                f"{broken[0]} ({broken[0].why}): {where}"
            )
        return values

    # ---------------------------------------------------------------------- answers
    def form(self, name: str | None = None) -> Game:
        """A form of the game at the baseline.

        Parameters
        ----------
        name : str, optional
            One of `forms`; default the game itself.

        Returns
        -------
        Game
            Every parameter bound.

        Raises
        ------
        UnknownLabel
            If there is no such form; the message lists those that there are.
        """
        if name is None:
            return self.game.bind(**self.baseline)
        if name not in self.forms:
            raise UnknownLabel("form", name, self.forms, f"of scenario {self.name!r}")
        return self.forms[name].bind(**self.baseline)

    def solve(
        self, concept: str = "sequential", form: str | None = None, **options: Any
    ) -> Solution:
        """The equilibria at the baseline.

        Parameters
        ----------
        concept : str
            As `redlines.solve` takes it.
        form : str, optional
            One of `forms`; default the game itself.
        **options
            Passed to `redlines.solve`.

        Returns
        -------
        Solution

        Raises
        ------
        UnknownLabel
            If there is no such form.
        """
        return solve(self.form(form), concept, **options)

    def comparison(self, solutions: Mapping[str, Solution] | None = None) -> str:
        """The families of every form side by side, as a table.

        Parameters
        ----------
        solutions : mapping of str to Solution, optional
            Solutions of the forms, by name, if they are at hand; default solved here.

        Returns
        -------
        str
            One line for each form and outcome: families that differ in words but not
            in the probability of any event nor in payoffs share a line.
        """
        solutions = solutions or {form: self.solve(form=form) for form in self.forms}
        events = list(dict.fromkeys(e for g in self.forms.values() for e in g.events))
        head = ["form", "family", *events, *(f"payoff {p}" for p in self.game.players)]
        rows = [head]
        for form, solution in solutions.items():
            for numbers, family in _outcomes(solution):
                known = solution.game.events
                rows.append(
                    [form, numbers]
                    + [
                        _rounded(family.range(e), 5) if e in known else "-"
                        for e in events
                    ]
                    + [
                        _rounded(family.range(payoff(p)), 3)
                        for p in solution.game.players
                    ]
                )
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join(
            "  ".join(
                cell.ljust(width) if index < 2 else cell.rjust(width)
                for index, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in rows
        )

    # ----------------------------------------------------------------- presentation
    def sources(self) -> str:
        """Who said what, as text."""
        return "\n".join(
            _wrapped(f"{s}", f"  [{s.id}] ", "    ") for s in self.statements
        )

    def parameters(self) -> str:
        """Every parameter with its value at the baseline and its meaning, as text."""
        width = max(map(len, self.baseline))
        return "\n".join(
            _wrapped(
                self.game.parameters[name].meaning,
                f"  {name:<{width}} = {value!s:<5} ",
                " " * (width + 11),
            )
            for name, value in self.baseline.items()
        )

    def readings(self) -> str:
        """Every assumption with its source and why it is read that way, as text."""
        lines = []
        for assumption in self.assumptions:
            source = ", ".join(assumption.sources)
            lines.append(_wrapped(assumption.relation, "  ", "      "))
            lines.append(_wrapped(f"{assumption.why} [{source}]", "      ", "      "))
        return "\n".join(lines)

    def report(self) -> str:
        """The whole scenario, from the question to what it does not say, as text."""
        solutions = {form: self.solve(form=form) for form in self.forms}
        return "\n\n".join(
            f"{title}\n{body}" for title, body in self._sections(solutions)
        )

    def _sections(self, solutions: Mapping[str, Solution]) -> Iterator[tuple[str, str]]:
        yield self.name.replace("_", " ").upper(), _wrapped(self.question)
        yield "WHO SAID WHAT", self.sources()
        yield "THE GAME", textwrap.indent(self.game.__doc__ or repr(self.game), "  ")
        if self.meanings:
            yield (
                "ITS FORMS",
                "\n".join(
                    _wrapped(text, f"  {form}: ", "    ")
                    for form, text in self.meanings.items()
                ),
            )
        yield "WHAT IS ASSUMED", self.readings()
        yield "BASELINE (ours, for illustration)", self.parameters()
        for form, solution in solutions.items():
            yield f"EQUILIBRIA: {form}", str(solution)
        yield "SIDE BY SIDE", self.comparison(solutions)
        if self.findings:
            yield "WHAT HOLDS AT THE BASELINE", _listed(self.findings)
        if self.claims:
            yield "WHAT CAN BE CHECKED", _listed(self.claims)
        yield "WHAT THIS DOES NOT SAY", _listed(self.limits)

    def __repr__(self) -> str:
        return (
            f"<Scenario {self.name}: {len(self.statements)} statements, "
            f"{len(self.assumptions)} assumptions, {len(self.forms)} forms>"
        )

    def __str__(self) -> str:
        return f"{self!r}\n{_wrapped(self.question)}\n{self.sources()}"


def _outcomes(solution: Solution) -> list[tuple[str, Family]]:
    """Families by what comes of them, with their numbers: ``"1-3"``, one of them."""
    found: dict[tuple[object, ...], list[int]] = {}
    measures = [
        *map(P, solution.game.events),
        *map(payoff, solution.game.players),
    ]
    for number, family in enumerate(solution.families, 1):
        outcome = tuple(family.range(measure) for measure in measures)
        found.setdefault(outcome, []).append(number)
    return [
        (_numbers(numbers), solution.families[numbers[0] - 1])
        for numbers in found.values()
    ]


def _numbers(numbers: Sequence[int]) -> str:
    first, last = numbers[0], numbers[-1]
    if last - first + 1 == len(numbers) > 1:
        return f"{first}-{last}"
    return ", ".join(map(str, numbers))


def _rounded(range_: Range | None, digits: int) -> str:
    """A range for a table: decimals, an interval where it is one."""
    if range_ is None:
        return "undefined"
    return " or ".join(
        decimal(i.low, digits)
        if i.low == i.high
        else f"{decimal(i.low, digits)} to {decimal(i.high, digits)}"
        for i in range_.intervals
    )


def _wrapped(text: str, first: str = "  ", later: str = "  ") -> str:
    return textwrap.fill(text, _WIDTH, initial_indent=first, subsequent_indent=later)


def _listed(texts: Sequence[str] | Mapping[str, object]) -> str:
    return "\n".join(_wrapped(text, "  - ", "    ") for text in texts)


# ---------------------------------------------------------------------------- loading
def _registry() -> Mapping[str, str]:
    # the scenarios are written on top of this module, so it finds them by name
    registered: Mapping[str, str] = import_module("redlines.scenarios").SCENARIOS
    return registered


def scenario_names() -> tuple[str, ...]:
    """The names of the scenarios, in the order of the registry.

    Returns
    -------
    tuple of str
        Each is one that `load` takes.

    Examples
    --------
    >>> import redlines as rl
    >>> "red_lines" in rl.scenario_names()
    True
    """
    return tuple(_registry())


def load(name: str) -> Scenario:
    """The scenario with this name, with its baseline checked.

    Parameters
    ----------
    name : str
        One of `scenario_names`.

    Returns
    -------
    Scenario

    Raises
    ------
    UnknownLabel
        If there is none; the message lists those that there are.

    Examples
    --------
    >>> import redlines as rl
    >>> rl.load("red_lines")
    <Scenario red_lines: 2 statements, 11 assumptions, 3 forms>
    """
    registered = _registry()
    if name not in registered:
        raise UnknownLabel("scenario", name, registered)
    scenario: Scenario = import_module(registered[name]).SCENARIO
    return scenario
