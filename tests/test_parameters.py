"""Parameters: what they declare, what they admit, how they are bound."""

from __future__ import annotations

import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import redlines as rl
from redlines import RUSSIA, US


@rl.game(US, RUSSIA)
def gamble(
    play,
    p=rl.Probability("chance of success"),
    stake=rl.Positive("what is won", unit="payoff"),
    cost=rl.NonNegative("what trying costs"),
    bias=rl.Real(),
    rounds=2,
):
    """The US may gamble."""
    for number in range(rounds):
        if play.move(US, f"try {number}", ["yes", "no"]) == "yes":
            play.pay({US: -cost}, because="cost")
            if play.draw(f"luck {number}", {"good": p, "bad": 1 - p}) == "good":
                play.pay({US: stake + bias}, because="prize")


def test_a_parameter_carries_its_meaning_and_unit() -> None:
    stake = gamble.parameters["stake"]
    assert isinstance(stake, rl.Positive)
    assert isinstance(stake, rl.Number)
    assert (stake.name, stake.meaning, stake.unit) == ("stake", "what is won", "payoff")
    assert repr(stake) == "Positive('what is won', unit='payoff')"
    assert str(stake) == "stake"
    assert list(gamble.parameters) == ["p", "stake", "cost", "bias"]


@pytest.mark.parametrize(
    ("name", "admitted", "refused", "domain"),
    [
        ("p", [0, "1/2", 1, 0.25], [-1, "3/2", 1.0001], "a probability, from 0 to 1"),
        ("stake", ["1/1000", 7], [0, -1], "greater than 0"),
        ("cost", [0, 7], [-0.5], "0 or greater"),
        ("bias", [-5, 0, 5], [], ""),
    ],
)
def test_each_kind_admits_its_domain(name, admitted, refused, domain) -> None:
    for value in admitted:
        assert gamble.bind(**{name: value}).bound[name] == rl.numbers.exact(value)
    for value in refused:
        with pytest.raises(rl.OutOfRange, match=rf"parameter '{name}' .* is {domain}"):
            gamble.bind(**{name: value})


def test_what_lies_outside_is_named_with_its_meaning() -> None:
    with pytest.raises(
        rl.OutOfRange,
        match=r"parameter 'stake' \(what is won\) is greater than 0, so it can.*-2",
    ):
        gamble.bind(stake=-2)
    with pytest.raises(rl.OutOfRange, match=r"'p' \(chance of success\) is a probab"):
        gamble.bind(p=2)


@pytest.mark.parametrize(
    "value", [0.1, np.float64(0.1), np.float32(0.1), "0.1", "1/10"]
)
def test_a_float_is_bound_as_it_prints(value: object) -> None:
    assert gamble.bind(bias=value).bound["bias"] == Fraction(1, 10)


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (
            True,
            rl.ModelError,
            "value of parameter 'bias' must be a number, not the tru",
        ),
        (float("nan"), rl.ModelError, "value of parameter 'bias' must be finite"),
        (float("inf"), rl.ModelError, "value of parameter 'bias' must be finite"),
        (None, rl.ModelError, "not None of type NoneType"),
        ("stake", rl.ParseError, "'stake' is no parameter here; expected a number"),
        ("1/", rl.ParseError, "line 1, column 3: the text ends too early"),
        ("__import__('os').getcwd()", rl.ParseError, "is not understood"),
        (gamble.parameters["p"], rl.UnboundParameter, "still holds 'p'; bind it first"),
    ],
)
def test_what_is_no_number_cannot_be_bound(value, error, message) -> None:
    with pytest.raises(error, match=message):
        gamble.bind(bias=value)


def test_an_unknown_parameter_is_refused_with_the_known_ones() -> None:
    with pytest.raises(
        rl.UnknownLabel,
        match=r"no parameter 'steak' in <Game gamble.*there are: 'p', 'stake', 'cost'",
    ):
        gamble.bind(steak=3)


def test_structure_is_called_and_parameters_are_bound() -> None:
    with pytest.raises(
        rl.ModelError,
        match=r"'rounds' is a structure argument .* gamble\(rounds=3\)",
    ):
        gamble.bind(rounds=3)
    with pytest.raises(
        rl.ModelError,
        match=r"'stake' is a parameter .* gamble.bind\(stake=3\); calling takes struct",
    ):
        gamble(stake=3)
    with pytest.raises(
        rl.UnknownLabel, match="no structure argument 'round'.*'rounds'"
    ):
        gamble(round=3)
    with pytest.raises(rl.ModelError, match=r"by name only: rounds=\.\.\."):
        gamble(3)


def test_a_parameter_cannot_be_used_before_it_is_named() -> None:
    declared = rl.Positive("the stake")
    for use in (lambda: declared + 1, lambda: 2 * declared, lambda: declared < 3):
        with pytest.raises(rl.StoryError, match=r"Positive\('the stake'\) has no name"):
            use()
    assert repr(declared) == str(declared) == "Positive('the stake')"


@pytest.mark.parametrize("kind", [rl.Positive, rl.Probability, rl.NonNegative, rl.Real])
def test_a_value_in_the_place_of_the_meaning_is_refused(kind) -> None:
    with pytest.raises(rl.ModelError, match=r"takes two texts, not 3 .* game\.bind"):
        kind(3)


@pytest.mark.parametrize(
    "parameter",
    [rl.Positive("x", unit="y"), *gamble.parameters.values()],
    ids=lambda parameter: parameter.name or "declared",
)
def test_a_parameter_survives_pickling(parameter: rl.parameters.Parameter) -> None:
    again = pickle.loads(pickle.dumps(parameter))
    assert type(again) is type(parameter)
    assert repr(again) == repr(parameter)
    assert again.name == parameter.name


def test_one_declaration_can_serve_two_arguments() -> None:
    cost = rl.Positive("a cost")

    @rl.game(US, RUSSIA)
    def costly(play, ours=cost, theirs=cost):
        play.pay({US: -ours, RUSSIA: -theirs})

    bound = costly.bind(ours=1, theirs=2)
    assert bound.terminals[0].payoffs == {US: -1, RUSSIA: -2}
    assert cost.name == ""


def test_free_and_bound_parameters_are_told_apart() -> None:
    partly = gamble.bind(p="1/3", cost=0)
    assert partly.bound == {"p": Fraction(1, 3), "cost": 0}
    assert partly.free_parameters == ("stake", "bias")
    assert list(partly.parameters) == list(gamble.parameters)


@given(
    st.fractions(0, 1, max_denominator=20),
    st.fractions("1/20", 50, max_denominator=20),
    st.permutations(["p", "stake", "cost", "bias"]),
    st.integers(0, 4),
)
def test_binding_in_two_steps_equals_binding_in_one(p, stake, order, cut) -> None:
    values = {"p": p, "stake": stake, "cost": 2, "bias": -1}
    at_once = gamble.bind(**values)
    first = {name: values[name] for name in order[:cut]}
    rest = {name: values[name] for name in order[cut:]}
    in_steps = gamble.bind(**first).bind(**rest)
    assert str(in_steps) == str(at_once)
    assert [t.payoffs for t in in_steps.terminals] == [
        t.payoffs for t in at_once.terminals
    ]
    assert in_steps.bound == at_once.bound


def test_a_bound_parameter_is_bound_anew() -> None:
    game = gamble.bind(p=0, stake=1, cost=1, bias=0)
    again = game.bind(p="1/2", stake=5)
    assert again.bound["stake"] == 5
    assert len(game.terminals) < len(again.terminals) == len(gamble.terminals)


def test_relations_between_parameters_are_written_with_them() -> None:
    stake, cost = gamble.parameters["stake"], gamble.parameters["cost"]
    assert str(cost < stake / 2) == "cost < stake/2"
