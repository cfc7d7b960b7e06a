"""A question to z3 with a deterministic budget.

How long a search takes varies a hundredfold with the order in which it looks, so a
question is asked in slices: one that does not end within its slice is put anew with
another seed, and after every few of them the slices double. Seeds and slices are fixed,
so the same question takes the same course everywhere.

Reads: nothing.  Used by: solvers that ask z3.
"""

from __future__ import annotations

import itertools
import time
from fractions import Fraction
from typing import Any

__all__ = ["Query", "Undecided"]

SLICE = 25_000_000
DOUBLED_EVERY = 4


class Undecided(Exception):
    """The search stopped before it was decided; the argument says why."""


class Query:
    """A z3 solver, in a context of its own unless one is given.

    Parameters
    ----------
    logic : str
        The fragment, ``"QF_LRA"`` or ``"QF_NRA"``; ``"optimize"`` for an optimizer.
    effort : int
        How much work one question may do, in z3's resource units; the same number
        gives the same answer everywhere.
    time_limit : float, optional
        Seconds after which a question is given up.
    context : z3.Context, optional
        For questions that are put in the same terms.
    """

    def __init__(
        self,
        logic: str,
        effort: int,
        time_limit: float | None = None,
        context: Any = None,
    ) -> None:
        import z3

        self.z3 = z3
        self.context = z3.Context() if context is None else context
        self.logic = logic
        self.effort = effort
        self.time_limit = time_limit
        self._granted = 0
        if logic == "optimize":
            self.solver = z3.Optimize(ctx=self.context)
            self.solver.set("rlimit", effort)
        else:
            self.solver = z3.SolverFor(logic, ctx=self.context)

    def real(self, value: Fraction | int) -> Any:
        """A rational constant."""
        return self.z3.RealVal(str(value), self.context)

    def model(self) -> Any:
        """A model of everything that was added, or None if there is none.

        Raises
        ------
        Undecided
            If the effort or the time ran out first.
        KeyboardInterrupt
            If the user interrupts.
        """
        start = time.monotonic()
        left, grant = self.effort, SLICE
        for attempt in itertools.count(1):
            self._grant(min(grant, left))
            if self.time_limit is not None:
                remaining = self.time_limit - (time.monotonic() - start)
                self.solver.set("timeout", max(1, int(1000 * remaining)))
            answer = self.solver.check()
            if answer == self.z3.unsat:
                return None
            if answer == self.z3.sat:
                return self.solver.model()
            reason = self.solver.reason_unknown()
            if "interrupt" in reason:
                raise KeyboardInterrupt
            if self.time_limit is not None and (
                time.monotonic() - start >= self.time_limit
            ):
                raise Undecided(
                    f"the time ran out; allow more than time_limit={self.time_limit}"
                )
            if "cancel" not in reason and "resource" not in reason:
                raise Undecided(f"z3 gave up: {reason}")
            left -= grant
            if left <= 0:
                break
            self._begin_anew(attempt)
            if attempt % DOUBLED_EVERY == 0:
                grant *= 2
        raise Undecided(f"the effort ran out; allow more than effort={self.effort:,}")

    def _grant(self, effort: int) -> None:
        """Set the effort of the next slice; setting it loses what was learnt."""
        if effort != self._granted:
            self.solver.set("rlimit", effort)
            self._granted = effort

    def _begin_anew(self, seed: int) -> None:
        """The same question with another seed, and nothing learnt."""
        fresh = self.z3.SolverFor(self.logic, ctx=self.context)
        fresh.set("random_seed", seed)
        fresh.add(self.solver.assertions())
        self.solver = fresh
        self._granted = 0
