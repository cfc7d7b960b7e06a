"""Any noun goes through the one door, and meets only the methods made for it."""

import pytest

import redlines as rl
from redlines.problem import Problem
from redlines.solvers import solvers


class Lottery(Problem):
    """A noun for which there is no method."""

    name = "lottery"
    players = ("US", "Russia")
    _size = 1

    def _require_numbers(self, purpose):
        """It has none open."""


def test_a_noun_meets_only_methods_made_for_it():
    with pytest.raises(rl.Unsupported, match="'nash' is not defined for"):
        rl.solve(Lottery(), "nash")


def test_what_is_no_noun_is_refused():
    with pytest.raises(TypeError, match="solve takes a Game, not dict"):
        rl.solve({}, "nash")


def test_every_method_says_which_noun_it_takes():
    assert all(issubclass(kind.takes, Problem) for kind in solvers())
