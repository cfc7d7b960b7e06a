"""Claims proved or refuted for every admitted value of the parameters.

`check` says of a claim whether it is true of every pair of admitted parameter values
and equilibrium, of none, or of some; each answer is a proof or comes with equilibria
that the referee has verified. What is not decided is called unknown.

First the games are solved at a few admitted values: a claim that is true of one
equilibrium and false of another is decided by these two. What is not met there is
looked for among all families, or, where it asks that an event happens, among those
under which it can; that none is left is the proof.

Reads: claims, parametric, solving, verdicts and below.  Used by: pivots, scenario.
"""

from __future__ import annotations

import itertools
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from redlines.algebraic import Algebraic
from redlines.claims import Claim, EventProbability, ExpectedPayoff, Measure, Static
from redlines.errors import (
    BadProbability,
    ContradictoryAssumptions,
    ModelError,
    SolveFailed,
    UnknownLabel,
    Unsupported,
)
from redlines.numbers import Number, compare
from redlines.parametric.conditions import Condition, cases_of, simplified
from redlines.parametric.plays import (
    Play,
    joint_region,
    lifted,
    lifted_ratio,
    play_of,
    plays_of,
    projected,
)
from redlines.parametric.polynomials import Ratio
from redlines.parametric.regimes import Regimes, admitted, each_given, is_sequential
from redlines.parametric.region import (
    All,
    AnyOf,
    Formula,
    Irrational,
    Region,
    atoms_between,
    conjunction,
)
from redlines.parametric.samples import samples
from redlines.parametric.search import UNSOLVED
from redlines.problem import require
from redlines.solution import Concept, Equilibrium, Solution, read_concept
from redlines.solvers.base import DEFAULT_EFFORT
from redlines.solvers.queries import Undecided
from redlines.solving import solve
from redlines.statics import static
from redlines.tree import Game
from redlines.verdicts import Given, Verdict, Where, Witness
from redlines.witnesses import equilibrium_at, value_at

__all__ = ["LARGER", "PATIENCE", "SOON", "Case", "check"]

# concepts with more equilibria than the sequential ones
LARGER = (Concept.WEAK_PERFECT_BAYESIAN, Concept.NASH)

# support profiles that may be proposed for what is asked besides a verdict
PATIENCE = 400

# games whose families are kept for the next claim about them
REMEMBERED = 8
_RECENT: OrderedDict[Hashable, Regimes] = OrderedDict()

# Games are solved at this many values, fewer where they have many information sets:
# as many as make MET of them, but not below FEWEST.
MET, FEWEST, MOST = 200, 4, 24
LISTED = 100  # equilibria at one value
COUNTED = 6  # values at which all equilibria are looked at

# All families of a game are found for the wording of a verdict alone if it has few
# information sets, or few support profiles where it was solved.
SOON, FEW = 14, 8

# what the wording of a verdict, unlike the verdict, may cost
SIDE_EFFORT = 2_000_000

SLACKS = [Fraction(1, 2**k) for k in range(10, -1, -1)]

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def check(
    game: Game,
    claim: Claim | Static,
    given: Iterable[Given] = (),
    concept: Concept | str = "sequential",
    in_some: bool = False,
    *,
    effort: int = DEFAULT_EFFORT,
    time_limit: float | None = None,
) -> Verdict:
    """Whether a claim about equilibrium follows from what is given.

    Parameters
    ----------
    game : Game
        With open parameters; measures of the claim without ``game=`` are of this one.
    claim : Claim or Static
        ``P("nuclear use") <= "1/10"``, ``payoff("US") >= 0``, a comparison of one
        measure in two games, or ``falls(P("crossed"), "audience_cost")``.
    given : iterable of str, Relation or Assumption
        What is assumed of the parameters besides their domains.
    concept : Concept or str
        ``"sequential"``, or another whose equilibria are the same in this game (see
        `redlines.regimes`). For ``"weak perfect bayesian"`` and ``"nash"`` otherwise a
        claim is tried at admitted values: that is enough for "sometimes".
    in_some : bool
        Whether it is enough that at every admitted value some equilibrium satisfies
        the claim.
    effort : int
        How much work one question may do, in z3's resource units; deterministic.
    time_limit : float, optional
        Seconds after which what is still open is given up as undecided.

    Returns
    -------
    Verdict
        "always", "sometimes" and "never" are proved; "unknown" says what was not
        decided.

    Raises
    ------
    ContradictoryAssumptions
        If nothing satisfies what is given, with a smallest set that already does so.
    UnknownLabel
        If no path marks an event, or there is no such player or parameter.
    Unsupported
        For other concepts.

    Examples
    --------
    >>> import redlines as rl
    >>> @rl.game("US", "Russia")
    ... def deter(
    ...     play,
    ...     resolve=rl.Probability("chance that the US would fight"),
    ...     gain=rl.Positive("worth of crossing"),
    ...     cost=rl.Positive("price"),
    ... ):
    ...     fights = play.draw("US", {"yes": resolve, "no": 1 - resolve}, seen_by="US")
    ...     if play.move("Russia", "act", ["cross", "refrain"]) == "cross":
    ...         play.mark("crossed")
    ...         play.pay({"Russia": -cost if fights == "yes" else gain})
    >>> rl.check(deter, rl.P("crossed") == 0, given=["resolve > gain/(gain + cost)"])
    <Verdict always: P(crossed) == 0>
    """
    wanted = read_concept(concept)
    if not isinstance(claim, Claim | Static):
        raise ModelError(
            f"a claim compares a measure, as in P('crossed') <= '1/10', not {claim!r}"
        )
    items: Any = tuple(each_given(given))
    return Case(game, claim, items, wanted, in_some, effort, time_limit).verdict()


@dataclass(frozen=True)
class _Side:
    """A measure of the claim, in its game."""

    measure: Measure | None
    value: Number | Fraction | None
    number: int  # of the game


@dataclass(frozen=True)
class _Sample:
    """Equilibria of the claim's games at admitted values, with what is compared."""

    values: dict[str, Fraction]
    equilibria: tuple[Equilibrium, ...]
    measured: tuple[Any, ...]

    def witness(self) -> Witness:
        """What is shown of it."""
        for one in self.equilibria:
            if not one.certificate.holds:
                raise AssertionError(f"refused: {one.certificate.failures[0]}")
        return Witness(self.values, self.equilibria, self.measured)


@dataclass(frozen=True)
class _Pair:
    """One play of each game, with both sides of the claim over a common region."""

    plays: tuple[Play, ...]
    region: Region
    formula: Formula
    left: Ratio
    right: Ratio
    defined: tuple[Formula, ...]


def _least(side: _Side) -> Fraction | None:
    """What a side is never less than; None if that is not known."""
    if isinstance(side.measure, EventProbability):
        return Fraction(0)
    if side.measure is None and not isinstance(side.value, Number):
        return side.value
    return None


class Case:
    """One claim, with all that is needed to decide it."""

    def __init__(
        self,
        game: Game,
        claim: Claim | Static,
        given: tuple[Given, ...],
        concept: Concept,
        in_some: bool,
        effort: int,
        time_limit: float | None,
        patience: int | None = None,
    ) -> None:
        require(game, Game, "check")
        self.patience = patience
        self.game = game
        self.claim = claim
        self.given = given
        self.concept = concept
        self.in_some = in_some
        self.effort = effort
        self.time_limit = time_limit
        self.games: list[Game] = []
        if isinstance(claim, Static):
            self.sides = [self._side(claim.measure)]
        else:
            self.sides = [self._side(claim.left), self._side(claim.right)]
        if not self.games:
            self.games.append(game)
        for one in self.games:
            one._require_two_players("check")
        # whether all equilibria can be found for open parameters, or at numbers only
        self.is_symbolic = all(is_sequential(g, concept) for g in self.games)
        if not self.is_symbolic and (
            concept not in LARGER or in_some or isinstance(claim, Static)
        ):
            raise Unsupported(
                "check decides claims about 'sequential' equilibria, and others where "
                "they are the same; a claim that holds in every equilibrium it can "
                f"refute for {', '.join(repr(c.value) for c in LARGER)} ones too, not "
                f"for {concept.value!r} ones of {game!r}"
            )
        try:
            self.region, self.relations = admitted(
                self.games[0], given, effort, time_limit, self.games[1:]
            )
        except ContradictoryAssumptions:
            raise ContradictoryAssumptions(self._contradiction()) from None
        if isinstance(claim, Static) and claim.parameter not in self.region.ring.names:
            raise UnknownLabel(
                "parameter", claim.parameter, self.region.ring.names, f"in {claim}"
            )
        self.regimes = [self._regimes(g) for g in self.games]
        self.stopped: list[str] = list(self.region.doubts)
        # support profiles at one sample, at most, and the least slack of a true one
        self._profiles = 0
        self._gap: Any = None
        self._met = 0  # samples

    def _regimes(self, game: Game) -> Regimes:
        """The families of a game; found once for claims about the same values."""
        key = (
            game,
            self.concept,
            self.region.ring.names,
            self.region.atoms,
            self.effort,
            self.time_limit,
            self.patience,
        )
        found = _RECENT.pop(key, None)
        if found is None:
            # a region of its own, so that what one claim asked changes no other
            region = joint_region(self.region, [], fresh=True)
            concept = self.concept if self.is_symbolic else Concept.SEQUENTIAL
            found = Regimes(game, concept, region, self.relations)
            found._search.patience = self.patience
        _RECENT[key] = found
        while len(_RECENT) > REMEMBERED:
            _RECENT.popitem(last=False)
        return found

    def _contradiction(self) -> str:
        """A smallest part of what is given that nothing satisfies, in words."""
        left = list(self.given)
        for one in self.given:
            rest = [g for g in left if g is not one]
            try:
                admitted(
                    self.games[0],
                    rest,
                    self.effort,
                    self.time_limit,
                    self.games[1:],
                )
            except ContradictoryAssumptions:
                left = rest
            except BadProbability:
                pass
        return (
            "no values within the parameters' domains satisfy all of: "
            f"{'; '.join(map(str, left))}. Any one of these left out, the rest can hold"
        )

    def _side(self, value: Measure | Number | Fraction) -> _Side:
        if not isinstance(value, Measure):
            return _Side(None, value, 0)
        game = value.game or self.game
        if not any(known is game for known in self.games):
            self.games.append(game)
        number = next(k for k, known in enumerate(self.games) if known is game)
        if isinstance(value, EventProbability):
            game._event(value.event)
            if value.given is not None:
                game._event(value.given)
        elif isinstance(value, ExpectedPayoff):
            game._player(value.player)
        return _Side(value, None, number)

    # -------------------------------------------------------------------------- plays
    @cached_property
    def plays(self) -> list[list[Play]]:
        """Every way in which each game is played."""
        return [self._own_plays(number) for number in range(len(self.games))]

    def _own_plays(
        self, number: int, terminals: frozenset[int] | None = None
    ) -> list[Play]:
        """Every way in which a game is played, perhaps to one of some terminals."""
        one = self.regimes[number]
        own: list[Play] = []
        findings = one._reaching(terminals)
        for family in sorted(findings, key=lambda f: f.path):
            try:
                own += plays_of(one._search, family.path, family.found, f"{number}.")
            except UNSOLVED as stopped:
                self.stopped.append(f"the members of a family: {stopped}")
        if findings.stopped is not None:
            self.stopped.append(f"the search for families: {findings.stopped}")
        return own

    def value(self, side: _Side, plays: Sequence[Play], region: Region) -> Any:
        """A side of the claim over a region, with what must not be 0."""
        ring = region.ring
        if side.measure is None:
            value = side.value
            assert value is not None
            if isinstance(value, Number):
                for name in value.names:
                    if name not in self.region.ring.names:
                        raise UnknownLabel(
                            "parameter",
                            name,
                            self.region.ring.names,
                            f"in {self.claim}",
                        )
            return ring.ratio(value), ()
        play = plays[side.number]
        game = self.games[side.number]
        measure = side.measure
        if isinstance(measure, ExpectedPayoff):
            return lifted_ratio(play.payoff(game._player(measure.player)), ring), ()
        assert isinstance(measure, EventProbability)
        event = 1 << game._event(measure.event)
        if measure.given is None:
            return lifted_ratio(play.probability(event), ring), ()
        given = 1 << game._event(measure.given)
        whole = lifted_ratio(play.probability(given), ring)
        if not whole:
            return None, ()
        both = lifted_ratio(play.probability(event | given), ring)
        return both / whole, (region.plain(whole.above, "!="),)

    def pairs(self) -> Iterator[_Pair]:
        """Every combination of plays that can occur together."""
        return self._paired(self.plays)

    def _paired(self, options: Sequence[Sequence[Play]]) -> Iterator[_Pair]:
        for plays in itertools.product(*options):
            region = joint_region(self.region, plays)
            formula = conjunction(lifted(p.formula, p.ring, region.ring) for p in plays)
            left, one = self.value(self.sides[0], plays, region)
            right, other = (
                self.value(self.sides[1], plays, region)
                if len(self.sides) > 1
                else (region.ring.ratio(0), ())
            )
            if left is None or right is None:
                self.undefined = True
                continue
            yield _Pair(plays, region, formula, left, right, (*one, *other))

    undefined = False

    # ------------------------------------------------------------------------ verdict
    def verdict(self) -> Verdict:
        """The claim decided."""
        if isinstance(self.claim, Static):
            return static(self)
        if self.in_some:
            return self._in_some()
        seen = self._sampled()
        found: dict[bool, Witness | None] = {t: s.witness() for t, s in seen.items()}
        operator = self.claim.operator
        if not self.is_symbolic and len(found) < 2:
            self.stopped.append(
                f"{self.concept.value} equilibria were looked at for {self._met} "
                "admitted values only; of those that are not sequential nothing is "
                "proved"
            )
        for truth, asked in ((True, operator), (False, _OPPOSITE[operator])):
            # sequential equilibria are equilibria of the larger concepts too
            if truth not in found and (self.is_symbolic or self.patience is None):
                witness, exists = self._search(asked, "true" if truth else "false")
                if exists:
                    found[truth] = witness
        if len(found) == 2:
            name = "sometimes"
        elif self.stopped or not found:
            name = "unknown"
            if not self.stopped:
                self.stopped.append(
                    "what the claim conditions on never happens in any equilibrium"
                )
        else:
            name = "always" if True in found else "never"
        return self.packed(name, found.get(True), found.get(False))

    def samples(self, *conditions: Formula, most: int = MOST) -> Iterator[_Sample]:
        """Equilibria at a few admitted values."""
        sizes = sum(len(g._tables.infosets) for g in self.games)
        count = min(most, max(FEWEST, MET // max(1, sizes)))
        for point in samples(self.region, count, *conditions):
            values = dict(zip(self.region.ring.names, point, strict=True))
            try:
                shown = [self._solved(g, values) for g in self.games]
            except (SolveFailed, Unsupported):
                if self.is_symbolic:
                    raise
                continue
            self._met += 1
            self._profiles = max([self._profiles, *map(len, shown)])
            for equilibria in itertools.product(*shown):
                measured = tuple(
                    s.measure.of(equilibria[s.number])
                    if s.measure is not None
                    else s.value.at(values)
                    if isinstance(s.value, Number)
                    else s.value
                    for s in self.sides
                )
                if None in measured:
                    self.undefined = True
                else:
                    yield _Sample(values, equilibria, measured)

    def _solved(self, game: Game, values: Mapping[str, Fraction]) -> Solution:
        """Equilibria of a game at admitted values."""
        return solve(
            game.bind(**{n: values[n] for n in game.free_parameters}),
            self.concept,
            effort=self.effort,
            time_limit=self.region.require_time(),
            limit=LISTED,
        )

    def met(
        self, operator: str, *conditions: Formula, most: int = MOST
    ) -> Witness | None:
        """One of a few samples in which the two sides compare so.

        Raises
        ------
        Undecided
            If not even one admitted value was found within the effort.
        """
        for one in self.samples(*conditions, most=most):
            left, right = one.measured
            if compare(left, operator, right):
                return one.witness()
        return None

    def refuted(self, *conditions: Formula) -> bool:
        """Whether the claim is false of some equilibrium among a few."""
        assert isinstance(self.claim, Claim)
        met = self.met(_OPPOSITE[self.claim.operator], *conditions, most=1)
        return met is not None

    def _sampled(self) -> dict[bool, _Sample]:
        """A sample of which the claim is true and one of which it is false, if met."""
        assert isinstance(self.claim, Claim)
        found: dict[bool, _Sample] = {}
        try:
            for one in self.samples():
                left, right = one.measured
                truth = compare(left, self.claim.operator, right)
                found.setdefault(truth, one)
                if len(found) == 2:
                    break
                if truth and not any(isinstance(m, Algebraic) for m in one.measured):
                    gap = abs(left - right)
                    self._gap = gap if self._gap is None else min(gap, self._gap)
        except Undecided:
            pass  # what is not met here is looked for among all families
        return found

    def _terminals(self, operator: str) -> dict[int, frozenset[int]]:
        """By game, where play must come to if the two sides are to compare so.

        A probability that is to be more than something that is not negative is not 0.
        """
        found: dict[int, frozenset[int]] = {}
        pairs = zip(
            (self.sides, self.sides[::-1]), (operator, _MIRRORED[operator]), strict=True
        )
        for (one, other), word in pairs:
            if not isinstance(one.measure, EventProbability):
                continue
            game = self.games[one.number]
            mask = 0
            if one.measure.given is not None:
                mask |= 1 << game._event(one.measure.given)
            least = _least(other)
            if least is not None and (
                (word == ">" and least >= 0)
                or (word == ">=" and least > 0)
                or (word == "!=" and other.value == 0)
            ):
                mask |= 1 << game._event(one.measure.event)
            if mask:
                terminals = frozenset(
                    node
                    for node, marked in enumerate(game._tables.event_masks)
                    if marked & mask == mask and not game._tables.children[node]
                )
                before = found.get(one.number)
                if before is None or len(terminals) < len(before):
                    found[one.number] = terminals
        return found

    def _search(self, operator: str, word: str) -> tuple[Witness | None, bool]:
        """A witness of a comparison among all families, and whether one exists."""
        terminals = self._terminals(operator)
        sizes = [len(g._tables.infosets) for g in self.games]
        order = sorted(range(len(sizes)), key=lambda k: (k not in terminals, sizes[k]))
        *known, last = order
        options: list[list[Play]] = [[] for _ in order]
        # what some family needs is mostly met together with what is asked
        if known:
            for family in self.regimes[known[0]]._reaching(terminals.get(known[0])):
                try:
                    met = self.met(operator, family.found[0].condition, most=2)
                except Undecided:
                    continue
                if met is not None:
                    return met, True
        for k in known:
            options[k] = self._own_plays(k, terminals.get(k))
            if not options[k]:
                return None, False
        # the last families of a large game need not be waited for
        one = self.regimes[last]
        for family in one._reaching(terminals.get(last)):
            # of other members more may be free, so only this one's condition counts
            first = play_of(one._search, family.path, family.found[0], f"{last}.")
            options[last] = [first]
            stopped = len(self.stopped)
            for pair in self._paired(options):
                witness, exists = self._look(pair, operator, word)
                if exists and witness is not None:
                    return witness, True
            del self.stopped[stopped:]  # it is asked again below
        options[last] = self._own_plays(last, terminals.get(last))
        irrational = False
        for pair in self._paired(options):
            self._note_undefined(pair)
            witness, exists = self._look(pair, operator, word)
            if witness is not None:
                return witness, True
            irrational |= exists
        return None, irrational

    def packed(
        self, name: str, witness_for: Witness | None, witness_against: Witness | None
    ) -> Verdict:
        """The answer under a name."""
        decided = name in ("always", "never") or (
            name == "sometimes" and not self.in_some
        )
        return Verdict(
            name,
            self.claim,
            self.game,
            self.concept,
            self.given,
            self.in_some,
            witness_for,
            witness_against,
            undecided=() if decided else tuple(dict.fromkeys(self.stopped)),
            undefined=self.undefined,
            notes=tuple(self._notes()),
            _where=self._where,
            _slack=self._least_slack,
            _bare=self._bare,
            _ends=self._ends if len(self.games) > 1 else None,
        )

    def _look(
        self, pair: _Pair, operator: str, word: str
    ) -> tuple[Witness | None, bool]:
        """A witness of a comparison on a pair, and whether one exists."""
        atoms = atoms_between(pair.region, pair.left, operator, pair.right)
        try:
            point = pair.region.point(pair.formula, *pair.defined, *atoms)
        except Irrational:
            return None, True
        except Undecided as stopped:
            self.stopped.append(f"whether the claim can be {word}: {stopped}")
            return None, False
        if point is None:
            return None, False
        return self._witness(pair, point), True

    def _note_undefined(self, pair: _Pair) -> None:
        for formula in pair.defined:
            try:
                if pair.region.allows(pair.formula, formula.negated):
                    self.undefined = True
            except Undecided:
                self.undefined = True

    def _witness(self, pair: _Pair, point: Sequence[Fraction]) -> Witness | None:
        at = dict(zip(pair.region.ring.names, point, strict=True))
        values = {n: at[n] for n in self.region.ring.names}
        equilibria = []
        for game, play in zip(self.games, pair.plays, strict=True):
            equilibria.append(equilibrium_at(game, self.concept, values, play, at))
        measured = (
            value_at(pair.left, at, pair.region),
            value_at(pair.right, at, pair.region),
        )
        return Witness(values, tuple(equilibria), measured)

    def _notes(self) -> Iterator[str]:
        measures = [s.measure for s in self.sides if s.measure is not None]
        if any(isinstance(m, ExpectedPayoff) for m in measures):
            same = [m for m in measures if isinstance(m, ExpectedPayoff)]
            if not (
                len(same) == 2
                and len(measures) == 2
                and same[0].player == same[1].player
            ):
                yield (
                    "The claim compares a payoff with something else, so it changes "
                    "when that player's payoffs are rescaled, which changes no play."
                )
        if self.undefined:
            yield (
                "Equilibria in which what the claim conditions on never happens are "
                "left out."
            )

    def _somewhere(self, pair: _Pair, operator: str) -> Formula | None:
        """Where some equilibrium of a pair compares so; None if not worked out."""
        atoms = atoms_between(pair.region, pair.left, operator, pair.right)
        whole = conjunction([pair.formula, *pair.defined, *atoms])
        names = [n for p in pair.plays for n in p.unknowns]
        if not names:
            return whole
        found = projected(pair.region, whole, names)
        if found is None:
            return None
        return lifted(found, pair.region.ring, self.region.ring)

    # ------------------------------------------------------------------------ in some
    def _in_some(self) -> Verdict:
        """Whether at every admitted value some equilibrium satisfies the claim."""
        assert isinstance(self.claim, Claim)
        holds: list[Formula] = []
        witness_for: Witness | None = None
        yes = open_ = False
        for pair in self.pairs():
            found, exists = self._look(pair, self.claim.operator, "true")
            if not exists:
                continue
            if not yes:
                witness_for, yes = found, True
            where = self._somewhere(pair, self.claim.operator)
            if where is None:
                open_ = True
            else:
                holds.append(where)
        if not yes:
            return self.packed("unknown" if self.stopped else "never", None, None)
        try:
            point = self.region.point(*(h.negated for h in holds))
        except Irrational:
            point = ()
        except Undecided as stopped:
            self.stopped.append(f"whether some equilibrium always satisfies: {stopped}")
            return self.packed("unknown", witness_for, None)
        if point is None and not self.stopped:
            return self.packed("always", witness_for, None)
        if self.stopped or open_:
            if open_:
                self.stopped.append("where free mixtures satisfy the claim")
            return self.packed("unknown", witness_for, None)
        against = self._anywhere(point) if point else None
        return self.packed("sometimes", witness_for, against)

    def _anywhere(self, point: Sequence[Fraction]) -> Witness | None:
        """An equilibrium at a point, whichever."""
        for pair in self.pairs():
            if not any(p.unknowns for p in pair.plays) and pair.formula.holds(point):
                return self._witness(pair, point)
        return None

    # -------------------------------------------------------------------------- where
    @property
    def _affordable(self) -> bool:
        """Whether all families are known, or can soon be."""
        few = 0 < self._profiles <= FEW
        return self.is_symbolic and all(
            r._findings.ended or few or len(g._tables.infosets) <= SOON
            for r, g in zip(self.regimes, self.games, strict=True)
        )

    def _split(self) -> tuple[list[Formula], list[Formula]] | None:
        """Where some equilibrium satisfies the claim, and where some violates it."""
        assert isinstance(self.claim, Claim)
        yes: list[Formula] = []
        no: list[Formula] = []
        for pair in self.pairs():
            for operator, found in (
                (self.claim.operator, yes),
                (_OPPOSITE[self.claim.operator], no),
            ):
                where = self._somewhere(pair, operator)
                if where is None:
                    return None
                if self.region.allows(where):
                    found.append(where)
        return yes, no

    def _where(self, name: str) -> Where:
        region = self.region
        everything, nothing = Condition(region, [frozenset()]), Condition(region, [])
        if not self.in_some and name in ("always", "never"):
            every, none = everything, nothing
            if name == "never":
                every, none = none, every
            return Where(every, nothing, none)
        if isinstance(self.claim, Static):
            return Where(None, None, None)
        if self.stopped or not self._affordable:
            return Where(None, None, None, self._counted())
        effort, region.effort = region.effort, min(region.effort, SIDE_EFFORT)
        try:
            split = self._split()
            if split is None:
                return Where(None, None, None, self._counted())
            yes, no = split
            if not no:
                return Where(everything, nothing, nothing)
            if not yes:
                return Where(nothing, nothing, everything)

            def condition(formula: Formula) -> Condition:
                return Condition(region, simplified(region, cases_of(region, formula)))

            true = condition(AnyOf(tuple(yes)))
            false = condition(AnyOf(tuple(no)))
            return Where(
                condition(false.formula.negated),
                condition(conjunction([true.formula, false.formula])),
                condition(true.formula.negated),
            )
        except UNSOLVED:
            return Where(None, None, None, self._counted())
        finally:
            region.effort = effort

    def _counted(self) -> tuple[int, int, int]:
        """At how many of a few values it is true of every, of some, of no equilibrium.

        Values at which a measure takes more than one value within a family, or not all
        equilibria were found, are left out.
        """
        counts = [0, 0, 0]
        try:
            for point in samples(self.region, COUNTED):
                values = dict(zip(self.region.ring.names, point, strict=True))
                truths = self._truths(values)
                if truths is not None:
                    counts[1 if len(truths) == 2 else 0 if True in truths else 2] += 1
        except (Undecided, SolveFailed, Unsupported):
            pass
        return counts[0], counts[1], counts[2]

    def _truths(self, values: Mapping[str, Fraction]) -> set[bool] | None:
        """What the claim is at some values; None if that is not clear."""
        assert isinstance(self.claim, Claim)
        found: set[bool] = set()
        solved = [self._solved(g, values) for g in self.games]
        if not all(s.complete for s in solved):
            return None
        for families in itertools.product(*(s.families for s in solved)):
            measured = []
            for side in self.sides:
                if side.measure is None:
                    value = side.value
                    at = value.at(values) if isinstance(value, Number) else value
                    measured.append(at)
                    continue
                range_ = families[side.number].range(side.measure)
                if range_ is None or not range_.is_point:
                    return None
                measured.append(range_.low)
            found.add(compare(measured[0], self.claim.operator, measured[1]))
        return found or None

    # -------------------------------------------------------------------------- slack
    def _least_slack(self) -> Fraction | None:
        """The largest of a few round numbers by which the claim always holds."""
        if isinstance(self.claim, Static) or self.claim.operator in ("==", "!="):
            return None
        best: Fraction | None = Fraction(0)
        if self._gap is not None and self._gap < SLACKS[0]:
            return best
        if not self._affordable:
            return None
        effort, self.region.effort = self.region.effort, SIDE_EFFORT
        try:
            for step in SLACKS:
                if not self._has_slack(step):
                    break
                best = step
        except Undecided:
            return best or None
        finally:
            self.region.effort = effort
        return best

    def _has_slack(self, step: Fraction) -> bool:
        assert isinstance(self.claim, Claim)
        upper = self.claim.operator in ("<", "<=")
        for pair in self.pairs():
            shift = pair.region.ring.ratio(step)
            left = pair.left + shift if upper else pair.left - shift
            atoms = atoms_between(pair.region, left, ">" if upper else "<", pair.right)
            if pair.region.allows(pair.formula, *pair.defined, *atoms):
                return False
        return True

    def _bare(self) -> str:
        """The verdict with nothing given; "unknown" where that would take long."""
        try:
            return (
                Case(
                    self.game,
                    self.claim,
                    (),
                    self.concept,
                    self.in_some,
                    self.effort,
                    self.time_limit,
                    PATIENCE,
                )
                .verdict()
                .name
            )
        except (Undecided, BadProbability):
            return "unknown"  # without what is given a probability may leave (0, 1)

    # ---------------------------------------------------------------- ends of the sets
    def _ends(self, smallest: bool) -> str:
        """The claim between the smallest, or largest, values of both games."""
        assert isinstance(self.claim, Claim)
        sides = [s for s in self.sides if s.measure is not None]
        if len(sides) != 2 or not self._affordable:
            return "not worked out"
        if any(p.unknowns for own in self.plays for p in own):
            return "not worked out"
        answers = []
        try:
            for operator in (self.claim.operator, _OPPOSITE[self.claim.operator]):
                answers.append(self._ends_allow(smallest, operator))
        except Undecided:
            return "unknown"
        if self.stopped:
            return "unknown"
        yes, no = answers
        return "sometimes" if yes and no else "always" if yes else "never"

    def _ends_allow(self, smallest: bool, operator: str) -> bool:
        """Whether the ends can compare so somewhere."""
        region = self.region
        word = "<=" if smallest else ">="
        for pair in self.pairs():
            conditions: list[Formula] = [pair.formula, *pair.defined]
            for number, value in enumerate((pair.left, pair.right)):
                side = self.sides[number]
                for rival in self.plays[side.number]:
                    if rival is pair.plays[side.number]:
                        continue
                    plays = list(pair.plays)
                    plays[side.number] = rival
                    theirs, defined = self.value(side, plays, region)
                    if theirs is None:
                        continue
                    beaten = atoms_between(region, value, word, theirs)
                    conditions.append(
                        AnyOf(
                            (
                                rival.formula.negated,
                                *(d.negated for d in defined),
                                All(tuple(beaten)),
                            )
                        )
                    )
            conditions += atoms_between(region, pair.left, operator, pair.right)
            if region.allows(*conditions):
                return True
        return False
