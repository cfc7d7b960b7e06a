"""Direct clash: the risk that is left where both sides rank it last.

After a statement of Dmitry Suslov (`suslov-no-interest-in-war`): the risk of escalation
is high, and neither side has an interest in a world war or nuclear use. Nothing but
rankings is taken from it.

Reads: claims, errors, evidence, graph_model, numbers, parameters, play, scenario,
solving, studies.  Used by: its registry.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from redlines.claims import P, rises
from redlines.errors import UnknownLabel
from redlines.evidence import Assumption, Switch
from redlines.graph_model import GraphModel
from redlines.numbers import Amount, brief
from redlines.parameters import Real
from redlines.play import RUSSIA, US, Play, game
from redlines.scenario import Scenario
from redlines.solving import solve
from redlines.studies import Finding, Study
from redlines.tree import Game

__all__ = ["SCENARIO", "direct_clash"]

NO_WAR = "suslov-no-interest-in-war"

ORDERS = {
    "at once": "neither side sees what the other does before it has chosen",
    "in turn": "Russia chooses first, and the US sees what it chose",
}


def _worth(words: str) -> Real:
    return Real(f"{words}, measured from both yielding", "payoff")


@game(US, RUSSIA)
def direct_clash(
    play: Play,
    us_prevail: Real = _worth("what it is worth to the US that Russia alone yields"),
    us_yield: Real = _worth("what it is worth to the US to yield alone"),
    us_clash: Real = _worth("what the clash is worth to the US"),
    russia_prevail: Real = _worth(
        "what it is worth to Russia that the US alone yields"
    ),
    russia_yield: Real = _worth("what it is worth to Russia to yield alone"),
    russia_clash: Real = _worth("what the clash is worth to Russia"),
    order: str = "at once",
) -> None:
    """Each side is firm or yields, once.

    If both are firm they clash, and the clash has a nuclear component. If one alone is
    firm it prevails, and the other has yielded. If both yield they settle, which is
    what everything else is measured from.
    """
    if order not in ORDERS:
        raise UnknownLabel("order of moves", order, ORDERS)
    actions = ["firm", "yield"]
    if order == "at once":
        does = play.simultaneous({s: (f"{s} acts", actions) for s in (US, RUSSIA)})
    else:
        does = {s: play.move(s, f"{s} acts", actions) for s in (RUSSIA, US)}
    firm = [s for s in (US, RUSSIA) if does[s] == "firm"]
    for side in firm:
        play.mark(f"{side} firm")
    if firm == [US, RUSSIA]:
        play.mark("clash")
        play.pay({US: us_clash, RUSSIA: russia_clash}, because="clash")
    elif firm == [US]:
        play.pay({US: us_prevail, RUSSIA: russia_yield}, because="one side yields")
    elif firm == [RUSSIA]:
        play.pay({US: us_yield, RUSSIA: russia_prevail}, because="one side yields")


FORMS = {
    order: direct_clash if order == "at once" else direct_clash(order=order)
    for order in ORDERS
}

ASSUMPTIONS = [
    Assumption(
        "us_clash < us_yield",
        NO_WAR,
        why="no interest in nuclear use: to the US it is worse than every other "
        "outcome, yielding alone included",
        alternative="us_clash < 0",
    ),
    Assumption(
        "us_clash < us_prevail",
        NO_WAR,
        why="no interest in nuclear use: to the US it is worse than every other "
        "outcome, prevailing included",
    ),
    Assumption(
        "us_clash < 0",
        NO_WAR,
        why="no interest in nuclear use: to the US it is worse than every other "
        "outcome, a settlement included",
    ),
    Assumption(
        "russia_clash < russia_yield",
        NO_WAR,
        why="no interest in nuclear use: to Russia it is worse than every other "
        "outcome, yielding alone included",
        alternative="russia_clash < 0",
    ),
    Assumption(
        "russia_clash < russia_prevail",
        NO_WAR,
        why="no interest in nuclear use: to Russia it is worse than every other "
        "outcome, prevailing included",
    ),
    Assumption(
        "russia_clash < 0",
        NO_WAR,
        why="no interest in nuclear use: to Russia it is worse than every other "
        "outcome, a settlement included",
    ),
]

BASELINE: dict[str, Amount] = {
    "us_prevail": 2,
    "us_yield": -2,
    "us_clash": -10,
    "russia_prevail": 3,
    "russia_yield": -1,
    "russia_clash": -10,
}

# --------------------------------------------------------------------------- rankings
# a side's own outcomes besides the clash, which stands last in all
PREVAIL, SETTLE, YIELD, CLASH = "prevail", "settle", "yield", "clash"
RANKINGS = tuple(itertools.permutations((PREVAIL, SETTLE, YIELD)))

STABILITIES = (
    "nash",
    "general metarational",
    "symmetric metarational",
    "sequentially stable",
)
STATES = {
    "firm, firm": "clash",
    "firm, yield": "US prevails",
    "yield, firm": "Russia prevails",
    "yield, yield": "settlement",
}


@dataclass(frozen=True)
class Ranked:
    """What comes of two rankings; payoffs are the ranks, 0 for the clash.

    Attributes
    ----------
    us, russia : tuple of str
        Each side's own outcomes, best first.
    nash, correlated : Fraction
        The greatest probability of the clash over all equilibria.
    stable : dict
        By stability, the states that are stable.
    """

    us: tuple[str, ...]
    russia: tuple[str, ...]
    nash: Fraction
    correlated: Fraction
    stable: dict[str, tuple[str, ...]]


def ranked(us: tuple[str, ...], russia: tuple[str, ...]) -> Ranked:
    """What the three ways of looking at a conflict make of two rankings."""
    values: dict[str, Amount] = {}
    for side, ranking in (("us", us), ("russia", russia)):
        rank = {outcome: 3 - k for k, outcome in enumerate(ranking)} | {CLASH: 0}
        for outcome in (PREVAIL, YIELD, CLASH):
            values[f"{side}_{outcome}"] = rank[outcome] - rank[SETTLE]
    told = direct_clash.bind(**values)
    model = GraphModel.from_game(told)
    return Ranked(
        us,
        russia,
        nash=_greatest(told),
        correlated=_greatest_correlated(told),
        stable={concept: _stable(model, concept) for concept in STABILITIES},
    )


def _stable(model: GraphModel, concept: str) -> tuple[str, ...]:
    found: Iterable[Any] = solve(model, concept)
    return tuple(STATES[one.state] for one in found)


def _greatest(told: Game) -> Fraction:
    """The greatest probability of the clash over all Nash equilibria."""
    solution = solve(told, "nash")
    assert solution.complete, solution.reason
    families: Iterable[Any] = solution.families
    chances: list[Fraction] = [family.range("clash").high for family in families]
    return max(chances)


def _greatest_correlated(told: Game) -> Fraction:
    """The greatest probability of the clash over all correlated equilibria."""
    found: Fraction = solve(told, "correlated", maximize="clash")[0].probability(
        "clash"
    )
    return found


def _all_rankings() -> Iterator[Ranked]:
    for us, russia in itertools.product(RANKINGS, RANKINGS):
        yield ranked(us, russia)


def _rankings(scenario: Scenario) -> Finding:
    """Nash, correlated and graph-model answers for all 36 pairs of rankings."""
    every = list(_all_rankings())
    rows = [
        ["US ranks", "Russia ranks", "Nash", "correlated", "stable: Nash", *STABLE[1:]]
    ]
    different = [r for r in every if RANKINGS.index(r.us) <= RANKINGS.index(r.russia)]
    for one in different:
        shown = [_states(one.stable[concept]) for concept in STABILITIES]
        rows.append(
            [
                _letters(one.us),
                _letters(one.russia),
                brief(one.nash),
                brief(one.correlated),
                *shown,
            ]
        )
    risky = [r for r in every if r.nash > 0]
    tempted = [r for r in every if _tempted(r.us) and _tempted(r.russia)]
    same = risky == tempted and risky == [r for r in every if r.correlated > 0]
    where = (
        "exactly those in which each side ranks prevailing above settling"
        if same
        else "not all of them those in which each side ranks prevailing above settling"
    )
    stable = sum("clash" in r.stable[c] for r in every for c in STABILITIES)
    few = len([r for r in different if r.nash > 0])
    return Finding(
        f"Of {len(every)} pairs of strict rankings with the clash last "
        f"({len(different)} up to exchanging the sides) {len(risky)} ({few}) leave it "
        f"a positive probability in some Nash and in some correlated equilibrium, "
        f"{where}. As a graph model, in which each side sees where it is before it "
        f"moves, the clash is stable in {stable or 'none'} of them, under any of the "
        "four stabilities.",
        verdict="sometimes",
        scope="over all strict rankings with the clash last for both",
        table=rows,
        draw=partial(_draw_rankings, every),
    )


STABLE = ("Nash", "GMR", "SMR", "SEQ")


def _tempted(ranking: tuple[str, ...]) -> bool:
    return ranking.index(PREVAIL) < ranking.index(SETTLE)


def _letters(ranking: tuple[str, ...]) -> str:
    return " ".join(f"{outcome[0].upper()}" for outcome in (*ranking, CLASH))


def _states(states: tuple[str, ...]) -> str:
    letters = {
        "clash": "C",
        "US prevails": "U",
        "Russia prevails": "R",
        "settlement": "S",
    }
    return " ".join(sorted(letters[state] for state in states)) or "-"


def _draw_rankings(every: list[Ranked], ax: Any = None) -> Any:
    """The greatest probability of the clash, pair by pair."""
    import matplotlib.pyplot as plt

    if ax is None:
        ax = plt.figure(figsize=(7.5, 6), layout="constrained").add_subplot()
    size = len(RANKINGS)
    values = [[0.0] * size for _ in range(size)]
    for one in every:
        i, j = RANKINGS.index(one.us), RANKINGS.index(one.russia)
        values[i][j] = float(one.correlated)
        words = f"{brief(one.nash)}\n{brief(one.correlated)}" if one.correlated else "0"
        ax.text(j, i, words, ha="center", va="center")
    ax.imshow(values, cmap="Reds", vmin=0, vmax=2 * max(map(max, values)))
    names = [" > ".join(ranking) for ranking in RANKINGS]
    ax.set_xticks(range(size), names, rotation=35, ha="right")
    ax.set_yticks(range(size), names)
    ax.set_xlabel("Russia's ranking, the clash last")
    ax.set_ylabel("the US ranking, the clash last")
    ax.set_title(
        "Greatest probability of a clash, ranks as payoffs:\n"
        "Nash equilibria above, correlated equilibria below"
    )
    return ax


# ------------------------------------------------------------------------------ risks
WORSE = tuple(range(-3, -31, -1))


@dataclass(frozen=True)
class Mixed:
    """The equilibrium in which both sides mix, and the worst correlated one.

    Attributes
    ----------
    us_firm, russia_firm : Fraction
        The probability that each side is firm where both mix.
    clash, correlated : Fraction
        That of the clash there, and the greatest over all correlated equilibria.
    """

    us_firm: Fraction
    russia_firm: Fraction
    clash: Fraction
    correlated: Fraction


def mixed_risk(told: Game) -> Mixed:
    """The risk where both mix, and the greatest correlated one."""
    solution = solve(told, "nash")
    (both,) = [e for e in solution if 0 < e.probability("clash") < 1]
    return Mixed(
        us_firm=both.probability("US firm"),
        russia_firm=both.probability("Russia firm"),
        clash=both.probability("clash"),
        correlated=_greatest_correlated(told),
    )


def _risks(scenario: Scenario) -> Finding:
    """What a worse clash does to the risk and to the firmness of either side."""
    along = {
        worth: mixed_risk(
            direct_clash.bind(**{**scenario.baseline, "us_clash": Fraction(worth)})
        )
        for worth in WORSE
    }
    here = mixed_risk(scenario.form())
    first, last = along[WORSE[0]], along[WORSE[-1]]
    rows = [["US worth of the clash", "US firm", "Russia firm", "clash", "correlated"]]
    for worth in (-3, -5, -10, -20, -30):
        one = along[worth]
        numbers = (one.us_firm, one.russia_firm, one.clash, one.correlated)
        rows.append([str(worth), *map(brief, numbers)])
    us = "stays" if first.us_firm == last.us_firm else "goes"
    return Finding(
        f"At the baseline a clash has probability {brief(here.clash)} where both mix, "
        f"and up to {brief(here.correlated)} where what they do is correlated. As the "
        f"clash gets worse for the US, from {WORSE[0]} to {WORSE[-1]}, it is Russia "
        f"that becomes less firm, from {brief(first.russia_firm)} to "
        f"{brief(last.russia_firm)}; the firmness of the US {us} at "
        f"{brief(last.us_firm)}. Where both mix, a side is as firm as leaves the other "
        "indifferent, so its firmness is set by what the other fears.",
        table=rows,
        draw=partial(_draw_risks, along),
    )


def _draw_risks(along: dict[int, Mixed], ax: Any = None) -> Any:
    import matplotlib.pyplot as plt

    if ax is None:
        ax = plt.figure(figsize=(7, 4.5), layout="constrained").add_subplot()
    for label, style, values in (
        (
            "clash, greatest in a correlated one",
            "C3-",
            [m.correlated for m in along.values()],
        ),
        ("clash, where both mix", "C3--", [m.clash for m in along.values()]),
        (
            "Russia firm, where both mix",
            "C0-.",
            [m.russia_firm for m in along.values()],
        ),
        ("US firm, where both mix", "C2:", [m.us_firm for m in along.values()]),
    ):
        ax.plot(list(along), list(map(float, values)), style, label=label)
    ax.invert_xaxis()
    ax.set_ylim(bottom=0)
    ax.set_xlabel("what the clash is worth to the US (worse to the right)")
    ax.set_ylabel("probability")
    ax.legend(frameon=False)
    return ax


SCENARIO = Scenario(
    name="direct_clash",
    question=(
        "Both sides rank a direct clash last. For which rankings of the other outcomes "
        "does some risk of it remain all the same?"
    ),
    statements=[NO_WAR],
    game=direct_clash,
    forms=FORMS,
    meanings=ORDERS,
    assumptions=ASSUMPTIONS,
    switches=[
        Switch(
            "order",
            "at once",
            "in turn",
            NO_WAR,
            why="the risk is high, hence the consultations: neither side can count on "
            "seeing what the other does before it has to choose",
        )
    ],
    baseline=BASELINE,
    claims={
        "a clash may happen, although both sides rank it last": P("clash") > 0,
        "a clash is never certain": P("clash") < 1,
        "no clash happens where one side sees what the other chose": P(
            "clash", game=FORMS["in turn"]
        )
        <= 0,
        "the worse the clash is for the US, the less likely it is at most": rises(
            P("clash"), "us_clash"
        ),
    },
    studies=[
        Study(
            "All rankings side by side",
            "For every pair of strict rankings with the clash last: can a clash happen "
            "in a Nash or a correlated equilibrium, and which states are stable in the "
            "graph model? P, S, Y and C are a side's own outcomes, to prevail, settle, "
            "yield alone and clash, best first; U and R are the states in which the US "
            "and Russia prevail. Probabilities are the greatest ones with ranks as "
            "payoffs; whether they are positive does not depend on that.",
            _rankings,
        ),
        Study(
            "Mixed and correlated risk",
            "How likely is a clash where both sides mix, and where their choices are "
            "correlated, and what changes if the clash is worse for one of them?",
            _risks,
        ),
    ],
    map=("us_prevail", "russia_prevail"),
    findings=[
        "Where both choose at once there are three equilibria: in two of them one side "
        "prevails and the other yields, in the third both mix, and a clash has "
        "probability 1/20, the product of the two sides' critical risks, 1/5 and 1/4.",
        "Where Russia chooses first it is firm, the US yields, and there is no clash.",
    ],
    limits=[
        "Each side chooses once between two actions, and the numbers are ours and "
        "illustrative: rankings alone say whether there is a risk, never how large it "
        "is.",
        "Both are assumed to know both rankings, the clash is the sure result of "
        "firmness on both sides, and third parties are left out.",
    ],
    answer=(
        "Only where each side would rather prevail than settle, and there only in the "
        "equilibrium in which both mix and in correlated ones; for all other rankings "
        "never."
    ),
)
