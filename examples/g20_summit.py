"""
G20 summit: who concedes the precondition, and whether in time
==============================================================

A statement by Dmitry Suslov, paraphrased: a meeting at the summit makes sense only once
its precondition is met. Each side concedes it or waits for the other to do so; waiting
costs both, and the summit has a date. Some sides cannot concede, and neither knows
that of the other. When does a concession come, and does the summit fail although one
of the two could have conceded? The numbers are ours and illustrative.
"""

from pathlib import Path
from textwrap import fill

import redlines as rl

scenario = rl.load("g20_summit")

print("QUESTION")
print(fill(scenario.question, 96, initial_indent="  ", subsequent_indent="  "))
print(f"\nWHO SAID WHAT (paraphrased)\n{scenario.sources()}")
print(f"\nTHE GAME\n{scenario.story()}")
print(f"\nWHAT IS ASSUMED\n{scenario.readings()}")

# %%
# Every equilibrium, and both forms side by side
# ----------------------------------------------

for form, solution in scenario.solutions.items():
    print(f"\nEQUILIBRIA, form {form!r}")
    print(scenario.account(solution))
print(f"\nSIDE BY SIDE\n{scenario.comparison()}")

# %%
# For which numbers the summit fails only where neither can concede
# -----------------------------------------------------------------

lead = next(iter(scenario.claims))
verdict = scenario.verdict(lead)
print(f"\n{lead.upper()}: {verdict.name}")
for line in verdict.where.lines():
    print(fill(line, 96, initial_indent="  ", subsequent_indent="    "))

# %%
# When a concession comes
# -----------------------

timing = scenario.study("Period by period")
failing = scenario.study("How likely no summit is")
for finding in (timing, failing):
    print()
    print(fill(finding.says, 96, initial_indent="  ", subsequent_indent="  "))

# %%
# The chance of no summit: more stubborn sides may fail less often, since each then has
# reason to concede.

ax = failing.draw()
picture = Path(globals().get("__file__", "g20_summit.py")).with_suffix(".png")
ax.figure.savefig(picture, dpi=100, bbox_inches="tight")
print(f"\nThe chance of no summit is drawn in {picture.name}.")
print(f"\nANSWER\n{fill(scenario.answer, 96, initial_indent='  ')}")

# %%
# What was said holds:

(private,) = scenario.solutions["private"]
assert private.probability("conceded in period 1") == 0
assert private.probability("no summit") == scenario.baseline["stubborn"] ** 2
assert verdict.name == "sometimes"
for chance, fails_more in (("1/4", True), ("2/5", False)):
    game = scenario.game.bind(**{**scenario.baseline, "stubborn": chance})
    for found in rl.solve(game, "sequential"):
        both = game.bound["stubborn"] ** 2
        assert (found.probability("no summit") > both) is fails_more
