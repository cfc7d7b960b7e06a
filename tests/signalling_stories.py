"""Signalling games of the literature, and random ones."""

from __future__ import annotations

from fractions import Fraction

import redlines as rl


@rl.game("Sender", "Receiver")
def beer_quiche(play, strong=rl.Probability("chance that the sender is strong")):
    """Cho and Kreps (1987), section II."""
    kind = play.draw("type", {"strong": strong, "weak": 1 - strong}, seen_by="Sender")
    meal = play.move("Sender", "breakfast", ["beer", "quiche"])
    answer = play.move("Receiver", "answer", ["duel", "leave"])
    liked = 1 if (meal == "beer") == (kind == "strong") else 0
    spared = 2 if answer == "leave" else 0
    right = 1 if (answer == "duel") == (kind == "weak") else 0
    play.pay({"Sender": liked + spared, "Receiver": right})


def spence(efforts, wages):
    """Job market signalling on grids, after Spence (1973): costs 1 and 1/2."""

    @rl.game("Worker", "Market")
    def schooling(play, able=rl.Probability("chance that the worker is able")):
        draw = {"high": able, "low": 1 - able}
        worth = 2 if play.draw("ability", draw, seen_by="Worker") == "high" else 1
        effort = Fraction(play.move("Worker", "effort", list(map(str, efforts))))
        wage = Fraction(play.move("Market", "wage", list(map(str, wages))))
        # what the market pays it loses, so that it pays what it expects to get
        play.pay({"Worker": wage - effort / worth, "Market": -((wage - worth) ** 2)})

    return schooling


@rl.game("Defender", "Challenger")
def sunk_cost(
    play,
    q=rl.Probability("chance that the defender values the stake highly"),
    r=rl.Probability("chance that the challenger is tough"),
):
    """Sinking costs, after Fearon (1997), with signals 0, 5/16 and 1/2.

    Worth of the stake 3 or 1, war is won with 1/2 and costs 1, and costs a weak
    challenger 1, who gets 1 if the defender backs down; a tough one challenges anyway.
    """
    high = play.draw("D", {"high": q, "low": 1 - q}, seen_by="Defender") == "high"
    tough = play.draw("C", {"tough": r, "weak": 1 - r}, seen_by="Challenger") == "tough"
    signal = Fraction(play.move("Defender", "sink", ["0", "5/16", "1/2"]))
    play.pay({"Defender": -signal})
    stake = 3 if high else 1
    if play.move("Challenger", "act", ["challenge", "refrain"]) == "refrain":
        play.pay({"Defender": stake, "Challenger": -5 if tough else 0})
        return
    if play.move("Defender", "answer", ["fight", "yield"]) == "fight":
        play.mark("war")
        play.pay({"Defender": Fraction(stake, 2) - 1})
        play.pay({"Challenger": 1 if tough else -1})
    else:
        play.pay({"Challenger": 1})


def table_game(prior, payoffs, receivers=(1,)):
    """A signalling game by a table.

    Parameters
    ----------
    prior : sequence of int
        Weights of the types.
    payoffs : mapping of (type, message, receiver, reply) to (sender's, receiver's)
    receivers : sequence of int
        Weights of the receiver's types.
    """
    messages, kinds, replies = (1 + max(k[i] for k in payoffs) for i in (1, 2, 3))

    def draw(play, name, weights, who):
        shares = {
            f"{name}{k}": Fraction(w, sum(weights)) for k, w in enumerate(weights)
        }
        return int(play.draw(name, shares, seen_by=who)[1:])

    @rl.game("S", "R")
    def signals(play):
        t = draw(play, "t", prior, "S")
        y = draw(play, "y", receivers, "R") if kinds > 1 else 0
        m = int(play.move("S", "say", [f"m{k}" for k in range(messages)])[1:])
        a = int(play.move("R", "do", [f"a{k}" for k in range(replies)])[1:])
        one, other = payoffs[t, m, y, a]
        play.pay({"S": one, "R": other})

    return signals
