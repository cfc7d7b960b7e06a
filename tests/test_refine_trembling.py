"""Perfect, agent perfect and proper equilibria."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pytest

import redlines as rl
from redlines.errors import Unsupported
from redlines.profile import Assessment
from redlines.trembling import (
    PlanTable,
    is_agent_perfect,
    is_dominated,
    is_proper,
    is_undominated,
)

# Myerson 1978, figure 2: three equilibria, two of them perfect, one proper
MYERSON = [[1, 0, -9], [0, 0, -7], [-9, -7, -7]]


def matrix(one, other=None):
    return rl.Game.from_bimatrix(
        one, other or [list(r) for r in zip(*one, strict=True)]
    )


def pure(solution):
    return [(e.support["Row"], e.support["Column"]) for e in solution]


def test_myerson_on_perfect_and_proper():
    game = matrix(MYERSON)
    diagonal = [((str(k),), (str(k),)) for k in (1, 2, 3)]
    assert pure(rl.solve(game, "nash")) == diagonal
    perfect = rl.solve(game, "nash", refine="perfect")
    proper = rl.solve(game, "nash", refine="proper")
    assert pure(perfect) == diagonal[:2]
    assert pure(proper) == diagonal[:1]
    assert perfect.complete
    assert proper.complete
    (dominated,) = perfect.removed
    assert dominated.reason == (
        "the strategy of Row is weakly dominated by '2', which is worth as much "
        "against everything and more against '1'"
    )
    assert [r.reason for r in proper.removed] == [
        "whenever costlier mistakes are rarer, Row gains by '1'",
        "whenever costlier mistakes are rarer, Row gains by '2'",
    ]


def test_identical_interests_leave_the_good_outcome():
    game = matrix([[0, 0], [0, 1]])
    for name in ("perfect", "proper"):
        assert pure(rl.solve(game, "nash", refine=name)) == [(("2",), ("2",))]


def test_the_list_of_proper_equilibria_is_complete_where_mixtures_are_dominated():
    same = [[1, 1], [1, 0]]
    solution = rl.solve(matrix(same, same), "nash", refine="proper")
    assert pure(solution) == [(("1",), ("1",))]
    assert solution.complete
    assert solution.count == 1


def test_a_mixture_may_dominate():
    one = [[3, 0], [0, 3], [1, 1]]
    other = [[0, 0], [0, 0], [0, 0]]
    for e in rl.solve(matrix(one, other), "nash", refine="perfect"):
        assert e.strategy["Row"]["Row"]["3"] == 0


def test_proper_equilibria_between_extreme_ones_are_found():
    """Column takes 1; its mistakes 2 and 4 cost 2 - p and 2p, p the share of row 1.

    The cheaper of them is the likelier, and draws Row to the row that costs it more, so
    both rows are taken only where they cost the same: p = 2/3.
    """
    one = [[1, 1, 0, 0], [1, 0, 0, 1], [1, 0, 0, 0]]
    other = [[2, 1, 1, 2], [2, 2, 2, 0], [2, 0, 2, 0]]
    solution = rl.solve(matrix(one, other), "nash", refine="proper")
    (between,) = solution
    assert between.strategy["Row"]["Row"] == {
        "1": Fraction(2, 3),
        "2": Fraction(1, 3),
        "3": 0,
    }
    assert between.certificate.holds
    assert not solution.complete
    assert "mixtures of extreme equilibria" in solution.undecided[0]


@pytest.mark.parametrize("seed", range(12))
def test_proper_lies_in_perfect_lies_in_nash(seed):
    draw = random.Random(seed)
    m, n = draw.choice([(2, 2), (2, 3), (3, 3), (3, 2)])
    one, other = (
        [[draw.randint(0, 2) for _ in range(n)] for _ in range(m)] for _ in "ab"
    )
    game = matrix(one, other)
    found = [
        {repr(e.strategy) for e in rl.solve(game, "nash", refine=refine)}
        for refine in (None, "perfect", ["perfect", "proper"])
    ]
    assert found[2] <= found[1] <= found[0]
    # both exist in every game (Selten 1975, Myerson 1978)
    assert found[1]
    assert len(rl.solve(game, "nash", refine="proper")) > 0


@pytest.mark.parametrize("seed", range(12))
def test_equilibria_of_pure_plans_are_perfect_iff_undominated_in_brute_force(seed):
    """With two plans each, what a plan may be dominated by is the other plan."""
    draw = random.Random(100 + seed)
    one, other = ([[draw.randint(0, 2) for _ in "ab"] for _ in "ab"] for _ in "ab")
    game = matrix(one, other)
    kept = pure(rl.solve(game, "nash", refine="perfect"))
    for i, j in itertools.product((0, 1), repeat=2):
        if one[i][j] < one[1 - i][j] or other[i][j] < other[i][1 - j]:
            continue
        row = all(a >= b for a, b in zip(one[1 - i], one[i], strict=True))
        column = all(r[1 - j] >= r[j] for r in other)
        row = row and one[1 - i] != one[i]
        column = column and any(r[1 - j] > r[j] for r in other)
        assert (((str(i + 1),), (str(j + 1),)) in kept) is not (row or column)


def test_selten_horse_of_two_players():
    """A threat that is never carried out: perfect in no form."""

    @rl.game("A", "B")
    def threat(play):
        if play.move("A", "enter", ["in", "out"]) == "out":
            play.pay({"A": 1, "B": 2})
        elif play.move("B", "answer", ["fight", "yield"]) == "yield":
            play.pay({"A": 2, "B": 1})

    nash = rl.solve(threat, "nash", refine="perfect")
    assert [e.support["enter"] for e in nash] == [("in",)]
    (gone, *_) = nash.removed
    assert gone.player == "B"
    agent = rl.solve(threat, "sequential", refine="agent perfect")
    assert [e.support["enter"] for e in agent] == [("in",)]


def test_sequential_need_not_be_agent_perfect():
    """A simultaneous game: sequential is Nash, agent perfect is perfect."""
    solution = rl.solve(matrix([[0, 0], [0, 1]]), "sequential", refine="agent perfect")
    assert pure(solution) == [(("2",), ("2",))]
    assert solution.complete
    assert all("agent perfect" in e.certificate.checked for e in solution)
    (gone, *_) = solution.removed
    assert gone.reason.startswith(
        "at 'Row', as soon as everything has some probability, Row gains by '2' over "
        "'1'"
    )


@pytest.mark.parametrize("seed", range(10))
def test_agent_perfect_and_perfect_agree_on_matrices(seed):
    draw = random.Random(seed)
    one, other = ([[draw.randint(0, 2) for _ in "abc"] for _ in "ab"] for _ in "ab")
    game = matrix(one, other)
    agents = rl.solve(game, "sequential", refine="agent perfect")
    for e in rl.solve(game, "nash"):
        kept = any(a.contains(e.strategy) for a in agents)
        perfect = any(
            p.strategy == e.strategy for p in rl.solve(game, "nash", refine="perfect")
        )
        assert kept is perfect


def test_moving_twice_is_shown_refused_or_undecided():
    @rl.game("A", "B")
    def twice(play):
        if play.move("A", "first", ["stop", "go"]) == "stop":
            play.pay({"A": 1})
            return
        play.move("B", "then", ["l", "r"])
        if play.move("A", "last", ["good", "bad"]) == "good":
            play.pay({"A": 1})

    solution = rl.solve(twice, "sequential", refine="agent perfect")
    # whoever goes may err later, so only stopping is perfect
    assert {e.support["first"] for e in solution} <= {
        ("stop",),
        ("go",),
        ("go", "stop"),
    }
    assert all("agent perfect: " in text for text in solution.undecided)
    assert not solution.complete

    @rl.game("A", "B")
    def strict(play):
        if play.move("A", "first", ["stop", "go"]) == "stop":
            play.pay({"A": 1})
            return
        if play.move("B", "then", ["l", "r"]) == "r":
            play.pay({"B": 1})
        if play.move("A", "last", ["good", "bad"]) == "good":
            play.pay({"A": 2})

    assert rl.solve(strict, "sequential", refine="agent perfect").complete


def test_large_games_are_refused_for_proper():
    big = [[0] * 7 for _ in range(6)]
    with pytest.raises(Unsupported, match="at most 12 plans"):
        rl.solve(matrix(big, big), "nash", refine="proper")


@pytest.mark.parametrize(
    ("concept", "name"),
    [("sequential", "perfect"), ("sequential", "proper"), ("nash", "agent perfect")],
)
def test_a_refinement_of_another_concept_is_refused(concept, name):
    with pytest.raises(Unsupported, match="refines '"):
        rl.solve(matrix([[1]]), concept, refine=name)


# ------------------------------------------------------------------------ the referee
def profile(game, row, column):
    return Assessment.read(game, {"Row": row, "Column": column}, None)


def test_the_referee_refuses_wrong_certificates():
    game = matrix(MYERSON)
    table = PlanTable.of(game)
    rows, columns = table.plans
    third = profile(game, "3", "3")
    even = dict.fromkeys(columns, Fraction(1, 3))
    assert not is_undominated(table, third, 0, even)
    assert not is_undominated(table, profile(game, "1", "1"), 0, {columns[0]: 1})
    assert not is_dominated(table, profile(game, "1", "1"), 0, {rows[1]: Fraction(1)})
    assert is_dominated(table, third, 0, {rows[1]: Fraction(1)})
    second = profile(game, "2", "2")
    late = tuple(
        [{plans[1]: Fraction(1)}, {plans[0]: Fraction(1)}, {plans[2]: Fraction(1)}]
        for plans in table.plans
    )
    assert not is_proper(table, second, late)
    early = tuple(
        [{plans[0]: Fraction(1)}, {plans[1]: Fraction(1)}, {plans[2]: Fraction(1)}]
        for plans in table.plans
    )
    assert is_proper(table, profile(game, "1", "1"), early)
    assert not is_proper(table, second, early)
    assert not is_proper(table, profile(game, "1", "1"), (early[0][:2], early[1]))
    mixed = [[Fraction(1, 3)] * 3, [Fraction(1, 3)] * 3]
    assert not is_agent_perfect(third, mixed)
