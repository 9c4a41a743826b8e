"""Holes and contradictions of a register, told with what to do about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from assay.identities.register import Body
from assay.lexicon.ordinary_words import ordinary_words
from assay.text.name_forms import joined, plain, split

SHORT_ALIAS = 4
"""A Latin alias of fewer letters is compared whole, never inside other names."""


@dataclass(frozen=True)
class Hole:
    """Something about a body that weakens detection, or contradicts another body.

    Attributes:
        body: Id.
        sort: ``contradiction`` or ``hole``.
        told: What it is.
        fix: What to do.
    """

    body: str
    sort: str
    told: str
    fix: str


def check_register(
    bodies: Sequence[Body], today: date, folder: Path | None = None
) -> tuple[Hole, ...]:
    """All holes, in the order of the register; contradictions first.

    Args:
        bodies: The register.
        today: What dates of validity are held against.
        folder: Where its logos lie; None leaves them unchecked.
    """
    found = [*_contradictions(bodies), *_same_names(bodies)]
    for body in bodies:
        found += [*_holes(body, today), *_malformed(body), *_logos(body, folder)]
    return tuple(sorted(found, key=lambda hole: hole.sort != "contradiction"))


def _contradictions(bodies: Sequence[Body]) -> Iterator[Hole]:
    parents = {body.id: body.parent for body in bodies}
    circular = _circular(parents)
    for body in bodies:
        for other in (body.parent, *body.sisters):
            if other and other not in parents:
                yield Hole(
                    body.id, "contradiction", f"it names {other!r}, which is not in the register",
                    "add that body or take the relation away",
                )  # fmt: skip
        if body.id in circular:
            yield Hole(body.id, "contradiction", "it is its own parent", "name the body above it")
    owners: dict[str, list[str]] = defaultdict(list)
    for body in bodies:
        for handle in body.handles:
            platform = f"{handle.platform}:" if handle.platform else ""
            owners[f"the handle {platform}{handle.handle}"].append(body.id)
        for domain in body.domains:
            owners[f"the domain {domain}"].append(body.id)
    for what, holders in owners.items():
        first, *others = dict.fromkeys(holders)
        # The first is told of one other: many may stand with it.
        pairs = ((first, others[0]), *((one, first) for one in others)) if others else ()
        for holder, other in pairs:
            yield Hole(
                holder, "contradiction", f"{what} also stands with {other}",
                "leave it with the body that owns it",
            )  # fmt: skip


def _circular(parents: Mapping[str, str]) -> set[str]:
    """Ids of the bodies that stand above themselves; the way up from each is gone once in all."""
    found: set[str] = set()
    known: set[str] = set()
    for body in parents:
        way: list[str] = []
        at = body
        while at and at not in known:
            known.add(at)
            way.append(at)
            at = parents.get(at, "")
        if at in way:
            found.update(way[way.index(at) :])
    return found


def _same_names(bodies: Sequence[Body]) -> Iterator[Hole]:
    """Bodies of one name that do not say that they know of each other."""
    known = {body.id: {body.parent, *body.sisters} for body in bodies}
    holders: dict[str, list[Body]] = defaultdict(list)
    for body in bodies:
        for form in dict.fromkeys(split(plain(joined(body.names)))):
            if form:
                holders[form].append(body)
    for sharing in holders.values():
        for place, body in enumerate(sharing):
            # Each is told of one: whoever mends that is told of the next.
            stranger = next(
                (
                    one.id
                    for one in islice(sharing, place)
                    if one.id not in known[body.id] and body.id not in known[one.id]
                ),
                None,
            )
            if stranger is not None:
                yield Hole(
                    body.id, "hole", f"it bears a name of {stranger} too",
                    "name them as sisters of each other, or give each a name of its own",
                )  # fmt: skip


def _malformed(body: Body) -> Iterator[Hole]:
    for handle in (*body.handles, *body.proofs):
        if "/" in handle.handle or " " in handle.handle:
            yield Hole(
                body.id, "hole", f"{handle.handle!r} is no handle",
                "write platform:handle, not an address or a name",
            )  # fmt: skip
    for domain in body.domains:
        if "/" in domain or "." not in domain or " " in domain:
            yield Hole(body.id, "hole", f"{domain!r} is no domain", "write it as in herald.example")
    for what, code in (("sender", body.sender), ("host", body.host)):
        if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
            yield Hole(
                body.id, "hole", f"the {what} {code!r} is no country's code",
                "write ISO 3166-1 alpha-2, such as FR",
            )  # fmt: skip
    listed = {(one.platform, one.handle) for one in body.handles}
    for proof in body.proofs:
        if (proof.platform, proof.handle) not in listed:
            yield Hole(
                body.id, "contradiction",
                f"{proof.platform}:{proof.handle} is proved and not among its handles",
                "list it under handles too",
            )  # fmt: skip


def _logos(body: Body, folder: Path | None) -> Iterator[Hole]:
    for logo in body.logos:
        if folder is not None and not (folder / logo).is_file():
            yield Hole(
                body.id, "hole", f"the logo {logo} is not there",
                "put the file beside the register",
            )  # fmt: skip


def _holes(body: Body, today: date) -> Iterator[Hole]:
    if not body.handles and not body.domains:
        yield Hole(
            body.id, "hole", "it has neither handle nor domain",
            "add official handles; without them its own accounts come out as resembling it",
        )  # fmt: skip
    for handle in body.handles:
        if not handle.platform:
            yield Hole(
                body.id, "hole", f"the handle {handle.handle} has no platform",
                "write platform:handle; until then it counts on every platform",
            )  # fmt: skip
        if handle.until is not None and handle.until < today:
            yield Hole(
                body.id, "hole", f"the handle {handle.handle} was official until {handle.until}",
                "make sure that nobody has taken it over",
            )  # fmt: skip
        if handle.since is not None and handle.since > today:
            yield Hole(
                body.id, "hole", f"the handle {handle.handle} is official from {handle.since} only",
                "until then make sure that whoever bears it is the body",
            )  # fmt: skip
    if body.kind in {"embassy", "consulate"} and not (body.sender and body.host):
        yield Hole(
            body.id, "hole", "sender or host is missing",
            "fill both in; sister posts are told apart by them",
        )  # fmt: skip
    for alias in body.names:
        letters = split(plain(joined([alias])))[0]
        if not letters:
            yield Hole(body.id, "hole", f"the name {alias!r} has no letters", "take it away")
        elif " " not in alias.strip() and alias.strip().lower() in ordinary_words():
            yield Hole(
                body.id, "hole", f"the name {alias!r} is an ordinary word",
                "it is compared whole only; add a longer name",
            )  # fmt: skip
        elif letters.isascii() and len(letters) < SHORT_ALIAS:
            yield Hole(
                body.id, "hole", f"the name {alias!r} is very short",
                "it is compared whole only; add a longer name",
            )  # fmt: skip
