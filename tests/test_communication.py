"""Communication equilibria: mechanisms that ask for types and recommend actions."""

from __future__ import annotations

import pickle
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mediated_stories import (
    advice,
    costless_signal,
    half_armed,
    tables_game,
    two_sided,
    unseen,
)
from oracle.mediation import Asked
from stories import assurance, chain_store, pennies_inside

import redlines as rl
from redlines.honesty import honest
from redlines.mechanism import Mechanism, types_of

HALF = Fraction(1, 2)
FORCED = {"a": {"x": "1/2", "y": "1/2"}, "b": "y"}
CHICKEN = rl.Game.from_bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]])
SIDES = ("hard", "soft")


# ---------------------------------------------------------------------------- results
def test_the_best_mediator_of_the_sender():
    # Myerson 1991, section 6.7, is where such mediators are found; numbers derived
    (found,) = rl.solve(advice, "communication", maximize=rl.payoff("Sender"))
    assert found.payoffs == {"Sender": Fraction(3, 2), "Receiver": Fraction(9, 4)}
    assert found.mechanism == {
        ("type=a", "reply"): {("", "x"): HALF, ("", "y"): HALF},
        ("type=b", "reply"): {("", "y"): 1},
    }
    assert found.types == {"Sender": ("type=a", "type=b"), "Receiver": ("reply",)}
    assert found.probability("x") == Fraction(1, 4)


def test_the_best_mediator_of_the_receiver():
    (found,) = rl.solve(advice, "communication", maximize={"Receiver": 1})
    assert found.payoffs == {"Sender": Fraction(4, 3), "Receiver": Fraction(5, 2)}
    third = Fraction(1, 3)
    assert found.mechanism == {
        ("type=a", "reply"): {("", "x"): 2 * third, ("", "y"): third},
        ("type=b", "reply"): {("", "y"): 2 * third, ("", "z"): third},
    }


def test_each_type_expects_something_of_its_own():
    (found,) = rl.solve(advice, "communication", maximize=rl.payoff("Sender"))
    assert found.payoffs_by_type("Sender") == {"type=a": 1, "type=b": 2}
    assert found.payoffs_by_type("Receiver") == {"reply": Fraction(9, 4)}


def test_a_mechanism_is_verified_from_words():
    for mechanism in (
        FORCED,
        {("a", None): FORCED["a"], ("b", ""): {(None, "y"): 1}},
        {("a", "reply"): FORCED["a"], ("b", "reply"): {("", "y"): 1}},
        {"type=a": FORCED["a"], "type=b": {"y": 1}},
    ):
        assert rl.verify(advice, mechanism, concept="communication")
    (found,) = rl.solve(advice, "communication")
    assert found.contains(FORCED)
    assert found.contains(found.mechanism)


@pytest.mark.parametrize("game", [CHICKEN, unseen], ids=lambda game: game.name)
def test_without_types_it_is_correlated(game):
    (asked,) = rl.solve(game, "communication")
    (told,) = rl.solve(game, "correlated")
    for weights in product((-1, 0, 1, 2), repeat=2):
        measure = dict(zip(game.players, weights, strict=True))
        assert asked.range(measure) == told.range(measure)
    assert rl.verify(game, told.distribution, concept="communication")


def test_what_all_types_know_need_not_be_reported():
    @rl.game("S", "R")
    def sent(play):
        play.draw("year", {"even": "1/2", "odd": "1/2"}, seen_by=[])
        play.tell("S", "stage", "one")
        kind = play.draw("type", {"a": "1/2", "b": "1/2"}, seen_by="S")
        play.move("S", "clear its throat", ["ahem"])
        guess = play.move("R", "guess", ["a", "b"])
        play.pay({"S": int(guess == kind), "R": int(guess == kind)})

    for words in ("ab", ("type=a", "type=b"), ("one, a, ahem", "one, b, ahem")):
        told = dict(zip(words, "ab", strict=True))
        assert rl.verify(sent, told, concept="communication")
    with pytest.raises(rl.UnknownLabel, match="no type of S 'one'"):
        rl.verify(sent, {"one": "a"}, concept="communication")


# --------------------------------------------------------------------------- an oracle
@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 10**6), st.tuples(*[st.integers(1, 2)] * 2, *[st.integers(2, 3)] * 2)
)
def test_extremes_are_those_of_all_deviations_written_out(seed, shape):
    rng = np.random.default_rng(seed)
    prior = rng.integers(0, 3, shape[:2])
    pays = rng.integers(-2, 3, (2, *shape))
    assume(prior.any(0).all() and prior.any(1).all() and pays.any())
    (found,) = rl.solve(tables_game(prior, pays), "communication")
    theirs = Asked(prior / prior.sum(), pays)
    for weights in ((1, 0), (0, -1), (1, 1), (-1, 2)):
        ours = found.range(dict(zip("AB", weights, strict=True))).high
        assert float(ours) == pytest.approx(theirs.greatest(weights), abs=1e-7)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_unmediated_and_correlated_play_can_be_mediated(seed):
    rng = np.random.default_rng(seed)
    game = tables_game(rng.integers(1, 4, (2, 2)), rng.integers(-3, 4, (2, 2, 2, 2, 2)))
    (asked,) = rl.solve(game, "communication")
    (told,) = rl.solve(game, "correlated")
    for player in "AB":
        wide, narrow = asked.range({player: 1}), told.range({player: 1})
        assert wide.low <= narrow.low
        assert narrow.high <= wide.high
    for nash in rl.solve(game, "nash"):
        shares = nash.strategy
        mechanism = {
            (s, t): {
                (a, b): p * q
                for a, p in shares["A"][f"A acts [own={s}]"].items()
                for b, q in shares["B"][f"B acts [own={t}]"].items()
            }
            for s, t in product("01", repeat=2)
        }
        assert asked.contains(mechanism)


def test_a_mediator_reports_what_talk_can():
    # every equilibrium with a stage of messages is one of some mechanism
    (asked,) = rl.solve(advice, "communication")
    for nash in rl.solve(advice(messages=("m", "n")), "nash"):
        shares = nash.strategy
        mechanism = {}
        for kind in "ab":
            said = shares["Sender"][f"say [type={kind}]"]
            mechanism[kind] = {
                reply: sum(
                    said[m] * shares["Receiver"][f"reply [say={m}]"][reply]
                    for m in said
                )
                for reply in "xyz"
            }
        assert asked.contains(mechanism)


@pytest.mark.parametrize("seed", range(6))
def test_a_type_without_a_move_is_one_whose_moves_do_not_matter(seed):
    pays = np.random.default_rng(seed).integers(-2, 3, (2, 2, 2, 2))
    (some,) = rl.solve(half_armed(pays, idle=True), "communication")
    (every,) = rl.solve(half_armed(pays, idle=False), "communication")
    for measure in ({"A": 1}, {"B": 1}, {"A": 1, "B": 1}, {"A": -1, "B": 2}):
        assert some.range(measure) == every.range(measure)


# ------------------------------------------------------------------------ the referee
def test_a_lie_that_pays_is_refused():
    told = {"a": "x", "b": "z"}
    refused = rl.verify(advice, told, concept="communication")
    (failure,) = refused.failures
    assert (failure.condition, failure.player) == ("honesty", "Sender")
    assert refused.regret == failure.gain == 1
    assert str(failure) == "Sender, 'type=b', gains 1 by reporting 'type=a'"


def test_disobedience_that_pays_is_refused():
    refused = rl.verify(advice, {"a": "z", "b": "z"}, concept="communication")
    (failure,) = refused.failures
    assert (failure.condition, failure.infoset) == ("obedience", "reply")
    assert str(failure) == "Receiver, 'reply', gains 1/2 by doing 'y' when told 'z'"


def both_at_once():
    """A type that gains by a lie and disobedience together, and by neither alone."""
    pays = np.zeros((2, 2, 1, 2, 2), dtype=int)
    pays[0, 0, 0] = [[2, 1], [0, 0]]
    pays[0, 1, 0] = [[0, 0], [1, 0]]
    return tables_game(np.array([[1], [1]]), pays)


def test_a_lie_that_pays_only_with_disobedience_is_refused():
    told = {"0": {("0", "1"): 1}, "1": {("1", "0"): 1}}
    refused = rl.verify(both_at_once(), told, concept="communication")
    (failure,) = refused.failures
    assert failure.condition == "honesty and obedience"
    assert failure.gain == 1
    assert failure.deviation == {"report": "own=1", "told '1'": "0"}


def test_a_type_without_a_move_can_lie_about_having_one():
    pays = np.zeros((2, 2, 2, 2), dtype=int)
    pays[0, 1, :, 1] = 1
    game = half_armed(pays, idle=True)
    told = {"0": {("1", "1"): 1}, "1": {("", "0"): 1}}
    refused = rl.verify(game, told, concept="communication")
    (failure,) = refused.failures
    assert str(failure) == "A, 'arms=1', gains 1 by reporting 'arms=0'"
    assert failure.condition == "honesty"


@pytest.mark.parametrize("change", ["missing", "sum", "negative", "action"])
def test_the_referee_refuses_what_is_no_mechanism(change):
    (found,) = rl.solve(advice, "communication")
    shares = {k: dict(v) for k, v in found._outcomes.shares.items()}
    if change == "missing":
        del shares[0, 0]
    elif change == "sum":
        shares[0, 0] = {(0, 0): HALF}
    elif change == "negative":
        shares[0, 0] = {(0, 0): 2 * HALF + 1, (0, 1): -2 * HALF}
    else:
        shares[0, 0] = {(0, 3): 2 * HALF}
    certificate = honest(Mechanism(types_of(advice), shares))
    assert not certificate
    assert {f.condition for f in certificate.failures} == {"probabilities"}


def test_knowledge_that_nobody_reports_cannot_be_used():
    # best replies to the truth would need both types to be told honestly
    told = {
        (s, t): ("stand", "yield") if s == "hard" else ("yield", "stand")
        for s, t in product(SIDES, repeat=2)
    }
    refused = rl.verify(two_sided, told, concept="communication")
    assert {f.condition for f in refused.failures} == {"honesty"}
    assert {f.player for f in refused.failures} == {"US"}


def test_a_referee_of_random_mechanisms_agrees_with_all_deviations():
    rng = np.random.default_rng(8)
    for _ in range(20):
        shape = (2, 2, 2, 2)
        pays = rng.integers(-2, 3, (2, *shape))
        prior = rng.integers(1, 3, (2, 2))
        game = tables_game(prior, pays)
        parts = rng.integers(0, 3, shape)
        parts[..., 0, 0] += 1
        shares = {
            (s, t): {
                (a, b): Fraction(int(parts[s, t, a, b]), int(parts[s, t].sum()))
                for a, b in product((0, 1), repeat=2)
            }
            for s, t in product((0, 1), repeat=2)
        }
        # types are numbered as the story meets them, which is as they are named here
        certificate = honest(Mechanism(types_of(game), shares))
        point = np.array([[[[float(shares[s, t][a, b]) for b in (0, 1)] for a in (0, 1)]
                           for t in (0, 1)] for s in (0, 1)]).ravel()  # fmt: skip
        gain = max(row @ point for row in Asked(prior / prior.sum(), pays).rows)
        assert bool(certificate) == (gain < 1e-9)


# -------------------------------------------------------------------------- the class
def test_a_message_stage_is_no_part_of_the_game():
    with pytest.raises(rl.Unsupported, match="if that choice is a message, leave it"):
        rl.solve(costless_signal, "communication")


@pytest.mark.parametrize(
    ("game", "reason"),
    [
        (chain_store, "whether Incumbent acts at 'reply .* depends on"),
        (pennies_inside, "A chooses twice on one path, at 'enter' and at"),
    ],
    ids=lambda part: getattr(part, "name", None),
)
def test_other_games_are_refused_with_the_reason(game, reason):
    with pytest.raises(rl.Unsupported, match=reason):
        rl.solve(game, "communication")
    with pytest.raises(rl.Unsupported, match=reason):
        rl.verify(game, {}, concept="communication")


def test_a_player_who_cannot_know_where_it_will_act_is_refused():
    @rl.game("A", "B")
    def hidden(play):
        if play.draw("crisis", {"yes": "1/2", "no": "1/2"}, seen_by=[]) == "yes":
            play.pay({"A": int(play.move("A", "act", ["l", "r"]) == "l")})

    with pytest.raises(rl.Unsupported, match="A does not know, when the choices begin"):
        rl.solve(hidden, "communication")


def test_moves_without_a_choice_and_ends_without_a_move_are_allowed():
    @rl.game("A", "B")
    def calm_or_not(play):
        if play.draw("day", {"calm": "1/3", "crisis": "2/3"}) == "calm":
            play.pay({"A": 3, "B": 3})
            return
        play.move("A", "speak", ["good day"])
        one = play.move("A", "a", ["l", "r"], seen_by=[])
        two = play.move("B", "b", ["l", "r"], seen_by=[])
        play.draw("weather", {"rain": "1/2", "sun": "1/2"})
        play.pay({"A": int(one == two), "B": int(one == two)})

    (found,) = rl.solve(calm_or_not, "communication")
    assert found.payoffs == {"A": Fraction(5, 3), "B": Fraction(5, 3)}
    assert found.types["A"] == ("day=calm", "day=crisis, speak=good day")
    # one of them lies: answers to what cannot both be true count for nothing but fear
    assert found.prior["day=calm", "day=crisis, speak=good day"] == 0
    assert "(cannot both be true)" in str(found)


def test_types_survive_pickling_and_binding_to_an_impossible_type():
    copy = pickle.loads(pickle.dumps(advice))
    (found,) = rl.solve(copy, "communication", maximize=rl.payoff("Sender"))
    assert found.payoffs["Sender"] == Fraction(3, 2)
    again = pickle.loads(pickle.dumps(found))
    assert again.mechanism == found.mechanism

    @rl.game("S", "R")
    def sent(play, p=rl.Probability("chance of a")):
        kind = play.draw("type", {"a": p, "b": 1 - p}, seen_by="S")
        play.pay({"S": 1, "R": int(play.move("R", "guess", ["a", "b"]) == kind)})

    assert rl.solve(sent.bind(p="1/3"), "communication")[0].payoffs["R"] == 1
    (sure,) = rl.solve(sent.bind(p=1), "communication")
    assert sure.types["S"] == ("type=a",)
    with pytest.raises(rl.UnboundParameter):
        rl.solve(sent, "communication")


# ------------------------------------------------------------------ words and measures
@pytest.mark.parametrize(
    ("mechanism", "error", "words"),
    [
        ({"a": "x"}, rl.ModelError, "does not say what follows the reports"),
        ({"a": {"x": "1/2"}, "b": "y"}, rl.ModelError, "sums to 1/2, not to 1"),
        ({"a": {"x": 2, "y": -1}, "b": "y"}, rl.ModelError, "the probability -1"),
        ({"c": "x", "b": "y"}, rl.UnknownLabel, "no type of Sender 'c'"),
        ({"a": "w", "b": "y"}, rl.UnknownLabel, "no action of Receiver 'w'"),
        ({"a": "x", "type=a": "x", "b": "y"}, rl.ModelError, "come twice"),
        ({(None, None): "x"}, rl.UnknownLabel, "no type of Sender None"),
        ({"a": {("x", None): 1}, "b": "y"}, rl.UnknownLabel, "no action of Sender 'x'"),
        ({"a": {(None, None): 1}, "b": "y"}, rl.UnknownLabel, "Receiver None"),
        ({7: "x"}, rl.ModelError, "7 is no such pair"),
        ({"a": 7, "b": "y"}, rl.ModelError, "must be a mapping"),
        ({"a": {7: 1}, "b": "y"}, rl.ModelError, "no pair of actions"),
        ({}, rl.ModelError, "does not say"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_mechanism_is_an_error(mechanism, error, words):
    with pytest.raises(error, match=words):
        rl.verify(advice, mechanism, concept="communication")


def test_measures_with_conditions():
    (found,) = rl.solve(two_sided, "communication", maximize=rl.P("war"))
    assert found.probability("war") == found.range("war").high == Fraction(1, 4)
    assert found.range(rl.P("war", given="war")).low == 1
    (given_y,) = rl.solve(advice, "communication", maximize=rl.P("x", given="x"))
    assert given_y.probability("x") > 0
    (found,) = rl.solve(advice, "communication")
    # y is recommended to b by half at least wherever it is recommended at all
    ends = found.range(rl.P("y", given="y"))
    assert (ends.low, ends.high) == (1, 1)


def test_a_condition_is_scaled_exactly():
    @rl.game("S", "R")
    def sent(play):
        kind = play.draw("type", {"a": "1/4", "b": "3/4"}, seen_by="S")
        play.mark(kind)
        guess = play.move("R", "guess", ["a", "b"])
        play.mark(f"guess {guess}")
        play.pay({"S": int(guess == kind), "R": int(guess == kind)})

    (found,) = rl.solve(sent, "communication")
    ends = found.range(rl.P("guess a", given="a"))
    assert (ends.low, ends.high) == (0, 1)
    ends = found.range(rl.P("a", given="guess a"))
    assert (ends.low, ends.high) == (HALF, 1)


def test_the_trust_of_two_sides_is_mediated_at_its_best_and_its_worst():
    # below the prior at which trust is an equilibrium a mediator does not make it one
    bound = assurance.bind(t="1/4")
    (found,) = rl.solve(bound, "communication", minimize="welfare")
    (nash,) = rl.solve(bound, "nash")
    assert found.payoffs == nash.payoffs == {"A": 1, "B": 1}


def test_numbers_far_apart():
    tiny = Fraction(1, 10**300)

    @rl.game("A", "B")
    def far(play):
        kind = play.draw("kind", {"low": "1/2", "high": "1/2"}, seen_by="A")
        does = play.move("B", "act", ["l", "r"])
        play.pay({"A": 10**9 if does == "l" else tiny, "B": int(does == "r") * tiny})
        play.pay({"B": int(kind == "low" and does == "l") * tiny})

    # A wants l whatever it knows, so it cannot tell, and B never does l unasked
    (found,) = rl.solve(far, "communication", maximize={"A": 1})
    assert found.payoffs["A"] == tiny
    assert found.regret == 0


def test_the_text_shows_reports_and_ranges():
    text = str(rl.solve(two_sided, "communication"))
    assert "reported US resolve=hard | Russia resolve=hard: stand and yield" in text
    assert "over all of them, probability: war [0, 1/4]" in text
    assert all(len(row) <= 100 for row in text.splitlines())
    (found,) = rl.solve(advice, "communication")
    assert "<pre>" in found._repr_html_()
    with pytest.raises(rl.Unsupported, match="mechanism"):
        _ = found.strategy["Receiver"]["reply"]


def test_too_large_a_game_is_refused_before_it_is_written_out():
    zeros = np.zeros((200, 200), dtype=int)
    with pytest.raises(rl.Unsupported, match="entries"):
        rl.solve(rl.Game.from_bimatrix(zeros, zeros), "communication")
