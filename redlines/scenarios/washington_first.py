"""Washington first: whether going to the US first is worth what it charges for it.

After a statement of Nikolai Patrushev, reported by Elena Suponina
(`patrushev-washington-first`): talk to the US first, since the others do what it says.
Washington knows that, too, and names a price; an ally that was asked first, and has
consented, is an outside option. The allies are chance here.

Reads: claims, errors, evidence, numbers, parameters, play, proving, scenario, solving,
studies.  Used by: its registry.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from redlines.claims import P, payoff, rises
from redlines.errors import UnknownLabel
from redlines.evidence import OURS, Assumption, Switch
from redlines.numbers import Amount, brief
from redlines.parameters import Positive, Probability
from redlines.play import REST, RUSSIA, US, Play, game
from redlines.proving import check
from redlines.scenario import Scenario
from redlines.solving import solve
from redlines.studies import Finding, Study

__all__ = ["SCENARIO", "washington_first"]

WASHINGTON_FIRST = "patrushev-washington-first"

ORDERS = {
    "seen": "Washington knows whether it is asked first, and what an ally has answered",
    "unseen": (
        "an ally is asked in confidence, so that Washington knows neither whether it "
        "is asked first nor what an ally has answered"
    ),
}


@game(US, RUSSIA)
def washington_first(
    play: Play,
    follow: Probability = Probability(
        "chance that the allies consent once Washington has"
    ),
    alone: Probability = Probability(
        "chance that the allies consent by themselves if they are asked"
    ),
    own: Positive = Positive("what Washington's own consent is worth", "payoff"),
    rest: Positive = Positive("what the allies' consent is worth", "payoff"),
    full: Positive = Positive("the full price that Washington may ask", "payoff"),
    modest: Positive = Positive("the modest price that it may ask instead", "payoff"),
    cost: Positive = Positive("what a round of talks costs Russia", "payoff"),
    order: str = "seen",
) -> None:
    """Russia asks Washington or an ally first; Washington names a price.

    Each round of talks costs Russia something. If Washington is asked first, it names
    the full price or a modest one. If Russia pays, Washington consents, and the allies
    may follow. If not, Russia turns to the allies in a second round.

    If an ally is asked first, the allies consent by themselves or not. Then Russia goes
    to Washington in a second round, and Washington names a price. If Russia pays,
    Washington consents, and allies that have not consented yet may follow.
    """
    if order not in ORDERS:
        raise UnknownLabel("way of seeing the order", order, ORDERS)
    seen_by = None if order == "seen" else RUSSIA

    def consent(name: str, chance: Amount) -> bool:
        if play.draw(name, {"consent": chance, "refuse": REST}, seen_by) == "refuse":
            return False
        play.mark("allies consent")
        play.pay({RUSSIA: rest}, because="allies' consent")
        return True

    def washington(price: str) -> None:
        amount = {"full": full, "modest": modest}[price]
        play.mark(f"{price} price paid")
        play.pay({RUSSIA: own}, because="Washington's consent")
        play.pay({RUSSIA: -amount, US: amount}, because="price")

    play.pay({RUSSIA: -cost}, because="rounds of talks")
    addressees = ["Washington", "an ally"]
    if play.move(RUSSIA, "address", addressees, seen_by) == "Washington":
        play.mark("Washington first")
        price = play.move(US, "price", ["full", "modest"])
        if play.move(RUSSIA, "answer", ["pay", "turn to the allies"]) == "pay":
            washington(price)
            consent("allies", follow)
        else:
            play.pay({RUSSIA: -cost}, because="rounds of talks")
            consent("allies", alone)
        return

    in_hand = consent("allies", alone)
    if in_hand:
        play.mark("allies in hand")
    play.pay({RUSSIA: -cost}, because="rounds of talks")
    price = play.move(US, "price", ["full", "modest"])
    if play.move(RUSSIA, "answer", ["pay", "refuse"]) == "pay":
        washington(price)
        if not in_hand:
            consent("allies after Washington", follow)


FORMS = {
    order: washington_first if order == "seen" else washington_first(order=order)
    for order in ORDERS
}

ASSUMPTIONS = [
    Assumption(
        "alone < follow",
        WASHINGTON_FIRST,
        why="the others do what Washington says: they consent more readily after it "
        "than by themselves",
    ),
    Assumption(
        "modest < own < full",
        WASHINGTON_FIRST,
        why="Washington knows that the others come with it and charges for that: the "
        "full price is more than its own consent is worth, the modest one less",
        alternative="modest < full < own",
    ),
    Assumption(
        "full + cost < own + follow*rest",
        OURS,
        why="a round with Washington is worth having even at the full price, while the "
        "allies have not consented",
    ),
    Assumption(
        "cost < alone*rest",
        OURS,
        why="a round with the allies by themselves is worth having",
    ),
    Assumption(
        "modest + cost < own",
        OURS,
        why="a round with Washington is worth having at the modest price, even with "
        "the allies' consent in hand",
    ),
]

BASELINE: dict[str, Amount] = {
    "follow": "4/5",
    "alone": "1/4",
    "own": 2,
    "rest": 6,
    "full": 3,
    "modest": "7/5",
    "cost": "1/2",
}

FIRST = "Washington first"
FOLLOWS = ("3/10", "2/5", "3/5", "4/5", "9/10", "19/20")


# ----------------------------------------------------------------------------- studies
def _followers(scenario: Scenario) -> Finding:
    """Whom Russia asks first and what it pays, by how surely the allies follow."""
    rows = [["allies follow", FIRST, *PRICES, "Russia gets", "the US gets"]]
    first = []
    for follow in FOLLOWS:
        game_ = washington_first.bind(
            **dict(scenario.baseline, follow=Fraction(follow))
        )
        (found,) = solve(game_, "sequential")
        chances = [found.probability(event) for event in (FIRST, *PRICES)]
        values = [found.payoffs[player] for player in (RUSSIA, US)]
        rows.append([follow, *(brief(v, 8) for v in (*chances, *values))])
        first.append(chances[0])
    falls = any(a > b for a, b in pairwise(first))
    returns = falls and first[-1] > min(first)
    turn = (
        "Russia asks Washington first where the allies are least likely to follow it, "
        "and Washington asks little; where they follow more surely it asks more, and "
        "Russia asks an ally first"
        + ("; only where they follow almost surely it is Washington again." * returns)
        if falls
        else "The more surely the allies follow, the rather Russia asks Washington."
    )
    return Finding(turn, table=rows)


def _confidence(scenario: Scenario) -> Finding:
    """What it changes that an ally is asked in confidence."""
    rows = [["order", FIRST, *PRICES, "Russia gets", "the US gets"]]
    gets = {}
    for order, solution in scenario.solutions.items():
        (found,) = solution
        chances = [found.probability(event) for event in (FIRST, *PRICES)]
        values = [found.payoffs[player] for player in (RUSSIA, US)]
        rows.append([order, *(brief(v, 8) for v in (*chances, *values))])
        gets[order] = values[0]
    change = (
        "loses by it"
        if gets["unseen"] < gets["seen"]
        else "gains by it"
        if gets["unseen"] > gets["seen"]
        else "has the same"
    )
    verdict = check(
        washington_first,
        payoff(RUSSIA) >= payoff(RUSSIA, game=FORMS["unseen"]),
        scenario.assumptions,
    )
    return Finding(
        f"If an ally is asked in confidence, Russia {change}: a consent that "
        "Washington does not see cannot lower the price. That Russia does at least as "
        f"well where the order is seen holds {HOLDS[verdict.name]}.",
        table=rows,
    )


PRICES = ("full price paid", "modest price paid")
HOLDS = {
    "always": "for every payoff that fits the assumptions",
    "sometimes": "for some payoffs that fit the assumptions and not for others",
    "never": "for no payoff that fits the assumptions",
    "unknown": "here; for other payoffs it is not decided",
}

SCENARIO = Scenario(
    name="washington_first",
    question=(
        "If the others do what Washington says, and Washington knows it and charges "
        "for it, when is it worth the price to go to Washington first?"
    ),
    statements=[WASHINGTON_FIRST],
    game=washington_first,
    forms=FORMS,
    meanings=ORDERS,
    assumptions=ASSUMPTIONS,
    switches=[
        Switch(
            "order",
            "seen",
            "unseen",
            WASHINGTON_FIRST,
            why="Washington knows that it is asked first, and that the others come "
            "with it",
        )
    ],
    baseline=BASELINE,
    claims={
        "Russia goes to Washington first": P(FIRST) == 1,
        "the more surely the allies follow Washington, the rather Russia goes there "
        "first": rises(P(FIRST), "follow"),
        "with the allies' consent in hand Russia does not pay the full price": P(
            "full price paid", given="allies in hand"
        )
        == 0,
    },
    studies=[
        Study(
            "The price of being followed",
            "At the baseline, what does it change how surely the allies follow "
            "Washington?",
            _followers,
        ),
        Study(
            "Asking in confidence",
            "What does it change if Washington does not see whether an ally was asked?",
            _confidence,
        ),
    ],
    map=("follow", "alone"),
    moved=("follow", "alone", "full", "cost"),
    findings=[
        "Russia asks an ally first, although the allies follow Washington in most "
        "cases: with their consent in hand it pays the modest price, and without it "
        "the full one.",
        "If Washington does not see the order it asks the full price, and Russia, with "
        "the allies' consent in hand, refuses that.",
    ],
    limits=[
        "The allies are chance and not strategic here: they charge nothing, do not "
        "wait for each other, and consent or refuse as one.",
        "Washington has two prices to choose from and gets nothing from an agreement "
        "but its price; what either side loses without one is left out.",
    ],
    answer=(
        "Where a second round costs more than it saves, which is the chance that the "
        "allies consent by themselves times the difference of the prices and what "
        "their consent adds if they would not follow; or where the outside option "
        "alone makes Washington modest."
    ),
)
