"""What a verdict hangs on, and what would settle one that is open.

Reads: verdicts and below.  Used by: users, scenario.
"""
from __future__ import annotations
