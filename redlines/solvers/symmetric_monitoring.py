"""The values of strongly symmetric public perfect equilibria, exactly.

Both do the same after every history, in pure strategies, with public signals and a
public lottery. What they can get is an interval. From outside intervals shrink by
linear programmes whose dual prices prove each step; the prices are linear bounds in
both ends, and where they meet is the interval itself, which is then proved from both
sides: prices exclude anything outside, and strategies reach both ends (Abreu, Pearce
and Stacchetti 1990: continuations at the ends are enough).

Reads: monitoring, payoff_sets, repeated, solution, solvers.  Used by: solving.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from redlines.monitoring import SymmetricRound, covers_symmetric
from redlines.payoff_sets import PayoffSetPart, Step
from redlines.polygons import Polygon
from redlines.repeated import RepeatedGame
from redlines.solution import Concept, Coverage, Status
from redlines.solvers.base import Found, Solver
from redlines.solvers.linear_programmes import Constraint, Optimum, Programme, maximize

__all__ = ["StronglySymmetric"]

ZERO = Fraction(0)
GRID = 2**48


def symmetry_refusal(game: RepeatedGame) -> str | None:
    """Why a game has no strongly symmetric equilibria to look for."""
    assert game._discounts is not None
    if not game.signals:
        return "actions are seen; ask for 'subgame perfect'"
    if not game.randomization:
        return "it needs public randomization"
    if game._discounts[0] != game._discounts[1]:
        return "the players discount differently"
    if game.actions[0] != game.actions[1]:
        return "the players' actions have different names or another order"
    size = range(len(game.actions[0]))
    for a in size:
        for b in size:
            one, other = game._table[a][b], game._table[b][a]
            if (
                one != other[::-1]
                or game._exact_chances[a][b] != game._exact_chances[b][a]
            ):
                return "the stage or the signals are not symmetric"
    return None


class _Stage:
    """The programmes of one symmetric game.

    Variables are what each signal's continuation is above the low end, at most the
    breadth of the interval.
    """

    def __init__(self, game: RepeatedGame) -> None:
        self.game = game
        assert game._discounts is not None
        self.discount = game._discounts[0]
        self.actions = range(len(game.actions[0]))
        self.signals = range(len(game.signals))

    def best(
        self, action: int, sign: int, low: Fraction, high: Fraction
    ) -> Optimum | None:
        """The greatest of a value times a sign, with prices; None if it cannot be kept.

        Prices are those of the other actions, in order, and then of the breadth.
        """
        game, d = self.game, self.discount
        here = game._exact_chances[action][action]
        pay = game._table[action][action][0]
        rows = []
        for other in self.actions:
            if other == action:
                continue
            there = game._exact_chances[other][action]
            gain = (1 - d) * (game._table[other][action][0] - pay)
            # what the low end contributes cancels, since chances sum to one
            row = {
                y: d * (there[y] - here[y]) for y in self.signals if there[y] != here[y]
            }
            rows.append(Constraint(row, -gain))
        rows += [Constraint({y: 1}, high - low) for y in self.signals]
        cost = {y: sign * d * here[y] for y in self.signals}
        return maximize(Programme(len(self.signals), cost, rows))

    def value(
        self, action: int, optimum: Optimum, sign: int, low: Fraction
    ) -> Fraction:
        """What the value is at an optimum."""
        pay = self.game._table[action][action][0]
        return (1 - self.discount) * pay + self.discount * low + sign * optimum.value

    def prices(self, action: int, optimum: Optimum) -> dict[int, Fraction]:
        """The prices of the other actions."""
        others = [a for a in self.actions if a != action]
        return {
            a: price for a, price in zip(others, optimum.prices, strict=False) if price
        }

    def refuted(
        self, action: int, low: Fraction, high: Fraction
    ) -> dict[int, Fraction]:
        """Prices at which an action that cannot be kept is worth as little as wanted.

        The programme asks by how much the worst deviation pays too much; its dual says
        which mixture of deviations cannot be deterred.
        """
        game, d = self.game, self.discount
        here = game._exact_chances[action][action]
        pay = game._table[action][action][0]
        slack = len(self.signals)
        others = [a for a in self.actions if a != action]
        rows = []
        for other in others:
            there = game._exact_chances[other][action]
            gain = (1 - d) * (game._table[other][action][0] - pay)
            row = {
                y: d * (there[y] - here[y]) for y in self.signals if there[y] != here[y]
            }
            rows.append(Constraint({**row, slack: Fraction(-1)}, -gain))
        rows += [Constraint({y: 1}, high - low) for y in self.signals]
        found = maximize(Programme(slack + 1, {slack: Fraction(-1)}, rows))
        assert found is not None
        assert found.value < 0
        spread = max(abs(high), abs(low), abs(pay), Fraction(1))
        scale = 8 * spread / -found.value
        return {
            a: price * scale
            for a, price in zip(others, found.prices, strict=False)
            if price
        }


@dataclass(frozen=True)
class StronglySymmetric(Solver):
    """The interval of values, proved by prices and reached by strategies.

    Parameters
    ----------
    rounds : int
        How often the outer interval is improved at most.

    References
    ----------
    [abreu1986]_, [abreu1990]_.
    """

    concept: ClassVar[Concept] = Concept.STRONGLY_SYMMETRIC
    name: ClassVar[str] = "dual prices"
    takes: ClassVar[type[RepeatedGame]] = RepeatedGame

    rounds: int = 400

    def refusal(self, game: RepeatedGame) -> str | None:
        """Games without signals, or that are not symmetric."""
        return symmetry_refusal(game)

    def find(self, game: RepeatedGame, coverage: Coverage) -> Found:
        """The interval, as one element."""
        stage = _Stage(game)
        pays = [game._table[a][a][0] for a in stage.actions]
        low, high = min(pays), max(pays)
        chain = [SymmetricRound(low, high)]
        ends: tuple[Fraction, Fraction] | None = None
        for number in range(self.rounds):
            step, guess = _improved(stage, low, high)
            if step.low > step.high:
                certificate = covers_symmetric(game, [*chain, step])
                return Found(
                    [],
                    Status.NONE_EXISTS if certificate.holds else Status.NOT_FOUND,
                    certificate.holds,
                    "no action can be kept by both after any history",
                    "payoff set",
                    0 if certificate.holds else None,
                )
            # looked at now and then: each look costs as much as a step
            if guess is not None and (number < 4 or number % 8 == 0):
                proved = SymmetricRound(*guess, step.below, step.above, together=True)
                if _points(stage, *guess) is not None:
                    ends = guess
                    if covers_symmetric(game, [*chain, proved]).holds:
                        return self._answer(stage, [*chain, proved], guess, True)
            if (step.low, step.high) == (low, high):
                break
            chain.append(step)
            low, high = step.low, step.high
        if ends is None and _points(stage, low, high) is not None:
            ends = (low, high)
        return self._answer(stage, chain, ends, ends == (low, high))

    def _answer(
        self,
        stage: _Stage,
        chain: list[SymmetricRound],
        ends: tuple[Fraction, Fraction] | None,
        whole: bool,
    ) -> Found:
        game = stage.game
        reached = None if ends is None else _points(stage, *ends)
        values, steps = reached or ((), ())
        last = chain[-1]
        part = PayoffSetPart(
            game,
            tuple((v, v) for v in values),
            steps,
            Polygon.hull([(last.low, last.low), (last.high, last.high)]),
            prove=lambda: covers_symmetric(game, chain),
            whole=whole,
            symmetric=True,
        )
        return Found(
            elements=[part],
            status=Status.SOLVED,
            complete=whole,
            reason="dual prices exclude any other value, and strategies reach both ends"
            if whole
            else "the set lies between the inner and the outer one, both verified",
            unit="payoff set",
            count=1 if whole else None,
        )


def _improved(
    stage: _Stage, low: Fraction, high: Fraction
) -> tuple[SymmetricRound, tuple[Fraction, Fraction] | None]:
    """The next interval with its proof, and where its bounds meet."""
    above: list[dict[int, Fraction]] = []
    below: list[dict[int, Fraction]] = []
    most: tuple[Fraction, int] | None = None
    least: tuple[Fraction, int] | None = None
    for action in stage.actions:
        up = stage.best(action, 1, low, high)
        down = stage.best(action, -1, low, high)
        if up is None or down is None:
            prices = stage.refuted(action, low, high)
            above.append(prices)
            below.append(prices)
            continue
        above.append(stage.prices(action, up))
        below.append(stage.prices(action, down))
        values = stage.value(action, up, 1, low), stage.value(action, down, -1, low)
        if most is None or values[0] > most[0]:
            most = values[0], action
        if least is None or values[1] < least[0]:
            least = values[1], action
    if most is None or least is None:
        return SymmetricRound(high + 1, low - 1, below, above), None
    step = SymmetricRound(
        Fraction((least[0] * GRID).__floor__(), GRID)
        if least[0].denominator > GRID
        else least[0],
        Fraction((most[0] * GRID).__ceil__(), GRID)
        if most[0].denominator > GRID
        else most[0],
        below,
        above,
    )
    return step, _meeting(
        _ends(stage, most[1], 1, above[most[1]]),
        _ends(stage, least[1], -1, below[least[1]]),
    )


def _ends(
    stage: _Stage, action: int, sign: int, prices: dict[int, Fraction]
) -> tuple[Fraction, Fraction, Fraction]:
    """A bound as constant, share of the high end, share of the low end."""
    game, d = stage.game, stage.discount
    here = game._exact_chances[action][action]
    pay = game._table[action][action][0]
    constant = sign * (1 - d) * pay
    weights = [sign * d * here[y] for y in stage.signals]
    for other, price in prices.items():
        there = game._exact_chances[other][action]
        constant += price * (1 - d) * (pay - game._table[other][action][0])
        for y in stage.signals:
            weights[y] += price * d * (here[y] - there[y])
    up = sum((w for w in weights if w > 0), ZERO)
    down = sum((w for w in weights if w < 0), ZERO)
    return constant, up, down


def _meeting(
    above: tuple[Fraction, Fraction, Fraction],
    below: tuple[Fraction, Fraction, Fraction],
) -> tuple[Fraction, Fraction] | None:
    """The (l, h) at which ``h = A + B h + C l`` and ``-l = A' + B' h + C' l``."""
    (k, p, n), (j, q, m) = above, below
    # (1 - p) h - n l = k and -q h - (1 + m) l = j
    determinant = -(1 - p) * (1 + m) - n * q
    if determinant == 0:
        return None
    high = (-k * (1 + m) + n * j) / determinant
    low = ((1 - p) * j + q * k) / determinant
    return (low, high) if low <= high else None


def _points(
    stage: _Stage, low: Fraction, high: Fraction
) -> tuple[tuple[Fraction, ...], tuple[Step, ...]] | None:
    """How both ends are reached with continuations between them, or None."""
    values = (low,) if low == high else (low, high)
    steps = []
    for value, sign in zip(values, (-1, 1), strict=False):
        for action in stage.actions:
            found = stage.best(action, sign, low, high)
            if found is not None and stage.value(action, found, sign, low) == value:
                later = []
                for x in found.point:
                    share = x / (high - low) if high > low else ZERO
                    row = {0: 1 - share} | ({1: share} if high > low else {})
                    later.append({k: p for k, p in row.items() if p})
                steps.append(Step((action, action), tuple(later)))
                break
        else:
            return None
    return values, tuple(steps)
