from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.compat.coortweet import FIELDS
from assay.compat.tables import alphabetical, encode, read_table
from assay.errors import InputError

HEADER = "object_id,account_id,content_id,timestamp_share\n"


def refused(path: Path, *, seconds: bool = True) -> InputError:
    with pytest.raises(InputError) as caught:
        table = read_table(path, FIELDS)
        table.codes("account_id", required=True)
        table.codes("content_id", required=True)
        if seconds:
            table.seconds()
    assert caught.value.exit_code == 3
    assert caught.value.file == str(path)
    assert caught.value.fix
    return caught.value


def csv_file(folder: Path, text: str) -> Path:
    path = folder / "shares.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_csv_cells_stay_text(tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEADER + '007,NA,"a,b",1e3\n"",null,"x\ny", 5 \n')
    table = read_table(path, FIELDS)
    assert table.texts("object_id").to_pylist() == ["007", ""]
    assert table.texts("account_id").to_pylist() == ["NA", "null"]
    assert table.texts("content_id").to_pylist() == ["a,b", "x\ny"]
    assert table.seconds().tolist() == [1000.0, 5.0]


def test_columns_are_found_by_name_in_any_order_case_and_compression(tmp_path: Path) -> None:
    path = tmp_path / "shares.tsv.gz"
    path.write_bytes(
        gzip.compress("\ufefftime\tUser_ID\tpost_id\tobject\textra\n7\ta\t1\to\t\n".encode())
    )
    table = read_table(path, FIELDS)
    assert table.source == {
        "object_id": "object",
        "account_id": "User_ID",
        "content_id": "post_id",
        "timestamp_share": "time",
    }
    assert table.texts("account_id").to_pylist() == ["a"]
    assert table.seconds().tolist() == [7.0]


def test_parquet_ids_may_be_numbers_and_times_have_a_zone(tmp_path: Path) -> None:
    path = tmp_path / "shares.parquet"
    columns = {
        "object_id": pa.array(["o", "p"]).dictionary_encode(),
        "account_id": pa.array([1, 20], pa.uint64()),
        "content_id": pa.array(["x", "y"], pa.large_string()),
        "timestamp_share": pa.array([1500, 2250], pa.timestamp("ms", "UTC")),
    }
    pq.write_table(pa.table(columns), path)
    table = read_table(path, FIELDS)
    assert table.texts("account_id").to_pylist() == ["1", "20"]
    assert table.texts("object_id").to_pylist() == ["o", "p"]
    assert table.seconds().tolist() == [1.5, 2.25]


@pytest.mark.parametrize("also", ["", "1619863207.25", "2021-05-01T10:00:00.123456789Z"])
def test_times_may_be_written_with_their_zone(tmp_path: Path, also: str) -> None:
    cells = ["2021-05-01T10:00:00Z", "2021-05-01 12:00:00.5+02:00", *([also] if also else [])]
    rows = "".join(f"o,a,{number},{cell}\n" for number, cell in enumerate(cells))
    seconds = read_table(csv_file(tmp_path, HEADER + rows), FIELDS).seconds().tolist()
    assert seconds[:2] == [1619863200.0, 1619863200.5]
    assert seconds[2:] == {"": [], "1619863207.25": [1619863207.25]}.get(also, [1619863200.1234567])


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_a_parquet_timestamp_is_the_number_that_a_peer_reads(tmp_path: Path, unit: str) -> None:
    milliseconds = np.arange(1_600_000_000_001, 1_600_000_001_000, 7)
    moments = pa.array(milliseconds, pa.timestamp("ms", "UTC")).cast(pa.timestamp(unit, "UTC"))
    columns = {name: ["x"] * len(moments) for name in FIELDS} | {"timestamp_share": moments}
    pq.write_table(pa.table(columns), tmp_path / "shares.parquet")
    seconds = read_table(tmp_path / "shares.parquet", FIELDS).seconds()
    assert seconds.tolist() == [
        float(f"{moment // 1000}.{moment % 1000:03}") for moment in milliseconds.tolist()
    ]


@pytest.mark.parametrize(
    ("rows", "row", "column"),
    [
        ("o,a,1,5\no,,2,5\n", 2, "account_id"),
        ("o,a,,5\n", 1, "content_id"),
        ("o,a,1,5\no,a,2,noon\n", 2, "timestamp_share"),
        ("o,a,1,5\no,a,2,\n", 2, "timestamp_share"),
        ("o,a,1,5\no,a,2,nan\n", 2, "timestamp_share"),
        ("o,a,1,2021-01-01 00:00:00\n", 1, "timestamp_share"),
    ],
)
def test_a_cell_that_cannot_be_used_is_named(
    tmp_path: Path, rows: str, row: int, column: str
) -> None:
    error = refused(csv_file(tmp_path, HEADER + rows))
    assert (error.row, error.column) == (row, column)


def test_a_row_of_the_wrong_length_is_named(tmp_path: Path) -> None:
    error = refused(csv_file(tmp_path, HEADER + "o,a,1,5\no,a,2\n"))
    assert error.row == 2
    assert "3 cells" in error.message


@pytest.mark.parametrize("content", [b"", b"object_id,account_id", b"\xff\xfe\x00o"])
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "shares.csv"
    path.write_bytes(content)
    refused(path)
    path = tmp_path / "shares.parquet"
    path.write_bytes(content)
    refused(path)


def test_bytes_that_are_no_utf8_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "shares.csv"
    path.write_bytes(HEADER.encode() + b"o,\xe4,1,5\n")
    refused(path)


def test_missing_file_and_rows_are_refused(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "absent.csv").message
    assert "no rows" in refused(csv_file(tmp_path, HEADER)).message
    error = refused(csv_file(tmp_path, "object_id,account_id,timestamp_share\no,a,5\n"))
    assert error.column == "content_id"
    assert "post_id" in (error.fix or "")
    error = refused(csv_file(tmp_path, "object_id,object_id\no,a\n"))
    assert "one name" in error.message


def test_decimal_ids_and_times_without_zone_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "shares.parquet"
    columns = {name: pa.array(["x"]) for name in FIELDS}
    pq.write_table(pa.table(columns | {"account_id": pa.array([1.5])}), path)
    assert refused(path).column == "account_id"
    naive = pa.array([0], pa.timestamp("s"))
    pq.write_table(pa.table(columns | {"timestamp_share": naive}), path)
    assert "zone" in refused(path).message


@given(st.lists(st.one_of(st.none(), st.text(max_size=3)), max_size=30), st.integers(1, 4))
def test_codes_say_the_same_as_the_column(cells: list[str | None], n_chunks: int) -> None:
    chunks = [pa.array(cells[i::n_chunks], pa.large_string()) for i in range(n_chunks)]
    column = pa.chunked_array(chunks)
    cells = column.to_pylist()
    for codes in (encode(column), alphabetical(encode(column))):
        names = codes.values.to_pylist()
        assert [None if code < 0 else names[code] for code in codes.code] == cells
        assert len(names) == len(set(names))
    assert names == sorted(names, key=lambda name: name.encode())
    first_seen = list(dict.fromkeys(cell for cell in cells if cell is not None))
    assert encode(column).values.to_pylist() == first_seen


@given(
    st.lists(st.lists(st.text(alphabet='a",\n\r ', max_size=4), min_size=4, max_size=4), min_size=1)
)
def test_csv_is_read_as_python_reads_it(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    path = tmp_path_factory.mktemp("csv") / "shares.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        writer.writerows([list(FIELDS), *rows])
    table = read_table(path, FIELDS)
    found = [table.texts(name).to_pylist() for name in FIELDS]
    assert np.array(found, dtype=object).T.tolist() == rows
