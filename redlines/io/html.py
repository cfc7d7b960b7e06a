"""Families of equilibria as HTML tables for notebooks.

The tables stand alone: no scripts, no files, and no colours of their own, so that they
can be read on light and dark pages.

Reads: numbers, parametric, io.accounts, io.prose.  Used by: `Regimes`, `RegimeFamily`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from redlines.io.accounts import Account, account
from redlines.io.prose import Wording
from redlines.numbers import Relation
from redlines.parametric.closed_forms import Value
from redlines.parametric.regimes import RegimeFamily, Regimes

__all__ = ["family_table", "regimes_table"]

ROWS = 40
CELL = 'style="text-align: left; vertical-align: top"'
SIGNS = {"<=": "\u2264", ">=": "\u2265", "==": "=", "!=": "\u2260"}


class _Html(Wording):
    """Sentences as HTML."""

    def word(self, text: str) -> str:
        return escape(text)

    def action(self, text: str) -> str:
        return f"<em>{escape(text)}</em>"

    def value(self, value: Value) -> str:
        text = escape(str(value)).replace("-", "\N{MINUS SIGN}")
        text = re.sub(r"\*\*(\d+)", r"<sup>\1</sup>", text)
        return text.replace("*", "\N{MIDDLE DOT}")

    def relation(self, relation: Relation) -> str:
        sign = SIGNS.get(relation.operator, relation.operator)
        return (
            f"{self.value(relation.left)} {escape(sign)} {self.value(relation.right)}"
        )


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"<div>{line}</div>" for line in lines)


def _condition(family: RegimeFamily, say: Wording) -> str:
    condition = family.condition
    if condition.always:
        return "always"
    return _lines(
        ("or " if number and not position else "") + say.relation(relation)
        for number, case in enumerate(condition.cases)
        for position, relation in enumerate(case)
    )


def _play(found: Account, say: Wording) -> str:
    lines = []
    for decision in found.path:
        where = f"{say.word(decision.player)}, {say.word(decision.label)}"
        done = []
        for action, share in decision.choices:
            text = say.action(action)
            if share is None:
                text += " (free)"
            elif len(decision.choices) > 1:
                text += f" with probability {say.value(share)}"
            done.append(text)
        lines.append(f"{where}: {', '.join(done)}")
    return _lines(lines) or "no moves"


def _events(found: Account, say: Wording) -> str:
    return _lines(
        f"{say.word(event)}: "
        + ("not determined" if value is None else say.value(value))
        for event, value in found.events
    )


def family_table(family: RegimeFamily) -> str:
    """A family as a table with one row for each thing there is to say.

    Parameters
    ----------
    family : RegimeFamily

    Returns
    -------
    str
    """
    say = _Html()
    found = account(family, 4)
    rows = [
        ("condition", _condition(family, say)),
        ("play on the path", _play(found, say)),
        (
            "beliefs there",
            _lines(
                f"{say.who(at)} {say.place(at)}: {say.belief(belief)}"
                for at, belief in found.beliefs
            ),
        ),
        ("off the path", _lines(map(say.off_path, found.off_path))),
        ("probabilities", _events(found, say)),
        (
            "payoffs",
            _lines(
                f"{say.word(player)}: "
                + ("not determined" if value is None else say.value(value))
                for player, value in family.payoffs.items()
            ),
        ),
    ]
    kind = "" if family.open else ", a knife edge"
    name = family.name.removesuffix(" (knife edge)")
    body = "".join(
        f'<tr><th scope="row" {CELL}>{head}</th><td {CELL}>{cell}</td></tr>'
        for head, cell in rows
        if cell
    )
    return (
        f"<table><caption>{escape(name)}{kind}</caption><tbody>{body}</tbody></table>"
    )


def regimes_table(regimes: Regimes) -> str:
    """Families as a table: condition, play on the path, probabilities of events.

    Parameters
    ----------
    regimes : Regimes

    Returns
    -------
    str
        The first 40 families; open ones first, knife edges under a heading.
    """
    say = _Html()
    shown = regimes.families[:ROWS]
    heads = ["family", "condition", "play on the path"]
    if regimes.game.events:
        heads.append("probabilities")
    top = "".join(f'<th scope="col" {CELL}>{head}</th>' for head in heads)
    parts = []
    for wanted, title in ((True, ""), (False, "knife edges")):
        rows = [_row(f, say) for f in shown if f.open is wanted]
        if rows and title:
            rows.insert(0, f'<tr><th colspan="{len(heads)}" {CELL}>{title}</th></tr>')
        if rows:
            parts.append(f"<tbody>{''.join(rows)}</tbody>")
    more = len(regimes.families) - len(shown)
    foot = f"<p>{more} more; see .families</p>" if more else ""
    foot += "".join(f"<p>open question: {escape(w)}</p>" for w in regimes.undecided)
    given = ""
    if regimes.given:
        given = f"; given {', '.join(map(say.relation, regimes.given))}"
    return (
        f"<table><caption>{escape(regimes._headline())}{given}</caption>"
        f"<thead><tr>{top}</tr></thead>{''.join(parts)}</table>{foot}"
    )


def _row(family: RegimeFamily, say: Wording) -> str:
    found = account(family, 0)
    cells = [_condition(family, say), _play(found, say)]
    if found.events:
        cells.append(_events(found, say))
    name = escape(family.name.removesuffix(" (knife edge)"))
    return (
        f'<tr><th scope="row" {CELL}>{name}</th>'
        + "".join(f"<td {CELL}>{cell}</td>" for cell in cells)
        + "</tr>"
    )
