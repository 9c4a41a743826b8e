"""Whether a page calls itself satire: what it tells is read as it stands, and people are told."""

from __future__ import annotations

import re

NOTE = "the page calls itself satire: what it tells is read as it stands and may all be invented"

_LABEL = r"satire|satirical|parody|сатира|пародия|parodie"
_SIGNS = r"[^\w\n]*"
"""Of one line: over many lines of nothing but signs it would be tried from each to the last."""
_SELF = re.compile(
    rf"^{_SIGNS}(?:{_LABEL}){_SIGNS}$|\((?:{_LABEL})\)\s*$"
    r"|\bis\sa\s(?:work\sof\ssatire|satirical\s(?:news)?(?:paper|site|website|magazine|page|outlet))\b"
    r"|\bsite\s(?:satirique|parodique)\b|\bSatire(?:magazin|seite|zeitung)\b"
    r"|\bсатирическ(?:ое|ий|ая)\s(?:издание|сайт|страница)\b",
    re.IGNORECASE | re.MULTILINE,
)


def calls_itself_satire(text: str, title: str | None) -> bool:
    """Whether a label on a line of its own, the title's end or a sentence about the page says so.

    “The paper is a satirical magazine” written about another page is taken for the page's own word:
    the note asks a person to look, and changes nothing that is read.
    """
    return _SELF.search(text) is not None or _SELF.search(title or "") is not None
