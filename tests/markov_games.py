"""Markov games that several test modules use."""

from __future__ import annotations

import random
from fractions import Fraction

import redlines as rl
from redlines import RUSSIA, US

F = Fraction
LATER = F(9, 10)

# what R and E pay the one who chooses the first letter, in two states
PAYS = {
    "L": {"RR": 4, "RE": 0, "ER": 5, "EE": 1},
    "H": {"RR": 0, "RE": -1, "ER": 1, "EE": -2},
}


@rl.markov_game(US, RUSSIA, states=["L", "H"], discount="d")
def hybrid(play, state, d=rl.Probability("discount factor")):
    """Restraint or escalation, at a low and at a high level of conflict."""
    does = play.simultaneous({US: ("us", ["R", "E"]), RUSSIA: ("russia", ["R", "E"])})
    u, r = does[US], does[RUSSIA]
    play.pay({US: PAYS[state][u + r], RUSSIA: PAYS[state][r + u]}, because="stage")
    return "L" if u + r == "RR" else "H"


def pure(low, high):
    """A profile of `hybrid`: US and Russia in L, then in H."""
    return {
        "L": {"us": low[0], "russia": low[1]},
        "H": {"us": high[0], "russia": high[1]},
    }


def drawn(states, seed, discount=LATER, sizes=(2, 2), top=9, successors=None):
    """A game with payoffs and transitions drawn at random."""
    rng = random.Random(seed)
    rows, columns = sizes

    def chances():
        weights = [0] * states
        for t in range(states) if successors is None else range(successors):
            t = t if successors is None else rng.randrange(states)
            weights[t] += rng.randint(0 if successors is None else 1, 4)
        weights[0] += not sum(weights)
        return [F(w, sum(weights)) for w in weights]

    rewards = [
        [
            [[rng.randint(-top, top) for _ in range(columns)] for _ in range(rows)]
            for _ in range(2)
        ]
        for _ in range(states)
    ]
    leads = [
        [[chances() for _ in range(columns)] for _ in range(rows)]
        for _ in range(states)
    ]
    return rl.MarkovGame.from_arrays(rewards, leads, discount)


def pennies(states, seed, discount=LATER, zero_sum=False):
    """A game of pursuit and evasion in every state: nobody plays pure."""
    rng = random.Random(seed)
    rewards, leads = [], []
    for s in range(states):
        first = [
            [(1 if i == j else -1) * rng.randint(3, 9) for j in range(2)]
            for i in range(2)
        ]
        second = [
            [(-1 if i == j else 1) * rng.randint(3, 9) for j in range(2)]
            for i in range(2)
        ]
        if zero_sum:
            second = [[-x for x in row] for row in first]
        rewards.append([first, second])

        def chances(s=s):
            weights = [rng.randint(0, 4) for _ in range(states)]
            weights[s] += 6
            return [F(w, sum(weights)) for w in weights]

        leads.append([[chances() for _ in range(2)] for _ in range(2)])
    return rl.MarkovGame.from_arrays(rewards, leads, discount)
