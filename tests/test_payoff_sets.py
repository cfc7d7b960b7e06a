"""Sets of equilibrium payoffs: known ones exactly, others between verified bounds."""

import pickle
from dataclasses import replace
from fractions import Fraction as F

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rivalries import CLASH, FACTORS, dilemma, watched

import redlines as rl
from redlines.generation import Boxes, closes, covers, covers_boxes
from redlines.monitoring import Round, SymmetricRound, covers_public, covers_symmetric
from redlines.payoff_sets import PayoffSetPart, Step
from redlines.polygons import Polygon
from redlines.solution import Concept
from redlines.solvers.closing import closing_of
from redlines.solvers.generator import Generator

THIRD = F(13, 3)
WHOLE = ((1, 1), (THIRD, 1), (3, 3), (1, THIRD))
PENNIES = rl.Game.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])


def payoffs(game, concept="subgame perfect", **options):
    (answer,) = rl.solve(game, concept, **options)
    return answer


# ------------------------------------------------------------------------ known answers
@pytest.mark.parametrize("factor", FACTORS)
def test_the_payoff_set_of_the_dilemma_at_several_factors(factor):
    # by hand: below 1/4 no pair but mutual striking can be kept; from 1/4 on taking
    # turns at striking can (4 + 1 in a row against 1 + 1), but holding together cannot
    # before 1/2 = (T - R)/(T - P); then all that is feasible and rational is reached
    answer = payoffs(dilemma(factor))
    known = {
        "1/5": ((1, 1),),
        "1/4": ((1, 1), (4, 1), (1, 4)),
        "1/3": ((1, 1), (4, 1), (1, 4)),
    }.get(factor, WHOLE)
    assert answer.inner.vertices == answer.outer.vertices == known
    assert answer.is_exact
    assert answer.gap == 0
    assert answer.certificate.holds


def test_the_set_says_of_a_pair_whether_an_equilibrium_pays_it():
    answer = payoffs(dilemma("2/3"))
    assert answer.contains((3, 3)) is True
    assert answer.contains(("2.5", 2)) is True
    assert answer.contains((4, 3)) is False
    assert answer.punishments == {"US": 1, "Russia": 1}
    assert str(answer.payoffs["US"]) == "[1, 13/3]"


def test_every_corner_comes_with_strategies_that_reach_it():
    game = dilemma("2/3")
    answer = payoffs(game)
    for point in answer.points:
        certificate = rl.verify(game, answer.automaton(point), "subgame perfect")
        assert certificate.holds
        start = answer.automaton(point).start
        assert tuple(certificate.values[start].values()) == point
    with pytest.raises(rl.ModelError, match="none of the points"):
        answer.automaton((2, 2))


def test_a_game_without_pure_equilibria_has_none_proved():
    for randomization in (True, False):
        game = rl.RepeatedGame(PENNIES, "9/10", randomization=randomization)
        solution = rl.solve(game, "subgame perfect")
        assert len(solution) == 0
        assert solution.complete
        assert solution.status.name == "NONE_EXISTS"


def test_a_harsher_threat_than_the_stage_equilibrium_is_found():
    # only the threat of mutual ruin, worse than the stage equilibrium, keeps (4, 4)
    own = [[4, 1, -9], [5, 2, -9], [0, -1, -10]]
    other = [list(row) for row in zip(*own, strict=True)]
    stage = rl.Game.from_bimatrix(own, other)
    answer = payoffs(rl.RepeatedGame(stage, "1/4"))
    assert answer.contains((4, 4)) is True
    assert answer.punishments["Row"] < 2


@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (3, 1)])
def test_degenerate_stages_have_their_sets(shape):
    rows, columns = shape
    zeros = [[0] * columns for _ in range(rows)]
    answer = payoffs(rl.RepeatedGame(rl.Game.from_bimatrix(zeros, zeros), "1/2"))
    assert answer.inner.vertices == ((0, 0),)
    same = payoffs(
        rl.RepeatedGame(rl.Game.from_bimatrix(zeros, zeros), 0, randomization=False)
    )
    assert same.points == ((0, 0),)
    assert same.is_exact


@pytest.mark.parametrize("scale", [F(1, 10**300), F(10**40, 3)])
def test_the_set_is_in_the_payoffs_units(scale):
    own = [[3 * scale, -scale], [5 * scale, scale]]
    other = [list(row) for row in zip(*own, strict=True)]
    answer = payoffs(rl.RepeatedGame(rl.Game.from_bimatrix(own, other), "2/3"))
    assert answer.is_exact
    assert answer.inner.contains((3 * scale, 3 * scale))


def test_myopic_players_play_the_stage_equilibrium():
    assert payoffs(dilemma(0)).inner.vertices == ((1, 1),)
    half = payoffs(dilemma({"US": 0, "Russia": "9/10"}))
    assert half.inner.contains((1, 1))
    assert half.gap < 1e-6


def test_unequal_patience_allows_more_than_is_feasible_at_once():
    # Lehrer and Pauzner 1999: the patient waits for its share
    answer = payoffs(dilemma({"US": "1/2", "Russia": "3/4"}))
    feasible = dilemma("1/2").feasible
    assert not feasible.holds(answer.inner)
    assert answer.outer.holds(answer.inner)
    assert answer.gap < 1e-3


@given(
    st.lists(st.integers(0, 6), min_size=8, max_size=8),
    st.sampled_from(["3/10", "1/2", "4/5"]),
)
@settings(max_examples=15, deadline=None)
def test_inner_and_outer_sets_meet_and_hold_the_stage_equilibria(entries, factor):
    a, b = entries[:4], entries[4:]
    stage = rl.Game.from_bimatrix([a[:2], a[2:]], [b[:2], b[2:]])
    game = rl.RepeatedGame(stage, factor)
    solution = rl.solve(game, "subgame perfect")
    if not len(solution):
        assert not game.stage_nash
        return
    answer = solution[0]
    assert answer.gap < 0.05
    for profile in game.stage_nash:
        assert answer.inner.contains(tuple(game.payoff(profile).values()))
    plain = rl.RepeatedGame(stage, factor, randomization=False)
    for without in rl.solve(plain, "subgame perfect", grid=8):
        assert answer.outer.holds(Polygon.hull(without.points or answer.points))


# ------------------------------------------------------------------- no randomization
def test_without_randomization_points_lie_in_boxes():
    answer = payoffs(dilemma("1/3", randomization=False))
    assert answer.inner is None
    assert {(1, 1), (F(15, 4), F(5, 4))} <= set(answer.points)
    assert answer.contains((F(15, 4), F(5, 4))) is True
    assert answer.contains((2, 2)) is False  # between points, in no box
    assert answer.contains((F(31, 10), 3)) is False
    for x, y in answer.points:
        assert any(
            low[0] <= x <= high[0] and low[1] <= y <= high[1]
            for low, high in answer.boxes
        )


def test_without_randomization_impatient_players_have_one_equilibrium():
    answer = payoffs(dilemma("1/5", randomization=False))
    assert answer.is_exact
    assert answer.points == ((1, 1),)
    with pytest.raises(rl.ModelError, match="grid is a whole number"):
        payoffs(dilemma("1/5", randomization=False), grid=0)


# ---------------------------------------------------------------------- public signals
@pytest.mark.parametrize("factor", ["10/17", "2/3", "4/5", "9/10", "99/100"])
def test_the_best_symmetric_value_under_false_alarms(factor):
    # R - p (T - R)/(q - p), at every factor from the threshold on
    answer = payoffs(watched(factor), "strongly symmetric")
    assert answer.is_exact
    assert answer.outer.high == (F(7, 4), F(7, 4))
    assert answer.outer.low == (0, 0)
    best = answer.automaton((F(7, 4), F(7, 4)))
    assert rl.verify(watched(factor), best, "public perfect").holds


def test_below_the_threshold_only_the_stage_equilibrium_is_symmetric():
    answer = payoffs(watched("4/7"), "strongly symmetric")
    assert answer.is_exact
    assert answer.points == ((0, 0),)


def test_public_perfect_payoffs_lie_near_the_symmetric_ones():
    answer = payoffs(watched("2/3"), "public perfect", rounds=40)
    assert answer.contains((F(7, 4), F(7, 4))) is True
    assert answer.contains((2, 2)) is False
    assert answer.gap < 0.1  # of forty rounds; it goes on shrinking with more


def test_signals_that_tell_all_give_the_set_of_observed_actions():
    names = {pair: {" and ".join(pair): 1} for pair in dilemma().profiles}
    answer = payoffs(dilemma("2/3", signals=names), "public perfect")
    assert answer.is_exact or answer.gap < 1e-3
    assert answer.contains((3, 3)) is True
    assert answer.outer.holds(Polygon.hull((F(x), F(y)) for x, y in WHOLE))


def test_concepts_are_refused_where_they_make_no_sense():
    with pytest.raises(rl.Unsupported, match="ask for 'public perfect'"):
        rl.solve(watched("1/2"), "subgame perfect")
    with pytest.raises(rl.Unsupported, match="ask for 'subgame perfect'"):
        rl.solve(dilemma("1/2"), "public perfect")
    stage = rl.Game.from_bimatrix([[1, 2]] * 2, [[3, 4]] * 2)
    always = {pair: {"s": 1} for pair in rl.RepeatedGame(stage).profiles}
    with pytest.raises(rl.Unsupported, match="not symmetric"):
        rl.solve(rl.RepeatedGame(stage, "1/2", signals=always), "strongly symmetric")
    with pytest.raises(rl.Unsupported, match="'nash' is not defined for"):
        rl.solve(dilemma("1/2"), "nash")


# ------------------------------------------------------------- what the referee refuses
def test_the_referee_refuses_an_outer_set_that_is_too_small():
    game = dilemma("2/3")
    chain = [game.feasible.vertices, ((F(1), F(1)), (F(3), F(1)), (F(3), F(3)))]
    refused = covers(game, chain)
    assert not refused.holds
    assert "leaves out" in str(refused.failures[0])


def test_a_set_that_generates_itself_alone_proves_nothing_from_outside():
    # the stage equilibrium generates itself, but is not all that there is
    game = dilemma("2/3")
    assert not covers(game, [((F(1), F(1)),)]).holds
    assert not covers(game, [game.feasible.vertices, ((F(1), F(1)),)]).holds


def test_the_referee_refuses_a_polygon_that_is_not_convex():
    bent = ((F(0), F(0)), (F(5), F(0)), (F(1), F(1)), (F(0), F(5)))
    assert "not convex" in str(covers(dilemma("1/2"), [bent]).failures[0])


def test_the_referee_refuses_a_closing_that_proves_too_little():
    game = dilemma("1/3")
    known = Polygon.hull([(F(1), F(1)), (F(4), F(1)), (F(1), F(4))])
    near = Polygon.hull([(F(1), F(1)), (F(4) + F(1, 99), F(1)), (F(1), F(4))])
    closing = closing_of(Generator(game), near, known)
    shape, claim = near.vertices, known.vertices
    assert closes(game, shape, closing, claim).holds
    for tampered in (
        replace(closing, weights=(F(0), F(1), F(1))),
        replace(closing, prices={}),
        replace(closing, threats=({0: F(1)}, {})),
        replace(
            closing, prices={k: ({0: F(-1)}, v[1]) for k, v in closing.prices.items()}
        ),
        replace(closing, sides=tuple((n, b - F(1, 9)) for n, b in closing.sides)),
    ):
        assert not closes(game, shape, tampered, claim).holds
    # what the sides allow must be claimed
    small = Polygon.hull([(F(1), F(1)), (F(3), F(1)), (F(1), F(3))])
    assert not closes(game, shape, closing, small.vertices).holds
    # and a set that generates itself is not the whole set where there is more
    patient = dilemma("2/3")
    far = closing_of(Generator(patient), patient.feasible, known)
    assert (
        far is None or not closes(patient, patient.feasible.vertices, far, claim).holds
    )


def test_the_referee_refuses_boxes_that_leave_something_out():
    game = dilemma("2/3", randomization=False)
    origin, step = (F(0), F(0)), (F(1), F(1))
    every = frozenset((i, j) for i in range(5) for j in range(5))
    assert covers_boxes(game, [Boxes(origin, step, every)]).holds
    less = Boxes(origin, step, every - {(2, 2)})
    assert not covers_boxes(game, [less]).holds
    assert not covers_boxes(game, [Boxes(origin, step, every), less]).holds
    assert not covers_boxes(game, []).holds


@pytest.mark.parametrize(
    ("points", "steps"),
    [
        # held together without any threat
        (((F(3), F(3)),), (Step((0, 0), {0: F(1)}),)),
        # worth less than is said
        (((F(2), F(2)),), (Step((1, 1), {0: F(1)}),)),
    ],
)
def test_the_referee_refuses_strategies_that_fail_or_pay_otherwise(points, steps):
    game = dilemma("1/3")
    part = PayoffSetPart(
        game,
        points,
        steps,
        game.feasible,
        prove=lambda: covers(game, [game.feasible.vertices]),
    )
    certificate = part.shown(Concept.SUBGAME_PERFECT).certificate
    assert not certificate.holds
    assert certificate.failures[0].condition in ("one-shot", "value")


def test_the_referee_refuses_points_outside_the_outer_set():
    game = dilemma("1/3")
    inner = (((F(1), F(1)),), (Step((1, 1), {0: F(1)}),))
    outer = Polygon.hull([(F(2), F(2)), (F(3), F(3))])
    honest = covers(game, [game.feasible.vertices])
    part = PayoffSetPart(game, *inner, outer, prove=lambda: honest)
    assert not part.certificate.holds


def test_prices_that_prove_too_little_are_refused():
    game = watched("2/3")
    start = Round(game.feasible.vertices, {})
    assert covers_public(game, [start]).holds
    small = Polygon.hull([(F(0), F(0)), (F(1), F(1))]).vertices
    assert not covers_public(game, [start, Round(small, {})]).holds
    up = (F(1), F(1))
    free = Round(small, {up: {c: {} for c in ((0, 0), (0, 1), (1, 0), (1, 1))}})
    assert not covers_public(game, [start, free]).holds
    wrong = Round(small, {up: {(0, 0): {(0, 1): F(-1)}}})
    with pytest.raises(ValueError, match="a price is negative"):
        covers_public(game, [start, wrong])


def test_a_symmetric_interval_that_is_too_small_is_refused():
    game = watched("2/3")
    start = SymmetricRound(F(0), F(2))
    assert covers_symmetric(game, [start]).holds
    assert not covers_symmetric(game, [SymmetricRound(F(0), F(1))]).holds
    for together in (False, True):
        small = SymmetricRound(F(0), F(3, 2), ({}, {}), ({}, {}), together)
        assert not covers_symmetric(game, [start, small]).holds


# -------------------------------------------------------------------------------- shown
def test_answers_are_texts_pickles_and_pictures():
    for game in (dilemma("1/3"), dilemma("1/3", randomization=False), dilemma("1/5")):
        solution = rl.solve(game, "subgame perfect")
        assert all(len(line) <= 100 for line in str(solution).splitlines())
        answer = pickle.loads(pickle.dumps(solution[0]))
        assert answer.outer == solution[0].outer
        assert answer.certificate.holds
        ax = answer.plot()
        labels = {text.get_text() for text in ax.get_legend().get_texts()}
        assert {"feasible", "equilibria", "stage equilibria"} <= labels
        assert answer.plot(ax) is ax
    assert dilemma("1/3").stage_nash == (CLASH,)
