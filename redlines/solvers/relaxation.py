"""Support profiles that can carry a weak perfect Bayesian equilibrium: a linear screen.

Off the path each information set may hold any belief, and beliefs multiply the other
player's mixed choices. Here each set that play does not reach gets its own copy of the
other's choices, weighted by its belief; forgetting that the copies mix alike makes
everything linear. What the screen excludes is excluded; what it lets through is decided
by `redlines.solvers.weak_perfect_bayesian`. Deviations are whole continuation
strategies: every set has its own value of every own later set.

Reads: forms, solvers.  Used by: solvers.weak_perfect_bayesian.
"""

from __future__ import annotations

from typing import Any

from redlines.forms import PlayerForm, SequenceForm
from redlines.solvers.continuations import carried, own_sets_from, parts
from redlines.solvers.supports import Support, SupportQuery

__all__ = ["Screen"]


class Screen(SupportQuery):
    """The joint query; ask `next` for support profiles, and `exclude` them.

    Parameters
    ----------
    form : SequenceForm
        The game.
    effort : int
        How much work one query may do, in z3's resource units.
    time_limit : float, optional
        Seconds after which a query is given up.
    """

    def __init__(
        self, form: SequenceForm, effort: int, time_limit: float | None = None
    ) -> None:
        super().__init__("QF_LRA", effort, time_limit)
        self.form = form
        self.on: list[list[Any]] = []
        self.C: list[list[Any]] = []
        for player, own in enumerate(form.players):
            self._plan(player, own)
        for player, own in enumerate(form.players):
            for infoset in own.infosets:
                self._rational(player, own, infoset)

    def _plan(self, player: int, own: PlayerForm) -> None:
        """Supports and the realization plan of one player."""
        z3, add = self.z3, self.solver.add
        on = [z3.Bool(f"on{player}.{q}", self.context) for q in range(len(own))]
        C = [z3.Real(f"C{player}.{q}", self.context) for q in range(len(own))]
        self.on.append(on)
        self.C.append(C)
        add(on[0], C[0] == 1)
        for q in range(1, len(own)):
            add(C[q] >= 0, z3.Implies(z3.Not(on[q]), C[q] == 0))
            add(z3.Implies(z3.And(on[q], C[own.parent[q]] > 0), C[q] > 0))
        for infoset, first in own.first.items():
            count = len(self.form.game._tables.infosets[infoset].actions)
            group = range(first, first + count)
            add(z3.Or([on[q] for q in group]))
            add(z3.Sum([C[q] for q in group]) == C[own.before[infoset]])

    def _since(self, player: int, own: PlayerForm, q: int) -> Any:
        """Whether everything on the way to a sequence is on."""
        return self.z3.And([self.on[player][r] for r in [0, *own.chain(q)]])

    def _rational(self, player: int, own: PlayerForm, infoset: int) -> None:
        """The owner of a set is content there, with its belief carried forward."""
        z3, form, add = self.z3, self.form, self.solver.add
        rows = form.game._tables.infosets
        other = form.players[1 - player]
        on = self.on[1 - player]
        met = [form.sequence[1 - player][n] for n in rows[infoset].nodes]
        weight: dict[tuple[int, int], Any] = {}

        def share(position: int, q: int) -> Any:
            """The weight of the other's sequence q coming from one node."""
            key = (position, q)
            if key not in weight:
                name = f"y{infoset}.{position}.{q}"
                here = weight[key] = z3.Real(name, self.context)
                add(here >= 0)
                if q != met[position]:
                    before = share(position, other.parent[q])
                    add(z3.Implies(z3.Not(on[q]), here == 0))
                    add(z3.Implies(z3.And(on[q], before > 0), here > 0))
                    first = other.first[other.infoset[q]]
                    count = len(rows[other.infoset[q]].actions)
                    for r in range(first, first + count):
                        if r != q:
                            share(position, r)
                    if q == first:
                        add(
                            z3.Sum([share(position, r) for r in range(q, q + count)])
                            == before
                        )
                    else:
                        share(position, first)
            return weight[key]

        sets = own_sets_from(form, own, infoset)
        value = {h: z3.Real(f"V{infoset}.{h}", self.context) for h in sets}
        live = {infoset: z3.BoolVal(True, self.context)}
        for h in sets:
            first = own.first[h]
            for action in range(len(rows[h].actions)):
                direct, later = parts(form, h, action)
                terms = [
                    self.real(v) * share(k, q)
                    for (k, q), v in carried(form, infoset, h, direct).items()
                ]
                terms += [value[following] for following in later]
                total = z3.Sum(terms) if terms else self.real(0)
                chosen = self.on[player][first + action]
                add(total <= value[h])
                add(z3.Implies(z3.And(live[h], chosen), total == value[h]))
                for following in later:
                    live[following] = z3.And(live[h], chosen)
        for position in range(len(met)):
            share(position, met[position])
        reached = z3.And(
            self._since(player, own, own.before[infoset]),
            z3.Or([self._since(1 - player, other, q) for q in set(met)]),
        )
        C = self.C[1 - player]
        anchors = [weight[k, q] for k, q in enumerate(met)]
        for position, node in enumerate(rows[infoset].nodes):
            for (k, q), here in list(weight.items()):
                if k == position:
                    add(
                        z3.Implies(reached, here == self.real(form.chance[node]) * C[q])
                    )
        add(z3.Implies(z3.Not(reached), z3.Sum(anchors) == 1))

    def next(self) -> Support | None:
        """A support profile that passes, or None if there is none left.

        Raises
        ------
        Undecided
            If the effort ran out first.
        KeyboardInterrupt
            If the user interrupts.
        """
        model = self.model()
        return None if model is None else self.support_of(model)
