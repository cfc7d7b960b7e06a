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
from redlines.numbers import Amount, Relation, brief, decimal
from redlines.parameters import Parameter
from redlines.parametric.regimes import Regimes, regimes
from redlines.proving import check
from redlines.ranges import Interval, Range
from redlines.solution import Equilibrium, Family, Solution
from redlines.solving import solve
from redlines.tree import Game
from redlines.verdicts import Verdict

__all__ = ["Scenario", "load", "scenario_names"]

_WIDTH = 98
_JOINED = "\xa0"  # a space at which no line is broken


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
        return {
            words: check(self.game, claim, self.assumptions, **options)
            for words, claim in self.claims.items()
        }

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
        solutions = solutions or {form: self.solve(form=form) for form in self.forms}
        events = list(dict.fromkeys(e for g in self.forms.values() for e in g.events))
        head = ["form", "family", *events, *self.game.players]
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
        families = solution.families
        lines = []
        told: dict[tuple[str, ...], int] = {}
        for number, family in enumerate(families, 1):
            count = f"{len(family)} {solution.unit}{'' if len(family) == 1 else 's'}"
            lines.append(f"family {number} of {len(families)}: {count}")
            lines += [_filled(line, 2) for line in _happening(family)]
            comes = _consequences(family)
            before = told.setdefault(comes, number)
            if before < number:
                comes = (f"= the same probabilities and payoffs as family {before}",)
            lines += [_filled(line, 2) for line in comes]
            lines += _sustaining(family)
        return "\n".join(lines)

    def sources(self) -> str:
        """Who said what, as text."""
        return "\n".join(
            _wrapped(f"{s}", f"  [{s.id}] ", "    ") for s in self.statements
        )

    def story(self) -> str:
        """The story that the game tells, and what its forms stand for, as text."""
        told = textwrap.indent(self.game.__doc__ or repr(self.game), "  ")
        forms = [
            _wrapped(text, f"  {form}: ", "    ")
            for form, text in self.meanings.items()
        ]
        return "\n".join([told, "", *forms] if forms else [told])

    def parameters(self) -> str:
        """Every parameter with its value at the baseline and its meaning, as text."""
        width = max(map(len, self.baseline))
        return "\n".join(
            _wrapped(
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
            lines.append(_wrapped(assumption.relation, "  ", "      "))
            lines.append(_wrapped(f"{assumption.why} [{source}]", "      ", "      "))
            if assumption.alternative:
                other = f"it can also be read as {assumption.alternative}"
                lines.append(_wrapped(other, "      ", "      "))
        return "\n".join(lines)

    def report(self, solutions: Mapping[str, Solution] | None = None) -> str:
        """The whole scenario, from the question to what it does not say, as text.

        Parameters
        ----------
        solutions : mapping of str to Solution, optional
            Solutions of the forms, by name, if they are at hand; default solved here.

        Returns
        -------
        str
            At most 100 characters a line.
        """
        solutions = solutions or {form: self.solve(form=form) for form in self.forms}
        return "\n\n".join(
            f"{title}\n{body}" for title, body in self._sections(solutions)
        )

    def _sections(self, solutions: Mapping[str, Solution]) -> Iterator[tuple[str, str]]:
        yield self.name.replace("_", " ").upper(), _wrapped(self.question)
        yield "WHO SAID WHAT", self.sources()
        yield "THE GAME", self.story()
        yield "WHAT IS ASSUMED", self.readings()
        yield "BASELINE (ours, for illustration)", self.parameters()
        for form, solution in solutions.items():
            yield f"EQUILIBRIA, {form}", textwrap.indent(self.account(solution), "  ")
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


# ---------------------------------------------------------- equilibria, by decision
# A draw that is named after a player is that player's type: what one type does at a
# decision stands beside what the other does, on the same line.
@dataclass(frozen=True)
class _Row:
    """What is done at a decision, type by type, and what is believed there."""

    does: tuple[str, ...]
    believes: tuple[tuple[str, Range], ...]


def _decisions(equilibrium: Equilibrium, reached: bool) -> dict[str, _Row]:
    """What is done by decision, in the order of play."""
    game = equilibrium.game
    found: dict[tuple[int, str], tuple[dict[tuple[str, str], list[str]], str]] = {}
    for label, infoset in game.infosets.items():
        if (label in equilibrium.path) != reached:
            continue
        facts = dict(infoset.facts)
        type_ = facts.pop(infoset.player, "")
        others = [f"{p} {facts.pop(p)}" for p in game.players if p in facts]
        head = f"{infoset.player}, {infoset.name}"
        if others:
            head += f" knowing {', '.join(others)}"
        if facts:
            head += f" after {', '.join(facts.values())}"
        types, _ = found.setdefault((len(infoset.facts), head), ({}, label))
        # two types that mix freely need not mix alike
        own = type_ if label in equilibrium.free.strategy else ""
        types.setdefault((_choice(equilibrium, label), own), []).append(type_)
    return {
        head: _Row(_by_type(types), _belief(equilibrium, label))
        for (_, head), (types, label) in sorted(found.items(), key=lambda i: i[0][0])
    }


def _by_type(types: Mapping[tuple[str, str], Sequence[str]]) -> tuple[str, ...]:
    """What the types do, as texts: ``resolved: enforce``, ``irresolute: back down``."""
    return tuple(
        f"{'either' if len(who) > 1 else who[0]}: {does}" if who[0] else does
        for (does, _), who in types.items()
    )


def _choice(equilibrium: Equilibrium, label: str) -> str:
    """What is done at an information set; a range where a probability is free."""
    free = equilibrium.free.strategy.get(label, {})
    shares = equilibrium.strategy[equilibrium.game.infosets[label].player][label]
    return ", ".join(
        action if share == 1 else f"{action} {free.get(action) or brief(share)}"
        for action, share in shares.items()
        if share
    )


def _belief(equilibrium: Equilibrium, label: str) -> tuple[tuple[str, Range], ...]:
    """What is believed of the other's type, or else of the histories, and how much."""
    infoset = equilibrium.game.infosets[label]
    (other,) = set(equilibrium.game.players) - {infoset.player}
    shares = equilibrium.belief[label]
    if len(shares) < 2:
        return ()
    free = equilibrium.free.belief.get(label, {})
    held = {h: free.get(h) or Range.point(share) for h, share in shares.items()}
    types = [dict(p.split("=") for p in h.split(", ")).get(other) for h in shares]
    if None not in types and len(set(types)) == len(types):
        held = {
            f"{other} {type_}": share
            for type_, share in zip(types, held.values(), strict=True)
        }
    # of two, the second has what the first leaves over
    return tuple(held.items())[: 1 if len(held) == 2 else None]


def _line(head: str, row: _Row, *others: _Row) -> str:
    """A decision on a line; it breaks between types and before the belief only."""
    beliefs: dict[str, list[Interval]] = {}
    for each in (row, *others):
        for name, share in each.believes:
            beliefs.setdefault(name, []).extend(share.intervals)
    parts = [f"{head} |", *(f"{does};" for does in row.does[:-1]), row.does[-1]]
    held = "; ".join(f"{name} {Range.union(i)}" for name, i in beliefs.items())
    if held:
        parts.append(f"{{{held}}}")
    return " ".join(part.replace(" ", _JOINED) for part in parts)


def _happening(family: Family) -> list[str]:
    """What is done on the path of a family."""
    return [_line(head, row) for head, row in _decisions(family[0], True).items()]


def _consequences(family: Family) -> tuple[str, ...]:
    """The probabilities of events and the payoffs by reason of a family."""
    first, game = family[0], family[0].game
    lines = []
    if game.events:
        chances = [f"{event} {family.range(event)}" for event in game.events]
        lines.append(f"= probability of: {', '.join(chances)}")
    for player in game.players:
        reasons = first.payoffs_by_reason(player).items()
        parts = ", ".join(f"{why} {brief(part)}" for why, part in reasons if part)
        lines.append(f"= {player} gets {family.range(payoff(player))}: {parts or 0}")
    return tuple(lines)


def _sustaining(family: Family) -> list[str]:
    """What would be done off the path: by all members of a family, then by each."""
    rests = [_decisions(member, False) for member in family]
    common = [h for h in rests[0] if len({rest[h].does for rest in rests}) == 1]
    lines = []
    if common:
        shared = f", in all {len(rests)}" if len(rests) > 1 else ""
        lines.append(f"  off the path{shared}:")
    for head in common:
        lines.append(_filled(_line(head, *(rest[head] for rest in rests)), 4))
    for number, rest in enumerate(rests, 1):
        own = [_line(head, row) for head, row in rest.items() if head not in common]
        if own:
            lines.append(f"  off the path, in number {number}:")
            lines += [_filled(line, 4) for line in own]
        if family[number - 1].free.relations:
            lines.append("    (what is free is tied together: see free.relations)")
    return lines


def _filled(line: str, indent: int) -> str:
    """A line wrapped under its own beginning; what is joined stays in one piece."""
    wrapped = _wrapped(line, " " * indent, " " * (indent + 4))
    return wrapped.replace(_JOINED, " ")


def _meaning(parameter: Parameter) -> str:
    unit = f" ({parameter.unit})" if parameter.unit else ""
    return f"{parameter.meaning}{unit}"


def _outcomes(solution: Solution) -> list[tuple[str, Family]]:
    """Families by what comes of them, with their numbers: ``"1-3"``, one of them."""
    found: dict[tuple[object, ...], list[int]] = {}
    measures = [*map(P, solution.game.events), *map(payoff, solution.game.players)]
    for number, family in enumerate(solution.families, 1):
        outcome = tuple(family.range(measure) for measure in measures)
        found.setdefault(outcome, []).append(number)
    return [
        (_numbers(numbers), solution.families[numbers[0] - 1])
        for numbers in found.values()
    ]


def _numbers(numbers: Sequence[int]) -> str:
    if numbers[-1] - numbers[0] + 1 == len(numbers) > 1:
        return f"{numbers[0]}-{numbers[-1]}"
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
