"""What Reddit, YouTube, Telegram, VK, TikTok and lists of articles are written as."""

from __future__ import annotations

from typing import Any

from tests.importers.written_case import LONG, Case, Json


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

PLATFORMS: dict[str, Case] = {
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
    "yt-dlp playlist": Case(
        {"_type": "playlist", "id": "PL1", "extractor": "youtube:tab", "webpage_url": "https://b.org",
         "entries": [{"id": "v1", "title": "Video", "channel_id": "UC1", "timestamp": 1704189600,
                      "extractor_key": "Youtube"}]},
        "yt-dlp", ["youtube:UC1"], ["post"]),
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
