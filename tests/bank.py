"""Small games with their source, what is nasty about them, and their equilibria.

Each case says, for every concept, how many elements and families there are, and gives
equilibria in part or whole, by information set, as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stories import (
    all_tied,
    assurance,
    beer_quiche,
    bluff,
    centipede,
    chain_store,
    deterrence,
    ladder,
    line,
    pennies_inside,
    private_types,
    signal_of_resolve,
)

import redlines as rl

SEQUENTIAL, WEAK = "sequential", "weak perfect bayesian"
PERFECT, NASH = "subgame perfect", "nash"
CONCEPTS = (SEQUENTIAL, WEAK, PERFECT, NASH)

Part = Mapping[str, Any]
"""By information set an action for certain, or probabilities of actions."""


@dataclass(frozen=True)
class Case:
    """A game with what is known about it.

    Attributes
    ----------
    counts : dict of str to (int, int)
        By concept, elements and families; a concept that is left out is not tried.
    published : tuple of Part
        Each is realized by exactly one element of every complete concept with beliefs.
    beliefs : dict of str to tuple of str
        Ranges of beliefs, as text, that some element shows at an information set.
    payoffs, events : dict
        Expected by the first of `published`.
    """

    name: str
    source: str
    nasty: str
    game: rl.Game
    counts: Mapping[str, tuple[int, int]]
    published: tuple[Part, ...] = ()
    beliefs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    payoffs: Mapping[str, str] = field(default_factory=dict)
    events: Mapping[str, str] = field(default_factory=dict)


# ------------------------------------------------------------------------------- bank
def tree(
    elements: int, families: int, nash: int, subgames: int | None = None
) -> dict[str, tuple[int, int]]:
    """The same answer for both concepts with beliefs; for subgames other elements."""
    both = (elements, families)
    found = {SEQUENTIAL: both, WEAK: both, NASH: (nash, 0)}
    if subgames != 0:
        found[PERFECT] = (subgames or elements, families)
    return found


def perfect(nash: int) -> dict[str, tuple[int, int]]:
    """One equilibrium by backward induction, the same for all refinements."""
    return {SEQUENTIAL: (1, 1), WEAK: (1, 1), PERFECT: (1, 1), NASH: (nash, 0)}


def chicken(t: int, r: int, s: int, p: int) -> rl.Game:
    """Row and column yield (1) or stand firm (2)."""
    return rl.Game.from_bimatrix([[r, s], [t, p]], [[r, t], [s, p]])


def both(action: object) -> Part:
    return {"Row": action, "Column": action}


BLUFF_THEN_DENY = {
    "start [C=hard]": "defect",
    "start [C=soft]": {"defect": "1/4", "cooperate": "3/4"},
    "reply [D=hard, start=defect]": "deny",
    "reply [D=soft, start=defect]": {"deny": "1/3", "concede": "2/3"},
    "end [C=hard, start=defect, reply=deny]": "deny",
    "end [C=soft, start=defect, reply=deny]": "concede",
}
SEPARATING_ATTACK = {
    **BLUFF_THEN_DENY,
    "start [C=soft]": "cooperate",
    "reply [D=soft, start=defect]": "concede",
}
STEADFAST = {
    **BLUFF_THEN_DENY,
    "start [C=hard]": "cooperate",
    "start [C=soft]": "cooperate",
    "reply [D=soft, start=defect]": "deny",
}
HIGH_SIGNALS = {
    "signal [value=high]": "signal",
    "signal [value=low]": "none",
    "act [signal=signal, kind=weak]": "stay",
    "act [signal=none, kind=weak]": "challenge",
    "answer [value=high, signal=signal]": "fight",
    "answer [value=low, signal=none]": "back down",
}
NOBODY_SIGNALS = {"signal [value=high]": "none", "signal [value=low]": "none"}

CASES = (
    Case(
        "red line",
        "the game of a declared line",
        "a continuum of beliefs, and one of mixtures, off the path",
        line.bind(p="1/4", V=4, k=1, a=2, c=1, d=3),
        tree(3, 2, nash=7),
        (
            {
                "declare [type=resolved]": "line",
                "declare [type=irresolute]": {"line": "1/3", "silent": "2/3"},
                "act [declare=line]": {"cross": "1/2", "refrain": "1/2"},
                "act [declare=silent]": "cross",
            },
            {
                **dict.fromkeys(
                    ("declare [type=resolved]", "declare [type=irresolute]"), "silent"
                ),
                "act [declare=line]": "cross",
            },
            {
                "declare [type=resolved]": "silent",
                "act [declare=line]": {"cross": "2/3", "refrain": "1/3"},
            },
        ),
        {"act [declare=line]": ("[0, 1/2]",)},
        {"US": "3/8", "Russia": "2"},
        {"crossed": "3/4", "enforced": "1/8"},
    ),
    Case(
        "two-sided ladder",
        "eight rungs with a risk of 1/10 each, private resolve on both sides",
        "all but two of sixteen information sets are never reached",
        ladder,
        tree(1, 1, nash=8, subgames=0),
        (
            dict.fromkeys(
                ("rung 1 [Russia=resolved]", "rung 1 [Russia=irresolute]"), "back down"
            ),
        ),
        payoffs={"Russia": "0", "US": "1"},
        events={"disaster": "0"},
    ),
    Case(
        "beer-quiche, mostly strong",
        "Cho and Kreps 1987",
        "two pooling families, each with beliefs and mixtures that are free",
        beer_quiche.bind(strong="9/10"),
        tree(4, 2, nash=2),
        (
            {
                "meal [type=strong]": "beer",
                "meal [type=weak]": "beer",
                "reply [meal=beer]": "leave",
                "reply [meal=quiche]": "fight",
            },
            {
                "meal [type=strong]": "beer",
                "reply [meal=beer]": "leave",
                "reply [meal=quiche]": {"fight": "1/2", "leave": "1/2"},
            },
            {
                "meal [type=strong]": "quiche",
                "meal [type=weak]": "quiche",
                "reply [meal=quiche]": "leave",
                "reply [meal=beer]": "fight",
            },
            {
                "meal [type=strong]": "quiche",
                "reply [meal=quiche]": "leave",
                "reply [meal=beer]": {"fight": "3/4", "leave": "1/4"},
            },
        ),
        {
            "reply [meal=quiche]": ("[0, 1/2]", "[1/2, 1]"),
            "reply [meal=beer]": ("[0, 1/2]", "[1/2, 1]"),
        },
        {"Sender": "29/10", "Receiver": "9/10"},
    ),
    Case(
        "beer-quiche, mostly weak",
        "Cho and Kreps 1987",
        "unique and mixed on both sides",
        beer_quiche.bind(strong="1/3"),
        tree(1, 1, nash=0),
        (
            {
                "meal [type=strong]": "beer",
                "meal [type=weak]": {"beer": "1/2", "quiche": "1/2"},
                "reply [meal=beer]": {"fight": "1/2", "leave": "1/2"},
                "reply [meal=quiche]": "fight",
            },
        ),
    ),
    Case(
        "chain store",
        "Selten 1978, one stage",
        "a Nash equilibrium with an empty threat",
        chain_store,
        perfect(nash=2),
        ({"enter": "in", "reply [enter=in]": "share"},),
        payoffs={"Entrant": "2", "Incumbent": "2"},
    ),
    Case(
        "centipede",
        "Rosenthal 1981, six nodes",
        "play ends at once and five nodes are never reached",
        centipede,
        perfect(nash=1),
        ({"node 1": "take", "node 2 [node 1=pass]": "take"},),
        payoffs={"A": "2", "B": "0"},
    ),
    Case(
        "matching pennies inside",
        "entry into matching pennies",
        "entry must be tested together with the play that follows",
        pennies_inside,
        tree(1, 1, nash=0),
        (
            {
                "enter": "in",
                "B's coin [enter=in]": {"heads": "1/2", "tails": "1/2"},
                "A's coin [enter=in]": {"heads": "1/2", "tails": "1/2"},
            },
        ),
        payoffs={"A": "0", "B": "0"},
    ),
    Case(
        "everything tied",
        "nothing is at stake",
        "every support profile is one: 3 x 7 x 3 x 3",
        all_tied,
        tree(189, 105, nash=12, subgames=105),
    ),
    Case(
        "independent private types",
        "a weak equilibrium that is not sequential",
        "beliefs of two types after a move that tells them nothing",
        private_types,
        {SEQUENTIAL: (1, 1), WEAK: (5, 2), PERFECT: (5, 2), NASH: (2, 0)},
        (
            {
                "enter [S=H]": "in",
                "enter [S=L]": "in",
                "reply [R=a, enter=in]": "yield",
                "reply [R=b, enter=in]": "yield",
            },
        ),
        payoffs={"Sender": "5", "Receiver": "0"},
    ),
    Case(
        "unilateral deterrence, bluff",
        "after Zagare and Kilgour 1993",
        "beliefs of the defender's two types are tied",
        deterrence.bind(pC="1/5", pD="1/4"),
        tree(3, 2, nash=2, subgames=7),
        (
            BLUFF_THEN_DENY,
            STEADFAST,
            {
                **STEADFAST,
                "reply [D=soft, start=defect]": {"deny": "5/9", "concede": "4/9"},
            },
        ),
        {"reply [D=soft, start=defect]": ("[0, 1/2]",)},
        events={"SQ": "3/5", "DC": "1/5", "CD": "1/10", "DD": "1/10"},
    ),
    Case(
        "unilateral deterrence, separating",
        "after Zagare and Kilgour 1993",
        "an information set reached by one type only",
        deterrence.bind(pC="1/4", pD="3/5"),
        tree(3, 2, nash=2, subgames=5),
        (
            SEPARATING_ATTACK,
            STEADFAST,
            {
                **STEADFAST,
                "reply [D=soft, start=defect]": {"deny": "1/6", "concede": "5/6"},
            },
        ),
        events={"SQ": "3/4", "DD": "3/20", "DC": "1/10"},
    ),
    Case(
        "sunk costs, least signal",
        "after Fearon 1997",
        "the low type is just indifferent, so a continuum joins it",
        signal_of_resolve,
        tree(4, 3, nash=8),
        (
            HIGH_SIGNALS,
            NOBODY_SIGNALS | {"act [signal=signal, kind=weak]": "challenge"},
        ),
        events={"war": "3/16"},
    ),
    Case(
        "tied hands, least signal",
        "after Fearon 1997",
        "the low type is just indifferent, so a continuum joins it",
        signal_of_resolve(tied=True, price="1/3"),
        tree(3, 3, nash=9),
        (HIGH_SIGNALS, NOBODY_SIGNALS),
        events={"war": "3/16"},
    ),
    Case(
        "unitary bluffing",
        "after Schultz 1998",
        "one equilibrium, mixed on both sides",
        bluff,
        tree(1, 1, nash=0),
        (
            {
                "threat [type=strong]": "threaten",
                "threat [type=weak]": {"threaten": "1/3", "none": "2/3"},
                "reply [threat=threaten]": {"resist": "1/2", "concede": "1/2"},
            },
        ),
        events={"war": "1/8"},
    ),
    Case(
        "assurance, little trust",
        "after Kydd 2005",
        "simultaneous moves of private types",
        assurance.bind(t="1/3"),
        tree(1, 1, nash=1),
        ({"A acts [type of A=yes]": "defect", "B acts [type of B=yes]": "defect"},),
    ),
    Case(
        "assurance, enough trust",
        "after Kydd 2005",
        "simultaneous moves of private types",
        assurance.bind(t="2/3"),
        tree(3, 3, nash=2),
        (
            {
                "A acts [type of A=yes]": "cooperate",
                "B acts [type of B=yes]": "cooperate",
            },
            {
                f"{who} acts [type of {who}=yes]": {"cooperate": "3/4", "defect": "1/4"}
                for who in "AB"
            },
            {"A acts [type of A=yes]": "defect", "B acts [type of B=yes]": "defect"},
        ),
        payoffs={"A": "7/3", "B": "7/3"},
    ),
    Case(
        "chicken",
        "critical risk, after Ellsberg 1959",
        "one move of each, at the same time",
        chicken(4, 3, 2, 1),
        tree(3, 3, nash=2),
        (both({"1": "1/2", "2": "1/2"}), {"Row": "1", "Column": "2"}),
    ),
    Case(
        "chicken with a disaster",
        "critical risk, after Ellsberg 1959",
        "one move of each, at the same time",
        chicken(1, 0, -1, -10),
        tree(3, 3, nash=2),
        (both({"1": "9/10", "2": "1/10"}), {"Row": "2", "Column": "1"}),
    ),
)
