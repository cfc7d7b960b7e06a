"""Red lines: whether talks about them lower the risk of nuclear use.

After two statements of Dmitry Suslov (`suslov-red-lines`, `suslov-no-interest-in-war`):
the sides discuss where the red lines run and tell each other their likely answers, and
neither has an interest in nuclear use.

Reads: claims, escalation, evidence, parameters, play, scenario.  Used by: its registry.
"""

from __future__ import annotations

from redlines.claims import P
from redlines.errors import UnknownLabel
from redlines.escalation import (
    RedLine,
    Rung,
    SunkCost,
    TiedHands,
    answer,
    climb,
    cross,
    declare,
    lose_control,
)
from redlines.evidence import OURS, Assumption
from redlines.numbers import Amount
from redlines.parameters import Positive, Probability
from redlines.play import REST, RUSSIA, US, Play, game
from redlines.scenario import Scenario

__all__ = ["SCENARIO", "red_lines"]

RED_LINES = "suslov-red-lines"
NO_WAR = "suslov-no-interest-in-war"

TALKS = {
    "none": "the sides do not talk; each knows its own resolve only",
    "told": (
        "with the line the US says what its answer to a crossing would be; words cost "
        "nothing and may be untrue"
    ),
    "verifiable": (
        "each side learns the other's resolve, and with it the other's likely answer, "
        "before the first move"
    ),
}


@game(US, RUSSIA)
def red_lines(
    play: Play,
    us_resolved: Probability = Probability("chance that the US is resolved"),
    russia_resolved: Probability = Probability("chance that Russia is resolved"),
    stake: Positive = Positive("what lies behind the line, to either side", "payoff"),
    sunk_cost: Positive = Positive("price of declaring a line, at once", "payoff"),
    audience_cost: Positive = Positive(
        "price of backing down after declaring a line", "payoff"
    ),
    cost_resolved: Positive = Positive(
        "what the use of force costs a resolved side, control kept", "payoff"
    ),
    cost_irresolute: Positive = Positive(
        "what the use of force costs an irresolute side, control kept", "payoff"
    ),
    harm: Positive = Positive("harm to Russia from an answered crossing", "payoff"),
    risk: Probability = Probability(
        "chance of nuclear use each time that force is used"
    ),
    us_loss: Positive = Positive("what nuclear use costs the US", "payoff"),
    russia_loss: Positive = Positive("what nuclear use costs Russia", "payoff"),
    talks: str = "none",
    speaker: str = US,
) -> None:
    """The US may declare a red line, Russia may cross it, force may answer force.

    Chance makes each side resolved or irresolute: to the one the use of force costs
    little, to the other much. The US declares a line (a cost paid at once, and hands
    tied) or stays silent. Russia crosses, and gains the stake, or refrains. The US
    enforces, and takes the stake back, or backs down. Russia answers the answer, and
    wins half of the stake again, or stops. Each use of force may end in nuclear use.
    """
    if talks not in TALKS:
        raise UnknownLabel("form of the talks", talks, TALKS)
    cost = {"resolved": cost_resolved, "irresolute": cost_irresolute}
    losses = {US: us_loss, RUSSIA: russia_loss}

    us = play.draw("US", {"resolved": us_resolved, "irresolute": REST}, seen_by=US)
    russia = play.draw(
        "Russia", {"resolved": russia_resolved, "irresolute": REST}, seen_by=RUSSIA
    )
    if talks == "verifiable":
        play.tell(RUSSIA, "US")
        play.tell(US, "Russia")

    if talks == "told" and speaker == RUSSIA:
        play.move(RUSSIA, "say", ["will press on", "may stop"])
    line = RedLine(US, stake, signals=[SunkCost(sunk_cost), TiedHands(audience_cost)])
    declared = declare(play, line)
    if talks == "told" and speaker == US and declared:
        play.move(US, "say", ["will enforce", "may yield"])

    if not cross(play, RUSSIA, line, gain=stake):
        return
    if not answer(play, line, declared, cost=cost[us], harm={RUSSIA: harm}):
        return
    play.pay({US: stake, RUSSIA: -stake}, because="stake taken back")
    # whoever moves next knows that control was kept, so the label need not say it
    if lose_control(play, risk, losses, event="nuclear use", seen_by=[]):
        return
    reply = Rung(risk, losses, cost=cost[russia], event="nuclear use")
    if climb(play, RUSSIA, reply, name="reply", actions=("press on", "stop")) != "stop":
        play.pay({US: -stake / 2, RUSSIA: stake / 2}, because="stake divided")


FORMS = {
    talks: red_lines if talks == "none" else red_lines(talks=talks) for talks in TALKS
}

ASSUMPTIONS = [
    Assumption(
        "stake + sunk_cost + audience_cost < us_loss",
        NO_WAR,
        why="no interest in nuclear use: to the US, of either resolve, every other "
        "outcome is better",
    ),
    Assumption(
        "stake + cost_irresolute < russia_loss",
        NO_WAR,
        why="no interest in nuclear use: to Russia, of either resolve, every other "
        "outcome is better",
    ),
    Assumption(
        "cost_resolved < risk*us_loss",
        NO_WAR,
        why="the risk is high: even a resolved US has more to fear from losing control "
        "than from the use of force itself",
        alternative="cost_resolved < us_loss",
    ),
    Assumption(
        "cost_resolved < risk*russia_loss",
        NO_WAR,
        why="the risk is high: even a resolved Russia has more to fear from losing "
        "control than from the use of force itself",
        alternative="cost_resolved < russia_loss",
    ),
    Assumption(
        "1/1000 <= risk <= 1/4",
        OURS,
        why="not negligible once a line is crossed and answered; the statement gives "
        "no number, the range is ours",
    ),
    Assumption(
        "(1 - risk)*(stake/2 - cost_resolved - risk*russia_loss) "
        "< harm + risk*russia_loss",
        NO_WAR,
        why="no interest in a war: even a resolved Russia would rather refrain than "
        "cross a line that is sure to be enforced",
    ),
    Assumption(
        "cost_resolved < stake/2 - risk*russia_loss < cost_irresolute",
        RED_LINES,
        why="likely answers are worth telling because they differ: a resolved Russia "
        "presses on, an irresolute one stops",
    ),
    Assumption(
        "cost_resolved < stake - risk*us_loss < cost_irresolute - audience_cost",
        RED_LINES,
        why="likely answers are worth telling because they differ: a resolved US "
        "enforces against a Russia that stops, an irresolute one never does",
    ),
    Assumption(
        "stake < cost_resolved + risk*us_loss + (1 - risk)*(stake/2 + risk*us_loss)",
        OURS,
        why="without a declared line even a resolved US backs down before a Russia "
        "that is known to press on",
    ),
    Assumption(
        "cost_resolved + risk*us_loss + (1 - risk)*(stake/2 + risk*us_loss) "
        "< stake + audience_cost",
        OURS,
        why="tied hands bind: after a declared line a resolved US enforces even then",
    ),
    Assumption(
        "sunk_cost < stake",
        OURS,
        why="a line that deters is worth its declaration",
    ),
]

BASELINE: dict[str, Amount] = {
    "us_resolved": "1/4",
    "russia_resolved": "1/4",
    "stake": 6,
    "sunk_cost": 1,
    "audience_cost": 4,
    "cost_resolved": "1/2",
    "cost_irresolute": 10,
    "harm": 7,
    "risk": "1/50",
    "us_loss": 100,
    "russia_loss": 100,
}

SCENARIO = Scenario(
    name="red_lines",
    question=(
        "Two powers discuss where their red lines run and tell each other their likely "
        "answers. Does that lower the probability of nuclear use, and of a crossing?"
    ),
    statements=[RED_LINES, NO_WAR],
    game=red_lines,
    forms=FORMS,
    meanings=TALKS,
    assumptions=ASSUMPTIONS,
    baseline=BASELINE,
    claims={
        "nuclear use is no more likely where answers can be verified than without "
        "talks": P("nuclear use", game=FORMS["verifiable"])
        <= P("nuclear use", game=FORMS["none"]),
        "nuclear use is no more likely where answers are told than without talks": P(
            "nuclear use", game=FORMS["told"]
        )
        <= P("nuclear use", game=FORMS["none"]),
        "a crossing is no more likely where answers can be verified than without "
        "talks": P("crossed", game=FORMS["verifiable"])
        <= P("crossed", game=FORMS["none"]),
        "no crossing is enforced where answers can be verified": P(
            "enforced", game=FORMS["verifiable"]
        )
        <= 0,
    },
    findings=[
        "Without talks there are two families. In the first the line deters: a "
        "resolved US declares it, an irresolute one bluffs half of the time, and a "
        "declared line is crossed half of the time. In the second no line is declared "
        "and Russia always crosses.",
        "Answers that are only told change nothing: every equilibrium has the "
        "probabilities and payoffs of one of these two families.",
        "Where answers can be verified there is one equilibrium, without enforcement "
        "and without nuclear use. Set against the first family, crossings become more "
        "likely all the same (3/4 after 11/16), because the bluff that deterred is "
        "lost; set against the second, they become less likely (3/4 after 1).",
    ],
    limits=[
        "The numbers are ours and illustrative, so the probabilities compare one form "
        "of the game with another and forecast nothing.",
        "There is one line, drawn by one side, which is also the side that tells its "
        "answer; verification is assumed to be perfect and free, and third parties are "
        "left out.",
    ],
    answer=(
        "Answers that are only told change nothing; answers that can be verified end "
        "nuclear use, and may make crossings more frequent, since a bluff is lost."
    ),
    moved=("risk", "stake", "audience_cost", "cost_irresolute"),
)
