"""How good the data are: rows read, kept and rejected, files, and the resolution of times."""

from __future__ import annotations

from typing import Any

from assay.model.units import format_bytes
from assay.report.context import Context
from assay.report.gather import Gathered
from assay.report.markup import Markup, bdi, el, facts, table
from assay.report.words import count, moment, parse_moment_us, span

MOST_REASONS = 50
MOST_FILES = 200


def quality_section(context: Context) -> Markup:
    """What the run could and could not use."""
    gathered = context.gathered
    data = gathered.part("data")
    first, last = parse_moment_us(data.get("first_at")), parse_moment_us(data.get("last_at"))
    resolution = data.get("time_resolution_s")
    rows: list[tuple[Any, Any]] = [
        ("Rows read", _count(data.get("read"))),
        ("Kept", _count(data.get("kept"))),
        ("Rejected", _count(data.get("rejected"))),
        ("Posts", _count(data.get("posts"))),
        ("Shares", _count(data.get("shares"))),
        ("Accounts", _count(data.get("accounts"))),
        ("Objects", _count(data.get("objects"))),
        ("First share", None if first is None else moment(first) + " UTC"),
        ("Last share", None if last is None else moment(last) + " UTC"),
        ("Times are exact to", span(float(resolution)) if resolution else None),
    ]
    return el(
        "section",
        el("h2", "Data quality"),
        el(
            "p",
            "Every row read is either kept or rejected with a reason; none is dropped in silence.",
        ),
        facts(rows),
        _rejects(gathered),
        _files(gathered),
        id="quality",
    )


def _count(value: Any) -> str | None:
    return count(value) if isinstance(value, int | float) else None


def _rejects(gathered: Gathered) -> Markup:
    if not gathered.rejects:
        rejected = gathered.part("data").get("rejected")
        if rejected:
            return el("p", f"{count(rejected)} rows were rejected; the reasons lie with the dataset.")
        return el("p", "No row was rejected.")
    rows = [
        (row["reason"], bdi(row["source"]), count(row["reason_count"]))
        for row in gathered.rejects[:MOST_REASONS]
    ]
    rest = len(gathered.rejects) - len(rows)
    caption = "Rows rejected, by reason and file"
    if rest:
        caption += f" ({count(rest)} rarer reasons are in rejects.parquet)"
    return table(caption, [("Reason", False), ("File", False), ("Rows", True)], rows)


def _files(gathered: Gathered) -> Markup | None:
    inputs = gathered.manifest.get("inputs") or gathered.run.get("inputs")
    if not isinstance(inputs, list) or not inputs:
        return None
    files = [item for item in inputs if isinstance(item, dict)]
    rest = len(files) - MOST_FILES
    rows = []
    for item in files[:MOST_FILES]:
        size = item.get("bytes", item.get("size_bytes"))
        rows.append(
            (
                bdi(str(item.get("path") or item.get("name") or item.get("source") or "")),
                _count(item.get("rows", item.get("read"))) or "–",
                format_bytes(size) if isinstance(size, int | float) else "–",
                el("code", str(item.get("sha256", "")), class_="hash"),
            )
        )
    caption = "Files read" + (f" (the first {MOST_FILES}; all in manifest.json)" if rest > 0 else "")
    columns = [("File", False), ("Rows", True), ("Size", True), ("SHA-256", False)]
    return table(caption, columns, rows)
