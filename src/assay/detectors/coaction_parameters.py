"""What a coaction run is asked for: windows, kinds, thresholds, each checked when it is made."""

from __future__ import annotations

from dataclasses import dataclass

from assay.errors import UsageError
from assay.model.tables import DEFAULT_KINDS, SHARE_KINDS

MOST_S = 1e9
"""No window is longer: thirty years."""

FEWEST_SURROGATES = 19
"""With fewer surrogates of the whole data no p can be .05 or less."""

MOST_SURROGATES = 100_000

MOST_WINDOWS = 1e6
"""No Δ is wider, counted in windows."""

MOST_SEED = 2**63 - 1


def check_seed(seed: int) -> None:
    """Refuse a seed that the draws cannot hold.

    Raises:
        UsageError: It is negative or too large.
    """
    if not 0 <= seed <= MOST_SEED:
        raise UsageError(f"--seed must lie between 0 and {MOST_SEED}", fix="1 is usual")


@dataclass(frozen=True)
class Coaction:
    """What to look for.

    Attributes:
        windows_s: Windows in seconds; empty means the default (60 s, or twice the data's time
            resolution where that is coarser).
        auto_window: Estimate the window from half of the objects and test on the others.
        min_shared: Fewest distinct co-timed objects of an edge; also c₀ of the family.
        fdr: False discovery rate of the gate.
        kinds: Kinds of object; those without shares are passed over.
        deltas: Each Δ as a multiple of the window; the narrowest one is the gate's.
        max_sharers: Leave out objects with more sharers. The user's explicit choice, printed in
            every result; None treats all of them exactly.
        shrinkage: κ of the gate's null; None learns it from the data.
        surrogates: Whole-data surrogates; None makes as many as a small budget buys, 0 none.
        seed: Of everything that is drawn at random.
    """

    windows_s: tuple[float, ...] = ()
    auto_window: bool = False
    min_shared: int = 2
    fdr: float = 0.05
    kinds: tuple[str, ...] = DEFAULT_KINDS
    deltas: tuple[float, ...] = (10.0, 30.0)
    max_sharers: int | None = None
    shrinkage: float | None = None
    surrogates: int | None = None
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse what makes no sense.

        Raises:
            UsageError: A value is out of its range.
        """
        if self.min_shared < 1:
            raise UsageError("--min-shared must be at least 1", fix="2 is usual")
        if not 0 < self.fdr < 1:
            raise UsageError("--fdr must lie between 0 and 1", fix="0.05 is usual")
        if not all(0 < window_s < MOST_S for window_s in self.windows_s):
            raise UsageError(
                "a window must be longer than 0 s and shorter than thirty years",
                fix="--window 60s is usual",
            )
        if not self.deltas or not all(2 <= multiple < MOST_WINDOWS for multiple in self.deltas):
            raise UsageError(
                f"each Δ must be at least two windows wide, and less than {MOST_WINDOWS:,.0f}",
                fix="--delta 10w,30w",
            )
        check_seed(self.seed)
        if self.shrinkage is not None and not self.shrinkage > 0:
            raise UsageError("the shrinkage must be above 0", fix="leave it out to learn it")
        if self.surrogates is not None and not (
            self.surrogates == 0 or FEWEST_SURROGATES <= self.surrogates <= MOST_SURROGATES
        ):
            raise UsageError(
                f"--surrogates must be 0 or from {FEWEST_SURROGATES} to {MOST_SURROGATES:,}",
                fix="200 is usual; auto makes as many as cost little",
            )
        if self.max_sharers is not None and self.max_sharers < 2:
            raise UsageError("--max-sharers must be at least 2", fix="leave it out for no cap")
        unknown = [kind for kind in self.kinds if kind not in SHARE_KINDS]
        if unknown or not self.kinds:
            raise UsageError(
                f"no such kind of object: {', '.join(unknown) or 'none given'}",
                fix="choose from " + ", ".join(SHARE_KINDS),
            )
