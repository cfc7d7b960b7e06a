"""The referee of mechanisms: verifies that honesty and obedience pay, never solves.

Like `redlines.referee` it shares no code with any solver: it walks the tree itself.

*Communication equilibrium* (Forges 1986, Myerson 1982, 1986). Whatever its type, no
player does better by any report together with any plan of what to do after each
recommendation, the other being honest and obedient. Lies and disobedience are tried
together: a mechanism may be safe from each alone and not from both. The regret is the
largest gain, given the player's type.

Reads: numbers, tree, mechanism, referee.  Used by: communicated, solvers, solving.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from redlines.mechanism import Mechanism, PrivateType
from redlines.numbers import brief
from redlines.referee import Certificate, Failure
from redlines.tree import CHANCE, TERMINAL

__all__ = ["honest"]

ZERO = Fraction(0)

Kinds = tuple[int, int]


Paid = dict[Kinds, dict[Kinds, list[Fraction]]]
"""By types and by actions: what each player is paid, and the chance of these types, all
times that chance."""


def honest(mechanism: Mechanism) -> Certificate:
    """Verify that a mechanism is a communication equilibrium.

    Parameters
    ----------
    mechanism : Mechanism

    Returns
    -------
    Certificate
        A failure for each type and report that pays, with what to do after which
        recommendation; its condition is ``"honesty"`` where the lie alone pays,
        ``"obedience"`` where disobedience alone does, else ``"honesty and obedience"``.
    """
    failures = _well_formed(mechanism)
    checked: tuple[str, ...] = ("probabilities",)
    if not failures:
        checked = ("honesty", "obedience", "both together")
        paid = _paid(mechanism)
        for player in (0, 1):
            for own in range(len(mechanism.types.of[player])):
                failures += _deviations(mechanism, paid, player, own)
    gains = [f.gain for f in failures if f.gain is not None]
    failures.sort(key=lambda f: -f.gain if f.gain is not None else ZERO)
    return Certificate(
        concept="communication",
        holds=not failures,
        regret=max(gains, default=ZERO),
        failures=tuple(failures),
        checked=checked,
    )


def _well_formed(mechanism: Mechanism) -> list[Failure]:
    """After every pair of reports there is a distribution over what both can do."""
    types, failures = mechanism.types, []

    def fail(message: str) -> None:
        failures.append(Failure("probabilities", "", "", {}, None, message))

    one, other = types.of
    for s, first in enumerate(one):
        for t, second in enumerate(other):
            words = f"after the reports {first.label!r} and {second.label!r}"
            shares = mechanism.shares.get((s, t))
            if shares is None:
                fail(f"{words} nothing is recommended")
                continue
            values = shares.values()
            if any(x < 0 for x in values) or sum(values, ZERO) != 1:
                fail(f"the probabilities {words} are no distribution")
            sizes = len(first.actions), len(second.actions)
            if any(not (0 <= a < sizes[0] and 0 <= b < sizes[1]) for a, b in shares):
                fail(f"{words} something is recommended that is no action")
    return failures


def _paid(mechanism: Mechanism) -> Paid:
    """What each pair of types is paid for each pair of actions, from the tree."""
    game = mechanism.game
    tables, pays = game._tables, game._exact_payoffs
    seats = (_seats(mechanism.types.of[0]), _seats(mechanism.types.of[1]))
    found: Paid = {}
    # node, weight, where each acts and what it did, and the node of the first choice
    stack: list[tuple[int, Fraction, dict[int, tuple[int, int]], int | None]] = [
        (0, Fraction(1), {}, None)
    ]
    while stack:
        node, weight, does, first = stack.pop()
        kind, children = tables.kind[node], tables.children[node]
        if first is None and (
            kind == TERMINAL or (kind != CHANCE and len(children) > 1)
        ):
            first = node
        if kind == TERMINAL:
            assert first is not None
            kinds, acts = [], []
            for player in (0, 1):
                here, action = does.get(player, (-1, 0))
                kinds.append(_seat(mechanism, seats, player, here, first))
                acts.append(action)
            row = found.setdefault((kinds[0], kinds[1]), {})
            total = row.setdefault((acts[0], acts[1]), [ZERO, ZERO, ZERO])
            total[0] += weight * pays[node][0]
            total[1] += weight * pays[node][1]
            total[2] += weight
        elif kind == CHANCE:
            shares = game._shares(tables.infoset[node])
            for child, share in zip(children, shares, strict=True):
                stack.append((child, weight * share, does, first))
        elif len(children) == 1:
            stack.append((children[0], weight, does, first))
        else:
            here = tables.infoset[node]
            for action, child in enumerate(children):
                now = {**does, tables.infosets[here].player: (here, action)}
                stack.append((child, weight, now, first))
    return found


def _seats(kinds: tuple[PrivateType, ...]) -> dict[int, int]:
    """Types by where they act."""
    return {k.infoset: t for t, k in enumerate(kinds) if k.infoset is not None}


def _seat(
    mechanism: Mechanism,
    seats: tuple[dict[int, int], dict[int, int]],
    player: int,
    here: int,
    first: int,
) -> int:
    """The type of a player on a path: by where it acts, else by what it knows."""
    if here >= 0:
        return seats[player][here]
    tables, kinds = mechanism.game._tables, mechanism.types.of[player]
    idle = [t for t, kind in enumerate(kinds) if kind.infoset is None]
    if len(idle) == 1:
        return idle[0]
    facts = tables.facts(tables.known[first][player])
    label = ", ".join(f"{name}={value}" for name, value in facts)
    label = label or mechanism.game.players[player]
    return next(t for t in idle if kinds[t].label == label)


def _deviations(
    mechanism: Mechanism, paid: Paid, player: int, own: int
) -> list[Failure]:
    """What one type of a player gains by each report and what to do after it."""
    kinds = mechanism.types.of[player]
    # of this type, by the other's type and the actions of self and other
    mine: dict[int, dict[Kinds, Fraction]] = {}
    chance = ZERO
    for pair, row in paid.items():
        if pair[player] == own:
            mine[pair[1 - player]] = {
                (acts[player], acts[1 - player]): total[player]
                for acts, total in row.items()
            }
            chance += next(iter(row.values()))[2]

    def worth(said: int) -> dict[int, list[Fraction]]:
        """What each action is worth after each recommendation, for a report."""
        found: dict[int, list[Fraction]] = {}
        for theirs, row in mine.items():
            pair = (said, theirs) if player == 0 else (theirs, said)
            for acts, share in mechanism.shares[pair].items():
                if share:
                    told, other = acts[player], acts[1 - player]
                    values = found.setdefault(told, [ZERO] * len(kinds[own].actions))
                    for action in range(len(values)):
                        values[action] += share * row[action, other]
        return found

    truth = sum((values[told] for told, values in worth(own).items()), ZERO)
    failures = []
    for said in range(len(kinds)):
        values = worth(said)
        gain = sum(map(max, values.values()), ZERO) - truth
        if gain > 0:
            failures.append(
                _failure(mechanism, player, (own, said), values, (truth, gain / chance))
            )
    return failures


def _failure(
    mechanism: Mechanism,
    player: int,
    lie: Kinds,
    values: Mapping[int, list[Fraction]],
    worth: tuple[Fraction, Fraction],
) -> Failure:
    """The best that one type makes of one report, in words."""
    game, kinds = mechanism.game, mechanism.types.of[player]
    own, said = (kinds[k] for k in lie)
    truth, gain = worth
    obeyed = ZERO
    turns: dict[str, str] = {}
    can_obey = True
    for told, row in values.items():
        word, top = said.actions[told], max(row)
        if len(own.actions) == 1:
            # without a choice whatever is told is as good as followed
            obeyed += top
            continue
        follows = row[own.actions.index(word)] if word in own.actions else None
        if follows is None:
            can_obey = False
        else:
            obeyed += follows
        if follows != top:
            turns[f"told {word!r}"] = own.actions[row.index(top)]
    if own is said:
        condition = "obedience"
    elif can_obey and obeyed > truth:
        condition = "honesty"
    else:
        condition = "honesty and obedience"
    how = [f"reporting {said.label!r}"] if own is not said else []
    how += [f"doing {best!r} when {told}" for told, best in list(turns.items())[:3]]
    if len(turns) > 3:
        how.append(f"{len(turns) - 3} more changes")
    place = "" if own.infoset is None else game._tables.label(own.infoset)
    return Failure(
        condition=condition,
        player=game.players[player],
        infoset=place,
        deviation=({"report": said.label} if own is not said else {}) | turns,
        gain=gain,
        message=f"{game.players[player]}, {own.label!r}, gains {brief(gain)} by "
        f"{' and '.join(how)}",
    )
