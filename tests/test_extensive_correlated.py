"""Extensive-form correlated equilibria: recommendations move by move."""

from __future__ import annotations

import math
import pickle
from fractions import Fraction
from itertools import islice

import numpy as np
import pytest
from mediated_stories import advice, costless_signal
from oracle.mediation import Recommended
from oracle.trees import random_games
from stories import bluff, chain_store, ladder, pennies_inside, private_types

import redlines as rl
from redlines.joint import Joint
from redlines.recommendations import recommended

EXTENSIVE = "extensive-form correlated"
HALF = Fraction(1, 2)


def plan(good, bad):
    return f"send [type=good]={good}, send [type=bad]={bad}"


def reply(x, y):
    return f"reply [send=X]={x}, reply [send=Y]={y}"


# von Stengel and Forges 2008, section 2.3: the good student is told which signal the
# teacher trusts, the bad one has to guess
TRUSTED = {
    (
        plan(s, guess),
        reply(*(("hire", "refuse") if s == "X" else ("refuse", "hire"))),
    ): ("1/4")
    for s in "XY"
    for guess in "XY"
}


# ---------------------------------------------------------------------------- results
def test_a_signal_that_is_free_is_trusted():
    (found,) = rl.solve(costless_signal, EXTENSIVE, maximize={"Teacher": 1})
    assert found.payoffs == {"Student": Fraction(7, 2), "Teacher": Fraction(13, 2)}
    assert found.contains(TRUSTED)
    certificate = rl.verify(costless_signal, TRUSTED, concept=EXTENSIVE)
    assert certificate
    assert Joint.read(costless_signal, TRUSTED).payoffs == (3 + HALF, 6 + HALF)


def test_it_cannot_be_if_plans_are_told_at_once():
    # told its plan, the bad student would know what the good one sends
    (found,) = rl.solve(costless_signal, "correlated")
    for player, value in {"Student": 0, "Teacher": 6}.items():
        ends = found.range(rl.payoff(player))
        assert (ends.low, ends.high) == (value, value)
    refused = rl.verify(costless_signal, TRUSTED, concept="correlated")
    assert not refused
    for nash in rl.solve(costless_signal, "nash"):
        assert nash.payoffs == {"Student": 0, "Teacher": 6}


def test_of_a_matrix_it_is_the_correlated_one():
    rng = np.random.default_rng(4)
    for shape in ((2, 2), (3, 2), (1, 3)):
        game = rl.Game.from_bimatrix(*rng.integers(0, 4, (2, *shape)))
        (ours,) = rl.solve(game, EXTENSIVE)
        (plain,) = rl.solve(game, "correlated")
        for weights in ((1, 0), (0, 1), (1, 1), (-2, 1)):
            measure = dict(zip(game.players, weights, strict=True))
            assert ours.range(measure) == plain.range(measure)


# --------------------------------------------------------------------------- an oracle
def small_games(seed, number):
    for game in islice(random_games(seed, most=6), 3 * number):
        sizes = [len(h.actions) for h in game.infosets.values()]
        if math.prod(sizes) <= 64:
            yield game


@pytest.mark.parametrize("seed", range(4))
def test_extremes_are_those_of_all_deviations_written_out(seed):
    for game in islice(small_games(seed, 10), 10):
        (found,) = rl.solve(game, EXTENSIVE)
        theirs = Recommended(game)
        for weights in ((1, 0), (0, 1), (1, 1), (-1, 2), (0, -1)):
            ours = found.range(dict(zip(game.players, weights, strict=True))).high
            assert float(ours) == pytest.approx(theirs.greatest(weights), abs=1e-7)


@pytest.mark.parametrize(
    "game",
    [costless_signal, bluff, pennies_inside, chain_store, private_types, advice],
    ids=lambda game: game.name,
)
def test_concepts_lie_within_each_other(game):
    plain, ours, coarse = (
        rl.solve(game, concept)[0]
        for concept in ("correlated", EXTENSIVE, "coarse correlated")
    )
    for nash in rl.solve(game, "nash"):
        assert plain.contains(nash.strategy)
        assert ours.contains(nash.strategy)
    assert ours.contains(plain.distribution)
    assert coarse.contains(ours.distribution)
    for player in game.players:
        ends = [e.range({player: 1}) for e in (coarse, ours, plain)]
        lows, highs = [r.low for r in ends], [-r.high for r in ends]
        assert lows == sorted(lows)
        assert highs == sorted(highs)


# ------------------------------------------------------------------------ the referee
def test_a_recommendation_that_is_better_not_followed_is_refused():
    wrong = {(plan("X", "X"), reply("hire", "refuse")): 1}
    refused = rl.verify(costless_signal, wrong, concept=EXTENSIVE)
    (failure,) = refused.failures
    assert (failure.player, failure.infoset) == ("Teacher", "reply [send=X]")
    # 6 for certain against 10 half the time
    assert refused.regret == 1
    assert "told 'hire' at 'reply [send=X]', gains 1 by 'refuse'" in str(refused)


def test_a_deviation_goes_on_at_later_information_sets():
    @rl.game("A", "B")
    def twice(play):
        first = play.move("A", "first", ["stop", "go"])
        if first == "stop":
            play.pay({"A": 1})
            return
        # going on pays only if the second choice is changed as well
        second = play.move("A", "second", ["left", "right"])
        play.pay({"A": 2 if second == "right" else 0, "B": 1})
        play.move("B", "end", ["x", "y"])

    stop = {("first=stop", "end [first=go, second=left]=x, "
             "end [first=go, second=right]=x"): 1}  # fmt: skip
    refused = rl.verify(twice, stop, concept=EXTENSIVE)
    (failure,) = refused.failures
    assert failure.gain == 1
    assert failure.deviation == {"first": "go", "second [first=go]": "right"}


@pytest.mark.parametrize("change", ["sum", "negative", "plan", "foreign"])
def test_the_referee_refuses_what_is_no_distribution(change):
    joint = Joint.read(costless_signal, TRUSTED)
    (one, other, share), *rest = joint.pairs
    pairs = {
        "sum": [(one, other, 2 * share), *rest],
        "negative": [(one, other, -share), (one, other, 2 * share), *rest],
        "plan": [(one[:1], other, share), *rest],
        "foreign": [(other, one, share), *rest],
    }[change]
    certificate = recommended(Joint(costless_signal, tuple(pairs)))
    assert not certificate
    assert {f.condition for f in certificate.failures} == {"probabilities"}


def test_the_referee_agrees_with_all_deviations_on_random_distributions():
    rng = np.random.default_rng(6)
    held = 0
    for game in islice(small_games(9, 12), 12):
        theirs = Recommended(game)
        for size in (1, 1, 2):
            chosen = rng.choice(len(theirs.pairs), size)
            words, point = {}, np.zeros(len(theirs.pairs))
            for k in chosen:
                key = tuple(
                    ", ".join(f"{h}={a}" for h, a in own.items())
                    for own in theirs.pairs[k]
                )
                words[key] = words.get(key, 0) + Fraction(1, size)
                point[k] += 1 / size
            # what a full strategy says where it does not lead is not told to anybody
            certificate = rl.verify(game, words, concept=EXTENSIVE)
            gain = max(row @ point for row in theirs.rows)
            assert bool(certificate) == (gain < 1e-9)
            held += bool(certificate)
    assert held


# ------------------------------------------------------------------------- boundaries
def test_too_large_a_tree_is_refused_with_the_reason():
    with pytest.raises(rl.Unsupported, match="entries; at most 1,000,000"):
        rl.solve(ladder(rungs=48), EXTENSIVE)


def test_the_concept_is_read_with_hyphens_and_the_answer_travels():
    (found,) = rl.solve(costless_signal, "Extensive-Form Correlated")
    assert found.concept is rl.Concept.EXTENSIVE_FORM_CORRELATED
    again = pickle.loads(pickle.dumps(found))
    assert again.distribution == found.distribution
    text = str(rl.solve(costless_signal, EXTENSIVE))
    assert "over all of them, payoffs: Student [0, 4], Teacher [6, 13/2]" in text


def test_numbers_far_apart():
    tiny = Fraction(1, 10**300)

    @rl.game("A", "B")
    def far(play):
        one = play.move("A", "a", ["l", "r"])
        two = play.move("B", "b", ["l", "r"])
        play.pay({"A": tiny * (one == two), "B": 10**9 * (one == "l") + tiny})

    (found,) = rl.solve(far, EXTENSIVE, minimize={"A": 1})
    assert found.payoffs["A"] == 0
    assert found.range({"A": 1}).high == tiny
