"""How long regimes take at many points: prints seconds, asserts nothing.

Run it with ``python tests/bench/evaluate.py`` on a quiet machine.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

sys.path.insert(0, str(Path(__file__).parents[1]))

from stories import line

from redlines.parametric.regimes import Regimes, regimes

NAMES = "pVkacd"
COUNT = 1_000_000


def timed(what: str, ask: Callable[[], Any]) -> Any:
    """What comes back, with the seconds printed."""
    start = time.perf_counter()
    found = ask()
    print(f"{what:66} {time.perf_counter() - start:7.2f} s")
    return found


def drawn(rng: np.random.Generator) -> dict[str, Any]:
    """Random points, about a sixth of which are admitted."""
    values = {n: rng.uniform(0, 10, COUNT) for n in NAMES}
    return {**values, "p": rng.uniform(0, 1, COUNT)}


def inside(rng: np.random.Generator) -> dict[str, Any]:
    """Random points, all of which are admitted."""
    values = drawn(rng)
    values["c"] = values["V"] / 2 * rng.uniform(0, 0.99, COUNT)
    values["d"] = values["a"] + values["d"] + 0.1
    return values


def tenths(rng: np.random.Generator) -> dict[str, Any]:
    """Random points with one decimal, many of them on boundaries."""
    values = {n: rng.integers(1, 40, COUNT) / 10 for n in NAMES}
    return {**values, "p": rng.integers(1, 10, COUNT) / 10}


def edges(rng: np.random.Generator) -> dict[str, Any]:
    """Points on two boundaries, with as many digits as floats have."""
    values = inside(rng)
    return {**values, "p": 0.5, "k": values["V"]}


def grid() -> xr.Dataset:
    """A grid of tenths in all parameters."""
    steps = {n: np.arange(1, 11) / 2 for n in NAMES}
    return xr.Dataset(coords={**steps, "p": np.arange(1, 11) / 11})


if __name__ == "__main__":
    rng = np.random.default_rng(1)
    given = ["c < V/2", "d > a"]
    points = drawn(rng)

    def from_scratch() -> Regimes:
        """Regimes and what they are at the points."""
        found = regimes(line, given)
        found.evaluate(points)
        return found

    found = timed("random points, with the search for regimes", from_scratch)
    for name, values in (
        ("random points", points),
        ("random points, all admitted", inside(rng)),
        ("random tenths", tenths(rng)),
        ("points on boundaries, 16 digits", edges(rng)),
        ("grid of 10**6", grid()),
    ):
        answer = timed(name, lambda values=values: found.evaluate(values))
        share = float(answer.admitted.mean())
        print(
            f"    admitted {share:.1%}, profiles {answer['count'].values.max()} at most"
        )
        timed(
            f"{name}, probabilities and payoffs",
            lambda values=values: found.evaluate(values, ["probability", "payoff"]),
        )
