"""A scenario: a question, who said what, the game that follows, and what it answers.

A `Scenario` carries *statements*; *assumptions*, relations between the parameters of
its game, each tied to statements or marked as ours; a *baseline*, one set of numbers
that satisfies them, chosen by us for illustration; and *claims*, what was concluded, as
something that can be checked in the game. A scenario whose baseline breaks an
assumption or leaves a domain cannot be made, so one that loads is consistent.

Each scenario is one file in ``redlines/scenarios`` and one line in its registry.

Reads: errors, numbers, tree, solution, solving, evidence, claims, studies, telling,
turning.  Used by: scenarios.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from fractions import Fraction
from functools import partial
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from redlines.claims import Claim, Static
from redlines.errors import EvidenceError, UnknownLabel
from redlines.evidence import (
    Assumption,
    Statement,
    Switch,
    require_consistent,
    statement,
)
from redlines.numbers import Amount, Relation
from redlines.parameters import Parameter
from redlines.parametric.regimes import Regimes, regimes
from redlines.pivots import Hinges, hinges
from redlines.proving import check
from redlines.solution import Solution
from redlines.solving import solve
from redlines.studies import Finding, Study
from redlines.telling import account, outcomes_table, wrapped
from redlines.tree import Game
from redlines.turning import Flip, flips
from redlines.verdicts import Verdict

if TYPE_CHECKING:
    from redlines.io.report import Report

__all__ = ["Scenario", "load", "scenario_names"]

T = TypeVar("T")


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
    answer : str, optional
        The answer to the question, in a line.
    switches : sequence of Switch, optional
        What the statements say about who knows or moves what, each with its
        alternative.
    studies : sequence of Study, optional
        Analyses beside the game.
    concept : str
        Of the equilibria that are looked for.
    map : tuple of two str, optional
        Two parameters over which the families of equilibria are drawn, the others at
        the baseline.
    moved : sequence of str, optional
        Parameters that are moved, one at a time, to see what would change the answer;
        default all.
    title : str, optional
        What reports are headed with; default the name in words.

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
    game: Any
    assumptions: Sequence[Assumption]
    baseline: Mapping[str, Fraction]
    claims: Mapping[str, Claim | Static]
    limits: Sequence[str]
    forms: Mapping[str, Any] = field(default_factory=dict)
    meanings: Mapping[str, str] = field(default_factory=dict)
    findings: Sequence[str] = ()
    answer: str = ""
    switches: Sequence[Switch] = ()
    studies: Sequence[Study] = ()
    concept: str = "sequential"
    map: tuple[str, str] | None = None
    moved: Sequence[str] | None = None
    title: str = ""

    def __init__(
        self,
        name: str,
        question: str,
        statements: Sequence[str | Statement],
        game: Any,
        assumptions: Sequence[Assumption],
        baseline: Mapping[str, Amount],
        claims: Mapping[str, Claim | Static],
        limits: Sequence[str],
        forms: Mapping[str, Any] | None = None,
        meanings: Mapping[str, str] | None = None,
        findings: Sequence[str] = (),
        *,
        answer: str = "",
        switches: Sequence[Switch] = (),
        studies: Sequence[Study] = (),
        concept: str = "sequential",
        map: tuple[str, str] | None = None,
        moved: Sequence[str] | None = None,
        title: str = "",
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
        keep("answer", answer)
        keep("switches", tuple(switches))
        keep("studies", tuple(studies))
        keep("concept", concept)
        keep("map", map)
        keep("moved", None if moved is None else tuple(moved))
        keep("title", title or name.replace("_", " ").capitalize())
        keep("_found", {})
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
    def form(self, name: str | None = None) -> Any:
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
        self, concept: str | None = None, form: str | None = None, **options: Any
    ) -> Solution:
        """The equilibria at the baseline.

        Parameters
        ----------
        concept : str, optional
            As `redlines.solve` takes it; default the scenario's own.
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
        return solve(self.form(form), concept or self.concept, **options)

    def regimes(self, form: str | None = None, **options: Any) -> Regimes:
        """The equilibria of a form in its parameters, under the assumptions.

        Parameters
        ----------
        form : str, optional
            One of `forms`; default the game itself.
        **options
            Passed to `redlines.regimes`.

        Returns
        -------
        Regimes

        Raises
        ------
        UnknownLabel
            If there is no such form.
        """
        if form is not None and form not in self.forms:
            raise UnknownLabel("form", form, self.forms, f"of scenario {self.name!r}")
        game = self.game if form is None else self.forms[form]
        return regimes(game, self.relations, **options)

    @property
    def relations(self) -> tuple[Relation, ...]:
        """What is assumed of the parameters, chains split."""
        return tuple(r for a in self.assumptions for r in a.relations)

    def verdicts(self, **options: Any) -> dict[str, Verdict]:
        """Every claim decided for all parameters that fit the assumptions.

        Parameters
        ----------
        **options
            Passed to `redlines.check`.

        Returns
        -------
        dict of str to Verdict
            By the words of the claim.
        """
        return {words: self.verdict(words, **options) for words in self.claims}

    def verdict(self, words: str, **options: Any) -> Verdict:
        """One claim decided for all parameters that fit the assumptions.

        Parameters
        ----------
        words : str
            One of `claims`.
        **options
            Passed to `redlines.check`; without any, the verdict is kept.

        Returns
        -------
        Verdict

        Raises
        ------
        UnknownLabel
            If there is no such claim.
        """
        claim = self._claim(words)
        options.setdefault("concept", self.concept)

        def decide() -> Verdict:
            return check(self.game, claim, self.assumptions, **options)

        if set(options) > {"concept"}:
            return decide()
        return self._kept(("verdict", words, options["concept"]), decide)

    def hinges(self, words: str, **options: Any) -> Hinges:
        """The statements that a claim hangs on, and what else could be otherwise.

        Parameters
        ----------
        words : str
            One of `claims`.
        **options
            Passed to `redlines.hinges`; without any, the answer is kept.

        Returns
        -------
        Hinges

        Raises
        ------
        UnknownLabel
            If there is no such claim.
        """
        claim = self._claim(words)
        given: list[Assumption | Switch] = [*self.assumptions, *self.switches]

        def look() -> Hinges:
            return hinges(
                self.game, claim, given, **{"concept": self.concept, **options}
            )

        return look() if options else self._kept(("hinges", words), look)

    def flips(self, words: str | None = None, **options: Any) -> tuple[Flip, ...]:
        """What would change the answer: for each parameter the nearest flip of a claim.

        Parameters
        ----------
        words : str, optional
            One of `claims`; default the first that compares measures.
        **options
            Passed to `redlines.flips`; without any, the answer is kept.

        Returns
        -------
        tuple of Flip
            The smallest relative change first.

        Raises
        ------
        UnknownLabel
            If there is no such claim.
        """
        if words is None:
            words = next(w for w, c in self.claims.items() if isinstance(c, Claim))
        claim = self._claim(words)

        def look() -> tuple[Flip, ...]:
            chosen = {"concept": self.concept, "parameters": self.moved, **options}
            return flips(self.game, claim, self.baseline, self.assumptions, **chosen)

        return look() if options else self._kept(("flips", words), look)

    def study(self, title: str) -> Finding:
        """What one of the studies finds; kept.

        Parameters
        ----------
        title : str
            Of one of `studies`.

        Returns
        -------
        Finding

        Raises
        ------
        UnknownLabel
            If there is none of this title.
        """
        titles = {study.title: study for study in self.studies}
        if title not in titles:
            raise UnknownLabel("study", title, titles, f"of scenario {self.name!r}")
        return self._kept(("study", title), lambda: titles[title].answer(self))

    def otherwise(self, relation: str) -> Scenario:
        """The same scenario with one assumption read the other way.

        Parameters
        ----------
        relation : str
            Of one of `assumptions` that has another reading.

        Returns
        -------
        Scenario

        Raises
        ------
        UnknownLabel
            If no assumption with another reading has this relation.
        EvidenceError
            If the baseline does not fit the other reading.
        """
        both = {a.relation: a for a in self.assumptions if a.otherwise is not None}
        if relation not in both:
            raise UnknownLabel(
                "assumption with another reading", relation, both, f"in {self.name!r}"
            )
        own = {f.name: getattr(self, f.name) for f in fields(self)}
        own["assumptions"] = [
            a.otherwise if a.relation == relation else a for a in self.assumptions
        ]
        return Scenario(**own)

    def _claim(self, words: str) -> Any:
        if words not in self.claims:
            raise UnknownLabel("claim", words, self.claims, f"of {self.name!r}")
        return self.claims[words]

    def _kept(self, key: tuple[str, ...], make: Callable[[], T]) -> T:
        """What was found before; it takes long, and the same call gives the same."""
        found: dict[tuple[str, ...], Any] = self.__dict__["_found"]
        if key not in found:
            found[key] = make()
        return found[key]  # type: ignore[no-any-return]

    @property
    def sureness(self) -> str:
        """How sure the answer is, from the verdict of the first claim or study."""
        if not self.claims:
            finding = self.study(self.studies[0].title)
            return f"{finding.verdict}, {finding.scope}"
        words = next(iter(self.claims))
        verdict = self.verdict(words)
        fitting = "for every payoff of this form that fits the assumptions"
        match verdict.name:
            case "always":
                pivotal = self.hinges(words).pivotal
                on = f"; it hangs on {', '.join(pivotal)}" if pivotal else ""
                return f"always, {fitting}{on}"
            case "never":
                return f"never, {fitting}"
            case "sometimes" if verdict.turns_on_selection:
                return "sometimes: it depends on which equilibrium is played"
            case "sometimes":
                return "sometimes: it depends on the payoffs"
            case _:
                return "not decided"

    def comparison(self, solutions: Mapping[str, Solution] | None = None) -> str:
        """The families of every form side by side, as a table.

        Parameters
        ----------
        solutions : mapping of str to Solution, optional
            Solutions of the forms, by name, if they are at hand; default solved here.

        Returns
        -------
        str
            One line for each form and outcome, with the probability of each event and
            the players' payoffs. Families that differ in words only, and in neither
            of these, share a line.
        """
        rows = outcomes_table(solutions or self.solutions)
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join(
            "  ".join(
                cell.ljust(width) if index < 2 else cell.rjust(width)
                for index, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in rows
        )

    # ----------------------------------------------------------------- presentation
    def account(self, solution: Solution) -> str:
        """Every equilibrium of a solution, family by family, as text.

        Parameters
        ----------
        solution : Solution
            Of one of the forms.

        Returns
        -------
        str
            First what happens in a family, and what comes of it; then what sustains it
            off the path: what its members share, and what each does otherwise. A belief
            stands in braces, a range in brackets.
        """
        if isinstance(solution.game, Game):
            return account(solution)
        lines = [line for answer in solution for line in str(answer).splitlines()]
        return "\n".join(_folded(line) for line in lines)

    def sources(self) -> str:
        """Who said what, as text."""
        return "\n".join(
            wrapped(f"{s}", f"  [{s.id}] ", "    ") for s in self.statements
        )

    def story(self) -> str:
        """The story that the game tells, and what its forms stand for, as text."""
        told = textwrap.indent(self.game.__doc__ or repr(self.game), "  ")
        forms = [
            wrapped(text, f"  {form}: ", "    ") for form, text in self.meanings.items()
        ]
        return "\n".join([told, "", *forms] if forms else [told])

    def parameters(self) -> str:
        """Every parameter with its value at the baseline and its meaning, as text."""
        width = max(map(len, self.baseline))
        return "\n".join(
            wrapped(
                _meaning(self.game.parameters[name]),
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
            lines.append(wrapped(assumption.relation, "  ", "      "))
            lines.append(wrapped(f"{assumption.why} [{source}]", "      ", "      "))
            if assumption.alternative:
                other = f"it can also be read as {assumption.alternative}"
                lines.append(wrapped(other, "      ", "      "))
        return "\n".join(lines)

    @property
    def solutions(self) -> dict[str, Solution]:
        """The equilibria of every form at the baseline; kept."""
        return {
            form: self._kept(("solution", form), partial(self.solve, form=form))
            for form in self.forms
        }

    def report(self, verdicts: bool = True) -> Report:
        """The whole scenario, from the question to what it does not say.

        Parameters
        ----------
        verdicts : bool
            Whether claims are decided, with what they hang on and what would change
            them. It may take a minute.

        Returns
        -------
        Report
            A text of at most 100 characters a line; its ``.markdown`` and ``.html``
            are the same with tables and pictures, each in one piece, and ``.save``
            writes either to a file.
        """
        from redlines.io.report import report

        return report(self, verdicts)

    def __repr__(self) -> str:
        return (
            f"<Scenario {self.name}: {len(self.statements)} statements, "
            f"{len(self.assumptions)} assumptions, {len(self.forms)} forms>"
        )

    def __str__(self) -> str:
        return f"{self!r}\n{wrapped(self.question)}\n{self.sources()}"


def _folded(line: str) -> str:
    """A line of the width that texts have, wrapped under its own beginning."""
    indent = " " * (len(line) - len(line.lstrip()))
    return wrapped(line.strip(), indent, f"{indent}    ")


def _meaning(parameter: Parameter) -> str:
    unit = f" ({parameter.unit})" if parameter.unit else ""
    return f"{parameter.meaning}{unit}"


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
