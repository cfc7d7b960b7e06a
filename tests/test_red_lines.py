"""What the red-lines scenario finds: outcomes, and which comparison goes which way."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest

import redlines as rl
from redlines import RUSSIA, US
from redlines.evidence import OURS, Assumption, contradiction
from redlines.scenarios.red_lines import red_lines

EXAMPLES = Path(__file__).parent.parent / "examples"


@pytest.fixture(scope="module")
def scenario():
    return rl.load("red_lines")


@pytest.fixture(scope="module")
def solutions(scenario):
    return {form: scenario.solve(form=form) for form in scenario.forms}


# -------------------------------------------------------------------------- the game
def test_the_game_is_compact(scenario):
    sizes = {form: len(game.infosets) for form, game in scenario.forms.items()}
    assert sizes == {"none": 14, "told": 22, "verifiable": 28}


def test_resolve_is_private_without_talks(scenario):
    for infoset in scenario.game.infosets.values():
        other = {US: RUSSIA, RUSSIA: US}[infoset.player]
        facts = dict(infoset.facts)
        assert infoset.player in facts
        assert other not in facts


def test_verified_answers_leave_nothing_private(scenario):
    for infoset in scenario.forms["verifiable"].infosets.values():
        assert len(infoset.histories) == 1


def test_an_unknown_form_of_talks_is_refused():
    with pytest.raises(rl.UnknownLabel, match="'verifiable'"):
        red_lines(talks="shouted")


@pytest.mark.parametrize("player", [US, RUSSIA])
def test_nuclear_use_is_worse_than_anything_else_by_assumption(scenario, player):
    """Proved for each resolve: no admitted payoff makes it as good."""
    enough = [
        a
        for a in scenario.assumptions
        if "every other outcome" in a.why or "they differ" in a.why
    ]
    nuclear, other = set(), set()
    for end in scenario.game.terminals:
        resolve = dict(word.split("=") for word in end.history.split(", "))[player]
        chosen = nuclear if "nuclear use" in end.events else other
        chosen.add((resolve, str(end.payoffs[player])))
    for (resolve, worse), (same, better) in product(nuclear, other):
        if resolve == same:
            doubt = Assumption(f"{worse} >= {better}", OURS, why="to be refuted")
            assert contradiction([*enough, doubt], scenario.game.parameters), doubt


# ---------------------------------------------------------------------- what it finds
def test_without_talks_a_line_deters_or_nobody_draws_one(solutions):
    deterrence, silence = solutions["none"].families
    assert len(solutions["none"]) == 3
    assert deterrence.path["declare [US=resolved]"] == ("draw line",)
    assert deterrence.path["declare [US=irresolute]"] == ("draw line", "stay silent")
    assert deterrence[0].strategy[US]["declare [US=irresolute]"] == {
        "draw line": Fraction(1, 2),
        "stay silent": Fraction(1, 2),
    }
    assert str(deterrence.range("crossed")) == "11/16"
    assert str(deterrence.range("nuclear use")) == "149/40000"
    assert all("draw line" not in chosen for chosen in silence.path.values())
    assert str(silence.range("crossed")) == "1"
    assert str(silence.range("nuclear use")) == "249/40000"


def outcomes(solution):
    """What families come to: the range of every event and payoff."""
    measures = [
        *map(rl.P, solution.game.events),
        rl.payoff(US),
        rl.payoff(RUSSIA),
    ]
    return {tuple(str(f.range(m)) for m in measures) for f in solution.families}


def test_answers_that_are_only_told_change_nothing(solutions):
    assert solutions["told"].complete
    assert outcomes(solutions["told"]) == outcomes(solutions["none"])


def test_a_bluff_is_put_in_the_same_words_as_a_true_answer(solutions):
    """Where a line is drawn, both types of the US use the same words."""
    for family in solutions["told"].families:
        words = {
            infoset: chosen
            for infoset, chosen in family.path.items()
            if infoset.startswith("say")
        }
        assert len(set(words.values())) <= 1


def test_russias_words_add_nothing_beyond_the_two_families(scenario, solutions):
    told = rl.solve(
        red_lines(talks="told", speaker=RUSSIA).bind(**scenario.baseline), "sequential"
    )
    assert told.complete
    deterrence, silence = solutions["none"].families
    for event in ("crossed", "nuclear use"):
        low, high = deterrence.range(event).low, silence.range(event).high
        for equilibrium in told:
            found = equilibrium.range(event)
            assert low <= found.low <= found.high <= high


def test_verified_answers_end_enforcement_and_nuclear_use(solutions):
    assert len(solutions["verifiable"]) == 1
    only = solutions["verifiable"][0]
    assert only.probability("enforced") == only.probability("nuclear use") == 0


def test_verified_answers_cost_the_bluff_that_deterred(solutions):
    deterrence, silence = solutions["none"].families
    crossed = solutions["verifiable"][0].probability("crossed")
    assert crossed == Fraction(3, 4)
    assert deterrence.range("crossed").high < crossed < silence.range("crossed").low


def test_the_findings_in_words_carry_the_numbers_found(scenario, solutions):
    deterrence, silence = solutions["none"].families
    after = solutions["verifiable"][0].probability("crossed")
    for family in (deterrence, silence):
        assert f"({after} after {family.range('crossed')})" in scenario.findings[-1]


def test_both_sides_gain_from_verified_answers(solutions):
    verified = solutions["verifiable"][0].payoffs
    for equilibrium in solutions["none"]:
        for player in (US, RUSSIA):
            assert verified[player] > equilibrium.payoffs[player]


def test_where_both_would_rather_fight_verified_answers_do_not_prevent_it(scenario):
    """The readings that rule it out matter: drop them, and the finding goes."""
    values = dict(scenario.baseline, stake=20, harm=1, risk="1/100", cost_irresolute=30)
    refrain, back_down = (a for a in scenario.assumptions if not a.holds(**values))
    assert "would rather refrain than cross" in refrain.why
    assert "even a resolved US backs down" in back_down.why
    only = rl.solve(scenario.forms["verifiable"].bind(**values), "sequential")[0]
    assert only.probability("nuclear use") > 0


@pytest.mark.parametrize(
    ("sunk_cost", "rises"), [("1/10", False), ("1/2", False), (1, True)], ids=str
)
def test_crossings_rise_where_the_lost_bluff_deterred_more(scenario, sunk_cost, rises):
    """The condition of the simple game, V < a + 2k, in this one's terms."""
    values = dict(scenario.baseline, sunk_cost=sunk_cost, stake=7)
    assert all(a.holds(**values) for a in scenario.assumptions)
    V, k, a = (Fraction(values[n]) for n in ("stake", "sunk_cost", "audience_cost"))
    harm = values["harm"] + values["risk"] * values["russia_loss"]
    assert rises == ((a + k) * (V + harm) > V * (V + a))
    none = rl.solve(scenario.game.bind(**values), "sequential")
    verified = rl.solve(scenario.forms["verifiable"].bind(**values), "sequential")
    deterrence = next(f for f in none.families if f[0].probability("declared") > 0)
    before, after = (f[0].probability("crossed") for f in (deterrence, verified))
    assert (after > before) == rises


# ------------------------------------------------------------------ how it is shown
def test_the_account_says_what_each_type_does_and_believes(scenario, solutions):
    account = scenario.account(solutions["none"])
    for line in (
        "Russia, act after draw line | resolved: cross; irresolute: cross 1/3, refrain",
        "Russia, act after stay silent | either: cross {US resolved 0}",
        "= probability of: declared 5/8, crossed 11/16,",
        "Russia, act after draw line | either: cross {US resolved [0, 2/5]}",
    ):
        assert line in account


def test_payoffs_by_reason_add_up_in_the_account(solutions):
    for solution in solutions.values():
        for equilibrium in solution:
            for player in (US, RUSSIA):
                parts = equilibrium.payoffs_by_reason(player).values()
                assert sum(parts) == equilibrium.payoffs[player]


def test_families_with_one_outcome_share_a_line_of_the_comparison(scenario, solutions):
    rows = [line.split() for line in scenario.comparison(solutions).splitlines()]
    assert [row[:2] for row in rows[1:]] == [
        ["none", "1"],
        ["none", "2"],
        ["told", "1-3"],
        ["told", "4"],
        ["verifiable", "1"],
    ]


def test_what_is_not_believed_by_type_is_believed_by_history():
    """Where draws are not named after players, nothing is lost."""

    @rl.game(US, RUSSIA)
    def coins(play):
        coin = play.draw("coin", {"red": "1/3", "blue": "1/3", "green": rl.REST}, US)
        if play.move(RUSSIA, "guess", ["red", "blue"]) == coin:
            play.pay({RUSSIA: 1, US: -1})

    assert "{coin=red 1/3; coin=blue 1/3; coin=green 1/3}" in rl.load(
        "red_lines"
    ).account(rl.solve(coins, "sequential"))


def test_the_page_quotes_the_statements_as_they_are(scenario):
    page = (EXAMPLES.parent / "docs/scenarios/red_lines.md").read_text()
    for entry in scenario.statements:
        assert f"| {entry.claim}. | {entry.says}. |" in page
    words = " ".join(page.split())
    for text in (scenario.game.__doc__, *scenario.limits):
        assert " ".join(text.split()) in words
