"""Mediators: what one can do that the two sides cannot do by themselves.

After a statement of Elena Suponina (`suponina-mediators`): former officials and third
states can mediate. A mediator hears from each side in private how resolved it is, and
tells each what to do. The concept is the communication equilibrium of Forges (1986) and
Myerson (1986).

Reads: claims, errors, evidence, numbers, parameters, play, proving, scenario, studies,
worth.  Used by: its registry.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from typing import Any

from redlines.claims import P, falls, rises
from redlines.errors import UnknownLabel
from redlines.evidence import OURS, Assumption, Switch
from redlines.numbers import Amount, brief
from redlines.parameters import Positive, Probability
from redlines.play import REST, RUSSIA, US, Play, game
from redlines.proving import check
from redlines.scenario import Scenario
from redlines.studies import Finding, Study
from redlines.worth import MediatorWorth, mediator_worth

__all__ = ["SCENARIO", "mediators"]

MEDIATORS = "suponina-mediators"

TALKS = {
    "none": "the sides do not talk before they act",
    "told": "the US first says to Russia how resolved it is; words cost nothing and "
    "may be untrue",
}
RESOLVE = {
    "private": "each side knows its own resolve only",
    "open": "each side knows both",
}


@game(US, RUSSIA)
def mediators(
    play: Play,
    resolved: Probability = Probability(
        "chance that a side is resolved, the same for both"
    ),
    gain: Positive = Positive(
        "what a side gains that stands while the other yields", "payoff"
    ),
    concession: Positive = Positive(
        "what a side loses that yields while the other stands", "payoff"
    ),
    cost_resolved: Positive = Positive("what a war costs a resolved side", "payoff"),
    cost_irresolute: Positive = Positive(
        "what a war costs an irresolute side", "payoff"
    ),
    talks: str = "none",
    resolve: str = "private",
) -> None:
    """In a crisis each side stands or yields, and does not know how far the other goes.

    Chance makes each side resolved, so that a war costs it little, or irresolute. Both
    stand or yield at once. If both stand there is a war, a needless one unless both are
    resolved. If one stands it gains and the other concedes; if both yield, nothing
    changes.

    Where there are talks, the US first says whether it will stand. Words cost nothing
    and may be untrue.
    """
    if talks not in TALKS:
        raise UnknownLabel("form of the talks", talks, TALKS)
    if resolve not in RESOLVE:
        raise UnknownLabel("way of knowing resolve", resolve, RESOLVE)
    cost = {"resolved": cost_resolved, "irresolute": cost_irresolute}
    kinds: dict[str, Any] = {"resolved": resolved, "irresolute": REST}
    us = play.draw("US", kinds, seen_by=US)
    russia = play.draw("Russia", kinds, seen_by=RUSSIA)
    if resolve == "open":
        play.tell(US, "Russia")
        play.tell(RUSSIA, "US")
    if talks == "told":
        play.move(US, "say", ["will stand", "may yield"])

    does = play.simultaneous(
        {side: (f"{side} acts", ["stand", "yield"]) for side in (US, RUSSIA)}
    )
    stand = [side for side in (US, RUSSIA) if does[side] == "stand"]
    if stand == [US, RUSSIA]:
        play.mark("war")
        if (us, russia) != ("resolved", "resolved"):
            play.mark("needless war")
        play.pay({US: -cost[us], RUSSIA: -cost[russia]}, because="war")
    elif stand == [US]:
        play.pay({US: gain, RUSSIA: -concession}, because="concession")
    elif stand == [RUSSIA]:
        play.pay({US: -concession, RUSSIA: gain}, because="concession")


TOLD = mediators(talks="told")

ASSUMPTIONS = [
    Assumption(
        "cost_resolved < concession < cost_irresolute",
        OURS,
        why="what resolve means: a resolved side would rather fight than concede, an "
        "irresolute one would rather concede",
    ),
    Assumption(
        "resolved*(cost_irresolute - concession) < (1 - resolved)*gain",
        MEDIATORS,
        why="there is something to mediate: an irresolute side would take its chance "
        "against one that stands only if it is resolved",
        alternative="resolved*(cost_irresolute - concession) > (1 - resolved)*gain",
    ),
]

BASELINE: dict[str, Amount] = {
    "resolved": "1/4",
    "gain": 2,
    "concession": 1,
    "cost_resolved": "1/2",
    "cost_irresolute": 6,
}

# ------------------------------------------------------------------ with and without
NEEDLESS, WELFARE = "needless war", "welfare"
MEASURES = {
    NEEDLESS: "needless war, least",
    "war": "war, least",
    WELFARE: "sum of payoffs, greatest",
}
# both sides equally likely to be resolved
CHANCES = tuple(Fraction(k, 40) for k in range(1, 18))


def worth(
    values: Mapping[str, Amount], measure: str = NEEDLESS, talks: str = "none"
) -> MediatorWorth:
    """What a mediator is worth, against no talks at all or talks of the sides."""
    return mediator_worth(
        mediators.bind(**values),
        measure,
        unmediated=mediators(talks=talks).bind(**values),
    )


def deterred(values: Mapping[str, Fraction]) -> Fraction:
    """The chance of resolve from which on the irresolute yield of themselves.

    From there on a side that stands only if it is resolved is worth yielding to:
    gain/(gain + cost_irresolute - concession).
    """
    gain = values["gain"]
    return gain / (gain + values["cost_irresolute"] - values["concession"])


def honest(values: Mapping[str, Fraction]) -> Fraction:
    """The chance of resolve from which on a mediator can end needless war.

    It tells an irresolute side to yield to a resolved one; where neither is resolved a
    fair lottery chooses who yields, or both do. By passing for resolved an irresolute
    side would gain half of gain + concession, or gain if that is less, where the other
    is irresolute, and lose cost_irresolute - concession where it is resolved.
    """
    gain, concession = values["gain"], values["concession"]
    more = min(gain, (gain + concession) / 2)
    return more / (more + values["cost_irresolute"] - concession)


def _here(scenario: Scenario) -> Finding:
    """What a mediator is worth at the baseline, by measure and by what it replaces."""
    rows = [["measure", "with a mediator", "talks", "no talks"]]
    found = {}
    for measure, words in MEASURES.items():
        alone, told = (worth(scenario.baseline, measure, t) for t in ("none", "told"))
        found[measure] = alone
        end = "high" if measure == WELFARE else "low"
        rows.append(
            [
                words,
                brief(getattr(alone.mediated, end)),
                brief(getattr(told.unmediated, end)),
                brief(getattr(alone.unmediated, end)),
            ]
        )
    needless = found[NEEDLESS]
    changed = "also lower" if rows[1][2] != rows[1][3] else "do not lower"
    return Finding(
        f"At best a needless war has probability {brief(needless.mediated.low)} with a "
        f"mediator and {brief(needless.unmediated.low)} without one, and talks by the "
        f"US {changed} that. The mediator hears what each side is and does not pass it "
        "on: a side that is told to stand does not learn whether it would meet a "
        "resolved one, which makes it dangerous to pass for resolved.",
        table=rows,
        listing=str(needless),
    )


def _talks(scenario: Scenario) -> Finding:
    """Whether talks can do without a mediator, for all admitted numbers."""
    told = check(TOLD, P(NEEDLESS) > 0, scenario.assumptions)
    words = {
        "always": "No: whatever the US says, some needless war remains in every "
        "equilibrium. An irresolute US would say whatever makes an irresolute Russia "
        "yield, and that is what a resolved US would say",
        "sometimes": "In some equilibria for some numbers, not in others",
        "never": "Yes: with talks no needless war remains",
        "unknown": "It is not decided",
    }
    return Finding(
        f"{words[told.name]}.",
        verdict=told.name,
        scope="for every payoff of this form that fits the assumptions",
    )


def _along(scenario: Scenario) -> Finding:
    """The least probability of a needless war as both sides become more resolved."""
    values = scenario.baseline
    yields, ends = deterred(values), honest(values)
    grid = sorted({*CHANCES, yields, ends})
    silent = {c: worth({**values, "resolved": c}) for c in grid}
    told = {c: worth({**values, "resolved": c}, talks="told") for c in CHANCES[1::2]}
    most = max(silent, key=lambda c: silent[c].lowers)
    fits = all((one.lowers == 0) == (c >= yields) for c, one in silent.items()) and all(
        (one.mediated.low == 0) == (c >= ends) for c, one in silent.items()
    )
    lowered = sum(
        one.unmediated.low < silent[c].unmediated.low for c, one in told.items()
    )
    last = CHANCES[-1]
    still = worth({**values, "resolved": last}, WELFARE).raises
    rows = [["chance of resolve", "with a mediator", "talks", "no talks", "worth"]]
    for chance, other in told.items():
        one = silent[chance]
        numbers = (one.mediated.low, other.unmediated.low, one.unmediated.low)
        rows.append([*map(brief, (chance, *numbers, one.lowers))])
    return Finding(
        f"Of the values tried, a mediator lowers the least probability of a needless "
        f"war most, by {brief(silent[most].lowers)}, where each side is resolved with "
        f"probability {brief(most)}. From {brief(ends)} on it ends needless war, and "
        f"from {brief(yields)} on it is worth nothing, since the irresolute yield of "
        f"themselves; these closed forms {'fit' if fits else 'do not fit'} every value "
        f"tried. Talks by the US lower it at {lowered or 'none'} of {len(told)}. "
        f"For the sum of payoffs a mediator is still worth {brief(still)} at "
        f"{brief(last)}, since it chooses who yields where both would.",
        table=rows,
        draw=partial(_draw, silent, told, yields),
    )


def _draw(
    silent: dict[Fraction, MediatorWorth],
    told: dict[Fraction, MediatorWorth],
    yields: Fraction,
) -> Any:
    """The least probability of a needless war, by the chance of resolve."""
    import matplotlib.pyplot as plt

    ax = plt.figure(figsize=(7, 4.5), layout="constrained").add_subplot()
    x = list(map(float, silent))
    without = [float(one.unmediated.low) for one in silent.values()]
    within = [float(one.mediated.low) for one in silent.values()]
    talked = [float(one.unmediated.low) for one in told.values()]
    ax.fill_between(x, within, without, color="C2", alpha=0.15, label="its worth")
    ax.plot(x, without, "C0-", lw=2, label="no talks")
    ax.plot(list(map(float, told)), talked, "C1o", label="talks by the US")
    ax.plot(x, within, "C2--", lw=2, label="with a mediator")
    ax.axvline(float(yields), color="0.6", lw=1)
    ax.annotate(
        "  worth nothing:\n  the irresolute yield\n  of themselves",
        (float(yields), 0.6),
        xycoords=("data", "axes fraction"),
        va="top",
        color="0.3",
    )
    ax.set_ylim(bottom=0)
    ax.set_xlabel("chance that a side is resolved, the same for both")
    ax.set_ylabel("least probability of a needless war")
    ax.legend(frameon=False)
    return ax


SCENARIO = Scenario(
    name="mediators",
    question=(
        "Each side hides how resolved it is. What can a mediator, to whom both report "
        "in private, do against a needless war that they cannot do by themselves, and "
        "where is it worth nothing?"
    ),
    statements=[MEDIATORS],
    game=mediators,
    assumptions=ASSUMPTIONS,
    switches=[
        Switch(
            "resolve",
            "private",
            "open",
            MEDIATORS,
            why="a mediator receives private reports, so there is something that only "
            "one side knows",
        )
    ],
    baseline=BASELINE,
    claims={
        "without a mediator, some needless war remains": P("needless war") > 0,
        "the likelier it is that a side is resolved, the likelier is a war": rises(
            P("war"), "resolved"
        ),
        "the likelier it is that a side is resolved, the less likely is a needless "
        "war": falls(P("needless war"), "resolved"),
    },
    studies=[
        Study(
            "What a mediator is worth",
            "At the baseline, what is the best that can be had with a mediator, with "
            "talks by the US instead, and without either? The mediator asks each side "
            "how resolved it is, and recommends an action to each; it is answered "
            "honestly and obeyed, since that is best for each side.",
            _here,
        ),
        Study(
            "Talks instead of a mediator",
            "Can the US end needless war by saying, before both act, whether it will "
            "stand?",
            _talks,
        ),
        Study(
            "Where a mediator is worth most",
            "As both sides become likelier to be resolved, all else at the baseline, "
            "how low can the probability of a needless war be?",
            _along,
        ),
    ],
    map=("resolved", "cost_irresolute"),
    findings=[
        "Without a mediator there are three families: in two of them one side stands "
        "even if it is irresolute, and in the third both do so now and then.",
        "A mediator ends needless war: it lets a lottery choose who yields where "
        "neither side is resolved, and never says whether that is so.",
    ],
    limits=[
        "The mediator has no interests of its own, is trusted to keep what it hears to "
        "itself, and cannot force anybody: it is not strategic here.",
        "Only the US may talk instead, once, and the numbers, the same for both sides, "
        "are ours and illustrative: they compare ways to play and forecast nothing.",
    ],
    answer=(
        "Where irresolute sides would take their chance, some needless war remains "
        "without a mediator, talks or no talks; at the baseline a mediator ends it. "
        "Where resolve is likely enough they yield of themselves, and it is worth "
        "nothing."
    ),
    moved=("resolved", "gain", "concession", "cost_irresolute"),
)
