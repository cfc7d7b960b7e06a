"""Comparing the regimes of a game at numbers with solving it at these numbers."""

from __future__ import annotations

import os
import random
from fractions import Fraction
from math import prod

import redlines as rl
from redlines.parametric.conditions import as_formula

TIMES = int(os.environ.get("REDLINES_POINTS", "1"))
SEQUENTIAL = "sequential"
LOOKED_AT = 4  # regimes at one point


# ----------------------------------------------------------------------------- points
class Points:
    """Admitted points for a game's open parameters.

    Parameters
    ----------
    found : Regimes
    given : sequence of str
        As it was given; used to draw payoffs in their order.
    """

    def __init__(self, found, given, seed):
        self.found = found
        self.rng = random.Random(seed)
        self.names = found.game.free_parameters
        self.chance = [
            isinstance(found.game.parameters[n], rl.Probability) for n in self.names
        ]
        after = {}
        for text in given:
            left, sign, right = (*text.split(), "", "")[:3]
            if sign in "<>" and {left, right} <= set(self.names):
                large, small = (left, right) if sign == ">" else (right, left)
                after.setdefault(large, small)
        self.chains = []
        for name in after:
            chain = [name]
            while chain[-1] in after:
                chain.append(after[chain[-1]])
            if name not in after.values():
                self.chains.append(chain)
        atoms = {a.key for r in found for case in r._raw for a in case}
        atoms |= {a.key for f in found.families for case in f._raw for a in case}
        self.edges = sorted(atoms)

    def admitted(self, point):
        """Whether a point may be asked for, by the library's own word."""
        try:
            self.found._values(point)
        except rl.OutOfRange:
            return False
        return True

    def drawn(self, small):
        """Some values, perhaps not admitted."""
        point = {}
        size = self.rng.choice((2, 3) if small else (5, 12, 60))
        for name, chance in zip(self.names, self.chance, strict=True):
            if chance:
                value = Fraction(self.rng.randint(1, size), size + 1)
            else:
                below = 1 if small else self.rng.randint(1, 5)
                value = Fraction(self.rng.randint(-size, 2 * size), below)
                if not self.found.game.parameters[name].admits(value):
                    value = abs(value) or Fraction(1)
            point[name] = value
        for chain in self.chains:
            row = sorted({point[n] for n in chain}, reverse=True)
            if len(row) == len(chain):
                point.update(zip(chain, row, strict=True))
        return point

    def some(self, count, small=False):
        """Admitted points, different from each other."""
        seen = set()
        for _ in range(400 * count):
            if len(seen) == count:
                break
            point = self.drawn(small)
            key = tuple(point.values())
            if key not in seen and self.admitted(point):
                seen.add(key)
                yield point

    def on_edges(self, count):
        """Admitted points at which a polynomial of some condition is 0."""
        for number in range(count if self.edges else 0):
            key = self.edges[number % len(self.edges)]
            for _ in range(40):
                point = self.solved(key, self.drawn(self.rng.random() < 0.5))
                if point is not None and self.admitted(point):
                    yield point
                    break

    def solved(self, key, point):
        """A point moved in one parameter to where a polynomial is 0, or None."""
        linear = [
            k
            for k, _ in enumerate(self.names)
            if max((m[k] for m, _ in key), default=0) == 1
        ]
        if not linear:
            return None
        k = self.rng.choice(linear)
        slope = rest = Fraction(0)
        for exponents, coefficient in key:
            term = Fraction(coefficient) * prod(
                (
                    point[n] ** e
                    for j, (n, e) in enumerate(zip(self.names, exponents, strict=False))
                    if j != k
                ),
                start=Fraction(1),
            )
            if exponents[k]:
                slope += term
            else:
                rest += term
        return {**point, self.names[k]: -rest / slope} if slope else None


def profiles(solution):
    return sorted(str(dict(e.support)) for e in solution)


def shown(found, point):
    values = ", ".join(f"{n}={v}" for n, v in point.items())
    return f"at {values} of\n{found.game}"


def check(found, point, deep=False):
    """The same support profiles, and closed forms with the values of solving."""
    solution = rl.solve(found.game.bind(**point), SEQUENTIAL)
    assert solution.complete, shown(found, point)
    here = found.at(**point)
    assert here.complete
    holding = [str(dict(r.support)) for r in found if holds(r, point)]
    assert sorted(set(holding)) == profiles(solution), shown(found, point)
    assert here.count == solution.count, shown(found, point)
    if deep:
        assert profiles(here) == profiles(solution), shown(found, point)
        for regime, element in matched(found, point, solution):
            check_closed(found, point, regime, element)


def holds(regime, point):
    return as_formula(regime._raw).holds(tuple(point.values()))


def matched(found, point, solution):
    """Some regimes that hold at a point, with what solving finds on their supports."""
    by_support = {str(dict(e.support)): e for e in solution}
    assert len(by_support) == len(solution)
    pairs = [(r, by_support[str(dict(r.support))]) for r in found if holds(r, point)]
    return pairs[:: max(1, len(pairs) // LOOKED_AT)]


def at(value, point):
    value = rl.Number.of(value).at(point)
    assert isinstance(value, Fraction)
    return value


def pinned(free, label, key):
    ranges = free.get(label, {}).get(key)
    return ranges is None or ranges.is_point


def check_closed(found, point, regime, element):
    """What a regime determines is what solving gives, and nothing there is free."""
    note = f"{regime.name} {shown(found, point)}"
    free = element.free.strategy
    for player, rows in regime.strategy.items():
        for label, row in rows.items():
            for action, value in row.items():
                if value is not None:
                    assert pinned(free, label, action), note
                    exact = element.strategy[player][label][action]
                    assert at(value, point) == exact, note
    for player, value in regime.payoffs.items():
        if value is not None:
            assert at(value, point) == element.payoffs[player], note
            assert element.range(rl.payoff(player)).is_point, note
    for event in found.game.events:
        value = regime.probability(event)
        if value is not None:
            assert at(value, point) == element.probability(event), note
            assert element.range(rl.P(event)).is_point, note


def check_beliefs(found, point, regime, element):
    """The same for beliefs."""
    note = f"{regime.name} {shown(found, point)}"
    free = element.free.belief
    for label, row in regime.belief.items():
        for history, value in row.items():
            if value is not None:
                assert pinned(free, label, history), f"{label} {note}"
                exact = element.belief[label].get(history, 0)
                assert at(value, point) == exact, f"{label} {note}"


def check_free(found, point, regime, element):
    """What a regime leaves free, and its bounds, are those that solving gives.

    What solving pins down at a point, the bounds pin down there.
    """
    note = f"{regime.name} {shown(found, point)}"
    pairs = [
        (regime.free.strategy, element.free.strategy, flat(element), 0),
        (regime.free.belief, element.free.belief, element.belief, 1),
    ]
    for bounds, free, values, ends in pairs:
        assert set(free) <= set(bounds), note
        for label, row in bounds.items():
            for key, condition in row.items():
                value = values[label].get(key, Fraction(0))
                ranges = free.get(label, {}).get(key)
                for share in SHARES:
                    if ends or 0 < share < 1:
                        expected = share in ranges if ranges else share == value
                        shows = condition.holds(**point, it=share)
                        assert shows is expected, f"{label} {key} {share} {note}"
                assert ranges or condition.holds(**point, it=value), f"{label} {note}"


SHARES = [Fraction(n, 12) for n in range(13)]


def flat(element):
    return {h: dict(row) for p in element.strategy.values() for h, row in p.items()}
