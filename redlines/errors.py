"""Every exception that redlines raises, and who can mend it.

::

    RedlinesError
    ├── ModelError (ValueError)              whoever wrote the game
    │   ├── StoryError                       the story cannot be told this way
    │   ├── MissingPayoff                    nobody is ever paid
    │   ├── BadProbability                   a draw is no probability distribution
    │   ├── ImperfectRecall                  a player forgets what it knew or did
    │   ├── UnboundParameter                 a number is needed, a parameter has none
    │   ├── OutOfRange                       a value outside what the parameter admits
    │   └── UnknownLabel (also LookupError)  no such label; lists those that there are
    ├── EvidenceError (ValueError)           whoever encoded the statements
    │   ├── UnsourcedAssumption              an assumption without a statement
    │   └── ContradictoryAssumptions         assumptions that cannot hold together
    ├── ParseError (ValueError)              a text: line, column, what was expected
    ├── Unsupported (NotImplementedError)    this method cannot do this game
    ├── SolveFailed (RuntimeError)           nobody's mistake; carries ``.solution``
    └── MissingDependency (ImportError)      an extra to install

Reads: nothing.  Used by: every module.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice
from typing import Any

__all__ = [
    "BadProbability",
    "ContradictoryAssumptions",
    "EvidenceError",
    "ImperfectRecall",
    "MissingDependency",
    "MissingPayoff",
    "ModelError",
    "OutOfRange",
    "ParseError",
    "RedlinesError",
    "SolveFailed",
    "StoryError",
    "UnboundParameter",
    "UnknownLabel",
    "UnsourcedAssumption",
    "Unsupported",
]

_SHOWN = 20


class RedlinesError(Exception):
    """The root of every error that redlines raises on purpose."""

    def __reduce__(self) -> tuple[Any, ...]:
        # an error may come back from another process; its message is written already
        return (_restore, (type(self), self.args, self.__dict__))


def _restore(
    kind: type[RedlinesError], args: tuple[Any, ...], state: dict[str, Any]
) -> RedlinesError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


class ModelError(RedlinesError, ValueError):
    """The game as written is not a game that can be solved."""


class StoryError(ModelError):
    """The story cannot be unfolded into a tree; the message names the place."""


class MissingPayoff(ModelError):
    """Nobody is ever paid, so nothing is at stake."""


class BadProbability(ModelError):
    """A draw's amounts are no probability distribution."""


class ImperfectRecall(ModelError):
    """A player forgets something that it knew or did."""


class UnboundParameter(ModelError):
    """A number is needed where a parameter still has no value."""


class OutOfRange(ModelError):
    """A value lies outside what the parameter or the expression admits."""


class UnknownLabel(ModelError, LookupError):
    """There is no such label; the message lists the labels that there are.

    Parameters
    ----------
    kind : str
        What was looked up, in the singular: ``"event"``, ``"information set"``.
    label : object
        What was asked for.
    known : collection of str
        The labels that there are; the first twenty are shown.
    where : str, optional
        The object that was searched, as a phrase: ``"in game red_line"``.
    """

    def __init__(
        self, kind: str, label: object, known: Collection[str], where: str = ""
    ) -> None:
        listed = ", ".join(repr(name) for name in islice(known, _SHOWN)) or "none"
        more = len(known) - _SHOWN
        if more > 0:
            listed += f" and {more} more"
        place = f" {where}" if where else ""
        super().__init__(f"no {kind} {label!r}{place}; there are: {listed}")
        self.label = label


class EvidenceError(RedlinesError, ValueError):
    """Statements or assumptions are encoded wrongly."""


class UnsourcedAssumption(EvidenceError):
    """An assumption is tied to no known statement and not marked as ours."""


class ContradictoryAssumptions(EvidenceError):
    """Assumptions that cannot hold together; the message names them."""


class ParseError(RedlinesError, ValueError):
    """A text does not follow its grammar.

    Attributes
    ----------
    line, column : int
        Where reading stopped, both counted from 1.
    expected : str
        What would have been allowed there.
    """

    def __init__(
        self, message: str, *, line: int = 1, column: int = 1, expected: str = ""
    ) -> None:
        text = f"line {line}, column {column}: {message}"
        if expected:
            text += f"; expected {expected}"
        super().__init__(text)
        self.line = line
        self.column = column
        self.expected = expected


class Unsupported(RedlinesError, NotImplementedError):
    """The method or concept asked for cannot do this game; says which can."""


class SolveFailed(RedlinesError, RuntimeError):
    """A search that ended without an answer; ``solution`` says how far it came."""

    def __init__(self, message: str, solution: object = None) -> None:
        super().__init__(message)
        self.solution = solution


class MissingDependency(RedlinesError, ImportError):
    """An optional package is missing; names the extra that brings it."""
