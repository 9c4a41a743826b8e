"""Misuse of notices on the pages: counted, looked into, told, appealed against, parked."""

from __future__ import annotations

import re
from collections.abc import Callable

from assay.cases.letters import Letter
from assay.web.house import House
from tests.web.served import Visitor, clock_of, confirm, letters_of, link_in, report, said

SENDER = "again@example.org"


def unfounded(
    house: House,
    somebody: Callable[[], Visitor],
    member: Callable[[str], Visitor],
    sender: str = SENDER,
) -> str:
    """A notice that two people find to be manifestly unfounded."""
    _, notice = report(somebody(), sender_email=sender, sender_name="R. Again")
    confirm(house, somebody())
    anna, ben = member("anna"), member("ben")
    anna.act(notice, "acknowledge")
    anna.act(notice, "triage", priority="low")
    ben.act(notice, "conclude", outcome="no_action", told="Nothing is wrong.", unfounded="yes")
    anna.act(notice, "notify")
    return notice


def last(house: House, purpose: str) -> Letter:
    """The letter of this purpose that was sent last."""
    return [one for one in letters_of(house) if one.purpose == purpose][-1]


def test_from_the_first_count_to_an_appeal(
    house: House, member: Callable[[str], Visitor], somebody: Callable[[], Visitor]
) -> None:
    anna, ben = member("anna"), member("ben")
    notices = [unfounded(house, somebody, member) for _ in range(3)]
    page = anna.get(f"/records/{notices[-1]}")
    assert "3 of 3 decided within a year were manifestly unfounded" in said(page)
    page = anna.fill(page, f"/records/{notices[-1]}/misuse")
    file = page.url.path.rpartition("/")[2]
    assert "Today: 3 of 3" in said(page)
    assert "Notices of R. Again" in said(anna.get(f"/records/{notices[0]}"))
    ben.act(file, "warn", told="These notices had no basis.", from_them="They said so by phone.")
    letter = last(house, "misuse")
    assert (letter.purpose, letter.recipient) == ("misuse", SENDER)
    assert "warns you" in letter.text
    them = somebody()
    page = them.get(link_in(letter))
    assert "A warning about your notices" in said(page)
    assert "These notices had no basis." in said(page)
    assert "They said so by phone." in said(page)
    them.fill(page, f"{page.url.path}/appeal", grounds="They had one.")
    clock_of(house).go_on(hours=1)
    unfounded(house, somebody, member)
    page = ben.fill(
        f"/records/{file}",
        f"/records/{file}/acts/suspend",
        told="Again.",
        from_them="As before.",
        weighed="Four of four.",
        suspend_until="2026-02-20",
        why="because",
    )
    assert "New notices are parked until 20 February 2026" in said(page)
    link = link_in(last(house, "misuse"))
    page = them.get(link)
    assert "Lodge the appeal" in said(page)
    assert "Your notices are parked" in said(page)
    follow, parked = report(somebody(), sender_email=SENDER)
    confirm(house, somebody())
    assert "parked until 20 February 2026" in last(house, "receipt").text
    assert "recorded and parked until 20 February 2026" in said(somebody().get(follow))
    assert "An account with our name parked" in said(anna.get(f"/records/{file}"))
    page = them.fill(link, f"{link}/appeal", grounds="They were serious.")
    assert "Your appeal arrived." in said(page)
    page = anna.act(parked, "take_up_parked")
    assert "taken out of the parked ones" in said(page)
    found = re.search(r"/records/(\w+)", anna.get("/queue?kind=appeal&view=all").text)
    assert found is not None
    dora, appeal = member("dora"), found.group(1)
    dora.act(appeal, "admit")
    account = house.accounts.by_email("dora@house.example")
    assert account is not None
    dora.act(appeal, "assign", assignee=account.id)
    dora.act(appeal, "overturn", told="Two of them had a basis.")
    assert "The decision is overturned" in last(house, "appeal_decision").text
    assert "decision overturned . Two of them had a basis. " in said(them.get(link))
    clock_of(house).go_on(hours=1)
    follow, _ = report(somebody(), sender_email=SENDER)
    assert "received" in said(somebody().get(follow))


def test_a_partner_sees_no_count(
    house: House, member: Callable[[str], Visitor], somebody: Callable[[], Visitor]
) -> None:
    notice = unfounded(house, somebody, member, "other@example.org")
    paul = house.accounts.by_email("paul@house.example")
    assert paul is not None
    member("anna").act(notice, "add_member", member=paul.id)
    assert "manifestly unfounded" not in member("paul").get(f"/records/{notice}").text
