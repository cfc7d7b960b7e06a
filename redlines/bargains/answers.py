"""Solutions of bargaining problems as they are shown: payoffs, and how to realize them.

Reads: answers, numbers, ranges, referee, bargains.  Used by: solvers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from redlines.answers import Answer, Part, clip
from redlines.bargains.problems import ConsentState
from redlines.bargains.referee import Claim, agreement, choice
from redlines.errors import UnknownLabel
from redlines.numbers import brief
from redlines.ranges import Interval, Range
from redlines.referee import Certificate

if TYPE_CHECKING:
    from redlines.solution import Concept

__all__ = ["Agreement", "Contingent", "ContingentAgreement", "Settled"]


@dataclass(frozen=True)
class Settled(Part):
    """One solution, with what proves it."""

    claim: Claim

    @property
    def game(self) -> Any:  # read only
        """The bargaining problem."""
        return self.claim.problem

    def shown(self, concept: Concept) -> Agreement:
        """What a solution lists."""
        return Agreement(self, concept)


@dataclass(frozen=True)
class Contingent(Part):
    """A solution for each thing that third parties may decide beforehand."""

    game: Any
    parts: tuple[tuple[ConsentState, Settled], ...]

    def shown(self, concept: Concept) -> ContingentAgreement:
        """What a solution lists."""
        return ContingentAgreement(self, concept)


class Agreement(Answer):
    """What a bargaining solution says: payoffs, and a lottery that realizes them.

    Where a solution is a set of payoffs (the utilitarian one may be), it stands for all
    of them: `ends` are its two ends, and the payoffs shown are in the middle.
    """

    noun = "Agreement"
    _element: Settled

    @cached_property
    def certificate(self) -> Certificate:
        """What the referee found: the point is feasible, and a line supports it."""
        claim = self._element.claim
        if not self.game.lotteries:
            return choice(claim, self.concept.value)
        return agreement(claim, self.concept.value)

    def _by_player(self, pair: Sequence[Any]) -> dict[str, Any]:
        return dict(zip(self.game.players, pair, strict=True))

    @property
    def payoffs(self) -> dict[str, Any]:
        """What each player gets, in payoff units."""
        return self._by_player(self._element.claim.point)

    @property
    def gains(self) -> dict[str, Any]:
        """What each player gets beyond its disagreement payoff."""
        return {p: v - self.game.disagreement[p] for p, v in self.payoffs.items()}

    @property
    def lottery(self) -> dict[str, Fraction]:
        """Packages with the probabilities that realize the payoffs.

        ``"no agreement"`` may be among them. Empty below a curved frontier.
        """
        return dict(self._element.claim.lottery)

    @property
    def is_agreement(self) -> bool:
        """Whether the players agree on anything at all."""
        return self.payoffs != self.game.disagreement or bool(
            self.lottery.keys() - {"no agreement"}
        )

    @property
    def weights(self) -> dict[str, Any]:
        """The weights of a line that supports the feasible set at the payoffs.

        Nothing feasible has a greater weighted sum of payoffs.
        """
        return self._by_player(self._element.claim.weights)

    @property
    def ideal(self) -> dict[str, Any]:
        """The most that each can get if the other gets no less than in disagreement."""
        return self._by_player(self._element.claim.ideal)

    @property
    def ends(self) -> tuple[tuple[dict[str, Any], dict[str, Fraction]], ...]:
        """Payoffs and lotteries at both ends, if the solution is more than a point."""
        return tuple(
            (self._by_player(point), dict(lottery))
            for point, lottery in self._element.claim.ends
        )

    @cached_property
    def left_over(self) -> dict[str, Any]:
        """What `lottery` pays beyond the payoffs: gains that equality forgoes.

        Empty unless the solution is only weakly efficient, as the egalitarian one may
        be.
        """
        claim = self._element.claim
        if claim.place is not None and self.payoffs == self.game.disagreement:
            return {}
        if claim.place is not None:
            paid: Any = (claim.place, self.game._curve.height(claim.place))
        elif claim.lottery:
            pays = dict(self.game._points)
            paid = tuple(
                sum((s * pays[label][i] for label, s in claim.lottery), Fraction(0))
                for i in range(2)
            )
        else:
            return {}
        over = [a - b for a, b in zip(paid, claim.point, strict=True)]
        return {p: v for p, v in zip(self.game.players, over, strict=True) if v}

    @property
    def on_the_line(self) -> tuple[str, ...]:
        """All packages on the supporting line.

        Every lottery that realizes the payoffs is over these.
        """
        claim = self._element.claim
        if self.game._curve is not None or not self.game.lotteries:
            return tuple(self.lottery)
        (a, b), (x, y) = claim.weights, claim.point
        return tuple(
            label
            for label, (u, v) in self.game._points
            if a * u + b * v == a * x + b * y
        )

    def range(self, player: str) -> Range:
        """What a player can get over the whole solution, with exact ends.

        Parameters
        ----------
        player : str

        Returns
        -------
        Range
        """
        if player not in self.game.players:
            raise UnknownLabel("player", player, self.game.players)
        values = [payoffs[player] for payoffs, _ in self.ends] or [self.payoffs[player]]
        return Range((Interval(min(values), max(values)),))

    def lines(self) -> list[str]:
        """Payoffs, gains and the lottery as text."""
        shown = [
            f"  {p} {brief(v)} (gains {brief(self.gains[p])})"
            for p, v in self.payoffs.items()
        ]
        if self.ends:
            shown = [f"  {p} in {self.range(p)}" for p in self.payoffs]
            shown += [
                f"    from {_words(lottery)}"
                if number == 0
                else f"    to {_words(lottery)}"
                for number, (_, lottery) in enumerate(self.ends)
            ]
        elif self.lottery:
            shown.append(f"  by {_words(self.lottery)}")
        if self.left_over:
            left = ", ".join(f"{p} {brief(v)}" for p, v in self.left_over.items())
            shown.append(f"  only weakly efficient: equality forgoes {left}")
        if not self.game.has_gains:
            shown.append("  nothing feasible is better for both than no agreement")
        return [clip(line) for line in shown]


class ContingentAgreement(Answer):
    """What is agreed on after third parties have decided what is on the table."""

    noun = "Contingent agreement"
    _element: Contingent

    @cached_property
    def by_state(self) -> tuple[tuple[ConsentState, Agreement], ...]:
        """For each decision of third parties, what is then agreed on."""
        return tuple(
            (state, part.shown(self.concept)) for state, part in self._element.parts
        )

    @cached_property
    def certificate(self) -> Certificate:
        """What the referee found, state by state."""
        found = [a.certificate for _, a in self.by_state]
        failures = tuple(f for c in found for f in c.failures)
        chances = sum((state.probability for state, _ in self.by_state), Fraction(0))
        return Certificate(
            concept=self.concept.value,
            holds=not failures and chances == 1,
            regret=max(c.regret for c in found),
            failures=failures,
            checked=found[0].checked,
        )

    @property
    def payoffs(self) -> dict[str, Any]:
        """What each player expects before third parties have decided."""
        return {
            player: sum(
                (state.probability * a.payoffs[player] for state, a in self.by_state),
                Fraction(0),
            )
            for player in self.game.players
        }

    def lines(self) -> list[str]:
        """What is agreed on in each state, as text."""
        shown = []
        for state, found in self.by_state:
            who = " and ".join(state.consenting) or "nobody"
            pays = ", ".join(f"{p} {brief(v)}" for p, v in found.payoffs.items())
            shown.append(
                f"  {who} consents ({brief(state.probability)}): {pays}, by "
                f"{_words(found.lottery)}"
            )
        expected = ", ".join(f"{p} {brief(v)}" for p, v in self.payoffs.items())
        return [clip(line) for line in [*shown, f"  expected: {expected}"]]


def _words(lottery: dict[str, Fraction]) -> str:
    if not lottery:
        return "a point of the frontier"
    if len(lottery) == 1:
        return next(iter(lottery))
    return ", ".join(f"{label} {brief(share)}" for label, share in lottery.items())
