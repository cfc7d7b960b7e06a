"""The regimes of random trees with symbols, against solving them at numbers."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import islice
from math import prod

import pytest
from oracle.points import (
    TIMES,
    Points,
    check,
)
from oracle.trees import PAYOFFS, PLAYERS, _script, _step

import redlines as rl
from redlines.parametric.regimes import regimes

# ----------------------------------------------------------------------- random trees
SHAPES = (
    lambda x, y, u: x,
    lambda x, y, u: -x,
    lambda x, y, u: x + 1,
    lambda x, y, u: 2 * x - 1,
    lambda x, y, u: y,
    lambda x, y, u: -y,
    lambda x, y, u: y - x,
    lambda x, y, u: x * y,
    lambda x, y, u: 1 - u,
    lambda x, y, u: u * y,
    lambda x, y, u: x * x,
)
SYMBOLS = {"x": 0, "y": 1, "u": 2}


def with_symbols(rng, script, shapes, chance):
    """A script with some payoffs and chances in symbols."""
    if script.step is None:
        pays = tuple(
            rng.choice(shapes) if rng.random() < 0.35 else amount
            for amount in script.pays
        )
        return replace(script, pays=pays)
    step = script.step
    if step.owner is None and chance and rng.random() < 0.7:
        step = replace(step, chances=("u", "1 - u"))
    after = tuple(with_symbols(rng, s, shapes, chance) for s in script.after)
    return replace(script, step=step, after=after)


def told(script):
    @rl.game(*PLAYERS)
    def random_story(
        play, x=rl.Real("any"), y=rl.Positive("some"), u=rl.Probability("perhaps")
    ):
        here, depth = script, 0
        while here.step is not None:
            step = here.step
            options = [f"{'abc'[k]}{depth}" for k in range(step.options)]
            if step.owner is None:
                chances = (u, 1 - u) if step.chances == ("u", "1 - u") else step.chances
                chosen = play.draw(
                    f"draw {depth}",
                    dict(zip(options, chances, strict=True)),
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
        play.pay(
            {
                who: amount if isinstance(amount, int) else amount(x, y, u)
                for who, amount in zip(PLAYERS, here.pays, strict=True)
            }
        )

    return random_story


def symbolic_games(seed, most=6):
    """An endless run of small games with one to three symbols that occur."""
    rng = random.Random(seed)
    while True:
        depth = rng.choice((2, 3, 3, 4, 4))
        values = rng.choice(PAYOFFS)
        shared = [_step(rng, rng.random() < 0.3) for _ in range(depth)]
        script = _script(rng, 0, shared, values, rng.random() < 0.2)
        shapes = rng.sample(SHAPES, rng.choice((1, 1, 2, 3)))
        game = told(with_symbols(rng, script, shapes, rng.random() < 0.6))
        owners = {h.player for h in game.infosets.values()}
        sizes = [len(h.actions) for h in game.infosets.values()]
        if not 2 <= len(sizes) <= most or len(owners) < 2 or prod(sizes) > 200:
            continue
        used = {
            name
            for amount in game._amounts
            if isinstance(amount, rl.Number)
            for name in amount.names
        }
        if used:
            idle = {"x": 1, "y": 1, "u": "1/2"}
            yield game.bind(**{n: v for n, v in idle.items() if n not in used})


BATCHES, BATCH = 10, 4


@pytest.mark.parametrize("number", range(BATCHES * TIMES))
def test_regimes_of_random_trees_are_what_solving_finds(number):
    for game in islice(symbolic_games(number), BATCH):
        found = regimes(game)
        assert found.complete, f"{found.undecided}\n{game}"
        points = Points(found, (), seed=number)
        for place, point in enumerate(points.some(5, small=True)):
            check(found, point, deep=place < 1)
        for point in points.some(3):
            check(found, point)
        for place, point in enumerate(points.on_edges(6)):
            check(found, point, deep=place < 1)
