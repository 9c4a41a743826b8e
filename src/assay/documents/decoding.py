"""From bytes to text: the encoding that the bytes themselves speak for.

A byte order mark decides, then a declared encoding that fits, then UTF-8 if the bytes are valid
UTF-8 (text in another encoding hardly ever is) or nearly so, then what charset-normalizer makes of
them.
"""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SINGLE_BYTE = ("cp1252", "cp1251", "koi8_r", "cp866")
_LOOKED_AT = 200_000
_LETTERS_FOR_EACH_WRONG = 2
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))
# UTF-8 read as Windows-1252 (Ã©, â€œ, Ð¿) or as Windows-1251 (Рї, С‚).
_MOJIBAKE = re.compile(
    "[ÃÂ][\x80-\xbf€-™]|â€[œ™\x9d“”˜]|[ÐÑ][\x80-\xbf‚-™°-¿]|(?:[РС][°-їЃ-џ‚-›]){3}"
)


def decode(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """The text of a file, and the name of the encoding that was used.

    Args:
        data: The bytes.
        declared: An encoding that a header or a tag names; used if the bytes fit it.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, errors="replace"), name
    for likely in (declared, "utf-8"):
        if likely and _known(likely):
            try:
                return data.decode(likely), likely
            except UnicodeDecodeError:
                continue
    damaged = data.decode("utf-8", "replace")
    if _is_utf8_but_for_damage(damaged):
        return damaged, "utf-8"
    from charset_normalizer import from_bytes

    match = from_bytes(data[:_LOOKED_AT], cp_isolation=list(_SINGLE_BYTE)).best()
    guessed = match.encoding if match is not None else "cp1252"
    return data.decode(guessed, errors="replace"), guessed


def _is_utf8_but_for_damage(text: str) -> bool:
    """Whether bytes that are not UTF-8 are few beside the letters that are.

    A page that breaks off in the middle of a letter, or into which a byte of another encoding was
    put, is UTF-8 all the same: in other encodings hardly ever do two bytes make a letter of it.
    """
    wrong = text.count("\ufffd")
    letters = len(text) - sum(map(str.isascii, text)) - wrong
    return letters >= _LETTERS_FOR_EACH_WRONG * wrong


def looks_binary(data: bytes) -> bool:
    """Whether bytes are no text in any encoding that is read here."""
    if any(data.startswith(mark) for mark, _ in _MARKS):
        return False
    sample = data[:4096]
    controls = len(sample) - len(sample.translate(None, delete=_CONTROLS))
    return b"\x00" in sample or controls > len(sample) // 20


def mojibake(text: str) -> bool:
    """Whether a text seems to have been read in the wrong encoding before it was saved."""
    sample = text[:_LOOKED_AT]
    hits = len(_MOJIBAKE.findall(sample)) + 3 * sample.count("\ufffd")
    return hits >= 3 and hits * 200 > len(sample)


def _known(name: str) -> bool:
    try:
        return codecs.lookup(name)._is_text_encoding
    except LookupError:
        return False
