"""The report of a scenario: one list of sections, rendered as text, Markdown and HTML.

A section is a title and blocks: paragraphs, points, tables, listings, pictures. All
three renderings come from the same blocks, so they cannot differ in what they say.

Reads: scenario and below, plots.  Used by: scenario (`Scenario.report`), docs.
"""

from __future__ import annotations

import ast
import base64
import inspect
import io
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from redlines.claims import Static
from redlines.markov import MarkovGame
from redlines.numbers import brief
from redlines.parametric.regimes import regimes
from redlines.telling import outcomes_table, wrapped
from redlines.tree import Game
from redlines.turning import proper_draws
from redlines.verdicts import Verdict

if TYPE_CHECKING:
    from redlines.scenario import Scenario
    from redlines.solution import Solution

__all__ = [
    "Listing",
    "Picture",
    "Points",
    "Report",
    "Section",
    "Table",
    "overview",
    "report",
    "sections",
]

WIDTH = 98
# trees of more ends than this are not drawn, nor on text of more lines shown in full
DRAWN, SHOWN = 60, 120
DPI = 110


# ------------------------------------------------------------------------------ blocks
@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Rows of words; the first row is the head."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Listing:
    """Text to show as it stands; ``language`` for colours."""

    text: str
    language: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture, drawn when it is wanted, and what it shows in a sentence."""

    name: str
    shows: str
    draw: Callable[[], Any]

    @cached_property
    def png(self) -> bytes:
        """The picture as a PNG file."""
        from matplotlib import pyplot

        axes = self.draw()
        file = io.BytesIO()
        figure = axes.figure
        figure.savefig(file, format="png", dpi=DPI, bbox_inches="tight")
        pyplot.close(figure)
        return file.getvalue()


Block: TypeAlias = str | Points | Table | Listing | Picture


@dataclass(frozen=True)
class Section:
    """A title and what stands below it."""

    title: str
    blocks: tuple[Block, ...]


class Report(str):
    """A report: its own text is plain, `markdown` and `html` say the same.

    Attributes
    ----------
    sections : tuple of Section
        What all three are rendered from.
    """

    sections: tuple[Section, ...]
    heading: str

    def __new__(cls, title: str, parts: Sequence[Section]) -> Report:
        """Render the plain text at once."""
        text = "\n\n".join(_text(section) for section in parts)
        made = super().__new__(cls, f"{title.upper()}\n{text}")
        made.heading = title
        made.sections = tuple(parts)
        return made

    @cached_property
    def markdown(self) -> str:
        """The report as Markdown, pictures inside."""
        return self.as_markdown(lambda picture: _inside(picture.png))

    @cached_property
    def html(self) -> str:
        """The report as one HTML page, pictures inside."""
        body = "\n".join(_html(section) for section in self.sections)
        return _PAGE.format(title=escape(self.heading), style=_STYLE, body=body)

    def as_markdown(self, place: Callable[[Picture], str]) -> str:
        """The report as Markdown, each picture where `place` puts it.

        Parameters
        ----------
        place : callable
            Takes a picture and returns the address that the page links to.
        """
        body = "\n\n".join(_markdown(section, place) for section in self.sections)
        return f"# {self.heading}\n\n{body}\n"

    def save(self, path: str | Path) -> Path:
        """Write the report to a file, in the form that the name ends in.

        Parameters
        ----------
        path : str or Path
            Ending in ``.html``, ``.md`` or ``.txt``.

        Returns
        -------
        Path

        Raises
        ------
        ValueError
            If it ends otherwise.
        """
        target = Path(path)
        forms = {".html": "html", ".md": "markdown", ".txt": "text"}
        if target.suffix not in forms:
            raise ValueError(
                f"{target.name!r} ends in {target.suffix!r}; a report is saved as "
                f"{', '.join(forms)}"
            )
        form = forms[target.suffix]
        text = str(self) if form == "text" else getattr(self, form)
        target.write_text(text, encoding="utf-8")
        return target

    def _repr_html_(self) -> str:
        return "\n".join(_html(section) for section in self.sections)

    def __reduce__(self) -> tuple[Any, ...]:
        return str, (str(self),)


def _inside(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"


# ---------------------------------------------------------------------------- sections
def report(scenario: Scenario, verdicts: bool = True) -> Report:
    """The report of a scenario; see `Scenario.report`."""
    return Report(scenario.title, list(sections(scenario, verdicts)))


def overview(scenarios: Iterable[Scenario]) -> Table:
    """What was said, what is asked, what comes out and how sure that is.

    Parameters
    ----------
    scenarios : iterable of Scenario

    Returns
    -------
    Table
        A row for each; every verdict in it is worked out here.
    """
    rows = [("scenario", "statements", "question", "answer", "how sure")]
    for scenario in scenarios:
        ids = ", ".join(s.id for s in scenario.statements)
        rows.append(
            (
                scenario.name,
                ids,
                scenario.question,
                scenario.answer or scenario.findings[0],
                scenario.sureness,
            )
        )
    return Table(tuple(rows))


def sections(scenario: Scenario, verdicts: bool = True) -> Iterator[Section]:
    """What a report says, in order."""
    opening: list[Block] = [scenario.question]
    if scenario.answer:
        opening.append(scenario.answer)
    if verdicts:
        opening.append(f"How sure: {scenario.sureness}.")
    yield Section("The question", tuple(opening))
    yield Section("Who said what", (_sources(scenario),))
    yield Section("The game", tuple(_game(scenario)))
    yield Section("What is assumed", tuple(_assumed(scenario)))
    yield Section("Baseline, ours and for illustration", (_parameters(scenario),))
    yield from _equilibria(scenario)
    if scenario.map is not None:
        yield Section("The families of equilibria on a map", tuple(_map(scenario)))
    if verdicts and scenario.claims:
        yield Section("What follows, and what does not", tuple(_claims(scenario)))
        yield Section("What would change the answer", tuple(_turning(scenario)))
    elif scenario.claims:
        yield Section("What can be checked", (Points(tuple(scenario.claims)),))
    if verdicts:
        for study in scenario.studies:
            yield Section(study.title, tuple(_study(scenario, study)))
    if scenario.findings:
        yield Section("What holds at the baseline", (Points(scenario.findings),))  # type: ignore[arg-type]
    yield Section("What this does not say", (Points(tuple(scenario.limits)),))


def _sources(scenario: Scenario) -> Table:
    head = ("statement", "who", "the claim, paraphrased", "what it says of a game")
    rows = [
        (
            s.id,
            f"{s.speaker} ({s.role})" if s.role else s.speaker,
            f"{s.claim}.",
            f"{s.says}.",
        )
        for s in scenario.statements
    ]
    return Table((head, *rows))


def _game(scenario: Scenario) -> Iterator[Block]:
    told = inspect.cleandoc(scenario.game.__doc__ or repr(scenario.game))
    yield from (" ".join(part.split()) for part in told.split("\n\n"))
    if scenario.meanings:
        forms = (f"{form}: {text}." for form, text in scenario.meanings.items())
        yield Points(tuple(forms))
    code = story_of(scenario)
    if code:
        yield Listing(code, "python")
    picture = _tree(scenario)
    if picture is not None:
        yield picture


def story_of(scenario: Scenario) -> str:
    """The function that tells the game, as it stands in the scenario's file."""
    try:
        source = inspect.getsource(import_module(f"redlines.scenarios.{scenario.name}"))
    except (ImportError, OSError):  # a scenario that is nowhere a file
        return ""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == scenario.game.name:
            lines = source.splitlines()
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            # what the docstring says stands above the listing already
            body = node.body[1 if ast.get_docstring(node) else 0]
            signature = lines[first - 1 : node.body[0].lineno - 1]
            return "\n".join([*signature, *lines[body.lineno - 1 : node.end_lineno]])
    return ""


def _tree(scenario: Scenario) -> Picture | None:
    """The tree with the first equilibrium on it, unless it is too large to read."""
    form, solution = next(iter(scenario.solutions.items()))
    game = solution.game
    if not isinstance(game, Game):
        if not hasattr(game, "plot"):
            return None
        return Picture(
            f"{scenario.name}-states",
            f"The states of {game.name} at the baseline.",
            lambda: (
                game.plot(equilibrium=solution[0])
                if isinstance(game, MarkovGame) and len(solution)
                else game.plot()
            ),
        )
    if len(game.terminals) > DRAWN or not len(solution):
        return None

    which = f", form {form!r}" if len(scenario.forms) > 1 else ""
    return Picture(
        f"{scenario.name}-tree",
        f"The tree{which}, with the first equilibrium at the baseline on it: thick "
        "branches are played.",
        lambda: game.plot(equilibrium=solution[0], title=""),
    )


def _assumed(scenario: Scenario) -> Iterator[Block]:
    rows = [("assumption", "source", "why it is read that way", "another reading")]
    for a in scenario.assumptions:
        rows.append((a.relation, ", ".join(a.sources), a.why, a.alternative))
    several = any(row[3] for row in rows[1:])
    yield Table(tuple(row if several else row[:3] for row in rows))
    if scenario.switches:
        rows_ = [
            (s.argument, str(s.value), str(s.alternative), ", ".join(s.sources), s.why)
            for s in scenario.switches
        ]
        yield "Who knows or moves what, each with its alternative:"
        yield Table(
            (
                ("switch", "here", "otherwise", "source", "why it is read that way"),
                *rows_,
            )
        )


def _parameters(scenario: Scenario) -> Table:
    rows = []
    for name, value in scenario.baseline.items():
        parameter = scenario.game.parameters[name]
        rows.append((name, str(value), parameter.meaning, parameter.unit or "-"))
    return Table((("parameter", "baseline", "meaning", "unit"), *rows))


def _equilibria(scenario: Scenario) -> Iterator[Section]:
    solutions = scenario.solutions
    for form, solution in solutions.items():
        proved = (
            "proved to be all" if solution.complete else f"not all: {solution.reason}"
        )
        found = f"At the baseline: {_counted(solution)}, {proved}."
        lines = scenario.account(solution).splitlines()
        if len(lines) > SHOWN:
            lines = [*lines[:SHOWN], f"... {len(lines) - SHOWN} more lines"]
        listing = Listing("\n".join(lines))
        yield Section(f"Equilibria, {form}", (found, listing))
    if all(isinstance(s.game, Game) for s in solutions.values()):
        table = Table(tuple(map(tuple, outcomes_table(solutions))))
        yield Section("Side by side", (table,))


def _counted(solution: Solution) -> str:
    count = len(solution)
    unit = solution.unit
    if count != 1:
        unit = f"{unit[:-2]}a" if unit.endswith("equilibrium") else f"{unit}s"
    families = len(solution.families)
    several = f" in {families} families" if families > 1 else ""
    return f"{count} {unit}{several} ({solution.concept.value})"


def _map(scenario: Scenario) -> Iterator[Block]:
    assert scenario.map is not None
    x, y = scenario.map
    others = {n: v for n, v in scenario.baseline.items() if n not in scenario.map}
    game = scenario.game.bind(**others)
    found = regimes(game, proper_draws(game), concept=scenario.concept)
    proved = "proved to be all" if found.complete else "perhaps not all"
    yield f"Over {x} and {y}, the other parameters at the baseline ({proved}):"
    head = ("family", "where", *scenario.game.events)
    rows = []
    for family in found.families:
        if not family.open:
            continue
        chances = [family.probability(e) for e in scenario.game.events]
        shown = ["free" if c is None else str(c) for c in chances]
        rows.append((family.name, str(family.condition), *shown))
    yield Table((head, *rows))
    yield Picture(
        f"{scenario.name}-map",
        f"Which families exist where, over {x} and {y}.",
        lambda: found.plot(x, y, title=""),
    )


def _claims(scenario: Scenario) -> Iterator[Block]:
    for words in scenario.claims:
        verdict = scenario.verdict(words)
        yield f"{_sentence(words)}: {verdict.name}."
        lines = [*verdict.where.lines(), *_witnesses(verdict)]
        if verdict.name == "always":
            if verdict.slack is not None:
                lines.append(f"least slack: {verdict.slack}")
            # a long claim takes several lines of the heading
            hanging = str(scenario.hinges(words)).splitlines()
            lines += [line[2:] for line in hanging if line.startswith("  ")]
        lines += [f"not decided: {u}" for u in verdict.undecided]
        yield Listing("\n".join(part for line in lines for part in _folded(line)))


def _witnesses(verdict: Verdict) -> Iterator[str]:
    if verdict.name not in ("sometimes", "never"):
        return
    for title, witness in (
        ("true, for instance,", verdict.witness_for),
        ("false, for instance,", verdict.witness_against),
    ):
        if witness is not None:
            yield f"{title} {witness}"
    if verdict.turns_on_selection:
        yield "both at the same values: it turns on which equilibrium is played"


def _turning(scenario: Scenario) -> Iterator[Block]:
    words = next(
        (w for w, c in scenario.claims.items() if not isinstance(c, Static)), ""
    )
    if not words:
        yield "The claims compare values of a parameter; none of them can be flipped."
        return
    yield (
        f"One parameter moved, the others at the baseline, and the first claim "
        f"({words}):"
    )
    head = ("parameter", "now", "beyond", "the claim is then", "within the assumptions")
    rows, still, open_ = [], [], []
    for flip in scenario.flips(words):
        if flip.undecided:
            open_.append(flip.parameter)
        elif flip.value is None:
            still.append(flip)
        else:
            near = "" if flip.exact else "about "
            rows.append(
                (
                    flip.parameter,
                    brief(flip.now),
                    f"{flip.side} {near}{brief(flip.value)}",
                    flip.after,
                    "yes" if flip.admitted else "no",
                )
            )
    if rows:
        yield Table((head, *rows))
    moved = {row[0] for row in rows}
    fixed = [n for n in dict.fromkeys(f.parameter for f in still) if n not in moved]
    if fixed:
        proved = all(f.exact for f in still)
        how = "No value" if proved else "None of the values tried"
        yield f"{how} of {', '.join(fixed)} alone changes it."
    if open_:
        yield f"Not decided: {', '.join(open_)}."


def _study(scenario: Scenario, study: Any) -> Iterator[Block]:
    finding = scenario.study(study.title)
    yield study.asks
    if finding.table:
        yield Table(tuple(tuple(row) for row in finding.table))
    if finding.listing:
        yield Listing(finding.listing)
    verdict = f" ({finding.verdict}, {finding.scope})" if finding.verdict else ""
    yield f"{finding.says}{verdict}"
    if finding.draw is not None:
        slug = "-".join(study.title.lower().split())
        yield Picture(f"{scenario.name}-{slug}", f"{study.title}.", finding.draw)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _folded(line: str) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip()))
    return textwrap.wrap(
        line, WIDTH - 4, subsequent_indent=f"{indent}    ", break_on_hyphens=False
    )


# -------------------------------------------------------------------------- plain text
def _text(section: Section) -> str:
    blocks = [_text_block(block) for block in section.blocks]
    # what follows a comma may be a name, which keeps its letters
    title, comma, name = section.title.partition(",")
    return "\n".join([f"{title.upper()}{comma}{name}", *filter(None, blocks)])


def _text_block(block: Block) -> str:
    match block:
        case str():
            return wrapped(block)
        case Points():
            return "\n".join(wrapped(item, "  - ", "    ") for item in block.items)
        case Listing():
            return textwrap.indent(block.text, "  ")
        case Table():
            return _text_table(block.rows)
        case Picture():
            return ""


def _text_table(rows: Sequence[Sequence[str]]) -> str:
    """Columns where they fit, else a row over several lines."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    if sum(widths) + 2 * len(widths) + 2 <= WIDTH:
        return "\n".join(
            "  "
            + "  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)).rstrip()
            for r in rows
        )
    head, *body = rows
    lines = []
    for row in body:
        lines.append(wrapped(row[0], "  ", "    "))
        lines += [
            wrapped(f"{name}: {cell}", "      ", "        ")
            for name, cell in zip(head[1:], row[1:], strict=True)
            if cell
        ]
    return "\n".join(lines)


# ---------------------------------------------------------------------------- Markdown
def _markdown(section: Section, place: Callable[[Picture], str]) -> str:
    blocks = [_markdown_block(block, place) for block in section.blocks]
    return "\n\n".join([f"## {section.title}", *blocks])


def _plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    for sign in "\\`*_<>|[]$":
        text = text.replace(sign, f"\\{sign}")
    return text


def _markdown_block(block: Block, place: Callable[[Picture], str]) -> str:
    match block:
        case str():
            return _plain(block)
        case Points():
            return "\n".join(f"- {_plain(item)}" for item in block.items)
        case Listing():
            fence = "```"
            while fence in block.text:
                fence += "`"
            return f"{fence}{block.language or 'text'}\n{block.text}\n{fence}"
        case Table():
            rows = [f"| {' | '.join(map(_plain, row))} |" for row in block.rows]
            rule = "|" + " --- |" * len(block.rows[0])
            return "\n".join([rows[0], rule, *rows[1:]])
        case Picture():
            return f"![{_plain(block.shows)}]({place(block)})"


# -------------------------------------------------------------------------------- HTML
def _html(section: Section) -> str:
    blocks = [_html_block(block) for block in section.blocks]
    return "\n".join([f"<h2>{escape(section.title)}</h2>", *blocks])


def _html_block(block: Block) -> str:
    match block:
        case str():
            return f"<p>{escape(block)}</p>"
        case Points():
            items = "".join(f"<li>{escape(item)}</li>" for item in block.items)
            return f"<ul>{items}</ul>"
        case Listing():
            return f"<pre>{escape(block.text)}</pre>"
        case Table():
            head, *body = block.rows
            top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
            rows = "".join(
                f"<tr>{''.join(f'<td>{escape(c)}</td>' for c in row)}</tr>"
                for row in body
            )
            return f"<table><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>"
        case Picture():
            alt = escape(block.shows)
            return (
                f'<figure><img src="{_inside(block.png)}" alt="{alt}">'
                f"<figcaption>{alt}</figcaption></figure>"
            )


_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1b1b1b; max-width: 62rem;
  margin: 2rem auto; padding: 0 1rem; }
h1, h2 { line-height: 1.2; }
h2 { margin-top: 2.2rem; border-bottom: 1px solid #ddd; padding-bottom: .2rem; }
table { border-collapse: collapse; margin: 1rem 0; font-size: .92rem; }
th, td { border: 1px solid #ddd; padding: .35rem .6rem; text-align: left;
  vertical-align: top; }
th { background: #f4f4f4; }
pre { background: #f7f7f7; border: 1px solid #e4e4e4; padding: .8rem; overflow-x: auto;
  font-size: .85rem; line-height: 1.4; }
figure { margin: 1.5rem 0; }
img { max-width: 100%; height: auto; }
figcaption { color: #555; font-size: .9rem; }
"""

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""
