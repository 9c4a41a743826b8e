"""What is asked when something goes to somebody outside the house, and when they answer."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from assay.model.case import RecordKind
from assay.web import words_outside as words
from assay.web.forms.shared import in_group
from assay.web.questions import ActForm, Question

_REGARDS = Question("regards", "Which recipient", "choice", fact=True)
_UNTIL = Question("answer_until", "Answer until", "date", fact=True)
RECIPIENT = (
    Question("recipient_kind", "What sort of recipient", "choice", words.RECIPIENTS, fact=True),
    Question("recipient", "To whom", help="The body, no person: everyone can read it."),
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
    help="In a sentence or two, without names of private persons; everyone can read it.",
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


def sending_forms(
    kind: RecordKind,
    acts: tuple[str, str],
    letter: tuple[str, str],
    other: tuple[str, str],
    asked: tuple[Question, ...],
) -> tuple[ActForm, ...]:
    """The forms by which somebody outside is asked for something, and what came of it is recorded.

    Args:
        kind: Of the record.
        acts: What asks by e-mail, and what records that it was asked some other way.
        letter: Title and explanation of the first.
        other: Those of the second.
        asked: What both ask beside the day for an answer.
    """
    by_letter, another_way = acts
    made = partial(ActForm, kind)
    return (
        made(
            by_letter,
            *letter,
            (
                *asked,
                Question("recipient_email", "Their e-mail address", "email"),
                *_DUE,
                _ESCALATES,
            ),
            usual="Sent to whom it concerns.",
            firm=True,
        ),
        made(
            another_way,
            *other,
            (
                *asked,
                _SENT_ON,
                _CHANNEL,
                *_WHAT_WAS_SENT,
                *map(_optional, _DUE),
                _ESCALATES,
            ),
            usual="Sent to whom it concerns.",
        ),
        made(
            "record_answer",
            "Record an answer",
            "How, when and what; also one that comes after its day.",
            (
                _REGARDS,
                _ANSWERED_ON,
                _CHANNEL,
                _ANSWER_KIND,
                Question(
                    "reply", "What was answered", "text", help="In the recipient's own words."
                ),
                _REPLY_PUBLIC,
            ),
            usual="As it arrived.",
        ),
        made(
            "remind",
            "Send a reminder by e-mail",
            "To the address that it went to.",
            (_REGARDS, _optional(_UNTIL)),
            usual="No answer so far.",
        ),
        made(
            "record_reminder",
            "Record a reminder sent another way",
            "It stands beside the first sending.",
            (_REGARDS, _SENT_ON, _CHANNEL, _WHAT_WAS_SENT[-1], _optional(_UNTIL)),
            usual="No answer so far.",
        ),
        made(
            "record_receipt",
            "Record a confirmation of receipt",
            "That it arrived; this is no answer yet.",
            (_REGARDS, _ANSWERED_ON, _WHAT_WAS_SENT[-1]),
            usual="They confirmed that it arrived.",
        ),
        made(
            "record_silence",
            "Record that it was never answered",
            "Possible once its day has passed. An answer that comes later can still be recorded.",
            (_REGARDS,),
            usual="The day has passed without an answer.",
            firm=True,
        ),
        made(
            "correct_sending",
            "Correct what is recorded",
            "What stood there before stays in the history; that it was corrected is shown to"
            " everyone.",
            (
                _REGARDS,
                *in_group(
                    "What is to stand there; empty lines change nothing",
                    _SENT_ON,
                    *_DUE,
                    _ANSWERED_ON,
                    _ANSWER_KIND,
                    RECIPIENT[1],
                    _REPLY_PUBLIC,
                ),
            ),
            why="What was wrong",
        ),
    )
