"""The drawing, the search, and the panel that shows the posts behind an account or a line."""

from __future__ import annotations

from assay.report.context import Context
from assay.report.markup import Markup, el
from assay.report.pictures import network_sentence
from assay.report.words import count, counted


def network_section(context: Context) -> Markup | None:
    """The network; left out when no pair passed."""
    if not context.found:
        return None
    said = network_sentence(context.gathered)
    return el(
        "section",
        el("h2", "Network"),
        el(
            "p",
            "Each dot is an account, each line a pair that passed the test. Nearness on the page "
            "means many common partners, and a colour tells one group from another; neither means "
            "anything else.",
        ),
        _search(),
        el(
            "div",
            el(
                "div",
                _drawing(said),
                _still(context, said),
                el("ul", id="legend", class_="legend script-only", aria_label="Groups by size"),
                class_="canvas-column",
            ),
            _panel(),
            class_="network-grid",
        ),
        _left_out(context),
        id="network",
    )


def _search() -> Markup:
    return el(
        "div",
        el("label", "Find an account", for_="account-search"),
        el(
            "input",
            id="account-search",
            type="search",
            autocomplete="off",
            spellcheck="false",
            role="combobox",
            aria_expanded="false",
            aria_controls="account-hits",
            aria_autocomplete="list",
        ),
        el("ul", id="account-hits", role="listbox", aria_label="Accounts found", hidden=True),
        el("p", id="search-status", class_="visually-hidden", role="status", aria_live="polite"),
        class_="search script-only",
    )


def _drawing(said: str) -> Markup:
    return el(
        "div",
        el(
            "div",
            id="drawing",
            tabindex="0",
            role="application",
            aria_roledescription="network drawing",
            aria_label=f"{said} Arrow keys move, plus and minus zoom, 0 shows everything. The "
            "tables of accounts and pairs hold the same as text.",
        ),
        el(
            "div",
            [
                el("button", sign, type="button", data_camera=move, aria_label=name)
                for sign, move, name in (
                    ("+", "in", "Zoom in"),
                    ("−", "out", "Zoom out"),
                    ("⤢", "all", "Show the whole network"),
                )
            ],
            class_="camera",
        ),
        class_="drawing-frame script-only",
    )


def _still(context: Context, said: str) -> Markup:
    return el(
        "img",
        src=f"data:image/png;base64,{context.network_png}",
        alt=said,
        class_="still",
    )


def _panel() -> Markup:
    return el(
        "div",
        el("h3", "Evidence", id="panel-title", tabindex="-1"),
        el(
            "div",
            el(
                "p",
                "Choose an account or a line, in the drawing or in the tables, to read the posts "
                "behind it side by side.",
            ),
            id="panel-body",
        ),
        id="panel",
        class_="panel script-only",
        role="region",
        aria_labelledby="panel-title",
        aria_live="polite",
    )


def _left_out(context: Context) -> Markup | None:
    payload = context.payload
    texts = []
    for name, what, file in (
        ("accounts", "account", "network_accounts.parquet"),
        ("edges", "pair", "network.parquet"),
        ("figures", "pair", "edges.parquet"),
    ):
        number = payload.left_out.get(name, 0)
        if number:
            part = "the figures of " if name == "figures" else ""
            texts.append(f"{part}{counted(number, what)} (in {file})")
    if payload.all_pairs > payload.shown_pairs:
        rest = payload.all_pairs - payload.shown_pairs
        texts.append(
            f"{count(rest)} of {count(payload.all_pairs)} pairs of posts (in evidence/, every one)"
        )
    if not texts:
        return None
    return el(
        "p", "To keep this page small it leaves out " + "; ".join(texts) + ".", class_="left-out"
    )
