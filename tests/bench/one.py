"""One equilibrium of large matrix games."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from . import peers
from .checking import regret, rough_regret
from .measuring import Line, Timed, against, middle, timed, within
from .ours import one_of, pairs

# seconds for a peer, whose paths may be of any length
PEER_LIMIT = 15


def _ours(a: Any, b: Any, limit: float) -> tuple[Timed, str]:
    """Our time on a game, the answer checked, and the method."""

    def call() -> tuple[str, list[Any]]:
        solution = one_of(a, b)
        return solution.method, pairs(solution)

    found = timed(call, limit)
    if found.seconds is None:
        return found, found.trouble
    method, listed = found.value
    if not listed:
        return Timed(None, trouble="not found"), "not found"
    ((x, y),) = listed
    assert regret(a, b, x, y) == 0, "an answer of ours is no equilibrium"
    again = timed(lambda: bool(one_of(a, b)), 3 * limit, 3)
    return again, method


def _measured(
    workload: str, n: int, games: list[tuple[Any, Any]], limit: float
) -> tuple[Timed, Timed, str]:
    """Both times, and what is to be said of the answers."""
    mine, theirs, methods = [], [], set()
    wrong = 0
    for a, b in games:
        one, method = _ours(a, b, limit)
        mine.append(one)
        methods.add(method)
        if peers.module("quantecon"):
            other = timed(lambda a=a, b=b: peers.quantecon_one(a, b), PEER_LIMIT)
            theirs.append(other)
            if other.seconds is not None:
                x, y = other.value
                wrong += rough_regret(a, b, x, y) > 1e-6
    note = f"{len(games)} games; by {', '.join(sorted(methods))}"
    slowest = max((one.seconds or limit for one in mine), default=0)
    note += f"; slowest {slowest:.3g} s"
    if not theirs:
        return middle(mine), Timed(None, trouble="not installed"), note
    note += f"; QuantEcon wrong in {wrong}"
    return middle(mine), middle(theirs), note


def uniform_one(quick: bool) -> Iterator[Line]:
    """Payoffs drawn uniformly, as arrays of floats."""
    sizes = {50: 15, 200: 15, 500: 7, 1000: 5} if not quick else {50: 5, 200: 3}
    for n, count in sizes.items():
        games = [
            tuple(np.random.default_rng(s).random((2, n, n))) for s in range(count)
        ]
        mine, theirs, note = _measured("one, uniform", n, games, 60)
        factor = {200: 0.5, 500: 1.0}.get(n)
        size = f"{n} x {n}"
        line = against("one, uniform", size, mine, "QuantEcon", theirs, factor, note)
        if factor is None:
            goal = within("one, uniform", size, mine, {50: 0.005, 1000: 10.0}[n])
            line.target, line.reached = goal.target, goal.reached
        yield line


def covariant(n: int, correlation: float, seed: int) -> tuple[Any, Any]:
    """Payoffs of a cell normal, with a correlation between players."""
    a, noise = np.random.default_rng(seed).standard_normal((2, n, n))
    return a, correlation * a + np.sqrt(1 - correlation**2) * noise


def covariant_one(quick: bool) -> Iterator[Line]:
    """Covariant games of correlation -0.5, on which every path of pivots is long."""
    sizes = {50: 15, 100: 11, 200: 7} if not quick else {50: 5, 100: 3}
    for n, count in sizes.items():
        games = [covariant(n, -0.5, seed) for seed in range(count)]
        mine, theirs, note = _measured("one, covariant", n, games, 120)
        size = f"{n} x {n}"
        line = against("one, covariant", size, mine, "QuantEcon", theirs, None, note)
        goal = within("one, covariant", size, mine, {100: 1.0, 200: 20.0}.get(n, 1.0))
        line.target, line.reached = goal.target, goal.reached
        yield line
