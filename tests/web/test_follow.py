"""Secret links: how long they work, what ends them, and what their holders see and do by them."""

from __future__ import annotations

import re
from collections.abc import Callable

from assay.web.house import House
from tests.cases.made import REASONS, REVIEW
from tests.web.served import (
    NOTICE,
    Visitor,
    clock_of,
    forms_in,
    letters_of,
    link_in,
    report,
    said,
)

Somebody = Callable[[], Visitor]


def being_decided(anna: Visitor, notice: str) -> None:
    """Take a notice up, as far as a decision."""
    anna.act(notice, "acknowledge")
    anna.act(notice, "triage", priority="normal")


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


def test_a_delayed_decision_cannot_be_told_from_none(house: House, somebody: Somebody) -> None:
    anna, ben = somebody().sign_in("anna"), somebody().sign_in("ben")
    letters_of(house)
    link, notice = report(somebody())
    being_decided(anna, notice)
    asked = {"put_to_them": "It is said that …", "answer_until": "2030-01-01"}
    letters_of(house)
    anna.act(notice, "ask_to_be_heard", concerned_email="person@example.org", **asked)
    theirs = link_in(letters_of(house)[-1])
    sender, concerned = somebody(), somebody()

    def seen() -> list[str]:
        page = sender.get(link)
        unasked = {**forms_in(page)[f"{link}/withdraw"], **NOTICE}
        refused = sender.client.post(f"{link}/complete", data=unasked)
        assert (refused.status_code, "not possible as things stand" in said(refused)) == (422, True)
        pages = (page, refused, concerned.get(theirs))
        return [re.sub(r'name="version" value="\d+"', "", page.text) for page in pages]

    before = seen()
    anna.act(notice, "record_hearing")
    anna.act(notice, "review_rights", aim="rights_of_others", incitement="no", **REVIEW)
    anna.act(notice, "propose", outcome="restriction", **REASONS)
    clock_of(house).go_on(minutes=10)
    ben.act(notice, "confirm")
    ben.act(notice, "delay_notification", delay_until="2031-01-01")
    assert seen() == before
    # What they do is answered as before the decision, and reaches the team.
    page = sender.fill(link, f"{link}/withdraw", why="It is settled.")
    assert "Done: sender asked to withdraw it" in said(page)
    page = concerned.fill(theirs, f"{theirs}/answer", answer="It is a fan account.")
    assert "You answered already" in said(page)
    assert "decided" not in said(page).replace("being decided", "")
    assert "It is a fan account." in said(anna.get(f"/records/{notice}"))
    assert "decided, not yet told" in said(anna.get(f"/records/{notice}"))
    anna.act(notice, "notify")
    assert "A restriction is asked for" in said(sender.get(link))
    assert "Decision confirmed" in said(concerned.get(theirs))


def test_one_appeal_of_each_side_against_one_decision(house: House, somebody: Somebody) -> None:
    anna, ben = somebody().sign_in("anna"), somebody().sign_in("ben")
    link, notice = report(somebody())
    anna.act(notice, "reject_incomplete", told="Which account is it?")
    sender, other_tab = somebody(), somebody()
    late = other_tab.get(link)
    grounds = {"grounds": "The address says it."}
    assert "Your appeal arrived" in said(sender.fill(link, f"{link}/appeal", **grounds))
    page = other_tab.fill(late, f"{link}/appeal", **grounds)
    assert (page.status_code, "you appealed against this already" in said(page)) == (422, True)
    assert f"{link}/appeal" not in sender.get(link).text
    # Another decision can be appealed against anew.
    clock_of(house).go_on(minutes=1)
    sender.fill(link, f"{link}/complete")
    anna.act(notice, "acknowledge")
    anna.act(notice, "triage", priority="low")
    ben.act(notice, "conclude", outcome="no_action", told="It is a fan's account.")
    anna.act(notice, "notify")
    assert "Your appeal arrived" in said(sender.fill(link, f"{link}/appeal", **grounds))
    assert f"{link}/appeal" not in sender.get(link).text
