"""Templates, and the one function that makes a page of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assay.cases.store.listing import reference
from assay.web import words, words_inside, words_outside
from assay.web.csrf import form_token
from assay.web.evidence_views import can_be_shown
from assay.web.forms.statement import statement_rows
from assay.web.house import House
from assay.web.visitors import VISIT, Visitor

TEMPLATES = Path(__file__).with_name("templates")


def _moment(value: datetime | str | None) -> str:
    """A moment to the minute, in UTC."""
    if value is None:
        return "–"
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{at.astimezone(UTC):%d %b %Y, %H:%M} UTC"


def _day(value: datetime | str | None) -> str:
    """A day."""
    if value is None:
        return "–"
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{at:%d %B %Y}".lstrip("0")


def _environment(*, escape: bool) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"moment": _moment, "day": _day, "reference": reference}
    made.tests |= {"shown": can_be_shown}
    made.globals |= {"words": words, "outside": words_outside, "inside": words_inside}
    made.globals["statement_rows"] = statement_rows
    return made


_PAGES = _environment(escape=True)
_LETTERS = _environment(escape=False)


def page(request: Request, name: str, status: int = 200, **context: object) -> HTMLResponse:
    """A page from a template.

    Args:
        request: What is answered.
        name: Of the template, without its ending.
        status: Of the answer.
        context: What the template shows.
    """
    house: House = request.app.state.house
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    cookie = visitor.cookie if visitor else ""
    text = _PAGES.get_template(f"{name}.html").render(
        account=visitor.account if visitor else None,
        csrf=form_token(house.secret, cookie) if cookie else "",
        house_name=house.accounts.name(),
        is_set_up=house.setup_token is None,
        now=house.now(),
        path=request.url.path,
        **context,
    )
    answer = HTMLResponse(text, status)
    if visitor is not None and visitor.fresh:
        answer.set_cookie(VISIT, cookie, httponly=True, samesite="lax", secure=house.secure)
    return answer


def letter_text(name: str, **context: object) -> str:
    """The text of a letter; never HTML, so nothing in it is escaped."""
    return _LETTERS.get_template(f"letters/{name}.txt").render(**context).strip() + "\n"


def see(path: str) -> RedirectResponse:
    """Go on to another page after a form."""
    return RedirectResponse(path, 303)
