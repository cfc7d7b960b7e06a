"""Games of two matrices: what they pay, and the tree that they stand for.

Entries are exact. Those that come as an array of floating-point or machine numbers stay
there and are read when they are needed, each as the decimal that it prints as, so that
a game of a million cells costs what its arrays cost. The tree is built when somebody
walks it.

Reads: errors, numbers, tree.  Used by: tree (from_bimatrix), forms, referee, profile.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from redlines.errors import ModelError
from redlines.numbers import Amount, exact
from redlines.tree import FORBIDDEN, MOVE, TERMINAL, Game, InfosetRow, Tables

__all__ = ["Bimatrix", "MatrixTables", "decimal", "from_bimatrix"]

# between these, floating point has its full precision whatever is multiplied
SMALLEST, LARGEST = 1e-120, 1e120

_LAZY = frozenset(
    ("kind", "parent", "option", "children", "infoset", "name", "payments", "amounts")
)


def decimal(value: float) -> tuple[int, int]:
    """The decimal that a float prints as: a whole number and a power of ten.

    Examples
    --------
    >>> decimal(0.25)
    (25, -2)
    """
    digits, _, power = repr(value).partition("e")
    whole, _, rest = digits.partition(".")
    return int(whole + rest), int(power or 0) - len(rest)


class Bimatrix:
    """The payoffs of a game in which both players choose once, at once.

    Parameters
    ----------
    sources : tuple of two
        For each player an array of floats or integers, or rows of Fractions.

    Attributes
    ----------
    shape : tuple of int
        Rows and columns.
    """

    def __init__(self, sources: tuple[Any, Any]) -> None:
        self._sources = sources
        self.shape: tuple[int, int] = (len(sources[0]), len(sources[0][0]))

    def entry(self, player: int, row: int, column: int) -> Fraction:
        """What a player gets, exactly."""
        value = self._sources[player][row][column]
        if isinstance(value, Fraction):
            return value
        if isinstance(value, np.floating):
            number, power = decimal(float(value))
            return Fraction(number * 10**power) if power >= 0 else _over(number, power)
        return Fraction(int(value))

    @cached_property
    def floats(self) -> tuple[Any, Any]:
        """Both matrices, each entry the nearest floating-point number, or infinite."""
        one, other = map(_floats, self._sources)
        return one, other

    @cached_property
    def is_plain(self) -> tuple[bool, bool]:
        """Whether floating point loses nothing but its last digit."""
        found = []
        for source, values in zip(self._sources, self.floats, strict=True):
            sizes = np.abs(values)
            plain = bool(((sizes >= SMALLEST) | (values == 0)).all())
            plain = plain and bool((sizes <= LARGEST).all())
            if plain and not isinstance(source, np.ndarray):
                zeros = np.argwhere(values == 0).tolist()
                plain = not any(source[r][c] for r, c in zeros)
            found.append(plain)
        return found[0], found[1]

    @cached_property
    def whole(self) -> tuple[tuple[list[list[int]], int], ...]:
        """For each player the matrix in whole numbers, and what they are over."""
        return tuple(self._whole(source) for source in self._sources)

    def _whole(self, source: Any) -> tuple[list[list[int]], int]:
        if not isinstance(source, np.ndarray):
            scale = math.lcm(*(v.denominator for row in source for v in row))
            return [[int(v * scale) for v in row] for row in source], scale
        if source.dtype.kind != "f":
            return source.tolist(), 1
        parts = [[decimal(value) for value in row] for row in source.tolist()]
        least = min(0, min(power for row in parts for _, power in row))
        tens = [
            10**k for k in range(max(p for row in parts for _, p in row) - least + 1)
        ]
        rows = [
            [number * tens[power - least] for number, power in row] for row in parts
        ]
        return rows, 10**-least


def _floats(source: Any) -> Any:
    try:
        return np.array(source, np.float64)
    except OverflowError:
        return np.array([[_float(value) for value in row] for row in source])


def _float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _over(number: int, power: int) -> Fraction:
    return Fraction(number, 10**-power)


class MatrixTables(Tables):
    """The tree of two matrices; its long tables are made when they are looked at."""

    def __init__(
        self,
        matrix: Bimatrix,
        players: Sequence[str],
        actions: Sequence[tuple[str, ...]],
    ) -> None:
        rows, columns = matrix.shape
        seconds = tuple(range(1, 1 + rows * (columns + 1), columns + 1))
        self._matrix = matrix
        self.players = tuple(players)
        self.marks = {}
        self.infosets = (
            InfosetRow(0, players[0], 0, actions[0], (0,)),
            InfosetRow(1, players[1], 0, actions[1], seconds),
        )
        self.draws = ()
        self.observations = [(-1, "", "")]
        self.reasons = ("payoff",)
        self.events = ()
        self.known = {}

    @property
    def bimatrix(self) -> Bimatrix:
        """The payoffs by row and column."""
        return self._matrix

    def __len__(self) -> int:
        rows, columns = self._matrix.shape
        return 1 + rows * (columns + 1)

    @cached_property
    def terminals(self) -> tuple[int, ...]:
        """The terminal nodes, in the order of the walk."""
        rows, columns = self._matrix.shape
        nodes = np.arange(1, 1 + rows * (columns + 1)).reshape(rows, columns + 1)
        return tuple(nodes[:, 1:].ravel().tolist())

    def __getattr__(self, name: str) -> Any:
        if name not in _LAZY:
            raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")
        self._build()
        return self.__dict__[name]

    def _build(self) -> None:
        matrix = self._matrix
        rows, columns = matrix.shape
        kind, parent, option = [MOVE], [-1], [0]
        children: list[tuple[int, ...]] = [self.infosets[1].nodes]
        infoset, names = [0], [self.players[0]]
        payments: dict[int, tuple[tuple[int, int, int], ...]] = {}
        amounts: dict[Fraction, int] = {}
        for r in range(rows):
            move = len(kind)
            kind += [MOVE] + [TERMINAL] * columns
            parent += [0] + [move] * columns
            option += [r, *range(columns)]
            infoset += [1] + [-1] * columns
            names += [self.players[1]] + [""] * columns
            children += [tuple(range(move + 1, move + 1 + columns))]
            children += [()] * columns
            for c in range(columns):
                payments[move + 1 + c] = tuple(
                    (p, amounts.setdefault(matrix.entry(p, r, c), len(amounts)), 0)
                    for p in (0, 1)
                )
        self.kind, self.parent, self.option = kind, parent, option
        self.children, self.infoset, self.name = children, infoset, names
        self.payments, self.amounts = payments, tuple(amounts)


def from_bimatrix(
    A: Any,
    B: Any,
    players: Sequence[str],
    actions: Sequence[Sequence[str]] | None,
    name: str,
) -> Game:
    """See `Game.from_bimatrix`."""
    one, other = _matrix("A", A), _matrix("B", B)
    shape = (len(one), len(one[0]))
    if shape != (len(other), len(other[0])):
        raise ModelError(
            f"A has shape {shape} and B {(len(other), len(other[0]))}; they must be "
            "the same"
        )
    if len(players) != 2 or len(set(players)) != 2:
        raise ModelError(f"two different players are needed, not {players!r}")
    if actions is None:
        actions = [[str(k + 1) for k in range(size)] for size in shape]
    if len(actions) != 2:
        raise ModelError(
            f"actions are two lists, of row names and of column names, not {actions!r}"
        )
    labels = tuple(tuple(map(str, words)) for words in actions)
    for player, words, size in zip(players, labels, shape, strict=False):
        if len(words) != size or len(set(words)) != size:
            raise ModelError(
                f"player {player!r} has {size} actions, so {size} different names are "
                f"needed, not {list(words)}"
            )
    for word in (*players, *labels[0], *labels[1]):
        if not isinstance(word, str) or not word.strip() or FORBIDDEN & set(word):
            raise ModelError(
                f"{word!r} cannot be a name: names are non-empty texts without [ ] = , "
                "and line ends"
            )
    return Game(MatrixTables(Bimatrix((one, other)), players, labels), name=name)


def _matrix(word: str, given: Any) -> Any:
    """An array of numbers as it is, or rows of Fractions."""
    if isinstance(given, np.ndarray) and given.ndim == 2 and given.size:
        if given.dtype == np.float64 and np.isfinite(given).all():
            return given.copy()
        if given.dtype.kind in "iu":
            return given.copy()
    return _rows(word, given)


def _rows(word: str, given: Iterable[Iterable[Amount]]) -> list[list[Fraction]]:
    try:
        rows = [list(row) for row in given]
    except TypeError:
        raise ModelError(
            f"matrix {word} must be a sequence of rows, not {given!r}"
        ) from None
    if not rows or not rows[0]:
        raise ModelError(f"matrix {word} is empty; it needs a row and a column")
    if len({len(row) for row in rows}) != 1:
        raise ModelError(
            f"matrix {word} is ragged: its rows have "
            f"{sorted({len(row) for row in rows})} entries"
        )
    return [
        [exact(x, f"entry ({r + 1}, {c + 1}) of {word}") for c, x in enumerate(row)]
        for r, row in enumerate(rows)
    ]
