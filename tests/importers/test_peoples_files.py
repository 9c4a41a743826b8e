"""Files as people really have them: each row is kept or a reject, and no two people become one."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.importers.conftest import Imported

from assay.errors import InputError
from assay.importers.container import JsonContainer, open_container
from assay.importers.parquet_strings import as_strings, field_names
from assay.importers.registry import importer_named
from assay.importers.report import ImportOptions
from assay.importers.tables import NAMES_ALONE

Run = Callable[..., Imported]
AT = "2024-01-02T10:00:00Z"
HEADER = "id,username,created_at,text\n"
SPREADSHEET = "id;Benutzername;Datum;Text;Follower\r\n" + "".join(
    f"{n};müller{n};{n}.03.2024 10:00:0{n};Grüße, {n}: 3,5 % mehr;1.234,5\r\n" for n in (1, 2)
)
POSTS = [{"id": str(n), "username": f"u{n}", "created_at": AT, "text": f"x{n}"} for n in (1, 2, 3)]
LINES = [json.dumps(post) for post in POSTS]


@dataclass(frozen=True)
class File:
    """A file, and what is to come of it: account by row, and rejected rows with their columns."""

    content: str | bytes
    accounts: dict[int, str]
    rejects: dict[int, str | None] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    name: str = "in.csv"


UTC = {"timezone": "UTC"}
MUELLER = {1: "müller1", 2: "müller2"}
FILES = {
    "spreadsheet, Windows": File(
        SPREADSHEET.encode("cp1252"), MUELLER, options=UTC | {"encoding": "cp1252"}
    ),
    "spreadsheet, UTF-16": File(SPREADSHEET.encode("utf-16"), MUELLER, options=UTC),
    "spreadsheet, tabs in UTF-16": File(
        SPREADSHEET.replace(";", "\t").encode("utf-16"), MUELLER, options=UTC
    ),
    "mark, quoted line breaks": File(
        f'\ufeffid,username,created_at,text\r\n1,ann,{AT},"a ""q""\r\nb"\r\n2,bob,{AT},x\r\n',
        {1: "ann", 2: "bob"},
    ),
    "returns alone": File(f"{HEADER}1,ann,{AT},a\n2,bob,{AT},b\n".replace("\n", "\r"),
                          {1: "ann", 2: "bob"}),
    "tabs": File(HEADER.replace(",", "\t") + f"1\tann\t{AT}\tx, y; z\n", {1: "ann"}),
    "ragged": File(
        f"id,username,created_at,text,lang\n1,a,{AT},x,en\n2,b,{AT},x\n3,b,{AT},x,y,z\n4,b,{AT},x,\n",
        {1: "a", 4: "b"}, {2: None, 3: None},
    ),
    "a header in the middle": File(f"{HEADER}1,ann,{AT},a\n{HEADER}2,bob,{AT},b\n",
                                   {1: "ann", 3: "bob"}, {2: "created_at"}),
    "two headers": File(f"Tweet,User,Tweet,Tweet\n{HEADER}1,ann,{AT},a\n", {1: "ann"}),
    "a line of types": File(f"{HEADER}string,string,UTC,string\n1,ann,{AT},a\n", {2: "ann"},
                            {1: "created_at"}),
    "a line of totals": File(f"{HEADER}1,ann,{AT},a\nTotal,,,1\n", {1: "ann"}, {2: "username"}),
    "Spanish": File(f"id,usuario,fecha,texto,enlace\n1,ann,{AT},hola,https://a.org\n", {1: "ann"}),
    "French": File(f"auteur;publié le;contenu;lien\nann;{AT};salut;https://a.org\n", {1: "ann"}),
    "Russian": File(f"автор;дата;текст;ссылка\nann;{AT};привет;https://a.org\n", {1: "ann"}),
    "German": File(f"Beitrags-ID;Autor;Zeitpunkt;Beitrag\n1;ann;{AT};Hallo\n", {1: "ann"}),
    "zones mixed": File(
        f"{HEADER}1,a,{AT},x\n2,b,2024-01-02T10:00:00+02:00,x\n3,c,2024-01-02 10:00:00,x\n",
        {1: "a", 2: "b"}, {3: "created_at"},
    ),
    "no time at all": File(
        f"{HEADER}1,a,2034-01-02T10:00:00Z,x\n2,b,1970-01-01T00:00:00Z,x\n3,c,0,x\n4,d,{AT},x\n",
        {4: "d"}, dict.fromkeys((1, 2, 3), "created_at"),
    ),
    "words for nobody": File(
        "id,user_id,username,created_at,text\n" + "".join(
            f"{n},{one},{name},{AT},x\n"
            for n, (one, name) in enumerate(
                [("", "ann"), ("unknown", "bob"), ("N/A", "cid"), ("", ""), ("#N/A", "Anonymous"),
                 ("", "-"), ("undefined", "Deleted User"), ("", "[deleted]")], start=1)),
        {1: "ann", 2: "bob", 3: "cid"}, dict.fromkeys((4, 5, 6, 7, 8), "user_id"),
    ),
    "traces of numbers": File(
        f"id;user_id;created_at;text\n1,0;123,0;{AT};x\n2,0;123,00;{AT};x\n3;123;{AT};x\n"
        f"4;12300;{AT};x\n", {1: "123", 2: "123", 3: "123", 4: "12300"},
    ),
    "a post twice": File(f"{HEADER}1,ann,{AT},a\n1,ann,{AT},a\n", {1: "ann"}, {2: "id"}),
    "lines with commas": File(",\n".join(LINES) + ",\n", {1: "u1", 2: "u2", 3: "u3"},
                              name="in.ndjson"),
    "a comma lost, a row broken": File(
        ",\n".join([LINES[0], '{"id": "2", "user', LINES[2]]), {1: "u1", 3: "u3"}, {2: None},
        name="in.json",
    ),
    "objects behind each other": File("".join(LINES), {1: "u1", 2: "u2", 3: "u3"}, name="in.json"),
    "laid out, behind each other": File(
        "\n".join(json.dumps(post, indent=1) for post in POSTS), {1: "u1", 2: "u2", 3: "u3"},
        name="in.json",
    ),
    "lists behind each other": File(f"[{LINES[0]}]\n[{LINES[1]},\n{LINES[2]}]",
                                    {1: "u1", 2: "u2", 3: "u3"}, name="in.json"),
    "no number": File("".join(f'{one[:-1]}, "user_id": NaN, "parent_id": NaN}}\n' for one in LINES),
                      {1: "u1", 2: "u2", 3: "u3"}, name="in.ndjson"),
    "a list inside an object, laid out": File(
        '{"posts": [\n' + ",\n".join(LINES) + "\n]}", {1: "u1", 2: "u2", 3: "u3"}, name="in.json"
    ),
    "a list that begins on the first line": File(
        '{"posts": [' + ",\n".join(LINES) + "]}", {1: "u1", 2: "u2", 3: "u3"}, name="in.json"
    ),
    "a first line that is broken": File("\n".join(["{" + LINES[0], *LINES[1:]]),
                                        {2: "u2", 3: "u3"}, {1: None}, name="in.json"),
    "broken before the first object": File(
        '{"id": "2", "user\n' * 51 + "\n".join(LINES), {52: "u1", 53: "u2", 54: "u3"},
        dict.fromkeys(range(1, 52)), name="in.ndjson",
    ),
    "cut off": File(json.dumps(POSTS)[:-30], {1: "u1", 2: "u2"}, {3: None}, name="in.json"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_rows_are_kept_or_rejected(run_import: Run, name: str) -> None:
    file = FILES[name]
    result = run_import(file.content, name=file.name, **file.options)
    assert {post["row"]: post["account_id"] for post in result.posts} == {
        row: f"unknown:{account}" for row, account in file.accounts.items()
    }
    assert {one["row"]: one["column"] for one in result.rejects} == file.rejects
    assert not [share for share in result.shares if share["kind"] == "reply"]


def test_shares_of_nobody_are_rejects(run_import: Run) -> None:
    names = ("ann", "unknown", "#N/A", "null", "-", "[deleted]", "Bob")
    rows = "".join(f"o,{name},{AT}\n" for name in names)
    for column, accounts in (("account_id", ["Bob", "ann"]), ("username", ["ann", "bob"])):
        result = run_import(f"object_id,{column},created_at\n{rows}")
        assert [one["account_id"] for one in result.shares] == [
            f"unknown:{one}" for one in accounts
        ]
        assert [(one["row"], one["reason"]) for one in result.rejects] == [
            (row, "the row names no account") for row in (2, 3, 4, 5, 6)
        ]


def _zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("posts.csv", HEADER)
    return packed.getvalue()


def _gz(content: bytes) -> bytes:
    """Without the time, by which processes of one run would know a case under different names."""
    return gzip.compress(content, mtime=0)


TABLE = HEADER.encode()


@pytest.mark.parametrize(
    ("content", "name", "said", "fix"),
    [
        (_gz(_gz(TABLE)), "in.csv.gz", "compressed twice", "unpack it once"),
        (_zip(), "in.csv", "ZIP archive", "unpack it"),
        (_gz(_zip()), "in.csv.gz", "ZIP archive", "unpack it"),
        (_gz(b"PAR1" + bytes(9)), "in.parquet.gz", "a Parquet file that", "unpack it"),
        (b"\n \xef\xbb\xbf<!DocType html><html>", "in.json", "a web page", "no export"),
        (_gz(b"<HTML>Sorry"), "in.json.gz", "a web page", "no export"),
        (b"[{'id': '1', 'text': None}]", "in.json", "single quotes", "json.dumps"),
        (b"{'id': '1'}\n{'id': '2'}\n", "in.ndjson", "single quotes", "json.dumps"),
        (b'{"data": [{"id": 1},\n {"id', "in.json", "broken or cut off", "completed"),
        (b'[["id", "text"], ["1", "x"]]', "in.json", "no objects, but such as", "as CSV"),
        (b" [ ] ", "in.json", "an empty list", "completed"),
        (b"[" * 5000, "in.json", "no element", "completed"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "in.json", "broken or cut off", "completed"),
        (b"{}", "in.json", "an empty object", "completed"),
        (b"id,username,text\n1,a,x\n", "in.csv", "no column holds created_at", "--map created_at"),
        (b"id,user,date,text\n1,a,45293.4166,x\n", "in.csv", "no known way", "--time-format"),
        (b"id,user,date,text\n1,a,2. Januar 2024,x\n", "in.csv", "no known way", "in English"),
        (f"id;user;date;text\n1;1,23E+18;{AT};x\n".encode(), "in.csv", "are rounded", "again"),
    ],
)  # fmt: skip
def test_what_is_no_table_of_posts_is_named(
    run_import: Run, content: bytes, name: str, said: str, fix: str
) -> None:
    with pytest.raises(InputError, match=said) as refused:
        run_import(content, name=name)
    assert fix in str(refused.value.fix)
    assert name in str(refused.value)


def test_people_told_apart_by_shown_names_alone_are_noted(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(f"id,name,created_at,text\n1,John Smith,{AT},x\n")
    reading = importer_named("table").open(open_container(path), ImportOptions())
    assert NAMES_ALONE in reading.notes
    path.write_text(f"{HEADER}1,john,{AT},x\n")
    assert importer_named("table").open(open_container(path), ImportOptions()).notes == ()


def test_parquet_of_every_type_is_read_as_text() -> None:
    moment = datetime(2024, 1, 2, 10)
    words = [["x", "y"], None, [], ["z", None]]
    columns = {
        "large": pa.array(["a", None, "", "b"], pa.large_string()),
        "coded": pa.array(["a", None, "a", "b"]).dictionary_encode(),
        "user": pa.array([{"id": 1, "name": "a"}, None, {"id": 2, "name": None}, {"id": 3}]),
        "day": pa.array([date(2024, 1, 2), None, date(2024, 1, 3), None]),
        "number": pa.array([Decimal(2**63 - 1), None, Decimal(1), Decimal(2)], pa.decimal128(19)),
        "float": pa.array([1.0, None, float("nan"), 3.0]),
        "fraction": pa.array([1.5, None, float("nan"), 3.0]),
        "bytes": pa.array([b"a", None, b"\xff", b""], pa.large_binary()),
        "words0": pa.array(words, pa.list_(pa.string())),
        "words1": pa.array(words, pa.large_list(pa.large_string())),
        "words2": pa.array(words, pa.list_(pa.large_string())),
        "whole": pa.array([["x", "y"], None, [], ["z"]], pa.large_list(pa.large_string())),
        "pairs": pa.array([[{"u": "https://a.org"}], None, [], []]),
        **{f"at_{unit}": pa.array([moment] * 4, pa.timestamp(unit, tz="Europe/Berlin"))
           for unit in ("s", "ms", "us", "ns")},
    }  # fmt: skip
    table = pa.table(columns)
    told = as_strings(table)
    assert tuple(told.column_names) == field_names(table.schema)
    found = told.to_pydict()
    times = [found.pop(f"at_{unit}") for unit in ("s", "ms", "us", "ns")]
    assert times == [times[0]] * 4
    assert times[0][0].isoformat() == "2024-01-02T11:00:00+01:00"
    assert found == {
        "large": ["a", None, "", "b"],
        "coded": ["a", None, "a", "b"],
        "user.id": ["1", None, "2", "3"],
        "user.name": ["a", None, None, None],
        "day": ["2024-01-02", None, "2024-01-03", None],
        "number": [str(2**63 - 1), None, "1", "2"],
        "float": ["1", None, None, "3"],
        "fraction": ["1.5", None, None, "3"],
        "bytes": ["a", None, "\ufffd", ""],
        **{f"words{n}": ["x y", None, "", "z"] for n in range(3)},
        "whole": ["x y", None, "", "z"],
        "pairs": ["[{'u': 'https://a.org'}]", None, "", ""],
    }


def test_parquet_of_objects_and_days_is_imported(run_import: Run, tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    users = pa.array([{"id": 1, "username": "a"}, {"id": 2, "username": "b"}, None])
    days = pa.array([date(2024, 1, 2)] * 3)
    lists = pa.array([["https://a.org/1", "https://b.org/2"], None, []], pa.large_list(pa.string()))
    posts = {"id": pa.array([1, 2, 3]), "user": users, "created_at": days, "links": lists}
    pq.write_table(pa.table(posts), path)
    result = run_import([path], timezone="UTC")
    assert [post["account_id"] for post in result.posts] == ["unknown:1", "unknown:2"]
    assert result.objects("link") == ["https://a.org/1", "https://b.org/2"]
    assert [(one["row"], one["column"]) for one in result.rejects] == [(3, "user.id")]
    assert result.summary.time_resolution_s == 86400.0


def test_one_line_of_many_megabytes_is_told_by_its_head(tmp_path: Path) -> None:
    path = tmp_path / "in.json"
    path.write_text(json.dumps([post | {"text": "x" * 3_000_000} for post in POSTS]))
    container = open_container(path)
    assert isinstance(container, JsonContainer)
    assert container.shape == "arrays"
    assert [len(records.rows) for records in container.records()] == [3]
