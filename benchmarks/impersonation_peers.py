"""Other methods on the same names: UTS #39 skeletons, rapidfuzz, TF-IDF of letters, dnstwist.

Each says of a name which of the register's names it means, if any. dnstwist also serves as a
generator of attacks that we did not write. What is not installed is left out and said so:
``pip install rapidfuzz scikit-learn dnstwist``.
"""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
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


def tell_peers(keys: Sequence[str], attacks: Sequence[str], others: Sequence[str]) -> Iterator[str]:
    """A line for each method: recall, hits among other names, names per CPU-second."""
    for name, (module, method) in METHODS.items():
        if module and find_spec(module) is None:
            yield f"{name}: {module} is not installed"
            continue
        found = method(keys, attacks)
        began = time.process_time()
        hits = sum(method(keys, others))
        spent = time.process_time() - began
        yield (
            f"{name}: recall {sum(found) / len(found):.3f}, "
            f"{hits * 1e6 / len(others):,.0f} hits per million background names, "
            f"{len(others) / spent:,.0f} names per CPU-second"
        )


def twisted(bodies: Sequence[Body]) -> Iterator[tuple[str, str, Account]]:
    """Attacks made by dnstwist on handles taken as domains: kind, body, account."""
    if find_spec("dnstwist") is None:
        return
    import dnstwist

    # It makes thousands for a long name: every twelfth body and fortieth name is plenty.
    for body in bodies[::12]:
        for handle in body.handles:
            fuzz = dnstwist.Fuzzer(handle.handle.replace("_", "-") + ".com")
            fuzz.generate(["addition", "homoglyph", "omission", "repetition", "replacement",
                           "transposition", "vowel-swap", "insertion", "hyphenation"])  # fmt: skip
            for number, made in enumerate(sorted(fuzz.domains, key=lambda one: one["domain"])):
                label = made["domain"].removesuffix(".com")
                if made["fuzzer"] != "*original" and number % 40 == 0:
                    if label.startswith("xn--"):
                        label = label.removeprefix("xn--").encode("ascii").decode("punycode")
                    account = Account(f"twist|{body.id}|{label}", "mastodon", label)
                    yield f"dnstwist {made['fuzzer']}", body.id, account
