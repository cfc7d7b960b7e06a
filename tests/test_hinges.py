"""On which statements a verdict hangs, and what would settle it."""

from __future__ import annotations

import pytest
import stories
from stories import deter

import redlines as rl
from redlines import P

GIVEN = ["c < V/2", "d > a"]


def test_hinges_find_the_statements_that_are_needed():
    claim = P("crossed") == 0
    found = rl.hinges(
        deter, claim, ["resolve > 1/2", "gain < cost", "cost < 3", "gain < 2*cost"]
    )
    assert found.verdict.name == "always"
    assert found.sets == (frozenset({"resolve > 1/2", "gain < cost"}),)
    assert found.pivotal == ("resolve > 1/2", "gain < cost")
    assert found.idle == ("cost < 3", "gain < 2*cost")
    assert not found.trivial


def test_statements_that_replace_each_other():
    found = rl.hinges(
        deter, P("crossed") == 0, ["resolve > 1/2", "gain < cost", "2*gain < cost"]
    )
    assert set(found.replaceable) == {"gain < cost", "2*gain < cost"}
    assert found.pivotal == ("resolve > 1/2",)


def test_a_trivial_claim_hangs_on_nothing():
    found = rl.hinges(deter, P("crossed") <= 1, ["gain < cost"])
    assert found.trivial
    assert found.idle == ("gain < cost",)
    assert rl.check(deter, P("crossed") <= 1, ["gain < cost"]).trivial


def test_a_switch_is_toggled():
    from redlines.evidence import Switch

    claim = P("war") == 0
    switch = Switch("warned", True, False, "suslov-red-lines", why="answers are known")
    found = rl.hinges(deter, claim, [switch])
    assert found.verdict.name == "always"
    assert found.pivotal == ("suslov-red-lines",)


def test_hinges_say_what_one_thing_otherwise_makes_of_it():
    from redlines.evidence import Assumption, Switch

    told = "suslov-red-lines"
    given = [
        Assumption(
            "gain < cost", told, why="a war is dear", alternative="gain < 9*cost"
        ),
        Assumption("resolve > 1/2", "ours", why="for this test"),
    ]
    found = rl.hinges(deter, P("crossed") == 0, given)
    assert found.verdict.name == "always"
    assert found.otherwise == (
        ("gain < 9*cost [suslov-red-lines]", "sometimes"),
        ("weak perfect bayesian equilibrium", "always"),
        ("nash equilibrium", "unknown, tried at a few admitted values only"),
    )
    assert "with one thing otherwise:" in str(found)
    switch = Switch("warned", True, False, told, why="answers are known")
    found = rl.hinges(deter, P("war") == 0, [switch])
    assert found.otherwise[0] == (
        "warned=False rather than True [suslov-red-lines]",
        "sometimes",
    )


def test_an_alternative_reading_is_read_at_once_and_goes_both_ways():
    from redlines.evidence import Assumption

    one = Assumption("gain < cost", "ours", why="because", alternative="gain < 2*cost")
    assert one.otherwise.relation == "gain < 2*cost"
    assert one.otherwise.otherwise == one
    assert Assumption("gain < cost", "ours", why="because").otherwise is None
    with pytest.raises(rl.ParseError):
        Assumption("gain < cost", "ours", why="because", alternative="gain <")


def test_what_is_sometimes_true_is_not_called_trivial():
    assert rl.check(deter, P("crossed") == 0, ["gain < cost"]).trivial is None
    assert (
        rl.check(deter, P("crossed") == 0, ["gain < cost", "resolve > 1/2"]).trivial
        is False
    )
    assert (
        "It is trivial" in rl.check(deter, P("crossed") <= 1, ["gain < cost"]).report()
    )


def test_the_report_says_when_it_turns_on_selection():
    verdict = rl.check(stories.line, P("crossed") < 1, [*GIVEN, "p < 1/2", "k < V/4"])
    assert verdict.name == "sometimes"
    assert verdict.turns_on_selection
    assert "which equilibrium is played" in " ".join(verdict.report().split())
    crossing = ["resolve < gain/(gain + cost)"]
    payoffs = rl.check(deter, P("war") <= "1/4", crossing)
    assert payoffs.name == "sometimes"
    assert not payoffs.turns_on_selection
    assert "which equilibrium" not in payoffs.report()


def test_where_it_is_not_worked_out_values_are_counted(monkeypatch):
    from redlines import proving

    monkeypatch.setattr(proving, "SOON", 0)
    monkeypatch.setattr(proving, "FEW", 0)
    proving._RECENT.clear()
    where = rl.check(stories.line, P("crossed") < "1/2", GIVEN).where
    assert where.every is None
    assert 0 < sum(where.counts) <= proving.COUNTED
    assert "not worked out; at" in str(where)


def test_missing_names_the_weakest_single_condition():
    found = rl.missing(deter, P("crossed") == 0)
    assert [str(r) for r in found.always] == ["resolve > gain/(cost + gain)"]
    assert [str(r) for r in found.never] == ["resolve < gain/(cost + gain)"]


def test_missing_in_one_parameter():
    found = rl.missing(stories.line, P("crossed") < "1/2", GIVEN)
    assert "p > 1/2" in [str(r) for r in found.always]
    for relation in found.always:
        again = rl.check(stories.line, P("crossed") < "1/2", [*GIVEN, relation])
        assert again.name == "always"
    for relation in found.never:
        again = rl.check(stories.line, P("crossed") < "1/2", [*GIVEN, relation])
        assert again.name == "never"
