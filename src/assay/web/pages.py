"""Templates, and the one function that makes a page of them."""

from __future__ import annotations

from functools import cache
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
from assay.web.languages import (
    CHOICE,
    CHOSEN,
    ENGLISH,
    LANGUAGES,
    Language,
    language_of,
    translations,
)
from assay.web.visitors import VISIT, Visitor

TEMPLATES = Path(__file__).with_name("templates")
NEWER = (
    "This form was made of a newer version than the one that is here: an older copy of the database"
    " took its place. See how things stand now, then send it again."
)
"""What is told of a form that names a version which there is not."""

SPOKEN = frozenset(
    {
        "confirm",
        "error",
        "follow",
        "follow_misuse",
        "home",
        "invitation",
        "ledger",
        "log",
        "not_set_up",
        "outside_unknown",
        "register",
        "register_entry",
        "register_proof",
        "report",
        "report_kinds",
        "sign_in",
        "sign_in_code",
        "transparency",
    }
)
"""The pages that are there in every language; whatever else they take in is translated too."""


@cache
def _environment(language: Language, *, escape: bool) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    known = translations(language.code)
    # The extension adds this method when it is loaded, so that types do not know it.
    made.install_gettext_callables(known.gettext, known.ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.filters |= {"moment": language.moment, "day": language.day, "reference": reference}
    made.filters |= {"say": language.say, "opening": _opening}
    made.filters |= {"number": language.number, "share": language.share}
    made.tests |= {"shown": can_be_shown}
    made.globals |= {"words": words, "outside": words_outside, "inside": words_inside}
    made.globals["statement_rows"] = statement_rows
    return made


def _opening(text: str) -> str:
    """A text as it opens a line: its first letter is a capital, the others stay."""
    return text[:1].upper() + text[1:]


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
    spoken = _is_spoken(name, visitor)
    language = language_of(request) if spoken else ENGLISH
    text = (
        _environment(language, escape=True)
        .get_template(f"{name}.html")
        .render(
            language=language,
            other_languages=_others(request, language) if spoken else (),
            account=visitor.account if visitor else None,
            csrf=form_token(house.secret, cookie) if cookie else "",
            house_name=house.accounts.name(),
            is_set_up=house.is_set_up(),
            now=house.now(),
            path=request.url.path,
            **context,
        )
    )
    answer = HTMLResponse(text, status)
    if visitor is not None and visitor.fresh:
        answer.set_cookie(VISIT, cookie, httponly=True, samesite="lax", secure=house.secure)
    answer.headers["Content-Language"] = language.code
    if request.query_params.get(CHOICE) == language.code and spoken:
        answer.set_cookie(CHOSEN, language.code, httponly=True, samesite="lax", secure=house.secure)
    return answer


def letter_text(name: str, language: Language = ENGLISH, **context: object) -> str:
    """The text of a letter; never HTML, so nothing in it is escaped."""
    template = _environment(language, escape=False).get_template(f"letters/{name}.txt")
    return template.render(**context).strip() + "\n"


def _is_spoken(name: str, visitor: Visitor | None) -> bool:
    """Whether a page is there in every language; the team's errors are in the team's own."""
    of_team = name == "error" and visitor is not None and visitor.account is not None
    return name in SPOKEN and not of_team


def _others(request: Request, language: Language) -> list[tuple[Language, str]]:
    """The other languages, and where this page is in each; none where a form was answered."""
    if request.method != "GET":
        return []
    here = request.url
    # Without its path, which somebody else may have written: "//host" would be another site's.
    return [
        (one, f"?{here.include_query_params(**{CHOICE: one.code}).query}")
        for one in LANGUAGES
        if one is not language
    ]


def see(path: str) -> RedirectResponse:
    """Go on to another page after a form."""
    return RedirectResponse(path, 303)
