"""Markov games as functions of the state: the language and its errors."""

import pickle
from fractions import Fraction

import matplotlib
import pytest
from markov_games import hybrid

import redlines as rl
from redlines import RUSSIA, US
from redlines.algebraic import Algebraic

F = Fraction


def told(story, **options):
    return rl.markov_game(
        US, RUSSIA, **{"states": ["a"], "discount": "1/2", **options}
    )(story)


def returning(answer):
    def story(play, state):
        play.pay({US: 1})
        return answer(play)

    return story


def test_a_stage_is_a_tree_that_says_where_it_leads():
    stage = hybrid.stages["L"]
    assert stage.terminals[0].events == ("to L",)
    assert stage.terminals[1].events == ("to H",)
    assert hybrid.events == ()
    assert hybrid.states == ("L", "H")
    assert hybrid.start == "L"
    assert hybrid.starting("H").start == "H"
    assert "chooses russia" in str(hybrid)
    assert "US and Russia, 2 states from 'L', 1 free parameters" in repr(hybrid)


def test_a_bound_game_pickles():
    again = pickle.loads(pickle.dumps(hybrid.bind(d="1/2")))
    assert again.discounts == {US: F(1, 2), RUSSIA: F(1, 2)}
    assert rl.solve(again, "markov perfect").count == 5


def test_answers_with_irrational_numbers_pickle():
    solution = rl.solve(hybrid.bind(d="3/5"), "markov perfect")
    assert any(
        isinstance(x, Algebraic)
        for found in solution
        for row in found.values.values()
        for x in row.values()
    )
    again = pickle.loads(pickle.dumps(solution))
    for before, after in zip(solution, again, strict=True):
        assert after.values == before.values
        assert after.strategy == before.strategy
        assert after.certificate.holds


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        (lambda play: None, rl.StoryError, "None is no state; a stage returns"),
        (lambda play: "b", rl.StoryError, "'b' is no state.*one of \\['a'\\]"),
        (lambda play: play.go({"c": 1}), rl.StoryError, "'c' is no state"),
        (lambda play: play.go({}), rl.StoryError, "is no state"),
        (lambda play: play.go({"a": "1/2"}), rl.BadProbability, "sum to 1/2"),
    ],
)
def test_a_stage_ends_in_a_state(answer, error, message):
    with pytest.raises(error, match=message):
        told(returning(answer))


def test_the_place_of_an_error_names_the_state():
    with pytest.raises(rl.StoryError, match="state 'a' of 'story', at the beginning"):
        told(returning(lambda play: 3))


def test_a_stage_may_be_continued():
    def story(play, state):
        play.pay({US: 1})
        return lambda rest: rest.go({"a": "1/3", "b": rl.REST})

    game = told(story, states=["a", "b"])
    assert set(rl.solve(game, "markov perfect")[0].transitions["a"]) == {"a", "b"}


def test_a_stage_that_leads_elsewhere_when_told_again_is_refused():
    seen = []

    def story(play, state):
        seen.append(1)
        play.pay({US: 1})
        play.move(US, "x", ["l", "r"])
        return "b" if len(seen) > 2 else "a"

    with pytest.raises(rl.StoryError, match="leads to another state when it is told"):
        told(story, states=["a", "b"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"states": "a"}, "listed in an order"),
        ({"states": []}, "a state at least"),
        ({"states": ["a", "a"]}, "more than once"),
        ({"states": ["a=b"]}, "holds"),
        ({"states": ["a", ""]}, "non-empty text"),
        ({"discount": "patience"}, "no discount factor"),
        ({"discount": {US: "1/2"}}, "give one for each"),
    ],
)
def test_declarations_are_checked(options, message):
    with pytest.raises(rl.StoryError, match=message):
        told(returning(lambda play: "a"), **options)


def test_a_start_that_is_no_state_is_refused():
    with pytest.raises(rl.UnknownLabel, match="no state 'z'"):
        told(returning(lambda play: "a"), start="z")


@pytest.mark.parametrize("value", [1, "3/2", -1])
def test_a_discount_factor_is_below_one(value):
    with pytest.raises(rl.OutOfRange, match="0 <= discount < 1"):
        told(returning(lambda play: "a"), discount=value)


def test_binding_the_discount_factor_to_one_is_refused():
    with pytest.raises(rl.OutOfRange, match="discount factor of US is 1"):
        hybrid.bind(d=1)


def test_unbound_parameters_are_named():
    with pytest.raises(rl.UnboundParameter, match="no value for 'd'"):
        rl.solve(hybrid, "markov perfect")
    with pytest.raises(rl.UnknownLabel, match="no parameter 'e'"):
        hybrid.bind(e=1)


def test_a_game_in_which_nobody_is_paid_is_refused():
    with pytest.raises(rl.MissingPayoff, match="nobody is ever paid"):
        told(lambda play, state: "a")


def test_an_event_may_not_have_the_name_of_a_state():
    def story(play, state):
        play.pay({US: 1})
        play.mark("a")
        return "a"

    with pytest.raises(rl.StoryError, match="the name of a state as well"):
        told(story)


def test_discount_factors_may_differ():
    def story(play, state, hasty=rl.Probability("of Russia")):
        play.pay({US: 1, RUSSIA: 1})
        return "b"

    game = told(story, states=["a", "b"], discount={US: "9/10", RUSSIA: "1 - hasty"})
    assert game.bind(hasty="1/4").discounts == {US: F(9, 10), RUSSIA: F(3, 4)}


def test_structure_unfolds_anew():
    @rl.markov_game(US, RUSSIA, states=["a"], discount="1/2")
    def story(play, state, extra=False):
        play.pay({US: 2 if extra else 1})
        return state

    one, two = (rl.solve(g, "markov perfect")[0] for g in (story, story(extra=True)))
    assert (one.payoffs[US], two.payoffs[US]) == (1, 2)
    with pytest.raises(rl.ModelError, match="call the game to unfold"):
        story.bind(extra=True)


@pytest.mark.parametrize(
    ("rewards", "transitions", "message"),
    [
        ([], [], "one entry for each state"),
        ([[[[1, 2]], [[1]]]], [[[[1], [1]]]], "two matrices of one shape"),
        ([[[[1, 2]], [[1, 2]]]], [[[[1]]]], "another shape"),
        ([[[[1]], [[1]]]], [[[[1, 0]]]], "leads to 2 states"),
    ],
)
def test_arrays_are_checked(rewards, transitions, message):
    with pytest.raises(rl.ModelError, match=message):
        rl.MarkovGame.from_arrays(rewards, transitions, "1/2")


def test_a_draw_bound_to_zero_is_gone():
    def story(play, state, risk=rl.Probability("of war")):
        if state == "war":
            return "war"
        play.pay({US: 1})
        return play.go({"war": risk, "a": rl.REST})

    game = told(story, states=["a", "war"])
    safe = rl.solve(game.bind(risk=0), "markov perfect")[0]
    assert (safe.probability("war"), safe.payoffs[US]) == (0, 1)
    risky = rl.solve(game.bind(risk="1/4"), "markov perfect")[0]
    assert (risky.probability("war"), risky.expected_time("war")) == (1, 4)


def test_states_are_drawn_with_odd_names():
    matplotlib.use("Agg")
    game = told(returning(lambda play: "b$<&"), states=["a", "b$<&"])
    found = rl.solve(game, "markov perfect")[0]
    axes = game.plot(equilibrium=found)
    axes.figure.canvas.draw()
    assert {"a", "b$<&"} <= {text.get_text() for text in axes.texts}
    matplotlib.pyplot.close(axes.figure)
