"""Logit equilibria as they are shown: probabilities in floating point.

Reads: numbers, profile, referee, solution, tree.  Used by: solvers, precision.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property

from redlines.profile import Assessment
from redlines.referee import LogitCertificate, logit
from redlines.solution import Concept, Element, Equilibrium
from redlines.tree import CHANCE, Game

__all__ = ["LogitElement", "LogitEquilibrium"]


class LogitElement(Element):
    """A logit equilibrium.

    Parameters
    ----------
    game : Game
    logs : sequence of sequence of float
        For each information set the logarithms of the probabilities.
    precision : float
        Per payoff unit.
    played : sequence of sequence of float, optional
        The behaviour strategies that it amounts to in `shown_in`.
    shown_in : Game, optional
        The tree that `game` is the strategic form of.
    """

    def __init__(
        self,
        game: Game,
        logs: Sequence[Sequence[float]],
        precision: float,
        played: Sequence[Sequence[float]] | None = None,
        shown_in: Game | None = None,
    ) -> None:
        self.form, self.logs, self.precision = game, logs, precision
        self.game = game if shown_in is None else shown_in
        self.played = played

    @property
    def support(self) -> tuple[tuple[int, ...], ...]:
        """Every action: all have positive probability."""
        return tuple(
            tuple(range(len(row.actions))) for row in self.game._tables.infosets
        )

    def assessment(self) -> Assessment:
        """The probabilities, and the beliefs that Bayes' rule gives."""
        tables = self.game._tables
        if self.played is not None:
            return Assessment(self.game, self.played, [None] * len(tables.infosets))
        come = [0.0] * len(tables)
        for node in range(1, len(tables)):
            before, option = tables.parent[node], tables.option[node]
            index = tables.infoset[before]
            if tables.kind[before] == CHANCE:
                here = math.log(self.game._shares(index)[option])
            else:
                here = self.logs[index][option]
            come[node] = come[before] + here
        beliefs = []
        for row in tables.infosets:
            most = max(come[n] for n in row.nodes)
            weights = [math.exp(come[n] - most) for n in row.nodes]
            beliefs.append(tuple(w / sum(weights) for w in weights))
        strategy = [tuple(map(math.exp, row)) for row in self.logs]
        return Assessment(self.game, strategy, beliefs)

    def shown(self, concept: Concept) -> Equilibrium:
        """What a solution lists for the element."""
        return LogitEquilibrium(self, concept)


class LogitEquilibrium(Equilibrium):
    """A logit equilibrium, in floating point.

    No exact equilibrium: every action is played, the better ones more often. As the
    precision grows the branch tends to one equilibrium, in most games.
    """

    _element: LogitElement

    @cached_property
    def certificate(self) -> LogitCertificate:
        """What the referee found: how far probabilities are from logit responses."""
        return logit(self._element.form, self._element.logs, self.precision)

    @property
    def precision(self) -> float:
        """The precision, per payoff unit: 0 is even play."""
        return self._element.precision

    @property
    def gain(self) -> float:
        """The most that a best action gains at an information set, in payoff units."""
        return self.certificate.gain

    def __repr__(self) -> str:
        pays = ", ".join(f"{p} {float(v):.6g}" for p, v in self.payoffs.items())
        return (
            f"<Logit equilibrium of {self.game.name}, precision {self.precision:.6g}: "
            f"{pays}>"
        )
