"""``assay detect impersonation`` on tables of accounts that are made up: speed and memory."""

from __future__ import annotations

from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.lines import Goal, Line, failed
from benchmarks.measure import NotMeasured

HERE = Path(__file__).resolve().parent
SIZES = (
    ("1M", 1_000_000, 1_000),
    ("10M", 10_000_000, 1_000),
    ("50M", 50_000_000, 1_000),
    ("10M", 10_000_000, 50_000),
)
"""What it is called, accounts, bodies of the register."""
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
    """Names per CPU-second and peak memory at each size; growth with the accounts."""
    maker = HERE / "made_accounts.py"
    lines: list[Line] = []
    cpu_s: dict[tuple[int, int], float] = {}
    for size, full, bodies in SIZES:
        accounts = full // bench.options.shrink
        what = f"assay detect impersonation, {size} accounts against {bodies:,} bodies"
        bench.tell(what)
        try:
            register = bench.made(f"bodies-{bodies}.csv", maker, MAKE_REGISTER, str(bodies))
            table = bench.made(f"accounts-{accounts}.parquet", maker, MAKE_ACCOUNTS, str(accounts))
            measured = bench.assay(
                "detect", "impersonation", str(table), "--identities", str(register),
                "--no-report", "--quiet", out=bench.work / "posing",
            )  # fmt: skip
        except NotMeasured as error:
            lines.append(failed("identities", what, error))
            continue
        cpu_s[accounts, bodies] = measured.cpu_s / accounts
        speed = NAMES_EACH / cpu_s[accounts, bodies]
        goal = Goal(150_000, at_least=True) if bench.judging else None
        lines.append(Line("identities", what, measured, speed, "names/CPU-s", goal))
        memory = Goal(2) if bench.judging and size == "10M" else None
        told = f"{what}: memory"
        lines.append(Line("identities", told, None, measured.peak_mb / 1000, "GB", memory))
    least = min(bodies for *_, bodies in SIZES)
    alike = [accounts for accounts, bodies in cpu_s if bodies == least]
    if len(alike) > 1:
        grown = cpu_s[max(alike), least] / cpu_s[min(alike), least]
        what = f"CPU per account at {max(alike):,} over that at {min(alike):,}"
        lines.append(Line("identities", what, figure=grown, unit="x"))
    return lines
