"""Claims proved or refuted for every admitted value of the parameters.

`check` says of a claim whether it is true of every pair of admitted parameter values
and equilibrium, of none, or of some; each answer is a proof or comes with equilibria
that the referee has verified. What is not decided is called unknown.

Reads: claims, parametric, solving and below.  Used by: users, hinges, scenario.
"""

from __future__ import annotations

import itertools
import textwrap
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from html import escape
from typing import Any

from redlines.claims import Claim, EventProbability, ExpectedPayoff, Measure, Static
from redlines.errors import (
    BadProbability,
    ContradictoryAssumptions,
    ModelError,
    UnknownLabel,
    Unsupported,
)
from redlines.evidence import Assumption
from redlines.forms import SequenceForm, has_perfect_information
from redlines.numbers import Number, Relation, brief, compare
from redlines.parametric.closed_forms import ClosedForm
from redlines.parametric.conditions import Condition, cases_of, simplified
from redlines.parametric.elimination import TooManyRows
from redlines.parametric.plays import (
    Play,
    joint_region,
    lifted,
    lifted_ratio,
    plays_of,
    projected,
)
from redlines.parametric.polynomials import Ratio
from redlines.parametric.regimes import Regimes, admitted
from redlines.parametric.region import (
    All,
    AnyOf,
    Formula,
    Irrational,
    Region,
    atoms_between,
    conjunction,
)
from redlines.profile import Assessment
from redlines.solution import Concept, Equilibrium, read_concept
from redlines.solvers.base import DEFAULT_EFFORT
from redlines.solvers.cells import TooManyCells
from redlines.solvers.consistency import from_orders, orders_and_weights
from redlines.solvers.queries import Undecided
from redlines.solvers.sequential import SequentialElement
from redlines.solvers.supports import Model, SupportSearch
from redlines.solving import solve
from redlines.tree import Game

__all__ = ["Given", "Verdict", "Where", "Witness", "check"]

_WIDTH = 98

# games whose families are kept for the next claim about them
REMEMBERED = 8
_RECENT: OrderedDict[Hashable, Regimes] = OrderedDict()

# information sets of a game whose families are all found for the wording alone
SOON = 14

# what the wording of a verdict, unlike the verdict, may cost
SIDE_EFFORT = 2_000_000

Given = str | Relation | Assumption

_UNSOLVED = (Undecided, TooManyCells, TooManyRows)
_MIRRORED = {">": "<", "<=": ">="}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


# ----------------------------------------------------------------------------- answers
@dataclass(frozen=True)
class Witness:
    """Admitted values with an equilibrium there, one for each game of the claim.

    Attributes
    ----------
    values : dict of str to Fraction
        Of every parameter.
    equilibria : tuple of Equilibrium
        Verified by the referee; in the order of the claim's games.
    measured : tuple of Fraction
        What the two sides of the claim are there.
    """

    values: Mapping[str, Fraction]
    equilibria: tuple[Equilibrium, ...]
    measured: tuple[Any, ...]

    def __str__(self) -> str:
        where = ", ".join(f"{n} = {v}" for n, v in self.values.items())
        sides = " against ".join(brief(m, 24) for m in self.measured)
        return f"at {where}: {sides}"


@dataclass(frozen=True)
class Where:
    """On which parameters a claim holds; each is None where it is not worked out.

    Attributes
    ----------
    every : Condition or None
        It is true of every equilibrium.
    some : Condition or None
        It is true of some equilibrium and false of some other.
    none : Condition or None
        It is true of no equilibrium.
    """

    every: Condition | None
    some: Condition | None
    none: Condition | None

    def lines(self) -> list[str]:
        """The three conditions as text."""
        words = (
            ("true in every equilibrium where", self.every),
            ("in some and not in others where", self.some),
            ("true in no equilibrium where", self.none),
        )
        return [
            f"{text}: {'not worked out' if condition is None else condition}"
            for text, condition in words
        ]

    def __str__(self) -> str:
        return "\n".join(self.lines())


@dataclass
class Verdict:
    """What is proved of a claim.

    Attributes
    ----------
    name : {"always", "sometimes", "never", "unknown"}
    claim : Claim or Static
    game : Game
    concept : Concept
    given : tuple of Given
        As they were given.
    in_some : bool
        Whether one equilibrium that satisfies the claim was enough.
    witness_for, witness_against : Witness or None
        Values and an equilibrium of which the claim is true, and false.
    void : str
        Where no equilibrium exists: "never" for concepts that always have one.
    undecided : tuple of str
        What was not decided; never empty where the verdict is unknown.
    undefined : bool
        Whether some pair was left out because what the claim conditions on has
        probability 0 there.
    notes : tuple of str
        What a reader must know before quoting it.
    """

    name: str
    claim: Claim | Static
    game: Game
    concept: Concept
    given: tuple[Given, ...]
    in_some: bool = False
    witness_for: Witness | None = None
    witness_against: Witness | None = None
    void: str = "never"
    undecided: tuple[str, ...] = ()
    undefined: bool = False
    notes: tuple[str, ...] = ()
    _where: Callable[[str], Where] | None = field(default=None, repr=False)
    _slack: Callable[[], Fraction | None] | None = field(default=None, repr=False)
    _bare: Callable[[], str] | None = field(default=None, repr=False)
    _ends: Callable[[bool], str] | None = field(default=None, repr=False)

    def __bool__(self) -> bool:
        raise ModelError(
            f"the verdict is {self.name!r}; compare its name: verdict.name == 'always'"
        )

    @cached_property
    def where(self) -> Where:
        """For which parameters the claim is true of all, some or no equilibria."""
        if self._where is None:
            return Where(None, None, None)
        return self._where(self.name)

    @cached_property
    def slack(self) -> Fraction | None:
        """By how much an "always" holds at least; 0 if there is no room or no bound."""
        return self._slack() if self.name == "always" and self._slack else None

    @cached_property
    def best_to_best(self) -> str | None:
        """The verdict on the smallest values of two games; None for one game."""
        return self._ends(True) if self._ends else None

    @cached_property
    def worst_to_worst(self) -> str | None:
        """The verdict on the largest values of two games; None for one game."""
        return self._ends(False) if self._ends else None

    @cached_property
    def trivial(self) -> bool | None:
        """Whether it would be the same with every assumption dropped."""
        if not self.given or self._bare is None or self.name == "unknown":
            return None
        return self._bare() == self.name

    def report(self) -> str:
        """A few lines to quote: where first, then the verdict, and on what."""
        lines: list[str] = []
        for line in self.where.lines():
            lines += _wrapped(line)
        scope = "some equilibrium" if self.in_some else "every equilibrium"
        head = f"{self.name.upper()}: {self.claim}"
        lines += _wrapped(head)
        lines += _wrapped(
            f"in {scope} ({self.concept.value}), for every payoff of this game's form "
            f"that satisfies {len(self.given)} assumptions"
            if self.given
            else f"in {scope} ({self.concept.value}), for every payoff of this game's "
            "form",
            "  ",
        )
        for assumption in self.given:
            text = str(assumption)
            if isinstance(assumption, Assumption):
                text = f"{assumption}: {assumption.why}"
            lines += _wrapped(text, "  - ")
        if self.name == "always" and self.slack is not None:
            lines += _wrapped(f"least slack: {self.slack}", "  ")
        if self.witness_for is not None and self.name != "always":
            lines += _wrapped(f"true {self.witness_for}", "  ")
        if self.witness_against is not None:
            lines += _wrapped(f"false {self.witness_against}", "  ")
        if self._ends is not None and self.name == "sometimes":
            lines += _wrapped(
                f"smallest against smallest: {self.best_to_best}; largest against "
                f"largest: {self.worst_to_worst}",
                "  ",
            )
        for note in (*self.notes, *(f"not decided: {u}" for u in self.undecided)):
            lines += _wrapped(note, "  ")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<Verdict {self.name}: {self.claim}>"

    def __str__(self) -> str:
        return self.report()

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self.report())}</pre>"


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=" " * len(indent) + "    ",
        break_on_hyphens=False,
    )


# ---------------------------------------------------------------------------- the door
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
        ``"sequential"``, or ``"subgame perfect"`` where every move is observed.
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
    given = (given,) if isinstance(given, str | Relation | Assumption) else tuple(given)
    return _Case(game, claim, given, wanted, in_some, effort, time_limit).verdict()


@dataclass(frozen=True)
class _Side:
    """A measure of the claim, in its game."""

    measure: Measure | None
    value: Number | Fraction | None
    number: int  # of the game


@dataclass(frozen=True)
class _Moving:
    """A play at one of two values of a parameter."""

    formula: Formula
    value: Ratio
    unknowns: tuple[str, ...]


@dataclass(frozen=True)
class _Pair:
    """One play of each game, with both sides of the claim over a common region."""

    plays: tuple[Play, ...]
    region: Region
    formula: Formula
    left: Ratio
    right: Ratio
    defined: tuple[Formula, ...]


class _Case:
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
            if concept is not Concept.SEQUENTIAL and not (
                concept is Concept.SUBGAME_PERFECT and has_perfect_information(one)
            ):
                raise Unsupported(
                    "check decides 'sequential' equilibria (and 'subgame perfect' ones "
                    f"where every move is observed), not {concept.value!r} ones of "
                    f"{one!r}"
                )
        relations = [
            r
            for g in given
            for r in (g.relations if isinstance(g, Assumption) else [g])
        ]
        try:
            self.region, self.relations = admitted(
                self.games[0], relations, effort, time_limit, self.games[1:]
            )
        except ContradictoryAssumptions:
            raise ContradictoryAssumptions(self._contradiction()) from None
        if isinstance(claim, Static) and claim.parameter not in self.region.ring.names:
            raise UnknownLabel(
                "parameter", claim.parameter, self.region.ring.names, f"in {claim}"
            )
        self.regimes = [self._regimes(g) for g in self.games]
        self.stopped: list[str] = list(self.region.doubts)
        self._played: dict[int, list[Play]] = {}

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
            found = Regimes(game, self.concept, region, self.relations)
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
            relations = [
                r
                for g in rest
                for r in (g.relations if isinstance(g, Assumption) else [g])
            ]
            try:
                admitted(
                    self.games[0],
                    relations,
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

    def _own_plays(self, number: int) -> list[Play]:
        """Every way in which a game is played."""
        if number in self._played:
            return self._played[number]
        one = self.regimes[number]
        own: list[Play] = []
        for family in sorted(one._as_found(), key=lambda f: f.path):
            try:
                own += plays_of(one._search, family.path, family.found, f"{number}.")
            except _UNSOLVED as stopped:
                self.stopped.append(f"the members of a family: {stopped}")
        self.stopped += one._stopped
        self._played[number] = own
        return own

    def _value(self, side: _Side, plays: Sequence[Play], region: Region) -> Any:
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
            left, one = self._value(self.sides[0], plays, region)
            right, other = (
                self._value(self.sides[1], plays, region)
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
            return self._static()
        if self.in_some:
            return self._in_some()
        witness_for, witness_against = self._hunt()
        yes, no = witness_for is not None, witness_against is not None
        for pair in self.pairs() if not (yes and no) else ():
            if not yes:
                witness_for, yes = self._look(pair, self.claim.operator, "true")
            if not no:
                witness_against, no = self._look(
                    pair, _OPPOSITE[self.claim.operator], "false"
                )
            self._note_undefined(pair)
            if yes and no:
                break
        if yes and no:
            name = "sometimes"
        elif self.stopped or not (yes or no):
            name = "unknown"
            if not self.stopped:
                self.stopped.append(
                    "what the claim conditions on never happens in any equilibrium"
                )
        else:
            name = "always" if yes else "never"
        found = self._packed(name, witness_for, witness_against)
        return found

    def _hunt(self) -> tuple[Witness | None, Witness | None]:
        """Equilibria of which the claim is true and false, while families are found.

        A claim that is true of some and false of others is decided as soon as both
        are met; the last families of a large game need not be waited for.
        """
        assert isinstance(self.claim, Claim)
        sizes = [len(g._tables.infosets) for g in self.games]
        last = sizes.index(max(sizes))
        known = [self._own_plays(k) if k != last else [] for k in range(len(sizes))]
        found: dict[str, Witness | None] = {}
        one = self.regimes[last]
        for family in one._as_found():
            closed = ClosedForm(one._search.form, family.found[0], one._search.solver)
            if any(closed.strategy[h][a] is None for h, on in family.path for a in on):
                continue
            # of other members more may be free, so only this one's condition counts
            play = Play(
                family.path, self.region.ring, family.found[0].condition, closed
            )
            options = [own if k != last else [play] for k, own in enumerate(known)]
            for pair in self._paired(options):
                for word, operator in (
                    ("true", self.claim.operator),
                    ("false", _OPPOSITE[self.claim.operator]),
                ):
                    if found.get(word) is None:
                        stopped = len(self.stopped)
                        found[word] = self._look(pair, operator, word)[0]
                        del self.stopped[stopped:]  # it is asked again at the end
                if all(found.get(w) is not None for w in ("true", "false")):
                    return found["true"], found["false"]
        return found.get("true"), found.get("false")

    def _packed(
        self, name: str, witness_for: Witness | None, witness_against: Witness | None
    ) -> Verdict:
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
            _evaluated(pair.left, at, pair.region),
            _evaluated(pair.right, at, pair.region),
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

    def fails_at(self, point: Sequence[Fraction]) -> bool:
        """Whether the claim is false of some equilibrium shown at a point."""
        assert isinstance(self.claim, Claim)
        values = dict(zip(self.region.ring.names, point, strict=True))
        shown = [
            list(
                solve(g.bind(**{n: values[n] for n in g.free_parameters}), "sequential")
            )
            for g in self.games
        ]
        for equilibria in itertools.product(*shown):
            sides = []
            for side in self.sides:
                if side.measure is not None:
                    sides.append(side.measure.of(equilibria[side.number]))
                elif isinstance(side.value, Number):
                    sides.append(side.value.at(values))
                else:
                    sides.append(side.value)
            if None not in sides and not compare(
                sides[0], self.claim.operator, sides[1]
            ):
                return True
        return False

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
            return self._packed("unknown" if self.stopped else "never", None, None)
        try:
            point = self.region.point(*(h.negated for h in holds))
        except Irrational:
            point = ()
        except Undecided as stopped:
            self.stopped.append(f"whether some equilibrium always satisfies: {stopped}")
            return self._packed("unknown", witness_for, None)
        if point is None and not self.stopped:
            return self._packed("always", witness_for, None)
        if self.stopped or open_:
            if open_:
                self.stopped.append("where free mixtures satisfy the claim")
            return self._packed("unknown", witness_for, None)
        against = self._anywhere(point) if point else None
        return self._packed("sometimes", witness_for, against)

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
        return all(
            r._ended or len(g._tables.infosets) <= SOON
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
        if isinstance(self.claim, Static) or self.stopped or not self._affordable:
            return Where(None, None, None)
        effort, region.effort = region.effort, min(region.effort, SIDE_EFFORT)
        try:
            split = self._split()
            if split is None:
                return Where(None, None, None)
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
        except _UNSOLVED:
            return Where(None, None, None)
        finally:
            region.effort = effort

    # -------------------------------------------------------------------------- slack
    def _least_slack(self) -> Fraction | None:
        """The largest of a few round numbers by which the claim always holds."""
        if isinstance(self.claim, Static) or self.claim.operator in ("==", "!="):
            return None
        best: Fraction | None = Fraction(0)
        effort, self.region.effort = self.region.effort, SIDE_EFFORT
        try:
            for step in (Fraction(1, 2**k) for k in range(10, -1, -1)):
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
        case = _Case(
            self.game,
            self.claim,
            (),
            self.concept,
            self.in_some,
            self.effort,
            self.time_limit,
        )
        return case.verdict().name

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
                    theirs, defined = self._value(side, plays, region)
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

    # ------------------------------------------------------------------------- statics
    def _static(self) -> Verdict:
        """How a measure moves with a parameter."""
        claim = self.claim
        assert isinstance(claim, Static)
        rises = claim.direction == "rises"
        copy = claim.parameter + "'"
        region = joint_region(self.region, self.plays[0], [copy])
        ring, renamed = region.ring, {claim.parameter: copy}
        ordered = [
            *(lifted(a, self.region.ring, ring, renamed) for a in self.region.atoms),
            region.plain(ring.symbol(copy) - ring.symbol(claim.parameter), ">"),
        ]
        region = Region(
            ring,
            [*region.atoms, *ordered],  # type: ignore[list-item]
            region.effort,
            region.time_limit,
        )
        here: list[_Moving] = []
        there: list[_Moving] = []
        for play in self.plays[0]:
            own = joint_region(self.region, [play])
            value, defined = self._value(self.sides[0], [play], own)
            if value is None:
                self.undefined = True
                continue
            formula = conjunction([lifted(play.formula, play.ring, own.ring), *defined])
            for names, found in (({}, here), (renamed, there)):
                found.append(
                    _Moving(
                        lifted(formula, own.ring, ring, names),
                        lifted_ratio(value, ring, names),
                        play.unknowns,
                    )
                )
        # "falls" asks that, at the larger value, there is not more than at the smaller
        before, after = (there, here) if rises else (here, there)
        against, moved = False, False
        witness: Witness | None = None
        try:
            point = self._moves(region, before, after, claim.selection, ">")
            against = point is not None
            if point is not None:
                witness = self._static_witness(region, point, claim.parameter)
                moved = (
                    self._moves(region, before, after, claim.selection, "<=")
                    is not None
                )
        except Irrational:
            against = moved = True
        except Undecided as stopped:
            self.stopped.append(f"how {claim.measure} moves: {stopped}")
        if against:
            name = "sometimes" if moved else "never"
        else:
            name = "unknown" if self.stopped else "always"
        verdict = self._packed(name, None, witness)
        if against:
            verdict.undecided = ()
        return verdict

    def _moves(
        self,
        region: Region,
        before: list[_Moving],
        after: list[_Moving],
        selection: str,
        sign: str,
    ) -> tuple[Fraction, ...] | None:
        """A point at which what comes after compares so with what was before."""

        def beyond(value: Ratio, rivals: list[_Moving], word: str) -> Iterator[Formula]:
            """That the value compares so with all that the rivals can be."""
            for rival in rivals:
                back = atoms_between(region, value, _OPPOSITE[word], rival.value)
                some: Formula | None = conjunction([rival.formula, *back])
                if rival.unknowns:
                    some = projected(region, some, rival.unknowns)  # type: ignore[arg-type]
                    if some is None:
                        raise Undecided("a family with free mixtures on both sides")
                yield some.negated  # type: ignore[union-attr]

        if selection == "ends":
            # the largest after against the largest before, then the smallest
            mirrored = _MIRRORED[sign]
            if sign == ">":
                for one in after:
                    point = region.point(one.formula, *beyond(one.value, before, sign))
                    if point is not None:
                        return point
                for one in before:
                    point = region.point(
                        one.formula, *beyond(one.value, after, mirrored)
                    )
                    if point is not None:
                        return point
                return None
            # neither rises: for no value after is everything before smaller, and so on
            for one in before:
                for other in after:
                    point = region.point(
                        one.formula,
                        other.formula,
                        *beyond(one.value, after, ">="),
                        *beyond(other.value, before, "<="),
                    )
                    if point is not None:
                        return point
            return None
        for k, one in enumerate(after):
            for j, rival in enumerate(before):
                if selection == "branch" and j != k:
                    continue
                if selection == "branch" and one.unknowns:
                    continue  # within a free family there is no one value to follow
                point = region.point(
                    one.formula,
                    rival.formula,
                    *atoms_between(region, one.value, sign, rival.value),
                )
                if point is not None:
                    return point
        return None

    def _static_witness(
        self, region: Region, point: Sequence[Fraction], parameter: str
    ) -> Witness | None:
        at = dict(zip(region.ring.names, point, strict=True))
        values = {n: at[n] for n in self.region.ring.names}
        moved = {**values, parameter: at[parameter + "'"]}
        equilibria, measured = [], []
        for one in (values, moved):
            row = tuple(one[n] for n in self.region.ring.names)
            for play in self.plays[0]:
                if not play.unknowns and play.formula.holds(row):
                    found = equilibrium_at(self.game, self.concept, one, play, one)
                    equilibria.append(found)
                    assert isinstance(self.claim, Static)
                    measured.append(self.claim.measure.of(found))
                    break
        return Witness(
            {**values, parameter + "'": moved[parameter]},
            tuple(equilibria),
            tuple(measured),
        )


def _evaluated(ratio: Ratio, at: Mapping[str, Fraction], region: Region) -> Fraction:
    row = [at[n] for n in region.ring.names]
    ring = ratio.ring
    below = _plain_value(ring, ratio.below, row)
    return _plain_value(ring, ratio.above, row) / below


def _plain_value(ring: Any, poly: Any, row: Sequence[Fraction]) -> Fraction:
    value = ring.number(poly).at(dict(zip(ring.names, row, strict=True)))
    assert isinstance(value, Fraction)
    return value


class _AtPoint(SequentialElement):
    """The one assessment that a search gave, rather than the middle of its cell."""

    def assessment(self) -> Assessment:
        """As the search found it."""
        return from_orders(self.form, *orders_and_weights(self.form, self.model))


def equilibrium_at(
    game: Game,
    concept: Concept,
    values: Mapping[str, Fraction],
    play: Play,
    at: Mapping[str, Fraction],
) -> Equilibrium:
    """An equilibrium at numbers that is played in a given way, verified.

    Parameters
    ----------
    game : Game
    concept : Concept
    values : mapping of str to Fraction
        Of the parameters; those that are not the game's are left out.
    play : Play
    at : mapping of str to Fraction
        The parameters and the unknowns of the play.
    """
    bound = game.bind(**{n: values[n] for n in game.free_parameters})
    form = SequenceForm(bound)
    search = SupportSearch(form, DEFAULT_EFFORT)
    for infoset, on in play.path:
        row = bound._tables.infosets[infoset]
        own = form.players[row.player]
        for action in range(len(row.actions)):
            q = own.first[infoset] + action
            flag = search.on[row.player][q]
            search.solver.add(flag if action in on else search.z3.Not(flag))
            share = play.closed.strategy[infoset][action]
            if action in on and len(on) > 1 and share is not None:
                ring = share.ring
                values_at = [at.get(n, Fraction(0)) for n in ring.names]
                number = _plain_value(ring, share.above, values_at) / _plain_value(
                    ring, share.below, values_at
                )
                C = search.C[row.player]
                search.solver.add(C[q] == search.real(number) * C[own.parent[q]])
    model: Model | None = search.next()
    if model is None:
        raise AssertionError(f"no equilibrium of {bound!r} is played as was found")
    found = Equilibrium(_AtPoint(form, model), concept)
    if not found.certificate.holds:
        raise AssertionError(f"the referee refused: {found.certificate.failures[0]}")
    return found
