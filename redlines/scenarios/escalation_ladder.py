"""Escalation ladder: the risk that is left where neither side wants a war.

After two statements of Dmitry Suslov (`suslov-managing-escalation`,
`suslov-no-interest-in-war`): escalation goes in steps, each of which may end control,
and either side can stop; neither has an interest in nuclear use.

Reads: claims, escalation, evidence, parameters, play, scenario, studies.  Used by: its
registry.
"""

from __future__ import annotations

from fractions import Fraction

from redlines.claims import P
from redlines.errors import UnknownLabel
from redlines.escalation import Rung, climb
from redlines.evidence import OURS, Assumption, Switch
from redlines.numbers import Amount, brief
from redlines.parameters import Positive, Probability
from redlines.play import REST, RUSSIA, US, Play, game
from redlines.scenario import Scenario
from redlines.solving import solve
from redlines.studies import Finding, Study

__all__ = ["SCENARIO", "escalation_ladder"]

MANAGING = "suslov-managing-escalation"
NO_WAR = "suslov-no-interest-in-war"

RESOLVE = {
    "private": "each side knows its own resolve and not the other's",
    "open": "each side knows both",
}

LENGTHS = (2, 3, 4, 5, 6)


@game(US, RUSSIA)
def escalation_ladder(
    play: Play,
    us_resolved: Probability = Probability("chance that the US is resolved"),
    russia_resolved: Probability = Probability("chance that Russia is resolved"),
    high: Positive = Positive("what is at stake, to a resolved side", "payoff"),
    low: Positive = Positive("what is at stake, to an irresolute side", "payoff"),
    loss: Positive = Positive("what nuclear use costs either side", "payoff"),
    risk: Probability = Probability(
        "chance of nuclear use on the first rung; on the second it is twice this, and "
        "so on"
    ),
    rungs: int = 2,
    resolve: str = "private",
) -> None:
    """Russia and the US climb a ladder in turn; either can stop at every rung.

    Chance makes each side resolved, so that much is at stake for it, or irresolute.
    Russia takes the first rung or stops, the US the second, and so on. Who stops leaves
    what is at stake to the other; who takes the last rung keeps it. On each rung
    control may be lost, on higher rungs more easily, and then nuclear use is the
    outcome, whoever stands there.
    """
    if resolve not in RESOLVE:
        raise UnknownLabel("way of knowing resolve", resolve, RESOLVE)
    worth = {"resolved": high, "irresolute": low}
    us = play.draw("US", {"resolved": us_resolved, "irresolute": REST}, seen_by=US)
    russia = play.draw(
        "Russia", {"resolved": russia_resolved, "irresolute": REST}, seen_by=RUSSIA
    )
    if resolve == "open":
        play.tell(US, "Russia")
        play.tell(RUSSIA, "US")
    stake = {US: worth[us], RUSSIA: worth[russia]}

    for number in range(1, rungs + 1):
        climber, other = (RUSSIA, US) if number % 2 else (US, RUSSIA)
        rung = Rung(number * risk, {US: loss, RUSSIA: loss}, event="nuclear use")
        outcome = climb(play, climber, rung, f"rung {number}", ("climb", "stop"))
        if outcome == "stop":
            play.pay({other: stake[other]}, because="stake")
            return
        if outcome == "lost":
            play.mark(f"lost on rung {number}")
            return
    play.pay({climber: stake[climber]}, because="stake")


FORMS = {
    form: escalation_ladder if form == "private" else escalation_ladder(resolve=form)
    for form in RESOLVE
}

ASSUMPTIONS = [
    Assumption(
        "high < loss",
        NO_WAR,
        why="no interest in nuclear use: to either side, of either resolve, it costs "
        "more than all that is at stake",
    ),
    Assumption(
        "low < 2*risk*(low + loss)",
        NO_WAR,
        why="the risk is high: an irresolute side would not take the second rung even "
        "against a side that is sure to stop",
    ),
    Assumption(
        "risk*(high + loss) < high",
        MANAGING,
        why="there is escalation to manage: a resolved side would take the first rung "
        "against a side that is sure to stop",
        alternative="risk*(low + loss) < low",
    ),
    Assumption(
        "low < high",
        OURS,
        why="resolve is a matter of what is at stake",
    ),
    Assumption(
        "1/1000 <= risk <= 1/4",
        OURS,
        why="not negligible; the statements give no number, the range is ours",
    ),
]

BASELINE: dict[str, Amount] = {
    "us_resolved": "1/5",
    "russia_resolved": "1/3",
    "high": 4,
    "low": 2,
    "loss": 10,
    "risk": "1/10",
}


def _lengths(scenario: Scenario) -> Finding:
    """The probability of nuclear use, rung by rung, on ladders of several lengths."""
    rows = [["rungs", "resolve", "nuclear use", *_rungs(max(LENGTHS))]]
    found: dict[str, list[Fraction]] = {form: [] for form in RESOLVE}
    highest = 0
    for length in LENGTHS:
        for form in RESOLVE:
            told = escalation_ladder(rungs=length, resolve=form)
            solution = solve(told.bind(**scenario.baseline), "sequential")
            chances = [e.probability("nuclear use") for e in solution]
            found[form] += chances
            by_rung = []
            for rung in range(1, length + 1):
                here = [e.probability(f"lost on rung {rung}") for e in solution]
                by_rung.append(_widest(here))
                highest = max(highest, rung) if any(here) else highest
            left = ["-"] * (max(LENGTHS) - length)
            rows.append([str(length), form, _widest(chances), *by_rung, *left])
    return Finding(
        f"However long the ladder, the risk is {_widest(found['private'])} where "
        f"resolve is private and {_widest(found['open'])} where it is open. Nobody "
        f"climbs beyond rung {highest}: what matters is not how far a ladder reaches, "
        "but what each side expects of the other on its first rungs.",
        table=rows,
    )


def _rungs(count: int) -> list[str]:
    return [f"on rung {k}" for k in range(1, count + 1)]


def _widest(values: list[Fraction]) -> str:
    low, high = min(values), max(values)
    return brief(low) if low == high else f"{brief(low)} to {brief(high)}"


SCENARIO = Scenario(
    name="escalation_ladder",
    question=(
        "Where neither side has an interest in a war, is there still a risk of nuclear "
        "use on the way up the ladder, and what does it add that resolve is private?"
    ),
    statements=[MANAGING, NO_WAR],
    game=escalation_ladder,
    forms=FORMS,
    meanings=RESOLVE,
    assumptions=ASSUMPTIONS,
    switches=[
        Switch(
            "resolve",
            "private",
            "open",
            MANAGING,
            why="one manages escalation with a side of which one does not know how far "
            "it will go",
        )
    ],
    baseline=BASELINE,
    claims={
        "where resolve is known, some risk of nuclear use remains": P(
            "nuclear use", game=FORMS["open"]
        )
        > 0,
        "where resolve is private, some risk of nuclear use remains": P("nuclear use")
        > 0,
    },
    studies=[
        Study(
            "Longer ladders",
            "At the baseline, how likely is nuclear use on each rung, the longer the "
            "ladder is?",
            _lengths,
        )
    ],
    map=("us_resolved", "risk"),
    findings=[
        "Where resolve is known to both, Russia climbs against an irresolute US only, "
        "since a resolved one would answer, and nobody takes the second rung.",
        "Where it is private, either Russia climbs, a resolved US answers, and nuclear "
        "use is more likely than where resolve is known, because Russia also climbs "
        "against a US that answers.",
    ],
    limits=[
        "The numbers are ours and illustrative, so the probabilities compare one form "
        "of the game with another and forecast nothing.",
        "Who climbs in which order and when the ladder ends is fixed beforehand, and "
        "the loss of control strikes both sides alike and is nobody's choice.",
    ],
    answer=(
        "Some risk always remains where resolve is known, although nobody wants a war; "
        "private resolve raises it where the US is unlikely to be resolved, and may "
        "end it where that is likely."
    ),
)
