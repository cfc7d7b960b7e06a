"""The registry of solvers: one line each, below the noun and the concept.

A module is read when its concept is asked for, so that solving a small game does not
wait for methods that it has no use for.

Reads: solvers.  Used by: solving.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Final

from redlines.solvers.base import Solver

__all__ = ["concepts", "solvers"]

# by noun and concept: module below this package, class; in order of preference
_REGISTRY: Final[Mapping[tuple[str, str], tuple[tuple[str, str], ...]]] = {
    ("Game", "sequential"): (
        ("sequential_path", "SequentialPath"),
        ("sequential", "Sequential"),
    ),
    ("Game", "subgame perfect"): (
        ("backward_induction", "BackwardInduction"),
        ("sequential_path", "SubgamePerfectPath"),
        ("subgame_perfect", "SubgamePerfect"),
    ),
    ("Game", "weak perfect bayesian"): (
        ("sequential_path", "WeakPerfectBayesianPath"),
        ("weak_perfect_bayesian", "WeakPerfectBayesian"),
    ),
    ("Game", "nash"): (
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
    ),
    ("Game", "correlated"): (("correlated", "Correlated"),),
    ("Game", "coarse correlated"): (("correlated", "CoarseCorrelated"),),
    ("Game", "extensive form correlated"): (
        ("extensive_correlated", "ExtensiveCorrelated"),
    ),
    ("Game", "communication"): (("communication", "Communication"),),
    ("Game", "stackelberg"): (("stackelberg", "Stackelberg"),),
    ("Game", "logit"): (("logit", "LogitBranch"),),
    ("Game", "learning"): (
        ("learning", "FictitiousPlay"),
        ("learning", "StochasticFictitiousPlay"),
        ("learning", "AsymmetricReplicator"),
        ("learning", "ReplicatorDynamics"),
    ),
    ("RepeatedGame", "subgame perfect"): (
        ("self_generation", "SelfGeneration"),
        ("finite_generation", "FiniteGeneration"),
    ),
    ("RepeatedGame", "public perfect"): (("public_monitoring", "PublicPerfect"),),
    ("RepeatedGame", "strongly symmetric"): (
        ("symmetric_monitoring", "StronglySymmetric"),
    ),
    ("BargainingProblem", "nash bargaining"): (("bargaining", "NashBargaining"),),
    ("BargainingProblem", "kalai smorodinsky"): (("bargaining", "KalaiSmorodinsky"),),
    ("BargainingProblem", "egalitarian"): (("bargaining", "Egalitarian"),),
    ("BargainingProblem", "utilitarian"): (("bargaining", "Utilitarian"),),
    ("AlternatingOffers", "subgame perfect"): (
        ("offers_backward", "OffersInRounds"),
        ("offers_backward", "OffersByPackage"),
        ("offers_stationary", "StationaryOffers"),
        ("offers_stationary", "StationaryOffersOnACurve"),
    ),
    ("TwoLevelGame", "subgame perfect"): (("two_level", "WinSets"),),
    ("Screening", "perfect bayesian"): (("screening", "ScreeningByBelief"),),
    ("MarkovGame", "markov perfect"): (
        ("markov_path", "MarkovPath"),
        ("markov_perfect", "MarkovPerfect"),
    ),
    ("Horizon", "markov perfect"): (("expiry", "Expiry"),),
    ("GraphModel", "nash"): (("stability", "NashStable"),),
    ("GraphModel", "general metarational"): (("stability", "GeneralMetarational"),),
    ("GraphModel", "symmetric metarational"): (("stability", "SymmetricMetarational"),),
    ("GraphModel", "sequentially stable"): (("stability", "SequentiallyStable"),),
    ("GraphModel", "stability"): (("stability", "Stability"),),
    ("InspectionGame", "nash"): (("inspections", "InspectionNash"),),
    ("InspectionGame", "subgame perfect"): (
        ("inspections", "InspectionSubgamePerfect"),
    ),
    ("InspectionGame", "stackelberg"): (("inspections", "InspectionAnnounced"),),
}


def concepts(noun: type) -> tuple[str, ...]:
    """The concepts for which there is a method for a noun, in the registry's order."""
    names = {kind.__name__ for kind in noun.__mro__}
    return tuple(concept for name, concept in _REGISTRY if name in names)


@cache
def solvers(
    noun: type | None = None, concept: str | None = None
) -> tuple[type[Solver], ...]:
    """Solver classes, in order of preference within a concept.

    Parameters
    ----------
    noun : type, optional
        Only those that take it; default all.
    concept : str, optional
        Only those that find it; default all.
    """
    names = None if noun is None else {kind.__name__ for kind in noun.__mro__}
    return tuple(
        getattr(import_module(f"redlines.solvers.{module}"), name)
        for (taken, found), rows in _REGISTRY.items()
        if (names is None or taken in names) and concept in (None, found)
        for module, name in rows
    )
