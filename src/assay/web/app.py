"""The application: routes of every domain, and how errors are told."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import ceil
from pathlib import Path
from urllib.parse import urlencode

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException

from assay import __version__
from assay.cases.refused import NoSuchRecord
from assay.cases.store.connect import StoreAway
from assay.errors import AssayError, UsageError
from assay.text.sentence import Sentence
from assay.web.api.api import make_api
from assay.web.api.problems import BASE, DAMAGED
from assay.web.guard import Guard
from assay.web.house import House
from assay.web.languages import language_of
from assay.web.methods import allowed_methods
from assay.web.pages import page, see
from assay.web.routes import (
    account,
    assessments,
    bodies,
    bodies_history,
    cases,
    complaints,
    confirm,
    disclosures,
    evidence,
    feeds,
    findings,
    follow,
    intake,
    ledger,
    letters,
    log,
    misuse,
    outside,
    people,
    public,
    queue,
    records,
    register,
    report,
    setup,
    sign_in,
    statement,
    transparency,
    webhooks,
)
from assay.web.visitors import SetUpNeeded, SignInNeeded, TooOften, set_up
from assay.web.worker import Waking, Worker

_LOG = logging.getLogger("assay.web")
ROUTERS = (
    public.ROUTER,
    report.ROUTER,
    follow.ROUTER,
    confirm.ROUTER,
    feeds.ROUTER,
    register.ROUTER,
    ledger.ROUTER,
    cases.ROUTER,
    complaints.ROUTER,
    assessments.ROUTER,
    log.ROUTER,
    sign_in.ROUTER,
    outside.ROUTER,
    webhooks.ROUTER,
    account.ROUTER,
    people.ROUTER,
    queue.ROUTER,
    bodies.ROUTER,
    bodies_history.ROUTER,
    letters.ROUTER,
    records.ROUTER,
    evidence.ROUTER,
    intake.ROUTER,
    findings.ROUTER,
    misuse.ROUTER,
    disclosures.ROUTER,
    statement.ROUTER,
    transparency.ROUTER,
)
"""The pages of each domain; the guided set-up stands apart, being there before the rest."""


def make_app(house: House, *, sends: bool = True) -> FastAPI:
    """The application of one house.

    Args:
        house: What it serves.
        sends: Whether a worker beside it sends letters; tests send them by hand.
    """
    worker = Worker(house.outbox, house.post, house.now) if sends else None

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        if worker is not None:
            worker.start()
        yield
        if worker is not None:
            worker.stop()

    app = FastAPI(
        title="Assay cases",
        version=__version__,
        lifespan=life,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        # It would lead to whatever the request calls this host.
        redirect_slashes=False,
    )
    app.state.house = house
    app.state.worker = worker
    app.include_router(setup.ROUTER)
    for router in ROUTERS:
        app.include_router(router, dependencies=[Depends(set_up)])
    static = StaticFiles(directory=Path(__file__).with_name("static"))
    app.mount("/static", static, name="static")
    app.mount(BASE, make_api(house), name="api")
    _tell_errors(app)
    if worker is not None:
        app.add_middleware(Waking, worker=worker)
    app.add_middleware(Guard, house=house)
    return app


def _tell_errors(app: FastAPI) -> None:
    """Every error becomes a page that says what happened, and no traceback."""

    async def sign_in_needed(_: Request, error: Exception) -> Response:
        assert isinstance(error, SignInNeeded)
        return see(f"/sign-in?{urlencode({'back': error.back})}")

    async def set_up_needed(request: Request, _: Exception) -> Response:
        return page(request, "not_set_up", 503)

    async def too_often(request: Request, error: Exception) -> Response:
        assert isinstance(error, TooOften)
        told = Sentence(
            "Too many %(what)s from your address. Please wait, then try again.",
            what=error.limit.name,
        )
        answer = page(request, "error", 429, title=Sentence("Please wait"), told=told)
        answer.headers["Retry-After"] = str(ceil(error.wait_s))
        return answer

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        title, told = _HTTP.get(error.status_code, _ANY_HTTP)
        answer = page(request, "error", error.status_code, title=title, told=told)
        if error.status_code == 405:
            answer.headers["Allow"] = allowed_methods(request)
        return answer

    async def not_there(request: Request, _: Exception) -> Response:
        return page(request, "error", 404, title=_HTTP[404][0], told=_HTTP[404][1])

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, AssayError)
        told = f"{error.message}. {error.fix or ''}"
        return page(request, "error", 422, title=Sentence("This is not possible"), told=told)

    async def malformed(request: Request, _: Exception) -> Response:
        return page(request, "error", 400, title=_HTTP[400][0], told=_HTTP[400][1])

    async def away(request: Request, error: Exception) -> Response:
        assert isinstance(error, AssayError)
        _LOG.error("%s", error.message)
        return PlainTextResponse(language_of(request).say(_AWAY) + "\n", 503)

    async def damaged(request: Request, error: Exception) -> Response:
        assert isinstance(error, AssayError)
        where = (request.method, request.scope.get("route"))
        _LOG.error("%s %s: %s; %s", *where, error.message, error.fix)
        return PlainTextResponse(language_of(request).say(DAMAGED) + "\n", 500)

    async def broken(request: Request, error: Exception) -> Response:
        _LOG.error("%s %s failed", request.method, request.scope.get("route"), exc_info=error)
        return PlainTextResponse(language_of(request).say(_BROKEN) + "\n", 500)

    app.add_exception_handler(SignInNeeded, sign_in_needed)
    app.add_exception_handler(SetUpNeeded, set_up_needed)
    app.add_exception_handler(TooOften, too_often)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(NoSuchRecord, not_there)
    app.add_exception_handler(UsageError, refused)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(MultiPartException, malformed)
    app.add_exception_handler(StoreAway, away)
    app.add_exception_handler(AssayError, damaged)
    app.add_exception_handler(Exception, broken)


_HTTP = {
    400: (Sentence("This request cannot be read"), Sentence("Please go back and use the form.")),
    403: (
        Sentence("This is not for you to do"),
        Sentence("You lack the right, or the form is too old: load the page again and repeat it."),
    ),
    404: (
        Sentence("There is no such page"),
        Sentence("Check the address. What you may not see is not there either."),
    ),
    405: (Sentence("There is no such page"), Sentence("Check the address.")),
    410: (
        Sentence("This link has ended"),
        Sentence(
            "A newer one took its place, or the matter has rested for a year. If you need to see"
            " it, write to the address on the first page."
        ),
    ),
    413: (
        Sentence("This is too long"),
        Sentence("A field takes 20,000 characters; shorten it, please."),
    ),
}
_AWAY = Sentence("The case database cannot be reached. Nothing was lost; try again.")
_BROKEN = Sentence("Something went wrong here. Nothing of this request was written.")
_ANY_HTTP = (Sentence("This did not work"), Sentence("Please go back."))
