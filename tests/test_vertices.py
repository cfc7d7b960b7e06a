"""Vertices of best-reply polytopes: what floating point proves is what is exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redlines.solvers import certified_pivots, vertices
from redlines.solvers.certified_pivots import (
    Polytope,
    Tied,
    moved_vertices,
    simple_vertices,
)
from redlines.solvers.nash import polytopes
from redlines.solvers.vertices import Budget, all_vertices
from redlines.solvers.whole_pivots import TooLarge, lexicographic_vertices

# what ties, what nearly ties, and what has more digits than floating point
PAYOFFS = (
    st.integers(0, 2),
    st.integers(0, 10**6),
    st.sampled_from([10**18, 10**18 + 1, 1, 0, -(10**18)]),
    st.sampled_from([0, 10**12, 10**12 + 1, 2 * 10**12]),
)


@st.composite
def matrices(draw, most=5):
    m, n = draw(st.integers(1, most)), draw(st.integers(1, most))
    entry = draw(st.sampled_from(PAYOFFS))
    row = st.lists(entry, min_size=n, max_size=n)
    return draw(st.lists(row, min_size=m, max_size=m))


def unlimited(found):
    """Never gives up."""


@settings(deadline=None, max_examples=150)
@given(matrices())
def test_all_vertices_are_those_of_whole_numbers(matrix):
    for rows, below in polytopes(matrix, matrix):
        expected = lexicographic_vertices(rows, False, unlimited)
        assert all_vertices(rows, below).tolist() == expected.tolist()


@settings(deadline=None, max_examples=60)
@given(matrices(), st.sampled_from([1e-1, 1e-3, 1e-6, 1e-12]))
def test_a_move_of_any_size_finds_all_or_says_that_it_cannot(matrix, size):
    for rows, below in polytopes(matrix, matrix):
        polytope = Polytope(rows, below)
        try:
            found = moved_vertices(polytope, size, unlimited)
        except Tied:
            continue
        expected = lexicographic_vertices(rows, False, unlimited)
        assert found.tolist() == expected.tolist()


def test_a_move_that_is_too_large_is_found_out():
    # a slack of 1e-5, which a move of 1e-2 makes negative or not at will
    rows = [[100_000, 1, 3], [99_999, 2, 1], [1, 99_999, 100_000]]
    refused = 0
    for size in (1e-1, 1e-2, 1e-3):
        try:
            found = moved_vertices(Polytope(rows, 100_000), size, unlimited)
        except Tied:
            refused += 1
        else:
            assert found.tolist() == all_vertices(rows, 100_000).tolist()
    assert refused


def test_a_near_tie_is_looked_at_exactly_and_is_none():
    # where the first two rows are tight, the third has a slack of 1 in 4e17
    big = 10**17
    rows = [[3 * big, big], [big, 3 * big], [2 * big, 2 * big - 1]]
    simple = simple_vertices(Polytope(rows, 3 * big), unlimited)
    expected = lexicographic_vertices(rows, False, unlimited)
    assert simple.tolist() == expected.tolist()
    with pytest.raises(Tied):
        simple_vertices(Polytope([[2, 1], [2, 1]], 2), unlimited)


def test_labels_of_a_basis():
    polytope = Polytope([[2, 1], [1, 2], [2, 2]], 2)
    # nothing in play; the first choice alone, against which two rows tie
    assert polytope.exact_labels(0b00011) == 0b00011
    assert polytope.exact_labels(0b00110) == 0b10110
    # where the first two rows are tight the third is overstepped
    assert polytope.exact_labels(0b01100) is None
    # and two of the rows that are the same have no one solution
    assert Polytope([[1, 1], [1, 1]], 1).exact_labels(0b1100) is None


def test_slacks_that_are_not_zero_are_at_least_the_bound():
    rng = np.random.default_rng(3)
    for _ in range(40):
        rows = rng.integers(1, 4, (4, 4))
        least = Polytope(rows.tolist(), 3).least()
        for size in range(1, 5):
            determinant = abs(np.linalg.det(rows[:size, :size]))
            assert least[size] * determinant < 1


def test_numbers_beyond_floating_point_have_no_bound_and_are_exact():
    huge = [[10**400, 1], [10**400, 1], [1, 10**400]]
    assert not Polytope(huge, 10**400).least()[1:].any()
    expected = lexicographic_vertices(huge, False, unlimited)
    assert all_vertices(huge, 10**400).tolist() == expected.tolist()


def test_compiled_loops_and_numpy_find_the_same(monkeypatch):
    kernels = pytest.importorskip("redlines.solvers.kernels")
    for seed in range(12):
        rng = np.random.default_rng(seed)
        table = rng.integers(0, 3 if seed % 2 else 10**9, (2, 7, 6)).tolist()
        for rows, below in polytopes(*table):
            found = []
            for chosen in (
                certified_pivots._Numpy,
                lambda masks: certified_pivots._Compiled(kernels, masks),
            ):
                monkeypatch.setattr(certified_pivots, "_stepper", chosen)
                found.append(all_vertices(rows, below).tolist())
            assert found[0] == found[1]


def test_where_floating_point_fails_whole_numbers_follow(monkeypatch):
    rows = [[3, 1], [1, 3], [3, 3]]
    expected = all_vertices(rows, 3).tolist()

    def fails(*given):
        raise Tied

    monkeypatch.setattr(vertices, "simple_vertices", fails)
    monkeypatch.setattr(vertices, "moved_vertices", fails)
    assert all_vertices(rows, 3).tolist() == expected
    big = [[value * 10**12 + 1 for value in row] for row in rows]
    with pytest.raises(TooLarge):
        lexicographic_vertices(big, True, unlimited)
    assert len(all_vertices(big, 3 * 10**12 + 1)) == len(expected)


def test_more_vertices_than_the_budget_allows_are_not_kept():
    rng = np.random.default_rng(1)
    for table in (rng.integers(0, 10**6, (8, 8)), rng.integers(0, 3, (8, 8))):
        ((rows, below), _) = polytopes(table.tolist(), table.tolist())
        with pytest.raises(vertices.Undecided, match="more than 5 vertices"):
            all_vertices(rows, below, Budget(vertices=5))
