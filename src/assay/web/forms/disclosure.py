"""What the acts on an authority's request for data ask."""

from __future__ import annotations

from functools import partial

from assay.cases.disclosure import LONGEST_BAR_DAYS
from assay.web import words_inside as inside
from assay.web.questions import ActForm, Question

_form = partial(ActForm, "disclosure")
_AUTHORITY = Question("authority", "Authority", help="Its name, and who writes for it.")
_ASKED = (
    Question("legal_basis", "Legal basis", help="The law and its article."),
    Question("order_reference", "Reference of the order"),
    Question("data_asked", "Data asked for", "text", help="Which sorts, and of which account."),
)
REQUEST_FORM = _form(
    "request",
    "Record a request",
    "An authority asks for data that are not public.",
    (
        Question("title", "In one line", help="Without the person's name."),
        _AUTHORITY,
        Question("ordered_by", "Who ordered it", "choice", inside.ORDERED_BY, fact=True),
        *_ASKED,
        Question("received_on", "Received on", "date", fact=True),
    ),
    why="How it came",
)
"""Opens a request; it stands on a page of its own."""

DISCLOSURE_FORMS: tuple[ActForm, ...] = (
    _form(
        "check_risk",
        "Check the risk to the person",
        "Before anything is given. Somebody else decides.",
        (
            Question(
                "competence",
                "Competence and law",
                "text",
                help="Whether this body may order it, and by which law that is clear enough.",
            ),
            Question(
                "risk_to_person",
                "Risk to the person",
                "text",
                help="What may happen to them: persecution, violence, an unfair trial, exposure.",
            ),
            Question(
                "necessity", "Necessity and proportion", "text", help="Why it is needed for this."
            ),
            Question(
                "narrowed", "Lesser data considered", "text", help="What less would serve as well."
            ),
            Question("risk", "Finding", "choice", inside.RISKS, fact=True),
        ),
        usual="Check before a decision.",
    ),
    _form(
        "tell_person",
        "Record that the person was told",
        "Whose data they are hears of the request, and can turn to a court.",
        (
            Question("told_on", "On", "date", fact=True),
            Question("told_how", "How", help="By letter, by message, through counsel."),
        ),
        usual="Told of the request.",
    ),
    _form(
        "bar_notice",
        "Record that a law forbids to tell them",
        f"With an end, {LONGEST_BAR_DAYS} days at most; then they are told.",
        (
            Question(
                "bar_basis", "Which law or order forbids it", "text", help="Its words and article."
            ),
            Question("barred_until", "Until", "date", fact=True),
        ),
    ),
    _form(
        "grant",
        "Grant the request",
        "Possible with the order on file, a check by somebody else that found no serious risk, and"
        " the person told, or a bar that runs. Nothing is sent from here.",
        (
            Question(
                "data_given",
                "Data given",
                "text",
                help="Which sorts, no more than were ordered; not the data themselves.",
            ),
        ),
        firm=True,
    ),
    _form(
        "refuse_data",
        "Refuse the request",
        "Nothing is given.",
        (Question("told", "What the authority is told", "text"),),
    ),
    _form(
        "amend",
        "Correct what was recorded",
        "The earlier words stay in the history.",
        (_AUTHORITY, *_ASKED),
        keeps=True,
    ),
    _form("close", "Close", "Possible once the person was told.", usual="Nothing more to do."),
)
"""In the order in which pages offer them."""
