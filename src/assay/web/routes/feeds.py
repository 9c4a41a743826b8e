"""The register for programs: Atom for readers of news, CSV and JSON for those who count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from assay.cases.store.public_register import PAGE, end_of
from assay.exchange.xml_text import allowed
from assay.web import words
from assay.web.csv_answer import csv_answer
from assay.web.house import House
from assay.web.visitors import HouseDep

ROUTER = APIRouter(prefix="/register", include_in_schema=False)
_ATOM = "http://www.w3.org/2005/Atom"
COLUMNS = (
    "id",
    "url",
    "state",
    "title",
    "notice_kind",
    "outcome",
    "appeals",
    "changed_on_appeal",
    "first_entered_at",
    "changed_at",
)


@ROUTER.get("/feed.atom")
def atom(house: HouseDep) -> Response:
    """The entries that changed last, or whose decision an appeal changed last."""
    rows = house.register.newest()
    feed = ElementTree.Element("feed", xmlns=_ATOM)
    _add(feed, "title", f"Register of {house.accounts.name()}")
    _add(feed, "id", f"{house.url}/register")
    _add(feed, "updated", str(rows[0]["told_at"]) if rows else house.now().isoformat())
    ElementTree.SubElement(feed, "link", rel="self", href=f"{house.url}/register/feed.atom")
    ElementTree.SubElement(feed, "link", href=f"{house.url}/register")
    author = ElementTree.SubElement(feed, "author")
    _add(author, "name", house.accounts.name())
    for row in rows:
        told = entry_row(house, row)
        entry = ElementTree.SubElement(feed, "entry")
        _add(entry, "title", told["title"] or "Text erased")
        _add(entry, "id", told["url"])
        _add(entry, "updated", row["told_at"])
        ElementTree.SubElement(entry, "link", href=told["url"])
        _add(entry, "summary", _summary(row))
    text = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return Response(text, media_type="application/atom+xml")


@ROUTER.get("/register.csv")
def as_csv(house: HouseDep) -> Response:
    """Every entry, each once whatever changes meanwhile."""
    return csv_answer("register.csv", COLUMNS, rows_of(house))


@ROUTER.get("/register.json")
def as_json(house: HouseDep, after: str = "") -> Response:
    """A page of entries, the first entered first; ``next`` is the following one's, or null."""
    at, _, identity = after.partition("~")
    rows = house.register.listed(after=(at, identity) if identity else None, order="entered")
    following = None
    if len(rows) == PAGE:
        end = urlencode({"after": "~".join(end_of(rows, "entered"))})
        following = f"{house.url}/register/register.json?{end}"
    return JSONResponse({"entries": [entry_row(house, row) for row in rows], "next": following})


def rows_of(house: House) -> Iterator[list[Any]]:
    """Every entry, page after page."""
    after: tuple[str, str] | None = None
    while rows := house.register.listed(after=after, order="entered"):
        for row in rows:
            told = entry_row(house, row)
            yield [told[name] for name in COLUMNS]
        after = end_of(rows, "entered")


def entry_row(house: House, row: Mapping[str, Any]) -> dict[str, Any]:
    """What programs are told of an entry in a list."""
    return {
        "id": row["id"],
        "url": f"{house.url}/register/{row['id']}",
        "state": row["state"],
        "title": row["title"],
        "notice_kind": row["subject_kind"],
        "outcome": row["subject_outcome"],
        "appeals": row["appeals"],
        "changed_on_appeal": bool(row["changed_on_appeal"]),
        "first_entered_at": row["opened_at"],
        "changed_at": row["public_at"],
    }


def _summary(row: Mapping[str, Any]) -> str:
    outcome = words.OUTCOMES.get(row["subject_outcome"], "")
    parts = [words.STATES[row["state"]], outcome]
    if row["changed_on_appeal"]:
        parts.append("overturned or modified on appeal")
    elif row["appeals"]:
        parts.append("appealed against")
    return "; ".join(part for part in parts if part)


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = allowed(text)
