"""A client of the API: typed answers, errors with the server's own words, safe to repeat."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType
from typing import TypeVar

import httpx
from pydantic import ValidationError

from assay.cases.disclosure import Line
from assay.cases.evidence import NewFile
from assay.errors import InputError, UsageError
from assay.web.addresses import check_address, read_address
from assay.web.api.bodies_shapes import (
    ProtectedBody,
    ProtectedRegister,
    ProtectedVersion,
    ProtectedVersions,
    RegisterKept,
    VersionsErased,
)
from assay.web.api.problems import BASE
from assay.web.api.shapes import (
    Answer,
    Consistency,
    Disclosures,
    Done,
    LedgerTold,
    Listed,
    Me,
    NoticeAsked,
    Page,
    Paged,
    Problem,
    Proof,
    Published,
    Register,
    Row,
    Signed,
    Told,
    Whole,
)

_T = TypeVar("_T", bound=Told)
_P = TypeVar("_P", bound=Paged)
Seen = Row | Whole | Done | tuple[str, int]
"""A record as it was seen: itself, or its id and version."""
_TIMEOUT_S = 30
_ATTEMPTS = 2
"""A request whose answer got lost is sent once more, under the same key."""


class Refusal(UsageError):
    """The server refused; ``problem`` says why, by name and field."""

    def __init__(self, problem: Problem) -> None:
        faults = "; ".join(f"{name}: {told}" for name, told in problem.faults.items())
        super().__init__(problem.title, fix=f"{problem.detail} {faults}".rstrip())
        self.problem = problem


class CaseClient:
    """Speaks to one house.

    Args:
        address: Of the house, such as ``https://cases.example.org``.
        token: Made on the account's page; None reads what everyone may read.
        transport: How requests travel, for tests.

    Raises:
        UsageError: It is no web address, or a token would go where others read along.
    """

    def __init__(
        self, address: str, token: str | None = None, transport: httpx.BaseTransport | None = None
    ) -> None:
        headers = {}
        read_address(address, "a house")
        if token is not None:
            check_address(address, "a token")
            headers[b"Authorization"] = f"Bearer {token}".encode()
        self._http = httpx.Client(
            base_url=address.rstrip("/") + BASE,
            headers=headers,
            timeout=_TIMEOUT_S,
            transport=transport,
        )

    def __enter__(self) -> CaseClient:
        """The client itself; its connections are closed at the end."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        self._http.close()

    def me(self) -> Me:
        """Whose token it is, and what it is good for."""
        return self._get(Me, "/me")

    def page(self, **wanted: str | int) -> Page:
        """One page of records; ``wanted`` are the parameters of ``GET /records``."""
        return self._get(Page, "/records", wanted)

    def records(self, **wanted: str | int) -> Iterator[Row]:
        """All records that are wanted, page after page."""
        for page in self._pages(Page, "/records", wanted):
            yield from page.records

    def record(self, identity: str) -> Whole:
        """One record with its history and what can be done."""
        return self._get(Whole, f"/records/{identity}")

    def act(
        self,
        seen: Seen,
        name: str,
        why: str,
        answers: Mapping[str, Answer] = {},
    ) -> Done:
        """Do something to a record as it was seen.

        Raises:
            Refusal: It is not possible; status 412 if the record was changed since.
        """
        body = {"why": why, "answers": dict(answers)}
        identity, headers = _place(seen)
        return self._post(f"/records/{identity}/acts/{name}", body, headers)

    def hand_in(self, notice: NoticeAsked) -> Done:
        """Hand in a notice; the answer holds its sender's secret link, this once.

        Raises:
            Refusal: It is not complete; the problem's faults say what is missing.
        """
        return self._post("/notices", notice.model_dump(), {})

    def prepare_entry(self, identity: str) -> Done:
        """Prepare the register entry of a decision."""
        return self._post(f"/records/{identity}/register", None, {})

    def draft_complaint(self, answers: Mapping[str, Answer], why: str = "Drafted.") -> Done:
        """Draft a complaint; ``answers`` as its form asks.

        Raises:
            Refusal: Something is missing or wrong.
        """
        return self._post("/complaints", {"why": why, "answers": dict(answers)}, {})

    def open_case(self, answers: Mapping[str, Answer], why: str = "To be looked into.") -> Done:
        """Open a case of the team's own; ``answers`` as its form asks.

        Raises:
            Refusal: Something is missing or wrong.
        """
        return self._post("/cases", {"why": why, "answers": dict(answers)}, {})

    def invite_assessor(self, identity: str, why: str, answers: Mapping[str, Answer]) -> Done:
        """Ask a partner for an independent assessment of a record.

        Raises:
            Refusal: They had a part in the matter, or something is missing.
        """
        body = {"why": why, "answers": dict(answers)}
        return self._post(f"/records/{identity}/assessments", body, {})

    def request_data(self, answers: Mapping[str, Answer], why: str) -> Done:
        """Record an authority's request for data; ``answers`` as its form asks.

        Raises:
            Refusal: Something is missing or wrong.
        """
        return self._post("/disclosures", {"why": why, "answers": dict(answers)}, {})

    def examine_sender(self, identity: str) -> Done:
        """Open a file about who sent a notice that was manifestly unfounded.

        Raises:
            Refusal: The notice was not found so, or there is such a file.
        """
        return self._post(f"/records/{identity}/misuse", None, {})

    def take_letter(self, kind: str, content: bytes, name: str = "letter.eml") -> Done:
        """Take in a notice that came as an e-mail file; its sender is told what is missing.

        Raises:
            Refusal: It is no letter that can be read, or names no sender.
        """
        return self._bring("/notices/eml", {"kind": kind, "name": name}, content, {})

    def add_file(self, seen: Seen, file: NewFile, why: str) -> Done:
        """Add a file to a record as it was seen.

        Raises:
            Refusal: It is damaged or too large; status 412 if the record was changed since.
        """
        identity, headers = _place(seen)
        said = {
            "name": file.name,
            "source": file.source,
            "shows": file.shows,
            "for_concerned": file.for_concerned,
            "why": why,
        }
        if file.finding is not None:
            said["finding"] = file.finding
        return self._bring(f"/records/{identity}/evidence", said, file.content, headers)

    def file(self, identity: str, entry: int) -> bytes:
        """A file of a record as it was added; ``entry`` is what its list of files says.

        Raises:
            Refusal: There is no such file, or its hash is no longer right.
        """
        path = f"/records/{identity}/evidence/{entry}"
        answer = self._send(self._http.build_request("GET", path))
        if answer.is_success:
            return answer.content
        raise _refusal(answer)

    def disclosures(self) -> Iterator[Line]:
        """Requests for data that the token's owner may know of, page after page."""
        for page in self._pages(Disclosures, "/disclosures", {}):
            yield from page.requests

    def bodies(self, version: int | None = None) -> ProtectedRegister:
        """The register of protected bodies, or an earlier version of it.

        Raises:
            Refusal: There is no such version, or it was erased.
        """
        return self._get(
            ProtectedRegister, "/bodies", {} if version is None else {"version": version}
        )

    def body_versions(self) -> Iterator[ProtectedVersion]:
        """Every version of the register of protected bodies, the newest first."""
        for page in self._pages(ProtectedVersions, "/bodies/versions", {}):
            yield from page.versions

    def keep_bodies(self, seen: int, bodies: Iterable[ProtectedBody], why: str) -> RegisterKept:
        """Keep a whole register in the place of the version that was seen.

        Raises:
            Refusal: A body is none; status 412 if the register was changed since.
        """
        body = {"why": why, "bodies": [one.model_dump() for one in bodies]}
        headers = {"If-Match": f'"{seen}"'}
        request = self._http.build_request("PUT", "/bodies", headers=headers, json=body)
        return self._once(RegisterKept, request)

    def erase_body_versions(
        self, first: int, last: int, why: str, *, words_only: bool = False
    ) -> VersionsErased:
        """Erase what earlier versions of the register hold, or what is told of any alone.

        Raises:
            Refusal: The newest would lose what it holds, or there is nothing to erase.
        """
        body = {"first": first, "last": last, "why": why, "words_only": words_only}
        request = self._http.build_request("POST", "/bodies/versions/erase", json=body)
        return self._once(VersionsErased, request)

    def ledger(self) -> LedgerTold:
        """Every published complaint, with figures."""
        return self._get(LedgerTold, "/ledger")

    def register(self, **wanted: str) -> Iterator[Listed]:
        """Published entries as they were entered, page after page; none is missed or told twice."""
        for page in self._pages(Register, "/register", {"order": "entered", **wanted}):
            yield from page.entries

    def entry(self, identity: str) -> Published:
        """One register entry with its public history."""
        return self._get(Published, f"/register/{identity}")

    def proof(self, identity: str, index: int) -> Proof:
        """That one event of an entry is in the signed log."""
        return self._get(Proof, f"/register/{identity}/proof/{index}")

    def checkpoint(self) -> Signed:
        """The newest signed checkpoint."""
        return self._get(Signed, "/log/checkpoint")

    def consistency(self, first: int, second: int) -> Consistency:
        """Proof that the log of ``second`` entries begins with that of ``first``."""
        return self._get(Consistency, "/log/consistency", {"first": first, "second": second})

    def _get(self, shape: type[_T], path: str, wanted: Mapping[str, str | int] | None = None) -> _T:
        return _read(shape, self._send(self._http.build_request("GET", path, params=wanted)))

    def _pages(self, shape: type[_P], path: str, wanted: Mapping[str, str | int]) -> Iterator[_P]:
        page = self._get(shape, path, wanted)
        yield page
        while page.next is not None:
            page = self._get(shape, path, {**wanted, "cursor": page.next})
            yield page

    def _post(self, path: str, body: object, headers: dict[str, str]) -> Done:
        request = self._http.build_request("POST", path, headers=headers, json=body)
        return self._once(Done, request)

    def _bring(
        self, path: str, said: Mapping[str, str], content: bytes, headers: dict[str, str]
    ) -> Done:
        headers = {**headers, "Content-Type": "application/octet-stream"}
        request = self._http.build_request(
            "POST", path, params=said, headers=headers, content=content
        )
        return self._once(Done, request)

    def _once(self, shape: type[_T], request: httpx.Request) -> _T:
        request.headers["Idempotency-Key"] = secrets.token_urlsafe(16)
        return _read(shape, self._send(request))

    def _send(self, request: httpx.Request) -> httpx.Response:
        for left in reversed(range(_ATTEMPTS)):
            try:
                return self._http.send(request)
            except httpx.RequestError as error:
                if left == 0:
                    address = str(self._http.base_url)
                    raise InputError(
                        f"the server does not answer: {error}", fix="try again", file=address
                    ) from error
        raise AssertionError("every attempt returns or raises")


def _place(seen: Seen) -> tuple[str, dict[str, str]]:
    """A record's id, and the head that names the version that was seen."""
    identity, version = seen if isinstance(seen, tuple) else (seen.id, seen.version)
    return identity, {"If-Match": f'"{version}"'}


def _read(shape: type[_T], answer: httpx.Response) -> _T:
    """The answer in its shape.

    Raises:
        Refusal: The server says why it refused.
        InputError: What answers is no such server.
    """
    if not answer.is_success:
        raise _refusal(answer)
    return _told(shape, answer)


def _refusal(answer: httpx.Response) -> Refusal:
    return Refusal(_told(Problem, answer))


def _told(shape: type[_T], answer: httpx.Response) -> _T:
    try:
        return shape.model_validate_json(answer.content)
    except ValidationError as error:
        raise InputError(
            f"this is no answer of Assay's API (status {answer.status_code})",
            fix="check the address; it is that of the house, without a path",
            file=str(answer.url),
        ) from error
