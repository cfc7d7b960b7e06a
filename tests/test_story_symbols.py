"""A story must not branch on a parameter: it has no value while the story is told."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

import redlines as rl
from redlines import RUSSIA, US

BRANCHES: dict[str, tuple[Callable[[Any, Any], object], str]] = {
    "equal": (lambda stake, cost: stake == 3, r"compared \(stake == 3\)"),
    "unequal": (lambda stake, cost: stake != 3, r"compared \(stake != 3\)"),
    "greater": (lambda stake, cost: stake > 3, r"compared \(stake > 3\)"),
    "at least": (lambda stake, cost: stake >= 3, r"compared \(stake >= 3\)"),
    "chain": (lambda stake, cost: 0 < stake < 1, r"compared \(stake > 0\)"),
    "each other": (
        lambda stake, cost: stake < 2 * cost,
        r"compared \(stake < 2\*cost\)",
    ),
    "expression": (lambda stake, cost: 1 - stake < 0, r"compared \(1 - stake < 0\)"),
    "truth": (lambda stake, cost: not stake, "used as a truth value"),
    "minimum": (lambda stake, cost: min(stake, cost), r"compared \(cost < stake\)"),
    "maximum": (lambda stake, cost: max(stake, 1), r"compared \(stake < 1\)"),
    "sorting": (lambda stake, cost: sorted([stake, cost]), "compared"),
    "membership": (lambda stake, cost: stake in (1, 2), r"compared \(stake == 1\)"),
    "absolute value": (lambda stake, cost: abs(stake), r"given to abs\(\)"),
    "float": (lambda stake, cost: float(stake), "turned into a float"),
    "square root": (lambda stake, cost: math.sqrt(stake), "turned into a float"),
    "int": (lambda stake, cost: int(stake), "turned into an int"),
    "round": (lambda stake, cost: round(stake), "rounded"),
    "floor": (lambda stake, cost: math.floor(stake), "rounded down"),
    "ceiling": (lambda stake, cost: math.ceil(stake), "rounded up"),
    "truncation": (lambda stake, cost: math.trunc(stake), "truncated"),
    "range": (lambda stake, cost: range(stake), "used as a count or an index"),
    "index": (lambda stake, cost: [1, 2][stake], "used as a count or an index"),
    "remainder": (lambda stake, cost: stake % 2, "used with %"),
    "whole division": (lambda stake, cost: 7 // stake, "used with //"),
    "exponent": (lambda stake, cost: 2**stake, "used as an exponent"),
}


@pytest.mark.parametrize(("branch", "message"), BRANCHES.values(), ids=BRANCHES)
def test_a_branch_on_a_parameter_names_parameter_and_place(branch, message) -> None:
    with pytest.raises(
        rl.StoryError,
        match=rf"story 'story', after x=a: parameters? .*'stake'.* cannot .*{message}",
    ) as caught:

        @rl.game(US, RUSSIA)
        def story(play, stake=rl.Positive("stake"), cost=rl.Positive("cost")):
            play.move(US, "x", ["a", "b"])
            branch(stake, cost)
            play.pay({US: stake})

    assert "make it a structure argument" in str(caught.value)


def test_the_refusal_ends_with_the_story() -> None:
    @rl.game(US, RUSSIA)
    def story(play, stake=rl.Positive("stake")):
        play.pay({US: stake})

    assert isinstance(story.parameters["stake"] < 3, rl.Relation)
    with pytest.raises(
        rl.StoryError, match="'stake' cannot be turned into a float: it"
    ):
        float(story.parameters["stake"])


def test_the_refusal_ends_when_a_story_fails() -> None:
    with pytest.raises(ZeroDivisionError):

        @rl.game(US, RUSSIA)
        def story(play, stake=rl.Positive("stake")):
            play.pay({US: 1 / 0})

    assert isinstance(rl.Number.symbol("stake") < 3, rl.Relation)


def test_constants_may_be_compared_inside_a_story() -> None:
    @rl.game(US, RUSSIA)
    def story(play, stake=rl.Positive("stake"), rungs=3):
        assert rungs > 2
        assert stake - stake == 0
        assert stake is not None
        play.pay({US: stake * Fraction(1, 2)})

    assert str(story.terminals[0].payoffs[US]) == "stake/2"


@pytest.mark.parametrize(
    ("use", "error", "message"),
    [
        (
            lambda stake: stake**0.5,
            rl.StoryError,
            "the exponent must be a whole number",
        ),
        (lambda stake: stake**65, rl.StoryError, "exponents go from -64 to 64"),
        (lambda stake: stake / 0, rl.StoryError, "is divided by 0, which is always 0"),
        (lambda stake: stake * "1/3", rl.StoryError, "text '1/3' cannot be mixed"),
        (lambda stake: stake * True, rl.ModelError, "not the truth value True"),
        (lambda stake: stake + math.nan, rl.ModelError, "must be finite, not nan"),
        (lambda stake: stake + None, TypeError, "unsupported operand"),
    ],
)
def test_bad_arithmetic_is_refused_in_a_story(use, error, message) -> None:
    with pytest.raises(error, match=message):

        @rl.game(US, RUSSIA)
        def story(play, stake=rl.Positive("stake")):
            play.pay({US: use(stake)})
