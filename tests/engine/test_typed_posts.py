"""Typed posts and seen accounts, each beside the same rules told row by row in plain Python."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.connection import open_connection
from assay.engine.derive import POST_FIELDS, PostDeriver
from assay.engine.derived import RowRules
from assay.engine.typed_posts import PostTyper
from assay.text.dates import TimeForm

RULES = RowRules(
    "x.csv",
    "0123456789ab",
    "twitter",
    TimeForm("iso", True, 1.0),
    None,
    datetime(2030, 1, 1, tzinfo=UTC),
)
words = st.sampled_from([None, "", " ", "a", " A\u00a0", "@b", "7", "7.0", "É", "yes", "No"])
kinds = st.sampled_from([None, "", "RT", " Retweet", "quoted", "reply", "TWEET", "ad"])
counts = st.sampled_from([None, "12", " 12 ", "+3", "1e3", "many", ""])
times = st.sampled_from(
    [None, "", "2020-01-01T00:00:00Z", "2020-01-01", "1980-01-01T00:00:00Z", "2040-01-01T00:00:00Z"]
)
addresses = st.sampled_from([None, "https://x.com/a/status/5?s=1", "https://a.org/1"])
posts = st.fixed_dictionaries(
    {
        **dict.fromkeys(("account_id", "handle", "display_name", "post_id", "platform"), words),
        **dict.fromkeys(("repost_of", "in_reply_to", "is_repost", "verified"), words),
        "kind": kinds,
        "followers": counts,
        "created_at": times,
        "url": addresses,
    }
)
Row = dict[str, str | None]


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return open_connection(1, None, "unused")


def _trimmed(word: str | None) -> str | None:
    return (word or "").strip(" \u00a0") or None


def _id(word: str | None) -> str | None:
    return {"7.0": "7"}.get((word or "").strip(), (word or "").strip()) or None


def _expected(row: Row, number: int) -> dict[str, object]:
    platform = (_trimmed(row["platform"]) or "twitter").lower()
    handle = (_trimmed(row["handle"]) or "").lstrip("@") or None
    shown = _trimmed(row["display_name"])
    key = _id(row["account_id"]) or (handle or "").lower() or (shown or "").lower() or None
    post = _id(row["post_id"]) or ("5" if "status/5" in (row["url"] or "") else None)
    told = {"retweet": "repost", "quoted": "quote", "reply": "reply", "tweet": "post", "ad": "ad"}
    repost, reply = _id(row["repost_of"]), _id(row["in_reply_to"])
    kind = told.get((_trimmed(row["kind"]) or "").lower())
    if kind is None and (repost or (row["is_repost"] or "").lower() in ("yes",)):
        kind = "repost"
    verified = {"yes": True, "no": False}.get((row["verified"] or "").lower())
    followers = {"12": 12, " 12 ": 12, "+3": 3, "1e3": 1000}.get(row["followers"] or "")
    at = row["created_at"]
    return {
        "platform": platform,
        "handle": handle,
        "display_name": shown,
        "account_id": key and f"{platform}:{key}",
        "post_id": f"{platform}:{post}" if post else f"0123456789ab:{number}",
        "repost_of": repost and f"{platform}:{repost}",
        "in_reply_to": reply and f"{platform}:{reply}",
        "kind": kind or ("reply" if reply else "post"),
        "verified": verified,
        "followers": followers,
        "reason": "the row names no account"
        if key is None
        else "the row has no time"
        if at is None
        else "the time cannot be read, or says no time zone"
        if not at.endswith("Z")
        else "the time lies before 1990"
        if at < "1990"
        else "the time lies in the future"
        if at > "2030"
        else None,
    }


@given(st.lists(posts, min_size=1, max_size=5))
def test_rows_mean_what_the_rules_say(
    connection: duckdb.DuckDBPyConnection, rows: list[Row]
) -> None:
    raw = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in POST_FIELDS}
    numbers = np.arange(1, len(rows) + 1)
    typed = pa.table(PostTyper(connection, RULES).typed(raw, numbers, None)).to_pylist()
    for row, number, found in zip(rows, numbers.tolist(), typed, strict=True):
        expected = _expected(row, number)
        assert {name: found[name] for name in expected} == expected


seen = st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.sampled_from([None, "x", "y"]))


@given(st.lists(seen, min_size=1, max_size=8))
def test_an_account_is_what_its_latest_post_tells(
    connection: duckdb.DuckDBPyConnection, rows: list[tuple[str, int, str | None]]
) -> None:
    fields = pa.table(
        {
            "account_id": [account for account, _, _ in rows],
            "created_at": [f"2020-01-01T00:00:0{second}Z" for _, second, _ in rows],
            "bio": pa.array([bio for _, _, bio in rows], pa.string()),
            "text": ["t"] * len(rows),
        }
    )
    derived = PostDeriver(connection, RULES).derive(fields, np.arange(1, len(rows) + 1))
    found = {row["account_id"].split(":")[1]: row for row in derived.accounts.to_pylist()}
    assert set(found) == {account for account, _, _ in rows}
    for account, row in found.items():
        own = [(second, bio) for name, second, bio in rows if name == account]
        telling = [(second, bio) for second, bio in own if bio]
        # max takes the first of several that are equal
        assert row["bio"] == (max(telling, key=lambda post: post[0])[1] if telling else None)
        assert row["first_seen_at"].second == min(second for second, _ in own)
        assert row["last_seen_at"].second == max(second for second, _ in own)
