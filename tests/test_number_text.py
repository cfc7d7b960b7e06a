"""The text grammar: what it takes, where it stops, and that nothing is evaluated."""

from __future__ import annotations

import contextlib
import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import redlines as rl
from redlines.numbers import parse, parse_number, parse_relation

SECONDS = 1.0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1/3", Fraction(1, 3)),
        ("0.1", Fraction(1, 10)),
        (".5", Fraction(1, 2)),
        ("2.", Fraction(2)),
        ("1e-300", Fraction(1, 10**300)),
        ("1E+400", Fraction(10**400)),
        ("-2**2", Fraction(-4)),
        ("2**-2", Fraction(1, 4)),
        ("2**3**2", Fraction(512)),
        ("--1", Fraction(1)),
        ("6/2/3", Fraction(1)),
        ("1 - 2 - 3", Fraction(-4)),
        ("(1 + 2)*3", Fraction(9)),
        (" 1\t+\n1 ", Fraction(2)),
        ("0**0", Fraction(1)),
    ],
)
def test_numbers_are_read_as_python_would(text: str, value: Fraction) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize(
    "text", ["stake/2 - 2*cost", "(a + b)/(a - b)", "a**2*b - 3", "1 - p", "x_1 + été"]
)
def test_expressions_print_as_they_are_written(text: str) -> None:
    assert str(parse(text)) == text


def test_a_chain_gives_one_relation_for_each_sign() -> None:
    relations = parse_relation("0 < cost <= stake/2 != 3")
    assert [str(r) for r in relations] == [
        "0 < cost",
        "cost <= stake/2",
        "stake/2 != 3",
    ]


@given(st.fractions(max_denominator=10**6))
def test_a_printed_fraction_is_read_back(value: Fraction) -> None:
    assert parse_number(str(value)) == value


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    for read in (parse, parse_relation, parse_number):
        with contextlib.suppress(rl.ParseError):
            read(text)


@given(st.text(alphabet="ab1029.eE+-*/()<>=! \n", max_size=60))
def test_texts_from_the_alphabet_are_read_or_refused(text: str) -> None:
    for read in (parse, parse_relation):
        with contextlib.suppress(rl.ParseError):
            read(text)


# ----------------------------------------------------------- where and what is wrong
@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("", 1, 1, "the text ends too early; expected a number, a name or a bracket"),
        ("1 +", 1, 4, "the text ends too early"),
        ("1 2", 1, 3, "'2' cannot stand here; expected the end of the text or an"),
        ("a\n+\n$", 3, 1, r"'\$' is not understood"),
        ("a.b", 1, 2, r"'\.' is not understood"),
        ("a[0]", 1, 2, r"'\[' is not understood"),
        ("½", 1, 1, "'½' is not understood"),
        ("x²", 1, 1, "'x' is not understood|'x²' is not understood"),
        ("1_000", 1, 2, "'_000' cannot stand here"),
        ("(1", 1, 3, r"the text ends too early; expected '\)'"),
        ("1)", 1, 2, r"'\)' cannot stand here"),
        ("1/0", 1, 3, "1 is divided by zero"),
        ("a/(b - b)", 1, 9, "a is divided by zero"),
        ("0**-1", 1, 6, "divided by 0, which is always 0"),
        ("a == b", 1, 3, "'==' cannot stand here"),
        ("a = b", 1, 3, "'=' is not understood"),
        ("2**(1/2)", 1, 4, "the exponent 1/2 is not allowed; expected a whole number"),
        ("2**a", 1, 4, "the exponent a is not allowed"),
        ("2**65", 1, 4, "the exponent 65 is not allowed; .* from -64 to 64"),
        ("1e401", 1, 1, "decimal exponent of '1e401' is too large; .*-400 to 400"),
        ("1e-401", 1, 1, "decimal exponent of '1e-401' is too large"),
        ("1;2", 1, 2, "';' is not understood"),
        ("1\x002", 1, 2, "is not understood"),
    ],
)
def test_an_error_names_line_column_and_what_was_expected(
    text: str, line: int, column: int, message: str
) -> None:
    with pytest.raises(rl.ParseError, match=message) as caught:
        parse(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert str(caught.value).startswith(f"line {line}, column {column}: ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a", "the text ends too early; expected one of < <= > >= == !="),
        ("a <", "the text ends too early"),
        ("< a", "'<' cannot stand here"),
        ("a < b)", r"'\)' cannot stand here"),
        ("(a < b)", r"'<' cannot stand here; expected '\)'"),
        ("a <> b", "'>' cannot stand here"),
        ("a => b", "'=' is not understood"),
    ],
)
def test_a_bad_relation_is_refused(text: str, message: str) -> None:
    with pytest.raises(rl.ParseError, match=message):
        parse_relation(text)


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(
        rl.ParseError, match="'stak' is no parameter here; expected one of cost, stake"
    ):
        parse("2*stak", {"stake", "cost"})


def test_a_number_holds_no_names() -> None:
    with pytest.raises(rl.ParseError, match="'p' is no parameter here; expected a num"):
        parse_number("1 - p")


@pytest.mark.parametrize("value", [None, 3, b"1"])
def test_only_a_text_is_read(value: object) -> None:
    with pytest.raises(rl.ParseError, match="a text is needed, not"):
        parse(value)  # type: ignore[arg-type]


# ------------------------------------------------------------------------- hostility
LARGE = "+".join(f"1/(1e400 + {k})" for k in range(400))
REPEATED = "+".join(f"(a + b + c + {name})**20" for name in "defghijk")
HOSTILE = {
    "code": ("__import__('os').system('touch owned')", "is not understood"),
    "lambda": ("lambda: 1", "is not understood"),
    "attribute": ("().__class__", "cannot stand here|is not understood"),
    "tower": ("9**9**9**9", "the exponent 387420489 is not allowed"),
    "tower of brackets": ("((9**64)**64)**64", "grows past|too much arithmetic"),
    "ten thousand brackets": ("(" * 10_000, "nested more than 100 deep"),
    "closed brackets": ("(" * 4999 + "1" + ")" * 4999, "nested more than 100 deep"),
    "101 brackets": ("(" * 101 + "1" + ")" * 101, "nested more than 100 deep"),
    "chained powers": ("2**" * 3000 + "1", "nested more than 100 deep|not allowed"),
    "10,001 characters": (
        "1" * 10_001,
        "the text has 10,001 characters; at most 10,000",
    ),
    "long number": ("1" * 9_999, "the number is too long; expected at most 4,000"),
    "long decimal": ("0." + "1" * 9_000, "the number is too long"),
    "long number and point": ("1" * 5000 + ".5", "the number is too long"),
    "1e401": ("1e401", "decimal exponent"),
    "1e99999999999": ("1e99999999999", "decimal exponent"),
    "huge power": ("1e400**64", "grows past"),
    "huge product": ("*".join(["1e400"] * 600), "grows past"),
    "huge rationals": (LARGE, "grows past|too much arithmetic"),
    "many terms": ("(a + b + c + d)**64", "grows past|too much arithmetic"),
    "nested terms": ("((a + b + c + d)**20)**20", "grows past|too much arithmetic"),
    "repeated powers": (REPEATED, "too much arithmetic"),
    "long product": ("*".join(["(a+1)"] * 1600), "too much arithmetic"),
    "product of sums": (
        "*".join(f"(a{k} + 1)" for k in range(900)),
        "grows past|too much arithmetic",
    ),
}


@pytest.mark.parametrize(("text", "message"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_is_a_clear_error_within_a_second(
    text: str, message: str, tmp_path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    start = time.process_time()
    with pytest.raises(rl.ParseError, match=message):
        parse(text)
    assert time.process_time() - start < SECONDS
    assert not list(tmp_path.iterdir())


HARMLESS = {
    "1e-300": "1e-300",
    "100 brackets": "(" * 99 + "1" + ")" * 99,
    "10,000 signs": "-" * 9_999 + "1",
    "10,000 characters": "1/" * 4_999 + "10",
    "many names": "+".join(f"a{k}" for k in range(1500)),
    "4,000 digits": "1" * 4_000,
    "exponents to 64": "(a + b)**64",
}


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS)
def test_what_the_bounds_allow_is_read_within_a_second(text: str) -> None:
    start = time.process_time()
    assert str(parse(text))
    assert time.process_time() - start < SECONDS


# ------------------------------------------------------------------------- relations
def test_a_comparison_outside_a_story_is_a_relation() -> None:
    stake, cost = parse("stake"), parse("cost")
    relation = 2 * cost < stake
    assert isinstance(relation, rl.Relation)
    assert str(relation) == "2*cost < stake"
    assert relation.names == ("cost", "stake")
    assert relation.holds(cost=1, stake="5/2")
    assert not relation.holds(cost=1, stake=2, other=0)
    assert relation == (2 * cost < stake)
    assert len({relation, 2 * cost < stake}) == 1


def test_an_expression_equals_its_like() -> None:
    stake, cost = parse("stake"), parse("cost")
    assert (stake - cost == -cost + stake) is True
    assert (stake != parse("stake")) is False
    assert {stake / 2: "half"}[parse("stake/2")] == "half"
    assert isinstance(stake == cost, rl.Relation)


def test_a_relation_has_no_truth_value() -> None:
    stake = parse("stake")
    with pytest.raises(rl.ModelError, match=r"stake < 3 is true for some values"):
        bool(stake < 3)
    with pytest.raises(
        rl.ModelError, match='write a chain such as "0 < a < b" as text'
    ):
        assert 0 < stake < 3


def test_a_relation_is_decided_only_with_every_value() -> None:
    with pytest.raises(rl.UnboundParameter, match="needs a value for 'cost'"):
        (parse("stake") > parse("cost")).holds(stake=1)
