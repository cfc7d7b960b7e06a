"""What regimes prove with z3, decided again by cvc5.

Conditions are read as they are printed, relation by relation; what they must agree
with are the sign conditions that the search found. A question that cvc5 leaves open is
counted, and hardly any may be.
"""

from __future__ import annotations

from fractions import Fraction

import cvc5
import pytest
from canon_stories import (
    costly_signal,
    inspection,
    ladder,
    salami,
    ultimatum,
    unilateral_deterrence,
)
from cvc5 import Kind
from stories import line

import redlines as rl
from redlines.parametric.regimes import regimes
from redlines.parametric.region import All, Atom

MILLISECONDS = 10_000
ORDERS = tuple(
    f"{one} > {other}"
    for row in ("cDC cSQ cDDp cCD cDDm", "dSQ dCD dDDp dDC dDDm")
    for one, other in zip(row.split(), row.split()[1:], strict=False)
)
GAMES = {
    "line": (line, ("c < V/2", "d > a")),
    "ladder of two": (ladder, ("h > l",)),
    "ladder of two, anything": (ladder, ()),
    "ladder of three": (ladder(rungs=3), ("h > l",)),
    "deterrence": (unilateral_deterrence, ORDERS),
    "ultimatum": (ultimatum(ties=True), ("cL < cH",)),
    "tied hands": (
        costly_signal(tied=True),
        ("vH > vL", "wL < 0", "vH > wH", "vH - vL > wH - wL", "q < 1/(1 + k)"),
    ),
    "inspection": (inspection, ()),
    "salami": (salami(slices=3), ("cC > 1 - p",)),
}
SIGNS = {
    "<": Kind.LT,
    "<=": Kind.LEQ,
    ">": Kind.GT,
    ">=": Kind.GEQ,
    "==": Kind.EQUAL,
    "!=": Kind.DISTINCT,
}


class Decider:
    """cvc5 on the admitted parameters of a game."""

    def __init__(self, name):
        game, given = GAMES[name]
        self.found = regimes(game, given=given)
        self.terms = cvc5.TermManager()
        self.names = game.free_parameters
        real = self.terms.getRealSort()
        self.reals = {n: self.terms.mkConst(real, n) for n in self.names}
        self.zero = self.terms.mkReal(0)
        self.admitted = [self.relation(r) for r in self.found.given]
        for name_, symbol in self.reals.items():
            kind = type(game.parameters[name_])
            if kind in (rl.Probability, rl.Positive):
                self.admitted.append(self.term(Kind.GT, symbol, self.zero))
            if kind is rl.Probability:
                one = self.terms.mkReal(1)
                self.admitted.append(self.term(Kind.LT, symbol, one))
        self.asked = self.unknown = 0

    # ------------------------------------------------------------------------ terms
    def term(self, kind, *parts):
        return self.terms.mkTerm(kind, *parts)

    def joined(self, kind, parts, empty):
        parts = list(parts)
        if not parts:
            return empty
        return parts[0] if len(parts) == 1 else self.term(kind, *parts)

    def polynomial(self, monomials):
        """A sum of (powers by name, coefficient)."""
        summands = []
        for powers, coefficient in monomials:
            value = Fraction(coefficient)
            factors = [self.terms.mkReal(value.numerator, value.denominator)]
            for name, power in powers:
                factors += [self.reals[name]] * power
            summands.append(self.joined(Kind.MULT, factors, None))
        return self.joined(Kind.ADD, summands, self.zero)

    def relation(self, relation):
        """A relation as it is printed, cross-multiplied."""
        sides = []
        for number in (relation.left, relation.right):
            above, below = number.polynomials()
            sides.append([self.polynomial(p.items()) for p in (above, below)])
        (a, b), (c, d) = sides
        difference = self.term(
            Kind.SUB, self.term(Kind.MULT, a, d), self.term(Kind.MULT, c, b)
        )
        whole = self.term(Kind.MULT, difference, b, d)
        return self.term(SIGNS[relation.operator], whole, self.zero)

    def atom(self, atom):
        """A sign condition that the search found."""
        rows = [
            ([(n, e) for n, e in zip(self.names, powers, strict=False) if e], value)
            for powers, value in atom.key
        ]
        return self.term(SIGNS[atom.sign], self.polynomial(rows), self.zero)

    def printed(self, condition):
        return self.either(
            self.both(self.relation(r) for r in case) for case in condition.cases
        )

    def raw(self, *holders):
        return self.either(
            self.both(self.atom(a) for a in case) for h in holders for case in h._raw
        )

    def either(self, parts):
        return self.joined(Kind.OR, parts, self.terms.mkFalse())

    def both(self, parts):
        return self.joined(Kind.AND, parts, self.terms.mkTrue())

    # -------------------------------------------------------------------- questions
    def possible(self, *conditions):
        """Whether conditions can hold at admitted values; None if it is left open."""
        solver = cvc5.Solver(self.terms)
        solver.setLogic("QF_NRA")
        solver.setOption("tlimit-per", str(MILLISECONDS))
        for part in (*self.admitted, *conditions):
            solver.assertFormula(part)
        answer = solver.checkSat()
        self.asked += 1
        if answer.isUnknown():
            self.unknown += 1
            return None
        return answer.isSat()

    def same(self, one, other):
        """Whether no admitted values tell two conditions apart, as far as decided."""
        return not self.possible(self.term(Kind.XOR, one, other))


@pytest.fixture(scope="module", params=GAMES)
def decider(request):
    made = Decider(request.param)
    yield made
    assert made.asked > 0
    assert made.unknown < made.asked / 20, f"{made.unknown} of {made.asked} are open"


def test_the_decider_tells_conditions_apart(decider):
    opened = [f for f in decider.found.families if f.open and not f.condition.always]
    assert opened
    for family in opened:
        wrong = decider.term(Kind.NOT, decider.printed(family.condition))
        assert not decider.same(decider.raw(family), wrong)
        assert not decider.same(decider.raw(family), decider.terms.mkTrue())


def test_what_is_printed_is_what_was_found(decider):
    for holder in (*decider.found, *decider.found.families):
        shown = decider.printed(holder.condition)
        assert decider.same(shown, decider.raw(holder)), str(holder.condition)


def test_a_family_is_its_members(decider):
    paths = {str(dict(f.path)) for f in decider.found.families}
    assert paths == {str(dict(r.path)) for r in decider.found}
    for path in sorted(paths):
        families = [f for f in decider.found.families if str(dict(f.path)) == path]
        members = [r for r in decider.found if str(dict(r.path)) == path]
        assert decider.same(decider.raw(*families), decider.raw(*members)), path


def test_knife_edges_have_no_interior_and_open_regimes_have(decider):
    region = decider.found._region
    assert all(a.sign in (">", "!=") for a in region.atoms)  # an open set
    for holder in (*decider.found, *decider.found.families):
        inner = []
        for case in holder._raw:
            # a polynomial that is not 0 everywhere vanishes on no open set
            if not any(a.sign == "==" and a.key for a in case):
                strict = [Atom(a.key, ">") if a.sign == ">=" else a for a in case]
                inner.append(decider.possible(*map(decider.atom, strict)))
        if None not in inner:
            assert any(inner) == holder.open, holder.name


def test_witnesses_are_admitted_and_satisfy_the_condition(decider):
    for regime in decider.found:
        point = regime.witness
        assert point is not None
        assert decider.found._values(point) == point
        assert regime.condition.holds(**point)
        values = tuple(point.values())
        assert any(All(tuple(case)).holds(values) for case in regime._raw)


def test_every_admitted_point_has_an_equilibrium(decider):
    nothing = decider.term(Kind.NOT, decider.raw(*decider.found.families))
    assert not decider.possible(nothing)
