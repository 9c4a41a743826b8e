"""What the APIs of platforms and the tools on them write, each as they write it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.importers.conftest import Imported

from assay.importers.json_posts import JsonPosts, NoPost
from assay.importers.registry import importer_named

Json = dict[str, Any]
Run = Callable[..., Imported]
LONG = "a text that is long enough to be the same as another text"


@dataclass(frozen=True)
class Case:
    """One file and what is to come of it; shares of kinds that are not named are not looked at."""

    content: str | list[Any] | dict[str, Any]
    format: str
    accounts: list[str]
    kinds: list[str]
    shares: dict[str, list[str]] = field(default_factory=dict)
    texts: list[str | None] | None = None
    rejected: list[str] = field(default_factory=list)
    times: list[str] | None = None
    options: dict[str, Any] = field(default_factory=dict)

    def written(self) -> str:
        if isinstance(self.content, str):
            return self.content
        if isinstance(self.content, list):
            return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in self.content)
        return json.dumps(self.content, ensure_ascii=False)


def _mastodon(**more: Any) -> dict[str, Any]:
    account = {"id": "7", "username": "ann", "acct": "ann", "display_name": "Ann",
     "note": "<p>Hi</p>",
               "url": "https://example.social/@ann", "followers_count": 3, "following_count": 2,
               "created_at": "2020-01-01T00:00:00.000Z"}  # fmt: skip
    return {
        "id": "110", "created_at": "2024-01-02T10:00:00.000Z", "in_reply_to_id": None,
        "uri": "https://example.social/users/ann/statuses/110", "sensitive": False,
        "url": "https://example.social/@ann/110", "spoiler_text": "", "language": "en",
        "content": "<p>", "account": account, "reblog": None, "media_attachments": [],
        "mentions": [], "tags": [], "card": None, "application": {"name": "Web"},
    } | more  # fmt: skip


MASTODON = [
    _mastodon(
        content='<p><span class="h-card"><a href="https://other.town/@bob" class="u-url mention">@'
        "<span>bob</span></a></span> read &amp; share<br />this "
        '<a href="https://a.org/long/page?utm_source=x" rel="nofollow"><span class="invisible">'
        'https://</span><span class="ellipsis">a.org/long/pa</span><span class="invisible">'
        'ge?utm_source=x</span></a> <a href="https://example.social/tags/News" class="mention '
        'hashtag" rel="tag">#<span>News</span></a></p><p>second &lt;3</p>',
        mentions=[{"id": "9", "username": "bob", "acct": "bob@other.town",
                   "url": "https://other.town/@bob"}],
        tags=[{"name": "news", "url": "https://example.social/tags/news"}],
    ),
    _mastodon(
        id="111", uri="https://example.social/users/ann/statuses/111/activity",
        reblog=_mastodon(uri="https://other.town/users/bob/statuses/5", content=f"<p>{LONG}</p>"),
    ),
    _mastodon(id="112", uri="https://example.social/users/ann/statuses/112",
              in_reply_to_id="110", content="<p>yes</p>"),
]  # fmt: skip

DID = "did:plc:abc"
RECORD: Json = {
    "$type": "app.bsky.feed.post", "createdAt": "2024-01-02T10:00:00.123Z", "langs": ["en"],
    "text": "é @bob.example.org read a.org/pa... #News",
    "facets": [
        {"index": {"byteStart": 3, "byteEnd": 19},
         "features": [{"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:bob"}]},
        {"index": {"byteStart": 25, "byteEnd": 36},
         "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://a.org/page"}]},
        {"index": {"byteStart": 37, "byteEnd": 42},
         "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "News"}]},
    ],
    "embed": {"$type": "app.bsky.embed.external",
              "external": {"uri": "https://a.org/page?utm_source=b", "title": "",
               "description": ""}},
    "reply": {"parent": {"uri": "at://did:plc:bob/app.bsky.feed.post/1", "cid": "c"},
              "root": {"uri": "at://did:plc:bob/app.bsky.feed.post/1", "cid": "c"}},
}  # fmt: skip
AUTHOR: Json = {"did": DID, "handle": "ann.example.org", "displayName": "Ann"}
VIEW: Json = {"uri": f"at://{DID}/app.bsky.feed.post/3k", "cid": "b", "author": AUTHOR,
 "record": RECORD,
        "replyCount": 0, "indexedAt": "2024-01-02T10:00:01.000Z"}  # fmt: skip
BLUESKY_SHARES = {
    "link": ["https://a.org/page"], "hashtag": ["news"], "mention": ["bluesky:bob.example.org"],
    "reply": ["bluesky:at://did:plc:bob/app.bsky.feed.post/1"],
}  # fmt: skip


def _commit(collection: str, operation: str = "create", **record: Any) -> dict[str, Any]:
    return {
        "did": DID, "time_us": 1704189600123456, "kind": "commit",
        "commit": {"rev": "r", "operation": operation, "collection": collection, "rkey": "3k",
                   "record": record, "cid": "c"},
    }  # fmt: skip


def _tweet_v1(number: int, **more: Any) -> dict[str, Any]:
    return {
        "created_at": "Tue Jan 02 10:00:00 +0000 2024", "id": number, "id_str": str(number),
        "full_text": f"tweet {number}", "truncated": False, "lang": "en",
        "source": '<a href="https://x.org" rel="nofollow">Some App</a>',
        "in_reply_to_status_id": None, "in_reply_to_status_id_str": None,
        "user": {"id": 9007199254740993, "id_str": "9007199254740993", "screen_name": "ann",
                 "name": "Ann", "followers_count": 5, "friends_count": 2,
                 "created_at": "Wed Jan 01 00:00:00 +0000 2020"},
        "entities": {"hashtags": [], "user_mentions": [], "urls": [], "symbols": []},
        "is_quote_status": False,
    } | more  # fmt: skip


TWEETS_V1 = [
    _tweet_v1(
        1747000000000000001,
        entities={"hashtags": [{"text": "News", "indices": [0, 5]}],
                  "user_mentions": [{"screen_name": "Bob", "id_str": "8"}],
                  "urls": [{"url": "https://t.co/x", "expanded_url": "https://a.org/page",
                            "display_url": "a.org/page"}]},
        extended_entities={"media": [{"media_url_https": "https://pbs.twimg.com/m.jpg"}]},
    ),
    _tweet_v1(1747000000000000002, retweeted_status=_tweet_v1(1747000000000000000, full_text=LONG)),
    _tweet_v1(1747000000000000003, in_reply_to_status_id_str="1747000000000000001", text="short",
              full_text=None, extended_tweet={"full_text": LONG, "entities": {}}),
    {"limit": {"track": 5, "timestamp_ms": "1704189600123"}},
]  # fmt: skip


def _reddit(**more: Any) -> dict[str, Any]:
    return {"author": "Ann", "author_fullname": "t2_a", "created_utc": 1704189600, "id": "x1",
            "subreddit": "news", "permalink": "/r/news/comments/x1/t/"} | more  # fmt: skip


SUBMISSION = _reddit(title="A title of an article that is long", selftext="", is_self=False,
                     url="https://a.org/page", domain="a.org")  # fmt: skip
COMMENT = _reddit(id="y1", body="see https://b.org/2", parent_id="t3_x1", link_id="t3_x1",
                  author="Bob", created_utc="1704189660")  # fmt: skip
GONE = _reddit(id="x2", author="[deleted]", title="t", selftext="[deleted]", url="https://a.org/2")
REDDIT_SHARES = {"link": ["https://a.org/page", "https://b.org/2"], "reply": ["reddit:t3_x1"]}

SNIPPET: Json = {"publishedAt": "2024-01-02T10:00:00Z", "channelId": "UC1", "title": "Video",
           "description": f"{LONG} https://a.org/page #News",
            "channelTitle": "Channel"}  # fmt: skip
YT_COMMENT: Json = {
    "kind": "youtube#comment", "id": "Ug1", "etag": "e",
    "snippet": {"videoId": "v1", "textDisplay": 'see <a href="https://b.org/2">https://b.org/2</a>',
                "authorDisplayName": "@ann", "authorChannelId": {"value": "UC2"},
                "authorChannelUrl": "http://www.youtube.com/@ann", "likeCount": 0,
                "publishedAt": "2024-01-02T10:00:05Z", "updatedAt": "2024-01-02T10:00:05Z"},
}  # fmt: skip
YT_REPLY: Json = YT_COMMENT | {
    "id": "Ug1.r",
    "snippet": YT_COMMENT["snippet"] | {"parentId": "Ug1", "textOriginal": "yes <3"},
}

SNSCRAPE: Json = {
    "_type": "snscrape.modules.twitter.Tweet",
     "url": "https://twitter.com/ann/status/1747000000000000001",
    "date": "2024-01-02T10:00:00+00:00", "id": 1747000000000000001, "lang": "en",
    "rawContent": "read https://t.co/x @Bob #News",
    "user": {"_type": "snscrape.modules.twitter.User", "username": "ann", "id": 9007199254740993,
             "displayname": "Ann", "rawDescription": "bio", "created": "2020-01-01T00:00:00+00:00",
             "followersCount": 5, "friendsCount": 2, "verified": False},
    "links": [{"text": "a.org/page", "url": "https://a.org/page", "tcourl": "https://t.co/x"}],
    "media": [{"_type": "snscrape.modules.twitter.Photo",
     "previewUrl": "https://pbs.twimg.com/p.jpg",
               "fullUrl": "https://pbs.twimg.com/m.jpg"}],
    "retweetedTweet": None, "quotedTweet": None, "inReplyToTweetId": None, "hashtags": ["News"],
    "mentionedUsers": [{"username": "Bob", "id": 8, "displayname": "Bob"}], "sourceLabel": "Web",
}  # fmt: skip
TWSCRAPE: Json = SNSCRAPE | {
    "id_str": "1747000000000000002", "id": 1747000000000000002,
    "user": SNSCRAPE["user"] | {"id_str": "9007199254740993"},
    "media": {"photos": [{"url": "https://pbs.twimg.com/m.jpg"}], "videos": [], "animated": []},
    "retweetedTweet": {"id": 17, "id_str": "17", "rawContent": LONG,
     "date": "2024-01-01T00:00:00+00:00"},
}  # fmt: skip

TELETHON = [
    {"_": "Message", "id": 5, "peer_id": {"_": "PeerChannel", "channel_id": 123},
     "date": "2024-01-02T10:00:00+00:00", "message": "😀 read a.org/page and this", "from_id": None,
     "fwd_from": None, "reply_to": {"_": "MessageReplyHeader", "reply_to_msg_id": 4},
     "entities": [{"_": "MessageEntityUrl", "offset": 8, "length": 10},
                  {"_": "MessageEntityTextUrl", "offset": 23, "length": 4,
                   "url": "https://b.org/2"}],
     "media": {"_": "MessageMediaPhoto", "photo": {"_": "Photo", "id": 77}}, "views": 3},
    {"_": "Message", "id": 6, "peer_id": {"_": "PeerChannel", "channel_id": 123},
     "date": "2024-01-02T10:01:00+00:00", "message": LONG, "from_id": {"_": "PeerUser",
      "user_id": 9},
     "fwd_from": {"_": "MessageFwdHeader", "date": "2024-01-02T09:00:00+00:00", "channel_post": 44,
                  "from_id": {"_": "PeerChannel", "channel_id": 321}}, "entities": []},
    {"_": "MessageService", "id": 7, "peer_id": {"_": "PeerChannel", "channel_id": 123},
     "date": "2024-01-02T10:01:00+00:00", "action": {"_": "MessageActionPinMessage"}},
    *(
        {"_": "Message", "id": 8, "peer_id": {"_": "PeerUser", "user_id": 5}, "out": out,
         "date": "2024-01-02T10:01:00+00:00", "message": "x", "from_id": None}
        for out in (True, False)
    ),
]  # fmt: skip

VK: Json = {"response": {
    "count": 2,
    "items": [
        {"id": 45, "from_id": -123, "owner_id": -123, "date": 1704189600, "post_type": "post",
         "text": "[club5|Somebody] writes, [https://vk.com/wall-5_1|here]",
         "attachments": [{"type": "link", "link": {"url": "https://a.org/page", "title": "t"}},
                         {"type": "photo", "photo": {"id": 3, "owner_id": -123, "sizes": []}}]},
        {"id": 46, "from_id": 7, "owner_id": 7, "date": 1704189660, "text": "",
         "copy_history": [{"id": 45, "owner_id": -123, "from_id": -123, "date": 1704189600,
                           "text": "x"}]},
    ],
    "profiles": [{"id": 7, "first_name": "Ann", "last_name": "A", "screen_name": "ann"}],
    "groups": [{"id": 123, "name": "Group", "screen_name": "group"}],
}}  # fmt: skip
VK_COMMENT: Json = {"id": 8, "from_id": 5, "owner_id": -123, "post_id": 45, "date": 1704189600,
                    "text": "yes"}  # fmt: skip

TIKTOK_VIDEO: Json = {
    "id": 7300000000000000001, "create_time": 1704189600, "username": "ann", "region_code": "DE",
    "video_description": f"{LONG} #News", "hashtag_names": ["news", "more"], "like_count": 5,
    "music_id": 7200000000000000001,
}  # fmt: skip

CASES: dict[str, Case] = {
    "mastodon lines": Case(
        MASTODON, "mastodon", ["mastodon:ann@example.social"] * 3, ["post", "repost", "reply"],
        {"link": ["https://a.org/long/page"], "hashtag": ["news"],
         "mention": ["mastodon:bob@other.town"],
         "repost": ["mastodon:https://other.town/users/bob/statuses/5"], "reply": ["mastodon:110"]},
        ["@bob read & share\nthis https://a.org/long/page?utm_source=x #News\n\nsecond <3", LONG,
         "yes"],
    ),
    "bluesky page": Case({"posts": [VIEW, VIEW | {"author": {"did": None}}], "cursor": "1"},
                         "bluesky", [f"bluesky:{DID}"], ["reply"], BLUESKY_SHARES,
                         rejected=["no address and author"],
                         times=["2024-01-02T10:00:00.123000+00:00"]),
    "mastodon search": Case({"accounts": [], "statuses": MASTODON[2:], "hashtags": []}, "mastodon",
                            ["mastodon:ann@example.social"], ["reply"]),
    "bluesky thread": Case(
        {"thread": {"post": VIEW, "replies": [{"post": VIEW | {"uri": "at://x/y/2"},
         "replies": []}]}},
        "bluesky", [f"bluesky:{DID}"] * 2, ["reply"] * 2),
    "bluesky feed": Case(
        {"feed": [{"post": VIEW}, {"post": VIEW, "reason": {
            "$type": "app.bsky.feed.defs#reasonRepost", "by": {"did": "did:plc:z",
             "handle": "z.org"},
            "uri": "at://did:plc:z/app.bsky.feed.repost/9",
             "indexedAt": "2024-01-02T11:00:00.000Z"}}]},
        "bluesky", [f"bluesky:{DID}", "bluesky:did:plc:z"], ["reply", "repost"],
        BLUESKY_SHARES | {"repost": [f"bluesky:{VIEW['uri']}"]},
    ),
    "bluesky stream": Case(
        [{"did": DID, "time_us": 1704189600000000, "kind": "identity", "identity": {"did": DID}},
         _commit("app.bsky.feed.like"), _commit("app.bsky.feed.post", **RECORD),
         _commit("app.bsky.feed.post", "delete"), _commit("app.bsky.feed.post") | {"did": None},
         _commit("app.bsky.feed.repost", createdAt="2024-01-02T10:01:00.000Z",
                 subject={"uri": "at://did:plc:bob/app.bsky.feed.post/1", "cid": "c"})],
        "bluesky", [f"bluesky:{DID}"] * 2, ["reply", "repost"],
        BLUESKY_SHARES | {"repost": ["bluesky:at://did:plc:bob/app.bsky.feed.post/1"]},
        rejected=["no commit", "create of app.bsky.feed.like", "delete of app.bsky.feed.post",
                  "does not say whose"],
    ),
    "tweets v1.1": Case(
        TWEETS_V1, "twitter-v1", ["twitter:9007199254740993"] * 3, ["post", "repost", "reply"],
        {"link": ["https://a.org/page"], "hashtag": ["news"], "mention": ["twitter:bob"],
         "repost": ["twitter:1747000000000000000"], "reply": ["twitter:1747000000000000001"],
         "image": ["https://pbs.twimg.com/m.jpg"]},
        ["tweet 1747000000000000001", LONG, LONG], ["a notice of the stream"],
    ),
    "search v1.1": Case({"statuses": TWEETS_V1[:1], "search_metadata": {"count": 1}}, "twitter-v1",
                        ["twitter:9007199254740993"], ["post"], {"link": ["https://a.org/page"]}),
    "stream v2": Case(
        [{"data": {"id": "1", "author_id": "7", "created_at": "2024-01-02T10:00:00.000Z",
                   "text": "cut off", "note_tweet": {"text": LONG},
                   "referenced_tweets": [{"type": "replied_to", "id": "3"}],
                   "attachments": {"media_keys": ["k"]},
                   "entities": {"urls": [{"expanded_url": "https://a.org/page"}],
                                "hashtags": [{"tag": "News"}], "mentions": [{"username": "Bob"}]}},
          "includes": {"media": [{"media_key": "k", "url": "https://pbs.twimg.com/m.jpg"}],
                       "users": [{"id": "7", "username": "ann", "public_metrics": {}}]},
          "matching_rules": [{"id": "1", "tag": ""}]}],
        "twitter-v2", ["twitter:7"], ["reply"],
        {"link": ["https://a.org/page"], "hashtag": ["news"], "mention": ["twitter:bob"],
         "reply": ["twitter:3"], "image": ["https://pbs.twimg.com/m.jpg"]}, [LONG],
    ),
    "reddit lines": Case([SUBMISSION, COMMENT, GONE], "reddit", ["reddit:ann", "reddit:bob"],
                         ["post", "comment"], REDDIT_SHARES, rejected=["deleted the account"]),
    "reddit listing": Case(
        {"kind": "Listing", "data": {"children": [
            {"kind": "t3", "data": SUBMISSION},
            {"kind": "t1", "data": _reddit(id="y0", body="first", parent_id="t3_x1", replies={
                "kind": "Listing", "data": {"children": [{"kind": "t1", "data": COMMENT}]}})}]}},
        "reddit", ["reddit:ann", "reddit:ann", "reddit:bob"], ["post", "comment", "comment"],
        REDDIT_SHARES | {"reply": ["reddit:t3_x1"] * 2},
    ),
    "youtube videos": Case(
        {"kind": "youtube#videoListResponse", "items": [
            {"kind": "youtube#video", "id": "v1", "snippet": SNIPPET | {"tags": ["a", "b"]}}]},
        "youtube", ["youtube:UC1"], ["post"], {"link": ["https://a.org/page"],
         "hashtag": ["news"]}),
    "youtube search": Case(
        {"kind": "youtube#searchListResponse", "items": [
            {"kind": "youtube#searchResult", "id": {"kind": "youtube#video", "videoId": "v1"},
             "snippet": SNIPPET},
            {"kind": "youtube#searchResult", "id": {"kind": "youtube#channel", "channelId": "UC1"},
             "snippet": SNIPPET}]},
        "youtube", ["youtube:UC1"], ["post"], rejected=["a channel or a playlist"]),
    "youtube threads": Case(
        {"kind": "youtube#commentThreadListResponse", "items": [
            {"kind": "youtube#commentThread", "id": "Ug1", "replies": {"comments": [YT_REPLY]},
             "snippet": {"videoId": "v1", "topLevelComment": YT_COMMENT, "totalReplyCount": 1}}]},
        "youtube", ["youtube:UC2"] * 2, ["comment"] * 2,
        {"link": ["https://b.org/2"], "reply": ["youtube:Ug1", "youtube:v1"]},
        ["see https://b.org/2", "yes <3"]),
    "yt-dlp": Case(
        {"id": "v1", "title": "Video", "description": "about https://a.org/page",
         "channel": "Channel",
         "channel_id": "UC1", "uploader_id": "@channel", "timestamp": 1704189600,
         "upload_date": "20240102", "webpage_url": "https://www.youtube.com/watch?v=v1",
         "extractor": "youtube", "extractor_key": "Youtube",
          "formats": [{"url": "https://cdn.org/1"}],
         "comments": [{"id": "Ug1", "text": "see https://b.org/2", "author": "@ann",
                       "author_id": "UC2", "timestamp": 1704189605, "parent": "root"}]},
        "yt-dlp", ["youtube:UC1", "youtube:UC2"], ["post", "comment"],
        {"link": ["https://a.org/page"], "reply": []},
        times=["2024-01-02T10:00:00+00:00", "2024-01-02T00:00:00+00:00"]),
    "snscrape": Case([SNSCRAPE], "snscrape", ["twitter:9007199254740993"], ["post"],
                     {"link": ["https://a.org/page"], "hashtag": ["news"],
                      "mention": ["twitter:bob"],
                      "image": ["https://pbs.twimg.com/m.jpg"]}),
    "twscrape": Case([TWSCRAPE], "snscrape", ["twitter:9007199254740993"], ["repost"],
                     {"link": [], "repost": ["twitter:17"]}, [LONG]),
    "telethon": Case(
        TELETHON, "telethon", ["telegram:channel123", "telegram:user9", "telegram:user5"],
        ["reply", "repost", "post"],
        {"link": ["https://a.org/page", "https://b.org/2"], "reply": ["telegram:123/4"],
         "repost": ["telegram:321/44"], "image": ["photo77"]},
          rejected=["MessageActionPinMessage", "names no account"]),
    "vk": Case(VK, "vk", ["vk:-123", "vk:7"], ["post", "repost"],
               {"link": ["https://a.org/page", "https://vk.com/wall-5_1"], "mention": ["vk:club5"],
                "repost": ["vk:-123_45"], "image": ["photo-123_3"]},
               ["Somebody writes, here", None]),
    "vk comments": Case(
        {"response": {"count": 1, "items": [VK_COMMENT | {"thread": {"count": 1, "items": [
            VK_COMMENT | {"id": 9, "from_id": 6, "reply_to_comment": 8}]}}]}},
        "vk", ["vk:5", "vk:6"], ["comment"] * 2, {"reply": ["vk:-123_45", "vk:-123_8"]}),
    "tiktok page": Case(
        {"data": {"videos": [TIKTOK_VIDEO], "cursor": 1, "has_more": False, "search_id": "7"},
         "error": {"code": "ok", "message": "", "log_id": "2"}},
        "tiktok", ["tiktok:ann"], ["post"], {"hashtag": ["more", "news"]}),
    "tiktok comments": Case(
        [{"data": {"videos": [TIKTOK_VIDEO]}},
         {"data": {"comments": [{"id": 1, "text": "x", "create_time": 1704189600,
          "video_id": 2}]}}],
        "tiktok", ["tiktok:ann"], ["post"], rejected=["does not say whose"]),
    "crowdtangle api": Case(
        {"status": 200, "result": {"posts": [
            {"platformId": "12_34", "platform": "Facebook", "date": "2024-01-02 10:00:00",
             "updated": "2024-01-03 10:00:00", "type": "link", "message": LONG,
              "link": "https://t.co/x",
             "expandedLinks": [{"original": "https://t.co/x", "expanded": "https://a.org/page"}],
             "postUrl": "https://www.facebook.com/12/posts/34", "languageCode": "en",
             "account": {"id": 5, "name": "Page", "handle": "page", "platform": "Facebook",
                         "platformId": "12", "subscriberCount": 9, "verified": True}}]}},
        "crowdtangle", ["facebook:12"], ["post"], {"link": ["https://a.org/page"]}),
    "gdelt": Case(
        {"articles": [{"url": "https://a.org/page", "title": LONG, "seendate": "20240102T100000Z",
                       "socialimage": "", "domain": "a.org", "language": "English"}]},
        "gdelt", ["web:a.org"], ["article"], times=["2024-01-02T10:00:00+00:00"]),
}  # fmt: skip


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


JUNK = (None, 5, "x", "http://[x", [5, None], {"a": 1})


def _spoilt(value: Any) -> Iterator[Any]:
    """The value with one of its parts replaced by something of another sort, each in turn."""
    places = value.items() if isinstance(value, dict) else enumerate(value)
    for place, part in list(places):
        fits = [*JUNK, *(_spoilt(part) if isinstance(part, dict | list) else ())]
        for other in fits:
            copy = value.copy()
            copy[place] = other
            yield copy


@pytest.mark.parametrize("name", CASES)
def test_no_form_of_a_part_breaks_the_reading(name: str) -> None:
    """Every object gives posts and what is none, whatever stands in its parts."""
    case = CASES[name]
    written = case.content if isinstance(case.content, list) else [case.content]
    importer = importer_named(case.format)
    assert isinstance(importer, JsonPosts)
    for value in written:
        for spoilt in _spoilt(value):
            importer.looks(spoilt)
            for found in importer.posts(spoilt):
                assert isinstance(found, dict | NoPost)
