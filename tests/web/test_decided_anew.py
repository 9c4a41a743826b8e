"""A refusal that falls: what is decided anew stands on no page before its parties know it."""

from __future__ import annotations

from collections.abc import Callable

from assay.cases.store.listing import Wanted
from assay.model.case import Act
from assay.web.house import House
from tests.cases.made import REASONS, REVIEW, act
from tests.web.served import Visitor, clock_of, report, said


def test_what_is_decided_anew_is_told_to_nobody_before_its_parties(
    house: House, somebody: Callable[[], Visitor]
) -> None:
    people = {person.name.casefold(): person.actor for person in house.accounts.all()}
    sender, anyone = somebody(), somebody()
    link, notice = report(sender)

    def do(identity: str, name: str, *acts: Act) -> None:
        for one in acts:
            clock_of(house).go_on(minutes=1)
            version = house.store.record(identity, people[name])[0].version
            house.store.act(identity, version, one, by=people[name], at=house.now())

    do(notice, "ben", act("acknowledge"), act("triage", priority="low"))
    do(notice, "ben", act("conclude", outcome="no_action"), act("notify"))
    text = {"title": "A decision", "summary": "Nothing was asked for."}
    enter = act("enter", about=notice, fields=text)
    entry = house.store.open_record("register", enter, by=people["anna"], at=house.now()).id
    do(entry, "ben", act("publish", fields=text))
    sender.fill(link, f"{link}/appeal", grounds="Please look again.")
    wanted = Wanted(kind="appeal", about=notice)
    appeal = house.store.records(people["dora"], wanted)[0]["id"]

    assign = act("assign", assignee=people["dora"].id)
    do(appeal, "dora", act("admit"), assign, act("overturn"))

    def told() -> tuple[str | None, dict[str, str], bool]:
        row = anyone.get("/register/register.json").json()["entries"][0]
        subject = anyone.get(f"/api/v1/register/{entry}").json()["subject"]
        asked = anyone.get("/register?outcome=restriction")
        page = said(anyone.get(f"/register/{entry}"))
        assert ("A restriction is asked for" in page) == (row["outcome"] == "restriction")
        assert ("It is made anew, after an appeal" in page) == (row["outcome"] is None)
        return row["outcome"], subject, entry in asked.text

    before = told()
    assert before[0] is None
    do(notice, "anna", act("record_hearing"))
    do(notice, "anna", act("review_rights", aim="morals", incitement=False, fields=REVIEW))
    do(notice, "anna", act("propose", outcome="restriction", fields=REASONS))
    assert told() == before, "a proposal is no decision"
    do(notice, "ben", act("confirm"))
    assert told() == before, "its parties do not know it yet"
    do(notice, "anna", act("notify"))
    after = {**before[1], "state": "notified", "outcome": "restriction"}
    assert told() == ("restriction", after, True)
    page = said(sender.get(link))
    assert "A restriction is asked for" in page
    assert "What stands below was decided before" not in page
