"""What the API takes and gives: the server describes itself by these, and the client reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from assay.cases.disclosure import Line
from assay.cases.ledger import Sent, Tally
from assay.cases.store.ledger import Complained
from assay.cases.store.public_register import Judged
from assay.cases.store.tokens import Purpose
from assay.model.awaited import Awaited
from assay.model.case import Concerned, RecordKind, Role, Task

Answer = str | bool | Annotated[int, Field(ge=0, lt=10**15)]
Text = Annotated[str, Field(max_length=20_000)]


class Told(BaseModel):
    """Something that the API gives; readers pass over what they do not know."""

    model_config = ConfigDict(frozen=True)


class Asked(BaseModel):
    """Something that the API takes; what it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Paged(Told):
    """One page of a list."""

    next: str | None = Field(description="Give it as `cursor` for the next page; null at the end.")


class Happened(Told):
    """One event."""

    version: int = Field(description="The record's version after it.")
    act: str
    state: str = Field(description="The record's state after it.")
    by: str
    role: Role
    at: datetime
    facts: dict[str, str | bool | int]
    why: str | None = Field(description="Null once erased.")
    fields: dict[str, str] | None = Field(description="Null once erased.")
    entry: int | None = Field(default=None, description="Its place in the log.")


class Problem(Told):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="Which problem it is; a stable name.")
    title: str
    status: int
    detail: str = Field(description="What happened, and how to mend it.")
    faults: dict[str, str] = Field(default={}, description="What is missing or wrong, by name.")
    version: int | None = Field(
        default=None, description="The record's version, if yours is older."
    )
    since: list[Happened] = Field(
        default=[], description="What happened since the version you named."
    )


class Me(Told):
    """Whose token it is, and what it is good for."""

    id: str
    role: Role
    purpose: Purpose


class Standing(Told):
    """What a record is and how it stands."""

    id: str
    reference: str = Field(description="The id as people read it aloud.")
    kind: RecordKind
    state: str
    version: int
    restricted: bool
    opened_at: datetime
    changed_at: datetime
    due_at: datetime | None
    claimed_by: str | None


class Row(Standing):
    """A record in a list."""

    notice_kind: str | None
    priority: str | None
    outcome: str | None
    about: str | None
    title: str | None


class Page(Paged):
    """One page of a list."""

    records: list[Row]
    total: int = Field(description="How many there are on all pages.")


class Question(Told):
    """One thing that an act asks."""

    name: str
    label: str
    kind: str
    choices: dict[str, str] | None
    help: str
    required: bool


class PossibleAct(Told):
    """An act that is offered now, and what it asks beside the reason."""

    name: str
    title: str
    explain: str
    questions: list[Question]


class File(Told):
    """A file of a record; its bytes are asked for by its entry."""

    entry: int
    sha256: str
    bytes: int | None = Field(description="Null where the file is kept elsewhere.")
    format: str = Field(description="As its bytes say.")
    name: str | None = Field(description="Null once erased, as are the next two.")
    source: str | None
    shows: str | None
    finding: str | None = Field(description="The finding that it holds.")
    verified: bool | None = Field(description="Whether the hashes inside were right.")
    for_concerned: str
    by: str
    at: datetime


class Whole(Standing):
    """A record with its history; its ETag is its version."""

    appeal_until: datetime | None
    heard: bool
    rights_reviewed: bool
    proposed_by: str | None
    members: list[str]
    facts: dict[str, str | bool | int]
    fields: dict[str, str]
    awaited: list[Awaited]
    tasks: list[Task]
    concerned: dict[str, Concerned] = Field(
        default={},
        description="Whom a notice is about, by the ids that acts ask for; `fields` tells of the"
        " last one alone.",
    )
    history: list[Happened]
    files: list[File]
    likely: list[str] = Field(description="Ids of earlier notices that are perhaps the same.")
    acts: list[PossibleAct]
    names: dict[str, str] = Field(description="Names of the accounts that stand in it.")


class ActAsked(Asked):
    """What an act says."""

    why: Text = Field(description="The reason, in a sentence.")
    answers: dict[str, Answer] = Field(
        default={}, description="To the act's questions, by their names."
    )


class NoticeAsked(Asked):
    """A notice, as the public form asks for it."""

    kind: str
    title: Text
    urls: Text = Field(default="", description="Exact addresses, one a line.")
    explanation: Text = ""
    legal_basis: Text = Field(default="", description="Of a public body's demand.")
    order_reference: Text = Field(default="", description="Of a public body's demand.")
    sender_name: Text = ""
    sender_email: Text = ""
    sender_language: str | None = Field(
        default=None, description="Code of the language of the letters; English if there is none."
    )
    good_faith: bool = Field(
        default=False, description="What it says is believed true and complete."
    )
    why: Text = Field(default="", description="What the log says of it, such as how it came.")


class Done(Told):
    """What came of an act."""

    id: str
    kind: RecordKind
    state: str
    version: int
    changed_at: datetime
    repeated: bool = Field(default=False, description="Whether it was done by an earlier request.")
    link: str | None = Field(
        default=None,
        description="A secret link to be handed over; told once, and not in repeated answers.",
    )
    links: dict[str, str] = Field(
        default={},
        description="Every such link, by the addresses of whose it is.",
    )


class Listed(Told):
    """A register entry in a list."""

    id: str
    url: str
    state: str
    title: str | None
    notice_kind: str | None
    outcome: str | None
    appeals: int
    changed_on_appeal: bool
    first_entered_at: datetime
    changed_at: datetime


class Register(Paged):
    """One page of the register."""

    entries: list[Listed]


class Appeal(Told):
    """An appeal against a published decision: how it stands, nothing of what it says."""

    state: str
    outcome: str | None = Field(description="How it came out in the end.")
    lodged_at: datetime
    changed_at: datetime
    judged: list[Judged] = Field(description="By the house, then by an outside body.")
    restores: bool | None = Field(
        description="Whether what was restricted is to be restored; null where nothing was."
    )
    nothing_told: str | None = Field(description="Why there was nothing to restore.")
    asked: list[Sent] = Field(description="Who was asked to restore it, and what they answered.")


class PublicEvent(Told):
    """Something that was published, corrected or withdrawn."""

    entry: int = Field(description="Its place in the log; the proof is asked for by it.")
    act: str
    at: datetime
    why: str | None = Field(description="Null once erased.")
    text: dict[str, str] | None = Field(description="Null once erased.")


class Rerun(Told):
    """What an assessor ran."""

    on: str
    outcome: str
    told: str | None = Field(description="Null once erased.")


class Requested(Told):
    """Evidence that an assessor asked for."""

    wanted: str
    since: str
    until: str
    outcome: str
    ended: str
    supplied: str
    refusal: str


class Opinion(Told):
    """An independent assessment of the decision; only its state until an opinion is published."""

    state: str
    conclusion: str
    text: dict[str, str] | None = Field(description="Null once erased, and before.")
    reruns: list[Rerun]
    requests: list[Requested]
    history: list[PublicEvent]


@dataclass(frozen=True)
class ComplainedTold(Complained):
    """A published complaint with its recipients, and its page in the register."""

    url: str


class LedgerTold(Told):
    """The ledger of complaints."""

    complaints: list[ComplainedTold]
    figures: list[Tally]


class Disclosures(Paged):
    """One page of the ledger of requests for data; whose data they are, it does not say."""

    requests: list[Line]
    total: int = Field(description="How many there are on all pages.")


class Published(Told):
    """A register entry with its public history."""

    id: str
    state: str
    version: int
    text: dict[str, str] | None = Field(description="Null once erased.")
    subject: dict[str, str] = Field(description="Facts of the decision that it is about.")
    history: list[PublicEvent]
    appeals: list[Appeal]
    opinions: list[Opinion]


class Proof(Told):
    """That an event is in the signed log; what the register's page gives as proof.json."""

    format: str
    frame: str
    frame_salt: str
    body: str | None
    body_salt: str | None
    leaf: str
    log_index: int
    tree_size: int
    inclusion_proof: list[str]
    checkpoint: str
    public_key: str


class Signed(Told):
    """The newest checkpoint of the log."""

    size: int
    checkpoint: str = Field(description="A signed note (C2SP); keep it.")
    public_key: str


class Consistency(Told):
    """Proof that the log of one size begins with the log of another (RFC 9162)."""

    first: int
    second: int
    hashes: list[str] = Field(description="In base64.")
