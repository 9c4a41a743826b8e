"""Questions that several acts ask."""

from __future__ import annotations

from dataclasses import replace

from assay.web.languages import LANGUAGE_NAMES
from assay.web.questions import Question

TOLD = Question(
    "told",
    "What the parties are told",
    "text",
    help="In plain words: what was decided, and why. Both sides read it; name nobody.",
)
CONCERNED_EMAIL = Question(
    "concerned_email", "E-mail address of the person concerned", "email", required=False
)
CONCERNED_URLS = Question(
    "concerned_urls",
    "Which addresses are theirs",
    "choices",
    help="Needed where there are several: they see the evidence about these alone. Ask whoever is"
    " behind the others too: each is heard apart, and learns of nobody else.",
    required=False,
)
CONCERNED_LANGUAGE = Question(
    "concerned_language",
    "Language of their letter",
    "choice",
    LANGUAGE_NAMES,
    help="Left open, it is in the language that they read the page in, or in English.",
    required=False,
)
WHO_CONCERNED = Question(
    "concerned", "Which of the people concerned", "choice", required=False, fact=True
)
MEMBER = Question("member", "Who", "choice", fact=True)


def in_group(heading: str, *questions: Question) -> tuple[Question, ...]:
    """Questions that need no answer, folded away under a heading."""
    return tuple(replace(one, group=heading, required=False) for one in questions)
