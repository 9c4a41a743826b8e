"""How well impersonation is found: generated attacks, honest accounts, background names, peers.

    python benchmarks/impersonation.py DATA [--background 1000000] [--half test] [--peers]

DATA is a folder with embassies_ru.csv, news_outlets.csv, gc_official_accounts.csv and others (see
impersonation_negatives.py), spoof_domains.csv and registered_idn_homographs.csv. Attacks are drawn
from one half of the bodies; rules are tuned on ``tune``, figures told on ``test``. Background names
are generated from given names, ordinary words and digits; names that many bear are learnt from
200,000 others of the same kind, and the real people's from their first half. The rules for sister
posts were tuned on these very posts.
"""

from __future__ import annotations

import argparse
import random
import resource
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from assay.identities.account_rows import AccountBatch
from assay.identities.compile import Compiled, compile_register
from assay.identities.domains import domain_of, lookalike_domains
from assay.identities.dossiers import Dossier, Supplied, build_dossiers
from assay.identities.impersonation import judge
from assay.identities.learn import learn_population
from assay.identities.register import Body
from assay.identities.weigh import Account, Weighed
from impersonation_attacks import attacks_on
from impersonation_negatives import (
    InOffice,
    background,
    in_office,
    parodies,
    read_register,
    real_names,
    rows_of,
)
from impersonation_peers import tell_dnstwist, tell_peers, twisted

TODAY = date(2026, 1, 1)
FLAGGED = {"poses_as", "resembles"}
LEARNT_FROM = 200_000
Attack = tuple[str, str, Account]


def names_of(accounts: Iterable[Account]) -> list[str]:
    """Handles and display names."""
    return [name for one in accounts for name in (one.handle, one.display_name) if name]


def user_s() -> float:
    """CPU seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_gb() -> float:
    """Most memory held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def flagged(accounts: Sequence[Account], register: Compiled) -> list[tuple[Account, Weighed]]:
    """Accounts said to pose as, or to resemble, a body."""
    told = judge(AccountBatch.of(accounts), register, TODAY)
    return [(one, said) for one, said in told if said.verdict in FLAGGED]


def by_us(names: Sequence[str], register: Compiled) -> list[bool]:
    """Whether each name is flagged where nothing but that name is known."""
    rows = [Account(str(row), "mastodon", display_name=name) for row, name in enumerate(names)]
    told = {one.account_id for one, _ in flagged(rows, register)}
    return [one.account_id in told for one in rows]


def tell_attacks(made: Sequence[Attack], register: Compiled, show: int) -> None:
    """Recall over all kinds, each kind, and whether the right body was named."""
    told = {one.account_id: said for one, said in flagged([one for *_, one in made], register)}
    tried: Counter[str] = Counter()
    found: Counter[str] = Counter()
    right = 0
    missed: dict[str, list[str]] = defaultdict(list)
    for kind, body_id, account in made:
        tried[kind] += 1
        said = told.get(account.account_id)
        if said is not None:
            found[kind] += 1
            right += register.bodies[said.body].id == body_id
        else:
            missed[kind].append(account.handle or account.display_name)
    total, hits = sum(tried.values()), sum(found.values())
    print(f"recall {hits / total:.3f} of {total:,} of {len(tried)} kinds, ", end="")
    print(f"right target named {right / hits:.4f}")
    for kind in sorted(tried, key=lambda one: found[one] / tried[one]):
        print(f"  {found[kind] / tried[kind]:.3f}  {kind} ({tried[kind]:,})")
        print("".join(f"         {name}\n" for name in missed[kind][:show]), end="")


def tell_honest(kind: str, accounts: Sequence[Account], register: Compiled, show: int) -> None:
    """How many honest accounts are flagged."""
    wrong = flagged(accounts, register)
    print(f"{kind} flagged: {len(wrong)} of {len(accounts)} ({len(wrong) / len(accounts):.1%})")
    for one, said in wrong[:show]:
        print(f"         {one.handle} {one.display_name}: {said.reasons[0]}")


def flagged_beside(
    genuine: Sequence[Account], accounts: Sequence[Account], register: Compiled
) -> list[Dossier]:
    """Accounts that are flagged where the bodies' own accounts are in the same data."""
    judged = [list(judge(AccountBatch.of([*genuine, *accounts]), register, TODAY))]
    ids = {one.account_id for one in accounts}
    dossiers = next(build_dossiers(judged, register, Supplied(TODAY)))
    return [d for d in dossiers if d.account.account_id in ids and d.said.verdict in FLAGGED]


def tell_bought(made: Sequence[Attack], half: Sequence[Body], register: Compiled) -> None:
    """Recall where every attack comes from an account that is older than the body's own."""
    genuine = [
        Account(f"own-{body.id}-{one.handle}", "x", one.handle, body.name, created_at="2012-01-01")
        for body in half
        for one in body.handles
    ]
    taken = {one.handle for one in genuine}
    bought = [
        one._replace(platform="x", created_at="2008-01-01")
        for *_, one in made
        if one.handle not in taken
    ]
    found = len(flagged_beside(genuine, bought, register))
    print(f"from accounts older than the body's own: {found / len(bought):.3f} of {len(bought):,}")


def tell_campaigns(people: InOffice, half: str, show: int) -> None:
    """Campaign accounts of people in office, by names alone, and beside the office's accounts."""
    register = compile_register(people.bodies)
    kept = {body.name for place, body in enumerate(people.bodies) if place % 2 == (half == "test")}
    campaign = [one for one in people.campaign if one.display_name in kept]
    tell_honest("campaign accounts, by name and handle", campaign, register, show)
    wrong = flagged_beside(people.office, campaign, register)
    posing = sum(one.said.verdict == "poses_as" for one in wrong)
    told = f"{len(wrong)} of {len(campaign)} ({len(wrong) / len(campaign):.1%}), {posing} pose as"
    print(f"the same, with the days on which they and the office's accounts were made: {told}")
    for one in wrong[:show]:
        print(f"         {one.account.handle} {one.said.score}: {one.said.reasons[0]}")


def tell_background(
    batches: Iterable[Sequence[Account]], what: str, register: Compiled, show: int
) -> None:
    """Alerts per million names, and speed."""
    began, alerts, names = user_s(), [], 0
    for batch in batches:
        alerts += flagged(batch, register)
        names += len(names_of(batch))
    spent = user_s() - began
    print(
        f"{what}: {len(alerts)} alerts among {names:,} names, {len(alerts) * 1e6 / names:.0f} per ",
        end="",
    )
    print(f"million; {names / spent:,.0f} names per CPU-second, {peak_gb():.2f} GB at most")
    for one, said in alerts[:show]:
        print(f"         {one.handle} / {one.display_name}: {said.reasons[:2]}")


def domain_pairs(data: Path) -> dict[str, list[tuple[str, str]]]:
    """Real lookalikes and their targets."""
    spoofs = [row for row in rows_of(data / "spoof_domains.csv") if row["target_domain"]]
    brands = rows_of(data / "registered_idn_homographs.csv")
    return {
        "real spoof domains": [(row["spoof_domain"], row["target_domain"]) for row in spoofs],
        "registered homographs": [
            (row["idn_label"] + ".com", row["brand_label"] + ".com") for row in brands
        ],
    }


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


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--background", type=int, default=1_000_000)
    parser.add_argument("--half", choices=("tune", "test"), default="test")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--show", type=int, default=0)
    asked = parser.parse_args()
    made = read_register(asked.data)
    people = real_names(asked.data)
    sample = [names_of(batch) for batch in background(LEARNT_FROM, random.Random(8))]
    sample.append(names_of(people[: len(people) // 2]))
    began = user_s()
    register = compile_register(made.bodies, learn_population(made.bodies, sample))
    print(
        f"register: {len(made.bodies)} bodies, learnt and compiled in {user_s() - began:.1f} CPU-s"
    )
    half = [body for place, body in enumerate(made.bodies) if place % 2 == (asked.half == "test")]
    attacks = list(attacks_on(half, random.Random(7)))
    tell_attacks(attacks, register, asked.show)
    tell_bought(attacks, half, register)
    twists = list(twisted(half)) if asked.peers else []
    if twists:
        print("attacks by dnstwist, as another generator:")
        tell_attacks(twists, register, asked.show)
    for kind, accounts in made.honest.items():
        tell_honest(kind, accounts, register, asked.show)
    tell_campaigns(in_office(asked.data), asked.half, asked.show)
    tell_honest("compliant parody and fans", list(parodies(half)), register, asked.show)
    pairs = domain_pairs(asked.data)
    for kind, some in pairs.items():
        tell_pairs(kind, some)
    tell_background([people[len(people) // 2 :]], "real people", register, asked.show)
    batches = background(asked.background, random.Random(7))
    tell_background(batches, "background", register, asked.show)
    if asked.peers:
        names = names_of(next(iter(background(10_000, random.Random(9)))))
        keys = [key.written for key in register.keys]
        attacked = names_of(one for *_, one in attacks)
        for line in tell_peers(lambda some: by_us(some, register), keys, attacked, names):
            print(line)
        print(tell_dnstwist("real spoof domains", pairs["real spoof domains"]))


if __name__ == "__main__":
    main()
