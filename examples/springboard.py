"""
Springboard: where does linkage hurt?
=====================================

Experts, unnamed and paraphrased: an exchange can be an occasion and a springboard for
talks on larger matters. A small step first may show whether a larger one is safe. But
an exchange can also fail for reasons of its own, when a third party stops it, and then
an issue that is tied to it fails with it. When does the first step help, and what does
it cost to tie the larger issue to it? The numbers are ours and illustrative.
"""

from fractions import Fraction
from pathlib import Path
from textwrap import fill

import numpy as np
from matplotlib import pyplot

import redlines as rl
from redlines.scenarios.springboard import TAKEN, price_of_linkage

scenario = rl.load("springboard")

print("QUESTION")
print(fill(scenario.question, 96, initial_indent="  ", subsequent_indent="  "))
print(f"\nWHO SAID WHAT (paraphrased)\n{scenario.sources()}")
print(f"\nTHE GAME, AND THREE FORMS OF IT\n{scenario.story()}")
print(f"\nWHAT IS ASSUMED\n{scenario.readings()}")

# %%
# At the baseline
# ---------------
#
# By itself the larger issue fails. After an exchange Russia sometimes enters a
# settlement; whether the two are linked changes nothing.

for form in ("linked", "separate"):
    print(f"\nEQUILIBRIUM, form {form!r}")
    print(scenario.account(scenario.solutions[form]))
print(f"\nSIDE BY SIDE\n{scenario.comparison()}")

# %%
# Where linkage hurts
# -------------------
#
# What Russia has with the issues separate, less what it has with them linked, by trust
# and by the chance that a third party stops the exchange.

trusts = [Fraction(2 * k + 1, 20) for k in range(3, 10)]
obstacles = [Fraction(2 * k + 1, 20) for k in range(6)]
prices = np.array(
    [
        [
            float(price_of_linkage(scenario.baseline, trust=t, obstacle=o))
            for t in trusts
        ]
        for o in obstacles
    ]
)
reach = np.abs(prices).max()
figure, ax = pyplot.subplots(figsize=(7, 4))
mesh = ax.pcolormesh(
    np.linspace(0.3, 1, len(trusts) + 1),
    np.linspace(0, 0.6, len(obstacles) + 1),
    prices,
    cmap="RdBu_r",
    vmin=-reach,
    vmax=reach,
)
for row, obstacle in zip(prices, obstacles, strict=True):
    for price, trust in zip(row, trusts, strict=True):
        words = f"{price:+.2f}" if price else "0"
        ax.text(trust, obstacle, words, ha="center", va="center", size=8)
figure.colorbar(mesh, label="what linkage costs Russia (blue: it gains)")
alone = scenario.baseline["loss"] / (
    scenario.baseline["gain"] + scenario.baseline["loss"]
)
ax.axvline(float(alone), color="black", linewidth=1)
ax.set_title("left of the line the larger issue fails by itself", size=10)
ax.set_xlabel("trust: chance that the US is trustworthy")
ax.set_ylabel("chance that a third party stops the exchange")
picture = Path(globals().get("__file__", "springboard.py")).with_suffix(".png")
figure.savefig(picture, dpi=100, bbox_inches="tight")
print(f"\nWhere linkage hurts is in {picture.name}.")

print("\nANSWER")
print(fill(scenario.answer, 96, initial_indent="  ", subsequent_indent="  "))

# %%
# What was said holds:

linked, separate, by_itself = (s[0] for s in scenario.solutions.values())
assert by_itself.probability("settlement") == 0
assert linked.probability("settlement") == separate.probability("settlement") > 0
assert linked.payoffs == separate.payoffs
assert linked.probability(TAKEN) > 0
low = [k for k, trust in enumerate(trusts) if trust < alone]
assert not prices[:, low].any()
assert prices.max() > 0 > prices.min()
