"""What the acts on an appeal ask."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from assay.web.forms.shared import TOLD
from assay.web.questions import ActForm, Question

_form = partial(ActForm, "appeal")
_BODIES = {"certified_odr": "Certified dispute settlement", "court": "Court"}

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
        "finish",
        "Make it final",
        "Nothing more is to come.",
        usual="The time for an outside body has passed, or it has decided.",
    ),
)
"""In the order in which pages offer them."""
