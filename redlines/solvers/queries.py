"""A question to z3, in a context of its own, with a deterministic budget.

Reads: nothing.  Used by: solvers that ask z3.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

__all__ = ["Query", "Undecided"]


class Undecided(Exception):
    """The search stopped before it was decided; the argument says why."""


class Query:
    """A z3 solver in a context of its own.

    Parameters
    ----------
    logic : str
        The fragment, ``"QF_LRA"`` or ``"QF_NRA"``; ``"optimize"`` for an optimizer.
    effort : int
        How much work one question may do, in z3's resource units; the same number
        gives the same answer everywhere.
    time_limit : float, optional
        Seconds after which a question is given up.
    """

    def __init__(
        self, logic: str, effort: int, time_limit: float | None = None
    ) -> None:
        import z3

        self.z3 = z3
        self.context = z3.Context()
        self.effort = effort
        if logic == "optimize":
            self.solver = z3.Optimize(ctx=self.context)
        else:
            self.solver = z3.SolverFor(logic, ctx=self.context)
        self.solver.set("rlimit", effort)
        if time_limit is not None:
            self.solver.set("timeout", max(1, int(time_limit * 1000)))

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
        answer = self.solver.check()
        if answer == self.z3.unsat:
            return None
        if answer == self.z3.sat:
            return self.solver.model()
        reason = self.solver.reason_unknown()
        if "interrupt" in reason:
            raise KeyboardInterrupt
        if reason == "timeout":
            raise Undecided("the time ran out; raise time_limit=")
        if reason == "canceled" or "resource" in reason:
            raise Undecided(
                f"the effort ran out; allow more than effort={self.effort:,}"
            )
        raise Undecided(f"z3 gave up: {reason}")
