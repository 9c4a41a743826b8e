"""Which accounts an address names, by the place of the name in it; and whose a notice's are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.cases.concerned import seen_by
from assay.cases.refused import Refused
from assay.model.case import Act, Actor, Concerned, Record
from assay.web.act_forms import forms_for
from assay.web.own_accounts import Subject, addresses_of_concerned, named_by, whose
from tests.cases.made import ANNA, START

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


def notice(urls: str, **people: str) -> Record:
    by = Actor("guest-1", "public")
    known = {who: Concerned({"concerned_urls": theirs}) for who, theirs in people.items()}
    fields = {"urls": urls}
    return Record("n", "notice", "triaged", 3, by, START, START, {}, fields, concerned=known)


def asked(urls: str = "", name: str = "ask_to_be_heard", **facts: str) -> Act:
    return Act(name, "x", dict(facts), {"concerned_urls": urls} if urls else {})


def test_the_only_address_is_theirs_and_of_several_those_that_are_named() -> None:
    assert addresses_of_concerned(notice("a")) == ["a"]
    assert addresses_of_concerned(notice("a\nb")) == []
    assert addresses_of_concerned(seen_by(notice("a\nb", ada="b"), "ada")) == ["b"]
    assert whose(notice("a"), asked()) == (asked("a"), None)
    assert whose(notice("a\nb"), asked("b")) == (asked("b"), None)
    assert whose(notice("a\nb"), asked(name="notify")) == (asked(name="notify"), None)
    with pytest.raises(Refused, match="several addresses") as refused:
        whose(notice("a\nb"), asked())
    assert "concerned_urls" in refused.value.lacking


def test_addresses_say_which_person_it_is() -> None:
    one = notice("a\nb\nc", ada="a")
    assert whose(notice("a", ada="a"), asked()) == (asked("a"), "ada")
    assert whose(one, asked("a")) == (asked("a"), "ada")
    assert whose(one, asked("b\nc")) == (asked("b\nc"), None), "somebody else"
    assert whose(one, asked("b", "replace_link")) == (asked("b", "replace_link"), "ada")
    two = notice("a\nb\nc", ada="a", bea="b\nc")
    assert whose(two, asked("b\nc")) == (asked("b\nc"), "bea")
    again = asked("c", "replace_link", concerned="bea")
    assert whose(two, again) == (again, "bea")


@pytest.mark.parametrize(
    ("known", "act", "lacking"),
    [
        ({"ada": "a"}, asked("a\nb"), "concerned_urls"),
        ({"ada": "a"}, asked(), "concerned_urls"),
        ({"ada": "a"}, asked("", "notify"), "concerned_urls"),
        ({"ada": "a", "bea": "b"}, asked("a\nb"), "concerned_urls"),
        ({"ada": "a", "bea": "b"}, asked(), "concerned_urls"),
        ({"ada": "a", "bea": "b"}, asked("", "replace_link"), "concerned"),
        ({"ada": "a", "bea": "b"}, asked("a", "replace_link", concerned="bea"), "concerned_urls"),
        ({"ada": "a"}, asked("", "replace_link", concerned="eve"), "concerned"),
        ({"ada": ""}, asked("b"), "concerned_urls"),
    ],
)
def test_two_people_are_never_taken_for_one(known: dict[str, str], act: Act, lacking: str) -> None:
    with pytest.raises(Refused) as refused:
        whose(notice("a\nb\nc", **known), act)
    assert lacking in refused.value.lacking


def test_whoever_is_behind_the_addresses_that_are_left_is_asked_next() -> None:
    ada = Concerned({"concerned_urls": "a"}, "2026-02-14", answered=True)
    heard = replace(notice("a\nb"), concerned={"ada": ada})
    assert heard.heard
    for record, onward in (
        (heard, "ask_to_be_heard"),
        (replace(heard, urgent=True), "review_rights"),
        (replace(heard, hearing_recorded=True), "review_rights"),
        (replace(heard, fields={"urls": "a"}), "review_rights"),
    ):
        assert forms_for(record, ["ask_to_be_heard", "review_rights"], ANNA)[0][0].act == onward
