"""A complaint about one account, in the words of its platform's own rule, that can be answered.

Made from a finding and its frozen evidence alone. It says what is asserted and what is not, quotes
the rule with its date and source, puts genuine and supplied side by side, names what speaks for the
account, and ends with the fields that a notice needs under Article 16(2) of Regulation (EU)
2022/2065: a reasoned explanation, the exact place, name and address of who complains, good faith.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay import __version__
from assay.engine.write import write_json
from assay.errors import InputError
from assay.model.dataset import RunFolder
from assay.report.gather import shown
from assay.report.html_page import page_head, whole_page
from assay.report.markup import Markup, bdi, el, facts, table
from assay.report.pdf import write_pdf
from assay.report.resembling import Resembling, read_findings, read_resembling
from assay.report.sections.resembling import marked_name

STYLE = Path(__file__).parent / "complaint.css"
GOOD_FAITH = (
    "I believe in good faith that the information and the assertions in this notice are accurate "
    "and complete. I have looked at the account itself on the day below."
)
NOT_ASSERTED = (
    "Nothing here asserts what the owner of the account thinks or means, or who the owner is. "
    "Opinions, criticism, satire and the number of posts were not looked at and are no part of "
    "this notice.",
)
ANSWER = (
    "The account's owner can answer each point: by a capture of the body's own site that names the "
    "account (trust.txt, rel=me, sameAs, atproto-did), by showing that the account is older or was "
    "authorised, or by the label that the platform asks of parody, fan and commentary accounts."
)


@dataclass(frozen=True)
class Written:
    """Files of one complaint.

    Attributes:
        finding: Its id.
        verdict: ``poses_as`` or ``resembles``.
        files: Paths.
        no_pdf: Why there is no PDF; None if there is one or none was wanted.
    """

    finding: str
    verdict: str
    files: tuple[Path, ...]
    no_pdf: str | None


def write_complaints(
    run: RunFolder, wanted: Sequence[str] = (), *, every: bool = False, pdf: bool = True
) -> list[Written]:
    """Write HTML, JSON and PDF for each account that poses as a body.

    Args:
        run: A finished run.
        wanted: Ids of findings; empty takes those that pose as a body.
        every: Whether accounts that only resemble a body get a file too.
        pdf: Whether PDFs are wanted.

    Raises:
        InputError: The run holds no such finding, or its evidence is broken.
    """
    found = {
        str(one.finding["id"]): one
        for one in read_resembling(run, read_findings(run))
        if one.of_account
    }
    unknown = [one for one in wanted if one not in found]
    if unknown:
        raise InputError(
            f"the run has no finding {unknown[0]} about an account",
            fix="ids of findings stand in findings.json; there are "
            + (", ".join(list(found)[:5]) or "none"),
            file=run.findings,
        )
    chosen = [
        one
        for name, one in found.items()
        if (name in wanted if wanted else every or one.comparison["verdict"] == "poses_as")
    ]
    run.complaints.mkdir(parents=True, exist_ok=True)
    return [_write(run, one, pdf=pdf) for one in chosen]


def _write(run: RunFolder, one: Resembling, *, pdf: bool) -> Written:
    name = str(one.finding["id"])
    page, record = run.complaints / f"{name}.html", run.complaints / f"{name}.json"
    html = complaint_html(one)
    unfinished = page.with_name(page.name + ".part")
    unfinished.write_text(html, encoding="utf-8")
    unfinished.replace(page)
    write_json(record, complaint_record(one))
    files, why = [page, record], None
    if pdf:
        target = run.complaints / f"{name}.pdf"
        why = write_pdf(html, target)
        if why is None:
            files.append(target)
    return Written(name, str(one.comparison["verdict"]), tuple(files), why)


def complaint_record(one: Resembling) -> dict[str, Any]:
    """The complaint for machines; the notice's own fields are empty, for a person to fill in."""
    told = one.comparison
    return {
        "schema": 1,
        "made_by": f"Assay {__version__}",
        "finding": one.finding["id"],
        "verdict": told["verdict"],
        "score": told["score"],
        "explanation": one.finding["statement"],
        "reasons": told["reasons"],
        "location": {
            "platform": told["rule"]["platform"],
            "address": told["rule"].get("profile", ""),
            "account_id": told["suspect"]["account_id"],
            "handle": told["suspect"]["handle"],
        },
        "body": told["body"]["name"],
        "genuine": told["genuine"],
        "names": told["names"],
        "rule": told["rule"],
        "proof": told["proof"],
        "speaks_for_the_account": [
            {"name": item["name"], "speaks_for": item["speaks_for"]}
            for item in _honest(one.finding)
        ],
        "limits": list(one.finding["limits"]),
        "evidence": list(one.finding["evidence"]),
        "notifier": {"name": "", "email": "", "good_faith": GOOD_FAITH, "day": ""},
    }


def complaint_html(one: Resembling) -> str:
    """The whole page: no script, nothing loaded, the same bytes every time."""
    told = one.comparison
    rule, body = told["rule"], shown(told["body"]["name"])
    poses = told["verdict"] == "poses_as"
    title = f"{'Complaint' if poses else 'Request to look'}: an account named like {body}"
    main = el(
        "main",
        _asserted(one, poses=poses),
        _rule(rule),
        el("h2", "Side by side"),
        _beside(one),
        el("h2", "Reasons"),
        el("ul", [el("li", bdi(shown(reason))) for reason in told["reasons"]]),
        el("p", f"Whose account it is: {told['proof']['state']}. ",
           bdi(shown(told["proof"]["told"]))),
        el("h2", "What speaks for the account"),
        el("ul", [el("li", el("strong", item["name"]), ": ", bdi(shown(item["speaks_for"])))
                  for item in _honest(one.finding)]),
        el("ul", [el("li", limit) for limit in one.finding["limits"]]),
        el("h2", "How it can be answered"),
        el("p", ANSWER),
        _evidence(one),
        _notice(),
    )  # fmt: skip
    head = page_head(title, STYLE.read_text(encoding="utf-8"))
    page = el("body", _header(one, title), main, _footer())
    return whole_page(head, page)


def _honest(finding: dict[str, Any]) -> list[dict[str, Any]]:
    """Explanations but the last, which is the one complained of."""
    return list(finding["explanations"])[:-1]


def _header(one: Resembling, title: str) -> Markup:
    told = one.comparison
    suspect, rule = told["suspect"], told["rule"]
    names = suspect["display_name"], suspect["handle"]
    return el(
        "header",
        el("h1", title),
        facts(
            [
                ("To", shown(rule["platform"])),
                ("Account", bdi(shown(" · ".join(filter(None, names))))),
                ("Account id", bdi(shown(suspect["account_id"]))),
                ("Address", bdi(shown(rule.get("profile", "")))),
                ("On behalf of", bdi(shown(told["body"]["name"]))),
                ("Finding", el("code", str(one.finding["id"]))),
            ]
        ),
    )


def _asserted(one: Resembling, *, poses: bool) -> Markup:
    asked = (
        "We ask you to look at this account under your rule quoted below."
        if poses
        else "Names are all there is: we do not say that the account poses as anyone, and ask you "
        "to look at it with the account's owner heard first."
    )
    return el(
        "div",
        el("h2", "What is asserted, and what is not"),
        el("div", el("p", bdi(shown(one.finding["statement"]))), el("p", asked), class_="box"),
        [el("p", text) for text in NOT_ASSERTED],
    )


def _rule(rule: dict[str, Any]) -> Markup:
    if "impersonation" not in rule:
        return el(
            "div",
            el("h2", "The platform’s rule"),
            el("p", "No rule of this platform could be sourced; look it up and quote it here:"),
            el("p", el("span", class_="blank")),
        )
    conditions = [
        (
            one["told"] + ("" if one["needed"] else " (advised)"),
            {True: "yes", False: "no", None: "not known from the data"}[one["met"]],
        )
        for one in rule["conditions"]
    ]
    return el(
        "div",
        el("h2", "The platform’s rule, in its own words"),
        _quote(rule["impersonation"]),
        el("p", "What it asks of parody, fan and commentary accounts:"),
        _quote(rule["labels"]) if rule["labels"]["quote"] else None,
        table(
            "Conditions, held against this profile as supplied",
            [("Condition", False), ("Met", False)],
            conditions,
        ),
    )


def _quote(rule: dict[str, Any]) -> Markup:
    return el(
        "blockquote",
        el("p", f"“{rule['quote']}”"),
        el(
            "p",
            f"{rule['title'] + '. ' if rule['title'] else ''}Dated: {rule['dated']}. Source: "
            f"{rule['source']}",
            class_="quiet",
        ),
    )


def _beside(one: Resembling) -> Markup:
    told = one.comparison
    suspect = told["suspect"]
    genuine = told["genuine"][0] if told["genuine"] else {}
    rows: list[tuple[Any, Any, Any]] = [
        (name["field"], bdi(shown(name["genuine"])), marked_name(name["segments"]))
        for name in told["names"]
    ]
    if suspect.get("bio"):
        rows.append(("bio", bdi(shown(genuine.get("bio") or "–")), bdi(shown(suspect["bio"]))))
    made = str(suspect.get("created_at") or "")[:10]
    if made:
        rows.append(("made on", "–", made))
    if one.picture or one.logo:
        rows.append(("picture", _face(one.logo), _face(one.picture)))
    differences = [
        f"{name['field']}: {segment['told']}"
        for name in told["names"]
        for segment in name["segments"]
        if segment["told"]
    ]
    return el(
        "div",
        table(
            "Genuine by the register, and the account as supplied",
            [("", False), ("Genuine", False), ("As supplied", False)],
            rows,
        ),
        el("ul", [el("li", bdi(shown(text))) for text in differences]) if differences else None,
    )


def _face(data: str) -> Any:
    return el("img", src=data, alt="picture", class_="face") if data else "–"


def _evidence(one: Resembling) -> Markup:
    return el(
        "div",
        el("h2", "Evidence"),
        table(
            "Frozen files; sha256sum FILE gives the same digits to anyone",
            [("File", False), ("Holds", False), ("SHA-256", False)],
            [
                (el("code", item["path"]), item["holds"], el("code", item["sha256"]))
                for item in one.finding["evidence"]
            ],
        ),
    )


def _notice() -> Markup:
    return el(
        "div",
        el("h2", "Who complains"),
        el("p", "For a notice under Article 16 of Regulation (EU) 2022/2065 and elsewhere."),
        facts([("Name", el("span", class_="blank")), ("E-mail", el("span", class_="blank"))]),
        el("p", GOOD_FAITH),
        el("div", el("span", "Place and day"), el("span", "Signature"), class_="sign"),
    )


def _footer() -> Markup:
    return el(
        "footer",
        el(
            "p",
            f"Made by Assay {__version__} from a finding and its frozen evidence, for a person to "
            "check, complete and sign. This page contacts no one and carries no date of its own.",
        ),
    )
