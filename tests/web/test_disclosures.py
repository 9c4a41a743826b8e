"""Authorities' requests for data on the pages: recorded, checked, decided by another, listed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from assay.web.client import CaseClient
from assay.web.house import House
from tests.web.served import Visitor, forms_in, said
from tests.web.test_evidence import add

ASKED = {
    "title": "A request of an office",
    "authority": "=Office of Examples",
    "ordered_by": "court",
    "legal_basis": "Law 3, article 2",
    "order_reference": "7/2026",
    "data_asked": "the e-mail address of one account",
    "received_on": "2026-01-30",
    "why": "It came by post.",
}
CHECKED = {
    "competence": "A court ordered it.",
    "risk_to_person": "None seen.",
    "necessity": "Nothing else identifies the account.",
    "narrowed": "The address alone, no messages.",
    "risk": "some",
}


def test_a_request_goes_its_way_into_the_ledger(member: Callable[[str], Visitor]) -> None:
    anna, ben = member("anna"), member("ben")
    page = anna.fill("/disclosures/new", "/disclosures/new", **{**ASKED, "legal_basis": ""})
    assert page.status_code == 422
    assert forms_in(page)["/disclosures/new"]["data_asked"] == ASKED["data_asked"]
    for day, fault in (("2026-02-01", "his day has not come yet"), ("2026-02-30", "is no date")):
        page = anna.fill("/disclosures/new", "/disclosures/new", **{**ASKED, "received_on": day})
        assert (page.status_code, fault in said(page)) == (422, True)
        assert forms_in(page)["/disclosures/new"]["data_asked"] == ASKED["data_asked"]
    page = anna.fill("/disclosures/new", "/disclosures/new", **ASKED)
    record = page.url.path.rpartition("/")[2]
    anna.act(record, "check_risk", **CHECKED)
    action = f"/records/{record}/acts/grant"
    page = ben.fill(f"/records/{record}", action, data_given="the address", why="x")
    assert page.status_code == 422
    assert "add the order itself as a file first" in said(page)
    assert "tell the person first" in said(page)
    add(anna, record, b"%PDF- order", "order.pdf")
    ben.act(record, "bar_notice", bar_basis="Law 3, article 9", barred_until="2026-03-01")
    page = ben.act(record, "grant", data_given="the address")
    assert "May not be told until 1 March 2026" in said(page)
    page = anna.get("/disclosures")
    assert "may not be told until 1 March 2026" in said(page)
    assert "Harm is possible, and outweighed" in said(page)
    told = anna.get("/disclosures/disclosures.csv")
    (row,) = csv.DictReader(io.StringIO(told.text))
    assert row["authority"] == "'=Office of Examples"
    assert (row["state"], row["barred_until"], row["told_on"]) == ("granted", "2026-03-01", "")
    assert row["data_given"] == "the address"
    anna.act(record, "tell_person", told_on="2026-01-31", told_how="by letter")
    assert "told on 31 January 2026" in said(anna.get("/disclosures"))


def test_a_restricted_request_is_in_nobody_elses_ledger(
    house: House, member: Callable[[str], Visitor]
) -> None:
    anna = member("anna")
    asked = {**ASKED, "authority": "Hidden Office", "title": "Hidden"}
    page = anna.fill("/disclosures/new", "/disclosures/new", **asked)
    anna.act(page.url.path.rpartition("/")[2], "restrict")
    assert "Hidden Office" in anna.get("/disclosures").text
    for name in ("ben", "olga", "paul"):
        assert "Hidden Office" not in member(name).get("/disclosures").text
        assert "Hidden Office" not in member(name).get("/disclosures/disclosures.csv").text
        theirs = house.accounts.by_email(f"{name}@house.example")
        assert theirs is not None
        token = house.tokens.make(theirs, "ledger", "read", house.now())
        client = CaseClient("https://house.example", token, member(name).client._transport)
        assert "Hidden Office" not in {line.authority for line in client.disclosures()}
