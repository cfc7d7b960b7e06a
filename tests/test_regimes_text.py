"""What was found in words: names, conditions, propositions, LaTeX, HTML, boundaries."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser

import pytest
import stories

import redlines as rl
from redlines.io import latex
from redlines.numbers import parse, parse_relation
from redlines.parametric.names import named
from redlines.parametric.regimes import regimes

NASTY = 'a\\b{c}$d&e#f%g_h^i~j<k>l|m"n`o--p'


@pytest.fixture(scope="module")
def line():
    return regimes(stories.line, ["c < V/2", "d > a"])


@pytest.fixture(scope="module")
def deterrence():
    return regimes(stories.deterrence)


@rl.game(f"US {NASTY}", "Russia_2")
def nasty_story(
    play,
    audience_cost=rl.Positive("50% of <everything> & more"),
    p1=rl.Probability("$p_1$"),
    delta=rl.NonNegative(),
):
    us, kind = f"US {NASTY}", f"type {NASTY}"
    drawn = play.draw(kind, {f"hard {NASTY}": p1, "soft": 1 - p1}, seen_by=us)
    if play.move(us, f"go {NASTY}", ["in", f"*out {NASTY}"]) == "in":
        play.mark(f"crossed {NASTY}")
        refuse = play.move("Russia_2", "re", ["yes", "no"]) == "no"
        hard = drawn.startswith("hard")
        play.pay({us: 1 - audience_cost**2 if refuse else delta})
        play.pay({"Russia_2": (1 if hard else -1) * (-1 if refuse else 1)})


@pytest.fixture(scope="module")
def nasty():
    return regimes(nasty_story)


# ------------------------------------------------------------------------------ names
def test_families_of_the_line_have_the_names_of_the_field(line):
    assert [f.name for f in line.families if f.open] == [
        "declare semi-separating (resolved line, irresolute mixed)",
        "declare pooling on line, act refrain",
        "declare pooling on silent, act cross",
        "declare pooling on silent, act refrain",
    ]


def test_types_that_share_actions_only_in_part_are_said_to_pool_partially():
    @rl.game("A", "B")
    def three(play):
        play.draw("type", {"x": "1/3", "y": "1/3", "z": "1/3"}, seen_by="A")
        play.move("A", "go", ["l", "r"])
        play.move("B", "re", ["in", "out"])
        play.pay({"A": 1})

    by_label = {three._tables.label(h): h for h in range(len(three._tables.infosets))}

    def name(*supports):
        path = zip(("x", "y", "z"), supports, strict=True)
        return named(
            three, [(tuple((by_label[f"go [type={t}]"], s) for t, s in path), True)]
        )[0]

    assert name((0,), (0,), (1,)) == "go partially pooling (x l, y l, z r)"
    assert name((0,), (0, 1), (1,)) == "go semi-separating (x l, y mixed, z r)"
    assert name((0,), (0,), (0,)) == "go pooling on l"
    assert name((0, 1), (0, 1), (0, 1)) == "go pooling on a mixture"


def test_types_with_different_actions_are_named_by_what_they_do():
    @rl.game("A", "B")
    def bound(play, p=rl.Probability()):
        kind = play.draw("type", {"free": p, "tied": 1 - p}, seen_by="A")
        ways = ["out", "in", "up"] if kind == "free" else ["in"]
        play.pay({"A": int(play.move("A", "go", ways) == "up")})

    (family,) = regimes(bound).families
    assert family.name == "go separating (free up, tied in)"


def test_what_chance_did_in_public_is_no_type():
    @rl.game("A", "B")
    def risky(play, p=rl.Probability()):
        play.draw("type", {"x": p, "y": 1 - p}, seen_by="A")
        if play.draw("risk", {"hold": "1/2", "slip": "1/2"}) == "hold":
            play.pay({"A": int(play.move("A", "go", ["in", "out"]) == "in")})

    (family,) = regimes(risky).families
    assert family.name == "go pooling on in"
    assert "at go after risk=hold, A with type=x chooses in" in (
        regimes(risky).proposition(1)
    )


def test_names_do_not_depend_on_the_order_and_are_distinct(line, deterrence):
    for found in (line, deterrence):
        paths = [(f._found.path, f.open) for f in found.families]
        names = named(found.game, paths)
        assert len(set(names)) == len(names)
        assert named(found.game, paths[::-1]) == names[::-1]
        assert named(found.game, [(p[::-1], o) for p, o in paths]) == names


def test_a_number_that_tells_names_apart_is_not_taken_already():
    @rl.game("A", "B")
    def numbered(play):
        play.move("A", "go", ["in", "in 1"])
        play.pay({"A": 1})

    paths = [(((0, (0,)),), True), (((0, (0,)),), True), (((0, (1,)),), True)]
    assert named(numbered, paths) == ["go in 2", "go in 3", "go in 1"]


# ------------------------------------------------------------------------- conditions
def test_conditions_of_the_line_read_as_one_would_write_them(line):
    conditions = [str(f.condition) for f in line.families if f.open]
    assert conditions == [
        "p < 1/2 and V*a + 2*a*c + 2*c*k >= V*k + 2*a*k",
        "p >= 1/2 and c >= k - V/2",
        "p <= 1/2",
        "p >= 1/2",
    ]


def test_boundaries_are_the_surfaces_on_which_conditions_begin(line, deterrence):
    found = {name: list(map(str, rows)) for name, rows in line.boundary().items()}
    assert list(found.values()) == [
        ["p == 1/2", "V*k + 2*a*k == V*a + 2*a*c + 2*c*k"],
        ["p == 1/2", "c == k - V/2"],
        ["p == 1/2"],
        ["p == 1/2"],
    ]
    assert list(found) == [f.name for f in line.families if f.open]
    one = "declare pooling on silent, act cross"
    assert line.boundary(one) == {one: parse_relation("p == 1/2")}
    assert deterrence.boundary("start pooling on cooperate") == {
        "start pooling on cooperate": ()
    }


def test_the_edge_of_a_domain_is_no_boundary():
    @rl.game("A", "B")
    def free(play, x=rl.NonNegative(), y=rl.Real()):
        if play.move("A", "go", ["in", "out"]) == "in":
            play.pay({"A": x * (y - x), "B": 1})

    found = regimes(free)
    names = {str(r) for rows in found.boundary().values() for r in rows}
    assert names == {"x == y"}


def test_a_boundary_of_what_is_no_open_family_is_refused(line):
    with pytest.raises(rl.UnknownLabel, match="open family"):
        line.boundary("nothing of the kind")
    edge = next(f for f in line.families if not f.open)
    with pytest.raises(rl.UnknownLabel, match="knife edge"):
        line.boundary(edge.name)


# -------------------------------------------------------------------------- plain text
def test_a_proposition_says_all_there_is(line):
    text = line.proposition(1)
    assert all(len(row) <= 100 for row in text.splitlines())
    words = " ".join(text.split())
    assert words.startswith(
        "Proposition 1 (declare semi-separating [resolved line, irresolute mixed]). "
        "Let c < V/2 and d > a. If p < 1/2 and V*a + 2*a*c + 2*c*k >= V*k + 2*a*k, "
        "there is a sequential equilibrium in which - at declare, US with "
        "type=resolved chooses line; - at declare, US with type=irresolute chooses "
        "line with probability p/(1 - p) and silent with probability"
    )
    assert "at act after declare=line, Russia believes type=resolved with" in words
    assert "that of enforced is (V*p - k*p)/(V + a)." in words


@pytest.mark.parametrize("story", ["line", "deterrence", "nasty"])
def test_lines_of_propositions_are_short_and_all_can_be_had(story, request):
    found = request.getfixturevalue(story)
    for number, family in enumerate(found.families, 1):
        text = found.proposition(number)
        assert text.startswith(f"Proposition {number} (")
        assert all(len(row) <= 100 for row in text.splitlines())
        assert "\0" not in text
        for label in family.path:
            assert label.partition(" [")[0] in " ".join(text.split())
    for number in (0, len(found.families) + 1, -1):
        with pytest.raises(rl.OutOfRange, match="propositions 1 to"):
            found.proposition(number)


def test_beliefs_on_the_path_follow_from_play(deterrence):
    texts = [
        " ".join(deterrence.proposition(k + 1).split())
        for k, f in enumerate(deterrence.families)
        if f.name.startswith(("start separating", "start semi-separating (hard mixed"))
    ]
    assert len(texts) == 2
    for text in texts:
        # only the hard type defects
        assert "Defender believes C=hard with probability 1;" in text


def test_what_sustains_a_family_names_actions_and_beliefs(line, deterrence):
    sustained = {f.name: f.sustained for f in line.families}
    assert sustained["declare pooling on silent, act cross"].startswith(
        "Off the path, for instance, at act after declare=line, Russia chooses cross, "
        "believing type=resolved with probability at most 1/2; "
    )
    assert (
        "; and so on at 1 more information set."
        in sustained["declare pooling on line, act refrain"]
    )
    reached = "start pooling on defect, reply separating (hard deny, soft concede)"
    found = {f.name: f.sustained for f in deterrence.families}
    assert found[reached] == "Every information set is reached."


# ------------------------------------------------------------------------------- LaTeX
@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1/2", r"\frac{1}{2}"),
        ("-7", "-7"),
        ("0", "0"),
        ("V/2 - c", r"\frac{V}{2} - c"),
        ("(V - k)/(V + a)", r"\frac{V - k}{V + a}"),
        ("(t - 1/2)/t", r"\frac{2 t - 1}{2 t}"),
        ("(V*p - k*p)/(V + a)", r"\frac{p (V - k)}{V + a}"),
        ("(p - 1)/(q - 2)", r"\frac{1 - p}{2 - q}"),
        ("-a/(2*b)", r"-\frac{a}{2 b}"),
        ("1 - 3*x1**12/4", r"1 - \frac{3 x_1^{12}}{4}"),
        ("beta + alpha*delta", r"\alpha \delta + \beta"),
        ("2*audience_cost*p1", r"2\,\mathrm{audience\_cost}\,p_1"),
    ],
)
def test_expressions_in_latex(text, written):
    assert latex.number(parse(text)) == written


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("V", "V"),
        ("p1", "p_1"),
        ("p_1", "p_1"),
        ("x12", "x_{12}"),
        ("pC", "p_C"),
        ("V_US", r"V_{\mathrm{US}}"),
        ("delta", r"\delta"),
        ("Delta", r"\Delta"),
        ("alpha2", r"\alpha_2"),
        ("lambda_", r"\lambda"),
        ("\N{GREEK SMALL LETTER ALPHA}", r"\alpha"),
        ("Alpha", r"\mathrm{Alpha}"),
        ("audience_cost", r"\mathrm{audience\_cost}"),
        ("coût", r"\text{coût}"),
    ],
)
def test_parameters_in_latex(name, written):
    assert latex.symbol(name) == written


def test_relations_and_conditions_in_latex(line):
    (relation,) = parse_relation("p1 >= V/2")
    assert latex.relation(relation) == r"p_1 \ge \frac{V}{2}"
    assert latex.relation(relation, {"p1": r"\pi"}) == r"\pi \ge \frac{V}{2}"
    assert latex.condition(line.families[1].condition) == (
        r"p \ge \frac{1}{2} \text{ and } c \ge k - \frac{V}{2}"
    )


def test_two_parameters_never_share_a_symbol():
    assert latex.number(parse("p1 + p_1")) == r"\mathrm{p1} + \mathrm{p\_1}"
    assert latex.number(parse("a + cost"), {"cost": "a"}) == r"\mathrm{a} + a"
    with pytest.raises(rl.ModelError, match="both to be written 'x'"):
        latex.number(parse("a + b"), {"a": "x", "b": "x"})


def test_symbols_can_be_chosen(nasty):
    text = nasty.latex({"audience_cost": "a^*", "delta": r"\Delta"})
    assert "{a^*}^2" in text
    assert "audience" not in text
    assert r"$\Delta$ (0 or greater)" in text
    with pytest.raises(rl.UnknownLabel, match="audience"):
        nasty.latex({"audience": "a"})
    with pytest.raises(rl.ModelError, match="LaTeX for math mode"):
        nasty.latex({"delta": " "})


def test_every_special_character_is_escaped():
    assert latex.escaped('\\{}$&#%_^~<>|`"--\t') == (
        r"\textbackslash{}\{\}\$\&\#\%\_\textasciicircum{}\textasciitilde{}"
        r"\textless{}\textgreater{}\textbar{}{`}''-{}-\textperiodcentered{}"
    )


def require_sound(text, directory):
    """Braces and environments close, nothing is left unescaped; it compiles."""
    body = re.sub(r"^%.*\n", "", text).partition(r"\makeatother")[2]
    bare = re.sub(r"\\[\\{}$&#%_]", "", body)
    assert not set('&#%"<>|~') & set(
        re.sub(
            r"~=~|\$[^$]*\$|(?s:\\\[.*?\\\])|(?s:\{gather\*\}.*?\{gather\*\})", "", bare
        )
    )
    assert bare.count("$") % 2 == 0
    depth = 0
    for sign in re.findall("[{}]", bare):
        depth += 1 if sign == "{" else -1
        assert depth >= 0
    assert depth == 0
    stack = []
    for kind, name in re.findall(r"\\(begin|end)\{([a-z*]+)\}", body):
        if kind == "begin":
            stack.append(name)
        else:
            assert stack.pop() == name
    assert stack == []
    if shutil.which("pdflatex"):
        (directory / "paper.tex").write_text(
            "\\documentclass{article}\n\\usepackage{amsmath,amsthm}\n"
            f"\\begin{{document}}\n{text}\\end{{document}}\n",
            encoding="utf-8",
        )
        subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"],
            cwd=directory,
            check=True,
            capture_output=True,
        )


@pytest.mark.parametrize("story", ["line", "deterrence", "nasty"])
def test_a_paper_with_all_propositions_is_sound(story, request, tmp_path):
    found = request.getfixturevalue(story)
    text = found.latex()
    require_sound(text, tmp_path)
    opened = [f for f in found.families if f.open]
    assert text.count(r"\begin{proposition}") == len(opened)
    assert text.count(r"\begin{remark}") == 1
    assert "equilibrium plays one of these on its path." in text


def test_propositions_in_latex_say_what_is_assumed_and_what_follows(line):
    text = line.latex()
    assert r"Throughout, $c < \frac{V}{2}$ and $d > a$." in text
    assert "\\[\n  p \\ge \\frac{1}{2} \\quad\\text{and}\\quad c \\ge k" in text
    assert r"chooses \emph{cross} with probability $\frac{V - k}{V + a}$" in text
    assert r"that of enforced is $\frac{p (V - k)}{V + a}$." in text
    assert "declare pooling on silent, act mixed}, where $p = \\frac{1}{2}$." in text


def test_a_list_that_is_not_complete_says_so():
    found = regimes(stories.deterrence)
    assert found.families
    found._doubts.append("50% of <it>")
    assert r"It is not proved that there is no other" in found.latex()
    assert r"50\% of \textless{}it\textgreater{}." in found.latex()
    assert "open question: 50% of &lt;it&gt;" in found._repr_html_()


# -------------------------------------------------------------------------------- HTML
class _Checked(HTMLParser):
    """Every element is closed in order, and none fetches anything."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag, attributes):
        assert tag not in {"script", "link", "img", "style"}
        assert {name for name, _ in attributes} <= {"style", "scope", "colspan"}
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def checked(html):
    parser = _Checked()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser.text


def test_names_in_html_are_escaped(nasty):
    family = nasty.families[0]
    for html in (nasty._repr_html_(), family._repr_html_()):
        assert "<k>" not in html
        assert NASTY in checked(html)


def test_tables_hold_condition_play_and_probabilities(line):
    # a minus is written as one
    text = checked(line._repr_html_()).replace("\N{MINUS SIGN}", "-")
    assert "4 open families, 4 knife edges, complete; given c < V/2, d > a" in text
    assert "c ≥ k - V/2" in text
    assert "Russia, act [declare=line]: cross with probability (V - k)/(V + a)" in text
    assert "enforced: (V·p - k·p)/(V + a)" in text
    text = checked(line.families[3]._repr_html_())
    assert "believing type=resolved with probability at least 1/2" in text
    assert "US: V" in text
