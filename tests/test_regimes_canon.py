"""Published propositions, derived from the game alone.

Each test states what is published in its own words: a path of play, the comparisons
under which it is an equilibrium, and what it prescribes in closed form. That two
conditions are the same wherever the payoffs are ordered as published is proved by z3
from the printed text of the one and the text of the other, read by this module.
"""

from __future__ import annotations

import ast
import itertools
import random
from fractions import Fraction
from functools import cache, cached_property, reduce

import pytest
import sympy
import z3
from canon_stories import (
    chicken,
    costly_signal,
    inspection,
    reputation,
    salami,
    threat,
    trust,
    trust_twice,
    ultimatum,
    unilateral_deterrence,
)

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


# ------------------------------------------------------------------------- deterrence
ORDERS = (
    "cDC > cSQ",
    "cSQ > cDDp",
    "cDDp > cCD",
    "cCD > cDDm",
    "dSQ > dCD",
    "dCD > dDDp",
    "dDDp > dDC",
    "dDC > dDDm",
)
HARD, SOFT = "start [C=hard]", "start [C=soft]"
HARD_REPLY, SOFT_REPLY = (f"reply [D={x}, start=defect]" for x in ("hard", "soft"))
MIXED = ("cooperate", "defect")


@pytest.fixture(scope="module")
def udg():
    return Model(
        unilateral_deterrence,
        ORDERS,
        cs="(cDC - cSQ)/(cDC - cCD)",
        ct="(cDC - cSQ)/(cDC - cDDp)",
        dn="(dCD - dDC)/(dCD - dDDm)",
    )


UDG = {
    "deterrence": ({HARD: "cooperate", SOFT: "cooperate"}, ALWAYS),
    "separating": (
        {
            HARD: "defect",
            SOFT: "cooperate",
            HARD_REPLY: "deny",
            SOFT_REPLY: "concede",
            "end [C=hard, start=defect, reply=deny]": "deny",
        },
        [("pD >= cs", "pD <= ct")],
    ),
    "attack": (
        {HARD: "defect", SOFT: "defect", HARD_REPLY: "deny", SOFT_REPLY: "concede"},
        [("pD <= cs", "pC >= dn")],
    ),
    "bluff": (
        {
            HARD: "defect",
            SOFT: MIXED,
            HARD_REPLY: "deny",
            SOFT_REPLY: ("concede", "deny"),
            "end [C=soft, start=defect, reply=deny]": "concede",
        },
        [("pD < cs", "pC < dn")],
    ),
}


def test_unilateral_deterrence_has_four_families(udg):
    """Unilateral Deterrence Game, after Zagare and Kilgour (1993, 2000).

    Ten payoffs and two chances are symbols. Steadfast deterrence exists everywhere;
    bluff is stated without the boundary, where it is attack or separation.
    """
    named = udg.families(UDG)
    bluff = named["bluff"]
    udg.mixes(bluff, SOFT, defect="pC*(1 - dn)/(dn*(1 - pC))")
    udg.mixes(bluff, SOFT_REPLY, deny="(cs - pD)/(1 - pD)")
    udg.outcomes(
        bluff,
        SQ="1 - pC/dn",
        DC="(1 - cs)*pC/dn",
        CD="cs*pC*(1 - dn)/dn",
        DD="cs*pC",
    )
    udg.outcomes(named["deterrence"], SQ="1", DC="0", CD="0", DD="0")
    udg.outcomes(named["separating"], SQ="1 - pC", DC="pC*(1 - pD)", DD="pC*pD")
    udg.outcomes(named["attack"], SQ="0", DC="1 - pD", CD="pD*(1 - pC)", DD="pC*pD")
    udg.payoffs(named["deterrence"], Challenger="cSQ", Defender="dSQ")
    # soft types are indifferent to the status quo, hard ones gain
    udg.payoffs(bluff, Challenger="cSQ + pC*cs*(cDDp - cCD)")


def test_unilateral_deterrence_away_from_boundaries(udg):
    """Exactly one family besides steadfast deterrence or certain deterrence.

    After Zagare and Kilgour (1993, 2000).
    """
    three = [udg.at(UDG[n][0]) for n in ("separating", "attack", "bluff")]
    parts = [udg.formula(texts(f.condition)) for f in three]
    certain = udg.formula([("pD > ct",)])
    edges = udg.formula([("pD == cs",), ("pD == ct",), ("pC == dn",)])
    parts.append(certain)
    assert udg.proves(z3.Or(edges, *parts))
    for one, other in itertools.combinations(parts, 2):
        assert udg.proves(z3.Or(edges, z3.Not(z3.And(one, other))))


def test_unilateral_deterrence_off_the_path(udg):
    """Certain and steadfast deterrence differ off the path only.

    After Zagare and Kilgour (1993, 2000): certain deterrence asks pD >= ct; steadfast
    deterrence a belief of at most dn, with the soft defender denying.
    """
    pooling = {HARD: ("cooperate",), SOFT: ("cooperate",)}
    by_reply = {
        r.support[SOFT_REPLY]: r
        for r in udg.found
        if r.open and {h: r.support[h] for h in pooling} == pooling
    }
    assert set(by_reply) == {("concede",), ("deny",), ("concede", "deny")}
    udg.same(by_reply["concede",].condition, [("pD >= ct",)])
    udg.same(by_reply["deny",].condition, ALWAYS)
    history = "C=hard, D=soft, start=defect"
    steadfast = by_reply["deny",].free.belief[SOFT_REPLY][history]
    certain = by_reply["concede",].free.belief[SOFT_REPLY][history]
    it = Quotient(z3.Real("it"))
    inside = udg.formula([("it >= 0", "it <= 1")], it=it)
    for condition, text in ((steadfast, "it <= dn"), (certain, "it >= dn")):
        mine = udg.formula([(text,)], it=it)
        shown = udg.formula(texts(condition), it=it)
        assert udg.proves(shown == mine, inside, udg.formula([("pD >= ct",)]))


def test_unilateral_deterrence_at_numbers(udg):
    """The instances of the source of this page, after Zagare and Kilgour (1993)."""
    pays = dict(
        zip(("cDC", "cSQ", "cDDp", "cCD", "cDDm"), (5, 3, 2, 1, 0), strict=True)
    )
    pays |= zip(("dSQ", "dCD", "dDDp", "dDC", "dDDm"), (5, 4, 3, 2, 0), strict=True)
    bluff, point = udg.at(UDG["bluff"][0]), {**pays, "pC": "1/5", "pD": "1/4"}
    assert bluff.condition.holds(**point)
    shares = bluff.strategy["Challenger"][SOFT], bluff.strategy["Defender"][SOFT_REPLY]
    assert number(shares[0]["defect"], **point) == Fraction(1, 4)
    assert number(shares[1]["deny"], **point) == Fraction(1, 3)
    chances = [number(bluff.probability(e), **point) for e in ("SQ", "DC", "CD", "DD")]
    assert tuple(chances) == fraction("3/5", "1/5", "1/10", "1/10")
    separating = udg.at(UDG["separating"][0])
    point = {**pays, "pC": "1/4", "pD": "3/5"}
    assert separating.condition.holds(**point)
    assert not bluff.condition.holds(**point)
    chances = [number(separating.probability(e), **point) for e in ("SQ", "DD", "DC")]
    assert tuple(chances) == fraction("3/4", "3/20", "1/10")


def test_beliefs_that_separation_settles(udg):
    """Whoever defects in the separating family is hard, by Bayes' rule."""
    (separating,) = (
        r
        for r in udg.found
        if r.open
        and r.support[HARD] == ("defect",)
        and r.support[SOFT] == ("cooperate",)
    )
    belief = separating.belief[SOFT_REPLY]
    assert belief["C=hard, D=soft, start=defect"] == 1
    assert belief["C=soft, D=soft, start=defect"] == 0
    assert SOFT_REPLY not in separating.free.belief


# ------------------------------------------------------------------------- reputation
FIRST, AFTER_FIGHT = "first answer [type=weak]", "second [first answer=fight]"


@pytest.fixture(scope="module")
def chain():
    return Model(reputation, ("a > 1",))


def test_reputation_with_two_challengers(chain):
    """Chain store, after Selten (1978) and Kreps and Wilson (1982), N = 2.

    A weak incumbent fights for certain if d0 >= b, else so often that the next
    challenger is just willing to stay out, which it does with probability 1/a.
    """
    named = chain.families(
        {
            "deters": ({FIRST: "fight", AFTER_FIGHT: "out"}, [("d0 >= b",)]),
            "mixes": (
                {FIRST: ("fight", "acquiesce"), AFTER_FIGHT: ("in", "out")},
                [("d0 < b",)],
            ),
        }
    )
    mixes, deters = named["mixes"], named["deters"]
    chain.mixes(mixes, FIRST, fight="(1 - b)*d0/((1 - d0)*b)")
    chain.mixes(mixes, AFTER_FIGHT, out="1/a")
    chain.mixes(mixes, "second [first answer=acquiesce]", **{"in": "1"})
    last = "second answer [type=weak, first answer=fight, second=in]"
    chain.mixes(mixes, last, fight="0")
    chain.outcomes(mixes, first_fought="d0/b")
    chain.outcomes(deters, first_fought="1")
    chain.payoffs(mixes, Incumbent="0")
    chain.payoffs(deters, Incumbent="(1 - d0)*(a - 1)")
    (regime,) = (r for r in chain.found if r.support[FIRST] == ("fight", "acquiesce"))
    chain.equal(regime.belief[AFTER_FIGHT]["type=tough"], "b")


def test_the_first_of_two_challengers_stays_out_above_b_squared(chain):
    """Kreps and Wilson (1982), N = 2: the first challenger enters iff d0 < b**2.

    It looks no further than its own market: entry pays b unless fought, then b - 1.
    """
    for family in chain.found.families:
        if family.open:
            where = chain.formula(texts(family.condition))
            fought = f"({family.probability('first fought')})"
            enters = chain.formula([(f"b*(1 - {fought}) + (b - 1)*{fought} > 0",)])
            assert chain.proves(enters == chain.formula([("d0 < b**2",)]), where)


# ------------------------------------------------------------------------- bargaining
def test_demands_trade_risk_for_return():
    """Take-it-or-leave-it with two types, after Fearon (1995) and Powell (1999).

    A demands p + cH, at a risk of war of q, iff q <= (cH - cL)/(cH + cA); else p + cL.
    """
    model = Model(ultimatum, ("cL < cH",), cutoff="(cH - cL)/(cH + cA)")
    low, high = "all of the low", "all of the high"
    named = model.families(
        {
            "safe": ({"demand": low}, [("q >= cutoff",)]),
            "risky": (
                {
                    "demand": high,
                    "reply [cost=low, demand=all of the high]": "fight",
                },
                [("q <= cutoff",)],
            ),
        }
    )
    model.outcomes(named["safe"], war="0")
    model.outcomes(named["risky"], war="q")
    model.payoffs(named["safe"], A="p + cL", B="1 - p - cL")
    model.payoffs(named["risky"], A="q*(p - cA) + (1 - q)*(p + cH)")
    (edge,) = (f for f in model.found.families if not f.open)
    model.same(edge.condition, [("q == cutoff",)])
    point = {"p": "1/2", "cA": "1/10", "cL": "1/10", "cH": "2/5"}
    for q, holds in (("3/5", (True, True)), ("61/100", (True, False))):
        shown = [named[n].condition.holds(q=q, **point) for n in ("safe", "risky")]
        assert tuple(shown) == holds


def test_demands_when_the_indifferent_may_fight():
    """The same, and what the source assumes of the indifferent is left to them.

    After Fearon (1995): where they accept for certain the cutoff is the same.
    """
    model = Model(ultimatum(ties=True), ("cL < cH",), cutoff="(cH - cL)/(cH + cA)")
    assert model.found.complete
    accepting = {
        r.support["demand"]: r
        for r in model.found
        if r.open
        and r.support["reply [cost=low, demand=all of the low]"] == ("accept",)
        and r.support["reply [cost=high, demand=all of the high]"] == ("accept",)
    }
    assert set(accepting) == {("all of the low",), ("all of the high",)}
    model.same(accepting["all of the low",].condition, [("q >= cutoff",)])
    model.same(accepting["all of the high",].condition, [("q <= cutoff",)])


# ------------------------------------------------------------------------------ trust
DILEMMAS = ("R > Ts", "Ts > P", "P > S", "Tu > R")
A_YES, B_YES, A_NO, B_NO = (
    f"{who} acts [type of {who}={x}]" for x in ("yes", "no") for who in "AB"
)


def test_trust_takes_enough_trustworthy_players():
    """One-shot trust game, after Kydd (2005), payoffs as symbols.

    The trustworthy cooperate in some equilibrium iff t >= (P - S)/((R - Ts) + (P - S)).
    """
    model = Model(trust, DILEMMAS, least="(P - S)/((R - Ts) + (P - S))")
    each, mixed = ("cooperate", "defect"), ("cooperate", "defect")
    named = model.families(
        {
            "cooperate": (
                {A_YES: each[0], B_YES: each[0], A_NO: each[1], B_NO: each[1]},
                [("t >= least",)],
            ),
            "mix": ({A_YES: mixed, B_YES: mixed}, [("t > least",)]),
            "defect": ({A_YES: "defect", B_YES: "defect"}, ALWAYS),
        }
    )
    for label in (A_YES, B_YES):
        model.mixes(named["mix"], label, cooperate="least/t")
    model.payoffs(
        named["cooperate"],
        A="t*(t*R + (1 - t)*S) + (1 - t)*(t*Tu + (1 - t)*P)",
    )
    model.payoffs(named["defect"], A="P", B="P")


@pytest.mark.parametrize("t", ["1/4", "1/10", "2/5"])
def test_trust_is_built_in_two_rounds(t):
    """Two rounds with weights alpha and 1 - alpha, after Kydd (2005).

    Separation in the first round, then cooperation with those who have cooperated.
    """
    pays = {"R": 3, "Ts": 2, "P": 1, "S": 0, "Tu": 4}
    model = Model(trust_twice.bind(t=t, **pays))
    path = {f"{w} first [type of {w}=yes]": ("cooperate",) for w in "AB"}
    path |= {f"{w} first [type of {w}=no]": ("defect",) for w in "AB"}
    for who, other in ("AB", "BA"):
        for done, then in (("cooperate", "cooperate"), ("defect", "defect")):
            label = f"{who} last [type of {who}=yes, {who} first=cooperate, "
            path[f"{label}{other} first={done}]"] = (then,)
    names = {**{n: Fraction(v) for n, v in pays.items()}, "t": Fraction(t)}
    least = read("t*(Tu - P)/(t*(2*Tu - P - R) + (1 - t)*(P - S))", names, Fraction)
    most = read("t*(R - P)/(t*(R - P) + (1-t)*(P-S) - t*(R-Ts))", names, Fraction)
    bound = read("(1 - t)*(P - S) > t*(R - Ts)", names, Fraction)
    cases = [(f"alpha >= {least}", *([f"alpha <= {most}"] if bound else []))]
    assert model.found.complete
    found = [f for f in model.found.families if f.open and f.path == path]
    possible = least < 1 and (not bound or least < most)
    assert len(found) == possible
    for family in found:
        model.same(family.condition, cases)
    if t == "1/4":
        model.same(found[0].condition, [("alpha >= 3/7", "alpha <= 1/2")])
    if t == "1/10":
        assert not found


# ---------------------------------------------------------------------------- chicken
def test_critical_risks_are_each_others_chances():
    """Critical risk in Chicken, after Ellsberg (1959) and Snyder and Diesing (1977).

    In the mixed equilibrium each stands firm with the opponent's critical risk.
    """
    orders = [f"{a}{k} > {b}{k}" for k in (1, 2) for a, b in ("TR", "RS", "SP")]
    critical = {
        f"CR{k}": f"(T{k} - R{k})/((T{k} - R{k}) + (S{k} - P{k}))" for k in (1, 2)
    }
    model = Model(chicken, orders, **critical)
    mixed = ("yield", "firm")
    named = model.families(
        {
            "Row wins": ({"Row": "firm", "Column": "yield"}, ALWAYS),
            "Column wins": ({"Row": "yield", "Column": "firm"}, ALWAYS),
            "mixed": ({"Row": mixed, "Column": mixed}, ALWAYS),
        }
    )
    assert len(model.found.families) == len(model.found) == 3
    model.mixes(named["mixed"], "Row", firm="CR2")
    model.mixes(named["mixed"], "Column", firm="CR1")
    model.outcomes(named["mixed"], crash="CR1*CR2")
    model.payoffs(named["mixed"], Row="CR1*P1 + (1 - CR1)*T1")
    firm = named["mixed"].strategy["Row"]["Row"]["firm"]
    assert set(firm.names) == {"T2", "R2", "S2", "P2"}
    for pays, risk in (((4, 3, 2, 1), "1/2"), ((1, 0, -1, -10), "1/10")):
        point = dict(zip(("T2", "R2", "S2", "P2"), pays, strict=True))
        assert number(firm, **point) == Fraction(risk)


# ------------------------------------------------------------------------ costly signs
SIGNALS = (
    "vH > vL",
    "vL > 0",
    "wL < 0",
    "vH > wH",
    "vH - vL > wH - wL",
    "q < 1/(1 + k)",
)
HIGH, LOW = "signal [value=high]", "signal [value=low]"
SEEN = "act [signal=signal, kind=weak]"
UNSEEN = "act [signal=none, kind=weak]"
SEPARATE = {HIGH: "signal", LOW: "none", SEEN: "stay", UNSEEN: "challenge"}
BLUFF = {HIGH: "signal", LOW: ("signal", "none"), SEEN: ("challenge", "stay")}


def test_sinking_costs():
    """Sinking costs, after Fearon (1997), for any price m of the signal.

    The least m that separates is (1 - r)*vL, and it does iff vL <= vH - wH.
    """
    model = Model(costly_signal, SIGNALS)
    named = model.families(
        {
            "separate": (SEPARATE, [("m >= (1 - r)*vL", "m <= (1 - r)*(vH - wH)")]),
            "bluff": (BLUFF, [("m < (1 - r)*vL",)]),
            "nobody": ({HIGH: "none", LOW: "none", UNSEEN: "challenge"}, ALWAYS),
        }
    )
    model.outcomes(named["separate"], war="q*r")
    model.payoffs(named["separate"], Defender="q*(r*wH + (1 - r)*vH - m)")
    model.mixes(named["bluff"], LOW, signal="q*k/(1 - q)")
    model.mixes(named["bluff"], SEEN, stay="m/((1 - r)*vL)")
    model.outcomes(named["nobody"], war="q")
    least = model.formula(texts(named["separate"].condition), m="(1 - r)*vL")
    assert model.proves(least == model.formula([("vL <= vH - wH",)]))


def test_tying_hands():
    """Tying hands, after Fearon (1997), for any price m of backing down.

    With r >= vL/(vL - wL) the high type alone signals, at least m = (1 - r)*vL/r; below
    it both do at m > -wL, are locked in, and war comes with every tough challenger.
    """
    model = Model(costly_signal(tied=True), SIGNALS, bar="vL/(vL - wL)")
    named = model.families(
        {
            "separate": (SEPARATE, [("r >= bar", "m >= (1 - r)*vL/r")]),
            "lock in": (
                {HIGH: "signal", LOW: "signal", SEEN: "stay"},
                [("r <= bar", "m >= -wL")],
            ),
            "bluff": (
                {**BLUFF, "answer [value=low, signal=signal]": "back down"},
                [("m <= -wL", "m*r < (1 - r)*vL")],
            ),
            "nobody": ({HIGH: "none", LOW: "none"}, [("m <= -wL",)]),
        }
    )
    model.outcomes(named["separate"], war="q*r")
    model.outcomes(named["lock in"], war="r")
    model.payoffs(named["separate"], Defender="q*(r*wH + (1 - r)*vH)")
    model.mixes(named["bluff"], LOW, signal="q*k/(1 - q)")
    least = model.formula(texts(named["separate"].condition), m="(1 - r)*vL/r")
    assert model.proves(least == model.formula([("r >= bar",)]))


def test_signals_at_numbers():
    """The instance of the source of this page, after Fearon (1997)."""
    point = {
        "vH": 3,
        "vL": 1,
        "wH": "1/2",
        "wL": "-1/2",
        "q": "1/4",
        "k": 1,
        "r": "3/4",
    }
    for tied, m, payoff in ((False, "1/4", "7/8"), (True, "1/3", "9/8")):
        model = Model(costly_signal(tied=tied), SIGNALS)
        family = model.at(SEPARATE)
        assert family.condition.holds(m=m, **point)
        assert number(family.probability("war"), m=m, **point) == Fraction(3, 16)
        worth = number(family.payoffs["Defender"], m=m, **point)
        assert worth == Fraction(point["q"]) * Fraction(payoff)


# --------------------------------------------------------------------------- opposition
def test_unitary_bluffing():
    """The government without an opposition, after Schultz (1998).

    The weak bluff with probability q*(k - 1)/(1 - q), the target resists with
    1/(1 + a), war comes with q/(1 + a). (With an opposition players are three.)
    """
    model = Model(threat, ("w > -a", "k > 1", "q < 1/k"))
    strong, weak, reply = (
        "threat [type=strong]",
        "threat [type=weak]",
        "reply [threat=threaten]",
    )
    named = model.families(
        {
            "bluff": (
                {
                    strong: "threaten",
                    weak: ("threaten", "none"),
                    reply: ("resist", "concede"),
                },
                ALWAYS,
            ),
            # not in the source, where the strong gain from war
            "nobody": ({strong: "none", weak: "none"}, [("w <= 0",)]),
        }
    )
    model.mixes(named["bluff"], weak, threaten="q*(k - 1)/(1 - q)")
    model.mixes(named["bluff"], reply, resist="1/(1 + a)")
    model.outcomes(named["bluff"], war="q/(1 + a)")
    model.payoffs(named["bluff"], Government="q*(w + a)/(1 + a)", Target="-k*q")
    point = {"q": "1/4", "w": "1/2", "a": 1, "k": 2}
    assert number(named["bluff"].probability("war"), **point) == Fraction(1, 8)


# ------------------------------------------------------------------------- inspections
def test_one_costly_inspection():
    """One inspection that costs e and detects with probability D.

    After Avenhaus, von Stengel and Zamir (2002): if D > d/(b + d) and e < D*(c - a),
    inspect with d/((b + d)*D), violate with e/(D*(c - a)), payoffs (-q*c, 0).
    """
    model = Model(inspection, ("a < c",), v="e/(D*(c - a))")
    inspector, inspectee = ("inspect", "stay"), ("violate", "comply")
    named = model.families(
        {
            "mixed": (
                {"inspector": inspector, "inspectee": inspectee},
                [("D > d/(b + d)", "e < D*(c - a)")],
            ),
            "too dear": (
                {"inspector": "stay", "inspectee": "violate"},
                [("e >= D*(c - a)",)],
            ),
            "no deterrent": (
                {"inspector": "inspect", "inspectee": "violate"},
                [("e <= D*(c - a)", "D <= d/(b + d)")],
            ),
        }
    )
    mixed = named["mixed"]
    model.mixes(mixed, "inspector", inspect="d/((b + d)*D)")
    model.mixes(mixed, "inspectee", violate="v")
    model.outcomes(mixed, violated="v")
    model.payoffs(mixed, Inspector="-v*c", Inspectee="0")
    point = {"b": 2, "d": 1, "e": "1/2", "a": 1, "c": 4, "D": "4/5"}
    assert mixed.condition.holds(**point)
    assert number(mixed.strategy["Inspector"]["inspector"]["inspect"], **point) == (
        Fraction(5, 12)
    )
    assert number(mixed.payoffs["Inspector"], **point) == Fraction(-5, 6)
    violates = mixed.strategy["Inspectee"]["inspectee"]["violate"]
    assert "b" not in violates.names


# ------------------------------------------------------------------------------ salami
def lines(slices):
    """By where play ends, the cases of the recursion for the stable points."""
    ends = {0: [()]}
    for left in range(1, slices + 1):
        worth = f"p*{left}/{slices} - cD"
        grown, stable = {}, []
        for end, cases in ends.items():
            grown[end] = [(*c, f"{worth} <= {end}/{slices}") for c in cases]
            stable += [(*c, f"{worth} >= {end}/{slices}") for c in cases]
        ends = {**grown, left: stable}
    return ends


@pytest.mark.parametrize("slices", [2, 3, 4])
def test_salami_tactics_stop_at_endogenous_lines(slices):
    """Salami tactics, after Schelling (1966), own form; fighting deters the challenger.

    Stable points y_0 = 0, y_{k+1} = the least y with p*y - cD > y_k; play ends at the
    largest. At ties the defender may do either.
    """
    model = Model(salami(slices=slices), ("cC > 1 - p",))
    assert model.found.complete
    expected = lines(slices)
    opened = {}
    for family in model.found.families:
        if family.open:
            (end,) = (
                k for k in range(slices + 1) if family.probability(f"ends at {k}") == 1
            )
            assert end not in opened
            opened[end] = family
    assert set(opened) == set(expected)
    for end, family in opened.items():
        model.same(family.condition, expected[end])
    for point in model.points:
        inside = [e for e, f in opened.items() if f.condition.holds(**point)]
        p, cost, stable = point["p"], point["cD"], Fraction(0)
        for left in range(1, slices + 1):
            y = Fraction(left, slices)
            if p * y - cost > stable:
                stable = y
        assert stable * slices in inside
