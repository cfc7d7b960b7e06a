"""What both_win finds: own terms gained, settlements lost, and where neither holds."""

from __future__ import annotations

from fractions import Fraction

import pytest

import redlines as rl
from redlines import RUSSIA, US

LEAD = (
    "as long as play stays of one kind, the tighter the US win-set, the less the US "
    "gets"
)
LOST = (
    "as long as play stays of one kind, the tighter the US win-set, the less likely is "
    "a settlement"
)
ACROSS = (
    "whatever becomes of play, the tighter the US win-set, the less likely is a "
    "settlement"
)
MISSED = "although a settlement exists that both could call a win, it may be missed"


@pytest.fixture(scope="module")
def scenario():
    return rl.load("both_win")


def at(scenario, **changes):
    """The only equilibrium near the baseline."""
    values = {**scenario.baseline, **changes}
    assert all(a.holds(**values) for a in scenario.assumptions)
    (only,) = rl.solve(scenario.game.bind(**values), "sequential")
    return only


# -------------------------------------------------------------------------- the game
def test_no_audience_is_ever_given_what_it_would_vote_down(scenario):
    for end in scenario.game.terminals:
        if "US=tight" in end.history:
            assert "offer=middle" not in end.history
            assert "Russian terms" not in end.history
            assert "concede" not in end.history
        if "Russia=tight" in end.history:
            assert "answer=accept" not in end.history
            assert "US terms" not in end.events


def test_each_side_knows_its_own_audience_only(scenario):
    for infoset in scenario.game.infosets.values():
        assert {US, RUSSIA} & set(dict(infoset.facts)) == {infoset.player}


def test_an_unknown_way_of_knowing_is_refused(scenario):
    with pytest.raises(rl.UnknownLabel, match="private"):
        scenario.game(win_sets="guessed")


# ---------------------------------------------------------------------- what it finds
@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        (LEAD, "always"),
        (LOST, "always"),
        (ACROSS, "sometimes"),
        (MISSED, "sometimes"),
    ],
    ids=["pays less", "lost", "lost across kinds", "missed"],
)
def test_verdicts(scenario, words, verdict):
    assert scenario.verdict(words).name == verdict


def test_own_terms_become_more_likely_for_every_payoff(scenario):
    finding = scenario.study("What a tighter win-set gains")
    assert finding.verdict == "always"
    assert "US terms always become more likely" in finding.says


def test_that_it_pays_less_hangs_on_the_statement(scenario):
    found = scenario.hinges(LEAD)
    assert found.pivotal == ("article-both-win",)
    assert not found.trivial
    assert ("large + small < 2*middle [article-both-win]", "always") in found.otherwise


def test_where_the_us_gives_way_at_once_nothing_is_missed(scenario):
    """Only Russian terms at once find every settlement that both could call a win."""
    where = scenario.verdict(MISSED).where
    assert where.none is not None
    never = at(scenario, russia_tight="9/10")
    assert never.support["offer [US=loose]"] == ("Russian terms",)
    assert never.probability("settled", given="win for both exists") == 1


def test_a_win_set_so_tight_that_it_is_not_doubted_gains_settlements_too(scenario):
    doubted, believed = (at(scenario, us_tight=t) for t in ("9/20", "1/2"))
    for event in ("settled", "US terms"):
        assert believed.probability(event) > doubted.probability(event)
    assert believed.payoffs[US] > doubted.payoffs[US]
    assert believed.payoffs[RUSSIA] < doubted.payoffs[RUSSIA]
    assert "with 1 exception" in scenario.study("A tighter US win-set").says


def test_known_win_sets_find_every_settlement_that_there_is(scenario):
    private, known = (scenario.solutions[form][0] for form in ("private", "open"))
    assert known.probability("settled", given="win for both exists") == 1
    assert private.probability("settled", given="win for both exists") < 1
    for player in (US, RUSSIA):
        assert private.payoffs[player] < known.payoffs[player]


def test_the_findings_in_words_are_those_of_the_baseline(scenario):
    (only,) = scenario.solutions["private"]
    assert only.strategy[US]["offer [US=loose]"]["US terms"] == Fraction(2, 7)
    answer = only.strategy[RUSSIA]["answer [Russia=loose, offer=US terms]"]
    assert answer["accept"] == Fraction(5, 7)


def test_mixing_follows_the_two_indifferences(scenario):
    """By hand: what Russia believes after US terms, and how often it accepts them."""
    v = scenario.baseline
    (only,) = scenario.solutions["private"]
    go_on = 1 - v["breakdown"]
    believed = sum(
        p
        for h, p in only.belief["answer [Russia=loose, offer=US terms]"].items()
        if "US=tight" in h
    )
    assert go_on * (1 - believed) * v["large"] == v["small"]
    accept = Fraction(5, 7)
    assert accept * v["large"] + (1 - accept) * go_on * v["small"] == v["middle"]


# ------------------------------------------------------------------------ the studies
def test_on_a_line_the_best_ratifier_lies_between_the_negotiator_and_the_status_quo(
    scenario,
):
    finding = scenario.study("On a line, with known ratifiers")
    assert "a ratifier at 7/10" in finding.says
    assert "both sides lose" in finding.says
    gains = [Fraction(row[2]) for row in finding.table[1:]]
    best = gains.index(max(gains))
    assert finding.table[1 + best][0] == "7/10"


def test_in_doubt_a_harder_ratifier_is_offered_more_and_fails_more_often(scenario):
    rows = scenario.study("On a line, with a ratifier in doubt").table[1:]
    for column in (1, 2):
        values = [Fraction(row[column]) for row in rows]
        assert values == sorted(set(values))
