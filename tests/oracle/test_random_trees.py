"""What solvers say about random small trees, against brute force.

Every element must be an equilibrium by an independent check; every equilibrium that a
grid of profiles holds must lie in an element, by the element's own word and by its
support with the ranges of what is free.
"""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import chain, combinations, islice, product

import pytest
from oracle.brute import (
    NONE,
    Tree,
    carries_sequential,
    is_nash,
    is_sequential,
    is_subgame_perfect,
    is_weak,
)
from oracle.trees import nash_on_a_grid, random_games

import redlines as rl
from redlines.forms import every_belief_is_consistent

BATCH = 12
BATCHES = 25  # 300 trees
MIXED = 10  # mixed profiles of the grid, besides all pure ones
LOOKED_AT = 6  # elements of one solution; all have regret 0, these are looked into
SEQUENTIAL, WEAK, PERFECT = "sequential", "weak perfect bayesian", "subgame perfect"


def batch(number, perfect=False, **sizes):
    return list(islice(random_games(number, perfect, **sizes), BATCH))


def shown(game):
    return f"\n{game}"


def flat(equilibrium):
    return {h: dict(row) for p in equilibrium.strategy.values() for h, row in p.items()}


def holds(tree, concept, play, belief=NONE):
    """The independent check."""
    if concept == SEQUENTIAL:
        return is_sequential(tree, play, belief)
    if concept == WEAK:
        return is_weak(tree, play, belief)
    return is_subgame_perfect(tree, play) if concept == PERFECT else is_nash(tree, play)


def in_ranges(equilibrium, play):
    """Membership by the support, the probabilities shown and the ranges of the rest."""
    free = equilibrium.free.strategy
    for label, row in flat(equilibrium).items():
        ranges = free.get(label, {})
        on = {a for a, share in play[label].items() if share}
        if on != set(equilibrium.support[label]):
            return False
        for action, share in row.items():
            if action in ranges:
                if play[label][action] not in ranges[action]:
                    return False
            elif play[label].get(action, 0) != share:
                return False
    return True


def check_elements(tree, solution):
    """Every element is an equilibrium: the representative, and single moves off it."""
    concept = solution.concept.value
    check_elements_by(tree, solution, lambda tree, play: holds(tree, concept, play))
    for element in spread(solution):
        if concept in (SEQUENTIAL, WEAK):
            assert holds(tree, concept, flat(element), element.belief), (
                f"{element}{shown(solution.game)}"
            )
            check_beliefs(tree, element)


def check_elements_by(tree, solution, check):
    """The same for strategies, by a check of a profile."""
    assert all(element.regret == 0 for element in solution)
    for element in spread(solution):
        assert check(tree, flat(element)), f"{element}{shown(solution.game)}"
        if not element.free.relations:
            for play in moved(element):
                assert check(tree, play), f"{play}{shown(solution.game)}"
                assert element.contains(play), f"{play}{shown(solution.game)}"


def spread(solution):
    """Some elements, from the first to the last."""
    return solution[:: max(1, -(-len(solution) // LOOKED_AT))]


def inside(range_):
    """Points of a range: the ends that belong to it and the middles."""
    for interval in range_.intervals:
        yield (interval.low + interval.high) / 2
        if interval.low_closed:
            yield interval.low
        if interval.high_closed:
            yield interval.high


def moved(element):
    """The representative with one free binary choice put elsewhere in its range."""
    play = flat(element)
    for label, ranges in element.free.strategy.items():
        if len(ranges) == 2 and len(element.support[label]) == 2:
            one, other = element.support[label]
            for share in inside(ranges[one]):
                yield {**play, label: {one: share, other: 1 - share}}


def check_beliefs(tree, element):
    """One free belief between two nodes, put elsewhere in its range."""
    if element.free.strategy:
        return  # another strategy of the element may be needed
    concept = element.concept.value
    for label, ranges in element.free.belief.items():
        nodes = tree.places[label].points
        if len(nodes) == 2:
            one, other = (p.history for p in nodes)
            for share in inside(ranges[one]):
                belief = {label: {one: share, other: 1 - share}}
                note = f"{belief}{shown(element.game)}"
                assert element.contains(flat(element), belief), note
                assert holds(tree, concept, flat(element), belief), note


def check_found(tree, solution, profiles):
    """Every equilibrium among some profiles lies in an element."""
    concept = solution.concept.value
    for play in profiles:
        inside_some = [e for e in solution if e.contains(play)]
        if holds(tree, concept, play):
            assert not solution.complete or len(inside_some) == 1, (
                f"missed: {play}{shown(solution.game)}"
            )
            assert not inside_some or in_ranges(inside_some[0], play), (
                f"not in the ranges: {play} {inside_some[0].free}{shown(solution.game)}"
            )
        else:
            assert not inside_some, f"wrongly in: {play}{shown(solution.game)}"


@pytest.mark.parametrize("number", range(BATCHES))
def test_sequential_and_weak_elements_are_exactly_the_equilibria(number):
    rng = random.Random(number)
    for game in batch(number):
        tree = Tree(game)
        profiles = nash_on_a_grid(tree, rng, MIXED)
        found = {}
        for concept in (SEQUENTIAL, WEAK):
            solution = found[concept] = rl.solve(game, concept)
            assert solution.complete, f"{solution.reason}{shown(game)}"
            assert solution.count == len(solution) > 0
            check_elements(tree, solution)
            check_found(tree, solution, profiles)
        for element in spread(found[SEQUENTIAL]):
            assert any(w.contains(flat(element)) for w in found[WEAK]), shown(game)


@pytest.mark.parametrize("number", range(6))
def test_sequential_support_profiles_are_those_of_a_full_search(number):
    for game in batch(100 + number, most=4):
        tree = Tree(game)
        labels = list(tree.places)
        options = [
            list(chain.from_iterable(combinations(p.actions, n) for n in (1, 2, 3)))
            for p in tree.places.values()
        ]
        expected = [
            row
            for row in product(*options)
            if carries_sequential(tree, dict(zip(labels, row, strict=True)))
        ]
        solution = rl.solve(game, SEQUENTIAL)
        listed = [tuple(e.support[label] for label in labels) for e in solution]
        assert sorted(listed) == sorted(expected), shown(game)


@pytest.mark.parametrize("number", range(4))
def test_weak_equilibria_are_sequential_where_every_belief_is_consistent(number):
    some = filter(every_belief_is_consistent, random_games(300 + number))
    for game in islice(some, 12):
        listed = [
            [e.support for e in rl.solve(game, concept)]
            for concept in (SEQUENTIAL, WEAK)
        ]
        assert listed[0] == listed[1], shown(game)


@pytest.mark.parametrize("number", range(5))
def test_backward_induction_finds_what_brute_force_and_sequential_find(number):
    rng = random.Random(number)
    for game in batch(200 + number, perfect=True):
        tree = Tree(game)
        solution = rl.solve(game, PERFECT)
        assert solution.complete
        check_elements(tree, solution)
        check_found_among_compressed(tree, solution, nash_on_a_grid(tree, rng, MIXED))
        for element in spread(rl.solve(game, SEQUENTIAL)):
            assert any(e.contains(flat(element)) for e in solution), shown(game)


def check_found_among_compressed(tree, solution, profiles):
    for play in profiles:
        inside_some = any(e.contains(play) for e in solution)
        assert inside_some == is_subgame_perfect(tree, play), (
            f"{play} {inside_some}{shown(solution.game)}"
        )


@pytest.mark.parametrize("number", range(4))
def test_pure_nash_finds_every_pair_that_brute_force_finds(number):
    rng = random.Random(number)
    for game in batch(300 + number, perfect=number % 2 == 0, most=6):
        tree = Tree(game)
        solution = rl.solve(game, "nash", method="pure strategies")
        for element in solution:
            assert element.regret == 0
            assert is_nash(tree, flat(element)), shown(game)
        for play in nash_on_a_grid(tree, rng, mixed=0):
            inside_some = sum(e.contains(play) for e in solution)
            assert inside_some == is_nash(tree, play), f"{play}{shown(game)}"


def test_the_brute_force_knows_right_from_wrong():
    pennies = rl.Game.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    tree, half = Tree(pennies), Fraction(1, 2)
    even = {p: {"1": half, "2": half} for p in ("Row", "Column")}
    odd = {**even, "Row": {"1": Fraction(1, 3), "2": Fraction(2, 3)}}
    for check in (is_nash, is_sequential, is_weak):
        assert check(tree, even)
        assert not check(tree, odd)
