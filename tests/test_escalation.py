"""The words of escalation pay what they say, for the reasons that they give."""

from __future__ import annotations

from fractions import Fraction

import pytest

import redlines as rl
from redlines import RUSSIA, US
from redlines.escalation import (
    CheapTalk,
    RedLine,
    Rung,
    SunkCost,
    TiedHands,
    answer,
    climb,
    cross,
    declare,
    lose_control,
)


@rl.game(US, RUSSIA)
def in_words(
    play,
    resolved=rl.Probability("chance that the US is resolved"),
    V=rl.Positive("stake"),
    k=rl.Positive("sunk cost"),
    a=rl.Positive("audience cost"),
    c=rl.Positive("cost of enforcing, resolved"),
    d=rl.Positive("cost of enforcing, irresolute"),
):
    """Game G with the words of escalation."""
    cost = {"resolved": c, "irresolute": d}
    resolve = play.draw("resolve", {"resolved": resolved, "irresolute": rl.REST}, US)
    line = RedLine(US, stake=V, signals=[SunkCost(k), TiedHands(a)])
    declared = declare(play, line)
    if not cross(play, RUSSIA, line, gain=V):
        return
    if answer(play, line, declared, cost=cost[resolve], harm={RUSSIA: 3 * V}):
        play.pay({US: V / 2 if resolve == "resolved" else 0}, because="recovered")


@rl.game(US, RUSSIA)
def in_verbs(
    play,
    resolved=rl.Probability("chance that the US is resolved"),
    V=rl.Positive("stake"),
    k=rl.Positive("sunk cost"),
    a=rl.Positive("audience cost"),
    c=rl.Positive("cost of enforcing, resolved"),
    d=rl.Positive("cost of enforcing, irresolute"),
):
    """Game G with the verbs of play alone."""
    resolve = play.draw("resolve", {"resolved": resolved, "irresolute": rl.REST}, US)
    drawn = play.move(US, "declare", ["draw line", "stay silent"]) == "draw line"
    if drawn:
        play.pay({US: -k}, because="sunk cost")
    if play.move(RUSSIA, "act", ["cross", "refrain"]) == "refrain":
        play.pay({US: V}, because="stake")
        return
    play.pay({RUSSIA: V}, because="gain from crossing")
    if play.move(US, "answer", ["enforce", "back down"]) == "enforce":
        play.pay({US: V / 2 - c if resolve == "resolved" else -d}, because="answer")
        play.pay({RUSSIA: -3 * V}, because="answer")
    elif drawn:
        play.pay({US: -a}, because="audience cost")


def test_words_and_verbs_tell_the_same_game():
    assert list(in_words.infosets) == list(in_verbs.infosets)
    assert [end.history for end in in_words.terminals] == [
        end.history for end in in_verbs.terminals
    ]
    for ours, plain in zip(in_words.terminals, in_verbs.terminals, strict=True):
        for player in (US, RUSSIA):
            gap = ours.payoffs[player] - plain.payoffs[player]
            assert rl.Number.of(gap).is_zero


def test_events_follow_the_choices():
    events = {end.history.split(", ", 1)[1]: end.events for end in in_words.terminals}
    assert events["declare=draw line, act=cross, answer=enforce"] == (
        "declared",
        "crossed",
        "enforced",
    )
    assert events["declare=stay silent, act=cross, answer=back down"] == (
        "crossed",
        "backed down",
    )
    assert events["declare=stay silent, act=refrain"] == ()


def costs(*signals):
    """What the US pays after drawing the line: if it enforces, if it backs down."""

    @rl.game(US, RUSSIA)
    def game(play):
        line = RedLine(US, signals=signals)
        answer(play, line, declare(play, line), cost=1)

    return [end.payoffs_by_reason[US] for end in game.terminals[:2]]


def test_a_sunk_cost_is_paid_whatever_follows():
    enforced, backed_down = costs(SunkCost("1/3"))
    assert enforced["sunk cost"] == backed_down["sunk cost"] == Fraction(-1, 3)


def test_tied_hands_are_paid_for_only_by_backing_down():
    enforced, backed_down = costs(TiedHands(2))
    assert enforced == {"cost of enforcing": -1}
    assert backed_down == {"audience cost": -2}


def test_cheap_talk_is_free_and_so_is_a_line_without_signals():
    assert costs(CheapTalk()) == costs() == [{"cost of enforcing": -1}, {}]


def test_signals_add_up():
    _, backed_down = costs(SunkCost(1), TiedHands(2), TiedHands(3))
    assert backed_down == {"sunk cost": -1, "audience cost": -5}


def test_whoever_declared_nothing_breaks_nothing():
    @rl.game(US, RUSSIA)
    def silent(play):
        answer(play, RedLine(US, signals=[TiedHands(2)]), cost=1)

    assert silent.terminals[1].payoffs_by_reason[US] == {}


def test_a_signal_of_ones_own_needs_two_methods():
    class Deposit:
        def sent(self, play, sender):
            play.pay({sender: -5}, because="deposit")

        def broken(self, play, sender):
            play.pay({RUSSIA: 5}, because="deposit")

    enforced, backed_down = costs(Deposit())
    assert enforced["deposit"] == backed_down["deposit"] == -5


def two_sided(rungs):
    """The two-sided ladder: turns to escalate, each with a risk of 1/10."""

    @rl.game(US, RUSSIA)
    def ladder(play):
        loss = {"resolved": 1, "irresolute": 6}
        types = {
            RUSSIA: play.draw("R", {"resolved": "1/2", "irresolute": "1/2"}, RUSSIA),
            US: play.draw("U", {"resolved": "1/3", "irresolute": "2/3"}, US),
        }
        rung = Rung("1/10", {player: loss[types[player]] for player in types})
        for step in range(rungs):
            player, other = (US, RUSSIA) if step % 2 else (RUSSIA, US)
            outcome = climb(play, player, rung)
            if outcome == "lost":
                return
            if outcome == "back down":
                play.pay({other: 1}, because="prize")
                return
        play.pay({player: 1}, because="prize")

    return ladder


def test_a_ladder_of_rungs_ends_in_disaster_or_with_the_prize():
    ladder = two_sided(3)
    assert ladder.events == ("escalated", "disaster")
    for end in ladder.terminals:
        prizes = sum(row.get("prize", 0) for row in end.payoffs_by_reason.values())
        assert prizes == (0 if "disaster" in end.events else 1)
    assert ladder.terminals[0].payoffs == {US: -1, RUSSIA: -1}
    assert len(ladder.terminals) == 4 * (2 * 3 + 1)


def test_what_control_decides_can_be_left_out_of_labels():
    @rl.game(US, RUSSIA)
    def quiet(play):
        if not lose_control(play, "1/10", {US: 9, RUSSIA: 9}, seen_by=[]):
            play.move(US, "go on", ["yes", "no"])

    assert list(quiet.infosets) == ["go on"]


def test_the_event_names_the_loss():
    @rl.game(US, RUSSIA)
    def accident(play, loss=rl.Positive("loss")):
        lose_control(play, "1/10", {US: loss}, event="nuclear use")

    lost, kept = accident.bind(loss=9).terminals
    assert lost.events == ("nuclear use",)
    assert lost.payoffs_by_reason[US] == {"nuclear use": -9}
    assert kept.payoffs == {US: 0, RUSSIA: 0}


def test_an_amount_of_zero_leaves_no_reason():
    @rl.game(US, RUSSIA)
    def bare(play):
        line = RedLine(US)
        if cross(play, RUSSIA, line):
            answer(play, line, harm={RUSSIA: 1})

    assert bare.reasons == ("harm of the answer",)


@pytest.mark.parametrize("amount", [float("nan"), True, "import os"])
def test_an_amount_that_is_no_number_is_refused(amount):
    with pytest.raises(rl.RedlinesError):

        @rl.game(US, RUSSIA)
        def wrong(play):
            declare(play, RedLine(US, signals=[SunkCost(amount)]))
