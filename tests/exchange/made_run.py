"""Makes a small finished run on disk, with the real writer and schemas."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pyarrow as pa

from assay.engine.write import write_json, write_table
from assay.model import tables
from assay.model.dataset import RunFolder

START = datetime(2024, 3, 4, 12, 0, 0, 250_000, tzinfo=UTC)


def make_run(folder: Path, handles: dict[str, str | None]) -> RunFolder:
    """A run whose network joins all the given accounts (id to handle) with each other."""
    run = RunFolder(folder)
    ids = sorted(handles)
    pairs = list(combinations(ids, 2))
    write_table(
        run.network,
        pa.table(
            {
                "account_a": [a for a, _ in pairs],
                "account_b": [b for _, b in pairs],
                "weight": [number + 2 for number in range(len(pairs))],
                "kinds": [["hashtag", "link"]] * len(pairs),
                "windows_s": [[10.0, 60.5]] * len(pairs),
                "q_value": [1.25e-9] * len(pairs),
                "first_at": [START] * len(pairs),
                "last_at": [START + timedelta(days=2)] * len(pairs),
            }
        ),
        tables.NETWORK,
    )
    write_table(
        run.network_accounts,
        pa.table(
            {
                "account_id": ids,
                "community": [0] * len(ids),
                "degree": [len(ids) - 1] * len(ids),
                "strength": [7] * len(ids),
                "shares": [40 + number for number in range(len(ids))],
                "coordinated_shares": [12] * len(ids),
                "p_value": [1e-7] * len(ids),
                "q_value": [None if number == 0 else 0.001 for number in range(len(ids))],
            }
        ),
        tables.NETWORK_ACCOUNTS,
    )
    write_table(
        run.communities,
        pa.table(
            {
                "community": [0],
                "size": [len(ids)],
                "edges": [len(pairs)],
                "kinds": [["hashtag", "link"]],
                "objects": [31],
                "first_at": [START],
                "last_at": [START + timedelta(days=2)],
                "stability": [0.98],
                "q_value": [1.5e-6],
            }
        ),
        tables.COMMUNITIES,
    )
    nothing = {field.name: None for field in tables.ACCOUNTS}
    write_table(
        run.dataset.accounts,
        pa.Table.from_pylist(
            [
                {
                    **nothing,
                    "account_id": account_id,
                    "platform": "simnet-a",
                    "handle": handle,
                    "status": "unknown",
                }
                for account_id, handle in handles.items()
            ],
            tables.ACCOUNTS,
        ),
        tables.ACCOUNTS,
    )
    write_json(run.run, {"version": "0.1.0", "parameters": {"fdr": 0.05}})
    write_json(run.findings, {"schema": 1, "findings": []})
    return run
