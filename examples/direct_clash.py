"""
Direct clash: can what nobody wants happen?
===========================================

A statement by Dmitry Suslov, paraphrased: neither side has an interest in nuclear use.
So both rank the clash last. Each side is firm or yields, and two firm sides clash. For
which rankings of the other outcomes is there a risk all the same? All 36 pairs of
rankings are looked at in three ways: Nash equilibria, correlated equilibria, and the
stable states of a graph model. The numbers are ours and illustrative.
"""

from pathlib import Path
from textwrap import fill

import redlines as rl

scenario = rl.load("direct_clash")

print("QUESTION")
print(fill(scenario.question, 96, initial_indent="  ", subsequent_indent="  "))
print(f"\nWHO SAID WHAT (paraphrased)\n{scenario.sources()}")
print(f"\nTHE GAME\n{scenario.story()}")
print(f"\nWHAT IS ASSUMED\n{scenario.readings()}")

# %%
# Every equilibrium at one set of numbers
# ---------------------------------------

for form, solution in scenario.solutions.items():
    print(f"\nEQUILIBRIA, {form}")
    print(scenario.account(solution))

# %%
# For which numbers, and not only for these
# -----------------------------------------

may_happen, never_certain, *_ = scenario.claims
for words in (may_happen, never_certain):
    print(f"\n{words.upper()}\n{scenario.verdict(words).report()}")

# %%
# All rankings
# ------------
#
# P, S, Y and C are a side's own outcomes, to prevail, settle, yield alone and clash,
# best first.

finding = scenario.study("All rankings side by side")
widths = [max(map(len, column)) for column in zip(*finding.table, strict=True)]
print("\nALL RANKINGS, UP TO EXCHANGING THE SIDES")
for row in finding.table:
    cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
    print("  " + "  ".join(cells).rstrip())
print(fill(finding.says, 96))

assert finding.draw is not None
ax = finding.draw()
picture = Path(globals().get("__file__", "direct_clash.py")).with_suffix(".png")
ax.figure.savefig(picture, dpi=100)
print(f"\nThe greatest risk, pair by pair, is drawn in {picture.name}.")

# %%
# Mixed and correlated risk
# -------------------------

risks = scenario.study("Mixed and correlated risk")
print("\n" + fill(risks.says, 96))
print(f"\nANSWER\n{fill(scenario.answer, 96, initial_indent='  ')}")

# %%
# What was said holds:

assert scenario.verdict(may_happen).name == "sometimes"
assert scenario.verdict(never_certain).name == "always"
risky = [row for row in finding.table[1:] if row[2] != "0"]
assert risky == [row for row in finding.table[1:] if row[3] != "0"]
assert all(
    ranking.index("P") < ranking.index("S") for row in risky for ranking in row[:2]
)
assert not any("C" in state for row in finding.table[1:] for state in row[4:])
both_mix = max(e.probability("clash") for e in scenario.solve())
worst = rl.solve(scenario.form(), "correlated", maximize="clash")[0].probability(
    "clash"
)
assert 0 < both_mix < worst < 1
