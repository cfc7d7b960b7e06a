"""The words of escalation, built on the verbs of `redlines.Play` and on nothing else.

A `RedLine` has an owner, who holds what lies behind it. To `declare` it is a signal:
it may sink a cost, tie the owner's hands, or be cheap talk. To `cross` it brings a gain
and leaves the owner an `answer`: enforce the line or back down. A `Rung` of a ladder
carries a risk that control is lost, whoever stands on it.

Each word is a few verbs long, so a story may mix words with plain verbs, and whoever
needs another sequence writes it out. What a word pays and marks:

===============================  =====================================  ==============
choice                           reasons of the payments                event
===============================  =====================================  ==============
`declare`, draw line             sunk cost                              declared
`cross`, refrain                 stake (to the owner)
`cross`, cross                   gain from crossing                     crossed
`answer`, enforce                cost of enforcing, harm of the answer  enforced
`answer`, back down              audience cost (if hands were tied)     backed down
`climb`, escalate                cost of escalating                     escalated
`lose_control`, lost             the name of the event                  chosen by caller
===============================  =====================================  ==============

An amount that is written as 0 is not paid, so its reason does not appear.

Reads: numbers, play.  Used by: scenarios, models and whoever writes games.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from redlines.numbers import Amount, Number, exact
from redlines.play import REST, Play

__all__ = [
    "CheapTalk",
    "RedLine",
    "Rung",
    "Signal",
    "SunkCost",
    "TiedHands",
    "answer",
    "climb",
    "cross",
    "declare",
    "lose_control",
]


# --------------------------------------------------------------------------- signals
class Signal(Protocol):
    """What a declaration costs, and when: anything with these two methods."""

    def sent(self, play: Play, sender: str) -> None:
        """Pay what the signal costs when it is sent."""

    def broken(self, play: Play, sender: str) -> None:
        """Pay what it costs to back down after it."""


@dataclass(frozen=True)
class SunkCost:
    """A signal whose price is paid at once, whatever follows.

    Mobilizing troops is the standard example: the cost is the same whether the sender
    stands firm later or not.

    Parameters
    ----------
    amount : Amount
        What sending it costs, in payoff units.

    References
    ----------
    [fearon1997]_

    Examples
    --------
    >>> import redlines as rl
    >>> from redlines import RUSSIA, US
    >>> @rl.game(US, RUSSIA)
    ... def mobilized(play):
    ...     declare(play, RedLine(US, signals=[SunkCost(1)]))
    >>> mobilized.terminals[0].history
    'declare=draw line'
    >>> mobilized.terminals[0].payoffs_by_reason[US]
    {'sunk cost': Fraction(-1, 1)}
    """

    amount: Amount

    def sent(self, play: Play, sender: str) -> None:
        """Pay the price."""
        _pay(play, sender, _loss(self.amount), "sunk cost")

    def broken(self, play: Play, sender: str) -> None:
        """Pay nothing: the price has been paid."""


@dataclass(frozen=True)
class TiedHands:
    """A signal that costs nothing now and is paid for by backing down after it.

    A public commitment is the standard example: whoever backs down afterwards bears an
    audience cost.

    Parameters
    ----------
    amount : Amount
        The audience cost, in payoff units.

    References
    ----------
    [fearon1994]_, [fearon1997]_

    Examples
    --------
    >>> import redlines as rl
    >>> from redlines import RUSSIA, US
    >>> @rl.game(US, RUSSIA)
    ... def public_word(play):
    ...     line = RedLine(US, signals=[TiedHands(2)])
    ...     answer(play, line, declared=declare(play, line))
    >>> for end in public_word.terminals:
    ...     print(end.history, "|", *end.payoffs_by_reason[US].items())
    declare=draw line, answer=enforce |
    declare=draw line, answer=back down | ('audience cost', Fraction(-2, 1))
    declare=stay silent, answer=enforce |
    declare=stay silent, answer=back down |
    """

    amount: Amount

    def sent(self, play: Play, sender: str) -> None:
        """Pay nothing yet."""

    def broken(self, play: Play, sender: str) -> None:
        """Pay the audience cost."""
        _pay(play, sender, _loss(self.amount), "audience cost")


@dataclass(frozen=True)
class CheapTalk:
    """A signal that costs nothing, neither when it is sent nor when it is broken.

    References
    ----------
    [crawford1982]_

    Examples
    --------
    >>> import redlines as rl
    >>> from redlines import RUSSIA, US
    >>> @rl.game(US, RUSSIA)
    ... def words(play):
    ...     line = RedLine(US, stake=4, signals=[CheapTalk()])
    ...     declare(play, line)
    ...     cross(play, RUSSIA, line, gain=4)
    >>> words.terminals[1].history
    'declare=draw line, act=refrain'
    >>> words.terminals[1].payoffs_by_reason[US]
    {'stake': Fraction(4, 1)}
    """

    def sent(self, play: Play, sender: str) -> None:
        """Pay nothing."""

    def broken(self, play: Play, sender: str) -> None:
        """Pay nothing."""


# ------------------------------------------------------------------------- red lines
@dataclass(frozen=True)
class RedLine:
    """A line whose owner says, or lets be understood, that it must not be crossed.

    Parameters
    ----------
    owner : str
        The player whose line it is.
    stake : Amount
        What the owner keeps while the line is not crossed, in payoff units.
    signals : collection of Signal
        What declaring the line amounts to; several add up, none is cheap talk.

    Examples
    --------
    >>> import redlines as rl
    >>> from redlines import RUSSIA, US
    >>> @rl.game(US, RUSSIA)
    ... def whole(play):
    ...     line = RedLine(US, stake=4, signals=[SunkCost(1), TiedHands(2)])
    ...     declared = declare(play, line)
    ...     if cross(play, RUSSIA, line, gain=4):
    ...         answer(play, line, declared, cost=3, harm={RUSSIA: 8})
    >>> end = whole.terminals[1]
    >>> end.history
    'declare=draw line, act=cross, answer=back down'
    >>> end.payoffs_by_reason[US]
    {'sunk cost': Fraction(-1, 1), 'audience cost': Fraction(-2, 1)}
    >>> end.events
    ('declared', 'crossed', 'backed down')
    """

    owner: str
    stake: Amount = 0
    signals: Collection[Signal] = ()


def declare(
    play: Play,
    line: RedLine,
    name: str = "declare",
    seen_by: str | Collection[str] | None = None,
) -> bool:
    """Whether the owner draws the line, which it chooses here.

    Parameters
    ----------
    play : Play
        The story being told.
    line : RedLine
        Its signals are sent if it is drawn.
    name : str
        The decision's name.
    seen_by : str or collection of str, optional
        Who learns it: default both.

    Returns
    -------
    bool
        True on the paths on which the line is drawn; give it to `answer`.

    Examples
    --------
    >>> import redlines as rl
    >>> from redlines import RUSSIA, US
    >>> @rl.game(US, RUSSIA)
    ... def costly(play, price=rl.Positive("what a declaration costs")):
    ...     declare(play, RedLine(US, signals=[SunkCost(price)]))
    >>> costly.terminals[0].payoffs_by_reason[US]
    {'sunk cost': Number(-price)}
    """
    actions = ["draw line", "stay silent"]
    if play.move(line.owner, name, actions, seen_by) == "stay silent":
        return False
    play.mark("declared")
    for signal in line.signals:
        signal.sent(play, line.owner)
    return True


def cross(
    play: Play,
    player: str,
    line: RedLine,
    gain: Amount = 0,
    name: str = "act",
    seen_by: str | Collection[str] | None = None,
) -> bool:
    """Whether a player crosses the line, which it chooses here.

    Parameters
    ----------
    play : Play
        The story being told.
    player : str
        Who may cross.
    line : RedLine
        Its owner gets the stake if the line is respected.
    gain : Amount
        What crossing brings whoever crosses, in payoff units.
    name : str
        The decision's name.
    seen_by : str or collection of str, optional
        Who learns it: default both.

    Returns
    -------
    bool
        True on the paths on which the line is crossed.

    Examples
    --------
    >>> import redlines as rl
    >>> from redlines import RUSSIA, US
    >>> @rl.game(US, RUSSIA)
    ... def land(play):
    ...     cross(play, RUSSIA, RedLine(US, stake=4), gain=3)
    >>> for end in land.terminals:
    ...     print(end.history, end.payoffs_by_reason)
    act=cross {'US': {}, 'Russia': {'gain from crossing': Fraction(3, 1)}}
    act=refrain {'US': {'stake': Fraction(4, 1)}, 'Russia': {}}
    """
    if play.move(player, name, ["cross", "refrain"], seen_by) == "refrain":
        _pay(play, line.owner, line.stake, "stake")
        return False
    play.mark("crossed")
    _pay(play, player, gain, "gain from crossing")
    return True


def answer(
    play: Play,
    line: RedLine,
    declared: bool = False,
    cost: Amount = 0,
    harm: Mapping[str, Amount] | None = None,
    name: str = "answer",
    seen_by: str | Collection[str] | None = None,
) -> bool:
    """Whether the owner enforces a line that was crossed, which it chooses here.

    Parameters
    ----------
    play : Play
        The story being told.
    line : RedLine
        Its owner answers; its signals are broken if the owner backs down.
    declared : bool
        What `declare` returned; backing down breaks nothing that was not said.
    cost : Amount
        What enforcing costs the owner, in payoff units.
    harm : mapping of str to Amount, optional
        What being answered costs others, by player.
    name : str
        The decision's name.
    seen_by : str or collection of str, optional
        Who learns it: default both.

    Returns
    -------
    bool
        True on the paths on which the line is enforced.

    Examples
    --------
    >>> import redlines as rl
    >>> from redlines import RUSSIA, US
    >>> @rl.game(US, RUSSIA)
    ... def crossed(play):
    ...     answer(play, RedLine(US), cost=3, harm={RUSSIA: 8})
    >>> end = crossed.terminals[0]
    >>> end.payoffs_by_reason[US], end.payoffs_by_reason[RUSSIA]
    ({'cost of enforcing': Fraction(-3, 1)}, {'harm of the answer': Fraction(-8, 1)})
    >>> [end.events for end in crossed.terminals]
    [('enforced',), ('backed down',)]
    """
    if play.move(line.owner, name, ["enforce", "back down"], seen_by) == "back down":
        play.mark("backed down")
        if declared:
            for signal in line.signals:
                signal.broken(play, line.owner)
        return False
    play.mark("enforced")
    _pay(play, line.owner, _loss(cost), "cost of enforcing")
    for player, amount in (harm or {}).items():
        _pay(play, player, _loss(amount), "harm of the answer")
    return True


# ------------------------------------------------------------------- losing control
@dataclass(frozen=True)
class Rung:
    """A step of a ladder: to escalate onto it risks that control is lost.

    Parameters
    ----------
    risk : Amount
        The probability that control is lost on this rung.
    losses : mapping of str to Amount
        What the event costs each player, in payoff units.
    cost : Amount
        What the step itself costs whoever takes it.
    event : str
        What happens when control is lost; its mark and the reason of the losses.

    References
    ----------
    [schelling1966]_ on threats that leave something to chance.

    Examples
    --------
    >>> import redlines as rl
    >>> from redlines import RUSSIA, US
    >>> @rl.game(US, RUSSIA)
    ... def ladder(play, rungs=2):
    ...     rung = Rung(risk="1/10", losses={US: 6, RUSSIA: 6})
    ...     for step in range(rungs):
    ...         player, other = (RUSSIA, US) if step % 2 == 0 else (US, RUSSIA)
    ...         match climb(play, player, rung):
    ...             case "lost":
    ...                 return
    ...             case "back down":
    ...                 return play.pay({other: 1}, because="prize")
    ...     play.pay({player: 1}, because="prize")
    >>> [end.history for end in ladder(rungs=1).terminals]
    ['climb=escalate, control=lost', 'climb=escalate, control=kept', 'climb=back down']
    >>> ladder.terminals[0].payoffs_by_reason[US], ladder.terminals[0].events
    ({'disaster': Fraction(-6, 1)}, ('escalated', 'disaster'))
    """

    risk: Amount
    losses: Mapping[str, Amount]
    cost: Amount = 0
    event: str = "disaster"


def climb(
    play: Play,
    player: str,
    rung: Rung,
    name: str = "climb",
    actions: tuple[str, str] = ("escalate", "back down"),
) -> str:
    """What comes of a player's choice to escalate or not, which it makes here.

    Parameters
    ----------
    play : Play
        The story being told.
    player : str
        Who may take the step.
    rung : Rung
        What the step risks and costs.
    name : str
        The decision's name.
    actions : tuple of two str
        Names for taking the step and for not taking it.

    Returns
    -------
    str
        ``"kept"`` if the player escalated and control was kept, ``"lost"`` if it was
        lost, else the second of `actions`.

    Examples
    --------
    >>> import redlines as rl
    >>> from redlines import RUSSIA, US
    >>> @rl.game(US, RUSSIA)
    ... def brink(play):
    ...     climb(play, RUSSIA, Rung("1/10", {RUSSIA: 6}, cost=1))
    >>> lost, kept, stopped = brink.terminals
    >>> lost.payoffs_by_reason[RUSSIA]
    {'cost of escalating': Fraction(-1, 1), 'disaster': Fraction(-6, 1)}
    >>> kept.payoffs_by_reason[RUSSIA], stopped.payoffs_by_reason[RUSSIA]
    ({'cost of escalating': Fraction(-1, 1)}, {})
    """
    step, stop = actions
    if play.move(player, name, [step, stop]) == stop:
        return stop
    play.mark("escalated")
    _pay(play, player, _loss(rung.cost), "cost of escalating")
    lost = lose_control(play, rung.risk, rung.losses, rung.event)
    return "lost" if lost else "kept"


def lose_control(
    play: Play,
    risk: Amount,
    losses: Mapping[str, Amount],
    event: str = "disaster",
    name: str = "control",
    seen_by: str | Collection[str] | None = None,
) -> bool:
    """Whether control is lost, which chance decides here.

    Parameters
    ----------
    play : Play
        The story being told.
    risk : Amount
        The probability that it is.
    losses : mapping of str to Amount
        What the event costs each player, in payoff units.
    event : str
        What happens then; its mark and the reason of the losses.
    name : str
        The draw's name.
    seen_by : str or collection of str, optional
        Who learns it: default both. Where the story ends once control is lost, whoever
        still has a choice knows that it was kept, and ``[]`` leaves that out of the
        labels.

    Returns
    -------
    bool
        True on the paths on which control is lost.

    Examples
    --------
    >>> import redlines as rl
    >>> from redlines import RUSSIA, US
    >>> @rl.game(US, RUSSIA)
    ... def accident(play, risk=rl.Probability("chance of nuclear use")):
    ...     lose_control(play, risk, {US: 100, RUSSIA: 100}, event="nuclear use")
    >>> for end in accident.terminals:
    ...     print(end.history, end.payoffs_by_reason[US], end.events)
    control=lost {'nuclear use': Fraction(-100, 1)} ('nuclear use',)
    control=kept {} ()
    """
    if play.draw(name, {"lost": risk, "kept": REST}, seen_by) == "kept":
        return False
    play.mark(event)
    for player, amount in losses.items():
        _pay(play, player, _loss(amount), event)
    return True


def _loss(amount: Amount) -> Amount:
    """The amount with the other sign; texts such as "1/3" included."""
    return -amount if isinstance(amount, Number) else -exact(amount, "a cost")


def _pay(play: Play, player: str, amount: Amount, because: str) -> None:
    """Pay one player, unless the amount is 0 as written."""
    if isinstance(amount, Number) or exact(amount, because) != 0:
        play.pay({player: amount}, because=because)
