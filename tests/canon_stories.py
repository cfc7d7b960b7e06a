"""Published models with their payoffs as symbols, and a ladder of five symbols."""

from __future__ import annotations

import redlines as rl


@rl.game("Challenger", "Defender")
def unilateral_deterrence(
    play,
    pC=rl.Probability("chance that the challenger is hard"),
    pD=rl.Probability("chance that the defender is hard"),
    cDC=rl.Real("the defender concedes, to the challenger"),
    cSQ=rl.Real("the status quo, to the challenger"),
    cDDp=rl.Real("conflict, to a hard challenger"),
    cCD=rl.Real("the challenger concedes, to itself"),
    cDDm=rl.Real("conflict, to a soft challenger"),
    dSQ=rl.Real("the status quo, to the defender"),
    dCD=rl.Real("the challenger concedes, to the defender"),
    dDDp=rl.Real("conflict, to a hard defender"),
    dDC=rl.Real("the defender concedes, to itself"),
    dDDm=rl.Real("conflict, to a soft defender"),
):
    hard_c = (
        play.draw("C", {"hard": pC, "soft": 1 - pC}, seen_by="Challenger") == "hard"
    )
    hard_d = play.draw("D", {"hard": pD, "soft": 1 - pD}, seen_by="Defender") == "hard"
    if play.move("Challenger", "start", ["cooperate", "defect"]) == "cooperate":
        outcome, pays = "SQ", (cSQ, dSQ)
    elif play.move("Defender", "reply", ["concede", "deny"]) == "concede":
        outcome, pays = "DC", (cDC, dDC)
    elif play.move("Challenger", "end", ["concede", "deny"]) == "concede":
        outcome, pays = "CD", (cCD, dCD)
    else:
        outcome, pays = "DD", (cDDp if hard_c else cDDm, dDDp if hard_d else dDDm)
    play.mark(outcome)
    play.pay({"Challenger": pays[0], "Defender": pays[1]})


@rl.game("Incumbent", "Challenger")
def reputation(
    play,
    d0=rl.Probability("chance that the incumbent is tough"),
    a=rl.Positive("an unchallenged market, to a weak incumbent"),
    b=rl.Probability("entry that is not fought, to the challenger"),
):
    """Two challengers in turn; the first has come already, the second may.

    Players are two, so that the first challenger, who looks no further than its own
    market, is left to whoever reads the chance that it is fought.
    """
    tough = (
        play.draw("type", {"tough": d0, "weak": 1 - d0}, seen_by="Incumbent") == "tough"
    )

    def answer(stage):
        if tough:
            play.tell("Challenger", f"{stage} answer", "fight")
            return "fight"
        chosen = play.move(
            "Incumbent", f"{stage} answer", ["fight", "acquiesce"], seen_by=[]
        )
        play.tell("Challenger", f"{stage} answer", chosen)
        return chosen

    if answer("first") == "fight":
        play.mark("first fought")
        play.pay({"Incumbent": 0 if tough else -1})
    if play.move("Challenger", "second", ["in", "out"]) == "out":
        play.pay({"Incumbent": 0 if tough else a})
    elif answer("second") == "fight":
        play.pay({"Incumbent": 0 if tough else -1, "Challenger": b - 1})
    else:
        play.pay({"Challenger": b})


@rl.game("A", "B")
def ultimatum(
    play,
    q=rl.Probability("chance that war costs B little"),
    p=rl.Probability("chance that A wins a war"),
    cA=rl.Positive("cost of war to A"),
    cL=rl.Positive("cost of war to B if low"),
    cH=rl.Positive("cost of war to B if high"),
    ties=False,
):
    """A demands a share; B accepts or fights.

    Without `ties` a type that is indifferent accepts, as in the source.
    """
    low = play.draw("cost", {"low": q, "high": 1 - q}, seen_by="B") == "low"
    own = cL if low else cH
    demands = {"modest": p, "all of the low": p + cL, "all of the high": p + cH}
    demand = play.move("A", "demand", [*demands])
    indifferent = demand == ("all of the low" if low else "all of the high")
    if indifferent and not ties:
        reply = "accept"
    else:
        reply = play.move("B", "reply", ["accept", "fight"])
    if reply == "accept":
        play.pay({"A": demands[demand], "B": 1 - demands[demand]})
    else:
        play.mark("war")
        play.pay({"A": p - cA, "B": 1 - p - own})


@rl.game("A", "B")
def trust(
    play,
    t=rl.Probability("chance that a side is trustworthy"),
    R=rl.Real("both cooperate"),
    Ts=rl.Real("defecting alone, to the trustworthy"),
    P=rl.Real("both defect"),
    S=rl.Real("cooperating alone"),
    Tu=rl.Real("defecting alone, to the untrustworthy"),
):
    trusty = [
        play.draw(f"type of {who}", {"yes": t, "no": 1 - t}, seen_by=who) == "yes"
        for who in ("A", "B")
    ]
    moves = play.simultaneous(
        {who: (f"{who} acts", ["cooperate", "defect"]) for who in ("A", "B")}
    )
    both = [moves[who] == "cooperate" for who in ("A", "B")]
    for k, who in enumerate(("A", "B")):
        worth = {(1, 1): R, (1, 0): S, (0, 0): P, (0, 1): Ts if trusty[k] else Tu}
        play.pay({who: worth[both[k], both[1 - k]]})


@rl.game("A", "B")
def trust_twice(
    play,
    t=rl.Probability("chance that a side is trustworthy"),
    alpha=rl.Probability("weight of the first round"),
    R=rl.Real("both cooperate"),
    Ts=rl.Real("defecting alone, to the trustworthy"),
    P=rl.Real("both defect"),
    S=rl.Real("cooperating alone"),
    Tu=rl.Real("defecting alone, to the untrustworthy"),
):
    """Two rounds; in the last the untrustworthy defect, which dominates."""
    sides = ("A", "B")
    trusty = {
        who: play.draw(f"type of {who}", {"yes": t, "no": 1 - t}, seen_by=who) == "yes"
        for who in sides
    }

    def paid(weight, moves):
        for who, other in (sides, sides[::-1]):
            both = (moves[who] == "cooperate", moves[other] == "cooperate")
            alone = Ts if trusty[who] else Tu
            worth = {(1, 1): R, (1, 0): S, (0, 0): P, (0, 1): alone}
            play.pay({who: weight * worth[both]})

    first = play.simultaneous(
        {w: (f"{w} first", ["cooperate", "defect"]) for w in sides}
    )
    paid(alpha, first)
    last = {
        who: play.move(who, f"{who} last", ["cooperate", "defect"], seen_by=[])
        if trusty[who]
        else "defect"
        for who in sides
    }
    paid(1 - alpha, last)


@rl.game("Row", "Column")
def chicken(
    play,
    T1=rl.Real("standing firm alone, to Row"),
    R1=rl.Real("both yield, to Row"),
    S1=rl.Real("yielding alone, to Row"),
    P1=rl.Real("both stand firm, to Row"),
    T2=rl.Real("standing firm alone, to Column"),
    R2=rl.Real("both yield, to Column"),
    S2=rl.Real("yielding alone, to Column"),
    P2=rl.Real("both stand firm, to Column"),
):
    moves = play.simultaneous({w: (w, ["yield", "firm"]) for w in ("Row", "Column")})
    row, column = (moves[w] == "firm" for w in ("Row", "Column"))
    if row and column:
        play.mark("crash")
    worth = {(0, 0): (R1, R2), (1, 0): (T1, S2), (0, 1): (S1, T2), (1, 1): (P1, P2)}
    play.pay(dict(zip(("Row", "Column"), worth[row, column], strict=True)))


@rl.game("Defender", "Challenger")
def costly_signal(
    play,
    q=rl.Probability("chance that the defender values it highly"),
    r=rl.Probability("chance that the challenger is tough"),
    vH=rl.Positive("the high value"),
    vL=rl.Positive("the low value"),
    wH=rl.Positive("war, to the high"),
    wL=rl.Real("war, to the low"),
    m=rl.Positive("price of the signal"),
    k=rl.Positive("cost of war to a weak challenger"),
    tied=False,
):
    """The price is paid at once, or, if hands are `tied`, only on backing down."""
    high = play.draw("value", {"high": q, "low": 1 - q}, seen_by="Defender") == "high"
    signal = play.move("Defender", "signal", ["signal", "none"]) == "signal"
    if signal and not tied:
        play.pay({"Defender": -m}, because="signal")
    kinds = {"tough": r, "weak": 1 - r}
    tough = play.draw("kind", kinds, seen_by="Challenger") == "tough"
    if not tough and play.move("Challenger", "act", ["challenge", "stay"]) == "stay":
        play.pay({"Defender": vH if high else vL})
    elif play.move("Defender", "answer", ["fight", "back down"]) == "fight":
        play.mark("war")
        play.pay({"Defender": wH if high else wL, "Challenger": -k})
    else:
        play.pay({"Challenger": 1})
        if signal and tied:
            play.pay({"Defender": -m}, because="hands tied")


@rl.game("Government", "Target")
def threat(
    play,
    q=rl.Probability("chance that the government is strong"),
    w=rl.Real("war, to a strong government"),
    a=rl.Positive("price of backing down"),
    k=rl.Positive("cost of war to the target"),
):
    strong = (
        play.draw("type", {"strong": q, "weak": 1 - q}, seen_by="Government")
        == "strong"
    )
    if play.move("Government", "threat", ["threaten", "none"]) == "none":
        return
    if play.move("Target", "reply", ["resist", "concede"]) == "concede":
        play.pay({"Government": 1, "Target": -1})
    elif strong:
        play.mark("war")
        play.pay({"Government": w, "Target": -k})
    else:
        play.pay({"Government": -a})


@rl.game("Inspector", "Inspectee")
def inspection(
    play,
    D=rl.Probability("chance that an inspection detects"),
    b=rl.Positive("being detected, to the inspectee"),
    d=rl.Positive("violating undetected, to the inspectee"),
    e=rl.Positive("cost of an inspection"),
    a=rl.Positive("a detected violation, to the inspector"),
    c=rl.Positive("an undetected violation, to the inspector"),
):
    moves = play.simultaneous(
        {
            "Inspector": ("inspector", ["inspect", "stay"]),
            "Inspectee": ("inspectee", ["violate", "comply"]),
        }
    )
    violates = moves["Inspectee"] == "violate"
    found = False
    if moves["Inspector"] == "inspect":
        play.pay({"Inspector": -e}, because="cost")
        if violates:
            seen = play.draw("detection", {"yes": D, "no": 1 - D})
            found = seen == "yes"
    if violates:
        play.mark("violated")
        play.pay({"Inspector": -a if found else -c, "Inspectee": -b if found else d})


@rl.game("Challenger", "Defender")
def salami(
    play,
    p=rl.Probability("chance that the defender wins a war"),
    cC=rl.Positive("cost of war to the challenger"),
    cD=rl.Positive("cost of war to the defender"),
    slices=2,
):
    """The challenger cuts a stake of 1 into slices until it stops or is fought."""
    for left in range(slices, 0, -1):
        stake = rl.Number.of(left) / slices
        if play.move("Challenger", f"at {left}", ["slice", "stop"]) == "stop":
            play.mark(f"ends at {left}")
            play.pay({"Challenger": 1 - stake, "Defender": stake})
            return
        if play.move("Defender", f"reply at {left}", ["fight", "acquiesce"]) == "fight":
            play.mark("war")
            play.pay({"Challenger": 1 - p * stake - cC, "Defender": p * stake - cD})
            return
    play.mark("ends at 0")
    play.pay({"Challenger": 1})


@rl.game("Russia", "US")
def ladder(
    play,
    p=rl.Probability("chance that Russia is resolved"),
    q=rl.Probability("chance that the US is resolved"),
    r=rl.Probability("chance of disaster on a rung"),
    l=rl.Positive("disaster, to the resolved"),  # noqa: E741
    h=rl.Positive("disaster, to the irresolute"),
    rungs=2,
):
    sides = {"Russia": p, "US": q}
    resolved = {
        who: play.draw(who, {"resolved": x, "irresolute": 1 - x}, seen_by=who)
        == "resolved"
        for who, x in sides.items()
    }
    for rung in range(rungs):
        who, other = ("Russia", "US") if rung % 2 == 0 else ("US", "Russia")
        if play.move(who, f"rung {rung + 1}", ["escalate", "back down"]) != "escalate":
            play.pay({other: 1})
            return
        if play.draw(f"risk {rung + 1}", {"hold": 1 - r, "slip": r}) == "slip":
            play.mark("disaster")
            play.pay({side: -l if resolved[side] else -h for side in sides})
            return
    play.pay({who: 1})
