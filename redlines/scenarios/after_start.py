"""After the treaty: how long compliance lasts before a treaty with an end date ends.

After a statement of Dmitry Suslov (`suslov-after-start`): the treaty must be carried
out while it is in force, and what follows its expiry is to be talked about.

Reads: claims, evidence, numbers, parameters, play, scenario, solving, studies.  Used
by: its registry.
"""

from __future__ import annotations

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

__all__ = ["SCENARIO", "after_start"]

TREATY = "suslov-after-start"

KNOWN = {
    "private": "the US does not know whether Russia is committed",
    "open": "the US knows whether Russia is committed",
}


@game(US, RUSSIA)
def after_start(
    play: Play,
    committed: Probability = Probability(
        "chance that Russia carries the treaty out whatever the US does"
    ),
    gain: Positive = Positive(
        "what a breach brings whoever commits it alone", "periods of compliance"
    ),
    loss: Positive = Positive(
        "what the other's breach costs whoever complies", "periods of compliance"
    ),
    after: Positive = Positive(
        "what is to follow a treaty that ran its course, to either side",
        "periods of compliance",
    ),
    periods: int = 3,
    knows: str = "private",
) -> None:
    """A treaty is in force for some periods; in each, both comply or breach at once.

    Chance makes Russia committed, so that it always complies, or free to choose, as the
    US is. A period in which both comply is worth 1 to each. A breach ends the treaty:
    whoever commits it alone has the gain from it, whoever complied the loss; if both
    breach, neither has anything. After the last period, what is to follow is worth
    something to both, provided that nobody breached the treaty.
    """
    if knows not in KNOWN:
        raise UnknownLabel("way of knowing who is committed", knows, KNOWN)
    russia = play.draw("Russia", {"committed": committed, "free": REST}, seen_by=RUSSIA)
    if knows == "open":
        play.tell(US, "Russia")

    for period in range(1, periods + 1):
        # what the other did is known once the treaty goes on, and not before
        breached = []
        for side in (RUSSIA, US):
            is_free = side == US or russia == "free"
            if not is_free:
                continue
            name = f"{side} in period {period}"
            if play.move(side, name, ["comply", "breach"], seen_by=[]) == "breach":
                breached.append(side)
        if breached:
            if len(breached) == 1:
                (breaching,) = breached
                complying = US if breaching == RUSSIA else RUSSIA
                play.pay({breaching: gain, complying: -loss}, because="breach")
            return
        play.mark(f"kept in period {period}")
        play.pay({US: 1, RUSSIA: 1}, because="compliance")
    play.mark("ran its course")
    play.pay({US: after, RUSSIA: after}, because="what follows")


FORMS = {
    knows: after_start if knows == "private" else after_start(knows=knows)
    for knows in KNOWN
}

ASSUMPTIONS = [
    Assumption(
        "1 < gain",
        TREATY,
        why="that the treaty must be carried out whatever the climate has to be said: "
        "in a single period a breach brings more than compliance",
    ),
    Assumption(
        "1 + after < gain",
        TREATY,
        why="no new agreement can be worked out now: what is to follow is talks, which "
        "do not outweigh the gain from a breach in the last period",
        alternative="gain < 1 + after",
    ),
    Assumption(
        "gain < 1 + loss",
        OURS,
        why="a breach costs the other more than it brings beyond compliance, so that "
        "both together lose by it",
    ),
]

BASELINE: dict[str, Amount] = {
    "committed": "3/10",
    "gain": "5/4",
    "loss": "1/2",
    "after": "1/8",
}

LENGTHS = (2, 3, 4, 5, 6)
CHANCES = tuple(Fraction(n, 20) for n in (1, 2, 3, 4, 6, 8))
WORTH = (Fraction(1, 8), Fraction(3, 8), Fraction(3, 4), Fraction(3, 2))


def certain_periods(family: Any, periods: int) -> int:
    """In how many periods from the first on the treaty is kept for certain."""
    for count in range(periods):
        if family.range(f"kept in period {count + 1}").low < 1:
            return count
    return periods


def _lengths(scenario: Scenario) -> Finding:
    """How long compliance lasts, by the length of the treaty and the chance."""
    rows = [["periods, by committed", *map(brief, CHANCES)]]
    loss = scenario.baseline["loss"]
    fitting = 0
    ends: dict[Fraction, set[int]] = {chance: set() for chance in CHANCES}
    lines: dict[Fraction, list[Any]] = {}
    for periods in LENGTHS:
        told = after_start(periods=periods)
        row = [str(periods)]
        for chance in CHANCES:
            values = {**scenario.baseline, "committed": chance}
            families: Any = solve(told.bind(**values), "sequential").families
            counts = {certain_periods(family, periods) for family in families}
            first = [family.range("kept in period 1") for family in families]
            row.append(" or ".join(map(str, sorted(counts))))
            enough = chance * (loss + periods - 1) > loss
            fitting += enough == (min(r.low for r in first) > 0)
            if min(counts):
                ends[chance] |= {periods - count for count in counts}
            if periods == max(LENGTHS):
                lines[chance] = [
                    min(f.range(f"kept in period {k}").low for f in families)
                    for k in range(1, periods + 1)
                ]
        rows.append(row)
    tried = len(LENGTHS) * len(CHANCES)
    spans = [
        f"{' or '.join(map(str, sorted(ends[c])))} at {brief(c)}"
        for c in CHANCES
        if ends[c]
    ]
    return Finding(
        "The longer the treaty, the smaller the chance of a committed Russia that is "
        "enough: in every equilibrium something of the first period is kept just where "
        "committed > loss/(loss + periods - 1), which fits at "
        f"{fitting} of {tried} values tried. Compliance that is certain at first "
        "ceases to be so a number of periods before the end that does not grow with "
        f"the length: {', '.join(spans)}.",
        table=rows,
        draw=lambda: plot_lengths(lines),
    )


def plot_lengths(lines: dict[Fraction, list[Any]]) -> Any:
    """Draw how likely each period of a treaty is to be kept, for several chances."""
    import matplotlib.pyplot as plt

    _, ax = plt.subplots(figsize=(7, 3.8))
    for chance, heights in lines.items():
        places = range(1, len(heights) + 1)
        ax.plot(
            places,
            list(map(float, heights)),
            marker="o",
            label=f"committed {brief(chance)}",
        )
    ax.set_xticks(range(1, max(LENGTHS) + 1))
    ax.set_xlabel(f"period of a treaty of {max(LENGTHS)}")
    ax.set_ylabel("chance that it is kept\nin the worst equilibrium")
    ax.set_ylim(-0.03, 1.03)
    ax.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
    for edge in ("top", "right"):
        ax.spines[edge].set_visible(False)
    return ax


def _follows(scenario: Scenario) -> Finding:
    """How likely the treaty is to run its course, by what is to follow."""
    rows = [["after", "gain forgone", "ran its course, at least", "at most"]]
    net = scenario.baseline["gain"] - 1
    some: list[Fraction] = []
    none: list[Fraction] = []
    for worth in WORTH:
        values = {**scenario.baseline, "after": worth}
        families: Any = solve(after_start.bind(**values), "sequential").families
        spans = [family.range("ran its course") for family in families]
        low, high = min(s.low for s in spans), max(s.high for s in spans)
        rows.append([brief(worth), brief(net), brief(low), brief(high)])
        (some if high else none).append(worth)
    always = [row[0] for row in rows[1:] if row[2] == "1"]
    sure = f", and in every one at {', '.join(always)}" if always else ""
    return Finding(
        f"What is to follow adds nothing at {', '.join(map(brief, none))}, below what "
        f"a last breach brings beyond compliance ({brief(net)}): the treaty never runs "
        f"its course. At {', '.join(map(brief, some))} it does in some "
        f"equilibrium{sure}.",
        table=rows,
    )


SCENARIO = Scenario(
    name="after_start",
    title="After START",
    question=(
        "How long before a treaty ends do both still carry it out, if what is to "
        "follow is not worth a breach forgone, and what does it add that the other may "
        "be committed to it?"
    ),
    statements=[TREATY],
    game=after_start,
    forms=FORMS,
    meanings=KNOWN,
    assumptions=ASSUMPTIONS,
    switches=[
        Switch(
            "knows",
            "private",
            "open",
            OURS,
            why="whether a side would comply whatever happens is seen only by what it "
            "does",
        )
    ],
    baseline=BASELINE,
    claims={
        "the first of three periods is kept for certain": P("kept in period 1") >= 1,
        "the first period is at least as likely to be kept where the US does not know "
        "whether Russia is committed as where it does": P(
            "kept in period 1", game=FORMS["private"]
        )
        >= P("kept in period 1", game=FORMS["open"]),
        "where the US knows, the first period is kept no more often than Russia is "
        "committed": P("kept in period 1", game=FORMS["open"])
        <= parse("committed", ["committed"]),
        "the treaty never runs its course": P("ran its course") <= 0,
    },
    studies=[
        Study(
            "Longer treaties",
            "The longer the treaty runs, and the likelier a committed Russia, in how "
            "many periods is it kept for certain?",
            _lengths,
        ),
        Study(
            "What is to follow",
            "How much must what follows the expiry be worth for the treaty to run its "
            "course?",
            _follows,
        ),
    ],
    map=("committed", "loss"),
    moved=("committed", "loss", "after"),
    findings=[
        "Where the US does not know, Russia complies in the first period for the most "
        "part although it is free to breach, since compliance is what a committed side "
        "would do, and the US then takes the risk; the second period is seldom kept "
        "and the third never.",
        "Where the US knows, a Russia that is free and the US breach at once, so the "
        "first period is kept where Russia is committed and nowhere else.",
    ],
    limits=[
        "The numbers are ours and illustrative, so the probabilities compare one form "
        "of the game with another and forecast nothing.",
        "A breach is seen at once and ends the treaty for good, one side only may be "
        "committed, and nothing is inspected or disputed.",
    ],
    answer=(
        "Compliance lasts until a few periods before the end, the fewer the likelier "
        "it is that the other is committed, and only where that is not known; what "
        "follows helps once it outweighs a last breach."
    ),
)
