"""Files of known formats with parts of another sort in them: nothing breaks, nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from tests.importers.conftest import Imported
from tests.importers.microblog_cases import DID, MICROBLOGS, VIEW
from tests.importers.platform_cases import PLATFORMS

from assay.importers.json_posts import JsonPosts, NoPost
from assay.importers.registry import importer_named

Run = Callable[..., Imported]
CASES = MICROBLOGS | PLATFORMS
PAGES = (
    ("mastodon search", "statuses"),
    ("bluesky page", "posts"),
    ("bluesky feed", "feed"),
    ("bluesky thread", "thread.replies"),
    ("search v1.1", "statuses"),
    ("page v2", "data"),
    ("reddit listing", "data.children"),
    ("youtube videos", "items"),
    ("youtube threads", "items"),
    ("youtube threads", "items.0.replies.comments"),
    ("yt-dlp", "comments"),
    ("yt-dlp playlist", "entries"),
    ("vk", "response.items"),
    ("vk comments", "response.items.0.thread.items"),
    ("tiktok page", "data.videos"),
    ("tiktok comments", "1.data.comments"),
    ("crowdtangle api", "result.posts"),
    ("gdelt", "articles"),
)
"""Cases that are pages, and where their posts are listed."""
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
    importer = importer_named(case.format)
    assert isinstance(importer, JsonPosts)
    for value in _pages(case.content):
        for spoilt in _spoilt(value):
            importer.looks(spoilt)
            for found in importer.posts(spoilt):
                assert isinstance(found, dict | NoPost)


def _pages(content: Any) -> list[Any]:
    return content if isinstance(content, list) else [content]


def _list_in(page: Any, path: str) -> list[Any]:
    for name in path.split("."):
        page = page[int(name) if isinstance(page, list) else name]
    assert isinstance(page, list)
    return page


@pytest.mark.parametrize("entry", [None, 5, "x", ["x"]], ids=str)
@pytest.mark.parametrize(("name", "path"), PAGES)
def test_an_entry_that_is_no_object_is_a_reject(name: str, path: str, entry: Any) -> None:
    case = CASES[name]
    importer = importer_named(case.format)
    assert isinstance(importer, JsonPosts)
    spoilt = deepcopy(case.content)
    _list_in(spoilt, path).insert(0, entry)
    assert any(importer.looks(page) for page in _pages(spoilt))
    whole, found = (
        [one for page in _pages(content) for one in importer.posts(page)]
        for content in (case.content, spoilt)
    )
    refused = [one for one in found if isinstance(one, NoPost) and one.value == entry]
    assert [one.reason for one in refused] == ["the entry of a list of posts is no object"]
    assert [one for one in found if one not in refused] == whole


def test_entries_are_numbered_whatever_they_are(run_import: Run) -> None:
    page = deepcopy(CASES["vk"].content)
    _list_in(page, "response.items").insert(1, None)
    result = run_import(json.dumps(page), name="posts.json")
    assert (result.summary.read, result.summary.kept) == (3, 2)
    assert [(one["row"], one["raw"]) for one in result.rejects] == [(2, "null")]


def test_answers_to_answers_without_end_are_a_reject(run_import: Run) -> None:
    """Python 3.11 does not parse so deep an object, later versions do."""
    post = json.dumps(VIEW)
    thread = f'{{"post": {post}, "replies": [' + '{"replies": [' * 3000 + "]}" * 3001
    result = run_import(f'{{"thread": {thread}}}\n{{"posts": [{post}]}}\n', name="posts.json")
    assert result.summary.read == result.summary.kept + result.summary.rejected
    assert any("too deep" in reason or "no valid JSON" in reason for reason in result.reasons())
    assert [post["account_id"] for post in result.posts] == [f"bluesky:{DID}"]
