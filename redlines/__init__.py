"""Two-player escalation games: write them as stories, find every equilibrium.

The language (`game`, `Play`, the parameters) and the errors are read at once, and they
need the standard library only. What solves, checks or loads is read on first use, so
that ``import redlines`` stays quick.
"""

from typing import TYPE_CHECKING

from redlines.errors import (
    BadProbability,
    ContradictoryAssumptions,
    EvidenceError,
    ImperfectRecall,
    MissingDependency,
    MissingPayoff,
    ModelError,
    OutOfRange,
    ParseError,
    RedlinesError,
    SolveFailed,
    StoryError,
    UnboundParameter,
    UnknownLabel,
    UnsourcedAssumption,
    Unsupported,
)
from redlines.markov import MarkovGame, Stage, markov_game
from redlines.numbers import Amount, Number, Relation
from redlines.parameters import NonNegative, Positive, Probability, Real
from redlines.play import REST, RUSSIA, US, Play, game
from redlines.tree import Chance, Game, Infoset, Move, Terminal

if TYPE_CHECKING:
    from redlines import escalation
    from redlines.automata import Automaton
    from redlines.bargains.offers import AlternatingOffers
    from redlines.bargains.problems import BargainingProblem
    from redlines.bargains.screening import Screening
    from redlines.bargains.tables import bargaining
    from redlines.bargains.two_level import TwoLevelGame
    from redlines.batches import Batch, solve_many
    from redlines.claims import P, falls, payoff, rises
    from redlines.closed_inspection import InspectionFormula, inspection_formula
    from redlines.dominance import Elimination, Removal, eliminate
    from redlines.evidence import Assumption
    from redlines.expiring import Horizon, HorizonEquilibrium
    from redlines.graph_model import GraphModel
    from redlines.inspection import InspectionGame
    from redlines.inverse import Rankings, stabilizing_rankings
    from redlines.io.efg import read_efg
    from redlines.io.nfg import read_nfg
    from redlines.parametric.regimes import Regime, Regimes, regimes
    from redlines.patience import (
        CriticalDiscounts,
        Punishment,
        critical_discounts,
        shortest_punishment,
    )
    from redlines.payoff_sets import PayoffSet
    from redlines.pivots import Hinges, hinges, missing
    from redlines.precision import Fit, fit_precision
    from redlines.proving import check
    from redlines.recurring import MarkovEquilibrium
    from redlines.repeated import RepeatedGame
    from redlines.scenario import Scenario, load, scenario_names
    from redlines.solution import Concept, Coverage, Equilibrium, Solution, Status
    from redlines.solving import solve
    from redlines.turning import Flip, flips
    from redlines.verdicts import Verdict
    from redlines.verifying import verify
    from redlines.worth import MediatorWorth, mediator_worth

__version__ = "0.1.0"

__all__ = [
    "REST",
    "RUSSIA",
    "US",
    "AlternatingOffers",
    "Amount",
    "Assumption",
    "Automaton",
    "BadProbability",
    "BargainingProblem",
    "Batch",
    "Chance",
    "Concept",
    "ContradictoryAssumptions",
    "Coverage",
    "CriticalDiscounts",
    "Elimination",
    "Equilibrium",
    "EvidenceError",
    "Fit",
    "Flip",
    "Game",
    "GraphModel",
    "Hinges",
    "Horizon",
    "HorizonEquilibrium",
    "ImperfectRecall",
    "Infoset",
    "InspectionFormula",
    "InspectionGame",
    "MarkovEquilibrium",
    "MarkovGame",
    "MediatorWorth",
    "MissingDependency",
    "MissingPayoff",
    "ModelError",
    "Move",
    "NonNegative",
    "Number",
    "OutOfRange",
    "P",
    "ParseError",
    "PayoffSet",
    "Play",
    "Positive",
    "Probability",
    "Punishment",
    "Rankings",
    "Real",
    "RedlinesError",
    "Regime",
    "Regimes",
    "Relation",
    "Removal",
    "RepeatedGame",
    "Scenario",
    "Screening",
    "Solution",
    "SolveFailed",
    "Stage",
    "Status",
    "StoryError",
    "Terminal",
    "TwoLevelGame",
    "UnboundParameter",
    "UnknownLabel",
    "UnsourcedAssumption",
    "Unsupported",
    "Verdict",
    "__version__",
    "bargaining",
    "check",
    "critical_discounts",
    "eliminate",
    "escalation",
    "falls",
    "fit_precision",
    "flips",
    "game",
    "hinges",
    "inspection_formula",
    "load",
    "markov_game",
    "mediator_worth",
    "missing",
    "payoff",
    "read_efg",
    "read_nfg",
    "regimes",
    "rises",
    "scenario_names",
    "shortest_punishment",
    "solve",
    "solve_many",
    "stabilizing_rankings",
    "verify",
]

if not TYPE_CHECKING:  # a type checker would take any misspelling for a name
    _LATER = {
        "AlternatingOffers": "redlines.bargains.offers",
        "Assumption": "redlines.evidence",
        "Automaton": "redlines.automata",
        "BargainingProblem": "redlines.bargains.problems",
        "Batch": "redlines.batches",
        "Concept": "redlines.solution",
        "Coverage": "redlines.solution",
        "CriticalDiscounts": "redlines.patience",
        "Elimination": "redlines.dominance",
        "Equilibrium": "redlines.solution",
        "Fit": "redlines.precision",
        "Flip": "redlines.turning",
        "GraphModel": "redlines.graph_model",
        "Hinges": "redlines.pivots",
        "MediatorWorth": "redlines.worth",
        "Horizon": "redlines.expiring",
        "HorizonEquilibrium": "redlines.expiring",
        "MarkovEquilibrium": "redlines.recurring",
        "InspectionFormula": "redlines.closed_inspection",
        "InspectionGame": "redlines.inspection",
        "P": "redlines.claims",
        "PayoffSet": "redlines.payoff_sets",
        "Punishment": "redlines.patience",
        "Rankings": "redlines.inverse",
        "Regime": "redlines.parametric.regimes",
        "Regimes": "redlines.parametric.regimes",
        "Removal": "redlines.dominance",
        "RepeatedGame": "redlines.repeated",
        "Scenario": "redlines.scenario",
        "Screening": "redlines.bargains.screening",
        "Solution": "redlines.solution",
        "Status": "redlines.solution",
        "TwoLevelGame": "redlines.bargains.two_level",
        "Verdict": "redlines.verdicts",
        "bargaining": "redlines.bargains.tables",
        "check": "redlines.proving",
        "critical_discounts": "redlines.patience",
        "eliminate": "redlines.dominance",
        "falls": "redlines.claims",
        "fit_precision": "redlines.precision",
        "flips": "redlines.turning",
        "hinges": "redlines.pivots",
        "inspection_formula": "redlines.closed_inspection",
        "load": "redlines.scenario",
        "mediator_worth": "redlines.worth",
        "missing": "redlines.pivots",
        "payoff": "redlines.claims",
        "read_efg": "redlines.io.efg",
        "read_nfg": "redlines.io.nfg",
        "regimes": "redlines.parametric.regimes",
        "rises": "redlines.claims",
        "scenario_names": "redlines.scenario",
        "shortest_punishment": "redlines.patience",
        "solve": "redlines.solving",
        "solve_many": "redlines.batches",
        "verify": "redlines.verifying",
        "stabilizing_rankings": "redlines.inverse",
    }

    def __getattr__(name):
        from importlib import import_module

        if name == "escalation":
            return import_module("redlines.escalation")
        if name in _LATER:
            value = getattr(import_module(_LATER[name]), name)
            globals()[name] = value
            return value
        raise AttributeError(f"module 'redlines' has no attribute {name!r}")

    def __dir__():
        return sorted(__all__)
