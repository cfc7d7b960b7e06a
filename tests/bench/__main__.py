"""How fast and how right, against other solvers, in one run on the same games.

``python -m tests.bench`` prints the table; ``python -m tests.bench uniform logit``
some of it, ``--quick`` with fewer and smaller games. ``python -m tests.bench oracle``
compares all equilibria of thousands of games with Gambit and lrsnash.

A figure is the median over games of the median over calls. Each call has a time limit,
peers that are missing are said to be so, and every answer of ours is checked for regret
by `tests.bench.checking`. Times depend on the machine and on who else uses it, so what
counts is the ratio; ``--cpu`` counts processor time, of programs that are started too.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
import warnings

# each solver on one core, which numpy must find set
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

from . import matrices, measuring, one, oracle, ours, peers, start, trees  # noqa: E402
from .measuring import Line, table  # noqa: E402

WORKLOADS = {
    "uniform": matrices.uniform,
    "tied": matrices.tied,
    "one": one.uniform_one,
    "covariant": one.covariant_one,
    "many": matrices.many,
    "ladder": trees.ladders,
    "logit": trees.logit,
    "precision": trees.precision,
    "cold": start.cold,
}


def _arguments(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument(
        "workloads", nargs="*", help=f"of {', '.join(WORKLOADS)}; or: oracle"
    )
    parser.add_argument("--quick", action="store_true", help="fewer, smaller games")
    parser.add_argument(
        "--without-numba", action="store_true", help="without compiled loops of ours"
    )
    parser.add_argument(
        "--cpu",
        action="store_true",
        help="processor time, for machines that others use too",
    )
    parser.add_argument(
        "--games", type=int, default=2_000, help="for oracle: of each kind"
    )
    found = parser.parse_args(words)
    unknown = [w for w in found.workloads if w not in WORKLOADS and w != "oracle"]
    if unknown:
        parser.error(f"no workload {', '.join(unknown)}")
    return found


def main(words: list[str] | None = None) -> int:
    """Print what was asked for; 1 if a target is missed, or an answer differs."""
    given = _arguments(words)
    path = ours.compiled(not given.without_numba)
    ours.warm_up()
    if given.cpu:
        measuring.use_processor_time()
    print(
        f"redlines {path}; Python {platform.python_version()}, {os.cpu_count()} cores"
    )
    if "oracle" in given.workloads:
        games = 50 if given.quick else given.games
        return oracle.main(games)
    for name in ("quantecon", "nashpy", "pygambit"):
        found = peers.module(name)
        version = getattr(found, "__version__", "") if found else "not installed"
        print(f"{name} {version}")
    print(f"times are {'processor time' if given.cpu else 'by the clock'}")
    print(f"lrsnash {'found' if peers.lrsnash_there() else 'not installed'}")
    _warm_up()
    lines: list[Line] = []
    for name in given.workloads or WORKLOADS:
        started = time.perf_counter()
        new = list(WORKLOADS[name](given.quick))
        seconds = time.perf_counter() - started
        print(f"\n{table(new)}\n    ({seconds:.0f} s)", flush=True)
        lines += new
    missed = [line for line in lines if line.reached is False]
    print(f"\n{len(missed)} of {sum(x.reached is not None for x in lines)} missed")
    return int(bool(missed))


def _warm_up() -> None:
    """Let peers compile what they compile at their first call."""
    if peers.module("quantecon"):
        import numpy as np

        a, b = np.random.default_rng(0).random((2, 6, 6))
        peers.quantecon_all(a, b)
        peers.quantecon_one(a, b)
        peers.quantecon_supports(a[:3, :3], b[:3, :3])


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main())
