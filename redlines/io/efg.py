"""Trees in Gambit's ``.efg`` format, version 2: read and written.

A file lists the nodes of a tree in the order of a depth-first walk. Information sets
and events of chance are numbered, those of each player for themselves, and so are
outcomes; their names, options and payoffs stand where a number occurs first and may be
left out later. What an outcome pays at a node is paid on entering it.

Reads: errors, tree, io.labels, io.lexer, io.originals.  Used by: users, tree (to_efg).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from redlines.errors import BadProbability
from redlines.io.labels import (
    Trie,
    clean,
    draw_label,
    labelled,
    player_labels,
    title_label,
    unlike,
)
from redlines.io.lexer import (
    NO_PATH,
    Lexer,
    Source,
    braced,
    prose,
    quoted,
    read,
    shown,
    spoken,
    written,
)
from redlines.io.originals import (
    FileTables,
    Header,
    Outcome,
    StrategicText,
    TreeText,
    families,
    text_of,
)
from redlines.tree import CHANCE, MOVE, TERMINAL, DrawRow, Game, InfosetRow

__all__ = ["read_efg", "write_efg"]

SIGNS = {CHANCE: "c", MOVE: "p", TERMINAL: "t"}


def read_efg(source: Source) -> Game:
    """The game in an ``.efg`` file of Gambit.

    Parameters
    ----------
    source : str or os.PathLike
        A path, or the text itself: a str is a path if it is a single line that ends in
        ``.efg`` or ``.nfg``, and a path object always is.

    Returns
    -------
    Game
        With any number of players, and with imperfect recall if the file has it; what
        solves refuses such games and says why. Numbers are exact. Its name is the title
        and its docstring the comment; what an outcome pays has the outcome's name as
        its reason. There are no events in a file.

    Raises
    ------
    OSError
        If the file cannot be read; `FileNotFoundError` if there is none.
    ParseError
        If the text is not in the format, with line and column.
    BadProbability
        If the probabilities of an event are negative or do not sum to exactly one.

    Notes
    -----
    Labels come from the names in the file. In them ``[ ] =`` become ``( ) :``, a comma
    before a space becomes a semicolon and a line end a space; what repeats where it
    must not gets ``_1``, ``_2``, ...; an information set without a name is called after
    its player and its number, ``Russia:2``, and an action without one by its position.
    `Game.to_efg` writes the names as they were. An outcome of probability 0 never
    happens: it is left out with all that follows it.

    Examples
    --------
    >>> import redlines as rl
    >>> game = rl.read_efg('''EFG 2 R "Entry" { "Entrant" "Incumbent" }
    ... p "" 1 1 "entry" { "enter" "stay out" } 0
    ... p "" 2 1 "answer" { "fight" "share" } 0
    ... t "" 1 "war" { -1, -1 }
    ... t "" 2 "duopoly" { 1, 1 }
    ... t "" 3 "monopoly" { 0, 2 }''')
    >>> game
    <Game Entry: Entrant and Incumbent, 2 information sets, 3 terminals>
    >>> print(rl.solve(game, "subgame perfect")[0].payoffs)
    {'Entrant': Fraction(1, 1), 'Incumbent': Fraction(1, 1)}
    """
    return read(source, lambda text: _Reader(text).game())


# ----------------------------------------------------------------------------- reading
@dataclass(slots=True, eq=False)
class _Choice:
    """An information set or an event as it has been read."""

    player: int  # -1 is chance
    number: int
    name: str
    options: list[str]
    shares: list[Fraction]  # of an event
    # which place each option takes in the tree, -1 for one that never happens
    places: list[int]
    nodes: list[int] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _Open:
    """A node some of whose branches have not been read yet; -1 if it is left out."""

    node: int
    choice: _Choice
    read: int = 0


class _Reader:
    """One text, the choices and outcomes that it has defined, and the tree so far."""

    def __init__(self, text: str) -> None:
        self.lexer = Lexer(text)
        self.players: list[str] = []
        self.choices: dict[tuple[int, int], _Choice] = {}
        self.outcomes: dict[int, Outcome] = {}
        self.path: list[_Open] = []
        # of the nodes that can happen
        self.parent: list[int] = []
        self.option: list[int] = []
        self.names: list[str] = []
        self.choice: list[_Choice | None] = []
        self.paid: list[Outcome | None] = []

    def game(self) -> Game:
        """The game that the text describes."""
        lexer = self.lexer
        if lexer.word == "NFG":
            lexer.fail("'EFG'", "this is a strategic form; read it with rl.read_nfg")
        lexer.mark("EFG", f"'EFG', with which a tree begins; {NO_PATH}")
        lexer.mark("2", "2, the version of the format")
        if lexer.word not in ("R", "D"):
            lexer.fail("'R' or 'D'")
        lexer.advance()
        title = lexer.text("the title")
        self.players = lexer.texts("a player's name")
        comment = lexer.text("the comment") if lexer.is_text else ""
        self._node()
        while self.path:
            self._node()
        if lexer.word:
            lexer.fail("the end of the text, since the tree is complete")
        return self._made(title, comment)

    # ------------------------------------------------------------------------ nodes
    def _node(self) -> None:
        """Read one node and put it where the walk has come to."""
        lexer = self.lexer
        sign = lexer.word
        if sign not in ("c", "p", "t"):
            lexer.fail(f"'c', 'p' or 't', the kind of a node{self._branch()}")
        lexer.advance()
        name = lexer.text("the node's name") if lexer.is_text else ""
        choice = None
        if sign == "c":
            choice = self._choice(-1)
        elif sign == "p":
            choice = self._choice(self._player())
        node = self._add(name, choice, self._outcome())
        if choice is not None:
            self.path.append(_Open(node, choice))
            return
        while self.path and self.path[-1].read == len(self.path[-1].choice.options):
            self.path.pop()

    def _player(self) -> int:
        """Read who moves."""
        count = len(self.players)
        what = f"the number of a player, from 1 to {count}"
        return self.lexer.integer(what, 1, count) - 1

    def _branch(self) -> str:
        """Which branch a node would be on, for an error."""
        if not self.path:
            return ""
        last = self.path[-1]
        option = last.choice.options[last.read]
        return f" after {shown(option)} at {self._called(last.choice)}"

    def _add(self, name: str, choice: _Choice | None, paid: Outcome | None) -> int:
        """Put a node into the tree, unless it never happens; its index or -1."""
        before, place = -1, 0
        if self.path:
            last = self.path[-1]
            before, place = last.node, last.choice.places[last.read]
            last.read += 1
            if before < 0 or place < 0:
                return -1
        node = len(self.parent)
        self.parent.append(before)
        self.option.append(place)
        self.names.append(name)
        self.choice.append(choice)
        self.paid.append(paid)
        if choice is not None:
            choice.nodes.append(node)
        return node

    # --------------------------------------------------------------- what is numbered
    def _choice(self, player: int) -> _Choice:
        """Read an information set or an event, defined here or before."""
        lexer = self.lexer
        what = "an event" if player < 0 else "an information set"
        number = lexer.integer(f"the number of {what}")
        known = self.choices.get((player, number))
        if not lexer.is_text and lexer.word != "{":
            if known is None:
                lexer.fail(
                    f"a name and a list, since {what} {number} occurs here first"
                )
            return known
        start = lexer.start
        name = lexer.text("a name") if lexer.is_text else None
        if known is not None and lexer.word != "{":
            options, shares = known.options, known.shares
        elif player < 0:
            options, shares = self._chances()
        else:
            options, shares = lexer.texts("the name of an action"), []
            if not options:
                lexer.fail("at least one action", "a player must have a choice", start)
        if known is None:
            return self._defined(player, number, name or "", options, shares, start)
        if name not in (None, known.name):
            lexer.fail(
                shown(known.name), f"{self._called(known)} has another name", start
            )
        if (options, shares) != (known.options, known.shares):
            lexer.fail(
                "the same again, or nothing",
                f"{self._called(known)} was defined with another list",
                start,
            )
        return known

    def _chances(self) -> tuple[list[str], list[Fraction]]:
        """Read the outcomes of an event, each with its probability."""
        lexer = self.lexer
        lexer.mark("{")
        options: list[str] = []
        shares: list[Fraction] = []
        while lexer.word != "}" or not options:
            options.append(lexer.text("the name of an outcome of chance"))
            shares.append(lexer.number("its probability"))
        lexer.advance()
        return options, shares

    def _defined(
        self,
        player: int,
        number: int,
        name: str,
        options: list[str],
        shares: list[Fraction],
        start: int,
    ) -> _Choice:
        """A choice that occurs for the first time."""
        live = list(range(len(options)))
        if player < 0:
            self._check(number, options, shares, start)
            live = [k for k in live if shares[k]]
        places = [-1] * len(options)
        for place, k in enumerate(live):
            places[k] = place
        choice = _Choice(player, number, name, options, shares, places)
        self.choices[player, number] = choice
        return choice

    def _check(
        self, number: int, options: list[str], shares: list[Fraction], start: int
    ) -> None:
        total = sum(shares, Fraction(0))
        if total == 1 and min(shares) >= 0:
            return
        line, column = self.lexer.place(start)
        place = f"line {line}, column {column}: event {number} of chance"
        for option, share in zip(options, shares, strict=True):
            if share < 0:
                raise BadProbability(
                    f"{place} gives {shown(option)} the probability {spoken(share)}; a "
                    "probability lies between 0 and 1"
                )
        raise BadProbability(
            f"{place} has probabilities that sum to {spoken(total)}, not to 1; write "
            "thirds and the like as 1/3"
        )

    def _outcome(self) -> Outcome | None:
        """Read what is paid at a node, defined here or before; None is outcome 0."""
        lexer = self.lexer
        number = lexer.integer("the number of an outcome")
        known = self.outcomes.get(number)
        start = lexer.start
        if not lexer.is_text and lexer.word != "{":
            if known is None and number:
                lexer.fail(
                    f"a name and payoffs, since outcome {number} occurs here first"
                )
            return known
        if number == 0:
            lexer.fail("no name and no payoffs", "outcome 0 pays nothing")
        name = lexer.text("the outcome's name") if lexer.is_text else None
        if known is not None and lexer.word != "{":
            payoffs = known.payoffs
        else:
            lexer.mark("{")
            payoffs = lexer.payoffs(len(self.players))
            lexer.mark("}")
        if known is None:
            known = self.outcomes[number] = Outcome(number, name or "", payoffs)
        elif name not in (None, known.name) or payoffs != known.payoffs:
            lexer.fail(
                "the same again, or nothing",
                f"outcome {number} was defined with another name or other payoffs",
                start,
            )
        return known

    def _called(self, choice: _Choice) -> str:
        if choice.player < 0:
            return f"event {choice.number} of chance"
        player = self.players[choice.player]
        return f"information set {choice.number} of {shown(player)}"

    # ------------------------------------------------------------------------ tables
    def _made(self, title: str, comment: str) -> Game:
        """The game, once the whole tree is known."""
        players = player_labels(self.players)
        used = [c for c in self.choices.values() if c.nodes]
        used.sort(key=lambda choice: choice.nodes[0])
        headers = _headers(used)
        sets = [c for c in used if c.player >= 0]
        events = [c for c in used if c.player < 0]
        amounts: dict[Fraction, int] = {}
        reasons: dict[str, int] = {}
        rows, trie = _rows(sets, headers, players)
        draws = tuple(
            DrawRow(
                labelled(headers[c].options),
                tuple(amounts.setdefault(s, len(amounts)) for s in c.shares if s),
            )
            for c in events
        )
        kinds: dict[_Choice | None, tuple[int, int, str]] = {None: (TERMINAL, -1, "")}
        for k, (c, row) in enumerate(zip(sets, rows, strict=True)):
            kinds[c] = (MOVE, k, row.name)
        for k, c in enumerate(events):
            kinds[c] = (CHANCE, k, draw_label(c.name) or f"chance:{c.number}")
        nodes = [kinds[c] for c in self.choice]
        tables = FileTables(
            players=players,
            kind=[kind for kind, _, _ in nodes],
            parent=self.parent,
            option=self.option,
            children=families(self.parent),
            infoset=[place for _, place, _ in nodes],
            name=[name for _, _, name in nodes],
            payments=self._payments(amounts, reasons),
            marks={},
            infosets=rows,
            draws=draws,
            observations=trie.rows,
            amounts=tuple(amounts),
            reasons=tuple(reasons),
            events=(),
            original=TreeText(
                title=title,
                comment=comment,
                players=tuple(self.players),
                nodes=unlike(self.names),
                headers=[None if c is None else headers[c] for c in self.choice],
                outcomes=self.paid,
            ),
        )
        return Game(tables, name=title_label(title), doc=comment)

    def _payments(
        self, amounts: dict[Fraction, int], reasons: dict[str, int]
    ) -> dict[int, tuple[tuple[int, int, int], ...]]:
        """What is paid at each node, with the amounts and reasons that are new."""
        found = {}
        for node, outcome in enumerate(self.paid):
            if outcome is not None:
                why = reasons.setdefault(outcome.reason, len(reasons))
                found[node] = tuple(
                    (player, amounts.setdefault(amount, len(amounts)), why)
                    for player, amount in enumerate(outcome.payoffs)
                )
        return found


def _headers(choices: list[_Choice]) -> dict[_Choice, Header]:
    """What is to be written of choices: different names for those of one player."""
    names = unlike([c.name for c in choices], [c.player for c in choices])
    found = {}
    for choice, name in zip(choices, names, strict=True):
        happen = zip(choice.options, choice.places, strict=True)
        options = tuple(option for option, place in happen if place >= 0)
        found[choice] = Header(choice.number, name, options)
    return found


def _rows(
    sets: list[_Choice], headers: dict[_Choice, Header], players: tuple[str, ...]
) -> tuple[tuple[InfosetRow, ...], Trie]:
    """The information sets under their labels, and the facts that these tell."""
    names = []
    for choice in sets:
        name = headers[choice].name
        names.append(
            name if clean(name) else f"{players[choice.player]}:{choice.number}"
        )
    trie = Trie()
    rows = tuple(
        InfosetRow(c.player, name, seen, labelled(c.options), tuple(c.nodes))
        for c, (name, seen) in zip(sets, trie.place(names), strict=True)
    )
    return rows, trie


# ----------------------------------------------------------------------------- writing
def write_efg(game: Game) -> str:
    """The text of a game; see `Game.to_efg`."""
    game._require_bound("to_efg")
    tables = game._tables
    original = text_of(tables)
    text = original if isinstance(original, TreeText) else _told(game, original)
    lines = [
        f"EFG 2 R {prose(text.title)} {braced(map(quoted, text.players))}",
        prose(text.comment),
        "",
    ]
    said: dict[int, str] = {}  # of headers, which many nodes share
    for node, kind in enumerate(tables.kind):
        words = [SIGNS[kind], quoted(text.nodes[node])]
        header, outcome = text.headers[node], text.outcomes[node]
        if header is not None:
            if id(header) not in said:
                said[id(header)] = _headed(game, node, header)
            words.append(said[id(header)])
        if outcome is None:
            words.append("0")
        else:
            payoffs = ", ".join(map(written, outcome.payoffs))
            words += [str(outcome.number), quoted(outcome.name), f"{{ {payoffs} }}"]
        lines.append(" ".join(words))
    return "\n".join(lines) + "\n"


def _headed(game: Game, node: int, header: Header) -> str:
    """The information set or the event of a node in the format."""
    tables = game._tables
    options = [quoted(option) for option in header.options]
    words = [str(header.number), quoted(header.name)]
    if tables.kind[node] == MOVE:
        words.insert(0, str(tables.infosets[tables.infoset[node]].player + 1))
    else:
        shares = map(written, game._shares(tables.infoset[node]))
        options = [f"{o} {s}" for o, s in zip(options, shares, strict=True)]
    return " ".join([*words, braced(options)])


def _told(game: Game, original: StrategicText | None) -> TreeText:
    """How a game that came from no tree's file is put into words."""
    tables = game._tables
    headers: list[Header | None] = [None] * len(tables)
    met: dict[int, Header] = {}
    numbers = [0] * len(game.players)
    for node, kind in enumerate(tables.kind):
        if kind != MOVE:
            continue
        place = tables.infoset[node]
        if place not in met:
            row = tables.infosets[place]
            numbers[row.player] += 1
            name, actions = tables.label(place), row.actions
            if original is not None:
                name = original.players[row.player]
                actions = original.strategies[row.player]
            met[place] = Header(numbers[row.player], name, actions)
        headers[node] = met[place]
    for node, header in _events(game):
        headers[node] = header
    return TreeText(
        title=game.name if original is None else original.title,
        comment=game._doc if original is None else original.comment,
        players=game.players if original is None else original.players,
        nodes=[""] * len(tables),
        headers=headers,
        outcomes=_paid(game),
    )


def _events(game: Game) -> Iterator[tuple[int, Header]]:
    """The header of each node of chance, an event of its own.

    Draws are independent, and Gambit takes chance to forget where one event follows
    itself. Events must have different names.
    """
    tables = game._tables
    nodes = [node for node, kind in enumerate(tables.kind) if kind == CHANCE]
    often = Counter(tables.name[node] for node in nodes)
    met: Counter[str] = Counter()
    for number, node in enumerate(nodes, 1):
        name = tables.name[node]
        met[name] += 1
        if often[name] > 1:
            name = f"{name} [{met[name]}]"
        yield node, Header(number, name, tables.draws[tables.infoset[node]].outcomes)


def _paid(game: Game) -> list[Outcome | None]:
    """What is paid at each node; the same sums for the same reasons are one outcome."""
    tables = game._tables
    known: dict[tuple[str, tuple[Fraction, ...]], Outcome] = {}
    found: list[Outcome | None] = [None] * len(tables)
    for node in sorted(tables.payments):
        totals = [Fraction(0)] * len(game.players)
        for player, amount, _ in tables.payments[node]:
            totals[player] += game._exact_amounts[amount]
        reasons = dict.fromkeys(reason for _, _, reason in tables.payments[node])
        key = ("; ".join(tables.reasons[r] for r in reasons), tuple(totals))
        if key not in known:
            known[key] = Outcome(len(known) + 1, *key)
        found[node] = known[key]
    return found
