"""What a verdict hangs on, and what would settle one that is open.

`hinges` looks for the smallest sets of statements from which an "always" follows;
`missing` for the weakest single condition that would turn a "sometimes" into an
"always" or a "never".

Reads: proving and below.  Used by: scenario.
"""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import Any

from redlines.claims import Claim, Static
from redlines.errors import ContradictoryAssumptions
from redlines.evidence import OURS, Assumption, Switch
from redlines.numbers import Number, Relation, parse_relation
from redlines.parametric.conditions import relation_of
from redlines.parametric.regimes import each_given
from redlines.parametric.region import AnyOf, Atom, Formula, Region, atoms_of
from redlines.proving import LARGER, PATIENCE, Case, check
from redlines.solution import Concept, read_concept
from redlines.solvers.base import DEFAULT_EFFORT
from redlines.solvers.queries import Undecided
from redlines.tree import Game
from redlines.verdicts import Given, Verdict

__all__ = ["Hinges", "Missing", "hinges", "missing"]

_WIDTH = 98

MAX_SETS = 128


@dataclass(frozen=True)
class Hinges:
    """Which statements a verdict hangs on.

    Attributes
    ----------
    verdict : Verdict
        With everything that is given.
    sets : tuple of frozenset of str
        The smallest sets of statements that suffice for an "always"; ids of
        statements, or what was given as text.
    undecided : tuple of frozenset of str
        Sets of which it is not decided whether they suffice.
    statements : tuple of str
        All that were tried.
    ours : tuple of str
        What no statement says and every set takes for granted.
    otherwise : tuple of tuple of str
        What could be otherwise, and the verdict then, one thing at a time: another
        reading, the alternative of a switch, a concept with more equilibria.
    """

    verdict: Verdict
    sets: tuple[frozenset[str], ...]
    undecided: tuple[frozenset[str], ...]
    statements: tuple[str, ...]
    ours: tuple[str, ...]
    otherwise: tuple[tuple[str, str], ...] = ()

    @property
    def pivotal(self) -> tuple[str, ...]:
        """Statements that every sufficient set needs."""
        if not self.sets or self.undecided:
            return ()
        return tuple(s for s in self.statements if all(s in one for one in self.sets))

    @property
    def replaceable(self) -> tuple[str, ...]:
        """Statements that some sufficient sets need and others do without."""
        return tuple(
            s
            for s in self.statements
            if any(s in one for one in self.sets)
            and not all(s in one for one in self.sets)
        )

    @property
    def idle(self) -> tuple[str, ...]:
        """Statements that no smallest sufficient set needs."""
        if not self.sets or self.undecided:
            return ()
        return tuple(
            s for s in self.statements if not any(s in one for one in self.sets)
        )

    @property
    def trivial(self) -> bool:
        """Whether the verdict holds without any statement."""
        return frozenset() in self.sets

    def __str__(self) -> str:
        lines = [f"{self.verdict.name.upper()}: {self.verdict.claim}"]
        if self.verdict.name != "always":
            lines.append("  only an 'always' hangs on statements")
        for one in self.sets:
            words = ", ".join(sorted(one)) or "no statement at all: it is trivial"
            lines.append(f"  follows from {words}")
        for title, found in (
            ("pivotal", self.pivotal),
            ("replaceable", self.replaceable),
            ("idle", self.idle),
        ):
            if found:
                lines.append(f"  {title}: {', '.join(found)}")
        for one in self.undecided:
            words = ", ".join(sorted(one)) or "no statement at all"
            lines.append(f"  not decided whether it follows from {words}")
        if self.ours:
            lines.append("  ours, and always taken for granted:")
            lines += [f"    {word}" for word in self.ours]
        if self.otherwise:
            lines.append("  with one thing otherwise:")
            lines += [f"    {words}: {name}" for words, name in self.otherwise]
        return "\n".join(part for line in lines for part in _wrapped(line))

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def _wrapped(line: str) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip()))
    return textwrap.wrap(
        line, _WIDTH, subsequent_indent=indent + "    ", break_on_hyphens=False
    )


def hinges(
    game: Game,
    claim: Claim | Static,
    given: Iterable[Given | Switch] = (),
    concept: Concept | str = "sequential",
    *,
    in_some: bool = False,
    effort: int = DEFAULT_EFFORT,
    time_limit: float | None = None,
) -> Hinges:
    """The smallest sets of statements from which an "always" follows.

    Parameters
    ----------
    game : Game
    claim : Claim or Static
    given : iterable of str, Relation, Assumption or Switch
        An assumption counts for its statements, all or nothing; one of our own is
        always kept. A relation stands for itself. A switch, taken back, gives the game
        its alternative structure.
    concept, in_some, effort, time_limit
        As `redlines.check` takes them.

    Returns
    -------
    Hinges

    Notes
    -----
    Every set is decided by a proof or an equilibrium; sets that could not be decided
    are listed. At most 128 sets are tried, those that are smaller first.
    """
    read_concept(concept)
    items = list(given)
    groups: dict[str, list[Given | Switch]] = {}
    ours: list[Given | Switch] = []
    for one in items:
        if isinstance(one, Assumption | Switch):
            if one.sources == (OURS,):
                ours.append(one)
                continue
            for source in one.sources:
                groups.setdefault(source, [])
        else:
            groups.setdefault(str(one), [])
    statements = tuple(groups)

    def decide(chosen: frozenset[str]) -> str:
        kept: list[Given] = []
        told = game
        for one in items:
            if isinstance(one, Assumption | Switch):
                holds = one.sources == (OURS,) or set(one.sources) <= chosen
            else:
                holds = str(one) in chosen
            if isinstance(one, Switch):
                told = told(**{one.argument: one.value if holds else one.alternative})
            elif holds:
                kept.append(one)
        dropped = [g for g in items if not isinstance(g, Switch) and g not in kept]
        try:
            case = Case(
                told,
                claim,
                tuple(kept),
                read_concept(concept),
                in_some,
                effort,
                time_limit,
                PATIENCE,
            )
            if not in_some and _refuted(case, dropped):
                return "sometimes"
            return case.verdict().name
        except Undecided:
            return "unknown"

    everything = frozenset(statements)
    whole = check(
        _told(game, items),
        claim,
        [g for g in items if not isinstance(g, Switch)],
        concept,
        in_some,
        effort=effort,
        time_limit=time_limit,
    )
    enough: list[frozenset[str]] = []
    undecided: list[frozenset[str]] = []
    if whole.name == "always":
        lacking: list[frozenset[str]] = []
        tried = 0
        # a set that misses one statement first: what it lacks, its subsets lack
        order = [everything - {s} for s in statements]
        order += [
            frozenset(c)
            for size in range(len(statements))
            for c in itertools.combinations(statements, size)
        ]
        for chosen in dict.fromkeys(order):
            if (
                any(e <= chosen for e in enough if e != chosen)
                and len(chosen) < len(everything) - 1
            ):
                continue
            if any(chosen <= l for l in lacking):  # noqa: E741
                continue
            if tried >= MAX_SETS:
                undecided.append(chosen)
                continue
            tried += 1
            verdict = decide(chosen)
            if verdict == "unknown":
                undecided.append(chosen)
            elif verdict == "always":
                enough.append(chosen)
            else:
                lacking.append(chosen)
        enough.append(everything)
        enough = [e for e in enough if not any(o < e for o in enough)]
        undecided = [u for u in undecided if not any(e <= u for e in enough)]
    return Hinges(
        whole,
        tuple(sorted(dict.fromkeys(enough), key=lambda e: (len(e), sorted(e)))),
        tuple(undecided),
        statements,
        (
            *(str(o) for o in ours),
            f"the form of the payoffs in {game.name!r}, the parameters' domains",
            f"the concept: {read_concept(concept).value} equilibrium",
        ),
        tuple(_otherwise(game, claim, items, whole, effort, time_limit)),
    )


def _otherwise(
    game: Game,
    claim: Claim | Static,
    items: Sequence[Given | Switch],
    whole: Verdict,
    effort: int,
    time_limit: float | None,
) -> Iterator[tuple[str, str]]:
    """What one thing that could be otherwise makes of an "always"."""
    if whole.name != "always":
        return

    def decided(changed: Sequence[Given | Switch], concept: Concept) -> str:
        try:
            return (
                Case(
                    _told(game, changed),
                    claim,
                    tuple(g for g in changed if not isinstance(g, Switch)),
                    concept,
                    whole.in_some,
                    effort,
                    time_limit,
                    PATIENCE,
                )
                .verdict()
                .name
            )
        except ContradictoryAssumptions:
            return "contradicts the rest"
        except Undecided:
            return "unknown"

    for k, one in enumerate(items):
        if isinstance(one, Assumption | Switch) and one.otherwise is not None:
            changed = [*items[:k], one.otherwise, *items[k + 1 :]]
            yield f"{one.otherwise}", decided(changed, whole.concept)
    if whole.concept is Concept.SEQUENTIAL and not (
        whole.in_some or isinstance(claim, Static)
    ):
        for larger in LARGER:
            name = decided(items, larger)
            if name == "unknown":
                name = "unknown, tried at a few admitted values only"
            yield f"{larger.value} equilibrium", name


def _refuted(case: Case, dropped: Sequence[Given]) -> bool:
    """Whether a claim fails at one of a few points that break what was dropped.

    Solving at numbers is quick where a search over all parameters is not, and one
    equilibrium of which the claim is false is enough.
    """
    if isinstance(case.claim, Static):
        return False
    relations = [
        r
        for g in dropped
        for r in (
            g.relations
            if isinstance(g, Assumption)
            else [g]
            if isinstance(g, Relation)
            else parse_relation(g)
        )
    ]
    atoms = [atoms_of(case.region.ring, [r]) for r in relations]
    asked: list[list[Formula]] = []
    for k, broken in enumerate(atoms):
        # one condition broken, the others kept
        kept = [a for j, rest in enumerate(atoms) if j != k for a in rest]
        asked.append([*(a.negated for a in broken), *kept])
    asked += [[*(a.negated for a in broken)] for broken in atoms]
    for conditions in asked:
        try:
            if case.refuted(*conditions):
                return True
        except Undecided:
            continue
    return False


def _told(game: Game, items: Sequence[Given | Switch]) -> Game:
    switches = {s.argument: s.value for s in items if isinstance(s, Switch)}
    return game(**switches) if switches else game


# ----------------------------------------------------------------------------- missing
@dataclass(frozen=True)
class Missing:
    """What would settle a claim that is true of some equilibria only.

    Attributes
    ----------
    verdict : Verdict
        As things stand.
    always, never : tuple of Relation
        Each alone, added to what is given, turns the verdict into "always" or "never";
        none implies another of the same list.
    """

    verdict: Verdict
    always: tuple[Relation, ...]
    never: tuple[Relation, ...]

    def __str__(self) -> str:
        lines = [f"{self.verdict.name.upper()}: {self.verdict.claim}"]
        lines += [f"  always, if besides {r}" for r in self.always]
        lines += [f"  never, if besides {r}" for r in self.never]
        if self.verdict.name == "sometimes" and len(lines) == 1:
            lines.append("  no single comparison that was tried settles it")
        return "\n".join(part for line in lines for part in _wrapped(line))

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def missing(
    game: Game,
    claim: Claim,
    given: Iterable[Given] = (),
    concept: Concept | str = "sequential",
    *,
    effort: int = DEFAULT_EFFORT,
    time_limit: float | None = None,
) -> Missing:
    """The weakest single conditions that would settle a claim.

    Parameters
    ----------
    game, claim, given, concept, effort, time_limit
        As `redlines.check` takes them.

    Returns
    -------
    Missing
        Conditions on one parameter, and comparisons that occur in where the claim is
        true or false; each is proved to settle the claim and to leave something
        admitted.
    """
    items: Any = tuple(each_given(given))
    case = Case(game, claim, items, read_concept(concept), False, effort, time_limit)
    verdict = case.verdict()
    if verdict.name != "sometimes":
        return Missing(verdict, (), ())
    split = case._split()
    if split is None:
        return Missing(verdict, (), ())
    yes, no = (AnyOf(tuple(part)) for part in split)
    where = verdict.where
    atoms: dict[Atom, None] = {}
    for condition in (where.every, where.some, where.none):
        if condition is not None:
            for one in condition._cases:
                for atom in one:
                    atoms[atom] = None
                    atoms[atom.negated] = None
    region = case.region
    return Missing(
        verdict,
        tuple(_settling(region, atoms, no)),
        tuple(_settling(region, atoms, yes)),
    )


def _settling(
    region: Region, atoms: Iterable[Atom], against: Formula
) -> Iterator[Relation]:
    """Single conditions under which something cannot happen, the weakest ones."""
    found: list[tuple[Atom, Relation]] = []
    for atom in atoms:
        if atom.sign in ("==", "!="):
            continue
        try:
            if region.allows(atom) and not region.allows(atom, against):
                found.append((atom, relation_of(region.ring, region, atom)))
        except Undecided:
            continue
    for name in region.ring.names:
        for sign in (1, -1):
            bound = _bound(region, name, sign, against)
            if bound is not None:
                atom, relation = bound
                found.append((atom, relation))
    for k, (atom, relation) in enumerate(found):
        weaker = False
        for j, (other, _) in enumerate(found):
            if j == k:
                continue
            try:
                implied = not region.allows(atom, other.negated)
                back = not region.allows(other, atom.negated)
            except Undecided:
                continue
            if implied and (not back or j < k):
                weaker = True
                break
        if not weaker:
            yield relation


def _bound(
    region: Region, name: str, sign: int, against: Formula
) -> tuple[Atom, Relation] | None:
    """The weakest bound on one parameter beyond which something cannot happen."""
    ring = region.ring
    x = ring.symbol(name)

    def atom(value: Fraction, word: str) -> Atom:
        poly = x - ring.constant(value)
        return region.plain(poly if sign > 0 else -poly, word)

    def happens(value: Fraction, word: str = ">=") -> bool:
        return region.allows(atom(value, word), against)

    try:
        inside = region.point(against)
        if inside is None:
            return None
        low = inside[ring.index[name]] * sign
        step = Fraction(1)
        high = low + step
        while happens(high * sign):
            low, high, step = high, high + 2 * step, 2 * step
            if step > 4096 or not region.allows(atom(high * sign, ">=")):
                if not region.allows(atom(high * sign, ">=")):
                    break
                return None
        for _ in range(24):
            middle = (low + high) / 2
            if happens(middle * sign):
                low = middle
            else:
                high = middle
        value = _simplest(low, high) * sign
        for word in (">=", ">"):
            if not happens(value, word):
                if not region.allows(atom(value, word)):
                    return None
                operator = word if sign > 0 else word.replace(">", "<")
                relation = Relation(Number.symbol(name), operator, Number.of(value))
                return atom(value, word), relation
    except Undecided:
        return None
    return None


def _simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction with the smallest denominator between two, ends included."""
    floor = Fraction(low.numerator // low.denominator)
    if floor == low:
        return floor
    if floor + 1 <= high:
        return floor + 1
    return floor + 1 / _simplest(1 / (high - floor), 1 / (low - floor))
