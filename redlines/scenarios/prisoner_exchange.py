"""Prisoner exchange: why offers rise, and what a dated prize does to them.

After statements of Elena Suponina (`suponina-prisoner-exchange`), of the article
(`article-two-for-one`) and of Dmitry Suslov (`suslov-new-terms`): an exchange is
bargained over, two for one or two for two, the latter with a third country's consent;
success is worth more to the US before a vote; new terms will come.

Reads: bargains, claims, evidence, parameters, play, proving, scenario, solving,
studies.  Used by: its registry.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from redlines.bargains.problems import BargainingProblem
from redlines.claims import P, falls, payoff
from redlines.errors import UnknownLabel
from redlines.evidence import OURS, Assumption, Switch
from redlines.numbers import Amount, brief
from redlines.parameters import Positive, Probability
from redlines.play import REST, RUSSIA, US, Play, game
from redlines.proving import check
from redlines.scenario import Scenario
from redlines.solving import solve
from redlines.studies import Finding, Study

__all__ = ["SCENARIO", "prisoner_exchange"]

EXCHANGE = "suponina-prisoner-exchange"
TWO_FOR_ONE = "article-two-for-one"
NEW_TERMS = "suslov-new-terms"

RESERVATIONS = ("private", "known")
CONSENTS = ("US", "both", "nobody")

FORM_MEANINGS = {
    "US knows": (
        "the US has asked the third country and alone knows its answer; only Russia "
        "knows its reservation"
    ),
    "both know": "Russia is told the third country's answer as well",
    "nobody knows": "the third country is asked only after two for two is agreed",
    "known reservation": "the US knows Russia's reservation, and alone the answer",
}


@game(US, RUSSIA)
def prisoner_exchange(
    play: Play,
    high: Probability = Probability("chance that Russia's reservation is high"),
    consent: Probability = Probability("chance that the third country consents"),
    value: Positive = Positive(
        "worth to the US, before the vote, of two for one", "payoff"
    ),
    drop: Positive = Positive(
        "how much less any exchange is worth to the US after the vote", "payoff"
    ),
    extra: Positive = Positive("price to the US of the second release", "payoff"),
    gain: Positive = Positive(
        "what two for one brings a Russia of low reservation", "payoff"
    ),
    short: Positive = Positive(
        "by how much two for one falls short of a high reservation", "payoff"
    ),
    second: Positive = Positive("worth to Russia of the second release", "payoff"),
    delay: Positive = Positive(
        "how much less any exchange is worth to Russia after the vote", "payoff"
    ),
    reservation: str = "private",
    consent_known_to: str = "US",
    may_wait: bool = False,
) -> None:
    """For two who are held in Russia the US offers one release, or two, before a vote.

    Chance sets what Russia must at least be given: with a low reservation it gains from
    two for one already, with a high one only from two for two. The second release is in
    the hands of a third country, which consents or not, as chance decides. Before the
    vote the US offers two for one, or, if it has the consent, two for two, which is all
    that Russia asks for and which it takes. Two for one Russia accepts or refuses.
    After a refusal comes the vote, after which any exchange is worth less, and the US
    offers again, on the same terms or on new ones. Without an exchange everybody stays
    where they are, which is worth 0 to both.
    """
    if reservation not in RESERVATIONS:
        raise UnknownLabel("way of knowing the reservation", reservation, RESERVATIONS)
    if consent_known_to not in CONSENTS:
        raise UnknownLabel("way of knowing the consent", consent_known_to, CONSENTS)
    russia = play.draw(
        "Russia",
        {"high": high, "low": REST},
        seen_by=RUSSIA if reservation == "private" else None,
    )
    net = gain if russia == "low" else -short

    def third_country(seen_by: str | None) -> bool:
        answer = play.draw("consent", {"given": consent, "withheld": REST}, seen_by)
        return answer == "given"

    asked = consent_known_to != "nobody"
    available = (
        third_country(US if consent_known_to == "US" else None) if asked else True
    )

    def exchange(package: str, late: bool) -> None:
        if package == "2:2":
            if not asked and not third_country(None):
                return
            play.pay({US: -extra, RUSSIA: second}, because="second release")
        play.mark("exchange")
        play.pay({US: value, RUSSIA: net}, because="two for one")
        if late:
            play.pay({US: -drop, RUSSIA: -delay}, because="after the vote")

    offers = ["2:1", "2:2"] if available else ["2:1"]
    first = play.move(US, "first offer", [*offers, "wait"] if may_wait else offers)
    if first == "2:2":
        play.mark("2:2 at once")
        return exchange("2:2", late=False)
    if first == "wait":
        play.mark("waited")
    elif play.move(RUSSIA, "first answer", ["accept", "refuse"]) == "accept":
        return exchange("2:1", late=False)
    else:
        play.mark("refused")
    if play.move(US, "second offer", offers) == "2:2":
        if first == "2:1":
            play.mark("new terms")
        return exchange("2:2", late=True)
    if play.move(RUSSIA, "second answer", ["accept", "refuse"]) == "accept":
        exchange("2:1", late=True)


FORMS = {
    "US knows": prisoner_exchange,
    "both know": prisoner_exchange(consent_known_to="both"),
    "nobody knows": prisoner_exchange(consent_known_to="nobody"),
    "known reservation": prisoner_exchange(reservation="known"),
}

ASSUMPTIONS = [
    Assumption(
        "extra < value",
        EXCHANGE,
        why="there is something to bargain about: to the US, before the vote, even two "
        "for two is better than that everybody stays in prison",
    ),
    Assumption(
        "short + delay < second",
        EXCHANGE,
        why="there is something to bargain about: to Russia two for two is better than "
        "that, whatever its reservation, even after the vote",
    ),
    Assumption(
        "drop < value",
        TWO_FOR_ONE,
        why="success is worth more before the vote, and two for one still something "
        "after it",
        alternative="drop < value - extra",
    ),
    Assumption(
        "delay < consent*second",
        NEW_TERMS,
        why="the dialogue goes on after a refusal: new terms, as likely as the third "
        "country's consent, are worth waiting for",
        alternative="delay < second",
    ),
    Assumption(
        "delay < gain",
        OURS,
        why="a Russia of low reservation would still take two for one after the vote",
    ),
]

BASELINE: dict[str, Amount] = {
    "high": "1/4",
    "consent": "2/3",
    "value": 10,
    "drop": 2,
    "extra": 4,
    "gain": 1,
    "short": 1,
    "second": 4,
    "delay": "1/2",
}
DROPS = tuple(map(Fraction, ("1/4", "1", "2", "3", "4", "5", "11/2", "13/2", "8")))


# ---------------------------------------------------------------------------- studies
def _deadline(scenario: Scenario) -> Finding:
    """What comes of each drop, the rest at the baseline."""
    rows = [["drop", "2:2 at once", "new terms", "exchange", "US", "Russia"]]
    worth: dict[Fraction, Fraction] = {}
    for drop in DROPS:
        told = scenario.game.bind(**{**scenario.baseline, "drop": drop})
        for equilibrium in solve(told, "sequential"):
            worth[drop] = equilibrium.payoffs[US]
            chances = map(equilibrium.probability, rows[0][1:4])
            payoffs = (equilibrium.payoffs[US], equilibrium.payoffs[RUSSIA])
            rows.append([brief(drop), *map(_near, (*chances, *payoffs))])
    lowest = min(worth, key=lambda drop: worth[drop])
    least, most = min(worth), max(worth)
    rises = worth[most] > worth[lowest] and most > lowest
    return Finding(
        f"What the US gets falls from {_near(worth[least])} at a drop of "
        f"{brief(least)} to {_near(worth[lowest])} at {brief(lowest)}, and is "
        f"{_near(worth[most])} at {brief(most)}: "
        f"a large drop costs the US {'less' if rises else 'no less'} than a moderate "
        "one, since it makes the second release not worth its price after the vote. "
        "Then no new terms will come, and a Russia of low reservation knows it.",
        table=rows,
        draw=lambda: _drawn(scenario),
    )


def _drawn(scenario: Scenario) -> Any:
    from matplotlib import pyplot

    _, axes = pyplot.subplots(figsize=(6, 3.6))
    value = scenario.baseline["value"]
    drops = [value * k / 60 for k in range(1, 58)]
    worth = [float(_first(scenario, drop).payoffs[US]) for drop in drops]
    axes.plot([float(drop) for drop in drops], worth)
    axes.axvline(float(value - scenario.baseline["extra"]), color="0.6", linestyle=":")
    axes.set_xlabel("drop of the US value at the vote")
    axes.set_ylabel("what the US gets (payoff)")
    axes.set_title("right of the dots no new terms can come", fontsize=9)
    return axes


def _first(scenario: Scenario, drop: Fraction) -> Any:
    told = scenario.game.bind(**{**scenario.baseline, "drop": drop})
    return solve(told, scenario.concept)[0]


def _known(scenario: Scenario) -> Finding:
    """Whether new terms can come where there is nothing to learn, for all payoffs."""
    claim = P("new terms") <= 0
    verdict = check(FORMS["known reservation"], claim, scenario.assumptions)
    private = [e.probability("new terms") for e in scenario.solutions["US knows"]]
    told = {
        "always": "new terms never come",
        "never": "new terms always come with some chance",
    }.get(verdict.name, "new terms may come")
    return Finding(
        f"Where the US knows Russia's reservation, {told}: what Russia will take in "
        "the end it is offered at once. At the baseline, with the reservation private, "
        f"new terms come with probability {_spread(private)}, after a refusal that "
        "makes a high reservation more likely.",
        verdict=verdict.name,
        scope="for every payoff of this form that fits the assumptions",
    )


def _waiting(scenario: Scenario) -> Finding:
    """Whether the US ever waits, where it may."""
    rows = [["high", "waits", "US where it may wait", "US where it may not"]]
    waiting: list[Fraction] = []
    who: set[str] = set()
    for chance in (Fraction(k, 8) for k in range(1, 8)):
        values = {**scenario.baseline, "high": chance}
        free = solve(prisoner_exchange(may_wait=True).bind(**values), "sequential")
        bound = solve(scenario.game.bind(**values), "sequential")
        ranges = [r for r in (e.range("waited") for e in free) if r is not None]
        low, top = min(r.low for r in ranges), max(r.high for r in ranges)
        if top > 0:
            waiting.append(chance)
        who |= {
            place
            for equilibrium in free
            for place, actions in equilibrium.support.items()
            if "wait" in actions
        }
        got, had = (_spread([e.payoffs[US] for e in s]) for s in (free, bound))
        rows.append([brief(chance), _spread([low, top]), got, had])
    lacking = all("withheld" in place for place in who)
    if not waiting:
        return Finding("It never waits.", table=rows)
    return Finding(
        "It waits in no equilibrium at the smaller chances of a high reservation that "
        f"were tried; from {brief(min(waiting))} on it does in some, "
        f"{'only' if lacking else 'not only'} where it has no consent.",
        table=rows,
    )


def _nash(scenario: Scenario) -> Finding:
    """The Nash bargaining solution of the packages against what the game gives."""
    v = scenario.baseline
    rows = [["Russia's reservation", "Nash: packages", "Nash: US", "Nash: Russia"]]
    shares = {}
    for kind, net in (("low", v["gain"]), ("high", -v["short"])):
        packages = BargainingProblem(
            {
                "2:1": (v["value"], net),
                "2:2": (v["value"] - v["extra"], net + v["second"]),
            },
            players=(US, RUSSIA),
            consents={"third country": v["consent"]},
            needs={"2:2": "third country"},
            asked="before",
            name="packages",
        )
        agreed = solve(packages, "nash bargaining")[0]
        shares[kind] = agreed.payoffs[US]
        with_consent = str(agreed).split("by ")[1].splitlines()[0]
        rows.append([kind, with_consent, *map(brief, agreed.payoffs.values())])
    nash = v["high"] * shares["high"] + (1 - v["high"]) * shares["low"]
    played = scenario.solutions["US knows"][0].payoffs[US]
    more = "more" if played > nash else "less" if played < nash else "as much"
    return Finding(
        "Had both known everything and split as Nash has it before the vote, the US "
        f"would get {brief(nash)} on average; by making the offers itself, to a Russia "
        f"whose reservation it does not know, it gets {brief(played)}, {more}.",
        table=rows,
    )


def _spread(values: Sequence[Any]) -> str:
    low, high = min(values), max(values)
    return brief(low) if low == high else f"{brief(low)} to {brief(high)}"


def _near(value: Fraction) -> str:
    return f"{float(value):.3f}"


SCENARIO = Scenario(
    name="prisoner_exchange",
    question=(
        "Offers of an exchange are two for one, then perhaps two for two. Do better "
        "terms follow a refusal, and what does it do that success is worth less to the "
        "US after a vote?"
    ),
    statements=[EXCHANGE, TWO_FOR_ONE, NEW_TERMS],
    game=prisoner_exchange,
    forms=FORMS,
    meanings=FORM_MEANINGS,
    assumptions=ASSUMPTIONS,
    switches=[
        Switch(
            "consent_known_to",
            "US",
            "both",
            TWO_FOR_ONE,
            why="the third country is an ally of the US, which learns the answer first",
        ),
        Switch(
            "reservation",
            "private",
            "known",
            OURS,
            why="what a side must at least be given is what it would not say",
        ),
    ],
    baseline=BASELINE,
    claims={
        "the larger the drop at the vote, the less the US gets": falls(
            payoff(US), "drop"
        ),
        "new terms come with some chance": P("new terms") > 0,
        "the US gets no less where it alone knows the third country's answer": payoff(
            US, game=FORMS["US knows"]
        )
        >= payoff(US, game=FORMS["both know"]),
    },
    studies=[
        Study(
            "The drop at the vote",
            "With the other numbers at the baseline, what comes of a larger drop?",
            _deadline,
        ),
        Study(
            "Where the reservation is known",
            "Do new terms come because Russia asks for more, or because the US learns?",
            _known,
        ),
        Study(
            "Waiting for the vote",
            "Would the US rather wait than make an offer before the vote, if it might?",
            _waiting,
        ),
        Study(
            "The packages split by Nash",
            "What would the Nash bargaining solution make of the same packages?",
            _nash,
        ),
    ],
    map=("high", "drop"),
    moved=("high", "drop", "extra", "consent"),
    findings=[
        "Before the vote the US offers two for one, whether it has the consent or not. "
        "A Russia of high reservation refuses; one of low reservation refuses in 1/3 "
        "of the cases, as if it were the other.",
        "After a refusal a high reservation has become as likely as not, and a US that "
        "has the consent comes with new terms in 3/16 of the cases.",
        "With Russia told of the third country's answer the US gets more (43/6 after "
        "7), since a Russia that knows of no consent does not hold out.",
    ],
    answer=(
        "New terms can follow a refusal only while a high reservation is not too "
        "likely and the second release stays worth its price; a moderate drop at the "
        "vote may cost the US more than a large one, after which nobody expects new "
        "terms."
    ),
    limits=[
        "The numbers are ours and illustrative, so the probabilities compare one form "
        "of the game with another and forecast nothing.",
        "The third country's answer is a draw and that country is not strategic here, "
        "only the US makes offers and it makes two, and what the prisoners themselves "
        "go through does not enter.",
    ],
)
