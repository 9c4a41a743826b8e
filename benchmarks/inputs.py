"""Benchmark share tables: seeded, calibrated, written in pieces to spare memory.

    python benchmarks/inputs.py flat 5M -o flat-5M.parquet
    python benchmarks/inputs.py hub-heavy 5M --ids string -o hub-5M.parquet

Columns as CooRTweet wants them: object_id, account_id, content_id, timestamp_share (unix
seconds, whole). N shares come from N/15 accounts and concern N/8 objects (N/80 when hub-heavy).
An **account**'s activity falls with its rank as (rank + 10)^-1.05, an **object**'s popularity
as (rank + shift)^-1.1 (Zipf-Mandelbrot). Each object is born at a uniform moment of 30 days and
attracts its shares after lognormal delays (median two hours). The shift of each input
is calibrated so that the share pairs within 60 s come near the figures of :data:`INPUTS`, at which
other tools were measured; the smaller the shift, the larger the largest hubs. Rows are in no order.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numba
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ACCOUNT_EXPONENT = 1.05
ACCOUNT_SHIFT = 10.0
OBJECT_EXPONENT = 1.1
SPAN_S = 30 * 86400
START_S = 1_700_000_000
DELAY_MEDIAN_S = 7200.0
DELAY_SIGMA = 1.5
CHUNK_ROWS = 1_000_000


@dataclass(frozen=True)
class ShareInput:
    """One benchmark input.

    Attributes:
        kind: ``flat`` or ``hub-heavy``.
        shares: Number of rows.
        objects: Number of objects that may be drawn.
        object_shift: Added to an object's rank; the smaller, the larger the hubs.
        target_pairs: Share pairs of different accounts within 60 s that the shift aims at.
    """

    kind: str
    shares: int
    objects: int
    object_shift: float
    target_pairs: int

    @property
    def accounts(self) -> int:
        """Number of accounts that may be drawn."""
        return self.shares // 15

    @property
    def name(self) -> str:
        """Such as ``flat-5M``."""
        return f"{self.kind}-{format_size(self.shares)}"


def format_size(shares: int) -> str:
    """300000 as ``300k``, 5000000 as ``5M``."""
    return f"{shares // 10**6}M" if shares >= 10**6 else f"{shares // 1000}k"


INPUTS: tuple[ShareInput, ...] = (
    ShareInput("flat", 300_000, 37_500, 18.0, 381_000),
    ShareInput("flat", 1_000_000, 125_000, 210.0, 492_000),
    ShareInput("flat", 5_000_000, 625_000, 2900.0, 1_130_000),
    ShareInput("flat", 20_000_000, 2_500_000, 17_000.0, 3_500_000),
    ShareInput("hub-heavy", 1_000_000, 12_500, 40.0, 3_350_000),
    ShareInput("hub-heavy", 5_000_000, 62_500, 170.0, 17_100_000),
)


def find_input(kind: str, size: str) -> ShareInput:
    """The input of that kind and size (``300k``, ``1M``, ``5M``, ``20M``).

    Raises:
        KeyError: There is none.
    """
    by_name = {item.name: item for item in INPUTS}
    return by_name[f"{kind}-{size}"]


def draw_ranks(
    rng: np.random.Generator, rows: int, ranks: int, exponent: float, shift: float
) -> np.ndarray:
    """Draw ranks 0 … ranks-1 with weight (rank + 1 + shift)^-exponent, by inverting the integral.

    The continuous inverse needs no table of all weights, whatever the number of ranks.
    """
    low = (0.5 + shift) ** (1 - exponent)
    high = (ranks + 0.5 + shift) ** (1 - exponent)
    position = (low + rng.random(rows) * (high - low)) ** (1 / (1 - exponent))
    drawn: np.ndarray = np.minimum((position - shift - 0.5).astype(np.int64), ranks - 1)
    return drawn


def share_chunks(
    spec: ShareInput, seed: int, chunk_rows: int = CHUNK_ROWS
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield (object, account, unix seconds) arrays; the same for the same seed and chunk size."""
    rng = np.random.default_rng(seed)
    born_at_s = rng.uniform(0, SPAN_S, spec.objects)
    for first in range(0, spec.shares, chunk_rows):
        rows = min(chunk_rows, spec.shares - first)
        objects = draw_ranks(rng, rows, spec.objects, OBJECT_EXPONENT, spec.object_shift)
        accounts = draw_ranks(rng, rows, spec.accounts, ACCOUNT_EXPONENT, ACCOUNT_SHIFT)
        delays_s = rng.lognormal(np.log(DELAY_MEDIAN_S), DELAY_SIGMA, rows)
        # The far tail is folded back so that the table spans about 30 days.
        at_s = START_S + np.floor((born_at_s[objects] + delays_s) % SPAN_S).astype(np.int64)
        yield objects, accounts, at_s


def write_share_table(spec: ShareInput, path: Path, *, ids: str = "int", seed: int = 1) -> None:
    """Write the input as Parquet; ``ids`` is ``int`` or ``string``."""
    id_type = pa.int64() if ids == "int" else pa.string()
    schema = pa.schema(
        [
            ("object_id", id_type),
            ("account_id", id_type),
            ("content_id", id_type),
            ("timestamp_share", pa.int64()),
        ]
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    first = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for objects, accounts, at_s in share_chunks(spec, seed):
            contents = np.arange(first, first + len(objects))
            first += len(objects)
            columns: list[pa.Array] = [pa.array(item) for item in (objects, accounts, contents)]
            if ids == "string":
                prefixes = ("https://news.example/story/", "account_", "post_")
                columns = [
                    pc.binary_join_element_wise(prefix, column.cast(pa.string()), "")
                    for prefix, column in zip(prefixes, columns, strict=True)
                ]
            writer.write_table(pa.table([*columns, pa.array(at_s)], schema=schema))


@numba.njit(cache=True)
def _count_pairs(objects: np.ndarray, accounts: np.ndarray, at_s: np.ndarray, window_s: int) -> int:
    pairs = 0
    for later in range(len(objects)):
        earlier = later - 1
        while (
            earlier >= 0
            and objects[earlier] == objects[later]
            and at_s[later] - at_s[earlier] <= window_s
        ):
            pairs += accounts[earlier] != accounts[later]
            earlier -= 1
    return pairs


def count_share_pairs(
    objects: np.ndarray, accounts: np.ndarray, at_s: np.ndarray, window_s: int = 60
) -> int:
    """Exact number of share pairs of different accounts on one object within the window."""
    # One int64 key sorts faster than two columns: the span is below 2^22 seconds.
    order = np.argsort((objects << 22) + (at_s - START_S), kind="stable")
    return int(_count_pairs(objects[order], accounts[order], at_s[order], window_s))


def count_of(spec: ShareInput, seed: int) -> int:
    """Share pairs within 60 s of an input."""
    parts = list(share_chunks(spec, seed))
    objects, accounts, at_s = (np.concatenate([part[i] for part in parts]) for i in range(3))
    return count_share_pairs(objects, accounts.astype(np.int32), at_s)


def main() -> None:
    """Write one input and print its real figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("kind", choices=sorted({item.kind for item in INPUTS}))
    parser.add_argument("size", choices=sorted({format_size(item.shares) for item in INPUTS}))
    parser.add_argument("--ids", choices=("int", "string"), default="int")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--out", type=Path)
    options = parser.parse_args()
    try:
        spec = find_input(options.kind, options.size)
    except KeyError:
        parser.error(f"there is no {options.kind} input of {options.size}")
    out = options.out or Path(f"{spec.name}-{options.ids}.parquet")
    began = time.process_time()
    write_share_table(spec, out, ids=options.ids, seed=options.seed)
    written_s = time.process_time() - began
    pairs = count_of(spec, options.seed)
    print(
        f"{out}: {spec.shares:,} shares, {spec.accounts:,} accounts, {spec.objects:,} objects, "
        f"{pairs:,} share pairs within 60 s (aim {spec.target_pairs:,}); "
        f"written in {written_s:.1f} CPU-s"
    )


if __name__ == "__main__":
    main()
