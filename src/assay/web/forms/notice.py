"""What the acts on a notice ask: from taking it up to telling the parties."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from assay.model.case import RABAT
from assay.web import words
from assay.web.forms.shared import (
    CONCERNED_EMAIL,
    CONCERNED_LANGUAGE,
    CONCERNED_URLS,
    TOLD,
    WHO_CONCERNED,
    in_group,
)
from assay.web.forms.statement import STATEMENT_FORM
from assay.web.questions import ActForm, Question

_form = partial(ActForm, "notice")
_OUTCOME = Question("outcome", "Outcome", "choice", words.OUTCOMES, fact=True)
_UNFOUNDED = Question(
    "unfounded",
    "Was the notice manifestly unfounded?",
    "yesno",
    help="Only where it is obvious at once, and nothing is asked for. It counts against the sender"
    " (DSA, article 23); a notice that is merely mistaken is not.",
    required=False,
    fact=True,
)
_ALONE = {name: words.OUTCOMES[name] for name in ("no_action", "not_enough_evidence")}
_STATEMENT_OF_REASONS = in_group(
    "For a restriction (statement of reasons, DSA article 17)",
    Question(
        "measure",
        "What is asked for",
        "text",
        help="For a restriction: which measure, on which addresses, how long, and where.",
    ),
    Question(
        "reasons_facts",
        "Facts and circumstances",
        "text",
        help="What the decision rests on, and whether it came from a notice or on own initiative.",
    ),
    Question("ground", "Ground", "choice", words.GROUNDS),
    Question(
        "ground_reference",
        "Law or rule",
        help="The article of the law, or the number of the published rule.",
    ),
    Question("ground_explanation", "Why it applies", "text"),
    Question(
        "automation",
        "Automated means",
        help="How far software found or judged this; “none” if it did not.",
    ),
)
_RIGHTS = (
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
    *in_group(
        "Only where incitement is alleged: the six questions of the Rabat Plan",
        *(Question(name, words.FIELDS[name], "text") for name in RABAT),
    ),
)

NOTICE_FORMS: tuple[ActForm, ...] = (
    _form(
        "acknowledge",
        "Take it up",
        "The notice is complete and will be examined.",
        usual="The notice is complete.",
    ),
    _form(
        "triage",
        "Give it a priority",
        "The time for a decision begins to run.",
        (Question("priority", "Priority", "choice", words.PRIORITIES, fact=True),),
        usual="By what is at stake, and for whom.",
    ),
    _form(
        "reject_incomplete",
        "Send it back as incomplete",
        "The sender is told what is missing, and can complete it or appeal.",
        (replace(TOLD, label="What is missing, in words for the sender", help=""),),
        usual="The notice cannot be examined as it is.",
    ),
    _form(
        "take_up_parked",
        "Take it out of the parked ones",
        "It is examined like any other from now on.",
        usual="The suspension is over, or this one cannot wait.",
    ),
    _form(
        "mark_duplicate",
        "Mark as a duplicate",
        "It is not examined apart from the other.",
        (Question("duplicate_of", "Id of the other notice", fact=True),),
    ),
    _form(
        "ask_to_be_heard",
        "Ask the person concerned",
        "They get a secret link under which they see what is said of them, and can answer. Where"
        " several people are behind the addresses, ask one after the other.",
        (
            Question("put_to_them", "What is put to them", "text"),
            Question("answer_until", "Answer until", "date", fact=True),
            CONCERNED_URLS,
            replace(
                CONCERNED_EMAIL,
                label="Their e-mail address",
                help="Left empty, the link is shown to you once, to be handed over another way.",
            ),
            CONCERNED_LANGUAGE,
        ),
        usual="Hearing before a decision.",
    ),
    _form(
        "record_hearing",
        "Record a hearing",
        "They were heard some other way, or did not answer by the day they were given.",
        why="How and when they were heard, and what they said",
    ),
    _form(
        "record_urgency",
        "Record why it cannot wait",
        "A restriction is then possible without a hearing; the reason stands in the record.",
        why="Why waiting for an answer would do harm that cannot be undone",
    ),
    _form(
        "review_rights",
        "Review the rights at stake",
        "No restriction without it (ICCPR, article 19(3)).",
        _RIGHTS,
        usual="Rights review before a decision.",
    ),
    _form(
        "propose",
        "Propose a decision",
        "A second person must confirm it.",
        (_OUTCOME, TOLD, _UNFOUNDED, *_STATEMENT_OF_REASONS),
        why="Note for the second person",
        usual="Please check and confirm.",
    ),
    _form(
        "conclude",
        "Decide alone",
        "Only where nothing is asked for, and not on a public body's demand.",
        (replace(_OUTCOME, choices=_ALONE), TOLD, _UNFOUNDED),
        usual="Nothing is to be asked for.",
    ),
    _form(
        "confirm",
        "Confirm the decision",
        "You have read the file and share the reasons. The parties are told next.",
        usual="Read and confirmed.",
        firm=True,
    ),
    STATEMENT_FORM,
    _form("send_back", "Send the proposal back", "It can be proposed anew."),
    _form(
        "delay_notification",
        "Delay the notification",
        "Only as long as telling would defeat a lawful purpose.",
        (Question("delay_until", "Until", "date", fact=True),),
    ),
    _form(
        "notify",
        "Tell the parties",
        "Letters with the decision, its reasons and the way to appeal go to both sides.",
        (
            replace(CONCERNED_EMAIL, help="If it is known by now."),
            CONCERNED_URLS,
            CONCERNED_LANGUAGE,
        ),
        usual="Decision made.",
        firm=True,
    ),
    _form(
        "close",
        "Close",
        "Nothing more is to be done; appeals stay possible.",
        usual="Everybody was told.",
    ),
    _form(
        "name_addresses",
        "Say which addresses are theirs",
        "For whoever was asked before this was; until then they see no finding.",
        (replace(WHO_CONCERNED, required=True), replace(CONCERNED_URLS, help="")),
        usual="It was not asked when the hearing began.",
    ),
    _form(
        "replace_link",
        "Replace a secret link",
        "One side gets a new link by letter; every earlier one of theirs ends at once.",
        (
            Question("party", "Whose", "choice", words.PARTIES, fact=True),
            replace(WHO_CONCERNED, help="Needed where several people are heard."),
            Question(
                "new_address",
                "Another e-mail address of theirs",
                "email",
                required=False,
                help="Left empty, it goes to the address on file; if there is none, the link is"
                " shown to you once, to be handed over another way.",
            ),
            replace(
                CONCERNED_URLS,
                label="For the person concerned: which addresses are theirs",
                help="If others were named before; the old link ends, so that nobody else sees"
                " the evidence about these.",
            ),
        ),
        why="Why, such as that the old one was lost or got into other hands",
    ),
    _form(
        "withdraw",
        "Record that the sender withdrew it",
        "It is not examined any further.",
        why="How and when the sender said so",
        own_title="Withdraw the notice",
    ),
    _form(
        "ask_to_withdraw",
        "Ask to withdraw it",
        "It is being decided. Whoever decides reads that you would rather withdraw it.",
    ),
)
"""In the order in which pages offer them."""
