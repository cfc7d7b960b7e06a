"""Equilibria told by decision: what happens, what comes of it, what sustains it.

A draw that is named after a player is that player's type: what one type does at a
decision stands beside what the other does, on the same line.

Reads: claims, numbers, ranges, solution, tree.  Used by: scenario.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from redlines.claims import P, payoff
from redlines.numbers import brief, decimal
from redlines.ranges import Interval, Range
from redlines.solution import Equilibrium, Family, Solution

__all__ = ["account", "outcomes_table", "wrapped"]

WIDTH = 98
_JOINED = "\xa0"  # a space at which no line is broken


def account(solution: Solution) -> str:
    """Every equilibrium of a solution, family by family, as text.

    Parameters
    ----------
    solution : Solution
        Of a tree.

    Returns
    -------
    str
        First what happens in a family, and what comes of it; then what sustains it off
        the path: what its members share, and what each does otherwise. A belief stands
        in braces, a range in brackets.
    """
    families = solution.families
    lines = []
    told: dict[tuple[str, ...], int] = {}
    for number, family in enumerate(families, 1):
        count = f"{len(family)} {solution.unit}{'' if len(family) == 1 else 's'}"
        lines.append(f"family {number} of {len(families)}: {count}")
        lines += [_filled(line, 2) for line in _happening(family)]
        comes = _consequences(family)
        before = told.setdefault(comes, number)
        if before < number:
            comes = (f"= the same probabilities and payoffs as family {before}",)
        lines += [_filled(line, 2) for line in comes]
        lines += _sustaining(family)
    return "\n".join(lines)


def outcomes_table(solutions: Mapping[str, Solution]) -> list[list[str]]:
    """The families of several games side by side, the first row the head.

    Families that differ in words only, and in no probability and no payoff, share a
    row.

    Parameters
    ----------
    solutions : mapping of str to Solution
        By the name of the form.

    Returns
    -------
    list of list of str
    """
    games = [solution.game for solution in solutions.values()]
    events = list(dict.fromkeys(e for g in games for e in g.events))
    rows = [["form", "family", *events, *games[0].players]]
    for form, solution in solutions.items():
        for numbers, family in _outcomes(solution):
            known = solution.game.events
            rows.append(
                [form, numbers]
                + [_rounded(family.range(e), 5) if e in known else "-" for e in events]
                + [_rounded(family.range(payoff(p)), 3) for p in solution.game.players]
            )
    return rows


def wrapped(text: str, first: str = "  ", later: str = "  ") -> str:
    """A text in lines of the width that texts have."""
    # an id such as suslov-red-lines stays in one piece
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=later,
        break_on_hyphens=False,
    )


@dataclass(frozen=True)
class _Row:
    """What is done at a decision, type by type, and what is believed there."""

    does: tuple[str, ...]
    believes: tuple[tuple[str, Range], ...]


def _decisions(equilibrium: Equilibrium, reached: bool) -> dict[str, _Row]:
    """What is done by decision, in the order of play."""
    game = equilibrium.game
    found: dict[tuple[int, str], tuple[dict[tuple[str, str], list[str]], str]] = {}
    for label, infoset in game.infosets.items():
        if (label in equilibrium.path) != reached:
            continue
        facts = dict(infoset.facts)
        type_ = facts.pop(infoset.player, "")
        others = [f"{p} {facts.pop(p)}" for p in game.players if p in facts]
        head = f"{infoset.player}, {infoset.name}"
        if others:
            head += f" knowing {', '.join(others)}"
        if facts:
            head += f" after {', '.join(facts.values())}"
        types, _ = found.setdefault((len(infoset.facts), head), ({}, label))
        # two types that mix freely need not mix alike
        own = type_ if label in equilibrium.free.strategy else ""
        types.setdefault((_choice(equilibrium, label), own), []).append(type_)
    return {
        head: _Row(_by_type(types), _belief(equilibrium, label))
        for (_, head), (types, label) in sorted(found.items(), key=lambda i: i[0][0])
    }


def _by_type(types: Mapping[tuple[str, str], Sequence[str]]) -> tuple[str, ...]:
    """What the types do, as texts: ``resolved: enforce``, ``irresolute: back down``."""
    return tuple(
        f"{'either' if len(who) > 1 else who[0]}: {does}" if who[0] else does
        for (does, _), who in types.items()
    )


def _choice(equilibrium: Equilibrium, label: str) -> str:
    """What is done at an information set; a range where a probability is free."""
    free = equilibrium.free.strategy.get(label, {})
    shares = equilibrium.strategy[equilibrium.game.infosets[label].player][label]
    return ", ".join(
        action if share == 1 else f"{action} {free.get(action) or brief(share)}"
        for action, share in shares.items()
        if share
    )


def _belief(equilibrium: Equilibrium, label: str) -> tuple[tuple[str, Range], ...]:
    """What is believed of the other's type, or else of the histories, and how much."""
    infoset = equilibrium.game.infosets[label]
    (other,) = set(equilibrium.game.players) - {infoset.player}
    shares = equilibrium.belief[label]
    if len(shares) < 2:
        return ()
    free = equilibrium.free.belief.get(label, {})
    held = {h: free.get(h) or Range.point(share) for h, share in shares.items()}
    types = [dict(p.split("=") for p in h.split(", ")).get(other) for h in shares]
    if None not in types and len(set(types)) == len(types):
        held = {
            f"{other} {type_}": share
            for type_, share in zip(types, held.values(), strict=True)
        }
    elif None not in types and not free:
        # what the other does at the same time is told where it chooses
        sums: dict[str | None, Any] = {}
        for type_, share in zip(types, shares.values(), strict=True):
            sums[type_] = sums.get(type_, 0) + share
        held = {f"{other} {t}": Range.point(x) for t, x in sums.items()}
        if len(held) == 1:
            return ()
    # of two, the second has what the first leaves over
    return tuple(held.items())[: 1 if len(held) == 2 else None]


def _line(head: str, row: _Row, *others: _Row) -> str:
    """A decision on a line; it breaks between types and before the belief only."""
    beliefs: dict[str, list[Interval]] = {}
    for each in (row, *others):
        for name, share in each.believes:
            beliefs.setdefault(name, []).extend(share.intervals)
    parts = [f"{head} |", *(f"{does};" for does in row.does[:-1]), row.does[-1]]
    held = "; ".join(f"{name} {Range.union(i)}" for name, i in beliefs.items())
    if held:
        parts.append(f"{{{held}}}")
    return " ".join(part.replace(" ", _JOINED) for part in parts)


def _happening(family: Family) -> list[str]:
    """What is done on the path of a family."""
    return [_line(head, row) for head, row in _decisions(family[0], True).items()]


def _consequences(family: Family) -> tuple[str, ...]:
    """The probabilities of events and the payoffs by reason of a family."""
    first, game = family[0], family[0].game
    lines = []
    if game.events:
        chances = [f"{event} {family.range(event)}" for event in game.events]
        lines.append(f"= probability of: {', '.join(chances)}")
    for player in game.players:
        reasons = first.payoffs_by_reason(player).items()
        parts = ", ".join(f"{why} {brief(part)}" for why, part in reasons if part)
        lines.append(f"= {player} gets {family.range(payoff(player))}: {parts or 0}")
    return tuple(lines)


def _sustaining(family: Family) -> list[str]:
    """What would be done off the path: by all members of a family, then by each."""
    rests = [_decisions(member, False) for member in family]
    common = [h for h in rests[0] if len({rest[h].does for rest in rests}) == 1]
    lines = []
    if common:
        shared = f", in all {len(rests)}" if len(rests) > 1 else ""
        lines.append(f"  off the path{shared}:")
    for head in common:
        lines.append(_filled(_line(head, *(rest[head] for rest in rests)), 4))
    for number, rest in enumerate(rests, 1):
        own = [_line(head, row) for head, row in rest.items() if head not in common]
        if own:
            lines.append(f"  off the path, in number {number}:")
            lines += [_filled(line, 4) for line in own]
        if family[number - 1].free.relations:
            lines.append("    (what is free is tied together: see free.relations)")
    return lines


def _filled(line: str, indent: int) -> str:
    """A line wrapped under its own beginning; what is joined stays in one piece."""
    return wrapped(line, " " * indent, " " * (indent + 4)).replace(_JOINED, " ")


def _outcomes(solution: Solution) -> list[tuple[str, Family]]:
    """Families by what comes of them, with their numbers: ``"1-3"``, one of them."""
    found: dict[tuple[object, ...], list[int]] = {}
    measures = [*map(P, solution.game.events), *map(payoff, solution.game.players)]
    for number, family in enumerate(solution.families, 1):
        outcome = tuple(family.range(measure) for measure in measures)
        found.setdefault(outcome, []).append(number)
    return [
        (_numbers(numbers), solution.families[numbers[0] - 1])
        for numbers in found.values()
    ]


def _numbers(numbers: Sequence[int]) -> str:
    if numbers[-1] - numbers[0] + 1 == len(numbers) > 1:
        return f"{numbers[0]}-{numbers[-1]}"
    return ", ".join(map(str, numbers))


def _rounded(range_: Range | None, digits: int) -> str:
    """A range for a table: decimals, an interval where it is one."""
    if range_ is None:
        return "undefined"
    return " or ".join(
        decimal(i.low, digits)
        if i.low == i.high
        else f"{decimal(i.low, digits)} to {decimal(i.high, digits)}"
        for i in range_.intervals
    )
