"""Beliefs and mixed choices that multiply: decided by nonlinear arithmetic.

A tangle is a group of information sets that play does not reach, whose owner's content
depends on products of a free belief and the other player's mixed probabilities that
linear conditions leave open. First the middle of the linear conditions is tried, which
leaves each belief to a linear programme and keeps the answer rational; then z3's
nonlinear solver decides, and its answer may be irrational.

Reads: algebraic, forms, ranges, solvers.  Used by: solvers.weak_perfect_bayesian.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from redlines.algebraic import Algebraic
from redlines.forms import SequenceForm
from redlines.numbers import brief
from redlines.profile import Exact
from redlines.ranges import Interval, Range
from redlines.solvers.cells import Block, Side, Support
from redlines.solvers.cones import rays
from redlines.solvers.queries import Query

__all__ = ["Condition", "Tangle"]

BISECTIONS = 24
# ends of at most this denominator are taken to be exact
SIMPLE = 10**6
# resource units for one question about the end of a range; where it is not enough, the
# end stays where it is proved to be
RANGE_EFFORT = 1_000_000


@dataclass(frozen=True)
class Condition:
    """One information set that play does not reach.

    Attributes
    ----------
    infoset : int
        Which one.
    rows : list of (bool, dict of (int, int) to Fraction)
        By position of the node and top: how much better the prescribed strategy is;
        equal to 0 where the flag is set, else not negative.
    """

    infoset: int
    rows: list[tuple[bool, dict[tuple[int, int], Fraction]]]


@dataclass
class Tangle:
    """Some conditions with the blocks that they speak of.

    Attributes
    ----------
    shares : dict of int to number
        For each mixed sequence its probability at the representative.
    beliefs : dict of int to tuple of number
        For each information set its belief at the representative.
    """

    form: SequenceForm
    side: Side
    conditions: list[Condition]
    blocks: list[Block]
    effort: int
    shares: dict[int, Exact] = field(default_factory=dict)
    beliefs: dict[int, tuple[Exact, ...]] = field(default_factory=dict)
    rounded: bool = False
    _ranges: dict[object, Range] = field(default_factory=dict)

    @classmethod
    def split(
        cls,
        form: SequenceForm,
        side: Side,
        support: Support,
        conditions: list[Condition],
        effort: int,
    ) -> list[Tangle]:
        """Group conditions that speak of the same blocks."""
        groups: list[tuple[set[int], list[Condition]]] = []
        for condition in conditions:
            touched = {
                side.block_of[p]
                for _, row in condition.rows
                for position, top in row
                for p in cls._since(form, side, condition.infoset, position, top)
            }
            merged = [condition]
            rest = []
            for blocks, members in groups:
                if blocks & touched:
                    touched |= blocks
                    merged = members + merged
                else:
                    rest.append((blocks, members))
            groups = [*rest, (touched, merged)]
        return [
            cls(form, side, members, [side.blocks[b] for b in sorted(blocks)], effort)
            for blocks, members in groups
        ]

    @staticmethod
    def _since(
        form: SequenceForm, side: Side, infoset: int, position: int, top: int
    ) -> list[int]:
        """The mixed sequences from a node on to a top."""
        node = form.game._tables.infosets[infoset].nodes[position]
        stop = side.top[form.sequence[side.player][node]]
        found = []
        while top != stop:
            found.append(top)
            top = side.up[top]
        return found

    # ---------------------------------------------------------------------- deciding
    def solve(self) -> bool:
        """Find a representative; False if there is none.

        Raises
        ------
        Undecided
            If the nonlinear solver gives up.
        """
        return self._try_middle() or self._try_nonlinear()

    def _try_middle(self) -> bool:
        """The middle of the linear conditions, with a belief for each set."""
        shares: dict[int, Exact] = {}
        for block in self.blocks:
            middle = block.cells[0].middle
            for p in block.parameters:
                up = block.coordinate(self.side.up[p])
                shares[p] = middle[block.index[p]] / middle[up]
        beliefs: dict[int, tuple[Exact, ...]] = {}
        for condition in self.conditions:
            count = len(self.form.game._tables.infosets[condition.infoset].nodes)
            equal: list[list[Fraction]] = []
            above: list[list[Fraction]] = []
            for on, row in condition.rows:
                dense = [Fraction(0)] * count
                for (position, top), value in row.items():
                    dense[position] += value * self._product(
                        condition.infoset, position, top, shares
                    )
                (equal if on else above).append(dense)
            found = rays(count, equal, above)
            if not found:
                return False
            weights = [sum(column) for column in zip(*found, strict=True)]
            beliefs[condition.infoset] = tuple(
                Fraction(w, sum(weights)) for w in weights
            )
        self.shares, self.beliefs = shares, beliefs
        return True

    def _product(
        self, infoset: int, position: int, top: int, shares: dict[int, Any]
    ) -> Any:
        product: Any = Fraction(1)
        for p in self._since(self.form, self.side, infoset, position, top):
            if p in shares:
                product = shares[p] * product
            else:
                block = self.side.blocks[self.side.block_of[p]]
                middle = block.cells[0].middle
                up = block.coordinate(self.side.up[p])
                product = product * (middle[block.index[p]] / middle[up])
        return product

    def _query(self) -> tuple[Query, dict[int, Any], dict[tuple[int, int], Any]]:
        """All conditions for the nonlinear solver, with its unknowns."""
        query = Query("QF_NRA", self.effort)
        z3, context, solver, real = query.z3, query.context, query.solver, query.real
        shares: dict[int, Any] = {}
        for block in self.blocks:
            for p in block.parameters:
                shares[p] = z3.Real(f"s{p}", context)
                solver.add(shares[p] > 0)
            cell = block.cells[0]
            products: list[Any] = [real(Fraction(1))]
            for p in block.parameters:
                before = products[block.coordinate(self.side.up[p])]
                up = block.coordinate(self.side.up[p])
                products.append(shares[p] if not up else before * shares[p])
            for rows, equal in ((cell.equalities, True), (cell.inequalities, False)):
                for row in rows:
                    total = z3.Sum([real(v) * products[k] for k, v in row.items()])
                    solver.add(total == 0 if equal else total >= 0)
        self._sum_to_one(solver, z3, shares)
        beliefs: dict[tuple[int, int], Any] = {}
        for condition in self.conditions:
            h = condition.infoset
            count = len(self.form.game._tables.infosets[h].nodes)
            for k in range(count):
                beliefs[h, k] = z3.Real(f"m{h}.{k}", context)
                solver.add(beliefs[h, k] >= 0)
            solver.add(z3.Sum([beliefs[h, k] for k in range(count)]) == 1)
            for on, parts in condition.rows:
                terms = []
                for (k, top), value in parts.items():
                    product: Any = real(value) * beliefs[h, k]
                    for p in self._since(self.form, self.side, h, k, top):
                        product = product * shares[p]
                    terms.append(product)
                if terms:
                    total = z3.Sum(terms)
                    solver.add(total == 0 if on else total >= 0)
        return query, shares, beliefs

    def _sum_to_one(self, solver: Any, z3: Any, shares: dict[int, Any]) -> None:
        own = self.form.players[self.side.player]
        groups: dict[int, list[Any]] = {}
        for p, share in shares.items():
            groups.setdefault(own.infoset[p], []).append(share)
        for group in groups.values():
            solver.add(z3.Sum(group) == 1)

    def _try_nonlinear(self) -> bool:
        query, shares, beliefs = self._query()
        model = query.model()
        if model is None:
            return False

        def value(unknown: Any) -> Exact:
            return Algebraic.from_z3(model.eval(unknown, model_completion=True))

        self.shares = {p: value(x) for p, x in shares.items()}
        rows: dict[int, list[Exact]] = {}
        for (h, _), x in beliefs.items():
            rows.setdefault(h, []).append(value(x))
        self.beliefs = {h: tuple(row) for h, row in rows.items()}
        return True

    # ------------------------------------------------------------------------ ranges
    def range_of_share(self, parameter: int) -> Range:
        """What a mixed probability can be."""
        return self._range(("share", parameter), self.shares[parameter])

    def ranges_of_belief(self, infoset: int) -> dict[int, Range]:
        """What the beliefs at an information set can be, by position of the node."""
        return {
            k: self._range((infoset, k), value)
            for k, value in enumerate(self.beliefs[infoset])
        }

    def _range(self, key: tuple[Any, int], value: Exact) -> Range:
        if key not in self._ranges:
            query, shares, beliefs = self._query()
            unknown = shares[key[1]] if key[0] == "share" else beliefs[key]
            low, low_closed = self._end(query, unknown, value, upper=False)
            high, high_closed = self._end(query, unknown, value, upper=True)
            self._ranges[key] = Range((Interval(low, high, low_closed, high_closed),))
        return self._ranges[key]

    def _end(
        self, query: Query, unknown: Any, value: Exact, upper: bool
    ) -> tuple[Exact, bool]:
        """One end of the range of an unknown, by bisection and then exactly."""
        real = query.real

        def ask(condition: Any) -> bool | None:
            # a solver of its own each time: z3 has no incremental complete procedure
            fresh = query.z3.SolverFor("QF_NRA", ctx=query.context)
            fresh.set("rlimit", RANGE_EFFORT)
            fresh.add(query.solver.assertions())
            fresh.add(condition)
            answer = fresh.check()
            if answer == query.z3.unknown:
                if "interrupt" in fresh.reason_unknown():
                    raise KeyboardInterrupt
                return None
            return bool(answer == query.z3.sat)

        def beyond(x: Fraction) -> Any:
            return unknown > real(x) if upper else unknown < real(x)

        inside = value
        if isinstance(value, Algebraic):
            inside = value.bracket()[1 if upper else 0]
        outside = Fraction(int(upper))
        further = ask(beyond(inside))
        if further is False:
            return value, True
        for _ in range(BISECTIONS if further else 0):
            guess = _simplest(min(inside, outside), max(inside, outside))
            for x in (guess, (inside + outside) / 2):
                further = ask(beyond(x))
                if further is None:
                    break
                if further:
                    inside = max(inside, x) if upper else min(inside, x)
                    continue
                outside = min(outside, x) if upper else max(outside, x)
                if ask(unknown == real(x)):
                    return x, True
                near = Fraction(1, 10**9) * (-1 if upper else 1)
                if ask(beyond(x + near)):
                    # so near a bound; it is one unless bisection only came close to it
                    self.rounded |= x.denominator > SIMPLE
                    return x, False
            if further is None:
                break
        # the range is never shown too small
        self.rounded = True
        return outside, False

    def text(self) -> list[str]:
        """The tangle for a reader: which quantities are tied by products."""
        tables = self.form.game._tables
        sets = [tables.label(c.infoset) for c in self.conditions]
        own = self.form.players[self.side.player]
        mixed = dict.fromkeys(tables.label(own.infoset[p]) for p in self.shares)
        note = " (some ends are rounded outwards)" if self.rounded else ""
        return [
            f"beliefs at {', '.join(sets)} and choices at {', '.join(mixed)} are tied "
            f"by products; shown: "
            f"{', '.join(brief(v) for v in self.shares.values())}{note}"
        ]


def _simplest(low: Fraction, high: Fraction) -> Fraction:
    """The rational of least denominator in an interval of non-negative numbers."""
    whole = low.numerator // low.denominator
    if whole == low:
        return low
    if whole + 1 <= high:
        return Fraction(whole + 1)
    inner = _simplest(1 / (high - whole), 1 / (low - whole))
    return whole + 1 / inner
