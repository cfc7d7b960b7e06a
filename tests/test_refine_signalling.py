"""The intuitive criterion, D1 and divinity at numbers."""

from __future__ import annotations

from fractions import Fraction

import pytest
from canon_stories import unilateral_deterrence
from signalling_stories import beer_quiche, spence, sunk_cost, table_game

import redlines as rl
from redlines.errors import Unsupported
from redlines.removals import FORWARD

STRONG, WEAK = "breakfast [type=strong]", "breakfast [type=weak]"
UDG = {
    "cDC": 5,
    "cSQ": 3,
    "cDDp": 2,
    "cCD": 1,
    "cDDm": 0,
    "dSQ": 5,
    "dCD": 4,
    "dDDp": 3,
    "dDC": 2,
    "dDDm": 0,
}


def paths(solution):
    """The play of each family on its path."""
    return {tuple(sorted(f.path.items())) for f in solution.families}


def refined(game, name):
    return rl.solve(game, "sequential", refine=name)


@pytest.mark.parametrize("name", FORWARD)
def test_only_pooling_on_beer_survives(name):
    """Cho and Kreps (1987): pooling on quiche fails the intuitive criterion."""
    solution = refined(beer_quiche.bind(strong="9/10"), name)
    (family,) = solution.families
    assert (family.path[STRONG], family.path[WEAK]) == (("beer",), ("beer",))
    assert family.payoffs == {"Sender": Fraction(29, 10), "Receiver": Fraction(9, 10)}
    assert solution.complete
    assert solution.count == len(solution)


def test_a_removal_names_message_type_and_gain():
    solution = refined(beer_quiche.bind(strong="9/10"), "intuitive criterion")
    assert len(solution.removed) == 2
    for gone in solution.removed:
        assert gone.refinement == "intuitive criterion"
        assert gone.equilibrium.support[STRONG] == ("quiche",)
        assert (gone.player, gone.action, gone.infosets) == (
            "Sender",
            "beer",
            (STRONG,),
        )
        assert gone.reason == (
            "after 'beer', which no type sends, type=weak is ruled out: worse off "
            "whatever is replied; whatever is then a best reply, type=strong gains at "
            "least 1 by 'beer'"
        )
    assert "removed: 2 support profiles by intuitive criterion: after 'beer'" in str(
        solution
    )


def test_the_intuitive_criterion_keeps_mixed_play_where_the_sender_is_rarely_strong():
    game = beer_quiche.bind(strong="1/10")
    solution = refined(game, "intuitive criterion")
    assert [e.payoffs for e in solution] == [
        e.payoffs for e in rl.solve(game, "sequential")
    ]
    assert solution.removed == ()
    assert "nothing was removed" in str(solution)


def test_d1_narrows_beliefs_and_says_so():
    (beer,) = refined(beer_quiche.bind(strong="9/10"), "D1")
    history = "type=weak, breakfast=quiche"
    assert beer.belief["answer [breakfast=quiche]"][history] == 1
    assert "D1 rules out type=strong after quiche" in beer.free.relations
    assert "D1" in beer.certificate.checked
    profile = {
        STRONG: "beer",
        WEAK: "beer",
        "answer [breakfast=beer]": "leave",
        "answer [breakfast=quiche]": "duel",
    }
    assert beer.contains(profile)
    for share, belongs in (("0", True), ("1/4", False)):
        belief = {
            "answer [breakfast=beer]": {
                "type=strong, breakfast=beer": "9/10",
                "type=weak, breakfast=beer": "1/10",
            },
            "answer [breakfast=quiche]": {
                "type=strong, breakfast=quiche": share,
                history: 1 - Fraction(share),
            },
        }
        assert beer.contains(profile, belief) is belongs


def test_only_the_cheapest_separation_survives_the_intuitive_criterion():
    """Spence (1973), Cho and Kreps (1987): pooling is removed, better or not."""
    grid = (0, Fraction(3, 8), Fraction(3, 4), Fraction(17, 16))
    game = spence(grid, (1, Fraction(7, 4), 2)).bind(able="3/4")
    solution = refined(game, ["intuitive criterion", "D1"])
    (family,) = solution.families
    assert family.path["effort [ability=high]"] == ("17/16",)
    assert family.path["effort [ability=low]"] == ("0",)
    high, low = 2 - Fraction(17, 32), 1
    assert family.payoffs["Worker"] == Fraction(3, 4) * high + Fraction(1, 4) * low
    gone = [
        r.equilibrium
        for r in solution.removed
        if r.refinement == "intuitive criterion"
        and r.equilibrium.support["effort [ability=high]"]
        == r.equilibrium.support["effort [ability=low]"]
        == ("0",)
    ]
    # both abilities would have been better off
    assert {e.payoffs["Worker"] for e in gone} == {Fraction(7, 4)}
    assert Fraction(7, 4) > max(high, low)


def test_the_least_cost_is_sunk_under_the_intuitive_criterion():
    """After Fearon (1997): the receiver has types, and the sender the last word."""
    game = sunk_cost.bind(q="1/4", r="3/4")
    before = rl.solve(game, "sequential")
    found = {f.path["sink [D=high]"] for f in before.families}
    assert {("5/16",), ("1/2",)} <= found
    for name in FORWARD:
        after = refined(game, name)
        assert {f.path["sink [D=high]"] for f in after.families} == {("5/16",)}
        assert {f.path["sink [D=low]"] for f in after.families} == {("0",)}


@pytest.mark.parametrize(
    ("pC", "pD", "survive"),
    [
        # cs = 1/2, ct = 2/3, dn = 1/2
        ("1/4", "1/4", {"intuitive criterion", "divinity"}),
        ("3/4", "1/4", {"intuitive criterion"}),
        ("1/4", "3/5", set()),
        ("1/4", "2/3", set(FORWARD)),
        ("1/4", "3/4", set(FORWARD)),
    ],
)
def test_criteria_differ_on_steadfast_deterrence(pC, pD, survive):
    """After Zagare and Kilgour (2000); divinity after Banks and Sobel (1987).

    Both types could gain by defecting where pD < cs, the hard one by more replies: so
    the intuitive criterion says nothing there, D1 that it is hard, and divinity that it
    is hard at least as often as before.
    """
    game = unilateral_deterrence.bind(pC=pC, pD=pD, **UDG)
    for name in FORWARD:
        kept = any(
            f.path["start [C=hard]"] == f.path["start [C=soft]"] == ("cooperate",)
            for f in refined(game, name).families
        )
        assert kept is (name in survive), name


def test_divinity_bounds_beliefs_by_the_prior():
    game = unilateral_deterrence.bind(pC="1/4", pD="1/4", **UDG)
    reply, history = "reply [D=soft, start=defect]", "C=hard, D=soft, start=defect"
    (steadfast,) = (
        e
        for e in refined(game, "divinity")
        if e.support["start [C=hard]"] == ("cooperate",)
        and e.support[reply] == ("deny",)
    )
    shown = steadfast.free.belief[reply][history]
    assert (shown.low, shown.high) == (Fraction(1, 4), Fraction(1, 2))


def test_what_survives_in_part_is_described():
    """With even odds replies on the path are free, and payoffs vary with them."""
    solution = refined(beer_quiche.bind(strong="1/2"), "intuitive criterion")
    assert solution.complete
    (part,) = (r for r in solution.removed if r.where)
    assert part.where == "leave at answer [breakfast=quiche] > 1/2"
    (left,) = (
        e
        for e in solution
        if e.support[STRONG] == ("quiche",)
        and len(e.path["answer [breakfast=quiche]"]) == 2
    )
    assert left.strategy["Receiver"]["answer [breakfast=quiche]"] == {
        "duel": Fraction(1, 2),
        "leave": Fraction(1, 2),
    }
    assert "part of 1 support profile by intuitive criterion: where" in str(solution)
    with pytest.raises(Unsupported, match="at the representative"):
        left.range(rl.payoff("Sender"))


def test_refinements_apply_in_turn_and_names_are_read_loosely():
    game = beer_quiche.bind(strong="9/10")
    solution = rl.solve(
        game, "sequential", refine=["Intuitive_Criterion", "d1", "Universal-Divinity"]
    )
    assert solution.refinements == ("intuitive criterion", "D1", "universal divinity")
    assert solution[0].certificate.checked[-3:] == solution.refinements
    assert "refined by intuitive criterion, D1, universal divinity" in repr(solution)


def test_relabelling_types_and_messages_changes_nothing():
    rows = {
        (0, 0, 0, 0): (3, 1),
        (0, 0, 0, 1): (1, 0),
        (0, 1, 0, 0): (2, 1),
        (0, 1, 0, 1): (0, 0),
        (1, 0, 0, 0): (2, 0),
        (1, 0, 0, 1): (0, 1),
        (1, 1, 0, 0): (3, 0),
        (1, 1, 0, 1): (1, 1),
    }
    turned = {(1 - t, 1 - m, y, a): v for (t, m, y, a), v in rows.items()}
    for name in FORWARD:
        one = refined(table_game((3, 2), rows), name)
        other = refined(table_game((2, 3), turned), name)
        assert sorted(map(str, (e.payoffs for e in one))) == sorted(
            map(str, (e.payoffs for e in other))
        )
        assert len(one.removed) == len(other.removed)


# --------------------------------------------------------------------------- refusals
def test_an_unknown_refinement_lists_those_there_are():
    with pytest.raises(Unsupported, match="did you mean 'proper'") as caught:
        rl.solve(beer_quiche.bind(strong="1/2"), "sequential", refine="propper")
    assert "'universal divinity'" in str(caught.value)
    with pytest.raises(TypeError, match="a name or a list of names"):
        rl.solve(beer_quiche.bind(strong="1/2"), "sequential", refine=3)
    with pytest.raises(TypeError, match="names of refinements, not 3"):
        rl.solve(beer_quiche.bind(strong="1/2"), "sequential", refine=["D1", 3])


def test_one_equilibrium_is_not_refined():
    with pytest.raises(Unsupported, match="coverage at 'all'"):
        rl.solve(
            beer_quiche.bind(strong="1/2"), "sequential", coverage="one", refine="D1"
        )


@pytest.mark.parametrize("concept", ["nash", "weak perfect bayesian"])
def test_criteria_for_beliefs_refine_sequential_equilibria(concept):
    with pytest.raises(Unsupported, match="refines 'sequential' equilibria"):
        rl.solve(beer_quiche.bind(strong="1/3"), concept, refine="D1")


@rl.game("S", "R")
def two_messages(play):
    play.draw("t", {"a": "1/2", "b": "1/2"}, seen_by="S")
    play.move("S", "one", ["l", "r"])
    play.move("S", "two", ["l", "r"])
    if play.move("R", "do", ["x", "y"]) == "x":
        play.pay({"R": 1})


@rl.game("S", "R")
def second_reply(play):
    play.draw("t", {"a": "1/2", "b": "1/2"}, seen_by="S")
    play.move("S", "say", ["l", "r"])
    play.move("R", "do", ["x", "y"])
    play.move("R", "more", ["x", "y"])
    play.pay({"R": 1})


@rl.game("S", "R")
def unseen(play):
    t = play.draw("t", {"a": "1/2", "b": "1/2"}, seen_by="S")
    said = play.move("S", "say", ["l", "r"], seen_by=[])
    if play.move("R", "do", ["x", "y"]) == "x":
        play.pay({"R": 1 if t == "a" else -1, "S": 1 if said == "l" else 0})


@rl.game("S", "R")
def correlated(play):
    t = play.draw("t", {"a": "1/2", "b": "1/2"}, seen_by="S")
    odds = "1/3" if t == "a" else "2/3"
    play.draw("y", {"c": odds, "d": rl.REST}, seen_by="R")
    play.move("S", "say", ["l", "r"])
    if play.move("R", "do", ["x", "y"]) == "x":
        play.pay({"R": 1 if t == "a" else -1})


@rl.game("S", "R")
def either_first(play):
    who = "S" if play.draw("t", {"a": "1/2", "b": "1/2"}) == "a" else "R"
    if play.move(who, f"{who} moves", ["l", "r"]) == "l":
        play.pay({"S": 1})


@pytest.mark.parametrize(
    ("game", "reason"),
    [
        (two_messages, "S moves at 'two [t=a, one=l]' after the message"),
        (second_reply, "R moves at 'more [say=l, do=x]' after the message"),
        (unseen, "does not see whether 'l' or 'r' was chosen"),
        (correlated, "depends on the sender's type"),
        (either_first, "who moves first depends on chance"),
    ],
)
def test_other_games_are_refused_with_the_reason(game, reason):
    with pytest.raises(Unsupported) as caught:
        rl.solve(game, "sequential", refine="D1")
    assert reason in str(caught.value)
    assert "one message, one reply" in str(caught.value)
