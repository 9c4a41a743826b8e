"""Several people concerned by one notice: who was heard, and who sees what."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assay.cases.concerned import seen_by
from assay.cases.refused import Refused
from assay.model.case import Act, Actor, Concerned
from tests.cases.made import ANNA, BEN, Desk, act


def asked(name: str) -> Act:
    return act("ask_to_be_heard", concerned=name, answer_until="2026-02-14")


def test_a_recorded_hearing_of_one_holds_when_another_is_asked_and_answers() -> None:
    desk = Desk()
    notice = desk.do(desk.triaged(), asked("frank"), ANNA)
    notice = desk.do(notice, act("record_hearing"), ANNA)
    assert notice.heard
    notice = desk.do(notice, asked("gina"), ANNA)
    assert not notice.heard
    notice = desk.do(notice, act("answer"), Actor("gina", "public"))
    assert notice.heard
    assert not desk.do(notice, asked("frank"), ANNA).heard, "he is asked once more"


def test_whoever_is_only_told_was_not_asked() -> None:
    desk = Desk()
    notice = desk.do(desk.triaged(), asked("frank"), ANNA)
    notice = desk.do(notice, act("answer"), Actor("frank", "public"))
    notice = desk.do(notice, act("conclude", outcome="no_action"), BEN)
    notice = desk.do(notice, act("notify", concerned="gina"), ANNA)
    assert set(notice.concerned) == {"frank", "gina"}
    assert notice.heard


def test_whose_addresses_were_erased_does_not_see_another_s() -> None:
    people = {"ada": Concerned({"concerned_urls": "a"}), "bea": Concerned()}
    record = replace(Desk().triaged(), fields={"urls": "a\nb"}, concerned=people)
    assert [seen_by(record, who).fields["urls"] for who in ("ada", "bea")] == ["a", ""]


def test_addresses_that_the_notice_does_not_name_are_nobodys() -> None:
    desk = Desk()
    notice = desk.triaged()
    put = replace(asked("frank"), fields={"concerned_urls": "https://other.example/x"})
    with pytest.raises(Refused, match="no addresses of the notice") as refused:
        desk.do(notice, put, ANNA)
    assert refused.value.lacking.keys() == {"concerned_urls"}
