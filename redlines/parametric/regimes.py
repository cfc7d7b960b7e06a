"""Every equilibrium of a game as a function of its parameters.

`regimes` is the door. It finds every family of sequential equilibria, the condition on
the parameters under which each exists, and its strategies, beliefs, probabilities and
payoffs in closed form, and says whether it is proved that there is no other.

A *regime* is a support profile with the parameters that sustain it; a *family* is what
regimes that agree on the path have in common.

Reads: everything in parametric.  Used by: users, claims, scenario.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from redlines.errors import (
    BadProbability,
    ContradictoryAssumptions,
    ModelError,
    OutOfRange,
    UnboundParameter,
    UnknownLabel,
    Unsupported,
)
from redlines.forms import (
    SequenceForm,
    every_belief_is_consistent,
    has_perfect_information,
)
from redlines.numbers import Number, Relation, exact, parse_relation
from redlines.parametric.closed_forms import ClosedForm, Value, on_path
from redlines.parametric.conditions import (
    Case,
    Condition,
    as_formula,
    cases_of,
    is_open,
    simplified,
)
from redlines.parametric.names import named
from redlines.parametric.polynomials import Ratio, Ring
from redlines.parametric.refining import filters, refined
from redlines.parametric.region import Region, atoms_of
from redlines.parametric.search import (
    UNSOLVED,
    Findings,
    FoundFamily,
    Member,
    Path,
    Search,
    path_of,
)
from redlines.parametric.survivors import Survivors
from redlines.problem import require
from redlines.removals import read_refinements
from redlines.solution import Concept, Coverage, Solution, Status, read_concept
from redlines.solvers.base import DEFAULT_EFFORT
from redlines.solvers.queries import Undecided
from redlines.solvers.sequential import SequentialElement
from redlines.solvers.supports import SupportSearch
from redlines.tree import Game

if TYPE_CHECKING:
    from xarray import Dataset

__all__ = [
    "Regime",
    "RegimeFamily",
    "Regimes",
    "admitted",
    "each_given",
    "is_sequential",
    "regimes",
]

_WIDTH = 98


def is_sequential(game: Game, concept: Concept) -> bool:
    """Whether the equilibria of a concept are the sequential ones of a game."""
    return (
        concept is Concept.SEQUENTIAL
        or (concept is Concept.SUBGAME_PERFECT and has_perfect_information(game))
        or (
            concept is Concept.WEAK_PERFECT_BAYESIAN
            and every_belief_is_consistent(game)
        )
    )


@runtime_checkable
class Stated(Protocol):
    """What stands for relations, as an `Assumption` does."""

    @property
    def relations(self) -> Sequence[Relation]:
        """All must hold."""


Given = str | Relation | Stated


def admitted(
    game: Game,
    given: Iterable[Given] | Given = (),
    effort: int = DEFAULT_EFFORT,
    time_limit: float | None = None,
    others: Sequence[Game] = (),
) -> tuple[Region, list[Relation]]:
    """The admitted values of a game's open parameters.

    Parameters
    ----------
    game : Game
    given : iterable of str, Relation or Assumption
        Besides the parameters' domains.
    effort, time_limit
        For one question.
    others : sequence of Game
        That share parameters by name; what is admitted must be so in all of them.

    Returns
    -------
    tuple of Region and list of Relation
        The region, and what is given, chains split.

    Raises
    ------
    ContradictoryAssumptions
        If nothing satisfies all of it.
    BadProbability
        If a probability that is an expression can leave (0, 1); names a point.
    """
    games = [game, *others]
    parameters = {n: g.parameters[n] for g in games[::-1] for n in g.parameters}
    relations: list[Relation] = []
    for one in each_given(given):
        if isinstance(one, str):
            relations += parse_relation(one, parameters)
            continue
        if not isinstance(one, Relation | Stated):
            raise ModelError(
                "given= takes relations as text, as expressions, or as assumptions, as "
                f"in given=['cost < stake/2']; not {one!r}"
            )
        stated = [one] if isinstance(one, Relation) else one.relations
        for relation in stated:
            for name in relation.names:
                if name not in parameters:
                    raise UnknownLabel("parameter", name, parameters, f"in {one}")
        relations += stated
    bound = {n: v for g in games for n, v in g.bound.items()}
    ring = Ring(list(dict.fromkeys(n for g in games for n in g.free_parameters)))
    domains = [
        r
        for g in games
        for n in g.free_parameters
        for r in g.parameters[n].domain_relations()
    ]
    region = Region(
        ring,
        atoms_of(ring, [*domains, *(_partly(r, bound) for r in relations)]),
        effort,
        time_limit,
        [n for n in ring.names if "probability" in parameters[n].domain],
    )
    try:
        impossible = region.point() is None
    except Undecided as stopped:
        impossible = False
        region.doubts.append(f"whether anything satisfies what is given: {stopped}")
    if impossible:
        raise ContradictoryAssumptions(
            f"no values of {', '.join(ring.names) or 'the parameters'} satisfy all of: "
            f"{'; '.join(map(str, relations))}"
        )
    for one_game in games:
        _require_probabilities(one_game, region)
    return region, relations


def each_given(given: Iterable[Given] | Given) -> Iterable[Given]:
    """What is given, one by one; a single one need not be in a list."""
    if isinstance(given, str | Relation | Stated):
        return [given]
    if not isinstance(given, Iterable):
        raise ModelError(f"given= takes a list of relations, not {given!r}")
    return given


def _partly(relation: Relation, values: Mapping[str, Fraction]) -> Relation:
    """A relation with the parameters that are bound replaced by their values."""
    left = Number.of(relation.left.at(values))
    right = Number.of(relation.right.at(values))
    return Relation(left, relation.operator, right)


def _require_probabilities(game: Game, region: Region) -> None:
    """Every chance probability lies in (0, 1) wherever the parameters are admitted."""
    one, ring = Number.of(1), region.ring
    for draw in game._tables.draws:
        for outcome, amount in zip(draw.outcomes, draw.amounts, strict=True):
            value = game._amounts[amount]
            if not isinstance(value, Number) or value.is_constant:
                continue
            inside = atoms_of(
                ring,
                [Relation(value, ">", Number.of(0)), Relation(value, "<", one)],
            )
            for atom in inside:
                if atom in region.atoms:
                    continue
                try:
                    point = region.point(atom.negated)
                except Undecided as stopped:
                    region.doubts.append(
                        f"whether {value} stays a probability: {stopped}"
                    )
                    continue
                if point is not None:
                    shown = ", ".join(
                        f"{n} = {v}" for n, v in zip(ring.names, point, strict=True)
                    )
                    raise BadProbability(
                        f"game {game.name!r}: outcome {outcome!r} has the probability "
                        f"{value}, which leaves (0, 1) at {shown}; say in given= that "
                        f"0 < {value} < 1"
                    )


def regimes(
    game: Game,
    given: Iterable[Given] | Given = (),
    concept: Concept | str = "sequential",
    *,
    refine: str | Iterable[str] | None = None,
    effort: int = DEFAULT_EFFORT,
    time_limit: float | None = None,
) -> Regimes:
    """Every equilibrium of a game in its parameters, with the conditions.

    Parameters
    ----------
    game : Game
        With at least one open parameter.
    given : iterable of str, Relation or Assumption
        What is assumed of the parameters besides their domains: ``"cost < stake/2"``.
    concept : Concept or str
        ``"sequential"``, or another whose equilibria are the same in this game:
        ``"subgame perfect"`` with perfect information, ``"weak perfect bayesian"``
        where every belief off the path is consistent (signalling games).
    refine : str or iterable of str, optional
        ``"intuitive criterion"``, ``"D1"``, ``"divinity"`` or ``"universal
        divinity"``, each applied to what the one before leaves; for signalling games.
    effort : int
        How much work one question may do, in z3's resource units; deterministic.
    time_limit : float, optional
        Seconds after which what is still open is given up as undecided.

    Returns
    -------
    Regimes
        A sequence of `Regime`, one for each support profile; read its ``families``
        first, and ``complete``.

    Raises
    ------
    ContradictoryAssumptions
        If no values satisfy what is given.
    BadProbability
        If a probability that is an expression can leave (0, 1).
    Unsupported
        For other concepts, and where a refinement is not defined for the game.

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
    >>> found = rl.regimes(deter)
    >>> for family in found.families:
    ...     print(family.name, "|", family.condition)
    act cross | resolve <= gain/(cost + gain)
    act refrain | resolve >= gain/(cost + gain)
    act mixed (knife edge) | resolve == gain/(cost + gain)
    """
    wanted = read_concept(concept)
    require(game, Game, "regimes")
    game._require_two_players("regimes")
    if not is_sequential(game, wanted):
        raise Unsupported(
            "regimes finds 'sequential' equilibria, and others where they are the same "
            "('subgame perfect' ones where every move is observed, 'weak perfect "
            "bayesian' ones where every belief off the path is consistent, as in a "
            f"signalling game), not {wanted.value!r} ones of {game!r}"
        )
    names = read_refinements(refine)
    if names and wanted is not Concept.SEQUENTIAL:
        raise Unsupported(
            f"refinements restrict the beliefs of 'sequential' equilibria, not of "
            f"{wanted.value!r} ones"
        )
    region, relations = admitted(game, given, effort, time_limit)
    return Regimes(game, wanted, region, relations, names)


class _Described:
    """What a regime and a family share: play and its consequences in closed form."""

    game: Game
    name: str
    open: bool
    _owner: Regimes
    _closed: ClosedForm
    _raw: tuple[Case, ...]

    def _beliefs(self, infosets: Iterable[int]) -> dict[str, dict[str, Value | None]]:
        tables = self.game._tables
        return {
            tables.label(h): {
                tables.history(n): self._at(s)
                for n, s in zip(
                    tables.infosets[h].nodes, self._closed.belief[h], strict=True
                )
            }
            for h in infosets
        }

    @cached_property
    def condition(self) -> Condition:
        """For which parameters it is an equilibrium, besides what is given.

        Of a family: for which some member is one.
        """
        region = self._owner._region
        return Condition(region, simplified(region, self._raw))

    @cached_property
    def witness(self) -> dict[str, Fraction] | None:
        """Rational values at which it is an equilibrium; None if only irrational."""
        region = self._owner._region
        names = region.ring.names
        if self.open:
            for case in self._raw:
                strict = [a for a in case if a.sign != ">="]
                strict += [type(a)(a.key, ">") for a in case if a.sign == ">="]
                try:
                    point = region.point(*strict)
                except Undecided:
                    continue
                if point is not None:
                    return dict(zip(names, point, strict=True))
        for case in self._raw:
            try:
                point = region.point(*case)
            except Undecided:
                continue
            if point is not None:
                return dict(zip(names, point, strict=True))
        return None

    def _at(self, share: Ratio | None) -> Value | None:
        return None if share is None else share.number()

    def probability(self, event: str, given: str | None = None) -> Value | None:
        """The probability of an event in closed form.

        Parameters
        ----------
        event : str
        given : str, optional
            Another event.

        Returns
        -------
        Number or Fraction or None
            None where it is not determined, or where what is given never happens.

        Raises
        ------
        UnknownLabel
            If no path marks the event.
        """
        number = self.game._event(event)
        if given is None:
            return self._at(self._closed.probability(number))
        other = self.game._event(given)
        masks = self.game._tables.event_masks
        one = self._closed._one
        both = self._closed.expected(
            lambda n: one if masks[n] >> number & 1 and masks[n] >> other & 1 else None
        )
        whole = self._closed.probability(other)
        if both is None or whole is None or not whole:
            return None
        return self._at(both / whole)

    @property
    def payoffs(self) -> dict[str, Value | None]:
        """Each player's expected payoff in closed form; None where not determined."""
        return {
            player: self._at(self._closed.payoff(k))
            for k, player in enumerate(self.game.players)
        }


class Regime(_Described):
    """A support profile with the parameters that sustain it.

    Attributes
    ----------
    name : str
        From its play on the path; may be set.
    open : bool
        Whether it holds on a relatively open part of what is given; else it is a knife
        edge.
    """

    def __init__(
        self, owner: Regimes, member: Member, cases: Sequence[Case], is_open: bool
    ) -> None:
        self._owner = owner
        self.game = owner.game
        self._member = member
        self._raw = tuple(cases)
        self.open = is_open
        self.name = ""

    @property
    def support(self) -> Mapping[str, tuple[str, ...]]:
        """By information set, the actions of positive probability."""
        tables = self.game._tables
        return {
            tables.label(h): tuple(row.actions[a] for a in self._member.support[h])
            for h, row in enumerate(tables.infosets)
        }

    @property
    def path(self) -> Mapping[str, tuple[str, ...]]:
        """The support at the information sets that play reaches."""
        tables = self.game._tables
        return {
            tables.label(h): tuple(tables.infosets[h].actions[a] for a in on)
            for h, on in path_of(self.game, self._member.support)
        }

    @cached_property
    def _closed(self) -> ClosedForm:  # type: ignore[override]
        search = self._owner._search
        return ClosedForm(search.form, self._member, search.solver)

    @property
    def strategy(self) -> dict[str, dict[str, dict[str, Value | None]]]:
        """``strategy[player][infoset][action]`` in closed form; None where free."""
        tables = self.game._tables
        found: dict[str, dict[str, dict[str, Value | None]]] = {
            p: {} for p in self.game.players
        }
        for h, row in enumerate(tables.infosets):
            shares = self._closed.strategy[h]
            found[tables.players[row.player]][tables.label(h)] = {
                a: self._at(s) for a, s in zip(row.actions, shares, strict=True)
            }
        return found

    @property
    def belief(self) -> dict[str, dict[str, Value | None]]:
        """``belief[infoset][history]`` in closed form; None where free."""
        return self._beliefs(range(len(self.game._tables.infosets)))

    @cached_property
    def free(self) -> Free:
        """What is not pinned down, with its bounds in the parameters."""
        return Free(self)

    def __repr__(self) -> str:
        kind = "open" if self.open else "knife edge"
        return f"<Regime {self.name!r} of {self.game.name}, {kind}>"

    def __str__(self) -> str:
        lines = [f"{self.name}: {'open' if self.open else 'a knife edge'}"]
        lines += _wrapped(f"where {self.condition}", "  ")
        lines += _play_lines(self, path_of(self.game, self._member.support))
        free = str(self.free)
        if free:
            lines += [f"  {line}" for line in free.splitlines()]
        for note in self._member.notes:
            lines += _wrapped(note, "  ")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


class Free:
    """What a regime leaves open, each with its bounds in the parameters.

    Attributes
    ----------
    strategy : dict
        ``strategy[infoset][action]``, a `Condition` on that probability.
    belief : dict
        ``belief[infoset][history]``, a `Condition` on that belief.
    """

    def __init__(self, regime: Regime) -> None:
        self._regime = regime

    @cached_property
    def strategy(self) -> dict[str, dict[str, Condition]]:
        """By information set and action."""
        from redlines.parametric.bounds import strategy_bounds

        regime = self._regime
        tables = regime.game._tables
        found: dict[str, dict[str, Condition]] = {}
        for h, row in enumerate(tables.infosets):
            for a, share in enumerate(regime._closed.strategy[h]):
                if share is None:
                    found.setdefault(tables.label(h), {})[row.actions[a]] = (
                        strategy_bounds(regime, h, a)
                    )
        return found

    @cached_property
    def belief(self) -> dict[str, dict[str, Condition]]:
        """By information set and history."""
        from redlines.parametric.bounds import belief_bounds

        regime = self._regime
        tables = regime.game._tables
        found: dict[str, dict[str, Condition]] = {}
        for h, row in enumerate(tables.infosets):
            for k, share in enumerate(regime._closed.belief[h]):
                if share is None:
                    found.setdefault(tables.label(h), {})[
                        tables.history(row.nodes[k])
                    ] = belief_bounds(regime, h, k)
        return found

    def __bool__(self) -> bool:
        return bool(self.strategy or self.belief)

    def __str__(self) -> str:
        lines = [
            f"probability of {action} at {label}: {condition}"
            for label, row in self.strategy.items()
            for action, condition in row.items()
        ]
        lines += [
            f"belief in {history} at {label}: {condition}"
            for label, row in self.belief.items()
            for history, condition in row.items()
        ]
        return "\n".join(lines)


class RegimeFamily(_Described, Sequence[Regime]):
    """Regimes that agree on the path: one play, and the condition for some of them.

    Attributes
    ----------
    name : str
        From its play; may be set.
    open : bool
        Whether it exists on a relatively open part of what is given.
    """

    def __init__(
        self,
        owner: Regimes,
        found: FoundFamily,
        cases: Sequence[Case],
        is_open: bool,
    ) -> None:
        self._owner = owner
        self.game = owner.game
        self._found = found
        self._raw = tuple(cases)
        self.open = is_open
        self.name = ""

    @cached_property
    def _closed(self) -> ClosedForm:  # type: ignore[override]
        search = self._owner._search
        found = self._found
        return on_path(search.form, found.path, found.found[0], search.solver)

    @property
    def path(self) -> Mapping[str, tuple[str, ...]]:
        """The support at the information sets that play reaches."""
        tables = self.game._tables
        return {
            tables.label(h): tuple(tables.infosets[h].actions[a] for a in on)
            for h, on in self._found.path
        }

    @property
    def strategy(self) -> dict[str, dict[str, dict[str, Value | None]]]:
        """``strategy[player][infoset][action]`` on the path; None where free."""
        tables = self.game._tables
        found: dict[str, dict[str, dict[str, Value | None]]] = {
            p: {} for p in self.game.players
        }
        for h, _ in self._found.path:
            row = tables.infosets[h]
            found[tables.players[row.player]][tables.label(h)] = {
                a: self._at(s)
                for a, s in zip(row.actions, self._closed.strategy[h], strict=True)
            }
        return found

    @property
    def belief(self) -> dict[str, dict[str, Value | None]]:
        """``belief[infoset][history]`` on the path in closed form; None where free."""
        return self._beliefs(h for h, _ in self._found.path)

    @cached_property
    def members(self) -> tuple[Regime, ...]:
        """Every support profile of the family."""
        return tuple(
            r
            for r in self._owner._listed
            if path_of(self.game, r._member.support) == self._found.path
            and r.open == self.open
        )

    @cached_property
    def sustained(self) -> str:
        """What holds it up off the path: actions, and the beliefs behind them."""
        from redlines.io.prose import sustained

        return sustained(self)

    def __len__(self) -> int:
        return len(self.members)

    def __getitem__(self, index: Any) -> Any:
        return self.members[index]

    def __repr__(self) -> str:
        kind = "open" if self.open else "knife edge"
        return f"<RegimeFamily {self.name!r} of {self.game.name}, {kind}>"

    def lines(self) -> list[str]:
        """The condition, the play on the path and what comes of it, as text."""
        lines = _wrapped(f"where {self.condition}", "  ")
        lines += _play_lines(self, self._found.path)
        lines += _wrapped(self.sustained, "  ")
        return lines

    def __str__(self) -> str:
        return "\n".join([self.name, *self.lines()])

    def _repr_html_(self) -> str:
        from redlines.io.html import family_table

        return family_table(self)


def _play_lines(described: Regime | RegimeFamily, path: Path) -> list[str]:
    tables = described.game._tables
    lines = []
    for h, on in path:
        row = tables.infosets[h]
        words = []
        for a in on:
            share = described._closed.strategy[h][a]
            if share is None:
                words.append(f"{row.actions[a]} (free)")
            elif share.is_one:
                words.append(row.actions[a])
            else:
                words.append(f"{row.actions[a]} with probability {share}")
        who = tables.players[row.player]
        lines += _wrapped(f"{who}, {tables.label(h)}: {', '.join(words)}", "  ")
    for event in described.game.events:
        value = described.probability(event)
        lines += _wrapped(
            f"probability of {event}: {'not determined' if value is None else value}",
            "  ",
        )
    for player, value in described.payoffs.items():
        lines += _wrapped(
            f"payoff of {player}: {'not determined' if value is None else value}", "  "
        )
    return lines


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "    ",
        break_on_hyphens=False,
    )


class Regimes(Sequence[Regime]):
    """Every equilibrium of a game in its parameters.

    A sequence of `Regime`, one for each support profile that some admitted values
    sustain, open ones first; found when they are first looked at. `families` are found
    without them.

    Attributes
    ----------
    game : Game
    concept : Concept
    given : tuple of Relation
        What is assumed besides the domains.
    refinements : tuple of str
        What the equilibria were refined by, in order.
    """

    def __init__(
        self,
        game: Game,
        concept: Concept,
        region: Region,
        given: Sequence[Relation],
        refinements: Sequence[str] = (),
    ) -> None:
        self.game = game
        self.concept = concept
        self.given = tuple(given)
        self._region = region
        self.refinements = tuple(refinements)
        self._survivors = Survivors(game, region, refinements) if refinements else None
        self._search = Search(game, region, self._survivors)
        self._doubts: list[str] = list(region.doubts)
        self._findings = Findings(self._search.families())
        self._partial: dict[frozenset[int], Findings] = {}

    # --------------------------------------------------------------------- families
    @cached_property
    def families(self) -> tuple[RegimeFamily, ...]:
        """Regimes grouped by play on the path, open ones first."""
        found = list(self._findings)
        families = []
        for one in sorted(found, key=lambda f: f.path):
            for cases, opened in self._split(one.condition):
                families.append(RegimeFamily(self, one, cases, opened))
        families.sort(key=lambda f: not f.open)
        for family, name in zip(
            families,
            named(self.game, [(f._found.path, f.open) for f in families]),
            strict=True,
        ):
            family.name = name
        return tuple(families)

    @property
    def _stopped(self) -> list[str]:
        """Why it is not proved that nothing is missing."""
        stopped = self._findings.stopped
        families = [] if stopped is None else [f"the search for families: {stopped}"]
        refined = [] if self._survivors is None else self._survivors.doubts
        return [*self._doubts, *families, *refined]

    def _reaching(self, terminals: frozenset[int] | None) -> Findings:
        """Families under which play comes to one of some terminals; None for all.

        There may be others among them once all families are known.
        """
        known = self._findings
        if terminals is None or (known.ended and known.stopped is None):
            return known
        if terminals not in self._partial:
            self._partial[terminals] = Findings(self._search.families(terminals))
        return self._partial[terminals]

    def _split(self, formula: Any) -> Iterator[tuple[list[Case], bool]]:
        """The open part of a condition and its knife edges."""
        region = self._region
        cases = cases_of(region, formula)
        opened = [c for c in cases if is_open(region, c)]
        thin = [c for c in cases if c not in opened]
        if opened:
            # a thin case at the edge of an open one belongs to it
            edge = as_formula(
                frozenset(type(a)(a.key, ">=") if a.sign == ">" else a for a in c)
                for c in opened
            )
            attached = [c for c in thin if _inside(region, c, edge)]
            yield opened + attached, True
            thin = [c for c in thin if c not in attached]
        if thin:
            yield thin, False

    # --------------------------------------------------------------------- sequence
    @cached_property
    def _listed(self) -> tuple[Regime, ...]:
        found: list[Regime] = []
        try:
            for member in self._search.members():
                for cases, opened in self._split(member.condition):
                    found.append(Regime(self, member, cases, opened))
        except UNSOLVED as stopped:
            self._doubts.append(f"the search for support profiles: {stopped}")
        found.sort(key=lambda r: (not r.open, r._member.support))
        names = named(
            self.game,
            [(path_of(self.game, r._member.support), r.open) for r in found],
            distinct=False,
        )
        for regime, name in zip(found, names, strict=True):
            regime.name = name
        return tuple(found)

    def __len__(self) -> int:
        return len(self._listed)

    def __getitem__(self, index: Any) -> Any:
        return self._listed[index]

    @property
    def kind(self) -> str:
        """What every regime is an equilibrium of, in words."""
        if not self.refinements:
            return f"{self.concept.value} equilibrium"
        by = " and ".join(self.refinements)
        return f"{self.concept.value} equilibrium that passes {by}"

    @property
    def complete(self) -> bool:
        """Whether it is proved that no equilibrium exists outside what is listed."""
        _ = self.families
        return not self._stopped

    @property
    def undecided(self) -> tuple[str, ...]:
        """What was not decided, by name."""
        _ = self.families
        return tuple(self._stopped)

    # -------------------------------------------------------------------- at numbers
    def _values(self, values: Mapping[str, Any]) -> dict[str, Fraction]:
        """Exact numbers within the domains and what is given."""
        names = self._region.ring.names
        for name in values:
            if name not in names:
                raise UnknownLabel("parameter", name, names, f"of {self.game!r}")
        missing = [n for n in names if n not in values]
        if missing:
            raise UnboundParameter(
                f"the regimes of {self.game!r} need a value for "
                f"{', '.join(map(repr, missing))}"
            )
        point = {n: exact(values[n], f"the value of parameter {n!r}") for n in names}
        for name, value in point.items():
            parameter = self.game.parameters[name]
            for relation in parameter.domain_relations():
                if not relation.holds(**{name: value}):
                    raise OutOfRange(
                        f"{name} = {value} breaks {relation}; at the end of a range "
                        "bind the value instead, which gives another game"
                    )
        everything = {**self.game.bound, **point}
        for relation in self.given:
            if not relation.holds(**everything):
                shown = ", ".join(f"{n} = {everything[n]}" for n in relation.names)
                raise OutOfRange(f"{shown} breaks what is given: {relation}")
        return point

    def at(self, **values: Any) -> Solution:
        """The equilibria at numbers, knife edges included.

        Parameters
        ----------
        **values : int, Fraction, float or str
            A value for every open parameter, within the domains and what is given.

        Returns
        -------
        Solution
            Equal to what `redlines.solve` gives there.

        Raises
        ------
        OutOfRange
            If a value leaves its domain or breaks what is given.
        UnknownLabel, UnboundParameter
            If a name is wrong or missing.
        """
        point = self._values(values)
        game = self.game.bind(**point)
        row = tuple(point[n] for n in self._region.ring.names)
        supports = sorted(
            {r._member.support for r in self._listed if as_formula(r._raw).holds(row)}
        )
        elements = _Elements(game, supports)
        complete = not self._stopped
        found = Solution(
            game,
            self.concept,
            elements,
            status=Status.SOLVED if supports else Status.NOT_FOUND,
            coverage=Coverage.ALL,
            complete=complete,
            reason="the regimes are complete over what is given"
            if complete
            else "; ".join(self._stopped),
            method="regimes",
            unit="support profile",
            seconds=0.0,
            count=len(supports) if complete else None,
        )
        if not self.refinements:
            return found
        return refined(found, filters(game, self.concept, self.refinements))

    def evaluate(
        self,
        values: Mapping[str, Any] | Dataset,
        contents: Iterable[str] = ("holds", "exists", "count"),
    ) -> Dataset:
        """Where the regimes hold among many parameter values, decided exactly.

        Parameters
        ----------
        values : xarray.Dataset or mapping of str to number or array
            A value for every open parameter. Those of a Dataset may be coordinates or
            variables; its dimensions and coordinates are kept, so that parameters with
            dimensions of their own make a grid. The arrays of a mapping broadcast
            against each other: one axis is called ``point``, several ``dim_0``,
            ``dim_1`` and so on. Floats are read as the decimals that they print as;
            integers, Fractions and texts such as ``"1/3"`` do as well.
        contents : iterable of str
            What the answer holds besides ``admitted``: any of ``"holds"``,
            ``"exists"``, ``"count"``, ``"probability"`` and ``"payoff"``.

        Returns
        -------
        xarray.Dataset
            Over the dimensions of the values, and first those in brackets:

            ``admitted``
                Whether the values lie in the domains and in what is given; where they
                do not, nothing holds.
            ``holds`` (regime)
                Whether a regime holds, knife edges included. ``member_of`` is the
                family whose path it shares. Equal names are told apart by numbers.
            ``exists`` (family)
                Whether some regime of a family holds.
            ``count``
                How many support profiles sustain an equilibrium.
            ``probability`` (family, event), ``payoff`` (family, player)
                In float64, to a relative error of 1e-12. The regimes of a family have
                them in common: ``answer.payoff.sel(family=answer.member_of)`` has them
                by regime. NaN where the family does not exist, and where a regime of
                it that holds leaves the value open or two of them differ in it.

        Raises
        ------
        UnknownLabel
            If a name is no open parameter, or no content is called that.
        UnboundParameter
            If an open parameter has no value.
        ModelError
            If a value is no finite number; the message says where.

        Notes
        -----
        Signs that floating point with a bound on its error leaves open are decided in
        exact arithmetic, so that points on a boundary, or as near to it as floats can
        be, are right. All but ``exists`` asks for every support profile, which takes
        long in games with many of them. A million points take 1 MB for each regime
        and family, and 8 MB for each probability and payoff of each family.

        Where ``undecided`` is not empty there may be further regimes; the attribute of
        the same name says so.

        Examples
        --------
        >>> import redlines as rl
        >>> @rl.game("US", "Russia")
        ... def deter(play, cost=rl.Positive("price of crossing")):
        ...     if play.move("Russia", "act", ["cross", "refrain"]) == "cross":
        ...         play.pay({"Russia": 1 - cost})
        >>> found = rl.regimes(deter).evaluate({"cost": [0.5, 1.0, "3/2", 0]})
        >>> for name in found.family.values:
        ...     print(name, found.exists.sel(family=name).values)
        act cross [ True  True False False]
        act refrain [False  True  True False]
        act mixed (knife edge) [False  True False False]
        >>> found.admitted.values
        array([ True,  True,  True, False])
        """
        from redlines.parametric.evaluation import evaluate

        return evaluate(self, values, contents)

    # ----------------------------------------------------------------- presentation
    def __repr__(self) -> str:
        return f"<Regimes of {self._headline()}>"

    def _headline(self) -> str:
        opened = sum(f.open for f in self.families)
        edges = len(self.families) - opened
        state = "complete" if self.complete else "not complete"
        by = f" refined by {', '.join(self.refinements)}" if self.refinements else ""
        return (
            f"{self.game.name}, {self.concept.value}{by}: {opened} open families, "
            f"{edges} knife edges, {state}"
        )

    def __str__(self) -> str:
        lines = [self._headline()]
        lines += [f"  open question: {w}"[:100] for w in self._stopped]
        shown = 0
        for family in self.families:
            block = [family.name, *_wrapped(f"where {family.condition}", "  ")]
            if len(lines) + len(block) > 39:
                break
            lines += block
            shown += 1
        if shown < len(self.families):
            lines.append(f"... {len(self.families) - shown} more; see .families")
        return "\n".join(line[:100] for line in lines)

    def _repr_html_(self) -> str:
        from redlines.io.html import regimes_table

        return regimes_table(self)

    def latex(self, symbols: Mapping[str, str] | None = None) -> str:
        r"""Every open family as a proposition, and the knife edges as a remark.

        Parameters
        ----------
        symbols : mapping of str to str, optional
            LaTeX for math mode of some parameters: ``{"audience_cost": "a"}``. The
            others are written as authors do: ``p1`` as ``p_1``, ``delta`` as
            ``\delta``, words upright.

        Returns
        -------
        str
            To stand in the body of a document that loads amsmath and amsthm.

        Raises
        ------
        UnknownLabel
            If a symbol is given for what is no parameter.
        ModelError
            If two parameters are to have one symbol.
        """
        from redlines.io.latex import propositions

        return propositions(self, symbols)

    def proposition(self, number: int) -> str:
        """A family as a proposition in plain text.

        Parameters
        ----------
        number : int
            Of the proposition, from 1, in the order of `families`.

        Returns
        -------
        str
            Lines of at most 100 characters.

        Raises
        ------
        OutOfRange
            If there is no family of that number.
        """
        from redlines.io.prose import proposition

        return proposition(self, number)

    def boundary(self, family: str | None = None) -> dict[str, tuple[Relation, ...]]:
        """The surfaces in the parameters on which open families begin.

        Parameters
        ----------
        family : str, optional
            The name of one of them; default all.

        Returns
        -------
        dict of str to tuple of Relation
            By the family's name the comparisons of its condition as equations, a
            product factor by factor, as far as they have the family on one side within
            what is given; none for a family that always exists. One that is not decided
            is listed too.

        Raises
        ------
        UnknownLabel
            If no open family has the name.
        """
        from redlines.parametric.boundaries import boundary

        return boundary(self, family)

    def plot(
        self,
        x: str,
        y: str,
        fixed: Mapping[str, Any] | None = None,
        ax: Any = None,
        **options: Any,
    ) -> Any:
        """The map of open families; see `redlines.plots.regimes.plot_regimes`."""
        from redlines.plots.regimes import plot_regimes

        return plot_regimes(self, x, y, fixed, ax, **options)


def _inside(region: Region, case: Case, edge: Any) -> bool:
    try:
        return not region.allows(*case, edge.negated)
    except Undecided:
        return False


class _Elements(Sequence[SequentialElement]):
    """Elements on known support profiles, made when they are looked at."""

    def __init__(self, game: Game, supports: Sequence[Any]) -> None:
        self._game = game
        self._supports = supports

    @cached_property
    def _form(self) -> SequenceForm:
        return SequenceForm(self._game)

    def __len__(self) -> int:
        return len(self._supports)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[k] for k in range(*index.indices(len(self)))]
        search = SupportSearch(self._form, DEFAULT_EFFORT)
        search.require(self._supports[index])
        model = search.next()
        if model is None:
            raise AssertionError(f"no equilibrium on {self._supports[index]}")
        return SequentialElement(self._form, model)
