"""Registers made from lists that others keep: tables of official accounts, and Wikidata's exports.

A table names bodies in a column such as ``name``, ``official_name``, ``outlet`` or ``Department``,
their accounts in columns called after platforms, or in pairs of platform and account, and sites in
a column with addresses. Of Wikidata both entities (``Special:EntityData``) and answers of the query
service (JSON, CSV) are read. Rows of one id, or else of one name, are one body.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from babel import Locale

from assay.errors import InputError
from assay.identities.captures import profile_of
from assay.identities.histories import day_of
from assay.identities.register import KINDS, platform_name
from assay.text.longest_cell import longest_cell

NAMES = ("officialname", "name", "itemlabel", "outlet", "department", "mainassets", "mediacompany")
IDS = ("id", "bioguide", "item", "wikidataid")
ALIASES = ("aliases", "alias", "itemaltlabel")
HANDLES = ("handle", "account", "username", "screenname")
SITES = ("website", "officialwebsite", "url", "domain", "site", "homepage", "link")
SENDERS = ("senderiso2", "sender", "countrycode")
HOSTS = ("hostiso2", "host")
ENDS = ("datedeleted", "until", "enddate", "endtime")
PLATFORMS = {
    "twitter": "x", "x": "x", "instagram": "instagram", "facebook": "facebook",
    "youtube": "youtube", "tiktok": "tiktok", "telegram": "telegram", "bluesky": "bluesky",
    "mastodon": "mastodon", "vk": "vk", "threads": "threads", "linkedin": "linkedin",
}  # fmt: skip
"""As columns are called, to the register's word."""
_ENDINGS = ("", "username", "handle", "link", "account", "screenname")
PROPERTIES = {
    "P2002": "x", "P2003": "instagram", "P2013": "facebook", "P11245": "youtube",
    "P7085": "tiktok", "P3789": "telegram", "P12361": "bluesky", "P4033": "mastodon",
}  # fmt: skip
"""Wikidata's properties for accounts; P856 is the official website, P582 an end."""
_HANDLE = re.compile(r"@?[\w.-]{2,50}(?:@[\w.-]+)?")
_PLAIN = re.compile(r"[^a-z0-9]+")


@dataclass
class Draft:
    """A body as it is put together row by row."""

    name: str
    aliases: dict[str, None] = field(default_factory=dict)
    kind: str = ""
    sender: str = ""
    host: str = ""
    handles: dict[tuple[str, str], date | None] = field(default_factory=dict)
    domains: dict[str, None] = field(default_factory=dict)

    def add(self, platform: str, handle: str, until: date | None) -> None:
        """Note an account; one that is official still goes before one that was."""
        key = platform, handle.lstrip("@").lower()
        if key not in self.handles or until is None:
            self.handles[key] = until

    def told(self, name: str) -> dict[str, Any]:
        """As a register has it."""
        handles = [
            f"{platform}:{handle}"
            if until is None
            else {"platform": platform, "handle": handle, "until": until.isoformat()}
            for (platform, handle), until in self.handles.items()
        ]
        told = {
            "id": name,
            "name": self.name,
            "aliases": list(self.aliases),
            "kind": self.kind,
            "sender": self.sender,
            "host": self.host,
            "handles": handles,
            "domains": list(self.domains),
        }
        return {key: value for key, value in told.items() if value}


def import_register(paths: Sequence[Path], kind: str) -> list[dict[str, Any]]:
    """Bodies from lists, in the order in which they are first named.

    Args:
        paths: CSV, TSV or JSON files.
        kind: Of all of them, of :data:`assay.identities.register.KINDS`; embassies are told by
            their countries.

    Raises:
        InputError: A file cannot be read, names nobody, or an account's last day is no day.
    """
    if kind not in KINDS:
        raise InputError(f"{kind!r} is no kind of body", fix=f"kinds are {', '.join(KINDS)}")
    drafts: dict[str, Draft] = {}
    for path in paths:
        before = len(drafts)
        found = 0
        for key, draft in _drafts(path, kind):
            found += 1
            _merge(drafts, key, draft)
        if not found and len(drafts) == before:
            raise InputError(
                "the list names no body",
                fix="name a column name, official_name, outlet or department, or sender_iso2 and "
                "host_iso2; of Wikidata give entities or answers with item and itemLabel",
                file=path,
            )
    return [draft.told(key) for key, draft in drafts.items()]


def _merge(drafts: dict[str, Draft], key: str, draft: Draft) -> None:
    known = drafts.setdefault(key, draft)
    if known is draft:
        return
    if draft.name != known.name:
        known.aliases.setdefault(draft.name)
    known.aliases |= draft.aliases
    known.domains |= draft.domains
    for (platform, handle), until in draft.handles.items():
        known.add(platform, handle, until)


def _drafts(path: Path, kind: str) -> Iterator[tuple[str, Draft]]:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("the list cannot be read", fix="name a UTF-8 file", file=path) from error
    if path.suffix.lower() == ".json":
        try:
            value = json.loads(text)
        except ValueError as error:
            raise InputError(
                f"the list is no JSON: {error}", fix="export it again", file=path
            ) from error
        yield from _of_json(value, kind, path)
        return
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = 0
    try:
        with longest_cell():
            for number, row in enumerate(rows, 1):
                yield from _of_row(row, kind, (path, number))
    except csv.Error as error:
        raise InputError(
            f"the list is no table: {error}", fix="export it again", file=path, row=number + 1
        ) from error


def _of_json(value: Any, kind: str, path: Path) -> Iterator[tuple[str, Draft]]:
    if isinstance(value, dict) and isinstance(value.get("entities"), dict):
        for name, entity in value["entities"].items():
            yield from _of_entity(str(name), entity, kind)
        return
    bindings = _table(value.get("results")).get("bindings") if isinstance(value, dict) else value
    for number, row in enumerate(bindings if isinstance(bindings, list) else [], 1):
        if not isinstance(row, dict):
            continue
        flat = {key: cell.get("value", "") if isinstance(cell, dict) else cell
                for key, cell in row.items()}  # fmt: skip
        accounts = flat.pop("accounts", None)
        told = {key: str(cell) for key, cell in flat.items()}
        for key, draft in _of_row(told, kind, (path, number)):
            # Lists of the US Congress keep accounts inside, all of one platform.
            for one in accounts if isinstance(accounts, list) else []:
                if isinstance(one, dict) and one.get("screen_name"):
                    draft.add("x", str(one["screen_name"]), None)
            yield key, draft


def _of_row(
    row: Mapping[str | None, Any], kind: str, at: tuple[Path, int]
) -> Iterator[tuple[str, Draft]]:
    cells = {
        _PLAIN.sub("", (name or "").lower()): str(value).strip()
        for name, value in row.items()
        if value
    }
    sender, host = _first(cells, SENDERS).upper(), _first(cells, HOSTS).upper()
    name = _first(cells, NAMES)
    embassy = bool(sender and host)
    if not name and embassy:
        name = f"Embassy of {_country(sender)} in {_country(host)}"
    if not name:
        return
    draft = Draft(name, kind="embassy" if embassy else kind, sender=sender, host=host)
    draft.aliases |= dict.fromkeys(filter(None, _first(cells, ALIASES).split("|")))
    until = _last_day(_first(cells, ENDS), at)
    link = _first(cells, SITES)
    platform = PLATFORMS.get(cells.get("platform", "").lower())
    if platform is not None:
        # The address names the account better than a name that only looks like one.
        named = profile_of(link) if link else None
        account = named[1] if named else _first(cells, HANDLES)
        if _HANDLE.fullmatch(account):
            draft.add(platform, account, until)
    else:
        _add_site(draft, link)
    for column, told in PLATFORMS.items():
        for ending in _ENDINGS:
            _add_account(draft, told, cells.get(column + ending, ""), until)
    ids = _first(cells, IDS).rsplit("/", 1)[-1]
    yield (f"{sender}-{host}".lower() if embassy else _slug(ids or name)), draft


def _last_day(text: str, at: tuple[Path, int]) -> date | None:
    """The last official day; what is left out without a word would make an account official."""
    day = day_of(text)
    if text and day is None:
        raise InputError(
            f"{text!r} is no last official day", fix="write days as 2025-04-10, or leave the cell "
            "empty", file=at[0], row=at[1],
        )  # fmt: skip
    return day


def _add_account(draft: Draft, platform: str, account: str, until: date | None) -> None:
    named = profile_of(account) if "/" in account else None
    if named is not None:
        draft.add(*named, until)
    elif _HANDLE.fullmatch(account):
        draft.add(platform, account, until)


def _add_site(draft: Draft, link: str) -> None:
    if not link or profile_of(link) is not None:
        return
    try:
        host = (urlsplit(link if "//" in link else "//" + link).hostname or "").lower()
    except ValueError:
        return
    if "." in host:
        draft.domains.setdefault(host.removeprefix("www."))


def _of_entity(name: str, entity: Any, kind: str) -> Iterator[tuple[str, Draft]]:
    """One of Wikidata's entities: labels and aliases in all languages, accounts with their ends."""
    if not isinstance(entity, dict):
        return
    labels = {
        lang: one["value"] for lang, one in _table(entity.get("labels")).items() if one.get("value")
    }
    if not labels:
        return
    chief = labels.get("en") or next(iter(labels.values()))
    draft = Draft(chief, kind=kind)
    others = [*labels.values()]
    aliases = _table(entity.get("aliases"))
    others += [one["value"] for some in aliases.values() for one in some]
    draft.aliases |= dict.fromkeys(one for one in others if one != chief)
    claims = _table(entity.get("claims"))
    for code, platform in PROPERTIES.items():
        for claim in claims.get(code, ()):
            told = _value(claim.get("mainsnak"))
            if told and claim.get("rank") != "deprecated":
                draft.add(platform_name(platform), told, _end(claim))
    for claim in claims.get("P856", ()):
        if claim.get("rank") != "deprecated" and _end(claim) is None:
            _add_site(draft, _value(claim.get("mainsnak")))
    yield _slug(name), draft


def _table(value: Any) -> Mapping[str, Any]:
    """What should be an object; Wikidata writes an empty one as an empty list."""
    return value if isinstance(value, dict) else {}


def _value(snak: Any) -> str:
    value = snak.get("datavalue", {}).get("value") if isinstance(snak, dict) else None
    if isinstance(value, dict):
        value = value.get("time", "")
    return value if isinstance(value, str) else ""


def _end(claim: Mapping[str, Any]) -> date | None:
    for snak in _table(claim.get("qualifiers")).get("P582", ()):
        # +2023-10-00T00:00:00Z: a month without a day.
        told = _value(snak).lstrip("+")[:10].replace("-00", "-01")
        return day_of(told)
    return None


def _first(cells: Mapping[str, str], names: Sequence[str]) -> str:
    return next((cells[name] for name in names if cells.get(name)), "")


def _country(code: str) -> str:
    return str(Locale("en").territories.get(code, code))


def _slug(text: str) -> str:
    return _PLAIN.sub("-", text.lower()).strip("-") or "body"
