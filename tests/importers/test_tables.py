"""Share tables and tables of posts, in every container."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from assay.errors import InputError
from assay.text.normalise import text_key

from .conftest import Imported

Run = Callable[..., Imported]

AT = "2024-05-01T10:00:00.000Z"

SHARES_CSV = (
    "object_id,account_id,content_id,timestamp_share\n"
    "o1,a,c1,1600000000\n"
    "o1,b,c2,1600000010\n"
    "o2,a,c3,1600000020\n"
)


def test_plain_share_table(run_import: Run) -> None:
    result = run_import(SHARES_CSV)
    assert [(s["account_id"], s["kind"], s["object_id"], s["post_id"]) for s in result.shares] == [
        ("unknown:a", "object", "o1", "unknown:c1"),
        ("unknown:b", "object", "o1", "unknown:c2"),
        ("unknown:a", "object", "o2", "unknown:c3"),
    ]
    assert result.shares[0]["shared_at"] == datetime(2020, 9, 13, 12, 26, 40, tzinfo=UTC)
    assert result.posts == []
    assert [a["account_id"] for a in result.accounts] == ["unknown:a", "unknown:b"]
    manifest = json.loads(result.dataset.manifest.read_text("utf-8"))
    assert manifest["rows"] == {"read": 3, "kept": 3, "rejected": 0}
    assert manifest["inputs"][0]["mapping"]["post_id"] == "content_id"


def test_wide_share_table_is_recognised_without_mapping(run_import: Run, tmp_path: Path) -> None:
    table = pa.table(
        {
            "account_id": ["fb_1", "tw_2", "tw_3"],
            "post_id": [1, 2, 3],
            "url_id": pa.array([7, None, None], pa.int32()),
            "hashtag_id": pa.array([8, 8, None], pa.int32()),
            "phash_id": pa.array([None, 9, None], pa.int32()),
            "timestamp": [1600000000.0, 1600000001.0, 1600000002.0],
        }
    )
    pq.write_table(table, tmp_path / "wide.parquet")
    result = run_import([tmp_path / "wide.parquet"], platform="mixed")
    assert result.objects("link") == ["7"]
    assert result.objects("hashtag") == ["8", "8"]
    assert result.objects("image") == ["9"]
    assert (result.summary.without_shares, result.rejects) == (1, [])
    assert [a["account_id"] for a in result.accounts] == ["mixed:fb_1", "mixed:tw_2", "mixed:tw_3"]


def test_mapping_overrides_and_repeats(run_import: Run) -> None:
    text = "who,what,tag,when\nA,u1,t1,2021-01-01T00:00:00Z\n"
    told = (("account_id", "who"), ("link", "what"), ("hashtag", "tag"), ("created_at", "when"))
    result = run_import(text, mapping=told)
    assert (result.objects("link"), result.objects("hashtag")) == (["u1"], ["t1"])
    assert result.shares[0]["post_id"].endswith(":1")


def test_exact_repeats_of_a_share_are_merged_and_counted(run_import: Run) -> None:
    result = run_import(SHARES_CSV + "o1,a,c1,1600000000\n")
    assert result.summary.merged_shares == 1
    assert (result.summary.read, result.summary.kept, len(result.shares)) == (4, 4, 3)


POSTS_CSV = """id,screen_name,created_at,text,retweeted_status_id
1,Alice,2021-05-01T10:00:00Z,"Look, everyone: http://Example.org/a?utm_source=x #Vote, @Bob",
2,bob,2021-05-01T10:00:05Z,"RT @alice: Look, everyone: https://example.org/a #Vote",1
3,Carol,2021-05-01T10:00:07Z,too short,
4,Dave,2021-05-01T10:00:08Z,RT @someone: a text that is long enough to stand,
"""


def test_posts_and_what_they_share(run_import: Run) -> None:
    result = run_import(POSTS_CSV, platform="twitter")
    assert [post["kind"] for post in result.posts] == ["post", "repost", "post", "repost"]
    assert result.posts[1]["repost_of"] == "twitter:1"
    assert result.objects("link") == ["https://example.org/a"]
    assert result.objects("domain") == ["example.org"]
    assert result.objects("hashtag") == ["vote"]
    assert result.objects("mention") == ["twitter:bob"]
    # A repost gives kind repost alone; without the original's id its text stands for it.
    assert result.objects("repost") == [
        "text:" + text_key("a text that is long enough to stand"),
        "twitter:1",
    ]
    assert result.objects("text") == [text_key("look, everyone: #vote,")]
    assert result.posts[0]["account_id"] == "twitter:alice"
    assert result.accounts[0]["handle"] == "Alice"


def test_repeated_posts_are_rejected_with_all_their_shares(run_import: Run) -> None:
    repeat = '1,alice,2021-05-01T10:00:09Z,"Another text altogether http://example.org/b",\n'
    result = run_import(POSTS_CSV + repeat, platform="twitter")
    assert [(r["row"], r["column"]) for r in result.rejects] == [(5, "id")]
    assert result.objects("link") == ["https://example.org/a"]
    assert len(result.posts) == 4


def test_repeats_across_files_are_found(run_import: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(POSTS_CSV)
    (tmp_path / "b.csv").write_text(POSTS_CSV)
    result = run_import([tmp_path / "a.csv", tmp_path / "b.csv"], platform="twitter")
    assert len(result.posts) == 4
    assert {reject["source"] for reject in result.rejects} == {"b.csv"}
    assert [file.kept for file in result.summary.files] == [4, 0]


def test_a_posts_own_address_is_not_shared(run_import: Run) -> None:
    text = (
        "id,screen_name,created_at,link,text\n"
        "5,a,2021-05-01T10:00:00Z,https://twitter.com/statuses/5,see https://t.co/x\n"
        "6,b,2021-05-01T10:00:00Z,https://twitter.com/b/status/6,see https://t.co/y\n"
    )
    result = run_import(text)
    assert result.objects("link") == ["https://t.co/x", "https://t.co/y"]
    assert result.posts[0]["url"] == "https://twitter.com/statuses/5"
    assert result.posts[0]["platform"] == "twitter"


def test_two_columns_of_a_posts_own_address_are_not_shared(run_import: Run) -> None:
    rows = "".join(f"{k},u{k},2021-05-01,{{0}}{k},{{0}}{k},body {k}\n" for k in range(3))
    header = "id,author,date,permalink,url,text\n"
    result = run_import(header + rows.format("https://x.com/u/status/"), timezone="UTC")
    assert result.objects("link") == []


@pytest.mark.parametrize(
    ("row", "account", "link"),
    [
        pytest.param(
            {
                "uri": "at://did:plc:a/app.bsky.feed.post/1",
                "author": {"did": "did:plc:a", "handle": "a.example"},
                "record": {"text": "See https://news.example/a", "createdAt": AT},
            },
            ("did:plc:a", "a.example"),
            "https://news.example/a",
            id="Bluesky's API",
        ),
        pytest.param(
            {
                "id": "7",
                "post_owner": {"id": "10", "username": "a", "name": "A"},
                "creation_time": AT,
                "text": "See this",
                "link_attachment": {"link": "https://news.example/a"},
            },
            ("10", "a"),
            "https://news.example/a",
            id="Meta Content Library",
        ),
        pytest.param(
            {
                "id": "7",
                "author": "a",
                "created_utc": 1714557600,
                "title": "See this",
                "permalink": "/r/x/comments/7/",
                "url": "https://news.example/a",
            },
            ("a", "a"),
            "https://news.example/a",
            id="Reddit",
        ),
        pytest.param(
            {
                "id": 7,
                "username": "a",
                "create_time": 1714557600,
                "video_description": "See https://news.example/a",
                "hashtag_names": ["one"],
            },
            ("a", "a"),
            "https://news.example/a",
            id="TikTok Research API",
        ),
    ],
)
def test_exports_of_platforms_need_no_mapping(
    run_import: Run,
    tmp_path: Path,
    row: dict[str, Any],
    account: tuple[str, str],
    link: str,
) -> None:
    path = tmp_path / "posts.ndjson"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    result = run_import([path], platform="p")
    assert [(one["account_id"], one["handle"]) for one in result.accounts] == [
        (f"p:{account[0]}", account[1])
    ]
    assert result.objects("link") == [link]
    assert result.posts[0]["created_at"] == datetime(2024, 5, 1, 10, 0, tzinfo=UTC)


def test_lists_written_by_python_and_json(run_import: Run) -> None:
    text = (
        "user_name,date,text,hashtags,urls\n"
        "\"a\",2021-05-01 10:00:00,some text,\"['One', 'Two']\",\"['http://a.org/1', 'http://b.org/2']\"\n"
        'b,2021-05-01 10:00:00,some text #three,,"[""http://a.org/1""]"\n'
    )
    result = run_import(text, timezone="UTC")
    assert result.objects("hashtag") == ["one", "three", "two"]
    assert result.objects("link") == ["https://a.org/1", "https://a.org/1", "https://b.org/2"]


def test_unshortened_links(run_import: Run, tmp_path: Path) -> None:
    table = tmp_path / "short.csv"
    table.write_text("short,long\nhttp://t.co/x,https://Example.org/page?fbclid=1\n")
    text = "user,created_at,text\na,2021-05-01T10:00:00Z,see https://t.co/x\n"
    result = run_import(text, unshortened=table)
    assert result.objects("link") == ["https://example.org/page"]
    assert result.objects("domain") == ["example.org"]


def _same_rows(path: Path, container: str) -> Path:
    rows = [line.split(",") for line in SHARES_CSV.splitlines()]
    objects = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    lines = "\n".join(json.dumps(entry) for entry in objects)
    match container:
        case "tsv":
            path.write_text(SHARES_CSV.replace(",", "\t"))
        case "ndjson":
            path.write_text(lines)
        case "array":
            path.write_text(json.dumps(objects))
        case "pretty":
            path.write_text(json.dumps(objects, indent=2))
        case "gzip":
            path.write_bytes(gzip.compress(SHARES_CSV.encode()))
        case "zstd":
            path.write_bytes(pa.Codec("zstd").compress(lines.encode(), asbytes=True))
        case "utf16":
            path.write_bytes(SHARES_CSV.encode("utf-16"))
        case "bom":
            path.write_bytes(b"\xef\xbb\xbf" + SHARES_CSV.encode())
        case "windows":
            path.write_bytes(SHARES_CSV.replace("\n", "\r\n").encode())
        case "parquet":
            pq.write_table(pacsv.read_csv(pa.BufferReader(SHARES_CSV.encode())), path)
    return path


@pytest.mark.parametrize(
    "container",
    ["tsv", "ndjson", "array", "pretty", "gzip", "zstd", "utf16", "bom", "windows", "parquet"],
)
def test_every_container_gives_the_same_shares(
    run_import: Run, tmp_path: Path, container: str
) -> None:
    expected = run_import(SHARES_CSV).shares
    assert run_import([_same_rows(tmp_path / "in.data", container)]).shares == expected


def test_folders_skip_what_is_no_data(run_import: Run, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    (folder / "deep").mkdir(parents=True)
    (folder / "README.txt").write_text("how it was collected")
    (folder / "labels.csv").write_text("account,label\na,troll\n")
    (folder / "deep" / "shares.csv").write_text(SHARES_CSV)
    result = run_import([folder])
    assert len(result.shares) == 3
    assert set(result.summary.skipped) == {"README.txt", "labels.csv"}
    assert result.summary.files[0].source == "deep/shares.csv"


def test_times_without_zone_are_an_error_with_place_and_remedy(run_import: Run) -> None:
    text = "account_id,object_id,created_at\na,o,2021-05-01 10:00:00\n"
    with pytest.raises(InputError) as caught:
        run_import(text)
    message = str(caught.value)
    for part in ("in.csv", "row 1", "created_at", "--timezone UTC"):
        assert part in message
    result = run_import(text, timezone="Europe/Berlin")
    assert result.shares[0]["shared_at"] == datetime(2021, 5, 1, 8, 0, tzinfo=UTC)
    assert result.summary.files[0].timezone == "Europe/Berlin"


def test_missing_columns_are_named(run_import: Run) -> None:
    with pytest.raises(InputError) as caught:
        run_import("colour,size\nred,2\n")
    message = str(caught.value)
    assert "colour, size" in message
    assert "--map account_id=COLUMN" in message
    assert "--map created_at=COLUMN" in message


def test_minutes_are_noticed(run_import: Run) -> None:
    rows = "".join(f"a{i},o,2021-05-13 10:{i % 60:02}:00Z\n" for i in range(100))
    result = run_import("account_id,object_id,created_at\n" + rows)
    assert result.summary.time_resolution_s == 60.0


def test_accounts_of_bare_share_tables_are_seen_first_and_last(
    run_import: Run, tmp_path: Path
) -> None:
    """Told by nothing but their shares, in two files, they are joined as all others are."""
    texts = ("o,b,1600000300\no,a,1600000200\n", "p,a,1600000100\np,c,1600000400\n")
    paths = []
    for number, rows in enumerate(texts):
        paths.append(tmp_path / f"{number}.csv")
        paths[-1].write_text("object_id,account_id,timestamp_share\n" + rows)
    result = run_import(paths, platform="x")
    seen = {
        one["account_id"]: (one["first_seen_at"].timestamp(), one["last_seen_at"].timestamp())
        for one in result.accounts
    }
    assert list(seen) == ["x:a", "x:b", "x:c"]
    assert seen["x:a"] == (1600000100, 1600000200)
    assert {(one["platform"], one["status"], one["handle"]) for one in result.accounts} == {
        ("x", "unknown", None)
    }
    assert result.summary.accounts == 3
