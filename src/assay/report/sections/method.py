"""Parameters, how to cite and how to run it again."""

from __future__ import annotations

import hashlib
import shlex
from pathlib import PurePath
from typing import Any

from assay.model.units import format_duration
from assay.report.context import Context
from assay.report.gather import Gathered
from assay.report.markup import Markup, el, facts, table
from assay.report.words import count, span

LABELS = {
    "windows_s": "Windows, in seconds (windows_s)",
    "auto_window": "Window estimated from the data (auto_window)",
    "min_shared": "Fewest co-timed objects of a pair (min_shared)",
    "fdr": "Threshold on q (fdr)",
    "kinds": "Kinds of object (kinds)",
    "deltas": "Δ, as multiples of the window (deltas)",
    "max_sharers": "Cap on the sharers of an object (max_sharers)",
    "shrinkage": "κ of the gate's density; none where it was learnt (shrinkage)",
}
"""What the usual parameters are called; others stand under their own name."""


def method_section(context: Context) -> Markup:
    """What was set, and the notes that the run left."""
    gathered = context.gathered
    rows = [(LABELS.get(name, name), value) for name, value in flat(gathered.part("parameters"))]
    prediction = _predicted(gathered)
    notes = [str(note) for note in gathered.run.get("notes") or []]
    notes = [note for note in notes if note not in gathered.caps]
    return el(
        "section",
        el("h2", "Parameters and method"),
        el(
            "div",
            el("h3", "A cap was set"),
            el("p", "The person who ran this chose to leave something out:"),
            el("ul", [el("li", text) for text in gathered.caps]),
            class_="callout",
        )
        if gathered.caps
        else None,
        table("Parameters", [("Parameter", False), ("Value", False)], rows) if rows else None,
        el(
            "details",
            el("summary", "Share pairs predicted before the run"),
            table(
                "Share pairs within each window, counted before they were made",
                [("Kind", False), ("Window", True), ("Share pairs", True)],
                prediction,
            ),
            class_="fold",
        )
        if prediction
        else None,
        [el("h3", "Notes of the run"), el("ul", [el("li", note) for note in notes])]
        if notes
        else None,
        id="method",
    )


def rerun_section(context: Context) -> Markup:
    """How to cite the result, and the command that makes it again."""
    gathered = context.gathered
    version = gathered.version
    digest = hashlib.sha256(gathered.folder.run.read_bytes()).hexdigest()
    command = run_command(gathered)
    return el(
        "section",
        el("h2", "Cite and rerun"),
        el("h3", "Cite"),
        el(
            "p",
            f"Assay {version}, coordination report of run {digest[:16]}. State the data and how "
            "they were collected beside it, and quote a finding together with its limits.",
            class_="cite",
        ),
        el("h3", "Rerun"),
        el("pre", el("code", command), tabindex="0", aria_label="Command")
        if command
        else el("p", "The run does not record its command; the parameters are above."),
        el(
            "p",
            "How the files were read stands under data quality. The same input, parameters and "
            "version give the same tables on any machine. This page "
            "carries no date of its own, so that the same run gives the same page, byte for byte.",
        ),
        facts(
            [
                ("Assay", version),
                ("SHA-256 of run.json", el("code", digest, class_="hash")),
            ],
            class_="facts wide",
        ),
        id="rerun",
    )


def run_command(gathered: Gathered) -> str:
    """The command line of the run, as the run recorded it; empty if it did not."""
    recorded = gathered.run.get("command")
    return str(recorded) if recorded else _command_of(gathered)


def _command_of(gathered: Gathered) -> str:
    """The command that the parameters amount to; files by name, for folders differ."""
    files = [PurePath(path).name for path in gathered.run.get("input") or []]
    if not files:
        return ""
    parameters = gathered.part("parameters")
    options: list[str] = []
    if parameters.get("auto_window"):
        options += ["--window", "auto"]
    elif gathered.windows_s:
        options += ["--window", ",".join(format_duration(value) for value in gathered.windows_s)]
    for option, name in (("--min-shared", "min_shared"), ("--fdr", "fdr"),
                         ("--max-sharers", "max_sharers")):  # fmt: skip
        if parameters.get(name) is not None:
            options += [option, f"{parameters[name]:g}"]
    if parameters.get("kinds"):
        options += ["--kinds", ",".join(str(kind) for kind in parameters["kinds"])]
    if parameters.get("deltas"):
        options += ["--delta", ",".join(_delta(value) for value in parameters["deltas"])]
    return shlex.join(["assay", "scan", *files, *options, "-o", "OUT"])


def _delta(value: Any) -> str:
    return f"{value:g}w" if isinstance(value, int | float) else str(value)


def _predicted(gathered: Gathered) -> list[tuple[str, str, str]]:
    """Kind, window and share pairs that were predicted."""
    return [
        (str(row["kind"]), span(float(row["window_s"])), count(row["share_pairs"]))
        for row in gathered.run.get("prediction") or []
    ]


def flat(value: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Nested values as rows of dotted names, in the order of their names."""
    rows: list[tuple[str, str]] = []
    for name, item in sorted(value.items()):
        full = f"{prefix}{name}"
        if isinstance(item, dict):
            rows += flat(item, f"{full} · ")
        elif isinstance(item, list):
            rows.append((full, ", ".join(_plain(part) for part in item) or "none"))
        else:
            rows.append((full, _plain(item)))
    return rows


def _plain(value: Any) -> str:
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return f"{value:,}" if isinstance(value, int) and abs(value) >= 10_000 else str(value)
