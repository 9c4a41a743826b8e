"""Damaged input: no row is lost silently, and what cannot be used says where and why."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.engine.byte_source import with_next
from assay.errors import InputError, UsageError
from assay.importers.inputs import InputFile
from assay.importers.one_file import FileImport
from assay.importers.report import ImportOptions
from assay.importers.run import import_files
from assay.model.progress import Silent

from .conftest import Imported, read_back

Run = Callable[..., Imported]
HEADER = "tweet_id,user,created_at,text\n"


def post(number: int, text: str = "a text of some length, as posts are") -> str:
    return f'{number},u{number % 7},2021-05-01T10:00:{number % 60:02}Z,"{text} {number}"\n'


def test_one_unclosed_quote_costs_one_row(run_import: Run) -> None:
    rows = [post(number) for number in range(1, 20_002)]
    rows[5000] = rows[5000].rstrip().removesuffix('"') + "\n"
    result = run_import(HEADER + "".join(rows))
    assert (result.summary.read, result.summary.kept) == (20_001, 20_000)
    assert result.rejects[0]["row"] == 5001
    assert "5001" in result.rejects[0]["raw"]


@pytest.mark.parametrize("long", [0, 200_000])
def test_a_quote_that_would_swallow_whole_rows(run_import: Run, long: int) -> None:
    """The quote opened in row 2 is closed by chance in row 5, with the right number of fields."""
    rows = [post(1), '2,u,2021-05-01T10:00:02Z,"never closed\n']
    rows += [f"{number},u,2021-05-01T10:00:03Z,plain text of row {number}\n" for number in (3, 4)]
    rows[2] = rows[2].strip() + "x" * long + "\n"
    rows += ['5,u,2021-05-01T10:00:05Z,odd"\n', post(6)]
    result = run_import(HEADER + "".join(rows))
    assert result.summary.read == 6
    assert {p["row"] for p in result.posts} >= {1, 3, 4, 6}
    assert {r["row"] for r in result.rejects} <= {2, 5}


def test_texts_with_line_breaks_are_whole_rows(run_import: Run) -> None:
    text = 'first line\nsecond, with commas, and ""quotes""\n\nfourth'
    result = run_import(HEADER + post(1, text) + post(2))
    assert result.summary.rejected == 0
    assert result.posts[0]["text"].count("\n") == 3


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2,u,2021-05-01T10:00:00Z\n", "more or fewer fields"),
        ("2,u,2021-05-01T10:00:00Z,a,b\n", "more or fewer fields"),
        ('2,u,2021-05-01T10:00:00Z,"a"b\n', "quote"),
        ("2,u,2021-05-01T10:00:00Z,a\0b\n", "NUL"),
        ("2,u,soon,text\n", "time cannot be read"),
        ("2,u,,text\n", "has no time"),
        ("2,u,1970-01-01T00:00:00Z,text\n", "before 1990"),
        ("2,u,2099-01-01T00:00:00Z,text\n", "in the future"),
        ("2,u,2021-05-01 10:00:00,text\n", "no time zone"),
        ("2,,2021-05-01T10:00:00Z,text\n", "names no account"),
        ("1,u,2021-05-01T10:00:00Z,text\n", "came before"),
    ],
)
def test_a_bad_row_is_rejected_with_its_reason(run_import: Run, row: str, reason: str) -> None:
    result = run_import(HEADER + post(1) + row + post(3))
    assert [(r["row"], r["source"]) for r in result.rejects] == [(2, "in.csv")]
    assert reason in result.rejects[0]["reason"]
    assert result.rejects[0]["raw"]
    assert [p["row"] for p in result.posts] == [1, 3]


def test_a_row_in_another_encoding_is_rejected(run_import: Run) -> None:
    rows = [post(number).encode() for number in range(1, 50)]
    rows[9] = '10,u,2021-05-01T10:00:00Z,"caf\u00e9"\n'.encode("latin-1")
    result = run_import(HEADER.encode() + b"".join(rows))
    assert result.reasons() == ["the row is not valid UTF-8"]
    assert result.summary.kept == 48


def test_a_file_in_another_encoding_is_an_error_and_can_be_told(run_import: Run) -> None:
    raw = (HEADER + post(1, "café à la crème") + post(2, "déjà vu")).encode("cp1252")
    with pytest.raises(InputError, match="not written in UTF-8") as caught:
        run_import(raw)
    assert "--encoding cp1252" in str(caught.value)
    assert run_import(raw, encoding="cp1252").posts[0]["text"].startswith("café")


@pytest.mark.parametrize("content", ["", "\n\n", " "])
def test_empty_files_are_errors(run_import: Run, content: str) -> None:
    with pytest.raises(InputError, match="empty") as caught:
        run_import(content)
    assert caught.value.exit_code == 3
    assert "in.csv" in str(caught.value)


def test_a_header_alone_is_an_empty_dataset(run_import: Run) -> None:
    result = run_import(HEADER)
    assert (result.summary.read, result.posts, result.shares) == (0, [], [])


def test_duplicate_and_blank_headers(run_import: Run) -> None:
    result = run_import("id,user,created_at,text,text,\n1,u,2021-05-01T10:00:00Z,first,second,\n")
    assert result.posts[0]["text"] == "first"


def test_gzip_that_is_cut_off_keeps_what_is_whole(run_import: Run) -> None:
    content = HEADER + "".join(post(n, f"text {n * 7919 % 1000003}") for n in range(1, 5000))
    whole = gzip.compress(content.encode())
    result = run_import(whole[: len(whole) // 2], name="in.csv.gz")
    assert 1000 < len(result.posts) < 4999
    assert [p["row"] for p in result.posts] == list(range(1, len(result.posts) + 1))
    assert any("compressed data end" in reason for reason in result.reasons())
    assert any("breaks off" in reason or "never closed" in reason for reason in result.reasons())


def test_parquet_that_is_cut_off_is_an_error(run_import: Run) -> None:
    with pytest.raises(InputError, match="Parquet"):
        run_import(b"PAR1" + b"x" * 100, name="in.parquet")


def test_broken_lines_of_ndjson(run_import: Run) -> None:
    good = {"id": "1", "user": "u", "created_at": "2021-05-01T10:00:00Z", "text": "hello"}
    lines = [
        json.dumps(good),
        '{"id": "2", "user": ',
        "[1, 2]",
        "",
        json.dumps(good | {"id": "3"}),
    ]
    result = run_import("\n".join(lines), name="in.ndjson")
    assert [p["post_id"] for p in result.posts] == ["unknown:1", "unknown:3"]
    assert [r["row"] for r in result.rejects] == [2, 3]


def test_a_lost_quote_in_a_json_array_costs_one_element(run_import: Run) -> None:
    posts = [
        {"id": str(n), "user": "u", "created_at": "2021-05-01T10:00:00Z", "text": f"text {n}"}
        for n in range(1, 101)
    ]
    whole = json.dumps(posts, indent=1)
    result = run_import(whole.replace('"text 50"', '"text 50'), name="in.json")
    assert (result.summary.read, result.summary.kept) == (100, 99)
    assert result.rejects[0]["row"] == 50


def test_folder_of_something_else_is_not_overwritten(tmp_path: Path) -> None:
    from assay.errors import UsageError

    (tmp_path / "in.csv").write_text(HEADER + post(1))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.doc").write_text("x")
    with pytest.raises(UsageError, match="something other"):
        import_files([tmp_path / "in.csv"], tmp_path / "mine", ImportOptions(), Silent())


def test_an_interrupted_import_goes_on_behind_finished_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text(HEADER + post(ord(name)))

    class Stops(Silent):
        def stage(self, name: str, total: float | None = None, unit: str = "") -> None:
            if name == "reading b.csv":
                raise KeyboardInterrupt

    class Notes(Silent):
        def __init__(self) -> None:
            self.notes: list[str] = []

        def note(self, text: str) -> None:
            self.notes.append(text)

    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    out = tmp_path / "dataset"
    with pytest.raises(KeyboardInterrupt):
        import_files(files, out, ImportOptions(), Stops())
    assert not out.exists()
    notes = Notes()
    summary = import_files(files, out, ImportOptions(), notes)
    assert any("a.csv: read before" in note for note in notes.notes)
    assert len(read_back(summary, out).posts) == 2


_FIELD = st.text(alphabet='ab ,"\n;é\t', max_size=12)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(_FIELD, min_size=1, max_size=12),
    st.lists(
        st.tuples(st.integers(0, 10**6), st.sampled_from([b'"', b",", b"\n", b"\0", b"\xff", b""])),
        max_size=4,
    ),
)
def test_read_is_kept_plus_rejected_whatever_is_damaged(
    texts: list[str], damage: list[tuple[int, bytes]]
) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for number, text in enumerate(texts):
        writer.writerow([number, "u", f"2021-05-01T10:00:{number:02}Z", text])
    body = bytearray(buffer.getvalue().encode())
    for place, byte in damage:
        body[place % len(body) : place % len(body) + 1] = byte
    with TemporaryDirectory() as folder:
        path = Path(folder) / "in.csv"
        path.write_bytes(HEADER.encode() + body)
        out = Path(folder) / "out"
        told = ImportOptions(now=datetime(2026, 1, 1, tzinfo=UTC))
        try:
            summary = import_files([path], out, told, Silent())
        except InputError:
            assert damage  # a file that is hardly readable is refused as a whole, loudly
            return
        result = read_back(summary, out)
        assert len(result.posts) == summary.kept
        if not damage:
            kept = {p["row"] for p in result.posts}
            assert kept == set(range(1, len(texts) + 1))
            by_row = {p["row"]: p["text"] for p in result.posts}
            for number, text in enumerate(texts, start=1):
                assert (by_row[number] or "") == text or text.strip() == ""


def test_rows_longer_than_many_blocks_are_read_whole(run_import: Run) -> None:
    long = "x" * 20_000_000
    text = f"id,user,created_at,text\n1,a,2021-05-01T10:00:00Z,{long}\n2,b,2021-05-01T10:00:00Z,y\n"
    result = run_import(text)
    assert [len(post["text"]) for post in result.posts] == [20_000_000, 1]
    lines = "".join(
        json.dumps({"id": n, "user": "a", "created_at": "2021-05-01T10:00:00Z", "text": text})
        + "\n"
        for n, text in enumerate((long, "y"))
    )
    again = run_import(lines, name="in.ndjson")
    assert [len(post["text"]) for post in again.posts] == [20_000_000, 1]


def test_an_unknown_encoding_is_said(run_import: Run) -> None:
    for name in ("klingon", "hex"):
        with pytest.raises(UsageError, match="is no encoding of text") as caught:
            run_import("id\n", encoding=name)
        assert caught.value.fix


def test_in_a_folder_what_is_empty_or_leads_nowhere_is_listed(
    run_import: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.csv").write_text("id,user,created_at,text\n1,a,2021-05-01T10:00:00Z,x\n")
    (folder / "empty.csv").write_bytes(b"")
    (folder / "gone.csv").symlink_to(folder / "nowhere.csv")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.csv")
    result = run_import([folder])
    assert result.summary.kept == 1
    assert result.summary.skipped == {
        "empty.csv": "the file is empty",
        "gone.csv": "a link that leads nowhere",
        "pipe.csv": "not a regular file",
    }
    with pytest.raises(InputError, match="no regular file"):
        run_import([folder / "pipe.csv"])


def test_an_error_leaves_nothing_beside_the_target(run_import: Run, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        run_import("")
    assert not list(tmp_path.glob(".*"))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    gone = InputFile(tmp_path / "gone.csv", "gone.csv", named=True)
    with duckdb.connect() as connection:
        task = FileImport(connection, tmp_path / "work", ImportOptions(), {}, Silent())
        with pytest.raises(InputError, match="No such file") as caught:
            task.read(gone)
    assert caught.value.file == str(gone.path)


def test_a_long_row_is_not_looked_at_again_with_every_block() -> None:
    blocks = iter([b"x" * 10] * 1000)
    leftover, looked_at, at_end = b"", 0, False
    while not at_end:
        leftover, at_end = with_next(blocks, leftover)
        looked_at += len(leftover)
    assert leftover == b"x" * 10_000
    assert looked_at < 5 * len(leftover)
