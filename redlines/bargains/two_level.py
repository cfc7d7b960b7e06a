"""Two-level games: agreements that must pass at the table and at home, on both sides.

An outcome is a point on a line. Whoever must accept has an ideal point and likes what
is nearer to it; it accepts what it likes no less than the status quo s. With ideal i it
accepts what lies between s and its mirror image 2i - s: its *win set*. One negotiator
proposes; the outcome is the point of all win sets together that is nearest to its
ideal.

Reads: errors, numbers, answers, ranges, referee, bargains.base.  Used by: solvers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from redlines.answers import Answer, Part, clip
from redlines.bargains.base import Amounts, Noun, Value, read_name
from redlines.errors import ModelError, OutOfRange, UnknownLabel
from redlines.numbers import Amount, brief
from redlines.parameters import Parameter, Real
from redlines.ranges import Interval
from redlines.referee import Certificate, Failure

if TYPE_CHECKING:
    from redlines.solution import Concept

__all__ = ["Ratified", "RatifiedOutcome", "TwoLevelGame", "ratified"]

ZERO = Fraction(0)


class TwoLevelGame(Noun):
    """A negotiator of each side, and whoever must ratify at home; all have a veto.

    Parameters
    ----------
    sides : mapping of str to mapping of str to amount
        For each of two sides the ideal points of those who must accept, by name; the
        first is the negotiator.
    status_quo : amount
        What there is without an agreement.
    proposer : str, optional
        The side that proposes; default the first.
    between : pair of amounts
        The least and the greatest outcome that there can be.
    name : str
    parameters : mapping of str to Parameter, optional

    Raises
    ------
    ModelError
        Unless there are two sides, with somebody on each, who all have different names.
    OutOfRange
        If the status quo is no outcome.

    Examples
    --------
    >>> import redlines as rl
    >>> treaty = rl.TwoLevelGame(
    ...     {"Home": {"negotiator": "1/2", "senate": "7/10"}, "Foreign": {"leader": 0}},
    ...     status_quo="9/10",
    ...     proposer="Foreign",
    ... )
    >>> rl.solve(treaty, "subgame perfect")[0].proposal
    Fraction(1, 2)
    >>> print(treaty.best_ratifier("Home"))
    7/10
    """

    def __init__(
        self,
        sides: Mapping[str, Mapping[str, Amount]],
        status_quo: Amount,
        *,
        proposer: str | None = None,
        between: Sequence[Amount] = (0, 1),
        name: str = "two-level game",
        parameters: Mapping[str, Parameter] | None = None,
    ) -> None:
        amounts = Amounts(name, parameters)
        if not isinstance(sides, Mapping) or len(sides) != 2:
            raise ModelError(
                f"{name}: there are two sides, {{side: {{name: ideal point}}}}, not "
                f"{sides!r}"
            )
        self._sides: dict[str, dict[str, Value]] = {}
        for side, members in sides.items():
            if not isinstance(members, Mapping) or not members:
                raise ModelError(
                    f"{name}: on the side of {side!r} nobody negotiates; give "
                    "{name: ideal point}, the negotiator first"
                )
            self._sides[side] = {
                read_name(who, "a name"): amounts.read(at, f"the ideal of {who}", Real)
                for who, at in members.items()
            }
        names = [who for members in self._sides.values() for who in members]
        if len(set(names)) != len(names):
            raise ModelError(f"{name}: the names {names} are not all different")
        self._status_quo = amounts.read(status_quo, "the status quo")
        if isinstance(between, str) or len(tuple(between)) != 2:
            raise ModelError(f"{name}: between= is a pair of outcomes, not {between!r}")
        low, high = (amounts.read(end, "an end of the outcomes") for end in between)
        self._between = low, high
        super().__init__(name, tuple(self._sides), amounts.parameters)
        self.proposer = self.players[0] if proposer is None else proposer
        if self.proposer not in self.players:
            raise UnknownLabel("side", proposer, self.players, f"in {name}")
        self._check()

    # ----------------------------------------------------------------------- reading
    @property
    def status_quo(self) -> Value:
        """What there is without an agreement."""
        return self._status_quo

    @property
    def between(self) -> tuple[Value, Value]:
        """The least and the greatest outcome."""
        return self._between

    @property
    def ideals(self) -> dict[str, dict[str, Value]]:
        """For each side the ideal points of those who must accept, negotiator first."""
        return {side: dict(members) for side, members in self._sides.items()}

    def win_set(self, who: str | None = None) -> Interval:
        """What is accepted: by everybody, by one side, or by one person.

        Parameters
        ----------
        who : str, optional
            A side or a name; default everybody.

        Returns
        -------
        Interval
            It always contains the status quo.

        Raises
        ------
        UnknownLabel
            If there is nobody of that name.
        """
        self._require_numbers("a win set")
        members = {n: i for side in self._sides.values() for n, i in side.items()}
        if who is not None:
            known = {**members, **self._sides}
            if who not in known:
                raise UnknownLabel("side or name", who, tuple(known), f"in {self!r}")
            members = self._sides.get(who) or {who: members[who]}
        return self._accepted(members.values())

    def _accepted(self, ideals: Iterable[Any]) -> Interval:
        s: Any = self._status_quo
        low, high = self._between
        for ideal in ideals:
            low, high = (
                max(low, min(s, 2 * ideal - s)),
                min(high, max(s, 2 * ideal - s)),
            )
        return Interval(low, high)

    def best_ratifier(self, side: str) -> Interval:
        """The ideal points of one ratifier that would be best for a negotiator.

        Parameters
        ----------
        side : str
            Whose ratifiers are replaced by one.

        Returns
        -------
        Interval
            Within the outcomes that there can be. A single point halfway between the
            negotiator and the status quo, ``(h + s)/2``, where the ratifier binds: the
            other side then has to offer the negotiator's own ideal point.

        Raises
        ------
        UnknownLabel
            If there is no such side.
        """
        self._require_numbers("the best ratifier")
        if side not in self._sides:
            raise UnknownLabel("side", side, self.players, f"in {self!r}")
        s: Any = self._status_quo
        low, high = self._between
        (h, *_) = self._sides[side].values()
        others = [
            i for other, m in self._sides.items() if other != side for i in m.values()
        ]
        free = self._accepted([h, *others])
        (wanted, *_) = self._sides[self.proposer].values()
        plain: Any = max(free.low, min(wanted, free.high))
        first, last = sorted((plain, s))
        target = max(first, min(h, last))
        if plain == s:
            return Interval(low, high)
        middle = (target + s) / 2
        if target == plain:  # any ratifier who lets this pass
            return Interval(low, middle) if plain < s else Interval(middle, high)
        if target == s:  # any who lets nothing pass
            return Interval(s, high) if plain < s else Interval(low, s)
        return Interval(middle, middle)

    # -------------------------------------------------------------------------- owed
    @property
    def _size(self) -> int:
        return sum(map(len, self._sides.values()))

    def _values(self) -> Iterable[Value]:
        for members in self._sides.values():
            yield from members.values()
        yield self._status_quo
        yield from self._between

    def _replace(self, change: Callable[[Value], Value]) -> None:
        self._sides = {
            side: {who: change(at) for who, at in members.items()}
            for side, members in self._sides.items()
        }
        self._status_quo = change(self._status_quo)
        self._between = change(self._between[0]), change(self._between[1])

    def _check(self) -> None:
        (low, high), s = self._between, self._status_quo
        if (
            all(isinstance(v, Fraction) for v in (low, high, s))
            and not low <= s <= high
        ):
            raise OutOfRange(
                f"{self.name}: the status quo {s} is no outcome between {low} and "
                f"{high}"
            )

    def __repr__(self) -> str:
        free = self.free_parameters
        state = f", {len(free)} free parameters" if free else ""
        return (
            f"<TwoLevelGame {self.name}: {' and '.join(self.players)}, "
            f"{self._size} must accept{state}>"
        )

    def _lines(self) -> list[str]:
        lines = [
            f"  status quo {brief(self._status_quo, 40)}; {self.proposer} proposes"
        ]
        for side, members in self._sides.items():
            told = ", ".join(f"{who} {brief(at, 40)}" for who, at in members.items())
            lines.append(f"  {side}: {told}")
        return lines


@dataclass(frozen=True)
class Ratified(Part):
    """The outcome that is proposed and passes everywhere."""

    game: TwoLevelGame
    proposal: Fraction

    def shown(self, concept: Concept) -> RatifiedOutcome:
        """What a solution lists."""
        return RatifiedOutcome(self, concept)


def ratified(game: TwoLevelGame, proposal: Fraction) -> Certificate:
    """Verify that a proposal passes everywhere and that no better one does.

    Parameters
    ----------
    game : TwoLevelGame
    proposal : Fraction

    Returns
    -------
    Certificate
    """
    failures: list[Failure] = []
    s: Any = game.status_quo
    low, high = game.between
    if not low <= proposal <= high:
        failures.append(
            Failure("outcome", "", "", {}, None, f"{brief(proposal)} is no outcome")
        )
    wanted: Any = next(iter(game.ideals[game.proposer].values()))
    towards = (wanted > proposal) - (wanted < proposal)
    stopped = towards == 0 or proposal == (high if towards > 0 else low)
    for side, members in game.ideals.items():
        for who, ideal in members.items():
            at: Any = ideal
            worse = abs(proposal - at) - abs(s - at)
            if worse > 0:
                message = f"{who} likes the status quo better, by {brief(worse)}"
                failures.append(Failure("ratification", side, "", {}, worse, message))
            # one step further it would not accept, since it moves away from its ideal
            stopped = stopped or (worse == 0 and (proposal - at) * towards >= 0)
    if not stopped:
        message = f"{game.proposer} can propose something nearer to {brief(wanted)}"
        failures.append(Failure("best proposal", game.proposer, "", {}, None, message))
    gains = [f.gain for f in failures if f.gain is not None]
    return Certificate(
        concept="subgame perfect",
        holds=not failures,
        regret=max(gains, default=ZERO),
        failures=tuple(failures),
        checked=("ratification", "best proposal"),
    )


class RatifiedOutcome(Answer):
    """What is proposed and ratified; payoffs are those of the negotiators."""

    noun = "Outcome"
    _element: Ratified

    @cached_property
    def certificate(self) -> Certificate:
        """What the referee found: everybody accepts, and no better proposal passes."""
        return ratified(self.game, self.proposal)

    @property
    def proposal(self) -> Fraction:
        """The outcome."""
        return self._element.proposal

    @property
    def is_agreement(self) -> bool:
        """Whether it differs from the status quo."""
        return bool(self.proposal != self.game.status_quo)

    @property
    def payoffs(self) -> dict[str, Any]:
        """For each side minus the distance from its negotiator's ideal point."""
        return {
            side: -abs(self.proposal - next(iter(members.values())))
            for side, members in self.game.ideals.items()
        }

    @property
    def binding(self) -> tuple[str, ...]:
        """Who accepts with nothing to spare, and so decides how far it goes."""
        s = self.game.status_quo
        return tuple(
            who
            for members in self.game.ideals.values()
            for who, at in members.items()
            if abs(self.proposal - at) == abs(s - at)
        )

    def lines(self) -> list[str]:
        """The proposal, the win sets and who binds, as text."""
        game = self.game
        shown = [f"  {game.proposer} proposes {brief(self.proposal)}"]
        for side, members in game.ideals.items():
            sets = ", ".join(f"{who} {game.win_set(who)}" for who in members)
            shown.append(f"  win sets of {side}: {sets}")
        shown.append(f"  all accept what is in {game.win_set()}")
        if not self.is_agreement:
            shown.append("  nothing but the status quo passes")
        elif self.binding:
            shown.append(f"  would accept no further step: {', '.join(self.binding)}")
        return [clip(line) for line in shown]
