"""The Parquet schemas of a record: what ``assay read`` writes.

Offsets count Unicode code points of ``text/<sha256>.txt``, the end excluded. Values that are lists
by nature and have a name of their own in a column are joined by ``"; "`` there; ``values`` holds
each one with its place.
"""

from __future__ import annotations

import pyarrow as pa

_TEXT = pa.string()
_PLACE = pa.int64()

SPAN = pa.struct([("start", _PLACE), ("end", _PLACE), ("exact", _TEXT)])
"""A stretch of text."""

SLOT_VALUE = pa.struct(
    [
        ("slot", _TEXT),
        ("value", _TEXT),
        ("start", _PLACE),
        ("end", _PLACE),
        ("hedge", _TEXT),
        ("hedged_by", _TEXT),
        ("how", _TEXT),
    ]
)
"""One value of a measure, statement or demand with the place it was read at."""

COUNT = pa.struct(
    [
        ("n", pa.float64()),
        ("comparator", _TEXT),
        ("unit", _TEXT),
        ("platform", _TEXT),
        ("start", _PLACE),
        ("end", _PLACE),
        ("most", pa.float64()),
        ("exact", _TEXT),
    ]
)
"""A number of things; ``start`` and ``end`` hold the number's own characters, ``exact`` the number
with what it counts."""

SPEND = pa.struct(
    [
        ("amount", pa.float64()),
        ("currency", _TEXT),
        ("comparator", _TEXT),
        ("period", _TEXT),
        ("start", _PLACE),
        ("end", _PLACE),
    ]
)
"""A sum of money."""

STEP = pa.struct([("action", _TEXT), ("start", _PLACE), ("end", _PLACE), ("exact", _TEXT)])
"""One step of a measure with the words that say it."""

SEGMENT = pa.struct([("role", _TEXT), ("start", _PLACE), ("end", _PLACE), ("note", _TEXT)])
"""A part of a page."""

DATED = pa.struct(
    [
        ("role", _TEXT),
        ("value", _TEXT),
        ("precision", _TEXT),
        ("start", _PLACE),
        ("end", _PLACE),
        ("how", _TEXT),
    ]
)
"""A date of a page."""

SOURCE = pa.struct(
    [("role", _TEXT), ("value", _TEXT), ("start", _PLACE), ("end", _PLACE), ("note", _TEXT)]
)
"""A link of the source chain."""

MEMBER = pa.struct([("document", _TEXT), ("measure_id", _TEXT)])
"""One telling of an event."""

CLAIM_KEY = pa.struct([("document", _TEXT), ("subject", _TEXT), ("slot", _TEXT)])
"""What a relation points at."""

RELATION = pa.struct(
    [
        ("kind", _TEXT),
        ("slot", _TEXT),
        ("left", pa.list_(CLAIM_KEY)),
        ("right", pa.list_(CLAIM_KEY)),
        ("why", _TEXT),
    ]
)
"""How claims of an event stand to each other."""


def _schema(*fields: tuple[str, pa.DataType] | tuple[str, pa.DataType, bool]) -> pa.Schema:
    return pa.schema(
        [pa.field(name, kind, nullable=not rest or rest[0]) for name, kind, *rest in fields]
    )


DOCUMENTS = _schema(
    ("document", _TEXT, False),
    ("sha256", _TEXT, False),
    ("media_type", _TEXT, False),
    ("language", _TEXT, False),
    ("title", _TEXT),
    ("published", _TEXT),
    ("precision", _TEXT),
    ("characters", _PLACE, False),
    ("segments", pa.list_(SEGMENT), False),
    ("dates", pa.list_(DATED), False),
    ("sources", pa.list_(SOURCE), False),
    ("links", pa.list_(_TEXT), False),
    ("notes", pa.list_(_TEXT), False),
)

REFUSED = _schema(("document", _TEXT, False), ("reason", _TEXT, False), ("fix", _TEXT, False))

CLAIMS = _schema(
    ("claim_id", _TEXT, False),
    ("document", _TEXT, False),
    ("subject", _TEXT, False),
    ("slot", _TEXT, False),
    ("value", _TEXT, False),
    ("norm", _TEXT),
    ("comparator", _TEXT),
    ("hedge", _TEXT),
    ("hedged_by", _TEXT),
    ("asserted_by", pa.list_(_TEXT), False),
    ("start", _PLACE),
    ("end", _PLACE),
    ("exact", _TEXT),
    ("prefix", _TEXT),
    ("suffix", _TEXT),
    ("in_text", pa.bool_(), False),
    ("how", _TEXT),
    ("segment", _TEXT),
    ("stage", _TEXT, False),
)

STATEMENTS = _schema(
    ("document", _TEXT, False),
    ("statement_id", _TEXT, False),
    ("kind", _TEXT, False),
    ("form", _TEXT, False),
    ("start", _PLACE, False),
    ("end", _PLACE, False),
    ("exact", _TEXT, False),
    ("spans", pa.list_(SPAN), False),
    ("cue_start", _PLACE),
    ("cue_end", _PLACE),
    ("speaker", _TEXT),
    ("speaker_start", _PLACE),
    ("speaker_end", _PLACE),
    ("role", _TEXT),
    ("organisation", _TEXT),
    ("addressee", _TEXT),
    ("venue", _TEXT),
    ("through", pa.list_(_TEXT), False),
    ("said_on", _TEXT),
    ("verbatim", pa.bool_(), False),
    ("evidence_offered", _TEXT),
    ("measure_id", _TEXT),
    ("segment", _TEXT),
    ("values", pa.list_(SLOT_VALUE), False),
)

MEASURES = _schema(
    ("measure_id", _TEXT, False),
    ("document", _TEXT, False),
    ("action", _TEXT, False),
    ("status", _TEXT, False),
    ("actor", _TEXT),
    ("platform", _TEXT),
    ("target", _TEXT),
    ("counts", pa.list_(COUNT), False),
    ("spend", pa.list_(SPEND), False),
    ("origin", _TEXT),
    ("operator", _TEXT),
    ("ground", _TEXT),
    ("legal_basis", _TEXT),
    ("evidence", _TEXT),
    ("election", _TEXT),
    ("repetition", _TEXT),
    ("disclosed_on", _TEXT),
    ("precision", _TEXT),
    ("acted_on", _TEXT),
    ("asserted_by", _TEXT),
    ("start", _PLACE, False),
    ("end", _PLACE, False),
    ("exact", _TEXT, False),
    ("actions", pa.list_(STEP), False),
    ("mentions", pa.list_(SPAN), False),
    ("segment", _TEXT, False),
    ("event_id", _TEXT),
    ("values", pa.list_(SLOT_VALUE), False),
)

DEMANDS = _schema(
    ("demand_id", _TEXT, False),
    ("document", _TEXT, False),
    ("status", _TEXT, False),
    ("actor", _TEXT),
    ("addressee", _TEXT),
    ("trigger", _TEXT, False),
    ("trigger_start", _PLACE, False),
    ("trigger_end", _PLACE, False),
    ("start", _PLACE, False),
    ("end", _PLACE, False),
    ("exact", _TEXT, False),
    ("target", _TEXT),
    ("counts", pa.list_(COUNT), False),
    ("legal_basis", _TEXT),
    ("demanded_on", _TEXT),
    ("measure_id", _TEXT),
    ("statement_id", _TEXT),
    ("mentions", pa.list_(SPAN), False),
    ("values", pa.list_(SLOT_VALUE), False),
)

EVENTS = _schema(
    ("event_id", _TEXT, False),
    ("members", pa.list_(MEMBER), False),
    ("relations", pa.list_(RELATION), False),
    ("joined_by", _TEXT, False),
    ("why", _TEXT),
)
