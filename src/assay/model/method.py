"""The version of the method: when are the figures of two runs comparable?

Raised whenever the same data and parameters come to give other figures or other words in a
finding, so that nobody takes the difference for a forgery. A release need not raise it.
"""

from __future__ import annotations

METHOD = 7
"""1: κ of the gate's null set by hand. 2: κ learnt from the data (docs/decisions/0017).
3: κ of the tests on held-out objects learnt too, and counted in run.json. 4: q of accounts counts
the p-values that their tests can have (docs/decisions/0021). 5 was tried and taken back (0023).
6: run.json and findings say where people react too fast for the test (0024). 7: findings
name the limits of their own kinds and windows alone, and tell that each moment counts once; q
counts no candidate pair outside the family (0025). A run that tells no version was made by 1
or 2."""


def method_told(version: object) -> str:
    """A version of the method in words."""
    return f"version {version}" if isinstance(version, int) else "a version before 3 (none is told)"
