"""Distrust: what it stops, where the talks themselves cannot be refused.

After a statement of Elena Suponina (`suponina-distrust`): the US is not trusted to keep
agreements, and yet contacts cannot be refused. Talking, signing and exposing oneself
are three steps, and how deep an agreement goes is chosen. The sides' incentives are
those of [kydd2005]_: who cannot be trusted gains from breaking what the other keeps.

Reads: claims, errors, evidence, parameters, play, proving, scenario, solving, studies.
Used by: its registry.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

from redlines.claims import P
from redlines.errors import UnknownLabel
from redlines.evidence import OURS, Assumption, Switch
from redlines.numbers import Amount
from redlines.parameters import Positive, Probability
from redlines.play import REST, RUSSIA, US, Play, game
from redlines.proving import check
from redlines.scenario import Scenario
from redlines.solving import solve
from redlines.studies import Finding, Study

__all__ = ["SCENARIO", "depth_name", "depth_reached", "distrust"]

DISTRUST = "suponina-distrust"

CONTACTS = ("kept", "free")

GRIDS = (1, 2, 4)
TRUSTS = tuple(Fraction(k, 20) for k in range(4, 20, 3))


def depth_name(number: int, depths: int) -> str:
    """What an agreement of one of so many depths is called."""
    if number == depths:
        return "full depth"
    share = Fraction(number, depths)
    return "half depth" if share == Fraction(1, 2) else f"depth {share}"


@game(US, RUSSIA)
def distrust(
    play: Play,
    trust: Probability = Probability("chance that the US is trustworthy"),
    gain: Positive = Positive(
        "what an agreement of full depth brings either side if both keep it", "payoff"
    ),
    loss: Positive = Positive(
        "what Russia loses if it is exposed in full and the US reneges", "payoff"
    ),
    temptation: Positive = Positive(
        "what reneging on an agreement of full depth adds for the US", "payoff"
    ),
    word: Positive = Positive(
        "price of a broken word to a US that is not trustworthy, at any depth",
        "payoff",
    ),
    step: Positive = Positive(
        "price at home of each step towards the other side: talking and signing for "
        "Russia, proposing for the US",
        "payoff",
    ),
    standoff: Positive = Positive(
        "what it costs Russia to have no contacts at all", "payoff"
    ),
    contacts: str = "kept",
    proposer: str = US,
    depths: int = 2,
) -> None:
    """Russia and the US talk; they may sign; Russia may expose itself; the US answers.

    Chance makes the US trustworthy or not; only the US knows. The US proposes an
    agreement of some depth, or nothing. Russia signs or declines. What is signed binds
    nobody yet: Russia exposes itself by doing its part, or hedges. If it does its part,
    a trustworthy US does its own; another US honours the agreement or reneges. Gains
    and temptation grow in step with depth, and the loss of whoever is let down with its
    square.
    """
    if contacts not in CONTACTS:
        raise UnknownLabel("way of having contacts", contacts, CONTACTS)
    us = play.draw("US", {"trustworthy": trust, "not": REST}, seen_by=US)
    free = contacts == "free"
    if free and play.move(RUSSIA, "contacts", ["talk", "refuse"]) == "refuse":
        play.pay({RUSSIA: -standoff}, because="no contacts")
        return
    play.mark("talks")
    play.pay({RUSSIA: -step}, because="price of talking")

    steps = {depth_name(k, depths): Fraction(k, depths) for k in range(1, depths + 1)}
    if proposer == US:
        proposed = play.move(US, "propose", ["nothing", *steps])
        if proposed == "nothing":
            return
        play.pay({US: -step}, because="price of proposing")
        if play.move(RUSSIA, "sign", ["sign", "decline"]) == "decline":
            return
    else:
        proposed = play.move(RUSSIA, "sign", ["nothing", *steps])
        if proposed == "nothing":
            return
    depth = steps[proposed]
    play.mark("signed")
    play.pay({RUSSIA: -step}, because="price of signing")

    if play.move(RUSSIA, "part", ["expose itself", "hedge"]) == "hedge":
        return
    play.mark("carried out by Russia")
    play.mark(f"at {proposed}")
    play.pay({US: depth * gain}, because="gain")
    if us == "trustworthy" or play.move(US, "answer", ["honour", "renege"]) == "honour":
        play.pay({RUSSIA: depth * gain}, because="gain")
        return
    play.mark("reneged on")
    play.pay({US: depth * temptation}, because="temptation")
    play.pay({US: -word}, because="broken word")
    play.pay({RUSSIA: -(depth**2) * loss}, because="let down")


PROPOSED = distrust(proposer=RUSSIA)
FREE = distrust(contacts="free", proposer=RUSSIA)
FORMS = {"US proposes": distrust, "Russia proposes": PROPOSED, "free to refuse": FREE}
MEANINGS = {
    "US proposes": "the talks are held in any case, and the US names a depth",
    "Russia proposes": "the talks are held in any case, and Russia names a depth",
    "free to refuse": "as the second, but Russia may refuse to have contacts",
}

ASSUMPTIONS = [
    Assumption(
        "trust*gain < (1 - trust)*loss",
        DISTRUST,
        why="Moscow does not trust it: the weight on reneging is such that full "
        "exposure is not worth it on what Russia knows before the talks",
    ),
    Assumption(
        "2*word < temptation",
        DISTRUST,
        why="agreements are given up easily: one that is not trustworthy gains by "
        "reneging even at half depth",
        alternative="word < temptation < 2*word",
    ),
    Assumption(
        "step < standoff",
        DISTRUST,
        why="too much is at stake: having no contacts costs more than talking does",
    ),
    Assumption(
        "step*(2*gain + 3*loss) < gain*loss",
        OURS,
        why="a step costs little beside what an agreement brings or loses, so that "
        "half an agreement is worth its steps",
    ),
]

BASELINE: dict[str, Amount] = {
    "trust": "1/2",
    "gain": 3,
    "loss": 4,
    "temptation": 4,
    "word": 1,
    "step": "1/8",
    "standoff": 5,
}


# ----------------------------------------------------------------------------- studies
def _caps(scenario: Scenario) -> Finding:
    """From which trust on each depth is reached, by who names it; trust left open."""
    given = [a for a in scenario.assumptions if "trust" not in a.names]
    rows = [["depth", "the US proposes: can be reached", "Russia proposes: is reached"]]
    for depth in ("half depth", "full depth"):
        reached = P(f"at {depth}") > 0
        signed = check(distrust, reached, given).where
        own = check(PROPOSED, reached, given).where
        rows.append([depth, f"where {signed.some}", f"where {own.every}"])
    return Finding(
        "Each depth has a trust below which no equilibrium carries it out, and that "
        "of full depth is the higher, since what is lost grows faster with depth "
        "than what is gained. Russia would sign an agreement of full depth at a lower "
        "trust than that at which it would propose one: below that, half of it is "
        "the better bargain.",
        scope="for every payoff that fits the other assumptions",
        table=rows,
    )


def _finer(scenario: Scenario) -> Finding:
    """The depth that Russia proposes, from the coarsest to the finest grid."""
    rows = [["depths on offer", *(f"trust {t}" for t in TRUSTS)]]
    best: dict[int, list[Fraction]] = {}
    for depths in GRIDS:
        best[depths] = [depth_reached(depths, scenario.baseline, t) for t in TRUSTS]
        rows.append([str(depths), *map(str, best[depths])])
    rising = all(a <= b for row in best.values() for a, b in pairwise(row))
    first = {
        d: next(t for t, k in zip(TRUSTS, best[d], strict=True) if k) for d in best
    }
    coarse, fine = GRIDS[0], GRIDS[-1]
    return Finding(
        f"The depth that is carried out {'never falls' if rising else 'may fall'} as "
        f"trust rises. With {coarse} depth on offer, all or nothing, something is "
        f"carried out from a trust of {first[coarse]} on, with {fine} from "
        f"{first[fine]} on: the choice of depth, and not more trust, is what lets an "
        "agreement begin.",
        table=rows,
    )


def depth_reached(
    depths: int, baseline: Mapping[str, Fraction], trust: Fraction
) -> Fraction:
    """The largest depth that is carried out if Russia proposes, 0 if none is."""
    told = distrust(proposer=RUSSIA, depths=depths)
    solution = solve(told.bind(**{**baseline, "trust": trust}), "sequential")
    reached = [
        Fraction(number, depths)
        for number in range(1, depths + 1)
        for equilibrium in solution
        if equilibrium.probability(f"at {depth_name(number, depths)}") > 0
    ]
    return max(reached, default=Fraction(0))


def _deep_only(scenario: Scenario) -> Finding:
    """Whether something is carried out if only deep agreements are given up."""
    given = [a.otherwise or a for a in scenario.assumptions]
    verdict = check(distrust, P("carried out by Russia") > 0, given)
    where = "needs no trust" if verdict.name == "always" else "still needs trust"
    return Finding(
        "If the US is taken to give up deep agreements only, because a broken word "
        "costs it more than half the temptation, then an agreement of half depth keeps "
        f"itself and {where}.",
        verdict=verdict.name,
        scope="for every payoff that fits the assumptions so read",
    )


SCENARIO = Scenario(
    name="distrust",
    question=(
        "Where distrust cannot stop the talks, what does it stop, and how deep an "
        "agreement does it leave?"
    ),
    statements=[DISTRUST],
    game=distrust,
    forms=FORMS,
    meanings=MEANINGS,
    assumptions=ASSUMPTIONS,
    switches=[
        Switch(
            "contacts",
            "kept",
            "free",
            DISTRUST,
            why="of the three steps the talks alone cannot be refused",
        )
    ],
    baseline=BASELINE,
    claims={
        "whatever the US proposes, no agreement of full depth is carried out": P(
            "at full depth"
        )
        == 0,
        "Russia talks, even where it is free to refuse": P("talks", game=FREE) == 1,
        "where the US proposes, an agreement of some depth is carried out": P(
            "carried out by Russia"
        )
        > 0,
        "where Russia proposes, an agreement of some depth is carried out": P(
            "carried out by Russia", game=PROPOSED
        )
        > 0,
    },
    studies=[
        Study(
            "The largest depth, by trust",
            "From which trust on is an agreement of each depth carried out by Russia, "
            "if nothing is assumed about trust?",
            _caps,
        ),
        Study(
            "A finer choice of depth",
            "If Russia may name more depths, up to a full one, which does it name at "
            "the baseline, by trust?",
            _finer,
        ),
        Study(
            "If only deep agreements are given up",
            "What becomes of an agreement of half depth under the other reading of "
            "the statement?",
            _deep_only,
        ),
    ],
    map=("trust", "loss"),
    moved=("trust", "gain", "loss", "word"),
    findings=[
        "Russia talks at any trust, and also where it is free to refuse.",
        "An agreement of half depth can be carried out where the US proposes; it may "
        "also come to nothing, because Russia reads whatever is proposed as coming "
        "from a US that would renege.",
        "Where Russia names the depth, it names half, and the US reneges whenever it "
        "is not trustworthy.",
    ],
    limits=[
        "Only the word of the US is in doubt here, since the statement is about that; "
        "with the sides exchanged the same conditions hold for trust in Russia, and "
        "with doubt on both sides the largest depth would be less again.",
        "The game is played once, a broken word is taken to cost the same at any "
        "depth, and the US cannot first expose itself in order to be believed.",
    ],
    answer=(
        "Distrust never stops the talks; it caps the depth: no proposal of the US "
        "opens the way to an agreement of full depth, while one of half depth can be "
        "carried out at a lower trust."
    ),
)
