"""What keeps the formula: the leak, not the ally; and whose payoffs say how often."""

from __future__ import annotations

import pytest

import redlines as rl
from redlines import RUSSIA, US

DEARER = "the formula is bent no less often where the ally counts for more"
WORSE_OFF = "Russia is no better off than if it could not leak"


@pytest.fixture(scope="module")
def scenario():
    return rl.load("without_ukraine")


def moved(scenario, form="blind", **values):
    """The only equilibrium at the baseline with some values moved."""
    (only,) = rl.solve(
        scenario.forms[form].bind(**{**scenario.baseline, **values}), "sequential"
    )
    return only


def test_a_dearer_ally_never_makes_the_formula_firmer(scenario):
    verdict = scenario.verdict(DEARER)
    assert verdict.name == "always"


def test_that_hangs_on_both_statements_and_not_on_who_hears(scenario):
    found = scenario.hinges(DEARER)
    assert not found.trivial
    assert set(found.pivotal) == {"us-without-ukraine", "suslov-allies-consulted"}
    assert not found.undecided
    text = str(found)
    assert "leak=heard rather than blind [us-without-ukraine]: always" in text
    assert "ally_cost < high [suslov-allies-consulted]: sometimes" in text


def test_a_dearer_ally_changes_the_leaks_only(scenario):
    before, after = scenario.solve()[0], moved(scenario, ally_cost=9)
    assert after.probability("bent") == before.probability("bent")
    assert after.probability("leaked") < before.probability("leaked")


def test_a_larger_wedge_changes_the_bending_only(scenario):
    before, after = scenario.solve()[0], moved(scenario, wedge="35/4")
    assert after.probability("bent") < before.probability("bent")
    assert after.probability("leaked") == before.probability("leaked")


def test_whether_russia_gains_by_its_leaks_depends_on_the_payoffs(scenario):
    verdict = scenario.verdict(WORSE_OFF)
    assert verdict.name == "sometimes"
    assert not verdict.turns_on_selection
    blind, never = (scenario.solve(form=f)[0] for f in ("blind", "never"))
    assert blind.payoffs[RUSSIA] < never.payoffs[RUSSIA]


def test_it_is_kept_exactly_where_a_leak_of_what_took_place_pays(scenario):
    verdict = scenario.verdict("the formula is kept at least sometimes")
    assert verdict.name == "sometimes"
    assert str(verdict.where.every) == "price < credence*wedge - credence*opening"


def test_if_nothing_can_be_leaked_it_is_always_bent(scenario):
    (never,) = scenario.solve(form="never")
    assert never.probability("bent") == 1


def test_a_russia_that_hears_leaks_whatever_is_bent(scenario):
    (heard,) = scenario.solve(form="heard")
    assert heard.probability("bent") == scenario.baseline["pressing"]
    assert heard.probability("leaked", given="bent") == 1
    assert heard.support["formula [matter=ordinary]"] == ("keep",)


def test_frequent_pressing_matters_are_always_leaked(scenario):
    often = moved(scenario, pressing="1/2")
    assert often.support["formula [matter=ordinary]"] == ("keep",)
    assert often.probability("leaked") == 1


def test_each_side_mixes_by_the_payoffs_of_the_other(scenario):
    finding = scenario.study("What drives it")
    assert "bent depends on the payoffs of Russia alone" in finding.says
    assert "a leak on those of the US alone" in finding.says
    assert "pressing does not enter" in finding.says
    assert len(finding.table) == 4


def test_a_bound_russia_would_let_it_always_be_bent(scenario):
    finding = scenario.study("Bound beforehand")
    rows = {row[0]: row[1:] for row in finding.table}
    assert rows["Russia"][0] == "1"
    assert rows["the US"][1] == "0"
    assert rows["Russia"][1] == rows["nobody"][1]


def test_the_other_reading_of_the_us_statement_always_bends_it(scenario):
    relation = scenario.assumptions[0].relation
    values = {**scenario.baseline, "low": 20}
    assert scenario.assumptions[0].otherwise.holds(**values)
    assert moved(scenario, low=20).probability("bent") == 1
    with pytest.raises(rl.EvidenceError, match=r"breaks the assumption"):
        scenario.otherwise(relation)


def test_an_unknown_way_of_leaking_is_refused(scenario):
    with pytest.raises(rl.UnknownLabel, match="blind"):
        scenario.game(leak="shouted")


def test_the_us_moves_first_and_both_sides_choose(scenario):
    owners = [infoset.player for infoset in scenario.game.infosets.values()]
    assert owners.count(US) == 2
    assert owners.count(RUSSIA) == 1
