"""What a solution and its equilibria promise, whatever the method."""

from __future__ import annotations

import pickle
from fractions import Fraction

import pytest
from stories import beer_quiche, chain_store, ladder, line, pennies_inside

import redlines as rl

RED_LINE = line.bind(p="1/4", V=4, k=1, a=2, c=1, d=3)
AFTER_LINE = "act [declare=line]"
SEQUENTIAL, WEAK = "sequential", "weak perfect bayesian"


@rl.game("A", "B")
def tied(play, choices=7):
    part = play.draw("part", {f"{k}": Fraction(1, choices) for k in range(choices)})
    play.move("A" if part in "024" else "B", "choice", ["left", "right"])
    play.pay({"A": 1, "B": 1})


@rl.game("A", "B")
def tied_for_one(play, choices=5):
    """A minds what A does at the end, and nothing else matters to anybody."""
    part = play.draw("part", {f"{k}": Fraction(1, choices) for k in range(choices)})
    play.move("B", "choice", ["left", "right"], seen_by=[])
    play.pay({"A": int(play.move("A", "last", ["good", "bad"]) == "good")})
    play.mark(f"part {part}")


@rl.game("A", "B")
def tied_everywhere(play, moves=3):
    for k in range(moves):
        play.move("AB"[k % 2], f"move {k}", ["left", "right"])
    play.mark("the end")
    play.pay({"A": 1, "B": 1})


@pytest.fixture(scope="module")
def solution():
    return rl.solve(RED_LINE, SEQUENTIAL)


def shown(equilibrium):
    return {h: dict(row) for p in equilibrium.strategy.values() for h, row in p.items()}


# --------------------------------------------------------------------------- sequence
def test_a_solution_is_a_sequence(solution):
    assert len(solution) == solution.count == 3
    assert list(solution) == [solution[0], solution[1], solution[2]]
    assert solution[-1] is solution[2]
    assert solution[1:] == (solution[1], solution[2])
    assert solution[::-1] == tuple(reversed(solution))
    assert solution[5:] == ()
    assert solution[0] in solution
    for index in (3, -4):
        with pytest.raises(IndexError, match="lists 3 elements"):
            solution[index]


def test_families_partition_the_elements(solution):
    members = [e for family in solution.families for e in family]
    assert sorted(map(id, members)) == sorted(map(id, solution))
    for family in solution.families:
        assert len({str(dict(e.path)) for e in family}) == 1
        assert all(solution.family_of(e) is family for e in family)
        assert family[0] is family.members[0]
        assert len(str(family).splitlines()) <= 40


def test_components_partition_the_elements(solution):
    members = [e for component in solution.components for e in component]
    assert sorted(map(id, members)) == sorted(map(id, solution))


def test_components_are_not_claimed_where_the_search_is_not_complete():
    assert rl.solve(RED_LINE, SEQUENTIAL, coverage="one").components is None


def test_what_is_said_of_a_solution(solution):
    assert solution.status.name == "SOLVED"
    assert solution.complete
    assert solution.exact
    assert solution.coverage.value == "all"
    assert solution.concept.value == SEQUENTIAL
    assert solution.unit == "support profile"
    assert solution.seconds > 0
    assert solution.method
    assert solution.reason


# ------------------------------------------------------------------------ presentation
@pytest.mark.parametrize("concept", [SEQUENTIAL, WEAK])
def test_two_thousand_support_profiles_fit_on_a_page(concept):
    solution = rl.solve(tied, concept)
    assert solution.count == 3**7
    assert solution.complete
    lines = str(solution).splitlines()
    assert len(lines) <= 40
    assert all(len(row) <= 100 for row in lines)
    assert "2,187" in lines[0]
    assert any(row.startswith("family 1 of") for row in lines)
    assert solution[1000].regret == 0


def test_ties_that_a_search_goes_through_fit_on_a_page_too():
    solution = rl.solve(tied_for_one, SEQUENTIAL)
    assert solution.count == 3**5
    lines = str(solution).splitlines()
    assert len(lines) <= 40
    assert all(len(row) <= 100 for row in lines)


@pytest.mark.parametrize(
    "game",
    [RED_LINE, ladder, tied_everywhere, beer_quiche.bind(strong="9/10")],
    ids=repr,
)
def test_texts_keep_to_the_page(game):
    solution = rl.solve(game, SEQUENTIAL)
    assert "\n" not in repr(solution)
    for thing in (solution, solution[0], solution.families[0]):
        lines = str(thing).splitlines()
        assert len(lines) <= 40
        assert all(len(row) <= 100 for row in lines)
        assert "\n" not in repr(thing)
    assert "\n" not in repr(solution[0].free)


def test_names_are_escaped_in_html():
    @rl.game("<A>", "B & C")
    def tags(play):
        play.move("<A>", "<script>", ["<b>", "</b>"])
        play.pay({"<A>": 1})

    solution = rl.solve(tags, SEQUENTIAL)
    for thing in (solution, solution[0]):
        text = thing._repr_html_().removeprefix("<pre>").removesuffix("</pre>")
        assert "<" not in text
        assert "&lt;" in text


# ------------------------------------------------------------------------- equilibrium
def test_an_equilibrium_is_addressed_by_label(solution):
    first = solution[0]
    assert first.strategy["US"]["declare [type=irresolute]"]["line"] == Fraction(1, 3)
    assert first.strategy["Russia"][AFTER_LINE]["cross"] == Fraction(1, 2)
    assert first.belief[AFTER_LINE]["type=resolved, declare=line"] == Fraction(1, 2)
    assert first.support["declare [type=irresolute]"] == ("line", "silent")
    assert first.payoffs == {"US": Fraction(3, 8), "Russia": 2}
    assert "answer [type=resolved, declare=silent, act=cross]" not in first.path
    for lookup in (
        lambda: first.strategy["Russia"]["declare [type=irresolute]"],
        lambda: first.belief["nowhere"],
        lambda: first.support["nowhere"],
        lambda: first.free["nowhere"],
        lambda: first.why("nowhere"),
        lambda: first.probability("nuclear use"),
        lambda: first.probability("crossed", given="nuclear use"),
        lambda: first.range("nuclear use"),
        lambda: first.payoffs_by_reason("China"),
    ):
        with pytest.raises(rl.UnknownLabel):
            lookup()


def test_payoffs_by_reason_sum_to_payoffs(solution):
    for equilibrium in solution:
        for player, value in equilibrium.payoffs.items():
            assert sum(equilibrium.payoffs_by_reason(player).values()) == value
    reasons = solution[0].payoffs_by_reason("US")
    assert reasons["signal"] == -Fraction(1, 2)
    assert reasons["stake"] == 1


def test_probabilities_of_events_and_their_conditions(solution):
    first, silent = solution[0], solution[1]
    assert first.probability("crossed") == Fraction(3, 4)
    assert first.probability("enforced", given="crossed") == Fraction(1, 6)
    assert silent.probability("crossed") == 1
    assert str(first.range("crossed")) == "3/4"


def test_conditions_that_never_happen_give_none():
    (only,) = rl.solve(ladder(rungs=2), SEQUENTIAL)
    if only.probability("disaster") == 0:
        assert only.probability("disaster", given="disaster") is None


def test_what_is_free_has_exact_ranges(solution):
    mixing = next(e for e in solution if AFTER_LINE in e.free and e.free.strategy)
    assert str(mixing.free[AFTER_LINE]["cross"]) == "[2/3, 1)"
    assert Fraction(2, 3) in mixing.free[AFTER_LINE]["cross"]
    assert 1 not in mixing.free[AFTER_LINE]["cross"]
    believing = next(e for e in solution if e.free.belief)
    history = "type=resolved, declare=line"
    assert str(believing.free.belief[AFTER_LINE][history]) == "[0, 1/2]"
    assert str(solution[0].free) == "nothing is free"
    assert AFTER_LINE not in solution[0].free
    assert solution[0].free.get(AFTER_LINE) is None
    assert solution[0].strategy["US"].get(AFTER_LINE, "not hers") == "not hers"


def test_an_element_contains_what_is_free_and_nothing_else(solution):
    mixing = next(e for e in solution if e.free.strategy)
    for cross, inside in (
        ("2/3", True),
        ("99/100", True),
        ("3/5", False),
        ("1", False),
    ):
        play = {
            **shown(mixing),
            AFTER_LINE: {"cross": cross, "refrain": 1 - Fraction(cross)},
        }
        assert mixing.contains(play) == inside
        assert sum(e.contains(play) for e in solution) == (cross != "3/5")


def test_why_tells_what_each_action_is_worth(solution):
    text = solution[0].why("declare [type=irresolute]")
    assert "line: worth 0, best; chosen with 1/3" in text
    assert "silent: worth 0, best; chosen with 2/3" in text
    answer = solution[0].why("answer [type=irresolute, declare=line, act=cross]")
    assert "enforce: worth -4, worse by 1" in answer


@pytest.mark.parametrize("concept", [SEQUENTIAL, WEAK])
def test_equilibria_and_solutions_pickle(concept):
    found = rl.solve(RED_LINE, concept)
    for equilibrium in pickle.loads(pickle.dumps(list(found))):
        assert equilibrium.regret == 0
    again = pickle.loads(pickle.dumps(found))
    assert [shown(e) for e in again] == [shown(e) for e in found]
    assert str(again[0].free) == str(found[0].free)


# --------------------------------------------------------------------- status, options
def test_the_same_call_gives_the_same_answer_in_the_same_order():
    for game in (RED_LINE, beer_quiche.bind(strong="9/10"), tied_everywhere(moves=2)):
        for concept in (SEQUENTIAL, WEAK):
            one, two = (rl.solve(game, concept) for _ in range(2))
            assert [shown(e) for e in one] == [shown(e) for e in two]
            assert [str(e.belief) for e in one] == [str(e.belief) for e in two]
            assert [str(e.free) for e in one] == [str(e.free) for e in two]


@pytest.mark.parametrize("concept", [SEQUENTIAL, WEAK])
def test_a_limit_is_said_and_what_is_listed_is_verified(concept):
    game = beer_quiche.bind(strong="9/10")
    solution = rl.solve(game, concept, limit=2)
    assert len(solution) == 2
    assert solution.status.name == "LIMIT"
    assert not solution.complete
    assert "limit=2" in solution.reason
    assert all(e.regret == 0 for e in solution)
    assert rl.solve(game, concept, limit=4).complete


@pytest.mark.parametrize("concept", [SEQUENTIAL, WEAK])
def test_too_little_effort_is_no_proof(concept):
    solution = rl.solve(ladder(rungs=6), concept, effort=1)
    assert not solution.complete
    assert solution.status.name in ("LIMIT", "NOT_FOUND")
    assert (solution.status.name == "NOT_FOUND") == (len(solution) == 0)
    assert "effort" in solution.reason
    assert solution.count is None
    assert solution.status.name in str(solution) or len(solution)


@pytest.mark.parametrize("concept", [SEQUENTIAL, WEAK, "nash"])
def test_one_can_be_asked_for(concept):
    solution = rl.solve(RED_LINE, concept, coverage="one")
    assert len(solution) == 1
    assert not solution.complete
    assert solution.coverage.value == "one"
    assert solution[0].regret == 0


def test_no_pure_equilibrium_is_not_the_same_as_none():
    solution = rl.solve(pennies_inside, "nash", method="pure strategies")
    assert len(solution) == 0
    assert solution.status.name == "NOT_FOUND"
    assert not solution.complete
    assert solution.families == ()
    assert "NOT_FOUND" in str(solution)


def test_the_case_of_a_concept_is_ignored():
    for word in ("Sequential", "WEAK perfect Bayesian", "subgame-perfect"):
        assert len(rl.solve(chain_store, word)) == 1
    assert len(rl.solve(chain_store, rl.Concept.SEQUENTIAL)) == 1


def test_what_is_not_there_is_refused_with_what_is():
    with pytest.raises(rl.Unsupported, match="did you mean 'sequential'"):
        rl.solve(RED_LINE, "sequental")
    with pytest.raises(rl.Unsupported, match="weak perfect bayesian"):
        rl.solve(RED_LINE, "rationalizable")
    with pytest.raises(rl.Unsupported, match="has no method 'magic'"):
        rl.solve(RED_LINE, SEQUENTIAL, method="magic")
    with pytest.raises(TypeError, match="no option 'limits'.*limit"):
        rl.solve(RED_LINE, SEQUENTIAL, limits=3)
    with pytest.raises(ValueError, match="'all' or 'one'"):
        rl.solve(RED_LINE, SEQUENTIAL, coverage="some")
    with pytest.raises(TypeError, match="takes a Game"):
        rl.solve("red line", SEQUENTIAL)
    with pytest.raises(rl.UnboundParameter):
        rl.solve(line, SEQUENTIAL)


def test_every_method_can_be_named():
    for concept in (SEQUENTIAL, WEAK, "nash"):
        method = rl.solve(RED_LINE, concept).method
        assert rl.solve(RED_LINE, concept, method=method).method == method


@pytest.mark.parametrize(
    ("option", "error", "words"),
    [
        ({"limit": "many"}, TypeError, "limit= is a whole number, not 'many'"),
        ({"limit": 2.5}, TypeError, "limit= is a whole number"),
        ({"limit": True}, TypeError, "limit= is a whole number"),
        ({"limit": 0}, rl.OutOfRange, "limit= is 0; it is 1 or more"),
        ({"effort": None}, TypeError, "effort= is a whole number"),
        ({"effort": -1}, rl.OutOfRange, "effort= is -1; it is 0 or more"),
        ({"time_limit": "long"}, TypeError, "time_limit= is a number, not 'long'"),
        ({"time_limit": -1}, rl.OutOfRange, "time_limit= is -1; it is 0 or more"),
        ({"time_limit": float("nan")}, rl.OutOfRange, "time_limit= is nan"),
    ],
)
def test_an_option_that_is_no_number_of_its_kind_is_refused(option, error, words):
    with pytest.raises(error, match=words):
        rl.solve(RED_LINE, SEQUENTIAL, **option)


@pytest.mark.parametrize(
    "ask",
    [
        lambda g: rl.verify(g, {}),
        lambda g: rl.eliminate(g),
        lambda g: rl.fit_precision(g, {}),
        lambda g: rl.regimes(g),
        lambda g: rl.check(g, rl.payoff("A") >= 0),
    ],
)
@pytest.mark.parametrize("what", [None, [[1, 0], [0, 1]], "game"])
def test_what_is_no_game_is_refused_by_name(ask, what):
    with pytest.raises(TypeError, match="takes a Game, not"):
        ask(what)


@pytest.mark.parametrize("concept", [SEQUENTIAL, WEAK, "subgame perfect"])
def test_where_nothing_is_at_stake_many_actions_are_no_burden(concept):
    zero = [[0] * 40] * 40
    solution = rl.solve(rl.Game.from_bimatrix(zero, zero), concept, limit=3)
    assert solution.count == (2**40 - 1) ** 2
    first = tuple(str(k + 1) for k in range(3))
    assert [e.support["Column"] for e in solution] == [first[:1], first[:2], first]


def test_names_of_any_length_leave_texts_narrow():
    long = ["x" * 150, "y" * 150]
    game = rl.Game.from_bimatrix(
        [[3, 0], [5, 1]], [[3, 5], [0, 1]], players=long, actions=(long, long)
    )
    mediated = rl.solve(game, "correlated")
    for shown in (game, rl.eliminate(game), mediated, mediated[0]):
        assert max(map(len, str(shown).splitlines())) <= 100


def test_profiles_and_counts_that_are_no_mappings_are_refused():
    with pytest.raises(rl.ModelError, match=r"strategy\[player\]\[infoset\]\[action\]"):
        rl.verify(RED_LINE, None)
    with pytest.raises(rl.ModelError, match=r"counts\[infoset\]\[action\]"):
        rl.fit_precision(RED_LINE, [1])
    with pytest.raises(rl.ModelError, match="by action"):
        rl.fit_precision(RED_LINE, {AFTER_LINE: [1, 2]})
