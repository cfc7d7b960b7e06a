"""Gambit reads what is written here, and finds the same in it."""

from __future__ import annotations

import io
from fractions import Fraction
from itertools import islice
from pathlib import Path

import pygambit as gbt
import pytest
from oracle.brute import Tree
from oracle.trees import random_games

import redlines as rl

BATCHES, BATCH = 10, 20
CATALOGUE = Path(gbt.__file__).parent / "catalog_data"
FILES = sorted(path.relative_to(CATALOGUE) for path in CATALOGUE.rglob("*.[en]fg"))


# Gambit's enumeration in fractions takes minutes on some games of 9 x 28 plans
MOST_PROFILES = 64


def small_games(seed):
    """Games that Gambit enumerates quickly."""
    for game in random_games(seed, most=6):
        table = rl.read_nfg(game.to_nfg())
        if len(table.terminals) <= MOST_PROFILES:
            yield game


def read_in_gambit(text, read=gbt.read_efg):
    return read(io.StringIO(text))


def played(tree, strategy):
    """A behaviour profile where its owner's own play comes to, as a set."""
    found = set()
    for end in tree.ends:
        for plan in end.plans:
            for label, action in plan:
                found |= {(label, a, share) for a, share in strategy[label].items()}
                if not strategy[label][action]:
                    break
    return frozenset(found)


def in_gambit(profile, game):
    """A profile of Gambit's by label."""
    behaviour = profile.as_behavior()
    return {
        infoset.label: {a.label: Fraction(str(behaviour[a])) for a in infoset.actions}
        for infoset in game.infosets
    }


def flat(strategy):
    return {label: row for rows in strategy.values() for label, row in rows.items()}


# ------------------------------------------------------------------------- equilibria
@pytest.mark.parametrize("seed", range(BATCHES))
def test_all_nash_equilibria_are_those_of_gambit(seed):
    for game in islice(small_games(100 + seed), BATCH):
        tree = Tree(game)
        other = read_in_gambit(game.to_efg())
        theirs = gbt.nash.enummixed_solve(other, rational=True).equilibria
        ours = rl.solve(game, "nash")
        assert ours.complete
        assert {played(tree, flat(e.strategy)) for e in ours} == {
            played(tree, in_gambit(profile, other)) for profile in theirs
        }, f"\n{game}"


@pytest.mark.parametrize("seed", range(3))
def test_the_strategic_form_is_that_of_gambit(seed):
    for game in islice(random_games(200 + seed, most=6), BATCH):
        tree = read_in_gambit(game.to_efg())
        table = read_in_gambit(game.to_nfg(), gbt.read_nfg)
        sizes = [[len(p.strategies) for p in g.players] for g in (tree, table)]
        assert sizes[0] == sizes[1]
        assert contents(tree) == contents(table)


def contents(game):
    """The payoffs of all pure profiles, sorted."""
    one, other = game.to_arrays(dtype=Fraction)
    return sorted(zip(one.flatten(), other.flatten(), strict=True))


# ------------------------------------------------------------------------- round trips
@pytest.mark.parametrize("seed", range(2))
def test_what_gambit_writes_is_the_game_that_it_read(seed):
    for game in islice(random_games(300 + seed, most=8), BATCH):
        text = game.to_efg()
        theirs = read_in_gambit(text).to_efg()
        again = rl.read_efg(theirs)
        assert list(again.infosets) == list(game.infosets)
        assert [tuple(e.payoffs.values()) for e in again.terminals] == [
            tuple(e.payoffs.values()) for e in game.terminals
        ]
        assert read_in_gambit(again.to_efg()).to_efg() == theirs


def test_there_are_files_to_read():
    assert len(FILES) > 30
    assert {path.suffix for path in FILES} == {".efg", ".nfg"}


@pytest.mark.parametrize("path", FILES, ids=str)
def test_files_of_gambit_are_read_and_come_back(path):
    if path.suffix == ".efg":
        read, write, theirs = rl.read_efg, rl.Game.to_efg, gbt.read_efg
    else:
        read, write, theirs = rl.read_nfg, rl.Game.to_nfg, gbt.read_nfg
    game, original = read(CATALOGUE / path), theirs(CATALOGUE / path)
    text = write(game)
    assert write(read(text)) == text
    again = read_in_gambit(text, theirs)
    assert [p.label for p in again.players] == [p.label for p in original.players]
    if original.is_tree:
        assert original.is_perfect_recall == (game._tables.forgotten is None)
        assert normalized(again.to_efg()) == normalized(original.to_efg())
    else:
        assert normalized(again.to_nfg()) == normalized(original.to_nfg())


def normalized(text):
    """A text with its decimals as fractions."""
    return [
        str(Fraction(word)) if word.replace(".", "").isdigit() else word
        for word in text.replace(",", " ").split()
    ]


NASTY = [
    'a "quoted" <name> & {more}',
    "back\\slash at the end\\",
    "\\\\",
    " space  space ",
    "größer \U0001f600",
    "\\u0041",
    "tab\tand {",
]


@pytest.mark.parametrize("name", NASTY)
def test_gambit_reads_any_name(name):
    @rl.game(name, "B")
    def story(play):
        play.draw(name, {name: "1/2", "other": "1/2"}, seen_by=[])
        play.move(name, name, [name, "other"], seen_by=[])
        play.draw(name, {name: "1/3", "other": "2/3"}, seen_by=[])
        play.move("B", "b", ["x", "y"])
        play.pay({name: 1}, because=name)

    game = rl.read_efg(story.to_efg())
    assert game.players == (name, "B")
    assert list(game.infosets) == list(story.infosets)
    other = read_in_gambit(story.to_efg())
    assert [len(p.infosets) for p in other.players] == [1, 1]
    assert other.is_perfect_recall
    table = read_in_gambit(story.to_nfg(), gbt.read_nfg)
    assert [len(p.strategies) for p in table.players] == [2, 2]
