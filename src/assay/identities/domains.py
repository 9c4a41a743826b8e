"""Domains that look like a body's own: other ending, slip, lookalike, words around, subdomain.

Only names are compared, so that the strongest verdict is ``resembles``: a name alone never
convicts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from rapidfuzz.distance import OSA
from tldextract import TLDExtract

from assay.identities.register import Body
from assay.lexicon.impersonation import impersonation_words
from assay.text.name_forms import coarse, joined, odd_characters, split

THRESHOLD = 0.5
LEAST_LABEL = 5
"""Letters of a name before the ending that distinguish it."""
SHORT = 0.1
"""Taken off for fewer: only the very name under another ending is left above the threshold."""
_DOUBLED = re.compile(r"(.)\1+")


@dataclass(frozen=True)
class Domain:
    """A domain in its parts: ``www.bbc.co.uk`` has the label ``bbc`` and the ending ``co.uk``."""

    written: str
    label: str
    ending: str
    below: str


@cache
def _extract() -> TLDExtract:
    # The list of endings that the package carries; nothing is fetched.
    # Under eu.com or blogspot.com anybody registers a name, as under com.
    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def domain_of(text: str) -> Domain | None:
    """The domain of a domain or link; None where there is none (an IP, a word, nonsense)."""
    parts = _extract()(text.strip().lower())
    if not parts.domain or not parts.suffix:
        return None
    label = parts.domain
    if label.startswith("xn--"):
        try:
            label = label.removeprefix("xn--").encode("ascii").decode("punycode")
        except UnicodeError:
            return None
    return Domain(f"{parts.domain}.{parts.suffix}", label, parts.suffix, parts.subdomain)


def lookalike_domains(texts: Sequence[str], bodies: Sequence[Body]) -> list[dict[str, Any]]:
    """One row for each domain that is, or resembles, a body's; the best body of each."""
    search = DomainSearch(bodies)
    search.add(texts)
    return search.rows()


class DomainSearch:
    """Domains held against a register piece by piece; only what is found stays in memory.

    Args:
        bodies: The register.

    Attributes:
        read: Domains or links given so far.
        no_domain: How many of them are none (an IP, a word, nonsense).
    """

    def __init__(self, bodies: Sequence[Body]) -> None:
        self.read = self.no_domain = 0
        self._found: dict[str, dict[str, Any]] = {}
        self._own: dict[str, str] = {}
        self._labels: dict[str, list[tuple[str, Domain]]] = defaultdict(list)
        halves: dict[str, list[str]] = defaultdict(list)
        single: dict[str, list[str]] = {}
        for body in bodies:
            for told in filter(None, map(domain_of, body.domains)):
                self._own.setdefault(told.written, body.id)
                form = _forms([told.label])[0]
                if form not in self._labels and len(form) >= LEAST_LABEL + 2:
                    half = (len(form) - 1) // 2
                    halves["<" + form[:half]].append(form)
                    halves[form[len(form) - half :] + ">"].append(form)
                self._labels[form].append((body.id, told))
                single.setdefault(_DOUBLED.sub(r"\1", form), []).append(form)
        self._near_by = halves, sorted({len(part) - 1 for part in halves}), single

    def add(self, texts: Sequence[str]) -> None:
        """Compare domains or links."""
        told = [domain_of(text) for text in texts]
        self.read += len(told)
        self.no_domain += sum(one is None for one in told)
        domains = list({(one.written, one.below): one for one in told if one}.values())
        if not domains:
            return
        for domain, met in zip(domains, _met(domains, self._labels, self._near_by), strict=True):
            row = _row(domain, met, self._own)
            if row is not None and _better(row, self._found.get(domain.written)):
                self._found[domain.written] = row

    def rows(self) -> list[dict[str, Any]]:
        """What was found so far, by domain."""
        return [self._found[domain] for domain in sorted(self._found)]


def _better(row: dict[str, Any], known: dict[str, Any] | None) -> bool:
    """Whether a row tells more of a domain, in whatever order its hosts are given."""
    if known is None or row["score"] != known["score"]:
        return known is None or row["score"] > known["score"]
    return bool((row["identity"], row["reasons"]) < (known["identity"], known["reasons"]))


def _affixes() -> list[str]:
    forms = set(split(coarse(joined(impersonation_words().affixes)))) - {""}
    return sorted(forms, key=lambda form: (-len(form), form))


@cache
def _at_start() -> re.Pattern[str]:
    # The line end comes first, so that the search jumps from line to line.
    return re.compile(rf"\n(?:{'|'.join(map(re.escape, _affixes()))})(?=[^\n]{{3}})")


@cache
def _at_end() -> re.Pattern[str]:
    turned = "|".join(re.escape(form[::-1]) for form in _affixes())
    return re.compile(rf"\n(?:{turned})(?=[^\n]{{3}})")


def stripped_forms(text: str) -> Iterator[str]:
    """Coarse lines without an affix at the end, at the start, at both, and without two at each."""
    end = _at_end().sub("\n", text[::-1])[::-1]
    yield end
    yield _at_start().sub("\n", text)
    both = _at_start().sub("\n", end)
    yield both
    yield _at_start().sub("\n", _at_end().sub("\n", both[::-1])[::-1])


def _forms(labels: Sequence[str]) -> list[str]:
    return split(coarse(joined(labels)))


def _met(
    domains: Sequence[Domain],
    labels: dict[str, list[tuple[str, Domain]]],
    near_by: tuple[dict[str, list[str]], Sequence[int], dict[str, list[str]]],
) -> Iterator[list[tuple[str, str, Domain]]]:
    """For each domain how it meets which body's domain."""
    halves, sizes, single = near_by
    text = coarse(joined([domain.label for domain in domains]))
    forms = split(text)
    bare = list(zip(*(split(form) for form in stripped_forms(text)), strict=True))
    for domain, form, stripped in zip(domains, forms, bare, strict=True):
        met = [("label", body, own) for body, own in labels.get(form, ())]
        for one in dict.fromkeys(stripped):
            if one != form:
                met += [("affix", body, own) for body, own in labels.get(one, ())]
        for part in (*_forms(domain.label.split("-")), *_forms(domain.below.split("."))):
            if len(part) >= LEAST_LABEL and part != form:
                met += [("part", body, own) for body, own in labels.get(part, ())]
        near = {
            key
            for size in sizes
            for part in ("<" + form[:size], form[-size:] + ">")
            for key in halves.get(part, ())
            if abs(len(key) - len(form)) <= 1
        }
        for key in single.get(_DOUBLED.sub(r"\1", form), ()):
            if key != form and len(form) > len(key) >= LEAST_LABEL - 1:
                met += [("doubled", body, own) for body, own in labels[key]]
        for key in sorted(near - {form}):
            if OSA.distance(key, form, score_cutoff=1) == 1:
                met += [("typo", body, own) for body, own in labels[key]]
        yield met


_POINTS = {"label": 0.6, "affix": 0.55, "part": 0.5, "typo": 0.55, "doubled": 0.6}
_SAID = {
    "affix": "is {own} with words around it",
    "part": "has the name of {own} as a part",
    "typo": "is one slip away from {own}",
    "doubled": "is {own} with letters doubled",
}


def _row(
    domain: Domain, met: Sequence[tuple[str, str, Domain]], own: dict[str, str]
) -> dict[str, Any] | None:
    if domain.written in own:
        return _told(domain, own[domain.written], "declared", 0.0, ["the register lists it"])
    best: dict[str, Any] | None = None
    for how, body, other in met:
        points = _POINTS[how] - (SHORT if len(other.label) < LEAST_LABEL else 0.0)
        said = _SAID.get(how, "").format(own=other.written)
        if how == "label" and domain.label == other.label:
            said = f"is {other.written} under another ending, .{domain.ending}"
        elif how == "label":
            points += 0.2
            said = f"looks like {other.written}"
        reasons = [f"{domain.label}.{domain.ending} {said} ({points:+.2f})"]
        odd = odd_characters(domain.label)
        reasons += [f"it is written with {', '.join(odd[:5])}"] if odd else []
        reasons.append("nothing but names speaks for it, and a name alone never convicts")
        score = round(min(points, 1.0), 4)
        if score >= THRESHOLD and (best is None or score > best["score"]):
            best = _told(domain, body, "resembles", score, reasons)
    return best


def _told(
    domain: Domain, body: str, verdict: str, score: float, reasons: list[str]
) -> dict[str, Any]:
    return {
        "domain": domain.written,
        "identity": body,
        "verdict": verdict,
        "score": score,
        "reasons": reasons,
    }
