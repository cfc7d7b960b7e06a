"""Inspections under a strategic arms treaty: what it is worth to announce the plan.

After a statement of Sergei Ryabkov (`ryabkov-start-inspections`): inspections should
resume, and the US has taken carriers out of the count that can be put back. The game is
an inspection game with errors of both kinds, after Avenhaus, von Stengel and Zamir
(2002), with the US as the inspected side.

Reads: claims, errors, evidence, numbers, parameters, play, scenario, solving, studies.
Used by: its registry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from redlines.claims import P, payoff, rises
from redlines.errors import UnknownLabel
from redlines.evidence import OURS, Assumption, Switch
from redlines.numbers import Amount, brief
from redlines.parameters import Positive, Probability
from redlines.play import REST, RUSSIA, US, Play, game
from redlines.scenario import Scenario
from redlines.solution import Equilibrium
from redlines.solving import solve
from redlines.studies import Finding, Study

__all__ = ["SCENARIO", "start_inspections"]

INSPECTIONS = "ryabkov-start-inspections"

PLANS = {
    "kept back": "the US converts without knowing whether Russia will inspect",
    "announced": "Russia announces beforehand whether it will inspect, and does so",
}


@game(US, RUSSIA)
def start_inspections(
    play: Play,
    gain: Positive = Positive(
        "what carriers that can be put back are worth to the US, unnoticed", "payoff"
    ),
    charge: Positive = Positive(
        "what it costs the US to be charged with a breach, rightly or not", "payoff"
    ),
    cost: Positive = Positive("what an inspection costs Russia", "payoff"),
    missed: Positive = Positive(
        "what carriers that can be put back cost Russia, unnoticed", "payoff"
    ),
    found: Positive = Positive("what they cost Russia all the same, found", "payoff"),
    mistaken: Positive = Positive(
        "what it costs Russia to charge the US with what it did not do", "payoff"
    ),
    detection: Probability = Probability(
        "chance that an inspection finds a reversible conversion"
    ),
    false_alarm: Probability = Probability(
        "chance that an inspection mistakes a conversion for good"
    ),
    plan: str = "kept back",
) -> None:
    """The US takes carriers out of the count, Russia may inspect them.

    The US converts heavy bombers and launchers for good, or reversibly, so that they
    can be put back. Russia inspects or stays away. An inspection costs it something and
    ends in a charge or in a clear report: it may miss a reversible conversion, and it
    may mistake one that is for good. What was done for good and is not charged is what
    everything else is measured from.
    """
    if plan not in PLANS:
        raise UnknownLabel("way to plan inspections", plan, PLANS)
    conversions, inspections = ["for good", "reversible"], ["inspect", "stay away"]
    if plan == "kept back":
        does = play.simultaneous(
            {US: ("convert", conversions), RUSSIA: ("plan", inspections)}
        )
    else:
        does = {RUSSIA: play.move(RUSSIA, "plan", inspections)}
        does[US] = play.move(US, "convert", conversions)
    reversible = does[US] == "reversible"
    if reversible:
        play.mark("reversible")

    charged = False
    if does[RUSSIA] == "inspect":
        play.mark("inspected")
        play.pay({RUSSIA: -cost}, because="inspection")
        chance = detection if reversible else false_alarm
        report = play.draw("report", {"charge": chance, "clear": REST})
        charged = report == "charge"
    if charged and reversible:
        play.pay({US: -charge, RUSSIA: -found}, because="charge")
    elif charged:
        play.mark("false charge")
        play.pay({US: -charge, RUSSIA: -mistaken}, because="false charge")
    elif reversible:
        play.pay({US: gain, RUSSIA: -missed}, because="carriers kept")


FORMS = {
    plan: start_inspections if plan == "kept back" else start_inspections(plan=plan)
    for plan in PLANS
}

ASSUMPTIONS = [
    Assumption(
        "gain < detection*(gain + charge) - false_alarm*charge",
        INSPECTIONS,
        why="inspections should resume: a sure one would make the US convert for good, "
        "errors allowed for",
        alternative="gain < detection*(gain + charge)",
    ),
    Assumption(
        "cost < detection*(missed - found)",
        INSPECTIONS,
        why="inspections should resume: where the conversion is sure to be reversible, "
        "an inspection is worth its cost",
    ),
    Assumption(
        "found < missed",
        INSPECTIONS,
        why="carriers taken out of the count leave more than the treaty allows: it is "
        "better for Russia to find that than to miss it",
    ),
    Assumption(
        "mistaken <= found",
        OURS,
        why="to be wrong costs Russia no more than to be right about a breach: both "
        "put a strain on the treaty, one of them leaves the carriers besides",
        alternative="mistaken <= missed",
    ),
    Assumption(
        "false_alarm < detection",
        OURS,
        why="an inspection tells something: a charge is likelier where it is right",
    ),
]

BASELINE: dict[str, Amount] = {
    "gain": 1,
    "charge": 2,
    "cost": "1/2",
    "missed": 4,
    "found": 1,
    "mistaken": 1,
    "detection": "4/5",
    "false_alarm": "1/10",
}

# --------------------------------------------------------------------- announced odds


@dataclass(frozen=True)
class Plans:
    """What is played, by what Russia announces.

    Attributes
    ----------
    kept_back, dates, odds : Equilibrium
        Where it announces nothing, whether it inspects, and how likely it is to.
    """

    kept_back: Equilibrium
    dates: Equilibrium
    odds: Equilibrium


def plans(values: Mapping[str, Amount]) -> Plans:
    """The three plans compared at numbers."""
    (kept_back,) = solve(start_inspections.bind(**values), "sequential")
    (dates,) = solve(FORMS["announced"].bind(**values), "sequential")
    told = start_inspections.bind(**values)
    (odds,) = solve(told, "stackelberg", leader=RUSSIA)
    return Plans(kept_back, dates, odds)


def announced_odds(values: Mapping[str, Fraction]) -> tuple[Fraction, Fraction]:
    """The odds of an inspection that just deter, and what they leave Russia.

    In closed form: to convert for good is as good to the US as to convert reversibly
    where it is inspected with probability gain/(detection*(gain + charge) -
    false_alarm*charge).
    """
    v = values
    odds = v["gain"] / (
        v["detection"] * (v["gain"] + v["charge"]) - v["false_alarm"] * v["charge"]
    )
    return odds, -odds * (v["cost"] + v["false_alarm"] * v["mistaken"])


ALARMS = tuple(Fraction(k, 50) for k in range(1, 21))


def _worth(scenario: Scenario) -> Finding:
    """What it is worth to Russia to announce the odds, or whether it inspects."""
    here = plans(scenario.baseline)
    rows = [["announced", "Russia", "US", "reversible", "inspected", "false charge"]]
    for words, played in (
        ("nothing", here.kept_back),
        ("whether it inspects", here.dates),
        ("the odds that it does", here.odds),
    ):
        paid = (played.payoffs[RUSSIA], played.payoffs[US])
        events = ("reversible", "inspected", "false charge")
        numbers = (*paid, *map(played.probability, events))
        rows.append([words, *map(brief, numbers)])
    odds = here.odds.probability("inspected")
    closed = announced_odds(scenario.baseline)
    agree = "as" if closed == (odds, here.odds.payoffs[RUSSIA]) else "unlike what"
    often = here.kept_back.probability("inspected")
    same = "as often as" if odds == often else "not as often as"
    return Finding(
        f"To announce odds of {brief(odds)} for an inspection, {agree} the closed form "
        f"says, is worth {_more(here.odds, here.kept_back, RUSSIA)} to Russia and "
        f"changes the US payoff by {_more(here.odds, here.kept_back, US)}: the US is "
        f"inspected {same} where nothing is announced. To announce that it inspects is "
        f"worth {_more(here.dates, here.kept_back, RUSSIA)} to Russia and changes the "
        f"US payoff by {_more(here.dates, here.kept_back, US)}, since every inspection "
        "may end in a false charge.",
        table=rows,
        draw=partial(_draw_worth, scenario),
    )


def _more(one: Equilibrium, other: Equilibrium, player: str) -> str:
    return brief(one.payoffs[player] - other.payoffs[player])


def _draw_worth(scenario: Scenario) -> Any:
    """Both sides' payoffs under the three plans, by the chance of a false alarm."""
    import matplotlib.pyplot as plt

    along = {}
    for alarm in ALARMS:
        values = {**scenario.baseline, "false_alarm": alarm}
        if all(a.holds(**values) for a in scenario.assumptions):
            along[float(alarm)] = plans(values)
    figure = plt.figure(figsize=(9, 4.2), layout="constrained")
    axes = figure.subplots(1, 2)
    for player, ax in zip((RUSSIA, US), axes, strict=True):
        for label, style, width, played in (
            ("announced: the odds", "C2-", 2, [p.odds for p in along.values()]),
            ("announced: whether", "C1--", 2, [p.dates for p in along.values()]),
            ("announced: nothing", "C0:", 3, [p.kept_back for p in along.values()]),
        ):
            paid = [float(equilibrium.payoffs[player]) for equilibrium in played]
            ax.plot(list(along), paid, style, lw=width, label=label)
        ax.set_title(f"payoff of {player}")
        ax.set_xlabel("chance of a false alarm")
        ax.legend(frameon=False)
    return axes[0]


SCENARIO = Scenario(
    name="start_inspections",
    title="START inspections",
    question=(
        "The US takes carriers out of the count, for good or reversibly, and Russia "
        "inspects with errors of both kinds. What is it worth to announce the plan of "
        "inspections beforehand?"
    ),
    statements=[INSPECTIONS],
    game=start_inspections,
    forms=FORMS,
    meanings=PLANS,
    assumptions=ASSUMPTIONS,
    switches=[
        Switch(
            "plan",
            "kept back",
            "announced",
            INSPECTIONS,
            why="inspections should resume, and nothing is said of telling when and "
            "where they come",
        )
    ],
    baseline=BASELINE,
    claims={
        "Russia gains by announcing whether it inspects": payoff(
            RUSSIA, game=FORMS["announced"]
        )
        > payoff(RUSSIA),
        "the US loses where Russia announces whether it inspects": payoff(
            US, game=FORMS["announced"]
        )
        < payoff(US),
        "no conversion is reversible where that is announced": P(
            "reversible", game=FORMS["announced"]
        )
        <= 0,
        "where the plan is kept back, more false alarms mean more inspections": rises(
            P("inspected"), "false_alarm"
        ),
    },
    studies=[
        Study(
            "What announcing the odds is worth",
            "Russia may also commit itself to odds: it announces how likely an "
            "inspection is, and keeps to that. What is this worth to each side, set "
            "against announcing whether it inspects, and against announcing nothing?",
            _worth,
        )
    ],
    map=("gain", "false_alarm"),
    limits=[
        "There is one conversion and one decision to inspect, so that nothing is "
        "learned from earlier reports, and a report always leads to the charge that it "
        "suggests.",
        "Announcements are assumed to be kept without anything that enforces them, and "
        "the numbers are ours and illustrative.",
    ],
    findings=[
        "Where the plan is kept back there is one equilibrium: Russia inspects with "
        "probability 5/11, and a conversion is reversible with probability 6/25.",
        "Where it is announced, Russia announces that it inspects, and the US converts "
        "for good; a false charge then has probability 1/10, after 19/550.",
    ],
    answer=(
        "To announce whether it inspects always pays Russia, and always costs the US, "
        "by more false charges; at the baseline to announce the odds alone pays Russia "
        "more and costs the US nothing."
    ),
    moved=("gain", "mistaken", "detection", "false_alarm"),
)
