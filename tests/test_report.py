"""A scenario's report: text, Markdown and HTML say the same."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser

import pytest

import redlines as rl
from redlines import P
from redlines.evidence import OURS, Assumption
from redlines.scenario import Scenario
from redlines.studies import Finding, Study


@rl.game("US", "Russia")
def quoted(play, stake=rl.Positive('what is "at" <stake>', "payoff")):
    """Russia takes | or *leaves* what is at [stake]."""
    if play.move("Russia", "act", ['"take" <it>', "leave|it"]) == "leave|it":
        play.pay({"US": stake})
        return
    play.mark("taken")
    play.pay({"Russia": stake - 1})


def finding(scenario):
    """A study that counts the equilibria."""

    def draw():
        from matplotlib import pyplot

        _, axes = pyplot.subplots()
        axes.plot([0, 1], [0, 1])
        return axes

    count = len(scenario.solve())
    return Finding(f"There is {count}.", "always", table=[["a|b", "<c>"]], draw=draw)


@pytest.fixture(scope="module")
def scenario():
    return Scenario(
        name="quoted",
        question="Who takes <what> & why?",
        statements=["suslov-red-lines"],
        game=quoted,
        assumptions=[
            Assumption("stake > 2", "suslov-red-lines", "much is at stake", "stake > 3")
        ],
        baseline={"stake": 4},
        claims={"it is taken": P("taken") >= 1, "it never is": P("taken") <= 0},
        limits=["Small.", "Invented."],
        answer="Russia does.",
        studies=[Study("How many", "How many equilibria are there?", finding)],
    )


@pytest.fixture(scope="module")
def report(scenario):
    return scenario.report()


class Words(HTMLParser):
    """The words of a page; every tag that opens is closed."""

    def __init__(self):
        super().__init__()
        self.words, self.open, self.images = [], [], []

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.images.append(dict(attrs)["src"])
        elif tag not in ("meta",):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data.split()


def test_the_text_is_plain_and_narrow(report):
    assert max(map(len, report.splitlines())) <= 100
    assert not any(line != line.rstrip() for line in report.splitlines())
    assert "Who takes <what> & why?" in report


def test_the_page_is_well_formed_and_says_what_the_text_says(report):
    page = Words()
    page.feed(report.html)
    assert not page.open
    html = " ".join(page.words)
    for section in report.sections:
        assert section.title in html
        for block in section.blocks:
            if isinstance(block, str):
                assert " ".join(block.split()) in html
                assert " ".join(block.split()) in " ".join(report.split())


def test_pictures_are_inside(report):
    page = Words()
    page.feed(report.html)
    assert len(page.images) == 2  # the tree, and that of the study
    for source in page.images:
        data = base64.b64decode(source.removeprefix("data:image/png;base64,"))
        assert data.startswith(b"\x89PNG")
    assert report.markdown.count("](data:image/png;base64,") == 2


def test_markdown_shows_signs_as_they_are(report):
    assert r"Who takes \<what\> & why?" in report.markdown
    assert r"a\|b" in report.markdown
    rows = [r for r in report.markdown.splitlines() if r.startswith("| stake |")]
    assert len(re.findall(r"(?<!\\)\|", rows[0])) == 5


def test_verdicts_hinges_and_flips_are_told(report):
    assert "It is taken: always." in report
    assert "It never is: never." in report
    assert "suslov-red-lines" in report
    assert "below 1" in report
    assert "How sure: always" in report


def test_the_other_reading_can_be_run(scenario):
    other = scenario.otherwise("stake > 2")
    assert [a.relation for a in other.assumptions] == ["stake > 3"]
    assert other.verdict("it is taken").name == "always"
    assert other.otherwise("stake > 3").assumptions == scenario.assumptions
    with pytest.raises(rl.UnknownLabel, match="another reading"):
        scenario.otherwise("stake > 7")


def test_a_baseline_that_does_not_fit_the_other_reading_is_refused(scenario):
    low = Scenario(
        name="low",
        question="?",
        statements=["suslov-red-lines"],
        game=quoted,
        assumptions=[
            Assumption(
                "stake > 2", "suslov-red-lines", "much is at stake", "stake > 5"
            ),
            Assumption("stake < 9", OURS, "not everything"),
        ],
        baseline={"stake": 3},
        claims={"it is taken": P("taken") >= 1},
        limits=["Small.", "Invented."],
    )
    with pytest.raises(rl.EvidenceError, match="breaks the assumption stake > 5"):
        low.otherwise("stake > 2")


def test_it_is_saved_in_the_form_that_the_name_ends_in(report, tmp_path):
    assert report.save(tmp_path / "r.html").read_text("utf-8") == report.html
    assert report.save(tmp_path / "r.md").read_text("utf-8") == report.markdown
    assert report.save(str(tmp_path / "r.txt")).read_text("utf-8") == str(report)
    with pytest.raises(ValueError, match=r"'r.pdf' ends in '.pdf'"):
        report.save(tmp_path / "r.pdf")


def test_an_unknown_claim_or_study_lists_those_that_there_are(scenario):
    with pytest.raises(rl.UnknownLabel, match="it is taken"):
        scenario.verdict("it flies")
    with pytest.raises(rl.UnknownLabel, match="How many"):
        scenario.study("How few")


def test_a_finding_has_a_verdict_that_there_is():
    with pytest.raises(ValueError, match="not 'perhaps'"):
        Finding("It may be.", "perhaps")
