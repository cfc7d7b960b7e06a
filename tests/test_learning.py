"""Learning dynamics: paths, exact regret, and when their end is an equilibrium."""

from __future__ import annotations

from fractions import Fraction

import nashpy
import numpy as np
import pytest
from stories import beer_quiche, chain_store

import redlines as rl
from redlines.errors import ModelError

FICTITIOUS = {"method": "fictitious play"}
STOCHASTIC = {"method": "stochastic fictitious play"}
ONE_POPULATION = {"method": "replicator dynamics"}
TWO_POPULATIONS = {"method": "asymmetric replicator dynamics"}

DILEMMA = rl.Game.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
CHICKEN = rl.Game.from_bimatrix([[3, 1], [4, 0]], [[3, 4], [1, 0]])
PENNIES = rl.Game.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
CYCLE = [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
SHAPLEY = rl.Game.from_bimatrix(CYCLE, [list(c) for c in zip(*CYCLE, strict=True)])


def learn(game, **options):
    (found,) = solution = rl.solve(game, "learning", **options)
    assert not solution.complete
    assert solution.count == 1
    return solution, found


def by_hand(game, shares):
    """The most that anybody gains by deviating, from the payoff matrices."""
    payoffs = {}
    for terminal in game.terminals:
        row, column = (part.split("=")[1] for part in terminal.history.split(", "))
        payoffs[row, column] = tuple(terminal.payoffs.values())
    rows, columns = (game.infosets[p].actions for p in game.players)
    x, y = (
        dict(zip(a, s, strict=True))
        for a, s in zip((rows, columns), shares, strict=True)
    )
    worth = [
        sum(x[r] * y[c] * payoffs[r, c][p] for r in rows for c in columns)
        for p in (0, 1)
    ]
    best = [
        max(sum(y[c] * payoffs[r, c][0] for c in columns) for r in rows),
        max(sum(x[r] * payoffs[r, c][1] for r in rows) for c in columns),
    ]
    return max(b - w for b, w in zip(best, worth, strict=True))


@pytest.mark.parametrize(
    "method", [FICTITIOUS, STOCHASTIC, ONE_POPULATION, TWO_POPULATIONS]
)
def test_the_dilemma_is_learnt_by_every_method_and_verified(method):
    solution, found = learn(DILEMMA, **method)
    assert solution.status.name == "SOLVED"
    assert found.is_equilibrium
    assert found.regret == 0
    assert {p: found.strategy[p][p]["2"] for p in DILEMMA.players} == {
        "Row": 1,
        "Column": 1,
    }
    assert rl.verify(DILEMMA, found.strategy, concept="nash")
    assert 0 <= found.distance <= 0.01


@pytest.mark.parametrize("rounds", [1, 17, 400])
def test_the_regret_of_the_last_profile_is_exact(rounds):
    solution, found = learn(SHAPLEY, rounds=rounds, rng=4, prob_tolerance=0)
    assert found.distance == 0
    for player in SHAPLEY.players:
        counts = [share * rounds for share in found.last[player]]
        assert all(c.denominator == 1 for c in counts)
        assert tuple(found.strategy[player][player].values()) == found.last[player]
        assert found.path[player].shape == (rounds, 3)
        assert np.allclose(found.path[player].sum(axis=1), 1)
        assert [float(s) for s in found.last[player]] == found.path[player][-1].tolist()
    assert found.regret == by_hand(SHAPLEY, list(found.last.values()))
    assert found.is_equilibrium == (found.regret == 0)
    assert (solution.status.name == "SOLVED") == found.is_equilibrium
    if not found.is_equilibrium:
        assert found.certificate.deviations[0].gain == found.regret


def test_where_play_cycles_nothing_is_claimed():
    # Shapley 1964: fictitious play goes round in ever longer turns
    solution, found = learn(SHAPLEY, rounds=3_000)
    assert solution.status.name == "NOT_AN_EQUILIBRIUM_PROOF"
    assert "no equilibrium" in solution.status.value
    assert found.regret > Fraction(1, 20)
    assert "gains" in solution.reason
    assert "no equilibrium" in str(found)
    assert not rl.verify(SHAPLEY, found.strategy, concept="nash")


def test_fictitious_play_of_a_constant_sum_game_closes_in():
    # Robinson 1951
    regrets = [
        learn(PENNIES, rounds=n, rng=1, prob_tolerance=0)[1].regret
        for n in (100, 10_000)
    ]
    assert regrets[1] < regrets[0] / 3
    _, found = learn(PENNIES, rounds=10_000, rng=1, prob_tolerance="1/20")
    assert found.strategy["Row"]["Row"] == {"1": Fraction(1, 2), "2": Fraction(1, 2)}
    assert 0 < found.distance < 0.05


def test_rounds_are_those_of_nashpy_and_its_random_state_is_left_alone():
    np.random.seed(11)  # noqa: NPY002  # the state that must not change
    before = np.random.get_state()[1].tolist()  # noqa: NPY002
    _, first = learn(CHICKEN, rounds=50, rng=5, prob_tolerance=0)
    _, again = learn(CHICKEN, rounds=50, rng=np.random.default_rng(5), prob_tolerance=0)
    _, other = learn(PENNIES, rounds=50, rng=6, prob_tolerance=0)
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002
    assert np.array_equal(first.path["Row"], again.path["Row"])
    _, same = learn(PENNIES, rounds=50, rng=6, prob_tolerance=0)
    assert np.array_equal(other.path["Row"], same.path["Row"])
    # nothing is drawn where there are no ties
    a, b = [[3, 1], [4, 0.37]], [[3, 4.11], [1, 0]]
    theirs = nashpy.Game(a, b)
    counts = list(theirs.fictitious_play(50, [np.array([5, 2]), np.array([7, 1])]))
    start = {"Row": [5, 2], "Column": {"1": 7, "2": 1}}
    game = rl.Game.from_bimatrix(a, b)
    _, found = learn(game, rounds=50, start=start, prob_tolerance=0)
    for player, rows in enumerate(found.path.values()):
        total = np.array([c[player] for c in counts[1:]], dtype=float)
        assert np.allclose(rows, total / total.sum(axis=1, keepdims=True))


def test_replicators_follow_the_logistic_curve():
    # the second plan is worth one more whatever the other does
    game = rl.Game.from_bimatrix([[0, 0], [1, 1]], [[0, 1], [0, 1]])
    for method in (ONE_POPULATION, TWO_POPULATIONS):
        _, found = learn(game, time=3, points=31, prob_tolerance=0, **method)
        assert found.times.shape == (31,)
        assert np.allclose(
            found.path["Row"][:, 0], 1 / (1 + np.exp(found.times)), atol=1e-6
        )
        assert not found.is_equilibrium
        assert found.regret == by_hand(game, list(found.last.values()))


def test_two_populations_break_a_tie_that_one_cannot():
    start = {"Row": ["0.6", "0.4"], "Column": ["0.4", "0.6"]}
    _, found = learn(CHICKEN, start=start, time=60, **TWO_POPULATIONS)
    assert found.is_equilibrium
    assert (
        found.strategy["Row"]["Row"]["1"]
        == found.strategy["Column"]["Column"]["2"]
        == 1
    )
    _, alone = learn(CHICKEN, start={"Row": ["0.6", "0.4"]}, time=60, **ONE_POPULATION)
    assert alone.is_equilibrium
    assert alone.strategy["Row"]["Row"]["1"] == Fraction(1, 2)


def test_mutation_keeps_every_plan_alive():
    _, found = learn(
        DILEMMA,
        mutation=[["9/10", "1/10"], ["1/10", "9/10"]],
        time=50,
        **ONE_POPULATION,
    )
    assert not found.is_equilibrium
    assert min(map(float, found.last["Row"])) > 0.01


def test_on_trees_plans_are_learnt_and_come_back_as_behaviour():
    _, found = learn(chain_store, rounds=2_000)
    assert found.is_equilibrium
    assert found.strategy["Entrant"]["enter"]["in"] == 1
    assert found.plans["Incumbent"] == (
        {"reply [enter=in]": "share"},
        {"reply [enter=in]": "fight"},
    )
    _, quiche = learn(beer_quiche.bind(strong="9/10"), rounds=500)
    assert quiche.path["Sender"].shape == (500, 4)
    assert quiche.certificate.holds
    assert (quiche.regret == 0) == quiche.is_equilibrium


@pytest.mark.parametrize("scale", ["1e-300", "1e300", "1/3"])
def test_scale_does_not_matter_to_best_replies(scale):
    factor = Fraction(scale)
    scaled = rl.Game.from_bimatrix(
        [[3 * factor, factor], [4 * factor, 0]], [[3, 4], [1, 0]]
    )
    plain, other = (learn(g, rounds=40, rng=2)[1] for g in (CHICKEN, scaled))
    assert np.array_equal(plain.path["Row"], other.path["Row"])


@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (4, 1)])
def test_one_choice(shape):
    a = np.arange(shape[0] * shape[1]).reshape(shape)
    game = rl.Game.from_bimatrix(a, a)
    for method in (FICTITIOUS, STOCHASTIC, TWO_POPULATIONS):
        _, found = learn(game, **method)
        assert found.certificate.holds


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"rounds": 0}, ModelError, "rounds= is a whole number from 1, not 0"),
        ({"rounds": True}, ModelError, "rounds= is a whole number"),
        ({"rounds": 10**9}, rl.Unsupported, "ask for fewer rounds"),
        ({"start": {"Nobody": [1, 0]}}, rl.UnknownLabel, "Nobody"),
        ({"start": {"Row": [1, 0, 0]}}, ModelError, "2 numbers, one for each plan"),
        ({"start": {"Row": [1, -1]}}, ModelError, "none negative"),
        ({"start": {"Row": [0, 0]}}, ModelError, "not all 0"),
        ({"start": {"Row": {"3": 1}}}, rl.UnknownLabel, "'3'"),
        ({"start": {"Row": [float("nan"), 1]}}, ModelError, "start of Row"),
        ({"noise": 0, **STOCHASTIC}, ModelError, "noise= is positive"),
        ({"shock": -1, **STOCHASTIC}, ModelError, "shock= not negative"),
        ({"noise": 1e-5, **STOCHASTIC}, rl.Unsupported, "beyond floating point"),
        ({"time": 0, **TWO_POPULATIONS}, ModelError, "time= is a positive number"),
        ({"points": 1, **TWO_POPULATIONS}, ModelError, "points= is a whole number"),
        ({"mutation": [[1]], **ONE_POPULATION}, ModelError, "2 x 2 probabilities"),
        (
            {"start": {"Row": [1, 2], "Column": [2, 1]}, **ONE_POPULATION},
            ModelError,
            "one population has one start",
        ),
    ],
)
def test_wrong_options_are_named(options, error, words):
    with pytest.raises(error, match=words):
        rl.solve(CHICKEN, "learning", **options)


def test_one_population_asks_for_a_symmetric_game():
    with pytest.raises(rl.Unsupported, match="looks the same from both sides"):
        rl.solve(PENNIES, "learning", **ONE_POPULATION)


def test_options_say_which_method_is_meant():
    assert (
        rl.solve(CHICKEN, "learning", time=5).method == "asymmetric replicator dynamics"
    )
    assert rl.solve(CHICKEN, "learning", noise=1).method == "stochastic fictitious play"
    assert rl.solve(CHICKEN, "learning").method == "fictitious play"


def test_a_profile_is_not_verified_as_learnt():
    with pytest.raises(rl.Unsupported, match="concept='nash'"):
        rl.verify(CHICKEN, {"Row": "1", "Column": "1"}, concept="learning")


def test_payoffs_beyond_floating_point_are_refused_by_dynamics_in_time():
    huge = rl.Game.from_bimatrix([[10**400, 0], [0, 1]], [[1, 0], [0, 1]])
    with pytest.raises(rl.Unsupported, match="larger units"):
        rl.solve(huge, "learning", **TWO_POPULATIONS)
