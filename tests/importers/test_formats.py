"""Named formats: IRA tweets, Telegram, Twitter API v2; and the real data beside the repository."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assay.errors import InputError, UsageError
from assay.importers.registry import IMPORTERS, importer_named
from assay.importers.telegram_export import chat_head
from assay.text.normalise import text_key

from .conftest import Imported

Run = Callable[..., Imported]
SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"

IRA = (
    "external_author_id,author,content,region,language,publish_date,harvested_date,following,"
    "followers,updates,post_type,account_type,retweet,account_category,new_june_2018,"
    "alt_external_id,tweet_id,article_url,tco1_step1\n"
    '9.06E+17,10_GOP,"""We have a sitting Democrat US Senator on trial"" https://t.co/a",Unknown,'
    "English,10/1/2017 19:58,10/1/2017 19:59,1052,9636,253,,Right,0,RightTroll,0,9.06E+17,"
    "914580356430536707,http://twitter.com/10_GOP/statuses/914580356430536707,"
    "https://twitter.com/10_gop/status/914580356430536707/video/1\n"
    "9.06E+17,10_GOP,Marshawn Lynch arrives to game in anti-Trump shirt,Unknown,English,"
    "10/1/2017 22:43,10/1/2017 22:43,1054,9637,254,RETWEET,Right,1,RightTroll,0,9.06E+17,"
    "914621840496189440,http://twitter.com/10_GOP/statuses/914621840496189440,\n"
)


def test_ira_original_layout(run_import: Run) -> None:
    result = run_import(IRA)
    file = result.summary.files[0]
    assert (file.format, file.timezone, file.time_resolution_s) == ("ira-tweets", "UTC", 60.0)
    assert [post["kind"] for post in result.posts] == ["post", "repost"]
    assert result.posts[0]["post_id"] == "twitter:914580356430536707"
    assert result.posts[0]["account_id"] == "twitter:10_gop"
    assert result.posts[0]["time_resolution_s"] == 60.0
    assert result.objects("repost") == [
        "text:" + text_key("marshawn lynch arrives to game in anti-trump shirt")
    ]
    assert result.objects("link") == []  # a link to the tweet itself
    assert result.accounts[0]["followers"] == 9637


TELEGRAM: dict[str, Any] = {
    "name": "Channel",
    "type": "public_channel",
    "id": 123,
    "messages": [
        {"id": 1, "type": "service", "date": "2024-01-01T10:00:00", "action": "create_channel"},
        {
            "id": 2,
            "type": "message",
            "date": "2024-01-01T10:00:00",
            "date_unixtime": "1704099600",
            "from": "Channel",
            "from_id": "channel123",
            "text": [
                "Read ",
                {"type": "text_link", "text": "this", "href": "https://a.org/1?fbclid=x"},
                ' and "messages": [ about ',
                {"type": "hashtag", "text": "#News"},
            ],
        },
        {
            "id": 3,
            "type": "message",
            "date": "2024-01-01T10:01:00",
            "date_unixtime": "1704099660",
            "from": "Channel",
            "from_id": "channel123",
            "forwarded_from": "Other",
            "reply_to_message_id": 2,
            "text": "Something that somebody else wrote before",
        },
    ],
}


def test_telegram_desktop_one_chat(run_import: Run) -> None:
    result = run_import(json.dumps(TELEGRAM, indent=1, ensure_ascii=False), name="result.json")
    assert result.summary.files[0].format == "telegram-export"
    assert [post["post_id"] for post in result.posts] == ["telegram:123/2", "telegram:123/3"]
    assert [post["kind"] for post in result.posts] == ["post", "repost"]
    assert result.posts[0]["account_id"] == "telegram:channel123"
    assert result.posts[0]["text"] == 'Read this and "messages": [ about #News'
    assert result.objects("link") == ["https://a.org/1"]
    assert result.objects("hashtag") == ["news"]
    assert result.objects("repost") == [
        "text:" + text_key("something that somebody else wrote before")
    ]
    assert "service message" in result.reasons()[0]


def test_telegram_desktop_all_chats(run_import: Run) -> None:
    second = TELEGRAM | {"id": 456, "name": "Second"}
    for message in second["messages"]:
        assert isinstance(message, dict)
    export = {"about": "…", "chats": {"about": "…", "list": [TELEGRAM, second]}}
    result = run_import(json.dumps(export), name="result.json")
    assert {post["post_id"].split("/")[0] for post in result.posts} == {
        "telegram:123",
        "telegram:456",
    }
    assert result.summary.read == 6


def test_old_telegram_exports_need_a_zone(run_import: Run) -> None:
    old = json.loads(json.dumps(TELEGRAM))
    for message in old["messages"]:
        message.pop("date_unixtime", None)
    with pytest.raises(InputError, match="no time zone"):
        run_import(json.dumps(old), name="result.json")
    assert len(run_import(json.dumps(old), name="result.json", timezone="UTC").posts) == 2


def test_head_of_a_chat() -> None:
    context = b'"messages":[{"id":1,"name":"x"}]},{"name":"A \\"b\\"","type":"t","id":-9,'
    assert chat_head(context) == {"name": 'A "b"', "type": "t", "id": "-9"}


def _page(number: int) -> dict[str, Any]:
    return {
        "data": [
            {
                "id": f"{number}1",
                "author_id": "7",
                "created_at": "2021-05-01T10:00:00.000Z",
                "text": "RT @other: the original is longer than wha…",
                "referenced_tweets": [{"type": "retweeted", "id": "99"}],
                "edit_history_tweet_ids": [f"{number}1"],
            },
            {
                "id": f"{number}2",
                "author_id": "7",
                "created_at": "2021-05-01T10:00:01.000Z",
                "text": "look at this page about things https://t.co/x #Tag @Friend",
                "lang": "en",
                "entities": {
                    "urls": [{"url": "https://t.co/x", "expanded_url": "https://a.org/p?utm_id=1"}],
                    "hashtags": [{"tag": "Tag"}],
                    "mentions": [{"username": "Friend", "id": "8"}],
                },
                "attachments": {"media_keys": ["3_1"]},
                "referenced_tweets": [{"type": "replied_to", "id": "50"}],
            },
        ],
        "includes": {
            "users": [
                {
                    "id": "7",
                    "username": "Someone",
                    "name": "Some One",
                    "created_at": "2015-01-01T00:00:00.000Z",
                    "public_metrics": {"followers_count": 12, "following_count": 3},
                    "verified": False,
                }
            ],
            "media": [{"media_key": "3_1", "type": "photo", "url": "https://pbs.twimg.com/m.jpg"}],
            "tweets": [{"id": "99", "text": "the original is longer than what a repost shows"}],
        },
        "meta": {"result_count": 2},
    }


@pytest.mark.parametrize("layout", ["page", "pretty", "pages", "lines"])
def test_twitter_v2(run_import: Run, layout: str) -> None:
    pages = [_page(1)] if layout in ("page", "pretty") else [_page(1), _page(2)]
    content = {
        "page": json.dumps(pages[0]),
        "pretty": json.dumps(pages[0], indent=2),
        "pages": json.dumps(pages),
        "lines": "\n".join(json.dumps(page) for page in pages),
    }[layout]
    result = run_import(content, name="tweets.json")
    assert result.summary.files[0].format == "twitter-v2"
    assert result.summary.read == 2 * len(pages)
    first, second = result.posts[:2]
    assert (first["kind"], first["repost_of"]) == ("repost", "twitter:99")
    assert first["text"] == "the original is longer than what a repost shows"
    assert (second["kind"], second["in_reply_to"]) == ("reply", "twitter:50")
    assert set(result.objects("link")) == {"https://a.org/p"}
    assert set(result.objects("mention")) == {"twitter:friend"}
    assert set(result.objects("image")) == {"https://pbs.twimg.com/m.jpg"}
    assert result.accounts[0]["handle"] == "Someone"
    assert result.accounts[0]["followers"] == 12
    assert result.accounts[0]["created_at"].year == 2015
    # The repost's own text, link and hashtags are the original author's act.
    assert {share["post_id"] for share in result.shares if share["kind"] == "text"} == {
        f"twitter:{page}2" for page in range(1, len(pages) + 1)
    }


def test_single_tweets_as_lines(run_import: Run) -> None:
    tweets = "\n".join(json.dumps(tweet) for tweet in _page(1)["data"])
    result = run_import(tweets, name="tweets.jsonl")
    assert result.summary.files[0].format == "twitter-v2"
    assert result.posts[0]["account_id"] == "twitter:7"


def test_unknown_format_name() -> None:
    with pytest.raises(UsageError, match="no format"):
        importer_named("minitel")


def test_every_importer_stands_in_the_reference() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "reference" / "import.md"
    text = page.read_text("utf-8")
    for importer in IMPORTERS:
        assert f"`{importer.name}`" in text


def _data(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the real data {name} are not beside the repository")
    return path


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "options", "kept", "kinds"),
    [
        ("coortweet/russian_coord_tweets.parquet", {}, 35_125, {"object": 35_124}),
        (
            "coortweet/german_elections.parquet",
            {},
            218_971,
            {"link": 41_100, "hashtag": 36_005, "domain": 63_529, "image": 16_934},
        ),
        ("telegram-ru-news", {}, 22_099, {}),
        ("format-samples/telegram_channel_raw_sample.json", {}, 200, {}),
        ("organic-tweets", {"timezone": "UTC"}, 26_639, {}),
    ],
)
def test_real_data(
    run_import: Run, name: str, options: dict[str, str], kept: int, kinds: dict[str, int]
) -> None:
    result = run_import([_data(name)], **options)
    assert result.summary.kept == kept
    for kind, count in kinds.items():
        assert result.summary.shares[kind] == count


@pytest.mark.data
@pytest.mark.slow
def test_ira_tweets_whole(run_import: Run) -> None:
    result = run_import([_data("ira-tweets/tweets.parquet")], threads=2)
    assert (result.summary.posts, result.summary.rejected) == (853_450, 0)
    assert result.summary.time_resolution_s == 60.0
    assert len(result.accounts) == 2_154


def test_other_arrays_of_messages_are_no_telegram(run_import: Run) -> None:
    """Messages of Discord as DiscordChatExporter writes them: rows of a table."""
    message = {"id": "5", "timestamp": "2024-01-02T10:00:00+00:00", "content": "hello",
               "author": {"id": "7", "name": "ann"}}  # fmt: skip
    result = run_import(json.dumps({"guild": {"id": "1"}, "messages": [message]}), name="d.json")
    assert result.summary.files[0].format == "table"
    assert result.posts[0]["account_id"] == "unknown:7"
