"""
Distrust: what does it stop, if not the talks?
==============================================

A statement by Elena Suponina, paraphrased: the US gives up agreements easily, so that
Moscow does not trust it, and yet contacts cannot be refused, since too much is at
stake. Talking, signing and exposing oneself are three steps here, and an agreement can
be more or less deep. How deep an agreement does distrust leave? The numbers are ours
and illustrative.
"""

from fractions import Fraction
from pathlib import Path
from textwrap import fill

from matplotlib import pyplot

import redlines as rl
from redlines.scenarios.distrust import depth_reached

scenario = rl.load("distrust")

print("QUESTION")
print(fill(scenario.question, 96, initial_indent="  ", subsequent_indent="  "))
print(f"\nWHO SAID WHAT (paraphrased)\n{scenario.sources()}")
print(f"\nTHE GAME, AND THREE FORMS OF IT\n{scenario.story()}")
print(f"\nWHAT IS ASSUMED\n{scenario.readings()}")

# %%
# At the baseline
# ---------------
#
# Where the US proposes, there are many equilibria, in three families; where Russia
# names the depth, there is one.

print(f"\nSIDE BY SIDE\n{scenario.comparison()}")
print("\nEQUILIBRIUM, form 'Russia proposes'")
print(scenario.account(scenario.solutions["Russia proposes"]))

# %%
# The largest depth as a function of trust
# ----------------------------------------
#
# With only a full agreement on offer nothing is carried out until trust is high. With
# more depths on offer an agreement begins at a lower trust, and grows with it.

trusts = [Fraction(k, 12) for k in range(1, 12)]
depths = {
    count: [depth_reached(count, scenario.baseline, trust) for trust in trusts]
    for count in (1, 2, 4)
}
figure, ax = pyplot.subplots(figsize=(7, 4))
for count, reached in depths.items():
    offer = "all or nothing" if count == 1 else f"{count} depths on offer"
    ax.step(trusts, reached, where="mid", marker="o", label=offer, alpha=0.8)
ax.set_xlabel("trust: chance that the US is trustworthy")
ax.set_ylabel("depth that Russia names and carries out")
ax.set_yticks([0, 0.25, 0.5, 0.75, 1])
ax.legend(frameon=False)
picture = Path(globals().get("__file__", "distrust.py")).with_suffix(".png")
figure.savefig(picture, dpi=100, bbox_inches="tight")
print(f"\nThe depth by trust is in {picture.name}.")

print("\nANSWER")
print(fill(scenario.answer, 96, initial_indent="  ", subsequent_indent="  "))

# %%
# What was said holds:

for reached in depths.values():
    assert reached == sorted(reached)
first = {count: next(k for k, d in enumerate(r) if d) for count, r in depths.items()}
assert first[4] < first[2] < first[1]
for solution in scenario.solutions.values():
    assert all(family.range("at full depth").high == 0 for family in solution.families)
    assert all(family.range("talks").low == 1 for family in solution.families)
