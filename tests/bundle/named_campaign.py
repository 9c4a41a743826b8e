"""A simulated campaign whose accounts have unmistakable names, in texts and links everywhere."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from urllib.parse import quote

from assay.laboratory.campaign import Campaign
from assay.laboratory.campaign_files import write_campaign
from assay.laboratory.simulate import simulate

SCRIPTS = (
    ("Zqxvilander", "Quillôxviq"),
    ("Зюквелина", "Ярофеихина"),
    ("Ξυλοβάρα", "Ψωμηθρέας"),
    ("قشتغرام", "ظضثريان"),
    ("זקשבינור", "גטצפרון"),
    ("龘靐齉", "爩麤"),
    ("क्षज्ञवीर", "ढ़ङठकर"),
    ("Ўґєїшчун", "Їжґарчук"),
)
FIRST_ID = 881_000_000_000_000_000
FIRST_POST = 1_490_000_000_000_000_000
CONSONANTS = "bcdfghjklmnpqrstvwxz"


@dataclass(frozen=True)
class Person:
    """An account under its unmistakable names."""

    id: str
    handle: str
    display_name: str


def letters(number: int) -> str:
    """A number as consonants: a part of a name without digits."""
    out = ""
    for _ in range(4):
        number, digit = divmod(number, len(CONSONANTS))
        out = CONSONANTS[digit] + out
    return out


def person(number: int, plain_id: str) -> Person:
    first, last = SCRIPTS[number % len(SCRIPTS)]
    if first == "龘靐齉":
        last += "".join(chr(0x9F00 + digit) for digit in (number // 90, number % 90))
    else:
        last += letters(number)
    shape = ("Zqxvil_{}wq", "zqxvil{}Kolib", "ZQXVIL{}9")[number % 3]
    digits = str(FIRST_ID + number * 7919)
    return Person(
        digits if number % 2 else f"zqilid{plain_id}",
        shape.format(letters(number)),
        f"{first} {last}",
    )


def post_number(plain_id: str) -> str:
    return str(FIRST_POST + int(plain_id.lstrip("p")) * 104_729)


def remarks(one: Person, post: str) -> tuple[str, ...]:
    """How one account is named in the text of another."""
    handle, shown = one.handle, one.display_name
    joined = shown.replace(" ", "")
    return (
        f"@{handle}",
        f"via @{handle.upper()}!",
        f"https://twitter.com/{handle}/status/{post}",
        f"https://x.com/{handle.upper()}?s=20",
        f"https://news.example/author/{quote(shown)}?page=2",
        f"https://news.example/?by={quote(quote(handle))}",
        f"#{handle} #{joined}",
        f"#{joined.upper()}Fans",
        f"write to {handle}@post.example",
        f"{shown} says so",
        f"({shown.upper()})",
        f"says {handle[:5]}\u200b{handle[5:]}",
        f"ask {handle}.",
        f"account {one.id}, post {post}",
        f"http://{handle.replace('_', '-').lower()}.substack.com/p/1",
        f"t.me/{handle}/55 and www.instagram.com/{handle}/",
        f"https://vk.com/wall-12_34?from={one.id}",
        f"https://www.facebook.com/profile.php?id={one.id}",
        f"http://{_punycode(joined)}.example/blog",
        f'{{"screen_name": "{handle}", "id": "{one.id}"}}',
        f"https://t.co.example/{handle}%2Fabout",
        f"pre{handle}post",
        f"{joined}",
    )


def _punycode(name: str) -> str:
    label = name.casefold()
    return label if label.isascii() else "xn--" + label.encode("punycode").decode()


def pick(text: str, among: int) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") % among


@dataclass(frozen=True)
class NamedCampaign:
    """Files with names in them, and the names."""

    posts: Path
    accounts: Path
    people: tuple[Person, ...]

    @property
    def names(self) -> set[str]:
        """What their names have in common: any of it in an output is part of somebody's name."""
        return {*chain(*SCRIPTS), "zqxvil", "zqilid", str(FIRST_ID)[:10], str(FIRST_POST)[:10]}


def named_campaign(folder: Path, campaign: Campaign) -> NamedCampaign:
    """Simulate, and give everybody a name."""
    write_campaign(simulate(campaign), folder / "plain", "csv")
    accounts = _rows(folder / "plain" / "accounts.csv")
    people = {
        row["account_id"]: person(number, row["account_id"]) for number, row in enumerate(accounts)
    }
    handles = {row["username"]: people[row["account_id"]].handle for row in accounts}
    for row in accounts:
        one = people[row["account_id"]]
        row |= {
            "account_id": one.id,
            "username": one.handle,
            "display_name": one.display_name,
            "bio": f"I am {one.display_name}, mail {one.handle}@zqxvilhome.example",
            "url": f"https://zqxvilhome.example/{one.handle}",
            "avatar_hash": hashlib.md5(one.id.encode(), usedforsecurity=False).hexdigest(),
        }
    posts = _rows(folder / "plain" / "posts.csv")
    named = list(people.values())
    for row in posts:
        author = people[row["account_id"]]
        # Copies stay copies: what is added depends on the text alone.
        original = row["text"].split(": ", 1)[-1] if row["text"].startswith("RT") else row["text"]
        other = named[pick(original, len(named))]
        said = remarks(other, post_number(posts[pick(original, len(posts))]["id"]))
        for plain, handle in handles.items() if "@" in row["text"] else ():
            row["text"] = row["text"].replace(f"@{plain}:", f"@{handle}:")
        row |= {
            "account_id": author.id,
            "username": author.handle,
            "text": f"{row['text']} {said[pick(original + '?', len(said))]}",
        }
        row["client"] = f"{author.handle} bot" if pick(original, 9) == 0 else "Web"
    for row in posts:
        row["id"] = post_number(row["id"])
        row["repost_of"] = post_number(row["repost_of"]) if row["repost_of"] else ""
        row["url"] = f"https://twitter.com/{row['username']}/status/{row['id']}"
        row["media"] = (
            f"https://pbs.example/{row['username']}.jpg" if pick(row["id"], 5) == 0 else ""
        )
    where = folder / f"zqxvil_export_{named[0].handle}"
    where.mkdir()
    return NamedCampaign(
        _write(where / f"zqxvilfile{letters(7)}.csv", posts),
        _write(where / f"zqxvilpeople{letters(8)}.csv", accounts),
        tuple(named),
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path
