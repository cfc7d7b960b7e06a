"""Automata are verified state by state, and say how patient players must be."""

from fractions import Fraction as F

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rivalries import (
    CLASH,
    GRIM,
    HOLD,
    ORDER,
    PEACE,
    STRIKE,
    dilemma,
    noisy,
    restraint,
    watched,
)

import redlines as rl
from redlines.automata import Machine
from redlines.deviations import one_shot

TIT_FOR_TAT = {
    "kind": (HOLD, {HOLD: "kind", STRIKE: "angry"}),
    "angry": (STRIKE, {HOLD: "kind", STRIKE: "angry"}),
}


# ------------------------------------------------------------------------ verification
def test_grim_trigger_is_an_equilibrium_exactly_from_the_threshold_on():
    for factor in ("1/2", "3/5", "99/100"):
        assert rl.verify(dilemma(factor), GRIM, "subgame perfect").holds
    refused = rl.verify(dilemma("49/100"), GRIM, concept="subgame perfect")
    assert not refused.holds
    assert refused.regret == F(51, 100) * 5 + F(49, 100) - 3
    assert str(refused.failures[0]).endswith("by 'strike' once, in state 'path'")


def test_a_threat_that_is_no_equilibrium_is_refused_off_the_path():
    # on the path nobody gains, but nobody would carry the threat out
    names = ["low", "high", "mad"]
    own = [[4, 1, -9], [5, 2, -9], [0, -1, -10]]
    other = [list(row) for row in zip(*own, strict=True)]
    stage = rl.Game.from_bimatrix(own, other, actions=(names, names))
    threat = rl.Automaton.trigger(("low", "low"), ("mad", "mad"))
    game = rl.RepeatedGame(stage, "9/10")
    refused = rl.verify(game, threat, "subgame perfect")
    assert {f.infoset for f in refused.failures} == {"punish"}


def test_tit_for_tat_is_an_equilibrium_at_one_discount_factor_only():
    # where 2 R = T + S one factor makes both indifferent everywhere
    stage = restraint.bind(T=4, R=3, P=1, S=0)
    found = rl.critical_discounts(
        rl.RepeatedGame(stage), rl.Automaton.pair(TIT_FOR_TAT, TIT_FOR_TAT)
    )
    assert str(found.range) == "1/3"
    assert found.threshold is None


def test_mixed_states_need_indifference():
    pennies = rl.RepeatedGame(
        rl.Game.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]]), "1/2"
    )
    even = {"1": "1/2", "2": "1/2"}
    for_ever = rl.Automaton({"s": (even, even)}, {"s": "s"})
    assert rl.verify(pennies, for_ever, "subgame perfect").holds
    uneven = rl.Automaton({"s": ({"1": "1/3", "2": "2/3"}, even)}, {"s": "s"})
    assert not rl.verify(pennies, uneven, "subgame perfect").holds


def test_what_nobody_can_reach_does_not_count():
    states = {"clash": CLASH, "idle": PEACE}
    moves = {"clash": "clash", "idle": "idle"}
    certificate = rl.verify(
        dilemma("1/5"), rl.Automaton(states, moves), "subgame perfect"
    )
    assert certificate.holds
    assert list(certificate.values) == ["clash"]


def test_a_stick_and_carrot_is_harder_than_the_stage_equilibrium():
    # Abreu 1986: both suffer once, and a refusal to suffer begins it anew
    names = ["low", "high", "mad"]
    own = [[4, 1, -9], [5, 2, -9], [0, -1, -10]]
    other = [list(row) for row in zip(*own, strict=True)]
    stage = rl.Game.from_bimatrix(own, other, actions=(names, names))
    game = rl.RepeatedGame(stage, "2/5")
    carrot = rl.Automaton.trigger(("low", "low"), ("mad", "mad"), periods=1)
    grim = rl.Automaton.trigger(("low", "low"), ("high", "high"))
    assert rl.verify(game, carrot, "subgame perfect").holds
    assert rl.verify(game, grim, "subgame perfect").holds
    low = game.bind(discount="1/4")
    assert rl.verify(low, carrot, "subgame perfect").holds
    assert not rl.verify(low, grim, "subgame perfect").holds


def test_each_is_punished_in_its_own_way():
    punish = [([(STRIKE, HOLD)], [CLASH]), CLASH]
    simple = rl.Automaton.simple(([PEACE], [PEACE, PEACE]), punish)
    machine = Machine.read(dilemma("9/10"), simple)
    path = machine.names.index("path")
    after = {
        k: machine.names[next(iter(machine.next(path, cell)))]
        for k, cell in {"first": (1, 0), "second": (0, 1), "both": (1, 1)}.items()
    }
    assert after == {
        "first": "punish first",
        "second": "punish second",
        "both": "path 2",
    }


@pytest.mark.parametrize(
    ("build", "error", "text"),
    [
        (lambda: rl.Automaton({}, {}), rl.ModelError, "at least one state"),
        (lambda: rl.Automaton({"a": PEACE}, {}), rl.ModelError, "has no moves"),
        (
            lambda: rl.Automaton({"a": PEACE}, {"a": "b"}),
            rl.UnknownLabel,
            "no state 'b'",
        ),
        (lambda: rl.Automaton.trigger([], CLASH), rl.ModelError, "a path is a pair"),
        (
            lambda: rl.Automaton.trigger(PEACE, CLASH, 0),
            rl.ModelError,
            "periods is a whole",
        ),
        (
            lambda: rl.Automaton.simple(PEACE, [CLASH]),
            rl.ModelError,
            "punishments is a pair",
        ),
    ],
)
def test_automata_that_say_too_little_are_refused(build, error, text):
    with pytest.raises(error, match=text):
        build()


@pytest.mark.parametrize(
    ("automaton", "error", "text"),
    [
        (
            rl.Automaton({"a": ("x", HOLD)}, {"a": "a"}),
            rl.UnknownLabel,
            "no action 'x'",
        ),
        (rl.Automaton({"a": "xy"}, {"a": "a"}), rl.ModelError, "a pair"),
        (
            rl.Automaton({"a": PEACE}, {"a": {PEACE: "a"}}),
            rl.ModelError,
            "does not say where",
        ),
        (
            rl.Automaton({"a": PEACE}, {"a": {("x", "y"): "a", rl.REST: "a"}}),
            rl.UnknownLabel,
            "no pair of actions",
        ),
        (
            rl.Automaton({"a": ({HOLD: "1/2"}, HOLD)}, {"a": "a"}),
            rl.BadProbability,
            "no distribution",
        ),
        (
            rl.Automaton({"a": PEACE}, {"a": {"a": "1/2"}}),
            rl.BadProbability,
            "no distribution",
        ),
        ({"a": 1}, rl.ModelError, "as an rl.Automaton, not as dict"),
    ],
)
def test_automata_that_do_not_fit_the_game_are_refused(automaton, error, text):
    with pytest.raises(error, match=text):
        rl.verify(dilemma("1/2"), automaton, "subgame perfect")


def test_strategies_on_actions_do_not_fit_a_game_with_signals():
    with pytest.raises(rl.ModelError, match="say on which signals"):
        rl.verify(watched("1/2"), GRIM, "public perfect")
    with pytest.raises(rl.Unsupported, match="verified as 'public perfect'"):
        rl.verify(watched("1/2"), GRIM, "subgame perfect")
    lottery = rl.Automaton(
        {"a": CLASH, "b": CLASH}, {"a": {"a": "1/2", "b": "1/2"}, "b": "b"}
    )
    with pytest.raises(rl.ModelError, match="no public randomization"):
        rl.verify(dilemma("1/2", randomization=False), lottery, "subgame perfect")


# ------------------------------------------------------------------- how patient in all
def test_the_critical_discount_factor_of_the_dilemma_from_symbols():
    # Friedman 1971
    found = rl.critical_discounts(rl.RepeatedGame(restraint), GRIM, given=ORDER)
    assert str(found.threshold) == "(T - R)/(T - P)"
    assert "discount >= (T - R)/(T - P)" in str(found)
    assert found.condition.holds(T=5, R=3, P=1, S=0, discount="1/2")
    assert not found.condition.holds(T=5, R=3, P=1, S=0, discount="49/100")


def test_one_period_of_punishment_from_symbols():
    forgiving = rl.Automaton.trigger(PEACE, CLASH, periods=1)
    found = rl.critical_discounts(rl.RepeatedGame(restraint), forgiving, given=ORDER)
    assert str(found.threshold) == "(T - R)/(R - P)"


def test_the_critical_discount_factor_under_false_alarms_from_symbols():
    # d >= (T-R)/(T(1-p)-R(1-q)), if q R > p T
    game = rl.RepeatedGame(noisy, signals="report")
    grim = rl.Automaton.trigger(PEACE, CLASH, on=["alarm"])
    given = ["T > R", "R > 0", "S < 0", "q > p", "q*R > p*T"]
    found = rl.critical_discounts(game, grim, given=given)
    values = {"T": F(3), "R": F(2), "p": F(1, 10), "q": F(1, 2)}
    assert found.threshold.at(values) == F(10, 17)
    at = rl.critical_discounts(watched(), grim)
    assert at.threshold == F(10, 17)


def test_no_patience_suffices_if_alarms_say_too_little():
    grim = rl.Automaton.trigger(PEACE, CLASH, on=["alarm"])
    stage = noisy.bind(T=3, R=2, S=-1, p="2/5", q="1/2")
    found = rl.critical_discounts(rl.RepeatedGame(stage, signals="report"), grim)
    assert found.range is None
    assert found.threshold is None
    assert "none" in str(found)


def test_ends_may_be_irrational():
    twice = rl.Automaton.trigger(PEACE, CLASH, periods=2)
    found = rl.critical_discounts(dilemma(), twice)
    assert found.threshold.polynomial == (-1, 1, 1)
    assert F(618, 1000) not in found.range
    assert F(619, 1000) in found.range


def test_each_player_has_a_threshold_of_its_own():
    stage = rl.Game.from_bimatrix([[3, 0], [5, 1]], [[3, 4], [0, 1]])
    found = rl.critical_discounts(
        rl.RepeatedGame(stage), rl.Automaton.trigger(("1", "1"), ("2", "2"))
    )
    assert {p: r.low for p, r in found.ranges.items()} == {
        "Row": F(1, 2),
        "Column": F(1, 3),
    }
    assert found.range.low == F(1, 2)
    with pytest.raises(rl.Unsupported, match="read .range"):
        found.condition  # noqa: B018


def test_contradictory_orders_are_named():
    with pytest.raises(rl.ContradictoryAssumptions):
        rl.critical_discounts(
            rl.RepeatedGame(restraint), GRIM, given=["T > R", "R > T"]
        )
    long = rl.Automaton.trigger(PEACE, CLASH, periods=70)
    with pytest.raises(rl.Unsupported, match="at most 64"):
        rl.critical_discounts(dilemma(), long)


@given(
    st.lists(st.integers(-3, 5), min_size=8, max_size=8),
    st.sampled_from(
        [
            rl.Automaton.trigger(("1", "1"), ("2", "2")),
            rl.Automaton.trigger(("1", "1"), ("2", "2"), 2),
            rl.Automaton.trigger([("1", "2"), ("2", "1")], ("2", "2"), 1),
            rl.Automaton.trigger(("1", "1"), ([("1", "2")], [("2", "2")])),
        ]
    ),
    st.fractions(0, "9/10", max_denominator=12),
)
@settings(max_examples=120, deadline=None)
def test_the_range_says_what_the_referee_says(entries, automaton, factor):
    a, b = entries[:4], entries[4:]
    stage = rl.Game.from_bimatrix([a[:2], a[2:]], [b[:2], b[2:]])
    found = rl.critical_discounts(rl.RepeatedGame(stage), automaton)
    holds = one_shot(Machine.read(rl.RepeatedGame(stage, factor), automaton)).holds
    assert (found.range is not None and factor in found.range) == holds


# ---------------------------------------------------------------- length of punishments
@pytest.mark.parametrize(
    ("factor", "periods", "value"),
    [("2/3", 4, F(81, 47)), ("4/5", 2, F(250, 143)), ("9/10", 2, F(2000, 1171))],
)
def test_the_shortest_punishment_after_false_alarms(factor, periods, value):
    # Green and Porter 1984
    found = rl.shortest_punishment(watched(factor), PEACE, CLASH, on=["alarm"])
    assert found.periods == periods
    assert found.payoffs == {"US": value, "Russia": value}
    assert found.certificate.holds
    if periods > 1:
        shorter = rl.Automaton.trigger(PEACE, CLASH, periods - 1, on=["alarm"])
        assert not rl.verify(watched(factor), shorter, "public perfect").holds


def test_no_punishment_is_long_enough_below_the_threshold():
    found = rl.shortest_punishment(watched("1/2"), PEACE, CLASH, on=["alarm"])
    assert found.periods is None
    assert found.payoffs is None
    assert "even one without end fails" in str(found)


def test_grim_alone_may_do_and_no_finite_punishment():
    found = rl.shortest_punishment(dilemma("1/2"), PEACE, CLASH, limit=30)
    assert found.periods is None
    assert found.reason == "none of up to 30 periods will do"
    assert rl.verify(dilemma("1/2"), GRIM, "subgame perfect").holds
