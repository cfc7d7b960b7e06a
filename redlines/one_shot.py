"""The referee of Markov games: verifies stationary equilibria, and never solves.

It shares no code with any solver: it walks the trees of the stages itself.

*Markov perfect* (Maskin and Tirole 2001). In every state and at every decision of its
stage, reached or not, no action does better once, everything after it as the profile
says. With discounting that is enough (Blackwell 1965): no other plan, however long or
clever, does better either. What play is worth from each state is computed here by a
linear system of its own.

*In floating point* no system is solved: the values that come with an answer are put
into the equations, in exact arithmetic. If what play is worth differs from them by r at
most, if the best plan of one stage exceeds them by b at most, and what is done at any
decision by c at most, then no plan of any length gains more than
c + (r + b) / (1 - discount) anywhere, and that is the regret that is stated.

Reads: numbers, fields, markov, referee, stationary, tree.  Used by: recurring, solving.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from redlines.fields import plain
from redlines.numbers import brief
from redlines.referee import Certificate, Failure
from redlines.stationary import StationaryProfile, linear
from redlines.tree import CHANCE, MOVE, TERMINAL

__all__ = ["action_values", "nearly_perfect", "own_values", "perfect"]

ZERO, ONE = Fraction(0), Fraction(1)
CONCEPT = "markov perfect"

Row = Sequence[Any]


def _malformed(profile: StationaryProfile) -> list[Failure]:
    """What is no distribution."""
    found = []
    for s, stage in enumerate(profile.game._stages):
        for h, row in enumerate(profile.given[s]):
            if all(value >= 0 for value in row) and sum(row, ZERO) == 1:
                continue
            label = stage._tables.label(h)
            found.append(
                Failure(
                    condition="probabilities",
                    player=profile.game.players[stage._tables.infosets[h].player],
                    infoset=f"{profile.game.states[s]}: {label}",
                    deviation={},
                    gain=None,
                    message=f"in state {profile.game.states[s]!r} the probabilities at "
                    f"{label!r} are no distribution",
                )
            )
    return found


def stage_values(
    profile: StationaryProfile,
    player: int,
    state: int,
    own: Sequence[Row] | None,
    later: Sequence[Any],
) -> list[Any]:
    """What each node of a stage is worth to a player, as an average value.

    Parameters
    ----------
    profile : StationaryProfile
        The other plays as in it.
    player, state : int
    own : sequence, or None
        What the player does at its own decisions; None for what is best in the stage.
    later : sequence of number
        What each state is worth to it.
    """
    game, stage = profile.game, profile.game._stages[state]
    tables = stage._tables
    discount = game._discounts[player]
    value: list[Any] = [ZERO] * len(tables)
    entry: dict[int, Any] = {}
    for node, paid in tables.payments.items():
        for who, amount, _ in paid:
            if who == player:
                flow = (1 - discount) * stage._amounts[amount]
                entry[node] = entry.get(node, ZERO) + flow
    for node in range(len(tables) - 1, -1, -1):
        kind, index = tables.kind[node], tables.infoset[node]
        if kind == TERMINAL:
            total = discount * later[game._destination(state, node)]
        elif kind == CHANCE:
            shares = [stage._amounts[a] for a in tables.draws[index].amounts]
            total = _mean(shares, [value[c] for c in tables.children[node]])
        elif tables.infosets[index].player == player and own is None:
            # a choice is made for all nodes of the set, when the first of them comes
            if node == tables.infosets[index].nodes[0]:
                worth = _worth(profile, state, index, value)
                action = worth.index(max(worth))
                for each in tables.infosets[index].nodes:
                    child = tables.children[each][action]
                    value[each] = value[child] + entry.get(each, ZERO)
            continue
        else:
            mine = tables.infosets[index].player == player
            row = own[index] if mine and own is not None else profile.rows[state][index]
            total = _mean(row, [value[c] for c in tables.children[node]])
        value[node] = total + entry[node] if node in entry else total
    return value


def _mean(shares: Row, values: Row) -> Any:
    total: Any = ZERO
    for share, value in zip(shares, values, strict=True):
        if share == 1:
            return value
        if share != 0:
            total = total + share * value
    return total


def _worth(
    profile: StationaryProfile, state: int, index: int, value: Sequence[Any]
) -> list[Any]:
    """What each action at a decision is worth, where it is taken."""
    tables = profile.game._stages[state]._tables
    row = tables.infosets[index]
    if len(row.nodes) == 1:
        return [value[child] for child in tables.children[row.nodes[0]]]
    before = {tables.parent[node] for node in row.nodes}
    if len(before) != 1:
        raise AssertionError("a decision in which more is unknown than one move")
    shares = profile.rows[state][tables.infoset[before.pop()]]
    weights = [shares[tables.option[node]] for node in row.nodes]
    return [
        _mean(weights, [value[tables.children[node][a]] for node in row.nodes])
        for a in range(len(row.actions))
    ]


def _own_rows(profile: StationaryProfile, player: int) -> list[list[Row]]:
    """What a player does; one action of each support, where that is as good.

    The probabilities of the two may lie in different number fields. Against the other's
    alone, in one field, all actions of a support are worth the same or the claim fails.
    """
    found: list[list[Row]] = []
    for s, stage in enumerate(profile.game._stages):
        rows: list[Row] = []
        for h, info in enumerate(stage._tables.infosets):
            row = profile.given[s][h]
            if info.player == player:
                first = next(k for k, value in enumerate(row) if value > 0)
                row = tuple(ONE if k == first else ZERO for k in range(len(row)))
            rows.append(row)
        found.append(rows)
    return found


def _values(
    profile: StationaryProfile, player: int, rows: list[list[Row]]
) -> list[Any]:
    """What each state is worth to a player under rows of both, as average values."""
    game = profile.game
    size = len(game.states)
    alone = StationaryProfile(game, tuple(tuple(map(tuple, r)) for r in rows))
    nothing = [ZERO] * size
    discount = game._discounts[player]
    matrix: list[list[Any]] = []
    right: list[list[Any]] = []
    for s, stage in enumerate(game._stages):
        flow = stage_values(alone, player, s, alone.rows[s], nothing)[0]
        right.append([flow])
        line: list[Any] = [ZERO] * size
        line[s] = ONE
        tables = stage._tables
        come = _come(alone, s)
        for node in tables.terminals:
            if come[node] != 0:
                goes = game._destination(s, node)
                line[goes] = line[goes] - discount * come[node]
        matrix.append(line)
    return [row[0] for row in linear(matrix, right)]


def _come(profile: StationaryProfile, state: int) -> list[Any]:
    """How likely each node of a stage is."""
    stage = profile.game._stages[state]
    tables = stage._tables
    come: list[Any] = [ZERO] * len(tables)
    come[0] = ONE
    for node in range(len(tables)):
        index = tables.infoset[node]
        if tables.kind[node] == TERMINAL or come[node] == 0:
            continue
        shares: Row = (
            profile.rows[state][index]
            if tables.kind[node] == MOVE
            else [stage._amounts[a] for a in tables.draws[index].amounts]
        )
        for child, share in zip(tables.children[node], shares, strict=True):
            come[child] = come[node] * share
    return come


def own_values(profile: StationaryProfile, player: int) -> list[Any]:
    """What each state is worth to a player where the claim holds, in one field."""
    rows = _own_rows(profile, player)
    before = StationaryProfile(profile.game, tuple(tuple(map(tuple, r)) for r in rows))
    return _values(before, player, rows)


def action_values(
    profile: StationaryProfile, player: int
) -> list[dict[int, tuple[list[Any], Any]]]:
    """By state and decision of a player, what each action and what it does is worth.

    Average values, given that play has come there.
    """
    if len(profile.fields) > 1:
        rows = _own_rows(profile, player)
        before = StationaryProfile(
            profile.game, tuple(tuple(map(tuple, r)) for r in rows)
        )
    else:
        rows, before = [list(r) for r in profile.given], profile
    later = _values(before, player, rows)
    found = []
    for s, stage in enumerate(profile.game._stages):
        value = stage_values(before, player, s, rows[s], later)
        table = {}
        for h, info in enumerate(stage._tables.infosets):
            if info.player == player:
                worth = _worth(before, s, h, value)
                table[h] = (worth, _mean(rows[s][h], worth))
        found.append(table)
    return found


def perfect(profile: StationaryProfile) -> Certificate:
    """Verify exactly that a profile is a stationary Markov perfect equilibrium.

    Parameters
    ----------
    profile : StationaryProfile
        In exact numbers.

    Returns
    -------
    Certificate
        Its regret is the most that one action gains, in average payoff units, given
        that play has come to where it is taken.
    """
    failures = _malformed(profile)
    if failures:
        return _certificate(failures, ("probabilities",), ZERO)
    for player, name in enumerate(profile.game.players):
        for s, table in enumerate(action_values(profile, player)):
            tables = profile.game._stages[s]._tables
            for h, (worth, now) in table.items():
                top = max(worth)
                label, state = tables.label(h), profile.game.states[s]
                actions = tables.infosets[h].actions
                support = [k for k, x in enumerate(profile.given[s][h]) if x > 0]
                if top > now:
                    action = actions[worth.index(top)]
                    gain = top - now
                elif any(worth[k] < top for k in support):
                    # one action of the support stood for all of them
                    low = min(support, key=lambda k: float(worth[k]))
                    action, gain = actions[worth.index(top)], top - worth[low]
                else:
                    continue
                failures.append(
                    Failure(
                        condition="one-shot deviation",
                        player=name,
                        infoset=f"{state}: {label}",
                        deviation={label: action},
                        gain=plain(gain),
                        message=f"{name} gains {brief(plain(gain))} by {action!r} at "
                        f"{label!r} in state {state!r}",
                    )
                )
    return _certificate(failures, ("one-shot deviations",), ZERO)


def _certificate(
    failures: list[Failure], checked: tuple[str, ...], least: Any
) -> Certificate:
    gains = [f.gain for f in failures if f.gain is not None]
    failures.sort(key=lambda f: -float(f.gain) if f.gain is not None else 0.0)
    return Certificate(
        concept=CONCEPT,
        holds=not failures,
        regret=max(gains, default=least),
        failures=tuple(failures),
        checked=checked,
    )


def nearly_perfect(
    profile: StationaryProfile, values: Sequence[Sequence[Any]], tolerance: float
) -> Certificate:
    """Bound what any plan gains against a profile in floating point, rigorously.

    Parameters
    ----------
    profile : StationaryProfile
        Its probabilities are floats read exactly, with sums of exactly one.
    values : sequence of sequence of Fraction
        By player and state, about what play is worth.
    tolerance : float
        The largest bound that is accepted, in parts of the span of what stages pay.

    Returns
    -------
    Certificate
        Its regret is a bound on what any player gains by any plan, from any state on,
        in average payoff units.
    """
    failures = _malformed(profile)
    if failures:
        return _certificate(failures, ("probabilities",), ZERO)
    game = profile.game
    worst = ZERO
    for player, name in enumerate(game.players):
        discount = game._discounts[player]
        later = values[player]
        off: Any = ZERO
        above: Any = ZERO
        span: Any = ZERO
        local: Any = ZERO
        for s in range(len(game.states)):
            rows = profile.rows[s]
            value = stage_values(profile, player, s, rows, later)
            best = stage_values(profile, player, s, None, later)
            off = max(off, abs(value[0] - later[s]))
            above = max(above, best[0] - later[s])
            for h, info in enumerate(game._stages[s]._tables.infosets):
                if info.player == player:
                    now = _mean(rows[h], _worth(profile, s, h, value))
                    local = max(local, max(_worth(profile, s, h, best)) - now)
            paid = [abs(row[player]) for row in game._stages[s]._exact_payoffs]
            span = max([span, *paid])
        bound = local + (off + above) / (1 - discount)
        worst = max(worst, bound)
        if bound > Fraction(tolerance) * max(span, Fraction(1, 10**300)):
            failures.append(
                Failure(
                    condition="bound on what plans gain",
                    player=name,
                    infoset="",
                    deviation={},
                    gain=bound,
                    message=f"{name} may gain as much as {float(bound):.3g} by another "
                    "plan",
                )
            )
    found = _certificate(failures, ("values", "best plans of one stage"), worst)
    return found


def perfect_once(
    profiles: Sequence[StationaryProfile], values: Sequence[Sequence[Sequence[Any]]]
) -> Certificate:
    """Verify what is done in each period of a game that ends.

    Parameters
    ----------
    profiles : sequence of StationaryProfile
        One for each period; in rational numbers.
    values : sequence
        ``values[period][player][state]``, discounted sums from the beginning of a
        period on, and one entry more for the end. They are tested as well.

    Returns
    -------
    Certificate
    """
    failures: list[Failure] = []
    for period, profile in enumerate(profiles):
        malformed = _malformed(profile)
        if malformed:
            return _certificate(malformed, ("probabilities",), ZERO)
        game = profile.game
        for player, name in enumerate(game.players):
            weight = 1 - game._discounts[player]
            # stage_values takes and gives averages
            later = [x * weight for x in values[period + 1][player]]
            for s, stage in enumerate(game._stages):
                value = stage_values(profile, player, s, profile.rows[s], later)
                if value[0] != values[period][player][s] * weight:
                    message = f"values of period {period + 1} do not add up"
                    failures.append(Failure("values", name, "", {}, None, message))
                for h, info in enumerate(stage._tables.infosets):
                    if info.player != player:
                        continue
                    worth = _worth(profile, s, h, value)
                    gain = (max(worth) - _mean(profile.rows[s][h], worth)) / weight
                    if gain > 0:
                        label = stage._tables.label(h)
                        action = info.actions[worth.index(max(worth))]
                        failures.append(
                            Failure(
                                condition="one-shot deviation",
                                player=name,
                                infoset=f"{game.states[s]}: {label}",
                                deviation={label: action},
                                gain=gain,
                                message=f"{name} gains {brief(gain)} by {action!r} at "
                                f"{label!r} in state {game.states[s]!r}, period "
                                f"{period + 1}",
                            )
                        )
    return _certificate(failures, ("values", "one-shot deviations"), ZERO)
