"""A name beside the one that it resembles, cut where they differ, each difference named.

``Mоrning Herald`` beside ``Morning Herald`` is cut into ``M``, ``о`` (U+043E CYRILLIC SMALL LETTER
O where “o” stands) and ``rning Herald``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Indel, Levenshtein

from assay.lexicon.impersonation import lookalikes
from assay.text.name_forms import coarse, joined, split

Sort = Literal["same", "other", "added", "missing"]
MOST_CHARACTERS = 120
"""Of a longer name the first so many are compared."""
LEAST_ALIKE = 0.8
"""Names less alike than that (in the form in which lookalikes are made alike) are not aligned,
unless one holds the other whole."""
MOST_NAMED = 3
"""In a longer difference the characters are not named one by one."""


@dataclass(frozen=True)
class Segment:
    """A stretch of a name.

    Attributes:
        text: As written; what is missing is the genuine name's.
        sort: ``same``, ``other``, ``added`` or ``missing``, seen from the genuine name.
        told: What differs, in words; empty where nothing does.
    """

    text: str
    sort: Sort
    told: str = ""


def named(character: str) -> str:
    """A character for people: ``“а” U+0430 CYRILLIC SMALL LETTER A``."""
    code = f"U+{ord(character):04X} {unicodedata.name(character, 'without a name')}"
    return code if unicodedata.category(character)[0] in "CZ" else f"“{character}” {code}"


def nearest(name: str, others: Sequence[str]) -> str:
    """The name that another is most like, in the coarse form; the first of equals."""
    forms = split(coarse(joined([name, *others])))
    return max(
        zip(others, forms[1:], strict=True),
        key=lambda one: Indel.normalized_similarity(forms[0], one[1]),
    )[0]


def segments(name: str, genuine: str) -> tuple[Segment, ...]:
    """Cut a name where it differs from the genuine one; case alone is no difference.

    A name in another script, or otherwise quite different, is not aligned: only characters that
    look like Latin letters among Latin ones, and invisible ones, are marked.
    """
    name, genuine = name[:MOST_CHARACTERS], genuine[:MOST_CHARACTERS]
    left, right = split(coarse(joined([name, genuine])))
    inside = bool(left and right) and (left in right or right in left)
    if not inside and Indel.normalized_similarity(left, right) < LEAST_ALIKE:
        return tuple(_unaligned(name))
    found: list[Segment] = []
    steps = Levenshtein.opcodes([_small(one) for one in name], [_small(one) for one in genuine])
    for step in steps:
        written = name[step.src_start : step.src_end]
        wanted = genuine[step.dest_start : step.dest_end]
        if step.tag == "equal":
            found.append(Segment(written, "same"))
        elif step.tag == "replace":
            found += _replaced(written, wanted)
        elif step.tag == "delete":
            found.append(Segment(written, "added", _told_added(written)))
        else:
            found.append(Segment(wanted, "missing", f"“{wanted}” of the genuine name is missing"))
    return tuple(found)


def _small(one: str) -> str:
    small = one.lower()
    return small if len(small) == 1 else one


def _replaced(written: str, wanted: str) -> list[Segment]:
    if len(written) != len(wanted) or len(written) > MOST_NAMED:
        return [Segment(written, "other", f"“{written}” where “{wanted}” stands")]
    return [
        Segment(one, "other", f"{named(one)} where “{other}” stands")
        for one, other in zip(written, wanted, strict=True)
    ]


def _told_added(written: str) -> str:
    if len(written) <= MOST_NAMED and any(not one.isascii() for one in written):
        return "added: " + ", ".join(named(one) for one in written)
    return f"“{written.strip() or written}” is added"


def _unaligned(name: str) -> list[Segment]:
    latin = any("a" <= one.lower() <= "z" for one in name)
    found: list[Segment] = []
    for one in name:
        odd = unicodedata.category(one) == "Cf" or (
            latin and not one.isascii() and one.isalpha() and one in lookalikes()
        )
        if odd:
            found.append(Segment(one, "other", named(one)))
        elif found and found[-1].sort == "same":
            found[-1] = Segment(found[-1].text + one, "same")
        else:
            found.append(Segment(one, "same"))
    return found
