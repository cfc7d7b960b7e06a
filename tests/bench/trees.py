"""Two-sided ladders: one sequential equilibrium, and the logit branch.

Two private types a side, a hazard that grows with the rung up to 3/10.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

import redlines as rl
from redlines import RUSSIA, US
from redlines.forms import sequence_form
from redlines.solvers.agents import Barrier, follow
from redlines.solvers.sequential_path import ENDS

from . import peers
from .checking import ladder_regret, rough_regret
from .measuring import Line, Timed, against, clock, middle, timed, within

TOP = Fraction(3, 10)
LOSSES = {"resolved": Fraction(1), "irresolute": Fraction(6)}
PRIORS = {
    RUSSIA: {"resolved": Fraction(1, 2), "irresolute": Fraction(1, 2)},
    US: {"resolved": Fraction(1, 3), "irresolute": Fraction(2, 3)},
}


@rl.game(US, RUSSIA)
def brinkmanship(play, rungs=8):
    """Whoever backs down leaves the prize to the other; climbing may end in war."""
    types = {side: play.draw(side, dict(PRIORS[side]), seen_by=side) for side in PRIORS}

    def rung(k):
        def go(play):
            mover, other = (RUSSIA, US) if k % 2 == 0 else (US, RUSSIA)
            if k == rungs:
                play.pay({mover: 1}, because="the prize")
                return None
            if play.move(mover, f"rung {k}", ["climb", "back down"]) == "back down":
                play.pay({other: 1}, because="the prize")
                return None
            hazard = TOP * (k + 1) / rungs
            fate = play.draw(f"control {k}", {"lost": hazard, "kept": 1 - hazard})
            if fate == "lost":
                play.pay({s: -LOSSES[t] for s, t in types.items()}, because="war")
                return None
            return rung(k + 1)

        return go

    return rung(0)


def gambit_ladder(rungs: int) -> Any:
    """The same ladder as a game of Gambit."""
    gambit = peers.module("pygambit")
    assert gambit is not None
    game = gambit.Game.new_tree(players=[RUSSIA, US])
    kinds = list(LOSSES)

    def chance(node: Any, labels: list[str], shares: list[Fraction]) -> None:
        game.append_move(node, game.players.chance, labels)
        ratios = [gambit.Rational(s.numerator, s.denominator) for s in shares]
        game.set_chance_probs(node.infoset, ratios)

    def paid(node: Any, russia: Fraction, us: Fraction) -> None:
        values = [gambit.Rational(v.numerator, v.denominator) for v in (russia, us)]
        outcome = game.add_outcome(label=f"end {len(game.outcomes)}", payoffs=values)
        game.set_outcome(node, outcome)

    chance(game.root, kinds, list(PRIORS[RUSSIA].values()))
    met: dict[tuple[int, str], Any] = {}
    for first, after in zip(kinds, list(game.root.children), strict=True):
        chance(after, kinds, list(PRIORS[US].values()))
        for second, node in zip(kinds, list(after.children), strict=True):
            here = node
            for k in range(rungs):
                side, kind = ((RUSSIA, first), (US, second))[k % 2]
                if (k, kind) in met:
                    game.append_infoset(here, met[k, kind])
                else:
                    game.append_move(here, side, ["climb", "back down"])
                    met[k, kind] = here.infoset
                climb, stop = list(here.children)
                russia = Fraction(k % 2)
                paid(stop, russia, 1 - russia)
                hazard = TOP * (k + 1) / rungs
                chance(climb, ["lost", "kept"], [hazard, 1 - hazard])
                lost, here = list(climb.children)
                paid(lost, -LOSSES[first], -LOSSES[second])
            russia = Fraction(1 - rungs % 2)
            paid(here, russia, 1 - russia)
    return game


def checked(equilibrium: Any, rungs: int) -> float:
    """The most that anybody gains anywhere, by the ladder's own rules."""
    kinds = list(LOSSES)
    climbs, beliefs = [], []
    for k in range(rungs):
        side, other = (RUSSIA, US) if k % 2 == 0 else (US, RUSSIA)
        shares, believed = [], []
        for kind in kinds:
            label = next(
                h
                for h in equilibrium.strategy[side]
                if h.split(" [")[0] == f"rung {k}" and f"{side}={kind}" in h
            )
            shares.append(float(equilibrium.strategy[side][label]["climb"]))
            belief = equilibrium.belief[label]
            believed.append(
                [
                    float(sum(v for h, v in belief.items() if f"{other}={rival}" in h))
                    for rival in kinds
                ]
            )
        climbs.append(shares)
        beliefs.append(believed)
    hazard = [float(TOP * (k + 1) / rungs) for k in range(rungs)]
    losses = [float(v) for v in LOSSES.values()]
    priors = [[float(v) for v in PRIORS[side].values()] for side in (RUSSIA, US)]
    return ladder_regret(hazard, losses, priors, climbs, beliefs)


def _split(rungs: int) -> tuple[float, float, float]:
    """Seconds in floating point and in exact arithmetic, and what cheating gains."""
    game = brinkmanship(rungs=rungs)
    start = clock()
    # the same path by itself: what is left of the time is exact
    for _ in follow(Barrier(sequence_form(game)), ENDS[:1]):
        break
    path = clock() - start
    game = brinkmanship(rungs=rungs)
    start = clock()
    (found,) = rl.solve(game, "sequential", coverage="one", method="barrier path")
    whole = clock() - start
    return path, whole - path, checked(found, rungs)


def ladders(quick: bool) -> Iterator[Line]:
    """One sequential equilibrium, verified, from the unfolded game."""
    sizes = (4, 16, 32, 128, 512) if not quick else (4, 16, 32)
    known: dict[int, float] = {}
    for rungs in sizes:
        found = timed(lambda rungs=rungs: _split(rungs), 300)
        assert found.value is not None, found.trouble
        path, rest, gain = found.value
        assert gain < 1e-9, gain
        known[rungs] = path
        mine = Timed(path)
        note = f"besides {rest:.2f} s in exact arithmetic; gain by cheating {gain:.1e}"
        line = Line("ladder, sequential", f"{rungs} rungs", mine, note=note)
        if rungs in (32, 512):
            goal = within("", "", mine, {32: 0.5, 512: 10.0}[rungs])
            line.target, line.reached = goal.target, goal.reached
        if peers.module("pygambit") and rungs <= 16:
            game = gambit_ladder(rungs)
            line.peer = "Gambit, agent logit"
            line.theirs = timed(lambda game=game: peers.gambit_logit(game), 60)
        yield line
    if 512 in known:
        power = math.log(known[512] / known[128]) / math.log(4)
        yield Line(
            "ladder, sequential",
            "128 to 512",
            Timed(None, trouble=f"L^{power:.2f}"),
            target="below L^2",
            reached=power < 2,
        )


def logit(quick: bool) -> Iterator[Line]:
    """The principal branch of logit equilibria to a regret of 1e-8."""
    sizes = {4: 11, 16: 5, 32: 5} if not quick else {4: 5, 16: 3}
    for n, count in sizes.items():
        mine, theirs = [], []
        worst = 0.0
        for seed in range(count):
            a, b = np.random.default_rng(seed).random((2, n, n))

            def call(a: Any = a, b: Any = b) -> tuple[Any, Any]:
                last = rl.solve(rl.Game.from_bimatrix(a, b), "logit")[-1]
                return tuple(
                    np.array(list(last.strategy[p][p].values()), float)
                    for p in ("Row", "Column")
                )

            found = timed(call, 60, 3)
            mine.append(found)
            assert found.value is not None, found.trouble
            worst = max(worst, rough_regret(a, b, *found.value))
            if gambit := peers.module("pygambit"):
                game = gambit.Game.from_arrays(a, b)
                theirs.append(timed(lambda game=game: peers.gambit_logit(game), 60, 3))
        one = middle(mine)
        other = middle(theirs) if theirs else Timed(None, trouble="not installed")
        factor = None if n == 4 else 1.0
        note = f"{count} games; regret at the end {worst:.1e}"
        line = against("logit branch", f"{n} x {n}", one, "Gambit", other, factor, note)
        if n == 4:
            line.target, line.reached = "25 ms", (one.seconds or 1.0) <= 0.025
        yield line
    for rungs in (8,) if quick else (16, 32):
        game = brinkmanship(rungs=rungs)
        found = timed(lambda game=game: len(rl.solve(game, "logit")), 120)
        other = Timed(None, trouble="not installed")
        if peers.module("pygambit"):
            tree = gambit_ladder(rungs)
            other = timed(lambda tree=tree: peers.gambit_logit(tree), 90)
        yield against("logit branch", f"{rungs} rungs", found, "Gambit", other, 20.0)


def precision(quick: bool) -> Iterator[Line]:
    """The precision that 10,000 simulated plays of a ladder were made with."""
    del quick
    game = brinkmanship(rungs=4)
    true = 2.0
    (played,) = rl.solve(game, "logit", precision=true)
    rng = np.random.default_rng(1)
    counts: dict[str, dict[str, int]] = {}
    for _ in range(10_000):
        types = {
            side: rng.choice(list(shares), p=[float(v) for v in shares.values()])
            for side, shares in PRIORS.items()
        }
        for k in range(4):
            side = (RUSSIA, US)[k % 2]
            label = next(
                h
                for h in played.strategy[side]
                if h.split(" [")[0] == f"rung {k}" and f"{side}={types[side]}" in h
            )
            climbs = rng.random() < float(played.strategy[side][label]["climb"])
            action = "climb" if climbs else "back down"
            row = counts.setdefault(label, {"climb": 0, "back down": 0})
            row[action] += 1
            if not climbs or rng.random() < float(TOP * (k + 1) / 4):
                break
    found = timed(lambda: rl.fit_precision(game, counts), 60)
    fit = found.value
    line = Line("precision, 4 rungs", "10,000 plays", found, "Gambit")
    line.theirs = Timed(None, trouble="none for trees")
    if fit is not None:
        off = abs(float(fit.precision) - true) / float(fit.standard_error)
        line.reached = off < 3
        line.note = f"{float(fit.precision):.4f} where it was {true:g}: "
        line.note += f"{off:.1f} standard errors"
    line.target = "recovers it"
    yield line
