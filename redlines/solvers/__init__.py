"""The registry of solvers: one line each.

Reads: solvers.  Used by: solving.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from redlines.solvers.base import Solver

__all__ = ["solvers"]

# module below this package, class; in order of preference within a concept
_REGISTRY = (
    ("sequential_path", "SequentialPath"),
    ("sequential", "Sequential"),
    ("backward_induction", "BackwardInduction"),
    ("sequential_path", "SubgamePerfectPath"),
    ("subgame_perfect", "SubgamePerfect"),
    ("sequential_path", "WeakPerfectBayesianPath"),
    ("weak_perfect_bayesian", "WeakPerfectBayesian"),
    ("lemke_howson", "LemkeHowson"),
    ("zero_sum", "ZeroSum"),
    ("series_path", "SeriesPath"),
    ("nash", "AllNash"),
    ("lemke_howson", "LexicographicLemkeHowson"),
    ("linear_tracing", "LinearTracing"),
    ("sequential_path", "NashPath"),
    ("pure_nash", "PureNash"),
    ("through_nashpy", "NashpySupports"),
    ("through_nashpy", "NashpyVertices"),
    ("through_nashpy", "NashpyLemkeHowson"),
    ("correlated", "Correlated"),
    ("correlated", "CoarseCorrelated"),
    ("stackelberg", "Stackelberg"),
    ("logit", "LogitBranch"),
    ("learning", "FictitiousPlay"),
    ("learning", "StochasticFictitiousPlay"),
    ("learning", "AsymmetricReplicator"),
    ("learning", "ReplicatorDynamics"),
)


@cache
def solvers() -> tuple[type[Solver], ...]:
    """Every solver class, in order of preference within a concept."""
    return tuple(
        getattr(import_module(f"redlines.solvers.{module}"), name)
        for module, name in _REGISTRY
    )
