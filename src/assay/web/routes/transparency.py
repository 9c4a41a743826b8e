"""The transparency report: a page for people and a table for programs, of the same rows."""

from __future__ import annotations

import csv
import io
from dataclasses import astuple, fields

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from assay.cases.transparency import Row, by_section
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
    """The same rows; RFC 4180 in UTF-8."""
    chosen = _year(house, year)
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(COLUMNS)
    for row in house.register.transparency(chosen, house.now()):
        lines.writerow((chosen, *("" if cell is None else cell for cell in astuple(row))))
    return Response(
        text.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="transparency-{chosen}.csv"'},
    )


def _year(house: House, text: str) -> int:
    if not text:
        return house.now().year
    if not (len(text) == 4 and text.isascii() and text.isdecimal() and text >= "2000"):
        raise HTTPException(404)
    return int(text)
