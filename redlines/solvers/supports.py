"""The search for support profiles that carry a sequential equilibrium.

The conditions of the sequence form (see `redlines.solvers.sequential`) are linear in
the players' coefficients once supports and orders are fixed, so a solver for linear
arithmetic with Booleans decides them jointly. Each model gives one support profile; a
clause excludes it, and the search ends when no model is left, which proves that the
list is complete.

Reads: forms, solvers.queries.  Used by: solvers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from redlines.forms import SequenceForm
from redlines.solvers.queries import Query

__all__ = ["Model", "Support", "SupportQuery", "SupportSearch", "even"]

Support = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Model:
    """A support profile with one solution of the conditions on it.

    Attributes
    ----------
    support : tuple of tuple of int
        For each information set the actions that are on.
    coefficients, orders : tuple of list of Fraction
        For each player, by sequence.
    form : SequenceForm
        The game.
    """

    support: Support
    coefficients: tuple[list[Fraction], ...]
    orders: tuple[list[Fraction], ...]
    form: SequenceForm


def even(form: SequenceForm, support: Support) -> Model:
    """The even mixture on a support profile, with trembles of order one."""
    coefficients, orders = [], []
    for own in form.players:
        C, K = [Fraction(1)], [Fraction(0)]
        for q in range(1, len(own)):
            before, on = own.parent[q], support[own.infoset[q]]
            chosen = own.action[q] in on
            C.append(C[before] / len(on) if chosen else C[before])
            K.append(K[before] if chosen else K[before] + 1)
        coefficients.append(C)
        orders.append(K)
    return Model(support, tuple(coefficients), tuple(orders), form)


class SupportQuery(Query):
    """A question about support profiles; `on` says which sequences end in play.

    Attributes
    ----------
    form : SequenceForm
        The game.
    on : list of list of z3 Boolean
        By player and sequence, whether the last action has positive probability.
    """

    form: SequenceForm
    on: list[list[Any]]

    def is_support(self, support: Support) -> Any:
        """That the support profile is this one."""
        literals = [self.z3.BoolVal(True, self.context)]
        for flags, own in zip(self.on, self.form.players, strict=True):
            for q in range(1, len(own)):
                chosen = own.action[q] in support[own.infoset[q]]
                literals.append(flags[q] if chosen else self.z3.Not(flags[q]))
        return self.z3.And(literals)

    def exclude(self, support: Support) -> None:
        """Leave out one support profile from now on."""
        self.solver.add(self.z3.Not(self.is_support(support)))

    def support_of(self, model: Any) -> Support:
        """The support profile of a model."""
        found: list[tuple[int, ...]] = [()] * len(self.form.game._tables.infosets)
        for flags, own in zip(self.on, self.form.players, strict=True):
            for q in range(1, len(own)):
                if self.z3.is_true(model.eval(flags[q], model_completion=True)):
                    infoset = own.infoset[q]
                    found[infoset] = (*found[infoset], own.action[q])
        return tuple(found)


class SupportSearch(SupportQuery):
    """The joint conditions of both players, as one query in its own context.

    Parameters
    ----------
    form : SequenceForm
        The game.
    effort : int
        How much work one query may do, in z3's resource units; the same number gives
        the same answer everywhere.
    time_limit : float, optional
        Seconds after which a query is given up.
    optimal : bool
        Whether the conditions of optimality are part of the query; without them it
        asks for consistency only.
    optimize : bool
        Whether the query is to be optimized over rather than searched.
    """

    def __init__(
        self,
        form: SequenceForm,
        effort: int,
        time_limit: float | None = None,
        *,
        optimal: bool = True,
        optimize: bool = False,
    ) -> None:
        super().__init__("optimize" if optimize else "QF_LRA", effort, time_limit)
        self.form = form
        self.homogeneous = optimize
        self.on: list[list[Any]] = [[] for _ in form.players]
        self.C: list[list[Any]] = []
        self.K: list[list[Any]] = []
        for player, own in enumerate(form.players):
            self._coefficients(player, len(own))
        for player in range(len(form.players)):
            if optimal:
                self._optimality(player)

    def _coefficients(self, player: int, count: int) -> None:
        """Coefficients, orders and supports of one player's sequences."""
        z3, form = self.z3, self.form.players[player]
        C = [z3.Real(f"C{player}.{q}", self.context) for q in range(count)]
        K = [z3.Real(f"K{player}.{q}", self.context) for q in range(count)]
        on = [z3.Bool(f"on{player}.{q}", self.context) for q in range(count)]
        self.C.append(C)
        self.K.append(K)
        self.on[player] = on
        add = self.solver.add
        # the conditions are homogeneous, so that a range may fix another scale
        add(C[0] > 0 if self.homogeneous else C[0] == 1, K[0] == 0, on[0])
        for q in range(1, count):
            before = form.parent[q]
            add(
                C[q] > 0,
                z3.If(on[q], K[q] == K[before], K[q] >= K[before] + 1),
            )
        actions = self.form.game._tables.infosets
        for infoset, first in form.first.items():
            own = range(first, first + len(actions[infoset].actions))
            add(z3.Or([on[q] for q in own]))
            shares = [z3.If(on[q], C[q], self.real(0)) for q in own]
            add(z3.Sum(shares) == C[form.before[infoset]])

    def _optimality(self, player: int) -> None:
        """At every information set of a player, no action does better."""
        z3, form = self.z3, self.form
        own, other = form.players[player], form.players[1 - player]
        K, on = self.K[1 - player], self.on[1 - player]
        V = {h: z3.Real(f"V{h}", self.context) for h in own.infosets}
        add = self.solver.add
        least: dict[int, dict[int, Any]] = {}  # per set, which sequences are least
        for infoset in own.infosets:
            sequences = list(form.opposing[infoset])
            least[infoset] = {
                q: z3.And([K[q] <= K[r] for r in sequences if r != q])
                if len(sequences) > 1
                else z3.BoolVal(True, self.context)
                for q in sequences
            }

        def live(infoset: int, sequence: int) -> Any:
            """Whether a sequence of the other counts at a set: least and on since."""
            steps = []
            anchors = least[infoset]
            while sequence not in anchors:
                steps.append(on[sequence])
                sequence = other.parent[sequence]
            return z3.And([anchors[sequence], *steps])

        actions = form.game._tables.infosets
        for infoset in own.infosets:
            first = own.first[infoset]
            for q in range(first, first + len(actions[infoset].actions)):
                terms = [
                    z3.If(live(infoset, r), amount, self.real(0))
                    for r, amount in self._amounts(player, q)
                ]
                for following in own.after[q]:
                    carried = z3.Or(
                        [live(infoset, r) for r in form.opposing[following]]
                    )
                    terms.append(z3.If(carried, V[following], self.real(0)))
                total = z3.Sum(terms) if terms else self.real(0)
                add(total <= V[infoset])
                add(z3.Implies(self.on[player][q], total == V[infoset]))

    def _amounts(self, player: int, q: int) -> Iterator[tuple[int, Any]]:
        """What a sequence pays its owner, by the other's sequence."""
        C = self.C[1 - player]
        for r, value in self.form.players[player].payoff[q].items():
            yield r, self.real(value) * C[r]

    def require(self, support: Support) -> None:
        """Ask for this support profile only."""
        self.solver.add(self.is_support(support))

    def require_strategy(self, strategy: Sequence[Sequence[Fraction]]) -> None:
        """Ask for this behaviour profile only."""
        add, zero = self.solver.add, Fraction(0)
        for player, own in enumerate(self.form.players):
            C = self.C[player]
            for q in range(1, len(own)):
                share = strategy[own.infoset[q]][own.action[q]]
                flag = self.on[player][q]
                add(flag if share != zero else self.z3.Not(flag))
                if share != zero:
                    add(C[q] == self.real(share) * C[own.parent[q]])

    def require_belief(self, infoset: int, belief: Sequence[Fraction]) -> None:
        """Ask for this belief at one information set."""
        form, add = self.form, self.solver.add
        row = form.game._tables.infosets[infoset]
        other = 1 - row.player
        C, K = self.C[other], self.K[other]
        met = [form.sequence[other][n] for n in row.nodes]
        anchor = next(k for k, share in enumerate(belief) if share)
        for k, (node, q, share) in enumerate(zip(row.nodes, met, belief, strict=True)):
            if k == anchor:
                continue
            if not share:
                add(K[q] > K[met[anchor]])
                continue
            add(K[q] == K[met[anchor]])
            one = self.real(form.chance[node] * belief[anchor]) * C[q]
            reference = form.chance[row.nodes[anchor]] * share
            add(one == self.real(reference) * C[met[anchor]])

    def least(self, infoset: int) -> list[Any]:
        """For each node of a set, chance times coefficient where its order is least."""
        form, z3 = self.form, self.z3
        row = form.game._tables.infosets[infoset]
        other = 1 - row.player
        C, K = self.C[other], self.K[other]
        met = [form.sequence[other][n] for n in row.nodes]
        return [
            z3.If(
                z3.And([K[q] <= K[r] for r in set(met)]),
                self.real(form.chance[n]) * C[q],
                self.real(0),
            )
            for n, q in zip(row.nodes, met, strict=True)
        ]

    def next(self) -> Model | None:
        """A support profile that is not excluded, or None if there is none left.

        Raises
        ------
        Undecided
            If the effort ran out first.
        KeyboardInterrupt
            If the user interrupts.
        """
        model = self.model()
        if model is None:
            return None

        def numbers(rows: list[list[Any]]) -> tuple[list[Fraction], ...]:
            return tuple(
                [model.eval(x, model_completion=True).as_fraction() for x in row]
                for row in rows
            )

        return Model(
            self.support_of(model), numbers(self.C), numbers(self.K), self.form
        )

    def __iter__(self) -> Iterator[Model]:
        while True:
            model = self.next()
            if model is None:
                return
            yield model
            self.exclude(model.support)
