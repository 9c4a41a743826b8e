"""The public statement on the record's page: asked for, refused, shown, downloaded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assay.cases.letters import WithIt
from assay.cases.statement import statement_of
from assay.model.case import Actor
from assay.web.house import House
from tests.cases.made import REASONS, REVIEW, act
from tests.cases.test_statement import fields
from tests.web.served import NOTICE, Visitor, forms_in, said


def decided(house: House) -> str:
    """A notice whose restriction was confirmed, by the store alone."""
    anna, ben = (house.accounts.by_email(f"{name}@house.example") for name in ("anna", "ben"))
    assert anna is not None
    assert ben is not None
    draft = act("draft", notice_kind="impersonation", fields=NOTICE)
    steps = (
        (anna, act("acknowledge")),
        (anna, act("triage", priority="normal")),
        (anna, act("record_hearing")),
        (anna, act("review_rights", aim="morals", incitement=False, fields=REVIEW)),
        (anna, act("propose", outcome="restriction", fields=REASONS)),
        (ben, act("confirm")),
    )
    notice = house.store.open_record(
        "notice",
        draft,
        by=Actor("guest-1", "public"),
        at=house.now(),
        with_it=WithIt(then=(act("submit"),)),
    )
    for who, what in steps:
        notice = house.store.act(notice.id, notice.version, what, by=who.actor, at=house.now())
    return notice.id


def test_from_the_form_to_the_file(house: House, member: Callable[[str], Visitor]) -> None:
    notice, anna = decided(house), member("anna")
    action = f"/records/{notice}/acts/prepare_statement"
    shown = anna.get(f"/records/{notice}")
    begun = forms_in(shown)[action]
    assert begun["dsa_decision_facts"] == REASONS["reasons_facts"]
    assert begun["dsa_ground"] == REASONS["ground_reference"]
    assert "Inauthentic accounts" in said(shown)
    # A browser sends each ticked box under the same name.
    typed: dict[str, Any] = {**begun, **fields(), "why": "because"}
    typed["dsa_content_type"] = typed["dsa_content_type"].split()
    typed["dsa_territorial_scope"] = typed["dsa_territorial_scope"].split()

    named = typed | {"dsa_decision_facts": "A. Sender asked for it."}
    page = anna.client.post(action, data=named)
    assert page.status_code == 422
    assert "this must not be read by everyone: A. Sender" in said(page)
    assert page.text.count(" checked") == 5  # nothing that was ticked is lost
    assert anna.get(f"/records/{notice}/statement.json").status_code == 422

    page = anna.client.post(action, data=typed)
    assert page.status_code == 200, said(page)
    assert "Synthetic media" in said(page)
    assert "Impersonation account hijacking" in said(page)
    answer = anna.get(f"/records/{notice}/statement.json")
    record, _ = house.store.record(notice, Actor("admin", "administrator"))
    assert answer.json() == statement_of(record)
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.json()["territorial_scope"] == ["DE", "FR"]
    personal = (*NOTICE["urls"].split("/")[3:], NOTICE["sender_name"], NOTICE["sender_email"])
    assert [text for text in personal if text in answer.text] == []
    assert member("paul").get(f"/records/{notice}/statement.json").status_code == 404
