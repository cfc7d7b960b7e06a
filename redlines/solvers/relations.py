"""How the free mixed choices of a support profile are tied to each other, as text.

Reads: forms, solvers.  Used by: solvers.sequential, solvers.weak_perfect_bayesian.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from redlines.forms import SequenceForm
from redlines.solvers.cells import Block, Row, Side, Support
from redlines.solvers.cones import integral

__all__ = ["relations"]


def relations(
    form: SequenceForm, support: Support, sides: Iterable[Side]
) -> tuple[str, ...]:
    """The conditions of blocks that no single range says.

    Parameters
    ----------
    form : SequenceForm
        The game.
    support : tuple of tuple of int
        For each information set the actions of positive probability.
    sides : iterable of Side
        The cells on the support profile.

    Returns
    -------
    tuple of str
        Linear in ``w``, the probability with which a player's own choices lead to an
        action.
    """
    found: dict[str, None] = {}
    for side in sides:
        for block in side.blocks:
            _of_block(form, support, side, block, found)
    return tuple(found)


def _of_block(
    form: SequenceForm,
    support: Support,
    side: Side,
    block: Block,
    found: dict[str, None],
) -> None:
    """The rows of one block, where it ties several information sets."""
    own = form.players[side.player]
    tables = form.game._tables
    mixed = {
        own.infoset[p]
        for p in block.parameters
        if own.action[p] in support[own.infoset[p]]
    }
    if len(mixed) < 2:
        return

    def word(coordinate: int) -> str:
        sequence = block.parameters[coordinate - 1] if coordinate else block.base
        if not sequence:
            return "1"
        infoset = own.infoset[sequence]
        action = tables.infosets[infoset].actions[own.action[sequence]]
        return f"w({action} at {tables.label(infoset)})"

    cases = len(block.cells)
    for number, cell in enumerate(block.cells, 1):
        case = f" (case {number} of {cases})" if cases > 1 else ""
        for row in cell.equalities[cell.flows :]:
            found[_equation(row, "=", word) + case] = None
        for row in cell.inequalities:
            if len(row) > 1:
                found[_equation(row, ">=", word) + case] = None


def _equation(row: Row, sign: str, word: Callable[[int], str]) -> str:
    """A homogeneous condition with positive whole coefficients on both sides."""
    whole = dict(zip(row, integral(list(row.values())), strict=True))

    def side(direction: int) -> str:
        terms = [
            word(k) if abs(v) == 1 else f"{abs(v)}*{word(k)}"
            for k, v in sorted(whole.items())
            if v * direction > 0
        ]
        return " + ".join(terms) or "0"

    return f"{side(1)} {sign} {side(-1)}"
