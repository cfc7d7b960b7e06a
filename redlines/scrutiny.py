"""The referee of refinements: checks what filters keep and remove, and never solves.

It shares no code with any filter: it reads the message, the replies and what they pay
off the tree itself, with later moves as the profile has them, and asks z3 outright
whether some belief and some best reply to it compare as a criterion says. Both are
unknowns of one question in linear arithmetic: an action is taken with probability 0 or
no other is worth more.

*Beliefs.* A belief after a message is the prior times weights c(t), normalized; a cone
of weights is spanned by sets of types. *Intuitive criterion*, *D1* [chokreps1987]_;
*divinity*, *universal divinity* [bankssobel1987]_; each as
`docs/explanation/refinements.md` has it.

Reads: tree, profile, referee.  Used by: refining.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from redlines.profile import Assessment
from redlines.referee import Failure
from redlines.tree import CHANCE, MOVE, Game

__all__ = ["passes", "refutes"]

ZERO = Fraction(0)

Sets = frozenset[frozenset[int]]

_COMPARE = {
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "<=": operator.le,
    "<": operator.lt,
}


def passes(assessment: Assessment, name: str) -> Failure | None:
    """Whether the beliefs after messages that nobody sends pass a criterion.

    Parameters
    ----------
    assessment : Assessment
        An equilibrium of a signalling game, with beliefs.
    name : str
        Of the criterion.

    Returns
    -------
    Failure or None
        None if they do.
    """
    game = assessment.game
    tables = game._tables
    for message in _unsent(assessment):
        if message.is_settled:
            continue
        allowed = message.allowed(name)
        label = next(iter(message.replies))
        failure = Failure(
            name,
            tables.players[tables.infosets[label].player],
            tables.label(label),
            {},
            None,
            f"after {message.name!r}, at {tables.label(label)!r}, the belief is not "
            f"one that {name} leaves",
        )
        if allowed is None:
            return failure
        if name == "intuitive criterion":
            continue
        for infoset in message.replies:
            weights = message.weights(assessment, infoset)
            if weights is None or not _spanned(game, weights, allowed):
                return failure
    return None


def refutes(assessment: Assessment, name: str, message: str) -> bool:
    """Whether no belief that a criterion leaves makes the replies to a message best.

    Parameters
    ----------
    assessment : Assessment
        An equilibrium; whoever takes the same replies fails with it.
    name : str
        Of the criterion.
    message : str
        One that nobody sends.
    """
    for found in _unsent(assessment):
        if found.name == message:
            allowed = found.allowed(name)
            return allowed is None or not found.supported(allowed)
    return False


class _Message:
    """A message that nobody sends, as the tree and the profile have it.

    Attributes
    ----------
    name : str
    types : list of int
        Information sets of those who could send it.
    replies : dict of int to tuple of int
        By information set of the receiver the actions of positive probability.
    """

    def __init__(self, assessment: Assessment, name: str, values: list[Any]) -> None:
        self.assessment = assessment
        self.game: Game = assessment.game
        self.name = name
        self.types: list[int] = []
        self.replies: dict[int, tuple[int, ...]] = {}
        self.fixed: dict[int, Fraction] = {}
        self.paid: dict[tuple[int, int, int], Fraction] = {}
        self.worth: dict[tuple[int, int, int], Fraction] = {}
        self.mass: dict[tuple[int, int], Fraction] = {}
        self.prior: dict[int, Fraction] = {}
        self.standing: dict[int, Fraction] = {}
        self._values = values
        self._asked: dict[Sets, tuple[Any, dict[int, Any]]] = {}

    def add(self, infoset: int, action: int, chance: Sequence[Fraction]) -> None:
        """One type that can send it."""
        tables, values = self.game._tables, self._values
        row = tables.infosets[infoset]
        sender = row.player
        self.types.append(infoset)
        total = sum((chance[n] for n in row.nodes), ZERO)
        self.prior[infoset] = total
        self.standing[infoset] = (
            sum((chance[n] * values[n][sender] for n in row.nodes), ZERO) / total
        )
        self.fixed[infoset] = ZERO
        stack = [tables.children[n][action] for n in row.nodes]
        while stack:
            node = stack.pop()
            h = tables.infoset[node]
            if tables.kind[node] == CHANCE:
                stack.extend(tables.children[node])
            elif tables.kind[node] == MOVE and tables.infosets[h].player != sender:
                self._answered(infoset, node, h, chance[node])
            else:
                self.fixed[infoset] += chance[node] * values[node][sender] / total

    def _answered(self, infoset: int, node: int, h: int, weight: Fraction) -> None:
        tables = self.game._tables
        sender = tables.infosets[infoset].player
        strategy = self.assessment.strategy
        self.replies[h] = tuple(a for a, p in enumerate(strategy[h]) if p)
        self.mass[infoset, h] = self.mass.get((infoset, h), ZERO) + weight
        for a, child in enumerate(tables.children[node]):
            key = (infoset, h, a)
            pair = self._values[child]
            share = weight / self.prior[infoset]
            self.paid[key] = self.paid.get(key, ZERO) + share * pair[sender]
            self.worth[key] = self.worth.get(key, ZERO) + weight * pair[1 - sender]

    @property
    def is_settled(self) -> bool:
        """Whether one reply is best everywhere, whatever is believed."""
        for h in self.replies:
            actions = range(len(self.game._tables.infosets[h].actions))
            if not any(
                all(
                    self._worth(t, h, a) > self._worth(t, h, b)
                    for t in self.types
                    for b in actions
                    if b != a and (t, h) in self.mass
                )
                for a in actions
            ):
                return False
        return True

    def _worth(self, t: int, h: int, a: int) -> Fraction:
        return self.worth.get((t, h, a), ZERO)

    # ----------------------------------------------------------------------- questions
    @property
    def _context(self) -> Any:
        return _context(self.game)

    def _question(self, cone: Sets) -> tuple[Any, dict[int, Any]]:
        """A question about beliefs in a cone."""
        import z3

        solver = z3.SolverFor("QF_LRA", ctx=self._context)
        zero = z3.RealVal(0, self._context)
        share = {
            s: z3.Real("l" + ".".join(map(str, sorted(s))), self._context)
            for s in sorted(cone, key=sorted)
        }
        for variable in share.values():
            solver.add(variable >= 0)
        weight = {
            t: z3.Sum([zero, *(v for s, v in share.items() if t in s)])
            for t in self.types
        }
        solver.add(z3.Sum([zero, *share.values()]) == 1)
        return solver, weight

    def _best(self, weight: dict[int, Any], h: int, a: int) -> Any:
        """That no other action is worth more at an information set."""
        import z3

        zero = z3.RealVal(0, self._context)
        better = []
        for b in range(len(self.game._tables.infosets[h].actions)):
            gap = {t: self._worth(t, h, a) - self._worth(t, h, b) for t in self.types}
            terms = [
                z3.RealVal(str(g), self._context) * weight[t]
                for t, g in gap.items()
                if g
            ]
            if terms:
                better.append(z3.Sum([zero, *terms]) >= 0)
        return z3.And([z3.BoolVal(True, self._context), *better])

    def _replies(self, cone: Sets) -> tuple[Any, dict[int, Any]]:
        """Best replies to beliefs in a cone, and what each type gains by them."""
        import z3

        if cone in self._asked:
            return self._asked[cone]
        solver, weight = self._question(cone)
        chosen = {}
        for h in self.replies:
            shares = []
            for a in range(len(self.game._tables.infosets[h].actions)):
                p = chosen[h, a] = z3.Real(f"r{h}.{a}", self._context)
                solver.add(p >= 0, z3.Or(p == 0, self._best(weight, h, a)))
                shares.append(p)
            solver.add(z3.Sum(shares) == 1)
        gain = {}
        for t in self.types:
            terms = [
                z3.RealVal(str(self.paid[t, h, a]), self._context) * p
                for (h, a), p in chosen.items()
                if self.paid.get((t, h, a))
            ]
            gap = str(self.fixed[t] - self.standing[t])
            gain[t] = z3.Sum([z3.RealVal(gap, self._context), *terms])
        self._asked[cone] = solver, gain
        return solver, gain

    def can(self, cone: Sets, signs: Iterable[tuple[int, str]]) -> bool:
        """Whether a best reply to some belief compares so for the types named."""
        solver, gain = self._replies(cone)
        solver.push()
        for t, sign in signs:
            solver.add(_COMPARE[sign](gain[t], 0))
        answer = _decided(solver)
        solver.pop()
        return answer

    def supported(self, cone: Sets) -> bool:
        """Whether some belief of a cone makes every reply that is taken best."""
        solver, weight = self._question(cone)
        for h, on in self.replies.items():
            for a in on:
                solver.add(self._best(weight, h, a))
        return _decided(solver)

    def weights(
        self, assessment: Assessment, infoset: int
    ) -> dict[int, Fraction] | None:
        """A belief by type, over the prior; None where there is no belief."""
        belief = assessment.belief[infoset]
        if belief is None:
            return None
        tables = self.game._tables
        found = dict.fromkeys(self.types, ZERO)
        for n, share in zip(tables.infosets[infoset].nodes, belief, strict=True):
            while n and tables.infoset[tables.parent[n]] not in found:
                n = tables.parent[n]
            t = tables.infoset[tables.parent[n]]
            found[t] += share
        return {t: v / self.mass[t, infoset] for t, v in found.items() if v}

    # ------------------------------------------------------------------------ criteria
    def allowed(self, name: str) -> Sets | None:
        """What a criterion lets be believed; None where no belief will do."""
        memo = self.game.__dict__.setdefault("_scrutiny", {})
        key = (name, self.name, tuple(sorted(self.standing.items())))
        if key not in memo:
            memo[key] = {
                "intuitive criterion": self._intuitive,
                "D1": self._d1,
                "divinity": self._divine,
                "universal divinity": self._universally_divine,
            }[name]()
        found: Sets | None = memo[key]
        return found

    def _intuitive(self) -> Sets | None:
        every = _single(self.types)
        left = [t for t in self.types if self.can(every, [(t, ">=")])]
        if left and not all(self.can(_single(left), [(t, "<=")]) for t in left):
            return None
        return every

    def _d1(self) -> Sets | None:
        every = _single(self.types)
        gaining = [t for t in self.types if self.can(every, [(t, ">")])]
        left = [
            t
            for t in self.types
            if all(o == t or self.can(every, [(t, ">="), (o, "<=")]) for o in gaining)
        ]
        return _single(left) if left else None

    def _universally_divine(self) -> Sets | None:
        left = list(self.types)
        while True:
            cone = _single(left)
            if not any(self.can(cone, [(t, ">=")]) for t in self.types):
                return cone
            stay = [
                t
                for t in left
                if self.can(
                    cone, [(t, ">="), *((o, "<=") for o in self.types if o != t)]
                )
            ]
            if not stay:
                return None
            if stay == left:
                return cone
            left = stay

    def _divine(self) -> Sets | None:
        cone, last = _single(self.types), None
        possible = [
            list(zip(self.types, signs, strict=True))
            for signs in itertools.product((">", "==", "<"), repeat=len(self.types))
            if set(signs) != {"<"}
        ]
        while True:
            # replies become fewer, and with them who can gain together
            possible = [signs for signs in possible if self.can(cone, signs)]
            if not possible or possible == last:
                return cone
            last = possible
            sets = set()
            for signs in possible:
                sure = {t for t, s in signs if s == ">"}
                for some in _subsets([t for t, s in signs if s == "=="]):
                    if sure | some:
                        sets.add(frozenset(sure | some))
            cone = frozenset(sets)


def _subsets(items: Sequence[int]) -> Iterable[set[int]]:
    for size in range(len(items) + 1):
        yield from map(set, itertools.combinations(items, size))


def _single(types: Iterable[int]) -> Sets:
    return frozenset(frozenset([t]) for t in types)


def _decided(solver: Any) -> bool:
    import z3

    answer = solver.check()
    if answer == z3.unknown:
        # linear arithmetic is decided, unless somebody interrupts
        raise KeyboardInterrupt
    return bool(answer == z3.sat)


def _context(game: Game) -> Any:
    """A context of z3 for all questions about a game, costly to make."""
    import z3

    kept = game.__dict__
    if "_scrutiny_context" not in kept:
        kept["_scrutiny_context"] = z3.Context()
    return kept["_scrutiny_context"]


def _spanned(game: Game, weights: dict[int, Fraction], cone: Sets) -> bool:
    """Whether weights are a non-negative mixture of the indicators of sets."""
    import z3

    if all(frozenset([t]) in cone for t in weights):
        return True
    context = _context(game)
    solver = z3.SolverFor("QF_LRA", ctx=context)
    zero = z3.RealVal(0, context)
    share = {s: z3.Real(f"l{k}", context) for k, s in enumerate(cone)}
    for variable in share.values():
        solver.add(variable >= 0)
    for t in {t for s in cone for t in s} | set(weights):
        total = z3.Sum([zero, *(v for s, v in share.items() if t in s)])
        solver.add(total == z3.RealVal(str(weights.get(t, ZERO)), context))
    return _decided(solver)


def _unsent(assessment: Assessment) -> list[_Message]:
    """Messages that no type sends and that are answered."""
    game = assessment.game
    tables = game._tables
    chance = [Fraction(1)] * len(tables)
    values: list[Any] = [None] * len(tables)
    first: dict[int, None] = {}
    after = [False] * len(tables)
    for node in range(1, len(tables)):
        before = tables.parent[node]
        chance[node] = chance[before]
        after[node] = after[before] or tables.kind[before] == MOVE
        if tables.kind[before] == CHANCE:
            chance[node] *= game._shares(tables.infoset[before])[tables.option[node]]
    for node in range(len(tables) - 1, -1, -1):
        children = tables.children[node]
        if not children:
            values[node] = game._exact_payoffs[node]
            continue
        index = tables.infoset[node]
        shares = (
            game._shares(index)
            if tables.kind[node] == CHANCE
            else assessment.strategy[index]
        )
        values[node] = tuple(
            sum((p * values[c][k] for p, c in zip(shares, children, strict=True)), ZERO)
            for k in (0, 1)
        )
        if tables.kind[node] == MOVE and not after[node]:
            first[index] = None
    found: dict[str, _Message] = {}
    sent = {
        tables.infosets[h].actions[a]
        for h in first
        for a, p in enumerate(assessment.strategy[h])
        if p
    }
    for h in sorted(first):
        for a, name in enumerate(tables.infosets[h].actions):
            if name not in sent:
                message = found.setdefault(name, _Message(assessment, name, values))
                message.add(h, a, chance)
    return [m for m in found.values() if m.replies]
