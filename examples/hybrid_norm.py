"""
Hybrid norm: is lasting tension all that there can be?
======================================================

A statement by Dmitry Suslov, paraphrased: the hybrid war will last long, and both sides
take it for the new norm and adapt to it. Two patient sides hold back, press or strike,
period after period, in calm or in tension. All stationary equilibria are found, and
where each of them leads. The numbers are ours and illustrative.
"""

from pathlib import Path
from textwrap import fill

import redlines as rl
from redlines.scenarios.hybrid_norm import kind

scenario = rl.load("hybrid_norm")

print("QUESTION")
print(fill(scenario.question, 96, initial_indent="  ", subsequent_indent="  "))
print(f"\nWHO SAID WHAT (paraphrased)\n{scenario.sources()}")
print(f"\nTHE GAME\n{scenario.story()}")
print(f"\nWHAT IS ASSUMED\n{scenario.readings()}")

# %%
# All stationary equilibria at the baseline, and where they lead from tension
# ---------------------------------------------------------------------------

(solution,) = scenario.solutions.values()
proved = "proved to be all" if solution.complete else "there may be more"
print(f"\n{len(solution)} EQUILIBRIA ({proved})")
for found in solution:
    print(f"\nleads to: {kind(found)}\n{found}")

# %%
# What a clash that is expected is worth
# --------------------------------------
#
# Where both strike for good, a side that only presses hardly lowers the risk: there is
# little left to lose.

striking = next(
    found
    for found in solution
    if found.support["tension"] == {"US": ("strike",), "Russia": ("strike",)}
)
print(f"\n{striking.why('tension')}")

# %%
# Which equilibria coexist, the more patient both are
# ---------------------------------------------------

finding = scenario.study("Which equilibria coexist")
print()
print(fill(finding.says, 96, initial_indent="  ", subsequent_indent="  "))
ax = finding.draw()
picture = Path(globals().get("__file__", "hybrid_norm.py")).with_suffix(".png")
ax.figure.savefig(picture, dpi=100, bbox_inches="tight")
print(f"\nThe equilibria are counted in {picture.name}.")
print(f"\nANSWER\n{fill(scenario.answer, 96, initial_indent='  ')}")

# %%
# What was said holds:

assert solution.complete
assert all(found.certificate.holds for found in solution)
assert {"peace", "norm", "clash"} <= {kind(found) for found in solution}
patient = scenario.game.bind(**{**scenario.baseline, "patience": "9/10"})
assert "clash" not in {kind(found) for found in rl.solve(patient, "markov perfect")}
