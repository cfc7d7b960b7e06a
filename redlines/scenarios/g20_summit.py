"""G20 summit: who concedes the precondition of a meeting, when, and whether in time.

After a statement of Dmitry Suslov (`suslov-g20-summit`): a meeting makes sense only
once its precondition is met, so each side concedes now or waits, and waiting costs
both.

Reads: claims, evidence, numbers, parameters, play, scenario, solving, studies.  Used
by: its registry.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from redlines.claims import P
from redlines.errors import UnknownLabel
from redlines.evidence import OURS, Assumption, Switch
from redlines.numbers import Amount, brief, parse
from redlines.parameters import Positive, Probability
from redlines.play import REST, RUSSIA, US, Play, game
from redlines.scenario import Scenario
from redlines.solving import solve
from redlines.studies import Finding, Study

__all__ = ["SCENARIO", "g20_summit"]

SUMMIT = "suslov-g20-summit"

KNOWN = {
    "private": "each side knows of itself whether it can concede, not of the other",
    "open": "each side knows of both",
}


@game(US, RUSSIA)
def g20_summit(
    play: Play,
    stubborn: Probability = Probability(
        "chance that a side cannot concede, the same for both"
    ),
    prize: Positive = Positive("what the summit is worth to either side", "payoff"),
    price: Positive = Positive(
        "what the precondition costs whoever concedes it alone", "payoff"
    ),
    delay: Positive = Positive(
        "what a period without a concession costs either side", "payoff"
    ),
    periods: int = 2,
    knows: str = "private",
) -> None:
    """A summit has a date; it takes place if its precondition is conceded by then.

    Chance makes each side flexible, so that it can concede the precondition, or
    stubborn, so that it cannot. In each period both decide at once, to concede or to
    wait. Once somebody concedes, the summit takes place and is worth the same to both;
    who conceded pays the price, each half of it if both did. A period that passes
    without a concession costs both. The last period is the eve of the summit: if
    nobody concedes then, there is none.
    """
    if knows not in KNOWN:
        raise UnknownLabel("way of knowing who can concede", knows, KNOWN)
    kind = {}
    for side in (US, RUSSIA):
        kind[side] = play.draw(
            side, {"stubborn": stubborn, "flexible": REST}, seen_by=side
        )
    if knows == "open":
        play.tell(US, "Russia")
        play.tell(RUSSIA, "US")

    for period in range(1, periods + 1):
        when = "on the eve" if period == periods else f"in period {period}"
        conceding = []
        for side in (US, RUSSIA):
            # what the other did is known once the game goes on, and not before
            if kind[side] == "stubborn":
                continue
            name = f"{side} {when}"
            if play.move(side, name, ["concede", "wait"], seen_by=[]) == "concede":
                conceding.append(side)
        if conceding:
            play.mark(f"conceded {when}")
            play.pay({US: prize, RUSSIA: prize}, because="summit")
            for side in conceding:
                play.pay({side: -price / len(conceding)}, because="precondition")
            return
        if period < periods:
            play.pay({US: -delay, RUSSIA: -delay}, because="delay")
            play.mark(f"nothing by period {period}")
    play.mark("no summit")


FORMS = {
    knows: g20_summit if knows == "private" else g20_summit(knows=knows)
    for knows in KNOWN
}

ASSUMPTIONS = [
    Assumption(
        "price < prize",
        SUMMIT,
        why="a meeting makes sense once its precondition is met: to a side that can "
        "concede, the summit is worth it",
    ),
    Assumption(
        "2*delay < (1 - stubborn)*price",
        SUMMIT,
        why="whether to concede now or to wait is a question: who expects the other to "
        "concede on the eve if it can would rather wait and share the price",
        alternative="delay < price",
    ),
    Assumption(
        "1/20 <= stubborn <= 19/20",
        OURS,
        why="neither side is sure of the other; the range is ours",
    ),
]

BASELINE: dict[str, Amount] = {
    "stubborn": "1/2",
    "prize": 4,
    "price": 2,
    "delay": "1/4",
}

NUMBERS_OF_PERIODS = (2, 3, 4)
RISING = tuple(Fraction(n, 20) for n in range(1, 15))
CHANCES = (Fraction(1, 10), Fraction(1, 4), Fraction(1, 2))


def hazards(family: Any, periods: int) -> list[Any]:
    """The range of the chance of a concession, if none came before, by period."""
    found = []
    for period in range(1, periods + 1):
        when = "on the eve" if period == periods else f"in period {period}"
        before = f"nothing by period {period - 1}" if period > 1 else None
        found.append(family.range(P(f"conceded {when}", given=before)))
    return found


def _timing(scenario: Scenario) -> Finding:
    """When a concession comes, with more periods, at several chances of none."""
    rows = [["periods", "stubborn", "family", "early", "in between", "on the eve"]]
    count = longer = quiet = jumps = 0
    bars = {}
    for periods in NUMBERS_OF_PERIODS:
        told = g20_summit(periods=periods)
        for chance in CHANCES:
            values = {**scenario.baseline, "stubborn": chance}
            solution = solve(told.bind(**values), "sequential")
            for number, family in enumerate(solution.families, 1):
                first, *between, eve = hazards(family, periods)
                count += 1
                quiet += bool(between) and between[-1].high == 0
                longer += bool(between)
                before = between[-1] if between else first
                jumps += eve.low > before.high
                words = ", ".join(map(_rounded, between)) or "-"
                rows.append(
                    [
                        *(str(periods), brief(chance), str(number)),
                        *(_rounded(first), words, _rounded(eve)),
                    ]
                )
            if chance == scenario.baseline["stubborn"]:
                bars[periods] = hazards(solution.families[-1], periods)
    return Finding(
        f"In {jumps} of {count} families a concession is likelier on the eve, if none "
        f"came before, than in the period before it. In {quiet} of the {longer} with "
        "three periods or more nobody concedes in the period before the eve: who "
        "concedes does so early or at the last moment.",
        table=rows,
        draw=lambda: plot_hazards(bars),
    )


def _failing(scenario: Scenario) -> Finding:
    """How likely it is that there is no summit, by how stubborn the sides are."""
    rows = [["stubborn", "neither can concede", "no summit, at least", "at most"]]
    points = []
    for chance in RISING:
        values = {**scenario.baseline, "stubborn": chance}
        families: Any = solve(g20_summit.bind(**values), "sequential").families
        spans = [family.range("no summit") for family in families]
        low, high = min(s.low for s in spans), max(s.high for s in spans)
        points.append((chance, low, high))
        rows.append([brief(x) for x in (chance, chance**2, low, high)])
    excess = [chance for chance, low, _ in points if low > chance**2]
    worst = max(chance for chance in excess)
    before = max(high for chance, _, high in points if chance == worst)
    calm, least = next((c, high) for c, _, high in points if c > worst)
    words = "lower than" if least < before else "not lower than"
    return Finding(
        "Where the sides are rarely stubborn, up to "
        f"{brief(worst)} of the values tried, the summit fails more often than neither "
        "can concede, since each hopes that the other will; the chance that it fails "
        f"is {words} that ({brief(least)} after as much as {brief(before)}) where they "
        f"are stubborn more often, with {brief(calm)}.",
        table=rows,
        draw=lambda: plot_failing(points),
    )


def plot_failing(points: Sequence[tuple[Fraction, Any, Any]]) -> Any:
    """Draw the chance of no summit against how stubborn the sides are."""
    import matplotlib.pyplot as plt

    _, ax = plt.subplots(figsize=(7, 3.8))
    chances = [float(chance) for chance, _, _ in points]
    floor = [chance**2 for chance in chances]
    low = [float(at_least) for _, at_least, _ in points]
    high = [float(at_most) for _, _, at_most in points]
    ax.plot(chances, floor, color="0.5", linestyle="--", label="neither can concede")
    ax.vlines(chances, low, high, color="C0", linewidth=2)
    ax.plot(chances, low, "o", color="C0", label="no summit, least and most")
    ax.plot(chances, high, "o", color="C0")
    ax.set_xlabel("chance that a side is stubborn")
    ax.set_ylabel("chance of no summit")
    ax.set_ylim(bottom=0)
    ax.legend(frameon=False)
    for edge in ("top", "right"):
        ax.spines[edge].set_visible(False)
    return ax


def _rounded(span: Any) -> str:
    low, high = (f"{float(end):.3g}" for end in (span.low, span.high))
    return low if low == high else f"{low} to {high}"


def plot_hazards(bars: dict[int, list[Any]]) -> Any:
    """Draw the hazard of a concession by period, for several numbers of periods."""
    import matplotlib.pyplot as plt

    _, ax = plt.subplots(figsize=(7, 3.6))
    for shift, (periods, spans) in enumerate(bars.items()):
        before = [k - periods for k in range(1, periods + 1)]
        heights = [float(span.high) for span in spans]
        places = [x + 0.25 * (shift - 1) for x in before]
        drawn = ax.bar(places, heights, width=0.22, label=f"{periods} periods")
        ax.bar_label(drawn, fmt="%.2g", fontsize=8)
    longest = max(bars)
    ax.set_xticks(range(1 - longest, 1))
    ax.set_xticklabels([*(f"{-k} before" for k in range(1 - longest, 0)), "on the eve"])
    ax.set_ylabel("chance of a concession\nif none came before")
    ax.set_ylim(0, 1)
    ax.legend(frameon=False)
    for edge in ("top", "right"):
        ax.spines[edge].set_visible(False)
    return ax


SCENARIO = Scenario(
    name="g20_summit",
    question=(
        "A summit makes sense once its precondition is conceded, and it has a date. "
        "Does it fail although one of the two could have conceded, and when does a "
        "concession come?"
    ),
    statements=[SUMMIT],
    game=g20_summit,
    forms=FORMS,
    meanings=KNOWN,
    assumptions=ASSUMPTIONS,
    switches=[
        Switch(
            "knows",
            "private",
            "open",
            OURS,
            why="whether a side can concede is what it does not show while it waits",
        )
    ],
    baseline=BASELINE,
    claims={
        "the summit fails only where neither side can concede": P("no summit")
        <= parse("stubborn**2", ["stubborn"]),
        "nobody concedes before the eve": P("conceded in period 1") <= 0,
        "a concession is at least as likely on the eve, if none came before, as in the "
        "period before it": P("conceded on the eve", given="nothing by period 1")
        >= P("conceded in period 1"),
    },
    studies=[
        Study(
            "Period by period",
            "With more periods before the date, and less stubborn sides, when does a "
            "concession come?",
            _timing,
        ),
        Study(
            "How likely no summit is",
            "How does the chance that there is no summit move with how stubborn the "
            "sides are?",
            _failing,
        ),
    ],
    moved=("stubborn", "price"),
    findings=[
        "Where each side knows only of itself, both wait until the eve, and each then "
        "concedes if it can, for fear that the other cannot: the summit fails only "
        "where neither can concede.",
        "Where each knows of both, two flexible sides may each count on the other, and "
        "then the summit can fail although both could have conceded.",
    ],
    limits=[
        "The numbers are ours and illustrative, so the probabilities compare one form "
        "of the game with another and forecast nothing.",
        "The date is fixed, both sides are alike, what is conceded is one thing and "
        "worth the same price to both, and whose conflict it is that would be "
        "suspended is left out: third parties are not strategic here.",
    ],
    answer=(
        "It fails only where neither can concede if each has reason enough to fear "
        "that of the other, and more often if not; a concession comes early or on the "
        "eve."
    ),
)
