"""Families of equilibria in sentences.

A `Wording` says how names, numbers and comparisons are written; the sentences around
them are the same for plain text, LaTeX and HTML.

Reads: errors, numbers, parametric, io.accounts.  Used by: io, `Regimes.proposition`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from redlines.errors import OutOfRange
from redlines.io.accounts import (
    Account,
    Belief,
    Cases,
    Decision,
    Facts,
    OffPath,
    account,
    off_path,
)
from redlines.numbers import Number, Relation
from redlines.parametric.closed_forms import Value
from redlines.parametric.regimes import RegimeFamily, Regimes

__all__ = ["Wording", "proposition", "sustained"]

WIDTH = 100
KEPT = 30  # the length of expressions that are not broken into lines
GLUE = "\0"
BOUNDS = {
    "<=": "at most",
    ">=": "at least",
    "<": "less than",
    ">": "more than",
    "==": "exactly",
}


class Wording:
    """How names, numbers and comparisons are written: here as plain text."""

    glue = " "
    """What stands between the parts of a short expression."""

    def word(self, text: str) -> str:
        """A name that somebody has given."""
        return text

    def action(self, text: str) -> str:
        """The name of an action."""
        return self.word(text)

    def value(self, value: Value) -> str:
        """A number or an expression."""
        return self._kept(str(value))

    def relation(self, relation: Relation) -> str:
        """A comparison."""
        return self._kept(str(relation))

    def _kept(self, text: str) -> str:
        return text.replace(" ", self.glue) if len(text) <= KEPT else text

    # -------------------------------------------------------------------- conditions
    def cases(self, cases: Cases) -> str:
        """A condition within a sentence: some of the cases hold."""
        texts = [listed([self.relation(r) for r in case]) for case in cases]
        if len(texts) == 1:
            return texts[0]
        return " or ".join(
            f"({text})" if len(case) > 1 else text
            for text, case in zip(texts, cases, strict=True)
        )

    # --------------------------------------------------------------------- decisions
    def facts(self, facts: Facts) -> str:
        """What is known, or what happened."""
        return listed([f"{self.word(n)}={self.word(v)}" for n, v in facts])

    def event(self, facts: Facts) -> str:
        """What happened, to be followed by how likely it is."""
        return self.facts(facts) if len(facts) == 1 else f"({self.facts(facts)})"

    def place(self, decision: Decision) -> str:
        """Where a decision is taken."""
        after = f" after {self.facts(decision.public)}" if decision.public else ""
        return f"at {self.word(decision.name)}{after}"

    def who(self, decision: Decision) -> str:
        """Who takes a decision, by its type."""
        of = f" with {self.facts(decision.private)}" if decision.private else ""
        return f"{self.word(decision.player)}{of}"

    def choice(self, decision: Decision) -> str:
        """What is chosen, with which probabilities."""
        if len(decision.choices) == 1:
            return f"chooses {self.action(decision.choices[0][0])}"
        if any(share is None for _, share in decision.choices):
            return "mixes " + listed([self.action(a) for a, _ in decision.choices])
        return "chooses " + listed(
            [
                f"{self.action(a)} with probability {self.value(share)}"
                for a, share in decision.choices
                if share is not None
            ]
        )

    def decision(self, decision: Decision) -> str:
        """A decision as a clause."""
        return f"{self.place(decision)}, {self.who(decision)} {self.choice(decision)}"

    # ----------------------------------------------------------------------- beliefs
    def belief(self, belief: Belief) -> str:
        """What is believed, with which probabilities."""
        return listed(
            [
                f"{self.event(facts)} with {self.share(share, belief.unknown)}"
                for facts, share in belief.shares
            ]
        )

    def share(self, share: Value | Cases, unknown: str) -> str:
        """A probability that is known, or by what it is bound."""
        if not isinstance(share, tuple):
            return f"probability {self.value(share)}"
        if len(share) == 1 and all(_bounds(r, unknown) for r in share[0]):
            return "probability " + listed(
                [f"{BOUNDS[r.operator]} {self.value(r.right)}" for r in share[0]]
            )
        name = _symbol(share, unknown)
        cases = tuple(tuple(_renamed(r, unknown, name) for r in c) for c in share)
        symbol = self.value(Number.symbol(name))
        return f"a probability {symbol} such that {self.cases(cases)}"

    # ---------------------------------------------------------------------- off path
    def off_path(self, found: OffPath) -> str:
        """One way to hold a family up, as a sentence."""
        clauses = []
        for decision, belief in found.decisions:
            believing = f", believing {self.belief(belief)}" if belief else ""
            clauses.append(self.decision(decision) + believing)
        if found.more:
            sets = "set" if found.more == 1 else "sets"
            clauses.append(f"and so on at {found.more} more information {sets}")
        where = ""
        if found.condition is not None and not found.condition.always:
            where = f"where {self.cases(found.condition.cases)}, "
        return f"Off the path, {where}for instance, {'; '.join(clauses)}."

    # ------------------------------------------------------------------------ events
    def events(self, found: Account) -> str:
        """The probabilities of the events as a sentence, "" without events."""
        if not found.events:
            return ""
        return (
            "The probability of "
            + ", that of ".join(
                f"{self.word(event)} is "
                + ("not determined" if value is None else self.value(value))
                for event, value in found.events
            )
            + "."
        )


def listed(parts: Sequence[str]) -> str:
    """Parts with commas and a last "and"."""
    return " and ".join([*filter(None, [", ".join(parts[:-1])]), parts[-1]])


def _bounds(relation: Relation, unknown: str) -> bool:
    """Whether a relation bounds the unknown by something without it."""
    alone = relation.left.key == Number.symbol(unknown).key
    return alone and unknown not in relation.right.names


def _symbol(cases: Cases, unknown: str) -> str:
    """A name for the unknown that stands for nothing else here."""
    taken = {n for case in cases for r in case for n in r.names}
    return next(n for n in ("q", "mu", "it", unknown) if n not in taken - {unknown})


def _renamed(relation: Relation, old: str, new: str) -> Relation:
    def number(value: Number) -> Number:
        above, below = (
            {
                tuple(sorted((new if n == old else n, e) for n, e in monomial)): c
                for monomial, c in polynomial.items()
            }
            for polynomial in value.polynomials()
        )
        return Number(above, below)

    return Relation(number(relation.left), relation.operator, number(relation.right))


# ------------------------------------------------------------------------- plain text
class _Lines(Wording):
    """Plain text that is going to be wrapped."""

    glue = GLUE


def sustained(family: RegimeFamily) -> str:
    """What holds a family up off the path.

    Parameters
    ----------
    family : RegimeFamily

    Returns
    -------
    str
        A sentence, or one for each part of the family's condition.
    """
    found = off_path(family, 4)
    if not found:
        return "Every information set is reached."
    return " ".join(map(Wording().off_path, found))


def proposition(regimes: Regimes, number: int) -> str:
    """A family as a proposition in plain text.

    Parameters
    ----------
    regimes : Regimes
    number : int
        Of the proposition, from 1.

    Returns
    -------
    str
        Lines of at most 100 characters.

    Raises
    ------
    OutOfRange
        If there is no family of that number.
    """
    families = regimes.families
    if not 1 <= number <= len(families):
        raise OutOfRange(
            f"{regimes!r} has propositions 1 to {len(families)}, not {number}"
        )
    family = families[number - 1]
    say = _Lines()
    found = account(family)
    lines = wrapped(
        f"Proposition {number} ({bracketed(family.name)}). {opening(regimes, say)}"
        f"{start(family, say)}"
    )
    clauses = [say.decision(d) for d in found.path]
    for k, clause in enumerate(clauses):
        end = "." if k == len(clauses) - 1 else ";"
        lines += wrapped(clause + end, "  - ", "    ")
    for sentence in consequences(found, say):
        lines += wrapped(sentence)
    return "\n".join(lines)


def opening(regimes: Regimes, say: Wording) -> str:
    """What is assumed, as a sentence with a space after it; "" if nothing is."""
    if not regimes.given:
        return ""
    return f"Let {listed([say.relation(r) for r in regimes.given])}. "


def start(family: RegimeFamily, say: Wording) -> str:
    """The beginning of a proposition, up to the play on the path."""
    condition = family.condition
    where = (
        "For all admitted parameters"
        if condition.always
        else f"If {say.cases(condition.cases)},"
    )
    return f"{where} there is a {family._owner.kind} in which"


def consequences(found: Account, say: Wording) -> Iterable[str]:
    """The sentences after the play on the path."""
    clauses = [
        f"{say.place(decision)}, {say.who(decision)} believes {say.belief(belief)}"
        for decision, belief in found.beliefs
    ]
    if clauses:
        yield f"On the path, {'; '.join(clauses)}."
    yield from map(say.off_path, found.off_path)
    if found.events:
        yield say.events(found)


def bracketed(name: str) -> str:
    """A name to stand in brackets."""
    return name.translate(str.maketrans("()", "[]"))


def wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    """A paragraph in lines, with no break in a short expression."""
    lines = textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
    )
    return [line.replace(GLUE, " ") for line in lines]
