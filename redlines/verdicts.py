"""What is proved of a claim, and how it is told.

Reads: claims, evidence, numbers, parametric, solution.  Used by: proving, pivots.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from html import escape
from typing import Any

from redlines.claims import Claim, Static
from redlines.errors import ModelError
from redlines.evidence import Assumption
from redlines.numbers import Relation, brief
from redlines.parametric.conditions import Condition
from redlines.solution import Concept, Equilibrium
from redlines.tree import Game

__all__ = ["Given", "Verdict", "Where", "Witness"]

_WIDTH = 98

Given = str | Relation | Assumption


@dataclass(frozen=True)
class Witness:
    """Admitted values with an equilibrium there, one for each game of the claim.

    Attributes
    ----------
    values : dict of str to Fraction
        Of every parameter.
    equilibria : tuple of Equilibrium
        Verified by the referee; in the order of the claim's games.
    measured : tuple of Fraction
        What the two sides of the claim are there.
    """

    values: Mapping[str, Fraction]
    equilibria: tuple[Equilibrium, ...]
    measured: tuple[Any, ...]

    def __str__(self) -> str:
        where = ", ".join(f"{n} = {v}" for n, v in self.values.items())
        sides = " against ".join(brief(m, 24) for m in self.measured)
        return f"at {where}: {sides}"


@dataclass(frozen=True)
class Where:
    """On which parameters a claim holds; each is None where it is not worked out.

    Attributes
    ----------
    every : Condition or None
        It is true of every equilibrium.
    some : Condition or None
        It is true of some equilibrium and false of some other.
    none : Condition or None
        It is true of no equilibrium.
    counts : tuple of int
        Where the conditions are not worked out: of a few admitted values at which all
        equilibria were found, at how many it is true of every, of some, of none.
    """

    every: Condition | None
    some: Condition | None
    none: Condition | None
    counts: tuple[int, int, int] = (0, 0, 0)

    def lines(self) -> list[str]:
        """The three conditions as text."""
        words = (
            ("true in every equilibrium where", self.every),
            ("in some and not in others where", self.some),
            ("true in no equilibrium where", self.none),
        )
        tried = sum(self.counts)
        return [
            f"{text}: {condition}"
            if condition is not None
            else f"{text}: not worked out; at {count} of {tried} values looked at"
            if tried
            else f"{text}: not worked out"
            for (text, condition), count in zip(words, self.counts, strict=True)
        ]

    def __str__(self) -> str:
        return "\n".join(self.lines())


@dataclass
class Verdict:
    """What is proved of a claim.

    Attributes
    ----------
    name : {"always", "sometimes", "never", "unknown"}
    claim : Claim or Static
    game : Game
    concept : Concept
    given : tuple of Given
        As they were given.
    in_some : bool
        Whether one equilibrium that satisfies the claim was enough.
    witness_for, witness_against : Witness or None
        Values and an equilibrium of which the claim is true, and false.
    void : str
        Where no equilibrium exists: "never" for concepts that always have one.
    undecided : tuple of str
        What was not decided; never empty where the verdict is unknown.
    undefined : bool
        Whether some pair was left out because what the claim conditions on has
        probability 0 there.
    notes : tuple of str
        What a reader must know before quoting it.
    """

    name: str
    claim: Claim | Static
    game: Game
    concept: Concept
    given: tuple[Given, ...]
    in_some: bool = False
    witness_for: Witness | None = None
    witness_against: Witness | None = None
    void: str = "never"
    undecided: tuple[str, ...] = ()
    undefined: bool = False
    notes: tuple[str, ...] = ()
    _where: Callable[[str], Where] | None = field(default=None, repr=False)
    _slack: Callable[[], Fraction | None] | None = field(default=None, repr=False)
    _bare: Callable[[], str] | None = field(default=None, repr=False)
    _ends: Callable[[bool], str] | None = field(default=None, repr=False)

    def __bool__(self) -> bool:
        raise ModelError(
            f"the verdict is {self.name!r}; compare its name: verdict.name == 'always'"
        )

    @cached_property
    def where(self) -> Where:
        """For which parameters the claim is true of all, some or no equilibria."""
        if self._where is None:
            return Where(None, None, None)
        return self._where(self.name)

    @cached_property
    def slack(self) -> Fraction | None:
        """By how much an "always" holds at least; 0 if there is no room or no bound."""
        return self._slack() if self.name == "always" and self._slack else None

    @cached_property
    def best_to_best(self) -> str | None:
        """The verdict on the smallest values of two games; None for one game."""
        return self._ends(True) if self._ends else None

    @cached_property
    def worst_to_worst(self) -> str | None:
        """The verdict on the largest values of two games; None for one game."""
        return self._ends(False) if self._ends else None

    @property
    def turns_on_selection(self) -> bool:
        """Whether both witnesses are at the same values of the parameters."""
        one, other = self.witness_for, self.witness_against
        return one is not None and other is not None and one.values == other.values

    @cached_property
    def trivial(self) -> bool | None:
        """Whether it would be the same with every assumption dropped.

        None where it is not decided, and for "sometimes", which dropping what is given
        never changes.
        """
        if not self.given or self._bare is None:
            return None
        if self.name not in ("always", "never"):
            return None
        bare = self._bare()
        return None if bare == "unknown" else bare == self.name

    def report(self) -> str:
        """A few lines to quote: where first, then the verdict, and on what."""
        lines: list[str] = []
        for line in self.where.lines():
            lines += _wrapped(line)
        scope = "some equilibrium" if self.in_some else "every equilibrium"
        head = f"{self.name.upper()}: {self.claim}"
        lines += _wrapped(head)
        lines += _wrapped(
            f"in {scope} ({self.concept.value}), for every payoff of this game's form "
            f"that satisfies {len(self.given)} assumptions"
            if self.given
            else f"in {scope} ({self.concept.value}), for every payoff of this game's "
            "form",
            "  ",
        )
        for assumption in self.given:
            text = str(assumption)
            if isinstance(assumption, Assumption):
                text = f"{assumption}: {assumption.why}"
            lines += _wrapped(text, "  - ")
        if self.trivial:
            lines += _wrapped(
                "It is trivial: it is the same with every assumption dropped.", "  "
            )
        if self.name == "always" and self.slack is not None:
            lines += _wrapped(f"least slack: {self.slack}", "  ")
        if self.witness_for is not None and self.name != "always":
            lines += _wrapped(f"true {self.witness_for}", "  ")
        if self.witness_against is not None:
            lines += _wrapped(f"false {self.witness_against}", "  ")
        if self.name == "sometimes" and not self.in_some:
            for kind, witness in (
                ("true", self.witness_for),
                ("false", self.witness_against),
            ):
                if witness is None:
                    lines += _wrapped(
                        f"It is proved that it can be {kind}; no rational values were "
                        "found at which it is.",
                        "  ",
                    )
        if self.turns_on_selection:
            lines += _wrapped(
                "Both at the same values: there it turns on which equilibrium is "
                "played, not on the payoffs.",
                "  ",
            )
        ends = (self.best_to_best, self.worst_to_worst)
        if self.name == "sometimes" and set(ends) - {None, "not worked out"}:
            lines += _wrapped(
                f"smallest against smallest: {self.best_to_best}; largest against "
                f"largest: {self.worst_to_worst}",
                "  ",
            )
        for note in (*self.notes, *(f"not decided: {u}" for u in self.undecided)):
            lines += _wrapped(note, "  ")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<Verdict {self.name}: {self.claim}>"

    def __str__(self) -> str:
        return self.report()

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self.report())}</pre>"


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=" " * len(indent) + "    ",
        break_on_hyphens=False,
    )
