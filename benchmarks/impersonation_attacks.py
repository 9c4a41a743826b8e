"""Attacks on names for the impersonation benchmark: 25 kinds, single and composed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

from babel import Locale

from assay.identities.register import Body
from assay.identities.weigh import Account

CYRILLIC = str.maketrans("aceopxyACEOPXTMKH", "асеорхуАСЕОРХТМКН")
LEET = str.maketrans("oieast", "013457")
TO_CYRILLIC = str.maketrans("abvgdeziklmnoprstufcwyhjqx", "абвгдезиклмнопрстуфквйхжкх")
TO_GREEK = str.maketrans("abvgdeziklmnoprstfcyhqx", "αββγδεζικλμνοπρστφκυχκξ")
TO_GREEK |= str.maketrans({"u": "ου", "w": "ου", "j": "τζ"})
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
    "Greek script": lambda rng, name: name.lower().translate(TO_GREEK),
    "slip and affix": lambda rng, name: (
        ATTACKS["letter dropped"](rng, name) + rng.choice(["_official", " News", "_real"])
    ),
    "lookalikes and affix": lambda rng, name: name.translate(CYRILLIC) + " Official",
    "digits and slip": lambda rng, name: (
        ATTACKS["letters exchanged"](rng, name) + str(rng.randrange(10, 99))
    ),
    "lookalikes and slip": lambda rng, name: ATTACKS["letter doubled"](rng, name).translate(
        CYRILLIC
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
