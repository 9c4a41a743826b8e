"""Words that weaken a value, and whose they are."""

import pytest
from tests.documents.made_documents import read

from assay.documents.derive_claims import all_claims
from assay.documents.hedges import hedge_of
from assay.model.record import Span


def _hedge(text: str, value: str) -> str | None:
    start = text.index(value)
    return hedge_of(text, Span(start, start + len(value)), Span(0, len(text)))


@pytest.mark.parametrize(
    ("text", "value", "hedge"),
    [
        ("Lumio removed 12 pages for alleged spam.", "spam", "alleged"),
        ("The pages were suspected of spam.", "spam", "suspected"),
        ("Reportedly, the pages and groups belonged to a firm.", "firm", "Reportedly"),
        # A capital before the word names nobody who tells.
        ("Those suspected pages were gone.", "pages", "suspected"),
        ("Russian suspected trolls ran the pages.", "trolls", "suspected"),
        ("Lumio removed 12 pages for Freedonia's alleged meddling.", "meddling", "alleged"),
        ("Tukan, alleged owner of the pages, is gone.", "pages", "alleged"),
        ("Tukan was named. Alleged spam was gone.", "spam", "Alleged"),
        # A verb: these words are told by somebody and weaken nothing.
        ("Lumio removed 12 pages that it had reported.", "12 pages", None),
        ("Tukan reported 12 pages.", "12 pages", None),
        ("The ministry alleged that 12 pages were gone.", "12 pages", None),
        ("The users had suspected spam.", "spam", None),
        ("They allegedly acted. Lumio removed 12 pages.", "12 pages", None),
    ],
)
def test_a_participle_weakens_and_a_verb_tells(text, value, hedge):
    assert _hedge(text, value) == hedge


def test_a_weakened_sum_and_number_say_so_and_whose_doubt_it_is():
    reading = read(
        "Facebook said that it had removed possibly 640 accounts which allegedly spent around "
        "$90,000 on advertising."
    )
    told = {one.slot: (one.hedge, one.hedged_by) for one in all_claims(reading) if one.hedge}
    assert told["count"] == ("possibly", "Facebook")
    assert told["spend"] == ("allegedly", "Facebook")


def test_what_was_spent_on_advertising_belongs_to_the_measure_before_it():
    reading = read(
        "Facebook removed 40 accounts.\n\nAbout $46,000 was spent on advertisements, all by card."
    )
    (measure,) = reading.measures
    (spend,) = measure.spend
    assert (spend.amount, spend.currency, spend.comparator) == (46_000, "USD", "~")
