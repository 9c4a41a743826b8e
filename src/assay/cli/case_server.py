"""``assay case … --server``: the same commands by the API of a house that is served."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from assay.cli.case_options import list_line
from assay.cli.options import print_json
from assay.errors import UsageError
from assay.model.case import Act
from assay.settings import read_settings

if TYPE_CHECKING:
    from assay.web.api.shapes import Done, Row
    from assay.web.client import CaseClient

_MOST_AT_ONCE = 200


def new(server: str, kind: str, act: Act, as_json: bool) -> None:
    """Hand in a notice or open a case; all else comes of a record, or is drafted in the pages."""
    if kind == "notice":
        _hand_in(server, act, as_json)
    elif kind == "case":
        with _client(server) as client:
            _print_done(client.open_case({**act.facts, **act.fields}, act.why), as_json)
    else:
        raise UsageError(f"a server opens no {kind} by this command",
                         fix="only: new notice, new case")  # fmt: skip


def _hand_in(server: str, act: Act, as_json: bool) -> None:
    from pydantic import ValidationError

    from assay.web.api.shapes import NoticeAsked

    facts = {"kind" if name == "notice_kind" else name: told for name, told in act.facts.items()}
    told = {"kind": "", "title": "", **facts, **act.fields, "why": act.why}
    unknown = sorted(told.keys() - NoticeAsked.model_fields.keys())
    if unknown:
        known = ", ".join(sorted(NoticeAsked.model_fields.keys() - {"kind", "why"}))
        raise UsageError(f"a notice has no {', '.join(unknown)}", fix=f"its fields: {known}")
    try:
        notice = NoticeAsked.model_validate(told)
    except ValidationError as error:
        wrong = error.errors()[0]
        raise UsageError(f"{wrong['loc'][0]} cannot be taken", fix=wrong["msg"]) from error
    with _client(server) as client:
        _print_done(client.hand_in(notice), as_json)


def add(server: str, record: str, version: int, act: Act, as_json: bool) -> None:
    """Do something to a record; facts and fields are the answers to the act's questions."""
    with _client(server) as client:
        answers = {**act.facts, **act.fields}
        _print_done(client.act((record, version), act.name, act.why, answers), as_json)


def list_(server: str, wanted: Mapping[str, Any], as_json: bool) -> None:
    """Records that the token's owner may know of."""
    most = int(wanted["limit"])
    asked = {name: value for name, value in wanted.items() if value is not None}
    with _client(server) as client:
        found = list(islice(client.records(**asked | {"limit": min(most, _MOST_AT_ONCE)}), most))
    if as_json:
        print_json({"records": [row.model_dump(mode="json") for row in found]})
        return
    for row in found:
        click.echo(_line(row))
    click.echo(f"{len(found)} records")


def show(server: str, record: str, as_json: bool) -> None:
    """One record with its history and what can be done."""
    with _client(server) as client:
        whole = client.record(record)
    if as_json:
        print_json(whole.model_dump(mode="json"))
        return
    click.echo(f"{whole.id}  {whole.kind}, {whole.state}, version {whole.version}")
    for event in whole.history:
        who = whole.names.get(event.by, event.by)
        why = "[erased]" if event.why is None else event.why
        at = f"{event.at:%Y-%m-%d %H:%M}"
        click.echo(f"  {event.version}. {at} {event.act} by {who}, entry {event.entry}: {why}")
    click.echo("possible now: " + (", ".join(act.name for act in whole.acts) or "nothing"))


def _client(server: str) -> CaseClient:
    from assay.web.client import CaseClient

    token = read_settings().token
    if token is None:
        raise UsageError(
            "there is no token", fix="make one on the account's page and put it in ASSAY_TOKEN"
        )
    return CaseClient(server, token)


def _line(row: Row) -> str:
    due = f", due {row.due_at:%Y-%m-%dT%H:%M}" if row.due_at else ""
    return list_line(row.id, row.kind, row.state, row.version) + due


def _print_done(done: Done, as_json: bool) -> None:
    if as_json:
        print_json(done.model_dump(mode="json"))
        return
    click.echo(f"{done.id}  {done.kind}, {done.state}, version {done.version}")
    if done.link is not None:
        click.echo(f"  secret link, shown once: {done.link}")
        return
    for addresses, link in done.links.items():
        click.echo(f"  secret link, shown once, for whoever is behind {addresses}: {link}")
