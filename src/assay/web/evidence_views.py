"""How a file of a record is shown or handed out: what Assay wrote as a page, all else as a file."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import HTTPException
from fastapi.responses import HTMLResponse, Response

from assay.cases.evidence import Attached
from assay.report.assets import policy_hash
from assay.report.finding_page import finding_style
from assay.web.languages import ENGLISH, Language
from assay.web.packed_findings import own_page, packed_page
from assay.web.safe_html import POLICY, safe_html

ENDINGS = {"jpeg": "jpg", "text": "txt", "gzip": "gz", "other": "bin"}
"""Where a format is not called as its files end."""


def can_be_shown(file: Attached) -> bool:
    """Whether there is a page of it; everything else is for downloading only."""
    return file.kept and (file.finding is not None or file.format == "html")


def shown_file(
    file: Attached,
    content: bytes,
    own_of: list[str] | None = None,
    language: Language = ENGLISH,
) -> Response:
    """A page of a file.

    Args:
        file: What the log says of it.
        content: Its bytes.
        own_of: For the person concerned, the addresses that are theirs; None for the team.
        language: Theirs.

    Raises:
        HTTPException: There is no page of such a file, or it is about other people.
        InputError: It is damaged.
    """
    if file.finding is not None:
        if own_of is None:
            text: str | None = packed_page(content, file.finding)
        else:
            text = own_page(content, file.finding, own_of, language)
        if text is None:
            raise HTTPException(404)
        policy = f"default-src 'none'; style-src {policy_hash(finding_style())}; img-src data:"
        policy += "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        return HTMLResponse(text, headers={"Content-Security-Policy": policy})
    if not can_be_shown(file):
        raise HTTPException(404)
    headers = {"Content-Security-Policy": POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return HTMLResponse(safe_html(content, file.name or "Evidence"), headers=headers)


def handed_out(file: Attached, content: bytes) -> Response:
    """The bytes as they were added; the browser keeps them and runs nothing of them."""
    ending = ENDINGS.get(file.format, file.format)
    plain = f"evidence-{file.entry}.{ending}"
    name = quote(file.name or plain, safe="")
    return Response(
        content,
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{name}",
            "Content-Security-Policy": POLICY,
            "Digest": f"sha-256={file.sha256}",
        },
    )
