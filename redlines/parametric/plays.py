"""What may be played, as something that a claim can be tested on.

A `Play` is one way in which a family can be played out, with the sign conditions under
which it is an equilibrium and with measures as quotients of polynomials. Where the
conditions determine what happens on the path, these are in the parameters alone. Where
they leave mixtures free, the free coefficients are further unknowns of the play, tied
by the conditions, so that a claim is tested on the whole continuum.

Reads: parametric.  Used by: proving, statics, witnesses.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from redlines.parametric.closed_forms import ClosedForm, on_path
from redlines.parametric.elimination import Row, eliminate
from redlines.parametric.polynomials import Key, Poly, Ratio, Ring, key_of
from redlines.parametric.region import (
    All,
    AnyOf,
    Atom,
    Formula,
    Region,
    conjunction,
    poly_of,
)
from redlines.parametric.search import Member, Path, Search
from redlines.parametric.symbolic import SymbolicForm
from redlines.parametric.systems import System

__all__ = [
    "Play",
    "joint_region",
    "lifted",
    "lifted_ratio",
    "play_of",
    "plays_of",
    "projected",
]


@dataclass(frozen=True, eq=False)
class Play:
    """One way in which a family is played.

    Attributes
    ----------
    path : Path
        What is on where play comes.
    ring : Ring
        The parameters, then the play's own unknowns.
    formula : Formula
        Where it is an equilibrium.
    closed : ClosedForm
        Its measures, over the ring.
    unknowns : tuple of str
        The names in the ring that are no parameters.
    """

    path: Path
    ring: Ring
    formula: Formula
    closed: ClosedForm
    unknowns: tuple[str, ...] = ()

    def expected(self, amounts: Mapping[int, Ratio]) -> Ratio:
        """An expected amount by terminal node."""
        found = self.closed.expected(lambda node: amounts.get(node))
        assert found is not None
        return found

    def probability(self, mask: int) -> Ratio:
        """The probability that all events of a bit set happen."""
        masks = self.closed.form.game._tables.event_masks
        one = Ratio(self.ring, self.ring.one, self.ring.one)
        found = self.closed.expected(
            lambda node: one if masks[node] & mask == mask else None
        )
        assert found is not None
        return found

    def payoff(self, player: int) -> Ratio:
        """A player's expected payoff."""
        found = self.closed.payoff(player)
        assert found is not None
        return found


def plays_of(
    search: Search, path: Path, found: Sequence[Member], tag: str
) -> list[Play]:
    """Every way in which a family is played.

    Parameters
    ----------
    search : Search
        That found it.
    path : Path
    found : sequence of Member
        Whose conditions together are the family's.
    tag : str
        Begins the names of unknowns.

    Raises
    ------
    Undecided
        If the members of a family with free mixtures could not be listed.
    """
    key = (path, tag, len(found))
    if key not in search.memo:
        search.memo[key] = _plays(search, path, found, tag)
    plays: list[Play] = search.memo[key]
    return plays


def _plays(search: Search, path: Path, found: Sequence[Member], tag: str) -> list[Play]:
    closed = on_path(search.form, path, found[0], search.solver)
    if all(closed.strategy[h][a] is not None for h, on in path for a in on):
        formula = AnyOf(tuple(m.condition for m in found))
        return [Play(path, search.region.ring, formula, closed)]
    # what is free on the path may differ between members
    return [
        _expanded(search, path, member, f"{tag}{number}.")
        for number, member in enumerate(search.members(path))
    ]


def play_of(search: Search, path: Path, member: Member, tag: str) -> Play:
    """The way in which one member of a family is played.

    Parameters
    ----------
    search : Search
        That found it.
    path : Path
    member : Member
    tag : str
        Begins the names of unknowns.
    """
    closed = ClosedForm(search.form, member, search.solver)
    if all(closed.strategy[h][a] is not None for h, on in path for a in on):
        return Play(path, search.region.ring, member.condition, closed)
    return _expanded(search, path, member, tag)


class _Expanded(ClosedForm):
    """Measures in the parameters and in the coefficients that stay free."""

    def __init__(
        self, form: SymbolicForm, plain: ClosedForm, shares: list[list[Ratio | None]]
    ) -> None:
        super().__init__(form, plain.member, plain._solver)
        self._given = shares

    @cached_property
    def strategy(self) -> list[list[Ratio | None]]:
        """By information set and action."""
        return self._given


def _expanded(search: Search, path: Path, member: Member, tag: str) -> Play:
    plain = ClosedForm(search.form, member, search.solver)
    old = search.region.ring
    free = {(h, a) for h, on in path for a in on if plain.strategy[h][a] is None}
    chosen = [s for s in member.systems if _speaks_of(search, s, free)]
    names = {
        (id(s), p): f"{tag}{s.player}.{p}" for s in chosen for p in s.block.parameters
    }
    ring = Ring((*old.names, *names.values()))
    parts: list[Formula] = []
    for system in member.systems:
        if system not in chosen:
            condition = search.solver.condition(system)
            if All(()) not in condition.parts:
                parts.append(lifted(condition, old, ring))
            continue
        unknowns = [ring.one] + [
            ring.symbol(names[id(system), p]) for p in system.block.parameters
        ]
        cases: list[Formula] = []
        for _, equations, inequalities in system.cases():
            atoms: list[Formula] = []
            for rows, sign in ((equations, "=="), (inequalities, ">=")):
                for row in rows:
                    total = ring.zero
                    for k, c in row.items():
                        total = total + lifted_poly(c, old, ring) * unknowns[k]
                    atoms.append(Atom(key_of(total), sign))
            cases.append(All(tuple(atoms)))
        parts.append(AnyOf(tuple(cases)))
        parts += [Atom(key_of(y), ">") for y in unknowns[1:]]
    shares: list[list[Ratio | None]] = []
    for h, known in enumerate(plain.strategy):
        line: list[Ratio | None] = []
        for a, share in enumerate(known):
            if (h, a) in free:
                line.append(_share(search, chosen, names, ring, h, a))
            elif share is None:
                line.append(None)
            else:
                line.append(
                    Ratio(
                        ring,
                        lifted_poly(share.above, old, ring),
                        lifted_poly(share.below, old, ring),
                    )
                )
        shares.append(line)
    form = SymbolicForm(search.game, ring)
    return Play(
        path,
        ring,
        conjunction(parts),
        _Expanded(form, plain, shares),
        tuple(names.values()),
    )


def _sequence(search: Search, infoset: int, action: int) -> tuple[int, int]:
    player = search.game._tables.infosets[infoset].player
    return player, search.form.players[player].first[infoset] + action


def _speaks_of(search: Search, system: System, free: set[tuple[int, int]]) -> bool:
    for h, a in free:
        player, sequence = _sequence(search, h, a)
        if system.player == player and sequence in system.block.index:
            return True
    return False


def _share(
    search: Search,
    chosen: Sequence[System],
    names: Mapping[tuple[int, int], str],
    ring: Ring,
    infoset: int,
    action: int,
) -> Ratio:
    player, sequence = _sequence(search, infoset, action)
    for system in chosen:
        if system.player == player and sequence in system.block.index:
            up = system.side.up[sequence]
            below = (
                ring.symbol(names[id(system), up])
                if up in system.block.index
                else ring.one
            )
            return Ratio.of(ring, ring.symbol(names[id(system), sequence]), below)
    raise AssertionError(f"no system speaks of what is free at {infoset}")


# ---------------------------------------------------------------------- between rings
def lifted_key(key: Key, old: Ring, new: Ring) -> Key:
    """A polynomial of one ring in another that has all its names."""
    if old is new:
        return key
    return key_of(_moved(key, old, new, {}))


def _moved(key: Key, old: Ring, new: Ring, renamed: Mapping[str, str]) -> Poly:
    terms = {}
    for exponents, value in key:
        row = [0] * max(1, len(new.names))  # a ring without names has a generator too
        for name, e in zip(old.names, exponents, strict=False):
            if e:
                row[new.index[renamed.get(name, name)]] += e
        terms[tuple(row)] = new._flint.fmpq(value.numerator, value.denominator)
    return new.context.from_dict(terms)


def lifted_poly(
    poly: Poly, old: Ring, new: Ring, renamed: Mapping[str, str] | None = None
) -> Poly:
    """A polynomial of one ring in another, perhaps with parameters renamed."""
    return _moved(key_of(poly), old, new, renamed or {})


def lifted(
    formula: Formula,
    old: Ring,
    new: Ring,
    renamed: Mapping[str, str] | None = None,
) -> Formula:
    """A condition over one ring in another, perhaps with parameters renamed."""
    if isinstance(formula, Atom):
        return Atom(key_of(_moved(formula.key, old, new, renamed or {})), formula.sign)
    return type(formula)(tuple(lifted(p, old, new, renamed) for p in formula.parts))


def lifted_ratio(
    ratio: Ratio, new: Ring, renamed: Mapping[str, str] | None = None
) -> Ratio:
    """A quotient over one ring in another, perhaps with parameters renamed."""
    return Ratio(
        new,
        lifted_poly(ratio.above, ratio.ring, new, renamed),
        lifted_poly(ratio.below, ratio.ring, new, renamed),
    )


def joint_region(
    region: Region,
    plays: Iterable[Play],
    copies: Sequence[str] = (),
    fresh: bool = False,
) -> Region:
    """The admitted values together with the unknowns of some plays.

    Parameters
    ----------
    region : Region
    plays : iterable of Play
    copies : sequence of str
        Further parameters, about which nothing is admitted yet.
    fresh : bool
        Whether it must not be the same region, even if nothing is added.
    """
    names = list(region.ring.names)
    for play in plays:
        names += [n for n in play.ring.names if n not in names]
    names += [n for n in copies if n not in names]
    if len(names) == len(region.ring.names) and not fresh:
        return region
    ring = Ring(names) if len(names) > len(region.ring.names) else region.ring
    atoms = list(_atoms(region, ring))
    found = Region(ring, atoms, region.effort, region.time_limit, region.chances)
    return found


def _atoms(region: Region, ring: Ring) -> Iterator[Atom]:
    for atom in region.atoms:
        yield Atom(lifted_key(atom.key, region.ring, ring), atom.sign)


# ------------------------------------------------------------------------- projection
def projected(region: Region, formula: Formula, names: Sequence[str]) -> AnyOf | None:
    """Where a condition holds for some positive values of some unknowns.

    Parameters
    ----------
    region : Region
        Over a ring with the unknowns among its names.
    formula : Formula
        Linear in the unknowns, together, in every atom.
    names : sequence of str
        The unknowns.

    Returns
    -------
    AnyOf or None
        Without the unknowns; None if they do not enter linearly.
    """
    ring = region.ring
    unknown = {ring.index[n]: k for k, n in enumerate(names, 1)}
    found: list[Formula] = []
    for case in _cases([formula]):
        plain: list[Formula] = []
        rows: dict[str, list[Row]] = {"==": [], ">=": [], ">": []}
        either: list[list[tuple[str, Row]]] = []
        for atom in case:
            row = _row(ring, atom.key, unknown)
            if row is None:
                return None
            if set(row) <= {0}:
                plain.append(atom)
            elif atom.sign == "!=":
                back = {k: -c for k, c in row.items()}
                either.append([(">", row), (">", back)])
            elif not (atom.sign == ">" and len(row) == 1):
                rows[atom.sign].append(row)
        for choice in itertools.product(*either):
            strict = rows[">"] + [r for _, r in choice]
            for branch in eliminate(region, len(names), rows["=="], rows[">="], strict):
                found.append(conjunction([*plain, *branch.atoms]))
    return AnyOf(tuple(found))


def _cases(parts: Sequence[Formula]) -> Iterator[list[Atom]]:
    """The cases of a conjunction, as they come."""
    if not parts:
        yield []
        return
    first, rest = parts[0], parts[1:]
    if isinstance(first, All):
        yield from _cases([*first.parts, *rest])
    elif isinstance(first, AnyOf):
        for part in first.parts:
            yield from _cases([part, *rest])
    else:
        for case in _cases(rest):
            yield [first, *case]


def _row(ring: Ring, key: Key, unknown: Mapping[int, int]) -> Row | None:
    """A polynomial as a row in the unknowns; None if it is not linear in them."""
    parts: dict[int, dict[tuple[int, ...], Fraction | int]] = {}
    for exponents, value in key:
        met = [k for k in unknown if exponents[k]]
        if sum(exponents[k] for k in met) > 1:
            return None
        rest = tuple(0 if k in unknown else e for k, e in enumerate(exponents))
        column = unknown[met[0]] if met else 0
        parts.setdefault(column, {})[rest] = value
    return {
        column: poly_of(ring, tuple(terms.items())) for column, terms in parts.items()
    }
