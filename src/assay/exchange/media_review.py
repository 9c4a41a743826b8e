"""MediaReview (schema.org) of a record's documents: what each says of its own origin; unrated.

Where a page credits an agency, an author or an original, that is the context which the format asks
for. Whether a page is authentic was not examined, so ``mediaAuthenticityCategory`` is left out.
https://schema.org/MediaReview
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.engine.write import write_json
from assay.exchange.claim_review import SCHEMA_ORG, appearance
from assay.exchange.record_tables import Row, check_record, rows
from assay.model.record_folder import RecordFolder


@dataclass(frozen=True)
class MediaReview:
    """One JSON-LD file with a MediaReview for each document."""

    name: str = "mediareview"
    suffix: str = ".json"
    summary: str = "what a record's documents say of their origin, as schema.org MediaReview"

    def write(self, record: RecordFolder, out: Path) -> list[Path]:
        """Write the file.

        Raises:
            InputError: The folder holds no record.
        """
        check_record(record)
        graph = [_review(row) for row in rows(record.documents)]
        write_json(out, {"@context": SCHEMA_ORG, "@graph": graph})
        return [out]


def _review(document: Row) -> dict[str, Any]:
    sources = [one for one in document["sources"] if one["value"]]
    told = {
        "@type": "MediaReview",
        "@id": f"urn:sha256:{document['sha256']}#review",
        "itemReviewed": appearance(document),
        "originalMediaLink": next(
            (
                one["value"]
                for one in sources
                if one["role"] == "origin_link" and "opaque" not in (one["note"] or "")
            ),
            None,
        ),
        "originalMediaContextDescription": "; ".join(
            f"{one['role'].replace('_', ' ')}: {one['value']}" for one in sources
        )
        or None,
        "reviewBody": "What the page says of its origin; its authenticity was not examined.",
    }
    return {name: value for name, value in told.items() if value is not None}
