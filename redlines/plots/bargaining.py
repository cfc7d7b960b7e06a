"""The picture of a bargaining problem: what can be agreed on, and the solutions.

Reads: errors, bargains, plots.tree, solving.  Used by: `BargainingProblem.plot`, users.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from redlines.bargains.chain import hull
from redlines.bargains.problems import BargainingProblem
from redlines.errors import UnknownLabel
from redlines.plots.tree import _clean
from redlines.solving import solve

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_bargaining"]

# after Okabe and Ito; told apart by readers with any of the usual colour blindnesses
SOLUTIONS = {
    "nash bargaining": ("Nash", "o", "#0072b2"),
    "kalai smorodinsky": ("Kalai-Smorodinsky", "s", "#e69f00"),
    "egalitarian": ("egalitarian", "^", "#009e73"),
    "utilitarian": ("utilitarian", "D", "#cc79a7"),
}
AREA, FAIR, LINE = "#eef1f4", "#d5dee6", "#222222"
LABELLED = 12
WIDTH = 26
STEPS = 240


def plot_bargaining(
    problem: BargainingProblem,
    ax: Axes | None = None,
    *,
    solutions: Sequence[str] = tuple(SOLUTIONS),
    labels: bool = True,
    title: str | None = None,
) -> Axes:
    """The feasible set, its frontier, the disagreement point and the solutions.

    Parameters
    ----------
    problem : BargainingProblem
        Every parameter bound; third parties, if any, asked after the bargaining.
    ax : matplotlib Axes, optional
        Where to draw; default a new figure.
    solutions : sequence of str
        Which of the four are shown, as `redlines.solve` names them.
    labels : bool
        Whether packages are named, up to twelve.
    title : str, optional
        Default the problem's name; ``""`` for none.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    UnboundParameter
        If a parameter has no value.
    UnknownLabel
        For a solution that there is not.

    Notes
    -----
    What gives both at least their disagreement payoffs is darker. A solution that is
    more than a point is drawn as a line.
    """
    import matplotlib.pyplot as plt

    for concept in solutions:
        if concept not in SOLUTIONS:
            raise UnknownLabel("solution", concept, tuple(SOLUTIONS))
    problem._require_numbers("a picture")
    if ax is None:
        _, ax = plt.subplots(figsize=(6.4, 5.6), layout="constrained")
    if problem._curve is None:
        _draw_packages(ax, problem, labels)
    else:
        _draw_curve(ax, problem)
    d: Any = problem._point
    low, high = ax.get_xlim()
    bottom, top = ax.get_ylim()
    ax.plot([d[0], d[0], high], [top, d[1], d[1]], color=LINE, lw=0.8, ls=":", zorder=2)
    ax.plot(
        *map(float, d), "x", color=LINE, ms=8, mew=2, zorder=5, label="no agreement"
    )
    for size, concept in enumerate(solutions):
        _draw_solution(ax, problem, concept, 13 - 2.4 * size)
    ax.set_xlim(low, high)
    ax.set_ylim(bottom, top)
    ax.set_xlabel(_text(f"{problem.players[0]}, payoff units"))
    ax.set_ylabel(_text(f"{problem.players[1]}, payoff units"))
    ax.spines[["top", "right"]].set_visible(False)
    if title != "":
        ax.set_title(_text(title or problem.name), loc="left")
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize=9)
    return ax


def _text(words: str) -> str:
    """Words as they are; no dollar sign begins a formula."""
    return _clean(words).replace("$", r"\$")


def _limits(ax: Axes, xs: Sequence[float], ys: Sequence[float]) -> None:
    for values, put in ((xs, ax.set_xlim), (ys, ax.set_ylim)):
        margin = 0.08 * (max(values) - min(values)) or 1.0
        put(min(values) - margin, max(values) + 1.6 * margin)


def _draw_packages(ax: Axes, problem: BargainingProblem, labels: bool) -> None:
    points = problem._points
    corners = [(float(x), float(y)) for x, y in hull([p for _, p in points])]
    xs, ys = [float(p[0]) for _, p in points], [float(p[1]) for _, p in points]
    _limits(ax, xs, ys)
    d: Any = problem._point
    if problem.lotteries:
        if len(corners) > 2:
            ax.fill(*zip(*corners, strict=True), color=AREA, zorder=0)
        part = problem._pareto.above(d)
        whole = problem._pareto.corners
        ax.plot(
            [float(c.x) for c in whole],
            [float(c.y) for c in whole],
            color=LINE,
            lw=1.0,
            zorder=2,
        )
        if part is not None:
            line = [(float(c.x), float(c.y)) for c in part.corners]
            _draw_fair(ax, problem, corners)
            ax.plot(*zip(*line, strict=True), color=LINE, lw=2.4, zorder=2)
    ax.plot(xs[:-1], ys[:-1], ".", color=LINE, ms=6, zorder=3)
    if labels and len(points) - 1 <= LABELLED:
        for label, (x, y) in points[:-1]:
            words = _text(label)
            ax.annotate(
                words if len(words) <= WIDTH else words[: WIDTH - 1] + "…",
                (float(x), float(y)),
                xytext=(6, 5),
                textcoords="offset points",
                fontsize=8,
                color="#444444",
            )


def _draw_fair(
    ax: Axes, problem: BargainingProblem, corners: Sequence[tuple[float, float]]
) -> None:
    """What gives both at least disagreement, darker."""
    d = tuple(float(v) for v in problem.disagreement.values())
    shape = list(corners)
    for axis in range(2):
        cut: list[tuple[float, float]] = []
        for one, other in zip(shape, [*shape[1:], *shape[:1]], strict=True):
            if one[axis] >= d[axis]:
                cut.append(one)
            if (one[axis] - d[axis]) * (other[axis] - d[axis]) < 0:
                t = (d[axis] - one[axis]) / (other[axis] - one[axis])
                cut.append(
                    (one[0] + t * (other[0] - one[0]), one[1] + t * (other[1] - one[1]))
                )
        shape = cut
    if len(shape) > 2:
        ax.fill(*zip(*shape, strict=True), color=FAIR, zorder=1)


def _draw_curve(ax: Axes, problem: BargainingProblem) -> None:
    curve, d = problem._curve, [float(v) for v in problem.disagreement.values()]
    assert curve is not None
    low, high = map(float, curve.ends)
    xs = [low + (high - low) * k / STEPS for k in range(STEPS + 1)]
    p, q = ([float(c) for c in poly] for poly in curve.parts)
    ys = [
        sum(c * x**k for k, c in enumerate(p)) / sum(c * x**k for k, c in enumerate(q))
        for x in xs
    ]
    _limits(ax, [*xs, d[0]], [*ys, d[1]])
    bottom = min(*ys, d[1])
    ax.fill_between(xs, [bottom] * len(xs), ys, color=AREA, lw=0, zorder=0)
    fair = [(x, y) for x, y in zip(xs, ys, strict=True) if x >= d[0] and y >= d[1]]
    if len(fair) > 1:
        across, up = zip(*fair, strict=True)
        ax.fill_between(across, d[1], up, color=FAIR, lw=0, zorder=1)
    ax.plot(xs, ys, color=LINE, lw=1.8, zorder=2)


def _draw_solution(
    ax: Axes, problem: BargainingProblem, concept: str, size: float
) -> None:
    name, marker, color = SOLUTIONS[concept]
    answers: Sequence[Any] = solve(problem, concept)
    for number, found in enumerate(answers):
        x, y = (float(v) for v in found.payoffs.values())
        if found.ends:
            line = [[float(v) for v in pays.values()] for pays, _ in found.ends]
            ax.plot(*zip(*line, strict=True), color=color, lw=6, alpha=0.45, zorder=2.5)
        ax.plot(
            x,
            y,
            marker,
            color=color,
            ms=size,
            mec="white",
            mew=0.8,
            zorder=4,
            ls="none",
            label=None if number else name,
        )
