"""Whose quoted words are, by the words around the marks."""

from __future__ import annotations

from tests.documents.made_documents import made_document

from assay.documents.parse import parse
from assay.documents.quotation_marks import marks_in
from assay.documents.quoted import _within_clause
from assay.documents.quotes import quotations

TEXT = "Alder said that “no rules here”“all of the rules” help."


def test_quoted_words_right_behind_others_begin_no_clause() -> None:
    (paragraph,) = parse(made_document(TEXT)).paragraphs
    first, second = marks_in(paragraph, quotations(TEXT, [paragraph.span]))
    assert first.before and not second.before
    assert not _within_clause(paragraph.doc[1], second)
