"""What the acts on a case ask: a matter of the team's own, before it is anybody's notice."""

from __future__ import annotations

from functools import partial

from assay.web.questions import ActForm, Question

_form = partial(ActForm, "case")
_SAID = (
    Question("title", "In one line"),
    Question("explanation", "What it is about, and what is known", "text"),
    Question(
        "urls", "Exact addresses", "text", required=False, help="One a line, https://… or http://…"
    ),
)
CASE_FORM = _form(
    "draft",
    "Open a case",
    "Findings, documents, notes and tasks on one matter are kept together in it.",
    _SAID,
    usual="To be looked into.",
)

CASE_FORMS: tuple[ActForm, ...] = (
    _form("open", "Begin work on it", "It is worked on from now on.", usual="Taken up."),
    _form(
        "start_review",
        "Ask for a review",
        "Somebody else reads it; nobody reviews their own case.",
        usual="Ready to be read by somebody else.",
    ),
    _form(
        "finish_review",
        "Finish the review",
        "What it holds is carried by its evidence.",
        why="What came of the review",
    ),
    _form("send_back", "Send it back", "It is worked on again.", why="What is missing"),
    _form("close", "Close", "Nothing more is to be done.", usual="It is settled."),
    _form("reopen", "Open it again", "It is worked on again."),
    _form("amend", "Change what it says", "The history keeps what stood there.", _SAID, keeps=True),
)
"""In the order in which pages offer them."""
