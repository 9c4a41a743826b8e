"""A case of the team's own: opened, worked on with tasks and marks, reviewed by somebody else."""

from __future__ import annotations

from collections.abc import Callable

from assay.web.house import House
from tests.web.served import Visitor, said
from tests.web.test_api import Client, client, refused, transport

__all__ = ["client", "transport"]

SAID = {"title": "Twelve new pages", "explanation": "They share one template."}


def test_a_case_from_its_opening_to_its_review(
    house: House, somebody: Callable[[], Visitor], member: Callable[[str], Visitor]
) -> None:
    anna, ben = member("anna"), member("ben")
    assert somebody().get("/cases/new").url.path == "/sign-in"
    assert member("paul").get("/cases/new").status_code == 403
    page = anna.fill("/cases/new", "/cases/new", title="Twelve new pages")
    assert page.status_code == 422
    assert "Twelve new pages" in page.text
    page = anna.fill("/cases/new", "/cases/new", **SAID)
    case = page.url.path.rpartition("/")[2]
    assert "They share one template." in said(page)
    assert SAID["title"] in said(ben.get("/queue?view=all&kind=case"))

    anna.act(case, "open")
    ben_id = house.accounts.by_email("ben@house.example")
    assert ben_id is not None
    anna.act(case, "add_task", task_text="Save the pages.", for_whom=ben_id.id, due_on="2026-01-30")
    anna.act(case, "mark_sharing", tlp="amber_strict", pap="red")
    page = ben.get(f"/records/{case}")
    assert "TLP:AMBER+STRICT PAP:RED" in said(page)
    assert "Save the pages. late Ben, until 30 January 2026" in said(page)
    page = ben.fill(page, f"/records/{case}/acts/end_task", task="3")
    assert "Save the pages. done Ben" in said(page)
    assert "/acts/end_task" not in page.text

    anna.act(case, "start_review")
    assert "/acts/finish_review" not in anna.get(f"/records/{case}").text
    ben.act(case, "finish_review", why="What it holds is carried.")
    anna.act(case, "close")
    assert "closed" in said(anna.get(f"/records/{case}"))
    anna.act(case, "reopen")
    anna.act(case, "amend", title="Thirteen new pages")
    page = anna.get(f"/records/{case}")
    assert "Thirteen new pages" in said(page)
    assert "They share one template." in said(page)


def test_a_program_opens_one_by_the_same_questions(client: Client) -> None:
    anna = client("anna")
    found = anna.record(anna.open_case(SAID).id)
    assert (found.kind, found.state, found.fields) == ("case", "draft", SAID)
    lacking = refused(422, "not-possible", lambda: anna.open_case({"title": "Twelve new pages"}))
    assert set(lacking.problem.faults) == {"explanation"}
    refused(403, "not-yours-to-do", lambda: client("paul").open_case(SAID))
