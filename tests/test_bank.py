"""Every solver on every game of the bank that it does not refuse."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from bank import CASES, CONCEPTS, NASH, PERFECT, SEQUENTIAL, WEAK, Case
from oracle.brute import (
    Tree,
    carries_sequential,
    is_nash,
    is_nash_in_subgames,
    is_sequential,
    is_weak,
)
from stories import ladder

import redlines as rl

BY_NAME = {case.name: case for case in CASES}
SOLVED = [(case, concept) for case in CASES for concept in case.counts]


def name(value):
    return value.name if isinstance(value, Case) else str(value)


@pytest.fixture(scope="module")
def solve():
    known = {}

    def solved(case, concept):
        key = (case.name, concept)
        if key not in known:
            pure = {"method": "pure strategies"} if concept == NASH else {}
            known[key] = rl.solve(case.game, concept, **pure)
        return known[key]

    return solved


def flat(equilibrium):
    return {h: dict(row) for p in equilibrium.strategy.values() for h, row in p.items()}


def realizes(equilibrium, part):
    """Whether some equilibrium of an element does what is published."""
    free = equilibrium.free.strategy
    shown = flat(equilibrium)
    for label, given in part.items():
        shares = {given: "1"} if isinstance(given, str) else given
        if set(shares) != set(equilibrium.support[label]):
            return False
        for action, share in shares.items():
            exact = Fraction(share)
            if action in free.get(label, {}):
                if exact not in free[label][action]:
                    return False
            elif shown[label][action] != exact:
                return False
    return True


@pytest.mark.parametrize(("case", "concept"), SOLVED, ids=name)
def test_counts_families_and_completeness(case, concept, solve):
    solution = solve(case, concept)
    count, families = case.counts[concept]
    assert len(solution) == count
    if concept == NASH:
        assert not solution.complete
        assert solution.count is None
    else:
        assert solution.complete, solution.reason
        assert solution.count == count
        assert len(solution.families) == families
        members = [id(e) for family in solution.families for e in family]
        assert sorted(members) == sorted(map(id, solution))


def test_every_concept_is_tried_on_every_game_but_one():
    # 800 profiles that differ where one of the players does not let play come
    left_out = [
        (case.name, concept)
        for case in CASES
        for concept in CONCEPTS
        if concept not in case.counts
    ]
    assert left_out == [("two-sided ladder", PERFECT)]


@pytest.mark.parametrize(("case", "concept"), SOLVED, ids=name)
def test_every_element_is_an_equilibrium_by_an_independent_check(case, concept, solve):
    tree = Tree(case.game)
    for element in solve(case, concept):
        assert element.regret == 0
        assert element.certificate.holds
        play = flat(element)
        if concept == SEQUENTIAL:
            assert is_sequential(tree, play, element.belief)
        elif concept == WEAK:
            assert is_weak(tree, play, element.belief)
        elif concept == PERFECT:
            assert is_nash_in_subgames(tree, play)
        else:
            assert is_nash(tree, play)


@pytest.mark.parametrize(("case", "concept"), SOLVED, ids=name)
def test_published_equilibria_are_found_once(case, concept, solve):
    if concept == NASH:
        return
    if concept == PERFECT:
        # it says nothing where own choices exclude a set, so ask for sequential ones
        for element in solve(case, SEQUENTIAL):
            assert sum(e.contains(flat(element)) for e in solve(case, concept)) == 1
        return
    for part in case.published:
        found = [e for e in solve(case, concept) if realizes(e, part)]
        assert len(found) == 1, part


@pytest.mark.parametrize("case", CASES, ids=name)
def test_published_payoffs_and_probabilities(case, solve):
    if not case.published:
        return
    (first,) = (e for e in solve(case, SEQUENTIAL) if realizes(e, case.published[0]))
    for player, value in case.payoffs.items():
        assert first.payoffs[player] == Fraction(value)
    for event, value in case.events.items():
        assert first.probability(event) == Fraction(value)


@pytest.mark.parametrize("case", [c for c in CASES if c.beliefs], ids=name)
@pytest.mark.parametrize("concept", [SEQUENTIAL, WEAK])
def test_published_ranges_of_beliefs(case, concept, solve):
    for label, ranges in case.beliefs.items():
        shown = {
            str(range_)
            for element in solve(case, concept)
            for range_ in element.free.belief.get(label, {}).values()
        }
        assert set(ranges) <= shown


SMALL = [c for c in CASES if len(c.game.infosets) <= 4 and c.name != "everything tied"]


@pytest.mark.parametrize("case", SMALL, ids=name)
def test_no_other_support_profile_carries_a_sequential_one(case, solve):
    tree = Tree(case.game)
    options = []
    for place in tree.places.values():
        subsets = product((True, False), repeat=len(place.actions))
        options.append(
            [
                tuple(a for a, on in zip(place.actions, row, strict=True) if on)
                for row in subsets
                if any(row)
            ]
        )
    profiles = [dict(zip(tree.places, row, strict=True)) for row in product(*options)]
    expected = [p for p in profiles if carries_sequential(tree, p)]
    listed = [dict(e.support) for e in solve(case, SEQUENTIAL)]
    assert sorted(map(str, listed)) == sorted(map(str, expected))


def test_families_of_the_red_line_are_components(solve):
    for concept in (SEQUENTIAL, WEAK):
        solution = solve(BY_NAME["red line"], concept)
        assert sorted(map(len, solution.components)) == [1, 2]
        mixing = next(e for e in solution if len(e.support["act [declare=line]"]) == 2)
        pooling = next(
            e
            for e in solution
            if e.support["declare [type=resolved]"] == ("silent",)
            and len(e.support["act [declare=line]"]) == 2
        )
        label = "act [declare=line]"
        assert str(pooling.free.strategy[label]["cross"]) == "[2/3, 1)"
        history = "type=resolved, declare=line"
        assert pooling.belief[label][history] == Fraction(1, 2)
        assert label not in mixing.free.belief


def test_weak_allows_what_sequential_does_not(solve):
    case = BY_NAME["independent private types"]
    (sequential,) = solve(case, SEQUENTIAL)
    weak = solve(case, WEAK)
    assert sum(e.contains(flat(sequential)) for e in weak) == 1
    tree = Tree(case.game)
    assert sum(is_sequential(tree, flat(e)) for e in weak) == 1


def test_the_ladder_of_sixteen_rungs_has_one_sequential_support_profile():
    solution = rl.solve(ladder(rungs=16), SEQUENTIAL)
    assert solution.complete
    assert solution.count == 1
    assert solution[0].regret == 0
