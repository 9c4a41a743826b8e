"""What many people are called: words and names that do not tell one body from the population.

The lexicon knows given names and ordinary words. A sample of the population teaches the rest: words
that people bear, names of the register that people bear by chance, and names that stand inside
other people's names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from assay.lexicon.ordinary_words import ordinary_words
from assay.lexicon.people import given_names
from assay.text.name_forms import joined, plain, split, words

LEAST_WORD = 3
"""Letters of a word that counts."""
LEAST_SEEN = 3
"""Times that a word or name must be seen in the sample at least."""
PER_MILLION = 5.0
"""And that often among a million names."""


@cache
def words_of_lexicon() -> frozenset[str]:
    """Given names and ordinary words in the plain form."""
    known = sorted(given_names() | ordinary_words())
    return frozenset(form for form in split(plain(joined(known))) if len(form) >= LEAST_WORD)


@dataclass(frozen=True)
class Population:
    """What was learnt.

    Attributes:
        words: Words that many bear, in the plain form.
        names: Looks of the register's names that many bear.
        inside: Looks of the register's names that stand inside many other names.
    """

    words: frozenset[str] = field(default_factory=words_of_lexicon)
    names: frozenset[str] = frozenset()
    inside: frozenset[str] = frozenset()


def least_seen(sample: int) -> int:
    """How often something must be seen in a sample of so many names to be called common."""
    return max(LEAST_SEEN, round(PER_MILLION * sample / 1e6))


def common_words(batches: Iterable[list[str]]) -> tuple[frozenset[str], int]:
    """Words that many names of a sample hold, and how many names there were."""
    seen: Counter[str] = Counter()
    total = 0
    for names in batches:
        total += len(names)
        for line in split(words(joined(names))):
            seen.update(set(line.split()))
    least = least_seen(total)
    found = {word for word, count in seen.items() if count >= least and len(word) >= LEAST_WORD}
    return frozenset(found) | words_of_lexicon(), total


def readings(name: str) -> list[str]:
    """The words of a name in the plain form, digits at the end left away."""
    return without_end_digits(split(words(joined([name])))[0])


def without_end_digits(line: str) -> list[str]:
    """Words in the plain form, parted by blanks, digits at the end of each left away."""
    return [bare for word in line.split() if (bare := word.rstrip("0123456789"))]


def reads_wholly(letters: str, known: frozenset[str]) -> bool:
    """Whether a run of letters falls into known words without rest: ``mikebest``."""
    reached = [True] + [False] * len(letters)
    for end in range(LEAST_WORD, len(letters) + 1):
        reached[end] = any(
            reached[begin] and letters[begin:end] in known
            for begin in range(end - LEAST_WORD, -1, -1)
        )
    return reached[-1]
