"""
Mixed signals: do two messages reveal sincerity?
================================================

The article's author, paraphrased: the US president leads a campaign to isolate Russia
while senior officials hold non-public talks, which makes one doubt US sincerity. What
is said in public costs something with outside observers, what is said in private is
free. Does the pair reveal whether the US is sincere, and which refinement selects? The
numbers are ours and illustrative.
"""

from fractions import Fraction
from pathlib import Path
from textwrap import fill

import matplotlib.pyplot as plt

import redlines as rl

scenario = rl.load("mixed_signals")

print("QUESTION")
print(fill(scenario.question, 96, initial_indent="  ", subsequent_indent="  "))
print(f"\nWHO SAID WHAT (paraphrased)\n{scenario.sources()}")
print(f"\nTHE GAME\n{scenario.story()}")
print(f"\nWHAT IS ASSUMED\n{scenario.readings()}")

# %%
# Private words add nothing
# -------------------------

print(f"\nSIDE BY SIDE\n{scenario.comparison()}")
words = scenario.study("What private words add")
print(f"\n{fill(words.says, 96)}")

# %%
# Which refinement selects
# ------------------------
#
# The conditions are proved for all payoffs that fit the assumptions.

selected = scenario.study("Which refinement selects")
print(f"\n{fill(selected.says, 96)}")

# %%
# How often a sincere US is met in earnest, as the public opening gets dearer: the range
# over all equilibria, and over those that pass each refinement. Without private words,
# since these add nothing.

styles = {
    "no refinement": ("#7a8290", {}),
    "intuitive criterion": ("#1f4e8c", {"refine": "intuitive criterion"}),
    "D1": ("#b03a2e", {"refine": "D1"}),
}
costs = [Fraction(k, 8) for k in range(1, 64, 2)]
found = {}
for name, (_, options) in styles.items():
    rows = found[name] = []
    for outside in costs:
        bound = scenario.forms["none"].bind(**{**scenario.baseline, "outside": outside})
        solution = rl.solve(bound, "sequential", **options)
        assert solution.complete
        met = [e.probability("met") / bound.bound["sincere"] for e in solution]
        rows.append((min(met), max(met)))

figure, axes = plt.subplots(1, 3, figsize=(10, 3.4), sharey=True, layout="constrained")
for ax, (name, (colour, _)) in zip(axes, styles.items(), strict=True):
    low, high = ([float(row[end]) for row in found[name]] for end in (0, 1))
    across = list(map(float, costs))
    ax.fill_between(across, low, high, color=colour, alpha=0.35, lw=0)
    ax.plot(across, high, color=colour, lw=2)
    ax.plot(across, low, color=colour, lw=2)
    for name_, value in (("respite", 2), ("settlement", 6)):
        ax.axvline(value, color="#888888", lw=0.8, ls=":")
        ax.annotate(name_, (value, 1.06), ha="center", fontsize=8, color="#555555")
    ax.set_title(name, fontsize=10)
    ax.set_xlabel("cost of a public opening (outside)")
    ax.set_ylim(-0.03, 1.15)
    ax.spines[["top", "right"]].set_visible(False)
axes[0].set_ylabel("sincere US met in earnest")
picture = Path(globals().get("__file__", "mixed_signals.py")).with_suffix(".png")
figure.savefig(picture, dpi=100, bbox_inches="tight")
print(f"\nThe ranges are drawn in {picture.name}.")

print(f"\nANSWER\n{fill(scenario.answer, 96, initial_indent='  ')}")

# %%
# What was said holds:

unheard = scenario.solve()
assert unheard.complete
for equilibrium in unheard:
    if equilibrium.probability("mixed signals"):
        assert equilibrium.probability("in earnest", given="mixed signals") == 0
for cost, every, intuitive, d1 in zip(costs, *found.values(), strict=True):
    assert every[0] == 0
    assert (intuitive[0] > 0) == (2 < cost < 6)
    assert (d1[0] > 0) == (cost < 6)
