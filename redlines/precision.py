"""The precision of logit responses that fits observed choices best.

Reads: errors, numbers, quantal, solvers, tree.  Used by: users.

References
----------
[mckelveypalfrey1995]_, section 4; [bajari2005]_ on what such a fit does and does not
say.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from redlines.errors import ModelError, SolveFailed, UnknownLabel
from redlines.numbers import exact
from redlines.problem import require
from redlines.quantal import LogitEquilibrium
from redlines.solution import Concept
from redlines.solvers.agents import Step, walk_along
from redlines.solvers.logit import HIGHEST, Branch
from redlines.solvers.queries import Undecided
from redlines.tree import Game

__all__ = ["Fit", "fit_precision"]

# the path begins this near to precision 0, payoffs having a range of one
NEARLY_EVEN = math.log(1e6)
# the branch is followed until nobody gains more than this share of the range
FLAT = 1e-7


@dataclass(frozen=True)
class Fit:
    """The precision of the principal branch at which observed choices are likeliest.

    Attributes
    ----------
    precision : float
        Per payoff unit; 0 if even play fits best, infinite if the likelihood still
        rises where the branch ends.
    standard_error : float or None
        From the curvature of the log-likelihood there; None at an end, or where it is
        not curved.
    log_likelihood : float
        Of the choices, given that their information sets were reached; the constant
        that counts the orders in which they may have come is left out.
    even_log_likelihood : float
        The same for even play.
    observations : Fraction
        How many choices were observed.
    equilibrium : LogitEquilibrium
        The logit equilibrium at that precision, or at the last point of the branch.
    """

    precision: float
    standard_error: float | None
    log_likelihood: float
    even_log_likelihood: float
    observations: Fraction
    equilibrium: LogitEquilibrium

    def __str__(self) -> str:
        error = "" if self.standard_error is None else f" (±{self.standard_error:.2g})"
        return (
            f"precision {self.precision:.6g}{error}, log-likelihood "
            f"{self.log_likelihood:.6g}, of even play {self.even_log_likelihood:.6g}; "
            f"{float(self.observations):g} choices"
        )


def fit_precision(
    game: Game,
    counts: Mapping[str, Mapping[str, Any]],
    *,
    solves: int = 20_000,
    time_limit: float | None = None,
) -> Fit:
    """Maximum likelihood along the principal branch of the agent form.

    Parameters
    ----------
    game : Game
        Two players, every parameter bound.
    counts : mapping
        ``counts[infoset][action]``: how often an action was chosen there, or with what
        frequency; what is left out was never observed.
    solves : int
        How many linear systems the path may take.
    time_limit : float, optional
        Seconds.

    Returns
    -------
    Fit

    Raises
    ------
    UnknownLabel
        For an information set or an action that the game has not.
    ModelError
        If a count is negative, or nothing was observed.
    SolveFailed
        If the branch could not be followed to its end.

    Notes
    -----
    The likelihood may have several peaks; the highest among the points that the path
    passes is refined. Only the principal branch is searched.

    Examples
    --------
    >>> import redlines as rl
    >>> pennies = rl.Game.from_bimatrix([[9, 0], [0, 1]], [[0, 1], [1, 0]])
    >>> fit = rl.fit_precision(
    ...     pennies, {"Row": {"1": 64, "2": 36}, "Column": {"1": 24, "2": 76}}
    ... )
    >>> print(fit)
    precision 5.4... (±1.7), log-likelihood -127.1..., of even play -138...; 200 choices
    """
    require(game, Game, "fit_precision")
    game._require_numbers("fit_precision")
    observed, total = _read(game, counts)
    branch = Branch(game, "agent")

    def likelihood(step: Step) -> float:
        logs = branch.logs(step)
        return math.fsum(n * logs[h][a] for (h, a), n in observed.items())

    even = math.fsum(
        -n * math.log(len(game._tables.infosets[h].actions))
        for (h, _), n in observed.items()
    )
    points: list[tuple[float, Step]] = []
    goals = [NEARLY_EVEN, -math.log(HIGHEST)]
    try:
        for step, _, walker in walk_along(
            branch.agents, goals, solves=solves, time_limit=time_limit
        ):
            points.append((likelihood(step), step))
            walk = walker
            if branch.agents.gain(step) <= FLAT:
                break
    except Undecided as stopped:
        raise SolveFailed(
            f"the branch of {game!r} was not followed to its end: {stopped}"
        ) from None

    def result(step: Step, precision: float, value: float, error: float | None) -> Fit:
        element = branch.element(branch.logs(step), branch.precision(step.log_mu))
        shown = LogitEquilibrium(element, Concept.LOGIT)
        return Fit(precision, error, value, even, total, shown)

    best = max(range(len(points)), key=lambda k: points[k][0])
    value, step = points[best]
    if best == 0 and even >= value:
        return Fit(
            0.0, None, even, even, total, LogitEquilibrium(branch.even(), Concept.LOGIT)
        )
    if best == len(points) - 1:
        return result(step, math.inf, value, None)

    from scipy.optimize import minimize_scalar

    def at(log_mu: float) -> Step:
        near = min(
            (p for _, p in points[max(best - 1, 0) : best + 2]),
            key=lambda p: abs(p.log_mu - log_mu),
        )
        return walk.at(near, log_mu)

    around = [p.log_mu for _, p in points[max(best - 1, 0) : best + 2]]
    found = minimize_scalar(
        lambda t: -likelihood(at(t)),
        bounds=(min(around), max(around)),
        method="bounded",
        options={"xatol": 1e-10},
    )
    if -found.fun > value:
        step = at(float(found.x))
        value = likelihood(step)
    precision = branch.precision(step.log_mu)
    h = 1e-3
    up, down = (likelihood(at(step.log_mu - math.log1p(sign * h))) for sign in (1, -1))
    curve = (up - 2 * value + down) / (h * precision) ** 2
    error = 1 / math.sqrt(-curve) if curve < 0 else None
    return result(step, precision, value, error)


def _read(
    game: Game, counts: Mapping[str, Mapping[str, Any]]
) -> tuple[dict[tuple[int, int], Fraction], Fraction]:
    tables = game._tables
    observed: dict[tuple[int, int], Fraction] = {}
    if not isinstance(counts, Mapping):
        raise ModelError(f"counts are counts[infoset][action], not {counts!r}")
    for label, row in counts.items():
        h = game._infoset(label)
        actions = tables.infosets[h].actions
        if not isinstance(row, Mapping):
            raise ModelError(f"the counts at {label!r} are by action, not {row!r}")
        for action, value in row.items():
            if action not in actions:
                raise UnknownLabel("action", action, actions, f"at {label!r}")
            number = exact(value, f"the count of {action!r} at {label!r}")
            if number < 0:
                raise ModelError(f"the count of {action!r} at {label!r} is {number}")
            if number:
                observed[h, actions.index(action)] = number
    total = sum(observed.values(), Fraction(0))
    if not total:
        raise ModelError(
            "nothing was observed; give counts[infoset][action], how often an action "
            "was chosen"
        )
    return observed, total
