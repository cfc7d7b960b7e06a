"""Claims over all equilibria and all admitted parameters."""

from __future__ import annotations

import os
import random
from fractions import Fraction

import numpy as np
import pytest
import stories
from stories import deter

import redlines as rl
from redlines import P, payoff

GIVEN = ["c < V/2", "d > a"]
POINTS = int(os.environ.get("REDLINES_POINTS", "50"))


def holds(claim, equilibrium):
    """The claim at numbers, by the representative's own measures."""
    value = claim.left.of(equilibrium)
    return {
        "<": value < claim.right,
        "<=": value <= claim.right,
        ">": value > claim.right,
        ">=": value >= claim.right,
        "==": value == claim.right,
    }[claim.operator]


# ------------------------------------------------------------------- the four verdicts
def test_always_is_true_at_random_values_and_says_where():
    claim = P("enforced") <= "1/2"
    verdict = rl.check(stories.line, claim, GIVEN)
    assert verdict.name == "always"
    assert str(verdict.where.every) == "always"
    assert verdict.witness_against is None
    regimes = rl.regimes(stories.line, GIVEN)
    rng = random.Random(7)
    tried = 0
    while tried < POINTS:
        values = {"p": Fraction(rng.randint(1, 19), 20)}
        values |= {n: Fraction(rng.randint(1, 30), 10) for n in "Vkacd"}
        if not (values["c"] < values["V"] / 2 and values["d"] > values["a"]):
            continue
        tried += 1
        for equilibrium in regimes.at(**values):
            assert equilibrium.range("enforced").high <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("claim", "event", "bound", "more"),
    [
        (P("enforced") <= "1/2", "enforced", 0.5, []),
        (P("enforced") <= "1/3", "enforced", 1 / 3, ["p < 1/3"]),
        (P("crossed") <= "1/2", "crossed", 0.5, ["p > 1/2"]),
    ],
)
def test_always_is_true_at_ten_thousand_random_values(claim, event, bound, more):
    given = [*GIVEN, *more]
    assert rl.check(stories.line, claim, given).name == "always"
    rng = np.random.default_rng(11)
    values = {n: rng.integers(1, 400, 300_000) / 100 for n in "Vkacd"}
    values["p"] = rng.integers(1, 100, 300_000) / 100
    regimes = rl.regimes(stories.line, given)
    found = regimes.evaluate(values, ["exists", "probability"])
    assert int(found.admitted.sum()) >= 10_000
    assert float(found.probability.sel(event=event).where(found.exists).max()) <= bound


def test_never_is_the_opposite_of_always():
    verdict = rl.check(stories.line, P("enforced") > "1/2", GIVEN)
    assert verdict.name == "never"
    assert str(verdict.where.none) == "always"
    assert verdict.witness_for is None
    assert verdict.witness_against is not None


def test_sometimes_shows_one_of_each_kind_verified():
    claim = P("crossed") < "1/2"
    verdict = rl.check(stories.line, claim, GIVEN)
    assert verdict.name == "sometimes"
    for witness, truth in (
        (verdict.witness_for, True),
        (verdict.witness_against, False),
    ):
        (equilibrium,) = witness.equilibria
        assert equilibrium.certificate.holds
        assert equilibrium.regret == 0
        assert all(isinstance(v, Fraction) for v in witness.values.values())
        assert holds(claim, equilibrium) is truth
        assert witness.measured[0] == equilibrium.probability("crossed")
    assert str(verdict.where.every) == "p > 1/2"


def test_where_says_what_solving_says_at_random_values():
    claim = P("crossed") < 1
    verdict = rl.check(stories.line, claim, GIVEN)
    where = verdict.where
    regimes = rl.regimes(stories.line, GIVEN)
    rng = random.Random(3)
    tried = 0
    while tried < 60:
        values = {"p": Fraction(rng.randint(1, 7), 8)}
        values |= {n: Fraction(rng.randint(1, 12), 4) for n in "Vkacd"}
        if not (values["c"] < values["V"] / 2 and values["d"] > values["a"]):
            continue
        tried += 1
        ends = [e.range("crossed") for e in regimes.at(**values)]
        # open ends: a mixture never reaches them
        some_true = any(r.low < 1 for r in ends)
        some_false = any(1 in r for r in ends)
        assert where.every.holds(**values) is (some_true and not some_false)
        assert where.some.holds(**values) is (some_true and some_false)
        assert where.none.holds(**values) is (not some_true)


@pytest.mark.parametrize("effort", [1, 50])
def test_a_small_effort_is_unknown_and_never_always(effort):
    verdict = rl.check(stories.line, P("enforced") <= "1/2", GIVEN, effort=effort)
    assert verdict.name == "unknown"
    assert verdict.undecided
    assert "not decided" in str(verdict)


def test_a_time_limit_that_is_too_short_is_unknown():
    verdict = rl.check(stories.line, P("enforced") <= "1/2", GIVEN, time_limit=1e-9)
    assert verdict.name == "unknown"


# ---------------------------------------------------------------------- several kinds
def test_equality_is_a_claim():
    given = ["resolve > gain/(gain + cost)"]
    assert rl.check(deter, P("crossed") == 0, given).name == "always"
    assert rl.check(deter, P("crossed") != 0, given).name == "never"


def test_free_mixtures_on_a_knife_edge_count_in_full():
    edge = ["resolve == gain/(gain + cost)"]
    verdict = rl.check(deter, P("crossed") == "1/3", edge)
    assert verdict.name == "sometimes"
    (equilibrium,) = verdict.witness_for.equilibria
    assert equilibrium.probability("crossed") == Fraction(1, 3)
    assert rl.check(deter, P("crossed") <= 1, edge).name == "always"


def test_a_condition_that_never_happens_is_counted_apart():
    verdict = rl.check(deter, P("war", given="crossed") < 1)
    assert verdict.name == "always"
    assert verdict.undefined
    assert "left out" in str(verdict)
    nothing = rl.check(
        deter, P("war", given="crossed") < 1, ["resolve > gain/(gain + cost)"]
    )
    assert nothing.name == "unknown"


def test_in_some_equilibrium():
    # p < 1/2: the silent family crosses for sure, the other one only where it exists
    claim = P("crossed") < 1
    assert rl.check(stories.line, claim, GIVEN).name == "sometimes"
    assert rl.check(stories.line, claim, GIVEN, in_some=True).name == "sometimes"
    more = [*GIVEN, "V*a + 2*a*c + 2*c*k >= V*k + 2*a*k"]
    assert rl.check(stories.line, claim, more, in_some=True).name == "always"
    assert rl.check(stories.line, P("crossed") > 1, GIVEN, in_some=True).name == "never"


def test_a_comparison_of_two_games():
    told = deter(warned=True)
    verdict = rl.check(deter, P("war", game=told) <= P("war", game=deter))
    assert verdict.name == "always"
    verdict = rl.check(deter, P("crossed", game=told) <= P("crossed", game=deter))
    assert verdict.name == "sometimes"
    assert len(verdict.witness_against.equilibria) == 2
    surely = ["resolve > gain/(gain + cost)"]
    claim = P("crossed", game=told) <= P("crossed", game=deter)
    verdict = rl.check(deter, claim, surely)
    assert verdict.name == "never"
    assert verdict.best_to_best == "never"
    assert verdict.worst_to_worst == "never"


def test_payoffs_and_their_warning():
    verdict = rl.check(stories.line, payoff("US") >= 0, GIVEN)
    assert verdict.name == "always"
    assert "rescaled" in str(verdict)
    assert "rescaled" not in str(rl.check(stories.line, P("crossed") <= 1, GIVEN))


def test_a_claim_against_a_parameter():
    verdict = rl.check(deter, payoff("Russia") <= rl.Number.symbol("gain"))
    assert verdict.name == "always"


# ------------------------------------------------------------------------- how it moves
@rl.game("Row", "Column")
def firm_or_not(play, crash=rl.Real("to Row"), alone=rl.Real("to Row")):
    """Two sides are firm or yield; Row's payoffs are open, signs and all."""
    row, column = play.simultaneous(
        {"Row": ("one", ["yield", "firm"]), "Column": ("two", ["yield", "firm"])}
    ).values()
    if column == "firm":
        play.mark("Column firm")
    if row == column == "yield":
        return
    own = {("firm", "firm"): crash, ("firm", "yield"): alone, ("yield", "firm"): -1}
    other = {("firm", "firm"): -2, ("firm", "yield"): -1, ("yield", "firm"): 1}
    play.pay({"Row": own[row, column], "Column": other[row, column]})


@pytest.mark.parametrize("selection", ["ends", "every", "branch"])
def test_a_family_whose_mixtures_are_free_somewhere_is_not_passed_over(selection):
    claim = rl.rises(P("Column firm"), "crash", selection=selection)
    verdict = rl.check(firm_or_not, claim)
    values = {"crash": -2, "alone": 1}
    lower = rl.solve(firm_or_not.bind(**values), "sequential")
    higher = rl.solve(firm_or_not.bind(**{**values, "crash": "-3/2"}), "sequential")
    mixed = [
        next(e.probability("Column firm") for e in s if len(e.support["one"]) == 2)
        for s in (lower, higher)
    ]
    assert mixed[1] > mixed[0]
    # with the signs turned round the same branch falls
    turned = {"crash": "-1/2", "alone": -1}
    back = [
        next(
            e.probability("Column firm")
            for e in rl.solve(firm_or_not.bind(**{**turned, "crash": c}), "sequential")
            if len(e.support["one"]) == 2
        )
        for c in ("-1/2", "-1/3")
    ]
    assert back[1] < back[0]
    assert verdict.name != "always"


def test_comparative_statics():
    crossed = P("crossed")
    assert rl.check(deter, rl.falls(crossed, "cost")).name == "always"
    assert rl.check(deter, rl.rises(crossed, "cost")).name == "sometimes"
    assert rl.check(deter, rl.rises(crossed, "gain")).name == "always"
    assert rl.check(deter, rl.falls(payoff("Russia"), "cost")).name == "always"


@pytest.mark.parametrize("selection", ["ends", "branch"])
def test_statics_of_the_line_game(selection):
    claim = rl.falls(P("crossed"), "a", selection)
    assert rl.check(stories.line, claim, GIVEN).name == "always"


def test_every_pair_of_equilibria_is_a_stronger_claim():
    claim = rl.falls(P("crossed"), "a", "every")
    verdict = rl.check(stories.line, claim, GIVEN)
    assert verdict.name == "sometimes"
    assert verdict.witness_against is not None


def test_selections_have_names():
    with pytest.raises(rl.ModelError, match="'ends', 'every' or 'branch'"):
        rl.falls(P("crossed"), "a", "any")


# ------------------------------------------------------------------------------ errors
def test_contradictory_assumptions_name_a_smallest_set():
    with pytest.raises(rl.ContradictoryAssumptions) as caught:
        rl.check(deter, P("crossed") == 0, ["gain < cost", "cost < gain", "gain > 1"])
    text = str(caught.value)
    assert "gain < cost" in text
    assert "cost < gain" in text
    assert "gain > 1" not in text


def test_a_misspelt_event_lists_those_there_are():
    with pytest.raises(rl.UnknownLabel, match="crossed"):
        rl.check(deter, P("crosed") == 0)


def test_a_misspelt_parameter():
    with pytest.raises(rl.UnknownLabel, match="cost"):
        rl.check(deter, rl.falls(P("crossed"), "costs"))
    with pytest.raises(rl.ParseError, match="cost"):
        rl.check(deter, P("crossed") == 0, ["costs < gain"])


def test_an_unknown_player():
    with pytest.raises(rl.UnknownLabel, match="Russia"):
        rl.check(deter, payoff("China") >= 0)


def test_other_concepts_are_refused():
    with pytest.raises(rl.Unsupported, match="'weak perfect bayesian', 'nash'"):
        rl.check(deter, P("crossed") == 0, concept="subgame perfect")
    with pytest.raises(rl.Unsupported, match="a claim that holds in every"):
        rl.check(deter, P("crossed") == 0, concept="nash", in_some=True)


@rl.game("US", "Russia")
def threat(play, war=rl.Positive("price of a war to Russia")):
    if play.move("Russia", "act", ["cross", "refrain"]) == "cross":
        play.mark("crossed")
        if play.move("US", "answer", ["enforce", "yield"]) == "enforce":
            play.pay({"US": -1, "Russia": -war})
        else:
            play.pay({"Russia": 1})


def test_a_larger_concept_can_refute_and_never_proves():
    claim = P("crossed") == 1
    assert rl.check(threat, claim).name == "always"
    nash = rl.check(threat, claim, concept="nash")
    assert nash.name == "sometimes"
    assert nash.witness_against.equilibria[0].concept is rl.Concept.NASH
    open_ = rl.check(threat, P("crossed") <= 1, concept="nash")
    assert open_.name == "unknown"
    assert "admitted values only" in open_.undecided[0]


def test_what_is_sometimes_true_of_sequential_equilibria_is_so_of_larger_concepts():
    claim = P("crossed") == 0
    for concept in ("sequential", "nash", "weak perfect bayesian"):
        assert rl.check(deter, claim, concept=concept).name == "sometimes"


def test_weak_beliefs_that_are_always_consistent_need_no_other_search():
    weak = rl.check(
        deter,
        P("crossed") == 0,
        ["resolve > 1/2", "gain < cost"],
        "weak perfect bayesian",
    )
    assert weak.name == "always"


@pytest.mark.parametrize("given", [[3], None, 3, ["resolve > 1/2", None]])
def test_what_is_given_must_be_relations(given):
    with pytest.raises(rl.ModelError, match="given= takes"):
        rl.regimes(deter, given)
    with pytest.raises(rl.ModelError, match="given= takes"):
        rl.check(deter, P("crossed") == 0, given)


def test_what_is_proved_at_irrational_values_only_is_said():
    given = ["gain**2 == 2", "cost == gain"]
    verdict = rl.check(deter, P("crossed") == 0, given)
    assert verdict.name == "sometimes"
    assert verdict.witness_for is None
    assert "no rational values" in " ".join(verdict.report().split())


def test_what_is_no_claim():
    with pytest.raises(rl.ModelError, match="compares a measure"):
        rl.check(deter, True)
    with pytest.raises(rl.ModelError, match="no truth value"):
        bool(P("crossed") == 0)
    with pytest.raises(rl.ModelError, match=r"verdict\.name"):
        bool(rl.check(deter, P("crossed") <= 1))


# ------------------------------------------------------------------------------- report
def test_the_report_begins_with_where_and_stays_narrow():
    verdict = rl.check(stories.line, P("crossed") < "1/2", GIVEN)
    lines = str(verdict).splitlines()
    assert lines[0].startswith("true in every equilibrium where: p > 1/2")
    assert all(len(line) <= 100 for line in lines)
    assert "SOMETIMES" in str(verdict)
    assert "&lt;" in verdict._repr_html_()


def test_the_same_call_gives_the_same_answer():
    claim = P("crossed") < "1/2"
    one = rl.check(stories.line, claim, GIVEN)
    rl.check(stories.line, P("enforced") > 0, GIVEN)
    other = rl.check(stories.line, claim, GIVEN)
    assert one.witness_for.values == other.witness_for.values
    assert str(one) == str(other)


def test_a_mixture_that_one_member_pins_down_is_free_in_others():
    # B's mixture on the path is free; only where A would mix off it is it pinned down
    @rl.game("A", "B")
    def hidden(play, v=rl.Positive("v")):
        went = play.move("A", "first", ["L", "R"], seen_by=[])
        x = play.move("B", "second", ["x", "y"], seen_by=[]) == "x"
        if x:
            play.mark("X")
        if went == "L":
            play.pay({"A": 9})
        elif play.move("A", "third", ["u", "d"]) == "u":
            play.pay({"A": v if x else -1})
        else:
            play.pay({"A": -1 if x else v})

    small = ["v < 2"]
    for share in ("1/10", "1/2", "9/10"):
        verdict = rl.check(hidden, P("X") == share, small)
        assert verdict.name == "sometimes"
        (equilibrium,) = verdict.witness_for.equilibria
        assert equilibrium.probability("X") == Fraction(share)
    (mixed,) = [
        f
        for f in rl.regimes(hidden, small).families
        if len(f.path) == 2 and f.path["second"] == ("x", "y")
    ]
    assert mixed.probability("X") is None


def test_an_end_that_chance_alone_may_bring_is_searched_for():
    @rl.game("A", "B")
    def waiting(play, able=rl.Probability("chance that B can act")):
        could = play.draw("B", {"able": able, "unable": rl.REST}, seen_by="B")
        if could == "able" and play.move("B", "act", ["go", "stay"]) == "go":
            play.mark("gone")
            return play.pay({"B": 1})
        return play.mark("nothing")

    verdict = rl.check(waiting, P("nothing") <= "3/4", ["able >= 1/4"])
    assert verdict.name == "always"
    assert rl.check(waiting, P("nothing") > "1/2", ["able < 1/2"]).name == "always"


@rl.game("Defender", "Challenger")
def one_step(play, cost=rl.Positive("price of crossing")):
    """The challenger crosses where that is cheap."""
    if play.move("Challenger", "act", ["cross", "refrain"]) == "cross":
        play.mark("crossed")
        play.pay({"Challenger": 3 - cost})


@rl.game("Defender", "Challenger")
def two_steps(play, cost=rl.Positive("price of crossing")):
    """The defender may let it pass before."""
    if play.move("Defender", "watch", ["watch", "look away"]) == "watch":
        play.pay({"Defender": 1})
    if play.move("Challenger", "act", ["cross", "refrain"]) == "cross":
        play.mark("crossed")
        play.pay({"Challenger": 3 - cost})


def test_statics_may_be_about_another_game_than_the_one_asked():
    claim = rl.rises(P("crossed", game=two_steps), "cost")
    verdict = rl.check(one_step, claim)
    assert verdict.name == "sometimes"
    assert verdict.witness_against is not None
    assert verdict.witness_against.equilibria[0].game.name == "two_steps"
