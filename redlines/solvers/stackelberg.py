"""Optimal commitments of a leader, by one linear programme for each reply.

For each reduced plan b of the follower: among the leader's mixtures of reduced plans to
which b is a best reply, the one that pays the leader most (Conitzer and Sandholm 2006).
The best of these over all b is the strong value, and dual prices prove it. A plan of a
follower with private types holds one reply for each type.

*Weak.* Best replies to almost all mixtures are unique up to plans that always pay the
follower the same; call those a class. A class counts if it is best on a set with inner
points. On it the leader gets the least over the members of the class, and the supremum
over all counting classes is the weak value (von Stengel and Zamir 2010).

Reads: committed, forms, obedience, solution, solvers.  Used by: solving.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

from redlines.committed import CommitmentElement
from redlines.errors import ModelError
from redlines.forms import ReducedForm
from redlines.joint import Plan
from redlines.obedience import Ceiling
from redlines.profile import Assessment
from redlines.ranges import Interval, Range
from redlines.solution import Concept, Coverage, Status
from redlines.solvers.base import Found, Solver
from redlines.solvers.linear_programmes import (
    Constraint,
    Optimum,
    Programme,
    maximize,
)
from redlines.tree import Game

__all__ = ["OptimalCommitment", "Stackelberg"]

# entries of all programmes together
MAX_ENTRIES = 4_000_000

Amount = Callable[[int], Fraction]


class _Leadership:
    """A game's reduced form seen from the leader, in whole numbers."""

    def __init__(self, game: Game, leader: int, pure: bool) -> None:
        self.game = game
        self.leader = leader
        self.pure = pure
        self.reduced = ReducedForm(game)
        self.plans = self.reduced.plans
        # what the payoffs of each player were multiplied by
        self.scales = [
            math.lcm(*(v.denominator for row in own.payoff for v in row.values()))
            for own in self.reduced.form.players
        ]
        # by plans of the leader, then of the follower
        own, other = self.reduced.payoffs
        if leader == 1:
            own, other = (
                [list(column) for column in zip(*matrix, strict=True)]
                for matrix in (other, own)
            )
        self.own, self.other = own, other
        self.rows = range(len(own))
        self.columns = range(len(own[0]))

    # ------------------------------------------------------------------ strong, mixed
    def _gains(self, reply: int, over: int) -> dict[int, int]:
        """What `over` pays the follower more than `reply`, by plans of the leader."""
        found = {a: row[over] - row[reply] for a, row in enumerate(self.other)}
        return {a: v for a, v in found.items() if v}

    def region(self, reply: int) -> list[Constraint]:
        """Where a reply is best."""
        rows = (self._gains(reply, over) for over in self.columns)
        return [Constraint(row) for row in rows if row]

    def margin(self, reply: int) -> tuple[Fraction, Optimum | None]:
        """By how much a reply can be better than all that are not always as good.

        Negative where it is never best; the optimum has the proof.
        """
        rows = [r for over in self.columns if (r := self._gains(reply, over))]
        if not rows:
            return Fraction(1), None
        # the margin is shifted by this, so that it is positive
        shift = 1 + max(abs(v) for row in rows for v in row.values())
        last = len(self.rows)
        found = maximize(
            Programme(
                last + 1,
                {last: 1},
                [Constraint({**row, last: 1}, shift) for row in rows],
                [Constraint(dict.fromkeys(self.rows, 1), 1)],
            )
        )
        assert found is not None
        return found.value - shift, found

    @cached_property
    def strong(self) -> tuple[Fraction, dict[int, list[Fraction]], Ceiling]:
        """The leader's value, its mixture for each reply that attains it, and why."""
        most = [max(row[b] for row in self.own) for b in self.columns]
        value: Fraction | None = None
        found: dict[int, list[Fraction]] = {}
        duals: list[tuple[int, Sequence[Fraction], Fraction | None]] = []
        for b in sorted(self.columns, key=lambda b: -most[b]):
            if value is not None and most[b] < value:
                break
            margin, proof = self.margin(b)
            if margin < 0:
                assert proof is not None
                duals.append((b, proof.prices, margin))
                continue
            best = maximize(
                Programme(
                    len(self.rows),
                    {a: row[b] for a, row in enumerate(self.own) if row[b]},
                    self.region(b),
                    [Constraint(dict.fromkeys(self.rows, 1), 1)],
                )
            )
            assert best is not None
            duals.append((b, best.prices, None))
            if value is None or best.value > value:
                value, found = best.value, {}
            if best.value == value:
                found[b] = list(best.point)
        assert value is not None
        scale = self._scale
        prices: dict[Plan, dict[Plan, Fraction]] = {}
        for b, dual, below in duals:
            # a reply that is never best: its prices prove it at any size
            size = Fraction(1)
            if below is not None:
                size = max(Fraction(0), (most[b] - value) / -below)
            over = [k for k in self.columns if self._gains(b, k)]
            row = {k: y * size for k, y in zip(over, dual, strict=False) if y * size}
            prices[self.plan(b)] = {self.plan(k): y * scale for k, y in row.items()}
        ceiling = Ceiling(self.game, self.leader, False, prices)
        return value, dict(sorted(found.items())), ceiling

    @cached_property
    def _scale(self) -> Fraction:
        """Prices compare payoffs of two players that were scaled apart."""
        return Fraction(self.scales[1 - self.leader], self.scales[self.leader])

    # --------------------------------------------------------------------- pure, weak
    @cached_property
    def plain(self) -> tuple[dict[tuple[int, int], None], int]:
        """The best pairs of plans, and the weak value, where mixtures are excluded."""
        strong: list[tuple[int, int, int]] = []
        weak: list[int] = []
        for a in self.rows:
            top = max(self.other[a])
            best = [b for b in self.columns if self.other[a][b] == top]
            strong += ((self.own[a][b], a, b) for b in best)
            weak.append(min(self.own[a][b] for b in best))
        value = max(strong)[0]
        return {(a, b): None for v, a, b in strong if v == value}, max(weak)

    @cached_property
    def tried(self) -> Ceiling:
        """The ceiling over plans, made once so that the referee tries them once."""
        return Ceiling(self.game, self.leader, True, {})

    @cached_property
    def weak(self) -> Fraction:
        """The weak value, in payoff units."""
        unit = self.scales[self.leader]
        if self.pure:
            return Fraction(self.plain[1], unit)
        classes: dict[tuple[int, ...], list[int]] = {}
        for b in self.columns:
            classes.setdefault(tuple(row[b] for row in self.other), []).append(b)
        value: Fraction | None = None
        last = len(self.rows)
        low = min(min(row) for row in self.own)
        for members in classes.values():
            ceiling = min(max(row[b] for row in self.own) for b in members)
            if value is not None and ceiling <= value:
                continue
            if self.margin(members[0])[0] <= 0:
                continue
            # the least over the members, counted from `low` on
            least = [
                Constraint(
                    {**{a: low - row[b] for a, row in enumerate(self.own)}, last: 1}
                )
                for b in members
            ]
            found = maximize(
                Programme(
                    last + 1,
                    {last: 1},
                    [*self.region(members[0]), *least],
                    [Constraint(dict.fromkeys(self.rows, 1), 1)],
                )
            )
            assert found is not None
            value = (
                found.value + low if value is None else max(value, found.value + low)
            )
        assert value is not None
        return value / unit

    def plan(self, reply: int) -> Plan:
        """A plan of the follower by information set and action."""
        own = self.reduced.form.players[1 - self.leader]
        plan = self.plans[1 - self.leader][reply]
        return tuple(sorted((own.infoset[q], own.action[q]) for q in plan if q))


class OptimalCommitment(CommitmentElement):
    """The optimal commitments with one reply of the follower.

    Parameters
    ----------
    leadership : _Leadership
    reply : int
        The number of the follower's plan.
    mixture : sequence of Fraction
        Of the leader's plans.
    """

    def __init__(
        self, leadership: _Leadership, reply: int, mixture: Sequence[Fraction]
    ) -> None:
        self.game = leadership.game
        self.leadership = leadership
        self.reply = reply
        self.mixture = tuple(mixture)

    @property
    def ceiling(self) -> Ceiling:
        """Why no commitment pays the leader more."""
        led = self.leadership
        return led.tried if led.pure else led.strong[2]

    @property
    def weak_value(self) -> Fraction:
        """What the leader can be sure of where ties go against it."""
        return self.leadership.weak

    @cached_property
    def _choices(self) -> dict[int, tuple[Fraction, ...]]:
        led = self.leadership
        follower = 1 - led.leader
        reply = [Fraction(int(b == self.reply)) for b in led.columns]
        return {
            **led.reduced.behaviour(led.leader, self.mixture),
            **led.reduced.behaviour(follower, reply),
        }

    @property
    def support(self) -> tuple[tuple[int, ...], ...]:
        """What is done; every action where own play never comes."""
        return tuple(
            tuple(a for a, share in enumerate(row) if share)
            for row in self.assessment().strategy
        )

    def assessment(self) -> Assessment:
        """The profile, evenly mixed where own play never comes; no beliefs."""
        rows = self.game._tables.infosets
        strategy = [
            self._choices.get(h, (Fraction(1, len(row.actions)),) * len(row.actions))
            for h, row in enumerate(rows)
        ]
        return Assessment(self.game, strategy, [None] * len(rows))

    def strategy_ranges(self) -> dict[int, dict[int, Range]]:
        """Anything at sets that the owner's own play excludes."""
        whole = Range((Interval(Fraction(0), Fraction(1)),))
        return {
            h: dict.fromkeys(range(len(row.actions)), whole)
            for h, row in enumerate(self.game._tables.infosets)
            if h not in self._choices and len(row.actions) > 1
        }

    def relations(self) -> tuple[str, ...]:
        """What the ranges above leave out."""
        if self.leadership.pure:
            return ()
        return ("other commitments may do as well with the same reply; see .range",)

    def extremes(
        self, amount: Amount, given: Callable[[int], bool] | None
    ) -> Range | None:
        """What an expected amount can be over optimal commitments with this reply."""
        led = self.leadership
        if led.pure:
            return super().extremes(amount, given)
        cost = self._against(amount if given is None else _only(amount, given))
        total: Mapping[int, Any] = dict.fromkeys(led.rows, 1)
        if given is not None:
            total = self._against(_only(lambda node: Fraction(1), given))
            if not total:
                return None
        value = led.strong[0]
        level = {
            a: row[self.reply] - value
            for a, row in enumerate(led.own)
            if row[self.reply] != value
        }
        equal = [Constraint(level), Constraint(total, 1)]
        ends = []
        for sign in (-1, 1):
            signed = {a: sign * v for a, v in cost.items()}
            found = maximize(
                Programme(len(led.rows), signed, led.region(self.reply), equal)
            )
            if found is None:
                return None
            ends.append(sign * found.value)
        return Range((Interval(ends[0], ends[1]),))

    def _against(self, amount: Amount) -> dict[int, Fraction]:
        """An expected amount by plans of the leader, against the reply."""
        led = self.leadership
        follower = frozenset(led.plans[1 - led.leader][self.reply])
        by_own: dict[int, Fraction] = {}
        for pair, value in led.reduced.form.bilinear(amount).items():
            if pair[1 - led.leader] in follower:
                q = pair[led.leader]
                by_own[q] = by_own.get(q, Fraction(0)) + value
        found = {
            a: sum((by_own[q] for q in plan if q in by_own), Fraction(0))
            for a, plan in enumerate(led.plans[led.leader])
        }
        return {a: v for a, v in found.items() if v}


def _only(amount: Amount, given: Callable[[int], bool]) -> Amount:
    return lambda node: amount(node) if given(node) else Fraction(0)


@dataclass(frozen=True)
class Stackelberg(Solver):
    """Optimal commitments of a leader; ties of the follower go in its favour.

    Parameters
    ----------
    leader : str, optional
        Who commits; default the first player.
    commitment : {"mixed", "pure"}
        Whether the leader can commit to chance.

    References
    ----------
    [conitzersandholm2006]_, [vonstengelzamir2010]_.
    """

    concept: ClassVar[Concept] = Concept.STACKELBERG
    name: ClassVar[str] = "multiple linear programmes"

    leader: str | None = None
    commitment: str = "mixed"

    def refusal(self, game: Game) -> str | None:
        """Games whose programmes would have more than four million entries."""
        sizes = ReducedForm.sizes(game)
        leader = 0 if self.leader is None else game._player(self.leader)
        entries = sizes[leader] * sizes[1 - leader]
        if self.commitment != "pure":
            entries *= sizes[1 - leader]
        if entries > MAX_ENTRIES:
            return (
                f"the leader has {sizes[leader]:,} and the follower "
                f"{sizes[1 - leader]:,} plans, which makes linear programmes of "
                f"{entries:,} entries; at most {MAX_ENTRIES:,} are written out"
            )
        return None

    def find(self, game: Game, coverage: Coverage) -> Found:
        """One element for each reply that an optimal commitment can have."""
        if self.commitment not in ("mixed", "pure"):
            raise ModelError(
                f"commitment is 'mixed' or 'pure', not {self.commitment!r}"
            )
        leader = 0 if self.leader is None else game._player(self.leader)
        led = _Leadership(game, leader, self.commitment == "pure")
        if led.pure:
            elements = [
                OptimalCommitment(led, b, [Fraction(int(k == a)) for k in led.rows])
                for a, b in led.plain[0]
            ]
            reason = "every pair of plans was tried"
        else:
            elements = [
                OptimalCommitment(led, b, mixture)
                for b, mixture in led.strong[1].items()
            ]
            reason = (
                "one linear programme was solved for each reply of the follower in "
                "pure strategies"
            )
        if coverage is Coverage.ONE:
            del elements[1:]
        every = coverage is Coverage.ALL
        return Found(
            elements=elements,
            status=Status.COMMITMENT,
            complete=every,
            reason=reason if every else "one was asked for",
            unit="commitment",
            count=len(elements) if every else None,
        )
