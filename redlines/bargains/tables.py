"""Bargaining problems as functions: what lies on the table, in parameters.

`bargaining` turns a function into a `BargainingProblem`. The function is called once;
its parameters are the defaults of its signature, as in a story.

Reads: errors, numbers, play, bargains.problems.  Used by: whoever writes problems.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from redlines.bargains.problems import BargainingProblem
from redlines.errors import ModelError, StoryError
from redlines.numbers import TELLING, Amount
from redlines.play import signature

__all__ = ["Table", "bargaining"]


class Table:
    """The verbs of a bargaining problem; one is given to its function.

    Nobody makes one: `bargaining` does, and hands it to the function.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._packages: dict[str, Mapping[str, Amount]] = {}
        self._needs: dict[str, tuple[str, ...]] = {}
        self._consents: dict[str, Amount] = {}
        self._asked: set[str] = set()
        self._disagreement: Mapping[str, Amount] | None = None

    def package(
        self,
        label: str,
        amounts: Mapping[str, Amount],
        needs: str | Sequence[str] = (),
    ) -> None:
        """Something that may be agreed on.

        Parameters
        ----------
        label : str
        amounts : mapping of str to amount
            What each player gets from it, in payoff units; who is not named gets 0.
        needs : str or sequence of str
            Third parties whose consent it needs.

        Raises
        ------
        StoryError
            If the label was used before.
        """
        if label in self._packages:
            raise StoryError(f"{self._name}: there are two packages {label!r}")
        self._packages[label] = amounts
        wanted = (needs,) if isinstance(needs, str) else tuple(needs)
        if wanted:
            self._needs[label] = wanted

    def consent(self, party: str, probability: Amount, asked: str = "after") -> None:
        """A third party, which consents or not.

        Parameters
        ----------
        party : str
        probability : amount
            That it consents, independently of others.
        asked : {"before", "after"}
            Whether it is asked before the bargaining or after an agreement.

        Raises
        ------
        StoryError
            If it was named before.
        """
        if party in self._consents:
            raise StoryError(f"{self._name}: third party {party!r} is named twice")
        self._consents[party] = probability
        self._asked.add(asked)

    def disagree(self, amounts: Mapping[str, Amount]) -> None:
        """What the players get without an agreement; default 0 each.

        Parameters
        ----------
        amounts : mapping of str to amount

        Raises
        ------
        StoryError
            If it was said before.
        """
        if self._disagreement is not None:
            raise StoryError(f"{self._name}: disagreement is described twice")
        self._disagreement = amounts


def bargaining(*players: str) -> Callable[[Callable[..., Any]], BargainingProblem]:
    """Turn a function that lays packages on a table into a bargaining problem.

    Parameters
    ----------
    *players : str
        The two players, for instance ``US, RUSSIA``.

    Returns
    -------
    callable
        A decorator. The function that it decorates takes a `Table` first; its other
        arguments have parameters as defaults (`Probability`, `Positive`, `NonNegative`,
        `Real`), or plain values.

    Raises
    ------
    StoryError
        If the function cannot be read; the message names the place.

    Examples
    --------
    >>> import redlines as rl
    >>> from redlines import RUSSIA, US
    >>> @rl.bargaining(US, RUSSIA)
    ... def exchange(table, worth=rl.Positive("worth of a detainee at home")):
    ...     table.package("1:1", {US: worth, RUSSIA: 1})
    ...     table.package("2:1", {US: 2 * worth - 1, RUSSIA: "1/2"})
    >>> rl.solve(exchange.bind(worth=2), "nash bargaining")[0].payoffs
    {'US': Fraction(2, 1), 'Russia': Fraction(1, 1)}
    """
    if len(players) == 1 and callable(players[0]):
        raise StoryError(
            "write @rl.bargaining(US, RUSSIA) with the two players, not a bare "
            "@rl.bargaining"
        )

    def decorate(story: Callable[..., Any]) -> BargainingProblem:
        name = getattr(story, "__name__", "bargaining")
        parameters, structure = signature(name, story)
        table = Table(name)
        token = TELLING.set(lambda: name)
        try:
            story(table, **parameters, **structure)
        finally:
            TELLING.reset(token)
            for parameter in parameters.values():
                parameter.forget()
        if len(table._asked) > 1:
            raise ModelError(
                f"{name}: third parties are asked before the bargaining or after it, "
                "all at one time"
            )
        return BargainingProblem(
            table._packages,
            table._disagreement or (0, 0),
            players=players,
            name=name,
            consents=table._consents,
            needs=table._needs,
            asked=next(iter(table._asked), "after"),
            parameters=parameters,
            doc=inspect.getdoc(story) or "",
        )

    return decorate
