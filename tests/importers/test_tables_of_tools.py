"""Tables as monitoring tools, researchers' tools and spreadsheets write them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.importers.conftest import Imported

from assay.errors import InputError
from assay.text.rounded_ids import WHY_ROUNDED

Run = Callable[..., Imported]
LONG = "a text that is long enough to be the same as another text"
CROWDTANGLE = (
    "User Name,Facebook Id,Page Category,Page Description,Page Created,Likes at Posting,"
    "Followers at Posting,Post Created,Post Created Date,Post Created Time,Type,Total Interactions,"
    "Likes,URL,Message,Link,Final Link,Image Text,Link Text,Description,Sponsor Id\n"
)
BRANDWATCH = (
    "Report:,Bulk Mentions Download\nBrand:,Somebody\nFrom:,Mon Jan 01 00:00:00 UTC 2024\n"
    "Label:,x\n\n"
    "Query Id,Query Name,Date,Title,Snippet,Url,Domain,Sentiment,Language,Added,Author,Avatar,"
    "Expanded URLs,Full Name,Full Text,Hashtags,Mentioned Authors,Resource Id,Thread Id\n"
)
MELTWATER = (
    "Date\tHeadline\tURL\tOpening Text\tHit Sentence\tSource\tInfluencer\tCountry\tLanguage\t"
    "Reach\tAVE\tSentiment\tInput Name\tTweet Id\tUser Profile Url\n"
)
TALKWALKER = (
    "published;title;content;url;host_url;lang;source_type;extra_author_attributes.id;"
    "extra_author_attributes.name;extra_author_attributes.short_name;engagement;reach\n"
)
LIBRARY = (
    "id,mcl_url,post_owner.type,post_owner.id,post_owner.name,post_owner.username,surface.id,"
    "surface.name,creation_time,modified_time,text,lang,hashtags,link_attachment.link,"
    "link_attachment.name,statistics.views,shared_post_id\n"
)
OPERATIONS = (
    "tweetid,userid,user_display_name,user_screen_name,user_profile_description,user_profile_url,"
    "follower_count,following_count,account_creation_date,tweet_language,tweet_text,tweet_time,"
    "tweet_client_name,in_reply_to_tweetid,quoted_tweet_tweetid,is_retweet,retweet_userid,"
    "retweet_tweetid,hashtags,urls,user_mentions\n"
)
FOURCAT = (
    "thread_id,chat,author,author_name,author_is_bot,body,body_markdown,reply_to,views,timestamp,"
    "unix_timestamp,timestamp_edited,all_links,hashtags,type,id,item_id\n"
)
YOUTUBE_TOOLS = (
    "position,channelId,channelTitle,videoId,publishedAt,publishedAtSQL,videoTitle,videoDescription,"
    "videoCategoryId,duration,caption,licensedContent,viewCount\n"
)


@dataclass(frozen=True)
class Case:
    """A table and the one post, or the posts, that are to come of it."""

    content: str | bytes
    accounts: list[str]
    shares: dict[str, list[str]]
    format: str = "table"
    times: list[str] = field(default_factory=lambda: ["2024-01-02T10:00:00+00:00"])
    options: dict[str, Any] = field(default_factory=dict)
    notes: int = 0
    rejected: list[str] = field(default_factory=list)


PAGE = {"link": ["https://a.org/page"]}
CASES: dict[str, Case] = {
    "crowdtangle page": Case(
        "Page Name," + CROWDTANGLE
        + "Some Page,page,100044321,NEWS,about,2010-01-01 00:00:00,5,6,2024-01-02 05:00:00 EST,"
        f'2024-01-02,05:00:00,Link,"1,234",1,https://www.facebook.com/1/posts/55,{LONG} #News,'
        "https://bit.ly/x,https://a.org/page?utm_source=f,,Link text,,\n",
        ["facebook:100044321"], PAGE | {"hashtag": ["news"]}, "crowdtangle-table",
    ),
    "crowdtangle group": Case(
        "Group Name," + CROWDTANGLE
        + "Some Group,,200044321,,about,,5,6,2024-01-02 12:00:00 CEST,2024-01-02,12:00:00,Link,1,1,"
        f"https://www.facebook.com/groups/2/permalink/5,{LONG},https://a.org/page,,,,,\n",
        ["facebook:200044321"], PAGE, "crowdtangle-table",
    ),
    "crowdtangle without address": Case(
        "Group Name," + CROWDTANGLE
        + "Some Group,,200044321,,about,,5,6,2024-01-02 12:00:00 CEST,2024-01-02,12:00:00,Link,1,1,"
        f",{LONG},https://a.org/page,,,,,\n",
        ["facebook:200044321"], PAGE, "crowdtangle-table",
    ),
    "crowdtangle instagram": Case(
        "Account,User Name,Followers at Posting,Post Created,Type,Likes,Comments,Views,URL,Link,"
        "Photo,Title,Description,Image Text,Sponsor Id\n"
        "Some Name,name,44,2024-01-02 10:00:00 GMT,Photo,1,2,3,https://www.instagram.com/p/C/,"
        f"https://www.instagram.com/p/C/,https://cdn.org/p.jpg,,{LONG} @bob,,\n",
        ["instagram:name"], {"link": [], "mention": ["instagram:bob"]}, "crowdtangle-table",
    ),
    "meta content library": Case(
        LIBRARY + "901,https://www.facebook.com/x/901,page,55,Some Page,page,55,Some Page,"
        f"2024-01-02T10:00:00+00:00,2024-01-02T11:00:00+00:00,{LONG},en,,https://a.org/page,T,1,\n",
        ["facebook:55"], PAGE, options={"platform": "facebook"},
    ),
    "twitter operations": Case(
        OPERATIONS + f'1000000000000000001,aGFz+b/E+12=,h,h,,,5,6,2015-01-01,en,{LONG},'
        '2024-01-02 10:00,Web,,,false,,,"[News, More]",[https://a.org/page],"[123, 456]"\n'
        "1000000000000000002,aGFz+b/E+12=,h,h,,,5,6,2015-01-01,en,RT @x: a,2024-01-02 10:01,Web,,,"
        "true,9,999,[],[],[9]\n",
        ["twitter:aGFz+b/E+12="] * 2,
        PAGE | {"hashtag": ["more", "news"], "repost": ["twitter:999"],
                "mention": ["twitter:123", "twitter:456"]},
        "twitter-io", ["2024-01-02T10:00:00+00:00", "2024-01-02T10:01:00+00:00"],
    ),
    "4cat telegram": Case(
        FOURCAT + f"c,c,123,Channel,no,{LONG},{LONG},,10,2024-01-02 11:00:00,1704189600,,"
        "https://a.org/page,News,text,c-5,c-5\n",
        ["telegram:123"], {"hashtag": ["news"]}, options={"platform": "telegram"},
    ),
    "youtube data tools": Case(
        YOUTUBE_TOOLS + "1,UC1,Channel,v1,2024-01-02T10:00:00Z,2024-01-02 10:00:00,Video,"
        f"{LONG} https://a.org/page,25,PT1M,false,1,5\n",
        ["unknown:UC1"], PAGE,
    ),
    "brandwatch": Case(
        BRANDWATCH + "1,Query,2024-01-02 10:00:00.0,T,snip,https://twitter.com/ann/status/5,"
        "twitter.com,neutral,en,2024-01-02 11:00:00.0,ann,https://cdn.org/a.jpg,https://a.org/page,"
        f'Ann A,{LONG},"#news, #more",@bob,abc,\n',
        ["twitter:ann"], PAGE | {"hashtag": ["more", "news"]}, options={"timezone": "UTC"}, notes=1,
    ),
    "meltwater": Case(
        (MELTWATER + "02-Jan-2024 10:00AM\t\thttps://twitter.com/ann/statuses/5\t\t"
         f'{LONG} https://a.org/page\tTwitter\t@ann\tGermany\tEnglish\t5\t1\tNeutral\tx\t"5"\t\n'
         ).encode("utf-16"),
        ["twitter:ann"], PAGE, options={"timezone": "UTC"},
    ),
    "talkwalker": Case(
        "sep=;\n" + TALKWALKER + f"2024-01-02 10:00:00;;{LONG} https://a.org/page;"
        "https://twitter.com/ann/status/5;twitter.com;en;SOCIALMEDIA;7;Ann A;ann;1,5;7\n",
        ["twitter:7"], PAGE, options={"timezone": "UTC"}, notes=1,
    ),
    "pushshift table": Case(
        "author,created_utc,id,subreddit,title,selftext,url,permalink,score\n"
        f"ann,1704189600,x1,news,{LONG},,https://a.org/page,/r/news/x1,4\n"
        f"[deleted],1704189601,x2,news,{LONG},[deleted],https://a.org/page,/r/news/x2,4\n",
        ["unknown:ann"], PAGE, rejected=["the row names no account"],
    ),
    "tiktok table": Case(
        "id,create_time,username,region_code,video_description,music_id,hashtag_names\n"
        f"7300000000000000001,1704189600,ann,DE,{LONG},5,\"['news', 'more']\"\n",
        ["unknown:ann"], {"hashtag": ["more", "news"]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_tables_of_tools(run_import: Run, name: str) -> None:
    case = CASES[name]
    result = run_import(case.content, **case.options)
    (file,) = result.summary.files
    assert (file.format, len(file.notes)) == (case.format, case.notes)
    assert [post["account_id"] for post in result.posts] == case.accounts
    assert [post["created_at"].isoformat() for post in result.posts] == case.times
    assert result.reasons() == case.rejected
    for kind, found in case.shares.items():
        assert result.objects(kind) == found, kind


@pytest.mark.parametrize(
    ("written", "timezone", "read"),
    [
        ("1704189600123", None, "2024-01-02T10:00:00.123000+00:00"),
        ("1704189600123456", None, "2024-01-02T10:00:00.123456+00:00"),
        ("1704189600.0", None, "2024-01-02T10:00:00+00:00"),
        ("2024-01-02T12:00:00+02:00", None, "2024-01-02T10:00:00+00:00"),
        ("2024-01-02 10:00:00,5Z", None, "2024-01-02T10:00:00.500000+00:00"),
        ("2024-01-02 10:00:00,5", "UTC", "2024-01-02T10:00:00.500000+00:00"),
        ("2024-01-02 02:00 PST", None, "2024-01-02T10:00:00+00:00"),
        ("02-Jan-24 10:00AM", "UTC", "2024-01-02T10:00:00+00:00"),
        ("Tue, 02 Jan 2024 10:00:00 GMT", None, "2024-01-02T10:00:00+00:00"),
        ("2024-01-02 04:00:00 CST", "America/Chicago", "2024-01-02T10:00:00+00:00"),
        ("2024-01-02 04:00:00 CST", None, "letters of the times' zone have several meanings"),
        ("2012-01-02 14:00:00 MSK", "Europe/Moscow", "2012-01-02T10:00:00+00:00"),
        ("2024-01-02 13:00:00 MSK", None, "letters of the times' zone have several meanings"),
        ("2024-01-02 04:00:00", None, "the times say no time zone"),
        ("03/04/2024 04:00", "UTC", "do not say which number is the day"),
        ("2h ago", "UTC", "written in no known way"),
        ("45293.4166667", "UTC", "written in no known way"),
    ],
)
def test_times_are_read_or_asked_for(
    run_import: Run, written: str, timezone: str | None, read: str
) -> None:
    table = f'id,user,date,text\n1,ann,"{written}",{LONG}\n'
    if "T" not in read:
        with pytest.raises(InputError, match=read) as refused:
            run_import(table, timezone=timezone)
        assert refused.value.column == "date"
    else:
        (post,) = run_import(table, timezone=timezone).posts
        assert post["created_at"].isoformat() == read


@pytest.mark.parametrize(
    ("zones", "timezone", "hours"),
    [
        (["CST", "GMT"], "America/Chicago", [10, None]),
        (["GMT", "GMT", "BST"], None, [4, 4, None]),
        (["GMT", "BST", "BST"], "Europe/London", [None, 4, 4]),
        (["EST", ""], "UTC", [9, None]),
        (["CST", ""], "America/Chicago", [10, 10]),
    ],
)
def test_a_zone_of_one_meaning_among_others_is_no_other(
    run_import: Run, zones: list[str], timezone: str | None, hours: list[int | None]
) -> None:
    rows = "".join(f"{n},a,2024-01-02 04:00:00 {zone},x\n" for n, zone in enumerate(zones))
    result = run_import("id,user,date,text\n" + rows, timezone=timezone)
    read = {post["post_id"]: post["created_at"].hour for post in result.posts}
    assert [read.get(f"unknown:{n}") for n in range(len(zones))] == hours
    assert all("the time cannot be read" in reason for reason in result.reasons())


@pytest.mark.parametrize(
    "format_", ["ira-tweets", "twitter-io", "telegram-table", "crowdtangle-table"]
)
def test_a_format_that_a_file_is_not_in(run_import: Run, format_: str) -> None:
    table = f"who,when,what\nann,2024-01-02T10:00:00Z,{LONG}\n"
    with pytest.raises(InputError, match="no column holds"):
        run_import(table, format=format_)
    told = (("account_id", "who"), ("created_at", "when"), ("text", "what"))
    assert len(run_import(table, format=format_, mapping=told).posts) == 1


@pytest.mark.parametrize(
    "header", ["id,author_name,date,text", "id,user_id,date,text", "id,user_id,date,url"]
)
def test_who_is_gone_is_nobody(run_import: Run, header: str) -> None:
    rows = "1,ann,1704189600,https://a.org\n2,[deleted],1704189600,https://a.org\n"
    result = run_import(f"{header}\n{rows}3,[removed],1704189600,https://a.org\n")
    assert [account["account_id"] for account in result.accounts] == ["unknown:ann"]
    assert result.reasons() == ["the row names no account"] * 2


def test_an_address_that_is_none_is_read(run_import: Run) -> None:
    address = "https://twitter.com/ann/status/1"
    rows = f"1,ann,1704189600,x,{address}\n2,ann,1704189600,x,http://[x\n"
    result = run_import("id,user,date,text,permalink\n" + rows)
    assert [post["post_id"] for post in result.posts] == ["unknown:1", "unknown:2"]


def test_lines_that_csv_refuses_are_no_header(run_import: Run) -> None:
    returns = "object_id,account_id,timestamp\ro,a,1600000000\ro,b,1600000001\r"
    assert len(run_import(returns, name="returns.csv").shares) == 2
    told = (("account_id", "who"), ("created_at", "when"), ("text", "what"))
    long = f"who,when,what\nann,2024-01-02T10:00:00Z,{'x' * 140_000}\n"
    assert len(run_import(long, name="long.csv", mapping=told).posts) == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('<?xml version="1.0"?>\n<gexf><graph/></gexf>\n', "the file is XML"),
        ("<!DOCTYPE html>\n<html></html>\n", "a web page"),
        (
            "20240102100000-0\t20240102100000\t1\thttps://a.org/page\n" * 3,
            "the first line is a row",
        ),
        ("Id,Label,timeset\n1,ann,\n", "no column holds account_id"),
    ],
)
def test_what_holds_no_posts_is_refused(run_import: Run, content: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        run_import(content)


@pytest.mark.parametrize(
    ("ids", "shown"),
    [
        (["1.23457E+18", "1.23457E+18"], r"1\.23457E\+18"),
        (["1,23457E+18", "5"], r"1,23457E\+18"),
        (["-1.00123E+12", "-1.00124E+12"], r"-1\.00123E\+12"),
        ([f"12345678901234{n}0000" for n in range(3)], "1234567890123400000"),
    ],
)
@pytest.mark.parametrize("column", ["user_id", "retweet_id"])
def test_rounded_ids_are_refused(run_import: Run, ids: list[str], shown: str, column: str) -> None:
    other = "tweet_id,handle"
    rows = "".join(f'{n},ann,"{one}",2024-01-02T10:00:00Z,{LONG}\n' for n, one in enumerate(ids))
    with pytest.raises(InputError, match=f"rounded, such as {shown}") as refused:
        run_import(f"{other},{column},created_at,text\n{rows}")
    assert (refused.value.row, refused.value.column) == (1, column)


def test_ids_that_json_writes_as_fractions_are_refused(run_import: Run) -> None:
    post = (
        f'{{"id": 1, "user": {{"id": 1.747123456789e18}}, "date": 1704189600, "text": "{LONG}"}}\n'
    )
    with pytest.raises(InputError, match=r"rounded, such as 1\.747"):
        run_import(post * 2, name="posts.json")


@pytest.mark.parametrize("user", ["{'username': 'ann', 'id': 7}", '{""id"": 7}'])
def test_objects_are_no_accounts(run_import: Run, user: str) -> None:
    """As pandas writes the objects of a scraper into a table."""
    with pytest.raises(InputError, match="whole objects") as refused:
        run_import(f'id,date,user,text\n1,1704189600,"{user}",{LONG}\n')
    assert (refused.value.row, refused.value.column) == (1, "user")


def test_a_name_may_begin_with_a_bracket(run_import: Run) -> None:
    (post,) = run_import(f"id,date,user,text\n1,1704189600,{{ann}},{LONG}\n").posts
    assert post["account_id"] == "unknown:{ann}"


PAGE = {"id": 1, "user": "ann", "date": 1704189600, "text": LONG}


@pytest.mark.parametrize(
    "written",
    [
        json.dumps({"page": 1, "results": [PAGE, None, PAGE | {"id": 2}], "more": {"next": 3}}),
        json.dumps({"results": [PAGE, 5, PAGE | {"id": 2}], "tags": ["x"]}, indent=1),
        "".join(json.dumps({"results": part}) + "\n" for part in ([PAGE, [1]], [PAGE | {"id": 2}])),
        json.dumps([{"results": [PAGE, "x"]}, {"results": []}, {"results": [PAGE | {"id": 2}]}]),
    ],
)  # fmt: skip
def test_the_list_inside_a_page_is_read(run_import: Run, written: str) -> None:
    result = run_import(written, name="page.json")
    assert [(post["post_id"], post["row"]) for post in result.posts] == [
        ("unknown:1", 1), ("unknown:2", 3),
    ]  # fmt: skip
    assert [reject["row"] for reject in result.rejects] == [2]
    (file,) = result.summary.files
    assert "the rows are those of the lists 'results' in the file" in file.notes


def test_what_a_list_inside_a_page_lacks_is_named(run_import: Run) -> None:
    """As Threads answers: what no tweet is told by is not Twitter's."""
    page = '{"data": [{"id": "1", "text": "x", "who": "ann", "on": 1704189600}], "paging": {}}'
    with pytest.raises(InputError, match="The file has the columns id, text, who, on") as refused:
        run_import(page, name="page.json")
    assert refused.value.fix == "name them: --map account_id=COLUMN --map created_at=COLUMN"
    told = (("account_id", "who"), ("created_at", "on"))
    assert len(run_import(page, name="page.json", mapping=told).posts) == 1


def test_a_post_with_a_list_of_comments_is_no_page(run_import: Run) -> None:
    post = {"text": LONG, "user": "ann", "comments": [PAGE]}
    with pytest.raises(InputError, match="no column holds created_at"):
        run_import(json.dumps([post]), name="posts.json")


def test_rounded_ids_behind_the_sample_are_rejects(run_import: Run) -> None:
    rows = "".join(f"{n},a{n},2024-01-02T10:00:00Z,{LONG}\n" for n in range(2500))
    posts = f"tweet_id,user_id,created_at,text\n{rows}3000,1.2E+18,2024-01-02T10:00:00Z,{LONG}\n"
    assert run_import(posts).reasons() == [WHY_ROUNDED]
    shares = posts.replace("text", "url")
    assert run_import(shares, name="shares.csv").reasons() == [WHY_ROUNDED]


@pytest.mark.parametrize("kind", ["", "repost", "image"])
def test_rounded_objects_are_rejects(run_import: Run, kind: str) -> None:
    rows = "".join(f"o{n},a{n},1704189600,{kind}\n" for n in range(20))
    result = run_import(f"object_id,account_id,timestamp,kind\n{rows}1.2E+18,a,1704189600,{kind}\n")
    assert [(one["column"], one["reason"]) for one in result.rejects] == [
        ("object_id", WHY_ROUNDED)
    ]
    assert len(result.shares) == 20


def test_ids_that_look_like_numbers_are_kept(run_import: Run) -> None:
    """Base 36, snowflakes of a quiet second, and a float's trace."""
    ids = ["1e23", "12e45", "1212092628029698048", "1585841080431321088", "123.0"]
    rows = "".join(f"{n},{one},2024-01-02T10:00:00Z,{LONG}\n" for n, one in enumerate(ids))
    result = run_import("tweet_id,user_id,created_at,text\n" + rows)
    assert [post["account_id"][8:] for post in result.posts] == [*ids[:-1], "123"]


def test_a_long_window_is_read_and_told(run_import: Run) -> None:
    """A frame as ``zstd --long=31`` begins one, with a window of 2 GiB."""
    text = f"id,user,date,text\n1,ann,2024-01-02T10:00:00Z,{LONG}\n".encode()
    block = (len(text) << 3 | 1).to_bytes(3, "little")
    packed = b"\x28\xb5\x2f\xfd\x00" + bytes([21 << 3]) + block + text
    result = run_import(packed, name="posts.csv.zst")
    assert [post["account_id"] for post in result.posts] == ["unknown:ann"]
    (file,) = result.summary.files
    assert any("holds up to 2.15 GB of the text in memory" in note for note in file.notes)
