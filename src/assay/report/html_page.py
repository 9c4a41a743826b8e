"""The frame of every self-contained page: a head that lets it load nothing and contact no one."""

from __future__ import annotations

from assay.report.assets import policy_hash
from assay.report.markup import Markup, el, join

LARGEST_PAGE_BYTES = 25_000_000
"""A page of this size still opens on an old machine and passes through most letter boxes."""


def page_head(title: str, style: str, *, script: str | None = None) -> Markup:
    """The head of a page that opens from disk and reaches nothing outside itself.

    Its content security policy (W3C CSP Level 3) allows this very style, this very script and
    pictures written into the page, and nothing else.

    Args:
        title: What the browser's tab says.
        style: The only style sheet.
        script: The only script, which the body holds; None for a page without one.
    """
    policy = "; ".join(
        [
            "default-src 'none'",
            *([f"script-src {policy_hash(script)}"] if script is not None else []),
            f"style-src {policy_hash(style)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    return el(
        "head",
        el("meta", charset="utf-8"),
        # Not by el: the policy's quotes are its own, and no foreign text is in it.
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("meta", name="referrer", content="no-referrer"),
        # A phone would else make links of account ids that look like numbers or addresses.
        el("meta", name="format-detection", content="telephone=no, address=no, email=no"),
        el("meta", name="robots", content="noindex"),
        el("link", rel="icon", href="data:,"),
        el("title", title),
        el("style", Markup(style)),
    )


def whole_page(head: Markup, body: Markup) -> str:
    """The whole page in English, ending in a new line."""
    return f"<!doctype html>\n{join([el('html', head, body, lang='en')])}\n"
