"""The map of regimes: which families of equilibria exist where, over two parameters.

The other parameters are fixed, exactly; what is left of a comparison is a polynomial in
two variables. Areas and curves are found from its values on a fine grid in floating
point, which is enough for a picture; the vertices of a curve are then moved onto it.

A family has one colour and one hatching throughout. Where several exist, the area has
the colour of the one that exists on the smallest area and the hatchings of the others.

Reads: errors, numbers, parametric, plots.tree.  Used by: `Regimes.plot`, and users.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from redlines.errors import ModelError, OutOfRange, UnboundParameter, UnknownLabel
from redlines.numbers import brief, exact
from redlines.parameters import Parameter
from redlines.parametric.boundaries import equations, open_cases, strictly
from redlines.parametric.conditions import Case, relation_of
from redlines.parametric.regimes import Regimes
from redlines.parametric.region import Atom, Region
from redlines.plots.tree import _clean
from redlines.solvers.queries import Undecided

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path

__all__ = ["plot_regimes"]

Grid: TypeAlias = NDArray[np.float64]
Limits: TypeAlias = tuple[float, float]
Plain: TypeAlias = dict[tuple[int, int], Fraction]
Families: TypeAlias = Sequence[tuple[str, Sequence[Case]]]
Wanted: TypeAlias = Sequence[tuple[Case, Sequence[Case]]]

# after Okabe and Ito; told apart by readers with any of the usual colour blindnesses
COLORS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442")
HATCHES = ("//", "\\\\", "..", "xx", "--", "||", "oo", "++")
TINT = 0.45  # how much of the colour an area has; the rest is white
LINE = "#222222"
OUTSIDE, NOWHERE = "#d4d4d4", "#ffffff"

NODES = 401
LABEL_WIDTH, LEGEND_WIDTH, TITLE_WIDTH = 46, 38, 64
TINY = 1e-9


def plot_regimes(
    regimes: Regimes,
    x: str,
    y: str,
    fixed: Mapping[str, Any] | None = None,
    ax: Axes | None = None,
    *,
    xlim: tuple[Any, Any] | None = None,
    ylim: tuple[Any, Any] | None = None,
    title: str | None = None,
    legend: bool = True,
) -> Axes:
    """The map of open families over two parameters.

    Parameters
    ----------
    regimes : Regimes
    x, y : str
        The parameters on the axes.
    fixed : mapping of str to int, Fraction, float or str, optional
        A value for each other open parameter, within its domain and what is given.
    ax : matplotlib Axes, optional
        Where to draw; default a new figure.
    xlim, ylim : tuple of two numbers, optional
        What the axes show. Default 0 to 1 for a probability; for other parameters as
        much as it takes to see where families begin.
    title : str, optional
        Default the game's name, the fixed values and what is given; ``""`` for none.
    legend : bool
        Whether to explain colours and hatchings, to the right of the axes.

    Returns
    -------
    matplotlib Axes
        Its ``.figure`` is what to save; where the axes were given, with
        ``bbox_inches="tight"``, since the legend is outside them.

    Raises
    ------
    UnknownLabel
        If a name is no open parameter of the game.
    UnboundParameter
        If another parameter has no value.
    OutOfRange
        If a value leaves its domain or breaks what is given, or if nothing within the
        limits is admitted.
    ModelError
        If both axes are to show one parameter, or a parameter on an axis is fixed.

    Notes
    -----
    What is not admitted, by the domains or by what is given, is grey; where no open
    family exists it is white. Knife edges are not shown. Each area is a patch of the
    axes, its label an underscore and the names of its families; each boundary a line,
    its label an underscore and the equation of the surface that it is cut from.
    """
    point = _point(regimes, x, y, dict(fixed or {}))
    region = regimes._region
    families = [
        (f.name, open_cases(region, f.condition)) for f in regimes.families if f.open
    ]
    plane = _Plane(region, x, y, point)
    window = _Window(plane, *_limits(regimes, plane, families, xlim, ylim))
    axes = _new_axes() if ax is None else ax
    entries = _paint(axes, window, families, regimes.complete)
    for name, curve in _boundaries(window, families):
        axes.plot(curve[:, 0], curve[:, 1], color=LINE, linewidth=1.3, label=f"_{name}")
    _frame(axes, regimes, window, title)
    if legend:
        _legend(axes, entries)
    return axes


def _new_axes() -> Axes:
    from matplotlib import pyplot

    _, axes = pyplot.subplots(figsize=(9.0, 5.4), layout="constrained")
    return axes


# ----------------------------------------------------------------------------- values
def _point(
    regimes: Regimes, x: str, y: str, fixed: dict[str, Any]
) -> dict[str, Fraction]:
    """The values that are fixed, checked."""
    game, names = regimes.game, regimes._region.ring.names
    for name in (x, y, *fixed):
        if name not in names:
            raise UnknownLabel("open parameter", name, names, f"of {game!r}")
    if x == y:
        raise ModelError(f"both axes are to show {x!r}; a map needs two parameters")
    for name in (x, y):
        if name in fixed:
            raise ModelError(f"{name!r} is on an axis, so it cannot be fixed as well")
    missing = [n for n in names if n not in (x, y, *fixed)]
    if missing:
        raise UnboundParameter(
            f"a map over {x!r} and {y!r} needs fixed values for "
            f"{', '.join(map(repr, missing))}"
        )
    found = {
        n: exact(fixed[n], f"the value of parameter {n!r}") for n in names if n in fixed
    }
    everything = {**game.bound, **found}
    domains = [r for n in found for r in game.parameters[n].domain_relations()]
    for relation in (*domains, *regimes.given):
        if set(relation.names) <= set(everything) and not relation.holds(**everything):
            shown = ", ".join(f"{n} = {everything[n]}" for n in relation.names)
            raise OutOfRange(f"{shown} breaks {relation}")
    return found


class _Plane:
    """Two parameters, the others fixed."""

    def __init__(
        self, region: Region, x: str, y: str, point: dict[str, Fraction]
    ) -> None:
        self.region = region
        self.names = (x, y)
        self.point = point
        self._axes = tuple(region.ring.index[n] for n in self.names)
        self._known: dict[Atom, _Trace] = {}

    def trace(self, atom: Atom) -> _Trace:
        """What is left of a comparison."""
        found = self._known.get(atom)
        if found is None:
            found = self._known[atom] = _Trace(self._left(atom), atom.sign)
        return found

    def _left(self, atom: Atom) -> Plain:
        values = [self.point.get(n) for n in self.region.ring.names]
        total: Plain = {}
        for exponents, coefficient in atom.key:
            for value, e in zip(values, exponents, strict=False):
                if value is not None:
                    coefficient *= value**e
            left = (exponents[self._axes[0]], exponents[self._axes[1]])
            total[left] = total.get(left, Fraction(0)) + coefficient
        return {m: c for m, c in total.items() if c}


class _Trace:
    """A comparison of a polynomial in two variables with 0, in floating point."""

    def __init__(self, plain: Plain, sign: str) -> None:
        self.plain = plain
        self.sign = sign
        largest = max(map(abs, plain.values()), default=Fraction(1))
        self.terms = [(*m, float(c / largest)) for m, c in plain.items()]

    @property
    def is_settled(self) -> bool:
        """Whether it is true, or false, everywhere."""
        return all(m == (0, 0) for m in self.plain)

    def value(self, x: Grid, y: Grid) -> Grid:
        """The polynomial, over the size of its largest term."""
        size = 1e-300
        for i, j, c in self.terms:
            size = max(size, float(abs(c * x**i * y**j).max(initial=0.0)))
        return self.plainly(x, y) / size

    def margin(self, x: Grid, y: Grid) -> Grid:
        """Positive where it is true, negative where it is not."""
        if self.is_settled:
            value = self.plain.get((0, 0), Fraction(0))
            true = {
                ">": value > 0,
                ">=": value >= 0,
                "==": value == 0,
                "!=": value != 0,
            }
            return np.full(np.shape(x), 1.0 if true[self.sign] else -1.0)
        found = self.value(x, y)
        if self.sign in ("==", "!="):
            return -abs(found) if self.sign == "==" else abs(found)
        return found

    def derivative(self, axis: int, x: Grid, y: Grid) -> Grid:
        """The slope of `plainly` along an axis."""
        total = np.zeros(np.shape(x))
        for i, j, c in self.terms:
            if axis == 0 and i:
                total = total + c * i * x ** (i - 1) * y**j
            elif axis == 1 and j:
                total = total + c * j * x**i * y ** (j - 1)
        return total

    def plainly(self, x: Grid, y: Grid) -> Grid:
        """The polynomial, as it stands but for a factor that is the same everywhere."""
        total = np.zeros(np.shape(x))
        for i, j, c in self.terms:
            total = total + c * x**i * y**j
        return total

    def roots(self, axis: int, other: float) -> list[float]:
        """The real roots along an axis, the other coordinate fixed."""
        degree = max((m[axis] for m in self.plain), default=0)
        rising = [0.0] * (degree + 1)
        for i, j, c in self.terms:
            power, left = (i, j) if axis == 0 else (j, i)
            rising[power] += c * other**left
        return [
            float(z.real)
            for z in np.roots(rising[::-1])
            if abs(z.imag) < TINY * max(1.0, abs(z))
        ]


# ------------------------------------------------------------------------------ limits
def _limits(
    regimes: Regimes,
    plane: _Plane,
    families: Families,
    *given: tuple[Any, Any] | None,
) -> tuple[Limits, Limits]:
    """What the axes show."""
    parameters = [regimes.game.parameters[name] for name in plane.names]
    known: list[Limits | None] = []
    for name, wanted in zip(plane.names, given, strict=True):
        if wanted is None:
            known.append((0.0, 1.0) if name in plane.region.chances else None)
            continue
        low, high = (float(exact(v, f"a limit of {name!r}")) for v in wanted)
        if not low < high:
            raise OutOfRange(f"the limits of {name!r} must rise, not {low}, {high}")
        known.append((low, high))
    if None not in known:
        return known[0], known[1]  # type: ignore[return-value]
    cases = [case for _, own in families for case in own]
    atoms = {a for case in cases for a in case} | set(plane.region.atoms)
    witnesses = _witnesses(plane, cases) or [(1.0, 1.0)]
    lines = [
        _quarters(limits) if limits else [w[axis] for w in witnesses]
        for axis, limits in enumerate(known)
    ]
    found: list[Limits] = [(0.0, 1.0), (0.0, 1.0)]
    # where both are open, the lines of the second round follow from the first
    for _ in range(2):
        for axis, limits in enumerate(known):
            found[axis] = limits or _shown(
                [
                    root
                    for atom in atoms
                    for line in lines[1 - axis]
                    for root in plane.trace(atom).roots(axis, line)
                ],
                [w[axis] for w in witnesses],
                parameters[axis].admits(Fraction(-1)),
            )
        lines = [_quarters(limits) for limits in found]
    return found[0], found[1]


def _quarters(limits: Limits) -> list[float]:
    low, high = limits
    return [low + (high - low) * share for share in (0.25, 0.5, 0.75)]


def _shown(roots: list[float], witnesses: list[float], below_zero: bool) -> Limits:
    """Limits within which most roots lie, or a witness where there is none."""
    if not below_zero:
        roots = [root for root in roots if root > TINY]
    # a curve that runs off to infinity shall not set the scale
    middle = float(np.median(np.abs(roots))) if roots else 0.0
    kept = [r for r in roots if abs(r) <= 5 * max(middle, TINY)] or witnesses
    if not below_zero:
        return 0.0, _rounded(1.5 * max(*kept, TINY))
    span = (max(kept) - min(kept)) or max(abs(max(kept)), 1.0)
    return min(kept) - span / 2, max(kept) + span / 2


def _witnesses(plane: _Plane, cases: Iterable[Case]) -> list[tuple[float, float]]:
    """A point of each case, with the values that are fixed."""
    region, ring = plane.region, plane.region.ring
    held = [
        region.plain(ring.symbol(n) - ring.constant(v), "==")
        for n, v in plane.point.items()
    ]
    found = []
    for case in cases:
        try:
            point = region.point(*strictly(case), *held)
        except Undecided:
            continue
        if point is not None:
            x, y = (float(point[ring.index[n]]) for n in plane.names)
            found.append((x, y))
    return found


def _rounded(value: float) -> float:
    """A number of two digits that is not smaller."""
    unit = 10.0 ** (math.floor(math.log10(value)) - 1)
    return math.ceil(value / unit - TINY) * unit


# ------------------------------------------------------------------------------- areas
class _Window:
    """The part of the plane that is shown, and what is admitted there."""

    def __init__(self, plane: _Plane, xlim: Limits, ylim: Limits) -> None:
        self.plane = plane
        self.limits = (xlim, ylim)
        self.x, self.y = np.meshgrid(
            np.linspace(*xlim, NODES), np.linspace(*ylim, NODES)
        )
        # between the nodes, where no curve is likely to run through many points
        shift = (0.437, 0.561)
        cells = [
            low + (high - low) * (np.arange(NODES - 1) + s) / (NODES - 1)
            for (low, high), s in zip(self.limits, shift, strict=True)
        ]
        self.inner_x, self.inner_y = np.meshgrid(*cells)
        if not (self.admitted(self.inner_x, self.inner_y) > 0).any():
            (x, y), points = plane.names, plane.point.items()
            held = ", ".join(f"{n} = {v}" for n, v in points)
            raise OutOfRange(
                f"nothing is admitted with {x} from {xlim[0]:g} to {xlim[1]:g} and {y} "
                f"from {ylim[0]:g} to {ylim[1]:g}" + (f" at {held}" if held else "")
            )

    def admitted(self, x: Grid, y: Grid) -> Grid:
        """Positive where a point is admitted."""
        return self.all_of(self.plane.region.atoms, x, y)

    def all_of(self, atoms: Iterable[Atom], x: Grid, y: Grid) -> Grid:
        """Positive where all comparisons are true."""
        found = np.ones(np.shape(x))
        for atom in atoms:
            found = np.minimum(found, self.plane.trace(atom).margin(x, y))
        return found

    def any_of(self, cases: Iterable[Case], x: Grid, y: Grid) -> Grid:
        """Positive where all comparisons of some case are true."""
        found = -np.ones(np.shape(x))
        for case in cases:
            found = np.maximum(found, self.all_of(case, x, y))
        return found


def _paint(
    axes: Axes, window: _Window, families: Families, complete: bool
) -> list[tuple[tuple[Any, ...], str]]:
    """Fill the areas; the entries of the legend."""
    from matplotlib.patches import Patch, PathPatch

    inner = (window.inner_x, window.inner_y)
    nodes = (window.x, window.y)
    admitted = window.admitted(*inner) > 0
    member = np.zeros((len(families), int(admitted.sum())), dtype=bool)
    for k, (_, cases) in enumerate(families):
        member[k] = window.any_of(cases, *inner)[admitted] > 0
    sizes = member.sum(axis=1)
    margins = [window.any_of(cases, *nodes) for _, cases in families]
    limit = window.admitted(*nodes)
    entries: list[tuple[tuple[Any, ...], str]] = []
    found = sorted({tuple(map(int, np.flatnonzero(c))) for c in _columns(member)})
    for together in sorted(found, key=lambda c: (not c, c)):
        margin = limit
        for k, own in enumerate(margins):
            margin = np.minimum(margin, own if k in together else -own)
        names = [families[k][0] for k in together]
        if not together:
            names = ["no open family" if complete else "no open family found"]
        styles = _styles(sorted(together, key=lambda k: (sizes[k], k)))
        path = _area(window, margin)
        if path is not None:
            label = f"_{' + '.join(names)}"
            for style in styles:
                axes.add_patch(PathPatch(path, **style, zorder=1, label=label))
        entries.append((tuple(Patch(**s) for s in styles), _entry(names)))
    if not admitted.all():
        style = {"facecolor": OUTSIDE, "edgecolor": OUTSIDE, "linewidth": 0.0}
        path = _area(window, -limit)
        if path is not None:
            label = "_not admitted"
            axes.add_patch(PathPatch(path, **style, zorder=1, label=label))
        entries.append(((Patch(**style),), "not admitted"))
    return entries


def _columns(member: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The columns of a matrix, each once."""
    return np.unique(member.T, axis=0)


def _styles(order: Sequence[int]) -> list[dict[str, Any]]:
    """How an area is drawn: a colour, and hatchings over it."""
    from matplotlib.colors import to_rgb

    if not order:
        return [{"facecolor": NOWHERE, "edgecolor": LINE, "linewidth": 0.6}]
    first, *others = order
    tint = tuple(1 - TINT * (1 - c) for c in to_rgb(COLORS[first % len(COLORS)]))
    styles: list[dict[str, Any]] = [
        {"facecolor": tint, "edgecolor": tint, "linewidth": 0.0}
    ]
    for k in others:
        styles.append(
            {
                "facecolor": "none",
                "edgecolor": COLORS[k % len(COLORS)],
                "hatch": HATCHES[k % len(HATCHES)],
                "linewidth": 0.0,
            }
        )
    return styles


def _area(window: _Window, margin: Grid) -> Path | None:
    """Where a margin is positive."""
    from matplotlib.figure import Figure

    top = float(margin.max())
    if top <= 0:
        return None
    scratch = Figure().add_subplot()
    filled = scratch.contourf(window.x, window.y, margin, levels=[0.0, 2 * top])
    path: Path = filled.get_paths()[0]
    return path


# -------------------------------------------------------------------------- boundaries
def _boundaries(window: _Window, families: Families) -> Iterator[tuple[str, Grid]]:
    """The curves on which families begin, as runs of points, each with its equation."""
    region = window.plane.region
    # which other comparisons must hold on a curve, and which cases must not
    bounds: dict[Atom, list[tuple[Case, list[Case]]]] = {}
    for _, cases in families:
        for case in cases:
            for atom in case:
                rivals = [strictly(other) for other in cases if other != case]
                for equation, _ in equations(region, atom):
                    bounds.setdefault(equation, []).append((case - {atom}, rivals))
    for equation in sorted(bounds, key=lambda a: a.key):
        trace = window.plane.trace(equation)
        if trace.is_settled:
            continue
        name = str(relation_of(region.ring, region, equation))

        def bounding(points: Grid, wanted: Wanted = bounds[equation]) -> Any:
            x, y = points[:, 0], points[:, 1]
            found = np.zeros(len(points), dtype=bool)
            for rest, rivals in wanted:
                on = window.all_of(rest, x, y) >= -TINY
                found |= on & ~(window.any_of(rivals, x, y) > TINY)
            return found & (window.admitted(x, y) >= -TINY)

        for line in _curves(window, trace):
            for run in _runs(line, bounding):
                yield name, _moved(window, trace, run)


def _curves(window: _Window, trace: _Trace) -> list[Grid]:
    """The curves on which a polynomial changes sign, as points on them."""
    from matplotlib.figure import Figure

    values = trace.value(window.x, window.y)
    if not values.min() < 0 < values.max():
        return []
    scratch = Figure().add_subplot()
    lines = scratch.contour(window.x, window.y, values, levels=[0.0]).allsegs[0]
    return [_moved(window, trace, np.asarray(line)) for line in lines if len(line) > 1]


def _moved(window: _Window, trace: _Trace, line: Grid) -> Grid:
    """Points moved onto a curve that they are near to, by Newton's method."""
    spans = np.array([high - low for low, high in window.limits])
    cell = 1.0 / (NODES - 1)
    points = line.copy()
    for _ in range(4):
        x, y = points[:, 0], points[:, 1]
        slope = np.stack([trace.derivative(k, x, y) * spans[k] for k in (0, 1)], axis=1)
        steep = (slope**2).sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            step = -slope * (trace.plainly(x, y) / steep)[:, None]
        near = np.isfinite(step).all(axis=1) & (abs(step).max(axis=1) < cell)
        points = points + np.where(near[:, None], step * spans, 0.0)
    return points


def _runs(line: Grid, keep: Callable[[Grid], Any]) -> Iterator[Grid]:
    """The parts of a line on which a condition holds, up to where it ends."""
    kept = keep(line)
    start = 0
    for position in range(1, len(line) + 1):
        if position < len(line) and kept[position] == kept[start]:
            continue
        if kept[start]:
            run = [line[start:position]]
            if start:
                run.insert(0, _end(line[start], line[start - 1], keep))
            if position < len(line):
                run.append(_end(line[position - 1], line[position], keep))
            whole = np.concatenate(run)
            if len(whole) > 2:
                yield whole
        start = position


def _end(inside: Grid, outside: Grid, keep: Callable[[Grid], Any]) -> Grid:
    """The last point on the way out at which a condition holds."""
    low, high = 0.0, 1.0
    for _ in range(20):
        middle = (low + high) / 2
        if keep((inside + middle * (outside - inside))[None])[0]:
            low = middle
        else:
            high = middle
    return np.asarray((inside + low * (outside - inside))[None])


# ------------------------------------------------------------------------------- words
def _entry(names: Sequence[str]) -> str:
    """The families of an area, one below the other."""
    wrapped = [
        "\n".join(
            textwrap.wrap(
                _clean(name),
                LEGEND_WIDTH,
                initial_indent="+ " if k else "",
                subsequent_indent="    ",
                break_on_hyphens=False,
            )
        )
        for k, name in enumerate(names)
    ]
    return "\n".join(wrapped)


def _label(name: str, parameter: Parameter) -> str:
    text = f"{name}: {parameter.meaning}" if parameter.meaning else name
    if parameter.unit:
        text += f" ({parameter.unit})"
    return "\n".join(textwrap.wrap(_clean(text), LABEL_WIDTH)[:3])


def _frame(axes: Axes, regimes: Regimes, window: _Window, title: str | None) -> None:
    """Limits, names of the axes and the title."""
    game, (x, y) = regimes.game, window.plane.names
    axes.set_xlim(*window.limits[0])
    axes.set_ylim(*window.limits[1])
    axes.set_xlabel(_label(x, game.parameters[x]), parse_math=False)
    axes.set_ylabel(_label(y, game.parameters[y]), parse_math=False)
    if title is None:
        values = {**game.bound, **window.plane.point}
        shown = [f"{n} = {brief(v)}" for n, v in values.items()]
        parts = [game.name, *filter(None, [", ".join(shown)])]
        if regimes.given:
            parts.append(f"given {', '.join(map(str, regimes.given))}")
        if not regimes.complete:
            parts.append("not proved complete")
        title = "; ".join(parts)
    lines = textwrap.wrap(_clean(title), TITLE_WIDTH)
    axes.set_title("\n".join(lines), loc="left", fontsize="medium", parse_math=False)


def _legend(axes: Axes, entries: list[tuple[tuple[Any, ...], str]]) -> None:
    from matplotlib.legend_handler import HandlerTuple

    legend = axes.legend(
        [handles for handles, _ in entries],
        [label for _, label in entries],
        handler_map={tuple: HandlerTuple(ndivide=1, pad=0)},
        loc="upper left",
        bbox_to_anchor=(1.02, 1.0),
        borderaxespad=0.0,
        frameon=False,
        handlelength=3.0,
        handleheight=2.0,
        labelspacing=1.0,
        fontsize="small",
        title="families that exist",
        alignment="left",
    )
    for text in legend.get_texts():
        text.set_parse_math(False)
