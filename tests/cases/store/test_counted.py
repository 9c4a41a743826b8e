"""What the transparency report reads from each sort of database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assay.cases.refused import Refused
from assay.cases.store.case_store import CaseStore
from assay.cases.store.connect import reading
from assay.cases.store.counted import counted, years
from assay.cases.transparency import Noticed
from assay.model.case import Act, Actor, Fact
from tests.cases.made import ANNA, BEN, COMPLETE, DORA, EVE, REASONS, REVIEW, START, act
from tests.cases.store.test_decided_anew import appealed
from tests.cases.store.test_public_register import do
from tests.cases.test_restoration import ask


def test_only_what_was_handed_in_and_is_not_restricted(store: CaseStore) -> None:
    later = START + timedelta(hours=5)

    def opened(*then: tuple[Actor, Act]) -> None:
        draft = act("draft", notice_kind="coordinated", fields=COMPLETE)
        notice = store.open_record("notice", draft, by=EVE, at=START)
        for by, what in then:
            notice = store.act(notice.id, notice.version, what, by=by, at=later)

    submit = (EVE, act("submit"))
    to_the_end = (
        submit,
        (ANNA, act("acknowledge")),
        (ANNA, act("triage", priority="low")),
        (BEN, act("conclude", outcome="no_action")),
    )
    opened()
    opened(*to_the_end)
    opened(submit, (ANNA, act("restrict")))
    with reading(store.engine) as connection:
        notices, appeals = counted(connection, 2026)
        assert notices == [Noticed("coordinated", "decided", later, later, "no_action")]
        assert appeals == []
        assert counted(connection, 2025) == ([], [])
        assert years(connection) == [2026]


def test_a_sample_and_what_is_about_it_count_in_nothing(
    store: CaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = act("draft", notice_kind="coordinated", sample=True, fields=COMPLETE)
    notice = store.open_record("notice", draft, by=EVE, at=START)
    steps = (
        (EVE, act("submit")),
        (ANNA, act("acknowledge")),
        (ANNA, act("triage", priority="low")),
        (BEN, act("conclude", outcome="no_action")),
        (ANNA, act("notify")),
    )
    for by, what in steps:
        notice = store.act(notice.id, notice.version, what, by=by, at=START)
    store.open_record("appeal", act("lodge", about=notice.id), by=EVE, at=START)
    with pytest.raises(Refused, match="the notice is a sample"):
        store.open_record("register", act("enter", about=notice.id), by=ANNA, at=START)
    examine = act("examine", about=notice.id, fields={"sender_email": "nobody@here.example"})
    warn = act("warn", concerned=EVE.id, fields={"told": "x"})
    with monkeypatch.context() as without_counts:
        without_counts.setattr("assay.cases.workflow._faults_inside", lambda *_: {})
        file = store.open_record("misuse", examine, by=ANNA, at=START)
        file = store.act(file.id, file.version, warn, by=BEN, at=START)
    store.open_record("appeal", act("lodge", about=file.id), by=EVE, at=START)
    with reading(store.engine) as connection:
        assert counted(connection, 2026) == ([], [])
        assert years(connection) == []


def test_restored_is_what_everybody_who_was_asked_answered_last(store: CaseStore) -> None:
    def answer(regards: int, kind: str) -> Act:
        said = {"reply": "Read.", "reply_public": "Read."}
        told: dict[str, Fact] = {"answered_on": START.date().isoformat(), "channel": "e_mail"}
        return act("record_answer", fields=said, regards=regards, answer_kind=kind, **told)

    draft = act("draft", notice_kind="impersonation", fields=COMPLETE)
    notice = do(store, store.open_record("notice", draft, by=EVE, at=START), EVE, act("submit"))
    notice = do(store, notice, ANNA, act("acknowledge"), act("triage", priority="low"))
    review = act("review_rights", aim="rights_of_others", incitement=False, fields=REVIEW)
    propose = act("propose", outcome="restriction", fields=REASONS)
    notice = do(store, notice, ANNA, act("record_hearing"), review, propose)
    notice = do(store, notice, BEN, act("confirm"), act("notify"))
    appeal = appealed(store, notice, act("overturn"), ask(), ask())
    for what, restored in (
        (answer(5, "refused"), False),
        (answer(6, "done"), False),
        (act("correct_sending", regards=5, answer_kind="done"), True),
        (act("correct_sending", regards=6, answer_kind="partly_done"), False),
        (ask(escalates=6), False),
        (answer(11, "done"), True),
    ):
        appeal = do(store, appeal, DORA, what)
        with reading(store.engine) as connection:
            [one] = counted(connection, 2026)[1]
        assert (one.asked_to_restore, one.restored) == (True, restored), what
