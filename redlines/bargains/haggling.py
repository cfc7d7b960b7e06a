"""Equilibria of alternating offers as they are shown.

Reads: answers, numbers, bargains.  Used by: solvers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from redlines.answers import Answer, Part, clip
from redlines.bargains.offers_referee import Choice, Round, chosen, in_turn
from redlines.numbers import Relation, brief
from redlines.referee import Certificate

if TYPE_CHECKING:
    from redlines.solution import Concept

__all__ = ["Haggled", "HaggledPackages", "OffersEquilibrium"]

SHOWN = 12


@dataclass(frozen=True)
class Haggled(Part):
    """An equilibrium in which anything can be divided: a plan for each round."""

    game: Any
    rounds: tuple[Round, ...]
    conditions: tuple[Relation, ...] = ()

    def shown(self, concept: Concept) -> OffersEquilibrium:
        """What a solution lists."""
        return OffersEquilibrium(self, concept)


@dataclass(frozen=True)
class HaggledPackages(Part):
    """An equilibrium in which packages are taken or left, with its punishments."""

    game: Any
    rounds: tuple[tuple[Choice, ...], ...]

    def shown(self, concept: Concept) -> OffersEquilibrium:
        """What a solution lists."""
        return OffersEquilibrium(self, concept)


class OffersEquilibrium(Answer):
    """A subgame perfect equilibrium of alternating offers.

    Over indivisible packages it stands for every pure equilibrium with one outcome.
    """

    noun = "Equilibrium"
    _element: Any

    @cached_property
    def certificate(self) -> Certificate:
        """What the referee found, move by move."""
        part = self._element
        if isinstance(part, HaggledPackages):
            return chosen(part.game, part.rounds)
        return in_turn(part.game, part.rounds, part.conditions)

    def _payoffs_of(self, gains: Sequence[Any]) -> dict[str, Any]:
        at = self.game.problem.disagreement
        return {
            p: _plain(at[p] + g) for p, g in zip(self.game.players, gains, strict=True)
        }

    @cached_property
    def payoffs(self) -> dict[str, Any]:
        """What each player gets, seen from the first round; in payoff units."""
        part = self._element
        first = part.rounds[0]
        return self._payoffs_of(
            first[0].value if isinstance(part, HaggledPackages) else first.value
        )

    @cached_property
    def outcome(self) -> tuple[int | None, dict[str, Fraction]]:
        """The round in which it ends, counted from 1, and what is agreed on.

        A lottery over packages; empty below a curved frontier. ``"leave"`` stands for
        a player who leaves. (None, {}) if all rounds pass, or nothing ever ends it.
        """
        part = self._element
        if isinstance(part, HaggledPackages):
            at = 0
            for number, row in enumerate(part.rounds, 1):
                here = row[at]
                does, at = here.replies[here.offer]
                if does != "refuse":
                    label = here.offer if does == "accept" else "leave"
                    return number, {str(label): Fraction(1)}
            return None, {}
        for number, plan in enumerate(part.rounds, 1):
            if plan.agreed:
                return number, dict(plan.lottery)
            if self._leaves(number - 1):
                return number, {"leave": Fraction(1)}
        return None, {}

    @property
    def agreed_in(self) -> int | None:
        """The round in which the players agree, counted from 1; None if never."""
        number, what = self.outcome
        return None if "leave" in what else number

    @property
    def lottery(self) -> dict[str, Fraction]:
        """The packages agreed on, with probabilities."""
        number, what = self.outcome
        return {} if number is None or "leave" in what else what

    @property
    def offers(self) -> tuple[tuple[str, dict[str, Any] | None], ...]:
        """For each round who proposes, and what both would get from its offer.

        None where no offer is made that would be accepted. Without an end the two
        rounds repeat. For packages, the rounds of the equilibrium's own path.
        """
        part = self._element
        if isinstance(part, HaggledPackages):
            found: list[tuple[str, dict[str, Any] | None]] = []
            at = 0
            pays = self.game.problem.packages
            for row in part.rounds:
                here = row[at]
                found.append(
                    (
                        self.game.players[here.proposer],
                        None if here.offer is None else dict(pays[here.offer]),
                    )
                )
                does, at = here.replies[here.offer]
                if does != "refuse":
                    break
            return tuple(found)
        return tuple(
            (
                self.game.players[plan.proposer],
                dict(zip(self.game.players, map(_plain, plan.offer), strict=True))
                if plan.offer is not None and plan.agreed
                else None,
            )
            for plan in part.rounds
        )

    @property
    def conditions(self) -> tuple[Relation, ...]:
        """What must hold of the parameters for it; empty at numbers."""
        return getattr(self._element, "conditions", ())

    def _leaves(self, index: int) -> bool:
        """Whether the responder of a round leaves if nothing is agreed on."""
        part, game = self._element, self.game
        plan = part.rounds[index]
        other = 1 - plan.proposer
        if not game._can_leave[other]:
            return False
        if index + 1 < len(part.rounds):
            later = part.rounds[index + 1].value
        elif game.rounds is None:
            later = part.rounds[0].value
        else:
            later = game._gains(game.deadline.values())
        return bool(game._leaving[other] > game._discounts[other] * later[other])

    def lines(self) -> list[str]:
        """Payoffs, when it ends and with what, and the offers, as text."""
        number, what = self.outcome
        pays = ", ".join(f"{p} {brief(v, 36)}" for p, v in self.payoffs.items())
        lines = [f"  payoffs: {pays}"]
        lines += [f"  if {condition}" for condition in self.conditions]
        if number is None:
            lines.append("  nothing is ever agreed on")
        elif "leave" in what:
            lines.append(f"  in round {number} the responder leaves")
        else:
            words = ", ".join(
                f"{label} {brief(share, 36)}" if len(what) > 1 else label
                for label, share in what.items()
            )
            lines.append(
                f"  agreed in round {number}" + (f": {words}" if words else "")
            )
        for position, (who, offer) in enumerate(self.offers[:SHOWN], 1):
            said = (
                "makes no offer that would be accepted"
                if offer is None
                else ", ".join(f"{p} {brief(v, 36)}" for p, v in offer.items())
            )
            lines.append(f"  round {position}, {who} proposes: {said}")
        if len(self.offers) > SHOWN:
            lines.append(f"  ... {len(self.offers) - SHOWN:,} more rounds")
        if self.game.rounds is None:
            lines.append("  and so on in turn")
        return [clip(line) for line in lines]


def _plain(value: Any) -> Any:
    """A constant expression as the number that it is."""
    return value.constant() if getattr(value, "is_constant", False) else value
