"""
Without Ukraine: what keeps a formula?
======================================

The US side, as reported, says that its talks with Russia are not on Ukraine, so that
the formula of no talks on Ukraine without Ukraine holds; Elena Suponina doubts it, and
Dmitry Suslov adds that the US discusses Ukraine with other allies all the same. Russia
may leak that the formula was bent. How often is it bent, and what drives that? The
numbers are ours and illustrative.
"""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from textwrap import fill

import matplotlib.pyplot as plt

import redlines as rl

scenario = rl.load("without_ukraine")

print("QUESTION")
print(fill(scenario.question, 96, initial_indent="  ", subsequent_indent="  "))
print(f"\nWHO SAID WHAT (paraphrased)\n{scenario.sources()}")
print(f"\nTHE GAME\n{scenario.story()}")
print(f"\nWHAT IS ASSUMED\n{scenario.readings()}")

# %%
# Three ways of leaking, side by side
# -----------------------------------

print(f"\nSIDE BY SIDE\n{scenario.comparison()}")

# %%
# Who decides what
# ----------------
#
# As in an inspection game, each side mixes so that the other is indifferent. So the
# payoffs of Russia say how often the formula is bent, and those of the US how often
# that is leaked.

for study in scenario.studies:
    finding = scenario.study(study.title)
    print(f"\n{study.title.upper()}\n{fill(finding.says, 96)}")

# %%
# A dearer ally and a dearer leak
# -------------------------------
#
# Every point below is the only equilibrium at these values, proved to be so.


def chances(name, values):
    """The probabilities of bending and of a leak while one parameter moves."""
    rows = []
    for value in values:
        solution = rl.solve(
            scenario.game.bind(**{**scenario.baseline, name: value}), "sequential"
        )
        assert solution.complete
        assert len(solution) == 1
        rows.append([solution[0].probability(event) for event in ("bent", "leaked")])
    return rows


tried = {
    "ally_cost": [Fraction(k, 4) for k in range(13, 40)],
    "price": [Fraction(k, 64) for k in range(133, 287, 2)],
}
titles = {
    "ally_cost": "the cost with the ally, if seen",
    "price": "what a leak costs Russia",
}
found = {name: chances(name, values) for name, values in tried.items()}
figure, axes = plt.subplots(1, 2, figsize=(9, 3.6), sharey=True, layout="constrained")
for ax, (name, rows) in zip(axes, found.items(), strict=True):
    styles = (("formula bent", "#1f4e8c", "-"), ("leaked", "#b03a2e", "--"))
    for column, (label, colour, dashes) in enumerate(styles):
        heights = [float(row[column]) for row in rows]
        ax.plot(list(map(float, tried[name])), heights, dashes, color=colour, lw=2)
        ax.annotate(
            label,
            (float(tried[name][-1]), heights[-1]),
            xytext=(-4, 9),
            textcoords="offset points",
            ha="right",
            color=colour,
        )
    ax.set_xlabel(f"{titles[name]} ({name})")
    ax.set_ylim(0, 1.08)
    ax.spines[["top", "right"]].set_visible(False)
axes[0].set_ylabel("probability")
picture = Path(globals().get("__file__", "without_ukraine.py")).with_suffix(".png")
figure.savefig(picture, dpi=100, bbox_inches="tight")
print(f"\nThe probabilities are drawn in {picture.name}.")

print(f"\nANSWER\n{fill(scenario.answer, 96, initial_indent='  ')}")

# %%
# What was said holds:

dearer_ally, dearer_leak = found["ally_cost"], found["price"]
assert len({bent for bent, _ in dearer_ally}) == 1
assert all(a[1] > b[1] for a, b in pairwise(dearer_ally))
mixing = [row for row in dearer_leak if 0 < row[1] < 1]
assert len({leaked for _, leaked in mixing}) == 1
assert all(a[0] < b[0] for a, b in pairwise(mixing))
assert scenario.solve(form="never")[0].probability("bent") == 1
