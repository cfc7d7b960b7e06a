"""Correlated and coarse correlated equilibria: the polytope, by linear programming.

One variable for each pair of reduced plans, its probability. *Correlated*: one
inequality for each player, plan s and other plan s', that following s when told s pays
no less than s'. *Coarse*: one for each player and plan s', that following what one is
told pays no less than s'. All of them are homogeneous, so what is true of probabilities
given an event is linear too, after scaling that event's probability to 1.

Reads: forms, joint, mediated, ranges, solution, solvers.  Used by: solving.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

from redlines.errors import ModelError
from redlines.forms import ReducedForm
from redlines.joint import Joint, Plan
from redlines.mediated import Amount, Given, JointElement, read_measure
from redlines.ranges import Interval, Range
from redlines.solution import Concept, Coverage, Status
from redlines.solvers.base import Found, Solver
from redlines.solvers.linear_programmes import Constraint, Programme, maximize
from redlines.tree import Game

__all__ = [
    "MAX_ENTRIES",
    "CoarseCorrelated",
    "Correlated",
    "Polytope",
    "read_aim",
    "welfare",
]

# entries of the matrix of inequalities
MAX_ENTRIES = 1_000_000


def read_aim(game: Game, high: Any, low: Any) -> tuple[str, Amount, Given]:
    """What is to be greatest, from what a caller maximizes or minimizes.

    Returns
    -------
    tuple
        In words, what terminals count for it, and which count at all.

    Raises
    ------
    ModelError
        If both are given.
    """
    if high is not None and low is not None:
        raise ModelError("give maximize= or minimize=, not both")
    if low is None:
        wanted = "welfare" if high is None else high
        amount, given = read_measure(game, wanted)
        return f"with the greatest {wanted}", amount, given
    amount, given = read_measure(game, low)
    return f"with the least {low}", lambda node: -amount(node), given


def welfare(game: Game) -> Amount:
    """The sum of payoffs at a terminal."""
    paid = game._exact_payoffs
    return lambda node: sum(paid[node], Fraction(0))


class Polytope(JointElement):
    """Every equilibrium of one of the two concepts.

    Parameters
    ----------
    game : Game
    coarse : bool
    aim : str
        What the distribution shown is best at, in words.
    amount, given : callable
        What terminals count for this aim, and which count at all.
    """

    def __init__(
        self, game: Game, coarse: bool, aim: str, amount: Amount, given: Given
    ) -> None:
        self.game = game
        self.coarse = coarse
        self.aim = aim
        self.reduced = ReducedForm(game)
        self.columns = len(self.reduced.plans[1])
        found = self._best(amount, given)
        if found is None:
            raise ModelError(
                "what the objective conditions on has probability 0 in every "
                "equilibrium of the concept; ask for another objective"
            )
        self._shares = found[1]
        if given is None:
            self._shares = self._fairest(amount, *found)

    @property
    def size(self) -> int:
        """How many pairs of plans there are."""
        return len(self.reduced.plans[0]) * self.columns

    @property
    def helpers(self) -> int:
        """How many variables the inequalities need beyond the pairs of plans."""
        return 0

    @cached_property
    def constraints(self) -> list[Constraint]:
        """What a deviation gains, at most 0; rows that say nothing are left out."""
        one, other = self.reduced.payoffs
        rows, columns = range(len(one)), range(self.columns)
        number = self.columns
        found: list[dict[int, int]] = []
        if self.coarse:
            for best in rows:
                found.append(
                    {
                        s * number + t: one[best][t] - one[s][t]
                        for s in rows
                        for t in columns
                        if one[best][t] != one[s][t]
                    }
                )
            for best in columns:
                found.append(
                    {
                        s * number + t: other[s][best] - other[s][t]
                        for s in rows
                        for t in columns
                        if other[s][best] != other[s][t]
                    }
                )
        else:
            for s in rows:
                for best in rows:
                    gains = zip(one[best], one[s], strict=True)
                    found.append(
                        {
                            s * number + t: a - b
                            for t, (a, b) in enumerate(gains)
                            if a != b
                        }
                    )
            for t in columns:
                for best in columns:
                    found.append(
                        {
                            s * number + t: other[s][best] - other[s][t]
                            for s in rows
                            if other[s][best] != other[s][t]
                        }
                    )
        return [Constraint(row) for row in found if row]

    def _expected(self, amount: Amount) -> dict[int, Fraction]:
        """An expected amount by pairs of plans; zeros are left out."""
        table: dict[int, list[tuple[int, Fraction]]] = {}
        for (q, r), value in self.reduced.form.bilinear(amount).items():
            table.setdefault(q, []).append((r, value))
        columns = [frozenset(plan) for plan in self.reduced.plans[1]]
        found: dict[int, Fraction] = {}
        for s, plan in enumerate(self.reduced.plans[0]):
            row = [entry for q in plan for entry in table.get(q, ())]
            for t, column in enumerate(columns):
                value = sum((v for r, v in row if r in column), Fraction(0))
                if value:
                    found[s * self.columns + t] = value
        return found

    def _fairest(
        self, amount: Amount, value: Fraction, shares: dict[int, Fraction]
    ) -> dict[int, Fraction]:
        """Of all that are best, one with the greatest sum of payoffs."""
        cost, second = self._expected(amount), welfare(self.game)
        if cost == self._expected(second):
            return shares
        # homogeneous, so that it fits any scale of the distribution
        level = dict.fromkeys(range(self.size), -value)
        for j, v in cost.items():
            level[j] += v
        found = self._best(second, None, [Constraint(level)])
        assert found is not None
        return found[1]

    def _best(
        self, amount: Amount, given: Given, level: Sequence[Constraint] = ()
    ) -> tuple[Fraction, dict[int, Fraction]] | None:
        """The greatest value of an amount, and a distribution that has it."""
        total: dict[int, Any]
        if given is None:
            cost, total = self._expected(amount), dict.fromkeys(range(self.size), 1)
        else:
            here = given
            cost = self._expected(lambda n: amount(n) if here(n) else Fraction(0))
            total = self._expected(lambda n: Fraction(int(here(n))))
            if not total:
                return None
        found = maximize(
            Programme(
                self.size + self.helpers,
                cost,
                self.constraints,
                [Constraint(total, 1), *level],
            )
        )
        if found is None:
            return None
        shares = found.point[: self.size]
        mass = sum(shares, Fraction(0))
        return found.value, {j: x / mass for j, x in enumerate(shares) if x}

    def extremes(self, amount: Amount, given: Given) -> Range | None:
        """What an expected amount can be over the polytope, both ends attained."""
        high = self._best(amount, given)
        low = self._best(lambda node: -amount(node), given)
        if high is None or low is None:
            return None
        return Range((Interval(-low[0], high[0]),))

    @cached_property
    def _joint(self) -> Joint:
        pairs = []
        for place, share in sorted(self._shares.items()):
            s, t = divmod(place, self.columns)
            pairs.append((self._plan(0, s), self._plan(1, t), share))
        return Joint(self.game, tuple(pairs))

    def joint(self) -> Joint:
        """The distribution that is shown."""
        return self._joint

    def _plan(self, player: int, number: int) -> Plan:
        own = self.reduced.form.players[player]
        plan = self.reduced.plans[player][number]
        return tuple(sorted((own.infoset[q], own.action[q]) for q in plan if q))

    def __getstate__(self) -> dict[str, Any]:
        # amounts are functions, which do not travel; they are not kept
        return {k: v for k, v in vars(self).items() if k != "constraints"}


@dataclass(frozen=True)
class Correlated(Solver):
    """The polytope of correlated equilibria of the reduced strategic form.

    Parameters
    ----------
    maximize, minimize : str, mapping or measure, optional
        What the distribution shown is best at, one of them: an event's name,
        ``"welfare"``, a weight for each player, ``rl.P(event)`` or
        ``rl.payoff(player)``. Default: the greatest sum of payoffs, which also decides
        between several that are best at something else.

    References
    ----------
    [aumann1974]_, [aumann1987]_.
    """

    concept: ClassVar[Concept] = Concept.CORRELATED
    name: ClassVar[str] = "linear programming"
    coarse: ClassVar[bool] = False

    maximize: Any = None
    minimize: Any = None

    def refusal(self, game: Game) -> str | None:
        """Games whose inequalities would have more than a million entries."""
        one, other = ReducedForm.sizes(game)
        entries = one * other * (one + other)
        if entries > MAX_ENTRIES:
            return (
                f"it has {one:,} and {other:,} plans, so the inequalities have "
                f"{entries:,} entries; at most {MAX_ENTRIES:,} are written out"
            )
        return None

    def find(self, game: Game, coverage: Coverage) -> Found:
        """The polytope, as one element."""
        aim, amount, given = read_aim(game, self.maximize, self.minimize)
        shown = self._polytope(game, aim, amount, given)
        return Found(
            elements=[shown],
            status=Status.SOLVED,
            complete=True,
            reason=f"all of them, a polytope of {len(shown.constraints):,} "
            f"inequalities on {shown.size:,} pairs of plans",
            unit="polytope",
            count=1,
        )

    def _polytope(self, game: Game, aim: str, amount: Amount, given: Given) -> Polytope:
        return Polytope(game, self.coarse, aim, amount, given)


@dataclass(frozen=True)
class CoarseCorrelated(Correlated):
    """The polytope of coarse correlated equilibria of the reduced strategic form.

    References
    ----------
    [moulinvial1978]_.
    """

    concept: ClassVar[Concept] = Concept.COARSE_CORRELATED
    coarse: ClassVar[bool] = True
