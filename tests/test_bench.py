"""The benchmarks' own parts: what they check answers with must not let any pass."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from bench import checking
from bench.measuring import Line, Timed, against, span, table, timed
from bench.peers import read_lrsnash

HALF = (Fraction(1, 2), Fraction(1, 2))
PENNIES = ([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])


def test_an_equilibrium_has_no_regret_and_nothing_else_has_none():
    assert checking.regret(*PENNIES, HALF, HALF) == 0
    assert checking.regret(*PENNIES, (1, 0), HALF) == 1
    assert checking.regret(
        *PENNIES, (Fraction(1, 3), Fraction(2, 3)), HALF
    ) == Fraction(1, 3)


def test_floats_are_decimals():
    a = np.array([[0.1], [0.1 + 2**-55]])
    assert checking.regret(a, a, (1, 0), (1,)) == Fraction(
        repr(float(a[1, 0]))
    ) - Fraction(1, 10)


@pytest.mark.parametrize("x", [(1, 1), (2, -1), (1,), (Fraction(1, 2), 0)], ids=str)
def test_what_is_no_distribution_is_no_answer(x):
    with pytest.raises(ValueError, match="x "):
        checking.regret(*PENNIES, x, HALF)


def test_a_ladder_on_which_nobody_should_climb():
    # one rung: the prize of 1 against a loss of 6 in 9 of 10 cases
    ladder = ([0.9], [6.0], [[1.0], [1.0]])
    assert checking.ladder_regret(*ladder, [[0.0]]) == 0
    assert checking.ladder_regret(*ladder, [[1.0]]) == pytest.approx(5.4)
    # where the other would give way at once, standing still costs the prize
    two = ([0.0, 0.0], [6.0], [[1.0], [1.0]])
    assert checking.ladder_regret(*two, [[0.0], [0.0]]) == 1
    assert checking.ladder_regret(*two, [[1.0], [0.0]]) == 0
    assert checking.ladder_regret(*two, [[0.0], [1.0]]) == 1


def test_lrsnash_pairs_each_line_with_those_above_it():
    printed = """*lrsnash
2  1  0  3
2  1/2  1/2  0
1  0  1  2

*Number of equilibria found: 2
"""
    assert read_lrsnash(printed) == {((0, 1), (1, 0)), ((0, 1), HALF)}


def test_a_call_without_end_is_ended():
    def forever():
        while True:
            pass

    found = timed(forever, 0.2)
    assert found.seconds is None
    assert found.trouble == "more than 0.2 s"


def test_a_call_that_fails_says_so():
    found = timed(lambda: 1 / 0, 5)
    assert found.seconds is None
    assert "ZeroDivisionError" in found.trouble


def test_a_target_is_reached_or_not():
    fast, slow = Timed(1.0), Timed(3.0)
    assert against("w", "s", fast, "peer", slow, 3.0).reached
    assert not against("w", "s", slow, "peer", fast, 0.5).reached
    ended = Timed(None, trouble="more than 60 s")
    assert against("w", "s", fast, "peer", ended, 20.0).reached
    assert not against("w", "s", Timed(10.0), "peer", ended, 20.0).reached
    assert (
        against("w", "s", fast, "peer", Timed(None, trouble="x"), 2.0).reached is None
    )


def test_the_table_says_what_was_missed():
    line = Line(
        "uniform", "8 x 8", Timed(0.002), "peer", Timed(0.001), "as fast", False
    )
    text = table([line])
    assert "2 ms" in text
    assert "0.50" in text
    assert text.splitlines()[-1].endswith("NO")
    assert span(2e-6) == "2 us"
