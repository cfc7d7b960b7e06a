"""Alternating offers: who proposes when, what waiting costs, and what else there is.

In each round one player proposes and the other accepts, refuses, or leaves if it can. A
gain over disagreement that comes one round later is worth ``discount`` times as much.
After the last round, if there is one, the players get what they get at the deadline. A
proposer may make no offer, which counts as an offer that is refused. A responder who is
indifferent accepts where anything can be divided, since no best offer exists otherwise.

Reads: errors, numbers, bargains.base, bargains.problems.  Used by: bargains.haggling,
solvers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from redlines.bargains.base import Amounts, Noun, Value, read_pair, whole, within
from redlines.bargains.problems import BargainingProblem
from redlines.errors import ModelError, OutOfRange, UnboundParameter, UnknownLabel
from redlines.numbers import Number, brief
from redlines.parameters import Positive, Probability

__all__ = ["AlternatingOffers"]

MAX_ROUNDS = 5_000


class AlternatingOffers(Noun):
    """Bargaining by offers in turn, with impatience.

    Parameters
    ----------
    problem : BargainingProblem, optional
        What may be agreed on; default a pie of size 1, ``BargainingProblem.pie()``.
    discounts : pair of amounts, or one for both
        For each player what a gain is worth if it comes one round later, from 0 to 1.
    rounds : int, optional
        How many offers there are; default no end.
    first : str, optional
        Who proposes first; default the first player. Then the players take turns.
    proposers : sequence of str, optional
        Who proposes in each round, instead of `rounds` and `first`.
    outside : mapping of str to amount, optional
        What a player gets that leaves after refusing an offer, in payoff units. Who
        does not leave then gets its own entry, or else its disagreement payoff. A
        player without an entry cannot leave.
    deadline : pair, optional
        What the players get if the last offer is refused; default disagreement.
    parameters : mapping of str to Parameter, optional
        As for `BargainingProblem`; a name in a discount is a `Probability`.

    Raises
    ------
    ModelError
        If rounds and proposers do not go together, or both discounts are 1 without end.
    OutOfRange
        For a discount outside 0 to 1.

    Examples
    --------
    >>> import redlines as rl
    >>> offers = rl.AlternatingOffers(discounts=("9/10", "4/5"))
    >>> rl.solve(offers, "subgame perfect")[0].payoffs
    {'US': Fraction(5, 7), 'Russia': Fraction(2, 7)}
    >>> rubinstein = rl.AlternatingOffers(discounts=("d1", "d2"))
    >>> print(rl.solve(rubinstein, "subgame perfect")[0].payoffs["US"])
    (1 - d2)/(1 - d1*d2)
    """

    def __init__(
        self,
        problem: BargainingProblem | None = None,
        discounts: Any = None,
        *,
        rounds: int | None = None,
        first: str | None = None,
        proposers: Sequence[str] | None = None,
        outside: Mapping[str, Any] | None = None,
        deadline: Any = None,
        name: str | None = None,
        parameters: Mapping[str, Any] | None = None,
    ) -> None:
        if problem is None:
            problem = BargainingProblem.pie()
        if not isinstance(problem, BargainingProblem):
            raise TypeError(
                f"AlternatingOffers takes a BargainingProblem, not {problem!r}; the "
                "discounts are given by name, discounts=(...)"
            )
        players = problem.players
        name = name or f"{problem.name} by offers in turn"
        amounts = Amounts(name, {**problem.parameters, **(parameters or {})})
        if discounts is None:
            raise ModelError(
                f'{name}: say what a gain is worth one round later, discounts=("9/10", '
                '"4/5")'
            )
        if isinstance(discounts, str) or not isinstance(discounts, Iterable):
            discounts = (discounts, discounts)
        self._discounts = read_pair(
            amounts, discounts, players, "the discount", Probability
        )
        for player in outside or {}:
            if player not in players:
                raise UnknownLabel("player", player, players, f"in {name}")
        self._outside: tuple[Value | None, Value | None] = tuple(  # type: ignore[assignment]
            amounts.read((outside or {})[p], f"the outside option of {p}")
            if p in (outside or {})
            else None
            for p in players
        )
        self._deadline = (
            None
            if deadline is None
            else read_pair(amounts, deadline, players, "the deadline")
        )
        self.problem = problem
        if deadline is not None and rounds is None and proposers is None:
            raise ModelError(f"{name}: a deadline needs a last round; give rounds=")
        self.proposers = _read_order(name, players, rounds, first, proposers)
        self._endless = rounds is None and proposers is None
        super().__init__(name, players, amounts.parameters)
        self.bound = problem.bound
        self._check()

    # ----------------------------------------------------------------------- reading
    @property
    def rounds(self) -> int | None:
        """How many offers there are; None if there is no end."""
        return None if self._endless else len(self.proposers)

    @property
    def discounts(self) -> dict[str, Value]:
        """What a gain is worth to each player if it comes one round later."""
        return dict(zip(self.players, self._discounts, strict=True))

    @property
    def outside(self) -> dict[str, Value]:
        """What each player that can leave gets if somebody does."""
        return {
            p: w
            for p, w in zip(self.players, self._outside, strict=True)
            if w is not None
        }

    @property
    def deadline(self) -> dict[str, Value]:
        """What the players get if the last offer is refused."""
        at = self._deadline or self.problem._point
        return dict(zip(self.players, at, strict=True))

    def _gains(self, pair: Iterable[Any]) -> tuple[Any, Any]:
        """Payoffs as gains over disagreement."""
        one, other = (v - e for v, e in zip(pair, self.problem._point, strict=True))
        return one, other

    @property
    def _leaving(self) -> tuple[Any, Any]:
        """What both gain if somebody leaves."""
        return self._gains(
            e if w is None else w
            for w, e in zip(self._outside, self.problem._point, strict=True)
        )

    @property
    def _can_leave(self) -> tuple[bool, bool]:
        return self._outside[0] is not None, self._outside[1] is not None

    # -------------------------------------------------------------------------- owed
    @property
    def _size(self) -> int:
        return self.problem._size * len(self.proposers)

    def _values(self) -> Iterable[Value]:
        yield from self.problem._values()
        yield from self._discounts
        yield from (w for w in self._outside if w is not None)
        yield from self._deadline or ()

    def _replace(self, change: Callable[[Value], Value]) -> None:
        names = [n for n in self.bound if n in self.problem.parameters]
        self.problem = self.problem.bind(**{n: self.bound[n] for n in names})
        self._discounts = (change(self._discounts[0]), change(self._discounts[1]))
        one, other = (None if w is None else change(w) for w in self._outside)
        self._outside = one, other
        if self._deadline is not None:
            self._deadline = (change(self._deadline[0]), change(self._deadline[1]))

    def _check(self) -> None:
        for player, discount in self.discounts.items():
            within(discount, 0, 1, f"{self.name}: the discount of {player}")
        if self._endless and all(
            isinstance(c, Fraction) and c == 1 for c in self._discounts
        ):
            raise OutOfRange(
                f"{self.name}: without an end somebody must be impatient, but both "
                "discounts are 1, and then any division can be an equilibrium"
            )

    def _require_numbers(self, purpose: str) -> None:
        """Symbols are allowed where something linear is divided."""
        if self.free_parameters and not self._is_linear:
            try:
                super()._require_numbers(purpose)
            except UnboundParameter as error:
                raise UnboundParameter(
                    f"{error}; symbols are kept only where a pie is divided"
                ) from None

    @property
    def _is_linear(self) -> bool:
        """Whether two packages are divided, each worth something to one player only."""
        problem = self.problem
        if problem._curve is not None or problem._consents or not problem.lotteries:
            return False
        if len(problem._packages) != 2:
            return False
        first, second = (self._gains(p.payoffs) for p in problem._packages)
        return (
            _is_zero(first[1])
            and _is_zero(second[0])
            and self._is_positive(first[0])
            and self._is_positive(second[1])
        )

    def _is_positive(self, value: Any) -> bool:
        """Whether an amount is positive, whatever values its parameters take."""
        if not isinstance(value, Number):
            return bool(value > 0)
        positive = (Positive, Probability)
        return all(c > 0 for poly in value.polynomials() for c in poly.values()) and (
            all(isinstance(self.parameters[name], positive) for name in value.names)
        )

    def __repr__(self) -> str:
        free = self.free_parameters
        state = f", {len(free)} free parameters" if free else ""
        many = "no end" if self.rounds is None else f"{self.rounds} rounds"
        return (
            f"<AlternatingOffers {self.name}: {' and '.join(self.players)}, "
            f"{many}{state}>"
        )

    def _lines(self) -> list[str]:
        def listed(amounts: Mapping[str, Value]) -> str:
            return ", ".join(f"{p} {brief(v, 40)}" for p, v in amounts.items())

        order = ", ".join(self.proposers[:8])
        more = ", and so on" if self._endless or len(self.proposers) > 8 else ""
        lines = [
            f"  proposing in turn: {order}{more}",
            f"  a gain one round later counts: {listed(self.discounts)}",
        ]
        if self.outside:
            lines.append(f"  whoever leaves gets: {listed(self.outside)}")
        if self._deadline is not None:
            lines.append(f"  at the deadline: {listed(self.deadline)}")
        return [*lines, *self.problem._lines()]


def _is_zero(value: Any) -> bool:
    return value.is_zero if isinstance(value, Number) else value == Fraction(0)


def _read_order(
    name: str,
    players: Sequence[str],
    rounds: Any,
    first: str | None,
    proposers: Sequence[str] | None,
) -> tuple[str, ...]:
    """Who proposes in each round; of an endless order, the two that repeat."""
    if proposers is not None:
        if rounds is not None or first is not None:
            raise ModelError(
                f"{name}: give proposers=, or rounds= and first=, not both"
            )
        if isinstance(proposers, str) or not proposers:
            raise ModelError(f"{name}: proposers= lists who proposes in each round")
        order = tuple(proposers)
    else:
        start = players[0] if first is None else first
        if start not in players:
            raise UnknownLabel("player", start, tuple(players), f"in {name}")
        pair = (start, players[1 - tuple(players).index(start)])
        count = 2 if rounds is None else whole(rounds, f"{name}: rounds", 1, MAX_ROUNDS)
        order = tuple(pair[k % 2] for k in range(count))
    for player in order:
        if player not in players:
            raise UnknownLabel("player", player, tuple(players), f"in {name}")
    if len(order) > MAX_ROUNDS:
        raise ModelError(f"{name}: at most {MAX_ROUNDS:,} rounds are gone through")
    return order
