"""Stories that cannot be told: each its own error, which names the place."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

import redlines as rl
from redlines import RUSSIA, US

Story = Callable[..., Any]


def refused(story: Story, message: str, error: type[Exception] = rl.StoryError) -> None:
    with pytest.raises(error, match=message):
        rl.game(US, RUSSIA)(story)


# ------------------------------------------------------------------ bad declarations
@pytest.mark.parametrize(
    ("players", "message"),
    [
        ((), r"a game has two different players, not \[\]"),
        ((US,), "two different players, not .*: @rl.game"),
        ((US, US), "two different players"),
        ((US, RUSSIA, "China"), "two different players"),
        (("", US), "a player's name must be a non-empty text, not ''"),
        ((1, 2), "a player's name must be a non-empty text, not 1"),
        (("a[b", US), r"the player's name 'a\[b' holds \['\['\]"),
    ],
)
def test_a_game_has_two_named_players(players, message) -> None:
    with pytest.raises(rl.StoryError, match=message):
        rl.game(*players)


def test_a_bare_decorator_is_refused() -> None:
    with pytest.raises(rl.StoryError, match="write @rl.game.* not a bare @rl.game"):
        rl.game(lambda play: None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("story", "message"),
    [
        (lambda: None, "takes no argument; its first must be play"),
        (lambda play, x: None, "argument 'x' .* has no default: declare a parameter"),
        (lambda play, *more: None, r"takes \*more; its arguments must be named"),
        (lambda play, **more: None, r"takes \*more; its arguments must be named"),
        (lambda play, x=rl.Positive: None, r'x=rl.Positive\("what it means"\)'),
    ],
)
def test_arguments_are_declared_one_by_one(story: Story, message: str) -> None:
    refused(story, message)


# ---------------------------------------------------------------------- bad verbs
BAD_VERBS: dict[str, tuple[Story, str]] = {
    "empty name": (
        lambda play: play.move(US, "", ["a"]),
        "'' cannot name a decision; a name is a non-empty text",
    ),
    "blank action": (
        lambda play: play.move(US, "x", ["a", " "]),
        "' ' cannot name an action of 'x'",
    ),
    "number as action": (
        lambda play: play.move(US, "x", [1, 2]),
        "1 cannot name an action of 'x'",
    ),
    "empty outcome": (
        lambda play: play.draw("d", {"": 1}),
        "'' cannot name an outcome of 'd'",
    ),
    "no actions": (
        lambda play: play.move(US, "x", []),
        "'x' has no actions to choose from",
    ),
    "no outcomes": (
        lambda play: play.draw("d", {}),
        "'d' has no outcomes to choose from",
    ),
    "actions twice": (
        lambda play: play.move(US, "x", ["a", "b", "a"]),
        r"'x' lists \['a'\] more than once",
    ),
    "actions without order": (
        lambda play: play.move(US, "x", {"a", "b"}),
        "the actions of 'x' must be listed in an order, not",
    ),
    "actions missing": (
        lambda play: play.move(US, "x", None),
        "the actions of 'x' must be listed in an order, not None",
    ),
    "outcomes without amounts": (
        lambda play: play.draw("d", ["a", "b"]),
        r"draw 'd' takes \{outcome: probability\}, not \['a', 'b'\]",
    ),
    "unknown mover": (
        lambda play: play.move("China", "x", ["a"]),
        r"there is no player 'China'; the players are \['US', 'Russia'\]",
    ),
    "unknown observer": (
        lambda play: play.move(US, "x", ["a"], seen_by="China"),
        "there is no player 'China'",
    ),
    "no observer": (
        lambda play: play.move(US, "x", ["a"], seen_by=True),
        "seen_by is a player, a list of players, or None for both, not True",
    ),
    "unknown payee": (
        lambda play: play.pay({"China": 1}),
        "there is no player 'China'",
    ),
    "amounts without players": (
        lambda play: play.pay([1, 2]),
        r"pay takes \{player: amount\}, not \[1, 2\]",
    ),
    "empty reason": (
        lambda play: play.pay({US: 1}, because=""),
        "the reason for a payment must be a non-empty text, not ''",
    ),
    "empty event": (
        lambda play: play.mark(""),
        "an event's name must be a non-empty text, not ''",
    ),
    "unknown listener": (
        lambda play: play.tell("China", "x", "y"),
        "there is no player 'China'",
    ),
    "empty fact": (
        lambda play: play.tell(US, "x", ""),
        "'' cannot name a told fact",
    ),
    "one of two at once": (
        lambda play: play.simultaneous({US: ("x", ["a"])}),
        r"simultaneous moves are given for \['US'\]; they need one entry for each",
    ),
    "two of one name": (
        lambda play: play.simultaneous({US: ("x", ["a"]), RUSSIA: ("x", ["a"])}),
        "the simultaneous decisions of US and Russia are both named 'x'; give",
    ),
    "no pairs at once": (
        lambda play: play.simultaneous({US: ["a", "b", "c"], RUSSIA: ("y", ["a"])}),
        r"simultaneous takes \{player: \(name, actions\)\}, not",
    ),
    "no mapping at once": (
        lambda play: play.simultaneous([US, RUSSIA]),
        r"simultaneous takes \{player: \(name, actions\)\}, not",
    ),
}


@pytest.mark.parametrize(("verb", "message"), BAD_VERBS.values(), ids=BAD_VERBS)
def test_a_bad_verb_names_the_place_and_what_is_allowed(
    verb: Story, message: str
) -> None:
    def story(play):
        play.draw("luck", {"good": "1/2", "bad": "1/2"})
        verb(play)
        play.pay({US: 1})

    refused(story, f"story 'story', after luck=good: {message}")


@pytest.mark.parametrize("mark", [*"[]=,", "\n", "\r", "\u2028"], ids=repr)
def test_names_go_without_the_characters_of_labels(mark: str) -> None:
    name = f"a{mark}b"
    for verb in (
        lambda play: play.move(US, name, ["a"]),
        lambda play: play.move(US, "x", [name]),
        lambda play: play.draw(name, {"a": 1}),
        lambda play: play.draw("d", {name: 1}),
        lambda play: play.tell(US, name, "x"),
        lambda play: play.tell(US, "x", name),
    ):
        refused(verb, r"at the beginning: the .* holds \[.*names go without them")


def test_only_what_came_before_can_be_told() -> None:
    def story(play):
        play.move(US, "x", ["a"])
        play.tell(RUSSIA, "y")

    refused(
        story, r"Russia cannot be told 'y', .* there were \['x'\]; give the fact as"
    )


def test_a_long_path_is_shown_from_its_end() -> None:
    def story(play):
        for number in range(8):
            play.move(US, f"x{number}", ["a"])
        play.mark("")

    refused(story, "after ..., x2=a, x3=a, x4=a, x5=a, x6=a, x7=a: ")


# --------------------------------------------------------------------- bad amounts
@pytest.mark.parametrize(
    ("amount", "error", "message"),
    [
        (True, rl.ModelError, "paid because 'gain' must be a number, not the truth"),
        (math.nan, rl.ModelError, "paid because 'gain' must be finite, not nan"),
        (None, rl.ModelError, "paid because 'gain' must be an int, a Fraction.*NoneTy"),
        (
            "1/x",
            rl.ParseError,
            "line 1, column 3: 'x' is no parameter here; expected a",
        ),
        ("exec('1')", rl.ParseError, "line 1, column 6: .* is not understood"),
    ],
)
def test_a_payment_is_an_amount(amount, error, message) -> None:
    refused(
        lambda play: play.pay({US: amount}, because="gain"),
        f"story '<lambda>', at the beginning: .*{message}",
        error,
    )


def test_somebody_must_be_paid() -> None:
    refused(
        lambda play: play.move(US, "x", ["a", "b"]) and None,
        "nobody is ever paid, so nothing is at stake; call play.pay",
        rl.MissingPayoff,
    )


BAD_DRAWS: dict[str, tuple[dict[str, Any], str]] = {
    "above one": ({"a": 1.5, "b": -0.5}, "gives 'a' the probability 3/2; a probabilit"),
    "below zero": ({"a": "-1/4", "b": "5/4"}, "gives 'a' the probability -1/4"),
    "nine tenths": ({"a": 0.5, "b": 0.4}, "draw 'd' sum to 9/10, not to 1; they must"),
    "floating thirds": (
        {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3},
        'sum to 0.99999.*, not to 1; write thirds .* as text, "1/3", or .* rl.REST',
    ),
    "rest not last": (
        {"a": rl.REST, "b": 0.5},
        r"uses rl.REST for \['a'\]; only the last outcome can take the rest",
    ),
    "rest twice": ({"a": rl.REST, "b": rl.REST}, "only the last outcome can take"),
    "rest below zero": (
        {"a": 0.5, "b": 0.7, "c": rl.REST},
        "leaves -1/5 for 'c'; the others already sum to 6/5",
    ),
}


@pytest.mark.parametrize(("outcomes", "message"), BAD_DRAWS.values(), ids=BAD_DRAWS)
def test_a_draw_is_a_distribution(outcomes, message) -> None:
    refused(lambda play: play.draw("d", outcomes), message, rl.BadProbability)


def test_a_draw_with_symbols_sums_to_one_for_every_value() -> None:
    refused(
        lambda play, p=rl.Probability("p"): play.draw("d", {"a": p, "b": p}),
        r"sum to 2\*p, not to 1 for every value of the parameters; give the last",
        rl.BadProbability,
    )


def test_a_probability_out_of_range_is_refused_when_it_is_bound() -> None:
    @rl.game(US, RUSSIA)
    def story(play, p=rl.Probability("p")):
        play.draw("d", {"a": 2 * p, "b": rl.REST})
        play.pay({US: 1})

    assert story.bind(p="1/2").bound
    with pytest.raises(
        rl.BadProbability,
        match=r"game 'story': outcome 'a' gets the probability 2\*p = 3/2 at p=3/4",
    ):
        story.bind(p="3/4")


# ------------------------------------------------------------------- the same label
def test_one_label_has_one_owner() -> None:
    def story(play):
        play.move(US, "x", ["a", "b"], seen_by=[])
        play.move(RUSSIA, "x", ["a", "b"])

    refused(story, "Russia and US both have a decision labelled 'x'; give one of them")


@pytest.mark.parametrize("other", [["a", "c"], ["b", "a"], ["a"]], ids=str)
def test_one_label_has_the_same_actions_everywhere(other: list[str]) -> None:
    def story(play):
        seen = play.draw("d", {"l": 0.5, "r": 0.5}, seen_by=US)
        play.move(RUSSIA, "y", ["a", "b"] if seen == "l" else other)

    refused(
        story,
        r"after d=r: decision 'y' of Russia has the actions .* here and \['a', 'b'\] "
        "elsewhere; the player cannot tell the two places apart",
    )


# ------------------------------------------------------------------ stories without end
def test_a_loop_that_never_ends_meets_the_budget() -> None:
    def story(play):
        while True:
            play.move(US, "x", ["a", "b"])

    with pytest.raises(rl.StoryError, match="does not end within 500 nodes.*max_nodes"):
        rl.game(US, RUSSIA, max_nodes=500)(story)


def test_a_continuation_that_never_ends_meets_the_budget() -> None:
    def again(play):
        play.move(US, "x", ["a", "b"])
        return again

    with pytest.raises(rl.StoryError, match="does not end within 500 nodes.*max_nodes"):
        rl.game(US, RUSSIA, max_nodes=500)(again)


def test_a_continuation_without_a_choice_never_ends() -> None:
    def again(play):
        return again

    refused(again, "continued 1,001 times without a draw or a move; it never ends")


@pytest.mark.parametrize("value", [3, "x", True, {}], ids=repr)
def test_a_story_returns_nothing_or_the_rest(value: object) -> None:
    refused(lambda play: value, "returned .*; it must return None, or a function of pl")


def test_an_error_of_the_story_itself_passes_through() -> None:
    def story(play):
        raise KeyError("mine")

    refused(story, "mine", KeyError)
