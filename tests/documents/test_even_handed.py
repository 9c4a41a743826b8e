"""Swapping countries, actors and sides swaps the record and changes nothing else."""

import re

import pytest
from tests.documents.made_documents import read

from assay.documents.gazetteer import find_ministries, find_names
from assay.lexicon.names import adjectives, names
from assay.model.record import Span

TEXT = """The {adjective} Foreign Ministry urged Facebook and Twitter to reconsider their decision.

Facebook and Twitter deleted 18 accounts and two pages of allegedly {adjective} origin for
coordinated inauthentic behavior. The accounts were managed from {country}, the companies said.

“Facebook removed the accounts under the pretext of foreign interference,” the {adjective}
spokeswoman Ida Berg said. {country} will send a note to {other} over the blocking of accounts.

The paper was branded a foreign agent by the {other_adjective} Ministry of Justice."""

PAIRS = [
    ("Russia", "United States"),
    ("Ukraine", "Russia"),
    ("China", "Taiwan"),
    ("Israel", "Iran"),
    ("France", "Mali"),
    ("Kenya", "Norway"),
]


def _shape(reading, swapped):
    """The record with the names put back, and places left out: they shift with longer names."""

    def neutral(value):
        for name, slot in swapped.items():
            value = re.sub(rf"\b{re.escape(name)}\b", slot, value) if value else value
        return value

    def values(listed):
        return tuple((neutral(v.value), v.hedge, neutral(v.hedged_by), v.how) for v in listed)

    measures = [
        (
            one.actions[0][0], one.status, values(one.actor), values(one.platform),
            values(one.target), values(one.origin), values(one.operator), values(one.ground),
            tuple((c.n, c.unit, c.platform) for c in one.counts), values(one.asserted_by),
        )
        for one in reading.measures
    ]  # fmt: skip
    demands = [
        (one.status, values(one.actor), values(one.addressee), one.measure_id)
        for one in reading.demands
    ]
    labels = [(c.value, tuple(map(neutral, c.asserted_by))) for c in reading.claims
              if c.slot == "label"]  # fmt: skip
    return measures, demands, labels


def _filled(country, other):
    first, second = adjectives()[country], adjectives()[other]
    text = TEXT.format(country=country, other=other, adjective=first, other_adjective=second)
    text = text.replace(f"to {other}", f"to the {other}") if other.startswith("United") else text
    return read(text), {country: "{country}", other: "{other}", first: "{a}", second: "{b}"}


def test_the_swapped_record_differs_in_the_names_alone():
    reference = _shape(*_filled("Norway", "Kenya"))
    assert len(reference[0]) >= 2 and len(reference[1]) >= 2 and reference[2]
    for country, other in PAIRS:
        assert _shape(*_filled(country, other)) == reference, (country, other)


@pytest.mark.parametrize("country", sorted(adjectives()))
def test_every_country_is_known_alike(country):
    adjective = adjectives()[country]
    text = f"The {adjective} Foreign Ministry spoke about {country}."
    (ministry,) = find_ministries(text, Span(0, len(text)))
    assert ministry.name.value == f"{adjective} Ministry of Foreign Affairs"
    named = [m for m in find_names(text, Span(0, len(text))) if m.name.kind == "country"]
    assert named[-1].name.value == country


def test_no_name_is_marked_as_a_side():
    for written, listed in names().items():
        assert written.strip() == written
        for name in listed:
            assert not re.search(r"propaganda|enemy|hostile|troll", name.value, re.IGNORECASE)
