"""Repeated games that several test modules share."""

from __future__ import annotations

import redlines as rl

HOLD, STRIKE = "hold", "strike"
PEACE, CLASH = (HOLD, HOLD), (STRIKE, STRIKE)
ORDER = ["T > R", "R > P", "P > S"]
FACTORS = ("1/5", "1/4", "1/3", "1/2", "2/3", "9/10")


def _pays(one: str, other: str, pays):
    return pays[(one == STRIKE) * 2 + (other == STRIKE)]


@rl.game("US", "Russia")
def restraint(
    play,
    T=rl.Real("alone strikes"),
    R=rl.Real("both hold"),
    P=rl.Real("both strike"),
    S=rl.Real("alone holds"),
):
    both = play.simultaneous(
        {"US": ("us", [HOLD, STRIKE]), "Russia": ("it", [HOLD, STRIKE])}
    )
    one, other = both["US"], both["Russia"]
    pair = _pays(one, other, [(R, R), (S, T), (T, S), (P, P)])
    play.pay({"US": pair[0], "Russia": pair[1]})


@rl.game("US", "Russia")
def noisy(
    play,
    T=rl.Real("alone strikes"),
    R=rl.Real("both hold"),
    S=rl.Real("alone holds"),
    p=rl.Probability("false alarm"),
    q=rl.Probability("alarm after a strike"),
):
    one = play.move("US", "us", [HOLD, STRIKE], seen_by=[])
    other = play.move("Russia", "it", [HOLD, STRIKE], seen_by=[])
    chance = p if (one, other) == PEACE else q
    play.draw("report", {"alarm": chance, "calm": rl.REST})
    pair = _pays(one, other, [(R, R), (S, T), (T, S), (0, 0)])
    play.pay({"US": pair[0], "Russia": pair[1]})


def dilemma(discount=None, **options):
    """The prisoner's dilemma (5, 3, 1, 0)."""
    return rl.RepeatedGame(restraint.bind(T=5, R=3, P=1, S=0), discount, **options)


def watched(discount=None):
    """The dilemma with false alarms, (T, R, p, q) = (3, 2, 1/10, 1/2)."""
    stage = noisy.bind(T=3, R=2, S=-1, p="1/10", q="1/2")
    return rl.RepeatedGame(stage, discount, signals="report")


GRIM = rl.Automaton.trigger(PEACE, CLASH)
