"""Whether a profile from elsewhere is an equilibrium: `verify`, for every noun.

Reads: solving's referees, profile, joint, mechanism, automata, solvers (to look for
beliefs that support a profile).  Used by: users.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from redlines.automata import Machine
from redlines.deviations import one_shot
from redlines.errors import Unsupported
from redlines.forms import SequenceForm
from redlines.graph_model import GraphModel
from redlines.honesty import honest
from redlines.joint import Joint
from redlines.markov import MarkovGame
from redlines.mechanism import Mechanism
from redlines.mediated import refereed
from redlines.one_shot import perfect
from redlines.problem import Problem
from redlines.profile import Assessment
from redlines.referee import Certificate, Failure, referee
from redlines.repeated import RepeatedGame
from redlines.sanctions import STABILITIES, Checked, equilibrium
from redlines.solution import Concept, read_concept
from redlines.solvers.beliefs import supporting_beliefs
from redlines.solvers.consistency import consistent
from redlines.stationary import StationaryProfile
from redlines.tree import Game

__all__ = ["verify"]

# concepts whose answers are distributions over pairs of plans
DISTRIBUTIONS = (
    Concept.CORRELATED,
    Concept.COARSE_CORRELATED,
    Concept.EXTENSIVE_FORM_CORRELATED,
)


def verify(
    game: Problem,
    strategy: Any,
    belief: Any = None,
    concept: Concept | str = Concept.SEQUENTIAL,
) -> Certificate | Checked:
    """Whether a profile, for instance from a paper, is an equilibrium.

    Parameters
    ----------
    game : Game
        Every parameter bound.
    strategy : mapping or Automaton
        ``strategy[player][infoset][action]``; the level of players may be left out,
        actions of probability 0 may be left out, and an action's name stands for that
        action for certain. For the correlated concepts: the probability of each pair of
        plans, ``{("swerve", "straight"): "1/2", ...}``. For ``"communication"``: after
        each pair of reports the probability of each pair of actions,
        ``{("type=hard", "type=soft"): {("stand", "yield"): "1/2", ...}, ...}``; a
        report is a type's facts, their outcomes alone (``hard``), or the label of the
        information set at which it acts, and a side with one type or without a choice
        may be left out. Of a Markov game: ``strategy[state][decision][action]``, as
        ``"markov perfect"``. For a repeated game an `Automaton`; then the concept may
        come third. For a graph model: the name of a state.
    belief : mapping, optional
        ``belief[infoset][history]``. Where none is given, Bayes' rule gives it on the
        path, and off the path beliefs that support the profile are looked for.
    concept : Concept or str
        What is claimed.

    Returns
    -------
    Certificate
        True if the claim holds; its ``failures`` name the information set, the
        deviation and the gain where it does not.

    Raises
    ------
    UnknownLabel, ModelError
        If the profile does not fit the game.
    Unsupported
        For ``"stackelberg"`` and ``"logit"``, which are verified where they are found,
        and for ``"communication"`` in games other than drawn types and one choice of
        each side.

    Examples
    --------
    >>> import redlines as rl
    >>> chicken = rl.Game.from_bimatrix([[3, 1], [4, 0]], [[3, 4], [1, 0]])
    >>> certificate = rl.verify(chicken, {"Row": "1", "Column": "1"}, concept="nash")
    >>> certificate.holds, certificate.regret
    (False, Fraction(1, 1))
    >>> print(certificate.failures[0])
    Row gains 1 by '2' at 'Row'
    """
    if not isinstance(game, Problem):
        raise TypeError(f"verify takes a Game, not {type(game).__name__}")
    if isinstance(game, RepeatedGame):
        return _verify_repeated(game, strategy, concept if belief is None else belief)
    wanted = read_concept(concept)
    if isinstance(game, GraphModel):
        if wanted.value not in STABILITIES:
            raise Unsupported(
                f"{wanted.value!r} is not defined for {game!r}; for a state there are: "
                f"{', '.join(map(repr, STABILITIES))}"
            )
        return equilibrium(game, game._state(strategy), wanted.value)
    game._require_numbers("verify")
    if isinstance(game, MarkovGame):
        if wanted is not Concept.MARKOV_PERFECT:
            raise Unsupported(
                f"for a Markov game a profile is verified as 'markov perfect', not as "
                f"{wanted.value!r}"
            )
        return perfect(StationaryProfile.read(game, strategy))
    if not isinstance(game, Game):
        raise Unsupported(
            f"verify takes a profile of a Game, a MarkovGame or a RepeatedGame, or a "
            f"state of a GraphModel, not {game!r}; what rl.solve lists is verified "
            "already"
        )
    if wanted is Concept.MARKOV_PERFECT:
        raise Unsupported("'markov perfect' is defined for Markov games")
    if wanted is Concept.COMMUNICATION:
        return honest(Mechanism.read(game, strategy))
    if wanted in DISTRIBUTIONS:
        return refereed(Joint.read(game, strategy), wanted)
    if wanted is Concept.STACKELBERG:
        raise Unsupported(
            "a commitment is verified where it is found, by rl.solve(game, "
            "'stackelberg', leader=...); that no other is better needs a proof"
        )
    if wanted is Concept.LEARNING:
        raise Unsupported(
            "what players learn to do is no claim about a profile; ask whether it is "
            "an equilibrium, with concept='nash'"
        )
    if wanted is Concept.LOGIT:
        raise Unsupported(
            "a logit equilibrium is verified where it is found, by rl.solve(game, "
            "'logit', precision=...); a profile alone does not say its precision"
        )
    given = Assessment.read(game, strategy, belief)
    if wanted in (Concept.NASH, Concept.SUBGAME_PERFECT):
        return referee(given, wanted.value)
    on_path = [
        b if b is not None else given.bayes(h) for h, b in enumerate(given.belief)
    ]
    if wanted is Concept.WEAK_PERFECT_BAYESIAN:
        return referee(supporting_beliefs(given, on_path), wanted.value)
    form = SequenceForm(game)
    found = consistent(form, given.strategy, on_path, optimal=True)
    if found is None:
        found = consistent(form, given.strategy, on_path, optimal=False)
    if found is None:
        refused = referee(supporting_beliefs(given, on_path), wanted.value)
        return _blame(refused, form, given, on_path)
    return referee(found, wanted.value)


def _verify_repeated(game: RepeatedGame, automaton: Any, concept: Any) -> Certificate:
    """Whether an automaton is an equilibrium of a repeated game."""
    game._require_numbers("verify")
    wanted = read_concept(concept)
    ours = Concept.PUBLIC_PERFECT if game.signals else Concept.SUBGAME_PERFECT
    if wanted not in (ours, Concept.SEQUENTIAL):
        raise Unsupported(
            f"strategies of {game!r} are verified as {ours.value!r}, not as "
            f"{wanted.value!r}"
        )
    return one_shot(Machine.read(game, automaton))


def _blame(
    refused: Certificate,
    form: SequenceForm,
    given: Assessment,
    beliefs: list[Sequence[Any] | None],
) -> Certificate:
    """The certificate, with the first belief that no trembles give named."""
    tables = given.game._tables
    for place, belief in enumerate(beliefs):
        if belief is None or len(belief) == 1:
            continue
        upto: list[Sequence[Any] | None] = [
            b if h <= place else None for h, b in enumerate(beliefs)
        ]
        if consistent(form, given.strategy, upto, optimal=False) is None:
            label = tables.label(place)
            failure = Failure(
                condition="consistency",
                player=tables.players[tables.infosets[place].player],
                infoset=label,
                deviation={},
                gain=None,
                message=f"at {label!r} no trembles give the belief together with those "
                "at earlier sets",
            )
            others = [f for f in refused.failures if f.condition != "consistency"]
            return replace(refused, failures=(*others, failure))
    return refused
