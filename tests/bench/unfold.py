"""How long stories take to unfold and games to bind; prints times and ratios.

Run ``python tests/bench/unfold.py``. No test: times depend on the machine, so each is
printed beside the time of a fixed amount of plain Python in the same run.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable

import redlines as rl
from redlines import RUSSIA, US


def bush() -> rl.Game:
    """Sixteen binary choices in a row: 2**16 leaves, 131,071 nodes."""

    @rl.game(US, RUSSIA)
    def bush(play, stake=rl.Positive("stake")):
        score = 0
        for level in range(16):
            player = US if level % 2 else RUSSIA
            score += play.move(player, f"level {level}", ["left", "right"]) == "left"
        play.pay({US: stake * score, RUSSIA: -score}, because="score")

    return bush


def long_ladder() -> rl.Game:
    """A ladder of 50,000 moves, told with continuations: 100,001 nodes."""

    @rl.game(US, RUSSIA)
    def ladder(play, prize=rl.Positive("prize"), rungs=50_000):
        def rung(level):
            def tell(play):
                if level == rungs:
                    play.pay({US: prize})
                    return None
                mover, other = (US, RUSSIA) if level % 2 else (RUSSIA, US)
                if play.move(mover, f"rung {level}", ["climb", "stop"]) == "stop":
                    play.pay({other: prize}, because="prize")
                    return None
                return rung(level + 1)

            return tell

        return rung(0)

    return ladder


def loop_ladder() -> rl.Game:
    """A two-sided ladder of 512 rungs with private types, as an ordinary loop."""

    @rl.game(US, RUSSIA)
    def ladder(
        play,
        prize=rl.Positive("prize"),
        risk=rl.Probability("risk of disaster on a rung"),
        harm=rl.Positive("cost of disaster"),
        rungs=512,
    ):
        hard = {
            side: play.draw(
                f"{side} type", {"hard": "1/2", "soft": "1/2"}, seen_by=side
            )
            for side in (RUSSIA, US)
        }
        for rung in range(rungs):
            mover, other = (US, RUSSIA) if rung % 2 else (RUSSIA, US)
            if play.move(mover, f"rung {rung}", ["climb", "stop"]) == "stop":
                play.pay({other: prize}, because="prize")
                return
            if play.draw(f"control {rung}", {"lost": risk, "kept": 1 - risk}) == "lost":
                play.mark("disaster")
                for side, kind in hard.items():
                    cost = harm if kind == "hard" else 6 * harm
                    play.pay({side: -cost}, because="disaster")
                return
        play.pay({mover: prize}, because="prize")

    return ladder


def many_parameters() -> rl.Game:
    """A game of the size that sweeps bind: 32 terminals, eight parameters."""

    @rl.game(US, RUSSIA)
    def small(
        play,
        a=rl.Positive("a"),
        b=rl.Positive("b"),
        c=rl.Positive("c"),
        d=rl.Positive("d"),
        p=rl.Probability("p"),
        q=rl.Probability("q"),
        r=rl.Probability("r"),
        s=rl.Real("s"),
    ):
        play.draw("US type", {"hard": p, "soft": 1 - p}, seen_by=US)
        play.draw("Russia type", {"hard": q, "soft": 1 - q}, seen_by=RUSSIA)
        play.move(US, "declare", ["line", "silence"])
        play.pay({US: a - b * s, RUSSIA: c})
        play.move(RUSSIA, "act", ["cross", "refrain"])
        play.pay({US: d / 2 - r})
        play.move(US, "answer", ["enforce", "yield"])
        play.pay({RUSSIA: a * b - c})

    return small


def timed(what: str, action: Callable[[], object], unit: float) -> object:
    """Run an action and print its time, absolute and in units of plain Python."""
    start = time.perf_counter()
    result = action()
    seconds = time.perf_counter() - start
    print(f"{what:<52} {seconds:8.2f} s  {seconds / unit:8.1f} units")
    return result


def main() -> None:
    """Print the table."""
    start = time.perf_counter()
    table: dict[tuple[int, str], int] = {}
    for k in range(300_000):
        table[k % 1000, "x"] = table.get((k % 1000, "x"), 0) + k
    unit = time.perf_counter() - start
    print(
        f"one unit is {unit:.3f} s of dictionary work, Python {sys.version.split()[0]}"
    )
    for story in (bush, long_ladder, loop_ladder):
        game = timed(f"unfold {story.__name__}", story, unit)
        print(f"    {game!r}")
    small = many_parameters()
    values: dict[str, rl.Amount] = {"a": 3, "b": "1/3", "c": 0.25, "d": 2}
    values |= {"p": "1/3", "q": 0.5, "r": 0.1, "s": -1}

    def bind() -> None:
        for k in range(1000):
            small.bind(**values).bind(a=k + 1)

    start = time.perf_counter()
    timed("bind eight parameters, then one, 1,000 times", bind, unit)
    print(f"    {2000 / (time.perf_counter() - start):,.0f} binds a second")
    # kilobytes on Linux, bytes on macOS
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"peak memory {peak / (2**10 if sys.platform == 'linux' else 2**20):,.0f} MiB"
    )


if __name__ == "__main__":
    main()
