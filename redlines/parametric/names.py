"""Names for what happens on a path of play.

A player that knows something private (a draw that only it has seen) plays one decision
at several information sets that differ in that only. What it does there has a name of
the field: *pooling* where every type does the same, *separating* where no two types
share an action, *semi-separating* otherwise. Other decisions are named by what is done.

Reads: tree.  Used by: parametric.regimes.
"""

from __future__ import annotations

from collections.abc import Sequence

from redlines.tree import Game

__all__ = ["named"]


def named(
    game: Game,
    paths: Sequence[tuple[tuple[tuple[int, tuple[int, ...]], ...], bool]],
    distinct: bool = True,
) -> list[str]:
    """A name for each path, which depends on the path alone and on its rivals' names.

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
        for name in set(names):
            same = [k for k, n in enumerate(names) if n == name]
            if len(same) > 1:
                for number, k in enumerate(sorted(same, key=lambda j: paths[j][0]), 1):
                    names[k] = f"{name} {number}"
    return names


def _parts(game: Game, path: dict[int, tuple[int, ...]]) -> list[str]:
    """What is done at each decision of a path, in the order of play."""
    tables = game._tables
    groups: dict[tuple[object, ...], list[int]] = {}
    order = sorted(path, key=lambda h: tables.depth[tables.infosets[h].nodes[0]])
    for h in order:
        row = tables.infosets[h]
        private = set(_private(game, row.player))
        facts = tuple(
            f for f in tables.facts(row.observation) if f[0] not in private
        )
        groups.setdefault((row.player, row.name, facts), []).append(h)
    found = []
    counted: dict[str, int] = {}
    for key, members in groups.items():
        counted[str(key[1])] = counted.get(str(key[1]), 0) + 1
    for (_, name, facts), members in groups.items():
        actions = tables.infosets[members[0]].actions
        supports = [path[h] for h in members]
        where = f"{name}"
        if counted[str(name)] > 1 and isinstance(facts, tuple) and facts:
            where += f" after {facts[-1][1]}"
        if len(members) == 1:
            done = (
                actions[supports[0][0]] if len(supports[0]) == 1 else "mixed"
            )
            found.append(f"{where} {done}")
        elif len(set(supports)) == 1:
            one = supports[0]
            done = actions[one[0]] if len(one) == 1 else "a mixture"
            found.append(f"{where} pooling on {done}")
        elif all(
            not set(a) & set(b)
            for k, a in enumerate(supports)
            for b in supports[k + 1 :]
        ):
            found.append(
                f"{where} separating ({'/'.join(_short(actions, s) for s in supports)})"
            )
        else:
            found.append(
                f"{where} semi-separating "
                f"({'/'.join(_short(actions, s) for s in supports)})"
            )
    return found


def _short(actions: Sequence[str], support: Sequence[int]) -> str:
    return actions[support[0]] if len(support) == 1 else "mixed"


def _private(game: Game, player: int) -> list[str]:
    """The draws that a player has seen and the other has not."""
    tables = game._tables
    draws = {
        name
        for node, name in enumerate(tables.name)
        if tables.kind[node] == 1
    }
    seen: list[set[str]] = [set(), set()]
    for row in tables.infosets:
        seen[row.player].update(n for n, _ in tables.facts(row.observation))
    return sorted(n for n in draws if n in seen[player] and n not in seen[1 - player])
