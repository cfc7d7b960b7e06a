"""
A red line in ten lines
=======================

The smallest game with a red line: the US knows whether it is resolved, Russia does not.
It has three equilibria, in two families. In one of them the line deters, and an
irresolute US draws it too, now and then; in the other nobody draws it.
"""

import redlines as rl
from redlines import RUSSIA, US
from redlines.plots.tree import plot_tree

# %%
# The story
# ---------


@rl.game(US, RUSSIA)
def red_line(play, resolved=rl.Probability("chance that the US is resolved")):
    """The US may draw a line; Russia may cross it; the US enforces it or backs down."""
    resolve = play.draw("US", {"resolved": resolved, "irresolute": rl.REST}, seen_by=US)
    drawn = play.move(US, "declare", ["draw line", "stay silent"]) == "draw line"
    if drawn:
        play.pay({US: -1}, because="sunk cost")
    if play.move(RUSSIA, "act", ["cross", "refrain"]) == "refrain":
        return play.pay({US: 4}, because="stake")
    play.mark("crossed")
    play.pay({RUSSIA: 4}, because="gain from crossing")
    if play.move(US, "answer", ["enforce", "back down"]) == "enforce":
        play.mark("enforced")
        play.pay({US: 1 if resolve == "resolved" else -3}, because="answer")
        play.pay({RUSSIA: -8}, because="answer")
    elif drawn:
        play.pay({US: -2}, because="audience cost")


game = red_line.bind(resolved="1/4")
print(game)

# %%
# Every equilibrium
# -----------------
#
# A sequential equilibrium of each kind there is, and the proof that there is no other.

solution = rl.solve(game, "sequential")
print(solution)

# %%
# Why Russia crosses now and then: it cannot tell a bluff, and is indifferent.

deterrence, silence = solution.families
print(deterrence[0].why("act [declare=draw line]"))

# %%
# The tree
# --------

plot_tree(game, deterrence[0])

# %%
# What was said about it holds:

assert len(solution) == 3
assert len(solution.families) == 2
assert solution.complete
bluff = deterrence[0].strategy[US]["declare [US=irresolute]"]["draw line"]
assert str(bluff) == "1/3"
assert str(deterrence.range("crossed")) == "3/4"
assert str(silence.range("crossed")) == "1"
