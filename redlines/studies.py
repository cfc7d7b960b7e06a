"""Analyses beside the game of a scenario: another noun, another concept, at numbers.

A `Study` asks a question of a scenario and answers with a `Finding`. Its sentences are
put together from what it computes, so that they cannot say something else.

Reads: nothing.  Used by: scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Finding", "Study"]

VERDICTS = ("always", "sometimes", "never", "unknown", "")


@dataclass(frozen=True)
class Finding:
    """What a study found.

    Parameters
    ----------
    says : str
        The finding, in one to three sentences.
    verdict : {"always", "sometimes", "never", "unknown", ""}
        What becomes of the claim that the study is about; empty if it is about none.
    scope : str
        For what that holds: "at the baseline", or "for every ... that fits the
        assumptions".
    table : sequence of sequence of str
        Rows to show, the first one the head; may be empty.
    listing : str
        Text to show as it stands; may be empty.
    draw : callable, optional
        Draws a picture and returns its Axes.
    """

    says: str
    verdict: str = ""
    scope: str = "at the baseline"
    table: Sequence[Sequence[str]] = ()
    listing: str = ""
    draw: Callable[[], Any] | None = None

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise ValueError(
                f"the verdict of a finding is one of {', '.join(VERDICTS[:-1])} or "
                f"empty, not {self.verdict!r}"
            )


@dataclass(frozen=True)
class Study:
    """A question that the game's own equilibria do not answer.

    Parameters
    ----------
    title : str
        A few words.
    asks : str
        The question, in a sentence.
    answer : callable
        Takes the scenario and returns a `Finding`; deterministic.
    """

    title: str
    asks: str
    answer: Callable[[Any], Finding]
