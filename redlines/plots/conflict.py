"""The picture of a graph model: states, who can move where, and the equilibria.

States stand on a circle, or, where the model is a table of cells, as the cells stand.
An arrow is a player's move, in that player's colour. An improvement is drawn full, and
the way back from it, if there is one, is left out; other moves are dotted.

Reads: graph_model, sanctions.  Used by: `GraphModel.plot`, and users.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from redlines.errors import Unsupported
from redlines.graph_model import GraphModel
from redlines.sanctions import STABILITIES, equilibrium

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_conflict"]

MAX_STATES = 60
COLORS = ("#1f5c99", "#b5341c")
SHORT = dict(zip(STABILITIES, ("Nash", "GMR", "SMR", "SEQ"), strict=True))
WRAPPED = 16  # characters of a name on a line


def plot_conflict(
    model: GraphModel,
    ax: Axes | None = None,
    *,
    positions: Mapping[str, tuple[float, float]] | None = None,
    title: str | None = None,
    fontsize: float = 9.0,
    colors: Mapping[str, str] | None = None,
) -> Axes:
    """States and moves of a graph model, with its equilibria marked.

    Parameters
    ----------
    model : GraphModel
        With rankings.
    ax : matplotlib Axes, optional
        Where to draw; its limits are set and its frame is hidden. Default a new figure.
    positions : mapping, optional
        By state, where it stands; default as cells, where each player's moves keep the
        states in rows and columns, and else on a circle.
    title : str, optional
        Default the model's name; ``""`` for none.
    fontsize : float
        Size of the letters, in points.
    colors : mapping, optional
        Another colour for one or both players, by name.

    Returns
    -------
    matplotlib Axes
        A state has its name, under it both players' ranks (1 the worst), and, if it is
        an equilibrium, by which concepts; Nash equilibria have a thick frame, others
        that are equilibria by some concept a thin one, and the rest none.

    Raises
    ------
    Unsupported
        If there are more than 60 states.
    UnknownLabel
        If a position or a colour is for nobody there is.

    Examples
    --------
    >>> import redlines as rl
    >>> game = rl.Game.from_bimatrix([[3, 1], [4, 0]], [[3, 4], [1, 0]])
    >>> ax = rl.GraphModel.from_game(game).plot()
    >>> len(ax.texts)
    4
    """
    if len(model.states) > MAX_STATES:
        raise Unsupported(
            f"{model!r} has {len(model.states)} states; a picture shows at most "
            f"{MAX_STATES}: print(model) lists them"
        )
    model._require_numbers("a picture")
    palette = dict(zip(model.players, COLORS, strict=True))
    for player, color in (colors or {}).items():
        palette[model._player(player)] = color
    places = _table(model) or _circle(model)
    for state, place in (positions or {}).items():
        places[model._state(state)] = place
    if ax is None:
        import matplotlib.pyplot as plt

        side = 4.5 + 0.35 * max(0, len(model.states) - 4)
        _, ax = plt.subplots(figsize=(side * 1.25, side), layout="constrained")
    boxes = {
        state: _draw_state(ax, model, state, places[state], fontsize)
        for state in model.states
    }
    for player in model.players:
        _draw_moves(ax, model, player, places, boxes, palette[player])
    from matplotlib.lines import Line2D

    ax.legend(
        handles=[
            Line2D([], [], color=palette[p], lw=2, label=_plain(f"{p} moves"))
            for p in model.players
        ]
        + [Line2D([], [], color="#777777", lw=1, ls=":", label="not better for it")],
        loc="upper center",
        bbox_to_anchor=(0.5, 0.0),
        ncols=3,
        frameon=False,
        fontsize=fontsize,
    )
    xs, ys = zip(*places.values(), strict=True)
    room = 0.6
    ax.set_xlim(min(xs) - room, max(xs) + room)
    ax.set_ylim(min(ys) - room, max(ys) + room)
    ax.set_axis_off()
    name = model.name if title is None else title
    if name:
        ax.set_title(_plain(name), fontsize=fontsize + 2)
    return ax


def _plain(text: str) -> str:
    """A text that is never read as markup."""
    return text.replace("$", r"\$")


def _circle(model: GraphModel) -> dict[str, tuple[float, float]]:
    count = len(model.states)
    radius = max(1.0, 0.28 * count)
    return {
        s: (
            radius * math.sin(2 * math.pi * k / count),
            radius * math.cos(2 * math.pi * k / count),
        )
        for k, s in enumerate(model.states)
    }


def _table(model: GraphModel) -> dict[str, tuple[float, float]] | None:
    """Rows and columns, where one player moves along columns, the other along rows."""
    first, second = (
        {s: frozenset({s, *model.moves[p][s]}) for s in model.states}
        for p in model.players
    )
    columns, rows = (list(dict.fromkeys(lines.values())) for lines in (first, second))
    if len(rows) * len(columns) != len(model.states) or len(rows) == 1:
        return None
    if any(len(r & c) != 1 for r in rows for c in columns):
        return None
    # cells further apart than neighbours would hide arrows behind what is between
    if len(rows) > 2 or len(columns) > 2:
        return None
    return {
        s: (1.8 * columns.index(first[s]), -1.4 * rows.index(second[s]))
        for s in model.states
    }


def _draw_moves(
    ax: Any,
    model: GraphModel,
    player: str,
    places: Mapping[str, tuple[float, float]],
    boxes: Mapping[str, Any],
    color: str,
) -> None:
    from matplotlib.patches import FancyArrowPatch

    rank = model.rank[player]
    (other,) = (p for p in model.players if p != player)
    for start in model.states:
        for end in model.moves[player][start]:
            gains = rank[end] > rank[start]
            back = start in model.moves[player][end]
            if back and not gains and rank[end] < rank[start]:
                continue  # drawn as the improvement from the other end
            if (
                back
                and rank[end] == rank[start]
                and model.states.index(end) < model.states.index(start)
            ):
                continue
            # both players between the same states: bent apart
            theirs = model.moves[other]
            shared = end in theirs[start] or start in theirs[end]
            bend = 0.18 * (1 if player == model.players[0] else -1) if shared else 0.06
            if shared and model.states.index(end) < model.states.index(start):
                bend = -bend
            ax.add_patch(
                FancyArrowPatch(
                    places[start],
                    places[end],
                    arrowstyle="-|>" if gains or not back else "-",
                    linestyle="-" if gains else ":",
                    linewidth=1.8 if gains else 1.0,
                    color=color,
                    connectionstyle=f"arc3,rad={bend}",
                    # where the frames stand is known once they are drawn
                    patchA=boxes[start],
                    patchB=boxes[end],
                    shrinkA=2,
                    shrinkB=2,
                    mutation_scale=13,
                    zorder=3,
                )
            )


def _draw_state(
    ax: Any,
    model: GraphModel,
    state: str,
    place: tuple[float, float],
    fontsize: float,
) -> Any:
    """A state's frame, with its words in it."""
    held = [c for c in STABILITIES if equilibrium(model, state, c)]
    ranks = ", ".join(str(model.rank[p][state]) for p in model.players)
    words = [*textwrap.wrap(state, WRAPPED)[:3], f"({ranks})"]
    if held:
        words.append(" ".join(SHORT[c] for c in held))
    edge = 2.4 if "nash" in held else 0.9 if held else 0.0
    text = ax.text(
        *place,
        _plain("\n".join(words)),
        ha="center",
        va="center",
        fontsize=fontsize,
        bbox={
            "boxstyle": "round,pad=0.35",
            "facecolor": "#f2efe6" if held else "white",
            "edgecolor": "#222222" if held else "none",
            "linewidth": edge,
        },
        zorder=2,
    )
    return text.get_bbox_patch()
