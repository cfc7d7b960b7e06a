"""
Both win: what does a home audience that is hard to please bring?
=================================================================

The article, on media reports, paraphrased: both sides look for a compromise that lets
both declare themselves winners, and none has been found. Each side's audience takes
more or fewer settlements for a win, and only that side knows which. The numbers are
ours and illustrative. What does a tighter win-set gain, and what does it lose?
"""

from pathlib import Path
from textwrap import fill

import redlines as rl
from redlines import US

scenario = rl.load("both_win")

print("QUESTION")
print(fill(scenario.question, 96, initial_indent="  ", subsequent_indent="  "))
print(f"\nWHO SAID WHAT (paraphrased)\n{scenario.sources()}")
print(f"\nTHE GAME, AND TWO FORMS OF IT\n{scenario.story()}")
print(f"\nWHAT IS ASSUMED\n{scenario.readings()}")

# %%
# Every equilibrium
# -----------------
#
# Where win-sets are private, a US that could sell any settlement at home sometimes asks
# for its own terms as if it could sell nothing else.

for form, solution in scenario.solutions.items():
    print(f"\nEQUILIBRIA, form {form!r}")
    print(scenario.account(solution))
print(f"\nSIDE BY SIDE\n{scenario.comparison()}")

# %%
# What is lost, for every payoff that fits
# ----------------------------------------

print("\nCLAIMS")
for words in scenario.claims:
    verdict = scenario.verdict(words)
    print(
        fill(
            f"{verdict.name}: {words}",
            96,
            initial_indent="  ",
            subsequent_indent="    ",
        )
    )

# %%
# A tighter win-set, step by step
# -------------------------------
#
# US terms become ever more likely, settlements ever less, but for one jump: there
# Russia stops doubting that US terms are all that it can get.

finding = scenario.study("A tighter US win-set")
print("\nA TIGHTER US WIN-SET")
print(fill(finding.says, 96, initial_indent="  ", subsequent_indent="  "))
ax = finding.draw()
picture = Path(globals().get("__file__", "both_win.py")).with_suffix(".png")
ax.figure.savefig(picture, dpi=100, bbox_inches="tight")
print(f"\nThe picture is in {picture.name}.")
print("\nANSWER")
print(fill(scenario.answer, 96, initial_indent="  ", subsequent_indent="  "))

# %%
# What was said holds:

verdicts = [scenario.verdict(words).name for words in scenario.claims]
assert verdicts == ["always", "always", "sometimes", "sometimes"]
private, known = (scenario.solve(form=form)[0] for form in ("private", "open"))
exists = "win for both exists"
assert private.probability("settled", given=exists) < 1
assert known.probability("settled", given=exists) == 1
doubted, believed = (
    rl.solve(scenario.game.bind(**{**scenario.baseline, "us_tight": t}), "sequential")[
        0
    ]
    for t in ("9/20", "1/2")
)
for event in ("US terms", "settled"):
    assert believed.probability(event) > doubted.probability(event)
assert believed.payoffs[US] > doubted.payoffs[US]
