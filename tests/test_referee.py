"""The referee refuses what is wrong, and says where and what would gain how much."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from stories import beer_quiche, chain_store, line, pennies_inside

import redlines as rl
from redlines.profile import Assessment
from redlines.referee import referee

RED_LINE = line.bind(p="1/4", V=4, k=1, a=2, c=1, d=3)
BLUFF = {
    "declare [type=resolved]": "line",
    "declare [type=irresolute]": {"line": "1/3", "silent": "2/3"},
    "act [declare=line]": {"cross": "1/2", "refrain": "1/2"},
    "act [declare=silent]": "cross",
    "answer [type=resolved, declare=line, act=cross]": "enforce",
    "answer [type=resolved, declare=silent, act=cross]": "enforce",
    "answer [type=irresolute, declare=line, act=cross]": "back down",
    "answer [type=irresolute, declare=silent, act=cross]": "back down",
}
AFTER_LINE = "act [declare=line]"
BELIEF = {"type=resolved, declare=line": "1/2", "type=irresolute, declare=line": "1/2"}
BAYESIAN = ("weak perfect bayesian", "sequential")
ALL = ("nash", *BAYESIAN)


def conditions(certificate):
    return {failure.condition for failure in certificate.failures}


@pytest.mark.parametrize("concept", ALL)
def test_the_right_answer_passes(concept):
    certificate = rl.verify(RED_LINE, BLUFF, concept=concept)
    assert certificate
    assert certificate.holds
    assert certificate.regret == 0
    assert certificate.failures == ()
    assert str(certificate).startswith(f"{concept}: verified")


@pytest.mark.parametrize("concept", ALL)
def test_a_wrong_probability_is_refused(concept):
    wrong = {**BLUFF, AFTER_LINE: {"cross": "2/3", "refrain": "1/3"}}
    certificate = rl.verify(RED_LINE, wrong, concept=concept)
    assert not certificate
    # a line, drawn with 1/3, gives the irresolute -1 + (1/3)4 + (2/3)(-2) = -1, silence
    # 0; and the type has probability 3/4
    assert certificate.regret == Fraction(1, 4 if concept == "nash" else 3)
    assert "US gains" in str(certificate.failures[0])


@pytest.mark.parametrize("concept", BAYESIAN)
def test_the_message_names_place_deviation_and_gain(concept):
    wrong = {**BLUFF, "answer [type=irresolute, declare=line, act=cross]": "enforce"}
    certificate = rl.verify(RED_LINE, wrong, concept=concept)
    failures = {f.infoset: f for f in certificate.failures}
    label = "answer [type=irresolute, declare=line, act=cross]"
    assert failures[label].player == "US"
    assert failures[label].condition == "sequential rationality"
    assert failures[label].deviation == {label: "back down"}
    assert failures[label].gain == 1
    assert (
        str(failures[label]) == f"at '{label}', US gains 1 by 'back down' at '{label}'"
    )


def test_failures_come_with_the_largest_gain_first():
    wrong = {
        **BLUFF,
        "declare [type=resolved]": "silent",
        "act [declare=silent]": "refrain",
        "answer [type=resolved, declare=line, act=cross]": "back down",
    }
    gains = [f.gain for f in rl.verify(RED_LINE, wrong).failures if f.gain is not None]
    assert len(gains) > 1
    assert gains == sorted(gains, reverse=True)


@pytest.mark.parametrize("concept", BAYESIAN)
def test_a_wrong_belief_on_the_path_is_refused(concept):
    wrong = {AFTER_LINE: dict(zip(BELIEF, ("1/3", "2/3"), strict=True))}
    certificate = rl.verify(RED_LINE, BLUFF, wrong, concept)
    assert "bayes" in conditions(certificate)
    failure = next(f for f in certificate.failures if f.condition == "bayes")
    assert failure.infoset == AFTER_LINE
    assert "is 1/3, but play makes it 1/2" in str(failure)


@pytest.mark.parametrize("concept", BAYESIAN)
@pytest.mark.parametrize(
    ("resolve", "right"), [("1/2", True), ("0", True), ("3/5", False)]
)
def test_a_belief_off_the_path_must_support_the_play(concept, resolve, right):
    silent = {
        **BLUFF,
        "declare [type=resolved]": "silent",
        "declare [type=irresolute]": "silent",
        AFTER_LINE: "cross",
    }
    first, second = BELIEF
    belief = {first: resolve, second: str(1 - Fraction(resolve))}
    certificate = rl.verify(RED_LINE, silent, {AFTER_LINE: belief}, concept)
    assert certificate.holds == right
    if not right:
        # refraining gives 0, crossing 4 - 8 * 3/5
        assert certificate.regret == Fraction(4, 5)
        assert certificate.failures[0].deviation == {AFTER_LINE: "refrain"}


@pytest.mark.parametrize("concept", BAYESIAN)
def test_beliefs_off_the_path_are_looked_for(concept):
    silent = {
        **BLUFF,
        "declare [type=resolved]": "silent",
        "declare [type=irresolute]": "silent",
    }
    good = {**silent, AFTER_LINE: {"cross": "2/3", "refrain": "1/3"}}
    assert rl.verify(RED_LINE, good, concept=concept)
    bad = {**silent, AFTER_LINE: {"cross": "3/5", "refrain": "2/5"}}
    assert not rl.verify(RED_LINE, bad, concept=concept)


# ----------------------------------------------------------------- consistency
@rl.game("A", "B")
def hidden(play):
    """B may see that A acted, and does not see a coin that A does not see either."""
    play.draw("coin", {"one": "1/3", "two": "2/3"}, seen_by=[])
    if play.move("A", "act", ["out", "in"]) == "in":
        play.move("B", "reply", ["left", "right"])
    play.pay({"A": 1, "B": 1})


HIDDEN = {"act": "out", "reply [act=in]": "left"}


def believing(share):
    first = Fraction(share)
    return {
        "reply [act=in]": {"coin=one, act=in": first, "coin=two, act=in": 1 - first}
    }


def test_nobody_signals_what_it_does_not_know():
    assert rl.verify(hidden, HIDDEN, believing("1/3"), "sequential")
    refused = rl.verify(hidden, HIDDEN, believing("1/2"), "sequential")
    assert conditions(refused) == {"consistency"}
    assert refused.failures[0].infoset == "reply [act=in]"
    assert "at 'reply [act=in]' no trembles give the belief" in str(refused)
    assert rl.verify(hidden, HIDDEN, believing("1/2"), "weak perfect bayesian")


def certified(game=RED_LINE):
    """A sequential equilibrium with its orders and weights, to be spoilt."""
    return rl.solve(game, "sequential")[0]._assessment


def spoilt(rows, infoset, action, value):
    return [
        [value if (h, a) == (infoset, action) else v for a, v in enumerate(row)]
        for h, row in enumerate(rows)
    ]


def test_orders_and_weights_must_fit_the_strategy():
    good = certified(beer_quiche.bind(strong="9/10"))
    assert referee(good, "sequential").holds
    place = next(h for h, row in enumerate(good.orders) if any(row))
    off = next(a for a, k in enumerate(good.orders[place]) if k)
    wrong = [
        replace(good, orders=spoilt(good.orders, place, off, 0)),
        replace(good, orders=spoilt(good.orders, place, 1 - off, 1)),
        replace(good, orders=spoilt(good.orders, place, off, -1)),
        replace(good, weights=spoilt(good.weights, place, off, Fraction(0))),
        replace(good, weights=spoilt(good.weights, place, 1 - off, Fraction(1, 2))),
        replace(good, orders=None),
        replace(good, weights=None),
    ]
    for assessment in wrong:
        assert conditions(referee(assessment, "sequential")) == {"consistency"}
        assert referee(assessment, "weak perfect bayesian").holds


def test_other_trembles_give_other_beliefs():
    good = certified(beer_quiche.bind(strong="9/10"))
    tables = good.game._tables
    weak = tables.find("meal [type=weak]")
    off = next(a for a, k in enumerate(good.orders[weak]) if k)
    for rows in (
        {"weights": spoilt(good.weights, weak, off, good.weights[weak][off] * 7)},
        {"orders": spoilt(good.orders, weak, off, good.orders[weak][off] + 1)},
    ):
        certificate = referee(replace(good, **rows), "sequential")
        assert conditions(certificate) == {"consistency"}
        assert "but the trembles make it" in str(certificate)


def test_a_missing_belief_is_a_failure():
    good = certified()
    belief = list(good.belief)
    belief[good.game._tables.find(AFTER_LINE)] = None
    for concept in BAYESIAN:
        certificate = referee(replace(good, belief=belief), concept)
        assert not certificate.holds
        assert "no belief is given at 'act [declare=line]'" in str(certificate)


@pytest.mark.parametrize("row", [(Fraction(1, 2), Fraction(1, 3)), (2, -1), (1,)])
def test_what_is_no_distribution_is_refused(row):
    good = certified()
    place = good.game._tables.find(AFTER_LINE)
    for field in ("strategy", "belief"):
        rows = list(getattr(good, field))
        rows[place] = tuple(map(Fraction, row))
        certificate = referee(replace(good, **{field: rows}), "sequential")
        assert not certificate.holds
        assert "no distribution" in str(certificate)


# ------------------------------------------------------- deviations of several steps
@rl.game("A", "B")
def two_steps(play):
    """A's two later sets hold beliefs of their own, so one step never shows the gain.

    B moves unseen; A goes on twice. Going on pays only if A goes on both times.
    """
    if play.move("A", "enter", ["out", "in"]) == "out":
        play.pay({"A": 1})
        return
    theirs = play.move("B", "hidden", ["u", "v"], seen_by=[])
    if play.move("A", "first", ["stop", "go"]) == "stop":
        play.pay({"A": 0})
    elif play.move("A", "second", ["stop", "go"]) == "stop":
        play.pay({"A": -1})
    else:
        play.pay({"A": 3 if theirs == "u" else -3})


def test_a_deviation_of_several_steps_is_found_where_no_single_step_gains():
    profile = {
        "enter": "out",
        "hidden [enter=in]": "u",
        "first [enter=in]": "stop",
        "second [enter=in, first=go]": "stop",
    }
    belief = {
        "first [enter=in]": {"enter=in, hidden=u": 1},
        "second [enter=in, first=go]": {"enter=in, hidden=v, first=go": 1},
    }
    certificate = rl.verify(two_steps, profile, belief, "weak perfect bayesian")
    failures = {f.infoset: f for f in certificate.failures}
    # at the second set stopping is right for its belief; and one step alone never gains
    assert set(failures) == {"enter", "first [enter=in]"}
    assert failures["enter"].gain == 2
    assert failures["first [enter=in]"].gain == 3
    assert failures["first [enter=in]"].deviation == {
        "first [enter=in]": "go",
        "second [enter=in, first=go]": "go",
    }
    assert set(failures["enter"].deviation.values()) == {"in", "go"}


def test_entry_is_tested_together_with_the_play_that_follows():
    out = {
        "enter": "out",
        "B's coin [enter=in]": "heads",
        "A's coin [enter=in]": "tails",
    }
    certificate = rl.verify(pennies_inside, out, concept="weak perfect bayesian")
    assert not certificate.holds
    assert any(
        f.infoset == "enter" and f.gain == Fraction(3, 2) for f in certificate.failures
    )


# ------------------------------------------------------------------- nash, subgames
def test_an_empty_threat_is_nash_and_not_subgame_perfect():
    threat = {"enter": "out", "reply [enter=in]": "fight"}
    assert rl.verify(chain_store, threat, concept="nash")
    for concept in ("subgame perfect", *BAYESIAN):
        certificate = rl.verify(chain_store, threat, concept=concept)
        (failure,) = certificate.failures
        assert failure.infoset == "reply [enter=in]"
        assert failure.deviation == {"reply [enter=in]": "share"}
        assert certificate.regret == failure.gain == 2
        assert "not one; 1 conditions fail" in str(certificate)


def test_every_subgame_is_looked_at_and_named():
    half = {"heads": "1/2", "tails": "1/2"}
    out = {"enter": "out", "B's coin [enter=in]": half, "A's coin [enter=in]": half}
    certificate = rl.verify(pennies_inside, out, concept="subgame perfect")
    assert [f.infoset for f in certificate.failures] == ["enter"]
    sure = {**out, "B's coin [enter=in]": "heads", "A's coin [enter=in]": "tails"}
    certificate = rl.verify(pennies_inside, sure, concept="subgame perfect")
    inner = certificate.failures[0]
    assert inner.condition == "nash in every subgame"
    assert str(inner) == (
        "in the subgame after 'enter=in', A gains 2 by 'heads' at "
        '"A\'s coin [enter=in]"'
    )


def test_without_proper_subgames_the_claim_is_that_of_nash():
    for strategy in (BLUFF, {**BLUFF, AFTER_LINE: "refrain"}):
        assert bool(rl.verify(RED_LINE, strategy, concept="nash")) == bool(
            rl.verify(RED_LINE, strategy, concept="subgame perfect")
        )


# --------------------------------------------------------------------------- labels
def test_players_may_stand_above_and_zeros_may_be_left_out():
    nested = {
        "US": {h: v for h, v in BLUFF.items() if not h.startswith("act")},
        "Russia": {h: v for h, v in BLUFF.items() if h.startswith("act")},
    }
    assert rl.verify(RED_LINE, nested, {AFTER_LINE: BELIEF})


def test_floats_are_read_as_the_decimals_that_they_print_as():
    floats = {**BLUFF, AFTER_LINE: {"cross": 0.5, "refrain": 0.5}}
    assert rl.verify(RED_LINE, floats)
    thirds = {**BLUFF, "declare [type=irresolute]": {"line": 1 / 3, "silent": 2 / 3}}
    with pytest.raises(rl.RedlinesError, match="thirds and the like as text"):
        rl.verify(RED_LINE, thirds)


@pytest.mark.parametrize(
    ("change", "belief", "message"),
    [
        ({"act [declare=lin]": "cross"}, None, "act [declare=line]"),
        ({AFTER_LINE: "attack"}, None, "cross"),
        ({AFTER_LINE: {"cross": "1/2"}}, None, "sums to 1/2, not to 1"),
        ({AFTER_LINE: {"cross": "3/2", "refrain": "-1/2"}}, None, "-1/2"),
        ({AFTER_LINE: 1}, None, "must be a mapping"),
        ({}, {AFTER_LINE: {"type=resolved": 1}}, "type=resolved, declare=line"),
        ({}, {AFTER_LINE: {"type=resolved, declare=line": "1/2"}}, "sums to 1/2"),
        ({}, {"nowhere": {}}, "nowhere"),
    ],
    ids=["infoset", "action", "sum", "negative", "shape", "history", "belief", "place"],
)
def test_what_does_not_fit_the_game_is_named(change, belief, message):
    with pytest.raises(rl.RedlinesError) as caught:
        rl.verify(RED_LINE, {**BLUFF, **change}, belief)
    assert message in str(caught.value)


def test_a_strategy_says_something_everywhere():
    partial = {h: v for h, v in BLUFF.items() if h != AFTER_LINE}
    with pytest.raises(rl.RedlinesError, match="reached or not") as caught:
        rl.verify(RED_LINE, partial)
    assert AFTER_LINE in str(caught.value)


def test_an_information_set_of_the_other_player_is_refused():
    nested = {"US": BLUFF, "Russia": {}}
    with pytest.raises(rl.RedlinesError, match="is not US's but Russia's"):
        rl.verify(RED_LINE, nested)


def test_parameters_must_be_bound():
    with pytest.raises(rl.UnboundParameter, match="verify"):
        rl.verify(line, BLUFF)


def test_an_assessment_reads_what_verify_reads():
    read = Assessment.read(RED_LINE, BLUFF, {AFTER_LINE: BELIEF})
    place = RED_LINE._tables.find(AFTER_LINE)
    assert read.strategy[place] == (Fraction(1, 2), Fraction(1, 2))
    assert read.belief[place] == (Fraction(1, 2), Fraction(1, 2))
