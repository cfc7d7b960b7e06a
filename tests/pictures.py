"""Games to draw, stand-ins for their equilibria, and what lies where in a picture."""

from __future__ import annotations

import random
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import RendererAgg

import redlines as rl
from redlines import RUSSIA, US

SHORT = ["a", "b", "go", "stop", "l", "r"]
LONG = [
    "escalate to the next rung of the ladder",
    "back down before anybody notices that a line was crossed at all",
    "withdraw_from_every_agreement_and_say_nothing",
    "W" * 70,
]
STRANGE = [
    "$x^2$",
    "$$",
    "cost in $",
    'say "no"',
    "it's <b>bold</b> & so on",
    "\\frac{1}{2}",
    "under_score^caret",
    "100 % {brace} #~",
    "naïve Ωμέγα — ≠ Красная",
    "tab\tand\x07bell",
]


# ------------------------------------------------------------------------- measuring
def extents(ax: Any) -> list[tuple[str, Any]]:
    """Every visible text of the whole figure and its box, in pixels."""
    figure = ax.figure.canvas.figure
    figure.draw_without_rendering()
    renderer = RendererAgg(1, 1, figure.dpi)
    return [
        (text.get_text(), text.get_window_extent(renderer))
        for text in figure.findobj(mpl.text.Text)
        if text.get_visible() and text.get_text()
    ]


def overlaps(ax: Any) -> list[tuple[str, str]]:
    """Pairs of texts whose boxes share more than an edge."""
    return _overlapping(extents(ax))


def _overlapping(found: list[tuple[str, Any]]) -> list[tuple[str, str]]:
    return [
        (one, other)
        for k, (one, a) in enumerate(found)
        for other, b in found[:k]
        if min(a.x1, b.x1) > max(a.x0, b.x0) and min(a.y1, b.y1) > max(a.y0, b.y0)
    ]


def _struck(ax: Any, found: list[tuple[str, Any]]) -> list[str]:
    """Texts that a line or a marker touches."""
    pixels = ax.figure.canvas.figure.dpi / 72
    paths = [
        (line.get_path().transformed(line.get_transform()), line.get_markersize())
        for line in ax.lines
    ]
    return [
        text
        for text, box in found
        for path, size in paths
        if (
            path.intersects_bbox(box, filled=False)
            if len(path.vertices) > 1
            else box.padded(size / 2 * pixels).contains(*path.vertices[0])
        )
    ]


def _outside(ax: Any, found: list[tuple[str, Any]]) -> list[str]:
    """Texts that are not wholly within the axes."""
    frame = ax.get_window_extent()
    return [
        text
        for text, box in found
        if min(box.x0 - frame.x0, frame.x1 - box.x1) < 0
        or min(box.y0 - frame.y0, frame.y1 - box.y1) < 0
    ]


def require_clear(ax: Any, lines: bool = True) -> None:
    """No text over another, over the edge or, with `lines`, under a line or marker."""
    found = extents(ax)
    assert _overlapping(found) == []
    assert _outside(ax, found) == []
    if lines:
        assert _struck(ax, found) == []


def texts(ax: Any) -> list[str]:
    return [text.get_text() for text in ax.texts]


def links(ax: Any) -> list[Any]:
    """The dashed lines of the tree, which are never level as the legend's sample is."""
    dashed = [line for line in ax.lines if line.get_linestyle() == "--"]
    return [line for line in dashed if len(set(line.get_ydata())) > 1]


def branch(ax: Any, history: str) -> Any:
    (line,) = (line for line in ax.lines if line.get_label() == f"_{history}")
    return line


# ----------------------------------------------------------------------------- games
@rl.game(US, RUSSIA)
def red_line(
    play,
    p=rl.Probability("chance that the US is resolved"),
    V=rl.Positive("stake"),
    k=rl.Positive("sunk cost"),
    a=rl.Positive("audience cost"),
    c=rl.Positive("cost to the resolved"),
    d=rl.Positive("cost to the irresolute"),
):
    resolve = play.draw("US resolve", {"resolved": p, "irresolute": 1 - p}, seen_by=US)
    drawn = play.move(US, "declare", ["draw line", "stay silent"]) == "draw line"
    if drawn:
        play.pay({US: -k}, because="sunk cost")
    if play.move(RUSSIA, "act", ["cross", "refrain"]) == "refrain":
        play.pay({US: V}, because="the line holds")
        return
    play.mark("crossed")
    play.pay({RUSSIA: V}, because="gain")
    if play.move(US, "answer", ["enforce", "back down"]) == "enforce":
        cost = V / 2 - c if resolve == "resolved" else -d
        play.pay({US: cost, RUSSIA: -2 * V}, because="clash")
    elif drawn:
        play.pay({US: -a}, because="audience cost")


BOUND = red_line.bind(p="1/4", V=4, k=1, a=2, c=1, d=3)


def assessment(game: rl.Game, choose: Any, believe: Any = None) -> SimpleNamespace:
    """A stand-in for an equilibrium: what the picture may rely on, no more."""
    return SimpleNamespace(
        strategy={
            player: {
                label: dict(zip(infoset.actions, choose(infoset), strict=True))
                for label, infoset in game.infosets.items()
                if infoset.player == player
            }
            for player in game.players
        },
        belief={
            label: dict(zip(infoset.histories, believe(infoset), strict=True))
            if believe
            else {}
            for label, infoset in game.infosets.items()
        },
        payoffs=dict.fromkeys(game.players, Fraction(11, 4)),
        probability=lambda event: Fraction(7, 8),
    )


def semi_separating() -> SimpleNamespace:
    def choose(infoset: Any) -> tuple[Fraction, Fraction]:
        known = dict(infoset.facts)
        if infoset.name == "act":
            first = Fraction(1, 2) if known["declare"] == "draw line" else Fraction(1)
        elif known["US resolve"] == "resolved":
            first = Fraction(1)
        else:
            first = Fraction(1, 3) if infoset.name == "declare" else Fraction(0)
        return first, 1 - first

    def believe(infoset: Any) -> tuple[Fraction, ...]:
        if len(infoset.histories) == 1:
            return (Fraction(1),)
        after_line = dict(infoset.facts)["declare"] == "draw line"
        first = Fraction(1, 2) if after_line else Fraction(1, 6)
        return first, 1 - first

    return assessment(BOUND, choose, believe)


def mixed(game: rl.Game, seed: int) -> SimpleNamespace:
    """Random mixtures and beliefs, many of them 0 or 1."""
    rng = random.Random(seed)

    def shares(size: int) -> list[Fraction]:
        weights = [rng.choice([0, 0, 1, 2, 7]) for _ in range(size)]
        weights[rng.randrange(size)] += 1
        return [Fraction(w, sum(weights)) for w in weights]

    return assessment(
        game, lambda i: shares(len(i.actions)), lambda i: shares(len(i.histories))
    )


def random_story(
    seed: int, names: list[str], depth: int, aligned: bool, nodes: int = 60
) -> rl.Game:
    """A tree whose few decisions return in many places, seen by some or by none.

    With `aligned` a decision belongs to one depth; without, its information sets can
    span depths.
    """
    rng = random.Random(seed)
    sizes = (2, 4) if depth < 4 else (1, 3)
    players = (rng.choice(names) + " I", rng.choice(names) + " II")
    decisions = [
        (
            rng.choice([0, 1, 0, 1, 2]),
            f"{rng.choice(names)} {k}",
            [f"{rng.choice(names)} {k}.{j}" for j in range(rng.randint(*sizes))],
            rng.choice([[], [], [], None]),
        )
        for k in range(depth + 2)
    ]
    plan: dict[tuple[str, ...], Any] = {}
    frontier: list[tuple[str, ...]] = [()]
    size = 1
    while frontier:
        path = frontier.pop(rng.randrange(len(frontier)))
        at = len(path) if aligned else rng.randrange(len(decisions))
        stops = len(path) >= depth or (path and rng.random() < 0.1)
        plan[path] = None
        if not stops and size + len(decisions[at][2]) <= nodes:
            plan[path] = decisions[at]
            size += len(decisions[at][2])
            frontier += [(*path, option) for option in decisions[at][2]]

    def story(play, stake=rl.Positive("stake"), price=rl.Real("price")):
        path: tuple[str, ...] = ()
        while plan[path]:
            who, name, options, seen = plan[path]
            if who == 2:
                share = dict.fromkeys(options[:-1], Fraction(1, len(options)))
                choice = play.draw(name, {**share, options[-1]: rl.REST}, seen_by=seen)
            else:
                choice = play.move(players[who], name, options, seen_by=seen)
            path = (*path, choice)
        local = random.Random(f"{seed} {path}")
        amount = local.randint(-20, 20)
        play.pay({players[0]: amount * stake / 7 - price, players[1]: amount})
        if amount > 5:
            play.mark(names[amount % len(names)])

    return rl.game(*players)(story)


def ladder(rungs: int) -> rl.Game:
    @rl.game(US, RUSSIA)
    def steps(play):
        nerve = play.draw("nerve", {"strong": "1/3", "weak": rl.REST}, seen_by=US)
        for rung in range(rungs):
            who, other = (RUSSIA, US) if rung % 2 else (US, RUSSIA)
            if play.move(who, f"rung {rung}", ["escalate", "back down"]) == "back down":
                play.pay({other: 1}, because="prize")
                return
        play.mark("disaster")
        play.pay({US: -1 if nerve == "strong" else -6, RUSSIA: -6})

    return steps
