"""Trees in Gambit's format: what is read, under which labels, and written again."""

from __future__ import annotations

import pickle
from fractions import Fraction

import pytest
from bank import CASES
from stories import line

import redlines as rl

HEAD = 'EFG 2 R "title" { "A" "B" }\n'
FIRST = 'p "" 1 1 "first" { "l" "r" } 0\n'


def read(body, head=HEAD):
    return rl.read_efg(head + body)


def payoffs(game):
    return [tuple(map(str, end.payoffs.values())) for end in game.terminals]


def shape(game):
    """What a game is, whatever its names: kinds, owners, sets, chances, payoffs."""
    tables = game._tables
    order = {}
    rows = []
    for node, kind in enumerate(tables.kind):
        place = tables.infoset[node]
        if kind == 0:
            owner = tables.infosets[place].player
            who = (owner, order.setdefault(place, len(order)))
        else:
            who = tuple(game._shares(place)) if kind == 1 else game._payoffs[node]
        rows.append((kind, tables.parent[node], tables.option[node], who))
    return rows


# ------------------------------------------------------------------------------ reading
def test_the_example_of_the_format_is_read():
    game = rl.read_efg(
        """EFG 2 R "General Bayes game, one stage" { "Player 1" "Player 2" }
        c "ROOT" 1 "(0,1)" { "1G" 0.500000 "1B" 0.500000 } 0
        c "" 2 "(0,2)" { "2g" 0.500000 "2b" 0.500000 } 0
        p "" 1 1 "(1,1)" { "H" "L" } 0
        p "" 2 1 "(2,1)" { "h" "l" } 0
        t "" 1 "Outcome 1" { 10.000000 2.000000 }
        t "" 2 "Outcome 2" { 0.000000 10.000000 }
        p "" 2 1 0
        t "" 3 "Outcome 3" { 2.000000 4.000000 }
        t "" 4 "Outcome 4" { 4.000000 0.000000 }
        p "" 1 1 0 p "" 2 2 "(2,2)" { "h" "l" } 0 t "" 1 t "" 2
        p "" 2 2 0 t "" 3 t "" 4
        t "" 0
        """
    )
    assert game.name == "General Bayes game, one stage"
    assert game.players == ("Player 1", "Player 2")
    assert list(game.infosets) == ["(1,1)", "(2,1)", "(2,2)"]
    assert game.infosets["(1,1)"].histories == (
        "(0,1)=1G, (0,2)=2g",
        "(0,1)=1G, (0,2)=2b",
    )
    assert game.infosets["(2,2)"].actions == ("h", "l")
    assert payoffs(game)[-1] == ("0", "0")
    assert game.events == ()
    assert rl.solve(game, "sequential").complete


def test_payoffs_add_along_the_way_and_each_outcome_is_a_reason():
    game = read(
        'p "" 1 1 "enter" { "in" "out" } 5 "stake" { -1, 0 } '
        'p "" 2 1 "answer" { "fight" "share" } 6 "entry fee" { -1/2 1/2 } '
        't "" 7 "" { 4 2 } t "" 5 t "" 0'
    )
    assert payoffs(game) == [("5/2", "5/2"), ("-5/2", "1/2"), ("-1", "0")]
    assert game.reasons == ("stake", "entry fee", "outcome 7")
    assert game.terminals[1].payoffs_by_reason["A"] == {
        "stake": -2,
        "entry fee": Fraction(-1, 2),
    }


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("3", 3),
        ("-3", -3),
        ("+3", 3),
        ("1/3", Fraction(1, 3)),
        ("-2/6", Fraction(-1, 3)),
        ("0.1", Fraction(1, 10)),
        (".5", Fraction(1, 2)),
        ("-.5", Fraction(-1, 2)),
        ("5.", 5),
        ("1e-3", Fraction(1, 1000)),
        ("1E+2", 100),
        ("1.5e1", 15),
        ("1e-300", Fraction(1, 10**300)),
        ("12345678901234567890123", 12345678901234567890123),
    ],
)
def test_numbers_are_exact(word, value):
    game = read(f't "" 1 "" {{ {word} {word} }}')
    assert game.terminals[0].payoffs == {"A": value, "B": value}


@pytest.mark.parametrize("list_", ["{1,2}", "{ 1 2 }", "{\n1\t,\r\n2 , }", "{1 2}"])
def test_payoffs_stand_with_commas_or_none_and_any_space(list_):
    assert payoffs(read(f't""1""{list_}')) == [("1", "2")]


def test_what_is_missing_is_left_out_of_no_label():
    game = read('p 1 7 { "" "" } 0 t 1 { 1 2 } t 0')
    assert list(game.infosets) == ["A:7"]
    assert game.infosets["A:7"].actions == ("1", "2")
    assert game.reasons == ("outcome 1",)


def test_headers_may_be_repeated_or_left_out():
    second = 'p "" 2 1 "second" { "x" "y" } 0 t "" 1 "o" { 1 2 } t "" 0 '
    for again in ("", '"second"', '"second" { "x" "y" }', '{ "x" "y" }'):
        for outcome in ("", '"o"', '"o" { 1.0, 2 }', "{ 1 2 }"):
            game = read(FIRST + second + f'p "" 2 1 {again} 0 t "" 1 {outcome} t "" 0')
            assert len(game.infosets["second"].nodes) == 2
            assert payoffs(game) == [("1", "2"), ("0", "0")] * 2


def test_information_sets_are_numbered_by_player_in_any_way():
    game = read(
        'p "" 1 3 "" { "l" "r" } 0 p "" 2 3 "" { "l" "r" } 0 t "" 0 t "" 0 '
        'p "" 2 -8 "" { "l" "r" } 0 t "" 0 t "" 0'
    )
    assert list(game.infosets) == ["A:3", "B:3", "B:-8"]
    assert '2 -8 ""' in game.to_efg()


def test_quotes_and_line_ends_are_part_of_a_text():
    game = rl.read_efg(
        'EFG 2 D "a \\"cold\\" war\\\\peace" { "A \\"1\\"" "<B> & \\c" }\n'
        '"a comment\nof two lines"\nt "" 0'
    )
    assert game.name == 'a "cold" war\\peace'
    assert game.players == ('A "1"', "<B> & \\c")
    assert game.__doc__ == "a comment\nof two lines"
    assert rl.read_efg(game.to_efg()).players == game.players


def test_an_outcome_of_probability_zero_is_left_out_with_what_follows():
    game = read(
        'c "" 1 "coin" { "heads" 0 "tails" 1 } 0 '
        'p "" 1 4 "choice" { "l" "r" } 0 p "" 2 2 "gone" { "l" "r" } 0 '
        't "" 1 "pay" { 1 1 } t "" 0 t "" 0 '
        'p "" 1 4 0 t "" 1 t "" 0'
    )
    assert list(game.infosets) == ["choice"]
    assert game.infosets["choice"].histories == ("coin=tails",)
    assert payoffs(game) == [("1", "1"), ("0", "0")]
    assert rl.read_efg(game.to_efg()).to_efg() == game.to_efg()


def test_a_tree_of_one_node_is_a_game():
    game = read('t "the end" 3 "settled" { 1/2 1/3 }')
    assert payoffs(game) == [("1/2", "1/3")]
    assert rl.solve(game, "nash")[0].payoffs["B"] == Fraction(1, 3)


def test_a_game_without_payoffs_ties_everywhere():
    solution = rl.solve(read(FIRST + 't "" 0 t "" 0'), "nash")
    assert solution.count == 2


# ------------------------------------------------------------------------------- labels
def test_a_name_becomes_a_label():
    second = 'p "" 2 %d "%s" { "c, d" "c,d" "[e]=" } 0 t "" 0 t "" 0 t "" 0 '
    names = ("x [y], z=1\n2", "first")
    game = read(FIRST + "".join(second % pair for pair in enumerate(names)))
    assert list(game.infosets) == ["first_1", "x (y); z:1 2", "first_2"]
    assert game.infosets["first_2"].actions == ("c; d", "c,d", "(e):")
    for label in game.infosets:
        assert game.infosets[label].label == label


def test_names_that_repeat_are_numbered_as_in_gambit():
    game = rl.read_efg(
        'EFG 2 R "" { "A" "A" "" "A_1" } p "" 1 1 "s" { "x" "y" "x" } 0 '
        'p "" 1 2 "s" { "x" } 0 t "" 0 t "" 0 t "" 0'
    )
    assert game.players == ("A_2", "A_3", "Player 3", "A_1")
    assert game.name == "untitled"
    assert list(game.infosets) == ["s_1", "s_2"]
    assert game.infosets["s_1"].actions == ("x_1", "y", "x_2")
    assert '{ "A" "A" "" "A_1" }' in game.to_efg()
    assert '{ "x" "y" "x" }' in game.to_efg()


def test_a_label_of_ours_is_kept_with_its_facts():
    game = read(
        FIRST
        + 'p "" 2 1 "answer [first=l]" { "x" "y" } 0 t "" 1 "o" { 1 2 } t "" 0 '
        + 'p "" 2 2 "answer [first=r]" { "x" "y" } 0 t "" 1 t "" 0'
    )
    assert list(game.infosets) == ["first", "answer [first=l]", "answer [first=r]"]
    assert game.infosets["answer [first=r]"].facts == (("first", "r"),)
    assert rl.verify(
        game,
        {"first": "l", "answer [first=l]": "x", "answer [first=r]": "x"},
        concept="subgame perfect",
    )


def test_labels_with_commas_can_be_spoken_of():
    game = read(
        'p "" 1 1 "(1,1)" { "a,b" "c" } 0 p "" 2 1 "(2,1)" { "x" "y" } 0 '
        'p "" 1 2 "(1,2)" { "u,v" "w" } 0 t "" 1 "o" { 1 1 } t "" 0 t "" 0 t "" 0'
    )
    plan = "(1,1)=a,b, (1,2)=u,v"
    (mediated,) = rl.solve(game, "correlated", maximize="welfare")
    assert mediated.distribution == {(plan, "x"): 1}
    assert rl.verify(game, mediated.distribution, concept="correlated")
    belief = {"(1,2)": {"(1,1)=a,b, (2,1)=x": 1}}
    strategy = {"(1,1)": "a,b", "(2,1)": "x", "(1,2)": "u,v"}
    assert rl.verify(game, strategy, belief)


# --------------------------------------------------------------------- who is refused
THREE = """EFG 2 R "Selten's horse" { "1" "2" "3" }
p "" 1 1 "" { "D" "A" } 0
p "" 3 1 "" { "L" "R" } 0
t "" 1 "" { 0, 0, 0 }
t "" 2 "" { 3, 2, 2 }
p "" 2 1 "" { "d" "a" } 0
p "" 3 1 "" { "L" "R" } 0
t "" 3 "" { 0, 0, 1 }
t "" 4 "" { 4, 4, 0 }
t "" 5 "" { 1, 1, 1 }"""
TWICE = HEAD + FIRST + 'p "" 1 1 0 t "" 1 "" { 1 1 } t "" 0 t "" 0'
DID = (
    HEAD
    + FIRST
    + (
        'p "" 1 2 "then" { "x" "y" } 0 t "" 1 "" { 1 1 } t "" 0 '
        'p "" 1 2 0 t "" 0 t "" 1'
    )
)
KNEW = (
    HEAD
    + 'c "" 1 "coin" { "h" 1/2 "t" 1/2 } 0 '
    + (
        'p "" 1 1 "saw heads" { "x" } 0 p "" 1 3 "later" { "y" "z" } 0 t "" 0 t "" 0 '
        'p "" 1 2 "saw tails" { "x" } 0 p "" 1 3 0 t "" 0 t "" 0'
    )
)

REFUSED = {
    "solve": lambda game: rl.solve(game, "nash"),
    "regimes": rl.regimes,
    "check": lambda game: rl.check(game, rl.payoff(game.players[0]) >= 0),
    "verify": lambda game: rl.verify(game, {}, concept="nash"),
    "eliminate": rl.eliminate,
    "to_nashpy": lambda game: game.to_nashpy(),
}


@pytest.mark.parametrize("purpose", sorted(REFUSED))
def test_other_numbers_of_players_are_read_and_not_solved(purpose):
    for text, count in ((THREE, 3), ('EFG 2 R "" { "A" } t "" 0', 1)):
        game = rl.read_efg(text)
        with pytest.raises(rl.Unsupported, match=f"{purpose} takes .* has {count}"):
            REFUSED[purpose](game)


@pytest.mark.parametrize("purpose", sorted(REFUSED))
def test_who_forgets_is_named_with_the_place(purpose):
    for text, place in (
        (TWICE, "A forgets at 'first' that it has been there before"),
        (DID, "A cannot tell apart, at 'then', .* 'first=l' and 'first=r'"),
        (KNEW, "A cannot tell apart, at 'later'"),
    ):
        game = rl.read_efg(text)
        with pytest.raises(rl.ImperfectRecall, match=f"{purpose} needs.*{place}"):
            REFUSED[purpose](game)


@pytest.mark.parametrize("text", [THREE, TWICE, DID, KNEW])
def test_what_is_refused_can_be_looked_at_and_written(text):
    game = rl.read_efg(text)
    assert str(game).count("\n") >= len(game._tables)
    again = rl.read_efg(game.to_efg())
    assert shape(again) == shape(game)
    assert list(again.infosets) == list(game.infosets)
    assert again.to_efg() == game.to_efg()
    assert pickle.loads(pickle.dumps(game)).to_efg() == game.to_efg()


def test_a_picture_has_two_players():
    with pytest.raises(rl.Unsupported, match="two players"):
        rl.read_efg(THREE).plot()


def test_forgetting_only_where_nobody_comes_is_no_forgetting():
    dead = KNEW.replace('"h" 1/2 "t" 1/2', '"h" 0 "t" 1')
    assert rl.solve(rl.read_efg(dead), "sequential").complete


# ------------------------------------------------------------------------------ writing
BOUND = [case.game for case in CASES if not case.game.free_parameters]


@pytest.mark.parametrize("game", BOUND, ids=lambda game: game.name)
def test_a_story_comes_back_as_the_same_tree_under_the_same_labels(game):
    text = game.to_efg()
    again = rl.read_efg(text)
    assert shape(again) == shape(game)
    assert again.players == game.players
    assert list(again.infosets) == list(game.infosets)
    assert [i.actions for i in again.infosets.values()] == [
        i.actions for i in game.infosets.values()
    ]
    assert [end.history for end in again.terminals] == [
        end.history for end in game.terminals
    ]
    assert again.to_efg() == text


def test_equilibria_of_a_story_hold_in_what_comes_back():
    game = line.bind(p="1/4", V=4, k=1, a=2, c=1, d=3)
    again = rl.read_efg(game.to_efg())
    for equilibrium in rl.solve(game, "sequential"):
        found = rl.verify(again, equilibrium.strategy, equilibrium.belief)
        assert found.holds, str(found)
        assert found.regret == 0


def test_reasons_come_back_where_one_is_paid_at_a_time():
    game = line.bind(p="1/4", V=4, k=1, a=2, c=1, d=3)
    again = rl.read_efg(game.to_efg())
    for before, after in zip(game.terminals, again.terminals, strict=True):
        for player, reasons in before.payoffs_by_reason.items():
            kept = {r: v for r, v in after.payoffs_by_reason[player].items() if v}
            assert sum(kept.values()) == sum(reasons.values())


def test_a_story_is_written_as_one_would_write_it():
    @rl.game("US", 'R "x" <y>')
    def standoff(play):
        """Two sides."""
        play.pay({"US": "-1/3"}, because="mobilizing")
        if play.draw("luck", {"good": "1/4", "bad": rl.REST}) == "good":
            play.pay({"US": 1}, because="peace")
            return
        play.move("US", "act", ["stay", "go"], seen_by=[])
        play.move('R "x" <y>', "answer", ["stay", "go"])
        play.pay({"US": 1}, because="peace")

    assert standoff.to_efg() == (
        'EFG 2 R "standoff" { "US" "R \\"x\\" <y>" }\n'
        '"Two sides."\n'
        "\n"
        'c "" 1 "luck" { "good" 1/4 "bad" 3/4 } 1 "mobilizing" { -1/3, 0 }\n'
        't "" 2 "peace" { 1, 0 }\n'
        'p "" 1 1 "act [luck=bad]" { "stay" "go" } 0\n'
        'p "" 2 1 "answer [luck=bad]" { "stay" "go" } 0\n'
        't "" 2 "peace" { 1, 0 }\n'
        't "" 2 "peace" { 1, 0 }\n'
        'p "" 2 1 "answer [luck=bad]" { "stay" "go" } 0\n'
        't "" 2 "peace" { 1, 0 }\n'
        't "" 2 "peace" { 1, 0 }\n'
    )


def test_a_draw_at_several_places_keeps_its_name():
    @rl.game("A", "B")
    def twice(play):
        play.move("A", "first", ["l", "r"])
        play.draw("luck", {"good": "1/3", "bad": rl.REST})
        play.pay({"A": 1})

    text = twice.to_efg()
    assert 'c "" 1 "luck [1]"' in text
    assert 'c "" 2 "luck [2]"' in text
    assert rl.read_efg(text).terminals[0].history == "first=l, luck=good"
    assert rl.read_efg(text).to_efg() == text


def test_a_bimatrix_is_written_as_two_moves_that_nobody_sees():
    game = rl.Game.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    again = rl.read_efg(game.to_efg())
    assert list(again.infosets) == ["Row", "Column"]
    assert shape(again) == shape(game)


def test_an_open_parameter_is_named():
    with pytest.raises(rl.UnboundParameter, match="to_efg needs numbers.*'p'"):
        line.to_efg()


def test_names_are_written_as_gambit_takes_them_and_come_back():
    names = ("Zürich  \U0001f600", " a\\", "\\u00e9", 'b\\"', "x\\y")

    @rl.game(names[0], names[1])
    def story(play):
        play.move(names[0], names[2], [names[3], names[4]])
        play.pay({names[1]: 1}, because="größer")

    text = story.to_efg()
    assert text.isascii()
    again = rl.read_efg(text)
    assert again.players == names[:2]
    assert again.infosets[names[2]].actions == names[3:]
    assert again.reasons == ("größer",)
    assert rl.read_efg(text.replace("\\u00f6", "ö")).reasons == ("größer",)


def test_a_deep_tree_is_read_and_written():
    depth = 5_000
    body = "".join(
        f'p "" {k % 2 + 1} {k} "" {{ "on" "off" }} 0\n' for k in range(depth)
    )
    game = read(body + 't "" 0 ' * (depth + 1))
    assert len(game.infosets) == depth
    assert game._tables.forgotten is None
    assert rl.read_efg(game.to_efg()).to_efg() == game.to_efg()


# ------------------------------------------------------------------ without parameters
ENTRY = HEAD + (
    'p "" 1 1 "enter" { "in" "out" } 0 p "" 2 1 "answer" { "fight" "share" } 0 '
    't "" 1 "war" { -1 -1 } t "" 2 "peace" { 1 1 } t "" 3 "alone" { 0 2 }'
)


@pytest.mark.parametrize(
    ("least", "name"), [("1", "always"), ("2", "never"), ("0", "always")]
)
def test_a_claim_about_a_game_at_numbers_is_decided(least, name):
    game = rl.read_efg(ENTRY)
    assert rl.check(game, rl.payoff("A") >= least).name == name


def test_regimes_of_a_game_at_numbers_hold_always():
    regimes = rl.regimes(rl.read_efg(ENTRY))
    assert [str(family.condition) for family in regimes.families] == ["always"]
    assert "There are no parameters" in regimes.latex()
    assert regimes.at()[0].payoffs == {"A": 1, "B": 1}
