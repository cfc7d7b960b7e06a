"""What the summit with a date finds: hope delays it, fear brings it about."""

from __future__ import annotations

from fractions import Fraction

import pytest

import redlines as rl
from redlines import RUSSIA, US

LEAD = "the summit fails only where neither side can concede"


@pytest.fixture(scope="module")
def scenario():
    return rl.load("g20_summit")


def test_it_fails_only_where_neither_can_concede_if_stubbornness_is_likely(scenario):
    verdict = scenario.verdict(LEAD)
    assert verdict.name == "sometimes"
    price, prize = Fraction(2), Fraction(4)
    threshold = price / (2 * prize - price)
    for chance, holds in (
        (threshold + Fraction(1, 100), True),
        (threshold - Fraction(1, 100), False),
    ):
        values = {**scenario.baseline, "stubborn": chance}
        assert all(a.holds(**values) for a in scenario.assumptions)
        for found in rl.solve(scenario.game.bind(**values), "sequential"):
            assert (found.probability("no summit") == chance**2) is holds


def test_at_the_baseline_both_wait_for_the_eve(scenario):
    (only,) = scenario.solve()
    assert only.probability("conceded in period 1") == 0
    assert only.probability("conceded on the eve") == Fraction(3, 4)
    assert only.payoffs[US] == only.payoffs[RUSSIA]


def test_where_each_knows_of_both_it_may_fail_though_both_could_concede(scenario):
    chances = {e.probability("no summit") for e in scenario.solve(form="open")}
    assert min(chances) == scenario.baseline["stubborn"] ** 2 < max(chances)


def test_the_hazard_jumps_on_the_eve(scenario):
    finding = scenario.study("Period by period")
    assert "In 19 of 19 families" in finding.says
    assert "In 12 of the 12" in finding.says
    words = next(w for w in scenario.claims if "on the eve, if none" in w)
    assert scenario.verdict(words).name == "sometimes"


def test_more_stubborn_sides_may_fail_less_often(scenario):
    finding = scenario.study("How likely no summit is")
    assert "is lower than that" in finding.says
    head, *rows = finding.table
    assert all(Fraction(row[2]) >= Fraction(row[1]) for row in rows)
    assert all(len(row) == len(head) for row in rows)


def test_less_stubborn_sides_flip_the_lead_and_more_stubborn_ones_do_not(scenario):
    found = {flip.side: flip for flip in scenario.flips(parameters=["stubborn"])}
    below, above = found["below"], found["above"]
    assert below.value == Fraction(1, 3)
    assert below.exact
    assert below.admitted
    assert above.value is None


def test_an_unknown_way_of_knowing_is_refused(scenario):
    with pytest.raises(rl.UnknownLabel, match="private"):
        scenario.game(knows="guessed")
