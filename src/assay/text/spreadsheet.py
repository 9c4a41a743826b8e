"""Cells that a spreadsheet could run as a formula, made harmless (OWASP, CSV injection)."""

from __future__ import annotations

import re

FORMULA_STARTS = r"^(['=+\-@\t\r\n＝＋－＠])"
"""A cell that begins so may run as a formula. The apostrophe is among them so that taking one
leading apostrophe away gives back the original, always."""


def harmless_cell(text: str) -> str:
    """The text, with an apostrophe before it if a spreadsheet could run it."""
    return re.sub(FORMULA_STARTS, r"'\1", text)


def original_cell(text: str) -> str:
    """The text that :func:`harmless_cell` was given; what it would not have made stays as it is."""
    return text[1:] if text[:1] == "'" and re.match(FORMULA_STARTS, text[1:]) else text
