"""Which accounts an address names, by the place of the name in it; and whose a notice's are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.cases.refused import Refused
from assay.model.case import Act, Actor, Record
from assay.web.own_accounts import Subject, addresses_of_concerned, named_by, naming_addresses
from tests.cases.made import START

NAMES = st.from_regex(r"[a-z][a-z0-9_]{2,12}", fullmatch=True)


@pytest.mark.parametrize(
    ("address", "subject"),
    [
        ("https://x.com/Anna/status/123", Subject("twitter:77", "anna")),
        ("https://twitter.com/anna", Subject("x:anna")),
        ("https://x.com/i/user/77", Subject("twitter:77", "anna")),
        ("https://www.facebook.com/profile.php?id=77", Subject("facebook:77")),
        ("https://t.me/s/anna", Subject("telegram:anna")),
        ("https://bsky.app/profile/anna.example/post/3k", Subject("bluesky:1", "anna.example")),
        ("https://www.youtube.com/channel/UCx_y", Subject("youtube:UCx_y")),
        ("https://www.youtube.com/@anna/videos", Subject("youtube:UCx_y", "anna")),
        ("https://mastodon.social/@anna/11", Subject("mastodon:1", "anna")),
        ("https://a.example/@anna", Subject("mastodon:anna@a.example")),
        ("https://a.example/users/anna", Subject("mastodon:1", "anna")),
        ("https://a.example/anna", Subject("example:1", "anna")),
        ("https://a.example/@anna/1", Subject("mastodon:1", "anna", "https://www.a.example/@anna")),
        (
            "https://b.example/@a@a.example",
            Subject("mastodon:a@a.example", "", "https://a.example/@a"),
        ),
        ("https://a.example/p/1", Subject("example:1", "anna", "https://a.example/p/1/")),
        ("https://x.com/anna", Subject("unknown:anna")),
        ("https://www.fake.example/page", Subject("fake.example")),
    ],
)
def test_an_address_names_its_account(address: str, subject: Subject) -> None:
    assert named_by([address], [subject]) == [subject.id]


@pytest.mark.parametrize(
    ("address", "subject"),
    [
        ("https://x.com/anna/status/123", Subject("twitter:1", "status")),
        ("https://x.com/anna/status/123", Subject("twitter:123")),
        ("https://x.com/anna?lang=ben", Subject("twitter:1", "ben")),
        ("https://x.com/anna", Subject("instagram:1", "anna")),
        ("https://a.example/anna", Subject("twitter:1", "anna")),
        ("https://a.example/@anna", Subject("twitter:1", "anna")),
        ("https://a.example/@anna", Subject("mastodon:1", "anna", "https://b.example/@anna")),
        ("https://a.example/users/1", Subject("mastodon:1", "", "https://b.example/@anna")),
        ("https://a.example/anna", Subject("example:1", "anna", "https://b.example/anna")),
        ("https://x.com/anna", Subject("example:1", "anna")),
        ("https://x.com/", Subject("twitter:1")),
        ("https://a.example/@", Subject("example:1")),
        ("https://x.com/anna", Subject("anna")),
        ("no address", Subject("twitter:1", "no address")),
    ],
)
def test_nobody_else_is_named(address: str, subject: Subject) -> None:
    assert named_by([address], [subject]) == []


@settings(max_examples=50)
@given(NAMES, NAMES, NAMES)
def test_what_stands_behind_the_name_is_nobody(name: str, word: str, other: str) -> None:
    address = f"https://x.com/a_{name}/b_{word}/{other}?q={other}#{other}"
    behind = [Subject("twitter:1", f"b_{word}"), Subject("twitter:2", other)]
    assert named_by([address], [*behind, Subject("twitter:3", f"a_{name}")]) == ["twitter:3"]


def notice(urls: str, **fields: str) -> Record:
    by = Actor("guest-1", "public")
    return Record("n", "notice", "triaged", 3, by, START, START, {}, {"urls": urls, **fields})


def asked(urls: str = "", name: str = "ask_to_be_heard") -> Act:
    return Act(name, "x", {}, {"concerned_urls": urls} if urls else {})


def test_the_only_address_is_theirs_and_of_several_those_that_are_named() -> None:
    assert addresses_of_concerned(notice("a")) == ["a"]
    assert addresses_of_concerned(notice("a\nb")) == []
    assert addresses_of_concerned(notice("a\nb", concerned_urls="b")) == ["b"]
    assert naming_addresses(notice("a"), asked()).fields == {"concerned_urls": "a"}
    assert naming_addresses(notice("a\nb"), asked("b\nelse")).fields == {"concerned_urls": "b"}
    assert naming_addresses(notice("a\nb"), asked(name="notify")).fields == {}
    with pytest.raises(Refused, match="several addresses") as refused:
        naming_addresses(notice("a\nb"), asked())
    assert "concerned_urls" in refused.value.lacking


def test_a_notice_hears_one_person_and_a_wrong_link_is_replaced() -> None:
    known = notice("a\nb", concerned_urls="a")
    assert naming_addresses(known, asked()).fields == {"concerned_urls": "a"}
    for name in ("ask_to_be_heard", "notify"):
        with pytest.raises(Refused, match="somebody else"):
            naming_addresses(known, asked("b", name))
    assert naming_addresses(known, asked("b", "replace_link")).fields == {"concerned_urls": "b"}
