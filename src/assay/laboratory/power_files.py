"""Write what a measurement of power found: tables, a record, pictures and a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assay import __version__
from assay.engine.write import write_exact, write_json, write_table
from assay.laboratory.power import POWER, PowerGrid, PowerResult
from assay.laboratory.power_picture import draw_power, legend
from assay.laboratory.power_words import OBJECT_NAMES, Row, headline, method, remarks, within
from assay.report import assets
from assay.report.html_page import page_head, whole_page
from assay.report.markup import Markup, el, facts, table
from assay.report.words import count, listed, span

TITLE = "How small a group could hide?"

STYLE = """
.single{max-width:84rem;margin:0 auto;padding:0 1.5rem 2rem}
.single .scroll{max-width:62rem}
.single h2:not(:first-child){margin-top:2rem}
.lead{font-size:1.15rem}
.power{max-width:46rem}
.power .grid{stroke:var(--line)}
.power .tick{font-size:14px}
.power .bar{stroke:var(--series);stroke-opacity:.55;stroke-width:2}
.power .line{stroke:var(--series);stroke-width:2}
.power .mark,.key .mark{fill:var(--series)}
.s0{--series:var(--accent)}.s1{--series:var(--near)}.s2{--series:#4c7a1f}
.s3{--series:#7a4fa3}.s4{--series:#8a6d00}.s5{--series:var(--quiet)}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;list-style:none;padding:0;margin:0 0 .5rem}
.legend li{display:flex;align-items:center;gap:.45rem}
.key{width:1.1rem;height:1.1rem}
@media (prefers-color-scheme:dark){.s2{--series:#9ccc65}.s3{--series:#c9a6ea}.s4{--series:#e0c04a}}
@media (max-width:40rem){.power .tick{font-size:22px}.single{padding-inline:1rem}}
"""


def write_power(out: Path, result: PowerResult, grid: PowerGrid, dataset_name: str) -> list[Path]:
    """Write ``power.parquet``, ``power.csv``, ``power.json``, pictures and ``power.html``.

    Args:
        out: Folder to write to.
        result: What was measured.
        grid: What was planted.
        dataset_name: What the page calls the data; no path.

    Returns:
        The files written.
    """
    written = write_table(out / "power.parquet", result.table, POWER)
    write_exact(out / "power.csv", written)
    rows: list[Row] = written.to_pylist()
    windows_s = result.parameters.windows_s
    record = {
        "made_by": f"assay power {__version__}",
        "dataset": dataset_name,
        "kind": result.kind,
        "grid": asdict(grid),
        "detector": asdict(result.parameters),
        "statement": headline(rows, result.kind),
        "remarks": remarks(rows, result.kind),
        "method": method(grid.known, result.kind, windows_s),
        "results": rows,
    }
    write_json(out / "power.json", record)
    paths = [out / name for name in ("power.parquet", "power.csv", "power.json", "power.html")]
    for jitter_s in sorted({row["jitter_s"] for row in rows}):
        path = out / f"power-{jitter_s:g}s.svg"
        path.write_text(str(draw_power(_of(rows, jitter_s), standalone=True)), encoding="utf-8")
        paths.append(path)
    page = out / "power.html"
    unfinished = page.with_name(page.name + ".part")
    unfinished.write_text(page_html(rows, record, windows_s), encoding="utf-8")
    unfinished.replace(page)
    return paths


def _of(rows: Sequence[Row], jitter_s: float) -> list[Row]:
    return [row for row in rows if row["jitter_s"] == jitter_s]


def page_html(rows: Sequence[Row], record: dict[str, Any], windows_s: Sequence[float]) -> str:
    """The page: complete in itself, without a script, loading nothing."""
    style = assets.style() + STYLE
    head = page_head(f"{TITLE} · Assay", style)
    top = el(
        "header",
        el("div", el("p", "Assay", class_="brand"), el("h1", TITLE),
           el("p", el("bdi", record["dataset"]), class_="source")),
        class_="page-header",
    )  # fmt: skip
    body = el(
        "body",
        top,
        el("main", _summary(record), _pictures(rows, record["kind"]),
           _method(rows, record, windows_s), id="main", class_="single"),
        el("footer", el("p", f"Made by Assay {__version__}. This file is complete in itself and "
                        "contacts no one. Tables with every figure lie beside it."),
           class_="page-footer"),
    )  # fmt: skip
    return whole_page(head, body)


def _summary(record: dict[str, Any]) -> Markup:
    return el(
        "section",
        el("h2", "In short"),
        el("p", record["statement"], class_="lead"),
        [el("p", remark) for remark in record["remarks"]],
    )


def _pictures(rows: Sequence[Row], kind: str) -> Markup:
    one, many = OBJECT_NAMES.get(kind, ("object", "objects"))
    counts = sorted({row["objects"] for row in rows})
    return el(
        "section",
        el("h2", "Share of a group's accounts that were found"),
        legend(counts, one, many),
        [
            [
                el("h3", f"All share within {within(jitter_s)}"),
                el("figure", draw_power(_of(rows, jitter_s))),
            ]
            for jitter_s in sorted({row["jitter_s"] for row in rows})
        ],
    )


def _method(rows: Sequence[Row], record: dict[str, Any], windows_s: Sequence[float]) -> Markup:
    grid, detector = record["grid"], record["detector"]
    return el(
        "section",
        el("h2", "Every figure"),
        table(
            "Planted groups and what was found of them; intervals of 95 %",
            [("Within", True), ("Objects", True), ("Accounts", True), ("Found", True),
             ("Interval", True), ("Groups seen", True), ("Plantings", True)],
            [
                [within(row["jitter_s"]), row["objects"], row["size"], f"{row['found_share']:.0%}",
                 f"{row['low']:.0%} to {row['high']:.0%}", row["groups_seen"], row["runs"]]
                for row in rows
            ],
        ),
        el("h2", "How it was measured"),
        el("ul", [el("li", sentence) for sentence in record["method"]]),
        facts(
            [
                ("Window", listed([span(window_s) for window_s in windows_s])),
                ("Fewest common objects", detector["min_shared"]),
                ("False discovery rate", detector["fdr"]),
                ("Kinds looked at", listed(list(detector["kinds"]))),
                ("Kind shared by the groups", record["kind"]),
                ("Plantings of each group", count(grid["runs"])),
                ("Seed", str(grid["seed"])),
            ]
        ),
    )  # fmt: skip
