"""Strategic forms in Gambit's ``.nfg`` format, version 1: read and written.

A file gives the players, their strategies (names or how many), and what each profile
pays, with the first player's strategy varying fastest: either the payoffs themselves or
the numbers of outcomes that are listed before.

Reads: tree, bimatrix, io.labels, io.lexer, io.originals, io.strategic.  Used by: users,
tree (to_nfg).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NoReturn

from redlines.bimatrix import Bimatrix, MatrixTables
from redlines.io.labels import labelled, player_labels, title_label
from redlines.io.lexer import (
    NO_PATH,
    Lexer,
    Source,
    braced,
    prose,
    quoted,
    read,
    shown,
    written,
)
from redlines.io.originals import (
    FileTables,
    Outcome,
    StrategicText,
    families,
    text_of,
)
from redlines.io.strategic import strategic_form
from redlines.numbers import brief
from redlines.tree import MOVE, TERMINAL, Game, InfosetRow, Tables

__all__ = ["read_nfg", "write_nfg"]


def read_nfg(source: Source) -> Game:
    """The game in an ``.nfg`` file of Gambit.

    Parameters
    ----------
    source : str or os.PathLike
        A path, or the text itself: a str is a path if it is a single line that ends in
        ``.nfg`` or ``.efg``, and a path object always is.

    Returns
    -------
    Game
        Of two players it is what `Game.from_bimatrix` gives; of another number a tree
        in which they choose one after another and see nothing, which can be looked at
        and written but not solved. Each player has one information set, labelled with
        the player's name. Its name is the title and its docstring the comment. Payoffs
        are exact; where they are given by outcomes, these are their reasons.

    Raises
    ------
    OSError
        If the file cannot be read; `FileNotFoundError` if there is none.
    ParseError
        If the text is not in the format, with line and column.

    Notes
    -----
    Labels are made of the names in the file as in `redlines.read_efg`; strategies of
    which the file gives only the number are called ``1``, ``2``, ...

    Examples
    --------
    >>> import redlines as rl
    >>> game = rl.read_nfg('''NFG 1 R "Chicken" { "US" "Russia" }
    ... { { "yield" "dare" } { "yield" "dare" } }
    ... 6 6  7 2  2 7  0 0''')
    >>> rl.solve(game, "nash").count
    3
    """
    return read(source, lambda text: _Reader(text).game())


# ----------------------------------------------------------------------------- reading
class _Reader:
    """One text and what has been read of it."""

    def __init__(self, text: str) -> None:
        self.lexer = Lexer(text)
        self.players: list[str] = []
        self.names: list[list[str]] | None = None
        self.sizes: list[int] = []

    def game(self) -> Game:
        """The game that the text describes."""
        lexer = self.lexer
        if lexer.word == "EFG":
            lexer.fail("'NFG'", "this is a tree; read it with rl.read_efg")
        lexer.mark("NFG", f"'NFG', with which a strategic form begins; {NO_PATH}")
        lexer.mark("1", "1, the version of the format")
        if lexer.word not in ("R", "D"):
            lexer.fail("'R' or 'D'")
        lexer.advance()
        title = lexer.text("the title")
        start = lexer.start
        self.players = lexer.texts("a player's name")
        if not self.players:
            lexer.fail("at least one player", "there is no player", start)
        self._strategies()
        comment = lexer.text("the comment") if lexer.is_text else ""
        outcomes = cells = None
        if lexer.word == "{":
            outcomes = self._outcomes()
            cells = self._cells(len(outcomes))
            nothing = Outcome(0, "", (Fraction(0),) * len(self.players))
            paid = [o.payoffs for o in (nothing, *outcomes)]
            payoffs = [paid[number] for number in cells]
        else:
            payoffs = self._payoffs()
        if lexer.word:
            lexer.fail("the end of the text, since every profile has its payoffs")
        names = self.names
        if names is None:
            names = [[str(k + 1) for k in range(size)] for size in self.sizes]
        original = StrategicText(
            title=title,
            comment=comment,
            players=tuple(self.players),
            strategies=tuple(map(tuple, names)),
            outcomes=outcomes,
            cells=cells,
        )
        return _made(original, payoffs)

    def _strategies(self) -> None:
        """Read the names of every player's strategies, or how many there are."""
        lexer = self.lexer
        lexer.mark("{")
        named = lexer.word == "{"
        lists = []
        for player in self.players:
            start = lexer.start
            if named:
                lists.append(lexer.texts(f"a strategy of {shown(player)}"))
                if not lists[-1]:
                    lexer.fail("a strategy", f"{shown(player)} has no strategy", start)
                self.sizes.append(len(lists[-1]))
            else:
                what = f"how many strategies {shown(player)} has, at least 1"
                self.sizes.append(lexer.integer(what, 1))
        lexer.mark("}", f"'}}', since there are {len(self.players)} players")
        if named:
            self.names = lists

    def _payoffs(self) -> list[tuple[Fraction, ...]]:
        """Read the payoffs of every profile."""
        lexer, count = self.lexer, len(self.players)
        size = math.prod(self.sizes)
        found: list[tuple[Fraction, ...]] = []
        while len(found) < size:
            if not lexer.word:
                self._too_few(len(found), "lists of payoffs")
            found.append(lexer.payoffs(count))
        return found

    def _outcomes(self) -> tuple[Outcome, ...]:
        """Read the list of outcomes."""
        lexer = self.lexer
        lexer.mark("{")
        found: list[Outcome] = []
        while lexer.word != "}":
            lexer.mark("{", "'{' and an outcome, or '}'")
            name = lexer.text("the outcome's name") if lexer.is_text else ""
            payoffs = lexer.payoffs(len(self.players))
            found.append(Outcome(len(found) + 1, name, payoffs))
            lexer.mark("}")
        lexer.advance()
        return tuple(found)

    def _cells(self, most: int) -> tuple[int, ...]:
        """Read the number of the outcome of every profile."""
        lexer = self.lexer
        size = math.prod(self.sizes)
        what = f"the number of an outcome, from 0 to {most}"
        found: list[int] = []
        while len(found) < size:
            if not lexer.word:
                self._too_few(len(found), "numbers of outcomes")
            found.append(lexer.integer(what, 0, most))
        return tuple(found)

    def _too_few(self, count: int, what: str) -> NoReturn:
        sizes = " x ".join(brief(size, 20) for size in self.sizes[:8])
        if len(self.sizes) > 8:
            sizes += " x ..."
        self.lexer.fail(
            f"{what} for all {sizes} profiles",
            f"the text ends after {count:,} {what}",
        )


# -------------------------------------------------------------------------------- made
class _FileMatrix(MatrixTables):
    """The tables of two matrices that came from a file."""

    def __init__(
        self,
        matrix: Bimatrix,
        players: Sequence[str],
        actions: Sequence[tuple[str, ...]],
        original: StrategicText,
    ) -> None:
        super().__init__(matrix, players, actions)
        self.original = original
        if original.outcomes is not None:
            self.reasons = tuple(dict.fromkeys(o.reason for o in original.outcomes))

    def _build(self) -> None:
        super()._build()
        outcomes, cells = self.original.outcomes, self.original.cells
        if outcomes is None or cells is None:
            return
        index = {reason: k for k, reason in enumerate(self.reasons)}
        rows, columns = self._matrix.shape
        for r in range(rows):
            for c in range(columns):
                node = 2 + r * (columns + 1) + c
                number = cells[c * rows + r]
                paid = self.payments.pop(node)
                if number:
                    why = index[outcomes[number - 1].reason]
                    self.payments[node] = tuple(
                        (p, amount, why) for p, amount, _ in paid
                    )


def _made(original: StrategicText, payoffs: list[tuple[Fraction, ...]]) -> Game:
    """The game, once all of its text is known."""
    players = player_labels(original.players)
    actions = [labelled(names) for names in original.strategies]
    tables: Tables
    if len(players) == 2:
        rows, columns = map(len, actions)
        sources = tuple(
            [[payoffs[c * rows + r][p] for c in range(columns)] for r in range(rows)]
            for p in (0, 1)
        )
        matrix = Bimatrix((sources[0], sources[1]))
        tables = _FileMatrix(matrix, players, actions, original)
    else:
        tables = _unseen(original, players, actions, payoffs)
    return Game(tables, name=title_label(original.title), doc=original.comment)


def _unseen(
    original: StrategicText,
    players: tuple[str, ...],
    actions: list[tuple[str, ...]],
    payoffs: list[tuple[Fraction, ...]],
) -> FileTables:
    """The tree in which players choose one after another and see nothing."""
    last = len(players)
    strides = [1]
    for own in actions:
        strides.append(strides[-1] * len(own))
    parent: list[int] = []
    option: list[int] = []
    turn: list[int] = []
    nodes: list[list[int]] = [[] for _ in players]
    amounts: dict[Fraction, int] = {}
    reasons: dict[str, int] = {}
    payments = {}
    stack = [(-1, 0, 0, 0)]
    while stack:
        before, place, depth, cell = stack.pop()
        node = len(parent)
        parent.append(before)
        option.append(place)
        turn.append(depth)
        if depth < last:
            nodes[depth].append(node)
            stride = strides[depth]
            stack += [
                (node, k, depth + 1, cell + k * stride)
                for k in reversed(range(len(actions[depth])))
            ]
            continue
        reason = "payoff"
        if original.outcomes is not None and original.cells is not None:
            number = original.cells[cell]
            if not number:
                continue
            reason = original.outcomes[number - 1].reason
        why = reasons.setdefault(reason, len(reasons))
        payments[node] = tuple(
            (p, amounts.setdefault(amount, len(amounts)), why)
            for p, amount in enumerate(payoffs[cell])
        )
    return FileTables(
        players=players,
        kind=[MOVE if depth < last else TERMINAL for depth in turn],
        parent=parent,
        option=option,
        children=families(parent),
        infoset=[depth if depth < last else -1 for depth in turn],
        name=[players[depth] if depth < last else "" for depth in turn],
        payments=payments,
        marks={},
        infosets=tuple(
            InfosetRow(p, players[p], 0, actions[p], tuple(nodes[p]))
            for p in range(last)
        ),
        draws=(),
        observations=[(-1, "", "")],
        amounts=tuple(amounts),
        reasons=tuple(reasons),
        events=(),
        original=original,
    )


# ----------------------------------------------------------------------------- writing
def write_nfg(game: Game) -> str:
    """The text of a game's strategic form; see `Game.to_nfg`."""
    form = strategic_form(game, "to_nfg")
    original = text_of(game._tables)
    title, comment, players = game.name, game._doc, game.players
    strategies = form.strategies
    if original is not None:
        title, comment, players = original.title, original.comment, original.players
    if isinstance(original, StrategicText):
        strategies = original.strategies
    lists = [braced(map(quoted, names)) for names in strategies]
    lines = [
        f"NFG 1 R {prose(title)} {braced(map(quoted, players))}",
        "",
        "\n".join(["{ " + lists[0], *lists[1:], "}"]) if lists else "{ }",
        prose(comment),
        "",
    ]
    if isinstance(original, StrategicText) and original.outcomes is not None:
        lines.append("{")
        for outcome in original.outcomes:
            payoffs = ", ".join(map(written, outcome.payoffs))
            lines.append(f"{{ {quoted(outcome.name)} {payoffs} }}")
        lines += ["}", " ".join(map(str, original.cells or ()))]
    else:
        lines += [" ".join(map(written, paid)) for paid in form.payoffs]
    return "\n".join(lines) + "\n"
