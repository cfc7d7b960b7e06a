"""The picture of a bargaining problem: what is in it, and what is refused."""

from __future__ import annotations

import pytest

import redlines as rl

NAMES = ["no agreement", "Nash", "Kalai-Smorodinsky", "egalitarian", "utilitarian"]


@pytest.fixture(autouse=True)
def _quiet_figures():
    """No window, and no figure left open for pyplot to warn about."""
    from matplotlib import pyplot

    pyplot.switch_backend("agg")
    yield
    pyplot.close("all")


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


@pytest.mark.parametrize(
    "problem",
    [
        rl.BargainingProblem({"a$": (5, 0), "b": (4, 2), "c<d>": (0, 3)}, (0, "1/2")),
        rl.BargainingProblem.from_frontier("9-x**2", (0, 3), disagreement=(1, 1)),
        rl.BargainingProblem.pie(),
        rl.BargainingProblem([(1, 1)], lotteries=False),
        rl.BargainingProblem([(-1, -1)]),
    ],
    ids=["packages", "curve", "pie", "one package", "no gains"],
)
def test_all_solutions_are_drawn_where_they_are(problem):
    ax = problem.plot()
    assert legend(ax) == NAMES
    ax.figure.canvas.draw()
    drawn = {line.get_label(): line.get_xydata()[0] for line in ax.lines}
    nash = [float(v) for v in rl.solve(problem, "nash bargaining")[0].payoffs.values()]
    assert list(drawn["Nash"]) == nash
    assert ax.get_title("left") == problem.name


def test_some_solutions_on_given_axes():
    from matplotlib import pyplot

    _, ax = pyplot.subplots()
    got = rl.BargainingProblem.pie().plot(ax, solutions=["egalitarian"], title="")
    assert got is ax
    assert legend(ax) == ["no agreement", "egalitarian"]
    assert not ax.get_title("left")


def test_what_cannot_be_drawn_says_why():
    with pytest.raises(rl.UnknownLabel, match="no solution 'nash'"):
        rl.BargainingProblem.pie().plot(solutions=["nash"])
    with pytest.raises(rl.UnboundParameter, match="stake"):
        rl.BargainingProblem.pie("stake").plot()
