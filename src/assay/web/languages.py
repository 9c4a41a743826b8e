"""The languages of the public pages and of the letters to the parties.

English is the source; every other language is a catalogue (gettext's PO format) that is read as it
stands. The pages of the team are in English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from babel.dates import UTC, format_date, format_time
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from fastapi import Depends, Request

from assay.text.sentence import Sentence

CATALOGUES = Path(__file__).with_name("catalogues")
CHOSEN = "assay_language"
"""The cookie of who chose a language: its code and nothing else, until the browser is closed."""
CHOICE = "lang"
"""The parameter by which a page's address chooses a language."""
_WEIGHTED = re.compile(
    r"\s*([a-zA-Z]{1,8})(?:-[a-zA-Z0-9-]*)?\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?"
)


@dataclass(frozen=True)
class Language:
    """One language.

    Attributes:
        code: Its tag (BCP 47); its catalogue is called after it.
        name: What its speakers call it.
        locale: Whose dates it writes.
    """

    code: str
    name: str
    locale: str

    def say(self, text: str) -> str:
        """A sentence or word of the program in this language; in English where it has none."""
        known = translations(self.code)
        if isinstance(text, Sentence):
            said = known.gettext(text.template)
            parts = {name: self.say(part) for name, part in text.parts.items()}
            return said % parts if parts else said
        # Catalogues keep their own head under the empty text.
        return known.gettext(text) if text else ""

    def day(self, value: date | str | None) -> str:
        """A day, such as 3 November 2026."""
        return "–" if value is None else format_date(_moment(value), "long", self.locale)

    def number(self, value: float) -> str:
        """A number, such as 1,204.5."""
        return str(format_decimal(value, locale=self.locale))

    def share(self, value: float) -> str:
        """A share of 0 to 1 in per cent, such as 12.5 %."""
        return str(format_percent(value, "#,##0.0 %", self.locale))

    def moment(self, value: datetime | str | None) -> str:
        """A moment to the minute, in UTC."""
        if value is None:
            return "–"
        at = _moment(value).astimezone(UTC)
        day = format_date(at, "medium", self.locale)
        return f"{day}, {format_time(at, 'HH:mm', UTC, self.locale)} UTC"


ENGLISH = Language("en", "English", "en_GB")
LANGUAGES = (
    ENGLISH,
    Language("de", "Deutsch", "de_DE"),
    Language("es", "Español", "es_ES"),
    Language("fr", "Français", "fr_FR"),
    Language("ru", "Русский", "ru_RU"),
)
"""Every language, the source first; one more is a name here and a catalogue."""
LANGUAGE_NAMES: Mapping[str, str] = MappingProxyType({one.code: one.name for one in LANGUAGES})


@cache
def translations(code: str) -> NullTranslations:
    """The catalogue of a language, read once."""
    if code == ENGLISH.code:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue(code))
    compiled.seek(0)
    return GNUTranslations(compiled)


def catalogue(code: str) -> Catalog:
    """A language's catalogue as its file says."""
    with (CATALOGUES / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code, abort_invalid=True)


def language_of(request: Request) -> Language:
    """The language of whoever asks: as the address says, as they chose, as their browser says."""
    chosen = (request.query_params.get(CHOICE), request.cookies.get(CHOSEN))
    for code in chosen:
        if code in LANGUAGE_NAMES:
            return language_called(code)
    return preferred(request.headers.get("accept-language", ""))


LanguageDep = Annotated[Language, Depends(language_of)]


def language_called(code: str | None) -> Language:
    """The language of a code; English for one that there is not."""
    return next((one for one in LANGUAGES if one.code == code), ENGLISH)


def preferred(header: str) -> Language:
    """What fits ``Accept-Language`` best (RFC 9110, 12.5.4); English where nothing does.

    Only the first part of a tag counts: who reads Austrian German reads German. What cannot be
    read in it is passed over.
    """
    weights: dict[str, float] = {}
    for wish in header.split(",")[:20]:
        found = _WEIGHTED.fullmatch(wish)
        if found is not None:
            code, weight = found[1].lower(), float(found[2] or 1)
            weights[code] = max(weight, weights.get(code, 0))
    known = [one for one in LANGUAGES if weights.get(one.code, 0) > 0]
    # Of two that are wanted alike, the one that was named first.
    order = list(weights)
    return max(known, key=lambda one: (weights[one.code], -order.index(one.code)), default=ENGLISH)


def _moment(value: date | str) -> datetime:
    if isinstance(value, str):
        return datetime.fromisoformat(value)
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
