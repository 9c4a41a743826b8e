"""What the acts on a complaint ask: what it says, and to whom it goes."""

from __future__ import annotations

from functools import partial

from assay.web import words_outside as words
from assay.web.forms.sending import RECIPIENT, sending_forms
from assay.web.questions import ActForm, Question

_form = partial(ActForm, "complaint")
_KIND = Question("complainant_kind", "Who that is", "choice", words.COMPLAINANTS, fact=True)
_PUBLIC = Question(
    "may_be_public",
    "May the complaint and its answers be public?",
    "yesno",
    help="Who complains decides. Nothing is published before somebody has prepared it and a"
    " reviewer publishes it. With a no, what was published is withdrawn and its text erased.",
    fact=True,
)
_SAID = (
    Question("title", "In one line"),
    Question("complainant", "Who complains", help="The person or body in whose name this goes."),
    Question(
        "urls", "Exact addresses", "text", help="Of what is complained of, one a line, https://…"
    ),
    Question(
        "explanation", "What is claimed, and how one can tell", "text", help="Quote what was said."
    ),
    Question(
        "other_side",
        "What speaks for the other side",
        "text",
        help="Honest explanations too. Criticism and opinion are no reason for a complaint.",
    ),
    Question("wanted", "What the recipient is asked to do", "text"),
    Question(
        "rule",
        "The rule it rests on",
        "text",
        help="The platform's rule or the law, quoted, with its date and source.",
        required=False,
    ),
    Question("legal_basis", "Legal basis", required=False, help="A public body must name it."),
)
DRAFT_FORM = _form(
    "draft",
    "Draft a complaint",
    "Nothing is sent yet.",
    (*_SAID[:2], _KIND, *_SAID[2:], _PUBLIC),
    usual="Drafted.",
)

COMPLAINT_FORMS: tuple[ActForm, ...] = (
    _form(
        "open",
        "Make it ready",
        "Refused until it is complete; the same is asked of every complainant.",
        (
            Question(
                "good_faith",
                "In good faith",
                "choice",
                {"yes": "I believe that what it says is true and complete"},
            ),
        ),
        usual="Read once more; it is complete.",
    ),
    *sending_forms(
        "complaint",
        ("send", "record_sending"),
        (
            "Send it by e-mail",
            "A letter goes out with what the complaint says; its text and SHA-256 are kept. The"
            " clock of this recipient begins to run.",
        ),
        (
            "Record that it was sent another way",
            "By a web form, by post, in person; or as a public statement, which nobody has to"
            " answer.",
        ),
        RECIPIENT,
    ),
    _form(
        "amend",
        "Change what it says",
        "What was sent stays as it was sent.",
        (*_SAID, _PUBLIC),
        keeps=True,
    ),
    _form(
        "close", "Close", "Its clocks stop; answers can still be recorded.", usual="It is settled."
    ),
    _form("reopen", "Open it again", "Clocks that were running go on."),
    _form("withdraw", "Withdraw it", "It is pursued no further.", firm=True),
)
"""In the order in which pages offer them."""
