"""Tables of accounts in all their forms, from the beginning or after some rows."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from assay.errors import InputError
from assay.identities import account_rows
from assay.identities.account_rows import count_accounts, read_accounts
from assay.identities.weigh import Account

ROWS = [{"account_id": f"{n}", "handle": f"h{n}", "display_name": f"N {n}"} for n in range(1, 8)]


def lines(*rows: object) -> str:
    return "\n".join(map(json.dumps, rows)) + "\n"


@pytest.fixture(autouse=True)
def three_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account_rows, "BATCH_ROWS", 3)


@pytest.mark.parametrize("name", ["a.csv", "a.ndjson", "a.parquet"])
def test_rows_that_are_passed_over_keep_their_numbers(tmp_path: Path, name: str) -> None:
    path, table = tmp_path / name, pa.Table.from_pylist(ROWS)
    if name.endswith("csv"):
        pa_csv.write_csv(table, path)
    elif name.endswith("parquet"):
        pq.write_table(table, path)
    else:
        path.write_text(lines(*ROWS), encoding="utf-8")
    whole = [
        Account(one["account_id"], handle=one["handle"], display_name=one["display_name"], row=row)
        for row, one in enumerate(ROWS, 1)
    ]
    for after in range(len(ROWS) + 2):
        assert [one for some in read_accounts(path, after) for one in some] == whole[after:]
    assert count_accounts(path) == (len(ROWS) if name.endswith("parquet") else None)


def test_what_ndjson_says_stays_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    told = {"id": 12345678901234567890, "handle": "007", "bio": "x\ud800", "verified": True}
    path.write_text("\ufeff\n" + lines(told, {"handle": "b", "bio": None}), encoding="utf-8")
    (batch,) = read_accounts(path)
    assert list(batch) == [
        Account("12345678901234567890", handle="007", bio="x?", verified=True, row=1),
        Account("b", handle="b", row=2),
    ]


def test_the_last_rows_of_ndjson_may_name_no_handle(tmp_path: Path) -> None:
    """Many programs leave out what is empty."""
    path = tmp_path / "a.ndjson"
    path.write_text(lines(*ROWS[:3], {"account_id": "8"}), encoding="utf-8")
    *_, last = read_accounts(path)
    assert list(last) == [Account("8", row=4)]


@pytest.mark.parametrize(
    ("name", "text", "says", "row"),
    [
        ("a.ndjson", lines(ROWS[0]) + "\n{broken\n", "no JSON", 3),
        ("a.json", lines([ROWS[0]]), "no account", 1),
        ("a.ndjson", lines({"account_id": "1"}), "neither handles nor display names", None),
        ("a.parquet", "no table", "cannot be read", None),
        ("a.xlsx", "no table", "'.xlsx' are not read", None),
    ],
)
def test_a_broken_table_is_refused_with_its_row_and_a_remedy(
    tmp_path: Path, name: str, text: str, says: str, row: int | None
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=says) as refused:
        list(read_accounts(path))
    assert (refused.value.file, refused.value.row) == (str(path), row)
    assert refused.value.fix
