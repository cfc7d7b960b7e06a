"""Mixed signals: whether a public and a private message together reveal sincerity.

After a statement of the article's author (`article-mixed-signals`): the US president
leads a campaign to isolate Russia while officials hold non-public talks, which makes
one doubt US sincerity. Two audiences, after [farrellgibbons1989]_: observers outside
hear what is said in public, and Russia hears all of it.

Reads: claims, errors, evidence, numbers, parameters, parametric, play, scenario,
solving, studies.  Used by: its registry.
"""

from __future__ import annotations

from typing import Any

from redlines.claims import P
from redlines.errors import UnknownLabel
from redlines.evidence import OURS, Assumption, Switch
from redlines.numbers import Amount, brief
from redlines.parameters import Positive, Probability
from redlines.parametric.regimes import regimes
from redlines.play import REST, RUSSIA, US, Play, game
from redlines.scenario import Scenario
from redlines.solving import solve
from redlines.studies import Finding, Study

__all__ = ["SCENARIO", "mixed_signals"]

MIXED = "article-mixed-signals"

OPEN, CONTRARY, CLOSED = "open and warm", "isolate and warm", "isolate and cool"

TALKS = {
    "unheard": "outside observers hear what is said in public only",
    "overheard": "they hear what is said to Russia in private as well",
    "none": "nothing is said in private: the US is open in public, or isolates",
}


@game(US, RUSSIA)
def mixed_signals(
    play: Play,
    sincere: Probability = Probability("chance that the US is sincere"),
    settlement: Positive = Positive(
        "what earnest talks are worth to a sincere US", "payoff"
    ),
    respite: Positive = Positive(
        "what the time gained by them is worth to a stalling US", "payoff"
    ),
    outside: Positive = Positive(
        "what conciliatory words cost the US with outside observers who hear them",
        "payoff",
    ),
    gain: Positive = Positive(
        "what earnest talks with a sincere US are worth to Russia", "payoff"
    ),
    exposure: Positive = Positive(
        "what earnest talks with a stalling US cost Russia", "payoff"
    ),
    talks: str = "unheard",
) -> None:
    """The US speaks in public and in private; Russia talks in earnest or holds off.

    Chance makes the US sincere or stalling, which only the US knows. It speaks to two
    audiences at once: in public it is open to Russia or goes on isolating it, and in
    private it is warm or cool. To isolate in public and to be warm in private is to
    send mixed signals. Conciliatory words cost the US with outside observers, if these
    hear them. Russia hears both messages and negotiates in earnest or holds off. A US
    of either kind wants Russia in earnest, a sincere one for a settlement, a stalling
    one to gain time; Russia gains with a sincere US and is exposed with a stalling one.
    """
    if talks not in TALKS:
        raise UnknownLabel("kind of talks", talks, TALKS)
    us = play.draw("US", {"sincere": sincere, "stalling": REST}, seen_by=US)
    pairs = ["open", "isolate"] if talks == "none" else [OPEN, CONTRARY, CLOSED]
    said = play.move(US, "signals", pairs)
    if said.startswith("open"):
        play.mark("open in public")
    if said == CONTRARY:
        play.mark("mixed signals")
    if said.startswith("open") or (said == CONTRARY and talks == "overheard"):
        play.pay({US: -outside}, because="outside observers")

    if play.move(RUSSIA, "answer", ["in earnest", "hold off"]) == "in earnest":
        play.mark("in earnest")
        if us == "sincere":
            play.mark("met")
            play.pay({US: settlement, RUSSIA: gain}, because="settlement")
        else:
            play.mark("drawn in")
            play.pay({US: respite, RUSSIA: -exposure}, because="time gained")
    elif us == "sincere":
        play.mark("missed")


FORMS = {
    talks: mixed_signals if talks == "unheard" else mixed_signals(talks=talks)
    for talks in TALKS
}

ASSUMPTIONS = [
    Assumption(
        "sincere*gain < (1 - sincere)*exposure",
        MIXED,
        why="one doubts US sincerity: with no more to go by, Russia would hold off",
        alternative="sincere*gain > (1 - sincere)*exposure",
    ),
    Assumption(
        "respite < settlement",
        OURS,
        why="who is sincere has more to gain by earnest talks than who is stalling",
        alternative="respite > settlement",
    ),
]

BASELINE: dict[str, Amount] = {
    "sincere": "1/3",
    "settlement": 6,
    "respite": 2,
    "outside": 3,
    "gain": 3,
    "exposure": 3,
}

REFINEMENTS = ("", "intuitive criterion", "D1")

# what the outside observers cost, against what earnest talks are worth to either kind
COSTS: dict[str, Amount] = {
    "below respite": 1,
    "between respite and settlement": 3,
    "above settlement": 7,
}


def _selected(scenario: Scenario) -> Finding:
    """Where a US that never opens survives, by refinement, and who is met."""
    head = ["refinement", "nobody is open in public, where"]
    rows = [[*head, *(f"met, outside {case}" for case in COSTS)]]
    kept: dict[str, str] = {}
    for refinement in REFINEMENTS:
        options: dict[str, Any] = {"refine": refinement} if refinement else {}
        found = regimes(scenario.forms["none"], scenario.assumptions, **options)
        (nobody,) = (
            family
            for family in found.families
            if family.open and str(family.probability("open in public")) == "0"
        )
        kept[refinement] = str(nobody.condition)
        met = []
        for outside in COSTS.values():
            bound = scenario.game.bind(**{**scenario.baseline, "outside": outside})
            met.append(_met(solve(bound, "sequential", **options)))
        rows.append([refinement or "none", kept[refinement], *met])
    return Finding(
        "Both kinds of US may isolate in public, for fear of being taken for stalling "
        f"otherwise: without a refinement {_where(kept[''])}; the intuitive criterion "
        f"leaves that {_where(kept['intuitive criterion'])}, D1 "
        f"{_where(kept['D1'])}. So the "
        "intuitive criterion selects where a stalling US has nothing to gain by being "
        "open even if believed; where it has, only D1 does, as the sincere one gains "
        "more.",
        scope="where nobody is open: for every payoff that fits the assumptions",
        table=rows,
    )


def _where(condition: str) -> str:
    return "always" if condition == "always" else f"where {condition}"


def _met(solution: Any) -> str:
    """Given a sincere US, how likely Russia is in earnest, from least to most."""
    sincere = solution.game.bound["sincere"]
    found = sorted({e.probability("met") / sincere for e in solution})
    low, high = brief(found[0]), brief(found[-1])
    return low if low == high else f"{low} to {high}"


def _words(scenario: Scenario) -> Finding:
    """What private words add to the public ones, without refinement."""
    rows = [["talks", "met", "drawn in", "in earnest after mixed signals"]]
    outcomes = {}
    for talks, solution in scenario.solutions.items():
        chances = {
            tuple(e.probability(event) for event in ("met", "drawn in"))
            for e in solution
        }
        outcomes[talks] = chances
        after = "-"
        if talks != "none":
            given = [
                e.probability("in earnest", "mixed signals")
                for e in solution
                if e.probability("mixed signals")
            ]
            after = _span(given)
        met, drawn = zip(*chances, strict=True)
        rows.append([talks, _span(met), _span(drawn), after])
    same = outcomes["unheard"] == outcomes["none"]
    overheard = rows[2][3]
    adds, word = ("adds nothing", "the same") if same else ("counts", "not the same")
    return Finding(
        f"What is said in private and stays there {adds}: what comes of it is {word} "
        "as if it had not been said, since either kind of US would say it. Were it "
        "overheard, it would cost something, and after mixed signals Russia would be "
        f"in earnest with probability {overheard}.",
        table=rows,
    )


def _span(values: Any) -> str:
    found = sorted(values)
    low, high = brief(found[0]), brief(found[-1])
    return low if low == high else f"{low} to {high}"


SCENARIO = Scenario(
    name="mixed_signals",
    question=(
        "In public the US isolates Russia, in private its officials talk. Does such a "
        "pair of signals reveal whether it is sincere?"
    ),
    statements=[MIXED],
    game=mixed_signals,
    forms=FORMS,
    meanings=TALKS,
    assumptions=ASSUMPTIONS,
    switches=[
        Switch(
            "talks",
            "unheard",
            "overheard",
            MIXED,
            why="the talks of the officials are not public",
        )
    ],
    baseline=BASELINE,
    claims={
        "after mixed signals Russia is never in earnest": P(
            "in earnest", given="mixed signals"
        )
        <= 0,
        "a stalling US never draws Russia into earnest talks": P("drawn in") <= 0,
        "a sincere US is always met in earnest": P("missed") <= 0,
    },
    studies=[
        Study(
            "Which refinement selects",
            "Where can it be that neither kind of US is open in public, with and "
            "without a refinement, and how often is a sincere US met in earnest?",
            _selected,
        ),
        Study(
            "What private words add",
            "At the baseline, does it matter what is said in private, and who hears "
            "it?",
            _words,
        ),
    ],
    findings=[
        "There are two outcomes. In one a sincere US is open in public, bears the cost "
        "with outside observers and is met in earnest, and a stalling one isolates. In "
        "the other both isolate, and Russia holds off.",
        "Mixed signals occur in both and reveal nothing in favour of the US in either.",
        "The intuitive criterion and D1 leave the first alone: only a sincere US could "
        "have had a reason to be open.",
    ],
    limits=[
        "The numbers are ours and illustrative, and the outside observers are a payoff "
        "term, not strategic here.",
        "The US is of two kinds that both want Russia in earnest, speaks once, and is "
        "not held to what it says; being open in public and cool in private is left "
        "out.",
    ],
    answer=(
        "Not mixed signals: what is free to say is believed of neither kind of US. A "
        "public opening can reveal sincerity, for its cost, and D1 selects it unless "
        "it costs more than a settlement is worth."
    ),
    moved=("sincere", "exposure", "outside"),
)
