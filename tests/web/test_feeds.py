"""The register for programs: all of what is published, and nothing else."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from assay.cases.store import public_register
from assay.web.house import House
from assay.web.routes.feeds import COLUMNS, rows_of
from tests.cases.made import act
from tests.web.served import Visitor, clock_of

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def titles(house: House) -> list[str]:
    """Titles of more than one page of entries, the newest last; one more is not published."""
    ben = house.accounts.by_email("ben@house.example")
    assert ben is not None
    titles = ['=HYPERLINK("x")', "Café, “quoted” <b>", *(f"Entry {n}" for n in range(48))]
    titles += ["No\ufffe XML\x0b", "Entry 48"]
    for title in [*titles, "NOT PUBLISHED"]:
        clock_of(house).go_on(seconds=1)
        at = house.now()
        fields = {"title": title, "summary": "x"}
        entry = house.store.open_record(
            "register", act("enter", fields=fields), by=ben.actor, at=at
        )
        if title != "NOT PUBLISHED":
            publish = act("publish", fields=fields)
            house.store.act(entry.id, 1, publish, by=ben.actor, at=at)
    return titles


def test_the_table_holds_every_entry(
    house: House, somebody: Callable[[], Visitor], titles: list[str]
) -> None:
    answer = somebody().get("/register/register.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert tuple(rows[0]) == COLUMNS
    found = {row["title"] for row in rows}
    assert found == {"'" + titles[0], *titles[1:]}  # no spreadsheet runs it
    assert len({row["id"] for row in rows}) == len(titles)


def test_the_pages_of_json_hold_every_entry_once(
    somebody: Callable[[], Visitor], titles: list[str]
) -> None:
    visitor, found, path = somebody(), [], "/register/register.json"
    while path:
        page = visitor.get(path).json()
        found += [entry["title"] for entry in page["entries"]]
        path = page["next"]
    assert sorted(found) == sorted(titles)


def test_the_feed_holds_the_newest_and_is_well_formed(
    somebody: Callable[[], Visitor], titles: list[str]
) -> None:
    answer = somebody().get("/register/feed.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    found = {entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")}
    assert len(found) == 50
    assert found <= {*titles, "No\ufffd XML\ufffd"}
    assert "No\ufffd XML\ufffd" in found  # one title spoils the feed for nobody
    links = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert somebody().get(str(links[0])).status_code == 200
    assert all(feed.findtext(f"{ATOM}{name}") for name in ("title", "id", "updated"))


def test_the_table_holds_every_entry_once_while_entries_change(
    house: House, titles: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_register, "PAGE", 5)
    ben = house.accounts.by_email("ben@house.example")
    assert ben is not None
    rows = rows_of(house)
    read = [next(rows) for _ in range(3)]
    first = read[0][0]
    last = str(house.register.listed()[0]["id"])
    clock_of(house).go_on(minutes=1)
    for identity in (first, last):
        fields = {"title": "Corrected", "summary": "x"}
        correct = act("correct", fields=fields)
        house.store.act(identity, 2, correct, by=ben.actor, at=house.now())
    read += rows
    found = [row[0] for row in read]
    assert len(found) == len(set(found)) == len(titles)
