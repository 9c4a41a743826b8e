"""How a κ is told to people."""

from __future__ import annotations


def kappa(shrinkage: float | None) -> str:
    """``κ = 5``, or that it was learnt from the data."""
    return "κ learnt" if shrinkage is None else f"κ = {shrinkage:g}"
