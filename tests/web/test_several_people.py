"""A notice about accounts of several people: each is asked, answers, is told and appeals apart."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from assay.cases.letters import WithIt, new_link
from assay.model.case import Act
from assay.web.house import House
from assay.web.routes import follow
from tests.cases.made import REASONS, REVIEW
from tests.web.served import Visitor, forms_in, letters_of, link_in, report, said

Somebody = Callable[[], Visitor]
Member = Callable[[str], Visitor]
ADAS = "https://social.example/ada"
BEAS = "https://social.example/bea"
CARLS = "https://social.example/carl"


@pytest.fixture
def notice(somebody: Somebody, member: Member) -> str:
    """A notice that names three people's accounts, ready to be decided."""
    _, made = report(somebody(), urls=f"{ADAS}\n{BEAS}\n{CARLS}")
    member("anna").act(made, "acknowledge")
    member("anna").act(made, "triage", priority="normal")
    return made


def ask(house: House, anna: Visitor, notice: str, name: str, address: str) -> str:
    """Ask one of them, by letter; gives the path of their link."""
    before = len(letters_of(house))
    anna.act(
        notice,
        "ask_to_be_heard",
        put_to_them=f"What is put to {name}.",
        answer_until="2026-02-20",
        concerned_urls=address,
        concerned_email=f"{name}@example.org",
    )
    (letter,) = letters_of(house)[before:]
    assert letter.recipient == f"{name}@example.org"
    return link_in(letter)


def refused(member: Visitor, notice: str, act: str, **typed: str) -> str:
    """Why an act is not done."""
    page = member.fill(f"/records/{notice}", f"/records/{notice}/acts/{act}", why="x", **typed)
    assert page.status_code == 422, said(page)
    return said(page)


def test_each_is_heard_and_told_apart(
    house: House, somebody: Somebody, member: Member, notice: str
) -> None:
    anna, ben = member("anna"), member("ben")
    letters_of(house)
    ada = ask(house, anna, notice, "ada", ADAS)
    bea = ask(house, anna, notice, "bea", BEAS)
    shown = said(somebody().get(ada))
    assert "What is put to ada." in shown
    assert "other addresses too" in shown
    assert not [one for one in ("put to bea", BEAS, CARLS) if one in shown]
    assert shown.count("Person concerned asked") == 1
    somebody().fill(ada, f"{ada}/answer", answer="Ada says no.")
    shown = said(somebody().get(bea))
    assert not [one for one in ("Ada says no", ADAS, "answered") if one in shown]
    anna.act(notice, "review_rights", aim="rights_of_others", incitement="no", **REVIEW)
    proposal = {"outcome": "restriction", **REASONS}
    assert "Everybody concerned was not heard" in refused(anna, notice, "propose", **proposal)
    somebody().fill(bea, f"{bea}/answer", answer="Bea says no.")
    told = refused(anna, notice, "propose", **proposal)
    assert f"Nobody was asked about: {CARLS}. ask whoever" in told
    assert "or “Record a hearing” and say how" in told
    page = said(anna.get(f"/records/{notice}"))
    assert f"Nobody was asked about: {CARLS}" in page
    assert "Person 1 of 2: answered" in page
    carl = ask(house, anna, notice, "carl", CARLS)
    assert "Everybody concerned was not heard" in refused(anna, notice, "propose", **proposal)
    anna.act(notice, "record_hearing", why="Carl was given until today, and did not answer.")
    anna.act(notice, "propose", **proposal)
    ben.act(notice, "confirm")
    before = len(letters_of(house))
    anna.act(notice, "notify", concerned_urls=CARLS)
    told = {one.recipient: one for one in letters_of(house)[before:]}
    people = {f"{name}@example.org" for name in ("ada", "bea", "carl")}
    assert {one.purpose for one in told.values()} == {"decision_concerned"}
    assert set(told) == people
    for name, address in (("ada", ADAS), ("bea", BEAS), ("carl", CARLS)):
        text = told[f"{name}@example.org"].text
        assert [one for one in (ADAS, BEAS, CARLS) if one in text] == [address]
    for link in (ada, bea, carl):
        lodged = somebody().fill(link, f"{link}/appeal", grounds="It is mine and says so.")
        assert "Your appeal arrived" in said(lodged)
        assert "Parties told" in said(lodged), "whomever the letters named"
    assert len(anna.get(f"/records/{notice}").text.split("Lodged ")) == 4


def test_whoever_has_no_address_gets_each_their_own_link(
    somebody: Somebody, member: Member, notice: str
) -> None:
    anna, ben = member("anna"), member("ben")
    put = {"put_to_them": "x", "answer_until": "2026-02-20"}
    for address in (ADAS, BEAS):
        anna.act(notice, "ask_to_be_heard", concerned_urls=address, **put)
    ben.act(notice, "conclude", outcome="no_action", told="Nothing is wrong.")
    page = anna.act(notice, "notify")
    links = page.text.split("<pre>")[1:]
    assert len(links) == 2
    for address, link in zip((ADAS, BEAS), links, strict=True):
        path = link.partition("</pre>")[0].partition("house.example")[2]
        shown = said(somebody().get(path))
        assert "Nothing is wrong." in shown
        assert [one for one in (ADAS, BEAS) if one in shown] == [address]


def test_a_letter_for_somebody_else_never_goes_out_under_a_known_person_s_link(
    house: House, member: Member, notice: str
) -> None:
    anna = member("anna")
    ask(house, anna, notice, "ada", ADAS)
    before = len(letters_of(house))
    put = {"put_to_them": "x", "answer_until": "2026-02-20", "concerned_email": "bea@example.org"}
    assert "which of the people concerned" in refused(anna, notice, "ask_to_be_heard", **put)
    assert len(letters_of(house)) == before


def asked_before(house: House, notice: str) -> tuple[str, str]:
    """Ask as earlier versions did: without saying which addresses are whose; gives who and where
    their page is.
    """
    account = house.accounts.by_email("anna@house.example")
    assert account is not None
    record, _ = house.store.record(notice, account.actor)
    link = new_link("concerned")
    facts = {"concerned": link.holder, "answer_until": "2026-02-20"}
    asked = Act("ask_to_be_heard", "x", facts, {"put_to_them": "x"})
    with_it = WithIt(links=(link,))
    house.store.act(
        notice, record.version, asked, by=account.actor, at=house.now(), with_it=with_it
    )
    return link.holder, f"/follow/{link.token}"


def test_whoever_was_asked_before_addresses_were_sees_their_own_once_they_are_named(
    house: House, somebody: Somebody, member: Member, notice: str
) -> None:
    who, page = asked_before(house, notice)
    anna = member("anna")
    assert "they see no finding" in said(anna.get(f"/records/{notice}"))
    assert CARLS in said(somebody().get(page))
    anna.act(notice, "name_addresses", concerned=who, concerned_urls=BEAS)
    shown = said(somebody().get(page))
    assert [one for one in (ADAS, BEAS, CARLS) if one in shown] == [BEAS]
    assert "/acts/name_addresses" not in anna.get(f"/records/{notice}").text


@pytest.mark.parametrize("urls", [ADAS, f"{ADAS}\n\n{BEAS}"])
def test_nothing_is_said_of_others_where_there_are_none(
    house: House, somebody: Somebody, member: Member, urls: str
) -> None:
    anna = member("anna")
    _, notice = report(somebody(), urls=urls)
    anna.act(notice, "acknowledge")
    anna.act(notice, "triage", priority="normal")
    who, theirs = asked_before(house, notice)
    page, action = anna.get(f"/records/{notice}"), f"/records/{notice}/acts/name_addresses"
    assert ("they see no finding" in said(page)) == (action in forms_in(page)) == (BEAS in urls)
    if BEAS in urls:
        named = {"why": "x", "concerned": who, "concerned_urls": [ADAS, BEAS]}
        page = anna.client.post(action, data={**forms_in(page)[action], **named})
        assert "they see no finding" not in said(page)
    shown = said(somebody().get(theirs))
    assert (ADAS in shown, "other addresses too" in shown) == (True, False)


def hand_in(link: str, visitor: Visitor, content: bytes, shows: str = "My archive.") -> str:
    """Send the form that adds a file to one's own side; gives what its page says then."""
    action = f"{link}/evidence"
    form = {**forms_in(visitor.get(link))[action], "shows": shows}
    form.pop("file")
    page = visitor.client.post(action, data=form, files={"file": ("archive.txt", content)})
    return said(page)


def test_a_file_that_one_of_them_adds_is_read_by_the_team_and_by_none_of_the_others(
    house: House, somebody: Somebody, member: Member, notice: str
) -> None:
    anna, ben, visitor = member("anna"), member("ben"), somebody()
    ada = ask(house, anna, notice, "ada", ADAS)
    bea = ask(house, anna, notice, "bea", BEAS)
    assert "choose a file" in hand_in(ada, visitor, b"")
    assert "say what it shows" in hand_in(ada, visitor, b"mine", shows=" ")
    assert "Your file arrived. The team reads it" in hand_in(ada, visitor, b"It was my own post.")
    (own,) = set(re.findall(rf'href="({ada}/evidence/\d+)"', visitor.get(ada).text))
    assert visitor.get(own).content == b"It was my own post."
    assert "My archive." not in said(somebody().get(bea))
    assert somebody().get(own.replace(ada, bea)).status_code == 404
    page = said(ben.get(f"/records/{notice}"))
    assert "archive.txt text 19 bytes My archive." in page
    assert "Added by the person concerned (https://social.example/ada)" in page
    # Nobody is heard by a file alone, and what comes after a decision that is not told yet shows
    # to whoever added it.
    anna.act(notice, "record_hearing", why="By telephone.")
    anna.act(notice, "review_rights", aim="rights_of_others", incitement="no", **REVIEW)
    anna.act(notice, "propose", outcome="restriction", **REASONS)
    ben.act(notice, "confirm")
    assert "Your file arrived." in hand_in(ada, visitor, b"One more.", shows="Of yesterday.")
    assert "added by you, 31 Jan 2026, 12:00 UTC Of yesterday." in said(visitor.get(ada))
    assert "Decision confirmed" not in said(visitor.get(ada))


def test_the_sender_adds_no_file_and_nobody_more_than_is_enough(
    house: House, somebody: Somebody, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "_MOST_FILES", 2)
    sender, visitor = somebody(), somebody()
    link, made = report(sender)
    member("anna").act(made, "acknowledge")
    member("anna").act(made, "triage", priority="normal")
    theirs = ask(house, member("anna"), made, "ada", "https://social.example/imitator")
    assert f"{link}/evidence" not in sender.get(link).text
    token = forms_in(visitor.get(theirs))[f"{theirs}/evidence"]
    assert visitor.client.post(f"{link}/evidence", data=token).status_code == 404
    for number in range(2):
        assert "Your file arrived." in hand_in(theirs, visitor, b"%d" % number)
    assert "These are enough files" in hand_in(theirs, visitor, b"and one more")
