"""A linear screen for support profiles that some parameters may sustain.

The conditions of a sequential equilibrium are linear in the sequence coefficients, with
polynomials in the parameters as coefficients. The screen takes every product of a
monomial and a coefficient for an unknown of its own, keeps of what is admitted the
products with monomials that are linear in these, and asks z3 for a support profile with
orders that satisfies it. (That the products split as play does is left out: it excludes
hardly a profile more and takes ten times as long.) It lets through every profile that
some admitted values sustain, and others; a profile that turns out to be impossible is
excluded together with all those that are impossible for the same reason.

The outcomes of chance are symbols of their own here, and what a player's own draws
multiply into all that it compares is divided out, so that two types of a player are
seen to face the same opponent.

Reads: solvers.supports, parametric.  Used by: parametric.search.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from redlines.parametric.polynomials import key_of
from redlines.parametric.region import Region
from redlines.parametric.symbolic import ChanceForm
from redlines.solvers.supports import Support, SupportSearch

__all__ = ["Literal", "Screen"]

# (information set, action, whether it is on)
Literal = tuple[int, int, bool]

Monomial = tuple[int, ...]


class Screen(SupportSearch):
    """A question for support profiles, loosened to linear arithmetic.

    Parameters
    ----------
    form : ChanceForm
        The game.
    region : Region
        The admitted values of the parameters.
    """

    form: ChanceForm

    def __init__(self, form: ChanceForm, region: Region) -> None:
        self._products: dict[tuple[int, int], dict[Monomial, Any]] = {}
        self._payoffs = [self._shared_out(form, player) for player in (0, 1)]
        self._number = 0
        super().__init__(form, region.effort, region.time_limit)
        self._relations(region)

    @staticmethod
    def _shared_out(
        form: ChanceForm, player: int
    ) -> list[dict[int, list[tuple[Monomial, Fraction | int]]]]:
        """A player's payoffs by sequence, without what its own draws multiply."""
        own = form.players[player]
        chance = sum(map(len, form.outcomes))
        top = [0] * len(own)
        for q in range(1, len(own)):
            before = own.parent[q]
            top[q] = top[before] if before else own.infoset[q] + 1
        least: dict[int, list[int]] = {}
        for q in range(1, len(own)):
            for poly in own.payoff[q].values():
                for monomial, _ in key_of(poly):
                    found = least.setdefault(top[q], list(monomial[:chance]))
                    for k in range(chance):
                        found[k] = min(found[k], monomial[k])
        rows = []
        for q in range(len(own)):
            row = {}
            for r, poly in own.payoff[q].items():
                drop = least.get(top[q], [0] * chance)
                row[r] = [
                    (
                        (*(e - d for e, d in zip(m, drop, strict=False)), *m[chance:]),
                        c,
                    )
                    for m, c in key_of(poly)
                ]
            rows.append(row)
        return rows

    def _product(self, player: int, sequence: int, monomial: Monomial) -> Any:
        """The unknown for a monomial times a coefficient of a player."""
        if not any(monomial):
            return self.C[player][sequence]
        row = self._products.setdefault((player, sequence), {})
        found = row.get(monomial)
        if found is None:
            self._number += 1
            found = self.z3.Real(f"y{self._number}", self.context)
            row[monomial] = found
        return found

    def _amounts(self, player: int, q: int) -> Iterator[tuple[int, Any]]:
        for r, terms in self._payoffs[player][q].items():
            yield r, self._sum(1 - player, r, terms)

    def _sum(
        self,
        player: int,
        sequence: int,
        terms: Iterable[tuple[Monomial, Fraction | int]],
    ) -> Any:
        parts = [self.real(c) * self._product(player, sequence, m) for m, c in terms]
        return self.z3.Sum(parts) if parts else self.real(0)

    def _relations(self, region: Region) -> None:
        """What is admitted, multiplied by monomials and coefficients."""
        form, add = self.form, self.solver.add
        chance = sum(map(len, form.outcomes))
        lifted = [
            (
                [
                    ((0,) * chance + tuple(m[: len(region.ring.names)]), c)
                    for m, c in atom.key
                ],
                atom.sign,
            )
            for atom in region.atoms
            if atom.sign in (">", ">=", "==")
        ]
        positive = {
            chance + k for k in range(len(region.ring.names)) if k in region._positive
        } | set(range(chance))
        for (player, q), row in self._products.items():
            known = {*row, (0,) * len(form.ring.names)}
            for monomial, product in row.items():
                if all(k in positive for k, e in enumerate(monomial) if e):
                    add(product > 0)
            for terms, sign in lifted:
                if len(terms) < 2:
                    continue
                for multiplier in self._multipliers(terms, known, positive):
                    total = self._sum(
                        player,
                        q,
                        [
                            (
                                tuple(
                                    a + b for a, b in zip(m, multiplier, strict=True)
                                ),
                                c,
                            )
                            for m, c in terms
                        ],
                    )
                    add(
                        total > 0
                        if sign == ">"
                        else total >= 0
                        if sign == ">="
                        else total == 0
                    )

    @staticmethod
    def _multipliers(
        terms: list[tuple[Monomial, Fraction | int]],
        known: set[Monomial],
        positive: set[int],
    ) -> list[Monomial]:
        """Positive monomials that take every term to a known one."""
        found = []
        lead = terms[0][0]
        for target in known:
            multiplier = tuple(t - e for t, e in zip(target, lead, strict=True))
            if min(multiplier) < 0 or any(
                e and k not in positive for k, e in enumerate(multiplier)
            ):
                continue
            if all(
                tuple(a + b for a, b in zip(m, multiplier, strict=True)) in known
                for m, _ in terms
            ):
                found.append(multiplier)
        return found

    def rule_out(self, literals: Iterable[Literal]) -> None:
        """Exclude every profile in which all of these are so."""
        parts = []
        for infoset, action, on in literals:
            player = self.form.game._tables.infosets[infoset].player
            own = self.form.players[player]
            flag = self.on[player][own.first[infoset] + action]
            parts.append(self.z3.Not(flag) if on else flag)
        self.solver.add(self.z3.Or(parts) if parts else False)

    def require_path(self, path: Iterable[tuple[int, tuple[int, ...]]]) -> None:
        """Ask for profiles with these actions on at these information sets."""
        for infoset, on in path:
            row = self.form.game._tables.infosets[infoset]
            first = self.form.players[row.player].first[infoset]
            for action in range(len(row.actions)):
                flag = self.on[row.player][first + action]
                self.solver.add(flag if action in on else self.z3.Not(flag))

    def require_reached(self, terminals: Iterable[int]) -> None:
        """Ask for profiles under which play comes to one of some terminals."""
        ways = []
        for node in terminals:
            flags = [
                self.on[player][q]
                for player, own in enumerate(self.form.players)
                for q in own.chain(self.form.sequence[player][node])
            ]
            if not flags:
                return  # chance alone leads there, whatever they do
            ways.append(self.z3.And(flags))
        self.solver.add(self.z3.Or(ways) if ways else False)

    def candidate(self) -> Support | None:
        """A profile that is not excluded, or None if none is left."""
        model = self.model()
        return None if model is None else self.support_of(model)
