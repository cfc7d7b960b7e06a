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
from redlines.numbers import Amount, Number, Relation
from redlines.parameters import NonNegative, Positive, Probability, Real
from redlines.play import REST, RUSSIA, US, Play, game
from redlines.tree import Chance, Game, Infoset, Move, Terminal

if TYPE_CHECKING:
    from redlines import escalation
    from redlines.batches import Batch, solve_many
    from redlines.claims import P, falls, payoff, rises
    from redlines.closed_inspection import InspectionFormula, inspection_formula
    from redlines.dominance import Elimination, Removal, eliminate
    from redlines.evidence import Assumption
    from redlines.graph_model import GraphModel
    from redlines.inspection import InspectionGame
    from redlines.inverse import Rankings, stabilizing_rankings
    from redlines.parametric.regimes import Regime, Regimes, regimes
    from redlines.pivots import Hinges, hinges, missing
    from redlines.precision import Fit, fit_precision
    from redlines.proving import check
    from redlines.scenario import Scenario, load, scenario_names
    from redlines.solution import Concept, Coverage, Equilibrium, Solution, Status
    from redlines.solving import solve, verify
    from redlines.verdicts import Verdict

__version__ = "0.1.0"

__all__ = [
    "REST",
    "RUSSIA",
    "US",
    "Amount",
    "Assumption",
    "BadProbability",
    "Batch",
    "Chance",
    "Concept",
    "ContradictoryAssumptions",
    "Coverage",
    "Elimination",
    "Equilibrium",
    "EvidenceError",
    "Fit",
    "Game",
    "GraphModel",
    "Hinges",
    "ImperfectRecall",
    "Infoset",
    "InspectionFormula",
    "InspectionGame",
    "MissingDependency",
    "MissingPayoff",
    "ModelError",
    "Move",
    "NonNegative",
    "Number",
    "OutOfRange",
    "P",
    "ParseError",
    "Play",
    "Positive",
    "Probability",
    "Rankings",
    "Real",
    "RedlinesError",
    "Regime",
    "Regimes",
    "Relation",
    "Removal",
    "Scenario",
    "Solution",
    "SolveFailed",
    "Status",
    "StoryError",
    "Terminal",
    "UnboundParameter",
    "UnknownLabel",
    "UnsourcedAssumption",
    "Unsupported",
    "Verdict",
    "__version__",
    "check",
    "eliminate",
    "escalation",
    "falls",
    "fit_precision",
    "game",
    "hinges",
    "inspection_formula",
    "load",
    "missing",
    "payoff",
    "regimes",
    "rises",
    "scenario_names",
    "solve",
    "solve_many",
    "stabilizing_rankings",
    "verify",
]

if not TYPE_CHECKING:  # a type checker would take any misspelling for a name
    _LATER = {
        "Assumption": "redlines.evidence",
        "Batch": "redlines.batches",
        "Concept": "redlines.solution",
        "Coverage": "redlines.solution",
        "Elimination": "redlines.dominance",
        "Equilibrium": "redlines.solution",
        "Fit": "redlines.precision",
        "GraphModel": "redlines.graph_model",
        "Hinges": "redlines.pivots",
        "InspectionFormula": "redlines.closed_inspection",
        "InspectionGame": "redlines.inspection",
        "P": "redlines.claims",
        "Rankings": "redlines.inverse",
        "Regime": "redlines.parametric.regimes",
        "Regimes": "redlines.parametric.regimes",
        "Removal": "redlines.dominance",
        "Scenario": "redlines.scenario",
        "Solution": "redlines.solution",
        "Status": "redlines.solution",
        "Verdict": "redlines.verdicts",
        "check": "redlines.proving",
        "eliminate": "redlines.dominance",
        "falls": "redlines.claims",
        "fit_precision": "redlines.precision",
        "hinges": "redlines.pivots",
        "inspection_formula": "redlines.closed_inspection",
        "load": "redlines.scenario",
        "missing": "redlines.pivots",
        "payoff": "redlines.claims",
        "regimes": "redlines.parametric.regimes",
        "rises": "redlines.claims",
        "scenario_names": "redlines.scenario",
        "solve": "redlines.solving",
        "solve_many": "redlines.batches",
        "stabilizing_rankings": "redlines.inverse",
        "verify": "redlines.solving",
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
