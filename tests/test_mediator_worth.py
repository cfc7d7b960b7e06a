"""What a mediator is worth: both ends with one and without."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from mediated_stories import advice, costless_signal, two_sided
from stories import all_tied, bluff, ladder, line

import redlines as rl


def chicken(t, r, s, p):
    return rl.Game.from_bimatrix([[r, s], [t, p]], [[r, t], [s, p]])


def test_the_best_of_chicken_and_what_it_is_worth():
    # Aumann 1974
    worth = rl.mediator_worth(chicken(7, 6, 2, 0), "welfare")
    assert worth.mediated.high == Fraction(21, 2)
    assert worth.highest.payoffs == {"Row": Fraction(21, 4), "Column": Fraction(21, 4)}
    assert worth.unmediated.high == 2 * Fraction(14, 3)
    assert worth.unmediated.low == 9
    assert worth.raises == Fraction(21, 2) - Fraction(28, 3)
    assert sum(worth.highest_unmediated.payoffs.values()) == Fraction(28, 3)


@pytest.mark.parametrize("numbers", [(4, 3, 2, 1), (9, 7, 1, 0), (10, 8, 3, -40)])
def test_the_best_of_chicken_in_closed_form(numbers):
    t, r, s, p = numbers
    k = (s - p) + 2 * (t - r)
    best = Fraction(2 * r * (s - p) + 2 * (t - r) * (t + s), k)
    game = chicken(*numbers)
    for concept in ("correlated", "communication", "extensive-form correlated"):
        worth = rl.mediator_worth(game, "welfare", concept)
        assert worth.mediated.high == best
    assert worth.highest.payoffs["Row"] + worth.highest.payoffs["Column"] == best


def test_advice_is_worth_something_and_talk_is_not():
    talk = advice(messages=("m", "n"))
    for alone in (None, talk):
        sender = rl.mediator_worth(advice, rl.payoff("Sender"), unmediated=alone)
        receiver = rl.mediator_worth(advice, {"Receiver": 1}, unmediated=alone)
        assert (sender.unmediated.low, sender.unmediated.high) == (1, 1)
        assert (receiver.unmediated.low, receiver.unmediated.high) == (2, 2)
        assert (sender.raises, receiver.raises) == (Fraction(1, 2), Fraction(1, 2))
        assert sender.lowers == Fraction(1, 8)
        assert receiver.lowers == 0


def test_two_sides_that_hide_their_resolve_gain_by_a_mediator():
    worth = rl.mediator_worth(two_sided, "welfare")
    assert worth.mediated.high == Fraction(16, 3)
    assert worth.unmediated.high == Fraction(71, 14)
    assert worth.raises == Fraction(11, 42)
    assert not worth.changes_nothing
    more_fear = rl.mediator_worth(two_sided(share="1/4"), rl.P("war"))
    assert more_fear.mediated.high > more_fear.unmediated.high


def test_a_mediator_is_worth_nothing_where_each_type_knows_best():
    @rl.game("US", "Russia")
    def resolved(play):
        for who in ("US", "Russia"):
            play.draw(f"{who} resolve", {"hard": "1/2", "soft": "1/2"}, seen_by=who)
        does = play.simultaneous(
            {who: (f"{who} acts", ["stand", "yield"]) for who in ("US", "Russia")}
        )
        for who, other in (("US", "Russia"), ("Russia", "US")):
            stand, met = does[who] == "stand", does[other] == "stand"
            play.pay({who: 1 + (not met) if stand else -int(met)})
        if set(does.values()) == {"stand"}:
            play.mark("war")

    for measure in ("welfare", "war", rl.payoff("US")):
        worth = rl.mediator_worth(resolved, measure)
        assert worth.changes_nothing
        assert worth.raises == worth.lowers == 0
    assert "a mediator changes neither end" in str(worth)


def test_recommendations_by_moves_are_worth_more_than_plans():
    moves = rl.mediator_worth(
        costless_signal, rl.payoff("Teacher"), "extensive-form correlated"
    )
    plans = rl.mediator_worth(costless_signal, rl.payoff("Teacher"), "correlated")
    assert moves.raises == Fraction(1, 2)
    assert plans.changes_nothing


def test_ends_without_a_mediator_are_those_of_all_mixtures():
    # over a continuum of equilibria no mixture of them is beyond the extreme ones
    rng = np.random.default_rng(5)
    continua = 0
    for _ in range(12):
        a, b = rng.integers(0, 3, (2, 3, 3))
        game = rl.Game.from_bimatrix(a, b)
        worth = rl.mediator_worth(game, {"Row": 1, "Column": -2})
        assert worth.raises >= 0
        assert worth.lowers >= 0
        for group in rl.solve(game, "nash").maximal_nash_subsets:
            continua += len(group) > 1
            rows = [list(e.strategy["Row"]["Row"].values()) for e in group]
            columns = [list(e.strategy["Column"]["Column"].values()) for e in group]
            x, y = (
                [sum(shares) / len(group) for shares in zip(*side, strict=True)]
                for side in (rows, columns)
            )
            value = sum(
                x[i] * y[j] * (int(a[i, j]) - 2 * int(b[i, j]))
                for i in range(3)
                for j in range(3)
            )
            assert worth.unmediated.low <= value <= worth.unmediated.high
    assert continua


def test_conditions_count_only_where_they_can_be_met():
    worth = rl.mediator_worth(bluff, rl.P("war", given="war"), "correlated")
    assert worth.mediated.low == worth.unmediated.high == 1
    bound = line.bind(p="1/2", V=1, k="1/8", a="1/2", c="1/4", d="3/4")
    worth = rl.mediator_worth(bound, rl.P("enforced", given="crossed"), "correlated")
    for equilibrium in rl.solve(bound, "nash"):
        value = equilibrium.probability("enforced", given="crossed")
        assert value is None or worth.unmediated.low <= value <= worth.unmediated.high


def test_a_condition_that_is_never_met_is_an_error():
    @rl.game("A", "B")
    def never(play):
        one = play.move("A", "a", ["up", "down"], seen_by=[])
        play.move("B", "b", ["l", "r"], seen_by=[])
        if one == "down":
            play.mark("down")
        play.pay({"A": int(one == "up")})

    with pytest.raises(rl.ModelError, match="probability 0 in every"):
        rl.mediator_worth(never, rl.P("down", given="down"))


def test_what_cannot_be_asked():
    game = chicken(7, 6, 2, 0)
    with pytest.raises(rl.ModelError, match="'nash' has no mediator"):
        rl.mediator_worth(game, "welfare", "nash")
    with pytest.raises(rl.ModelError, match="they must be the same"):
        rl.mediator_worth(game, "welfare", unmediated=advice)
    with pytest.raises(rl.UnknownLabel, match="happiness"):
        rl.mediator_worth(game, "happiness")
    with pytest.raises(rl.Unsupported, match="reduced strategies"):
        rl.mediator_worth(advice, "welfare", unmediated=many_messages())
    with pytest.raises(rl.Unsupported, match="is no game of drawn types"):
        rl.mediator_worth(ladder, "welfare")


def many_messages():
    return advice(messages=tuple("abcdefgh"))


def test_where_all_is_the_same_the_text_says_so():
    worth = rl.mediator_worth(all_tied, "welfare", "correlated")
    assert worth.changes_nothing
    text = str(worth)
    assert text.splitlines()[0] == "all_tied, correlated: welfare"
    assert all(len(row) <= 100 for row in text.splitlines())
    assert "with 2, without 2" in repr(worth)
    assert "<pre>" in worth._repr_html_()


def test_the_text_shows_both_ends_on_both_sides():
    lines = str(rl.mediator_worth(advice, rl.payoff("Sender"))).splitlines()
    assert lines[1].split() == ["least", "greatest"]
    assert lines[2].split() == ["with", "a", "mediator", "7/8", "3/2"]
    assert lines[3].split() == ["without", "1", "1"]
    assert lines[4].split() == ["difference", "-1/8", "1/2"]
    assert "  reported type=a: x 1/2, y 1/2" in lines
