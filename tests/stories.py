"""Stories that the bank and other tests bind to numbers."""

from __future__ import annotations

import redlines as rl


@rl.game("US", "Russia")
def line(
    play,
    p=rl.Probability("chance that the US is resolved"),
    V=rl.Positive("worth of what lies behind the line"),
    k=rl.Positive("price of drawing a line"),
    a=rl.Positive("price of backing down after a line"),
    c=rl.Positive("cost of enforcing to the resolved"),
    d=rl.Positive("cost of enforcing to the irresolute"),
):
    kind = play.draw("type", {"resolved": p, "irresolute": 1 - p}, seen_by="US")
    drawn = play.move("US", "declare", ["line", "silent"]) == "line"
    if drawn:
        play.pay({"US": -k}, because="signal")
    if play.move("Russia", "act", ["cross", "refrain"]) == "refrain":
        play.pay({"US": V}, because="stake")
        return
    play.mark("crossed")
    play.pay({"Russia": V}, because="stake")
    if play.move("US", "answer", ["enforce", "back down"]) == "enforce":
        play.mark("enforced")
        play.pay({"US": V / 2 - c if kind == "resolved" else -d, "Russia": -2 * V})
    elif drawn:
        play.pay({"US": -a}, because="audience")


@rl.game("Russia", "US")
def ladder(play, rungs=8):
    draws = (("Russia", "1/2"), ("US", "1/3"))
    resolved = {
        who: play.draw(who, {"resolved": p, "irresolute": rl.REST}, seen_by=who)
        == "resolved"
        for who, p in draws
    }
    for rung in range(rungs):
        who, other = ("Russia", "US") if rung % 2 == 0 else ("US", "Russia")
        if play.move(who, f"rung {rung + 1}", ["escalate", "back down"]) != "escalate":
            play.pay({other: 1})
            return
        if play.draw(f"risk {rung + 1}", {"hold": "9/10", "slip": "1/10"}) == "slip":
            play.mark("disaster")
            play.pay({side: -1 if resolved[side] else -6 for side in resolved})
            return
    play.pay({who: 1})


@rl.game("Sender", "Receiver")
def beer_quiche(play, strong=rl.Probability("chance that the sender is strong")):
    kind = play.draw("type", {"strong": strong, "weak": 1 - strong}, seen_by="Sender")
    meal = play.move("Sender", "meal", ["beer", "quiche"])
    fights = play.move("Receiver", "reply", ["fight", "leave"]) == "fight"
    play.pay({"Sender": int(meal == ("beer" if kind == "strong" else "quiche"))})
    play.pay(
        {"Sender": 0 if fights else 2, "Receiver": int(fights == (kind == "weak"))}
    )


@rl.game("Entrant", "Incumbent")
def chain_store(play):
    if play.move("Entrant", "enter", ["out", "in"]) == "out":
        play.pay({"Entrant": 1, "Incumbent": 5})
    elif play.move("Incumbent", "reply", ["share", "fight"]) == "share":
        play.pay({"Entrant": 2, "Incumbent": 2})


@rl.game("A", "B")
def centipede(play, nodes=6):
    for k in range(nodes):
        who, other = ("A", "B") if k % 2 == 0 else ("B", "A")
        if play.move(who, f"node {k + 1}", ["take", "pass"]) == "take":
            play.pay({who: k + 2, other: k})
            return
    play.pay({other: nodes + 1, who: nodes})


@rl.game("A", "B")
def pennies_inside(play):
    if play.move("A", "enter", ["in", "out"]) == "out":
        play.pay({"A": "-1/2"})
        return
    theirs = play.move("B", "B's coin", ["heads", "tails"], seen_by=[])
    mine = play.move("A", "A's coin", ["heads", "tails"])
    play.pay({"A": 1, "B": -1} if mine == theirs else {"A": -1, "B": 1})


@rl.game("A", "B")
def all_tied(play):
    play.move("A", "first", ["left", "right"], seen_by=[])
    play.move("B", "second", ["left", "middle", "right"], seen_by=[])
    play.move("A", "third", ["left", "right"])
    play.pay({"A": 1, "B": 1})


@rl.game("Sender", "Receiver")
def private_types(play):
    sender = play.draw("S", {"H": "1/2", "L": "1/2"}, seen_by="Sender")
    receiver = play.draw("R", {"a": "1/2", "b": "1/2"}, seen_by="Receiver")
    if play.move("Sender", "enter", ["out", "in"]) == "out":
        play.pay({"Sender": 2})
    elif play.move("Receiver", "reply", ["yield", "fight"]) == "yield":
        play.pay({"Sender": 5})
    else:
        play.pay({"Receiver": 1 if (sender == "H") == (receiver == "a") else -2})


@rl.game("Challenger", "Defender")
def deterrence(
    play,
    pC=rl.Probability("chance that the challenger is hard"),
    pD=rl.Probability("chance that the defender is hard"),
):
    hard_c = (
        play.draw("C", {"hard": pC, "soft": 1 - pC}, seen_by="Challenger") == "hard"
    )
    hard_d = play.draw("D", {"hard": pD, "soft": 1 - pD}, seen_by="Defender") == "hard"
    if play.move("Challenger", "start", ["cooperate", "defect"]) == "cooperate":
        outcome, pays = "SQ", (3, 5)
    elif play.move("Defender", "reply", ["concede", "deny"]) == "concede":
        outcome, pays = "DC", (5, 2)
    elif play.move("Challenger", "end", ["concede", "deny"]) == "concede":
        outcome, pays = "CD", (1, 4)
    else:
        outcome, pays = "DD", (2 if hard_c else 0, 3 if hard_d else 0)
    play.mark(outcome)
    play.pay({"Challenger": pays[0], "Defender": pays[1]})


@rl.game("Defender", "Challenger")
def signal_of_resolve(play, tied=False, price="1/4"):
    values = {"high": "1/4", "low": "3/4"}
    worth = {"high": 3, "low": 1}[play.draw("value", values, seen_by="Defender")]
    signal = play.move("Defender", "signal", ["signal", "none"]) == "signal"
    if signal and not tied:
        play.pay({"Defender": f"-{price}"}, because="signal")
    kinds = {"tough": "3/4", "weak": "1/4"}
    tough = play.draw("kind", kinds, seen_by="Challenger") == "tough"
    if not tough and play.move("Challenger", "act", ["challenge", "stay"]) == "stay":
        play.pay({"Defender": worth})
    elif play.move("Defender", "answer", ["fight", "back down"]) == "fight":
        play.mark("war")
        play.pay({"Defender": rl.Number.of(worth) / 2 - 1, "Challenger": -1})
    else:
        play.pay({"Challenger": 1})
        if signal and tied:
            play.pay({"Defender": f"-{price}"}, because="hands tied")


@rl.game("Government", "Target")
def bluff(play):
    strong = play.draw("type", {"strong": "1/4", "weak": "3/4"}, seen_by="Government")
    if play.move("Government", "threat", ["threaten", "none"]) == "none":
        return
    if play.move("Target", "reply", ["resist", "concede"]) == "concede":
        play.pay({"Government": 1, "Target": -1})
    elif strong == "strong":
        play.mark("war")
        play.pay({"Government": "1/2", "Target": -2})
    else:
        play.pay({"Government": -1})


@rl.game("A", "B")
def assurance(play, t=rl.Probability("chance that a side is trustworthy")):
    trusty = [
        play.draw(f"type of {who}", {"yes": t, "no": 1 - t}, seen_by=who) == "yes"
        for who in ("A", "B")
    ]
    moves = play.simultaneous(
        {who: (f"{who} acts", ["cooperate", "defect"]) for who in ("A", "B")}
    )
    both = [moves[who] == "cooperate" for who in ("A", "B")]
    for k, who in enumerate(("A", "B")):
        worth = {(1, 1): 3, (1, 0): 0, (0, 0): 1, (0, 1): 2 if trusty[k] else 4}
        play.pay({who: worth[both[k], both[1 - k]]})


@rl.game("US", "Russia")
def deter(
    play,
    resolve=rl.Probability("chance that the US would fight"),
    gain=rl.Positive("worth of crossing"),
    cost=rl.Positive("price of a war"),
    warned=False,
):
    fights = play.draw("US", {"yes": resolve, "no": 1 - resolve}, seen_by="US")
    if warned:
        play.tell("Russia", "US")
    if play.move("Russia", "act", ["cross", "refrain"]) == "cross":
        play.mark("crossed")
        play.pay({"Russia": -cost if fights == "yes" else gain})
        if fights == "yes":
            play.mark("war")
