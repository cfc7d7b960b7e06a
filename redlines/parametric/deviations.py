"""Which replies to an unsent message make whom better off, as conditions.

What the receiver may believe after a message is a cone: each *generator* is a set S of
types, and beliefs are those that are proportional to the prior times a non-negative
mixture of the generators' indicators. All singletons make every belief; singletons of
some types the beliefs on these; others come up in divinity, where "whoever gains sends
it" is the prior restricted to a set.

A mixed reply, one for each type of the receiver, is best for some such belief if its
support lies among the best replies there. So the replies are a finite union of products
of simplices, one for each choice of supports that some belief makes best; on each the
sender's payoffs are linear, and "some reply makes t no worse and t' no better off" is a
linear system, from which reply and belief are eliminated.

Reads: elimination, polynomials, region, signalling.  Used by: parametric.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from redlines.parametric.elimination import Row, eliminate
from redlines.parametric.polynomials import Poly, Ratio
from redlines.parametric.region import All, AnyOf, Atom, Formula, Region
from redlines.parametric.signalling import Message, Signalling
from redlines.parametric.symbolic import common_multiple
from redlines.solvers.queries import Undecided

__all__ = ["Deviations", "Generators", "Sign", "allows", "everybody", "reduced"]

Generators: TypeAlias = frozenset[frozenset[int]]
# how what a type gets by the message compares with what it gets in equilibrium
Sign: TypeAlias = tuple[int, str]

# supports of replies that are looked at for one message
MAX_SUPPORTS = 4_000

_ALWAYS = All(())
_NEVER = AnyOf(())


def everybody(types: Iterable[int]) -> Generators:
    """The generators of every belief on some types."""
    return frozenset(frozenset([t]) for t in types)


def reduced(generators: Iterable[frozenset[int]]) -> Generators:
    """The same cone without sets that others make up."""
    kept = set(generators)
    for one in sorted(kept, key=lambda s: (-len(s), sorted(s))):
        rest = [s for s in kept if s != one and s < one]
        if _made_up(one, rest):
            kept.discard(one)
    return frozenset(kept)


def _made_up(whole: frozenset[int], parts: Sequence[frozenset[int]]) -> bool:
    if not whole:
        return True
    first = min(whole)
    return any(
        _made_up(whole - p, [q for q in parts if q <= whole - p])
        for p in parts
        if first in p
    )


class Deviations:
    """The questions that criteria ask about one message.

    Parameters
    ----------
    game : Signalling
    message : Message
    standing : dict of int to Ratio
        By type what it gets in equilibrium.
    region : Region, optional
        Over more names than the game's; default the game's.
    """

    def __init__(
        self,
        game: Signalling,
        message: Message,
        standing: Mapping[int, Ratio],
        region: Region | None = None,
    ) -> None:
        self.game = game
        self.message = message
        self.standing = standing
        self.region = region or game.region
        self.types = message.types
        self._best: dict[Generators, list[tuple[tuple[Replies, ...], Formula]]] = {}
        self._answers: dict[object, Formula] = {}

    # ------------------------------------------------------------------------- replies
    def supports(
        self, generators: Generators
    ) -> list[tuple[tuple[Replies, ...], Formula]]:
        """Choices of supports, each with where some belief makes all of it best.

        Raises
        ------
        Undecided
            If there are too many to go through.
        """
        found = self._best.get(generators)
        if found is None:
            found = self._best[generators] = list(self._supports(generators))
        return found

    def _supports(
        self, generators: Generators
    ) -> Iterator[tuple[tuple[Replies, ...], Formula]]:
        rows = self.game.game._tables.infosets
        sizes = [len(rows[h].actions) for h in self.message.receivers]
        layer: list[tuple[Replies, ...]] = list(
            itertools.product(*([(a,) for a in range(n)] for n in sizes))
        )
        seen: set[tuple[Replies, ...]] = set(layer)
        # what is not best for any belief is not so together with more
        while layer:
            grown = []
            for choice in layer:
                where = self._optimal(generators, choice)
                if not where.parts or not self._possible(where):
                    continue
                yield choice, where
                for k, replies in enumerate(choice):
                    for a in range(replies[-1] + 1, sizes[k]):
                        more = (*choice[:k], (*replies, a), *choice[k + 1 :])
                        if more not in seen:
                            seen.add(more)
                            grown.append(more)
                if len(seen) > MAX_SUPPORTS:
                    raise Undecided(
                        f"more than {MAX_SUPPORTS:,} supports of replies to "
                        f"{self.message.name!r}"
                    )
            layer = grown

    def _possible(self, formula: Formula) -> bool:
        return allows(self.region, formula)

    def _optimal(self, generators: Generators, choice: Sequence[Replies]) -> AnyOf:
        """Where some belief makes all replies of a choice best."""
        rows = self.game.game._tables.infosets
        prior, worth = self.game.prior, self.message.worth
        equal: list[dict[int, Ratio]] = []
        least: list[dict[int, Ratio]] = []
        for h, on in zip(self.message.receivers, choice, strict=True):
            for a in range(len(rows[h].actions)):
                if a == on[0]:
                    continue
                row = {
                    t: prior[t] * (worth[t][h, on[0]] - worth[t][h, a])
                    for t in self.types
                }
                (equal if a in on else least).append(row)
        found: list[Formula] = []
        every = sorted(generators, key=sorted)
        for size in range(1, min(len(every), len(self.types)) + 1):
            for chosen in itertools.combinations(every, size):
                new = self._exists(chosen, equal, least)
                found += new
                if _ALWAYS in new:
                    return AnyOf((_ALWAYS,))
        return AnyOf(tuple(dict.fromkeys(found)))

    def _exists(
        self,
        chosen: Sequence[frozenset[int]],
        equal: Sequence[Mapping[int, Ratio]],
        least: Sequence[Mapping[int, Ratio]],
    ) -> list[Formula]:
        """Where a positive mixture of generators satisfies rows by type."""

        def row(by_type: Mapping[int, Ratio]) -> Row:
            return self._cleared(
                {
                    k: _total(self.region, (by_type[t] for t in s))
                    for k, s in enumerate(chosen)
                }
            )

        return [
            All(_ordered(b.atoms))
            for b in eliminate(
                self.region,
                len(chosen) - 1,
                [row(r) for r in equal],
                [row(r) for r in least],
            )
        ]

    def _cleared(self, row: Mapping[int, Ratio]) -> Row:
        """A row times something positive that makes it polynomial."""
        one = self.region.ring.one
        least: Poly = common_multiple((c.below for c in row.values()), one)
        found = {}
        for k, c in row.items():
            if c:
                found[k] = c.above * (least / c.below) * least
        return found

    # ----------------------------------------------------------------------- questions
    def exists(self, generators: Generators, signs: Iterable[Sign]) -> Formula:
        """Where some reply to some belief compares as asked for all types named.

        Parameters
        ----------
        generators : Generators
            What may be believed.
        signs : iterable of (int, {">", ">=", "==", "<=", "<"})
            Types, with how what the message pays compares with what they have.
        """
        asked = tuple(sorted(signs))
        key = (generators, asked)
        found = self._answers.get(key)
        if found is None:
            found = self._answers[key] = self._ask(generators, asked)
        return found

    def _ask(self, generators: Generators, asked: Sequence[Sign]) -> Formula:
        found: dict[Formula, None] = {}
        for choice, where in self.supports(generators):
            for branch in self._compared(choice, asked):
                both = _both(where, branch)
                if both == _ALWAYS:
                    return _ALWAYS
                if self._possible(both):
                    found[both] = None
        return AnyOf(tuple(found))

    def _compared(
        self, choice: Sequence[Replies], asked: Sequence[Sign]
    ) -> Iterator[Formula]:
        """Where some reply with exactly these supports compares as asked."""
        ring = self.region.ring
        minus = Ratio(ring, -ring.one, ring.one)
        number: dict[tuple[int, int], int] = {}
        equal: list[Row] = []
        for h, on in zip(self.message.receivers, choice, strict=True):
            if len(on) > 1:
                for a in on:
                    number[h, a] = len(number) + 1
                equal.append({0: -ring.one, **{number[h, a]: ring.one for a in on}})
        rows: dict[str, list[Row]] = {"==": equal, ">=": [], ">": []}
        for t, sign in asked:
            row = {0: self.message.fixed[t] - self.standing[t]}
            for h, on in zip(self.message.receivers, choice, strict=True):
                for a in on:
                    amount = self.message.paid[t][h, a]
                    k = number.get((h, a), 0)
                    row[k] = row[k] + amount if k in row else amount
            if sign in ("<", "<="):
                row = {k: v * minus for k, v in row.items()}
                sign = sign.replace("<", ">")
            rows[sign].append(self._cleared(row))
        for branch in eliminate(
            self.region, len(number), rows["=="], rows[">="], rows[">"]
        ):
            yield All(_ordered(branch.atoms))


Replies: TypeAlias = tuple[int, ...]


def _ordered(atoms: Iterable[Atom]) -> tuple[Atom, ...]:
    return tuple(sorted(atoms, key=lambda a: (a.key, a.sign)))


def allows(region: Region, formula: Formula) -> bool:
    """Whether a condition can hold; without parameters it does or does not."""
    return region.allows(formula) if region.ring.names else formula.holds(())


def _total(region: Region, parts: Iterable[Ratio]) -> Ratio:
    total = Ratio(region.ring, region.ring.zero, region.ring.one)
    for part in parts:
        total = total + part
    return total


def _both(one: Formula, other: Formula) -> Formula:
    """A conjunction, without what always holds."""
    if isinstance(one, AnyOf) and _ALWAYS in one.parts:
        return other
    if other == _ALWAYS:
        return (
            one
            if not (isinstance(one, AnyOf) and len(one.parts) == 1)
            else (one.parts[0])
        )
    return All((one, other))
