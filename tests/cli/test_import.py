"""``assay import`` as a person calls it: every format, every complaint, an orderly stop."""

from __future__ import annotations

import gzip
import json
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from assay.cli.import_ import import_command
from assay.cli.main import main
from assay.errors import EXIT_DONE, EXIT_INPUT, EXIT_INTERRUPTED, EXIT_USAGE, AssayError
from tests.e2e.commands import assay, command

POSTS = """id,user,created_at,text
1,ann,2021-05-01T10:00:00Z,a first text of some length
2,bob,2021-05-01T10:00:05Z,a second text of some length
"""
SHARES = "object_id,account_id,content_id,timestamp_share\no1,a,c1,1600000000\no1,b,c2,1600000010\n"


def objects(table: str) -> list[dict[str, str]]:
    header, *rows = (line.split(",") for line in table.splitlines())
    return [dict(zip(header, row, strict=True)) for row in rows]


def as_parquet(path: Path) -> None:
    pq.write_table(pacsv.read_csv(pa.BufferReader(POSTS.encode())), path)


TWEET = {
    "id": "1",
    "text": "a first text of some length",
    "author_id": "7",
    "created_at": "2021-05-01T10:00:00.000Z",
    "edit_history_tweet_ids": ["1"],
}
CHAT = {
    "name": "Chat",
    "type": "public_channel",
    "id": 9,
    "messages": [
        {"id": 1, "type": "message", "date_unixtime": "1619863200", "text": "a first text"},
        {"id": 2, "type": "message", "date_unixtime": "1619863205", "text": "a second text"},
    ],
}
IRA = (
    "author,content,region,language,publish_date,following,followers,updates,post_type,tweet_id\n"
    "Ann,a first text of some length,Unknown,English,10/1/2017 19:58,1,2,3,,11\n"
    "Bob,a second text of some length,Unknown,English,10/1/2017 19:59,1,2,3,RETWEET,12\n"
)
TELEGRAM = (
    "message_id,sender_id,text,date,channel\n"
    "1,77,a first text,2021-05-01T10:00:00Z,Chat\n2,78,a second text,2021-05-01T10:00:05Z,Chat\n"
)
ACCOUNTS = "user,display_name,publisher\nann,Ann,Daily\nzoe,Zoe,\n"


def zstd(text: str) -> bytes:
    return bytes(pa.Codec("zstd").compress(text.encode(), asbytes=True))


FORMATS: dict[str, tuple[str, bytes | Callable[[Path], None], str, int]] = {
    "csv": ("in.csv", POSTS.encode(), "table", 2),
    "tsv": ("in.tsv", POSTS.replace(",", "\t").encode(), "table", 2),
    "semicolons": ("in.csv", POSTS.replace(",", ";").encode(), "table", 2),
    "shares": ("in.csv", SHARES.encode(), "table", 2),
    "ndjson": ("in.ndjson", "\n".join(map(json.dumps, objects(POSTS))).encode(), "table", 2),
    "array": ("in.json", json.dumps(objects(POSTS)).encode(), "table", 2),
    "parquet": ("in.parquet", as_parquet, "table", 2),
    "gzip": ("in.csv.gz", gzip.compress(POSTS.encode()), "table", 2),
    "zstd": ("in.csv.zst", zstd(POSTS), "table", 2),
    "ndjson, zstd": ("in.jsonl.zst", zstd("\n".join(map(json.dumps, objects(POSTS)))), "table", 2),
    "twitter page": (
        "in.json",
        json.dumps({"data": [TWEET], "meta": {"result_count": 1}}).encode(),
        "twitter-v2",
        1,
    ),
    "twitter lines": ("in.jsonl", json.dumps(TWEET).encode(), "twitter-v2", 1),
    "telegram": ("result.json", json.dumps(CHAT, indent=1).encode(), "telegram-export", 2),
    "telegram table": ("in.csv", TELEGRAM.encode(), "telegram-table", 2),
    "ira": ("in.csv", IRA.encode(), "ira-tweets", 2),
    "accounts": ("in.csv", ACCOUNTS.encode(), "accounts", 2),
}


@pytest.mark.parametrize("case", FORMATS)
def test_every_format_is_recognised_and_said(tmp_path: Path, case: str) -> None:
    name, content, importer, rows = FORMATS[case]
    path = tmp_path / name
    if callable(content):
        content(path)
    else:
        path.write_bytes(content)
    shown = CliRunner().invoke(import_command, [str(path), "-o", str(tmp_path / "out")])
    assert shown.exit_code == EXIT_DONE, shown.output
    assert f"{name}: {importer}; " in shown.stderr
    assert f"{rows} rows read = {rows} kept + 0 rejected" in shown.stdout
    assert f"dataset: {tmp_path / 'out'}" in shown.stdout


def test_patterns_folders_and_files_together(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "b.ndjson").write_text("\n".join(map(json.dumps, objects(POSTS))))
    (folder / "README.md").write_text("how it was collected")
    (folder / "labels.csv").write_text("account,label\nann,troll\n")
    for name in ("c1", "c2"):
        (tmp_path / f"{name}.csv").write_text(POSTS.replace("\n1,", f"\n{name},"))
    (tmp_path / "people.csv").write_text(ACCOUNTS)
    done = assay("import", "export", "c*.csv", "people.csv", "-o", "out", cwd=tmp_path)
    assert done.returncode == EXIT_DONE, done.stderr
    assert "skipped README.md: not a data file by its name" in done.stderr
    assert "skipped labels.csv: no column holds created_at" in done.stderr
    # Post 2 stands in all three files: the first is kept.
    assert "8 rows read = 6 kept + 2 rejected" in done.stdout
    assert "why rows were rejected: out/rejects.parquet" in done.stdout
    assert "4 posts, 3 accounts" in done.stdout
    read = [file["source"] for file in manifest(tmp_path / "out")["inputs"]]
    assert read == ["deep/b.ndjson", "c1.csv", "c2.csv", "people.csv"]


def manifest(out: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((out / "manifest.json").read_text("utf-8"))
    return told


def test_told_columns_and_json(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("wer,wann,was\nann,01.05.2021 10:00,ein Text\n")
    told = ["--map", "account_id=wer", "--map", "created_at=wann", "--map", "text=was"]
    zone = ["--timezone", "Europe/Berlin", "--platform", "Net"]
    done = assay("import", "in.csv", *told, *zone, "-o", "out", "--json", cwd=tmp_path)
    assert done.returncode == EXIT_DONE, done.stderr
    assert done.stderr == ""
    printed = json.loads(done.stdout)
    assert printed == manifest(tmp_path / "out") | {"dataset": "out"}
    assert printed["rows"] == {"read": 1, "kept": 1, "rejected": 0}
    assert printed["inputs"][0]["mapping"] == {
        "account_id": "wer",
        "created_at": "wann",
        "text": "was",
    }
    assert printed["parameters"]["timezone"] == "Europe/Berlin"
    (post,) = pq.read_table(tmp_path / "out" / "posts.parquet").to_pylist()
    assert (post["account_id"], post["created_at"].hour) == ("net:ann", 8)


def test_rows_without_objects_are_told(tmp_path: Path) -> None:
    text = "account_id,url_id,hashtag_id,timestamp\na,1,2,1600000000\nb,,,1600000001\n"
    (tmp_path / "wide.csv").write_text(text)
    done = assay("import", "wide.csv", "-o", "out", cwd=tmp_path)
    assert "2 rows read = 2 kept + 0 rejected" in done.stdout
    assert "1 of the kept rows name nothing to share" in done.stdout


WRONG: dict[str, tuple[bytes, list[str], int, list[str]]] = {
    "empty file": (b"", [], EXIT_INPUT, ["the file is empty", "in.csv", "check that the export"]),
    "missing columns": (
        b"colour,size\nred,2\n",
        [],
        EXIT_INPUT,
        ["colour, size", "in.csv", "--map account_id=COLUMN", "--map created_at=COLUMN"],
    ),
    "no zone": (
        b"id,user,created_at,text\n1,ann,2021-05-01 10:00:00,words\n",
        [],
        EXIT_INPUT,
        ["no time zone", "in.csv", "row 1", "column 'created_at'", "--timezone UTC"],
    ),
    "day or month": (
        b"id,user,created_at,text\n1,ann,01/02/2021 10:00,words\n",
        ["--timezone", "UTC"],
        EXIT_INPUT,
        ["which number is the day", "in.csv", "column 'created_at'", "--time-format"],
    ),
    "unreadable times": (
        b"id,user,created_at,text\n1,ann,yesterday,words\n",
        [],
        EXIT_INPUT,
        ["'yesterday'", "in.csv", "column 'created_at'", "--time-format"],
    ),
    "encoding": (
        "id,user,created_at,text\n1,ann,2021-05-01T10:00:00Z,größer\n".encode("cp1252"),
        [],
        EXIT_INPUT,
        ["not written in UTF-8", "in.csv", "--encoding cp1252"],
    ),
    "broken gzip": (b"\x1f\x8b\x08\x00", [], EXIT_INPUT, ["in.csv", "check that the export"]),
    "broken parquet": (b"PAR1 and no more", [], EXIT_INPUT, ["Parquet", "in.csv", "again"]),
    "unknown format": (
        POSTS.encode(),
        ["--format", "minitel"],
        EXIT_USAGE,
        ["no format 'minitel'", "telegram-export", "table"],
    ),
    "unknown zone": (
        POSTS.encode(),
        ["--timezone", "Mars/Base"],
        EXIT_USAGE,
        ["'Mars/Base' is no time zone", "Europe/Berlin"],
    ),
    "unknown column": (
        POSTS.encode(),
        ["--map", "text=body"],
        EXIT_INPUT,
        ["no column 'body'", "id, user, created_at, text", "--map text=COLUMN"],
    ),
    "unknown field": (
        POSTS.encode(),
        ["--map", "colour=text"],
        EXIT_INPUT,
        ["'colour' is no field", "account_id"],
    ),
    "mapping without =": (POSTS.encode(), ["--map", "text"], EXIT_USAGE, ["write FIELD=COLUMN"]),
    "no size": (POSTS.encode(), ["--memory", "much"], EXIT_USAGE, ["'much' is no size", "2GB"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_with_place_and_remedy(
    tmp_path: Path,
    case: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    content, options, code, parts = WRONG[case]
    (tmp_path / "in.csv").write_bytes(content)
    monkeypatch.chdir(tmp_path)
    # In this process, since a start of the interpreter for each would take minutes.
    with pytest.raises(SystemExit) as stopped:
        main(["import", "in.csv", "-o", "out", "--quiet", *options])
    assert stopped.value.code == code
    shown = capsys.readouterr()
    assert shown.out == ""
    for part in parts:
        assert part in shown.err
    assert not (tmp_path / "out").exists()


def test_missing_files_and_folders_without_data(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "in.csv").write_text(POSTS)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.doc").write_text("x")
    for arguments, code, part in (
        (["absent.csv", "-o", "out"], EXIT_INPUT, "no such file or folder"),
        (["*.xml", "-o", "out"], EXIT_INPUT, "no such file or folder"),
        (["empty", "-o", "out"], EXIT_INPUT, "no data file in empty"),
        (["in.csv", "-o", "mine"], EXIT_USAGE, "something other than a dataset"),
        (["in.csv", "-o", "in.csv"], EXIT_USAGE, "Directory 'in.csv' is a file"),
        (["in.csv", "--accounts", "absent.csv", "-o", "out"], EXIT_USAGE, "absent.csv"),
        (["in.csv"], EXIT_USAGE, "--out"),
        (["-o", "out"], EXIT_USAGE, "INPUT"),
    ):
        done = assay("import", *arguments, cwd=tmp_path)
        assert (done.returncode, part in done.stderr) == (code, True), done.stderr
    assert (tmp_path / "mine" / "thesis.doc").read_text() == "x"


def test_a_header_alone_is_an_empty_dataset(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("id,user,created_at,text\n")
    done = assay("import", "in.csv", "-o", "out", cwd=tmp_path)
    assert done.returncode == EXIT_DONE
    assert "0 rows read = 0 kept + 0 rejected" in done.stdout


def test_a_broken_row_is_a_reject_with_row_column_and_reason(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(POSTS + "3,cy,soon,words\n4,dan\n")
    done = assay("import", "in.csv", "-o", "out", cwd=tmp_path)
    assert done.returncode == EXIT_DONE
    assert "4 rows read = 2 kept + 2 rejected" in done.stdout
    rejects = pq.read_table(tmp_path / "out" / "rejects.parquet").to_pylist()
    assert [(one["source"], one["row"], one["column"]) for one in rejects] == [
        ("in.csv", 3, "created_at"),
        ("in.csv", 4, None),
    ]
    assert "soon" in rejects[0]["raw"]


def test_a_truncated_gzip_keeps_what_is_whole_and_says_so(tmp_path: Path) -> None:
    rows = "".join(
        f"{n},u,2021-05-01T10:00:00Z,text {n * 7919 % 1000003}\n" for n in range(3, 5000)
    )
    whole = gzip.compress((POSTS + rows).encode())
    (tmp_path / "in.csv.gz").write_bytes(whole[: len(whole) // 2])
    done = assay("import", "in.csv.gz", "-o", "out", cwd=tmp_path)
    assert done.returncode == EXIT_DONE
    assert "in.csv.gz: the compressed data end" in done.stderr
    assert manifest(tmp_path / "out")["posts"] > 1000


def test_ctrl_c_leaves_nothing_half_written_and_the_next_call_works(tmp_path: Path) -> None:
    header, *first = POSTS.splitlines(keepends=True)
    (tmp_path / "a.csv").write_text(header + "".join(first))
    rows = (
        f"{n},u{n % 999},2021-05-01T10:00:{n % 60:02}Z,some words of number {n} #tag{n % 77}\n"
        for n in range(10, 400_010)
    )
    (tmp_path / "b.csv").write_text(header + "".join(rows))
    # A dataset that stands there already stays until the new one is whole.
    (tmp_path / "old.csv").write_text(SHARES)
    assert assay("import", "old.csv", "-o", "out", cwd=tmp_path).returncode == EXIT_DONE
    before = manifest(tmp_path / "out")
    call = ["import", "a.csv", "b.csv", "-o", "out"]
    with subprocess.Popen(
        command(*call),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("reading b.csv"):
                process.send_signal(signal.SIGINT)
                break
        said = process.stderr.read()
        assert process.wait() == EXIT_INTERRUPTED
        assert "Traceback" not in said
        assert "assay: stopped" in said
    assert manifest(tmp_path / "out") == before
    again = assay(*call, cwd=tmp_path)
    assert again.returncode == EXIT_DONE
    assert "a.csv: read before, 2 rows kept" in again.stderr
    assert "400,002 rows read = 400,002 kept + 0 rejected" in again.stdout
    assert manifest(tmp_path / "out")["posts"] == 400_002
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.csv", "old.csv", "out"]


def test_errors_reach_the_caller_as_they_are(tmp_path: Path) -> None:
    """Without ``main`` an error is an exception with its own exit code, not a printed line."""
    shown = CliRunner().invoke(
        import_command, [str(tmp_path / "no.csv"), "-o", str(tmp_path / "o")]
    )
    assert isinstance(shown.exception, AssayError)
    assert shown.exception.exit_code == EXIT_INPUT
