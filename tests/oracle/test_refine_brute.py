"""Criteria against brute force on fine grids, and against each other.

With two types a belief is a number. Which replies are best for which belief changes
only where two of them tie, so trying the ties and a point between each two of them
misses none. A mixture of two replies is a number as well; it is tried at its ends,
wherever a type is indifferent, and between.
"""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pytest
from signalling_stories import table_game

import redlines as rl
from redlines.parametric.criteria import CRITERIA
from redlines.parametric.deviations import Deviations
from redlines.parametric.polynomials import Ring
from redlines.parametric.region import Region
from redlines.parametric.signalling import Signalling
from redlines.removals import FORWARD

SAMPLES = range(10)


def between(points):
    """Points in [0, 1], the ends, and one between each two neighbours."""
    inside = sorted({Fraction(0), Fraction(1), *(p for p in points if 0 <= p <= 1)})
    middle = [(a + b) / 2 for a, b in itertools.pairwise(inside)]
    return sorted([*inside, *middle])


class Brute:
    """An unsent message of a game of two types by table, on grids."""

    def __init__(self, payoffs, message, standing):
        self.pay = {k: v for k, v in payoffs.items() if k[1] == message}
        self.message, self.standing = message, standing
        self.replies = sorted({k[3] for k in self.pay})

    def own(self, t, a):
        return self.pay[t, self.message, 0, a][0]

    def best(self, q):
        """Best replies where type 1 has probability q."""
        worth = {
            a: (1 - q) * self.pay[0, self.message, 0, a][1]
            + q * self.pay[1, self.message, 0, a][1]
            for a in self.replies
        }
        return [a for a in self.replies if worth[a] == max(worth.values())]

    def beliefs(self, low, high):
        """Beliefs between two, all ties among them."""
        ties = [low, high]
        for a, b in itertools.combinations(self.replies, 2):
            gap = [
                self.pay[t, self.message, 0, a][1] - self.pay[t, self.message, 0, b][1]
                for t in (0, 1)
            ]
            if gap[0] != gap[1]:
                ties.append(Fraction(gap[0], gap[0] - gap[1]))
        return [q for q in between(ties) if low <= q <= high]

    def gains(self, low, high):
        """What both types gain by every mixed reply to some belief between two."""
        found = set()
        for q in self.beliefs(low, high):
            best = self.best(q)
            assert len(best) < 3, "a grid of one dimension does not do"
            for a, b in itertools.combinations_with_replacement(best, 2):
                ends = [
                    [self.own(t, r) - self.standing[t] for t in (0, 1)] for r in (a, b)
                ]
                roots = [
                    Fraction(x, x - y) for x, y in zip(*ends, strict=True) if x != y
                ]
                for w in between(roots):
                    found.add(
                        tuple((1 - w) * x + w * y for x, y in zip(*ends, strict=True))
                    )
        return found

    # each returns the ends of what may be believed, or None where the path fails
    def intuitive(self, prior):
        every = self.gains(0, 1)
        left = [t for t in (0, 1) if any(g[t] >= 0 for g in every)]
        if not left:
            return 0, 1
        some = self.gains(min(left), max(left))
        if any(all(g[t] > 0 for g in some) for t in left):
            return None
        return 0, 1

    def d1(self, prior):
        every = self.gains(0, 1)
        left = [
            t
            for t in (0, 1)
            if not any(g[1 - t] > 0 for g in every)
            or any(g[t] >= 0 and g[1 - t] <= 0 for g in every)
        ]
        return (min(left), max(left)) if left else None

    def universal(self, prior):
        low, high = 0, 1
        while True:
            some = self.gains(low, high)
            if not any(max(g) >= 0 for g in some):
                return low, high
            left = [t for t in (0, 1) if any(g[t] >= 0 and g[1 - t] <= 0 for g in some)]
            if not left:
                return None
            now = max(low, min(left)), min(high, max(left))
            if now == (low, high):
                return now
            low, high = now

    def divine(self, prior):
        low, high = Fraction(0), Fraction(1)
        while True:
            ends = set()
            for one, other in self.gains(low, high):
                if one >= 0 and other <= 0:
                    ends.add(Fraction(0))
                if other >= 0 and one <= 0:
                    ends.add(Fraction(1))
                if one >= 0 and other >= 0:
                    ends.add(prior)
            if not ends or (min(ends), max(ends)) == (low, high):
                return low, high
            low, high = min(ends), max(ends)


BRUTE = {
    "intuitive criterion": Brute.intuitive,
    "D1": Brute.d1,
    "divinity": Brute.divine,
    "universal divinity": Brute.universal,
}


def sample(seed):
    draw = random.Random(seed)
    high = draw.choice([2, 5, 30])
    prior = draw.randint(1, 4), draw.randint(1, 4)
    shape = itertools.product((0, 1), (0, 1), (0,), range(draw.choice([2, 3])))
    payoffs = {k: (draw.randint(0, high), draw.randint(0, high)) for k in shape}
    return prior, payoffs


def believed(ruling, first, second, prior):
    """The ends of the beliefs that a ruling leaves, in the second type."""
    if ruling.beliefs is None:
        return None
    ends = {
        Fraction(0) if s == {first} else Fraction(1) if s == {second} else prior
        for s in ruling.beliefs
    }
    return min(ends), max(ends)


@pytest.mark.parametrize("seed", SAMPLES)
@pytest.mark.parametrize("name", FORWARD)
def test_what_may_be_believed_is_what_brute_force_leaves(name, seed):
    weights, payoffs = sample(seed)
    prior = Fraction(weights[1], sum(weights))
    region = Region(Ring(()), [], 10**8)
    game = Signalling(table_game(weights, payoffs), region)
    draw = random.Random(1000 + seed)
    first, second = game.types
    for message in game.messages:
        here = [v[0] for k, v in payoffs.items() if k[1] == int(message.name[1:])]
        for _ in range(5):
            # what types have somewhere around what the message can bring
            standing = [Fraction(draw.randint(0, 2 * max(here) + 1), 2) for _ in "ab"]
            brute = Brute(payoffs, int(message.name[1:]), standing)
            try:
                expected = BRUTE[name](brute, prior)
            except AssertionError:
                continue
            asked = Deviations(
                game,
                message,
                {
                    t: region.ring.ratio(v)
                    for t, v in zip(game.types, standing, strict=True)
                },
            )
            (ruling,) = CRITERIA[name](asked)
            assert believed(ruling, first, second, prior) == expected


@pytest.mark.parametrize("seed", SAMPLES)
def test_stronger_criteria_leave_less_and_all_leave_something(seed):
    """Paths that pass D1 pass the intuitive criterion, and some path passes each.

    Stable components pass them all, and every game has one ([kohlberg1986]_).
    """
    weights, payoffs = sample(seed)
    game = table_game(weights, payoffs)

    def paths(name):
        solution = rl.solve(game, "sequential", refine=name)
        assert not solution.undecided
        return {tuple(sorted(e.path.items())) for e in solution}

    found = {name: paths(name) for name in FORWARD}
    assert found["D1"] <= found["intuitive criterion"]
    assert found["universal divinity"] <= found["divinity"]
    assert found["divinity"] <= found["intuitive criterion"]
    assert all(found.values())
