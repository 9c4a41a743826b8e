"""What the transparency report reads from each sort of database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assay.cases.refused import Refused
from assay.cases.store.case_store import CaseStore
from assay.cases.store.connect import reading
from assay.cases.store.counted import counted, years
from assay.cases.transparency import Noticed
from assay.model.case import Act, Actor
from tests.cases.made import ANNA, BEN, COMPLETE, EVE, START, act


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
