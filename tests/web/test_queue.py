"""The queue: saved views, one act on several records, and whom likely duplicates are shown to."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from assay.cases.letters import WithIt
from assay.cases.store.saved_views import MOST_VIEWS, SavedView
from assay.cases.store.verify import verify
from assay.model.case import Actor, Record
from assay.web.house import House
from tests.cases.made import act
from tests.web.served import NOTICE, Visitor, clock_of, forms_in, letters_of, report, said
from tests.web.test_api import account

Member = Callable[[str], Visitor]
Somebody = Callable[[], Visitor]
SENDER = Actor("guest-0", "public")


def notice(house: House, title: str, **fields: str) -> Record:
    """A notice that was taken up, an hour after the one before."""
    clock_of(house).go_on(minutes=1)
    told = {**NOTICE, "title": title, "urls": f"https://social.example/{title}", **fields}
    draft = act("draft", notice_kind="coordinated", fields={**told, "explanation": title})
    with_it = WithIt(then=(act("submit"),))
    made = house.store.open_record("notice", draft, by=SENDER, at=house.now(), with_it=with_it)
    return done(house, made, "acknowledge")


def done(house: House, record: Record, name: str, by: str = "ben", **facts: str) -> Record:
    """The record after an act."""
    who, at = account(house, by).actor, house.now()
    return house.store.act(record.id, record.version, act(name, **facts), by=who, at=at)


def send(visitor: Visitor, ticks: list[Record], **typed: str) -> httpx.Response:
    """Tick records on the list of everything, and send the form below it."""
    form = forms_in(visitor.get("/queue?view=all"))["/queue/acts"] | typed
    form = {name: value for name, value in form.items() if name != "tick"}
    ticked = [f"{one.id}~{one.version}" for one in ticks]
    return visitor.client.post("/queue/acts", data={**form, "tick": ticked})


def now(house: House, record: Record) -> Record:
    return house.store.record(record.id, account(house, "ben").actor)[0]


def ticked(page: httpx.Response) -> set[str]:
    return set(re.findall(r'name="tick" form="bulk" value="(\w+~\d+)"[^>]* checked>', page.text))


def tabs(page: httpx.Response) -> str:
    return page.text.partition('aria-label="Views"')[2].partition("</nav>")[0]


def test_each_record_gets_its_own_event(house: House, member: Member) -> None:
    both = [notice(house, "bulk-one"), notice(house, "bulk-two")]
    page = send(member("anna"), both, act="triage", priority="high", why="Elections on Sunday.")
    assert "2 matters: given its priority." in said(page)
    again = said(
        send(member("anna"), [now(house, one) for one in both], act="triage", priority="low")
    )
    assert "bulk-one : This is not possible while it is being decided." in again
    for one in both:
        record, history = house.store.record(one.id, account(house, "ben").actor)
        assert (record.state, record.facts["priority"]) == ("triaged", "high")
        assert record.version == one.version + 1
        assert history[-1][1].why == "Elections on Sunday."
        assert history[-1][1].by == account(house, "anna").actor
    assert "2 matters" in said(send(member("anna"), [now(house, one) for one in both], act="claim"))

    assert {now(house, one).claimed_by for one in both} == {account(house, "anna").id}
    page = send(member("ben"), [now(house, one) for one in both], act="release")
    assert "only who claimed it releases it" in said(page)
    assert "2 matters" in said(
        send(member("anna"), [now(house, one) for one in both], act="release")
    )
    noted = [now(house, one) for one in both]
    assert send(member("anna"), noted, act="note", why="Same wave.").url.path == "/queue"
    assert {now(house, one).version for one in both} == {noted[0].version + 1}
    assert verify(house.store).faults == []


def test_many_that_are_new_are_taken_up_at_once(
    house: House, somebody: Somebody, member: Member
) -> None:
    anna = account(house, "anna").actor
    links = [report(somebody(), title=f"new {number}") for number in range(2)]
    told = letters_of(house)[-1]
    new = [house.store.record(one, anna)[0] for _, one in links]
    page = send(member("anna"), new, act="acknowledge")
    assert "2 matters: taken up." in said(page)
    assert {now(house, one).state for one in new} == {"acknowledged"}
    assert letters_of(house)[-1] is told


def test_what_was_not_done_is_told_record_by_record(house: House, member: Member) -> None:
    free, changed, claimed = (notice(house, f"part-{name}") for name in ("a", "b", "c"))
    claimed = done(house, claimed, "claim")
    done(house, changed, "note")
    hidden = done(house, notice(house, "part-hidden"), "restrict")
    page = send(member("anna"), [free, changed, claimed, hidden], act="claim", why="My week.")
    told = said(page)
    assert page.status_code == 422
    assert "1 of 4 done; not done on 3." in told
    assert "part-b : Somebody changed this meanwhile" in told
    assert "Note by Ben" in told
    assert re.search(r"part-c : \S+ works on this", told)
    assert "There is no such record." in told
    assert "part-hidden" not in page.text
    assert now(house, free).claimed_by == account(house, "anna").id
    assert now(house, changed).claimed_by is None
    # What is still to be done stays ticked, in the version that is now told of.
    assert ticked(page) == {
        f"{changed.id}~{changed.version + 1}",
        f"{claimed.id}~{claimed.version}",
        f"{hidden.id}~{hidden.version}",
    }
    form = forms_in(page)["/queue/acts"]
    assert (form["act"], form["why"]) == ("claim", "My week.")
    unknown = send(member("anna"), [replace(hidden, id="0" * 16)], act="claim")
    same = send(member("anna"), [hidden], act="claim")
    cleared = [re.sub(r"[0-9a-f-]{16,19}", "", one.text) for one in (unknown, same)]
    assert cleared[0] == cleared[1]


def test_duplicates_are_marked_by_the_reference_that_pages_show(
    house: House, member: Member
) -> None:
    first, *others = (notice(house, f"same-{number}") for number in range(3))
    shown = "-".join(first.id[at : at + 4] for at in range(0, 16, 4))
    page = send(member("anna"), others, act="mark_duplicate", duplicate_of=shown, why="One wave.")
    assert "2 matters: marked as a duplicate." in said(page)
    assert {now(house, one).facts["duplicate_of"] for one in others} == {first.id}


def test_nothing_is_done_until_the_form_is_complete(house: House, member: Member) -> None:
    one, anna = notice(house, "whole"), member("anna")
    before = house.store.checkpoint()[0].size
    for typed, told in (
        ({"act": "triage", "why": "x"}, "Please answer this."),
        ({"act": "note"}, "Please give the reason in a sentence."),
        ({"act": "", "why": "kept words"}, "Choose what is to be done."),
        ({"act": "conclude", "outcome": "no_action", "why": "x"}, "Choose what is to be done."),
    ):
        page = send(anna, [one], **typed)
        assert (page.status_code, told in said(page)) == (422, True), typed
        assert ticked(page) == {f"{one.id}~{one.version}"}
        assert forms_in(page)["/queue/acts"]["why"] == typed.get("why", "")
    assert "Tick the records" in said(send(anna, [], act="claim"))
    mark = forms_in(anna.get("/queue"))["/queue/acts"]["csrf"]
    for tick in ("x", f"{one.id}~x", [f"{number:016}~1" for number in range(101)]):
        form = {"csrf": mark, "act": "claim", "tick": tick}
        assert "Tick the records" in said(anna.client.post("/queue/acts", data=form))
    assert house.store.checkpoint()[0].size == before


@pytest.mark.parametrize(
    ("name", "acts"),
    [("dora", {"claim", "release", "note"}), ("olga", set()), ("paul", set())],
)
def test_acts_by_role(house: House, member: Member, name: str, acts: set[str]) -> None:
    one, page = notice(house, f"role-{name}"), member(name).get("/queue?view=all")
    offered = page.text.partition('name="act"')[2].partition("</select>")[0]
    assert set(re.findall(r'value="(\w+)"', offered)) == acts
    mark = next(iter(forms_in(page).values()))["csrf"]
    form = {"csrf": mark, "act": "triage", "priority": "low", "tick": f"{one.id}~{one.version}"}
    assert member(name).client.post("/queue/acts", data=form).status_code == 422
    assert now(house, one).version == one.version


def test_a_view_is_kept_shared_and_removed(house: House, member: Member) -> None:
    anna, ben = member("anna"), member("ben")
    asked = "/queue?view=unclaimed&notice_kind=coordinated&text=kept"
    page = anna.fill(asked, "/queue/views", name="My wave")
    assert str(page.url).endswith(asked)
    assert re.search(r'text=kept" aria-current="page">My wave<', tabs(page))
    page = anna.fill(asked, "/queue/views", name="My wave")
    assert (page.status_code, "you have a view of this name" in said(page).lower()) == (422, True)
    assert forms_in(page)["/queue/views"]["name"] == "My wave"
    anna.fill(asked, "/queue/views", name="Our wave", shared="yes")
    seen = {name: tabs(member(name).get("/queue")) for name in ("ben", "olga", "paul")}
    assert [("My wave" in seen[one], "Our wave" in seen[one]) for one in seen] == [
        (False, True),
        (False, True),
        (False, False),
    ]
    paths = {one.name: f"/queue/views/{one.id}/remove" for one in _views(house, "anna")}
    mark = forms_in(ben.get("/queue"))["/queue/views"]["csrf"]
    for path in paths.values():
        assert ben.client.post(path, data={"csrf": mark}).status_code == 404
    assert paths["My wave"] not in forms_in(member("admin").get("/queue"))
    member("admin").fill("/queue", paths["Our wave"])
    anna.fill("/queue", paths["My wave"])
    assert _views(house, "anna") == []


def test_a_view_is_bounded_and_shared_by_the_team_alone(house: House, member: Member) -> None:
    olga = member("olga")
    long = "/queue?text=" + "x" * 2000
    assert "shorten" in said(olga.fill(long, "/queue/views", name="Long"))
    for name in ("", "x" * 41):
        assert olga.fill("/queue", "/queue/views", name=name).status_code == 422
    assert (
        "only the team shares"
        in said(olga.fill("/queue", "/queue/views", name="a", shared="yes")).lower()
    )
    for number in range(MOST_VIEWS):
        house.views.keep(
            account(house, "olga").actor, f"{number}", "view=all", shared=False, at=house.now()
        )
    assert "views already" in said(olga.fill("/queue", "/queue/views", name="one more"))


def _views(house: House, name: str) -> list[SavedView]:
    theirs = account(house, name)
    return [one for one in house.views.seen_by(theirs.actor) if one.account == theirs.id]


def test_a_shared_view_shows_nobody_more_than_they_may_see(house: House, member: Member) -> None:
    hidden = done(house, notice(house, "veiled"), "restrict")
    view = "/queue?view=all&text=veiled"
    member("ben").fill(view, "/queue/views", name="Search", shared="yes")
    assert "1 matter," in said(member("ben").get(view))
    page = member("anna").get(view)
    assert "0 matters," in said(page)
    assert hidden.id not in page.text


def test_likely_duplicates_are_marked_and_tell_of_nothing_hidden(
    house: House, member: Member
) -> None:
    url = "https://social.example/likely"
    first = notice(house, "likely-first", urls=url)
    second = notice(house, "likely-second", urls=url)

    def marked(name: str) -> set[str]:
        page = member(name).get("/queue?view=all&text=likely")
        return {one[:16] for one in re.findall(r"/records/(\w+)#likely", page.text)}

    assert marked("anna") == marked("ben") == {second.id}
    assert marked("olga") == marked("dora") == set()  # they mark no duplicates
    done(house, first, "restrict")
    assert marked("anna") == set()
    assert marked("ben") == {second.id}
    done(house, second, "withdraw")
    assert marked("ben") == set()  # nothing is to be marked any more
