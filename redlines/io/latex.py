r"""Numbers, conditions and families of equilibria in LaTeX.

Mathematics is written for math mode and needs amsmath; names that somebody has given
are text, with everything escaped that LaTeX would read as a command. A parameter is
written as authors do: ``p`` and ``V`` as themselves, ``p1`` as ``p_1``, ``pC`` as
``p_C``, ``delta`` as ``\delta``, ``audience_cost`` upright as one word.

Reads: errors, numbers, parametric, io.accounts, io.prose.  Used by: `Regimes.latex`.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import pairwise

from redlines.errors import ModelError, UnknownLabel
from redlines.io.accounts import Cases, Facts, account
from redlines.io.prose import Wording, bracketed, consequences, listed
from redlines.numbers import Monomial, Number, Polynomial, Relation
from redlines.parametric.closed_forms import Value
from redlines.parametric.conditions import Condition
from redlines.parametric.regimes import RegimeFamily, Regimes

__all__ = ["condition", "escaped", "number", "propositions", "relation", "symbol"]

# capitals that look like Latin ones have no command
_LOWER = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho "
    "sigma tau upsilon phi chi psi omega"
)
_UPPER = "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
GREEK = {
    **dict.fromkeys([*_LOWER.split(), *_UPPER.split()], ""),
    "epsilon": r"\varepsilon",
    "phi": r"\varphi",
}
OPERATORS = {
    "<": "<",
    "<=": r"\le",
    ">": ">",
    ">=": r"\ge",
    "==": "=",
    "!=": r"\ne",
}
ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",
    "`": "{`}",
    "\N{EN DASH}": r"\textendash{}",
    "\N{EM DASH}": r"\textemdash{}",
    "\N{HORIZONTAL ELLIPSIS}": r"\ldots{}",
    "\N{NO-BREAK SPACE}": "~",
}
WIDE = 60  # a condition longer than this is broken into lines


# --------------------------------------------------------------------------- symbols
def symbol(name: str) -> str:
    r"""A parameter in math mode: ``p1`` as ``p_1``, ``delta`` as ``\delta``.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
    """
    bare = name.strip("_")
    head, digits = re.fullmatch(r"(.*?)_*(\d*)", bare, re.DOTALL).groups()  # type: ignore[union-attr]
    base = _letter(head)
    if base:
        return base + _script("_", digits)
    first, _, rest = bare.partition("_")
    base = _letter(first)
    if base and rest:
        return base + _script("_", rest if len(rest) == 1 else _upright(rest))
    if re.fullmatch(r"[a-z][A-Z]", bare):
        return f"{bare[0]}_{bare[1]}"
    return _upright(name)


def _script(sign: str, text: str) -> str:
    """What stands below or above; nothing where there is none."""
    return sign + (text if len(text) == 1 else f"{{{text}}}") if text else ""


def _letter(text: str) -> str:
    """A letter in math mode, "" if it is none."""
    if len(text) == 1 and text.isascii() and text.isalpha():
        return text
    if len(text) == 1 and not text.isascii():
        words = unicodedata.name(text, "").split()
        if words[:1] == ["GREEK"] and words[2:3] == ["LETTER"] and len(words) == 4:
            text = words[3].lower().replace("lamda", "lambda")
            text = text if words[1] == "SMALL" else text.title()
    return (GREEK[text] or f"\\{text}") if text in GREEK else ""


def _upright(name: str) -> str:
    """A word in math mode."""
    return rf"\{'mathrm' if name.isascii() else 'text'}{{{escaped(name)}}}"


def _table(names: Iterable[str], chosen: Mapping[str, str] | None) -> dict[str, str]:
    """The symbol of every parameter, no two the same."""
    found = dict(chosen or {})
    for name, written in found.items():
        if not isinstance(written, str) or not written.strip():
            raise ModelError(
                f"the symbol of {name!r} must be LaTeX for math mode, not {written!r}"
            )
    owners: dict[str, str] = {}
    for name, written in found.items():
        other = owners.setdefault(written, name)
        if other != name:
            raise ModelError(
                f"{other!r} and {name!r} are both to be written {written!r}"
            )
    left = [name for name in names if name not in found]
    usual = {name: symbol(name) for name in left}
    for name in left:
        shared = sum(written == usual[name] for written in usual.values()) > 1
        alone = not shared and usual[name] not in owners
        found[name] = usual[name] if alone else _upright(name)
    return found


def escaped(text: str) -> str:
    r"""A name as LaTeX text, every special character escaped.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        Safe in text and in braces. Letters beyond Latin ones are kept and may need a
        font, as with xelatex.

    Examples
    --------
    >>> print(escaped("100% of a_b & {c}"))
    100\% of a\_b \& \{c\}
    """
    found = "".join(
        ESCAPES.get(c, c if c.isprintable() else r"\textperiodcentered{}") for c in text
    )
    return re.sub("-(?=-)", "-{}", found)  # or they would become a dash


# --------------------------------------------------------------------------- numbers
def number(value: object, symbols: Mapping[str, str] | None = None) -> str:
    r"""A number or an expression in math mode.

    Parameters
    ----------
    value : Number, int, Fraction, float or str
    symbols : mapping of str to str, optional
        LaTeX for some parameters; the others are written by `symbol`.

    Returns
    -------
    str

    Examples
    --------
    >>> from redlines.numbers import parse
    >>> print(number(parse("(V - k)/(V + audience_cost)"), {"audience_cost": "a"}))
    \frac{V - k}{V + a}
    >>> print(number("-1/2"))
    -\frac{1}{2}
    """
    found = Number.of(value)
    return _number(found, _table(found.names, symbols))


def _number(value: Number, table: Mapping[str, str]) -> str:
    above, below = value.polynomials()
    if len(below) == 1 and () in below:
        return _polynomial({m: c / below[()] for m, c in above.items()}, table)
    if not above:
        return "0"
    upper, unit_above, rest_above = _split(above)
    lower, unit_below, rest_below = _split(below)
    scale = unit_above / unit_below
    for rest in (rest_below, rest_above):
        # a minus goes where it can turn p - 1 into 1 - p
        if scale < 0 and any(c < 0 for c in rest.values()):
            scale = -scale
            rest.update({m: -c for m, c in rest.items()})
    sign = "-" if scale < 0 else ""
    top = _product(abs(scale.numerator), upper, rest_above, table)
    bottom = _product(scale.denominator, lower, rest_below, table)
    return rf"{sign}\frac{{{top}}}{{{bottom}}}"


def _split(polynomial: Polynomial) -> tuple[Monomial, Fraction, Polynomial]:
    """The common monomial, the content and the rest, which begins positive."""
    common = dict(next(iter(polynomial)))
    for monomial in polynomial:
        powers = dict(monomial)
        common = {n: min(e, powers[n]) for n, e in common.items() if n in powers}
    whole = math.lcm(*(c.denominator for c in polynomial.values()))
    divisor = math.gcd(*(int(c * whole) for c in polynomial.values()))
    unit = Fraction(divisor, whole)
    if all(c < 0 for c in polynomial.values()):
        unit = -unit
    rest = {
        tuple((n, e - common.get(n, 0)) for n, e in m if e > common.get(n, 0)): c / unit
        for m, c in polynomial.items()
    }
    return tuple(sorted(common.items())), unit, rest


def _product(
    factor: int, common: Monomial, rest: Polynomial, table: Mapping[str, str]
) -> str:
    if rest == {(): 1}:
        return _term(Fraction(factor), common, table)
    text = _polynomial(rest, table)
    if factor == 1 and not common:
        return text
    if len(rest) == 1:
        return f"{_term(Fraction(factor), common, table)} {text}"
    return rf"{_term(Fraction(factor), common, table)} ({text})"


def _polynomial(polynomial: Polynomial, table: Mapping[str, str]) -> str:
    """A sum, higher degrees first, then by name, beginning with a positive term."""
    if not polynomial:
        return "0"
    terms = sorted(
        polynomial.items(),
        key=lambda t: (t[1] < 0, -sum(e for _, e in t[0]), t[0]),
    )
    text = ""
    for monomial, value in terms:
        body = _term(abs(value), monomial, table)
        if not text:
            text = f"-{body}" if value < 0 else body
        else:
            text += f" - {body}" if value < 0 else f" + {body}"
    return text


def _term(value: Fraction, monomial: Monomial, table: Mapping[str, str]) -> str:
    factors = [_power(table[name], e) for name, e in monomial]
    if value.numerator != 1 or not factors:
        factors.insert(0, str(value.numerator))
    text = factors[0]
    for before, factor in pairwise(factors):
        # words run together where letters may stand side by side
        apart = any("\\mathrm" in f or "\\text" in f for f in (before, factor))
        text += rf"\,{factor}" if apart else f" {factor}"
    if value.denominator != 1:
        return rf"\frac{{{text}}}{{{value.denominator}}}"
    return text


def _power(written: str, exponent: int) -> str:
    if exponent == 1:
        return written
    base = f"{{{written}}}" if "^" in written or "'" in written else written
    return base + _script("^", str(exponent))


# ------------------------------------------------------------------------ conditions
def relation(value: Relation, symbols: Mapping[str, str] | None = None) -> str:
    r"""A comparison in math mode.

    Parameters
    ----------
    value : Relation
    symbols : mapping of str to str, optional
        As for `number`.

    Returns
    -------
    str

    Examples
    --------
    >>> from redlines.numbers import parse_relation
    >>> print(relation(parse_relation("p1 <= 1/(2*delta)")[0]))
    p_1 \le \frac{1}{2 \delta}
    """
    return _relation(value, _table(value.names, symbols))


def _relation(value: Relation, table: Mapping[str, str]) -> str:
    sides = (_number(value.left, table), _number(value.right, table))
    return f"{sides[0]} {OPERATORS[value.operator]} {sides[1]}"


def condition(value: Condition, symbols: Mapping[str, str] | None = None) -> str:
    r"""A condition in math mode: cases with "or" of comparisons with "and".

    Parameters
    ----------
    value : Condition
    symbols : mapping of str to str, optional
        As for `number`.

    Returns
    -------
    str
    """
    if value.always:
        return r"\text{always}"
    if not value.cases:
        return r"\text{never}"
    names = {n for case in value.cases for r in case for n in r.names}
    table = _table(sorted(names), symbols)
    texts = [
        r" \text{ and } ".join(_relation(r, table) for r in case)
        for case in value.cases
    ]
    if len(texts) == 1:
        return texts[0]
    return r" \text{ or } ".join(
        f"({text})" if len(case) > 1 else text
        for text, case in zip(texts, value.cases, strict=True)
    )


# ---------------------------------------------------------------------- propositions
class _Latex(Wording):
    """Sentences as LaTeX text."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self.table = dict(table)

    def word(self, text: str) -> str:
        return escaped(text)

    def action(self, text: str) -> str:
        return rf"\emph{{{escaped(text)}}}"

    def value(self, value: Value) -> str:
        found = Number.of(value)
        table = {n: self.table.get(n) or symbol(n) for n in found.names}
        return f"${_number(found, table)}$"

    def relation(self, relation: Relation) -> str:
        table = {n: self.table.get(n) or symbol(n) for n in relation.names}
        return f"${_relation(relation, table)}$"

    def facts(self, facts: Facts) -> str:
        return listed([f"{self.word(n)}~=~{self.word(v)}" for n, v in facts])

    def displayed(self, cases: Cases) -> str:
        """A condition on lines of its own, followed by a comma."""
        rows: list[str] = []
        for number, case in enumerate(cases):
            texts = [_relation(r, self.table) for r in case]
            whole = r" \quad\text{and}\quad ".join(texts)
            if sum(map(_length, texts)) <= WIDE:
                found = [whole]
            else:
                found = [rf"{t} \quad\text{{and}}" for t in texts[:-1]] + texts[-1:]
            if number < len(cases) - 1:
                found[-1] += r" \quad\text{or}"
            rows += found
        rows[-1] += ","
        if len(rows) == 1:
            return f"\\[\n  {rows[0]}\n\\]"
        body = " \\\\\n  ".join(rows)
        return f"\\begin{{gather*}}\n  {body}\n\\end{{gather*}}"


def _length(text: str) -> int:
    """About how many characters wide mathematics is."""
    return len(re.sub(r"\\[A-Za-z]+|[{}_^ ]|\\,", "", text))


HEAD = r"""% Needs amsmath and amsthm.
\makeatletter
\@ifundefined{proposition}{\newtheorem{proposition}{Proposition}}{}
\@ifundefined{remark}{\theoremstyle{remark}\newtheorem{remark}{Remark}%
  \theoremstyle{plain}}{}
\makeatother
"""


def propositions(regimes: Regimes, symbols: Mapping[str, str] | None = None) -> str:
    """What was found as propositions of a paper, and its knife edges as a remark.

    Parameters
    ----------
    regimes : Regimes
    symbols : mapping of str to str, optional
        LaTeX, for math mode, of some parameters by name.

    Returns
    -------
    str
        To stand in the body of a document that loads amsmath and amsthm. The theorem
        environments ``proposition`` and ``remark`` are defined where they are not yet.

    Raises
    ------
    UnknownLabel
        If a symbol is given for what is no parameter.
    ModelError
        If two parameters are to have one symbol.
    """
    game = regimes.game
    for name in symbols or {}:
        if name not in game.parameters:
            raise UnknownLabel("parameter", name, game.parameters, "in symbols=")
    say = _Latex(_table(game.parameters, symbols))
    blocks = [HEAD, _preface(regimes, say)]
    blocks += [_proposition(f, say) for f in regimes.families if f.open]
    edges = [f for f in regimes.families if not f.open]
    if edges:
        blocks.append(_remark(edges, say))
    blocks.append(_coverage(regimes))
    return "\n".join(blocks)


def _preface(regimes: Regimes, say: _Latex) -> str:
    """What the parameters mean and what is assumed of them."""
    game = regimes.game
    lines = []
    for name in regimes._region.ring.names:
        parameter = game.parameters[name]
        meaning = f": {escaped(parameter.meaning)}" if parameter.meaning else ""
        lines.append(
            rf"\item ${say.table[name]}${meaning} ({escaped(parameter.domain)})"
        )
    text = [r"\noindent There are no parameters."]
    if lines:
        text = [r"\noindent The parameters are", *_items(lines)]
    if regimes.given:
        given = listed([say.relation(r) for r in regimes.given])
        text.append(f"Throughout, {given}.")
    return "\n".join(text) + "\n"


def _items(lines: Iterable[str]) -> list[str]:
    """A list, each entry with a semicolon, the last with a full stop."""
    entries = list(lines)
    ends = [";"] * (len(entries) - 1) + ["."]
    return [
        r"\begin{itemize}",
        *(f"{line}{end}" for line, end in zip(entries, ends, strict=True)),
        r"\end{itemize}",
    ]


def _proposition(family: RegimeFamily, say: _Latex) -> str:
    found = account(family)
    kind = family._owner.kind
    cases = family.condition
    text = [rf"\begin{{proposition}}[{{{escaped(bracketed(family.name))}}}]"]
    if cases.always:
        text.append("For all admitted parameters")
    else:
        text += ["If", say.displayed(cases.cases)]
    text.append(f"there is a {kind} in which")
    text += _items(rf"\item {say.decision(d)}" for d in found.path)
    text += consequences(found, say)
    return "\n".join([*text, r"\end{proposition}", ""])


def _remark(edges: Iterable[RegimeFamily], say: _Latex) -> str:
    """Families on sets of parameters without interior."""
    lines = []
    for family in edges:
        name = escaped(bracketed(family.name.removesuffix(" (knife edge)")))
        lines.append(rf"\item {{{name}}}, where {say.cases(family.condition.cases)}")
    return "\n".join(
        [
            r"\begin{remark}[Knife edges]",
            "On sets of parameters without interior there are, besides,",
            *_items(lines),
            r"\end{remark}",
            "",
        ]
    )


def _coverage(regimes: Regimes) -> str:
    """Whether there is anything else."""
    kind = regimes.kind
    if regimes.complete:
        return (
            rf"\noindent Every {kind} plays one of these on its path."
            "\n"
        )
    reasons = "; ".join(map(escaped, regimes.undecided))
    return (
        rf"\noindent It is not proved that there is no other {kind}: "
        f"{reasons}.\n"
    )
