"""Packages in parameters, with third parties, and linked across issues."""

from __future__ import annotations

from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

import redlines as rl
from redlines import RUSSIA, US

NASH = "nash bargaining"
small = st.integers(-6, 6)


@rl.bargaining(US, RUSSIA)
def exchange(
    table,
    worth=rl.Positive("worth of a detainee at home"),
    agrees=rl.Probability("chance that the third state agrees"),
):
    """Detainees for detainees."""
    table.consent("third state", agrees)
    table.package("1:1", {US: worth, RUSSIA: 2})
    table.package("2:1", {US: 2 * worth, RUSSIA: 2 - worth / 4}, needs="third state")
    table.disagree({US: 0, RUSSIA: "1/2"})


def test_a_function_lays_packages_on_a_table():
    assert exchange.name == "exchange"
    assert exchange.__doc__ == "Detainees for detainees."
    assert exchange.free_parameters == ("agrees", "worth")
    assert str(exchange.packages["2:1"][RUSSIA]) == "2 - worth/4"
    bound = exchange.bind(worth=2, agrees="1/2")
    assert bound.packages["2:1"] == {US: 4, RUSSIA: F(3, 2)}
    assert bound.disagreement == {US: 0, RUSSIA: F(1, 2)}
    with pytest.raises(rl.OutOfRange):
        exchange.bind(agrees=2)


def test_what_a_table_refuses():
    with pytest.raises(rl.StoryError, match="two packages"):

        @rl.bargaining(US, RUSSIA)
        def twice(table):
            table.package("a", {US: 1})
            table.package("a", {US: 2})

    with pytest.raises(rl.StoryError, match="no value yet"):

        @rl.bargaining(US, RUSSIA)
        def branching(table, worth=rl.Positive("worth")):
            table.package("a", {US: 1 if worth > 3 else 2})

    with pytest.raises(rl.UnknownLabel, match="third party"):
        rl.BargainingProblem({"a": (1, 1)}, needs={"a": "nobody"})
    with pytest.raises(rl.StoryError, match="a bare"):
        rl.bargaining(lambda table: None)


# ------------------------------------------------------------------------ third parties
def test_asked_after_a_package_falls_through_to_disagreement():
    bound = exchange.bind(worth=2, agrees="1/4")
    points = dict(bound._points)
    assert points["2:1"] == (1, F(3, 4))
    assert points["1:1"] == (2, 2)
    assert rl.solve(bound, NASH)[0].lottery == {"1:1": 1}


def test_asked_before_it_is_decided_what_is_on_the_table():
    problem = rl.BargainingProblem(
        {"1:1": (2, 2), "2:1": (6, 3)},
        consents={"third state": "1/3"},
        needs={"2:1": "third state"},
        asked="before",
    )
    (found,) = rl.solve(problem, NASH)
    assert found.payoffs == {US: F(10, 3), RUSSIA: F(7, 3)}
    assert [(s.consenting, s.probability) for s, _ in found.by_state] == [
        (("third state",), F(1, 3)),
        ((), F(2, 3)),
    ]
    assert found.certificate.holds
    assert "expected: US 10/3, Russia 7/3" in str(found)


@given(
    st.fractions(0, 1, max_denominator=6),
    st.fractions(0, 1, max_denominator=6),
)
def test_states_of_several_parties_are_a_distribution(one, other):
    problem = rl.BargainingProblem(
        {"a": (1, 1), "b": (3, 2), "c": (2, 3)},
        consents={"A": one, "B": other},
        needs={"b": ("A", "B"), "c": "B"},
        asked="before",
    )
    assert sum(s.probability for s in problem.states) == 1
    both = [s for s in problem.states if s.consenting == ("A", "B")]
    assert [s.probability for s in both] == ([one * other] if one * other else [])
    expected = sum(
        s.probability * rl.solve(s.problem, NASH)[0].payoffs[US] for s in problem.states
    )
    assert rl.solve(problem, NASH)[0].payoffs[US] == expected


def test_ties_in_a_state_are_not_called_complete():
    problem = rl.BargainingProblem(
        {"a": (1, 2), "b": (2, 1)},
        consents={"A": "1/2"},
        needs={"a": "A"},
        asked="before",
        lotteries=False,
    )
    assert not rl.solve(problem, NASH).complete


# ---------------------------------------------------------------------------- linkage
def test_two_opposed_issues_are_settled_together():
    one = rl.BargainingProblem({"one": (3, -1)}, name="first")
    other = rl.BargainingProblem({"two": (-1, 3)}, name="second")
    assert not one.has_gains
    assert not other.has_gains
    linked = one + other
    assert linked.packages == {
        "one + two": {US: 2, RUSSIA: 2},
        "one": {US: 3, RUSSIA: -1},
        "two": {US: -1, RUSSIA: 3},
    }
    assert linked.acceptable == ("one + two",)
    assert rl.solve(linked, NASH)[0].lottery == {"one + two": 1}


def test_of_three_issues_only_the_first_two_go_together():
    issues = rl.BargainingProblem.from_issues(
        {"1": (5, -2), "2": (-4, 3), "3": (-2, 1)}, lotteries=False
    )
    assert len(issues.packages) == 7
    assert issues.acceptable == ("1 + 2",)
    assert rl.solve(issues, NASH)[0].lottery == {"1 + 2": 1}


@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 6), st.integers(1, 6))
def test_lotteries_over_opposed_issues_suffice_iff_the_cross_products_say_so(
    a1, b1, a2, b2
):
    apart = rl.BargainingProblem({"1": (a1, -b1), "2": (-a2, b2)})
    assert apart.has_gains == (a1 * b2 > a2 * b1)
    together = rl.BargainingProblem({"both": (a1 - a2, b2 - b1)}, lotteries=False)
    assert together.has_gains == (a1 > a2 and b2 > b1)


@given(
    st.lists(st.tuples(small, small), min_size=1, max_size=3),
    st.lists(st.tuples(small, small), min_size=1, max_size=3),
    st.tuples(small, small),
)
def test_linkage_never_makes_the_best_sum_smaller_and_does_not_depend_on_order(
    ours, theirs, d
):
    one = rl.BargainingProblem({f"a{k}": p for k, p in enumerate(ours)}, d, name="one")
    other = rl.BargainingProblem({f"b{k}": p for k, p in enumerate(theirs)}, name="two")

    def total(problem):
        return sum(rl.solve(problem, "utilitarian")[0].payoffs.values())

    linked = one + other
    assert total(linked) >= total(one) + total(other)
    back = {p["US"]: p for p in (other + one).packages.values()}
    assert back.keys() == {p["US"] for p in linked.packages.values()}
    assert rl.solve(linked, NASH)[0].payoffs == rl.solve(other + one, NASH)[0].payoffs


def test_linkage_keeps_parameters_and_third_parties():
    other = rl.BargainingProblem(
        {"visas": ("worth/2", 1)},
        name="visas",
        parameters={"worth": rl.Positive("the same")},
    )
    linked = exchange + other
    assert linked.free_parameters == ("agrees", "worth")
    assert linked.needs["2:1 + visas"] == ("third state",)
    assert linked.bind(worth=2, agrees=1).packages["1:1 + visas"] == {US: 3, RUSSIA: 3}


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (
            lambda: rl.BargainingProblem([(1, 1)]) + rl.BargainingProblem([(1, 1)]),
            "both problems are named",
        ),
        (
            lambda: (
                rl.BargainingProblem([(1, 1)])
                + rl.BargainingProblem([(1, 1)], players=("A", "B"))
            ),
            "same players",
        ),
        (
            lambda: (
                exchange
                + rl.BargainingProblem(
                    {"x": ("worth", 1)}, parameters={"worth": rl.Real("another")}
                )
            ),
            "parameter 'worth' is Positive in the one and Real",
        ),
        (
            lambda: (
                exchange
                + rl.BargainingProblem({"x": (1, 1)}, consents={"third state": "1/2"})
            ),
            "a third party is asked once",
        ),
    ],
)
def test_what_cannot_be_linked_says_why(make, words):
    with pytest.raises(rl.ModelError) as caught:
        make()
    assert words in str(caught.value)
