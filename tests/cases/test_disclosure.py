"""Requests for data that are not public: order on file, check by another, word to the person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assay.cases.evidence import NewFile, attach
from assay.cases.refused import Refused
from assay.model.case import Record
from tests.cases.made import ANNA, BEN, CAROL, START, Desk, act

ASKED = {
    "authority": "Office of Examples",
    "legal_basis": "Law 3, article 2",
    "order_reference": "7/2026",
    "data_asked": "the e-mail address of one account",
}
CHECKED = {
    "competence": "A court ordered it.",
    "risk_to_person": "None seen.",
    "necessity": "Nothing else identifies the account.",
    "narrowed": "The address alone, no messages.",
}
TODAY = START.date().isoformat()
REQUEST = act("request", ordered_by="court", received_on=TODAY, fields=ASKED)
GRANT = act("grant", fields={"data_given": "the e-mail address"})
BAR = {"bar_basis": "Law 3, article 9"}


@pytest.fixture
def desk() -> Desk:
    return Desk()


def requested(desk: Desk, *, order: bool = True) -> Record:
    record = desk.open("disclosure", REQUEST, ANNA)
    file = NewFile(b"%PDF- the order", "order.pdf", "by post")
    return desk.do(record, attach(file, "The order."), ANNA) if order else record


def checked(desk: Desk, record: Record, risk: str = "some") -> Record:
    return desk.do(record, act("check_risk", risk=risk, fields=CHECKED), ANNA)


def told(desk: Desk, record: Record) -> Record:
    fields = {"told_how": "by letter"}
    return desk.do(record, act("tell_person", told_on=TODAY, fields=fields), ANNA)


@pytest.mark.parametrize("missing", list(ASKED))
def test_a_request_names_its_order(desk: Desk, missing: str) -> None:
    fields = {name: text for name, text in ASKED.items() if name != missing}
    with pytest.raises(Refused, match=missing):
        desk.open(
            "disclosure", act("request", ordered_by="court", received_on=TODAY, fields=fields), ANNA
        )


def test_what_was_ordered_checked_and_told_can_be_granted(desk: Desk) -> None:
    record = told(desk, checked(desk, requested(desk)))
    assert record.due_at is not None
    granted = desk.do(record, GRANT, BEN)
    assert (granted.state, granted.due_at) == ("granted", None)
    assert desk.do(granted, act("close"), ANNA).state == "closed"


def test_nothing_is_granted_without_each_of_them(desk: Desk) -> None:
    with pytest.raises(Refused, match="not possible while"):
        desk.do(told(desk, requested(desk)), GRANT, BEN)
    for record, lacking in (
        (told(desk, checked(desk, requested(desk, order=False))), "order"),
        (told(desk, checked(desk, requested(desk), "serious")), "risk"),
        (checked(desk, requested(desk)), "told_on"),
    ):
        with pytest.raises(Refused) as caught:
            desk.do(record, GRANT, BEN)
        assert list(caught.value.lacking) == [lacking]
    by_ben = desk.do(requested(desk), act("check_risk", risk="some", fields=CHECKED), BEN)
    with pytest.raises(Refused, match="this act lacks by"):
        desk.do(told(desk, by_ben), GRANT, BEN)
    with pytest.raises(Refused, match="data_given"):
        desk.do(told(desk, checked(desk, requested(desk))), act("grant"), BEN)
    with pytest.raises(Refused, match="may not grant"):
        desk.do(told(desk, checked(desk, requested(desk))), GRANT, ANNA)


def test_a_bar_has_a_law_and_an_end_and_then_the_person_is_told(desk: Desk) -> None:
    record = checked(desk, requested(desk))
    for until, fields, lacking in (
        (TODAY, BAR, "barred_until"),
        ("2027-06-01", BAR, "barred_until"),
        ("2026-03-01", {}, "bar_basis"),
    ):
        with pytest.raises(Refused, match=lacking):
            desk.do(record, act("bar_notice", barred_until=until, fields=fields), BEN)
    barred = desk.do(record, act("bar_notice", barred_until="2026-03-01", fields=BAR), CAROL)
    granted = desk.do(barred, GRANT, BEN)
    assert granted.due_at is not None
    assert granted.due_at.date().isoformat() == "2026-03-01"
    with pytest.raises(Refused, match="told_on"):
        desk.do(granted, act("close"), ANNA)
    assert told(desk, granted).due_at is None
    desk.at += timedelta(days=60)
    with pytest.raises(Refused, match="told_on"):
        desk.do(barred, GRANT, BEN)


def test_a_day_that_has_not_come_is_no_day(desk: Desk) -> None:
    later = (START + timedelta(days=9)).date().isoformat()
    fields = {"told_how": "by letter"}
    with pytest.raises(Refused, match="told_on"):
        desk.do(requested(desk), act("tell_person", told_on=later, fields=fields), ANNA)
    with pytest.raises(Refused, match="received_on"):
        desk.open(
            "disclosure", act("request", ordered_by="court", received_on=later, fields=ASKED), ANNA
        )
    with pytest.raises(Refused, match="is no date"):
        desk.open(
            "disclosure", act("request", ordered_by="court", received_on="soon", fields=ASKED), ANNA
        )


def test_a_request_is_refused_with_reasons(desk: Desk) -> None:
    record = requested(desk)
    with pytest.raises(Refused, match="told"):
        desk.do(record, act("refuse_data"), BEN)
    refused = desk.do(record, act("refuse_data", fields={"told": "No order of a court."}), BEN)
    assert desk.do(refused, act("close"), ANNA).state == "closed"
