"""The subgame perfect payoffs of a repeated game without public randomization.

Pure strategies, observed actions. The set need not be convex, or even connected. From
outside: sets of boxes on a grid, each the boxes over what the last one generates, until
nothing changes; what lies outside them, or outside the polygon that holds for games
with randomization, is no equilibrium's payoff. From inside: of the payoffs of all plays
that go round in a short cycle, after a short lead-in, the largest part that generates
itself: whatever play that part gives a player least is what deviators are held to.

Reads: generation, payoff_sets, repeated, solution, solvers.  Used by: solving.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import ClassVar

from redlines.errors import ModelError
from redlines.generation import Boxes, covers, covers_boxes
from redlines.payoff_sets import PayoffSetPart
from redlines.repeated import RepeatedGame
from redlines.solution import Concept, Coverage, Status
from redlines.solvers.base import Found, Solver
from redlines.solvers.generator import Generator
from redlines.solvers.self_generation import SelfGeneration, nothing
from redlines.solvers.short_plays import short_plays

__all__ = ["FiniteGeneration"]


@dataclass(frozen=True)
class FiniteGeneration(Solver):
    """Boxes around the set of payoffs, and points in it, each verified.

    Parameters
    ----------
    grid : int
        How many boxes go from the least to the most that a player can get.
    rounds : int
        How often the boxes are gone through at most.

    References
    ----------
    [abreu1990]_.
    """

    concept: ClassVar[Concept] = Concept.SUBGAME_PERFECT
    name: ClassVar[str] = "self-generation without randomization"
    takes: ClassVar[type[RepeatedGame]] = RepeatedGame

    grid: int = 32
    rounds: int = 200

    def refusal(self, game: RepeatedGame) -> str | None:
        """Games with signals, or with public randomization."""
        if game.signals:
            return "actions are not seen; ask for 'public perfect'"
        if game.randomization:
            return "there is public randomization, which convexifies the set"
        return None

    def find(self, game: RepeatedGame, coverage: Coverage) -> Found:
        """The set, as one element."""
        if (
            isinstance(self.grid, bool)
            or not isinstance(self.grid, int)
            or self.grid < 1
        ):
            raise ModelError(f"grid is a whole number from 1 on, not {self.grid!r}")
        generator = Generator(game)
        chain, _ = SelfGeneration()._chain(generator)
        shapes = [() if p is None else p.vertices for p in chain]
        outer = chain[-1]
        if outer is None:
            return nothing(covers(game, shapes))
        boxes = self._boxes(generator)
        if not boxes[-1].cells:
            return nothing(covers_boxes(game, boxes))
        points, steps = short_plays(generator)
        whole = len(points) == 1 and outer.vertices == points

        def prove():  # type: ignore[no-untyped-def]
            """Both chains."""
            one, other = covers(game, shapes), covers_boxes(game, boxes)
            failures = (*one.failures, *other.failures)
            return replace(one, holds=not failures, failures=failures)

        part = PayoffSetPart(
            game, points, steps, outer, prove=prove, boxes=boxes[-1], whole=whole
        )
        reason = (
            "one pair of payoffs is all that can be generated"
            if whole
            else "no equilibrium pays anything outside the boxes or the outer polygon, "
            "and each point is one's"
        )
        return Found(
            elements=[part],
            status=Status.SOLVED,
            complete=whole,
            reason=reason,
            unit="payoff set",
            count=1 if whole else None,
        )

    def _boxes(self, generator: Generator) -> list[Boxes]:
        """Sets of boxes that hold the set, each smaller than the last."""
        low, high = generator.game.feasible.low, generator.game.feasible.high
        steps = [
            (h - lo) / self.grid or Fraction(1) for lo, h in zip(low, high, strict=True)
        ]
        step = (steps[0], steps[1])
        sizes = [self.grid if h > lo else 1 for lo, h in zip(low, high, strict=True)]
        every = itertools.product(range(sizes[0]), range(sizes[1]))
        boxes = Boxes(low, step, frozenset(every))
        chain = [boxes]
        for _ in range(self.rounds):
            after = Boxes(low, step, frozenset(_image(generator, boxes)))
            if after.cells == boxes.cells:
                break
            chain.append(after)
            boxes = after
            if not boxes.cells:
                break
        return chain


def _image(generator: Generator, boxes: Boxes) -> set[tuple[int, int]]:
    """The boxes over what a set of boxes generates."""
    corner = tuple(
        boxes.origin[k] + min(c[k] for c in boxes.cells) * boxes.step[k] for k in (0, 1)
    )
    threat = tuple(map(max, corner, generator.floor))
    found: set[tuple[int, int]] = set()
    for _, pay, best in generator.cells:
        needs = generator.needs(pay, best, (threat[0], threat[1]))
        if needs is None:
            continue
        reach: list[dict[int, list[int]]] = []
        for k, d in enumerate(generator.discounts):
            now = (1 - d) * pay[k] - boxes.origin[k]
            row: dict[int, list[int]] = {}
            for i in {c[k] for c in boxes.cells}:
                low = boxes.origin[k] + i * boxes.step[k]
                high = low + boxes.step[k]
                need = needs[k]
                if need is not None and need > high:
                    row[i] = []
                    continue
                if need is not None and need > low:
                    low = need
                first = (now + d * low) // boxes.step[k]
                end = (now + d * high) / boxes.step[k]
                # a side that is only touched belongs to the box before it
                last = end.__ceil__() - 1
                row[i] = [*range(int(first), max(int(first), last) + 1)]
            reach.append(row)
        for i, j in boxes.cells:
            found.update(itertools.product(reach[0][i], reach[1][j]))
    return found
