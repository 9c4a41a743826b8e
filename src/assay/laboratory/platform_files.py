"""Simulated posts in the formats that platforms and releases hand out.

Each stands for one platform, so that all accounts are on it; ids stay those of the truth file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

PAGE_TWEETS = 500
"""Tweets in a page; the API itself gives 10 to 500."""

REPOST_PREFIX = r"^RT @\w+: "

Rows = Iterator[list[dict[str, Any]]]


def write_twitter_v2(posts: pa.Table, path: Path) -> None:
    """Pages of Twitter's API v2, one a line: ``data``, ``includes.users`` and ``meta``."""

    def write(stream: IO[str]) -> None:
        for rows in _batches(posts, PAGE_TWEETS):
            users = {row["account_id"]: row["username"] for row in rows}
            page = {
                "data": [_tweet(row) for row in rows],
                "includes": {
                    "users": [
                        {"id": account, "username": handle, "name": handle}
                        for account, handle in users.items()
                    ]
                },
                "meta": {"result_count": len(rows)},
            }
            stream.write(json.dumps(page) + "\n")

    _whole(path, write)


def write_telegram(posts: pa.Table, path: Path) -> None:
    """Telegram Desktop's ``result.json`` of a single public group.

    Forwarded messages do not say which message they forward, so their text is the original's.
    """
    bare = pc.replace_substring_regex(posts["text"], REPOST_PREFIX, "")
    posts = posts.set_column(posts.column_names.index("text"), "text", bare)

    def write(stream: IO[str]) -> None:
        # Laid out as the application does, one field a line.
        stream.write('{\n "name": "Simulated group",\n "type": "public_supergroup",\n')
        stream.write(' "id": 1000,\n "messages": [\n')
        number = 0
        for rows in _batches(posts, 10_000):
            for row in rows:
                number += 1
                stream.write((",\n" if number > 1 else "") + json.dumps(_message(row, number)))
        stream.write("\n ]\n}\n")

    _whole(path, write)


def write_ira_table(posts: pa.Table, path: Path) -> None:
    """The columns of FiveThirtyEight's release of tweets; times are minutes, month first.

    The release knows accounts by ``author`` only, and does not say which tweet a retweet repeats.
    """
    reposted = posts["repost_of"].is_valid()
    nothing = pa.nulls(len(posts), pa.string())
    zero = pa.repeat(pa.scalar(0), len(posts))
    first_link = pc.list_element(
        pc.if_else(
            pc.equal(pc.list_value_length(posts["urls"]), 0),
            pa.scalar([None], posts["urls"].type),
            posts["urls"],
        ),
        0,
    )
    minutes = pc.floor_temporal(posts["created_at"], unit="minute").to_numpy()
    moments = [
        f"{one[5:7]}/{one[8:10]}/{one[:4]} {one[11:16]}"
        for one in minutes.astype("datetime64[m]").astype(str).tolist()
    ]
    table = pa.table(
        {
            "author": posts["account_id"],
            "content": pc.replace_substring_regex(posts["text"], REPOST_PREFIX, ""),
            "region": nothing,
            "language": pa.repeat(pa.scalar("English"), len(posts)),
            "publish_date": pa.array(moments, pa.string()),
            "following": zero,
            "followers": zero,
            "updates": zero,
            "post_type": pc.if_else(reposted, "RETWEET", pa.scalar(None, pa.string())),
            "retweet": reposted.cast(pa.int64()),
            "tweet_id": posts["id"],
            "tco1_step1": first_link,
        }
    )
    unfinished = path.with_name(path.name + ".part")
    pyarrow.csv.write_csv(table, unfinished)
    unfinished.replace(path)


def _tweet(row: dict[str, Any]) -> dict[str, Any]:
    tweet: dict[str, Any] = {
        "id": row["id"],
        "text": row["text"],
        "author_id": row["account_id"],
        "created_at": row["created_at"].strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "edit_history_tweet_ids": [row["id"]],
    }
    entities: dict[str, Any] = {}
    if row["urls"]:
        entities["urls"] = [{"url": link, "expanded_url": link} for link in row["urls"]]
    if row["hashtags"]:
        entities["hashtags"] = [{"tag": tag} for tag in row["hashtags"]]
    if entities:
        tweet["entities"] = entities
    if row["repost_of"]:
        tweet["referenced_tweets"] = [{"type": "retweeted", "id": row["repost_of"]}]
    return tweet


def _message(row: dict[str, Any], number: int) -> dict[str, Any]:
    at = row["created_at"]
    message: dict[str, Any] = {
        "id": number,
        "type": "message",
        "date": at.strftime("%Y-%m-%dT%H:%M:%S"),
        "date_unixtime": str(int(at.timestamp())),
        "from": row["username"],
        "from_id": row["account_id"],
        "text": row["text"],
    }
    if row["urls"]:
        links = [{"type": "link", "text": link} for link in row["urls"]]
        message["text"] = [row["text"] + " ", *links]
    if row["repost_of"]:
        message["forwarded_from"] = "A simulated account"
    return message


def _batches(posts: pa.Table, size: int) -> Rows:
    # Cut to the batch size: a table's own chunks may be of any length.
    for begin in range(0, len(posts), size):
        yield posts.slice(begin, size).to_pylist()


def _whole(path: Path, write: Callable[[IO[str]], None]) -> None:
    unfinished = path.with_name(path.name + ".part")
    with unfinished.open("w", encoding="utf-8", newline="\n") as stream:
        write(stream)
    unfinished.replace(path)
