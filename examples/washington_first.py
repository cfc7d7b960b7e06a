"""
Washington first: when is it worth its price?
=============================================

A statement by Nikolai Patrushev, reported by Elena Suponina and paraphrased: talk to
the US first, since the others do what Washington says. But Washington knows that, and
names a price. An ally that was asked first, and has consented, lowers the price; asking
it costs another round of talks. When is it worth going to Washington first? The numbers
are ours and illustrative.
"""

from pathlib import Path
from textwrap import fill

import redlines as rl

scenario = rl.load("washington_first")
FIRST, FULL = "Washington first", "full price paid"

print("QUESTION")
print(fill(scenario.question, 96, initial_indent="  ", subsequent_indent="  "))
print(f"\nWHO SAID WHAT (paraphrased)\n{scenario.sources()}")
print(f"\nTHE GAME, AND TWO FORMS OF IT\n{scenario.story()}")
print(f"\nWHAT IS ASSUMED\n{scenario.readings()}")

# %%
# At the baseline, with the order seen and unseen
# -----------------------------------------------

for form, solution in scenario.solutions.items():
    print(f"\nEQUILIBRIA, form {form!r}")
    print(scenario.account(solution))
print(f"\nSIDE BY SIDE\n{scenario.comparison()}")

# %%
# The more surely the allies follow
# ---------------------------------
#
# One might think that this speaks for Washington. It also raises what Washington asks.

found = scenario.study("The price of being followed")
print()
for row in found.table:
    print("  " + "".join(f"{cell:>20}" for cell in row))
print(fill(found.says, 96))

# %%
# For which chances, and not only for these
# -----------------------------------------

others = {n: v for n, v in scenario.baseline.items() if n not in scenario.map}
given = [a for a in scenario.assumptions if not set(a.names).isdisjoint(scenario.map)]
families = rl.regimes(scenario.game.bind(**others), [a.relation for a in given])
for family in families.families:
    if family.open:
        print()
        print(fill(f"{family.name}: {family.condition}", 96, subsequent_indent="  "))

ax = families.plot("follow", "alone", title="")
picture = Path(globals().get("__file__", "washington_first.py")).with_suffix(".png")
ax.figure.savefig(picture, dpi=100, bbox_inches="tight")
print(f"\nThe map of the families is in {picture.name}.")

print("\nANSWER")
print(fill(scenario.answer, 96, initial_indent="  ", subsequent_indent="  "))

# %%
# What was said holds:

assert families.complete
few, some, most = (
    rl.solve(scenario.game.bind(**{**scenario.baseline, "follow": f}), "sequential")[0]
    for f in ("3/10", "4/5", "19/20")
)
assert [e.probability(FIRST) for e in (few, some, most)] == [1, 0, 1]
assert few.probability(FULL) == 0
assert some.probability(FULL, given="allies in hand") == 0
assert most.probability(FULL) == 1
