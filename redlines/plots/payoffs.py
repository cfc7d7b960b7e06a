"""The picture of a repeated game's equilibrium payoffs.

Reads: payoff_sets, repeated.  Used by: `PayoffSet.plot`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from redlines.payoff_sets import PayoffSet
from redlines.polygons import Point, Polygon

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_payoffs"]

# after Okabe and Ito
INNER, OUTER, FEASIBLE, NASH = "#0072b2", "#56b4e9", "#bbbbbb", "#d55e00"


def plot_payoffs(payoffs: PayoffSet, ax: Axes | None = None) -> Axes:
    """Draw the feasible payoffs, and those of equilibria within them.

    Parameters
    ----------
    payoffs : PayoffSet
    ax : matplotlib Axes, optional
        Where to draw; default a new figure.

    Returns
    -------
    matplotlib Axes
        Grey: what is feasible on average. Dotted: each player's pure minmax. Dark: what
        equilibria reach. Light: what is not excluded, where that is more. Diamonds:
        pure equilibria of the stage.
    """
    from matplotlib.figure import Figure
    from matplotlib.patches import Polygon as MatplotlibPolygon
    from matplotlib.patches import Rectangle

    game = payoffs.game
    if ax is None:
        ax = Figure(figsize=(5.2, 4.8), layout="constrained").add_subplot()
    _area(ax, game.feasible, "feasible", FEASIBLE, fill=0.35, zorder=1)
    if payoffs.boxes is not None:
        for number, (low, high) in enumerate(payoffs.boxes):
            corner, size = _floats(low), _floats((high[0] - low[0], high[1] - low[1]))
            box = ax.add_patch(
                Rectangle(
                    corner,
                    *size,
                    facecolor=OUTER,
                    alpha=0.45,
                    linewidth=0,
                    zorder=2,
                    label="" if number else "not excluded",
                )
            )
            if len(payoffs.outer) > 2:
                box.set_clip_path(
                    MatplotlibPolygon(
                        [_floats(v) for v in payoffs.outer], transform=ax.transData
                    )
                )
    elif not payoffs.is_exact:
        _area(ax, payoffs.outer, "not excluded", OUTER, fill=0.45, zorder=2)
    if payoffs.inner is not None:
        _area(ax, payoffs.inner, "equilibria", INNER, fill=0.55, zorder=3)
    elif payoffs.points:
        x, y = zip(*map(_floats, payoffs.points), strict=True)
        ax.scatter(x, y, s=12, color=INNER, zorder=4, label="equilibria")
    stage = [game._table[r][c] for r, c in map(game._cell, game.stage_nash)]
    if stage:
        x, y = zip(*map(_floats, dict.fromkeys(stage)), strict=True)
        ax.scatter(
            x, y, s=42, marker="D", color=NASH, zorder=5, label="stage equilibria"
        )
    one, other = game.players
    ax.axvline(float(game.pure_minmax[one]), color="#444444", linestyle=":", zorder=2)
    ax.axhline(float(game.pure_minmax[other]), color="#444444", linestyle=":", zorder=2)
    # names are text, not mathematics
    ax.set_xlabel(f"average payoff of {one}".replace("$", r"\$"))
    ax.set_ylabel(f"average payoff of {other}".replace("$", r"\$"))
    ax.legend(loc="best", frameon=False, fontsize="small")
    ax.margins(0.06)
    return ax


def _area(
    ax: Any, polygon: Polygon, label: str, color: str, *, fill: float, zorder: int
) -> None:
    """A polygon, a segment or a point."""
    x, y = map(list, zip(*map(_floats, polygon.vertices), strict=True))
    if len(polygon) == 1:
        ax.scatter(x, y, s=60, color=color, zorder=zorder, label=label)
        return
    if len(polygon) > 2:
        ax.fill(x, y, color=color, alpha=fill, linewidth=0, zorder=zorder, label=label)
        label = ""
    ax.plot(
        [*x, x[0]], [*y, y[0]], color=color, linewidth=1.4, zorder=zorder, label=label
    )


def _floats(point: Point | Sequence[Any]) -> tuple[float, float]:
    return float(point[0]), float(point[1])
