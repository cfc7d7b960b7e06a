"""Elimination of positive unknowns that enter linearly.

A system has unknowns y0 = 1 and y1, y2, ... > 0, equations and inequalities that are
linear in them, with polynomials in the parameters as coefficients. `eliminate` says for
which parameters there is a solution: a list of branches, each a conjunction of sign
conditions, whose union is the answer. Equations are solved for unknowns (Gauss),
inequalities combined in pairs (Fourier and Motzkin); where the sign of a coefficient
decides what to do and is not the same on the whole region, the branch splits.

A branch keeps how its unknowns were removed, so that they can be written out in the
parameters, last removed first.

Reads: polynomials, region.  Used by: parametric.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from redlines.parametric.polynomials import Poly, primitive
from redlines.parametric.region import Atom, Region

__all__ = ["Bound", "Branch", "Row", "TooManyRows", "eliminate"]

Row: TypeAlias = dict[int, Poly]

MAX_ROWS = 400


class TooManyRows(Exception):
    """The elimination has more inequalities than a solver wants to hold."""


@dataclass(frozen=True)
class Bound:
    """An inequality from which an unknown was removed.

    Attributes
    ----------
    row : Row
        ``row . y >= 0``, or ``> 0`` if `strict`.
    strict : bool
    sign : int
        The sign of the unknown's coefficient: 1 for a lower bound, -1 for an upper one.
    """

    row: Row
    strict: bool
    sign: int


@dataclass
class Branch:
    """Parameters for which the system has a solution, and the solution.

    Attributes
    ----------
    atoms : frozenset of Atom
        All hold on the branch.
    steps : list of (int, Row or list of Bound)
        In the order of removal: an unknown with the equation it was solved from, or
        with the inequalities that bound it.
    """

    atoms: frozenset[Atom]
    steps: list[tuple[int, Row | list[Bound]]] = field(default_factory=list)


@dataclass
class _State:
    equations: list[Row]
    inequalities: list[tuple[Row, bool]]
    unknowns: frozenset[int]
    atoms: frozenset[Atom]
    steps: list[tuple[int, Row | list[Bound]]]


def eliminate(
    region: Region,
    unknowns: int,
    equations: Sequence[Row],
    inequalities: Sequence[Row],
    strict: Sequence[Row] = (),
) -> Iterator[Branch]:
    """For which parameters a system has a solution with all unknowns positive.

    Parameters
    ----------
    region : Region
        The parameters of interest.
    unknowns : int
        How many there are besides y0 = 1.
    equations, inequalities, strict : sequence of Row
        ``row . y == 0``, ``row . y >= 0`` and ``row . y > 0``, by unknown.

    Yields
    ------
    Branch
        Each has a point in the region; together they are all of the answer.

    Raises
    ------
    Undecided
        If the sign of a coefficient was not decided.
    TooManyRows
        If the inequalities grow out of bounds.
    """
    positive = [({k: region.ring.one}, True) for k in range(1, unknowns + 1)]
    stack = [
        _State(
            [dict(r) for r in equations],
            [(dict(r), False) for r in inequalities]
            + [(dict(r), True) for r in strict]
            + positive,
            frozenset(range(1, unknowns + 1)),
            frozenset(),
            [],
        )
    ]
    while stack:
        state = stack.pop()
        if not _tidy(region, state):
            continue
        split = (
            _solve_one(region, state) if state.equations else _combine(region, state)
        )
        if split is None:  # a step was made
            stack.append(state)
        elif isinstance(split, Branch):
            if region.allows(*split.atoms):
                yield split
        else:
            for sign in (">", "==", "<"):
                atom = region.atom(split, sign)
                atoms = state.atoms | {atom}
                if region.allows(*atoms):
                    stack.append(
                        _State(
                            [dict(r) for r in state.equations],
                            [(dict(r), s) for r, s in state.inequalities],
                            state.unknowns,
                            atoms,
                            list(state.steps),
                        )
                    )


def _tidy(region: Region, state: _State) -> bool:
    """Drop rows that say nothing; turn rows without unknowns into conditions."""
    equations = []
    for row in state.equations:
        row = _reduced(region, row)
        if not row:
            continue
        if set(row) == {0}:
            if not _require(region, state, row[0], "=="):
                return False
            continue
        signs = {_quick(region, c) for c in row.values()}
        if signs == {1} or signs == {-1}:
            return False  # a sum of positive terms is not 0
        equations.append(row)
    state.equations = equations
    seen: dict[tuple[tuple[int, object], ...], bool] = {}
    for row, strict in state.inequalities:
        row = _reduced(region, row)
        if not row:
            if strict:
                return False
            continue
        if set(row) == {0}:
            if not _require(region, state, row[0], ">" if strict else ">="):
                return False
            continue
        signs = {_quick(region, c) for c in row.values()}
        if signs == {1} and (len(row) > 1 or not strict):
            continue
        if signs == {-1}:
            return False
        key = tuple(sorted((k, _hashable(c)) for k, c in row.items()))
        seen[key] = seen.get(key, False) or strict
    state.inequalities = [
        ({k: c.poly for k, c in key}, strict)  # type: ignore[attr-defined]
        for key, strict in seen.items()
    ]
    return True


class _Held:
    """A polynomial that can be a key."""

    __slots__ = ("key", "poly")

    def __init__(self, poly: Poly) -> None:
        from redlines.parametric.polynomials import key_of

        self.poly = poly
        self.key = key_of(poly)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and self.key == other.key

    def __lt__(self, other: _Held) -> bool:
        return self.key < other.key

    def __hash__(self) -> int:
        return hash(self.key)


def _hashable(poly: Poly) -> _Held:
    return _Held(poly)


def _quick(region: Region, poly: Poly) -> int | None:
    """The sign of a polynomial on the region by its factors' signs, if at hand."""
    if poly.is_constant():
        return 1 if next(iter(poly.coeffs())) > 0 else -1
    content, parts = region.ring.factors(poly)
    sign = 1 if content > 0 else -1
    for part, power in parts:
        own = region.quick_sign(part)
        if own is None:
            if power % 2 == 0:
                return None
            return None
        sign *= own**power
    return sign


def _reduced(region: Region, row: Row) -> Row:
    """A row without zeros and without common factors of known sign."""
    row = {k: c for k, c in row.items() if c}
    if not row:
        return row
    common = None
    for c in row.values():
        common = c if common is None else common.gcd(c)
        if common.is_constant():
            break
    if common is not None and not common.is_constant():
        keep = region.ring.one
        for part, power in region.ring.factors(common)[1]:
            known = region.quick_sign(part)
            if known in (1, -1):
                factor = part**power
                if known == -1 and power % 2:
                    factor = -factor
                keep = keep * factor
        if not keep.is_constant():
            row = {k: c / keep for k, c in row.items()}
    _, unit = primitive(next(iter(row.values())))
    if unit != 1:
        scale = region.ring.constant(1 / abs(unit))
        row = {k: c * scale for k, c in row.items()}
    return row


def _require(region: Region, state: _State, poly: Poly, sign: str) -> bool:
    """Add a condition; False if it cannot hold."""
    atom = region.atom(poly, sign)
    settled = atom.is_settled
    if settled is not None:
        return settled
    if atom not in state.atoms:
        state.atoms |= {atom}
        return region.allows(*state.atoms)
    return True


def _sign(region: Region, state: _State, poly: Poly) -> frozenset[int]:
    quick = _quick(region, poly)
    if quick is not None:
        return frozenset([quick])
    return region.signs(poly, state.atoms)


def _solve_one(region: Region, state: _State) -> Poly | None:
    """Solve an equation for an unknown; or the coefficient whose sign must be known."""
    best: tuple[int, int, int, Poly, int] | None = None
    for index, row in enumerate(state.equations):
        for k, c in row.items():
            if k == 0:
                continue
            quick = _quick(region, c)
            # a late unknown stands for what comes late in the game
            rank = (0 if c.is_constant() else 1 if quick else 2) * 1000 + len(c)
            if best is None or (rank, -k) < best[:2]:
                best = (rank, -k, index, c, quick or 0)
    assert best is not None
    _, minus, index, coefficient, sign = best
    k = -minus
    if not sign:
        signs = _sign(region, state, coefficient)
        if len(signs) > 1:
            return coefficient
        sign = next(iter(signs))
        if sign == 0:
            del state.equations[index][k]
            return None
    pivot = state.equations.pop(index)
    if sign < 0:
        pivot = {j: -c for j, c in pivot.items()}

    def without(row: Row) -> Row:
        factor = row.get(k)
        if not factor:
            return row
        found = {j: c * pivot[k] for j, c in row.items()}
        for j, c in pivot.items():
            found[j] = found.get(j, region.ring.zero) - factor * c
        return {j: c for j, c in found.items() if c}

    state.equations = [without(r) for r in state.equations]
    state.inequalities = [(without(r), s) for r, s in state.inequalities]
    state.unknowns -= {k}
    state.steps.append((k, pivot))
    return None


def _combine(region: Region, state: _State) -> Poly | Branch | None:
    """Remove an unknown from the inequalities; a Branch once none is left."""
    if not state.unknowns:
        return Branch(state.atoms, state.steps)
    present = dict.fromkeys(state.unknowns, 0)
    for row, _ in state.inequalities:
        for k in row:
            if k:
                present[k] += 1
    k = min(present, key=lambda j: (present[j], -j))
    lower: list[tuple[Row, bool]] = []
    upper: list[tuple[Row, bool]] = []
    rest: list[tuple[Row, bool]] = []
    for row, strict in state.inequalities:
        if k not in row:
            rest.append((row, strict))
            continue
        signs = _sign(region, state, row[k])
        if len(signs) > 1:
            return row[k]
        sign = next(iter(signs))
        if sign == 0:
            rest.append(({j: c for j, c in row.items() if j != k}, strict))
        else:
            (lower if sign > 0 else upper).append((row, strict))
    for low, one in lower:
        for high, other in upper:
            found: Mapping[int, Poly] = {
                j: low.get(j, region.ring.zero) * -high[k]
                + high.get(j, region.ring.zero) * low[k]
                for j in {*low, *high}
                if j != k
            }
            rest.append(({j: c for j, c in found.items() if c}, one or other))
    if len(rest) > MAX_ROWS:
        raise TooManyRows(f"more than {MAX_ROWS} inequalities")
    bounds = [Bound(r, s, 1) for r, s in lower] + [Bound(r, s, -1) for r, s in upper]
    state.inequalities = rest
    state.unknowns -= {k}
    state.steps.append((k, bounds))
    return None
