"""``report.html`` of a comparison with a register alone: the gallery, without any network."""

from __future__ import annotations

from typing import Any

import pyarrow.parquet as pq

from assay.engine.read_back import json_back
from assay.errors import CheckFailed
from assay.model.dataset import RunFolder
from assay.report import assets
from assay.report.gather import shown
from assay.report.html_page import page_head, whole_page
from assay.report.markup import Markup, bdi, el, facts, table
from assay.report.resembling import Resembling, read_findings, read_resembling
from assay.report.sections.resembling import accounts_section, domains_section
from assay.report.words import count, counted

LARGEST_BYTES = 25_000_000
MOST_CHANGES = 200


def is_gallery(run: RunFolder) -> bool:
    """Whether a run compared names alone, and looked for no synchrony."""
    return run.run.is_file() and run.identities.is_file() and not run.edges.is_file()


def write_gallery(run: RunFolder) -> int:
    """Write the page; the same run gives the same bytes.

    Returns:
        Its size in bytes.

    Raises:
        InputError: A file of the run is missing or broken.
        CheckFailed: The page came out larger than allowed.
    """
    found = read_resembling(run, read_findings(run))
    text = gallery_html(run, found)
    size = len(text.encode())
    if size > LARGEST_BYTES:
        raise CheckFailed(
            f"the report came out at {size:,} bytes; {LARGEST_BYTES:,} is the limit",
            fix="report this; the tables of the run are complete without the page",
        )
    unfinished = run.report.with_name(run.report.name + ".part")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(run.report)
    return size


def gallery_html(run: RunFolder, found: list[Resembling]) -> str:
    """The whole page."""
    script, style = assets.script(), assets.style()
    record = _record(run)
    accounts = [one for one in found if one.of_account]
    domains = [one for one in found if not one.of_account]
    made: list[tuple[str, str, Markup | None]] = [
        ("summary", "Summary", _summary(record, accounts, domains)),
        ("changes", "Since the earlier run", changes_section(run)),
        ("resembling-accounts", "Accounts", accounts_section(accounts)),
        ("resembling-domains", "Domains", domains_section(domains)),
        ("made", "How it was made", _made(record)),
    ]
    sections = [(name, title, part) for name, title, part in made if part is not None]
    body = el(
        "body",
        el("a", "Skip to the report", href="#main", class_="skip"),
        el(
            "header",
            el("div", el("p", "Assay", class_="brand"), el("h1", "Impersonation report"),
               el("p", bdi(shown(", ".join(record.get("input") or []))), class_="source")),
            el("button", "Dark", type="button", id="theme", class_="script-only",
               aria_pressed="false"),
            class_="page-header",
        ),
        el(
            "div",
            el("nav", el("ul", [el("li", el("a", title, href=f"#{name}"))
                                for name, title, _ in sections]), aria_label="Sections"),
            el("main", [part for _, _, part in sections], id="main", tabindex="-1"),
            class_="layout",
        ),
        el("footer", el("p", f"Made by Assay {record.get('version')}. This file is complete in "
                        "itself and contacts no one. Tables with every figure lie beside it."),
           class_="page-footer"),
        el("script", Markup(script)),
    )  # fmt: skip
    return whole_page(page_head("Impersonation report · Assay", style, script=script), body)


def _record(run: RunFolder) -> dict[str, Any]:
    return json_back(run.run)


def _summary(
    record: dict[str, Any], accounts: list[Resembling], domains: list[Resembling]
) -> Markup:
    identities = record.get("identities") or {}
    told = identities.get("accounts") or {}
    verdicts = told.get("verdicts") or {}
    listed = identities.get("domains") or {}
    tiles = [
        (told.get("read"), "accounts compared"),
        (verdicts.get("poses_as", 0) if told else None, "pose as a body"),
        (verdicts.get("resembles", 0) if told else None, "resemble one, not said to pose as it"),
        (told.get("labelled"), "labelled as their platform asks, and left out"),
        (listed.get("read"), "domains and links compared"),
        (len(domains) if listed else None, "domains that resemble a body’s"),
    ]
    poses = sum(one.comparison["verdict"] == "poses_as" for one in accounts)
    return el(
        "section",
        el("h2", "Summary"),
        el("p", headline(poses, len(accounts) - poses, len(domains)), class_="headline"),
        el(
            "dl",
            [
                el("div", el("dt", name), el("dd", count(value)))
                for value, name in tiles
                if value is not None
            ],
            class_="tiles",
        ),
        id="summary",
    )


def headline(poses: int, resemble: int, domains: int) -> str:
    """What was found, in a sentence."""
    parts = []
    if poses:
        verb = "poses" if poses == 1 else "pose"
        parts.append(f"{counted(poses, 'account')} {verb} as a protected body by more than a name")
    if resemble:
        # By name alone, or with a label in the name, or older than the body's own account.
        body = "one" if poses else "a protected body"
        verbs = f"resembles {body} and is" if resemble == 1 else f"resemble {body} and are"
        parts.append(f"{counted(resemble, 'account')} {verbs} not said to pose as it")
    if domains:
        verb = "resembles" if domains == 1 else "resemble"
        parts.append(f"{counted(domains, 'domain')} {verb} a body’s own")
    if not parts:
        return "Nothing was found that would have to be shown."
    return "; ".join(parts) + "."


def changes_section(run: RunFolder) -> Markup | None:
    """What is new, renamed or gone; None without an earlier run."""
    if not run.changes.is_file():
        return None
    rows = pq.read_table(run.changes).to_pylist()
    if not rows:
        return el("section", el("h2", "Since the earlier run"),
                  el("p", "Nothing is new, renamed or gone."), id="changes")  # fmt: skip
    cells = [
        (
            row["change"],
            bdi(shown(row["subject"])),
            bdi(shown(row["identity"])),
            _both(row, "verdict"),
            _both(row, "handle"),
            _both(row, "display_name"),
        )
        for row in rows[:MOST_CHANGES]
    ]
    heads = ("Change", "Account or domain", "Body", "Verdict", "Handle", "Display name")
    rest = len(rows) - len(cells)
    return el(
        "section",
        el("h2", "Since the earlier run"),
        table("New, renamed and gone", [(head, False) for head in heads], cells),
        el("p", f"{count(rest)} more in changes.parquet.", class_="left-out") if rest else None,
        id="changes",
    )


def _both(row: dict[str, Any], name: str) -> Any:
    now, before = row[name], row[f"{name}_before"]
    if before in (None, now):
        return bdi(shown(now)) if now else "–"
    return [bdi(shown(before)), " → ", bdi(shown(now)) if now else "–"]


def _made(record: dict[str, Any]) -> Markup:
    told = record.get("identities") or {}
    refused = (told.get("accounts") or {}).get("refused_pictures") or []
    return el(
        "section",
        el("h2", "How it was made"),
        facts(
            [
                ("Register", bdi(shown(str(told.get("register", ""))))),
                ("SHA-256 of the register", el("code", told.get("register_sha256", ""),
                                               class_="hash")),
                ("Dates held against", told.get("today")),
                ("Assay", record.get("version")),
            ],
            class_="facts wide",
        ),
        [el("h3", "Pictures left out"), el("ul", [el("li", bdi(shown(one))) for one in refused])]
        if refused
        else None,
        id="made",
    )  # fmt: skip
