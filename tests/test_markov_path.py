"""One equilibrium of large Markov games, and games that end."""

from fractions import Fraction

import pytest
from markov_games import drawn, hybrid, pennies

import redlines as rl
from redlines import RUSSIA, US

F = Fraction


def one(game, **options):
    return rl.solve(game, "markov perfect", coverage="one", **options)


@pytest.mark.parametrize("seed", range(4))
def test_the_path_ends_in_one_of_all_equilibria(seed):
    game = drawn(2, seed)
    (found,) = one(game)
    assert found.is_exact
    assert found.strategy in [e.strategy for e in rl.solve(game, "markov perfect")]


@pytest.mark.parametrize("make", [drawn, pennies])
def test_a_game_of_twenty_states_is_solved_with_a_bound_on_regret(make):
    solution = one(make(20, 1, **({"successors": 3} if make is drawn else {})))
    (found,) = solution
    assert found.certificate.holds
    assert 0 <= found.regret < F(1, 10**9)
    assert solution.exact is found.is_exact
    assert not solution.complete


def test_the_path_is_followed_round_a_sharp_turn():
    # where it turns back only a step ten thousand times shorter than the last will do
    solution = one(drawn(25, 24, successors=3))
    assert solution.method == "logit path"
    assert solution[0].certificate.holds


def test_a_pure_end_of_the_path_is_exact():
    @rl.markov_game(US, RUSSIA, states=[str(k) for k in range(40)], discount="9/10")
    def climb(play, state):
        play.pay({US: int(state)})
        if play.move(RUSSIA, "russia", ["a", "b"]) == "a":
            play.pay({RUSSIA: 1})
        if state == "39" or play.move(US, "us", ["up", "stay"]) == "stay":
            return state
        return str(int(state) + 1)

    solution = one(climb)
    assert solution.exact
    assert solution[0].regret == 0
    assert solution[0].expected_time("39") == 39


def test_payoffs_beyond_floating_point_leave_it_to_the_exact_method():
    game = rl.MarkovGame.from_arrays(
        [[[[F(10) ** 400, 0], [0, 1]], [[1, 0], [0, 1]]]],
        [[[[1], [1]], [[1], [1]]]],
        "1/2",
    )
    solution = one(game)
    assert solution.method == "supports"
    assert solution[0].regret == 0


# ---------------------------------------------------------------------- games that end
@rl.markov_game(US, RUSSIA, states=["treaty", "none"], discount="9/10")
def treaty(play, state):
    """Under a treaty each side may comply or cheat; cheating ends it."""
    if state == "none":
        return "none"
    does = play.simultaneous(
        {US: ("us", ["comply", "cheat"]), RUSSIA: ("russia", ["comply", "cheat"])}
    )
    for side, act in does.items():
        play.pay({side: 1 if act == "comply" else 2}, because=act)
    return "treaty" if set(does.values()) == {"comply"} else "none"


def test_compliance_lasts_as_long_as_what_follows_is_worth_it():
    worth = {"treaty": {US: 3, RUSSIA: 3}}
    # cheating gains 1 at once and loses what the treaty is worth later
    last = rl.solve(treaty.horizon(5, then=worth), "markov perfect")
    plays = {e.lasts("treaty", "us", "comply") for e in last}
    assert 5 in plays
    nothing = rl.solve(treaty.horizon(5), "markov perfect")
    assert nothing.complete
    # in the last period cheating is dominant, and before it compliance may last
    lasting = [e for e in nothing if e.lasts("treaty", "us", "comply") == 4]
    assert max(e.lasts("treaty", "us", "comply") for e in nothing) == 4
    assert lasting[0].payoffs[US] == sum(F(9, 10) ** k for k in range(4)) + (
        2 * F(9, 10) ** 4
    )
    assert lasting[0].distribution(5) == {"treaty": 1, "none": 0}


def test_one_period_is_the_stage_with_what_follows_added():
    then = {"L": {US: 8, RUSSIA: 8}}
    ends = rl.solve(hybrid.bind(d="1/2").horizon(1, then), "markov perfect")
    # in L: 8, 0, 5, 1, restraint is an equilibrium; so are escalation and a mixture
    low = [e.strategy(1)["L"]["us"]["R"] for e in ends]
    assert set(low) == {0, F(1, 4), 1}
    assert ends.complete


def test_a_continuum_in_a_stage_is_not_called_complete():
    @rl.markov_game(US, RUSSIA, states=["a"], discount="1/2")
    def tied(play, state):
        play.move(US, "us", ["l", "r"])
        play.pay({RUSSIA: 1})
        return state

    solution = rl.solve(tied.horizon(2), "markov perfect")
    assert not solution.complete
    assert "continuum" in solution.reason
    assert len(solution) == 4


def test_the_referee_refuses_a_wrong_period():
    from redlines.expiring import HorizonElement
    from redlines.solution import Concept

    found = rl.solve(treaty.horizon(2), "markov perfect")[0]
    wrong = [[list(row) for row in state] for state in found._element.plan[1]]
    wrong[0][0] = [F(1), F(0)]
    element = HorizonElement(found.game, [found._element.plan[0], tuple(wrong)])
    certificate = element.shown(Concept.MARKOV_PERFECT).certificate
    assert not certificate.holds
    assert certificate.regret == 1
    assert "US gains 1 by 'cheat'" in str(certificate.failures[0])
    assert "period 2" in str(certificate.failures[0])


@pytest.mark.parametrize("periods", [0, -1, "3", True, 2.0])
def test_a_horizon_is_a_whole_number_of_periods(periods):
    with pytest.raises(rl.ModelError, match="whole number of periods"):
        treaty.horizon(periods)


def test_what_follows_is_given_for_states_and_players_that_there_are():
    with pytest.raises(rl.UnknownLabel, match="no state 'peace'"):
        treaty.horizon(2, then={"peace": {US: 1}})
    with pytest.raises(rl.UnknownLabel, match="no player 'China'"):
        treaty.horizon(2, then={"none": {"China": 1}})
