"""Published propositions, derived from the game alone.

Each test states what is published in its own words: a path of play, the comparisons
under which it is an equilibrium, and what it prescribes in closed form. That two
conditions are the same wherever the payoffs are ordered as published is proved by z3
from the printed text of the one and the text of the other, read by this module.
"""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
import z3
from canon_reading import (
    ALWAYS,
    Model,
    Quotient,
    fraction,
    number,
    texts,
)
from canon_stories import (
    reputation,
    unilateral_deterrence,
)

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
