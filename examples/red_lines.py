"""
Red lines: do talks about them lower the risk?
==============================================

Two statements by Dmitry Suslov, paraphrased, constrain a game: the sides discuss where
their red lines run and tell each other their likely answers, and neither has an
interest in nuclear use. The numbers are ours and illustrative. What follows is compared
between three forms of the game: no talks, answers that are only told, and answers that
can be verified.
"""

from pathlib import Path
from textwrap import fill

import redlines as rl
from redlines.plots.tree import plot_tree

scenario = rl.load("red_lines")

# %%
# Who said what, and the game
# ---------------------------

print("QUESTION")
print(fill(scenario.question, 96, initial_indent="  ", subsequent_indent="  "))
print(f"\nWHO SAID WHAT (paraphrased)\n{scenario.sources()}")
print(f"\nTHE GAME, AND THREE FORMS OF IT\n{scenario.story()}")
print(f"\nTHE NUMBERS (ours, for illustration)\n{scenario.parameters()}")

# %%
# Every equilibrium
# -----------------
#
# An equilibrium says what each type of each side does at every decision, and what it
# believes about the other side there. Those that agree on what happens make a family.

solutions = {form: scenario.solve(form=form) for form in scenario.forms}

print("\nBelow, {US resolved 2/5} is a belief, and [0, 2/5] a range: any value in it.")
for form, solution in solutions.items():
    proved = "proved to be all" if solution.complete else "there may be more"
    print(f"\nEQUILIBRIA, form {form!r} ({proved})")
    print(scenario.account(solution))

# %%
# Side by side
# ------------
#
# The probability of each event and the payoffs, family by family.

print(f"\nSIDE BY SIDE\n{scenario.comparison(solutions)}")
for title, sentences in (
    ("WHAT HOLDS AT THESE NUMBERS", scenario.findings),
    ("WHAT THIS DOES NOT SAY", scenario.limits),
):
    print(f"\n{title}")
    for sentence in sentences:
        print(fill(sentence, 96, initial_indent="  - ", subsequent_indent="    "))

# %%
# The tree
# --------
#
# The first family without talks: thick branches are played.

deterrence, silence = solutions["none"].families
ax = plot_tree(deterrence[0].game, deterrence[0])
# beside this script; a notebook has no file and saves where it runs
picture = Path(globals().get("__file__", "red_lines.py")).with_suffix(".png")
ax.figure.savefig(picture, dpi=100)
print(f"\nThe tree of the first family, without talks, is in {picture.name}.")

# %%
# What was said about it holds:

verified = solutions["verifiable"][0]
assert all(solution.complete for solution in solutions.values())
assert verified.probability("nuclear use") == verified.probability("enforced") == 0
for family in (deterrence, silence):
    assert family.range("nuclear use").low > 0
crossed = verified.probability("crossed")
assert deterrence.range("crossed").high < crossed < silence.range("crossed").low
for event in ("crossed", "nuclear use"):
    told, none = (
        {str(family.range(event)) for family in solutions[form].families}
        for form in ("told", "none")
    )
    assert told == none
