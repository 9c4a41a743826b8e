"""The team's pages: two editors at once, claims, conflicts, roles, filters, hearing by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assay.cases.letters import WithIt
from assay.model.case import Actor
from assay.web.house import House
from tests.cases.made import REASONS, REVIEW, act
from tests.web.served import NOTICE, Visitor, confirm, forms_in, letters_of, report, said

Somebody = Callable[[], Visitor]
Member = Callable[[str], Visitor]


@pytest.fixture
def notice(somebody: Somebody) -> str:
    return report(somebody())[1]


def triaged(anna: Visitor, notice: str) -> None:
    anna.act(notice, "acknowledge")
    anna.act(notice, "triage", priority="normal")


def test_the_second_editor_sees_what_changed_and_loses_nothing(member: Member, notice: str) -> None:
    anna, ben = member("anna"), member("ben")
    seen_by_ben = ben.get(f"/records/{notice}")
    anna.act(notice, "note", why="I rang the sender.")
    action = f"/records/{notice}/acts/reject_incomplete"
    typed = {"told": "Please name the account.", "why": "No account is named."}
    page = ben.fill(seen_by_ben, action, **typed)
    assert page.status_code == 409
    assert "Note by Anna" in said(page)
    assert "I rang the sender." in said(page)
    form = forms_in(page)[action]
    assert {name: form[name] for name in typed} == typed
    assert ben.client.post(action, data=form).status_code == 200


def test_no_two_people_claim_one_notice(member: Member, notice: str) -> None:
    seen = member("ben").get(f"/records/{notice}")
    member("anna").act(notice, "claim")
    page = member("ben").fill(seen, f"/records/{notice}/acts/claim")
    assert page.status_code == 409
    assert "claim" not in forms_in(page).get(f"/records/{notice}/acts/claim", {})
    assert "Claimed by Anna" in said(page)


def test_a_form_of_a_version_that_is_not_here_is_told_so(member: Member, notice: str) -> None:
    anna, action = member("anna"), f"/records/{notice}/acts/note"
    page = anna.fill(f"/records/{notice}", action, version="99", why="mine")
    assert page.status_code == 409
    assert "made of a newer version than the one that is here" in said(page)
    assert forms_in(page)[action]["why"] == "mine"


def test_who_declares_a_conflict_has_nothing_left_to_do(member: Member, notice: str) -> None:
    page = member("anna").act(notice, "declare_conflict", why="The sender is my cousin.")
    assert "nothing that you can do here" in said(page)


def test_auditors_read_and_partners_see_only_theirs(member: Member, notice: str) -> None:
    page = member("olga").get(f"/records/{notice}")
    assert "nothing that you can do here" in said(page)
    assert member("paul").get(f"/records/{notice}").status_code == 404
    mark = forms_in(page)["/sign-out"]["csrf"]
    form = {"csrf": mark, "version": "2", "why": "x"}
    refused = member("olga").client.post(f"/records/{notice}/acts/claim", data=form)
    assert refused.status_code == 422
    assert "Auditor may not claim" in said(refused)


def test_the_filters_of_the_queue(member: Member, somebody: Somebody) -> None:
    anna = member("anna")
    notices = {title: report(somebody(), title=title)[1] for title in ("Blue door", "Red door")}
    triaged(anna, notices["Blue door"])
    anna.act(notices["Blue door"], "claim")
    for asked, seen in (
        ("view=mine", {"Blue door"}),
        ("view=unclaimed&text=door", {"Red door"}),
        ("view=waiting&state=triaged&text=door", {"Blue door"}),
        ("view=all&text=DOOR", {"Blue door", "Red door"}),
        ("view=all&text=" + notices["Red door"][:9], {"Red door"}),
        ("view=waiting&priority=normal&text=door", {"Blue door"}),
        ("view=waiting&notice_kind=court_order&text=door", set()),
        ("view=late&text=door", set()),
        ("view=all&kind=appeal&text=door", set()),
    ):
        page = said(anna.get(f"/queue?{asked}"))
        assert {title for title in notices if title in page} == seen, asked


def test_pages_of_the_queue(house: House, member: Member) -> None:
    titles = {f"Paged {number:02}" for number in range(53)}
    sender = Actor("guest-0", "public")
    with_it = WithIt(then=(act("submit"),))
    for title in titles:
        draft = act("draft", notice_kind="coordinated", fields={**NOTICE, "title": title})
        house.store.open_record("notice", draft, by=sender, at=house.now(), with_it=with_it)
    page = member("anna").get("/queue?view=waiting&text=Paged")
    first = {title for title in titles if title in page.text}
    assert len(first) == 50
    following = page.text.partition('aria-label="Further pages"')[2].partition('href="')[2]
    page = member("anna").get(following.partition('"')[0].replace("&amp;", "&"))
    assert {title for title in titles if title in page.text} == titles - first
    assert "53 matters" in page.text


def test_a_link_without_an_address_is_handed_over_once(
    house: House, member: Member, somebody: Somebody, notice: str
) -> None:
    anna = member("anna")
    triaged(anna, notice)
    asked = {"put_to_them": "You are said to imitate.", "answer_until": "2026-03-01"}
    page = anna.act(notice, "ask_to_be_heard", **asked)
    link = said(page).partition("http://house.example")[2].split()[0]
    assert link not in anna.get(f"/records/{notice}").text
    shown = said(somebody().get(link))
    assert "You are said to imitate." in shown
    assert "answer" in shown


def test_urgency_is_for_reviewers_and_stands_in_the_record(member: Member, notice: str) -> None:
    anna, ben = member("anna"), member("ben")
    triaged(anna, notice)
    assert f"/records/{notice}/acts/record_urgency" not in forms_in(anna.get(f"/records/{notice}"))
    ben.act(notice, "record_urgency", why="It asks for money today.")
    ben.act(notice, "review_rights", aim="rights_of_others", incitement="no", **REVIEW)
    ben.act(notice, "propose", outcome="restriction", **REASONS)
    shown = said(anna.get(f"/records/{notice}"))
    assert "It asks for money today." in shown
    assert "somebody else must confirm it" in shown


def test_a_restriction_without_reasons_says_which_are_missing(member: Member, notice: str) -> None:
    anna = member("anna")
    triaged(anna, notice)
    anna.act(notice, "record_hearing", why="Heard by telephone.")
    anna.act(notice, "review_rights", aim="morals", incitement="no", **REVIEW)
    action = f"/records/{notice}/acts/propose"
    typed = {"outcome": "restriction", "told": "It misleads."}
    page = anna.fill(f"/records/{notice}", action, **typed)
    assert page.status_code == 422
    assert "say which measure is asked for" in said(page)
    assert forms_in(page)[action]["told"] == "It misleads."


def test_a_public_bodys_notice_takes_two_and_is_published_with_its_basis(
    house: House, member: Member, somebody: Somebody
) -> None:
    anna, ben = member("anna"), member("ben")
    action = "/report/government_order"
    sender = somebody()
    page = sender.fill(action, action, **NOTICE)
    assert page.status_code == 422
    assert "name the law and the article" in said(page)
    basis = {"legal_basis": "Act 1, section 2", "order_reference": "7/2026"}
    typed = {**NOTICE, **basis, "sender_name": "Ministry of Doors", "title": "An order"}
    page = sender.fill(page, action, **typed)
    notice = link_record(house, page.url.path)
    triaged(anna, notice)
    assert f"/records/{notice}/acts/conclude" not in forms_in(ben.get(f"/records/{notice}"))
    anna.act(notice, "propose", outcome="no_action", told="The posts are lawful criticism.")
    ben.act(notice, "confirm")
    anna.act(notice, "notify")
    page = anna.fill(f"/records/{notice}", f"/records/{notice}/register")
    shown = said(page)
    assert all(text in shown for text in (*basis.values(), "Ministry of Doors"))


def link_record(house: House, path: str) -> str:
    holder = house.outbox.holder(path.rpartition("/")[2], house.now())
    assert holder is not None
    return holder.record


def test_the_sender_completes_and_withdraws(
    house: House, member: Member, somebody: Somebody
) -> None:
    sender = somebody()
    letters_of(house)  # those of other notices
    link, notice = report(sender)
    confirm(house, somebody())
    member("anna").act(notice, "reject_incomplete", told="Which name does it take?")
    assert "Which name does it take?" in letters_of(house)[-1].text
    page = sender.get(link)
    assert "Which name does it take?" in said(page)
    assert "Appeal" in said(page)
    page = sender.fill(page, f"{link}/complete", explanation="It calls itself our press office.")
    assert "Done: handed in" in said(page)
    assert "press office" in said(member("anna").get(f"/records/{notice}"))
    page = sender.fill(link, f"{link}/withdraw", why="It is gone.")
    assert "withdrawn" in said(page)


def test_what_one_side_writes_meanwhile_loses_nothing(member: Member, somebody: Somebody) -> None:
    sender = somebody()
    link, notice = report(sender)
    page = sender.get(link)
    member("anna").act(notice, "note", why="x")
    version = forms_in(page)[f"{link}/withdraw"]["version"]
    assert forms_in(sender.get(link))[f"{link}/withdraw"]["version"] == version
    member("anna").act(notice, "acknowledge")
    page = sender.fill(page, f"{link}/withdraw", why="It is gone.")
    assert page.status_code == 409
    assert "Something happened meanwhile" in said(page)
    assert forms_in(page)[f"{link}/withdraw"]["why"] == "It is gone."
