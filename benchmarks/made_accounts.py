"""Accounts and a register made of given names, ordinary words and digits, seeded, in any number.

One account in ten thousand bears a body's name with something around it, so that a run has
something to follow up.
"""

from __future__ import annotations

import csv
import random
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.lexicon.ordinary_words import ordinary_words
from assay.lexicon.people import given_names

BLOCK = 1_000_000
KINDS = ("outlet", "agency", "company", "ministry")
ONE_IN = 10_000
AROUND = ("{} official", "{} News", "the real {}", "{}24")
LEAST_LETTERS = 3


def write_register(path: Path, bodies: int) -> None:
    """A register of made-up bodies as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "name", "kind", "handles"))
        for number, name in enumerate(_bodies(bodies)):
            handle = name.replace(" ", "").lower()
            writer.writerow((f"b{number}", name, KINDS[number % len(KINDS)], f"x:{handle}"))


def write_accounts(path: Path, accounts: int) -> None:
    """Accounts as Parquet: account_id, platform, handle, display_name, bio."""
    rng = np.random.default_rng(5)
    given, words = _sorted(given_names()), _sorted(ordinary_words())
    attacked = _bodies(1000)
    schema = pa.schema(
        [
            (name, pa.string())
            for name in ("account_id", "platform", "handle", "display_name", "bio")
        ]
    )
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for start in range(0, accounts, BLOCK):
            count = min(BLOCK, accounts - start)
            first = given.take(pa.array(rng.integers(len(given), size=count)))
            second = words.take(pa.array(rng.integers(len(words), size=count)))
            tail = pa.array(rng.integers(3000, size=count)).cast(pa.string())
            name = pc.utf8_title(pc.binary_join_element_wise(first, second, " "))
            handle = pc.binary_join_element_wise(first, second, tail, "")
            told = name.to_pylist()
            for place in range(0, count, ONE_IN):
                number = start + place
                told[place] = AROUND[number // ONE_IN % len(AROUND)].format(
                    attacked[number // ONE_IN % len(attacked)]
                )
            ids = pa.array(np.arange(start, start + count)).cast(pa.string())
            constant = [pa.array(["x"] * count), pa.array(["made up"] * count)]
            columns = [ids, constant[0], handle, pa.array(told), constant[1]]
            writer.write_batch(pa.record_batch(columns, schema=schema), row_group_size=BLOCK // 4)


def _bodies(count: int) -> list[str]:
    rng = random.Random(6)
    words = [word for word in _sorted(ordinary_words()).to_pylist() if len(word) > LEAST_LETTERS]
    return [f"{rng.choice(words)} {rng.choice(words)} {rng.choice(words)}".title()
            for _ in range(count)]  # fmt: skip


def _sorted(words: frozenset[str]) -> pa.Array:
    return pa.array(sorted(one for one in words if len(one) >= LEAST_LETTERS and one.isascii()))
