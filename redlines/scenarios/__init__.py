"""The scenarios, one file each; a file is found through its line below.

Each module holds one `redlines.Scenario` named ``SCENARIO``.

Reads: nothing.  Used by: scenario, by name.
"""

from collections.abc import Mapping
from typing import Final

__all__ = ["SCENARIOS"]

SCENARIOS: Final[Mapping[str, str]] = {
    "red_lines": "redlines.scenarios.red_lines",
    "escalation_ladder": "redlines.scenarios.escalation_ladder",
    "g20_summit": "redlines.scenarios.g20_summit",
    "after_start": "redlines.scenarios.after_start",
    "hybrid_norm": "redlines.scenarios.hybrid_norm",
}
