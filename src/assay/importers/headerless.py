"""Tables that are published without a line of names, told by their width and their first cells.

The names are those of GDELT's codebooks: the Global Knowledge Graph 2.1, mentions 2.0, and of the
tables of events 1.0 and 2.0 the first ones.
"""

from __future__ import annotations

import re

KNOWLEDGE_GRAPH = (
    "GKGRECORDID", "V2.1DATE", "V2SOURCECOLLECTIONIDENTIFIER", "V2SOURCECOMMONNAME",
    "V2DOCUMENTIDENTIFIER", "V1COUNTS", "V2.1COUNTS", "V1THEMES", "V2ENHANCEDTHEMES",
    "V1LOCATIONS", "V2ENHANCEDLOCATIONS", "V1PERSONS", "V2ENHANCEDPERSONS", "V1ORGANIZATIONS",
    "V2ENHANCEDORGANIZATIONS", "V1.5TONE", "V2.1ENHANCEDDATES", "V2GCAM", "V2.1SHARINGIMAGE",
    "V2.1RELATEDIMAGES", "V2.1SOCIALIMAGEEMBEDS", "V2.1SOCIALVIDEOEMBEDS", "V2.1QUOTATIONS",
    "V2.1ALLNAMES", "V2.1AMOUNTS", "V2.1TRANSLATIONINFO", "V2EXTRASXML",
)  # fmt: skip
MENTIONS = (
    "GLOBALEVENTID", "EventTimeDate", "MentionTimeDate", "MentionType", "MentionSourceName",
    "MentionIdentifier", "SentenceID", "Actor1CharOffset", "Actor2CharOffset",
    "ActionCharOffset", "InRawText", "Confidence", "MentionDocLen", "MentionDocTone",
    "MentionDocTranslationInfo", "Extras",
)  # fmt: skip
EVENTS = ("GLOBALEVENTID", "SQLDATE", "MonthYear", "Year")
_EVENT_WIDTHS = (58, 61)
_MOMENT = r"(?:19|20)\d{12}"
_KNOWN = (
    ((len(KNOWLEDGE_GRAPH),), re.compile(rf"{_MOMENT}-T?\d+\t{_MOMENT}\t\d\t"), KNOWLEDGE_GRAPH),
    ((len(MENTIONS),), re.compile(rf"\d+\t{_MOMENT}\t{_MOMENT}\t\d\t"), MENTIONS),
    (_EVENT_WIDTHS, re.compile(r"\d+\t(?:19|20)\d{6}\t(?:19|20)\d{4}\t(?:19|20)\d\d\t"), EVENTS),
)


def missing_header(head: bytes) -> bytes:
    """The line of names that a table lacks; nothing if it has one or is unknown.

    Args:
        head: The begin of the file as UTF-8.
    """
    line = head.split(b"\n", 1)[0].decode("utf-8", "replace")
    width = line.count("\t") + 1
    for widths, begin, names in _KNOWN:
        if width in widths and begin.match(line):
            return ("\t".join(names) + "\t" * (width - len(names)) + "\n").encode()
    return b""
