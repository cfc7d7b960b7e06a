"""Plays of a repeated game that go round in a short cycle, and which of them are kept.

Of the payoffs of all such plays, each perhaps with a lead-in, the largest part that
generates itself is found by leaving out, again and again, what somebody would deviate
from if held to the least that what is left gives it.

Reads: payoff_sets, polygons, repeated, solvers.  Used by: solvers.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction

from redlines.payoff_sets import Step
from redlines.polygons import Point
from redlines.solvers.generator import Generator
from redlines.stages import Cell

__all__ = ["short_plays"]

# plays that are looked at
MAX_PLAYS = 400


@dataclass(frozen=True)
class _Play:
    """A play as its first pair of actions, what comes next, and what it pays."""

    cell: Cell
    pay: Point
    best: Point
    next: int
    value: Point


def short_plays(generator: Generator) -> tuple[tuple[Point, ...], tuple[Step, ...]]:
    """Payoffs of plays of which each is kept by the worst others, and their steps."""
    plays = _cycles(generator)
    fresh = range(len(plays))
    while len(plays) + len(fresh) * len(generator.cells) <= MAX_PLAYS:
        start = len(plays)
        known = {(p.cell, p.value) for p in plays}
        for place in list(fresh):
            for cell, pay, best in generator.cells:
                value = generator.average(pay, plays[place].value)
                if (cell, value) not in known:
                    known.add((cell, value))
                    plays.append(_Play(cell, pay, best, place, value))
        fresh = range(start, len(plays))
        if not fresh:
            break
    alive = set(range(len(plays)))
    while alive:
        threat = tuple(min(plays[n].value[k] for n in alive) for k in (0, 1))
        kept = {
            n
            for n in alive
            if plays[n].next in alive
            and all(
                plays[n].value[k] >= (1 - d) * plays[n].best[k] + d * threat[k]
                for k, d in enumerate(generator.discounts)
            )
        }
        if kept == alive:
            break
        alive = kept
    first: dict[Point, int] = {}
    for n in sorted(alive):
        first.setdefault(plays[n].value, n)
    values = tuple(sorted(first))
    place_of = {value: k for k, value in enumerate(values)}
    steps = tuple(
        Step(
            plays[first[value]].cell,
            {place_of[plays[plays[first[value]].next].value]: Fraction(1)},
        )
        for value in values
    )
    return values, steps


def _cycles(generator: Generator) -> list[_Play]:
    """Plays that repeat a few pairs of actions, as many as there is room for."""
    plays: list[_Play] = []
    for length in itertools.count(1):
        # each pair of actions for ever is always among them
        if length > 1 and len(plays) + length * len(generator.cells) ** length > (
            MAX_PLAYS
        ):
            return plays
        for cycle in itertools.product(generator.cells, repeat=length):
            names = [cell for cell, _, _ in cycle]
            turns = [names[k:] + names[:k] for k in range(length)]
            if names != min(turns) or any(turns[k] == names for k in range(1, length)):
                continue  # the same cycle from elsewhere, or a shorter one
            start = len(plays)
            for k in range(length):
                ahead = cycle[k:] + cycle[:k]
                ends = [Fraction(0), Fraction(0)]
                for i, d in enumerate(generator.discounts):
                    total = sum(
                        (d**t * pay[i] for t, (_, pay, _) in enumerate(ahead)),
                        Fraction(0),
                    )
                    ends[i] = total / sum((d**t for t in range(length)), Fraction(0))
                cell, pay, best = ahead[0]
                plays.append(
                    _Play(cell, pay, best, start + (k + 1) % length, (ends[0], ends[1]))
                )
    return plays
