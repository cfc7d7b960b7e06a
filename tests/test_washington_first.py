"""What Washington first finds: its price cuts against its being followed."""

from __future__ import annotations

from fractions import Fraction

import pytest

import redlines as rl
from redlines import RUSSIA
from redlines.scenarios.washington_first import FIRST

FULL = "full price paid"
GOES = "Russia goes to Washington first"
FOLLOWED = (
    "the more surely the allies follow Washington, the rather Russia goes there first"
)
IN_HAND = "with the allies' consent in hand Russia does not pay the full price"


@pytest.fixture(scope="module")
def scenario():
    return rl.load("washington_first")


def at(scenario, form="seen", **changes):
    """The only equilibrium of a form near the baseline."""
    values = {**scenario.baseline, **changes}
    assert all(a.holds(**values) for a in scenario.assumptions)
    (found,) = rl.solve(scenario.forms[form].bind(**values), "sequential")
    return found


def test_whether_washington_is_first_depends_on_the_payoffs(scenario):
    verdict = scenario.verdict(GOES)
    assert verdict.name == "sometimes"
    assert not verdict.turns_on_selection
    assert scenario.solve()[0].probability(FIRST) == 0


def test_a_second_round_must_cost_more_than_it_saves(scenario):
    """Where the full price is paid: the price saved, and the consent not had."""
    names = ("follow", "alone", "rest", "full", "modest", "cost")
    follow, alone, rest, full, modest, cost = (scenario.baseline[n] for n in names)
    threshold = 1 - (cost - alone * (full - modest)) / (alone * rest)
    assert follow < threshold < 1
    near = Fraction(1, 1000)
    for value, first in ((threshold - near, 0), (threshold + near, 1)):
        found = at(scenario, follow=value)
        assert found.probability(FIRST) == first
    assert found.probability(FULL) == 1


def test_surer_followers_may_turn_russia_away_from_washington(scenario):
    verdict = scenario.verdict(FOLLOWED)
    assert verdict.name == "sometimes"
    few, more = at(scenario, follow="3/10"), at(scenario, follow="2/5")
    assert few.probability(FIRST) == 1
    assert few.probability(FULL) == 0
    assert more.probability(FIRST) == 0
    assert more.probability(FULL) > 0
    assert at(scenario, follow="19/20").probability(FIRST) == 1


def test_an_ally_in_hand_takes_the_full_price_away(scenario):
    assert scenario.verdict(IN_HAND).name == "always"
    (found,) = scenario.solve()
    assert found.probability(FULL, given="allies in hand") == 0
    assert found.probability(FULL) > 0


def test_that_hangs_on_what_washington_charges_for(scenario):
    given = [a.otherwise or a for a in scenario.assumptions]
    claim = scenario.claims[IN_HAND]
    assert rl.check(scenario.game, claim, given).name != "always"


def test_what_washington_does_not_see_does_not_lower_its_price(scenario):
    seen, unseen = (at(scenario, form=form) for form in ("seen", "unseen"))
    assert unseen.payoffs[RUSSIA] < seen.payoffs[RUSSIA]
    assert unseen.probability("modest price paid") == 0


def test_an_unknown_way_of_seeing_is_refused(scenario):
    with pytest.raises(rl.UnknownLabel, match="seen"):
        scenario.game(order="told")
