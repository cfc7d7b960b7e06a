"""Where regimes hold, and what comes of them, at many points at once.

Every condition is a set of sign conditions on polynomials. A polynomial is split into
its factors, and each factor is evaluated once for all points in floating point with a
bound on its error; where the bound leaves the sign open, it is decided in integers. So
the answer is that of exact arithmetic at every point, on boundaries too.

A number is read as elsewhere: a float is the decimal that it prints as. The bound on
the error of a factor is ``2 (2 d + n + 4) u`` times the sum of the sizes of its ``n``
terms, where ``d`` is its degree and ``u = 2**-53``: each of the up to ``d`` values in a
term is read with a relative error of at most ``u``, and the coefficient, the products
and the sums are each rounded once. It holds where nothing overflows or underflows;
points at which something might are decided in integers as well.

Reads: errors, numbers, parametric.  Used by: parametric.regimes.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import xarray as xr

from redlines.errors import ModelError, UnboundParameter, UnknownLabel
from redlines.numbers import exact
from redlines.parametric.conditions import Case
from redlines.parametric.polynomials import Key, Poly, Ratio, Ring, key_of
from redlines.parametric.region import Atom, poly_of
from redlines.parametric.search import path_of

if TYPE_CHECKING:
    from redlines.parametric.regimes import RegimeFamily, Regimes

__all__ = ["CONTENTS", "evaluate"]

CONTENTS = ("holds", "exists", "count", "probability", "payoff")
_NAMES = {"regime", "family", "event", "player", "member_of", "admitted", *CONTENTS}

BLOCK = 1 << 15  # points at a time: the arrays of a block stay in the cache
_UNIT = 2.0**-53
_BITS = 900  # what stays within 2**-900 .. 2**900 neither overflows nor underflows
_ACCURACY = 1e-12
_ALL = slice(None)

Array: TypeAlias = Any  # numpy.ndarray of bool, of a number or of objects


def evaluate(
    regimes: Regimes,
    values: Mapping[str, Any] | xr.Dataset,
    contents: Iterable[str] = ("holds", "exists", "count"),
) -> xr.Dataset:
    """Where regimes hold among many parameter values, decided exactly.

    Parameters
    ----------
    regimes : Regimes
    values : xarray.Dataset or mapping of str to number or array
        A value for every open parameter; see `Regimes.evaluate`.
    contents : iterable of str
        What the answer holds besides ``admitted``.

    Returns
    -------
    xarray.Dataset

    Raises
    ------
    UnknownLabel
        If a name is no open parameter, or no content is called that.
    UnboundParameter
        If an open parameter has no value.
    ModelError
        If a value is no finite number; says where.
    """
    wanted = [contents] if isinstance(contents, str) else list(contents)
    for name in wanted:
        if name not in CONTENTS:
            raise UnknownLabel("content", name, CONTENTS, "of an evaluation")
    points = _Points(regimes, values)
    plan = _Plan(regimes, wanted)
    with np.errstate(all="ignore"):
        found = plan.results(points)
    ranges: dict[str, Any] = {}
    if "holds" in found:
        ranges["regime"] = _texts(_unique([r.name for r in regimes]))
        ranges["member_of"] = ("regime", _texts(plan.owners))
    if {"exists", "probability", "payoff"} & set(found):
        ranges["family"] = _texts(plan.families)
    if "probability" in found:
        ranges["event"] = _texts(regimes.game.events)
    if "payoff" in found:
        ranges["player"] = _texts(regimes.game.players)
    before: dict[str, tuple[str, ...]] = {
        "holds": ("regime",),
        "exists": ("family",),
        "probability": ("family", "event"),
        "payoff": ("family", "player"),
    }
    data = {}
    for name in ("admitted", *CONTENTS):
        if name in found:
            array = found[name]
            own = before.get(name, ())
            shape = (*array.shape[: len(own)], *points.shape)
            data[name] = ((*own, *points.sizes), array.reshape(shape))
    facts = {
        "game": regimes.game.name,
        "concept": regimes.concept.value,
        "given": "; ".join(map(str, regimes.given)),
        "undecided": "; ".join(regimes.undecided),
    }
    return xr.Dataset(data, {**points.coordinates, **ranges}, facts)


def _texts(names: Sequence[str]) -> Array:
    return np.array(list(names), dtype=str)


def _unique(names: Sequence[str]) -> list[str]:
    """Names told apart by numbers where they are the same."""
    found: list[str] = []
    taken = Counter(names)
    for name in names:
        if taken[name] > 1:
            numbered = (f"{name} {k}" for k in itertools.count(1))
            name = next(n for n in numbered if n not in taken)
            taken[name] = 1
        found.append(name)
    return found


# ------------------------------------------------------------------------------- values
class _Column:
    """The values of one parameter, as an array of keys that stand for numbers.

    A key is the float or the integer itself, or else a place in a table of fractions.

    Parameters
    ----------
    array : numpy.ndarray
    what : str
        The parameter, for messages.
    dims : sequence of hashable
        Of the array, for messages.
    """

    def __init__(self, array: Array, what: str, dims: Sequence[Hashable]) -> None:
        self._what = what
        self._dims = dims
        self._table: list[Fraction] | None = None
        if array.dtype.kind == "f" and array.dtype.itemsize < 8:
            self._require_finite(array)
            # the nearest double prints as the same decimal; a cast would print more
            array = array.astype(str).astype(np.float64)
        if array.dtype == np.float64:
            self._require_finite(array)
            self.keys = array
            near = array
        elif array.dtype.kind in "iu":
            self.keys = array
            near = np.array([array.min(), array.max()]) if array.size else array
        else:
            self.keys, self._table = self._tabled(array.astype(object))
            near = self._near = np.array([_float(v) for v in self._table], float)
        sizes = np.abs(near, dtype=np.float64)
        sizes = sizes[sizes != 0] if sizes.size and not sizes.min() > 0 else sizes
        odd = ~((sizes >= 2.0**-_BITS) & (sizes <= 2.0**_BITS))
        self._is_odd = bool(odd.any())
        sizes = sizes[~odd] if self._is_odd else sizes
        ends = [sizes.min(), sizes.max()] if sizes.size else [1.0]
        self.bits = max(abs(math.frexp(e)[1]) + 1 for e in ends)

    def _place(self, position: int, shape: Sequence[int]) -> str:
        if not shape:
            return self._what
        places = zip(self._dims, np.unravel_index(position, shape), strict=True)
        return f"{self._what} at {', '.join(f'{d}[{i}]' for d, i in places)}"

    def _require_finite(self, array: Array) -> None:
        if array.size and not np.isfinite([array.min(), array.max()]).all():
            first = int(np.argmin(np.isfinite(array)))
            exact(float(array.flat[first]), self._place(first, array.shape))

    def _tabled(self, array: Array) -> tuple[Array, list[Fraction]]:
        """Places in a table of distinct fractions, and the table."""
        seen: dict[Any, int] = {}
        table: dict[Fraction, int] = {}
        codes = np.empty(array.shape, np.int64)
        flat = codes.reshape(-1)
        for position, value in enumerate(array.flat):
            memo = (type(value), value) if isinstance(value, Hashable) else None
            code = seen.get(memo) if memo else None
            if code is None:
                number = exact(value, self._place(position, array.shape))
                code = table.setdefault(number, len(table))
                if memo:
                    seen[memo] = code
            flat[position] = code
        return codes, list(table)

    def floats(self, keys: Array) -> Array:
        """The nearest floats; NaN where they are too large or too small to rely on."""
        near = keys.astype(np.float64) if self._table is None else self._near[keys]
        if self._is_odd:
            sizes = np.abs(near)
            kept = (sizes >= 2.0**-_BITS) & (sizes <= 2.0**_BITS)
            if self._table is None:
                kept |= sizes == 0
            else:
                # a fraction may be so small that its float is 0
                zeros = np.array([not v for v in self._table], bool)
                kept |= zeros[keys]
            near = np.where(kept, near, np.nan)
        return near

    def integers(self, keys: Array) -> tuple[Array, Array | int]:
        """Numerators and denominators, the latter one number where that is short."""
        if self._table is not None:
            chosen = [self._table[k] for k in keys.tolist()]
            below = [v.denominator for v in chosen]
            common = 1
            for number in set(below):
                common = math.lcm(common, number)
                if common.bit_length() > 62:
                    above = [v.numerator for v in chosen]
                    return np.array(above, object), np.array(below, object)
            return _whole([int(v * common) for v in chosen]), common
        if keys.dtype.kind in "iu":
            return _whole(keys.tolist()), 1
        digits, places = _decimals(keys)
        top, bottom = int(places.max()), int(places.min())
        if top - bottom > 40:
            tens = np.array([10**p for p in range(max(top, -bottom) + 1)], object)
            above = digits.astype(object) * tens[np.maximum(-places, 0)]
            return above, tens[np.maximum(places, 0)]
        top = max(top, 0)
        scale = [10**p for p in range(top - bottom + 1)]
        if max(1, _largest(digits)) * scale[-1] < 2**63:
            return digits * np.array(scale, np.int64)[top - places], 10**top
        factors = np.array(scale, object)[top - places]
        return digits.astype(object) * factors, 10**top


def _float(value: Fraction) -> float:
    """The nearest float, NaN where it is none or 0 for what is not 0."""
    try:
        near = float(value)
    except OverflowError:
        return math.nan
    return near if near or not value else math.nan


def _whole(numbers: list[int]) -> Array:
    """Integers, in 64 bits where they fit."""
    if all(-(2**63) < n < 2**63 for n in numbers):
        return np.array(numbers, np.int64)
    return np.array(numbers, object)


def _decimals(floats: Array) -> tuple[Array, Array]:
    """The decimals that floats print as: integers, and how many places to shift them.

    At most one decimal of up to 15 digits reads as a given float, so the first number
    of places at which one does gives what is printed. Other floats are printed.
    """
    digits = np.zeros(floats.shape, np.int64)
    places = np.zeros(floats.shape, np.int64)
    rest = np.arange(floats.size)
    long = [rest[:0]]
    for place in range(23):  # 10**22 is the last power of ten that a float holds
        if not rest.size:
            break
        power, x = float(10**place), floats[rest]
        near = np.rint(x * power)
        short = np.abs(near) <= 1e15
        fits = short & (near / power == x)
        digits[rest[fits]] = near[fits].astype(np.int64)
        places[rest[fits]] = place
        long.append(rest[~short])
        rest = rest[short & ~fits]
    others = np.concatenate([*long, rest])
    numbers, shifts = [], []
    for text in map(repr, floats[others].tolist()):
        mantissa, _, exponent = text.partition("e")
        before, _, after = mantissa.partition(".")
        numbers.append(int(before + after))
        shifts.append(len(after) - int(exponent) if exponent else len(after))
    digits[others], places[others] = numbers, shifts
    return digits, places


class _Points:
    """Values for every parameter, which broadcast against each other.

    Attributes
    ----------
    sizes : dict
        The dimensions of what they broadcast to, in order.
    columns : list of _Column
        In the order of the ring.
    keys : list of numpy.ndarray
        Their keys, all with as many axes; one for all if `is_flat`.
    is_flat : bool
        Whether every parameter has one value or one for each point.
    coordinates : dict
        For the answer.
    """

    def __init__(
        self, regimes: Regimes, values: Mapping[str, Any] | xr.Dataset
    ) -> None:
        names = regimes._region.ring.names
        if not isinstance(values, Mapping):
            raise ModelError(
                "values must be an xarray.Dataset or a mapping from each open "
                f"parameter to its values, not {type(values).__name__}"
            )
        given: list[Any] = list(values)
        if isinstance(values, xr.Dataset):
            given += [n for n in values.coords if n in names]
        for name in given:
            if name not in names:
                raise UnknownLabel("parameter", name, names, f"of {regimes.game!r}")
        missing = [n for n in names if n not in given]
        if missing:
            raise UnboundParameter(
                f"the regimes of {regimes.game!r} need a value for "
                f"{', '.join(map(repr, missing))}"
            )
        if isinstance(values, xr.Dataset):
            arrays = self._from_dataset(values, names)
        else:
            arrays = self._from_mapping({n: values[n] for n in names})
        self.columns: list[_Column] = []
        self.keys: list[Array] = []
        for name, (array, dims) in arrays.items():
            column = _Column(array, f"the value of parameter {name!r}", dims)
            self.columns.append(column)
            shape = [n if d in dims else 1 for d, n in self.sizes.items()]
            # a single point has one axis too
            self.keys.append(column.keys.reshape(shape or [1]))
        whole = self.shape or (1,)
        self.is_flat = all(k.size == 1 or k.shape == whole for k in self.keys)
        if self.is_flat:
            self.keys = [k.reshape(-1) for k in self.keys]

    def _from_mapping(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Arrays with their dimensions, those along which they have one value left out.

        The coordinates of the answer are the arrays.
        """
        arrays = {n: _array(v, n) for n, v in values.items()}
        try:
            shape = np.broadcast_shapes(*(a.shape for a in arrays.values()))
        except ValueError:
            shapes = ", ".join(f"{n} {a.shape}" for n, a in arrays.items() if a.shape)
            raise ModelError(
                f"the shapes of the values do not broadcast: {shapes}"
            ) from None
        several = len(shape) > 1
        self.sizes: dict[Hashable, int] = {
            f"dim_{k}" if several else "point": n for k, n in enumerate(shape)
        }
        self.coordinates: dict[Any, Any] = {}
        found: dict[str, Any] = {}
        for name, array in arrays.items():
            axes = list(self.sizes.items())[len(shape) - array.ndim :]
            kept = [d == n for d, (_, n) in zip(array.shape, axes, strict=True)]
            dims = tuple(a[0] for a, k in zip(axes, kept, strict=True) if k)
            array = array.reshape([self.sizes[d] for d in dims])
            found[name] = (array, dims)
            if name not in _NAMES and (name not in self.sizes or dims == (name,)):
                self.coordinates[name] = (dims, array)
        return found

    def _from_dataset(self, values: xr.Dataset, names: Sequence[str]) -> dict[str, Any]:
        """Arrays with their dimensions; coordinates stay."""
        used = {d for n in names for d in values[n].dims}
        self.sizes = {d: n for d, n in values.sizes.items() if d in used}
        for name in (*self.sizes, *(n for n in values.coords if n not in names)):
            if name in _NAMES:
                raise ModelError(
                    f"{name!r} is part of the answer and cannot be a dimension or a "
                    "coordinate of the values too; rename it"
                )
        every = values.set_coords([n for n in names if n in values.data_vars]).coords
        self.coordinates = {n: c for n, c in every.items() if n not in _NAMES}
        found = {}
        for name in names:
            array = values[name]
            dims = tuple(d for d in self.sizes if d in array.dims)
            found[name] = (array.transpose(*dims).to_numpy(), dims)
        return found

    @property
    def shape(self) -> tuple[int, ...]:
        """Of what they broadcast to."""
        return tuple(self.sizes.values())

    @property
    def whole(self) -> tuple[int, ...]:
        """The shape to compute in."""
        return (math.prod(self.shape),) if self.is_flat else self.shape

    def blocks(self) -> Iterator[tuple[tuple[slice, ...], _Block]]:
        """Parts of bounded size that cover the points, with their places."""
        shape = self.whole
        axis = len(shape) - 1
        while axis and math.prod(shape[axis:]) < BLOCK:
            axis -= 1
        step = max(1, BLOCK // max(1, math.prod(shape[axis + 1 :])))
        steps = [*([1] * axis), step, *shape[axis + 1 :]]
        parts = [
            [slice(k, min(k + s, n)) for k in range(0, n, max(1, s))]
            for n, s in zip(shape, steps, strict=True)
        ]
        for place in itertools.product(*parts):
            keys = [
                k[tuple(p if k.shape[d] > 1 else _ALL for d, p in enumerate(place))]
                for k in self.keys
            ]
            size = tuple(p.stop - p.start for p in place)
            yield place, _Block(self.columns, keys, size)


def _array(value: Any, name: str) -> Array:
    """Values as an array that says of each what it is."""
    if isinstance(value, xr.DataArray):
        raise ModelError(
            f"the value of parameter {name!r} has names for its axes; pass all values "
            "as an xarray.Dataset"
        )
    if not isinstance(value, list | tuple):
        return np.asarray(value)
    # numpy would turn integers and texts among floats into something else
    listed = np.array(value, dtype=object)
    if {type(v) for v in listed.flat} == {float}:
        return listed.astype(np.float64)
    return listed


# ------------------------------------------------------------------------------- points
class _Block:
    """Some points, and what was computed at them.

    Attributes
    ----------
    keys : list of numpy.ndarray
        For each parameter; they broadcast to the shape.
    shape : tuple of int
    """

    def __init__(
        self, columns: Sequence[_Column], keys: Sequence[Array], shape: tuple[int, ...]
    ) -> None:
        self._columns = columns
        self.keys = keys
        self.shape = shape
        self._powers: dict[tuple[int, int], Array] = {}
        self._products: dict[tuple[tuple[int, int], ...], Array] = {}

    def at(self, where: tuple[Array, ...]) -> _Block:
        """Some of the points, in a row."""
        keys = [
            k.reshape(-1) if k.size == 1 else np.broadcast_to(k, self.shape)[where]
            for k in self.keys
        ]
        return _Block(self._columns, keys, where[0].shape)

    def shape_of(self, variables: Iterable[int]) -> tuple[int, ...]:
        """To what some parameters broadcast."""
        single = (1,) * len(self.shape)
        return np.broadcast_shapes(single, *(self.keys[k].shape for k in variables))

    def product(self, factors: tuple[tuple[int, int], ...]) -> Array:
        """A product of powers of parameters, in floating point."""
        if len(factors) == 1:
            return self._power(*factors[0])
        found = self._products.get(factors)
        if found is None:
            found = self.product(factors[:-1]) * self._power(*factors[-1])
            self._products[factors] = found
        return found

    def _power(self, variable: int, exponent: int) -> Array:
        found = self._powers.get((variable, exponent))
        if found is None:
            if exponent == 1:
                found = self._columns[variable].floats(self.keys[variable])
            else:
                found = self._power(variable, exponent - 1) * self._power(variable, 1)
            self._powers[variable, exponent] = found
        return found

    def unsafe(self, degrees: Mapping[int, int], bits: int) -> Array | None:
        """Where terms of some degrees may overflow or underflow; None for nowhere."""
        most = bits + sum(d * self._columns[k].bits for k, d in degrees.items())
        if most <= _BITS:
            return None
        spent: Array = np.full((1,) * len(self.shape), bits)
        for k, d in degrees.items():
            spent = spent + d * (np.abs(np.frexp(self._power(k, 1))[1]) + 1)
        return spent > _BITS

    def integers(
        self, variables: Iterable[int], where: tuple[Array, ...]
    ) -> tuple[dict[int, tuple[Array, Array | int]], Array | slice]:
        """Parameters at distinct points, exactly, and which of them each point is."""
        asked = list(variables)
        shape = self.shape_of(asked)
        keys = [np.broadcast_to(self.keys[k], shape)[where] for k in asked]
        inverse: Array | slice = slice(None)
        if keys and keys[0].size > 32:
            first, inverse = _distinct(keys)
            keys = [k[first] for k in keys]
        columns = [self._columns[k] for k in asked]
        found = [c.integers(k) for c, k in zip(columns, keys, strict=True)]
        return dict(zip(asked, found, strict=True)), inverse


def _distinct(keys: Sequence[Array]) -> tuple[Array, Array]:
    """The first place of each distinct row, and for each row which it is."""
    code: Array = np.zeros(keys[0].shape, np.int64)
    first = code
    for key in keys:
        _, own = np.unique(key, return_inverse=True)
        _, first, code = np.unique(
            code * len(key) + own, return_index=True, return_inverse=True
        )
    return first, code


class _Polynomial:
    """A polynomial with integer coefficients, for evaluating it at many points.

    Parameters
    ----------
    key : Key
        Up to a positive factor.
    """

    def __init__(self, key: Key) -> None:
        self.multiple = math.lcm(*(c.denominator for _, c in key))
        self._terms = [
            (
                int(c * self.multiple),
                tuple((k, e) for k, e in enumerate(exponents) if e),
            )
            for exponents, c in key
        ]
        self.degrees: dict[int, int] = {}
        for _, factors in self._terms:
            for k, e in factors:
                self.degrees[k] = max(e, self.degrees.get(k, 0))
        self._bits = sum(abs(c) for c, _ in self._terms).bit_length()
        degree = max((sum(e for _, e in f) for _, f in self._terms), default=0)
        self.error = 2 * (2 * degree + len(self._terms) + 4) * _UNIT

    def near(self, block: _Block) -> tuple[Array, Array, Array | None]:
        """Values in floating point, the sums of the terms' sizes, and where not."""
        shape = block.shape_of(self.degrees)
        total, size, term = np.zeros(shape), np.zeros(shape), np.empty(shape)
        if self._bits > _BITS:
            return total, size, np.ones(shape, bool)
        for coefficient, factors in self._terms:
            c = float(coefficient)
            if not factors:
                total += c
                size += abs(c)
                continue
            np.multiply(block.product(factors), c, out=term)
            total += term
            size += np.abs(term, out=term)
        return total, size, block.unsafe(self.degrees, self._bits)

    def sides(self, block: _Block) -> tuple[Array, Array]:
        """Where it is positive, and where it is negative."""
        total, size, unsafe = self.near(block)
        size *= self.error
        above = total > size
        below = total < np.negative(size, out=size)
        open_ = ~(above | below)
        if unsafe is not None:
            open_ |= unsafe
        if open_.any():
            where = np.nonzero(open_)
            parts, inverse = block.integers(self.degrees, where)
            value = self.exactly(parts)[0]
            above[where] = np.asarray(value > 0)[inverse]
            below[where] = np.asarray(value < 0)[inverse]
        return above, below

    def exactly(
        self, parts: Mapping[int, tuple[Array, Array | int]]
    ) -> tuple[Array, Array | int]:
        """Values as numerators and positive denominators."""
        scale: Array | int = 1
        most = 0
        for k, d in self.degrees.items():
            scale = scale * parts[k][1] ** d
        if not isinstance(scale, int):
            total: Array = 0
            for c, factors in self._terms:
                powers = dict(factors)
                term: Array = c
                for k, d in self.degrees.items():
                    above, below = parts[k]
                    e = powers.get(k, 0)
                    term = term * above.astype(object) ** e * below ** (d - e)
                total = total + term
            return total, scale
        sizes = {k: max(1, _largest(parts[k][0])) for k in self.degrees}
        terms = []
        for c, factors in self._terms:
            powers = dict(factors)
            for k, d in self.degrees.items():
                c *= parts[k][1] ** (d - powers.get(k, 0))
            terms.append((c, factors))
            most += abs(c) * math.prod(sizes[k] ** e for k, e in factors)
        kind = np.int64 if most < 2**63 else object
        values = {k: parts[k][0].astype(kind) for k in self.degrees}
        length = max((v.size for v in values.values()), default=1)
        total = np.zeros(length, kind)
        for c, factors in terms:
            term = c
            for k, e in factors:
                term = term * values[k] ** e
            total = total + term
        return total, scale


def _largest(numbers: Array) -> int:
    if numbers.dtype == object:
        return int(np.abs(numbers).max())
    return max(int(numbers.max()), -int(numbers.min()))


# --------------------------------------------------------------------------- conditions
class _Conditions:
    """Cases of sign conditions, each distinct polynomial factor kept once."""

    def __init__(self, ring: Ring) -> None:
        self._ring = ring
        self._factors: dict[Key, int] = {}
        self.factors: list[_Polynomial] = []
        self._known: dict[Atom, int] = {}
        # for each atom the factors with whether their power is odd, the sign of what
        # they are multiplied by, and how the product compares with 0
        self.atoms: list[tuple[list[tuple[int, bool]], int, str]] = []
        self._cases: dict[frozenset[int], int] = {}
        self.cases: list[list[int]] = []

    def factored(self, poly: Poly) -> tuple[Fraction, list[tuple[int, int]]]:
        """The content of a polynomial, and its factors with their powers."""
        if not poly:
            return Fraction(0), []
        if poly.is_constant():
            return Fraction(key_of(poly)[0][1]), []
        content, parts = self._ring.factors(poly)
        return content, [(self._factor(p), power) for p, power in parts]

    def _factor(self, poly: Poly) -> int:
        key = key_of(poly)
        if key not in self._factors:
            self._factors[key] = len(self.factors)
            self.factors.append(_Polynomial(key))
        return self._factors[key]

    def atom(self, atom: Atom) -> int:
        """The number of a sign condition."""
        if atom not in self._known:
            content, parts = self.factored(poly_of(self._ring, atom.key))
            sign = (content > 0) - (content < 0)
            self._known[atom] = len(self.atoms)
            odd = [(k, power % 2 == 1) for k, power in parts]
            self.atoms.append((odd, sign, atom.sign))
        return self._known[atom]

    def case(self, case: Case) -> int:
        """The number of a conjunction."""
        numbers = frozenset(self.atom(a) for a in case)
        if numbers not in self._cases:
            self._cases[numbers] = len(self.cases)
            # equations first: where none holds, the rest need not be evaluated
            order = sorted(numbers, key=lambda n: (self.atoms[n][2] != "==", n))
            self.cases.append(order)
        return self._cases[numbers]


class _Truth:
    """Which conditions are true at the points of a block, evaluated when asked for."""

    def __init__(self, conditions: _Conditions, block: _Block) -> None:
        self._conditions = conditions
        self._block = block
        self._sides: dict[int, tuple[Array, Array]] = {}
        self._atoms: dict[int, Array] = {}
        self._cases: dict[int, Array] = {}

    def any(self, cases: Iterable[int]) -> Array:
        """Where some case holds."""
        found: Array = np.False_
        for case in cases:
            found = found | self.case(case)
        return found

    def case(self, number: int) -> Array:
        """Where all atoms of a case hold."""
        found = self._cases.get(number)
        if found is None:
            found = np.True_
            for atom in self._conditions.cases[number]:
                found = found & self._atom(atom)
                if not found.any():
                    break
            self._cases[number] = found
        return found

    def _atom(self, number: int) -> Array:
        found = self._atoms.get(number)
        if found is None:
            factors, sign, operator = self._conditions.atoms[number]
            above: Array = np.bool_(sign > 0)
            below: Array = np.bool_(sign < 0)
            for factor, is_odd in factors:
                plus, minus = self._factor(factor)
                if not is_odd:
                    plus, minus = plus | minus, np.False_
                above, below = (
                    (above & plus) | (below & minus),
                    (above & minus) | (below & plus),
                )
            if operator == ">":
                found = above
            elif operator == ">=":
                found = ~below
            else:
                found = above | below
                found = ~found if operator == "==" else found
            self._atoms[number] = found
        return found

    def _factor(self, number: int) -> tuple[Array, Array]:
        found = self._sides.get(number)
        if found is None:
            found = self._conditions.factors[number].sides(self._block)
            self._sides[number] = found
        return found


class _Quotient:
    """A closed form, for evaluating it at many points."""

    def __init__(self, conditions: _Conditions, ratio: Ratio) -> None:
        self._above = _Polynomial(key_of(ratio.above))
        self._below = _Polynomial(key_of(ratio.below))
        above, parts = conditions.factored(ratio.above)
        below, others = conditions.factored(ratio.below)
        self._content = _float(above / below)
        self._factors = [(conditions.factors[k], p) for k, p in parts]
        self._factors += [(conditions.factors[k], -p) for k, p in others]

    def at(self, block: _Block) -> Array:
        """Values at points in a row; NaN where the denominator is 0.

        They are right to a relative error of 1e-12: where cancellation or the range of
        floats could cost more, they are computed exactly and rounded once.
        """
        value = np.full(block.shape, self._content)
        if not self._factors:
            return value
        error = np.zeros(block.shape)
        for factor, power in self._factors:
            total, size, unsafe = factor.near(block)
            error += abs(power) * factor.error * size / np.abs(total)
            if unsafe is not None:
                error[np.broadcast_to(unsafe, block.shape)] = np.inf
            for _ in range(abs(power)):
                value = value * total if power > 0 else value / total
                sizes = np.abs(value)
                error[~((sizes > 2.0**-_BITS) & (sizes < 2.0**_BITS))] = np.inf
        where = np.nonzero(~(error <= _ACCURACY))
        if where[0].size:
            value[where] = self._exactly(block, where)
        return value

    def _exactly(self, block: _Block, where: tuple[Array, ...]) -> Array:
        row = block.at(where)
        asked = sorted({*self._above.degrees, *self._below.degrees})
        whole = (np.arange(where[0].size),)
        if all(row.keys[k].size == 1 for k in asked):
            whole = (np.zeros(1, int),)
        parts, inverse = row.integers(asked, whole)
        above, of_above = self._above.exactly(parts)
        below, of_below = self._below.exactly(parts)
        # both polynomials were multiplied by a number to make them whole
        tops = np.asarray(above, object) * (of_below * self._below.multiple)
        bottoms = np.asarray(below, object) * (of_above * self._above.multiple)
        tops, bottoms = np.broadcast_arrays(tops, bottoms)
        found = [_divided(t, b) for t, b in zip(tops.flat, bottoms.flat, strict=True)]
        return np.array(found)[inverse]


# the different closed forms of a measure, each with the regimes that have it
Forms: TypeAlias = list[tuple[_Quotient | None, list[int]]]


def _divided(above: int, below: int) -> float:
    """The float nearest to a quotient of integers."""
    if not below:
        return math.nan
    try:
        return int(above) / int(below)
    except OverflowError:
        return math.inf if (above > 0) is (below > 0) else -math.inf


# --------------------------------------------------------------------------- the answer
class _Plan:
    """What is evaluated at every block.

    Attributes
    ----------
    families : list of str
        Their names.
    owners : list of str
        For each regime the family whose path it shares.
    """

    def __init__(self, regimes: Regimes, wanted: Sequence[str]) -> None:
        self._regimes = regimes
        self._wanted = wanted
        self._conditions = _Conditions(regimes._region.ring)
        self._domain = self._conditions.case(frozenset(regimes._region.atoms))
        self._holds: list[list[int]] = []
        self._supports: list[list[int]] = []
        self._exists: list[list[int]] = []
        self.families: list[str] = []
        case = self._conditions.case
        if {"holds", "count", "probability", "payoff"} & set(wanted):
            self._holds = [[case(c) for c in r._raw] for r in regimes]
            supports: dict[Any, list[int]] = {}
            for k, regime in enumerate(regimes):
                supports.setdefault(regime._member.support, []).append(k)
            self._supports = list(supports.values())
        if {"exists", "probability", "payoff"} & set(wanted):
            self._exists = [[case(c) for c in f._raw] for f in regimes.families]
            self.families = _unique([f.name for f in regimes.families])

    @cached_property
    def _paths(self) -> list[Any]:
        game = self._regimes.game
        return [path_of(game, r._member.support) for r in self._regimes]

    @cached_property
    def owners(self) -> list[str]:
        """For each regime the family whose path it shares, or nothing."""
        families = self._regimes.families
        found = []
        for regime, path in zip(self._regimes, self._paths, strict=True):
            same = [k for k, f in enumerate(families) if f._found.path == path]
            same.sort(key=lambda k: families[k].open != regime.open)
            names = self.families or _unique([f.name for f in families])
            found.append(names[same[0]] if same else "")
        return found

    @cached_property
    def _measures(
        self,
    ) -> dict[str, list[list[Forms]]]:
        """By content, family, and event or player: closed forms with their regimes."""
        game = self._regimes.game
        found: dict[str, Any] = {}
        if "probability" in self._wanted:
            found["probability"] = [
                [self._forms(f, "probability", k) for k in range(len(game.events))]
                for f in self._regimes.families
            ]
        if "payoff" in self._wanted:
            found["payoff"] = [
                [self._forms(f, "payoff", k) for k in range(len(game.players))]
                for f in self._regimes.families
            ]
        return found

    def _forms(self, family: RegimeFamily, name: str, number: int) -> Forms:
        """The different closed forms on a path, with the regimes that have them."""
        members: dict[Ratio | None, list[int]] = {}
        for k, regime in enumerate(self._regimes):
            if self._paths[k] == family._found.path:
                form = getattr(regime._closed, name)(number)
                members.setdefault(form, []).append(k)
        if not members:
            members[getattr(family._closed, name)(number)] = []
        return [
            (None if form is None else _Quotient(self._conditions, form), of)
            for form, of in members.items()
        ]

    def results(self, points: _Points) -> dict[str, Array]:
        """The contents, over all points."""
        whole = points.whole
        game, families = self._regimes.game, len(self._exists)
        found: dict[str, Array] = {"admitted": np.zeros(whole, bool)}
        for name in self._wanted:
            if name == "holds":
                found[name] = np.zeros((len(self._holds), *whole), bool)
            elif name == "exists":
                found[name] = np.zeros((families, *whole), bool)
            elif name == "count":
                found[name] = np.zeros(whole, np.int32)
            else:
                asked = len(game.events if name == "probability" else game.players)
                found[name] = np.full((families, asked, *whole), np.nan)
        for place, block in points.blocks():
            views = {n: a[(..., *place)] for n, a in found.items()}
            self._fill(views, block, points.is_flat)
        return found

    def _fill(self, views: Mapping[str, Array], block: _Block, is_flat: bool) -> None:
        """The contents, over the points of a block."""
        truth = _Truth(self._conditions, block)
        admitted = np.broadcast_to(truth.case(self._domain), block.shape)
        views["admitted"][...] = admitted
        where: Any = ...
        inside: Array = admitted
        if is_flat and not admitted.all():
            # what is not admitted need not be looked at again
            where = np.flatnonzero(admitted)
            if not where.size:
                return
            block = block.at((where,))
            truth = _Truth(self._conditions, block)
            inside = np.True_
        elif not admitted.any():
            return
        holds = [truth.any(cases) & inside for cases in self._holds]
        if "holds" in views:
            for k, one in enumerate(holds):
                views["holds"][k][where] = one
        if "count" in views:
            count: Array = np.zeros(block.shape, np.int32)
            for same in self._supports:
                count += functools.reduce(np.logical_or, [holds[k] for k in same])
            views["count"][where] = count
        exists = [truth.any(cases) & inside for cases in self._exists]
        if "exists" in views:
            for k, one in enumerate(exists):
                views["exists"][k][where] = one
        for name, rows in self._measures.items():
            for k, one in enumerate(exists):
                some = np.nonzero(np.broadcast_to(one, block.shape))
                if not some[0].size:
                    continue
                points = block.at(some)
                target = some if where is ... else (where[some[0]],)
                for j, forms in enumerate(rows[k]):
                    views[name][k, j][target] = self._measured(
                        forms, points, some, holds, block
                    )

    @staticmethod
    def _measured(
        forms: Forms,
        points: _Block,
        some: tuple[Array, ...],
        holds: Sequence[Array],
        block: _Block,
    ) -> Array:
        """A measure at the points of a family; NaN where its members differ."""
        if len(forms) == 1:
            form = forms[0][0]
            return np.nan if form is None else form.at(points)
        found = np.full(points.shape, np.nan)
        seen = np.zeros(points.shape, bool)
        for form, members in forms:
            hold = np.zeros(points.shape, bool)
            for k in members:
                hold |= np.broadcast_to(holds[k], block.shape)[some]
            here = np.nonzero(hold)
            own = np.nan if form is None else form.at(points.at(here))
            # the same number may be written differently on a knife edge
            same = np.isclose(found[here], own, rtol=10 * _ACCURACY, atol=0)
            found[here] = np.where(~seen[here] | same, own, np.nan)
            seen |= hold
        return found
