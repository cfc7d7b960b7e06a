"""A repeated game knows its stage, what is feasible, and what each can be held to."""

from fractions import Fraction as F

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rivalries import CLASH, HOLD, PEACE, STRIKE, dilemma, noisy, restraint, watched

import redlines as rl

ENTRIES = st.integers(-4, 4)


def games(size=3):
    """Small matrix games."""

    def built(shape):
        rows, columns = shape
        matrix = st.lists(
            st.lists(ENTRIES, min_size=columns, max_size=columns),
            min_size=rows,
            max_size=rows,
        )
        return st.builds(rl.Game.from_bimatrix, matrix, matrix)

    return st.tuples(st.integers(1, size), st.integers(1, size)).flatmap(built)


# ------------------------------------------------------------------------------ stages
def test_payoffs_of_the_stage_are_expected_over_its_draws():
    game = rl.RepeatedGame(noisy, signals="report")
    assert str(game.payoff((STRIKE, HOLD))["US"]) == "T"
    assert game.signals == ("alarm", "calm")
    assert game.free_parameters == ("T", "R", "S", "p", "q", "discount")


def test_a_mapping_of_signals_says_the_same_as_a_draw():
    chances = {
        pair: {"alarm": "p" if pair == PEACE else "q", "calm": rl.REST}
        for pair in watched().profiles
    }
    stage = noisy.bind(T=3, R=2, S=-1, p="1/10", q="1/2")
    told = rl.RepeatedGame(stage, "2/3", signals=chances)
    assert told._chances == watched("2/3")._chances


@pytest.mark.parametrize(
    ("signals", "error", "text"),
    [
        ("rumour", rl.UnknownLabel, "no draw 'rumour'"),
        ({PEACE: {"a": 1}}, rl.ModelError, "no signals are given after"),
        ({(HOLD, "x"): {"a": 1}}, rl.UnknownLabel, "no action 'x' of Russia"),
        ({PEACE: {"a": "1/2"}}, rl.ModelError, "no signals are given"),
        ({"hold": {"a": 1}}, rl.ModelError, "a profile is a pair of actions"),
        ({PEACE: {"a": "T"}}, rl.ModelError, "no signals are given after"),
        ({PEACE: {"a": "z"}}, rl.ParseError, "'z' is no parameter here"),
        ({PEACE: {"a": rl.REST, "b": rl.REST}}, rl.BadProbability, "more than one"),
    ],
)
def test_signals_that_do_not_fit_are_refused(signals, error, text):
    with pytest.raises(error, match=text):
        rl.RepeatedGame(restraint, signals=signals)


def test_signals_sum_to_one_after_every_pair():
    chances = {pair: {"a": "1/2", "b": "1/3"} for pair in dilemma().profiles}
    with pytest.raises(rl.BadProbability, match="sum to 5/6"):
        dilemma(signals=chances)
    chances = {pair: {"a": "3/2", "b": "-1/2"} for pair in dilemma().profiles}
    with pytest.raises(rl.BadProbability, match="has the probability 3/2"):
        dilemma(signals=chances)


def test_a_stage_is_one_choice_of_each_at_once():
    @rl.game("US", "Russia")
    def answer(play):
        if play.move("US", "act", ["go", "stay"]) == "go":
            play.move("Russia", "reply", ["yes", "no"])
        play.pay({"US": 1})

    with pytest.raises(rl.ModelError, match="before both have chosen"):
        rl.RepeatedGame(answer)

    @rl.game("US", "Russia")
    def seen(play):
        play.move("US", "act", ["go", "stay"])
        play.move("Russia", "reply", ["yes", "no"])
        play.pay({"US": 1})

    with pytest.raises(rl.ModelError, match="must be one choice of each player"):
        rl.RepeatedGame(seen)
    with pytest.raises(rl.ModelError, match="the stage is a Game, not int"):
        rl.RepeatedGame(3)


def test_a_public_draw_comes_after_both_moves():
    @rl.game("US", "Russia")
    def early(play):
        play.draw("news", {"good": "1/2", "bad": "1/2"}, seen_by=[])
        play.move("US", "us", ["a"], seen_by=[])
        play.move("Russia", "it", ["b"], seen_by=[])
        play.pay({"US": 1})

    with pytest.raises(rl.ModelError, match="without the draw 'news' after both"):
        rl.RepeatedGame(early, signals="news")


# ---------------------------------------------------------------------------- discount
@pytest.mark.parametrize("wrong", [1, -1, "3/2", {"US": 1, "Russia": 0}])
def test_a_discount_factor_is_below_one(wrong):
    with pytest.raises(rl.OutOfRange, match="at least 0 and less than 1"):
        dilemma(wrong)


def test_a_discount_factor_may_differ_between_players():
    game = dilemma({"US": "1/2", "Russia": 0.9})
    assert game.discount == {"US": F(1, 2), "Russia": F(9, 10)}
    assert game.bind(discount=0).discount == 0
    with pytest.raises(rl.ModelError, match="no discount factor is given for 'Russia'"):
        dilemma({"US": "1/2"})
    with pytest.raises(rl.UnknownLabel, match="no player 'China'"):
        dilemma({"China": "1/2"})


def test_binding_in_two_steps_is_binding_in_one():
    game = rl.RepeatedGame(restraint)
    one = game.bind(T=5, R=3).bind(P=1, S=0, discount="1/2")
    other = game.bind(T=5, R=3, P=1, S=0, discount="1/2")
    assert str(one) == str(other)
    assert one.free_parameters == ()
    with pytest.raises(rl.UnknownLabel, match="no parameter 'x'"):
        game.bind(x=1)
    with pytest.raises(rl.UnboundParameter, match="game.bind"):
        rl.solve(game, "subgame perfect")


def test_a_stage_must_not_have_a_discount_of_its_own():
    @rl.game("US", "Russia")
    def stage(play, discount=rl.Probability("taken")):
        play.simultaneous({"US": ("a", ["x"]), "Russia": ("b", ["y"])})
        play.pay({"US": discount})

    with pytest.raises(rl.ModelError, match="has a parameter named 'discount'"):
        rl.RepeatedGame(stage)


# ------------------------------------------------------------------ minmax and feasible
def test_what_is_feasible_and_rational_in_the_dilemma():
    game = dilemma()
    assert set(game.feasible) == {(0, 5), (1, 1), (5, 0), (3, 3)}
    assert game.minmax == game.pure_minmax == {"US": 1, "Russia": 1}
    third = F(13, 3)
    assert set(game.individually_rational) == {(1, 1), (third, 1), (3, 3), (1, third)}
    assert game.stage_nash == (CLASH,)


def test_mixing_holds_a_player_down_further_than_pure_actions():
    pennies = rl.RepeatedGame(
        rl.Game.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    )
    assert pennies.pure_minmax == {"Row": 1, "Column": 1}
    assert pennies.minmax == {"Row": 0, "Column": 0}
    assert pennies.individually_rational.vertices == ((0, 0),)


@given(games(4))
@settings(max_examples=40, deadline=None)
def test_the_mixed_minmax_is_the_value_of_a_matrix_game(stage):
    game = rl.RepeatedGame(stage)
    table = [[cell[0] for cell in row] for row in game._table]
    zero_sum = rl.Game.from_bimatrix(table, [[-v for v in row] for row in table])
    value = rl.solve(zero_sum, "nash", coverage="one")[0].payoffs["Row"]
    assert game.minmax["Row"] == value
    assert game.minmax["Row"] <= game.pure_minmax["Row"]
    assert game.feasible.holds(game.individually_rational)


# ------------------------------------------------------------------------------ finite
def test_the_dilemma_of_known_length_unravels():
    solution = rl.solve(dilemma().unfold(2), "sequential")
    assert solution.complete
    assert len(solution) == 1
    assert solution[0].payoffs == {"US": 2, "Russia": 2}


@pytest.mark.parametrize("average", [False, True])
def test_payoffs_of_an_unfolded_game_are_weighted_as_asked(average):
    game = dilemma("1/2").unfold(3, average=average, after={"US": 4})
    weights = F(1) + F(1, 2) + F(1, 4)
    total = 1 if average else weights
    hold = next(t for t in game.terminals if t.history.count(HOLD) == 6)
    assert hold.payoffs == {"US": 3 * total + 4, "Russia": 3 * total}


def test_two_stage_equilibria_reward_restraint_before_the_end():
    # Benoit and Krishna 1985: the better of two stage equilibria is at stake
    names = ["C", "D", "E"]
    own = [[4, 0, 0], [5, 1, 0], [0, 0, 3]]
    other = [list(row) for row in zip(*own, strict=True)]
    stage = rl.Game.from_bimatrix(own, other, ("US", "Russia"), (names, names))
    game = rl.RepeatedGame(stage).unfold(2)
    strategy = {
        player: {
            label: "C"
            if label == f"{player} 1"
            else ("E" if label.count("=C") == 2 else "D")
            for label, infoset in game.infosets.items()
            if infoset.player == player
        }
        for player in ("US", "Russia")
    }
    assert rl.verify(game, strategy).holds
    tempted = {
        p: {k: "D" if k != f"{p} 1" else "C" for k in row}
        for p, row in strategy.items()
    }
    refused = rl.verify(game, tempted)
    assert not refused.holds
    assert refused.regret == 1


def test_only_signals_are_seen_in_an_unfolded_game_with_signals():
    game = watched().unfold(2)
    labels = [label for label in game.infosets if label.startswith("us 2")]
    assert labels[0] == "us 2 [us 1=hold, signal 1=alarm]"
    assert not any("it 1" in label for label in labels)


@pytest.mark.parametrize("wrong", [0, -1, 1.5, True])
def test_a_number_of_periods_is_whole_and_positive(wrong):
    with pytest.raises(rl.ModelError, match="periods is a whole number"):
        dilemma().unfold(wrong)


# -------------------------------------------------------------------------------- text
def test_texts_are_short_and_escape():
    large = rl.RepeatedGame(
        rl.Game.from_bimatrix(np.zeros((9, 9)), np.zeros((9, 9)), ("<a>", '"b"')), "1/2"
    )
    assert len(str(large).splitlines()) == 40
    assert "&lt;a&gt;" in large._repr_html_()
    assert repr(watched("2/3")).count("\n") == 0
    assert "alarm 1/10" in str(watched())
