"""Cells that a spreadsheet could run as a formula, made harmless (OWASP, CSV injection)."""

from __future__ import annotations

import re

FORMULA_STARTS = r"^(['=+\-@\t\r\n＝＋－＠])"
"""A cell that begins so may run as a formula. The apostrophe is among them so that taking one
leading apostrophe away gives back the original, always."""


def harmless_cell(text: str) -> str:
    """The text, with an apostrophe before it if a spreadsheet could run it."""
    return re.sub(FORMULA_STARTS, r"'\1", text)
