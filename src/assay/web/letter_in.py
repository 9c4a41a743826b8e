"""A notice that came as a letter: its fields read from an e-mail file, nothing ever fetched.

The letter itself and what was attached to it become evidence, so that nothing rests on this reading
alone. What it does not say, nobody guesses: the Manila gate tells the sender.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import parseaddr

from assay.cases.evidence import MOST_FILE_BYTES, NewFile
from assay.documents.inputs import RawFile
from assay.documents.language import language_of_words
from assay.documents.limits import Limits
from assay.documents.open_mail import open_mail
from assay.documents.open_part import open_part
from assay.documents.page import Page, Refused
from assay.errors import InputError
from assay.text.links import strip_trailing_punctuation
from assay.web.languages import LANGUAGE_NAMES
from assay.web.mail import EMAIL
from assay.web.posted import MOST_CHARACTERS, clean, plain_name

_LIMITS = Limits(file_bytes=MOST_FILE_BYTES)
MOST_ATTACHMENTS = 50
"""That become evidence of their own; the letter holds the rest."""
_LONGEST_TITLE = 200
_URL = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_QUOTED = re.compile(r"^\s*>.*$\n?", re.MULTILINE)
_LABELS = {
    "urls": r"(?:exact )?(?:address(?:es)?|urls?|links?)",
    "legal_basis": r"legal basis",
    "order_reference": r"(?:order reference|reference of the order|order no\.?|case reference)",
    "sender_name": r"(?:name|sender|on behalf of)",
}
_LABELLED = {
    name: re.compile(rf"^[ \t]*{label}[ \t]*:[ \t]*(\S.*)?$", re.IGNORECASE | re.MULTILINE)
    for name, label in _LABELS.items()
}
_GOOD_FAITH = re.compile(
    r"\b(?:i|we)\b[^.\n]{0,80}(?<!not )\b(?:in )?good faith\b"
    r"|nach bestem wissen und gewissen|(?<!nicht )in gutem glauben"
    r"|\ben (?:toute )?bonne foi\b|\bde buena fe\b|\bin buona fede\b|\bde boa[- ]fé\b"
    r"|добросовестно",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class LetterIn:
    """What was read of a letter.

    Attributes:
        fields: Of the notice, those that the letter says.
        files: The letter, and what was attached to it.
    """

    fields: dict[str, str]
    files: tuple[NewFile, ...]


def read_letter(content: bytes, name: str) -> LetterIn:
    """Read an e-mail file (RFC 5322).

    Args:
        content: The file.
        name: What it is called, for messages and for the evidence.

    Raises:
        InputError: It is no letter, has no text, or names no sender who could be answered.
    """
    if not content.strip():
        raise InputError("the file is empty", fix="save the letter again", file=name)
    if len(content) > MOST_FILE_BYTES:
        raise InputError(
            f"the letter has more than {MOST_FILE_BYTES >> 20} MB",
            fix="save its attachments apart, and add them as evidence",
            file=name,
        )
    page, attachments = _opened(content, name)
    headers = page.metadata["headers"]
    shown_name, address = parseaddr(str(headers.get("From", "")))
    if not EMAIL.fullmatch(address):
        raise InputError(
            "the letter names no sender who could be answered (From)",
            fix="save it with its whole head, or write the notice down by the form",
            file=name,
        )
    text = _own_words(page.text)
    fields = _fields(text) | {"sender_email": address}
    fields.setdefault("sender_name", clean(shown_name).strip())
    fields["title"] = clean(page.title or "").strip()[:_LONGEST_TITLE]
    fields["explanation"] = text
    fields["sender_language"] = _language(
        text, str(headers.get("Content-Language", "")) or page.language
    )
    day = f" of {headers['Date']}" if "Date" in headers else ""
    source = clean(f"E-mail{day} from {address}")
    files = [NewFile(content, plain_name(name), source, "The notice as it came by e-mail.")]
    files += [
        NewFile(one.data, plain_name(one.document.partition("#")[2]), source, _ATTACHMENT)
        for one in attachments[:MOST_ATTACHMENTS]
    ]
    return LetterIn({key: value for key, value in fields.items() if value}, tuple(files))


_ATTACHMENT = "What the sender attached to the notice."


def _opened(content: bytes, name: str) -> tuple[Page, list[RawFile]]:
    """The body, and the attachments."""
    try:
        body, *others = open_mail(RawFile(name, content))
        page = body if isinstance(body, Refused) else open_part(body, _LIMITS)
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError) as error:
        # Python's parser of heads fails in these ways on some that no mail program writes.
        raise InputError(
            f"the letter cannot be read: {type(error).__name__}", fix=_SAVE_AGAIN, file=name
        ) from error
    except ImportError as error:
        raise InputError(
            "a letter in HTML is read by the extra 'documents'",
            fix="pip install 'assay[documents]'",
            file=name,
        ) from error
    if isinstance(page, Refused):
        raise InputError(page.reason, fix=page.fix, file=name)
    return page, [part for part in others if isinstance(part, RawFile)]


_SAVE_AGAIN = "save the letter again from the mail program, as an EML file"


def _language(text: str, stated: str | None) -> str:
    """The language that its sender is answered in: the one they write, if we write it too.

    Mail programs name the language of their menus, so that the words themselves come first; of
    several that are named (RFC 3282) the first one counts.
    """
    first = (stated or "").partition(",")[0].strip()
    try:
        known = language_of_words(" ".join(_URL.sub("", text).split()), first)
    except ImportError:
        # Telling a language takes the extra 'documents'; without it the mail's own word stands.
        known = first.partition("-")[0].lower()
    return known if known in LANGUAGE_NAMES else ""


def _own_words(text: str) -> str:
    """The letter without its signature and without what it quotes."""
    text = _SIGNATURE.split(text, maxsplit=1)[0]
    return clean(_QUOTED.sub("", text)[:MOST_CHARACTERS]).strip()


def _fields(text: str) -> dict[str, str]:
    """What stands under a label, the addresses, and the statement of good faith."""
    fields = {
        name: found[1].strip()
        for name, pattern in _LABELLED.items()
        if name != "urls" and (found := pattern.search(text)) and found[1]
    }
    urls = _URL.findall(_labelled_addresses(text) or text)
    if urls:
        fields["urls"] = "\n".join(dict.fromkeys(strip_trailing_punctuation(url) for url in urls))
    if _GOOD_FAITH.search(text):
        fields["good_faith"] = "yes"
    return fields


def _labelled_addresses(text: str) -> str:
    """The lines under a label for addresses, up to an empty one; empty if there is no label."""
    found = _LABELLED["urls"].search(text)
    if found is None:
        return ""
    lines = [found[1] or "", *text[found.end() :].split("\n")[1:]]
    kept = [lines[0]]
    for line in lines[1:]:
        if not line.strip():
            break
        kept.append(line)
    block = "\n".join(kept)
    return block if _URL.search(block) else ""
