"""All stationary equilibria of Markov games, and the referee that verifies them."""

import itertools
import math
import warnings
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pygambit
import pytest
from markov_games import PAYS, drawn, hybrid, pennies, pure
from scipy.optimize import fsolve, linprog

import redlines as rl
from redlines import RUSSIA, US
from redlines.fields import Field
from redlines.one_shot import nearly_perfect, perfect
from redlines.stationary import StationaryProfile

F = Fraction


def solved(game, **options):
    return rl.solve(game, "markov perfect", **options)


def restraint(found):
    """Pr(R) of US in L and H, then of Russia."""
    return tuple(
        found.strategy[s][who]["R"] for who in ("us", "russia") for s in ("L", "H")
    )


def arrays(game):
    """Payoffs and transitions of a game of 2x2 stages, in floats."""
    count = len(game.states)
    pays, goes = np.zeros((2, count, 2, 2)), np.zeros((count, 2, 2, count))
    for s, stage in enumerate(game._stages):
        tables = stage._tables
        for node in tables.terminals:
            path = tables.path(node)
            a, b = (tables.option[n] for n in path[1:3])
            draw = tables.draws[tables.infoset[path[2]]]
            chance = float(stage._amounts[draw.amounts[tables.option[node]]])
            goes[s, a, b, game._destination(s, node)] += chance
            pays[:, s, a, b] = [float(x) for x in stage._exact_payoffs[node]]
    return pays, goes


# --------------------------------------------------------------- published results
def test_the_hybrid_conflict_game_has_exactly_five_equilibria():
    solution = solved(hybrid.bind(d="1/2"))
    assert solution.complete
    assert solution.exact
    found = {restraint(e): e.values for e in solution}
    assert set(found) == {
        (1, 1, 1, 1),
        (0, 1, 0, 0),
        (0, 0, 0, 1),
        (0, F(2, 3), 0, F(2, 3)),
        (F(3, 4), 1, F(3, 4), 1),
    }
    assert found[1, 1, 1, 1] == {US: {"L": 4, "H": 2}, RUSSIA: {"L": 4, "H": 2}}
    assert found[0, 1, 0, 0] == {US: {"L": 0, "H": -1}, RUSSIA: {"L": 1, "H": 1}}
    assert found[0, F(2, 3), 0, F(2, 3)][US] == {"L": F(1, 2), "H": 0}
    assert found[F(3, 4), 1, F(3, 4), 1][RUSSIA] == {"L": F(8, 3), "H": F(4, 3)}


@pytest.mark.parametrize(
    ("d", "holds"), [("1/4", True), ("249/1000", False), ("9/10", True)]
)
def test_restraint_lasts_from_a_discount_factor_of_one_quarter_on(d, holds):
    certificate = rl.verify(
        hybrid.bind(d=d), pure("RR", "RR"), concept="markov perfect"
    )
    assert certificate.holds is holds


@pytest.mark.parametrize("d", [F(1, 3), F(2, 5), F(3, 5)])
def test_symmetric_mixtures_are_roots_of_the_published_quadratics(d):
    mixes = [restraint(e) for e in solved(hybrid.bind(d=d))]
    high = [h for low, h, *rest in mixes if low == 0 and 0 < h < 1 and rest[1] == h]
    low = [x for x, h, *rest in mixes if h == 1 and 0 < x < 1 and rest[0] == x]
    assert len(high) == len(low) == 1
    (x,), (y,) = high, low
    assert 3 * d * x * x + (2 - 3 * d) * x - 1 == 0
    assert 4 * d * y * y + d * y - (1 + d) == 0


def test_a_repeated_prisoners_dilemma_has_the_stage_equilibrium_only():
    game = rl.MarkovGame.from_arrays(
        [[[[3, 0], [5, 1]], [[3, 5], [0, 1]]]], [[[[1], [1]], [[1], [1]]]], "99/100"
    )
    (found,) = solved(game)
    assert found.payoffs == {"Row": 1, "Column": 1}


# --------------------------------------------------------------------------- oracles
@pytest.mark.parametrize("seed", range(6))
def test_without_a_future_the_stages_are_solved_one_by_one(seed):
    game = drawn(2, seed, discount=0)
    count = 1
    pays, _ = arrays(game)
    for s in range(2):
        stage_game = pygambit.Game.from_arrays(pays[0, s], pays[1, s])
        count *= len(pygambit.nash.enummixed_solve(stage_game).equilibria)
    solution = solved(game)
    assert solution.complete
    assert len(solution) == count


def searched(game):
    """Equilibria of a game of 2x2 stages by support and many starts, in floats."""
    pays, goes = arrays(game)
    stages = game.states
    d = float(game._discounts[0])

    def worth(x, y):
        x2, y2 = np.stack([x, 1 - x], 1), np.stack([y, 1 - y], 1)
        both = x2[:, :, None] * y2[:, None, :]
        ahead = np.einsum("sab,sabt->st", both, goes)
        v = [
            np.linalg.solve(
                np.eye(len(stages)) - d * ahead,
                (1 - d) * np.einsum("sab,sab->s", both, pays[p]),
            )
            for p in (0, 1)
        ]
        cells = [(1 - d) * pays[p] + d * goes @ v[p] for p in (0, 1)]
        q = np.einsum("sab,sb->sa", cells[0], y2), np.einsum("sab,sa->sb", cells[1], x2)
        return q[0][:, 0] - q[0][:, 1], q[1][:, 0] - q[1][:, 1]

    rng = np.random.default_rng(0)
    found = set()
    for kinds in itertools.product((0.0, 1.0, None), repeat=2 * len(stages)):
        free = [k for k, kind in enumerate(kinds) if kind is None]

        def full(z, kinds=kinds, free=free):
            point = np.array([0.0 if k is None else k for k in kinds])
            point[free] = z
            return point[: len(stages)], point[len(stages) :]

        def ties(z, full=full, free=free):
            return np.concatenate(worth(*full(z)))[free]

        for _ in range(4 if free else 1):
            z = np.zeros(0)
            if free:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    z, _, ok, _ = fsolve(ties, rng.random(len(free)), full_output=True)
                if ok != 1 or (z <= 1e-9).any() or (z >= 1 - 1e-9).any():
                    continue
                if np.abs(ties(z)).max() > 1e-9:
                    continue
            gain = np.concatenate(worth(*full(z)))
            if all(
                kind is None or (g >= -1e-9 if kind else g <= 1e-9)
                for kind, g in zip(kinds, gain, strict=True)
            ):
                found.add(tuple(np.round(np.concatenate(full(z)), 5) + 0.0))
    return found


@pytest.mark.parametrize("make", [drawn, pennies])
@pytest.mark.parametrize("seed", [3, 10])
def test_a_search_from_many_starts_finds_the_same(make, seed):
    game = make(2, seed)
    solution = solved(game)
    assert solution.complete
    ours = {
        tuple(
            round(float(e.strategy[s][who]["1"]), 5) + 0.0
            for who in ("Row", "Column")
            for s in game.states
        )
        for e in solution
    }
    assert ours == searched(game)


def shapley(game, rounds=400):
    """The values of a zero-sum game by Shapley's iteration."""
    d = float(game._discounts[0])
    pays, goes = arrays(game)
    values = np.zeros(len(game.states))
    for _ in range(rounds):
        now = []
        for table in (1 - d) * pays[0] + d * goes @ values:
            answer = linprog(
                [0, 0, -1],
                A_ub=np.column_stack([-table.T, np.ones(2)]),
                b_ub=[0, 0],
                A_eq=[[1, 1, 0]],
                b_eq=[1],
                bounds=[(0, 1), (0, 1), (None, None)],
            )
            now.append(-answer.fun)
        values = np.array(now)
    return values


def test_zero_sum_values_are_those_of_shapleys_iteration():
    game = pennies(2, 0, discount=F(1, 2), zero_sum=True)
    (found,) = solved(game)
    ours = [float(found.values["Row"][s]) for s in game.states]
    assert ours == pytest.approx(shapley(game, 40), abs=1e-9)


def test_three_states_in_which_all_mix_are_solved_exactly():
    solution = solved(pennies(3, 0))
    assert solution.complete
    (found,) = solution
    number = found.strategy["1"]["Row"]["1"]
    assert len(number.polynomial) == 8
    assert found.certificate.holds
    # the two lie in different fields; what follows from both is handed out as floats
    assert sum(found.long_run().values()) == pytest.approx(1)


# ------------------------------------------------------------------------ degenerate
def test_sets_are_described_and_counted_apart():
    game = rl.MarkovGame.from_arrays(
        [[[[1, 1], [1, 1]], [[1, 0], [0, 1]]]], [[[[1], [1]], [[1], [1]]]], "1/2"
    )
    solution = solved(game)
    assert solution.complete
    assert "3 of them stand for sets" in solution.reason
    ranges = [e.free["1"]["Row"]["1"] for e in solution if "Row" in e.free.get("1", {})]
    assert [str(r) for r in ranges] == ["[1/2, 1)", "(0, 1/2]"]
    assert "1.Row.1" in solution[1].conditions[0]


def test_where_nothing_is_at_stake_every_support_is_one():
    same = [[[1, 1], [1, 1]], [[1, 1], [1, 1]]]
    leads = [[[1, 0], [1, 0]], [[0, 1], [1, 0]]]
    solution = solved(rl.MarkovGame.from_arrays([same] * 2, [leads] * 2, "1/2"))
    assert solution.complete
    assert len(solution) == 81


@pytest.mark.parametrize("size", [F(10) ** 300, F(10) ** 400, F(1, 10**300)])
def test_sizes_of_payoffs_do_not_matter(size):
    game = rl.MarkovGame.from_arrays(
        [[[[size, 0], [0, 2 * size]], [[1, 0], [0, 1]]]],
        [[[[1], [1]], [[1], [1]]]],
        "1/2",
    )
    solution = solved(game)
    assert solution.complete
    mixed = [e for e in solution if e.strategy["1"]["Column"]["1"] not in (0, 1)]
    assert [e.strategy["1"]["Column"]["1"] for e in mixed] == [F(2, 3)]


# ----------------------------------------------------------------- stages with a tree
@rl.markov_game(US, RUSSIA, states=["peace", "war"], discount="1/2")
def in_turn(play, state):
    """The US may push, and Russia, which sees it, may resist."""
    if state == "war":
        play.pay({US: -1, RUSSIA: -1}, because="war")
        return "war"
    if play.move(US, "us", ["push", "wait"]) == "wait":
        return "peace"
    if play.move(RUSSIA, "russia", ["yield", "resist"]) == "resist":
        play.mark("clash")
        return play.go({"war": "1/3", "peace": rl.REST})
    play.pay({US: 2, RUSSIA: -1}, because="push")
    return "peace"


def test_who_moves_second_answers_what_it_sees():
    (found,) = solved(in_turn)
    assert found.support["peace"] == {
        "us": ("wait",),
        "russia [us=push]": ("resist",),
    }
    assert found.stage_probability("clash") == {"peace": 0, "war": 0}
    assert found.probability("clash") == 0
    assert found.expected_time("clash") == math.inf
    assert "push: -1/6" in found.why("peace")


def test_private_information_inside_a_stage_is_refused():
    @rl.markov_game(US, RUSSIA, states=["a"], discount="1/2")
    def private(play, state):
        play.draw("type", {"x": "1/2", "y": "1/2"}, seen_by=US)
        play.move(US, "us", ["up", "down"])
        play.move(RUSSIA, "russia", ["l", "r"])
        play.pay({US: 1})
        return "a"

    with pytest.raises(rl.Unsupported, match="private information inside a stage"):
        solved(private)
    with pytest.raises(rl.Unsupported, match="'nash' is not defined for"):
        rl.solve(private, "nash")


# ------------------------------------------------------------------- what follows
def test_several_sets_that_are_never_left_are_told_apart():
    @rl.markov_game(US, RUSSIA, states=["a", "b", "c", "d"], discount="1/2")
    def forked(play, state):
        play.pay({US: 1})
        if state == "a":
            return play.go({"b": "1/4", "c": rl.REST})
        return {"b": "b", "c": "d", "d": "c"}[state]

    (found,) = solved(forked)
    assert found.recurrent() == (
        (F(1, 4), {"b": 1}),
        (F(3, 4), {"c": F(1, 2), "d": F(1, 2)}),
    )
    assert found.long_run() == {"a": 0, "b": F(1, 4), "c": F(3, 8), "d": F(3, 8)}
    assert found.probability("d") == F(3, 4)
    assert found.probability("d", within=1) == 0
    assert found.expected_time("d") == math.inf
    assert found.expected_time("d", start="c") == 1
    assert found.expected_time("a") == 0


def test_payoffs_by_reason_add_up():
    for found in solved(hybrid.bind(d="1/2")):
        for player in (US, RUSSIA):
            parts = found.payoffs_by_reason(player)
            assert sum(parts.values()) == found.payoffs[player]


def test_unknown_labels_are_named():
    found = solved(in_turn)[0]
    for ask in (
        lambda: found.why("calm"),
        lambda: found.probability("nuclear use"),
        lambda: found.stage_probability("peace"),
        lambda: found.long_run(start="calm"),
        lambda: found.payoffs_by_reason("China"),
    ):
        with pytest.raises(rl.UnknownLabel, match="there are"):
            ask()


# ----------------------------------------------------------------------- the referee
def test_the_referee_refuses_every_pure_profile_that_is_none():
    game = hybrid.bind(d="1/2")
    good = set()
    for profile in itertools.product("RE", repeat=4):
        a, b, c, d = profile
        if rl.verify(game, pure(a + b, c + d), concept="markov perfect").holds:
            good.add(profile)
    assert good == {tuple("RRRR"), tuple("EERE"), tuple("EEER")}


def test_the_referee_names_the_deviation_and_its_gain():
    certificate = rl.verify(
        hybrid.bind(d="1/5"), pure("RR", "RR"), concept="markov perfect"
    )
    failure = certificate.failures[0]
    assert failure.deviation in ({"us": "E"}, {"russia": "E"})
    # 4/5 * 5 + 1/5 * 4/5 against 4
    gains = {f.infoset: f.gain for f in certificate.failures}
    assert certificate.regret == max(gains.values())
    assert PAYS["H"]["ER"] == 1
    assert gains["H: us"] == F(4, 5) * 1 + F(1, 5) * F(4, 5) - F(4, 5)


def test_the_referee_refuses_irrational_answers_that_are_close():
    solution = solved(hybrid.bind(d="1/3"))
    mixed = next(e for e in solution if not isinstance(restraint(e)[1], F))
    rows = [list(map(list, state)) for state in mixed._element.rows]
    off = F(1, 10**30)
    rows[1][0] = [rows[1][0][0] + off, rows[1][0][1] - off]
    certificate = perfect(StationaryProfile(mixed.game, rows))
    assert not certificate.holds
    assert 0 < float(certificate.regret) < 1e-29


def test_the_referee_refuses_actions_of_a_support_that_are_not_as_good():
    # in two number fields one action stands for the support
    (found,) = solved(pennies(3, 0))
    rows = [list(map(list, state)) for state in found._element.rows]
    off = F(1, 10**20)
    rows[2][1] = [rows[2][1][0] + off, rows[2][1][1] - off]
    certificate = perfect(StationaryProfile(found.game, rows))
    assert not certificate.holds
    assert certificate.failures[0].player == "Row"


def test_the_referee_refuses_what_is_no_distribution():
    game = hybrid.bind(d="1/2")
    rows = (((F(1, 2), F(1)), (F(1), F(0))), ((F(1), F(0)), (F(2), F(-1))))
    certificate = perfect(StationaryProfile(game, rows))
    assert [f.condition for f in certificate.failures] == ["probabilities"] * 2


def test_the_bound_in_floating_point_refuses_wrong_values_and_wrong_play():
    found = solved(hybrid.bind(d="1/2"))[0]
    values = [[F(4), F(2)], [F(4), F(2)]]
    profile = found._profile
    assert nearly_perfect(profile, values, 1e-9).regret == 0
    assert not nearly_perfect(profile, [[F(4), F(1)], values[1]], 1e-9).holds
    rows = list(map(list, found._element.rows))
    rows[1] = [(F(0), F(1)), rows[1][1]]
    assert not nearly_perfect(StationaryProfile(found.game, rows), values, 1e-9).holds


def test_a_solver_that_errs_is_found_out(monkeypatch):
    from redlines.solvers.markov_perfect import MarkovPerfect

    honest = MarkovPerfect.find

    def wrong(self, game, coverage):
        found = honest(self, game, coverage)
        element = found.elements[0]
        rows = [[row[::-1] for row in state] for state in element.rows]
        element.rows = tuple(map(tuple, rows))
        return replace(found, elements=[element])

    monkeypatch.setattr(MarkovPerfect, "find", wrong)
    with pytest.raises(rl.SolveFailed, match="the referee refused"):
        solved(in_turn)


# ---------------------------------------------------------------------------- fields
def test_numbers_of_a_field_compute_exactly():
    import flint

    root = Field(flint.fmpz_poly([-2, 0, 0, 1]), F(1), F(2)).root
    assert root * root * root == 2
    assert (1 / (1 + root)) * (1 + root) == 1
    assert root > F(5, 4)
    assert float(root) == pytest.approx(2 ** (1 / 3))
    assert (root - root + 3).sign() == 1
    with pytest.raises(ZeroDivisionError):
        1 / (root - root)


def test_roots_of_too_large_a_degree_are_not_passed_over():
    solution = solved(pennies(4, 0))
    assert not solution.complete
    assert "too large to be written down exactly" in solution.reason
    assert solution.status is rl.Status.NOT_FOUND


def test_actions_that_are_the_same_make_sets():
    paid = [[1, -1, -1], [-1, 1, 1], [-1, 1, 1]]
    lost = [[-x for x in row] for row in paid]
    leads = [[[1]] * 3] * 3
    solution = solved(rl.MarkovGame.from_arrays([[paid, lost]], [leads], "1/2"))
    assert solution.complete
    assert len(solution) == 9
    assert sum(bool(e.conditions) for e in solution) == 5
