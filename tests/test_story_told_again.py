"""A story tells the same tree every time; one that does not is refused."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from typing import Any

import pytest

import redlines as rl
from redlines import RUSSIA, US

Story = Callable[..., Any]


def refused(story: Story, message: str) -> None:
    with pytest.raises(rl.StoryError, match=message) as caught:
        rl.game(US, RUSSIA)(story)
    assert "not on random numbers, clocks or state" in str(caught.value)


TURN = itertools.count()

CHANGING: dict[str, tuple[Story, str]] = {
    "payoff at a leaf": (
        lambda play: (play.move(US, "x", "a"), play.pay({US: random.random()})),
        r"after x=a: the story pays something else .*: first \['US .*, now \['US ",
    ),
    "reason": (
        lambda play: play.pay({US: 1}, because=f"reason {next(TURN)}"),
        "the story pays something else when it is told again",
    ),
    "event": (
        lambda play: (play.pay({US: 1}), play.mark(f"event {next(TURN)}")),
        r"marks something else .*: first \['event \d+'\], now \['event \d+'\]",
    ),
    "fact": (
        lambda play: (play.tell(US, "t", f"{next(TURN)}"), play.pay({US: 1})),
        r"tells something else .*: first \['US: t=\d+'\]",
    ),
    "name of a decision": (
        lambda play: play.move(US, f"x{next(TURN)}", ["a", "b"]),
        r"first US chooses 'x\d+' from \['a', 'b'\], now US chooses 'x\d+'",
    ),
    "actions": (
        lambda play: play.move(US, "x", ["a", f"b{next(TURN)}"]),
        r"first US chooses 'x' from \['a', 'b\d+'\], now US chooses 'x' from",
    ),
    "mover": (
        lambda play: play.move((US, RUSSIA)[next(TURN) % 2], "x", ["a", "b"]),
        "first .* chooses 'x' .*, now .* chooses 'x'",
    ),
    "name of a draw": (
        lambda play: play.draw(f"d{next(TURN)}", {"a": 0.5, "b": 0.5}),
        r"first chance draws 'd\d+' .*, now chance draws 'd\d+'",
    ),
    "outcomes": (
        lambda play: play.draw("d", {"a": 0.5, f"b{next(TURN)}": 0.5}),
        "first chance draws 'd' .*, now chance draws 'd' from",
    ),
    "probabilities": (
        lambda play: (
            play.draw("d", {"a": f"1/{next(TURN) + 2}", "b": rl.REST}),
            play.pay({US: 1}),
        ),
        "first chance draws 'd' from .*, now chance draws it with",
    ),
    "observers": (
        lambda play: (
            play.move(US, "x", ["a", "b"], seen_by=(US, RUSSIA)[next(TURN) % 2]),
            play.pay({US: 1}),
        ),
        "now 'x' is seen by others than before",
    ),
    "kind of choice": (
        lambda play: (
            play.move(US, "x", ["a", "b"])
            if next(TURN) % 2
            else play.draw("x", {"a": 0.5, "b": 0.5})
        ),
        "first .*'x' from .*, now .*'x' from",
    ),
}


@pytest.mark.parametrize(("story", "message"), CHANGING.values(), ids=CHANGING)
def test_a_story_is_the_same_each_time_it_is_told(story: Story, message: str) -> None:
    def told(play):
        story(play)
        play.pay({US: 1})

    refused(told, message)


def test_a_story_that_ends_early_when_told_again_is_refused() -> None:
    def story(play):
        play.pay({US: 1})
        play.move(US, "x", ["a", "b"])
        if next(TURN) % 2:
            play.move(RUSSIA, "y", ["a", "b"])

    refused(story, "the story goes differently when it is told again")


def test_a_random_payoff_is_found_in_a_tree_too_large_to_tell_twice() -> None:
    def story(play):
        for number in range(14):
            play.move(US, f"x{number}", ["a", "b"])
        play.pay({US: random.random()})

    refused(story, "the story pays something else when it is told again")
