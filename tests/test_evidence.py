"""Every assumption has a source, and contradictory ones are named."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest

import redlines as rl
from redlines.evidence import (
    OURS,
    Assumption,
    Statement,
    contradiction,
    read_statements,
    require_consistent,
    statement,
    statements,
)

RED_LINES = "suslov-red-lines"
NO_WAR = "suslov-no-interest-in-war"


def ours(relation):
    return Assumption(relation, OURS, why="for the test")


# ------------------------------------------------------------------------ statements
def test_all_nineteen_statements_are_there():
    found = statements()
    assert len(found) == 19
    assert [s.id for s in found.values()] == list(found)
    assert all(isinstance(s, Statement) for s in found.values())


def test_every_statement_says_who_what_and_where():
    for entry in statements().values():
        for text in (entry.speaker, entry.claim, entry.says):
            assert text
            assert text == " ".join(text.split())
            assert not text.endswith(".")
        assert entry.scenarios


def test_sixteen_scenarios_follow_from_the_statements():
    assert len({s for e in statements().values() for s in e.scenarios}) == 16


def test_a_statement_reads_as_who_said_what():
    assert str(statement(RED_LINES)) == (
        "Dmitry Suslov: The sides discuss where the permissible red lines run and tell "
        "each other their likely answers to each other's steps."
    )
    assert str(statement("peskov-quiet-contacts")).startswith(
        "Dmitry Peskov (press secretary of the Russian president): "
    )


def test_statements_cannot_be_changed():
    with pytest.raises(TypeError):
        statements()["new"] = statement(RED_LINES)  # type: ignore[index]
    with pytest.raises(AttributeError):
        statement(RED_LINES).claim = "something else"  # type: ignore[misc]


def test_an_unknown_statement_lists_those_that_there_are():
    with pytest.raises(rl.UnknownLabel, match=r"no statement 'nobody'.*'suponina-dis"):
        statement("nobody")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1", "'a' stands outside a table"),
        ('[a]\nspeaker = "S"', "'a' has no claim"),
        ('[a]\nspeaker = "S"\nsource = "x"', "'a' has a field 'source'"),
        (
            '[ours]\nspeaker = "S"\nclaim = "c"\nsays = "s"\nscenarios = ["x"]',
            "'ours' is no statement",
        ),
    ],
    ids=["no table", "field missing", "field unknown", "reserved id"],
)
def test_a_file_that_is_wrong_says_where(text, message):
    with pytest.raises(rl.EvidenceError, match=message):
        read_statements(text)


def test_reading_statements_loads_no_solver():
    code = (
        "import sys; from redlines.evidence import Assumption, statements; "
        "Assumption('a < b', 'ours', 'w').holds(a=1, b=2); "
        "print(sorted({'z3', 'sympy', 'scipy', 'numpy'} & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


# ----------------------------------------------------------------------- assumptions
def test_an_assumption_keeps_its_statement_and_its_reading():
    worse = Assumption("stake < loss", NO_WAR, why="nothing is worth it")
    assert worse.sources == (NO_WAR,)
    assert worse.statements == (statement(NO_WAR),)
    assert worse.names == ("loss", "stake")
    assert not worse.is_ours
    assert str(worse) == "stake < loss [suslov-no-interest-in-war]"


def test_an_assumption_may_hang_on_several_statements():
    both = Assumption("risk < 1/2", [RED_LINES, NO_WAR], why="both say so")
    assert [s.id for s in both.statements] == [RED_LINES, NO_WAR]


def test_an_assumption_of_ours_names_no_statement():
    assert ours("a < b").is_ours
    assert ours("a < b").statements == ()


def test_a_chain_holds_if_each_link_does():
    chain = ours("0 < cost <= stake/2")
    assert len(chain.relations) == 2
    assert chain.holds(cost=1, stake=2)
    assert not chain.holds(cost=2, stake=2)
    with pytest.raises(rl.UnboundParameter, match="'stake'"):
        chain.holds(cost=2)


def test_an_assumption_without_a_source_is_refused():
    with pytest.raises(rl.UnsourcedAssumption, match="has no source"):
        Assumption("a < b", (), why="because")


def test_an_assumption_on_an_unknown_statement_is_refused():
    with pytest.raises(
        rl.UnsourcedAssumption, match=r"'nobody', which nobody said.*suponina"
    ):
        Assumption("a < b", [RED_LINES, "nobody"], why="because")


def test_an_assumption_is_ours_or_somebodys():
    with pytest.raises(rl.EvidenceError, match="ours and that of suslov-red-lines"):
        Assumption("a < b", [RED_LINES, OURS], why="because")


def test_an_assumption_without_a_reading_is_refused():
    with pytest.raises(rl.EvidenceError, match="does not say why"):
        Assumption("a < b", OURS, why=" ")


@pytest.mark.parametrize("text", ["a", "a <", "__import__('os').system('true') < 1"])
def test_a_relation_outside_the_grammar_is_refused(text):
    with pytest.raises(rl.ParseError, match="line 1, column"):
        ours(text)


def test_an_assumption_can_be_sent_elsewhere():
    before = ours("a < b")
    after = pickle.loads(pickle.dumps(before))
    assert after == before
    assert hash(after) == hash(before)
    assert after.holds(a=1, b=2)


# -------------------------------------------------------------------- contradictions
def test_a_contradiction_is_minimal_and_keeps_the_order():
    assumptions = [ours("a < b"), ours("d > 0"), ours("b < c"), ours("c < a")]
    found = contradiction(assumptions)
    assert [a.relation for a in found] == ["a < b", "b < c", "c < a"]


def test_a_polynomial_contradiction_is_found():
    found = contradiction([ours("a**2 + b**2 < 2*a*b"), ours("a > 1")])
    assert [a.relation for a in found] == ["a**2 + b**2 < 2*a*b"]


def test_a_quotient_is_compared_with_the_sign_of_its_denominator():
    assert contradiction([ours("1/a < 1/b"), ours("a < 0"), ours("b > 0")]) == ()
    found = contradiction([ours("1/a < 1/b"), ours("0 < a"), ours("a < b")])
    assert len(found) == 3


def test_a_domain_can_contradict_an_assumption():
    @rl.game(rl.US, rl.RUSSIA)
    def game(play, p=rl.Probability("chance"), x=rl.Positive("a"), y=rl.Real("b")):
        play.draw("d", {"a": p, "b": rl.REST})
        play.pay({rl.US: x + y})

    alone = ours("p >= 1")
    assert contradiction([alone]) == ()
    assert contradiction([alone], game.parameters) == (alone,)
    assert contradiction([ours("x + y < 0")], game.parameters) == ()
    with pytest.raises(rl.ContradictoryAssumptions, match="satisfies this assumption"):
        require_consistent([alone], game.parameters)


def test_a_contradiction_names_both_with_source_and_reading():
    worse = Assumption("loss > stake", NO_WAR, why="nothing is worth it")
    better = Assumption("stake > 2*loss", OURS, why="a bold thought")
    with pytest.raises(rl.ContradictoryAssumptions) as caught:
        require_consistent([worse, better, ours("loss > 0")])
    message = str(caught.value)
    for part in (
        "these 3 assumptions",
        "loss > stake [suslov-no-interest-in-war] (nothing is worth it)",
        "stake > 2*loss [ours] (a bold thought)",
    ):
        assert part in message


def test_consistent_assumptions_pass():
    require_consistent([ours("a < b"), ours("b < c")])
