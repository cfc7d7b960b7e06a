"""What is measured of this library."""

from __future__ import annotations

import sys
from fractions import Fraction
from typing import Any

import redlines as rl

Pair = tuple[tuple[Fraction, ...], tuple[Fraction, ...]]


def pairs(solution: rl.Solution) -> list[Pair]:
    """The mixtures of each equilibrium of a matrix game."""
    return [
        tuple(tuple(e.strategy[p][p].values()) for p in ("Row", "Column"))
        for e in solution
    ]


def all_of(a: Any, b: Any) -> rl.Solution:
    """All equilibria, with their components."""
    solution = rl.solve(rl.Game.from_bimatrix(a, b), "nash")
    assert solution.complete, solution.reason
    solution.components  # noqa: B018  worked out on demand
    return solution


def one_of(a: Any, b: Any) -> rl.Solution:
    """One equilibrium."""
    return rl.solve(rl.Game.from_bimatrix(a, b), "nash", coverage="one")


def compiled(wanted: bool) -> str:
    """Load compiled loops or shut them out, before anything is timed.

    Returns
    -------
    str
        Which path is run.
    """
    if not wanted:
        sys.modules["redlines.solvers.kernels"] = None  # type: ignore[assignment]
        return "without compiled loops, as asked for"
    try:
        import numba

        import redlines.solvers.kernels  # noqa: F401  what is timed finds it loaded
    except ImportError:
        return "without compiled loops: numba is not installed (extra 'fast')"
    return f"compiled loops by numba {numba.__version__}"


def warm_up() -> None:
    """Load and compile now, in the process that others are copied from."""
    all_of([[1, 0], [0, 1]], [[2, 0], [0, 1]])
    all_of([[1, 1], [0, 1]], [[2, 2], [0, 1]])
    game = rl.Game.from_bimatrix([[1, -1, 0], [-1, 1, 0]], [[-1, 1, 0], [1, -1, 0]])
    for method in ("Lemke-Howson", "series path"):
        rl.solve(game, "nash", coverage="one", method=method)
    rl.solve(game, "sequential", coverage="one", method="barrier path")
    rl.solve(game, "logit")
