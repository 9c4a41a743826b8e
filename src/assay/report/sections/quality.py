"""How good the data are: rows read, kept and rejected, files, and the resolution of times."""

from __future__ import annotations

from typing import Any

from assay.report.context import Context
from assay.report.gather import Gathered
from assay.report.markup import Markup, bdi, el, facts, table
from assay.report.totals import totals
from assay.report.words import count, moment, span

MOST_REASONS = 50
MOST_FILES = 200


def quality_section(context: Context) -> Markup:
    """What the run could and could not use."""
    gathered = context.gathered
    size = totals(gathered)
    resolution = gathered.part("data").get("time_resolution_s") or gathered.manifest.get(
        "time_resolution_s"
    )
    rows: list[tuple[Any, Any]] = [
        ("Rows read", _count(size.read)),
        ("Kept", _count(size.kept)),
        ("Rejected", _count(size.rejected)),
        ("Kept, but naming nothing to share", _count(gathered.manifest.get("without_shares"))),
        ("Posts", _count(size.posts)),
        ("Shares of the kinds looked at", _count(size.shares)),
        ("Accounts", _count(size.accounts)),
        ("Objects", _count(size.objects)),
        ("First share", None if size.first_us is None else moment(size.first_us) + " UTC"),
        ("Last share", None if size.last_us is None else moment(size.last_us) + " UTC"),
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
        rejected = totals(gathered).rejected
        if rejected:
            return el(
                "p", f"{count(rejected)} rows were rejected; the reasons lie with the dataset."
            )
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


def _files(gathered: Gathered) -> list[Markup | None] | None:
    inputs = gathered.manifest.get("inputs") or gathered.run.get("inputs")
    if not isinstance(inputs, list) or not inputs:
        return None
    files = [item for item in inputs if isinstance(item, dict)]
    rest = len(files) - MOST_FILES
    rows = [
        (
            bdi(str(item.get("source") or item.get("path") or "")),
            str(item.get("format", "–")),
            _count(item.get("read", item.get("rows"))) or "–",
            _count(item.get("rejected")) or "–",
            el("code", str(item.get("sha256", "")), class_="hash"),
        )
        for item in files[:MOST_FILES]
    ]
    caption = "Files read" + (
        f" (the first {MOST_FILES}; all in manifest.json)" if rest > 0 else ""
    )
    columns = [
        ("File", False),
        ("Read as", False),
        ("Rows", True),
        ("Rejected", True),
        ("SHA-256", False),
    ]
    return [
        table(caption, columns, rows),
        _mappings(files),
        _skipped(gathered),
        _notes(files),
    ]


def _mappings(files: list[dict[str, Any]]) -> Markup | None:
    """Which column was read as what, told once for files that agree."""
    told: dict[str, list[str]] = {}
    for item in files:
        mapping = item.get("mapping")
        if isinstance(mapping, dict) and mapping:
            text = ", ".join(f"{field} ← {column}" for field, column in sorted(mapping.items()))
            told.setdefault(text, []).append(str(item.get("source", "")))
    if not told:
        return None
    return el(
        "details",
        el("summary", "Which column was read as what"),
        [
            el(
                "p",
                bdi(names[0]),
                f" and {len(names) - 1} more" if len(names) > 1 else "",
                ": ",
                text,
            )
            for text, names in list(told.items())[:MOST_REASONS]
        ],
        class_="fold",
    )


def _skipped(gathered: Gathered) -> Markup | None:
    skipped = gathered.manifest.get("skipped")
    if not isinstance(skipped, dict) or not skipped:
        return None
    rows = [(bdi(str(name)), str(why)) for name, why in sorted(skipped.items())[:MOST_FILES]]
    return table("Files that are no data", [("File", False), ("Why", False)], rows)


def _notes(files: list[dict[str, Any]]) -> Markup | None:
    notes = [
        el("li", bdi(str(item.get("source", ""))), f": {note}")
        for item in files
        for note in item.get("notes") or []
    ]
    return (
        el("div", el("h3", "Notes on the files"), el("ul", notes[:MOST_FILES])) if notes else None
    )
