"""Graph models: the canon, inclusions, all ordinal games, lasting moves, errors."""

from __future__ import annotations

import itertools
import pickle
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import redlines as rl
from redlines.sanctions import STABILITIES, as_claimed
from redlines.solvers.stability import NashStable
from redlines.stable_states import StablePart

R, GMR, SMR, SEQ = STABILITIES


def cells(a, b, **options):
    game = rl.Game.from_bimatrix(a, b, actions=(["C", "D"], ["C", "D"]), **options)
    return rl.GraphModel.from_game(game)


def found(model, concept):
    return {s.state for s in rl.solve(model, concept)}


# -------------------------------------------------------------------------- the canon
CC, CD, DC, DD = "C, C", "C, D", "D, C", "D, D"
DILEMMA = cells([[3, 1], [4, 2]], [[3, 4], [1, 2]], name="dilemma")
CHICKEN = cells([[3, 2], [4, 1]], [[3, 4], [2, 1]], name="Chicken")
STAG = cells([[4, 1], [3, 2]], [[4, 3], [1, 2]], name="stag hunt")


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (DILEMMA, {R: {DD}, GMR: {CC, DD}, SMR: {CC, DD}, SEQ: {CC, DD}}),
        (
            CHICKEN,
            {R: {CD, DC}, GMR: {CC, CD, DC}, SMR: {CC, CD, DC}, SEQ: {CD, DC}},
        ),
        (STAG, {R: {CC, DD}, GMR: {CC, DD}, SMR: {CC, DD}, SEQ: {CC, DD}}),
    ],
    ids=["dilemma", "chicken", "stag hunt"],
)
def test_canonical_games_have_their_known_stabilities(model, expected):
    # Fang, Hipel and Kilgour 1993, chapter 3
    for concept, states in expected.items():
        solution = rl.solve(model, concept)
        assert {s.state for s in solution} == states
        assert solution.complete
        assert solution.count == len(states)
        assert all(s.certificate.holds and s.regret == 0 for s in solution)


def test_the_missile_crisis_ends_in_withdrawal():
    # after Fraser and Hipel 1984, chapter 1: the only equilibria of the two sides are
    # that the missiles go, with a blockade (6) or without (4); the numbers are sums of
    # air strike 1, blockade 2, withdraw 4, escalate 8
    worth = {"air strike": 1, "blockade": 2, "withdraw": 4, "escalate": 8}
    options = {"US": ["air strike", "blockade"], "USSR": ["withdraw", "escalate"]}
    names = {
        str(sum(worth[o] for o in taken)): taken
        for size in range(5)
        for taken in itertools.combinations(worth, size)
        if not {"withdraw", "escalate"} <= set(taken)
    }
    model = rl.GraphModel.from_options(
        options,
        {
            "US": ["4", "6", "5", "7", "2", "1", "3", "0", "11", "9", "10", "8"],
            "USSR": ["0", "4", "6", "2", "5", "1", "7", "3", "11", "9", "10", "8"],
        },
        infeasible=[{"withdraw": True, "escalate": True}],
        names=names,
    )
    assert found(model, "seq") == {"4", "6"}
    assert found(model, "nash") == set()
    assert "likes that better" in model.why("6", "US")


# ---------------------------------------------------------------------- all 2x2 games
def ordinal_games():
    """One of each class of strict ordinal 2x2 games: rows, columns, sides renamed."""
    seen = set()
    for a in itertools.permutations(range(1, 5)):
        for b in itertools.permutations(range(1, 5)):
            forms = []
            for rows, columns, swap in itertools.product((0, 1), repeat=3):
                order = [2 * (r ^ rows) + (c ^ columns) for r in (0, 1) for c in (0, 1)]
                one, two = [a[k] for k in order], [b[k] for k in order]
                if swap:
                    one, two = ([m[0], m[2], m[1], m[3]] for m in (two, one))
                forms.append((tuple(one), tuple(two)))
            if min(forms) not in seen:
                seen.add(min(forms))
                yield a, b


def test_the_78_ordinal_games_by_number_of_stable_cells():
    # Rapoport and Guyer 1966: 78; with the sides told apart there are 144, of which
    # 1/8 have no pure equilibrium, 1/8 two; 12 are symmetric, half of them with one
    counts = {concept: Counter() for concept in STABILITIES}
    for a, b in ordinal_games():
        model = cells([a[:2], a[2:]], [b[:2], b[2:]])
        for concept in STABILITIES:
            counts[concept][len(found(model, concept))] += 1
    assert sum(counts[R].values()) == 78
    assert counts[R] == {0: 18 // 2, 1: (108 + 6) // 2, 2: (18 + 6) // 2}
    # every 2x2 game has a state that is metarational (Howard 1971)
    assert counts[GMR][0] == 0


# ------------------------------------------------------------------------- properties
@st.composite
def models(draw, largest=6):
    size = draw(st.integers(1, largest))
    states = [f"s{k}" for k in range(size)]
    moves, ranks = {}, {}
    for player in ("A", "B"):
        moves[player] = {
            s: draw(
                st.lists(st.sampled_from([t for t in states if t != s]), unique=True)
            )
            for s in states
            if size > 1
        }
        levels = draw(st.lists(st.integers(0, 3), min_size=size, max_size=size))
        ranks[player] = [
            [s for s, x in zip(states, levels, strict=True) if x == level]
            for level in sorted(set(levels), reverse=True)
        ]
    return rl.GraphModel(states, moves, ranks)


@given(models())
@settings(max_examples=150)
def test_nash_within_smr_within_gmr_and_nash_within_seq_within_gmr(model):
    for state in rl.solve(model, "stability"):
        for own in state.stable.values():
            assert (R not in own) or (SMR in own and SEQ in own)
            assert (SMR not in own) or (GMR in own)
            assert (SEQ not in own) or (GMR in own)


@given(models())
@settings(max_examples=60)
def test_the_words_agree_with_the_solver(model):
    for state in rl.solve(model, "stability"):
        for player, own in state.stable.items():
            text = state.why(player)
            if "by every concept" in text:
                assert own == STABILITIES
            else:
                (line,) = [x for x in text.splitlines() if x.startswith("  stable: ")]
                expected = ", ".join(own) or "by no concept"
                assert line == f"  stable: {expected}"


@given(st.lists(st.integers(0, 3), min_size=12, max_size=12))
@settings(max_examples=40)
def test_nash_stable_cells_are_the_pure_equilibria(payoffs):
    a, b = [payoffs[0:3], payoffs[3:6]], [payoffs[6:9], payoffs[9:12]]
    game = rl.Game.from_bimatrix(a, b)
    pure = {
        f"{r + 1}, {c + 1}"
        for r in range(2)
        for c in range(3)
        if a[r][c] == max(row[c] for row in a) and b[r][c] == max(b[r])
    }
    assert found(rl.GraphModel.from_game(game), "nash") == pure


# ------------------------------------------------------------------- how it is written
def test_a_move_that_cannot_be_taken_back_is_no_way_out():
    # the way out of the sanction is what symmetric stability asks about
    ranks = {"A": "good > start > bad", "B": "bad > start = good"}
    moves = {"A": {"start": ["good"]}, "B": {"good": ["bad"]}}
    held = rl.GraphModel(["start", "good", "bad"], moves, ranks)
    assert "start" in found(held, "smr")
    out = {"A": {"start": ["good"], "bad": ["good"]}, "B": {"good": ["bad"]}}
    assert "start" not in found(rl.GraphModel(held.states, out, ranks), "smr")
    assert "start" in found(rl.GraphModel(held.states, out, ranks), "gmr")


def test_an_answer_that_leaves_one_as_well_off_as_before_is_a_sanction():
    ranks = {"A": "good > start = same", "B": "same > start = good"}
    moves = {"A": {"start": ["good"]}, "B": {"good": ["same"]}}
    model = rl.GraphModel(["start", "good", "same"], moves, ranks)
    assert "start" in found(model, "seq")
    assert "start" not in found(model, "nash")


def test_irreversible_options_stay_taken():
    model = rl.GraphModel.from_options(
        {"US": ["strike"], "Russia": ["talk"]}, irreversible=["strike"]
    )
    assert model.states == ("none", "talk", "strike", "strike + talk")
    assert model.moves["US"] == {
        "none": ("strike",),
        "talk": ("strike + talk",),
        "strike": (),
        "strike + talk": (),
    }
    assert model.moves["Russia"]["strike"] == ("strike + talk",)


def test_priorities_rank_by_what_matters_most_first():
    model = rl.GraphModel.from_options(
        {"US": ["strike"], "Russia": ["talk"]},
        priorities={
            "US": [{"talk": True}, {"strike": False}],
            "Russia": [{"strike": False}],
        },
        infeasible=lambda taken: taken == {"strike"},
    )
    assert model.ranking("US") == (("talk",), ("strike + talk",), ("none",))
    assert model.ranking("Russia") == (("none", "talk"), ("strike + talk",))


def test_a_story_with_simultaneous_moves_becomes_a_graph_model():
    @rl.game("US", "Russia")
    def clash(play, cost=rl.Positive("cost")):
        both = play.simultaneous({"US": ("a", ["C", "D"]), "Russia": ("b", ["C", "D"])})
        play.pay({p: 1 for p, act in both.items() if act == "D"})
        if both["US"] == both["Russia"] == "D":
            play.pay({"US": -cost, "Russia": -cost})

    model = rl.GraphModel.from_game(clash.bind(cost=3))
    assert found(model, "nash") == {CD, DC}
    with pytest.raises(rl.UnboundParameter, match="cost"):
        rl.GraphModel.from_game(clash)


def test_a_game_in_which_moves_are_seen_is_refused():
    @rl.game("US", "Russia")
    def seen(play):
        if play.move("US", "a", ["C", "D"]) == "D":
            play.move("Russia", "b", ["C", "D"])
            play.pay({"US": 1})

    with pytest.raises(rl.Unsupported, match="may end before both have decided"):
        rl.GraphModel.from_game(seen)

    @rl.game("US", "Russia")
    def both(play):
        play.move("US", "a", ["C", "D"])
        play.move("Russia", "b", ["C", "D"])
        play.pay({"US": 1})

    with pytest.raises(rl.Unsupported, match="1 and 2 information sets"):
        rl.GraphModel.from_game(both)


@pytest.mark.parametrize(
    ("states", "moves", "ranks", "message"),
    [
        ([], {"A": {}, "B": {}}, None, "sequence of names"),
        (["x", "x"], {"A": {}, "B": {}}, None, "twice: ['x']"),
        (["x", " "], {"A": {}, "B": {}}, None, "cannot be a state"),
        (["x"], {"A": {}}, None, "two players are needed"),
        (["x"], "AB", None, "a mapping by player"),
        (["x"], {"A": {"x": ["x"]}, "B": {}}, None, "leads to itself"),
        (["x"], {"A": {"x": ["y"]}, "B": {}}, None, "no state 'y' in the moves of 'A'"),
        (["x", "y"], {"A": {"x": "y"}, "B": {}}, None, "list of states"),
        (["x"], {"A": {}, "B": {}}, {"A": "x"}, "the same two"),
        (["x", "y"], {"A": {}, "B": {}}, {"A": "x", "B": "x > y"}, "missing: ['y']"),
        (["x"], {"A": {}, "B": {}}, {"A": "x > x", "B": "x"}, "repeated: ['x']"),
        (["x", "y"], {"A": {}, "B": {}}, {"A": "x >= y", "B": "x > y"}, "only > and ="),
        (
            ["x"],
            {"A": {}, "B": {}},
            {"A": "z", "B": "x"},
            "no state 'z' in the ranking",
        ),
        (["x"], {"A": {}, "B": {}}, {"A": 3, "B": "x"}, "there must be states"),
    ],
)
def test_what_is_no_graph_model_is_refused(states, moves, ranks, message):
    import re

    with pytest.raises(rl.ModelError, match=re.escape(message)):
        rl.GraphModel(states, moves, ranks)


def test_options_that_do_not_fit_are_refused():
    with pytest.raises(rl.ModelError, match="different names"):
        rl.GraphModel.from_options({"A": ["x"], "B": ["x"]})
    with pytest.raises(rl.UnknownLabel, match="no option 'z'"):
        rl.GraphModel.from_options({"A": ["x"], "B": ["y"]}, irreversible=["z"])
    with pytest.raises(rl.ModelError, match="no state is feasible"):
        rl.GraphModel.from_options({"A": ["x"], "B": []}, infeasible=[{}])
    with pytest.raises(rl.Unsupported, match="at most 12"):
        rl.GraphModel.from_options({"A": map(str, range(13)), "B": []})
    with pytest.raises(rl.ModelError, match="cannot be"):
        rl.GraphModel.from_options({"A": ["x"], "B": []}, names={"n": ["q"]})


def test_a_model_without_rankings_is_not_solved():
    model = rl.GraphModel(["x"], {"A": {}, "B": {}})
    with pytest.raises(rl.ModelError, match="has no rankings"):
        rl.solve(model, "nash")


# ------------------------------------------------------------------------ the referee
@pytest.mark.parametrize(
    ("state", "concept", "reason"),
    [
        (CC, R, "which it likes better"),
        (DD, GMR, "no answer of the other leaves it no better off"),
        (DD, SMR, "from every answer that harms it gets away"),
        (CC, SEQ, "no answer in the other's interest harms it"),
    ],
)
def test_the_referee_refuses_a_state_that_is_not_stable(state, concept, reason):
    certificate = rl.verify(CHICKEN, state, concept=concept)
    assert not certificate
    assert certificate.regret is None
    assert reason in certificate.failures[0]


def test_the_referee_refuses_stabilities_claimed_too_many_or_too_few():
    right = dict.fromkeys(CHICKEN.players, (GMR, SMR))
    assert as_claimed(CHICKEN, CC, right)
    assert not as_claimed(CHICKEN, CC, {**right, "Row": (GMR, SMR, SEQ)})
    assert not as_claimed(CHICKEN, CC, {**right, "Row": (GMR,)})


def test_a_solver_that_lists_a_wrong_state_is_found_out(monkeypatch):
    def wrong(self, game, coverage):
        good = self_find(self, game, coverage)
        claim = dict.fromkeys(game.players, STABILITIES)
        good.elements.append(StablePart(game, CC, claim))
        return good

    self_find = NashStable.find
    monkeypatch.setattr(NashStable, "find", wrong)
    with pytest.raises(rl.SolveFailed, match="'C, C' is not nash for Row"):
        rl.solve(CHICKEN, "nash")


def test_a_concept_of_trees_is_not_one_of_states():
    with pytest.raises(rl.Unsupported, match="'sequential' is not defined"):
        rl.verify(CHICKEN, CC)
    with pytest.raises(
        rl.Unsupported, match="GraphModel; for it there are: 'nash', 'gen"
    ):
        rl.solve(CHICKEN, "sequential")
    with pytest.raises(rl.UnknownLabel, match="no state 'X'"):
        rl.verify(CHICKEN, "X", concept="nash")


# ---------------------------------------------------------------------------- as shown
def test_a_graph_model_is_the_same_after_a_journey():
    copy = pickle.loads(pickle.dumps(CHICKEN))
    assert str(copy) == str(CHICKEN)
    assert found(copy, "gmr") == {CC, CD, DC}


def test_texts_are_short_even_for_large_models_and_odd_names():
    states = [f'<state "{k}"> {"long " * 30}' for k in range(60)]
    moves = {"A": {s: [t for t in states if t != s] for s in states}, "B": {}}
    model = rl.GraphModel(states, moves, {"A": states, "B": [states]})
    solution = rl.solve(model, "stability")
    for text in (str(model), str(solution), str(solution[0])):
        assert len(text.splitlines()) <= 40
        assert all(len(line) <= 100 for line in text.splitlines())
    assert "\n" not in repr(model) + repr(solution[0])
    assert "&lt;state" in model._repr_html_()
    assert [s.state for s in rl.solve(model, "nash")] == states[:1]


def test_a_picture_marks_equilibria_and_draws_each_improvement():
    from matplotlib.patches import FancyArrowPatch

    ax = CHICKEN.plot()
    words = {t.get_text().split("\n")[0]: t.get_text() for t in ax.texts}
    assert words[CD].endswith("Nash GMR SMR SEQ")
    assert words[CC].endswith("GMR SMR")
    assert words[DD].endswith("(1, 1)")
    arrows = [p for p in ax.patches if isinstance(p, FancyArrowPatch)]
    assert len(arrows) == 4
    with pytest.raises(rl.Unsupported, match="at most 60"):
        rl.GraphModel(list(map(str, range(61))), {"A": {}, "B": {}}).plot()
