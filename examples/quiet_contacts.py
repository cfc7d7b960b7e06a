"""
Quiet contacts: what is a private demand worth?
===============================================

Dmitry Peskov, paraphrased: relations hang by a thread, and contacts are sporadic and
cannot be announced beforehand. A demand made in public ties hands on both sides, since
each has an audience at home; a private one ties none. When does a side choose to be
quiet, and what does that cost in credibility? The numbers are ours and illustrative.
"""

from fractions import Fraction
from pathlib import Path
from textwrap import fill

import matplotlib.pyplot as plt

import redlines as rl

scenario = rl.load("quiet_contacts")

print("QUESTION")
print(fill(scenario.question, 96, initial_indent="  ", subsequent_indent="  "))
print(f"\nWHO SAID WHAT (paraphrased)\n{scenario.sources()}")
print(f"\nTHE GAME\n{scenario.story()}")
print(f"\nWHAT IS ASSUMED\n{scenario.readings()}")

# %%
# Announced contacts and quiet ones
# ---------------------------------

for form in ("announced", "quiet"):
    print(f"\nEQUILIBRIA, form {form!r}")
    print(scenario.account(scenario.solve(form=form)))

# %%
# Where the US may choose
# -----------------------
#
# D1 asks who gains most by a demand that nobody was expected to make.

finding = scenario.study("When secrecy is chosen")
print(f"\nWHEN SECRECY IS CHOSEN\n{fill(finding.says, 96)}")
for row in finding.table:
    cells = zip(row, (44, 24, 24, 0), strict=True)
    print("  " + "".join(cell.ljust(width) for cell, width in cells))

# %%
# War and credibility, as resolve grows more likely
# -------------------------------------------------
#
# War is equally likely in every equilibrium of a form at these values; credibility is
# the least over them.

chances = [Fraction(k, 50) for k in range(1, 50)]
# both sides of 1/3, where a private demand begins to be believed
chances = sorted([*chances, Fraction(333, 1000), Fraction(334, 1000)])
found = {"announced": [], "quiet": []}
for form, rows in found.items():
    venue = "public" if form == "announced" else "private"
    for chance in chances:
        bound = scenario.forms[form].bind(**{**scenario.baseline, "resolved": chance})
        solution = rl.solve(bound, "sequential")
        war = {e.probability("war") for e in solution}
        assert solution.complete
        assert len(war) == 1
        meant = [e.probability("demand meant", given=venue) for e in solution]
        rows.append((war.pop(), min(meant)))

figure, axes = plt.subplots(1, 2, figsize=(9, 3.6), sharey=True, layout="constrained")
styles = {"announced": ("#b03a2e", "-"), "quiet": ("#1f4e8c", "--")}
titles = ("war", "a demand is meant (at least)")
for column, (ax, title) in enumerate(zip(axes, titles, strict=True)):
    for form, (colour, dashes) in styles.items():
        heights = [float(row[column]) for row in found[form]]
        ax.plot(
            list(map(float, chances)), heights, dashes, color=colour, lw=2, label=form
        )
    ax.set_title(title, fontsize=10)
    ax.set_xlabel("chance that the US is resolved (resolved)")
    ax.set_ylim(0, 1.05)
    ax.spines[["top", "right"]].set_visible(False)
axes[0].set_ylabel("probability")
axes[0].legend(frameon=False, title="contacts are")
picture = Path(globals().get("__file__", "quiet_contacts.py")).with_suffix(".png")
figure.savefig(picture, dpi=100, bbox_inches="tight")
print(f"\nBoth probabilities are drawn in {picture.name}.")

print(f"\nANSWER\n{fill(scenario.answer, 96, initial_indent='  ')}")

# %%
# What was said holds:

for quiet, announced in zip(found["quiet"], found["announced"], strict=True):
    assert quiet[0] <= announced[0]
    assert quiet[1] <= announced[1]
(calm,), (loud,) = (scenario.solve(form=form) for form in ("quiet", "announced"))
assert all(calm.payoffs[side] > loud.payoffs[side] for side in (rl.US, rl.RUSSIA))
