"""
After the treaty: how long is one kept that will end?
=====================================================

A statement by Dmitry Suslov, paraphrased: the treaty must be carried out while it is in
force, whatever the climate; both should talk about what follows its expiry, and no new
agreement can be worked out now. If a breach in the last period brings more than
compliance and the talks together, should not both breach it at once? Not where one side
may be committed to carry it out, and the other does not know. The numbers are ours and
illustrative.
"""

from pathlib import Path
from textwrap import fill

import redlines as rl

scenario = rl.load("after_start")

print("QUESTION")
print(fill(scenario.question, 96, initial_indent="  ", subsequent_indent="  "))
print(f"\nWHO SAID WHAT (paraphrased)\n{scenario.sources()}")
print(f"\nTHE GAME\n{scenario.story()}")
print(f"\nWHAT IS ASSUMED\n{scenario.readings()}")

# %%
# Three periods, with Russia's commitment known and not known
# ------------------------------------------------------------

for form, solution in scenario.solutions.items():
    print(f"\nEQUILIBRIA, form {form!r}")
    print(scenario.account(solution))
print(f"\nSIDE BY SIDE\n{scenario.comparison()}")

# %%
# From which chance on the first period is kept for certain
# ---------------------------------------------------------

lead = next(iter(scenario.claims))
verdict = scenario.verdict(lead)
print(f"\n{lead.upper()}: {verdict.name}")
for line in verdict.where.lines():
    print(fill(line, 96, initial_indent="  ", subsequent_indent="    "))

# %%
# Longer treaties, and what follows
# ---------------------------------

lengths = scenario.study("Longer treaties")
follows = scenario.study("What is to follow")
for finding in (lengths, follows):
    print()
    print(fill(finding.says, 96, initial_indent="  ", subsequent_indent="  "))

# %%
# How likely each of six periods is to be kept: near the end doubt runs out.

ax = lengths.draw()
picture = Path(globals().get("__file__", "after_start.py")).with_suffix(".png")
ax.figure.savefig(picture, dpi=100, bbox_inches="tight")
print(f"\nHow likely each period is to be kept is drawn in {picture.name}.")
print(f"\nANSWER\n{fill(scenario.answer, 96, initial_indent='  ')}")

# %%
# What was said holds:

(doubt,), (known,) = (scenario.solutions[form] for form in ("private", "open"))
assert doubt.probability("kept in period 1") > known.probability("kept in period 1")
assert known.probability("kept in period 1") == scenario.baseline["committed"]
assert doubt.probability("ran its course") == known.probability("ran its course") == 0
assert verdict.name == "sometimes"
likely = scenario.game.bind(**{**scenario.baseline, "committed": "1/3"})
assert all(
    e.probability("kept in period 1") == 1 for e in rl.solve(likely, "sequential")
)
