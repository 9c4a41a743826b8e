"""What each act asks for on a page: one form for every act, described here and nowhere else."""

from __future__ import annotations

from assay.model.case import RABAT, Record
from assay.web import words
from assay.web.questions import ActForm, Question
from assay.web.statement_form import STATEMENT_FORM

_REASONS = (
    Question("outcome", "Outcome", "choice", words.OUTCOMES, fact=True),
    Question(
        "told",
        "What the parties are told",
        "text",
        help="In plain words: what was decided, and why. Both sides read it; name nobody.",
    ),
    Question(
        "measure",
        "What is asked for",
        "text",
        help="For a restriction: which measure, on which addresses, how long, and where.",
        required=False,
        group="For a restriction (statement of reasons, DSA article 17)",
    ),
    Question(
        "reasons_facts",
        "Facts and circumstances",
        "text",
        help="What the decision rests on, and whether it came from a notice or on own initiative.",
        required=False,
        group="For a restriction (statement of reasons, DSA article 17)",
    ),
    Question(
        "ground",
        "Ground",
        "choice",
        words.GROUNDS,
        required=False,
        group="For a restriction (statement of reasons, DSA article 17)",
    ),
    Question(
        "ground_reference",
        "Law or rule",
        help="The article of the law, or the number of the published rule.",
        required=False,
        group="For a restriction (statement of reasons, DSA article 17)",
    ),
    Question(
        "ground_explanation",
        "Why it applies",
        "text",
        required=False,
        group="For a restriction (statement of reasons, DSA article 17)",
    ),
    Question(
        "automation",
        "Automated means",
        help="How far software found or judged this; “none” if it did not.",
        required=False,
        group="For a restriction (statement of reasons, DSA article 17)",
    ),
)
_RABAT = "Only where incitement is alleged: the six questions of the Rabat Plan"
_PUBLIC = (
    Question("title", "Title", help="Without names of private persons: everyone reads it."),
    Question("summary", "What happened", "text", help="Who asked for what, and what was decided."),
    Question("sender_public", "Who asked", help="A public body by its name; else “a person”."),
    Question("legal_basis", "Legal basis", required=False, help="Of a public body's demand."),
    Question("order_reference", "Reference of the order", required=False),
    Question(
        "urls", "Addresses", "text", required=False, help="Only where they name no private person."
    ),
)

FORMS: tuple[ActForm, ...] = (
    ActForm(
        "notice",
        "acknowledge",
        "Take it up",
        "The notice is complete and will be examined.",
        usual="The notice is complete.",
    ),
    ActForm(
        "notice",
        "triage",
        "Give it a priority",
        "The time for a decision begins to run.",
        (Question("priority", "Priority", "choice", words.PRIORITIES, fact=True),),
        usual="By what is at stake, and for whom.",
    ),
    ActForm(
        "notice",
        "reject_incomplete",
        "Send it back as incomplete",
        "The sender is told what is missing, and can complete it or appeal.",
        (Question("told", "What is missing, in words for the sender", "text"),),
        usual="The notice cannot be examined as it is.",
    ),
    ActForm(
        "notice",
        "mark_duplicate",
        "Mark as a duplicate",
        "It is not examined apart from the other.",
        (Question("duplicate_of", "Id of the other notice", fact=True),),
    ),
    ActForm(
        "notice",
        "ask_to_be_heard",
        "Ask the person concerned",
        "They get a secret link under which they see what is said of them, and can answer.",
        (
            Question("put_to_them", "What is put to them", "text"),
            Question("answer_until", "Answer until", "date", fact=True),
            Question(
                "concerned_email",
                "Their e-mail address",
                "email",
                required=False,
                help="Left empty, the link is shown to you once, to be handed over another way.",
            ),
        ),
        usual="Hearing before a decision.",
    ),
    ActForm(
        "notice",
        "record_hearing",
        "Record a hearing",
        "They were heard some other way, or did not answer by the day they were given.",
        why="How and when they were heard, and what they said",
    ),
    ActForm(
        "notice",
        "record_urgency",
        "Record why it cannot wait",
        "A restriction is then possible without a hearing; the reason stands in the record.",
        why="Why waiting for an answer would do harm that cannot be undone",
    ),
    ActForm(
        "notice",
        "review_rights",
        "Review the rights at stake",
        "No restriction without it (ICCPR, article 19(3)).",
        (
            Question(
                "legality",
                "Legality",
                "text",
                help="Which law or published rule provides for this, and that it is clear enough.",
            ),
            Question("aim", "Legitimate aim", "choice", words.AIMS, fact=True),
            Question(
                "necessity",
                "Necessity and proportion",
                "text",
                help="Why the aim cannot be reached without it, and why it is in proportion.",
            ),
            Question(
                "alternatives",
                "Lesser means",
                "text",
                help="Which were considered, and why they do not suffice.",
            ),
            Question(
                "parody",
                "Parody, satire, reporting, quotation",
                "text",
                help="Whether it is any of these, and how one can tell.",
            ),
            Question("incitement", "Is incitement alleged?", "yesno", fact=True),
            *(
                Question(name, words.FIELDS[name], "text", required=False, group=_RABAT)
                for name in RABAT
            ),
        ),
        usual="Rights review before a decision.",
    ),
    ActForm(
        "notice",
        "propose",
        "Propose a decision",
        "A second person must confirm it.",
        _REASONS,
        why="Note for the second person",
        usual="Please check and confirm.",
    ),
    ActForm(
        "notice",
        "conclude",
        "Decide alone",
        "Only where nothing is asked for, and not on a public body's demand.",
        (
            Question(
                "outcome",
                "Outcome",
                "choice",
                {name: words.OUTCOMES[name] for name in ("no_action", "not_enough_evidence")},
                fact=True,
            ),
            _REASONS[1],
        ),
        usual="Nothing is to be asked for.",
    ),
    ActForm(
        "notice",
        "confirm",
        "Confirm the decision",
        "You have read the file and share the reasons. The parties are told next.",
        usual="Read and confirmed.",
        firm=True,
    ),
    STATEMENT_FORM,
    ActForm("notice", "send_back", "Send the proposal back", "It can be proposed anew."),
    ActForm(
        "notice",
        "delay_notification",
        "Delay the notification",
        "Only as long as telling would defeat a lawful purpose.",
        (Question("delay_until", "Until", "date", fact=True),),
    ),
    ActForm(
        "notice",
        "notify",
        "Tell the parties",
        "Letters with the decision, its reasons and the way to appeal go to both sides.",
        (
            Question(
                "concerned_email",
                "E-mail address of the person concerned",
                "email",
                required=False,
                help="If it is known by now.",
            ),
        ),
        usual="Decision made.",
        firm=True,
    ),
    ActForm(
        "notice",
        "close",
        "Close",
        "Nothing more is to be done; appeals stay possible.",
        usual="Everybody was told.",
    ),
    ActForm(
        "notice",
        "withdraw",
        "Record that the sender withdrew it",
        "It is not examined any further.",
        why="How and when the sender said so",
    ),
    ActForm(
        "appeal",
        "admit",
        "Admit the appeal",
        "It is examined; the reason for a late appeal stands here.",
        usual="In time, and by a party.",
    ),
    ActForm(
        "appeal",
        "refuse",
        "Do not admit it",
        "Both sides are told why.",
        (Question("told", "What the parties are told", "text"),),
        usual="Not admissible.",
    ),
    ActForm(
        "appeal",
        "assign",
        "Assign it",
        "To somebody who had no part in the decision.",
        (Question("assignee", "To whom", "choice", fact=True),),
        usual="No part in the matter.",
    ),
    *(
        ActForm(
            "appeal",
            act,
            title,
            explain,
            (
                Question(
                    "told", "What the parties are told", "text", help="The reasons, in plain words."
                ),
            ),
            usual="Examined anew.",
            firm=True,
        )
        for act, title, explain in (
            ("uphold", "Uphold the decision", "It stays as it is."),
            ("overturn", "Overturn the decision", "Restoration is asked for where it applies."),
            ("modify", "Modify the decision", "Say what holds now."),
        )
    ),
    ActForm(
        "appeal",
        "go_outside",
        "Record an outside body",
        "Somebody took it to a certified body or a court.",
        (
            Question(
                "appeal_body",
                "Body",
                "choice",
                {"certified_odr": "Certified dispute settlement", "court": "Court"},
                fact=True,
            ),
        ),
    ),
    ActForm(
        "appeal",
        "finish",
        "Make it final",
        "Nothing more is to come.",
        usual="The time for an outside body has passed, or it has decided.",
    ),
    ActForm("register", "amend", "Change the draft", "Nobody outside sees it yet.", _PUBLIC),
    ActForm(
        "register",
        "publish",
        "Publish",
        "Everyone can read exactly what stands here, and check that it is not changed later.",
        _PUBLIC,
        why="Why it is published, as everyone reads it",
        usual="Decisions are published.",
        firm=True,
    ),
    ActForm(
        "register",
        "correct",
        "Correct",
        "The earlier text stays visible beside the new one.",
        _PUBLIC,
        why="What is corrected, as everyone reads it",
    ),
    ActForm(
        "register",
        "withdraw",
        "Withdraw",
        "The entry stays, marked as withdrawn.",
        why="Why it is withdrawn, as everyone reads it",
        firm=True,
    ),
    ActForm(None, "claim", "Work on this", "Others see that you do.", usual="I take this."),
    ActForm(None, "release", "Let go of it", "Somebody else can take it.", usual="Released."),
    ActForm(None, "note", "Write a note", "The team reads it; the parties do not.", why="Note"),
    ActForm(
        None,
        "declare_conflict",
        "Declare a conflict of interest",
        "You do nothing more on this.",
        why="Which conflict",
    ),
    ActForm(
        None,
        "restrict",
        "Restrict to members",
        "Nobody else sees it: not in lists, counts or search.",
        firm=True,
    ),
    ActForm(None, "unrestrict", "Open to the team", "Everyone inside sees it again."),
    ActForm(
        None,
        "add_member",
        "Add a member",
        "They see it while it is restricted.",
        (Question("member", "Who", "choice", fact=True),),
        usual="Works on this too.",
    ),
    ActForm(
        None,
        "remove_member",
        "Remove a member",
        "They no longer see it while it is restricted.",
        (Question("member", "Who", "choice", fact=True),),
        usual="No longer works on this.",
    ),
    ActForm(
        None,
        "erase",
        "Erase a text",
        "The reason and the texts of one event go; that they were there stays.",
        (Question("entry", "Entry, as the history numbers it", fact=True),),
        why="Who asked, and on which ground",
        firm=True,
    ),
)
"""Every act that the pages offer."""

_EVERYDAY = ("claim", "release", "note")
_ASIDE = ("mark_duplicate", "withdraw", "delay_notification", "go_outside")
"""Acts of one kind of record that are not the usual next step."""
_ONWARD = (
    "acknowledge",
    "triage",
    "confirm",
    "notify",
    "close",
    "admit",
    "assign",
    "uphold",
    "publish",
)
"""Acts that come next wherever they are possible."""


def form_of(kind: str, act: str) -> ActForm | None:
    """The form of an act on this kind of record, or None if pages do not offer it."""
    return next((form for form in FORMS if form.act == act and form.kind in (kind, None)), None)


def forms_for(record: Record, possible: list[str]) -> tuple[list[ActForm], list[ActForm]]:
    """The forms of possible acts: those that carry the matter on, the next first; the others."""
    mine = [form for form in FORMS if form.kind in (record.kind, None) and form.act in possible]
    onward = [
        form
        for form in mine
        if (form.kind is not None and form.act not in _ASIDE) or form.act in _EVERYDAY
    ]
    next_act = _next(record, [form.act for form in onward])
    onward.sort(key=lambda form: (form.act != next_act, form.act in _EVERYDAY))
    return onward, [form for form in mine if form not in onward]


def _next(record: Record, acts: list[str]) -> str | None:
    """The act that most likely comes next."""
    for act in _ONWARD:
        if act in acts:
            return act
    if (record.kind, record.state) == ("notice", "triaged"):
        for done, act in (
            (record.heard or "concerned" in record.facts, "ask_to_be_heard"),
            (record.rights_reviewed, "review_rights"),
            (False, "propose"),
        ):
            if not done and act in acts:
                return act
    return None
