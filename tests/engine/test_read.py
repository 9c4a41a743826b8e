"""Raw reading: the scanner agrees with Python's csv on sound files, and finds every element."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.engine import csv_layout, csv_read
from assay.engine.byte_source import ByteSource
from assay.engine.csv_layout import CsvLayout, find_csv_layout, is_utf8
from assay.engine.csv_parse import parse_plain
from assay.engine.csv_read import read_csv
from assay.engine.json_read import column_paths, read_elements, read_lines
from assay.engine.read import RawReject, read_parquet, unique_names
from assay.errors import InputError

_CELL = st.text(alphabet='xy ,"\n;\t|é№😀', max_size=15)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(_CELL, _CELL, _CELL), min_size=1, max_size=20),
    st.integers(1, 64),
    st.sampled_from(["\n", "\r\n"]),
)
def test_sound_csv_reads_as_pythons_csv_does(
    rows: list[tuple[str, str, str]], block_bytes: int, line_end: str
) -> None:
    """In blocks of every size: a row, a quote or a character may be cut anywhere."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator=line_end)
    writer.writerow(["a", "b", "c"])
    writer.writerows(rows)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_bytes(buffer.getvalue().encode())
        source = ByteSource(path)
        layout = find_csv_layout(source)
        assert layout.columns == ("a", "b", "c")
        batches = list(read_csv(source, layout, layout.columns, lambda _: False, block_bytes))
    read = [
        tuple(value or "" for value in row.values())
        for batch in batches
        for row in batch.table.to_pylist()
    ]
    assert read == rows
    assert [n for batch in batches for n in batch.rows.tolist()] == list(range(1, len(rows) + 1))
    assert not any(batch.rejects for batch in batches)


_LINE = st.one_of(
    st.lists(st.text(alphabet="xyé \0", max_size=4), min_size=1, max_size=4).map(",".join),
    st.just("x,y,\xff"),
)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(_LINE, max_size=12),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.integers(1, 40),
    st.booleans(),
)
def test_blocks_without_quotes_read_as_the_scanner_reads_them(
    lines: list[str], line_end: str, block_bytes: int, ends: bool
) -> None:
    """Ragged and blank lines, NUL bytes, bytes that are no text, cut at any place."""
    text = line_end.join(["a,b,c", *lines]) + (line_end if ends else "")
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder) / "x.csv"
        path.write_bytes(text.encode("latin-1"))
        layout = CsvLayout(",", '"', None, ("a", "b", "c"))

        def read() -> tuple[list[tuple[int, dict[str, str]]], list[RawReject]]:
            batches = list(
                read_csv(ByteSource(path), layout, ["a", "c"], lambda _: False, block_bytes)
            )
            numbers = [number for batch in batches for number in batch.rows.tolist()]
            rows = [row for batch in batches for row in batch.table.to_pylist()]
            rejects = [reject for batch in batches for reject in batch.rejects]
            return list(zip(numbers, rows, strict=True)), rejects

        quickly = read()
        patch.setattr(csv_read, "parse_plain", lambda *_, **__: None)
        assert quickly == read()


def test_a_block_may_end_anywhere_inside_a_row() -> None:
    """Only whole rows say whether a block is plain: not half a character, nor a quote behind."""
    layout = CsvLayout(",", '"', None, ("a", "b"))
    whole, cut = "я,1\n".encode(), 'я,"2"'.encode()
    for size in range(len(cut) + 1):
        found = parse_plain(whole + cut[:size], layout, ["a", "b"], at_end=False)
        assert found is not None
        assert (found[0].to_pylist(), found[1]) == ([{"a": "я", "b": "1"}], len(whole))
    for row in ('"я",1\n'.encode(), whole[1:]):
        assert parse_plain(row + cut, layout, ["a", "b"], at_end=False) is None


@settings(max_examples=100, deadline=None)
@given(st.lists(_LINE, min_size=1, max_size=12), st.sampled_from(["\n", "\r\n"]))
def test_the_layout_of_a_plain_head_is_that_of_the_scanner(lines: list[str], end: str) -> None:
    text = end.join(["a,b,c", *lines]).replace("\0", ";")
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder) / "x.csv"
        path.write_bytes(text.encode("latin-1"))
        quickly = find_csv_layout(ByteSource(path, "utf-8"))
        patch.setattr(csv_layout, "_SPECIAL", bytes(range(256)))
        assert quickly == find_csv_layout(ByteSource(path, "utf-8"))


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(_JSON, max_size=12), st.integers(1, 80), st.sampled_from([None, 1]))
def test_elements_of_an_array_are_cut_where_json_says(
    values: list[object], block_bytes: int, indent: int | None
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.json"
        path.write_text(json.dumps(values, indent=indent, ensure_ascii=False), "utf-8")
        records = list(read_elements(ByteSource(path), block_bytes=block_bytes))
    assert [json.loads(text) for part in records for text in part.texts] == values
    assert [row for part in records for row in part.rows] == list(range(1, len(values) + 1))


def test_lines_are_numbered_without_blank_ones(tmp_path: Path) -> None:
    path = tmp_path / "x.ndjson"
    path.write_text('{"a": 1}\n\n  \n{"a": 2}')
    parts = list(read_lines(ByteSource(path)))
    assert [row for part in parts for row in part.rows] == [1, 2]
    assert [text for part in parts for text in part.texts] == [b'{"a": 1}', b'{"a": 2}']


def test_nested_fields_are_named_with_a_dot() -> None:
    assert column_paths([b'{"id": 1, "user": {"name": "x"}}', b"broken", b'{"z": []}']) == (
        "id",
        "user.name",
        "z",
    )


@pytest.mark.parametrize("members", [1, 3])
def test_gzip_of_several_members(tmp_path: Path, members: int) -> None:
    path = tmp_path / "x.gz"
    path.write_bytes(b"".join(gzip.compress(b"part\n") for _ in range(members)))
    source = ByteSource(path)
    assert b"".join(source.blocks(3)) == b"part\n" * members
    assert source.damage is None


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_wide_encodings_are_seen(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("id,text\n1,some plain words\n".encode(encoding))
    assert b"".join(ByteSource(path).blocks(5)) == b"id,text\n1,some plain words\n"


def test_names_of_columns_are_made_usable() -> None:
    assert unique_names([" a ", "", "a", "\ufeffb"]) == ("a", "column_2", "a_2", "b")


@given(st.one_of(st.binary(max_size=8), st.text().map(str.encode)))
def test_bytes_are_utf8_where_python_reads_them(raw: bytes) -> None:
    try:
        raw.decode("utf-8")
        readable = True
    except UnicodeDecodeError:
        readable = False
    assert is_utf8(raw) == is_utf8(memoryview(raw)) == readable


def unchecked(values: list[bytes]) -> pa.Array:
    """Strings as a careless writer leaves them in a Parquet file."""
    ends = np.cumsum([0, *map(len, values)]).astype(np.int32)
    return pa.StringArray.from_buffers(
        len(values), pa.py_buffer(ends), pa.py_buffer(b"".join(values))
    )


def test_rows_of_parquet_that_are_no_utf8_are_rejected(tmp_path: Path) -> None:
    """A link that ends in half a character would be read, and copied, beyond the text's end."""
    texts = unchecked([b"one", b"http://a.b/\xf0", "zwei é".encode(), b"#\xd0"])
    ids = unchecked([b"a", b"\xff", b"c", b"d"])
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"id": ids, "text": texts}), path)
    first, second = read_parquet(path, ["id", "text"], 3)
    assert first.table.to_pylist() == [{"id": "a", "text": "one"}, {"id": "c", "text": "zwei é"}]
    assert (first.rows.tolist(), second.rows.tolist()) == ([1, 3], [])
    why = "the row is not valid UTF-8"
    assert first.rejects == [RawReject(2, "id", why, "\ufffd")]
    assert second.rejects == [RawReject(4, "text", why, "#\ufffd")]


def test_parquet_with_other_damage_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    tags = pa.ListArray.from_arrays([0, 1], unchecked([b"\xff"]))
    pq.write_table(pa.table({"tags": tags}), path)
    with pytest.raises(InputError, match="damaged between the rows 1 and 1"):
        list(read_parquet(path, ["tags"]))
