"""The API as an application of its own, mounted beside the pages."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse

from assay import __version__
from assay.web.api import bodies, doing, filing, public, reading
from assay.web.api.bodies_shapes import RegisterAsked
from assay.web.api.problems import BASE, of_described_type, tell_problems
from assay.web.api.shapes import Problem
from assay.web.house import House
from assay.web.visitors import set_up

DESCRIPTION = APIRouter()


@DESCRIPTION.get("/openapi.json", include_in_schema=False)
def description(request: Request) -> Response:
    """What there is, as OpenAPI 3.1."""
    api: FastAPI = request.app
    return JSONResponse(api.openapi())


class Api(FastAPI):
    """Describes its problems too, which no route returns by itself, and what a route reads late."""

    def openapi(self) -> dict[str, Any]:
        """The description, made once."""
        if self.openapi_schema is None:
            made = super().openapi()
            for model in (Problem, RegisterAsked):
                told = model.model_json_schema(ref_template="#/components/schemas/{model}")
                schemas = told.pop("$defs", {}) | {model.__name__: told}
                made["components"]["schemas"] |= schemas
        return super().openapi()


def make_api(house: House) -> Api:
    """The API of one house."""
    api = Api(
        title="Assay cases",
        description="Notices, decisions, appeals and the public register, for programs.",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        servers=[{"url": BASE}],
        root_path_in_servers=False,
        redirect_slashes=False,
    )
    api.state.house = house
    routers = (reading, doing, filing, bodies, public)
    for router in (*(one.ROUTER for one in routers), DESCRIPTION):
        api.include_router(router, dependencies=[Depends(set_up), Depends(of_described_type)])
    tell_problems(api)
    return api
