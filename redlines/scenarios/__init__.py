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
    "quiet_contacts": "redlines.scenarios.quiet_contacts",
    "mixed_signals": "redlines.scenarios.mixed_signals",
    "without_ukraine": "redlines.scenarios.without_ukraine",
    "direct_clash": "redlines.scenarios.direct_clash",
    "start_inspections": "redlines.scenarios.start_inspections",
    "distrust": "redlines.scenarios.distrust",
    "springboard": "redlines.scenarios.springboard",
    "washington_first": "redlines.scenarios.washington_first",
    "mediators": "redlines.scenarios.mediators",
    "prisoner_exchange": "redlines.scenarios.prisoner_exchange",
    "both_win": "redlines.scenarios.both_win",
    "g20_summit": "redlines.scenarios.g20_summit",
    "after_start": "redlines.scenarios.after_start",
    "hybrid_norm": "redlines.scenarios.hybrid_norm",
}
