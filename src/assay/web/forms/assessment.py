"""What the acts on an assessment ask, of the house and of the independent assessor."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from assay.web import words_outside as words
from assay.web.questions import ActForm, Question

_form = partial(ActForm, "assessment")
_REGARDS = Question("regards", "Which request", "choice", fact=True)
_GIVEN = Question(
    "given",
    "What they are given to read",
    "choices",
    help="Copied as it stands now; they see nothing else of the record. Give the bundle as a file"
    " on the assessment's own page.",
    required=False,
)
_OPINION = (
    Question("title", "Title", help="Everyone reads it; name no private person."),
    Question(
        "assessor_public",
        "You, as everyone reads it",
        required=False,
        help="Your name or office, if it is to stand there.",
    ),
    Question("conclusion", "Conclusion", "choice", words.CONCLUSIONS, fact=True),
    Question(
        "opinion",
        "Your opinion and its reasons",
        "text",
        help="What you ran, what came out, what you could not check and why. Names, handles and"
        " addresses of the file are refused.",
    ),
)
INVITE_FORM = _form(
    "invite",
    "Ask for an independent assessment",
    "A partner without a part in the matter reruns the evidence and says in public what they find."
    " Their opinion stands beside the decision in the register.",
    (
        Question("assessor", "Who", "choice", fact=True),
        Question("asked", "What they are asked", "text"),
        _GIVEN,
    ),
    usual="Independent look at the evidence.",
)

ASSESSMENT_FORMS: tuple[ActForm, ...] = (
    _form(
        "accept",
        "Accept",
        "You assess it independently; nobody here can change what you publish.",
        (
            Question(
                "independence",
                "Ties to either side",
                "text",
                help="Work, money, family, statements on the matter; or that there are none. It is"
                " published with your opinion.",
            ),
        ),
        usual="I take it on.",
    ),
    _form(
        "record_rerun",
        "Note what you ran",
        "Which bundle, which command, and whether the figures came out again.",
        (
            Question("rerun_outcome", "What came out", "choice", words.RERUNS, fact=True),
            Question(
                "rerun",
                "What was run",
                "text",
                help="Such as: assay verify case.zip, version, machine; and the lines that differ.",
            ),
            Question("sha256", "SHA-256 of the bundle", fact=True, required=False),
        ),
        usual="Rerun.",
    ),
    _form(
        "ask_for_evidence",
        "Ask for missing evidence",
        "With a day; an answer, a refusal or silence is recorded and published with your opinion.",
        (
            Question("evidence_wanted", "What is missing", "text"),
            Question("answer_until", "Answer until", "date", fact=True),
        ),
        usual="Needed to assess it.",
    ),
    _form(
        "publish",
        "Publish your opinion",
        "It stands beside the decision in the register at once, with what you ran and asked for.",
        _OPINION,
        usual="My opinion.",
        firm=True,
    ),
    _form(
        "supply",
        "Supply what was asked for",
        "Attach the file first, under Evidence; the assessor sees it there.",
        (
            _REGARDS,
            Question("supplied", "What is supplied, in words that everyone may read", "text"),
        ),
        usual="As asked for.",
    ),
    _form(
        "refuse_evidence",
        "Refuse what was asked for",
        "The refusal is published with the opinion.",
        (_REGARDS, Question("refusal", "Why, in words that everyone may read", "text")),
        usual="It cannot be given.",
    ),
    _form(
        "record_silence",
        "Record that it was never answered",
        "Possible once its day has passed; something that comes later can still be recorded.",
        (_REGARDS,),
        usual="The day has passed without an answer.",
    ),
    _form(
        "give",
        "Give more to read",
        "They see it from now on.",
        (replace(_GIVEN, required=True),),
        usual="Needed to assess it.",
    ),
    _form(
        "correct",
        "Correct your opinion",
        "The earlier text stays visible beside the new one.",
        _OPINION,
        why="What is corrected, as everyone reads it",
        keeps=True,
    ),
    _form(
        "withdraw",
        "Withdraw your opinion",
        "It stays, marked as withdrawn.",
        why="Why it is withdrawn, as everyone reads it",
        firm=True,
    ),
    _form("decline", "Decline", "You take no further part.", firm=True),
    _form("end", "End the assessment", "The reason stays; nothing is published.", firm=True),
)
"""In the order in which pages offer them."""
