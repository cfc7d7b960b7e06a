"""The hybrid norm: whether lasting tension is what two patient sides must come to.

After a statement of Dmitry Suslov (`suslov-hybrid-norm`): the hybrid war will last
long, and both sides take it for the new norm and adapt to it.

Reads: evidence, markov, numbers, parameters, play, scenario, solving, studies.  Used
by: its registry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from redlines.evidence import OURS, Assumption
from redlines.markov import Stage, markov_game
from redlines.numbers import Amount, brief, exact
from redlines.parameters import Positive, Probability
from redlines.play import REST, RUSSIA, US
from redlines.scenario import Scenario
from redlines.solving import solve
from redlines.studies import Finding, Study

__all__ = ["SCENARIO", "hybrid_norm"]

NORM = "suslov-hybrid-norm"

KINDS = ("peace", "norm", "clash", "chance decides")
COLOURS = ("#56b4e9", "#e69f00", "#d55e00", "#999999")


@markov_game(US, RUSSIA, states=["calm", "tension", "clash"], start="tension")
def hybrid_norm(
    play: Stage,
    state: str,
    gain: Positive = Positive("what a period of pressing brings", "payoff"),
    spoils: Positive = Positive("what a strike brings at once", "payoff"),
    harm: Positive = Positive("what it costs to be pressed or struck", "payoff"),
    strain: Positive = Positive("what a period of tension costs each side", "payoff"),
    risk: Probability = Probability("chance that a strike leads to a clash"),
    loss: Positive = Positive("what a period of clash costs each side", "payoff"),
    patience: Probability = Probability("what a payoff one period later counts"),
) -> str:
    """In calm and in tension the two hold back or press; in tension either may strike.

    In every period both choose at once. Who presses has a gain, and does harm to the
    other. It is calm for as long as both hold back: if either presses, there is tension
    in the next period, which costs both in every period, and calm comes back once both
    hold back again. In tension a strike brings more at once than pressing does; each
    strike may lead to a clash, which costs both in every period and does not end. Play
    starts in tension, and what is done depends on the state alone.
    """
    if state == "clash":
        play.pay({US: -loss, RUSSIA: -loss}, because="clash")
        return "clash"
    actions = ["hold", "press"]
    if state == "tension":
        actions = ["hold", "press", "strike"]
        play.pay({US: -strain, RUSSIA: -strain}, because="strain")
    does = play.simultaneous({US: ("US", actions), RUSSIA: ("Russia", actions)})
    for side, other in ((US, RUSSIA), (RUSSIA, US)):
        if does[side] != "hold":
            brings = gain if does[side] == "press" else spoils
            play.pay({side: brings}, because="gain")
            play.pay({other: -harm}, because="harm")
    strikes = list(does.values()).count("strike")
    if strikes:
        lost = risk if strikes == 1 else risk * (2 - risk)
        return play.go({"clash": lost, "tension": REST})
    return "calm" if set(does.values()) == {"hold"} else "tension"


ASSUMPTIONS = [
    Assumption(
        "(1 - patience)*(spoils - gain) < patience*risk*(loss + gain - harm - strain)",
        NORM,
        why="both take it for the norm: where both press for good, neither strikes, "
        "since a clash would cost it more than a strike brings",
    ),
    Assumption(
        "gain < patience*strain",
        NORM,
        why="both adapt to something that costs them: tension in the next period costs "
        "each more than it gains by pressing now",
        alternative="patience*strain < gain",
    ),
    Assumption(
        "harm + strain < loss",
        NORM,
        why="the hybrid war is not the clash: to bear it is better",
    ),
    Assumption(
        "gain < harm",
        OURS,
        why="if both press, both lose by it",
    ),
    Assumption(
        "gain < spoils",
        OURS,
        why="a strike brings more at once than pressing does",
    ),
]

BASELINE: dict[str, Amount] = {
    "gain": 1,
    "spoils": 4,
    "harm": 2,
    "strain": 3,
    "risk": "1/10",
    "loss": 12,
    "patience": "17/20",
}

PATIENCE = ("2/5", "7/10", "4/5", "17/20", "9/10")
STRAINS = ("3", "1", "1/2", "1/10")
LOSSES = ("10", "12", "14")
RISKS = ("1/10", "1/5")


def kind(equilibrium: Any) -> str:
    """Where play ends up from tension: in peace, in the norm, in a clash, or by chance.

    Peace is calm for good; the norm is tension that comes back or stays, without a
    clash.
    """
    found = set()
    for _, shares in equilibrium.recurrent():
        if shares.get("clash"):
            found.add("clash")
        else:
            found.add("peace" if shares.get("calm") == 1 else "norm")
    return found.pop() if len(found) == 1 else "chance decides"


@cache
def equilibria(scenario: Scenario, **changes: Amount) -> Any:
    """All stationary equilibria, some parameters changed."""
    values = {**scenario.baseline, **{n: exact(v, n) for n, v in changes.items()}}
    if values == scenario.baseline:
        (solution,) = scenario.solutions.values()
    else:
        solution = solve(scenario.game.bind(**values), scenario.concept)
    if not solution.complete:
        raise AssertionError(f"not all equilibria: {solution.reason}")
    return solution


def census(scenario: Scenario, **changes: Amount) -> dict[str, int]:
    """How many equilibria there are of each kind, some parameters changed."""
    kinds = [kind(each) for each in equilibria(scenario, **changes)]
    return {name: kinds.count(name) for name in KINDS}


def _rows(parameter: str, counted: Mapping[str, Mapping[str, int]]) -> list[list[str]]:
    head = [parameter, "equilibria", *KINDS]
    return [head] + [
        [value, str(sum(counts.values())), *(str(counts[name]) for name in KINDS)]
        for value, counts in counted.items()
    ]


def _without(counted: Mapping[str, Mapping[str, int]], *kinds: str) -> list[str]:
    """The values at which no equilibrium is of one of these kinds."""
    return [v for v, counts in counted.items() if not any(counts[k] for k in kinds)]


def _coexist(scenario: Scenario) -> Finding:
    """All stationary equilibria by patience, and where they lead."""
    counted = {value: census(scenario, patience=value) for value in PATIENCE}
    here = counted[brief(scenario.baseline["patience"])]
    present = [name for name in KINDS[:3] if here[name]]
    all_three = [
        v for v, counts in counted.items() if all(counts[k] for k in KINDS[:3])
    ]
    verdict = (
        "always"
        if present == ["norm"] and not here["chance decides"]
        else ("sometimes" if "norm" in present else "never")
    )
    return Finding(
        f"At the baseline {', '.join(present)} are all equilibrium outcomes "
        f"({here['norm']} of {sum(here.values())} equilibria lead to the norm): the "
        "norm is a selection. All three coexist where patience is "
        f"{', '.join(all_three)}; there is no clash at {_listed(counted, 'clash')}, no "
        f"norm at {_listed(counted, 'norm')}, no peace at {_listed(counted, 'peace')}.",
        verdict=verdict,
        scope="at the baseline: it depends on which equilibrium is played",
        table=_rows("patience", counted),
        draw=lambda: plot_census("patience", counted),
    )


def _listed(counted: Mapping[str, Mapping[str, int]], name: str) -> str:
    kinds = (name, "chance decides") if name == "clash" else (name,)
    return ", ".join(_without(counted, *kinds)) or "none of the values"


def _no_peace(scenario: Scenario) -> Finding:
    """How soon calm can come back, as the strain of tension falls."""
    rows = [["strain", "lead to peace", "of", "shortest wait for calm, in periods"]]
    waits = {}
    for strain in STRAINS:
        found = equilibria(scenario, strain=strain)
        peaceful = [each for each in found if kind(each) == "peace"]
        times = [float(each.expected_time("calm")) for each in peaceful]
        shown = f"{min(times):.3g}" if times else ""
        if shown:
            waits[strain] = shown
        rows.append([strain, str(len(peaceful)), str(len(found)), shown or "-"])
    out = [strain for strain in STRAINS if strain not in waits]
    listed = ", ".join(f"{wait} at strain {s}" for s, wait in waits.items())
    return Finding(
        "To adapt, so that tension is less of a strain, first delays peace and then "
        f"rules it out. The shortest wait for calm, in periods, is {listed}. No "
        f"equilibrium leads to peace at strain {', '.join(out) or '(no value tried)'}.",
        table=rows,
    )


def _no_clash(scenario: Scenario) -> Finding:
    """Where no equilibrium leads to a clash, as a clash costs more."""
    counted = {value: census(scenario, loss=value) for value in LOSSES}
    likely = {value: census(scenario, risk=value) for value in RISKS}
    costly, risky = (_without(c, "clash", "chance decides") for c in (counted, likely))
    return Finding(
        "A clash that is expected leaves little to lose, and so brings itself about. "
        "No equilibrium leads to one where it costs "
        f"{', '.join(costly) or 'none of these'} in a period, or where the chance that "
        f"a strike leads to it is {', '.join(risky) or 'none of those tried'}.",
        table=_rows("loss", counted),
    )


def plot_census(parameter: str, counted: Mapping[str, Mapping[str, int]]) -> Any:
    """Draw how many equilibria lead where, one bar for each value of a parameter."""
    import matplotlib.pyplot as plt
    from matplotlib.ticker import MaxNLocator

    _, ax = plt.subplots(figsize=(7, 3.8))
    places = range(len(counted))
    bottom: Sequence[int] = [0] * len(counted)
    for name, colour in zip(KINDS, COLOURS, strict=True):
        heights = [counts[name] for counts in counted.values()]
        bars = ax.bar(places, heights, bottom=bottom, color=colour, label=name)
        ax.bar_label(
            bars,
            labels=[str(h) if h else "" for h in heights],
            label_type="center",
            fontsize=8,
        )
        bottom = [a + b for a, b in zip(bottom, heights, strict=True)]
    ax.set_xticks(places)
    ax.set_xticklabels(list(counted))
    ax.set_xlabel(parameter)
    ax.set_ylabel("stationary equilibria")
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend(
        frameon=False, title="leading to", loc="center left", bbox_to_anchor=(1, 0.5)
    )
    for edge in ("top", "right"):
        ax.spines[edge].set_visible(False)
    return ax


SCENARIO = Scenario(
    name="hybrid_norm",
    question=(
        "Both sides are said to take a long hybrid war for the norm and to adapt to "
        "it. Is lasting tension what two patient sides must come to, or one of several "
        "ways that they may settle into?"
    ),
    statements=[NORM],
    game=hybrid_norm,
    assumptions=ASSUMPTIONS,
    baseline=BASELINE,
    claims={},
    concept="markov perfect",
    studies=[
        Study(
            "Which equilibria coexist",
            "Where do all stationary equilibria lead from tension, the more patient "
            "both sides are?",
            _coexist,
        ),
        Study(
            "What would rule out peace",
            "Which equilibria lead to peace, and how soon, the less tension costs "
            "both?",
            _no_peace,
        ),
        Study(
            "What would rule out a clash",
            "Which equilibria are left, the more a clash costs, or the likelier it "
            "follows a strike?",
            _no_clash,
        ),
    ],
    findings=[
        "Three ways of settling are equilibria at once: both hold back and calm "
        "returns; both press and the tension lasts; both strike until there is a "
        "clash.",
        "That lasting tension is one of them is how the statement is read; what is "
        "found is what else is one beside it.",
    ],
    limits=[
        "The numbers are ours and illustrative, so what is counted is equilibria, "
        "which says nothing of how likely each is.",
        "What is done depends on the state alone and not on what was done before, both "
        "sides are alike, and a clash has one size and does not end; third parties are "
        "not strategic here.",
    ],
    answer=(
        "It is a selection: with patience, peace, lasting tension and a clash are all "
        "equilibria; impatience rules out peace, and so does adapting far enough; more "
        "patience or a costlier clash rules out the clash."
    ),
)
