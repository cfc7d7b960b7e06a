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
    ("series_path", "SeriesPath"),
    ("nash", "AllNash"),
    ("zero_sum", "ZeroSum"),
    ("lemke_howson", "LexicographicLemkeHowson"),
    ("linear_tracing", "LinearTracing"),
    ("sequential_path", "NashPath"),
    ("pure_nash", "PureNash"),
    ("through_nashpy", "NashpySupports"),
    ("through_nashpy", "NashpyVertices"),
    ("through_nashpy", "NashpyLemkeHowson"),
    ("correlated", "Correlated"),
    ("correlated", "CoarseCorrelated"),
    ("extensive_correlated", "ExtensiveCorrelated"),
    ("communication", "Communication"),
    ("stackelberg", "Stackelberg"),
    ("logit", "LogitBranch"),
    ("learning", "FictitiousPlay"),
    ("learning", "StochasticFictitiousPlay"),
    ("learning", "AsymmetricReplicator"),
    ("learning", "ReplicatorDynamics"),
    ("self_generation", "SelfGeneration"),
    ("finite_generation", "FiniteGeneration"),
    ("public_monitoring", "PublicPerfect"),
    ("symmetric_monitoring", "StronglySymmetric"),
    ("bargaining", "NashBargaining"),
    ("bargaining", "KalaiSmorodinsky"),
    ("bargaining", "Egalitarian"),
    ("bargaining", "Utilitarian"),
    ("offers_backward", "OffersInRounds"),
    ("offers_backward", "OffersByPackage"),
    ("offers_stationary", "StationaryOffers"),
    ("offers_stationary", "StationaryOffersOnACurve"),
    ("two_level", "WinSets"),
    ("screening", "ScreeningByBelief"),
    ("markov_path", "MarkovPath"),
    ("markov_perfect", "MarkovPerfect"),
    ("expiry", "Expiry"),
    ("stability", "NashStable"),
    ("stability", "GeneralMetarational"),
    ("stability", "SymmetricMetarational"),
    ("stability", "SequentiallyStable"),
    ("stability", "Stability"),
)


@cache
def solvers() -> tuple[type[Solver], ...]:
    """Every solver class, in order of preference within a concept."""
    return tuple(
        getattr(import_module(f"redlines.solvers.{module}"), name)
        for module, name in _REGISTRY
    )
