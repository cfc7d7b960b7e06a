"""The referee of inspection games refuses what is wrong."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as F

import pytest

import redlines as rl
from redlines.inspected import AnnouncedPart, InspectedPart
from redlines.solvers.inspections import InspectionAnnounced, InspectionSubgamePerfect
from redlines.vigilance import Ceilings, announced, stagewise

HALF = rl.InspectionGame(2, 1, caught_loss="1/2")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({(2, 1, 1): ((F(1, 2), F(1, 2)), (F(2, 3), F(2, 3)))}, "Inspectee gains"),
        ({(2, 1, 1): ((F(1, 3), F(1, 3)), (F(1, 2), F(1, 2)))}, "Inspector gains"),
        ({(1, 0, 1): ((F(0), F(0)), (F(0), F(0)))}, "gains 1 by violating"),
        ({(1, 0, 1): ((F(1), F(1)), (F(0), F(0)))}, "no such probabilities"),
        ({(1, 1, 1): ((F(0), F(1)), (F(0), F(0)))}, "by violating at (1, 1)"),
    ],
)
def test_the_referee_refuses_what_is_no_equilibrium(change, reason):
    right = rl.solve(HALF, "subgame perfect")._elements[0].choices
    assert stagewise(HALF, right, "subgame perfect")
    wrong = stagewise(HALF, {**right, **change}, "subgame perfect")
    assert not wrong
    assert any(reason in f for f in wrong.failures)


def test_the_referee_refuses_a_plan_with_a_hole():
    right = dict(rl.solve(HALF, "subgame perfect")._elements[0].choices)
    del right[1, 1, 1]
    assert "nothing is chosen" in stagewise(HALF, right, "nash").failures[0]


def test_the_referee_refuses_wrong_announcements():
    part = rl.solve(HALF, "stackelberg")._elements[0]
    plan, value, tops = part.plan, part.value, part.ceilings
    assert announced(HALF, plan, value, tops)

    def refused(plan=plan, value=value, tops=tops):
        certificate = announced(HALF, plan, value, tops)
        assert not certificate
        return "; ".join(certificate.failures)

    assert "pays -1/3, not 0" in refused(value=F(0))
    weak = (replace(plan[0], inspects=F(1, 4)), *plan[1:])
    assert "gains 1/4 by violating" in refused(plan=weak)
    strong = (replace(plan[0], inspects=F(1, 2)), *plan[1:])
    assert "the ceiling" in refused(plan=strong, value=F(-1, 2))
    assert "no probability" in refused(
        plan=(replace(plan[0], inspects=F(2)), *plan[1:])
    )
    assert "breaks off" in refused(plan=(replace(plan[0], then={}), *plan[1:]))
    low = {
        s: [[(x, y - 1) for x, y in c] for c in rows] for s, rows in tops.curves.items()
    }
    assert "too low" in refused(tops=Ceilings(low, tops.least))
    high = {state: least + 1 for state, least in tops.least.items()}
    assert "held to less" in refused(tops=Ceilings(tops.curves, high))
    assert "begin" in refused(plan=plan[1:])


def test_a_solver_that_is_wrong_is_found_out(monkeypatch):
    right = rl.solve(HALF, "subgame perfect")._elements[0].choices
    wrong = {**right, (2, 1, 1): ((F(0), F(0)), (F(0), F(0)))}

    def find(self, game, coverage):
        found = original(self, game, coverage)
        found.elements[:] = [InspectedPart(game, wrong)]
        return found

    original = InspectionSubgamePerfect.find
    monkeypatch.setattr(InspectionSubgamePerfect, "find", find)
    with pytest.raises(rl.SolveFailed, match="gains"):
        rl.solve(HALF, "subgame perfect")


def test_a_worse_announcement_is_found_out(monkeypatch):
    part = rl.solve(HALF, "stackelberg")._elements[0]
    lower = AnnouncedPart(HALF, part.plan, part.value - 1, part.ceilings)

    def find(self, game, coverage):
        found = original(self, game, coverage)
        found.elements[:] = [lower]
        return found

    original = InspectionAnnounced.find
    monkeypatch.setattr(InspectionAnnounced, "find", find)
    with pytest.raises(rl.SolveFailed, match="the plan pays -1/3"):
        rl.solve(HALF, "stackelberg")
