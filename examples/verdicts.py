"""
Verdicts: what follows from the statements, for every payoff that fits them
===========================================================================

The red-lines scenario without its numbers. Its assumptions, each read out of a
statement or marked as ours, leave eleven parameters open. A claim about equilibrium is
then always true, never true, or true of some equilibria only, and each of these is
proved. What is proved holds for every payoff of this game's form that satisfies the
assumptions, and for no other game.
"""

from textwrap import fill

import redlines as rl

scenario = rl.load("red_lines")

# %%
# Each claim
# ----------
#
# A verdict begins with where: for which parameters the claim is true of every
# equilibrium, of some, of none. Where a claim is true of some equilibria only, one of
# each kind is shown, at values that satisfy every assumption.

verdicts = scenario.verdicts()

print("CLAIMS, for every payoff that fits the assumptions")
for number, (words, verdict) in enumerate(verdicts.items(), 1):
    print(f"\n{number}. {fill(words, 94)}\n   {verdict.name.upper()}")
    for line in verdict.where.lines():
        print(fill(line, 96, initial_indent="   ", subsequent_indent="       "))
    for title, witness in (
        ("true", verdict.witness_for),
        ("false", verdict.witness_against),
    ):
        if witness is not None and verdict.name == "sometimes":
            text = f"{title}, for instance, {witness}"
            print(fill(text, 96, initial_indent="   ", subsequent_indent="       "))

# %%
# What a verdict hangs on
# -----------------------
#
# The smallest sets of statements from which each "always" follows, what is ours and
# not the experts', and the verdict with one thing otherwise: another reading of a
# statement, another concept of equilibrium.

for number, (words, claim) in enumerate(scenario.claims.items(), 1):
    if verdicts[words].name == "always":
        print(f"\nON WHICH STATEMENTS CLAIM {number} HANGS")
        print(rl.hinges(scenario.game, claim, scenario.assumptions))

# %%
# The report of a verdict
# -----------------------
#
# The lines to quote: for which payoffs, in which equilibria, on whose statement under
# which reading.

print("\nTHE FIRST VERDICT IN FULL")
print(next(iter(verdicts.values())))
