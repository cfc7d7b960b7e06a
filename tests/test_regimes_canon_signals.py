"""Published propositions, derived from the game alone: bargaining, trust and signals.

Each test states what is published in its own words: a path of play, the comparisons
under which it is an equilibrium, and what it prescribes in closed form. That two
conditions are the same wherever the payoffs are ordered as published is proved by z3
from the printed text of the one and the text of the other, read by this module.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from canon_reading import (
    ALWAYS,
    Model,
    number,
    read,
    texts,
)
from canon_stories import (
    chicken,
    costly_signal,
    inspection,
    salami,
    threat,
    trust,
    trust_twice,
    ultimatum,
)


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
