"""
Escalation ladder: is there a risk where nobody wants a war?
============================================================

Two statements by Dmitry Suslov, paraphrased: escalation has to be managed because it
goes in steps on which control can be lost, and neither side has an interest in nuclear
use. Russia and the US climb a ladder of two rungs in turn. What remains of the risk
where each knows how resolved the other is, and what changes where neither does? The
numbers are ours and illustrative.
"""

from pathlib import Path
from textwrap import fill

import redlines as rl

scenario = rl.load("escalation_ladder")

print("QUESTION")
print(fill(scenario.question, 96, initial_indent="  ", subsequent_indent="  "))
print(f"\nWHO SAID WHAT (paraphrased)\n{scenario.sources()}")
print(f"\nTHE GAME\n{scenario.story()}")
print(f"\nWHAT IS ASSUMED\n{scenario.readings()}")

# %%
# Every equilibrium, with resolve private and with resolve known
# ---------------------------------------------------------------

for form, solution in scenario.solutions.items():
    print(f"\nEQUILIBRIA, form {form!r}")
    print(scenario.account(solution))
print(f"\nSIDE BY SIDE\n{scenario.comparison()}")

# %%
# For which numbers, and not only for these
# -----------------------------------------
#
# Over the chance that the US is resolved and the risk of the first rung, every family
# of equilibria with its condition, proved to be all.

others = {
    name: value
    for name, value in scenario.baseline.items()
    if name not in ("us_resolved", "risk")
}
families = rl.regimes(scenario.game.bind(**others), ["risk <= 1/4"])
print("\nPROBABILITY OF NUCLEAR USE, family by family (resolve private)")
for family in families.families:
    if family.open:
        chance = family.probability("nuclear use")
        print(fill(f"{chance}  where {family.condition}", 96, subsequent_indent="    "))

ax = families.plot("us_resolved", "risk", ylim=(0, "1/4"), title="")
picture = Path(globals().get("__file__", "escalation_ladder.py")).with_suffix(".png")
ax.figure.savefig(picture, dpi=100, bbox_inches="tight")
print(f"\nThe map of the families is in {picture.name}.")

print(f"\nANSWER\n{fill(scenario.answer, 96, initial_indent='  ')}")

# %%
# What was said holds:

assert families.complete
private, known = (scenario.solve(form=form)[0] for form in ("private", "open"))
assert private.probability("nuclear use") > known.probability("nuclear use") > 0
likely = scenario.game.bind(**{**scenario.baseline, "us_resolved": "3/5"})
assert rl.solve(likely, "sequential")[0].probability("nuclear use") == 0
