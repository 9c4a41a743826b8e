"""How well impersonation is found: generated attacks, sister posts held out, background names.

    python benchmarks/impersonation.py DATA [--background 200000] [--half test]

DATA is a folder with embassies_ru.csv, news_outlets.csv, spoof_domains.csv,
registered_idn_homographs.csv and ../official-accounts/us_congress_social.csv. Attacks are drawn
from one half of the bodies; rules are tuned on ``tune``, figures told on ``test``. Background names
are generated from given names, ordinary words and digits, so they measure accidents of spelling and
no real population. The rules for sister posts were tuned on these very posts.
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import yaml
from babel import Locale

from assay.identities.compile import compile_register
from assay.identities.domains import domain_of, lookalike_domains
from assay.identities.impersonation import judge
from assay.identities.register import Body, Handle
from assay.identities.weigh import Account
from assay.lexicon.ordinary_words import ordinary_words

TODAY = date(2026, 1, 1)
GIVEN = ("female", "male")
FLAGGED = {"poses_as", "resembles"}
CYRILLIC = str.maketrans("aceopxyACEOPXTMKH", "асеорхуАСЕОРХТМКН")
LEET = str.maketrans("oieast", "013457")
TO_CYRILLIC = str.maketrans("abvgdeziklmnoprstufcwyhjqx", "абвгдезиклмнопрстуфквйхжкх")
EMBASSY_OF = {
    "fr": "Ambassade {s} {h}",
    "de": "Botschaft {s} in {h}",
    "es": "Embajada {s} en {h}",
    "ru": "Посольство {s} в {h}",
    "ar": "سفارة {s} في {h}",
    "zh": "{s}驻{h}大使馆",
    "ko": "주{h} {s} 대사관",
    "tr": "{s} {h} büyükelçiliği",
    "it": "Ambasciata {s} {h}",
    "pt": "Embaixada {s} {h}",
}


def rows_of(path: Path) -> list[dict[str, str]]:
    """A CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def read_bodies(data: Path) -> tuple[list[Body], list[Account]]:
    """The register, and accounts of embassies that are kept out of it."""
    bodies, sisters = [], []
    for place, row in enumerate(rows_of(data / "embassies_ru.csv")):
        name = f"Embassy of Russia in {row['host_country']}"
        if place % 2:
            sisters.append(Account(f"sister-{place}", "x", row["twitter_handle"], ""))
            sisters.append(Account(f"sister-name-{place}", "x", "", name))
            continue
        handles = (Handle("x", row["twitter_handle"].lower()),)
        bodies.append(
            Body(f"ru-{row['host_iso2']}", name, (), "embassy", "RU", row["host_iso2"], handles)
        )
    for place, row in enumerate(rows_of(data / "news_outlets.csv")):
        bodies.append(Body(f"outlet-{place}", row["outlet"], (), "outlet"))
    people = rows_of(data.parent / "official-accounts" / "us_congress_social.csv")
    for row in people:
        if row["platform"] == "twitter":
            handle = Handle("x", row["handle"].lower())
            bodies.append(
                Body(
                    row["bioguide"], row["official_name"], (), "office-holder", "US", "", (handle,)
                )
            )
    return bodies, sisters


def at_random(change: Callable[[random.Random, str, int], str]) -> Callable[..., str]:
    """An attack that changes one letter inside the name."""
    return lambda rng, name: change(rng, name, rng.randrange(1, max(len(name) - 1, 2)))


def other(rng: random.Random, letters: str) -> str:
    """One of the letters."""
    return rng.choice(letters)


ATTACKS: dict[str, Callable[[random.Random, str], str]] = {
    "copied elsewhere": lambda rng, name: name,
    "Cyrillic lookalikes": lambda rng, name: name.translate(CYRILLIC),
    "one Cyrillic letter": at_random(
        lambda rng, name, at: name[:at] + name[at:].replace("o", "о", 1).replace("e", "е", 1)
    ),
    "fullwidth": lambda rng, name: "".join(
        chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in name
    ),
    "invisible character": at_random(lambda rng, name, at: name[:at] + "\u200b" + name[at:]),
    "accents": lambda rng, name: name.replace("e", "é").replace("a", "ä").replace("n", "ñ"),
    "digits for letters": lambda rng, name: name.translate(LEET),
    "l for I": lambda rng, name: name.replace("l", "I").replace("i", "l"),
    "rn for m": lambda rng, name: name.replace("m", "rn").replace("w", "vv"),
    "letter doubled": at_random(lambda rng, name, at: name[:at] + name[at - 1] + name[at:]),
    "letter dropped": at_random(lambda rng, name, at: name[:at] + name[at + 1 :]),
    "letters exchanged": at_random(
        lambda rng, name, at: name[:at] + name[at : at + 2][::-1] + name[at + 2 :]
    ),
    "letter replaced": at_random(
        lambda rng, name, at: name[:at] + other(rng, "aeioulnrst") + name[at + 1 :]
    ),
    "affix after": lambda rng, name: (
        name + other(rng, "_ .") + rng.choice(["official", "news", "real", "press", "live", "team"])
    ),
    "affix before": lambda rng, name: (
        rng.choice(["The Real ", "official_", "its", "real.", "my", "New "]) + name
    ),
    "digits after": lambda rng, name: f"{name}{rng.randrange(1, 3000)}",
    "signs between": lambda rng, name: "_".join(name.split()) if " " in name else name + "__",
    "words exchanged": lambda rng, name: " ".join(reversed(name.split())),
    "other script": lambda rng, name: name.lower().translate(TO_CYRILLIC),
    "slip and affix": lambda rng, name: (
        ATTACKS["letter dropped"](rng, name) + rng.choice(["_official", " News", "_real"])
    ),
    "lookalikes and affix": lambda rng, name: name.translate(CYRILLIC) + " Official",
    "digits and slip": lambda rng, name: (
        ATTACKS["letters exchanged"](rng, name) + str(rng.randrange(10, 99))
    ),
}


def attacks_on(bodies: Sequence[Body], rng: random.Random) -> Iterator[tuple[str, str, Account]]:
    """Kind of attack, id of the body, account."""
    for body in bodies:
        targets = [(body.name, False), *((one.handle, True) for one in body.handles)]
        for kind, attack in ATTACKS.items():
            for name, is_handle in targets:
                made = attack(rng, name)
                if made == name and kind != "copied elsewhere":
                    continue
                told = ("", made) if not is_handle else (made, "")
                account = Account(f"{kind}|{body.id}|{is_handle}", "mastodon", *told)
                yield kind, body.id, account
        if body.kind == "embassy":
            for locale, form in EMBASSY_OF.items():
                names = Locale(locale).territories
                told_name = form.format(s=names[body.sender], h=names[body.host])
                yield "other language", body.id, Account(f"{locale}|{body.id}", "x", "", told_name)


def background(count: int, rng: random.Random) -> list[Account]:
    """Names made of given names, ordinary words and digits."""
    folder = Path(__file__).resolve().parents[1] / "src" / "assay" / "lexicon"
    people = yaml.safe_load((folder / "people.yaml").read_text("utf-8"))
    given = sorted(word for key in GIVEN for word in str(people[key]).split())
    words = sorted(word for word in ordinary_words() if len(word) > 2)
    made = []
    for number in range(count):
        first, second = rng.choice(given), rng.choice(words if number % 2 else given)
        tail = str(rng.randrange(3000)) if number % 3 else ""
        made.append(Account(str(number), "x", first + second + tail, f"{first} {second}".title()))
    return made


def tell_domains(data: Path) -> None:
    """Spoof domains whose target is told, and registered homographs."""
    spoofs = [row for row in rows_of(data / "spoof_domains.csv") if row["target_domain"]]
    pairs = [(row["spoof_domain"], row["target_domain"]) for row in spoofs]
    tell_pairs("real spoof domains", pairs)
    brands = rows_of(data / "registered_idn_homographs.csv")
    pairs = [(row["idn_label"] + ".com", row["brand_label"] + ".com") for row in brands]
    tell_pairs("registered homographs", pairs)


def tell_pairs(what: str, pairs: Sequence[tuple[str, str]]) -> None:
    """How many of the lookalikes are found with the right target."""
    bodies = [
        Body(domain, domain, domains=(domain,)) for domain in sorted({two for _, two in pairs})
    ]
    rows = {row["domain"]: row for row in lookalike_domains([one for one, _ in pairs], bodies)}
    found = 0
    for one, two in pairs:
        told = domain_of(one)
        row = rows.get(told.written) if told is not None else None
        found += row is not None and row["identity"] == two
    print(f"{what}: {found} of {len(pairs)} found with the right target ({found / len(pairs):.3f})")


def user_s() -> float:
    """CPU seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--background", type=int, default=200_000)
    parser.add_argument("--half", choices=("tune", "test"), default="test")
    parser.add_argument("--show", type=int, default=0)
    asked = parser.parse_args()
    rng = random.Random(7)
    bodies, sisters = read_bodies(asked.data)
    began = user_s()
    register = compile_register(bodies)
    print(f"register: {len(bodies)} bodies, compiled in {user_s() - began:.1f} CPU-s")
    half = [body for place, body in enumerate(bodies) if place % 2 == (asked.half == "test")]
    made = list(attacks_on(half, rng))
    told = {one.account_id: said for one, said in judge([one for *_, one in made], register, TODAY)}
    tried: Counter[str] = Counter()
    found: Counter[str] = Counter()
    right = 0
    missed: dict[str, list[str]] = defaultdict(list)
    for kind, body_id, account in made:
        tried[kind] += 1
        said = told.get(account.account_id)
        if said is not None and said.verdict in FLAGGED:
            found[kind] += 1
            right += register.bodies[said.body].id == body_id
        else:
            missed[kind].append(account.handle or account.display_name)
    total, hits = sum(tried.values()), sum(found.values())
    print(f"attacks: {total:,} of {len(tried)} kinds, half {asked.half}")
    print(f"recall {hits / total:.3f}, right target named {right / hits:.4f}")
    for kind in sorted(tried, key=lambda one: found[one] / tried[one]):
        print(f"  {found[kind] / tried[kind]:.3f}  {kind} ({tried[kind]:,})")
        print("".join(f"         {name}\n" for name in missed[kind][: asked.show]), end="")
    wrong = [
        (one, said) for one, said in judge(sisters, register, TODAY) if said.verdict in FLAGGED
    ]
    print(f"sister posts flagged: {len(wrong)} of {len(sisters)} ({len(wrong) / len(sisters):.1%})")
    for one, said in wrong[: asked.show]:
        print(f"         {one.handle or one.display_name}: {said.reasons[0]}")
    tell_domains(asked.data)
    people = background(asked.background, rng)
    began, alerts = user_s(), []
    for start in range(0, len(people), 50_000):
        batch = people[start : start + 50_000]
        alerts += [(o, s) for o, s in judge(batch, register, TODAY) if s.verdict in FLAGGED]
    spent = user_s() - began
    names = 2 * len(people)
    print(f"background: {len(alerts) * 1e6 / names:.0f} alerts per million generated names")
    for one, said in alerts[: asked.show]:
        print(f"         {one.handle} / {one.display_name}: {said.reasons[:2]}")
    print(f"speed: {names / spent:,.0f} names per CPU-second ({names:,} names)")


if __name__ == "__main__":
    main()
