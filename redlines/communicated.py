"""Communication equilibria as they are shown: a set of mechanisms, and one of them.

Reads: errors, numbers, mechanism, honesty, mediated, solution.  Used by: solvers.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any

from redlines.answers import clip
from redlines.honesty import honest
from redlines.mechanism import Mechanism
from redlines.mediated import MediatedElement, MediatedPlay
from redlines.numbers import brief
from redlines.referee import Certificate
from redlines.solution import Concept, Equilibrium
from redlines.tree import STR_LINES, STR_WIDTH

__all__ = ["Communicated", "MechanismElement"]


class MechanismElement(MediatedElement):
    """A set of mechanisms, with one of them."""

    @abstractmethod
    def mechanism(self) -> Mechanism:
        """The mechanism that is shown."""

    @property
    def support(self) -> tuple[tuple[int, ...], ...]:
        """What is recommended after some honest reports; everything elsewhere."""
        mechanism = self.mechanism()
        kinds = mechanism.types.of
        found: list[set[int]] = [set() for _ in self.game._tables.infosets]
        for pair in mechanism.types.prior:
            for acts, share in mechanism.shares[pair].items():
                for player in (0, 1):
                    infoset = kinds[player][pair[player]].infoset
                    if share and infoset is not None:
                        found[infoset].add(acts[player])
        return self._everywhere(found)

    def shown(self, concept: Concept) -> Equilibrium:
        """What a solution lists for the element."""
        return Communicated(self, concept)


class Communicated(MediatedPlay):
    """The whole set of communication equilibria, with one mechanism out of it.

    The set is a polytope: `range` gives the exact ends of any measure over all of it.
    What else is shown (`mechanism`, `payoffs`, `probability`) belongs to the one
    mechanism that maximizes or minimizes what was asked for.

    Attributes
    ----------
    mechanism : dict of (str, str) to dict of (str, str) to Fraction
        By the reports of the first and the second player, the probability that the
        mediator recommends this pair of actions; probabilities of 0 are left out. A
        side that does not act has the action ``""``.
    """

    _element: MechanismElement

    @property
    def _outcomes(self) -> Mechanism:
        return self._element.mechanism()

    @cached_property
    def certificate(self) -> Certificate:
        """What the referee found of the mechanism."""
        return honest(self._outcomes)

    @cached_property
    def mechanism(self) -> dict[tuple[str, str], dict[tuple[str, str], Fraction]]:
        """By reports, the probability of each pair of actions."""
        return self._outcomes.words

    @property
    def types(self) -> dict[str, tuple[str, ...]]:
        """The types of each player, by their labels."""
        return {
            name: tuple(kind.label for kind in kinds)
            for name, kinds in zip(
                self.game.players, self._outcomes.types.of, strict=True
            )
        }

    def payoffs_by_type(self, player: str) -> dict[str, Fraction]:
        """What each type of a player expects from the mechanism, in payoff units.

        Parameters
        ----------
        player : str

        Returns
        -------
        dict of str to Fraction
            By the type's label, the expected payoff given that type.
        """
        index = self.game._player(player)
        drawn = self._outcomes
        paid = self.game._exact_payoffs
        total = dict.fromkeys(self.types[player], Fraction(0))
        weight = dict(total)
        for end in drawn.types.ends:
            label = drawn.types.of[index][end.types[index]].label
            here = drawn.reach.get(end.node, Fraction(0))
            total[label] += here * paid[end.node][index]
            weight[label] += here
        return {label: value / weight[label] for label, value in total.items()}

    @cached_property
    def prior(self) -> dict[tuple[str, str], Fraction]:
        """How likely each pair of types is; 0 for pairs that cannot be."""
        types = self._outcomes.types
        one, other = types.of
        return {
            (one[s].label, other[t].label): types.prior.get((s, t), Fraction(0))
            for s, t in types.pairs
        }

    def contains(
        self,
        strategy: Mapping[Any, Any],
        belief: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> bool:
        """Whether a mechanism belongs to the set.

        Parameters
        ----------
        strategy : mapping
            As `mechanism`; see `redlines.verify` for what else is read.
        belief : mapping, optional
            Not used.

        Returns
        -------
        bool
        """
        return honest(Mechanism.read(self.game, strategy)).holds

    def _drawn(self) -> list[str]:
        """The mechanism as text, a line for each pair of reports."""
        types = self._outcomes.types
        rows = []
        for (one, other), shares in self.mechanism.items():
            reports = [
                word
                for word, kinds in zip((one, other), types.of, strict=True)
                if len(kinds) > 1
            ]
            told = [
                f"{' and '.join(filter(None, acts)) or 'nothing'}"
                f"{'' if share == 1 else f' {brief(share)}'}"
                for acts, share in shares.items()
            ]
            if not self.prior[one, other]:
                reports[-1] += " (cannot both be true)"
            start = f"  reported {' | '.join(reports)}: " if reports else "  "
            rows += _wrapped(start, told)
        room = STR_LINES - 10
        if len(rows) > room:
            more = len(rows) - room
            rows = [*rows[:room], f"  ... {more} more lines; see .mechanism"]
        return rows


def _wrapped(start: str, words: list[str]) -> list[str]:
    """Words on as few lines as hold them, the first one begun."""
    rows, line = [], start
    for k, word in enumerate(words):
        part = word if k == len(words) - 1 else f"{word}, "
        if len(line) + len(part.rstrip()) > STR_WIDTH and line.strip():
            rows.append(line.rstrip())
            line = "      "
        line += part
    return [clip(row) for row in [*rows, line]]
