"""A picture of a Markov game: its states, and what leads from one to another.

Reads: markov.  Used by: `MarkovGame.plot`.
"""

from __future__ import annotations

import math
from typing import Any

from redlines.markov import MarkovGame
from redlines.numbers import brief

__all__ = ["plot_states"]

RADIUS = 0.3
LARGEST = 30


def plot_states(game: MarkovGame, ax: Any = None, equilibrium: Any = None) -> Any:
    """Draw the states in a circle, and an arrow for each way from one to another.

    Parameters
    ----------
    game : MarkovGame
        Up to 30 states.
    ax : matplotlib.axes.Axes, optional
        Default a new one.
    equilibrium : MarkovEquilibrium, optional
        Then an arrow is written with its probability in one period, its width shows it,
        and what never happens is dotted; without one, every possible way is drawn.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If there are more than 30 states.
    """
    import matplotlib.pyplot as plt
    from matplotlib.patches import Circle, FancyArrowPatch

    if len(game.states) > LARGEST:
        raise ValueError(
            f"a picture has up to {LARGEST} states, not {len(game.states)}"
        )
    if ax is None:
        _, ax = plt.subplots(figsize=(6, 5))
    count = len(game.states)
    spread = 0.0 if count == 1 else max(1.2, count * 0.35)
    places = [
        (
            spread * math.sin(2 * math.pi * k / count),
            spread * math.cos(2 * math.pi * k / count),
        )
        for k in range(count)
    ]
    for s, state in enumerate(game.states):
        shares = {} if equilibrium is None else equilibrium.transitions[state]
        for t in sorted(set(game._onward[s].values())):
            share = shares.get(game.states[t])
            line: dict[str, Any] = {
                "linewidth": 1.2 if share is None else 0.8 + 2.2 * float(share),
                "linestyle": ":" if equilibrium is not None and share is None else "-",
                "color": "0.35",
                "arrowstyle": "-|>",
                "mutation_scale": 14,
                "zorder": 1,
            }
            ends, bend, label = _way(places[s], places[t])
            ax.add_patch(
                FancyArrowPatch(*ends, connectionstyle=f"arc3,rad={bend}", **line)
            )
            if share is not None:
                ax.text(
                    *label,
                    brief(share),
                    ha="center",
                    va="center",
                    fontsize=9,
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
                )
    for (x, y), state in zip(places, game.states, strict=True):
        start = state == game.start
        ax.add_patch(
            Circle(
                (x, y),
                RADIUS,
                facecolor="white",
                edgecolor="black",
                linewidth=2.2 if start else 1.2,
                zorder=2,
            )
        )
        ax.text(
            x,
            y,
            state,
            ha="center",
            va="center",
            fontsize=9,
            zorder=3,
            parse_math=False,
        )
    reach = spread + 3.2 * RADIUS
    ax.set_xlim(-reach, reach)
    ax.set_ylim(-reach, reach)
    ax.set_aspect("equal")
    ax.set_axis_off()
    ax.set_title(f"{game.name}, from {game.start}", fontsize=10, parse_math=False)
    return ax


def _way(
    here: tuple[float, float], there: tuple[float, float]
) -> tuple[tuple[tuple[float, float], tuple[float, float]], float, tuple[float, float]]:
    """The ends of an arrow, how it bends, and where its label goes."""
    (x, y), (u, v) = here, there
    if here == there:
        # a loop on the side away from the middle
        angle = math.atan2(y, x) if (x, y) != (0.0, 0.0) else math.pi / 2
        left, right = angle + 0.5, angle - 0.5
        ends = (
            (x + RADIUS * math.cos(left), y + RADIUS * math.sin(left)),
            (x + RADIUS * math.cos(right), y + RADIUS * math.sin(right)),
        )
        far = RADIUS * 2.6
        return ends, -2.0, (x + far * math.cos(angle), y + far * math.sin(angle))
    length = math.hypot(u - x, v - y)
    a, b = (u - x) / length, (v - y) / length
    ends = ((x + RADIUS * a, y + RADIUS * b), (u - RADIUS * a, v - RADIUS * b))
    bend = 0.22
    off = bend * (length - 2 * RADIUS) / 2 + 0.13
    return ends, bend, ((x + u) / 2 + off * b, (y + v) / 2 - off * a)
