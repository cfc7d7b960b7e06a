"""Both win: what a win-set that is harder to please brings, and what it loses.

After one statement of the article, on media reports (`article-both-win`): both sides
look for a compromise that lets both declare themselves winners, and none has been
found.

Reads: bargains, claims, evidence, models, parameters, play, proving, scenario, solving,
studies.  Used by: its registry.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from redlines.bargains.two_level import TwoLevelGame
from redlines.claims import P, falls, payoff, rises
from redlines.errors import UnknownLabel
from redlines.evidence import Assumption, Switch
from redlines.models.ratification import UncertainRatification
from redlines.numbers import Amount, brief
from redlines.parameters import Positive, Probability
from redlines.play import REST, RUSSIA, US, Play, game
from redlines.proving import check
from redlines.scenario import Scenario
from redlines.solving import solve
from redlines.studies import Finding, Study

__all__ = ["SCENARIO", "both_win"]

BOTH_WIN = "article-both-win"

WIN_SETS = {
    "private": "each side knows its own audience and not the other's",
    "open": "each side knows what either audience would ratify",
}

CHANCES = tuple(Fraction(k, 20) for k in range(1, 20))
# points of a line, for the study without private win-sets
NEGOTIATOR, STATUS_QUO = Fraction(1, 2), Fraction(9, 10)
RATIFIERS = tuple(Fraction(k, 20) for k in range(10, 19))


@game(US, RUSSIA)
def both_win(
    play: Play,
    us_tight: Probability = Probability("chance that the US win-set is tight"),
    russia_tight: Probability = Probability("chance that the Russian win-set is tight"),
    large: Positive = Positive("what a settlement on its own terms is worth", "payoff"),
    middle: Positive = Positive(
        "what the middle settlement is worth to either side", "payoff"
    ),
    small: Positive = Positive(
        "what a settlement on the other side's terms is worth", "payoff"
    ),
    breakdown: Probability = Probability(
        "chance that talks end without result when an offer is refused"
    ),
    win_sets: str = "private",
) -> None:
    """Three settlements lie on the table: US terms, a middle, Russian terms.

    Each settlement must be ratified at home. An audience whose win-set is tight takes
    only its own side's terms for a win; one whose win-set is loose can be told that any
    of the three is one. Chance decides which, and a negotiator signs nothing that its
    own audience would vote down. The US offers a settlement. Russia accepts it, or
    insists on its own terms; then talks may break off. If they do not, the US concedes
    or ends them. Without a settlement either side gets 0. A settlement that both
    audiences would ratify exists unless both win-sets are tight.
    """
    if win_sets not in WIN_SETS:
        raise UnknownLabel("way of knowing win-sets", win_sets, WIN_SETS)
    known = win_sets == "open"
    us = play.draw(
        "US", {"tight": us_tight, "loose": REST}, seen_by=None if known else US
    )
    russia = play.draw(
        "Russia",
        {"tight": russia_tight, "loose": REST},
        seen_by=None if known else RUSSIA,
    )
    if "loose" in (us, russia):
        play.mark("win for both exists")

    def settle(terms: str) -> None:
        worth = {
            "US terms": {US: large, RUSSIA: small},
            "middle": {US: middle, RUSSIA: middle},
            "Russian terms": {US: small, RUSSIA: large},
        }
        play.mark("settled")
        if terms == "US terms":
            play.mark("US terms")
        play.pay(worth[terms], because="settlement")

    every = ["US terms", "middle", "Russian terms"]
    # what the own audience would vote down is not among the choices
    offer = play.move(US, "offer", every if us == "loose" else ["US terms"])
    if offer == "Russian terms":  # a win for either Russian audience
        return settle(offer)
    answers = ["accept", "insist"] if russia == "loose" else ["insist"]
    if play.move(RUSSIA, "answer", answers) == "accept":
        return settle(offer)
    talks = play.draw("talks", {"break off": breakdown, "go on": REST}, seen_by=[])
    if talks == "break off" or us == "tight":
        return
    if play.move(US, "reply", ["concede", "end talks"]) == "concede":
        settle("Russian terms")


FORMS = {
    form: both_win if form == "private" else both_win(win_sets=form)
    for form in WIN_SETS
}

ASSUMPTIONS = [
    Assumption(
        "small < middle < large",
        BOTH_WIN,
        why="each side looks for a win and would take a compromise: its own terms are "
        "best, the middle comes next, and the other's terms are better than nothing",
    ),
    Assumption(
        "(1 - breakdown)*large < middle",
        BOTH_WIN,
        why="both look for a compromise: who is offered the middle, and can sell it at "
        "home, does not risk the talks for more",
        alternative="large + small < 2*middle",
    ),
]

BASELINE: dict[str, Amount] = {
    "us_tight": "1/5",
    "russia_tight": "1/4",
    "large": 5,
    "middle": 4,
    "small": 2,
    "breakdown": "1/4",
}


# ---------------------------------------------------------------------------- studies
def _gained(scenario: Scenario) -> Finding:
    """Whether US terms become more likely, whatever becomes of play."""
    verdict = check(
        scenario.game, rises(P("US terms"), "us_tight"), scenario.assumptions
    )
    told = {"always": "always become", "never": "never become"}.get(
        verdict.name, "may or may not become"
    )
    return Finding(
        f"As the US win-set is more likely to be tight, US terms {told} more likely, "
        "or stay as likely as they were, from one kind of play to the next as well as "
        "within one.",
        verdict=verdict.name,
        scope="for every payoff of this form that fits the assumptions",
    )


def _moved(scenario: Scenario) -> Finding:
    """What each chance of a tight US win-set brings, the rest at the baseline."""
    rows = [["us_tight", "settled", "US terms", "payoff of US", "payoff of Russia"]]
    settled: list[tuple[Fraction, Fraction]] = []
    for chance in CHANCES:
        told = scenario.game.bind(**{**scenario.baseline, "us_tight": chance})
        for equilibrium in solve(told, "sequential"):
            settled.append((chance, equilibrium.probability("settled")))
            rows.append(
                [
                    str(chance),
                    _near(settled[-1][1]),
                    _near(equilibrium.probability("US terms")),
                    _near(equilibrium.payoffs[US]),
                    _near(equilibrium.payoffs[RUSSIA]),
                ]
            )
    jumps = [
        (before, after) for before, after in pairwise(settled) if after[1] > before[1]
    ]
    up = "; ".join(
        f"it rises from {_near(one[1])} to {_near(two[1])} between chances of "
        f"{one[0]} and {two[0]}"
        for one, two in jumps
    )
    return Finding(
        "A tighter US win-set makes a settlement less likely almost everywhere, with "
        f"{len(jumps)} exception{'' if len(jumps) == 1 else 's'}: {up or 'none'}. "
        "Beyond that a Russia that can accept US terms no longer doubts that they are "
        "all that it can get.",
        table=rows,
        draw=lambda: _drawn(rows[1:]),
    )


def _near(value: Fraction) -> str:
    return f"{float(value):.3f}"


def _drawn(rows: list[list[str]]) -> object:
    from matplotlib import pyplot

    _, axes = pyplot.subplots(figsize=(6, 3.6))
    chances = [float(Fraction(row[0])) for row in rows]
    for column, label in ((1, "settled"), (2, "US terms")):
        values = [float(row[column]) for row in rows]
        axes.plot(chances, values, "o", markersize=4, label=label)
    axes.set_xlabel("chance that the US win-set is tight")
    axes.set_ylabel("probability")
    axes.set_ylim(0, 1)
    axes.legend()
    return axes


def _continuum(_: Scenario) -> Finding:
    """The same question where every point of a line is possible and nothing private."""
    rows = [["US ratifier", "outcome", "gain of the US negotiator", "gain of Russia"]]
    gains = {}
    for ideal in RATIFIERS:
        outcome = solve(_talks(ideal), "subgame perfect")[0]
        at = Fraction(outcome.proposal)
        gain = abs(STATUS_QUO - NEGOTIATOR) - abs(at - NEGOTIATOR)
        gains[ideal] = (gain, STATUS_QUO - at)
        rows.append([brief(ideal), brief(at), *map(brief, gains[ideal])])
    best = _talks(NEGOTIATOR).best_ratifier(US)
    harder = max(RATIFIERS)
    lost = [
        a > b for a, b in zip(gains[Fraction(str(best))], gains[harder], strict=True)
    ]
    return Finding(
        "Russia, whose ideal is 0, proposes; the ideal of the US negotiator is "
        f"{brief(NEGOTIATOR)}, the status quo {brief(STATUS_QUO)}. The negotiator does "
        f"best with a ratifier at {best}, closer to the status quo than the negotiator "
        f"is; with one at {brief(harder)} "
        f"{'both sides lose' if all(lost) else 'not both sides lose'} against that.",
        table=rows,
    )


def _doubted(_: Scenario) -> Finding:
    """An offer to a ratifier of whom only a range is known, the range moved up."""
    rows = [["reservation", "offer", "not ratified"]]
    found = []
    for low in (Fraction(k, 10) for k in range(1, 6)):
        model = UncertainRatification(cost="1/10", low=low, high=low + Fraction(1, 2))
        found.append((model.offer, model.failure))
        ends = f"{brief(low)} to {brief(low + Fraction(1, 2))}"
        rows.append([ends, brief(model.offer), brief(model.failure)])
    (offer, failure), (last, worst) = found[0], found[-1]
    return Finding(
        f"As the range moves up, the offer goes from {brief(offer)} to {brief(last)} "
        f"of the whole, and the chance that it is not ratified from {brief(failure)} "
        f"to {brief(worst)}: whoever is harder to please is offered more, and less "
        "often enough.",
        table=rows,
    )


def _talks(ideal: Fraction) -> TwoLevelGame:
    return TwoLevelGame(
        {US: {"negotiator": NEGOTIATOR, "ratifier": ideal}, RUSSIA: {"leader": 0}},
        status_quo=STATUS_QUO,
        proposer=RUSSIA,
        name="the same on a line",
    )


SCENARIO = Scenario(
    name="both_win",
    question=(
        "Both sides look for a settlement that each can call a win at home. Does a "
        "home audience that is harder to please bring its side more, and what does it "
        "cost?"
    ),
    statements=[BOTH_WIN],
    game=both_win,
    forms=FORMS,
    meanings=WIN_SETS,
    assumptions=ASSUMPTIONS,
    switches=[
        Switch(
            "win_sets",
            "private",
            "open",
            BOTH_WIN,
            why="a settlement that both could call a win would have been found if each "
            "knew what the other can ratify",
        )
    ],
    baseline=BASELINE,
    claims={
        "as long as play stays of one kind, the tighter the US win-set, the less the "
        "US gets": falls(payoff(US), "us_tight", "branch"),
        "as long as play stays of one kind, the tighter the US win-set, the less "
        "likely is a settlement": falls(P("settled"), "us_tight", "branch"),
        "whatever becomes of play, the tighter the US win-set, the less likely is a "
        "settlement": falls(P("settled"), "us_tight"),
        "although a settlement exists that both could call a win, it may be missed": P(
            "settled", given="win for both exists"
        )
        < 1,
    },
    studies=[
        Study(
            "What a tighter win-set gains",
            "The tighter the US win-set, the more likely are US terms?",
            _gained,
        ),
        Study(
            "A tighter US win-set",
            "With the other numbers at the baseline, what becomes of settlements as "
            "the US win-set is more likely to be tight?",
            _moved,
        ),
        Study(
            "On a line, with known ratifiers",
            "What does a ratifier that is harder to please bring where any point of a "
            "line may be agreed on and nothing is private?",
            _continuum,
        ),
        Study(
            "On a line, with a ratifier in doubt",
            "And where one side offers a share of a whole to another whose ratifier "
            "takes anything above a reservation, of which only a range is known?",
            _doubted,
        ),
    ],
    map=("us_tight", "russia_tight"),
    moved=("russia_tight", "small", "breakdown"),
    findings=[
        "A US whose audience would take any of the three settlements for a win asks "
        "for US terms in 2/7 of the cases, as if it could sell nothing else, and else "
        "offers the middle; a Russia that could accept US terms does so in 5/7.",
        "Of the cases in which some settlement would be a win for both, the sides miss "
        "it in some where win-sets are private, and in none where they are known.",
    ],
    answer=(
        "A tighter win-set makes its side's own terms more likely; it loses "
        "settlements and brings its side less, except where it grows so tight that "
        "the other side stops doubting it."
    ),
    limits=[
        "The numbers are ours and illustrative, so the probabilities compare one form "
        "of the game with another and forecast nothing.",
        "Audiences vote by rule and are not strategic here, there are three "
        "settlements and one round of offer and answer, and third parties to the "
        "settlement, Ukraine first of all, are left out.",
    ],
)
