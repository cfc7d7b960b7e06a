"""
Inspections: what is it worth to announce the plan?
===================================================

A statement by Sergei Ryabkov, paraphrased: inspections under the strategic arms treaty
should resume, and the US has taken carriers out of the count. The US converts them for
good or reversibly, Russia inspects or stays away, and an inspection may miss a
reversible conversion or mistake one that is for good. Does Russia do better if it says
beforehand whether it will inspect, or how likely it is to? The numbers are ours and
illustrative.
"""

from pathlib import Path
from textwrap import fill

import redlines as rl
from redlines import RUSSIA, US

scenario = rl.load("start_inspections")

print("QUESTION")
print(fill(scenario.question, 96, initial_indent="  ", subsequent_indent="  "))
print(f"\nWHO SAID WHAT (paraphrased)\n{scenario.sources()}")
print(f"\nTHE GAME, AND TWO FORMS OF IT\n{scenario.story()}")
print(f"\nWHAT IS ASSUMED\n{scenario.readings()}")

# %%
# Announced or not, every equilibrium
# -----------------------------------

for form, solution in scenario.solutions.items():
    print(f"\nEQUILIBRIA, {form}")
    print(scenario.account(solution))
print(f"\nSIDE BY SIDE\n{scenario.comparison()}")

# %%
# For which numbers, and not only for these
# -----------------------------------------

russia_gains, us_loses, *_ = scenario.claims
for words in (russia_gains, us_loses):
    print(f"\n{words.upper()}: {scenario.verdict(words).name}")

# %%
# To announce odds
# ----------------
#
# A leader commits itself to a probability, and the other side answers with what is then
# best for it.

(odds,) = rl.solve(scenario.form(), "stackelberg", leader=RUSSIA)
print(f"\nTHE BEST ODDS TO ANNOUNCE\n{odds}")
finding = scenario.study("What announcing the odds is worth")
print("\n" + fill(finding.says, 96))

assert finding.draw is not None
ax = finding.draw()
picture = Path(globals().get("__file__", "start_inspections.py")).with_suffix(".png")
ax.figure.savefig(picture, dpi=100)
print(f"\nBoth sides' payoffs, by the chance of a false alarm, are in {picture.name}.")
print(f"\nANSWER\n{fill(scenario.answer, 96, initial_indent='  ')}")

# %%
# What was said holds:

assert all(scenario.verdict(w).name == "always" for w in (russia_gains, us_loses))
(kept_back,), (dates,) = scenario.solutions.values()
russia, us = (
    [e.payoffs[who] for e in (kept_back, dates, odds)] for who in (RUSSIA, US)
)
assert russia[0] < russia[1] < russia[2]
assert us[1] < us[0] == us[2]
assert odds.probability("reversible") == 0 < kept_back.probability("reversible")
