"""One's own account: password, second factor, sessions, tokens of programs."""

from __future__ import annotations

from dataclasses import replace

import pyotp
from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from assay.cases.store.accounts import Account
from assay.cases.store.tokens import PURPOSES
from assay.errors import UsageError
from assay.web.house import House
from assay.web.known_browsers import KNOWN
from assay.web.limits import SIGN_IN
from assay.web.pages import page, see
from assay.web.posted import Posted, PostedDep
from assay.web.routes.setup import set_session
from assay.web.signing_in import check_password, faults_of_new_password, new_recovery_codes, step_of
from assay.web.visitors import AnyAccount, HouseDep, limited

ROUTER = APIRouter(prefix="/account", include_in_schema=False)
_OFTEN = [Depends(limited(SIGN_IN))]
_WRONG = "The present password is wrong, or there were too many attempts."


@ROUTER.get("")
def show(request: Request, house: HouseDep, account: AnyAccount) -> Response:
    """What there is."""
    return _page(request, account, {})


@ROUTER.post("/password", dependencies=_OFTEN)
def password(request: Request, house: HouseDep, account: AnyAccount, form: PostedDep) -> Response:
    """Change the password; every session ends and this one begins anew."""
    known = _known(request, house, account, form)
    about = (account.email, account.name, house.accounts.name())
    faults = {} if known else {"present": _WRONG}
    faults |= faults_of_new_password(form, about=about)
    if faults or known is None:
        return _page(request, account, faults, 422)
    new = house.hasher.hash(form.values["password"])
    house.accounts.set_password(known, new)
    return _signed_in_anew(house, replace(known, password=new), "/account?done=password")


@ROUTER.post("/second-factor", dependencies=_OFTEN)
def second_factor(
    request: Request, house: HouseDep, account: AnyAccount, form: PostedDep
) -> Response:
    """Turn the second factor on, once a code shows that the other device has the secret."""
    secret = form.text("secret")
    known = len(secret) == 32 and secret.isalnum()
    step = step_of(secret, form.text("code").replace(" ", ""), house.now()) if known else None
    if step is None:
        faults = {"code": "This code is wrong; the device's clock must be right."}
        return _page(request, account, faults, 422, secret=secret if known else None)
    if _known(request, house, account, form) is None:
        return _page(request, account, {"totp_present": _WRONG}, 422, secret=secret)
    codes = new_recovery_codes()
    house.accounts.set_totp(account.id, secret, codes)
    house.accounts.use_step(account.id, step)
    return page(request, "recovery_codes", codes=codes)


@ROUTER.post("/second-factor/off", dependencies=_OFTEN)
def no_second_factor(
    request: Request, house: HouseDep, account: AnyAccount, form: PostedDep
) -> Response:
    """Turn it off again."""
    if _known(request, house, account, form) is None:
        return _page(request, account, {"off_present": _WRONG}, 422)
    house.accounts.set_totp(account.id, None, ())
    return see("/account?done=second-factor-off")


@ROUTER.post("/sessions/end")
def end_sessions(house: HouseDep, account: AnyAccount, form: PostedDep) -> Response:
    """Sign out everywhere else."""
    house.sessions.end_all(account.id)
    return _signed_in_anew(house, account, "/account?done=sessions")


@ROUTER.post("/tokens", dependencies=_OFTEN)
def make_token(request: Request, house: HouseDep, account: AnyAccount, form: PostedDep) -> Response:
    """Make a token for a program, and show it this once."""
    if _known(request, house, account, form) is None:
        return _page(request, account, {"token_present": _WRONG}, 422)
    try:
        token = house.tokens.make(account, form.text("name"), form.text("purpose"), house.now())
    except UsageError as error:
        told = {"token_name": f"{error.message}; {error.fix}".capitalize()}
        return _page(request, account, told, 422)
    return page(request, "token", token=token, base=f"{house.url}/api/v1")


@ROUTER.post("/tokens/{token}/revoke")
def revoke_token(house: HouseDep, account: AnyAccount, form: PostedDep, token: str) -> Response:
    """End a token."""
    if not house.tokens.revoke(account.id, token):
        raise HTTPException(404)
    return see("/account?done=token")


def _known(request: Request, house: House, account: Account, form: Posted) -> Account | None:
    """The account, if the present password is right."""
    present, browser = form.values.get("present", ""), request.cookies.get(KNOWN, "")
    return check_password(house, account.email, present, browser)


def _signed_in_anew(house: House, account: Account, path: str) -> Response:
    begun = house.sessions.begin(account, house.now(), verified=True, replaces=None)
    answer = see(path)
    set_session(answer, begun, house)
    return answer


_DONE = {
    "password": "The password is changed. Every other session ended.",
    "second-factor-off": "The second factor is off.",
    "sessions": "Every other session ended.",
    "token": "The token is revoked.",
}


def _page(
    request: Request,
    account: Account,
    faults: dict[str, str],
    status: int = 200,
    secret: str | None = None,
) -> Response:
    secret = secret or pyotp.random_base32()
    house: House = request.app.state.house
    uri = pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=house.accounts.name())
    return page(
        request,
        "account",
        status,
        me=account,
        faults=faults,
        secret=secret,
        uri=uri,
        tokens=house.tokens.of(account.id),
        purposes=PURPOSES,
        done=_DONE.get(request.query_params.get("done", "")),
    )
