"""What people chose to join and to split, as pairs of the tellings at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from assay.documents.choices import Choice
from assay.documents.relations import Told


class ChosenPairs:
    """Pairs of tellings, by their numbers, that people joined or split.

    Attributes:
        joined: Each pair with who joined it; a later split of a pair undoes it.
        split: Pairs that are kept apart; a later join of a pair undoes it.
    """

    def __init__(self, chosen: Sequence[Choice], tellings: Sequence[Told]) -> None:
        self.joined: dict[tuple[int, int], str] = {}
        self.split: set[tuple[int, int]] = set()
        of_document: dict[str, list[int]] = {}
        for number, telling in enumerate(tellings):
            of_document.setdefault(telling.document, []).append(number)
        for choice in chosen:
            for pair in combinations(sorted(_numbers_of(choice, tellings, of_document)), 2):
                if choice.choice == "join":
                    self.joined[pair] = choice.by
                    self.split.discard(pair)
                else:
                    self.split.add(pair)
                    self.joined.pop(pair, None)


def _numbers_of(
    choice: Choice, tellings: Sequence[Told], of_document: Mapping[str, Sequence[int]]
) -> list[int]:
    """The tellings that a choice names: by place, else by measure id."""
    found = []
    for index, (document, measure_id) in enumerate(choice.members):
        place = choice.places[index] if index < len(choice.places) else None
        same = of_document.get(document, ())
        by_place = [n for n in same if tellings[n].measure.span.start == place]
        by_id = [n for n in same if tellings[n].measure.measure_id == measure_id]
        found += (by_place or by_id)[:1]
    return found
