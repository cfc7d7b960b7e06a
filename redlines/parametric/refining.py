"""Refinements as filters: what survives of an answer, and why the rest does not.

Reads: removals, solution, solvers, parametric.  Used by: solving, parametric.regimes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from redlines.errors import Unsupported
from redlines.parametric.filtering import Forward
from redlines.removals import FORWARD, Removed, Verdict
from redlines.solution import Concept, Element, Solution, Status
from redlines.solvers.agent_perfect import AgentPerfect
from redlines.solvers.base import DEFAULT_EFFORT
from redlines.solvers.perfect import Perfect
from redlines.solvers.proper import Proper

__all__ = ["refined"]


def refined(
    solution: Solution,
    names: Sequence[str],
    effort: int = DEFAULT_EFFORT,
    time_limit: float | None = None,
) -> Solution:
    """What refinements leave of an answer.

    Parameters
    ----------
    solution : Solution
        Of every equilibrium.
    names : sequence of str
        Of refinements, as `removals.read_refinements` gives them; each is applied to
        what the one before leaves.
    effort, time_limit
        For one question.

    Returns
    -------
    Solution
        With `refinements`, `removed` and `undecided`.

    Raises
    ------
    Unsupported
        If a refinement is not defined for the game or the concept; says why.
    """
    elements: Sequence[Element] = [
        solution._elements[k] for k in range(len(solution))
    ]
    removed: list[Removed] = []
    undecided: list[str] = []
    for name in names:
        judge = _judge(solution, name, effort, time_limit)
        kept: list[Element] = []
        for element in elements:
            verdict = judge(element)
            kept += verdict.kept
            removed += verdict.removed
            undecided += verdict.undecided
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
    found.refinements = tuple(names)
    found.removed = tuple(removed)
    found.undecided = tuple(dict.fromkeys(undecided))
    return found


def _judge(
    solution: Solution, name: str, effort: int, time_limit: float | None
) -> Callable[[Element], Verdict]:
    """The filter of a refinement for the elements of one solution."""
    concept = solution.concept
    if name in FORWARD:
        if concept is not Concept.SEQUENTIAL:
            raise Unsupported(
                f"{name!r} refines 'sequential' equilibria, whose beliefs it restricts; "
                f"not {concept.value!r} ones"
            )
        return Forward(solution, name, effort, time_limit)
    kind = {"perfect": Perfect, "proper": Proper, "agent perfect": AgentPerfect}[name]
    return kind(solution, effort, time_limit)
