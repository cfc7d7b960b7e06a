"""Beliefs that make a given profile rational where play never comes, set by set.

Under weak perfect Bayesian equilibrium a belief off the path is bound by nothing but
its own information set, so each is a small linear programme: a mixture of the set's
nodes under which no continuation strategy gains. It is decided exactly, by the extreme
rays of a cone.

Reads: profile, solvers.cones.  Used by: solving, solvers.weak_perfect_bayesian.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from redlines.profile import Assessment, Exact
from redlines.solvers.cones import rays
from redlines.solvers.continuations import continuation_values

__all__ = ["supporting_beliefs"]


def supporting_beliefs(
    given: Assessment, beliefs: Sequence[Sequence[Exact] | None]
) -> Assessment:
    """The assessment with every missing belief filled in.

    Parameters
    ----------
    given : Assessment
        The profile.
    beliefs : sequence
        The beliefs that are known; None where one is to be chosen.

    Returns
    -------
    Assessment
        Where no belief makes the set's owner content, an even one is put in, for the
        referee to refuse.
    """
    tables = given.game._tables
    chosen: list[Sequence[Exact] | None] = []
    for infoset, belief in enumerate(beliefs):
        if belief is not None:
            chosen.append(belief)
            continue
        count = len(tables.infosets[infoset].nodes)
        own, others = continuation_values(given, infoset)
        rows = [[own[k] - other[k] for k in range(count)] for other in others]
        found = rays(count, [], rows)
        weights = [sum(column) for column in zip(*found, strict=True)] or [1] * count
        total = sum(weights)
        chosen.append(tuple(Fraction(w, total) for w in weights))
    return Assessment(given.game, given.strategy, chosen)
