"""Who said what, and what it is taken to say about a game.

A `Statement` is what somebody said, paraphrased; the library carries it and does not
vouch for it. An `Assumption` is a relation between the parameters of a game, tied to
the statements that it is read out of, or marked as ours, with a line on why it is read
that way. A statement constrains a game and never gives a number.

The statements lie in ``redlines/statements.toml`` and are read once.

Reads: errors, numbers, parameters.  Used by: scenario.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from redlines.errors import (
    ContradictoryAssumptions,
    EvidenceError,
    UnknownLabel,
    UnsourcedAssumption,
)
from redlines.numbers import Amount, Number, Polynomial, Relation, parse_relation
from redlines.parameters import NonNegative, Parameter, Positive, Probability

__all__ = [
    "OURS",
    "Assumption",
    "Statement",
    "Switch",
    "contradiction",
    "require_consistent",
    "statement",
    "statements",
]

OURS = "ours"
"""The source of an assumption that no statement makes."""

_FIELDS = ("speaker", "role", "claim", "says", "scenarios")
# z3 stops at this many steps and says "unknown": the same call gives the same answer
_EFFORT = 20_000_000


# ------------------------------------------------------------------------ statements
@dataclass(frozen=True)
class Statement:
    """What somebody said, in our words, and what it says about a game.

    Parameters
    ----------
    id : str
        Its name, by which assumptions refer to it.
    speaker, role : str
        Who said it, and who that is; the role is empty where the source gives none.
    claim : str
        The statement, paraphrased.
    says : str
        What it tells about preferences, information or the order of moves.
    scenarios : tuple of str
        The scenarios that are built on it.

    Examples
    --------
    >>> statement("suslov-red-lines").speaker
    'Dmitry Suslov'
    """

    id: str
    speaker: str
    role: str
    claim: str
    says: str
    scenarios: tuple[str, ...]

    def __str__(self) -> str:
        role = f" ({self.role})" if self.role else ""
        return f"{self.speaker}{role}: {self.claim}."


@cache
def statements() -> Mapping[str, Statement]:
    """Every statement, by id, in the order of the source.

    Returns
    -------
    mapping of str to Statement
        Read-only; read from the package once.

    Raises
    ------
    EvidenceError
        If an entry of the file lacks something or holds something unknown.

    Examples
    --------
    >>> len(statements())
    19
    """
    text = files("redlines").joinpath("statements.toml").read_text(encoding="utf-8")
    return read_statements(text)


def read_statements(text: str) -> Mapping[str, Statement]:
    """The statements in a TOML text, one table each, by id."""
    found = {}
    for id_, entry in tomllib.loads(text).items():
        if not isinstance(entry, dict):
            raise EvidenceError(
                f"{id_!r} stands outside a table; begin each statement with [{id_}]"
            )
        for field in entry:
            if field not in _FIELDS:
                raise EvidenceError(
                    f"statement {id_!r} has a field {field!r}; the fields are "
                    f"{', '.join(_FIELDS)}"
                )
        for field in ("speaker", "claim", "says", "scenarios"):
            if not entry.get(field):
                raise EvidenceError(f"statement {id_!r} has no {field}")
        if id_ == OURS:
            raise EvidenceError(f"{OURS!r} is no statement: it marks our assumptions")
        found[id_] = Statement(
            id=id_,
            speaker=entry["speaker"],
            role=entry.get("role", ""),
            claim=entry["claim"],
            says=entry["says"],
            scenarios=tuple(entry["scenarios"]),
        )
    return MappingProxyType(found)


def statement(id: str) -> Statement:
    """The statement with this id.

    Parameters
    ----------
    id : str
        For instance ``"suslov-red-lines"``.

    Returns
    -------
    Statement

    Raises
    ------
    UnknownLabel
        If there is none; the message lists those that there are.

    Examples
    --------
    >>> statement("suslov-no-interest-in-war").scenarios
    ('red_lines', 'escalation_ladder', 'direct_clash')
    """
    try:
        return statements()[id]
    except KeyError:
        raise UnknownLabel("statement", id, statements()) from None


# ----------------------------------------------------------------------- assumptions
@dataclass(frozen=True)
class Assumption:
    """A relation between parameters, with its source and why it is read that way.

    Parameters
    ----------
    relation : str
        A comparison or a chain of them: ``"0 < cost <= stake/2"``.
    sources : str or collection of str
        Ids of the statements that it is read out of, or `OURS`.
    why : str
        One line: how the statement comes to say this, or why we assume it.
    alternative : str
        Another relation that the statement can be read as; none by default.

    Raises
    ------
    UnsourcedAssumption
        If there is no source, or one is neither a statement nor `OURS`.
    EvidenceError
        If `why` is empty, or if it is said to be both ours and somebody's.
    ParseError
        If a relation does not follow the grammar.

    Examples
    --------
    >>> worse = Assumption(
    ...     "stake < loss",
    ...     "suslov-no-interest-in-war",
    ...     why="whoever has no interest in it loses more by it than is at stake",
    ... )
    >>> worse.holds(stake=4, loss=100)
    True
    >>> print(worse)
    stake < loss [suslov-no-interest-in-war]
    """

    relation: str
    sources: tuple[str, ...]
    why: str
    alternative: str = ""

    def __init__(
        self,
        relation: str,
        sources: str | Collection[str],
        why: str,
        alternative: str = "",
    ) -> None:
        ids = (sources,) if isinstance(sources, str) else tuple(sources)
        object.__setattr__(self, "relation", relation)
        object.__setattr__(self, "sources", ids)
        object.__setattr__(self, "why", why)
        object.__setattr__(self, "alternative", alternative)
        if not ids:
            raise UnsourcedAssumption(
                f"assumption {relation!r} has no source; tie it to a statement, or say "
                f"that it is ours: sources={OURS!r}"
            )
        for source in ids:
            if source != OURS and source not in statements():
                raise UnsourcedAssumption(
                    f"assumption {relation!r} is tied to {source!r}, which nobody "
                    f"said; the statements are {', '.join(statements())}; an "
                    f"assumption of our own has sources={OURS!r}"
                )
        if OURS in ids and len(ids) > 1:
            raise EvidenceError(
                f"assumption {relation!r} is said to be ours and that of "
                f"{', '.join(i for i in ids if i != OURS)}; it is one or the other"
            )
        if not isinstance(why, str) or not why.strip():
            raise EvidenceError(
                f"assumption {relation!r} does not say why it is read that way"
            )
        self.relations  # noqa: B018  (parsed now, so that an error comes at once)
        if alternative:
            parse_relation(alternative)

    @property
    def otherwise(self) -> Assumption | None:
        """The same statement under its other reading; None if it has only one."""
        if not self.alternative:
            return None
        return Assumption(self.alternative, self.sources, self.why, self.relation)

    @cached_property
    def relations(self) -> tuple[Relation, ...]:
        """The comparisons of the chain, from left to right; all must hold."""
        return parse_relation(self.relation)

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that occur, sorted."""
        return tuple(sorted({n for r in self.relations for n in r.names}))

    @property
    def is_ours(self) -> bool:
        """Whether no statement makes it."""
        return self.sources == (OURS,)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements that it is read out of; none if it is ours."""
        return tuple(statement(s) for s in self.sources if s != OURS)

    def holds(self, **values: Amount) -> bool:
        """Whether it is true where the parameters have these values.

        Parameters
        ----------
        **values : int, Fraction, float or str
            A number for each parameter that occurs; others are ignored.

        Returns
        -------
        bool

        Raises
        ------
        UnboundParameter
            If a parameter that occurs has no value.
        """
        return all(relation.holds(**values) for relation in self.relations)

    def __str__(self) -> str:
        return f"{self.relation} [{', '.join(self.sources)}]"


@dataclass(frozen=True)
class Switch:
    """A statement about who knows or moves what: a structure argument of the game.

    Parameters
    ----------
    argument : str
        The structure argument.
    value, alternative : object
        Its value as the statement has it, and without the statement.
    sources : str or collection of str
        Ids of the statements that say it, or `OURS`.
    why : str
        One line: how the statement comes to say this, or why we assume it.

    Raises
    ------
    UnsourcedAssumption
        If there is no source, or one is neither a statement nor `OURS`.

    Examples
    --------
    >>> print(Switch("talks", "verifiable", "none", "suslov-red-lines", why="told"))
    talks=verifiable rather than none [suslov-red-lines]
    """

    argument: str
    value: object
    alternative: object
    sources: tuple[str, ...]
    why: str

    def __init__(
        self,
        argument: str,
        value: object,
        alternative: object,
        sources: str | Collection[str],
        why: str,
    ) -> None:
        ids = (sources,) if isinstance(sources, str) else tuple(sources)
        for name, held in (
            ("argument", argument),
            ("value", value),
            ("alternative", alternative),
            ("sources", ids),
            ("why", why),
        ):
            object.__setattr__(self, name, held)
        unknown = [i for i in ids if i != OURS and i not in statements()]
        if not ids or unknown:
            raise UnsourcedAssumption(
                f"the switch {argument!r} is tied to {', '.join(unknown) or 'nobody'}; "
                f"the statements are {', '.join(statements())}; one of our own has "
                f"sources={OURS!r}"
            )

    @property
    def otherwise(self) -> Switch:
        """The other way round."""
        return Switch(
            self.argument, self.alternative, self.value, self.sources, self.why
        )

    def __str__(self) -> str:
        return (
            f"{self.argument}={self.value} rather than {self.alternative} "
            f"[{', '.join(self.sources)}]"
        )


def contradiction(
    assumptions: Sequence[Assumption],
    parameters: Mapping[str, Parameter] | None = None,
) -> tuple[Assumption, ...]:
    """The fewest assumptions that cannot hold together, of which none can be spared.

    Parameters
    ----------
    assumptions : sequence of Assumption
        What is assumed.
    parameters : mapping of str to Parameter, optional
        ``game.parameters``: the domains count too. A parameter that is absent may be
        any number.

    Returns
    -------
    tuple of Assumption
        In the order given; empty if no contradiction is proved. One alone contradicts
        itself or a domain.

    Notes
    -----
    Decided by z3 over the real numbers, within a fixed effort. Minimal by inclusion:
    there may be a smaller contradiction elsewhere.

    Examples
    --------
    >>> high = Assumption("stake > cost", OURS, why="the stake is high")
    >>> low = Assumption("2*stake < cost", OURS, why="the stake is low")
    >>> some = Assumption("stake > 0", OURS, why="there is a stake")
    >>> [a.relation for a in contradiction([high, some, low])]
    ['stake > cost', 'stake > 0', '2*stake < cost']
    >>> contradiction([high, some])
    ()
    """
    from z3 import Context, Solver, unsat

    context = Context()

    def impossible(chosen: Sequence[int]) -> bool:
        solver = Solver(ctx=context)
        solver.set("rlimit", _EFFORT)
        symbols = _Symbols(context)
        for name, parameter in (parameters or {}).items():
            solver.add(*symbols.domain(name, parameter))
        for index in chosen:
            for relation in assumptions[index].relations:
                solver.add(*symbols.formulas(relation))
        return bool(solver.check() == unsat)

    kept = list(range(len(assumptions)))
    if not impossible(kept):
        return ()
    for index in range(len(assumptions)):
        fewer = [k for k in kept if k != index]
        if impossible(fewer):
            kept = fewer
    return tuple(assumptions[k] for k in kept)


def require_consistent(
    assumptions: Sequence[Assumption],
    parameters: Mapping[str, Parameter] | None = None,
) -> None:
    """Raise unless no contradiction is found, naming the assumptions of one.

    Parameters
    ----------
    assumptions, parameters
        As for `contradiction`.

    Raises
    ------
    ContradictoryAssumptions
        With the assumptions of a minimal contradiction, their sources and readings.

    Examples
    --------
    >>> require_consistent([Assumption("stake > 0", OURS, why="there is a stake")])
    """
    found = contradiction(assumptions, parameters)
    if not found:
        return
    listed = "; ".join(f"{a} ({a.why})" for a in found)
    if len(found) == 1:
        raise ContradictoryAssumptions(
            "no admitted value of the parameters satisfies this assumption: " + listed
        )
    raise ContradictoryAssumptions(
        f"these {len(found)} assumptions cannot hold together, and any "
        f"{len(found) - 1} of them can: {listed}"
    )


class _Symbols:
    """Parameters as real variables of one z3 context, relations as formulas in them."""

    def __init__(self, context: Any) -> None:
        self._context = context

    def __getitem__(self, name: str) -> Any:
        from z3 import Real

        return Real(name, self._context)

    def domain(self, name: str, parameter: Parameter) -> list[Any]:
        """What the domain of a parameter says."""
        match parameter:
            case Probability():
                return [self[name] > 0, self[name] < 1]
            case Positive():
                return [self[name] > 0]
            case NonNegative():
                return [self[name] >= 0]
            case _:
                return []

    def formulas(self, relation: Relation) -> list[Any]:
        """A relation without fractions, and that no denominator is 0."""
        gap: Number = relation.left - relation.right
        top, bottom = (self._value(p) for p in gap.polynomials())
        # a fraction has the sign of the product of its two parts
        sign = top * bottom
        compared = {
            "<": sign < 0,
            "<=": sign <= 0,
            ">": sign > 0,
            ">=": sign >= 0,
            "==": sign == 0,
            "!=": sign != 0,
        }[relation.operator]
        return [compared, bottom != 0]

    def _value(self, polynomial: Polynomial) -> Any:
        from z3 import RealVal

        total = RealVal(0, self._context)
        for monomial, coefficient in polynomial.items():
            term = RealVal(str(coefficient), self._context)
            for name, exponent in monomial:
                for _ in range(exponent):
                    term = term * self[name]
            total = total + term
        return total
