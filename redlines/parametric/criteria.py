"""The intuitive criterion, D1, divinity and universal divinity, for one message.

Each criterion turns what a path pays the sender's types into what may be believed after
an unsent message: a cone of beliefs (see `redlines.parametric.deviations`), or nothing,
where the path fails whatever is believed. With symbols the answer depends on the
parameters, so it comes in *rulings*: conditions that exclude each other and cover
everything, each with its beliefs.

References: [chokreps1987]_ for the intuitive criterion and D1, [bankssobel1987]_ for
divinity and universal divinity.

Reads: region, deviations.  Used by: parametric.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from redlines.parametric.deviations import (
    Deviations,
    Generators,
    allows,
    everybody,
    reduced,
)
from redlines.parametric.region import All, AnyOf, Formula

__all__ = ["CRITERIA", "Ruling"]


@dataclass(frozen=True)
class Ruling:
    """What a criterion says on a part of the parameters.

    Attributes
    ----------
    where : Formula
        The part.
    beliefs : Generators or None
        What may be believed; None where the path fails.
    pruned : tuple of int
        The types that the message is not ascribed to.
    gains : tuple of int
        Where the path fails already, the types that gain whatever is replied.
    """

    where: Formula
    beliefs: Generators | None
    pruned: tuple[int, ...] = ()
    gains: tuple[int, ...] = ()


def split(
    asked: Deviations, given: Formula, questions: Sequence[Formula]
) -> Iterator[tuple[Formula, tuple[bool, ...]]]:
    """The parts of the parameters on which questions have one answer each."""
    stack: list[tuple[Formula, tuple[bool, ...]]] = [(given, ())]
    while stack:
        where, answers = stack.pop()
        if len(answers) == len(questions):
            yield where, answers
            continue
        question = questions[len(answers)]
        if question in (All(()), AnyOf(())):
            stack.append((where, (*answers, question == All(()))))
            continue
        for answer in (False, True):
            more = question if answer else question.negated
            both = All((*_parts(where), more))
            if more == All(()):
                both = All(_parts(where))
            if allows(asked.region, both):
                stack.append((both, (*answers, answer)))


def _parts(formula: Formula) -> tuple[Formula, ...]:
    return formula.parts if isinstance(formula, All) else (formula,)


def intuitive(asked: Deviations) -> Iterator[Ruling]:
    """The intuitive criterion: it fails paths, and says nothing of beliefs else."""
    types = asked.types
    whole = everybody(types)
    could = [asked.exists(whole, [(t, ">=")]) for t in types]
    for where, answers in split(asked, All(()), could):
        left = [t for t, answer in zip(types, answers, strict=True) if answer]
        never = tuple(t for t in types if t not in left)
        if not left:
            yield Ruling(where, whole)
            continue
        deterred = [asked.exists(everybody(left), [(t, "<=")]) for t in left]
        for part, held in split(asked, where, deterred):
            gains = tuple(t for t, ok in zip(left, held, strict=True) if not ok)
            yield Ruling(part, None if gains else whole, never, gains)


def d1(asked: Deviations) -> Iterator[Ruling]:
    """D1: a type is pruned where another gains by more replies."""
    types = asked.types
    whole = everybody(types)
    questions: list[Formula] = []
    for t in types:
        dominated: list[Formula] = [
            All(
                (
                    asked.exists(whole, [(other, ">")]),
                    asked.exists(whole, [(t, ">="), (other, "<=")]).negated,
                )
            )
            for other in types
            if other != t
        ]
        questions.append(AnyOf(tuple(dominated)))
    for where, pruned in split(asked, All(()), questions):
        left = [t for t, out in zip(types, pruned, strict=True) if not out]
        out = tuple(t for t in types if t not in left)
        yield Ruling(where, everybody(left) if left else None, out)


def universal_divinity(asked: Deviations) -> Iterator[Ruling]:
    """Universal divinity: what divinity leaves for every prior, again and again.

    Over all priors, beliefs are left on the types that some reply makes no worse off
    while it makes no other type better off.
    """
    types = asked.types
    stack: list[tuple[Formula, Generators]] = [(All(()), everybody(types))]
    while stack:
        given, beliefs = stack.pop()
        now = {t for s in beliefs for t in s}
        moved = AnyOf(tuple(asked.exists(beliefs, [(t, ">=")]) for t in types))
        stays = [
            asked.exists(beliefs, [(t, ">="), *((o, "<=") for o in types if o != t)])
            for t in types
        ]
        for where, answers in split(asked, given, [moved, *stays]):
            left = {t for t, ok in zip(types, answers[1:], strict=True) if ok}
            pruned = tuple(t for t in types if t not in (left if answers[0] else now))
            if not answers[0] or left == now:
                yield Ruling(where, beliefs, pruned)
            elif not left:
                yield Ruling(where, None, pruned)
            else:
                stack.append((where, everybody(left)))


def divinity(asked: Deviations) -> Iterator[Ruling]:
    """Divinity: beliefs are those of types that send it when the reply is worth it.

    For each reply that is left, types that gain send the message, those indifferent may
    do so in part; beliefs are mixtures of what Bayes' rule then says, and replies best
    to some of these are left for the next round. The mixtures are those of the prior
    restricted to sets of types: a set counts if some reply makes nobody in it worse off
    and nobody else better off.
    """
    types = asked.types
    every = [
        frozenset(chosen)
        for size in range(1, len(types) + 1)
        for chosen in itertools.combinations(types, size)
    ]
    stack: list[tuple[Formula, Generators, Sequence[frozenset[int]] | None]] = [
        (All(()), everybody(types), None)
    ]
    while stack:
        given, beliefs, last = stack.pop()
        # replies become fewer, and with them who can gain together
        sets = every if last is None else last
        questions = [
            asked.exists(beliefs, [(t, ">=" if t in s else "<=") for t in types])
            for s in sets
        ]
        for where, answers in split(asked, given, questions):
            met = [s for s, ok in zip(sets, answers, strict=True) if ok]
            if not met or met == last:
                inside = {t for s in beliefs for t in s}
                pruned = tuple(t for t in types if t not in inside)
                yield Ruling(where, beliefs, pruned)
            else:
                stack.append((where, reduced(met), met))


CRITERIA: dict[str, Callable[[Deviations], Iterator[Ruling]]] = {
    "intuitive criterion": intuitive,
    "D1": d1,
    "divinity": divinity,
    "universal divinity": universal_divinity,
}
