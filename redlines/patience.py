"""How patient players must be for strategies of a repeated game to be an equilibrium.

Whether an automaton is an equilibrium is a finite number of comparisons, one for each
state, player and other action, each between quotients of polynomials in the discount
factor and the stage's parameters. At numbers their real roots cut [0, 1) into pieces on
which nothing changes; with symbols the comparisons are a condition, simplified with
what is given.

Reads: algebraic, automata, deviations, numbers, ranges, repeated, parametric.
Used by: users.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from redlines.algebraic import Algebraic
from redlines.automata import Automaton, Machine, Path
from redlines.deviations import RepeatedCertificate, one_shot
from redlines.errors import ModelError, Unsupported
from redlines.numbers import Number, brief
from redlines.parametric.conditions import Condition, simplified
from redlines.parametric.polynomials import Poly, Ratio, Ring
from redlines.parametric.regimes import Given, admitted
from redlines.parametric.region import Atom, Region, poly_of
from redlines.problem import require
from redlines.ranges import Interval, Range
from redlines.repeated import DISCOUNT, RepeatedGame, _discount_parameter
from redlines.solvers.base import DEFAULT_EFFORT
from redlines.solvers.queries import Undecided
from redlines.tree import Game

__all__ = [
    "CriticalDiscounts",
    "Punishment",
    "critical_discounts",
    "shortest_punishment",
]

# values of so many states are worked out with the discount factor as a symbol
MAX_STATES = 64


@dataclass(frozen=True)
class CriticalDiscounts:
    """The discount factors at which an automaton is an equilibrium.

    Attributes
    ----------
    game : RepeatedGame
    automaton : Automaton
    ranges : dict of str to Range or None, or None
        For each player the discount factors in [0, 1) at which it gains by no
        deviation, exactly, with algebraic ends; None for a player that always does.
        None altogether for a stage with open parameters.
    conditions : dict of str to Condition, or None
        The same as conditions on ``discount`` and the stage's parameters, the discount
        factor in (0, 1). None for a stage at numbers.
    """

    game: RepeatedGame
    automaton: Automaton
    ranges: dict[str, Range | None] | None
    conditions: dict[str, Condition] | None
    _common: Any
    _region: Region | None = None

    @property
    def range(self) -> Range | None:
        """The common discount factors at which it is one; None if there are none.

        Raises
        ------
        Unsupported
            If the stage has open parameters; see `condition`.
        """
        if self.ranges is None:
            raise Unsupported(
                f"{self.game.stage!r} has open parameters: read .condition, or bind"
                " them"
            )
        found: Range | None = self._common
        return found

    @property
    def condition(self) -> Condition:
        """When it is one, with a common discount factor in (0, 1) and what is given.

        Raises
        ------
        Unsupported
            If the stage has no open parameters; see `range`.
        """
        if self.conditions is None:
            raise Unsupported(f"{self.game.stage!r} is at numbers: read .range")
        found: Condition = self._common
        return found

    @cached_property
    def thresholds(self) -> tuple[Any, ...] | None:
        """What a common discount factor must reach, where that is the whole condition.

        The discount factor must be at least each of them: numbers, or expressions in
        the stage's parameters. None where the condition is not of this form, or where
        there is no such discount factor.
        """
        if self.ranges is not None:
            found = self.range
            if found is None or len(found.intervals) > 1 or found.high != 1:
                return None
            return (found.low,)
        assert self._region is not None
        if len(self.condition.cases) != 1:
            return None
        try:
            ends = [_least(self._region, a) for a in self.condition._cases[0]]
        except Undecided:
            return None
        return None if None in ends or not ends else tuple(ends)

    @property
    def threshold(self) -> Any:
        """The critical discount factor, where it is one number or one expression.

        The automaton is an equilibrium exactly from there on. None where there is no
        single one; see `thresholds`, `range` and `condition`.
        """
        ends = self.thresholds
        return ends[0] if ends is not None and len(ends) == 1 else None

    def __repr__(self) -> str:
        found = self._common
        ends = self.thresholds if self.ranges is None else None
        if ends is not None:
            text = " and ".join(f"{DISCOUNT} >= {end}" for end in ends)
        else:
            text = "none" if found is None else str(found)
        return f"<CriticalDiscounts of {self.game.name}: {text}>"

    def __str__(self) -> str:
        lines = [repr(self)[1:-1]]
        each = self.ranges if self.ranges is not None else self.conditions
        assert each is not None
        for player, found in each.items():
            lines.append(f"  {player}: {'none' if found is None else found}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(str(self))}</pre>"


def critical_discounts(
    repeated: RepeatedGame,
    automaton: Automaton,
    given: Iterable[Given] | Given = (),
    *,
    effort: int = DEFAULT_EFFORT,
    time_limit: float | None = None,
) -> CriticalDiscounts:
    """The discount factors at which an automaton is a subgame perfect equilibrium.

    Parameters
    ----------
    repeated : RepeatedGame
        Its own discount factor does not matter. Where signals are seen the equilibrium
        is public perfect.
    automaton : Automaton
    given : iterable of str or Relation
        What is assumed of the stage's parameters, and of ``discount``, which is then
        taken to be in (0, 1): ``["temptation > reward"]``.
    effort : int
        How much work one question may do, in z3's resource units; deterministic.
    time_limit : float, optional
        Seconds after which what is still open is given up as undecided.

    Returns
    -------
    CriticalDiscounts

    Raises
    ------
    ContradictoryAssumptions
        If nothing satisfies what is given.
    Unsupported
        For automata of more than 64 states.

    Examples
    --------
    >>> import redlines as rl
    >>> @rl.game("US", "Russia")
    ... def dilemma(play, T=rl.Real(), R=rl.Real(), P=rl.Real(), S=rl.Real()):
    ...     both = play.simultaneous(
    ...         {"US": ("us", ["hold", "strike"]), "Russia": ("it", ["hold", "strike"])}
    ...     )
    ...     us, it = both["US"] == "hold", both["Russia"] == "hold"
    ...     pays = {(1, 1): (R, R), (1, 0): (S, T), (0, 1): (T, S), (0, 0): (P, P)}
    ...     play.pay(dict(zip(("US", "Russia"), pays[us, it])))
    >>> rivalry = rl.RepeatedGame(dilemma)
    >>> grim = rl.Automaton.trigger(("hold", "hold"), ("strike", "strike"))
    >>> found = rl.critical_discounts(rivalry, grim, given=["T > R", "R > P", "P > S"])
    >>> print(found.threshold)
    (T - R)/(T - P)
    """
    require(repeated, RepeatedGame, "critical_discounts")
    machine = Machine.read(repeated, automaton)
    if len(machine.names) > MAX_STATES:
        raise Unsupported(
            f"the automaton has {len(machine.names)} states; at most {MAX_STATES} are "
            "worked out with the discount factor as a symbol; rl.verify takes more"
        )
    players = repeated.players
    if not repeated.stage.free_parameters and not given:
        ring = Ring([DISCOUNT])
        ranges: dict[str, Range | None] = {}
        every: list[tuple[int, ...]] = []
        for player, name in enumerate(players):
            polys = [_whole(p) for p in _gains(machine, ring, player)]
            ranges[name] = _range(polys)
            every += polys
        return CriticalDiscounts(repeated, automaton, ranges, None, _range(every))
    region = _region(repeated, given, effort, time_limit)
    conditions = {}
    whole: list[Atom] = []
    for player, name in enumerate(players):
        atoms = [region.atom(p, ">=") for p in _gains(machine, region.ring, player)]
        conditions[name] = _condition(region, atoms)
        whole += atoms
    return CriticalDiscounts(
        repeated, automaton, None, conditions, _condition(region, whole), region
    )


def _condition(region: Region, atoms: Iterable[Atom]) -> Condition:
    kept = frozenset(a for a in atoms if a.is_settled is not True)
    cases = [kept] if region.allows(*kept) else []
    return Condition(region, simplified(region, cases))


def _least(region: Region, atom: Atom) -> Number | None:
    """What the discount factor must reach for a comparison, if it is of that form.

    The denominator is written so that it is positive.
    """
    ring = region.ring
    place = ring.index[DISCOUNT]
    poly = poly_of(ring, atom.key)
    if atom.sign != ">=" or poly.degrees()[place] != 1:
        return None
    slope = poly.derivative(place)
    if region.allows(region.atom(slope, "<=")):
        return None
    rest = slope * ring.symbol(DISCOUNT) - poly
    if slope.is_constant():
        return ring.number(rest) / ring.number(slope)
    # not divided by Number, which writes the leading term with a positive sign
    return Number(
        ring.number(rest).polynomials()[0], ring.number(slope).polynomials()[0]
    )


def _region(
    repeated: RepeatedGame,
    given: Iterable[Given] | Given,
    effort: int,
    time_limit: float | None,
) -> Region:
    """What is admitted of the stage's parameters and the discount factor."""
    stage = repeated.stage
    widened = Game(
        stage._origin,
        name=stage.name,
        parameters={**stage.parameters, DISCOUNT: _discount_parameter()},
        bound=stage.bound,
    )
    region, _ = admitted(widened, given, effort, time_limit)
    return region


def _gains(machine: Machine, ring: Ring, player: int) -> Iterator[Poly]:
    """What must not be negative for a player not to deviate, as polynomials.

    Each is what staying is worth less what a deviation is, times a denominator squared;
    that denominator vanishes nowhere on [0, 1), so it changes no sign.
    """
    game = machine.game
    one = Ratio(ring, ring.one, ring.one)
    discount = Ratio(ring, ring.symbol(DISCOUNT), ring.one)
    worth = _values(machine, ring, player, discount, one)
    seen = set()
    for state in range(len(machine.names)):
        for action in range(len(game.actions[player])):
            total = Ratio(ring, ring.zero, ring.one)
            for cell, share in machine.instead(state, player, action):
                paid = ring.ratio(game._payoffs[cell[0]][cell[1]][player])
                later = Ratio(ring, ring.zero, ring.one)
                for target, chance in machine.next(state, cell).items():
                    later = later + ring.ratio(chance) * worth[target]
                total = total + ring.ratio(share) * (
                    (one - discount) * paid + discount * later
                )
            gap = worth[state] - total
            poly = gap.above * gap.below
            if poly and hash(gap) not in seen:
                seen.add(hash(gap))
                yield poly


def _values(
    machine: Machine, ring: Ring, player: int, discount: Ratio, one: Ratio
) -> list[Ratio]:
    """What each state is worth to a player, by elimination; the last state first."""
    size = len(machine.names)
    zero = Ratio(ring, ring.zero, ring.one)
    rows: list[dict[int, Ratio]] = []
    right: list[Ratio] = []
    for state in range(size):
        row = {state: one}
        paid = zero
        for cell, share in machine.cells(state):
            weight = ring.ratio(share)
            paid = paid + weight * ring.ratio(
                machine.game._payoffs[cell[0]][cell[1]][player]
            )
            for target, chance in machine.next(state, cell).items():
                step = discount * weight * ring.ratio(chance)
                row[target] = row.get(target, zero) - step
        rows.append(row)
        right.append((one - discount) * paid)
    for k in range(size - 1, -1, -1):
        pivot = rows[k].pop(k)
        rows[k] = {j: v / pivot for j, v in rows[k].items() if v}
        right[k] = right[k] / pivot
        for i in range(k):
            factor = rows[i].pop(k, None)
            if factor:
                for j, v in rows[k].items():
                    rows[i][j] = rows[i].get(j, zero) - factor * v
                right[i] = right[i] - factor * right[k]
    for k in range(size):
        for j, v in rows[k].items():
            right[k] = right[k] - v * right[j]
    return right


# --------------------------------------------------------------------------- at numbers
def _whole(poly: Poly) -> tuple[int, ...]:
    """The coefficients of a polynomial in the discount factor, the constant first.

    Multiplied by a positive number that makes them whole.
    """
    terms = {int(m[0]): Fraction(int(c.p), int(c.q)) for m, c in poly.terms()}
    scale = math.lcm(*(c.denominator for c in terms.values()))
    return tuple(int(terms.get(k, 0) * scale) for k in range(max(terms) + 1))


def _value(coefficients: Sequence[int], x: Fraction) -> Fraction:
    total = Fraction(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def _roots(coefficients: tuple[int, ...]) -> list[Any]:
    """The real roots in [0, 1), from the least."""
    import flint

    _, parts = flint.fmpz_poly(list(coefficients)).factor()
    found: list[Any] = []
    for part, _ in parts:
        found += Algebraic.roots(tuple(int(c) for c in part.coeffs()))
    return [r for r in found if 0 <= r < 1]


def _range(polys: Sequence[tuple[int, ...]]) -> Range | None:
    """Where on [0, 1) no polynomial is negative."""
    zeros: list[tuple[Any, set[int]]] = []
    for k, poly in enumerate(polys):
        for root in _roots(poly):
            for known, where in zeros:
                if known == root:
                    where.add(k)
                    break
            else:
                zeros.append((root, {k}))
    zeros.sort(key=_Order)
    ends = [Fraction(0), *(root for root, _ in zeros), Fraction(1)]
    samples = [_between(a, b) for a, b in itertools.pairwise(ends)]
    good = [x is not None and all(_value(p, x) > 0 for p in polys) for x in samples]
    found: list[Interval] = []
    for k, holds in enumerate(good):
        if holds:
            low, high = ends[k], ends[k + 1]
            # where a piece ends the comparisons that vanish hold, and others go on
            found.append(Interval(low, high, True, k + 1 < len(good)))
    for k, (root, where) in enumerate(zeros):
        # a neighbour of the root tells the sign of what does not vanish there
        near = samples[k] if samples[k] is not None else samples[k + 1]
        if near is None:
            continue
        if all(i in where or _value(p, near) > 0 for i, p in enumerate(polys)):
            found.append(Interval(root, root))
    return Range.union(found) if found else None


class _Order:
    """The order of roots, which may be rational or not."""

    def __init__(self, entry: tuple[Any, set[int]]) -> None:
        self.root = entry[0]

    def __lt__(self, other: _Order) -> bool:
        if isinstance(other.root, Algebraic) and not isinstance(self.root, Algebraic):
            return bool(other.root > self.root)
        return bool(self.root < other.root)


def _between(low: Any, high: Any) -> Fraction | None:
    """A rational strictly between two numbers; None if they are equal."""
    if low == high:
        return None
    digits = 4
    while True:
        above = low.bracket(digits)[1] if isinstance(low, Algebraic) else low
        below = high.bracket(digits)[0] if isinstance(high, Algebraic) else high
        if above < below:
            middle: Fraction = (above + below) / 2
            return middle
        digits *= 2


# ------------------------------------------------------------------- length of a threat
@dataclass(frozen=True)
class Punishment:
    """The shortest punishment that makes a path an equilibrium.

    Attributes
    ----------
    periods : int or None
        How long it lasts; None where none up to the limit will do.
    automaton : Automaton or None
    certificate : RepeatedCertificate or None
        Of the automaton, with what each of its states is worth.
    reason : str
        Why there is no shorter one, or none.
    """

    periods: int | None
    automaton: Automaton | None
    certificate: RepeatedCertificate | None
    reason: str

    @property
    def payoffs(self) -> dict[str, Fraction] | None:
        """What each player gets on average from the beginning."""
        if self.certificate is None or self.automaton is None:
            return None
        return self.certificate.values[self.automaton.start]

    def __str__(self) -> str:
        if self.periods is None:
            return f"no punishment: {self.reason}"
        assert self.payoffs is not None
        pays = ", ".join(f"{p} {brief(v)}" for p, v in self.payoffs.items())
        word = "period" if self.periods == 1 else "periods"
        return f"{self.periods} {word}, payoffs {pays}: {self.reason}"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(str(self))}</pre>"


def shortest_punishment(
    repeated: RepeatedGame,
    path: Path,
    punishment: Path,
    *,
    on: Iterable[str] = (),
    limit: int = 200,
) -> Punishment:
    """The shortest punishment after which a path begins anew and is an equilibrium.

    Parameters
    ----------
    repeated : RepeatedGame
        At numbers.
    path, punishment, on
        As in `Automaton.trigger`.
    limit : int
        The longest punishment to try.

    Returns
    -------
    Punishment
        Every shorter one has been refused by the referee.

    Notes
    -----
    Where path and punishment are one profile each, and that of the punishment is a Nash
    equilibrium of the stage, each comparison is linear in ``discount ** periods`` for a
    common discount factor, up to a positive factor. So if the same comparison fails for
    the shortest punishment and for one that never ends, it fails for all between.

    Examples
    --------
    >>> import redlines as rl
    >>> dilemma = rl.Game.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> rivalry = rl.RepeatedGame(dilemma, discount="3/5")
    >>> print(rl.shortest_punishment(rivalry, ("1", "1"), ("2", "2")))
    3 periods, payoffs Row 3, Column 3: every shorter one has been tried
    """
    require(repeated, RepeatedGame, "shortest_punishment")
    repeated._require_numbers("shortest_punishment")
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise ModelError(f"limit is a whole number from 1 on, not {limit!r}")
    signals = tuple(on)

    def tried(periods: int | None) -> tuple[Automaton, RepeatedCertificate]:
        automaton = Automaton.trigger(path, punishment, periods, on=signals)
        return automaton, one_shot(Machine.read(repeated, automaton))

    automaton, first = tried(1)
    if first.holds:
        return Punishment(1, automaton, first, "there is none shorter")
    if _is_linear(repeated, path, punishment):
        grim = tried(None)[1]
        where = {(f.player, f.infoset, *f.deviation.values()) for f in first.failures}
        for f in grim.failures:
            if (f.player, f.infoset, *f.deviation.values()) in where:
                reason = f"even one without end fails: {f}"
                return Punishment(None, None, None, reason)
    for periods in range(2, limit + 1):
        automaton, certificate = tried(periods)
        if certificate.holds:
            reason = "every shorter one has been tried"
            return Punishment(periods, automaton, certificate, reason)
    return Punishment(None, None, None, f"none of up to {limit} periods will do")


def _is_linear(repeated: RepeatedGame, path: Path, punishment: Path) -> bool:
    """Whether comparisons on the path are linear in discount ** periods; see above."""
    plain = all(
        isinstance(p, tuple) and isinstance(p[0], str) for p in (path, punishment)
    )
    return (
        plain
        and not isinstance(repeated.discount, dict)
        and (tuple(punishment) in repeated.stage_nash)
    )
