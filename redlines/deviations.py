"""The referee of strategies in repeated games: verifies, and never solves.

*Subgame perfect*, and *public perfect* where only signals are seen. After every
history, that is in every state that some history leads to, no player gains by doing
something else once and then going on as the automaton says. With discounting this is
enough: nothing better follows from deviating more often (the one-shot deviation
principle, Blackwell 1965, Abreu 1988). With public signals it covers every deviation,
since the other's strategy depends on nothing but signals.

What a state is worth is the solution of ``V = (1 - d) u + d P V``, which is unique; it
is computed here by elimination in fractions.

Reads: numbers, automata, referee.  Used by: solving, patience, payoff_sets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from redlines.automata import Machine
from redlines.numbers import brief
from redlines.referee import Certificate, Failure

__all__ = ["RepeatedCertificate", "one_shot", "values"]


@dataclass(frozen=True)
class RepeatedCertificate(Certificate):
    """What the referee found of strategies in a repeated game.

    Attributes
    ----------
    values : dict of str to dict of str to Fraction
        By state and player, what it is worth to begin there, on average a period.
    """

    values: dict[str, dict[str, Fraction]] = field(default_factory=dict)


def values(machine: Machine) -> list[tuple[Fraction, Fraction]]:
    """What each state is worth to each player.

    Parameters
    ----------
    machine : Machine
        In a game at numbers.

    Returns
    -------
    list of pairs of Fraction
    """
    game = machine.game
    game._require_numbers("values")
    assert game._discounts is not None
    found = []
    for player, discount in enumerate(game._discounts):
        rows: list[dict[int, Fraction]] = []
        right: list[Fraction] = []
        for state in range(len(machine.names)):
            row = {state: Fraction(1)}
            paid = Fraction(0)
            for cell, share in machine.cells(state):
                paid += share * game._table[cell[0]][cell[1]][player]
                for target, chance in machine.next(state, cell).items():
                    row[target] = row.get(target, Fraction(0)) - (
                        discount * share * chance
                    )
            rows.append(row)
            right.append((1 - discount) * paid)
        found.append(_solved(rows, right))
    return list(zip(found[0], found[1], strict=True))


def _solved(rows: list[dict[int, Fraction]], right: list[Fraction]) -> list[Fraction]:
    """The solution of equations whose diagonal dominates; the last unknown first."""
    for k in range(len(rows) - 1, -1, -1):
        pivot = rows[k][k]
        rows[k] = {j: v / pivot for j, v in rows[k].items() if v}
        right[k] /= pivot
        for i in range(len(rows)):
            factor = rows[i].get(k) if i != k else None
            if factor:
                for j, v in rows[k].items():
                    rows[i][j] = rows[i].get(j, Fraction(0)) - factor * v
                right[i] -= factor * right[k]
    return right


def one_shot(machine: Machine) -> RepeatedCertificate:
    """Verify that an automaton is an equilibrium after every history.

    Parameters
    ----------
    machine : Machine
        In a game at numbers.

    Returns
    -------
    RepeatedCertificate
        Each failure names the state, the player, the action and the gain, in average
        payoff units.
    """
    game = machine.game
    worth = values(machine)
    assert game._discounts is not None
    failures = []
    for state, name in enumerate(machine.names):
        for player, who in enumerate(game.players):
            discount = game._discounts[player]
            for action, label in enumerate(game.actions[player]):
                total = Fraction(0)
                for cell, share in machine.instead(state, player, action):
                    later = sum(
                        (
                            p * worth[s][player]
                            for s, p in machine.next(state, cell).items()
                        ),
                        Fraction(0),
                    )
                    paid = game._table[cell[0]][cell[1]][player]
                    total += share * ((1 - discount) * paid + discount * later)
                gain = total - worth[state][player]
                if gain > 0:
                    what = f"{who} gains {brief(gain)} by {label!r} once"
                    message = f"{what}, in state {name!r}"
                    failures.append(
                        Failure("one-shot", who, name, {name: label}, gain, message)
                    )
    failures.sort(key=lambda f: -(f.gain or 0))
    return RepeatedCertificate(
        concept="public perfect" if game.signals else "subgame perfect",
        holds=not failures,
        regret=max(
            (f.gain for f in failures if f.gain is not None), default=Fraction(0)
        ),
        failures=tuple(failures),
        checked=("one-shot",),
        values={
            name: dict(zip(game.players, worth[s], strict=True))
            for s, name in enumerate(machine.names)
        },
    )
