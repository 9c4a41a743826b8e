"""The pages inside a WACZ: what the archive is, and what each finding says.

HTML without scripts, links or anything from elsewhere. Whatever strangers wrote is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, Protocol

NOTICE = (
    "This archive holds rows that the user of Assay supplied, and what Assay found in them. It is "
    "no capture of a site: no record is what a server answered, no address is a platform's, and "
    "the date 1980-01-01 of every record stands for a time that is not known."
)

_STYLE = (
    ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:50rem;"
    "margin:2rem auto;padding:0 1rem}aside{border-left:.3rem solid #b8860b;padding:.2rem 1rem}"
    "table{border-collapse:collapse;display:block;overflow-x:auto}th,td{text-align:left;"
    "vertical-align:top;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #8886}"
    "code{overflow-wrap:anywhere}td code{display:inline-block;min-width:12rem}"
    "@media(max-width:40rem){thead{display:none}tr,td,tbody{display:block}td{border:0}"
    "tr{border-bottom:1px solid #8886}td::before{content:attr(data-is) ': ';font-weight:bold}}"
)


class Named(Protocol):
    """What gives the pages their names."""

    def finding(self, finding_id: str) -> str:
        """The page of a finding."""

    def file(self, finding_id: str, name: str) -> str:
        """An evidence file."""


def about_page(
    record: Mapping[str, Any],
    findings: Sequence[Mapping[str, Any]],
    manifest: Mapping[str, Any],
    names: Named,
) -> bytes:
    """What the archive holds, and which files it was made from."""
    rows = [(_text(one["statement"]), _code(names.finding(str(one["id"])))) for one in findings]
    inputs = [(_text(one["source"]), _code(one["sha256"])) for one in manifest.get("inputs") or ()]
    return _page(
        "What this archive holds",
        [
            f"<p>Made by Assay {_text(record.get('version'))}.</p>",
            "<h2>Findings</h2>",
            _table(("finding", "its page"), rows) if rows else "<p>The run found nothing.</p>",
            "<h2>Supplied files</h2>",
            _table(("file", "SHA-256"), inputs)
            if inputs
            else "<p>The run was made from a dataset elsewhere, whose files it does not name.</p>",
        ],
    )


def finding_page(finding: Mapping[str, Any], names: Named) -> bytes:
    """What a finding says, what it does not say, and where its evidence stands."""
    finding_id = str(finding["id"])
    explanations = [
        tuple(_text(one.get(key)) for key in ("name", "weight", "speaks_for", "speaks_against"))
        for one in finding.get("explanations") or ()
    ]
    evidence = []
    for one in finding["evidence"]:
        uri = names.file(finding_id, str(one["path"]).rsplit("/", 1)[-1])
        cells = (_code(uri), _text(one["rows"]), _text(one["holds"]), _code(one["sha256"]))
        evidence.append(cells)
    limits = "".join(f"<li>{_text(one)}</li>" for one in finding.get("limits") or ())
    return _page(
        finding_id,
        [
            f"<p>{_text(finding['statement'])}</p>",
            f"<p>Claim: {_text(finding.get('claim'))}. Strength: {_text(finding.get('strength'))}."
            f" {_text(finding.get('reason'))}</p>",
            f"<h2>What it does not say</h2><ul>{limits}</ul>" if limits else "",
            "<h2>Explanations</h2>"
            + _table(("explanation", "fits", "for it", "against it"), explanations)
            if explanations
            else "",
            "<h2>Evidence</h2>",
            _table(("record", "rows", "holds", "SHA-256"), evidence),
            "<p>Each row of posts and shares is a record of its own too: the name of the file's "
            "record, a colon and the row's number from 0.</p>",
        ],
    )


def _page(title: str, parts: Iterable[str]) -> bytes:
    body = "\n".join(part for part in parts if part)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{_text(title)}</title>'
        f"<style>{_STYLE}</style></head>\n<body><h1>{_text(title)}</h1>\n"
        f"<aside><p>{NOTICE}</p></aside>\n{body}\n</body></html>\n"
    ).encode()


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Cells are HTML already."""
    head = "".join(f"<th>{name}</th>" for name in heads)
    lines = "".join(
        "<tr>"
        + "".join(
            f'<td data-is="{name}">{cell}</td>' for name, cell in zip(heads, row, strict=True)
        )
        + "</tr>\n"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{lines}</tbody></table>"


def _text(value: object) -> str:
    return "" if value is None else escape(str(value))


def _code(value: object) -> str:
    return f"<code>{_text(value)}</code>"
