"""All equilibria of matrix games, one at a time and many at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import redlines as rl

from . import peers
from .checking import regret, rough_regret
from .measuring import Line, Timed, against, middle, timed
from .ours import all_of, pairs

START_UP = "lrsnash less its start-up"


def start_up() -> float:
    """What starting lrsnash takes: its time on a game of one cell."""
    path = peers.written([[1]], [[1]])
    try:
        found = timed(lambda: peers.lrsnash(path, 10), 60, 21)
    finally:
        path.unlink()
    return found.seconds or 0.0


def _less(one: Timed, seconds: float) -> Timed:
    if one.seconds is None:
        return one
    return Timed(max(one.seconds - seconds, 1e-6))


def _solved(a: Any, b: Any, limit: float, several: int) -> tuple[Timed, set[Any]]:
    """Our time on a game, and its equilibria, all checked."""

    def call() -> rl.Solution:
        return all_of(a, b)

    found = timed(lambda: _packed(call()), limit, 1)
    if found.seconds is None:
        return found, set()
    for x, y in found.value:
        assert regret(a, b, x, y) == 0, "an answer of ours is no equilibrium"
    # packing for the way back takes time of its own
    again = timed(lambda: bool(call()), limit, several)
    return again, set(found.value)


def _packed(solution: rl.Solution) -> list[Any]:
    return pairs(solution)


def uniform(quick: bool) -> Iterator[Line]:
    """Payoffs drawn uniformly, six decimals each."""
    starting = start_up() if peers.lrsnash_there() else 0.0
    games = {8: 15, 10: 9, 12: 5, 16: 3} if not quick else {8: 7, 10: 3, 12: 3}
    for n, count in games.items():
        times: dict[str, list[Timed]] = {}
        differ = []
        for seed in range(count):
            a, b = np.random.default_rng(seed).random((2, n, n)).round(6)
            mine, found = _solved(a, b, 300, 3 if n < 16 else 1)
            times.setdefault("ours", []).append(mine)
            if peers.module("quantecon"):
                theirs = timed(lambda a=a, b=b: len(peers.quantecon_all(a, b)), 60, 3)
                times.setdefault("QuantEcon", []).append(theirs)
                if theirs.value != len(found):
                    differ.append(f"QuantEcon finds {theirs.value} of {len(found)}")
            if peers.lrsnash_there():
                theirs, listed = _lrsnash(a, b, 120, 3 if n < 12 else 1)
                times.setdefault("lrsnash", []).append(theirs)
                if theirs.seconds is not None and listed != found:
                    differ.append("lrsnash lists other equilibria")
            if peers.module("pygambit") and n <= 8 and seed < 2:
                game = peers.gambit_game(a, b)
                theirs = timed(lambda game=game: peers.gambit_all(game), 20)
                times.setdefault("Gambit, rational", []).append(theirs)
                if theirs.seconds is not None and theirs.value != found:
                    differ.append("Gambit lists other equilibria")
            if peers.module("nashpy") and n <= 8 and seed < 2:
                theirs = timed(lambda a=a, b=b: len(peers.nashpy_supports(a, b)), 20)
                times.setdefault("nashpy, supports", []).append(theirs)
        note = f"{count} games; " + ("; ".join(differ) or "all find the same")
        mine = middle(times.pop("ours"))
        size = f"{n} x {n}"
        named = ("QuantEcon", "lrsnash", "Gambit, rational", "nashpy, supports")
        for peer in named:
            if peer not in times:
                if peer in ("QuantEcon", "lrsnash"):
                    yield _missing("uniform", size, mine, peer)
                continue
            theirs = middle(times[peer])
            factor = {"QuantEcon": 0.5 if n <= 10 else 1.0}.get(peer)
            if peer == "lrsnash" and n >= 12:
                factor = 5.0
            yield against("uniform", size, mine, peer, theirs, factor, note)
            note = ""
            if peer == "lrsnash":
                less = _less(theirs, starting)
                yield against("uniform", size, mine, START_UP, less, factor)


def _missing(workload: str, size: str, mine: Timed, peer: str) -> Line:
    return Line(workload, size, mine, peer, Timed(None, trouble="not installed"))


def _lrsnash(a: Any, b: Any, limit: float, several: int) -> tuple[Timed, set[Any]]:
    path = peers.written(a, b)
    try:
        found = timed(lambda: peers.lrsnash(path, limit), limit * several, several)
    finally:
        path.unlink()
    if found.seconds is None:
        return found, set()
    return found, peers.read_lrsnash(found.value)


def tied(quick: bool) -> Iterator[Line]:
    """Payoffs drawn from 0, 1 and 2: all extreme equilibria and components."""
    starting = start_up() if peers.lrsnash_there() else 0.0
    games = {4: 100, 6: 100, 8: 150, 10: 100, 12: 50}
    if quick:
        games = {4: 10, 6: 10, 8: 10, 10: 5}
    for n, count in games.items():
        mine, theirs, shares = [], [], []
        equilibria = components = differ = 0
        for seed in range(count):
            a, b = np.random.default_rng(seed).integers(0, 3, (2, n, n))

            def call(a: Any = a, b: Any = b) -> tuple[int, list[Any]]:
                solution = all_of(a, b)
                return len(solution.components), pairs(solution)

            whole = timed(call, 120)
            # the first calls in a copied process pay for its memory
            mine.append(timed(lambda a=a, b=b: bool(all_of(a, b)), 120, 15))
            assert whole.seconds is not None, whole.trouble
            count_of, found = whole.value
            components += count_of
            equilibria += len(found)
            for x, y in found:
                assert regret(a, b, x, y) == 0, "an answer of ours is no equilibrium"
            if peers.lrsnash_there():
                one, listed = _lrsnash(a, b, 120, 1)
                theirs.append(one)
                differ += one.seconds is not None and listed != set(found)
            if peers.module("quantecon") and n <= 8 and seed < 20:
                other = timed(
                    lambda a=a, b=b: len(peers.quantecon_all(1.0 * a, 1.0 * b)), 20
                )
                shares.append((other.value or 0) / len(found))
        size = f"{n} x {n}"
        note = f"{count} games, {equilibria:,} extreme equilibria, {components:,} "
        note += f"components; {differ} where lrsnash lists others"
        if shares:
            note += f"; QuantEcon lists {sum(shares) / len(shares):.0%} of them"
        if not theirs:
            yield _missing("payoffs 0, 1, 2", size, middle(mine), "lrsnash")
            continue
        one, other = middle(mine), middle(theirs)
        yield against("payoffs 0, 1, 2", size, one, "lrsnash", other, 3.0, note)
        less = _less(other, starting)
        yield against("payoffs 0, 1, 2", size, one, START_UP, less)
    if starting:
        # every call of lrsnash begins with this
        yield Line(
            "payoffs 0, 1, 2",
            "1 x 1",
            Timed(None, trouble=""),
            "lrsnash",
            Timed(starting),
            note="the last line is what starting lrsnash takes",
        )


def many(quick: bool) -> Iterator[Line]:
    """Arrays of games in, arrays of all equilibria out."""
    sizes = {2: (100_000, 1e6), 3: (100_000, 3e5), 4: (20_000, 6e4)}
    for n, (count, rate) in sizes.items():
        if quick:
            count //= 10
        a, b = np.random.default_rng(n).random((2, count, n, n))
        found = timed(lambda a=a, b=b: rl.solve_many(a, b), 120, 5)
        assert found.seconds is not None, found.trouble
        batch = found.value
        worst = 0.0
        for game in range(0, count, max(1, count // 500)):
            for k in range(batch.count[game]):
                x, y = batch.x[game, k], batch.y[game, k]
                worst = max(worst, rough_regret(a[game], b[game], x, y))
            if n <= 3:
                alone = len(all_of(a[game], b[game]))
                assert alone == batch.count[game], "an equilibrium is lost"
        assert worst < 1e-9, worst
        mine = Timed(found.seconds / count)
        line = Line(
            "solve_many", f"{count:,} of {n} x {n}", mine, "QuantEcon, supports"
        )
        if peers.module("quantecon"):
            few = min(count, 2_000)

            def loop(a: Any = a, b: Any = b, few: int = few) -> int:
                return sum(
                    len(peers.quantecon_supports(a[g], b[g])) for g in range(few)
                )

            loop()
            other = timed(loop, 120, 3)
            line.theirs = Timed(other.seconds / few) if other.seconds else other
        else:
            line.theirs = Timed(None, trouble="not installed")
        line.target = f"{rate:,.0f} a second"
        line.reached = 1 / mine.seconds >= rate
        line.note = f"{1 / mine.seconds:,.0f} games a second; regret {worst:.1e}"
        yield line
