"""What the acts on an appeal ask, and those by which restoration is asked for after it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from assay.web import words_outside as words
from assay.web.forms.sending import RECIPIENT, sending_forms
from assay.web.forms.shared import TOLD
from assay.web.questions import ActForm, Question

_form = partial(ActForm, "appeal")
_BODIES = {"certified_odr": "Certified dispute settlement", "court": "Court"}
_RESTORE = Question(
    "wanted",
    "What is to be restored",
    "text",
    help="Name the addresses and the measure that was asked for; the letter says what stands here.",
)
_ASKED = (
    replace(
        RECIPIENT[0],
        choices={key: said for key, said in words.RECIPIENTS.items() if key != "public_statement"},
    ),
    RECIPIENT[1],
)
_RESTORATION = sending_forms(
    "appeal",
    ("ask_restoration", "record_asking"),
    (
        "Ask for restoration by e-mail",
        "A letter goes to whoever was asked for the restriction. That it went, and what is"
        " answered, stands in the register beside the decision.",
    ),
    ("Record that restoration was asked for another way", "By a web form, by post, in person."),
    (*_ASKED, _RESTORE),
)

APPEAL_FORMS: tuple[ActForm, ...] = (
    _form(
        "admit",
        "Admit the appeal",
        "It is examined; the reason for a late appeal stands here.",
        usual="In time, and by a party.",
    ),
    _form(
        "refuse",
        "Do not admit it",
        "Both sides are told why.",
        (replace(TOLD, help=""),),
        usual="Not admissible.",
    ),
    _form(
        "assign",
        "Assign it",
        "To somebody who had no part in the decision.",
        (Question("assignee", "To whom", "choice", fact=True),),
        usual="No part in the matter.",
    ),
    *(
        _form(
            act,
            title,
            explain,
            (replace(TOLD, help="The reasons, in plain words."),),
            usual="Examined anew.",
            firm=True,
        )
        for act, title, explain in (
            ("uphold", "Uphold the decision", "It stays as it is."),
            ("overturn", "Overturn the decision", "Restoration is asked for where it applies."),
            ("modify", "Modify the decision", "Say what holds now."),
        )
    ),
    _form(
        "go_outside",
        "Record an outside body",
        "Somebody took it to a certified body or a court.",
        (Question("appeal_body", "Body", "choice", _BODIES, fact=True),),
    ),
    _form(
        "record_outside",
        "Record what the outside body decided",
        "It stands in the register beside the decision; where a restriction falls, restoration is"
        " asked for.",
        (
            Question(
                "outside_outcome",
                "What it did with the decision",
                "choice",
                words.OUTSIDE_OUTCOMES,
                fact=True,
            ),
            Question("decided_on", "On which day", "date", fact=True),
            Question(
                "outside_told", "What it decided, for the parties", "text", help="In plain words."
            ),
        ),
        usual="As it was decided.",
        firm=True,
    ),
    *_RESTORATION,
    _form(
        "nothing_to_restore",
        "Record that there is nothing to restore",
        "Where the restriction was never carried out, or nobody can take it back.",
        (
            Question(
                "nothing_told",
                "Why, in words that everyone may read",
                "text",
                help="Without names of private persons: it stands in the register.",
            ),
        ),
        usual="Nothing is to be restored.",
        firm=True,
    ),
    _form(
        "finish",
        "Make it final",
        "Nothing more is to come.",
        usual="The time for an outside body has passed, or it has decided.",
    ),
)
"""In the order in which pages offer them."""
