"""Orders and weights that make a given profile, with given beliefs, consistent.

With the strategy at numbers the conditions of Kreps and Wilson are linear in the
coefficients and orders of the players' sequences, so they are decided outright.

Reads: errors, forms, profile, solvers.supports.  Used by: solvers.sequential, solving.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from redlines.errors import Unsupported
from redlines.forms import SequenceForm
from redlines.profile import Assessment
from redlines.solvers.base import DEFAULT_EFFORT
from redlines.solvers.supports import Model, SupportSearch

__all__ = ["consistent", "from_orders", "orders_and_weights"]


def consistent(
    form: SequenceForm,
    strategy: Sequence[Sequence[Fraction]],
    beliefs: Sequence[Sequence[Fraction] | None] | None,
    *,
    optimal: bool,
) -> Assessment | None:
    """An assessment with orders and weights that extends what is given.

    Parameters
    ----------
    form : SequenceForm
        The game.
    strategy : sequence
        The behaviour profile.
    beliefs : sequence, optional
        Beliefs to be reproduced; None entries are chosen.
    optimal : bool
        Whether the beliefs that are chosen must make the profile rational.

    Returns
    -------
    Assessment or None
        None if no trembles give these beliefs (or, with `optimal`, none that are
        rational too).

    Raises
    ------
    Undecided
        If the effort runs out.
    Unsupported
        If a probability is irrational.
    """
    given = [*strategy, *(b for b in beliefs or () if b is not None)]
    if any(not isinstance(share, int | Fraction) for row in given for share in row):
        raise Unsupported(
            "consistency is decided for rational probabilities; irrational ones are "
            "verified for 'nash' and 'weak perfect bayesian'"
        )
    search = SupportSearch(form, DEFAULT_EFFORT, optimal=optimal)
    search.require_strategy(strategy)
    for infoset, belief in enumerate(beliefs or ()):
        if belief is not None and len(belief) > 1:
            search.require_belief(infoset, belief)
    model = search.next()
    if model is None:
        return None
    return from_orders(form, *orders_and_weights(form, model))


def orders_and_weights(
    form: SequenceForm, model: Model
) -> tuple[list[list[int]], list[list[Fraction]]]:
    """By information set and action, from coefficients and orders by sequence."""
    orders: list[list[int]] = []
    weights: list[list[Fraction]] = []
    for row in form.game._tables.infosets:
        orders.append([0] * len(row.actions))
        weights.append([Fraction(1)] * len(row.actions))
    for player, own in enumerate(form.players):
        C, K = model.coefficients[player], model.orders[player]
        scale = math.lcm(*(k.denominator for k in K))
        for sequence in range(1, len(own)):
            infoset, action = own.infoset[sequence], own.action[sequence]
            before = own.parent[sequence]
            weights[infoset][action] = C[sequence] / C[before]
            orders[infoset][action] = int((K[sequence] - K[before]) * scale)
    return orders, weights


def from_orders(
    form: SequenceForm, orders: list[list[int]], weights: list[list[Fraction]]
) -> Assessment:
    """The strategy and the beliefs that orders and weights stand for."""
    tables = form.game._tables
    strategy = [
        tuple(
            weight if order == 0 else Fraction(0)
            for order, weight in zip(*pair, strict=True)
        )
        for pair in zip(orders, weights, strict=True)
    ]
    ranks: list[list[int]] = []
    masses: list[list[Fraction]] = []
    for own in form.players:
        K, C = [0], [Fraction(1)]
        for sequence in range(1, len(own)):
            infoset, action = own.infoset[sequence], own.action[sequence]
            before = own.parent[sequence]
            K.append(K[before] + orders[infoset][action])
            C.append(C[before] * weights[infoset][action])
        ranks.append(K)
        masses.append(C)
    beliefs = []
    for row in tables.infosets:
        other = 1 - row.player
        met = [form.sequence[other][n] for n in row.nodes]
        least = min(ranks[other][q] for q in met)
        shares = [
            form.chance[n] * masses[other][q]
            if ranks[other][q] == least
            else Fraction(0)
            for n, q in zip(row.nodes, met, strict=True)
        ]
        total = sum(shares, Fraction(0))
        beliefs.append(tuple(share / total for share in shares))
    return Assessment(form.game, strategy, beliefs, orders, weights)
