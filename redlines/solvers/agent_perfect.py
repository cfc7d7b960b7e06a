"""Perfect equilibria of the agent form, as a filter on sequential equilibria.

Each information set is an agent of its own. A profile is (trembling-hand) perfect if it
is a limit of completely mixed ones against each of which it is still best at every
information set ([selten1975]_).

Where nobody moves twice in one play, what an agent gets is linear in the other player's
choices and holds nothing of its own player's. The choices of the other against which
everything that is taken is best are convex, and the profile's own are among them; so
the profile is perfect if and only if some of them are completely mixed, which linear
arithmetic decides, for all profiles of one support alike.

Elsewhere an agent's own later trembles count as well, and trembles multiply. Then the
trembles of the certificate are tried, exactly, in powers of how small they are, and an
action is refused that is never worth more than another at its set, whatever comes
later. What neither settles is undecided.

Reads: errors, forms, profile, removals, solution, solvers, trembling.  Used by:
parametric.refining.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from redlines.errors import SolveFailed, Unsupported
from redlines.forms import SequenceForm, sequence_form
from redlines.profile import Assessment
from redlines.removals import Removed, Verdict
from redlines.solution import Concept, Element
from redlines.solvers.cells import Support
from redlines.solvers.perfect import passing
from redlines.solvers.queries import Query, Undecided
from redlines.tree import CHANCE, TERMINAL, Game
from redlines.trembling import is_agent_perfect

__all__ = ["AgentPerfect"]

# nodes of a tree whose trembles are multiplied out
MAX_NODES = 2_000

# coefficients by power of how small the trembles are
Powers: TypeAlias = dict[int, Fraction]


class AgentPerfect:
    """Trembling-hand perfection in the agent form.

    Parameters
    ----------
    game : Game
        At numbers.
    concept : Concept
        What is refined: sequential equilibria.
    effort, time_limit
        For one question.
    """

    name = "agent perfect"

    def __init__(
        self, game: Game, concept: Concept, effort: int, time_limit: float | None
    ) -> None:
        if concept is not Concept.SEQUENTIAL:
            raise Unsupported(
                "'agent perfect' refines 'sequential' equilibria, of which perfect "
                f"ones are some; not {concept.value!r} ones"
            )
        self.game = game
        self.form: SequenceForm = sequence_form(self.game)
        self.effort, self.time_limit = effort, time_limit
        self.once = not any(any(own.before.values()) for own in self.form.players)

    def __call__(self, element: Element) -> Verdict:
        """Whether the equilibria on a support profile are perfect."""
        try:
            return self._once(element) if self.once else self._tried(element)
        except Undecided as stopped:
            return self._open(element, str(stopped))

    def _open(self, element: Element, why: str) -> Verdict:
        return Verdict(
            [element],
            undecided=[f"whether a support profile is agent perfect: {why}"],
        )

    # ------------------------------------------------------------- one move in a play
    def _once(self, element: Element) -> Verdict:
        support = element.support
        trembles: list[Sequence[Fraction]] = [()] * len(support)
        for player in (0, 1):
            found = self._mixed(player, support, self._everything(player, support))
            if found is None:
                return Verdict(removed=[self._removed(element, player)])
            for h, shares in found.items():
                trembles[h] = shares
        if not is_agent_perfect(element.assessment(), trembles):
            raise SolveFailed(
                "the check of agent perfect equilibria refuses trembles that were "
                f"found in {self.game!r}"
            )
        return Verdict([passing(element, self.name)])

    def _everything(
        self, player: int, support: Support
    ) -> Iterator[tuple[int, int, int]]:
        """Every action that is taken with every other one, by information set."""
        rows = self.game._tables.infosets
        for h in self.form.players[player].infosets:
            for a in support[h]:
                for b in range(len(rows[h].actions)):
                    if a != b:
                        yield h, a, b

    def _mixed(
        self,
        player: int,
        support: Support,
        comparisons: Iterable[tuple[int, int, int]],
    ) -> dict[int, list[Fraction]] | None:
        """Completely mixed play of the other under which nothing taken is worse."""
        own, other = self.form.players[player], self.form.players[1 - player]
        query = Query("QF_LRA", self.effort, self.time_limit)
        z3, add = query.z3, query.solver.add
        r: list[Any] = [query.real(1)]
        for q in range(1, len(other)):
            r.append(z3.Real(f"r{q}", query.context))
            add(r[q] > 0)
        rows = self.game._tables.infosets
        for h, first in other.first.items():
            add(z3.Sum(r[first : first + len(rows[h].actions)]) == 1)
        for h, a, b in comparisons:
            one, two = (own.payoff[own.first[h] + k] for k in (a, b))
            gaps = {
                q: one.get(q, Fraction(0)) - two.get(q, Fraction(0))
                for q in {*one, *two}
            }
            terms = [query.real(v) * r[q] for q, v in sorted(gaps.items()) if v]
            if terms:
                add(z3.Sum(terms) >= 0)
        model = query.model()
        if model is None:
            return None
        return {
            h: [
                model.eval(r[first + a], model_completion=True).as_fraction()
                for a in range(len(rows[h].actions))
            ]
            for h, first in other.first.items()
        }

    def _removed(self, element: Element, player: int) -> Removed:
        tables = self.game._tables
        name = tables.players[player]
        support = element.support
        for h, a, b in self._everything(player, support):
            if self._mixed(player, support, [(h, a, b)]) is None:
                return self._told(element, h, a, b)
        blamed = [
            h
            for h in self.form.players[player].infosets
            if self._mixed(
                player,
                support,
                (c for c in self._everything(player, support) if c[0] != h),
            )
            is not None
        ]
        labels = tuple(map(tables.label, blamed))
        return Removed(
            self.name,
            element.shown(Concept.SEQUENTIAL),
            name,
            "",
            labels,
            f"when the other may do anything, {name} gains by another action at "
            f"{' or '.join(map(repr, labels)) or 'one of its information sets'}",
        )

    def _told(self, element: Element, infoset: int, taken: int, other: int) -> Removed:
        tables = self.game._tables
        row = tables.infosets[infoset]
        name, label = tables.players[row.player], tables.label(infoset)
        better, worse = row.actions[other], row.actions[taken]
        return Removed(
            self.name,
            element.shown(Concept.SEQUENTIAL),
            name,
            better,
            (label,),
            f"at {label!r}, as soon as everything has some probability, {name} gains "
            f"by {better!r} over {worse!r}",
        )

    # -------------------------------------------------------------- several moves
    def _tried(self, element: Element) -> Verdict:
        for h, on in enumerate(element.support):
            for a in on:
                for b in range(len(self.game._tables.infosets[h].actions)):
                    if a != b and self._never_better(h, a, b):
                        return Verdict(removed=[self._told(element, h, a, b)])
        if len(self.game._tables) > MAX_NODES:
            return self._open(
                element,
                f"the tree has more than {MAX_NODES:,} nodes, and somebody "
                "moves twice in one play",
            )
        if not _survives(element.assessment()):
            return self._open(
                element,
                "somebody moves twice in one play, and the trembles of the "
                "certificate do not show it",
            )
        if element.strategy_ranges():
            return self._open(
                element,
                "somebody moves twice in one play, and it is shown for the "
                "representative only",
            )
        return Verdict([passing(element, self.name)])

    def _never_better(self, infoset: int, taken: int, other: int) -> bool:
        """Whether one action is never worth more than another, and once less."""
        tables = self.game._tables
        row = tables.infosets[infoset]
        less = False
        for n in row.nodes:
            one = self._ends(tables.children[n][taken], row.player)
            two = self._ends(tables.children[n][other], row.player)
            if max(one) > min(two):
                return False
            less = less or min(one) < max(two)
        return less

    def _ends(self, start: int, player: int) -> list[Fraction]:
        """What a player can get from a node on."""
        tables = self.game._tables
        found, stack = [], [start]
        while stack:
            node = stack.pop()
            if tables.kind[node] == TERMINAL:
                found.append(self.game._exact_payoffs[node][player])
            stack.extend(tables.children[node])
        return found


def _survives(assessment: Assessment) -> bool:
    """Whether everything taken is best against the certificate's own trembles."""
    game = assessment.game
    tables = game._tables
    shares = _trembling(assessment)
    come: list[Powers] = [{0: Fraction(1)}] * len(tables)
    for node in range(1, len(tables)):
        before, option = tables.parent[node], tables.option[node]
        index = tables.infoset[before]
        if tables.kind[before] == CHANCE:
            share = {0: game._shares(index)[option]}
        else:
            share = shares[index][option]
        come[node] = _times(come[before], share)
    for player in range(len(game.players)):
        worth: list[Powers] = [{}] * len(tables)
        for node in range(len(tables) - 1, -1, -1):
            if tables.kind[node] == TERMINAL:
                worth[node] = {0: game._exact_payoffs[node][player]}
                continue
            index = tables.infoset[node]
            total: Powers = {}
            for option, child in enumerate(tables.children[node]):
                share = (
                    {0: game._shares(index)[option]}
                    if tables.kind[node] == CHANCE
                    else shares[index][option]
                )
                _add(total, _times(share, worth[child]))
            worth[node] = total
        for h in tables.plain_infosets[player]:
            if not _is_best(assessment, h, come, worth):
                return False
    return True


def _is_best(
    assessment: Assessment, infoset: int, come: list[Powers], worth: list[Powers]
) -> bool:
    tables = assessment.game._tables
    row = tables.infosets[infoset]
    values: list[Powers] = [{} for _ in row.actions]
    for n in row.nodes:
        for a, child in enumerate(tables.children[n]):
            _add(values[a], _times(come[n], worth[child]))
    for a in assessment.support[infoset]:
        for value in values:
            gap = dict(values[a])
            _add(gap, {k: -v for k, v in value.items()})
            left = [k for k, v in gap.items() if v]
            if left and gap[min(left)] < 0:
                return False
    return True


def _trembling(assessment: Assessment) -> list[list[Powers]]:
    """The strategy with the certificate's trembles, summing to one."""
    assert assessment.orders is not None
    assert assessment.weights is not None
    found = []
    for orders, weights in zip(assessment.orders, assessment.weights, strict=True):
        off: Powers = {}
        for k, c in zip(orders, weights, strict=True):
            if k:
                off[k] = off.get(k, Fraction(0)) + c
        found.append(
            [
                {k: c} if k else {0: c, **{j: -c * v for j, v in off.items()}}
                for k, c in zip(orders, weights, strict=True)
            ]
        )
    return found


def _times(one: Powers, other: Powers) -> Powers:
    found: Powers = {}
    for j, a in one.items():
        for k, b in other.items():
            found[j + k] = found.get(j + k, Fraction(0)) + a * b
    return found


def _add(total: Powers, more: Powers) -> None:
    for k, v in more.items():
        total[k] = total.get(k, Fraction(0)) + v
