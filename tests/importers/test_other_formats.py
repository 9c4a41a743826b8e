"""What the APIs of platforms and the tools on them write, each as they write it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.importers.conftest import Imported
from tests.importers.microblog_cases import MICROBLOGS
from tests.importers.platform_cases import PLATFORMS
from tests.importers.written_case import Json

from assay.importers.mastodon import MASTODON
from assay.importers.twitter_v2 import TWITTER_V2

Run = Callable[..., Imported]
CASES = MICROBLOGS | PLATFORMS
ANN: Json = {"id": "7", "acct": "ann", "url": "https://one.town/@ann"}
"""Of the asking server."""
BOB: Json = {"id": "8", "acct": "bob@two.town", "url": "https://two.town/@bob"}


@pytest.mark.parametrize("name", CASES)
def test_what_is_written_is_read(run_import: Run, name: str) -> None:
    case = CASES[name]
    result = run_import(case.written(), name="posts.json", **case.options)
    (file,) = result.summary.files
    assert file.format == case.format
    assert [post["account_id"] for post in result.posts] == case.accounts
    assert [post["kind"] for post in result.posts] == case.kinds
    for kind, found in case.shares.items():
        assert result.objects(kind) == found, kind
    if case.texts is not None:
        assert [post["text"] for post in result.posts] == case.texts
    if case.times is not None:
        assert [post["created_at"].isoformat() for post in result.posts] == case.times
    assert len(result.reasons()) == len(case.rejected)
    for reason, told in zip(result.reasons(), case.rejected, strict=True):
        assert told in reason


def _status(number: str, account: Json, uri: str, **more: Any) -> Json:
    said = {"id": number, "account": account, "uri": uri, "content": "<p>yes</p>"}
    return said | {"created_at": "2024-01-02T10:00:00.000Z"} | more


@pytest.mark.parametrize(
    ("account", "answered", "linked"),
    [
        (ANN, {"in_reply_to_id": "5", "in_reply_to_account_id": "8"}, "https://two.town/5"),
        (BOB, {"in_reply_to_id": "5", "in_reply_to_account_id": "8"}, "https://two.town/5"),
        # Number 5 of another account is a status of another server.
        (ANN, {"in_reply_to_id": "5", "in_reply_to_account_id": "9"}, "5@one.town"),
        (BOB, {"in_reply_to_id": "5", "in_reply_to_account_id": "9"}, None),
        (BOB, {"in_reply_to_id": "5"}, None),
        (ANN, {"in_reply_to_id": "6", "in_reply_to_account_id": "7"}, "https://one.town/6"),
    ],
)
def test_a_mastodon_reply_is_linked_to_no_other_servers_post(
    account: Json, answered: Json, linked: str | None
) -> None:
    reblog = _status("5", BOB, "https://two.town/5")
    context = {
        "ancestors": [_status("6", ANN, "https://one.town/6", reblog=reblog)],
        "descendants": [_status("10", account, "https://x.town/10", **answered)],
    }
    assert MASTODON.looks(context)
    _, reply = MASTODON.posts(context)
    assert isinstance(reply, dict)
    assert (reply["kind"], reply["in_reply_to"]) == ("reply", linked)


def test_tweets_are_completed_from_pages_read_with_them(run_import: Run) -> None:
    tweet: Json = {
        "created_at": "2024-01-02T10:00:00.000Z",
        "author_id": "7",
        "text": "RT @bob: cut",
    }
    tweet |= {"referenced_tweets": [{"type": "retweeted", "id": "1"}]}
    users = [{"id": "7", "username": "old"}]
    pages: list[Json] = [
        {"data": [tweet | {"id": "2"}], "meta": {}},
        {"data": [tweet | {"id": "3"}], "includes": {"users": users}, "meta": {}},
        {"errors": [{"title": "Not Found Error", "resource_id": "9"}], "meta": {}},
        {"data": [], "includes": {"users": [{"id": "7", "username": "ann"}],
                                  "tweets": [{"id": "1", "text": "the whole text"}]}},
    ]  # fmt: skip
    result = run_import("".join(json.dumps(page) + "\n" for page in pages), name="pages.jsonl")
    assert [post["text"] for post in result.posts] == ["the whole text"] * 2
    assert (result.summary.read, result.summary.rejected) == (2, 0)
    among = TWITTER_V2.among
    assert among is not None
    found = [one for page in pages for one in among(pages)(page)]
    assert [one["handle"] for one in found if isinstance(one, dict)] == ["ann", "old"]
