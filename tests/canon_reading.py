"""Conditions read from their text, and compared by z3 wherever payoffs are ordered."""

from __future__ import annotations

import ast
import random
from fractions import Fraction
from functools import cache, cached_property, reduce

import sympy
import z3

import redlines as rl
from redlines.parametric.regimes import regimes

ALWAYS = ((),)


# ---------------------------------------------------------------------------- reading
class Quotient:
    """A quotient of two terms of z3, so that comparisons need no division."""

    def __init__(self, above, below=1):
        self.above, self.below = above, below

    def __add__(self, other):
        return Quotient(
            self.above * other.below + other.above * self.below,
            self.below * other.below,
        )

    def __neg__(self):
        return Quotient(-self.above, self.below)

    def __sub__(self, other):
        return self + -other

    def __mul__(self, other):
        return Quotient(self.above * other.above, self.below * other.below)

    def __truediv__(self, other):
        return Quotient(self.above * other.below, self.below * other.above)

    def __pow__(self, exponent):
        return reduce(lambda total, _: total * self, range(exponent), Quotient(1))

    def sign(self):
        """A term with the sign of the quotient."""
        return self.above * self.below

    def __lt__(self, other):
        return (self - other).sign() < 0

    def __le__(self, other):
        return (self - other).sign() <= 0

    def __gt__(self, other):
        return (self - other).sign() > 0

    def __ge__(self, other):
        return (self - other).sign() >= 0

    def __eq__(self, other):
        return (self - other).sign() == 0

    __hash__ = None


@cache
def parsed(text):
    return ast.parse(text, mode="eval").body


def read(text, names, number):
    """What a text says, with names looked up and numbers made by `number`."""
    operators = {
        ast.Add: lambda a, b: a + b,
        ast.Sub: lambda a, b: a - b,
        ast.Mult: lambda a, b: a * b,
        ast.Div: lambda a, b: a / b,
        ast.Lt: lambda a, b: a < b,
        ast.LtE: lambda a, b: a <= b,
        ast.Gt: lambda a, b: a > b,
        ast.GtE: lambda a, b: a >= b,
        ast.Eq: lambda a, b: a == b,
    }

    def value(node):
        match node:
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                return operators[type(operator)](value(left), value(right))
            case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=exponent)):
                return value(left) ** exponent
            case ast.BinOp(left=left, op=operator, right=right):
                return operators[type(operator)](value(left), value(right))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -value(operand)
            case ast.Name(id=name):
                found = names[name]
                return value(parsed(found)) if (isinstance(found, str)) else found
            case ast.Constant(value=int(constant)):
                return number(constant)
        raise AssertionError(f"{ast.dump(node)} in {text!r}")

    return value(parsed(text))


def domain(game):
    """The domains of the open parameters, as texts."""
    for name in game.free_parameters:
        kind = type(game.parameters[name])
        if kind in (rl.Probability, rl.Positive):
            yield f"{name} > 0"
        if kind is rl.Probability:
            yield f"{name} < 1"


def texts(condition):
    """A condition as it is printed, case by case."""
    return [tuple(map(str, case)) for case in condition.cases]


class Model:
    """A game with what is given, its regimes, and abbreviations for thresholds."""

    def __init__(self, game, given=(), **where):
        self.game, self.given, self.where = game, tuple(given), where
        self.found = regimes(game, given=self.given)
        self.reals = {n: Quotient(z3.Real(n)) for n in game.free_parameters}

    # ---------------------------------------------------------------- conditions
    def formula(self, cases, **more):
        names = {**self.reals, **self.where, **more}
        return z3.Or(
            [
                z3.And([read(t, names, lambda n: Quotient(z3.RealVal(n))) for t in c])
                for c in cases
            ]
        )

    def holds(self, cases, point):
        names = {**self.where, **point}
        return any(all(read(t, names, Fraction) for t in case) for case in cases)

    def proves(self, claim, *within):
        """Whether a claim holds wherever the parameters are admitted."""
        solver = z3.SolverFor("QF_NRA")
        solver.set("rlimit", 400_000_000)
        solver.add(self.formula([(*domain(self.game), *self.given)]), *within)
        solver.add(z3.Not(claim))
        answer = solver.check()
        assert answer != z3.unknown, solver.reason_unknown()
        return answer == z3.unsat

    def same(self, condition, cases, **more):
        """Prove that a condition found is the one published."""
        text = texts(condition)
        assert self.proves(self.formula(text, **more) == self.formula(cases, **more)), (
            f"{condition} is not {cases}"
        )
        for point in self.points:
            names = {n: point[n] for n in self.game.free_parameters}
            if not more:
                assert condition.holds(**names) == self.holds(cases, point)
                assert self.holds(text, point) == self.holds(cases, point)

    @cached_property
    def points(self):
        """Random rational points that are admitted, payoffs drawn in their order."""
        rng = random.Random(0)
        kinds = {n: type(self.game.parameters[n]) for n in self.game.free_parameters}
        chains, found = list(self.chains()), []
        admitted = [(*domain(self.game), *self.given)]
        while len(found) < 40:
            size, point = rng.choice((3, 8, 40)), {}
            for name, kind in kinds.items():
                if kind is rl.Probability:
                    point[name] = Fraction(rng.randint(1, size), size + 1)
                else:
                    least = 1 if kind is rl.Positive else -size
                    whole = rng.randint(least, size)
                    point[name] = Fraction(whole, rng.randint(1, 3))
            for chain in chains:
                row = sorted((point[n] for n in chain), reverse=True)
                point.update(zip(chain, row, strict=True))
            if self.holds(admitted, point):
                found.append(point)
        return found

    def chains(self):
        """Runs of names that are given in decreasing order."""
        after = {}
        for text in self.given:
            left, sign, *rest = text.split()
            if sign == ">" and len(rest) == 1 and rest[0] in self.game.parameters:
                after.setdefault(left, rest[0])
        for name in after:
            if name not in after.values():
                chain = [name]
                while chain[-1] in after:
                    chain.append(after[chain[-1]])
                yield chain

    # ------------------------------------------------------------------ families
    def at(self, path):
        """The one open family that plays so at these information sets."""
        wanted = {h: (a,) if isinstance(a, str) else a for h, a in path.items()}
        (found,) = (
            f
            for f in self.found.families
            if f.open and all(f.path.get(h) == a for h, a in wanted.items())
        )
        return found

    def families(self, published):
        """Prove that the open families are these, each with its condition."""
        assert self.found.complete, self.found.undecided
        named = {name: self.at(path) for name, (path, _) in published.items()}
        assert len({id(f) for f in named.values()}) == len(named)
        opened = [f for f in self.found.families if f.open]
        assert len(opened) == len(named), [f.name for f in opened]
        for name, (_, cases) in published.items():
            self.same(named[name].condition, cases)
        return named

    # -------------------------------------------------------------- closed forms
    def equal(self, value, text):
        """Prove that a closed form is the one published, and try some numbers."""
        names = {n: sympy.Symbol(n) for n in self.game.free_parameters}
        published = read(text, {**names, **self.where}, sympy.Integer)
        shown = read(str(value), names, sympy.Integer)
        assert sympy.cancel(shown - published) == 0, f"{value} is not {text}"
        symbols = {n: self.game.parameters[n] for n in self.game.free_parameters}
        published = read(text, {**symbols, **self.where}, rl.Number.of)
        assert (rl.Number.of(value) - published).is_zero

    def mixes(self, family, label, **shares):
        (row,) = (r[label] for r in family.strategy.values() if label in r)
        for action, text in shares.items():
            self.equal(row[action.replace("_", " ")], text)

    def outcomes(self, family, **chances):
        for event, text in chances.items():
            self.equal(family.probability(event.replace("_", " ")), text)

    def payoffs(self, family, **amounts):
        for player, text in amounts.items():
            self.equal(family.payoffs[player], text)


def number(value, **point):
    """A closed form at numbers."""
    return rl.Number.of(value).at({n: Fraction(x) for n, x in point.items()})


def fraction(*texts):
    return tuple(map(Fraction, texts))
