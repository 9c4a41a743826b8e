"""Learns from a sample of the population which names do not distinguish their bodies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from assay.identities.account_rows import AccountBatch
from assay.identities.candidates import find_hits
from assay.identities.compile import Compiled, compile_register
from assay.identities.keyring import looks_of
from assay.identities.population import (
    Population,
    common_words,
    least_seen,
    words_of_lexicon,
)
from assay.identities.register import Body
from assay.identities.search import IS, WITHIN


def learn_population(bodies: Sequence[Body], batches: Iterable[Sequence[str]]) -> Population:
    """Learn from names of people and accounts of no concern.

    Args:
        bodies: The register.
        batches: Handles and display names of a sample; some thousands at least.
    """
    kept = [list(names) for names in batches]
    words, total = common_words(kept)
    plain = compile_register(bodies)
    seen: dict[int, Counter[int]] = {IS: Counter(), WITHIN: Counter()}
    for names in kept:
        for _, spelling, how, _, _ in find_hits(names, plain)[0].tolist():
            if how in seen:
                seen[how][int(plain.keyring.keys[spelling])] += 1
    least = least_seen(total)
    return Population(words, _looks(plain, seen[IS], least), _looks(plain, seen[WITHIN], least))


def _looks(register: Compiled, seen: Counter[int], least: int) -> frozenset[str]:
    return frozenset(
        looks_of([register.keys[key].spelt for key, count in seen.items() if count >= least])
    )


def names_in(accounts: AccountBatch) -> list[str]:
    """Handles and display names of a batch."""
    both = chain(accounts.names("handle"), accounts.names("display_name"))
    return [name for name in both if name]


def population_told(population: Population | None) -> dict[str, list[str]] | None:
    """What was learnt, for ``identities.json``; words of the lexicon are not repeated."""
    if population is None:
        return None
    return {
        "words": sorted(population.words - words_of_lexicon()),
        "names": sorted(population.names),
        "inside": sorted(population.inside),
    }


def population_of(told: Mapping[str, Sequence[str]] | None) -> Population | None:
    """The other way round."""
    if told is None:
        return None
    words = frozenset(told["words"]) | words_of_lexicon()
    return Population(words, frozenset(told["names"]), frozenset(told["inside"]))
