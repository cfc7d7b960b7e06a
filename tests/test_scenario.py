"""What every scenario owes, and what is refused while one is made."""

from __future__ import annotations

from fractions import Fraction
from importlib import import_module
from pathlib import Path

import pytest

import redlines as rl
from redlines import RUSSIA, US
from redlines.claims import Static
from redlines.evidence import OURS, Assumption, contradiction, statements
from redlines.scenario import Scenario
from redlines.scenarios import SCENARIOS

NAMES = rl.scenario_names()


# -------------------------------------------------------------- what each one owes
def test_every_file_is_registered_and_every_line_has_a_file():
    folder = Path(import_module("redlines.scenarios").__file__).parent
    files = {f"redlines.scenarios.{f.stem}" for f in folder.glob("[a-z]*.py")}
    assert set(SCENARIOS.values()) == files
    assert all(module.endswith(f".{name}") for name, module in SCENARIOS.items())


def test_every_statement_is_used_by_every_scenario_that_it_names():
    for id_, entry in statements().items():
        assert entry.scenarios
        for name in entry.scenarios:
            assert id_ in {s.id for s in rl.load(name).statements}


def test_every_scenario_has_an_example_of_its_name():
    examples = {f.stem for f in (Path(__file__).parents[1] / "examples").glob("*.py")}
    assert set(NAMES) <= examples


@pytest.fixture(params=NAMES)
def scenario(request):
    return rl.load(request.param)


def test_it_goes_by_its_name(scenario):
    assert scenario.name in NAMES
    assert rl.load(scenario.name) is scenario
    assert scenario.name in repr(scenario)


def test_its_statements_name_it(scenario):
    assert scenario.statements
    for entry in scenario.statements:
        assert scenario.name in entry.scenarios


def test_its_assumptions_rest_on_its_statements_or_are_ours(scenario):
    own = {s.id for s in scenario.statements} | {OURS}
    for assumption in scenario.assumptions:
        assert set(assumption.sources) <= own
    used = {s for a in scenario.assumptions for s in a.sources}
    assert used >= own - {OURS}, "a statement that constrains nothing"


def test_its_assumptions_hold_together_and_at_the_baseline(scenario):
    assert contradiction(scenario.assumptions, scenario.game.parameters) == ()
    assert all(a.holds(**scenario.baseline) for a in scenario.assumptions)
    assert all(isinstance(v, Fraction) for v in scenario.baseline.values())


def test_every_parameter_says_what_it_means(scenario):
    assert list(scenario.baseline) == list(scenario.game.parameters)
    assert all(p.meaning for p in scenario.game.parameters.values())


def test_its_forms_stay_open_and_share_parameters(scenario):
    forms = list(scenario.forms.values())
    assert forms[0] is scenario.game
    for form in forms:
        assert form.free_parameters == scenario.game.free_parameters
        assert form.free_parameters
    assert set(scenario.meanings) <= set(scenario.forms)


def test_its_claims_ask_for_events_that_happen(scenario):
    # a game that is no tree is judged by its first study
    if not isinstance(scenario.game, rl.Game):
        assert not scenario.claims
        assert scenario.study(scenario.studies[0].title).verdict
        return
    assert scenario.claims
    for claim in scenario.claims.values():
        static = isinstance(claim, Static)
        for side in (claim.measure,) if static else (claim.left, claim.right):
            if hasattr(side, "event"):
                assert side.event in (side.game or scenario.game).events


def test_it_has_one_question_an_answer_and_a_title(scenario):
    assert scenario.question.endswith("?")
    assert scenario.answer.endswith(".")
    assert "\n" not in scenario.answer
    assert scenario.title


def test_it_says_what_it_does_not_say(scenario):
    assert len(scenario.limits) == 2
    for sentence in scenario.limits:
        assert sentence.endswith(".")


def test_every_form_is_solved_completely(scenario):
    for form in scenario.forms:
        solution = scenario.solve(form=form)
        assert solution.complete
        assert solution.exact
        assert len(solution)


def test_its_report_begins_with_the_question_and_ends_with_the_limits(scenario):
    report = scenario.report(verdicts=False)
    lines = report.splitlines()
    assert max(map(len, lines)) <= 100
    assert not any(line != line.rstrip() for line in lines)
    words = " ".join(report.split())
    assert words.index(scenario.question) < words.index("WHO SAID WHAT")
    for part in (
        *(s.claim for s in scenario.statements),
        *(a.why for a in scenario.assumptions),
        *(f"EQUILIBRIA, {form}" for form in scenario.forms),
        *scenario.findings,
        *scenario.limits,
    ):
        assert part in words


def test_it_cannot_be_changed(scenario):
    with pytest.raises(AttributeError):
        scenario.name = "other"
    with pytest.raises(TypeError):
        scenario.baseline["new"] = 1


@pytest.mark.parametrize("later", ["check", "sweep"])
def test_what_belongs_to_later_is_absent(scenario, later):
    assert not hasattr(scenario, later)


# -------------------------------------------------------------------- looking one up
def test_an_unknown_scenario_lists_those_that_there_are():
    with pytest.raises(rl.UnknownLabel, match=r"no scenario 'nowhere'.*'red_lines'"):
        rl.load("nowhere")


def test_an_unknown_form_lists_those_that_there_are():
    with pytest.raises(rl.UnknownLabel, match=r"no form 'shouted'.*'verifiable'"):
        rl.load("red_lines").solve(form="shouted")


# ------------------------------------------------------------------- what is refused
@rl.game(US, RUSSIA)
def tiny(
    play,
    stake=rl.Positive("what is at stake"),
    cost=rl.Positive("what it costs"),
    twice=False,
):
    """Russia may take the stake."""
    play.mark("told")
    if play.move(RUSSIA, "act", ["take", "leave"]) == "take":
        play.pay({RUSSIA: stake - cost})
    if twice:
        play.move(RUSSIA, "again", ["take", "leave"])


def a_scenario(**changes):
    """A small scenario with some parts changed."""
    parts = {
        "name": "tiny",
        "question": "Who takes what?",
        "statements": ["suslov-red-lines"],
        "game": tiny,
        "assumptions": [Assumption("cost < stake", OURS, why="worth taking")],
        "baseline": {"stake": 2, "cost": "1/3"},
        "claims": {"it is told": rl.P("told") >= 1},
        "limits": ["This is small.", "It says nothing."],
    }
    return Scenario(**parts | changes)


def test_a_scenario_solves_its_game_at_the_baseline():
    solution = a_scenario().solve()
    assert solution[0].payoffs == {US: 0, RUSSIA: Fraction(5, 3)}
    assert a_scenario().solve(concept="subgame perfect")[0].support["act"] == ("take",)


def test_the_only_form_is_named_by_the_game():
    assert list(a_scenario().forms) == ["tiny"]
    assert "EQUILIBRIA, tiny" in a_scenario().report(verdicts=False)


def test_a_scenario_solves_the_form_that_is_asked_for():
    scenario = a_scenario(forms={"once": tiny, "twice": tiny(twice=True)})
    assert len(scenario.form("once").infosets) == 1
    assert len(scenario.form("twice").infosets) == 3
    assert scenario.solve(form="twice").game.structure == {"twice": True}


def test_a_baseline_that_breaks_an_assumption_is_refused_by_name():
    with pytest.raises(
        rl.EvidenceError,
        match=r"cost < stake \[ours\] \(worth taking\): cost = 5, stake = 2",
    ):
        a_scenario(baseline={"stake": 2, "cost": 5})


def test_contradictory_assumptions_are_named_rather_than_the_baseline():
    with pytest.raises(rl.ContradictoryAssumptions, match="these 2 assumptions"):
        a_scenario(
            assumptions=[
                Assumption("cost < stake", OURS, why="worth taking"),
                Assumption("cost > 2*stake", "suslov-red-lines", why="not worth it"),
            ]
        )


def test_a_baseline_outside_a_domain_is_refused():
    with pytest.raises(rl.OutOfRange, match="'stake'"):
        a_scenario(baseline={"stake": 0, "cost": 1})


def test_a_baseline_that_leaves_a_parameter_out_is_refused():
    with pytest.raises(rl.EvidenceError, match="no value for 'cost'"):
        a_scenario(baseline={"stake": 2})


def test_a_baseline_for_an_unknown_parameter_is_refused():
    with pytest.raises(rl.UnknownLabel, match="no parameter 'price'"):
        a_scenario(baseline={"stake": 2, "cost": 1, "price": 1})


def test_an_assumption_on_an_unknown_parameter_is_refused():
    with pytest.raises(rl.UnknownLabel, match=r"'price' for assumption price < stake"):
        a_scenario(assumptions=[Assumption("price < stake", OURS, why="cheap")])


def test_forms_must_share_their_parameters():
    @rl.game(US, RUSSIA)
    def other(play, stake=rl.Positive("what is at stake")):
        play.pay({US: stake})

    with pytest.raises(rl.EvidenceError, match="'other' has other parameters"):
        a_scenario(forms={"tiny": tiny, "other": other})


def test_a_statement_that_nobody_made_is_refused():
    with pytest.raises(rl.UnknownLabel, match="no statement 'nobody'"):
        a_scenario(statements=["nobody"])
