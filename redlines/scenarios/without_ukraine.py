"""Without Ukraine: how often a formula is bent when what is said may leak.

After a statement of the US side, doubted by Elena Suponina (`us-without-ukraine`), and
one of Dmitry Suslov (`suslov-allies-consulted`): the talks are said not to be on
Ukraine, whether they are seen to be depends on Russia, which may leak, and the formula
does not bind the US at any price.

Reads: claims, errors, evidence, numbers, parameters, parametric, play, scenario,
solving, studies.  Used by: its registry.
"""

from __future__ import annotations

from typing import Any

from redlines.claims import P, payoff, rises
from redlines.errors import UnknownLabel
from redlines.evidence import OURS, Assumption, Switch
from redlines.numbers import Amount, Number, brief
from redlines.parameters import Positive, Probability
from redlines.parametric.regimes import regimes
from redlines.play import REST, RUSSIA, US, Play, game
from redlines.scenario import Scenario
from redlines.solving import solve
from redlines.studies import Finding, Study

__all__ = ["SCENARIO", "without_ukraine"]

FORMULA = "us-without-ukraine"
ALLIES = "suslov-allies-consulted"

LEAKS = {
    "blind": (
        "Russia decides on a leak without knowing whether the US bends the formula"
    ),
    "heard": "Russia hears what the US proposes and decides on a leak after that",
    "never": "nothing can be leaked",
}


@game(US, RUSSIA)
def without_ukraine(
    play: Play,
    pressing: Probability = Probability("chance that a matter is pressing for the US"),
    high: Positive = Positive(
        "what talks on Ukraine are worth to the US in a pressing matter", "payoff"
    ),
    low: Positive = Positive(
        "what they are worth to the US in an ordinary matter", "payoff"
    ),
    ally_cost: Positive = Positive(
        "what it costs the US with its ally to be seen bending the formula", "payoff"
    ),
    credence: Probability = Probability(
        "chance that a leak is believed where the formula was bent"
    ),
    suspicion: Probability = Probability(
        "chance that a leak is believed where the formula was kept"
    ),
    opening: Positive = Positive(
        "what talks on Ukraine are worth to Russia, unseen", "payoff"
    ),
    wedge: Positive = Positive(
        "what it is worth to Russia that the US is seen bending the formula", "payoff"
    ),
    price: Positive = Positive("what a leak costs Russia, believed or not", "payoff"),
    leak: str = "blind",
) -> None:
    """The US bends its formula or keeps it, and Russia may leak that it was bent.

    Chance makes the matter pressing for the US or ordinary, which only the US knows. In
    talks that are said not to be on Ukraine the US bends the formula, and goes into
    Ukraine, or keeps it. Russia leaks that the talks are on Ukraine, which strains the
    channel, or holds back. A leak is believed or not; where the formula was kept it may
    be believed as well, though less easily. A leak that is believed costs the US with
    its ally, is worth something to Russia, and ends the talks before they bear fruit.
    Otherwise talks on Ukraine are worth something to both.
    """
    if leak not in LEAKS:
        raise UnknownLabel("way of leaking", leak, LEAKS)
    worth = {"pressing": high, "ordinary": low}
    matter = play.draw("matter", {"pressing": pressing, "ordinary": REST}, seen_by=US)
    heard = US if leak == "blind" else [US, RUSSIA]
    bent = play.move(US, "formula", ["bend", "keep"], seen_by=heard) == "bend"
    if bent:
        play.mark("bent")

    if leak != "never" and play.move(RUSSIA, "news", ["leak", "hold back"]) == "leak":
        play.mark("leaked")
        play.pay({RUSSIA: -price}, because="strained channel")
        chance = credence if bent else suspicion
        if play.draw("leak", {"believed": chance, "denied": REST}) == "believed":
            play.mark("seen")
            play.pay({US: -ally_cost, RUSSIA: wedge}, because="the ally")
            return
    if bent:
        play.pay({US: worth[matter], RUSSIA: opening}, because="talks on Ukraine")


FORMS = {
    leak: without_ukraine if leak == "blind" else without_ukraine(leak=leak)
    for leak in LEAKS
}

ASSUMPTIONS = [
    Assumption(
        "low + suspicion*ally_cost < credence*(low + ally_cost)",
        FORMULA,
        why="the formula is said to hold: in an ordinary matter the US would keep it "
        "rather than bend it before a sure leak",
        alternative="low + suspicion*ally_cost > credence*(low + ally_cost)",
    ),
    Assumption(
        "credence*(high + ally_cost) < high",
        ALLIES,
        why="the formula does not bind at any price: in a pressing matter the US bends "
        "it even before a sure leak",
        alternative="ally_cost < high",
    ),
    Assumption(
        "low < high",
        OURS,
        why="a matter is pressing because more depends on talking about it",
    ),
    Assumption(
        "suspicion < credence",
        OURS,
        why="what took place is believed more easily than what did not",
    ),
    Assumption(
        "suspicion*wedge < price",
        OURS,
        why="a leak does not pay where nothing took place; else Russia would leak "
        "whatever the US does",
    ),
]

BASELINE: dict[str, Amount] = {
    "pressing": "1/10",
    "high": 30,
    "low": 3,
    "ally_cost": 8,
    "credence": "3/4",
    "suspicion": "1/4",
    "opening": 2,
    "wedge": 8,
    "price": "5/2",
}

OF_US = ("high", "low", "ally_cost")
OF_RUSSIA = ("opening", "wedge", "price")


def _drivers(scenario: Scenario) -> Finding:
    """What is played in each family, and whose payoffs stand in it."""
    found = regimes(scenario.game, scenario.assumptions)
    rows = [["family", "the formula is bent", "it is leaked"]]
    mixed = ""
    for family in found.families:
        if not family.open:
            continue
        bent, leaked = (family.probability(e) for e in ("bent", "leaked"))
        rows.append([family.name, str(bent), str(leaked)])
        if isinstance(bent, Number) and isinstance(leaked, Number):
            enters = (
                "enters too"
                if "pressing" in (*bent.names, *leaked.names)
                else "does not enter, until they are pressing more often than that"
            )
            mixed = (
                "Where both sides mix, how often the formula is bent depends on the "
                f"payoffs of {_owner(bent)} alone, and how often there is a leak on "
                f"those of {_owner(leaked)} alone: each side leaves the other "
                f"indifferent. How often matters are pressing {enters}."
            )
    return Finding(
        mixed, scope="for every payoff that fits the assumptions", table=rows
    )


def _owner(value: Number) -> str:
    """Whose payoffs stand in a closed form."""
    names = set(value.names)
    ours, theirs = names & set(OF_US), names & set(OF_RUSSIA)
    if ours and theirs:
        return "both sides"
    return "the US" if ours else "Russia"


def _bound(scenario: Scenario) -> Finding:
    """What each side would do if it could bind itself beforehand."""
    game = scenario.form()
    (nobody,) = scenario.solve()
    answers: dict[str, Any] = {
        "nobody": nobody,
        "Russia": solve(game, "stackelberg", leader=RUSSIA)[0],
        "the US": solve(game, "stackelberg", leader=US)[0],
    }
    rows = [["bound beforehand", "bent", "leaked", "seen", US, RUSSIA]]
    for who, answer in answers.items():
        chances = [answer.probability(e) for e in ("bent", "leaked", "seen")]
        pays = [answer.payoffs[player] for player in (US, RUSSIA)]
        rows.append([who, *(brief(v) for v in (*chances, *pays))])
    russia, us = answers["Russia"], answers["the US"]
    return Finding(
        f"A Russia that could bind itself would leak {brief(_leaked(russia))} of the "
        "time, just as often as leaves the US indifferent, and the formula would be "
        f"bent with probability {brief(russia.probability('bent'))}; it would get "
        f"{brief(russia.payoffs[RUSSIA])} rather than {brief(nobody.payoffs[RUSSIA])}. "
        "A US that could bind itself would bend the formula with probability "
        f"{brief(us.probability('bent'))}, unbound it does so with probability "
        f"{brief(nobody.probability('bent'))}, and would be leaked with probability "
        f"{brief(_leaked(us))} rather than {brief(_leaked(nobody))}.",
        table=rows,
    )


def _leaked(answer: Any) -> Any:
    return answer.probability("leaked")


SCENARIO = Scenario(
    name="without_ukraine",
    title="Without Ukraine",
    question=(
        "Where talks are said not to be on Ukraine and may be leaked as such, how "
        "often is the formula bent, and what is it that keeps it?"
    ),
    statements=[FORMULA, ALLIES],
    game=without_ukraine,
    forms=FORMS,
    meanings=LEAKS,
    assumptions=ASSUMPTIONS,
    switches=[
        Switch(
            "leak",
            "blind",
            "heard",
            FORMULA,
            why="Suponina: the subject is always present, whatever is said; so what is "
            "said does not show whether the formula is bent",
        )
    ],
    baseline=BASELINE,
    claims={
        "the formula is bent no less often where the ally counts for more": rises(
            P("bent"), "ally_cost"
        ),
        "Russia is no better off than if it could not leak": payoff(RUSSIA)
        <= payoff(RUSSIA, game=FORMS["never"]),
        "the formula is kept at least sometimes": P("bent") < 1,
    },
    studies=[
        Study(
            "What drives it",
            "How often is the formula bent, how often is it leaked, and whose payoffs "
            "decide that?",
            _drivers,
        ),
        Study(
            "Bound beforehand",
            "At the baseline, what would either side do if it could bind itself to a "
            "probability that the other knows?",
            _bound,
        ),
    ],
    map=("pressing", "price"),
    findings=[
        "Pressing matters are always talked about, ordinary ones now and then, and "
        "Russia leaks about half of the time; a higher cost with the ally leaves the "
        "bending as it is and makes leaks rarer.",
        "Where nothing can be leaked the formula is always bent, so the ally's "
        "displeasure keeps it only through the leak.",
        "Where Russia hears what is proposed before it decides, the formula is bent in "
        "pressing matters only, and whatever is bent is leaked.",
        "Russia is worse off than if it could not leak: the threat costs it the talks "
        "in ordinary matters.",
    ],
    limits=[
        "The numbers are ours and illustrative; a leak is believed or not by chance, "
        "and the ally, a payoff term, is not strategic here.",
        "Matters are pressing or ordinary and come up once, so no reputation for "
        "discretion, on either side, is built or lost.",
    ],
    answer=(
        "Where a leak can pay, as often as leaves Russia indifferent to it, or in "
        "every pressing matter if those are more frequent: the leak keeps the formula, "
        "and a dearer ally makes leaks rarer, not the formula firmer."
    ),
    moved=("opening", "wedge", "price", "low"),
)
