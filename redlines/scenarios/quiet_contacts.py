"""Quiet contacts: when a demand is made in private, and what that costs it in belief.

After a statement of Dmitry Peskov (`peskov-quiet-contacts`): relations hang by a thread
and contacts cannot be announced beforehand. The model is after [kurizaki2007]_, with
two types on each side instead of a continuum.

Reads: claims, errors, evidence, numbers, parameters, play, proving, scenario, solving,
studies.  Used by: its registry.
"""

from __future__ import annotations

from typing import Any

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

__all__ = ["SCENARIO", "quiet_contacts"]

QUIET = "peskov-quiet-contacts"

VENUES = {
    "chosen": ("public", "private"),
    "announced": ("public", "none"),
    "quiet": ("private", "none"),
}

MEANINGS = {
    "chosen": "the US makes its demand in public or in private, as it likes",
    "announced": "contacts are announced, so that a demand can only be made in public",
    "quiet": "contacts are not announced, so that a demand can only be made in private",
}


@game(US, RUSSIA)
def quiet_contacts(
    play: Play,
    resolved: Probability = Probability("chance that the US means its demand"),
    hard: Probability = Probability("chance that Russia would rather fight than yield"),
    war_worth: Probability = Probability(
        "what a war is worth to a US that means its demand, where the demand is worth 1"
    ),
    war_cost: Positive = Positive(
        "what a war costs a Russia that is not hard, where the demand costs 1", "payoff"
    ),
    retreat: Positive = Positive(
        "what it costs the US at home to back down from a public demand", "payoff"
    ),
    concession: Positive = Positive(
        "what it costs Russia at home to concede to a public demand, besides", "payoff"
    ),
    venue: str = "chosen",
) -> None:
    """The US makes a demand, in public or in private; Russia concedes or resists.

    Chance makes the US resolved, so that it means what it demands, or irresolute; and
    Russia hard, so that it would rather fight than concede, or soft. Each knows itself
    only. The US makes a demand in a public contact or in a private one; where contacts
    are all of one kind it may make none, which is as good as a private one that fails.
    Russia concedes, which is worth 1 to the US and costs Russia 1, or resists. Then the
    US fights or backs down. If the contact was public, Russia pays for conceding at
    home, and the US for backing down. In private neither does.
    """
    if venue not in VENUES:
        raise UnknownLabel("venue", venue, VENUES)
    us = play.draw("US", {"resolved": resolved, "irresolute": REST}, seen_by=US)
    russia = play.draw("Russia", {"hard": hard, "soft": REST}, seen_by=RUSSIA)
    contact = play.move(US, "demand", list(VENUES[venue]))
    if contact == "none":
        return
    play.mark(contact)
    play.mark("demand made")
    if us == "resolved":
        play.mark("demand meant")

    if play.move(RUSSIA, "answer", ["concede", "resist"]) == "concede":
        play.mark("conceded")
        play.pay({US: 1, RUSSIA: -1}, because="the demand")
        if contact == "public":
            play.pay({RUSSIA: -concession}, because="audience")
        return
    if play.move(US, "last word", ["fight", "back down"]) == "fight":
        play.mark("war")
        # to an irresolute US a war is worse than any retreat
        play.pay({US: war_worth if us == "resolved" else -1 - retreat}, because="war")
        play.pay({RUSSIA: -war_cost if russia == "soft" else 0}, because="war")
    elif contact == "public":
        play.pay({US: -retreat}, because="audience")


FORMS = {
    venue: quiet_contacts if venue == "chosen" else quiet_contacts(venue=venue)
    for venue in VENUES
}

ASSUMPTIONS = [
    Assumption(
        "war_cost < 1 + concession",
        QUIET,
        why="contacts cannot be announced beforehand: even a soft Russia could not "
        "concede in public, whatever it then faces",
        alternative="war_cost > 1 + concession",
    ),
    Assumption(
        "1 < war_cost",
        OURS,
        why="a soft Russia would rather concede in private than face a sure war",
    ),
]

BASELINE: dict[str, Amount] = {
    "resolved": "2/5",
    "hard": "1/5",
    "war_worth": "1/4",
    "war_cost": 3,
    "retreat": 1,
    "concession": "5/2",
}

CASES: dict[str, dict[str, Amount]] = {
    "often resolved, public concessions dear": {},
    "seldom resolved, public concessions dear": {"resolved": "1/5"},
    "often resolved, public concessions cheap": {"concession": "1/2"},
    "seldom resolved, public concessions cheap": {
        "resolved": "1/5",
        "concession": "1/2",
    },
}


def _when(scenario: Scenario) -> Finding:
    """Which demands are conceded to, and how likely war is, in four cases after D1."""
    rows = [["case", "conceded to in public", "conceded to in private", "war"]]
    where = []
    for case, values in CASES.items():
        bound = scenario.game.bind(**{**scenario.baseline, **values})
        answers = list(solve(bound, "sequential", refine="D1"))
        public, private = (
            [_given(e, "conceded", venue) for e in answers]
            for venue in ("public", "private")
        )
        wars = [e.probability("war") for e in answers]
        rows.append([case, _span(public), _span(private), _span(wars)])
        where.append(f"{_WORKS[any(public), any(private)]} ({case})")
    return Finding(
        f"In equilibria that pass D1 a demand can succeed {'; '.join(where)}. A "
        "private demand carries as far as the chance that the US means it; a public "
        "one carries further, but only where conceding in public is bearable.",
        scope="at the baseline, with one or two parameters moved",
        table=rows,
    )


_WORKS = {
    (True, True): "in public and in private",
    (True, False): "in public only",
    (False, True): "in private only",
    (False, False): "in no way",
}


def _given(equilibrium: Any, event: str, given: str) -> Any:
    """A conditional probability; None where nothing is conditioned on."""
    if not equilibrium.probability(given):
        return None
    return equilibrium.probability(event, given)


def _span(values: list[Any]) -> str:
    """From the least to the most of what there is."""
    found = sorted(v for v in values if v is not None)
    if not found:
        return "never made"
    low, high = found[0], found[-1]
    return brief(low) if low == high else f"{brief(low)} to {brief(high)}"


def _belief(scenario: Scenario) -> Finding:
    """Whether a public demand is always the more credible one."""
    claim = P("demand meant", given="public") >= P("demand meant", given="private")
    verdict = check(scenario.game, claim, scenario.assumptions)
    rows = [["form", "demand made", "meant, in public", "meant, in private"]]
    for form, solution in scenario.solutions.items():
        made = [e.probability("demand made") for e in solution]
        meant = []
        for venue in ("public", "private"):
            known = venue in VENUES[form]
            chances = [_given(e, "demand meant", venue) for e in solution if known]
            meant.append(_span(chances) if known else "-")
        rows.append([form, _span(made), *meant])
    word = {"always": "never", "never": "always"}.get(verdict.name, "not always")
    return Finding(
        f"Where the US may choose, a private demand is {word} more credible than a "
        "public one: whoever does not mean it would have to back down before an "
        "audience. That is what secrecy costs, and why it may be no use to be quiet "
        "where the US is seldom resolved.",
        verdict=verdict.name,
        scope="for every payoff that fits the assumptions",
        table=rows,
    )


def _gains(scenario: Scenario) -> Finding:
    """Both payoffs, with contacts that may be private against announced ones."""
    announced = scenario.forms["announced"]
    names = {}
    rows = [
        ["side", "no worse off where contacts may be private", "quiet", "announced"]
    ]
    for side in (US, RUSSIA):
        claim = payoff(side) >= payoff(side, game=announced)
        names[side] = check(scenario.game, claim, scenario.assumptions).name
        pays = [
            _span([e.payoffs[side] for e in scenario.solutions[form]])
            for form in ("quiet", "announced")
        ]
        rows.append([side, names[side], *pays])
    both = set(names.values()) == {"always"}
    return Finding(
        "Neither side is, not even Russia, on which the demand is made: in private it "
        "can concede rather than fight."
        if both
        else f"It depends: no worse off are {names}.",
        verdict="always" if both else "sometimes",
        scope="for every payoff that fits the assumptions",
        table=rows,
    )


SCENARIO = Scenario(
    name="quiet_contacts",
    question=(
        "Contacts cannot be announced beforehand. When does a side choose to make its "
        "demands in private, and what does secrecy cost in credibility?"
    ),
    statements=[QUIET],
    game=quiet_contacts,
    forms=FORMS,
    meanings=MEANINGS,
    assumptions=ASSUMPTIONS,
    switches=[
        Switch(
            "venue",
            "chosen",
            "announced",
            QUIET,
            why="contacts are sporadic and unannounced, so a private one is possible",
        )
    ],
    baseline=BASELINE,
    claims={
        "war is no more likely where contacts may be private than where all are "
        "announced": P("war") <= P("war", game=FORMS["announced"]),
        "where contacts are quiet, some demands are conceded to": P(
            "conceded", game=FORMS["quiet"]
        )
        > 0,
    },
    studies=[
        Study(
            "When secrecy is chosen",
            "Of the equilibria that pass D1, which demands are conceded to as resolve "
            "and the price of a public concession vary?",
            _when,
        ),
        Study(
            "What it costs in credibility",
            "How likely is it that a demand is meant, in public and in private?",
            _belief,
        ),
        Study(
            "Who gains by secrecy",
            "Is either side ever worse off where contacts may be private than where "
            "all are announced?",
            _gains,
        ),
    ],
    findings=[
        "Where contacts are announced no demand is conceded to, and a US that means "
        "its demand fights.",
        "Where they are quiet both kinds of US make the demand, a soft Russia "
        "concedes, and war is left with a hard one only; both sides are better off.",
        "The price is credibility: an announced demand is sure to be meant, a quiet "
        "one as likely as the US is resolved to begin with.",
        "Where the US may choose there are also equilibria in which a private demand "
        "is not believed, since mostly those make it who do not mean it, and war is as "
        "likely as if contacts were announced; D1 does not rule them out, since no "
        "demand in them is a surprise.",
    ],
    limits=[
        "The numbers are ours and illustrative, and the audiences at home are payoff "
        "terms, not strategic here.",
        "One side makes one demand and secrecy is perfect; with the sides exchanged "
        "nothing would change, as the model does not tell them apart.",
    ],
    answer=(
        "Where the other side could not concede in public and a private demand is "
        "likely enough to be meant; that is less likely than of a public one, and war "
        "is no more likely for it."
    ),
    moved=("concession", "resolved"),
)
