"""Logit equilibria: the branch, given precisions, and the precision that fits."""

from __future__ import annotations

import math
import random

import numpy as np
import pygambit as gbt
import pytest
from stories import chain_store, ladder, private_types
from test_sequential_one import brinkmanship

import redlines as rl
from redlines.referee import logit

PENNIES = rl.Game.from_bimatrix([[9, 0], [0, 1]], [[0, 1], [1, 0]])


def shares(equilibrium, player):
    return np.array(list(equilibrium.strategy[player][player].values()))


@pytest.mark.parametrize("size", [(1, 1), (1, 3), (2, 2), (3, 4), (8, 8)])
@pytest.mark.parametrize("precision", [0, 0.5, 3, 40])
def test_probabilities_are_logit_responses(size, precision):
    for seed in range(4):
        a, b = np.random.default_rng(seed).random((2, *size))
        (found,) = rl.solve(rl.Game.from_bimatrix(a, b), "logit", precision=precision)
        x, y = shares(found, "Row"), shares(found, "Column")
        rows, columns = np.exp(precision * (a @ y)), np.exp(precision * (b.T @ x))
        assert np.allclose(x, rows / rows.sum(), atol=1e-9)
        assert np.allclose(y, columns / columns.sum(), atol=1e-9)
        assert found.certificate.holds
        assert found.precision == pytest.approx(precision)


@pytest.mark.parametrize("seed", range(8))
def test_the_branch_is_that_of_gambit(seed):
    a, b = np.random.default_rng(seed).random((2, 3, 3))
    precisions = [0.7, 5.0, 60.0]
    ours = rl.solve(rl.Game.from_bimatrix(a, b), "logit", precision=precisions)
    theirs = gbt.qre.logit_solve_lambda(gbt.Game.from_arrays(a, b), precisions)
    for mine, other in zip(ours, theirs, strict=True):
        players = other.profile.game.players
        for name, player in zip(("Row", "Column"), players, strict=True):
            expected = [float(other.profile[s]) for s in player.strategies]
            assert np.allclose(shares(mine, name), expected, atol=1e-5)


def test_asymmetric_pennies_as_published():
    # McKelvey and Palfrey 1995, section 5: the branch of pennies with one payoff of 9
    # leads to the mixed equilibrium, the first player's share passing above it
    branch = rl.solve(PENNIES, "logit")
    assert not branch.complete
    assert not branch.exact
    assert shares(branch[-1], "Row") == pytest.approx([0.5, 0.5], abs=1e-4)
    assert shares(branch[-1], "Column") == pytest.approx([0.1, 0.9], abs=1e-4)
    assert max(shares(point, "Row")[0] for point in branch) > 0.8
    assert branch[-1].gain < 1e-7
    assert branch[0].precision == 0


@pytest.mark.parametrize("game", [chain_store, private_types, ladder], ids=str)
def test_trees_are_verified_by_code_that_no_solver_shares(game):
    branch = rl.solve(game, "logit")
    assert branch.status is rl.Status.SOLVED
    assert all(point.certificate.holds for point in branch)
    assert branch[-1].gain < 1e-6


def test_a_long_ladder():
    branch = rl.solve(brinkmanship(rungs=48), "logit")
    assert branch.status is rl.Status.SOLVED
    assert branch[-1].certificate.holds
    assert branch[-1].gain < 1e-6


def test_wrong_probabilities_are_refused():
    (found,) = rl.solve(PENNIES, "logit", precision=1)
    logs = found._element.logs
    assert logit(PENNIES, logs, 1.0)
    refused = logit(PENNIES, logs, 1.1)
    assert not refused
    assert "logit response" in str(refused)
    assert not logit(PENNIES, [[math.log(0.5)] * 2] * 2, 1.0)
    # no distribution
    assert not logit(PENNIES, [[x - 0.1 for x in row] for row in logs], 1.0)


def test_strategic_and_agent_form_differ_on_trees():
    agent = rl.solve(chain_store, "logit", precision=2)[0]
    strategic = rl.solve(chain_store, "logit", precision=2, form="strategic")[0]
    assert strategic.certificate.holds
    assert agent.payoffs != strategic.payoffs
    assert sum(map(float, strategic.payoffs.values())) == pytest.approx(
        sum(strategic.payoffs.values())
    )


def test_the_unit_of_payoffs():
    small = rl.solve(PENNIES, "logit", precision=2)[0]
    large = rl.Game.from_bimatrix(
        [["9e300", 0], [0, "1e300"]], [[0, "1e300"], ["1e300", 0]]
    )
    scaled = rl.solve(large, "logit", precision="2e-300")[0]
    assert shares(scaled, "Row") == pytest.approx(shares(small, "Row"), rel=1e-6)


def test_points_have_the_precisions_that_were_asked_for():
    asked = [0, "1/3", 2, 100]
    for several in (asked, np.array([0, 1 / 3, 2, 100]), iter(asked)):
        found = [e.precision for e in rl.solve(PENNIES, "logit", precision=several)]
        assert found == [0, 1 / 3, 2, 100]


def test_what_cannot_be_asked():
    with pytest.raises(rl.OutOfRange, match="0 or more"):
        rl.solve(PENNIES, "logit", precision=-1)
    with pytest.raises(rl.ModelError, match="'agent' or 'strategic'"):
        rl.solve(PENNIES, "logit", form="normal")
    with pytest.raises(rl.Unsupported, match="precision"):
        rl.verify(PENNIES, {"Row": "1", "Column": "1"}, concept="logit")
    cut = rl.solve(PENNIES, "logit", precision=5, solves=2)
    assert len(cut) == 0
    assert "solves=2" in cut.reason


# ------------------------------------------------------------------------------- fits
def simulated(game, equilibrium, plays, seed):
    """How often each action was chosen in so many plays of the story."""
    rng = random.Random(seed)
    counts = {h: dict.fromkeys(game.infosets[h].actions, 0) for h in game.infosets}
    tables, played = game._tables, equilibrium._assessment.strategy
    for _ in range(plays):
        node = 0
        while tables.children[node]:
            index = tables.infoset[node]
            if tables.kind[node] == 0:
                (option,) = rng.choices(range(len(played[index])), played[index])
                label = tables.label(index)
                counts[label][game.infosets[label].actions[option]] += 1
            else:
                weights = [float(w) for w in game._shares(index)]
                (option,) = rng.choices(range(len(weights)), weights)
            node = tables.children[node][option]
    return counts


@pytest.mark.parametrize("precision", [0.8, 2.5])
def test_a_known_precision_is_recovered_on_a_tree(precision):
    game = brinkmanship(rungs=4)
    (truth,) = rl.solve(game, "logit", precision=precision)
    fit = rl.fit_precision(game, simulated(game, truth, 10_000, seed=5))
    assert fit.standard_error is not None
    assert abs(fit.precision - precision) < 4 * fit.standard_error
    assert fit.log_likelihood > fit.even_log_likelihood
    assert fit.equilibrium.certificate.holds
    assert "choices" in str(fit)


def test_the_fit_is_a_peak():
    counts = {"Row": {"1": 70, "2": 30}, "Column": {"1": 40, "2": 60}}
    fit = rl.fit_precision(PENNIES, counts)

    def likelihood(precision):
        (point,) = rl.solve(PENNIES, "logit", precision=precision)
        return sum(
            n * math.log(point.strategy[p][p][a])
            for p, row in counts.items()
            for a, n in row.items()
        )

    assert likelihood(fit.precision) == pytest.approx(fit.log_likelihood)
    for other in (0.9, 0.99, 1.01, 1.1):
        assert likelihood(fit.precision * other) <= fit.log_likelihood + 1e-9


def test_fits_at_the_ends():
    even = rl.fit_precision(PENNIES, {"Row": {"1": 10, "2": 10}})
    assert even.log_likelihood >= even.even_log_likelihood
    dominant = rl.Game.from_bimatrix([[1, 1], [0, 0]], [[0, 0], [0, 0]])
    best = rl.fit_precision(dominant, {"Row": {"1": 10}})
    assert best.precision == math.inf or best.precision > 10
    against = rl.fit_precision(dominant, {"Row": {"2": 10}})
    assert against.precision == 0


def test_counts_are_read_with_care():
    with pytest.raises(rl.ModelError, match="nothing was observed"):
        rl.fit_precision(PENNIES, {})
    with pytest.raises(rl.ModelError, match="-1"):
        rl.fit_precision(PENNIES, {"Row": {"1": -1}})
    with pytest.raises(rl.UnknownLabel, match="third"):
        rl.fit_precision(PENNIES, {"Row": {"third": 1}})
