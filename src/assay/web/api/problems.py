"""Every error of the API as Problem Details (RFC 9457), and what each route's description says."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from assay.cases.refused import NoSuchRecord, Refused
from assay.cases.store.case_store import EditConflict
from assay.cases.store.connect import StoreAway
from assay.cases.store.protected_registers import RegisterChanged
from assay.errors import AssayError, UsageError
from assay.model.case import Event
from assay.text.sentence import Sentence
from assay.web.api.shapes import Happened, Problem
from assay.web.methods import allowed_methods
from assay.web.visitors import SetUpNeeded

BASE = "/api/v1"
"""Where the API is."""
MEDIA_TYPE = "application/problem+json"
DAMAGED = Sentence(
    "What this house keeps was changed by hand or is damaged. Nothing of this request was written;"
    " whoever runs the house reads in its log what to do."
)
_LOG = logging.getLogger("assay.web")
_TOLD: Mapping[int, tuple[str, str]] = {
    400: ("not-readable", "The address holds a character that no text holds, or the body is none."),
    401: ("no-token", "Send a token that still works: Authorization: Bearer TOKEN."),
    403: ("not-yours-to-do", "The token's purpose or its owner's role does not allow this."),
    404: ("not-there", "There is no such thing. What you may not see is not there either."),
    405: ("not-there", "There is no such method here."),
    412: ("changed-meanwhile", "The record was changed meanwhile; look at it again."),
    413: ("too-long", "A text has at most 20,000 characters, a request 1 MB."),
    415: ("other-type", "The body is of another type than the description says."),
    422: ("not-possible", "Something is missing or wrong, or not possible now."),
    428: ("no-version", 'Send If-Match with the version that you saw, such as "3".'),
    429: ("too-often", "Wait as long as Retry-After says."),
    503: ("away", "The case database cannot be reached, or nobody has set the house up yet."),
}


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route's description says of its errors; those that can come of any route too."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        status: {"description": _TOLD[status][1], "content": {MEDIA_TYPE: schema}}
        for status in sorted({*statuses, 400, 413, 415, 422, 429, 503})
    }


def problem(status: int, detail: str | None = None, **more: Any) -> JSONResponse:
    """The answer for an error.

    Args:
        status: Of HTTP.
        detail: What happened; the status's own words if not given.
        more: Further members of :class:`Problem`.
    """
    name, usual = _TOLD.get(status, ("failed", "Nothing of this request was written."))
    told = Problem(
        type=f"urn:assay:problem:{name}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail or usual,
        **more,
    )
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    content = told.model_dump(mode="json")
    return JSONResponse(content, status, headers, media_type=MEDIA_TYPE)


def happened(event: Event, entry: int | None = None) -> Happened:
    """An event as the API tells it."""
    return Happened(
        version=event.version,
        act=event.name,
        state=event.state,
        by=event.by.id,
        role=event.by.role,
        at=event.at,
        facts=dict(event.facts),
        why=event.why,
        fields=None if event.fields is None else dict(event.fields),
        entry=entry,
    )


def of_described_type(request: Request) -> None:
    """A dependency that refuses a body of another type than the route's description says.

    Raises:
        HTTPException: It is of another one, or of none that is named.
    """
    described = request.app.openapi()["paths"].get(request.scope["route"].path, {})
    takes = described.get(request.method.lower(), {}).get("requestBody", {}).get("content", {})
    head = request.headers
    brings = head.get("content-length", "0") != "0" or "transfer-encoding" in head
    kind = head.get("content-type", "").partition(";")[0].strip().lower()
    if takes and (brings or kind) and kind not in takes:
        raise HTTPException(415)


def tell_problems(api: FastAPI) -> None:
    """Answer every error of this application by a problem, and no traceback."""
    kinds: Mapping[type[Exception], Callable[[Any], Response]] = {
        RequestValidationError: _malformed,
        SetUpNeeded: lambda _: problem(503, "Nobody has set this house up yet."),
        NoSuchRecord: lambda _: problem(404),
        EditConflict: _conflict,
        RegisterChanged: lambda error: problem(412, _words(error), version=error.version),
        Refused: lambda error: problem(422, _words(error), faults=error.lacking),
        UsageError: lambda error: problem(422, _words(error)),
        StoreAway: _away,
        AssayError: _damaged,
        Exception: _broken,
    }
    api.add_exception_handler(HTTPException, _http)
    for kind, answer in kinds.items():
        api.add_exception_handler(kind, _handler(answer))


def _handler(answer: Callable[[Any], Response]) -> Callable[[Request, Exception], Response]:
    return lambda _, error: answer(error)


def _words(error: AssayError) -> str:
    return f"{error.message}. {error.fix or ''}".strip()


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    # The guard stops listening to a body that is too long, whose head did not say so.
    too_long = isinstance(error.__cause__, ClientDisconnect)
    answer = problem(413 if too_long else error.status_code)
    if error.status_code == 405:
        answer.headers["Allow"] = allowed_methods(request)
    return answer


def _malformed(error: RequestValidationError) -> Response:
    """What does not fit the description, by place; nothing of what was sent is repeated."""
    faults = {".".join(map(str, one["loc"])): str(one["msg"]) for one in error.errors()}
    return problem(422, "The request does not fit its description.", faults=faults)


def _conflict(error: EditConflict) -> Response:
    since = [happened(event) for event in error.since]
    return problem(412, _words(error), version=error.version, since=since)


def _away(error: AssayError) -> Response:
    _LOG.error("%s", error.message)
    return problem(503, "The case database cannot be reached. Nothing was lost; try again.")


def _damaged(error: AssayError) -> Response:
    _LOG.error("a request to the API: %s; %s", error.message, error.fix)
    return problem(500, DAMAGED)


def _broken(error: Exception) -> Response:
    _LOG.error("a request to the API failed", exc_info=error)
    return problem(500, "Something went wrong here. Nothing of this request was written.")
