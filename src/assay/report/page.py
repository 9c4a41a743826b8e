"""``report.html`` from a run's folder: one file, no network, the same bytes every time."""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass, replace
from typing import Any

from assay.errors import CheckFailed
from assay.model.dataset import RunFolder
from assay.model.progress import Progress
from assay.report import assets
from assay.report.context import Context
from assay.report.evidence import Evidence, read_evidence
from assay.report.gallery_page import changes_section, is_gallery, write_gallery
from assay.report.gather import Gathered, gather
from assay.report.html_page import page_head, whole_page
from assay.report.layout import lay_out
from assay.report.markup import Markup, el
from assay.report.payload import LARGEST_PAGE_BYTES, Payload, make_payload
from assay.report.pictures import (
    PALETTE_DARK,
    PALETTE_LIGHT,
    REST_DARK,
    REST_LIGHT,
    clear_pictures,
    draw_network,
    make_palette,
    write_pictures,
)
from assay.report.resembling import Resembling, read_findings
from assay.report.sections.beyond_pairs import undecided_section
from assay.report.sections.chance import chance_section
from assay.report.sections.groups import groups_section
from assay.report.sections.method import method_section, rerun_section
from assay.report.sections.network import network_section
from assay.report.sections.quality import quality_section
from assay.report.sections.resembling import accounts_section, domains_section
from assay.report.sections.summary import summary_section
from assay.report.sections.tables import tables_section
from assay.report.timeline import make_timelines
from assay.report.window_curve import read_curve

SPARE_BYTES = 20_000
"""Left free under the limit, for the page's frame."""


@dataclass(frozen=True)
class ReportSummary:
    """What was written.

    Attributes:
        path: The page, relative to the run.
        bytes: Its size.
        findings: Findings in it.
        accounts: Accounts in the network.
        edges: Pairs in the network.
        shown_pairs: Pairs of posts that open in the page.
        left_out_pairs: Pairs of posts that are in ``evidence/`` only.
        pictures: Files in ``pictures/``.
    """

    path: str
    bytes: int
    findings: int
    accounts: int
    edges: int
    shown_pairs: int
    left_out_pairs: int
    pictures: tuple[str, ...]

    @classmethod
    def of_gallery(cls, run: RunFolder, size: int) -> ReportSummary:
        """Of a run that compared names alone."""
        return cls(run.report.name, size, len(read_findings(run)), 0, 0, 0, 0, ())

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return asdict(self)


def write_report(run: RunFolder, progress: Progress) -> ReportSummary:
    """Write ``report.html`` and ``pictures/`` into a finished run.

    The page is a function of the run's files and of this version: it holds no clock and no
    machine's name. It is at most 25 MB; evidence that does not fit is counted in it and stays in
    ``evidence/``.

    Raises:
        InputError: The folder holds no run, or a file of it is broken.
        AssayError: The front end is not built.
        CheckFailed: The page came out larger than allowed.
    """
    progress.stage("reading the run")
    if is_gallery(run):
        return ReportSummary.of_gallery(run, write_gallery(run))
    gathered = gather(run)
    evidence = read_evidence(gathered)
    progress.stage("laying out the network")
    edges = gathered.edges
    positions = lay_out(len(gathered.accounts), edges.a, edges.b, edges.weight)
    palette = make_palette(gathered)
    timelines = make_timelines(gathered, evidence)
    progress.stage("drawing")
    found = len(gathered.accounts) > 0
    picture = draw_network(gathered, positions, palette) if found else None
    clear_pictures(run.pictures)
    pictures = write_pictures(run.pictures, picture, timelines, read_curve(gathered.run))
    still = ""
    if found:
        still = base64.b64encode((run.pictures / "network.png").read_bytes()).decode()
    progress.stage("writing the page")
    empty = Payload({}, {}, 0, len(evidence.pairs))
    context = Context(gathered, evidence, timelines, empty, palette, still)
    frame_bytes = len(page_html(context).encode())
    room = LARGEST_PAGE_BYTES - frame_bytes - SPARE_BYTES
    payload = make_payload(gathered, evidence, positions, room)
    text = page_html(replace(context, payload=payload))
    size = len(text.encode())
    if size > LARGEST_PAGE_BYTES:
        raise CheckFailed(
            f"the report came out at {size:,} bytes; {LARGEST_PAGE_BYTES:,} is the limit",
            fix="report this; the tables of the run are complete without the page",
        )
    unfinished = run.report.with_name(run.report.name + ".part")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(run.report)
    return _summary(gathered, evidence, payload, pictures, size)


def page_html(context: Context) -> str:
    """The whole page."""
    script, style = assets.script(), assets.style()
    sections = _sections(context)
    data = {
        name: el("script", Markup(text), type="application/json", id=f"data-{name}")
        for name, text in context.payload.scripts.items()
    }
    head = page_head("Coordination report · Assay", style, script=script)
    body = el(
        "body",
        el("a", "Skip to the report", href="#main", class_="skip"),
        _header(context),
        el(
            "div",
            _navigation(sections),
            el("main", [part for _, _, part in sections], id="main", tabindex="-1"),
            class_="layout",
        ),
        _footer(context),
        # The script starts as soon as it is read; figures and evidence follow it, for they are
        # large and are not needed before the reader asks for them.
        data.pop("network", None),
        el("script", Markup(script)),
        list(data.values()),
        data_palette_light=" ".join((*PALETTE_LIGHT, REST_LIGHT)),
        data_palette_dark=" ".join((*PALETTE_DARK, REST_DARK)),
    )
    return whole_page(head, body)


def _sections(context: Context) -> list[tuple[str, str, Markup]]:
    made: list[tuple[str, str, Markup | None]] = [
        ("summary", "Summary", summary_section(context)),
        ("groups", "Groups", groups_section(context)),
        ("undecided", "Undecided", undecided_section(context)),
        ("resembling-accounts", "Resembling accounts", accounts_section(_of_names(context, True))),
        ("resembling-domains", "Resembling domains", domains_section(_of_names(context, False))),
        ("changes", "Since the earlier run", changes_section(context.gathered.folder)),
        ("network", "Network", network_section(context)),
        ("chance", "How sure, and why", chance_section(context)),
        ("tables", "Tables", tables_section(context)),
        ("method", "Parameters", method_section(context)),
        ("quality", "Data quality", quality_section(context)),
        ("rerun", "Cite and rerun", rerun_section(context)),
    ]
    return [(name, title, part) for name, title, part in made if part is not None]


def _of_names(context: Context, accounts: bool) -> list[Resembling]:
    return [one for one in context.gathered.resembling if one.of_account == accounts]


def _navigation(sections: list[tuple[str, str, Markup]]) -> Markup:
    return el(
        "nav",
        el("ul", [el("li", el("a", title, href=f"#{name}")) for name, title, _ in sections]),
        aria_label="Sections",
    )


def _header(context: Context) -> Markup:
    inputs = context.gathered.manifest.get("inputs")
    files = [
        str(item.get("source") or item.get("path") or "")
        for item in inputs or []
        if isinstance(item, dict)
    ]
    named = ", ".join(files[:3]) + (f" and {len(files) - 3} more" if len(files) > 3 else "")
    return el(
        "header",
        el(
            "div",
            el("p", "Assay", class_="brand"),
            el("h1", "Coordination report"),
            el("p", el("bdi", named), class_="source") if named else None,
        ),
        el(
            "button",
            "Dark",
            type="button",
            id="theme",
            class_="script-only",
            aria_pressed="false",
        ),
        class_="page-header",
    )


def _footer(context: Context) -> Markup:
    version = context.gathered.version
    return el(
        "footer",
        el(
            "p",
            f"Made by Assay {version}. This file is complete in itself and contacts no one. Tables "
            "with every figure lie beside it.",
        ),
        class_="page-footer",
    )


def _summary(
    gathered: Gathered, evidence: Evidence, payload: Payload, pictures: list[str], size: int
) -> ReportSummary:
    return ReportSummary(
        path=gathered.folder.report.name,
        bytes=size,
        findings=len(gathered.findings) + len(gathered.resembling),
        accounts=len(gathered.accounts),
        edges=len(gathered.edges),
        shown_pairs=payload.shown_pairs,
        left_out_pairs=len(evidence.pairs) - payload.shown_pairs,
        pictures=tuple(pictures),
    )
