"""Weak perfect Bayesian equilibria whose probabilities are irrational, exactly.

Where A's set is not reached its belief m in "up" is free, and B goes right with x after
it. For A the actions are worth 0, m - x and m x - 1/2, so A mixes all three only if
m = x and m x = 1/2, where both are the root of one half.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from fractions import Fraction

import pytest

import redlines as rl

PLACE, LATER = "choose [enter=in]", "end [enter=in]"
HISTORIES = ("enter=in, coin=up", "enter=in, coin=down")


@rl.game("A", "B")
def roots(play):
    if play.move("B", "enter", ["out", "in"]) == "out":
        play.pay({"B": 1})
        return
    up = play.draw("coin", {"up": "1/2", "down": "1/2"}, seen_by=[]) == "up"
    choice = play.move("A", "choose", ["stop", "linear", "product"], seen_by=[])
    if choice == "stop":
        return
    right = play.move("B", "end", ["right", "left"]) == "right"
    if choice == "linear":
        play.pay({"A": int(up) - int(right)})
    else:
        play.pay({"A": int(up and right) - Fraction(1, 2)})


@pytest.fixture(scope="module")
def solution():
    return rl.solve(roots, "weak perfect bayesian")


@pytest.fixture(scope="module")
def isolated(solution):
    """The element in which A mixes all three actions."""
    (element,) = (
        e for e in solution if len(e.support[PLACE]) == 3 and len(e.support[LATER]) == 2
    )
    return element


def test_all_support_profiles_are_found(solution):
    assert solution.complete, solution.reason
    assert solution.count == len(solution)
    assert all(e.support["enter"] == ("out",) for e in solution)


def test_every_element_has_regret_exactly_zero(solution):
    for element in solution:
        assert element.certificate.holds
        assert element.regret == 0
        assert type(element.regret) is Fraction


def test_the_value_is_the_root_of_one_half(isolated):
    share = isolated.strategy["B"][LATER]["right"]
    belief = isolated.belief[PLACE][HISTORIES[0]]
    assert not isinstance(share, Fraction)
    assert share * share == Fraction(1, 2)
    assert share == belief
    assert share > 0
    assert isolated.strategy["B"][LATER]["left"] + share == 1
    assert abs(float(share) - 0.5**0.5) < 1e-12


def test_what_is_isolated_is_not_free(isolated):
    assert LATER not in isolated.free.strategy
    assert PLACE not in isolated.free.belief
    assert set(isolated.free.strategy) <= {PLACE}


def test_an_irrational_value_stands_in_text(isolated):
    text = str(isolated)
    assert "0.7071" in text
    assert all(len(line) <= 100 for line in text.splitlines())
    assert "0.7071" in isolated.why(PLACE) or "best" in isolated.why(PLACE)


def test_an_irrational_equilibrium_verifies_and_lies_in_its_element(isolated):
    strategy = {
        h: dict(row) for p in isolated.strategy.values() for h, row in p.items()
    }
    belief = {PLACE: dict(isolated.belief[PLACE])}
    assert rl.verify(roots, strategy, belief, "weak perfect bayesian").regret == 0
    assert isolated.contains(strategy, belief)
    assert isolated.contains(strategy)
    near = {**strategy, LATER: {"right": "7/10", "left": "3/10"}}
    assert not rl.verify(roots, near, belief, "weak perfect bayesian")
    assert not isolated.contains(near)


def test_an_irrational_equilibrium_pickles(isolated):
    again = pickle.loads(pickle.dumps(isolated))
    assert again.strategy["B"][LATER]["right"] == isolated.strategy["B"][LATER]["right"]
    assert again.regret == 0


def test_a_range_with_an_irrational_end_holds_the_end(solution):
    (element,) = (
        e
        for e in solution
        if e.support[PLACE] == ("stop", "product") and len(e.support[LATER]) == 2
    )
    # m x = 1/2 and m <= x: x from the root of one half up to 1
    range_ = element.free.strategy[LATER]["right"]
    assert float(range_.low) == pytest.approx(0.5**0.5, abs=1e-6)
    assert range_.low * range_.low <= Fraction(1, 2)
    assert range_.high == 1
    assert element.free.relations


def test_rounded_ends_are_said_to_be(solution):
    for element in solution:
        ends = [
            e for row in element.free.strategy.values() for r in row.values() for e in r
        ]
        if any(0.70 < float(e) < 0.71 for e in ends):
            assert "rounded" in str(element.free)


def test_consistency_of_irrational_profiles_is_refused(isolated):
    strategy = {
        h: dict(row) for p in isolated.strategy.values() for h, row in p.items()
    }
    with pytest.raises(rl.Unsupported, match="rational"):
        rl.verify(roots, strategy, concept="sequential")
    assert rl.verify(roots, strategy, concept="nash")


def test_a_process_that_holds_irrational_numbers_ends_well():
    script = (
        "from redlines.algebraic import Algebraic\n"
        "kept = [Algebraic.root((-2, 0, 1), 2), Algebraic.root((-2, 0, 1), 2)]\n"
        "loop = [kept]\n"
        "loop.append(loop)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], check=False)
    assert done.returncode == 0


def test_sequential_equilibrium_has_no_such_values():
    found = rl.solve(roots, "sequential")
    assert found.complete
    for element in found:
        for rows in element.strategy.values():
            for row in rows.values():
                assert all(isinstance(share, Fraction) for share in row.values())
        assert element.belief[PLACE][HISTORIES[0]] == Fraction(1, 2)
