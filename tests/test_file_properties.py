"""Random files: what is read comes back, and nothing but errors of ours is raised."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

import redlines as rl
from redlines.io.lexer import Lexer, prose, quoted

NASTY = '"\\[]=,{}<>& uU0é\n\t\U0001f600'
names = st.one_of(
    st.sampled_from(["", "a", "b", "a_1", "(1,1)", "x [y=z]", "x [y=w]"]),
    st.text(st.sampled_from(NASTY + "ab"), max_size=5),
)
numbers = st.one_of(
    st.integers(-9, 9).map(str),
    st.fractions(-5, 5, max_denominator=9).map(str),
    st.decimals(-9, 9, places=2).map(str),
    st.sampled_from(["1e-3", "2E2", ".5", "5.", "-.25"]),
)
spaces = st.sampled_from([" ", "\n", "\t ", "\r\n"])


def listed(words):
    return " ".join(["{", *words, "}"])


@st.composite
def trees(draw, players=2):
    """The text of a tree with shared information sets, in any layout."""
    heads = {}
    words = []
    outcomes = {}

    def outcome():
        number = draw(st.integers(0, 4))
        if number == 0:
            return ["0"]
        if number in outcomes:
            return [str(number), *draw(st.sampled_from(outcomes[number]))]
        whole = [quoted(draw(names)), listed(draw(numbers) for _ in range(players))]
        outcomes[number] = [[], whole]
        return [str(number), *whole]

    def node(depth):
        name = quoted(draw(names))
        kind = draw(st.sampled_from("cppppt")) if depth < 4 else "t"
        if kind == "t" or not players:
            words.extend(["t", name, *outcome()])
            return
        who = 0 if kind == "c" else draw(st.integers(1, players))
        number = draw(st.integers(1, 3))
        if (who, number) not in heads:
            count = draw(st.integers(1, 3))
            options = [quoted(draw(names)) for _ in range(count)]
            if who == 0:
                weights = [draw(st.integers(0, 3)) for _ in range(count - 1)] + [1]
                total = sum(weights)
                options = [
                    f"{option} {Fraction(weight, total)}"
                    for option, weight in zip(options, weights, strict=True)
                ]
            whole = [quoted(draw(names)), listed(options)]
            heads[who, number] = (count, [[], whole])
            head = whole
        else:
            head = draw(st.sampled_from(heads[who, number][1]))
        words.extend([kind, name, *([str(who)] * (who > 0)), str(number), *head])
        words.extend(outcome())
        for _ in range(heads[who, number][0]):
            node(depth + 1)

    node(0)
    who = listed(quoted(draw(names)) for _ in range(players))
    start = f"EFG 2 R {prose(draw(names))} {who}"
    return start + draw(spaces) + draw(spaces).join(words)


@st.composite
def forms(draw):
    """The text of a strategic form in either style."""
    players = draw(st.integers(1, 3))
    sizes = [draw(st.integers(1, 3)) for _ in range(players)]
    cells = 1
    for size in sizes:
        cells *= size
    head = [prose(draw(names)), listed(quoted(draw(names)) for _ in sizes)]
    if draw(st.booleans()):
        head.append(listed(map(str, sizes)))
    else:
        lists = [listed(quoted(draw(names)) for _ in range(size)) for size in sizes]
        head.append(listed(lists))
    if draw(st.booleans()):
        head.append(prose(draw(names)))
    if draw(st.booleans()):
        body = [draw(numbers) for _ in range(cells * players)]
    else:
        count = draw(st.integers(0, 3))
        outcomes = [
            listed([quoted(draw(names)), *(draw(numbers) for _ in sizes)])
            for _ in range(count)
        ]
        body = [listed(outcomes)]
        body += [str(draw(st.integers(0, count))) for _ in range(cells)]
    return draw(spaces).join(["NFG 1 R", *head, *body])


def views(game):
    """Everything that is public of a tree, except the names that a file may change."""
    return [
        (type(node).__name__, len(getattr(node, "children", ())))
        for node in map(game._node, range(len(game._tables)))
    ]


def paid(game):
    return [tuple(end.payoffs.values()) for end in game.terminals]


@given(st.integers(0, 3).flatmap(trees))
def test_a_tree_comes_back(text):
    game = rl.read_efg(text)
    first = game.to_efg()
    again = rl.read_efg(first)
    assert again.to_efg() == first
    assert list(again.infosets) == list(game.infosets)
    assert again.players == game.players
    assert views(again) == views(game)
    assert paid(again) == paid(game)
    assert again.reasons == game.reasons


@given(st.integers(0, 3).flatmap(trees))
def test_every_label_finds_its_information_set_and_every_history_is_one(text):
    game = rl.read_efg(text)
    assert len(set(game.infosets)) == len(game.infosets)
    for label, infoset in game.infosets.items():
        assert game.infosets[label] == infoset
        assert infoset.label == label
        assert len(set(infoset.actions)) == len(infoset.actions)
        assert len(set(infoset.histories)) == len(infoset.histories)


@given(forms())
def test_a_strategic_form_comes_back_as_a_table_and_as_a_tree(text):
    game = rl.read_nfg(text)
    first = game.to_nfg()
    again = rl.read_nfg(first)
    assert again.to_nfg() == first
    assert paid(again) == paid(game)
    assert [h.actions for h in again.infosets.values()] == [
        h.actions for h in game.infosets.values()
    ]
    tree = rl.read_efg(game.to_efg())
    assert paid(tree) == paid(game)
    assert paid(rl.read_nfg(tree.to_nfg())) == paid(game)


@given(st.integers(1, 3).flatmap(trees))
def test_the_strategic_form_of_a_tree_pays_what_the_tree_pays(text):
    game = rl.read_efg(text)
    try:
        form = rl.read_nfg(game.to_nfg())
    except rl.ImperfectRecall:
        assert game._tables.forgotten is not None
        return
    assert game._tables.forgotten is None
    for number in range(len(game.players)):
        worth = [end[number] for end in paid(game)]
        for end in paid(form):
            assert min(worth) <= end[number] <= max(worth)
    if not game._tables.draws:
        assert set(paid(form)) == set(paid(game))


alphabet = st.sampled_from([*'cpt"{},\\ \n0123456789/.-+eEx\0é', "1e999", "EFG", "NFG"])
edits = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 6), st.lists(alphabet, max_size=3)),
    max_size=4,
)


@settings(max_examples=300)
@given(st.one_of(trees(), forms()), edits)
def test_a_damaged_file_is_read_or_refused(text, damage):
    for at, length, instead in damage:
        start = int(at * len(text))
        text = text[:start] + "".join(instead) + text[start + length :]
    for read, write in (
        (rl.read_efg, rl.Game.to_efg),
        (rl.read_nfg, rl.Game.to_nfg),
    ):
        try:
            game = read(text)
        except (rl.ParseError, rl.ModelError):
            continue
        str(game)
        assert write(read(write(game))) == write(game)


@given(st.text(), st.sampled_from([quoted, prose]))
def test_any_text_in_quotes_is_one_token_of_ascii(text, write):
    written = write(text)
    assert written.isascii()
    lexer = Lexer(written)
    assert lexer.text("a text") == text
    assert lexer.word == ""


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    for read in (rl.read_efg, rl.read_nfg):
        try:
            read(text)
        except (rl.ParseError, rl.ModelError, FileNotFoundError):
            continue
