"""Closed forms of inspection games: the equilibrium around a point, in symbols.

In each state the equilibria depend on four signs: of what inspecting gains the
inspector if there is a violation and if there is none, and of what violating gains the
inspectee if there is an inspection and if there is none. So the formulas that hold at a
point hold wherever these signs are the same, and that is their condition.

Reads: errors, inspection, numbers, solving.  Used by: users.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import Any

from redlines.errors import Unsupported
from redlines.inspection import InspectionGame, State
from redlines.numbers import Number, Relation
from redlines.parameters import Positive, Probability
from redlines.parametric.polynomials import Ring
from redlines.problem import require
from redlines.solution import Concept, read_concept
from redlines.solving import solve
from redlines.tree import STR_LINES, STR_WIDTH

__all__ = ["InspectionFormula", "inspection_formula"]

ZERO = Number.of(0)


@dataclass(frozen=True)
class InspectionFormula:
    """An equilibrium, or an announcement, in symbols.

    Attributes
    ----------
    game : InspectionGame
        With open parameters.
    concept : Concept
        What it is.
    inspects, violates : dict
        By what is left (periods, inspections), the probability of an inspection and of
        a violation.
    payoffs : dict of str to Number
        By player, in payoff units.
    conditions : tuple of Relation
        Where all of these hold, the formulas do.
    """

    game: InspectionGame
    concept: Concept
    inspects: dict[tuple[int, ...], Number]
    violates: dict[tuple[int, ...], Number]
    payoffs: dict[str, Number]
    conditions: tuple[Relation, ...]

    def __str__(self) -> str:
        inspector, inspectee = self.game.players
        lines = [f"{self.game.name}, {self.concept.value}, in symbols"]
        lines += [f"  {player} gets {value}" for player, value in self.payoffs.items()]
        for left, p in self.inspects.items():
            q = self.violates[left]
            lines.append(
                f"  {left}: {inspector} inspects {p}; {inspectee} violates {q}"
            )
        lines += [f"  if {relation}" for relation in self.conditions]
        if len(lines) > STR_LINES:
            more = len(lines) - STR_LINES + 1
            lines = [*lines[: STR_LINES - 1], f"... {more} more lines"]
        return "\n".join(
            x if len(x) <= STR_WIDTH else x[: STR_WIDTH - 1] + "…" for x in lines
        )

    def __repr__(self) -> str:
        return (
            f"<InspectionFormula of {self.game.name} ({self.concept.value}): "
            f"{len(self.conditions)} conditions>"
        )

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def inspection_formula(
    game: InspectionGame,
    at: Mapping[str, Any],
    concept: Concept | str = Concept.SUBGAME_PERFECT,
) -> InspectionFormula:
    """The closed form that holds at a point, and where it holds.

    Parameters
    ----------
    game : InspectionGame
        With open parameters.
    at : mapping
        A value for each of them; it selects the case, not the numbers.
    concept : {"subgame perfect", "nash", "stackelberg"}
        An equilibrium, or, in a game of one period, the best announcement.

    Returns
    -------
    InspectionFormula
        Where a probability can range, it is the end that the solution shows: the least
        inspection, the most violation.

    Raises
    ------
    Unsupported
        If there are several equilibria at the point, or an announcement is asked for
        over more than one period.

    Examples
    --------
    >>> import redlines as rl
    >>> visit = rl.InspectionGame(
    ...     1,
    ...     1,
    ...     gain=rl.Positive("of a violation"),
    ...     penalty=rl.Positive("of being caught"),
    ...     loss=4,
    ...     cost=rl.Positive("of a visit"),
    ... )
    >>> formula = rl.inspection_formula(visit, {"gain": 1, "penalty": 2, "cost": 1})
    >>> print(formula)
    inspection, subgame perfect, in symbols
      Inspector gets -cost
      Inspectee gets 0
      (1, 1): Inspector inspects gain/(gain + penalty); Inspectee violates cost/4
      if 4 - cost > 0
    """
    wanted = read_concept(concept)
    require(game, InspectionGame, "inspection_formula")
    bound = game.bind(**at)
    if wanted is Concept.STACKELBERG:
        return _announcement(game, bound)
    if wanted not in (Concept.SUBGAME_PERFECT, Concept.NASH):
        raise Unsupported(f"{wanted.value!r} has no closed form for {game!r}")
    solution = solve(bound, Concept.SUBGAME_PERFECT)
    if solution.count != 1:
        raise Unsupported(
            f"at {dict(at)} there is more than one equilibrium, and so no formula: "
            f"{solution.reason}"
        )
    choices = solution._elements[0].choices
    values: dict[State, tuple[Number, Number]] = {}
    numbers: dict[State, tuple[Number, Number]] = {}
    inspects, violates = {}, {}
    conditions: dict[object, Relation] = {}
    for state in game.states():
        pays = _pays(game, state, values)
        exact = _pays(bound, state, numbers)
        (p_at, _), (_, q_at) = choices[state]
        gains, there = _gains(pays), _gains(exact)
        for expression, number in zip(gains, there, strict=True):
            _keep_sign(game, conditions, expression, number)
        # what makes the other indifferent
        p = _root(gains[3], gains[2], p_at)
        q = _root(gains[1], gains[0], q_at)
        values[state] = _mixed(pays, p, q)
        numbers[state] = _mixed(exact, Number.of(p_at), Number.of(q_at))
        inspects[game.key(state)], violates[game.key(state)] = p, q
    return InspectionFormula(
        game,
        wanted,
        dict(reversed(inspects.items())),
        dict(reversed(violates.items())),
        dict(zip(game.players, values[game.start], strict=True)),
        tuple(conditions.values()),
    )


Pays = dict[tuple[int, int], tuple[Number, Number]]


def _pays(
    game: InspectionGame, state: State, values: Mapping[State, tuple[Number, Number]]
) -> Pays:
    """What each pair of choices is worth, with what follows."""
    found = {}
    for i, v in itertools.product((0, 1)[: 2 if state[1] else 1], (0, 1)):
        branch = game.branch(state, bool(i), bool(v))
        later = values.get(branch.next, (ZERO, ZERO))
        found[i, v] = (
            Number.of(branch.inspector) + Number.of(branch.weight) * later[0],
            Number.of(branch.inspectee) + Number.of(branch.weight) * later[1],
        )
    return found


def _gains(pays: Pays) -> tuple[Number, Number, Number, Number]:
    """Of inspecting against a violation and none; of violating, inspected and not."""
    unseen = _lowest(pays[0, 1][1] - pays[0, 0][1])
    if (1, 0) not in pays:
        return ZERO, ZERO, ZERO, unseen
    return (
        _lowest(pays[1, 1][0] - pays[0, 1][0]),
        _lowest(pays[1, 0][0] - pays[0, 0][0]),
        _lowest(pays[1, 1][1] - pays[1, 0][1]),
        unseen,
    )


def _keep_sign(
    game: InspectionGame,
    conditions: dict[object, Relation],
    expression: Number,
    number: Number,
) -> None:
    """Demand that an expression has the sign that it has at a point."""
    if expression.is_constant or _has_one_sign(game, expression):
        return
    value = number.constant()
    sign = ">" if value > 0 else "<" if value < 0 else "=="
    conditions.setdefault((expression.key, sign), Relation(expression, sign, ZERO))


def _has_one_sign(game: InspectionGame, expression: Number) -> bool:
    """Whether positive parameters alone give an expression its sign."""
    if not all(
        isinstance(game.parameters[name], Positive | Probability)
        for name in expression.names
    ):
        return False
    return all(
        len({coefficient > 0 for coefficient in polynomial.values()}) == 1
        for polynomial in expression.polynomials()
    )


def _root(at_zero: Number, at_one: Number, chosen: Fraction) -> Number:
    """The probability at which a gain that is linear in it is 0, unless it is pure."""
    if chosen in (0, 1):
        return Number.of(chosen)
    return _lowest(at_zero / (at_zero - at_one))


def _mixed(pays: Pays, p: Number, q: Number) -> tuple[Number, Number]:
    """What both sides get."""
    totals = [ZERO, ZERO]
    for (i, v), pay in pays.items():
        weight = (p if i else 1 - p) * (q if v else 1 - q)
        for side in (0, 1):
            totals[side] = totals[side] + weight * pay[side]
    return _lowest(totals[0]), _lowest(totals[1])


def _lowest(expression: Number) -> Number:
    """An expression in lowest terms."""
    return Number.of(Ring(expression.names).ratio(expression).number())


def _announcement(game: InspectionGame, bound: InspectionGame) -> InspectionFormula:
    """The best announcement in a game of one period."""
    if game.periods > 1:
        raise Unsupported(
            "an announcement has a closed form for one period only; rl.solve(..., "
            "'stackelberg') has it at numbers"
        )
    state = game.start
    answer = solve(bound, Concept.STACKELBERG)[0]
    (step,) = answer.plan
    pays, exact = _pays(game, state, {}), _pays(bound, state, {})
    gains, there = _gains(pays), _gains(exact)
    conditions: dict[object, Relation] = {}
    for expression, number in zip(gains[2:], there[2:], strict=True):
        _keep_sign(game, conditions, expression, number)
    on, off = (number.constant() for number in there[2:])
    # where an announcement can be best: at either end, or where the reply changes
    ends = [(Fraction(0), off)] + ([(Fraction(1), on)] if state[1] else [])
    options = [(Number.of(x), v) for x, gain in ends for v in (0, 1) if _best(gain, v)]
    if state[1] and on * off < 0:
        options += [(gains[3] / (gains[3] - gains[2]), v) for v in (0, 1)]
    p = _root(gains[3], gains[2], step.inspects)
    q = Number.of(int(step.violates))
    value, reply = _mixed(pays, p, q)
    for share, violate in options:
        other = _mixed(pays, share, Number.of(violate))[0]
        difference = _lowest(value - other)
        if not difference.is_constant:
            relation = Relation(difference, ">=", ZERO)
            conditions.setdefault((difference.key, ">="), relation)
    key = game.key(state)
    return InspectionFormula(
        game,
        Concept.STACKELBERG,
        {key: p},
        {key: q},
        dict(zip(game.players, (value, reply), strict=True)),
        tuple(conditions.values()),
    )


def _best(gain: Fraction, violate: int) -> bool:
    """Whether a reply is best where violating gains this."""
    return gain >= 0 if violate else gain <= 0
