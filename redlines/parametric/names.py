"""Names for what happens on a path of play.

A player that knows something private (a draw that only it has seen) plays one decision
at several information sets that differ in that only. What it does there has a name of
the field: *pooling* where every type does the same, *separating* where no two types
share an action, *semi-separating* where some type mixes and others do not or otherwise,
*partially pooling* where no type mixes and only some do the same. What each type does
follows in brackets. Other decisions are named by what is done.

Reads: tree.  Used by: parametric.regimes, io.
"""

from __future__ import annotations

from collections.abc import Sequence

from redlines.tree import CHANCE, Game

__all__ = ["named", "private_draws"]


def named(
    game: Game,
    paths: Sequence[tuple[tuple[tuple[int, tuple[int, ...]], ...], bool]],
    distinct: bool = True,
) -> list[str]:
    """A name for each path, which depends on the paths alone, not on their order.

    Parameters
    ----------
    game : Game
    paths : sequence of (path, bool)
        A path, and whether it holds on an open set; others are marked as knife edges.
    distinct : bool
        Whether paths with the same name are told apart by numbers.

    Returns
    -------
    list of str
    """
    parts = [_parts(game, dict(path)) for path, _ in paths]
    names = [""] * len(paths)
    for k, (_, is_open) in enumerate(paths):
        # as many decisions as it takes to tell the path from the others
        for length in range(1, len(parts[k]) + 1):
            mine = parts[k][:length]
            rivals = [p for j, p in enumerate(parts) if p != parts[k] and j != k]
            if all(p[:length] != mine for p in rivals):
                break
        names[k] = ", ".join(mine) if parts[k] else "no moves"
        if not is_open:
            names[k] += " (knife edge)"
    if distinct:
        taken = set(names)
        for name in sorted(taken):
            same = [k for k, n in enumerate(names) if n == name]
            if len(same) == 1:
                continue
            number = 0
            for k in sorted(same, key=lambda j: paths[j][0]):
                number += 1
                while f"{name} {number}" in taken:
                    number += 1
                names[k] = f"{name} {number}"
            taken.update(names)
    return names


def _parts(game: Game, path: dict[int, tuple[int, ...]]) -> list[str]:
    """What is done at each decision of a path, in the order of play."""
    tables = game._tables
    groups: dict[tuple[int, str, tuple[tuple[str, str], ...]], list[int]] = {}
    for h in sorted(path, key=lambda h: (tables.depth[tables.infosets[h].nodes[0]], h)):
        row = tables.infosets[h]
        private = set(private_draws(game, row.player))
        facts = tuple(f for f in tables.facts(row.observation) if f[0] not in private)
        groups.setdefault((row.player, row.name, facts), []).append(h)
    found = []
    counted: dict[str, int] = {}
    for _, name, _ in groups:
        counted[name] = counted.get(name, 0) + 1
    for (_, name, facts), members in groups.items():
        # types may have different actions, so supports are compared by name
        supports = [
            tuple(tables.infosets[h].actions[a] for a in path[h]) for h in members
        ]
        where = name
        if counted[name] > 1 and facts:
            where += f" after {facts[-1][1]}"
        one = supports[0]
        if len(members) == 1:
            found.append(f"{where} {_done(one)}")
        elif len(set(supports)) == 1:
            done = one[0] if len(one) == 1 else "a mixture"
            found.append(f"{where} pooling on {done}")
        else:
            types = ", ".join(
                f"{_type(game, h)} {_done(support)}"
                for h, support in zip(members, supports, strict=True)
            )
            found.append(f"{where} {_shape(supports)} ({types})")
    return found


def _shape(supports: Sequence[tuple[str, ...]]) -> str:
    """What types do that do not all do the same."""
    if sum(map(len, supports)) == len({a for s in supports for a in s}):
        return "separating"
    if all(len(s) == 1 for s in supports):
        return "partially pooling"
    return "semi-separating"


def _done(support: Sequence[str]) -> str:
    return support[0] if len(support) == 1 else "mixed"


def _type(game: Game, infoset: int) -> str:
    """What the player alone knows, without saying what it is of."""
    row = game._tables.infosets[infoset]
    private = private_draws(game, row.player)
    facts = game._tables.facts(row.observation)
    return " ".join(value for name, value in facts if name in private)


def private_draws(game: Game, player: int) -> list[str]:
    """The draws that make types of a player.

    Parameters
    ----------
    game : Game
    player : int
        Its index.

    Returns
    -------
    list of str
        Those of which the player meets several outcomes and the other sees none,
        sorted.
    """
    tables = game._tables
    seen: tuple[dict[str, set[str]], ...] = ({}, {})
    for row in tables.infosets:
        for name, value in tables.facts(row.observation):
            seen[row.player].setdefault(name, set()).add(value)
    draws = {n for n, k in zip(tables.name, tables.kind, strict=True) if k == CHANCE}
    own, other = seen[player], seen[1 - player]
    return sorted(n for n in draws if len(own.get(n, ())) > 1 and n not in other)
