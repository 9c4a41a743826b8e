"""ClaimReview (schema.org) of a record's statements: who claimed what, where, when; unrated.

Assay does not rule on truth, so no item carries a rating: ``reviewRating`` says that the claim is
not rated, in words and without a figure. A person who checks claims fills it in.
https://schema.org/ClaimReview
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.engine.write import write_json
from assay.exchange.record_tables import Row, check_record, rows
from assay.model.record_folder import RecordFolder

SCHEMA_ORG = {"@vocab": "https://schema.org/"}
"""The context stands in the file, so nothing is fetched to read it."""


@dataclass(frozen=True)
class ClaimReview:
    """One JSON-LD file with a ClaimReview for each statement whose speaker is named."""

    name: str = "claimreview"
    suffix: str = ".json"
    summary: str = "a record's statements as schema.org ClaimReview, unrated"

    def write(self, record: RecordFolder, out: Path) -> list[Path]:
        """Write the file.

        Raises:
            InputError: The folder holds no record.
        """
        check_record(record)
        documents = {row["document"]: row for row in rows(record.documents)}
        graph = [
            _review(row, documents[row["document"]])
            for row in rows(record.statements)
            if row["speaker"]
        ]
        write_json(out, {"@context": SCHEMA_ORG, "@graph": graph})
        return [out]


def appearance(document: Row) -> dict[str, Any]:
    """A document as schema.org describes it."""
    told = {
        "@type": "CreativeWork",
        "identifier": f"urn:sha256:{document['sha256']}",
        "name": document["title"] or document["document"],
        "inLanguage": document["language"] if document["language"] != "und" else None,
        "datePublished": _whole_date(document["published"]),
        "url": next((link for link in document["links"] if link.startswith("http")), None),
    }
    return {name: value for name, value in told.items() if value is not None}


def _review(row: Row, document: Row) -> dict[str, Any]:
    speaker: dict[str, Any] = {"@type": "Thing", "name": row["speaker"]}
    if row["role"]:
        speaker["description"] = row["role"]
    claim = {
        "@type": "Claim",
        "text": row["exact"],
        "author": speaker,
        "appearance": appearance(document),
        "firstAppearance": appearance(document),
    }
    if _whole_date(row["said_on"]):
        claim["datePublished"] = row["said_on"]
    return {
        "@type": "ClaimReview",
        "@id": f"urn:sha256:{document['sha256']}#char={row['start']},{row['end']}",
        "claimReviewed": row["exact"],
        "itemReviewed": claim,
        "reviewRating": {"@type": "Rating", "alternateName": "not rated"},
        "reviewBody": "Read from the document; whether it is true was not examined.",
    }


def _whole_date(text: str | None) -> str | None:
    """A date with its year; others have no form in schema.org."""
    return text if text and text[0].isdigit() else None
