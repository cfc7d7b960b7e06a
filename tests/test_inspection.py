"""Inspection games: the canon, trees as oracles, announcements, what is refused."""

from __future__ import annotations

import itertools
import pickle
from fractions import Fraction as F
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import redlines as rl

ONE_SHOT = rl.InspectionGame(
    1, 1, gain=1, penalty=2, loss=4, caught_loss=1, cost="1/2", detection="4/5"
)


def only(game, concept="subgame perfect"):
    (found,) = rl.solve(game, concept)
    return found


# -------------------------------------------------------------------------- the canon
@pytest.mark.parametrize("n", range(1, 8))
@pytest.mark.parametrize("a", [F(1), F(1, 2), F(3)])
def test_the_zero_sum_value_is_that_of_dresher(n, a):
    # Dresher 1962 for a = 1; Avenhaus, von Stengel and Zamir 2002, section 4
    for m in range(n + 1):
        found = only(rl.InspectionGame.zero_sum(n, m, a))
        value = -F(comb(n - 1, m)) / sum(
            comb(n, i) * a ** (m - i) for i in range(m + 1)
        )
        assert found.payoffs == {"Inspector": value, "Inspectee": -value}
        assert found.regret == 0


def test_values_that_are_printed():
    games = {(2, 1): F(-1, 3), (3, 1): F(-1, 2), (3, 2): F(-1, 7)}
    for (n, m), value in games.items():
        assert only(rl.InspectionGame.zero_sum(n, m)).payoffs["Inspector"] == value


@pytest.mark.parametrize(
    ("a", "b"), [(F(1, 2), F(1)), (F(1, 3), F(2)), (F(3, 4), F(1, 5))]
)
@pytest.mark.parametrize("n", range(1, 7))
def test_the_values_where_a_caught_violation_is_bad_for_both(a, b, n):
    # Avenhaus, von Stengel and Zamir 2002, sections 4 and 5
    for m in range(n):
        game = rl.InspectionGame(n, m, caught_loss=a, penalty=b)
        below = sum(comb(n, i) * (-a) ** (m - i) for i in range(m + 1))
        inspector = -F(comb(n - 1, m)) / below
        inspectee = F(comb(n - 1, m)) / sum(
            comb(n, i) * b ** (m - i) for i in range(m + 1)
        )
        solution = rl.solve(game, "subgame perfect")
        assert solution.complete
        assert solution[0].payoffs == {"Inspector": inspector, "Inspectee": inspectee}
        announcement = only(game, "stackelberg")
        assert announcement.value == -inspectee
        assert announcement.payoffs == {"Inspector": -inspectee, "Inspectee": inspectee}
        # legal as long as an inspection is left; the chances are the same as without
        assert all(not q for (_, left), q in announcement.violates.items() if left)
        for state, p in solution[0].inspects.items():
            if 0 < state[1] < state[0]:
                assert announcement.inspects[state] == p


def test_two_periods_and_one_inspection_by_hand():
    game = rl.InspectionGame(2, 1, caught_loss="1/2")
    equilibrium = only(game)
    assert equilibrium.payoffs == {"Inspector": F(-2, 3), "Inspectee": F(1, 3)}
    assert only(game, "stackelberg").value == F(-1, 3)
    assert equilibrium.inspects == {(2, 1): F(1, 3), (1, 1): F(1, 2), (1, 0): 0}
    assert equilibrium.violates == {(2, 1): F(2, 3), (1, 1): 0, (1, 0): 1}
    assert equilibrium.free["Inspector"] == {(1, 1): (F(1, 2), F(1))}
    assert equilibrium.violation_by_period == (F(2, 3), F(1, 9))
    assert equilibrium.expected_time == F(8, 7)
    assert equilibrium.probability("caught") == F(2, 9)
    assert equilibrium.values[1, 0] == {"Inspector": -1, "Inspectee": 1}
    assert equilibrium.strategy["Inspectee"][1, 0] == {"violate": 1, "legal": 0}


def test_a_costly_visit_that_may_miss():
    # Avenhaus, von Stengel and Zamir 2002, section 2, without false alarms
    found = only(ONE_SHOT, "nash")
    assert (found.inspects[1, 1], found.violates[1, 1]) == (F(5, 12), F(5, 24))
    assert found.payoffs == {"Inspector": F(-5, 6), "Inspectee": 0}
    assert rl.solve(ONE_SHOT, "nash").complete
    announcement = only(ONE_SHOT, "stackelberg")
    assert announcement.value == F(-5, 24)
    assert announcement.inspects == {(1, 1): F(5, 12)}
    assert announcement.probability("violation") == 0
    assert announcement.expected_time is None


def test_the_canon_of_one_visit_in_symbols():
    words = {
        "gain": rl.Positive(),
        "penalty": rl.Positive(),
        "loss": rl.Positive(),
        "caught_loss": rl.Positive(),
        "cost": rl.Positive(),
        "detection": rl.Probability(),
        "false_alarm": rl.Probability(),
        "alarm_cost": rl.Positive(),
        "alarm_burden": rl.Positive(),
    }
    game = rl.InspectionGame(1, 1, **words)
    at = {
        "gain": 1,
        "penalty": 2,
        "loss": 4,
        "caught_loss": 1,
        "cost": "1/2",
        "detection": "4/5",
        "false_alarm": "1/10",
        "alarm_cost": "1/3",
        "alarm_burden": "1/7",
    }
    formula = rl.inspection_formula(game, at)
    d, b, c, a, e, big, f, g, h = (game.parameters[w] for w in words)
    # p makes the inspectee indifferent, q the inspector
    p = d / (big * (b + d) - f * h)
    q = (e + f * g) / (big * (c - a) + f * g)
    values = {k: game.parameters[k].check(v) for k, v in at.items()}
    for expression, known in ((formula.inspects[1, 1], p), (formula.violates[1, 1], q)):
        assert (expression - known).is_zero
    exact = only(game.bind(**at))
    assert formula.payoffs["Inspector"].at(values) == exact.payoffs["Inspector"]
    announcement = rl.inspection_formula(game, at, "stackelberg")
    assert (announcement.payoffs["Inspector"] + p * (e + f * g)).is_zero
    best = only(game.bind(**at), "stackelberg")
    assert announcement.payoffs["Inspector"].at(values) == best.value
    for found in (formula, announcement):
        assert all(r.holds(**values) for r in found.conditions)


def test_a_formula_over_periods_is_the_sum_of_binomials():
    game = rl.InspectionGame(
        4, 2, penalty=rl.Positive("b"), caught_loss=rl.Positive("a")
    )
    formula = rl.inspection_formula(game, {"penalty": 1, "caught_loss": "1/2"})
    a, b = game.parameters["caught_loss"], game.parameters["penalty"]
    assert (formula.payoffs["Inspectee"] - 3 / (b**2 + 4 * b + 6)).is_zero
    assert (formula.payoffs["Inspector"] + 3 / (a**2 - 4 * a + 6)).is_zero
    with pytest.raises(rl.Unsupported, match="one period only"):
        rl.inspection_formula(game, {"penalty": 1, "caught_loss": 1}, "stackelberg")


def test_the_inspectees_own_penalty_does_not_change_how_often_it_violates():
    lighter, heavier = (
        only(rl.InspectionGame(1, 1, penalty=b, loss=4, cost=1, caught_loss=1))
        for b in (1, 5)
    )
    assert lighter.violates == heavier.violates
    assert lighter.inspects[1, 1] > heavier.inspects[1, 1]


# --------------------------------------------------------------------- trees as oracles
amounts = st.sampled_from([F(0), F(1, 3), F(1, 2), F(1), F(2), F(5)])
chances = st.sampled_from([F(0), F(1, 4), F(2, 3), F(1)])


@st.composite
def inspections(draw, periods=2):
    n = draw(st.integers(1, periods))
    return rl.InspectionGame(
        n,
        draw(st.integers(0, n)),
        draw(st.integers(1, 2)),
        gain=draw(amounts),
        penalty=draw(amounts),
        loss=draw(amounts),
        caught_loss=draw(amounts) - draw(amounts),
        cost=draw(amounts),
        detection=draw(chances),
        false_alarm=draw(chances),
        alarm_cost=draw(amounts),
        alarm_burden=draw(amounts),
    )


@given(inspections())
@settings(max_examples=40, deadline=None)
def test_announcements_are_worth_what_the_tree_says(game):
    found = only(game, "stackelberg")
    tree = game.unfold()
    assert found.value == rl.solve(tree, "stackelberg", leader="Inspector")[0].value


@given(inspections())
@settings(max_examples=40, deadline=None)
def test_every_equilibrium_is_one_of_the_tree(game):
    tree = game.unfold()
    solution = rl.solve(game, "subgame perfect")
    assert len(solution) > 0
    for found in itertools.islice(solution, 4):
        strategy = _on_tree(tree, game, found)
        certificate = rl.verify(tree, strategy, concept="sequential")
        assert certificate.holds, certificate
        assert {"violation", "caught", "false alarm"} >= set(tree.events)


def _on_tree(tree, game, found):
    """What an equilibrium by state does at the information sets of the tree."""
    strategy = {}
    for label, infoset in tree.infosets.items():
        number = int(infoset.name.split()[1])
        facts = dict(infoset.facts)
        used = sum(v == "inspect" for v in facts.values())
        done = sum(v == "violate" for v in facts.values())
        n = game.periods - number + 1
        state = (n, min(game.inspections - used, n), min(game.violations - done, n))
        state = state if game.violations > 1 else state[:2]
        words = "inspect", "wait", found.inspects
        if infoset.player == "Inspectee":
            words = "violate", "legal", found.violates
        share = words[2][state]
        strategy[label] = {words[0]: share, words[1]: 1 - share}
    return strategy


def test_values_are_those_of_all_sequential_equilibria_of_the_tree():
    for n, m in ((2, 1), (3, 1)):
        game = rl.InspectionGame(n, m, caught_loss="1/2", penalty="3/2")
        tree = rl.solve(game.unfold(), "sequential")
        assert tree.complete
        found = only(game)
        for player in game.players:
            for equilibrium in tree:
                span = equilibrium.range(rl.payoff(player))
                assert span.is_point
                assert span.low == found.payoffs[player]


def test_events_of_a_tree_have_the_same_probability():
    game = rl.InspectionGame(
        2, 1, cost="1/5", loss=3, detection="2/3", false_alarm="1/10", alarm_cost=1
    )
    found = only(game)
    tree = game.unfold()
    (same,) = [
        e
        for e in rl.solve(tree, "sequential")
        if e.payoffs == found.payoffs and e.contains(_on_tree(tree, game, found))
    ]
    for event in ("violation", "caught", "false alarm"):
        assert (
            same.range(event).low <= found.probability(event) <= same.range(event).high
        )


# ------------------------------------------------------------------------- properties
@given(inspections(periods=3))
@settings(max_examples=40, deadline=None)
def test_to_announce_never_hurts(game):
    value = only(game, "stackelberg").value
    for found in itertools.islice(rl.solve(game, "subgame perfect"), 5):
        assert value >= found.payoffs["Inspector"]


@given(inspections(periods=3))
@settings(max_examples=60, deadline=None)
def test_probabilities_add_up(game):
    found = rl.solve(game, "subgame perfect")[0]
    assert 0 <= found.probability("caught") <= 1
    assert sum(found.violation_by_period) == found.probability("violation") <= 1
    assert found.expected_inspections <= game.inspections
    assert found.values[game.key(game.start)] == found.payoffs


def test_many_periods_are_quick_and_exact():
    found = only(rl.InspectionGame.zero_sum(60, 20))
    value = -F(comb(59, 20), sum(comb(60, i) for i in range(21)))
    assert found.payoffs["Inspector"] == value
    assert only(rl.InspectionGame(20, 6), "stackelberg").value < 0


# ----------------------------------------------------------------------------- several
def test_several_equilibria_of_a_state_are_all_listed():
    # an inspector who likes to look, but not to find
    game = rl.InspectionGame(1, 1, loss=0, caught_loss=3, cost=-1)
    solution = rl.solve(game, "nash")
    assert solution.complete
    assert [(e.inspects[1, 1], e.violates[1, 1]) for e in solution] == [
        (0, 1),
        (F(1, 2), F(1, 3)),
        (1, 0),
    ]


def test_a_continuum_over_which_payoffs_differ_is_not_called_complete():
    # the inspector does not care, the inspectee does
    game = rl.InspectionGame(1, 1, loss=0, penalty=0)
    solution = rl.solve(game, "nash")
    assert not solution.complete
    assert "continuum" in solution.reason
    assert {e.payoffs["Inspectee"] for e in solution} == {0, 1}


def test_equilibria_that_could_depend_on_the_past_are_not_called_complete():
    game = rl.InspectionGame(3, 2, loss=0, cost=0, penalty=0)
    solution = rl.solve(game, "subgame perfect")
    assert not solution.complete
    assert "payoffs differ" in solution.reason or "past" in solution.reason


def test_values_that_grow_out_of_hand_are_not_waited_for():
    game = rl.InspectionGame(40, 20, caught_loss="1/3", cost="1/7", detection="6/7")
    for concept in ("subgame perfect", "stackelberg"):
        solution = rl.solve(game, concept)
        assert len(solution) == 0
        assert solution.status is rl.Status.NOT_FOUND
        assert "more than" in solution.reason


def test_nash_over_several_periods_says_what_it_leaves_out():
    solution = rl.solve(rl.InspectionGame.zero_sum(3, 1), "nash")
    assert not solution.complete
    assert "not looked for" in solution.reason


HALF = rl.InspectionGame(2, 1, caught_loss="1/2")


# -------------------------------------------------------------------------- as written
@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((0, 0), {}, "periods must be a whole number from 1 on"),
        ((2, -1), {}, "inspections must be a whole number from 0 on"),
        ((2, 1, 0), {}, "violations must be"),
        ((2, True), {}, "not True"),
        ((2.0, 1), {}, "not 2.0"),
        ((401, 1), {}, "at most 400 periods"),
        ((2, 1), {"detection": "3/2"}, "detection is a probability"),
        ((2, 1), {"cost": float("nan")}, "finite"),
        ((2, 1), {"players": ("A", "A")}, "two different players"),
    ],
)
def test_what_is_no_inspection_is_refused(arguments, options, message):
    with pytest.raises(rl.ModelError, match=message):
        rl.InspectionGame(*arguments, **options)


def test_open_parameters_are_named_and_bound():
    game = rl.InspectionGame(2, 1, cost=rl.Positive("of a visit"))
    with pytest.raises(rl.UnboundParameter, match="'cost' of inspection has no value"):
        rl.solve(game, "nash")
    with pytest.raises(rl.OutOfRange, match="greater than 0"):
        game.bind(cost=0)
    with pytest.raises(rl.UnknownLabel, match="no parameter 'price'"):
        game.bind(price=1)
    assert dict(game.bind(cost="1/4").parameters) == {}
    assert game.bind(cost="1/4").amounts["cost"] == F(1, 4)
    with pytest.raises(rl.UnknownLabel, match="no event 'war'"):
        only(HALF).probability("war")


def test_a_profile_of_an_inspection_game_is_not_verified_from_outside():
    with pytest.raises(rl.Unsupported, match="is verified already"):
        rl.verify(HALF, {}, concept="nash")


def test_values_by_what_is_left_are_those_of_the_course_of_play():
    game = rl.InspectionGame(3, 1, 2, loss=3, cost="1/5", detection="2/3")
    found = rl.solve(game, "subgame perfect")[0]
    assert found.payoffs == dict(zip(game.players, found.course.payoffs, strict=True))


def test_a_tiny_cost_is_exact():
    found = only(rl.InspectionGame(1, 1, cost=1e-300, loss=1))
    assert found.violates[1, 1] == F(1, 10**300)


def test_an_inspection_is_the_same_after_a_journey():
    game = rl.InspectionGame(2, 1, loss=5, cost=rl.Positive("of a visit"))
    copy = pickle.loads(pickle.dumps(game))
    assert str(copy) == str(game)
    assert only(copy.bind(cost=1)).payoffs == only(game.bind(cost=1)).payoffs


def test_texts_are_short():
    for concept in ("subgame perfect", "stackelberg"):
        solution = rl.solve(rl.InspectionGame.zero_sum(20, 5), concept)
        for text in (str(solution), str(solution[0]), str(solution.game)):
            assert len(text.splitlines()) <= 40
            assert all(len(line) <= 100 for line in text.splitlines())
    assert rl.solve(HALF, "stackelberg").status is rl.Status.COMMITMENT
