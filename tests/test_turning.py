"""What one parameter alone, moved, makes of a claim."""

from __future__ import annotations

from fractions import Fraction

import pytest
from stories import deter

import redlines as rl
from redlines import P, payoff
from redlines.evidence import OURS, Assumption


@rl.game("Defender", "Challenger")
def threshold(play, cost=rl.Positive("price of crossing"), p=rl.Probability("chance")):
    """Crossing pays below a cost that is the square root of a chance."""
    if play.move("Challenger", "act", ["cross", "refrain"]) == "cross":
        play.mark("crossed")
        play.pay({"Challenger": p - cost * cost})


def test_the_flip_is_exact_where_it_is_a_root():
    found = rl.flips(threshold, P("crossed") == 0, {"cost": 1, "p": "1/2"}, [])
    below = {f.parameter: f for f in found if f.side == "below"}
    above = {f.parameter: f for f in found if f.side == "above"}
    assert below["cost"].value * below["cost"].value == Fraction(1, 2)
    assert below["cost"].after == "true in none"
    assert above["cost"].value is None
    # p stays below 1, where refraining is still best
    assert above["p"].value is None
    assert all(f.exact for f in found)


def test_a_flip_that_the_assumptions_exclude_says_so():
    dear = Assumption("cost > 4/5", OURS, why="crossing is dear")
    found = rl.flips(threshold, P("crossed") == 0, {"cost": 1, "p": "1/2"}, [dear])
    assert not found[0].admitted
    assert "the assumptions exclude that" in str(found[0])
    half = Assumption("cost > 3/5", OURS, why="crossing is rather dear")
    found = rl.flips(threshold, P("crossed") == 0, {"cost": 1, "p": "1/2"}, [half])
    assert found[0].admitted


def test_at_a_value_on_the_edge_both_sides_are_told():
    found = rl.flips(threshold, P("crossed") == 0, {"cost": "1/2", "p": "1/4"})
    told = {(f.parameter, f.side): (f.value, f.after) for f in found}
    assert told["cost", "below"] == (Fraction(1, 2), "true in none")
    assert told["cost", "above"] == (Fraction(1, 2), "true in every equilibrium")


def test_flips_agree_with_equilibria_on_both_sides():
    values = dict.fromkeys(deter.free_parameters, 1) | {"p": "1/2"}
    values = {n: v for n, v in values.items() if n in deter.free_parameters}
    claim = payoff(deter.players[0]) >= 0
    for flip in rl.flips(deter, claim, values):
        if flip.value is None:
            continue
        step = Fraction(1, 1000) * (1 if flip.side == "above" else -1)
        beyond = {**values, flip.parameter: flip.value + step}
        truths = {
            claim.left.of(e) >= 0 for e in rl.solve(deter.bind(**beyond), "sequential")
        }
        expected = {
            "true in every equilibrium": {True},
            "true in none": {False},
            "true in some equilibria only": {True, False},
        }
        assert truths == expected[flip.after]


def test_a_parameter_that_there_is_not_is_refused():
    with pytest.raises(rl.UnknownLabel, match="prize"):
        rl.flips(
            threshold, P("crossed") == 0, {"cost": 1, "p": "1/2"}, parameters=["prize"]
        )


def test_a_claim_about_two_games_is_decided_where_every_number_is_known():
    other = threshold.bind(cost=2, p="1/2")
    claim = P("crossed", game=other) <= P("crossed", game=threshold)
    verdict = rl.check(
        threshold.bind(cost=1, p="1/4"),
        rl.P("crossed", game=other)
        <= P("crossed", game=threshold.bind(cost=1, p="1/4")),
    )
    assert verdict.name == "always"
    assert claim.operator == "<="


def test_of_a_large_game_a_few_values_are_tried_and_it_says_so(monkeypatch):
    from redlines import turning

    monkeypatch.setattr(turning, "SOON", 0)
    found = rl.flips(threshold, P("crossed") == 0, {"cost": 1, "p": "1/2"})
    first = found[0]
    assert (first.parameter, first.side, first.exact) == ("cost", "below", False)
    # within a tenth of the root of one half
    assert 0 <= float(first.value) ** -1 * 0.5**0.5 - 1 < 0.1
    assert "about" in str(first)
    assert any("of a few tried" in str(f) for f in found)


@rl.game("Defender", "Challenger")
def doubled(play, risk=rl.Probability("chance")):
    """A draw with twice a chance, which must stay below a half."""
    if play.move("Challenger", "act", ["cross", "refrain"]) == "cross":
        play.mark("crossed")
        if play.draw("control", {"lost": 2 * risk, "kept": rl.REST}) == "lost":
            play.pay({"Challenger": -2})
        else:
            play.pay({"Challenger": 1})


def test_a_parameter_stays_where_every_draw_is_a_proper_one():
    found = rl.flips(doubled, P("crossed") == 0, {"risk": "1/4"})
    told = {f.side: (f.value, f.after) for f in found}
    assert told["below"] == (Fraction(1, 6), "true in none")
    assert told["above"] == (None, "")


def test_a_verdict_that_needs_what_is_given_is_not_said_to_be_trivial():
    verdict = rl.check(doubled, P("crossed") == 0, ["1/6 < risk < 1/2"])
    assert verdict.name == "always"
    assert verdict.trivial is None
    assert "trivial" not in verdict.report()
