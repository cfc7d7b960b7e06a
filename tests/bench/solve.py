"""How long solving takes: prints seconds and ratios, asserts nothing.

Run it with ``python tests/bench/solve.py`` on a quiet machine.
"""

from __future__ import annotations

import time

import redlines as rl
from redlines import RUSSIA, US


def ladder(rungs: int) -> rl.Game:
    """A two-sided ladder with private resolve and a risk of disaster on each rung."""

    @rl.game(US, RUSSIA)
    def climb(play: rl.Play) -> None:
        types = {"resolved": "1/2", "irresolute": rl.REST}
        russia = play.draw("Russia", types, seen_by=RUSSIA)
        us = play.draw("US", {**types, "resolved": "1/3"}, seen_by=US)
        mover, other = RUSSIA, US
        for rung in range(rungs):
            moves = ["escalate", "back down"]
            if play.move(mover, f"rung {rung}", moves) == "back down":
                play.pay({other: 1}, because="the prize")
                return
            risk = {"lost": "1/10", "kept": "9/10"}
            if play.draw(f"control {rung}", risk) == "lost":
                loss = {"resolved": -1, "irresolute": -6}
                play.pay({US: loss[us], RUSSIA: loss[russia]}, because="disaster")
                return
            mover, other = other, mover
        play.pay({other: 1}, because="the prize")

    return climb


def bush(depth: int) -> rl.Game:
    """A binary tree of observed moves with payoffs that never tie."""

    @rl.game(US, RUSSIA)
    def grow(play: rl.Play) -> None:
        place = 0
        for level in range(depth):
            mover = (US, RUSSIA)[level % 2]
            place = 2 * place + (play.move(mover, f"m{level}", ["l", "r"]) == "r")
        play.pay({US: place * 7919 % 104729, RUSSIA: place * 15485863 % 1299709})

    return grow


def timed(game: rl.Game, concept: str) -> float:
    """Seconds to solve, printed with what was found."""
    start = time.perf_counter()
    solution = rl.solve(game, concept)
    seconds = time.perf_counter() - start
    print(
        f"{game.name:8} {concept:22} {len(game.infosets):6} information sets: "
        f"{solution.count} {solution.unit}s, complete {solution.complete}, "
        f"{seconds:.2f} s"
    )
    return seconds


if __name__ == "__main__":
    first = timed(ladder(8), "sequential")
    for size in (16, 32):
        print(f"  {timed(ladder(size), 'sequential') / first:.1f} times 8 rungs")
    timed(ladder(8), "weak perfect bayesian")
    small = timed(bush(12), "subgame perfect")
    print(
        f"  {timed(bush(16), 'subgame perfect') / small:.1f} times a 16th of the nodes"
    )
