"""Secret links: how long they work, what ends them, and what their holders see and do by them."""

from __future__ import annotations

from collections.abc import Callable

from assay.web.house import House
from tests.cases.made import REASONS, REVIEW
from tests.web.served import Visitor, clock_of, letters_of, link_in, report, said

Somebody = Callable[[], Visitor]


def being_decided(anna: Visitor, notice: str) -> None:
    """Take a notice up, as far as a decision."""
    anna.act(notice, "acknowledge")
    anna.act(notice, "triage", priority="normal")


def decided(anna: Visitor, ben: Visitor, notice: str) -> None:
    """A restriction by two that nobody was told of yet."""
    being_decided(anna, notice)
    anna.act(notice, "record_hearing")
    anna.act(notice, "review_rights", aim="rights_of_others", incitement="no", **REVIEW)
    anna.act(notice, "propose", outcome="restriction", **REASONS)
    ben.act(notice, "confirm")


def test_a_link_works_while_somebody_waits_and_a_year_more(
    house: House, somebody: Somebody
) -> None:
    link, notice = report(somebody())
    clock_of(house).go_on(days=700)
    assert somebody().get(link).status_code == 200  # nobody has answered yet
    ben = somebody().sign_in("ben")
    ben.act(notice, "acknowledge")
    ben.act(notice, "triage", priority="low")
    ben.act(notice, "conclude", outcome="no_action", told="It is a fan's account.")
    ben.act(notice, "notify")
    clock_of(house).go_on(days=364)
    page = somebody().get(link)
    assert "This link works until" in said(page)
    clock_of(house).go_on(days=2)
    page = somebody().get(link)
    assert (page.status_code, "This link has ended" in said(page)) == (410, True)
    assert somebody().client.post(f"{link}/appeal", data={}).status_code == 403


def test_a_new_link_ends_the_earlier_ones_of_that_side_alone(
    house: House, somebody: Somebody
) -> None:
    link, notice = report(somebody())
    letters_of(house)  # the receipt is on its way
    anna = somebody().sign_in("anna")
    being_decided(anna, notice)
    asked = {"put_to_them": "It is said that …", "answer_until": "2030-01-01"}
    anna.act(notice, "ask_to_be_heard", concerned_email="person@example.org", **asked)
    theirs = link_in(letters_of(house)[-1])
    anna.act(notice, "replace_link", party="sender", new_address="new@example.org")
    letter = letters_of(house)[-1]
    assert (letter.purpose, letter.recipient) == ("new_link", "new@example.org")
    assert somebody().get(link).status_code == 410
    assert somebody().get(link_in(letter)).status_code == 200
    assert somebody().get(theirs).status_code == 200
    assert "new@example.org" in said(anna.get(f"/records/{notice}"))


def test_a_link_without_an_address_is_handed_over(house: House, somebody: Somebody) -> None:
    _, notice = report(somebody())
    anna = somebody().sign_in("anna")
    being_decided(anna, notice)
    page = anna.fill(
        f"/records/{notice}", f"/records/{notice}/acts/replace_link", party="concerned", why="lost"
    )
    assert (page.status_code, "no secret link" in said(page)) == (422, True)
    asked = {"put_to_them": "It is said that …", "answer_until": "2030-01-01"}
    anna.act(notice, "ask_to_be_heard", **asked)
    page = anna.act(notice, "replace_link", party="concerned")
    assert "/follow/" in page.text
