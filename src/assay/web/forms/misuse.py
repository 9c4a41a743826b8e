"""What the acts on a file about a sender of unfounded notices ask (DSA, article 23)."""

from __future__ import annotations

from functools import partial

from assay.cases.misuse import LONGEST_DAYS, WARN_FROM
from assay.web.questions import ActForm, Question

_form = partial(ActForm, "misuse")
_TOLD = Question(
    "told",
    "What the sender is told",
    "text",
    help="In plain words, with the reasons. It is sent to them with a way to appeal.",
)
_FROM_THEM = Question(
    "from_them",
    "How it is known that they sent them",
    "text",
    help="Anybody can write an address into the form. An answer from it, a reference that only"
    " they know, a signed letter: without any, ask them first.",
)

MISUSE_FORMS: tuple[ActForm, ...] = (
    _form(
        "warn",
        "Warn the sender",
        f"Possible from {WARN_FROM} manifestly unfounded notices in a year. Nothing else changes.",
        (_TOLD, _FROM_THEM),
        usual="Notices that are manifestly unfounded, again and again.",
        firm=True,
    ),
    _form(
        "suspend",
        "Suspend the sender's notices",
        "Only after a warning, and another unfounded notice since. New notices are recorded and"
        " parked until the day; requests about their own data are examined as ever.",
        (
            _TOLD,
            _FROM_THEM,
            Question(
                "weighed",
                "What was weighed",
                "text",
                help="How many, which share of all theirs, how grave, what they seem to mean.",
            ),
            Question(
                "suspend_until", "Until", "date", fact=True, help=f"{LONGEST_DAYS} days at most."
            ),
        ),
        usual="Unfounded notices after a warning.",
        firm=True,
    ),
    _form(
        "lift",
        "Lift the suspension",
        "New notices are examined again from now on, and the parked ones are taken up.",
        (_TOLD,),
        usual="No longer needed.",
    ),
    _form("close", "Close", "The warning counts no more.", usual="Nothing more came."),
)
"""In the order in which pages offer them."""
