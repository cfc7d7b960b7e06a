"""Random two-player stories, and grids of profiles on them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

import numpy as np
from oracle.brute import Place, Tree

import redlines as rl

PLAYERS = ("A", "B")
AUDIENCES = (None, [], "A", "B")
PAYOFFS = ((0, 1, 2), (-1, 0, 1))
CHANCES = (("1/2", "1/2"), ("1/3", "2/3"), ("1/4", "3/4"))


@dataclass(frozen=True)
class Step:
    """One thing that happens: a draw if nobody owns it."""

    owner: str | None
    options: int
    audience: Any
    chances: tuple[str, ...]


@dataclass(frozen=True)
class Script:
    """A random story as a tree of steps; leaves hold payoffs."""

    step: Step | None
    after: tuple[Script, ...]
    pays: tuple[int, ...]


def _step(rng: random.Random, perfect: bool) -> Step:
    owner = None if rng.random() < 0.2 else rng.choice(PLAYERS)
    options = 2 if owner is None or rng.random() < 0.8 else 3
    audience = None if perfect else rng.choice(AUDIENCES)
    return Step(owner, options, audience, rng.choice(CHANCES))


def _script(
    rng: random.Random,
    depth: int,
    shared: Sequence[Step],
    values: Sequence[int],
    perfect: bool,
    top: bool = True,
) -> Script:
    if depth == len(shared) or (not top and rng.random() < 0.25):
        return Script(None, (), tuple(rng.choice(values) for _ in PLAYERS))
    # most branches go on alike, so that information sets have several nodes
    step = shared[depth] if rng.random() < 0.75 else _step(rng, perfect)
    after = tuple(
        _script(rng, depth + 1, shared, values, perfect, False)
        for _ in range(step.options)
    )
    return Script(step, after, ())


def _told(script: Script) -> rl.Game:
    @rl.game(*PLAYERS)
    def random_story(play):
        here, depth = script, 0
        while here.step is not None:
            step = here.step
            options = [f"{'abc'[k]}{depth}" for k in range(step.options)]
            if step.owner is None:
                chosen = play.draw(
                    f"draw {depth}",
                    dict(zip(options, step.chances, strict=True)),
                    seen_by=step.audience,
                )
            else:
                chosen = play.move(
                    step.owner,
                    f"{step.owner}{depth} of {step.options}",
                    options,
                    seen_by=step.audience,
                )
            here, depth = here.after[options.index(chosen)], depth + 1
        play.pay(dict(zip(PLAYERS, here.pays, strict=True)))

    return random_story


def random_games(
    seed: int, perfect: bool = False, most: int = 8, least: int = 2
) -> Iterator[rl.Game]:
    """An endless run of games with `least` to `most` information sets.

    Some information set of each has several nodes, unless `perfect` is true.
    """
    rng = random.Random(seed)
    while True:
        depth = rng.choice((2, 3, 3, 4, 4, 5))
        values = rng.choice(PAYOFFS)
        shared = [_step(rng, perfect) for _ in range(depth)]
        script = _script(rng, 0, shared, values, perfect)
        game = _told(script)
        owners = {h.player for h in game.infosets.values()}
        sizes = [len(h.actions) for h in game.infosets.values()]
        if perfect != all(len(h.nodes) == 1 for h in game.infosets.values()):
            continue
        if least <= len(sizes) <= most and len(owners) == 2 and prod(sizes) <= 600:
            yield game


# ---------------------------------------------------------------------------- grids
def _points(count: int, denominators: Sequence[int]) -> list[tuple[Fraction, ...]]:
    """All distributions over some actions with one of these denominators."""
    found = set()
    for d in denominators:
        for row in product(range(d + 1), repeat=count):
            if sum(row) == d:
                found.add(tuple(Fraction(n, d) for n in row))
    return sorted(found, reverse=True)


def _strategies(
    places: Sequence[Place], most: int
) -> list[dict[str, dict[str, Fraction]]]:
    """The finest grid of one player's strategies that has at most `most` members."""
    for denominators in ((1, 2, 3, 4), (1, 2, 3), (1, 2), (1,)):
        grids = [_points(len(p.actions), denominators) for p in places]
        if prod(map(len, grids)) <= most:
            break
    return [
        {
            p.label: dict(zip(p.actions, shares, strict=True))
            for p, shares in zip(places, row, strict=True)
        }
        for row in product(*grids)
    ]


def nash_on_a_grid(
    tree: Tree, rng: random.Random, mixed: int, most: int = 1000
) -> list[dict[str, dict[str, Fraction]]]:
    """All pure Nash equilibria and some of the mixed ones on a grid.

    In floating point, so it may let through what is none; what an exact test is for.
    """
    grids = [_strategies(tree.own(i), most) for i in (0, 1)]
    shares = [
        np.array(
            [
                [
                    float(
                        prod((play[h][a] for h, a in end.plans[i]), start=Fraction(1))
                    )
                    for end in tree.ends
                ]
                for play in grid
            ]
        )
        for i, grid in enumerate(grids)
    ]
    worth = [
        np.array([float(end.chance * end.payoffs[i]) for end in tree.ends])
        for i in (0, 1)
    ]
    payoffs = [(shares[0] * worth[i]) @ shares[1].T for i in (0, 1)]
    best = (payoffs[0] >= payoffs[0].max(axis=0) - 1e-9) & (
        payoffs[1] >= payoffs[1].max(axis=1, keepdims=True) - 1e-9
    )
    pure, other = [], []
    for r, c in np.argwhere(best).tolist():
        both = (grids[0][r], grids[1][c])
        plain = all(max(row.values()) == 1 for play in both for row in play.values())
        (pure if plain else other).append(both)
    chosen = pure + rng.sample(other, min(mixed, len(other)))
    return [{**one, **two} for one, two in chosen]
