"""Other solvers, each asked in its own best way; whoever is not installed is skipped.

Times are of the call that a user makes: from arrays (for Gambit, from its own game) to
a list of equilibria. lrsnash is a program of its own, so its time is that of starting
it, reading a file and printing; what starting alone takes is measured on a game of one
cell and said beside the table, and comparisons are shown with and without it.
"""

from __future__ import annotations

import importlib
import itertools
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from .checking import exact

Pair = tuple[tuple[Any, ...], tuple[Any, ...]]


def module(name: str) -> Any | None:
    """A module, or None if it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


# -------------------------------------------------------------------------- QuantEcon
def quantecon_game(a: Any, b: Any) -> Any:
    """A game of QuantEcon."""
    theory = importlib.import_module("quantecon.game_theory")
    import numpy as np

    players = theory.Player(a), theory.Player(np.ascontiguousarray(b.T))
    return theory.NormalFormGame(players)


def quantecon_all(a: Any, b: Any) -> list[Pair]:
    """Vertex enumeration, by Qhull."""
    theory = importlib.import_module("quantecon.game_theory")
    return theory.vertex_enumeration(quantecon_game(a, b))


def quantecon_supports(a: Any, b: Any) -> list[Pair]:
    """Support enumeration."""
    theory = importlib.import_module("quantecon.game_theory")
    return theory.support_enumeration(quantecon_game(a, b))


def quantecon_one(a: Any, b: Any) -> Pair:
    """Lemke and Howson, labels in turn."""
    theory = importlib.import_module("quantecon.game_theory")
    return theory.lemke_howson(quantecon_game(a, b), capping=10, max_iter=10**6)


# ------------------------------------------------------------------------------ nashpy
def nashpy_supports(a: Any, b: Any) -> list[Pair]:
    """Support enumeration, without its warnings."""
    nashpy = importlib.import_module("nashpy")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(nashpy.Game(a, b).support_enumeration())


# ------------------------------------------------------------------------------ Gambit
def gambit_game(a: Sequence[Sequence[Any]], b: Sequence[Sequence[Any]]) -> Any:
    """A game of Gambit, exact."""
    gambit = importlib.import_module("pygambit")
    tables = [
        [[gambit.Rational(str(exact(v))) for v in row] for row in matrix]
        for matrix in (a, b)
    ]
    return gambit.Game.from_arrays(*tables)


def gambit_all(game: Any) -> set[Pair]:
    """All extreme equilibria, in rational arithmetic."""
    gambit = importlib.import_module("pygambit")
    found = set()
    for profile in gambit.nash.enummixed_solve(game, rational=True).equilibria:
        sides = [
            tuple(Fraction(str(profile[s])) for s in player.strategies)
            for player in game.players
        ]
        found.add((sides[0], sides[1]))
    return found


def gambit_logit(game: Any) -> int:
    """The principal branch to where the regret is small."""
    gambit = importlib.import_module("pygambit")
    return len(gambit.nash.logit_solve(game).equilibria)


# ----------------------------------------------------------------------------- lrsnash
def lrsnash_there() -> bool:
    """Whether the program is on the path."""
    return shutil.which("lrsnash") is not None


def written(
    a: Sequence[Sequence[Any]],
    b: Sequence[Sequence[Any]],
    folder: Path | None = None,
) -> Path:
    """A file that lrsnash reads."""
    size = f"{len(a)} {len(a[0])}"
    parts = [
        "\n".join(" ".join(str(exact(v)) for v in row) for row in matrix)
        for matrix in (a, b)
    ]
    with tempfile.NamedTemporaryFile(
        "w", suffix=".nash", dir=folder, delete=False
    ) as file:
        file.write("\n\n".join([size, *parts]) + "\n")
    return Path(file.name)


def lrsnash(path: Path, limit: float) -> str:
    """What the program prints.

    Raises
    ------
    subprocess.TimeoutExpired
        If it takes longer.
    """
    done = subprocess.run(
        ["lrsnash", str(path)], capture_output=True, text=True, timeout=limit
    )
    return done.stdout


def read_lrsnash(printed: str) -> set[Pair]:
    """The extreme equilibria in what lrsnash prints.

    Each line of player 1 goes with all those of player 2 that stand above it in the
    same paragraph.
    """
    found: set[Pair] = set()
    for paragraph in printed.split("\n\n"):
        sides: dict[str, list[tuple[Fraction, ...]]] = {"1": [], "2": []}
        for text in paragraph.splitlines():
            words = text.split()
            if words and words[0] in sides:
                shares = tuple(Fraction(word) for word in words[1:-1])
                sides[words[0]].append(shares)
        found |= set(itertools.product(sides["1"], sides["2"]))
    return found
