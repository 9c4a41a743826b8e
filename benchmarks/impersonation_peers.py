"""Other methods on the same names: UTS #39 skeletons, rapidfuzz, TF-IDF of letters, dnstwist.

Each says of a name which of the register's names it means, if any. dnstwist also serves as a
generator of attacks that we did not write. What is not installed is left out and said so:
``pip install rapidfuzz scikit-learn dnstwist``.
"""

from __future__ import annotations

import re
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.util import find_spec

from assay.identities.register import Body
from assay.identities.weigh import Account
from assay.lexicon.impersonation import lookalikes

Method = Callable[[Sequence[str], Sequence[str]], list[bool]]
LEAST_RATIO = 80
LEAST_COSINE = 0.65


def skeleton(name: str) -> str:
    """The skeleton of UTS #39: NFD, each character by its prototype, NFD; case folded."""
    told = lookalikes()
    parts = unicodedata.normalize("NFD", name)
    mapped = "".join(told.get(one, one) for one in parts)
    return unicodedata.normalize("NFD", mapped).casefold()


def by_skeleton(keys: Sequence[str], names: Sequence[str]) -> list[bool]:
    """Equal skeletons."""
    known = {skeleton(key) for key in keys}
    return [skeleton(name) in known for name in names]


def by_rapidfuzz(keys: Sequence[str], names: Sequence[str]) -> list[bool]:
    """A ratio of 80 and more to any key."""
    from rapidfuzz import fuzz, process, utils

    small = [utils.default_process(key) for key in keys]
    found: list[bool] = []
    for start in range(0, len(names), 2000):
        some = [utils.default_process(name) for name in names[start : start + 2000]]
        scores = process.cdist(some, small, scorer=fuzz.ratio, score_cutoff=LEAST_RATIO)
        found += (scores.max(axis=1) >= LEAST_RATIO).tolist()
    return found


def by_tfidf(keys: Sequence[str], names: Sequence[str]) -> list[bool]:
    """A cosine of .65 and more between TF-IDF vectors of three letters."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3), lowercase=True)
    known = vectors.fit_transform(keys).T.tocsr()
    found: list[bool] = []
    for start in range(0, len(names), 5000):
        scores = vectors.transform(names[start : start + 5000]) @ known
        found += (scores.max(axis=1).toarray().ravel() >= LEAST_COSINE).tolist()
    return found


METHODS: dict[str, tuple[str, Method]] = {
    "UTS #39 skeletons": ("", by_skeleton),
    "rapidfuzz ratio ≥ 80": ("rapidfuzz", by_rapidfuzz),
    "TF-IDF, 3 letters, cosine ≥ .65": ("sklearn", by_tfidf),
}
HEAD = (
    "| method | recall | hits per million background names | names per CPU-second |\n"
    "|---|---:|---:|---:|"
)


def tell_peers(
    ours: Callable[[Sequence[str]], list[bool]],
    keys: Sequence[str],
    attacks: Sequence[str],
    others: Sequence[str],
) -> Iterator[str]:
    """A table of methods on the same names.

    Args:
        ours: Says of each name whether it is flagged.
        keys: The register's names.
        attacks: Names that mean a body.
        others: Background names.
    """
    yield HEAD
    yield _line("ours", ours, attacks, others)
    for name, (module, method) in METHODS.items():
        if module and find_spec(module) is None:
            yield f"| {name} | {module} is not installed | | |"
            continue
        yield _line(name, partial(method, keys), attacks, others)


def _line(
    name: str,
    method: Callable[[Sequence[str]], list[bool]],
    attacks: Sequence[str],
    others: Sequence[str],
) -> str:
    found = method(attacks)
    began = time.process_time()
    hits = sum(method(others))
    spent = time.process_time() - began
    return (
        f"| {name} | {sum(found) / len(found):.3f} | {hits * 1e6 / len(others):,.0f} | "
        f"{len(others) / spent:,.0f} |"
    )


FUZZERS = ["addition", "homoglyph", "omission", "repetition", "replacement", "transposition",
           "vowel-swap", "insertion", "hyphenation"]  # fmt: skip
"""Of dnstwist, those that need no list of words or endings."""
MOST_TWISTS = 10
"""About so many names are taken of each fuzzer and handle."""
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")


def twisted(bodies: Sequence[Body]) -> Iterator[tuple[str, str, Account]]:
    """Attacks made by dnstwist on handles taken as domains: kind, body, account."""
    # It makes thousands for a long name: every twelfth body, and some of each fuzzer, are plenty.
    for body in bodies[::12]:
        for handle in body.handles:
            by_fuzzer: dict[str, list[str]] = defaultdict(list)
            for fuzzer, domain in _permutations(handle.handle.replace("_", "-") + ".com"):
                by_fuzzer[fuzzer].append(domain.removesuffix(".com"))
            for fuzzer, labels in by_fuzzer.items():
                for label in labels[:: max(len(labels) // MOST_TWISTS, 1)]:
                    seen = label
                    if label.startswith("xn--"):
                        seen = label.removeprefix("xn--").encode("ascii").decode("punycode")
                    account = Account(f"twist|{body.id}|{seen}", "mastodon", seen)
                    yield f"dnstwist {fuzzer}", body.id, account


def _permutations(domain: str) -> list[tuple[str, str]]:
    """Fuzzer and domain, sorted; none where the name is no domain, or dnstwist not installed."""
    if find_spec("dnstwist") is None or not _LABEL.fullmatch(domain.rpartition(".")[0]):
        return []
    import dnstwist

    fuzz = dnstwist.Fuzzer(domain)
    fuzz.generate(FUZZERS)
    made = {(one["fuzzer"], one["domain"]) for one in fuzz.domains}
    return sorted((one for one in made if one[0] != "*original"), key=lambda one: one[::-1])


def tell_dnstwist(what: str, pairs: Sequence[tuple[str, str]]) -> str:
    """How many lookalike domains dnstwist makes of their targets, endings taken as given.

    Args:
        what: The pairs are called so.
        pairs: Lookalike and target.
    """
    if find_spec("dnstwist") is None:
        return "dnstwist is not installed"
    made = {two: {domain for _, domain in _permutations(two)} for two in {two for _, two in pairs}}
    whole = sum(one in made[two] for one, two in pairs)
    labels = {two: {one.partition(".")[0] for one in (two, *made[two])} for two in made}
    ending = sum(one.partition(".")[0] in labels[two] for one, two in pairs)
    told = f"dnstwist makes {whole} of {len(pairs)} {what}"
    return f"{told}, and {ending} if told every ending beforehand"
