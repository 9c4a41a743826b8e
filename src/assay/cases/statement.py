"""The record of a decision for the DSA Transparency Database: no personal data, and complete.

A statement of reasons as the database takes it (Regulation (EU) 2022/2065, article 24(5)): which
parts it has and what each may say stands in :mod:`assay.lexicon.dsa_statement`. Nothing is sent:
a platform sends its own statements, under its own account.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from assay.cases.acts import DECIDED
from assay.cases.personal import personal_in
from assay.errors import UsageError
from assay.lexicon.dsa_statement import Part, enumeration, statement_parts
from assay.model.case import Record

PREFIX = "dsa_"
"""Before the name of a part, as a record's field; several values stand one a line."""
KEEP_OUT = "keep_out"
"""The field of names and handles that must not appear, one a line."""
DECISIONS = ("decision_visibility", "decision_monetary", "decision_provision", "decision_account")
_GROUNDS = {"ILLEGAL_CONTENT": "illegal_content", "INCOMPATIBLE_CONTENT": "incompatible_content"}
_PUID = re.compile(r"[A-Za-z0-9_-]{1,500}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TYPED = ("text", "line", "address")


def statement_of(record: Record) -> dict[str, Any]:
    """The statement of a decided notice, as the database's ``POST /api/v1/statement`` takes it.

    Args:
        record: The notice.

    Raises:
        UsageError: Nothing is restricted, it is not decided, its statement was not prepared (or
            its text was erased), or something is missing or personal.
    """
    if record.kind != "notice" or record.facts.get("outcome") != "restriction":
        raise UsageError(
            "only a restriction has a statement of reasons", fix="choose a decided restriction"
        )
    if record.state not in DECIDED:
        raise UsageError("the restriction is not decided yet", fix="a second person confirms it")
    if not is_prepared(record):
        raise UsageError("the statement was not prepared", fix="prepare_statement first")
    parts = {
        name: text
        for name, text in record.fields.items()
        if name == KEEP_OUT or name.startswith(PREFIX)
    }
    faults = faults_of_statement(record, parts)
    if faults:
        told = "; ".join(f"{name}: {text}" for name, text in faults.items())
        raise UsageError("the statement is not complete", fix=told)
    return _payload(record, record.fields)


def is_prepared(record: Record) -> bool:
    """Whether somebody wrote the parts of a statement, and they were not erased."""
    return any(name.startswith(PREFIX) for name in record.fields)


def faults_of_statement(record: Record, fields: Mapping[str, str]) -> dict[str, str]:
    """What is missing, wrong or personal in the parts that were filled in, by field."""
    known = replace(record, fields={**record.fields, KEEP_OUT: fields.get(KEEP_OUT, "")})
    payload = _payload(record, fields)
    faults = faults_in(payload)
    for part in statement_parts():
        text = fields.get(PREFIX + part.name, "")
        if part.kind in _TYPED and text and _database_name(part, payload) not in faults:
            personal = personal_in(text, known, is_address=part.kind == "address")
            if personal:
                told = "this must not be read by everyone: " + ", ".join(personal[:5])
                faults[_database_name(part, payload)] = told
    for name, begun in _dates(payload).items():
        if begun and name not in faults:
            faults[name] = "this is before the day from which the restriction holds"
    known_names = {KEEP_OUT, *(PREFIX + part.name for part in statement_parts())}
    unknown = {name: "a statement has no such part" for name in fields if name not in known_names}
    names = {_database_name(part, payload): part.name for part in statement_parts()}
    return unknown | {PREFIX + names.get(name, name): told for name, told in faults.items()}


def faults_in(payload: Mapping[str, Any]) -> dict[str, str]:
    """What of the database's rules a statement breaks, by part; empty if it keeps them all."""
    faults: dict[str, str] = {}
    if not _PUID.fullmatch(str(payload.get("puid", ""))):
        faults["puid"] = "up to 500 letters, digits, hyphens and underscores"
    ground = payload.get("decision_ground")
    if ground not in enumeration("DECISION_GROUND"):
        faults["decision_ground"] = "the decision names no ground"
    if not any(payload.get(name) for name in DECISIONS):
        faults["decision_visibility"] = "say at least one: visibility, account, service or payments"
    for part in statement_parts():
        name = _database_name(part, payload)
        if "decision_ground" in faults and part.name in ("ground", "explanation"):
            continue
        told = _fault(part, payload.get(name), payload)
        if told:
            faults.setdefault(name, told)
    return faults


def _payload(record: Record, fields: Mapping[str, str]) -> dict[str, Any]:
    """The parts that say something, under the database's names."""
    ground = record.fields.get("ground", "")
    payload: dict[str, Any] = {"puid": record.id, "decision_ground": f"DECISION_GROUND_{ground}"}
    for part in statement_parts():
        text = fields.get(PREFIX + part.name, "").strip()
        if text:
            value = text.split() if part.kind == "choices" else text
            payload[_database_name(part, payload)] = value
    return payload


def _database_name(part: Part, payload: Mapping[str, Any]) -> str:
    """What the database calls a part; two of them are called by the ground."""
    begun = _GROUNDS.get(str(payload.get("decision_ground", "")).removeprefix("DECISION_GROUND_"))
    if begun and part.name == "explanation":
        return f"{begun}_explanation"
    if begun and part.name == "ground":
        return f"{begun}_legal_ground" if begun == "illegal_content" else f"{begun}_ground"
    return part.name


def _fault(part: Part, value: Any, payload: Mapping[str, Any]) -> str | None:
    """What is wrong with the value of one part, or None."""
    possible = part.when is None or part.when[1] in _values(payload.get(part.when[0]))
    if not _values(value):
        needed = part.required or (part.when is not None and possible and not part.optional)
        return "please answer this" if needed else None
    if part.when is not None and not possible:
        return f"only where {part.when[0]} says {part.when[1]}"
    if part.choices:
        unknown = [one for one in _values(value) if one not in part.choices]
        several = part.kind == "choices"
        if unknown or isinstance(value, list) is not several:
            return "no value of the list: " + ", ".join(unknown or [str(value)])
        return None
    if not isinstance(value, str):
        return "this must be a text"
    return _fault_of_text(part, value)


def _fault_of_text(part: Part, text: str) -> str | None:
    if part.most is not None and len(text) > part.most:
        return f"{len(text)} characters; {part.most} at most"
    if part.kind == "date" and _day(text) is None:
        return f"{text!r} is no date; write it like 2026-01-31"
    if part.kind == "language" and not re.fullmatch(r"[A-Z]{2}", text):
        return "two capital letters of ISO 639-1, such as DE"
    if part.kind == "address":
        parts = urlsplit(text)
        if parts.scheme not in ("http", "https") or not parts.netloc or " " in text:
            return "this is no web address"
    return None


def _dates(payload: Mapping[str, Any]) -> dict[str, bool]:
    """For each end of a restriction, whether it comes before its beginning."""
    begins = _day(payload.get("application_date"))
    ends = {name: _day(payload.get(name)) for name in payload if name.startswith("end_date_")}
    return {name: bool(begins and end and end < begins) for name, end in ends.items()}


def _day(text: object) -> date | None:
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _values(value: Any) -> list[str]:
    """One value or several as a list; nothing as none."""
    if value is None or value == "":
        return []
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]
