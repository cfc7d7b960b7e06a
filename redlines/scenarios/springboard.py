"""Springboard: a small exchange first, and what it costs to tie a larger issue to it.

After a statement of unnamed experts (`experts-springboard`): an exchange can be an
occasion and a springboard for talks on larger matters. The idea of a small step that
reveals whether larger ones are safe is that of [watson1999]_ and [kydd2005]_; a third
party that may stop the exchange makes what it reveals uncertain.

Reads: claims, errors, evidence, numbers, parameters, play, proving, scenario, solving,
studies.  Used by: its registry.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

from redlines.claims import P, payoff
from redlines.errors import UnknownLabel
from redlines.evidence import OURS, Assumption, Switch
from redlines.numbers import Amount, brief
from redlines.parameters import Positive, Probability
from redlines.play import REST, RUSSIA, US, Play, game
from redlines.proving import check
from redlines.scenario import Scenario
from redlines.solving import solve
from redlines.studies import Finding, Study

__all__ = ["SCENARIO", "price_of_linkage", "springboard"]

SPRINGBOARD = "experts-springboard"

ISSUES = {
    "linked": "the settlement is on the table only after an exchange that was made",
    "separate": (
        "the settlement is on the table whatever came of the exchange, and Russia "
        "knows what did"
    ),
    "alone": "there is no exchange, only the settlement",
}


@game(US, RUSSIA)
def springboard(
    play: Play,
    trust: Probability = Probability("chance that the US is trustworthy"),
    obstacle: Probability = Probability(
        "chance that a third party stops the US side of the exchange"
    ),
    occasion: Probability = Probability(
        "chance that the larger issue comes up at all after the exchange"
    ),
    size: Probability = Probability(
        "share of the exchange in all that the two issues are worth"
    ),
    gain: Positive = Positive("what both issues kept bring either side", "payoff"),
    loss: Positive = Positive(
        "what Russia loses if it does its part of both and the US does not", "payoff"
    ),
    grab: Positive = Positive(
        "what the US has if Russia alone does its part of both", "payoff"
    ),
    issues: str = "linked",
) -> None:
    """Russia may begin an exchange, and after it enter a settlement of a larger issue.

    Chance makes the US trustworthy or not; only the US knows. Russia begins the
    exchange by doing its part, or leaves it. A third party may stop the part of the
    US, which only the US sees. If it does not, a trustworthy US does its part; another
    US chooses. Russia sees whether the exchange was made, and not why it failed.

    Then the larger issue may come up, and Russia enters the settlement, doing its part
    there, or stays out. A trustworthy US keeps a settlement and another breaks it.
    """
    if issues not in ISSUES:
        raise UnknownLabel("way of taking the issues", issues, ISSUES)
    us = play.draw("US", {"trustworthy": trust, "not": REST}, seen_by=US)
    made = False
    if issues != "alone":
        if play.move(RUSSIA, "exchange", ["begin", "leave"]) == "begin":
            play.mark("begun")
            ways = {"agrees": 1 - obstacle, "stops it": obstacle}
            made = play.draw("third party", ways, seen_by=US) == "agrees"
            if made and us == "not":
                part = play.move(US, "part", ["do it", "hold back"], seen_by=[])
                made = part == "do it"
            play.tell(RUSSIA, "exchange", "made" if made else "failed")
            if made:
                play.mark("exchange made")
                play.pay({US: size * gain, RUSSIA: size * gain}, because="exchange")
                if us == "not":
                    play.mark("taken for trustworthy")
            else:
                play.pay({US: size * grab}, because="exchange")
                play.pay({RUSSIA: -size * loss}, because="exchange")
        if issues == "linked" and not made:
            return

    if (
        play.draw("larger issue", {"comes up": occasion, "does not": REST})
        != "comes up"
    ):
        return
    if play.move(RUSSIA, "settlement", ["enter", "stay out"]) == "stay out":
        return
    play.mark("settlement")
    rest = 1 - size
    if us == "trustworthy":
        play.pay({US: rest * gain, RUSSIA: rest * gain}, because="settlement")
    else:
        play.mark("broken")
        play.pay({US: rest * grab, RUSSIA: -rest * loss}, because="settlement")


FORMS = {
    issues: springboard if issues == "linked" else springboard(issues=issues)
    for issues in ISSUES
}

ASSUMPTIONS = [
    Assumption(
        "trust*gain < (1 - trust)*loss",
        SPRINGBOARD,
        why="a springboard is needed: on what Russia knows beforehand it would enter "
        "neither issue by itself",
        alternative="trust*gain > (1 - trust)*loss",
    ),
    Assumption(
        "gain < grab",
        OURS,
        why="this is what it means that a US is not trustworthy",
    ),
    Assumption(
        "size < 1/2",
        SPRINGBOARD,
        why="the other matters are the larger ones",
    ),
    Assumption(
        "occasion*grab*(1 - size) != size*(grab - gain)",
        OURS,
        why="an exact tie between holding back at once and later is left aside",
    ),
]

BASELINE: dict[str, Amount] = {
    "trust": "9/20",
    "obstacle": "1/10",
    "occasion": "2/5",
    "size": "1/4",
    "gain": 3,
    "loss": 3,
    "grab": 8,
}

TAKEN = "taken for trustworthy"
SIZES = tuple(Fraction(k, 20) for k in range(2, 10))
TRUSTS = ("2/5", "9/20", "11/20", "13/20", "3/4", "17/20", "19/20")
OBSTACLES = ("1/10", "1/5", "3/10", "2/5")


# ----------------------------------------------------------------------------- studies
def _sizes(scenario: Scenario) -> Finding:
    """How often a US that is not trustworthy does its part, by the size of it."""
    rows = [["share of the exchange", "begun", TAKEN, "settlement", "broken"]]
    taken, apart = [], []
    for size in SIZES:
        game_ = springboard.bind(**{**scenario.baseline, "size": size})
        (found,) = solve(game_, "sequential")
        begun, *chances = (found.probability(event) for event in rows[0][1:])
        rows.append([str(size), str(begun), *map(brief, chances)])
        taken.append(chances[0])
        if begun and not chances[0]:
            apart.append(size)
    rises = any(a < b for a, b in pairwise(taken))
    verdict = check(springboard, P(TAKEN, given="begun") == 0, scenario.assumptions)
    told = (
        f"With a share of {_from_to(apart)} it always holds back, so that an exchange "
        "that was made tells the two apart. "
        if apart
        else "No share that was tried tells the two apart. "
    )
    return Finding(
        f"As the exchange grows, a US that is not trustworthy does its part in it "
        f"{'now more, now less often' if rises else 'no more often'}. {told}For "
        "every payoff that fits the assumptions, an exchange that is begun tells them "
        f"apart where {verdict.where.every}.",
        table=rows,
    )


def _from_to(sizes: list[Fraction]) -> str:
    return str(sizes[0]) if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]}"


def price_of_linkage(baseline: Mapping[str, Fraction], **changes: Amount) -> Fraction:
    """What Russia has if the issues are separate, less what it has if they are linked.

    The least over all pairs of equilibria, in payoff units; exact.
    """
    linked, separate = (
        [
            equilibrium.payoffs[RUSSIA]
            for equilibrium in solve(
                FORMS[form].bind(**{**baseline, **changes}), "sequential"
            )
        ]
        for form in ("linked", "separate")
    )
    return Fraction(min(separate) - max(linked))


def _hostage(scenario: Scenario) -> Finding:
    """What linkage costs Russia by trust and by how likely the exchange is stopped."""
    rows = [["trust", *(f"stopped {o}" for o in OBSTACLES)]]
    signs = set()
    for trust in TRUSTS:
        prices = [
            price_of_linkage(scenario.baseline, trust=trust, obstacle=obstacle)
            for obstacle in OBSTACLES
        ]
        signs |= {(price > 0) - (price < 0) for price in prices}
        rows.append([trust, *(brief(price, 6) for price in prices)])
    both = (
        "gains in some places, because a US that would lose the settlement does its "
        "part, and loses in others, because the larger issue is hostage to a third "
        "party that stops the smaller"
        if {1, -1} <= signs
        else "loses, because the larger issue is hostage to the smaller"
    )
    given = [a.otherwise or a for a in scenario.assumptions]
    verdict = check(springboard, COSTS_NOTHING, given)
    return Finding(
        "Where trust is too low for the larger issue by itself, tying it to the "
        "exchange changes nothing: Russia would walk away after a failure in any case. "
        f"Where trust is high enough, linkage binds, and Russia {both}. Read so, the "
        "claim that linkage costs Russia nothing is true for some payoffs only.",
        verdict=verdict.name,
        scope="where the larger issue could stand by itself",
        table=rows,
    )


COSTS_NOTHING = payoff(RUSSIA) >= payoff(RUSSIA, game=FORMS["separate"])

SCENARIO = Scenario(
    name="springboard",
    question=(
        "Can a small exchange open the way to a settlement of a larger issue, and what "
        "does it cost to tie the larger issue to it?"
    ),
    statements=[SPRINGBOARD],
    game=springboard,
    forms=FORMS,
    meanings=ISSUES,
    assumptions=ASSUMPTIONS,
    switches=[
        Switch(
            "issues",
            "linked",
            "alone",
            SPRINGBOARD,
            why="the exchange is the springboard: the talks on larger matters start "
            "from it",
        )
    ],
    baseline=BASELINE,
    claims={
        "tying the larger issue to the exchange costs Russia nothing": COSTS_NOTHING,
        "a settlement can come about": P("settlement") > 0,
        "an exchange that is begun tells whether the US is trustworthy": P(
            TAKEN, given="begun"
        )
        == 0,
    },
    studies=[
        Study(
            "How large a first exchange",
            "At the baseline, what does an exchange of each size tell Russia?",
            _sizes,
        ),
        Study(
            "Hostage to the smaller issue",
            "What does linkage cost Russia, by trust and by the chance that a third "
            "party stops the exchange, the rest at the baseline (negative is a gain)?",
            _hostage,
        ),
    ],
    map=("trust", "obstacle"),
    moved=("trust", "obstacle", "occasion", "size"),
    findings=[
        "By itself the larger issue fails; after an exchange that was made Russia "
        "sometimes enters a settlement, linked or separate, with the same payoffs.",
        "An exchange of a quarter does not tell the two kinds of US apart: one that is "
        "not trustworthy sometimes does its part in it in order to reach the "
        "settlement, and breaks that.",
    ],
    limits=[
        "Only one side's trustworthiness is in doubt and only its part can be stopped; "
        "with the sides exchanged the same holds, and the third party is chance, not "
        "strategic here.",
        "There are two steps of given sizes and no third, so nobody can begin still "
        "smaller, and what a broken settlement does to later dealings is left out.",
    ],
    answer=(
        "A first exchange can carry a settlement that trust alone could not, and then "
        "tying the two costs Russia nothing; linkage can hurt only where the larger "
        "issue could have stood by itself, which makes it hostage to the smaller."
    ),
)
