"""Every act that pages and programs offer, and which of them come next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from assay.cases.acts import is_staff
from assay.cases.concerned import unasked
from assay.model.case import Actor, Record
from assay.web.forms.appeal import APPEAL_FORMS
from assay.web.forms.assessment import ASSESSMENT_FORMS
from assay.web.forms.case import CASE_FORMS
from assay.web.forms.complaint import COMPLAINT_FORMS
from assay.web.forms.disclosure import DISCLOSURE_FORMS
from assay.web.forms.everywhere import FORMS_EVERYWHERE
from assay.web.forms.misuse import MISUSE_FORMS
from assay.web.forms.notice import NOTICE_FORMS
from assay.web.forms.register import REGISTER_FORMS
from assay.web.questions import ActForm

FORMS: tuple[ActForm, ...] = (
    *NOTICE_FORMS,
    *APPEAL_FORMS,
    *CASE_FORMS,
    *REGISTER_FORMS,
    *COMPLAINT_FORMS,
    *ASSESSMENT_FORMS,
    *MISUSE_FORMS,
    *DISCLOSURE_FORMS,
    *FORMS_EVERYWHERE,
)
"""Every act that the pages offer."""

_EVERYDAY = ("claim", "release", "note")
_ASIDE: Mapping[str, tuple[str, ...]] = {
    "notice": (
        "mark_duplicate",
        "withdraw",
        "ask_to_withdraw",
        "delay_notification",
        "replace_link",
    ),
    "appeal": ("go_outside", "nothing_to_restore", "record_receipt", "correct_sending"),
    "case": ("amend",),
    "register": ("withdraw",),
    "complaint": ("record_receipt", "correct_sending", "amend", "close", "reopen", "withdraw"),
    "assessment": ("withdraw", "decline", "end"),
    "misuse": ("close",),
    "disclosure": ("amend", "close"),
}
"""Acts of one kind of record that are not the usual next step."""
_ONWARD = (
    "take_up_parked",
    "acknowledge",
    "triage",
    "confirm",
    "notify",
    "close",
    "admit",
    "assign",
    "record_outside",
    "ask_restoration",
    "uphold",
    "publish",
)
"""Acts that come next wherever they are possible."""


def form_of(kind: str, act: str) -> ActForm | None:
    """The form of an act on this kind of record, or None if pages do not offer it."""
    return next((form for form in FORMS if form.act == act and form.kind in (kind, None)), None)


def in_words(kind: str, told: str) -> str:
    """A sentence of the workflow with the acts called as the pages call them."""
    for form in FORMS:
        if form.kind in (kind, None) and "_" in form.act:
            told = re.sub(rf"\b{form.act}\b", f"“{form.title}”", told)
    return told


def forms_for(
    record: Record, possible: list[str], by: Actor
) -> tuple[list[ActForm], list[ActForm]]:
    """The forms of acts possible for somebody: those that carry the matter on, the next first; the
    others.
    """
    mine = [form for form in FORMS if form.kind in (record.kind, None) and form.act in possible]
    if not is_staff(by):
        mine = [
            replace(form, title=form.own_title, why="Reason") if form.own_title else form
            for form in mine
        ]
    aside = _ASIDE.get(record.kind, ())
    onward = [
        form
        for form in mine
        if (form.kind is not None and form.act not in aside) or form.act in _EVERYDAY
    ]
    next_act = _next(record, [form.act for form in onward])
    onward.sort(key=lambda form: (form.act != next_act, form.act in _EVERYDAY))
    return onward, [form for form in mine if form not in onward]


def _next(record: Record, acts: list[str]) -> str | None:
    """The act that most likely comes next."""
    if record.kind == "complaint" or (record.awaited and record.kind == "appeal"):
        waiting = ("record_silence", "record_answer") if record.awaited else ()
        return next((act for act in ("open", *waiting, "send") if act in acts), None)
    if record.kind == "assessment" and "rerun_outcome" not in record.facts:
        return "accept" if "accept" in acts else "record_rerun"
    if record.kind in ("misuse", "disclosure"):
        return acts[0] if acts else None
    for act in _ONWARD:
        if act in acts:
            return act
    if (record.kind, record.state) == ("notice", "triaged"):
        for done, act in (
            (
                record.urgent
                or record.hearing_recorded
                or bool(record.concerned and not unasked(record)),
                "ask_to_be_heard",
            ),
            (record.rights_reviewed, "review_rights"),
            (False, "propose"),
        ):
            if not done and act in acts:
                return act
    return None
