"""The registry of solvers: one line each.

Reads: solvers.  Used by: solving.
"""

from __future__ import annotations

from importlib import import_module

from redlines.solvers.base import Solver

__all__ = ["solvers"]

# module below this package, class; in order of preference within a concept
_REGISTRY = (
    ("sequential_path", "SequentialPath"),
    ("sequential", "Sequential"),
    ("backward_induction", "BackwardInduction"),
    ("sequential_path", "SubgamePerfectPath"),
    ("sequential_path", "WeakPerfectBayesianPath"),
    ("weak_perfect_bayesian", "WeakPerfectBayesian"),
    ("lemke_howson", "LemkeHowson"),
    ("linear_tracing", "LinearTracing"),
    ("zero_sum", "ZeroSum"),
    ("sequential_path", "NashPath"),
    ("nash", "AllNash"),
    ("lemke_howson", "LexicographicLemkeHowson"),
    ("pure_nash", "PureNash"),
    ("correlated", "Correlated"),
    ("correlated", "CoarseCorrelated"),
    ("stackelberg", "Stackelberg"),
    ("logit", "LogitBranch"),
    ("stability", "NashStable"),
    ("stability", "GeneralMetarational"),
    ("stability", "SymmetricMetarational"),
    ("stability", "SequentiallyStable"),
    ("stability", "Stability"),
    ("inspections", "InspectionNash"),
    ("inspections", "InspectionSubgamePerfect"),
    ("inspections", "InspectionAnnounced"),
)


def solvers() -> tuple[type[Solver], ...]:
    """Every solver class, in order of preference within a concept."""
    return tuple(
        getattr(import_module(f"redlines.solvers.{module}"), name)
        for module, name in _REGISTRY
    )
