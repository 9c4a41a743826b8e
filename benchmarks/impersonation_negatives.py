"""Names that honest accounts bear, for the impersonation benchmark, and the register."""

from __future__ import annotations

import csv
import json
import random
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import yaml

from assay.identities.register import Body, Handle
from assay.identities.weigh import Account
from assay.lexicon.ordinary_words import ordinary_words

GIVEN = ("female", "male")
PARODY = (
    ("x", "Parody {name}", "parody account, not affiliated"),
    ("x", "Fan {name}", "fan account run by readers"),
    ("bluesky", "{name} (parody)", "a parody, not the real one"),
    ("mastodon", "Not {name}", "satire"),
    ("telegram", "{name} fan club", "fans"),
)


@dataclass
class Register:
    """Bodies, and honest accounts that are kept out of the register, by kind."""

    bodies: list[Body] = field(default_factory=list)
    honest: dict[str, list[Account]] = field(default_factory=dict)

    def keep_out(self, kind: str, handle: str, name: str = "", bio: str = "") -> None:
        """Add an honest account."""
        listed = self.honest.setdefault(kind, [])
        listed.append(Account(f"{kind}-{len(listed)}", "x", handle, name, bio))


def rows_of(path: Path) -> list[dict[str, str]]:
    """A CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def read_register(data: Path) -> Register:
    """The register, and what is kept out of it."""
    made = Register()
    for place, row in enumerate(rows_of(data / "embassies_ru.csv")):
        name = f"Embassy of Russia in {row['host_country']}"
        if place % 2:
            made.keep_out("sister embassies", row["twitter_handle"])
            made.keep_out("sister embassies", "", name)
            continue
        handles = (Handle("x", row["twitter_handle"].lower()),)
        told = (f"ru-{row['host_iso2']}", name, (), "embassy", "RU", row["host_iso2"], handles)
        made.bodies.append(Body(*told))
    for place, row in enumerate(rows_of(data / "news_outlets.csv")):
        if place % 5 == 4:
            made.keep_out("other outlets", "", row["outlet"])
        else:
            made.bodies.append(Body(f"outlet-{place}", row["outlet"], (), "outlet"))
    _people(data, made)
    _departments(data, made)
    return made


def _people(data: Path, made: Register) -> None:
    official: dict[str, str] = {}
    for row in rows_of(data.parent / "official-accounts" / "us_congress_social.csv"):
        if row["platform"] == "twitter":
            handle = Handle("x", row["handle"].lower())
            name = row["official_name"]
            told = (row["bioguide"], name, (), "office-holder", "US", "", (handle,))
            made.bodies.append(Body(*told))
            official[name] = handle.handle
            made.keep_out("homonyms", f"{name.split()[-1].lower()}_family", name, "teacher, runner")
    told = {
        (row["Name"], row["Twitter_username"].lower())
        for row in rows_of(data.parent / "official-accounts" / "us_politicians_wikidata.csv")
        if row["Name"] in official and row["Twitter_username"]
    }
    for name, handle in sorted(told):
        if handle != official[name]:
            made.keep_out("personal and campaign accounts, handles alone", handle)


@dataclass(frozen=True)
class InOffice:
    """People in office on X, with accounts whose numbers tell when they were made.

    Attributes:
        bodies: People with their office's handles.
        office: The office's own accounts.
        campaign: Their campaign accounts, which the register lacks.
    """

    bodies: list[Body]
    office: list[Account]
    campaign: list[Account]


def in_office(data: Path) -> InOffice:
    """Who is or was in Congress, by the list that tells offices' from campaigns' accounts."""
    folder = data.parent / "official-accounts"
    days = _days_of_numbers(folder / "us_politicians_wikidata.csv")
    found = InOffice([], [], [])
    seen: set[str] = set()
    for name in ("congress_users.json", "congress_historical_users.json"):
        for one in json.loads((folder / name).read_text("utf-8")):
            accounts = {kind: [row for row in one["accounts"] if row["account_type"] == kind]
                        for kind in ("office", "campaign")}  # fmt: skip
            if one["type"] != "member" or one["name"] in seen or not accounts["office"]:
                continue
            seen.add(one["name"])
            handles = {row["screen_name"].lower() for row in accounts["office"]}
            listed = tuple(Handle("x", handle) for handle in sorted(handles))
            told = (one["name"], one["name"], (), "office-holder", "US", "", listed)
            found.bodies.append(Body(*told))
            for kind, into in (("office", found.office), ("campaign", found.campaign)):
                into += [
                    Account(
                        f"{kind}-{one['name']}-{row['screen_name']}", "x", row["screen_name"],
                        one["name"], created_at=days(int(row["id"])),
                    )
                    for row in accounts[kind]
                    if kind == "office" or row["screen_name"].lower() not in handles
                ]  # fmt: skip
    return found


FIRST_DATED = 1 << 40
"""Numbers of accounts from here on hold the moment at which they were given."""
EPOCH_MS = 1_288_834_974_657


def _days_of_numbers(path: Path) -> Callable[[int], str]:
    """The day on which an account of some number was made: numbers rise with time.

    Small numbers lie between those of the list, whose days are known; of five neighbours the day
    in the middle counts, since the list mixes up some accounts.
    """
    known = sorted(
        (int(row["Account_ID"]), row["Twitter_account_start_time"][:10])
        for row in rows_of(path)
        if row["Account_ID"].isdigit() and row["Twitter_account_start_time"]
    )

    def day(number: int) -> str:
        if number >= FIRST_DATED:
            seconds = ((number >> 22) + EPOCH_MS) / 1000
            return datetime.fromtimestamp(seconds, UTC).date().isoformat()
        place = bisect(known, (number, ""))
        return sorted(day for _, day in known[max(place - 2, 0) : place + 3])[2]

    return day


def _departments(data: Path, made: Register) -> None:
    departments: dict[str, list[str]] = {}
    for row in rows_of(data / "gc_official_accounts.csv"):
        if row["Platform"] == "X":
            departments.setdefault(row["Department"], []).append(row["Account"].lstrip("@"))
    for place, (name, handles) in enumerate(departments.items()):
        first = (Handle("x", handles[0].lower()),)
        made.bodies.append(Body(f"gc-{place}", name, (), "agency", "CA", "", first))
        for handle in handles[1:]:
            made.keep_out("regional and further accounts", handle)
    for row in rows_of(data / "gc_deleted_accounts.csv"):
        if row["Platform"] == "X":
            made.keep_out("retired accounts", row["Account"].lstrip("@"))


def parodies(bodies: Sequence[Body]) -> Iterator[Account]:
    """Parody and fan accounts that keep the rules of their platforms."""
    for body in bodies:
        for number, (platform, name, bio) in enumerate(PARODY):
            handle = body.name.split()[-1].lower() + "fun"
            told = (platform, handle, name.format(name=body.name), bio)
            yield Account(f"parody-{body.id}-{number}", *told)


def background(count: int, rng: random.Random) -> Iterator[list[Account]]:
    """Accounts with names made of given names, ordinary words and digits, in batches."""
    folder = Path(__file__).resolve().parents[1] / "src" / "assay" / "lexicon"
    people = yaml.safe_load((folder / "people.yaml").read_text("utf-8"))
    given = sorted(word for key in GIVEN for word in str(people[key]).split())
    words = sorted(word for word in ordinary_words() if len(word) > 2)
    for start in range(0, count, 50_000):
        made = []
        for number in range(start, min(start + 50_000, count)):
            first, second = rng.choice(given), rng.choice(words if number % 2 else given)
            tail = str(rng.randrange(3000)) if number % 3 else ""
            name = f"{first} {second}".title()
            made.append(Account(str(number), "x", first + second + tail, name))
        yield made


def real_names(data: Path) -> list[Account]:
    """People who wrote on three topics of the day: names as they are, none known to pose."""
    found: dict[str, Account] = {}
    for path in sorted((data.parent / "organic-tweets").glob("*.parquet")):
        table = pq.read_table(path)
        for column in {"screen_name", "user_name"} & set(table.column_names):
            for name in table.column(column).to_pylist():
                if name:
                    told = ("", name) if column == "user_name" else (name, "")
                    found.setdefault(name, Account(name, "x", *told))
    return list(found.values())
