"""The transparency report: a page for people and a table for programs, of the same rows."""

from __future__ import annotations

from dataclasses import astuple, fields

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from assay.cases.transparency import Row, by_section
from assay.web.csv_answer import csv_answer
from assay.web.house import House
from assay.web.pages import page
from assay.web.visitors import HouseDep, VisitorDep

ROUTER = APIRouter(prefix="/transparency", include_in_schema=False)
COLUMNS = ("year", *(field.name for field in fields(Row)))


@ROUTER.get("")
def report(request: Request, house: HouseDep, visitor: VisitorDep, year: str = "") -> Response:
    """The report of a year; without one, of the year that runs."""
    chosen = _year(house, year)
    return page(
        request,
        "transparency",
        year=chosen,
        years=house.register.years(),
        sections=by_section(house.register.transparency(chosen, house.now())),
    )


@ROUTER.get("/{year}.csv")
def as_csv(house: HouseDep, year: str) -> Response:
    """The same rows."""
    chosen = _year(house, year)
    rows = house.register.transparency(chosen, house.now())
    return csv_answer(
        f"transparency-{chosen}.csv", COLUMNS, ((chosen, *astuple(row)) for row in rows)
    )


def _year(house: House, text: str) -> int:
    if not text:
        return house.now().year
    if not (len(text) == 4 and text.isascii() and text.isdecimal() and text >= "2000"):
        raise HTTPException(404)
    return int(text)
