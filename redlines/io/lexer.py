r"""Texts in Gambit's formats: tokens with their places, numbers, and what is in quotes.

A text is a run of tokens between white space: texts in double quotes, the marks
``{ } ,`` and words. Tokens are cut off one at a time as they are read, so that a text
that is none of ours is refused at its first wrong token, however long it is.

In quotes ``\"`` stands for a quote, ``\\`` for a backslash and ``\u00e9`` for the
character of that number; any other backslash stands for itself. Gambit knows the first
of these and takes nothing in a name but printable ASCII, without a space at either end
or two in a row; so what it would refuse is written as numbers, which it reads as they
stand.

Reads: errors, numbers, tree.  Used by: io.efg, io.nfg.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import NoReturn, TypeAlias

from redlines.errors import ModelError, ParseError, Unsupported
from redlines.numbers import MAX_BITS, MAX_DECIMAL_EXPONENT, MAX_DIGITS, brief
from redlines.tree import Game

__all__ = [
    "NO_PATH",
    "Lexer",
    "Source",
    "braced",
    "prose",
    "quoted",
    "read",
    "shown",
    "source_text",
    "spoken",
    "written",
]

Source: TypeAlias = "str | os.PathLike[str]"

# possessive throughout: a quote that never ends costs one pass and no memory
_TOKEN = re.compile(
    r'"[^"\\]*+(?:\\.[^"\\]*+)*+" | [{},] | [^\s"{},]++ | "',
    re.ASCII | re.DOTALL | re.VERBOSE,
)
_NUMBER = re.compile(
    r"(?P<sign>[+-]?) (?=\.?\d) (?P<whole>\d*+)"
    r"(?: /(?P<below>\d++) | (?:\.(?P<part>\d*+))? (?:[eE](?P<power>[+-]?\d++))? )",
    re.ASCII | re.VERBOSE,
)
_INTEGER = re.compile(r"[+-]?\d++", re.ASCII)
_HEX = "[0-9a-fA-F]"
_ESCAPED = re.compile(
    rf'\\(?: (["\\]) | u({_HEX}{{4}}) | U(00(?:0{_HEX}|10){_HEX}{{4}}) )', re.VERBOSE
)
# a backslash stays where what follows neither is escaped nor makes an escape of it
_AWKWARD = r'"|\\(?![!#-TV-\[\]-tv-~])'
_IN_NAMES = re.compile(rf"{_AWKWARD}|[^ -~]|\A | \Z|(?<= ) ")
_IN_PROSE = re.compile(rf"{_AWKWARD}|[^ -~\t\r\n]")

ENDINGS = (".efg", ".nfg")
NO_PATH = "a str is a path only if it ends in '.efg' or '.nfg', a pathlib.Path always"
SHOWN = 40


# ---------------------------------------------------------------------------- sources
def source_text(source: Source) -> str:
    """The text that a source holds or is.

    Parameters
    ----------
    source : str or os.PathLike
        A path object is a path. A str is a path if it is one line without quotes or
        braces and ends in ``.efg`` or ``.nfg``; any other is the text itself.

    Returns
    -------
    str

    Raises
    ------
    OSError
        If the file cannot be read; `FileNotFoundError` if there is none.
    ParseError
        If the file is not in UTF-8.
    """
    if isinstance(source, str):
        if not _is_path(source):
            return source.removeprefix("\ufeff")
    elif not isinstance(source, os.PathLike):
        raise TypeError(
            f"a game is read from a path or from text, not from {type(source).__name__}"
        )
    with open(source, "rb") as file:
        data = file.read()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ParseError("the file is in UTF-16", expected="a file in UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        start = before.rfind(b"\n") + 1
        raise ParseError(
            f"byte 0x{data[error.start]:02x} is no UTF-8",
            line=before.count(b"\n") + 1,
            column=len(before[start:].decode("utf-8-sig")) + 1,
            expected="a file in UTF-8",
        ) from None


def read(source: Source, parse: Callable[[str], Game]) -> Game:
    """The game in a source; an error in a file names it in a note."""
    text = source_text(source)
    try:
        return parse(text)
    except (ParseError, ModelError) as error:
        if not isinstance(source, str) or _is_path(source):
            error.add_note(f"in the file {os.fspath(source)!r}")
        raise


def _is_path(source: str) -> bool:
    return source.lower().endswith(ENDINGS) and not set(source) & set('\n\r"{}\0')


# ----------------------------------------------------------------------------- reading
class Lexer:
    """A text, the token that comes next, and where it stands.

    Parameters
    ----------
    text : str

    Attributes
    ----------
    word : str
        The next token as it is written; empty at the end of the text.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._matches = _TOKEN.finditer(text)
        self._match: re.Match[str] | None = None
        self._numbers: dict[str, Fraction] = {}
        self.word = ""
        self.advance()

    def advance(self) -> None:
        """Go on to the next token."""
        match = self._match = next(self._matches, None)
        self.word = match[0] if match else ""

    @property
    def start(self) -> int:
        """Where the next token begins."""
        return self._match.start() if self._match else len(self._text)

    @property
    def is_text(self) -> bool:
        """Whether the next token is a text in quotes."""
        return self.word[:1] == '"'

    def place(self, start: int | None = None) -> tuple[int, int]:
        """Line and column, counted from 1, of the next token or where another began."""
        at = self.start if start is None else start
        line = self._text.count("\n", 0, at) + 1
        return line, at - self._text.rfind("\n", 0, at)

    def fail(
        self, expected: str, message: str = "", start: int | None = None
    ) -> NoReturn:
        """Raise a `ParseError` at the next token or where another began."""
        line, column = self.place(start)
        if self.word == '"' and start is None:
            message, expected = "the text that begins here does not end", "a quote '\"'"
        elif not message:
            message = (
                f"{shown(self.word)} cannot stand here"
                if self.word
                else "the text ends too early"
            )
        raise ParseError(message, line=line, column=column, expected=expected)

    # ------------------------------------------------------------------------ parts
    def mark(self, sign: str, expected: str = "") -> None:
        """Read a brace or a word that must stand here."""
        if self.word != sign:
            self.fail(expected or repr(sign))
        self.advance()

    def text(self, what: str) -> str:
        """Read a text in quotes."""
        word = self.word
        if word[:1] != '"' or len(word) == 1:
            self.fail(f"{what} in double quotes")
        self.advance()
        found = word[1:-1]
        return _ESCAPED.sub(_meant, found) if "\\" in found else found

    def texts(self, what: str) -> list[str]:
        """Read texts in braces; commas do not separate them."""
        self.mark("{")
        found = []
        while self.word != "}":
            if not self.is_text:
                self.fail(f"{what} in double quotes, or '}}'")
            found.append(self.text(what))
        self.advance()
        return found

    def integer(
        self, what: str, least: int | None = None, most: int | None = None
    ) -> int:
        """Read a whole number between bounds."""
        if not _INTEGER.fullmatch(self.word):
            self.fail(what)
        self._check_digits()
        value = int(self.word)
        if (least is not None and value < least) or (most is not None and value > most):
            self.fail(what, f"{shown(self.word)} is out of range")
        self.advance()
        return value

    def number(self, what: str) -> Fraction:
        """Read a whole number, a decimal or a fraction of whole numbers, exactly."""
        value = self._numbers.get(self.word)
        if value is None:
            match = _NUMBER.fullmatch(self.word)
            if match is None:
                self.fail(f"{what}, as in 2, -0.5, 1e-3 or 1/3")
            self._check_digits()
            value = self._value(match)
            self._numbers[self.word] = value
        self.advance()
        return value

    def _value(self, match: re.Match[str]) -> Fraction:
        sign, whole, below, part, power = match.groups()
        if below is not None:
            if not int(below):
                self.fail("another denominator", f"{shown(self.word)} divides by zero")
            return Fraction(int(sign + whole), int(below))
        if power and (len(power) > 5 or abs(int(power)) > MAX_DECIMAL_EXPONENT):
            self.fail(
                f"an exponent from -{MAX_DECIMAL_EXPONENT} to {MAX_DECIMAL_EXPONENT}",
                f"the exponent of {shown(self.word)} is too large",
            )
        tens = int(power or 0) - len(part or "")
        number = int(sign + whole + (part or ""))
        return Fraction(number * 10**tens) if tens >= 0 else Fraction(number, 10**-tens)

    def payoffs(self, count: int) -> tuple[Fraction, ...]:
        """Read one payoff for each player; commas may stand after each."""
        found = []
        for player in range(count):
            value = self._numbers.get(self.word)
            if value is None:
                value = self.number(f"the payoff of player {player + 1} of {count}")
            else:
                self.advance()
            found.append(value)
            if self.word == ",":
                self.advance()
        return tuple(found)

    def _check_digits(self) -> None:
        if len(self.word) > MAX_DIGITS:
            self.fail(f"at most {MAX_DIGITS:,} digits", "the number is too long")


def shown(word: str) -> str:
    """A token as an error shows it."""
    return repr(word if len(word) <= SHOWN else word[: SHOWN - 1] + "…")


def spoken(value: Fraction) -> str:
    """A number as an error shows it, however many digits it has."""
    size = max(value.numerator.bit_length(), value.denominator.bit_length())
    return brief(value) if size <= MAX_BITS else "of too many digits to show"


# ----------------------------------------------------------------------------- writing
def quoted(name: str) -> str:
    """A name in double quotes."""
    return f'"{_IN_NAMES.sub(_numbered, name)}"'


def prose(text: str) -> str:
    """A title or a comment in double quotes; line ends stay as they are."""
    return f'"{_IN_PROSE.sub(_numbered, text)}"'


def _meant(found: re.Match[str]) -> str:
    sign, short, long = found.groups()
    return sign or chr(int(short or long, 16))


def _numbered(found: re.Match[str]) -> str:
    sign = found[0]
    if sign == '"':
        return r"\""
    number = ord(sign)
    return f"\\u{number:04x}" if number < 2**16 else f"\\U{number:08x}"


def braced(words: Iterable[str]) -> str:
    """Words in braces."""
    return " ".join(["{", *words, "}"])


def written(value: Fraction) -> str:
    """A number as both formats write it: ``3`` or ``-1/3``."""
    size = max(value.numerator.bit_length(), value.denominator.bit_length())
    if size > MAX_BITS:
        raise Unsupported(
            f"a number of more than {MAX_DIGITS:,} digits is not written to a file"
        )
    return str(value)
