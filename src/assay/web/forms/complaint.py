"""What the acts on a complaint ask: what it says, to whom it goes, what was answered."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from assay.web import words_outside as words
from assay.web.forms.shared import in_group
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
_REGARDS = Question("regards", "Which recipient", "choice", fact=True)
_UNTIL = Question("answer_until", "Answer until", "date", fact=True)
_RECIPIENT = (
    Question("recipient_kind", "What sort of recipient", "choice", words.RECIPIENTS, fact=True),
    Question("recipient", "To whom", help="The body, no person: it stands in the public ledger."),
)
_DUE = (
    _UNTIL,
    Question("due_by", "Whose rule sets that day", "choice", words.DUE_BY, fact=True),
    Question("due_rule", "That rule", required=False, help="Quoted, with its source."),
)
_ESCALATES = Question(
    "escalates",
    "After which other recipient",
    "choice",
    fact=True,
    required=False,
    help="If this takes further what another did not settle.",
)
_CHANNEL = Question("channel", "How", "choice", words.CHANNELS, fact=True)
_SENT_ON = Question("sent_on", "On which day it was sent", "date", fact=True)
_ANSWER_KIND = Question("answer_kind", "What came of it", "choice", words.ANSWERS, fact=True)
_ANSWERED_ON = Question("answered_on", "On which day it came", "date", fact=True)
_REPLY_PUBLIC = Question(
    "reply_public",
    "What everyone may read of it",
    "text",
    required=False,
    help="In a sentence or two, without names of private persons; for the public ledger.",
)
_WHAT_WAS_SENT = (
    Question(
        "sent_text",
        "What was sent",
        "text",
        required=False,
        help="Pasted whole; its SHA-256 is kept. Or the SHA-256 of the file, below.",
    ),
    Question("sha256", "SHA-256 of the file that was sent", fact=True, required=False),
    Question(
        "proof",
        "Proof of sending",
        "text",
        required=False,
        help="Number of the receipt or the ticket; attach pictures and letters as files.",
    ),
)
_optional = partial(replace, required=False)

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
    _form(
        "send",
        "Send it by e-mail",
        "A letter goes out with what the complaint says; its text and SHA-256 are kept. The clock"
        " of this recipient begins to run.",
        (
            *_RECIPIENT,
            Question("recipient_email", "Their e-mail address", "email"),
            *_DUE,
            _ESCALATES,
        ),
        usual="Sent to whom it concerns.",
        firm=True,
    ),
    _form(
        "record_sending",
        "Record that it was sent another way",
        "By a web form, by post, in person; or as a public statement, which nobody has to answer.",
        (
            *_RECIPIENT,
            _SENT_ON,
            _CHANNEL,
            *_WHAT_WAS_SENT,
            *map(_optional, _DUE),
            _ESCALATES,
        ),
        usual="Sent to whom it concerns.",
    ),
    _form(
        "record_answer",
        "Record an answer",
        "How, when and what; also one that comes after its day.",
        (
            _REGARDS,
            _ANSWERED_ON,
            _CHANNEL,
            _ANSWER_KIND,
            Question("reply", "What was answered", "text", help="In the recipient's own words."),
            _REPLY_PUBLIC,
        ),
        usual="As it arrived.",
    ),
    _form(
        "remind",
        "Send a reminder by e-mail",
        "To the address that the complaint went to.",
        (_REGARDS, _optional(_UNTIL)),
        usual="No answer so far.",
    ),
    _form(
        "record_reminder",
        "Record a reminder sent another way",
        "It stands beside the first sending.",
        (_REGARDS, _SENT_ON, _CHANNEL, _WHAT_WAS_SENT[-1], _optional(_UNTIL)),
        usual="No answer so far.",
    ),
    _form(
        "record_receipt",
        "Record a confirmation of receipt",
        "That it arrived; this is no answer yet.",
        (_REGARDS, _ANSWERED_ON, _WHAT_WAS_SENT[-1]),
        usual="They confirmed that it arrived.",
    ),
    _form(
        "record_silence",
        "Record that it was never answered",
        "Possible once its day has passed. An answer that comes later can still be recorded.",
        (_REGARDS,),
        usual="The day has passed without an answer.",
        firm=True,
    ),
    _form(
        "correct_sending",
        "Correct what is recorded",
        "What stood there before stays in the history, and the ledger says that it was corrected.",
        (
            _REGARDS,
            *in_group(
                "What is to stand there; empty lines change nothing",
                _SENT_ON,
                *_DUE,
                _ANSWERED_ON,
                _ANSWER_KIND,
                _RECIPIENT[1],
                _REPLY_PUBLIC,
            ),
        ),
        why="What was wrong",
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
