"""Senders' addresses: whoever did not write gets one question, without a word of the notice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assay.model.case import Act, Record
from assay.web.api.shapes import NoticeAsked
from assay.web.client import CaseClient
from assay.web.house import House
from assay.web.incoming import take_letter
from assay.web.letter_in import read_letter
from assay.web.limits import Limits
from tests.web.served import (
    NOTICE,
    Visitor,
    clock_of,
    confirm,
    forms_in,
    letters_of,
    link_in,
    report,
    said,
)

Somebody = Callable[[], Visitor]
Member = Callable[[str], Visitor]


def to(house: House, address: str) -> list[str]:
    """What the letters to an address were for."""
    return [one.purpose for one in letters_of(house) if one.recipient == address]


def test_a_stranger_gets_one_question_and_the_sender_reads_all_on_the_page(
    house: House, somebody: Somebody, member: Member
) -> None:
    anna, ben = member("anna"), member("ben")
    link, notice = report(somebody(), sender_email="stranger@example.org")
    asked = letters_of(house)[-1]
    assert not any(text in asked.text for text in NOTICE.values() if len(text) > 3)
    assert "/follow/" not in asked.text
    anna.act(notice, "reject_incomplete", told="Which name does it take?")
    assert "Which name does it take?" in said(somebody().get(link))
    somebody().fill(link, f"{link}/complete", explanation="Ours.")
    anna.act(notice, "acknowledge")
    anna.act(notice, "triage", priority="low")
    ben.act(notice, "conclude", outcome="no_action", told="It is a fan's account.")
    anna.act(notice, "notify")
    assert "It is a fan's account." in said(somebody().get(link))
    page = anna.act(notice, "replace_link", party="sender")
    assert "/follow/" in page.text, "it is handed over"
    assert to(house, "stranger@example.org") == ["confirm_address"]
    assert "Confirmed by nobody" in said(anna.get(f"/records/{notice}"))
    anna.act(notice, "replace_link", party="sender", new_address="known@example.org")
    assert to(house, "known@example.org") == ["new_link"]


def test_a_button_confirms_and_the_receipt_comes_next(house: House, somebody: Somebody) -> None:
    link, _ = report(somebody(), sender_email="me@example.org")
    theirs = link_in(letters_of(house)[-1], "confirm")
    assert NOTICE["title"] not in somebody().get(theirs).text
    assert to(house, "me@example.org") == ["confirm_address"], "opening the link is no answer"
    token = theirs.rpartition("/")[2]
    assert somebody().get(f"/follow/{token}").status_code == 404
    assert somebody().get(link.replace("follow", "confirm")).status_code == 404
    for _ in range(2):
        confirm_page = somebody().fill(theirs, theirs)
        assert "Your address is confirmed" in said(confirm_page)
    assert to(house, "me@example.org") == ["confirm_address", "receipt"]
    own = somebody().get(link_in(letters_of(house)[-1]))
    assert NOTICE["title"] in said(own)
    assert "Confirm your e-mail address" not in said(somebody().get(link))


def test_another_address_is_asked_anew(house: House, somebody: Somebody, member: Member) -> None:
    link, notice = report(somebody(), sender_email="first@example.org")
    earlier = link_in(letters_of(house)[-1], "confirm")
    confirm(house, somebody())
    member("anna").act(notice, "reject_incomplete", told="Which name?")
    somebody().fill(link, f"{link}/complete", sender_email="second@example.org")
    assert somebody().get(earlier).status_code == 410
    member("anna").act(notice, "reject_incomplete", told="Which name again?")
    assert to(house, "first@example.org") == ["confirm_address", "receipt", "incomplete"]
    assert to(house, "second@example.org") == ["confirm_address"]


def test_an_earlier_letter_answers_for_no_other_address(
    house: House, somebody: Somebody, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house, "limits", Limits())
    for _ in range(3):
        report(somebody(), sender_email="taken@example.org")
    link, notice = report(somebody(), sender_email="own@example.org")
    (mine,) = [one for one in letters_of(house) if one.recipient == "own@example.org"]
    member("anna").act(notice, "reject_incomplete", told="Which name?")
    page = somebody().fill(link, f"{link}/complete", sender_email="taken@example.org")
    assert "so that none went for this notice" in said(page)
    assert somebody().get(link_in(mine, "confirm")).status_code == 410
    assert to(house, "taken@example.org") == ["confirm_address"] * 3


def test_an_erased_address_is_asked_no_more(house: House, somebody: Somebody) -> None:
    link, notice = report(somebody(), sender_email="erased@example.org")
    assert f"{link}/confirm" in forms_in(somebody().get(link))
    asked = link_in(letters_of(house)[-1], "confirm")
    ben = house.accounts.by_email("ben@house.example")
    assert ben is not None
    (first, _), *_ = house.store.record(notice, ben.actor)[1]
    house.store.act(notice, 2, Act("erase", "x", {"entry": first}), by=ben.actor, at=house.now())
    assert f"{link}/confirm" not in forms_in(somebody().get(link))
    assert somebody().get(asked).status_code == 410


def test_the_button_pressed_while_the_team_works_confirms(
    house: House, somebody: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, notice = report(somebody(), sender_email="busy@example.org")
    anna, does = house.accounts.by_email("anna@house.example"), house.store.act
    assert anna is not None

    def meanwhile(*what: Any, **how: Any) -> Record:
        monkeypatch.undo()
        does(notice, 2, Act("acknowledge", "x"), by=anna.actor, at=house.now())
        return does(*what, **how)

    monkeypatch.setattr(house.store, "act", meanwhile)
    confirm(house, somebody())
    assert to(house, "busy@example.org") == ["confirm_address", "receipt"]


@pytest.mark.parametrize("own", [True, False])
def test_a_program_s_own_address_needs_no_question(
    house: House, somebody: Somebody, member: Member, own: bool
) -> None:
    paul = house.accounts.by_email("paul@house.example")
    assert paul is not None
    token = house.tokens.make(paul, "notices", "report", house.now())
    client = CaseClient("https://house.example", token, somebody().client._transport)
    email = paul.email.upper() if own else "other@example.org"
    notice = {**NOTICE, "sender_email": email, "kind": "impersonation", "good_faith": True}
    done = client.hand_in(NoticeAsked.model_validate(notice))
    assert letters_of(house)[-1].purpose == ("receipt" if own else "confirm_address")
    shown = said(member("anna").get(f"/records/{done.id}"))
    assert ("That of the account which handed the notice in" in shown) == own


def test_a_letter_s_address_is_told_apart(house: House, member: Member) -> None:
    text = (
        "From: W <writer@example.org>\nSubject: An account with our name\n\n"
        "https://social.example/imitator uses our name. I say so in good faith.\n"
    )
    anna = house.accounts.by_email("anna@house.example")
    assert anna is not None
    letter = read_letter(text.encode(), "letter.eml")
    record = take_letter(house, "impersonation", letter, anna.actor)
    assert to(house, "writer@example.org") == ["receipt"]
    assert "which anybody can write; not confirmed" in said(
        member("anna").get(f"/records/{record.id}")
    )


def test_three_letters_a_day_go_to_one_address(house: House, somebody: Somebody) -> None:
    kept, house.limits = house.limits, Limits(clock=lambda: house.now().timestamp())
    for address in ("victim@example.org", "Victim@example.org", "victim@EXAMPLE.org"):
        report(somebody(), sender_email=address)
    link, _ = report(somebody(), sender_email="victim@example.org")
    assert len([one for one in letters_of(house) if "victim" in one.recipient.casefold()]) == 3
    page = somebody().get(link)
    assert "so that none went for this notice" in said(page)
    page = somebody().fill(link, f"{link}/confirm")
    assert (page.status_code, "ask again tomorrow" in said(page)) == (429, True)
    clock_of(house).go_on(days=1)
    assert "The letter is on its way" in said(somebody().fill(link, f"{link}/confirm"))
    confirm(house, somebody())
    assert to(house, "victim@example.org").count("receipt") == 1
    house.limits = kept
