"""Where everything in the picture of a tree stands.

No label lies over another, by construction. Labels are measured before anything is
placed; lengths are in points (1/72 inch), x to the right and y downwards.

* Each terminal has a row of its own, and a decision stands midway between its first
  and its last option. Two nodes of which neither leads to the other are kept apart by
  the gap between two rows, which is as wide as the tallest labels on its sides.
* A branch slants away from its node and then runs level. Its label lies on the level
  part, the name of the node that it leads to beneath it. Slants and level parts have
  columns of their own, which keep a node apart from those that it leads to.
* The nodes of an information set stand in one column, joined by an upright line. Where
  two sets would interlace, the second moves to a lane beside the first.

Where there is too little room for this, everything shrinks in proportion.

Reads: errors, tree.  Used by: plots.tree.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from redlines.errors import Unsupported
from redlines.tree import CHANCE, MOVE, TERMINAL, Tables

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, GREY = "#222222", "#6b6b6b"
PLAIN = 1.2  # width of a line
MARKERS = {MOVE: ("o", 7.0), CHANCE: ("D", 6.0), TERMINAL: ("o", 3.0)}

# Lengths for letters of LETTER points; all of them shrink and grow with the letters.
LETTER, SMALL, TITLE = 9.0, 8.0, 12.0
LEAST_LETTER = 0.25  # no letters smaller than this are drawn
ENDS = ((LETTER, "normal"), (LETTER, "normal"), (SMALL, "italic"))
MARGIN, GAP, RISE = 14.0, 6.0, 3.0
ROW_GAP, FAMILY_GAP = 3.0, 5.0
NODE, LANE = 7.0, 14.0
SAMPLE, KEY_GAP = 18.0, 15.0
LEAST_FAN, MOST_FAN, SLOPE = 20.0, 80.0, 0.3
LEAST_WIDTH = 300.0


# ------------------------------------------------------------------------- the sheet
class Ruler:
    """Sizes of texts in points, as they are drawn at a resolution."""

    def __init__(self, dpi: float) -> None:
        from matplotlib.backends.backend_agg import RendererAgg
        from matplotlib.figure import Figure

        self._figure = Figure(dpi=dpi)
        self._renderer = RendererAgg(1, 1, dpi)  # type: ignore[no-untyped-call]
        self._known: dict[tuple[object, ...], tuple[float, float]] = {}

    def __call__(
        self, text: str, size: float, style: str = "normal", weight: str = "normal"
    ) -> tuple[float, float]:
        """Width and height of a text in letters of `size` points."""
        if not text:
            return 0.0, 0.0
        key = (text, size, style, weight)
        if key not in self._known:
            artist = self._figure.text(0, 0, text, **_font(size, style, weight))
            box = artist.get_window_extent(self._renderer)
            artist.remove()
            points = 72 / self._figure.dpi
            self._known[key] = box.width * points, box.height * points
        return self._known[key]

    def wrap(self, text: str, width: float, size: float, weight: str) -> str:
        """`text` in lines that are no longer than `width`."""
        shown, characters = text, len(text)
        while characters > 1 and self(shown, size, weight=weight)[0] > width:
            characters = min(characters - 1, int(characters * 0.95))
            shown = "\n".join(textwrap.wrap(text, characters))
        return shown


def _font(size: float, style: str, weight: str) -> dict[str, Any]:
    """How matplotlib is asked for letters; nothing in a text is markup."""
    return {
        "fontsize": size,
        "fontstyle": style,
        "fontweight": weight,
        "parse_math": False,
        "usetex": False,
    }


class Sheet:
    """What is where, in points; sizes and widths are given for a unit of 1."""

    def __init__(self, unit: float) -> None:
        self.unit = unit
        self.width = self.height = 0.0
        self._texts: list[tuple[float, float, str, dict[str, Any]]] = []
        self._lines: list[tuple[Sequence[float], Sequence[float], dict[str, Any]]] = []

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        style: str = "normal",
        weight: str = "normal",
        *,
        color: str = INK,
        ha: str = "left",
        va: str = "center",
    ) -> None:
        """Write a text; an empty one is left out."""
        font = _font(size * self.unit, style, weight)
        if text:
            self._texts.append(
                (x, y, text, {"color": color, "ha": ha, "va": va, **font})
            )

    def line(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        *,
        color: str = INK,
        width: float = PLAIN,
        dashed: bool = False,
        name: str = "",
    ) -> None:
        """Draw a line through points."""
        look: dict[str, Any] = {
            "color": color,
            "linewidth": width * self.unit,
            "linestyle": (0, (3, 2)) if dashed else "solid",
            "solid_capstyle": "round",
            "solid_joinstyle": "round",
            "zorder": 1 if dashed else 2 + width / 100,  # thick over thin at a node
            "marker": "",  # whatever the user's settings put on lines
            "label": f"_{name}",  # the underscore keeps it out of legends
        }
        self._lines.append((xs, ys, look))

    def mark(self, x: float, y: float, *, marker: str, color: str, size: float) -> None:
        """Draw a marker."""
        look: dict[str, Any] = {
            "color": color,
            "marker": marker,
            "markersize": size * self.unit,
            "markeredgewidth": 0,
            "zorder": 3,
        }
        self._lines.append(([x], [y], look))

    def paint(self, axes: Axes) -> None:
        """Put everything on axes."""
        from matplotlib.lines import Line2D

        for xs, ys, look in self._lines:
            axes.add_line(Line2D(xs, ys, **look))
        for x, y, text, look in self._texts:
            axes.text(x, y, text, zorder=4, **look)
        axes.set(xlim=(0, self.width), ylim=(self.height, 0))


# -------------------------------------------------------------------------- the page
@dataclass
class Words:
    """What is written at a node and on the branch into it, and how that is drawn.

    `ends` is what stands beyond a terminal: a payoff for each player, the events. With
    `free` the probability of the branch is written as a range.
    """

    name: str = ""
    belief: str = ""
    color: str = INK
    ends: tuple[str, ...] = ()
    action: str = ""
    free: bool = False
    action_color: str = INK
    branch_color: str = INK
    branch_width: float = PLAIN


Key: TypeAlias = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Page:
    """Everything that is to be shown, before anything has a place.

    The legend's keys come in groups, which share a row only if all of them fit in it; a
    key is a meaning and how a sample of it is drawn.
    """

    tables: Tables
    palette: Sequence[str]
    words: list[Words]
    heads: tuple[str, str]
    keys: list[list[Key]]


def fitted(page: Page, ruler: Ruler, unit: float, room: tuple[float, float]) -> Sheet:
    """The page with the largest letters, up to `unit`, for which there is room."""
    sheet = _laid_out(page, ruler, unit)
    needed = sheet.width, sheet.height
    while (share := min(room[0] / sheet.width, room[1] / sheet.height)) < 1:
        unit *= min(share, 0.98)
        if unit * LETTER < LEAST_LETTER:
            has, needs = (
                f"{wide / 72:.1f} x {high / 72:.1f}" for wide, high in (room, needed)
            )
            raise Unsupported(
                f"the tree needs {needs} inches; the axes have {has}, too little even "
                f"for letters of {LEAST_LETTER} points"
            )
        sheet = _laid_out(page, ruler, unit)
    return sheet


def _laid_out(page: Page, ruler: Ruler, unit: float) -> Sheet:
    """The page with letters of `unit` times their usual size."""
    sheet, margin = Sheet(unit), MARGIN * unit
    tree = Tree(page, ruler, unit)
    keys = [_key_width(key, ruler, unit) for group in page.keys for key in group]
    width = max(tree.width, LEAST_WIDTH * unit, *keys, 0.0)
    top = margin
    for text, size, weight, color in zip(
        page.heads, (TITLE, LETTER), ("bold", "normal"), (INK, GREY), strict=True
    ):
        text = ruler.wrap(text, width, size * unit, weight)
        sheet.text(margin, top, text, size, weight=weight, color=color, va="top")
        if text:
            top += ruler(text, size * unit, weight=weight)[1] + ROW_GAP * unit
    top += GAP * unit
    tree.draw(sheet, margin + (width - tree.width) / 2, top)
    bottom = _legend(sheet, page.keys, ruler, top + tree.height, width)
    sheet.width, sheet.height = width + 2 * margin, bottom + margin
    return sheet


def _sample_width(look: Mapping[str, Any]) -> float:
    """How far the text of the legend is from the beginning of its sample."""
    return (NODE if "marker" in look else SAMPLE) + GAP if look else 0.0


def _key_width(key: Key, ruler: Ruler, unit: float) -> float:
    return _sample_width(key[1]) * unit + ruler(key[0], SMALL * unit)[0]


def _legend(
    sheet: Sheet, groups: list[list[Key]], ruler: Ruler, top: float, width: float
) -> float:
    """Write the legend, in as many rows as it needs; the return is where it ends."""
    unit, space = sheet.unit, KEY_GAP * sheet.unit
    keys = [key for group in groups for key in group]
    if not keys:
        return top
    total = sum(_key_width(key, ruler, unit) + space for key in keys) - space
    firsts = [group[0] for group in groups if group] if total > width else []
    top += 2.5 * GAP * unit
    x = row = 0.0
    for key in keys:
        wide = _key_width(key, ruler, unit)
        if x and (key in firsts or x + wide > width):
            x, row, top = 0.0, 0.0, top + row + ROW_GAP * unit
        _draw_key(sheet, key, MARGIN * unit + x, top, ruler("X", SMALL * unit)[1])
        x += wide + space
        row = max(row, ruler(key[0], SMALL * unit)[1])
    return top + row


def _draw_key(sheet: Sheet, key: Key, x: float, top: float, line: float) -> None:
    """Draw one key of the legend, whose first line of text is that high."""
    meaning, look = key
    y = top + line / 2
    if "marker" in look:
        sheet.mark(x + NODE / 2 * sheet.unit, y, size=NODE, **look)
    elif look:
        sheet.line((x, x + SAMPLE * sheet.unit), (y, y), **look)
    sheet.text(x + _sample_width(look) * sheet.unit, top, meaning, SMALL, va="top")


# -------------------------------------------------------------------------- the tree
class Tree:
    """Places of the nodes, with the upper left corner of the tree at (0, 0).

    Attributes
    ----------
    level, lane : list of int
        Each node's column, and its place in it.
    y, height : list of float, float
        Each node's distance from the top, and where the tree ends.
    x, turn, width : list of float, list of float, float
        Where the nodes of each level stand and where the branches out of them become
        level; where the tree ends.
    ends : dict of int to list
        For each level with terminals, where payoffs and events stand, and how.
    """

    def __init__(self, page: Page, ruler: Ruler, unit: float) -> None:
        self.page, self.tables, self.words = page, page.tables, page.words
        self.ruler, self.unit = ruler, unit
        self.level = _levels(self.tables)
        self.y, self.height = self._rows()
        self.lane, self.links = self._lanes()
        self._place_columns()

    # ------------------------------------------------------------------------- sizes
    def _action(self, node: int) -> tuple[float, float]:
        """Width and height of the label on the branch into a node."""
        return self.ruler(self.words[node].action, LETTER * self.unit)

    def _name(self, node: int) -> tuple[float, float]:
        """Width and height of what stands beneath the branch into a node."""
        word = self.words[node]
        width, height = self.ruler(word.name, SMALL * self.unit, "italic")
        wide, tall = self.ruler(word.belief, SMALL * self.unit)
        gap = GAP * self.unit if word.name and word.belief else 0.0
        return width + gap + wide, max(height, tall)

    def _ends(self, node: int) -> list[tuple[float, float]]:
        """Width and height of each thing that stands beyond a terminal."""
        return [
            self.ruler(text, size * self.unit, style)
            for text, (size, style) in zip(self.words[node].ends, ENDS, strict=False)
        ]

    def _around(self, node: int) -> tuple[float, float]:
        """How far what belongs to a node reaches above and below its line."""
        heights = [height for _, height in self._ends(node)]
        half = max([NODE * self.unit, *heights]) / 2
        rise, name = RISE * self.unit, self._name(node)[1]
        if not node:  # the root's name stands beside it
            return max(half, name / 2), max(half, name / 2)
        return max(half, rise + self._action(node)[1]), max(half, rise + name)

    # ------------------------------------------------------------------------ places
    def _rows(self) -> tuple[list[float], float]:
        """Each node's distance from the top, and the height of the whole."""
        parent, children = self.tables.parent, self.tables.children
        above, below = zip(*map(self._around, range(len(parent))), strict=True)
        y = [0.0] * len(parent)
        bottom, previous = 0.0, -1
        for leaf in self.tables.terminals:
            if previous >= 0:
                near = parent[previous] == parent[leaf]
                bottom += (ROW_GAP if near else ROW_GAP + FAMILY_GAP) * self.unit
            # the gap must do for any two nodes that it parts, not just for the leaves
            y[leaf] = bottom + max(above[n] for n in self._outermost(leaf, 0))
            bottom = y[leaf] + max(below[n] for n in self._outermost(leaf, -1))
            previous = leaf
        for node in reversed(range(len(parent))):
            if children[node]:
                y[node] = (y[children[node][0]] + y[children[node][-1]]) / 2
        return y, bottom

    def _outermost(self, leaf: int, side: int) -> Iterator[int]:
        """The nodes of which this is the first (side 0) or the last (-1) leaf."""
        parent, children = self.tables.parent, self.tables.children
        yield leaf
        while leaf and children[parent[leaf]][side] == leaf:
            leaf = parent[leaf]
            yield leaf

    def _lanes(self) -> tuple[list[int], list[tuple[int, float, float]]]:
        """Each node's lane, and each link's level and ends."""
        tables, level, y = self.tables, self.level, self.y
        groups: dict[tuple[int, int], list[int]] = defaultdict(list)
        for node in range(len(tables)):
            if _is_linked(tables, node):
                groups[level[node], tables.infoset[node]].append(node)
        lanes: dict[int, list[list[tuple[float, float]]]] = defaultdict(list)
        lane, links = [-1] * len(tables), []
        for (column, _), nodes in groups.items():
            span = (y[nodes[0]], y[nodes[-1]])
            at = _free(lanes[column], *span)
            if at == len(lanes[column]):
                lanes[column].append([])
            lanes[column][at].append(span)
            links.append((column, *span))
            for node in nodes:
                lane[node] = at
        for node, column in enumerate(level):
            if lane[node] < 0:
                lane[node] = _free(lanes[column], y[node], y[node])
        # payoffs go beyond every link that they would meet, and begin in one line
        beyond: dict[int, int] = defaultdict(int)
        for node in tables.terminals:
            for at, spans in enumerate(lanes[level[node]], 1):
                if any(low < y[node] < high for low, high in spans):
                    beyond[level[node]] = max(beyond[level[node]], at)
        for node in tables.terminals:
            lane[node] = beyond[level[node]]
        return lane, links

    def _place_columns(self) -> None:
        """Set where nodes stand, branches turn and payoffs begin."""
        label, fan, lanes = self._column_widths()
        self.x: list[float] = []
        self.turn: list[float] = []
        self.ends: dict[int, list[tuple[float, str]]] = {}
        edges: list[tuple[float, float]] = []  # right edge of payoffs, and their row
        for level, width in enumerate(label):
            x = self.turn[-1] if self.turn else 0.0
            x += width + (NODE + 1.5 * GAP) * self.unit
            for _, low, high in (link for link in self.links if link[0] == level):
                # a link goes to the right of all payoffs between its ends
                passed = [edge + GAP * self.unit for edge, y in edges if low < y < high]
                x = max([x, *passed])
            self.x.append(x)
            self.turn.append(x + lanes[level] * LANE * self.unit + fan[level])
            here = [n for n in self.tables.terminals if self.level[n] == level]
            if here:
                x += self.lane[here[0]] * LANE * self.unit
                edges += self._place_ends(level, here, x)
        self.width = max(edge for edge, _ in edges)

    def _column_widths(self) -> tuple[list[float], list[float], list[int]]:
        """At each level the widest label before it, the slants after it, its lanes."""
        count = max(self.level) + 1
        label, lanes = [0.0] * count, [0] * count
        fan = [LEAST_FAN * self.unit] * count
        for node, level in enumerate(self.level):
            lanes[level] = max(lanes[level], self.lane[node])
            label[level] = max(label[level], self._name(node)[0])
            if node:
                parent = self.tables.parent[node]
                before = self.level[parent]
                label[before + 1] = max(label[before + 1], self._action(node)[0])
                slant = SLOPE * abs(self.y[node] - self.y[parent])
                fan[before] = max(fan[before], min(slant, MOST_FAN * self.unit))
        return label, fan, lanes

    def _place_ends(
        self, level: int, nodes: list[int], x: float
    ) -> list[tuple[float, float]]:
        """Set where payoffs begin; the return is the right edge and row of each."""
        places = self.ends[level] = []
        x += 1.5 * GAP * self.unit
        edges = []
        sizes = zip(*map(self._ends, nodes), strict=True)
        texts = zip(*(self.words[node].ends for node in nodes), strict=True)
        for column, shown in zip(sizes, texts, strict=True):
            widest = max(width for width, _ in column)
            if any(c.isalpha() for text in shown for c in text):
                places.append((x, "left"))
            else:  # units below units
                places.append((x + widest, "right"))
            edges += [
                (x + widest, self.y[node])
                for node, text in zip(nodes, shown, strict=True)
                if text
            ]
            x += widest + 1.5 * GAP * self.unit
        return edges

    # ----------------------------------------------------------------------- drawing
    def draw(self, sheet: Sheet, left: float, top: float) -> None:
        """Put the tree on the sheet, that far from its left and its top."""
        tables = self.tables
        self.xs = [
            left + self.x[level] + lane * LANE * self.unit
            for level, lane in zip(self.level, self.lane, strict=True)
        ]
        self.ys = [top + y for y in self.y]
        for row in tables.infosets:
            for ends in pairwise(sorted(row.nodes, key=self.ys.__getitem__)):
                xs, ys = [self.xs[n] for n in ends], [self.ys[n] for n in ends]
                sheet.line(xs, ys, color=self.page.palette[row.player], dashed=True)
        for node, word in enumerate(self.words):
            x, y = self.xs[node], self.ys[node]
            marker, size = MARKERS[tables.kind[node]]
            sheet.mark(x, y, marker=marker, color=word.color, size=size)
            self._draw_name(sheet, node, left + self.x[self.level[node]])
            if node:
                before = tables.parent[node]
                self._draw_branch(sheet, node, left + self.turn[self.level[before]])
            for text, (at, ha), (size, style), color in zip(
                word.ends,
                self.ends.get(self.level[node], ()),
                ENDS,
                (*self.page.palette, GREY),
                strict=False,
            ):
                sheet.text(left + at, y, text, size, style, color=color, ha=ha)

    def _draw_branch(self, sheet: Sheet, node: int, turn: float) -> None:
        """Draw the branch into a node, and its label on it."""
        word, before = self.words[node], self.tables.parent[node]
        y = self.ys[node]
        sheet.line(
            (self.xs[before], turn, self.xs[node]),
            (self.ys[before], y, y),
            color=word.branch_color,
            width=word.branch_width,
            name=self.tables.history(node),
        )
        x, y = turn + GAP / 3 * self.unit, y - RISE * self.unit
        sheet.text(x, y, word.action, LETTER, color=word.action_color, va="bottom")

    def _draw_name(self, sheet: Sheet, node: int, x: float) -> None:
        """Put a node's name and belief beneath its branch, the root's beside it."""
        word, y = self.words[node], self.ys[node]
        va = "top" if node else "center"
        x -= (NODE + GAP) / 2 * self.unit
        y += RISE * self.unit if node else 0.0
        sheet.text(x, y, word.belief, SMALL, color=word.color, ha="right", va=va)
        if word.belief:
            x -= self.ruler(word.belief, SMALL * self.unit)[0] + GAP * self.unit
        sheet.text(
            x, y, word.name, SMALL, "italic", color=word.color, ha="right", va=va
        )


def _is_linked(tables: Tables, node: int) -> bool:
    """Whether a node's information set has other nodes."""
    return (
        tables.kind[node] == MOVE
        and len(tables.infosets[tables.infoset[node]].nodes) > 1
    )


def _free(lanes: list[list[tuple[float, float]]], low: float, high: float) -> int:
    """The first lane in which nothing stands between `low` and `high`."""
    for lane, spans in enumerate(lanes):
        if all(high < start or end < low for start, end in spans):
            return lane
    return len(lanes)


def _levels(tables: Tables) -> list[int]:
    """Each node's column: after its parent's, and one for each information set.

    Sets of which each is partly before the other cannot have one column each; such
    sets, and any that wait for them, are left where their nodes' depths put them.
    """
    sets = [row.nodes for row in tables.infosets if len(row.nodes) > 1]
    while True:
        level = list(tables.depth)
        # each round settles at least one more set, if they can be settled
        for _ in range(len(sets) + 1):
            for node in range(1, len(level)):
                level[node] = max(level[node], level[tables.parent[node]] + 1)
            moved = [s for s in sets if len({level[node] for node in s}) > 1]
            for nodes in moved:
                furthest = max(level[node] for node in nodes)
                for node in nodes:
                    level[node] = furthest
            if not moved:
                return level
        sets = [nodes for nodes in sets if nodes not in moved]
