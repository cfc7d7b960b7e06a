"""Subgame perfect equilibria of trees with stages of imperfect information."""

from __future__ import annotations

from fractions import Fraction

import pytest
from stories import chain_store, pennies_inside

import redlines as rl

PERFECT = "subgame perfect"
ZERO, HALF, ONE = Fraction(0), Fraction(1, 2), Fraction(1)
DILEMMA = ([[3, 0], [5, 1]], [[3, 5], [0, 1]])
CHICKEN = ([[3, 1], [4, 0]], [[3, 4], [1, 0]])
IDLE = ([[1, 1], [1, 1]], [[2, 2], [2, 2]])


def repeated(matrices, rounds):
    """The same two matrices again and again, payoffs added up."""
    a, b = matrices

    @rl.game("Row", "Column")
    def rounds_of(play):
        for k in range(rounds):
            chosen = play.simultaneous(
                {"Row": (f"r{k}", ["1", "2"]), "Column": (f"c{k}", ["1", "2"])}
            )
            cell = [int(chosen[p]) - 1 for p in ("Row", "Column")]
            play.pay({"Row": a[cell[0]][cell[1]], "Column": b[cell[0]][cell[1]]})

    return rounds_of


@rl.game("Mover", "Other")
def before_chicken(play, outside=rl.Real("what staying out pays the mover")):
    """One may stay out; else both play chicken, which has three equilibria."""
    if play.move("Mover", "enter", ["out", "in"]) == "out":
        play.pay({"Mover": outside})
        return
    chosen = play.simultaneous(
        {"Mover": ("mine", ["yield", "dare"]), "Other": ("yours", ["yield", "dare"])}
    )
    pays = {
        ("yield", "yield"): (3, 3),
        ("yield", "dare"): (1, 4),
        ("dare", "yield"): (4, 1),
        ("dare", "dare"): (0, 0),
    }[chosen["Mover"], chosen["Other"]]
    play.pay(dict(zip(("Mover", "Other"), pays, strict=True)))


@rl.game("A", "B")
def open_ended(play):
    """The game after A's move pays B the same whatever A does; A may be harmed."""
    if play.move("B", "ask", ["leave", "stay"]) == "leave":
        play.pay({"B": 1, "A": 5})
        return
    chosen = play.simultaneous({"A": ("a", ["up", "down"]), "B": ("b", ["l", "r"])})
    # A gets 0 whatever happens; B gets 2 against up and 0 against down
    play.pay({"B": 2 if chosen["A"] == "up" else 0})


def flat(equilibrium):
    return {h: dict(row) for p in equilibrium.strategy.values() for h, row in p.items()}


# -------------------------------------------------------------- stages and selections
@pytest.mark.parametrize(
    ("outside", "count", "enters"),
    [
        # worth 4, 1 and 2 inside: with 0 every equilibrium there makes it enter
        ("0", 3, ["in", "in", "in"]),
        ("3/2", 3, ["in", "in", "out"]),
        ("5", 3, ["out", "out", "out"]),
        # indifferent against one of them, so out, in and any mixture go with it
        ("2", 5, ["in", "in", "in or out", "out", "out"]),
    ],
)
def test_the_first_move_depends_on_which_equilibrium_follows(outside, count, enters):
    solution = rl.solve(before_chicken.bind(outside=outside), PERFECT)
    assert solution.complete
    assert solution.count == len(solution) == count
    shown = sorted(" or ".join(sorted(e.support["enter"])) for e in solution)
    assert shown == enters
    assert all(e.regret == 0 for e in solution)


def test_the_mixture_at_a_tie_before_a_subgame_is_free():
    solution = rl.solve(before_chicken.bind(outside=2), PERFECT)
    (tied,) = (e for e in solution if len(e.support["enter"]) == 2)
    assert str(tied.free["enter"]["in"]) == "(0, 1)"
    assert tied.range(rl.payoff("Mover")).is_point
    assert str(tied.range(rl.payoff("Other"))) == "(0, 2)"
    # out and in after that equilibrium are joined by the mixtures
    assert sorted(len(group) for group in solution.components) == [1, 1, 3]


def test_a_twice_repeated_dilemma_has_one_equilibrium():
    solution = rl.solve(repeated(DILEMMA, 2), PERFECT)
    assert (solution.count, solution.complete) == (1, True)
    assert solution[0].payoffs == {"Row": 2, "Column": 2}
    assert set(solution[0].support.values()) == {("2",)}


def test_a_twice_repeated_chicken_has_an_equilibrium_for_each_selection():
    solution = rl.solve(repeated(CHICKEN, 2), PERFECT)
    assert solution.complete
    last = {
        tuple(
            tuple(row.items())
            for h, row in sorted(flat(e).items())
            if h.startswith(("r1", "c1"))
        )
        for e in solution
    }
    # each of four histories is followed by one of three equilibria
    assert len(last) == 3**4
    assert solution.count == 151
    assert {len(e.certificate.failures) for e in solution} == {0}


def test_thousands_of_sets_are_solved_where_stages_settle():
    solution = rl.solve(repeated(DILEMMA, 5), PERFECT)
    assert len(solution.game.infosets) == 682
    assert (solution.count, solution.complete) == (1, True)
    assert solution[0].regret == 0


def test_where_nothing_is_at_stake_the_count_is_exact_and_the_list_lazy():
    solution = rl.solve(repeated(IDLE, 2), PERFECT)
    assert solution.count == 9**5
    assert solution.complete
    assert solution.status.name == "LIMIT"
    assert solution[7].regret == 0


def test_subgames_after_draws_alone_are_a_product_and_listed_lazily():
    @rl.game("Row", "Column")
    def apart(play):
        outcomes = {str(k): Fraction(1, 12) for k in range(12)}
        number = int(play.draw("which", outcomes))
        chosen = play.simultaneous(
            {"Row": ("r", ["1", "2"]), "Column": ("c", ["1", "2"])}
        )
        cell = [int(chosen[p]) - 1 for p in ("Row", "Column")]
        play.pay(
            {p: CHICKEN[k][cell[0]][cell[1]] for k, p in enumerate(("Row", "Column"))}
        )
        # the same chicken, in which what it is worth besides changes nothing
        play.pay({"Row": number})
        if cell == [0, 0]:
            play.mark("both yield")

    solution = rl.solve(apart, PERFECT)
    assert (solution.count, solution.complete) == (3**12, True)
    assert solution.status.name == "LIMIT"
    assert solution[-1].regret == 0
    assert {str(e.range("both yield")) for e in solution[:3]} <= {
        str(Fraction(k, 48)) for k in range(13)
    }


def test_the_same_subgame_before_and_after_a_choice_is_told_apart():
    @rl.game("Row", "Column")
    def story(play):
        left = play.draw("side", {"left": "1/2", "right": "1/2"}) == "left"
        if left and play.move("Row", "enter", ["out", "in"]) == "out":
            play.pay({"Row": "3/2"})
            return
        chosen = play.simultaneous(
            {"Row": ("r", ["1", "2"]), "Column": ("c", ["1", "2"])}
        )
        cell = [int(chosen[p]) - 1 for p in ("Row", "Column")]
        play.pay(
            {p: CHICKEN[k][cell[0]][cell[1]] for k, p in enumerate(("Row", "Column"))}
        )

    solution = rl.solve(story, PERFECT)
    assert (solution.count, len(solution), solution.complete) == (9, 9, True)
    entering = [e.support["enter [side=left]"] for e in solution]
    assert sorted(entering) == [("in",)] * 6 + [("out",)] * 3


# ---------------------------------------------------------------------------- continua
def test_payoffs_that_vary_in_a_subgame_decide_what_comes_before():
    solution = rl.solve(open_ended, PERFECT)
    assert solution.complete
    ask, a = "ask", "a [ask=stay]"
    for up, asks in ((ZERO, "leave"), (Fraction(1, 3), "leave"), (ONE, "stay")):
        for b in (ZERO, Fraction(2, 7), ONE):
            play = {
                ask: asks,
                a: {"up": up, "down": 1 - up},
                "b [ask=stay]": {"l": b, "r": 1 - b},
            }
            assert sum(e.contains(play) for e in solution) == 1
            wrong = {**play, ask: "stay" if asks == "leave" else "leave"}
            assert not any(e.contains(wrong) for e in solution)
            assert not rl.verify(open_ended, wrong, concept=PERFECT)
            assert rl.verify(open_ended, play, concept=PERFECT)
    leaving = [e for e in solution if e.support[ask] == ("leave",)]
    ranges = {str(e.free.strategy[a]["up"]) for e in leaving if a in e.free.strategy}
    assert ranges == {"(0, 1/2]"}
    mixing = [e for e in solution if len(e.support[ask]) == 2]
    assert {e.strategy["A"][a]["up"] for e in mixing} == {HALF}
    assert len(solution.components) == 1


def test_free_ranges_are_tied_where_a_subgame_gives_what_is_given_up():
    @rl.game("A", "B")
    def story(play):
        if play.move("A", "first", ["stop", "go"]) == "stop":
            play.pay({"A": 1})
            return
        play.mark("went")
        kind = play.draw("side", {"left": "1/2", "right": "1/2"})
        share = play.move("B", "share", ["all", "none"])
        play.pay({"A": 2 if share == "all" else 0})
        play.mark(f"{share} on the {kind}")

    solution = rl.solve(story, PERFECT)
    assert solution.complete
    tied = [
        e
        for e in solution
        if len(e.support["first"]) == 2
        and all(len(e.support[h]) == 2 for h in e.support if h.startswith("share"))
    ]
    (element,) = tied
    assert len(element.free.relations) == 1
    assert "w(all at share [first=go, side=left])" in element.free.relations[0]
    assert str(element.range("all on the left")) == "(0, 1/2)"
    assert str(element.range(rl.P("all on the left", given="went"))) == "(0, 1/2)"
    assert str(element.range(rl.payoff("A"))) == "1"


def test_what_is_open_behind_an_end_that_is_not_reached_does_not_matter():
    @rl.game("A", "B")
    def story(play):
        if play.move("A", "first", ["stop", "go"]) == "stop":
            play.mark("stopped")
            play.pay({"A": 1})
            return
        # chicken between them, after one of whose equilibria nobody minds what B does
        chosen = play.simultaneous({"A": ("a", ["1", "2"]), "B": ("b", ["1", "2"])})
        pays = {("1", "2"): (1, 2), ("2", "1"): (0, 1)}
        worth = pays.get((chosen["A"], chosen["B"]), (0, 0))
        play.pay(dict(zip(("A", "B"), worth, strict=True)))
        if (chosen["A"], chosen["B"]) == ("1", "2"):
            told = play.simultaneous({"A": ("c", ["1", "2"]), "B": ("d", ["1", "2"])})
            if told["B"] == "1":
                play.mark("said")

    solution = rl.solve(story, PERFECT)
    assert solution.complete
    spans = set()
    for element in solution:
        said, stopped = element.range("said"), element.range("stopped")
        if element.support["first"] == ("stop",):
            assert (str(said), 0 in said, 1 in stopped) == ("0", True, True)
        spans.add(str(said))
    assert {"0", "1", "(0, 1)"} <= spans


# ------------------------------------------------------------ what own choices exclude
def test_own_later_choices_in_a_stage_that_own_play_excludes_are_free():
    @rl.game("A", "B")
    def story(play):
        first = play.move("A", "first", ["out", "in"], seen_by=[])
        guess = play.move("B", "guess", ["l", "r"], seen_by=[])
        if first == "out":
            play.pay({"A": 2})
            return
        again = play.move("A", "again", ["l", "r"])
        play.pay({"A": int(again == guess), "B": int(again != guess)})

    solution = rl.solve(story, PERFECT)
    assert solution.complete
    assert {e.support["first"] for e in solution} == {("out",)}
    for element in solution:
        assert set(map(str, element.free["again [first=in]"].values())) == {"[0, 1]"}
    # whatever B guesses; its own move is excluded by A, not by itself
    assert {e.support["guess"] for e in solution} == {("l",), ("l", "r"), ("r",)}
    assert len(solution.components) == 1


def test_without_proper_subgames_the_answer_is_nash():
    game = rl.Game.from_bimatrix(*CHICKEN)
    perfect, nash = rl.solve(game, PERFECT), rl.solve(game, "nash")
    assert {str(flat(e)) for e in perfect} == {str(flat(e)) for e in nash}


def test_an_empty_threat_is_left_to_nash():
    (only,) = rl.solve(chain_store, PERFECT, method="decomposition into subgames")
    assert only.support["reply [enter=in]"] == ("share",)
    assert len(rl.solve(chain_store, "nash")) > 1


def test_entry_into_pennies_is_one_settled_region_after_another():
    (only,) = rl.solve(pennies_inside, PERFECT)
    assert only.payoffs == {"A": 0, "B": 0}
    assert only.free.relations == ()


# ------------------------------------------------------------------- one, and too many
def test_one_of_a_tree_that_is_too_large_for_all():
    game = repeated(CHICKEN, 4)
    one = rl.solve(game, PERFECT, coverage="one", method="decomposition into subgames")
    assert len(one) == 1
    assert not one.complete
    assert one[0].regret == 0
    assert rl.verify(game, one[0].strategy, concept=PERFECT)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"limit": 7}, "more than limit=7"),
        ({"time_limit": 0}, "time ran out"),
        ({"region": 10}, "more than region=10"),
    ],
)
def test_nothing_is_cut_in_silence(options, reason):
    solution = rl.solve(repeated(CHICKEN, 2), PERFECT, **options)
    assert not solution.complete
    assert solution.count is None
    assert reason in solution.reason
    assert solution.status.name == ("LIMIT" if len(solution) else "NOT_FOUND")
    assert all(e.regret == 0 for e in solution)
    assert solution.components is None


def test_large_matrices_are_referred_to_nash():
    big = [[0] * 101] * 100
    with pytest.raises(rl.Unsupported, match="ask for 'nash'"):
        rl.solve(
            rl.Game.from_bimatrix(big, big),
            PERFECT,
            method="decomposition into subgames",
        )


@pytest.mark.parametrize("scale", ["1e-300", "1e300", "123456789012345678901/7"])
def test_scale_and_origin_do_not_matter(scale):
    factor = Fraction(scale)
    a = [[3 * factor + 1, 1], [5 * factor + 1, factor + 1]]
    (plain,), (scaled,) = (
        rl.solve(repeated(m, 2), PERFECT) for m in (DILEMMA, (a, DILEMMA[1]))
    )
    assert flat(plain) == flat(scaled)
    assert scaled.payoffs["Row"] == 2 * factor + 2
