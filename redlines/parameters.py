"""The parameters of a game: numbers that are named, explained and bound later.

A parameter is written as the default of an argument of a story. The object there only
declares what the number means and which values it may take; the game names it after
the argument. What a story receives, and what ``game.parameters[name]`` gives, is the
named parameter: a `redlines.Number`, so it can be computed with at once.

Reads: errors, numbers.  Used by: tree, play.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, ClassVar

from redlines.errors import ModelError, OutOfRange, StoryError
from redlines.numbers import Number, Relation, exact

__all__ = ["NonNegative", "Parameter", "Positive", "Probability", "Real"]


class Parameter(Number):
    """A number with a meaning whose value is given later, by ``game.bind``.

    Parameters
    ----------
    meaning : str
        What the number stands for, in a few words.
    unit : str, optional
        What it is counted in: ``"payoff"``, ``"months"``.
    """

    __slots__ = ("meaning", "name", "unit")

    domain: ClassVar[str] = ""
    """The values that it ranges over, in words."""

    def __init__(self, meaning: str = "", unit: str = "") -> None:
        if not isinstance(meaning, str) or not isinstance(unit, str):
            raise ModelError(
                f"{type(self).__name__}(meaning, unit) takes two texts, not "
                f"{meaning!r} and {unit!r}; values are given by game.bind(name=value)"
            )
        self.meaning = meaning
        self.unit = unit
        self.name = ""

    def named(self, name: str) -> Parameter:
        """A copy that is the symbol `name`."""
        copy = type(self)(self.meaning, self.unit)
        copy.name = name
        Number.__init__(copy, {((name, 1),): Fraction(1)})
        return copy

    def __getattr__(self, attribute: str) -> Any:
        # only reached for a slot of Number that a bare declaration has not filled
        if attribute in ("_numerator", "_denominator", "_key", "_memo"):
            raise StoryError(
                f"{type(self).__name__}({self.meaning!r}) has no name yet: write it as "
                "the default of an argument of a story, and use that argument"
            )
        raise AttributeError(attribute)

    def admits(self, value: Fraction) -> bool:
        """Whether `value` may be bound to the parameter."""
        raise NotImplementedError

    def domain_relations(self) -> tuple[Relation, ...]:
        """The domain as relations, ends of a range of probabilities left out."""
        return ()

    def check(self, value: object) -> Fraction:
        """`value` as an exact number within the domain.

        Parameters
        ----------
        value : int, Fraction, float, str or numpy scalar
            The value to bind.

        Returns
        -------
        Fraction

        Raises
        ------
        OutOfRange
            If it lies outside.
        """
        number = exact(value, f"the value of parameter {self.name!r}")
        if not self.admits(number):
            raise OutOfRange(
                f"parameter {self.name!r} ({self.meaning or 'no meaning given'}) is "
                f"{self.domain}, so it cannot be {number}"
            )
        return number

    def __repr__(self) -> str:
        unit = f", unit={self.unit!r}" if self.unit else ""
        return f"{type(self).__name__}({self.meaning!r}{unit})"

    def __str__(self) -> str:
        return self.name or repr(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_restore, (type(self), self.meaning, self.unit, self.name))


def _restore(kind: type[Parameter], meaning: str, unit: str, name: str) -> Parameter:
    declared = kind(meaning, unit)
    return declared.named(name) if name else declared


class Probability(Parameter):
    """A chance, in the open interval (0, 1).

    Binding it to 0 or 1 is allowed and gives another game: the impossible branches are
    removed before anything is solved.

    Examples
    --------
    >>> Probability("chance that the US is resolved")
    Probability('chance that the US is resolved')
    """

    __slots__ = ()
    domain = "a probability, from 0 to 1"

    def admits(self, value: Fraction) -> bool:
        """Whether `value` is in [0, 1]."""
        return 0 <= value <= 1

    def domain_relations(self) -> tuple[Relation, ...]:
        """That the value lies in the open interval (0, 1)."""
        symbol = Number.symbol(self.name)
        zero, one = Number.of(0), Number.of(1)
        return (Relation(symbol, ">", zero), Relation(symbol, "<", one))


class Positive(Parameter):
    """A number greater than 0."""

    __slots__ = ()
    domain = "greater than 0"

    def admits(self, value: Fraction) -> bool:
        """Whether `value` is greater than 0."""
        return value > 0

    def domain_relations(self) -> tuple[Relation, ...]:
        """That the value is greater than 0."""
        return (Relation(Number.symbol(self.name), ">", Number.of(0)),)


class NonNegative(Parameter):
    """A number that is 0 or greater."""

    __slots__ = ()
    domain = "0 or greater"

    def admits(self, value: Fraction) -> bool:
        """Whether `value` is not negative."""
        return value >= 0

    def domain_relations(self) -> tuple[Relation, ...]:
        """That the value is not negative."""
        return (Relation(Number.symbol(self.name), ">=", Number.of(0)),)


class Real(Parameter):
    """Any finite number."""

    __slots__ = ()
    domain = "any finite number"

    def admits(self, value: Fraction) -> bool:
        """Whether `value` is a number: always."""
        return True
