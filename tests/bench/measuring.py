"""How calls are timed, with a limit on each, and the lines of the table."""

from __future__ import annotations

import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Timed:
    """What a call gave and how long it took.

    Attributes
    ----------
    seconds : float or None
        Of one call; the median where it was called several times. None if it did not
        return within its limit, or failed.
    value : object
        What it returned the last time.
    trouble : str
        Why there is no time.
    """

    seconds: float | None
    value: Any = None
    trouble: str = ""


_clock: list[Callable[[], float]] = [time.perf_counter]


def use_processor_time() -> None:
    """From now on count processor time, with that of processes started and ended."""
    import resource

    def spent() -> float:
        started = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.process_time() + started.ru_utime + started.ru_stime

    _clock[0] = spent


def clock() -> float:
    """A reading in seconds of the clock that is used."""
    return _clock[0]()


def timed(call: Callable[[], Any], limit: float, several: int = 1) -> Timed:
    """Time a call in a child process, which is ended when its time is up.

    The child is a copy of this process, so what is imported and compiled here is there
    as well. Where processes cannot be copied the call is made here, without a limit.
    """
    if "fork" not in multiprocessing.get_all_start_methods():
        return _run(call, several)
    context = multiprocessing.get_context("fork")
    receive, send = context.Pipe(duplex=False)

    def work() -> None:
        send.send(_run(call, several))

    child = context.Process(target=work)
    child.start()
    send.close()
    try:
        if not receive.poll(limit):
            return Timed(None, trouble=f"more than {limit:g} s")
        found: Timed = receive.recv()
        return found
    except EOFError:
        return Timed(None, trouble="crashed")
    finally:
        child.kill()
        child.join()


def _run(call: Callable[[], Any], several: int) -> Timed:
    seconds, value = [], None
    try:
        for _ in range(several):
            start = clock()
            value = call()
            seconds.append(clock() - start)
    except Exception as error:
        return Timed(None, trouble=f"{type(error).__name__}: {error}"[:60])
    return Timed(statistics.median(seconds), value)


def middle(results: Iterable[Timed]) -> Timed:
    """The median of several; none if any has none."""
    known = list(results)
    for one in known:
        if one.seconds is None:
            return one
    return Timed(statistics.median(one.seconds for one in known if one.seconds))


@dataclass
class Line:
    """One line of the table.

    Attributes
    ----------
    workload, size : str
    ours : Timed
    peer : str
        Who is compared with; empty for a target in absolute numbers.
    theirs : Timed
    target : str
        What to reach, in words.
    reached : bool or None
        None where it cannot be told.
    note : str
    """

    workload: str
    size: str
    ours: Timed
    peer: str = ""
    theirs: Timed = field(default_factory=lambda: Timed(None))
    target: str = ""
    reached: bool | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times as long the peer takes."""
        if self.ours.seconds is None or self.theirs.seconds is None:
            return None
        return self.theirs.seconds / self.ours.seconds


def against(
    workload: str,
    size: str,
    ours: Timed,
    peer: str,
    theirs: Timed,
    factor: float | None = None,
    note: str = "",
) -> Line:
    """A comparison, whose target is `factor` times the peer's speed (None: no target).

    A peer that was ended took its limit at least, so a target is reached then.
    """
    line = Line(workload, size, ours, peer, theirs, note=note)
    if factor is not None:
        line.target = f"{factor:g} x its speed"
        if line.ratio is not None:
            line.reached = line.ratio >= factor
        elif theirs.trouble.startswith("more than") and ours.seconds is not None:
            line.reached = float(theirs.trouble.split()[2]) >= factor * ours.seconds
    return line


def within(workload: str, size: str, ours: Timed, limit: float, note: str = "") -> Line:
    """A target in seconds."""
    reached = ours.seconds is not None and ours.seconds <= limit
    return Line(
        workload, size, ours, target=f"{span(limit)}", reached=reached, note=note
    )


def span(seconds: float | None) -> str:
    """A length of time in a handy unit."""
    if seconds is None:
        return "-"
    for unit, factor in (("s", 1.0), ("ms", 1e3), ("us", 1e6)):
        if seconds * factor >= 1:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds * 1e6:.2g} us"


HEAD = ("workload", "size", "ours", "peer", "peer's", "ratio", "to reach", "reached")


def shown(line: Line) -> tuple[str, ...]:
    """The cells of a line."""
    verdict = {True: "yes", False: "NO", None: ""}[line.reached]
    return (
        line.workload,
        line.size,
        span(line.ours.seconds) if line.ours.seconds is not None else line.ours.trouble,
        line.peer,
        (line.theirs.trouble if line.theirs.seconds is None else "")
        or (span(line.theirs.seconds) if line.peer else ""),
        "" if line.ratio is None else f"{line.ratio:.2f}",
        line.target,
        verdict,
    )


def table(lines: Sequence[Line]) -> str:
    """All lines, with notes below those that have one."""
    rows = [HEAD, *map(shown, lines)]
    widths = [max(len(row[c]) for row in rows) for c in range(len(HEAD))]

    def laid(row: Sequence[str]) -> str:
        return "  ".join(
            cell.ljust(w) for cell, w in zip(row, widths, strict=True)
        ).rstrip()

    found = [laid(HEAD), laid(["-" * w for w in widths])]
    for line, row in zip(lines, rows[1:], strict=True):
        found.append(laid(row))
        if line.note:
            found.append(f"    {line.note}")
    return "\n".join(found)
