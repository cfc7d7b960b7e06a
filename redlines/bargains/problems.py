"""Bargaining problems: what two players may agree on, and what they get if they do not.

A feasible set is the convex hull of what packages pay (a lottery over packages may be
agreed on) together with the disagreement point, or the area below a frontier. Some
packages may need the consent of third parties: asked *before* the bargaining, they
decide what is on the table; asked *after* it, a package without consent falls through
to the disagreement point.

Reads: errors, numbers, parameters, bargains.  Used by: bargains, solvers, plots.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import prod
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from redlines.bargains.base import (
    Amounts,
    Noun,
    Value,
    read_name,
    read_pair,
    within,
)
from redlines.bargains.chain import Chain, pareto
from redlines.bargains.linkage import linked
from redlines.bargains.packages import NO_AGREEMENT, Package, read_packages
from redlines.errors import ModelError, Unsupported
from redlines.numbers import Amount, Number, brief
from redlines.parameters import Parameter, Positive, Probability
from redlines.play import RUSSIA, US

if TYPE_CHECKING:
    from redlines.bargains.curve import Curve
    from redlines.bargains.offers import AlternatingOffers

__all__ = ["NO_AGREEMENT", "BargainingProblem", "ConsentState", "Package"]

MAX_PARTIES = 12


class ConsentState(NamedTuple):
    """One way in which third parties may decide before the bargaining.

    Attributes
    ----------
    consenting : tuple of str
        Who consents.
    probability : Fraction
    problem : BargainingProblem
        With the packages that are then on the table.
    """

    consenting: tuple[str, ...]
    probability: Fraction
    problem: BargainingProblem


class BargainingProblem(Noun):
    """What two players may agree on, and what each gets if they do not.

    Parameters
    ----------
    packages : mapping of str to pair, or sequence of pairs
        What each package pays: two amounts in the order of the players, or a mapping
        by player. An amount is a number, a text such as ``"stake/2"``, or an
        expression; in payoff units.
    disagreement : pair
        What the players get without an agreement; default 0 each.
    players : sequence of two str
    name : str
    consents : mapping of str to amount, optional
        Third parties, with the probability that each consents, independently.
    needs : mapping of str to str or sequence of str, optional
        By package, the third parties whose consent it needs, all of them.
    asked : {"before", "after"}
        When third parties are asked; see the module.
    lotteries : bool
        Whether the players may agree on a lottery over packages.
    parameters : mapping of str to Parameter, optional
        The parameters in the amounts, with their meaning. A name that is not declared
        is a `Real`, or a `Probability` where it stands for a consent.

    Raises
    ------
    ModelError
        Without packages, or for amounts that are none.
    UnknownLabel
        If a package needs the consent of somebody who is no third party.

    See Also
    --------
    redlines.bargaining : write one as a function.

    Examples
    --------
    >>> import redlines as rl
    >>> swap = rl.BargainingProblem({"1:1": (3, 3), "2:1": (4, 1), "1:2": (1, 4)})
    >>> swap
    <BargainingProblem bargaining: US and Russia, 3 packages>
    >>> rl.solve(swap, "nash bargaining")[0].payoffs
    {'US': Fraction(3, 1), 'Russia': Fraction(3, 1)}
    """

    def __init__(
        self,
        packages: Mapping[str, Any] | Iterable[Any],
        disagreement: Any = (0, 0),
        *,
        players: Sequence[str] = (US, RUSSIA),
        name: str = "bargaining",
        consents: Mapping[str, Amount] | None = None,
        needs: Mapping[str, str | Sequence[str]] | None = None,
        asked: str = "after",
        lotteries: bool = True,
        parameters: Mapping[str, Parameter] | None = None,
        doc: str = "",
    ) -> None:
        amounts = Amounts(name, parameters)
        if asked not in ("before", "after"):
            raise ModelError(
                f"{name}: third parties are asked 'before' or 'after', not {asked!r}"
            )
        self.asked = asked
        self.lotteries = bool(lotteries)
        self._consents = {
            read_name(party, "a third party's name"): amounts.read(
                chance, f"the chance that {party} consents", Probability
            )
            for party, chance in (consents or {}).items()
        }
        if len(self._consents) > MAX_PARTIES:
            raise ModelError(
                f"{name}: there are {len(self._consents)} third parties; at most "
                f"{MAX_PARTIES} are gone through"
            )
        self._packages = read_packages(
            amounts, packages, players, needs or {}, self._consents
        )
        self._point = read_pair(amounts, disagreement, players, "the disagreement")
        self._curve: Curve | None = None
        super().__init__(name, players, amounts.parameters, doc)
        self._check()

    # ------------------------------------------------------------ other ways to write
    @classmethod
    def from_frontier(
        cls,
        frontier: Any,
        between: Any = None,
        disagreement: Any = (0, 0),
        *,
        players: Sequence[str] = (US, RUSSIA),
        name: str = "bargaining",
        parameters: Mapping[str, Parameter] | None = None,
    ) -> BargainingProblem:
        """The area below a frontier; whoever has payoff may throw it away.

        Parameters
        ----------
        frontier : str, callable or sequence of pairs
            What the second player can get where the first gets ``x``: a text such as
            ``"1 - x**2"``, a function of ``x`` made of ``+ - * /`` and powers, or the
            corners of a concave line.
        between : pair of amounts, optional
            The least and the greatest ``x``; not for corners, which say it themselves.
        disagreement, players, name, parameters
            As for the class.

        Returns
        -------
        BargainingProblem

        Raises
        ------
        ModelError
            If it is not concave, or falls nowhere; for a function with parameters once
            they are bound.

        Examples
        --------
        >>> import redlines as rl
        >>> arms = rl.BargainingProblem.from_frontier("1 - x**2", between=(0, 1))
        >>> float(rl.solve(arms, "nash bargaining")[0].payoffs["US"])
        0.5773502691896257
        """
        from redlines.bargains.curve import Curve, read_corners, read_function

        amounts = Amounts(name, parameters)
        if isinstance(frontier, str | Number) or callable(frontier):
            expression, ends = read_function(amounts, frontier, between)
            if _degree(expression) > 1:
                made = cls.__new__(cls)
                made.asked, made.lotteries = "after", True
                made._consents, made._packages = {}, ()
                made._point = read_pair(
                    amounts, disagreement, players, "the disagreement"
                )
                made._curve = Curve(expression, *ends)
                Noun.__init__(made, name, players, amounts.parameters)
                made._check()
                return made
            corners = [(end, _put(expression, end)) for end in ends]
        else:
            if between is not None:
                raise ModelError(
                    f"{name}: corners say themselves from where to where they reach; "
                    "leave between= out"
                )
            corners = read_corners(amounts, frontier)
        return cls(
            {f"({x}, {y})": (x, y) for x, y in corners},
            disagreement,
            players=players,
            name=name,
            parameters=amounts.parameters,
        )

    @classmethod
    def from_issues(
        cls,
        issues: Mapping[str, Any],
        *,
        players: Sequence[str] = (US, RUSSIA),
        name: str = "issues",
        lotteries: bool = True,
        parameters: Mapping[str, Parameter] | None = None,
    ) -> BargainingProblem:
        """Packages of issues: every set of issues that may be settled together.

        Parameters
        ----------
        issues : mapping of str to pair
            What settling each issue adds to what the players have; disagreement is 0.
        players, name, lotteries, parameters
            As for the class.

        Returns
        -------
        BargainingProblem
            With one package for each set of issues but the empty one.

        Raises
        ------
        ModelError
            Without issues, or if there are too many.
        """
        if not issues:
            raise ModelError(f"{name}: there is no issue")
        linked: BargainingProblem | None = None
        for label, pair in issues.items():
            single = cls(
                {label: pair},
                players=players,
                name=name,
                lotteries=lotteries,
                parameters=parameters,
            )
            linked = single if linked is None else linked.link(single, name=name)
        assert linked is not None
        return linked

    @classmethod
    def pie(
        cls,
        size: Amount = 1,
        disagreement: Any = (0, 0),
        *,
        players: Sequence[str] = (US, RUSSIA),
        name: str = "pie",
        parameters: Mapping[str, Parameter] | None = None,
    ) -> BargainingProblem:
        """Something that can be divided at will, worth the same to both.

        Parameters
        ----------
        size : amount
            What all of it is worth.
        disagreement, players, name, parameters
            As for the class.

        Returns
        -------
        BargainingProblem
        """
        first, second = players
        amounts = Amounts(name, parameters)
        whole = amounts.read(size, "the size", Positive)
        return cls(
            {f"all to {first}": (whole, 0), f"all to {second}": (0, whole)},
            disagreement,
            players=players,
            name=name,
            parameters=amounts.parameters,
        )

    # ----------------------------------------------------------------------- reading
    @property
    def packages(self) -> Mapping[str, dict[str, Value]]:
        """What each package pays each player, if it is carried out."""
        return MappingProxyType(
            {
                label: dict(zip(self.players, payoffs, strict=True))
                for label, payoffs, _ in self._packages
            }
        )

    @property
    def disagreement(self) -> dict[str, Value]:
        """What each player gets without an agreement."""
        return dict(zip(self.players, self._point, strict=True))

    @property
    def consents(self) -> Mapping[str, Value]:
        """Third parties, with the probability that each consents."""
        return MappingProxyType(self._consents)

    @property
    def needs(self) -> dict[str, tuple[str, ...]]:
        """By package, the third parties whose consent it needs."""
        return {label: needs for label, _, needs in self._packages if needs}

    @property
    def states(self) -> tuple[ConsentState, ...]:
        """What third parties may decide before the bargaining, all who consent first.

        One state, certain, where nobody is asked before. Impossible ones are left out.
        """
        if self.asked == "after" or not self._consents:
            return (ConsentState((), Fraction(1), self),)
        self._require_numbers("going through what third parties decide")
        found = []
        for answers in product((True, False), repeat=len(self._consents)):
            yes = tuple(
                party
                for party, answer in zip(self._consents, answers, strict=True)
                if answer
            )
            chance = prod(
                (
                    c if party in yes else 1 - c
                    for party, c in self._consents.items()
                    if isinstance(c, Fraction)
                ),
                start=Fraction(1),
            )
            if chance:
                found.append(ConsentState(yes, chance, self._left_with(yes)))
        return tuple(found)

    def _left_with(self, consenting: Sequence[str]) -> BargainingProblem:
        """What is on the table if these third parties consent and the others do not."""
        made = BargainingProblem.__new__(BargainingProblem)
        made.__dict__.update(
            {k: v for k, v in self.__dict__.items() if k not in _CACHED}
        )
        made._consents = {}
        made._packages = tuple(
            Package(label, payoffs)
            for label, payoffs, needs in self._packages
            if set(needs) <= set(consenting)
        )
        made._origin = made
        return made

    @cached_property
    def _points(self) -> tuple[tuple[str, tuple[Fraction, Fraction]], ...]:
        """What each package pays in expectation, and the disagreement point last."""
        self._require_numbers("the feasible set")
        if self.asked == "before" and self._consents:
            raise Unsupported(
                f"{self!r}: what is on the table is decided by third parties first; "
                "go through its .states"
            )
        found = []
        d: Any = self._point
        for label, payoffs, needs in self._packages:
            chance: Any = prod((self._consents[n] for n in needs), start=Fraction(1))
            found.append(
                (
                    label,
                    tuple(
                        e + chance * (v - e) for v, e in zip(payoffs, d, strict=True)
                    ),
                )
            )
        return (*found, (NO_AGREEMENT, d))

    @cached_property
    def _pareto(self) -> Chain:
        """The Pareto frontier of the hull, of packages."""
        return pareto([point for _, point in self._points])

    @property
    def acceptable(self) -> tuple[str, ...]:
        """The packages that neither player likes less than disagreement.

        In expectation, where a third party may still refuse. Those that only equal
        disagreement are among them.
        """
        d: Any = self._point
        return tuple(
            label
            for label, (one, other) in self._points[:-1]
            if one >= d[0] and other >= d[1]
        )

    @property
    def has_gains(self) -> bool:
        """Whether some agreement, perhaps a lottery, is strictly better for both."""
        d: Any = self._point
        if not self.lotteries:
            return any(x > d[0] and y > d[1] for _, (x, y) in self._points)
        if self._curve is not None:
            return self._curve.exceeds(d)
        part = self._pareto.above(d)
        # of two corners at or above the point, a mixture is better for both
        return part is not None and (
            len(part.corners) > 1
            or (part.corners[0].x > d[0] and part.corners[0].y > d[1])
        )

    # ----------------------------------------------------------------------- linking
    def link(
        self, other: BargainingProblem, name: str | None = None
    ) -> BargainingProblem:
        """Both problems settled at one table.

        Parameters
        ----------
        other : BargainingProblem
            With the same players.
        name : str, optional
            Default both names, joined by ``+``.

        Returns
        -------
        BargainingProblem
            A package is one of this problem, one of the other, or one of each;
            payoffs and disagreement points add up.

        Raises
        ------
        ModelError
            If the players, when third parties are asked, or a third party's
            probability differ, or there are too many packages.
        Unsupported
            If either is given by a curved frontier.
        """
        if not isinstance(other, BargainingProblem):
            raise TypeError(f"a BargainingProblem is linked, not {other!r}")
        return BargainingProblem(
            **linked(self, other),
            players=self.players,
            name=name or f"{self.name} + {other.name}",
        )

    def __add__(self, other: object) -> BargainingProblem:
        if not isinstance(other, BargainingProblem):
            return NotImplemented
        return self.link(other)

    # ---------------------------------------------------------------------- haggling
    def alternating_offers(self, discounts: Any, **options: Any) -> AlternatingOffers:
        """The game in which the players make offers in turn.

        Parameters
        ----------
        discounts : pair of amounts
            What a gain is worth to each player if it comes one round later.
        **options
            As `redlines.AlternatingOffers` takes them.

        Returns
        -------
        AlternatingOffers
        """
        from redlines.bargains.offers import AlternatingOffers

        return AlternatingOffers(self, discounts, **options)

    def plot(self, ax: Any = None, **options: Any) -> Any:
        """Draw the feasible set; see `redlines.plots.bargaining.plot_bargaining`."""
        from redlines.plots.bargaining import plot_bargaining

        return plot_bargaining(self, ax=ax, **options)

    # ------------------------------------------------------------------------- owed
    @property
    def _size(self) -> int:
        return 1 + len(self._packages)

    def _values(self) -> Iterable[Value]:
        for _, payoffs, _ in self._packages:
            yield from payoffs
        yield from self._point
        yield from self._consents.values()
        if self._curve is not None:
            yield from self._curve.values()

    def _replace(self, change: Callable[[Value], Value]) -> None:
        for name in _CACHED:
            self.__dict__.pop(name, None)
        self._packages = tuple(
            Package(label, (change(x), change(y)), needs)
            for label, (x, y), needs in self._packages
        )
        self._point = (change(self._point[0]), change(self._point[1]))
        self._consents = {p: change(c) for p, c in self._consents.items()}
        if self._curve is not None:
            self._curve = self._curve.changed(change)

    def _check(self) -> None:
        for party, chance in self._consents.items():
            within(chance, 0, 1, f"{self.name}: the chance that {party} consents")
        if self._curve is not None:
            self._curve.check(self.name)

    def __repr__(self) -> str:
        free = self.free_parameters
        what = "a frontier" if self._curve is not None else ""
        if not what:
            count = len(self._packages)
            what = f"{count} package{'s'[: count != 1]}"
        state = f", {len(free)} free parameters" if free else ""
        return (
            f"<BargainingProblem {self.name}: {' and '.join(self.players)}, "
            f"{what}{state}>"
        )

    def _lines(self) -> list[str]:
        def shown(pair: Sequence[Value]) -> str:
            return ", ".join(
                f"{p} {brief(v, 40)}" for p, v in zip(self.players, pair, strict=True)
            )

        lines = [f"  {NO_AGREEMENT}: {shown(self._point)}"]
        if self._curve is not None:
            lines.append(f"  {self._curve}")
        for label, payoffs, needs in self._packages:
            note = f"; needs the consent of {' and '.join(needs)}" if needs else ""
            lines.append(f"  {label}: {shown(payoffs)}{note}")
        for party, chance in self._consents.items():
            lines.append(
                f"  {party} consents with probability {brief(chance, 40)}, asked "
                f"{self.asked} the bargaining"
            )
        return lines


_CACHED = ("_points", "_pareto")


def _degree(expression: Value) -> int:
    """The degree in x; 2 for what is no polynomial in it."""
    if not isinstance(expression, Number):
        return 0
    above, below = expression.polynomials()
    if any(name == "x" for monomial in below for name, _ in monomial):
        return 2
    return max((dict(m).get("x", 0) for m in above), default=0)


def _put(expression: Value, end: Value) -> Value:
    """A linear expression in x at one end, which may be an expression too."""
    if not isinstance(expression, Number):
        return expression
    start: Any = expression.at({"x": Fraction(0)})
    slope = expression.at({"x": Fraction(1)}) - start
    value = start + slope * end
    return (
        value.constant() if isinstance(value, Number) and value.is_constant else value
    )
