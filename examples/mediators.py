"""
Mediators: what can one do that talks cannot?
=============================================

A statement by Elena Suponina, paraphrased: former officials and third states can
mediate. Russia and the US stand or yield in a crisis, and each hides how resolved it
is. A mediator hears that from both, in private, and advises each. How low can the
probability of a needless war be with a mediator, with talks by the US instead, and with
neither? The numbers are ours and illustrative.
"""

from pathlib import Path
from textwrap import fill

import redlines as rl

scenario = rl.load("mediators")

print("QUESTION")
print(fill(scenario.question, 96, initial_indent="  ", subsequent_indent="  "))
print(f"\nWHO SAID WHAT (paraphrased)\n{scenario.sources()}")
print(f"\nTHE GAME\n{scenario.story()}")
print(f"\nWHAT IS ASSUMED\n{scenario.readings()}")

# %%
# Without a mediator: every equilibrium
# -------------------------------------

alone = scenario.solve()
print(f"\n{scenario.comparison({'no talks': alone})}")
lead = next(iter(scenario.claims))
print(f"\n{lead.upper()}: {scenario.verdict(lead).name}")

# %%
# With a mediator
# ---------------
#
# The greatest and the least probability of a needless war over all that a mediator can
# bring about, and over all that can happen without one.

worth = rl.mediator_worth(scenario.form(), "needless war")
print(f"\n{worth}")

# %%
# Where a mediator is worth most
# ------------------------------

finding = scenario.study("Where a mediator is worth most")
print("\n" + fill(finding.says, 96))
assert finding.draw is not None
ax = finding.draw()
picture = Path(globals().get("__file__", "mediators.py")).with_suffix(".png")
ax.figure.savefig(picture, dpi=100)
print(f"\nThe least probability of a needless war is drawn in {picture.name}.")
print(f"\nANSWER\n{fill(scenario.answer, 96, initial_indent='  ')}")

# %%
# What was said holds:

assert alone.complete
assert scenario.verdict(lead).name == "always"
assert all(equilibrium.probability("needless war") > 0 for equilibrium in alone)
assert worth.mediated.low == 0 < worth.unmediated.low
assert worth.lowest.probability("needless war") == 0
likely = scenario.game.bind(**{**scenario.baseline, "resolved": "1/2"})
assert not rl.mediator_worth(likely, "needless war").lowers
