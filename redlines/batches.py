"""All Nash equilibria of many small games at once, from arrays to arrays.

For each pair of supports of one size the shares that make the other's choices worth the
same are differences of products of payoffs, up to a common factor: for a support of k
choices, the minors of k - 1 differences of rows. An equilibrium is where all of them
have one sign and nothing else is worth more. These are polynomials of low degree, so
with payoffs between 0 and 1 floating point is wrong by less than `DOUBT`. Where none of
them that decides about a pair of supports is so near 0, no vertex of a best-reply
polytope has two bases: the game is regular, each of its equilibria has supports of one
size, and the answer is proved. Every other game is degenerate, or nearly so, and goes
to `solve`, one by one and in exact arithmetic.

Reads: bimatrix, tree, solving.  Used by: users.

References
----------
[dickhaut1991]_ on supports.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from redlines.errors import ModelError, SolveFailed
from redlines.solving import solve
from redlines.tree import Game

__all__ = ["Batch", "solve_many"]

Array = Any  # numpy.ndarray

# above the rounding error of any minor of four payoffs between 0 and 1
DOUBT = 1e-11
# payoffs may be this much larger than what they differ by
SIZE = 100.0
SMALLEST, LARGEST = 1e-200, 1e200
# up to this floating point holds all whole numbers
EVERY_INTEGER = 2**53
# games at a time: what is worked on stays in the cache
CHUNK = 4_096
# supports of larger games are too many, and their minors too long
MAX_SIZE = 4


@dataclass(frozen=True)
class Batch:
    """All equilibria of many games, in arrays.

    Attributes
    ----------
    x, y : numpy.ndarray, shape (games, most, rows) and (games, most, columns)
        The mixtures of the row player and of the column player, rounded; rows of zeros
        where a game has fewer equilibria than the one with the most.
    count : numpy.ndarray of int, shape (games,)
        How many equilibria a game has; of a degenerate game, how many extreme ones.
    status : numpy.ndarray of str, shape (games,)
        ``"regular"``, where floating point leaves no doubt that these are all;
        ``"exact"``, where the game was solved in exact arithmetic, which tells all as
        well; ``"not found"``, where that was given up.
    """

    x: Array
    y: Array
    count: Array
    status: Array

    def __len__(self) -> int:
        return len(self.count)

    def __repr__(self) -> str:
        exact = int((self.status == "exact").sum())
        open_ = int((self.status == "not found").sum())
        return (
            f"<Batch of {len(self):,} games: {int(self.count.sum()):,} equilibria, "
            f"{exact:,} games in exact arithmetic, {open_:,} not found>"
        )


def solve_many(A: Any, B: Any) -> Batch:
    """All Nash equilibria of many two-player games of one shape.

    Parameters
    ----------
    A, B : array-like of float, shape (games, rows, columns)
        Payoffs of the row player and of the column player.

    Returns
    -------
    Batch

    Raises
    ------
    ModelError
        If the arrays are of other shapes, empty, or hold what is no number or a whole
        number that floating point cannot hold.

    Notes
    -----
    Up to four rows and columns games are taken all together; larger ones one by one.

    Examples
    --------
    >>> import redlines as rl
    >>> chicken = [[3, 1], [4, 0]], [[3, 4], [1, 0]]
    >>> batch = rl.solve_many([chicken[0]] * 2, [chicken[1]] * 2)
    >>> batch.count.tolist(), batch.x[0].tolist()
    ([3, 3], [[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])
    """
    one, other = _read("A", A), _read("B", B)
    if one.shape != other.shape:
        raise ModelError(f"A has shape {one.shape} and B {other.shape}, not the same")
    games, m, n = one.shape
    found: list[tuple[Array, Array, Array]] = []
    doubtful = np.ones(games, bool)
    if max(m, n) <= MAX_SIZE:
        for at in range(0, games, CHUNK):
            part = slice(at, at + CHUNK)
            listed, doubtful[part] = _regular(one[part], other[part])
            found += [(number + at, x, y) for number, x, y in listed]
    status = np.where(doubtful, "exact", "regular").astype("<U9")
    for number in np.flatnonzero(doubtful).tolist():
        exact = _exact(one[number], other[number])
        if exact is None:
            status[number] = "not found"
            continue
        found.append((np.full(len(exact[0]), number), *exact))
    return _padded(found, status, doubtful, (games, m, n))


def _read(word: str, given: Any) -> Array:
    try:
        entries = np.asarray(given)
        if entries.dtype.kind not in "fiuO":
            raise TypeError
        values = np.array(entries, np.float64)
    except (TypeError, ValueError):
        raise ModelError(
            f"{word} must be an array of numbers of shape (games, rows, columns)"
        ) from None
    except OverflowError:
        raise ModelError(
            f"{word} holds a number that is beyond floating point; rl.solve takes such "
            "games, one by one"
        ) from None
    if values.ndim != 3 or 0 in values.shape[1:]:
        raise ModelError(
            f"{word} has shape {values.shape}; it needs (games, rows, columns), with a "
            "row and a column"
        )
    if not np.isfinite(values).all():
        game, row, column = np.argwhere(~np.isfinite(values))[0].tolist()
        raise ModelError(
            f"entry ({row + 1}, {column + 1}) of game {game} of {word} is "
            f"{values[game, row, column]}, which is no finite number"
        )
    if entries.dtype.kind in "iuO":
        for game, row, column in np.argwhere(np.abs(values) > EVERY_INTEGER).tolist():
            near = values[game, row, column]
            if int(entries[game, row, column]) != int(near):
                raise ModelError(
                    f"entry ({row + 1}, {column + 1}) of game {game} of {word} is near "
                    f"{near}, but floating point cannot hold it; rl.solve takes such "
                    "games, one by one"
                )
    return values


def _exact(one: Array, other: Array) -> tuple[Array, Array] | None:
    """All extreme equilibria of one game, rounded at the end."""
    try:
        solution = solve(Game.from_bimatrix(one, other), "nash")
    except SolveFailed:
        return None
    if not solution.complete:
        return None
    sides = [
        np.array(
            [[float(s) for s in e.strategy[p][p].values()] for e in solution],
        )
        for p in solution.game.players
    ]
    return sides[0], sides[1]


def _padded(
    found: list[tuple[Array, Array, Array]],
    status: Array,
    doubtful: Array,
    shape: tuple[int, int, int],
) -> Batch:
    """Equilibria by game, in the order in which they were found."""
    games, m, n = shape
    count = np.zeros(games, np.int64)
    if not found:
        return Batch(np.zeros((games, 0, m)), np.zeros((games, 0, n)), count, status)
    numbers = np.concatenate([part[0] for part in found])
    order = np.argsort(numbers, kind="stable")
    numbers = numbers[order]
    count = np.bincount(numbers, minlength=games)
    place = np.arange(len(numbers)) - np.repeat(np.cumsum(count) - count, count)
    most = int(count.max(initial=0))
    x, y = np.zeros((games, most, m)), np.zeros((games, most, n))
    x[numbers, place] = np.concatenate([part[1] for part in found])[order]
    y[numbers, place] = np.concatenate([part[2] for part in found])[order]
    return Batch(x, y, count, status)


# ------------------------------------------------------------------------- all together
def _regular(one: Array, other: Array) -> tuple[list[tuple[Any, Any, Any]], Array]:
    """Equilibria of the games that are regular, and which games are not."""
    _, m, n = one.shape
    # entries by place, games last, so that each operation goes along memory
    rows, doubtful = _unit(one)
    columns, also_doubtful = _unit(other)
    columns = np.ascontiguousarray(columns.transpose(1, 0, 2))
    doubtful |= also_doubtful
    listed = []
    for size in range(1, min(m, n) + 1):
        supports = (
            list(combinations(range(m), size)),
            list(combinations(range(n), size)),
        )
        for own in supports[0]:
            for against in supports[1]:
                y, yes, maybe = _side(rows, own, against)
                x, also, perhaps = _side(columns, against, own)
                doubtful |= (maybe & ~yes) | (perhaps & ~also)
                where = np.flatnonzero(yes & also)
                if where.size:
                    listed.append(
                        (
                            where,
                            _mixture(x, own, where, m),
                            _mixture(y, against, where, n),
                        )
                    )
    kept = []
    for where, x, y in listed:
        regular = ~doubtful[where]
        kept.append((where[regular], x[regular], y[regular]))
    return kept, doubtful


def _unit(values: Array) -> tuple[Array, Array]:
    """Payoffs moved and scaled to between 0 and 1, games last.

    Returns
    -------
    tuple of numpy.ndarray
        The payoffs, and of which games they are not known so well: those whose payoffs
        are large and differ by little, or are beyond floating point.
    """
    flat = values.reshape(len(values), -1)
    low, high = flat.min(axis=1), flat.max(axis=1)
    with np.errstate(over="ignore"):
        wide = high - low
        lost = ~(np.maximum(np.abs(low), np.abs(high)) < SIZE * wide)
    lost |= ~((wide > SMALLEST) & (wide < LARGEST))
    low, wide = np.where(lost, 0.0, low), np.where(lost, 1.0, wide)
    # a copy always: of a single game the transpose is contiguous as it is
    table = np.array(values.transpose(1, 2, 0), order="C")
    table[:, :, lost] = 0.0
    table -= low
    table /= wide
    return table, lost


def _side(
    payoffs: Array, own: tuple[int, ...], against: tuple[int, ...]
) -> tuple[list[Array], Array, Array]:
    """Shares of `against` that make `own` choices worth the same and no other more.

    Returns
    -------
    tuple
        The shares up to a factor, where this is certain, and where it is possible.
    """
    first = own[0]
    base = [payoffs[first, j] for j in against]
    singular: Any = False
    shares = _minors(
        [
            [payoffs[i, j] - b for j, b in zip(against, base, strict=True)]
            for i in own[1:]
        ]
    )
    if len(own) == 1:
        games = payoffs.shape[2]
        shares = [np.ones(games)]
        sign = shares[0]
        certain = np.ones(games, bool)
        possible = certain
    else:
        low, high = shares[0], shares[0]
        for share in shares[1:]:
            low, high = np.minimum(low, share), np.maximum(high, share)
        certain = (low > DOUBT) | (high < -DOUBT)
        possible = (low > -DOUBT) | (high < DOUBT)
        singular = (low > -DOUBT) & (high < DOUBT)
        sign = np.where(low + high > 0, 1.0, -1.0)
    for i in range(len(payoffs)):
        if i in own:
            continue
        short = sum(
            (b - payoffs[i, j]) * share
            for b, j, share in zip(base, against, shares, strict=True)
        )
        short = short * sign
        certain = certain & (short > DOUBT)
        possible = possible & (singular | (short > -DOUBT))
    return shares, certain, possible


def _minors(rows: list[list[Array]]) -> list[Array]:
    """Signed minors of k - 1 rows of k entries: orthogonal to each of them."""
    if not rows:
        return []
    if len(rows) == 1:
        ((a, b),) = rows
        return [b, -a]
    if len(rows) == 2:
        (a, b, c), (d, e, f) = rows
        return [b * f - c * e, c * d - a * f, a * e - b * d]
    top, *rest = rows
    pairs = {
        (p, q): rest[0][p] * rest[1][q] - rest[0][q] * rest[1][p]
        for p, q in combinations(range(4), 2)
    }
    found = []
    for left in range(4):
        p, q, r = (j for j in range(4) if j != left)
        minor = top[p] * pairs[q, r] - top[q] * pairs[p, r] + top[r] * pairs[p, q]
        found.append(minor if left % 2 == 0 else -minor)
    return found


def _mixture(
    shares: list[Array], support: tuple[int, ...], where: Array, size: int
) -> Array:
    found = np.zeros((len(where), size))
    picked = np.stack([share[where] for share in shares], axis=1)
    found[:, support] = picked / picked.sum(axis=1, keepdims=True)
    return found
