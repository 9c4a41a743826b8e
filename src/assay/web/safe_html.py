"""Pages that came as evidence: their words and their order, nothing that acts or loads."""

from __future__ import annotations

from html import escape

_TAGS = (
    "a abbr article aside b blockquote br caption cite code dd del div dl dt em figcaption figure"
    " footer h1 h2 h3 h4 h5 h6 header hr i ins kbd li main mark ol p pre q s samp section small"
    " span strong sub sup table tbody td tfoot th thead time tr u ul"
)
"""Elements that stay; of every other its text stays, but scripts and styles go whole."""
POLICY = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
"""For the browser: nothing runs, nothing is loaded, no form leads anywhere."""


def safe_html(content: bytes, title: str) -> str:
    """A page of the words of an HTML file; no link leads anywhere, and nothing is asked for.

    Args:
        content: The file; taken as UTF-8, what is none becomes a sign of replacement.
        title: What the browser shows as the page's title.
    """
    # Loaded here: reading evidence is rare, and everything else does without it.
    import nh3

    body = nh3.clean(
        content.decode("utf-8", "replace"),
        tags=set(_TAGS.split()),
        clean_content_tags={"script", "style", "title", "template", "noscript"},
        attributes={},
        link_rel=None,
    )
    head = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}'
    return f"{head}</title></head><body>{body}</body></html>"
