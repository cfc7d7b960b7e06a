"""The language: what each verb does to the tree and to what players know."""

from __future__ import annotations

from fractions import Fraction

import redlines as rl
from redlines import RUSSIA, US


# ------------------------------------------------------------------- moves and draws
def test_verbs_return_what_was_chosen_on_each_path() -> None:
    seen = set()

    @rl.game(US, RUSSIA)
    def story(play):
        weather = play.draw("weather", {"fair": "2/3", "foul": "1/3"})
        action = play.move(US, "act", ["go", "wait"])
        seen.add((weather, action))
        play.pay({US: 1})

    assert seen == {(w, a) for w in ("fair", "foul") for a in ("go", "wait")}
    assert [t.history for t in story.terminals] == [
        "weather=fair, act=go",
        "weather=fair, act=wait",
        "weather=foul, act=go",
        "weather=foul, act=wait",
    ]


def test_the_tree_can_be_walked_by_label() -> None:
    @rl.game(US, RUSSIA)
    def story(play, p=rl.Probability("p")):
        if play.draw("luck", {"good": p, "bad": 1 - p}, seen_by=US) == "good":
            play.pay({US: 2})
        elif play.move(US, "act", ["go", "wait"]) == "go":
            play.pay({RUSSIA: 1})

    root = story.root
    assert isinstance(root, rl.Chance)
    assert root.name == "luck"
    assert {o: str(v) for o, v in root.probabilities.items()} == {
        "good": "p",
        "bad": "1 - p",
    }
    move = root.children["bad"]
    assert isinstance(move, rl.Move)
    assert (move.player, move.name, move.history) == (US, "act", "luck=bad")
    assert move.infoset.label == "act [luck=bad]"
    assert move.infoset.actions == ("go", "wait")
    assert move.infoset.facts == (("luck", "bad"),)
    end = move.children["go"]
    assert isinstance(end, rl.Terminal)
    assert end.payoffs == {US: 0, RUSSIA: 1}
    assert story.bind(p="1/4").root.probabilities == {
        "good": Fraction(1, 4),
        "bad": Fraction(3, 4),
    }


def test_ordinary_loops_and_helpers_build_the_tree() -> None:
    def step(play, number):
        mover = (US, RUSSIA)[number % 2]
        return play.move(mover, f"step {number}", ["on", "out"]) == "on"

    @rl.game(US, RUSSIA)
    def centipede(play, steps=4):
        for number in range(steps):
            if not step(play, number):
                play.pay({(US, RUSSIA)[number % 2]: number + 1})
                return
        play.pay({US: steps, RUSSIA: steps})

    assert len(centipede.infosets) == 4
    assert len(centipede(steps=7).terminals) == 8
    assert centipede.structure == {"steps": 4}
    assert [t.payoffs[US] for t in centipede(steps=2).terminals] == [2, 0, 1]


def test_structure_arguments_keep_what_is_bound() -> None:
    @rl.game(US, RUSSIA)
    def story(play, stake=rl.Positive("stake"), rungs=1, word="go"):
        for rung in range(rungs):
            play.move(US, f"rung {rung}", [word, "stop"])
        play.pay({US: stake})

    longer = story.bind(stake=3)(rungs=2)
    assert longer.bound == {"stake": 3}
    assert longer.structure == {"rungs": 2, "word": "go"}
    assert longer(word="climb").infosets["rung 0"].actions == ("climb", "stop")


def test_an_impossible_outcome_never_happens() -> None:
    @rl.game(US, RUSSIA)
    def story(play):
        outcome = play.draw("luck", {"good": 1, "bad": 0})
        assert outcome == "good"
        play.pay({US: 1})

    assert len(story.terminals) == 1


def test_rest_takes_what_the_others_leave() -> None:
    @rl.game(US, RUSSIA)
    def story(play, p=rl.Probability("p")):
        play.draw("one", {"a": 1 / 3, "b": "1/3", "c": rl.REST})
        play.draw("two", {"a": p, "b": rl.REST})
        play.pay({US: 1})

    one = story.root
    assert sum(one.probabilities.values()) == 1
    assert str(one.children["a"].probabilities["b"]) == "1 - p"
    assert repr(rl.REST) == "rl.REST"


# ------------------------------------------------------------- payments and events
def test_payments_add_up_along_the_way_each_with_its_reason() -> None:
    @rl.game(US, RUSSIA)
    def story(play, k=rl.Positive("k"), v=rl.Positive("v")):
        play.pay({US: -k}, because="signal")
        if play.move(RUSSIA, "act", ["cross", "refrain"]) == "cross":
            play.pay({RUSSIA: v, US: -k}, because="signal")
            play.pay({US: 1})
        else:
            play.pay({US: v}, because="stake")

    crossed, refrained = story.bind(k=1, v=4).terminals
    assert crossed.payoffs == {US: -1, RUSSIA: 4}
    assert crossed.payoffs_by_reason == {
        US: {"signal": -2, "payoff": 1},
        RUSSIA: {"signal": 4},
    }
    assert refrained.payoffs_by_reason == {US: {"signal": -1, "stake": 4}, RUSSIA: {}}
    assert refrained.payoffs[RUSSIA] == 0
    assert story.reasons == ("signal", "payoff", "stake")


def test_an_event_is_true_on_a_path_if_marked_at_least_once() -> None:
    @rl.game(US, RUSSIA)
    def story(play):
        for number in range(2):
            if play.move(US, f"x{number}", ["cross", "refrain"]) == "cross":
                play.mark("crossed")
        play.pay({US: 1})

    assert story.events == ("crossed",)
    assert [t.events for t in story.terminals] == [("crossed",)] * 3 + [()]


# --------------------------------------------------------------------- continuations
def test_a_story_may_return_the_rest_of_itself() -> None:
    def rung(play, level):
        mover = (US, RUSSIA)[level % 2]
        if play.move(mover, f"rung {level}", ["up", "stop"]) == "stop":
            play.pay({mover: level})
            return False
        return True

    def climb(level, rungs, prize):
        def tell(play):
            if level == rungs:
                play.pay({RUSSIA: prize})
                return None
            return climb(level + 1, rungs, prize) if rung(play, level) else None

        return tell

    @rl.game(US, RUSSIA)
    def ladder(play, prize=rl.Positive("prize"), rungs=6, continued=True):
        if continued:
            return climb(0, rungs, prize)
        for level in range(rungs):
            if not rung(play, level):
                return None
        play.pay({RUSSIA: prize})
        return None

    assert str(ladder) == str(ladder(continued=False))
    assert list(ladder.infosets) == list(ladder(continued=False).infosets)


def test_what_is_said_before_a_continuation_is_said_once() -> None:
    @rl.game(US, RUSSIA)
    def story(play):
        play.draw("d", {"a": 0.5, "b": 0.5}, seen_by=[])
        play.pay({US: 1}, because="opening")
        play.mark("opened")

        def rest(play):
            play.pay({US: 10}, because="rest")
            play.tell(US, "d")
            play.move(US, "x", ["l", "r"])
            play.pay({US: 100}, because="end")
            return None

        return rest

    for terminal in story.terminals:
        assert terminal.payoffs_by_reason[US] == {"opening": 1, "rest": 10, "end": 100}
        assert terminal.events == ("opened",)
    assert list(story.infosets) == ["x [d=a]", "x [d=b]"]


def test_ladders_longer_than_the_recursion_limit_unfold() -> None:
    def rung(level, rungs):
        def tell(play):
            if level == rungs:
                play.pay({US: 1})
                return None
            if (
                play.move((US, RUSSIA)[level % 2], f"r{level}", ["up", "stop"])
                == "stop"
            ):
                play.pay({RUSSIA: 1})
                return None
            return rung(level + 1, rungs)

        return tell

    game = rl.game(US, RUSSIA)(lambda play, rungs=3000: rung(0, rungs))
    assert len(game.terminals) == 3001
    assert game.terminals[-1].payoffs == {US: 0, RUSSIA: 1}
    assert max(map(len, str(game).splitlines())) <= 100


# -------------------------------------------------------------------------- names
def test_quotes_and_angle_brackets_are_ordinary_in_names() -> None:
    @rl.game("O'Neil <A>", 'the "other"')
    def story(play):
        play.move("O'Neil <A>", 'say "hi" & <go>', ["<b>", "it's"])
        play.move('the "other"', "reply", ["& so on", "{x}"])
        play.pay({"O'Neil <A>": 1}, because="<reason>")

    assert 'reply [say "hi" & <go>=it\'s]' in story.infosets
    assert "&lt;b&gt;" in story._repr_html_()
    assert "<b>" not in story._repr_html_()


def test_names_in_any_script_are_kept() -> None:
    @rl.game("Россия", "США")
    def story(play):
        play.move("США", "ход", ["вперёд", "стой"])
        play.move("Россия", "ответ", ["да", "нет"])
        play.pay({"Россия": 1})

    assert "ответ [ход=вперёд]" in story.infosets


def test_the_docstring_of_the_story_is_that_of_the_game() -> None:
    @rl.game(US, RUSSIA)
    def story(play):
        """Once upon a time."""
        play.pay({US: 1})

    assert story.__doc__ == "Once upon a time."
    assert story.name == "story"
    assert story.players == (US, RUSSIA) == ("US", "Russia")
