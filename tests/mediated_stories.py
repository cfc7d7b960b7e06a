"""Stories in which a mediator may help."""

from __future__ import annotations

import redlines as rl

SENT = {
    "a": {"x": (2, 3), "y": (0, 2), "z": (-1, 0)},
    "b": {"x": (1, 0), "y": (2, 2), "z": (0, 3)},
}


@rl.game("Sender", "Receiver")
def advice(play, messages=()):
    """The sender knows, the receiver acts; the sender may have something to say."""
    kind = play.draw("type", {"a": "1/2", "b": "1/2"}, seen_by="Sender")
    if messages:
        play.move("Sender", "say", list(messages))
    reply = play.move("Receiver", "reply", ["x", "y", "z"])
    sender, receiver = SENT[kind][reply]
    play.mark(reply)
    play.pay({"Sender": sender, "Receiver": receiver})


@rl.game("Student", "Teacher")
def costless_signal(play):
    """After figure 1 of von Stengel and Forges 2008."""
    kind = play.draw("type", {"good": "1/2", "bad": "1/2"}, seen_by="Student")
    play.move("Student", "send", ["X", "Y"])
    reply = play.move("Teacher", "reply", ["hire", "refuse"])
    pays = {
        ("good", "hire"): (4, 10),
        ("good", "refuse"): (0, 6),
        ("bad", "hire"): (6, 0),
        ("bad", "refuse"): (0, 6),
    }
    student, teacher = pays[kind, reply]
    play.pay({"Student": student, "Teacher": teacher})


@rl.game("US", "Russia")
def two_sided(play, share="1/2", fear=5):
    """Each side knows its own resolve; both stand firm or yield at once."""
    kinds = {
        who: play.draw(f"{who} resolve", {"hard": share, "soft": rl.REST}, seen_by=who)
        for who in ("US", "Russia")
    }
    does = play.simultaneous(
        {who: (f"{who} acts", ["stand", "yield"]) for who in ("US", "Russia")}
    )
    stands = {who: does[who] == "stand" for who in does}
    if all(stands.values()):
        play.mark("war")
    for who, other in (("US", "Russia"), ("Russia", "US")):
        war = 0 if kinds[who] == "hard" else -fear
        if stands[who]:
            play.pay({who: war if stands[other] else 4})
        else:
            play.pay({who: 1 if stands[other] else 3})


@rl.game("A", "B")
def unseen(play):
    """No types; B does not see what A does."""
    one = play.move("A", "a", ["l", "m", "r"], seen_by=[])
    two = play.move("B", "b", ["l", "r"], seen_by=[])
    play.pay({"A": "lmr".index(one) * (one != two), "B": 1 + (one == two)})


def tables_game(prior, pays):
    """A game of drawn types from tables of whole numbers."""

    @rl.game("A", "B")
    def drawn(play):
        kinds, others, rows, columns = pays[0].shape
        total = int(prior.sum())
        shares = {
            f"{s} {t}": rl.Number.of(int(prior[s, t])) / total
            for s in range(kinds)
            for t in range(others)
            if prior[s, t]
        }
        s, t = play.draw("types", shares, seen_by=[]).split()
        play.tell("A", "own", s)
        play.tell("B", "own", t)
        does = play.simultaneous(
            {
                "A": ("A acts", [str(a) for a in range(rows)]),
                "B": ("B acts", [str(b) for b in range(columns)]),
            }
        )
        at = int(s), int(t), int(does["A"]), int(does["B"])
        play.pay({"A": int(pays[0][at]), "B": int(pays[1][at])})

    return drawn


def half_armed(pays, idle):
    """A acts at one of its types; at the other it has two equal moves, or none.

    `pays[player][type][a][b]`; at type 1 the first move counts.
    """

    @rl.game("A", "B")
    def half(play):
        kind = play.draw("arms", {"0": "1/3", "1": "2/3"}, seen_by="A")
        own = "0"
        if kind == "0" or not idle:
            own = play.move("A", "a", ["0", "1"], seen_by=[])
        other = play.move("B", "b", ["0", "1"], seen_by=[])
        k, a, b = int(kind), int(own) if kind == "0" else 0, int(other)
        play.pay({"A": int(pays[0][k, a, b]), "B": int(pays[1][k, a, b])})

    return half
