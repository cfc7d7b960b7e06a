"""Every method for matrix games on every game of the bank."""

from __future__ import annotations

from fractions import Fraction

import pytest
from bank_matrices import MATRICES, dual_cyclic
from bench.checking import regret

import redlines as rl
from redlines.solvers.nash import polytopes
from redlines.solvers.whole_pivots import lexicographic_path

ONE = (
    "Lemke-Howson",
    "series path",
    "vertex enumeration",
    "lexicographic Lemke-Howson",
    "linear tracing",
)
LESS = {"series path": {"starts": 2}, "linear tracing": {"steps": 5_000}}
SMALL = [case for case in MATRICES if len(case.a) <= 4]


def name(value):
    return value if isinstance(value, str) else value.name


def pair(equilibrium):
    return tuple(tuple(equilibrium.strategy[p][p].values()) for p in ("Row", "Column"))


@pytest.fixture(scope="module")
def everything():
    known = {}

    def solved(case):
        if case.name not in known:
            known[case.name] = rl.solve(case.game, "nash")
        return known[case.name]

    return solved


@pytest.mark.parametrize("case", MATRICES, ids=name)
def test_counts_of_extreme_equilibria_subsets_and_components(case, everything):
    solution = everything(case)
    assert solution.complete
    assert solution.count == len(solution) == case.extreme
    assert len(solution.components) == case.components
    assert len(solution.maximal_nash_subsets) == case.subsets
    pure = [p for p in map(pair, solution) if {*p[0], *p[1]} == {0, 1}]
    assert len(pure) == case.pure


@pytest.mark.parametrize("case", MATRICES, ids=name)
def test_every_equilibrium_is_one_by_its_definition(case, everything):
    for equilibrium in everything(case):
        assert regret(case.a, case.b, *pair(equilibrium)) == 0


@pytest.mark.parametrize("case", MATRICES, ids=name)
def test_published_equilibria_are_found(case, everything):
    listed = set(map(pair, everything(case)))
    for sides in case.published:
        assert tuple(tuple(map(Fraction, side)) for side in sides) in listed


@pytest.mark.parametrize("case", MATRICES, ids=name)
def test_one_equilibrium_is_always_found(case):
    (found,) = rl.solve(case.game, "nash", coverage="one")
    assert regret(case.a, case.b, *pair(found)) == 0


@pytest.mark.parametrize("method", ONE)
@pytest.mark.parametrize("case", MATRICES, ids=name)
def test_each_method_finds_one_or_says_why_not(case, method):
    options = LESS.get(method, {})
    solution = rl.solve(case.game, "nash", coverage="one", method=method, **options)
    if method in ("vertex enumeration", "lexicographic Lemke-Howson"):
        assert len(solution) == 1
    if not len(solution):
        assert solution.status.name == "NOT_FOUND"
        assert solution.reason
    for found in solution:
        assert regret(case.a, case.b, *pair(found)) == 0


@pytest.mark.parametrize("case", MATRICES, ids=name)
def test_pure_equilibria_are_those_by_their_own_method(case):
    assert len(rl.solve(case.game, "nash", method="pure strategies")) == case.pure


@pytest.mark.parametrize("case", MATRICES, ids=name)
def test_linear_programming_is_for_constant_sums_only(case):
    def solved():
        return rl.solve(case.game, "nash", coverage="one", method="linear programming")

    if case.name == "matching pennies with a twist":
        assert regret(case.a, case.b, *pair(solved()[0])) == 0
    else:
        with pytest.raises(rl.Unsupported, match="takes"):
            solved()


@pytest.mark.parametrize("case", SMALL, ids=name)
def test_sequential_equilibria_of_a_matrix_are_its_nash_equilibria(case, everything):
    sequential = rl.solve(case.game, "sequential")
    assert sequential.complete
    for found in everything(case):
        play = {p: found.strategy[p] for p in ("Row", "Column")}
        flat = {h: row for rows in play.values() for h, row in rows.items()}
        assert sum(e.contains(flat) for e in sequential) == 1


@pytest.mark.parametrize("case", SMALL, ids=name)
def test_every_nash_equilibrium_is_a_correlated_one(case, everything):
    correlated = rl.solve(case.game, "correlated")[0]
    for player in ("Row", "Column"):
        values = correlated.range(rl.payoff(player))
        for found in everything(case):
            assert found.payoffs[player] in values


@pytest.mark.parametrize("case", SMALL, ids=name)
def test_the_logit_branch_ends_near_an_equilibrium(case):
    end = rl.solve(case.game, "logit")[-1]
    sizes = [max(map(abs, row)) for row in (*case.a, *case.b)]
    sides = []
    for shares in pair(end):
        exact = [Fraction(float(s)) for s in shares]
        sides.append([share / sum(exact) for share in exact])
    assert regret(case.a, case.b, *sides) < 1e-6 * max(sizes)


@pytest.mark.parametrize(("d", "steps"), [(2, 4), (4, 20), (6, 88), (8, 376)])
def test_paths_are_as_long_as_was_proved(d, steps):
    (rows, _), (columns, _) = polytopes(*dual_cyclic(d))
    assert lexicographic_path(rows, columns, steps - 1) is None
    assert lexicographic_path(rows, columns, steps) is not None
