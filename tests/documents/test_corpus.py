"""The corpus of our own: every gold value stands in its document, and there is enough of it."""

from __future__ import annotations

from collections import Counter

import pytest
from benchmarks.documents_gold import CORPUS, SPLITS, Gold, load_gold, relations

from assay.documents.page import Refused
from assay.documents.read_pages import read_documents
from assay.documents.record_rows import claim_rows


@pytest.fixture(scope="module", params=SPLITS)
def split(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def golds(split: str) -> list[Gold]:
    return list(load_gold(split))


def test_every_document_has_its_truth(split: str) -> None:
    documents = {path.name for path in (CORPUS / split).iterdir()}
    truths = {path.name.removesuffix(".yaml") for path in (CORPUS / "gold" / split).iterdir()}
    assert documents == truths


def test_there_are_as_many_as_promised() -> None:
    names = [path.name for split in SPLITS for path in (CORPUS / split).iterdir()]
    languages = Counter(name[:2] for name in names)
    assert len(names) >= 40
    assert languages["ru"] >= 8
    assert languages["fr"] >= 8
    assert languages["de"] >= 4


def test_every_value_stands_at_its_place(golds: list[Gold]) -> None:
    for gold in golds:
        for row in claim_rows(gold.reading):
            if row["start"] is not None:
                assert gold.document.text[row["start"] : row["end"]] == row["exact"], gold.name
        told = [count for one in gold.reading.measures for count in one.counts]
        for count in told:
            assert 0 <= count.span.start < count.span.end, gold.name


def test_segments_of_the_gold_begin_in_the_text(golds: list[Gold]) -> None:
    for gold in golds:
        for _, begins in gold.segments:
            assert begins in gold.document.text, (gold.name, begins)


def test_relations_name_measures_that_are_there(split: str, golds: list[Gold]) -> None:
    there = {(gold.name, measure.measure_id) for gold in golds for measure in gold.reading.measures}
    told = relations(split)
    members = [tuple(one) for event in told["events"] for one in event]
    sides = [tuple(one) for row in told["relations"] for side in row[1:3] for one in side]
    apart = [tuple(one) for pair in told["apart"] for one in pair]
    assert set(members) | set(sides) | set(apart) <= there
    assert len(members) == len(set(members)), "a measure tells of one act"


def test_the_login_wall_is_refused() -> None:
    (page,) = read_documents([CORPUS / "train" / "en-paywall.html"])
    assert isinstance(page, Refused)
