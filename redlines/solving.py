"""The one door: `solve` chooses a method, runs it, verifies and packages the answer.

Reads: everything below it.  Used by: users, scenario.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from redlines.errors import SolveFailed, Unsupported
from redlines.problem import Problem
from redlines.removals import read_refinements
from redlines.solution import Concept, Coverage, Solution, Status, read_concept
from redlines.solvers import concepts, solvers
from redlines.solvers.base import DEFAULT_EFFORT, Solver
from redlines.tree import Game

if TYPE_CHECKING:
    from redlines.parametric.refining import Filter

__all__ = ["solve"]

# beyond this number of elements, or nodes in all, they are verified when looked at
VERIFIED_AT_ONCE = 500
VERIFIED_NODES = 1_000_000


def solve(
    game: Problem,
    concept: Concept | str,
    *,
    coverage: Coverage | str = "all",
    method: str | None = None,
    refine: str | Iterable[str] | None = None,
    throw: bool = True,
    **options: Any,
) -> Solution:
    """The equilibria of a game, verified.

    Parameters
    ----------
    game : Game or another noun
        Two players, every parameter bound.
    concept : Concept or str
        Of trees and matrices ``"nash"``, ``"subgame perfect"``, ``"weak perfect
        bayesian"``, ``"sequential"``, ``"stackelberg"``, ``"logit"`` or ``"learning"``;
        with a mediator ``"correlated"``, ``"coarse correlated"``, ``"extensive-form
        correlated"`` or ``"communication"``; and those of other nouns, see `Concept`.
        Case is ignored.
    coverage : {"all", "one"}
        Whether to look for every equilibrium or to stop at the first. For one, methods
        are tried in turn until one of them finds it.
    method : str, optional
        The name of a method; default the first that takes the game.
    refine : str or iterable of str, optional
        Refinements, each applied to what the one before leaves: ``"intuitive
        criterion"``, ``"D1"``, ``"divinity"``, ``"universal divinity"`` and ``"agent
        perfect"`` for ``"sequential"`` equilibria, ``"perfect"`` and ``"proper"`` for
        ``"nash"``; case is ignored. What was removed, and why, is in ``removed``.
    throw : bool
        Whether an answer that the referee refuses raises; otherwise the solution's
        status says so.
    **options
        Of the method: ``limit`` (elements listed, default 10,000), ``effort`` (work
        for one query, deterministic), ``time_limit`` (seconds, default none), and some
        of one concept alone, such as ``maximize``, ``leader``, ``precision``, ``rng``;
        an unknown one is refused with those that there are.

    Returns
    -------
    Solution
        A sequence of `Equilibrium`; its ``complete`` is True only where it is proved
        that there is nothing else, and its ``reason`` says why.

    Raises
    ------
    Unsupported
        If no method of the concept takes the game, there is no such concept, or a
        refinement is not defined for the game or the concept.
    UnboundParameter
        If a parameter has no value.
    TypeError, OutOfRange
        If an option is unknown, of the wrong type or out of range.
    SolveFailed
        If the referee refuses an answer and `throw` is true.

    Examples
    --------
    >>> import redlines as rl
    >>> pennies = rl.Game.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> solution = rl.solve(pennies, "sequential")
    >>> solution.complete, solution[0].strategy["Row"]["Row"]
    (True, {'1': Fraction(1, 2), '2': Fraction(1, 2)})
    """
    wanted = read_concept(concept)
    scope = _coverage(coverage)
    names = read_refinements(refine)
    if names and scope is Coverage.ONE:
        raise Unsupported(
            "a refinement is a filter on all equilibria: leave coverage at 'all'"
        )
    if not isinstance(game, Problem):
        raise TypeError(f"solve takes a Game, not {type(game).__name__}")
    game._require_numbers("solve")
    start = time.perf_counter()
    through: list[Filter] = []
    if names:
        if not isinstance(game, Game):
            raise Unsupported(f"refinements are of trees and matrices, not of {game!r}")
        # read only where it is asked for: most calls refine nothing
        from redlines.parametric.refining import filters, refined

        effort = options.get("effort", DEFAULT_EFFORT)
        through = filters(game, wanted, names, effort, options.get("time_limit"))
    for solver in _takers(game, wanted, scope, method, options):
        found = solver.find(game, scope)
        if scope is Coverage.ALL or found.complete or len(found.elements):
            break
    solution = Solution(
        game,
        wanted,
        found.elements,
        status=found.status,
        coverage=scope,
        complete=found.complete,
        reason=found.reason,
        method=solver.name,
        unit=found.unit,
        seconds=0.0,
        count=found.count,
        limit=solver.limit,
        exact=solver.exact if found.exact is None else found.exact,
    )
    if not len(solution) and found.complete:
        solution.status = Status.NONE_EXISTS
    try:
        if through:
            solution = refined(solution, through)
        at_once = min(VERIFIED_AT_ONCE, VERIFIED_NODES // game._size + 1)
        for position in range(min(len(solution), at_once)):
            solution[position]
    except SolveFailed as refused:
        solution.status = Status.UNVERIFIED
        solution.complete = False
        solution.reason = str(refused)
        solution._elements = ()
        solution._count = None
        if throw:
            raise
    solution.seconds = time.perf_counter() - start
    return solution


def _coverage(coverage: Coverage | str) -> Coverage:
    try:
        return Coverage(coverage)
    except ValueError:
        raise ValueError(f"coverage is 'all' or 'one', not {coverage!r}") from None


def _takers(
    game: Problem,
    concept: Concept,
    coverage: Coverage,
    method: str | None,
    options: Mapping[str, Any],
) -> Iterator[Solver]:
    """The solvers of the concept that take the game, the best first."""
    candidates = list(solvers(type(game), concept.value))
    if not candidates:
        raise Unsupported(
            f"{concept.value!r} is not defined for {game!r}, which is of class "
            f"{type(game).__name__}; for it there are: "
            f"{', '.join(map(repr, concepts(type(game))))}"
        )
    if method is not None:
        named = [kind for kind in candidates if kind.name == method]
        if not named:
            raise Unsupported(
                f"{concept.value!r} has no method {method!r}; there are: "
                f"{', '.join(repr(k.name) for k in candidates)}"
            )
        candidates = named
    else:
        candidates = [kind for kind in candidates if not kind.named_only]
    able = [kind for kind in candidates if coverage in kind.coverages]
    # the options may say which method is meant
    able.sort(key=lambda kind: not set(options) <= {f.name for f in fields(kind)})
    if not able:
        raise Unsupported(
            f"method {method!r} finds one: ask for coverage='one', or leave the method "
            "out"
        )
    known = {f.name for kind in able for f in fields(kind)}
    unknown = sorted(set(options) - known)
    if unknown:
        raise TypeError(
            f"solve has no option {', '.join(map(repr, unknown))} for "
            f"{concept.value!r}; there are: {', '.join(sorted(known))}"
        )
    reasons = []
    taken = False
    for kind in able:
        own = {f.name for f in fields(kind)}
        solver = kind(**{n: v for n, v in options.items() if n in own})
        refusal = solver.refusal(game)
        if refusal is None:
            taken = True
            yield solver
        reasons.append(f"{kind.name}: {refusal}")
    if not taken:
        raise Unsupported(
            f"no method for {concept.value!r} takes {game!r}: {'; '.join(reasons)}"
        )
