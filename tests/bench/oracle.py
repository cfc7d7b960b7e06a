"""All extreme equilibria of thousands of random games, against Gambit and lrsnash.

Gambit in rational arithmetic lists nothing where payoffs lie as far apart as 1e9 and
1e-9 and is not asked there.
"""

from __future__ import annotations

import random
import subprocess
import time
from typing import Any

import redlines as rl

from ..oracle.kinds import KINDS
from . import peers
from .checking import regret
from .ours import pairs


def main(games: int) -> int:
    """Compare, and print a line a kind; 1 if anything differs."""
    names = ["Gambit"] if peers.module("pygambit") else []
    names += ["lrsnash"] if peers.lrsnash_there() else []
    print(f"{games:,} games of each kind against {', '.join(names) or 'nobody'}")
    differ = 0
    for kind in KINDS:
        started = time.perf_counter()
        rng = random.Random(kind.__name__)
        compared = dict.fromkeys(names, 0)
        equilibria = wrong = 0
        for number in range(games):
            a, b = kind(rng, rng.randint(1, 5), rng.randint(1, 5))
            found = _ours(a, b)
            equilibria += len(found)
            for name in names:
                theirs = _theirs(name, kind.__name__, a, b)
                if theirs is None:
                    continue
                compared[name] += 1
                if theirs != found:
                    wrong += 1
                    print(f"  {kind.__name__} {number}: {name} differs: {a}, {b}")
        asked = ", ".join(f"{count:,} by {name}" for name, count in compared.items())
        print(
            f"{kind.__name__:14} {equilibria:9,} extreme equilibria; compared {asked}; "
            f"{wrong} differ; {time.perf_counter() - started:.0f} s",
            flush=True,
        )
        differ += wrong
    return int(bool(differ))


def _ours(a: Any, b: Any) -> set[peers.Pair]:
    solution = rl.solve(rl.Game.from_bimatrix(a, b), "nash")
    assert solution.complete, solution.reason
    listed = pairs(solution)
    found = set(listed)
    assert len(found) == len(listed) == solution.count, "listed twice"
    for x, y in listed:
        assert regret(a, b, x, y) == 0, (a, b, x, y)
    return found


def _theirs(name: str, kind: str, a: Any, b: Any) -> set[peers.Pair] | None:
    """What a peer lists; None where it is not asked."""
    if name == "Gambit":
        return (
            None if kind == "far_apart" else peers.gambit_all(peers.gambit_game(a, b))
        )
    path = peers.written(a, b)
    try:
        return peers.read_lrsnash(peers.lrsnash(path, 60))
    except subprocess.TimeoutExpired:
        return None
    finally:
        path.unlink()
