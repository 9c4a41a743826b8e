"""E-mail files: the letter itself, and its attachments as documents of their own (RFC 5322)."""

from __future__ import annotations

from collections.abc import Iterator
from email import policy
from email.message import EmailMessage, Message, MIMEPart
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from assay.documents.decoding import decode
from assay.documents.inputs import RawFile, Stated
from assay.documents.page import Refused

_HEADERS = (
    "From",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "Organization",
    "Content-Language",
)
_MOST_PARTS = 1_000


def open_mail(raw: RawFile) -> Iterator[RawFile | Refused]:
    """The body of a letter and then its attachments, unopened."""
    message = BytesParser(policy=policy.default).parsebytes(raw.data)
    if not isinstance(message, EmailMessage) or not message.keys():
        yield Refused(raw.document, "the file is no e-mail: it has no headers", "check the file")
        return
    headers = {name: str(message[name]) for name in _HEADERS if message[name]}
    body = _body_part(message)
    yield _body(raw, body, headers)
    for number, part in enumerate(_attachments(message, body)):
        if number >= _MOST_PARTS:
            yield Refused(raw.document, f"more than {_MOST_PARTS} attachments", "save them apart")
            return
        name = part.get_filename() or f"part-{number + 1}"
        try:
            content = _content(part)
        except (LookupError, ValueError):
            # An encoding that Python does not know, in the head of a letter that was attached.
            yield Refused(
                f"{raw.document}#{name}", "the attached letter is damaged", "save it apart"
            )
            continue
        if isinstance(content, bytes) and content.strip():
            yield RawFile(f"{raw.document}#{name}", content, part.get_content_type())


def _body_part(message: EmailMessage) -> MIMEPart | None:
    """The letter's own text: the plain one, unless it is blank and a page is not."""
    forms = (message.get_body(preferencelist=(form,)) for form in ("plain", "html"))
    return next((part for part in forms if part is not None and _payload(part).strip()), None)


def _payload(part: MIMEPart) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _attachments(
    part: MIMEPart, body: MIMEPart | None, *, other_form: bool = False
) -> Iterator[MIMEPart]:
    """Every part but the body, at whatever depth: signed and forwarded letters hold it deep.

    Args:
        part: The letter, or a part of it.
        body: Its text.
        other_form: Whether the part may be the body once more in another form: only a file is not.
    """
    if part.get_content_maintype() == "multipart":
        forms = other_form or part.get_content_subtype() == "alternative"
        for inner in part.iter_parts():
            yield from _attachments(inner, body, other_form=forms)
    elif part is not body and (part.get_filename() or not other_form):
        yield part


def _content(part: MIMEPart) -> object:
    """The bytes of an attachment; a letter that was attached whole is a file like others."""
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload(0)
        return inner.as_bytes() if isinstance(inner, Message) else None
    return part.get_payload(decode=True)


def _body(raw: RawFile, body: MIMEPart | None, headers: dict[str, str]) -> RawFile | Refused:
    if body is None:
        return Refused(raw.document, "the e-mail has no text", "see its attachments")
    text, encoding = decode(_payload(body), body.get_content_charset())
    return RawFile(
        raw.document,
        # With its mark: the page's own tags may still name the encoding that it had.
        text.replace("\r\n", "\n").encode("utf-8-sig", "replace"),
        declared_type=body.get_content_type(),
        stated=Stated(
            media_type="message/rfc822",
            title=headers.get("Subject"),
            published=_date(headers.get("Date")),
            metadata={"encoding": encoding, "headers": headers},
        ),
    )


def _date(header: str | None) -> str | None:
    if not header:
        return None
    try:
        return parsedate_to_datetime(header).isoformat()
    except (ValueError, TypeError):
        return None
