"""By which methods an address can be asked: what an answer 405 has to tell (RFC 9110, 15.5.6)."""

from __future__ import annotations

from fastapi import Request
from starlette.routing import Match, Mount

_METHODS = ("GET", "POST", "PUT")


def allowed_methods(request: Request) -> str:
    """The methods of all routes at the address: the framework tells those of the first alone, and
    of the static folder's files none.
    """

    def takes(method: str) -> bool:
        asked = {**request.scope, "method": method}
        return any(
            route.matches(asked)[0] is Match.FULL
            for route in request.app.routes
            if not isinstance(route, Mount)
        )

    found = [method for method in _METHODS if takes(method)] or ["GET"]
    # What answers GET answers HEAD (see the guard).
    return ", ".join(found + ["HEAD"] * ("GET" in found))
