"""A house in the midst of its work: something on every desk, for pictures of every page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tests.cases.made import REASONS, REVIEW
from tests.web.served import NOTICE, Visitor, clock_of, confirm, forms_in, link_in, report
from tests.web.test_api import account
from tests.web.test_bodies import TYPED, send
from tests.web.test_complaints import DRAFT, TO_PLATFORM
from tests.web.test_disclosures import ASKED, CHECKED
from tests.web.test_evidence import add
from tests.web.test_letter_in import letter
from tests.web.test_misuse import last

from assay.cases.store.listing import Wanted
from assay.model.case import RecordKind
from assay.web.house import House
from assay.web.sample import file_sample

LONG = (
    "The account uses the name, the picture and the letterhead of the Ministry, answers citizens in"
    " its name and asks them for copies of their passports. It was made on 12 January and has since"
    " written 214 posts.\n\nWe asked it twice to stop, by direct message, and got no answer."
)
PAGE = b"<html><body><h1>Profile</h1><p>Official account of the Ministry of Examples.</p></body>"


@dataclass
class Filled:
    """What there is to look at.

    Attributes:
        house: The house.
        address: Where it is served.
        notice: The one that was decided first.
        pages: What is to be seen: a name for its picture, the path, and who looks at it; None for
            somebody from outside.
    """

    house: House
    address: str
    notice: str = ""
    pages: list[tuple[str, str, str | None]] = field(default_factory=list)

    def member(self, name: str) -> Visitor:
        """Somebody of the team who just signed in; sessions end, and the clock goes on by days."""
        return Visitor(self.address).sign_in(name)

    def outside(self) -> Visitor:
        """Somebody without an account."""
        return Visitor(self.address)

    def see(self, name: str, path: str, who: str | None = None) -> None:
        """One more page to look at."""
        self.pages.append((name, path, who))

    def newest(self, kind: RecordKind) -> str:
        """The record of a kind that was opened last."""
        admin = account(self.house, "admin").actor
        rows = self.house.store.records(admin, Wanted(kind=kind))
        return str(max(rows, key=lambda row: row["opened_at"])["id"])


def fill(house: House, address: str) -> Filled:
    """Work for a day in a house that has its team, and list the pages that there are then."""
    filled = Filled(house, address)
    file_sample(house, account(house, "admin").actor)
    sample = f"/records/{filled.newest('notice')}"
    filled.see("record-sample", sample, "anna")
    filled.see("finding", f"{sample}/evidence/2/shown", "anna")
    filled.notice = _decide(filled)
    for part in (_appeal, _fall, _open_case, _complain, _assess, _disclose, _misuse, _wait, _rest):
        # What was opened at the same moment would be told apart by its random id.
        clock_of(house).go_on(minutes=1)
        part(filled)
    return filled


def _decide(filled: Filled) -> str:
    """A restriction by two, with evidence and its entry in the register."""
    anna, ben, house = filled.member("anna"), filled.member("ben"), filled.house
    link, notice = report(filled.outside(), explanation=LONG)
    filled.see("follow-sender", link)
    anna.act(notice, "claim")
    anna.act(notice, "acknowledge")
    anna.act(notice, "triage", priority="high")
    add(anna, notice, PAGE, "profile.html", shows="The profile as it was.", for_concerned="whole")
    add(anna, notice, b"%PDF-1.7 a page that was printed", "a-printed-page-of-the-profile.pdf")
    anna.act(
        notice,
        "ask_to_be_heard",
        put_to_them="You are said to use a ministry's name and picture.",
        answer_until="2026-02-14",
        concerned_email="person@example.org",
    )
    theirs = link_in(last(house, "hearing"))
    filled.outside().fill(theirs, f"{theirs}/answer", answer="It is a fan account, and says so.")
    anna.act(notice, "review_rights", aim="rights_of_others", incitement="no", **REVIEW)
    anna.act(notice, "propose", outcome="restriction", **REASONS)
    clock_of(house).go_on(hours=1)
    ben.act(notice, "confirm")
    anna.act(notice, "notify")
    anna.fill(f"/records/{notice}", f"/records/{notice}/register")
    entry = filled.newest("register")
    filled.see("record-register-waiting", f"/records/{entry}", "anna")
    ben.act(entry, "publish", title="An account under a ministry's name", summary="Removed.")
    filled.see("register-entry", f"/register/{entry}")
    found = re.search(
        rf"/register/{entry}/proof/\d+", filled.outside().get(f"/register/{entry}").text
    )
    assert found is not None
    filled.see("register-proof", found.group())
    filled.see("follow-concerned", theirs)
    filled.see("record-decided", f"/records/{notice}", "anna")
    filled.see("record-decided-auditor", f"/records/{notice}", "olga")
    return notice


def _appeal(filled: Filled) -> None:
    theirs = next(path for name, path, _ in filled.pages if name == "follow-concerned")
    clock_of(filled.house).go_on(hours=1)
    filled.outside().fill(theirs, f"{theirs}/appeal", grounds="A fan account is no imitation.")
    appeal, dora = filled.newest("appeal"), filled.member("dora")
    dora.act(appeal, "admit")
    dora.act(appeal, "assign", assignee=account(filled.house, "dora").id)
    filled.see("record-appeal", f"/records/{appeal}", "dora")


def _fall(filled: Filled) -> None:
    """A restriction that an appeal overturned, and whoever was asked to restore."""
    anna, dora = filled.member("anna"), filled.member("dora")
    appeal = filled.newest("appeal")
    dora.act(appeal, "overturn", told="The account says in its first line that it is a fan's.")
    filled.see("record-appeal-overturned", f"/records/{appeal}", "dora")
    anna.act(
        appeal,
        "ask_restoration",
        recipient_kind="platform",
        recipient="Social Example",
        recipient_email="desk@social.example",
        wanted="The account's name and picture, as they were on 30 January.",
        answer_until="2026-02-14",
        due_by="sender",
    )
    filled.see("record-appeal-restoring", f"/records/{appeal}", "anna")


def _open_case(filled: Filled) -> None:
    anna = filled.member("anna")
    page = anna.fill(
        "/cases/new", "/cases/new", title="Twelve pages, one template", explanation=LONG
    )
    case = page.url.path.rpartition("/")[2]
    anna.act(case, "open")
    anna.act(case, "add_task", task_text="Save the pages.", due_on="2026-01-30")
    anna.act(case, "add_task", task_text="Ask the host.", for_whom=account(filled.house, "ben").id)
    anna.act(case, "mark_sharing", tlp="amber_strict", pap="amber")
    filled.see("record-case", f"/records/{case}", "anna")
    filled.see("case-new", "/cases/new", "anna")
    filled.see("notice-of-finding", "/notices/finding", "anna")


def _complain(filled: Filled) -> None:
    ben = filled.member("ben")
    page = ben.fill("/complaints/new", "/complaints/new", **DRAFT)
    complaint = page.url.path.rpartition("/")[2]
    ben.act(complaint, "open", good_faith="yes")
    ben.act(complaint, "send", **TO_PLATFORM)
    ben.fill(f"/records/{complaint}", f"/records/{complaint}/register")
    entry = filled.newest("register")
    ben.act(entry, "publish", why="The complainant wants it.")
    filled.see("record-complaint", f"/records/{complaint}", "ben")
    filled.see("register-entry-complaint", f"/register/{entry}")
    filled.see("complaint-new", "/complaints/new", "anna")
    filled.see("ledger", "/ledger")
    filled.see("ledger-filtered-empty", "/ledger?state=silent")


def _assess(filled: Filled) -> None:
    notice = filled.notice
    filled.member("ben").fill(
        f"/records/{notice}",
        f"/records/{notice}/assessments",
        assessor=account(filled.house, "paul").id,
        asked="Does the evidence carry that the account passes for the ministry?",
        why="An independent look.",
    )
    assessment = filled.newest("assessment")
    paul = filled.member("paul")
    paul.act(assessment, "accept", independence="None.")
    paul.act(assessment, "record_rerun", rerun_outcome="same", rerun="assay verify case.zip")
    paul.act(assessment, "ask_for_evidence", evidence_wanted="All posts", answer_until="2026-02-10")
    filled.see("record-assessment", f"/records/{assessment}", "paul")
    paul.act(
        assessment,
        "publish",
        title="The evidence carries it in part",
        conclusion="carries_in_part",
        opinion="The name and picture are the ministry's. Whether readers took it for the ministry"
        " cannot be told from what was given.",
    )
    filled.see("record-assessment-staff", f"/records/{assessment}", "ben")
    filled.see("queue-partner", "/queue", "paul")


def _disclose(filled: Filled) -> None:
    anna, ben = filled.member("anna"), filled.member("ben")
    page = anna.fill("/disclosures/new", "/disclosures/new", **ASKED)
    record = page.url.path.rpartition("/")[2]
    anna.act(record, "check_risk", **CHECKED)
    ben.act(record, "bar_notice", bar_basis="Law 3, article 9", barred_until="2026-03-01")
    filled.see("record-disclosure", f"/records/{record}", "anna")
    filled.see("disclosures", "/disclosures", "anna")
    filled.see("disclosure-new", "/disclosures/new", "anna")


def _misuse(filled: Filled) -> None:
    anna, ben, house = filled.member("anna"), filled.member("ben"), filled.house
    for _ in range(3):
        _, notice = report(filled.outside(), sender_email="again@example.org")
        filled.see("confirm", link_in(last(house, "confirm_address"), "confirm"))
        confirm(house, filled.outside())
        anna.act(notice, "acknowledge")
        anna.act(notice, "triage", priority="low")
        ben.act(notice, "conclude", outcome="no_action", told="Nothing wrong.", unfounded="yes")
        anna.act(notice, "notify")
    file = anna.fill(f"/records/{notice}", f"/records/{notice}/misuse").url.path
    record = file.rpartition("/")[2]
    ben.act(record, "warn", told="These had no basis.", from_them="They said so by telephone.")
    filled.see("record-misuse", file, "ben")
    filled.see("follow-misuse", link_in(last(house, "misuse")))


def _wait(filled: Filled) -> None:
    """Notices that wait: of public bodies, incomplete, restricted, late, perhaps duplicates."""
    anna = filled.member("anna")
    body = {"legal_basis": "Law 5, article 1", "order_reference": "7/2026-Z-4410"}
    action = "/report/government_order"
    filled.outside().fill(action, action, **{**NOTICE, **body, "sender_name": "Office of Examples"})
    demand = filled.newest("notice")
    anna.act(demand, "acknowledge")
    anna.act(demand, "triage", priority="normal")
    filled.see("record-triaged", f"/records/{demand}", "anna")
    link, incomplete = report(filled.outside(), title="Somebody else's name")
    anna.act(incomplete, "reject_incomplete", told="Please give the exact address of the posts.")
    filled.see("follow-incomplete", link)
    _, hidden = report(filled.outside(), title="A matter for few eyes")
    anna.act(hidden, "restrict")
    filled.see("record-restricted", f"/records/{hidden}", "anna")
    filled.see("record-restricted-for-others", f"/records/{hidden}", "ben")
    clock_of(filled.house).go_on(days=4)
    for number in range(3):
        report(filled.outside(), title=f"An account with our name, report {number + 1}")
    _, notice = report(
        filled.outside(),
        title="A-very-long-title-without-any-blank-that-somebody-pasted-from-an-address-bar-" * 2,
    )
    filled.see("record-new", f"/records/{notice}", "anna")
    made = letter(**{"Subject": "Ihr Konto"})
    files = {"file": ("letter.eml", made.as_bytes())}
    form = {"kind": "impersonation"}
    anna = filled.member("anna")
    token = forms_in(anna.get("/intake"))["/intake"]["csrf"]
    anna.client.post("/intake", data={**form, "csrf": token}, files=files)


def _protect(anna: Visitor, admin: Visitor) -> None:
    """A register with holes and contradictions, and a version that was erased."""
    posts = "".join(f"fr-{one},Embassy of France,embassy,FR,{one},x:france{one}|face,fr.example\n"
                    for one in ("de", "it", "no"))  # fmt: skip
    send(anna, "bodies.csv", f"id,name,kind,sender,host,handles,domains\n{posts}", "The posts")
    anna.fill("/bodies/new", "/bodies/new", **TYPED)
    why = "Somebody who was listed asked for it."
    admin.fill("/bodies/history", "/bodies/erase", first="1", last="1", why=why)


def _rest(filled: Filled) -> None:
    """Pages that need nothing of their own."""
    _protect(filled.member("anna"), filled.member("admin"))
    filled.member("anna").fill(
        "/queue?view=all&kind=notice&state=submitted",
        "/queue/views",
        name="New notices",
        shared="yes",
    )
    for name, path, who in (
        ("home", "/", None),
        ("report-kinds", "/report", None),
        ("report-impersonation", "/report/impersonation", None),
        ("report-court-order", "/report/court_order", None),
        ("report-data-subject", "/report/data_subject_request", None),
        ("register", "/register", None),
        ("register-empty", "/register?text=nothing-like-it", None),
        ("transparency", "/transparency", None),
        ("log", "/log", None),
        ("sign-in", "/sign-in", None),
        ("error-404", "/nowhere", None),
        ("error-403", "/people", "anna"),
        ("error-link", "/follow/nobody", None),
        ("queue", "/queue", "anna"),
        ("queue-all", "/queue?view=all", "anna"),
        ("queue-empty", "/queue?view=all&text=nothing-like-it", "anna"),
        ("queue-auditor", "/queue?view=all", "olga"),
        ("intake", "/intake", "anna"),
        ("letters", "/letters", "admin"),
        ("letters-sent", "/letters?state=sent", "admin"),
        ("people", "/people", "admin"),
        ("webhooks", "/webhooks", "admin"),
        ("bodies", "/bodies", "anna"),
        ("bodies-auditor", "/bodies", "olga"),
        ("bodies-new", "/bodies/new", "anna"),
        ("bodies-history", "/bodies/history", "anna"),
        ("bodies-history-administrator", "/bodies/history", "admin"),
        ("body", "/bodies/body?id=ministry", "anna"),
        ("body-auditor", "/bodies/body?id=ministry", "olga"),
        ("account", "/account", "anna"),
        ("setup-key", "/setup/key", "admin"),
        ("setup-sample", "/setup/sample", "admin"),
    ):
        filled.see(name, path, who)
