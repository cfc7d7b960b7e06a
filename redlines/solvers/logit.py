"""Logit quantal response equilibria on the principal branch.

Definition (McKelvey and Palfrey 1995; 1998 for agents): at every information set the
probabilities are proportional to the exponential of the precision times what actions
are worth, given the others' probabilities. The principal branch is the path of such
profiles that begins at even play with precision 0. It may turn back; "at precision x"
means where it first comes to x.

*Agent form*: one response at each information set. *Strategic form*: one response over
the plans of the reduced strategic form. For matrices both are the same.

Reads: forms, quantal, solution, solvers, tree.  Used by: solving, precision.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from redlines.errors import ModelError, OutOfRange
from redlines.forms import ReducedForm, sequence_form
from redlines.numbers import exact
from redlines.quantal import LogitElement
from redlines.solution import Concept, Coverage, Element, Status
from redlines.solvers.agents import Entropy, Step, walk_along
from redlines.solvers.base import Found, Solver
from redlines.solvers.queries import Undecided
from redlines.tree import Game

__all__ = ["Branch", "LogitBranch"]

# pairs of plans of a strategic form
MAX_PAIRS = 1_000_000
# the precision, per range of payoffs, at which the branch is given up
HIGHEST = 1e12


class Branch:
    """The principal branch of a game.

    Parameters
    ----------
    game : Game
    form : {"agent", "strategic"}
    """

    def __init__(self, game: Game, form: str) -> None:
        if form not in ("agent", "strategic"):
            raise ModelError(f"form is 'agent' or 'strategic', not {form!r}")
        self.shown_in, self.game = game, game
        self.reduced: ReducedForm | None = None
        if form == "strategic" and game._tables.bimatrix is None:
            self.reduced = ReducedForm(game)
            one, other = (_unscaled(self.reduced, player) for player in (0, 1))
            first, second = game.players
            self.game = Game.from_bimatrix(one, other, players=(first, second))
        paid = self.game._exact_payoffs
        ends = self.game._tables.terminals
        spreads = [
            max(paid[n][p] for n in ends) - min(paid[n][p] for n in ends)
            for p in (0, 1)
        ]
        # one unit for both players: their precision is the same
        self.unit = max(spreads) or Fraction(1)
        self.agents = Entropy(sequence_form(self.game), (self.unit, self.unit))

    def log_mu(self, precision: Fraction) -> float:
        """Where the path has a precision."""
        value = precision * self.unit
        return math.log(value.denominator) - math.log(value.numerator)

    def precision(self, log_mu: float) -> float:
        """The precision of a point, per payoff unit."""
        return math.exp(-log_mu - math.log(self.unit))

    def logs(self, step: Step) -> list[list[float]]:
        """By information set the logarithms of probabilities."""
        found: list[list[float]] = [[] for _ in self.game._tables.infosets]
        values = self.agents.steps(step.z).tolist()
        for h, value in zip(self.agents.row_set.tolist(), values, strict=True):
            found[h].append(value)
        return found

    def even(self) -> LogitElement:
        """The beginning, at precision 0."""
        rows = self.game._tables.infosets
        logs = [[-math.log(len(row.actions))] * len(row.actions) for row in rows]
        return self.element(logs, 0.0)

    def element(
        self, logs: Sequence[Sequence[float]], precision: float
    ) -> LogitElement:
        """The equilibrium at some logarithms of probabilities."""
        if self.reduced is None:
            return LogitElement(self.game, logs, precision)
        played: list[tuple[float, ...]] = []
        behaviour: dict[int, tuple[Any, ...]] = {}
        for player in (0, 1):
            shares: Any = list(map(math.exp, logs[player]))
            behaviour |= self.reduced.behaviour(player, shares)
        for h, row in enumerate(self.shown_in._tables.infosets):
            # where own play comes with a probability that underflows: even play
            size = len(row.actions)
            played.append(tuple(map(float, behaviour.get(h, (1 / size,) * size))))
        return LogitElement(self.game, logs, precision, played, self.shown_in)


def _unscaled(reduced: ReducedForm, player: int) -> list[list[Fraction]]:
    own = reduced.form.players[player]
    scale = math.lcm(*(v.denominator for row in own.payoff for v in row.values()))
    return [[Fraction(v, scale) for v in row] for row in reduced.payoffs[player]]


@dataclass(frozen=True)
class LogitBranch(Solver):
    """Logit equilibria at given precisions, or along the branch.

    Parameters
    ----------
    precision : number or sequence of numbers, optional
        Per payoff unit; default the points of the branch that the path passes, until
        nobody gains more than `regret` by a best action.
    form : {"agent", "strategic"}
        Who responds: each information set, or each player over its plans.
    regret : float
        Where the branch ends, as a share of the range of payoffs.
    solves : int
        How many linear systems the path may take.

    References
    ----------
    [mckelveypalfrey1995]_, [mckelveypalfrey1998]_, [turocy2010]_.
    """

    concept: ClassVar[Concept] = Concept.LOGIT
    name: ClassVar[str] = "principal branch"
    exact: ClassVar[bool] = False

    precision: Any = None
    form: str = "agent"
    regret: float = 1e-8
    solves: int = 20_000

    def refusal(self, game: Game) -> str | None:
        """A strategic form of more than a million pairs of plans is refused."""
        if self.form == "strategic":
            pairs = math.prod(ReducedForm.sizes(game))
            if pairs > MAX_PAIRS:
                return (
                    f"its strategic form has {pairs:,} pairs of plans, more than "
                    f"{MAX_PAIRS:,}; ask for form='agent'"
                )
        return None

    def find(self, game: Game, coverage: Coverage) -> Found:
        """The equilibria in the order of the branch."""
        branch = Branch(game, self.form)
        found: list[Element] = []
        status, reason = Status.SOLVED, "the principal branch; others may exist"
        try:
            for element in self._points(branch):
                found.append(element)
                if coverage is Coverage.ONE and self.precision is not None:
                    break
                if len(found) == self.limit:
                    status, reason = Status.LIMIT, f"cut off at limit={self.limit:,}"
                    break
        except Undecided as stopped:
            status = Status.LIMIT if found else Status.NOT_FOUND
            reason = str(stopped)
        if coverage is Coverage.ONE:
            del found[:-1]
        return Found(found, status, False, reason, "logit equilibrium", None)

    def _points(self, branch: Branch) -> Iterator[LogitElement]:
        wanted: list[Fraction] = []
        if self.precision is None:
            yield branch.even()
            goals = [-math.log(HIGHEST)]
        else:
            several = isinstance(self.precision, Iterable) and not isinstance(
                self.precision, str
            )
            given = self.precision if several else [self.precision]
            wanted = sorted({_precision(value) for value in given})
            if wanted and not wanted[0]:
                yield branch.even()
                wanted = wanted[1:]
            goals = [branch.log_mu(value) for value in wanted]
        if not goals:
            return
        for step, asked, _ in walk_along(
            branch.agents, goals, solves=self.solves, time_limit=self.time_limit
        ):
            if asked or self.precision is None:
                # what was asked for, not what rounding makes of it
                precision = float(wanted.pop(0)) if wanted else None
                if precision is None:
                    precision = branch.precision(step.log_mu)
                yield branch.element(branch.logs(step), precision)
                if self.precision is None and branch.agents.gain(step) <= self.regret:
                    return


def _precision(value: Any) -> Fraction:
    found = exact(value, "precision=")
    if found < 0:
        raise OutOfRange(f"precision= is {value!r}; it is 0 or more, per payoff unit")
    return found
