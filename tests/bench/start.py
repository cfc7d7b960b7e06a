"""From nothing to the equilibria of one 2 x 2 game, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from . import peers
from .measuring import Line, Timed, timed

OURS = """
import redlines as rl
game = rl.Game.from_bimatrix([[3, 1], [4, 0]], [[3, 4], [1, 0]])
assert len(rl.solve(game, "nash")) == 3
"""
THEIRS = {
    "nashpy": """
import nashpy, numpy as np
game = nashpy.Game(np.array([[3, 1], [4, 0]]), np.array([[3, 4], [1, 0]]))
assert len(list(game.support_enumeration())) == 3
""",
    "pygambit": """
import pygambit, numpy as np
game = pygambit.Game.from_arrays(np.array([[3, 1], [4, 0]]), np.array([[3, 4], [1, 0]]))
assert len(pygambit.nash.enummixed_solve(game).equilibria) == 3
""",
    "quantecon": """
import numpy as np
import quantecon.game_theory as theory
players = [theory.Player([[3.0, 1], [4, 0]]), theory.Player([[3.0, 1], [4, 0]])]
assert len(theory.vertex_enumeration(theory.NormalFormGame(players))) == 3
""",
}


def _fresh(source: str, several: int) -> Timed:
    def run() -> None:
        subprocess.run([sys.executable, "-c", source], check=True, capture_output=True)

    return timed(run, 120, several)


def cold(quick: bool) -> Iterator[Line]:
    """Import, build and solve; Python's own start is part of it."""
    several = 3 if quick else 9
    _fresh(OURS, 1)
    mine = _fresh(OURS, several)
    bare = _fresh("pass", several)
    note = f"starting Python alone takes {bare.seconds:.3f} s of each"
    for name, source in THEIRS.items():
        line = Line("cold start", "2 x 2", mine, name, note=note)
        line.target = "0.25 s"
        line.reached = (mine.seconds or 1.0) <= 0.25
        if peers.module(name) is None:
            line.theirs = Timed(None, trouble="not installed")
        else:
            _fresh(source, 1)
            line.theirs = _fresh(source, several)
        note = ""
        yield line
