"""The picture of a game tree, from left to right.

What is to be written is settled here, where it stands in `redlines.plots.layout`.

Reads: errors, numbers, tree, plots.layout.  Used by: `Game.plot`, and users.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from redlines.errors import ModelError, Unsupported
from redlines.numbers import brief
from redlines.plots.layout import (
    GREY,
    LETTER,
    PLAIN,
    Key,
    Page,
    Ruler,
    Words,
    fitted,
)
from redlines.tree import CHANCE, MOVE, TERMINAL, Game

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

__all__ = ["label_overlaps", "plot_tree"]

MAX_NODES = 3_000
MAX_INCHES = 120.0  # the longest side of a figure; beyond it the letters shrink

COLORS = ("#1f5c99", "#b5341c")
FAINT = "#b8b8b8"
UNPLAYED, OFF_PATH, ON_PATH = 0.8, 1.4, 2.8  # widths of branches

ACTION_WIDTH, AMOUNT_WIDTH, LINES = 20, 26, 3  # in characters, and lines at most
MINUS = "\N{MINUS SIGN}"


def plot_tree(
    game: Game,
    equilibrium: Any = None,
    ax: Axes | None = None,
    *,
    title: str | None = None,
    fontsize: float = LETTER,
    colors: Mapping[str, str] | None = None,
    legend: bool = True,
) -> Axes:
    """The tree of a game, drawn from left to right, with an equilibrium on it.

    Parameters
    ----------
    game : Game
        Parameters without a value are shown as expressions.
    equilibrium : Equilibrium, optional
        An element of a solution of this game. Branches on its path are thick, those
        that it takes only off the path less so, those that it does not take grey.
        Mixed actions carry their probability, and nodes that a player cannot tell
        apart the player's belief, in brackets; what is free carries its range.
    ax : matplotlib Axes, optional
        Where to draw; its limits are set and its frame is hidden. Default a new
        figure, as large as the tree needs.
    title : str, optional
        Default the game's name; ``""`` for none.
    fontsize : float
        Size of the letters on the branches, in points. They are smaller where the
        axes given have not enough room.
    colors : mapping of str to color, optional
        Another colour for one or both players, by name.
    legend : bool
        Whether to explain colours and lines beneath the tree.

    Returns
    -------
    matplotlib Axes
        Its ``.figure`` is what to save. One data unit is one point, or more where the
        axes given have room to spare.

    Raises
    ------
    Unsupported
        If there are not two players, the tree has more than 3,000 nodes, or there is
        too little room even for letters of a quarter of a point: the axes given are too
        small, or a side of the figure would be longer than 120 inches.
    ModelError
        If the equilibrium lacks an information set of this game.
    UnknownLabel
        If a colour is given for somebody who does not play.

    Notes
    -----
    No label overlaps another and no line runs through one, except where sets of nodes
    are each partly before the other, so that some cannot stand in one column. Names
    are shown as they are, never read as markup; long ones are wrapped, and beyond
    three lines cut. A figure that is resized afterwards needs a new drawing.

    Each branch is a line of the axes, its label an underscore and the history that the
    branch ends, so that single ones can be restyled.

    Examples
    --------
    >>> import redlines as rl
    >>> chicken = rl.Game.from_bimatrix([[3, 1], [4, 0]], [[3, 4], [1, 0]])
    >>> ax = chicken.plot()
    >>> label_overlaps(ax)
    []
    """
    tables = game._tables
    if len(game.players) != len(COLORS):
        raise Unsupported(
            f"a picture shows a game of two players, and {game!r} has "
            f"{len(game.players)}; print(game) shows any tree"
        )
    if len(tables) > MAX_NODES:
        raise Unsupported(
            f"{game!r} has {len(tables):,} nodes, and a picture shows at most "
            f"{MAX_NODES:,}; print(game) shows how any tree begins"
        )
    palette = list(COLORS)
    for player, color in (colors or {}).items():
        palette[game._player(player)] = color
    words = _words(game, equilibrium, palette)
    page = Page(
        tables,
        palette,
        words,
        heads=(
            _clean(game.name if title is None else title),
            _sum(game, equilibrium, words),
        ),
        keys=_keys(game, words, palette, equilibrium is not None) if legend else [],
    )
    axes = _new_axes() if ax is None else ax
    axes.set_axis_off()
    axes.set_aspect("auto")
    figure = axes.figure.canvas.figure
    room = (MAX_INCHES * 72, MAX_INCHES * 72)
    if ax is not None:
        figure.draw_without_rendering()  # only now has a layout engine placed the axes
        box = axes.get_window_extent()
        room = (box.width * 72 / figure.dpi, box.height * 72 / figure.dpi)
    sheet = fitted(page, Ruler(figure.dpi), fontsize / LETTER, room)
    if ax is None:
        figure.set_size_inches(sheet.width / 72, sheet.height / 72)
    sheet.paint(axes)
    return axes


def label_overlaps(ax: Axes) -> list[tuple[Text, Text]]:
    """Pairs of texts in these axes that lie over each other as they are drawn.

    Parameters
    ----------
    ax : matplotlib Axes
        What `plot_tree` returned, perhaps with texts of your own added.

    Returns
    -------
    list of tuple of matplotlib Text
        Empty if every label is clear of the others.
    """
    from matplotlib.text import Text

    ax.figure.canvas.figure.draw_without_rendering()
    found = [
        (text, text.get_window_extent())
        for text in ax.findobj(Text)
        if isinstance(text, Text) and text.get_visible() and text.get_text().strip()
    ]
    return [
        (text, other)
        for k, (text, box) in enumerate(found)
        for other, its in found[:k]
        if box.x0 < its.x1 and its.x0 < box.x1 and box.y0 < its.y1 and its.y0 < box.y1
    ]


def _new_axes() -> Axes:
    """Axes that fill a new figure, which pyplot knows, so that notebooks show it."""
    from matplotlib import pyplot

    # a layout engine would move the axes away from the places that were computed
    return pyplot.figure(layout="none").add_axes((0.0, 0.0, 1.0, 1.0))


# ----------------------------------------------------------------------------- words
def _clean(text: str) -> str:
    """`text` with a dot in place of what no font can show."""
    return "".join(c if c.isprintable() else "·" for c in text)


def _wrapped(text: str, width: int = ACTION_WIDTH, lines: int = LINES) -> str:
    """`text` broken into lines, and cut where they are too many."""
    rows = textwrap.wrap(_clean(text), width, break_on_hyphens=False) or ["·"]
    if len(rows) > lines:
        last = rows[lines - 1]
        if len(last) == width:  # no room for the dots
            last = last.rpartition(" ")[0] or last[:-1]
        rows = [*rows[: lines - 1], last + "…"]
    return "\n".join(rows)


def _amount(value: Any) -> str:
    """A payoff, number or expression."""
    text = brief(value, LINES * AMOUNT_WIDTH)
    return _wrapped(text, AMOUNT_WIDTH).replace("-", MINUS)


def _short(value: Any) -> str:
    """A number in one line, rounded where it is long."""
    return brief(value, 16).replace("-", MINUS)


def _probability(value: Any) -> str:
    """A probability; an expression in round brackets, to part it from the action."""
    text = _short(value)
    return f"({text})" if any(c.isalpha() for c in text) else text


def _is(value: Any, number: int) -> bool:
    """Whether a probability is this number; an expression is not known to be."""
    try:
        return float(value) == number
    except (TypeError, ValueError):
        return False


def _range(equilibrium: Any, what: str, label: str, key: str) -> str:
    """What a probability can be in all of an equilibrium's set, "" if it is fixed."""
    free = getattr(getattr(equilibrium, "free", None), what, {})
    return str(free.get(label, {}).get(key, ""))


def _taken(game: Game, node: int, equilibrium: Any) -> list[tuple[Any, str]]:
    """For each option at a node its probability, and what is written of it."""
    tables = game._tables
    if tables.kind[node] == CHANCE:
        amounts = tables.draws[tables.infoset[node]].amounts
        values = [game._amounts[amount] for amount in amounts]
        return [(value, _probability(value)) for value in values]
    if equilibrium is None:
        return [(None, "") for _ in tables.children[node]]
    row = tables.infosets[tables.infoset[node]]
    label = tables.label(tables.infoset[node])
    found = []
    for action in row.actions:
        try:
            value = equilibrium.strategy[game.players[row.player]][label][action]
        except LookupError:
            raise ModelError(
                f"the equilibrium says nothing about {action!r} at {label!r}, so it "
                f"is none of {game!r}"
            ) from None
        free = _range(equilibrium, "strategy", label, action)
        fixed = "" if _is(value, 1) else _probability(value)
        found.append((value, f"in {free}" if free else fixed))
    return found


def _words(game: Game, equilibrium: Any, palette: Sequence[str]) -> list[Words]:
    """What is written at every node."""
    tables = game._tables
    words = [Words() for _ in tables.kind]
    on_path = [True] * len(words)
    for node, word in enumerate(words):
        if tables.kind[node] == TERMINAL:
            word.ends = _ends(game, node)
            continue
        _name(word, game, node, equilibrium, palette)
        for child, option, (value, said) in zip(
            tables.children[node],
            tables.options(node),
            _taken(game, node, equilibrium),
            strict=True,
        ):
            below = words[child]
            below.action, below.branch_color = _wrapped(option), word.color
            played = not _is(value, 0)
            on_path[child] = on_path[node] and played
            if not played:
                below.branch_color, below.action_color = FAINT, GREY
            elif said:
                below.action += f" {said}"
                below.free = said.startswith("in ")
            if equilibrium is not None:
                chosen = ON_PATH if on_path[child] else OFF_PATH
                below.branch_width = chosen if played else UNPLAYED
    return words


def _ends(game: Game, node: int) -> tuple[str, ...]:
    """The payoffs at a terminal, and the events on the way to it."""
    tables = game._tables
    mask = tables.event_masks[node]
    marked = ", ".join(e for k, e in enumerate(tables.events) if mask >> k & 1)
    events = _wrapped(marked, AMOUNT_WIDTH) if marked else ""
    return (*map(_amount, game._payoffs[node]), events)


def _name(
    word: Words, game: Game, node: int, equilibrium: Any, palette: Sequence[str]
) -> None:
    """Write the name of a decision or a draw, and what is believed there."""
    tables = game._tables
    word.name, word.color = _wrapped(tables.name[node], lines=2), GREY
    if tables.kind[node] == MOVE:
        row = tables.infosets[tables.infoset[node]]
        word.color = palette[row.player]
        if node != row.nodes[0]:
            word.name = ""  # the line that joins the set leads to it
        if len(row.nodes) > 1 and equilibrium is not None:
            label, history = tables.label(tables.infoset[node]), tables.history(node)
            said = equilibrium.belief[label].get(history)
            fixed = "" if said is None else f"[{_short(said)}]"
            word.belief = _range(equilibrium, "belief", label, history) or fixed


def _sum(game: Game, equilibrium: Any, words: list[Words]) -> str:
    """The payoffs of an equilibrium and the probabilities of the events."""
    if equilibrium is None:
        return ""
    varies = any(word.free and word.branch_width == ON_PATH for word in words)
    title = "payoffs at one point of the ranges" if varies else "payoffs"
    payoffs = [f"{_clean(p)} {_short(equilibrium.payoffs[p])}" for p in game.players]
    events = [f"{_clean(e)}: {_short(equilibrium.probability(e))}" for e in game.events]
    return "   ·   ".join([f"{title}: {', '.join(payoffs)}", *events])


def _keys(
    game: Game, words: list[Words], palette: Sequence[str], played: bool
) -> list[list[Key]]:
    """The legend: what nodes mean, then what branches mean."""
    tables = game._tables
    nodes: list[Key] = [
        (_wrapped(player, 40), {"color": color, "marker": "o"})
        for player, color in zip(game.players, palette, strict=True)
    ]
    if CHANCE in tables.kind:
        nodes.append(("chance", {"color": GREY, "marker": "D"}))
    if any(len(row.nodes) > 1 for row in tables.infosets):
        nodes.append(("information set", {"width": PLAIN, "dashed": True}))
    if any(word.belief for word in words):
        nodes.append(("[ ] belief", {}))
    branches: list[Key] = [
        ("on the path", {"width": ON_PATH}),
        ("off the path", {"width": OFF_PATH}),
        ("not chosen", {"color": FAINT, "width": UNPLAYED}),
    ]
    return [nodes, branches] if played else [nodes]
