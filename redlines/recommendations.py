"""The referee of recommendations given move by move: verifies, and never solves.

Like `redlines.referee` it shares no code with any solver: it walks the tree itself.

*Extensive-form correlated equilibrium* (von Stengel and Forges 2008). A mediator draws
a pair of plans; at each information set that play comes to, its owner is told what its
plan does there, and no more. A player who does something else is told nothing from then
on. No player, told any action at any information set, does better by any way of going
on from there, given what being told so far says of the other's plan. The regret is the
largest gain, given that the recommendation is heard.

Reads: numbers, tree, joint, referee.  Used by: mediated, solving.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from redlines.joint import Joint, Plan, own_before
from redlines.numbers import brief
from redlines.referee import Certificate, Failure
from redlines.tree import CHANCE, TERMINAL, Game

__all__ = ["recommended"]

ZERO = Fraction(0)

Told = tuple[int, int]
"""An information set and the action that is recommended there."""


def recommended(joint: Joint) -> Certificate:
    """Verify that a distribution is an extensive-form correlated equilibrium.

    Parameters
    ----------
    joint : Joint

    Returns
    -------
    Certificate
        A failure for each recommendation that is better not followed, with what to do
        instead there and at own later information sets.
    """
    failures = _well_formed(joint)
    checked = ("probabilities",)
    if not failures:
        checked = ("obedience at each information set",)
        for player in range(len(joint.game.players)):
            failures += _disobedience(joint, player)
    gains = [f.gain for f in failures if f.gain is not None]
    failures.sort(key=lambda f: -f.gain if f.gain is not None else ZERO)
    return Certificate(
        concept="extensive form correlated",
        holds=not failures,
        regret=max(gains, default=ZERO),
        failures=tuple(failures),
        checked=checked,
    )


def _well_formed(joint: Joint) -> list[Failure]:
    """Probabilities are a distribution; plans choose just where they lead."""
    game, messages = joint.game, []
    shares = [share for *_, share in joint.pairs]
    if any(share < 0 for share in shares) or sum(shares, ZERO) != 1:
        messages.append(("", "the probabilities of pairs of plans are no distribution"))
    for player, name in enumerate(game.players):
        for plan in dict.fromkeys(pair[player] for pair in joint.pairs):
            if not _leads(game, player, plan):  # type: ignore[arg-type]
                messages.append((name, f"{plan!r} is no plan of {name}"))
    return [
        Failure("probabilities", player, "", {}, None, message)
        for player, message in messages
    ]


def _leads(game: Game, player: int, plan: Plan) -> bool:
    """Whether a plan chooses at exactly the sets that its own choices lead to."""
    rows, does = game._tables.infosets, dict(plan)
    if len(does) != len(plan):
        return False
    for h, row in enumerate(rows):
        if row.player == player:
            last = own_before(game, h)
            led = last is None or does.get(last[0]) == last[1]
            if led != (h in does):
                return False
            if led and not 0 <= does[h] < len(row.actions):
                return False
    return all(h < len(rows) and rows[h].player == player for h in does)


def _disobedience(joint: Joint, player: int) -> list[Failure]:
    """Recommendations to a player that are better not followed."""
    game, tables = joint.game, joint.game._tables
    # by what is told: the other's plans, each with how likely both are
    others: dict[Told, dict[Plan, Fraction]] = {}
    # what following is worth, and how likely it is to be told, both times that
    worth: dict[Told, Fraction] = {}
    heard: dict[Told, Fraction] = {}
    for one, other, share in joint.pairs:
        if not share:
            continue
        own, theirs = (one, other) if player == 0 else (other, one)
        for told in own:
            given = others.setdefault(told, {})
            given[theirs] = given.get(theirs, ZERO) + share
        _follow(game, player, (own, theirs), share, worth, heard)
    failures = []
    for told, come in heard.items():
        best, plan = _best(game, player, told[0], others[told])
        gain = best - worth.get(told, ZERO)
        if gain > 0:
            rows = {
                tables.label(h): tables.infosets[h].actions[a] for h, a in plan.items()
            }
            label, action = tables.label(told[0]), tables.infosets[told[0]].actions
            shown = " and ".join(f"{a!r} at {h!r}" for h, a in list(rows.items())[:3])
            if len(rows) > 3:
                shown += f" and {len(rows) - 3} more choices"
            failures.append(
                Failure(
                    condition="obedience",
                    player=game.players[player],
                    infoset=label,
                    deviation=rows,
                    gain=gain / come,
                    message=f"{game.players[player]}, told {action[told[1]]!r} at "
                    f"{label!r}, gains {brief(gain / come)} by {shown}",
                )
            )
    return failures


def _follow(
    game: Game,
    player: int,
    pair: tuple[Plan, Plan],
    share: Fraction,
    worth: dict[Told, Fraction],
    heard: dict[Told, Fraction],
) -> None:
    """Play a pair of plans; note what is told on the way and what it comes to."""
    tables, paid = game._tables, game._exact_payoffs
    own, theirs = dict(pair[0]), dict(pair[1])
    stack: list[tuple[int, Fraction, tuple[Told, ...]]] = [(0, share, ())]
    while stack:
        node, weight, told = stack.pop()
        kind, here = tables.kind[node], tables.infoset[node]
        children = tables.children[node]
        if kind == TERMINAL:
            for word in told:
                worth[word] = worth.get(word, ZERO) + weight * paid[node][player]
        elif kind == CHANCE:
            for child, part in zip(children, game._shares(here), strict=True):
                stack.append((child, weight * part, told))
        elif tables.infosets[here].player == player:
            word = (here, own[here])
            heard[word] = heard.get(word, ZERO) + weight
            stack.append((children[own[here]], weight, (*told, word)))
        else:
            stack.append((children[theirs[here]], weight, told))


def _best(
    game: Game, player: int, start: int, others: Mapping[Plan, Fraction]
) -> tuple[Fraction, dict[int, int]]:
    """The most that a player makes from an information set on, and how.

    Parameters
    ----------
    game : Game
    player : int
    start : int
        The information set, which the player has come to as it was told.
    others : mapping of Plan to Fraction
        What the other does, each plan with its weight.
    """
    tables, paid = game._tables, game._exact_payoffs
    way: dict[int, int] = {}
    last = own_before(game, start)
    while last is not None:
        way[last[0]] = last[1]
        last = own_before(game, last[0])
    # what ends after an own choice is worth, and which own sets come next after it
    ends: dict[Told, Fraction] = {}
    after: dict[Told, dict[int, None]] = {}
    for plan, share in others.items():
        theirs = dict(plan)
        stack: list[tuple[int, Fraction, Told | None]] = [(0, share, None)]
        while stack:
            node, weight, since = stack.pop()
            kind, here = tables.kind[node], tables.infoset[node]
            children = tables.children[node]
            if kind == TERMINAL:
                if since is not None:
                    ends[since] = ends.get(since, ZERO) + weight * paid[node][player]
            elif kind == CHANCE:
                for child, part in zip(children, game._shares(here), strict=True):
                    stack.append((child, weight * part, since))
            elif tables.infosets[here].player != player:
                stack.append((children[theirs[here]], weight, since))
            elif since is None and here != start:
                if here in way:
                    stack.append((children[way[here]], weight, None))
            else:
                if since is not None:
                    after.setdefault(since, {})[here] = None
                for action, child in enumerate(children):
                    stack.append((child, weight, (here, action)))
    # own sets are settled once everything that follows them is
    order = [start]
    for h in order:
        for action in range(len(tables.infosets[h].actions)):
            order += after.get((h, action), {})
    value: dict[int, Fraction] = {}
    choice: dict[int, int] = {}
    for h in reversed(order):
        sums = [
            sum(
                (value[k] for k in after.get((h, action), {})),
                ends.get((h, action), ZERO),
            )
            for action in range(len(tables.infosets[h].actions))
        ]
        value[h] = max(sums)
        choice[h] = sums.index(value[h])
    # what the way of going on itself leaves possible
    plan_: dict[int, int] = {}
    todo = [start]
    for h in todo:
        plan_[h] = choice[h]
        todo += after.get((h, choice[h]), {})
    return value[start], plan_
