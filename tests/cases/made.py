"""Acts, actors and a clock for the tests of case work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from assay.cases.clocks import HouseClocks
from assay.cases.fold import fold
from assay.cases.workflow import decide, open_record
from assay.model.case import Act, Actor, Fact, Record, RecordKind

START = datetime(2026, 1, 31, 12, tzinfo=UTC)
CLOCKS = HouseClocks()
ANNA = Actor("anna", "investigator")
BEN = Actor("ben", "reviewer")
CAROL = Actor("carol", "reviewer")
DORA = Actor("dora", "appeals_reviewer")
EVE = Actor("eve", "public")
ADMIN = Actor("admin", "administrator")
COMPLETE = {
    "urls": "https://social.example/imitator",
    "explanation": "The account uses our name and picture.",
    "sender_name": "A. Sender",
    "sender_email": "sender@example.org",
    "good_faith": "yes",
}
REVIEW = {
    "legality": "Rule 4 of the terms, published in 2024.",
    "necessity": "Readers take it for the ministry.",
    "alternatives": "A label was considered; the name itself misleads.",
    "parody": "Nothing marks it as parody.",
}
REASONS = {
    "told": "The account passes for the ministry.",
    "measure": "Removal of the account's name and picture.",
    "reasons_facts": "Same name, same picture, made last week.",
    "ground": "INCOMPATIBLE_CONTENT",
    "ground_reference": "Rule 4",
    "ground_explanation": "Rule 4 forbids to pass for a public body.",
    "automation": "none",
}


def act(name: str, *, fields: dict[str, str] | None = None, **facts: Fact) -> Act:
    return Act(name, f"because of {name}", facts, fields or {})


class Desk:
    """Records held in memory: the workflow without a store, each act an hour after the last."""

    def __init__(self) -> None:
        self.at = START

    def open(self, kind: RecordKind, first: Act, by: Actor, about: Record | None = None) -> Record:
        self.at += timedelta(hours=1)
        event = open_record(kind, first, f"{kind}-1", by=by, at=self.at, about=about)
        return fold(None, event, CLOCKS)

    def do(self, record: Record, what: Act, by: Actor, about: Record | None = None) -> Record:
        self.at += timedelta(hours=1)
        return fold(record, decide(record, what, by=by, at=self.at, about=about), CLOCKS)

    def triaged(self, notice_kind: str = "impersonation", **extra: str) -> Record:
        """A complete notice by Eve that Anna triaged."""
        notice = self.open(
            "notice", act("draft", notice_kind=notice_kind, fields={**COMPLETE, **extra}), EVE
        )
        notice = self.do(notice, act("submit"), EVE)
        notice = self.do(notice, act("acknowledge"), ANNA)
        return self.do(notice, act("triage", priority="normal"), ANNA)

    def restricted_by_two(self) -> Record:
        """A notice whose restriction Anna proposed, Ben confirmed, and Anna notified."""
        notice = self.do(self.triaged(), act("record_hearing"), ANNA)
        review = act("review_rights", aim="rights_of_others", incitement=False, fields=REVIEW)
        notice = self.do(notice, review, ANNA)
        notice = self.do(notice, act("propose", outcome="restriction", fields=REASONS), ANNA)
        notice = self.do(notice, act("confirm"), BEN)
        return self.do(notice, act("notify"), ANNA)
