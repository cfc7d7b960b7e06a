"""Information: a player's label is what it has seen and done, in that order."""

from __future__ import annotations

import pytest
from hypothesis import given
from strategies import scripts

import redlines as rl
from redlines import RUSSIA, US


def labels(game: rl.Game) -> list[str]:
    return list(game.infosets)


def test_both_see_a_move_unless_said_otherwise() -> None:
    @rl.game(US, RUSSIA)
    def story(play):
        play.move(US, "declare", ["draw line", "stay silent"])
        play.move(RUSSIA, "act", ["cross", "refrain"])
        play.pay({US: 1})

    assert labels(story) == [
        "declare",
        "act [declare=draw line]",
        "act [declare=stay silent]",
    ]


def test_a_label_lists_the_facts_in_the_order_learnt() -> None:
    @rl.game(US, RUSSIA)
    def story(play):
        play.draw("US resolve", {"resolved": 0.5, "irresolute": 0.5}, seen_by=US)
        play.move(US, "declare", ["draw line", "stay silent"])
        play.move(RUSSIA, "act", ["cross", "refrain"])
        play.move(US, "answer", ["enforce", "yield"])
        play.pay({US: 1})

    assert (
        "answer [US resolve=resolved, declare=draw line, act=cross]" in story.infosets
    )
    act = story.infosets["act [declare=draw line]"]
    assert act.player == RUSSIA
    assert act.histories == (
        "US resolve=resolved, declare=draw line",
        "US resolve=irresolute, declare=draw line",
    )


@pytest.mark.parametrize(
    ("seen_by", "shown"),
    [(None, True), ([], False), (US, False), (RUSSIA, True), ({US, RUSSIA}, True)],
    ids=str,
)
def test_who_moves_always_knows_its_move(seen_by, shown: bool) -> None:
    @rl.game(US, RUSSIA)
    def story(play):
        play.move(US, "x", ["a", "b"], seen_by=seen_by)
        play.move(US, "us", ["c"], seen_by=[])
        play.move(RUSSIA, "them", ["c"])
        play.pay({US: 1})

    assert {"us [x=a]", "us [x=b]"} <= set(story.infosets)
    assert ("them [x=a]" in story.infosets) is shown
    assert ("them" in story.infosets) is not shown


@pytest.mark.parametrize(
    ("seen_by", "us", "them"),
    [
        (None, True, True),
        ([], False, False),
        (US, True, False),
        ([RUSSIA], False, True),
    ],
    ids=str,
)
def test_a_draw_is_seen_by_those_named(seen_by, us: bool, them: bool) -> None:
    @rl.game(US, RUSSIA)
    def story(play):
        play.draw("d", {"a": 0.5, "b": 0.5}, seen_by=seen_by)
        play.move(US, "us", ["c"], seen_by=[])
        play.move(RUSSIA, "them", ["c"])
        play.pay({US: 1})

    assert ("us [d=a]" in story.infosets) is us
    assert ("them [d=a]" in story.infosets) is them
    assert ("us" in story.infosets) is not us


def test_tell_reveals_the_outcome_of_what_came_before() -> None:
    @rl.game(US, RUSSIA)
    def story(play):
        play.draw("d", {"a": 0.5, "b": 0.5}, seen_by=[])
        play.move(US, "x", ["l", "r"], seen_by=[])
        play.tell(RUSSIA, "x")
        play.tell(RUSSIA, "d")
        play.move(RUSSIA, "them", ["c"])
        play.pay({US: 1})

    assert "them [x=l, d=b]" in story.infosets


def test_tell_takes_any_fact() -> None:
    @rl.game(US, RUSSIA)
    def story(play):
        word = play.draw("d", {"a": "1/3", "b": "1/3", "c": "1/3"}, seen_by=[])
        play.tell(US, "report", "not c" if word != "c" else "c")
        play.move(US, "us", ["go"])
        play.pay({US: 1})

    assert labels(story) == ["us [report=not c]", "us [report=c]"]
    assert len(story.infosets["us [report=not c]"].histories) == 2


def test_tell_gives_the_latest_of_several_of_one_name() -> None:
    @rl.game(US, RUSSIA)
    def story(play):
        for _ in range(2):
            play.draw("d", {"a": 0.5, "b": 0.5}, seen_by=[])
        play.tell(US, "d")
        play.move(US, "us", ["go"])
        play.pay({US: 1})

    assert story.infosets["us [d=a]"].histories == ("d=a, d=a", "d=b, d=a")


def test_simultaneous_choices_are_seen_afterwards_only() -> None:
    @rl.game(US, RUSSIA)
    def story(play):
        chosen = play.simultaneous({US: ("x", ["l", "r"]), RUSSIA: ("y", ["l", "r"])})
        assert set(chosen) == {US, RUSSIA}
        play.move(US, "after", ["go"])
        play.move(RUSSIA, "last", ["go"])
        play.pay({US: int(chosen[US] == chosen[RUSSIA])})

    assert labels(story)[:2] == ["x", "y"]
    assert "after [x=l, y=r]" in story.infosets
    assert "last [y=r, x=l, after=go]" in story.infosets
    assert len(story.infosets["y"].nodes) == 2


def test_information_follows_the_same_way_from_the_bimatrix() -> None:
    game = rl.Game.from_bimatrix([[1, 0], [0, 1]], [[1, 0], [0, 1]])
    assert labels(game) == ["Row", "Column"]


# --------------------------------------------------------- against a second account
def tell_script(play, script) -> None:
    chosen: dict[str, str] = {}
    for number, step in enumerate(script):
        if chosen.get(f"c{step['unless']}") == "o0":
            continue
        name, options = f"c{number}", [f"o{k}" for k in range(step["options"])]
        if step["kind"] == "move":
            answer = play.move(step["player"], name, options, step["seen_by"])
        elif step["kind"] == "draw":
            share = f"1/{len(options)}"
            answer = play.draw(name, dict.fromkeys(options, share), step["seen_by"])
        else:
            if chosen:
                play.tell(step["player"], next(iter(chosen)))
            continue
        chosen[name] = answer
    play.pay({US: 1})


def accounts(script):
    """Label and history of every decision of a script, by plain enumeration."""

    def walk(number, chosen, known):
        if number == len(script):
            yield "end", ", ".join(f"{n}={v}" for n, v in chosen.items())
            return
        step = script[number]
        if chosen.get(f"c{step['unless']}") == "o0":
            yield from walk(number + 1, chosen, known)
            return
        if step["kind"] == "tell":
            if chosen:
                name = next(iter(chosen))
                facts = (*known[step["player"]], f"{name}={chosen[name]}")
                known = {**known, step["player"]: facts}
            yield from walk(number + 1, chosen, known)
            return
        seen = {US, RUSSIA} if step["seen_by"] is None else set(step["seen_by"])
        name = f"c{number}"
        if step["kind"] == "move":
            seen.add(step["player"])
            facts = ", ".join(known[step["player"]])
            label = f"{name} [{facts}]" if facts else name
            yield label, ", ".join(f"{n}={v}" for n, v in chosen.items())
        for k in range(step["options"]):
            fact = f"{name}=o{k}"
            yield from walk(
                number + 1,
                {**chosen, name: f"o{k}"},
                {p: (*f, fact) if p in seen else f for p, f in known.items()},
            )

    return list(walk(0, {}, {US: (), RUSSIA: ()}))


@given(scripts)
def test_information_sets_are_what_their_owners_have_seen(script) -> None:
    game = rl.game(US, RUSSIA)(lambda play: tell_script(play, script))
    expected: dict[str, list[str]] = {}
    for label, history in accounts(script):
        expected.setdefault(label, []).append(history)
    assert [t.history for t in game.terminals] == expected.pop("end")
    assert {
        label: list(infoset.histories) for label, infoset in game.infosets.items()
    } == expected


@given(scripts)
def test_nobody_forgets_what_it_did(script) -> None:
    game = rl.game(US, RUSSIA)(lambda play: tell_script(play, script))
    for infoset in game.infosets.values():
        own = {
            tuple(
                (node.name, action)
                for node, action in way(game, history)
                if isinstance(node, rl.Move) and node.player == infoset.player
            )
            for history in infoset.histories
        }
        assert len(own) == 1


def way(game: rl.Game, history: str):
    """The nodes on the way to a history, each with what was chosen there."""
    node = game.root
    for choice in filter(None, history.split(", ")):
        _, _, option = choice.partition("=")
        yield node, option
        node = node.children[option]
