"""Refinements as filters: what survives of an answer, and why the rest does not.

Reads: removals, solution, solvers, parametric.  Used by: solving, parametric.regimes.
"""

from __future__ import annotations

from collections.abc import Sequence

from redlines.parametric.filtering import Forward
from redlines.removals import Removed
from redlines.solution import Concept, Element, Solution, Status
from redlines.solvers.agent_perfect import AgentPerfect
from redlines.solvers.base import DEFAULT_EFFORT
from redlines.solvers.perfect import Perfect
from redlines.solvers.proper import Proper
from redlines.tree import Game

__all__ = ["Filter", "filters", "refined"]


Filter = Forward | Perfect | Proper | AgentPerfect


def filters(
    game: Game,
    concept: Concept,
    names: Sequence[str],
    effort: int = DEFAULT_EFFORT,
    time_limit: float | None = None,
) -> list[Filter]:
    """The filters of refinements for the equilibria of a game.

    Parameters
    ----------
    game : Game
        At numbers.
    concept : Concept
        What is refined.
    names : sequence of str
        As `removals.read_refinements` gives them.
    effort, time_limit
        For one question.

    Raises
    ------
    Unsupported
        If a refinement is not defined for the game or the concept; says why.
    """
    kinds: dict[str, type[Perfect | Proper | AgentPerfect]] = {
        "perfect": Perfect,
        "proper": Proper,
        "agent perfect": AgentPerfect,
    }
    return [
        kinds[name](game, concept, effort, time_limit)
        if name in kinds
        else Forward(game, concept, name, effort, time_limit)
        for name in names
    ]


def refined(solution: Solution, through: Sequence[Filter]) -> Solution:
    """What refinements leave of an answer.

    Parameters
    ----------
    solution : Solution
        Of every equilibrium.
    through : sequence of filters
        Each is applied to what the one before leaves.

    Returns
    -------
    Solution
        With `refinements`, `removed` and `undecided`.
    """
    elements: Sequence[Element] = [solution._elements[k] for k in range(len(solution))]
    removed: list[Removed] = []
    undecided: list[str] = []
    for judge in through:
        kept: list[Element] = []
        for element in elements:
            verdict = judge(element)
            kept += verdict.kept
            removed += verdict.removed
            undecided += verdict.undecided
        if isinstance(judge, Proper):
            between = judge.between(solution, kept)
            kept += between.kept
            undecided += between.undecided
        elements = kept
    whole = solution.count == len(solution)
    complete = solution.complete and whole and not undecided
    status = solution.status
    if not elements:
        status = Status.NONE_EXISTS if complete else Status.NOT_FOUND
    elif undecided and status is Status.SOLVED:
        status = Status.LIMIT
    found = Solution(
        solution.game,
        solution.concept,
        elements,
        status=status,
        coverage=solution.coverage,
        complete=complete,
        reason=solution.reason
        if not undecided
        else f"{solution.reason}; a refinement was not decided for all that is listed",
        method=solution.method,
        unit=solution.unit,
        seconds=solution.seconds,
        exact=solution.exact,
        count=len(elements) if complete else None,
        limit=solution._limit,
    )
    found.refinements = tuple(judge.name for judge in through)
    found.removed = tuple(removed)
    found.undecided = tuple(dict.fromkeys(undecided))
    return found
