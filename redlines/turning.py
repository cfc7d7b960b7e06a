"""What would change an answer: the nearest value of one parameter that flips a claim.

Every other parameter keeps its value, so what is left open is one number, and a claim
is true in every equilibrium, in some or in none on finitely many stretches of it. Their
ends are roots of the polynomials in the verdict's conditions, found exactly. In games
for which the conditions are too many to work out, all equilibria are found at a few
values instead, and the end of a stretch is then enclosed by two of them.

Reads: algebraic, claims, evidence, numbers, parameters, parametric, proving.  Used by:
scenario.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from redlines.algebraic import Algebraic
from redlines.claims import Claim, Measure
from redlines.errors import UnknownLabel
from redlines.evidence import Assumption
from redlines.numbers import Amount, Number, Relation, brief, exact
from redlines.parameters import Probability, Real
from redlines.parametric.region import All, AnyOf, Atom, Formula
from redlines.problem import require
from redlines.proving import SOON, check
from redlines.solution import Concept
from redlines.solvers.base import DEFAULT_EFFORT
from redlines.tree import Game
from redlines.verdicts import Verdict, Where

__all__ = ["Flip", "flips", "proper_draws"]

Point = Fraction | Algebraic

_WORDS = ("true in every equilibrium", "true in some equilibria only", "true in none")


@dataclass(frozen=True)
class Flip:
    """The nearest value of a parameter beyond which a claim is otherwise.

    Attributes
    ----------
    parameter : str
    now : Fraction
        Its value at which the claim was asked about.
    value : Fraction, Algebraic or None
        Where the stretch begins on which it is otherwise; None if none was found on
        this side.
    exact : bool
        Whether `value` is where it begins, and None a proof that there is none. If
        not, the claim was tried at a few values: it begins between the last one on
        this side at which nothing changed and `value`, less than a tenth further on.
    side : {"above", "below"}
        On which side of `value` it is otherwise.
    before, after : str
        Whether the claim is true in every equilibrium, in some or in none, now and
        there; `after` is empty where `value` is None.
    admitted : bool
        Whether some value on that stretch satisfies the assumptions, the other
        parameters as they are.
    undecided : str
        Why nothing is said; empty where something is.
    """

    parameter: str
    now: Fraction
    value: Any
    side: str
    before: str
    after: str
    admitted: bool
    exact: bool = True
    undecided: str = ""

    @property
    def distance(self) -> Any:
        """The change relative to the value now; for sorting."""
        if self.value is None:
            return float("inf")
        gap = abs(float(self.value) - float(self.now))
        return gap / abs(float(self.now)) if self.now else gap

    def __str__(self) -> str:
        head = f"{self.parameter} (now {brief(self.now)})"
        if self.undecided:
            return f"{head}: not decided, {self.undecided}"
        if self.value is None:
            tried = "" if self.exact else " of a few tried"
            return f"{head}: no value {self.side}{tried} changes it"
        fits = "" if self.admitted else "; the assumptions exclude that"
        near = "" if self.exact else "about "
        return f"{head} {self.side} {near}{brief(self.value)}: {self.after}{fits}"


def flips(
    game: Game,
    claim: Claim,
    values: Mapping[str, Amount],
    given: Iterable[Assumption] = (),
    concept: Concept | str = "sequential",
    parameters: Sequence[str] | None = None,
    *,
    effort: int = DEFAULT_EFFORT,
    time_limit: float | None = None,
) -> tuple[Flip, ...]:
    """For each parameter the nearest values, below and above, that flip a claim.

    Parameters
    ----------
    game : Game
        With open parameters.
    claim : Claim
        A comparison of measures, as `redlines.check` takes it.
    values : mapping of str to number
        A value for every open parameter.
    given : iterable of Assumption
        Only to say of each flip whether it would break an assumption.
    concept : Concept or str
    parameters : sequence of str, optional
        Which to move; default all, one at a time.
    effort, time_limit
        As `redlines.check` takes them, for each parameter.

    Returns
    -------
    tuple of Flip
        The smallest relative change first; then what cannot be flipped, then what is
        not decided.

    Raises
    ------
    UnknownLabel
        If a parameter is not one of the game's.
    OutOfRange
        If a value leaves its domain.

    Examples
    --------
    >>> import redlines as rl
    >>> @rl.game("Defender", "Challenger")
    ... def deter(play, cost=rl.Positive("price of crossing")):
    ...     if play.move("Challenger", "act", ["cross", "refrain"]) == "cross":
    ...         play.mark("crossed")
    ...         play.pay({"Challenger": 3 - cost})
    >>> for flip in flips(deter, rl.P("crossed") == 0, {"cost": 4}):
    ...     print(flip)
    cost (now 4) below 3: true in none
    cost (now 4): no value above changes it
    """
    require(game, Game, "flips")
    base = {name: exact(values[name], name) for name in game.free_parameters}
    for name in parameters or ():
        if name not in base:
            raise UnknownLabel("parameter", name, base, f"in {game!r}")
    for name, value in base.items():
        game.parameters[name].check(value)
    known = tuple(given)
    found: list[Flip] = []
    for name in parameters or base:
        others = {n: v for n, v in base.items() if n != name}
        ask = _Question(game, claim, concept, effort, time_limit)
        if not ask.is_small:
            found += _tried_along(name, base, game.parameters[name], ask, known)
            continue
        proper = ask.proper(others)
        where = ask.verdict(others, proper).where
        found += _along(name, base, game.parameters[name], where, known, proper)
    return tuple(
        sorted(found, key=lambda f: (bool(f.undecided), f.value is None, f.distance))
    )


@dataclass(frozen=True)
class _Question:
    """A claim, to be asked about with some parameters at values."""

    game: Game
    claim: Claim
    concept: Concept | str
    effort: int
    time_limit: float | None

    @property
    def games(self) -> list[Game]:
        """Those that it is about."""
        sides = (self.claim.left, self.claim.right)
        named = [s.game for s in sides if isinstance(s, Measure) and s.game is not None]
        return [self.game, *named]

    @property
    def is_small(self) -> bool:
        """Whether the conditions of a verdict are worked out in good time."""
        return all(len(game.infosets) <= SOON for game in self.games)

    def proper(self, values: Mapping[str, Fraction]) -> list[Relation]:
        """That what is drawn with an open probability is drawn with a proper one."""
        bound = (
            game.bind(**{n: v for n, v in values.items() if n in game.free_parameters})
            for game in self.games
        )
        return [relation for game in bound for relation in proper_draws(game)]

    def verdict(
        self, values: Mapping[str, Fraction], given: Sequence[Relation] = ()
    ) -> Verdict:
        """What is proved of it there."""
        return check(
            self.game.bind(**values),
            _bound(self.claim, values),
            given,
            concept=self.concept,
            effort=self.effort,
            time_limit=self.time_limit,
        )


def proper_draws(game: Game) -> list[Relation]:
    """That every open probability of a draw lies between 0 and 1.

    Parameters
    ----------
    game : Game

    Returns
    -------
    list of Relation
        Between its open parameters, each once.
    """
    zero, one = Number.of(0), Number.of(1)
    found: dict[str, Relation] = {}
    for draw in game._tables.draws:
        for index in draw.amounts:
            amount = game._amounts[index]
            if isinstance(amount, Number) and amount.names:
                for relation in (
                    Relation(amount, ">", zero),
                    Relation(amount, "<", one),
                ):
                    found.setdefault(str(relation), relation)
    return list(found.values())


# how far a parameter is moved where values are tried, as factors of it and of the
# distance to the ends of (0, 1); then the stretch is halved
FACTORS = tuple(Fraction(n, 4) for n in (5, 7, 10, 20, 40))
HALVINGS = 4


def _tried_along(
    name: str,
    base: Mapping[str, Fraction],
    domain: Any,
    ask: _Question,
    given: Sequence[Assumption],
) -> list[Flip]:
    """The flips along one parameter as far as a few values show them."""
    now = base[name]
    words = dict(zip(("always", "sometimes", "never"), _WORDS, strict=True))

    def status(value: Fraction) -> str:
        return words.get(ask.verdict({**base, name: value}).name, "")

    before = status(now)
    if not before:
        why = "the claim is not decided at the values given"
        return [Flip(name, now, None, "", "", "", False, False, why)]
    found = []
    for side in ("below", "above"):
        flip = Flip(name, now, None, side, before, "", False, exact=False)
        last, after = now, before
        for factor in FACTORS:
            value = _moved(now, factor, side, domain)
            after = status(value)
            if after not in ("", before):
                break
            last = value
        else:
            found.append(flip)
            continue
        for _ in range(HALVINGS):
            middle = (last + value) / 2
            there = status(middle)
            if there == after:
                value = middle
            else:
                last = middle
        fits = all(a.holds(**{**base, name: value}) for a in given)
        found.append(replace(flip, value=value, after=after, admitted=fits))
    return found


def _moved(now: Fraction, factor: Fraction, side: str, domain: Any) -> Fraction:
    """A value further along, within the domain."""
    if side == "below":
        return now / factor if now > 0 else now - factor
    if isinstance(domain, Probability):
        return 1 - (1 - now) / factor
    return now * factor if now > 0 else now + factor


def _bound(claim: Claim, values: Mapping[str, Fraction]) -> Claim:
    """The claim with the games it names bound."""

    def side(of: Any) -> Any:
        if isinstance(of, Number):
            return of.at(values)
        if isinstance(of, Measure) and of.game is not None:
            own = {n: v for n, v in values.items() if n in of.game.free_parameters}
            return replace(of, game=of.game.bind(**own))  # type: ignore[type-var]
        return of

    return Claim(side(claim.left), claim.operator, side(claim.right))


def _along(
    name: str,
    base: Mapping[str, Fraction],
    domain: Any,
    where: Where,
    given: Sequence[Assumption],
    proper: Sequence[Relation],
) -> list[Flip]:
    """The flips along one parameter."""
    now = base[name]
    conditions = (where.every, where.some, where.none)
    if any(c is None for c in conditions):
        why = "where the claim holds is not worked out"
        return [Flip(name, now, None, "", "", "", False, False, why)]
    formulas = [c.formula for c in conditions if c is not None]
    ends = _ends(domain)
    bounds = _cuts(proper, name, {})
    cuts = sorted(
        {
            r
            for r in itertools.chain(bounds, *map(_roots, formulas))
            if _is_between(r, *ends)
        }
    )
    before = _status(formulas, now)
    found = []
    for side in ("below", "above"):
        beyond = [c for c in cuts if (c < now if side == "below" else c > now)]
        if side == "below":
            beyond.reverse()
        flip = Flip(name, now, None, side, _WORDS[before], "", False)
        # a parameter may sit on a cut itself: the stretch next to it comes first
        for position, cut in enumerate([now, *beyond]):
            further = beyond[position] if position < len(beyond) else None
            inside = _between(cut, further, side, ends)
            if inside is None:
                continue
            if not all(r.holds(**{name: inside}) for r in proper):
                break  # a draw would have no proper probability there
            after = _status(formulas, inside)
            if after != before:
                tried = _tried(cut, further, side, ends, name, base, given)
                fits = any(
                    all(a.holds(**{**base, name: t}) for a in given) for t in tried
                )
                flip = replace(flip, value=cut, after=_WORDS[after], admitted=fits)
                break
        found.append(flip)
    return found


def _ends(domain: Any) -> tuple[Any, Any]:
    """The ends of a parameter's domain; None where there is none."""
    if isinstance(domain, Probability):
        return Fraction(0), Fraction(1)
    return (None if isinstance(domain, Real) else Fraction(0)), None


def _is_between(value: Any, low: Any, high: Any) -> bool:
    return (low is None or low < value) and (high is None or value < high)


def _atoms(formula: Formula) -> Iterable[Atom]:
    if isinstance(formula, Atom):
        return [formula]
    return [a for part in formula.parts for a in _atoms(part)]


def _roots(formula: Formula) -> list[Point]:
    """Where a polynomial of the formula vanishes."""
    found: list[Point] = []
    for atom in _atoms(formula):
        found += Algebraic.roots(_coefficients(atom))
    return found


def _coefficients(atom: Atom) -> list[Fraction]:
    """Of the polynomial of an atom in one parameter, the constant first."""
    degree = max((m[0] if m else 0 for m, _ in atom.key), default=0)
    rows = [Fraction(0)] * (degree + 1)
    for monomial, coefficient in atom.key:
        rows[monomial[0] if monomial else 0] += coefficient
    return rows


def _holds(formula: Formula, value: Any) -> bool:
    if isinstance(formula, All):
        return all(_holds(part, value) for part in formula.parts)
    if isinstance(formula, AnyOf):
        return any(_holds(part, value) for part in formula.parts)
    total: Any = Fraction(0)
    for coefficient in reversed(_coefficients(formula)):
        total = total * value + coefficient
    if formula.sign == ">":
        return bool(total > 0)
    if formula.sign == ">=":
        return bool(total >= 0)
    return (total == 0) is (formula.sign == "==")


def _status(formulas: Sequence[Formula], value: Any) -> int:
    """Which of the three conditions holds at a value."""
    return next(k for k, formula in enumerate(formulas) if _holds(formula, value))


def _between(cut: Any, further: Any, side: str, ends: tuple[Any, Any]) -> Any:
    """A rational between a cut and the next one on this side; None if there is none."""
    low, high = _stretch(cut, further, side, ends)
    if low is not None and high is not None and not low < high:
        return None
    return _rational(low, high)


def _stretch(
    cut: Any, further: Any, side: str, ends: tuple[Any, Any]
) -> tuple[Any, Any]:
    """From a cut to the next one on this side, or to the end of the domain."""
    if side == "above":
        return cut, ends[1] if further is None else further
    return ends[0] if further is None else further, cut


def _rational(low: Any, high: Any) -> Fraction:
    """A rational strictly between two numbers; None stands for no end."""
    if low is None and high is None:
        return Fraction(0)
    if high is None:
        return _above(low) + 1
    if low is None:
        return -(_above(-high) + 1)
    digits = 15
    while True:
        top = low if isinstance(low, Fraction) else low.bracket(digits)[1]
        bottom = high if isinstance(high, Fraction) else high.bracket(digits)[0]
        if top < bottom:
            return Fraction(top + bottom) / 2
        digits *= 2


def _above(value: Any) -> Fraction:
    return value if isinstance(value, Fraction) else value.bracket(15)[1]


def _tried(
    cut: Any,
    further: Any,
    side: str,
    ends: tuple[Any, Any],
    name: str,
    base: Mapping[str, Fraction],
    given: Sequence[Assumption],
) -> list[Fraction]:
    """Values on a stretch, one for each way in which assumptions can turn out."""
    low, high = _stretch(cut, further, side, ends)
    others = {n: v for n, v in base.items() if n != name}
    cuts = _cuts([r for a in given for r in a.relations], name, others)
    inner = sorted({c for c in cuts if _is_between(c, low, high)})
    points = [low, *inner, high]
    tried = [_rational(a, b) for a, b in itertools.pairwise(points)]
    return tried + [c for c in inner if isinstance(c, Fraction)]


def _cuts(
    relations: Iterable[Relation], name: str, values: Mapping[str, Fraction]
) -> list[Point]:
    """Where both sides of a relation are equal, or one of them is not defined."""
    found: list[Point] = []
    for relation in relations:
        gap = relation.left - relation.right
        if not isinstance(gap, Number) or name not in gap.names:
            continue
        for part in gap.polynomials():
            found += Algebraic.roots(_univariate(part, name, values))
    return found


def _univariate(
    polynomial: Mapping[Any, Any], name: str, values: Mapping[str, Fraction]
) -> list[Fraction]:
    """The coefficients in one parameter, the others at their values."""
    rows: dict[int, Fraction] = {}
    for monomial, coefficient in polynomial.items():
        degree, share = 0, Fraction(coefficient)
        for factor, exponent in monomial:
            if factor == name:
                degree = exponent
            else:
                share *= values[factor] ** exponent
        rows[degree] = rows.get(degree, Fraction(0)) + share
    return [rows.get(d, Fraction(0)) for d in range(max(rows, default=0) + 1)]
