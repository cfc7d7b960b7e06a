"""The regimes of a game at numbers, against solving the game at these numbers.

Random points, small whole numbers that make ties, and points at which a polynomial of
some condition is 0. The last are made by solving for a parameter that it is linear in.
``REDLINES_POINTS=20`` looks at twenty times as many.
"""

from __future__ import annotations

import pytest
from canon_stories import (
    chicken,
    costly_signal,
    inspection,
    ladder,
    reputation,
    salami,
    threat,
    trust,
    trust_twice,
    ultimatum,
    unilateral_deterrence,
)
from oracle.points import (
    SEQUENTIAL,
    TIMES,
    Points,
    check,
    check_beliefs,
    check_free,
    matched,
)
from stories import line

import redlines as rl
from redlines.parametric.regimes import regimes

# ------------------------------------------------------------------------ known games
DILEMMAS = ("R > Ts", "Ts > P", "P > S", "Tu > R")
SIGNALS = ("vH > vL", "wL < 0", "vH > wH", "vH - vL>wH - wL", "q<1/(1 + k)")
DETERRENCE = tuple(
    f"{one} > {other}"
    for row in ("cDC cSQ cDDp cCD cDDm", "dSQ dCD dDDp dDC dDDm")
    for one, other in zip(row.split(), row.split()[1:], strict=False)
)
KNOWN = {
    "line": (line, ("c<V/2", "d > a")),
    "ladder of one": (ladder(rungs=1), ("h > l",)),
    "ladder of two": (ladder, ("h > l",)),
    "ladder of three": (ladder(rungs=3), ("h > l",)),
    "ladder of two, anything": (ladder, ()),
    "deterrence": (unilateral_deterrence, DETERRENCE),
    "reputation": (reputation, ("a>1",)),
    "reputation, anything": (reputation, ()),
    "ultimatum": (ultimatum, ("cL < cH",)),
    "ultimatum with ties": (ultimatum(ties=True), ("cL < cH",)),
    "trust": (trust, DILEMMAS),
    "trust twice": (trust_twice.bind(R=3, Ts=2, P=1, S=0, Tu=4, t="1/4"), ()),
    "chicken": (chicken.bind(T2=3, R2=2, S2=1, P2=0), ()),
    "sunk costs": (costly_signal, SIGNALS),
    "tied hands": (costly_signal(tied=True), SIGNALS),
    "threat": (threat, ()),
    "inspection": (inspection, ()),
    "salami": (salami(slices=3), ()),
}


@pytest.fixture(scope="module")
def known():
    made = {}

    def one(name):
        if name not in made:
            game, given = KNOWN[name]
            made[name] = regimes(game, given=given)
        return made[name]

    return one


@pytest.mark.parametrize("name", KNOWN)
def test_regimes_of_known_games_at_random_points(name, known):
    found = known(name)
    assert found.complete
    points = Points(found, KNOWN[name][1], seed=name)
    for number, point in enumerate(points.some(4 * TIMES)):
        check(found, point, deep=number < TIMES)
    for point in points.some(3 * TIMES, small=True):
        check(found, point)


@pytest.mark.parametrize("name", KNOWN)
def test_regimes_of_known_games_on_their_boundaries(name, known):
    found = known(name)
    points = Points(found, KNOWN[name][1], seed=f"{name} edges")
    for number, point in enumerate(points.on_edges(8 * TIMES)):
        check(found, point, deep=number < TIMES)


@pytest.mark.parametrize("name", KNOWN)
def test_beliefs_of_known_games_are_those_of_solving(name, known):
    found = known(name)
    points = Points(found, KNOWN[name][1], seed=f"{name} beliefs")
    for point in (*points.some(2 * TIMES), *points.on_edges(2 * TIMES)):
        solution = rl.solve(found.game.bind(**point), SEQUENTIAL)
        for regime, element in matched(found, point, solution):
            check_beliefs(found, point, regime, element)


FEW_FREE = ("line", "ladder of two", "deterrence", "reputation", "threat", "inspection")


@pytest.mark.parametrize("name", FEW_FREE)
def test_bounds_of_what_is_free_are_those_of_solving(name, known):
    found = known(name)
    points = Points(found, KNOWN[name][1], seed=f"{name} free")
    for point in (*points.some(TIMES), *points.on_edges(2 * TIMES)):
        solution = rl.solve(found.game.bind(**point), SEQUENTIAL)
        for regime, element in matched(found, point, solution):
            check_free(found, point, regime, element)
