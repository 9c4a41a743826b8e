"""What Mastodon, Bluesky, Twitter and the tools on it write, and what is to come of it."""

from __future__ import annotations

from typing import Any

from tests.importers.written_case import LONG, Case, Json


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

MICROBLOGS: dict[str, Case] = {
    "mastodon lines": Case(
        MASTODON, "mastodon", ["mastodon:ann@example.social"] * 3, ["post", "repost", "reply"],
        {"link": ["https://a.org/long/page"], "hashtag": ["news"],
         "mention": ["mastodon:bob@other.town"],
         "repost": ["mastodon:https://other.town/users/bob/statuses/5"],
         "reply": ["mastodon:110@example.social"]},
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
    "page v2": Case(
        {"data": [{"id": "2", "author_id": "8", "created_at": "2024-01-02T10:00:00.000Z",
                   "text": "cut off at 140",
                   "referenced_tweets": [{"type": "retweeted", "id": "1"}]}],
         "includes": {"tweets": [{"id": "1", "text": LONG}], "users": []},
         "errors": [{"resource_id": "3", "title": "Not Found Error"}], "meta": {"result_count": 1}},
        "twitter-v2", ["twitter:8"], ["repost"], {"repost": ["twitter:1"]}, [LONG]),
    "snscrape": Case([SNSCRAPE], "snscrape", ["twitter:9007199254740993"], ["post"],
                     {"link": ["https://a.org/page"], "hashtag": ["news"],
                      "mention": ["twitter:bob"],
                      "image": ["https://pbs.twimg.com/m.jpg"]}),
    "twscrape": Case([TWSCRAPE], "snscrape", ["twitter:9007199254740993"], ["repost"],
                     {"link": [], "repost": ["twitter:17"]}, [LONG]),
}  # fmt: skip
