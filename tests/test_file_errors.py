"""What is wrong with a file is said with its place; nothing takes long or much."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import redlines as rl

TREE = 'EFG 2 R "t" { "A" "B" }\n'
MOVE = 'p "" 1 1 "s" { "l" "r" } 0\n'
FORM = 'NFG 1 R "t" { "A" "B" }\n'


def reader(text):
    return rl.read_nfg if text.lstrip("\ufeff \n").startswith("NFG") else rl.read_efg


WRONG = [
    ("", 1, 1, "'EFG', with which a tree begins"),
    (" \n ", 2, 2, "'EFG'"),
    ("\ufeff\n  hello", 2, 3, "pathlib.Path always"),
    ("efg 2", 1, 1, "'EFG'"),
    ('EFG 1 R "t"', 1, 5, "2, the version"),
    ('EFG 2 X "t"', 1, 7, "'R' or 'D'"),
    ("EFG 2 R { }", 1, 9, "the title in double quotes"),
    ("EFG 2 R title", 1, 9, "the title in double quotes"),
    ('EFG 2 R "t" "A"', 1, 13, "'{'"),
    ('EFG 2 R "t" { "A", "B" }', 1, 18, "a player's name in double quotes, or '}'"),
    ('EFG 2 R "t" { "A" "B"', 1, 22, "a player's name"),
    (TREE, 2, 1, "'c', 'p' or 't', the kind of a node"),
    (TREE + "x", 2, 1, "'c', 'p' or 't'"),
    (TREE + '"c1" "c2"', 2, 6, "'c', 'p' or 't'"),
    (TREE + 'p "" one 1', 2, 6, "the number of a player, from 1 to 2"),
    (TREE + 'p "" 3 1 "" { "l" } 0', 2, 6, "the number of a player, from 1 to 2"),
    (TREE + 'p "" 0 1 "" { "l" } 0', 2, 6, "the number of a player, from 1 to 2"),
    (TREE + 'p "" 1 x "" { "l" } 0', 2, 8, "the number of an information set"),
    (TREE + 'p "" 1 1 0', 2, 10, "an information set 1 occurs here first"),
    (TREE + 'p "" 1 1 "s" 0', 2, 14, "'{'"),
    (TREE + 'p "" 1 1 "s" { } 0', 2, 10, "at least one action"),
    (TREE + 'p "" 1 1 "s" { l } 0', 2, 16, "the name of an action"),
    (TREE + 'p "" 1 1 "s" { "l" }', 2, 21, "the number of an outcome"),
    (TREE + 'c "" 1 "" { }', 2, 13, "the name of an outcome of chance"),
    (TREE + 'c "" 1 "" { "h" "t" } 0', 2, 17, "its probability"),
    (TREE + 'c "" 1 "" { "h" 1/2, "t" 1/2 } 0', 2, 20, "of chance in double"),
    (TREE + 'c "" 1 "" { "h" x } 0', 2, 17, "its probability, as in 2, -0.5"),
    (TREE + 't "" 1', 2, 7, "outcome 1 occurs here first"),
    (TREE + 't "" 1 "o"', 2, 11, "'{'"),
    (TREE + 't "" 1 "o" { 1 }', 2, 16, "the payoff of player 2 of 2"),
    (TREE + 't "" 1 "o" { 1 2 3 }', 2, 18, "'}'"),
    (TREE + 't "" 1 "o" { , 1 2 }', 2, 14, "the payoff of player 1 of 2"),
    (TREE + 't "" 1 "o" { 1,, 2 }', 2, 16, "the payoff of player 2 of 2"),
    (TREE + 't "" 0 "o" { 1 2 }', 2, 8, "no name and no payoffs"),
    (TREE + 't "" 1 "o" { 1/0 2 }', 2, 14, "another denominator"),
    (TREE + 't "" 1 "o" { 1e401 2 }', 2, 14, "an exponent from -400 to 400"),
    (TREE + 't "" 1 "o" { 1e999999999 2 }', 2, 14, "an exponent from"),
    (TREE + f't "" 1 "o" {{ {"9" * 4001} 2 }}', 2, 14, "at most 4,000 digits"),
    (TREE + f't "" {"9" * 4001}', 2, 6, "at most 4,000 digits"),
    (TREE + 't "" 1 "o', 2, 8, "a quote"),
    (TREE + MOVE + 't "" 0', 3, 7, "after 'r' at information set 1 of 'A'"),
    (TREE + MOVE + 't "" 0 t "" 0 t "" 0', 3, 15, "the tree is complete"),
    (TREE + MOVE + 'p "" 1 1 "x" { "l" "r" } 0', 3, 10, "'s'"),
    (TREE + MOVE + 'p "" 1 1 "s" { "r" "l" } 0', 3, 10, "the same again"),
    (TREE + MOVE + 't "" 1 "o" { 1 2 } t "" 1 "x"', 3, 27, "the same again"),
    (TREE + MOVE + 't "" 1 "o" { 1 2 } t "" 1 { 1 3 }', 3, 27, "the same again"),
    (TREE + "\0", 2, 1, "'c', 'p' or 't'"),
    ("NFG 2 R", 1, 5, "1, the version"),
    ('NFG 1 R "t" { } { }', 1, 13, "at least one player"),
    (FORM + "{ 2 }", 2, 5, "how many strategies 'B' has, at least 1"),
    (FORM + "{ 0 2 }", 2, 3, "how many strategies 'A' has, at least 1"),
    (FORM + "{ 1.5 2 }", 2, 3, "how many strategies"),
    (FORM + "{ 2 2 2 }", 2, 7, "'}', since there are 2 players"),
    (FORM + '{ { "a" } 2 }', 2, 11, "'{'"),
    (FORM + '{ { "a" } { } }', 2, 11, "a strategy"),
    (FORM + "{ 1 1 } x", 2, 9, "the payoff of player 1 of 2"),
    (FORM + "{ 2 2 } 1 2 3 4 5 6", 2, 20, "payoffs for all 2 x 2 profiles"),
    (FORM + "{ 1 1 } 1 2 3", 2, 13, "the end of the text"),
    (FORM + "{ 100000 100000 }", 2, 18, "for all 100000 x 100000 profiles"),
    (FORM + '{ 1 1 } { { "o" 1 2 } } 2', 2, 25, "an outcome, from 0 to 1"),
    (FORM + '{ 1 1 } { { "o" 1 } } 1', 2, 19, "the payoff of player 2 of 2"),
    (FORM + '{ 1 2 } { { "o" 1 2 } } 1', 2, 26, "outcomes for all 1 x 2 profiles"),
]


@pytest.mark.parametrize(
    ("text", "line", "column", "expected"),
    WRONG,
    ids=[f"{text[-16:]!r} at {line}:{column}" for text, line, column, _ in WRONG],
)
def test_a_place_and_what_was_expected(text, line, column, expected):
    with pytest.raises(rl.ParseError) as caught:
        reader(text)(text)
    error = caught.value
    assert (error.line, error.column) == (line, column), str(error)
    assert expected in error.expected, str(error)
    assert len(str(error)) < 400
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.parametrize(
    ("chances", "message"),
    [
        (
            '"h" .333 "m" .333 "t" .333',
            "line 2, column 8: event 1 of chance has .* that sum to 999/1000, not to 1",
        ),
        ('"h" -1/2 "t" 3/2', "line 2, column 8: .* gives 'h' the probability -1/2"),
        ('"h" 0 "t" 0', "sum to 0, not to 1"),
        (f'"h" 1/{"9" * 3991} "t" 1/{"7" * 3990}', "too many digits to show, not to 1"),
    ],
)
def test_what_is_no_distribution_is_named_with_its_place(chances, message):
    with pytest.raises(rl.BadProbability, match=message):
        rl.read_efg(TREE + f'c "" 1 "" {{ {chances} }} 0 t "" 0 t "" 0 t "" 0')


def test_the_other_format_is_pointed_to():
    with pytest.raises(rl.ParseError, match="read it with rl.read_nfg"):
        rl.read_efg(FORM + "{ 1 1 } 1 2")
    with pytest.raises(rl.ParseError, match="read it with rl.read_efg"):
        rl.read_nfg(TREE + 't "" 0')


# How long reading took is not asserted: what is read before the error bounds it, and
# these end at once or after one pass.
HUGE = {
    "quotes": '"' * 10**6,
    "quotes, an odd number": TREE + '"' * (10**6 + 1),
    "braces": TREE + "{" * 10**6,
    "a word": "x" * 10**7,
    "a text without an end": 'EFG 2 R "' + "x" * 10**7,
    "backslashes": 'EFG 2 R "' + "\\" * (10**7 + 1),
    "escaped quotes": 'EFG 2 R "' + '\\"' * 10**6,
    "zeros": "\0" * 10**7,
    "digits": TREE + 't "" 1 "o" { ' + "9" * 10**7,
    "commas": TREE + 't "" 1 "o" { 1' + "," * 10**7,
    "depth": TREE + MOVE + 'p "" 1 1 0 ' * 10**5,
    "players": 'NFG 1 R "t" { ' + '"a" ' * 10**5 + "} { " + "2 " * 10**5 + "} 1 2",
    "strategies": FORM + "{ " + "9" * 4000 + " " + "9" * 4000 + " } 1 2",
    "latin": bytes(range(256)).decode("latin1") * 10**4,
}


@pytest.mark.parametrize("name", sorted(HUGE))
def test_a_huge_text_is_refused(name):
    with pytest.raises(rl.ParseError) as caught:
        reader(HUGE[name])(HUGE[name])
    assert len(str(caught.value)) < 400


# ------------------------------------------------------------------------------ sources
GOOD = TREE + 't "" 0\n'


def test_a_path_is_a_path_object_or_ends_like_one(tmp_path):
    for name in ("game.efg", "GAME.EFG", "a b.efg"):
        path = tmp_path / name
        path.write_text(GOOD, encoding="utf-8")
        assert rl.read_efg(path).name == "t"
        assert rl.read_efg(str(path)).name == "t"
    other = tmp_path / "game.txt"
    other.write_text(GOOD, encoding="utf-8")
    assert rl.read_efg(other).name == "t"
    with pytest.raises(rl.ParseError, match="a str is a path only if it ends in"):
        rl.read_efg(str(other))
    form = tmp_path / "game.nfg"
    form.write_text(FORM + "{ 1 1 } 1 2", encoding="utf-8")
    assert rl.read_nfg(str(form)).name == "t"
    with pytest.raises(rl.ParseError, match="rl.read_nfg"):
        rl.read_efg(form)


@pytest.mark.parametrize("source", ["no such.efg", Path("no such"), "no\\such.NFG"])
def test_a_missing_file_is_a_missing_file(source):
    with pytest.raises(FileNotFoundError, match="no"):
        rl.read_efg(source)


def test_a_text_that_ends_like_a_path_is_a_text():
    with pytest.raises(rl.ParseError, match="line 2, column 1"):
        rl.read_efg('EFG 2 R "t" { }\nx.efg')
    with pytest.raises(rl.ParseError, match="line 1, column 17"):
        rl.read_efg('EFG 2 R "t" { } x.efg')


@pytest.mark.parametrize("source", [b"EFG", 3, None, ["EFG"]])
def test_nothing_else_is_a_source(source):
    with pytest.raises(TypeError, match="from a path or from text, not from"):
        rl.read_efg(source)


def test_an_error_in_a_file_names_it_in_a_note(tmp_path):
    path = tmp_path / "broken.efg"
    path.write_text(TREE + "x", encoding="utf-8")
    for source in (path, str(path)):
        with pytest.raises(rl.ParseError) as caught:
            rl.read_efg(source)
        assert caught.value.__notes__ == [f"in the file {str(path)!r}"]


def test_a_file_is_in_utf_8_with_or_without_a_mark(tmp_path):
    path = tmp_path / "game.efg"
    text = GOOD.replace('"t"', '"Zürich"')
    for encoding in ("utf-8", "utf-8-sig"):
        path.write_text(text, encoding=encoding)
        assert rl.read_efg(path).name == "Zürich"
    path.write_bytes(text.replace("\n", "\r\n").encode())
    assert rl.read_efg(path).name == "Zürich"
    for encoding in ("utf-16", "utf-16-be", "latin1"):
        path.write_text("\ufeff"[: encoding == "utf-16-be"] + text, encoding=encoding)
        with pytest.raises(rl.ParseError) as caught:
            rl.read_efg(path)
        assert caught.value.expected == "a file in UTF-8"
    assert (caught.value.line, caught.value.column) == (1, 11)
    path.write_bytes(b"")
    with pytest.raises(rl.ParseError, match="line 1, column 1: the text ends"):
        rl.read_efg(path)
