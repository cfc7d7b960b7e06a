"""Any noun goes through the one door, and meets only the methods made for it."""

import subprocess
import sys
from importlib import import_module
from inspect import isabstract
from pathlib import Path

import pytest

import redlines as rl
import redlines.solvers
from redlines.problem import Problem
from redlines.solvers import _REGISTRY, solvers
from redlines.solvers.base import Solver


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


@pytest.mark.parametrize(
    "ask",
    [
        lambda noun: rl.regimes(noun),
        lambda noun: rl.check(noun, rl.P("war") == 0),
        lambda noun: rl.hinges(noun, rl.P("war") == 0),
        lambda noun: rl.missing(noun, rl.P("war") == 0),
        lambda noun: rl.flips(noun, rl.P("war") == 0, {}),
        lambda noun: rl.eliminate(noun),
        lambda noun: rl.fit_precision(noun, {}),
        lambda noun: rl.mediator_worth(noun, "welfare"),
        lambda noun: rl.GraphModel.from_game(noun),
        lambda noun: rl.critical_discounts(noun, {}),
        lambda noun: rl.shortest_punishment(noun, ("a", "a"), ("b", "b")),
        lambda noun: rl.inspection_formula(noun, {}),
        lambda noun: rl.stabilizing_rankings(noun, "calm"),
    ],
)
def test_a_question_about_another_noun_says_which_it_is_about(ask):
    with pytest.raises(TypeError, match="takes an? [A-Z][A-Za-z]+, not a Lottery"):
        ask(Lottery())


def test_what_a_notebook_shows_is_escaped():
    matrix = rl.Game.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    rivalry = rl.RepeatedGame(matrix, discount="2/3")
    (one, two), chain = ("1", "2"), [[[[1], [1]], [[1], [1]]]]
    name = "<script>"
    shown = [
        rl.InspectionGame(2, 1, name=name),
        rl.MarkovGame.from_arrays(
            [[[[3, 0], [5, 1]], [[3, 5], [0, 1]]]], chain, 0, name=name
        ).horizon(2),
        rl.BargainingProblem({name: (1, 1)}),
        rl.shortest_punishment(rivalry, (one, one), (two, two)),
        rl.critical_discounts(rivalry, rl.Automaton.trigger((one, one), (two, two))),
    ]
    for noun in shown:
        html = noun._repr_html_()
        assert html.startswith("<pre>")
        assert name not in html
        assert (name in str(noun)) == ("&lt;script&gt;" in html)


def test_the_registry_says_of_every_method_what_the_method_says_of_itself():
    assert all(issubclass(kind.takes, Problem) for kind in solvers())
    for (noun, concept), rows in _REGISTRY.items():
        for module, name in rows:
            kind = getattr(import_module(f"redlines.solvers.{module}"), name)
            assert (kind.takes.__name__, kind.concept.value) == (noun, concept)


def test_every_method_is_registered():
    def below(kind):
        return {kind}.union(*map(below, kind.__subclasses__()))

    for file in Path(redlines.solvers.__file__).parent.glob("[a-z]*.py"):
        import_module(f"redlines.solvers.{file.stem}")
    concrete = {
        kind
        for kind in below(Solver)
        if not (isabstract(kind) or kind.__name__.startswith("_"))
        and kind.__module__.startswith("redlines.")
    }
    assert concrete == set(solvers())


def test_a_small_game_does_not_wait_for_methods_of_other_concepts():
    code = (
        "import sys, redlines as rl\n"
        "game = rl.Game.from_bimatrix([[3, 1], [4, 0]], [[3, 4], [1, 0]])\n"
        "assert len(rl.solve(game, 'nash')) == 3\n"
        "print(*(m for m in ('z3', 'sympy', 'scipy', 'nashpy', 'xarray', "
        "'redlines.solvers.markov_perfect') if m in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
