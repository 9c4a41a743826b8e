"""``assay detect impersonation`` on tables of accounts that are made up: speed and memory."""

from __future__ import annotations

from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.lines import Goal, Line, failed
from benchmarks.measure import NotMeasured

HERE = Path(__file__).resolve().parent
BODIES = 1000
SIZES = {"1M": 1_000_000, "10M": 10_000_000, "50M": 50_000_000}
NAMES_EACH = 2
"""Names of an account: its handle and its display name."""

# argv: accounts, path. The register and the accounts are made of the lexicon's own words.
MAKE_ACCOUNTS = """
import sys
from pathlib import Path
from made_accounts import write_accounts
write_accounts(Path(sys.argv[2]), int(sys.argv[1]))
"""
MAKE_REGISTER = """
import sys
from pathlib import Path
from made_accounts import write_register
write_register(Path(sys.argv[2]), int(sys.argv[1]))
"""


def identities_lines(bench: Bench) -> list[Line]:
    """Names per CPU-second and peak memory at each size; growth from the first to the last."""
    maker = HERE / "made_accounts.py"
    register = bench.made(f"bodies-{BODIES}.csv", maker, MAKE_REGISTER, str(BODIES))
    lines: list[Line] = []
    cpu_s: dict[int, float] = {}
    for size, full in SIZES.items():
        accounts = full // bench.options.shrink
        what = f"assay detect impersonation, {size} accounts against {BODIES:,} bodies"
        bench.tell(what)
        try:
            table = bench.made(f"accounts-{accounts}.parquet", maker, MAKE_ACCOUNTS, str(accounts))
            measured = bench.assay(
                "detect", "impersonation", str(table), "--identities", str(register),
                "--no-report", "--quiet", out=bench.work / "posing",
            )  # fmt: skip
        except NotMeasured as error:
            lines.append(failed("identities", what, error))
            continue
        cpu_s[accounts] = measured.cpu_s / accounts
        speed = NAMES_EACH / cpu_s[accounts]
        goal = Goal(150_000, at_least=True) if bench.judging else None
        lines.append(Line("identities", what, measured, speed, "names/CPU-s", goal))
        memory = Goal(2) if bench.judging and size == "10M" else None
        told = f"{what}: memory"
        lines.append(Line("identities", told, None, measured.peak_mb / 1000, "GB", memory))
    if len(cpu_s) > 1:
        first, *_, last = cpu_s.values()
        what = f"CPU per account at {max(cpu_s):,} over that at {min(cpu_s):,}"
        lines.append(Line("identities", what, figure=last / first, unit="x"))
    return lines
