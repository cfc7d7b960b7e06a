"""
Prisoner exchange: why do better terms follow a refusal?
========================================================

Statements by Elena Suponina, of the article and by Dmitry Suslov, paraphrased: an
exchange is bargained over, the US offers two for one, Russia wants two for two, which
needs a third country's consent; success is worth more to the US before a vote; new
terms will come. The numbers are ours and illustrative. What makes the US raise its
offer, and does a vote that makes success worth less hurt it?
"""

from pathlib import Path
from textwrap import fill

import redlines as rl
from redlines import US

scenario = rl.load("prisoner_exchange")

print("QUESTION")
print(fill(scenario.question, 96, initial_indent="  ", subsequent_indent="  "))
print(f"\nWHO SAID WHAT (paraphrased)\n{scenario.sources()}")
print(f"\nTHE GAME, AND FOUR FORMS OF IT\n{scenario.story()}")
print(f"\nWHAT IS ASSUMED\n{scenario.readings()}")

# %%
# Every equilibrium
# -----------------
#
# A Russia of low reservation sometimes refuses two for one, as one of high reservation
# always does. So a refusal is news, and after it the US may come with new terms.

for form, solution in scenario.solutions.items():
    print(f"\nEQUILIBRIA, form {form!r}")
    print(scenario.account(solution))
print(f"\nSIDE BY SIDE\n{scenario.comparison()}")

# %%
# Where new terms can come
# ------------------------
#
# Proved over all payoffs that fit the assumptions, and drawn over two of them.

verdict = scenario.verdict("new terms come with some chance")
print("\nNEW TERMS COME WITH SOME CHANCE")
for line in verdict.where.lines():
    print(fill(line, 96, initial_indent="  ", subsequent_indent="    "))

others = {
    name: value
    for name, value in scenario.baseline.items()
    if name not in ("high", "drop")
}
families = rl.regimes(scenario.game.bind(**others), ["drop < 10"])
ax = families.plot("high", "drop", ylim=(0, 10), title="")
picture = Path(globals().get("__file__", "prisoner_exchange.py")).with_suffix(".png")
ax.figure.savefig(picture, dpi=100, bbox_inches="tight")
print(f"\nThe map of the families is in {picture.name}.")

# %%
# What the vote does
# ------------------
#
# A larger drop first costs the US, since what follows a refusal is worth less. Where it
# is so large that the second release is no longer worth its price after the vote, no
# new terms can come, Russia knows it, and the drop costs the US less.

finding = scenario.study("The drop at the vote")
print("\nTHE DROP AT THE VOTE")
for row in finding.table:
    print("  " + "  ".join(cell.ljust(11) for cell in row).rstrip())
print(fill(finding.says, 96, initial_indent="  ", subsequent_indent="  "))
print("\nANSWER")
print(fill(scenario.answer, 96, initial_indent="  ", subsequent_indent="  "))

# %%
# What was said about it holds:

assert families.complete
assert verdict.name == "sometimes"
(private,), (known,) = (
    scenario.solutions[form] for form in ("US knows", "known reservation")
)
assert private.probability("new terms") > 0
assert known.probability("new terms") == 0
small, middle, large = (
    rl.solve(scenario.game.bind(**{**scenario.baseline, "drop": drop}), "sequential")[0]
    for drop in ("1/4", 3, 8)
)
assert middle.payoffs[US] < small.payoffs[US] < large.payoffs[US]
